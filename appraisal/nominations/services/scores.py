"""The expert score of a nomination where its award is decided."""

from django.db import transaction

from appraisal.gate.services.slate_desk import require_round_open
from appraisal.nominations.refusals import NotFinalStage, ScoreRange
from appraisal.nominations.services.reviews import require_apart
from appraisal.records import rules
from appraisal.records.models import Nomination, Slate
from appraisal.records.permissions import require
from appraisal.records.refusals import NominationStateForbids, SlateStateForbids
from appraisal.records.services import lifecycle, routes
from appraisal.records.states import NominationNote, NominationState, SlateState
from quotas.base.errors import InvalidInput
from quotas.tree.models import User
from quotas.tree.permissions import Act
from quotas.tree.refusals import ActNotHeld


@transaction.atomic
def record(*, nomination_id: int, version: int, actor: User, score: int) -> Nomination:
    """Record the score, in 1/100 points, of a nomination that waits at its final desk for the slate.

    The actor keeps the slate of that desk and has no part in the nomination. Once the final slate is settled its
    scores are, too: SlateStateForbids. Raises InvalidInput(ScoreRange("score")) outside 0 to `rules.MOST_SCORE`.
    """
    nomination = lifecycle.lock_nomination(nomination_id)
    if nomination.desk_id is None:
        raise ActNotHeld(act=Act.KEEP_SLATE)
    require(actor, Act.KEEP_SLATE, nomination.desk_id)
    lifecycle.require_version(nomination, version)
    award = nomination.round_award.award
    if nomination.status != NominationState.POOLED:
        state = nomination.status
        raise NominationStateForbids(state=state, act=NominationNote.SCORE)
    if nomination.stage != award.final_stage:
        raise NotFinalStage(award=award.name, stage=award.get_final_stage_display())
    _require_list_open(nomination)
    require_apart(nomination, actor)
    if not 0 <= score <= rules.MOST_SCORE:
        raise InvalidInput(ScoreRange("score", most=rules.MOST_SCORE // 100))
    before = nomination.score
    if before == score:
        return nomination
    nomination.score = score
    return lifecycle.touch_nomination(
        nomination,
        NominationNote.SCORE.value,
        actor=actor,
        before={"score": before},
        after={"score": score},
        fields=["score"],
    )


def _require_list_open(nomination: Nomination) -> None:
    """Finalising locks the nominations on the slate before it writes, so under our lock the answer lasts."""
    slate = (
        Slate.objects.select_related("round_award__round")
        .filter(round_award=nomination.round_award_id, body=nomination.desk_id)
        .first()
    )
    if slate is None:
        return
    require_round_open(slate)
    if slate.state in routes.GONE_STATES:
        raise SlateStateForbids(state=SlateState(slate.state), act=NominationNote.SCORE)
