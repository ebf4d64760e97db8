"""Many bounds on one list at once: can it be completed, what repairs it, and which bounds contradict one another.

Bounds overlap (a woman may be a front-line worker of a non-public enterprise), so one alone says little. Entries that
no bound tells apart are counted together, and a list is a vector of such counts. A solver finds lists; what it finds is
recounted in integers, and that there is none is said only with a proof that integers bear out (see `proves`). Nothing
here depends on the order in which entries came.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from quotas.arithmetic import _highs, shares
from quotas.arithmetic.meeting import smallest_that_meets

PLACES = "places"
"""The code by which a conflict names the number of places."""

STOCK = "stock"
"""The code by which `broken` says that a list is not out of the stock, or too short."""

_MOST_NODES = 300
# How many entries of a kind there are at least when as many are to be had as are wanted and the places do not matter.
_WITHOUT_END = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on lists over types: which types are in its base, and which of these are counted.

    `fixed_base` is the base of a share of the places allotted; `None` where the base is what is listed.
    """

    code: str
    bound: shares.Bound
    base: tuple[bool, ...]
    counted: tuple[bool, ...]
    fixed_base: int | None = None

    def __post_init__(self) -> None:
        if len(self.base) != len(self.counted) or any(
            counted and not base for base, counted in zip(self.base, self.counted, strict=True)
        ):
            raise ValueError("what is counted is part of the base")
        if self.code in (PLACES, STOCK):
            raise ValueError(f"{self.code!r} is no code of a limit")


@dataclass(frozen=True, slots=True)
class Stock:
    """Entries of one type: how many must be on the list, and how many exist, these included (`most=None`: unlimited)."""

    least: int
    most: int | None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < self.least):
            raise ValueError("there are at least as many entries as must be listed, and that is at least 0")


@dataclass(frozen=True, slots=True)
class CompletionProblem:
    """Lists of `at_least` to `places` entries out of a stock, one per type, held to all limits."""

    limits: tuple[Limit, ...]
    stock: tuple[Stock, ...]
    places: int
    at_least: int = 1

    def __post_init__(self) -> None:
        if any(len(limit.base) != len(self.stock) for limit in self.limits):
            raise ValueError("a limit speaks about every type")
        if len({limit.code for limit in self.limits}) != len(self.limits):
            raise ValueError("every limit has a code of its own")
        if min(self.places, self.at_least) < 0:
            raise ValueError("places and entries are counted from 0")


class Verdict(Enum):
    """Whether there is such a list; UNPROVEN where none was found and no proof that there is none."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Completion:
    """The verdict, with a list where there is one."""

    verdict: Verdict
    example: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """By how many entries one bound must give way, all others kept: a minimum lowered, a maximum raised, places added."""

    code: str
    by: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Bounds that no list out of the stock keeps together, with the relaxations that alone are enough.

    The codes are those of limits in the order of the problem, then "places". Without any code the stock itself has
    too few entries.
    """

    codes: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]


def completion(problem: CompletionProblem) -> Completion:
    """Whether any list keeps all limits, with one that does.

    Invariant: POSSIBLE comes with a list that `broken` has nothing against; IMPOSSIBLE is said only where a proof
    in integers stands, for one limit the closed form, for several a `Proof` that `proves` accepts.
    """
    return _decide(problem, _codes(problem)).completion


def nearest(problem: CompletionProblem, start: tuple[int, ...]) -> tuple[int, ...] | None:
    """The legal list with the fewest changes from `start`, an entry added or removed being one.

    Among these the one with the fewest removals; further ties fall alike every time. `start` need not be within
    the stock or the places. None where no legal list was found.
    """
    if len(start) != len(problem.stock) or min(start, default=0) < 0:
        raise ValueError("a list counts every type, from 0")
    if not broken(problem, start):
        return start
    # What the stock itself demands is changed in any case; the rest is counted from there.
    within = [
        max(stock.least, count if stock.most is None else min(count, stock.most))
        for stock, count in zip(problem.stock, start, strict=True)
    ]
    system = _System.of(problem, _codes(problem))
    begun = [sum(within[position] for position in kind) for kind in system.kinds]
    found = _with_fewest_changes(system, begun)
    if found is None:
        return None
    counts = system.spread(found, problem.stock, within)
    return None if broken(problem, counts) else counts


