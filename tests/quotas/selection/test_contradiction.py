"""Rules that no list keeps together, whoever applies."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotas.selection import reach
from quotas.selection.judge import EntryRow, judge
from quotas.selection.plan import Plan, bounds_of_rules
from quotas.selection.problem import Undecided, within
from quotas.selection.reach import clashing, contradiction, endless, shut_out
from tests.quotas.selection.builders import domain, entry, rule

VALUES = {
    "ownership": ["non_public", "public"],
    "gender": ["female", "male"],
    "job": ["worker", "head", "other"],
}
LABELS = [f"{facet}:{value}" for facet, values in VALUES.items() for value in values]
PLACES = 4


DOMAIN = domain(VALUES)


def holds(rules, entries):
    """Whether the list keeps the rules."""
    held = Plan(places={"regular": PLACES, "reserve": 0, "separate": 0}, rules=tuple(rules), awarding=True)
    rows = [
        EntryRow(place, "", "", each, kind="regular", rank=place) for place, each in enumerate(entries, 1)
    ]
    return judge(held, rows).holds


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ([], None),
        ([rule("a", "ownership:non_public", "min", 1), rule("b", "ownership:public", "max", 0)], None),
        (
            [rule("a", "ownership:non_public", "min", 3, 5), rule("b", "ownership:public", "min", 3, 5)],
            {"a", "b"},
        ),
        # Whoever is neither a worker nor a head stands beside both.
        ([rule("a", "job:worker", "max", 0), rule("b", "job:head", "max", 0)], None),
        # With every value forbidden nobody is left to list; an entry may leave the facet open only where it has more.
        (
            [rule("a", "gender:female", "max", 0), rule("b", "gender:male", "max", 0)],
            {"a", "b"},
        ),
        # A base of its own: no worker need be listed.
        (
            [
                rule("a", "gender:female", "min", 1, base="job:worker"),
                rule("b", "gender:male", "min", 1, base="job:worker"),
            ],
            None,
        ),
        (
            [
                rule("a", "gender:female", "min", 1, base="job:worker"),
                rule("b", "gender:male", "min", 1, base="job:worker"),
                rule("c", "job:worker", "min", 1, kind="count"),
            ],
            {"a", "b", "c"},
        ),
        # More than the places there are is asked of the places, not of another rule.
        ([rule("a", "job:worker", "min", 5, kind="count")], {"a", "places"}),
        (
            [
                rule("a", "job:worker", "min", 3, 4, basis="allotted"),
                rule("b", "job:worker", "max", 1, 4, basis="allotted"),
            ],
            {"a", "b"},
        ),
    ],
)
def test_the_smallest_set_is_told(rules, codes):
    found = contradiction(bounds_of_rules(rules, PLACES), DOMAIN, PLACES)
    told = found and {*(bound.code for bound in found.bounds), *(["places"] if found.places else [])}
    assert told == codes


@st.composite
def some_rules(draw):
    made = []
    for number in range(draw(st.integers(1, 3))):
        facet, base = draw(st.sampled_from(LABELS)), draw(st.sampled_from([None, *LABELS]))
        if base is not None and base.partition(":")[0] == facet.partition(":")[0]:
            base = None
        numerator = draw(st.integers(0, 4))
        made.append(rule(f"r{number}", facet, draw(st.sampled_from(["min", "max"])), numerator, 4, base=base))
    return made


KINDS = [
    entry([f"ownership:{ownership}", f"gender:{gender}", f"job:{job}"])
    for ownership in VALUES["ownership"]
    for gender in VALUES["gender"]
    for job in VALUES["job"]
]


def every_list(rules):
    """Every list of kinds that keeps the rules."""
    return [
        entries
        for size in range(1, PLACES + 1)
        for entries in combinations_with_replacement(KINDS, size)
        if holds(rules, entries)
    ]


@pytest.mark.slow
@given(some_rules())
def test_what_is_told_is_what_trying_every_list_tells(rules):
    assert (contradiction(bounds_of_rules(rules, PLACES), DOMAIN, PLACES) is None) == bool(every_list(rules))


@pytest.mark.slow
@settings(max_examples=40)
@given(some_rules())
def test_what_is_shut_out_is_on_no_list(rules):
    listed = frozenset().union(*(each for entries in every_list(rules) for each in entries))
    named = frozenset().union(*(each.facets for each in rules))
    found = shut_out(bounds_of_rules(rules, PLACES), DOMAIN, PLACES)
    out = {label for label in LABELS if label.partition(":")[0] in named} - listed
    assert {label for label, _bounds in found} == (out if listed else set())
    for label, bounds in found:
        codes = {bound.code for bound in bounds}
        kept = [each for each in rules if each.code in codes]
        assert not any(label in each for entries in every_list(kept) for each in entries)


def test_what_is_not_decided_in_time_is_no_answer_and_is_asked_again():
    held = bounds_of_rules([rule("a", "job:worker", "min", 1, 2), rule("b", "job:head", "min", 2, 3)], 30)
    contradiction.cache_clear()
    with within(0), pytest.raises(Undecided):
        contradiction(held, DOMAIN, 30)
    assert {bound.code for bound in contradiction(held, DOMAIN, 30).bounds} == {"a", "b"}


def test_where_the_smallest_set_is_not_found_in_time_the_refusal_stands_and_names_more(monkeypatch):
    """Half of one kind and two thirds of another are too much; that the third bound is no part of it takes a search."""
    held = bounds_of_rules(
        [
            rule("a", "job:worker", "min", 1, 2),
            rule("b", "job:head", "min", 2, 3),
            rule("c", "gender:female", "max", 1, 2),
        ],
        30,
    )
    asked = (held, 30, entry(["job:worker", "gender:male", "ownership:public"]), endless(held, DOMAIN))
    assert {bound.code for bound in clashing(*asked)} == {"a", "b"}
    monkeypatch.setattr(reach, "NAMING", 0)
    assert {bound.code for bound in clashing(*asked)} == {"a", "b", "c"}
