"""Notice periods of real announcements, and every start and length of two months counted one day at a time."""

from datetime import date, timedelta
from itertools import product

import pytest

from quotas.arithmetic.workdays import end_of_notice, workdays_between

MAKE_UP_DAYS = {date(2024, 2, 4), date(2024, 2, 18), date(2020, 9, 27), date(2020, 10, 10)}
HOLIDAYS = {date(2024, 2, 10) + timedelta(days=number) for number in range(8)} | {
    date(2020, 10, 1) + timedelta(days=number) for number in range(8)
}


def is_workday(day):
    return day in MAKE_UP_DAYS or (day.weekday() < 5 and day not in HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "days", "unit", "end"),
    [
        (date(2024, 1, 31), 4, "workday", date(2024, 2, 4)),
        (date(2024, 1, 31), 5, "workday", date(2024, 2, 5)),
        (date(2024, 3, 12), 5, "workday", date(2024, 3, 18)),
        (date(2024, 2, 9), 2, "workday", date(2024, 2, 18)),
        (date(2020, 9, 30), 3, "workday", date(2020, 10, 10)),
        (date(2022, 4, 13), 5, "calendar", date(2022, 4, 17)),
        (date(2020, 10, 29), 5, "calendar", date(2020, 11, 2)),
        (date(2024, 2, 29), 1, "calendar", date(2024, 2, 29)),
    ],
)
def test_end_of_published_notices(start, days, unit, end):
    assert end_of_notice(start, days, unit, first_day_counts=True, is_workday=is_workday) == end


@pytest.mark.parametrize(
    ("start", "days", "unit", "end"),
    [
        (date(2024, 1, 31), 5, "workday", date(2024, 2, 6)),
        (date(2024, 2, 3), 1, "workday", date(2024, 2, 4)),
        (date(2022, 4, 13), 5, "calendar", date(2022, 4, 18)),
    ],
)
def test_the_first_day_may_be_left_out(start, days, unit, end):
    assert end_of_notice(start, days, unit, first_day_counts=False, is_workday=is_workday) == end


def test_a_notice_that_begins_on_a_day_of_rest_counts_from_the_next_working_day():
    ends = {
        end_of_notice(date(2024, 2, 10), 1, "workday", first_day_counts=counts, is_workday=is_workday)
        for counts in (True, False)
    }
    assert ends == {date(2024, 2, 18)}


def test_every_notice_has_exactly_its_days_and_ends_on_one():
    starts = [date(2024, 1, 15) + timedelta(days=number) for number in range(60)]
    for start, days, counts in product(starts, range(1, 16), (True, False)):
        first = start if counts else start + timedelta(days=1)
        end = end_of_notice(start, days, "workday", first_day_counts=counts, is_workday=is_workday)
        assert is_workday(end)
        assert workdays_between(first, end, is_workday) == days
        end = end_of_notice(start, days, "calendar", first_day_counts=counts, is_workday=is_workday)
        assert workdays_between(first, end, lambda _: True) == days


@pytest.mark.parametrize("unit", ["workday", "calendar"])
@pytest.mark.parametrize("days", [0, -1])
def test_a_notice_lasts_at_least_one_day(unit, days):
    with pytest.raises(ValueError, match="at least one day"):
        end_of_notice(date(2024, 3, 12), days, unit, first_day_counts=True, is_workday=is_workday)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit: 'week'"):
        end_of_notice(date(2024, 3, 12), 1, "week", first_day_counts=True, is_workday=is_workday)


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever():
    with pytest.raises(ValueError, match="no working day in the year before 2025-"):
        end_of_notice(date(2024, 3, 12), 1, "workday", first_day_counts=True, is_workday=lambda _: False)


def test_a_long_notice_is_not_taken_for_an_empty_calendar():
    mondays = end_of_notice(
        date(2024, 1, 1), 100, "workday", first_day_counts=True, is_workday=lambda day: day.weekday() == 0
    )
    assert mondays == date(2024, 1, 1) + timedelta(weeks=99)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2024, 1, 31), date(2024, 2, 5), 5),
        (date(2020, 10, 29), date(2020, 11, 2), 3),
        (date(2024, 2, 4), date(2024, 2, 4), 1),
        (date(2024, 2, 3), date(2024, 2, 3), 0),
        (date(2024, 2, 10), date(2024, 2, 17), 0),
        (date(2024, 2, 5), date(2024, 2, 4), 0),
        (date(2024, 2, 9), date(2024, 1, 9), 0),
    ],
)
def test_workdays_between_counts_both_ends(start, end, expected):
    assert workdays_between(start, end, is_workday) == expected
