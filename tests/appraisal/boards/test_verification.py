"""The recount: silent on what the services left, and it finds a difference of every kind."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.boards.services import verification
from appraisal.nominations.services import nominations
from appraisal.notices.services import objections
from appraisal.records.models import Honour, Nomination, Notice, Opinion, SignOff, Slate, SlateEntry
from appraisal.records.states import Control, EntryKind, Finding, NominationState, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import Level, Role, Stage
from quotas.ledger.models import LedgerEntry
from quotas.oversight.services import upkeep
from quotas.rounds.models import Allotment
from quotas.rounds.services import allotments
from quotas.selection.plan import SeparateLine
from tests.appraisal.desks import make_desk, told
from tests.builders import (
    IN_TIME,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_post,
    make_round_award,
    relabel,
)
from tests.quotas.ledger.test_ledger import past_the_trigger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def filled(state, *, final_stage=Stage.PROVINCE, **entries):
    desk = make_desk(make_round_award(award=make_award(final_stage=final_stage)))
    desk.nominations = told(
        desk.fill(**entries or {"non_public": 2, "public": 1, "reserves": 1, "separate": 1})
    )
    desk.advance(state)
    return desk


@pytest.fixture(autouse=True)
def no_files_of_others(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def house():
    """Lists in every state, as the services left them."""
    make_body(level=Level.PROVINCE)
    return {
        state: filled(
            state,
            final_stage=Stage.COUNTY if state in {SlateState.FINALISED, SlateState.NAMED} else Stage.PROVINCE,
        )
        for state in SlateState
    }


def wrong():
    return {line.rule for line in verification.run() if not line.holds}


def pending(desk):
    return Nomination.objects.get(pk=desk.entries()[0][0])


def test_what_the_services_left_is_in_order(house):
    lines = verification.run()
    assert [line.rule for line in lines] == list(verification.VERIFIED_RULES)
    assert [line.detail for line in lines if not line.holds] == []
    # Files have a test of their own; these lists have none.
    assert all(line.checked for line in lines if line.rule != "files")


def change_first_ledger_row():
    first = LedgerEntry.objects.order_by("pk").first()
    with past_the_trigger():
        LedgerEntry.objects.filter(pk=first.pk).update(reason="改动")


SEEDS = {
    "places": lambda house: Allotment.objects.filter(pk=house[SlateState.SETTLING].allotment.pk).update(
        reserve_places=0
    ),
    "shares": lambda house: relabel(
        Nomination.objects.filter(pk__in=[pk for pk, _kind, _rank in house[SlateState.SETTLING].entries()]),
        non_public=False,
    ),
    "labelled": lambda house: Nomination.objects.filter(pk=pending(house[SlateState.SIGNED]).pk).update(
        sector="public_body"
    ),
    "ranks": lambda house: SlateEntry.objects.filter(
        slate=house[SlateState.SIGNED].slate, kind=EntryKind.REGULAR, rank=2
    ).update(rank=7),
    "committed": lambda house: Allotment.objects.filter(pk=house[SlateState.SIGNING].allotment.pk).update(
        committed=2
    ),
    "entries": lambda house: SlateEntry.objects.filter(
        slate=house[SlateState.NAMED].slate, kind=EntryKind.RESERVE
    ).update(kind=EntryKind.REGULAR, rank=4),
    "reviewed": lambda house: Opinion.objects.filter(
        nomination=pending(house[SlateState.SENT_UP]), office="party"
    ).delete(),
    "classified": lambda house: Nomination.objects.filter(pk=pending(house[SlateState.SIGNED]).pk).update(
        frozen_control=Control.STATE
    ),
    "signatures": lambda house: SignOff.objects.filter(
        slate=house[SlateState.SETTLING].slate, office="party"
    ).delete(),
    "notices": lambda house: Notice.objects.filter(slate=house[SlateState.SENT_UP].slate).update(
        closed_at=None
    ),
    "desks": lambda house: Nomination.objects.filter(pk=pending(house[SlateState.SIGNED]).pk).update(
        stage=Stage.CITY
    ),
    "named": lambda house: SlateEntry.objects.filter(
        slate=house[SlateState.NAMED].slate, kind=EntryKind.SEPARATE
    ).update(removed_at=clock.now()),
    "titles": lambda house: Honour.objects.filter(
        nomination=house[SlateState.NAMED].nominations[0].pk
    ).update(revoked_on=clock.today(), revoked_for="手工改动"),
    "posts_apart": lambda _house: make_post(
        make_body(level=Level.PROVINCE), Role.AUDIT_ADMIN
    ).group.user_set.add(make_official(make_body(), Role.KEEPER)),
    "ledger_states": lambda house: Nomination.objects.filter(
        pk__in=[one.pk for one in house[SlateState.SENT_UP].nominations]
    ).update(status=NominationState.RETURNED),
    "ledger_chain": lambda _house: change_first_ledger_row(),
}
"""A rule → what breaks it, and no other rule unless it says so in ALSO."""
ALSO = {"entries": {"committed"}, "shares": {"classified"}}


@pytest.mark.parametrize("rule", SEEDS)
def test_a_seeded_difference_is_found(house, rule):
    SEEDS[rule](house)
    assert wrong() == {rule} | ALSO.get(rule, set())


def test_a_nominee_with_two_live_nominations_is_found(house):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_live_nomination")
    first = house[SlateState.SIGNED].nominations[0]
    told([make_nomination(first.round_award, first.desk, nominee_key=first.nominee_key)])
    assert wrong() == {"live_once"}


@pytest.mark.parametrize("state", [SlateState.COMPILING, SlateState.SIGNED, SlateState.FINALISED])
def test_an_entry_whose_nomination_has_left_the_pool_is_found(house, state):
    nomination = pending(house[state])
    nomination.status = NominationState.IN_REVIEW
    nomination.save()
    told([nomination])
    assert wrong() == {"entries"}


def test_a_named_list_whose_entry_is_not_named_is_found(house):
    nomination = house[SlateState.NAMED].nominations[0]
    Nomination.objects.filter(pk=nomination.pk).update(status=NominationState.NOT_SELECTED)
    told([Nomination.objects.get(pk=nomination.pk)])
    assert wrong() == {"entries", "titles"}


def test_a_slate_that_moved_without_the_ledger_is_found(house):
    Slate.objects.filter(pk=house[SlateState.COMPILING].slate.pk).update(state=SlateState.SIGNING)
    assert "ledger_states" in wrong()


def test_a_deleted_ledger_row_is_found(house):
    with past_the_trigger():
        LedgerEntry.objects.filter(act="sign").first().delete()
    assert wrong() == {"ledger_chain"}


def test_a_share_that_an_objection_broke_is_no_difference_until_the_list_moves(house):
    desk = house[SlateState.SETTLING]
    for nomination in desk.nominations[:2]:
        nominations.disqualify(nomination_id=nomination.pk, actor=desk.keeper, reason="查实")
    assert wrong() == set()
    (remark,) = next(line for line in verification.run() if line.rule == "shares").remarks
    assert remark.endswith("提交后有移出或名额调整，下一步办理时须再核验。")
    later = clock.now() + timedelta(days=1)
    Slate.objects.filter(pk=desk.slate.pk).update(state=SlateState.SENT_UP, sent_up_at=later)
    assert "shares" in wrong()


@pytest.mark.parametrize(
    "places",
    [
        {"places": 3, "reserve_places": 0, "separate": [SeparateLine("s1", "专项", 1)]},
        {"places": 3, "reserve_places": 1},
        {
            "places": 3,
            "reserve_places": 1,
            "separate": [SeparateLine("s1", "专项", 1)],
            "parts": {"non_public_share": 3},
        },
    ],
    ids=("reserves", "separate", "parts"),
)
def test_places_changed_under_a_submitted_list_are_no_difference_until_the_list_moves(places):
    with clock.travel(IN_TIME) as journey:
        desk = filled(SlateState.SIGNED)
        journey.advance(timedelta(minutes=1))
        allotment = desk.allotment
        change = {"round_award_id": allotment.round_award_id, "body_id": allotment.body_id, **places}
        allotments.set_places(actor=None, reason="核减", **change)
        assert wrong() == set()
        with pytest.raises(RuleViolation):
            desk.publish()
        # The same list over the same places, but the gate has run since: nobody would be told of it.
        journey.advance(timedelta(minutes=1))
        Slate.objects.filter(pk=desk.slate.pk).update(submitted_at=clock.now())
        assert wrong() <= {"places", "shares"}
        assert wrong() != set()


LEFT = [SlateState.SENT_UP, SlateState.NAMED]


@pytest.mark.parametrize("state", LEFT)
def test_a_list_that_has_left_is_held_to_what_it_left_with(house, state):
    desk = house[state]
    entries = SlateEntry.objects.filter(slate=desk.slate)
    entries.update(frozen_labels=["ownership:public", "nominee:unit"])
    assert wrong() == {"shares"}
    Slate.objects.filter(pk=desk.slate.pk).update(
        frozen_plan={
            **desk.slate.frozen_plan,
            "rules": [],
            "places": {"regular": 2, "reserve": 9, "separate": 9},
        }
    )
    assert wrong() == {"places"}


@pytest.mark.parametrize("state", LEFT)
def test_what_is_changed_after_a_list_has_left_is_no_breach_of_it(house, state):
    desk = house[state]
    allotments.set_places(
        round_award_id=desk.allotment.round_award_id,
        body_id=desk.body.pk,
        places=3,
        parts={"non_public_share": 3},
        actor=None,
        reason="调整",
    )
    relabel(
        Nomination.objects.filter(pk__in=[one.pk for one in desk.nominations]),
        non_public=False,
        frozen_control=Control.STATE,
    )
    assert wrong() == set()
    # That parts and places were set apart since is told, of the plan and not of the list.
    assert [line.remarks for line in verification.run() if line.remarks and line.rule != "parts"] == []


def test_a_list_from_before_goes_by_what_stands_today(house):
    desk = house[SlateState.SENT_UP]
    Slate.objects.filter(pk=desk.slate.pk).update(frozen_plan=None)
    SlateEntry.objects.filter(slate=desk.slate).update(frozen_labels=None)
    assert wrong() == set()
    relabel(
        Nomination.objects.filter(pk__in=[one.pk for one in desk.nominations]),
        non_public=False,
        frozen_control=Control.STATE,
    )
    assert wrong() == {"shares"}


def test_a_list_that_lost_somebody_after_it_was_named_is_told_apart(house):
    desk = house[SlateState.NAMED]
    for nomination in desk.nominations[:2]:
        nominations.disqualify(nomination_id=nomination.pk, actor=desk.keeper, reason="查实")
    assert wrong() == set()
    (remark,) = next(line for line in verification.run() if line.rule == "shares").remarks
    assert "“非公有制占比”未达到规定" in remark
    assert remark.endswith("离开本级时符合规定，此后有对象被取消资格。")
    out = StringIO()
    call_command("verify", stdout=out)
    assert f"    说明：{remark}" in out.getvalue()


def test_after_objection_reserve_and_reopening_everything_still_agrees():
    desk = filled(SlateState.ON_NOTICE)
    objection = desk.object_to(desk.nominations[0])
    objections.settle(objection_id=objection.pk, actor=desk.keeper, finding=Finding.UPHELD, text="经核查属实")
    desk.act(slates.promote_reserve, nomination_id=desk.nominations[3].pk)
    assert wrong() == set()
    desk.close()
    desk.act(slates.reopen, reason="调整")
    assert wrong() == set()
    desk.advance(SlateState.SENT_UP)
    assert wrong() == set()


def test_the_command_prints_a_line_for_each_rule_and_fails_on_a_difference(house):
    out = StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().count("一致  ") == len(verification.CHECKS)
    assert "不一致" not in out.getvalue()
    assert upkeep.latest()[upkeep.Upkeep.VERIFY].holds
    SEEDS["committed"](house)
    out = StringIO()
    with pytest.raises(CommandError, match="有 1 项规则核对不一致"):
        call_command("verify", stdout=out)
    assert "不一致  已用名额与名单正选数一致" in out.getvalue()
    assert "已用名额记为 2 个，名单正选 3 个" in out.getvalue()


def test_a_line_spells_out_the_first_differences_and_counts_the_others():
    line = verification.VerificationLine("places", 9, tuple(f"差异{number}" for number in range(7)))
    assert line.detail.splitlines() == [*(f"差异{number}" for number in range(5)), "另有 2 处。"]


def test_the_number_of_statements_does_not_grow_with_the_lists():
    counts = []
    award = make_round_award()
    for _ in range(2):
        for _ in range(3):
            desk = make_desk(award)
            told(desk.fill(non_public=2))
            desk.advance(SlateState.SETTLING)
        with CaptureQueriesContext(connection) as statements:
            assert wrong() == set()
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 33
