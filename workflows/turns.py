"""The only door for a decision: the service first, then the token, both or neither; claiming and taking over as well.

A turn is one transaction: read the task without a lock, let the service lock the domain, decide and write the
ledger, then lock the process, look at the task again and move on. The domain row is always locked before the
engine's, so a turn on one nomination and the release of a whole slate never wait crosswise.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import ParamSpec, Required, TypedDict, TypeVar, Unpack
from uuid import UUID

from django.db import transaction
from django_tasks import task
from viewflow.workflow.models import Task
from viewflow.workflow.status import PROCESS, STATUS

from appraisal.imports.services import imports
from appraisal.namings.services.namings import NamingRelease
from appraisal.nominations.services import nominations, scores
from appraisal.nominations.services.nominations import NominationFields
from appraisal.notices.services import notices, objections
from appraisal.planning.services import closings
from appraisal.records.models import Nomination, Notice, Objection, Slate
from appraisal.records.states import Channel, Finding
from appraisal.slates.services import slates, takeovers
from appraisal.slates.services.slates import Release
from appraisal.workbooks.import_rows import NominationRow, Report, RowProblem
from quotas.base import clock
from quotas.base.errors import Conflict, DomainError, answer_of
from quotas.base.querysets import Literal
from quotas.ledger.services import transactions
from quotas.rounds.models import Round
from quotas.rounds.services import feasibility, rounds
from quotas.tree.models import User
from workflows import querysets, readers, tokens
from workflows.flows import REVIEWS, NominationFlow, SlateFlow
from workflows.models import NominationProcess, SlateProcess
from workflows.nodes import HumanTask, UnitTask, with_open_tasks
from workflows.refusals import TakenByOther, TaskNotHeldBy, TaskNotYours, TaskTakenOrDone
from workflows.tokens import TokenRepair

T = TypeVar("T")
P = ParamSpec("P")

_OPEN = (STATUS.NEW, STATUS.ASSIGNED)


class NoticeFields(TypedDict, total=False):
    """What the keeper decides about a notice; see `notices.publish`."""

    starts_on: Required[date]
    ends_on: date | None
    override_reason: str
    late_reason: str
    contact: str


@dataclass(frozen=True)
class Closing:
    """What became of a notice that was due: closed, or refused with the reason."""

    slate_id: int
    refusal: DomainError | None = None


# Tasks


def perform(task_id: int, actor: User, service: Callable[P, T], /, *args: P.args, **given: P.kwargs) -> T:
    """Carry out a task: the service first, then the task is claimed and closed and the token moves on.

    The one way in for every decision. The caller names the service and gives its arguments, so that a reader finds the
    service from the page, and the type checker reads the call; a function here for each of them would repeat twelve
    signatures and add nothing. What a whole slate takes along (`_taken_along`) follows in the same transaction.

    Raises TaskTakenOrDone when the task is not open any more, TakenByOther when somebody
    else has claimed it, TaskNotYours when the actor's post does not allow it, and whatever the
    service raises. Then nothing is written, neither here nor there.
    """
    with transactions.turn():
        task = _read(task_id, actor)
        _require_open(task, actor)
        _require_may(task)
        result = service(*args, **given)
        task = _locked(task, actor)
        readers.remember(task.process, result)
        task.flow_task.activation_class(task).carry_out(actor)
        if taken_along := _taken_along(result):
            tokens.release(taken_along)
        return result


def attempt(
    task_id: int, actor: User, service: Callable[P, object], /, *args: P.args, **given: P.kwargs
) -> DomainError | None:
    """As `perform`, for one of many: what refused it, None when it was carried out."""
    answer = answer_of(perform, task_id, actor, service, *args, **given)
    return answer if isinstance(answer, DomainError) else None


def _taken_along(result: object) -> Sequence[int]:
    """The nominations that an act on a slate has moved: gone up or named as one batch, or ended with the pool."""
    match result:
        case Release():
            return [*result.up, *result.closed]
        case NamingRelease():
            return [*result.named, *result.closed]
        case _:
            return ()


@transaction.atomic
def claim(*, task_id: int, actor: User) -> Task:
    """Take a task, so that colleagues see that somebody is at it. Claiming it again changes nothing.

    Raises as `perform`.
    """
    task = _read(task_id, actor)
    _require_open(task, actor)
    _require_may(task)
    task = _locked(task, actor)
    if task.status == STATUS.NEW:
        task.flow_task.activation_class(task).assign(actor)
        task.save(update_fields=["status", "owner", "assigned"])
    return task


@transaction.atomic
def release(*, task_id: int, actor: User) -> Task:
    """Give a claimed task back to the colleagues. A task that nobody has claimed stays as it is."""
    task = _read(task_id, actor)
    _require_open(task, actor)
    task = _locked(task, actor)
    if task.status == STATUS.ASSIGNED:
        task.flow_task.activation_class(task).unassign()
        task.save(update_fields=["status", "owner", "assigned"])
    return task


@transaction.atomic
def take_over(*, task_id: int, actor: User, held_by: int, reason: str) -> Task:
    """Take a task out of the hands of a colleague who does not come to it; the ledger tells of it with the reason.

    Raises TaskTakenOrDone, TaskNotHeldBy when it is not in the hands of `held_by` any
    more, TaskNotYours, RuleViolation where the actor may not decide on it, and
    InvalidInput(ReasonRequired("reason")). Taking over what the actor has already changes nothing.
    """
    task = _read(task_id, actor)
    if task.status in _OPEN and task.owner_id == actor.pk:
        return task
    _require_held(task, held_by)
    _require_may(task)
    taken = _taken_over(task, actor)
    task = _fresh(task)
    _require_held(task, held_by)
    taken.record(actor=actor, held_by=task.owner, reason=reason)
    activation = task.flow_task.activation_class(task)
    activation.unassign()
    activation.assign(actor)
    task.save(update_fields=["status", "owner", "assigned"])
    return task


def _require_held(task: Task, held_by: int) -> None:
    if task.status not in _OPEN:
        raise _too_late(task)
    if task.owner_id != held_by:
        raise TaskNotHeldBy(task=str(task.flow_task.task_title), who=str(task.owner) if task.owner else "")


def _taken_over(task: Task, actor: User) -> takeovers.TakeOver:
    """The subject under its lock, before the engine's rows, asked whether the actor may decide on it."""
    process = task.process.coerced
    if isinstance(process, SlateProcess):
        return takeovers.of_slate(slate_id=process.slate_id, actor=actor)
    return takeovers.of_nomination(
        nomination_id=process.nomination_id,
        actor=actor,
        office=REVIEWS.get(task.flow_task.name),
        of_unit=isinstance(task.flow_task, UnitTask),
    )


