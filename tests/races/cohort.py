"""One award in one city: three counties with their lists, the city's list above, and hands that act on all of it.

A hand is a person at a keyboard: it looks at what is there now, chooses, and acts through the doors that the pages
use. Many hands at a time see old versions, lose places to each other and are refused; what they must never do is
leave something behind that a recount does not find.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import transaction
from viewflow.workflow.models import Task

from appraisal.gate.services import gate
from appraisal.nominations.services import nominations, reviews
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import (
    Control,
    EntryKind,
    NominationState,
    Outcome,
    ReturnRoute,
    SlateState,
    UnitRole,
)
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import DomainError
from quotas.base.states import Office, Role, RuleKind, Sense, Stage
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment, Apportionment, RoundAward
from quotas.rounds.services import allotments, apportionments
from quotas.selection.labels import chosen
from quotas.selection.plan import WHOLE_LIST, SeparateLine, Slot
from quotas.tree.models import User
from tests.appraisal.desks import Desk, make_desk, seen, told
from tests.builders import (
    OPENED,
    make_allotment,
    make_application,
    make_body,
    make_nomination,
    make_official,
    make_procedure,
    make_round_award,
    make_share_rule,
    make_user,
    relabel,
)
from workflows import turns
from workflows.querysets import of_nomination, of_slate

POOLED, IN_REVIEW, RETURNED = NominationState.POOLED, NominationState.IN_REVIEW, NominationState.RETURNED
GONE = (SlateState.SENT_UP, SlateState.NAMED)
INDUSTRIES = ("C", "E", "F51")
"""Manufacturing, building, trade: what units of the cohort are, in turn."""
SHARE = "non_public_share"
MARK = "同时办理"
"""Every reason that a hand gives begins with this, so that its rows in the ledger can be counted."""


@dataclass
class Cohort:
    """The lists by the place of their body, and who reviews there."""

    round_award: RoundAward
    desks: dict[str, Desk]
    reviewers: dict[tuple[int, Office], User]
    applicant: User
    planner: User

    @property
    def city(self) -> Desk:
        return self.desks["city"]


def make_cohort() -> Cohort:
    """Three counties and their city in the middle of the season: pools, lists in three states, reviews under way."""
    round_award = make_round_award()
    version = round_award.rule_version
    most = {"sense": Sense.MAX, "stages": (Stage.COUNTY, Stage.CITY)}
    make_share_rule(
        version, "each_industry", label="", each="industry", kind=RuleKind.COUNT, numerator=4, **most
    )
    make_share_rule(version, "builders", label="industry:E", numerator=2, denominator=3, **most)
    counties = [make_body()]
    city = counties[0].parent
    counties += [make_body(parent=city) for _ in range(2)]
    bodies = dict(zip(("first", "second", "third", "city"), (*counties, city), strict=True))
    desks = {place: make_desk(round_award, body, places=4) for place, body in bodies.items()}
    make_allotment(round_award, city.parent, places=round_award.places)
    cohort = Cohort(
        round_award,
        desks,
        {
            (body.pk, office): make_official(body, role)
            for body in bodies.values()
            for office, role in (
                (Office.UNION, Role.UNION_REVIEWER),
                (Office.PARTY, Role.PARTY_REVIEWER),
            )
        },
        make_user(),
        make_official(city.parent, Role.STAFF),
    )
    for place, desk in desks.items():
        filled = desk.fill(non_public=2, public=1, reserves=2)
        pool = [
            make_nomination(round_award, desk.body, non_public=number % 3 > 0)
            for number in range(8 if place == "city" else 4)
        ]
        applied = [] if desk is cohort.city else [make_applied(cohort, desk, IN_REVIEW) for _ in range(4)]
        for nomination in (*filled, *pool):
            nomination.employer.posts.create(user=cohort.applicant, role=UnitRole.APPLICANT)
        for number, nomination in enumerate((*filled, *pool, *applied)):
            nomination.employer.industry = INDUSTRIES[number % 3]
            nomination.employer.save()
            relabel([nomination], industry=nomination.employer.industry)
        told([*filled, *pool, *applied])
    # What the city reviews has come up with the list of a fourth county, and can be returned to there.
    early = make_desk(round_award, make_body(parent=city), places=4)
    sent = told([make_applied(cohort, early, POOLED) for _ in range(4)])
    early.set([(nomination.pk, EntryKind.REGULAR) for nomination in sent])
    early.advance(SlateState.SENT_UP)
    desks["first"].advance(SlateState.SIGNING)
    desks["second"].advance(SlateState.SIGNED)
    turns.open_slates(round_id=round_award.round_id)
    turns.reconcile()
    return cohort


def make_applied(cohort: Cohort, desk: Desk, status: NominationState) -> Nomination:
    """A complete application at the desk of its first body; one that is returned can be handed in again."""
    made = make_application(
        desk.allotment,
        created_by=cohort.applicant,
        status=status,
        stage=desk.body.stage,
        desk=desk.body,
        submitted_at=OPENED,
        frozen_control=Control.PRIVATE,
        ownership_verified=True,
        non_public=True,
    )
    made.employer.posts.create(user=cohort.applicant, role=UnitRole.APPLICANT)
    make_procedure(made)
    return made


@dataclass
class Hand:
    """One thread's hand: what it has done is counted under the names of the ledger."""

    number: int
    cohort: Cohort
    random: Random
    journey: clock.Journey
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    given: list[str] = field(default_factory=list)
    _serial: Any = field(default_factory=count)

    def act(self) -> None:
        """One random act. A refusal is an answer; anything else is raised."""
        self.journey.advance(timedelta(minutes=self.random.choice((5, 60, 240))))
        names, weights = zip(*ACTS.items(), strict=True)
        (name,) = self.random.choices(names, weights)
        try:
            getattr(self, name)()
        except DomainError as refusal:
            self.refused[f"{name}: {refusal.code}"] += 1

    # what it looks at

    def desk(self) -> Desk:
        return self.random.choice(list(self.cohort.desks.values()))

    def reason(self) -> str:
        return f"{MARK} {self.number}-{next(self._serial)}"

    def told_with(self, reason: str, done: str) -> None:
        self.given.append(reason)
        self.done[done] += 1

    def nomination(self, *states: NominationState, desk: Desk | None = None) -> Nomination | None:
        found = Nomination.objects.filter(round_award=self.cohort.round_award, status__in=states)
        if desk is not None:
            found = found.filter(desk=desk.body)
        return self.random.choice(list(found.order_by("pk")) or [None])

    def task(self, tasks: Any, *names: str) -> Task | None:
        found = [task for task in tasks.filter(finished=None) if task.flow_task.name in names]
        return self.random.choice(found or [None])

    def perform(self, task: Task | None, actor: User, act: Callable[[], Any]) -> Any:
        return turns.perform(task.pk, actor, act) if task else None

    # lists

    def forward(self) -> None:
        """The next step of a list, whatever it is."""
        desk = self.desk()
        slate = desk.slate
        match slate.state:
            case SlateState.COMPILING:
                self.random.choice((self.choose, self.submit, self.submit))(desk, slate)
            case SlateState.SIGNING:
                self.sign(desk, slate)
            case SlateState.SIGNED:
                self.publish(desk, slate)
            case SlateState.ON_NOTICE:
                turns.close_notice(slate_id=slate.pk, actor=desk.keeper)
                self.done["close_notice"] += 1
            case SlateState.SETTLING:
                self.send_up(desk, slate)

    def choose(self, desk: Desk, slate: Slate) -> None:
        pool = list(Nomination.objects.pool_of(slate.round_award_id, slate.body_id).order_by("pk"))
        self.random.shuffle(pool)
        pool.sort(key=lambda one: not one.non_public)
        places = Allotment.objects.get(pk=desk.allotment.pk).places
        chosen = pool[: self.random.randint(1, max(places, 1))]
        rest = [one for one in pool if one not in chosen][: self.random.randint(0, 2)]
        entries = [(one.pk, EntryKind.REGULAR.value, rank) for rank, one in enumerate(chosen, 1)]
        entries += [(one.pk, EntryKind.RESERVE.value, rank) for rank, one in enumerate(rest, 1)]
        slates.set_entries(slate_id=slate.pk, version=slate.version, actor=desk.keeper, entries=entries)
        self.done["set_entries"] += 1

    def submit(self, desk: Desk, slate: Slate) -> None:
        known = seen(slate)

        def act() -> None:
            slates.submit(slate_id=slate.pk, version=slate.version, actor=desk.keeper, unreviewed=known)
            self.require_rules(slate)

        task = self.task(of_slate(slate.pk), "compile_slate")
        if task:
            self.perform(task, desk.keeper, act)
            self.done["submit"] += 1

    def sign(self, desk: Desk, slate: Slate) -> None:
        task = self.task(of_slate(slate.pk), "union_sign", "party_sign")
        if task is None:
            return
        office = Office(task.flow_task.name.removesuffix("_sign"))
        actor = desk.union_leader if office == Office.UNION else desk.party_leader
        signed = self.random.random() < 0.9

        def act() -> None:
            slates.sign(
                slate_id=slate.pk,
                version=slate.version,
                office=office,
                actor=actor,
                signed=signed,
                text="" if signed else "请调整。",
            )
            if signed:
                self.require_rules(slate)

        self.perform(task, actor, act)
        self.done["sign" if signed else "refuse"] += 1

    def publish(self, desk: Desk, slate: Slate) -> None:
        today = clock.today()

        def act() -> None:
            turns.publish(
                slate_id=slate.pk,
                version=slate.version,
                actor=desk.keeper,
                starts_on=today,
                ends_on=today,
                override_reason="省级统一安排",
            )
            self.require_rules(slate)

        task = self.task(of_slate(slate.pk), "publish_notice")
        if task:
            self.perform(task, desk.keeper, act)
            self.done["publish"] += 1

    def send_up(self, desk: Desk, slate: Slate) -> None:
        if desk is self.cohort.city and self.random.random() < 0.8:
            return  # a city that leaves at once would leave its counties nothing to do
        task = self.task(of_slate(slate.pk), "settle_objections")
        if task is None:
            return
        known = seen(slate)
        with transaction.atomic():
            released = turns.perform(
                task.pk,
                desk.keeper,
                slates.send_up,
                slate_id=slate.pk,
                actor=desk.keeper,
                version=slate.version,
                unreviewed=known,
            )
            self.require_rules(slate)
        self.done["send_up"] += 1
        self.done["send_up of nominations"] += len(released.up)
        self.done["pass_over"] += len(released.closed)

    def require_rules(self, slate: Slate) -> None:
        """At the moment of the act, before anybody else can see it, the list keeps its places and its rules."""
        report = gate.report(slate_id=slate.pk)
        assert report.holds, report.violations

    def take_back(self) -> None:
        desk = self.desk()
        slate = desk.slate
        turns.take_back(slate_id=slate.pk, version=slate.version, actor=desk.keeper)
        self.done["take_back"] += 1

    def reopen(self) -> None:
        desk, reason = self.desk(), self.reason()
        slate = desk.slate
        turns.reopen(slate_id=slate.pk, version=slate.version, actor=desk.keeper, reason=reason)
        self.told_with(reason, "reopen")

    def remove(self) -> None:
        desk, reason = self.desk(), self.reason()
        slate = desk.slate
        entry = self.random.choice(list(SlateEntry.objects.filter(slate=slate, removed_at=None)) or [None])
        if entry:
            slates.remove_entry(
                slate_id=slate.pk,
                version=slate.version,
                nomination_id=entry.nomination_id,
                actor=desk.keeper,
                reason=reason,
            )
            self.told_with(reason, "remove_entry by the keeper")

    def promote(self) -> None:
        desk = self.desk()
        slate = desk.slate
        entry = SlateEntry.objects.filter(slate=slate, removed_at=None, kind=EntryKind.RESERVE).first()
        if entry:
            slates.promote_reserve(
                slate_id=slate.pk,
                version=slate.version,
                nomination_id=entry.nomination_id,
                actor=desk.keeper,
            )
            self.done["promote_reserve"] += 1

    # places

    def set_places(self) -> None:
        desk, reason = self.desk(), self.reason()
        actor = self.cohort.planner if desk is self.cohort.city else self.cohort.city.keeper
        places = self.random.randint(1, 6)
        allotments.set_places(
            round_award_id=self.cohort.round_award.pk,
            body_id=desk.body.pk,
            places=places,
            reserve_places=self.random.randint(1, 3),
            separate=[SeparateLine("s1", "专项", 1)],
            slots=self.slots(places),
            parts={SHARE: self.random.randint(0, places)},
            actor=actor,
            reason=reason,
        )
        self.told_with(reason, "set_places")

    def slots(self, places: int) -> tuple[Slot, ...]:
        """Now and then a place for trade, and another within the whole list for manufacturing."""
        trade, making = (chosen([f"industry:{each}"]) for each in ("F51", "C"))
        wanted = (Slot(trade, 1, "1", "商贸"), Slot(making, 1, "2", "制造业", within=WHOLE_LIST))
        return wanted[: self.random.randint(0, 2)] if places > 1 and self.random.random() < 0.4 else ()

    def hand_down(self) -> None:
        reason = self.reason()
        below = [desk.body.pk for desk in self.cohort.desks.values() if desk is not self.cohort.city]
        allotments.hand_down(
            round_award_id=self.cohort.round_award.pk,
            parent_id=self.cohort.city.body.pk,
            places_by_body={pk: self.random.randint(2, 6) for pk in below},
            actor=self.cohort.city.keeper,
            reason=reason,
        )
        self.told_with(reason, "hand_down")

    def calculate(self) -> None:
        """The next step of the city's calculation of places: begin it, draw the lots, apply it."""
        city, round_award = self.cohort.city, self.cohort.round_award
        made = Apportionment.objects.in_full().filter(parent=city.body, state__in=("draft", "drawn")).first()
        if made is None:
            total = self.random.randint(16, 24)
            inputs = apportionments.Inputs(total, figures={SHARE: self.random.randint(0, 10)})
            apportionments.begin(
                round_award_id=round_award.pk, parent_id=city.body.pk, actor=city.keeper, inputs=inputs
            )
            self.done["begin_calculation"] += 1
            return
        act = {"apportionment_id": made.pk, "version": made.version, "actor": city.keeper}
        if made.state == "draft":
            apportionments.draw(**act)
            self.done["draw_lots"] += 1
            return
        reason = self.reason()
        apportionments.apply(**act, plan=apportionments.standing(made).digest, reason=reason)
        self.told_with(reason, "apply_calculation")

    # nominations

    def withdraw(self) -> None:
        nomination, reason = self.nomination(POOLED, IN_REVIEW, RETURNED), self.reason()
        if nomination:
            turns.withdraw(nomination_id=nomination.pk, actor=self.cohort.applicant, reason=reason)
            self.told_with(reason, "withdraw")

    def disqualify(self) -> None:
        desk, reason = self.desk(), self.reason()
        nomination = self.nomination(POOLED, desk=desk)
        if nomination:
            turns.disqualify(nomination_id=nomination.pk, actor=desk.keeper, reason=reason)
            self.told_with(reason, "disqualify")

    def opine(self) -> None:
        desk = self.desk()
        nomination = self.nomination(IN_REVIEW, desk=desk)
        if nomination is None:
            return
        stage = desk.body.stage
        task = self.task(of_nomination(nomination.pk), *(f"{stage}_{office}" for office in Office))
        if task is None:
            return
        office = Office(task.flow_task.name.removeprefix(f"{stage}_"))
        actor = self.cohort.reviewers[desk.body.pk, office]
        outcome = self.random.choices(list(Outcome), (8, 3, 1))[0]
        left = self.perform(
            task,
            actor,
            lambda: reviews.give_opinion(
                nomination_id=nomination.pk,
                version=nomination.version,
                office=office,
                actor=actor,
                outcome=outcome,
                text="" if outcome == Outcome.APPROVE else "请核实。",
                return_route=self.random.choice(list(ReturnRoute)) if outcome == Outcome.RETURN else "",
            ),
        )
        gone = left.status == NominationState.NOT_SELECTED
        self.done["pass_over" if gone else reviews.ACT_OF_OUTCOME[outcome].value] += 1

    def resubmit(self) -> None:
        nomination = self.nomination(RETURNED)
        task = nomination and self.task(of_nomination(nomination.pk), "correction")
        if nomination and task:
            self.perform(
                task,
                self.cohort.applicant,
                lambda: nominations.resubmit(
                    nomination_id=nomination.pk, version=nomination.version, actor=self.cohort.applicant
                ),
            )
            self.done["resubmit"] += 1


