"""Taking over 接办, the domain's half: the lock, whether the person may decide at all, the ledger row.

A colleague of the same post goes on with what somebody else had taken, with the reason on record.

The task itself belongs to the engine; here are the lock, the question whether the person may decide on the matter at
all, and the row of the ledger. `workflows.turns.take_over` asks the post and moves the task.
"""

from dataclasses import dataclass

from django.db import transaction

from appraisal.gate.services import slate_desk
from appraisal.nominations.services import reviews
from appraisal.records.services import lifecycle
from appraisal.records.states import NominationNote, SlateNote
from quotas.base.errors import RuleViolation
from quotas.base.refusals import ReasonRequired
from quotas.base.states import Office
from quotas.base.text import required_text
from quotas.ledger.services import ledger
from quotas.tree.models import User

ACT = NominationNote.TAKE_OVER.value
"""How the ledger calls it, of nominations and lists alike."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """What is taken over, under its lock. `body_id`: None where it is the unit's own business."""

    stream: str
    act: str
    body_id: int | None
    office: Office | None

    def record(self, *, actor: User, held_by: User, reason: str) -> None:
        """Tell the ledger who took it over from whom and why. Raises InvalidInput(ReasonRequired("reason"))."""
        reason = required_text(reason, ReasonRequired("reason"))
        ledger.append(
            stream=self.stream,
            act=self.act,
            actor=actor,
            body=self.body_id,
            before={"held_by": held_by.pk},
            after={"office": self.office} if self.office else {},
            reason=reason,
        )


@transaction.atomic
def of_nomination(
    *, nomination_id: int, actor: User, office: Office | None, of_unit: bool = False
) -> TakeOver:
    """Lock the nomination and ask whether the actor may decide on it: as the office that reviews it, or at all.

    A task `of_unit` asks for no distance from the unit. Raises RuleViolation with every reason of separation.
    """
    nomination = lifecycle.lock_nomination(nomination_id)
    if office is not None:
        problems = reviews.separation(nomination, actor, office)
        if problems:
            raise RuleViolation(*problems)
    elif not of_unit:
        reviews.require_apart(nomination, actor)
    body = None if of_unit else lifecycle.ledger_body(nomination)
    return TakeOver(
        lifecycle.nomination_stream(nomination_id),
        NominationNote.TAKE_OVER.value,
        body.pk if body else None,
        office,
    )


@transaction.atomic
def of_slate(*, slate_id: int, actor: User) -> TakeOver:
    """Lock the slate and ask whether the actor may decide on it. Raises RuleViolation(OwnUnitOnList)."""
    slate = slate_desk.lock(slate_id).slate
    slate_desk.require_apart(slate, actor)
    return TakeOver(lifecycle.slate_stream(slate_id), SlateNote.TAKE_OVER.value, slate.body_id, None)
