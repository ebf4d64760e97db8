"""Labels: what of an entry is counted, and what a rule or a place asks of it.

A label is written "facet:value", for example "ownership:non_public". Only this module puts one together or takes it apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple, NewType

Label = NewType("Label", str)

Entry = frozenset[Label]
"""One entry of a list as its labels. A facet gives it at most one of them."""


def label(facet: str, value: str) -> Label:
    """The label of a value of a facet."""
    return Label(f"{facet}:{value}")


ROUTE = ("city", "county")
"""The facets whose values are bodies, by their codes: the one of that level on the way of a nomination, or none.

No domain lists them: which bodies there are is a question of the body whose list is judged.
"""

Routes = frozenset[Entry]
"""Every way on which an entry can reach a list, as the labels of the bodies on it (`ROUTE`); empty where nobody asked.

A county lies in its city: of 13 cities and 95 counties there are 95 ways, and one without a label for who came by a union.
"""

HELD = "held"
"""What a nominee was named for before, by the code of the award: "held:model_home"."""


def group_of(text: str) -> str:
    """What stands before the colon: labels of one group are chosen in one row."""
    return text.partition(":")[0]


def facet_of(text: str) -> str:
    """The facet of a label. Somebody may hold several awards, so each of them is a facet of its own."""
    group = group_of(text)
    return text if group == HELD else group


def value_of(text: str) -> str:
    """The value of a label; empty where the text is none."""
    return text.partition(":")[2]


def entry(labels: Iterable[str]) -> Entry:
    """An entry out of its labels."""
    return frozenset(map(Label, labels))


def written(labels: Entry) -> str:
    """The labels as one text, equal for entries that bear the same; `read` gives them back."""
    return " ".join(sorted(labels))


@lru_cache(maxsize=4096)
def read(text: str) -> Entry:
    """An entry out of its labels as they are kept. Many nominations bear the same, so each text is taken apart once."""
    return entry(text.split())


class Condition(NamedTuple):
    """An entry bears any of these labels or, `negated`, none of them."""

    labels: frozenset[Label]
    negated: bool = False

    def holds(self, entry: Entry) -> bool:
        """Whether it is true of the entry."""
        return self.labels.isdisjoint(entry) == self.negated


@dataclass(frozen=True, slots=True)
class Predicate:
    """What an entry must be: all conditions at once. Without a condition it is every entry.

    "其他一线职工" is front-line and not an industrial worker: two conditions, the second one negated.
    """

    conditions: tuple[Condition, ...] = ()

    def holds(self, entry: Entry) -> bool:
        """Whether it is true of the entry."""
        return all(condition.holds(entry) for condition in self.conditions)

    def __and__(self, other: "Predicate") -> "Predicate":
        """What meets both."""
        return Predicate((*self.conditions, *other.conditions))

    @property
    def labels(self) -> Iterator[Label]:
        """Every label that it names, in a fixed order."""
        return (one for condition in self.conditions for one in sorted(condition.labels))

    @property
    def only(self) -> Label | None:
        """The label, where the predicate asks for that one label and nothing else."""
        if len(self.conditions) != 1 or self.conditions[0].negated or len(self.conditions[0].labels) != 1:
            return None
        (found,) = self.conditions[0].labels
        return found


EVERY = Predicate()
"""Every entry of the list."""


def bearing(*labels: str) -> Predicate:
    """Entries that bear any of these labels."""
    return Predicate((Condition(entry(labels)),))


def chosen(labels: Iterable[str], left_out: Iterable[str] = ()) -> Predicate:
    """The predicate of two lists, as people choose them: labels of one group are alternatives, groups are required
    together, and the second list names what is left out.
    """
    by_facet: dict[str, set[Label]] = {}
    for one in entry(labels):
        by_facet.setdefault(group_of(one), set()).add(one)
    conditions = [Condition(frozenset(by_facet[facet])) for facet in sorted(by_facet)]
    left = entry(left_out)
    return Predicate((*conditions, *([Condition(left, negated=True)] if left else [])))


class Chosen(NamedTuple):
    """A predicate as the two lists of `chosen`."""

    labels: tuple[Label, ...]
    left_out: tuple[Label, ...]


def taken_apart(predicate: Predicate) -> Chosen:
    """The two lists that `chosen` made the predicate of."""
    wanted, left = (
        tuple(
            one
            for condition in predicate.conditions
            if condition.negated == negated
            for one in sorted(condition.labels)
        )
        for negated in (False, True)
    )
    return Chosen(wanted, left)


Told = Sequence[Mapping[str, Sequence[str]]]
"""A predicate as it is kept in a column and in the ledger: [{"any": [labels]}, {"none": [labels]}]; empty for every entry."""


def told(predicate: Predicate) -> list[dict[str, list[str]]]:
    """The predicate as data; `predicate_of` gives it back."""
    return [{"none" if one.negated else "any": sorted(one.labels)} for one in predicate.conditions]


def predicate_of(data: Told) -> Predicate:
    """The predicate out of `told`."""
    return Predicate(
        tuple(
            Condition(entry(labels), negated=word == "none") for one in data for word, labels in one.items()
        )
    )


class FacetValues(NamedTuple):
    """One facet: the labels that an entry can bear of it, and whether it may bear none of them."""

    facet: str
    labels: tuple[Label, ...]
    optional: bool = False


Domain = tuple[FacetValues, ...]
"""What the entries of an award can differ in. A facet that is not part of it is borne by none."""


def open_facet(facet: str, named: Iterable[str]) -> FacetValues | None:
    """A facet that no domain lists, with those of the labels `named` that are of it; None for any other.

    An entry may bear none of them: it came another way, or holds nothing.
    """
    if facet not in ROUTE and group_of(facet) != HELD:
        return None
    return FacetValues(
        facet, tuple(sorted(Label(one) for one in named if facet_of(one) == facet)), optional=True
    )


def kinds(domain: Domain, facets: Iterable[str]) -> Iterator[Entry]:
    """Every kind of entry that there can be, as far as these facets tell them apart."""
    wanted = set(facets)
    held = sorted(wanted - {values.facet for values in domain})
    choices = [
        [*(frozenset({one}) for one in values.labels), *([frozenset()] if values.optional else [])]
        for values in (*domain, *filter(None, (open_facet(one, [one]) for one in held)))
        if values.facet in wanted
    ]
    return (frozenset().union(*each) for each in product(*choices))