ACTS = {
    "forward": 42,
    "take_back": 2,
    "reopen": 2,
    "remove": 5,
    "promote": 8,
    "set_places": 8,
    "hand_down": 2,
    "calculate": 6,
    "withdraw": 3,
    "disqualify": 2,
    "opine": 14,
    "resubmit": 5,
}
"""What a hand does, and how often of the sum."""


# the recount


def found_wrong(cohort: Cohort) -> list[str]:
    """What must hold at every moment between two acts, counted from the rows without the services' help."""
    return [*_of_lists(cohort), *_of_ledger()]


def _of_lists(cohort: Cohort) -> list[str]:
    wrong = []
    slates_ = {slate.pk: slate for slate in Slate.objects.filter(round_award=cohort.round_award)}
    entries = list(SlateEntry.objects.filter(slate__in=slates_, removed_at=None).select_related("nomination"))
    for allotment in Allotment.objects.filter(round_award=cohort.round_award):
        slate = next(each for each in slates_.values() if each.body_id == allotment.body_id)
        here = [entry for entry in entries if entry.slate_id == slate.pk]
        regular = sum(entry.kind == EntryKind.REGULAR for entry in here)
        taken = 0 if slate.state == SlateState.COMPILING else regular
        if allotment.committed != taken or taken > allotment.places:
            wrong.append(f"{slate}: {allotment.committed} taken of {allotment.places}, {taken} on the list")
        for kind in EntryKind:
            ranks = sorted(entry.rank for entry in here if entry.kind == kind)
            if ranks != list(range(1, len(ranks) + 1)):
                wrong.append(f"{slate}: {kind} ranked {ranks}")
    waiting = [entry for entry in entries if slates_[entry.slate_id].state not in GONE]
    twice = Counter(entry.nomination_id for entry in waiting)
    wrong += [f"nomination {pk} on {number} lists" for pk, number in twice.items() if number > 1]
    for entry in waiting:
        one = entry.nomination
        if (one.status, one.desk_id) != (POOLED, slates_[entry.slate_id].body_id):
            wrong.append(f"nomination {one.pk} on a list that waits: {one.status} at {one.desk_id}")
    gone = [slate.body_id for slate in slates_.values() if slate.state in GONE]
    left = Nomination.objects.filter(round_award=cohort.round_award, status=POOLED, desk__in=gone)
    return wrong + [f"nomination {one.pk} in the pool of a list that has left" for one in left]


