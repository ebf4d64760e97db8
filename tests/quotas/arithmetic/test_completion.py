"""Overlapping bounds against every list written out, and proofs against what is done to them."""

from fractions import Fraction
from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from quotas.arithmetic.completion import (
    Limit,
    Problem,
    Stock,
    Verdict,
    completion,
    conflict,
    nearest,
)
from quotas.arithmetic.shares import Bound

MOST_PLACES = 8


# The truth, written out


def gives_way(limit, counts):
    """By how many entries a list falls short of a limit, or goes beyond it; by the definition, in fractions."""
    count = sum(number for number, part in zip(counts, limit.counted, strict=True) if part)
    base = sum(number for number, part in zip(counts, limit.base, strict=True) if part)
    if limit.fixed_base is not None:
        base = limit.fixed_base
    bound = limit.bound
    exact = Fraction(bound.numerator, bound.denominator) * (1 if bound.kind == "count" else base)

    def kept(figure):
        if bound.kind == "above":
            return figure > exact or figure >= base
        return figure >= exact if bound.sense == "min" else figure <= exact

    by = 0
    while not kept(count + by if bound.sense == "min" else count - by):
        by += 1
    return by


@cache
def lists(tops, most):
    """All lists of at most `most` entries with at most so many of each type."""
    return [counts for counts in product(*(range(min(top, most) + 1) for top in tops)) if sum(counts) <= most]


def possible(problem, without=()):
    """Every list out of the stock that keeps all bounds but those named, with what it breaks of these."""
    tops = tuple(MOST_PLACES if one.most is None else one.most for one in problem.stock)
    found = []
    for counts in lists(tops, sum(tops) if "places" in without else problem.places):
        if sum(counts) < problem.at_least:
            continue
        if any(number < one.least for number, one in zip(counts, problem.stock, strict=True)):
            continue
        broken = {limit.code: by for limit in problem.limits if (by := gives_way(limit, counts))}
        if sum(counts) > problem.places:
            broken["places"] = sum(counts) - problem.places
        if broken.keys() <= set(without):
            found.append((counts, broken))
    return found


# Problems


@st.composite
def limits(draw, width):
    kind = draw(st.sampled_from(["share", "share", "count", "above"]))
    sense = "min" if kind == "above" else draw(st.sampled_from(["min", "max"]))
    if kind == "count":
        figures = (draw(st.integers(0, 5)), 1)
    else:
        denominator = draw(st.integers(1, 7))
        figures = (draw(st.integers(0, denominator)), denominator)
    membership = draw(
        st.lists(st.sampled_from(["counted", "base", "base", "out"]), min_size=width, max_size=width)
    )
    everybody = draw(st.booleans())
    return Limit(
        draw(st.uuids()).hex,
        Bound("b", sense, kind, *figures),
        base=tuple(everybody or one != "out" for one in membership),
        counted=tuple(one == "counted" for one in membership),
        fixed_base=draw(st.none() | st.integers(0, 8)) if everybody else None,
    )


@st.composite
def problems(draw, *, endless=True):
    width = draw(st.integers(1, 4))
    stock = []
    for _ in range(width):
        least = draw(st.sampled_from([0, 0, 0, 1, 2]))
        more = st.integers(0, 4)
        stock.append(
            Stock(least, draw(st.none() | more.map(least.__add__) if endless else more.map(least.__add__)))
        )
    places = draw(st.integers(0, MOST_PLACES))
    return Problem(
        tuple(draw(st.lists(limits(width), max_size=4))),
        tuple(stock),
        places,
        at_least=draw(st.integers(0, 3)),
    )


@settings(max_examples=200, deadline=None)
@given(problems())
def test_a_verdict_is_what_all_lists_written_out_say(problem):
    answer = completion(problem)
    written_out = {counts for counts, _ in possible(problem)}
    assert answer.verdict is (Verdict.POSSIBLE if written_out else Verdict.IMPOSSIBLE)
    assert answer.example in written_out if written_out else answer.example is None


@settings(max_examples=200, deadline=None)
@given(problems(), st.data())
def test_the_nearest_list_has_the_fewest_changes_and_then_the_fewest_removals(problem, data):
    start = tuple(data.draw(st.integers(0, 5)) for _ in problem.stock)

    def price(counts):
        removed = sum(max(old - new, 0) for old, new in zip(start, counts, strict=True))
        return sum(abs(old - new) for old, new in zip(start, counts, strict=True)), removed

    written_out = {counts for counts, _ in possible(problem)}
    found = nearest(problem, start)
    if written_out:
        assert found in written_out
        assert price(found) == min(map(price, written_out))
    else:
        assert found is None


@settings(max_examples=200, deadline=None)
@given(problems(endless=False))
def test_a_conflict_is_smallest_and_its_relaxations_are_the_least_that_help(problem):
    found = conflict(problem)
    everything = {limit.code for limit in problem.limits} | {"places"}
    if possible(problem):
        assert found is None
        return
    seen_to_mend = [broken.keys() for _, broken in possible(problem, without=everything)]
    assert all(broken & set(found.codes) for broken in seen_to_mend)
    for code in found.codes:
        assert possible(problem, without=everything - set(found.codes) | {code})
    assert {relaxation.code: relaxation.by for relaxation in found.relaxations} == {
        code: min(broken[code] for _, broken in mended)
        for code in found.codes
        if (mended := possible(problem, without={code}))
    }
