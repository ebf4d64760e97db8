"""The bounds of a list as a problem of completion: the only door to `quotas.arithmetic.completion`.

Entries that the bounds do not tell apart are one sort. Sorts stand in an order that does not depend on who came first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from quotas.arithmetic import completion
from quotas.arithmetic.completion import CompletionProblem, Contradiction, Verdict
from quotas.selection.crowd import Crowd
from quotas.selection.labels import Entry
from quotas.selection.plan import SlateBound

EFFORT = 5
"""The seconds that somebody waits for an answer at most. What is not found by then is said not to be known."""
NAMING = 1
"""The seconds for finding the smallest set of bounds, where it is known already that all of them cannot be kept."""

within = completion.within


class Undecided(Exception):  # noqa: N818 -- an answer, if not the one that was hoped for
    """Neither a list nor a proof that there is none was found with the effort that one question may take."""


Supply = Iterable[tuple[Entry, int | None]]
"""What lists can be made of: so many of each kind of entry, or as many as are wanted (None)."""


Sort = str
"""What an entry is to each of the bounds, in their order: whether it is in the base, and whether it is counted ("1101")."""


def sorts_of(bounds: Sequence[SlateBound], entries: Iterable[Entry]) -> dict[Entry, Sort]:
    """What each of the entries is to each bound. To a plain number it does not matter whether it is in the base."""
    kinds = list(dict.fromkeys(entries))
    if not bounds:
        return dict.fromkeys(kinds, "")
    crowd = Crowd(kinds)
    marks = []
    for bound in bounds:
        counted = crowd.digits(crowd.counted(bound))
        marks += [crowd.digits(crowd.covered(bound)) if bound.has_base else "1" * len(kinds), counted]
    return dict(zip(kinds, map("".join, zip(*marks, strict=True)), strict=True))


@dataclass(frozen=True)
class Question:
    """Lists of `at_least` to `places` entries out of a supply, held to all bounds; with one entry of the sort `must`."""

    bounds: tuple[SlateBound, ...]
    supply: Mapping[Sort, int | None]
    places: int
    at_least: int = 1
    must: Sort | None = None

    @classmethod
    def of(
        cls,
        bounds: Sequence[SlateBound],
        supply: Supply,
        places: int,
        *,
        must: Entry | None = None,
        at_least: int = 1,
    ) -> "Question":
        """The question about a supply of entries; the entry that `must` be listed comes on top of it."""
        supply = list(supply)
        sorts = sorts_of(bounds, (kind for kind, _ in supply))
        own = None if must is None else sorts_of(bounds, [must])[must]
        there: dict[Sort, int | None] = {} if own is None else {own: 1}
        for kind, number in supply:
            sort = sorts[kind]
            before = there.get(sort, 0)
            there[sort] = None if number is None or before is None else before + number
        return cls(tuple(bounds), dict(sorted(there.items())), places, at_least, own)

    @cached_property
    def sorts(self) -> tuple[Sort, ...]:
        """The sorts in the order of the problem."""
        return tuple(self.supply)

    @cached_property
    def problem(self) -> CompletionProblem:
        """The question as the arithmetic takes it."""
        marks = [tuple(map("1".__eq__, column)) for column in zip(*self.supply, strict=True)]
        marks = marks or [()] * (2 * len(self.bounds))
        return CompletionProblem(
            limits=tuple(
                # Codes of rules are chosen by people; a place in the sequence is nobody's.
                completion.Limit(
                    str(place), bound.figures, base=marks[2 * place], counted=marks[2 * place + 1]
                )
                for place, bound in enumerate(self.bounds)
            ),
            stock=tuple(
                completion.Stock(int(sort == self.must), number) for sort, number in self.supply.items()
            ),
            places=self.places,
            at_least=self.at_least,
        )

    @property
    def impossible(self) -> bool:
        """Whether it is proven that there is no such list."""
        return completion.completion(self.problem).verdict is Verdict.IMPOSSIBLE

    def nearest(self, start: Sequence[int]) -> tuple[int, ...] | None:
        """The list with the fewest changes from `start`, counted by sort; None where none was found."""
        return completion.nearest(self.problem, tuple(start))

    def conflict(self, *, places_given: bool = False) -> Contradiction | None:
        """A smallest set of bounds that no such list keeps; see `completion.conflict`."""
        return completion.conflict(self.problem, places_given=places_given)

    @property
    def possible(self) -> bool:
        """Whether such a list was found."""
        return completion.completion(self.problem).verdict is Verdict.POSSIBLE

    @property
    def undecided(self) -> bool:
        """Whether there was neither a list nor a proof that there is none."""
        return completion.completion(self.problem).verdict is Verdict.UNPROVEN

    def blamed(self, found: Contradiction) -> tuple[SlateBound, ...]:
        """The bounds of a contradiction."""
        return tuple(self.bounds[int(code)] for code in found.codes if code != completion.PLACES)

    def bound(self, code: str) -> SlateBound | None:
        """The bound behind a code of the problem; None for the places."""
        return None if code == completion.PLACES else self.bounds[int(code)]
