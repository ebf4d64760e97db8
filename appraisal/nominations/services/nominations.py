"""Nominations 申报: from the draft through the unit's own procedure to the first desk, and the ways out.

Every act locks (unit, then nomination), asks for the unit's role or the act at the body, then the state, the time and
the rules, and writes through `lifecycle`.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NotRequired, TypedDict, Unpack, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import CharField

from appraisal.deadlines.services import latest
from appraisal.gate.services import admissions, conditions, slate_entries
from appraisal.gate.services.admissions import Admission, Candidate
from appraisal.gate.services.slate_desk import require_no_open_objection
from appraisal.nominations.refusals import (
    AlreadyNominated,
    ChannelBeyondAward,
    ChannelUnknown,
    FormKeyTaken,
    ListHasLeft,
    NoIndustryBody,
    NumberBelowZero,
    ProcedureMissing,
    ScoreRange,
)
from appraisal.nominations.services.reviews import acted_for_unit, require_apart
from appraisal.records import rules
from appraisal.records.models import Employer, Nomination, Procedure
from appraisal.records.permissions import require
from appraisal.records.refusals import NominationStateForbids, OwnApplication
from appraisal.records.services import labelling, lifecycle, routes, unit_roles
from appraisal.records.services.chunks import CHUNK, in_chunks
from appraisal.records.states import (
    LIVE_STATES,
    Channel,
    MeetingKind,
    NominationAct,
    NominationNote,
    NominationState,
    ReturnRoute,
    UnitRole,
)
from quotas.base import clock, text
from quotas.base.errors import DomainError, FieldProblem, InvalidInput, Reason, RuleViolation, answer_of
from quotas.base.refusals import ReasonRequired, TextTooLong, ValueRequired
from quotas.base.states import FieldType, NomineeKind, Stage
from quotas.base.text import required_text
from quotas.calendar.services import calendar
from quotas.editions.asked import Answer, Answers, AskedField, lines_of, normal, problems
from quotas.editions.refusals import AnswersTooLong, PersonPartWrong
from quotas.editions.services import fields as edition_fields
from quotas.editions.standard import IDENTITY_NUMBER
from quotas.ledger.services import ledger
from quotas.rounds.models import RoundAward
from quotas.rounds.services import plans, rounds
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import labels
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, holds

EDITABLE_STATES = (NominationState.DRAFT, NominationState.RETURNED)
"""The states in which the applicant may change the application."""

MOST_ANSWERS = 200_000
"""Characters of all answers of an application, as they are stored."""


class NominationFields(TypedDict, total=False):
    """What an applicant fills in. Scores are in 1/100 points."""

    nominee_name: str
    leader_name: str
    position: str
    identity_number: str
    phone: str
    deeds: str
    summary: str
    honours: str
    self_score: int | None
    answers: Mapping[str, object]
    """To the fields of the edition, by their keys; those that are not given stay as they are."""


class ProcedureFields(TypedDict):
    """What the endorser records of the unit's democratic procedure; all of it."""

    meeting_kind: str
    meeting_date: date
    entitled: int
    present: int
    votes_for: int
    votes_against: int
    votes_abstained: int
    notice_from: date
    notice_to: date
    notice_place: str
    notice_objections: bool
    notice_reason: NotRequired[str]
    party_opinion: str
    party_opinion_date: date


# The draft


def create(
    *,
    form_key: UUID,
    round_award_id: int,
    employer_id: int,
    channel: Channel,
    actor: User,
    **fields: Unpack[NominationFields],
) -> Nomination:
    """A new draft with its number. The same `form_key` of the same person gives the same nomination.

    The actor is an applicant of the unit. Raises RuleViolation when the body of the channel has no places for the
    award or the unit's cap is reached, and InvalidInput for fields, among them AlreadyNominated when the nominee
    has a live nomination for this award in either channel.
    """
    with transaction.atomic():
        (answer,) = create_many(
            drafts=[NominationDraft(form_key, round_award_id, employer_id, channel, actor, fields)]
        )
        if isinstance(answer, DomainError):
            raise answer
    return answer


@dataclass(frozen=True, slots=True)
class NominationDraft:
    """A draft to be made: what `create` takes, for `create_many`."""

    form_key: UUID
    round_award_id: int
    employer_id: int
    channel: Channel
    actor: User
    fields: NominationFields


