"""Working days: a table of what differs from the plain week, over the plain week."""

from collections.abc import Callable, Iterable
from datetime import date

from chinese_calendar import constants
from django.db import transaction

from quotas.errors import InvalidInput
from quotas.models import CalendarDay
from quotas.services import ledger

_SATURDAY = 5


def known_years() -> range:
    """The years whose holidays the chinesecalendar package knows: those that the State Council has published."""
    years = {day.year for day in constants.holidays}
    return range(min(years), max(years) + 1)


@transaction.atomic
def seed(*, years: Iterable[int]) -> int:
    """
    Enter holidays on weekdays and make-up working days on weekends; how many days were new.

    What administrators have entered or changed stays. Raises InvalidInput("years", "calendar_unknown") for a
    year that is not published yet.
    """
    wanted = set(years)
    known = known_years()
    unknown = sorted(wanted - set(known))
    if unknown:
        raise InvalidInput(
            "years", "calendar_unknown", year=str(unknown[0]), first=str(known[0]), last=str(known[-1])
        )
    there = set(CalendarDay.objects.filter(date__year__in=wanted).values_list("date", flat=True))
    new = [day for day in _published(wanted) if day.date not in there]
    CalendarDay.objects.bulk_create(new)
    if new:
        ledger.append(
            stream="calendar",
            act="seed_calendar",
            actor=None,
            after={"years": sorted(wanted), "days": len(new)},
        )
    return len(new)


def workday_test(*, start: date, end: date) -> Callable[[date], bool]:
    """
    Whether a day from `start` to `end` (both included) is a working day; one statement, asked once.

    The answer raises ValueError for a day outside, since nobody has looked there.
    """
    special = dict(CalendarDay.objects.filter(date__range=(start, end)).values_list("date", "is_workday"))

    def is_workday(day: date) -> bool:
        if not start <= day <= end:
            raise ValueError(f"{day} is outside {start} to {end}")
        return special.get(day, day.weekday() < _SATURDAY)

    return is_workday


def _published(years: set[int]) -> list[CalendarDay]:
    off = [
        CalendarDay(date=day, is_workday=False, name=constants.Holiday(name).chinese)
        for day, name in constants.holidays.items()
        if day.year in years and day.weekday() < _SATURDAY
    ]
    made_up = [
        CalendarDay(date=day, is_workday=True, name=constants.Holiday(name).chinese)
        for day, name in constants.workdays.items()
        if day.year in years and day.weekday() >= _SATURDAY
    ]
    return sorted([*off, *made_up], key=lambda day: day.date)
