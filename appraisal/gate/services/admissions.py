"""Whether an application can pass at all, whatever others do: shown before submission, and what refuses it.

The bounds are those of the gate (`appraisal.gate.services.gate`), asked for one entry: is there any slate of this body which
holds it, by each bound and by all of them at once (`quotas.selection.reach`)? So the answer never depends on who applied first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from appraisal.gate.refusals import (
    AwardClosed,
    AwardClosedTo,
    AwardClosedUnverified,
    AwardForOthers,
    EmployerCap,
    NoListForEntry,
    NoPlaceLeft,
    NoPlaceLeftUnverified,
    NoPlaces,
    OwnershipUnverified,
)
from appraisal.gate.services import approvals
from appraisal.gate.wording import clause_of, counted_word, name_of
from appraisal.records import facets, rules
from appraisal.records.models import Employer, Evidence, Nomination, Procedure
from appraisal.records.refusals import EvidenceMissing
from appraisal.records.services import labelling
from appraisal.records.services.chunks import in_chunks
from appraisal.records.states import (
    LIVE_STATES,
    NON_PUBLIC_CONTROLS,
    Channel,
    Control,
    EvidenceKind,
)
from quotas.arithmetic import shares
from quotas.base.errors import FieldProblem, Reason
from quotas.base.states import Stage
from quotas.bodies.services import names
from quotas.editions.asked import AskedField, files_of
from quotas.editions.asked import missing as missing_answers
from quotas.editions.services import fields
from quotas.rounds.models import RoundAward
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import labels, reach
from quotas.selection.labels import HELD, ROUTE, Domain, Entry, bearing, facet_of, group_of
from quotas.selection.plan import REGULAR, RESERVE, SEPARATE, Plan, SlateBound, bounds_of
from quotas.selection.reach import Hindrance
from quotas.tree.models import Body

_NON_PUBLIC = bearing("ownership:non_public")

EVIDENCE_FOR_SUBMISSION = (EvidenceKind.DEEDS,)
EVIDENCE_FOR_ENDORSEMENT = (EvidenceKind.DEEDS, EvidenceKind.MINUTES, EvidenceKind.UNIT_NOTICE)


@dataclass(frozen=True, slots=True)
class RuleFact:
    """A rule that a body's slate is held to, and how many of its places it leaves to this nominee's kind."""

    code: str
    label: str
    clause: str
    labels: tuple[str, ...]
    required: int
    open_places: int


@dataclass(frozen=True, slots=True)
class StageFact:
    """The places of one body on the route, and the rules on them."""

    stage: Stage
    body_id: int
    body: str
    places: int
    reserve_places: int
    separate_places: int
    rules: tuple[RuleFact, ...]


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer before submission.

    `violations` refuse it whatever is filled in; `missing` can be put right by filling in; `warnings` are worth
    knowing; `facts` are the figures behind the answer, one line for each body of the route that has places.
    """

    violations: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    facts: tuple[StageFact, ...]
    missing: tuple[FieldProblem, ...]

    @property
    def ready(self) -> bool:
        """It could be handed on now."""
        return not self.violations and not self.missing


Plans = Mapping[plans.Key, Plan]
"""The plan of each award and body that was asked for, as `plans.of` reads them."""


def classification(employer: Employer) -> dict[str, object]:
    """What is frozen into a nomination: what kind of unit it is, and the verified control, or what the unit states and
    nobody has verified.
    """
    verified = employer.is_verified
    return {
        "frozen_control": employer.verified_control if verified else employer.control,
        "sector": employer.sector,
        "industry": employer.industry,
        "size": employer.size,
        "non_public": employer.is_non_public,
        "ownership_verified": verified,
        "ownership_changed": False,
    }


def classified(nomination: Nomination, employer: Employer, held: Sequence[str]) -> dict[str, object]:
    """The `classification` with what was `held` before, and the labels that the nomination bears by both."""
    entry = labelling.of_today(nomination, _as_registered(employer), held)
    return {**classification(employer), "held": " ".join(held), "labels": labels.written(entry)}


def body_of_channel(employer: Employer, channel: Channel) -> Body | None:
    """The first body of the route: the county, or the industry union where the unit belongs to one."""
    return employer.industry_body if channel == Channel.INDUSTRY else employer.body


def route(first: Body, final_stage: str) -> list[Body]:
    """The bodies that a nomination passes, from the first to the one where the award is decided.

    One statement; none when the parents came with the body.
    """
    bodies = _loaded_route(first)
    if bodies is None:
        codes = first.path.strip("/").split("/")
        above = {body.code: body for body in Body.objects.filter(code__in=codes)}
        bodies = [above[code] for code in reversed(codes)]
    return [body for body in bodies if body.stage <= final_stage]


def _loaded_route(first: Body) -> list[Body] | None:
    parent = Body._meta.get_field("parent")
    bodies = [first]
    while bodies[-1].parent_id is not None:
        if not parent.is_cached(bodies[-1]) or bodies[-1].parent is None:
            return None
        bodies.append(bodies[-1].parent)
    return bodies


