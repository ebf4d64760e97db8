"""The kinds of nodes our flows are made of: viewflow's, with our clock, our permissions and visible ways.

They differ from the stock nodes in four points. A human task belongs to a body or a unit and asks the domain again
whenever it is done. A node may have several ways out, chosen by a reader and drawn in the diagram. Moments come
from `quotas.clock`. A step writes each row once: what is created and finished in one breath is inserted as done.
None of them has an address: pages are ours (`workflows.tasks` and `workflows.inbox`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.utils.translation import pgettext_lazy
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from appraisal.records.models import Employer
from appraisal.records.states import UnitRole
from quotas.base import clock
from quotas.base.querysets import list_parameter
from quotas.base.states import Office
from quotas.tree.models import Body
from quotas.tree.permissions import Act
from workflows import readers

Reader = Callable[[Any], Any]
"""A function of a process (workflows.readers)."""

OFFICE_WAYS = {
    Office.UNION: pgettext_lazy("流程图", "总工会"),
    Office.PARTY: pgettext_lazy("流程图", "组织部"),
}
"""What stands at the ways out of a joint decision; short, for there is little room in the picture."""

_OPEN_TASKS = "_pingxuan_open_tasks"

_LINKS = Task.previous.through._meta.db_table


def new_task(process: Any, node: Any, **fields: Any) -> Task:
    """A task row of a node, not saved yet; every way of making one goes through here, one by one or in bulk."""
    return Task(
        process_id=process.pk,
        flow_task=node,
        flow_task_type=node.task_type,
        created=clock.now(),
        **{"token": Token("start"), **fields},
    )


def new_tasks(process_ids: Iterable[int], alike: Task) -> dict[int, int]:
    """A row like this unsaved one for each of these processes: one statement; the number of each by its process.

    The database copies them: a thousand instances would take longer than everything else that a slate does.
    """
    return _copied(alike, Process, "id", {"process_id": "id"}, process_ids)


def new_branches(splits: Iterable[int], alike: Task, number: int) -> dict[int, int]:
    """Like `new_tasks`, the numbered branch of each of these splits; the number of each by its process."""
    token = f"token || '/' || id || '_{number}'"
    return _copied(alike, Task, "id", {"process_id": "process_id", "token": token}, splits)


def _copied(
    alike: Task, source: type[Model], key: str, taken: dict[str, str], pks: Iterable[int]
) -> dict[int, int]:
    """Insert the row's columns for each of the rows with these numbers, from which the `taken` columns come."""
    wanted = list(pks)
    if not wanted:
        return {}
    fields = [field for field in Task._meta.concrete_fields if not field.primary_key]
    given = [field for field in fields if field.column not in taken]
    values = [field.get_db_prep_save(field.pre_save(alike, add=True), connection) for field in given]
    columns = ", ".join(field.column for field in (*given, *(f for f in fields if f.column in taken)))
    chosen = ", ".join([*("%s" for _field in given), *(taken[f.column] for f in fields if f.column in taken)])
    statement = (
        f"INSERT INTO {Task._meta.db_table} ({columns}) SELECT {chosen} FROM {source._meta.db_table} "  # noqa: S608
        f"WHERE {key} IN ({', '.join(map(str, wanted))}) ORDER BY {key} RETURNING process_id, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def link(pairs: Iterable[tuple[int, int | None]]) -> None:
    """Note which task each came from, in one statement. A task that came from nowhere (None) gets no link."""
    links = [(pk, before) for pk, before in pairs if before is not None]
    gathered = _gathered.get()
    if gathered is not None:
        gathered += links
    elif links:
        _store_links(links)


_PAIRS = {
    "postgresql": "SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
    "sqlite": "SELECT one.value, two.value FROM json_each(%s) AS one JOIN json_each(%s) AS two USING (key)",
}


def _store_links(links: Sequence[tuple[int, int]]) -> None:
    columns = [list_parameter(list(numbers), connection.vendor) for numbers in zip(*links, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_LINKS} (from_task_id, to_task_id) {_PAIRS[connection.vendor]}", columns
        )


_gathered: ContextVar[list[tuple[int, int]] | None] = ContextVar("gathered", default=None)


@contextmanager
def links_together() -> Iterator[None]:
    """Store the links of all tasks through which a token passes in one statement, when it has arrived."""
    links: list[tuple[int, int]] = []
    token = _gathered.set(links)
    try:
        yield
    finally:
        _gathered.reset(token)
    link(links)


def with_open_tasks(process: Any, tasks: list[Task]) -> None:
    """Keep the open tasks of a locked process on its instance, so that joins need not look them up again."""
    setattr(process, _OPEN_TASKS, tasks)


def open_tasks(process: Any) -> list[Task]:
    """The tasks of a process that are not finished."""
    return [task for task in _kept(process) if task.finished is None]


def _kept(process: Any) -> list[Task]:
    if not hasattr(process, _OPEN_TASKS):
        with_open_tasks(
            process, list(Task.objects.filter(process_id=process.pk, finished=None).order_by("pk"))
        )
    kept: list[Task] = getattr(process, _OPEN_TASKS)
    return kept


class Step(Activation):
    """What all our activations share: one shared process instance, moments from our clock, rows written once."""

    # A row that is not saved has no number to be hashed by; an activation is itself and no other.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, **_unused: Any) -> "Step":
        """Make the task row of a node which the token has reached."""
        process = prev_activation.process
        task = new_task(process, flow_task, token=token, **flow_task.task_fields(process))
        task.process = process
        return cls._enter(task, prev_activation.task)

    @classmethod
    def _enter(cls, task: Task, previous: Task) -> "Step":
        """Store a task that waits for somebody or something."""
        task.save(force_insert=True)
        link([(task.pk, previous.pk)])
        _kept(task.process).append(task)
        return cls(task)

    def _finish(self, *fields: str) -> None:
        self.task.finished = clock.now()
        self.task.save(update_fields=["status", "finished", *fields])

    def create_following(self, node: Any) -> Any:
        """The activation of the next node, with this task's token."""
        return node._create(self, self.task.token)


class Passing(Step):
    """A node that acts as soon as the token reaches it: its row is inserted once, as done."""

    previous: Task

    @classmethod
    def _enter(cls, task: Task, previous: Task) -> "Step":
        activation = cls(task)
        activation.previous = previous
        return activation

    @Activation.status.transition(source=STATUS.NEW)
    def activate(self) -> None:
        """Nothing to prepare."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.DONE)
    def complete(self) -> None:
        """Insert the row."""
        self.task.started = self.task.finished = clock.now()
        self.task.save(force_insert=True)
        link([(self.task.pk, self.previous.pk)])


class Waiting(Step):
    """A node that waits for somebody or something, and then takes the one way that the reader names."""

    @Activation.status.transition(source=STATUS.NEW)
    def activate(self) -> None:
        """Wait."""

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Close the task."""
        self._finish("started", "assigned", "owner")

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        """Close the task and move the token on."""
        self.complete()
        self.activate_next()

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        """The task of the chosen way."""
        yield self.create_following(self.flow_task.way(self.process))

    @Activation.status.transition(
        source=[STATUS.NEW, STATUS.ASSIGNED, STATUS.SCHEDULED, STATUS.STARTED], target=STATUS.CANCELED
    )
    def cancel(self) -> None:
        """Close the task without a decision."""
        self._finish()


class Plain:
    """A node whose tasks carry no permission of their own."""

    def task_fields(self, process: Any) -> dict[str, Any]:
        """Columns of a new task besides process, node and token."""
        return {}


class WithWays:
    """A node with several named ways out. The reader, given the process, answers with the key of one of them."""

    def __init__(self, *args: Any, reader: Reader | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reader = reader
        self._ways: dict[str, Any] = {}
        self._labels: dict[str, Any] = {}
        self._default: str | None = None

    def On(self, key: str, node: Any, label: Any = None, *, default: bool = False) -> Any:
        """Go to `node` when the reader answers `key`. The default way is taken for any other answer."""
        self._ways[str(key)] = node
        self._labels[str(key)] = label
        if default:
            self._default = str(key)
        return self

    def way(self, process: Any) -> Any:
        """The node that comes next. KeyError when the domain says something that leads nowhere from here."""
        if self._reader is None:
            (node,) = self._ways.values()
            return node
        key = self._reader(process)
        return self._ways[key if key in self._ways or self._default is None else self._default]

    @property
    def ways(self) -> list[tuple[str, Any, Any, bool]]:
        """Every way as (key, node, label, whether it is the default)."""
        return [(key, node, self._labels[key], key == self._default) for key, node in self._ways.items()]

    def Next(self, node: Any) -> Any:
        """The only way out."""
        return self.On("", node)

    def _resolve(self, instance: Any) -> None:
        self._ways = {key: this.resolve(instance, node) for key, node in self._ways.items()}

    def _outgoing(self) -> Iterator[Edge]:
        for key, node, label, default in self.ways:
            yield Edge(
                src=self,
                dst=node,
                edge_class="next" if not key else "default" if default else "cond_true",
                label=label,
            )


# Human tasks


class HumanStep(Waiting):
    """A task that one person takes and carries out."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.ASSIGNED)
    def assign(self, user: Any) -> None:
        """Note who carries it out, in memory: `claim` stores it, `perform` goes on at once."""
        self.task.owner = user
        self.task.assigned = clock.now()

    @Activation.status.transition(source=STATUS.ASSIGNED, target=STATUS.NEW)
    def unassign(self) -> None:
        """Give it back, in memory."""
        self.task.owner = None
        self.task.assigned = None

    @Activation.status.transition(source=STATUS.ASSIGNED, target=STATUS.STARTED)
    def start(self) -> None:
        """Begin, in memory."""
        self.task.started = clock.now()

    def carry_out(self, user: Any) -> None:
        """Take, begin and close the task, and move the token on."""
        if self.task.status == STATUS.NEW:
            self.assign(user)
        self.start()
        with links_together():
            self.execute()


class HumanTask(WithWays, nodes.View):
    """A task for people who hold a permission on one object; see BodyTask and UnitTask."""

    activation_class = HumanStep
    _owner_permission_obj = None
    model: type[Model]

    def __init__(self, *, title: Any, reader: Reader | None = None) -> None:
        super().__init__(None, reader=reader)
        self.task_title = title

    def permission_of(self, process: Any) -> str:
        """The dotted permission which a new task of this node asks for."""
        raise NotImplementedError

    def object_of(self, process: Any) -> int:
        """The number of the body or unit to which a new task of this node belongs."""
        raise NotImplementedError

    def task_fields(self, process: Any) -> dict[str, Any]:
        """Whose task it is: permission and object, written as numbers, so that nothing is looked up for them."""
        permission = self.permission_of(process)
        return {
            "owner_permission": permission,
            "owner_permission_content_type_id": ContentType.objects.get_for_model(self.model).pk,
            "owner_permission_obj_pk": str(self.object_of(process)),
        }


class BodyTask(HumanTask):
    """A task for whoever holds an act at a body. The act of the naming depends on the stage, so it may be a reader."""

    model = Body

    def __init__(self, *, title: Any, act: Act | Reader, body: Reader, reader: Reader | None = None) -> None:
        super().__init__(title=title, reader=reader)
        self.act = act
        self.body = body
        self._owner_permission = act.permission if isinstance(act, Act) else act

    def permission_of(self, process: Any) -> str:
        """The act, as Django writes it."""
        act = self.act if isinstance(self.act, Act) else self.act(process)
        return str(act.permission)

    def object_of(self, process: Any) -> int:
        """The body, asked by number of the process."""
        return int(self.body(process))


class UnitTask(HumanTask):
    """A task for the applicants or the endorsers of the nominating unit."""

    model = Employer

    def __init__(self, *, title: Any, role: UnitRole, reader: Reader | None = None) -> None:
        super().__init__(title=title, reader=reader)
        self.role = role
        self._owner_permission = unit_permission(role)

    def permission_of(self, process: Any) -> str:
        """The role in the unit, written like a permission."""
        return unit_permission(self.role)

    def object_of(self, process: Any) -> int:
        """The unit, asked by number of the process."""
        return readers.employer_of_nomination(process)


def unit_permission(role: str) -> str:
    """How a task of a unit names the role it is for; no Django permission of this name exists."""
    return f"appraisal.{role}"


# Start and end


class BeginStep(Passing):
    """The row of the start, which `Begin.begin` writes."""


class Begin(Plain, nodes.StartHandle):
    """The start of a flow, from code. The node that comes next waits for somebody or something."""

    activation_class = BeginStep

    def begin(self, processes: Sequence[Any]) -> None:
        """Store the processes and lead their tokens to the first task: the same number of statements for all of them."""
        if not processes:
            return
        now = clock.now()
        for process in processes:
            process.flow_class = self.flow_class
            process.created = now
        _store(self.flow_class.process_class, processes)
        starts = [
            new_task(process, self, status=STATUS.DONE, started=now, finished=now) for process in processes
        ]
        Task.objects.bulk_create(starts)
        with readers.remembered(processes):
            firsts = [
                new_task(process, self._next, **self._next.task_fields(process)) for process in processes
            ]
        Task.objects.bulk_create(firsts)
        link((first.pk, start.pk) for first, start in zip(firsts, starts, strict=True))


def _store(process_class: Any, processes: Sequence[Any]) -> None:
    """Insert the engine's rows and ours, which Django's `bulk_create` does not for a model with a parent."""
    stored = Process.objects.bulk_create(
        [Process(flow_class=process.flow_class, created=process.created) for process in processes]
    )
    for process, row in zip(processes, stored, strict=True):
        process.id = process.process_ptr_id = row.pk
    own_fields = process_class._meta.local_concrete_fields
    process_class._base_manager.get_queryset()._batched_insert(processes, own_fields, batch_size=None)
    for process in processes:
        process._state.adding, process._state.db = False, DEFAULT_DB_ALIAS


class FinishStep(Passing):
    """The end: closes the process."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.DONE)
    def complete(self) -> None:
        """Insert the row and close the process. No task can be open here: a split is left through its join only."""
        super().complete.original()
        self.process.status = PROCESS.DONE
        self.process.finished = self.task.finished
        Process.objects.filter(pk=self.process.pk).update(status=PROCESS.DONE, finished=self.task.finished)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> tuple[Any, ...]:
        """Nothing comes after the end."""
        return ()


class Finish(Plain, nodes.End):
    """An end of a flow."""

    activation_class = FinishStep


# Gateways


class GateStep(Passing):
    """Takes the way that the reader names."""

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        """The task of the chosen way."""
        yield self.create_following(self.flow_task.way(self.process))


class Gate(Plain, WithWays, Node):
    """An exclusive gateway. It stores nothing: what was decided stands in the domain."""

    activation_class = GateStep
    task_type = "SWITCH"
    shape = nodes.Switch.shape
    bpmn_element = "exclusiveGateway"


class ForkStep(Passing):
    """Opens one branch for each office."""

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        """The offices' tasks, each with a token of its own under this split."""
        for number, node in enumerate(self.flow_task.branches(self.process), start=1):
            yield node._create(self, branch_token(self.task, number))


class Fork(Plain, nodes.Split):
    """A joint decision begins: one task for each office which the body has."""

    activation_class = ForkStep

    def Branch(self, office: Office, node: Any) -> Any:
        """The task of an office; made only where the body has the office and the award is joint."""
        self._activate_next.append((node, office, None))
        return self

    def branches(self, process: Any, but: frozenset[Office] = frozenset()) -> list[Any]:
        """The tasks of the offices that decide here, without those that have decided already."""
        offices = readers.facts_of(process).offices - but
        return [node for node, office, _data in self._branches if office in offices]

    def _outgoing(self) -> Iterator[Edge]:
        for node, office, _data in self._branches:
            yield Edge(src=self, dst=node, edge_class="cond_true", label=OFFICE_WAYS[office])


def branch_token(split: Task, number: int) -> Token:
    """The token of a split's branch; the branches are counted from 1."""
    return Token(f"{split.token}/{split.pk}_{number}")


class JointOutcomeStep(Waiting):
    """Waits for the offices. One return or refusal ends the matter for all; otherwise the last one in does."""

    type = "join"

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, **_unused: Any) -> "Step":
        """The join of this round of decisions: the first branch makes it, the second finds it."""
        process = prev_activation.process
        waiting = next((task for task in open_tasks(process) if task.flow_task == flow_task), None)
        if waiting is None:
            waiting = new_task(
                process,
                flow_task,
                token=token.get_base_split_token(),
                status=STATUS.STARTED,
                started=clock.now(),
            )
            waiting.process = process
            return cls._enter(waiting, prev_activation.task)
        waiting.process = process
        link([(waiting.pk, prev_activation.task.pk)])
        return cls(waiting)

    @Activation.status.transition(source=STATUS.STARTED)
    def activate(self) -> None:
        """Wait."""

    def partners(self) -> list[Task]:
        """The offices' tasks that are still open."""
        inside = f"{self.task.token}/"
        return [task for task in open_tasks(self.process) if str(task.token).startswith(inside)]

    def is_decided(self) -> bool:
        """Everybody has decided, or one office has ended it."""
        return not self.partners() or not self.flow_task.still_open(self.process)

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE, conditions=[this.is_decided])
    def complete(self) -> None:
        """Cancel what the other office need no longer decide, and close."""
        for task in self.partners():
            task.process = self.process
            task.flow_task.activation_class(task).cancel()
        self._finish()


