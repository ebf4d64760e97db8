"""The gate of a slate: its places, its shares, its ranks, counted from its entries.

The live meter beside the workbench, the refusal of an act and the recount of `verify` all come from `judge`,
so that none of them can say anything else than the others. Nothing here writes.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import Any, Literal, NamedTuple

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Coalesce, RowNumber

from appraisal.gate.refusals import (
    BrokenBound,
    EntriesNotInPool,
    NoLegalSlate,
    NomineeTwiceOnSlate,
    RanksBroken,
    ShareNotAbove,
    ShareTooHigh,
    ShareTooLow,
    SlateEmpty,
    SlatePlacesExceeded,
    SlateRemedy,
    TypedPlacesBroken,
)
from appraisal.gate.services.remedies import (
    NAMED_AT_MOST,
    NamedEntry,
    Remedy,
    SlateConflict,
    explain,
    facet_of,
    named,
    number_of,
)
from appraisal.gate.wording import NO_WAY, TOGETHER, base_word, parted_label, typed_places_label, ways
from appraisal.records import facets
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind, NominationState, SlateState
from appraisal.records.wording import label_word
from quotas.arithmetic import shares
from quotas.base.errors import Reason, RuleViolation, Worded
from quotas.base.querysets import among
from quotas.base.states import Stage
from quotas.editions.services import rules
from quotas.rounds.models import Allotment, RoundAward

Source = Literal["share_rule", "typed_places"]
"""Where a check comes from: a share rule of the award, or the typed places of the body's allotment."""

LEFT_STATES = (SlateState.SENT_UP, SlateState.NAMED)
"""The slate has left its body, and its plan and its entries' labels were frozen with it."""


COUNTED_KINDS = (EntryKind.REGULAR, EntryKind.SEPARATE)
"""Entries that go up as winners to be; a reserve counts once it is promoted."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a slate, or a nomination of its pool (then without kind and rank), as plain values."""

    nomination_id: int
    number: str
    name: str
    labels: shares.Entry
    nominee_key: str = ""
    score: int | None = None
    in_pool: bool = True
    kind: EntryKind | None = None
    rank: int = 0
    more: int = 0
    """How many of the pool count alike and come behind it, where they were not read one by one."""

    @property
    def shown(self) -> str:
        """How a sentence names it."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True, slots=True)
class SlateBound:
    """One bound that a slate is held to: on the entries with one of `labels`, or on those with none of them.

    `figures` is what entries are counted against. A share of the allotted places becomes a plain count, since the
    places are known: `stated` is the share as the rule says it and `allotted` are the places it is taken of.
    """

    code: str
    label: str
    clause: str
    source: Source
    figures: shares.Bound
    labels: frozenset[str]
    base: str | None = None
    without: bool = False
    stated: shares.Bound | None = None
    allotted: int | None = None

    @property
    def facets(self) -> frozenset[str]:
        """The facets by which this bound distinguishes entries."""
        return frozenset(label.partition(":")[0] for label in (*self.labels, self.base) if label)

    def covers(self, entry: shares.Entry) -> bool:
        """Whether the entry is part of the base."""
        return self.base is None or self.base in entry

    def counts(self, entry: shares.Entry) -> bool:
        """Whether the entry is part of the base and of the kind that is counted."""
        return self.covers(entry) and bool(self.labels & entry) != self.without

    def wants(self, entry: shares.Entry) -> bool:
        """Whether one more entry of this kind moves the slate towards the bound, or at least not away from it."""
        return self.counts(entry) if self.figures.sense == "min" else not self.counts(entry)


@dataclass(frozen=True, slots=True)
class TypedPlaces:
    """A number of places reserved for entries labelled `label`."""

    label: str
    places: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a body may send up for one award, as plain values."""

    places: Mapping[EntryKind, int]
    typed: tuple[TypedPlaces, ...] = ()
    rules: tuple[shares.Rule, ...] = ()
    rule_labels: Mapping[str, str] = field(default_factory=dict)
    awarding: bool = False
    edition: int | None = None
    """The number of the rule version, where it was asked for."""


