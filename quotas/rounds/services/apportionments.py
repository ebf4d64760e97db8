"""Calculations of places 名额测算: from weights over lots and method to what each body below one is given.

While the inputs are open anybody who hands places down there may change them, and nothing is computed. The draw of the
lots fixes them for good; from then on the result follows from the rows and the rules of the edition. It is stored
nowhere. Figures of rules are shared out over the bodies in the table by which all parts are computed
(`parts.table`), with the lots of the calculation. What is changed by hand stands beside it with its reason. Applying writes the allotments. A calculation that is dropped stays as it was,
and the ledger keeps its lots, so that nobody draws until he likes the outcome.

Whoever may hand places down at the body may do all of this: ALLOCATE_PLACES there.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from django.db import transaction

from quotas.arithmetic import apportion
from quotas.arithmetic.parts import PartCell
from quotas.arithmetic.refusals import PartsAskedTooMany
from quotas.base import clock
from quotas.base.errors import FieldProblem, InvalidInput, Reason, RuleViolation
from quotas.base.refusals import ReasonRequired
from quotas.base.states import ApportionmentState, DivisionMethod, RoundState, Sense, Stage, WeightKind
from quotas.base.text import required_text
from quotas.editions.services import rules
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, Apportionment, ApportionmentRow, RoundAward
from quotas.rounds.refusals import (
    AppliedUnderOthers,
    BelowCommitted,
    CalculationAlreadyOpen,
    CalculationBodiesChanged,
    CalculationChanged,
    CalculationNotDraft,
    CalculationNotDrawn,
    CalculationOver,
    CalculationWithoutBodies,
    CapBelowFloor,
    CapsBelowTotal,
    DifferenceUnnamed,
    FigureAboveTotal,
    FigureOutOfRange,
    FiguresTogether,
    FigureUnlikeRule,
    FloorsAboveTotal,
    NotInCalculation,
    PartWithoutChoice,
    PlacesAboveCap,
    PlacesBelowFloor,
    PlanChanged,
    RoundClosed,
    RulesGone,
    RuleWithoutParts,
    WeightsAllNought,
    WeightsNought,
)
from quotas.rounds.services import allotments
from quotas.rounds.services import parts as parted
from quotas.selection.plan import Rule
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, require

MOST_PLACES = 1_000_000
"""More than any award has; keeps figures within what the database holds."""
MOST_WEIGHT = 10**12

_OPEN = (ApportionmentState.DRAFT, ApportionmentState.DRAWN)

_DIVISORS: Mapping[DivisionMethod, Literal["sainte_lague", "dhondt"]] = {
    DivisionMethod.SAINTE_LAGUE: "sainte_lague",
    DivisionMethod.DHONDT: "dhondt",
}

Step = apportion.DivisionStep[int] | apportion.DivisorStep[int]


@dataclass(frozen=True)
class Inputs:
    """What is decided for the whole before the lots are drawn; `figures` are handed down in parts, by code of the rule."""

    total: int
    method: str = DivisionMethod.LARGEST_REMAINDER
    weight_kind: str = WeightKind.FLAT
    weight_source: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Weight:
    """What is decided for one body before the lots are drawn; `cap=None`: unlimited."""

    weight: int
    floor: int = 0
    cap: int | None = None


@dataclass(frozen=True)
class Offered:
    """A rule that a calculation can hand down in parts, and what it asks of all places together."""

    rule: Rule
    figure: int

    @property
    def label(self) -> str:
        """What the rule is called."""
        return self.rule.label or self.rule.code


Offers = Mapping[str, Offered]
"""By code, in the order of the rules."""


@dataclass(frozen=True)
class CalculationLine:
    """
    One body of the result: how it came to its figure, and what it gets after changes by hand.

    `parts` are its parts by code, in the order of the rules, and `computed` what they would be if no part were fixed by
    hand. Both are empty where no figure is handed down, or none that the places can hold.
    """

    row: ApportionmentRow
    step: Step
    places: int
    parts: Mapping[str, PartCell[int]]
    computed: Mapping[str, int]

    @property
    def adjusted(self) -> bool:
        """Whether anything was changed by hand."""
        return self.row.adjusted_places is not None or bool(self.row.adjusted_parts)


@dataclass(frozen=True)
class CalculationResult:
    """
    The result of a calculation: its lines in the order of the tree, and what keeps it from being applied.

    `difference` is how many places more (or fewer) than the total the changes by hand make; it must be given a reason.
    `last` is the quotient of the last place of a divisor method. `handed_down` are the rules of which it gives parts;
    `without_parts` says why there are none though figures were stated.
    """

    apportionment: Apportionment
    lines: tuple[CalculationLine, ...]
    last: Fraction | None
    handed_down: tuple[Offered, ...]
    without_parts: tuple[Reason, ...]

    @property
    def problems(self) -> tuple[Reason, ...]:
        """Everything that keeps it from being applied."""
        return (*(problem for line in self.lines for problem in _line_problems(line)), *self.without_parts)

    @property
    def places(self) -> int:
        """All places handed out."""
        return sum(line.places for line in self.lines)

    @property
    def parts(self) -> dict[str, int]:
        """All parts handed out, by code: exactly the figures."""
        return {
            offer.rule.code: sum(line.parts[offer.rule.code].given for line in self.lines)
            for offer in self.handed_down
            if not self.without_parts
        }

    @property
    def difference(self) -> int:
        return self.places - self.apportionment.total


@dataclass(frozen=True)
class CalculationStanding:
    """
    What the bodies of a calculation have now, by body, and what their slates have taken of it.

    `digest` is equal as long as no places change (`allotments.digest_below`); lists take what they take.
    """

    places: Mapping[int, int]
    parts: Mapping[int, Mapping[str, int]]
    committed: Mapping[int, int]
    own: int | None
    digest: str


# --- what is proposed ----------------------------------------------------------------------------------------


def offered(*, round_award_id: int, parent: Body, total: int) -> dict[str, Offered]:
    """The rules that can be handed down in parts, by code in their order, with what each asks of `total` places.

    Rules of the body's own slate count as those of the slates below it, since the places below are to make up its slate.
    Rules on a part of the slate are not of the places as such. What the body itself was let off by its part is not asked
    below it. Three statements.
    """
    places, own = _own_figures(round_award_id, parent)
    return {
        rule.code: Offered(rule, parted.asked_below(rule, total, part=own.get(rule.code), places=places))
        for stage in (_stage_below(parent), parent.stage)
        for rule in rules.of(round_award_id=round_award_id, stage=stage)
        if rule.partable
    }


def proposed(*, round_award_id: int, parent_id: int) -> Inputs:
    """The inputs with which a calculation begins: the body's own places, flat.

    Handed down in parts are the rules that the edition keeps in parts; the others every slate keeps by itself.
    """
    round_award = RoundAward.objects.select_related("award").get(pk=round_award_id)
    parent = Body.objects.get(pk=parent_id)
    total = _own_places(round_award, parent) or 0
    offers = offered(round_award_id=round_award_id, parent=parent, total=total)
    return Inputs(
        total=total, figures={code: each.figure for code, each in offers.items() if each.rule.in_parts}
    )


def inputs_of(apportionment: Apportionment) -> Inputs:
    """The inputs as they stand."""
    return Inputs(
        total=apportionment.total,
        method=apportionment.method,
        weight_kind=apportionment.weight_kind,
        weight_source=apportionment.weight_source,
        figures=apportionment.figures,
    )


def with_weights(apportionment: Apportionment, kind: WeightKind, source: str) -> Inputs:
    """The inputs as they stand, but for what the weights are and where they come from."""
    return replace(inputs_of(apportionment), weight_kind=kind, weight_source=source[:200])


def standing(apportionment: Apportionment) -> CalculationStanding:
    """What the bodies below have now, parts of the calculation's rules only. Five statements."""
    there = {
        allotment.body_id: allotment
        for allotment in Allotment.objects.filter(round_award=apportionment.round_award_id)
        .filter(body__parent=apportionment.parent_id)
        .order_by("body")
        .prefetch_related("lines")
    }
    return CalculationStanding(
        places={pk: allotment.places for pk, allotment in there.items()},
        parts={
            pk: {
                line.rule: line.places for line in allotment.lines.all() if line.rule in apportionment.figures
            }
            for pk, allotment in there.items()
        },
        committed={pk: allotment.committed for pk, allotment in there.items()},
        own=_own_places(apportionment.round_award, apportionment.parent),
        digest=allotments.digest_below(
            round_award_id=apportionment.round_award_id, parent_id=apportionment.parent_id
        ),
    )


