"""Objections to a list: read and recorded by those who keep it, and by nobody else."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.notices.services import objections
from appraisal.records.models import Objection, Slate
from appraisal.records.states import Finding
from appraisal.slates.forms import ObjectionForm
from appraisal.slates.views import slate_board, slate_page
from appraisal.slates.views.slates import slate_of
from quotas.base import answers, clock
from quotas.base.errors import DomainError
from quotas.tree.models import User
from quotas.tree.requests import SignedIn

FINDING_TONES = {
    Finding.OPEN: "soon",
    Finding.UNFOUNDED: "done",
    Finding.UPHELD: "declined",
    Finding.NOT_ACCEPTED: "skipped",
}


def objections_of(slate: Slate) -> list[Objection]:
    """The objections to a list with the word and tone of their finding, the open ones first; one statement."""
    found = list(Objection.objects.of_slate(slate.pk))
    for one in found:
        one.shown = {"label": one.get_finding_display(), "tone": FINDING_TONES[Finding(one.finding)]}
    return sorted(found, key=lambda one: (one.closed_at is not None, one.pk))


def objection_of(user: Any, pk: int) -> Objection:
    """An objection to a list that the user keeps; not found otherwise."""
    objection: Objection | None = Objection.objects.in_full().filter(pk=pk).first()
    if objection is None or not slate_page.keeps(user, objection.notice.slate):
        raise Http404
    return objection


def kept_slate(user: User, pk: int) -> Slate:
    """A list that the user keeps; not found otherwise."""
    slate = slate_of(user, pk)
    if not slate_page.keeps(user, slate):
        raise Http404
    return slate


@login_required
@require_http_methods(["GET", "POST"])
def slate_objections(request: SignedIn, pk: int) -> HttpResponse:
    """What came in against a list, and the form for what comes in now."""
    slate = kept_slate(request.user, pk)
    given = slate_page.notices(slate)
    notice = given[0] if given else None
    entries = slate_board.standing_entries(slate)
    form = ObjectionForm(request.POST or None, initial={"received_on": clock.today()}, entries=entries)
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if notice is None:
            raise Http404
        if form.is_valid():
            values = dict(form.cleaned_data)
            try:
                objections.record(
                    notice_id=notice.pk, entry_id=values.pop("entry"), actor=request.user, **values
                )
            except DomainError as error:
                status = answers.show(form, error)
            else:
                messages.success(request, _("异议已登记。办结之前，该对象冻结，名单不能上报。"))
                return redirect("appraisal:objections", pk)
    context = {
        "heading": _("异议"),
        "breadcrumb": slate_page.breadcrumb(slate, _("异议")),
        "slate": slate,
        "notice": notice,
        "open_to_new": slate.state in objections.OBJECTION_STATES,
        "standing": slate_page.standing(slate, notice),
        "objections": objections_of(slate),
        "form": form,
    }
    return render(request, "appraisal/notices/objections.html", context, status=status)
