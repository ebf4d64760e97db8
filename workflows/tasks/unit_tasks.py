"""The tasks of the unit: fill in the application, endorse it, correct what was returned.

What is typed is saved before it is handed on, so that a refusal never loses a text. Each page answers `act=check`
with the box that says whether it can pass as typed; nothing is written then.
"""

from dataclasses import replace
from typing import Any, ClassVar

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.nominations.forms.evidence import EvidenceForm
from appraisal.nominations.forms.nominations import ApplicationForm, CorrectedForm, SendBackForm
from appraisal.nominations.forms.procedure import ProcedureForm
from appraisal.nominations.services import evidence, nominations, versions
from appraisal.nominations.views import admission_box, dossier, procedure_checks
from appraisal.nominations.views.evidence import panel
from appraisal.records import tones
from appraisal.records.states import EvidenceKind, NominationState, Outcome
from quotas.base.pages import Acts
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
        asked = evidence.file_fields(self.nomination).values()
        form = EvidenceForm(kinds=kinds, asked=asked)
        return panel(self.nomination, form=form, kinds=kinds, wanted=wanted, back=self.address)

    def check_box(self, form: BaseForm, fields: Any = None) -> admission_box.AdmissionBox:
        """The answer before submission, of what is saved or of what is typed."""
        return admission_box.of(nominations.admission(nomination_id=self.nomination.pk, fields=fields), form)


