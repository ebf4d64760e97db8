"""Whether any slate of a body can hold an entry: the bounds of the gate, put to the arithmetic of completions.

Two questions have one answer each. Before submission, on the plan alone: whatever others hand in, can some list of at
most the body's places hold this entry? At an approval, on a stock: can such a slate be made of what is approved and
pending? Neither depends on who came first. Pure: entries are their labels, nothing is read.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import product

from appraisal.gate.services import gate
from appraisal.records import facets, rules
from appraisal.records.states import EntryKind
from quotas.arithmetic import completion, shares

Supply = Sequence[tuple[shares.Entry, int | None]]
"""What there is besides the entry that is asked about: so many of each kind, or as many as wanted (None)."""


@dataclass(frozen=True, slots=True)
class DeskStock:
    """What a desk's list can be made of, by kind: approved (its pool) and pending (at the desk, or below on the way to it).

    While units can still apply (`open`) everything may still come on top.
    """

    approved: Counter[shares.Entry] = field(default_factory=Counter)
    pending: Counter[shares.Entry] = field(default_factory=Counter)
    open: bool = False

    def besides(self, entry: shares.Entry) -> list[tuple[shares.Entry, int | None]]:
        """All there is but one entry of this kind, which is the one that is asked about."""
        return list((self.approved + self.pending - Counter([entry])).items())


class Hindrance(StrEnum):
    """Why no slate can hold an entry."""

    NO_PLACES = "no_places"
    CLOSED = "closed"
    """The award is for another kind altogether."""
    PLAN = "plan"
    """One bound leaves it no place, whatever comes."""
    SHORT = "short"
    """One bound needs more of a kind than there is."""
    CLASH = "clash"
    """Each bound could be kept, all of them together cannot."""


@dataclass(frozen=True, slots=True)
class ReachFinding:
    """One reason, with the bounds that make it."""

    why: Hindrance
    bounds: tuple[gate.SlateBound, ...] = ()


def findings(
    plan: gate.Plan, nominee_kind: str, entry: shares.Entry, stock: DeskStock | None = None
) -> list[ReachFinding]:
    """Every reason for which no legal slate of regular places can hold the entry; empty where one can.

    Without a stock the plan alone counts. A separately listed place is outside every share, so where the body has one
    only an award that is closed to this kind refuses.
    """
    bounds = gate.bounds_of(plan)
    places = plan.places[EntryKind.REGULAR]
    found = [ReachFinding(Hindrance.CLOSED, (bound,)) for bound in bounds if closes(bound, entry)]
    if plan.places[EntryKind.SEPARATE]:
        return found
    if not places:
        return found or [ReachFinding(Hindrance.NO_PLACES)]
    told = {finding.bounds[0].code for finding in found}
    left = None if stock is None or stock.open else stock.besides(entry)
    for bound in bounds:
        if bound.code in told:
            continue
        if not _alone(bound, places, entry, None):
            found.append(ReachFinding(Hindrance.PLAN, (bound,)))
        elif left is not None and not _alone(bound, places, entry, left):
            found.append(ReachFinding(Hindrance.SHORT, (bound,)))
    if found or len(bounds) < 2:
        return found
    supply = [(kind, None) for kind in best_kinds(tuple(bounds), nominee_kind)] if left is None else left
    clash = clashing(bounds, places, entry, supply)
    return [ReachFinding(Hindrance.CLASH, clash)] if clash else []


def closes(bound: gate.SlateBound, entry: shares.Entry) -> bool:
    """Whether the bound gives the whole to another kind than the entry's: a minimum of n/n, and the entry is in its base."""
    figures = bound.stated or bound.figures
    whole = figures.kind != "count" and figures.sense == "min" and figures.numerator == figures.denominator
    return whole and bound.covers(entry) and not bound.counts(entry)


def _alone(bound: gate.SlateBound, places: int, entry: shares.Entry, left: Supply | None) -> bool:
    """Whether a slate of at most `places` entries with this one can keep this bound, the others set aside."""
    figures = bound.figures
    carried = bound.counts(entry)
    # Of a share, what is outside its base neither helps nor harms; of a number, it takes a place.
    weighs = carried or figures.kind == "count" or bound.covers(entry)
    matching = others = None
    if left is not None:
        matching, others = tally(bound, left)
    return shares.can_still_hold(
        figures,
        places,
        matching_available=matching,
        others_available=others,
        must_include_matching=int(carried),
        must_include_others=int(weighs and not carried),
    )


def tally(bound: gate.SlateBound, supply: Iterable[tuple[shares.Entry, int | None]]) -> tuple[int, int]:
    """How many of a counted supply the bound counts, and how many others are in its base."""
    matching = others = 0
    for kind, number in supply:
        if bound.counts(kind):
            matching += number or 0
        elif bound.covers(kind):
            others += number or 0
    return matching, others


def clashing(
    bounds: Sequence[gate.SlateBound], places: int, entry: shares.Entry, supply: Supply
) -> tuple[gate.SlateBound, ...]:
    """A smallest set of bounds that no slate with the entry can keep together; empty where a slate exists, and where it
    is not proven that none does.
    """
    problem = problem_of(bounds, places, entry, supply)
    if completion.completion(problem).verdict is not completion.Verdict.IMPOSSIBLE:
        return ()
    # A body cannot give itself places: what is named are rules.
    found = completion.conflict(problem, places_given=True)
    if found is None:
        return tuple(bounds)
    return tuple(bound for bound in bounds if bound.code in found.codes)