def second_look(
    apportionment: Apportionment, rows: Sequence[ApportionmentRow], now: CalculationStanding, offers: Offers
) -> list[Reason]:
    """What to point out about the inputs before the draw; none of it is refused. No statement."""
    found = list(allotments.second_look(now.own, apportionment.total))
    nought = [row.body.short_name for row in rows if not row.weight and not row.floor]
    if nought:
        found.append(WeightsNought(bodies=nought))
    for chosen, figure in handed_down(apportionment, offers):
        if figure < chosen.figure if chosen.rule.sense == "min" else figure > chosen.figure:
            found.append(
                FigureUnlikeRule(
                    rule=chosen.label,
                    figure=figure,
                    sense=Sense(chosen.rule.sense),
                    required=chosen.figure,
                    total=apportionment.total,
                )
            )
    return found


def offers_of(apportionment: Apportionment) -> dict[str, Offered]:
    """The rules that this calculation can hand down in parts. Three statements."""
    return offered(
        round_award_id=apportionment.round_award_id, parent=apportionment.parent, total=apportionment.total
    )


def handed_down(apportionment: Apportionment, offers: Offers) -> list[tuple[Offered, int]]:
    """The rules of which the calculation hands down parts with their figures, in the order of the rules.

    None of one that was applied under other rules than those of the round now.
    """
    if _was_under_others(apportionment):
        return []
    figures = apportionment.figures
    return [(offer, figures[code]) for code, offer in offers.items() if code in figures]


