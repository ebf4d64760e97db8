"""The way up of a nomination that was returned after lists below had left with it.

A return "from the first review again" sends a nomination down to desks whose lists went up long ago. It is reviewed
there once more, goes on from desk to desk as long as the list of the desk has left with it, and waits in the pool of
the first desk whose list is still there. What a desk's list has left without is over.
"""

from dataclasses import dataclass

from appraisal.models import Nomination, Slate, SlateEntry
from appraisal.services._stock import Desk
from appraisal.states import SlateState
from quotas.models import Body
from quotas.services import allotments

GONE_STATES = (SlateState.SENT_UP, SlateState.FINALISED, SlateState.NAMED)
"""The list has left its desk: nothing can be put on it any more."""


@dataclass(frozen=True)
class Lists:
    """Of the bodies on a nomination's route: whose list has left, and whose has left with this nomination on it."""

    gone: frozenset[int]
    took_it: frozenset[int]

    def working_desk(self, desk: Body) -> Body:
        """The lowest desk from here upward whose list has not left with the nomination: its time is what counts."""
        while desk.pk in self.took_it and desk.parent is not None:
            desk = desk.parent
        return desk

    def is_too_late_at(self, desk: Body) -> bool:
        """Whether the desk's list has left without the nomination."""
        return desk.pk in self.gone - self.took_it

    def destination(self, desk: Body) -> Body | None:
        """Where a nomination goes when all offices of the desk approve: the desk itself, that is its pool; the next desk,
        where the list has left with it; None where a list has left without it, which ends it.
        """
        if self.is_too_late_at(desk):
            return None
        if desk.pk not in self.took_it or desk.parent is None:
            return desk
        return None if self.is_too_late_at(desk.parent) else desk.parent


NONE_GONE = Lists(frozenset(), frozenset())
"""The usual case: no list has left yet with a nomination that is reviewed for the first time."""


def lock_ahead(ahead: Desk) -> None:
    """Before the nomination's own lock: hold its route's allotments, so that no list above leaves meanwhile.

    Only a nomination that was returned before can pass more than its own desk, so only then there is a lock to take.
    """
    if ahead.review_pass > 1:
        codes = ahead.first_path.strip("/").split("/")
        bodies = Body.objects.filter(code__in=codes).values_list("pk", flat=True)
        allotments.lock(round_award_id=ahead.round_award_id, body_ids=bodies)


def lists_of(nomination: Nomination) -> Lists:
    """What has left of the lists on the nomination's route. Two statements, none in the first pass of reviews."""
    if nomination.review_pass == 1:
        return NONE_GONE
    codes = nomination.body.path.strip("/").split("/")
    gone = dict(
        Slate.objects.filter(
            round_award=nomination.round_award_id, body__code__in=codes, state__in=GONE_STATES
        ).values_list("pk", "body_id")
    )
    taken = SlateEntry.objects.filter(slate__in=gone, nomination=nomination, removed_at=None)
    return Lists(
        frozenset(gone.values()), frozenset(gone[pk] for pk in taken.values_list("slate_id", flat=True))
    )


def hold_list(nomination_id: int) -> None:
    """Hold the first body's allotment, so that its list does not leave while the nomination is handed in."""
    round_award_id, body_id = Nomination.objects.values_list("round_award_id", "body_id").get(
        pk=nomination_id
    )
    allotments.lock(round_award_id=round_award_id, body_ids=[body_id])


def has_left(round_award_id: int, body_id: int) -> bool:
    """Whether the body's list for the award has left its desk. One statement."""
    return Slate.objects.filter(round_award=round_award_id, body=body_id, state__in=GONE_STATES).exists()
