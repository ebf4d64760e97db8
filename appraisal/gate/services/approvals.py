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
from appraisal.gate.services import desk_stock
from appraisal.gate.services.desk_stock import ReviewDesk
from appraisal.gate.wording import clause_of, counted_word, held_back_word, name_of
from quotas.arithmetic import shares
from quotas.base.errors import Reason
from quotas.selection import reach
from quotas.selection.labels import Entry
from quotas.selection.plan import REGULAR, SEPARATE, SlateBound, bounds_of
from quotas.selection.problem import EFFORT, within
from quotas.selection.reach import DeskStock, Hindrance, ReachFinding


@dataclass(frozen=True, slots=True)
class Required:
    """One of the bounds that cannot be kept together, as a sentence names it: its name, figures and clause."""

    bound: SlateBound
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
    """The outlook of each nomination that lies on a desk, by nomination. Three statements, however many there are."""
    found = {pk: desk for pk, desk in desk_stock.desks(nomination_ids).items() if desk.body_id is not None}
    stocks = desk_stock.stocks(found.values())
    # Entries of one kind on one desk have one outlook.
    alike: dict[tuple[desk_stock.Place, Entry], Outlook] = {}
    # What is not decided in the time that somebody waits is not refused, neither here nor by the approval.
    with within(EFFORT):
        for desk in found.values():
            if (desk.place, desk.entry) not in alike:
                alike[desk.place, desk.entry] = _outlook(desk, stocks[desk.place])
    return {pk: alike[desk.place, desk.entry] for pk, desk in found.items()}


def refusals(desk: ReviewDesk) -> list[Reason]:
    """Why the nomination cannot be approved at its desk now; empty when it can. One statement, none while units apply."""
    if not desk.plan.given:
        return []
    if desk.open:
        return violations(desk, DeskStock(open=True))
    return violations(desk, desk_stock.stocks([desk])[desk.place])


def violations(desk: ReviewDesk, stock: DeskStock) -> list[Reason]:
    """Like `refusals`, for a stock that has already been read."""
    if not desk.plan.given:
        return []
    found = reach.findings(desk.plan, desk.domain, desk.entry, stock)
    return [_violation(desk, desk.plan.places[REGULAR], stock, finding) for finding in found]


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
    matching, others = reach.tally(bound, stock.besides(desk.entry))
    return ApprovalShort(
        body=desk.body,
        places=places,
        approved=approved,
        pending=pending,
        rule=rule,
        clause=clause,
        serving=serving,
        needed=reach.still_needed(bound, desk.entry),
        available=matching if minimum else others,
    )


def _outlook(desk: ReviewDesk, stock: DeskStock) -> Outlook:
    places = desk.plan.places[REGULAR]
    bounds = bounds_of(desk.plan) if desk.plan.given else []
    return Outlook(
        body=desk.body,
        places=places,
        separate_places=desk.plan.places[SEPARATE],
        approved=stock.approved.total(),
        pending=stock.pending.total(),
        open=stock.open,
        known=desk.plan.given,
        lines=tuple(_line(bound, places, stock) for bound in bounds if len(bound.kinds) == 1),
        violations=tuple(violations(desk, stock)),
    )


def _line(bound: SlateBound, places: int, stock: DeskStock) -> ReachLine:
    approved = reach.tally(bound, stock.approved.items())
    pending = reach.tally(bound, stock.pending.items())
    coming = places if stock.open else 0
    found = shares.reach(
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
        least=found.least,
        most=found.most,
    )
