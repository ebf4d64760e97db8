"""Predicates: as they are chosen, kept and asked."""

from random import Random

import pytest

from quotas.selection.labels import (
    EVERY,
    Condition,
    FacetValues,
    Label,
    Predicate,
    chosen,
    entry,
    facet_of,
    kinds,
    predicate_of,
    taken_apart,
    told,
)

DOMAIN = tuple(
    FacetValues(facet, tuple(Label(f"{facet}:{value}") for value in range(size)), optional)
    for facet, size, optional in (("a", 2, False), ("b", 3, False), ("c", 2, True))
)
LABELS = [label for values in DOMAIN for label in values.labels]


def test_two_lists_mean_what_a_person_means_by_them():
    """20,000 choices: of a facet any will do, facets together, and none of those that are left out."""
    random = Random(8)
    everybody = list(kinds(DOMAIN, ("a", "b", "c")))
    assert len(everybody) == len(set(everybody)) == 2 * 3 * 3
    for _case in range(20_000):
        labels = random.sample(LABELS, random.randint(0, 4))
        left_out = random.sample(LABELS, random.randint(0, 2))
        predicate = chosen(labels, left_out)
        one = random.choice(everybody)
        facets = {facet_of(label) for label in labels}
        meant = all(any(label in one for label in labels if facet_of(label) == facet) for facet in facets)
        assert predicate.holds(one) == (meant and not any(label in one for label in left_out))
        assert taken_apart(predicate) == (tuple(sorted(labels)), tuple(sorted(left_out)))
        assert predicate_of(told(predicate)) == predicate == chosen(*taken_apart(predicate))


def test_nothing_chosen_is_everybody():
    assert chosen([]) == EVERY == predicate_of([])
    assert told(EVERY) == []


def test_a_predicate_is_kept_as_plain_data():
    front = chosen(["front_line:yes"], ["occupation:industrial_worker"])
    assert told(front) == [{"any": ["front_line:yes"]}, {"none": ["occupation:industrial_worker"]}]
    assert front & chosen(["gender:female"]) == Predicate(
        (*front.conditions, Condition(entry(["gender:female"])))
    )


@pytest.mark.parametrize(
    ("facets", "number"), [((), 1), (("a",), 2), (("c",), 3), (("a", "c"), 6), (("x",), 1)]
)
def test_kinds_are_told_apart_by_the_facets_that_are_asked(facets, number):
    assert len(list(kinds(DOMAIN, facets))) == number