def _gone(apportionment: Apportionment, offers: Offers) -> list[Reason]:
    """That there is a figure of what is no rule any more: the round was pinned to another edition meanwhile."""
    if apportionment.applied_under is not None and _was_under_others(apportionment):
        return (
            [AppliedUnderOthers(edition=apportionment.applied_under.number)] if apportionment.figures else []
        )
    gone = sorted(apportionment.figures.keys() - offers.keys())
    return [RulesGone(rules=gone)] if gone else []


def _was_under_others(apportionment: Apportionment) -> bool:
    """Whether it was applied, and the round is held to other rules since. What it comes to under these nobody was given."""
    return apportionment.applied_under_id not in (None, apportionment.round_award.rule_version_id)


def _stage_below(parent: Body) -> Stage:
    """The stage of the bodies directly below: all act at the same one."""
    return Stage.CITY if parent.parent_id is None else Stage.COUNTY


# --- the inputs ----------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, round_award_id: int, parent_id: int, actor: User, inputs: Inputs | None = None) -> Apportionment:
    """
    Begin a calculation over the bodies directly below, at the award's stages; without `inputs`, as `proposed`.

    Every body begins with the weight 1, no floor and no cap. Raises NotPermitted; WrongState (RoundClosed,
    CalculationAlreadyOpen, CalculationWithoutBodies); InvalidInput as `set_inputs`.
    """
    round_award = allotments.lock_round_award(round_award_id=round_award_id)
    parent = Body.objects.get(pk=parent_id)
    require(actor, Act.ALLOCATE_PLACES, parent_id)
    _require_round_not_closed(round_award)
    earlier = Apportionment.objects.filter(round_award=round_award, parent=parent)
    if earlier.filter(state__in=_OPEN).exists():
        raise CalculationAlreadyOpen(body=parent.short_name, award=round_award.award.name)
    bodies = _children(round_award, parent)
    if not bodies:
        raise CalculationWithoutBodies(body=parent.short_name, award=round_award.award.name)
    inputs = inputs or proposed(round_award_id=round_award_id, parent_id=parent_id)
    offers = offered(round_award_id=round_award_id, parent=parent, total=inputs.total)
    _require_inputs(round_award, offers, inputs)
    made = Apportionment.objects.create(
        round_award=round_award, parent=parent, made_by=actor, made_at=clock.now(), **_columns(inputs)
    )
    ApportionmentRow.objects.bulk_create(ApportionmentRow(apportionment=made, body=body) for body in bodies)
    _record(
        made,
        "begin_calculation",
        actor,
        after={
            **_told(inputs, offers),
            "award": round_award.award.name,
            # How often lots were drawn here and given up.
            "dropped_draws": earlier.filter(drawn_at__isnull=False, state=ApportionmentState.DROPPED).count(),
        },
    )
    return made


