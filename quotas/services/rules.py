"""The rules to which a list is held: those of the edition that the round is pinned to."""

from quotas.arithmetic import shares
from quotas.models import ShareRule
from quotas.states import Stage


def of(*, round_award_id: int, stage: Stage) -> list[shares.Rule]:
    """The rules which hold at this stage, in the order of the edition. One statement, asked every time."""
    return [rule for rule, _label in labelled(round_award_id=round_award_id, stage=stage)]


def labelled(*, round_award_id: int, stage: Stage) -> list[tuple[shares.Rule, str]]:
    """The rules of `of`, each with what it is called on screen. One statement."""
    rows = ShareRule.objects.filter(version__rounds=round_award_id).order_by("pk")
    return [(as_rule(row), row.label) for row in rows if not row.stages or stage in row.stages]


def as_rule(row: ShareRule) -> shares.Rule:
    """A stored rule as the arithmetic takes it; the labels are written "facet:value"."""
    return shares.Rule(
        code=row.code,
        facet=f"{row.facet}:{row.value}",
        base=f"{row.base_facet}:{row.base_value}" if row.base_facet else None,
        sense="min" if row.sense == "min" else "max",
        kind="share" if row.kind == "share" else "count",
        numerator=row.numerator,
        denominator=row.denominator,
        clause=row.clause,
    )
