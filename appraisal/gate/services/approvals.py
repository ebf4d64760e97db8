"""Whether an approval can lead onto a slate: what refuses it, and the reach of each bound that is shown beforehand.

The stock decides, never the order: refused is what is on no legal slate of the body from what is approved and pending,
whether or not a slate is submitted already. While units can still apply only the plan can refuse.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from appraisal.gate import wording
from appraisal.gate.refusals import (
    ApprovalClash,
    ApprovalClashOfPlan,
    ApprovalClosed,
    ApprovalNoPlaceLeft,
    ApprovalNoPlaces,
    ApprovalShort,
    ApprovalUnlisted,
)
from appraisal.gate.services import completions, desk_stock, gate
from appraisal.gate.services.completions import DeskStock, Hindrance, ReachFinding
from appraisal.gate.services.desk_stock import ReviewDesk
from appraisal.records.states import EntryKind
from appraisal.records.wording import label_word
from quotas.arithmetic import shares
from quotas.base.errors import Reason


@dataclass(frozen=True, slots=True)
class Required:
    """One of the bounds that cannot be kept together, as a sentence names it: its name, figures and clause."""

    bound: gate.SlateBound
    places: int

    @property
    def label(self) -> str:
        """The bound in words, in the language of the reader."""
        figures = self.bound.figures
        return wording.required_line(
            rule=name_of(self.bound),
            clause=clause_of(self.bound),
            counted=counted_word(self.bound),
            sense=figures.sense,
            required=shares.required(figures, self.places),
            places=self.places,
        )


@dataclass(frozen=True, slots=True)
class ReachLine:
    """What one bound still allows of the entries that it holds back: by what is approved alone, and with all pending."""

    code: str
    rule: str
    clause: str
    counted: str
    held_back: str
    approved: int
    pending: int
    least: int
    most: int

    @property
    def label(self) -> str:
        """The line in words, in the language of the reader."""
        return wording.reach_line(
            counted=self.counted,
            held_back=self.held_back,
            approved=self.approved,
            pending=self.pending,
            least=self.least,
            most=self.most,
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an approval at the desk would meet: `violations` refuse it; `lines` say what each bound still allows.

    `approved` and `pending` are numbers of nominations at the desk and on their way to it. `open` while units can
    still apply: then everything may come on top. `known` is False where no places were ever given to the body.
    """

    body: str
    places: int
    separate_places: int
    approved: int
    pending: int
    open: bool
    known: bool
    lines: tuple[ReachLine, ...]
    violations: tuple[Reason, ...]


def outlooks(nomination_ids: Iterable[int]) -> dict[int, Outlook]:
    """The outlook of each nomination that lies on a desk, by nomination. Two statements, however many there are."""
    found = {pk: desk for pk, desk in desk_stock.desks(nomination_ids).items() if desk.body_id is not None}
    stocks = desk_stock.stocks(found.values())
    # Entries of one kind on one desk have one outlook.
    alike: dict[tuple[desk_stock.Place, shares.Entry], Outlook] = {}
    for desk in found.values():
        if (desk.place, desk.entry) not in alike:
            alike[desk.place, desk.entry] = _outlook(desk, stocks[desk.place])
    return {pk: alike[desk.place, desk.entry] for pk, desk in found.items()}


def refusals(desk: ReviewDesk) -> list[Reason]:
    """Why the nomination cannot be approved at its desk now; empty when it can. One statement, none while units apply."""
    if desk.plan is None:
        return []
    if desk.open:
        return violations(desk, DeskStock(open=True))
    return violations(desk, desk_stock.stocks([desk])[desk.place])


def violations(desk: ReviewDesk, stock: DeskStock) -> list[Reason]:
    """Like `refusals`, for a stock that has already been read."""
    if desk.plan is None:
        return []
    found = completions.findings(desk.plan, desk.nominee_kind, desk.entry, stock)
    return [_violation(desk, desk.plan.places[EntryKind.REGULAR], stock, finding) for finding in found]


def _violation(desk: ReviewDesk, places: int, stock: DeskStock, finding: ReachFinding) -> ApprovalUnlisted:
    approved, pending = stock.approved.total(), stock.pending.total()
    if finding.why == Hindrance.NO_PLACES:
        return ApprovalNoPlaces(body=desk.body, places=places)
    if finding.why == Hindrance.CLASH:
        clashing = tuple(Required(bound, places) for bound in finding.bounds)
        if stock.open:
            return ApprovalClashOfPlan(body=desk.body, places=places, rules=clashing)
        return ApprovalClash(
            body=desk.body, places=places, approved=approved, pending=pending, rules=clashing
        )
    (bound,) = finding.bounds
    rule, clause = name_of(bound), clause_of(bound)
    minimum = bound.figures.sense == "min"
    serving = counted_word(bound) if minimum else held_back_word(bound)
    if finding.why == Hindrance.CLOSED:
        return ApprovalClosed(rule=rule, clause=clause, serving=serving)
    if finding.why == Hindrance.PLAN:
        return ApprovalNoPlaceLeft(body=desk.body, places=places, rule=rule, clause=clause)
    matching, others = completions.tally(bound, stock.besides(desk.entry))
    return ApprovalShort(
        body=desk.body,
        places=places,
        approved=approved,
        pending=pending,
        rule=rule,
        clause=clause,
        serving=serving,
        needed=completions.still_needed(bound, desk.entry),
        available=matching if minimum else others,
    )


def _outlook(desk: ReviewDesk, stock: DeskStock) -> Outlook:
    plan = desk.plan
    places = 0 if plan is None else plan.places[EntryKind.REGULAR]
    bounds = [] if plan is None else gate.bounds_of(plan)
    return Outlook(
        body=desk.body,
        places=places,
        separate_places=0 if plan is None else plan.places[EntryKind.SEPARATE],
        approved=stock.approved.total(),
        pending=stock.pending.total(),
        open=stock.open,
        known=plan is not None,
        lines=tuple(_line(bound, places, stock) for bound in bounds if len(bound.labels) == 1),
        violations=tuple(violations(desk, stock)),
    )


def _line(bound: gate.SlateBound, places: int, stock: DeskStock) -> ReachLine:
    approved = completions.tally(bound, stock.approved.items())
    pending = completions.tally(bound, stock.pending.items())
    coming = places if stock.open else 0
    reach = shares.reach(
        bound.figures,
        places,
        approved=approved,
        pending=(pending[0] + coming, pending[1] + coming),
    )
    return ReachLine(
        code=bound.code,
        rule=name_of(bound),
        clause=clause_of(bound),
        counted=counted_word(bound),
        held_back=held_back_word(bound) if bound.figures.sense == "min" else counted_word(bound),
        approved=approved[0],
        pending=pending[0],
        least=reach.least,
        most=reach.most,
    )


def name_of(bound: gate.SlateBound) -> str:
    """What the bound is called."""
    return bound.label or wording.typed_places_label(sorted(bound.labels))


def clause_of(bound: gate.SlateBound) -> str:
    """Where the bound comes from."""
    return bound.clause or str(wording.TYPED_PLACES_CLAUSE)


def counted_word(bound: gate.SlateBound) -> str:
    """What the entries that the bound counts are called."""
    return label_word(sorted(bound.labels), carried=not bound.without)


def held_back_word(bound: gate.SlateBound) -> str:
    """What the other entries of its base are called."""
    return label_word(sorted(bound.labels), carried=bound.without)
