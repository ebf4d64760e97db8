"""Fields 字段 as plain values: what an edition asks of an application, and what an answer to it may be.

An answer is kept in its normal form: text, a whole number, a day "2026-11-28", a month "2026-11", `True`, the key of an
option or a list of keys; of a table the lines, each its cells by the keys of its columns. A column is a field itself, and a
person is a table of one line. A field without an answer is not kept at all, and a yes-or-no that is not ticked is no.
A file is no answer: it lies with the evidence of the nomination, which names the field.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext

from quotas.base import text
from quotas.base.errors import FieldProblem
from quotas.base.refusals import ChoiceUnknown, PrivateUse, TextTooLong, ValueRequired
from quotas.base.states import FieldType
from quotas.editions.refusals import (
    AnswerNotAsked,
    AnswerNotDay,
    AnswerNotYesOrNo,
    AnswerOutOfRange,
    AnswerYesRequired,
    PersonPartWrong,
    TableCellWrong,
    TableLineTooWide,
    TableTooLong,
)
from quotas.selection.labels import EVERY, Entry, FacetValues, Predicate, label, predicate_of, told

Line = dict[str, str | int]
"""A line of a table: its cells by the keys of their columns, without those that are empty."""
Answer = str | int | bool | list[str] | list[Line]
Answers = Mapping[str, Answer]
"""What an application tells, by the key of the field."""

COUNTABLE_TYPES = (FieldType.YES_NO, FieldType.CHOICE)
"""The types whose answers are one label each. Several of one facet would count an entry twice."""

TABULAR = frozenset({FieldType.TABLE, FieldType.PERSON})
"""The types whose answers are lines of cells."""

CELL_TYPES = (FieldType.TEXT, FieldType.NUMBER, FieldType.DATE, FieldType.MONTH, FieldType.CHOICE)
"""What a column of a table may be."""

NOMINEE_SECTION = ""
"""Fields without a section of their own stand with what is told of the nominee."""

USUAL_LIMIT: Mapping[FieldType, int] = {FieldType.TEXT: 100, FieldType.LONG_TEXT: 2000}
"""Characters of an answer for which the edition states no limit."""
USUAL_LINES = 10
"""Lines of a table for which the edition states no limit."""
MOST_NUMBER = 10**12
_MOST_TOLD = 10
"""So many faults of one table are told at once."""
YES, NO = "yes", "no"


class Option(NamedTuple):
    """One of the answers that a choice offers."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field of an edition; see `quotas.editions.models.EditionField`."""

    key: str
    label: str
    type: FieldType
    section: str = NOMINEE_SECTION
    options: tuple[Option, ...] = ()
    unit: str = ""
    least: int | None = None
    most: int | None = None
    """The bounds of a number; `most` of a text is its length in characters as readers count them, of a table its lines."""
    required: bool = False
    """It must be answered before the application is handed in; of a yes-or-no, the answer must be yes."""
    asked_of: Predicate = EVERY
    """Who has to answer it; the labels are those of the other fields and of the unit."""
    countable: bool = False
    listed: bool = False
    public: bool = False
    personal: bool = False
    help: str = ""
    columns: "tuple[AskedField, ...]" = ()
    """Of a table and of a person: what each line tells."""

    @property
    def lines(self) -> int:
        """The most lines of a table; a person is one."""
        return 1 if self.type == FieldType.PERSON else self.most or USUAL_LINES

    @property
    def limit(self) -> int:
        """The most characters of a text."""
        return self.most or USUAL_LIMIT.get(self.type, 100)

    @property
    def choices(self) -> Mapping[str, str]:
        """The options in words, by key."""
        return {option.key: gettext(option.label) for option in self.options}

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the facet that it is, if it is countable."""
        if not self.countable:
            return ()
        return (YES, NO) if self.type == FieldType.YES_NO else tuple(option.key for option in self.options)

    def value_word(self, value: str) -> str:
        """What an entry with this value of the facet is called: 产业工人; of a yes-or-no, 一线职工 or 非一线职工.

        A yes-or-no has options only where one of the two has a name of its own (县处级以下).
        """
        if value in self.choices or self.type != FieldType.YES_NO:
            return self.choices.get(value, value)
        word = gettext(self.label)
        return word if value == YES else gettext("非%(label)s") % {"label": word}

    @property
    def facet(self) -> FacetValues:
        """What entries can differ in by it. Where it may stay open, or is asked of some only, an entry bears none."""
        optional = self.asked_of != EVERY or (self.type == FieldType.CHOICE and not self.required)
        return FacetValues(self.key, tuple(label(self.key, value) for value in self.values), optional)


def told_of(field: AskedField) -> dict[str, Any]:
    """The field as data: for its row, the ledger and the comparison of editions."""
    return {
        "key": field.key,
        "label": field.label,
        "type": field.type.value,
        "section": field.section,
        "options": [option._asdict() for option in field.options],
        "unit": field.unit,
        "least": field.least,
        "most": field.most,
        "required": field.required,
        "asked_of": told(field.asked_of),
        "countable": field.countable,
        "listed": field.listed,
        "public": field.public,
        "personal": field.personal,
        "help": field.help,
        "columns": [_told_of_column(column) for column in field.columns],
    }


def _told_of_column(column: AskedField) -> dict[str, Any]:
    """A column as data: what is stated of what it can differ in."""
    return {
        name: value
        for name, value in told_of(column).items()
        if name in COLUMN_PARTS and value not in _UNSAID
    }


_UNSAID: tuple[Any, ...] = ("", None, [])


COLUMN_PARTS = frozenset({"key", "label", "type", "options", "unit", "least", "most", "required"})
"""What a column of a table consists of; who fills it in, and where it is shown, the table says."""

FIELD_PARTS = tuple(AskedField.__dataclass_fields__)
"""What a field consists of, in the order in which it is shown."""


def field_of(data: Mapping[str, Any]) -> AskedField:
    """The field out of `told_of`. Raises ValueError and TypeError for what is none."""
    return AskedField(
        **{
            **data,
            "type": FieldType(data["type"]),
            "options": tuple(Option(**option) for option in data.get("options", ())),
            "asked_of": predicate_of(data.get("asked_of", ())),
            "columns": tuple(field_of(column) for column in data.get("columns", ())),
        }
    )


def words_of(field: AskedField) -> str:
    """How a field reads in a list: "单选：女、男；必填；用于计数"."""
    parts = [str(field.type.label)]
    if field.options and field.type != FieldType.YES_NO:
        parts[0] = gettext("%(type)s：%(options)s") % {
            "type": parts[0],
            "options": gettext("、").join(field.choices.values()),
        }
    if field.type == FieldType.NUMBER and (field.least is not None or field.most is not None or field.unit):
        bounds = {
            "least": field.least or 0,
            "most": gettext("不限") if field.most is None else f"{field.most:,}",
            "unit": gettext(field.unit) if field.unit else "",
        }
        parts.append(text.line(gettext("%(least)s 至 %(most)s %(unit)s") % bounds))
    if field.columns:
        columns = gettext("、").join(_column_words(column) for column in field.columns)
        parts[0] = gettext("%(type)s：%(options)s") % {"type": parts[0], "options": columns}
    if field.type == FieldType.TABLE:
        parts.append(gettext("最多 %(lines)s 行") % {"lines": field.lines})
    if field.type in USUAL_LIMIT:
        parts.append(gettext("不超过 %(limit)s 字") % {"limit": field.limit})
    yes = field.type == FieldType.YES_NO
    flags = (
        (field.required, gettext("必须为是") if yes else gettext("必填")),
        (field.countable, gettext("用于计数")),
        (field.listed, gettext("列入汇总表")),
        (field.public, gettext("可以公示")),
        (field.personal, gettext("个人信息，遮盖显示")),
    )
    return gettext("；").join([*parts, *(word for holds, word in flags if holds)])


def _column_words(column: AskedField) -> str:
    return gettext("%(label)s（%(words)s）") % {"label": gettext(column.label), "words": words_of(column)}


# Answers


def normal(field: AskedField, given: Any) -> Answer | None:
    """What was given in its normal form; None for no answer. What is none of the type stays as it is, for `problem`."""
    match field.type:
        case FieldType.YES_NO:
            return given or None
        case FieldType.LONG_TEXT:
            return text.block(str(given or "")) or None
        case FieldType.TEXT | FieldType.DATE | FieldType.MONTH | FieldType.CHOICE:
            return text.name(given.isoformat() if isinstance(given, date) else str(given or "")) or None
        case FieldType.CHOICES:
            chosen = {given} if isinstance(given, str) else set(given or ())
            known = [option.key for option in field.options if option.key in chosen]
            return [*known, *sorted(chosen - {*known})] or None
        case FieldType.TABLE | FieldType.PERSON:
            return [line for each in given or () if (line := _normal_line(field, each))] or None
    return given if given != "" and field.type != FieldType.FILE else None


def _normal_line(field: AskedField, given: Mapping[str, Any]) -> Line:
    """The cells that say anything. What stands under no column stays, for `problems`."""
    kept = {column.key: normal(column, given.get(column.key)) for column in field.columns}
    beside = {key: value for key, value in given.items() if key not in kept}
    return {key: value for key, value in {**kept, **beside}.items() if isinstance(value, str | int)}


def problems(field: AskedField, answer: Answer) -> Iterator[FieldProblem]:
    """Why the answer, in its normal form, is none to this field; of a table, line by line."""
    if field.type in TABULAR:
        yield from islice(_line_problems(field, answer), _MOST_TOLD)
    elif found := _problem(field, answer):
        yield found


def lines_of(answer: Answer | None) -> list[Line]:
    """The lines of a table, or of a person."""
    return [line for line in answer if isinstance(line, dict)] if isinstance(answer, list) else []


def _line_problems(field: AskedField, answer: Answer) -> Iterator[FieldProblem]:
    lines = lines_of(answer)
    if len(lines) > field.lines:
        yield TableTooLong(field.key, label=field.label, lines=len(lines), most=field.lines)
    known = {column.key for column in field.columns}
    for number, line in enumerate(lines, start=1):
        for column in field.columns:
            cell = line.get(column.key)
            if cell is None:
                continue
            place = text.private_use(cell) if isinstance(cell, str) else 0
            if place:
                yield _at(field, number, column, PrivateUse(column.key, place=place))
            for each in problems(column, cell):
                yield _at(field, number, column, each)
        if line.keys() - known:
            yield TableLineTooWide(
                field.key, label=field.label, line=number, columns=[column.label for column in field.columns]
            )


def _at(field: AskedField, number: int, column: AskedField, wrong: FieldProblem) -> FieldProblem:
    """What is wrong with a cell, with where it stands."""
    if field.type == FieldType.PERSON:
        return PersonPartWrong(field.key, label=field.label, part=column.label, problem=wrong)
    return TableCellWrong(field.key, label=field.label, line=number, column=column.label, problem=wrong)


def _problem(field: AskedField, answer: Answer) -> FieldProblem | None:
    match field.type:
        case FieldType.YES_NO:
            return None if answer is True else AnswerNotYesOrNo(field.key)
        case FieldType.TEXT | FieldType.LONG_TEXT:
            length = text.written_length(str(answer))
            return TextTooLong(field.key, length=length, limit=field.limit) if length > field.limit else None
        case FieldType.NUMBER:
            least, most = field.least or 0, MOST_NUMBER if field.most is None else field.most
            if isinstance(answer, bool) or not isinstance(answer, int) or not least <= answer <= most:
                return AnswerOutOfRange(field.key, label=field.label, least=least, most=most, unit=field.unit)
        case FieldType.DATE | FieldType.MONTH:
            return None if _is_day(str(answer), field.type) else AnswerNotDay(field.key, type=field.type)
        case FieldType.CHOICE | FieldType.CHOICES:
            chosen = answer if isinstance(answer, list) else [answer]
            known = {option.key for option in field.options}
            return None if known.issuperset(chosen) else ChoiceUnknown(field.key)
    return None


_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def _is_day(written: str, type_: FieldType) -> bool:
    try:
        day = date.fromisoformat(written if type_ == FieldType.DATE else f"{written}-01")
    except ValueError:
        return False
    return len(written) == (10 if type_ == FieldType.DATE else 7) and _FIRST_YEAR <= day.year <= _LAST_YEAR


def missing(fields: Iterable[AskedField], answers: Answers, entry: Entry) -> Iterator[FieldProblem]:
    """What must be put right before an application with these answers and labels is handed in, field by field."""
    for field in fields:
        given = field.key in answers
        if field.type == FieldType.FILE:
            continue
        if not field.asked_of.holds(entry):
            if given:
                yield AnswerNotAsked(field.key, label=field.label)
        elif field.required and not given:
            yes = field.type == FieldType.YES_NO
            yield AnswerYesRequired(field.key, label=field.label) if yes else ValueRequired(field.key)
        elif given and field.type in TABULAR:
            yield from islice(_open_cells(field, answers[field.key]), _MOST_TOLD)


def files_of(fields: Iterable[AskedField], entry: Entry) -> Iterator[AskedField]:
    """The fields that ask an entry with these labels for a file."""
    for field in fields:
        if field.type == FieldType.FILE and field.asked_of.holds(entry):
            yield field


def _open_cells(field: AskedField, answer: Answer) -> Iterator[FieldProblem]:
    for number, line in enumerate(lines_of(answer), start=1):
        for column in field.columns:
            if column.required and column.key not in line:
                yield _at(field, number, column, ValueRequired(column.key))


def labels_of(fields: Iterable[AskedField], answers: Answers, unit: Entry) -> Entry:
    """The labels that answers give beside those of the unit. A field that is not asked of the entry gives none."""
    borne = {
        field.key: label(field.key, _value(field, answers.get(field.key)))
        for field in fields
        if field.countable and (field.key in answers or field.type == FieldType.YES_NO)
    }
    everything = unit.union(borne.values())
    asked = {field.key for field in fields if field.asked_of.holds(everything)}
    return frozenset(one for key, one in borne.items() if key in asked)


def _value(field: AskedField, answer: Answer | None) -> str:
    return (YES if answer else NO) if field.type == FieldType.YES_NO else str(answer)


def shown(field: AskedField, answer: Answer | None, *, masked: bool = False) -> str:
    """The answer as it is read: an option by its name, a number with its unit, a yes-or-no that is not ticked as no.

    Of a table a line each, as a workbook has it. `masked`: each part so that two can be told apart, and no more.
    """
    if field.type in TABULAR:
        return "\n".join(_CELLS.join(cells) for cells in cells_of(field, answer, masked=masked))
    told = _shown(field, answer)
    return text.masked(told) if masked else told


def cells_of(field: AskedField, answer: Answer | None, *, masked: bool = False) -> list[list[str]]:
    """The cells of a table as they are read, line by line, an empty one as nothing."""
    return [
        [shown(column, line.get(column.key), masked=masked) for column in field.columns]
        for line in lines_of(answer)
    ]


def _shown(field: AskedField, answer: Answer | None) -> str:
    match field.type:
        case FieldType.YES_NO:
            return gettext("是") if answer else gettext("否")
        case _ if answer is None:
            return ""
        case FieldType.CHOICE | FieldType.CHOICES:
            chosen = answer if isinstance(answer, list) else [str(answer)]
            return gettext("、").join(field.choices.get(key, key) for key in map(str, chosen))
        case FieldType.NUMBER if isinstance(answer, int):
            return f"{answer:,} {gettext(field.unit)}" if field.unit else f"{answer:,}"
    return str(answer)


_CELLS = "；"
"""What stands between the cells of a line."""
_DASHES = str.maketrans("/.年月", "----")
_BETWEEN_CELLS = re.compile("[；;]")
_SEVERAL = re.compile("[、，,；;\\n]")
_YES = frozenset({"是", "有", "√", "1", "TRUE", "YES"})
_NO = frozenset({"", "否", "无", "0", "FALSE", "NO"})


def read(field: AskedField, written: str) -> Answer | None:
    """The answer out of a cell of a workbook, in its normal form; what cannot be one stays text, for `problem`."""
    match field.type:
        case FieldType.YES_NO:
            word = text.code(written)
            return True if word in _YES else None if word in _NO else written
        case FieldType.NUMBER:
            number = text.number(text.code(written).removesuffix(field.unit))
            whole = number is not None and number == number.to_integral_value()
            return int(number) if whole and number is not None else normal(field, written)
        case FieldType.DATE | FieldType.MONTH:
            parts = text.code(written).rstrip("日").translate(_DASHES).strip("-").split("-")
            return normal(field, "-".join([parts[0], *(part.zfill(2) for part in parts[1:])]))
        case FieldType.CHOICE | FieldType.CHOICES:
            several = field.type == FieldType.CHOICES
            words = (
                [each for each in _SEVERAL.split(written) if not text.is_blank(each)]
                if several
                else [written]
            )
            keys = {text.key(option.label): option.key for option in field.options}
            found = [keys.get(text.key(each), text.name(each)) for each in words]
            return normal(field, found if several else found[0])
        case FieldType.TABLE | FieldType.PERSON:
            return normal(field, [_read_line(field, each) for each in written.splitlines()])
    return normal(field, written)


def _read_line(field: AskedField, written: str) -> dict[str, Any]:
    """A line of a table; what stands behind the last column has no key."""
    parts = _BETWEEN_CELLS.split(written)
    columns = field.columns
    told = {column.key: read(column, part) for column, part in zip(columns, parts, strict=False)}
    beyond = "".join(part for part in parts[len(columns) :] if not text.is_blank(part))
    return {**told, "": beyond} if beyond else told
