"""What a broken list needs: the fewest changes after which it keeps every bound at once; or why no list can.

It is asked with the bounds that refuse, so that a proposal that is followed is not refused. It may take long where many
bounds and entries meet.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import NamedTuple

from quotas.arithmetic import completion
from quotas.selection.judge import (
    NAMED_AT_MOST,
    EntryRow,
    NamedEntry,
    Scope,
    SlateReport,
    best_first,
    last_first,
    named,
    number_of,
)
from quotas.selection.labels import Entry, Label, entry, facet_of, value_of
from quotas.selection.plan import REGULAR, SEPARATE, Plan, SlateBound, bounds_of
from quotas.selection.problem import EFFORT, Question, sorts_of, within

SIMPLE = 3
"""The most kinds of entry that one sentence distinguishes; beyond it, only numbers and names are given."""

_MOST_SORTS = 256
"""The most sorts of entry for which the solver is asked whether any list could be legal; it takes milliseconds."""

_NOMINEE = "nominee"
"""The facet of what is nominated: it gives the noun."""


class Trait(NamedTuple):
    """What entries have in common: they bear one of these labels or, not `carried`, none of them."""

    labels: tuple[Label, ...]
    carried: bool = True


@dataclass(frozen=True, slots=True)
class EntryChange:
    """So many entries alike in what the broken bounds look at, to be put on the list or to be taken off it.

    `named` are those to take: of the pool the best by score, of the list the last in rank. They fit in what the other
    bounds look at as well. `available` fit so, where any `number` of them would do; 0 where only the named ones make
    it right together.
    """

    number: int
    nominee: str
    traits: tuple[Trait, ...]
    available: int
    named: tuple[NamedEntry, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """The fewest changes after which the list keeps all bounds and its places, and is as long as it was where it can be.

    Places are scarce: whoever has to give up an entry would rather exchange it. `instead` is the way without adding
    anybody, where changes that only take off are enough as well. `gone` entries are no longer in the pool and have to
    go first.
    """

    add: tuple[EntryChange, ...]
    drop: tuple[EntryChange, ...]
    instead: tuple[EntryChange, ...] = ()
    gone: int = 0


class Clash(NamedTuple):
    """One of the bounds that cannot be kept together, and how many there are of whom it counts."""

    bound: SlateBound
    available: int


class Relief(NamedTuple):
    """By how much one bound would have to give way, all others kept. Without a bound: so many places more."""

    bound: SlateBound | None
    by: int


@dataclass(frozen=True, slots=True)
class SlateConflict:
    """No list out of the entries and the pool keeps these bounds together, with what alone would mend it.

    `available` entries and nominations were there to choose from. `places` is set where their number is part of it.
    `inherent`: whoever may still come, these bounds contradict one another on so many places; otherwise the pool lacks
    somebody.
    """

    clashes: tuple[Clash, ...]
    reliefs: tuple[Relief, ...]
    available: int
    places: int | None
    inherent: bool


@dataclass(frozen=True, slots=True)
class Unadvised:
    """Neither a legal list nor a proof that there is none was found in the time that somebody waits."""


def advise(
    plan: Plan, rows: Sequence[EntryRow], pool: Sequence[EntryRow], report: SlateReport
) -> Remedy | SlateConflict | Unadvised | None:
    """What the list of the report needs, out of its pool, to keep all bounds and its places.

    The words are about what the bounds look at that it breaks now. None where it breaks none and fits its places, and where
    entries have only to go because they left the pool.
    """
    scope = Scope.of(plan, rows, pool)
    broken = {check.code for check in report.broken}
    if not scope.regular or not (broken or scope.left < 0):
        return None
    standing = [row for row in scope.regular if row.in_pool]
    # Separately listed entries alone are a list already.
    at_least = 0 if report.places[SEPARATE].used else 1
    sorted_rows = _Sorted.of(bounds_of(plan), standing, scope.free, plan.places[REGULAR], at_least)
    with within(EFFORT):
        found = sorted_rows.remedy(broken)
    if isinstance(found, Remedy):
        return replace(found, gone=len(scope.regular) - len(standing))
    return found


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Entries and pool by sort: who counts alike for every bound is of one sort, in the order of the question."""

    question: Question
    standing: tuple[tuple[EntryRow, ...], ...]
    free: tuple[tuple[EntryRow, ...], ...]

    @classmethod
    def of(
        cls,
        bounds: Sequence[SlateBound],
        standing: Sequence[EntryRow],
        free: Sequence[EntryRow],
        places: int,
        at_least: int,
    ) -> "_Sorted":
        supply = [(row.labels, 1 + row.more) for row in (*standing, *free)]
        question = Question.of(bounds, supply, places, at_least=at_least)
        sorts = sorts_of(bounds, (row.labels for row in (*standing, *free)))

        def by_sort(rows: Iterable[EntryRow]) -> tuple[tuple[EntryRow, ...], ...]:
            found: dict[object, list[EntryRow]] = {sort: [] for sort in question.sorts}
            for row in rows:
                found[sorts[row.labels]].append(row)
            return tuple(map(tuple, found.values()))

        return cls(
            question,
            by_sort(last_first(standing)),
            by_sort(best_first(free)),
        )

    def remedy(self, broken: Collection[str]) -> Remedy | SlateConflict | Unadvised | None:
        """The nearest legal list as changes; as long as the list was, where one is."""
        start = tuple(map(len, self.standing))
        target = self.question.nearest(start)
        if target is None:
            return self._conflict() or Unadvised()
        if target == start:
            return None
        if sum(target) < sum(start):
            as_long = max(self.question.at_least, min(sum(start), self.question.places))
            target = replace(self.question, at_least=as_long).nearest(start) or target
        said = _Said(self, broken)
        add = tuple(said.changes(start, target, added=True))
        drop = tuple(said.changes(start, target, added=False))
        instead: tuple[EntryChange, ...] = ()
        if add and len(add) + len(drop) <= SIMPLE:
            only_off = dict(zip(self.question.sorts, start, strict=True))
            shorter = replace(self.question, supply=only_off).nearest(start)
            if shorter is not None:
                instead = tuple(said.changes(start, shorter, added=False))
        return Remedy(add, drop, instead)

    def _conflict(self) -> SlateConflict | None:
        found = self.question.conflict()
        if found is None:
            return None
        clashing = self.question.blamed(found)
        rows = [row for group in (*self.standing, *self.free) for row in group]
        return SlateConflict(
            clashes=tuple(
                Clash(bound, number_of(row for row in rows if bound.counts(row.labels))) for bound in clashing
            ),
            reliefs=tuple(Relief(self.question.bound(one.code), one.by) for one in found.relaxations),
            available=number_of(rows),
            places=self.question.places if completion.PLACES in found.codes else None,
            inherent=_inherent(clashing, self.question),
        )


