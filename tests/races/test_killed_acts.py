"""The power is cut between two statements: of the act nothing is there, or all of it.

Each act runs in a process that kills itself after some statement, at several of them, on the same data; in the end one
process is left to finish it and dies only then. What is compared is every row of every table of ours.
"""

import hashlib
import multiprocessing

import pytest
from django.apps import apps
from django.db import connection

from appraisal.boards.services import verification
from appraisal.records.models import Slate
from appraisal.records.states import SlateState
from quotas.base import clock
from quotas.base.states import Role, RuleKind, Sense, Stage
from quotas.ledger.models import LedgerEntry
from tests.appraisal.desks import make_desk, make_route, told
from tests.builders import IN_TIME, make_award, make_official, make_round_award, make_share_rule, make_user
from tests.races import killed
from tests.workflows.house import open_task
from workflows import turns
from workflows.querysets import of_slate

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = 8
"""At how many statements of an act it is killed, the first and the last among them."""
PATIENCE = 60

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.races.killed"])


def fingerprint():
    """Every row of every table of ours and of the engine."""
    digest = hashlib.sha256()
    for label in ("quotas", "appraisal", "viewflow", "workflows"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            rows = list(model._base_manager.order_by("pk").values_list())
            digest.update(f"{model._meta.label} {rows!r}".encode())
    return digest.hexdigest()


def killed_after(statement, act, actor, arguments):
    """The act in a process that dies after this statement; how many there were, where it lived to its end."""
    hears, says = FORKS.Pipe(duplex=False)
    process = FORKS.Process(
        target=killed.run,
        args=(connection.settings_dict["NAME"], clock.now(), act, actor.pk, arguments, statement, says),
    )
    process.start()
    says.close()
    process.join(PATIENCE)
    assert process.exitcode == -9
    try:
        return hears.recv()
    except EOFError:
        return None


def die_everywhere(act, actor, **arguments):
    before = fingerprint()
    # Dead before it was committed. The act was a savepoint then, whose two statements were counted, too.
    last = killed_after(killed.BEFORE_COMMIT, act, actor, arguments) - 2
    assert fingerprint() == before
    for statement in sorted({1 + (last - 1) * point // (POINTS - 1) for point in range(POINTS)}):
        assert killed_after(statement, act, actor, arguments) is None
        assert fingerprint() == before, f"{act} left something behind after statement {statement}"
    rows = LedgerEntry.objects.count()
    whole = killed_after(killed.AFTER_ALL, act, actor, arguments)
    assert whole == last
    assert fingerprint() != before
    assert LedgerEntry.objects.count() > rows
    assert agrees() == ([], [])


def agrees():
    return [line.detail for line in verification.run() if not line.holds], turns.reconcile()


def test_an_act_that_dies_is_there_or_it_is_not():
    with clock.travel(IN_TIME):
        route = make_route(typed={"ownership:non_public": 2})
        county, city = route[Stage.COUNTY], route[Stage.CITY]
        round_award = county.allotment.round_award
        make_share_rule(
            round_award.rule_version,
            "each",
            label="",
            each="industry",
            sense=Sense.MAX,
            kind=RuleKind.COUNT,
            numerator=4,
        )
        round_ = round_award.round
        # Another award ends at the county; its list waits for the decision.
        final = make_desk(make_round_award(round_, make_award(final_stage=Stage.COUNTY)), county.body)
        told(final.fill(non_public=2, public=1, reserves=1))
        final.advance(SlateState.FINALISED)
        nominations = told(county.fill(non_public=3, public=1, reserves=1, industry="C"))
        turns.open_slates(round_id=round_.pk)
        turns.reconcile()
        assert agrees() == ([], [])

        slate = county.slate
        task = open_task(of_slate(slate.pk), "compile_slate")
        die_everywhere("submit", county.keeper, task=task.pk, slate=slate.pk, version=slate.version)
        assert (county.slate.state, county.committed) == (SlateState.SIGNING, 4)

        county.advance(SlateState.SIGNED)
        turns.reconcile()
        die_everywhere(
            "remove_entry",
            county.keeper,
            slate=slate.pk,
            version=county.slate.version,
            nomination=nominations[0].pk,
        )
        assert county.committed == 3
        leaving = nominations[1]
        applicant = make_user()
        leaving.employer.posts.create(user=applicant, role="applicant")
        die_everywhere("withdraw", applicant, nomination=leaving.pk)
        assert county.committed == 2
        die_everywhere(
            "hand_down",
            city.keeper,
            round_award=county.allotment.round_award_id,
            parent=city.body.pk,
            places={county.body.pk: 3},
        )

        county.advance(SlateState.SETTLING)
        turns.reconcile()
        task = open_task(of_slate(slate.pk), "settle_objections")
        die_everywhere(
            "send_up", county.keeper, task=task.pk, slate=county.slate.pk, version=county.slate.version
        )
        assert county.slate.state == SlateState.SENT_UP
        task = open_task(of_slate(final.slate.pk), "naming_decision")
        die_everywhere(
            "decide_naming", final.keeper, task=task.pk, slate=final.slate.pk, version=final.slate.version
        )
        assert final.slate.state == SlateState.NAMED

        told(city.fill(non_public=1))
        turns.reconcile()
        die_everywhere("close_round", make_official(city.body.parent, Role.STAFF), round_=round_.pk)
        assert Slate.objects.get(pk=city.slate.pk).state == SlateState.COMPILING
