"""The way up of a nomination that was returned after slates below had left with it.

A return "from the first review again" sends a nomination down to desks whose slates went up long ago. It is reviewed
there once more, goes on from desk to desk as long as the slate of the desk has left with it, and waits in the pool of
the first desk whose slate is still there. What a desk's list has left without is over.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import SlateState
from quotas.rounds.services import allotments
from quotas.tree.models import Body

GONE_STATES = (SlateState.SENT_UP, SlateState.FINALISED, SlateState.NAMED)
"""The slate has left its desk: nothing can be put on it any more."""


@dataclass(frozen=True)
class Lists:
    """The bodies on a nomination's route whose slate has left, and those whose slate left with this nomination on it.

    `states` are the states of the lists, by body, where they were read.
    """

    gone: frozenset[int]
    took_it: frozenset[int]
    states: Mapping[int, SlateState] = field(default_factory=dict)

    def working_desk(self, desk: Body) -> Body:
        """The lowest desk from here upward whose slate has not left with the nomination: its time is what counts."""
        while desk.pk in self.took_it and desk.parent is not None:
            desk = desk.parent
        return desk

    def is_too_late_at(self, desk: Body) -> bool:
        """Whether the desk's list has left without the nomination."""
        return desk.pk in self.gone - self.took_it

    def destination(self, desk: Body) -> Body | None:
        """Where a nomination goes when all offices of the desk approve: the desk itself, that is its pool; the next desk,
        where the slate has left with it; None where a slate has left without it, which ends it.
        """
        if self.is_too_late_at(desk):
            return None
        if desk.pk not in self.took_it or desk.parent is None:
            return desk
        return None if self.is_too_late_at(desk.parent) else desk.parent


NONE_GONE = Lists(frozenset(), frozenset())
"""The usual case: no slate has left yet with a nomination that is reviewed for the first time."""


def lists_of(nomination: Nomination) -> Lists:
    """What has left of the slates on the nomination's route. Two statements, none in the first pass of reviews."""
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


def lists_of_all(nominations: Iterable[Nomination]) -> dict[int, Lists]:
    """Like `lists_of`, for many nominations (their bodies loaded), keyed by nomination, with the states of the lists.

    One statement, and two more where a nomination was returned before: it can pass more than its own desk.
    """
    asked = list(nominations)
    again = {each.pk for each in asked if each.review_pass > 1}
    _join_parents([each for each in asked if each.pk in again])
    codes = {each.pk: frozenset(each.body.path.strip("/").split("/")) for each in asked}
    slates = Slate.objects.filter(
        round_award__in={each.round_award_id for each in asked},
        body__code__in=frozenset().union(*codes.values()),
    )
    found: dict[tuple[int, str], _List] = {}
    for pk, award, code, body, state in slates.values_list(
        "pk", "round_award", "body__code", "body", "state"
    ):
        found[award, code] = _List(pk, body, SlateState(state))
    taken = _taken([each.pk for each in found.values() if each.has_gone], again)
    return {
        each.pk: _lists_on_the_way(
            each,
            [found[where] for code in codes[each.pk] if (where := (each.round_award_id, code)) in found],
            taken,
        )
        for each in asked
    }


class _List(NamedTuple):
    """A list on the way of a nomination."""

    pk: int
    body_id: int
    state: SlateState

    @property
    def has_gone(self) -> bool:
        return self.state in GONE_STATES


def _taken(slates: Sequence[int], nominations: Collection[int]) -> frozenset[tuple[int, int]]:
    """Which of these nominations went with which of these lists. At most one statement."""
    if not slates or not nominations:
        return frozenset()
    entries = SlateEntry.objects.filter(slate__in=slates, nomination__in=nominations, removed_at=None)
    return frozenset(entries.values_list("slate_id", "nomination_id"))


def _lists_on_the_way(
    nomination: Nomination, found: Sequence[_List], taken: Collection[tuple[int, int]]
) -> Lists:
    # In the first pass nothing has left that it could have been on: it goes into the pool, as `lists_of` has it.
    gone = [each for each in found if each.has_gone] if nomination.review_pass > 1 else []
    return Lists(
        gone=frozenset(each.body_id for each in gone),
        took_it=frozenset(each.body_id for each in found if (each.pk, nomination.pk) in taken),
        states={each.body_id: each.state for each in found},
    )


def _join_parents(nominations: Sequence[Nomination]) -> None:
    """Read the bodies above these desks at once, not one by one as each route is followed."""
    if not nominations:
        return
    codes = {code for each in nominations for code in each.body.path.strip("/").split("/")}
    above = {body.pk: body for body in Body.objects.filter(code__in=codes)}
    for body in above.values():
        if body.parent_id in above:
            body.parent = above[body.parent_id]
    for each in nominations:
        if each.desk is not None and each.desk.parent_id in above:
            each.desk.parent = above[each.desk.parent_id]


def hold_list(nomination_id: int) -> None:
    """Hold the first body's allotment, so that its slate does not leave while the nomination is handed in."""
    round_award_id, body_id = Nomination.objects.values_list("round_award_id", "body_id").get(
        pk=nomination_id
    )
    allotments.lock(round_award_id=round_award_id, body_ids=[body_id])


def has_left(round_award_id: int, body_id: int) -> bool:
    """Whether the body's slate for the award has left its desk. One statement."""
    return Slate.objects.filter(round_award=round_award_id, body=body_id, state__in=GONE_STATES).exists()
