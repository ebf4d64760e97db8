"""Whole ways through the turns, with the real services."""

from datetime import timedelta

import pytest
from viewflow.workflow.status import PROCESS

from appraisal.boards.services import verification
from appraisal.records.states import NominationState, Outcome, ReturnRoute, SlateState
from quotas.base import clock
from quotas.base.states import Office, Stage
from tests.builders import WINDOWS
from tests.workflows.house import House, open_nodes, process_of, status_of
from workflows.querysets import of_nomination
from workflows.turns import reconcile


def test_territorial_channel_from_application_to_naming(house, journey):
    nomination = house.nomination()
    assert open_nodes(nomination) == ["complete_application"]
    house.submit(nomination)
    assert open_nodes(nomination) == ["unit_endorsement"]
    house.endorse(nomination)
    for at in ("county", "city"):
        assert open_nodes(nomination) == [f"{at}_party", f"{at}_union"]
        house.approve(nomination, at)
        assert open_nodes(nomination) == [f"{at}_pool"]
        house.through_notice(at, [nomination], journey)
        assert house.send_up(at).up == (nomination.pk,)
        assert open_nodes(house.slates[at]) == []
    assert open_nodes(nomination) == ["province_party", "province_union"]
    house.approve(nomination, "province")
    assert open_nodes(nomination) == ["province_scoring"]
    house.score(nomination)
    assert open_nodes(nomination) == ["province_pool"]
    house.through_notice("province", [nomination], journey)
    assert house.name().named == (nomination.pk,)
    assert status_of(nomination) == NominationState.NAMED
    assert open_nodes(nomination) == []
    assert process_of(nomination).status == PROCESS.DONE
    assert process_of(house.slates["province"]).status == PROCESS.DONE


def test_industry_channel_enters_at_the_city_stage_with_one_office(house, journey):
    nomination = house.nomination("industry")
    house.submit(nomination)
    house.endorse(nomination)
    assert open_nodes(nomination) == ["city_union"]
    house.approve(nomination, "industry")
    house.through_notice("industry", [nomination], journey)
    house.send_up("industry")
    assert open_nodes(nomination) == ["province_party", "province_union"]


@pytest.mark.parametrize("stage", [Stage.COUNTY, Stage.CITY])
def test_an_award_that_ends_below_the_province_is_named_there(db, journey, stage):
    house = House(award_ends=stage)
    house.open_slates()
    at = stage.value
    named, passed_over = (house.lying(NominationState.POOLED, desk=at) for _ in range(2))
    house.through_notice(at, [named], journey)
    house.name(at)
    assert (status_of(named), status_of(passed_over)) == (NominationState.NAMED, NominationState.NOT_SELECTED)
    assert open_nodes(named) == open_nodes(passed_over) == []
    last = [of_nomination(each.pk).last().flow_task.name for each in (named, passed_over)]
    assert last == ["named", "not_selected"]


def test_one_office_reviews_an_award_that_is_not_joint(db, journey):
    house = House(joint=False)
    nomination = house.lying(NominationState.IN_REVIEW)
    assert open_nodes(nomination) == ["county_union"]
    house.approve(nomination, "county")
    assert open_nodes(nomination) == ["county_pool"]


def test_the_endorser_sends_an_application_back(house):
    nomination = house.nomination()
    house.submit(nomination)
    house.send_back(nomination)
    assert open_nodes(nomination) == ["complete_application"]


@pytest.mark.parametrize(
    ("route", "then"),
    [
        (ReturnRoute.RETURNER, ["city_party", "city_union"]),
        (ReturnRoute.FIRST, ["county_party", "county_union"]),
    ],
)
def test_a_return_leads_to_correction_and_then_where_the_returner_chose(house, route, then):
    nomination = house.lying(NominationState.IN_REVIEW, desk="city")
    house.opinion(nomination, "city", Office.UNION)
    assert open_nodes(nomination) == ["city_outcome", "city_party"]
    house.opinion(nomination, "city", Office.PARTY, Outcome.RETURN, route)
    assert open_nodes(nomination) == ["correction"]
    house.resubmit(nomination)
    assert open_nodes(nomination) == then


