"""The largest remainder: nothing lost, nobody off by one, ties by lot; every small case, and large random ones."""

from fractions import Fraction
from itertools import permutations, product
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotas.arithmetic.apportion import Split, apportion, split_minimum
from quotas.arithmetic.shares import Bound, required

KEYS = "abcd"


def small_cases():
    """Every total up to 8 over every up to four weights up to 4."""
    for size in range(1, 5):
        for weights in product(range(5), repeat=size):
            for total in range(9):
                if total == 0 or any(weights):
                    yield total, dict(zip(KEYS, weights, strict=False))


def assert_sound(split, total, weights, lot):
    whole = sum(weights.values())
    assert sum(split.parts.values()) == total
    assert list(split.parts) == list(lot)
    for key, given_places in split.parts.items():
        claim = Fraction(total * weights[key], whole or 1)
        assert given_places in (floor(claim), ceil(claim))
    for one, other in product(weights, repeat=2):
        if weights[one] > weights[other]:
            assert split.parts[one] >= split.parts[other]
        if weights[one] == weights[other] and lot.index(one) < lot.index(other):
            assert 0 <= split.parts[one] - split.parts[other] <= 1


def assert_explained(split, total, weights, lot):
    assert {step.key: step.given for step in split.steps} == split.parts
    whole = sum(weights.values())
    for step in split.steps:
        assert step.weight == weights[step.key]
        assert step.claim == Fraction(total * step.weight, whole or 1) == step.whole + step.remainder
        assert 0 <= step.remainder < 1
        assert step.given == step.whole + step.extra
        assert step.lot == lot.index(step.key) + 1
        same = [other.extra for other in split.steps if other.remainder == step.remainder]
        assert step.by_lot == (len(set(same)) == 2)
    order = [(-step.remainder, step.lot) for step in split.steps]
    assert order == sorted(order)
    extras = [step.extra for step in split.steps]
    assert extras == sorted(extras, reverse=True)


def test_every_small_case_is_sound_and_explained():
    for total, weights in small_cases():
        lot = sorted(weights, reverse=True)
        split = apportion(total, weights, lot)
        assert_sound(split, total, weights, lot)
        assert_explained(split, total, weights, lot)


def test_the_result_is_nearest_to_the_claims_of_all_ways_to_hand_out():
    for total, weights in small_cases():
        whole = sum(weights.values())
        if len(weights) > 3 or not whole:
            continue
        claims = [Fraction(total * weight, whole) for weight in weights.values()]
        parts = apportion(total, weights, list(weights)).parts

        def distance(handed_out, claims=claims):
            return sum(abs(part - claim) for part, claim in zip(handed_out, claims, strict=True))

        every_way = (way for way in product(range(total + 1), repeat=len(weights)) if sum(way) == total)
        assert distance(parts.values()) == min(map(distance, every_way))


def test_the_order_of_input_makes_no_difference():
    weights = {"a": 1, "b": 1, "c": 1, "d": 3}
    splits = [apportion(8, dict(order), "dbca") for order in permutations(weights.items())]
    assert all(split == splits[0] for split in splits)
    assert all(list(split.parts) == list("dbca") for split in splits)


def test_the_first_drawn_wins_a_tie():
    weights = dict.fromkeys("abc", 1)
    for lot in permutations("abc"):
        split = apportion(4, weights, lot)
        assert [key for key, places in split.parts.items() if places == 2] == [lot[0]]
        assert all(step.by_lot for step in split.steps)


def test_without_a_tie_the_lots_decide_nothing():
    weights = {"a": 5, "b": 3, "c": 1}
    splits = [apportion(7, weights, lot) for lot in permutations("abc")]
    assert all(split.parts == {"a": 4, "b": 2, "c": 1} for split in splits)
    assert not any(step.by_lot for split in splits for step in split.steps)


@pytest.mark.parametrize(
    ("total", "weights", "lot", "message"),
    [
        (-1, {"a": 1}, "a", "at least 0"),
        (1, {"a": -1, "b": 3}, "ab", "at least 0"),
        (1, {"a": 0}, "a", "weights of 0"),
        (1, {}, "", "weights of 0"),
        (1, {"a": 1, "b": 1}, "a", "every key exactly once"),
        (1, {"a": 1}, "ab", "every key exactly once"),
        (1, {"a": 1, "b": 1}, "aba", "every key exactly once"),
    ],
)
def test_what_cannot_be_handed_out_is_refused(total, weights, lot, message):
    with pytest.raises(ValueError, match=message):
        apportion(total, weights, lot)


def test_no_places_among_nobody():
    assert apportion(0, {}, "") == Split(parts={}, steps=())


# split_minimum


def test_typed_places_sum_to_the_minimum_and_fit_into_every_body():
    for total, places in small_cases():
        if total > sum(places.values()):
            continue
        split = split_minimum(total, places, list(places))
        assert_sound(split, total, places, list(places))
        assert all(split.parts[body] <= places[body] for body in places)


def test_a_share_in_every_body_would_inflate_the_minimum():
    half = Bound("half", "min", "share", 1, 2)
    cities = {f"city {number}": 3 for number in range(1, 14)}
    split = split_minimum(required(half, 39), cities, list(cities))
    assert sum(split.parts.values()) == 20
    assert sum(required(half, places) for places in cities.values()) == 26
    assert list(split.parts.values()) == [2] * 7 + [1] * 6


@given(
    st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=12), min_size=1, max_size=13),
    st.integers(0, 100),
    st.randoms(),
)
def test_sums_stay_exact_down_a_tree(cities, per_cent, random):
    """Province to cities to counties: the typed places of the leaves are the minimum of the whole."""

    def drawn(keys):
        return random.sample(keys, len(keys))

    counties = [dict(enumerate(places)) for places in cities]
    places = {city: sum(of_city.values()) for city, of_city in enumerate(counties)}
    minimum = required(Bound("b", "min", "share", per_cent, 100), sum(places.values()))
    typed = split_minimum(minimum, places, drawn(list(places))).parts
    leaves = [split_minimum(typed[city], counties[city], drawn(list(counties[city]))).parts for city in typed]
    assert sum(sum(of_city.values()) for of_city in leaves) == minimum


@given(st.dictionaries(st.integers(), st.integers(0, 10**6), min_size=1, max_size=60), st.data())
def test_large_splits_are_sound(places, data):
    minimum = data.draw(st.integers(0, sum(places.values())))
    lot = data.draw(st.permutations(sorted(places)))
    split = split_minimum(minimum, places, lot)
    assert_sound(split, minimum, places, lot)
    assert_explained(split, minimum, places, lot)
    assert all(split.parts[body] <= places[body] for body in places)


@pytest.mark.parametrize(("minimum", "message"), [(4, "at most the number of places"), (-1, "at least 0")])
def test_an_impossible_minimum_is_refused(minimum, message):
    with pytest.raises(ValueError, match=message):
        split_minimum(minimum, {"a": 1, "b": 2}, "ab")
