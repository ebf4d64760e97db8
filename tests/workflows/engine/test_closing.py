"""The end of a round: nothing is left under way, nothing is left in an inbox, and nobody can go on."""

from datetime import timedelta

import pytest
from viewflow.workflow.models import Task

from appraisal.boards.services import verification
from appraisal.notices.services import notices
from appraisal.records.models import Nomination, Slate
from appraisal.records.states import Control, NominationState, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import Conflict, NotPermitted, WrongState
from quotas.base.states import Office, RoundState
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Round
from quotas.rounds.services import rounds
from tests.appraisal.desks import told
from tests.workflows.house import House, open_nodes, process_of, status_of, version
from workflows import turns
from workflows.inbox import worklist

S = NominationState
HANDED_IN = (S.IN_REVIEW, S.RETURNED, S.POOLED)
WITH_UNIT = (S.DRAFT, S.ENDORSING)


def close(house: House):
    return turns.close_round(round_id=house.round_award.round_id, actor=house.people["province", "staff"])


def open_tasks():
    return Task.objects.filter(finished=None)


@pytest.mark.parametrize("status", HANDED_IN)
def test_what_was_handed_in_is_not_selected_with_the_reason(house, status):
    nomination = house.lying(status)
    assert close(house) == (nomination.pk,)
    assert status_of(nomination) == S.NOT_SELECTED
    assert Nomination.objects.get(pk=nomination.pk).due_at is None
    row = LedgerEntry.objects.get(stream=f"nomination:{nomination.pk}")
    assert (row.act, row.before["state"], row.after["state"]) == ("pass_over", status, S.NOT_SELECTED)
    assert row.actor == house.people["province", "staff"]
    assert row.reason == "评选已经结束，未及办结"
    assert open_nodes(nomination) == []
    assert process_of(nomination).status == "DONE"


@pytest.mark.parametrize("status", WITH_UNIT)
def test_what_never_left_its_unit_stays_and_waits_for_nobody(house, status):
    nomination = house.lying(status)
    assert close(house) == ()
    assert status_of(nomination) == status
    assert open_nodes(nomination) == []
    assert process_of(nomination).status == "CANCELED"
    assert turns.reconcile() == []


def test_other_rounds_go_on(house):
    other = House()
    other.open_slates()
    going_on = other.lying(S.IN_REVIEW)
    house.lying(S.IN_REVIEW)
    close(house)
    assert status_of(going_on) == S.IN_REVIEW
    assert open_nodes(going_on)
    assert open_nodes(other.slates["county"]) == ["compile_slate"]


def test_every_inbox_is_empty_afterwards(house):
    for status in (*WITH_UNIT, *HANDED_IN):
        house.lying(status)
    pooled = told([house.lying(S.POOLED)])
    house.compile("county", pooled)
    assert worklist.open_now(house.people["county", "union_leader"])
    close(house)
    assert not open_tasks().exists()
    assert not any(worklist.open_now(who) for who in house.people.values())
    # Nothing brings them back, and everything agrees.
    assert turns.reconcile() == []
    assert not open_tasks().exists()


@pytest.mark.parametrize(
    "state", [SlateState.COMPILING, SlateState.SIGNED, SlateState.ON_NOTICE, SlateState.SETTLING]
)
def test_a_list_stays_as_it_is_and_cannot_move(house, journey, state):
    (nomination,) = told([house.lying(S.POOLED, frozen_control=Control.PRIVATE)])
    told_lists(house)
    slate, keeper = house.slates["county"], house.people["county", "keeper"]
    if state == SlateState.COMPILING:
        slates.set_entries(
            slate_id=slate.pk, version=version(slate), actor=keeper, entries=[(nomination.pk, "regular", 1)]
        )
    else:
        house.compile("county", [nomination])
        for office in Office:
            house.sign("county", office)
    if state in {SlateState.ON_NOTICE, SlateState.SETTLING}:
        house.publish("county")
    if state == SlateState.SETTLING:
        house.wait_out(journey)
    close(house)
    assert Slate.objects.get(pk=slate.pk).state == state
    assert status_of(nomination) == S.NOT_SELECTED
    journey.advance(timedelta(days=30))
    assert notices.closable(today=clock.today()) == []
    assert turns.close_due_notices() == []
    for act in (
        lambda: turns.close_notice(slate_id=slate.pk, actor=keeper),
        lambda: slates.set_entries(slate_id=slate.pk, version=version(slate), actor=keeper, entries=[]),
        lambda: slates.reopen(slate_id=slate.pk, version=version(slate), actor=keeper, reason="重新编制"),
        lambda: slates.send_up(slate_id=slate.pk, version=version(slate), actor=keeper),
    ):
        with pytest.raises((Conflict, WrongState)):
            act()
    assert Slate.objects.get(pk=slate.pk).state == state
    assert [line.detail for line in verification.run() if not line.holds] == []


def told_lists(house):
    """The lists of the house came into being without the services; the ledger is told of them."""
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(f"slate:{slate.pk}", "open", None, after={"state": "compiling"})
            for slate in house.slates.values()
        ]
    )


def test_all_of_it_or_nothing(house, monkeypatch):
    nomination = house.lying(S.IN_REVIEW)
    waiting = open_nodes(nomination)

    def fail(*_arguments):
        raise RuntimeError("the power is cut")

    monkeypatch.setattr(turns.tokens, "follow", fail)
    with pytest.raises(RuntimeError):
        close(house)
    assert Round.objects.get().state == RoundState.OPEN
    assert status_of(nomination) == S.IN_REVIEW
    assert open_nodes(nomination) == waiting
    assert not LedgerEntry.objects.filter(act__in=("close_round", "pass_over")).exists()


def test_it_is_the_planners_and_happens_once(house):
    nomination = house.lying(S.IN_REVIEW)
    with pytest.raises(NotPermitted):
        turns.close_round(round_id=house.round_award.round_id, actor=house.people["city", "keeper"])
    assert status_of(nomination) == S.IN_REVIEW
    close(house)
    with pytest.raises(WrongState) as refusal:
        close(house)
    assert refusal.value.code == "round_not_open"


def test_a_round_that_ended_while_its_row_was_waited_for_gives_no_number(house):
    close(house)
    with pytest.raises(WrongState) as refusal:
        rounds.next_number(round_id=house.round_award.round_id)
    assert refusal.value.code == "round_not_open"
