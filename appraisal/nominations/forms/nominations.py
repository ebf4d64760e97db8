"""The application as the applicant fills it in, in the order of the paper form, and the two ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.nominations.forms.answers import form_field, initial_of
from appraisal.nominations.services.nominations import NominationFields, asked_of
from appraisal.records import rules
from appraisal.records.models import Nomination
from quotas.base.fields import PointsField
from quotas.base.outside import BlockField, CodeField, LineField, WholeField
from quotas.base.states import FieldType, NomineeKind
from quotas.editions.asked import NOMINEE_SECTION
from quotas.editions.standard import FUNDS_SECTION

_NOMINEE_FIELDS: Mapping[str, tuple[str, ...]] = {
    NomineeKind.UNIT: ("leader_name", "phone"),
    NomineeKind.TEAM: ("nominee_name", "leader_name", "phone"),
    NomineeKind.PERSON: ("nominee_name", "identity_number", "position", "phone"),
    NomineeKind.PARTY_ORG: ("nominee_name", "leader_name", "phone"),
}
"""What is asked about the nominee whatever the edition asks, by its kind. A unit's name is that of the register."""

NOMINEE_LABELS: Mapping[str, Any] = {
    NomineeKind.UNIT: _("单位名称"),
    NomineeKind.TEAM: _("集体名称（全称，含单位）"),
    NomineeKind.PERSON: _("姓名"),
    NomineeKind.PARTY_ORG: _("党组织名称（全称）"),
}

_LEADER_LABELS: Mapping[str, Any] = {
    NomineeKind.UNIT: _("工会主席"),
    NomineeKind.TEAM: _("集体负责人"),
    NomineeKind.PARTY_ORG: _("党组织书记"),
}


@dataclass(frozen=True)
class FieldGroup:
    """A section of the form: its anchor, its title, its bound fields."""

    id: str
    title: Any
    fields: Sequence[forms.BoundField]


class ApplicationForm(forms.Form):
    """
    Everything an applicant fills in: what every application tells, and the fields of its edition in their sections.

    Nothing is required to save a draft; what submission needs is marked.
    `version` is the version of the nomination from which the form was drawn.
    """

    version = WholeField(widget=forms.HiddenInput)
    nominee_name = LineField(max_length=120, required=False)
    identity_number = CodeField(
        label=_("居民身份证号"),
        required=False,
        help_text=_("18 位；仅本单位和负责审核的部门可见全号，不会公示。"),
    )
    position = LineField(label=_("职务或岗位"), max_length=60, required=False)
    leader_name = LineField(label=_("负责人"), max_length=60, required=False)
    phone = LineField(label=_("联系电话"), max_length=30, required=False)
    self_score = PointsField(
        most=rules.MOST_SELF_SCORE,
        label=_("自评分"),
        required=False,
        help_text=format_lazy(_("满分 {most} 分，可有两位小数。"), most=rules.MOST_SELF_SCORE // 100),
    )
    honours = BlockField(
        label=_("曾获荣誉"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": rules.TEXT_LIMIT}),
        help_text=_("每行一项：荣誉名称、级别、授予年月、文号。没有的写“无”。"),
    )
    summary = BlockField(
        label=_("简要事迹"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": rules.SUMMARY_LIMIT}),
        help_text=_("供评审比较用，不超过 500 字（不计空格）。"),
    )
    deeds = BlockField(
        label=_("主要事迹"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "data-limit": rules.DEEDS_LIMIT}),
        help_text=_("不超过 2000 字（不计空格）。"),
    )

    use_required_attribute = False

    def __init__(self, nomination: Nomination, data: Any = None) -> None:
        kind = nomination.round_award.award.nominee_kind
        self.nominee_kind = kind
        # Files are uploaded beside the form.
        self.asked = [field for field in asked_of(nomination) if field.type != FieldType.FILE]
        self.columns = (*_NOMINEE_FIELDS[kind], "self_score", "honours", "summary", "deeds")
        initial = {name: getattr(nomination, name) for name in self.columns} | {
            field.key: initial_of(field, nomination.answers.get(field.key)) for field in self.asked
        }
        super().__init__(data, initial={**initial, "version": nomination.version})
        for name in set(self.fields) - {*self.columns, "version"}:
            del self.fields[name]
        for field in self.asked:
            self.fields[field.key] = form_field(field)
        if "nominee_name" in self.fields:
            self.fields["nominee_name"].label = NOMINEE_LABELS[kind]
        if "leader_name" in self.fields:
            self.fields["leader_name"].label = _LEADER_LABELS[kind]
        required = (field.key for field in self.asked if field.required)
        self.needed = frozenset({*rules.REQUIRED_OF[kind], "summary", "deeds", *required})
        for name in self.needed & set(self.fields):
            # A draft may leave it open; the mark on the label says that submission may not.
            self.fields[name].needed = True  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[FieldGroup]:
        """The fields in the sections of the paper form."""
        sections: dict[str, list[forms.BoundField]] = {}
        for field in self.asked:
            sections.setdefault(field.section, []).append(self[field.key])
        nominee = [self[name] for name in _NOMINEE_FIELDS[self.nominee_kind]]
        # A telephone number is the last that anybody asks for.
        nominee[-1:-1] = sections.pop(NOMINEE_SECTION, [])
        funds = sections.pop(FUNDS_SECTION, [])
        return [
            FieldGroup("s-nominee", _("推荐对象"), nominee),
            *(
                FieldGroup(f"s-asked-{number}", gettext(title), fields)
                for number, (title, fields) in enumerate(sections.items(), start=1)
            ),
            FieldGroup("s-funds", _("工会经费与自评"), [*funds, self["self_score"]]),
            FieldGroup("s-honours", _("荣誉基础"), [self["honours"]]),
            FieldGroup("s-summary", _("简要事迹"), [self["summary"]]),
            FieldGroup("s-deeds", _("主要事迹"), [self["deeds"]]),
        ]

    @property
    def values(self) -> NominationFields:
        """What the service takes: everything asked, without the version."""
        cleaned = self.cleaned_data
        given = {name: cleaned[name] for name in self.columns if name in cleaned}
        answers = {field.key: cleaned[field.key] for field in self.asked if field.key in cleaned}
        return cast("NominationFields", {**given, "answers": answers})


class WayOutForm(forms.Form):
    """The reason of an act that ends a nomination."""

    reason = BlockField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("会记入台账，各级办理人员在申报页面上看得到。"),
    )


class CorrectedForm(forms.Form):
    """What was corrected, for those who asked for it. It is sent with the application (`form`)."""

    corrected = BlockField(
        label=_("补正说明"),
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": rules.TEXT_LIMIT, "form": "application"}),
        error_messages={"required": _("请写明补正了什么；没有改动的，说明理由。")},
        help_text=_("逐条写明补正了什么；审核人重新审核时最先看到这段话。"),
    )


class SendBackForm(forms.Form):
    """Back to the applicant, with what is to be changed."""

    version = WholeField(widget=forms.HiddenInput)
    text = BlockField(
        label=_("退回说明"),
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": rules.TEXT_LIMIT}),
        help_text=_("写明要改什么；申报人打开申报时最先看到这段话。"),
    )
