"""Reads a filled-in workbook: its cells with their places, and everything that is wrong with them, at once.

`apart` gives the cells, whatever made the file; here is what they mean: which row is the header, which rows count,
what a cell of a column may hold.
"""

import csv
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from itertools import groupby
from typing import Any

from openpyxl.utils import get_column_letter

from appraisal.workbooks import apart, parser
from appraisal.workbooks.columns import NOTES_SHEET, Column, Kind
from appraisal.workbooks.import_rows import Heading, RowProblem, Source
from appraisal.workbooks.parser import Refused
from appraisal.workbooks.refusals import (
    CellDigitsLost,
    CellFormula,
    CellHasTooMuchText,
    CellIsDate,
    CellIsError,
    CellMerged,
    CellNotChoice,
    CellNotPercent,
    CellNotPoints,
    CellNotWhole,
    CellOutOfRange,
    CellPercentOrPart,
    CellPercentOrPermille,
    CellPercentOutOfRange,
    CellRequired,
    CellTooLong,
    ColumnsAbsent,
    ColumnsHidden,
    ColumnsMissing,
    ColumnsUnknown,
    ColumnTwice,
    FileDamaged,
    FileEmpty,
    FileHasTooManyCells,
    FileHasTooManyParts,
    FileHasTooMuchText,
    FileIsDocument,
    FileNotWorkbook,
    FileOldOrProtected,
    FileTakesTooMuch,
    FileTooLarge,
    FileUnpacksTooLarge,
    HeaderAgain,
    HeaderMissing,
    HeaderTwoRows,
    RowsHidden,
    RowsNone,
    RowsPassedOver,
    RowsTooMany,
    SheetHidden,
    SheetReachesTooFar,
    SheetSkipped,
    TextUnreadable,
)
from quotas.base import text
from quotas.base.errors import FieldProblem, Reason, Violation

MAX_BYTES = apart.MAX_BYTES
"""The largest file that is opened."""
MAX_ROWS = 5_000
"""The most filled rows of a file."""
HEADER_WITHIN = 10
"""The header row is among the first rows: forms begin with a title and perhaps a line of instructions."""
FILLED_ENOUGH = 2
"""Known columns that make a row one to be read. Numbers and formulas filled down beforehand make none."""

_EXACT_DIGITS = 15
"""Spreadsheets keep 15 digits of a number; the rest of a longer one is lost."""

_OF_FILE: Mapping[str, type[Violation]] = {
    kind.code: kind
    for kind in (
        FileEmpty,
        FileTooLarge,
        FileOldOrProtected,
        FileNotWorkbook,
        FileIsDocument,
        FileDamaged,
        FileUnpacksTooLarge,
        FileHasTooManyParts,
        FileHasTooManyCells,
        FileHasTooMuchText,
        CellHasTooMuchText,
        FileTakesTooMuch,
        SheetReachesTooFar,
    )
}
"""What the parser refuses, by the code that comes from its process."""


@dataclass(frozen=True)
class Record:
    """A row as read: where it stands and the value of every column."""

    source: Source
    values: Mapping[str, Any]


