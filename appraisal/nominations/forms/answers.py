"""The fields of an edition as fields of a form."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from quotas.base import text
from quotas.base.fields import CountField, DayField
from quotas.base.outside import BlockField, LineField
from quotas.base.states import FieldType
from quotas.editions.asked import MOST_NUMBER, Answer, AskedField, lines_of
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


BLANK_LINES = 3
"""So many empty lines stand behind those that are filled in."""

Lines = list[dict[str, Any]]


class LinesInput(forms.Widget):
    """The lines of a table as a table of inputs, each named by its field, line and column.

    Without a script there are always a few empty lines, up to the most; an empty one counts as none.
    """

    template_name = "partials/forms/lines.html"
    use_fieldset = True

    def __init__(self, asked: AskedField, cells: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.asked, self.cells = asked, cells

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Lines:
        """What was typed, without the lines in which nothing was."""
        typed = (
            {
                column.key: str(
                    self.cells[column.key].widget.value_from_datadict(
                        data, files, f"{name}-{number}-{column.key}"
                    )
                    or ""
                )
                for column in self.asked.columns
            }
            for number in range(self.asked.lines)
        )
        return [line for line in typed if not all(map(text.is_blank, line.values()))]

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return not any(str(each).startswith(f"{name}-") for each in data)

    def id_for_label(self, _id: str) -> str:
        """None of the inputs is the whole."""
        return ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The headings, and of each line the inputs."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        lines = value if isinstance(value, list) else []
        drawn = min(len(lines) + BLANK_LINES, self.asked.lines)
        return {
            **context,
            "headings": [(_(column.label), column.required) for column in self.asked.columns],
            "numbered": self.asked.lines > 1,
            "lines": [
                [
                    (
                        _(column.label),
                        self._cell(name, number, column, lines[number] if number < len(lines) else {}),
                    )
                    for column in self.asked.columns
                ]
                for number in range(drawn)
            ],
        }

    def _cell(self, name: str, number: int, column: AskedField, line: Mapping[str, Any]) -> dict[str, Any]:
        widget = self.cells[column.key].widget
        cell = f"{name}-{number}-{column.key}"
        label = _(column.label)
        if self.asked.lines > 1:
            label = _("第 %(line)s 行，%(column)s") % {"line": number + 1, "column": label}
        attrs = {"id": f"id_{cell}", "aria-label": label}
        context: dict[str, Any] = widget.get_context(cell, line.get(column.key, ""), attrs)["widget"]
        return context


class LinesField(forms.Field):
    """The lines of a table; each cell is taken by the field of its column, and a mistake names its line and column."""

    def __init__(self, asked: AskedField, **kwargs: Any) -> None:
        self.asked = asked
        self.cells = {column.key: form_field(column) for column in asked.columns}
        super().__init__(widget=LinesInput(asked, self.cells), **kwargs)

    def clean(self, value: Any) -> Lines:
        """The lines as they are typed, with numbers and days for what."""
        wrong: list[str] = []
        lines = [self._line(number, line, wrong) for number, line in enumerate(value or [], start=1)]
        if wrong:
            raise forms.ValidationError(wrong)
        return lines

    def _line(self, number: int, line: Mapping[str, Any], wrong: list[str]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for column in self.asked.columns:
            try:
                told[column.key] = self.cells[column.key].clean(str(line.get(column.key, "")))
            except forms.ValidationError as error:
                wrong += [self._at(number, column, message) for message in error.messages]
        return told

    def _at(self, number: int, column: AskedField, message: str) -> str:
        place = {"line": number, "column": _(column.label), "problem": message}
        if self.asked.lines == 1:
            return _("%(column)s：%(problem)s") % place
        return _("第 %(line)s 行“%(column)s”：%(problem)s") % place

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _written(initial) != _written(data)


def _written(lines: Iterable[Mapping[str, Any]] | None) -> Lines:
    """The cells of lines as they are typed, without the empty ones."""
    return [
        {key: text.line(str(cell)) for key, cell in line.items() if cell not in {None, ""}}
        for line in lines or ()
    ]


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
    FieldType.TABLE: LinesField,
    FieldType.PERSON: LinesField,
}


def _help(field: AskedField) -> str:
    """How it is filled in, who fills it in, and who reads it."""
    parts = [_(field.help)] if field.help else []
    if field.type == FieldType.NUMBER and field.unit:
        parts.append(_("单位：%(unit)s。") % {"unit": _(field.unit)})
    if field.type == FieldType.LONG_TEXT:
        parts.append(_("不超过 %(limit)s 字（不计空格）。") % {"limit": field.limit})
    if field.type == FieldType.TABLE:
        parts.append(
            _("每行一条，最多 %(lines)s 行；空白行填满后先保存，会再出现空白行。清空一行就是删除。")
            % {"lines": field.lines}
        )
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
    return lines_of(answer) if field.columns else answer
