"""What must hold of every flow before the system starts."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 -- Django's own name
from django.db import connections
from django.utils import translation
from viewflow.workflow import nodes as stock
from viewflow.workflow.base import Flow
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Task

from workflows.flows import NominationFlow, SlateFlow
from workflows.nodes import BodyTask, HumanTask, UnitTask

FLOWS: tuple[type[Flow], ...] = (NominationFlow, SlateFlow)

TITLE_LENGTH = 12
"""Characters of a title that fit its box in the diagram."""

# Released by name for every process at once, polled for every waiting row, or open to everybody.
FORBIDDEN = (
    stock.SignalCatch,
    stock.SignalThrow,
    stock.ConditionalCatch,
    stock.StartTimer,
    stock.SplitFirst,
    stock.Obsolete,
    stock.AbstractJob,
)


@register(Tags.compatibility)
def check_flows(**_kwargs: Any) -> list[CheckMessage]:
    """Locks, nodes, titles and permissions of all our flows."""
    return [message for flow in FLOWS for message in _of_flow(flow)]


def _of_flow(flow: type[Flow]) -> Iterator[CheckMessage]:
    lock = flow.lock_impl
    if not isinstance(lock, SelectForUpdateLock) or lock.nowait:
        yield Error(f"{flow.__name__} needs the waiting row lock.", obj=flow, id="workflows.E001")
    for node in flow.instance.nodes():
        yield from _of_node(node)


def _of_node(node: Any) -> Iterator[CheckMessage]:
    if isinstance(node, FORBIDDEN):
        yield Error(f"{node.name}: {type(node).__name__} is not used here.", obj=node, id="workflows.E002")
    if isinstance(node, stock.View) and not isinstance(node, (BodyTask, UnitTask)):
        yield Error(
            f"{node.name} is open to everybody: a human task is a BodyTask or a UnitTask.",
            obj=node,
            id="workflows.E003",
        )
    if isinstance(node, HumanTask) and not node._owner_permission:  # noqa: SLF001 -- where viewflow keeps it
        yield Error(f"{node.name} has no permission.", obj=node, id="workflows.E004")
    title = str(node.task_title)
    if not title or title == node.name.replace("_", " ").title():
        yield Error(f"{node.name} has no title.", obj=node, id="workflows.E005")
    with translation.override(settings.LANGUAGE_CODE):
        if len(str(node.task_title)) > TITLE_LENGTH:
            yield Error(f"{node.name}: its title is too long for the diagram.", obj=node, id="workflows.E006")


@register(Tags.database)
def check_stored_nodes(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Open tasks whose node is gone: a rename without its data migration."""
    table = Task._meta.db_table
    found: list[CheckMessage] = []
    for alias in databases or ():
        if table not in connections[alias].introspection.table_names():
            continue
        found += _lost_nodes(alias)
    return found


def _lost_nodes(alias: str) -> Iterator[CheckMessage]:
    known = {(flow, node.name) for flow in FLOWS for node in flow.instance.nodes()}
    rows = (
        Task.objects.using(alias)
        .filter(finished=None)
        .order_by()
        .values_list("flow_task", flat=True)
        .distinct()
    )
    for node in rows:
        if node is None or (node.flow_class, node.name) not in known:
            yield Warning(
                f"Open tasks lie at a node that is gone: {node.name if node else '?'}.",
                hint="Rename the node in the stored tasks by a data migration, or run manage.py reconcile.",
                id="workflows.W001",
            )
