"""What an award came to in its previous round: the figures that a rule "above the previous round" starts from.

They are counted here from what was named, and proposed; `quotas.rounds.services.rounds.set_previous` states them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from appraisal.planning.wording import previous_source
from appraisal.records.models import Naming, SlateEntry
from appraisal.records.states import EntryKind
from quotas.base.states import RuleKind
from quotas.editions.models import ShareRule
from quotas.editions.services.rules import as_rule
from quotas.selection import labels


@dataclass(frozen=True, slots=True)
class PreviousFigures:
    """`count` of `base` named ones are of the kind that the rule counts; `source` names the decisions."""

    count: int
    base: int
    source: str


def proposals(*, round_id: int) -> dict[int, PreviousFigures]:
    """
    For every award of a round that is held to more than in its previous round: what that came to, as far as an
    earlier round of the same award was named here. By the number of the award in the round; three statements.

    Counted are those who stand on the named lists on regular places, by the labels frozen with the slate where there
    are any. An award whose title was taken away again is not counted, nor are separately listed ones.
    """
    wanted = list(
        ShareRule.objects.filter(kind=RuleKind.ABOVE, version__rounds__round=round_id)
        .values_list(
            "version__rounds",
            "version__award",
            "version__rounds__round__year",
            "pk",
        )
        .order_by("pk")
    )
    if not wanted:
        return {}
    rules = {
        rule.pk: as_rule(rule, (0, 1))
        for rule in ShareRule.objects.filter(pk__in=[row[-1] for row in wanted])
    }
    namings = list(
        Naming.objects.filter(slate__round_award__award__in=[row[1] for row in wanted])
        .values(
            "slate",
            "document_number",
            "slate__round_award__award",
            "slate__round_award__round",
            "slate__round_award__round__year",
            "slate__round_award__round__name",
        )
        .order_by("slate__body__path", "pk")
    )
    chosen = {row[0]: _newest_before(namings, award=row[1], year=row[2], round_id=round_id) for row in wanted}
    entries = _entries(naming["slate"] for found in chosen.values() for naming in found)
    made = {}
    for round_award_id, _award, _year, rule_id in wanted:
        found = chosen[round_award_id]
        listed = [_labels(entry) for naming in found for entry in entries.get(naming["slate"], ())]
        rule = rules[rule_id]
        base = [entry for entry in listed if rule.base.holds(entry)]
        count = sum(map(rule.counted.holds, base))
        if base:
            made[round_award_id] = PreviousFigures(count, len(base), _source(found))
    return made


def _newest_before(
    namings: Iterable[dict[str, Any]], *, award: int, year: int, round_id: int
) -> list[dict[str, Any]]:
    """The decisions of the newest earlier round of the award; none where it was never named here."""
    earlier = [
        naming
        for naming in namings
        if naming["slate__round_award__award"] == award and _season(naming) < (year, round_id)
    ]
    newest = max(map(_season, earlier), default=None)
    return [naming for naming in earlier if _season(naming) == newest]


def _season(naming: dict[str, Any]) -> tuple[int, int]:
    """Year and number of the round, by which rounds follow each other."""
    return naming["slate__round_award__round__year"], naming["slate__round_award__round"]


def _entries(slates: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    rows = SlateEntry.objects.filter(slate__in=set(slates), removed_at=None, kind=EntryKind.REGULAR).values(
        "slate", "frozen_labels", "nomination__labels"
    )
    for row in rows:
        found.setdefault(row["slate"], []).append(row)
    return found


def _labels(entry: dict[str, Any]) -> labels.Entry:
    if entry["frozen_labels"] is not None:
        return labels.entry(entry["frozen_labels"])
    return labels.read(entry["nomination__labels"])


def _source(namings: list[dict[str, Any]]) -> str:
    return previous_source(
        namings[0]["slate__round_award__round__name"], [naming["document_number"] for naming in namings]
    )
