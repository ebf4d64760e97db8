"""The list of nominations and the page of one, for everybody who may see it."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.gate.services.approvals import Outlook
from appraisal.nominations.services import readings, reviews
from appraisal.nominations.views import dossier, paper, procedure_checks
from appraisal.records import filters
from appraisal.records.models import Nomination
from appraisal.records.querysets import ANSWERS_FOR_DATA
from appraisal.records.states import NominationState
from appraisal.records.tones import status
from appraisal.vacancies.services import vacancies
from appraisal.vacancies.views.vacancies import waits
from quotas.base.paging import newest_first
from quotas.base.states import Stage
from quotas.tree.models import Body, User
from quotas.tree.permissions import grants_of
from quotas.tree.requests import SignedIn


@require_safe
@login_required
def nominations(request: SignedIn) -> HttpResponse:
    """Everything the person may see, the newest first, narrowed by the address."""
    visible = Nomination.objects.visible_to(request.user).for_rows()
    chosen = filters.NominationFilter(request.GET, queryset=visible)
    page = newest_first(chosen.qs, request.GET)
    context = {
        "heading": _("申报"),
        "rows": [{"nomination": row, "status": status(row.status)} for row in page.rows],
        "page": page,
        "filtered": any(value for key, value in request.GET.items() if key not in {"after", "before"}),
        "groups": _groups(request),
        "search": {
            "name": "q",
            "label": _("按申报编号、推荐对象或单位查找"),
            "placeholder": _("编号、推荐对象或单位"),
        },
    }
    return render(request, "appraisal/nominations/list.html", context)


def _groups(request: SignedIn) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = [
        {"label": _("奖项"), "name": "award", "options": filters.award_options()},
        {"label": _("状态"), "name": "status", "options": filters.options(NominationState.choices)},
        {"label": _("层级"), "name": "stage", "options": filters.options(Stage.choices)},
        {
            "label": _("非公有制"),
            "name": "non_public",
            "single": True,
            "options": filters.options(filters.YES_NO),
        },
    ]
    bodies = filters.body_options(request.user)
    if bodies:
        groups.append({"label": _("地区"), "name": "body", "single": True, "options": bodies})
    return groups


def nomination_of(request: SignedIn, pk: int) -> Nomination:
    """The nomination with all that its page shows; not found unless the person may see it."""
    found: Nomination = get_object_or_404(Nomination.objects.visible_to(request.user).for_detail(), pk=pk)
    return found


@require_safe
@login_required
def nomination(request: SignedIn, pk: int) -> HttpResponse:
    """One nomination: where it stands, what was handed in, what was said about it."""
    shown = nomination_of(request, pk)
    viewer = dossier.viewer_of(shown, request.user)
    if viewer.decides:
        readings.note(shown, request.user, unmasked=viewer.decides)
    context = {
        "nomination": shown,
        "viewer": viewer,
        "status": status(shown.status),
        "sections": dossier.sections(shown, viewer),
        "paper": paper.of(shown, viewer),
        "stages": dossier.rail(shown, viewer),
        "opinions": dossier.opinions(shown, viewer),
        "evidence": dossier.evidence(shown),
        "procedure": _procedure(shown),
        "checks": procedure_checks.recorded(shown),
        "events": dossier.history(shown, viewer, request.user),
        "waits": waits(shown.desk, vacancies.of_nomination(shown, request.user), for_unit=viewer.own_unit)
        if shown.desk
        else "",
        "outlook": _outlook(shown, viewer, request.user),
        "employer_url": reverse("appraisal:employer", args=[shown.employer_id]),
        "readings_url": _readings_url(shown, request.user),
        "breadcrumb": [
            {"label": _("申报"), "url": reverse("appraisal:nominations")},
            {"label": shown.number},
        ],
    }
    return render(request, "appraisal/nominations/page.html", context)


def _readings_url(shown: Nomination, user: User) -> str:
    """Who opened its personal data, for those who answer for the area."""
    grants = grants_of(user)
    mine = frozenset[int]().union(*map(grants.bodies, ANSWERS_FOR_DATA))
    on_the_way = {body.pk for body in _way(shown)}
    return f"{reverse('appraisal:readings')}?number={shown.number}" if mine & on_the_way else ""


def _way(shown: Nomination) -> Iterator[Body]:
    body: Body | None = shown.body
    while body is not None:
        yield body
        body = body.parent


def _procedure(shown: Nomination) -> dossier.Section | None:
    procedure = getattr(shown, "procedure", None)
    return None if procedure is None else dossier.procedure_section(procedure)


def _outlook(shown: Nomination, viewer: dossier.Viewer, user: User) -> Outlook | None:
    """What the bounds on the list of its desk still allow; for officials in whose area the desk lies, of what is under way."""
    at_desk = shown.status in (NominationState.IN_REVIEW, NominationState.RETURNED, NominationState.POOLED)
    if not at_desk or viewer.own_unit or shown.desk_id not in Body.objects.visible_ids(user):
        return None
    return reviews.outlooks([shown]).get(shown.pk)
