"""How the people of a simulated round behave, act by act, always through services and turns.

A `Case` is one application and its unit's people. `Season` holds what all acts share and counts what happened.
What somebody does is drawn from the seed, the phase and the case's index, so that it does not matter in which order
or by how many processes the cases are played.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile
from viewflow.workflow.models import Task

from appraisal.deadlines.services import extensions, latest
from appraisal.gate.refusals import ApprovalUnlisted
from appraisal.gate.services import gate
from appraisal.namings.services import namings
from appraisal.nominations.services import evidence, nominations, reviews, scores
from appraisal.notices.services import notices, objections
from appraisal.records import rules
from appraisal.records.models import Employer, Nomination, Notice, Slate, SlateEntry
from appraisal.records.services.offices import offices
from appraisal.records.states import (
    Control,
    EntryKind,
    EvidenceKind,
    Finding,
    MeetingKind,
    NominationState,
    Outcome,
    ReturnRoute,
    UnitRole,
)
from appraisal.register.services import employers, unit_people
from appraisal.slates.services import deviations, slates, unreviewed
from appraisal.slates.services.deviations import Approval
from quotas.arithmetic.backwards import NoticeTerms
from quotas.arithmetic.workdays import Unannounced
from quotas.base import clock
from quotas.base.errors import InvalidInput, RuleViolation, TooLate
from quotas.base.states import FieldType, Level, Office, Stage
from quotas.base.wording import sentence, sentences
from quotas.editions.services import fields as edition_fields
from quotas.rounds.models import Round, RoundAward
from quotas.selection.plan import REGULAR, bounds_of
from quotas.selection.problem import Question
from quotas.tree.models import Body, User
from workflows import turns
from workflows.models import SlateProcess
from workflows.simulation import papers, units, words
from workflows.simulation.people import Crew, account
from workflows.simulation.plan import Timetable
from workflows.simulation.units import Unit

WHY = "why: "
"""How an event begins that says why a body sends no list."""
MISSED = "missed"
"""The event of a final list that is shorter than a legal one of its pool."""

_NOBODY = "模拟评选，不受理异议"
"""The contact of a notice whose organs have no telephone: one that nobody can take for real."""

EVIDENCE = (
    (EvidenceKind.DEEDS, "事迹材料.pdf"),
    (EvidenceKind.MINUTES, "职工代表大会纪要.pdf"),
    (EvidenceKind.UNIT_NOTICE, "单位公示证明.pdf"),
)

Choice = tuple[int, str, int]
"""An entry of a slate: nomination, kind, rank."""


@dataclass
class Case:
    """One application and the two people of its unit who deal with it."""

    unit: Unit
    nomination_id: int
    process_id: int
    applicant: User
    endorser: User
    begun: date

    @property
    def award(self) -> str:
        return self.unit.award.code


@dataclass
class Season:
    """One round being played, and the count of what happened, by (award, event)."""

    seed: int
    round: Round
    awards: dict[str, RoundAward]
    crews: Mapping[int, Crew]
    timetable: Timetable
    unit_people: Mapping[str, tuple[User, User]] = field(default_factory=dict)
    """Applicant and endorser of the units that have accounts of their own, by credit code."""
    own_papers: bool = False
    """Whether each application brings papers of its own, for people to read, or all bring the same."""
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, award: str, event: str, number: int = 1) -> None:
        self.counts[award, event] += number

    def random(self, phase: str, index: int) -> Random:
        """The dice of one case in one phase."""
        return Random(f"{self.seed}:{phase}:{index}")

    # The unit

    def apply(self, unit: Unit) -> Case | None:
        """Register the unit and begin its application; None when it may not even begin."""
        self.enrol(unit)
        return self.begin(unit)

    def enrol(self, unit: Unit) -> None:
        """The unit's place in the register, verified, and its two people. Safe to repeat."""
        employer = self._employer(unit)
        for user, role in zip(self._people_of(unit), (UnitRole.APPLICANT, UnitRole.ENDORSER), strict=True):
            unit_people.appoint(employer_id=employer.pk, user_id=user.pk, role=role, actor=None)

    def begin(self, unit: Unit) -> Case | None:
        """Begin the application of a registered unit; None when it may not even begin. Numbers go by this order."""
        employer = Employer.objects.get(credit_code=unit.credit_code)
        applicant, endorser = self._people_of(unit)
        self.count(unit.award.code, "applied")
        asked = edition_fields.of(self.awards[unit.award.code].rule_version_id)
        fields = units.application(self.seed, unit, asked)
        fields.update(words.dossier(self.seed, unit, fields["nominee_name"], self.round.year))
        try:
            made = nominations.create(
                form_key=uuid5(NAMESPACE_URL, f"pingxuan:{self.round.pk}:{unit.index}"),
                round_award_id=self.awards[unit.award.code].pk,
                employer_id=employer.pk,
                channel=unit.channel,
                actor=applicant,
                **fields,
            )
        except (RuleViolation, InvalidInput):
            self.count(unit.award.code, "refused")
            return None
        process = turns.start_nomination(nomination_id=made.pk)
        return Case(unit, made.pk, process.pk, applicant, endorser, clock.today())

    def _people_of(self, unit: Unit) -> tuple[User, User]:
        return self.unit_people.get(unit.credit_code) or (
            account(f"sim.{unit.credit_code}.a", f"{unit.name}申报人"[:60]),
            account(f"sim.{unit.credit_code}.e", f"{unit.name}审核人"[:60]),
        )

    def _employer(self, unit: Unit) -> Employer:
        known = Employer.objects.filter(credit_code=unit.credit_code).first()
        employer = known or employers.register(
            actor=None,
            credit_code=unit.credit_code,
            name=unit.name,
            body=unit.body,
            industry_body=unit.industry_body,
            sector=unit.sector,
            industry=unit.trade[0] or "",
            revenue=unit.trade[1],
            employees=unit.employees,
            union_members=unit.employees * 9 // 10,
            party_members=unit.employees // 20,
            control=unit.control,
        )
        if unit.verified and not employer.is_verified:
            employer = employers.verify_ownership(
                employer_id=employer.pk,
                version=employer.version,
                actor=self.crews[unit.body.pk].verifier,
                control=unit.control,
                state_capital_permille=800 if unit.control == Control.STATE else None,
                proof="国家企业信用信息公示系统查询，公司章程",
            )
        return employer

    def hand_in(self, case: Case) -> bool:
        """Evidence, submission to the endorser, the unit's procedure, endorsement. True when it reached a desk."""
        dice = self.random("hand in", case.unit.index)
        self.attach(case)
        if dice.random() < 0.02:
            self.withdraw(case, "企业自愿放弃本次申报")
            return False
        try:
            self.submit(case)
        except RuleViolation:
            # What can never pass is refused before anybody has to look at it.
            self.count(case.award, "refused")
            return False
        if dice.random() < 0.05:
            self._turn(
                case,
                "unit_endorsement",
                case.endorser,
                lambda version: nominations.send_back(
                    nomination_id=case.nomination_id,
                    version=version,
                    actor=case.endorser,
                    text="事迹材料请补充近两年数据。",
                ),
            )
            self.submit(case)
        self.record_procedure(case)
        return True

    def attach(self, case: Case) -> None:
        """Upload what an application needs to be endorsed."""
        for kind, name in EVIDENCE:
            evidence.add(
                nomination_id=case.nomination_id,
                kind=kind,
                upload=ContentFile(self._paper(kind, case), name=name),
                actor=case.applicant,
            )
        for asked in edition_fields.of(self.awards[case.award].rule_version_id):
            if asked.type == FieldType.FILE and asked.required:
                evidence.add(
                    nomination_id=case.nomination_id,
                    kind=EvidenceKind.OTHER,
                    field=asked.key,
                    upload=ContentFile(papers.sample(EvidenceKind.DEEDS), name=f"{asked.label}.pdf"),
                    actor=case.applicant,
                )

    def _paper(self, kind: EvidenceKind, case: Case) -> bytes:
        if not self.own_papers:
            return papers.sample(kind)
        said = Nomination.objects.values("nominee_name", "deeds", "honours").get(pk=case.nomination_id)
        return papers.pdf(
            kind,
            papers.Contents(
                unit=case.unit.name,
                nominee=said["nominee_name"],
                award=case.unit.award.name,
                deeds=said["deeds"],
                honours=said["honours"],
                day=case.begun + timedelta(days=1),
                vote=self._vote(case),
            ),
        )

    def record_procedure(self, case: Case) -> None:
        """The endorser records the vote, the unit's notice and the party organisation's opinion."""
        nominations.save_procedure(
            nomination_id=case.nomination_id,
            version=self._version(case),
            actor=case.endorser,
            **self._procedure(case),
        )

    def endorse(self, case: Case) -> bool:
        """The unit's last step; too late is too late. True when the application is on a desk."""
        try:
            self._turn(
                case,
                "unit_endorsement",
                case.endorser,
                lambda version: nominations.endorse(
                    nomination_id=case.nomination_id, version=version, actor=case.endorser
                ),
            )
        except TooLate:
            self.count(case.award, "late")
            return False
        self.count(case.award, "admitted")
        return True

    def submit(self, case: Case) -> None:
        """The applicant hands it to the endorser. Raises RuleViolation when it can never pass."""
        self._turn(
            case,
            "complete_application",
            case.applicant,
            lambda version: nominations.submit(
                nomination_id=case.nomination_id, version=version, actor=case.applicant
            ),
        )

    def _procedure(self, case: Case) -> nominations.ProcedureFields:
        vote = self._vote(case)
        notice_from = case.begun + timedelta(days=2)
        notice_to, unsure = _end_of(latest.of_unit(self.round), notice_from)
        return nominations.ProcedureFields(
            meeting_kind=MeetingKind.STAFF_CONGRESS,
            meeting_date=case.begun + timedelta(days=1),
            entitled=vote.entitled,
            present=vote.present,
            votes_for=vote.present - vote.against - vote.abstained,
            votes_against=vote.against,
            votes_abstained=vote.abstained,
            notice_from=notice_from,
            notice_to=notice_to,
            notice_reason=unsure,
            notice_place="厂务公开栏",
            notice_objections=False,
            party_opinion="经党组织研究，同意推荐。",
            party_opinion_date=notice_to,
        )

    def _vote(self, case: Case) -> papers.PaperVote:
        """The figures of the unit's vote, the same in what is recorded and in the minutes."""
        dice = self.random("procedure", case.unit.index)
        entitled = dice.randrange(30, 120)
        present = entitled - dice.randrange(0, entitled // 5)
        return papers.PaperVote(entitled, present, against=dice.randrange(0, 3), abstained=1)

    # The reviews

    def review(self, case: Case, stage: Stage, body: Body) -> None:
        """Both offices of the desk look at it; one return goes all the way round, some are not recommended."""
        if self.sift(case, stage, body):
            self.recommend(case, stage, body)

    def sift(self, case: Case, stage: Stage, body: Body) -> bool:
        """What befalls an application but an approval: a withdrawal, a return, a refusal. True when it waits for the offices.

        Approvals depend on what is left afterwards, and not on each other's order (see `reviews.give_opinion`).
        """
        dice = self.random(f"review {stage}", case.unit.index)
        fate = dice.random()
        if fate < 0.01:
            self.withdraw(case, "企业经营情况变化，申请撤回")
            return False
        asked = offices(case.unit.award, body)
        if fate < 0.07:
            self._return(case, stage, body, asked[-1], dice)
            # From the first review again: the levels below look at it once more before it is back here.
            return self._state(case) == NominationState.IN_REVIEW and self._stage(case) == stage
        if 0.10 <= fate < {Stage.COUNTY: 0.16, Stage.CITY: 0.14}.get(stage, 0.12):
            self._decline(case, stage, body, asked[-1], "条件不够突出，暂不推荐。")
            return False
        return True

    def recommend(self, case: Case, stage: Stage, body: Body) -> None:
        """The offices approve, one after the other; what no list could hold any more they decline, with that reason."""
        for office in offices(case.unit.award, body):
            try:
                self.approve(case, stage, body, office)
            except RuleViolation as refusal:
                if not all(isinstance(reason, ApprovalUnlisted) for reason in refusal.reasons):
                    raise
                self.count(case.award, "unlisted")
                text = "".join(str(sentence) for sentence in sentences(refusal))
                self._decline(case, stage, body, office, text)
                return

    def _decline(self, case: Case, stage: Stage, body: Body, office: Office, text: str) -> None:
        self.opinion(case, stage, body, office, Outcome.DECLINE, text)
        self.count(case.award, "declined")

    def _return(self, case: Case, stage: Stage, body: Body, office: Office, dice: Random) -> None:
        route = ReturnRoute.FIRST if stage == Stage.COUNTY and dice.random() < 0.5 else ReturnRoute.RETURNER
        self.opinion(
            case, stage, body, office, Outcome.RETURN, "请补充工会经费拨缴凭证，核对职工人数。", route
        )
        self.count(case.award, "returned")
        self._turn(
            case,
            "correction",
            case.applicant,
            lambda version: nominations.resubmit(
                nomination_id=case.nomination_id, version=version, actor=case.applicant
            ),
        )

    def approve(self, case: Case, stage: Stage, body: Body, office: Office) -> None:
        """One office approves, in words of its own."""
        self.opinion(case, stage, body, office, Outcome.APPROVE, words.approval(case.unit, stage, office))

    def opinion(
        self,
        case: Case,
        stage: Stage,
        body: Body,
        office: Office,
        outcome: Outcome,
        text: str,
        route: ReturnRoute | str = "",
    ) -> None:
        """One office decides."""
        actor = self.crews[body.pk].reviewers[office]
        self._turn(
            case,
            f"{stage}_{office}",
            actor,
            lambda version: reviews.give_opinion(
                nomination_id=case.nomination_id,
                version=version,
                office=office,
                actor=actor,
                outcome=outcome,
                text=text,
                return_route=route,
            ),
        )

    @staticmethod
    def in_review(cases: Sequence[Case], body: Body) -> list[Case]:
        """The cases that lie in review on the body's desk now, in their order."""
        there = set(
            Nomination.objects.filter(
                pk__in=[case.nomination_id for case in cases], desk=body, status=NominationState.IN_REVIEW
            ).values_list("pk", flat=True)
        )
        return [case for case in cases if case.nomination_id in there]

    def score(self, case: Case, body: Body) -> None:
        """The experts' score, entered by the keeper of the final desk."""
        actor = self.crews[body.pk].keeper
        dice = self.random("score", case.unit.index)
        points = max(0, min(rules.MOST_SCORE, case.unit.quality + dice.randrange(-600, 600)))
        self._turn(
            case,
            "province_scoring",
            actor,
            lambda version: scores.record(
                nomination_id=case.nomination_id, version=version, actor=actor, score=points
            ),
        )

    def withdraw(self, case: Case, reason: str) -> None:
        """The unit takes its application back."""
        turns.withdraw(nomination_id=case.nomination_id, actor=case.applicant, reason=reason)
        self.count(case.award, "withdrawn")

    # The slates

    def compile(self, slate: Slate, quality: dict[int, int]) -> bool:
        """The best of the pool; where that breaks a share, it is refused and mended as the refusal advises.

        False: no list of this pool keeps the rules, and nothing is sent.
        """
        keeper = self.crews[slate.body_id].keeper
        award = slate.round_award.award.code
        pool = sorted(
            Nomination.objects.pool_of(slate.round_award_id, slate.body_id).values_list("pk", "score"),
            key=lambda row: (-(row[1] if row[1] is not None else quality[row[0]]), row[0]),
        )
        order = {pk: place for place, (pk, _score) in enumerate(pool)}
        allotment = slate.round_award.allotments.get(body=slate.body_id)
        wish = list(order)[: allotment.places]
        version = slate.version
        ranked = wish
        found = gate.report(slate_id=slate.pk, entries=_entries(wish, []))
        if not found.holds:
            version = slates.set_entries(
                slate_id=slate.pk, version=version, actor=keeper, entries=_entries(wish, [])
            ).version
            try:
                self._slate_turn(
                    slate,
                    "compile_slate",
                    keeper,
                    partial(
                        slates.submit,
                        version=version,
                        actor=keeper,
                        unreviewed=_seen(slate),
                        approval=_paper(slate),
                    ),
                )
            except RuleViolation:
                self.count(award, "refused slates")
            ranked = self._longest(slate, order, wish, found)
        if not ranked:
            self.count(award, WHY + f"{slate.body.code}: " + str(sentence(found.reasons[-1])))
            return False
        final = slate.stage == slate.round_award.award.final_stage
        if final and len(ranked) < len(wish) and _could_be_longer(slate, len(ranked)):
            self.count(award, MISSED)
        reserve = [pk for pk in order if pk not in ranked][: allotment.reserve_places]
        saved = slates.set_entries(
            slate_id=slate.pk, version=version, actor=keeper, entries=_entries(ranked, reserve)
        )
        self._slate_turn(
            slate,
            "compile_slate",
            keeper,
            partial(
                slates.submit,
                version=saved.version,
                actor=keeper,
                unreviewed=_seen(slate),
                approval=_paper(slate),
            ),
        )
        return True

    @staticmethod
    def _longest(
        slate: Slate, order: Mapping[int, int], wish: Sequence[int], found: gate.GateReport
    ) -> list[int]:
        """The wish as the gate advises to change it, as long as it may be: first the whole wish, then ever less of it."""
        best: list[int] = []
        for length in range(len(wish), 0, -1):
            if length <= len(best) or found.advice is None or found.conflict is not None:
                break
            listed = sorted(_advised(wish[:length], found), key=order.__getitem__)
            best = max(best, listed, key=len)
            shorter = wish[: length - 1]
            found = gate.report(slate_id=slate.pk, entries=_entries(shorter, []))
            if found.holds and len(shorter) > len(best):
                return list(shorter)
        return best

    def sign(self, slate: Slate) -> None:
        """The leaders of the body's offices sign."""
        for office in offices(slate.round_award.award, slate.body):
            self.sign_as(slate, office)

    def sign_as(self, slate: Slate, office: Office) -> None:
        """The leader of one office signs."""
        leader = self.crews[slate.body_id].leaders[office]
        self._slate_turn(
            slate,
            f"{office}_sign",
            leader,
            partial(
                slates.sign,
                version=_version_of(slate),
                office=office,
                actor=leader,
                signed=True,
                text="同意。",
            ),
        )

    def publish(self, slate: Slate) -> None:
        """The notice of the list, from today."""
        keeper = self.crews[slate.body_id].keeper
        reached = any(issuer["telephone"] for issuer in notices.issued_by(slate_id=slate.pk))
        ends_on, unsure = _end_of(latest.of_list(self.round), clock.today())
        late = notices.too_late(slate, ends_on)
        if late:
            self._extend(slate, late.due_at + (ends_on - late.by))
        self._slate_turn(
            slate,
            "publish_notice",
            keeper,
            partial(
                turns.publish,
                version=_version_of(slate),
                actor=keeper,
                starts_on=clock.today(),
                ends_on=ends_on,
                override_reason=unsure,
                contact="" if reached else _NOBODY,
            ),
        )

    def _extend(self, slate: Slate, wanted: datetime) -> None:
        """A list whose notice would end too late: a reviewer asks for more time, and whoever plans the round grants it."""
        province = Body.objects.values_list("pk", flat=True).get(parent=None)
        request = extensions.ask(
            round_id=self.round.pk,
            stage=slate.stage,
            body_id=slate.body_id,
            wanted=wanted,
            reason="公示期满才能上报",
            actor=self.crews[slate.body_id].reviewers[Office.UNION],
        )
        extensions.grant(request_id=request.pk, actor=self.crews[province].keeper, answer="同意。")

    def receive_objections(self, slate: Slate, people: dict[int, User]) -> None:
        """While the notice runs: here and there a letter, here and there a withdrawal."""
        dice = self.random(f"notice {slate.round_award.award.code}", int.from_bytes(slate.body.code.encode()))
        entries = list(SlateEntry.objects.filter(slate=slate, removed_at=None).order_by("kind", "rank"))
        keeper = self.crews[slate.body_id].keeper
        award = slate.round_award.award.code
        if dice.random() < 0.08:
            entry = dice.choice(entries)
            upheld = dice.random() < 0.4
            objection = objections.record(
                notice_id=Notice.objects.get(slate=slate, closed_at=None).pk,
                entry_id=entry.pk,
                actor=keeper,
                objector="职工代表",
                objector_contact="信函附联系方式",
                text="反映该单位存在未按时足额缴纳社会保险费的情况。",
                received_on=clock.today(),
            )
            self.count(award, "objections")
            turns.settle_objection(
                objection_id=objection.pk,
                actor=keeper,
                finding=Finding.UPHELD if upheld else Finding.UNFOUNDED,
                text="经核查属实。" if upheld else "经核查，反映情况不属实。",
            )
        elif dice.random() < 0.05:
            entry = dice.choice(entries)
            turns.withdraw(
                nomination_id=entry.nomination_id,
                actor=people[entry.nomination_id],
                reason="企业申请撤回",
            )
            self.count(award, "withdrawn")

    def close(self, slate: Slate) -> None:
        """The notice has ended."""
        turns.close_notice(slate_id=slate.pk, actor=None)

    def send_up(self, slate: Slate) -> bool:
        """Settle and send up; what a removal broke is repaired by the reserves, or the list is compiled again."""
        keeper = self.crews[slate.body_id].keeper
        self._promote(slate, keeper)
        if not _stands(slate):
            turns.reopen(
                slate_id=slate.pk,
                version=_version_of(slate),
                actor=keeper,
                reason="公示期间名单变动，占比不符合要求，重新编制",
            )
            self.count(slate.round_award.award.code, "reopened slates")
            return False
        self.count(slate.round_award.award.code, "slates")
        final = slate.stage == slate.round_award.award.final_stage
        known = {"version": _version_of(slate), "actor": keeper, "unreviewed": _seen(slate)}
        act: Callable[..., object] = slates.finalise if final else slates.send_up
        self._slate_turn(slate, "settle_objections", keeper, partial(act, **known))
        return True

    def _promote(self, slate: Slate, keeper: User) -> None:
        """For every place that fell vacant the first reserve that breaks nothing, in rank."""
        gone = SlateEntry.objects.filter(slate=slate, kind=EntryKind.REGULAR, removed_at__isnull=False)
        for _vacancy in range(gone.count()):
            fit = next((pk for pk, broken in gate.reserves(slate_id=slate.pk) if not broken), None)
            if fit is None:
                return
            slates.promote_reserve(
                slate_id=slate.pk, version=_version_of(slate), nomination_id=fit, actor=keeper
            )
            self.count(slate.round_award.award.code, "promoted")

    def name(self, slate: Slate) -> None:
        """The naming decision on a finalised list."""
        keeper = self.crews[slate.body_id].keeper
        award = slate.round_award.award
        self._slate_turn(
            slate,
            "naming_decision",
            keeper,
            partial(
                namings.decide,
                version=_version_of(slate),
                actor=keeper,
                title=namings.title_of(slate),
                document_number=f"{_office(slate.body)}〔{self.round.year}〕{award.order}号",
                decided_on=clock.today(),
                unreviewed=_seen(slate),
            ),
        )

    # Turns

    def _turn(self, case: Case, node: str, actor: User, act: Callable[[int], object]) -> None:
        task_id = _open_tasks(case.process_id).get(node)
        if task_id is None:
            raise LookupError(f"no open task {node} for {case.nomination_id}")
        version = self._version(case)
        turns.perform(task_id, actor, act, version)

    def _slate_turn(self, slate: Slate, node: str, actor: User, act: Callable[..., object]) -> None:
        turns.perform(self._slate_tasks(slate)[node], actor, act, slate_id=slate.pk)

    @staticmethod
    def _slate_tasks(slate: Slate) -> dict[str, int]:
        process_id = SlateProcess.objects.values_list("pk", flat=True).get(slate=slate)
        return _open_tasks(process_id)

    @staticmethod
    def _version(case: Case) -> int:
        return int(Nomination.objects.values_list("version", flat=True).get(pk=case.nomination_id))

    @staticmethod
    def _state(case: Case) -> str:
        return str(Nomination.objects.values_list("status", flat=True).get(pk=case.nomination_id))

    @staticmethod
    def _stage(case: Case) -> str:
        return str(Nomination.objects.values_list("stage", flat=True).get(pk=case.nomination_id))


def _open_tasks(process_id: int) -> dict[str, int]:
    rows = Task.objects.filter(process_id=process_id, finished=None).values_list("flow_task", "pk")
    return {node.name: pk for node, pk in rows}


def _end_of(terms: NoticeTerms, starts_on: date) -> tuple[date, str]:
    """The last day of a notice, and what the keeper gives as its reason where the year is not announced yet."""
    end = latest.end_of(terms, starts_on)
    if isinstance(end, Unannounced):
        return end.estimate, "放假安排尚未公布，按周一至周五计算确定。"
    return end, ""


def _seen(slate: Slate) -> str:
    """The keeper has looked at what lies unreviewed, and goes on."""
    return unreviewed.of_slate(slate).digest


def _stands(slate: Slate) -> bool:
    """Whether the list keeps its rules, or an approval still covers what it does not keep."""
    report = gate.report(slate_id=slate.pk, explained=False)
    covered = not report.advised or deviations.covers(Slate.objects.get(pk=slate.pk), report)
    return report.holds and covered


def _paper(slate: Slate) -> Approval:
    """The approval that comes with a list, if it breaks what may be approved."""
    return Approval(f"{_office(slate.body)}函〔{clock.today().year}〕1号", "评选工作领导小组", clock.today())


def _could_be_longer(slate: Slate, length: int) -> bool:
    """Whether the pool has a legal list of more entries."""
    plan, rows, pool = gate.snapshot(slate_id=slate.pk)
    there = {row.nomination_id: row.labels for row in (*rows, *pool)}
    supply = [(labels, 1) for labels in there.values()]
    return Question.of(bounds_of(plan), supply, plan.places[REGULAR], at_least=length + 1).possible


def _version_of(slate: Slate) -> int:
    return int(Slate.objects.values_list("version", flat=True).get(pk=slate.pk))


def _entries(regular: Sequence[int], reserve: Sequence[int]) -> list[Choice]:
    return [
        *((pk, EntryKind.REGULAR.value, rank) for rank, pk in enumerate(regular, start=1)),
        *((pk, EntryKind.RESERVE.value, rank) for rank, pk in enumerate(reserve, start=1)),
    ]


def _office(body: Body) -> str:
    """The agency mark 发文机关代字 before the number of a document of this body. Two cities may have a 鼓楼区 each."""
    if body.parent is None:
        return "苏工发"
    city = body.parent.short_name if body.level == Level.COUNTY else ""
    return f"{city}{body.short_name}工发"


def _advised(wish: Sequence[int], found: gate.GateReport) -> set[int]:
    """The list after the changes that the gate advises, of each kind the first ones named; empty where none would help."""
    if found.remedy is None:
        return set()
    gone = {one.nomination_id for change in found.remedy.drop for one in change.named[: change.number]}
    added = {one.nomination_id for change in found.remedy.add for one in change.named[: change.number]}
    return (set(wish) - gone) | added
