"""The deadline that the next act on a nomination is held to, which can differ from the nomination's own `due_at`.

Slates of work use it: an act after the deadline is refused until the body has more time.
"""

from collections.abc import Iterable

from appraisal.deadlines.services.extensions import Deadline
from appraisal.records.models import Nomination
from appraisal.records.services import routes
from appraisal.records.states import NominationState, ReturnRoute
from quotas.base.states import Stage
from quotas.rounds.services import rounds

_AT_THE_UNIT = (NominationState.DRAFT, NominationState.ENDORSING)
_AT_A_DESK = (NominationState.IN_REVIEW, NominationState.RETURNED)


def of_nominations(nominations: Iterable[Nomination]) -> dict[int, Deadline]:
    """The deadline that the next act on each is held to, by nomination; four statements at most for all.

    It is the one that the acts themselves check: that of the unit's stage until the nomination is handed on, then
    that of the lowest desk whose slate has not left with it. A nomination in a pool has none. Nominations come with
    the round, their first body and their desk.
    """
    found = [each for each in nominations if each.status in (*_AT_THE_UNIT, *_AT_A_DESK)]
    again = [each for each in found if each.status in _AT_A_DESK and each.review_pass > 1]
    lists = routes.lists_of_all(again) if again else {}
    where = {
        each.pk: _of_unit(each) if each.status in _AT_THE_UNIT else _of_desk(each, lists.get(each.pk))
        for each in found
    }
    if not where:
        return {}
    dues = rounds.dues(
        round_ids=[each.round_award.round_id for each in found],
        body_ids=[body_id for _stage, body_id in where.values()],
    )
    return {
        each.pk: Deadline(each.round_award.round, *where[each.pk], due_at)
        for each in found
        if (due_at := dues.at(each.round_award.round_id, *where[each.pk])) is not None
    }


def _of_unit(nomination: Nomination) -> tuple[Stage, int]:
    return Stage.UNIT, nomination.body_id


def _of_desk(nomination: Nomination, lists: routes.Lists | None) -> tuple[Stage, int]:
    first = nomination.status == NominationState.RETURNED and nomination.return_route == ReturnRoute.FIRST
    desk = nomination.body if first or nomination.desk is None else nomination.desk
    working = (lists or routes.NONE_GONE).working_desk(desk)
    return working.stage, working.pk
