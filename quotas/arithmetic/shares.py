"""Shares: how many entries of a list must, or may at most, be of a kind; on which base; what would repair it.

A minimum rounds up and a maximum rounds down, so a rounded figure never allows what the fraction refuses.
Everything is computed in integers, by cross-multiplication.
"""

from dataclasses import dataclass, replace
from typing import Literal

Sense = Literal["min", "max"]
Kind = Literal["share", "count", "above"]


@dataclass(frozen=True, slots=True)
class Bound:
    """At least ("min") or at most ("max") so much of a base.

    A "share" is numerator/denominator of the base, between nothing and all of it; a "count" is the numerator
    itself, whatever the base; "above" is a minimum strictly above numerator/denominator (the share of the previous
    round), and the whole where that was the whole. A bound that makes no sense is refused with ValueError.

    `slack` eases a share (see `part`): denominator * count >= numerator * base - slack, or <= numerator * base + slack.
    """

    code: str
    sense: Sense
    kind: Kind
    numerator: int
    denominator: int = 1
    slack: int = 0

    def __post_init__(self) -> None:
        if self.sense not in ("min", "max") or self.kind not in ("share", "count", "above"):
            raise ValueError(f"unknown sense or kind: {self.sense!r}, {self.kind!r}")
        if self.numerator < 0 or self.denominator < 1:
            raise ValueError("a bound has a numerator of at least 0 and a denominator of at least 1")
        if self.kind != "count" and self.numerator > self.denominator:
            raise ValueError("a share is at most the whole")
        if self.kind == "above" and self.sense != "min":
            raise ValueError("only a minimum can lie above a share")
        if self.kind == "count" and self.denominator != 1:
            raise ValueError("a count has the denominator 1")
        if self.slack < 0 or (self.slack and self.kind != "share"):
            raise ValueError("only a share can be eased")


def part(bound: Bound, places: int, typed: int) -> Bound:
    """The share as it holds for a body with `typed` of its `places` as its part of the whole's figure.

    The body was let off the rounding and nothing else: a full list has its part, another one keeps the share. A share
    above another has its part as the plain share where the part lies at that share or below it, and stays strictly
    above where the part does. What all have to be, or nobody may be, has no parts; nor has a count, which is no share.

    Invariant, for p/q of n entries with k of the kind: of a minimum q·k >= p·n + min(q·typed - p·places, 0), of a
    ceiling q·k <= p·n + max(q·typed - p·places, 0).
    """
    if bound.kind == "count":
        raise ValueError("only a share has parts")
    lacking = bound.numerator * places - bound.denominator * typed
    if bound.sense == "max":
        lacking = -lacking
    if lacking < 0 or bound.numerator == (bound.denominator if bound.sense == "min" else 0):
        return bound
    return replace(bound, kind="share", slack=lacking)


