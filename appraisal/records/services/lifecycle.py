"""The one writer of where nominations and slates stand. Nothing else assigns their state, stage, desk or version.

`lock_*` takes the waiting row lock, `move_*` looks the step up in the tables of `appraisal.records.states`, writes it and
appends the ledger row. The caller has already checked permission, time and rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, prefetch_related_objects

from appraisal.records.models import Employer, Nomination, Slate
from appraisal.records.refusals import NominationStateForbids, SlateStateForbids
from appraisal.records.services import titles
from appraisal.records.services.chunks import in_chunks
from appraisal.records.states import (
    NOMINATION_TRANSITIONS,
    SLATE_TRANSITIONS,
    UNDER_WAY_STATES,
    NominationAct,
    NominationState,
    SlateAct,
    SlateState,
)
from quotas.base import clock
from quotas.base.querysets import Blank, Statement, among
from quotas.base.refusals import Stale
from quotas.base.states import RoundState, Stage
from quotas.ledger.services import ledger
from quotas.rounds.refusals import RoundNotOpen
from quotas.tree.models import Body, User


@dataclass(frozen=True)
class Place:
    """Where a nomination lies: the stage, the body whose desk it is on (None: with the unit), and until when."""

    stage: Stage
    desk: Body | None
    due_at: datetime | None


def nomination_stream(pk: int) -> str:
    """The ledger's chain of one nomination."""
    return f"nomination:{pk}"


def slate_stream(pk: int) -> str:
    """The ledger's chain of one slate."""
    return f"slate:{pk}"


# Units


def lock_employer(pk: int) -> Employer:
    """The unit under its row lock. Its bodies are read only then: one that another body took over while we waited
    for the lock no longer fits the body that the statement saw when it began, and joined with it would not be found.
    """
    employer: Employer = Employer.objects.select_for_update().get(pk=pk)
    return employer


def lock_employers(pks: Iterable[int]) -> dict[int, Employer]:
    """Several units by number, under their row locks, taken in the order of their numbers; then their bodies.

    A statement for every CHUNK of units and two for the bodies. Numbers of units that do not exist are left out.
    """
    locked = [
        employer
        for some in in_chunks(sorted(set(pks)))
        for employer in Employer.objects.select_for_update().filter(pk__in=some).order_by("pk")
    ]
    prefetch_related_objects(locked, "body", "industry_body")
    return {employer.pk: employer for employer in locked}


# Nominations


_AROUND = ("round_award__round", "round_award__award", "desk")
_WITH_UNIT = (*_AROUND, "employer", "body")


def _locked(*joined: str) -> Statement:
    return Statement(
        lambda: (
            Nomination.objects.filter(pk=Blank("nomination"))
            .select_related(*joined)
            .select_for_update(of=("self",))
        )
    )


_LOCKED, _LOCKED_WITH_UNIT = _locked(*_AROUND), _locked(*_WITH_UNIT)


def lock_nomination(pk: int, *, with_unit: bool = True) -> Nomination:
    """The nomination under its row lock, with award, round and desk, and with its unit and first body: one statement."""
    found = (_LOCKED_WITH_UNIT if with_unit else _LOCKED).ask(nomination=pk)
    if not found:
        raise Nomination.DoesNotExist
    nomination: Nomination = found[0]
    _join_present_desk(nomination)
    return nomination


@dataclass(frozen=True, slots=True)
class LockedStanding:
    """A locked nomination as far as the same step for many looks at it. Of a thousand, instances would take too long."""

    pk: int
    status: NominationState
    stage: Stage
    desk: Body | None


def lock_nominations(pks: Iterable[int]) -> list[LockedStanding]:
    """Several nominations under their row locks, in the order of their numbers: where they stand, in two statements."""
    locked = list(
        Nomination.objects.select_for_update(of=("self",))
        .filter(pk__in=among(pks))
        .order_by("pk")
        .values_list("pk", "status", "stage", "desk_id")
    )
    # Read when the locks are ours, and once for the hundreds that lie on one desk.
    desks = Body.objects.in_bulk({desk_id for *_row, desk_id in locked if desk_id})
    return [LockedStanding(pk, status, stage, desks.get(desk_id)) for pk, status, stage, desk_id in locked]


def _join_present_desk(nomination: Nomination) -> None:
    """Read the desk of a nomination that went to another one while we waited for its lock.

    PostgreSQL then gives the row as it is now, joined with what the statement saw when it began: with no desk.
    """
    if nomination.desk_id is not None and nomination.desk is None:
        nomination.desk = Body.objects.get(pk=nomination.desk_id)


