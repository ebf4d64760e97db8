"""What a timer calls: closing notices that are over, and the repair of tokens."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from viewflow.workflow.models import Task

from appraisal.records.models import Notice
from appraisal.records.states import NominationState, SlateState
from quotas.base import clock
from quotas.base.errors import Conflict
from quotas.base.states import Office, Role, RoundState
from quotas.tree.models import User
from tests.builders import make_allotment, make_body, make_official, make_round, make_round_award
from tests.workflows.engine.test_tokens import drift_ended
from tests.workflows.house import open_nodes, open_task
from workflows import turns
from workflows.querysets import of_nomination


def run(name):
    out, err = StringIO(), StringIO()
    call_command(name, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def on_notice(house, at):
    house.compile(at, [house.lying(NominationState.POOLED, desk=at)])
    for office in Office:
        house.sign(at, office)
    house.publish(at)


def test_tick_closes_what_is_over(house, journey):
    on_notice(house, "county")
    assert "0" in run("tick")[0]
    journey.advance(timedelta(days=8))
    out, err = run("tick")
    assert "1" in out
    assert err == ""
    assert open_nodes(house.slates["county"]) == ["settle_objections"]
    assert "0" in run("tick")[0]


@pytest.mark.parametrize("how", ["account closed", "post ended"])
def test_tick_gives_back_what_somebody_took_who_has_left(house, how):
    nomination = house.lying(NominationState.IN_REVIEW)
    task = open_task(of_nomination(nomination.pk), "county_union")
    other = open_task(of_nomination(nomination.pk), "county_party")
    gone, colleague = house.people["county", "union"], make_official(nomination.desk, Role.UNION_REVIEWER)
    turns.claim(task_id=task.pk, actor=gone)
    turns.claim(task_id=other.pk, actor=house.people["county", "party"])
    assert "放回" not in run("tick")[0]
    if how == "account closed":
        User.objects.filter(pk=gone.pk).update(is_active=False)
    else:
        gone.groups.clear()
    with pytest.raises(Conflict, match="taken_by_other"):
        turns.claim(task_id=task.pk, actor=colleague)
    assert "放回离岗人员领取的待办 1 件" in run("tick")[0]
    assert turns.claim(task_id=task.pk, actor=colleague).owner == colleague
    assert Task.objects.get(pk=other.pk).owner == house.people["county", "party"]


def test_one_refusal_stops_no_other_notice(house, journey):
    """A notice whose list is somehow not on notice any more is reported, the next one closed."""
    on_notice(house, "county")
    on_notice(house, "city")
    journey.advance(timedelta(days=8))
    slate = house.slates["county"]
    type(slate).objects.filter(pk=slate.pk).update(state=SlateState.SIGNED)
    out, err = run("tick")
    assert "1" in out
    assert f"slate:{slate.pk}" in err
    assert Notice.objects.get(slate=house.slates["city"]).closed_at == clock.now()
    assert open_nodes(house.slates["city"]) == ["settle_objections"]


def test_a_notice_closed_by_the_service_alone_takes_its_token_along(house, journey):
    """The event finds no waiting row, so the token goes where the domain says."""
    on_notice(house, "county")
    journey.advance(timedelta(days=8))
    process = house.slates["county"].process
    process.task_set.filter(finished=None).update(status="CANCELED", finished=clock.now())
    turns.close_notice(slate_id=house.slates["county"].pk, actor=house.people["county", "keeper"])
    assert open_nodes(house.slates["county"]) == ["settle_objections"]


def test_a_selection_without_processes_closes_its_notice_too(house, journey):
    on_notice(house, "county")
    journey.advance(timedelta(days=8))
    house.slates["county"].process.delete()
    turns.close_notice(slate_id=house.slates["county"].pk, actor=None)
    house.slates["county"].refresh_from_db()
    assert house.slates["county"].state == SlateState.SETTLING


def test_reconcile_reports_what_it_moved(house):
    nomination = house.lying(NominationState.IN_REVIEW)
    drift_ended(house, nomination)
    out, _err = run("reconcile")
    assert f"nomination:{nomination.pk}" in out
    assert "county_union" in out
    assert open_nodes(nomination) == []
    assert "nomination" not in run("reconcile")[0]


@pytest.mark.parametrize("days", [7, 8])
def test_a_worker_closes_a_notice_when_it_is_over(house, journey, days):
    """Publishing queues the closing for the first moment after the last day, in the same transaction."""
    on_notice(house, "county")
    notice = Notice.objects.get()
    job = DBTaskResult.objects.get()
    assert clock.local_date(job.run_after) == notice.ends_on + timedelta(days=1)
    journey.advance(timedelta(days=days))
    job.task.func(*job.args_kwargs["args"])
    over = days == 8
    assert open_nodes(house.slates["county"]) == (["settle_objections"] if over else ["notice_runs"])
    job.task.func(*job.args_kwargs["args"])  # a second time changes nothing


def test_tick_opens_the_lists_of_places_given_after_the_opening(house):
    house.open_slates()
    late = make_allotment(house.round_award, make_body(parent=house.bodies["city"]))
    make_allotment(make_round_award(make_round(state=RoundState.PLANNED)))
    assert "新增名额建立推荐名单 1 份" in run("tick")[0]
    assert late.body.slates.get().process
    assert "新增名额" not in run("tick")[0]
