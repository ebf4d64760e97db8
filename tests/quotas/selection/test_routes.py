"""Rules for each city and for each county at once: a county lies in its city, and lists are looked for among real ways."""

from dataclasses import replace
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotas.selection.judge import EntryRow, judge
from quotas.selection.labels import EVERY, entry
from quotas.selection.plan import Plan, bounds_of_rules, for_value
from quotas.selection.reach import best_kinds, contradiction, findings, shut_out
from tests.quotas.selection.builders import domain, rule

DOMAIN = domain({"ownership": ["non_public", "public"]})


def routes_of(tree, *, union):
    """The ways of a tree, cities with their numbers of counties, and of a union beside it."""
    ways = {
        entry([f"city:{city}", f"county:{city}{county}"])
        for city, counties in enumerate(tree)
        for county in range(counties)
    }
    return frozenset(ways | {frozenset()} if union else ways)


def for_bodies(made, routes):
    """The rules, each once for every body of its facet."""
    bodies = sorted(frozenset().union(*routes))
    return [
        for_value(replace(rule_, counted=EVERY) if every else rule_, one)
        for facet, every, rule_ in made
        for one in bodies
        if one.startswith(f"{facet}:")
    ]


def of_each(code, facet, sense, number, *, every=True):
    """So many of each city or county; of the non-public ones alone where not of `every` entry."""
    return facet, every, rule(code, "ownership:non_public", sense, number, kind="count")


def test_what_only_the_tree_forbids_is_a_contradiction():
    """Two of each city and one of each county: a city with one county has but one."""
    made = [of_each("city", "city", "min", 2), of_each("county", "county", "max", 1)]
    for tree, clashes in (([2, 2], False), ([2, 1], True)):
        routes = routes_of(tree, union=True)
        bounds = bounds_of_rules(for_bodies(made, routes), 9)
        assert contradiction(bounds, DOMAIN, 9) is None
        found = contradiction(bounds, DOMAIN, 9, routes)
        assert (found is not None) == clashes
        if found:
            assert {bound.code for bound in found.bounds} == {"city.1", "county.10"}


def test_kinds_are_the_ways_there_are_and_not_every_pair():
    routes = routes_of([3, 3, 3], union=True)
    made = [of_each("city", "city", "min", 1), of_each("county", "county", "min", 1)]
    bounds = bounds_of_rules(for_bodies(made, routes), 9)
    assert len(best_kinds(bounds, DOMAIN, routes)) == 9
    assert len(best_kinds(bounds, DOMAIN)) == 27


@st.composite
def some_question(draw):
    tree = draw(st.lists(st.integers(1, 2), min_size=1, max_size=3))
    made = [
        of_each(
            f"r{number}",
            draw(st.sampled_from(["city", "county"])),
            draw(st.sampled_from(["min", "max"])),
            draw(st.integers(0, 2)),
            every=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    return routes_of(tree, union=draw(st.booleans())), made, draw(st.integers(1, 4))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(some_question())
def test_what_is_told_is_what_trying_every_list_tells(asked):
    routes, made, places = asked
    rules = for_bodies(made, routes)
    plan = Plan(
        places={"regular": places, "reserve": 0, "separate": 0},
        rules=tuple(rules),
        awarding=True,
        routes=routes,
    )
    there = [
        way | entry([f"ownership:{owner}"])
        for way in sorted(routes, key=sorted)
        for owner in ("non_public", "public")
    ]
    kept = [
        entries
        for size in range(1, places + 1)
        for entries in combinations_with_replacement(there, size)
        if judge(
            plan,
            [EntryRow(at, "", "", each, kind="regular", rank=at) for at, each in enumerate(entries, 1)],
        ).holds
    ]
    bounds = bounds_of_rules(rules, places)
    assert (contradiction(bounds, DOMAIN, places, routes) is None) == bool(kept)
    listed = {one for entries in kept for one in entries}
    for each in there:
        assert bool(findings(plan, DOMAIN, each)) == (each not in listed)
    owners = {label for label in ("ownership:non_public", "ownership:public") if kept}
    named = any("ownership" in bound.facets for bound in bounds)
    out = owners - frozenset().union(*listed) if named else set()
    assert {label for label, _by in shut_out(bounds, DOMAIN, places, routes)} == out
