"""Vacant posts: which there are, which stop a round, how much waits for each, and where people read of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.records.models import Opinion
from appraisal.records.states import NominationState, SlateState, UnitRole
from appraisal.vacancies.services import vacancies as service
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import Level, Office, Role, RoundState, Stage
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment
from quotas.rounds.services import rounds, vacancies
from quotas.tree.models import User
from quotas.tree.permissions import Act
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_round,
    make_round_award,
    make_slate,
    make_unit_person,
    make_user,
)

pytestmark = pytest.mark.django_db

REVIEWER, PARTY = Role.UNION_REVIEWER, Role.PARTY_REVIEWER


@pytest.fixture(autouse=True)
def season():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def tree():
    province = make_body("320000", level=Level.PROVINCE, name="江苏省")
    city = make_body("320500", level=Level.CITY, parent=province, name="苏州市")
    return {
        "province": province,
        "city": city,
        "county": make_body("320581", parent=city, name="常熟市"),
        "elsewhere": make_body("320582", parent=city, name="张家港市"),
        "industry": make_body("320901", level=Level.INDUSTRY, parent=province, name="省产业工会"),
    }


@pytest.fixture
def taking_part(tree):
    made = make_round_award(award=make_award("model_home", name="模范职工之家"))
    for name in ("province", "city", "county"):
        make_allotment(made, tree[name], places=3)
    return made


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def allotment_of(taking_part, body):
    return Allotment.objects.get(round_award=taking_part, body=body)


def vacant(taking_part):
    return {
        (each.body.short_name, each.role): each
        for each in vacancies.of_round(round_id=taking_part.round_id).vacant
    }


def test_only_bodies_on_the_routes_count(taking_part):
    names = {body for body, _role in vacant(taking_part)}
    assert names == {"江苏省", "苏州市", "常熟市"}


def test_what_stops_the_round_and_what_does_not(taking_part, tree):
    found = vacant(taking_part)
    assert found["常熟市", REVIEWER].acts == (Act.REVIEW_UNION,)
    assert found["常熟市", Role.KEEPER].acts == (Act.KEEP_SLATE,)
    assert found["江苏省", Role.STAFF].acts == (Act.KEEP_SLATE, Act.FINALISE_LIST)
    # The province's staff keep its list: a keeper beside them is not needed, an observer nowhere.
    assert not found["江苏省", Role.KEEPER].stops
    assert not found["常熟市", Role.OBSERVER].stops
    # The three administrators stand on no route.
    assert not {role for _body, role in found} & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}


def test_a_holder_fills_a_post_and_a_deactivated_one_does_not(taking_part, tree):
    make_official(tree["county"], REVIEWER)
    make_official(tree["county"], PARTY, is_active=False)
    found = vacant(taking_part)
    assert ("常熟市", REVIEWER) not in found
    assert found["常熟市", PARTY].stops


def test_an_award_that_the_union_reviews_alone_needs_no_party_office(tree):
    made = make_round_award(award=make_award("union_only", joint=False))
    make_allotment(made, tree["county"], places=1)
    assert not vacant(made)["常熟市", PARTY].stops
    assert vacant(made)["常熟市", REVIEWER].stops


def test_an_award_of_the_city_needs_nobody_above(tree):
    made = make_round_award(award=make_award("city_award", final_stage=Stage.CITY))
    make_allotment(made, tree["county"], places=1)
    assert {body for body, _role in vacant(made)} == {"苏州市", "常熟市"}


def test_the_number_of_statements_does_not_grow(taking_part, tree):
    def statements():
        with CaptureQueriesContext(connection) as found:
            assert service.lines(
                round_id=taking_part.round_id, found=vacancies.of_round(round_id=taking_part.round_id)
            )
        return len(found)

    before = statements()
    for number in range(12):
        body = make_body(f"32059{number:02}", parent=tree["city"], name=f"县{number}")
        make_allotment(taking_part, body, places=1)
        make_official(body, REVIEWER)
    assert statements() == before <= 6


def test_how_much_waits_for_each(taking_part, tree):
    for _number in range(2):
        make_nomination(taking_part, tree["county"], status=NominationState.IN_REVIEW)
    make_slate(allotment_of(taking_part, tree["city"]), state=SlateState.SIGNING)
    lines = {
        (line.vacancy.body.short_name, line.vacancy.role): line.waiting
        for line in service.lines(
            round_id=taking_part.round_id, found=vacancies.of_round(round_id=taking_part.round_id)
        )
    }
    assert lines["常熟市", REVIEWER] == lines["常熟市", PARTY] == 2
    assert lines["苏州市", Role.UNION_LEADER] == lines["苏州市", Role.PARTY_LEADER] == 1
    assert lines["苏州市", REVIEWER] == lines["常熟市", Role.KEEPER] == 0


# The pages


def test_officials_read_whom_to_ask_and_the_unit_reads_no_name(taking_part, tree):
    nomination = make_nomination(taking_part, tree["county"], status=NominationState.IN_REVIEW)
    make_official(tree["province"], Role.SYSTEM_ADMIN, name="管账号的")
    make_official(tree["province"], Role.SECURITY_ADMIN, name="管岗位的")
    keeper = make_official(tree["county"], Role.KEEPER)
    url = f"/nominations/{nomination.pk}/"
    text = client_of(keeper).get(url).content.decode()
    assert "等待常熟市工会审核人、组织部审核人：此岗位无人" in text
    assert "管账号的" in text
    assert "管岗位的" in text
    unit = make_unit_person(nomination.employer, UnitRole.APPLICANT)
    text = client_of(unit).get(url).content.decode()
    assert "常熟市的审核岗位目前无人" in text
    assert "管账号的" not in text
    assert "管岗位的" not in text
    for role in (REVIEWER, PARTY):
        make_official(tree["county"], role)
    for user in (keeper, unit):
        assert "无人" not in client_of(user).get(url).content.decode()


def test_a_list_says_for_whom_it_waits(taking_part, tree):
    slate = make_slate(allotment_of(taking_part, tree["county"]), state=SlateState.SIGNING)
    keeper = make_official(tree["county"], Role.KEEPER)
    make_official(tree["county"], Role.UNION_LEADER)
    text = client_of(keeper).get(f"/slates/{slate.pk}/").content.decode()
    assert "等待常熟市组织部领导：此岗位无人" in text


@pytest.mark.parametrize("role", [Role.STAFF, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN])
def test_home_tells_those_who_can_do_something(taking_part, tree, role):
    text = client_of(make_official(tree["province"], role)).get("/").content.decode()
    assert "岗位空缺" in text
    assert f"/rounds/{taking_part.round.code}/vacancies/" in text


def test_home_tells_nobody_else(taking_part, tree):
    text = client_of(make_official(tree["county"], REVIEWER)).get("/").content.decode()
    assert "岗位空缺" not in text


def test_the_list_shows_each_his_own_area(taking_part, tree):
    url = f"/rounds/{taking_part.round.code}/vacancies/"
    text = client_of(make_official(tree["county"], REVIEWER)).get(url).content.decode()
    assert "常熟市" in text
    assert "苏州市" not in text
    text = client_of(make_official(tree["province"], Role.SECURITY_ADMIN)).get(url).content.decode()
    assert "苏州市" in text
    assert f"/posts/?body={tree['county'].pk}" in text
    assert client_of(make_user()).get(url).status_code == 404


def test_the_board_names_them_in_their_rows(taking_part, tree):
    keeper = make_official(tree["county"], Role.KEEPER)
    text = client_of(keeper).get(f"/rounds/{taking_part.round.code}/quotas/").content.decode()
    assert "空缺：工会审核人、组织部审核人、工会领导、组织部领导" in text


# Opening


@pytest.fixture
def planned(tree):
    made = make_round_award(award=make_award("m"), round_=make_round(state=RoundState.PLANNED), places=3)
    for name in ("province", "city", "county"):
        make_allotment(made, tree[name], places=3)
    return made


def test_opening_asks_for_a_word_on_the_vacant_posts(planned, tree):
    staff = make_official(tree["province"], Role.STAFF)
    number = len(vacancies.of_round(round_id=planned.round_id).stopping)
    assert number
    page = client_of(staff).get(f"/rounds/{planned.round.code}/plan/").content.decode()
    assert "方案齐全，可以启动" not in page
    assert "个空缺" in page
    client, url = client_of(staff), f"/rounds/{planned.round.code}/open/"
    assert "已知悉上述岗位空缺" in client.get(url).content.decode()
    assert client.post(url, {"vacant": number}).status_code == 422
    # More are vacant by now than the page had told of.
    assert client.post(url, {"vacant": number - 1, "agreed": "on"}).status_code == 422
    planned.round.refresh_from_db()
    assert planned.round.state == RoundState.PLANNED
    assert client.post(url, {"vacant": number, "agreed": "on"}).status_code == 302
    row = LedgerEntry.objects.get(act="open_round")
    assert row.after["vacant_posts"] == number


def test_nothing_is_asked_where_every_post_is_held(planned, tree):
    for name in ("province", "city", "county"):
        for role in (REVIEWER, PARTY, Role.KEEPER, Role.UNION_LEADER, Role.PARTY_LEADER):
            make_official(tree[name], role)
    staff = make_official(tree["province"], Role.STAFF)
    assert (
        "方案齐全，可以启动" in client_of(staff).get(f"/rounds/{planned.round.code}/plan/").content.decode()
    )
    assert "已知悉" not in client_of(staff).get(f"/rounds/{planned.round.code}/open/").content.decode()
    User.objects.filter(groups__name=f"{tree['county'].code}:{Role.KEEPER}").update(is_active=False)
    with pytest.raises(RuleViolation):
        rounds.open(round_id=planned.round_id, actor=staff, known_vacancies=0)


def test_offices_that_have_spoken_are_not_waited_for(taking_part, tree):
    nomination = make_nomination(taking_part, tree["county"], status=NominationState.IN_REVIEW)
    Opinion.objects.create(
        nomination=nomination,
        stage=Stage.COUNTY,
        body=tree["county"],
        office=Office.UNION,
        review_pass=nomination.review_pass,
        outcome="approve",
        actor=make_user(),
        at=clock.now(),
    )
    assert service.of_nomination(nomination, make_user()) == [PARTY]
