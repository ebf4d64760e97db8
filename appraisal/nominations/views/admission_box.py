"""The answer before submission, as it is drawn: may it pass, what is still missing, and the figures behind it."""

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.gate.services.admissions import Admission
from appraisal.records import tones
from quotas.base.errors import FieldProblem
from quotas.base.refusals import ValueRequired
from quotas.base.wording import Sentence, sentence

_PARTS = {
    "evidence": ("#evidence", gettext_lazy("证明材料")),
    "procedure": ("#procedure", gettext_lazy("民主程序")),
}
"""What can be missing besides a field of the form: where it is on the page, and what it is called."""


@dataclass(frozen=True, slots=True)
class MissingPart:
    """Something that can be put right by filling in."""

    label: Any
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class AdmissionBox:
    """What the template draws. `tone` and `verdict` say it in one word and one shape."""

    tone: str
    verdict: str
    refusals: list[Sentence]
    missing: list[MissingPart]
    warnings: list[Sentence]
    admission: Admission
    unchanged: bool = False
    """Whether it came back to be changed, and nothing has been."""

    @property
    def passes(self) -> bool:
        """Whether it can be handed in."""
        return not (self.refusals or self.missing or self.unchanged)


def of(admission: Admission, form: BaseForm) -> AdmissionBox:
    """The answer, with what is missing linked to the fields of the form on the same page."""
    if admission.violations:
        holds, verdict = False, _("不能提交")
    elif admission.missing:
        holds, verdict = None, _("还缺 %(number)s 项") % {"number": len(admission.missing)}
    else:
        holds, verdict = True, _("可以提交")
    return AdmissionBox(
        tone=tones.verdict(holds=holds),
        verdict=verdict,
        refusals=[sentence(violation) for violation in admission.violations],
        missing=[_missing(problem, form) for problem in admission.missing],
        warnings=[sentence(violation) for violation in admission.warnings],
        admission=admission,
    )


def _missing(problem: FieldProblem, form: BaseForm) -> MissingPart:
    # What is simply empty needs no sentence of its own, ten times over.
    text = _("未填写") if isinstance(problem, ValueRequired) else str(sentence(problem))
    if problem.field in form.fields:
        bound = form[problem.field]
        return MissingPart(bound.label, f"#{bound.auto_id}", text)
    url, label = _PARTS.get(problem.field or "", ("#procedure", _("民主程序")))
    return MissingPart(label, url, text)
