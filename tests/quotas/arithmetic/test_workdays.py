"""Notice periods of real announcements, and every start and length of two months counted one day at a time."""

from datetime import date, timedelta
from itertools import product

import pytest

from quotas.arithmetic.backwards import NoticeTerms, before_endorsing, before_leaving
from quotas.arithmetic.workdays import Calendar, Unannounced, end_of_notice, latest_start

MAKE_UP_DAYS = {date(2024, 2, 4), date(2024, 2, 18), date(2020, 9, 27), date(2020, 10, 10)}
HOLIDAYS = {date(2024, 2, 10) + timedelta(days=number) for number in range(8)} | {
    date(2020, 10, 1) + timedelta(days=number) for number in range(8)
}


CALENDAR = Calendar(
    years=range(2019, 2026),
    days=dict.fromkeys(HOLIDAYS, False) | dict.fromkeys(MAKE_UP_DAYS, True),
)
is_workday = CALENDAR.is_workday


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
    assert end_of_notice(start, days, unit, first_day_counts=True, calendar=CALENDAR) == end


@pytest.mark.parametrize(
    ("start", "days", "unit", "end"),
    [
        (date(2024, 1, 31), 5, "workday", date(2024, 2, 6)),
        (date(2024, 2, 3), 1, "workday", date(2024, 2, 4)),
        (date(2022, 4, 13), 5, "calendar", date(2022, 4, 18)),
    ],
)
def test_the_first_day_may_be_left_out(start, days, unit, end):
    assert end_of_notice(start, days, unit, first_day_counts=False, calendar=CALENDAR) == end


def test_a_notice_that_begins_on_a_day_of_rest_counts_from_the_next_working_day():
    ends = {
        end_of_notice(date(2024, 2, 10), 1, "workday", first_day_counts=counts, calendar=CALENDAR)
        for counts in (True, False)
    }
    assert ends == {date(2024, 2, 18)}


def test_every_notice_has_exactly_its_days_and_ends_on_one():
    starts = [date(2024, 1, 15) + timedelta(days=number) for number in range(60)]
    for start, days, counts in product(starts, range(1, 16), (True, False)):
        first = start if counts else start + timedelta(days=1)
        end = end_of_notice(start, days, "workday", first_day_counts=counts, calendar=CALENDAR)
        assert is_workday(end)
        spanned = [first + timedelta(days=number) for number in range((end - first).days + 1)]
        assert sum(map(is_workday, spanned)) == days
        end = end_of_notice(start, days, "calendar", first_day_counts=counts, calendar=CALENDAR)
        assert (end - first).days + 1 == days


@pytest.mark.parametrize("unit", ["workday", "calendar"])
@pytest.mark.parametrize("days", [0, -1])
def test_a_notice_lasts_at_least_one_day(unit, days):
    with pytest.raises(ValueError, match="at least one day"):
        end_of_notice(date(2024, 3, 12), days, unit, first_day_counts=True, calendar=CALENDAR)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit: 'week'"):
        end_of_notice(date(2024, 3, 12), 1, "week", first_day_counts=True, calendar=CALENDAR)


class MondaysOnly(Calendar):
    def is_workday(self, day):
        return day.weekday() == 0


class Holiday(Calendar):
    def is_workday(self, day):
        return day < self.since


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever():
    with pytest.raises(ValueError, match="no working day"):
        end_of_notice(
            date(2024, 3, 12), 1, "workday", first_day_counts=True, calendar=Holiday(range(2000, 2100))
        )


def test_a_long_notice_is_not_taken_for_an_empty_calendar():
    mondays = MondaysOnly(range(2000, 2100))
    end = end_of_notice(date(2024, 1, 1), 100, "workday", first_day_counts=True, calendar=mondays)
    assert end == date(2025, 11, 24)


# --- years that nobody has announced ---------------------------------------------------------------------------

ANNOUNCED_2026 = Calendar(years={2026})
"""As on the last days of 2026, when the announcement of 2027 is late."""