def require_version(row: Employer | Nomination | Slate, version: int) -> None:
    """Raise Stale unless the form was drawn from the row as it is now."""
    if row.version != version:
        raise Stale


def require_step(nomination: Nomination, act: NominationAct) -> None:
    """Raise NominationStateForbids unless the act leads anywhere from the nomination's state."""
    state = nomination.status
    if (state, act) not in NOMINATION_TRANSITIONS:
        raise NominationStateForbids(state=state, act=act)


def standing(nomination: Nomination | LockedStanding) -> dict[str, object]:
    """Where a nomination stands, in the form that the ledger keeps."""
    return {
        "state": str(nomination.status),
        "stage": str(nomination.stage),
        "desk": nomination.desk.code if nomination.desk else None,
    }


def ledger_body(nomination: Nomination) -> Body | None:
    """The body whose ledger shows an act on the nomination; None while the unit has not handed it in."""
    if nomination.desk is not None:
        return nomination.desk
    return nomination.body if nomination.submitted_at else None


def put_off(*, round_id: int, stage: str, body_id: int, due_at: datetime) -> int:
    """Give the nominations that lie at a desk its new deadline; how many. One statement, no step and no row of theirs.

    At the unit stage, those of the units whose first body it is.
    """
    rows = Nomination.objects.filter(
        round_award__round=round_id, stage=stage, due_at__isnull=False, due_at__lt=due_at
    )
    at = {"body": body_id} if stage == Stage.UNIT else {"desk": body_id}
    return rows.filter(**at).update(due_at=due_at)


def move_nomination(
    nomination: Nomination,
    act: NominationAct,
    to_state: NominationState,
    *,
    actor: User | None,
    place: Place | None = None,
    new_pass: bool = False,
    reason: str = "",
    body: Body | None = None,
    fields: Mapping[str, object] | None = None,
    told: Mapping[str, object] | None = None,
) -> Nomination:
    """Take a locked nomination to `to_state`, write it and append the ledger row (two or three statements).

    `place` is where it lies from now on (None: where it lies already); a nomination that has ended is no longer due.
    `new_pass` begins the next pass of reviews, `fields` are columns written along with the step, `told` holds further
    facts for the ledger row. `body` is the body whose ledger shows the act; None: that of `ledger_body`. Raises
    WrongState when the table does not know the step.
    """
    _require_transition(nomination, act, to_state)
    if act != NominationAct.DISQUALIFY:  # a title can be revoked long after its round
        _require_round_open(nomination)
    before = standing(nomination)
    told_to = body or ledger_body(nomination)
    _set(nomination, _step(to_state, place))
    if new_pass:
        nomination.review_pass += 1
    after = standing(nomination)
    if after != before:
        nomination.entered_at = clock.now()
    nomination.version += 1
    extra = fields or {}
    _set(nomination, extra)
    nomination.save(
        update_fields=["status", "stage", "desk", "due_at", "review_pass", "entered_at", "version", *extra]
    )
    if before["state"] == NominationState.NAMED:
        titles.revoke(nomination, reason)
    ledger.append(
        stream=nomination_stream(nomination.pk),
        act=act.value,
        actor=actor,
        body=told_to,
        before=before,
        after={**after, **(told or {})},
        reason=reason,
    )
    return nomination


def move_nominations(
    nominations: Sequence[LockedStanding],
    act: NominationAct,
    to_state: NominationState,
    *,
    actor: User | None,
    body: Body | None,
    place: Place | None = None,
    reason: str = "",
) -> None:
    """The same step for many locked nominations, in a number of statements that does not grow with them.

    Row for row it leaves what `move_nomination` leaves. `body` is the body for which the actor acted.
    Raises WrongState for the first nomination that cannot take the step; then nothing is written.
    """
    if not nominations:
        return
    alike: dict[tuple[str, str, Body | None], list[LockedStanding]] = {}
    for nomination in nominations:
        _require_transition(nomination, act, to_state)
        alike.setdefault((nomination.status, nomination.stage, nomination.desk), []).append(nomination)
    written = Nomination.objects.filter(pk__in=among(nomination.pk for nomination in nominations))
    written.update(**_step(to_state, place), entered_at=clock.now(), version=F("version") + 1)
    goes: dict[str, Any] = {"status": to_state} | (
        {"stage": place.stage, "desk": place.desk} if place else {}
    )
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream=tuple(nomination_stream(each.pk) for each in those),
                act=act.value,
                actor=actor,
                body=body,
                before=standing(those[0]),
                after=standing(replace(those[0], **goes)),
                reason=reason,
            )
            for those in alike.values()
        ]
    )


