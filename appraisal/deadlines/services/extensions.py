"""More time 延期: a body asks for it with its reason, the organiser grants or refuses, and what lies there is due later.

At most one request of a body waits for each stage of a round. Every act locks the round, then the request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from appraisal.deadlines.refusals import (
    AnswersOwnRequest,
    ExtensionAnswered,
    ExtensionInPast,
    ExtensionReasonLong,
    ExtensionWaiting,
)
from appraisal.records.permissions import require
from appraisal.records.services import lifecycle
from appraisal.records.tones import tone
from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.refusals import ReasonRequired
from quotas.base.states import RequestState, RoundState, Stage
from quotas.bodies.services import bodies
from quotas.ledger.services import ledger
from quotas.rounds.models import Extension, ExtensionRequest, Round
from quotas.rounds.refusals import ExtensionNotLater, RoundNotOpen, StageNotOfBody
from quotas.rounds.services import rounds
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, grants_of, holds
from quotas.tree.refusals import ActNotHeld

ASKING = (Act.KEEP_SLATE, Act.REVIEW_UNION, Act.REVIEW_PARTY)
"""Who works at a body's desk asks for it: keeper and reviewers."""
LONGEST_REASON = 200

Key = tuple[int, str, int]
"""Which deadline: round, stage, body."""


class Deadline(NamedTuple):
    """A deadline of a stage as it holds for a body."""

    round: Round
    stage: Stage
    body_id: int
    due_at: datetime

    @property
    def key(self) -> Key:
        """Which one it is, for mappings."""
        return self.round.pk, self.stage.value, self.body_id


@transaction.atomic
def ask(
    *, round_id: int, stage: Stage, body_id: int, wanted: datetime, reason: str, actor: User
) -> ExtensionRequest:
    """Ask for more time for a body; at the unit stage for the units that hand in there.

    Raises ActNotHeld; RoundNotOpen; ExtensionWaiting; InvalidInput with
    every wrong field (ReasonRequired, ExtensionReasonLong, ExtensionNotLater, ExtensionInPast,
    StageNotOfBody).
    """
    round_ = _lock_round(round_id)
    body = Body.objects.get(pk=body_id)
    if not any(holds(actor, act, body_id) for act in ASKING):
        raise ActNotHeld(act=Act.KEEP_SLATE)
    _require_open(round_)
    waiting = ExtensionRequest.objects.filter(
        round=round_, stage=stage, body=body, state=RequestState.WAITING
    ).first()
    if waiting is not None:
        raise ExtensionWaiting(wanted=waiting.wanted, who=str(waiting.asked_by), at=waiting.asked_at)
    reason = text.line(reason)
    problems = _reason_problems("reason", reason)
    holds_now = rounds.due_at(round_id=round_id, stage=stage, body_id=body_id)
    if not rounds.acts_at(body, stage):
        problems.append(StageNotOfBody(body=body.short_name, stage=Stage(stage), own_stage=body.stage))
    if wanted <= holds_now:
        problems.append(ExtensionNotLater("wanted", due_at=holds_now, wanted=wanted))
    elif wanted <= clock.now():
        problems.append(ExtensionInPast("wanted", wanted=wanted, now=clock.now()))
    _raise(problems)
    request = ExtensionRequest.objects.create(
        round=round_,
        stage=stage,
        body=body,
        wanted=wanted,
        reason=reason,
        asked_by=actor,
        asked_at=clock.now(),
    )
    _record(
        request, "ask_extension", actor, {"due_at": holds_now}, {"stage": stage, "wanted": wanted}, reason
    )
    return request


@transaction.atomic
def withdraw(*, request_id: int, actor: User) -> ExtensionRequest:
    """Take a request back that nobody has answered; by anybody who could have made it.

    Raises NotPermitted and ExtensionAnswered.
    """
    request = _lock(request_id)
    if not any(holds(actor, act, request.body_id) for act in ASKING):
        raise ActNotHeld(act=Act.KEEP_SLATE)
    _require_waiting(request)
    return _answer(request, RequestState.WITHDRAWN, "withdraw_extension", actor)


@transaction.atomic
def grant(
    *, request_id: int, actor: User, due_at: datetime | None = None, answer: str = ""
) -> ExtensionRequest:
    """Give the body more time: until `due_at`, or as it asked. By those who plan rounds at the organiser.

    Raises NotPermitted(ActNotHeld | AnswersOwnRequest), ExtensionAnswered and what
    `rounds.extend` raises.
    """
    request = _lock(request_id)
    _require_other(request, actor)
    _require_waiting(request)
    answer = text.line(answer)
    _raise(_reason_problems("answer", answer, needed=False))
    granted = due_at or request.wanted
    extend(
        round_id=request.round_id,
        stage=request.stage,
        body_id=request.body_id,
        due_at=granted,
        reason=request.reason,
        actor=actor,
    )
    return _answer(request, RequestState.GRANTED, "grant_extension", actor, answer, granted)


@transaction.atomic
def refuse(*, request_id: int, actor: User, answer: str) -> ExtensionRequest:
    """Refuse it, with the reason. Raises as `grant`, and InvalidInput(ReasonRequired("answer"))."""
    request = _lock(request_id)
    _require_other(request, actor)
    _require_waiting(request)
    answer = text.line(answer)
    _raise(_reason_problems("answer", answer))
    return _answer(request, RequestState.REFUSED, "refuse_extension", actor, answer)