class CompleteApplication(_NominationPage):
    """The applicant fills in the application and hands it to the endorser of the unit."""

    template_name = "workflows/tasks/unit/application.html"
    kinds: tuple[EvidenceKind, ...] = APPLICANT_KINDS
    wanted: tuple[EvidenceKind, ...] = (EvidenceKind.DEEDS,)
    pressed_to_hand_on = "submit"
    act_label = gettext_lazy("提交单位审核")
    save_label = gettext_lazy("保存草稿")

    kept = False
    """Whether what was typed is saved, though it could not be handed on."""

    def fresh(self) -> BaseForm:
        """The form as it was last saved."""
        return ApplicationForm(self.nomination)

    def act(self) -> HttpResponse:
        """Check what is typed, save it, or save it and hand it on."""
        pressed = self.request.POST.get("act")
        form = ApplicationForm(self.nomination, self.request.POST)
        if pressed == CHECK:
            form.full_clean()
            box = self.check_box(form, form.values)
            context = {"box": box, "check_url": self.address}
            return render(self.request, "appraisal/nominations/admission_box.html", context)
        self.bind_all(**self.along(), form=form)
        saved = nominations.save(
            nomination_id=self.nomination.pk,
            version=form.cleaned_data["version"],
            actor=self.request.user,
            **form.values,
        )
        if pressed != self.pressed_to_hand_on:
            return self.done(_("已保存，尚未提交。"))
        # Saved already: from here on the form is of the version that saving made.
        self.kept = True
        self.show_on(ApplicationForm(saved, self.resent(version=saved.version)))
        self.hand_on(saved.version)
        return self.done(self.told, self.subject_url)

    def along(self) -> dict[str, BaseForm]:
        """What was sent along with the application, by name."""
        return {}

    def hand_on(self, version: int) -> None:
        """The act of this task."""
        self.perform(
            nominations.submit,
            nomination_id=self.nomination.pk,
            version=version,
            actor=self.request.user,
        )

    @property
    def told(self) -> str:
        """What has happened, and what comes next."""
        return _("已提交单位审核。下一步由本单位审核人登记民主程序并上报。")

    def context(self) -> dict[str, Any]:
        context = super().context()
        form = context["form"]
        return {
            **context,
            "nomination": self.nomination,
            "kept": self.kept,
            "acts": [
                {"label": self.save_label, "name": "act", "value": "save"},
                {
                    "label": self.act_label,
                    "name": "act",
                    "value": self.pressed_to_hand_on,
                    "tone": "primary",
                },
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
    pressed_to_hand_on = "resubmit"
    act_label = gettext_lazy("补正后重新提交")
    save_label = gettext_lazy("保存")

    def act(self) -> HttpResponse:
        """As for the draft; the procedure is saved by itself."""
        return self._save_procedure() if self.request.POST.get("act") == "procedure" else super().act()

    def _save_procedure(self) -> HttpResponse:
        procedure = self.bind(
            ProcedureForm(self.nomination, self.request.POST, prefix="procedure"), "procedure"
        )
        nominations.save_procedure(
            nomination_id=self.nomination.pk,
            version=procedure.cleaned_data["version"],
            actor=self.request.user,
            **procedure.values,
        )
        return self.done(_("已保存民主程序。"))

    def along(self) -> dict[str, BaseForm]:
        """What was corrected, in words, when it is handed in again."""
        handing_on = self.request.POST.get("act") == self.pressed_to_hand_on
        return {"said": CorrectedForm(self.request.POST)} if handing_on else {}

    def hand_on(self, version: int) -> None:
        said = self.forms["said"]
        self.perform(
            nominations.resubmit,
            nomination_id=self.nomination.pk,
            version=version,
            actor=self.request.user,
            corrected=said.cleaned_data["corrected"],
        )

    @property
    def told(self) -> str:
        return _("补正材料已重新提交，由退回单位指定的层级继续审核。")

    def check_box(self, form: BaseForm, fields: Any = None) -> admission_box.AdmissionBox:
        """Nothing is ready to be handed in again before anything that was asked for has been changed."""
        box = super().check_box(form, fields)
        version = versions.last_returned(self.nomination)
        if not box.passes or version is None or (form.is_bound and form.has_changed()):
            return box
        if not versions.untouched(self.nomination, version):
            return box
        return replace(box, tone=tones.verdict(holds=None), verdict=_("还没有改动"), unchanged=True)

    def context(self) -> dict[str, Any]:
        returned = [
            opinion
            for opinion in dossier.opinions(self.nomination, dossier.OWN_UNIT)
            if opinion["outcome"] == Outcome.RETURN
        ]
        return {
            **super().context(),
            "procedure": self.forms.get("procedure") or ProcedureForm(self.nomination, prefix="procedure"),
            "said": self.forms.get("said") or CorrectedForm(),
            "register_url": reverse("appraisal:employer", args=[self.nomination.employer_id]),
            "returned": returned[-1:],
            "earlier": returned[:-1],
            "route": self.nomination.get_return_route_display,
        }


class UnitEndorsement(_NominationPage):
    """The endorser records the democratic procedure and hands the application in, or gives it back."""

    template_name = "workflows/tasks/unit/endorsement.html"

    def fresh(self) -> BaseForm:
        """The procedure as far as it is recorded."""
        return ProcedureForm(self.nomination)

    def _check(self) -> HttpResponse:
        """The figures typed so far."""
        form = ProcedureForm(self.nomination, self.request.POST)
        form.full_clean()
        checks = procedure_checks.of_values(self.nomination.round_award.round, form.cleaned_data)
        context = {"checks": checks, "check_url": self.address}
        return render(self.request, "workflows/tasks/unit/procedure_checks.html", context)

    def _save(self) -> HttpResponse:
        self._saved()
        return self.done(_("已保存民主程序。"))

    def _endorse(self) -> HttpResponse:
        version = self._saved()
        self.perform(
            nominations.endorse,
            nomination_id=self.nomination.pk,
            version=version,
            actor=self.request.user,
        )
        return self.done(_("已上报%(body)s审核。") % {"body": self.nomination.body.name}, self.subject_url)

    def _send_back(self) -> HttpResponse:
        back = self.bind(SendBackForm(self.request.POST, prefix="back"), "back")
        self.perform(
            nominations.send_back,
            nomination_id=self.nomination.pk,
            version=back.cleaned_data["version"],
            actor=self.request.user,
            text=back.cleaned_data["text"],
        )
        return self.done(_("已退回申报人，退回说明会显示在申报页最前面。"), self.subject_url)

    acts: ClassVar[Acts] = {
        CHECK: _check,
        "save": _save,
        "endorse": _endorse,
        "send_back": _send_back,
    }

    def _saved(self) -> int:
        """Save the procedure when it differs from what is recorded; the version to go on with."""
        form = self.bind(ProcedureForm(self.nomination, self.request.POST))
        version: int = form.cleaned_data["version"]
        if not form.has_changed() and hasattr(self.nomination, "procedure"):
            return version
        saved = nominations.save_procedure(
            nomination_id=self.nomination.pk, version=version, actor=self.request.user, **form.values
        )
        # From here on the form is of the version that saving made, so that pressing the button again is not stale.
        self.show_on(ProcedureForm(self.nomination, self.resent(version=saved.version)))
        return saved.version

    def context(self) -> dict[str, Any]:
        context = super().context()
        form = context["form"]
        return {
            **context,
            "nomination": self.nomination,
            "sections": dossier.sections(self.nomination, dossier.OWN_UNIT),
            "box": self.check_box(form),
            "checks": procedure_checks.of_values(self.nomination.round_award.round, _typed(form)),
            "check_url": self.address,
            "panel": self.evidence_panel(ENDORSER_KINDS, ENDORSER_KINDS),
            "back": self.forms.get("back")
            or SendBackForm(prefix="back", initial={"version": self.nomination.version}),
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
