"""Workbooks that are made to hurt: small files that cost a careless reader gigabytes or minutes."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="表1" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>"
)
_BOOK_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATIONS}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>'
)
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>单位名称</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>统一社会信用代码</t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>所在县（市、区）</t></is></c></row>'
)


def sheet(rows: str, *, prefix: str = "", attributes: str = "", after: str = "") -> str:
    """A worksheet with these rows."""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    name = f"{prefix}:" if prefix else ""
    return (
        f'<{name}worksheet {space}="{_MAIN}" {attributes}><{name}sheetData>{rows}</{name}sheetData>{after}'
        f"</{name}worksheet>"
    )


def archive(content: str | bytes, strings: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook with this worksheet and these shared strings."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", _BOOK)
        package.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELATIONS)
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{strings}</sst>')
        package.writestr("xl/worksheets/sheet1.xml", content)
        for name, data in (more or {}).items():
            package.writestr(name, data)
    return target.getvalue()


def _varied(number: int) -> str:
    """Text that does not pack away to nothing."""
    return "".join(f"{n:x}" for n in range(number))


def far_cell_after_a_comment() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><!-- --><v>1</v></c></row>'
    return archive(sheet(HEADER + far))


def far_cell_after_a_sign_in_an_attribute() -> bytes:
    far = '<row r="1048576"><c spans="1>2" r="XFD1048576"><v>1</v></c></row>'
    return archive(sheet(HEADER + far))


def far_cell_under_a_second_prefix() -> bytes:
    far = '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    return archive(sheet(HEADER + far, attributes=f'xmlns:x="{_MAIN}"'))


def long_string_shown_a_thousand_times() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 1002))
    return archive(sheet(HEADER + rows), f"<si><t>{_varied(200_000)}</t></si>")


def string_shown_a_thousand_times() -> bytes:
    """As long as a cell may be; it is the thousand that are too much."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 1002))
    return archive(sheet(HEADER + rows), f"<si><t>{'长' * 32_000}</t></si>")


def cells_that_never_end() -> bytes:
    return archive(sheet(HEADER + '<row r="2">' + "<c " * 40_000))


def cells_within_cells() -> bytes:
    return archive(sheet(HEADER + '<row r="2">' + '<c r="A2">' * 40_000 + "</c>" * 40_000 + "</row>"))


def sheet_of_190_megabytes() -> bytes:
    row = '<row r="2"><c r="A2"><v>1</v></c></row>'
    return archive(sheet(HEADER + row + " " * (190 * 1024 * 1024)))


def sheet_that_lies_about_its_size() -> bytes:
    content = sheet(HEADER + " " * (60 * 1024 * 1024)).encode()
    data = archive(content)
    return data.replace(len(content).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def half_a_million_cells() -> bytes:
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{chr(65 + k)}{n}"><v>{n}{k}</v></c>' for k in range(25)) + "</row>"
        for n in range(2, 20_002)
    )
    return archive(sheet(HEADER + rows))


def million_empty_cells() -> bytes:
    rows = "".join(f'<row r="{n}">{"<c/>" * 50}</row>' for n in range(2, 22_002))
    return archive(sheet(HEADER + rows))


def one_piece_of_markup_without_end() -> bytes:
    return archive(sheet(HEADER + f'<row r="2" x="{_varied(1_500_000)}"/>'))


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return archive(f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>' + sheet(HEADER + "&a9;"))


def entities_in_another_encoding() -> bytes:
    content = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]>' + sheet(HEADER + "&a;")
    return archive(content.encode("utf-16"))


def ten_thousand_parts() -> bytes:
    return archive(sheet(HEADER), more={f"xl/media/{n}.png": b"" for n in range(10_000)})


def merged_over_everything() -> bytes:
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return archive(sheet(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>', after=merged))


def rows_that_go_back() -> bytes:
    return archive(sheet(HEADER + '<row r="9"><c r="A9"><v>1</v></c></row><row r="2"/>'))


HOSTILE = {
    make.__name__: (make, code)
    for make, code in (
        (far_cell_after_a_comment, "sheet_reaches_too_far"),
        (far_cell_after_a_sign_in_an_attribute, "sheet_reaches_too_far"),
        (far_cell_under_a_second_prefix, "sheet_reaches_too_far"),
        (long_string_shown_a_thousand_times, "cell_has_too_much_text"),
        (string_shown_a_thousand_times, "file_has_too_much_text"),
        (cells_that_never_end, "file_damaged"),
        (cells_within_cells, "file_damaged"),
        (sheet_of_190_megabytes, "file_unpacks_too_large"),
        (sheet_that_lies_about_its_size, "file_damaged"),
        (half_a_million_cells, "file_has_too_many_cells"),
        (million_empty_cells, "file_has_too_many_cells"),
        (one_piece_of_markup_without_end, "file_damaged"),
        (billion_laughs, "file_damaged"),
        (entities_in_another_encoding, "file_damaged"),
        (ten_thousand_parts, "file_has_too_many_parts"),
        (merged_over_everything, "header_two_rows"),
        (rows_that_go_back, "file_damaged"),
    )
}
