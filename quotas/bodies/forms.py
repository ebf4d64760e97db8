"""The form of an organ."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotas.base.outside import LineField, WholeField


class OrganForm(forms.Form):
    """What stands of an organ on published papers."""

    version = WholeField(widget=forms.HiddenInput)
    name = LineField(
        label=_("机关名称"), max_length=100, help_text=_("全称，写在公示、命名决定和各类文书上。")
    )
    telephone = LineField(
        label=_("电话"),
        max_length=60,
        required=False,
        help_text=_("向社会公开，用于受理异议。写区号，例如 0512-00000000。"),
    )
    address = LineField(label=_("地址"), max_length=120, required=False, help_text=_("书面异议寄送的地址。"))

    use_required_attribute = False
