"""Shares against exact fractions for every small figure, and against lists written out one by one."""

from fractions import Fraction
from functools import partial
from itertools import product, repeat
from math import ceil, floor, gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotas.arithmetic.shares import (
    Bound,
    Changes,
    Check,
    Reach,
    can_still_hold,
    check,
    most,
    part,
    reach,
    required,
    smallest_changes,
)

SMALL_FRACTIONS = [(n, d) for d in range(1, 6) for n in range(d + 1)]
SMALL_BOUNDS = [
    *(Bound("b", sense, "share", n, d) for sense in ("min", "max") for n, d in SMALL_FRACTIONS),
    *(
        Bound("b", sense, "share", n, d, slack)
        for sense in ("min", "max")
        for n, d in SMALL_FRACTIONS
        for slack in (1, 2, 5)
    ),
    *(Bound("b", "min", "above", n, d) for n, d in SMALL_FRACTIONS),
    *(Bound("b", sense, "count", n) for sense in ("min", "max") for n in range(5)),
]


def share(sense, numerator, denominator):
    return Bound("b", sense, "share", numerator, denominator)


def above(numerator, denominator):
    return Bound("b", "min", "above", numerator, denominator)


def keeps(bound, base, count):
    """The definition of a bound, written with fractions."""
    exact = Fraction(bound.numerator, bound.denominator) * (1 if bound.kind == "count" else base)
    exact += (1 if bound.sense == "max" else -1) * Fraction(bound.slack, bound.denominator)
    if bound.kind == "above":
        return count > exact or count >= base
    return count >= exact if bound.sense == "min" else count <= exact


# a part of the whole's figure


@pytest.mark.parametrize(("sense", "kind"), [("min", "share"), ("min", "above"), ("max", "share")])
def test_a_part_eases_a_share_by_the_rounding_and_by_nothing_else(sense, kind):
    """
    q·k >= p·n + min(q·T - p·P, 0) and q·k <= p·n + max(q·T - p·P, 0), for a share strictly above: q·k > …, as far as
    the part itself lies above.
    """
    for (p, q), places in product(SMALL_FRACTIONS, range(1, 7)):
        bound = Bound("b", sense, kind, p, q)
        rounds = 0 < p < q or p == (0 if sense == "min" else q)  # all, or nobody, is no rounding
        for typed, base in product(range(places + 1), range(places + 1)):
            beyond = q * typed - p * places
            for count in range(base + 1):
                holds = check(part(bound, places, typed), base, count).holds
                if not rounds or (kind == "above" and beyond > 0):
                    assert holds == keeps(bound, base, count)
                elif sense == "min":
                    assert holds == (q * count >= p * base + min(beyond, 0))
                else:
                    assert holds == (q * count <= p * base + max(beyond, 0))
            if rounds and (beyond <= 0 if sense == "min" else beyond >= 0):
                assert required(part(bound, places, typed), places) == typed


def test_what_cannot_have_parts_is_not_eased():
    with pytest.raises(ValueError, match="has parts"):
        part(Bound("b", "min", "count", 2), 3, 1)
    for kind in ("count", "above"):
        with pytest.raises(ValueError, match="eased"):
            Bound("b", "min", kind, 1, slack=1)


# required


