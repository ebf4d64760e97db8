"""Reads a filled-in workbook: bytes to cells with their places, and everything that is wrong with them, at once.

calamine reads the values; it shows neither formulas nor how far a sheet reaches before it allocates the whole
area, so the parts of the archive are looked at first.
"""

import csv
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from appraisal.services.import_rows import Heading, Problem, Source
from appraisal.spreadsheets.columns import NOTES_SHEET, Column, Kind
from quotas.errors import Violation
from quotas.text import code as compact
from quotas.text import key
from quotas.text import name as tidy

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is opened."""
MAX_ROWS = 5_000
"""The most filled rows of a file."""
MAX_UNPACKED = 200 * 1024 * 1024
"""What the parts of the archive may come to, unpacked. 100,000 formatted empty rows come to 60 MB."""
MAX_PARTS = 500
MAX_AREA = 4_000_000
"""Cells of the rectangle from A1 to the last value, which is what reading allocates."""
HEADER_WITHIN = 10
"""The header row is among the first rows: forms begin with a title and perhaps a line of instructions."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_EXACT_DIGITS = 15
"""Spreadsheets keep 15 digits of a number; the rest of a longer one is lost."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Record:
    """A row as read: where it stands and the value of every column."""

    source: Source
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a workbook holds. `records` are the rows without a fault; `notices` hinder nothing."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()


class _Unreadable(Exception):  # noqa: N818 -- an answer about the file, never leaves this module
    """The file as a whole cannot be read."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.reason = Violation(code, params)


