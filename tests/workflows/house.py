"""A small province with everybody in it, and the acts of a season in one word each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from viewflow.workflow.models import Task

from appraisal.namings.services import namings
from appraisal.nominations.services import reviews, scores
from appraisal.records.models import Employer, Nomination, Slate, UnitPost
from appraisal.records.services import lifecycle
from appraisal.records.services.offices import offices
from appraisal.records.states import (
    Channel,
    Control,
    EntryKind,
    NominationAct,
    NominationState,
    Outcome,
    ReturnRoute,
    UnitRole,
)
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.states import Level, Office, Role, Stage
from quotas.rounds.models import Allotment
from quotas.tree.models import Body, User
from tests.appraisal.desks import seen
from tests.builders import (
    IN_TIME,
    labelled,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round_award,
    make_user,
)
from workflows import tokens, turns
from workflows.querysets import of_nomination, of_slate

_serial = count(1)

ROLES = {
    "union": Role.UNION_REVIEWER,
    "party": Role.PARTY_REVIEWER,
    "keeper": Role.KEEPER,
    "union_leader": Role.UNION_LEADER,
    "party_leader": Role.PARTY_LEADER,
    "staff": Role.STAFF,
}
OFFICE_OF = {Office.UNION: ("union", "union_leader"), Office.PARTY: ("party", "party_leader")}


@dataclass
class House:
    """A province, a city, a county and an industry union; one award with places everywhere; one account per post."""

    award_ends: Stage = Stage.PROVINCE
    joint: bool = True
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[tuple[str, str], User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        province = make_body(level=Level.PROVINCE, name="江苏省")
        city = make_body(level=Level.CITY, parent=province, name="苏州市")
        county = make_body(level=Level.COUNTY, parent=city, name="张家港市")
        industry = make_body(level=Level.INDUSTRY, parent=province, name="教科工会")
        self.bodies = {"province": province, "city": city, "county": county, "industry": industry}
        for name, body in self.bodies.items():
            for post, role in ROLES.items():
                self.people[name, post] = make_official(body, role)
        award = make_award(final_stage=self.award_ends, joint=self.joint)
        self.round_award = make_round_award(award=award, share=None)
        for body in self.bodies.values():
            make_allotment(self.round_award, body, places=50)
        self.applicant = make_user()
        self.endorser = make_user()
        self.slates = {
            name: Slate.objects.create(round_award=self.round_award, body=body, stage=body.stage)
            for name, body in self.bodies.items()
        }

    # nominations

    def unit(self) -> Employer:
        number = next(_serial)
        employer = Employer.objects.create(
            credit_code=f"{number:018d}",
            name=f"单位{number}",
            body=self.bodies["county"],
            industry_body=self.bodies["industry"],
            control=Control.PRIVATE,
            verified_control=Control.PRIVATE,
            verified_by=self.endorser,
            verified_at=clock.now(),
            verified_on_proof="章程",
        )
        UnitPost.objects.create(user=self.applicant, employer=employer, role=UnitRole.APPLICANT)
        UnitPost.objects.create(user=self.endorser, employer=employer, role=UnitRole.ENDORSER)
        return employer

    def nomination(self, body: str = "county", **fields: Any) -> Nomination:
        """A draft whose process has begun."""
        made = self.draft(body, **fields)
        turns.start_nomination(nomination_id=made.pk)
        return made

    def draft(self, body: str = "county", **fields: Any) -> Nomination:
        number = next(_serial)
        employer = self.unit()
        made = Nomination(
            **{
                "number": f"SY{number:06d}",
                "round_award": self.round_award,
                "employer": employer,
                "body": self.bodies[body],
                "channel": Channel.INDUSTRY if body == "industry" else Channel.TERRITORIAL,
                "created_by": self.applicant,
                "created_at": clock.now(),
                "entered_at": clock.now(),
                "form_key": uuid4(),
                "nominee_name": f"集体{number}",
                "nominee_key": f"key:{number}",
                "non_public": True,
                "ownership_verified": True,
                **fields,
            }
        )
        labelled(made).save()
        return made

    def lying(
        self, status: NominationState, body: str = "county", desk: str | None = None, **fields: Any
    ) -> Nomination:
        """A nomination whose token is where the domain says, without the way there."""
        desk_body = self.bodies[desk or body]
        made = self.draft(
            body,
            status=status,
            stage=desk_body.stage
            if status not in {NominationState.DRAFT, NominationState.ENDORSING}
            else Stage.UNIT,
            desk=desk_body if status not in {NominationState.DRAFT, NominationState.ENDORSING} else None,
            submitted_at=clock.now(),
            **fields,
        )
        turns.start_nomination(nomination_id=made.pk)
        tokens.release([made.pk])
        return made

    def submit(self, nomination: Nomination) -> None:
        self.do(
            nomination,
            "complete_application",
            self.applicant,
            self._step(nomination, NominationAct.SUBMIT, "endorsing"),
        )

    def send_back(self, nomination: Nomination) -> None:
        self.do(
            nomination,
            "unit_endorsement",
            self.endorser,
            self._step(nomination, NominationAct.SEND_BACK, "draft"),
        )

    def endorse(self, nomination: Nomination) -> None:
        place = lifecycle.Place(nomination.body.stage, nomination.body, IN_TIME + timedelta(days=30))
        act = self._step(
            nomination, NominationAct.ENDORSE, "in_review", place=place, fields={"submitted_at": clock.now()}
        )
        self.do(nomination, "unit_endorsement", self.endorser, act)

    def resubmit(self, nomination: Nomination) -> None:
        fresh = Nomination.objects.get(pk=nomination.pk)
        desk = fresh.body if fresh.return_route == ReturnRoute.FIRST else fresh.desk
        place = lifecycle.Place(desk.stage, desk, IN_TIME + timedelta(days=30))
        act = self._step(
            nomination,
            NominationAct.RESUBMIT,
            "in_review",
            place=place,
            new_pass=True,
            fields={"return_route": ""},
        )
        self.do(nomination, "correction", self.applicant, act)

    def _step(
        self, nomination: Nomination, act: NominationAct, state: str, **extra: Any
    ) -> Callable[[], Nomination]:
        return lambda: lifecycle.move_nomination(
            lifecycle.lock_nomination(nomination.pk),
            act,
            NominationState(state),
            actor=self.applicant,
            **extra,
        )

    def opinion(
        self,
        nomination: Nomination,
        at: str,
        office: Office,
        outcome: Outcome = Outcome.APPROVE,
        route: ReturnRoute = ReturnRoute.RETURNER,
        **who: Any,
    ) -> Nomination:
        """One office's decision at a body, through its task."""
        actor = who.get("actor") or self.people[at, OFFICE_OF[office][0]]
        stage = self.bodies[at].stage
        return self.do(
            nomination,
            f"{stage.value}_{office.value}",
            actor,
            lambda: reviews.give_opinion(
                nomination_id=nomination.pk,
                version=Nomination.objects.get(pk=nomination.pk).version,
                office=office,
                actor=actor,
                outcome=outcome,
                text="" if outcome == Outcome.APPROVE else "材料与事迹不符，请核实。",
                return_route=route if outcome == Outcome.RETURN else "",
            ),
        )

    def approve(self, nomination: Nomination, at: str) -> None:
        """All offices of a body approve."""
        both = offices(self.round_award.award, self.bodies[at])
        for office in both:
            self.opinion(nomination, at, office)

    def score(self, nomination: Nomination, points: int = 9000) -> None:
        staff = self.people["province", "keeper"]
        self.do(
            nomination,
            "province_scoring",
            staff,
            lambda: scores.record(
                nomination_id=nomination.pk, version=version(nomination), actor=staff, score=points
            ),
        )

    # slates

    def open_slates(self) -> None:
        turns.reconcile()

    def compile(self, at: str, chosen: list[Nomination]) -> None:
        """Choose and submit."""
        slate, keeper = self.slates[at], self.people[at, "keeper"]
        slates.set_entries(
            slate_id=slate.pk,
            version=version(slate),
            actor=keeper,
            entries=[(each.pk, EntryKind.REGULAR, rank) for rank, each in enumerate(chosen, start=1)],
        )
        self.slate_do(
            at,
            "compile_slate",
            "keeper",
            lambda who: slates.submit(
                slate_id=slate.pk, version=version(slate), actor=who, unreviewed=seen(slate)
            ),
        )

    def sign(self, at: str, office: Office, *, signed: bool = True) -> None:
        slate = self.slates[at]
        self.slate_do(
            at,
            f"{office.value}_sign",
            OFFICE_OF[office][1],
            lambda who: slates.sign(
                slate_id=slate.pk,
                version=version(slate),
                office=office,
                actor=who,
                signed=signed,
                text="" if signed else "请调整。",
            ),
        )

    def publish(self, at: str) -> None:
        slate = self.slates[at]
        self.slate_do(
            at,
            "publish_notice",
            "keeper",
            lambda who: turns.publish(
                slate_id=slate.pk,
                version=version(slate),
                actor=who,
                starts_on=clock.today(),
                ends_on=clock.today() + timedelta(days=7),
                override_reason="省级统一安排",
            ),
        )

    def wait_out(self, journey: Any) -> None:
        journey.advance(timedelta(days=8))
        assert [closing.refusal for closing in turns.close_due_notices()] == [None]

    def through_notice(self, at: str, chosen: list[Nomination], journey: Any) -> None:
        """From compiling to the end of the notice."""
        self.compile(at, chosen)
        for office in offices(self.round_award.award, self.bodies[at]):
            self.sign(at, office)
        self.publish(at)
        self.wait_out(journey)

    def send_up(self, at: str) -> Any:
        slate = self.slates[at]
        return turns.perform(
            self.slate_task(at, "settle_objections").pk,
            self.people[at, "keeper"],
            slates.send_up,
            slate_id=slate.pk,
            actor=self.people[at, "keeper"],
            version=version(slate),
            unreviewed=seen(slate),
        )

    def name(self, at: str = "province") -> Any:
        slate = self.slates[at]
        post = "staff" if at == "province" else "keeper"
        self.slate_do(
            at,
            "settle_objections",
            post,
            lambda who: slates.finalise(
                slate_id=slate.pk, version=version(slate), actor=who, unreviewed=seen(slate)
            ),
        )
        return turns.perform(
            self.slate_task(at, "naming_decision").pk,
            self.people[at, post],
            namings.decide,
            slate_id=slate.pk,
            actor=self.people[at, post],
            version=version(slate),
            title="关于命名的决定",
            document_number=f"苏工发〔2026〕{next(_serial)}号",
            decided_on=min(date(2026, 5, 20), clock.today()),
            unreviewed=seen(slate),
        )

    # tasks

    def do(self, nomination: Nomination, node: str, actor: User, act: Callable[[], Any]) -> Any:
        task = open_task(of_nomination(nomination.pk), node)
        return turns.perform(task.pk, actor, act)

    def slate_do(self, at: str, node: str, post: str, act: Callable[[User], Any]) -> Any:
        who = self.people[at, post]
        return turns.perform(self.slate_task(at, node).pk, who, act, who)

    def slate_task(self, at: str, node: str) -> Task:
        return open_task(of_slate(self.slates[at].pk), node)