def _of_ledger() -> list[str]:
    """Every act was done on what the act before it had left: told figures follow each other, versions count them."""
    wrong = []
    standing: dict[str, dict[str, Any]] = {}
    acts: Counter[str] = Counter()
    for row in LedgerEntry.objects.exclude(stream__startswith="round:").order_by("stream", "seq"):
        acts[row.stream] += 1
        known = standing.setdefault(row.stream, {})
        for name, value in _figures(row.stream, row.before).items():
            if known.get(name, value) != value:
                wrong.append(f"{row.stream} {row.seq} {row.act}: {name} was {known[name]}, not {value}")
        known |= _figures(row.stream, row.after)
    for model, kind in ((Slate, "slate"), (Nomination, "nomination")):
        for pk, version in model.objects.values_list("pk", "version"):
            # Their first row tells of the beginning and raised nothing: a list is opened, a nomination told of.
            rows = acts[f"{kind}:{pk}"]
            if version != rows:
                wrong.append(f"{kind}:{pk} has version {version} after {rows} rows")
    for allotment in Allotment.objects.prefetch_related("lines"):
        known = standing.get(f"allotment:{allotment.pk}", {})
        parts = {one.rule: one.places for one in allotment.lines.all()}
        now = {
            "places": allotment.places,
            "reserve_places": allotment.reserve_places,
            SHARE: parts.get(SHARE, 0),
        }
        wrong += [
            f"{allotment}: {now[name]} {name}, the ledger tells of {known[name]}"
            for name in known
            if known[name] != now[name]
        ]
    return wrong


def _figures(stream: str, told_: dict[str, Any]) -> dict[str, Any]:
    """What of a row must be what the row before it left; the parts in one form, whichever act tells them."""
    if not stream.startswith("allotment:"):
        return {name: value for name, value in told_.items() if name in {"state", "stage", "desk"}}
    figures = {name: told_[name] for name in ("places", "reserve_places") if name in told_}
    if "parts" in told_:
        figures[SHARE] = sum(told_["parts"].values())
    return figures
