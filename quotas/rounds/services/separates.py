"""Separate places 单列 of a body: what they are for, and whose they are.

`quotas.selection.plan.SeparateLine` says what a line is. Nothing is written here; `allotments` writes them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quotas.base import text
from quotas.base.errors import FieldProblem
from quotas.rounds.refusals import (
    SeparateOwnerElsewhere,
    SeparatePurposeRequired,
    SeparatePurposeTwice,
    SeparatesTooMany,
    SeparateWithoutPlaces,
)
from quotas.selection.plan import SeparateLine
from quotas.tree.models import Body

MOST = 10
"""Lines of one body at most."""


def owners(body: Body) -> list[Body]:
    """Who can decide on separate places of the body: whoever hands them down first, all above, the body itself."""
    above = list(Body.objects.on_path(body))[::-1]
    return [*above[1:], above[0]]


def owned(lines: Sequence[SeparateLine], body: Body) -> tuple[SeparateLine, ...]:
    """The lines with their owners by name; whoever hands the places down where none is given. One statement; none for no line.

    An owner that is neither the body nor above it has no name.
    """
    if not lines:
        return ()
    there = owners(body)
    names = {each.pk: each.short_name for each in there}
    wanted = [line.owner_id or there[0].pk for line in lines]
    return tuple(
        replace(line, purpose=text.line(line.purpose), owner_id=owner, owner=names.get(owner, ""))
        for line, owner in zip(lines, wanted, strict=True)
    )


def faults(lines: Sequence[SeparateLine]) -> Iterator[FieldProblem]:
    """Everything that makes lines, as `owned` gives them, senseless: each at its field, "separate_KEY_purpose"."""
    if len(lines) > MOST:
        yield SeparatesTooMany(_field(lines[MOST], "purpose"), number=len(lines), most=MOST)
        return
    purposes = Counter(line.purpose for line in lines)
    for line in lines:
        if not line.purpose:
            yield SeparatePurposeRequired(_field(line, "purpose"))
        elif purposes[line.purpose] > 1:
            yield SeparatePurposeTwice(_field(line, "purpose"), purpose=line.purpose)
        if not line.places:
            yield SeparateWithoutPlaces(_field(line, "places"), purpose=line.purpose)
        if not line.owner:
            yield SeparateOwnerElsewhere(_field(line, "owner"), purpose=line.purpose)


def _field(line: SeparateLine, name: str) -> str:
    return f"separate_{line.key}_{name}"
