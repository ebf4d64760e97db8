"""A program of its own: a workbook on standard input, its cells as JSON on standard output.

`apart` starts it in a child process with a ceiling on memory and time, because the file comes from anybody who may
upload. What it checks and what it gives are one pass over the same events of one parser, so there is nothing that the
check could read otherwise than the reader. It uses the standard library alone and therefore starts in a moment.
"""

import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MEMORY = 192 * 1024 * 1024
"""Bytes of address space that the child may come to; some 40 MB of it are the interpreter."""
SECONDS = 6
"""Seconds of processor time that the child may use."""

MAX_PARTS = 500
MAX_UNPACKED = 40 * 1024 * 1024
"""What the parts of the archive may come to. 100,000 formatted empty rows come to 5 MB."""
MAX_RATIO = 250
"""How much larger a part may be than it is packed; repetitive sheets come to 40."""
SMALL_PART = 1024 * 1024
"""Parts up to this size may be packed as well as they can."""
MAX_TOKEN = 1024 * 1024
"""Bytes of one piece of markup or text. An old expat reads a torn one again with every chunk."""
MAX_DEPTH = 64
MAX_ELEMENTS = 450_000
"""The most elements in all parts together: 5,000 rows of 25 columns have 380,000 when every cell holds its own text.
"""
MAX_CELLS = 125_000
MAX_CHARACTERS = 8_000_000
"""The most characters in all cells together; a shared string counts wherever it is shown."""
MAX_CELL_CHARACTERS = 32_767
"""What a spreadsheet itself lets into a cell."""
MAX_ROW = 200_000
MAX_COLUMN = 1_000
MAX_RANGES = 20_000
"""Merged ranges, and ranges of hidden columns."""

_CHUNK = 64 * 1024
_SHORTEST = len("<c/>")
_NO_ELEMENTS = (b"</", b"<!", b"<?")
"""What else a sign < begins besides an element."""
_CENTRAL = b"PK\x01\x02"
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_NAMES = {
    f"{space} {name}": name
    for space in _MAIN
    for name in (
        *("workbookPr", "sheet", "numFmts", "numFmt", "cellXfs", "xf", "si", "t", "rPh"),
        *("sheetData", "row", "c", "v", "f", "is", "col", "mergeCell"),
    )
}
_RELATION_IDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"

_LETTERS = re.compile("[A-Z]{1,3}")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]')
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_BUILT_IN_PERCENTS = frozenset({9, 10})

NUMBER, PERCENT, DATE, TEXT, TRUTH, ERROR = "n", "p", "d", "s", "b", "e"
"""What a cell holds. Numbers stand as they are written in the file, in full."""


class Refused(Exception):  # noqa: N818 -- an answer about the file, never leaves this program
    """The file cannot be read: the code of the sentence, and its figures."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def parse(data: bytes) -> list[dict[str, Any]]:
    """The sheets of the workbook in their order; Refused when it is none or goes beyond a limit."""
    # Before the directory of the archive is read: each entry begins with this mark, whatever the count says.
    if data.count(_CENTRAL) > MAX_PARTS:
        raise Refused("file_has_too_many_parts", limit=MAX_PARTS)
    try:
        with ZipFile(BytesIO(data)) as archive:
            return list(_Package(archive).sheets())
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        # RuntimeError: zipfile's word for an encrypted member; NotImplementedError: an unknown compression.
        raise Refused("file_damaged") from error
    except (expat.ExpatError, ValueError, OverflowError) as error:
        raise Refused("file_damaged") from error


class _Package:
    """The archive: its parts by name, each read as a stream and counted while it is read."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._members = {member.filename.lower(): member for member in archive.infolist()}
        self._unpacked = 0
        self.elements = 0
        self.cells = 0
        self.characters = 0
        self._require_workbook()

    def _require_workbook(self) -> None:
        if any(name.startswith("word/") for name in self._members):
            raise Refused("file_is_document")
        if "xl/workbook.xml" not in self._members or "xl/vbaproject.bin" in self._members:
            raise Refused("file_not_workbook")
        if sum(member.file_size for member in self._members.values()) > MAX_UNPACKED:
            raise Refused("file_unpacks_too_large", limit=_megabytes(MAX_UNPACKED))

    def sheets(self) -> Iterator[dict[str, Any]]:
        relations = _Relations()
        self.read("xl/_rels/workbook.xml.rels", relations)
        book = _Book()
        self.read("xl/workbook.xml", book)
        styles = _Styles()
        shared = _Strings()
        for target, part in ((relations.of("styles"), styles), (relations.of("sharedStrings"), shared)):
            if target:
                self.read(target, part)
        for name, state, relation in book.sheets:
            kind, target = relations.targets.get(relation, ("", ""))
            if kind == "worksheet" and target.lower() in self._members:
                sheet = _Sheet(self, name, shared.strings, styles.kinds, book.epoch)
                self.read(target, sheet)
                yield sheet.told(visible=state == "visible")

    def read(self, name: str, part: "_Part") -> None:
        member = self._members.get(name.lower())
        if member is None:
            raise Refused("file_damaged")
        _require_plain(member)
        self._require_few(member)
        parser = part.parser(self)
        fed = 0
        with self._archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                self._unpacked += len(chunk)
                if self._unpacked > MAX_UNPACKED:
                    raise Refused("file_unpacks_too_large", limit=_megabytes(MAX_UNPACKED))
                fed += len(chunk)
                parser.Parse(chunk, False)
                if fed - parser.CurrentByteIndex > MAX_TOKEN:
                    raise Refused("file_damaged")
        parser.Parse(b"", True)

    def _require_few(self, member: ZipInfo) -> None:
        """Refuse a part with more elements than there may be, at the cost of unpacking it, before anything is made of it."""
        if member.file_size < MAX_ELEMENTS * _SHORTEST:
            return
        begun, last = 0, b""
        with self._archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                piece = last + chunk
                last = piece[-1:] if piece.endswith(b"<") else b""
                begun += piece.count(b"<") - len(last) - sum(map(piece.count, _NO_ELEMENTS))
                if begun > MAX_ELEMENTS:
                    raise Refused("file_has_too_many_cells", limit=MAX_CELLS)

    def count_cell(self, characters: int) -> None:
        self.cells += 1
        self.characters += characters
        if self.cells > MAX_CELLS:
            raise Refused("file_has_too_many_cells", limit=MAX_CELLS)
        if self.characters > MAX_CHARACTERS:
            raise Refused("file_has_too_much_text", limit=MAX_CHARACTERS)


