"""What the slates of desks can be made of: their plans and their stocks, of many nominations in a fixed number of statements.

The one reading behind the refusal of an approval and behind everything that says so beforehand.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from appraisal.records.models import Nomination
from appraisal.records.states import NominationState
from quotas.base import clock
from quotas.base.states import STAGE_OF_LEVEL
from quotas.rounds.models import RoundAward
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import labels
from quotas.selection.labels import Entry
from quotas.selection.plan import KINDS, Plan
from quotas.selection.reach import DeskStock
from quotas.tree.models import Body

_PENDING_STATES = (NominationState.IN_REVIEW, NominationState.RETURNED)

Place = tuple[int, str]
"""A round award and the path of a body."""


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The desk on which a nomination lies, as far as its slate is concerned.

    Where no places were ever given to the body (`plan.given`) there is nothing yet to hold a slate to.
    """

    nomination_id: int
    round_award_id: int
    body_id: int | None
    body: str
    path: str
    nominee_kind: str
    entry: Entry
    plan: Plan

    @property
    def place(self) -> Place:
        """What its stock goes by."""
        return self.round_award_id, self.path

    @property
    def open(self) -> bool:
        """Whether units can still apply now, or later."""
        until = self.plan.units_until
        return until is not None and clock.now() <= until


_HEAD = (
    "pk",
    "round_award_id",
    "desk_id",
    "desk__name",
    "desk__path",
    "desk__level",
    "round_award__award__nominee_kind",
    "labels",
)
NOWHERE = Plan(places=dict.fromkeys(KINDS, 0), given=False)
"""The plan of a nomination that lies on no desk."""


def desks(nomination_ids: Iterable[int]) -> dict[int, ReviewDesk]:
    """The desks of these nominations with the plan of the body there, by nomination. Four statements."""
    rows = Nomination.objects.filter(pk__in=list(nomination_ids)).order_by("pk").values(*_HEAD)
    heads = {row["pk"]: row for row in rows}
    awards = RoundAward.objects.select_related("award").in_bulk(
        {head["round_award_id"] for head in heads.values()}
    )
    wanted = {
        pk: AwardDesk(awards[head["round_award_id"]], head["desk_id"], STAGE_OF_LEVEL[head["desk__level"]])
        for pk, head in heads.items()
        if head["desk_id"] is not None
    }
    known = plans.of(wanted.values(), until=True)
    return {
        pk: ReviewDesk(
            nomination_id=pk,
            round_award_id=head["round_award_id"],
            body_id=head["desk_id"],
            body=head["desk__name"] or "",
            path=head["desk__path"] or "",
            nominee_kind=head["round_award__award__nominee_kind"],
            entry=labels.read(head["labels"]),
            plan=known[wanted[pk].key] if pk in wanted else NOWHERE,
        )
        for pk, head in heads.items()
    }


def desk_of(nomination: Nomination, desk: Body) -> ReviewDesk:
    """The desk of one locked nomination, which lies there. Two statements."""
    round_award = nomination.round_award
    return ReviewDesk(
        nomination_id=nomination.pk,
        round_award_id=round_award.pk,
        body_id=desk.pk,
        body=desk.name,
        path=desk.path,
        nominee_kind=round_award.award.nominee_kind,
        entry=labels.read(nomination.labels),
        plan=plans.one(AwardDesk.at(round_award, desk), until=True),
    )


def stocks(wanted: Iterable[ReviewDesk]) -> dict[Place, DeskStock]:
    """What each of these desks has, by kind of entry, and whether more can come. One statement; none for no desk.

    Approved is the pool of the desk. Pending is what lies there, or was returned from there, and everything that is
    still on its way up below it; what is declined, withdrawn or passed over is out.
    """
    places = {desk.place: desk for desk in wanted}
    if not places:
        return {}
    lying = Nomination.objects.filter(
        reduce(or_, (Q(round_award=award, desk__path__startswith=path) for award, path in places)),
        status__in=(*_PENDING_STATES, NominationState.POOLED),
    )
    approved: dict[Place, Counter[Entry]] = {place: Counter() for place in places}
    pending: dict[Place, Counter[Entry]] = {place: Counter() for place in places}
    counted = lying.order_by().values_list("round_award_id", "desk__path", "status", "labels")
    for award, path, status, carried, number in counted.annotate(number=Count("pk")):
        for place in places:
            if award != place[0] or not path.startswith(place[1]):
                continue
            pooled_here = path == place[1] and status == NominationState.POOLED
            entry = labels.read(carried)
            (approved if pooled_here else pending)[place][entry] += number
    return {place: DeskStock(approved[place], pending[place], desk.open) for place, desk in places.items()}
