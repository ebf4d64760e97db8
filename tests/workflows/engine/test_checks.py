"""What the start-up checks let pass and what they stop."""

import copy

import pytest
from viewflow.workflow import lock
from viewflow.workflow import nodes as stock
from viewflow.workflow.models import Task

from appraisal.records.states import NominationState
from tests.workflows.house import open_task
from workflows import checks
from workflows.flows import NominationFlow, SlateFlow
from workflows.querysets import of_nomination


def ids(messages):
    return [message.id for message in messages]


def test_our_flows_pass():
    assert checks.check_flows() == []


@pytest.mark.parametrize(
    "impl", [lock.no_lock, lock.select_for_update_lock, lock.SelectForUpdateLock(nowait=True, attempts=1)]
)
def test_a_lock_that_does_not_wait_is_stopped(monkeypatch, impl):
    monkeypatch.setattr(SlateFlow, "lock_impl", impl)
    assert ids(checks.check_flows()) == ["workflows.E001"]


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (stock.SignalCatch("go"), "workflows.E002"),
        (stock.ConditionalCatch(bool), "workflows.E002"),
        (stock.View(None), "workflows.E003"),
    ],
)
def test_a_node_that_is_not_ours_is_stopped(node, found):
    node.name = "intruder"
    node.task_title = "外来节点"
    assert ids(checks._of_node(node)) == [found]


def test_a_human_node_without_permission_or_title_is_stopped():
    node = copy.copy(NominationFlow.county_union)
    node._owner_permission = None
    assert ids(checks._of_node(node)) == ["workflows.E004"]
    node = copy.copy(NominationFlow.county_union)
    node.task_title = "County Union"
    assert ids(checks._of_node(node)) == ["workflows.E005"]
    node.task_title = "一二三四五六七八九十一二三"
    assert ids(checks._of_node(node)) == ["workflows.E006"]


def test_open_tasks_of_a_node_that_is_gone_are_seen(house):
    nomination = house.lying(NominationState.IN_REVIEW)
    assert checks.check_stored_nodes(databases=["default"]) == []
    task = open_task(of_nomination(nomination.pk), "county_union")
    Task.objects.filter(pk=task.pk).update(flow_task="workflows/flows.NominationFlow.gone")
    assert ids(checks.check_stored_nodes(databases=["default"])) == ["workflows.W001"]
    Task.objects.filter(pk=task.pk).update(flow_task="workflows/flows.GoneFlow.gone")
    assert ids(checks.check_stored_nodes(databases=["default"])) == ["workflows.W001"]


def test_without_a_database_nothing_is_asked():
    assert checks.check_stored_nodes() == []