@transaction.atomic
def extend(
    *, round_id: int, stage: Stage, body_id: int, due_at: datetime, reason: str, actor: User
) -> Extension:
    """`rounds.extend`, and what lies at the desk is due later at once. Raises as it does."""
    extension = rounds.extend(
        round_id=round_id, stage=stage, body_id=body_id, due_at=due_at, reason=reason, actor=actor
    )
    lifecycle.put_off(round_id=round_id, stage=stage, body_id=body_id, due_at=due_at)
    return extension


@dataclass(frozen=True, slots=True)
class Asked:
    """How a deadline stands with its requests: who may ask, and the last request that was not withdrawn."""

    deadline: Deadline
    may_ask: bool
    request: ExtensionRequest | None
    organiser: Body

    @property
    def of_organiser(self) -> bool:
        """Whether it is the organiser's own, who gives itself more time without asking."""
        return self.deadline.body_id == self.organiser.pk

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline.due_at < clock.now()

    @property
    def waiting(self) -> bool:
        """Whether a request waits for its answer."""
        return self.request is not None and self.request.state == RequestState.WAITING

    @property
    def refused(self) -> bool:
        """Whether the last request was refused, and nothing was granted since."""
        return self.request is not None and self.request.state == RequestState.REFUSED

    @property
    def granted(self) -> bool:
        """Whether the last request was granted."""
        return self.request is not None and self.request.state == RequestState.GRANTED

    @property
    def tone(self) -> str:
        """The tone of the state of the last request."""
        return tone(self.request.state) if self.request else ""


def standing(*, deadlines: Iterable[Deadline], user: User) -> dict[Key, Asked]:
    """How each of these deadlines stands for the user; two statements, and the user's grants."""
    wanted = {deadline.key: deadline for deadline in deadlines}
    if not wanted:
        return {}
    rows = ExtensionRequest.objects.for_list().filter(
        round__in={key[0] for key in wanted}, body__in={key[2] for key in wanted}
    )
    last = {
        (row.round_id, row.stage, row.body_id): row
        for row in rows.exclude(state=RequestState.WITHDRAWN).order_by("pk")
    }
    grants = grants_of(user)
    asking = frozenset(body for act in ASKING for body in grants.bodies(act))
    organiser = bodies.province()
    return {
        key: Asked(
            deadline=deadline,
            # Who plans the round extends it without asking.
            may_ask=deadline.body_id in asking and deadline.body_id != organiser.pk,
            request=last.get(key),
            organiser=organiser,
        )
        for key, deadline in wanted.items()
    }


def _lock_round(round_id: int) -> Round:
    found: Round = Round.objects.select_for_update().get(pk=round_id)
    return found


def _lock(request_id: int) -> ExtensionRequest:
    """The request under its lock, the round's before it. Raises ExtensionRequest.DoesNotExist."""
    _lock_round(ExtensionRequest.objects.values_list("round_id", flat=True).get(pk=request_id))
    found: ExtensionRequest = (
        ExtensionRequest.objects.select_for_update(of=("self",))
        .select_related("round", "body", "asked_by", "answered_by")
        .get(pk=request_id)
    )
    return found


def _require_open(round_: Round) -> None:
    if round_.state != RoundState.OPEN:
        raise RoundNotOpen(round=round_.name, state=round_.state)


def _require_other(request: ExtensionRequest, actor: User) -> None:
    require(actor, Act.PLAN_ROUND, bodies.province().pk)
    if request.asked_by_id == actor.pk:
        raise AnswersOwnRequest


def _require_waiting(request: ExtensionRequest) -> None:
    _require_open(request.round)
    if request.state != RequestState.WAITING:
        raise ExtensionAnswered(
            state=request.state, who=str(request.answered_by or ""), at=request.answered_at
        )


def _reason_problems(field: str, reason: str, *, needed: bool = True) -> list[FieldProblem]:
    if needed and not reason:
        return [ReasonRequired(field)]
    if len(reason) > LONGEST_REASON:
        return [ExtensionReasonLong(field, length=len(reason), limit=LONGEST_REASON)]
    return []


def _raise(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(*problems)


def _answer(
    request: ExtensionRequest,
    state: RequestState,
    act: str,
    actor: User,
    answer: str = "",
    granted: datetime | None = None,
) -> ExtensionRequest:
    request.state, request.answer, request.granted = state, answer, granted
    request.answered_by, request.answered_at = actor, clock.now()
    request.save(update_fields=["state", "answer", "granted", "answered_by", "answered_at"])
    after: dict[str, object] = {"stage": request.stage, "state": state}
    if granted:
        after["due_at"] = granted
    _record(request, act, actor, {"wanted": request.wanted}, after, answer)
    return request


def _record(
    request: ExtensionRequest,
    act: str,
    actor: User,
    before: dict[str, object],
    after: dict[str, object],
    reason: str,
) -> None:
    ledger.append(
        stream=f"extension:{request.pk}",
        act=act,
        actor=actor,
        body=request.body,
        before=before,
        after=after,
        reason=reason,
    )