def conflict(problem: CompletionProblem, *, places_given: bool = False) -> Contradiction | None:
    """A smallest set of bounds that no list out of the stock keeps together; None where a list exists, or may exist.

    The number of places is a bound among the others, which may take the blame in the stead of a rule. With
    `places_given` it is not: the set is smallest among the limits alone, on these places.

    Every relaxation stands for a list that keeps all other bounds of the problem, whatever its length: whoever asks
    about full lists says so by `at_least`. A bound without a relaxation cannot mend matters alone.

    Invariant: the set cannot be kept, by a proof in integers. Any smaller set can, as lists have shown; only where a
    proof was too long to be found is the set larger.
    """
    given_ones = {PLACES} if places_given else set()
    everything = [code for code in _codes(problem) if code not in given_ones]
    decided = _decide(problem, _codes(problem))
    if decided.completion.verdict is not Verdict.IMPOSSIBLE:
        return None
    relaxations: dict[str, int] = {}
    to_mend: list[frozenset[str]] = []
    for code in everything:
        # a bound that the proof does without cannot alone be to blame
        if code in decided.blamed and (
            given := _give_way(problem, kept={*everything, *given_ones} - {code}, soft=[code])
        ):
            relaxations |= given
            to_mend.append(frozenset(given))
    codes = decided.blamed
    while True:
        # Of every set of bounds whose breaking was seen to be enough, one at least belongs to the conflict.
        candidate = smallest_that_meets(to_mend, everything)
        kept = candidate | given_ones
        shown = _decide(problem, kept)
        if shown.completion.verdict is not Verdict.POSSIBLE:
            codes = candidate if shown.completion.verdict is Verdict.IMPOSSIBLE else codes
            break
        rest = [code for code in everything if code not in candidate]
        given = _give_way(problem, kept=kept, soft=rest) or broken(problem, shown.completion.example or ())
        to_mend.append(frozenset(given))
    named = tuple(code for code in everything if code in codes)
    return Contradiction(
        named, tuple(Relaxation(code, relaxations[code]) for code in named if code in relaxations)
    )


def broken(problem: CompletionProblem, counts: Sequence[int]) -> dict[str, int]:
    """The bounds that a list breaks, each with the entries by which it would have to give way; empty if legal."""
    found = {}
    for limit in problem.limits:
        base = limit.fixed_base
        if base is None:
            base = sum(count for count, part in zip(counts, limit.base, strict=True) if part)
        count = sum(count for count, part in zip(counts, limit.counted, strict=True) if part)
        figure = shares.required(limit.bound, base)
        by = figure - count if limit.bound.sense == "min" else count - figure
        if by > 0:
            found[limit.code] = by
    if (over := sum(counts) - problem.places) > 0:
        found[PLACES] = over
    missing = problem.at_least - sum(counts)
    outside = sum(
        max(stock.least - count, 0) + (0 if stock.most is None else max(count - stock.most, 0))
        for stock, count in zip(problem.stock, counts, strict=True)
    )
    if (wrong := max(missing, 0) + outside) > 0:
        found[STOCK] = wrong
    return found


# Proofs