@transaction.atomic
def create_many(
    *, drafts: Sequence[NominationDraft], dry_run: bool = False
) -> list[Nomination | DomainError]:
    """
    Make the drafts, all or none; in the order given each, or what `create` would refuse it with after those before it.

    Where one is refused, and in a `dry_run`, nothing is written and no number is drawn: what could be made comes back
    unsaved. A fixed number of statements, some of them once for every CHUNK. The units are locked by number and the
    rows written in the order of their nominees, so that two at a time wait for each other and never crosswise.
    """
    employers = lifecycle.lock_employers(draft.employer_id for draft in drafts)
    checks = _Checks(drafts, employers)
    checks.read()
    while True:
        answers, made = checks.judge()
        if dry_run or any(isinstance(answer, DomainError) for answer in answers):
            return answers
        _number(made)
        try:
            with transaction.atomic():
                Nomination.objects.bulk_create(
                    sorted(made, key=lambda each: (each.round_award_id, each.nominee_key)), batch_size=CHUNK
                )
            break
        except IntegrityError:
            for nomination in made:
                nomination.pk = None
            # Of another unit, whose row nobody waited for: the same person, or the same form.
            if not checks.read():
                raise
    ledger.append_many(rows=[_created(nomination) for nomination in made])
    return answers


def _number(made: Sequence[Nomination]) -> None:
    """Draw the numbers of those that have none, in their order."""
    unnumbered: dict[int, list[Nomination]] = {}
    for nomination in made:
        if not nomination.number:
            unnumbered.setdefault(nomination.round_award.round_id, []).append(nomination)
    for round_id, theirs in unnumbered.items():
        numbers = rounds.draw_numbers(round_id=round_id, count=len(theirs))
        for nomination, number in zip(theirs, numbers, strict=True):
            nomination.number = number


