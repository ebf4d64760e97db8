"""The largest remainder: nothing lost, nobody off by one, ties by lot; every small case, and large random ones."""

from fractions import Fraction
from itertools import permutations, product
from math import ceil, floor
from random import Random

import pytest
from apportionment import methods as independent
from hypothesis import given
from hypothesis import strategies as st

from quotas.arithmetic.apportion import Bounds, Split, apportion, divide, room
from quotas.arithmetic.parts import PartedLabel, PartsProblem, share_out
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
    assert [step.rank for step in split.steps] == list(range(1, len(order) + 1))
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


# bounds


METHODS = ("largest_remainder", "sainte_lague", "dhondt")


def share(method, total, weights, lot, bounds=None):
    if method == "largest_remainder":
        return apportion(total, weights, lot, bounds)
    return divide(total, weights, lot, method, bounds)


def small_bounded_cases():
    """Every total that three small weights can take between every choice of these bounds."""
    choices = [Bounds(), Bounds(2, 2), Bounds(0, 1), Bounds(1, 3)]
    for weights in product((0, 1, 3), repeat=3):
        for chosen in product(choices, repeat=3):
            keyed, bounds = dict(zip("abc", weights, strict=True)), dict(zip("abc", chosen, strict=True))
            least, most = room(keyed, bounds)
            for total in range(least, min(least + 4, 7 if most is None else most) + 1):
                yield total, keyed, bounds


def assert_within(parts, total, bounds):
    assert sum(parts.values()) == total
    for key, places in parts.items():
        bound = bounds.get(key, Bounds())
        assert bound.floor <= places
        assert bound.cap is None or places <= bound.cap


def test_claims_between_bounds_are_one_rate_of_the_weights_and_the_parts_are_nearest_to_them():
    for total, weights, bounds in small_bounded_cases():
        split = apportion(total, weights, "cab", bounds)
        assert_within(split.parts, total, bounds)
        claims = {step.key: step.claim for step in split.steps}
        assert sum(claims.values()) == total
        for step in split.steps:
            proportional = split.rate * step.weight
            assert step.claim == bounds[step.key].hold(proportional)
            assert (
                step.held
                == {-1: "cap", 0: "", 1: "floor"}[(step.claim > proportional) - (step.claim < proportional)]
            )
            assert abs(step.given - step.claim) < 1

        def distance(way, claims=claims):
            return sum(abs(part - claims[key]) for key, part in zip("abc", way, strict=True))

        ways = [
            way
            for way in product(*(range(bounds[key].floor, (bounds[key].cap or total) + 1) for key in "abc"))
            if sum(way) == total
        ]
        assert distance([split.parts[key] for key in "abc"]) == min(map(distance, ways))


def one_after_another(method, total, weights, lot, bounds):
    """The divisor methods as the textbook has them: floors first, then place after place."""
    parts = {key: bounds.get(key, Bounds()).floor for key in lot}
    while sum(parts.values()) < total:
        best = None
        for key in lot:
            cap = bounds.get(key, Bounds()).cap
            if cap is not None and parts[key] >= cap:
                continue
            number = parts[key] + 1
            quotient = Fraction(weights[key], 2 * number - 1 if method == "sainte_lague" else number)
            if quotient and (best is None or quotient > best[0]):
                best = quotient, key
        parts[best[1]] += 1
    return parts


@pytest.mark.parametrize("method", METHODS[1:])
def test_divisors_with_bounds_are_what_place_after_place_gives(method):
    for total, weights, bounds in small_bounded_cases():
        assert divide(total, weights, "bca", method, bounds).parts == one_after_another(
            method, total, weights, "bca", bounds
        )


@st.composite
def bounded(draw, most=40):
    """A total, weights, bounds between which it can be handed out, and lots."""
    weights = draw(st.dictionaries(st.integers(), st.integers(0, 10**6), min_size=1, max_size=most))
    bounds = {
        key: Bounds(floor, None if spread is None else floor + spread)
        for key in weights
        for floor, spread in [draw(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 30)))]
        if draw(st.booleans())
    }
    least, top = room(weights, bounds)
    total = draw(st.integers(least, least + 400 if top is None else top))
    return total, weights, bounds, draw(st.permutations(sorted(weights)))


@given(bounded(), st.sampled_from(METHODS), st.randoms(use_true_random=False))
def test_every_method_keeps_sum_and_bounds_and_forgets_the_order_of_input(case, method, random):
    total, weights, bounds, lot = case
    result = share(method, total, weights, lot, bounds)
    assert_within(result.parts, total, bounds)
    assert all(abs(step.given - step.claim) < 1 for step in result.steps if method == METHODS[0])
    shuffled = list(weights)
    random.shuffle(shuffled)
    assert share(method, total, {key: weights[key] for key in shuffled}, lot, bounds) == result
    if not any(step.by_lot for step in result.steps):
        assert share(method, total, weights, lot[::-1], bounds).parts == result.parts


@given(bounded(), st.sampled_from(METHODS[1:]))
def test_no_place_goes_to_a_smaller_quotient(case, method):
    total, weights, bounds, lot = case
    division = divide(total, weights, lot, method, bounds)
    got = [(step.last, -step.lot) for step in division.steps if step.last is not None]
    not_got = [(step.following, -step.lot) for step in division.steps if step.following is not None]
    if got and not_got:
        assert min(got) > max(not_got)
        decided = min(got)[0] == max(not_got)[0]
        assert decided == any(step.by_lot for step in division.steps)
    assert division.last == min((quotient for quotient, _lot in got), default=None)
    assert division.parts == one_after_another(method, total, weights, lot, bounds)