@dataclass(frozen=True, slots=True)
class ModelRow:
    """The ends between which a weighted sum of the columns must lie; None: unlimited.

    `code` names the bound that the row stands for; it is empty where the row holds whatever the bounds.
    """

    code: str
    factors: tuple[int, ...]
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for every row, above zero for its lower end and below zero for its upper one, that shows a contradiction.

    The weighted sum of the rows would have to reach the weighted sum of these ends, and within the boxes it cannot.
    """

    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProofFork:
    """The sum of a row (or, counted on behind the rows, a column) is at most `at`, or at least one more: neither is possible."""

    row: int
    at: int
    low: "Proof"
    high: "Proof"


Proof = Weights | ProofFork


def proves(boxes: Sequence[tuple[int, int]], rows: Sequence[ModelRow], proof: Proof) -> bool:
    """Whether the proof shows that no whole numbers within the boxes keep every row; in integers alone.

    A proof that does not fit the rows proves nothing.
    """
    if isinstance(proof, Weights):
        return _contradict(boxes, [(row.least, row.most) for row in rows], rows, proof.rows)
    if not 0 <= proof.row < len(rows) + len(boxes):
        return False
    if proof.row >= len(rows):
        column = proof.row - len(rows)
        low, high = boxes[column]
        before, after = boxes[:column], boxes[column + 1 :]
        return proves([*before, (low, min(high, proof.at)), *after], rows, proof.low) and proves(
            [*before, (max(low, proof.at + 1), high), *after], rows, proof.high
        )
    row = rows[proof.row]
    most = proof.at if row.most is None else min(row.most, proof.at)
    least = proof.at + 1 if row.least is None else max(row.least, proof.at + 1)
    before_rows, after_rows = rows[: proof.row], rows[proof.row + 1 :]
    lower, upper = (
        ModelRow(row.code, row.factors, row.least, most),
        ModelRow(row.code, row.factors, least, row.most),
    )
    return proves(boxes, [*before_rows, lower, *after_rows], proof.low) and proves(
        boxes, [*before_rows, upper, *after_rows], proof.high
    )


def _contradict(
    boxes: Sequence[tuple[int, int]],
    ranges: Sequence[_highs.Range],
    rows: Sequence[ModelRow],
    weights: Sequence[int],
) -> bool:
    """Whether the weighted sum of the rows falls short of the weighted sum of their ends all over the boxes."""
    if len(weights) != len(rows):
        return False
    wanted = 0
    factors = [0] * len(boxes)
    for weight, (least, most), row in zip(weights, ranges, rows, strict=True):
        if not weight:
            continue
        end = least if weight > 0 else most
        if end is None:
            return False
        wanted += weight * end
        for column, factor in enumerate(row.factors):
            if factor:
                factors[column] += weight * factor
    reached = sum(
        factor * (high if factor > 0 else low) for factor, (low, high) in zip(factors, boxes, strict=True)
    )
    return reached < wanted


@dataclass(frozen=True, slots=True)
class _Search:
    """What a search for a proof came to: a proof, or a list after all, or neither."""

    proof: Proof | None
    found: list[int] | None


def _refute(boxes: Sequence[tuple[int, int]], rows: Sequence[ModelRow]) -> _Search:
    """Look for a proof that no whole numbers keep the rows, forking at sums that came out broken."""
    return _Prover(boxes, rows).search()


class _Prover:
    """The state of one search; ranges and boxes are narrowed on the way down and restored on the way up."""

    def __init__(self, boxes: Sequence[tuple[int, int]], rows: Sequence[ModelRow]) -> None:
        self._rows = rows
        self._boxes = list(boxes)
        self._ranges: list[_highs.Range] = [(row.least, row.most) for row in rows]
        self._counts = [index for index, row in enumerate(rows) if set(row.factors) <= {0, 1}]
        self._elastic = _highs.Elastic(boxes, [row.factors for row in rows], self._ranges)
        self._nodes = 0

    def search(self) -> _Search:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            return _Search(None, None)
        missed, columns, weights = self._elastic.solve()
        if missed > 0 and _contradict(self._boxes, self._ranges, self._rows, weights):
            return _Search(Weights(tuple(weights)), None)
        fork = self._fork(columns)
        if fork is None:
            return _Search(None, [_highs.nearest_whole(value) for value in columns])
        index, at = fork
        least, most = self._range(index)
        self._narrow(index, least, at)
        low = self.search()
        if low.proof is None:
            return low
        self._narrow(index, at + 1, most)
        high = self.search()
        self._narrow(index, least, most)
        return high if high.proof is None else _Search(ProofFork(index, at, low.proof, high.proof), None)

    def _fork(self, columns: Sequence[int]) -> tuple[int, int] | None:
        """The first count that came out broken, else the column that did so most; with the whole number below."""
        for index in self._counts:
            total = sum(
                value for value, factor in zip(columns, self._rows[index].factors, strict=True) if factor
            )
            if _distance(total) > _highs.NOISE:
                return index, total // _highs.UNIT
        worst = max(range(len(columns)), key=lambda column: _distance(columns[column]), default=None)
        if worst is None or _distance(columns[worst]) <= _highs.NOISE:
            return None
        return len(self._rows) + worst, columns[worst] // _highs.UNIT

    def _range(self, index: int) -> _highs.Range:
        return self._ranges[index] if index < len(self._rows) else self._boxes[index - len(self._rows)]

    def _narrow(self, index: int, least: int | None, most: int | None) -> None:
        if index < len(self._rows):
            self._ranges[index] = (least, most)
            self._elastic.set_range(index, least, most)
        elif least is not None and most is not None:
            column = index - len(self._rows)
            self._boxes[column] = (least, most)
            self._elastic.set_box(column, least, most)


def _distance(value: int) -> int:
    """How far a figure in units of 1/UNIT is from the nearest whole number."""
    return abs(value - _highs.nearest_whole(value) * _highs.UNIT)


# Problems as systems of rows


@dataclass(frozen=True, slots=True)
class _System:
    """A problem as boxes and rows over kinds: types that no limit tells apart, each with the positions of its types.

    Behind the kinds stand a column for each limit that asks for a share above another (1 where its base has any
    entry), and one for each soft bound (the entries by which it gives way).
    """

    kinds: tuple[tuple[int, ...], ...]
    boxes: tuple[tuple[int, int], ...]
    rows: tuple[ModelRow, ...]

    @classmethod
    def of(cls, problem: CompletionProblem, kept: Collection[str], soft: Sequence[str] = ()) -> "_System":
        """The bounds with these codes; those in `soft` may give way."""
        kinds = _kinds(problem)
        boxes = [_box(problem, kind, capped=PLACES in kept) for kind in kinds]
        width = len(kinds)
        limits = [limit for limit in problem.limits if limit.code in kept or limit.code in soft]
        switches = [limit.code for limit in limits if _is_switched(limit)]
        give = {code: width + len(switches) + number for number, code in enumerate(soft)}
        columns = width + len(switches) + len(soft)
        whole = sum(high for _, high in boxes)
        # no bound gives way by more than all entries and all that it asks for
        furthest = whole + max(
            (shares.required(limit.bound, limit.fixed_base or whole) for limit in limits), default=0
        )

        def row(
            code: str, factors: Sequence[int], least: int | None, most: int | None, **more: int
        ) -> ModelRow:
            full = [*factors, *[0] * (columns - width)]
            if code in give:
                full[give[code]] = more.get("soft", 0)
            if "switch" in more:
                full[width + switches.index(code)] = more["switch"]
            return ModelRow(code, tuple(full), least, most)

        everybody = [1] * width
        rows = [row("", everybody, problem.at_least, None)]
        if PLACES in kept or PLACES in soft:
            rows.append(row(PLACES, everybody, None, problem.places, soft=-1))
        for limit in limits:
            base = [int(limit.base[kind[0]]) for kind in kinds]
            count = [int(limit.counted[kind[0]]) for kind in kinds]
            rows += [row("", part, None, None) for part in (base, count)]
            n, d = limit.bound.numerator, limit.bound.denominator
            lower = limit.bound.sense == "min"
            if limit.fixed_base is not None or limit.bound.kind == "count":
                figure = shares.required(limit.bound, limit.fixed_base or 0)
                ends = (figure, None) if lower else (None, figure)
                rows.append(row(limit.code, count, *ends, soft=1 if lower else -1))
                continue
            excess = [d * counted - n * part for counted, part in zip(count, base, strict=True)]
            if not lower:
                rows.append(row(limit.code, excess, None, limit.bound.slack, soft=-d))
            elif not _is_switched(limit):
                rows.append(row(limit.code, excess, -limit.bound.slack, None, soft=d))
            else:
                # above: one more than the exact share, as soon as there is anybody in the base
                rows.append(row(limit.code, excess, 0, None, soft=d, switch=-1))
                rows.append(row(limit.code, [-part for part in base], 0, None, switch=whole))
        boxes += [(0, 1)] * len(switches) + [(0, furthest)] * len(soft)
        return cls(kinds, tuple(boxes), tuple(_once(rows)))

    def spread(self, found: Sequence[int], stock: Sequence[Stock], begun: Sequence[int]) -> tuple[int, ...]:
        """Counts of kinds as counts of types: what is added to `begun` goes to the first types, the last ones lose."""
        counts = list(begun)
        for kind, total in zip(self.kinds, found, strict=False):
            change = total - sum(begun[position] for position in kind)
            for position in kind if change > 0 else reversed(kind):
                if change > 0:
                    most = stock[position].most
                    step = change if most is None else min(change, most - counts[position])
                else:
                    step = -min(-change, counts[position] - stock[position].least)
                counts[position] += step
                change -= step
        return tuple(counts)

    def find(self, cost: Sequence[int] | None = None) -> list[int] | None:
        """Columns that the solver takes for a solution."""
        rows = [row for row in self.rows if row.least is not None or row.most is not None]
        return _highs.whole(
            self.boxes,
            [row.factors for row in rows],
            [(row.least, row.most) for row in rows],
            [0] * len(self.boxes) if cost is None else cost,
        )


@dataclass(frozen=True, slots=True)
class _Decided:
    """A verdict; where it is IMPOSSIBLE, the codes that its proof makes use of."""

    completion: Completion
    blamed: frozenset[str] = frozenset()


def _decide(problem: CompletionProblem, kept: Collection[str]) -> _Decided:
    """Whether a list keeps the bounds with these codes."""
    limits = [limit for limit in problem.limits if limit.code in kept]
    if len(limits) < 2:
        counts = _best_for(problem, limits[0] if limits else None, capped=PLACES in kept)
        if _keeps(problem, counts, kept):
            return _Decided(Completion(Verdict.POSSIBLE, counts))
        return _Decided(Completion(Verdict.IMPOSSIBLE, None), frozenset(kept))
    system = _System.of(problem, kept)
    least = [stock.least for stock in problem.stock]
    candidates = [system.find()]
    if candidates[0] is None:
        search = _refute(system.boxes, system.rows)
        if search.proof is not None and proves(system.boxes, system.rows, search.proof):
            # the boxes themselves end at the number of places
            blamed = {system.rows[index].code for index in _used(search.proof)} | (set(kept) & {PLACES})
            return _Decided(Completion(Verdict.IMPOSSIBLE, None), frozenset(blamed - {""}))
        candidates = [search.found]
    for found in candidates:
        if found is not None:
            counts = system.spread(found, problem.stock, least)
            if _keeps(problem, counts, kept):
                return _Decided(Completion(Verdict.POSSIBLE, counts))
    return _Decided(Completion(Verdict.UNPROVEN, None))


def _best_for(problem: CompletionProblem, limit: Limit | None, *, capped: bool) -> tuple[int, ...]:
    """The list that a single limit likes best; if this one breaks it, every list does.

    As in `shares.can_still_hold`: all who help find a place, then come those who neither help nor harm and last the
    others, and these only until the list is long enough.
    """
    counts = [stock.least for stock in problem.stock]
    positions = range(len(counts))
    if limit is None:
        helpers: list[int] = []
        order = list(positions)
    else:
        helps = limit.bound.sense == "min"
        helpers = [p for p in positions if limit.base[p] and limit.counted[p] == helps]
        outside = [p for p in positions if not limit.base[p]]
        order = outside + [p for p in positions if limit.base[p] and limit.counted[p] != helps]
    tops = [_box(problem, (p,), capped=capped)[1] for p in positions]
    room = problem.places if capped else sum(tops)
    for group, length in ((helpers, room), (helpers + order, min(problem.at_least, room))):
        for p in group:
            counts[p] += max(0, min(tops[p] - counts[p], length - sum(counts)))
    return tuple(counts)


def _keeps(problem: CompletionProblem, counts: Sequence[int], kept: Collection[str]) -> bool:
    """Whether a list is out of the stock, is long enough, and keeps the bounds with these codes."""
    found = broken(problem, counts)
    return STOCK not in found and not found.keys() & set(kept)


def _give_way(problem: CompletionProblem, *, kept: Collection[str], soft: Sequence[str]) -> dict[str, int]:
    """By how much the soft bounds give way on a list that keeps the others and asks the least; empty if none found."""
    system = _System.of(problem, kept, soft)
    cost = [0] * (len(system.boxes) - len(soft)) + [1] * len(soft)
    found = system.find(cost)
    if found is None:
        return {}
    counts = system.spread(found, problem.stock, [stock.least for stock in problem.stock])
    return broken(problem, counts) if _keeps(problem, counts, kept) else {}


def _with_fewest_changes(system: _System, begun: Sequence[int]) -> list[int] | None:
    """The counts of kinds nearest to `begun`; each is written as begun + added - removed."""
    width = len(system.kinds)
    kinds, others = system.boxes[:width], system.boxes[width:]
    boxes = [
        *((0, high - max(low, min(count, high))) for (low, high), count in zip(kinds, begun, strict=True)),
        *((0, max(low, min(count, high)) - low) for (low, high), count in zip(kinds, begun, strict=True)),
        *others,
    ]
    start = [max(low, min(count, high)) for (low, high), count in zip(kinds, begun, strict=True)]
    rows = []
    for row in system.rows:
        factors = row.factors[:width]
        shift = sum(factor * count for factor, count in zip(factors, start, strict=True))
        rows.append(
            ModelRow(
                row.code,
                (*factors, *(-factor for factor in factors), *row.factors[width:]),
                None if row.least is None else row.least - shift,
                None if row.most is None else row.most - shift,
            )
        )
    change = sum(start) + 1
    cost = [change] * width + [change + 1] * width + [0] * len(others)
    found = _System(system.kinds, tuple(boxes), tuple(rows)).find(cost)
    if found is None:
        return None
    return [
        count + added - removed
        for count, added, removed in zip(start, found[:width], found[width : 2 * width], strict=True)
    ]


def _codes(problem: CompletionProblem) -> tuple[str, ...]:
    return (*(limit.code for limit in problem.limits), PLACES)


def _kinds(problem: CompletionProblem) -> tuple[tuple[int, ...], ...]:
    """The positions of types that no limit tells apart; in an order that does not depend on that of the types."""
    alike: dict[tuple[tuple[bool, bool], ...], list[int]] = {}
    for position in range(len(problem.stock)):
        key = tuple((limit.base[position], limit.counted[position]) for limit in problem.limits)
        alike.setdefault(key, []).append(position)
    return tuple(tuple(alike[key]) for key in sorted(alike))


def _box(problem: CompletionProblem, kind: Iterable[int], *, capped: bool) -> tuple[int, int]:
    """The least and the most entries of a kind on a list, within the places where it is `capped` by them."""
    stock = [problem.stock[position] for position in kind]
    least = sum(one.least for one in stock)
    without_end = problem.places if capped else least + problem.places + _enough(problem)
    most = sum(without_end if one.most is None else one.most for one in stock)
    return least, max(least, min(most, problem.places)) if capped else most


def _enough(problem: CompletionProblem) -> int:
    """Entries of a kind with which lists are as good as endless: the largest count that is asked, in the smallest share."""
    asked = [limit.bound.numerator for limit in problem.limits if limit.bound.kind == "count"]
    parts = [limit.bound.denominator for limit in problem.limits if limit.fixed_base is None]
    return max(_WITHOUT_END, 2 * max(asked, default=1) * max(parts, default=1))


def _is_switched(limit: Limit) -> bool:
    """Whether the limit asks for one entry more than a share, but nothing of an empty base."""
    bound = limit.bound
    return bound.kind == "above" and limit.fixed_base is None and bound.numerator < bound.denominator


def _once(rows: Iterable[ModelRow]) -> Iterator[ModelRow]:
    """Each row once; a sum that is bounded somewhere needs no row of its own for forking."""
    bounded = [row for row in rows if row.least is not None or row.most is not None]
    seen = {row.factors for row in bounded}
    yield from bounded
    for row in rows:
        if row.factors not in seen:
            seen.add(row.factors)
            yield row


def _used(proof: Proof) -> set[int]:
    """The rows that a proof gives weight to."""
    if isinstance(proof, Weights):
        return {index for index, weight in enumerate(proof.rows) if weight}
    return _used(proof.low) | _used(proof.high)
