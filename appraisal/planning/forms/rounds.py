"""What is sent to plan a round, and to give a body more time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quotas.base.clock import SHANGHAI
from quotas.base.outside import BlockField, LineField, WholeField
from quotas.base.states import NoticeUnit, ReservePolicy, Stage
from quotas.base.wording import sentence
from quotas.rounds.services.feasibility import PlanLine

RESERVED_CODES = frozenset({"new"})
"""Words that stand in the addresses of rounds themselves."""


class MomentField(forms.DateTimeField):
    """A moment in the time of China, chosen from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored moment on the clock of China."""
        if hasattr(value, "astimezone"):
            value = value.astimezone(SHANGHAI).replace(tzinfo=None)
        return value


class ExtensionForm(forms.Form):
    """More time for one body at one stage, with the reason."""

    pairs = (("body", "stage"),)

    stage = forms.ChoiceField(label=_("层级"), choices=Stage.choices)
    body = forms.TypedChoiceField(label=pgettext_lazy("推荐单位", "单位"), coerce=int)
    due_at = MomentField(label=_("延长至"), help_text=_("须晚于现在的截止时间。"))
    reason = BlockField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, bodies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("请选择")), *bodies]  # type: ignore[attr-defined]


class AskExtensionForm(forms.Form):
    """A body asks for more time."""

    wanted = MomentField(label=_("申请延至"), help_text=_("须晚于现在的截止时间。"))
    reason = LineField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("为什么不能按期办完，还需要多少时间。批准后理由记入台账。"),
    )


class AnswerExtensionForm(forms.Form):
    """The organiser's answer: until when, or why not."""

    due_at = MomentField(label=_("批准延至"), required=False)
    answer = LineField(
        label=_("答复"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不批准时须写明理由。"),
    )


class RoundForm(forms.Form):
    """A new round with its settings."""

    name = LineField(label=_("名称"), max_length=100, help_text=_("例如“2026年江苏省模范职工之家评选”。"))
    year = WholeField(label=_("年度"), min_value=2000, max_value=2100)
    code = forms.SlugField(
        label=_("代码"),
        max_length=40,
        help_text=_("用于网址和导出文件，只用字母、数字和连字符，建立后不再改变。"),
    )
    source = LineField(
        label=_("依据文件"), max_length=200, help_text=_("文号和标题，例如“苏组通〔2019〕65号”。")
    )
    unit_notice_days = WholeField(label=_("单位公示天数"), min_value=1, max_value=60, initial=5)
    notice_days = WholeField(label=_("名单公示天数"), min_value=1, max_value=60, initial=5)
    notice_unit = forms.ChoiceField(
        label=_("公示计日方式"), choices=NoticeUnit.choices, initial=NoticeUnit.WORKDAY
    )
    first_day_counts = forms.BooleanField(label=_("公示首日计入"), required=False, initial=True)
    reserve_policy = forms.ChoiceField(
        label=_("后备办法"),
        choices=ReservePolicy.choices,
        initial=ReservePolicy.RANKED,
        help_text=_("名单签发后出现空缺时怎样处理。出缺单位是空出的推荐对象所来自的下级单位。"),
    )
    reserves_alone = forms.BooleanField(
        label=_("可以只报后备"),
        required=False,
        help_text=_("勾选后，没有正选的名单、后备多于名额的名单也可以提交；仍须有后备名额。"),
    )
    contact = LineField(
        label=_("受理异议的联系方式"),
        max_length=200,
        help_text=_("单位、地址和电话，印在各级公示上。"),
    )

    def clean_code(self) -> str:
        """The code, unless an address of its own has that word."""
        code: str = self.cleaned_data["code"]
        if code in RESERVED_CODES:
            raise forms.ValidationError(_("这个代码留给系统使用，请换一个。"))
        return code


class TimetableForm(forms.Form):
    """Beginning and end of the four stages: "county_opens_at", "county_due_at"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in Stage:
            self.fields[f"{stage.value}_opens_at"] = MomentField(
                label=_("%(stage)s开始") % {"stage": stage.label}
            )
            self.fields[f"{stage.value}_due_at"] = MomentField(
                label=_("%(stage)s截止") % {"stage": stage.label}
            )

    def pairs(self) -> Iterator[tuple[Any, Any]]:
        """The two fields of each stage."""
        for stage in Stage:
            yield self[f"{stage.value}_opens_at"], self[f"{stage.value}_due_at"]

    def windows(self) -> dict[Stage, tuple[datetime, datetime]]:
        """The cleaned values as `rounds.set_timetable` takes them."""
        given = self.cleaned_data
        return {stage: (given[f"{stage.value}_opens_at"], given[f"{stage.value}_due_at"]) for stage in Stage}


class AddAwardForm(forms.Form):
    """An award that is to take part, with the places of the whole."""

    award_code = forms.ChoiceField(label=_("奖项"))
    places = WholeField(label=_("全周期名额"), min_value=1, max_value=100_000)
    employer_cap = WholeField(
        label=_("每单位限报"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("同一单位在本奖项中可以同时申报的数量；留空按规则版本的预设值。"),
    )

    def __init__(self, *args: Any, awards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["award_code"].choices = [("", _("请选择")), *awards]  # type: ignore[attr-defined]


class HandOutForm(forms.Form):
    """How many places the whole tree gets; fields for bodies above the stage that gives the award are left out."""

    city_total = WholeField(
        label=_("设区市名额合计"),
        min_value=0,
        max_value=100_000,
        help_text=_("按各市下级单位数分配；可以多于全周期名额（差额推荐）。"),
    )
    industry_each = WholeField(label=_("每个省产业工会"), min_value=0, max_value=10_000, initial=0)
    county_each = WholeField(label=_("每个县（市、区）"), min_value=0, max_value=10_000)
    reserve_percent = WholeField(
        label=_("后备占名额的百分比"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("各单位后备名额按此比例计算，不足一个的进为一个。"),
    )

    def __init__(self, *args: Any, final_stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if final_stage == Stage.COUNTY:
            del self.fields["city_total"], self.fields["industry_each"]


class OpenRoundForm(forms.Form):
    """The organiser's word on what the start means: posts that are vacant, and each line of what the plan leaves to bodies.

    `vacant` is how many vacant posts the page had shown.
    """

    vacant = WholeField(min_value=0, max_value=100_000, required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("已知悉上述岗位空缺，仍然启动"), required=False)
    accepted = forms.MultipleChoiceField(
        label=_("逐条确认方案的后果"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, lines: Sequence[PlanLine], vacant: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(line.key, str(sentence(line.reason))) for line in lines]
        cast(forms.MultipleChoiceField, self.fields["accepted"]).choices = choices
        self.fields["vacant"].initial = vacant
        if not vacant:
            del self.fields["vacant"], self.fields["agreed"]
        if not lines:
            del self.fields["accepted"]

    def known_vacancies(self) -> int:
        """How many vacant posts the person has agreed to; none without the tick."""
        self.is_valid()
        return (self.cleaned_data.get("vacant") or 0) if self.cleaned_data.get("agreed") else 0

    def taken(self) -> list[str]:
        """The lines that the person has taken on his word, of those that stand."""
        return cast(QueryDict, self.data).getlist("accepted")