def version(row: Any) -> int:
    return type(row).objects.values_list("version", flat=True).get(pk=row.pk)


def open_task(tasks: Any, node: str) -> Task:
    (task,) = [task for task in tasks.filter(finished=None) if task.flow_task.name == node]
    return task


def open_nodes(subject: Nomination | Slate) -> list[str]:
    tasks = of_nomination(subject.pk) if isinstance(subject, Nomination) else of_slate(subject.pk)
    return sorted(task.flow_task.name for task in tasks.filter(finished=None))


def status_of(nomination: Nomination) -> str:
    return Nomination.objects.values_list("status", flat=True).get(pk=nomination.pk)


def process_of(subject: Any) -> Any:
    return type(subject).objects.get(pk=subject.pk).process


def shape(task: Task) -> SimpleNamespace:
    """What one task row says, without its own number and without moments."""
    return SimpleNamespace(
        node=task.flow_task.name,
        type=task.flow_task_type,
        status=task.status,
        moments=[
            bool(getattr(task, name)) for name in ("created", "assigned", "started", "finished", "scheduled")
        ],
        permission=task.owner_permission,
        of=(task.owner_permission_content_type_id, task.owner_permission_obj_pk),
        owner=task.owner_id,
        token=str(task.token),
        data=task.data,
        previous=sorted(task.previous.values_list("pk", flat=True)),
    )


__all__ = ["Allotment", "House", "open_nodes", "open_task", "process_of", "shape", "status_of", "version"]
