"""Evidence files: adding, removing, reading. What the person may not see is not there."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.nominations.forms.evidence import EvidenceForm
from appraisal.nominations.services import evidence as service
from appraisal.nominations.services import readings
from appraisal.nominations.views import dossier
from appraisal.records.models import Evidence, Nomination
from appraisal.records.states import EvidenceKind
from quotas.base import answers, outside
from quotas.base.errors import DomainError
from quotas.base.pages import PRESS, ActPage
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


class EvidenceAdd(ActPage):
    """Add files to an application; the panel again for htmx, else back to the page it stood on."""

    http_method_names = PRESS
    template_name = "appraisal/nominations/evidence_panel.html"
    upload: Any = None
    added: list[Evidence]

    def prepare(self, pk: int) -> None:
        """The application, and what the panel shows of it."""
        self.pk, self.added = pk, []
        self.asked = service.file_fields(_nomination(self.request, pk)).values()
        self.kinds, self.wanted = _kinds(self.request, "kinds"), _kinds(self.request, "wanted")
        self.back = outside.next_address(self.request, reverse("appraisal:nomination", args=[pk]))

    def act(self) -> HttpResponse:
        """Each file is an act of its own: those before one that is refused are kept."""
        form = self.bind(
            EvidenceForm(self.request.POST, self.request.FILES, kinds=self.kinds, asked=self.asked)
        )
        kind, field = form.proves
        for self.upload in form.uploads:
            added = service.add(
                nomination_id=self.pk, kind=kind, field=field, upload=self.upload, actor=self.request.user
            )
            self.added.append(added)
        self.forms["form"] = EvidenceForm(kinds=self.kinds, asked=self.asked)
        return self.draw()

    def refused(self, error: DomainError) -> HttpResponse:
        """Whatever the refusal, the panel stays, and names the file that is not there."""
        form = self.forms["form"]
        form.add_error("file", _("%(name)s 没有上传。") % {"name": self.upload.name})
        return self.draw(status=answers.show(form, error))

    def draw(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The panel by itself, or the page with what was and what was not added."""
        if self.request.headers.get("HX-Request"):
            response = super().draw(status=status, **more)
            response.headers["HX-Trigger"] = "evidence-changed"
            return response
        for item in self.added:
            messages.success(self.request, _("已上传%(name)s。") % {"name": item.name})
        for texts in self.forms["form"].errors.values():
            for text in texts:
                messages.error(self.request, str(text))
        return redirect(f"{self.back}#evidence")

    def context(self) -> dict[str, Any]:
        """The files as they are now."""
        form: Any = self.forms["form"]
        return {
            "panel": panel(
                _nomination(self.request, self.pk),
                form=form,
                kinds=self.kinds,
                wanted=self.wanted,
                back=self.back,
            )
        }


class EvidenceRemove(ActPage):
    """Ask, then take the file out of the application."""

    template_name = "confirm.html"
    item: Evidence

    def prepare(self, pk: int) -> None:
        """The file, and the page from which it was asked."""
        self.item = _item(self.request, pk)
        application = reverse("appraisal:nomination", args=[self.item.nomination_id])
        self.back = outside.next_address(self.request, application)

    @property
    def again_url(self) -> str:
        """The page on which the file stands."""
        return self.back

    def act(self) -> HttpResponse:
        """Take it out."""
        service.remove(evidence_id=self.item.pk, actor=self.request.user)
        return self.done(_("已删除%(name)s。") % {"name": self.item.name}, self.back)

    def context(self) -> dict[str, Any]:
        """The question."""
        item = self.item
        return {
            "heading": _("删除证明材料"),
            "question": _("删除%(kind)s“%(name)s”？")
            % {"kind": dossier.kind_of(item, service.file_fields(item.nomination)), "name": item.name},
            "consequences": [_("删除后申报中不再显示，审核人也看不到；台账中保留上传和删除的记录。")],
            "act": _("删除"),
            "back_url": self.back,
            "fields": [{"name": "next", "value": self.back}],
        }


@require_safe
@login_required
def serve(request: SignedIn, pk: int) -> HttpResponseBase:
    """The file itself: shown where it is harmless to show, else saved; never run. That somebody read it is noted, but of
    the unit's own people.
    """
    item = _item(request, pk)
    try:
        stream = item.file.open("rb")
    except FileNotFoundError:
        context = {"item": item, "again_url": reverse("appraisal:nomination", args=[item.nomination_id])}
        return render(request, "appraisal/nominations/evidence_lost.html", context, status=404)
    if not dossier.viewer_of(item.nomination, request.user).own_unit:
        readings.note_file(item.nomination, request.user)
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
    found: Evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).kept().select_related("nomination"), pk=pk
    )
    return found


def _kinds(request: SignedIn, name: str) -> tuple[EvidenceKind, ...]:
    values = request.POST.get(name, "").split(",")
    return tuple(EvidenceKind(value) for value in values if value in EvidenceKind.values)
