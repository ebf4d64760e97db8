"""A body with its list and its people, and the steps that take the list from state to state through the services."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from appraisal.namings.services import namings
from appraisal.notices.services import notices, objections
from appraisal.records.models import Nomination, Notice, Objection, Opinion, Slate, SlateEntry
from appraisal.records.services.offices import offices
from appraisal.records.states import EntryKind, NominationState, Outcome, SlateState
from appraisal.slates.services import slates, unreviewed
from quotas.base import clock
from quotas.base.states import Level, Role, Stage
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, RoundAward
from quotas.tree.models import Body, User
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_body,
    make_nomination,
    make_official,
    make_round_award,
    make_user,
)

NOTICE_STARTS = IN_TIME + timedelta(days=3)
"""Monday, 18 May 2026: five working days end on Friday, 22 May."""
AFTER_NOTICE = datetime(2026, 5, 23, 2, 0, tzinfo=UTC)


ASKING = (slates.submit, slates.send_up, slates.finalise, namings.decide)
"""The acts that ask for what lies unreviewed at the desk; here the keeper has always seen it."""


def seen(slate: Slate) -> str:
    """What a page would send after it has shown what lies unreviewed now."""
    return unreviewed.of_slate(slate).digest


@dataclass
class Desk:
    """The list of a body for one award, and everybody who acts on it."""

    allotment: Allotment
    keeper: User
    union_leader: User
    party_leader: User

    @property
    def body(self) -> Body:
        return self.allotment.body

    @property
    def slate(self) -> Slate:
        return Slate.objects.get(round_award=self.allotment.round_award, body=self.allotment.body)

    @property
    def committed(self) -> int:
        return Allotment.objects.get(pk=self.allotment.pk).committed

    def entries(self) -> list[tuple[int, str, int]]:
        """What stands on the list, as (nomination, kind, rank)."""
        live = SlateEntry.objects.filter(slate=self.slate, removed_at=None).order_by("kind", "rank")
        return list(live.values_list("nomination_id", "kind", "rank"))

    def fill(self, *, non_public=0, public=0, reserves=0, separate=0, **fields) -> list[Nomination]:
        """New nominations in the pool, put on the list in this order; returns them."""
        kinds = [EntryKind.REGULAR] * (non_public + public)
        kinds += [EntryKind.RESERVE] * reserves + [EntryKind.SEPARATE] * separate
        made = [
            make_nomination(
                self.allotment.round_award,
                self.body,
                non_public=not non_public <= place < non_public + public,
                **fields,
            )
            for place in range(len(kinds))
        ]
        self.set([(nomination.pk, kind) for nomination, kind in zip(made, kinds, strict=True)])
        return made

    def set(self, chosen: list[tuple[int, EntryKind]]) -> Slate:
        """Put these on the list, ranked in their order within each kind."""
        ranks = dict.fromkeys(EntryKind, 0)
        entries = []
        for nomination_id, kind in chosen:
            ranks[kind] += 1
            entries.append((nomination_id, kind.value, ranks[kind]))
        slate = self.slate
        return slates.set_entries(
            slate_id=slate.pk, version=slate.version, actor=self.keeper, entries=entries
        )

    def act(self, service, actor=None, **arguments):
        """One service call with the list as it is now; the list keeper acts unless said otherwise."""
        slate = self.slate
        if service in ASKING and "unreviewed" not in arguments:
            arguments["unreviewed"] = seen(slate)
        return service(slate_id=slate.pk, version=slate.version, actor=actor or self.keeper, **arguments)

    def sign(self) -> Slate:
        self.act(slates.sign, self.union_leader, office="union", signed=True)
        return self.act(slates.sign, self.party_leader, office="party", signed=True)

    def publish(self, **arguments) -> Notice:
        return self.act(notices.publish, starts_on=clock.local_date(NOTICE_STARTS), **arguments)

    def close(self) -> Slate:
        with clock.travel(AFTER_NOTICE):
            return notices.close(slate_id=self.slate.pk)

    def object_to(self, nomination: Nomination, **arguments) -> Objection:
        defaults = {
            "objector": "王实名",
            "objector_contact": "江苏省某市某路1号",
            "text": "事迹不实",
            "received_on": clock.local_date(NOTICE_STARTS),
        }
        with clock.travel(NOTICE_STARTS):
            return objections.record(
                notice_id=Notice.objects.get(slate=self.slate, closed_at=None).pk,
                entry_id=SlateEntry.objects.get(slate=self.slate, nomination=nomination, removed_at=None).pk,
                actor=self.keeper,
                **defaults | arguments,
            )

    def name(self, **arguments) -> namings.NamingRelease:
        defaults = {
            "title": "关于命名2026年模范职工之家的决定",
            "document_number": "苏工发〔2026〕12号",
            "decided_on": clock.today(),
        }
        return self.act(namings.decide, **defaults | arguments)

    def advance(self, state: SlateState) -> Slate:
        """Take a filled list that is compiling as far as `state`, by the services alone."""
        steps = {
            SlateState.SIGNING: lambda: self.act(slates.submit),
            SlateState.SIGNED: self.sign,
            SlateState.ON_NOTICE: self.publish,
            SlateState.SETTLING: self.close,
            SlateState.SENT_UP: lambda: self.act(slates.send_up),
            SlateState.FINALISED: lambda: self.act(slates.finalise),
            SlateState.NAMED: self.name,
        }
        final = self.slate.stage == self.allotment.round_award.award.final_stage
        skipped = {SlateState.SENT_UP} if final else {SlateState.FINALISED, SlateState.NAMED}
        order = list(SlateState)
        for reached, step in steps.items():
            waiting = order.index(self.slate.state) < order.index(reached) <= order.index(state)
            if waiting and reached not in skipped:
                step()
        assert self.slate.state == state
        return self.slate


def make_desk(
    round_award: RoundAward | None = None,
    body: Body | None = None,
    *,
    places: int = 4,
    reserve_places: int = 2,
    separate_places: int = 1,
    typed: dict[str, int] | None = None,
) -> Desk:
    """A body (a county unless given) with an open list, its keeper and its two leaders."""
    body = body or make_body()
    allotment = make_allotment(
        round_award or make_round_award(),
        body,
        places=places,
        reserve_places=reserve_places,
        separate_places=separate_places,
        typed=typed,
    )
    desk = Desk(
        allotment,
        make_official(body, Role.STAFF if body.level == Level.PROVINCE else Role.KEEPER),
        make_official(body, Role.UNION_LEADER),
        make_official(body, Role.PARTY_LEADER),
    )
    slates.open_all(round_id=allotment.round_award.round_id)
    return desk


def make_route(round_award: RoundAward | None = None, **places) -> dict[Stage, Desk]:
    """A county, its city and the province, each with its list."""
    county = make_body()
    route = (county, county.parent, county.parent.parent)
    round_award = round_award or make_round_award()
    return {body.stage: make_desk(round_award, body, **places) for body in route}


def told(nominations_):
    """Give nominations the opinions and the ledger row that the services would have written; returns them."""
    opinions = [
        Opinion(
            nomination=one,
            stage=one.stage,
            body=one.desk,
            office=office,
            review_pass=one.review_pass,
            outcome=Outcome.APPROVE,
            actor=make_user(),
            at=clock.now(),
        )
        for one in nominations_
        if one.status == NominationState.POOLED
        for office in offices(one.round_award.award, one.desk)
    ]
    Opinion.objects.bulk_create(opinions, ignore_conflicts=True)
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(f"nomination:{one.pk}", "approve", None, after={"state": str(one.status)})
            for one in nominations_
        ]
    )
    return nominations_
