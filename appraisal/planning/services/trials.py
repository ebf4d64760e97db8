"""Trials 试算: a list that somebody brings, held against an edition that nobody need be held to yet. Nothing is written."""

from collections import Counter
from collections.abc import Sequence

from appraisal.gate.services import gate
from appraisal.gate.services.gate import GateReport
from quotas.base.states import Stage
from quotas.editions.models import RuleVersion
from quotas.editions.services import rules
from quotas.editions.services.rules import Previous
from quotas.selection.judge import EntryRow
from quotas.selection.plan import KINDS, Plan


def judged(
    *,
    version: RuleVersion,
    rows: Sequence[EntryRow],
    stage: Stage,
    places: int | None,
    previous: Previous | None,
) -> GateReport:
    """The answer of the gate to the list at a stage. Without `places` there are as many as it takes. One statement."""
    final_stage = version.award.final_stage
    used = Counter(row.kind for row in rows)
    plan = Plan(
        places={kind: used[kind] for kind in KINDS},
        rules=tuple(rules.in_force(version.rules.all(), stage=stage, award=version.award, previous=previous)),
        awarding=stage == final_stage,
    )
    return gate.judge(plan if places is None else plan.with_places(places), rows)
