"""Working days: when a notice period ends, and how many working days a stretch of time has.

What a working day is (holidays, make-up days) is the caller's calendar, given as a function.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal

DayUnit = Literal["workday", "calendar"]

_ONE_DAY = timedelta(days=1)
_LONGEST_HOLIDAY = 366


def end_of_notice(
    start: date, days: int, unit: DayUnit, *, first_day_counts: bool, is_workday: Callable[[date], bool]
) -> date:
    """The last day of a notice of `days` days which begins on `start`.

    With `first_day_counts` the day of the start is the first day of the period, otherwise the day after it is; a
    day of rest is never counted in working days, not even the first. Raises ValueError when `days` is less than 1,
    or when the calendar has no working day for a whole year.

    Invariant: from the first day of the period to the result lie exactly `days` days of the unit, and the result
    is itself such a day.
    """
    if days < 1:
        raise ValueError("a notice lasts at least one day")
    first = start if first_day_counts else start + _ONE_DAY
    if unit == "calendar":
        return first + timedelta(days=days - 1)
    if unit != "workday":
        raise ValueError(f"unknown unit: {unit!r}")
    left = days
    rest = 0
    day = first
    while True:
        if is_workday(day):
            left, rest = left - 1, 0
        else:
            rest += 1
        if not left:
            return day
        if rest > _LONGEST_HOLIDAY:
            raise ValueError(f"no working day in the year before {day}")
        day += _ONE_DAY


def workdays_between(start: date, end: date, is_workday: Callable[[date], bool]) -> int:
    """How many working days lie from `start` to `end`, both included; 0 when `end` is before `start`."""
    return sum(1 for day in _days(start, end) if is_workday(day))


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=number) for number in range((end - start).days + 1))