def _created(nomination: Nomination) -> ledger.LedgerDraft:
    return ledger.LedgerDraft(
        stream=lifecycle.nomination_stream(nomination.pk),
        act=NominationNote.CREATE.value,
        actor=nomination.created_by,
        after={
            **lifecycle.standing(nomination),
            "number": nomination.number,
            "award": nomination.round_award.award.code,
            "employer": nomination.employer.credit_code,
            "channel": str(nomination.channel),
        },
    )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A draft as far as it can be judged without the others."""

    begun: Nomination | DomainError
    violations: Sequence[Reason] = ()
    unfit: InvalidInput | None = None

    def judged(
        self, live: Mapping[tuple[int, int], int], nominees: Mapping[tuple[int, str], Nomination]
    ) -> Nomination:
        """The nomination, or its refusal, beside so many `live` ones of each award and unit and these `nominees`."""
        if isinstance(self.begun, DomainError):
            raise self.begun
        award, employer = self.begun.round_award, self.begun.employer
        over = admissions.over_cap(award, employer, live[award.pk, employer.pk])
        if self.violations or over:
            raise RuleViolation(*self.violations, *over)
        if self.unfit is not None:
            raise self.unfit
        other = nominees.get((award.pk, self.begun.nominee_key))
        if other is not None:
            raise InvalidInput(_already_nominated(self.begun, other))
        return self.begun


class _Checks:
    """The checks of several drafts, with all that they ask read at once under the locks of the units."""

    def __init__(self, drafts: Sequence[NominationDraft], employers: Mapping[int, Employer]) -> None:
        self._drafts = drafts
        self._employers = employers
        self._awards: dict[int, RoundAward] = RoundAward.objects.select_related("round", "award").in_bulk(
            {draft.round_award_id for draft in drafts}
        )
        awards = list(self._awards.values())
        bodies = {
            body.pk: body
            for unit in employers.values()
            for body in (unit.body, unit.industry_body)
            if body is not None
        }
        self._roles = unit_roles.Roles(employers)
        self._times = rounds.Times(
            round_ids={award.round_id for award in awards}, stage=Stage.UNIT, body_ids=set(bodies)
        )
        self._plans = plans.of(AwardDesk.at(award, body) for award in awards for body in bodies.values())
        self._live = admissions.live_of(awards, list(employers))
        self._prepared = [self._prepare(draft) for draft in drafts]
        self._forms: dict[UUID, Nomination] = {}
        self._nominees: dict[tuple[int, str], Nomination] = {}

    def read(self) -> bool:
        """Read what other units have meanwhile: forms and live nominees; whether any were not known before."""
        known = {*self._forms, *self._nominees}
        self._forms = _by_form([draft.form_key for draft in self._drafts])
        self._nominees = _by_nominee(
            prepared.begun for prepared in self._prepared if isinstance(prepared.begun, Nomination)
        )
        return bool({*self._forms, *self._nominees} - known)

    def judge(self) -> tuple[list[Nomination | DomainError], list[Nomination]]:
        """The answer to every draft, each asked after those before it; and those that are to be written."""
        forms, nominees, live = dict(self._forms), dict(self._nominees), Counter(self._live)
        answers: list[Nomination | DomainError] = []
        made: list[Nomination] = []
        for draft, prepared in zip(self._drafts, self._prepared, strict=True):
            known = forms.get(draft.form_key)
            if known is not None:
                same = known.created_by_id == draft.actor.pk
                answers.append(known if same else FormKeyTaken())
                continue
            answer = answer_of(prepared.judged, live, nominees)
            answers.append(answer)
            if isinstance(answer, Nomination):
                forms[draft.form_key] = answer
                nominees[answer.round_award_id, answer.nominee_key] = answer
                live[answer.round_award_id, answer.employer_id] += 1
                made.append(answer)
        return answers, made

    def _prepare(self, draft: NominationDraft) -> _Prepared:
        nomination = answer_of(self._begin, draft)
        if isinstance(nomination, DomainError):
            return _Prepared(nomination)
        plan = self._plans[nomination.round_award_id, nomination.body_id]
        places = admissions.of_places(nomination.round_award, nomination.body, plan)
        try:
            _fill(nomination, draft.fields)
        except InvalidInput as refusal:
            return _Prepared(nomination, places, refusal)
        return _Prepared(nomination, places)

    def _begin(self, draft: NominationDraft) -> Nomination:
        """The nomination without its fields, where the actor may make one at this time."""
        employer = self._employers.get(draft.employer_id)
        if employer is None:
            raise Employer.DoesNotExist
        unit_roles.require_role(draft.actor, employer.pk, UnitRole.APPLICANT, roles=self._roles)
        round_award = self._awards.get(draft.round_award_id)
        if round_award is None:
            raise RoundAward.DoesNotExist
        body = _first_body(round_award, employer, draft.channel)
        now = clock.now()
        return Nomination(
            round_award=round_award,
            employer=employer,
            body=body,
            channel=draft.channel,
            created_by=draft.actor,
            created_at=now,
            entered_at=now,
            form_key=draft.form_key,
            due_at=self._times.require(round_award.round_id, body.pk),
        )


@transaction.atomic
def save(*, nomination_id: int, version: int, actor: User, **fields: Unpack[NominationFields]) -> Nomination:
    """Save the application as far as it is filled in, by an applicant of the unit, as a draft or after a return.

    Saving what is there already changes nothing. Raises Stale, WrongState and InvalidInput.
    """
    nomination = lifecycle.lock_nomination(nomination_id)
    unit_roles.require_role(actor, nomination.employer_id, UnitRole.APPLICANT)
    lifecycle.require_version(nomination, version)
    _require_state(nomination, EDITABLE_STATES, NominationNote.SAVE)
    before = {name: getattr(nomination, name) for name in NominationFields.__annotations__}
    asked = asked_of(nomination)
    name_before = nomination.nominee_name
    _fill(nomination, fields)
    changed = [name for name, value in before.items() if getattr(nomination, name) != value]
    if not changed:
        return nomination
    try:
        with transaction.atomic():
            return lifecycle.touch_nomination(
                nomination,
                NominationNote.SAVE.value,
                actor=actor,
                before={"nominee": name_before},
                after={
                    "nominee": nomination.nominee_name,
                    "changed": _told(changed, asked, before["answers"], nomination.answers),
                },
                fields=[*changed, "nominee_key", "search", "labels"],
            )
    except IntegrityError as error:
        raise InvalidInput(_already_nominated(nomination, _other_live(nomination))) from error


def _told(changed: Iterable[str], asked: Iterable[AskedField], before: Answers, now: Answers) -> list[str]:
    """What the ledger says was changed: columns by their names, fields of the edition by what they are called."""
    answered = [field.label for field in asked if before.get(field.key) != now.get(field.key)]
    return [*sorted({*changed} - {"answers"}), *answered]


@transaction.atomic
def save_procedure(
    *, nomination_id: int, version: int, actor: User, **fields: Unpack[ProcedureFields]
) -> Nomination:
    """Record the unit's democratic procedure: by the endorser while it is theirs, by either person after a return.

    Raises InvalidInput with everything that is wrong, by field: the vote, the length of the unit's notice, dates, an
    objection that stands open, a missing opinion of the party organisation.
    """
    nomination = lifecycle.lock_nomination(nomination_id)
    roles: tuple[UnitRole, ...] = (UnitRole.ENDORSER,)
    if nomination.status == NominationState.RETURNED:
        roles = (UnitRole.ENDORSER, UnitRole.APPLICANT)
    unit_roles.require_role(actor, nomination.employer_id, *roles)
    lifecycle.require_version(nomination, version)
    _require_state(
        nomination, (NominationState.ENDORSING, NominationState.RETURNED), NominationNote.SAVE_PROCEDURE
    )
    procedure = admissions.procedure_of(nomination) or Procedure(nomination=nomination)
    for name, value in fields.items():
        setattr(procedure, name, _normal(name, value))
    _raise_input(_procedure_problems(nomination, procedure))
    procedure.save()
    return lifecycle.touch_nomination(
        nomination,
        NominationNote.SAVE_PROCEDURE.value,
        actor=actor,
        before={},
        after={
            "meeting_date": procedure.meeting_date,
            "entitled": procedure.entitled,
            "present": procedure.present,
            "votes_for": procedure.votes_for,
            "votes_against": procedure.votes_against,
            "votes_abstained": procedure.votes_abstained,
            "notice_from": procedure.notice_from,
            "notice_to": procedure.notice_to,
        },
    )


# The unit stage


def admission(*, nomination_id: int, fields: NominationFields | None = None) -> Admission:
    """The answer before submission, from the same code that refuses; for a draft, with the unit, or returned.

    `fields` are taken as if they had been saved: what is being typed. Reads only. Whoever shows it has asked whether
    the nomination may be seen.
    """
    nomination = Nomination.objects.for_list().select_related("body__parent__parent").get(pk=nomination_id)
    typed: tuple[FieldProblem, ...] = ()
    if fields is not None:
        try:
            _fill(nomination, fields)
        except InvalidInput as refusal:
            typed = refusal.problems
    # A nomination with the unit lacks more once the endorser has it.
    endorsing = nomination.status != NominationState.DRAFT
    late: tuple[Reason, ...] = ()
    try:
        if nomination.status == NominationState.RETURNED:
            _require_return_time(nomination)
        else:
            _require_unit_time(nomination)
    except DomainError as refusal:
        late = refusal.reasons
    found = _admission_of(nomination, nomination.employer, endorsing=endorsing)
    named = {problem.field for problem in typed}
    missing = (*typed, *(problem for problem in found.missing if problem.field not in named))
    return Admission((*late, *found.violations), found.warnings, found.facts, missing)


@transaction.atomic
def submit(*, nomination_id: int, version: int, actor: User) -> Nomination:
    """The applicant hands the draft to the unit's endorser. Raises RuleViolation and InvalidInput as `admission` says."""
    nomination = lifecycle.lock_nomination(nomination_id)
    unit_roles.require_role(actor, nomination.employer_id, UnitRole.APPLICANT)
    lifecycle.require_version(nomination, version)
    lifecycle.require_step(nomination, NominationAct.SUBMIT)
    _require_unit_time(nomination)
    _raise_refusal(_admission_of(nomination, nomination.employer, endorsing=False))
    return lifecycle.move_nomination(nomination, NominationAct.SUBMIT, NominationState.ENDORSING, actor=actor)


