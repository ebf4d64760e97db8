"""The fields of an edition as fields of a form."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from quotas.base.fields import CountField, DayField
from quotas.base.outside import BlockField, LineField
from quotas.base.states import FieldType
from quotas.editions.asked import MOST_NUMBER, Answer, AskedField
from quotas.editions.wording import predicate_word
from quotas.selection.labels import EVERY

_TALL = 500
"""From so many characters on a text has a tall box."""


def form_field(field: AskedField) -> forms.Field:
    """The field of a form that takes the answer. A draft may leave it open, whatever must be answered later."""
    made = _MAKERS[field.type](field)
    made.required = False
    made.label = _(field.label)
    made.help_text = _help(field)
    return made


class _AnyDayField(DayField):
    """A day of a life: also one long before a round."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = []


def _long_text(field: AskedField) -> forms.Field:
    rows = 10 if field.limit > _TALL else 4
    return BlockField(widget=forms.Textarea(attrs={"rows": rows, "data-limit": field.limit}))


_MAKERS: Mapping[FieldType, Callable[[AskedField], forms.Field]] = {
    FieldType.TEXT: lambda field: LineField(max_length=field.limit * 2),
    FieldType.LONG_TEXT: _long_text,
    FieldType.NUMBER: lambda _field: CountField(max_value=MOST_NUMBER),
    FieldType.DATE: lambda _field: _AnyDayField(),
    FieldType.MONTH: lambda _field: LineField(max_length=10, widget=forms.TextInput(attrs={"type": "month"})),
    FieldType.YES_NO: lambda _field: forms.BooleanField(),
    FieldType.CHOICE: lambda field: forms.ChoiceField(choices=[("", _("请选择")), *field.choices.items()]),
    FieldType.CHOICES: lambda field: forms.MultipleChoiceField(
        choices=list(field.choices.items()), widget=forms.CheckboxSelectMultiple
    ),
}


def _help(field: AskedField) -> str:
    """How it is filled in, who fills it in, and who reads it."""
    parts = [_(field.help)] if field.help else []
    if field.type == FieldType.NUMBER and field.unit:
        parts.append(_("单位：%(unit)s。") % {"unit": _(field.unit)})
    if field.type == FieldType.LONG_TEXT:
        parts.append(_("不超过 %(limit)s 字（不计空格）。") % {"limit": field.limit})
    if field.asked_of != EVERY:
        parts.append(_("只由这一类填写：%(who)s。") % {"who": predicate_word([field.asked_of])})
    if field.personal:
        parts.append(_("仅本单位和负责审核的部门可见全文，不会公示。"))
    return "".join(parts)


def initial_of(field: AskedField, answer: Answer | None) -> Any:
    """The answer as the form shows it."""
    if field.type == FieldType.DATE and isinstance(answer, str):
        try:
            return date.fromisoformat(answer)
        except ValueError:
            return answer
    return answer
