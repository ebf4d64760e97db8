"""What a broken slate needs: the fewest changes after which it keeps every bound at once; or why no slate can.

Pure. The gate asks it with the same bounds that it refuses by, so that a proposal that is followed is not refused.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from appraisal.gate import wording
from quotas.arithmetic import completion, shares

if TYPE_CHECKING:
    from appraisal.gate.services.gate import EntryRow, SlateBound

NAMED_AT_MOST = 5
"""How many nominations a proposal names; more would be a second pool to read."""

SIMPLE = 3
"""The most kinds of entry that one sentence distinguishes; beyond it, only numbers and names are given."""

_MOST_SORTS = 256
"""The most sorts of entry for which the solver is asked whether any slate could be legal; it takes milliseconds."""

_NOMINEE = "nominee"
"""The facet of what is nominated: it gives the noun."""


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


@dataclass(frozen=True, slots=True)
class EntryChange:
    """So many entries alike in what the broken bounds look at, to be put on the slate or to be taken off it.

    `traits` say what they are in that, each as `label_word` takes it. `named` are those to take: of the pool
    the best by score, of the slate the last in rank. They fit in what the other bounds look at as well. `available`
    fit so, where any `number` of them would do; 0 where only the named ones make it right together.
    """

    number: int
    nominee: str
    traits: tuple[wording.Trait, ...]
    available: int
    named: tuple[NamedEntry, ...]

    @property
    def label(self) -> str:
        """The number and the kind in words."""
        return wording.entries_word(self.number, self.nominee, self.traits)


@dataclass(frozen=True, slots=True)
class Remedy:
    """The fewest changes after which the slate keeps all bounds and its places, and is as long as it was where it can be.

    Places are scarce: whoever has to give up an entry would rather exchange it. `instead` is the way without adding
    anybody, where changes that only take off are enough as well. `gone` entries are no longer in the pool and have to
    go first.
    """

    add: tuple[EntryChange, ...]
    drop: tuple[EntryChange, ...]
    instead: tuple[EntryChange, ...] = ()
    gone: int = 0

    @property
    def summary(self) -> str:
        """What to do, in one sentence."""
        return wording.remedy_summary(self.add, self.drop, self.instead, self.gone)

    @property
    def details(self) -> tuple[str, ...]:
        """Whom to choose, a sentence for each kind."""
        return wording.remedy_details(self.add, self.drop, self.instead)

    @property
    def label(self) -> str:
        """All of it, for the refusal."""
        return "".join((self.summary, *self.details))


@dataclass(frozen=True, slots=True)
class Clash:
    """One of the bounds that cannot be kept together: what it asks, and how many there are of whom it counts."""

    code: str
    label: str
    clause: str
    asks: shares.Bound
    of_places: bool
    labels: tuple[str, ...]
    carried: bool
    available: int


@dataclass(frozen=True, slots=True)
class Relief:
    """By how much one bound would have to give way, all others kept. Without a code: so many places more."""

    code: str
    label: str
    sense: shares.Sense
    by: int


@dataclass(frozen=True, slots=True)
class SlateConflict:
    """No slate out of the entries and the pool keeps these bounds together, with what alone would mend it.

    `available` entries and nominations were there to choose from. `places` is set where their number is part of it.
    `inherent`: whoever may still come, these bounds contradict one another on so many places; otherwise the pool lacks
    somebody.
    """

    clashes: tuple[Clash, ...]
    reliefs: tuple[Relief, ...]
    available: int
    places: int | None
    inherent: bool

    @property
    def summary(self) -> str:
        """What cannot be, in one sentence."""
        return wording.conflict_summary(self.available)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The bounds, a sentence for each."""
        return wording.conflict_reasons(self.clashes, self.places)

    @property
    def ways(self) -> tuple[str, ...]:
        """What alone would mend it, and whom to ask."""
        return wording.conflict_ways(self.reliefs, inherent=self.inherent)

    @property
    def details(self) -> tuple[str, ...]:
        """Reasons and ways."""
        return (*self.reasons, *self.ways)

    @property
    def label(self) -> str:
        """The reasons, for the figures of the refusal."""
        return "".join(self.reasons)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Entries and pool by kind: who counts alike for every bound is of one kind."""

    keys: tuple[tuple[tuple[bool, bool], ...], ...]
    standing: tuple[tuple["EntryRow", ...], ...]
    free: tuple[tuple["EntryRow", ...], ...]


def explain(
    bounds: Sequence["SlateBound"],
    broken: Collection[str],
    places: int,
    regular: Sequence["EntryRow"],
    free: Sequence["EntryRow"],
    *,
    at_least: int,
) -> Remedy | SlateConflict | None:
    """What the regular entries need, out of the `free` ones of the pool, to keep all bounds on `places` places.

    `broken` are the codes of the bounds that they break now: the words are about what these look at. None where entries have only to go because they left the pool, and where neither a slate nor a proof was found.
    """
    standing = [row for row in regular if row.in_pool]
    kinds = _kinds_of(bounds, standing, free)
    problem = completion.CompletionProblem(
        limits=tuple(
            completion.Limit(
                # Codes of rules are chosen by people; a place in the sequence is nobody's.
                code=str(place),
                bound=bound.figures,
                base=tuple(key[place][0] for key in kinds.keys),
                counted=tuple(key[place][1] for key in kinds.keys),
            )
            for place, bound in enumerate(bounds)
        ),
        stock=tuple(
            completion.Stock(0, len(on) + number_of(off))
            for on, off in zip(kinds.standing, kinds.free, strict=True)
        ),
        places=places,
        at_least=at_least,
    )
    start = tuple(len(on) for on in kinds.standing)
    target = completion.nearest(problem, start)
    if target is None:
        return _conflict(bounds, problem, [*standing, *free])
    if target == start:
        return None
    if sum(target) < sum(start):
        as_long = replace(problem, at_least=max(at_least, min(sum(start), places)))
        target = completion.nearest(as_long, start) or target
    said = _Said(bounds, broken, kinds)
    add = tuple(said.changes(start, target, added=True))
    instead: tuple[EntryChange, ...] = ()
    drop = tuple(said.changes(start, target, added=False))
    if add and len(add) + len(drop) <= SIMPLE:
        only_off = replace(problem, stock=tuple(completion.Stock(0, count) for count in start))
        shorter = completion.nearest(only_off, start)
        if shorter is not None:
            instead = tuple(said.changes(start, shorter, added=False))
    return Remedy(
        add=add,
        drop=drop,
        instead=instead,
        gone=len(regular) - len(standing),
    )


def _kinds_of(
    bounds: Sequence["SlateBound"], standing: Sequence["EntryRow"], free: Sequence["EntryRow"]
) -> _Kinds:
    keys: dict[shares.Entry, tuple[tuple[bool, bool], ...]] = {}
    for row in (*standing, *free):
        if row.labels not in keys:
            keys[row.labels] = tuple((bound.covers(row.labels), bound.counts(row.labels)) for bound in bounds)
    order = sorted(set(keys.values()))

    def by_kind(rows: Iterable["EntryRow"]) -> tuple[tuple["EntryRow", ...], ...]:
        found: Mapping[tuple[tuple[bool, bool], ...], list[EntryRow]] = {key: [] for key in order}
        for row in rows:
            found[keys[row.labels]].append(row)
        return tuple(tuple(found[key]) for key in order)

    return _Kinds(
        tuple(order),
        by_kind(sorted(standing, key=lambda row: -row.rank)),
        by_kind(sorted(free, key=lambda row: (-(row.score or 0), row.number))),
    )


class _Said:
    """How the kinds of one question are distinguished in words: only by the facets that the broken bounds look at.

    A slate of 40 that lacks one woman lacks a woman; that she must not upset seven other rules is in the names.
    """

    def __init__(self, bounds: Iterable["SlateBound"], broken: Collection[str], kinds: _Kinds) -> None:
        self._kinds = kinds
        looked_at: dict[str, dict[str, None]] = {}
        for bound in bounds:
            if bound.code in broken:
                for label in (*([bound.base] if bound.base else []), *sorted(bound.labels)):
                    looked_at.setdefault(facet_of(label), {})[label] = None
        looked_at.pop(_NOMINEE, None)
        self._looked_at = {facet: tuple(labels) for facet, labels in looked_at.items()}

    def changes(self, start: Sequence[int], target: Sequence[int], *, added: bool) -> Iterable[EntryChange]:
        """What is added, or what goes, from the one list to the other, kinds that sound alike together."""
        alike: dict[tuple[wording.Trait, ...], list[tuple[int, tuple[EntryRow, ...]]]] = {}
        for before, after, on, off in zip(start, target, self._kinds.standing, self._kinds.free, strict=True):
            number = after - before if added else before - after
            if number > 0:
                traits = tuple(self._traits((*on, *off)))
                alike.setdefault(traits, []).append((number, off if added else on))
        if len(alike) > SIMPLE:
            alike = {(): [part for parts in alike.values() for part in parts]}
        for traits, parts in alike.items():
            chosen = [row for number, rows in parts for row in rows[:number]]
            free_choice = added and len(parts) == 1
            rows = parts[0][1] if free_choice else chosen
            yield EntryChange(
                number=len(chosen),
                nominee=_nominee_of(chosen[0]),
                traits=traits,
                available=number_of(rows) if free_choice else 0,
                named=named(rows, at_most=max(len(chosen), NAMED_AT_MOST)),
            )

    def _traits(self, rows: Sequence["EntryRow"]) -> Iterable[wording.Trait]:
        for facet in self._looked_at:
            if trait := self._trait(facet, rows):
                yield trait

    def _trait(self, facet: str, rows: Sequence["EntryRow"]) -> wording.Trait | None:
        """What all of these are in a facet; none where they differ in what the bounds do not tell apart."""
        carried = {tuple(label for label in row.labels if facet_of(label) == facet) for row in rows}
        if len(carried) == 1 and (labels := carried.pop()):
            return labels, True
        looked_at = self._looked_at[facet]
        if any(row.labels.intersection(looked_at) for row in rows):
            return None
        return looked_at, False


def _conflict(
    bounds: Sequence["SlateBound"], problem: completion.CompletionProblem, stock: Sequence["EntryRow"]
) -> SlateConflict | None:
    found = completion.conflict(problem)
    if found is None:
        return None
    by_code = {str(place): bound for place, bound in enumerate(bounds)}
    clashing = [by_code[code] for code in found.codes if code in by_code]
    return SlateConflict(
        clashes=tuple(_clash(bound, stock) for bound in clashing),
        reliefs=tuple(_relief(by_code.get(one.code), one.by) for one in found.relaxations),
        available=number_of(stock),
        places=problem.places if completion.PLACES in found.codes else None,
        inherent=_inherent(clashing, problem),
    )


def _inherent(bounds: Sequence["SlateBound"], problem: completion.CompletionProblem) -> bool:
    """Whether no slate at all keeps these bounds, with as many entries of every sort as are wanted."""
    by_facet: dict[str, dict[str, None]] = {}
    for bound in bounds:
        for label in (*sorted(bound.labels), *([bound.base] if bound.base else [])):
            by_facet.setdefault(facet_of(label), {})[label] = None
    choices = [(None, *labels) for labels in by_facet.values()]
    if not bounds or prod(map(len, choices)) > _MOST_SORTS:
        return False
    sorts = [frozenset(label for label in chosen if label) for chosen in product(*choices)]
    return (
        completion.completion(
            completion.CompletionProblem(
                limits=tuple(
                    completion.Limit(
                        code=str(place),
                        bound=bound.figures,
                        base=tuple(map(bound.covers, sorts)),
                        counted=tuple(map(bound.counts, sorts)),
                    )
                    for place, bound in enumerate(bounds)
                ),
                stock=(completion.Stock(0, None),) * len(sorts),
                places=problem.places,
                at_least=problem.at_least,
            )
        ).verdict
        is completion.Verdict.IMPOSSIBLE
    )


def _clash(bound: "SlateBound", stock: Sequence["EntryRow"]) -> Clash:
    return Clash(
        code=bound.code,
        label=bound.label,
        clause=bound.clause,
        asks=bound.stated or bound.figures,
        of_places=bound.allotted is not None,
        labels=tuple(sorted(bound.labels)),
        carried=not bound.without,
        available=number_of(row for row in stock if bound.counts(row.labels)),
    )


def _relief(bound: "SlateBound | None", by: int) -> Relief:
    if bound is None:
        return Relief("", "", "max", by)
    return Relief(bound.code, bound.label, bound.figures.sense, by)


def named(rows: Sequence["EntryRow"], *, at_most: int = NAMED_AT_MOST) -> tuple[NamedEntry, ...]:
    """The first few of these, as a proposal names them."""
    return tuple(NamedEntry(row.nomination_id, row.number, row.name) for row in rows[:at_most])


def number_of(rows: Iterable["EntryRow"]) -> int:
    """How many these rows stand for: of a long pool only the best of each kind are read one by one."""
    return sum(1 + row.more for row in rows)


def facet_of(label: str) -> str:
    """The facet of a label "facet:value"."""
    return label.partition(":")[0]


def _nominee_of(row: "EntryRow") -> str:
    return next((label.partition(":")[2] for label in row.labels if facet_of(label) == _NOMINEE), "")