def _step(to_state: NominationState, place: Place | None) -> dict[str, object]:
    """The columns that a step writes, alike for one nomination and for many."""
    step: dict[str, object] = {"status": to_state}
    if place is not None:
        step |= {"stage": place.stage, "desk": place.desk, "due_at": place.due_at}
    if to_state not in UNDER_WAY_STATES:
        step["due_at"] = None
    return step


def _set(nomination: Nomination, columns: Mapping[str, object]) -> None:
    for name, value in columns.items():
        setattr(nomination, name, value)


def touch_nomination(
    nomination: Nomination,
    act: str,
    *,
    actor: User | None,
    before: dict[str, object],
    after: dict[str, object],
    reason: str = "",
    fields: Sequence[str] = (),
) -> Nomination:
    """Save the named columns of a locked nomination, which the caller has set, without moving it.

    Raises the version and appends the ledger row. Raises RoundNotOpen in a closed round.
    """
    _require_round_open(nomination)
    nomination.version += 1
    nomination.save(update_fields=[*fields, "version"])
    ledger.append(
        stream=nomination_stream(nomination.pk),
        act=act,
        actor=actor,
        body=ledger_body(nomination),
        before=before,
        after=after,
        reason=reason,
    )
    return nomination


def _require_round_open(nomination: Nomination) -> None:
    """Refuse every move in a closed round."""
    round_ = nomination.round_award.round
    if round_.state == RoundState.CLOSED:
        raise RoundNotOpen(round=round_.name, state=round_.state)


def _require_transition(
    nomination: Nomination | LockedStanding, act: NominationAct, to_state: NominationState
) -> None:
    state = nomination.status
    if to_state not in NOMINATION_TRANSITIONS.get((state, act), ()):
        raise NominationStateForbids(state=state, act=act)


# Slates


def slate_under_lock(pk: int) -> Slate:
    """The slate as it is now, with award, round and body: one statement. The caller holds the lock of its allotment.

    Every slate has one allotment, and everything that changes a slate holds its row: a lock of its own would keep
    nobody out (tests/races take the allotment's away and see each race break).
    """
    slate: Slate = Slate.objects.select_related(
        "round_award__round", "round_award__award", "body__parent"
    ).get(pk=pk)
    return slate


def require_slate_step(slate: Slate, act: SlateAct) -> None:
    """Raise SlateStateForbids unless the act leads anywhere from the slate's state."""
    state = slate.state
    if (state, act) not in SLATE_TRANSITIONS:
        raise SlateStateForbids(state=state, act=act)


def move_slate(
    slate: Slate,
    act: SlateAct,
    to_state: SlateState,
    *,
    actor: User | None,
    reason: str = "",
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    **fields: object,
) -> Slate:
    """Take a locked slate to `to_state`, write it with `fields` and append the ledger row.

    `before` and `after` are figures that the ledger row holds besides the states. Raises WrongState when the table
    does not know the step.
    """
    state = slate.state
    if to_state not in SLATE_TRANSITIONS.get((state, act), ()):
        raise SlateStateForbids(state=state, act=act)
    slate.state = to_state
    slate.version += 1
    for name, value in fields.items():
        setattr(slate, name, value)
    slate.save(update_fields=["state", "version", *fields])
    ledger.append(
        stream=slate_stream(slate.pk),
        act=act.value,
        actor=actor,
        body=slate.body,
        before={"state": state.value, **(before or {})},
        after={"state": to_state.value, **(after or {})},
        reason=reason,
    )
    return slate


def touch_slate(
    slate: Slate,
    act: str,
    *,
    actor: User | None,
    before: dict[str, object],
    after: dict[str, object],
    reason: str = "",
    fields: Sequence[str] = (),
) -> Slate:
    """Raise the version of a locked slate whose slate changed without moving it, and append the ledger row."""
    slate.version += 1
    slate.save(update_fields=[*fields, "version"])
    ledger.append(
        stream=slate_stream(slate.pk),
        act=act,
        actor=actor,
        body=slate.body,
        before=before,
        after=after,
        reason=reason,
    )
    return slate