@transaction.atomic
def set_inputs(
    *,
    apportionment_id: int,
    version: int,
    actor: User | None,
    inputs: Inputs,
    rows: Mapping[int, Weight],
) -> Apportionment:
    """
    Set what is decided for the whole, and for the bodies named in `rows`; the others stay.

    Raises NotPermitted; CalculationChanged; WrongState (RoundClosed, CalculationNotDraft);
    InvalidInput ("total", FigureOutOfRange; "figure_x" for the rule x: FigureOutOfRange, FigureAboveTotal,
    RuleWithoutParts; "weight_12", "floor_12", "cap_12" for the body 12: FigureOutOfRange, CapBelowFloor; "rows",
    NotInCalculation).
    """
    apportionment = _lock(apportionment_id)
    _require_may(apportionment, actor, version)
    _require_draft(apportionment)
    found = {row.body_id: row for row in rows_of(apportionment)}
    offers = offers_of(apportionment)
    _require_inputs(apportionment.round_award, offers, inputs)
    _require_weights(found, rows)

    before = {**_told(inputs_of(apportionment), offers), "weights": _weights_told(found.values())}
    for name, value in _columns(inputs).items():
        setattr(apportionment, name, value)
    for pk, wanted in rows.items():
        row = found[pk]
        row.weight, row.floor, row.cap = wanted.weight, wanted.floor, wanted.cap
    ApportionmentRow.objects.bulk_update(found.values(), ["weight", "floor", "cap"])
    _save(apportionment, *_columns(inputs))
    after = {**_told(inputs, offers), "weights": _weights_told(found.values())}
    changed = {name for name in after if after[name] != before[name]}
    if changed:
        _record(
            apportionment,
            "set_inputs",
            actor,
            before={name: before[name] for name in sorted(changed)},
            after={name: after[name] for name in sorted(changed)},
        )
    return apportionment


def obstacles(apportionment: Apportionment, rows: Sequence[ApportionmentRow], offers: Offers) -> list[Reason]:
    """
    Why the lots cannot be drawn over these inputs yet: weights and bounds that no division of the total keeps, and
    figures that find no room together in all places, however these are divided. No statement.
    """
    weights, bounds = _weights(rows), _bounds(rows)
    least, most = apportion.room(weights, bounds)
    found: list[Reason] = []
    if apportionment.total < least:
        found.append(
            FloorsAboveTotal(total=apportionment.total, floors=least),
        )
    if most is not None and apportionment.total > most:
        found.append(
            CapsBelowTotal(total=apportionment.total, most=most)
            if any(weights.values())
            else WeightsAllNought(total=apportionment.total)
        )
    return [*found, *_gone(apportionment, offers), *_without_room(apportionment, offers)]


def _without_room(apportionment: Apportionment, offers: Offers) -> Iterator[Reason]:
    """The fewest figures that exclude one another and together ask for more than the total.

    Without bounds on single parts the table of several bodies has room exactly where that of all of them as one has.
    """
    whole, total = apportionment.parent_id, apportionment.total
    try:
        parted.table(
            [(offer.rule, figure) for offer, figure in handed_down(apportionment, offers)],
            places={whole: total},
            lot=[whole],
            names={whole: apportionment.parent.short_name},
        )
    except RuleViolation as refused:
        for reason in refused.reasons:
            if isinstance(reason, PartsAskedTooMany):
                yield FiguresTogether(rules=list(reason.labels), asked=reason.asked, total=total)


# --- the draw ------------------------------------------------------------------------------------------------


@transaction.atomic
def draw(*, apportionment_id: int, version: int, actor: User) -> Apportionment:
    """
    Draw the lots and fix the inputs. The lots come from the operating system's source of randomness.

    The ledger keeps inputs and lots together. There is no second draw. Raises NotPermitted; Conflict
    (CalculationChanged, CalculationBodiesChanged); WrongState (RoundClosed, CalculationNotDraft);
    RuleViolation (`obstacles`, all at once).
    """
    apportionment = _lock(apportionment_id)
    _require_may(apportionment, actor, version)
    _require_draft(apportionment)
    rows = rows_of(apportionment)
    present = {body.pk for body in _children(apportionment.round_award, apportionment.parent)}
    if present != {row.body_id for row in rows}:
        raise CalculationBodiesChanged(body=apportionment.parent.short_name)
    offers = offers_of(apportionment)
    if violations := obstacles(apportionment, rows, offers):
        raise RuleViolation(*violations)

    drawn = list(rows)
    secrets.SystemRandom().shuffle(drawn)
    for lot, row in enumerate(drawn, start=1):
        row.lot = lot
    ApportionmentRow.objects.bulk_update(rows, ["lot"])
    apportionment.drawn_by, apportionment.drawn_at = actor, clock.now()
    facts = {
        **_told(inputs_of(apportionment), offers),
        "weights": _weights_told(rows),
        "lots": {_name(row): row.lot for row in rows},
    }
    _move(
        apportionment,
        ApportionmentState.DRAWN,
        "draw_lots",
        actor,
        also=("drawn_by", "drawn_at"),
        facts=facts,
    )
    return apportionment


