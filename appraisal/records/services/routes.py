"""The way up of a nomination that was returned after slates below had left with it.

A return "from the first review again" sends a nomination down to desks whose slates went up long ago. It is reviewed
there once more, goes on from desk to desk as long as the slate of the desk has left with it, and waits in the pool of
the first desk whose slate is still there. What a desk's list has left without is over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
    _join_parents([each for each in asked if each.review_pass > 1])
    routes = {each.pk: frozenset(each.body.path.strip("/").split("/")) for each in asked}
    found = list(
        Slate.objects.filter(
            round_award__in={each.round_award_id for each in asked},
            body__code__in=frozenset().union(*routes.values()),
        ).values_list("pk", "round_award_id", "body_id", "body__code", "state")
    )
    again = [each.pk for each in asked if each.review_pass > 1]
    gone = [pk for pk, *_where, state in found if state in GONE_STATES]
    taken: set[tuple[int, int]] = set()
    if again and gone:
        entries = SlateEntry.objects.filter(slate__in=gone, nomination__in=again, removed_at=None)
        taken = set(entries.values_list("slate_id", "nomination_id"))
    lists = {}
    for each in asked:
        own = [
            (pk, body_id, SlateState(state))
            for pk, round_award_id, body_id, code, state in found
            if round_award_id == each.round_award_id and code in routes[each.pk]
        ]
        lists[each.pk] = Lists(
            # In the first pass nothing has left that it could have been on: it goes into the pool, as `lists_of` has it.
            gone=frozenset(
                body_id for _pk, body_id, state in own if state in GONE_STATES and each.review_pass > 1
            ),
            took_it=frozenset(body_id for pk, body_id, _state in own if (pk, each.pk) in taken),
            states={body_id: state for _pk, body_id, state in own},
        )
    return lists


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
