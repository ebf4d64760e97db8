"""A list of entries that somebody brings to try rules on: pasted, or the sheet 汇总表 of a workbook of ours.

Only what the rules count is read. The list is not stored.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from django.utils.translation import override

from appraisal.imports.spreadsheets import Table
from appraisal.records.facets import Facet
from appraisal.records.states import EntryKind
from appraisal.workbooks.columns import LANGUAGE, Column, Kind
from appraisal.workbooks.reader import MAX_ROWS, Record, SheetReading, read, read_text
from quotas.selection.judge import EntryRow

_YES, _NO = "是", "否"


def list_columns(facets: Collection[Facet]) -> tuple[Column, ...]:
    """
    The columns of a list whose entries are to be told apart by these facets, under the headings of our forms.

    Each of the facets must be there and filled in, but for those of which an entry may bear none. Without the category every entry is a regular one.
    """
    with override(LANGUAGE):
        return (
            Column("number", "申报编号", Kind.CODE),
            Column("name", "推荐对象", Kind.TEXT, other_headings=("姓名", "名称")),
            Column(
                "kind",
                "类别",
                Kind.CHOICE,
                choices={str(kind.label): kind for kind in EntryKind},
                empty=EntryKind.REGULAR,
            ),
            *map(_column, facets),
        )


def _column(facet: Facet) -> Column:
    words = {str(word): value for value, word in facet.values.items()}
    required = not facet.optional
    if facet.yes_no:
        # Our form for nominations asks such a one by its name, "一线职工", and wants 是 or 否.
        words |= {_YES: "yes", _NO: "no"}
        asked = (f"是否{facet.label}",)
        return Column(
            facet.name, str(facet.label), Kind.CHOICE, required=required, choices=words, other_headings=asked
        )
    return Column(facet.name, str(facet.label), Kind.CHOICE, required=required, choices=words)


def read_list(source: bytes | str, facets: Collection[Facet], *, most: int = MAX_ROWS) -> Table[EntryRow]:
    """The entries of a workbook (bytes) or of pasted text, in their order; never raises for what is in it."""
    columns = list_columns(facets)
    if isinstance(source, str):
        return _table(read_text(source, columns, most), facets)
    return _table(read(source, columns, most), facets)


def _table(reading: SheetReading, facets: Collection[Facet]) -> Table[EntryRow]:
    ranks: Counter[EntryKind] = Counter()
    rows = []
    for record in reading.records:
        kind: EntryKind = record.values["kind"]
        ranks[kind] += 1
        rows.append(_row(record, record.values, facets, ranks[kind]))
    return Table(tuple(rows), reading.problems, reading.notices)


def _row(record: Record, values: Mapping[str, object], facets: Collection[Facet], rank: int) -> EntryRow:
    return EntryRow(
        nomination_id=record.source.row,
        number=str(values["number"]),
        name=str(values["name"]),
        labels=frozenset(
            one
            for facet in facets
            if values.get(facet.name) and (one := facet.label_of(str(values[facet.name]))) is not None
        ),
        kind=EntryKind(str(values["kind"])),
        rank=rank,
    )
