"""The workbooks that come in: as rows for the import services, and as blank forms to fill in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from appraisal.workbooks.columns import (
    ANSWER,
    EMPLOYER_COLUMNS,
    NOTES_SHEET,
    POST_COLUMNS,
    WEIGHT_COLUMNS,
    Column,
    Kind,
    nomination_columns,
)
from appraisal.workbooks.import_rows import EmployerRow, NominationRow, PostRow, RowProblem, WeightRow
from appraisal.workbooks.reader import MAX_ROWS, Record, SheetReading, read
from appraisal.workbooks.writer import TEXT_FORMAT, Sheet, SheetColumn, Value, workbook
from quotas.editions.asked import AskedField

RowT = TypeVar("RowT")

FORM_ROWS = 1_000
"""Rows of a blank form that are formatted for filling in; more may follow."""
_EDITION = datetime(2026, 1, 1, tzinfo=UTC)
"""The date which a blank form carries, so that it is the same file every time."""


@dataclass(frozen=True)
class Table(Generic[RowT]):
    """What a workbook holds: the rows without a fault, everything that is wrong, and what is worth knowing."""

    rows: tuple[RowT, ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[RowProblem, ...]


def read_employers(data: bytes, *, most: int = MAX_ROWS) -> Table[EmployerRow]:
    """At most `most` units of a workbook. Never raises for the content of the file."""
    reading = read(data, EMPLOYER_COLUMNS, most)
    return _table(reading, [EmployerRow(record.source, **record.values) for record in reading.records])


def read_nominations(
    data: bytes, fields: Sequence[AskedField] = (), *, most: int = MAX_ROWS
) -> Table[NominationRow]:
    """At most `most` nominations of a workbook, for awards that ask these fields. Never raises for what is in it."""
    reading = read(data, nomination_columns(fields), most)
    return _table(reading, [_nomination(record, fields) for record in reading.records])


def _nomination(record: Record, fields: Iterable[AskedField]) -> NominationRow:
    answers = {
        name.removeprefix(ANSWER): written
        for name, written in record.values.items()
        if name.startswith(ANSWER) and written
    }
    columns = {name: value for name, value in record.values.items() if not name.startswith(ANSWER)}
    # A service names a field by its key: several awards may have one under the same heading.
    headings = record.source.headings
    asked = {field.key: headings.get(f"{ANSWER}{field.label}") for field in fields}
    known = {key: heading for key, heading in asked.items() if heading is not None}
    return NominationRow(replace(record.source, headings={**headings, **known}), **columns, answers=answers)


def read_posts(data: bytes, *, most: int = MAX_ROWS) -> Table[PostRow]:
    """The people for posts of a workbook; a row for which nobody was named is left out. Never raises for what is in it."""
    reading = read(data, POST_COLUMNS, most)
    rows = [PostRow(record.source, **record.values) for record in reading.records]
    return _table(reading, [row for row in rows if not row.is_empty])


def read_weights(data: bytes) -> Table[WeightRow]:
    """The weights of a workbook. Never raises for the content of the file."""
    reading = read(data, WEIGHT_COLUMNS)
    return _table(reading, [WeightRow(record.source, **record.values) for record in reading.records])


def _table(reading: SheetReading, rows: Sequence[RowT]) -> Table[RowT]:
    return Table(tuple(rows), reading.problems, reading.notices)


def employer_template() -> bytes:
    """The blank form for units."""
    return _template("单位登记", EMPLOYER_COLUMNS)


def nomination_template(fields: Iterable[AskedField] = ()) -> bytes:
    """The blank form for nominations of awards that ask these fields."""
    return _template("申报", nomination_columns(fields))


def post_template(rows: Sequence[Sequence[Value]]) -> bytes:
    """The form for people, with a row for each vacant post: code and name of the body, and the post."""
    return _template("岗位人员", POST_COLUMNS, rows)


def weights_template(rows: Sequence[Sequence[Value]]) -> bytes:
    """The form for weights, filled in with code, name, weight, floor and cap of each body as they stand."""
    return _template("权数", WEIGHT_COLUMNS, rows)


def _template(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]] = ()) -> bytes:
    form = Sheet(
        name=name,
        columns=[
            SheetColumn(
                column.heading + ("*" if column.required else ""),
                column.width,
                number_format=TEXT_FORMAT if column.kind in {Kind.TEXT, Kind.CODE} else "General",
                choices=tuple(column.choices) or column.offered,
            )
            for column in columns
        ],
        rows=rows,
        blank_rows=FORM_ROWS,
    )
    notes = Sheet(
        name=NOTES_SHEET,
        columns=[SheetColumn("栏目", 26), SheetColumn("必填", 8), SheetColumn("说明", 70, wrapped=True)],
        rows=[
            *((column.heading, "必填" if column.required else "", _note(column)) for column in columns),
            ("整份文件", "", "行数较多的请分成几份；不要合并单元格，公式请粘贴为数值；栏目次序可以改变。"),
        ],
    )
    return workbook([form, notes], title=f"{name}表", moment=_EDITION)


def _note(column: Column) -> str:
    parts = [column.note]
    if column.kind == Kind.CHOICE:
        parts.append(f"填：{'、'.join(column.choices)}。")
    if column.kind == Kind.WHOLE and not column.note:
        parts.append("整数。")
    return "".join(parts)