@transaction.atomic
def send_back(*, nomination_id: int, version: int, actor: User, text: str) -> Nomination:
    """The endorser gives it back to the applicant, with the reason."""
    nomination = lifecycle.lock_nomination(nomination_id)
    unit_roles.require_role(actor, nomination.employer_id, UnitRole.ENDORSER)
    lifecycle.require_version(nomination, version)
    lifecycle.require_step(nomination, NominationAct.SEND_BACK)
    reason = required_text(text, ReasonRequired("text"))
    return lifecycle.move_nomination(
        nomination, NominationAct.SEND_BACK, NominationState.DRAFT, actor=actor, reason=reason
    )


@transaction.atomic
def endorse(*, nomination_id: int, version: int, actor: User) -> Nomination:
    """The endorser hands it in to the first body of its route, with the unit's classification frozen.

    Nobody endorses what they made: RuleViolation(OwnApplication). The procedure and its evidence are complete,
    or InvalidInput says what is missing. ListHasLeft when the first body's slate has gone up.
    """
    routes.hold_list(nomination_id)
    employer = _lock_employer_of(nomination_id)
    nomination = lifecycle.lock_nomination(nomination_id)
    unit_roles.require_role(actor, nomination.employer_id, UnitRole.ENDORSER)
    lifecycle.require_version(nomination, version)
    lifecycle.require_step(nomination, NominationAct.ENDORSE)
    _require_unit_time(nomination)
    if nomination.created_by_id == actor.pk or acted_for_unit(nomination.pk, actor, _MAKING):
        raise RuleViolation(OwnApplication())
    _raise_refusal(_admission_of(nomination, employer, endorsing=True))
    body = nomination.body
    if routes.has_left(nomination.round_award_id, body.pk):
        raise ListHasLeft(body=body.name)
    return lifecycle.move_nomination(
        nomination,
        NominationAct.ENDORSE,
        NominationState.IN_REVIEW,
        actor=actor,
        place=_place(nomination, body.stage, body),
        body=body,
        fields={
            "submitted_at": clock.now(),
            **admissions.classified(nomination, employer, labelling.held_by(nomination)),
        },
    )


