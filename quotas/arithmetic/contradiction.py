"""Whether rules contradict one another on every possible list, known before anybody has applied.

The entries are all that the facets named by the rules can tell apart, as many of each as wanted. One facet gives an
entry at most one label; where it has values that no rule names, an entry may have one of these.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import product

from quotas.arithmetic.completion import PLACES, CompletionProblem, Contradiction, Limit, Stock, conflict
from quotas.arithmetic.shares import Rule

MOST_TYPES = 2_000
"""Kinds of entries beyond which nothing is said; rules that name so many facets do not occur."""


def contradiction(
    rules: Sequence[Rule], values: Mapping[str, Collection[str]], places: int
) -> Contradiction | None:
    """
    A smallest set of the rules that no list of 1 to `places` entries keeps together; None where a list does.

    `values` are the values that each facet has at all. A set that names the places ("places") asks for more of them;
    one that does not contradicts itself on lists of any such length.
    """
    kinds = _kinds(rules, values)
    if not rules or len(kinds) > MOST_TYPES:
        return None
    limits = tuple(
        Limit(
            code=rule.code,
            bound=rule.bound,
            base=tuple(rule.covers(kind) for kind in kinds),
            counted=tuple(rule.matches(kind) for kind in kinds),
            fixed_base=places if rule.basis == "allotted" else None,
        )
        for rule in rules
    )
    stock = tuple(Stock(least=0, most=None) for _kind in kinds)
    return conflict(CompletionProblem(limits, stock, places))


Values = tuple[tuple[str, tuple[str, ...]], ...]
"""Each facet with its values."""


@lru_cache(maxsize=2048)
def shut_out(rules: tuple[Rule, ...], values: Values, places: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """
    The labels of which no list of 1 to `places` entries holds a single one, each with the rules that keep it out.

    Only labels of facets that a rule names can be kept out. Empty where the rules contradict one another in any case.
    """
    known = dict(values)
    if contradiction(rules, known, places) is not None:
        return ()
    named = {label.partition(":")[0] for rule in rules for label in (rule.facet, rule.base) if label}
    found = []
    for label in (f"{facet}:{value}" for facet in sorted(named) for value in known.get(facet, ())):
        one = Rule(_ONE, label, None, "min", "count", 1)
        clash = contradiction((*rules, one), known, places)
        if clash is not None:
            found.append((label, tuple(code for code in clash.codes if code not in (_ONE, PLACES))))
    return tuple(found)


_ONE = "one of the kind"


def _kinds(rules: Sequence[Rule], values: Mapping[str, Collection[str]]) -> list[frozenset[str]]:
    """Every entry that the rules can tell apart, as its labels."""
    named: dict[str, list[str]] = {}
    for label in dict.fromkeys(label for rule in rules for label in (rule.facet, rule.base) if label):
        facet, _colon, value = label.partition(":")
        named.setdefault(facet, []).append(value)
    choices = [
        [
            *(f"{facet}:{value}" for value in mentioned),
            *([""] if set(values.get(facet, ())) - set(mentioned) else []),
        ]
        for facet, mentioned in named.items()
    ]
    return [frozenset(filter(None, kind)) for kind in product(*choices)]
