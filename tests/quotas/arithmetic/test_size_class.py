"""The size class of an enterprise, held against the table of the statistics bureau of 2017 at each of its limits."""

import pytest

from appraisal.records.states import Industry
from quotas.arithmetic.size_class import LIMITS, SIZES, size_class

BEYOND = 10**9
"""More than any limit: a figure that decides nothing."""


def figures(indicator, number):
    return {"employees": BEYOND, "revenue": BEYOND, "assets": BEYOND} | {indicator: number}


@pytest.mark.parametrize("industry", sorted(LIMITS))
def test_each_limit_is_reached_at_its_figure_and_missed_below(industry):
    for indicator, bounds in LIMITS[industry]._asdict().items():
        if bounds is None:
            # What the industry does not ask decides nothing, and need not be known.
            without = figures(indicator, 0 if indicator == "employees" else None)
            assert size_class(industry, **without) == "large"
            continue
        for place, bound in enumerate(bounds, start=1):
            assert size_class(industry, **figures(indicator, bound)) == SIZES[place]
            assert size_class(industry, **figures(indicator, bound - 1)) == SIZES[place - 1]
        unknown = figures(indicator, 0 if indicator == "employees" else None)
        assert size_class(industry, **unknown) == ""


@pytest.mark.parametrize(
    ("industry", "employees", "revenue", "size"),
    [
        ("C", 1000, 40_000, "large"),
        ("C", 1000, 39_999, "medium"),
        ("C", 299, 2_000, "small"),
        ("C", 300, 1_999, "small"),
        ("C", 19, 300, "micro"),
        ("C", 5000, 299, "micro"),
        ("F51", 200, 40_000, "large"),
        ("I63", 1999, 100_000, "medium"),
        ("A", 0, 50, "small"),
        ("M", 300, None, "large"),
        ("J", 1000, 40_000, ""),
        ("", 1000, 40_000, ""),
    ],
)
def test_of_several_limits_the_lowest_counts(industry, employees, revenue, size):
    """中型 is at least 300 employees and 20 million yuan: who has one of the two goes down a class."""
    assert size_class(industry, employees=employees, revenue=revenue, assets=None) == size


def test_every_industry_of_the_table_can_be_chosen():
    assert set(LIMITS) <= set(Industry.values)
    assert set(Industry.values) - set(LIMITS) == {"J", "P", "Q", "S"}