_MAKING = (NominationNote.CREATE, NominationNote.SAVE, NominationAct.SUBMIT, NominationAct.RESUBMIT)


@transaction.atomic
def resubmit(*, nomination_id: int, version: int, actor: User, corrected: str = "") -> Nomination:
    """The applicant hands a returned nomination in again, where the returner wanted it, for a new pass of reviews.

    `corrected` says what was corrected; it is kept in the ledger and shown to those who review it again.

    In time is what is in time for the stage to which it goes: the unit's own window has long closed. The
    classification is frozen again.
    """
    employer = _lock_employer_of(nomination_id)
    nomination = lifecycle.lock_nomination(nomination_id)
    unit_roles.require_role(actor, nomination.employer_id, UnitRole.APPLICANT)
    lifecycle.require_version(nomination, version)
    lifecycle.require_step(nomination, NominationAct.RESUBMIT)
    desk, stage = _require_return_time(nomination)
    _raise_refusal(_admission_of(nomination, employer, endorsing=True))
    return lifecycle.move_nomination(
        nomination,
        NominationAct.RESUBMIT,
        NominationState.IN_REVIEW,
        actor=actor,
        place=_place(nomination, stage, desk),
        new_pass=True,
        reason=text.block(corrected),
        fields={
            "return_route": "",
            **admissions.classified(nomination, employer, labelling.held_by(nomination)),
        },
    )


# The ways out


@transaction.atomic
def withdraw(*, nomination_id: int, actor: User, reason: str) -> Nomination:
    """The unit takes its nomination back, at any time before it is decided; its entry leaves the slate with it."""
    desk = slate_entries.lock_with_slate(nomination_id)
    unit_roles.require_role(actor, desk.nomination.employer_id, UnitRole.APPLICANT, UnitRole.ENDORSER)
    lifecycle.require_step(desk.nomination, NominationAct.WITHDRAW)
    reason = required_text(reason, ReasonRequired("reason"))
    return _take_out(desk, NominationAct.WITHDRAW, NominationState.WITHDRAWN, actor=actor, reason=reason)


@transaction.atomic
def disqualify(*, nomination_id: int, actor: User, reason: str) -> Nomination:
    """The slate keeper of the desk, or the province, ends a nomination for a reason that rules the nominee out.

    Never by somebody who has a part in it. Raises ObjectionOpen while an objection to it is looked
    into: its finding decides then.
    """
    desk = slate_entries.lock_with_slate(nomination_id)
    _require_may_disqualify(desk.nomination, actor)
    lifecycle.require_step(desk.nomination, NominationAct.DISQUALIFY)
    require_apart(desk.nomination, actor)
    if desk.slate is not None:
        require_no_open_objection(desk.slate, desk.nomination.pk)
    reason = required_text(reason, ReasonRequired("reason"))
    return _take_out(desk, NominationAct.DISQUALIFY, NominationState.DISQUALIFIED, actor=actor, reason=reason)


