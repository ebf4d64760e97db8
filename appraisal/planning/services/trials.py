"""Trials 试算: a list that somebody brings, held against an edition that nobody need be held to yet. Nothing is written."""

from collections import Counter
from collections.abc import Sequence

from appraisal.gate.services import gate
from appraisal.gate.services.gate import GateReport
from quotas.base.states import Level, Stage
from quotas.bodies.services import names
from quotas.editions.models import RuleVersion
from quotas.editions.services import rules
from quotas.editions.services.rules import Previous
from quotas.selection.judge import EntryRow
from quotas.selection.labels import ROUTE, group_of
from quotas.selection.plan import KINDS, Plan


def judged(
    *,
    version: RuleVersion,
    rows: Sequence[EntryRow],
    stage: Stage,
    places: int | None,
    previous: Previous | None,
) -> GateReport:
    """The answer of the gate to the list at a stage. Without `places` there are as many as it takes. One statement; one
    more for rules for each body below, which are those of the city that the list is of.
    """
    final_stage = version.award.final_stage
    held = list(version.rules.all())
    below = _below(stage, rows) if any(rule.each in ROUTE for rule in held) else None
    used = Counter(row.kind for row in rows)
    plan = Plan(
        places={kind: used[kind] for kind in KINDS},
        rules=tuple(rules.in_force(held, stage=stage, award=version.award, previous=previous, below=below)),
        awarding=stage == final_stage,
    )
    return gate.judge(plan if places is None else plan.with_places(places), rows)


def _below(stage: Stage, rows: Sequence[EntryRow]) -> rules.Below:
    """The bodies below the one that the list is of: the province, or the city whose counties all of its entries are of."""
    if stage == Stage.PROVINCE:
        return names.most_below().get(stage, {})
    counties = {one for row in rows for one in row.labels if group_of(one) == Level.COUNTY}
    return names.by_facet(names.beside(counties)) if stage == Stage.CITY else {}
