"""Workbooks as bytes: the same data always gives the same bytes, and text is never taken for a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

Value = str | int | Decimal | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheet programs take for a formula, also when the file is saved as CSV later."""

CELL_LIMIT = 32_767
"""The most characters that a cell holds."""

TEXT_FORMAT = "@"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_THIN = Side(style="thin", color="FF999999")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True)
class SheetColumn:
    """A column as it is written: width in characters, how numbers look, what may be chosen."""

    heading: str
    width: int
    number_format: str = "General"
    wrapped: bool = False
    choices: tuple[str, ...] = ()

    @property
    def is_styled(self) -> bool:
        return self.wrapped or self.number_format != "General"


@dataclass(frozen=True)
class Number:
    """A number that a cell of a text column shows in its own format, such as "at least 3"."""

    value: int
    number_format: str


@dataclass(frozen=True)
class Sheet:
    """A sheet: an optional title over all columns, the header row, the rows.

    `blank_rows` is how many rows under the header are prepared for filling in: their format and choices.
    """

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Value | Number]]
    title: str = ""
    blank_rows: int = 0


def workbook(sheets: Sequence[Sheet], *, title: str, moment: datetime) -> bytes:
    """The sheets as .xlsx. `moment` (aware) is when their data was settled, and stands as the file's date.

    Invariant: equal sheets, title and moment give equal bytes; nothing else (clock, machine, locale) goes in.
    """
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    settled = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.title = clean(title)
    book.properties.creator = "Pingxuan"
    book.properties.created = settled
    book.properties.modified = settled
    target = BytesIO()
    ExcelWriter(book, _FixedZip(target, "w", ZIP_DEFLATED)).save()
    return target.getvalue()


def clean(text: str) -> str:
    """The text without what no spreadsheet can hold (control characters, excess length)."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_LIMIT]


class _FixedZip(ZipFile):
    """An archive whose members carry no time and no trace of the machine."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_args: Any, **_kwargs: Any) -> None:
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        member = ZipInfo(name, _FIXED_DATE)
        member.create_system = 0
        super().writestr(member, data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_args: Any, **_kwargs: Any) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())


class _Cells:
    """Values of rows as openpyxl takes them.

    A styled cell costs twice a plain value, so only what needs a style gets one, and each such cell object is
    used again for every row. Lines between the cells are the sheet's own grid, also in print.
    """

    def __init__(self, sheet: Any, columns: Sequence[SheetColumn]) -> None:
        self._sheet = sheet
        self._columns = columns
        self._styled = [self._make(column) if column.is_styled else None for column in columns]
        self._quoted = [self._make(column, quoted=True) for column in columns]
        self._formats: dict[tuple[int, str], Any] = {}

    def row(self, values: Sequence[Value | Number]) -> list[Any]:
        return [self._cell(place, value) for place, value in enumerate(values)]

    def _cell(self, place: int, value: Value | Number) -> Any:
        if isinstance(value, str):
            value = clean(value)
            cell = self._quoted[place] if value.startswith(FORMULA_STARTS) else self._styled[place]
            if cell is None:
                return value
            cell.value = value
            cell.data_type = "s"  # after the value, from which openpyxl guesses a formula
            return cell
        if isinstance(value, Number):
            cell = self._formats.get((place, value.number_format))
            if cell is None:
                cell = self._make(replace(self._columns[place], number_format=value.number_format))
                self._formats[place, value.number_format] = cell
            cell.value = value.value
            return cell
        cell = self._styled[place]
        if cell is None:
            return value
        cell.value = value
        return cell

    def _make(self, column: SheetColumn, *, quoted: bool = False) -> Any:
        cell = WriteOnlyCell(self._sheet, value="")
        cell.number_format = TEXT_FORMAT if quoted else column.number_format
        cell.alignment = Alignment(vertical="center" if column.wrapped else None, wrap_text=column.wrapped)
        if quoted:
            # The text mark ' of spreadsheet programs: the cell stays text when somebody edits it.
            cell.quotePrefix = True
        return cell


def _write(book: Any, sheet: Sheet) -> None:
    written = book.create_sheet(sheet.name)
    last = get_column_letter(len(sheet.columns))
    header_row = 2 if sheet.title else 1
    for place, column in enumerate(sheet.columns, start=1):
        dimension = written.column_dimensions[get_column_letter(place)]
        dimension.width = column.width
        if sheet.blank_rows:
            dimension.number_format = column.number_format
    _print_setup(written, header_row)
    written.freeze_panes = f"A{header_row + 1}"
    _choices(written, sheet, header_row)
    if sheet.title:
        written.row_dimensions[1].height = 36
        written.merged_cells.add(CellRange(f"A1:{last}1"))
        written.append([_title(written, sheet.title)])
    written.row_dimensions[header_row].height = 30
    written.append([_heading(written, column.heading) for column in sheet.columns])
    cells = _Cells(written, sheet.columns)
    for row in sheet.rows:
        written.append(cells.row(row))


def _print_setup(written: Any, header_row: int) -> None:
    """A4 across, as wide as the paper, the header row on every page, page numbers at the foot."""
    written.page_setup.orientation = "landscape"
    written.page_setup.paperSize = 9
    written.page_setup.fitToWidth = 1
    written.page_setup.fitToHeight = 0
    written.sheet_properties.pageSetUpPr.fitToPage = True
    written.print_title_rows = f"{header_row}:{header_row}"
    written.print_options.horizontalCentered = True
    written.print_options.gridLines = True
    written.page_margins.left = written.page_margins.right = 0.4
    written.oddFooter.center.text = "第 &P 页，共 &N 页"


def _choices(written: Any, sheet: Sheet, header_row: int) -> None:
    if not sheet.blank_rows:
        return
    for place, column in enumerate(sheet.columns, start=1):
        if column.choices:
            letter = get_column_letter(place)
            listed = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            listed.add(f"{letter}{header_row + 1}:{letter}{header_row + sheet.blank_rows}")
            written.data_validations.append(listed)


def _title(written: Any, title: str) -> Any:
    cell = WriteOnlyCell(written, value=clean(title))
    cell.data_type = "s"
    cell.font = Font(name="宋体", size=18, bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell


def _heading(written: Any, heading: str) -> Any:
    cell = WriteOnlyCell(written, value=heading)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFEFECE6")
    cell.border = _BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell
