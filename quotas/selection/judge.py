"""A list held against its plan: places, bounds, ranks, and what would mend each bound by itself.

The live meter, the refusal of an act, the board and the recount all come from `judge`, so that none of them can say
anything else than the others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice

from quotas.arithmetic import shares
from quotas.selection.crowd import Crowd
from quotas.selection.labels import Entry
from quotas.selection.plan import (
    COUNTED,
    KINDS,
    REGULAR,
    RESERVE,
    SEPARATE,
    Plan,
    SeparateLine,
    SlateBound,
    Source,
    advised_bounds_of,
    bounds_of,
)

NAMED_AT_MOST = 5
"""How many nominations a proposal names; more would be a second pool to read."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a list, or a nomination of its pool (then without kind and rank), as plain values."""

    nomination_id: int
    number: str
    name: str
    labels: Entry
    nominee_key: str = ""
    score: int | None = None
    in_pool: bool = True
    kind: str | None = None
    rank: int = 0
    line: str = ""
    """Which line of separate places it fills, by its key; nothing yet, or none."""
    more: int = 0
    """How many of the pool count alike and come behind it, where they were not read one by one."""

    @property
    def shown(self) -> str:
        """How a sentence names it."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """A nomination as a proposal names it."""

    nomination_id: int
    number: str
    name: str

    @property
    def label(self) -> str:
        """How a sentence names it."""
        return f"{self.number} {self.name}"


def named(rows: Iterable[EntryRow], *, at_most: int = NAMED_AT_MOST) -> tuple[NamedEntry, ...]:
    """The first few of these, as a proposal names them."""
    return tuple(NamedEntry(row.nomination_id, row.number, row.name) for row in islice(rows, at_most))


def number_of(rows: Iterable[EntryRow]) -> int:
    """How many these rows stand for: of a long pool only the best of each kind are read one by one."""
    return sum(1 + row.more for row in rows)


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one kind: how many entries take one, how many there are."""

    kind: str
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
    `droppable` entries could go, the last-ranked first; at most `NAMED_AT_MOST` each. `counted_wanted`: wanted are
    entries of the kinds that the bound names, or those of none of them.
    """

    bound: SlateBound
    counted_wanted: bool
    add: int | None
    drop: int | None
    exchange: int | None
    candidates: tuple[NamedEntry, ...]
    droppable: tuple[NamedEntry, ...]


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One bound held against the list. `margin` below zero: broken, and by how many entries.

    For slots, `count` is the number of entries that fit none of them and `required` is the most allowed. A list that is
    too long may count more than its base where that is the places allotted.
    """

    bound: SlateBound
    base: int
    count: int
    required: int
    margin: int
    holds: bool
    repair: SlateRepair | None

    @property
    def code(self) -> str:
        """The code of the bound."""
        return self.bound.code

    @property
    def clause(self) -> str:
        """The clause of the bound."""
        return self.bound.clause

    @property
    def source(self) -> Source:
        """Where the bound comes from."""
        return self.bound.source

    @property
    def advised(self) -> bool:
        """Whether it is broken and refuses nothing: an approval is needed."""
        return self.bound.advisory and not self.holds

    @property
    def sense(self) -> shares.Sense:
        """Whether it is a minimum or a maximum."""
        return self.bound.asked.sense

    @property
    def of_places(self) -> bool:
        """Whether the base are the places allotted."""
        return self.bound.of_places

    @property
    def fraction(self) -> Fraction | None:
        """The share that is asked, in lowest terms; none where a number is asked."""
        asked = self.bound.asked
        return None if asked.kind == "count" else Fraction(asked.numerator, asked.denominator)

    @property
    def above(self) -> str:
        """The share of the previous round that must be exceeded, as it was: "37/100". Empty for every other rule.

        Where it was the whole it cannot be exceeded, and the whole is asked.
        """
        asked = self.bound.asked
        exceeded = asked.kind == "above" and asked.numerator < asked.denominator
        return f"{asked.numerator}/{asked.denominator}" if exceeded else ""


@dataclass(frozen=True, slots=True)
class SeparateUse:
    """A line of separate places, and how many of them are filled."""

    line: SeparateLine
    used: int

    @property
    def left(self) -> int:
        """Places still free; below zero where too many stand there."""
        return self.line.places - self.used


