"""The list of lists and the page of one, for those who may see them and for those who may not."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from appraisal.records.states import SlateState
from quotas.base import clock
from quotas.base.states import Level, Role
from quotas.rounds.models import Extension
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_body,
    make_official,
    make_round_award,
    make_slate,
    make_user,
)

LIST = reverse("appraisal:slates")


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def city():
    return make_body(level=Level.CITY, name="苏州市")


@pytest.fixture
def county(city):
    return make_body(parent=city, name="常熟市")


@pytest.fixture
def round_award():
    return make_round_award()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def keeper_of(body):
    return client_of(make_official(body, Role.KEEPER))


def slate_at(round_award, body, **fields):
    return make_slate(make_allotment(round_award, body, places=5, reserve_places=1), **fields)


def statements(client, url):
    client.get(url)  # what a process reads once, as the types of content, is no part of a page
    with CaptureQueriesContext(connection) as found:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(found)


def test_signing_in_comes_first(round_award, county):
    slate = slate_at(round_award, county)
    for url in (LIST, reverse("appraisal:slate", args=[slate.pk])):
        assert Client().get(url).status_code == 302


def test_empty_list_says_what_will_come(county):
    text = keeper_of(county).get(LIST).content.decode()
    assert "还没有名单" in text
    assert "评选周期启动后" in text


def test_a_row_tells_places_share_and_deadline(round_award, county):
    slate_at(round_award, county, non_public=2, public=1)
    text = keeper_of(county).get(LIST).content.decode()
    assert "常熟市" in text
    assert "3 / 5" in text
    assert "66.6 %" in text
    assert "7月31日 17:30" in text


def test_an_extension_is_the_deadline(round_award, county):
    slate_at(round_award, county)
    Extension.objects.create(
        round=round_award.round,
        stage="county",
        body=county,
        due_at=IN_TIME.replace(month=8, day=9),
        reason="台风",
        granted_by=make_user(),
        granted_at=IN_TIME,
    )
    assert "8月9日 10:00" in keeper_of(county).get(LIST).content.decode()


def test_filters_stay_in_the_address(round_award, city, county):
    slate_at(round_award, county, non_public=1, state=SlateState.SENT_UP)
    slate_at(round_award, city)
    client = keeper_of(city)
    assert len(client.get(LIST).context["rows"]) == 2
    assert len(client.get(LIST, {"state": "sent_up"}).context["rows"]) == 1
    assert len(client.get(LIST, {"stage": "city"}).context["rows"]) == 1
    assert len(client.get(LIST, {"q": "常熟"}).context["rows"]) == 1
    assert "没有符合条件的名单" in client.get(LIST, {"q": "无此单位"}).content.decode()
    for odd in ({"state": "x"}, {"stage": "x"}, {"sort": "x"}, {"page": "x"}, {"page": "999"}):
        assert client.get(LIST, odd).status_code == 200


def test_a_list_below_is_seen_once_it_was_submitted(round_award, city, county):
    slate = slate_at(round_award, county, non_public=1)
    client = keeper_of(city)
    url = reverse("appraisal:slate", args=[slate.pk])
    assert client.get(url).status_code == 404
    assert not client.get(LIST).context["rows"]
    type(slate).objects.filter(pk=slate.pk).update(state=SlateState.SIGNING)
    assert client.get(url).status_code == 200
    assert client.get(LIST).context["rows"]


@pytest.mark.parametrize("name", ["slate", "slate_workbook", "objections"])
def test_not_yours_looks_like_not_there(round_award, county, name):
    slate = slate_at(round_award, county, non_public=1, state=SlateState.SIGNED)
    foreign = keeper_of(make_body())
    assert foreign.get(reverse(f"appraisal:{name}", args=[slate.pk])).status_code == 404
    assert foreign.get(reverse(f"appraisal:{name}", args=[slate.pk + 999])).status_code == 404


def test_objections_are_the_keepers_own(round_award, county):
    slate = slate_at(round_award, county, non_public=1, state=SlateState.ON_NOTICE)
    url = reverse("appraisal:objections", args=[slate.pk])
    assert keeper_of(county).get(url).status_code == 200
    for role in (Role.UNION_LEADER, Role.OBSERVER, Role.UNION_REVIEWER):
        assert client_of(make_official(county, role)).get(url).status_code == 404


@pytest.mark.parametrize("state", list(SlateState))
def test_every_state_has_its_sentence(round_award, county, state):
    slate = slate_at(round_award, county, non_public=2, public=2, reserves=1, state=state)
    page = keeper_of(county).get(reverse("appraisal:slate", args=[slate.pk]))
    assert page.status_code == 200
    assert page.context["standing"]
    assert "%(" not in page.context["standing"]
    assert "推荐对象" in page.content.decode()


def test_a_broken_share_is_told(round_award, county):
    slate = slate_at(round_award, county, non_public=1, public=3, state=SlateState.SETTLING)
    text = keeper_of(county).get(reverse("appraisal:slate", args=[slate.pk])).content.decode()
    assert "还差 1 个" in text


def test_the_workbook_is_served(round_award, county):
    slate = slate_at(round_award, county, non_public=2, state=SlateState.SIGNED)
    answer = keeper_of(county).get(reverse("appraisal:slate_workbook", args=[slate.pk]))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert load_workbook(BytesIO(answer.content)).sheetnames == ["汇总表", "占比核验"]


def test_flat_in_rows(round_award, city):
    client = keeper_of(city)
    counts, pages = [], []
    for total in (1, 3, 50):
        while (number := len(round_award.slates.all())) < total:
            body = make_body(parent=city)
            slate = slate_at(round_award, body, non_public=1 + number % 2, state=SlateState.SENT_UP)
        counts.append(statements(client, LIST))
        pages.append(statements(client, reverse("appraisal:slate", args=[slate.pk])))
    assert len(set(counts)) == 1
    assert len(set(pages)) == 1
    assert counts[0] <= 20
    assert pages[0] <= 20


def test_a_long_list_is_flat(round_award, city):
    client, counts = keeper_of(city), []
    for number in (1, 3, 50):
        body = make_body(parent=city)
        allotment = make_allotment(round_award, body, places=60)
        slate = make_slate(allotment, non_public=number, state=SlateState.SIGNED)
        counts.append(statements(client, reverse("appraisal:slate", args=[slate.pk])))
    assert len(set(counts)) == 1


def test_pages_of_the_list(round_award, city):
    for _number in range(31):
        slate_at(round_award, make_body(parent=city), state=SlateState.SENT_UP)
    client = keeper_of(city)
    assert len(client.get(LIST).context["rows"]) == 30
    assert len(client.get(LIST, {"page": 2}).context["rows"]) == 1
