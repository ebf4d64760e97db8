"""The joint review: two opinions with equal weight, by different people, in time, against nobody's own case."""

from datetime import timedelta

import pytest

from appraisal.nominations.services import nominations, reviews
from appraisal.records.models import Nomination, Opinion
from appraisal.records.services.offices import offices
from appraisal.records.states import NominationState, Outcome, ReturnRoute
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, TooLate, WrongState
from quotas.base.states import Level, Office, Role, Stage
from quotas.base.wording import sentences
from quotas.ledger.models import LedgerEntry
from quotas.tree.models import Body
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_application,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_post,
    make_procedure,
    make_round_award,
    make_unit_person,
    make_user,
)

pytestmark = pytest.mark.django_db

S = NominationState
ROLE = {Office.UNION: Role.UNION_REVIEWER, Office.PARTY: Role.PARTY_REVIEWER}


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME) as journey:
        yield journey


def codes(error):
    assert all(str(sentence) for sentence in sentences(error.value))
    return [reason.code for reason in error.value.reasons]


def give(nomination, actor, office=Office.UNION, outcome=Outcome.APPROVE, *, version=1, **more):
    if outcome != Outcome.APPROVE:
        more.setdefault("text", "材料不实。")
    if outcome == Outcome.RETURN:
        more.setdefault("return_route", ReturnRoute.RETURNER)
    return reviews.give_opinion(
        nomination_id=nomination.pk, version=version, office=office, actor=actor, outcome=outcome, **more
    )


def state_of(nomination):
    nomination.refresh_from_db()
    return nomination.status


@pytest.fixture
def nomination():
    return make_nomination(status=S.IN_REVIEW)


@pytest.fixture
def union(nomination):
    return make_official(nomination.desk, Role.UNION_REVIEWER, name="工会甲")


@pytest.fixture
def party(nomination):
    return make_official(nomination.desk, Role.PARTY_REVIEWER, name="组织乙")


@pytest.mark.parametrize(
    ("joint", "level", "expected"),
    [
        (True, Level.COUNTY, (Office.UNION, Office.PARTY)),
        (True, Level.INDUSTRY, (Office.UNION,)),
        (False, Level.COUNTY, (Office.UNION,)),
        (False, Level.INDUSTRY, (Office.UNION,)),
    ],
)
def test_which_offices_are_asked(joint, level, expected):
    assert offices(make_award(joint=joint), make_body(level=level)) == expected


class TestJointReview:
    @pytest.mark.parametrize("first", Office)
    def test_both_approvals_take_it_to_the_pool(self, nomination, union, party, first):
        people = {Office.UNION: union, Office.PARTY: party}
        second = next(office for office in Office if office != first)
        give(nomination, people[first], first)
        assert state_of(nomination) == S.IN_REVIEW
        # The other form was drawn before the first opinion: the two work side by side.
        give(nomination, people[second], second, version=1)
        assert state_of(nomination) == S.POOLED
        assert (nomination.version, nomination.desk.pk) == (3, nomination.body_id)
        assert Opinion.objects.count() == 2

    @pytest.mark.parametrize("office", Office)
    @pytest.mark.parametrize(
        ("outcome", "expected"), [(Outcome.RETURN, S.RETURNED), (Outcome.DECLINE, S.DECLINED)]
    )
    def test_either_office_can_stop_it(self, nomination, union, party, office, outcome, expected):
        actor = {Office.UNION: union, Office.PARTY: party}[office]
        give(nomination, actor, office, outcome)
        assert state_of(nomination) == expected
        assert nomination.return_route == (ReturnRoute.RETURNER if outcome == Outcome.RETURN else "")
        # Who returned it is known by the desk.
        assert nomination.desk is not None
        row = LedgerEntry.objects.get()
        assert (row.act, row.reason, row.body) == (outcome, "材料不实。", nomination.desk)

    def test_the_unions_approval_does_not_outweigh_the_other_office(self, nomination, union, party):
        give(nomination, union)
        give(nomination, party, Office.PARTY, Outcome.DECLINE, version=2)
        assert state_of(nomination) == S.DECLINED

    def test_the_other_office_comes_too_late_when_it_was_returned(self, nomination, union, party):
        give(nomination, union, outcome=Outcome.RETURN)
        with pytest.raises(Conflict) as refusal:
            give(nomination, party, Office.PARTY, version=1)
        assert codes(refusal) == ["somebody_was_faster"]
        assert refusal.value.params["who"] == "工会甲"
        with pytest.raises(WrongState):
            give(nomination, party, Office.PARTY, version=2)

    @pytest.mark.parametrize("version", [1, 2])
    def test_a_colleague_of_the_office_was_faster(self, nomination, union, version):
        give(nomination, union)
        colleague = make_official(nomination.desk, Role.UNION_REVIEWER)
        with pytest.raises(Conflict) as refusal:
            give(nomination, colleague, version=version)
        assert codes(refusal) == ["somebody_was_faster"]
        assert refusal.value.params == {"who": "工会甲", "at": IN_TIME}
        assert Opinion.objects.count() == 1

    def test_a_double_click_is_one_opinion(self, nomination, union):
        give(nomination, union)
        with pytest.raises(Conflict):
            give(nomination, union)
        assert Opinion.objects.count() == LedgerEntry.objects.count() == 1

    @pytest.mark.parametrize("version", [0, 2])
    def test_a_form_from_elsewhere_is_stale(self, nomination, union, version):
        with pytest.raises(Conflict) as refusal:
            give(nomination, union, version=version)
        assert codes(refusal) == ["stale"]

    def test_one_office_alone_where_the_award_is_not_joint(self, party):
        nomination = make_nomination(make_round_award(award=make_award(joint=False)), status=S.IN_REVIEW)
        make_post(nomination.desk, Role.PARTY_REVIEWER, party)
        with pytest.raises(WrongState) as refusal:
            give(nomination, party, Office.PARTY)
        assert codes(refusal) == ["office_not_asked"]
        give(nomination, make_official(nomination.desk, Role.UNION_REVIEWER))
        assert state_of(nomination) == S.POOLED

    def test_few_statements(self, nomination, union, party, django_assert_max_num_queries):
        give(nomination, union)
        with django_assert_max_num_queries(11):
            give(nomination, party, Office.PARTY)


