"""The working calendar: which years have been announced, and their days. Everybody who counts working days asks here."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from chinese_calendar import constants
from django.db import IntegrityError, transaction
from django.db.models import BooleanField, DateField, SmallIntegerField, Value

from quotas.arithmetic.workdays import NEW_YEAR_REACHES_BACK, Calendar, is_statutory
from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.refusals import Stale
from quotas.bodies.services import bodies
from quotas.calendar.models import CalendarDay, CalendarYear
from quotas.calendar.refusals import (
    CalendarDayElsewhere,
    CalendarDaysMany,
    CalendarDaysMissing,
    CalendarDayTwice,
    CalendarDayWorkedAnyhow,
    CalendarSourceRequired,
    CalendarTextLong,
    CalendarUnknown,
    CalendarYearOutOfRange,
)
from quotas.ledger.services import ledger
from quotas.tree.models import User
from quotas.tree.permissions import Act, require

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS = 120
"""More days than any announcement names."""
LEAST_HOLIDAYS = 11
"""Days of rest that every announcement names at least; fewer are half of one, and would pass for the whole."""
LONGEST_NAME, LONGEST_SOURCE = 40, 200

PACKAGE_SOURCE = "国务院办公厅公布的节假日安排（chinesecalendar 软件包收录）"
_SATURDAY = 5


class Day(NamedTuple):
    """One day of an announcement: a day of rest, or (`is_workday`) one that is made up for."""

    date: date
    is_workday: bool
    name: str = ""


def known_years() -> range:
    """The years whose holidays the chinesecalendar package knows: those that the State Council has published."""
    years = {day.year for day in constants.holidays}
    return range(min(years), max(years) + 1)


def since(day: date) -> Calendar:
    """What is known of the days from `day` on. One statement, however many days are asked for afterwards."""
    year = Value(None, output_field=SmallIntegerField())
    nothing = (Value(None, output_field=DateField()), Value(None, output_field=BooleanField()))
    days = CalendarDay.objects.filter(date__gte=day).order_by().values_list(year, "date", "is_workday")
    years = CalendarYear.objects.order_by().values_list("year", *nothing)
    rows = list(years.union(days, all=True))
    return Calendar(
        years=frozenset(year for year, _date, _is_workday in rows if year is not None),
        days={date: is_workday for _year, date, is_workday in rows if date is not None},
        since=day,
    )


def unannounced(first: date, last: date) -> list[int]:
    """The years that this span touches and nobody has announced. One statement."""
    known = set(
        CalendarYear.objects.filter(year__range=(first.year, last.year)).values_list("year", flat=True)
    )
    return [year for year in range(first.year, last.year + 1) if year not in known]


def published(year: int) -> list[Day]:
    """The days of a year as the package has them; none for a year that it does not cover."""
    return sorted(
        Day(day, is_workday, constants.Holiday(name).chinese)
        for days, is_workday in ((constants.holidays, False), (constants.workdays, True))
        for day, name in days.items()
        if day.year == year and (day.weekday() >= _SATURDAY) == is_workday
    )


@transaction.atomic
def seed(*, years: Iterable[int]) -> int:
    """
    Enter years from the package; how many days were new. A year that is entered already stays as it is, whoever did it.

    Raises InvalidInput(CalendarUnknown("years")) for a year that is not published yet.
    """
    wanted = set(years)
    known = known_years()
    if unknown := sorted(wanted - set(known)):
        raise _not_published(unknown[0])
    there = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
    missing = sorted(wanted - there)
    if not missing:
        return 0
    CalendarYear.objects.bulk_create(
        CalendarYear(year=year, source=PACKAGE_SOURCE, entered_at=clock.now()) for year in missing
    )
    entered = set(CalendarDay.objects.filter(date__year__in=missing).values_list("date", flat=True))
    new = [day for year in missing for day in published(year) if day.date not in entered]
    CalendarDay.objects.bulk_create(CalendarDay(**day._asdict()) for day in new)
    ledger.append(
        stream="calendar", act="seed_calendar", actor=None, after={"years": missing, "days": len(new)}
    )
    return len(new)


@transaction.atomic
def announce(
    *, year: int, version: int, source: str, days: Sequence[Day], actor: User | None
) -> CalendarYear:
    """
    Enter what was announced for a year (`version` 0), or correct it: these days take the place of those that stood there.

    By those who manage accounts at the province. Raises NotPermitted, Stale and InvalidInput with every
    wrong field (CalendarYearOutOfRange, CalendarSourceRequired, CalendarDaysMissing, CalendarDaysMany,
    CalendarDayElsewhere, CalendarDayTwice, CalendarDayWorkedAnyhow, CalendarTextLong).
    """
    require(actor, Act.MANAGE_ACCOUNTS, bodies.province().pk)
    there = CalendarYear.objects.select_for_update().filter(year=year).first()
    current = there.version if there else 0
    if current != version:
        raise Stale
    source = text.line(source)
    days = [Day(day.date, day.is_workday, text.line(day.name)) for day in days]
    problems = [*_year_problems(year, source), *_day_problems(year, days)]
    if problems:
        raise InvalidInput(*problems)
    return _write(year, there, source, days, actor)


@transaction.atomic
def take_published(*, year: int, version: int, actor: User | None) -> CalendarYear:
    """Enter or correct a year as the package has it. Raises as `announce`, and InvalidInput(CalendarUnknown("year"))."""
    require(actor, Act.MANAGE_ACCOUNTS, bodies.province().pk)
    if year not in known_years():
        raise _not_published(year)
    return announce(year=year, version=version, source=PACKAGE_SOURCE, days=published(year), actor=actor)


def _write(
    year: int, there: CalendarYear | None, source: str, days: Sequence[Day], actor: User | None
) -> CalendarYear:
    stood = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
    # Days of the December before belong to this announcement, too; they replace what stood there.
    reached = CalendarDay.objects.filter(date__in=[day.date for day in days if day.date.year < year])
    before = {day.date: _word(day) for day in (*stood.values(), *reached)}
    after = {day.date: _word(day) for day in days}
    before_source = {"source": there.source} if there is not None and there.source else {}
    act = "announce_year" if there is None else "correct_year"
    written = _announced(year, source, actor) if there is None else _corrected(there, source, actor)
    CalendarDay.objects.filter(date__in=before).delete()
    CalendarDay.objects.bulk_create(CalendarDay(**day._asdict()) for day in days)
    ledger.append(
        stream=f"calendar:{year}",
        act=act,
        actor=actor,
        body=bodies.province(),
        before={
            **before_source,
            "dropped": [f"{day} {before[day]}" for day in sorted(before) if after.get(day) != before[day]],
        },
        after={
            "source": source,
            "added": [f"{day} {after[day]}" for day in sorted(after) if before.get(day) != after[day]],
            "days": len(days),
        },
    )
    return written


def _announced(year: int, source: str, actor: User | None) -> CalendarYear:
    try:
        with transaction.atomic():
            return CalendarYear.objects.create(
                year=year, source=source, entered_by=actor, entered_at=clock.now()
            )
    except IntegrityError as error:
        raise Stale from error


def _corrected(there: CalendarYear, source: str, actor: User | None) -> CalendarYear:
    there.source, there.entered_by, there.entered_at = source, actor, clock.now()
    there.version += 1
    there.save()
    return there


def _word(day: CalendarDay | Day) -> str:
    """The day as the announcement writes it, in Chinese in every language, since it is the office's record."""
    return " ".join(filter(None, ("班" if day.is_workday else "休", day.name)))


