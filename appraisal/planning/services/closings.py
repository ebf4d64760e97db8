"""The end of a round: what is still at a desk is over, with the reason, in the transaction that closes the round."""

from django.db import transaction

from appraisal.records.models import Nomination
from appraisal.records.services import lifecycle
from appraisal.records.states import NominationAct, NominationState
from appraisal.slates.services.slates import AT_DESK_STATES
from quotas.bodies.services import bodies
from quotas.rounds.models import Allotment, RoundAward
from quotas.rounds.services import allotments, rounds
from quotas.tree.models import User

_ROUND_OVER = "评选已经结束，未及办结"
"""The reason on record of a nomination that was at a desk when its round ended."""


@transaction.atomic
def close(*, round_id: int, actor: User) -> tuple[int, ...]:
    """End a round; the nominations passed over with it, by number.

    What has been handed in and is not decided is NOT_SELECTED with the reason. What never left its unit stays the draft
    it is, and a slate the slate it is: nobody can act on either any more, and their places stay on record as they were.
    Raises as `rounds.close`.
    """
    rounds.close(round_id=round_id, actor=actor)
    # Whoever waits for one of these locks reads the round afterwards, and finds it closed.
    for round_award in RoundAward.objects.select_for_update().filter(round=round_id).order_by("pk"):
        places = Allotment.objects.filter(round_award=round_award).values_list("body", flat=True)
        allotments.lock(round_award_id=round_award.pk, body_ids=places)
    at_desk = Nomination.objects.filter(round_award__round=round_id, status__in=AT_DESK_STATES)
    over = [
        nomination
        for nomination in lifecycle.lock_nominations(at_desk.values_list("pk", flat=True))
        if nomination.status in AT_DESK_STATES
    ]
    lifecycle.move_nominations(
        over,
        NominationAct.PASS_OVER,
        NominationState.NOT_SELECTED,
        actor=actor,
        body=bodies.province(),
        reason=_ROUND_OVER,
    )
    return tuple(nomination.pk for nomination in over)
