"""Whether any list of a body can hold an entry, and whether any list is possible at all.

Three questions have one answer each. Before submission, on the plan alone: whatever others hand in, can some list of at
most the body's places hold this entry? At an approval, on a stock: can such a list be made of what is approved and
pending? While planning: do the bounds contradict one another on every list, and which kinds do they keep out?
None depends on who came first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import product

from quotas.arithmetic import shares
from quotas.arithmetic.completion import PLACES
from quotas.arithmetic.shares import Bound
from quotas.selection.labels import (
    ROUTE,
    Domain,
    Entry,
    FacetValues,
    Label,
    Routes,
    bearing,
    open_facet,
    written,
)
from quotas.selection.plan import REGULAR, SEPARATE, Plan, SlateBound, bounds_of
from quotas.selection.problem import EFFORT, NAMING, Question, Supply, Undecided, within


@dataclass(frozen=True, slots=True)
class DeskStock:
    """What a desk's list can be made of, by kind: approved (its pool) and pending (at the desk, or below on the way to it).

    While units can still apply (`open`) everything may still come on top.
    """

    approved: Counter[Entry] = field(default_factory=Counter)
    pending: Counter[Entry] = field(default_factory=Counter)
    open: bool = False

    def besides(self, entry: Entry) -> list[tuple[Entry, int | None]]:
        """All there is but one entry of this kind, which is the one that is asked about."""
        return list((self.approved + self.pending - Counter([entry])).items())


class Hindrance(StrEnum):
    """Why no list can hold an entry."""

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
    bounds: tuple[SlateBound, ...] = ()


def findings(plan: Plan, domain: Domain, entry: Entry, stock: DeskStock | None = None) -> list[ReachFinding]:
    """Every reason for which no legal list of regular places can hold the entry; empty where one can.

    Without a stock the plan alone counts. A separately listed place is outside every share, as a reserve is, so where the
    body has one, or reserves only, an award that is closed to this kind is all that refuses.
    """
    bounds = bounds_of(plan)
    places = plan.places[REGULAR]
    found = [ReachFinding(Hindrance.CLOSED, (bound,)) for bound in bounds if closes(bound, entry)]
    if plan.places[SEPARATE] or plan.reserves_only:
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
    supply = endless(tuple(bounds), domain, plan.routes) if left is None else left
    with within(EFFORT):
        clash = clashing(bounds, places, entry, supply)
    return [ReachFinding(Hindrance.CLASH, clash)] if clash else []


def closes(bound: SlateBound, entry: Entry) -> bool:
    """Whether the bound gives the whole to another kind than the entry's: a minimum of n/n, and the entry is in its base."""
    asked = bound.asked
    whole = asked.kind != "count" and asked.sense == "min" and asked.numerator == asked.denominator
    return whole and bound.covers(entry) and not bound.counts(entry)


def _alone(bound: SlateBound, places: int, entry: Entry, left: Supply | None) -> bool:
    """Whether a list of at most `places` entries with this one can keep this bound, the others set aside."""
    carried = bound.counts(entry)
    # Of a share, what is outside its base neither helps nor harms; of a number, it takes a place.
    weighs = carried or not bound.has_base or bound.covers(entry)
    matching = others = None
    if left is not None:
        matching, others = tally(bound, left)
    return shares.can_still_hold(
        bound.figures,
        places,
        matching_available=matching,
        others_available=others,
        must_include_matching=int(carried),
        must_include_others=int(weighs and not carried),
    )


def tally(bound: SlateBound, supply: Supply) -> tuple[int, int]:
    """How many of a counted supply the bound counts, and how many others are in its base."""
    matching = others = 0
    for kind, number in supply:
        if bound.counts(kind):
            matching += number or 0
        elif bound.covers(kind):
            others += number or 0
    return matching, others


def clashing(
    bounds: Sequence[SlateBound], places: int, entry: Entry, supply: Supply
) -> tuple[SlateBound, ...]:
    """A smallest set of bounds that no list with the entry can keep together.

    Empty where a list exists, and where it is not proven that none does.
    """
    question = Question.of(bounds, supply, places, must=entry)
    if not question.impossible:
        return ()
    # A body cannot give itself places: what is named are rules. The refusal stands; that few of them are named is worth
    # a second, since the nomination is locked.
    with within(NAMING):
        found = question.conflict(places_given=True)
    return tuple(bounds) if found is None else question.blamed(found)


def still_needed(bound: SlateBound, entry: Entry) -> int | None:
    """How many more entries the bound needs beside this one, of the kind that serves it; None where no number does."""
    carried = bound.counts(entry)
    base = int(carried or bound.covers(entry))
    changes = shares.smallest_changes(bound.figures, base, int(carried))
    return changes.add_matching if bound.figures.sense == "min" else changes.add_other


# What may still come


