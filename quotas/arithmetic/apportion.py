"""Handing whole places to bodies in proportion, by the largest remainder, so that nothing is lost in rounding.

Each body's exact claim is its proportional part. First everybody gets the whole part of the claim; the places left
over go one each to the largest remainders. Equal remainders are settled by lots drawn in advance.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Step(Generic[K]):
    """How one key came to its figure, for showing the computation line by line.

    `claim` = total * weight / sum of weights = `whole` + `remainder`; `extra` is the place (0 or 1) got for the
    remainder; `given` = whole + extra; `lot` is the position in the draw, from 1; `by_lot` says that another key
    with the same remainder fared differently, so that the draw decided.
    """

    key: K
    weight: int
    claim: Fraction
    whole: int
    remainder: Fraction
    lot: int
    extra: int
    given: int
    by_lot: bool


@dataclass(frozen=True, slots=True)
class Split(Generic[K]):
    """What each key gets, in the order of the lots, and the steps in the order in which remainders were served."""

    parts: Mapping[K, int]
    steps: tuple[Step[K], ...]


def apportion(total: int, weights: Mapping[K, int], lot: Sequence[K]) -> Split[K]:
    """Hand out `total` places in proportion to the weights; `lot` names every key once, the first drawn wins a tie.

    Raises ValueError for a negative total or weight, for places without any weight, and for lots that do not name
    each key exactly once.

    Invariant: the parts sum to the total; each is its claim rounded down or up, so it is less than one off and
    equals a whole claim; a larger weight never gets less; the order of `weights` makes no difference.
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("places and weights are at least 0")
    position = {key: number for number, key in enumerate(lot, start=1)}
    if len(position) != len(lot) or position.keys() != weights.keys():
        raise ValueError("the lots name every key exactly once")
    whole_weight = sum(weights.values())
    if total and not whole_weight:
        raise ValueError("places cannot be shared among weights of 0")

    claims = {key: Fraction(total * weights[key], whole_weight or 1) for key in lot}
    remainders = {key: claim - int(claim) for key, claim in claims.items()}
    # sorted() is stable, so keys with equal remainders stay in the order of the lots
    served = sorted(lot, key=lambda key: remainders[key], reverse=True)
    left_over = total - sum(int(claim) for claim in claims.values())
    lucky = set(served[:left_over])
    tied = {remainders[key] for key in served[:left_over]} & {remainders[key] for key in served[left_over:]}

    steps = tuple(
        Step(
            key=key,
            weight=weights[key],
            claim=claims[key],
            whole=int(claims[key]),
            remainder=remainders[key],
            lot=position[key],
            extra=int(key in lucky),
            given=int(claims[key]) + int(key in lucky),
            by_lot=remainders[key] in tied,
        )
        for key in served
    )
    given = {step.key: step.given for step in steps}
    return Split(parts={key: given[key] for key in lot}, steps=steps)


def split_minimum(minimum: int, places: Mapping[K, int], lot: Sequence[K]) -> Split[K]:
    """Hand the minimum of the whole down to the bodies as typed places, in proportion to the places they have.

    Rounding up in each body would inflate the minimum (13 bodies of 3 places, 1/2: 26 instead of 20 of 39); here the
    typed places sum to the minimum exactly, on every level of the tree on which it is repeated. Raises ValueError
    as `apportion` does, and when the minimum is larger than all places together.

    Invariant: the parts sum to the minimum; each is at most the body's places and less than one off its claim,
    minimum * places / all places; the order of `places` makes no difference.
    """
    if minimum > sum(places.values()):
        raise ValueError("a minimum is at most the number of places")
    return apportion(minimum, places, lot)
