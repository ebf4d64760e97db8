"""Parts against every table written out, against another solver, and against the claims of their refusals."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from math import ceil, floor
from random import Random
from typing import get_args

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotas.arithmetic import shares
from quotas.arithmetic.apportion import Bounds, apportion
from quotas.arithmetic.parts import PartedLabel, PartsProblem, Why, changed, share_out
from quotas.arithmetic.refusals import PartsAskedTooMany, PartsHeldTooMany
from quotas.base.errors import RuleViolation

HALF = shares.Bound("half", "min", "share", 1, 2)


def table(places, *labels, lot=None, bounds=None, by_hand=None):
    """A problem; labels are (label, total) or (label, total, group)."""
    return PartsProblem(
        places,
        [PartedLabel(*label) for label in labels],
        list(places) if lot is None else lot,
        bounds or {},
        by_hand or {},
    )


# The truth, written out


def ends(problem, body, label):
    """The least and the most that a cell can have."""
    bound = problem.bounds.get((body, label), Bounds())
    low, high = bound.floor, problem.places[body]
    if bound.cap is not None:
        high = min(high, bound.cap)
    by_hand = problem.by_hand.get((body, label))
    return (low, high) if by_hand is None else (max(low, by_hand), min(high, by_hand))


def groups(problem):
    """Labels that exclude one another."""
    found = defaultdict(list)
    for each in problem.labels:
        found[each.group or (each.label,)].append(each)
    return found.values()


def tables(problem, group):
    """Every table of a group with the right margins and bounds, as {(body, label): part}."""
    rows = []
    for body, most in problem.places.items():
        cells = [range(low, high + 1) for low, high in (ends(problem, body, each.label) for each in group)]
        rows.append([row for row in product(*cells) if sum(row) <= most])
    sofar = {(0,) * len(group): [()]}
    for row in rows:
        following = defaultdict(list)
        for sums, found in sofar.items():
            for parts in row:
                new = tuple(map(sum, zip(sums, parts, strict=True)))
                if all(one <= each.total for one, each in zip(new, group, strict=True)):
                    following[new] += [(*before, parts) for before in found]
        sofar = following
    return [
        {
            (body, each.label): part
            for body, parts in zip(problem.places, found, strict=True)
            for each, part in zip(group, parts, strict=True)
        }
        for found in sofar.get(tuple(each.total for each in group), [])
    ]


def distance(problem, group, parts):
    """How far beyond the rounding, by places; then the squares within it. By the definition, in fractions."""
    whole = sum(problem.places.values())
    beyond = within = Fraction(0)
    for each in group:
        for body, places in problem.places.items():
            fair = Fraction(places * each.total, whole or 1)
            part = parts[body, each.label]
            held = min(max(part, floor(fair)), ceil(fair))
            within += (held - fair) ** 2
            if part != held:
                beyond += ((part - fair) ** 2 - (held - fair) ** 2) / places
    return beyond, within


def nearest(problem, group):
    """All tables of a group that are nearest, the one that the lots choose first."""
    found = tables(problem, group)
    least = min((distance(problem, group, parts) for parts in found), default=None)
    best = [parts for parts in found if distance(problem, group, parts) == least]
    labels = sorted(each.label for each in group)
    return sorted(best, key=lambda parts: [-parts[body, label] for body in problem.lot for label in labels])


# What must hold of every table


def assert_sound(problem, parts):
    whole = sum(problem.places.values())
    for group in groups(problem):
        for each in group:
            assert sum(parts.given[body, each.label] for body in problem.places) == each.total
        for body, places in problem.places.items():
            row = sum(parts.given[body, each.label] for each in group)
            assert row <= places
            if sum(each.total for each in group) == whole:
                assert row == places
    for body, label in parts.given:
        low, high = ends(problem, body, label)
        assert low <= parts.given[body, label] <= high


def assert_explained(problem, parts):
    """Each cell says its quota and its rounding, and a reason that fits."""
    whole, totals = sum(problem.places.values()), {each.label: each.total for each in problem.labels}
    assert [(cell.body, cell.label) for cell in parts.cells] == list(product(problem.lot, sorted(totals)))
    for cell in parts.cells:
        bound = problem.bounds.get((cell.body, cell.label), Bounds())
        assert cell.fair == Fraction(problem.places[cell.body] * totals[cell.label], whole or 1)
        assert (cell.whole, cell.remainder) == (floor(cell.fair), cell.fair - floor(cell.fair))
        assert cell.given == parts.given[cell.body, cell.label]
        assert cell.raised == (cell.given > cell.whole)
        assert problem.lot[cell.lot - 1] == cell.body
        assert (cell.why == "hand") == ((cell.body, cell.label) in problem.by_hand)
        match cell.why:
            case "whole":
                assert cell.given == cell.fair
            case "remainder":
                assert cell.given in (cell.whole, cell.whole + 1)
                assert cell.remainder
            case "floor":
                assert cell.given == bound.floor > cell.fair
            case "cap":
                assert cell.given == bound.cap < cell.fair


def is_rounded(parts):
    return all(floor(cell.fair) <= cell.given <= ceil(cell.fair) for cell in parts.cells)


# Tables


def any_table(random, bodies, labels, most, *, tight=0.3):
    """A table with several groups, with bounds and changes by hand in a share of the cells."""
    places = {f"b{number}": random.randint(0, most) for number in range(random.randint(1, bodies))}
    whole = sum(places.values())
    named = []
    while len(named) < random.randint(1, labels):
        group = random.choice([None, *[f"g{len(named)}"] * 3])
        number = 1 if group is None else random.randint(1, labels - len(named))
        cuts = sorted(random.randint(0, whole) for _one in range(number))
        last = random.choice([whole, random.randint(cuts[-1], whole)])  # everything, or less
        cuts[-1] = last if number > 1 else cuts[-1]
        named += [
            PartedLabel(f"l{len(named) + place}", high - low, group)
            for place, (low, high) in enumerate(zip([0, *cuts], cuts, strict=False))
        ]
    bounds, by_hand = {}, {}
    for body, each in product(places, named):
        if random.random() < tight:
            low = random.choice([0, 0, 1, 2])
            bounds[body, each.label] = Bounds(low, random.choice([None, low, low + 1, low + 2]))
        if random.random() < tight / 3:
            by_hand[body, each.label] = random.randint(0, 2)
    lot = random.sample(sorted(places), len(places))
    return PartsProblem(places, named, lot, bounds, by_hand)


SMALL = [(3, 3, 4), (4, 3, 2), (4, 2, 3), (6, 3, 1)]
"""Bodies, labels and places at most."""


def test_every_small_table_is_the_nearest_of_all_or_there_is_none():
    """3,500 tables: the part of every cell, the decision by lot, and what is said where there is no table."""
    random, refused, reasons = Random(20270117), 0, Counter()
    for _case in range(3500):
        problem = any_table(random, *random.choice(SMALL), tight=random.choice([0, 0.1, 0.3]))
        best = [nearest(problem, group) for group in groups(problem)]
        if not all(best):
            with pytest.raises(RuleViolation) as raised:
                share_out(problem)
            assert_true(problem, *raised.value.violations)
            refused += 1
            continue
        parts = share_out(problem)
        assert_sound(problem, parts)
        assert_explained(problem, parts)
        for found in best:
            for cell, part in found[0].items():
                assert parts.given[cell] == part
        for cell in parts.cells:
            (found,) = (found for found in best if (cell.body, cell.label) in found[0])
            tied = len({other[cell.body, cell.label] for other in found}) > 1
            if cell.why in {"lot", "whole", "remainder", "margin"}:
                assert tied == (cell.why == "lot")
            reasons[cell.why] += 1
    assert refused > 500
    assert min(reasons[why] for why in get_args(Why)) > 40


@pytest.mark.parametrize(("places", "totals"), [((4, 1, 1), (1, 0, 1, 1, 3)), ((8, 2, 2, 2, 2), (2, 7, 7))])
def test_a_table_keeps_to_the_rounding_where_squares_alone_would_leave_it(places, totals):
    labels = [(f"l{place}", total, "g") for place, total in enumerate(totals)]
    problem = table(dict(zip("abcde", places, strict=False)), *labels)
    parts = share_out(problem)
    assert is_rounded(parts)
    assert parts.given == nearest(problem, problem.labels)[0]

    def squares(found):
        return sum((found[cell.body, cell.label] - cell.fair) ** 2 for cell in parts.cells)

    assert any(
        squares(found) <= squares(parts.given)
        and not all(
            floor(cell.fair) <= found[cell.body, cell.label] <= ceil(cell.fair) for cell in parts.cells
        )
        for found in tables(problem, problem.labels)
    )


@st.composite
def large_tables(draw, tight=0.0):
    return any_table(
        Random(draw(st.integers(0, 2**32))), 40, 8, draw(st.sampled_from([1, 5, 300])), tight=tight
    )


@settings(max_examples=60)
@given(large_tables())
def test_without_bounds_every_part_is_its_quota_rounded_down_or_up(problem):
    parts = share_out(problem)
    assert_sound(problem, parts)
    assert_explained(problem, parts)
    assert is_rounded(parts)


@settings(max_examples=60)
@given(large_tables(tight=0.05))
def test_with_bounds_a_table_keeps_them_or_a_refusal_says_why_there_is_none(problem):
    try:
        parts = share_out(problem)
    except RuleViolation as refused:
        assert_true(problem, *refused.violations)
    else:
        assert_sound(problem, parts)
        assert_explained(problem, parts)


@settings(max_examples=60)
@given(large_tables() | large_tables(tight=0.1), st.randoms(use_true_random=False))
def test_the_order_of_input_makes_no_difference(problem, random):
    def shuffled(pairs):
        return random.sample(list(pairs), len(pairs))

    turned = PartsProblem(
        dict(shuffled(problem.places.items())),
        shuffled(problem.labels),
        problem.lot,
        dict(shuffled(problem.bounds.items())),
        dict(shuffled(problem.by_hand.items())),
    )

    def answer(asked):
        try:
            return share_out(asked).cells
        except RuleViolation as refused:
            return refused.violations

    assert answer(turned) == answer(problem)


@settings(max_examples=40)
@given(large_tables(), st.data())
def test_what_is_not_decided_by_lot_stays_whatever_is_drawn(problem, data):
    other = replace(problem, lot=data.draw(st.permutations(problem.lot)))
    parts, again = share_out(problem), share_out(other)
    for cell in parts.cells:
        assert cell.why == "lot" or again.given[cell.body, cell.label] == cell.given


@settings(max_examples=60)
@given(st.dictionaries(st.integers(), st.integers(0, 10**6), min_size=1, max_size=60), st.data())
def test_a_label_alone_is_shared_out_by_the_largest_remainder(places, data):
    total = data.draw(st.integers(0, sum(places.values())))
    lot = data.draw(st.permutations(sorted(places)))
    split = apportion(total, places, lot)
    parts = share_out(table(places, ("l", total), lot=lot))
    assert {body: part for (body, _label), part in parts.given.items()} == split.parts
    tied = {step.key for step in split.steps if step.by_lot}
    assert tied == {cell.body for cell in parts.cells if cell.why == "lot"}


@given(
    st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=12), min_size=1, max_size=13),
    st.integers(0, 100),
    st.randoms(),
)
def test_sums_stay_exact_down_a_tree(cities, per_cent, random):
    """Province to cities to counties: the parts of the leaves are the figure of the whole."""

    def shared(total, places):
        problem = table(places, ("l", total), lot=random.sample(list(places), len(places)))
        return {body: part for (body, _label), part in share_out(problem).given.items()}

    counties = [dict(enumerate(places)) for places in cities]
    places = {city: sum(of_city.values()) for city, of_city in enumerate(counties)}
    figure = shares.required(shares.Bound("b", "min", "share", per_cent, 100), sum(places.values()))
    leaves = [shared(part, counties[city]) for city, part in shared(figure, places).items()]
    assert sum(sum(of_city.values()) for of_city in leaves) == figure


# Another solver


def least_by_linear_program(problem, group):
    """The least squares of a table within the rounding, from the vertices of a linear program; None if there is none.

    A cell is `floor` or one more; squares then differ by 1 - 2 * remainder, and the vertices of a transportation
    problem are whole. In units of 1/whole.
    """
    whole = sum(problem.places.values())
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    cells = {}
    cost = 0
    for body, places in problem.places.items():
        for each in group:
            down, rest = divmod(places * each.total, whole)
            low, high = ends(problem, body, each.label)
            low, high = max(low, down), min(high, down + bool(rest))
            if low > high:
                return None
            cells[body, each.label] = solver.getNumCol()
            solver.addVar(low, high)
            solver.changeColCost(cells[body, each.label], whole - 2 * rest)
            cost -= (whole - 2 * rest) * down
    for each in group:
        columns = [cells[body, each.label] for body in problem.places]
        solver.addRow(each.total, each.total, len(columns), columns, [1.0] * len(columns))
    for body, places in problem.places.items():
        columns = [cells[body, each.label] for each in group]
        solver.addRow(0, places, len(columns), columns, [1.0] * len(columns))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return cost + round(solver.getInfo().objective_function_value)


def test_another_solver_finds_no_nearer_table():
    """1,500 tables of up to 15 bodies and 5 labels, a third of them with bounds that do not always leave a rounding."""
    random, beyond, refused = Random(20270118), 0, 0
    for case in range(1500):
        problem = any_table(random, 15, 5, random.choice([1, 3, 12, 60]), tight=0.02 * (case % 3 == 0))
        whole = sum(problem.places.values())
        if not whole:
            continue
        least = [least_by_linear_program(problem, group) for group in groups(problem)]
        try:
            parts = share_out(problem)
        except RuleViolation:
            assert None in least
            refused += 1
            continue
        for group, its_least in zip(groups(problem), least, strict=True):
            labels = {each.label for each in group}
            cells = [cell for cell in parts.cells if cell.label in labels]
            if its_least is None:
                assert not is_rounded(replace(parts, cells=tuple(cells)))
                beyond += 1
                continue
            assert is_rounded(replace(parts, cells=tuple(cells)))
            raised = sum(whole - 2 * int(cell.remainder * whole) for cell in cells if cell.raised)
            assert raised == its_least
    assert beyond > 30
    assert refused > 30


# What cannot be


def room(problem, group, labels, body):
    """The most of these labels that a body can take beside what it must of the others; None where it can take nothing."""
    cells = [ends(problem, body, each.label) for each in group]
    rows = product(*(range(low, high + 1) for low, high in cells))
    return max(
        (
            sum(part for part, each in zip(row, group, strict=True) if each.label in labels)
            for row in rows
            if sum(row) <= problem.places[body]
        ),
        default=None,
    )


def assert_true(problem, refusal):
    """What a refusal claims is so, written out, and no fewer labels would do."""
    (group,) = (group for group in groups(problem) if {each.label for each in group} >= set(refusal.labels))
    totals = {each.label: each.total for each in group}
    if isinstance(refusal, PartsHeldTooMany):
        assert refusal.least > refusal.most
        lows = {
            (body, label): ends(problem, body, label)[0]
            for body, label in product(refusal.bodies, refusal.labels)
        }
        assert refusal.least == sum(lows.values())
        match len(refusal.bodies), len(refusal.labels):
            case 1, 1:
                ((body, label),) = lows
                assert refusal.most in (ends(problem, body, label)[1], totals[label], problem.places[body])
            case _, 1:
                assert refusal.most == totals[refusal.labels[0]]
            case 1, _:
                assert refusal.most == problem.places[refusal.bodies[0]]
            case _:
                pytest.fail("floors of several labels in several bodies are no contradiction by themselves")
        # no body and no label can be left out
        assert all(refusal.least - low <= refusal.most for low in lows.values())
        return
    assert isinstance(refusal, PartsAskedTooMany)
    small = len(group) * max(problem.places.values(), default=0) <= 24
    most = partial(most_of if small else most_by_cells, problem, group)
    assert refusal.asked == sum(totals[label] for label in refusal.labels) > refusal.most
    assert refusal.most == sum(most(refusal.labels).values())
    assert refusal.bodies == [body for body in problem.lot if most(refusal.labels)[body]]
    assert refusal.number == len(refusal.bodies)
    for size in range(1, len(refusal.labels) + 1 if len(totals) <= 8 else 1):
        for labels in combinations(totals, size):
            if sum(totals[label] for label in labels) > sum(most(labels).values()):
                assert size == len(refusal.labels)


def most_of(problem, group, labels):
    return {body: room(problem, group, labels, body) for body in problem.places}


def most_by_cells(problem, group, labels):
    """The same for bodies with many places, where rows cannot be written out."""
    found = {}
    for body, places in problem.places.items():
        cells = {each.label: ends(problem, body, each.label) for each in group}
        others = sum(low for label, (low, _high) in cells.items() if label not in labels)
        found[body] = min(places - others, sum(cells[label][1] for label in labels))
    return found


def refusal_of(problem):
    with pytest.raises(RuleViolation) as raised:
        share_out(problem)
    (reason,) = raised.value.violations
    assert_true(problem, reason)
    return reason


def test_three_bodies_can_take_four_where_six_are_asked():
    places = {"a": 2, "b": 1, "c": 1, "d": 5, "e": 5}
    closed = {(body, "x"): Bounds(0, 0) for body in "de"}
    assert refusal_of(table(places, ("x", 6), ("y", 3), bounds=closed)) == PartsAskedTooMany(
        labels=["x"], bodies=["a", "b", "c"], asked=6, most=4
    )


def test_the_fewest_labels_are_named():
    """Each by itself can be shared out, and x, y and z together as well; y and z together cannot."""
    places = {"a": 3, "b": 3}
    bounds = {("a", "y"): Bounds(0, 0), ("a", "z"): Bounds(0, 0)}
    problem = table(places, ("x", 2, "g"), ("y", 2, "g"), ("z", 2, "g"), bounds=bounds)
    assert refusal_of(problem) == PartsAskedTooMany(labels=["y", "z"], bodies=["b"], asked=4, most=3)
    less = replace(problem, labels=[*problem.labels[:2], PartedLabel("z", 1, "g")])
    assert share_out(less).given == {
        ("a", "x"): 2,
        ("a", "y"): 0,
        ("a", "z"): 0,
        ("b", "x"): 0,
        ("b", "y"): 2,
        ("b", "z"): 1,
    }


def test_twenty_labels_that_together_ask_for_one_too_many_are_named_at_once():
    places = {f"b{number:03}": 3 for number in range(110)}
    labels = [(f"l{number:02}", 16 + (number < 11), "g") for number in range(20)]
    problem = table(places, *labels)
    assert refusal_of(problem).labels == [label for label, _total, _group in labels]
    closed = {(body, label): Bounds(0, 0) for body in list(places)[1:] for label in ("l03", "l17")}
    two = [PartedLabel(label, 2 if label in ("l03", "l17") else 3, "g") for label, _total, _group in labels]
    assert refusal_of(replace(problem, labels=two, bounds=closed)) == PartsAskedTooMany(
        labels=["l03", "l17"], bodies=["b000"], asked=4, most=3
    )


def test_labels_that_together_ask_for_more_than_all_places_stand_in_groups_of_their_own():
    places = dict.fromkeys("abcd", 1)
    together = table(places, ("x", 3, "g"), ("y", 2, "g"))
    assert refusal_of(together) == PartsAskedTooMany(labels=["x", "y"], bodies=list("abcd"), asked=5, most=4)
    apart = share_out(table(places, ("x", 3), ("y", 2)))
    assert [apart.given[body, "x"] for body in "abcd"] == [1, 1, 1, 0]
    assert [apart.given[body, "y"] for body in "abcd"] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        # more than the places of the body, more than its cap, less than its floor
        ({("a", "x"): 3}, PartsHeldTooMany(labels=["x"], bodies=["a"], least=3, most=2)),
        ({("b", "x"): 2}, PartsHeldTooMany(labels=["x"], bodies=["b"], least=2, most=1)),
        ({("c", "y"): 0}, PartsHeldTooMany(labels=["y"], bodies=["c"], least=1, most=0)),
        # more than the figure of the label: the fewest bodies that do it
        (
            {("a", "x"): 2, ("b", "x"): 1, ("d", "x"): 2},
            PartsHeldTooMany(labels=["x"], bodies=["a", "d"], least=4, most=3),
        ),
        # more of both labels than the body has places
        ({("a", "x"): 2, ("a", "y"): 1}, PartsHeldTooMany(labels=["x", "y"], bodies=["a"], least=3, most=2)),
    ],
)
def test_changes_by_hand_that_cannot_be_are_named(changes, refused):
    problem = table(
        {"a": 2, "b": 2, "c": 2, "d": 2},
        ("x", 3, "g"),
        ("y", 3, "g"),
        bounds={("b", "x"): Bounds(0, 1), ("c", "y"): Bounds(1)},
    )
    assert refusal_of(replace(problem, by_hand=changes)) == refused


def test_the_names_of_bodies_can_be_put_in_the_place_of_their_keys():
    refused = refusal_of(table({7: 1, 8: 1}, ("x", 3)))
    named = refused.changed(bodies=["常熟", "昆山"])
    assert (named.bodies, named.most) == (["常熟", "昆山"], 2)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: table({"a": 1}, ("x", 1), ("x", 1)), "shared out once"),
        (lambda: table({"a": -1}, ("x", 0)), "counted from 0"),
        (lambda: table({"a": 1}, ("x", -1)), "counted from 0"),
        (lambda: table({"a": 1}, ("x", 1), by_hand={("a", "x"): -1}), "counted from 0"),
        (lambda: table({"a": 1, "b": 1}, ("x", 1), lot="a"), "every body exactly once"),
        (lambda: table({"a": 1}, ("x", 1), lot="aa"), "every body exactly once"),
        (lambda: table({"a": 1}, ("x", 1), bounds={("b", "x"): Bounds()}), "that are there"),
        (lambda: table({"a": 1}, ("x", 1), by_hand={("a", "y"): 1}), "that are there"),
        (lambda: table({"a": 1}, ("x", 1), bounds={("a", "x"): Bounds(2, 1)}), "at least its floor"),
        (lambda: table({"a": 1}, ("x", 1), bounds={("a", "x"): Bounds(-1)}), "at least its floor"),
    ],
)
def test_a_table_without_sense_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()


# Worked examples


def test_a_share_in_every_body_would_inflate_the_minimum():
    cities = {f"city {number}": 3 for number in range(1, 14)}
    parts = share_out(table(cities, ("l", shares.required(HALF, 39))))
    assert sum(shares.required(HALF, places) for places in cities.values()) == 26
    assert list(parts.given.values()) == [2] * 7 + [1] * 6


def test_ninety_five_counties_with_one_place_each_are_asked_for_48():
    counties = {f"county {number:02}": 1 for number in range(1, 96)}
    lot = Random(1).sample(sorted(counties), 95)
    asked = shares.required(HALF, sum(counties.values()))
    parts = share_out(table(counties, ("ownership:non_public", asked), lot=lot))
    assert sum(shares.required(HALF, places) for places in counties.values()) == 95
    assert sum(parts.given.values()) == 48
    assert [body for body, _label in parts.given if parts.given[body, "ownership:non_public"]] == lot[:48]
    assert {(cell.fair, cell.why) for cell in parts.cells} == {(Fraction(48, 95), "lot")}


def test_two_kinds_over_eight_counties_with_one_place_each():
    """产业工人 3, 科教 2: no county is asked for both, whatever was drawn."""
    counties = dict.fromkeys("abcdefgh", 1)
    for lot in (list("abcdefgh"), list("hgfedcba"), list("cahfbged")):
        parts = share_out(table(counties, ("科教", 2, "post"), ("产业工人", 3, "post"), lot=lot))
        assert [parts.given[body, "产业工人"] for body in lot] == [1, 1, 1, 0, 0, 0, 0, 0]
        assert [parts.given[body, "科教"] for body in lot] == [0, 0, 0, 1, 1, 0, 0, 0]


def test_nineteen_places_of_four_kinds_and_one_that_is_free():
    """佛山: 7 + 4 + 3 + 4 of 19, over five districts."""
    districts = dict(zip("abcde", (6, 5, 4, 3, 1), strict=True))
    kinds = [("w", 7, "post"), ("x", 4, "post"), ("y", 3, "post"), ("z", 4, "post")]
    parts = share_out(table(districts, *kinds))
    assert_sound(parts.problem, parts)
    assert is_rounded(parts)
    assert [[parts.given[body, kind] for kind in "wxyz"] for body in "abcde"] == [
        [2, 1, 1, 1],
        [2, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 0, 1],
        [1, 0, 0, 0],
    ]


def test_the_steps_of_a_computation():
    """docs/quotas.md, section 3: four bodies with 5, 4, 3 and 1 places, 7 of 13."""
    parts = share_out(table(dict(zip("abcd", (5, 4, 3, 1), strict=True)), ("l", 7)))
    assert [
        (cell.fair, cell.whole, cell.remainder, cell.raised, cell.given, cell.why) for cell in parts.cells
    ] == [
        (Fraction(35, 13), 2, Fraction(9, 13), True, 3, "remainder"),
        (Fraction(28, 13), 2, Fraction(2, 13), False, 2, "remainder"),
        (Fraction(21, 13), 1, Fraction(8, 13), True, 2, "remainder"),
        (Fraction(7, 13), 0, Fraction(7, 13), False, 0, "remainder"),
    ]


def test_what_some_bodies_cannot_take_goes_to_the_others_by_their_places():
    """10 of 30 places in a body without candidates: the others have 40/2 and 20/2 by themselves, and take 12 and 3 more."""
    places = {"a": 40, "b": 10, "c": 50}
    parts = share_out(table(places, ("l", 50), bounds={("c", "l"): Bounds(0, 5)}))
    assert parts.given == {("a", "l"): 36, ("b", "l"): 9, ("c", "l"): 5}
    assert [cell.why for cell in parts.cells] == ["margin", "margin", "cap"]


def test_a_floor_is_kept_and_said():
    parts = share_out(table({"a": 5, "b": 5}, ("l", 4), bounds={("b", "l"): Bounds(3)}))
    assert [(cell.given, cell.why) for cell in parts.cells] == [(1, "margin"), (3, "floor")]


# Changes by hand


@settings(max_examples=40)
@given(large_tables(), st.data())
def test_what_was_changed_by_hand_stays_and_the_rest_is_shared_out_anew(problem, data):
    parts = share_out(problem)
    cells = data.draw(st.lists(st.sampled_from(sorted(parts.given)), max_size=3, unique=True))
    step = data.draw(st.sampled_from([-1, 0, 1]))
    by_hand = {cell: max(parts.given[cell] + step, 0) for cell in cells}
    try:
        again = changed(parts, by_hand)
    except RuleViolation as refused:
        assert_true(replace(problem, by_hand=by_hand), *refused.violations)
        return
    assert_sound(again.problem, again)
    assert_explained(again.problem, again)
    assert all(again.given[cell] == part for cell, part in by_hand.items())
    assert changed(again, {}) == parts


def test_one_more_for_one_body_is_one_less_for_another():
    """The one that has the smallest remainder of those rounded up."""
    parts = share_out(table(dict(zip("abcd", (5, 4, 3, 1), strict=True)), ("l", 7)))
    again = changed(parts, {("d", "l"): 1})
    assert [(cell.given, cell.why) for cell in again.cells] == [
        (3, "remainder"),
        (2, "remainder"),
        (1, "remainder"),
        (1, "hand"),
    ]


# The bounds of a body with its part


FRACTIONS = [(p, q) for q in range(1, 6) for p in range(q + 1)]


@dataclass(frozen=True, slots=True)
class PartBounds:
    """What a part demands of the list of a body: two bounds, on the kind that the rule counts.

    `others` is the most entries of other kinds (None: any number), `kind` what holds of the kind itself.
    """

    others: int | None
    kind: tuple[shares.Bound, ...]

    def hold(self, base: int, count: int) -> bool:
        """Whether `count` of `base` entries keep them."""
        return (self.others is None or base - count <= self.others) and all(
            shares.check(bound, base, count).holds for bound in self.kind
        )


def part_bounds(bound: shares.Bound, places: int, part: int) -> PartBounds:
    """The two bounds to which a list is held whose body has `part` of its `places` as its part of the whole's figure.

    The others take at most the places that are no part (of a ceiling: the kind takes at most the part), and the share
    itself is kept, less what the body was let off by the rounding (`shares.part`). A count has no share to keep.

    Invariant, for n entries with k of the kind and P places with the part T of the share p/q: of a minimum
    n - k <= P - T and q*k >= p*n + min(q*T - p*P, 0); of a ceiling k <= T and q*k <= p*n + max(q*T - p*P, 0).
    """
    if not 0 <= part <= places:
        raise ValueError("a part lies between 0 and the places")
    share = () if bound.kind == "count" else (shares.part(bound, places, part),)
    if bound.sense == "min":
        return PartBounds(places - part, share)
    return PartBounds(None, (replace(bound, kind="count", numerator=part, denominator=1), *share))


@pytest.mark.parametrize("sense", ["min", "max"])
def test_the_two_bounds_of_a_part_are_the_stated_inequalities(sense):
    for (p, q), places in product(FRACTIONS, range(1, 13)):
        bound = shares.Bound("b", sense, "share", p, q)
        for part in range(places + 1):
            bounds = part_bounds(bound, places, part)
            all_or_nobody = p == (q if sense == "min" else 0)
            beyond = 0 if all_or_nobody else q * part - p * places
            for n in range(places + 1):
                for k in range(n + 1):
                    if sense == "min":
                        kept = n - k <= places - part and q * k >= p * n + min(beyond, 0)
                    else:
                        kept = k <= part and q * k <= p * n + max(beyond, 0)
                    assert bounds.hold(n, k) == kept


def test_a_full_list_with_its_part_keeps_both_bounds_and_one_without_it_breaks_them():
    for (p, q), places, sense in product(FRACTIONS, range(1, 13), ("min", "max")):
        bound = shares.Bound("b", sense, "share", p, q)
        for part in (p * places // q, -(-p * places // q)):
            bounds = part_bounds(bound, places, part)
            if p not in (0, q):
                kept = [bounds.hold(places, count) for count in range(places + 1)]
                assert kept == [
                    count >= part if sense == "min" else count <= part for count in range(places + 1)
                ]


def test_a_share_above_another_is_held_at_it_where_the_part_is():
    """Above 1/2 of the whole: a body of 4 with the part 2 keeps 1/2, one with 3 has to be above it."""
    above = shares.Bound("b", "min", "above", 1, 2)
    assert [part_bounds(above, 4, 2).hold(n, k) for n, k in ((4, 2), (2, 1), (2, 0))] == [True, True, False]
    assert [part_bounds(above, 4, 3).hold(n, k) for n, k in ((4, 3), (2, 1), (1, 1))] == [True, False, True]


def test_a_count_is_held_by_the_places_alone():
    least, most = shares.Bound("b", "min", "count", 5), shares.Bound("b", "max", "count", 5)
    assert [part_bounds(least, 4, 2).hold(n, k) for n, k in ((4, 2), (4, 1), (2, 0))] == [True, False, True]
    assert [part_bounds(most, 4, 2).hold(n, k) for n, k in ((4, 2), (4, 3), (1, 1))] == [True, False, True]
    with pytest.raises(ValueError, match="between 0 and the places"):
        part_bounds(least, 4, 5)