@dataclass(frozen=True)
class SheetReading:
    """What a workbook holds. `records` are the rows without a fault; `notices` hinder nothing."""

    records: tuple[Record, ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[RowProblem, ...] = ()


class _Wrong(Exception):  # noqa: N818 -- an answer about one cell, never leaves this module
    """A cell cannot be taken as it is."""

    def __init__(self, problem: FieldProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True)
class _Percent:
    """A number that the sheet shows per cent: 0.51 is 51 %."""

    number: Decimal


@dataclass(frozen=True)
class _Moment:
    """A number that the sheet shows as a date or a time, as it is shown."""

    shown: str


@dataclass(frozen=True)
class _Error:
    """What a formula came to that cannot be computed, as it is shown."""

    shown: str


_Cells = Mapping[int, Any]
"""The cells of a row that hold something, by column (from 0)."""


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its rows that hold something (from 0), and what is to be known of rows, columns and cells."""

    name: str
    rows: Mapping[int, _Cells]
    visible: bool = True
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Top, left, bottom, right."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()


def read(data: bytes, columns: Sequence[Column], most: int = MAX_ROWS) -> SheetReading:
    """At most `most` rows of every sheet that has the header row. Never raises for the content of the file."""
    try:
        sheets = [_sheet(told) for told in apart.sheets(data)]
    except Refused as refused:
        return SheetReading((), (RowProblem(_OF_FILE[refused.code].told(refused.params)),))
    tables = []
    notices = []
    for sheet in sheets:
        if sheet.name == NOTES_SHEET or not sheet.rows:
            continue
        table = _table(sheet, columns)
        if not sheet.visible:
            notices.append(RowProblem(SheetHidden(), sheet=sheet.name))
        elif table is None:
            notices.append(RowProblem(SheetSkipped(), sheet=sheet.name))
        else:
            tables.append(table)
    return _reading(tables, columns, most, notices)


PASTED = "粘贴的内容"
"""What stands for the name of a sheet where there is none."""


def read_text(pasted: str, columns: Sequence[Column], most: int = MAX_ROWS) -> SheetReading:
    """
    The same of a table that was pasted: a line a row, its cells apart by tabs, as spreadsheets copy them, or by commas.

    Rows are numbered as they stand in the text. Never raises for what is in it.
    """
    if "\t" in pasted:
        lines = csv.reader(StringIO(pasted), delimiter="\t")
    else:
        lines = csv.reader(StringIO(pasted.replace("，", ",")))
    try:
        rows = {number: _filled(enumerate(line)) for number, line in enumerate(lines)}
    except csv.Error:
        return SheetReading((), (RowProblem(TextUnreadable(), sheet=PASTED),))
    table = _table(_Sheet(PASTED, {number: cells for number, cells in rows.items() if cells}), columns)
    if table is None:
        return SheetReading((), (RowProblem(RowsNone()),))
    return _reading([table], columns, most)


def _reading(
    tables: Sequence["_Table"], columns: Sequence[Column], most: int, notices: Iterable[RowProblem] = ()
) -> SheetReading:
    """All tables, unless there is none, nothing in them, or too much."""
    if not tables:
        required = [column.heading for column in columns if column.required]
        return SheetReading((), (RowProblem(HeaderMissing(columns=required)),), tuple(notices))
    number = sum(len(table.counted) for table in tables)
    if number > most:
        too_many = RowsTooMany(number=number, limit=most)
        return SheetReading((), (RowProblem(too_many),), tuple(notices))
    readings = [table.read() for table in tables]
    if not number and not any(part.problems for part in readings):
        readings.append(SheetReading((), (RowProblem(RowsNone()),)))
    return SheetReading(
        tuple(record for part in readings for record in part.records),
        tuple(problem for part in readings for problem in part.problems),
        (*notices, *(notice for part in readings for notice in part.notices)),
    )


# --- a sheet -------------------------------------------------------------------------------------------------


def _sheet(told: Mapping[str, Any]) -> _Sheet:
    """A sheet as `apart` returns it, its cells as values."""
    rows = {
        number: _filled((column, _value(kind, shown)) for column, kind, shown in cells)
        for number, cells in told["rows"]
    }
    return _Sheet(
        name=told["name"],
        rows={number: cells for number, cells in rows.items() if cells},
        visible=told["visible"],
        formulas=frozenset((row, column) for row, column in told["formulas"]),
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in told["merged"]),
        hidden_rows=frozenset(told["hidden_rows"]),
        hidden_columns=tuple((first, last) for first, last in told["hidden_columns"]),
    )


def _value(kind: str, shown: str) -> Any:
    match kind:
        case parser.TEXT:
            return shown
        case parser.TRUTH:
            return shown == "1" or shown.lower() == "true"
        case parser.DATE:
            return _Moment(shown)
        case parser.ERROR:
            return _Error(shown)
    number = text.number(shown)
    if number is None:
        return shown
    return _Percent(number) if kind == parser.PERCENT else number


def _filled(cells: Iterable[tuple[int, Any]]) -> dict[int, Any]:
    """The cells that show something."""
    return {column: value for column, value in cells if not (isinstance(value, str) and text.is_blank(value))}


def _plain(heading: object) -> str:
    """A heading as it is compared: half-width, without spaces and line breaks, without the star of a must."""
    return text.key(str(heading)).strip("*")


def _table(sheet: _Sheet, columns: Sequence[Column]) -> "_Table | None":
    """The table under the row with most of the known headings, at least two; None without such a row."""
    known = {_plain(heading) for column in columns for heading in column.headings}
    best, most = None, 1
    for number in sorted(number for number in sheet.rows if number < HEADER_WITHIN):
        headings = _headings(sheet.rows[number])
        found = len(known & set(headings.values()))
        if found > most:
            best, most = (number, headings), found
    return _Table(sheet, columns, *best) if best else None


def _headings(cells: _Cells) -> dict[int, str]:
    return {column: plain for column, value in cells.items() if (plain := _plain(value))}


class _Table:
    """The part of a sheet below its header row: which rows of it count, and what is wrong with it as a whole."""

    def __init__(
        self, sheet: _Sheet, columns: Sequence[Column], header: int, headings: Mapping[int, str]
    ) -> None:
        self._sheet = sheet
        self._columns = columns
        self._header = header
        self._headings = headings
        self._known = {column.field: {_plain(word) for word in column.headings} for column in columns}
        found = {
            column.field: [place for place, word in headings.items() if word in self._known[column.field]]
            for column in columns
        }
        self._twice = {field: places for field, places in found.items() if len(places) > 1}
        self._places = {field: places[0] for field, places in found.items() if places}
        self.faults = self._faults_of_header()
        self.counted: list[int] = []
        self.passed_over: list[int] = []
        self.again: int | None = None
        if not self.faults:
            self._count()

    def read(self) -> SheetReading:
        """The rows that count."""
        if self.faults:
            return SheetReading((), tuple(self.faults))
        names = {column.field: column.heading for column in self._columns}
        headings = {
            field: Heading(get_column_letter(place + 1), names[field])
            for field, place in sorted(self._places.items(), key=lambda item: item[1])
        }
        spoilt = _Spoilt(
            self._sheet,
            self._header,
            self.counted,
            {place: headings[field] for field, place in self._places.items()},
        )
        records = []
        problems = list(spoilt.problems)
        for number in self.counted:
            source = Source(self._sheet.name, number + 1, headings)
            values, faults = self._values(source, number, spoilt.cells)
            problems += faults
            if len(values) == len(self._columns):
                records.append(Record(source, values))
        if self.again is not None:
            problems.append(self._of_row(self.again, HeaderAgain(row=self.again + 1, first=self._header + 1)))
        return SheetReading(tuple(records), tuple(problems), self._notices(headings))

    def _values(
        self, source: Source, number: int, spoilt: Collection[tuple[int, int]]
    ) -> tuple[dict[str, Any], list[RowProblem]]:
        cells = self._sheet.rows[number]
        values: dict[str, Any] = {}
        faults = []
        for column in self._columns:
            place = self._places.get(column.field)
            if place is None:
                values[column.field] = column.empty
            elif (number, place) not in spoilt:
                try:
                    values[column.field] = value_of(column, cells.get(place, ""), self._headings[place])
                except _Wrong as wrong:
                    faults.append(source.problem(wrong.problem.at(column.field)))
        return values, faults

    # The header

    def _faults_of_header(self) -> list[RowProblem]:
        last = self._last_row_of_header()
        if last is not None:
            return [self._of_row(last[0], HeaderTwoRows(first=last[0] + 1, last=last[1] + 1))]
        faults = []
        for column in self._columns:
            if column.field in self._twice:
                letters = [get_column_letter(place + 1) for place in self._twice[column.field]]
                faults.append(
                    self._of_row(self._header, ColumnTwice(heading=column.heading, columns=letters))
                )
        missing = [
            column.heading for column in self._columns if column.required and column.field not in self._places
        ]
        if missing:
            faults.append(self._of_row(self._header, ColumnsMissing(columns=missing)))
        return faults

    def _last_row_of_header(self) -> tuple[int, int] | None:
        """The first and last row of a header that takes more than one; None when it takes one."""
        known = set(self._places.values())
        for top, left, bottom, right in self._sheet.merged:
            if (
                top <= self._header <= bottom
                and top < bottom
                and any(left <= place <= right for place in known)
            ):
                return top, bottom
        words = {word for known_words in self._known.values() for word in known_words}
        for other in (self._header - 1, self._header + 1):
            more = _headings(self._sheet.rows.get(other, {}))
            if any(
                place not in known and word in words and word not in self._headings.values()
                for place, word in more.items()
            ):
                return min(other, self._header), max(other, self._header)
        return None

    # The rows

    def _count(self) -> None:
        """Sort the rows: those that count, those that hold too little, and where the header stands again."""
        required = {column.field for column in self._columns if column.required}
        for number in sorted(self._sheet.rows):
            if number <= self._header:
                continue
            cells = self._sheet.rows[number]
            if self._is_header(cells):
                self.again = number
                return
            filled = {field for field, place in self._places.items() if place in cells}
            if len(filled) >= FILLED_ENOUGH or (required and required <= filled):
                self.counted.append(number)
            elif filled:
                self.passed_over.append(number)

    def _is_header(self, cells: _Cells) -> bool:
        again = sum(
            place in cells and _plain(cells[place]) in self._known[field]
            for field, place in self._places.items()
        )
        return again >= FILLED_ENOUGH

    def _notices(self, headings: Mapping[str, Heading]) -> tuple[RowProblem, ...]:
        notices = []
        unknown = [
            str(self._sheet.rows[self._header][place])
            for place in self._headings
            if place not in self._places.values()
        ]
        if unknown:
            notices.append(self._of_row(self._header, ColumnsUnknown(columns=unknown)))
        absent = [column.heading for column in self._columns if column.field not in self._places]
        if absent:
            notices.append(self._of_row(self._header, ColumnsAbsent(columns=absent)))
        hidden = [number for number in self.counted if number in self._sheet.hidden_rows]
        if hidden:
            notices.append(self._of_sheet(RowsHidden(rows=_runs(hidden), number=len(hidden))))
        covered = [
            f"{headings[field].letter} {headings[field].text}"
            for field, place in self._places.items()
            if any(first <= place <= last for first, last in self._sheet.hidden_columns)
        ]
        if covered:
            notices.append(self._of_sheet(ColumnsHidden(columns=covered)))
        if self.passed_over:
            notices.append(
                self._of_sheet(RowsPassedOver(rows=_runs(self.passed_over), number=len(self.passed_over)))
            )
        return tuple(notices)

    def _of_row(self, row: int, reason: Reason) -> RowProblem:
        return RowProblem(reason, sheet=self._sheet.name, row=row + 1)

    def _of_sheet(self, reason: Reason) -> RowProblem:
        return RowProblem(reason, sheet=self._sheet.name)


def _runs(rows: Sequence[int]) -> list[str]:
    """Rows (from 0) as people write them: 3–5, 9."""
    runs = []
    for _key, run in groupby(enumerate(rows), key=lambda item: item[1] - item[0]):
        numbers = [number + 1 for _place, number in run]
        runs.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}")
    return runs


class _Spoilt:
    """Cells of the known columns, in the header and in the rows that count, that are merged, computed or in error."""

    def __init__(
        self, sheet: _Sheet, header: int, counted: Sequence[int], headings: Mapping[int, Heading]
    ) -> None:
        self.cells: set[tuple[int, int]] = set()
        self.problems: list[RowProblem] = []
        self._sheet = sheet
        self._headings = headings
        rows = [header, *counted]
        for top, left, bottom, right in sheet.merged:
            met = [row for row in rows if top <= row <= bottom]
            places = [place for place in sorted(headings) if left <= place <= right]
            if met and places:
                address = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
                self._add(CellMerged(address=address), met[0], places[0])
                self.cells.update((row, place) for row in met for place in places)
        known = [(row, column) for row in counted for column in headings]
        self._formulas([cell for cell in known if cell in sheet.formulas])
        for row, column in known:
            if isinstance(sheet.rows[row].get(column), _Error) and (row, column) not in self.cells:
                self.cells.add((row, column))
                self._add(CellIsError(), row, column)

    def _formulas(self, cells: Iterable[tuple[int, int]]) -> None:
        """One problem for each run of formulas down a column: people fill them down by thousands."""
        self.cells.update(cells := sorted(cells, key=lambda cell: (cell[1], cell[0])))
        numbered = enumerate(cells)
        for _key, run in groupby(numbered, key=lambda item: (item[1][1], item[1][0] - item[0])):
            group = [cell for _place, cell in run]
            (top, column), (bottom, _column) = group[0], group[-1]
            letter = get_column_letter(column + 1)
            address = f"{letter}{top + 1}" + (f":{letter}{bottom + 1}" if bottom > top else "")
            self._add(CellFormula(address=address, number=len(group)), top, column)

    def _add(self, reason: Reason, row: int, column: int) -> None:
        heading = self._headings[column]
        self.problems.append(
            RowProblem(
                reason,
                sheet=self._sheet.name,
                row=row + 1,
                letter=heading.letter,
                heading=heading.text,
            )
        )


# --- a cell --------------------------------------------------------------------------------------------------


def value_of(column: Column, value: Any, heading: str = "") -> Any:
    """The value of a cell as the column means it, under the heading of its sheet; _Wrong when it cannot be."""
    if isinstance(value, str) and text.is_blank(value):
        if column.required:
            raise _Wrong(CellRequired())
        return column.empty
    if isinstance(value, _Moment):
        raise _Wrong(CellIsDate(value=value.shown))
    return _READERS[column.kind](column, value, heading)


def _text(column: Column, value: Any, _heading: str) -> str:
    """A column with a limit holds one line, one without it several."""
    if not isinstance(value, str):
        return _limited(column, _written(value))
    return _limited(column, text.line(value) if column.limit else text.block(value))


def _written(value: Any) -> str:
    """A number where text is meant: a telephone number survives that, eighteen digits do not."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, _Percent):
        return f"{(value.number * 100).normalize():f}%"
    number: Decimal = value
    if number == number.to_integral_value() and len(str(abs(int(number)))) > _EXACT_DIGITS:
        raise _Wrong(CellDigitsLost(value=f"{number:.2E}"))
    return f"{number:f}"


def _code(column: Column, value: Any, _heading: str) -> str:
    written = text.code(value if isinstance(value, str) else _written(value))
    if "E+" in written and text.number(written) is not None:
        raise _Wrong(CellDigitsLost(value=written))
    return _limited(column, written)


def _limited(column: Column, written: str) -> str:
    if column.limit and len(written) > column.limit:
        raise _Wrong(CellTooLong(length=len(written), limit=column.limit))
    return written


def _shown(value: Any) -> str:
    """The value as a sentence quotes it."""
    return value if isinstance(value, str) else _written(value)


def _whole(column: Column, value: Any, _heading: str) -> int:
    number = text.whole(value)
    if number is None:
        raise _Wrong(CellNotWhole(value=_shown(value)))
    if not column.minimum <= number <= column.maximum:
        raise _Wrong(CellOutOfRange(value=_shown(value), minimum=column.minimum, maximum=column.maximum))
    return number


def _points(column: Column, value: Any, _heading: str) -> int:
    """Points with at most two decimals, in 1/100."""
    points = text.number(value)
    hundredths = None if points is None else points * 100
    if (
        hundredths is None
        or not 0 <= hundredths <= column.maximum
        or hundredths != hundredths.to_integral_value()
    ):
        raise _Wrong(CellNotPoints(value=_shown(value), most=column.maximum // 100))
    return int(hundredths)


def _permille(column: Column, value: Any, heading: str) -> int:
    """A share per cent with at most one decimal, in ‰. With a sign it is what it says; without one it must be clear."""
    if isinstance(value, _Percent):
        share: Decimal | None = value.number * 1000
    else:
        written = text.code(_shown(value))
        number = text.number(written.rstrip("%‰"))
        if number is None or written[-1] in "%‰":
            share = number if number is None or written[-1] == "‰" else number * 10
        elif number != 0 and "‰" in heading:
            raise _Wrong(CellPercentOrPermille(value=written))
        elif 0 < number <= 1:
            raise _Wrong(CellPercentOrPart(value=written))
        else:
            share = number * 10
    if share is None or share != share.to_integral_value():
        raise _Wrong(CellNotPercent(value=_shown(value)))
    if not column.minimum <= share <= column.maximum:
        raise _Wrong(CellPercentOutOfRange(value=_shown(value)))
    return int(share)


def _choice(column: Column, value: Any, _heading: str) -> Any:
    written = _shown(value)
    for label, choice in column.choices.items():
        if text.key(label) == text.key(written):
            return choice
    raise _Wrong(CellNotChoice(value=written, choices=list(column.choices)))


_READERS: Mapping[Kind, Callable[[Column, Any, str], Any]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.WHOLE: _whole,
    Kind.POINTS: _points,
    Kind.PERCENT: _permille,
    Kind.YES_NO: _choice,
    Kind.CHOICE: _choice,
}
