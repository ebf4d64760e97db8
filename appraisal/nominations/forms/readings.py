"""How the page of who opened personal data is narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotas.arithmetic import application_number
from quotas.base import text
from quotas.base.errors import InvalidInput
from quotas.base.outside import LineField


class ReadingFilter(forms.Form):
    """The application and the person. Either may be empty."""

    number = LineField(
        label=_("申报编号"), required=False, max_length=30, widget=forms.TextInput(attrs={"type": "search"})
    )
    person = LineField(
        label=_("查阅人"),
        required=False,
        max_length=60,
        help_text=_("姓名或登录名。"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def chosen(self) -> dict[str, str]:
        """The choices, as arguments of `ReadingQuerySet.told`; an invalid field counts as empty."""
        self.is_valid()
        chosen = self.cleaned_data
        return {"number": _number(chosen.get("number", "")), "person": chosen.get("person", "")}


def _number(typed: str) -> str:
    """The number as it is stored, however it is typed; what is none finds nothing."""
    try:
        return application_number.parse(typed)
    except InvalidInput:
        return text.code(typed)