def of_places(round_award: RoundAward, body: Body, plan: Plan) -> list[Reason]:
    """Why a body cannot take any nomination for the award: it has no places."""
    if plan.takes_entries:
        return []
    return [_no_places(round_award, body)]


def of_cap(round_award: RoundAward, employer: Employer, except_nomination: int | None = None) -> list[Reason]:
    """Why the unit cannot nominate once more for the award: it has as many live nominations as it may have.

    The caller holds the lock of the employer's row where the answer is to last.
    """
    live = Nomination.objects.filter(round_award=round_award, employer=employer, status__in=LIVE_STATES)
    if except_nomination is not None:
        live = live.exclude(pk=except_nomination)
    return over_cap(round_award, employer, live.count())


def live_of(awards: Sequence[RoundAward], employer_ids: Collection[int]) -> Counter[tuple[int, int]]:
    """How many live nominations these units have, by award and unit. A statement for every CHUNK of units."""
    found: Counter[tuple[int, int]] = Counter()
    for some in in_chunks(employer_ids):
        live = Nomination.objects.filter(round_award__in=awards, employer__in=some, status__in=LIVE_STATES)
        counted = live.order_by().values("round_award", "employer").annotate(number=Count("pk"))
        for award, employer, number in counted.values_list("round_award", "employer", "number"):
            found[award, employer] = number
    return found


