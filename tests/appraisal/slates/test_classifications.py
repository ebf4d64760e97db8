"""Units that were verified anew after their list was made: the keeper says what counts before the list goes on."""

from datetime import timedelta

import pytest
from django.test import Client

from appraisal.boards.services import verification
from appraisal.gate.services import gate
from appraisal.namings.services import namings
from appraisal.records.models import Nomination, Notice, Slate, SlateEntry
from appraisal.records.states import Control, SlateState
from appraisal.register.services import employers
from appraisal.slates.services import classifications, slates
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import Role, Stage
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from tests.appraisal.desks import make_desk
from tests.builders import IN_TIME, make_award, make_official, make_round_award

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _season():
    with clock.travel(IN_TIME):
        yield


def bought(desk, nomination):
    """The unit of an entry is verified as controlled by the state."""
    employer = nomination.employer
    employers.verify_ownership(
        employer_id=employer.pk,
        version=employer.version,
        actor=make_official(employer.body, Role.UNION_REVIEWER),
        control=Control.STATE,
        state_capital_permille=510,
        proof="股权变更登记",
    )
    nomination.refresh_from_db()
    assert nomination.ownership_changed
    assert nomination.non_public


def desk_at(state, *, final=False):
    """A list of two non-public entries and two others, taken to `state`, and its first entry, bought since."""
    award = make_award(final_stage=Stage.COUNTY if final else Stage.PROVINCE)
    desk = make_desk(make_round_award(award=award))
    first, *_others = desk.fill(non_public=2, public=2)
    desk.advance(state)
    Nomination.objects.update(submitted_at=clock.now())
    first.refresh_from_db()
    bought(desk, first)
    return desk, first


def settle(desk, nomination, act=classifications.affirm, **given):
    nomination.employer.refresh_from_db()
    wanted = {
        "version": desk.slate.version,
        "unit_version": nomination.employer.version,
        "actor": desk.keeper,
        "reason": "已核对股权变更",
        **given,
    }
    return act(slate_id=desk.slate.pk, nomination_id=nomination.pk, **wanted)


ACTS = {
    SlateState.SETTLING: (False, lambda desk: desk.act(slates.send_up)),
    SlateState.FINALISED: (
        True,
        lambda desk: desk.act(namings.decide, title="决定", document_number="1号", decided_on=clock.today()),
    ),
}


@pytest.mark.parametrize("state", ACTS)
def test_a_list_waits_until_each_flagged_entry_is_affirmed(state):
    final, go_on = ACTS[state]
    desk, first = desk_at(state, final=final)
    with pytest.raises(WrongState) as refused:
        go_on(desk)
    assert refused.value.code == "ownership_unsettled"
    assert refused.value.params["entries"] == (str(first),)
    settle(desk, first)
    go_on(desk)
    first.refresh_from_db()
    assert (first.non_public, first.ownership_changed, first.ownership_affirmed) == (
        True,
        True,
        "已核对股权变更",
    )


def test_finalising_waits_as_well():
    desk, first = desk_at(SlateState.SETTLING, final=True)
    with pytest.raises(WrongState, match="ownership_unsettled"):
        desk.act(slates.finalise)
    settle(desk, first)
    desk.act(slates.finalise)


def test_taken_over_it_counts_as_it_is_now_and_the_gate_counts_anew():
    desk, first = desk_at(SlateState.SETTLING)
    settle(desk, first, classifications.adopt)
    first.refresh_from_db()
    assert (first.non_public, first.frozen_control, first.ownership_changed) == (False, Control.STATE, False)
    (check,) = gate.report(slate_id=desk.slate.pk).checks
    assert (check.count, check.base, check.holds) == (1, 4, False)
    with pytest.raises(RuleViolation):
        desk.act(slates.send_up)
    told = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}").latest("seq")
    assert (told.act, told.reason, told.before["non_public"]) == ("take_ownership", "已核对股权变更", True)
    assert told.after["checks"][0]["count"] == 1
    assert ledger.check() == []


def test_another_verification_asks_again():
    desk, first = desk_at(SlateState.SETTLING)
    settle(desk, first)
    assert classifications.waiting(Slate.objects.get(pk=desk.slate.pk)) == []
    first.employer.refresh_from_db()
    bought(desk, first)
    assert classifications.waiting(Slate.objects.get(pk=desk.slate.pk)) == [first]


