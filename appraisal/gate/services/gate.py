"""The gate of a slate: its plan and its entries as they are, held against one another by `quotas.selection`.

The live meter beside the workbench, the refusal of an act and the recount of `verify` all come from `judge`,
so that none of them can say anything else than the others. Nothing here writes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Coalesce, RowNumber

from appraisal.gate.refusals import (
    BrokenBound,
    EntriesNotInPool,
    NoLegalSlate,
    NomineeTwiceOnSlate,
    RanksBroken,
    ReservesAlone,
    SeparateLineExceeded,
    SeparateLineGone,
    ShareNotAbove,
    ShareTooHigh,
    ShareTooLow,
    SlateEmpty,
    SlatePlacesExceeded,
    SlateRemedy,
    SlateUnadvised,
    SlotsBroken,
)
from appraisal.gate.wording import NO_WAY, TOGETHER, base_word, conflict_ways, name_of
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind, NominationState, SlateState
from quotas.base.errors import Reason, RuleViolation
from quotas.base.querysets import among
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import advice, labels
from quotas.selection import judge as judging
from quotas.selection.advice import Remedy, SlateConflict, Unadvised
from quotas.selection.judge import NAMED_AT_MOST, EntryRow, Places, RuleCheck, SeparateUse, SlateReport
from quotas.selection.plan import COUNTED, REGULAR, RESERVE, Plan, thawed

LEFT_STATES = (SlateState.SENT_UP, SlateState.NAMED)
"""The slate has left its body, and its plan and its entries' labels were frozen with it."""


