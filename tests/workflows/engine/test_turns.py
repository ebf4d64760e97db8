"""What a turn refuses, what it writes, and in how many statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from appraisal.nominations.services import nominations
from appraisal.records.models import Nomination, Opinion
from appraisal.records.states import NominationState, Outcome
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted
from quotas.base.states import Office, Role, Stage
from quotas.base.wording import sentences
from quotas.ledger.models import LedgerEntry
from tests.builders import WINDOWS, make_official, make_share_rule
from tests.workflows.house import open_nodes, open_task, process_of
from workflows import turns
from workflows.querysets import of_nomination

STATEMENTS = 21
"""What an approval may take, with opinion and ledger (design)."""


@pytest.fixture
def nomination(house):
    return house.lying(NominationState.IN_REVIEW)


@pytest.fixture
def task(nomination):
    return open_task(of_nomination(nomination.pk), "county_union")


def never():
    raise AssertionError("the service must not be asked")


def test_a_turn_writes_who_and_when(house, nomination, task):
    actor = house.people["county", "union"]
    house.opinion(nomination, "county", Office.UNION)
    done = Task.objects.get(pk=task.pk)
    assert (done.status, done.owner) == (STATUS.DONE, actor)
    assert done.assigned == done.started == done.finished == clock.now()


def test_the_result_of_the_service_is_handed_back(house, nomination):
    assert house.opinion(nomination, "county", Office.UNION) == nomination


def test_a_refusal_of_the_service_leaves_everything(house, nomination, task):
    actor, rows = house.people["county", "union"], LedgerEntry.objects.count()
    with pytest.raises(InvalidInput):
        house.opinion(nomination, "county", Office.UNION, "return", route="nowhere")
    assert Task.objects.get(pk=task.pk).status == STATUS.NEW
    assert Opinion.objects.filter(actor=actor).count() == 0
    assert LedgerEntry.objects.count() == rows


def test_a_token_that_cannot_move_takes_the_act_back(house, nomination, task):
    """An act that leads nowhere from this node: the domain's row is not written either."""
    actor = house.people["county", "union"]

    def other_act():
        Nomination.objects.filter(pk=nomination.pk).update(summary="changed")
        of_nomination(nomination.pk).filter(pk=task.pk).update(
            status=STATUS.DONE, finished=clock.now(), owner=actor
        )

    with pytest.raises(Conflict) as refusal:
        turns.perform(task.pk, actor, other_act)
    assert refusal.value.code == "task_taken_or_done"
    nomination.refresh_from_db()
    assert nomination.summary == ""
    assert open_nodes(nomination) == ["county_party", "county_union"]


def test_an_act_that_leads_nowhere_from_the_task_is_taken_back(house, nomination, task):
    """A page that calls the wrong service is our mistake; the domain is not left beside its token."""
    actor = house.people["county", "union"]

    def withdrawn():
        nominations.withdraw(nomination_id=nomination.pk, actor=house.applicant, reason="单位决定不再申报。")

    with pytest.raises(LookupError):
        turns.perform(task.pk, actor, withdrawn)
    nomination.refresh_from_db()
    assert nomination.status == NominationState.IN_REVIEW
    assert open_nodes(nomination) == ["county_party", "county_union"]


def test_a_done_task_names_who_and_when(house, nomination, task):
    house.opinion(nomination, "county", Office.UNION)
    other = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    with pytest.raises(Conflict) as refusal:
        turns.perform(task.pk, other, never)
    assert refusal.value.code == "task_taken_or_done"
    assert refusal.value.params["who"] == house.people["county", "union"].name
    assert refusal.value.params["at"] == clock.now()
    assert house.people["county", "union"].name in str(sentences(refusal.value)[0])


def test_a_task_that_does_not_exist_is_a_conflict_too(house):
    with pytest.raises(Conflict) as refusal:
        turns.perform(10**9, house.applicant, never)
    assert str(sentences(refusal.value)[0])


def test_a_gateway_is_nobodys_task(house, nomination):
    split = next(task for task in of_nomination(nomination.pk) if task.flow_task.name == "county_review")
    with pytest.raises(Conflict):
        turns.perform(split.pk, house.people["county", "union"], never)