def result(*, apportionment_id: int) -> CalculationResult:
    """
    The result, computed from the rows and the rules, the same every time. Five statements.

    Raises CalculationNotDrawn while there are no lots.
    """
    apportionment = Apportionment.objects.in_full().get(pk=apportionment_id)
    return computed(apportionment, rows_of(apportionment), offers_of(apportionment))


def below_committed(found: CalculationResult, now: CalculationStanding) -> list[Reason]:
    """The bodies whose slates have taken more than the result gives them; said before applying, which refuses it."""
    return [
        BelowCommitted(body=line.row.body.short_name, places=line.places, committed=committed)
        for line in found.lines
        if line.places < (committed := now.committed.get(line.row.body_id, 0))
    ]


def computed(
    apportionment: Apportionment, rows: Sequence[ApportionmentRow], offers: Offers
) -> CalculationResult:
    """The result of rows and rules that were read already; a pure function of what stands in them."""
    if any(row.lot is None for row in rows):
        raise CalculationNotDrawn
    lots = [row.body_id for row in sorted(rows, key=lambda row: row.lot or 0)]
    steps, last = _divided(apportionment, rows, lots)
    places = {
        row.body_id: steps[row.body_id].given if row.adjusted_places is None else row.adjusted_places
        for row in rows
    }
    given = handed_down(apportionment, offers)
    without_parts = tuple(_gone(apportionment, offers))
    cells: Mapping[tuple[int, str], PartCell[int]] = {}
    alone: Mapping[tuple[int, str], int] = {}
    if not without_parts:
        try:
            cells, alone = _parted(given, rows, places, lots)
        except RuleViolation as refused:
            without_parts = tuple(refused.reasons)
    codes = [offer.rule.code for offer, _figure in given] if cells else []
    lines = tuple(
        CalculationLine(
            row=row,
            step=steps[row.body_id],
            places=places[row.body_id],
            parts={code: cells[row.body_id, code] for code in codes},
            computed={code: alone[row.body_id, code] for code in codes},
        )
        for row in rows
    )
    return CalculationResult(
        apportionment, lines, last, tuple(offer for offer, _figure in given), without_parts
    )


def _divided(
    apportionment: Apportionment, rows: Sequence[ApportionmentRow], lots: Sequence[int]
) -> tuple[Mapping[int, Step], Fraction | None]:
    """How each body comes to its places, and the quotient of the last place of a divisor method."""
    total, weights, bounds = apportionment.total, _weights(rows), _bounds(rows)
    method = _DIVISORS.get(apportionment.method)
    if method is None:
        split = apportion.apportion(total, weights, lots, bounds)
        return {step.key: step for step in split.steps}, None
    division = apportion.divide(total, weights, lots, method, bounds)
    return {step.key: step for step in division.steps}, division.last


def _parted(
    given: Sequence[tuple[Offered, int]],
    rows: Sequence[ApportionmentRow],
    places: Mapping[int, int],
    lots: Sequence[int],
) -> tuple[Mapping[tuple[int, str], PartCell[int]], Mapping[tuple[int, str], int]]:
    """
    How each body comes to its parts, by body and code, and what they would be if none were fixed by hand.

    RuleViolation where the figures, or what is fixed by hand, find no room.
    """
    figures = [(offer.rule, figure) for offer, figure in given]
    names = {row.body_id: row.body.short_name for row in rows}
    by_hand = {(row.body_id, code): part for row in rows for code, part in row.adjusted_parts.items()}
    alone = shared = parted.table(figures, places=places, lot=lots, names=names)
    if by_hand:
        shared = parted.table(figures, places=places, lot=lots, names=names, by_hand=by_hand)
    return {(cell.body, cell.label): cell for cell in shared.cells}, alone.given


# --- after the draw ------------------------------------------------------------------------------------------