def _take_out(
    desk: slate_entries.LockedNomination,
    act: NominationAct,
    to_state: NominationState,
    *,
    actor: User,
    reason: str,
) -> Nomination:
    if desk.slate is not None:
        slate_entries.remove_entry(desk.slate, desk.allotment, desk.nomination.pk, actor=actor, reason=reason)
    return lifecycle.move_nomination(desk.nomination, act, to_state, actor=actor, reason=reason)


def _require_may_disqualify(nomination: Nomination, actor: User) -> None:
    if nomination.desk_id is not None and holds(actor, Act.KEEP_SLATE, nomination.desk_id):
        return
    province = Body.objects.filter(code=nomination.body.path.split("/", 1)[0]).values_list("pk", flat=True)
    require(actor, Act.FINALISE_LIST, province.get())


# What they share


def _by_form(form_keys: Sequence[UUID]) -> dict[UUID, Nomination]:
    """What these forms made already. A statement for every CHUNK."""
    return {
        nomination.form_key: nomination
        for some in in_chunks(form_keys)
        for nomination in Nomination.objects.for_list().filter(form_key__in=some)
    }


def _by_nominee(wanted: Iterable[Nomination]) -> dict[tuple[int, str], Nomination]:
    """The live nominations of the same nominees, by award and nominee. A statement for every CHUNK."""
    pairs = {(each.round_award_id, each.nominee_key) for each in wanted}
    awards = {award for award, _key in pairs}
    return {
        (nomination.round_award_id, nomination.nominee_key): nomination
        for some in in_chunks({key for _award, key in pairs})
        for nomination in Nomination.objects.filter(
            round_award__in=awards, nominee_key__in=some, status__in=LIVE_STATES
        ).select_related("body")
    }


def _first_body(round_award: RoundAward, employer: Employer, channel: Channel) -> Body:
    if channel not in Channel.values:
        raise InvalidInput(ChannelUnknown("channel"))
    body = admissions.body_of_channel(employer, channel)
    if body is None:
        raise InvalidInput(NoIndustryBody("channel", employer=employer.name))
    if body.stage > round_award.award.final_stage:
        raise InvalidInput(
            ChannelBeyondAward("channel", award=round_award.award.name, stage=round_award.award.final_stage)
        )
    return body


def _require_unit_time(nomination: Nomination) -> None:
    rounds.require_in_time(
        round_id=nomination.round_award.round_id, stage=Stage.UNIT, body_id=nomination.body_id
    )


def _require_return_time(nomination: Nomination) -> tuple[Body, Stage]:
    """Where a returned nomination goes after correction; what must be in time is the desk where it will wait for a slate."""
    desk, stage = nomination.body, nomination.body.stage
    if nomination.return_route == ReturnRoute.RETURNER and nomination.desk is not None:
        desk, stage = nomination.desk, nomination.stage
    working = routes.lists_of(nomination).working_desk(desk)
    rounds.require_in_time(round_id=nomination.round_award.round_id, stage=working.stage, body_id=working.pk)
    return desk, stage


def _require_state(nomination: Nomination, states: tuple[NominationState, ...], act: NominationNote) -> None:
    state = nomination.status
    if state not in states:
        raise NominationStateForbids(state=state, act=act)


def _lock_employer_of(nomination_id: int) -> Employer:
    """The unit's row, locked before the nomination's, so that a verification does not slip in between."""
    return lifecycle.lock_employer(
        Nomination.objects.values_list("employer_id", flat=True).get(pk=nomination_id)
    )


def _place(nomination: Nomination, stage: Stage, desk: Body) -> lifecycle.Place:
    due_at = rounds.due_at(round_id=nomination.round_award.round_id, stage=stage, body_id=desk.pk)
    return lifecycle.Place(stage, desk, due_at)


