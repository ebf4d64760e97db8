"""Handing whole places to bodies in proportion, with a least and a most for each, so that nothing is lost in rounding.

Two families of methods. *Largest remainder*: each body's exact claim is its proportional part, held between its least
and its most so that all claims sum to the total; everybody gets the whole part of the claim, and the places left over
go one each to the largest remainders. *Divisors* (Sainte-Laguë, D'Hondt): everybody gets its least; then one place
after another goes to the largest quotient of weight and divisor among those who have not their most.

What is equal is settled by lots drawn in advance. All figures are integers or `Fraction`.
"""

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, Literal, TypeVar

K = TypeVar("K", bound=Hashable)

Divisor = Literal["sainte_lague", "dhondt"]
Held = Literal["", "floor", "cap"]
"""Which of its bounds kept a body from its proportional part."""


@dataclass(frozen=True, slots=True)
class DivisionStep(Generic[K]):
    """How one key came to its figure by the largest remainder, for showing the computation line by line.

    `claim` is the exact proportional part between the bounds = `whole` + `remainder`; `rank` is the place of the
    remainder among all, from 1; `extra` is the place (0 or 1) got for the remainder; `given` = whole + extra; `lot`
    is the position in the draw, from 1; `by_lot` says that another key with the same remainder fared differently, so
    that the draw decided; `held` names the bound at which the claim was kept.
    """

    key: K
    weight: int
    claim: Fraction
    whole: int
    remainder: Fraction
    rank: int
    lot: int
    extra: int
    given: int
    by_lot: bool
    held: Held = ""


@dataclass(frozen=True, slots=True)
class Split(Generic[K]):
    """What each key gets, in the order of the lots, and the steps in the order in which remainders were served.

    `rate` is how many places one unit of weight claims.
    """

    parts: Mapping[K, int]
    steps: tuple[DivisionStep[K], ...]
    rate: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class DivisorStep(Generic[K]):
    """How one key came to its figure by a divisor method.

    `claim` is the exact proportional part between the bounds, to compare with; `last` is the quotient with which the
    key got the last of its places beyond its floor (None: it has none), `following` that with which it would get one
    more (None: it has its cap, or no weight); `by_lot`, `lot` and `held` as in `DivisionStep`.
    """

    key: K
    weight: int
    claim: Fraction
    last: Fraction | None
    following: Fraction | None
    lot: int
    given: int
    by_lot: bool
    held: Held


