"""Rehearsals 预演: what would follow if entries left a slate, or its places changed. Nothing is written.

The snapshot is read once (`gate.snapshot`); from then on everything is computed on plain values, by the same functions
that refuse and allow the real acts: those of the gate and of `quotas.selection`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from appraisal.gate.services import gate
from appraisal.records.models import Slate
from appraisal.records.states import EntryKind
from appraisal.slates.services import succession
from appraisal.slates.services.succession import Origins, Succession, VacantPlace
from quotas.base.errors import Reason
from quotas.base.states import ReservePolicy
from quotas.selection.judge import EntryRow, promoted, without
from quotas.selection.plan import REGULAR, Plan

NOWHERE = Origins({}, {})
"""Where nobody asks who came from where."""

LEFT_STATES = gate.LEFT_STATES
"""The slate is out of the body's hands: what falls vacant on it stays vacant."""

Way = Literal["leaves", "moves_up", "stays_back"]
"""What happens to an entry: it leaves; as a reserve it takes a vacant place; as a reserve it cannot, and why."""


@dataclass(frozen=True, slots=True)
class RehearsalStep:
    """One thing that would happen, in its order. `broken` says which bounds keep a reserve from moving up."""

    way: Way
    nomination_id: int
    number: str
    name: str
    kind: EntryKind
    rank: int
    broken: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The slate as it is, without those who leave, and after the vacancies are filled as the round's policy says.

    `vacant` is how many of the places that those who leave had stay empty, of `freed`. `fillable` says whether a
    reserve may move up at all: places do not stay vacant, and the slate has not left.
    """

    before: gate.GateReport
    left: gate.GateReport
    after: gate.GateReport
    rows: tuple[EntryRow, ...]
    entries: tuple[EntryRow, ...]
    steps: tuple[RehearsalStep, ...]
    freed: int
    vacant: int
    fillable: bool


def rehearse(*, slate_id: int, leaving: Collection[int] = (), places: int | None = None) -> Rehearsal:
    """What would follow if the nominations `leaving` left the slate and it had `places` regular places; eight statements.

    A number that does not stand on the slate is passed over: it may have left a moment ago. Raises
    Slate.DoesNotExist.
    """
    slate = Slate.objects.select_related("round_award__round", "body").get(pk=slate_id)
    plan, rows, pool = gate.snapshot(slate_id=slate_id)
    here = slate.state not in LEFT_STATES
    policy = ReservePolicy(slate.round_award.round.reserve_policy) if here else ReservePolicy.VACANT
    known = succession.origins(slate, [row.nomination_id for row in rows])
    return play(
        plan, rows, pool, leaving=leaving, places=places, policy=policy, origins=known, explained=here
    )


def play(
    plan: Plan,
    rows: Sequence[EntryRow],
    pool: Sequence[EntryRow],
    *,
    leaving: Collection[int],
    places: int | None,
    policy: ReservePolicy,
    origins: Origins = NOWHERE,
    explained: bool = False,
) -> Rehearsal:
    """The same on plain values. Pure: the same input gives the same steps, and the input stays as it is.

    `explained` says what would mend the slate in the end, all rules at once (`gate.judge`).
    """
    changed = plan if places is None else plan.with_places(places)
    going = [row for row in rows if row.nomination_id in leaving]
    steps = [_step("leaves", row) for row in going]
    staying = without(rows, {row.nomination_id for row in going})
    # Who leaves is withdrawn or disqualified, so cannot be chosen from the pool again.
    others = [row for row in pool if row.nomination_id not in leaving]
    freed = [
        VacantPlace(None, row.shown, origins.of(row.nomination_id)) for row in going if row.kind == REGULAR
    ]
    fillable = policy != ReservePolicy.VACANT
    filled, vacant, followed = _fill(changed, staying, others, freed if fillable else [], policy, origins)
    return Rehearsal(
        before=gate.judge(plan, rows, pool),
        left=gate.judge(changed, staying, others),
        after=gate.judge(changed, filled, others, explained=explained),
        rows=tuple(rows),
        entries=tuple(filled),
        steps=tuple(steps + followed),
        freed=len(freed),
        vacant=vacant if fillable else len(freed),
        fillable=fillable,
    )


def _fill(
    plan: Plan,
    rows: Sequence[EntryRow],
    pool: Sequence[EntryRow],
    vacancies: Sequence[VacantPlace],
    policy: ReservePolicy,
    origins: Origins,
) -> tuple[Sequence[EntryRow], int, list[RehearsalStep]]:
    """The rows once reserves have moved up, each in its turn, as far as the bounds let them; what stays vacant, and how."""
    steps: list[RehearsalStep] = []
    left = list(vacancies)
    while left:
        waiting = tuple(gate.standing_by(plan, rows, pool))
        line = Succession(policy, tuple(left), waiting, origins)
        turns = ((reserve, line.place_for(reserve.nomination_id)) for reserve, _broken in waiting)
        moves = [(left.index(place), reserve, place) for reserve, place in turns if place is not None]
        if not moves:
            back = [_step("stays_back", row, line.reasons(row.nomination_id)) for row, _broken in waiting]
            return rows, len(left), [*steps, *back]
        _order, fit, place = min(moves, key=lambda move: move[0])
        steps.append(_step("moves_up", fit))
        rows = promoted(rows, fit)
        left.remove(place)
    return rows, 0, steps


def _step(way: Way, row: EntryRow, broken: tuple[Reason, ...] = ()) -> RehearsalStep:
    return RehearsalStep(
        way=way,
        nomination_id=row.nomination_id,
        number=row.number,
        name=row.name,
        kind=EntryKind(row.kind or REGULAR),
        rank=row.rank,
        broken=broken,
    )
