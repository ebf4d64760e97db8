"""The calendar: published holidays, make-up days, and what administrators enter."""

from datetime import date

import pytest

from quotas.arithmetic.workdays import end_of_notice
from quotas.errors import InvalidInput
from quotas.models import CalendarDay
from quotas.services import calendar

pytestmark = pytest.mark.django_db


def test_holidays_and_make_up_days_of_a_year():
    calendar.seed(years=[2024])
    is_workday = calendar.workday_test(start=date(2024, 1, 1), end=date(2024, 12, 31))
    assert not is_workday(date(2024, 1, 1))
    assert not is_workday(date(2024, 2, 12))  # Spring Festival, a Monday
    assert is_workday(date(2024, 2, 4))  # a Sunday, made up
    assert is_workday(date(2024, 3, 12))
    assert not is_workday(date(2024, 3, 16))


@pytest.mark.parametrize(
    ("start", "end"), [(date(2024, 1, 31), date(2024, 2, 5)), (date(2024, 3, 12), date(2024, 3, 18))]
)
def test_notices_end_when_the_published_ones_did(start, end):
    calendar.seed(years=[2024])
    is_workday = calendar.workday_test(start=start, end=date(2024, 4, 30))
    assert end_of_notice(start, 5, "workday", first_day_counts=True, is_workday=is_workday) == end


def test_seeding_again_keeps_what_was_entered():
    assert calendar.seed(years=[2024, 2025]) > 40
    CalendarDay.objects.filter(date=date(2024, 1, 1)).update(is_workday=True, name="抢险值班")
    assert calendar.seed(years=[2024, 2025]) == 0
    assert CalendarDay.objects.get(date=date(2024, 1, 1)).is_workday


def test_a_year_that_is_not_published_is_refused():
    with pytest.raises(InvalidInput) as refused:
        calendar.seed(years=[calendar.known_years()[-1] + 1])
    assert refused.value.code == "calendar_unknown"


def test_only_days_that_differ_are_stored():
    calendar.seed(years=[2024])
    for day, is_workday in CalendarDay.objects.values_list("date", "is_workday"):
        assert is_workday == (day.weekday() >= 5)


def test_a_stretch_is_read_in_one_statement(django_assert_num_queries):
    calendar.seed(years=[2024])
    with django_assert_num_queries(1):
        is_workday = calendar.workday_test(start=date(2024, 1, 1), end=date(2024, 1, 31))
        assert is_workday(date(2024, 1, 2))
        assert not is_workday(date(2024, 1, 6))


def test_a_day_that_nobody_looked_at_is_not_guessed():
    is_workday = calendar.workday_test(start=date(2024, 1, 1), end=date(2024, 1, 31))
    with pytest.raises(ValueError, match="outside"):
        is_workday(date(2024, 2, 1))