@transaction.atomic
def adjust(
    *,
    apportionment_id: int,
    body_id: int,
    version: int,
    actor: User | None,
    places: int | None,
    parts: Mapping[str, int],
    reason: str,
) -> CalculationResult:
    """
    Change by hand what one body gets, with the reason: its places (None: as computed) and its `parts` of the rules named.

    Without either the change is taken back. A part that is fixed stays, and all others are shared out anew, so that the
    parts of every rule still sum to its figure. Floor, cap and the body's own places bind the hand as they bind the
    computation; what changed places make of the total stands in the result. Raises NotPermitted; CalculationChanged;
    WrongState (RoundClosed, CalculationNotDrawn); InvalidInput (ReasonRequired, FigureOutOfRange, NotInCalculation,
    PartWithoutChoice); RuleViolation (PlacesBelowFloor, PlacesAboveCap; for parts PartsHeldTooMany,
    PartsAskedTooMany, RulesGone).
    """
    apportionment = _lock(apportionment_id)
    _require_may(apportionment, actor, version)
    _require_drawn(apportionment)
    rows = rows_of(apportionment)
    row = next((row for row in rows if row.body_id == body_id), None)
    if row is None:
        raise InvalidInput(NotInCalculation("rows"))
    _require_adjustment(apportionment, places, parts, reason)

    offers = offers_of(apportionment)
    before = _hand_told(row, offers)
    row.adjusted_places, row.adjusted_parts = places, dict(parts)
    row.reason = reason if places is not None or parts else ""
    found = computed(apportionment, rows, offers)
    line = next(line for line in found.lines if line.row is row)
    if violations := [*_line_problems(line), *(found.without_parts if parts else ())]:
        raise RuleViolation(*violations)
    row.save(update_fields=["adjusted_places", "adjusted_parts", "reason"])
    _save(apportionment)
    _record(
        apportionment,
        "adjust_places",
        actor,
        before={"adjusted": {_name(row): before}},
        after={"adjusted": {_name(row): _hand_told(row, offers)}},
        reason=reason,
    )
    return found


@transaction.atomic
def apply(
    *, apportionment_id: int, version: int, plan: str, actor: User, reason: str = ""
) -> allotments.HandedDown:
    """
    Write the places, and the parts of the calculation's rules, to all allotments at once, or none.

    `plan` is the digest of `standing` as it was looked at. A body without places that had none gets no row. While the
    round is open, and where the sum differs from the total, a reason is needed. Raises NotPermitted; Conflict
    (CalculationChanged, PlanChanged); WrongState (RoundClosed, CalculationNotDrawn); InvalidInput
    (ReasonRequired, DifferenceUnnamed); RuleViolation with everything that does not hold: the result's
    problems, BelowCommitted, SlotsExceedPlaces.
    """
    apportionment = _lock(apportionment_id)
    rows = rows_of(apportionment)
    there = allotments.lock(
        round_award_id=apportionment.round_award_id, body_ids=[row.body_id for row in rows]
    )
    _require_may(apportionment, actor, version)
    _require_drawn(apportionment)
    now = standing(apportionment)
    if now.digest != plan:
        raise PlanChanged
    allotments.require_changeable(apportionment.round_award, reason)
    found = computed(apportionment, rows, offers_of(apportionment))
    if found.difference and not reason:
        raise InvalidInput(DifferenceUnnamed("reason", total=apportionment.total, places=found.places))
    lines = {line.row.body_id: line for line in found.lines if line.places or line.row.body_id in there}
    written = allotments.give(
        round_award=apportionment.round_award,
        bodies={pk: line.row.body for pk, line in lines.items()},
        there=there,
        given={pk: _given(found, line, reason) for pk, line in lines.items()},
        act="apply_calculation",
        actor=actor,
        problems=found.problems,
        tell_all=True,
    )
    apportionment.applied_by, apportionment.applied_at = actor, clock.now()
    apportionment.applied_under_id = apportionment.round_award.rule_version_id
    _move(
        apportionment,
        ApportionmentState.APPLIED,
        "apply_calculation",
        actor,
        also=("applied_by", "applied_at", "applied_under"),
        facts={"total": apportionment.total, "places": found.places} | _figures_told(found),
        reason=reason,
    )
    warnings = [
        *allotments.second_look(now.own, found.places),
        *parted.drift(round_award_id=apportionment.round_award_id, parents=[apportionment.parent_id]),
    ]
    return allotments.HandedDown(written, tuple(warnings))


@transaction.atomic
def drop(*, apportionment_id: int, version: int, actor: User | None, reason: str = "") -> Apportionment:
    """
    Give a calculation up; its rows stay. Once lots were drawn a reason is needed.

    Raises NotPermitted; CalculationChanged; WrongState (RoundClosed, CalculationOver);
    InvalidInput(ReasonRequired).
    """
    apportionment = _lock(apportionment_id)
    _require_may(apportionment, actor, version)
    state = apportionment.state
    if state not in _OPEN:
        raise CalculationOver(state=state)
    if state == ApportionmentState.DRAWN:
        required_text(reason, ReasonRequired("reason"))
    _move(apportionment, ApportionmentState.DROPPED, "drop_calculation", actor, reason=reason)
    return apportionment


# --- what holds ----------------------------------------------------------------------------------------------


def _line_problems(line: CalculationLine) -> Iterator[Reason]:
    row, body = line.row, line.row.body.short_name
    if line.places < row.floor:
        yield PlacesBelowFloor(body=body, places=line.places, floor=row.floor)
    if row.cap is not None and line.places > row.cap:
        yield PlacesAboveCap(body=body, places=line.places, cap=row.cap)