def required(bound: Bound, base: int) -> int:
    """The figure which a count is held to on `base` entries: a minimum rounds up, a maximum rounds down.

    "Above" asks for one more than the product rounded down, and never for more than all.

    Invariant: for every integer n from 0 to `base`, n >= required(min) iff n >= share*base, and n <= required(max) iff
    n <= share*base, each eased by the slack; n >= required(above) iff n > share*base or n >= base. The required count
    of a share lies between 0 and `base`.
    """
    if base < 0:
        raise ValueError("a base is at least 0")
    if bound.kind == "count":
        return bound.numerator
    if bound.kind == "above":
        return min(bound.numerator * base // bound.denominator + 1, base)
    if bound.sense == "min":
        return max(-(-(bound.numerator * base - bound.slack) // bound.denominator), 0)
    return min((bound.numerator * base + bound.slack) // bound.denominator, base)


@dataclass(frozen=True, slots=True)
class Check:
    """A bound held against a list.

    `margin` is how many entries of the kind may be exchanged for others (minimum) or others for them (maximum)
    before the bound breaks; below zero it is broken, and by how many.
    """

    code: str
    base: int
    count: int
    required: int
    margin: int
    holds: bool


def check(bound: Bound, base: int, count: int) -> Check:
    """Hold `count` of `base` entries against the bound.

    Invariant: holds iff margin >= 0 iff the exact fraction is kept. An empty base keeps every share.
    """
    _require_part(base, count)
    figure = required(bound, base)
    margin = count - figure if bound.sense == "min" else figure - count
    return Check(bound.code, base, count, figure, margin, holds=margin >= 0)


@dataclass(frozen=True, slots=True)
class Changes:
    """The fewest entries by which one kind of change alone repairs a list; `None` when it never does.

    "Matching" entries are of the kind that the bound counts, "other" ones are in its base and are not.
    `exchange` replaces other entries by matching ones for a minimum, matching by other ones for a maximum.
    """

    add_matching: int | None
    add_other: int | None
    drop_matching: int | None
    drop_other: int | None
    exchange: int | None


def smallest_changes(bound: Bound, base: int, count: int) -> Changes:
    """What would make the bound hold, each way by itself.

    Invariant: a figure is the smallest number of such changes after which `check` holds; all are 0 when it
    holds already. Nothing more can be dropped, or exchanged, than the list has.
    """
    result = check(bound, base, count)
    if result.holds:
        return Changes(add_matching=0, add_other=0, drop_matching=0, drop_other=0, exchange=0)
    short = -result.margin
    n, d = bound.numerator, bound.denominator
    match bound.sense, bound.kind:
        case "min", "count":
            return Changes(
                add_matching=short,
                add_other=None,
                drop_matching=None,
                drop_other=None,
                exchange=short if short <= base - count else None,
            )
        case "max", "count":
            return Changes(
                add_matching=None, add_other=None, drop_matching=short, drop_other=None, exchange=short
            )
        case "min", "share":
            # d * (count + x) >= n * (base + x) - slack, and d * count >= n * (base - x) - slack
            lack = n * base - d * count - bound.slack
            return Changes(
                add_matching=_ceil_div(lack, d - n),
                add_other=None,
                drop_matching=None,
                drop_other=_ceil_div(lack, n),
                exchange=short,
            )
        case "min", "above":
            # count + x > n/d * (base + x), and count > n/d * (base - x) or nothing left but what is counted
            lack = n * base - d * count
            return Changes(
                add_matching=lack // (d - n) + 1 if n < d else None,
                add_other=None,
                drop_matching=None,
                drop_other=lack // n + 1 if count and n < d else base - count,
                exchange=short,
            )
        case _:
            # d * (count - x) <= n * (base - x) + slack, and d * count <= n * (base + x) + slack
            excess = d * count - n * base - bound.slack
            return Changes(
                add_matching=None,
                add_other=_ceil_div(excess, n),
                drop_matching=_ceil_div(excess, d - n),
                drop_other=None,
                exchange=short,
            )


def most(bound: Bound, places: int, *, matching: bool) -> int:
    """The most entries of one kind (matching or other) that a list of at most `places` entries can hold.

    Invariant: the largest k for which a list with k entries of that kind, and any number of the other kind, has
    at most `places` entries and keeps the bound; -1 when no list does, not even the empty one.
    """
    figure = required(bound, places)
    if bound.sense == "max":
        return min(figure, places) if matching else places
    if figure > places:
        return -1
    return places if matching else places - figure


def can_still_hold(
    bound: Bound,
    places: int,
    *,
    matching_available: int | None,
    others_available: int | None,
    must_include_matching: int = 0,
    must_include_others: int = 0,
) -> bool:
    """Whether a list that must hold some entries can still be completed so that it keeps the bound.

    The available ones come on top of the must-haves; `None` means as many as wanted. The answer depends on these
    numbers only, never on who applied first.

    Invariant: true iff there is a list of at most `places` entries, with all must-haves and any number of the
    available ones, which keeps the bound. Proof in one line: for a minimum the best completion takes every
    matching entry that finds a place and no other; for a maximum the other way round.
    """
    needed = (places, must_include_matching, must_include_others)
    if min(*needed, matching_available or 0, others_available or 0) < 0:
        raise ValueError("places and entries are counted from 0")
    free = places - must_include_matching - must_include_others
    if free < 0:
        return False
    matching, others = must_include_matching, must_include_others
    if bound.sense == "min":
        matching += free if matching_available is None else min(free, matching_available)
    else:
        others += free if others_available is None else min(free, others_available)
    return check(bound, matching + others, matching).holds


@dataclass(frozen=True, slots=True)
class Reach:
    """From `least` to `most` entries of a kind; -1 where no list keeps the bound, not even an empty one."""

    least: int
    most: int


def reach(bound: Bound, places: int, *, approved: tuple[int, int], pending: tuple[int, int]) -> Reach:
    """How many of the entries that a bound holds back a legal list of at most `places` entries can carry.

    These are the other entries for a minimum and the matching ones for a maximum. `approved` and `pending` are
    (matching, others): entries to choose from, none has to be listed. `least` is what can be carried should nothing
    of what is pending be approved, `most` should everything be.

    Invariant: least and most are the largest such numbers over all lists out of the approved entries, and out of
    the approved and pending ones, which keep the bound; -1 <= least <= most <= places.
    """
    if min(places, *approved, *pending) < 0:
        raise ValueError("places and entries are counted from 0")
    return Reach(
        least=_carried(bound, places, *approved),
        most=_carried(bound, places, approved[0] + pending[0], approved[1] + pending[1]),
    )


def _carried(bound: Bound, places: int, matching: int, others: int) -> int:
    """The most others (minimum) or matching (maximum) on a legal list out of so many entries.

    Every entry of the other kind helps the bound, so there are two limits and nothing between them: all helpers of
    the stock are listed, or all places are taken.
    """
    n, d = bound.numerator, bound.denominator
    helpers, carried = (matching, others) if bound.sense == "min" else (others, matching)
    by_places = most(bound, places, matching=bound.sense == "max")
    match bound.sense, bound.kind:
        case "min", "count":
            return min(carried, by_places) if n <= helpers else -1
        case "max", "count":
            return min(carried, by_places)
        case "min", "share":
            by_helpers = (helpers * (d - n) + bound.slack) // n if n else carried
        case "min", "above":
            by_helpers = max(-(-helpers * (d - n) // n) - 1, 0) if n else carried * min(helpers, 1)
        case _:
            by_helpers = (n * helpers + bound.slack) // (d - n) if n < d else carried
    return min(carried, by_places, by_helpers)


def _require_part(base: int, count: int) -> None:
    if not 0 <= count <= base:
        raise ValueError("a count lies between 0 and its base")


def _ceil_div(part: int, by: int) -> int | None:
    """`part`/`by` rounded up; None when `by` is 0, where no number of changes suffices."""
    return -(-part // by) if by else None
