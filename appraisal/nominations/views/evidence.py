"""Evidence files: adding, removing, reading. What the person may not see is not there."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from appraisal.nominations.forms.evidence import EvidenceForm
from appraisal.nominations.services import evidence as service
from appraisal.nominations.views import dossier
from appraisal.records.models import Evidence, Nomination
from appraisal.records.states import EvidenceKind
from quotas.base import answers, outside
from quotas.base.errors import DomainError
from quotas.tree.requests import SignedIn

SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A file is content of others: it may not run anything, even if the browser takes it for a page."""

PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Browsers do not show a PDF in a sandboxed frame. That it is one was read from its bytes, and no other type is guessed."""


def panel(
    nomination: Nomination,
    *,
    form: EvidenceForm,
    kinds: Iterable[EvidenceKind],
    wanted: Iterable[EvidenceKind],
    back: str,
) -> dict[str, Any]:
    """The files of an application with the form that adds more; `back` is the page it stands on.

    The kinds travel with the form, so that the panel can be drawn again by itself.
    """
    return {
        "id": "evidence",
        "rows": dossier.evidence(nomination, wanted=wanted, removable=EvidenceKind, back=back),
        "form": form,
        "upload_url": reverse("appraisal:evidence_add", args=[nomination.pk]),
        "back": back,
        "kinds": ",".join(kinds),
        "wanted": ",".join(wanted),
    }


@outside.post_only
@login_required
def add(request: SignedIn, pk: int) -> HttpResponse:
    """Add files to an application; the panel again for htmx, else back to the page it stood on."""
    _nomination(request, pk)
    kinds, wanted = _kinds(request, "kinds"), _kinds(request, "wanted")
    back = outside.next_address(request, reverse("appraisal:nomination", args=[pk]))
    form = EvidenceForm(request.POST, request.FILES, kinds=kinds)
    status = 200 if form.is_valid() else answers.UNPROCESSABLE
    added = []
    for upload in form.uploads if form.is_valid() else ():
        try:
            added.append(
                service.add(
                    nomination_id=pk,
                    kind=EvidenceKind(form.cleaned_data["kind"]),
                    upload=upload,
                    actor=request.user,
                )
            )
        except DomainError as error:
            # The files before it are kept: each is an act of its own, and the message names the one that is not.
            form.add_error("file", _("%(name)s 没有上传。") % {"name": upload.name})
            status = answers.show(form, error)
            break
    if status == 200:
        form = EvidenceForm(kinds=kinds)
    if request.headers.get("HX-Request"):
        context = {"panel": panel(_nomination(request, pk), form=form, kinds=kinds, wanted=wanted, back=back)}
        response = render(request, "appraisal/nominations/evidence_panel.html", context, status=status)
        response.headers["HX-Trigger"] = "evidence-changed"
        return response
    for item in added:
        messages.success(request, _("已上传%(name)s。") % {"name": item.name})
    for texts in form.errors.values():
        for text in texts:
            messages.error(request, str(text))
    return HttpResponseRedirect(f"{back}#evidence")


@require_http_methods(["GET", "POST"])
@login_required
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Ask, then take the file out of the application."""
    item = _item(request, pk)
    back = outside.next_address(request, reverse("appraisal:nomination", args=[item.nomination_id]))
    if request.method == "POST":
        try:
            service.remove(evidence_id=pk, actor=request.user)
        except DomainError as error:
            return answers.page(request, error, again_url=back)
        messages.success(request, _("已删除%(name)s。") % {"name": item.name})
        return HttpResponseRedirect(back)
    context = {
        "heading": _("删除证明材料"),
        "question": _("删除%(kind)s“%(name)s”？") % {"kind": item.get_kind_display(), "name": item.name},
        "consequences": [_("删除后申报中不再显示，审核人也看不到；台账中保留上传和删除的记录。")],
        "act": _("删除"),
        "back_url": back,
        "fields": [{"name": "next", "value": back}],
    }
    return render(request, "confirm.html", context)


@require_GET
@login_required
def serve(request: SignedIn, pk: int) -> HttpResponseBase:
    """The file itself: shown where it is harmless to show, else saved; never run."""
    item = _item(request, pk)
    try:
        stream = item.file.open("rb")
    except FileNotFoundError:
        context = {"item": item, "again_url": reverse("appraisal:nomination", args=[item.nomination_id])}
        return render(request, "appraisal/nominations/evidence_lost.html", context, status=404)
    response = FileResponse(
        stream,
        as_attachment=item.content_type not in service.SHOWN,
        filename=item.name,
        content_type=item.content_type,
    )
    response.headers["Content-Security-Policy"] = (
        PDF_POLICY if item.content_type == service.PDF.content_type else SANDBOX
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # It stands beside the application on our own pages, and nowhere else.
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _nomination(request: SignedIn, pk: int) -> Nomination:
    """An application of the user's own unit, with its files."""
    found: Nomination = get_object_or_404(Nomination.objects.visible_to(request.user).for_detail(), pk=pk)
    return found


def _item(request: SignedIn, pk: int) -> Evidence:
    """A file that is still part of an application the user may see."""
    found: Evidence = get_object_or_404(Evidence.objects.visible_to(request.user).kept(), pk=pk)
    return found


def _kinds(request: SignedIn, name: str) -> tuple[EvidenceKind, ...]:
    values = request.POST.get(name, "").split(",")
    return tuple(EvidenceKind(value) for value in values if value in EvidenceKind.values)