def _admission_of(nomination: Nomination, employer: Employer, *, endorsing: bool) -> Admission:
    """Everything but the time: the rules, the cap, another live nomination, and what is missing."""
    violations, warnings, facts = admissions.of_rules(Candidate.of(nomination, employer))
    by_conditions = conditions.of_nomination(nomination)
    violations += by_conditions.violations
    violations += admissions.of_cap(nomination.round_award, employer, except_nomination=nomination.pk)
    other = _other_live(nomination)
    if other is not None:
        violations.append(_already_nominated(nomination, other))
    required = admissions.EVIDENCE_FOR_ENDORSEMENT if endorsing else admissions.EVIDENCE_FOR_SUBMISSION
    missing = admissions.missing(nomination, required)
    if endorsing:
        procedure = admissions.procedure_of(nomination)
        missing += (
            [ProcedureMissing("procedure")]
            if procedure is None
            else _procedure_problems(nomination, procedure)
        )
    warnings += [*by_conditions.warnings, *_identity_doubts(nomination)]
    return Admission(tuple(violations), tuple(warnings), tuple(facts), tuple(missing))


def _identity_doubts(nomination: Nomination) -> list[Reason]:
    """What to look at once more in the number of a person, which is right in itself."""
    number, today = nomination.identity_number, clock.today()
    if nomination.round_award.award.nominee_kind != NomineeKind.PERSON:
        return []
    if not number or rules.identity_number_problem(number, today):
        return []
    return rules.identity_doubts(number, str(nomination.answers.get("gender", "")), today)


def _raise_refusal(found: Admission) -> None:
    """A rule first, since nothing that could be filled in helps against it."""
    if found.violations:
        raise RuleViolation(*found.violations)
    _raise_input(found.missing)


