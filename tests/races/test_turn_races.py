"""Two at the same moment. Each thread has a connection of its own, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from appraisal.nominations.services import reviews
from appraisal.records.models import Nomination, Opinion
from appraisal.records.states import NominationState, Outcome
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import Conflict, DomainError
from quotas.base.states import Office, Role, Stage
from quotas.ledger.models import LedgerEntry
from tests.builders import IN_TIME, make_official
from tests.races.test_slate_races import collide
from tests.workflows.house import House, open_nodes, open_task, version
from workflows import querysets, tokens, turns
from workflows.models import NominationProcess
from workflows.querysets import of_nomination, of_slate

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture
def house():
    with clock.travel(IN_TIME):
        made = House()
        made.open_slates()
        yield made


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment; their results, a refusal as itself."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def approving(nomination, office, actor, outcome=Outcome.APPROVE):
    """The turn, prepared as a page prepares it: task and version as they were when the form was drawn."""
    task = open_task(of_nomination(nomination.pk), f"county_{office.value}")
    seen = version(nomination)
    return lambda: turns.perform(
        task.pk,
        actor,
        reviews.give_opinion,
        nomination_id=nomination.pk,
        version=seen,
        office=office,
        actor=actor,
        outcome=outcome,
        text="" if outcome == Outcome.APPROVE else "材料与事迹不符。",
        return_route="first" if outcome == Outcome.RETURN else "",
    )


def refusals(results):
    return [result for result in results if isinstance(result, DomainError)]


def test_both_offices_at_the_same_moment(house):
    """Neither refuses the other, one join, one pool."""
    for _ in range(ROUNDS):
        nomination = house.lying(NominationState.IN_REVIEW)
        results = at_once(
            approving(nomination, Office.UNION, house.people["county", "union"]),
            approving(nomination, Office.PARTY, house.people["county", "party"]),
        )
        assert refusals(results) == []
        assert open_nodes(nomination) == ["county_pool"]
        names = [task.flow_task.name for task in of_nomination(nomination.pk)]
        assert (names.count("county_outcome"), names.count("county_pool")) == (1, 1)
        assert Opinion.objects.filter(nomination=nomination).count() == 2
    assert turns.reconcile() == []


def test_one_returns_while_the_other_approves(house):
    """Whoever comes first, the nomination is returned and no task of a review is left."""
    for _ in range(ROUNDS):
        nomination = house.lying(NominationState.IN_REVIEW)
        results = at_once(
            approving(nomination, Office.UNION, house.people["county", "union"]),
            approving(nomination, Office.PARTY, house.people["county", "party"], Outcome.RETURN),
        )
        assert all(isinstance(refusal, Conflict) for refusal in refusals(results))
        assert Nomination.objects.get(pk=nomination.pk).status == NominationState.RETURNED
        assert open_nodes(nomination) == ["correction"]
    assert turns.reconcile() == []


def test_a_double_click_counts_once(house):
    for _ in range(ROUNDS):
        nomination = house.lying(NominationState.IN_REVIEW)
        act = approving(nomination, Office.UNION, house.people["county", "union"])
        results = at_once(act, act)
        assert [isinstance(refusal, Conflict) for refusal in refusals(results)] == [True]
        assert Opinion.objects.filter(nomination=nomination).count() == 1
        assert LedgerEntry.objects.filter(stream=f"nomination:{nomination.pk}").count() == 1
        assert open_nodes(nomination) == ["county_outcome", "county_party"]


def test_two_colleagues_claim_one_task(house):
    nomination = house.lying(NominationState.IN_REVIEW)
    task = open_task(of_nomination(nomination.pk), "county_union")
    colleagues = [make_official(house.bodies["county"], Role.UNION_REVIEWER) for _ in range(4)]
    results = at_once(*(lambda who=who: turns.claim(task_id=task.pk, actor=who) for who in colleagues))
    assert [refusal.code for refusal in refusals(results)] == ["taken_by_other"] * 3


@pytest.mark.postgres
def test_who_waited_for_a_process_sees_its_tasks_as_they_are_now(house):
    """One statement takes the lock and reads the tasks: not those of before it waited."""
    nomination = house.lying(NominationState.IN_REVIEW)
    process, colleague = nomination.process, house.people["county", "union"]
    claimed, cancelled = querysets.of_nomination(nomination.pk).filter(finished=None).order_by("pk")

    def wait():
        with transaction.atomic():
            return tokens.lock_with_tasks(process)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            tokens.lock(NominationProcess, [process.pk])
            Task.objects.filter(pk=claimed.pk).update(status=STATUS.ASSIGNED, owner=colleague)
            Task.objects.filter(pk=cancelled.pk).update(status=STATUS.CANCELED, finished=clock.now())
            waiting = pool.submit(closing(wait))
            until_somebody_waits()
        (found,) = waiting.result(timeout=10)
    assert (found.pk, found.owner_id, found.status) == (claimed.pk, colleague.pk, STATUS.ASSIGNED)


def closing(act):
    """The act in a thread, whose connection ends with it."""

    def run():
        try:
            return act()
        finally:
            connection.close()

    return run


def until_somebody_waits():
    """Until a connection of this database waits for a lock of another."""
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone():
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


def test_two_colleagues_take_one_task_over(house):
    absent = house.people["county", "union"]
    colleagues = [make_official(house.bodies["county"], Role.UNION_REVIEWER) for _each in range(2)]
    for _round in range(ROUNDS):
        nomination = house.lying(NominationState.IN_REVIEW)
        task = open_task(of_nomination(nomination.pk), "county_union")
        turns.claim(task_id=task.pk, actor=absent)
        results = at_once(
            *(
                lambda who=who, task=task: turns.take_over(
                    task_id=task.pk, actor=who, held_by=absent.pk, reason="休假"
                )
                for who in colleagues
            )
        )
        (refused,) = refusals(results)
        assert isinstance(refused, Conflict)
        assert refused.code == "task_not_held_by"
        task.refresh_from_db()
        (row,) = LedgerEntry.objects.filter(stream=f"nomination:{nomination.pk}", act="take_over")
        assert task.owner == row.actor


def test_taken_over_while_its_holder_decides(house):
    """Either it was decided and there is nothing to take over, or it is the colleague's and the holder is refused."""
    absent = house.people["county", "union"]
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    for _round in range(ROUNDS):
        nomination = house.lying(NominationState.IN_REVIEW)
        task = open_task(of_nomination(nomination.pk), "county_union")
        turns.claim(task_id=task.pk, actor=absent)
        results = at_once(
            approving(nomination, Office.UNION, absent),
            lambda task=task: turns.take_over(
                task_id=task.pk, actor=colleague, held_by=absent.pk, reason="休假"
            ),
        )
        assert len(refusals(results)) == 1
        task.refresh_from_db()
        decided = Opinion.objects.filter(nomination=nomination).exists()
        assert decided is (task.owner == absent)
        assert (
            decided
            is not LedgerEntry.objects.filter(stream=f"nomination:{nomination.pk}", act="take_over").exists()
        )


