"""Where an approval at a desk can still lead: told of many nominations at once, as the decision will find it."""

import pytest

from appraisal.nominations.services import reviews
from appraisal.nominations.services.reviews import Lead
from appraisal.records.models import Nomination, SlateEntry
from appraisal.records.states import EntryKind, NominationState, Outcome, SlateState
from quotas.base import clock
from quotas.base.errors import WrongState
from quotas.base.states import Office, Role, Stage
from tests.appraisal.desks import make_desk, make_route, told
from tests.builders import IN_TIME, make_body, make_nomination, make_official, make_slate

pytestmark = pytest.mark.django_db

S = NominationState


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def reviewed(desk, **fields):
    (made,) = told([make_nomination(desk.allotment.round_award, desk.body, status=S.IN_REVIEW, **fields)])
    return made


def approved_by_all(nomination):
    for office, role in ((Office.UNION, Role.UNION_REVIEWER), (Office.PARTY, Role.PARTY_REVIEWER)):
        nomination = reviews.give_opinion(
            nomination_id=nomination.pk,
            version=nomination.version,
            office=office,
            actor=make_official(nomination.desk, role),
            outcome=Outcome.APPROVE,
        )
    return nomination


def on_the_list_that_left(desk, nomination):
    slate = make_slate(desk.allotment, state=SlateState.SENT_UP)
    SlateEntry.objects.create(slate=slate, nomination=nomination, kind=EntryKind.REGULAR, rank=1)


@pytest.mark.parametrize(
    ("state", "lead"),
    [
        (SlateState.COMPILING, Lead.LIST),
        (SlateState.SIGNING, Lead.REOPENED),
        (SlateState.SIGNED, Lead.REOPENED),
        (SlateState.ON_NOTICE, Lead.REOPENED),
        (SlateState.SETTLING, Lead.REOPENED),
    ],
)
def test_a_list_that_has_been_handed_in_takes_nobody_any_more_unless_it_is_compiled_again(state, lead):
    desk = make_desk()
    told(desk.fill(non_public=2))
    desk.advance(state)
    waiting = reviewed(desk)
    ahead = reviews.prospect(waiting)
    assert (ahead.lead, ahead.list_state) == (lead, state)
    assert ahead.destination == ahead.working_desk == desk.body
    assert approved_by_all(waiting).status == S.POOLED


def test_beside_a_final_list_that_is_settled_an_approval_still_leads_into_the_pool():
    desk = make_desk()
    waiting = reviewed(desk)
    desk.slate.delete()
    make_slate(desk.allotment, non_public=1, state=SlateState.FINALISED)
    ahead = reviews.prospect(waiting)
    assert (ahead.lead, ahead.destination) == (Lead.REOPENED, desk.body)
    assert approved_by_all(waiting).status == S.POOLED


def test_what_comes_back_to_a_list_that_left_with_it_goes_on():
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    again = reviewed(county, review_pass=2)
    county.slate.delete()
    on_the_list_that_left(county, again)
    ahead = reviews.prospect(again)
    assert (ahead.lead, ahead.list_state) == (Lead.ONWARD, SlateState.SENT_UP)
    assert ahead.destination == ahead.working_desk == city.body
    assert approved_by_all(again).desk == city.body


def test_what_comes_back_to_a_list_that_left_without_it_is_over():
    desk = make_desk()
    again = reviewed(desk, review_pass=2)
    desk.slate.delete()
    make_slate(desk.allotment, non_public=1, state=SlateState.SENT_UP)
    ahead = reviews.prospect(again)
    assert (ahead.lead, ahead.destination) == (Lead.OVER, None)
    assert approved_by_all(again).status == S.NOT_SELECTED


def test_a_body_of_another_route_and_another_award_says_nothing():
    desk, other = make_desk(), make_desk()
    told(other.fill(non_public=2))
    other.advance(SlateState.SIGNING)
    here, there = reviewed(desk), reviewed(other)
    ahead = reviews.prospects([here, there])
    assert ahead[here.pk].lead == Lead.LIST
    assert ahead[there.pk].lead == Lead.REOPENED


def test_many_are_told_in_one_statement_and_in_three_where_some_were_returned(django_assert_num_queries):
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    sibling = make_desk(county.allotment.round_award, make_body(parent=city.body))
    first = [reviewed(desk) for desk in (county, city, sibling) for _ in range(2)]
    again = [reviewed(county, review_pass=2) for _ in range(3)]
    county.slate.delete()
    for each in again[:1]:
        on_the_list_that_left(county, each)
    read = Nomination.objects.select_related("body", "desk")
    fresh = list(read.filter(pk__in=[each.pk for each in first]))
    with django_assert_num_queries(1):
        reviews.prospects(fresh)
    fresh = list(read.filter(pk__in=[each.pk for each in (*first, *again)]))
    with django_assert_num_queries(3):
        ahead = reviews.prospects(fresh)
    assert [ahead[each.pk].lead for each in again] == [Lead.ONWARD, Lead.OVER, Lead.OVER]


def test_what_lies_on_no_desk_leads_nowhere():
    draft = make_nomination(status=S.DRAFT)
    assert reviews.prospects([draft]) == {}
    with pytest.raises(WrongState, match="nomination_state"):
        reviews.prospect(draft)