class TestStates:
    @pytest.mark.parametrize("outcome", Outcome)
    @pytest.mark.parametrize("state", S)
    def test_an_opinion_in_every_state(self, state, outcome):
        nomination = make_nomination(status=state)
        union = make_official(nomination.body, Role.UNION_REVIEWER)
        if state == S.IN_REVIEW:
            give(nomination, union, outcome=outcome)
        else:
            with pytest.raises(WrongState) as refusal:
                give(nomination, union, outcome=outcome)
            assert codes(refusal) == ["nomination_state"]
            assert not Opinion.objects.exists()

    def test_wrong_state_and_not_permitted_and_late_are_three_answers(self, nomination, union):
        late = WINDOWS[Stage.COUNTY][1] + timedelta(seconds=1)
        with clock.travel(late):
            with pytest.raises(TooLate):
                give(nomination, union)
            with pytest.raises(NotPermitted):
                give(nomination, make_user())
        Nomination.objects.update(status=S.POOLED)
        with clock.travel(late), pytest.raises(WrongState):
            give(nomination, union)

    def test_the_deadline_itself_is_in_time(self, nomination, union):
        with clock.travel(WINDOWS[Stage.COUNTY][1]):
            give(nomination, union)


class TestWho:
    def test_acting_is_not_inherited(self, nomination, union, party):
        desk = nomination.desk
        for actor in (
            make_official(desk.parent, Role.UNION_REVIEWER),
            make_official(desk.parent.parent, Role.UNION_REVIEWER),
            make_official(make_body(parent=desk.parent), Role.UNION_REVIEWER),
            make_official(desk, Role.KEEPER),
            party,
            nomination.created_by,
        ):
            with pytest.raises(NotPermitted) as refusal:
                give(nomination, actor)
            assert codes(refusal) == ["act_not_held"]
        give(nomination, union)

    def test_not_what_one_has_made(self, nomination, union):
        Nomination.objects.update(created_by=union)
        with pytest.raises(RuleViolation) as refusal:
            give(nomination, union)
        assert codes(refusal) == ["own_application"]

    def test_not_of_the_own_unit(self, nomination):
        actor = make_unit_person(nomination.employer)
        make_post(nomination.desk, Role.UNION_REVIEWER, actor)
        with pytest.raises(RuleViolation) as refusal:
            give(nomination, actor)
        assert codes(refusal) == ["own_unit"]

    def test_not_what_one_endorsed_before_one_left_the_unit(self):
        nomination = make_application(status=S.DRAFT)
        actor = make_unit_person(nomination.employer)
        nominations.save(nomination_id=nomination.pk, version=1, actor=actor, summary="改。")
        actor.unit_posts.all().delete()
        Nomination.objects.update(status=S.IN_REVIEW, stage=Stage.COUNTY, desk=nomination.body)
        make_post(nomination.body, Role.UNION_REVIEWER, actor)
        with pytest.raises(RuleViolation) as refusal:
            give(nomination, actor, version=2)
        assert codes(refusal) == ["own_application"]

    def test_not_at_two_stages(self, nomination, union, party):
        give(nomination, union)
        give(nomination, party, Office.PARTY)
        city = nomination.desk.parent
        Nomination.objects.update(desk=city, stage=Stage.CITY, status=S.IN_REVIEW, version=4)
        make_post(city, Role.PARTY_REVIEWER, union)
        with pytest.raises(RuleViolation) as refusal:
            give(nomination, union, Office.PARTY, version=4)
        assert codes(refusal) == ["reviewed_at_other_stage"]
        give(nomination, make_official(city, Role.PARTY_REVIEWER), Office.PARTY, version=4)

    def test_not_as_both_offices(self, nomination, union):
        make_post(nomination.desk, Role.PARTY_REVIEWER, union)
        give(nomination, union)
        with pytest.raises(RuleViolation) as refusal:
            give(nomination, union, Office.PARTY)
        assert codes(refusal) == ["reviewed_as_other_office"]

    def test_pages_can_ask_before(self, nomination, union, django_assert_num_queries):
        with django_assert_num_queries(3):
            assert reviews.separation(nomination, union, Office.UNION) == []
        Nomination.objects.update(created_by=union)
        nomination.refresh_from_db()
        assert [v.code for v in reviews.separation(nomination, union, Office.UNION)] == ["own_application"]