@dataclass(frozen=True, slots=True)
class GateReport:
    """The answer of the gate: what the slate comes to and, where this was asked, what mends it.

    Where entries break a bound or the regular places and this was asked (`explained`), `advice` is the remedy, or the
    conflict where no slate at all can keep everything, or that neither was found in time.
    """

    found: SlateReport
    advice: Remedy | SlateConflict | Unadvised | None = None
    explained: bool = False

    @property
    def places(self) -> Mapping[str, Places]:
        """Places by kind."""
        return self.found.places

    @property
    def checks(self) -> tuple[RuleCheck, ...]:
        """One check for each bound."""
        return self.found.checks

    @property
    def carried(self) -> Mapping[str, int]:
        """The regular entries by the labels that they bear; a label that none bears is left out or 0."""
        return self.found.carried

    @property
    def advised(self) -> tuple[RuleCheck, ...]:
        """The bounds that it does not keep, and may break with an approval."""
        return self.found.advised

    @property
    def remedy(self) -> Remedy | None:
        """What mends the slate."""
        return self.advice if isinstance(self.advice, Remedy) else None

    @property
    def separate(self) -> tuple[SeparateUse, ...]:
        """The lines of separate places, and how many of each are filled."""
        return self.found.separate

    @property
    def lines(self) -> Mapping[int, str]:
        """Which of them each nomination fills."""
        return self.found.lines

    @property
    def conflict(self) -> SlateConflict | None:
        """Why no slate can keep everything."""
        return self.advice if isinstance(self.advice, SlateConflict) else None

    @property
    def unadvised(self) -> bool:
        """Whether what mends it, or that nothing does, was looked for in vain."""
        return isinstance(self.advice, Unadvised)

    @property
    def holds(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.found.holds

    @property
    def violations(self) -> tuple[Reason, ...]:
        """All that is broken, each by itself."""
        return (*_of_places(self.found), *_of_rows(self.found), *map(_broken, self.found.broken))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What an act is refused for: all that is broken and, where one by one is not enough, how to mend it at once.

        Then each broken bound only points there: what it asks for itself might break another.
        """
        if self.conflict is not None:
            ways = "".join(conflict_ways(self.conflict))
            return (*self._pointing(NO_WAY), NoLegalSlate(conflict=self.conflict, ways=ways))
        broken = len(self.found.broken) + (self.places[REGULAR].left < 0)
        if self.remedy is not None and (broken > 1 or len(self.checks) > 1):
            return (*self._pointing(TOGETHER), SlateRemedy(broken=broken, remedy=self.remedy))
        if self.unadvised:
            return (*self.violations, SlateUnadvised())
        return self.violations

    def _pointing(self, where: object) -> Iterable[Reason]:
        for violation in self.violations:
            yield violation.changed(repair=where) if isinstance(violation, BrokenBound) else violation


class SlateCase(NamedTuple):
    """A slate as it was found: what is judged, and what a remedy is looked for in. Plain values."""

    plan: Plan
    rows: Sequence[EntryRow]
    pool: Sequence[EntryRow]
    found: SlateReport

    @classmethod
    def of(cls, plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow]) -> Self:
        """The entries held against the plan."""
        return cls(plan, rows, pool, judging.judge(plan, rows, pool))

    def report(self, *, explained: bool) -> GateReport:
        """What was found; `explained` looks for what mends it, which may take seconds."""
        return GateReport(self.found, advice.advise(*self) if explained else None, explained)


class SlateRefused(RuleViolation):
    """
    Everything that the gate has against a slate, with what mends it.

    The gate judges under the lock of the slate's places, in milliseconds. What mends the slate is looked for when the
    reasons are told, once the transaction has been given up and others go on; a log tells it without.
    """

    def __init__(self, case: SlateCase, *more: Reason) -> None:
        super().__init__(*GateReport(case.found).violations, *more)
        self._case, self._more = case, more

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._case, *self._more)

    def __str__(self) -> str:
        return "; ".join(map(str, self.violations))

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """All that is broken and, where one by one is not enough, how to mend it at once."""
        return (*self._case.report(explained=True).reasons, *self._more)


def judge(
    plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow] = (), *, explained: bool = False
) -> GateReport:
    """Hold the entries against the plan. Pure; `explained` looks for what mends a broken slate, which takes longer."""
    return SlateCase.of(plan, rows, pool).report(explained=explained)


def _of_places(found: SlateReport) -> Iterable[Reason]:
    if found.empty:
        yield SlateEmpty(places=found.places[REGULAR].available)
    yield from map(_over, _exceeded(found))
    if found.reserves_over:
        yield ReservesAlone(
            reserves=found.places[RESERVE].used,
            places=found.places[REGULAR].available,
            over=found.reserves_over,
        )
    for use in found.separate:
        if use.left < 0:
            yield SeparateLineExceeded(
                purpose=use.line.purpose, owner=use.line.owner, places=use.line.places, used=use.used
            )
    if found.lineless:
        yield SeparateLineGone(entries=_shown(found.lineless), number=len(found.lineless))


def _exceeded(found: SlateReport) -> Iterable[Places]:
    return (line for line in found.places.values() if line.left < 0)


def _over(line: Places) -> Reason:
    return SlatePlacesExceeded(
        kind=EntryKind(line.kind), used=line.used, places=line.available, over=-line.left
    )


def _of_rows(found: SlateReport) -> Iterable[Reason]:
    if found.outside:
        yield EntriesNotInPool(entries=_shown(found.outside), number=len(found.outside))
    if found.twice:
        yield NomineeTwiceOnSlate(entries=_shown(found.twice))
    for kind, wrong in found.ranks.items():
        yield RanksBroken(kind=EntryKind(kind), rank=wrong, entries=found.places[kind].used)


def _shown(rows: Iterable[EntryRow]) -> tuple[str, ...]:
    return tuple(row.shown for row in rows)


def _broken(check: RuleCheck) -> BrokenBound:
    figures: dict[str, Any] = {
        "label": name_of(check.bound),
        "required": check.required,
        "count": check.count,
        "short": -check.margin,
        "repair": check.repair,
    }
    if check.bound.without:
        return SlotsBroken(**figures)
    figures |= {"clause": check.clause, "basis": base_word(of_places=check.of_places), "base": check.base}
    if check.above:
        return ShareNotAbove(fraction=check.above, **figures)
    return (ShareTooLow if check.sense == "min" else ShareTooHigh)(**figures)


def report(
    *,
    slate_id: int,
    entries: Sequence[tuple[int, str, int]] | None = None,
    lines: Mapping[int, str] | None = None,
    explained: bool = True,
) -> GateReport:
    """The gate on a slate: on its saved entries, or on `entries` as (nomination, kind, rank) for the live meter, and
    the `lines` of separate places that these fill.

    Pass `explained=False` when only the counts are needed. Writes nothing; five statements, and one for the pool where
    a bound or the places are broken. A nomination that does not lie at this body is reported as not in the pool, and
    nothing else about it is shown. Raises Slate.DoesNotExist.
    """
    held = _load(slate_id, entries, lines)
    # What has left cannot be changed any more, so nothing is proposed.
    return _case(held).report(explained=explained and held.slate.state not in LEFT_STATES)


def _case(held: "_Held") -> SlateCase:
    """The slate as it is, with the pool only where something is broken: what keeps everything needs nobody else."""
    found = SlateCase.of(held.plan, held.rows, ())
    if found.found.places[REGULAR].left >= 0 and not found.found.broken:
        return found
    chosen = [row.nomination_id for row in held.rows if row.kind in COUNTED]
    pool = _best_of_pool(held.slate, chosen, held.plan.places[REGULAR] + NAMED_AT_MOST)
    return SlateCase.of(held.plan, held.rows, pool)


def reserves(*, slate_id: int) -> list[tuple[int, tuple[Reason, ...]]]:
    """The slate's reserves in their rank: nomination, and what its promotion to the regular entries would break."""
    return [(reserve.nomination_id, broken) for reserve, broken in standing_by(*snapshot(slate_id=slate_id))]


def standing_by(
    plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow] = ()
) -> list[tuple[EntryRow, tuple[Reason, ...]]]:
    """The reserves in their rank, each with what its promotion to the regular entries would break. Pure."""
    return [
        (each.reserve, (*map(_over, each.over), *map(_broken, each.broken)))
        for each in judging.standing_by(plan, rows, pool)
    ]


