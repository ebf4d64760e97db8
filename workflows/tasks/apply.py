"""Choosing what to apply for: every award of the open rounds with its places, its deadline and whether the unit can pass."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.nominations.forms.apply import ApplyForm
from appraisal.nominations.services import nominations, prospects
from appraisal.nominations.services.prospects import Prospect
from quotas.base import answers
from quotas.base.errors import DomainError
from quotas.base.wording import Sentence, sentence
from quotas.tree.requests import SignedIn
from workflows import turns
from workflows.inbox import desk


@dataclass(frozen=True)
class Card:
    """One award over one channel: the form that begins the application, what was applied for, or why it cannot begin."""

    prospect: Prospect
    form: ApplyForm
    refusals: list[Sentence]
    warnings: list[Sentence]
    live: list[dict[str, Any]]


@require_http_methods(["GET", "POST"])
@login_required
def apply(request: SignedIn) -> HttpResponse:
    """The cards of the chosen unit; sending one makes the draft and leads to its form."""
    units = list(prospects.units_of(user=request.user))
    employer = _chosen(request, units)
    offers = prospects.of_unit(employer=employer) if employer else []
    status, sent = 200, None
    if request.method == "POST":
        prospect = next((offer for offer in offers if offer.code == request.POST.get("prospect")), None)
        if prospect is None:
            raise Http404
        sent = ApplyForm(prospect, request.POST)
        status = answers.UNPROCESSABLE
        if sent.is_valid():
            try:
                return _begin(request, prospect, sent, employer)
            except DomainError as error:
                status = answers.show(sent, error)
    context = {
        "heading": _("申报"),
        "units": units,
        "employer": employer,
        "cards": [_card(offer, sent) for offer in offers],
        "breadcrumb": [
            {"label": _("申报"), "url": reverse("appraisal:nominations")},
            {"label": _("开始申报")},
        ],
    }
    return render(request, "workflows/tasks/unit/apply.html", context, status=status)


def _chosen(request: SignedIn, units: list[Any]) -> Any:
    """The unit of the address among the person's own; the first one when none is named."""
    wanted = request.POST.get("employer") or request.GET.get("employer")
    if wanted is None:
        return units[0] if units else None
    found = next((unit for unit in units if str(unit.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _begin(request: SignedIn, prospect: Prospect, form: ApplyForm, employer: Any) -> HttpResponse:
    with transaction.atomic():
        nomination = nominations.create(
            form_key=form.key,
            round_award_id=prospect.round_award.pk,
            employer_id=employer.pk,
            channel=prospect.channel,
            actor=request.user,
            **form.values,
        )
        turns.start_nomination(nomination_id=nomination.pk)
    messages.success(request, _("已建立申报 %(number)s，请填写申报材料。") % {"number": nomination.number})
    tasks = desk.open_tasks(nomination_id=nomination.pk, user=request.user)
    if tasks:
        return redirect("workflows:task", pk=tasks[0].pk)
    return redirect("appraisal:nomination", pk=nomination.pk)


def _card(prospect: Prospect, sent: ApplyForm | None) -> Card:
    fresh = ApplyForm(prospect)
    return Card(
        prospect=prospect,
        form=sent if sent is not None and sent.prefix == fresh.prefix else fresh,
        refusals=[] if prospect.applied else [sentence(violation) for violation in prospect.violations],
        warnings=[sentence(violation) for violation in prospect.warnings],
        live=[
            {
                "label": str(nomination),
                "state": nomination.get_status_display(),
                "url": reverse("appraisal:nomination", args=[nomination.pk]),
            }
            for nomination in prospect.live
        ],
    )