class TestText:
    @pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.DECLINE])
    def test_is_needed_unless_it_is_approved(self, nomination, union, outcome):
        with pytest.raises(InvalidInput) as refusal:
            give(nomination, union, outcome=outcome, text=" \n")
        assert [(p.field, p.code) for p in refusal.value.problems] == [("text", "opinion_text_required")]
        assert codes(refusal)
        assert state_of(nomination) == S.IN_REVIEW

    def test_has_a_limit(self, nomination, union):
        with pytest.raises(InvalidInput) as refusal:
            give(nomination, union, text="字" * 2001)
        assert codes(refusal) == ["text_too_long"]
        give(nomination, union, text="字" * 2000)

    @pytest.mark.parametrize("route", ["", "sideways"])
    def test_a_return_says_where_it_goes_afterwards(self, nomination, union, route):
        with pytest.raises(InvalidInput) as refusal:
            give(nomination, union, outcome=Outcome.RETURN, return_route=route, text="")
        assert {p.field for p in refusal.value.problems} == {"text", "return_route"}
        assert codes(refusal)

    def test_only_a_return_has_a_route(self, nomination, union):
        give(nomination, union, return_route=ReturnRoute.FIRST)
        assert Opinion.objects.get().return_route == ""


class TestPasses:
    def test_after_a_return_both_offices_decide_again(self):
        allotment = make_allotment()
        nomination = make_application(
            allotment, status=S.IN_REVIEW, stage=Stage.COUNTY, desk=allotment.body, submitted_at=IN_TIME
        )
        make_procedure(nomination)
        people = {office: make_official(nomination.body, role) for office, role in ROLE.items()}
        give(nomination, people[Office.UNION])
        give(nomination, people[Office.PARTY], Office.PARTY, Outcome.RETURN, version=2)
        nominations.resubmit(nomination_id=nomination.pk, version=3, actor=nomination.created_by)
        nomination.refresh_from_db()
        assert (nomination.review_pass, nomination.version) == (2, 4)
        # A form of the first pass is stale now.
        with pytest.raises(Conflict) as refusal:
            give(nomination, people[Office.UNION], version=3)
        assert codes(refusal) == ["stale"]
        give(nomination, people[Office.UNION], version=4)
        assert state_of(nomination) == S.IN_REVIEW
        give(nomination, people[Office.PARTY], Office.PARTY, version=4)
        assert state_of(nomination) == S.POOLED
        assert list(Opinion.objects.values_list("review_pass", flat=True)) == [1, 1, 2, 2]


HERE, ABOVE = Body(pk=1), Body(pk=2)


@pytest.mark.parametrize(
    ("outcome", "complete", "destination", "expected"),
    [
        (Outcome.RETURN, False, HERE, ("return", "returned", None)),
        (Outcome.RETURN, True, None, ("return", "returned", None)),
        (Outcome.DECLINE, True, ABOVE, ("decline", "declined", None)),
        (Outcome.APPROVE, False, HERE, ("approve", "in_review", None)),
        (Outcome.APPROVE, False, None, ("approve", "in_review", None)),
        (Outcome.APPROVE, True, HERE, ("approve", "pooled", None)),
        (Outcome.APPROVE, True, ABOVE, ("approve", "in_review", ABOVE)),
        (Outcome.APPROVE, True, None, ("pass_over", "not_selected", None)),
    ],
)
def test_what_follows_from_an_opinion(outcome, complete, destination, expected):
    following = reviews.next_of(outcome, HERE, destination, complete=complete)
    assert (following.act, following.state, following.onward) == expected
