"""The round as it stands, the places, and more time for one body."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.records.states import NominationState, SlateState
from quotas.base import clock
from quotas.base.states import Level, Role
from quotas.rounds.models import Extension
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_round_award,
    make_slate,
    make_user,
)


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def city():
    return make_body("320500", level=Level.CITY, name="苏州市")


@pytest.fixture
def county(city):
    return make_body("320581", parent=city, name="常熟市")


@pytest.fixture
def round_award():
    return make_round_award(award=make_award("model_home", name="模范职工之家"))


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def of_role(body, role=Role.KEEPER):
    return client_of(make_official(body, role))


def page(round_award, name="round"):
    return reverse(f"appraisal:{name}", args=[round_award.round.code])


def statements(client, url):
    with CaptureQueriesContext(connection) as found:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(found)


def test_a_round_without_anything_says_what_will_come(round_award, city):
    answer = of_role(city).get(page(round_award))
    text = answer.content.decode()
    assert answer.context["tiles"] == []
    assert "时间安排" in text
    assert "省级截止" in text


def test_counts_by_award(round_award, city, county):
    make_slate(
        make_allotment(round_award, county, places=4), non_public=1, public=1, state=SlateState.SENT_UP
    )
    make_nomination(round_award, county, status=NominationState.IN_REVIEW, non_public=False)
    make_nomination(round_award, county, status=NominationState.RETURNED)
    make_nomination(round_award, county, status=NominationState.WITHDRAWN)
    answer = of_role(city).get(page(round_award))
    (line,) = answer.context["awards"]
    assert (line.applied, line.non_public, line.pooled, line.returned, line.ended) == (5, 3, 2, 1, 1)
    assert line.by_stage == [1, 0, 0]
    assert f"{page(round_award, 'round_quotas')}?award=model_home" in answer.content.decode()


def test_everybody_sees_the_own_area_only(round_award, city, county):
    make_slate(make_allotment(round_award, county), non_public=1, state=SlateState.SENT_UP)
    elsewhere = make_body("320600", level=Level.CITY, name="南通市")
    make_slate(make_allotment(round_award, elsewhere), non_public=2, state=SlateState.SENT_UP)
    answer = of_role(county).get(page(round_award))
    assert not any(name in answer.content.decode() for name in ("南通市", "苏州市"))
    assert answer.context["awards"][0].applied == 1


def test_one_award_at_a_time_on_the_map(round_award, city, county):
    other = make_round_award(round_award.round, make_award("pioneer_team"))
    make_slate(make_allotment(round_award, county, places=4), non_public=1, state=SlateState.SENT_UP)
    make_slate(make_allotment(other, county, places=7), non_public=1, public=1, state=SlateState.SENT_UP)
    client = of_role(city)
    values = {
        award: [tile["value"] for tile in client.get(page(round_award), {"award": award}).context["tiles"]]
        for award in ("", "model_home", "pioneer_team", "nothing")
    }
    assert values == {"": [3], "model_home": [1], "pioneer_team": [2], "nothing": [3]}


def test_cities_lie_on_the_map(round_award, city, county):
    make_slate(make_allotment(round_award, county), non_public=2, state=SlateState.SENT_UP)
    make_slate(make_allotment(round_award, city))
    tiles = of_role(make_body(level=Level.PROVINCE), Role.STAFF).get(page(round_award)).context["tiles"]
    assert [(tile["code"], tile["value"]) for tile in tiles] == [("320500", 2)]


def test_places_with_their_types(round_award, county):
    make_allotment(round_award, county, places=6, typed={"ownership:non_public": 3})
    text = of_role(county).get(page(round_award, "round_quotas")).content.decode()
    assert "非公有制 3" in text


@pytest.mark.parametrize("name", ["round", "round_quotas", "round_extend"])
def test_who_sees_no_body_finds_nothing(round_award, name):
    assert client_of(make_user()).get(page(round_award, name)).status_code == 404
    assert Client().get(page(round_award, name)).status_code == 302


def test_an_unknown_round_is_not_found(city):
    assert of_role(city).get(reverse("appraisal:round", args=["nothing"])).status_code == 404


@pytest.fixture
def staff():
    return of_role(make_body(level=Level.PROVINCE), Role.STAFF)


def extension(county, **fields):
    later = WINDOWS["county"][1] + timedelta(days=5)
    return {
        "body": county.pk,
        "stage": "county",
        "due_at": f"{later:%Y-%m-%dT17:30}",
        "reason": "台风",
        **fields,
    }


def test_more_time_for_one_body(round_award, county, staff):
    url = page(round_award, "round_extend")
    assert staff.get(url).status_code == 200
    assert staff.post(url, extension(county)).status_code == 302
    found = Extension.objects.get()
    assert (found.body, found.reason) == (county, "台风")
    assert "台风" in staff.get(page(round_award)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": " "}, "理由"),
        ({"due_at": "2026-05-20T17:30"}, "须晚于现定截止时间"),
        ({"stage": "province"}, "不能给它延长"),
        ({"body": "999"}, "单位"),
        ({"due_at": "明天"}, "延长至"),
    ],
)
def test_no_more_time_for_these_reasons(round_award, county, staff, wrong, words):
    refused = staff.post(page(round_award, "round_extend"), extension(county, **wrong))
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not Extension.objects.exists()


def test_only_those_who_plan_extend(round_award, county):
    client = of_role(county)
    assert client.get(page(round_award, "round_extend")).status_code == 404
    assert client.post(page(round_award, "round_extend"), extension(county)).status_code == 404
    assert "延长办理时间" not in client.get(page(round_award)).content.decode()


def test_flat_in_bodies(round_award, city):
    client = of_role(city)
    counts = {"round": set(), "round_quotas": set()}
    for total in (1, 3, 50):
        while len(round_award.allotments.all()) < total:
            allotment = make_allotment(round_award, make_body(parent=city), typed={"ownership:non_public": 1})
            make_slate(allotment, non_public=1, state=SlateState.SENT_UP)
        if total == 1:
            client.get(page(round_award, "round_quotas"))  # reads the rules of the edition, once
        for name, found in counts.items():
            found.add(statements(client, page(round_award, name)))
    assert all(len(found) == 1 for found in counts.values()), counts
    # Places, gate, deadlines seen from the end, vacancies with what waits for them.
    assert max(max(found) for found in counts.values()) <= 28
