"""Time seen from the end: what has to have happened by when, so that a list can still leave by its deadline."""

from dataclasses import dataclass
from datetime import date, timedelta

from quotas.arithmetic.workdays import Calendar, DayUnit, Unannounced, latest_start

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """How long a notice runs, and how its days are counted ("workday" or "calendar")."""

    days: int
    unit: DayUnit
    first_day_counts: bool


@dataclass(frozen=True, slots=True)
class Backwards:
    """The last days of a notice that is followed by an act on `last_day` at the latest.

    The notice has to be over, so it ends the day before; it begins on `starts_on`, which nobody can say while a year
    in between is not announced.
    """

    last_day: date
    ends_on: date
    starts_on: date | Unannounced

    @property
    def estimate(self) -> date:
        """The day of `starts_on`, where it has to be shown at all; see `Unannounced`."""
        return self.starts_on.estimate if isinstance(self.starts_on, Unannounced) else self.starts_on


def before_leaving(last_day: date, terms: NoticeTerms, calendar: Calendar) -> Backwards:
    """The notice of a list that leaves on `last_day` at the latest; it leaves the day after its notice has ended."""
    return _backwards(last_day, last_day - _ONE_DAY, terms, calendar)


def before_endorsing(last_day: date, terms: NoticeTerms, calendar: Calendar) -> Backwards:
    """The notice of a unit that hands in on `last_day` at the latest; it may do so on the last day of its notice."""
    return _backwards(last_day, last_day, terms, calendar)


def _backwards(last_day: date, ends_on: date, terms: NoticeTerms, calendar: Calendar) -> Backwards:
    if terms.days < 1:
        return Backwards(last_day, ends_on, ends_on)
    starts_on = latest_start(
        ends_on, terms.days, terms.unit, first_day_counts=terms.first_day_counts, calendar=calendar
    )
    return Backwards(last_day, ends_on, starts_on)