@dataclass(frozen=True, slots=True)
class SlateReport:
    """What a list comes to: places by kind, one check for each bound, and the rows that are wrong in themselves.

    `carried` counts the regular entries by the labels they bear. `outside` are entries that do not lie in the pool,
    `twice` those whose nominee stands there twice, `ranks` the first rank of each kind that is out of its place.
    """

    places: Mapping[str, Places]
    separate: tuple["SeparateUse", ...]
    checks: tuple[RuleCheck, ...]
    carried: Mapping[str, int]
    outside: tuple[EntryRow, ...]
    twice: tuple[EntryRow, ...]
    ranks: Mapping[str, int]
    lineless: tuple[EntryRow, ...] = ()
    """Entries in a separate place of a line that there is no more."""
    reserves_alone: bool = False
    lines: Mapping[int, str] = field(default_factory=dict)
    """The line of separate places that each nomination fills."""

    @property
    def empty(self) -> bool:
        """Whether nobody stands on it: a body may have separate places only, and reserves alone are no list, unless the
        round lets them be one.
        """
        counted = (*COUNTED, RESERVE) if self.reserves_alone else COUNTED
        return not any(self.places[kind].used for kind in counted)

    @property
    def reserves_over(self) -> int:
        """How many reserves stand there beyond the regular places, where the round does not let a list be of these."""
        reserves = self.places[RESERVE]
        # Those beyond the places for reserves are too many anyhow.
        over = min(reserves.used, reserves.available) - self.places[REGULAR].available
        return 0 if self.reserves_alone else max(over, 0)

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """The bounds that it does not keep, and must."""
        return tuple(check for check in self.checks if not (check.holds or check.advised))

    @property
    def advised(self) -> tuple[RuleCheck, ...]:
        """The bounds that it does not keep, and may break with an approval."""
        return tuple(check for check in self.checks if check.advised)

    @property
    def fits(self) -> bool:
        """Whether it keeps its places and every bound."""
        kinds = all(line.left >= 0 for line in self.places.values())
        return kinds and all(use.left >= 0 for use in self.separate) and not self.broken

    @property
    def holds(self) -> bool:
        """Whether nothing at all is wrong with it."""
        wrong = self.outside or self.twice or self.ranks or self.lineless
        return self.fits and not (self.empty or self.reserves_over or wrong)


def judge(plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow] = ()) -> SlateReport:
    """Hold the entries `rows` against the plan; `pool` only serves to say what could be chosen instead.

    Separately listed entries are outside every base; reserves are not counted until they are promoted.
    """
    rows = lined(plan.separate, rows)
    used = Counter(row.kind for row in rows)
    filled = Counter(row.line for row in rows if row.kind == SEPARATE)
    there = {line.key for line in plan.separate}
    places = {kind: Places(kind, used[kind], plan.places[kind]) for kind in KINDS}
    scope = Scope.of(plan, rows, pool)
    checks = [scope.check(bound) for bound in (*bounds_of(plan), *advised_bounds_of(plan))]
    keys = Counter(row.nominee_key for row in rows if row.nominee_key)
    return SlateReport(
        places=places,
        separate=tuple(SeparateUse(line, filled[line.key]) for line in plan.separate),
        checks=tuple(_told(checks)),
        carried=Counter(label for row in scope.regular for label in row.labels),
        outside=tuple(row for row in rows if not row.in_pool),
        twice=tuple(row for row in rows if keys[row.nominee_key] > 1),
        ranks=_wrong_ranks(rows),
        lineless=tuple(row for row in rows if row.kind == SEPARATE and row.line not in {"", *there}),
        reserves_alone=plan.reserves_alone,
        lines={row.nomination_id: row.line for row in rows if row.kind == SEPARATE},
    )


def lined(lines: Sequence[SeparateLine], rows: Sequence[EntryRow]) -> list[EntryRow]:
    """The entries, those in a separate place each with the line that it fills: where nobody has said which, the first
    one with a place left.
    """
    used = Counter(row.line for row in rows if row.kind == SEPARATE)
    found = []
    for row in rows:
        if row.kind == SEPARATE and not row.line:
            free = next((line.key for line in lines if used[line.key] < line.places), "")
            used[free] += 1
            row = replace(row, line=free)  # noqa: PLW2901
        found.append(row if row.kind == SEPARATE else replace(row, line="") if row.line else row)
    return found


def _told(checks: Sequence[RuleCheck]) -> Iterator[RuleCheck]:
    """To the reader each slot is one line. Sets of them are told where they are broken and nothing less of them is."""
    broken = [set(check.bound.kinds) for check in checks if check.source == "slot" and not check.holds]
    for check in checks:
        kinds = set(check.bound.kinds)
        if len(kinds) == 1 or not (check.holds or any(less < kinds for less in broken)):
            yield check