def test_twenty_returns_leave_the_token_where_it_was(house):
    nomination = house.lying(NominationState.IN_REVIEW)
    for _ in range(20):
        house.opinion(nomination, "county", Office.PARTY, Outcome.RETURN)
        house.resubmit(nomination)
    house.approve(nomination, "county")
    assert open_nodes(nomination) == ["county_pool"]
    tokens = {str(task.token).count("/") for task in of_nomination(nomination.pk)}
    assert tokens == {0, 1}
    assert str(of_nomination(nomination.pk).last().token) == "start"


@pytest.mark.parametrize(("outcome", "node"), [(Outcome.DECLINE, []), (Outcome.RETURN, ["correction"])])
def test_one_refusal_ends_the_partners_task(house, outcome, node):
    nomination = house.lying(NominationState.IN_REVIEW)
    house.opinion(nomination, "county", Office.UNION, outcome)
    assert open_nodes(nomination) == node
    partner = next(task for task in of_nomination(nomination.pk) if task.flow_task.name == "county_party")
    assert partner.status == "CANCELED"
    assert partner.finished is not None


def test_a_refused_signature_leads_back_to_compiling(house):
    nomination = house.lying(NominationState.POOLED)
    house.compile("county", [nomination])
    slate = house.slates["county"]
    assert open_nodes(slate) == ["party_sign", "union_sign"]
    house.sign("county", Office.PARTY, signed=False)
    assert open_nodes(slate) == ["compile_slate"]
    house.compile("county", [nomination])
    house.sign("county", Office.PARTY)
    assert open_nodes(slate) == ["sign_outcome", "union_sign"]
    house.sign("county", Office.UNION)
    assert open_nodes(slate) == ["publish_notice"]
    house.publish("county")
    slate.refresh_from_db()
    assert slate.state == SlateState.ON_NOTICE
    assert open_nodes(slate) == ["notice_runs"]


@pytest.fixture
def returned_to_the_county(house, journey):
    """On the county's list that has gone up, then returned by the city to be reviewed from the first desk again."""
    nomination = house.lying(NominationState.POOLED, desk="county")
    house.through_notice("county", [nomination], journey)
    house.send_up("county")
    house.opinion(nomination, "city", Office.UNION, Outcome.RETURN, ReturnRoute.FIRST)
    house.resubmit(nomination)
    assert open_nodes(nomination) == ["county_party", "county_union"]
    return nomination


def test_reviewed_again_below_it_goes_on_with_the_list_it_is_on(house, returned_to_the_county):
    nomination = returned_to_the_county
    house.approve(nomination, "county")
    assert open_nodes(nomination) == ["city_party", "city_union"]
    assert status_of(nomination) == NominationState.IN_REVIEW
    house.approve(nomination, "city")
    assert open_nodes(nomination) == ["city_pool"]
    assert reconcile() == []
    assert all(line.holds for line in verification.run() if line.rule == "desks")


def test_what_was_below_when_the_list_above_left_is_over(house, journey, returned_to_the_county):
    other = house.lying(NominationState.POOLED, desk="city")
    house.through_notice("city", [other], journey)
    nomination = returned_to_the_county
    assert house.send_up("city").closed == (nomination.pk,)
    assert status_of(nomination) == NominationState.NOT_SELECTED
    assert open_nodes(nomination) == []


def test_the_time_of_the_desk_where_it_will_wait_counts(house, journey, returned_to_the_county):
    """The county's window is over, the city's is not: the county may still look at it once more."""
    with clock.travel(WINDOWS[Stage.COUNTY][1] + timedelta(days=1)):
        house.approve(returned_to_the_county, "county")
    assert open_nodes(returned_to_the_county) == ["city_party", "city_union"]
