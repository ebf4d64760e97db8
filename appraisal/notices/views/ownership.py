"""Entries of a slate whose unit was verified anew: its keeper says what counts."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.translation import gettext as _

from appraisal.notices.views.objections import kept_slate
from appraisal.records.models import Slate
from appraisal.slates.forms import ClassificationForm
from appraisal.slates.services import classifications
from appraisal.slates.views import slate_page
from quotas.base.errors import DomainError
from quotas.base.pages import ActPage

_ACTS = {"affirm": classifications.affirm, "adopt": classifications.adopt}


class SlateOwnership(ActPage):
    """Each flagged entry with how it counts and how its unit is verified now, and the two ways on."""

    template_name = "appraisal/notices/reclassified.html"
    slate: Slate

    def prepare(self, pk: int) -> None:
        """A slate that the user keeps."""
        self.slate = kept_slate(self.request.user, pk)

    def act(self) -> HttpResponse:
        """Keep the classification of one entry, or take over the new one."""
        form = self.bind(ClassificationForm(self.request.POST))
        given = form.cleaned_data
        if given["act"] not in _ACTS:
            raise BadRequest
        _ACTS[given["act"]](
            slate_id=self.slate.pk,
            version=given["version"],
            nomination_id=given["nomination"],
            unit_version=given["unit_version"],
            actor=self.request.user,
            reason=given["reason"],
        )
        return self.done(_("已确认，记入台账。名单已重新核算。"))

    def refused(self, error: DomainError) -> HttpResponse:
        """The form of an entry that waits no more cannot be drawn again."""
        waiting = {str(each.pk) for each in classifications.waiting(self.slate)}
        if self.form is not None and self.form["nomination"].value() not in waiting:
            self.form = None
        return super().refused(error)

    def context(self) -> dict[str, Any]:
        """The entries that wait, each with its form."""
        sent: Any = self.forms.get("form")
        return {
            "heading": _("确认所有制"),
            "breadcrumb": slate_page.breadcrumb(self.slate, _("确认所有制")),
            "slate": self.slate,
            "form": sent,
            "rows": [
                (each, _form(sent, each, self.slate.version)) for each in classifications.waiting(self.slate)
            ],
        }


def _form(sent: ClassificationForm | None, nomination: Any, version: int) -> ClassificationForm:
    """The form of one entry: the one that was sent, with what was typed, or an empty one."""
    if sent is not None and sent["nomination"].value() == str(nomination.pk):
        return sent
    initial = {
        "version": version,
        "nomination": nomination.pk,
        "unit_version": nomination.employer.version,
    }
    return ClassificationForm(initial=initial, auto_id=f"id_{nomination.pk}_%s")