def _raise_input(problems: tuple[FieldProblem, ...] | list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(*problems)


def _procedure_problems(nomination: Nomination, procedure: Procedure) -> list[FieldProblem]:
    round_ = nomination.round_award.round
    problems: list[FieldProblem] = []
    if procedure.meeting_kind not in MeetingKind.values:
        problems.append(ValueRequired("meeting_kind"))
    figures = {
        name: getattr(procedure, name)
        for name in ("entitled", "present", "votes_for", "votes_against", "votes_abstained")
    }
    below = [NumberBelowZero(name) for name, value in figures.items() if value < 0]
    if below:
        return [*problems, *below]
    return problems + rules.procedure_problems(
        rules.UnitProcedure(
            meeting_date=procedure.meeting_date,
            vote=rules.Vote(**figures),
            notice_from=procedure.notice_from,
            notice_to=procedure.notice_to,
            notice_place=procedure.notice_place,
            notice_objections=procedure.notice_objections,
            party_opinion=procedure.party_opinion,
            party_opinion_date=procedure.party_opinion_date,
            notice_reason=procedure.notice_reason,
        ),
        latest.of_unit(round_),
        calendar=calendar.since(procedure.notice_from),
        today=clock.today(),
    )


# The nominee and the fields


def _fill(nomination: Nomination, fields: Mapping[str, object]) -> None:
    """Set the given fields in their normal form, and what identifies the nominee. InvalidInput with every problem."""
    unknown = fields.keys() - NominationFields.__annotations__.keys()
    if unknown:
        raise TypeError(f"not a field of an application: {', '.join(sorted(unknown))}")
    answered = dict(fields)
    given = cast(Mapping[str, object], answered.pop("answers", {}))
    for name, value in answered.items():
        setattr(nomination, name, _normal(name, value))
    lines = {name: value for name, value in answered.items() if name not in _TEXTS}
    kind = nomination.round_award.award.nominee_kind
    if kind == NomineeKind.UNIT:
        nomination.nominee_name = nomination.employer.name
    asked = asked_of(nomination)
    _raise_input(
        [
            *rules.unreadable(lines | _answer(nomination, asked, given)),
            *_field_problems(nomination),
            *_answer_problems(asked, nomination.answers, given),
            *_nominee_problems(nomination, kind),
        ]
    )
    nomination.nominee_key = rules.nominee_key(
        kind,
        credit_code=nomination.employer.credit_code,
        name=nomination.nominee_name,
        identity_number=nomination.identity_number,
    )
    nomination.labels = labels.written(labelling.carried(nomination))


def asked_of(nomination: Nomination) -> tuple[AskedField, ...]:
    """The fields that the nomination's edition asks. One statement, or none for an edition that was asked before."""
    return edition_fields.of(nomination.round_award.rule_version_id)


def _answer(
    nomination: Nomination, asked: Iterable[AskedField], given: Mapping[str, object]
) -> dict[str, object]:
    """Take the answers over in their normal form, without those that were emptied. Gives what was typed on one line."""
    by_key = {field.key: field for field in asked}
    unknown = given.keys() - by_key
    if unknown:
        raise TypeError(f"not a field of this edition: {', '.join(sorted(unknown))}")
    answers = {**nomination.answers, **{key: normal(by_key[key], value) for key, value in given.items()}}
    nomination.answers = {key: value for key, value in answers.items() if value is not None}
    return {key: value for key, value in given.items() if by_key[key].type == FieldType.TEXT}


def _answer_problems(
    asked: Iterable[AskedField], answers: Answers, given: Mapping[str, object]
) -> list[FieldProblem]:
    length = len(json.dumps(answers, ensure_ascii=False))
    if given and length > MOST_ANSWERS:
        return [AnswersTooLong(None, length=length, most=MOST_ANSWERS)]
    told = [field for field in asked if field.key in answers and field.key in given]
    return [
        *(each for field in told for each in problems(field, answers[field.key])),
        *(each for field in told for each in _identity_problems(field, answers[field.key])),
    ]


def _identity_problems(field: AskedField, answer: Answer) -> Iterator[FieldProblem]:
    """The numbers of identity cards of persons that are none."""
    parts = [part for part in field.columns if field.type == FieldType.PERSON and part.key == IDENTITY_NUMBER]
    for part in parts:
        for line in lines_of(answer):
            number = text.bare_code(str(line.get(part.key, "")))
            wrong = rules.identity_number_problem(number, clock.today()) if number else None
            if wrong is not None:
                yield PersonPartWrong(field.key, label=field.label, part=part.label, problem=wrong)


_TEXTS = frozenset(rules.TEXT_LIMITS)
_KEPT: Mapping[str, Callable[[str], str]] = dict.fromkeys(_TEXTS, text.block) | {
    "identity_number": text.bare_code,
    "phone": text.telephone,
    "notice_place": text.line,
}
"""How a text is kept, where it is not a name."""


def _normal(field: str, value: object) -> object:
    return _KEPT.get(field, text.name)(value) if isinstance(value, str) else value


def _field_problems(nomination: Nomination) -> list[FieldProblem]:
    problems = rules.text_problems({name: getattr(nomination, name) for name in _TEXTS})
    for name in NominationFields.__annotations__:
        field = Nomination._meta.get_field(name)
        value = getattr(nomination, name)
        if isinstance(field, CharField) and field.max_length and len(value) > field.max_length:
            problems.append(TextTooLong(name, length=len(value), limit=field.max_length))
    if nomination.self_score is not None and not 0 <= nomination.self_score <= rules.MOST_SELF_SCORE:
        problems.append(ScoreRange("self_score", most=rules.MOST_SELF_SCORE // 100))
    return problems


def _nominee_problems(nomination: Nomination, kind: str) -> list[FieldProblem]:
    """What identifies the nominee is needed from the first draft on: it keeps a second nomination out."""
    problems: list[FieldProblem] = []
    if not nomination.nominee_name:
        problems.append(ValueRequired("nominee_name"))
    if kind == NomineeKind.PERSON:
        if not nomination.identity_number:
            problems.append(ValueRequired("identity_number"))
        elif wrong := rules.identity_number_problem(nomination.identity_number, clock.today()):
            problems.append(wrong)
    return problems


def _other_live(nomination: Nomination) -> Nomination | None:
    return (
        Nomination.objects.filter(
            round_award=nomination.round_award,
            nominee_key=nomination.nominee_key,
            status__in=LIVE_STATES,
        )
        .exclude(pk=nomination.pk)
        .select_related("body")
        .first()
    )


def _already_nominated(nomination: Nomination, other: Nomination | None) -> AlreadyNominated:
    """Which nomination stands in the way: channel and body, and nothing else about it."""
    kind = nomination.round_award.award.nominee_kind
    field = {
        NomineeKind.UNIT.value: None,
        NomineeKind.PERSON.value: "identity_number",
    }.get(kind, "nominee_name")
    return AlreadyNominated(
        field,
        nominee=nomination.nominee_name,
        award=nomination.round_award.award.name,
        channel=other.channel if other else None,
        body=other.body.name if other else None,
    )
