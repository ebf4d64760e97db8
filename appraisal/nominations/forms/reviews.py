"""What an office sends when it decides on a nomination."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import Outcome, ReturnRoute
from quotas.base.fields import VersionForm
from quotas.base.outside import BlockField


class OpinionForm(VersionForm):
    """One office's decision; whether its text is needed is asked by the service."""

    decision = forms.ChoiceField(
        label=_("审核结论"), choices=Outcome.choices, error_messages={"required": _("请先选择审核结论。")}
    )
    text = BlockField(
        label=_("审核意见"),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": _("退回、不予推荐须写明理由，申报单位看得到全文。")}
        ),
    )
    return_route = forms.ChoiceField(
        label=_("补正后去向"),
        required=False,
        choices=ReturnRoute.choices,
        initial=ReturnRoute.RETURNER,
        widget=forms.RadioSelect,
    )


class BulkOpinionForm(forms.Form):
    """One opinion for all that is approved together."""

    text = BlockField(
        label=_("审核意见"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("可以不填；填写的，记入每一件。"),
    )