def snapshot(*, slate_id: int) -> tuple[Plan, list[EntryRow], list[EntryRow]]:
    """Plan, saved entries and pool of a slate as plain values, to be judged in any variation. Five statements."""
    held = _load(slate_id, None)
    here = Nomination.objects.pool_of(held.slate.round_award_id, held.slate.body_id).order_by("pk")
    known = {row.nomination_id: row for row in held.saved}
    pool = [known.get(values[0]) or _row(held.slate, values) for values in here.values_list(*_READ)]
    return held.plan, held.rows, pool


class _Held(NamedTuple):
    slate: Slate
    plan: Plan
    rows: list[EntryRow]
    saved: list[EntryRow]


def _on_line(row: EntryRow, lines: Mapping[int, str] | None) -> EntryRow:
    """The entry on the line of separate places that is thought of for it."""
    return row if lines is None else replace(row, line=lines.get(row.nomination_id, ""))


def _load(
    slate_id: int,
    entries: Sequence[tuple[int, str, int]] | None,
    lines: Mapping[int, str] | None = None,
) -> _Held:
    """Plan and entries of a slate, in four statements, or of one that has left with its plan, in two.

    One more where `entries` names nominations that do not stand on it.
    """
    slate = Slate.objects.select_related("round_award__award", "round_award__rule_version").get(pk=slate_id)
    standing = SlateEntry.objects.filter(slate=slate_id, removed_at=None).order_by("nomination")
    saved, known = [], {}
    for nomination_id, kind, rank, carried, line, *values in standing.values_list(*_SAVED):
        saved.append((nomination_id, kind, rank))
        known[nomination_id] = _as_it_left(slate, _row(slate, values, line=line), carried)
    on_it = list(known.values())
    chosen = saved if entries is None else entries
    known |= _from_pool(slate, [entry[0] for entry in chosen if entry[0] not in known])
    return _Held(
        slate=slate,
        plan=replace(plan_of(slate), edition=slate.round_award.rule_version.number),
        rows=[_on_line(_entry(known, *entry), lines) for entry in chosen],
        saved=on_it,
    )


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gate let through: the plan, the entries and the report on them."""

    plan: Plan
    rows: tuple[EntryRow, ...]
    report: GateReport


def require(*, slate_id: int, more: Iterable[Reason] = ()) -> Passed:
    """What the saved entries are held to, and that they keep it; SlateRefused with everything that is broken, and `more`."""
    held = _load(slate_id, None)
    case, others = _case(held), tuple(more)
    if not case.found.holds or others:
        raise SlateRefused(case, *others)
    return Passed(held.plan, tuple(held.rows), case.report(explained=False))


class _Facts(NamedTuple):
    pk: int
    number: str
    nominee_name: str
    nominee_key: str
    score: int | None
    status: str
    desk_id: int | None
    labels: str


_READ = _Facts._fields
"""The columns of a nomination that make a row."""


_SAVED = (
    "nomination_id",
    "kind",
    "rank",
    "frozen_labels",
    "line",
    *(f"nomination__{name}" for name in _READ),
)
"""The columns of an entry: where it stands, and what makes its row."""


def _from_pool(slate: Slate, wanted: Collection[int]) -> dict[int, EntryRow]:
    """Those of the wanted nominations that lie in the pool of the slate's body, by number; one statement, none for none."""
    if not wanted:
        return {}
    pool = Nomination.objects.pool_of(slate.round_award_id, slate.body_id).filter(pk__in=among(wanted))
    return {values[0]: _row(slate, values) for values in pool.values_list(*_READ)}


