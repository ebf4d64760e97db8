"""What pages need to know of the engine: one task with its subject, and the tasks a nomination or slate has open.

Whatever is not visible to the person is not found. Pages ask here and never look at tasks or processes themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from appraisal.records.models import Employer, Nomination, Slate
from quotas.tree.models import User
from workflows import querysets
from workflows.flows import NominationFlow
from workflows.models import NominationProcess
from workflows.nodes import HumanTask, UnitTask


@dataclass(frozen=True)
class Turn:
    """
    A human task as a page sees it: what is to be done (`node`, `title`), on what, and whether it is the user's.

    `names`: whether the user may know who has it in hand. A unit does not: an office answers it, not a person.
    """

    task: Task
    node: str
    title: Any
    subject: Nomination | Slate
    may: bool
    names: bool

    @property
    def is_open(self) -> bool:
        """Somebody has still to do it."""
        return self.task.finished is None

    @property
    def is_nomination(self) -> bool:
        """It is about a nomination, not about a slate."""
        return isinstance(self.subject, Nomination)

    @property
    def was_cancelled(self) -> bool:
        """It was closed without being done, since the matter went another way."""
        return bool(self.task.status == STATUS.CANCELED)


def turn(*, task_id: int, user: User) -> Turn | None:
    """
    The task with its subject; None when there is none, or its subject is not visible to the user.

    The subject comes with what an act looks at; before a page is drawn it takes `complete`. Whether the user may do
    the task is asked fresh.
    """
    task = querysets.one(task_id, user)
    if task is None or not isinstance(task.flow_task, HumanTask):
        return None
    rows: Any
    if issubclass(task.flow_task.flow_class.process_class, NominationProcess):
        rows = Nomination.objects.visible_to(user).for_act()
    else:
        rows = Slate.objects.visible_to(user).for_list()
    subject = rows.filter(process=task.process_id).first()
    if subject is None:
        return None
    return Turn(
        task=task,
        node=task.flow_task.name,
        title=task.flow_task.task_title,
        subject=subject,
        may=task.finished is None and task.held,
        names=isinstance(task.flow_task, UnitTask) or not _of_own_unit(subject, user),
    )


def complete(turn: Turn) -> None:
    """Load all that the page of a nomination shows. None of it is read when a button is pressed and the act is done."""
    if turn.is_nomination:
        prefetch_related_objects([turn.subject], *Nomination.objects.all().for_drawing())


def _of_own_unit(subject: Nomination | Slate, user: User) -> bool:
    units = Employer.objects.roles_of(user).values()
    return isinstance(subject, Nomination) and any(subject.employer_id in own for own in units)


def open_tasks(*, nomination_id: int, user: User) -> list[Task]:
    """What the user can do for a nomination now: tasks nobody has claimed, and own ones. One statement, with the
    user's posts. The caller has asked whether the nomination may be seen.
    """
    of_nomination = querysets.of_nomination(nomination_id)
    return list(of_nomination & querysets.to_do(user))


def open_tasks_of_slate(*, slate_id: int, user: User) -> list[Task]:
    """What the user can do for a list now, as `open_tasks`; the caller has asked whether the list may be seen."""
    return list(querysets.of_slate(slate_id) & querysets.to_do(user))


def scoring_tasks(*, nomination_ids: Iterable[int], user: User) -> dict[int, int]:
    """Which of these nominations wait for an expert score that the user may record: nomination, task. One statement."""
    tasks = querysets.at_nodes(querysets.to_do(user), [NominationFlow.province_scoring])
    field = f"{querysets.NOMINATION}__pk"
    return dict(tasks.filter(**{f"{field}__in": list(nomination_ids)}).values_list(field, "pk"))