def problem_of(
    bounds: Sequence[gate.SlateBound], places: int, entry: shares.Entry, supply: Supply
) -> completion.CompletionProblem:
    """The question as the arithmetic takes it. Entries which the bounds do not tell apart are one type."""
    own = _signature(bounds, entry)
    most: dict[tuple[_Part, ...], int | None] = {own: 1}
    for kind, number in supply:
        type_ = _signature(bounds, kind)
        there = most.get(type_, 0)
        most[type_] = None if number is None or there is None else there + number
    return completion.CompletionProblem(
        limits=tuple(
            completion.Limit(
                code=bound.code,
                bound=bound.figures,
                base=tuple(type_[place].in_base for type_ in most),
                counted=tuple(type_[place].counted for type_ in most),
            )
            for place, bound in enumerate(bounds)
        ),
        stock=tuple(completion.Stock(int(type_ == own), number) for type_, number in most.items()),
        places=places,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What an entry is to one bound."""

    in_base: bool
    counted: bool


def _signature(bounds: Sequence[gate.SlateBound], entry: shares.Entry) -> tuple[_Part, ...]:
    return tuple(
        _Part(carried or not _has_base(bound) or bound.covers(entry), carried)
        for bound in bounds
        for carried in (bound.counts(entry),)
    )


def _has_base(bound: gate.SlateBound) -> bool:
    """Whether the length of the base matters: not to a number, which a share of the places given is as well."""
    return bound.figures.kind != "count"


# What may still come


@lru_cache(maxsize=512)
def best_kinds(bounds: tuple[gate.SlateBound, ...], nominee_kind: str) -> tuple[shares.Entry, ...]:
    """The kinds of entry that can still come, as far as the bounds tell them apart, without those to which another is
    preferable under every bound: a slate stays legal when it takes that one instead.

    Facets that no bound ties together are looked at one by one, so that eight of them do not multiply.
    """
    parts = []
    for names in _tied(bounds):
        concerned = [bound for bound in bounds if _facets_of(bound) & names]
        choices = [_choices(name, bounds, nominee_kind) for name in sorted(names)]
        kinds = {
            tuple(_worth(bound, entry) for bound in concerned): entry
            for entry in (frozenset().union(*chosen) for chosen in product(*choices))
        }
        parts.append([kinds[worth] for worth in _undominated(kinds)])
    return tuple(frozenset().union(*chosen) for chosen in product(*parts))


def _tied(bounds: Iterable[gate.SlateBound]) -> list[frozenset[str]]:
    """The facets that the bounds name, together where one bound names both."""
    groups: list[frozenset[str]] = []
    for bound in bounds:
        names = _facets_of(bound)
        groups = [
            *(group for group in groups if not group & names),
            names.union(*(group for group in groups if group & names)),
        ]
    return groups


def _facets_of(bound: gate.SlateBound) -> frozenset[str]:
    named = (*bound.labels, bound.base) if bound.base else bound.labels
    return frozenset(label.partition(":")[0] for label in named)


def _choices(name: str, bounds: Iterable[gate.SlateBound], nominee_kind: str) -> list[frozenset[str]]:
    """The labels an entry can have of a facet: each that a bound names, one that none names, or no label at all."""
    facet = facets.FACETS.get(name)
    if facet is None or nominee_kind not in facet.nominee_kinds:
        return [frozenset()]
    if facet.trait is None:
        return [frozenset({f"{name}:{nominee_kind}"})]
    named = {label for bound in bounds for label in (*bound.labels, bound.base) if label}
    unnamed = [label for label in facet.labels if label not in named]
    found = [frozenset({label}) for label in facet.labels if label in named or label == unnamed[0]]
    may_be_empty = facets.Traits._field_defaults[facet.trait] == ""
    if may_be_empty and facet.trait not in rules.REQUIRED_OF[nominee_kind]:
        found.append(frozenset())
    return found


def _worth(bound: gate.SlateBound, entry: shares.Entry) -> int:
    """How well an entry serves a bound: 2 helps, 0 harms, 1 is outside the base."""
    if bound.counts(entry):
        helps = bound.figures.sense == "min"
    elif bound.covers(entry) or not _has_base(bound):
        helps = bound.figures.sense == "max"
    else:
        return 1
    return 2 if helps else 0


def _undominated(worths: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    kept: list[tuple[int, ...]] = []
    for worth in sorted(worths, key=sum, reverse=True):
        if not any(all(a >= b for a, b in zip(other, worth, strict=True)) for other in kept):
            kept.append(worth)
    return kept


def still_needed(bound: gate.SlateBound, entry: shares.Entry) -> int | None:
    """How many more entries the bound needs beside this one, of the kind that serves it; None where no number does."""
    figures = bound.figures
    carried = bound.counts(entry)
    base = int(carried or bound.covers(entry))
    changes = shares.smallest_changes(figures, base, int(carried))
    return changes.add_matching if figures.sense == "min" else changes.add_other
