"""Tokens that follow the domain: withdrawal, a whole slate going up, an act from a shell, a repair.

Nobody tells a token where to go. `follow` looks where the domain says each nomination or slate stands, and where the
open tasks differ it cancels them and places new ones there, for one process or a thousand in the same number of
statements. A pool that has got its answer is not cancelled but done, row for row as its own activation leaves it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from appraisal.records.states import UNDER_WAY_STATES, NominationState, SlateState
from quotas.base import clock
from quotas.base.querysets import Blank, Statement, among
from quotas.base.states import Office
from workflows import readers
from workflows.models import NominationProcess, SlateProcess
from workflows.nodes import (
    AwaitSlate,
    Finish,
    Fork,
    JointOutcome,
    link,
    new_branches,
    new_task,
    new_tasks,
)
from workflows.readers import Facts, NominationFacts

CHUNK = 1000
"""How many processes one transaction of `reconcile` compares: a quarter of a second of held locks."""

LIVE_SLATE_STATES = tuple(
    state for state in SlateState if state not in {SlateState.SENT_UP, SlateState.NAMED}
)


@dataclass(frozen=True)
class TokenRepair:
    """A process whose open tasks were not where the domain says: what was found open, where the token is now."""

    process_id: int
    subject: str
    found: tuple[str, ...]
    placed: str


@dataclass
class _Lying:
    """A process as far as `follow` looks at it. Of a thousand, instances would take longer than all that is written."""

    pk: int
    flow_class: Any
    status: str
    subject: str


class _Open(NamedTuple):
    """An open task as far as `follow` looks at it."""

    process_id: int
    pk: int
    flow_task: Any
    token: Token
    owner_permission: str | None
    owner_permission_obj_pk: str | None


class _Waiting(NamedTuple):
    """A task that should be open: the node, and the columns that say whose it is."""

    node: Any
    fields: dict[str, Any]


@dataclass
class _Move:
    """What is to be written for one process."""

    process: _Lying
    node: Any
    found: list[_Open]
    wanted: Sequence[_Waiting]
    arrived: bool = False
    previous_id: int | None = None
    task_id: int | None = None
    branch_ids: list[int] = field(default_factory=list)


def lock(process_class: type, process_ids: Iterable[int]) -> list[int]:
    """Take the waiting row locks of these processes in the order of their numbers; the numbers that exist."""
    numbers: Any = process_ids.order_by() if isinstance(process_ids, QuerySet) else among(process_ids)
    return list(
        process_class.objects.filter(pk__in=numbers)  # type: ignore[attr-defined]
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )


def lock_with_tasks(process: Any) -> list[Task]:
    """As `lock`, for one process, whose open tasks come along as they are under the lock. One statement.

    Whoever waited for the lock sees the tasks that were there before as they are now: they are locked after the
    process, hence read anew. None can have come besides, since the caller holds the domain's row or only wants a task
    that was there (`tests/races/test_turn_races.py`).
    """
    found: list[Task] = _WITH_TASKS[type(process)].ask(process=process.pk)
    return found


def _with_tasks(kind: str) -> Statement:
    return Statement(
        lambda: (
            Task.objects.filter(
                process=Blank("process"), finished=None, **{f"process__{kind}__isnull": False}
            )
            .select_related(f"process__{kind}")
            .order_by("pk")
            .select_for_update(of=(f"process__{kind}", "self"))
        )
    )


_WITH_TASKS = {
    NominationProcess: _with_tasks("nominationprocess"),
    SlateProcess: _with_tasks("slateprocess"),
}


def place_of(facts: Facts) -> str | None:
    """The node at which the domain wants the token. None: nowhere, the process was broken off or the round is over."""
    if facts.round_over and facts.is_under_way:
        return None
    return _nomination_place(facts) if isinstance(facts, NominationFacts) else _SLATE_PLACES[facts.state]


def _nomination_place(facts: NominationFacts) -> str | None:
    match facts.status:
        case NominationState.IN_REVIEW:
            return f"{facts.stage}_review"
        case NominationState.POOLED:
            return "province_scoring" if facts.awaits_score else f"{facts.stage}_pool"
        case state:
            return _NOMINATION_PLACES[state]


_NOMINATION_PLACES: dict[NominationState, str | None] = {
    NominationState.DRAFT: "complete_application",
    NominationState.ENDORSING: "unit_endorsement",
    NominationState.RETURNED: "correction",
    NominationState.NAMED: "named",
    NominationState.NOT_SELECTED: "not_selected",
    NominationState.DECLINED: "declined",
    NominationState.WITHDRAWN: None,
    NominationState.DISQUALIFIED: None,
}
_SLATE_PLACES: dict[SlateState, str] = {
    SlateState.COMPILING: "compile_slate",
    SlateState.SIGNING: "sign",
    SlateState.SIGNED: "publish_notice",
    SlateState.ON_NOTICE: "notice_runs",
    SlateState.SETTLING: "settle_objections",
    SlateState.SENT_UP: "sent_up",
    SlateState.FINALISED: "naming_decision",
    SlateState.NAMED: "named",
}


def expected(process: Any) -> frozenset[str]:
    """The nodes that should be open now for a nomination's or slate's process; a waiting join is not among them."""
    readers.remember(process)
    decided = readers.decided([process.pk], type(process)).get(process.pk, frozenset())
    return frozenset(node.name for node in _open_nodes(process, _node_of(process), decided))


def _node_of(process: Any) -> Any:
    name = place_of(readers.facts_of(process))
    return process.flow_class.instance.node(name, no_obsolete=True) if name else None


def _open_nodes(process: Any, node: Any, decided: frozenset[Office]) -> list[Any]:
    match node:
        case None | Finish():
            return []
        case Fork():
            return node.branches(process, but=decided)
        case _:
            return [node]


def _waiting(process: Any, node: Any, decided: frozenset[Office]) -> list[_Waiting]:
    return [_Waiting(each, each.task_fields(process)) for each in _open_nodes(process, node, decided)]


def release(nomination_ids: Iterable[int]) -> None:
    """After a slate has gone up or been named: tell the nominations that waited for it, in one batch.

    The statements do not grow with the slate; its row locks are taken in the order of the processes' numbers.
    """
    follow(
        NominationProcess,
        NominationProcess.objects.filter(nomination__in=among(nomination_ids)).values_list("pk", flat=True),
    )


@transaction.atomic
def follow(process_class: type, process_ids: Iterable[int]) -> list[TokenRepair]:
    """Bring the tokens of these processes to where the domain says; those that had to be moved."""
    pks = lock(process_class, process_ids)
    processes = _processes(process_class, pks)
    facts: dict[int, Any] = (
        readers.nomination_facts(pks) if process_class is NominationProcess else readers.slate_facts(pks)
    )
    for pk in pks:
        readers.keep(processes[pk], facts[pk])
    nodes = {pk: _node_of(processes[pk]) for pk in pks}
    decided = readers.decided([pk for pk in pks if isinstance(nodes[pk], Fork)], process_class)
    open_tasks = _open_tasks(pks)
    # A thousand that lie on one desk wait for the same hands.
    waiting: dict[tuple[Any, frozenset[Office]], list[_Waiting]] = {}
    moves = []
    for pk in pks:
        process, node = processes[pk], nodes[pk]
        found = open_tasks.get(pk, [])
        alike = facts[pk], decided.get(pk, frozenset())
        if alike not in waiting:
            waiting[alike] = _waiting(process, node, alike[1])
        wanted = waiting[alike]
        if not _agrees(process, wanted, found):
            moves.append(_Move(process, node, found, wanted, arrived=_has_answer(node, found)))
    _carry_out(moves)
    return [
        TokenRepair(
            move.process.pk,
            move.process.subject,
            tuple(_name(task) for task in move.found),
            move.node.name if move.node else "",
        )
        for move in moves
    ]


def _processes(process_class: type, pks: Sequence[int]) -> dict[int, _Lying]:
    """The processes by number."""
    kind = _kind(process_class)
    rows = process_class.objects.filter(pk__in=among(pks)).order_by()  # type: ignore[attr-defined]
    return {
        pk: _Lying(pk, flow_class, status, f"{kind}:{subject}")
        for pk, flow_class, status, subject in rows.values_list("pk", "flow_class", "status", f"{kind}_id")
    }


def _open_tasks(pks: Sequence[int]) -> dict[int, list[_Open]]:
    """The open tasks of these processes."""
    found: dict[int, list[_Open]] = {}
    rows = Task.objects.filter(process__in=among(pks), finished=None).order_by("pk")
    for task in map(_Open._make, rows.values_list(*_Open._fields)):
        found.setdefault(task.process_id, []).append(task)
    return found


def _kind(process_class: type) -> str:
    return "nomination" if process_class is NominationProcess else "slate"


def _name(task: _Open) -> str:
    return task.flow_task.name if task.flow_task else "?"


def _agrees(process: Any, wanted: Sequence[_Waiting], found: Sequence[_Open]) -> bool:
    """Whether exactly the right tasks are open, for the right bodies, and the process is as open as the domain."""
    if (process.status == PROCESS.NEW) != bool(wanted):
        return False
    joins = [task for task in found if isinstance(task.flow_task, JointOutcome)]
    others = [task for task in found if task not in joins]
    if sorted(map(_key, others)) != sorted((each.node.name, _owner(each.fields)) for each in wanted):
        return False
    # A join may wait only for a branch that is still open under its token.
    return len(joins) <= 1 and all(
        any(
            task.flow_task.way(process) is join.flow_task and str(task.token).startswith(f"{join.token}/")
            for task in others
        )
        for join in joins
    )


def _key(task: _Open) -> tuple[str, str]:
    return (_name(task), f"{task.owner_permission or ''} {task.owner_permission_obj_pk or ''}")


def _owner(fields: dict[str, Any]) -> str:
    return f"{fields.get('owner_permission', '')} {fields.get('owner_permission_obj_pk', '')}"


def _has_answer(node: Any, found: Sequence[_Open]) -> bool:
    """Whether the process lies in its pool and the domain says where it goes from there."""
    if len(found) != 1 or not isinstance(found[0].flow_task, AwaitSlate):
        return False
    return any(way is node for _key, way, _label, _default in found[0].flow_task.ways)


def _carry_out(moves: Sequence[_Move]) -> None:
    """Write the rows of all moves, each kind of row in one statement."""
    if not moves:
        return
    now = clock.now()
    arrived = [task.pk for move in moves if move.arrived for task in move.found]
    broken_off = [task.pk for move in moves if not move.arrived for task in move.found]
    if arrived:
        Task.objects.filter(pk__in=among(arrived)).update(status=STATUS.DONE, started=now, finished=now)
    if broken_off:
        Task.objects.filter(pk__in=among(broken_off)).update(status=STATUS.CANCELED, finished=now)
    _note_previous(moves)
    _write_processes(moves)
    placed = [move for move in moves if move.node]
    _place(placed, now)
    _branch_out([move for move in placed if isinstance(move.node, Fork)])
    link(
        [
            *((move.task_id, move.previous_id) for move in placed if move.task_id),
            *((branch, move.task_id) for move in placed for branch in move.branch_ids),
        ]
    )


def _place(moves: Iterable[_Move], now: datetime) -> None:
    """The tasks at which the tokens arrive, in one statement for all that wait for the same hands."""
    for (node, *fields), moved in _alike(
        (move, (move.node, *_fields_at(move, now).items())) for move in moves
    ):
        row = new_task(moved[0].process, node, **dict(fields))
        made = new_tasks([move.process.pk for move in moved], row)
        for move in moved:
            move.task_id = made[move.process.pk]


def _branch_out(moves: Iterable[_Move]) -> None:
    """The tasks of the offices under these splits, in one statement for all that wait for the same hands."""
    branches = (
        (move, (number, branch.node, *branch.fields.items()))
        for move in moves
        for number, branch in enumerate(move.wanted, start=1)
    )
    for (number, node, *fields), moved in _alike(branches):
        row = new_task(moved[0].process, node, **dict(fields))
        made = new_branches([move.task_id for move in moved if move.task_id], row, number)
        for move in moved:
            move.branch_ids.append(made[move.process.pk])


def _alike(keyed: Iterable[tuple[_Move, tuple[Any, ...]]]) -> Iterable[tuple[tuple[Any, ...], list[_Move]]]:
    """The moves with the same key, by key."""
    groups: dict[tuple[Any, ...], list[_Move]] = {}
    for move, key in keyed:
        groups.setdefault(key, []).append(move)
    return groups.items()


def _note_previous(moves: Sequence[_Move]) -> None:
    """A new task comes from the last one that was open, or from the last one there was."""
    for move in moves:
        move.previous_id = max((task.pk for task in move.found), default=None)
    idle = [move.process.pk for move in moves if move.previous_id is None]
    if idle:
        last = dict(
            Task.objects.filter(process__in=idle)
            .order_by()
            .values_list("process")
            .annotate(last=Max("pk"))
            .values_list("process", "last")
        )
        for move in moves:
            move.previous_id = move.previous_id or last.get(move.process.pk)


def _fields_at(move: _Move, now: datetime) -> dict[str, Any]:
    """The columns of the task at which the token arrives: done at once where the node does not wait."""
    if isinstance(move.node, (Fork, Finish)):
        return {"status": STATUS.DONE, "started": now, "finished": now}
    (only,) = move.wanted
    return only.fields


def _write_processes(moves: Sequence[_Move]) -> None:
    """Open or close the processes as their new places are open or closed."""
    by_status: dict[str, list[int]] = {}
    for move in moves:
        wanted = (
            PROCESS.CANCELED
            if move.node is None
            else PROCESS.DONE
            if isinstance(move.node, Finish)
            else PROCESS.NEW
        )
        if move.process.status != wanted:
            by_status.setdefault(wanted, []).append(move.process.pk)
    for status, pks in by_status.items():
        finished = None if status == PROCESS.NEW else clock.now()
        Process.objects.filter(pk__in=among(pks)).update(status=status, finished=finished)


def reconcile(nomination_flow: Any, slate_flow: Any) -> list[TokenRepair]:
    """Compare every nomination and slate that is under way, and every process that is open, with the domain.

    Missing processes are begun. Each chunk is a transaction of its own. The repairs, an empty list when all agreed.
    """
    repairs = [*_begin_missing(nomination_flow), *_begin_missing(slate_flow)]
    under_way: dict[Any, dict[str, Any]] = {
        NominationProcess: {"nomination__status__in": UNDER_WAY_STATES},
        SlateProcess: {"slate__state__in": LIVE_SLATE_STATES},
    }
    for process_class, live in under_way.items():
        rows = process_class.objects.order_by("pk")
        pks = sorted(
            {
                *rows.filter(**live).values_list("pk", flat=True),
                *rows.filter(status=PROCESS.NEW).values_list("pk", flat=True),
            }
        )
        for start in range(0, len(pks), CHUNK):
            repairs += follow(process_class, pks[start : start + CHUNK])
    return repairs


def _begin_missing(flow_class: Any) -> Iterator[TokenRepair]:
    """Begin a process for every nomination or slate under way that has none."""
    process_class = flow_class.process_class
    live: dict[str, Any]
    if process_class is NominationProcess:
        live = {"status__in": UNDER_WAY_STATES}
    else:
        live = {"state__in": LIVE_SLATE_STATES}
    name = _kind(process_class)
    subjects = process_class._meta.get_field(name).related_model.objects
    for pk in subjects.filter(process=None, **live).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # As `turns.start_nomination`: under the lock of its row two at a time begin one process.
            subjects.select_for_update(of=("self",)).get(pk=pk)
            if process_class.objects.filter(**{name: pk}).exists():
                continue
            process = process_class(**{f"{name}_id": pk})
            flow_class.start.begin([process])
        yield TokenRepair(process.pk, f"{name}:{pk}", (), "start")
