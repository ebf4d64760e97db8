"""The years and days of the calendar, as pages read them."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Q

from quotas.arithmetic.workdays import NEW_YEAR_REACHES_BACK


class CalendarYearQuerySet(models.QuerySet[Any]):
    """Announced years."""

    def for_list(self) -> Self:
        """With who entered them, in the same statement."""
        return self.select_related("entered_by")

    def of(self, year: int) -> Any:
        """The year with who entered it; None when nobody has announced it."""
        return self.for_list().filter(year=year).first()


class CalendarDayQuerySet(models.QuerySet[Any]):
    """Days of the calendar."""

    def of_announcement(self, year: int) -> Self:
        """The days of a year, and those of the December before that its announcement decides."""
        before = Q(date__year=year - 1, date__month=12, date__day__gte=NEW_YEAR_REACHES_BACK[1])
        return self.filter(Q(date__year=year) | before).order_by("date")

    def tally(self) -> dict[int, tuple[int, int]]:
        """How many days of rest and make-up working days each year has; one statement."""
        rows = self.order_by().values_list("date__year", "is_workday").annotate(number=Count("pk"))
        found: dict[int, list[int]] = {}
        for year, is_workday, number in rows:
            found.setdefault(year, [0, 0])[is_workday] = number
        return {year: (rest, work) for year, (rest, work) in found.items()}
