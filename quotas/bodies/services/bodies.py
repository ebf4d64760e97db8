"""The tree of recommending bodies 推荐单位."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.states import Level
from quotas.bodies.refusals import BodyCodeTwice, BodyLevelUnknown, BodyMoved, BodyParentUnknown
from quotas.bodies.services import names
from quotas.ledger.services import ledger
from quotas.tree.models import Body

JIANGSU = Path(__file__).resolve().parents[2] / "data" / "jiangsu_bodies.csv"
"""The province, its 13 cities, 95 counties and three of its industry unions."""


class BodyRow(NamedTuple):
    """One line of a register of bodies; `parent` is the code of the body above, empty for the province."""

    code: str
    name: str
    parent: str
    level: str


def read(path: Path = JIANGSU) -> list[BodyRow]:
    """The rows of a CSV file with the columns code, name, parent, level."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            BodyRow(row["code"], row["name"], row["parent"], row["level"]) for row in csv.DictReader(file)
        ]


def province() -> Body:
    """The body at the root of the tree, where rounds are planned and most lists are awarded."""
    root: Body = Body.objects.filter(level=Level.PROVINCE, closed_on=None).order_by("pk")[:1].get()
    return root


@transaction.atomic
def load(*, rows: Iterable[BodyRow]) -> dict[str, Body]:
    """
    Create or update bodies; all bodies of the rows by code. Repeating it changes nothing.

    Two statements and two more for each level of the tree, whatever the number of rows. An industry union has no
    organisation department beside it, so joint review asks its union office alone.

    Raises InvalidInput("rows", …) with every wrong row: a code given twice (BodyCodeTwice), an unknown level
    (BodyLevelUnknown), an unknown parent (BodyParentUnknown), a body moved to another parent
    (BodyMoved: paths of nominations under way would change).
    """
    wanted = list(rows)
    known = {body.code: body for body in Body.objects.select_for_update()}
    before = {code: _facts(body) for code, body in known.items()}
    _refuse_wrong(wanted, known)

    for generation in _generations(wanted):
        bodies = [_as_body(row, known) for row in generation]
        Body.objects.bulk_create(
            bodies,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "short_name", "level", "has_party_office"],
        )
        codes = [row.code for row in generation]
        known.update({body.code: body for body in Body.objects.filter(code__in=codes)})

    changed = [row.code for row in wanted if _facts(known[row.code]) != before.get(row.code)]
    names.forget()
    if changed:
        ledger.append(stream="bodies", act="load_bodies", actor=None, after={"codes": changed})
    return {row.code: known[row.code] for row in wanted}


def _facts(body: Body) -> tuple[str, str, bool]:
    return body.name, body.level, body.has_party_office


def _as_body(row: BodyRow, known: dict[str, Body]) -> Body:
    parent = known.get(row.parent)
    return Body(
        code=row.code,
        name=row.name,
        short_name=row.name[:20],
        level=Level(row.level),
        parent=parent,
        path=f"{parent.path if parent else ''}{row.code}/",
        has_party_office=row.level != Level.INDUSTRY,
    )


def _refuse_wrong(rows: list[BodyRow], known: dict[str, Body]) -> None:
    problems: list[FieldProblem] = []
    parents = {body.pk: body.code for body in known.values()}
    codes = {row.code for row in rows}
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            problems.append(BodyCodeTwice("rows", body_code=row.code))
        seen.add(row.code)
        if row.level not in Level.values:
            problems.append(BodyLevelUnknown("rows", name=row.name, body_code=row.code, level=row.level))
        if row.parent and row.parent not in codes and row.parent not in known:
            problems.append(BodyParentUnknown("rows", name=row.name, body_code=row.code, parent=row.parent))
        if row.code in known:
            parent = parents.get(known[row.code].parent_id or 0, "")
            if parent != row.parent:
                problems.append(
                    BodyMoved(
                        "rows",
                        name=row.name,
                        body_code=row.code,
                        parent=parent or None,
                        new_parent=row.parent or None,
                    )
                )
    if problems:
        raise InvalidInput(*problems)


def _generations(rows: list[BodyRow]) -> Iterator[list[BodyRow]]:
    """The rows from the root down, parents before children, one list a generation."""
    waiting = rows
    while waiting:
        codes = {row.code for row in waiting}
        ready = [row for row in waiting if row.parent not in codes]
        if not ready:
            raise InvalidInput(
                *(
                    BodyParentUnknown("rows", name=row.name, body_code=row.code, parent=row.parent)
                    for row in waiting
                )
            )
        yield ready
        waiting = [row for row in waiting if row.parent in codes]
