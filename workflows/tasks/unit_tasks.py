"""The tasks of the unit: fill in the application, endorse it, correct what was returned.

What is typed is saved before it is handed on, so that a refusal never loses a text. Each page answers `act=check`
with the box that says whether it can pass as typed; nothing is written then.
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.nominations.forms.evidence import EvidenceForm
from appraisal.nominations.forms.nominations import ApplicationForm, CorrectedForm, SendBackForm
from appraisal.nominations.forms.procedure import ProcedureForm
from appraisal.nominations.services import nominations, versions
from appraisal.nominations.views import admission_box, dossier, procedure_checks
from appraisal.nominations.views.evidence import panel
from appraisal.records.states import EvidenceKind, NominationState, Outcome
from quotas.base import answers
from quotas.base.errors import Conflict, DomainError, NotPermitted, WrongState
from quotas.tree.requests import SignedIn
from workflows.tasks.base import TaskPage

CHECK = "check"
APPLICANT_KINDS = (EvidenceKind.DEEDS, EvidenceKind.HONOUR, EvidenceKind.OWNERSHIP, EvidenceKind.PHOTO)
ENDORSER_KINDS = (EvidenceKind.MINUTES, EvidenceKind.UNIT_NOTICE)


class _NominationPage(TaskPage):
    """What the pages of a nomination's tasks share."""

    @property
    def nomination(self) -> Any:
        """The nomination, with all that its page shows."""
        return self.turn.subject

    def evidence_panel(
        self, kinds: tuple[EvidenceKind, ...], wanted: tuple[EvidenceKind, ...]
    ) -> dict[str, Any]:
        """The files with the form that adds more."""
        return panel(
            self.nomination, form=EvidenceForm(kinds=kinds), kinds=kinds, wanted=wanted, back=self.address
        )

    def check_box(self, form: BaseForm, fields: Any = None) -> admission_box.AdmissionBox:
        """The answer before submission, of what is saved or of what is typed."""
        return admission_box.of(nominations.admission(nomination_id=self.nomination.pk, fields=fields), form)


class CompleteApplication(_NominationPage):
    """The applicant fills in the application and hands it to the endorser of the unit."""

    template_name = "workflows/tasks/unit/application.html"
    kinds: tuple[EvidenceKind, ...] = APPLICANT_KINDS
    wanted: tuple[EvidenceKind, ...] = (EvidenceKind.DEEDS,)
    act = "submit"
    act_label = gettext_lazy("提交单位审核")
    save_label = gettext_lazy("保存草稿")

    def get(self, _request: SignedIn, **_kwargs: Any) -> HttpResponse:
        """The form as it was last saved."""
        return self.draw(ApplicationForm(self.nomination))

    def post(self, request: SignedIn, **_kwargs: Any) -> HttpResponse:
        """Check what is typed, save it, or save it and hand it on."""
        form = ApplicationForm(self.nomination, request.POST)
        if request.POST.get("act") == CHECK:
            form.full_clean()
            box = self.check_box(form, form.values)
            return render(
                request, "appraisal/nominations/admission_box.html", {"box": box, "check_url": self.address}
            )
        if not form.is_valid() or not self.may_hand_on():
            return self.draw(form, status=answers.UNPROCESSABLE)
        try:
            saved = nominations.save(
                nomination_id=self.nomination.pk,
                version=form.cleaned_data["version"],
                actor=request.user,
                **form.values,
            )
        except DomainError as error:
            return self.refused(error, form)
        if request.POST.get("act") != self.act:
            messages.success(request, _("已保存，尚未提交。"))
            return redirect(self.address)
        return self._hand_on(saved)

    def _hand_on(self, saved: Any) -> HttpResponse:
        try:
            self.perform(lambda: self.hand_on(saved.version))
        except (NotPermitted, Conflict) as error:
            return answers.page(self.request, error, again_url=self.subject_url)
        except DomainError as error:
            # Saved already: the form goes on from the version that saving made.
            data = self.request.POST.copy()
            data["version"] = str(saved.version)
            form = ApplicationForm(saved, data)
            return self.draw(form, status=answers.show(form, error), kept=True)
        messages.success(self.request, self.done)
        return redirect(self.subject_url)

    def may_hand_on(self) -> bool:
        """Whether what goes along with the application is there as well."""
        return True

    def hand_on(self, version: int) -> Any:
        """The act of this task."""
        return nominations.submit(nomination_id=self.nomination.pk, version=version, actor=self.request.user)

    @property
    def done(self) -> str:
        """What has happened, and what comes next."""
        return _("已提交单位审核。下一步由本单位审核人登记民主程序并上报。")

    def context(self, form: Any, *, kept: bool = False) -> dict[str, Any]:
        return {
            **super().context(form),
            "nomination": self.nomination,
            "kept": kept,
            "acts": [
                {"label": self.save_label, "name": "act", "value": "save"},
                {"label": self.act_label, "name": "act", "value": self.act, "tone": "primary"},
            ],
            "box": self.check_box(form, form.values if form.is_bound else None),
            "check_url": self.address,
            "panel": self.evidence_panel(self.kinds, self.wanted),
            "asked": _last_word(self.nomination),
        }