@given(bounded(), st.sampled_from(METHODS), st.integers(0, 100))
def test_a_minimum_follows_whatever_was_handed_out_and_whatever_was_changed(case, method, per_cent):
    total, weights, bounds, lot = case
    places = dict(share(method, total, weights, lot, bounds).parts)
    places[lot[0]] += 3  # by hand
    minimum = required(Bound("b", "min", "share", per_cent, 100), sum(places.values()))
    shared = share_out(PartsProblem(places, [PartedLabel("b", minimum)], lot)).given
    assert sum(shared.values()) == minimum
    for (key, _label), part in shared.items():
        assert part <= places[key]
        assert abs(part - Fraction(minimum * places[key], sum(places.values()) or 1)) < 1


def test_what_a_step_says_of_bounds_and_of_quotients():
    bounds = {"a": Bounds(3), "b": Bounds(0, 4)}
    split = apportion(12, {"a": 1, "b": 10, "c": 9}, "abc", bounds)
    assert split.parts == {"a": 3, "b": 4, "c": 5}
    assert {step.key: step.held for step in split.steps} == {"a": "floor", "b": "cap", "c": ""}
    division = divide(12, {"a": 1, "b": 10, "c": 9}, "abc", "dhondt", bounds)
    assert [(step.given, step.held) for step in division.steps] == [(3, "floor"), (4, "cap"), (5, "")]
    assert (division.last, division.steps[2].last) == (Fraction(9, 5), Fraction(9, 5))
    assert [step.following for step in division.steps] == [Fraction(1, 4), None, Fraction(9, 6)]


@pytest.mark.parametrize("method", METHODS[1:])
def test_lots_settle_equal_quotients(method):
    for lot in permutations("abc"):
        division = divide(4, dict.fromkeys("abc", 7), lot, method)
        assert [key for key, places in division.parts.items() if places == 2] == [lot[0]]
        assert all(step.by_lot for step in division.steps)


def test_a_case_on_which_the_methods_differ():
    """D'Hondt favours the large, Sainte-Laguë nobody."""
    weights = {"a": 6000, "b": 1000, "c": 900, "d": 600}
    assert divide(10, weights, "abcd", "dhondt").parts == {"a": 8, "b": 1, "c": 1, "d": 0}
    assert divide(10, weights, "abcd", "sainte_lague").parts == {"a": 7, "b": 1, "c": 1, "d": 1}
    assert apportion(10, weights, "abcd").parts == {"a": 7, "b": 1, "c": 1, "d": 1}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("total", "bounds", "message"),
    [
        (1, {"a": Bounds(2)}, "floors together"),
        (5, {"a": Bounds(0, 2), "b": Bounds(0, 2)}, "caps together"),
        (5, {"a": Bounds(0, 2), "b": Bounds(2, 1)}, "at least its floor"),
        (5, {"a": Bounds(-1)}, "at least 0"),
        (5, {"z": Bounds(1)}, "belong to keys"),
    ],
)
def test_bounds_that_cannot_be_are_refused(method, total, bounds, message):
    with pytest.raises(ValueError, match=message):
        share(method, total, {"a": 1, "b": 1}, "ab", bounds)


@pytest.mark.parametrize("method", METHODS)
def test_who_has_no_weight_gets_the_floor_and_no_more(method):
    result = share(method, 5, {"a": 0, "b": 2}, "ab", {"a": Bounds(1, 4)})
    assert result.parts == {"a": 1, "b": 4}
    assert share(method, 1, {"a": 0}, "a", {"a": Bounds(1, 4)}).parts == {"a": 1}


def test_the_worked_examples_of_the_documentation():
    """docs/quotas.md, section 3."""
    places = dict(zip("abcd", (5, 4, 3, 1), strict=True))
    split = apportion(7, places, "abcd")
    steps = {step.key: (step.claim, step.rank, step.given) for step in split.steps}
    assert steps == {
        "a": (Fraction(35, 13), 1, 3),
        "b": (Fraction(28, 13), 4, 2),
        "c": (Fraction(21, 13), 2, 2),
        "d": (Fraction(7, 13), 3, 0),
    }
    half = Bound("half", "min", "share", 1, 2)
    assert sum(required(half, number) for number in places.values()) == 8
    weights = dict(zip("abcd", (53, 24, 15, 8), strict=True))
    assert list(apportion(20, weights, "abcd").parts.values()) == [11, 5, 3, 1]
    assert apportion(20, weights, "dcba").parts == {"d": 2, "c": 3, "b": 5, "a": 10}
    assert {step.key: step.by_lot for step in apportion(20, weights, "abcd").steps} == {
        "a": True,
        "b": False,
        "c": False,
        "d": True,
    }
    assert list(divide(20, weights, "abcd", "sainte_lague").parts.values()) == [10, 5, 3, 2]
    assert list(divide(20, weights, "abcd", "dhondt").parts.values()) == [11, 5, 3, 1]


# another implementation


@pytest.mark.parametrize(
    ("method", "theirs"),
    [("largest_remainder", "lrm"), ("sainte_lague", "saintelague"), ("dhondt", "dhondt")],
)
def test_as_an_independent_implementation_has_it(method, theirs):
    random, compared = Random(20261121), 0
    for _case in range(800):
        weights = [random.randint(0, 10 ** random.randint(1, 6)) for _each in range(random.randint(1, 15))]
        total = random.randint(1, 60)
        if not any(weights):
            continue
        try:
            due = independent.compute(theirs, weights, total, fractions=True, tiesallowed=False)
        except independent.TiesException:
            continue
        lot = random.sample(range(len(weights)), len(weights))
        parts = share(method, total, dict(enumerate(weights)), lot).parts
        assert [parts[key] for key in range(len(weights))] == due, (weights, total)
        compared += 1
    assert compared > 500