class _Wrong(Exception):  # noqa: N818 -- as above, of one cell
    """A cell cannot be taken as it is."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its values from A1 on, where it has formulas, errors and merged ranges (row, column from 0)."""

    name: str
    rows: list[list[Any]]
    formulas: tuple[tuple[int, int], ...]
    errors: tuple[tuple[int, int], ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    visible: bool


def read(data: bytes, columns: Sequence[Column], most: int = MAX_ROWS) -> Reading:
    """The rows, `most` of them, of every sheet that has the header row. Never raises for what is in the file."""
    try:
        sheets = _open(data)
    except _Unreadable as error:
        return Reading((), (Problem(error.reason),))
    tables = []
    notices = []
    for sheet in sheets:
        if sheet.name == NOTES_SHEET or not any(_is_filled(row) for row in sheet.rows):
            continue
        header = _header(sheet, columns)
        if not sheet.visible:
            notices.append(Problem(Violation("sheet_hidden"), sheet=sheet.name))
        elif header is None:
            notices.append(Problem(Violation("sheet_skipped"), sheet=sheet.name))
        else:
            tables.append((sheet, header))
    fault = _fault_of_all(tables, columns, most)
    if fault is not None:
        return Reading((), (Problem(fault),), tuple(notices))
    readings = [_read_sheet(sheet, header, columns) for sheet, header in tables]
    return Reading(
        tuple(record for part in readings for record in part.records),
        tuple(problem for part in readings for problem in part.problems),
        (*notices, *(notice for part in readings for notice in part.notices)),
    )


PASTED = "粘贴的内容"
"""What stands for the name of a sheet where there is none."""


def read_text(text: str, columns: Sequence[Column], most: int = MAX_ROWS) -> Reading:
    """
    The same of a table that was pasted: a line a row, its cells apart by tabs, as spreadsheets copy them, or by commas.

    Rows are numbered as they stand in the text. Never raises for what is in it.
    """
    if "\t" in text:
        lines = csv.reader(StringIO(text), delimiter="\t")
    else:
        lines = csv.reader(StringIO(text.replace("，", ",")))
    try:
        rows: list[list[Any]] = [list(line) for line in lines]
    except csv.Error:
        return Reading((), (Problem(Violation("text_unreadable"), sheet=PASTED),))
    width = max(map(len, rows), default=0)
    sheet = _Sheet(PASTED, [row + [""] * (width - len(row)) for row in rows], (), (), (), visible=True)
    header = _header(sheet, columns)
    fault = _fault_of_all([(sheet, header)] if header else [], columns, most)
    if fault is not None or header is None:
        return Reading((), (Problem(fault or Violation("rows_none")),))
    return _read_sheet(sheet, header, columns)


def _fault_of_all(
    tables: Sequence[tuple["_Sheet", "_Header"]], columns: Sequence[Column], most: int
) -> Violation | None:
    """Is there a table at all, is there anything in it, is there too much in it?"""
    if not tables:
        return Violation("header_missing", {"columns": [c.heading for c in columns if c.required]})
    number = sum(_is_filled(row) for sheet, header in tables for row in sheet.rows[header.row + 1 :])
    if not number:
        return Violation("rows_none")
    if number > most:
        return Violation("rows_too_many", {"number": number, "limit": most})
    return None


# --- the file ------------------------------------------------------------------------------------------------


def _open(data: bytes) -> list[_Sheet]:
    if len(data) > MAX_BYTES:
        raise _Unreadable("file_too_large", size=_megabytes(len(data)), limit=_megabytes(MAX_BYTES))
    if not data:
        raise _Unreadable("file_empty")
    if data.startswith(_OLE):
        raise _Unreadable("file_old_or_protected")
    if not data.startswith(_ZIP):
        raise _Unreadable("file_not_workbook")
    try:
        with ZipFile(BytesIO(data)) as archive:
            _require_workbook(archive)
            parts = {name: archive.read(name) for name in _sheet_parts(archive)}
            order = _sheet_order(archive)
        found = {part: _Addresses.of(content) for part, content in parts.items()}
        for name, part in order.items():
            if part in found:
                found[part].require_compact(name)
        return _values(data, {name: found[part] for name, part in order.items() if part in found})
    except (BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        # RuntimeError: zipfile's word for an encrypted member; NotImplementedError: an unknown compression.
        raise _Unreadable("file_damaged") from error
    except (CalamineError, etree.XMLSyntaxError) as error:
        raise _Unreadable("file_damaged") from error


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // 1024**2) / 10:g} MB"


def _require_workbook(archive: ZipFile) -> None:
    names = set(archive.namelist())
    if any(name.startswith("word/") for name in names):
        raise _Unreadable("file_is_document")
    if "xl/workbook.xml" not in names or "xl/vbaProject.bin" in names:
        raise _Unreadable("file_not_workbook")
    members = archive.infolist()
    if len(members) > MAX_PARTS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _Unreadable("file_unpacks_too_large", limit=_megabytes(MAX_UNPACKED))
    for member in members:
        # Read to the end: zipfile stops at the stated size and then finds that the checksum differs.
        with archive.open(member) as part:
            while part.read(1 << 20):
                pass


def _sheet_parts(archive: ZipFile) -> list[str]:
    return [
        name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
    ]


def _sheet_order(archive: ZipFile) -> dict[str, str]:
    """Sheet name → its part of the archive."""
    targets = {
        relation.get("Id"): _resolved(relation.get("Target", ""))
        for relation in _xml(archive.read("xl/_rels/workbook.xml.rels"))
    }
    book = _xml(archive.read("xl/workbook.xml"))
    return {
        sheet.get("name", ""): targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        for sheet in book.iter("{*}sheet")
    }


def _resolved(target: str) -> str:
    """A relation's target, which is written from the root or from xl/."""
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _xml(content: bytes) -> Any:
    if b"<!DOCTYPE" in content:
        raise _Unreadable("file_damaged")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


@dataclass(frozen=True)
class _Addresses:
    """Where a sheet has formulas and errors, and the last row and column that hold anything (from 0)."""

    formulas: tuple[tuple[int, int], ...]
    errors: tuple[tuple[int, int], ...]
    last_row: int
    last_column: int
    unplaced: bool

    @classmethod
    def of(cls, content: bytes) -> "_Addresses":
        if b"<!DOCTYPE" in content:
            raise _Unreadable("file_damaged")
        prefix = re.search(rb"<(\w+:)?worksheet\b", content)
        name = (prefix[1] if prefix else None) or b""
        cells = re.compile(rb"<%bc\b([^>]*)>\s*<%b(f|v|is)\b" % (name, name))
        place = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
        formulas = []
        errors = []
        last_row = last_column = 0
        unplaced = False
        for cell in cells.finditer(content):
            address = place.search(cell[1])
            if address is None:
                unplaced = True
                continue
            row, column = int(address[2]) - 1, column_index_from_string(address[1].decode()) - 1
            last_row, last_column = max(last_row, row), max(last_column, column)
            if cell[2] == b"f":
                formulas.append((row, column))
            elif b't="e"' in cell[1]:  # calamine reads an error as an empty cell
                errors.append((row, column))
        return cls(tuple(formulas), tuple(errors), last_row, last_column, unplaced)

    def require_compact(self, sheet: str) -> None:
        """_Unreadable when reading would allocate far more than a form can hold."""
        if self.unplaced:
            raise _Unreadable("file_not_workbook")
        if (self.last_row + 1) * (self.last_column + 1) > MAX_AREA:
            raise _Unreadable(
                "sheet_reaches_too_far",
                sheet=sheet,
                address=f"{get_column_letter(self.last_column + 1)}{self.last_row + 1}",
            )


def _values(data: bytes, addresses: Mapping[str, _Addresses]) -> list[_Sheet]:
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        visible = {sheet.name: sheet.visible == SheetVisibleEnum.Visible for sheet in book.sheets_metadata}
        sheets = []
        for name in book.sheet_names:
            if name in addresses:
                sheet = book.get_sheet_by_name(name)
                sheets.append(
                    _Sheet(
                        name,
                        sheet.to_python(skip_empty_area=False),
                        addresses[name].formulas,
                        addresses[name].errors,
                        tuple(sheet.merged_cell_ranges or ()),
                        visible[name],
                    )
                )
        return sheets


# --- a sheet -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """The header row (from 0), and which column of the sheet (from 0) has which heading."""

    row: int
    headings: Mapping[int, str]


def _is_filled(row: Iterable[Any]) -> bool:
    return any(value != "" and str(value).strip() for value in row)


def _plain(heading: object) -> str:
    """A heading as it is compared: half-width, without spaces and line breaks, without the star of a must."""
    return key(str(heading)).strip("*")


def _header(sheet: _Sheet, columns: Sequence[Column]) -> _Header | None:
    """The row with most of the known headings, at least two."""
    known = {_plain(heading) for column in columns for heading in column.headings}
    best, most = None, 1
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        headings = {column: plain for column, value in enumerate(row) if (plain := _plain(value))}
        number = len(known & set(headings.values()))
        if number > most:
            best, most = _Header(place, headings), number
    return best


def _read_sheet(sheet: _Sheet, header: _Header, columns: Sequence[Column]) -> Reading:
    places: dict[str, int] = {}
    problems = []
    for column in columns:
        wanted = {_plain(heading) for heading in column.headings}
        found = [place for place, heading in header.headings.items() if heading in wanted]
        if len(found) > 1:
            letters = [get_column_letter(place + 1) for place in found]
            problems.append(
                _of_header(sheet, header, "column_twice", heading=column.heading, columns=letters)
            )
        if found:
            places[column.field] = found[0]
    missing = [column.heading for column in columns if column.required and column.field not in places]
    if missing:
        problems.append(_of_header(sheet, header, "columns_missing", columns=missing))
    if problems:
        return Reading((), tuple(problems))
    return _read_rows(sheet, header, columns, places)


def _of_header(sheet: _Sheet, header: _Header, code: str, **params: object) -> Problem:
    return Problem(Violation(code, params), sheet=sheet.name, row=header.row + 1)


def _read_rows(
    sheet: _Sheet, header: _Header, columns: Sequence[Column], places: Mapping[str, int]
) -> Reading:
    headings = {
        column.field: Heading(get_column_letter(places[column.field] + 1), column.heading)
        for column in columns
        if column.field in places
    }
    spoilt = _Spoilt(sheet, header, {place: headings[field] for field, place in places.items()})
    records = []
    problems = list(spoilt.problems)
    for number, cells in enumerate(sheet.rows[header.row + 1 :], start=header.row + 1):
        if not _is_filled(cells):
            continue
        source = Source(sheet.name, number + 1, headings)
        values: dict[str, Any] = {}
        faults = []
        for column in columns:
            place = places.get(column.field)
            if place is None:
                values[column.field] = column.empty
            elif (number, place) not in spoilt.cells:
                try:
                    values[column.field] = value_of(column, cells[place])
                except _Wrong as wrong:
                    faults.append(source.problem(column.field, wrong.code, **wrong.params))
        problems += faults
        if len(values) == len(columns):
            records.append(Record(source, values))
    return Reading(tuple(records), tuple(problems), _header_notices(sheet, header, columns, places))


def _header_notices(
    sheet: _Sheet, header: _Header, columns: Sequence[Column], places: Mapping[str, int]
) -> tuple[Problem, ...]:
    notices = []
    unknown = [heading for place, heading in header.headings.items() if place not in places.values()]
    if unknown:
        notices.append(_of_header(sheet, header, "columns_unknown", columns=unknown))
    absent = [column.heading for column in columns if column.field not in places]
    if absent:
        notices.append(_of_header(sheet, header, "columns_absent", columns=absent))
    return tuple(notices)


class _Spoilt:
    """Cells of the known columns, from the header row down, that are merged, computed or in error."""

    def __init__(self, sheet: _Sheet, header: _Header, headings: Mapping[int, Heading]) -> None:
        self.cells: set[tuple[int, int]] = set()
        self.problems: list[Problem] = []
        self._sheet = sheet
        self._headings = headings
        last = len(sheet.rows) - 1
        for (top, left), (bottom, right) in sheet.merged:
            if bottom >= header.row and top <= last and any(left <= place <= right for place in headings):
                self._merged(max(top, header.row), left, min(bottom, last), right)
        self._formulas([cell for cell in sheet.formulas if cell[0] > header.row and cell[1] in headings])
        for row, column in sheet.errors:
            if row > header.row and column in headings:
                self.cells.add((row, column))
                self._add("cell_is_error", row, column)

    def _merged(self, top: int, left: int, bottom: int, right: int) -> None:
        address = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
        first = next(place for place in self._headings if left <= place <= right)
        self._add("cell_merged", top, first, address=address)
        self.cells.update(
            (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        )

    def _formulas(self, cells: Iterable[tuple[int, int]]) -> None:
        """One problem for each run of formulas down a column: people fill them down by thousands."""
        self.cells.update(cells := sorted(cells, key=lambda cell: (cell[1], cell[0])))
        numbered = enumerate(cells)
        for _key, run in groupby(numbered, key=lambda item: (item[1][1], item[1][0] - item[0])):
            group = [cell for _place, cell in run]
            (top, column), (bottom, _column) = group[0], group[-1]
            letter = get_column_letter(column + 1)
            address = f"{letter}{top + 1}" + (f":{letter}{bottom + 1}" if bottom > top else "")
            self._add("cell_formula", top, column, address=address, number=len(group))

    def _add(self, code: str, row: int, column: int, **params: object) -> None:
        heading = self._headings[column]
        self.problems.append(
            Problem(
                Violation(code, params),
                sheet=self._sheet.name,
                row=row + 1,
                letter=heading.letter,
                heading=heading.text,
            )
        )


# --- a cell --------------------------------------------------------------------------------------------------


def value_of(column: Column, value: Any) -> Any:
    """The value of a cell as the column means it; _Wrong when it cannot be."""
    if isinstance(value, str):
        value = _trimmed(value)
    if value == "":
        if column.required:
            raise _Wrong("cell_required")
        return column.empty
    if isinstance(value, (date, datetime, time, timedelta)):
        raise _Wrong("cell_is_date", value=str(value))
    match column.kind:
        case Kind.TEXT:
            return _limited(column, value if isinstance(value, str) else _digits(value))
        case Kind.CODE:
            return _limited(column, compact(value) if isinstance(value, str) else _digits(value))
        case Kind.WHOLE:
            return _whole(column, value)
        case Kind.POINTS:
            return _points(value)
        case Kind.YES_NO | Kind.CHOICE:
            return _choice(column, value)


def _trimmed(text: str) -> str:
    """Without spaces around it, of whatever width, and without marks that cannot be seen."""
    return text.strip(" \t\r\n\u3000\xa0\u200b\ufeff")


def _digits(value: Any) -> str:
    """A number where text is meant: a telephone number survives that, eighteen digits do not."""
    if isinstance(value, bool):
        return "是" if value else "否"
    number = Decimal(str(value))
    if number == number.to_integral_value():
        if len(str(abs(int(number)))) > _EXACT_DIGITS:
            raise _Wrong("cell_digits_lost", value=f"{number:.2E}")
        return str(int(number))
    return str(number)


def _limited(column: Column, text: str) -> str:
    if column.kind == Kind.CODE and _SCIENTIFIC.fullmatch(text):
        raise _Wrong("cell_digits_lost", value=text)
    if column.limit and len(text) > column.limit:
        raise _Wrong("cell_too_long", length=len(text), limit=column.limit)
    return text


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(tidy(value).replace(",", "") if isinstance(value, str) else str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _whole(column: Column, value: Any) -> int:
    number = _number(value)
    if number is None or number != number.to_integral_value():
        raise _Wrong("cell_not_whole", value=str(value))
    if not column.minimum <= number <= column.maximum:
        raise _Wrong("cell_out_of_range", value=str(value), minimum=column.minimum, maximum=column.maximum)
    return int(number)


def _points(value: Any) -> int:
    """Points with at most two decimals, in 1/100."""
    number = _number(value)
    if number is None or number < 0 or number > 1000 or number * 100 != (number * 100).to_integral_value():
        raise _Wrong("cell_not_points", value=str(value))
    return int(number * 100)


def _choice(column: Column, value: Any) -> Any:
    text = _digits(value) if not isinstance(value, str) else compact(value)
    for label, choice in column.choices.items():
        if compact(label) == text:
            return choice
    raise _Wrong("cell_not_choice", value=text, choices=list(column.choices))
