"""Entries of a slate whose unit was verified anew: its keeper says what counts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.notices.views.objections import kept_slate
from appraisal.slates.forms import ClassificationForm
from appraisal.slates.services import classifications
from appraisal.slates.views import slate_page
from quotas.base import answers
from quotas.base.errors import DomainError, InvalidInput
from quotas.tree.requests import SignedIn


@login_required
@require_http_methods(["GET", "POST"])
def slate_ownership(request: SignedIn, pk: int) -> HttpResponse:
    """Each flagged entry with how it counts and how its unit is verified now, and the two ways on."""
    slate = kept_slate(request.user, pk)
    sent = ClassificationForm(request.POST) if request.method == "POST" else None
    status = 200
    if sent is not None:
        status = answers.UNPROCESSABLE
        if sent.is_valid():
            given = sent.cleaned_data
            acts = {"affirm": classifications.affirm, "take_over": classifications.take_over}
            if given["act"] not in acts:
                raise Http404
            try:
                acts[given["act"]](
                    slate_id=pk,
                    version=given["version"],
                    nomination_id=given["nomination"],
                    unit_version=given["unit_version"],
                    actor=request.user,
                    reason=given["reason"],
                )
            except InvalidInput as error:
                status = answers.show(sent, error)
            except DomainError as error:
                return answers.page(request, error, again_url=request.path)
            else:
                messages.success(request, _("已确认，记入台账。名单已重新核算。"))
                return redirect("appraisal:slate_ownership", pk)
    waiting = classifications.waiting(slate)
    context = {
        "heading": _("确认所有制"),
        "breadcrumb": slate_page.breadcrumb(slate, _("确认所有制")),
        "slate": slate,
        "form": sent,
        "rows": [(each, _form(sent, each, slate.version)) for each in waiting],
    }
    return render(request, "appraisal/notices/reclassified.html", context, status=status)


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