@pytest.mark.slow
@pytest.mark.parametrize(("sense", "rounded"), [("min", ceil), ("max", floor)])
def test_required_is_the_rounded_fraction_for_every_base_up_to_2000(sense, rounded):
    """
    All fractions with denominators up to 100. The truth is computed with Fraction over one period, and goes on
    by rounded(share * (n + d)) == rounded(share * n) + numerator.
    """
    bases = range(2001)
    for d in range(1, 101):
        for n in (n for n in range(d + 1) if gcd(n, d) == 1):
            period = [rounded(Fraction(n, d) * base) for base in range(d)]
            truth = [figure + n * turn for turn in range(2000 // d + 1) for figure in period][: len(bases)]
            assert list(map(required, repeat(share(sense, n, d)), bases)) == truth


def test_above_is_the_next_whole_number_for_every_base_up_to_2000_and_never_more_than_all():
    """As above, all fractions with denominators up to 100."""
    bases = range(2001)
    for d in range(1, 101):
        for n in (n for n in range(d + 1) if gcd(n, d) == 1):
            period = [floor(Fraction(n, d) * base) + 1 for base in range(d)]
            higher = [figure + n * turn for turn in range(2000 // d + 1) for figure in period][: len(bases)]
            truth = list(map(min, higher, bases))
            assert list(map(required, repeat(above(n, d)), bases)) == truth


@pytest.mark.parametrize("written", [partial(share, "min"), partial(share, "max"), above])
def test_required_does_not_depend_on_how_the_fraction_is_written(written):
    for n, d in [(some, whole) for whole in range(1, 101) for some in range(whole + 1)]:
        reduced = Fraction(n, d)
        for base in (1, 7, 97, 1000, 2000):
            assert required(written(n, d), base) == required(
                written(reduced.numerator, reduced.denominator), base
            )


@pytest.mark.parametrize(
    ("base", "previous", "expected"),
    [
        (0, (1, 3), 0),
        (1, (0, 9), 1),
        (100, (333, 1000), 34),
        (99, (1, 3), 34),
        (1, (99, 100), 1),
        (7, (5, 5), 7),
    ],
)
def test_above_the_share_of_the_previous_round(base, previous, expected):
    assert required(above(*previous), base) == expected


@pytest.mark.parametrize(
    ("sense", "base", "per_cent", "expected"),
    [
        ("min", 6, 35, 3),
        ("min", 9, 35, 4),
        ("min", 9, 70, 7),
        ("min", 19, 35, 7),
        ("min", 19, 20, 4),
        ("min", 2, 35, 1),
        ("min", 1, 50, 1),
        ("min", 5, 40, 2),
        ("min", 130, 40, 52),
        ("min", 100, 55, 55),
        ("max", 4, 20, 0),
        ("max", 5, 20, 1),
        ("max", 100, 55, 55),
    ],
)
def test_required_in_published_tables(sense, base, per_cent, expected):
    assert required(share(sense, per_cent, 100), base) == expected


@pytest.mark.parametrize(
    ("per_cent", "row"),
    [
        (50, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 7, 50]),
        (40, [1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 6, 40]),
        (35, [1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 35]),
    ],
)
def test_required_table_of_minima(per_cent, row):
    assert [required(share("min", per_cent, 100), n) for n in (*range(1, 11), 13, 100)] == row


def test_a_count_is_the_same_on_every_base():
    assert [required(Bound("b", "min", "count", 3), base) for base in (0, 2, 100)] == [3, 3, 3]


def test_required_refuses_a_negative_base():
    with pytest.raises(ValueError, match="at least 0"):
        required(share("min", 1, 2), -1)


@pytest.mark.parametrize(
    ("sense", "kind", "numerator", "denominator", "message"),
    [
        ("least", "share", 1, 2, "unknown sense or kind"),
        ("min", "percent", 1, 2, "unknown sense or kind"),
        ("min", "share", -1, 2, "numerator of at least 0"),
        ("min", "share", 0, 0, "denominator of at least 1"),
        ("min", "share", 3, 2, "at most the whole"),
        ("min", "above", 3, 2, "at most the whole"),
        ("max", "above", 1, 2, "only a minimum"),
        ("max", "count", 3, 2, "denominator 1"),
    ],
)
def test_a_bound_without_sense_is_refused(sense, kind, numerator, denominator, message):
    with pytest.raises(ValueError, match=message):
        Bound("b", sense, kind, numerator, denominator)


# check


def test_check_is_the_definition_for_every_small_list():
    for bound, base in product(SMALL_BOUNDS, range(13)):
        for count in range(base + 1):
            result = check(bound, base, count)
            assert result.holds == keeps(bound, base, count) == (result.margin >= 0)
            assert (result.base, result.count, result.required) == (base, count, required(bound, base))
            step = -1 if bound.sense == "min" else 1
            if result.holds:
                assert keeps(bound, base, count + step * result.margin)
                one_more = count + step * (result.margin + 1)
                beyond_all = one_more < 0 or (bound.slack and one_more > base)
                assert beyond_all or not keeps(bound, base, one_more)
            else:
                assert keeps(bound, base, count + step * result.margin)
                one_more = count + step * (result.margin + 1)
                assert one_more < 0 or not keeps(bound, base, one_more)


def test_removing_one_flips_the_check():
    half = share("min", 1, 2)
    assert check(half, 40, 20) == Check("b", base=40, count=20, required=20, margin=0, holds=True)
    assert check(half, 39, 19) == Check("b", base=39, count=19, required=20, margin=-1, holds=False)


@pytest.mark.parametrize(("base", "count"), [(3, 4), (3, -1), (-1, 0)])
def test_check_refuses_a_count_outside_its_base(base, count):
    with pytest.raises(ValueError, match="between 0 and its base"):
        check(share("min", 1, 2), base, count)


# smallest_changes


def fewest(bound, matching, others, change, most_possible):
    """The fewest changes found by trying; None when none up to `most_possible` repairs the list."""
    for number in range(most_possible + 1):
        new_matching, new_others = change(matching, others, number)
        if min(new_matching, new_others) >= 0 and keeps(bound, new_matching + new_others, new_matching):
            return number
    return None


@pytest.mark.slow
def test_smallest_changes_are_the_fewest_found_by_trying():
    enough = 50  # the largest repair below is 4 * 9 others
    for bound, matching, others in product(SMALL_BOUNDS, range(10), range(10)):
        exchange = 1 if bound.sense == "min" else -1
        assert smallest_changes(bound, matching + others, matching) == Changes(
            add_matching=fewest(bound, matching, others, lambda m, o, k: (m + k, o), enough),
            add_other=fewest(bound, matching, others, lambda m, o, k: (m, o + k), enough),
            drop_matching=fewest(bound, matching, others, lambda m, o, k: (m - k, o), enough),
            drop_other=fewest(bound, matching, others, lambda m, o, k: (m, o - k), enough),
            exchange=fewest(
                bound, matching, others, lambda m, o, k, e=exchange: (m + e * k, o - e * k), enough
            ),
        )


@given(
    st.data(),
    st.sampled_from([("min", "share"), ("max", "share"), ("min", "above")]),
    st.integers(1, 1000),
    st.integers(0, 10**6),
)
def test_smallest_changes_are_exact_in_large_figures(data, sort, denominator, base):
    sense, kind = sort
    bound = Bound("b", sense, kind, data.draw(st.integers(0, denominator)), denominator)
    count = data.draw(st.integers(0, base))
    changes = smallest_changes(bound, base, count)
    moves = {
        "add_matching": (1, 1),
        "add_other": (1, 0),
        "drop_matching": (-1, -1),
        "drop_other": (-1, 0),
        "exchange": (0, 1 if sense == "min" else -1),
    }
    for name, (by_base, by_count) in moves.items():
        number = getattr(changes, name)
        if number is not None:
            assert keeps(bound, base + by_base * number, count + by_count * number)
            if number:
                assert not keeps(bound, base + by_base * (number - 1), count + by_count * (number - 1))


def test_a_broken_half_can_be_repaired_in_three_ways():
    assert smallest_changes(share("min", 1, 2), 39, 17) == Changes(
        add_matching=5, add_other=None, drop_matching=None, drop_other=5, exchange=3
    )


# most, can_still_hold


def lists(places, matching=range(99), others=range(99)):
    """All (matching, others) of at most `places` entries."""
    return [(m, o) for m in matching for o in others if m + o <= places]


def test_most_is_the_largest_number_on_any_list_that_keeps_the_bound():
    for bound, places in product(SMALL_BOUNDS, range(9)):
        kept = [(m, o) for m, o in lists(places, range(9), range(9)) if keeps(bound, m + o, m)]
        assert most(bound, places, matching=True) == max((m for m, _ in kept), default=-1)
        assert most(bound, places, matching=False) == max((o for _, o in kept), default=-1)


@pytest.mark.slow
def test_can_still_hold_iff_some_completion_written_out_keeps_the_bound():
    few = range(4)
    for bound, places, must_m, must_o in product(SMALL_BOUNDS, range(7), few, few):
        for free_m, free_o in product((0, 1, 2, 4, None), repeat=2):
            completions = lists(
                places,
                range(must_m, must_m + (places if free_m is None else free_m) + 1),
                range(must_o, must_o + (places if free_o is None else free_o) + 1),
            )
            assert can_still_hold(
                bound,
                places,
                matching_available=free_m,
                others_available=free_o,
                must_include_matching=must_m,
                must_include_others=must_o,
            ) == any(keeps(bound, m + o, m) for m, o in completions)


def test_can_still_hold_does_not_depend_on_who_applied_first():
    """Certain entries are counted, so any order of the same entries ends in the same answer."""
    half = share("min", 1, 2)

    def open_to_other(before):
        return can_still_hold(
            half,
            4,
            matching_available=None,
            others_available=0,
            must_include_matching=before.count("matching"),
            must_include_others=before.count("other") + 1,
        )

    assert open_to_other(["matching", "other"]) is open_to_other(["other", "matching"]) is True
    assert open_to_other(["other", "other"]) is False


def test_without_must_haves_the_empty_list_is_a_completion():
    nobody = {"matching_available": 0, "others_available": 0}
    assert can_still_hold(share("min", 1, 1), 0, **nobody)
    assert can_still_hold(share("max", 0, 1), 5, **nobody)
    assert not can_still_hold(Bound("b", "min", "count", 1), 5, **nobody)


@pytest.mark.parametrize("negative", ["places", "matching_available", "must_include_others"])
def test_can_still_hold_refuses_negative_figures(negative):
    figures = {"places": 3, "matching_available": 1, "others_available": 1, "must_include_others": 0}
    with pytest.raises(ValueError, match="counted from 0"):
        can_still_hold(share("min", 1, 2), **(figures | {negative: -1}))


# reach


def test_reach_is_the_most_on_any_list_of_what_is_approved_and_of_what_is_pending_too():
    few = range(4)
    for bound, places, held, helping in product(SMALL_BOUNDS, range(6), few, (0, 1, 2, 5)):
        approved, pending = ((helping, held), (1, 2)) if bound.sense == "min" else ((held, helping), (2, 1))

        def carried(matching, others, bound=bound, places=places):
            kept = lists(places, range(matching + 1), range(others + 1))
            held_back = 1 if bound.sense == "min" else 0
            return max((one[held_back] for one in kept if keeps(bound, sum(one), one[0])), default=-1)

        everything = (approved[0] + pending[0], approved[1] + pending[1])
        assert reach(bound, places, approved=approved, pending=pending) == Reach(
            least=carried(*approved), most=carried(*everything)
        )


def test_reach_in_large_figures():
    half = share("min", 1, 2)
    assert reach(half, 100, approved=(30, 60), pending=(15, 10)) == Reach(least=30, most=45)
    assert reach(half, 100, approved=(80, 60), pending=(0, 0)) == Reach(least=50, most=50)
    assert reach(above(1, 2), 100, approved=(30, 60), pending=(15, 10)) == Reach(least=29, most=44)


@pytest.mark.parametrize("negative", [{"places": -1}, {"approved": (-1, 0)}, {"pending": (0, -1)}])
def test_reach_refuses_negative_figures(negative):
    figures = {"places": 3, "approved": (1, 1), "pending": (1, 1)} | negative
    with pytest.raises(ValueError, match="counted from 0"):
        reach(share("min", 1, 2), figures.pop("places"), **figures)