class JointOutcome(Plain, WithWays, nodes.Join):
    """The outcome of a joint decision. While the reader answers one of `open_while` and an office is due, it waits."""

    activation_class = JointOutcomeStep
    # It may go on before all have come.
    bpmn_element = "complexGateway"

    def __init__(self, *, reader: Reader, open_while: str) -> None:
        super().__init__(reader=reader)
        self.reader = reader
        self.open_while = str(open_while)

    def still_open(self, process: Any) -> bool:
        """Whether the domain still waits for an office."""
        return bool(self.reader(process) == self.open_while)

    def _resolve(self, instance: Any) -> None:
        WithWays._resolve(self, instance)


# Events


class AwaitSlateStep(Waiting):
    """Waits in the pool until the slate of the body has been decided."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.STARTED)
    def run(self, func: Any, **kwargs: Any) -> Any:
        """The slate has been decided."""
        self.task.started = clock.now()
        return self.process


class AwaitSlate(Plain, WithWays, nodes.MessageCatch):
    """The pool: the nomination waits for the message of its slate. `tokens.follow` sends it to a whole slate at once."""

    activation_class = AwaitSlateStep


class NoticeStep(Waiting):
    """Waits for the end of the notice."""

    @Activation.status.transition(source=STATUS.NEW)
    def activate(self) -> None:
        """It was scheduled when it was created."""

    @Activation.status.transition(source=STATUS.SCHEDULED, target=STATUS.STARTED)
    def start(self) -> None:
        """The notice is over."""
        self.task.started = clock.now()


class NoticeTimer(Plain, WithWays, nodes.Timer):
    """The running notice. Its moment stands in the row; `turns.close_notice` fires it, after the domain has closed it.

    Its type is not viewflow's TIMER, so that viewflow's own dispatcher, which asks nobody, never finds it.
    """

    activation_class = NoticeStep
    task_type = "NOTICE"

    def task_fields(self, process: Any) -> dict[str, Any]:
        """Due at the end of the notice."""
        return {"status": STATUS.SCHEDULED, "scheduled": self._delay(process)}

    def _resolve(self, instance: Any) -> None:
        WithWays._resolve(self, instance)
