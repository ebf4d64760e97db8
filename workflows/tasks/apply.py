"""Choosing what to apply for: every award of the open rounds with its places, its deadline and whether the unit can pass."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisal.nominations.forms.apply import ApplyForm
from appraisal.nominations.services import prospects
from appraisal.nominations.services.prospects import Prospect
from quotas.base.pages import ActPage
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


class ApplyPage(ActPage):
    """The cards of the chosen unit; sending one makes the draft and leads to its form."""

    template_name = "workflows/tasks/unit/apply.html"
    sent: ApplyForm | None = None

    def prepare(self) -> None:
        """The user's units, and what the chosen one can apply for."""
        self.units = list(prospects.units_of(user=self.request.user))
        self.employer = _chosen(self.request, self.units)
        self.offers = prospects.of_unit(employer=self.employer) if self.employer else []

    def act(self) -> HttpResponse:
        """Begin."""
        wanted = self.request.POST.get("prospect")
        prospect = next((offer for offer in self.offers if offer.code == wanted), None)
        if prospect is None:
            raise Http404
        self.sent = ApplyForm(prospect, self.request.POST)
        form = self.bind(self.sent)
        nomination = turns.begin_nomination(
            form_key=form.key,
            round_award_id=prospect.round_award.pk,
            employer_id=self.employer.pk,
            channel=prospect.channel,
            actor=self.request.user,
            **form.values,
        )
        tasks = desk.open_tasks(nomination_id=nomination.pk, user=self.request.user)
        told = _("已建立申报 %(number)s，请填写申报材料。") % {"number": nomination.number}
        if tasks:
            return self.done(told, "workflows:task", tasks[0].pk)
        return self.done(told, "appraisal:nomination", nomination.pk)

    def context(self) -> dict[str, Any]:
        """The cards."""
        return {
            "heading": _("申报"),
            "units": self.units,
            "employer": self.employer,
            "cards": [_card(offer, self.sent) for offer in self.offers],
            "breadcrumb": [
                {"label": _("申报"), "url": reverse("appraisal:nominations")},
                {"label": _("开始申报")},
            ],
        }


def _chosen(request: SignedIn, units: list[Any]) -> Any:
    """The unit of the address among the person's own; the first one when none is named."""
    wanted = request.POST.get("employer") or request.GET.get("employer")
    if wanted is None:
        return units[0] if units else None
    found = next((unit for unit in units if str(unit.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


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
