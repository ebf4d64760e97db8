"""What is sent to a calculation of places."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import WeightCount
from quotas.base.fields import VersionForm
from quotas.base.outside import BlockField, LineField, WholeField
from quotas.base.states import DivisionMethod, WeightKind
from quotas.base.wording import label_word
from quotas.rounds.models import ApportionmentRow
from quotas.rounds.services.apportionments import Inputs, Weight


class InputsForm(VersionForm):
    """What a calculation rests on: for the whole, and "weight_12", "floor_12", "cap_12" for each body."""

    use_required_attribute = False

    total = WholeField(label=_("名额总数"), min_value=0, help_text=_("可以多于本级名额（差额推荐）。"))
    method = forms.ChoiceField(label=_("办法"), choices=DivisionMethod.choices)
    weight_kind = forms.ChoiceField(label=_("权数是什么"), choices=WeightKind.choices)
    weight_source = LineField(
        label=_("权数来源"),
        required=False,
        max_length=200,
        help_text=_("例如“2026年6月底工会统计年报”，随测算一并留存。"),
    )
    typed_label = forms.ChoiceField(label=_("分类"), required=False)
    minimum = WholeField(label=_("分类名额合计"), min_value=0, required=False)

    def __init__(
        self, *args: Any, rows: Sequence[ApportionmentRow], labels: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        typed: Any = self.fields["typed_label"]
        typed.choices = [("", _("不设分类名额")), *((label, label_word(label)) for label in labels)]
        typed.help_text = _("不设的，每份名单按自身人数达到占比；设了的，合计正好是整体的下限。")
        if labels:
            told = _("、").join(f"{label_word(label)} {least}" for label, least in labels.items())
            self.fields["minimum"].help_text = _("按规则应为：%(minima)s。") % {"minima": told}
        for row in rows:
            name = row.body.name
            for part, label, required in (
                ("weight", _("%(body)s的权数"), True),
                ("floor", _("%(body)s最少"), False),
                ("cap", _("%(body)s最多"), False),
            ):
                self.fields[f"{part}_{row.body_id}"] = WholeField(
                    label=label % {"body": name}, required=required, min_value=0
                )

    @classmethod
    def of(cls, inputs: Inputs, version: int, **about: Any) -> "InputsForm":
        """The form as it stands."""
        rows: Sequence[ApportionmentRow] = about["rows"]
        initial: dict[str, Any] = {**vars(inputs), "version": version}
        for row in rows:
            pk = row.body_id
            initial |= {
                f"weight_{pk}": row.weight,
                f"floor_{pk}": row.floor or None,
                f"cap_{pk}": row.cap,
            }
        return cls(initial=initial, **about)

    def inputs(self) -> Inputs:
        """The cleaned values for the whole. Without a label there is no minimum."""
        values = self.cleaned_data
        return Inputs(
            total=values["total"],
            method=values["method"],
            weight_kind=values["weight_kind"],
            weight_source=values["weight_source"],
            typed_label=values["typed_label"],
            minimum=(values["minimum"] or 0) if values["typed_label"] else 0,
        )

    def weights(self) -> dict[int, Weight]:
        """The cleaned values of every body."""
        values = self.cleaned_data
        return {
            pk: Weight(values[f"weight_{pk}"], values[f"floor_{pk}"] or 0, values[f"cap_{pk}"])
            for pk in (row.body_id for row in self.rows)
        }


class CountForm(VersionForm):
    """Which weights are to be counted."""

    use_required_attribute = False

    what = forms.ChoiceField(label=_("由系统统计"), choices=WeightCount.choices)


class WeightsUploadForm(VersionForm):
    """A workbook of weights."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("工作簿"),
        allow_empty_file=True,
        help_text=_("Excel 工作簿（.xlsx），有“单位代码”和“权数”两栏，可以有“最少”“最多”。"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )
    kind = forms.ChoiceField(
        label=_("权数是什么"),
        choices=[choice for choice in WeightKind.choices if choice[0] != WeightKind.FLAT],
        initial=WeightKind.OTHER,
    )


class AdjustForm(VersionForm):
    """What one body is to get instead of what was computed; an empty figure is what was computed."""

    use_required_attribute = False

    body = WholeField(widget=forms.HiddenInput)
    places = WholeField(label=_("名额调整为"), min_value=0, required=False)
    typed = WholeField(label=_("分类名额调整为"), min_value=0, required=False)
    reason = LineField(
        label=_("调整理由"),
        required=False,
        max_length=200,
        help_text=_("两个数都留空即恢复测算结果，不需要理由。"),
    )


class CalculationReasonForm(VersionForm):
    """An act with its reason, where one is needed."""

    use_required_attribute = False

    reason = BlockField(
        label=_("理由"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApplyCalculationForm(CalculationReasonForm):
    """The places that were looked at, and the reason, where one is needed."""

    plan = LineField(widget=forms.HiddenInput, max_length=64)
