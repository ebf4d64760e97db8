"""Tokens follow the domain: broken off, moved, repaired, released in bulk as one by one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS

from appraisal.nominations.services import nominations, reviews
from appraisal.notices.services import objections
from appraisal.records.models import Nomination, Slate
from appraisal.records.services import lifecycle
from appraisal.records.states import Finding, NominationAct, NominationState, Outcome, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import WrongState
from quotas.base.states import Office
from tests.workflows.house import open_nodes, open_task, process_of, shape, status_of, version
from workflows import tokens, turns
from workflows.flows import NominationFlow
from workflows.models import NominationProcess, SlateProcess
from workflows.querysets import of_nomination, of_slate

N = NominationState

PLACES = [
    (N.DRAFT, "county"),
    (N.ENDORSING, "county"),
    *((state, at) for at in ("county", "city", "province") for state in (N.IN_REVIEW, N.RETURNED, N.POOLED)),
]


# Broken off


@pytest.mark.parametrize(("state", "at"), PLACES)
def test_withdrawal_from_everywhere(house, state, at):
    nomination = house.lying(state, desk=at)
    assert len(open_nodes(nomination)) in {1, 2}
    turns.withdraw(nomination_id=nomination.pk, actor=house.applicant, reason="单位决定不再申报。")
    assert status_of(nomination) == N.WITHDRAWN
    assert open_nodes(nomination) == []
    assert process_of(nomination).status == PROCESS.CANCELED
    assert process_of(nomination).finished == clock.now()


@pytest.mark.parametrize(("state", "at"), [place for place in PLACES if place[0] != N.DRAFT])
def test_disqualification_from_everywhere(house, state, at):
    nomination = house.lying(state, desk=at)
    staff = house.people["province", "staff"]
    turns.disqualify(nomination_id=nomination.pk, actor=staff, reason="发生重大安全生产事故。")
    assert open_nodes(nomination) == []
    assert process_of(nomination).status == PROCESS.CANCELED


def test_a_named_one_that_is_disqualified_keeps_its_finished_process(house, journey):
    nomination = house.lying(N.POOLED, desk="province", score=9000)
    house.through_notice("province", [nomination], journey)
    house.name()
    ended = process_of(nomination).finished
    staff = house.people["province", "staff"]
    turns.disqualify(nomination_id=nomination.pk, actor=staff, reason="事后查明弄虚作假。")
    assert (process_of(nomination).status, process_of(nomination).finished) == (PROCESS.DONE, ended)


def test_a_claimed_task_is_cancelled_with_the_rest(house):
    nomination = house.lying(N.IN_REVIEW)
    task = open_task(of_nomination(nomination.pk), "county_union")
    turns.claim(task_id=task.pk, actor=house.people["county", "union"])
    turns.withdraw(nomination_id=nomination.pk, actor=house.applicant, reason="单位决定不再申报。")
    assert Task.objects.get(pk=task.pk).status == STATUS.CANCELED


def test_an_objection_that_is_upheld_breaks_the_process_off(house, journey):
    nomination, other = house.lying(N.POOLED), house.lying(N.POOLED)
    house.compile("county", [nomination, other])
    for office in Office:
        house.sign("county", office)
    house.publish("county")
    slate, keeper = house.slates["county"], house.people["county", "keeper"]
    objection = objections.record(
        notice_id=slate.notices.get().pk,
        entry_id=slate.entries.get(nomination=nomination).pk,
        actor=keeper,
        objector="王某",
        objector_contact="13900000000",
        text="事迹不实。",
        received_on=clock.today(),
    )
    turns.settle_objection(
        objection_id=objection.pk, actor=keeper, finding=Finding.UPHELD, text="经核查属实。"
    )
    assert status_of(nomination) == N.DISQUALIFIED
    assert open_nodes(nomination) == []
    assert open_nodes(other) == ["county_pool"]


# Slates


def test_take_back_cancels_the_leaders_tasks(house):
    nomination = house.lying(N.POOLED)
    house.compile("county", [nomination])
    slate = house.slates["county"]
    turns.take_back(slate_id=slate.pk, version=version(slate), actor=house.people["county", "keeper"])
    assert open_nodes(slate) == ["compile_slate"]
    cancelled = [task.flow_task.name for task in of_slate(slate.pk) if task.status == STATUS.CANCELED]
    assert cancelled == ["union_sign", "party_sign"]


def test_what_cannot_be_taken_back_leaves_the_token(house):
    nomination = house.lying(N.POOLED)
    house.compile("county", [nomination])
    house.sign("county", Office.UNION)
    slate = house.slates["county"]
    before = open_nodes(slate)
    with pytest.raises(WrongState):
        turns.take_back(slate_id=slate.pk, version=version(slate), actor=house.people["county", "keeper"])
    assert open_nodes(slate) == before == ["party_sign", "sign_outcome"]


@pytest.mark.parametrize("settling", [False, True])
def test_reopen_leads_back_to_compiling(house, journey, settling):
    nomination = house.lying(N.POOLED)
    house.compile("county", [nomination])
    for office in Office:
        house.sign("county", office)
    if settling:
        house.publish("county")
        house.wait_out(journey)
    slate = house.slates["county"]
    turns.reopen(
        slate_id=slate.pk,
        version=version(slate),
        actor=house.people["county", "keeper"],
        reason="占比需要调整。",
    )
    assert open_nodes(slate) == ["compile_slate"]


def test_reopening_as_the_task_itself_goes_through_the_gateway(house, journey):
    nomination = house.lying(N.POOLED)
    house.through_notice("county", [nomination], journey)
    slate = house.slates["county"]
    house.slate_do(
        "county",
        "settle_objections",
        "keeper",
        lambda who: slates.reopen(
            slate_id=slate.pk, version=version(slate), actor=who, reason="占比需要调整。"
        ),
    )
    assert open_nodes(slate) == ["compile_slate"]
    assert [task.flow_task.name for task in of_slate(slate.pk)][-2:] == ["second_gate", "compile_slate"]


def test_the_notice_is_not_fired_before_its_day(house, journey):
    nomination = house.lying(N.POOLED)
    house.compile("county", [nomination])
    for office in Office:
        house.sign("county", office)
    house.publish("county")
    slate = house.slates["county"]
    task = open_task(of_slate(slate.pk), "notice_runs")
    assert clock.local_date(task.scheduled - timedelta(seconds=1)) == slate.notices.get().ends_on
    journey.advance(timedelta(days=7))
    assert turns.close_due_notices() == []
    with pytest.raises(WrongState):
        turns.close_notice(slate_id=slate.pk, actor=house.people["county", "keeper"])
    assert open_nodes(slate) == ["notice_runs"]
    journey.advance(timedelta(days=1))
    turns.close_notice(slate_id=slate.pk, actor=house.people["county", "keeper"])
    assert open_nodes(slate) == ["settle_objections"]


# Released in bulk


def test_bulk_leaves_the_rows_that_one_by_one_leaves(house):
    """Field by field: four nominations one by one through the activations, four in bulk, then compared."""
    first, second = [[house.lying(N.POOLED) for _ in range(4)] for _ in range(2)]
    for nomination in [*first, *second]:
        going = nomination not in {first[-1], second[-1]}
        act, state = (
            (NominationAct.SEND_UP, N.IN_REVIEW) if going else (NominationAct.PASS_OVER, N.NOT_SELECTED)
        )
        place = lifecycle.Place(house.bodies["city"].stage, house.bodies["city"], None) if going else None
        lifecycle.move_nomination(
            lifecycle.lock_nomination(nomination.pk), act, state, actor=house.applicant, place=place
        )
    for nomination in first:
        NominationFlow.county_pool.run(open_task(of_nomination(nomination.pk), "county_pool"))
    tokens.release([nomination.pk for nomination in second])
    for one, many in zip(first, second, strict=True):
        rows = _rows(one)
        assert rows == _rows(many)
        assert rows[0]["node"] == "county_pool"
        assert (process_of(one).status, bool(process_of(one).finished)) == (
            process_of(many).status,
            bool(process_of(many).finished),
        )
    assert open_nodes(second[0]) == ["city_party", "city_union"]
    assert process_of(second[-1]).status == PROCESS.DONE


def _rows(nomination):
    """The tasks of a process from the pool on, with numbers counted from its first task."""
    tasks = list(of_nomination(nomination.pk))
    place = {str(task.pk): str(number) for number, task in enumerate(tasks)}
    rows = []
    for task in tasks:
        row = vars(shape(task))
        row["previous"] = [place[str(pk)] for pk in row["previous"]]
        head, _, branch = row["token"].partition("/")
        split, _, number = branch.partition("_")
        row["token"] = (head, place.get(split), number)
        rows.append(row)
    return rows[[row["node"] for row in rows].index("county_pool") :]


@pytest.mark.postgres
def test_a_release_takes_the_same_statements_for_one_and_for_forty(house, journey, monkeypatch):
    # A clock that goes on while we work, as it does outside of tests.
    monkeypatch.setattr(clock, "now", lambda: journey.advance(timedelta(microseconds=1)))
    counts = []
    for number in (1, 40):
        going = [house.lying(N.POOLED) for _ in range(number)]
        locked = lifecycle.lock_nominations([nomination.pk for nomination in going])
        lifecycle.move_nominations(
            locked,
            NominationAct.SEND_UP,
            N.IN_REVIEW,
            actor=house.applicant,
            body=house.bodies["county"],
            place=lifecycle.Place(house.bodies["city"].stage, house.bodies["city"], None),
        )
        with CaptureQueriesContext(connection) as captured:
            tokens.release([nomination.pk for nomination in going])
        counts.append(len(captured))
        assert {tuple(open_nodes(nomination)) for nomination in going} == {("city_party", "city_union")}
    assert counts[0] == counts[1] <= 12


def test_a_list_that_leaves_while_others_are_still_in_review(house, journey):
    """Whoever is not on the list is passed over, wherever the token was: in a joint review half done, returned."""
    chosen = house.lying(N.POOLED)
    half_done, returned = house.lying(N.IN_REVIEW), house.lying(N.IN_REVIEW)
    house.opinion(half_done, "county", Office.UNION)
    house.opinion(returned, "county", Office.UNION, Outcome.RETURN)
    house.through_notice("county", [chosen], journey)
    released = house.send_up("county")
    assert set(released.closed) == {half_done.pk, returned.pk}
    for nomination in (half_done, returned):
        assert status_of(nomination) == N.NOT_SELECTED
        assert open_nodes(nomination) == []
        assert process_of(nomination).status == PROCESS.DONE
        assert of_nomination(nomination.pk).last().flow_task.name == "not_selected"


# Repaired


def test_nothing_to_repair_in_a_house_in_order(house, journey):
    for state, at in PLACES:
        house.lying(state, desk=at)
    half_done = house.lying(N.IN_REVIEW)
    house.opinion(half_done, "county", Office.UNION)
    house.compile("county", [house.lying(N.POOLED)])
    house.sign("county", Office.PARTY)
    assert turns.reconcile() == []


def drift_service_alone(house, nomination):
    """An act from a shell: the domain went on, the token did not."""
    reviews.give_opinion(
        nomination_id=nomination.pk,
        version=version(nomination),
        office=Office.UNION,
        actor=house.people["county", "union"],
        outcome=Outcome.RETURN,
        text="材料不全。",
        return_route="first",
    )
    return ["correction"]


def drift_half_done(house, nomination):
    """One office decided from a shell."""
    reviews.give_opinion(
        nomination_id=nomination.pk,
        version=version(nomination),
        office=Office.UNION,
        actor=house.people["county", "union"],
        outcome=Outcome.APPROVE,
    )
    return ["county_party"]


def drift_ended(house, nomination):
    nominations.withdraw(nomination_id=nomination.pk, actor=house.applicant, reason="单位决定不再申报。")
    return []


def drift_task_lost(house, nomination):
    of_nomination(nomination.pk).filter(finished=None).update(status=STATUS.CANCELED, finished=clock.now())
    return ["county_party", "county_union"]


def drift_task_twice(house, nomination):
    task = of_nomination(nomination.pk).filter(finished=None).first()
    task.pk = None
    task.save()
    return ["county_party", "county_union"]


def drift_wrong_body(house, nomination):
    task = open_task(of_nomination(nomination.pk), "county_union")
    Task.objects.filter(pk=task.pk).update(owner_permission_obj_pk=str(house.bodies["city"].pk))
    return ["county_party", "county_union"]


def drift_wrong_act(house, nomination):
    task = open_task(of_nomination(nomination.pk), "county_union")
    Task.objects.filter(pk=task.pk).update(owner_permission="quotas.keep_slate")
    return ["county_party", "county_union"]


def drift_process_closed(house, nomination):
    Process.objects.filter(pk=process_of(nomination).pk).update(status=PROCESS.DONE, finished=clock.now())
    return ["county_party", "county_union"]


def drift_process_lost(house, nomination):
    process_of(nomination).delete()
    return ["county_party", "county_union"]


def drift_join_left_over(house, nomination):
    """A join that waits for nobody, as the engine leaves it when its last branch is cancelled."""
    house.opinion(nomination, "county", Office.UNION)
    task = open_task(of_nomination(nomination.pk), "county_party")
    Task.objects.filter(pk=task.pk).update(status=STATUS.CANCELED, finished=clock.now())
    return ["county_party"]


def drift_node_renamed(house, nomination):
    task = open_task(of_nomination(nomination.pk), "county_union")
    Task.objects.filter(pk=task.pk).update(flow_task="workflows/flows.NominationFlow.gone")
    return ["county_party", "county_union"]


DRIFTS = [value for name, value in list(globals().items()) if name.startswith("drift_")]


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.__name__)
def test_reconcile_repairs(house, drift):
    nomination, untouched = house.lying(N.IN_REVIEW), house.lying(N.IN_REVIEW)
    before = [vars(shape(task)) for task in of_nomination(untouched.pk)]
    wanted = drift(house, nomination)
    assert {repair.subject for repair in turns.reconcile()} == {f"nomination:{nomination.pk}"}
    assert open_nodes(Nomination.objects.get(pk=nomination.pk)) == wanted
    assert turns.reconcile() == []
    assert [vars(shape(task)) for task in of_nomination(untouched.pk)] == before


def test_after_a_repair_the_way_goes_on(house):
    nomination = house.lying(N.IN_REVIEW)
    drift_half_done(house, nomination)
    turns.reconcile()
    house.opinion(nomination, "county", Office.PARTY)
    assert open_nodes(nomination) == ["county_pool"]
    assert turns.reconcile() == []


@pytest.mark.parametrize("state", list(SlateState))
def test_reconcile_brings_a_slate_to_every_state(house, journey, state):
    slate = house.slates["county"]
    Slate.objects.filter(pk=slate.pk).update(state=state)
    if state == SlateState.ON_NOTICE:
        slate.notices.create(
            title="公示",
            starts_on=clock.today(),
            ends_on=clock.today(),
            computed_ends_on=clock.today(),
            days=5,
            unit="workday",
            contact="025",
            published_by=house.people["county", "keeper"],
            published_at=clock.now(),
        )
    turns.reconcile()
    process = SlateProcess.objects.get(slate=slate)
    assert frozenset(open_nodes(slate)) == tokens.expected(process)
    assert (process.status == PROCESS.NEW) == bool(open_nodes(slate))
    assert turns.reconcile() == []


def test_expected_names_every_place(house):
    for state, at in PLACES:
        nomination = house.lying(state, desk=at)
        process = NominationProcess.objects.get(nomination=nomination)
        assert tokens.expected(process) == frozenset(open_nodes(nomination))
