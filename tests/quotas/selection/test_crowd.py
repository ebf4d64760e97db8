"""Many entries at once against one entry after the other."""

from random import Random

from quotas.arithmetic.shares import Bound
from quotas.selection.crowd import Crowd
from quotas.selection.labels import FacetValues, Label, chosen, kinds
from quotas.selection.plan import SlateBound
from quotas.selection.problem import sorts_of

DOMAIN = tuple(
    FacetValues(facet, tuple(Label(f"{facet}:{value}") for value in range(size)), optional=size == 2)
    for facet, size in (("city", 4), ("kind", 3), ("woman", 2))
)
LABELS = [one for values in DOMAIN for one in values.labels]
EVERYBODY = list(kinds(DOMAIN, ("city", "kind", "woman")))


def predicate(random):
    return chosen(
        random.sample(LABELS, random.choice([0, 0, 1, 2])), random.sample(LABELS, random.choice([0, 1]))
    )


def bound(random):
    return SlateBound(
        "",
        "",
        "",
        "share_rule",
        figures=Bound("", "min", random.choice(["share", "count"]), 1),
        kinds=tuple(predicate(random) for _ in range(random.choice([1, 1, 2]))),
        base=predicate(random),
        without=random.random() < 0.3,
    )


def test_a_crowd_is_its_entries_one_by_one():
    random = Random(5)
    for _case in range(300):
        entries = random.choices(EVERYBODY, k=random.choice([0, 1, 7, 40]))
        crowd, asked = Crowd(entries), bound(random)
        assert list(crowd.chosen(crowd.covered(asked), entries)) == [
            each for each in entries if asked.covers(each)
        ]
        assert list(crowd.chosen(crowd.counted(asked), entries)) == [
            each for each in entries if asked.counts(each)
        ]
        assert crowd.counted(asked).bit_count() == sum(map(asked.counts, entries))


def test_of_one_sort_are_those_whom_no_bound_tells_apart():
    """To a number it does not matter who is in its base; to a share it does."""
    random = Random(6)
    for _case in range(100):
        bounds = [bound(random) for _ in range(random.choice([0, 1, 3]))]
        sorts = sorts_of(bounds, EVERYBODY)
        marks = {
            each: [(asked.counts(each), asked.covers(each) or not asked.has_base) for asked in bounds]
            for each in EVERYBODY
        }
        for one in EVERYBODY:
            assert [marks[one] == marks[other] for other in EVERYBODY] == [
                sorts[one] == sorts[other] for other in EVERYBODY
            ]
            assert sorts_of(bounds, [one])[one] == sorts[one]