def release_abandoned() -> int:
    """Give back what was claimed by people who may not do it any more; how many tasks.

    A post ends, an account is closed: what the person had taken would be nobody's, since a claim keeps colleagues
    away. The statements grow with the people who have claimed anything, not with the tasks.
    """
    claimed = Task.objects.filter(status=Literal(STATUS.ASSIGNED), flow_task_type=Literal("HUMAN")).order_by()
    released = 0
    for owner in User.objects.filter(pk__in=claimed.values("owner")).order_by("pk"):
        lost = claimed.filter(owner=owner).exclude(pk__in=querysets.mine(owner).order_by().values("pk"))
        for process_class in (NominationProcess, SlateProcess):
            # A transaction for each kind: a slate that goes up locks its own process first, then the nominations'.
            with transaction.atomic():
                processes = tokens.lock(process_class, lost.values_list("process_id", flat=True))
                released += lost.filter(process__in=processes).update(
                    status=STATUS.NEW, owner=None, assigned=None
                )
    return released


def _read(task_id: int, actor: User) -> Task:
    """The task as `querysets.one`, without a lock. Raises TaskTakenOrDone when there is none."""
    task = querysets.one(task_id, actor)
    if task is None or not isinstance(task.flow_task, HumanTask):
        raise TaskTakenOrDone(task="", who="", at=None)
    return task


def _require_open(task: Task, actor: User) -> None:
    if task.status not in _OPEN:
        raise _too_late(task)
    if task.owner_id not in {None, actor.pk}:
        raise TakenByOther(task=str(task.flow_task.task_title), who=str(task.owner), at=task.assigned)


def _require_may(task: Task) -> None:
    """A post may have ended since the task was taken."""
    if not task.held:
        raise TaskNotYours(task=str(task.flow_task.task_title))


def _too_late(task: Task) -> Conflict:
    return TaskTakenOrDone(
        task=str(task.flow_task.task_title), who=str(task.owner) if task.owner else "", at=task.finished
    )


def _locked(task: Task, actor: User) -> Task:
    """As `_fresh`, and not in the hands of another person."""
    fresh = _fresh(task)
    _require_open(fresh, actor)
    return fresh


def _fresh(task: Task) -> Task:
    """The task as it is under its process's lock, with the process's open tasks at hand for the joins."""
    process = task.process.coerced
    opened = tokens.lock_with_tasks(process)
    fresh: Task | None = next((each for each in opened if each.pk == task.pk), None)
    if fresh is None:
        raise _too_late(Task.objects.select_related("owner").get(pk=task.pk))
    fresh.process = process
    with_open_tasks(process, opened)
    return fresh