def _require_plain(member: ZipInfo) -> None:
    """Refuse a part that is packed in an unusual way, or that is next to nothing when it is packed."""
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise Refused("file_damaged")
    if member.file_size > max(SMALL_PART, member.compress_size * MAX_RATIO):
        raise Refused("file_unpacks_too_large", limit=_megabytes(MAX_UNPACKED))


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // 1024**2) / 10:g} MB"


_Starts = dict[str, Callable[[dict[str, str]], None]]
_Ends = dict[str, Callable[[], None]]

# --- parts ---------------------------------------------------------------------------------------------------


class _Part:
    """One XML part. Its elements come by their bare name when they are of spreadsheets, whatever their prefix."""

    def parser(self, package: _Package) -> expat.XMLParserType:
        """The parser that feeds this part. A document type, hence entities, is refused where it begins."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        depth = 0
        starts, ends = self.starts(), self.ends()
        begins = {
            name: starts[_NAMES.get(name, name)]
            for name in (*_NAMES, *starts)
            if _NAMES.get(name, name) in starts
        }
        finishes = {name: ends[bare] for name, bare in _NAMES.items() if bare in ends}

        def begun(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            package.elements += 1
            if depth > MAX_DEPTH:
                raise Refused("file_damaged")
            if package.elements > MAX_ELEMENTS:
                raise Refused("file_has_too_many_cells", limit=MAX_CELLS)
            if begin := begins.get(name):
                begin(attributes)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            if finish := finishes.get(name):
                finish()

        parser.StartElementHandler = begun
        parser.EndElementHandler = ended
        parser.CharacterDataHandler = self.text
        return parser

    def starts(self) -> "_Starts":
        """What is done where an element begins, by its name."""
        return {}

    def ends(self) -> "_Ends":
        """What is done where it ends."""
        return {}

    def text(self, text: str) -> None:
        """Some of its text."""


def _no_doctype(*_about: object) -> None:
    raise Refused("file_damaged")


class _Relations(_Part):
    """What the workbook is made of: the kind of each part and where it lies."""

    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def starts(self) -> _Starts:
        return {_RELATIONSHIP: self._begin_relationship}

    def _begin_relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rsplit("/", 1)[-1]
        self.targets[attributes.get("Id", "")] = (kind, _resolved(attributes.get("Target", "")))

    def of(self, kind: str) -> str:
        """Where the one part of this kind lies; nothing when there is none."""
        return next((target for known, target in self.targets.values() if known == kind), "")


def _resolved(target: str) -> str:
    """A relation's target, which is written from the root or from xl/."""
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