class Correction(CompleteApplication):
    """The applicant corrects what a body returned; the procedure as well, where that was the matter."""

    template_name = "workflows/tasks/unit/correction.html"
    kinds = (*APPLICANT_KINDS, *ENDORSER_KINDS)
    wanted = (EvidenceKind.DEEDS, *ENDORSER_KINDS)
    act = "resubmit"
    act_label = gettext_lazy("补正后重新提交")
    save_label = gettext_lazy("保存")

    def post(self, request: SignedIn, **kwargs: Any) -> HttpResponse:
        """As for the draft; the procedure is saved by itself."""
        if request.POST.get("act") == "procedure":
            return self._save_procedure()
        return super().post(request, **kwargs)

    def _save_procedure(self) -> HttpResponse:
        procedure = ProcedureForm(self.nomination, self.request.POST, prefix="procedure")
        form = ApplicationForm(self.nomination)
        if not procedure.is_valid():
            return self.draw(form, status=answers.UNPROCESSABLE, procedure=procedure)
        try:
            nominations.save_procedure(
                nomination_id=self.nomination.pk,
                version=procedure.cleaned_data["version"],
                actor=self.request.user,
                **procedure.values,
            )
        except (NotPermitted, WrongState) as error:
            return answers.page(self.request, error, again_url=self.subject_url)
        except DomainError as error:
            return self.draw(form, status=answers.show(procedure, error), procedure=procedure)
        messages.success(self.request, _("已保存民主程序。"))
        return redirect(self.address)

    said: CorrectedForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        handing_on = request.method == "POST" and request.POST.get("act") == self.act
        self.said = CorrectedForm(request.POST) if handing_on else CorrectedForm()

    def may_hand_on(self) -> bool:
        return not self.said.is_bound or self.said.is_valid()

    def hand_on(self, version: int) -> Any:
        return nominations.resubmit(
            nomination_id=self.nomination.pk,
            version=version,
            actor=self.request.user,
            corrected=self.said.cleaned_data["corrected"],
        )

    @property
    def done(self) -> str:
        return _("补正材料已重新提交，由退回单位指定的层级继续审核。")

    def check_box(self, form: BaseForm, fields: Any = None) -> admission_box.AdmissionBox:
        """Nothing is ready to be handed in again before anything that was asked for has been changed."""
        box = super().check_box(form, fields)
        version = versions.last_returned(self.nomination)
        if box.tone != "done" or version is None or (form.is_bound and form.has_changed()):
            return box
        if not versions.untouched(self.nomination, version):
            return box
        return replace(box, tone="todo", verdict=_("还没有改动"))

    def context(
        self, form: Any, *, kept: bool = False, procedure: ProcedureForm | None = None
    ) -> dict[str, Any]:
        returned = [
            opinion
            for opinion in dossier.opinions(self.nomination, dossier.OWN_UNIT)
            if opinion["outcome"] == Outcome.RETURN
        ]
        return {
            **super().context(form, kept=kept),
            "procedure": procedure or ProcedureForm(self.nomination, prefix="procedure"),
            "said": self.said,
            "register_url": reverse("appraisal:employer", args=[self.nomination.employer_id]),
            "returned": returned[-1:],
            "earlier": returned[:-1],
            "route": self.nomination.get_return_route_display,
        }


