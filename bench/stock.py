"""The floor of a turn: the joint review of a desk as viewflow comes, and nothing of ours.

No opinion is kept, no ledger, no rule asked, no permission, no row of the domain written; a task belongs to a body
through viewflow's own `Permission(obj=…)`. A flow is known by the app in whose package it lies, so this package has to be an app.
"""

from typing import Any

from viewflow import this
from viewflow.workflow import lock
from viewflow.workflow.flow import End, Flow, Join, Split, StartHandle, View
from viewflow.workflow.models import Task

from appraisal.records.models import Nomination
from quotas.base.states import Office
from quotas.tree.models import Body
from quotas.tree.permissions import REVIEW_ACT, Act
from workflows.models import NominationProcess


def desk(process: Any) -> Body:
    """The body on whose desk the nomination lies."""
    found: Body = process.coerced.nomination.desk
    return found


class StockFlow(Flow):
    """Two offices side by side, then the keeper; with the waiting lock, since the stock one fails under load."""

    process_class = NominationProcess
    lock_impl = lock.SelectForUpdateLock(nowait=False, attempts=1)

    start = StartHandle(this.begin).Next(this.review)
    review = Split().Next(this.union).Next(this.party)
    union = View(None).Permission(REVIEW_ACT[Office.UNION].permission, obj=desk).Next(this.outcome)
    party = View(None).Permission(REVIEW_ACT[Office.PARTY].permission, obj=desk).Next(this.outcome)
    outcome = Join().Next(this.pool)
    pool = View(None).Permission(Act.KEEP_SLATE.permission, obj=desk).Next(this.end)
    end = End()

    def begin(self, activation: Any, nomination: Nomination) -> None:
        """A process of this nomination."""
        activation.process.nomination = nomination


def begin(nomination: Nomination) -> None:
    """A nomination that has no process yet, at the review."""
    StockFlow.start.run(nomination=nomination)


def approve(task: Task, user: Any) -> None:
    """Claim the task and carry it out under the lock of its process, as one form does; the next task is made."""
    with task.activation() as activation:
        activation.assign(user)
        activation.start(None)
        activation.execute()
