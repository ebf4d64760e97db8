"""What is sent to a calculation of places."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import WeightCount
from quotas.base.fields import VersionForm
from quotas.base.outside import BlockField, LineField, WholeField
from quotas.base.states import DivisionMethod, Sense, WeightKind
from quotas.editions.wording import predicate_word
from quotas.rounds.models import ApportionmentRow
from quotas.rounds.services.apportionments import Inputs, Offered, Weight


def offered_words(offer: Offered) -> str:
    """What a rule asks of all places together: 非公有制不低于 5 个."""
    return gettext("%(kind)s%(sense)s %(figure)s 个") % {
        "kind": predicate_word([offer.rule.counted]),
        "sense": Sense(offer.rule.sense).label,
        "figure": offer.figure,
    }


class InputsForm(VersionForm):
    """What a calculation rests on: for the whole, "figure_x" for the rule x, "weight_12", "floor_12", "cap_12" for a body.

    A rule without a figure is not handed down in parts.
    """

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

    def __init__(
        self, *args: Any, rows: Sequence[ApportionmentRow], offers: Mapping[str, Offered], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.codes = rows, tuple(offers)
        for code, offer in offers.items():
            self.fields[f"figure_{code}"] = WholeField(
                label=offer.label,
                required=False,
                min_value=0,
                help_text=_("按规则应为：%(figures)s。") % {"figures": offered_words(offer)},
            )
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
        initial |= {f"figure_{code}": figure for code, figure in inputs.figures.items()}
        for row in rows:
            pk = row.body_id
            initial |= {
                f"weight_{pk}": row.weight,
                f"floor_{pk}": row.floor or None,
                f"cap_{pk}": row.cap,
            }
        return cls(initial=initial, **about)

    @property
    def figures(self) -> list[BoundField]:
        """The fields of the rules, in their order."""
        return [self[f"figure_{code}"] for code in self.codes]

    def inputs(self) -> Inputs:
        """The cleaned values for the whole."""
        values = self.cleaned_data
        return Inputs(
            total=values["total"],
            method=values["method"],
            weight_kind=values["weight_kind"],
            weight_source=values["weight_source"],
            figures={code: figure for code in self.codes if (figure := values[f"figure_{code}"]) is not None},
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
    """What one body is to get instead of what was computed, "part_x" of the rule x; empty is what was computed."""

    use_required_attribute = False

    body = WholeField(widget=forms.HiddenInput)
    places = WholeField(label=_("名额调整为"), min_value=0, required=False)
    reason = LineField(
        label=_("调整理由"),
        required=False,
        max_length=200,
        help_text=_("各项都留空即恢复测算结果，不需要理由。"),
    )

    def __init__(self, *args: Any, handed_down: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = tuple(offer.rule.code for offer in handed_down)
        for offer in handed_down:
            self.fields[f"part_{offer.rule.code}"] = WholeField(
                label=_("%(rule)s分解数调整为") % {"rule": offer.label}, min_value=0, required=False
            )

    @property
    def part_fields(self) -> list[BoundField]:
        """The fields of the rules, in their order."""
        return [self[f"part_{code}"] for code in self.codes]

    def parts(self) -> dict[str, int]:
        """The parts that are fixed, by code."""
        values = self.cleaned_data
        return {code: part for code in self.codes if (part := values[f"part_{code}"]) is not None}


class CalculationReasonForm(VersionForm):
    """An act with its reason, where one is needed."""

    use_required_attribute = False

    reason = BlockField(
        label=_("理由"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApplyCalculationForm(CalculationReasonForm):
    """The places that were looked at, and the reason, where one is needed."""

    plan = LineField(widget=forms.HiddenInput, max_length=64)
