"""The page of the working calendar: known and unknown years, an announcement typed line by line."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from quotas.base import clock
from quotas.base.states import Level, Role
from quotas.calendar.models import CalendarDay, CalendarYear
from quotas.calendar.services import calendar
from tests.builders import make_body, make_official

pytestmark = pytest.mark.django_db

LINES = """2027-01-01 休 元旦
2027年2月5日至2027年2月12日 休 春节
2027/2/20 班 春节

2027-05-01 到 2027-05-03 休 劳动节"""


@pytest.fixture(autouse=True)
def late_2026():
    with clock.travel(datetime(2026, 11, 28, 2, 0, tzinfo=UTC)):
        yield


def client_of(role):
    client = Client()
    client.force_login(make_official(make_body(level=Level.PROVINCE), role))
    return client


def page(year=2027):
    return reverse("quotas:calendar_year", args=[year])


def typed(**changes):
    return {"version": 0, "source": "国办发明电〔2026〕9号", "days": LINES, "act": "announce", **changes}


def test_unknown_years_are_named_before_anybody_counts_in_them():
    calendar.seed(years=[2026])
    shown = client_of(Role.SYSTEM_ADMIN).get(reverse("quotas:calendar")).content.decode()
    assert "2027 年的放假安排尚未录入" in shown
    assert calendar.PACKAGE_SOURCE in shown


def test_an_announcement_is_typed_line_by_line_and_corrected():
    client = client_of(Role.SYSTEM_ADMIN)
    assert client.post(page(), typed()).status_code == 302
    assert CalendarDay.objects.filter(is_workday=False).count() == 1 + 8 + 3
    assert CalendarDay.objects.get(is_workday=True).date == date(2027, 2, 20)
    shown = client.get(page())
    assert "2027-02-20 班 春节" in shown.content.decode()
    again = {**shown.context["form"].initial, "act": "announce"}
    assert client.post(page(), {**again, "days": again["days"] + "\n2027-10-01 休 国庆节"}).status_code == 302
    assert CalendarYear.objects.get().version == 2
    stale = client.post(page(), again)
    assert stale.status_code == 409
    assert CalendarDay.objects.count() == 14


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-30 休 春节",
        "二月五日 休",
        "2027-02-05 假 春节",
        "2027-02-12 至 2027-02-05 休",
        "2027-01-01 至 2027-12-31 休",
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_stored(line):
    client = client_of(Role.SYSTEM_ADMIN)
    refused = client.post(page(), typed(days=f"{LINES}\n{line}"))
    assert refused.status_code == 422
    assert "第 6 行" in str(refused.context["form"].errors["days"])
    assert line in refused.content.decode()
    assert not CalendarYear.objects.exists()


def test_half_an_announcement_is_refused_at_its_field():
    refused = client_of(Role.SYSTEM_ADMIN).post(page(), typed(days="2027-01-01 休 元旦"))
    assert refused.status_code == 422
    assert refused.context["form"].errors["days"]


def test_a_year_of_the_package_is_one_press_away():
    client = client_of(Role.SYSTEM_ADMIN)
    assert "按系统所带数据录入" in client.get(page(2024)).content.decode()
    assert client.post(page(2024), {"act": "take"}).status_code == 302
    assert CalendarYear.objects.get().entered_by is not None
    assert "按系统所带数据录入" not in client.get(page(2099)).content.decode()


def test_who_plans_looks_and_cannot_enter_and_others_see_nothing():
    staff = client_of(Role.STAFF)
    assert '<form class="panel form"' not in staff.get(page()).content.decode()
    assert staff.post(page(), typed()).status_code == 404
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OBSERVER):
        client = client_of(role)
        for address in (page(), reverse("quotas:calendar")):
            assert client.get(address).status_code == 404
    assert not CalendarYear.objects.exists()


@pytest.mark.parametrize("year", [1, 1999, 2101, 10**18])
def test_years_that_no_calendar_holds_are_not_there(year):
    assert client_of(Role.SYSTEM_ADMIN).get(page(year)).status_code == 404