def _require_inputs(round_award: RoundAward, offers: Offers, inputs: Inputs) -> None:
    figures = {f"figure_{code}": figure for code, figure in inputs.figures.items()}
    problems: list[FieldProblem] = [
        FigureOutOfRange(name, value=figure, most=MOST_PLACES)
        for name, figure in {"total": inputs.total, **figures}.items()
        if not 0 <= figure <= MOST_PLACES
    ]
    problems += [
        FigureAboveTotal(name, figure=figure, total=inputs.total)
        for name, figure in figures.items()
        if max(inputs.total, 0) < figure <= MOST_PLACES
    ]
    problems += [
        RuleWithoutParts(f"figure_{code}", award=round_award.award.name)
        for code in inputs.figures
        if code not in offers
    ]
    if problems:
        raise InvalidInput(*problems)


def _require_weights(found: Mapping[int, ApportionmentRow], rows: Mapping[int, Weight]) -> None:
    strangers = [pk for pk in rows if pk not in found]
    if strangers:
        raise InvalidInput(*(NotInCalculation("rows") for pk in strangers))
    problems: list[FieldProblem] = []
    for pk, wanted in rows.items():
        problems += [
            FigureOutOfRange(f"{name}_{pk}", value=figure, most=most)
            for name, figure, most in (
                ("weight", wanted.weight, MOST_WEIGHT),
                ("floor", wanted.floor, MOST_PLACES),
                ("cap", wanted.cap or 0, MOST_PLACES),
            )
            if not 0 <= figure <= most
        ]
        if wanted.cap is not None and wanted.cap < wanted.floor:
            problems.append(CapBelowFloor(f"cap_{pk}", cap=wanted.cap, floor=wanted.floor))
    if problems:
        raise InvalidInput(*problems)


def _require_adjustment(
    apportionment: Apportionment, places: int | None, parts: Mapping[str, int], reason: str
) -> None:
    figures = {"places": places, **{f"part_{code}": part for code, part in parts.items()}}
    wrong: list[FieldProblem] = [
        FigureOutOfRange(name, value=figure, most=MOST_PLACES)
        for name, figure in figures.items()
        if figure is not None and not 0 <= figure <= MOST_PLACES
    ]
    wrong += [PartWithoutChoice(f"part_{code}") for code in parts if code not in apportionment.figures]
    if wrong:
        raise InvalidInput(*wrong)
    if places is not None or parts:
        required_text(reason, ReasonRequired("reason"))


def _require_may(apportionment: Apportionment, actor: User | None, version: int) -> None:
    require(actor, Act.ALLOCATE_PLACES, apportionment.parent_id)
    _require_round_not_closed(apportionment.round_award)
    if apportionment.version != version:
        raise CalculationChanged


def _require_round_not_closed(round_award: RoundAward) -> None:
    if round_award.round.state == RoundState.CLOSED:
        raise RoundClosed(round=round_award.round.name)


def _require_draft(apportionment: Apportionment) -> None:
    if apportionment.state != ApportionmentState.DRAFT:
        raise CalculationNotDraft(state=apportionment.state)


def _require_drawn(apportionment: Apportionment) -> None:
    if apportionment.state != ApportionmentState.DRAWN:
        raise CalculationNotDrawn


# --- rows ----------------------------------------------------------------------------------------------------


def _lock(apportionment_id: int) -> Apportionment:
    """The calculation, read under the lock of its round award: whatever is written about it holds that lock."""
    round_award_id = Apportionment.objects.values_list("round_award", flat=True).get(pk=apportionment_id)
    round_award = allotments.lock_round_award(round_award_id=round_award_id)
    found: Apportionment = Apportionment.objects.select_related("parent").get(pk=apportionment_id)
    found.round_award = round_award
    return found


def rows_of(apportionment: Apportionment) -> list[ApportionmentRow]:
    """The rows with their bodies, in the order of the tree. One statement."""
    return list(apportionment.rows.select_related("body").order_by("body__path"))


def _save(apportionment: Apportionment, *fields: str) -> None:
    apportionment.version += 1
    apportionment.save(update_fields=[*fields, "version"])