def endless(
    bounds: tuple[SlateBound, ...], domain: Domain, routes: Routes = frozenset()
) -> list[tuple[Entry, int | None]]:
    """As many as are wanted of every kind that the bounds tell apart, as far as one needs them."""
    return [(kind, None) for kind in best_kinds(bounds, domain, routes)]


@lru_cache(maxsize=512)
def best_kinds(
    bounds: tuple[SlateBound, ...], domain: Domain, routes: Routes = frozenset()
) -> tuple[Entry, ...]:
    """The kinds of entry that can still come, as far as the bounds tell them apart, without those to which another is
    preferable under every bound: a list stays legal when it takes that one instead.

    Facets that no bound ties together are looked at one by one, so that eight of them do not multiply. City and county
    are tied by the `routes`, where these are known: an entry bears those of one of them.
    """
    known = {values.facet: values for values in domain}
    parts = []
    routed = frozenset(ROUTE) if routes else frozenset()
    for names in _tied(bounds, routed):
        concerned = [bound for bound in bounds if bound.facets & names]
        named = frozenset(label for bound in concerned for label in bound.labels)
        choices = [
            _choices(known.get(name) or open_facet(name, named), named) for name in sorted(names - routed)
        ]
        if names & routed:
            choices.append(sorted({route & named for route in routes}, key=written))
        kinds = {
            tuple(_worth(bound, entry) for bound in concerned): entry
            for entry in (frozenset().union(*chosen) for chosen in product(*choices))
        }
        parts.append([kinds[worth] for worth in _undominated(kinds)])
    return tuple(frozenset().union(*chosen) for chosen in product(*parts))


def _tied(bounds: Iterable[SlateBound], routed: frozenset[str]) -> list[frozenset[str]]:
    """The facets that the bounds name, together where one bound names both; those that are `routed` are together."""
    groups: list[frozenset[str]] = []
    for names in (*(bound.facets for bound in bounds), *filter(None, [routed])):
        groups = [
            *(group for group in groups if not group & names),
            names.union(*(group for group in groups if group & names)),
        ]
    return groups


def _choices(values: FacetValues | None, named: frozenset[str]) -> list[Entry]:
    """The labels an entry can have of a facet: each that a bound names, one that none names, or no label at all."""
    if values is None:
        return [frozenset()]
    unnamed = [label for label in values.labels if label not in named]
    found: list[Entry] = [
        frozenset({label}) for label in values.labels if label in named or label == unnamed[0]
    ]
    if values.optional:
        found.append(frozenset())
    return found


def _worth(bound: SlateBound, entry: Entry) -> int:
    """How well an entry serves a bound: 2 helps, 0 harms, 1 is outside the base."""
    if bound.counts(entry):
        helps = bound.figures.sense == "min"
    elif bound.covers(entry) or not bound.has_base:
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


# Whatever may come


@dataclass(frozen=True, slots=True)
class RuleClash:
    """Bounds that no list at all keeps together on so many places; `places`: with more of them one would.

    `reliefs` are what alone would be enough: the bound (None: the places), and by how many entries.
    """

    bounds: tuple[SlateBound, ...]
    places: bool
    reliefs: tuple[tuple[SlateBound | None, int], ...]


@lru_cache(maxsize=2048)
def contradiction(
    bounds: tuple[SlateBound, ...], domain: Domain, places: int, routes: Routes = frozenset()
) -> RuleClash | None:
    """A smallest set of the bounds that no list of 1 to `places` entries keeps together; None where a list does.

    Raises Undecided where neither was found.
    """
    question = Question.of(bounds, endless(bounds, domain, routes), places)
    found = question.conflict()
    if found is None:
        if question.undecided:
            raise Undecided
        return None
    return RuleClash(
        bounds=question.blamed(found),
        places=PLACES in found.codes,
        reliefs=tuple((question.bound(one.code), one.by) for one in found.relaxations),
    )


@lru_cache(maxsize=2048)
def shut_out(
    bounds: tuple[SlateBound, ...], domain: Domain, places: int, routes: Routes = frozenset()
) -> tuple[tuple[Label, tuple[SlateBound, ...]], ...]:
    """The labels of which no list of 1 to `places` entries holds a single one, each with the bounds that keep it out.

    Only labels of facets that a bound names can be kept out. Empty where the bounds contradict one another in any case.
    Raises Undecided as `contradiction` does.
    """
    if contradiction(bounds, domain, places, routes) is not None:
        return ()
    facets = frozenset().union(*(bound.facets for bound in bounds))
    found = []
    for values in sorted(domain):
        for one in values.labels if values.facet in facets else ():
            clash = contradiction((*bounds, _one_of(one)), domain, places, routes)
            if clash is not None:
                found.append((one, tuple(bound for bound in clash.bounds if bound.code != _ONE)))
    return tuple(found)


_ONE = "one of the kind"


def _one_of(label: Label) -> SlateBound:
    one = Bound(_ONE, "min", "count", 1)
    return SlateBound(_ONE, "", "", "share_rule", figures=one, kinds=(bearing(label),))