@dataclass(frozen=True, slots=True)
class Division(Generic[K]):
    """What each key gets, and the steps, both in the order of the lots.

    `last` is the quotient of the last place of all, None when the floors alone make up the total.
    """

    parts: Mapping[K, int]
    steps: tuple[DivisorStep[K], ...]
    last: Fraction | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that one key gets; `cap=None`: unlimited."""

    floor: int = 0
    cap: int | None = None

    def hold(self, part: Fraction) -> Fraction:
        """The part, raised to the floor or lowered to the cap."""
        if part < self.floor:
            return Fraction(self.floor)
        return part if self.cap is None else min(part, Fraction(self.cap))


_FREE = Bounds()


def room(weights: Mapping[K, int], bounds: Mapping[K, Bounds]) -> tuple[int, int | None]:
    """The least and the most places that can be handed out; None: any number.

    A key of weight 0 gets its floor and nothing else, so its cap adds nothing.
    """
    least = sum(bounds.get(key, _FREE).floor for key in weights)
    most = 0
    for key, weight in weights.items():
        bound = bounds.get(key, _FREE)
        if weight and bound.cap is None:
            return least, None
        most += bound.cap if weight and bound.cap is not None else bound.floor
    return least, most


def apportion(
    total: int, weights: Mapping[K, int], lot: Sequence[K], bounds: Mapping[K, Bounds] | None = None
) -> Split[K]:
    """Hand out `total` places by the largest remainder; `lot` names every key once, the first drawn wins a tie.

    Raises ValueError for a negative total or weight, for bounds that make no sense, for a total that lies outside
    `room` (places without any weight among them), and for lots that do not name each key exactly once.

    Invariant: the parts sum to the total; each is its claim rounded down or up, so it is less than one off, equals a
    whole claim and lies between the bounds; of two keys without bounds a larger weight never gets less; the order of
    `weights` makes no difference.
    """
    held = _checked(total, weights, lot, bounds or {})
    rate = _rate(total, weights, held)
    claims = {key: held[key].hold(rate * weights[key]) for key in lot}
    remainders = {key: claim - int(claim) for key, claim in claims.items()}
    # sorted() is stable, so keys with equal remainders stay in the order of the lots
    served = sorted(lot, key=lambda key: remainders[key], reverse=True)
    left_over = total - sum(int(claim) for claim in claims.values())
    lucky = set(served[:left_over])
    tied = {remainders[key] for key in served[:left_over]} & {remainders[key] for key in served[left_over:]}

    position = {key: number for number, key in enumerate(lot, start=1)}
    steps = tuple(
        DivisionStep(
            key=key,
            weight=weights[key],
            claim=claims[key],
            whole=int(claims[key]),
            remainder=remainders[key],
            rank=rank,
            lot=position[key],
            extra=int(key in lucky),
            given=int(claims[key]) + int(key in lucky),
            by_lot=remainders[key] in tied,
            held=_held(rate * weights[key], claims[key]),
        )
        for rank, key in enumerate(served, start=1)
    )
    given = {step.key: step.given for step in steps}
    return Split(parts={key: given[key] for key in lot}, steps=steps, rate=rate)


def divide(
    total: int,
    weights: Mapping[K, int],
    lot: Sequence[K],
    method: Divisor,
    bounds: Mapping[K, Bounds] | None = None,
) -> Division[K]:
    """Hand out `total` places by a divisor method; `lot` names every key once, the first drawn wins a tie.

    The n-th place of a key costs the divisor 2n - 1 (Sainte-Laguë) or n (D'Hondt); floors count as places got.
    Raises ValueError as `apportion` does.

    Invariant: the parts sum to the total and lie between the bounds; no place that was given has a smaller quotient
    than one that was not, whatever its key; hence of two keys without bounds a larger weight never gets less; the
    order of `weights` makes no difference.
    """
    held = _checked(total, weights, lot, bounds or {})
    race = _Race(weights, lot, method, held)
    rate = _rate(total, weights, held)
    claims = {key: held[key].hold(rate * weights[key]) for key in lot}
    # All places whose quotient reaches one threshold: near the total, so that few places remain to be moved.
    upward = Fraction(1, 2) if method == "sainte_lague" else Fraction(0)
    parts = {key: int(held[key].hold(Fraction(int(rate * weights[key] + upward)))) for key in lot}
    race.even_out(parts, total)

    last = {key: race.last(parts, key) for key in lot}
    following = {key: race.following(parts, key) for key in lot}
    lowest = min((each for each in last.values() if each is not None), default=None)
    tie = lowest if lowest is not None and lowest in following.values() else None
    steps = tuple(
        DivisorStep(
            key=key,
            weight=weights[key],
            claim=claims[key],
            last=last[key],
            following=following[key],
            lot=race.position[key],
            given=parts[key],
            by_lot=tie is not None and tie in {last[key], following[key]},
            held=race.held_at(parts[key], key, lowest),
        )
        for key in lot
    )
    return Division(parts=parts, steps=steps, last=lowest)


class _Race(Generic[K]):
    """Keys that compete for places by their quotients; of equal quotients the first drawn wins."""

    def __init__(
        self, weights: Mapping[K, int], lot: Sequence[K], method: Divisor, held: Mapping[K, Bounds]
    ) -> None:
        self.weights, self.lot, self.method, self.held = weights, lot, method, held
        self.position = {key: number for number, key in enumerate(lot, start=1)}

    def quotient(self, key: K, number: int) -> Fraction:
        """With which the key competes for its place of this number."""
        return Fraction(self.weights[key], 2 * number - 1 if self.method == "sainte_lague" else number)

    def last(self, parts: Mapping[K, int], key: K) -> Fraction | None:
        """The quotient of the last place that the key has won; None where it has its floor alone."""
        return self.quotient(key, parts[key]) if parts[key] > self.held[key].floor else None

    def following(self, parts: Mapping[K, int], key: K) -> Fraction | None:
        """The quotient of the next place of the key; None where it may have no more."""
        if not self.weights[key] or parts[key] == self.held[key].cap:
            return None
        return self.quotient(key, parts[key] + 1)

    def even_out(self, parts: dict[K, int], total: int) -> None:
        """Give or take single places until the parts sum to the total."""
        missing = total - sum(parts.values())
        for _place in range(missing):
            open_keys = [key for key in self.lot if self.weights[key] and parts[key] != self.held[key].cap]
            parts[
                max(open_keys, key=lambda key: (self.quotient(key, parts[key] + 1), -self.position[key]))
            ] += 1
        for _place in range(-missing):
            above_floor = [key for key in self.lot if parts[key] > self.held[key].floor]
            parts[
                min(above_floor, key=lambda key: (self.quotient(key, parts[key]), -self.position[key]))
            ] -= 1

    def held_at(self, part: int, key: K, lowest: Fraction | None) -> Held:
        """Which bound decides what the key has: without it the last quotient that won would have decided otherwise."""
        floor, cap = self.held[key].floor, self.held[key].cap
        if part == floor and floor and (lowest is None or self.quotient(key, floor) < lowest):
            return "floor"
        if part == cap and lowest is not None and self.quotient(key, cap + 1) > lowest:
            return "cap"
        return ""


def _checked(
    total: int, weights: Mapping[K, int], lot: Sequence[K], bounds: Mapping[K, Bounds]
) -> dict[K, Bounds]:
    """The bounds of every key; ValueError for what cannot be handed out."""
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("places and weights are at least 0")
    if len(set(lot)) != len(lot) or set(lot) != weights.keys():
        raise ValueError("the lots name every key exactly once")
    if not bounds.keys() <= weights.keys():
        raise ValueError("bounds belong to keys with a weight")
    if any(
        bound.floor < 0 or (bound.cap is not None and bound.cap < bound.floor) for bound in bounds.values()
    ):
        raise ValueError("a floor is at least 0 and a cap at least its floor")
    least, most = room(weights, bounds)
    if total < least:
        raise ValueError("the floors together are more than the places")
    if most is not None and total > most:
        if not any(weights.values()):
            raise ValueError("places cannot be shared among weights of 0")
        raise ValueError("the caps together are fewer than the places")
    return {key: bounds.get(key, _FREE) for key in weights}


def _rate(total: int, weights: Mapping[K, int], bounds: Mapping[K, Bounds]) -> Fraction:
    """The places per unit of weight at which all claims, held between their bounds, sum to the total.

    The sum of the claims grows with the rate, in straight lines between the rates at which a key reaches a bound.
    """
    weighing = [(weight, bounds[key]) for key, weight in weights.items() if weight]
    resting = sum(bounds[key].floor for key, weight in weights.items() if not weight)
    corners = sorted(
        {
            Fraction(figure, weight)
            for weight, bound in weighing
            for figure in (bound.floor, bound.cap)
            if figure is not None
        }
    )

    def handed_out(rate: Fraction) -> Fraction:
        return resting + sum((bound.hold(rate * weight) for weight, bound in weighing), Fraction(0))

    reached = bisect_left(corners, Fraction(total), key=handed_out)
    if reached == 0:
        return corners[0] if corners else Fraction(0)
    corner = corners[reached - 1]
    moving = sum(
        weight
        for weight, bound in weighing
        if corner * weight >= bound.floor and (bound.cap is None or corner * weight < bound.cap)
    )
    return corner + (total - handed_out(corner)) * Fraction(1, moving)


def _held(part: Fraction, claim: Fraction) -> Held:
    if part < claim:
        return "floor"
    return "cap" if part > claim else ""
