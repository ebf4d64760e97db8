"""The end of a sign-in: idle, absolute, in a box of htmx, and what was typed meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from config.refill import refill
from quotas.base import clock
from quotas.base.states import Role
from quotas.people.models import KeptForm
from quotas.people.services import kept_forms
from tests.appraisal.desks import make_desk
from tests.builders import IN_TIME, PASSWORD, make_body, make_official

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def ends(settings):
    settings.SESSION_IDLE, settings.SESSION_LASTS = 2 * HOUR, 12 * HOUR
    settings.SESSION_SEEN_EVERY = timedelta(minutes=1)
    with clock.travel(IN_TIME) as journey:
        yield journey


@pytest.fixture
def keeper():
    return make_official(make_body(), Role.KEEPER)


def signed_in(user):
    client = Client()
    client.post(reverse("quotas:login"), {"username": user.username, "password": PASSWORD})
    return client


def test_who_works_stays_signed_in_until_the_absolute_end(ends, keeper):
    client = signed_in(keeper)
    for _hour in range(12):
        ends.advance(HOUR)
        assert client.get("/inbox/").status_code == 200
    ends.advance(timedelta(minutes=1))
    answer = client.get("/inbox/")
    assert answer.url == "/login/?next=/inbox/&ended=long"
    assert "登录已满 12 小时" in client.get(answer.url).content.decode()


def test_two_hours_without_a_request_end_it(ends, keeper):
    client = signed_in(keeper)
    ends.advance(2 * HOUR)
    assert client.get("/inbox/").status_code == 200
    ends.advance(2 * HOUR + timedelta(minutes=2))
    answer = client.get("/inbox/?tab=mine")
    assert answer.status_code == 302
    assert "ended=idle" in answer.url
    assert "较长时间没有操作" in client.get(answer.url).content.decode()
    again = client.post(answer.url, {"username": keeper.username, "password": PASSWORD})
    assert again.url == "/inbox/?tab=mine"


def test_pages_in_between_write_nothing(ends, keeper, django_assert_num_queries):
    client = signed_in(keeper)
    client.get("/help/")
    session = client.session.items()
    ends.advance(timedelta(seconds=30))
    client.get("/help/")
    assert client.session.items() == session
    ends.advance(timedelta(seconds=31))
    client.get("/help/")
    assert client.session.items() != session


def test_htmx_is_sent_to_the_page_and_not_into_a_box(ends, keeper):
    client = signed_in(keeper)
    ends.advance(3 * HOUR)
    answer = client.get(
        "/inbox/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?award=a"}
    )
    assert answer.headers["HX-Redirect"] == "/login/?next=/inbox/%3Faward%3Da&ended=idle"
    assert b"<form" not in answer.content


@pytest.mark.parametrize(
    "shown", ["https://elsewhere.test/inbox/", "javascript:alert(1)", "//elsewhere.test/"]
)
def test_a_page_elsewhere_is_never_led_to(ends, keeper, shown):
    client = signed_in(keeper)
    ends.advance(3 * HOUR)
    answer = client.post("/tasks/1/claim/", headers={"Referer": shown})
    assert "elsewhere" not in answer.url
    assert "javascript" not in answer.url


# --- what was typed --------------------------------------------------------------------------------------------


@pytest.fixture
def asking():
    desk = make_desk()
    return desk, reverse(
        "appraisal:extension_ask", args=[desk.allotment.round_award.round.code, "county", desk.body.pk]
    )


TYPED = {"wanted": "2026-08-05T17:30", "reason": '水灾 <b>"严重"</b>\n第二段'}


def typed_too_late(ends, desk, page, **data):
    client = signed_in(desk.keeper)
    ends.advance(3 * HOUR)
    return client, client.post(page, {**TYPED, **data}, headers={"Referer": f"http://testserver{page}"})


def test_what_was_typed_is_given_back_to_the_same_person_and_sent_by_nobody(ends, asking):
    desk, page = asking
    client, answer = typed_too_late(ends, desk, page)
    assert not desk.body.extension_requests.exists()
    login = client.get(answer.url)
    assert "已经保留" in login.content.decode()
    back = client.post(answer.url, {"username": desk.keeper.username, "password": PASSWORD})
    assert back.url == f"{page}?kept=1"
    shown = client.get(back.url).content.decode()
    assert "水灾 &lt;b&gt;" in shown
    assert "<b>" not in shown.split("</textarea>")[0].rpartition("<textarea")[2]
    assert 'value="2026-08-05T17:30"' in shown
    assert not desk.body.extension_requests.exists()
    sent = client.post(page, TYPED, headers={"Referer": f"http://testserver{page}?kept=1"})
    assert sent.status_code == 302
    assert desk.body.extension_requests.get().reason.startswith("水灾")
    assert not KeptForm.objects.exists()


def test_another_person_gets_nothing_of_it(ends, asking):
    desk, page = asking
    client, answer = typed_too_late(ends, desk, page)
    other = make_official(desk.body, Role.UNION_REVIEWER)
    back = client.post(answer.url, {"username": other.username, "password": PASSWORD})
    assert "水灾" not in client.get(back.url).content.decode()
    assert KeptForm.objects.get().user == desk.keeper


def test_passwords_tokens_and_files_are_never_kept(ends, asking):
    desk, page = asking
    typed_too_late(ends, desk, page, old_password="secret", csrfmiddlewaretoken="token")
    assert set(KeptForm.objects.get().fields) == set(TYPED)


def test_too_much_is_not_kept_and_the_page_does_not_say_so(ends, asking):
    desk, page = asking
    client, answer = typed_too_late(ends, desk, page, more="字" * kept_forms.MOST_CHARACTERS)
    assert not KeptForm.objects.exists()
    assert "已经保留" not in client.get(answer.url).content.decode()


def test_who_was_never_signed_in_leaves_nothing(asking):
    _desk, page = asking
    assert Client().post(page, TYPED).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_session_that_a_new_password_ended_leaves_nothing(ends, asking):
    desk, page = asking
    client = signed_in(desk.keeper)
    desk.keeper.set_password("another-horse-battery")
    desk.keeper.save()
    ends.advance(3 * HOUR)
    client.post(page, TYPED, headers={"Referer": f"http://testserver{page}"})
    assert not KeptForm.objects.exists()


def test_it_is_gone_within_hours(ends, asking):
    desk, page = asking
    typed_too_late(ends, desk, page)
    ends.advance(kept_forms.LIVES)
    assert kept_forms.of(user_id=desk.keeper.pk, page=page) == {}
    assert kept_forms.drop_old() == 1


def test_refilling_changes_nothing_but_the_fields():
    page = (
        '<input name="q" value="far"><form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t">'
        '<input name="a" value="old"><input type="password" name="p"><input type="checkbox" name="c" value="1" checked>'
        '<input type="radio" name="r" value="x"><input type="radio" name="r" value="y" checked>'
        '<select name="s"><option value="1" selected>一</option><option value="2">二</option></select>'
        '<textarea name="t" rows="2">\nold &amp; text</textarea></form><svg viewBox="0 0 1 1"/>'
    )
    shown = refill(
        page,
        {
            "q": ["x"],
            "a": ['n"ew'],
            "p": ["secret"],
            "r": ["x"],
            "s": ["2"],
            "t": ["</textarea><script>"],
            "c": ["0"],
        },
    )
    assert shown == (
        '<input name="q" value="far"><form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t">'
        '<input name="a" value="n&quot;ew"><input type="password" name="p"><input type="checkbox" name="c" value="1">'
        '<input type="radio" name="r" value="x" checked><input type="radio" name="r" value="y">'
        '<select name="s"><option value="1">一</option><option value="2" selected>二</option></select>'
        '<textarea name="t" rows="2">\n&lt;/textarea&gt;&lt;script&gt;</textarea></form><svg viewBox="0 0 1 1"/>'
    )
