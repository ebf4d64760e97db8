"""The working calendar: which years are announced, their days, and where that stands written."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import answers, clock
from quotas.base.errors import DomainError
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


class YearPage(LoginRequiredMixin, View):
    """One year: its days in the order of the year, and the form that enters or corrects them."""

    def get(self, request: SignedIn, year: int) -> HttpResponse:
        """The days, and the form filled with them; of a year the package covers, with what it has."""
        there = _year(request, year)
        days: list[Any] = list(CalendarDay.objects.of_announcement(year)) if there else []
        initial = {
            "year": year,
            "version": there.version if there else 0,
            "source": there.source if there else "",
            "days": written((day.date, day.is_workday, day.name) for day in days),
        }
        return self._draw(request, year, there, AnnouncementForm(initial=initial), days)

    def post(self, request: SignedIn, year: int) -> HttpResponse:
        """Enter or correct it: from the form, or (`act=take`) as the package has it."""
        there = _year(request, year)
        if not _enters(request):
            raise Http404
        form = AnnouncementForm({**request.POST.dict(), "year": year})
        act = request.POST.get("act")
        if act != "take" and not form.is_valid():
            return self._draw(request, year, there, form, status=answers.UNPROCESSABLE)
        try:
            if act == "take":
                calendar.take_published(year=year, version=there.version if there else 0, actor=request.user)
            else:
                calendar.announce(
                    year=year,
                    version=form.cleaned_data["version"],
                    source=form.cleaned_data["source"],
                    days=form.cleaned_data["days"],
                    actor=request.user,
                )
        except DomainError as error:
            return self._draw(request, year, there, form, status=answers.show(form, error))
        messages.success(request, _("%(year)s 年的放假安排已录入，以后的工作日按它计算。") % {"year": year})
        return redirect("quotas:calendar_year", year)

    def _draw(
        self,
        request: SignedIn,
        year: int,
        there: CalendarYear | None,
        form: AnnouncementForm,
        days: list[Any] | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "heading": _("%(year)s 年工作日历") % {"year": year},
            "breadcrumb": [
                {"label": _("工作日历"), "url": reverse("quotas:calendar")},
                {"label": str(year)},
            ],
            "year": there,
            "number": year,
            "days": list(CalendarDay.objects.of_announcement(year)) if days is None and there else days or [],
            "form": form,
            "may_enter": _enters(request),
            "may_take": year in calendar.known_years(),
        }
        return render(request, "quotas/calendar/year.html", context, status=status)


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