def _year_problems(year: int, source: str) -> Iterable[FieldProblem]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield CalendarYearOutOfRange("year", first=str(FIRST_YEAR), last=str(LAST_YEAR))
    if not source:
        yield CalendarSourceRequired("source")
    elif len(source) > LONGEST_SOURCE:
        yield CalendarTextLong("source", length=len(source), limit=LONGEST_SOURCE)


def _day_problems(year: int, days: Sequence[Day]) -> Iterable[FieldProblem]:
    if len(days) > MOST_DAYS:
        yield CalendarDaysMany("days", days=len(days), limit=MOST_DAYS)
        return
    resting = sum(1 for day in days if not day.is_workday)
    if resting < LEAST_HOLIDAYS:
        yield CalendarDaysMissing("days", year=str(year), days=resting, least=LEAST_HOLIDAYS)
    seen: set[date] = set()
    for day in days:
        own = day.date.year == year or (
            day.date.year == year - 1 and (day.date.month, day.date.day) >= NEW_YEAR_REACHES_BACK
        )
        if not own:
            yield CalendarDayElsewhere("days", date=day.date, year=str(year))
        if day.date in seen:
            yield CalendarDayTwice("days", date=day.date)
        if day.is_workday and day.date.weekday() < _SATURDAY and not is_statutory(day.date):
            yield CalendarDayWorkedAnyhow("days", date=day.date)
        if len(day.name) > LONGEST_NAME:
            yield CalendarTextLong("days", length=len(day.name), limit=LONGEST_NAME)
        seen.add(day.date)


def _not_published(year: int) -> InvalidInput:
    known = known_years()
    return InvalidInput(CalendarUnknown("years", year=str(year), first=str(known[0]), last=str(known[-1])))
