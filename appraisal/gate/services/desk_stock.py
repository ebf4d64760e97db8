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
from quotas.editions.services import fields
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import labels
from quotas.selection.labels import Domain, Entry
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
    rule_version_id: int
    entry: Entry
    plan: Plan

    @property
    def domain(self) -> Domain:
        """What the entries of its award can differ in."""
        return fields.domain_of(self.rule_version_id, self.nominee_kind)

    @property
    def place(self) -> Place:
        """What its stock goes by."""
        return self.round_award_id, self.path

    @property
    def open(self) -> bool:
        """Whether units can still apply now, or later."""
        until = self.plan.units_until
        return until is not None and clock.now() <= until


NOWHERE = Plan(places=dict.fromkeys(KINDS, 0), given=False)
"""The plan of a nomination that lies on no desk."""


def desks(nomination_ids: Iterable[int]) -> dict[int, ReviewDesk]:
    """The desks of these nominations with the plan of the body there, by nomination. Two statements."""
    lying = list(
        Nomination.objects.filter(pk__in=list(nomination_ids))
        .select_related("round_award__award", "desk")
        .only("labels", "round_award", "desk", *_OF_AWARD, *_OF_DESK)
        .order_by("pk")
    )
    known = plans.of(
        (AwardDesk.at(each.round_award, each.desk) for each in lying if each.desk is not None), until=True
    )
    return {
        each.pk: _desk(each, each.desk, known.get((each.round_award_id, each.desk_id or 0), NOWHERE))
        for each in lying
    }


_OF_AWARD = (
    "round_award__rule_version",
    "round_award__previous_count",
    "round_award__previous_base",
    "round_award__award__nominee_kind",
    "round_award__award__final_stage",
)
_OF_DESK = ("desk__name", "desk__path", "desk__level")


def desk_of(nomination: Nomination, desk: Body) -> ReviewDesk:
    """The desk of one locked nomination, which lies there. One statement."""
    return _desk(nomination, desk, plans.one(AwardDesk.at(nomination.round_award, desk), until=True))


def _desk(nomination: Nomination, desk: Body | None, plan: Plan) -> ReviewDesk:
    return ReviewDesk(
        nomination_id=nomination.pk,
        round_award_id=nomination.round_award_id,
        body_id=None if desk is None else desk.pk,
        body="" if desk is None else desk.name,
        path="" if desk is None else desk.path,
        nominee_kind=nomination.round_award.award.nominee_kind,
        rule_version_id=nomination.round_award.rule_version_id,
        entry=labels.read(nomination.labels),
        plan=plan,
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
