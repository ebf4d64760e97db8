"""Working days: when a notice ends, when it has to begin, and what nobody can say before a year is announced.

The holidays of a year and their make-up days are announced late in the year before. A count that meets a day which
nobody has announced has no answer: it gives an `Unannounced`, which is no date and compares with none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

DayUnit = Literal["workday", "calendar"]

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_HOLIDAY = 366

_STATUTORY = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})
"""Days of rest on which the regulation on holidays (全国年节及纪念日放假办法, art. 2) puts a fixed date."""
_STATUTORY_SINCE = {(5, 2): 2025}
"""And since when it does. Spring Festival, Qingming, Dragon Boat and Mid-Autumn move: the announcement says where."""
NEW_YEAR_REACHES_BACK = (12, 29)
"""From this day on the announcement of the next year decides: its New Year holiday and the day made up for it."""


@dataclass(frozen=True, slots=True)
class Unannounced:
    """What a count gives that meets days nobody has announced. Only a person can say which day it is.

    `estimate` takes every such day for one of a plain week. It is for showing, never for deciding.
    """

    years: tuple[int, ...]
    estimate: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: the announced years, and what in them differs from the plain week.

    It holds the days from `since` on; asking for an earlier one is a ValueError, since nobody has looked there.
    """

    years: Collection[int] = ()
    days: Mapping[date, bool] = field(default_factory=dict)
    since: date = date.min

    def unannounced(self, day: date) -> int | None:
        """The year whose announcement would say whether this day is worked; None when it is known."""
        if day < self.since:
            raise ValueError(f"{day} is before {self.since}")
        if day in self.days or is_statutory(day):
            return None
        if day.year not in self.years:
            return day.year
        if (day.month, day.day) >= NEW_YEAR_REACHES_BACK and day.year + 1 not in self.years:
            return day.year + 1
        return None

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked, as far as anybody knows; a day that nobody announced is one of a plain week."""
        if day < self.since:
            raise ValueError(f"{day} is before {self.since}")
        named = self.days.get(day)
        if named is not None:
            return named
        return day.weekday() < _SATURDAY and not is_statutory(day)


def is_statutory(day: date) -> bool:
    """Whether the regulation itself makes the day one of rest, whatever is announced."""
    key = (day.month, day.day)
    since = _STATUTORY_SINCE.get(key)
    return key in _STATUTORY or (since is not None and day.year >= since)


def end_of_notice(
    start: date, days: int, unit: DayUnit, *, first_day_counts: bool, calendar: Calendar
) -> date | Unannounced:
    """The last day of a notice of `days` days which begins on `start`.

    With `first_day_counts` the day of the start is the first day of the period, otherwise the day after it is; a
    day of rest is never counted in working days, not even the first. Raises ValueError when `days` is less than 1,
    or when the calendar has no working day for a whole year.

    Invariant: from the first day of the period to the result lie exactly `days` days of the unit, and the result
    is itself such a day.
    """
    _require_terms(days, unit)
    first = start if first_day_counts else start + _ONE_DAY
    if unit == "calendar":
        return first + timedelta(days=days - 1)
    return _counted(first, days, _ONE_DAY, calendar)


def latest_start(
    end: date, days: int, unit: DayUnit, *, first_day_counts: bool, calendar: Calendar
) -> date | Unannounced:
    """The last day on which a notice of `days` days can begin and still have its last day on or before `end`.

    Invariant: a notice that begins on the result ends on or before `end`, and one that begins a day later does not.
    """
    _require_terms(days, unit)
    before_first = timedelta(days=0 if first_day_counts else 1)
    if unit == "calendar":
        return end - timedelta(days=days - 1) - before_first
    first = _counted(end, days, -_ONE_DAY, calendar)
    if isinstance(first, Unannounced):
        return Unannounced(first.years, first.estimate - before_first)
    return first - before_first


def _require_terms(days: int, unit: str) -> None:
    if days < 1:
        raise ValueError("a notice lasts at least one day")
    if unit not in {"workday", "calendar"}:
        raise ValueError(f"unknown unit: {unit!r}")


def _counted(first: date, days: int, step: timedelta, calendar: Calendar) -> date | Unannounced:
    """The day on which `days` working days are counted, from `first` on in one direction."""
    left, rest, day = days, 0, first
    unannounced: set[int] = set()
    while True:
        year = calendar.unannounced(day)
        if year is not None:
            unannounced.add(year)
        if calendar.is_workday(day):
            left, rest = left - 1, 0
        else:
            rest += 1
        if not left:
            return Unannounced(tuple(sorted(unannounced)), day) if unannounced else day
        if rest > _LONGEST_HOLIDAY:
            raise ValueError(f"no working day in the year beside {day}")
        day += step
