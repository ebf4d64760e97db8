"""How far the targets of an award have come: a number by a date, of each body, counted over all rounds of the award.

Shown and never a gate (`quotas.models.Target`). Counted are those who bear the title: named on regular or separate
places in the area of the body, in whatever round; whose title was taken away again is not counted.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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
    return {
        each.pk: tuple(
            _progress(target, body, named.get(each.award_id, ()))
            for target in aims[each.rule_version_id]
            for body in bodies
            if body.stage == target.stage
        )
        for each in aimed
    }


class _NamedRow(NamedTuple):
    """So many holders of a title, first put forward by one body and named on one day."""

    path: str
    decided_on: date
    number: int


def _progress(target: Target, body: Body, named: Iterable[_NamedRow]) -> Progress:
    """The target at the body, by those of the award who were `named`."""
    tally = sum(
        (
            Tally(row.number, row.number if row.decided_on <= target.due_on else 0)
            for row in named
            if row.path.startswith(body.path)
        ),
        Tally(),
    )
    state = targets.standing(target.number, target.due_on, tally, clock.today())
    return Progress(target, body.pk, tally.now, TargetState(state))


def _named(award_ids: Collection[int]) -> dict[int, list[_NamedRow]]:
    """Everybody who holds the title of one of these awards, by award. One statement."""
    entries = SlateEntry.objects.filter(
        slate__round_award__award__in=award_ids,
        slate__state=SlateState.NAMED,
        removed_at=None,
        kind__in=COUNTED,
        nomination__status=NominationState.NAMED,
    )
    rows = (
        entries.order_by()
        .values_list("slate__round_award__award", "nomination__body__path", "slate__naming__decided_on")
        .annotate(number=Count("pk"))
    )
    found: dict[int, list[_NamedRow]] = {}
    for award_id, *row in rows:
        found.setdefault(award_id, []).append(_NamedRow(*row))
    return found