@pytest.mark.parametrize(
    "who", [("county", "party"), ("county", "keeper"), ("city", "union"), ("province", "union")]
)
def test_acting_never_inherits_and_offices_do_not_mix(house, task, who):
    with pytest.raises(NotPermitted) as refusal:
        turns.perform(task.pk, house.people[who], never)
    assert refusal.value.code == "task_not_yours"
    assert str(sentences(refusal.value)[0])


def test_a_unit_task_is_for_its_role_in_its_unit(house):
    nomination = house.nomination()
    task = open_task(of_nomination(nomination.pk), "complete_application")
    for stranger in (house.endorser, house.people["county", "union"]):
        with pytest.raises(NotPermitted):
            turns.perform(task.pk, stranger, never)


def test_claiming_keeps_colleagues_off(house, nomination, task):
    first = house.people["county", "union"]
    second = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    turns.claim(task_id=task.pk, actor=first)
    turns.claim(task_id=task.pk, actor=first)
    claimed = Task.objects.get(pk=task.pk)
    assert (claimed.status, claimed.owner, claimed.assigned) == (STATUS.ASSIGNED, first, clock.now())
    for act in (
        lambda: turns.claim(task_id=task.pk, actor=second),
        lambda: turns.release(task_id=task.pk, actor=second),
        lambda: turns.perform(task.pk, second, never),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "taken_by_other"
        assert first.name in str(sentences(refusal.value)[0])
    turns.release(task_id=task.pk, actor=first)
    turns.release(task_id=task.pk, actor=second)
    free = Task.objects.get(pk=task.pk)
    assert (free.status, free.owner, free.assigned) == (STATUS.NEW, None, None)


def test_a_claimed_task_is_carried_out_by_its_owner(house, nomination, task):
    actor = house.people["county", "union"]
    turns.claim(task_id=task.pk, actor=actor)
    house.opinion(nomination, "county", Office.UNION)
    assert Task.objects.get(pk=task.pk).status == STATUS.DONE


def test_a_post_that_ended_ends_the_right_to_a_claimed_task(house, task):
    actor = house.people["county", "union"]
    turns.claim(task_id=task.pk, actor=actor)
    actor.groups.clear()
    with pytest.raises(NotPermitted):
        turns.perform(task.pk, actor, never)


def test_starting_twice_starts_once(house):
    nomination = house.nomination()
    assert turns.start_nomination(nomination_id=nomination.pk) == process_of(nomination)
    assert open_nodes(nomination) == ["complete_application"]


def test_opening_the_slates_of_a_round_begins_their_processes(house):
    for slate in house.slates.values():
        process_of(slate).delete()
        slate.delete()
    opened = turns.open_slates(round_id=house.round_award.round_id)
    assert len(opened) == 4
    assert {tuple(open_nodes(slate)) for slate in opened} == {("compile_slate",)}
    assert turns.open_slates(round_id=house.round_award.round_id) == []


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_statements_of_an_approval(house, nomination, record_property):
    """The whole turn: task, permission, opinion, ledger, locks, token. `house.opinion` itself adds two look-ups."""
    first = statements(lambda: house.opinion(nomination, "county", Office.UNION)) - 2
    second = statements(lambda: house.opinion(nomination, "county", Office.PARTY)) - 2
    print("approval of the first office:", first, "of the second:", second)  # noqa: T201 -- shown with -s
    assert first <= STATEMENTS
    assert second <= STATEMENTS


def test_statements_of_an_approval_that_the_stock_decides(house, nomination):
    """The same when units can apply no more: the rules and the stock of the desk are read as well."""
    version = house.round_award.rule_version
    for number in range(3):
        make_share_rule(version, f"share-{number}", denominator=5)
    house.lying(NominationState.POOLED)
    with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)):
        for office in Office:
            assert (
                statements(lambda office=office: house.opinion(nomination, "county", office)) - 2
                <= STATEMENTS
            )


def test_statements_of_a_refusal_with_its_end(house, nomination):
    """It also cancels the partner's task, writes the end and closes the process."""
    refusal = statements(lambda: house.opinion(nomination, "county", Office.UNION, Outcome.DECLINE)) - 2
    assert refusal <= STATEMENTS + 3