def frozen(plan: Plan) -> dict[str, object]:
    """The plan as data, to be kept with a slate that leaves; `thawed` gives it back."""
    return {
        "places": {kind.value: number for kind, number in plan.places.items()},
        "typed": {typed.label: typed.places for typed in plan.typed},
        "edition": plan.edition,
        "rules": [{**asdict(rule), "label": plan.rule_labels.get(rule.code, "")} for rule in plan.rules],
        "awarding": plan.awarding,
    }


def thawed(data: Mapping[str, Any]) -> Plan:
    """The plan out of `frozen`, whatever has become of the allotment and the rules since."""
    labels = {rule["code"]: rule["label"] for rule in data["rules"]}
    return Plan(
        places={EntryKind(kind): number for kind, number in data["places"].items()},
        typed=tuple(TypedPlaces(label, places) for label, places in data["typed"].items()),
        rules=tuple(
            shares.Rule(**{name: value for name, value in rule.items() if name != "label"})
            for rule in data["rules"]
        ),
        rule_labels={code: label for code, label in labels.items() if label},
        awarding=data["awarding"],
        edition=data["edition"],
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one kind: how many entries take one, how many there are."""

    kind: EntryKind
    used: int
    available: int

    @property
    def left(self) -> int:
        """Free places; below zero where there are too many entries."""
        return self.available - self.used


@dataclass(frozen=True, slots=True)
class SlateRepair:
    """The smallest changes that would make a broken bound hold, each way by itself; `None`: not this way.

    `add` entries more of the wanted kind, `drop` unwanted ones, or `exchange` unwanted ones for wanted ones.
    A way is offered only where places and pool allow it. `candidates` of the pool could be chosen,
    `droppable` entries could go, the last-ranked first; at most `NAMED_AT_MOST` each. Wanted are entries with one
    of `labels`, or those with none of them.
    """

    labels: tuple[str, ...]
    labelled_wanted: bool
    add: int | None
    drop: int | None
    exchange: int | None
    candidates: tuple[NamedEntry, ...]
    droppable: tuple[NamedEntry, ...]

    @property
    def label(self) -> str:
        """The ways in words, for the refusal and the meter alike."""
        return ways(
            wanted=label_word(self.labels, carried=self.labelled_wanted),
            unwanted=label_word(self.labels, carried=not self.labelled_wanted),
            add=self.add,
            drop=self.drop,
            exchange=self.exchange,
            candidates=[candidate.label for candidate in self.candidates],
        )


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One rule held against the slate. `margin` below zero: broken, and by how many entries.

    For typed places, `count` is the number of entries that are *not* of the type and `required` is the most allowed.
    `of_places`: the base are the places allotted, not the entries listed, so that a slate that is too long may count
    more than its base.
    """

    code: str
    label: str
    clause: str
    source: Source
    labels: tuple[str, ...]
    stated: shares.Bound
    base: int
    count: int
    required: int
    margin: int
    holds: bool
    repair: SlateRepair | None
    of_places: bool = False

    @property
    def sense(self) -> shares.Sense:
        """Whether it is a minimum or a maximum."""
        return self.stated.sense

    @property
    def fraction(self) -> Fraction | None:
        """The share that is asked, in lowest terms; none where a number is asked."""
        return (
            None if self.stated.kind == "count" else Fraction(self.stated.numerator, self.stated.denominator)
        )

    @property
    def above(self) -> str:
        """The share of the previous round that must be exceeded, as it was: "37/100". Empty for every other rule.

        Where it was the whole it cannot be exceeded, and the whole is asked.
        """
        stated = self.stated
        exceeded = stated.kind == "above" and stated.numerator < stated.denominator
        return f"{stated.numerator}/{stated.denominator}" if exceeded else ""


@dataclass(frozen=True, slots=True)
class GateReport:
    """The answer of the gate: places by kind, one check per rule, and everything that is broken.

    `carried` counts the regular entries by the labels they carry; a label that none carries is left out or 0.
    Where this was asked (`explained`) and entries break a bound or the regular places: the `remedy`, or the `conflict`
    where no slate at all can keep everything.
    """

    places: Mapping[EntryKind, Places]
    checks: tuple[RuleCheck, ...]
    violations: tuple[Reason, ...]
    carried: Mapping[str, int]
    remedy: Remedy | None = None
    conflict: SlateConflict | None = None
    explained: bool = False

    @property
    def holds(self) -> bool:
        return not self.violations

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What an act is refused for: all that is broken and, where one by one is not enough, how to mend it at once.

        Then each broken bound only points there: what it asks for itself might break another.
        """
        if self.conflict is not None:
            conflict = NoLegalSlate(conflict=self.conflict, ways="".join(self.conflict.ways))
            return (*self._pointing(NO_WAY), conflict)
        broken = sum(1 for check in self.checks if not check.holds)
        broken += self.places[EntryKind.REGULAR].left < 0
        if self.remedy is not None and (broken > 1 or len(self.checks) > 1):
            return (*self._pointing(TOGETHER), SlateRemedy(broken=broken, remedy=self.remedy))
        return self.violations

    def _pointing(self, where: object) -> Iterable[Reason]:
        for violation in self.violations:
            yield violation.changed(repair=where) if isinstance(violation, BrokenBound) else violation


def bounds_of(plan: Plan) -> list[SlateBound]:
    """What a slate is held to: its typed places, and the share rules.

    Below the awarding body a typed place takes the place of one rule only: the minimum of that very label on the whole
    list, of which it is this body's part (`_part`). Ceilings, nested bases and minima of other values stay in force. The
    awarding body keeps every rule on the actual list, and it alone those on what is awarded.
    """
    typed = {} if plan.awarding else {typed.label: typed.places for typed in plan.typed}
    held = [rule for rule in plan.rules if plan.awarding or rule.basis != "awarded"]
    bounds = list(_typed_bounds(plan))
    for rule in held:
        parted = (rule.sense, rule.base) == ("min", None) and rule.facet in typed
        bound = _part(plan, rule, typed[rule.facet]) if parted else _rule_bound(plan, rule)
        if bound is not None:
            bounds.append(bound)
    return bounds


def _part(plan: Plan, rule: shares.Rule, typed: int) -> SlateBound | None:
    """The part of a minimum that the body answers for: the share itself, less the rounding in the body's favour.

    None where the typed places already say everything: for a plain number, for a share of the places, and where the
    part is 0.
    """
    if rule.basis == "allotted" or rule.kind == "count":
        return None
    figures = shares.part(rule.bound, plan.places[EntryKind.REGULAR], typed)
    if not typed and figures != rule.bound:
        return None
    bound = _rule_bound(plan, rule)
    if figures == rule.bound:
        return bound
    return replace(bound, figures=figures, label=parted_label(bound.label))


def _rule_bound(plan: Plan, rule: shares.Rule) -> SlateBound:
    allotted = plan.places[EntryKind.REGULAR] if rule.basis == "allotted" else None
    figures = rule.bound
    if allotted is not None:
        figures = shares.Bound(rule.code, rule.sense, "count", shares.required(rule.bound, allotted))
    return SlateBound(
        code=rule.code,
        label=plan.rule_labels.get(rule.code, rule.code),
        clause=rule.clause,
        source="share_rule",
        figures=figures,
        labels=frozenset({rule.facet}),
        base=rule.base,
        stated=rule.bound,
        allotted=allotted,
    )


def _typed_bounds(plan: Plan) -> Iterable[SlateBound]:
    """Entries without the type take at most the places that are not typed.

    Types of one facet exclude each other, so each entry finds a place iff this holds for every set of them
    (Hall's theorem), not only for each by itself.
    """
    by_facet: dict[str, list[TypedPlaces]] = {}
    for typed in plan.typed:
        by_facet.setdefault(facet_of(typed.label), []).append(typed)
    for group in by_facet.values():
        for size in range(1, len(group) + 1):
            for types in combinations(group, size):
                labels = sorted(typed.label for typed in types)
                code = f"typed:{'+'.join(labels)}"
                others = max(plan.places[EntryKind.REGULAR] - sum(typed.places for typed in types), 0)
                yield SlateBound(
                    code=code,
                    label=typed_places_label(labels),
                    clause="",
                    source="typed_places",
                    figures=shares.Bound(code, "max", "count", others),
                    labels=frozenset(labels),
                    without=True,
                )


def judge(
    plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow] = (), *, explained: bool = False
) -> GateReport:
    """Hold the entries `rows` against the plan. Pure; `pool` only serves to say what could be chosen instead.

    Separately listed entries are outside every base; reserves are not counted until they are promoted. `explained`
    looks for the remedy or the conflict of a slate that is broken, which takes milliseconds.
    """
    used = Counter(row.kind for row in rows)
    places = {kind: Places(kind, used[kind], plan.places[kind]) for kind in EntryKind}
    regular = [row for row in rows if row.kind == EntryKind.REGULAR]
    chosen = {row.nomination_id for row in rows if row.kind in COUNTED_KINDS}
    free = [row for row in pool if row.in_pool and row.nomination_id not in chosen]
    left = places[EntryKind.REGULAR].left
    bounds = bounds_of(plan)
    every = [_check(bound, regular, free, left) for bound in bounds]
    # Sets of types are told only where one is broken: to the reader each type is one line.
    checks = tuple(check for check in every if len(check.labels) == 1 or not check.holds)
    violations = (*_of_places(places), *_of_rows(rows), *_of_checks(checks))
    carried = Counter(label for row in regular for label in row.labels)
    found = None
    broken = {check.code for check in checks if not check.holds}
    if explained and regular and (broken or left < 0):
        found = explain(
            bounds,
            broken,
            plan.places[EntryKind.REGULAR],
            regular,
            free,
            at_least=0 if places[EntryKind.SEPARATE].used else 1,
        )
    return GateReport(
        places,
        checks,
        violations,
        carried,
        remedy=found if isinstance(found, Remedy) else None,
        conflict=found if isinstance(found, SlateConflict) else None,
        explained=explained,
    )


def _check(
    bound: SlateBound, regular: Sequence[EntryRow], free: Sequence[EntryRow], places_left: int
) -> RuleCheck:
    base = sum(1 for row in regular if bound.covers(row.labels))
    count = sum(1 for row in regular if bound.counts(row.labels))
    result = shares.check(bound.figures, base, count)
    return RuleCheck(
        code=bound.code,
        label=bound.label,
        clause=bound.clause,
        source=bound.source,
        labels=tuple(sorted(bound.labels)),
        stated=bound.stated or bound.figures,
        base=base if bound.allotted is None else bound.allotted,
        count=count,
        required=result.required,
        margin=result.margin,
        holds=result.holds,
        repair=None if result.holds else _repair(bound, regular, free, places_left, base, count),
        of_places=bound.allotted is not None,
    )


def _repair(
    bound: SlateBound,
    regular: Sequence[EntryRow],
    free: Sequence[EntryRow],
    places_left: int,
    base: int,
    count: int,
) -> SlateRepair:
    changes = shares.smallest_changes(bound.figures, base, count)
    if bound.figures.sense == "min":
        add, drop = changes.add_matching, changes.drop_other
    else:
        add, drop = changes.add_other, changes.drop_matching
    # A base of its own: an entry outside it neither helps as an addition nor harms as one that stays.
    wanted = [row for row in free if bound.covers(row.labels) and bound.wants(row.labels)]
    unwanted = [row for row in regular if bound.covers(row.labels) and not bound.wants(row.labels)]
    exchange = changes.exchange
    return SlateRepair(
        labels=tuple(sorted(bound.labels)),
        labelled_wanted=(bound.figures.sense == "min") != bound.without,
        add=_if(add, lambda number: number <= min(places_left, number_of(wanted))),
        drop=_if(drop, lambda number: number < len(regular)),
        exchange=_if(exchange, lambda number: number <= min(len(unwanted), number_of(wanted))),
        candidates=named(sorted(wanted, key=lambda row: (-(row.score or 0), row.number))),
        droppable=named(sorted(unwanted, key=lambda row: -row.rank)),
    )


def _if(number: int | None, possible: Callable[[int], bool]) -> int | None:
    return number if number is not None and possible(number) else None


def _of_places(places: Mapping[EntryKind, Places]) -> Iterable[Reason]:
    regular = places[EntryKind.REGULAR]
    # A body may have separately listed places only; reserves alone are no slate.
    if not any(places[kind].used for kind in COUNTED_KINDS):
        yield SlateEmpty(places=regular.available)
    for kind, line in places.items():
        if line.left < 0:
            yield SlatePlacesExceeded(kind=kind, used=line.used, places=line.available, over=-line.left)


def _of_rows(rows: Sequence[EntryRow]) -> Iterable[Reason]:
    outside = tuple(row.shown for row in rows if not row.in_pool)
    if outside:
        yield EntriesNotInPool(entries=outside, number=len(outside))
    keys = Counter(row.nominee_key for row in rows if row.nominee_key)
    twice = tuple(row.shown for row in rows if keys[row.nominee_key] > 1)
    if twice:
        yield NomineeTwiceOnSlate(entries=twice)
    for kind in EntryKind:
        ranks = sorted(row.rank for row in rows if row.kind == kind)
        wrong = next((rank for place, rank in enumerate(ranks, start=1) if rank != place), None)
        if wrong is not None:
            yield RanksBroken(kind=kind, rank=wrong, entries=len(ranks))


def _of_checks(checks: Iterable[RuleCheck]) -> Iterable[Reason]:
    for check in checks:
        if check.repair is None:
            continue
        yield _broken(check, check.repair)


def _broken(check: RuleCheck, repair: Worded) -> BrokenBound:
    if check.source == "typed_places":
        return TypedPlacesBroken(
            label=check.label,
            required=check.required,
            count=check.count,
            short=-check.margin,
            repair=repair,
        )
    if check.above:
        return ShareNotAbove(
            label=check.label,
            clause=check.clause,
            fraction=check.above,
            basis=base_word(of_places=check.of_places),
            base=check.base,
            required=check.required,
            count=check.count,
            short=-check.margin,
            repair=repair,
        )
    return (ShareTooLow if check.sense == "min" else ShareTooHigh)(
        label=check.label,
        clause=check.clause,
        basis=base_word(of_places=check.of_places),
        base=check.base,
        required=check.required,
        count=check.count,
        short=-check.margin,
        repair=repair,
    )


def report(
    *, slate_id: int, entries: Sequence[tuple[int, str, int]] | None = None, explained: bool = True
) -> GateReport:
    """The gate on a slate: on its saved entries, or on `entries` as (nomination, kind, rank) for the live meter.

    Pass `explained=False` when only the counts are needed. Writes nothing; five statements, and one for the pool where
    a bound or the places are broken. A nomination that does not lie at this body is reported as not in the pool, and
    nothing else about it is shown. Raises Slate.DoesNotExist.
    """
    held = _load(slate_id, entries)
    # What has left cannot be changed any more, so nothing is proposed.
    return _judged(held, explained=explained and held.slate.state not in LEFT_STATES)


def _judged(held: "_Held", *, explained: bool) -> GateReport:
    """`judge`, with the pool only where something is broken: a slate that keeps everything needs nobody else."""
    found = judge(held.plan, held.rows, explained=explained)
    if found.places[EntryKind.REGULAR].left >= 0 and all(check.holds for check in found.checks):
        return found
    chosen = [row.nomination_id for row in held.rows if row.kind in COUNTED_KINDS]
    pool = _best_of_pool(held.slate, chosen, held.plan.places[EntryKind.REGULAR] + NAMED_AT_MOST)
    return judge(held.plan, held.rows, pool, explained=explained)


def reserves(*, slate_id: int) -> list[tuple[int, tuple[Reason, ...]]]:
    """The slate's reserves in their rank: nomination, and what its promotion to the regular entries would break."""
    return [(reserve.nomination_id, broken) for reserve, broken in standing_by(*snapshot(slate_id=slate_id))]


def standing_by(
    plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow] = ()
) -> list[tuple[EntryRow, tuple[Reason, ...]]]:
    """The reserves in their rank, each with what its promotion to the regular entries would break. Pure.

    Nothing is broken when there is a free place, and every bound holds afterwards or wants entries of its kind: two
    vacancies are filled one after the other, and the first reserve need not mend alone what both have broken.
    """
    waiting = sorted((row for row in rows if row.kind == EntryKind.RESERVE), key=lambda row: row.rank)
    return [(reserve, tuple(_broken_by(plan, rows, reserve, pool))) for reserve in waiting]


def without(rows: Sequence[EntryRow], leaving: Collection[int]) -> list[EntryRow]:
    """The slate without these nominations, those behind them moved up within their kind."""
    staying = sorted((row for row in rows if row.nomination_id not in leaving), key=lambda row: row.rank)
    ranks: Counter[EntryKind | None] = Counter()
    moved = []
    for row in staying:
        ranks[row.kind] += 1
        moved.append(replace(row, rank=ranks[row.kind]))
    return moved


def promoted(rows: Sequence[EntryRow], reserve: EntryRow) -> list[EntryRow]:
    """The slate with the reserve at the end of the regular entries, and the reserves behind it moved up."""
    last = sum(1 for row in rows if row.kind == EntryKind.REGULAR)
    moved = []
    for row in rows:
        if row == reserve:
            moved.append(replace(row, kind=EntryKind.REGULAR, rank=last + 1))
        elif row.kind == EntryKind.RESERVE and row.rank > reserve.rank:
            moved.append(replace(row, rank=row.rank - 1))
        else:
            moved.append(row)
    return moved


def _broken_by(
    plan: Plan, rows: Sequence[EntryRow], reserve: EntryRow, pool: Sequence[EntryRow]
) -> Iterable[Reason]:
    after = judge(plan, promoted(rows, reserve), pool)
    against = {
        bound.code
        for bound in bounds_of(plan)
        if bound.covers(reserve.labels) and not bound.wants(reserve.labels)
    }
    yield from (violation for violation in after.violations if isinstance(violation, SlatePlacesExceeded))
    yield from _of_checks(check for check in after.checks if check.code in against)


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


def _load(slate_id: int, entries: Sequence[tuple[int, str, int]] | None) -> _Held:
    """Plan and entries of a slate, in four statements, or of one that has left with its plan, in two.

    One more where `entries` names nominations that do not stand on it.
    """
    slate = Slate.objects.select_related("round_award__award", "round_award__rule_version").get(pk=slate_id)
    standing = SlateEntry.objects.filter(slate=slate_id, removed_at=None).order_by("nomination")
    saved, known = [], {}
    for nomination_id, kind, rank, labels, *values in standing.values_list(*_SAVED):
        saved.append((nomination_id, kind, rank))
        known[nomination_id] = _as_it_left(slate, _row(slate, values), labels)
    on_it = list(known.values())
    chosen = saved if entries is None else entries
    known |= _from_pool(slate, [entry[0] for entry in chosen if entry[0] not in known])
    return _Held(
        slate=slate,
        plan=replace(plan_of(slate), edition=slate.round_award.rule_version.number),
        rows=[_entry(known, *entry) for entry in chosen],
        saved=on_it,
    )


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gate let through: the plan, the entries and the report on them."""

    plan: Plan
    rows: tuple[EntryRow, ...]
    report: GateReport


def require(*, slate_id: int) -> Passed:
    """What the saved entries are held to, and that they keep it; RuleViolation with everything that is broken."""
    held = _load(slate_id, None)
    found = _judged(held, explained=True)
    if not found.holds:
        raise RuleViolation(*found.reasons)
    return Passed(held.plan, tuple(held.rows), found)


class _Facts(NamedTuple):
    pk: int
    number: str
    nominee_name: str
    nominee_key: str
    score: int | None
    status: str
    desk_id: int | None


_READ = (*_Facts._fields, *facets.FIELDS)
"""The columns of a nomination that make a row: what it is, and what its labels are."""


_SAVED = ("nomination_id", "kind", "rank", "frozen_labels", *(f"nomination__{name}" for name in _READ))
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
    kind: dict[str, Any] = {"partition_by": list(facets.FIELDS)}
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


def _row(slate: Slate, values: Sequence[Any]) -> EntryRow:
    """From the values of `_READ`."""
    facts = _Facts._make(values[: len(_Facts._fields)])
    traits = facets.Traits._make(values[len(_Facts._fields) :])
    return EntryRow(
        nomination_id=facts.pk,
        number=facts.number,
        name=facts.nominee_name,
        labels=facets.labels_of(traits, slate.round_award.award.nominee_kind),
        nominee_key=facts.nominee_key,
        score=facts.score,
        in_pool=_in_pool(slate, facts),
    )


def _in_pool(slate: Slate, row: _Facts) -> bool:
    """Whether it waits here for this slate. A slate that has gone up or been named has left its pool behind."""
    if slate.state in LEFT_STATES:
        return True
    return row.status == NominationState.POOLED and row.desk_id == slate.body_id


def _as_it_left(slate: Slate, row: EntryRow, labels: Sequence[str] | None) -> EntryRow:
    """An entry of a slate that has left counts as it counted then, however its nomination was corrected since."""
    if slate.state not in LEFT_STATES or labels is None:
        return row
    return replace(row, labels=frozenset(labels))


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
    kept = _kept_plan(slate)
    if kept is not None:
        return kept
    places = Allotment.objects.filter(round_award=slate.round_award_id, body=slate.body_id)
    labelled = rules.labelled(round_award_id=slate.round_award_id, stage=slate.stage)
    return plan_from(slate.round_award, slate.stage, list(places.values_list(*ALLOTTED)), labelled)


def _kept_plan(slate: Slate) -> Plan | None:
    """The plan with which a slate left; none while it has not, and where none was kept."""
    if slate.state not in LEFT_STATES or slate.frozen_plan is None:
        return None
    return thawed(slate.frozen_plan)


ALLOTTED = (
    "places",
    "reserve_places",
    "separate_places",
    "typed_places__facet",
    "typed_places__value",
    "typed_places__places",
)
"""The columns of an allotment that `plan_from` takes, a row for each type of places."""
_NO_PLACES = (0, 0, 0)


def plan_from(
    round_award: RoundAward,
    stage: str,
    allotted: Sequence[Sequence[Any]],
    labelled: Iterable[tuple[shares.Rule, str]],
) -> Plan:
    """The plan of a body at its stage, from the rows of `ALLOTTED` and the rules with their labels."""
    regular, reserve, separate = allotted[0][:3] if allotted else _NO_PLACES
    labelled = list(labelled)
    return Plan(
        places={
            EntryKind.REGULAR: regular,
            EntryKind.RESERVE: reserve,
            EntryKind.SEPARATE: separate,
        },
        typed=tuple(
            TypedPlaces(f"{facet}:{value}", places) for *_places, facet, value, places in allotted if facet
        ),
        rules=tuple(rule for rule, _label in labelled),
        rule_labels={rule.code: label for rule, label in labelled},
        awarding=stage == round_award.award.final_stage,
    )


def reports(*, slates: Sequence[Slate], as_left: bool = False) -> dict[int, GateReport]:
    """The reports on many slates (with `round_award__award` loaded) by their number, without proposals from the pools.

    With `as_left`, on the entries with which each slate left, also those that were taken off it later: their ranks
    mean nothing then, since those behind them have moved up. Two statements, and one for each award and stage.
    """
    allotted: dict[tuple[int, int], list[Sequence[Any]]] = {}
    awards = {slate.round_award_id for slate in slates}
    for award, body, *rest in Allotment.objects.filter(round_award__in=awards).values_list(
        "round_award_id", "body_id", *ALLOTTED
    ):
        allotted.setdefault((award, body), []).append(rest)
    labelled = {
        (award, stage): rules.labelled(round_award_id=award, stage=Stage(stage))
        for award, stage in sorted({(slate.round_award_id, slate.stage) for slate in slates})
    }
    by_number = {slate.pk: slate for slate in slates}
    rows: dict[int, list[EntryRow]] = {pk: [] for pk in by_number}
    which = Q(frozen_labels__isnull=False) if as_left else Q(removed_at=None)
    entries = SlateEntry.objects.filter(which, slate__in=by_number).order_by("slate", "kind", "rank")
    for slate_id, kind, rank, labels, *values in entries.values_list(
        "slate_id", "kind", "rank", "frozen_labels", *(f"nomination__{name}" for name in _READ)
    ):
        slate = by_number[slate_id]
        row = _as_it_left(slate, _row(slate, values), labels)
        rows[slate_id].append(replace(row, kind=EntryKind(kind), rank=rank))
    return {
        pk: judge(
            _kept_plan(slate)
            or plan_from(
                slate.round_award,
                slate.stage,
                allotted.get((slate.round_award_id, slate.body_id), []),
                labelled[slate.round_award_id, slate.stage],
            ),
            rows[pk],
        )
        for pk, slate in by_number.items()
    }
