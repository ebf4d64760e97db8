"""The demo: made once by the command, by the real services, on days near today."""

import re
from copy import deepcopy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from appraisal.records.models import Employer, Nomination, Notice, Objection, Opinion, Slate
from appraisal.records.states import NominationState, SlateState
from quotas.base import clock
from quotas.base.states import Level, RoundState, Stage
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Round
from quotas.tree.models import Body, User
from workflows.simulation import demo
from workflows.simulation.accounts import ACCOUNTS

pytestmark = pytest.mark.slow

PASSWORD = "ein-langes-kennwort-65"


def command(**options):
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker):
    """What the command said when it made the demo, which stays for the tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield command(password=PASSWORD, size=demo.SMALL)
        transaction.set_rollback(True)


def test_it_shows_every_account_and_the_password(said):
    assert PASSWORD in said
    assert all(account.username in said and account.name in said for account in ACCOUNTS)


@pytest.mark.parametrize("options", [{}, {"if_empty": True}, {"password": "another-password-7"}])
def test_a_second_call_changes_nothing(said, options):
    before = (LedgerEntry.objects.count(), Nomination.objects.count(), User.objects.count())
    again = command(**options)
    assert (LedgerEntry.objects.count(), Nomination.objects.count(), User.objects.count()) == before
    assert User.objects.get(username="changshu.gonghui").check_password(PASSWORD)
    assert "changshu.gonghui" in again


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_every_account_signs_in_and_comes_home(said, client, account):
    answer = client.post(
        reverse("quotas:login"), {"username": account.username, "password": PASSWORD}, follow=True
    )
    assert answer.status_code == 200
    assert int(client.session["_auth_user_id"]) == User.objects.get(username=account.username).pk
    assert client.get(reverse("workflows:home")).status_code == 200


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_the_sign_in_page_offers_accounts_only_where_the_password_is_public(said, client, settings, password):
    settings.DEMO_PASSWORD = password
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].append("workflows.simulation.demo.at_sign_in")
    settings.TEMPLATES = templates
    page = client.get(reverse("quotas:login")).content.decode()
    assert (PASSWORD in page) is bool(password)
    assert all((account.username in page) is bool(password) for account in ACCOUNTS)
    assert "sim." not in page


def test_an_installation_that_is_no_demo_never_asks_for_them(settings):
    assert "workflows.simulation.demo.at_sign_in" not in str(settings.TEMPLATES)


def test_verify_and_reconcile_find_nothing(said):
    call_command("verify", stdout=StringIO())
    before = LedgerEntry.objects.count()
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert "0" in out.getvalue()
    assert len(out.getvalue().splitlines()) == 1
    assert LedgerEntry.objects.count() == before


def test_there_is_something_at_every_stage_and_state(said):
    found = set(Nomination.objects.values_list("stage", "status"))
    assert {
        (Stage.UNIT, NominationState.DRAFT),
        (Stage.UNIT, NominationState.ENDORSING),
        (Stage.COUNTY, NominationState.IN_REVIEW),
        (Stage.COUNTY, NominationState.RETURNED),
        (Stage.COUNTY, NominationState.POOLED),
        (Stage.COUNTY, NominationState.DECLINED),
        (Stage.COUNTY, NominationState.WITHDRAWN),
        (Stage.CITY, NominationState.IN_REVIEW),
        (Stage.CITY, NominationState.POOLED),
        (Stage.CITY, NominationState.RETURNED),
        (Stage.PROVINCE, NominationState.IN_REVIEW),
        (Stage.PROVINCE, NominationState.POOLED),
        (Stage.PROVINCE, NominationState.NAMED),
    } <= found
    assert set(Slate.objects.values_list("state", flat=True)) == set(SlateState.values) - {
        SlateState.FINALISED
    }
    assert Nomination.objects.filter(ownership_changed=True).count() == 1
    assert Nomination.objects.filter(status=NominationState.IN_REVIEW, ownership_verified=False).exists()
    assert Objection.objects.filter(closed_at=None).count() == 1
    assert Employer.objects.exists()


def test_units_stand_scored_at_the_province_and_wait_for_the_list(said):
    scored = Nomination.objects.filter(
        round_award__round__code=demo.CODE,
        round_award__award__code="demonstration_unit",
        stage=Stage.PROVINCE,
        status=NominationState.POOLED,
    )
    assert scored.filter(score__isnull=False).count() == demo.SMALL.scored
    assert not scored.filter(score=None).exists()


def test_every_city_and_industry_union_sends_scored_units_but_the_one_whose_list_is_being_signed(said):
    tree = {body.code: body for body in Body.objects.all()}
    shares = demo._scored_shares(tree, demo.SCORED)
    senders = {body.code for body in tree.values() if body.level in {Level.CITY, Level.INDUSTRY}}
    assert shares.keys() == senders - {demo.SUZHOU}
    assert sum(sum(firsts.values()) for firsts in shares.values()) == 160


def test_whoever_reads_finds_words_and_pages(said):
    decided = Opinion.objects.filter(nomination__round_award__round__code=demo.CODE)
    assert decided.exists()
    assert not decided.filter(text="").exists()
    nomination = Nomination.objects.filter(status=NominationState.IN_REVIEW).first()
    assert len(nomination.deeds) > 400
    assert len(nomination.honours.splitlines()) >= 2
    for paper in nomination.evidence.all():
        with paper.file.open() as stream:
            # The tree of pages says how many there are.
            assert int(re.search(rb"/Count (\d+)", stream.read())[1]) >= 2, paper.name


def test_who_has_dealt_with_it_has_a_person_s_name_and_nobody_signs_in_as_them(said):
    others = User.objects.filter(username__startswith="sim.").exclude(groups=None)
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)
    assert {len(user.name) for user in others} <= {2, 3}


def test_today_lies_in_the_middle_of_it(said):
    now, today = clock.now(), clock.today()
    assert Notice.objects.filter(closed_at=None, starts_on__lte=today, ends_on__gte=today).exists()
    assert not Notice.objects.filter(closed_at=None, ends_on__lt=today).exists()
    with_unit = Nomination.objects.filter(status=NominationState.DRAFT, round_award__round__code=demo.CODE)
    assert with_unit.filter(due_at__gt=now).exists()
    assert with_unit.filter(due_at__lt=now).exists()
    at_county = Nomination.objects.filter(status=NominationState.IN_REVIEW, stage=Stage.COUNTY)
    assert at_county.filter(due_at__gt=now, desk__code=demo.CHANGSHU).exists()
    assert at_county.filter(due_at__lt=now, desk__code=demo.KUNSHAN).exists()
    assert not LedgerEntry.objects.filter(at__gt=now).exists()


def test_the_earlier_round_is_over_and_has_winners(said):
    earlier = Round.objects.get(code=demo.EARLIER_CODE)
    assert earlier.state == RoundState.CLOSED
    assert Nomination.objects.filter(round_award__round=earlier, status=NominationState.NAMED).exists()


def test_the_public_sees_notices_and_winners(said, client):
    assert "相城区" in client.get(reverse("appraisal:notices")).content.decode()
    assert "2024" in client.get(reverse("appraisal:honours")).content.decode()


@pytest.mark.django_db
def test_where_the_password_is_not_public_one_is_needed():
    with pytest.raises(CommandError, match="--password"):
        command()
    assert not demo.exists()


@pytest.mark.django_db
def test_a_poor_password_is_refused():
    with pytest.raises(CommandError):
        command(password="12345")
    assert not demo.exists()


@pytest.mark.django_db
def test_where_there_is_a_round_already_it_keeps_away():
    Round.objects.create(code="own", name="自己的评选", year=2026, source="")
    assert "demo" not in command(if_empty=True)
    assert not demo.exists()