def _move(
    apportionment: Apportionment,
    state: ApportionmentState,
    act: str,
    actor: User | None,
    *,
    also: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Save the calculation in its next state, with the columns `also` set, and record the act with its facts."""
    before = apportionment.state
    apportionment.state = state
    _save(apportionment, "state", *also)
    _record(
        apportionment,
        act,
        actor,
        before={"state": before.value},
        after={"state": state.value, **(facts or {})},
        reason=reason,
    )


def _children(round_award: RoundAward, parent: Body) -> list[Body]:
    """The bodies directly below that take part in the award, in the order of the tree."""
    final = round_award.award.final_stage
    return [body for body in Body.objects.below(parent) if body.stage <= final]


def _own_places(round_award: RoundAward, parent: Body) -> int | None:
    """The body's own places; those of the province are the whole."""
    if parent.parent_id is None:
        return round_award.places
    return (
        Allotment.objects.filter(round_award=round_award, body=parent)
        .values_list("places", flat=True)
        .first()
    )


def _weights(rows: Sequence[ApportionmentRow]) -> dict[int, int]:
    return {row.body_id: row.weight for row in rows}


def _bounds(rows: Sequence[ApportionmentRow]) -> dict[int, apportion.Bounds]:
    return {row.body_id: apportion.Bounds(row.floor, row.cap) for row in rows}


def _own_figures(round_award_id: int, parent: Body) -> tuple[int | None, dict[str, int]]:
    """The body's own places below the whole, and its parts by code; the whole is let off nothing. One statement."""
    if parent.parent_id is None:
        return None, {}
    rows = list(
        Allotment.objects.filter(round_award=round_award_id, body=parent).values_list(
            "places", "lines__rule", "lines__places"
        )
    )
    return (rows[0][0] if rows else None), {code: part for _places, code, part in rows if code}


def _given(found: CalculationResult, line: CalculationLine, reason: str) -> allotments.Given:
    step, names = line.step, _names(found.handed_down)
    facts: dict[str, Any] = {
        "weight": step.weight,
        "claim": f"{step.claim.numerator}/{step.claim.denominator}",
        "lot": step.lot,
        "by_lot": step.by_lot,
        "computed": step.given,
    }
    if line.parts:
        facts |= allotments.parts_told(line.parts, names)
        facts["part_computed"] = {names[code]: part for code, part in line.computed.items()}
    return allotments.Given(
        places=line.places,
        parts={code: cell.given for code, cell in line.parts.items()},
        facts=facts,
        reason="；".join(filter(None, (reason, line.row.reason))),
    )


def _columns(inputs: Inputs) -> dict[str, Any]:
    return {
        "total": inputs.total,
        "method": str(inputs.method),
        "weight_kind": str(inputs.weight_kind),
        "weight_source": inputs.weight_source,
        "figures": dict(inputs.figures),
    }


# --- the ledger ----------------------------------------------------------------------------------------------


def _told(inputs: Inputs, offers: Offers) -> dict[str, Any]:
    """The inputs as the ledger keeps them, the figures under the names of their rules."""
    known = {offer.label: inputs.figures[code] for code, offer in offers.items() if code in inputs.figures}
    gone = {code: inputs.figures[code] for code in sorted(inputs.figures.keys() - offers.keys())}
    figures = known | gone
    return _columns(inputs) | {"figures": figures}


def _figures_told(found: CalculationResult) -> dict[str, Any]:
    """What was handed down of each rule in all."""
    names = _names(found.handed_down)
    return {"parts": {names[code]: number for code, number in found.parts.items()}} if names else {}


def _names(offers: Sequence[Offered]) -> dict[str, str]:
    return {offer.rule.code: offer.label for offer in offers}


def _name(row: ApportionmentRow) -> str:
    return f"{row.body.code} {row.body.short_name}"


def _weights_told(rows: Any) -> dict[str, str]:
    """Weight, floor and cap of every body: "5 [1–3]", "5 [1–]", "5"."""
    return {
        _name(row): str(row.weight)
        + (f" [{row.floor}–{'' if row.cap is None else row.cap}]" if row.floor or row.cap is not None else "")
        for row in rows
    }


def _hand_told(row: ApportionmentRow, offers: Offers) -> str:
    """Places and parts as changed by hand: "3 / 非公有制占比 2", "— / —"."""
    places = "—" if row.adjusted_places is None else str(row.adjusted_places)
    parts = [
        f"{offer.label} {row.adjusted_parts[code]}"
        for code, offer in offers.items()
        if code in row.adjusted_parts
    ]
    return f"{places} / {'、'.join(parts) or '—'}"


def _record(
    apportionment: Apportionment,
    act: str,
    actor: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    ledger.append(
        stream=f"apportionment:{apportionment.pk}",
        act=act,
        actor=actor,
        body=apportionment.parent_id,
        before=before,
        after=after,
        reason=reason,
    )