class UnitEndorsement(_NominationPage):
    """The endorser records the democratic procedure and hands the application in, or gives it back."""

    template_name = "workflows/tasks/unit/endorsement.html"

    def get(self, _request: SignedIn, **_kwargs: Any) -> HttpResponse:
        """The dossier, and the procedure as far as it is recorded."""
        return self.draw(ProcedureForm(self.nomination))

    def post(self, request: SignedIn, **_kwargs: Any) -> HttpResponse:
        """Check the figures typed so far, give it back, save the procedure, or save it and hand the application in."""
        act = request.POST.get("act")
        if act == "send_back":
            return self._send_back()
        form = ProcedureForm(self.nomination, request.POST)
        if act == CHECK:
            form.full_clean()
            checks = procedure_checks.of_values(self.nomination.round_award.round, form.cleaned_data)
            return render(
                request,
                "workflows/tasks/unit/procedure_checks.html",
                {"checks": checks, "check_url": self.address},
            )
        if not form.is_valid():
            return self.draw(form, status=answers.UNPROCESSABLE)
        try:
            version = self._saved(form)
            if act == "endorse":
                self.perform(
                    lambda: nominations.endorse(
                        nomination_id=self.nomination.pk, version=version, actor=request.user
                    )
                )
        except DomainError as error:
            return self.refused(error, self._going_on(form))
        if act == "endorse":
            messages.success(request, _("已上报%(body)s审核。") % {"body": self.nomination.body.name})
            return redirect(self.subject_url)
        messages.success(request, _("已保存民主程序。"))
        return redirect(self.address)

    def _saved(self, form: ProcedureForm) -> int:
        """Save the procedure when it differs from what is recorded; the version to go on with."""
        version: int = form.cleaned_data["version"]
        if not form.has_changed() and hasattr(self.nomination, "procedure"):
            return version
        saved = nominations.save_procedure(
            nomination_id=self.nomination.pk, version=version, actor=self.request.user, **form.values
        )
        self.saved_version = saved.version
        return saved.version

    saved_version: int | None = None

    def _going_on(self, form: ProcedureForm) -> ProcedureForm:
        """The form from the version that saving made, so that pressing the button again is not stale."""
        if self.saved_version is None:
            return form
        data = self.request.POST.copy()
        data["version"] = str(self.saved_version)
        return ProcedureForm(self.nomination, data)

    def _send_back(self) -> HttpResponse:
        back = SendBackForm(self.request.POST, prefix="back")
        form = ProcedureForm(self.nomination)
        if not back.is_valid():
            return self.draw(form, status=answers.UNPROCESSABLE, back=back)
        try:
            self.perform(
                lambda: nominations.send_back(
                    nomination_id=self.nomination.pk,
                    version=back.cleaned_data["version"],
                    actor=self.request.user,
                    text=back.cleaned_data["text"],
                )
            )
        except (NotPermitted, WrongState) as error:
            return answers.page(self.request, error, again_url=self.subject_url)
        except DomainError as error:
            return self.draw(form, status=answers.show(back, error), back=back)
        messages.success(self.request, _("已退回申报人，退回说明会显示在申报页最前面。"))
        return redirect(self.subject_url)

    def context(self, form: BaseForm, *, back: SendBackForm | None = None) -> dict[str, Any]:
        return {
            **super().context(form),
            "nomination": self.nomination,
            "sections": dossier.sections(self.nomination, dossier.OWN_UNIT),
            "box": self.check_box(form),
            "checks": procedure_checks.of_values(self.nomination.round_award.round, _typed(form)),
            "check_url": self.address,
            "panel": self.evidence_panel(ENDORSER_KINDS, ENDORSER_KINDS),
            "back": back or SendBackForm(prefix="back", initial={"version": self.nomination.version}),
            "acts": [
                {"label": _("退回申报人"), "url": "#send-back"},
                {"label": _("保存民主程序"), "name": "act", "value": "save"},
                {"label": _("审核通过并上报"), "name": "act", "value": "endorse", "tone": "primary"},
            ],
            "own_application": self.nomination.created_by_id == self.request.user.pk,
        }


def _typed(form: BaseForm) -> dict[str, Any]:
    """What the form holds: what was typed where it was typed, else what is recorded."""
    return form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else dict(form.initial)


def _last_word(nomination: Any) -> dict[str, Any] | None:
    """Why the endorser gave a draft back, when that was the last thing that happened to it."""
    if nomination.status != NominationState.DRAFT:
        return None
    return dossier.sent_back(nomination)
