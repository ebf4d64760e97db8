"""What the slates of desks can be made of: their plans and their stocks, each of many nominations in one statement.

The one reading behind the refusal of an approval and behind everything that says so beforehand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, FilteredRelation, Max, OuterRef, Q, Subquery

from appraisal.gate.services import gate
from appraisal.gate.services.completions import DeskStock
from appraisal.records import facets
from appraisal.records.models import Nomination
from appraisal.records.states import EntryKind, NominationState
from quotas.arithmetic import shares
from quotas.base import clock
from quotas.base.states import STAGE_OF_LEVEL, Stage
from quotas.editions.models import ShareRule
from quotas.editions.services.rules import in_force
from quotas.editions.services.rules import labelled as labelled_rules
from quotas.rounds.models import Allotment, Extension, StageWindow
from quotas.tree.models import Body

_PENDING_STATES = (NominationState.IN_REVIEW, NominationState.RETURNED)
_RULE = (
    "code",
    "label",
    "facet",
    "value",
    "base_facet",
    "base_value",
    "sense",
    "kind",
    "basis",
    "numerator",
    "denominator",
    "stages",
    "clause",
)
_RULES = "round_award__rule_version__rules__"


Place = tuple[int, str]
"""A round award and the path of a body."""


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The desk on which a nomination lies, as far as its slate is concerned.

    `plan` is None where no places were ever given to the body: then there is nothing yet to hold a slate to.
    `units_until` is the moment to which the last unit under the desk can still apply.
    """

    nomination_id: int
    round_award_id: int
    body_id: int | None
    body: str
    path: str
    nominee_kind: str
    traits: facets.Traits
    plan: gate.Plan | None
    units_until: datetime | None

    @property
    def place(self) -> Place:
        """What its stock goes by."""
        return self.round_award_id, self.path

    @property
    def entry(self) -> shares.Entry:
        """What the bounds count of the nomination."""
        return facets.labels_of(self.traits, self.nominee_kind)

    @property
    def open(self) -> bool:
        """Whether units can still apply now, or later."""
        return self.units_until is not None and clock.now() <= self.units_until


@dataclass(slots=True)
class _Seen:
    """The parts of a plan, gathered from the product of its rows."""

    typed: dict[int, gate.TypedPlaces] = field(default_factory=dict)
    rules: dict[int, ShareRule] = field(default_factory=dict)


_HEAD = (
    "pk",
    "round_award_id",
    "desk_id",
    "desk__name",
    "desk__path",
    "desk__level",
    "round_award__award__nominee_kind",
    "round_award__award__final_stage",
    "round_award__previous_count",
    "round_award__previous_base",
    "given__pk",
    "given__places",
    "given__reserve_places",
    "given__separate_places",
    "units_until",
    "units_extended",
)
_TYPED = (
    "given__typed_places__pk",
    "given__typed_places__facet",
    "given__typed_places__value",
    "given__typed_places__places",
)


def desks(nomination_ids: Iterable[int]) -> dict[int, ReviewDesk]:
    """The desks of these nominations with the plan of the body there, by nomination. One statement.

    Nothing is locked: places that change meanwhile are as good before the act as after it.
    """
    unit_stage = {"round": OuterRef("round_award__round"), "stage": Stage.UNIT}
    extended = (
        Extension.objects.filter(**unit_stage, body__path__startswith=OuterRef("desk__path"))
        .order_by()
        .values("round")
        .annotate(last=Max("due_at"))
        .values("last")
    )
    rows = (
        Nomination.objects.filter(pk__in=list(nomination_ids))
        .annotate(
            given=FilteredRelation(
                "desk__allotments", condition=Q(desk__allotments__round_award=F("round_award"))
            ),
            units_until=Subquery(StageWindow.objects.filter(**unit_stage).values("due_at")),
            units_extended=Subquery(extended),
        )
        .values_list(*_HEAD, *facets.FIELDS, *_TYPED, *(f"{_RULES}{name}" for name in ("pk", *_RULE)))
        .order_by("pk", "given__typed_places__pk", f"{_RULES}pk")
    )
    heads: dict[int, tuple[Any, ...]] = {}
    seen: dict[int, _Seen] = {}
    ends = (len(_HEAD) + len(facets.FIELDS), len(_HEAD) + len(facets.FIELDS) + len(_TYPED))
    for row in rows:
        heads[row[0]] = row[: ends[0]]
        parts = seen.setdefault(row[0], _Seen())
        typed_id, facet, value, places = row[ends[0] : ends[1]]
        if typed_id is not None:
            parts.typed[typed_id] = gate.TypedPlaces(f"{facet}:{value}", places)
        rule_id, *rule = row[ends[1] :]
        if rule_id is not None and rule_id not in parts.rules:
            parts.rules[rule_id] = ShareRule(**dict(zip(_RULE, rule, strict=True)))
    return {pk: _desk(head, seen[pk]) for pk, head in heads.items()}


