"""From the draft to the first desk, and the ways out."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from appraisal.nominations.services import nominations
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import (
    Channel,
    Control,
    EntryKind,
    EvidenceKind,
    MeetingKind,
    NominationState,
    ReturnRoute,
    Sector,
    SlateState,
    UnitRole,
)
from appraisal.register.services import employers
from quotas.base import clock
from quotas.base.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotPermitted,
    RuleViolation,
    TooLate,
    WrongState,
)
from quotas.base.states import Level, NomineeKind, Role, RoundState, Stage
from quotas.base.wording import sentences
from quotas.ledger.models import LedgerEntry
from quotas.ledger.tellings import stream_words
from quotas.rounds.models import Round
from quotas.rounds.services import rounds
from quotas.tree.models import Body
from tests.builders import (
    IN_TIME,
    WINDOWS,
    answering,
    make_allotment,
    make_application,
    make_award,
    make_body,
    make_employer,
    make_evidence,
    make_nomination,
    make_official,
    make_post,
    make_procedure,
    make_round_award,
    make_slate,
    make_unit_person,
    make_user,
)

pytestmark = pytest.mark.django_db

S = NominationState
VOTE = {
    "meeting_kind": MeetingKind.STAFF_CONGRESS,
    "meeting_date": date(2026, 4, 17),
    "entitled": 100,
    "present": 80,
    "votes_for": 75,
    "votes_against": 3,
    "votes_abstained": 2,
    "notice_from": date(2026, 4, 20),
    "notice_to": date(2026, 4, 30),
    "notice_place": "厂务公开栏",
    "notice_objections": False,
    "party_opinion": "同意推荐。",
    "party_opinion_date": date(2026, 5, 6),
}
IDENTITY_NUMBER = "360426199101010071"


def others(*states):
    return [state for state in S if state not in states]


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME) as journey:
        yield journey


def codes(error):
    return [reason.code for reason in error.value.reasons]


def told(error):
    """Every reason as its sentence."""
    found = sentences(error.value)

    return " ".join(str(sentence) for sentence in found)


def award_of(kind=NomineeKind.UNIT, **settings):
    return make_round_award(award=make_award(nominee_kind=kind), **settings)


def create(allotment, employer, actor, *, channel=Channel.TERRITORIAL, form_key=None, **fields):
    return nominations.create(
        form_key=form_key or uuid4(),
        round_award_id=allotment.round_award_id,
        employer_id=employer.pk,
        channel=channel,
        actor=actor,
        **answering(fields),
    )


@pytest.fixture
def allotment():
    return make_allotment()


@pytest.fixture
def employer(allotment):
    return make_employer(allotment.body)


@pytest.fixture
def applicant(employer):
    return make_unit_person(employer)


class TestCreate:
    def test_a_draft_with_number_and_deadline(self, allotment, employer, applicant):
        nomination = create(allotment, employer, applicant, phone="025-1")
        nomination.refresh_from_db()
        assert (nomination.status, nomination.stage, nomination.desk) == (S.DRAFT, Stage.UNIT, None)
        assert (nomination.body, nomination.nominee_name) == (allotment.body, employer.name)
        assert nomination.nominee_key == f"unit:{employer.credit_code}"
        assert nomination.number == "26-00001-" + nomination.number[-1]
        assert nomination.due_at == WINDOWS[Stage.UNIT][1]
        row = LedgerEntry.objects.get(stream=f"nomination:{nomination.pk}")
        assert (row.act, row.actor, row.body) == ("create", applicant, None)

    def test_the_same_form_twice_is_one_nomination(self, allotment, employer, applicant):
        form_key = uuid4()
        first = create(allotment, employer, applicant, form_key=form_key)
        again = create(allotment, employer, applicant, form_key=form_key, phone="1")
        assert again == first
        assert Nomination.objects.count() == 1

    def test_the_form_of_another_person_is_a_conflict(self, allotment, employer, applicant):
        form_key = uuid4()
        create(allotment, employer, applicant, form_key=form_key)
        with pytest.raises(Conflict) as refusal:
            create(allotment, employer, make_unit_person(employer), form_key=form_key)
        assert codes(refusal) == ["form_key_taken"]
        assert told(refusal)

    @pytest.mark.parametrize("who", ["endorser", "other unit", "county", "inactive"])
    def test_only_the_units_applicant(self, allotment, employer, who):
        actor = {
            "endorser": lambda: make_unit_person(employer, UnitRole.ENDORSER),
            "other unit": lambda: make_unit_person(make_employer(allotment.body)),
            "county": lambda: make_official(allotment.body, Role.KEEPER),
            "inactive": lambda: make_unit_person(employer, is_active=False),
        }[who]()
        with pytest.raises(NotPermitted) as refusal:
            create(allotment, employer, actor)
        assert told(refusal)
        assert not Nomination.objects.exists()

    def test_late_is_late_and_not_forbidden(self, allotment, employer, applicant):
        with clock.travel(WINDOWS[Stage.UNIT][1]):
            create(allotment, employer, applicant)
        other = make_employer(allotment.body)
        with (
            clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(seconds=1)),
            pytest.raises(TooLate) as refusal,
        ):
            create(allotment, other, make_unit_person(other))
        assert refusal.value.params["due_at"] == WINDOWS[Stage.UNIT][1]

    def test_an_extension_of_the_first_body_is_for_its_units(self, allotment, employer, applicant):
        province = make_body(level=Level.PROVINCE)
        rounds.extend(
            round_id=allotment.round_award.round_id,
            stage=Stage.UNIT,
            body_id=allotment.body_id,
            due_at=WINDOWS[Stage.UNIT][1] + timedelta(days=2),
            reason="暴雨",
            actor=make_official(province, Role.STAFF),
        )
        with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)):
            assert create(allotment, employer, applicant)

    @pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.CLOSED])
    def test_only_in_an_open_round(self, allotment, employer, applicant, state):
        Round.objects.update(state=state)
        with pytest.raises(WrongState) as refusal:
            create(allotment, employer, applicant)
        assert codes(refusal) == ["round_not_open"]

    def test_a_body_without_places_takes_none(self, allotment):
        elsewhere = make_employer(make_body(parent=allotment.body.parent))
        with pytest.raises(RuleViolation) as refusal:
            create(allotment, elsewhere, make_unit_person(elsewhere))
        assert codes(refusal) == ["no_places"]
        assert elsewhere.body.name in told(refusal)

    def test_a_separate_place_is_a_place(self, employer, applicant):
        allotment = make_allotment(body=employer.body, places=0, separate_places=1)
        assert create(allotment, employer, applicant)

    def test_the_cap_of_the_unit(self, employer, applicant):
        allotment = make_allotment(award_of(NomineeKind.TEAM, employer_cap=2), employer.body)
        for name in ("甲班", "乙班"):
            create(allotment, employer, applicant, nominee_name=name)
        with pytest.raises(RuleViolation) as refusal:
            create(allotment, employer, applicant, nominee_name="丙班")
        assert codes(refusal) == ["employer_cap"]
        assert told(refusal)
        first = Nomination.objects.first()
        nominations.withdraw(nomination_id=first.pk, actor=applicant, reason="换人")
        assert create(allotment, employer, applicant, nominee_name="丙班")

    def test_another_award_has_a_cap_of_its_own(self, allotment, employer, applicant):
        create(allotment, employer, applicant)
        assert create(make_allotment(body=employer.body), employer, applicant)


class TestMany:
    """`create_many` is `create` again and again: the same answers, the same rows, the same ledger."""

    @pytest.fixture
    def drafts(self):
        """Good ones, and one for everything that the checks refuse, by what becomes of it."""
        award = award_of(NomineeKind.TEAM, employer_cap=2)
        allotment = make_allotment(award, make_body())
        county = allotment.body
        people = make_allotment(award_of(NomineeKind.PERSON), county)
        unit, other = make_employer(county), make_employer(county)
        person, another = make_unit_person(unit), make_unit_person(other)
        elsewhere = make_employer(make_body(parent=county.parent))
        create(allotment, other, another, nominee_name="旧班")
        form_key = uuid4()

        def draft(employer, actor, *, at=allotment, channel=Channel.TERRITORIAL, key=None, **fields):
            return nominations.NominationDraft(
                key or uuid4(), at.round_award_id, employer.pk, channel, actor, fields
            )

        numbered = {"nominee_name": "张三", "identity_number": IDENTITY_NUMBER}
        return [
            ("made", draft(unit, person, nominee_name="甲班", phone="025-1", key=form_key)),
            ("made", draft(unit, person, nominee_name="甲班", key=form_key)),
            ("form_key_taken", draft(other, another, nominee_name="丁班", key=form_key)),
            ("already_nominated", draft(unit, person, nominee_name=" 甲 班 ")),
            ("already_nominated", draft(other, another, nominee_name="旧班")),
            ("text_too_long", draft(unit, person, nominee_name="长班", deeds="字" * 2001)),
            ("made", draft(unit, person, nominee_name="乙班")),
            ("employer_cap", draft(unit, person, nominee_name="丙班")),
            ("made", draft(other, another, nominee_name="新班")),
            ("unit_role_not_held", draft(other, person, nominee_name="戊班")),
            ("no_industry_body", draft(other, another, channel=Channel.INDUSTRY, nominee_name="己班")),
            ("no_places", draft(elsewhere, make_unit_person(elsewhere), nominee_name="庚班")),
            ("required", draft(unit, person, at=people, nominee_name="张三")),
            ("made", draft(unit, person, at=people, **numbered)),
            ("already_nominated", draft(other, another, at=people, **numbered)),
        ]

    def one_by_one(self, drafts):
        answers = []
        for draft in drafts:
            try:
                answers.append(
                    nominations.create(
                        form_key=draft.form_key,
                        round_award_id=draft.round_award_id,
                        employer_id=draft.employer_id,
                        channel=draft.channel,
                        actor=draft.actor,
                        **draft.fields,
                    )
                )
            except DomainError as refusal:
                answers.append(refusal)
        return answers

    def written(self, answers):
        """What stands in the tables, without what is drawn: numbers and keys."""
        drawn = {"id", "number", "search"}
        rows = [
            {name: value for name, value in row.items() if name not in drawn}
            for answer in answers
            for row in Nomination.objects.filter(pk=answer.pk).values()
        ]
        entries = [
            (row.seq, row.at, row.act, row.actor, row.body, row.before, row.after | {"number": ""})
            for answer in answers
            for row in LedgerEntry.objects.filter(stream=f"nomination:{answer.pk}")
        ]
        assert len(entries) == len(rows) == len(answers)
        return rows, entries

    def test_each_answer_is_that_of_create(self, drafts):
        wanted = [become for become, _draft in drafts]
        asked = [draft for _become, draft in drafts]
        many = nominations.create_many(drafts=asked)
        # One is refused, so that none is made.
        assert Nomination.objects.count() == 1
        assert {answer.number for answer in many if isinstance(answer, Nomination)} == {""}
        one_by_one = self.one_by_one(asked)
        told = [
            [(answer.code, answer.params) for answer in (refusal.reasons)] if refusal else "made"
            for answers in (many, one_by_one)
            for refusal in [each if isinstance(each, DomainError) else None for each in answers]
        ]
        assert told[: len(asked)] == told[len(asked) :]
        assert [answer if answer == "made" else answer[0][0] for answer in told[: len(asked)]] == wanted

    def test_what_is_written_is_what_create_writes(self, drafts):
        asked = [draft for become, draft in drafts if become == "made"]
        with transaction.atomic():
            alone = self.written(dict.fromkeys(self.one_by_one(asked)))
            transaction.set_rollback(True)
        answers = nominations.create_many(drafts=asked)
        assert answers[0] is answers[1]
        made = list(dict.fromkeys(answers))
        assert self.written(made) == alone
        assert [each.number for each in made] == sorted({each.number for each in made})

    def test_a_dry_run_answers_and_writes_nothing(self, drafts):
        asked = [draft for become, draft in drafts if become == "made"]
        answers = nominations.create_many(drafts=asked, dry_run=True)
        assert [(answer.pk, answer.number) for answer in answers] == [(None, "")] * len(asked)
        assert Nomination.objects.count() == LedgerEntry.objects.filter(act="create").count() == 1

    def test_rows_are_written_in_the_order_of_their_nominees(self, drafts):
        """Two imports of the same people would wait for each other crosswise otherwise."""
        asked = [draft for become, draft in drafts if become == "made"]
        for given in (asked, asked[::-1]):
            with transaction.atomic():
                made = nominations.create_many(drafts=given)
                written = Nomination.objects.filter(pk__in=[each.pk for each in made]).order_by("pk")
                keys = list(written.values_list("round_award", "nominee_key"))
                assert len(keys) == 4
                assert keys == sorted(keys)
                transaction.set_rollback(True)

    def test_none_is_none(self):
        assert nominations.create_many(drafts=[]) == []


class TestChannel:
    @pytest.fixture
    def union(self):
        return make_body(level=Level.INDUSTRY)

    def test_industry_goes_to_the_industry_union(self, allotment, union):
        employer = make_employer(allotment.body, industry_body=union)
        make_allotment(allotment.round_award, union)
        nomination = create(allotment, employer, make_unit_person(employer), channel=Channel.INDUSTRY)
        assert nomination.body == union

    def test_not_without_an_industry_union(self, allotment, employer, applicant):
        with pytest.raises(InvalidInput) as refusal:
            create(allotment, employer, applicant, channel=Channel.INDUSTRY)
        assert (refusal.value.field, refusal.value.code) == ("channel", "no_industry_body")
        assert told(refusal)

    def test_not_beyond_the_award(self, union):
        award = make_award(final_stage=Stage.COUNTY)
        employer = make_employer(industry_body=union)
        allotment = make_allotment(make_round_award(award=award), employer.body)
        with pytest.raises(InvalidInput) as refusal:
            create(allotment, employer, make_unit_person(employer), channel=Channel.INDUSTRY)
        assert codes(refusal) == ["channel_beyond_award"]
        assert told(refusal)

    def test_no_third_channel(self, allotment, employer, applicant):
        with pytest.raises(InvalidInput) as refusal:
            create(allotment, employer, applicant, channel="sea")
        assert told(refusal)

    def test_one_live_nomination_over_both_channels(self, union):
        allotment = make_allotment(award_of(employer_cap=2))
        employer = make_employer(allotment.body, industry_body=union)
        make_allotment(allotment.round_award, union)
        applicant = make_unit_person(employer)
        first = create(allotment, employer, applicant)
        with pytest.raises(InvalidInput) as refusal:
            create(allotment, employer, applicant, channel=Channel.INDUSTRY)
        assert codes(refusal) == ["already_nominated"]
        assert "地方渠道" in told(refusal)
        assert allotment.body.name in told(refusal)
        nominations.withdraw(nomination_id=first.pk, actor=applicant, reason="改走产业渠道")
        assert create(allotment, employer, applicant, channel=Channel.INDUSTRY).body == union

    def test_one_person_over_two_units(self):
        allotment = make_allotment(award_of(NomineeKind.PERSON))
        for number, field in ((1, None), (2, "identity_number")):
            employer = make_employer(allotment.body)
            applicant = make_unit_person(employer)
            if field is None:
                create(allotment, employer, applicant, nominee_name="张三", identity_number=IDENTITY_NUMBER)
                continue
            with pytest.raises(InvalidInput) as refusal:
                create(
                    allotment,
                    employer,
                    applicant,
                    nominee_name=f"张 三{number}",
                    identity_number=f" {IDENTITY_NUMBER} ",
                )
            assert (refusal.value.field, refusal.value.code) == (field, "already_nominated")
        assert Nomination.objects.count() == 1
        # Nothing else of the failed attempt stays, its number neither.
        assert LedgerEntry.objects.filter(act="create").count() == 1


class TestFields:
    @pytest.mark.parametrize(
        ("kind", "fields", "problem"),
        [
            (NomineeKind.TEAM, {}, ("nominee_name", "required")),
            (NomineeKind.TEAM, {"nominee_name": "甲班", "team": "x"}, ("team", "choice_unknown")),
            (
                NomineeKind.TEAM,
                {"nominee_name": "甲班", "team_size": 100_001},
                ("team_size", "answer_out_of_range"),
            ),
            (NomineeKind.TEAM, {"nominee_name": "字" * 121}, ("nominee_name", "text_too_long")),
            (NomineeKind.PERSON, {"nominee_name": "张三"}, ("identity_number", "required")),
            (
                NomineeKind.PERSON,
                {"nominee_name": "张三", "identity_number": "360426199101010072"},
                ("identity_number", "identity_number_check_digit"),
            ),
            (
                NomineeKind.PERSON,
                {"nominee_name": "张三", "identity_number": IDENTITY_NUMBER, "occupation": "x"},
                ("occupation", "choice_unknown"),
            ),
            (NomineeKind.UNIT, {"summary": "字" * 501}, ("summary", "text_too_long")),
            (NomineeKind.UNIT, {"deeds": "字" * 2001}, ("deeds", "text_too_long")),
            (NomineeKind.UNIT, {"self_score": 10_001}, ("self_score", "score_range")),
            (NomineeKind.UNIT, {"self_score": -1}, ("self_score", "score_range")),
            (NomineeKind.UNIT, {"union_funds_paid": "x"}, ("union_funds_paid", "answer_not_yes_or_no")),
        ],
    )
    def test_wrong_values_are_told_at_their_field(self, employer, applicant, kind, fields, problem):
        allotment = make_allotment(award_of(kind), employer.body)
        with pytest.raises(InvalidInput) as refusal:
            create(allotment, employer, applicant, **fields)
        assert [(p.field, p.code) for p in refusal.value.problems] == [problem]
        assert told(refusal)

    def test_all_wrong_values_at_once(self, allotment, employer, applicant):
        with pytest.raises(InvalidInput) as refusal:
            create(allotment, employer, applicant, summary="字" * 501, self_score=-1, union_funds_paid="x")
        assert len(refusal.value.problems) == 3

    def test_what_is_no_field_is_a_mistake_of_ours(self, allotment, employer, applicant):
        with pytest.raises(TypeError):
            create(allotment, employer, applicant, status="named")
        with pytest.raises(TypeError):
            create(allotment, employer, applicant, occupation="official")

    def test_texts_of_the_allowed_length_are_taken(self, allotment, employer, applicant):
        nomination = create(allotment, employer, applicant, summary="字 " * 500, deeds="字\n" * 2000)
        nomination.refresh_from_db()
        assert len(nomination.deeds) == 3999


class TestSave:
    def test_saves_and_raises_the_version(self):
        draft = make_application()
        saved = nominations.save(
            nomination_id=draft.pk, version=1, actor=draft.created_by, summary=" 新的。", phone="１３９"
        )
        saved.refresh_from_db()
        assert (saved.version, saved.summary, saved.phone) == (2, "新的。", "139")
        row = LedgerEntry.objects.get(stream=f"nomination:{draft.pk}")
        assert row.after["changed"] == ["phone", "summary"]
        # Serial numbers of the tests may hold the digits.
        assert "139" not in str({**row.after, "nominee": ""})

    def test_the_ledger_names_every_column_that_can_be_saved(self):
        words = stream_words("nomination:1").values["changed"]
        assert nominations.NominationFields.__annotations__.keys() - {"answers"} == words.keys()
        facts = stream_words("employer:1").facts
        assert employers.EmployerFields.__annotations__.keys() <= facts.keys()

    def test_saving_what_is_there_changes_nothing(self):
        draft = make_application()
        nominations.save(nomination_id=draft.pk, version=1, actor=draft.created_by, summary=draft.summary)
        draft.refresh_from_db()
        assert draft.version == 1
        assert not LedgerEntry.objects.exists()

    def test_a_stale_form_changes_nothing(self):
        draft = make_application()
        nominations.save(nomination_id=draft.pk, version=1, actor=draft.created_by, summary="一")
        with pytest.raises(Conflict) as refusal:
            nominations.save(nomination_id=draft.pk, version=1, actor=draft.created_by, summary="二")
        assert codes(refusal) == ["stale"]
        assert told(refusal)
        draft.refresh_from_db()
        assert draft.summary == "一"

    @pytest.mark.parametrize("state", others(S.DRAFT, S.RETURNED))
    def test_only_while_it_is_with_the_applicant(self, state):
        draft = make_application(status=state)
        with pytest.raises(WrongState) as refusal:
            nominations.save(nomination_id=draft.pk, version=1, actor=draft.created_by, summary="一")
        assert told(refusal)

    def test_another_applicant_of_the_unit_may(self):
        draft = make_application()
        colleague = make_unit_person(draft.employer)
        assert nominations.save(nomination_id=draft.pk, version=1, actor=colleague, summary="一").version == 2

    def test_nobody_else_may(self):
        draft = make_application()
        for actor in (
            make_unit_person(draft.employer, UnitRole.ENDORSER),
            make_official(draft.body, Role.KEEPER),
            make_unit_person(make_employer(draft.body)),
        ):
            with pytest.raises(NotPermitted):
                nominations.save(nomination_id=draft.pk, version=1, actor=actor, summary="一")

    def test_a_nominee_changed_into_one_with_a_nomination(self):
        allotment = make_allotment(award_of(NomineeKind.TEAM, employer_cap=2))
        employer = make_employer(allotment.body)
        applicant = make_unit_person(employer)
        create(allotment, employer, applicant, nominee_name="甲班")
        second = create(allotment, employer, applicant, nominee_name="乙班")
        with pytest.raises(InvalidInput) as refusal:
            nominations.save(nomination_id=second.pk, version=1, actor=applicant, nominee_name="甲 班")
        assert (refusal.value.field, refusal.value.code) == ("nominee_name", "already_nominated")
        second.refresh_from_db()
        assert second.nominee_name == "乙班"


class TestProcedure:
    @pytest.fixture
    def endorsing(self):
        return make_application(status=S.ENDORSING)

    @pytest.fixture
    def endorser(self, endorsing):
        return make_unit_person(endorsing.employer, UnitRole.ENDORSER)

    def test_is_saved_and_saved_again(self, endorsing, endorser):
        nominations.save_procedure(nomination_id=endorsing.pk, version=1, actor=endorser, **VOTE)
        changed = VOTE | {"votes_for": 70, "votes_against": 8}
        nominations.save_procedure(nomination_id=endorsing.pk, version=2, actor=endorser, **changed)
        endorsing.refresh_from_db()
        assert (endorsing.procedure.votes_for, endorsing.version) == (70, 3)

    def test_every_problem_at_its_field(self, endorsing, endorser):
        wrong = VOTE | {
            "present": 60,
            "votes_for": 40,
            "notice_to": date(2026, 4, 22),
            "party_opinion": " ",
            "notice_place": "",
            "meeting_kind": "tea",
        }
        with pytest.raises(InvalidInput) as refusal:
            nominations.save_procedure(nomination_id=endorsing.pk, version=1, actor=endorser, **wrong)
        assert {problem.field for problem in refusal.value.problems} == {
            "present",
            "votes_for",
            "notice_to",
            "party_opinion",
            "notice_place",
            "meeting_kind",
        }
        assert "5 个工作日" in told(refusal)
        endorsing.refresh_from_db()
        assert endorsing.version == 1
        assert not hasattr(endorsing, "procedure")

    def test_no_negative_votes(self, endorsing, endorser):
        with pytest.raises(InvalidInput) as refusal:
            nominations.save_procedure(
                nomination_id=endorsing.pk, version=1, actor=endorser, **VOTE | {"votes_against": -3}
            )
        assert codes(refusal) == ["number_below_zero"]
        assert told(refusal)

    def test_is_the_endorsers(self, endorsing):
        with pytest.raises(NotPermitted):
            nominations.save_procedure(
                nomination_id=endorsing.pk, version=1, actor=endorsing.created_by, **VOTE
            )

    def test_either_person_corrects_it_after_a_return(self):
        returned = make_application(status=S.RETURNED)
        make_procedure(returned)
        endorser = make_unit_person(returned.employer, UnitRole.ENDORSER)
        nominations.save_procedure(nomination_id=returned.pk, version=1, actor=endorser, **VOTE)
        nominations.save_procedure(nomination_id=returned.pk, version=2, actor=returned.created_by, **VOTE)

    @pytest.mark.parametrize("state", others(S.ENDORSING, S.RETURNED))
    def test_only_while_it_is_with_the_unit(self, state):
        nomination = make_application(status=state)
        endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
        with pytest.raises(WrongState) as refusal:
            nominations.save_procedure(nomination_id=nomination.pk, version=1, actor=endorser, **VOTE)
        assert told(refusal)


class TestSubmit:
    def test_to_the_endorser(self, django_assert_max_num_queries):
        draft = make_application()
        with django_assert_max_num_queries(30):
            nominations.submit(nomination_id=draft.pk, version=1, actor=draft.created_by)
        draft.refresh_from_db()
        assert (draft.status, draft.desk, draft.version, draft.submitted_at) == (S.ENDORSING, None, 2, None)

    def test_twice_is_a_conflict(self):
        draft = make_application()
        nominations.submit(nomination_id=draft.pk, version=1, actor=draft.created_by)
        with pytest.raises(Conflict):
            nominations.submit(nomination_id=draft.pk, version=1, actor=draft.created_by)
        with pytest.raises(WrongState):
            nominations.submit(nomination_id=draft.pk, version=2, actor=draft.created_by)

    @pytest.mark.parametrize("state", others(S.DRAFT))
    def test_only_a_draft(self, state):
        draft = make_application(status=state)
        with pytest.raises(WrongState):
            nominations.submit(nomination_id=draft.pk, version=1, actor=draft.created_by)

    @pytest.mark.parametrize(
        ("kind", "missing"),
        [
            (NomineeKind.UNIT, {"phone"}),
            (NomineeKind.TEAM, {"phone", "team", "team_size", "leader_name"}),
            (NomineeKind.PERSON, {"phone", "gender", "occupation", "position"}),
            (NomineeKind.PARTY_ORG, {"phone", "leader_name"}),
        ],
    )
    def test_what_is_missing_is_told_at_once(self, employer, applicant, kind, missing):
        allotment = make_allotment(award_of(kind), employer.body)
        fields = {"nominee_name": "甲"}
        if kind == NomineeKind.PERSON:
            fields["identity_number"] = IDENTITY_NUMBER
        draft = create(allotment, employer, applicant, **fields)
        with pytest.raises(InvalidInput) as refusal:
            nominations.submit(nomination_id=draft.pk, version=1, actor=applicant)
        assert {problem.field for problem in refusal.value.problems} == {
            *missing,
            "summary",
            "deeds",
            "union_funds_paid",
            "evidence",
        }
        assert "事迹材料" in told(refusal)

    def test_late_is_late(self):
        draft = make_application()
        with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(minutes=1)):
            with pytest.raises(TooLate):
                nominations.submit(nomination_id=draft.pk, version=1, actor=draft.created_by)
            with pytest.raises(NotPermitted):
                nominations.submit(nomination_id=draft.pk, version=1, actor=make_user())

    def test_send_back_needs_a_reason(self):
        draft = make_application(status=S.ENDORSING)
        endorser = make_unit_person(draft.employer, UnitRole.ENDORSER)
        with pytest.raises(InvalidInput) as refusal:
            nominations.send_back(nomination_id=draft.pk, version=1, actor=endorser, text=" ")
        assert refusal.value.field == "text"
        nominations.send_back(nomination_id=draft.pk, version=1, actor=endorser, text="补充事迹")
        draft.refresh_from_db()
        assert draft.status == S.DRAFT
        assert LedgerEntry.objects.get(act="send_back").reason == "补充事迹"
        with pytest.raises(WrongState):
            nominations.send_back(nomination_id=draft.pk, version=2, actor=endorser, text="再补")


class TestAdmission:
    """What can never pass, whatever others do. The same answer is shown before and given at submission."""

    def refused(self, draft):
        shown = nominations.admission(nomination_id=draft.pk)
        if not shown.violations:
            nominations.submit(nomination_id=draft.pk, version=draft.version, actor=draft.created_by)
            return []
        with pytest.raises(RuleViolation) as refusal:
            nominations.submit(nomination_id=draft.pk, version=draft.version, actor=draft.created_by)
        assert list(refusal.value.violations) == list(shown.violations)
        return [reason.code for reason in shown.violations]

    def draft_at(self, *, non_public=True, verified=True, share=(1, 2), **allotment):
        placed = make_allotment(make_round_award(share=share), **allotment)
        employer = make_employer(placed.body, non_public=non_public)
        if not verified:
            employer.verified_control = Control.UNKNOWN
            employer.verified_by = employer.verified_at = None
            employer.verified_on_proof = ""
            employer.save()
        return make_application(placed, employer=employer)

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({"non_public": True, "share": (1, 1)}, []),
            ({"non_public": False, "share": (1, 1)}, ["award_closed"]),
            ({"non_public": True, "verified": False, "share": (1, 1)}, ["award_closed_unverified"]),
            ({"non_public": False, "verified": False, "share": (1, 1)}, ["award_closed"]),
            # One place, half non-public: rounds up to one.
            ({"non_public": False, "places": 1}, ["no_place_left"]),
            ({"non_public": False, "places": 2}, []),
            ({"non_public": True, "places": 1}, []),
            ({"non_public": True, "verified": False, "places": 1}, ["no_place_left_unverified"]),
            # Typed places take the place of the share.
            ({"non_public": False, "places": 1, "typed": {"ownership:non_public": 0}}, []),
            ({"non_public": False, "places": 3, "typed": {"ownership:non_public": 3}}, ["no_place_left"]),
            ({"non_public": False, "places": 3, "typed": {"ownership:non_public": 2}}, []),
            ({"non_public": True, "places": 3, "typed": {"ownership:public": 3}}, ["no_place_left"]),
            # A separately listed place is outside every share, but opens no closed award.
            ({"non_public": False, "places": 1, "separate_places": 1}, []),
            ({"non_public": False, "share": (1, 1), "separate_places": 1}, ["award_closed"]),
            ({"non_public": False, "places": 0, "separate_places": 1, "share": (1, 1)}, ["award_closed"]),
            ({"places": 0}, ["no_places"]),
        ],
    )
    def test_at_the_first_body(self, facts, expected):
        draft = self.draft_at(**facts)
        assert self.refused(draft) == expected
        if expected:
            with pytest.raises(RuleViolation) as refusal:
                nominations.submit(nomination_id=draft.pk, version=1, actor=draft.created_by)
            assert told(refusal)

    def test_higher_up_on_the_route(self):
        draft = self.draft_at(non_public=False, places=4)
        city = draft.body.parent
        make_allotment(draft.round_award, city, places=1)
        assert self.refused(draft) == ["no_place_left"]

    def test_a_body_beside_the_route_does_not_matter(self):
        draft = self.draft_at(non_public=False, places=4)
        make_allotment(draft.round_award, make_body(level=Level.CITY), places=1)
        assert self.refused(draft) == []

    def test_does_not_depend_on_who_applied_first(self):
        draft = self.draft_at(non_public=False, places=2)
        for _ in range(4):
            make_nomination(draft.round_award, draft.body, non_public=False)
        assert self.refused(draft) == []

    def test_warns_that_an_unverified_unit_counts_as_public(self):
        draft = self.draft_at(verified=False, places=4)
        found = nominations.admission(nomination_id=draft.pk)
        assert [warning.code for warning in found.warnings] == ["ownership_unverified"]
        assert not found.violations
        assert self.refused(draft) == []

    def test_tells_the_figures(self, django_assert_max_num_queries):
        draft = self.draft_at(non_public=False, places=3)
        make_allotment(draft.round_award, draft.body.parent, places=5)
        with django_assert_max_num_queries(20):
            found = nominations.admission(nomination_id=draft.pk)
        county, city = found.facts
        assert (county.body, county.places, county.stage) == (draft.body.name, 3, Stage.COUNTY)
        (rule,) = county.rules
        assert (rule.required, rule.open_places, rule.clause) == (2, 1, "苏组通〔2019〕65号 二.3")
        assert (city.places, city.rules[0].required, city.rules[0].open_places) == (5, 3, 2)
        assert found.ready

    def test_tells_the_deadline_and_what_is_missing(self):
        draft = self.draft_at()
        Nomination.objects.update(summary="")
        with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)):
            found = nominations.admission(nomination_id=draft.pk)
        assert [reason.code for reason in found.violations] == ["stage_closed"]
        assert [problem.field for problem in found.missing] == ["summary"]
        assert not found.ready

    def test_the_cap_lowered_afterwards(self):
        placed = make_allotment(award_of(NomineeKind.TEAM, employer_cap=1))
        employer = make_employer(placed.body)
        draft = make_application(placed, employer=employer, nominee_key="team:a")
        make_application(placed, employer=employer, nominee_key="team:b")
        assert self.refused(draft) == ["employer_cap"]


class TestEndorse:
    @pytest.fixture
    def nomination(self):
        nomination = make_application(status=S.ENDORSING)
        make_procedure(nomination)
        return nomination

    @pytest.fixture
    def endorser(self, nomination):
        return make_unit_person(nomination.employer, UnitRole.ENDORSER)

    def test_goes_to_the_first_desk_with_its_classification(self, nomination, endorser):
        Employer.objects.filter(pk=nomination.employer_id).update(sector=Sector.PUBLIC_BODY)
        nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        nomination.refresh_from_db()
        assert (nomination.status, nomination.stage) == (S.IN_REVIEW, Stage.COUNTY)
        assert (nomination.desk, nomination.due_at) == (nomination.body, WINDOWS[Stage.COUNTY][1])
        assert (nomination.submitted_at, nomination.entered_at) == (IN_TIME, IN_TIME)
        assert (nomination.non_public, nomination.ownership_verified) == (True, True)
        assert (nomination.frozen_control, nomination.sector) == (Control.PRIVATE, Sector.PUBLIC_BODY)
        row = LedgerEntry.objects.get(act="endorse")
        assert (row.before["state"], row.after["state"]) == ("endorsing", "in_review")
        assert (row.body, row.after["desk"]) == (nomination.body, nomination.body.code)

    def test_is_too_late_when_the_list_has_left(self, nomination, endorser):
        allotment = nomination.round_award.allotments.get(body=nomination.body)
        make_slate(allotment, state=SlateState.SENT_UP)
        with pytest.raises(TooLate) as refusal:
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        assert refusal.value.code == "list_has_left"

    def test_an_unverified_unit_is_frozen_as_public(self, nomination, endorser):
        nomination.employer.verified_control = Control.UNKNOWN
        nomination.employer.verified_by = nomination.employer.verified_at = None
        nomination.employer.verified_on_proof = ""
        nomination.employer.save()
        nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        nomination.refresh_from_db()
        assert (nomination.non_public, nomination.ownership_verified) == (False, False)
        assert nomination.frozen_control == Control.PRIVATE

    def test_not_by_the_applicant(self, nomination):
        with pytest.raises(NotPermitted):
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=nomination.created_by)

    def test_not_what_one_has_made(self, nomination):
        both = make_unit_person(nomination.employer, UnitRole.APPLICANT, UnitRole.ENDORSER)
        Nomination.objects.update(created_by=both)
        with pytest.raises(RuleViolation) as refusal:
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=both)
        assert codes(refusal) == ["own_application"]
        assert told(refusal)

    def test_not_what_one_has_changed(self):
        draft = make_application()
        make_procedure(draft)
        both = make_unit_person(draft.employer, UnitRole.APPLICANT, UnitRole.ENDORSER)
        nominations.save(nomination_id=draft.pk, version=1, actor=both, summary="改。")
        nominations.submit(nomination_id=draft.pk, version=2, actor=draft.created_by)
        with pytest.raises(RuleViolation) as refusal:
            nominations.endorse(nomination_id=draft.pk, version=3, actor=both)
        assert codes(refusal) == ["own_application"]

    @pytest.mark.parametrize("kind", [EvidenceKind.MINUTES, EvidenceKind.UNIT_NOTICE, EvidenceKind.DEEDS])
    def test_the_evidence_is_complete(self, nomination, endorser, kind):
        nomination.evidence.filter(kind=kind).update(removed_at=IN_TIME)
        with pytest.raises(InvalidInput) as refusal:
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        assert [(p.field, p.params["kind"]) for p in refusal.value.problems] == [("evidence", kind)]
        assert str(kind.label) in told(refusal)

    def test_the_procedure_is_complete(self, nomination, endorser):
        nomination.procedure.delete()
        with pytest.raises(InvalidInput) as refusal:
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        assert codes(refusal) == ["procedure_missing"]
        assert told(refusal)

    def test_the_procedure_is_held_to_the_round_again(self, nomination, endorser):
        Round.objects.update(unit_notice_days=10)
        with pytest.raises(InvalidInput) as refusal:
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        assert codes(refusal) == ["notice_too_short"]

    def test_late_is_late(self, nomination, endorser):
        with (
            clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(minutes=1)),
            pytest.raises(TooLate),
        ):
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)

    @pytest.mark.parametrize("state", others(S.ENDORSING))
    def test_only_while_it_is_with_the_endorser(self, state):
        nomination = make_application(status=state)
        endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
        with pytest.raises(WrongState):
            nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)

    def test_until_then_it_is_nobody_elses(self, nomination, endorser):
        reviewer = make_official(nomination.body, Role.UNION_REVIEWER)
        assert not Nomination.objects.visible_to(reviewer).exists()
        nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
        other = make_official(make_body(parent=nomination.body.parent), Role.UNION_REVIEWER)
        neighbour = make_unit_person(make_employer(nomination.body))
        city = make_official(nomination.body.parent, Role.OBSERVER)
        see = {
            user: Nomination.objects.visible_to(user).filter(pk=nomination.pk).exists()
            for user in (reviewer, city, endorser, other, neighbour)
        }
        assert list(see.values()) == [True, True, True, False, False]


class TestResubmit:
    def returned(self, route, **fields):
        nomination = make_application(status=S.RETURNED, return_route=route, submitted_at=IN_TIME, **fields)
        make_procedure(nomination)
        return nomination

    @pytest.mark.parametrize("route", ReturnRoute)
    def test_where_the_returner_wanted_it(self, route):
        nomination = self.returned(route, stage=Stage.CITY)
        city = nomination.body.parent
        Nomination.objects.update(desk=city)
        nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)
        nomination.refresh_from_db()
        desk, stage = (city, Stage.CITY) if route == ReturnRoute.RETURNER else (nomination.body, Stage.COUNTY)
        assert (nomination.status, nomination.desk, nomination.stage) == (S.IN_REVIEW, desk, stage)
        assert (nomination.due_at, nomination.review_pass) == (WINDOWS[stage][1], 2)
        assert nomination.return_route == ""

    def test_an_applicant_is_not_late_because_the_unit_window_has_closed(self):
        nomination = self.returned(ReturnRoute.RETURNER, stage=Stage.COUNTY)
        Nomination.objects.update(desk=nomination.body)
        with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)):
            nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)

    @pytest.mark.parametrize(("route", "late"), [(ReturnRoute.RETURNER, False), (ReturnRoute.FIRST, True)])
    def test_late_for_the_stage_to_which_it_goes(self, route, late):
        nomination = self.returned(route, stage=Stage.CITY)
        Nomination.objects.update(desk=nomination.body.parent)
        with clock.travel(WINDOWS[Stage.COUNTY][1] + timedelta(days=1)):
            if late:
                with pytest.raises(TooLate):
                    nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)
            else:
                nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)

    def test_the_classification_is_frozen_again(self):
        nomination = self.returned(ReturnRoute.RETURNER, stage=Stage.COUNTY, ownership_changed=True)
        Employer.objects.filter(pk=nomination.employer_id).update(sector=Sector.OTHER)
        Nomination.objects.update(desk=nomination.body)
        nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)
        nomination.refresh_from_db()
        assert (nomination.non_public, nomination.ownership_changed) == (True, False)
        assert nomination.sector == Sector.OTHER

    def test_what_was_taken_out_meanwhile_is_missed(self):
        nomination = self.returned(ReturnRoute.RETURNER, stage=Stage.COUNTY)
        Nomination.objects.update(desk=nomination.body)
        nomination.evidence.update(removed_at=IN_TIME)
        with pytest.raises(InvalidInput) as refusal:
            nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)
        assert codes(refusal) == ["evidence_missing"] * 3

    @pytest.mark.parametrize("state", others(S.RETURNED))
    def test_only_what_was_returned(self, state):
        nomination = make_application(status=state)
        with pytest.raises(WrongState):
            nominations.resubmit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)


class TestWaysOut:
    @pytest.mark.parametrize("state", S)
    def test_withdraw_in_every_state(self, state):
        nomination = make_application(status=state)
        possible = state in {S.DRAFT, S.ENDORSING, S.IN_REVIEW, S.RETURNED, S.POOLED}
        if possible:
            nominations.withdraw(nomination_id=nomination.pk, actor=nomination.created_by, reason="人员离职")
        else:
            with pytest.raises(WrongState) as refusal:
                nominations.withdraw(nomination_id=nomination.pk, actor=nomination.created_by, reason="离职")
            assert told(refusal)
        nomination.refresh_from_db()
        assert nomination.status == (S.WITHDRAWN if possible else state)
        assert nomination.due_at is None or not possible

    @pytest.mark.parametrize("state", S)
    def test_disqualify_in_every_state(self, state):
        nomination = make_application(status=state)
        staff = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
        possible = state in {S.ENDORSING, S.IN_REVIEW, S.RETURNED, S.POOLED, S.NAMED}
        if possible:
            nominations.disqualify(nomination_id=nomination.pk, actor=staff, reason="发生安全事故")
        else:
            with pytest.raises(WrongState):
                nominations.disqualify(nomination_id=nomination.pk, actor=staff, reason="发生安全事故")
        nomination.refresh_from_db()
        assert nomination.status == (S.DISQUALIFIED if possible else state)

    def test_who_may_disqualify(self):
        nomination = make_nomination(status=S.IN_REVIEW)
        province = Body.objects.get(level=Level.PROVINCE)
        not_they = (
            make_official(nomination.desk, Role.UNION_REVIEWER),
            make_official(nomination.desk.parent, Role.KEEPER),
            make_official(province, Role.UNION_LEADER),
            nomination.created_by,
        )
        for actor in not_they:
            with pytest.raises(NotPermitted):
                nominations.disqualify(nomination_id=nomination.pk, actor=actor, reason="事故")
        keeper = make_official(nomination.desk, Role.KEEPER)
        nominations.disqualify(nomination_id=nomination.pk, actor=keeper, reason="事故")

    def test_not_the_own_unit(self):
        nomination = make_nomination(status=S.IN_REVIEW)
        keeper = make_unit_person(nomination.employer)
        make_post(nomination.desk, Role.KEEPER, keeper)
        with pytest.raises(RuleViolation) as refusal:
            nominations.disqualify(nomination_id=nomination.pk, actor=keeper, reason="事故")
        assert codes(refusal) == ["own_unit"]

    def test_both_need_a_reason(self):
        nomination = make_application(status=S.IN_REVIEW)
        staff = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
        with pytest.raises(InvalidInput):
            nominations.withdraw(nomination_id=nomination.pk, actor=nomination.created_by, reason=" ")
        with pytest.raises(InvalidInput):
            nominations.disqualify(nomination_id=nomination.pk, actor=staff, reason="")

    def test_a_stranger_cannot_withdraw(self):
        nomination = make_application(status=S.IN_REVIEW)
        for actor in (make_user(), make_official(nomination.body, Role.KEEPER)):
            with pytest.raises(NotPermitted):
                nominations.withdraw(nomination_id=nomination.pk, actor=actor, reason="x")

    @pytest.mark.parametrize("state", [SlateState.COMPILING, SlateState.SIGNING, SlateState.ON_NOTICE])
    def test_the_entry_leaves_the_slate_with_it(self, state):
        slate = make_slate(non_public=3, reserves=2, state=state)
        second = slate.entries.get(kind=EntryKind.REGULAR, rank=2)
        applicant = make_unit_person(second.nomination.employer)
        nominations.withdraw(nomination_id=second.nomination_id, actor=applicant, reason="人员离职")
        second.refresh_from_db()
        slate.refresh_from_db()
        assert (second.removed_at, second.removal_reason) == (IN_TIME, "人员离职")
        left = slate.entries.filter(removed_at=None)
        assert list(left.filter(kind=EntryKind.REGULAR).values_list("rank", flat=True)) == [1, 2]
        assert list(left.filter(kind=EntryKind.RESERVE).values_list("rank", flat=True)) == [1, 2]
        committed = slate.round_award.allotments.get(body=slate.body).committed
        assert committed == (0 if state == SlateState.COMPILING else 2)
        assert (slate.state, slate.version) == (state, 2)
        assert LedgerEntry.objects.filter(stream=f"slate:{slate.pk}", act="remove_entry").count() == 1

    def test_other_slates_stay_as_they_are(self):
        slate = make_slate(non_public=2, state=SlateState.SENT_UP)
        entry = slate.entries.first()
        city = slate.body.parent
        Nomination.objects.filter(pk=entry.nomination_id).update(desk=city, stage=Stage.CITY)
        applicant = make_unit_person(entry.nomination.employer)
        nominations.withdraw(nomination_id=entry.nomination_id, actor=applicant, reason="离职")
        entry.refresh_from_db()
        assert entry.removed_at is None

    def test_a_withdrawn_one_makes_room(self):
        nomination = make_application()
        nominations.withdraw(nomination_id=nomination.pk, actor=nomination.created_by, reason="重填")
        allotment = nomination.round_award.allotments.get()
        assert create(allotment, nomination.employer, nomination.created_by)


def test_a_verification_flags_what_was_frozen_otherwise():
    nomination = make_application(status=S.ENDORSING)
    make_procedure(nomination)
    draft = make_application(make_allotment(body=nomination.body), employer=nomination.employer)
    endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
    nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
    official = make_official(nomination.body, Role.UNION_REVIEWER)

    def verify(version, control, permille):
        employers.verify_ownership(
            employer_id=nomination.employer_id,
            version=version,
            actor=official,
            control=control,
            state_capital_permille=permille,
            proof="章程",
        )
        nomination.refresh_from_db()
        return nomination.ownership_changed

    assert verify(1, Control.PRIVATE, 500) is True
    assert nomination.non_public is True
    assert verify(2, Control.PRIVATE, 499) is False
    assert verify(3, Control.FOREIGN, None) is True
    draft.refresh_from_db()
    assert draft.ownership_changed is False


def test_nothing_is_saved_when_it_is_refused():
    make_evidence(make_application())
    before = LedgerEntry.objects.count()
    nomination = make_application(status=S.ENDORSING)
    endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
    with pytest.raises(InvalidInput):
        nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)
    nomination.refresh_from_db()
    assert (nomination.status, nomination.version) == (S.ENDORSING, 1)
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("state", [S.DRAFT, S.ENDORSING, S.IN_REVIEW, S.POOLED])
def test_nothing_moves_in_a_closed_round(state):
    nomination = make_application(status=state)
    applicant = make_unit_person(nomination.employer, UnitRole.APPLICANT)
    Round.objects.update(state=RoundState.CLOSED, closed_at=IN_TIME)
    with pytest.raises(WrongState) as refusal:
        nominations.withdraw(nomination_id=nomination.pk, actor=applicant, reason="企业申请撤回")
    assert refusal.value.code == "round_not_open"
    if state == S.DRAFT:
        with pytest.raises(WrongState):
            nominations.save(
                nomination_id=nomination.pk, version=nomination.version, actor=applicant, summary="改动"
            )


def test_a_title_is_revoked_after_its_round():
    province = make_body(level=Level.PROVINCE)
    nomination = make_nomination(body=province, status=S.NAMED)
    staff = make_official(province, Role.STAFF)
    Round.objects.update(state=RoundState.CLOSED, closed_at=IN_TIME)
    nominations.disqualify(nomination_id=nomination.pk, actor=staff, reason="查实弄虚作假")
    nomination.refresh_from_db()
    assert nomination.status == S.DISQUALIFIED
