"""The flows as pages: pictures, numbers of the own area, the way of one nomination."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from quotas.base.states import Office, Role
from quotas.tree.models import User
from tests.builders import make_body, make_official, make_unit_person
from tests.workflows.desk_people import in_review, signed_in
from workflows.diagrams import drawing
from workflows.flows import NominationFlow, SlateFlow
from workflows.inbox import worklist

pytestmark = pytest.mark.django_db


def get(user, name, *args):
    return signed_in(user).get(reverse(f"workflows:{name}", args=args))


def test_both_flows_as_picture_and_as_table(house):
    in_review(house)
    response = get(house.people["county", "union"], "flows")
    assert response.status_code == 200
    text = response.content.decode()
    for name in ("nomination", "slate"):
        assert reverse("workflows:flow_svg", args=[name]) in text
        assert reverse("workflows:flow_bpmn", args=[name]) in text
    nomination, slate = response.context["flows"]
    numbers = {str(step.title): step.number for step in nomination["steps"]}
    assert numbers["县级工会审核"] == 1
    assert numbers["准入核验"] is None
    assert {str(step.title): step.number for step in slate["steps"]}["编制推荐名单"] == 1
    assert len(nomination["steps"]) == len(list(NominationFlow.instance.nodes()))


def test_numbers_are_those_of_the_own_area(house):
    nomination = in_review(house)
    assert (
        worklist.number_at_nodes(NominationFlow, house.people["city", "union"]).by_node["county_union"] == 1
    )
    stranger = make_official(make_body(), Role.UNION_REVIEWER)
    assert worklist.number_at_nodes(NominationFlow, stranger).by_node == {}
    assert worklist.number_at_nodes(SlateFlow, stranger).by_node == {}
    assert worklist.number_at_nodes(NominationFlow, nomination.created_by).by_node == {
        "county_union": 1,
        "county_party": 1,
    }
    assert worklist.number_at_nodes(NominationFlow, make_unit_person(house.unit())).by_node == {}


def test_numbers_of_a_large_area_are_kept_a_while_and_the_page_says_so(house, monkeypatch):
    monkeypatch.setattr(worklist, "MANY_BODIES", 1)
    reader = house.people["city", "union"]
    in_review(house)
    before = get(reader, "flows")
    assert before.context["as_of"] is not None
    assert "数字统计于" in before.text
    in_review(house)
    nobody_knows = User.objects.get(pk=reader.pk)
    assert worklist.number_at_nodes(NominationFlow, nobody_knows).by_node["county_union"] == 1
    # Somebody who sees more, or less, is told what they see.
    province = User.objects.get(pk=house.people["province", "union"].pk)
    assert worklist.number_at_nodes(NominationFlow, province).by_node["county_union"] == 2
    stranger = make_official(make_body(), Role.UNION_REVIEWER)
    assert worklist.number_at_nodes(NominationFlow, stranger).by_node == {}
    cache.clear()
    assert worklist.number_at_nodes(NominationFlow, reader).by_node["county_union"] == 2


def test_numbers_of_a_small_area_are_those_of_now(house):
    reader = house.people["city", "union"]
    assert get(reader, "flows").context["as_of"] is None
    in_review(house)
    assert (
        worklist.number_at_nodes(NominationFlow, User.objects.get(pk=reader.pk)).by_node["county_union"] == 1
    )


def test_a_join_that_waits_is_not_counted(house):
    nomination = in_review(house)
    house.opinion(nomination, "county", Office.UNION)
    assert worklist.number_at_nodes(NominationFlow, house.people["county", "union"]).by_node == {
        "county_party": 1
    }


@pytest.mark.parametrize("name", ["nomination", "slate"])
def test_the_picture_is_svg_that_runs_nothing(house, name):
    response = get(house.people["county", "union"], "flow_svg", name)
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    assert response.headers["Content-Security-Policy"] == drawing.SVG_POLICY
    assert etree.fromstring(response.content).tag.endswith("svg")


@pytest.mark.parametrize("name", ["nomination", "slate"])
def test_bpmn_is_a_file(house, name):
    response = get(house.people["county", "union"], "flow_bpmn", name)
    assert f'filename="{name}.bpmn"' in response.headers["Content-Disposition"]
    assert etree.fromstring(response.content).tag.endswith("definitions")


@pytest.mark.parametrize("address", ["flow_svg", "flow_bpmn"])
def test_there_are_two_flows(house, address):
    assert get(house.people["county", "union"], address, "objection").status_code == 404


def test_the_way_of_a_nomination_for_those_who_may_see_it(house):
    nomination = in_review(house)
    for user in (house.people["county", "union"], house.people["province", "staff"], house.applicant):
        response = get(user, "nomination_svg", nomination.pk)
        assert response.status_code == 200
        assert "待办" in response.content.decode()
    stranger = make_official(make_body(), Role.UNION_REVIEWER)
    assert get(stranger, "nomination_svg", nomination.pk).status_code == 404
    assert get(make_unit_person(house.unit()), "nomination_svg", nomination.pk).status_code == 404
    assert get(house.people["county", "union"], "nomination_svg", nomination.pk + 99).status_code == 404


def test_a_draft_is_the_unit_s_alone(house):
    draft = house.nomination()
    assert get(house.applicant, "nomination_svg", draft.pk).status_code == 200
    assert get(house.people["county", "union"], "nomination_svg", draft.pk).status_code == 404


def test_the_number_of_statements_is_flat(house):
    client = signed_in(house.people["county", "union"])

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("workflows:flows"))
        return len(captured)

    in_review(house)
    cost()
    one = cost()
    for _number in range(5):
        in_review(house)
    assert cost() == one <= 20


def test_visitors_are_asked_to_sign_in(client, house):
    nomination = in_review(house)
    for name, args in (
        ("flows", []),
        ("flow_svg", ["nomination"]),
        ("flow_bpmn", ["slate"]),
        ("nomination_svg", [nomination.pk]),
    ):
        assert client.get(reverse(f"workflows:{name}", args=args)).status_code == 302
