"""The working calendar: which years are announced, their days, and where that stands written."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import clock
from quotas.base.pages import ActPage
from quotas.calendar.forms import AnnouncementForm, written
from quotas.calendar.models import CalendarDay, CalendarYear
from quotas.calendar.services import calendar
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

YEARS_AHEAD = 2
"""The number of years, from the current one on, that are listed even when nobody has announced them."""


class CalendarPage(LoginRequiredMixin, View):
    """The years, known and unknown."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list; to those who manage accounts with the way to enter a year."""
        _require_looks(request)
        known = {year.year: year for year in CalendarYear.objects.for_list()}
        counts = CalendarDay.objects.tally()
        this_year = clock.today().year
        shown = sorted({*known, *range(this_year, this_year + YEARS_AHEAD)}, reverse=True)
        context = {
            "heading": _("工作日历"),
            "rows": [
                {"number": year, "year": known.get(year), "counts": counts.get(year, (0, 0))}
                for year in shown
            ],
            "unknown": [year for year in shown if year not in known],
            "may_enter": _enters(request),
        }
        return render(request, "quotas/calendar/years.html", context)


class YearPage(ActPage):
    """One year: its days in the order of the year, and the form that enters or corrects them."""

    template_name = "quotas/calendar/year.html"
    number: int
    year: CalendarYear | None

    def prepare(self, year: int) -> None:
        """The year, announced or not."""
        self.number, self.year = year, _year(self.request, year)

    def act(self) -> HttpResponse:
        """Enter or correct it: from the form, or (`act=take`) as the package has it."""
        if not _enters(self.request):
            raise Http404
        form = AnnouncementForm({**self.request.POST.dict(), "year": self.number})
        if self.request.POST.get("act") == "take":
            self.show_on(form)
            version = self.year.version if self.year else 0
            calendar.take_published(year=self.number, version=version, actor=self.request.user)
        else:
            given = self.bind(form).cleaned_data
            calendar.announce(
                year=self.number,
                version=given["version"],
                source=given["source"],
                days=given["days"],
                actor=self.request.user,
            )
        return self.done(_("%(year)s 年的放假安排已录入，以后的工作日按它计算。") % {"year": self.number})

    def context(self) -> dict[str, Any]:
        """The days, and the form filled with them; of a year the package covers, with what it has."""
        there = self.year
        days: list[Any] = list(CalendarDay.objects.of_announcement(self.number)) if there else []
        initial = {
            "year": self.number,
            "version": there.version if there else 0,
            "source": there.source if there else "",
            "days": written((day.date, day.is_workday, day.name) for day in days),
        }
        return {
            "heading": _("%(year)s 年工作日历") % {"year": self.number},
            "breadcrumb": [
                {"label": _("工作日历"), "url": reverse("quotas:calendar")},
                {"label": str(self.number)},
            ],
            "year": there,
            "number": self.number,
            "days": days,
            "form": self.forms.get("form") or AnnouncementForm(initial=initial),
            "may_enter": _enters(self.request),
            "may_take": self.number in calendar.known_years(),
        }


def _year(request: HttpRequest, year: int) -> CalendarYear | None:
    _require_looks(request)
    if not calendar.FIRST_YEAR <= year <= calendar.LAST_YEAR:
        raise Http404
    found: CalendarYear | None = CalendarYear.objects.of(year)
    return found


def _enters(request: HttpRequest) -> bool:
    return grants_of(request.user).any(Act.MANAGE_ACCOUNTS)


def _require_looks(request: HttpRequest) -> None:
    grants = grants_of(request.user)
    if not (grants.any(Act.MANAGE_ACCOUNTS) or grants.any(Act.PLAN_ROUND)):
        raise Http404