def _best_of_pool(slate: Slate, chosen: Iterable[int], most: int) -> list[EntryRow]:
    """The pool without those chosen: the best by score of each kind of entry, and how many more of it there are.

    One statement. More than a slate can hold are of no use to it, so `most` of a kind stand for all.
    """
    kind: dict[str, Any] = {"partition_by": ["labels"]}
    best_first = [Coalesce("score", 0).desc(), F("number").asc()]
    found = (
        Nomination.objects.pool_of(slate.round_award_id, slate.body_id)
        .exclude(pk__in=among(chosen))
        .annotate(
            place=Window(RowNumber(), order_by=best_first, **kind),
            together=Window(Count("*"), **kind),
        )
        .filter(place__lte=most)
        .order_by("pk")
    )
    return [
        replace(_row(slate, values), more=together - place if place == most else 0)
        for *values, place, together in found.values_list(*_READ, "place", "together")
    ]


def _row(slate: Slate, values: Sequence[Any], *, line: str = "") -> EntryRow:
    """From the values of `_READ`."""
    facts = _Facts._make(values)
    return EntryRow(
        nomination_id=facts.pk,
        number=facts.number,
        name=facts.nominee_name,
        labels=labels.read(facts.labels),
        nominee_key=facts.nominee_key,
        score=facts.score,
        in_pool=_in_pool(slate, facts),
        line=line,
    )


def _in_pool(slate: Slate, row: _Facts) -> bool:
    """Whether it waits here for this slate. A slate that has gone up or been named has left its pool behind."""
    if slate.state in LEFT_STATES:
        return True
    return row.status == NominationState.POOLED and row.desk_id == slate.body_id


def _as_it_left(slate: Slate, row: EntryRow, carried: Sequence[str] | None) -> EntryRow:
    """An entry of a slate that has left counts as it counted then, however its nomination was corrected since."""
    if slate.state not in LEFT_STATES or carried is None:
        return row
    return replace(row, labels=labels.entry(carried))


def _entry(known: Mapping[int, EntryRow], nomination_id: int, kind: str, rank: int) -> EntryRow:
    row = known.get(nomination_id)
    if row is None:
        return EntryRow(
            nomination_id,
            "",
            f"#{nomination_id}",
            frozenset(),
            in_pool=False,
            kind=EntryKind(kind),
            rank=rank,
        )
    return replace(row, kind=EntryKind(kind), rank=rank)


def plan_of(slate: Slate) -> Plan:
    """The places and rules of a slate (with `round_award__award` loaded), two statements.

    A slate that has left keeps those with which it left; a slate that left before they were recorded uses today's.
    """
    return _kept_plan(slate) or plans.one(_desk_of(slate))


def _kept_plan(slate: Slate) -> Plan | None:
    """The plan with which a slate left; none while it has not, and where none was kept."""
    if slate.state not in LEFT_STATES or slate.frozen_plan is None:
        return None
    return thawed(slate.frozen_plan)


def _desk_of(slate: Slate) -> AwardDesk:
    return AwardDesk(slate.round_award, slate.body_id, slate.stage)


def reports(
    *, slates: Sequence[Slate], as_left: bool = False, known: Mapping[plans.Key, Plan] | None = None
) -> dict[int, GateReport]:
    """The reports on many slates (with `round_award__award` loaded) by their number, without proposals from the pools.

    With `as_left`, on the entries with which each slate left, also those that were taken off it later: their ranks
    mean nothing then, since those behind them have moved up. Two statements; one where today's plans are `known`.
    """
    kept = {slate.pk: _kept_plan(slate) for slate in slates}
    today = known or plans.of(_desk_of(slate) for slate in slates if kept[slate.pk] is None)
    by_number = {slate.pk: slate for slate in slates}
    rows: dict[int, list[EntryRow]] = {pk: [] for pk in by_number}
    which = Q(frozen_labels__isnull=False) if as_left else Q(removed_at=None)
    entries = SlateEntry.objects.filter(which, slate__in=by_number).order_by("slate", "kind", "rank")
    for slate_id, kind, rank, carried, line, *values in entries.values_list(
        "slate_id", "kind", "rank", "frozen_labels", "line", *(f"nomination__{name}" for name in _READ)
    ):
        slate = by_number[slate_id]
        row = _as_it_left(slate, _row(slate, values), carried)
        rows[slate_id].append(replace(row, kind=EntryKind(kind), rank=rank, line=line))
    return {pk: judge(kept[pk] or today[_desk_of(slate).key], rows[pk]) for pk, slate in by_number.items()}
