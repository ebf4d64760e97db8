"""Conditions held against nominees: before anything is filled in, on submission, on the slate, at the naming."""

from datetime import date

import pytest
from django.test import Client

from appraisal.gate.services import conditions
from appraisal.nominations.services import nominations, prospects
from appraisal.records.models import Employer, Honour, Slate
from appraisal.records.states import EntryKind, NominationState, SlateState
from appraisal.register.services import employers
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import ConditionKind, RoundState, Stage
from quotas.base.wording import sentence
from tests.appraisal.desks import make_desk
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_application,
    make_award,
    make_condition,
    make_credit_code,
    make_employer,
    make_honour,
    make_nomination,
    make_round,
    make_round_award,
    make_rule_version,
    make_unit_person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def award():
    """An award whose edition bars for three years whoever was named for it."""
    found = make_award("model", name="模范职工之家", final_stage=Stage.COUNTY)
    make_condition(make_rule_version(found), label="三年内未获本奖项")
    return found


@pytest.fixture
def placed(award):
    return make_allotment(make_round_award(award=award, share=None), places=3)


def named_before(award, employer, **fields):
    """The unit was named for the award in a round of 2024."""
    nomination = make_nomination(
        make_round_award(make_round(state=RoundState.CLOSED), award),
        employer=employer,
        status=NominationState.NAMED,
        nominee_key=f"unit:{employer.credit_code}",
    )
    return make_honour(nomination, **fields)


def of_unit(employer):
    (told,) = prospects.of_unit(employer=Employer.objects.for_list().get(pk=employer.pk))
    return told


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


class TestBeforehand:
    def test_a_unit_named_in_2024_is_told_why_and_until_when(self, award, placed):
        employer, fresh = make_employer(placed.body), make_employer(placed.body)
        named_before(award, employer)
        (violation,) = of_unit(employer).violations
        told = sentence(violation)
        assert str(told) == (
            "不符合申报条件“三年内未获本奖项”。2024年4月29日曾获模范职工之家（苏工发〔2024〕1号）。依据：通知 三。"
            "2027年4月29日起可以再申报。"
        )
        assert not of_unit(fresh).violations

    @pytest.mark.parametrize("fields", [{"revoked": True}, {"granted_on": date(2023, 5, 1)}])
    def test_a_revoked_or_an_old_title_does_not_count(self, award, placed, fields):
        employer = make_employer(placed.body)
        named_before(award, employer, **fields)
        assert not of_unit(employer).violations

    def test_one_that_only_points_out_refuses_nothing(self, award, placed):
        version = placed.round_award.rule_version
        version.conditions.update(refuses=False)
        employer = make_employer(placed.body)
        named_before(award, employer)
        found = of_unit(employer)
        assert not found.violations
        assert found.warnings[0].code == "title_held_until"

    def test_the_page_of_awards_says_it(self, award, placed):
        employer = make_employer(placed.body)
        named_before(award, employer)
        client = Client()
        client.force_login(make_unit_person(employer))
        page = client.get("/apply/").content.decode()
        assert "2027年4月29日起可以再申报" in page

    def test_statements_do_not_grow_with_awards(self, award, placed, django_assert_max_num_queries):
        employer = make_employer(placed.body)
        named_before(award, employer)
        for _number in range(4):
            another = make_award(final_stage=Stage.COUNTY)
            make_condition(make_rule_version(another), awards=["model"])
            make_allotment(make_round_award(placed.round_award.round, another), placed.body)
        unit = Employer.objects.for_list().get(pk=employer.pk)
        with django_assert_max_num_queries(10):
            found = prospects.of_unit(employer=unit)
        assert [len(each.violations) for each in found] == [1] * 5


class TestSubmission:
    def submit(self, nomination):
        return nominations.submit(nomination_id=nomination.pk, version=1, actor=nomination.created_by)

    def test_refuses_whoever_was_named_and_nobody_else(self, award, placed):
        bearer, fresh = make_application(placed), make_application(placed)
        named_before(award, bearer.employer)
        with pytest.raises(RuleViolation) as refused:
            self.submit(bearer)
        assert codes(refused) == ["title_held_until"]
        assert self.submit(fresh).status == NominationState.ENDORSING

    def test_asks_for_a_title_that_the_unit_may_hold(self, placed):
        version = placed.round_award.rule_version
        version.conditions.all().delete()
        make_condition(version, kind=ConditionKind.HELD, awards=["city_home"], years=None)
        nomination = make_application(placed)
        with pytest.raises(RuleViolation) as refused:
            self.submit(nomination)
        assert codes(refused) == ["title_not_held"]
        named_before(make_award("city_home"), nomination.employer)
        assert self.submit(nomination).status == NominationState.ENDORSING

    def test_follows_the_unit_under_a_corrected_code(self, award, placed):
        employer = make_employer(placed.body)
        honour = named_before(award, employer)
        code = make_credit_code(987654)
        employers.update(employer_id=employer.pk, version=employer.version, actor=None, credit_code=code)
        honour.refresh_from_db()
        assert honour.holder_key == f"unit:{code}"


class TestOnTheSlate:
    @pytest.fixture
    def desk(self, award):
        desk = make_desk(make_round_award(award=award, share=None))
        desk.nominations = desk.fill(non_public=2)
        return desk

    def named_since(self, award, nomination):
        named_before(award, nomination.employer, holder_key=nomination.nominee_key)

    def test_somebody_who_was_named_since_is_not_handed_in(self, award, desk):
        self.named_since(award, desk.nominations[0])
        with pytest.raises(RuleViolation) as refused:
            desk.act(slates.submit)
        (reason,) = refused.value.reasons
        assert (reason.code, reason.number) == ("entry_unfit", desk.nominations[0].number)
        assert desk.slate.state == SlateState.COMPILING
        desk.set([(desk.nominations[1].pk, EntryKind.REGULAR)])
        desk.act(slates.submit)

    def test_nor_named(self, award, desk):
        desk.advance(SlateState.FINALISED)
        self.named_since(award, desk.nominations[1])
        with pytest.raises(RuleViolation, match="entry_unfit"):
            desk.name()
        assert desk.slate.state == SlateState.FINALISED

    def test_a_naming_enters_the_register_and_a_disqualification_revokes_it(self, desk):
        desk.advance(SlateState.NAMED)
        entered = Honour.objects.order_by("nomination")
        assert [(each.nomination_id, each.holder_key, each.document_number) for each in entered] == [
            (each.pk, each.nominee_key, "苏工发〔2026〕12号") for each in desk.nominations
        ]
        nominations.disqualify(nomination_id=desk.nominations[0].pk, actor=desk.keeper, reason="弄虚作假")
        assert [(each.revoked_on, each.revoked_for) for each in entered.all()] == [
            (clock.today(), "弄虚作假"),
            (None, ""),
        ]

    def test_statements_do_not_grow_with_entries(self, desk, django_assert_num_queries):
        conditions.require_met(desk.slate)
        for _times in range(2):
            slate = Slate.objects.select_related("round_award").get(pk=desk.slate.pk)
            with django_assert_num_queries(2):
                conditions.require_met(slate)
            desk.fill(non_public=4)


def test_reviewers_see_each_condition_and_what_is_wrong(award, placed):
    nomination = make_nomination(placed.round_award, placed.body, status=NominationState.IN_REVIEW)
    (found,) = conditions.checked(nomination)
    assert found[1] is None
    named_before(award, nomination.employer, holder_key=nomination.nominee_key)
    ((condition, reason),) = conditions.checked(nomination)
    assert (condition.label, reason.code) == ("三年内未获本奖项", "title_held_until")