@dataclass(frozen=True)
class Scope:
    """The entries that the bounds count, those who could be chosen instead, and the free places."""

    regular: Sequence[EntryRow]
    free: Sequence[EntryRow]
    left: int

    @classmethod
    def of(cls, plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow]) -> "Scope":
        """Regular entries count; free is who lies in the pool and does not stand on the list as a winner to be."""
        regular = [row for row in rows if row.kind == REGULAR]
        chosen = {row.nomination_id for row in rows if row.kind in COUNTED}
        free = [row for row in pool if row.in_pool and row.nomination_id not in chosen]
        return cls(last_first(regular), best_first(free), plan.places[REGULAR] - len(regular))

    @cached_property
    def _listed(self) -> Crowd:
        return Crowd(row.labels for row in self.regular)

    @cached_property
    def _to_be_had(self) -> Crowd:
        return Crowd(row.labels for row in self.free)

    @cached_property
    def _numbers(self) -> list[int]:
        return [1 + row.more for row in self.free]

    def check(self, bound: SlateBound) -> RuleCheck:
        """The bound held against the list."""
        base, count = (
            some.bit_count() for some in (self._listed.covered(bound), self._listed.counted(bound))
        )
        result = shares.check(bound.figures, base, count)
        return RuleCheck(
            bound=bound,
            base=base if bound.allotted is None else bound.allotted,
            count=count,
            required=result.required,
            margin=result.margin,
            holds=result.holds,
            repair=None if result.holds else self._repair(bound, base, count),
        )

    def _repair(self, bound: SlateBound, base: int, count: int) -> SlateRepair:
        changes = shares.smallest_changes(bound.figures, base, count)
        minimum = bound.figures.sense == "min"
        add = changes.add_matching if minimum else changes.add_other
        drop = changes.drop_other if minimum else changes.drop_matching
        # A base of its own: an entry outside it neither helps as an addition nor harms as one that stays.
        wanted = _within(self._to_be_had, bound, counted=minimum)
        unwanted = _within(self._listed, bound, counted=not minimum)
        to_be_had = sum(self._to_be_had.chosen(wanted, self._numbers))
        return SlateRepair(
            bound=bound,
            counted_wanted=minimum != bound.without,
            add=_if(add, lambda number: number <= min(self.left, to_be_had)),
            drop=_if(drop, lambda number: number < len(self.regular)),
            exchange=_if(changes.exchange, lambda number: number <= min(unwanted.bit_count(), to_be_had)),
            candidates=named(self._to_be_had.chosen(wanted, self.free)),
            droppable=named(self._listed.chosen(unwanted, self.regular)),
        )


def last_first(rows: Iterable[EntryRow]) -> list[EntryRow]:
    """Entries of a list as they are proposed to go: the last in rank first."""
    return sorted(rows, key=lambda row: -row.rank)


def best_first(rows: Iterable[EntryRow]) -> list[EntryRow]:
    """Nominations of a pool as they are proposed to come: the best by score first."""
    return sorted(rows, key=lambda row: (-(row.score or 0), row.number))


def _within(crowd: Crowd, bound: SlateBound, *, counted: bool) -> int:
    """Those in the base of the bound who are counted, or who are not."""
    found = crowd.counted(bound)
    return found if counted else crowd.covered(bound) ^ found


def _if(number: int | None, possible: Callable[[int], bool]) -> int | None:
    return number if number is not None and possible(number) else None


def _wrong_ranks(rows: Sequence[EntryRow]) -> dict[str, int]:
    """By kind of places, the first rank that is not in its place: ranks are 1..n within each kind."""
    found = {}
    for kind in KINDS:
        ranks = sorted(row.rank for row in rows if row.kind == kind)
        wrong = next((rank for place, rank in enumerate(ranks, start=1) if rank != place), None)
        if wrong is not None:
            found[kind] = wrong
    return found


# Lists that change


def without(rows: Sequence[EntryRow], leaving: Iterable[int]) -> list[EntryRow]:
    """The list without these nominations, those behind them moved up within their kind."""
    gone = set(leaving)
    staying = sorted((row for row in rows if row.nomination_id not in gone), key=lambda row: row.rank)
    ranks: Counter[str | None] = Counter()
    moved = []
    for row in staying:
        ranks[row.kind] += 1
        moved.append(replace(row, rank=ranks[row.kind]))
    return moved


def promoted(rows: Sequence[EntryRow], reserve: EntryRow) -> list[EntryRow]:
    """The list with the reserve at the end of the regular entries, and the reserves behind it moved up."""
    last = sum(1 for row in rows if row.kind == REGULAR)
    moved = []
    for row in rows:
        if row == reserve:
            moved.append(replace(row, kind=REGULAR, rank=last + 1))
        elif row.kind == RESERVE and row.rank > reserve.rank:
            moved.append(replace(row, rank=row.rank - 1))
        else:
            moved.append(row)
    return moved


@dataclass(frozen=True, slots=True)
class Promotion:
    """A reserve, and what its promotion to the regular entries would break: places, and bounds that it does not serve.

    Nothing is broken when there is a free place, and every bound holds afterwards or wants entries of its kind: two
    vacancies are filled one after the other, and the first reserve need not mend alone what both have broken.
    """

    reserve: EntryRow
    over: tuple[Places, ...]
    broken: tuple[RuleCheck, ...]

    @property
    def possible(self) -> bool:
        """Whether it may move up."""
        return not (self.over or self.broken)


def standing_by(plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow] = ()) -> list[Promotion]:
    """The reserves in their rank, each with what its promotion would break."""
    waiting = sorted((row for row in rows if row.kind == RESERVE), key=lambda row: row.rank)
    return [_promotion(plan, rows, reserve, pool) for reserve in waiting]


def _promotion(
    plan: Plan, rows: Sequence[EntryRow], reserve: EntryRow, pool: Sequence[EntryRow]
) -> Promotion:
    after = judge(plan, promoted(rows, reserve), pool)
    over = tuple(line for line in after.places.values() if line.left < 0)
    broken = tuple(
        check
        for check in after.broken
        if check.bound.covers(reserve.labels) and not check.bound.wants(reserve.labels)
    )
    return Promotion(reserve, over, broken)