# Beginnings


def start_nomination(*, nomination_id: int) -> NominationProcess:
    """The process of a nomination, begun unless it runs already: a form sent twice starts once."""
    (process,) = start_nominations(nomination_ids=[nomination_id])
    return process


@transaction.atomic
def start_nominations(*, nomination_ids: Sequence[int]) -> list[NominationProcess]:
    """The processes of nominations in the order given, as `start_nomination`: as many statements for one as for all."""
    # Under the rows' locks, so that two at a time find one process.
    rows = Nomination.objects.select_for_update(of=("self",)).filter(pk__in=nomination_ids).order_by("pk")
    locked = list(rows.values_list("pk", flat=True))
    processes = {
        process.nomination_id: process
        for process in NominationProcess.objects.filter(nomination__in=nomination_ids)
    }
    new = [NominationProcess(nomination_id=pk) for pk in locked if pk not in processes]
    NominationFlow.start.begin(new)
    processes |= {process.nomination_id: process for process in new}
    return [processes[pk] for pk in nomination_ids]


@transaction.atomic
def import_nominations(
    *,
    round_id: int,
    rows: Sequence[NominationRow],
    actor: User | None,
    problems: Sequence[RowProblem] = (),
    dry_run: bool = False,
) -> Report:
    """Import drafts (see `appraisal.imports.services.imports`) and begin the process of each, all or nothing."""
    report = imports.import_nominations(
        round_id=round_id, rows=rows, actor=actor, problems=problems, dry_run=dry_run
    )
    start_nominations(nomination_ids=report.made)
    return report


@transaction.atomic
def open_slates(*, round_id: int, actor: User | None = None) -> list[Slate]:
    """Open the slates of a round and begin their processes; the slates opened by this call."""
    opened = slates.open_all(round_id=round_id, actor=actor)
    SlateFlow.start.begin([SlateProcess(slate=slate) for slate in opened])
    return opened


def open_round(
    *,
    round_id: int,
    actor: User,
    known_vacancies: int | None = None,
    accepted: Collection[str] | None = None,
) -> list[Slate]:
    """Start a planned round and open its lists, both or neither; the lists. Raises as `rounds.open`."""
    # The solver is asked before anything is locked.
    feasible = feasibility.of_round(round_id=round_id)
    with transaction.atomic():
        rounds.open(
            round_id=round_id,
            actor=actor,
            known_vacancies=known_vacancies,
            accepted=accepted,
            feasible=feasible,
        )
        return open_slates(round_id=round_id, actor=actor)


@transaction.atomic
def close_round(*, round_id: int, actor: User) -> tuple[int, ...]:
    """End a round with all that is under way in it, and take its tasks out of every inbox. Raises as `closings.close`."""
    over = closings.close(round_id=round_id, actor=actor)
    tokens.follow(
        SlateProcess,
        SlateProcess.objects.filter(slate__round_award__round=round_id, status=PROCESS.NEW).values_list(
            "pk", flat=True
        ),
    )
    tokens.follow(
        NominationProcess,
        NominationProcess.objects.filter(
            nomination__round_award__round=round_id, status=PROCESS.NEW
        ).values_list("pk", flat=True),
    )
    return over


def open_late_slates() -> list[Slate]:
    """The slates of places that were given after the opening of their round, each round in its own transaction."""
    running = list(Round.objects.open().order_by("pk").values_list("pk", flat=True))
    return [slate for round_id in running for slate in open_slates(round_id=round_id)]


# Nominations


@transaction.atomic
def begin_nomination(
    *,
    form_key: UUID,
    round_award_id: int,
    employer_id: int,
    channel: Channel,
    actor: User,
    **fields: Unpack[NominationFields],
) -> Nomination:
    """Begin an application with its process, both or neither. Raises as `nominations.create`."""
    nomination = nominations.create(
        form_key=form_key,
        round_award_id=round_award_id,
        employer_id=employer_id,
        channel=channel,
        actor=actor,
        **fields,
    )
    start_nomination(nomination_id=nomination.pk)
    return nomination


@transaction.atomic
def withdraw(*, nomination_id: int, actor: User, reason: str) -> Nomination:
    """The unit withdraws, from wherever the nomination lies; its process is broken off."""
    nomination = nominations.withdraw(nomination_id=nomination_id, actor=actor, reason=reason)
    tokens.release([nomination.pk])
    return nomination