class _Book(_Part):
    """The sheets in their order, and when their days begin."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.epoch = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet's days have no zone

    def starts(self) -> _Starts:
        return {"sheet": self._begin_sheet, "workbookPr": self._begin_properties}

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        relation = next((attributes[key] for key in _RELATION_IDS if key in attributes), "")
        state = attributes.get("state", "visible")
        self.sheets.append((attributes.get("name", ""), state, relation))

    def _begin_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("date1904") in {"1", "true"}:
            self.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 -- as above


class _Styles(_Part):
    """Which styles of cells show a number as a date or per cent."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self._formats: dict[str, str] = {}
        self._within = ""

    def starts(self) -> _Starts:
        return {
            "numFmts": lambda _attributes: self._enter("numFmts"),
            "cellXfs": lambda _attributes: self._enter("cellXfs"),
            "numFmt": self._begin_format,
            "xf": self._begin_style,
        }

    def ends(self) -> _Ends:
        return {"numFmts": lambda: self._enter(""), "cellXfs": lambda: self._enter("")}

    def _enter(self, name: str) -> None:
        self._within = name

    def _begin_format(self, attributes: dict[str, str]) -> None:
        if self._within == "numFmts":
            self._formats[attributes.get("numFmtId", "")] = _shown_as(attributes.get("formatCode", ""))

    def _begin_style(self, attributes: dict[str, str]) -> None:
        if self._within == "cellXfs":
            number = attributes.get("numFmtId", "0")
            self.kinds.append(self._formats.get(number) or _built_in(number))


def _built_in(number: str) -> str:
    known = int(number) if number.isdecimal() and len(number) < 4 else 0
    if known in _BUILT_IN_DATES:
        return DATE
    return PERCENT if known in _BUILT_IN_PERCENTS else NUMBER


def _shown_as(code: str) -> str:
    """What a number format makes of a number. Its first section is that of positive numbers."""
    bare = _LITERAL.sub("", code[:200]).split(";")[0].lower()
    if "general" in bare:
        return NUMBER
    if re.search("[ymdhs]", bare):
        return DATE
    return PERCENT if "%" in bare else NUMBER


class _Gathered(_Part):
    """A part whose text is gathered: of the elements that begin it, without phonetic guides."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._gathering = False
        self._guides = 0

    def starts(self) -> _Starts:
        return {"t": self.gather, "rPh": lambda _attributes: self._guide(1)}

    def ends(self) -> _Ends:
        return {"t": self.stop, "rPh": lambda: self._guide(-1)}

    def gather(self, _attributes: dict[str, str]) -> None:
        """What follows is text of the cell, unless it says how to read another."""
        self._gathering = not self._guides

    def stop(self) -> None:
        """The text ends."""
        self._gathering = False

    def text(self, text: str) -> None:
        if self._gathering:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > MAX_CELL_CHARACTERS:
                raise Refused("cell_has_too_much_text", limit=MAX_CELL_CHARACTERS)

    def gathered(self) -> str:
        """The text, and begin anew. Characters that XML cannot hold stand escaped in it."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return _ESCAPED.sub(_unescaped, text) if "_x" in text else text

    def _guide(self, step: int) -> None:
        self._guides += step


