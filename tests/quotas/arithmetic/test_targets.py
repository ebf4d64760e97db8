"""A number by a date: how it stands on each day."""

from datetime import date

import pytest

from quotas.arithmetic.targets import Tally, standing

DUE = date(2023, 12, 31)
BEFORE, AFTER = date(2023, 6, 1), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("today", "now", "in_time", "expected"),
    [
        (BEFORE, 0, 0, "running"),
        (BEFORE, 9, 9, "running"),
        (BEFORE, 10, 10, "reached"),
        (DUE, 9, 9, "running"),
        (AFTER, 9, 9, "overdue"),
        (AFTER, 10, 9, "reached_late"),
        (AFTER, 11, 10, "reached"),
    ],
)
def test_how_a_target_of_ten_stands(today, now, in_time, expected):
    assert standing(10, DUE, Tally(now, in_time), today) == expected


def test_tallies_add_up():
    assert Tally(2, 1) + Tally(3, 3) == Tally(5, 4)