def _inherent(bounds: Sequence[SlateBound], question: Question) -> bool:
    """Whether no list at all keeps these bounds, with as many entries of every sort as are wanted."""
    by_facet: dict[str, dict[Label, None]] = {}
    for one in sorted({label for bound in bounds for label in bound.labels}):
        by_facet.setdefault(facet_of(one), {})[Label(one)] = None
    choices = [(None, *labels) for labels in by_facet.values()]
    if not bounds or prod(map(len, choices)) > _MOST_SORTS:
        return False
    sorts: list[Entry] = [entry(one for one in chosen if one) for chosen in product(*choices)]
    supply = [(sort, None) for sort in sorts]
    return Question.of(bounds, supply, question.places, at_least=question.at_least).impossible


class _Said:
    """How the sorts of one question are distinguished in words: only by the facets that the broken bounds look at.

    A list of 40 that lacks one woman lacks a woman; that she must not upset seven other rules is in the names.
    """

    def __init__(self, rows: _Sorted, broken: Collection[str]) -> None:
        self._rows = rows
        looked_at: dict[str, dict[Label, None]] = {}
        for bound in rows.question.bounds:
            if bound.code in broken:
                kinds = sorted({one for kind in bound.kinds for one in kind.labels})
                for one in (*bound.base.labels, *kinds):
                    looked_at.setdefault(facet_of(one), {})[one] = None
        looked_at.pop(_NOMINEE, None)
        self._looked_at = {facet: tuple(labels) for facet, labels in looked_at.items()}

    def changes(self, start: Sequence[int], target: Sequence[int], *, added: bool) -> Iterable[EntryChange]:
        """What is added, or what goes, from the one list to the other, sorts that sound alike together."""
        alike: dict[tuple[Trait, ...], list[tuple[int, tuple[EntryRow, ...]]]] = {}
        for before, after, on, off in zip(start, target, self._rows.standing, self._rows.free, strict=True):
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

    def _traits(self, rows: Sequence[EntryRow]) -> Iterable[Trait]:
        for facet in self._looked_at:
            if trait := self._trait(facet, rows):
                yield trait

    def _trait(self, facet: str, rows: Sequence[EntryRow]) -> Trait | None:
        """What all of these are in a facet; none where they differ in what the bounds do not tell apart."""
        carried = {tuple(one for one in row.labels if facet_of(one) == facet) for row in rows}
        if len(carried) == 1 and (labels := carried.pop()):
            return Trait(labels)
        looked_at = self._looked_at[facet]
        if any(row.labels.intersection(looked_at) for row in rows):
            return None
        return Trait(looked_at, carried=False)


def _nominee_of(row: EntryRow) -> str:
    return next((value_of(one) for one in row.labels if facet_of(one) == _NOMINEE), "")