def desk_of(nomination: Nomination, desk: Body) -> ReviewDesk:
    """The desk of one locked nomination, which lies there. Two statements; a row for each type of places, and each rule."""
    round_award = nomination.round_award
    unit_stage = {"round": round_award.round_id, "stage": Stage.UNIT}
    extended = Extension.objects.filter(**unit_stage, body__path__startswith=desk.path).order_by()
    allotted = list(
        Allotment.objects.filter(round_award=round_award, body=desk).values_list(
            *gate.ALLOTTED,
            Subquery(StageWindow.objects.filter(**unit_stage).values("due_at")),
            Subquery(extended.values("round").annotate(last=Max("due_at")).values("last")),
        )
    )
    plan = units_until = None
    if allotted:
        labelled = labelled_rules(round_award_id=round_award.pk, stage=desk.stage)
        plan = gate.plan_from(round_award, desk.stage, [row[:-2] for row in allotted], labelled)
        units_until = max((moment for moment in allotted[0][-2:] if moment is not None), default=None)
    return ReviewDesk(
        nomination_id=nomination.pk,
        round_award_id=round_award.pk,
        body_id=desk.pk,
        body=desk.name,
        path=desk.path,
        nominee_kind=round_award.award.nominee_kind,
        traits=facets.Traits.of(nomination),
        plan=plan,
        units_until=units_until,
    )


def _desk(head: Sequence[Any], parts: _Seen) -> ReviewDesk:
    told = dict(zip(_HEAD, head, strict=False))
    until = [moment for moment in (told["units_until"], told["units_extended"]) if moment is not None]
    return ReviewDesk(
        nomination_id=told["pk"],
        round_award_id=told["round_award_id"],
        body_id=told["desk_id"],
        body=told["desk__name"] or "",
        path=told["desk__path"] or "",
        nominee_kind=told["round_award__award__nominee_kind"],
        traits=facets.Traits._make(head[len(_HEAD) :]),
        plan=None if told["given__pk"] is None else _plan(told, parts),
        units_until=max(until, default=None),
    )


def _plan(told: Mapping[str, Any], parts: _Seen) -> gate.Plan:
    stage, final_stage = STAGE_OF_LEVEL[told["desk__level"]], told["round_award__award__final_stage"]
    count, base = told["round_award__previous_count"], told["round_award__previous_base"]
    held = in_force(
        parts.rules.values(),
        stage=stage,
        final_stage=final_stage,
        previous=None if count is None or base is None else (count, base),
    )
    return gate.Plan(
        places={
            EntryKind.REGULAR: told["given__places"],
            EntryKind.RESERVE: told["given__reserve_places"],
            EntryKind.SEPARATE: told["given__separate_places"],
        },
        typed=tuple(parts.typed.values()),
        rules=tuple(rule for rule, _label in held),
        rule_labels={rule.code: label for rule, label in held},
        awarding=stage == final_stage,
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
    approved: dict[Place, Counter[shares.Entry]] = {place: Counter() for place in places}
    pending: dict[Place, Counter[shares.Entry]] = {place: Counter() for place in places}
    counted = lying.order_by().values_list("round_award_id", "desk__path", "status", *facets.FIELDS)
    for award, path, status, *traits, number in counted.annotate(number=Count("pk")):
        for place, desk in places.items():
            if award != place[0] or not path.startswith(place[1]):
                continue
            pooled_here = path == place[1] and status == NominationState.POOLED
            entry = facets.labels_of(facets.Traits._make(traits), desk.nominee_kind)
            (approved if pooled_here else pending)[place][entry] += number
    return {place: DeskStock(approved[place], pending[place], desk.open) for place, desk in places.items()}