def _unescaped(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return found[0] if "\ud800" <= sign <= "\udfff" else sign


class _Strings(_Gathered):
    """The strings that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._total = 0

    def ends(self) -> _Ends:
        return super().ends() | {"si": self._end_string}

    def _end_string(self) -> None:
        text = self.gathered()
        self._total += len(text)
        if self._total > MAX_CHARACTERS:
            raise Refused("file_has_too_much_text", limit=MAX_CHARACTERS)
        self.strings.append(text)


class _Sheet(_Gathered):
    """A sheet: the cells that hold something by row and column (from 0), and what else is to be known of it."""

    def __init__(
        self, package: _Package, name: str, strings: list[str], kinds: list[str], epoch: datetime
    ) -> None:
        super().__init__()
        self._package = package
        self._name = name
        self._strings = strings
        self._kinds = kinds
        self._epoch = epoch
        self._rows: list[tuple[int, list[tuple[int, str, str]]]] = []
        self._cells: list[tuple[int, str, str]] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._formulas: list[tuple[int, int]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._in_data = self._in_row = self._numbered = False
        self._cell: dict[str, str] | None = None
        self._row = self._column = -1
        self._number = ""
        self._columns: dict[str, int] = {}

    def starts(self) -> _Starts:
        return super().starts() | {
            "c": self._begin_cell,
            "v": self.gather,
            "f": self._begin_formula,
            "row": self._begin_row,
            "sheetData": self._begin_data,
            "col": self._begin_column,
            "mergeCell": self._begin_merged,
        }

    def ends(self) -> _Ends:
        return super().ends() | {
            "v": self.stop,
            "c": self._end_cell,
            "row": self._end_row,
            "sheetData": self._end_data,
        }

    def gather(self, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            super().gather(attributes)

    def told(self, *, visible: bool) -> dict[str, Any]:
        """The sheet as it is handed out."""
        return {
            "name": self._name,
            "visible": visible,
            "rows": self._rows,
            "formulas": self._formulas,
            "merged": self._merged,
            "hidden_rows": self._hidden_rows,
            "hidden_columns": self._hidden_columns,
        }

    def _begin_data(self, _attributes: dict[str, str]) -> None:
        self._in_data = True

    def _end_data(self) -> None:
        self._in_data = False

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if not self._in_data or self._in_row:
            raise Refused("file_damaged")
        number = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        if number <= self._row:
            raise Refused("file_damaged")
        self._in_row, self._row, self._column = True, number, -1
        self._numbered, self._number = "r" in attributes, str(number + 1)
        self._cells = []
        if attributes.get("hidden") in {"1", "true"}:
            self._hidden_rows.append(number)

    def _end_row(self) -> None:
        self._in_row = False
        if self._cells:
            self._rows.append((self._row, self._cells))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if not self._in_row or self._cell is not None:
            raise Refused("file_damaged")
        self._cell = attributes
        self._column = self._place(attributes["r"]) if "r" in attributes else self._column + 1

    def _place(self, address: str) -> int:
        """The column of an address in the row; rows and columns only go up."""
        letters = address.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not _LETTERS.fullmatch(letters):
                raise Refused("file_damaged")
            column = self._columns[letters] = _column(letters)
        if address[len(letters) :] != self._number:
            self._adopt(address[len(letters) :])
        if column <= self._column:
            raise Refused("file_damaged")
        return column

    def _adopt(self, number: str) -> None:
        """A row without a number is where its first cell says."""
        if self._numbered or self._column >= 0 or not 0 < len(number) < 8 or int(number) <= self._row:
            raise Refused("file_damaged")
        self._row, self._number = int(number) - 1, number

    def _begin_formula(self, _attributes: dict[str, str]) -> None:
        if self._cell is not None:
            self._require_near()
            self._formulas.append((self._row, self._column))

    def _require_near(self) -> None:
        if self._row >= MAX_ROW or self._column >= MAX_COLUMN:
            address = f"{_letters(self._column)}{self._row + 1}"
            raise Refused("sheet_reaches_too_far", sheet=self._name, address=address)

    def _end_cell(self) -> None:
        cell, self._cell = self._cell or {}, None
        text = self.gathered()
        if not text:
            return
        self._require_near()
        kind, value = self._value(cell, text)
        self._package.count_cell(len(value))
        if value:
            self._cells.append((self._column, kind, value))

    def _value(self, cell: dict[str, str], text: str) -> tuple[str, str]:
        match cell.get("t", "n"):
            case "s":
                return TEXT, self._shared(text)
            case "b":
                return TRUTH, text.strip()
            case "e":
                return ERROR, text
            case "d":
                return DATE, text
            case "n":
                style = cell.get("s", "0")
                place = int(style)
                kind = self._kinds[place] if 0 <= place < len(self._kinds) else NUMBER
                return (kind, text.strip()) if kind != DATE else (kind, self._date(text))
            case _:
                return TEXT, text

    def _shared(self, text: str) -> str:
        place = int(text)
        if not 0 <= place < len(self._strings):
            raise Refused("file_damaged")
        return self._strings[place]

    def _date(self, text: str) -> str:
        """The day, and the time when there is one, that a number of days shows."""
        days = float(text)
        shift = timedelta(days=1 if days < 60 and self._epoch.year < 1904 else 0)
        moment = self._epoch + shift + timedelta(seconds=round(days * 86_400))
        return str(moment).removesuffix(" 00:00:00")

    def _begin_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in {"1", "true"} and len(self._hidden_columns) < MAX_RANGES:
            self._hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))

    def _begin_merged(self, attributes: dict[str, str]) -> None:
        corners = [_ADDRESS.fullmatch(corner) for corner in attributes.get("ref", "").split(":")]
        if len(self._merged) >= MAX_RANGES or len(corners) != 2 or None in corners:
            raise Refused("file_damaged")
        (left, top), (right, bottom) = (corner.groups() for corner in corners if corner)
        self._merged.append((int(top) - 1, _column(left), int(bottom) - 1, _column(right)))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- the program ---------------------------------------------------------------------------------------------


def _confine() -> None:
    """Lower what this process may use; whatever the file does, nobody else feels it."""
    import resource  # noqa: PLC0415 -- known to Unix alone, and to this program alone

    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901 -- never raised
        with suppress(ValueError):  # macOS knows no limit of addresses
            resource.setrlimit(limit, (most, most))


def main() -> None:
    """Read, answer, end."""
    _confine()
    try:
        answer: dict[str, Any] = {"sheets": parse(sys.stdin.buffer.read())}
    except Refused as refused:
        answer = {"problem": refused.code, "params": refused.params}
    except (MemoryError, RecursionError):
        answer = {"problem": "file_takes_too_much", "params": {}}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


if __name__ == "__main__":
    main()