def test_what_is_refused():
    desk, first = desk_at(SlateState.SETTLING)
    other = Nomination.objects.exclude(pk=first.pk).first()
    with pytest.raises(InvalidInput, match="reason_required"):
        settle(desk, first, reason="\u200b ")
    with pytest.raises(NotPermitted):
        settle(desk, first, actor=desk.union_leader)
    with pytest.raises(Conflict, match="stale"):
        settle(desk, first, version=desk.slate.version - 1)
    # Its unit was verified once more since the page was drawn.
    with pytest.raises(Conflict, match="stale"):
        settle(desk, first, unit_version=first.employer.version - 1)
    with pytest.raises(WrongState, match="ownership_not_changed"):
        settle(desk, other)
    SlateEntry.objects.filter(nomination=first).update(removed_at=clock.now())
    with pytest.raises(Conflict, match="entry_gone"):
        settle(desk, first)
    assert not LedgerEntry.objects.filter(act__in=["affirm_ownership", "take_ownership"]).exists()


def test_a_list_that_has_left_is_not_changed():
    desk, first = desk_at(SlateState.SENT_UP)
    assert classifications.waiting(Slate.objects.get(pk=desk.slate.pk)) == []
    with pytest.raises(WrongState, match="list_not_changeable"):
        settle(desk, first, classifications.adopt)


def line(rule):
    return next(one for one in verification.run() if one.rule == rule)


def test_verify_tells_what_waits_and_what_was_named_without_a_word():
    desk, first = desk_at(SlateState.FINALISED, final=True)
    assert first.number in "".join(line("reclassified").remarks)
    assert line("reclassified").holds
    settle(desk, first)
    assert not line("reclassified").remarks
    desk.act(namings.decide, title="决定", document_number="1号", decided_on=clock.today())
    assert line("reclassified").holds
    # Named while it was open: nothing in the product does so.
    Nomination.objects.filter(pk=first.pk).update(ownership_affirmed="")
    first.employer.verified_at = clock.now() - timedelta(days=1)
    first.employer.save()
    assert first.number in "".join(line("reclassified").differences)


def test_the_keeper_finds_the_two_ways_on_the_page_of_the_list():
    desk, first = desk_at(SlateState.SETTLING)
    client = Client()
    client.force_login(desk.keeper)
    page = f"/slates/{desk.slate.pk}/"
    assert "1 个对象的单位重新核验过所有制" in client.get(page).content.decode()
    ownership = f"{page}ownership/"
    said = client.get(ownership).content.decode()
    for word in (str(first), "维持原认定", "采用新核验", "股权变更登记"):
        assert word in said
    sent = {
        "version": desk.slate.version,
        "nomination": first.pk,
        "unit_version": first.employer.version,
        "act": "affirm",
    }
    assert client.post(ownership, sent).status_code == 422
    assert client.post(ownership, sent | {"act": "nothing", "reason": "x"}).status_code == 400
    answer = client.post(ownership, sent | {"reason": "已核对"}, follow=True)
    assert "没有需要确认的对象" in answer.content.decode()
    assert "重新核验过所有制，上报" not in client.get(page).content.decode()
    client.force_login(desk.union_leader)
    assert client.get(ownership).status_code == 404


# --- names ---------------------------------------------------------------------------------------------------


def rename(nomination, name):
    employer = nomination.employer
    employer.refresh_from_db()
    employers.update(employer_id=employer.pk, version=employer.version, actor=None, name=name)
    nomination.refresh_from_db()
    return nomination


def test_a_name_follows_the_register_until_a_notice_has_frozen_it():
    desk = make_desk()
    first, *_others = desk.fill(non_public=2, public=2)
    Nomination.objects.filter(pk=first.pk).update(nominee_name=first.employer.name)
    assert (rename(first, "常熟新名有限公司").nominee_name, first.unit) == (
        "常熟新名有限公司",
        "常熟新名有限公司",
    )
    desk.advance(SlateState.ON_NOTICE)
    shown = next(row for row in Notice.objects.get().rows if row["rank"] == 1)
    assert (shown["nominee"], shown["unit"]) == ("常熟新名有限公司", "常熟新名有限公司")
    assert rename(first, "常熟后来有限公司").nominee_name == "常熟新名有限公司"
    first.refresh_from_db()
    assert first.unit == "常熟新名有限公司"
    assert first.employer.name == "常熟后来有限公司"