@transaction.atomic
def disqualify(*, nomination_id: int, actor: User, reason: str) -> Nomination:
    """A nomination is struck off, from wherever it lies; its process is broken off."""
    nomination = nominations.disqualify(nomination_id=nomination_id, actor=actor, reason=reason)
    tokens.release([nomination.pk])
    return nomination


@transaction.atomic
def record_scores(*, actor: User, given: Mapping[int, tuple[int, int]], tasks: Mapping[int, int]) -> int:
    """Many expert scores at once, all or none: nomination to (version, score); how many were recorded.

    A nomination that waits for its score moves on with its task, one that has been scored is corrected.
    """
    # All rows before the first turn, which would go on from the first nomination's process to the second nomination.
    locked = Nomination.objects.select_for_update(of=("self",)).filter(pk__in=given).order_by("pk")
    list(locked.values_list("pk", flat=True))
    processes = NominationProcess.objects.filter(nomination__in=given)
    tokens.lock(NominationProcess, processes.values_list("pk", flat=True))
    for nomination_id, (version, score) in sorted(given.items()):
        act = partial(scores.record, nomination_id=nomination_id, version=version, actor=actor, score=score)
        if nomination_id in tasks:
            perform(tasks[nomination_id], actor, act)
        else:
            act()
    return len(given)


# Slates


@transaction.atomic
def take_back(*, slate_id: int, version: int, actor: User) -> Slate:
    """The keeper takes a submitted list back as long as nobody has signed; the leaders' tasks are cancelled."""
    slate = slates.take_back(slate_id=slate_id, version=version, actor=actor)
    _follow_slate(slate.pk)
    return slate


@transaction.atomic
def reopen(*, slate_id: int, version: int, actor: User, reason: str) -> Slate:
    """A signed slate is compiled again, with the reason on record."""
    slate = slates.reopen(slate_id=slate_id, version=version, actor=actor, reason=reason)
    _follow_slate(slate.pk)
    return slate


@transaction.atomic
def settle_objection(*, objection_id: int, actor: User, finding: Finding, text: str) -> Objection:
    """Close an objection. One that is upheld disqualifies the nomination, whose process is broken off."""
    objection = objections.settle(objection_id=objection_id, actor=actor, finding=finding, text=text)
    tokens.release([objection.entry.nomination_id])
    return objection


# Notices


@transaction.atomic
def publish(*, slate_id: int, version: int, actor: User, **notice: Unpack[NoticeFields]) -> Notice:
    """Publish the notice of a signed slate; for `perform`. Closing it is queued for the moment when it is over.

    The job is a row of the same transaction: no notice, no job. Without a worker `manage.py tick` or the keeper's
    button closes it. Raises as `notices.publish`.
    """
    published = notices.publish(slate_id=slate_id, version=version, actor=actor, **notice)
    over = datetime.combine(published.ends_on + timedelta(days=1), time(), clock.SHANGHAI)
    close_when_over.using(run_after=over).enqueue(slate_id)
    return published


@task()
def close_when_over(slate_id: int) -> None:
    """Close the notice that is over; one that was closed or reopened meanwhile is left alone."""
    if slate_id in notices.closable(today=clock.today()):
        _close_due(slate_id)


@transaction.atomic
def close_notice(*, slate_id: int, actor: User | None) -> None:
    """The notice is over: the domain closes it, then the waiting event fires."""
    notices.close(slate_id=slate_id, actor=actor)
    process = SlateProcess.objects.filter(slate=slate_id).first()
    if process is None:
        return
    tokens.lock(SlateProcess, [process.pk])
    task = Task.objects.filter(
        process_id=process.pk, flow_task=SlateFlow.notice_runs, status=STATUS.SCHEDULED
    ).first()
    if task is None:
        tokens.follow(SlateProcess, [process.pk])
        return
    task.process = process
    activation = SlateFlow.notice_runs.activation_class(task)
    activation.start()
    activation.execute()


def close_due_notices() -> list[Closing]:
    """Close every notice whose last day is over, each in a transaction of its own; one refusal stops no other."""
    return [_close_due(slate_id) for slate_id in list(notices.closable(today=clock.today()))]


def _close_due(slate_id: int) -> Closing:
    answer = answer_of(close_notice, slate_id=slate_id, actor=None)
    return Closing(slate_id, answer if isinstance(answer, DomainError) else None)


# Repairs


def reconcile() -> list[TokenRepair]:
    """Bring every token to where the domain says; see tokens.reconcile."""
    return tokens.reconcile(NominationFlow, SlateFlow)


def _follow_slate(slate_id: int) -> None:
    tokens.follow(SlateProcess, SlateProcess.objects.filter(slate=slate_id).values_list("pk", flat=True))
