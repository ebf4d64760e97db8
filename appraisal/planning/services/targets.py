"""How far the targets of an award have come: a number by a date, of each body, counted over all rounds of the award.

Shown and never a gate (`quotas.models.Target`). Counted are those who bear the title: named on regular or separate
places in the area of the body, in whatever round; whose title was taken away again is not counted.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from appraisal.records.models import SlateEntry
from appraisal.records.states import NominationState, SlateState
from quotas.arithmetic import targets
from quotas.arithmetic.targets import Tally
from quotas.base import clock
from quotas.base.states import TargetState
from quotas.editions.models import Target
from quotas.rounds.models import RoundAward
from quotas.selection.plan import COUNTED
from quotas.tree.models import Body


@dataclass(frozen=True, slots=True)
class Progress:
    """One target at one body: how many are named there, and how that stands today."""

    target: Target
    body_id: int
    named: int
    state: TargetState


def progress(
    *, round_awards: Collection[RoundAward], bodies: Iterable[Body]
) -> dict[int, tuple[Progress, ...]]:
    """The targets of the editions to which these awards are pinned, at each of the bodies at their stage.

    Keyed by round award; ordered by target, then by body. Two statements, one where there is no target.
    """
    aims: dict[int, list[Target]] = {}
    for target in Target.objects.filter(version__in={each.rule_version_id for each in round_awards}):
        aims.setdefault(target.version_id, []).append(target)
    aimed = [each for each in round_awards if each.rule_version_id in aims]
    if not aimed:
        return {}
    named, bodies = _named({each.award_id for each in aimed}), list(bodies)
    today = clock.today()
    found = {}
    for each in aimed:
        lines = []
        for target in aims[each.rule_version_id]:
            for body in bodies:
                if body.stage != target.stage:
                    continue
                tally = sum(
                    (
                        Tally(number, number if decided_on <= target.due_on else 0)
                        for award_id, path, decided_on, number in named
                        if award_id == each.award_id and path.startswith(body.path)
                    ),
                    Tally(),
                )
                state = targets.standing(target.number, target.due_on, tally, today)
                lines.append(Progress(target, body.pk, tally.now, TargetState(state)))
        found[each.pk] = tuple(lines)
    return found


def _named(award_ids: Collection[int]) -> list[tuple[int, str, date, int]]:
    """Title holders as rows: award, path of the first body, day of the decision, number."""
    entries = SlateEntry.objects.filter(
        slate__round_award__award__in=award_ids,
        slate__state=SlateState.NAMED,
        removed_at=None,
        kind__in=COUNTED,
        nomination__status=NominationState.NAMED,
    )
    return list(
        entries.order_by()
        .values_list("slate__round_award__award", "nomination__body__path", "slate__naming__decided_on")
        .annotate(number=Count("pk"))
    )