def test_a_list_goes_up_while_one_of_its_nominations_is_withdrawn(house):
    """Either order is right, or one is told that the other was faster; a token beside the domain is not."""
    with clock.travel(IN_TIME) as journey:
        nominations = [house.lying(NominationState.POOLED) for _ in range(3)]
        house.through_notice("county", nominations, journey)
        slate, keeper = house.slates["county"], house.people["county", "keeper"]
        task, seen = open_task(of_slate(slate.pk), "settle_objections"), version(slate)
        results = at_once(
            lambda: turns.perform(
                task.pk, keeper, slates.send_up, slate_id=slate.pk, actor=keeper, version=seen
            ),
            lambda: turns.withdraw(
                nomination_id=nominations[0].pk, actor=house.applicant, reason="不再申报。"
            ),
        )
        assert len(refusals(results)) <= 1
        assert all(isinstance(refusal, Conflict) for refusal in refusals(results))
        status = Nomination.objects.get(pk=nominations[0].pk).status
        assert (status == NominationState.WITHDRAWN) == (results[1] not in refusals(results))
        assert turns.reconcile() == []


def test_two_ticks_close_a_notice_once(house):
    with clock.travel(IN_TIME) as journey:
        nomination = house.lying(NominationState.POOLED)
        house.compile("county", [nomination])
        for office in Office:
            house.sign("county", office)
        house.publish("county")
        journey.advance(timedelta(days=8))
        results = at_once(turns.close_due_notices, turns.close_due_notices)
        closed = [closing for closings in results for closing in closings if closing.refusal is None]
        assert len(closed) == 1
        assert open_nodes(house.slates["county"]) == ["settle_objections"]


@pytest.mark.postgres
def test_many_scores_are_given_while_everything_is_reconciled(house, monkeypatch):
    """Rows are locked before processes and these by number, so that neither waits for ever for the other."""
    drafts = [
        house.draft(
            status=NominationState.POOLED,
            stage=Stage.PROVINCE,
            desk=house.bodies["province"],
            submitted_at=IN_TIME,
        )
        for _ in range(3)
    ]
    # The processes are numbered the other way round than the nominations.
    for nomination in reversed(drafts):
        turns.start_nomination(nomination_id=nomination.pk)
    tokens.release([nomination.pk for nomination in drafts])
    tasks = {each.pk: open_task(of_nomination(each.pk), "province_scoring").pk for each in drafts}
    given = {nomination.pk: (version(nomination), 9000) for nomination in drafts}
    number, repairs = collide(
        monkeypatch,
        lambda: turns.record_scores(actor=house.people["province", "keeper"], given=given, tasks=tasks),
        turns.reconcile,
        points=dict.fromkeys(("first", "second"), (tokens, "lock")),
    )
    assert (number, repairs) == (3, [])
    assert {tuple(open_nodes(nomination)) for nomination in drafts} == {("province_pool",)}


@pytest.mark.postgres
def test_many_scores_lock_their_rows_before_any_process(house):
    """As docs/architecture.md has it: no nomination is waited for with a process in hand."""
    waiting = [house.lying(NominationState.POOLED, desk="province") for _ in range(2)]
    tasks = {each.pk: open_task(of_nomination(each.pk), "province_scoring").pk for each in waiting}
    given = {nomination.pk: (version(nomination), 9000) for nomination in waiting}
    with CaptureQueriesContext(connection) as statements:
        turns.record_scores(actor=house.people["province", "keeper"], given=given, tasks=tasks)
    locks = [each["sql"] for each in statements if "FOR UPDATE" in each["sql"]]
    both = ", ".join(str(each.pk) for each in waiting)
    assert 'FROM "appraisal_nomination"' in locks[0]
    assert both in locks[0]
    assert 'FROM "workflows_nominationprocess"' in locks[1]