def over_cap(round_award: RoundAward, employer: Employer, live: int) -> list[Reason]:
    """As `of_cap`, where the unit is known to have so many live nominations for the award."""
    if live < round_award.employer_cap:
        return []
    return [
        EmployerCap(
            award=round_award.award.name, cap=round_award.employer_cap, live=live, employer=employer.name
        )
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom the rules are asked about: the labels that are known, for an award, on the way up from its first body.

    What is not told yet is open: it refuses only what refuses every way to fill it in.
    """

    round_award: RoundAward
    body: Body
    employer: Employer
    entry: Entry
    history_known: bool = True

    @classmethod
    def of(cls, nomination: Nomination, employer: Employer) -> "Candidate":
        """A nomination, with the unit classified and the history read as of today. One statement."""
        held = labelling.held_by(nomination)
        entry = labelling.of_today(nomination, _as_registered(employer), held)
        return cls(nomination.round_award, nomination.body, employer, entry)

    @classmethod
    def anybody(cls, round_award: RoundAward, body: Body, employer: Employer) -> "Candidate":
        """Whoever the unit may nominate: who it will be is not known yet."""
        known = facets.of_unit(_as_registered(employer), round_award.award.nominee_kind)
        entry = known.union(names.of_route(body.path, body.level).values())
        return cls(round_award, body, employer, entry, history_known=False)

    def possible(self, bounds: Iterable[SlateBound]) -> list[Entry]:
        """What it may count as: one entry, or one for each way to fill in what is still open and asked for."""
        told = {facet_of(one) for one in self.entry}
        named = {facet for bound in bounds for facet in bound.facets} - told - {*ROUTE}
        if self.history_known:
            named = {facet for facet in named if group_of(facet) != HELD}
        return [self.entry | chosen for chosen in labels.kinds(self.domain, named)]

    @property
    def domain(self) -> Domain:
        """What the entries of the award can differ in."""
        return fields.domain_of(self.round_award.rule_version_id, self.round_award.award.nominee_kind)


def _as_registered(employer: Employer) -> facets.UnitFacts:
    """As the register classifies the unit now."""
    return facets.UnitFacts(employer.is_non_public, employer.sector, employer.industry, employer.size)


def of_rules(
    asked: Candidate, *, bodies: Sequence[Body] | None = None, known: Plans | None = None
) -> tuple[list[Reason], list[Reason], list[StageFact]]:
    """Violations, warnings and figures of the route's places and shares.

    Callers that ask for many awards pass `bodies` (the route) and the plans that are `known`, so that both are read only once.
    """
    round_award, employer = asked.round_award, asked.employer
    violations: list[Reason] = []
    facts: list[StageFact] = []
    if bodies is None:
        bodies = route(asked.body, round_award.award.final_stage)
    if known is None:
        known = plans.of(AwardDesk.at(round_award, body) for body in bodies)
    for body in bodies:
        plan = known[round_award.pk, body.pk]
        if not plan.takes_entries:
            if body.pk == asked.body.pk:
                violations.append(_no_places(round_award, body))
            # Above the first body places may still be handed down.
            continue
        bounds = bounds_of(plan)
        entries = asked.possible(bounds)
        facts.append(_fact(plan, body, bounds, entries))
        violations += _certain(plan, body, entries, asked)
    warnings = [] if employer.is_verified else [_unverified(employer)]
    return _once(violations), warnings, facts


def _certain(plan: Plan, body: Body, entries: Iterable[Entry], asked: Candidate) -> list[Reason]:
    """What refuses each of these; the first that could pass ends the search."""
    certain: list[Reason] | None = None
    for entry in entries:
        answer = _barriers(plan, body, entry, asked)
        certain = answer if certain is None else [told for told in certain if told in answer]
        if not certain:
            break
    return certain or []


def missing(nomination: Nomination, required_evidence: Sequence[EvidenceKind]) -> list[FieldProblem]:
    """What the application still lacks before it can be handed on. One statement, and that of its fields."""
    asked = fields.of(nomination.round_award.rule_version_id)
    files = list(Evidence.objects.kept().filter(nomination=nomination).values_list("kind", "field"))
    kind = nomination.round_award.award.nominee_kind
    columns = (*rules.REQUIRED_OF[kind], "summary", "deeds")
    entry = Candidate.of(nomination, nomination.employer).entry
    return [
        *rules.missing_fields(
            kind,
            {column: getattr(nomination, column) for column in columns},
            [kind for kind, field in files if not field],
            required_evidence,
        ),
        *missing_answers(asked, nomination.answers, entry),
        *_missing_files(asked, entry, {field for _kind, field in files}),
    ]


def _missing_files(
    asked: Iterable[AskedField], entry: Entry, there: Collection[str]
) -> Iterator[FieldProblem]:
    for field in files_of(asked, entry):
        if field.required and field.key not in there:
            yield EvidenceMissing("evidence", kind=field.label)


def procedure_of(nomination: Nomination) -> Procedure | None:
    """The unit's procedure as far as it is recorded."""
    return Procedure.objects.filter(nomination=nomination).first()


def _no_places(round_award: RoundAward, body: Body) -> Reason:
    return NoPlaces(body=body.name, award=round_award.award.name)


def _unverified(employer: Employer) -> Reason:
    return OwnershipUnverified(employer=employer.name, body=employer.body.name)


def _fact(plan: Plan, body: Body, bounds: Iterable[SlateBound], entries: Sequence[Entry]) -> StageFact:
    places = plan.places[REGULAR]
    return StageFact(
        stage=body.stage,
        body_id=body.pk,
        body=body.name,
        places=places,
        reserve_places=plan.places[RESERVE],
        separate_places=plan.places[SEPARATE],
        rules=tuple(
            RuleFact(
                code=bound.code,
                label=name_of(bound),
                clause=clause_of(bound),
                labels=tuple(sorted(one for kind in bound.kinds for one in kind.labels)),
                required=shares.required(bound.figures, places),
                open_places=max(_open_places(bound, places, entry) for entry in entries),
            )
            for bound in bounds
        ),
    )


def _open_places(bound: SlateBound, places: int, entry: Entry) -> int:
    """How many of the places a bound leaves, at most, to entries of this kind."""
    figures = bound.figures
    if not bound.covers(entry) and figures.kind != "count":
        return places
    return max(shares.most(figures, places, matching=bound.counts(entry)), 0)


def _barriers(plan: Plan, body: Body, entry: Entry, asked: Candidate) -> list[Reason]:
    """What keeps the entry off every slate of this body, whatever else comes: one bound, or several together."""
    places, employer = plan.places[REGULAR], asked.employer
    found: list[Reason] = []
    for finding in reach.findings(plan, asked.domain, entry):
        if finding.why == Hindrance.CLASH:
            clashing = tuple(approvals.Required(bound, places) for bound in finding.bounds)
            found.append(NoListForEntry(body=body.name, places=places, rules=clashing))
        else:
            (bound,) = finding.bounds
            found.append(
                _closed(bound, employer)
                if finding.why == Hindrance.CLOSED
                else _shut_out(bound, body, places, employer)
            )
    return found


def _closed(bound: SlateBound, employer: Employer) -> AwardClosedTo:
    """The whole award is for others."""
    rule, clause = name_of(bound), clause_of(bound)
    if _NON_PUBLIC not in bound.kinds:
        return AwardForOthers(rule=rule, clause=clause, wanted=counted_word(bound))
    if _may_prove_non_public(employer):
        return AwardClosedUnverified(rule=rule, clause=clause, verifier=employer.body.name)
    return AwardClosed(rule=rule, clause=clause)


def _shut_out(bound: SlateBound, body: Body, places: int, employer: Employer) -> Reason:
    """All places of the body are for others."""
    rule, clause = name_of(bound), clause_of(bound)
    if _NON_PUBLIC in bound.kinds and _may_prove_non_public(employer):
        return NoPlaceLeftUnverified(
            body=body.name, places=places, rule=rule, clause=clause, verifier=employer.body.name
        )
    return NoPlaceLeft(body=body.name, places=places, rule=rule, clause=clause)


def _may_prove_non_public(employer: Employer) -> bool:
    """Whether the unit is unverified and, by its own statement, could turn out to be non-public."""
    stated = rules.classify(employer.control, employer.state_capital_permille)
    return not employer.is_verified and stated in {*NON_PUBLIC_CONTROLS, Control.UNKNOWN}


def _once(violations: Iterable[Reason]) -> list[Reason]:
    """A closed award is closed at every stage: say it once."""
    told: dict[tuple[str, object], Reason] = {}
    for violation in violations:
        body = None if isinstance(violation, AwardClosedTo) else violation.params.get("body")
        told.setdefault((violation.code, body), violation)
    return list(told.values())
