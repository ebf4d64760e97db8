"""The unit's democratic procedure as the endorser records it."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.nominations.forms.nominations import FieldGroup
from appraisal.nominations.services.nominations import ProcedureFields
from appraisal.records import rules
from appraisal.records.models import Nomination, Procedure
from appraisal.records.states import MeetingKind
from quotas.base.fields import CountField, DayField
from quotas.base.outside import BlockField, LineField, WholeField

_MEETING = ("meeting_kind", "meeting_date", "entitled", "present")
_VOTE = ("votes_for", "votes_against", "votes_abstained")
_NOTICE = ("notice_from", "notice_to", "notice_reason", "notice_place", "notice_objections")
_PARTY = ("party_opinion", "party_opinion_date")


class ProcedureForm(forms.Form):
    """The meeting and its vote, the unit's notice, the party organisation's opinion: all of it, or it is not saved."""

    version = WholeField(widget=forms.HiddenInput)
    meeting_kind = forms.ChoiceField(label=_("会议形式"), choices=[("", _("请选择")), *MeetingKind.choices])
    meeting_date = DayField(label=_("会议日期"))
    entitled = CountField(label=_("应到人数"))
    present = CountField(label=_("实到人数"))
    votes_for = CountField(label=_("同意"))
    votes_against = CountField(label=_("反对"))
    votes_abstained = CountField(label=_("弃权"))
    notice_from = DayField(label=_("公示开始日期"))
    notice_to = DayField(label=_("公示结束日期"))
    notice_reason = LineField(
        label=_("公示结束日期的依据"),
        max_length=200,
        required=False,
        help_text=_("只在公示跨入放假安排尚未公布的年份时填写：结束日期由谁、按什么确定。"),
    )
    notice_place = LineField(
        label=_("公示地点或方式"), max_length=100, help_text=_("例如：厂务公开栏、单位内网。")
    )
    notice_objections = forms.BooleanField(
        label=_("公示期间收到异议，尚未处理完毕"),
        required=False,
        help_text=_("有未处理完的异议时不能上报；处理完毕后取消勾选。"),
    )
    party_opinion = BlockField(
        label=_("党组织意见"), widget=forms.Textarea(attrs={"rows": 4, "data-limit": rules.TEXT_LIMIT})
    )
    party_opinion_date = DayField(label=_("意见日期"))

    use_required_attribute = False

    def __init__(self, nomination: Nomination, data: Any = None, **kwargs: Any) -> None:
        procedure: Procedure | None = getattr(nomination, "procedure", None)
        recorded = (
            {name: getattr(procedure, name) for name in (*_MEETING, *_VOTE, *_NOTICE, *_PARTY)}
            if procedure
            else {}
        )
        super().__init__(data, initial={**recorded, "version": nomination.version}, **kwargs)

    @property
    def groups(self) -> Sequence[FieldGroup]:
        """The fields by what happened, in its order."""
        return [
            FieldGroup("p-meeting", _("会议"), [self[name] for name in _MEETING]),
            FieldGroup("p-vote", _("表决"), [self[name] for name in _VOTE]),
            FieldGroup("p-notice", _("单位公示"), [self[name] for name in _NOTICE]),
            FieldGroup("p-party", _("党组织意见"), [self[name] for name in _PARTY]),
        ]

    @property
    def values(self) -> ProcedureFields:
        """What the service takes, without the version."""
        return cast(
            "ProcedureFields", {name: value for name, value in self.cleaned_data.items() if name != "version"}
        )