@pytest.mark.parametrize(
    ("start", "days", "years", "estimate"),
    [
        (date(2026, 12, 28), 5, (2027,), date(2027, 1, 4)),
        # New Year's own holiday reaches back: which days of the last three are worked, the next announcement says.
        (date(2026, 12, 28), 2, (2027,), date(2026, 12, 29)),
        (date(2027, 2, 4), 5, (2027,), date(2027, 2, 10)),
        (date(2027, 9, 30), 3, (2027,), date(2027, 10, 5)),
        (date(2025, 12, 30), 4, (2025,), date(2026, 1, 5)),
        (date(2027, 12, 30), 4, (2027, 2028), date(2028, 1, 4)),
    ],
)
def test_a_span_that_touches_a_year_nobody_announced_has_no_answer(start, days, years, estimate):
    found = end_of_notice(start, days, "workday", first_day_counts=True, calendar=ANNOUNCED_2026)
    assert found == Unannounced(years, estimate)
    assert not isinstance(found, date)


def test_up_to_the_last_announced_day_the_answer_stands():
    assert end_of_notice(
        date(2026, 12, 24), 3, "workday", first_day_counts=True, calendar=ANNOUNCED_2026
    ) == date(2026, 12, 28)


def test_calendar_days_need_no_announcement():
    assert end_of_notice(
        date(2026, 12, 28), 5, "calendar", first_day_counts=True, calendar=ANNOUNCED_2026
    ) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 1),
        date(2027, 5, 1),
        date(2027, 5, 2),
        date(2027, 10, 1),
        date(2027, 10, 2),
        date(2027, 10, 3),
    ],
)
def test_fixed_statutory_days_are_rest_days_whatever_is_announced(day):
    assert ANNOUNCED_2026.unannounced(day) is None
    assert not ANNOUNCED_2026.is_workday(day)


@pytest.mark.parametrize("day", [date(2027, 2, 8), date(2027, 6, 9), date(2027, 9, 15), date(2027, 4, 5)])
def test_days_of_holidays_that_move_are_unknown(day):
    assert ANNOUNCED_2026.unannounced(day) == 2027


def test_the_second_of_may_is_statutory_since_2025_only():
    assert Calendar(years={2024}).is_workday(date(2024, 5, 2))
    assert not Calendar(years={2025}).is_workday(date(2025, 5, 2))


def test_a_day_that_somebody_entered_is_known_and_goes_before_the_regulation():
    calendar = Calendar(years={2026}, days={date(2027, 2, 8): False, date(2026, 1, 1): True})
    assert calendar.unannounced(date(2027, 2, 8)) is None
    assert calendar.is_workday(date(2026, 1, 1))


def test_days_before_those_read_are_refused():
    with pytest.raises(ValueError, match="before"):
        Calendar(since=date(2026, 1, 1)).is_workday(date(2025, 12, 31))
    with pytest.raises(ValueError, match="before"):
        Calendar(since=date(2026, 1, 1)).unannounced(date(2025, 12, 31))


# --- from the end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "counts"), list(product(["workday", "calendar"], [True, False])))
def test_the_latest_start_is_the_last_one_that_ends_in_time(unit, counts):
    for number, days in product(range(60), (1, 2, 5, 9)):
        end = date(2024, 1, 20) + timedelta(days=number)
        start = latest_start(end, days, unit, first_day_counts=counts, calendar=CALENDAR)
        ends = [
            end_of_notice(day, days, unit, first_day_counts=counts, calendar=CALENDAR)
            for day in (start, start + timedelta(days=1))
        ]
        assert ends[0] <= end < ends[1], (end, days, start)


def test_a_start_before_an_unannounced_year_is_unknown_when_counted_back_into_it():
    found = latest_start(date(2027, 1, 6), 5, "workday", first_day_counts=True, calendar=ANNOUNCED_2026)
    assert found == Unannounced((2027,), date(2026, 12, 30))
    later = latest_start(date(2027, 1, 6), 5, "workday", first_day_counts=False, calendar=ANNOUNCED_2026)
    assert later == Unannounced((2027,), date(2026, 12, 29))


def test_a_list_leaves_the_day_after_its_notice_and_a_unit_on_its_last_day():
    terms = NoticeTerms(5, "workday", first_day_counts=True)
    wednesday = date(2024, 3, 20)
    left = before_leaving(wednesday, terms, CALENDAR)
    assert (left.last_day, left.ends_on, left.starts_on) == (wednesday, date(2024, 3, 19), date(2024, 3, 13))
    handed_in = before_endorsing(wednesday, terms, CALENDAR)
    assert (handed_in.ends_on, handed_in.starts_on) == (wednesday, date(2024, 3, 14))


def test_without_a_notice_nothing_comes_before_the_last_day():
    assert before_endorsing(
        date(2024, 3, 20), NoticeTerms(0, "workday", first_day_counts=True), CALENDAR
    ).starts_on == date(2024, 3, 20)
