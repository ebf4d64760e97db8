"""Pages of the plan: who sees what, how many statements, what is refused and how."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Role, RoundState, Stage
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, Extension
from quotas.rounds.services import allotments
from quotas.selection.plan import WHOLE_LIST
from tests.builders import (
    IN_TIME,
    OPENED,
    PASSWORD,
    WINDOWS,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_post,
    make_round,
    make_round_award,
    make_user,
    squeezed,
)

pytestmark = pytest.mark.django_db

LEDGER = "/ledger/"
PLACES = "/places/"


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE)


@pytest.fixture
def city(province):
    return make_body(level=Level.CITY, parent=province)


@pytest.fixture
def county(city):
    return make_body(parent=city)


def page(client, user, url, status=200) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


# --- signing in ----------------------------------------------------------------------------------------------


def test_signing_in_and_out(client):
    user = make_user()
    assert "登录" in client.get("/login/").content.decode()
    answer = client.post("/login/?next=/help/", {"username": user.username, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/help/")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == reverse("quotas:login")
    assert client.get("/help/").url == "/login/?next=/help/"


def test_a_wrong_password_says_what_to_do(client):
    answer = client.post("/login/", {"username": make_user().username, "password": "wrong"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_five_wrong_passwords_lock_and_say_so(client, settings):
    settings.AXES_ENABLED = True
    user = make_user()
    for _ in range(5):
        answer = client.post("/login/", {"username": user.username, "password": "wrong"})
    assert answer.status_code == 429
    assert "锁定十五分钟" in answer.content.decode()


def test_the_sign_in_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/login/")


# --- the shell -----------------------------------------------------------------------------------------------


def test_the_shell_says_round_deadline_and_post(client, county):
    make_round_award(make_round())
    keeper = make_official(county, Role.KEEPER)
    with clock.travel(IN_TIME):
        text = page(client, keeper, "/help/")
    assert f"{county.short_name} · 名单负责人" in text
    assert "距县级截止还有 <b>77</b> 天" in text
    assert "/places/" in text
    assert "/ledger/" not in text


def test_the_deadline_is_that_of_the_own_stage_with_its_extension(client, county, city):
    round_ = make_round()
    keeper = make_official(county, Role.KEEPER)
    Extension.objects.create(
        round=round_,
        stage=Stage.COUNTY,
        body=county,
        due_at=WINDOWS[Stage.COUNTY][1] + timedelta(days=7),
        reason="防汛",
        granted_by=make_user(),
        granted_at=OPENED,
    )
    with clock.travel(IN_TIME):
        assert "距县级截止还有 <b>84</b> 天" in page(client, keeper, "/help/")
        assert "距市级截止还有 <b>108</b> 天" in page(client, make_official(city, Role.KEEPER), "/help/")
        assert "距单位截止还有 <b>46</b> 天" in page(client, make_user(), "/help/")


def test_several_posts_are_counted(client, county, city):
    keeper = make_official(county, Role.KEEPER)
    make_post(city, Role.OBSERVER, keeper)
    assert f"{city.short_name} · 监督员 等 2 个岗位" in page(client, keeper, "/help/")


@pytest.mark.parametrize("number", [1, 5])
def test_the_shell_takes_two_statements(client, county, django_assert_num_queries, number):
    keeper = make_official(county, Role.KEEPER)
    for _ in range(number):
        make_round()
        make_post(make_body(), Role.OBSERVER, keeper)
    client.force_login(keeper)
    client.get("/help/")  # content types are looked up once
    # session, user; what the request knows of the user, open tasks
    with django_assert_num_queries(4):
        client.get("/help/")


@pytest.mark.parametrize("role", Role)
def test_help_speaks_to_every_role(client, province, role):
    text = page(client, make_official(province, role), "/help/")
    assert text.index(f"<h2>{role.label}</h2>") < text.index("申报人和单位审核人")


# --- the ledger ----------------------------------------------------------------------------------------------


def act(body=None, stream="allotment:1", name="set_places", **values):
    ledger.append(stream=stream, act=name, actor=values.pop("actor", None), body=body, **values)
    return LedgerEntry.objects.latest("pk")


def test_the_ledger_is_read_in_words(client, county):
    observer, keeper = make_official(county, Role.OBSERVER), make_official(county, Role.KEEPER, name="陈建国")
    act(
        county,
        actor=keeper,
        before={"places": 3, "slots": [], "parts": {}},
        after={
            "places": 4,
            "slots": [{"name": "非公", "places": 2, "kind": [{"any": ["ownership:non_public"]}]}],
            "parts": {"女性占比": 1},
        },
        reason="名额分配表",
    )
    act(
        county,
        stream="round:1",
        name="extend",
        before={"due_at": datetime(2020, 5, 1, 9, 30, tzinfo=UTC)},
        after={"stage": "county", "due_at": datetime(2020, 5, 2, 9, 30, tzinfo=UTC)},
    )
    text = re.sub(r"<[^>]+>", "", squeezed(page(client, observer, LEDGER)))
    for said in (
        "陈建国确定名额分配的名额为 4 个：名额分配表",
        "名额3 → 4",
        "分类名额名称 非公、名额 2、对象 属于 非公有制",
        "分解数女性占比 1",
        f"系统批准{county.name}在“评选周期”县级延期至 2020年5月2日 17:30",
        "2020年5月1日 17:30 → 2020年5月2日 17:30",
        "层级县级",
        "本页 2 条逐条核验，校验值一致。",
    ):
        assert said in text
    for code in ("set_places", "ownership:non_public", "allotment:1", "round:1"):
        assert code not in text


def test_readers_see_their_area_and_the_province_everything(client, province, city, county):
    elsewhere = make_body(name="他县")
    for body, reason in ((county, "本县之事"), (elsewhere, "他县之事"), (None, "全省之事")):
        act(body, stream=f"x:{reason}", reason=reason)
    seen = lambda body: {
        reason
        for reason in ("本县之事", "他县之事", "全省之事")
        if reason in page(client, make_official(body, Role.OBSERVER), LEDGER)
    }
    assert seen(county) == {"本县之事"}
    assert seen(city) == {"本县之事"}
    assert seen(province) == {"本县之事", "他县之事", "全省之事"}


@pytest.mark.parametrize("role", [Role.KEEPER, Role.UNION_REVIEWER, Role.STAFF, Role.SYSTEM_ADMIN])
def test_the_ledger_is_not_there_for_others(client, province, role):
    page(client, make_official(province, role), LEDGER, status=404)


def test_filters_stay_in_the_address(client, county):
    observer = make_official(county, Role.OBSERVER)
    with clock.travel(datetime(2026, 5, 1, 15, 59, tzinfo=UTC)):  # 23:59 in China
        act(county, reason="五月一日")
    with clock.travel(datetime(2026, 5, 1, 16, tzinfo=UTC)):
        act(county, stream="round:1", name="extend", reason="五月二日")
    find = lambda query: {
        reason
        for reason in ("五月一日", "五月二日")
        if f"：{reason}</p>" in page(client, observer, f"{LEDGER}?{query}")
    }
    assert find("") == {"五月一日", "五月二日"}
    assert find("act=round/extend") == {"五月二日"}
    assert find("stream=allotment:1") == {"五月一日"}
    assert find("kind=round") == {"五月二日"}
    assert find("q=五月一") == {"五月一日"}
    assert find("q=%00&kind=%00") == {"五月一日", "五月二日"}
    assert find("since=2026-05-02") == {"五月二日"}
    assert find("until=2026-05-01") == {"五月一日"}
    assert find("since=nonsense&act=nonsense&after=nonsense") == {"五月一日", "五月二日"}


def test_pages_of_the_ledger_meet_without_a_gap(client, county):
    observer = make_official(county, Role.OBSERVER)
    ledger.append_many(
        rows=[ledger.LedgerDraft("x", "y", None, county, reason=f"第{n:03}件") for n in range(120)]
    )
    newest = list(LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True))
    first = page(client, observer, LEDGER)
    assert "第119件" in first
    assert f"after={newest[49]}" in first
    assert 'rel="prev"' not in first
    second = page(client, observer, f"{LEDGER}?after={newest[49]}")
    assert "第069件" in second
    assert f"before={newest[50]}" in second
    assert first == page(client, observer, f"{LEDGER}?before={newest[50]}") or "第119件" in page(
        client, observer, f"{LEDGER}?before={newest[50]}"
    )
    last = page(client, observer, f"{LEDGER}?after={newest[99]}")
    assert "第000件" in last
    assert 'rel="next"' not in last


def test_a_row_that_was_tampered_with_is_pointed_out(client, county):
    act(county)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                stream="allotment:1", seq=2, at=clock.now(), act="x", body=county, hash="0", previous_hash="0"
            )
        ]
    )
    text = page(client, make_official(county, Role.OBSERVER), LEDGER)
    assert "第 2 条被改动过" in text
    assert "第 2 条与上一条衔接不上" in text
    assert "校验值一致" not in text


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_ledger_page_is_flat(client, county, django_assert_num_queries, rows):
    observer = make_official(county, Role.OBSERVER)
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(f"x:{n // 2}", "y", make_user(), make_body(parent=county.parent))
            for n in range(2 * rows)
        ]
    )
    make_post(county.parent, Role.OBSERVER, observer)
    client.force_login(observer)
    client.get("/ledger/")
    # session, user; grants, roots, area; rows, the rows before them, seal; windows, posts; own units
    with django_assert_num_queries(8):
        client.get(LEDGER)


# --- places --------------------------------------------------------------------------------------------------


def test_the_board_shows_the_area(client, city, county):
    round_award = make_round_award(make_round())
    make_allotment(round_award, city, places=9)
    allotment = make_allotment(round_award, county, places=6, typed={"ownership:non_public": 4})
    Allotment.objects.filter(pk=allotment.pk).update(committed=5)
    make_allotment(round_award, make_body(name="他县"), places=77)
    text = page(client, make_official(city, Role.KEEPER), PLACES)
    for said in (round_award.award.name, county.name, city.name, "非公有制 4"):
        assert said in text
    assert "他县" not in text
    assert f"/places/{round_award.pk}/{county.pk}/" in text
    assert f"/places/{round_award.pk}/{city.pk}/" not in text


def test_the_board_without_a_round_says_what_will_come(client, city):
    assert "还没有评选周期" in page(client, make_official(city, Role.KEEPER), PLACES)


def test_an_award_of_the_county_has_no_places_above(client, city, county):
    make_round_award(make_round(), make_award(final_stage=Stage.COUNTY))
    text = page(client, make_official(city, Role.KEEPER), PLACES)
    assert county.name in text
    assert f">{city.name}<" not in text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_board_is_not_there_for_administrators(client, province, role):
    page(client, make_official(province, role), PLACES, status=404)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_board_is_flat(client, city, django_assert_num_queries, rows):
    round_award = make_round_award(make_round())
    for _ in range(rows):
        make_allotment(round_award, make_body(parent=city), typed={"ownership:non_public": 1})
    client.force_login(make_official(city, Role.KEEPER))
    client.get("/places/")
    # session, user; grants; awards; allotments, typed; area 2; windows, posts; own units, open tasks
    with django_assert_num_queries(8):
        client.get(PLACES)


def form(**values):
    return {
        "places": 5,
        "reserve_places": 1,
        "part_non_public_share": 3,
        "reason": "会议决定",
        **values,
    }


def as_shown(url):
    """The hidden field by which a form of places says what it showed."""
    round_award, body = map(int, re.findall(r"\d+", url))
    if "below" in url:
        return {"plan": allotments.digest_below(round_award_id=round_award, parent_id=body)}
    return {"plan": allotments.digest(round_award_id=round_award, body_id=body)}


@pytest.mark.parametrize(("part", "kept"), [("", []), ("0", [0]), ("2", [2])])
def test_no_parts_and_none_left_empty_are_not_the_same(client, city, county, part, kept):
    round_award = make_round_award(make_round())
    client.force_login(make_official(city, Role.KEEPER))
    client.post(
        f"/places/{round_award.pk}/{county.pk}/",
        as_shown(f"/places/{round_award.pk}/{county.pk}/") | form(part_non_public_share=part),
    )
    places = Allotment.objects.get().lines.values_list("places", flat=True)
    assert list(places) == kept


def test_setting_places_from_the_board(client, city, county):
    round_award = make_round_award(make_round())
    url = f"/places/{round_award.pk}/{county.pk}/"
    keeper = make_official(city, Role.KEEPER)
    assert "“非公有制占比”本单位不低于" in page(client, keeper, url)
    answer = client.post(url, as_shown(url) | form())
    assert (answer.status_code, answer.url) == (302, f"/places/?award={round_award.pk}")
    allotment = Allotment.objects.get()
    assert (allotment.places, allotment.reserve_places) == (5, 1)
    assert allotment.lines.get().places == 3
    assert LedgerEntry.objects.get().reason == "会议决定"
    assert "已保存" in client.get(answer.url).content.decode()
    assert 'value="5"' in page(client, keeper, url)


def test_slots_are_set_changed_and_taken_back_on_the_page(client, city, county):
    round_award = make_round_award(make_round(), make_award(nominee_kind=NomineeKind.PERSON))
    url = f"/places/{round_award.pk}/{county.pk}/"
    client.force_login(make_official(city, Role.KEEPER))
    worker = {"slot_1_name": "产业工人", "slot_1_places": 2, "slot_1_kind": ["occupation:industrial_worker"]}
    other = {
        "slot_2_name": "其他一线",
        "slot_2_places": 1,
        "slot_2_within": WHOLE_LIST,
        "slot_2_kind": ["front_line:yes"],
        "slot_2_kind_not": ["occupation:industrial_worker"],
    }
    assert client.post(url, as_shown(url) | form() | worker | other).status_code == 302
    shown = client.get(url).context["form"]
    assert [shown.initial[f"slot_{key}_name"] for key in ("1", "2")] == ["产业工人", "其他一线"]
    assert shown.keys == ["1", "2", "3", "4"]
    board = client.get(f"/places/?award={round_award.pk}").content.decode()
    assert "产业工人 2、其中其他一线 1、非公有制占比不低于 3 个" in board
    # What is refused stays as it was typed, at its field.
    refused = client.post(
        url,
        as_shown(url)
        | form()
        | worker
        | other
        | {"slot_2_within": "1", "slot_2_places": 3, "slot_2_kind_not": []},
    )
    assert refused.status_code == 422
    assert "容不下其中各项" in refused.content.decode()
    assert refused.context["form"]["slot_2_places"].value() == "3"
    refused = client.post(url, as_shown(url) | form() | worker | {"slot_1_places": ""})
    assert "slot_1_places" in refused.context["form"].errors
    gone = {"slot_1_drop": "on"}
    assert client.post(url, as_shown(url) | form() | worker | other | gone).status_code == 302
    allotment = Allotment.objects.get()
    assert list(allotment.lines.exclude(key="").values_list("name", flat=True)) == ["其他一线"]
    told = LedgerEntry.objects.order_by("seq").last()
    assert [each["name"] for each in told.before["slots"]] == ["产业工人", "其他一线"]
    assert told.after["slots"][0]["within"] == WHOLE_LIST


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": ""}, "没有填写理由"),
        ({"places": 2}, "的分解数超过了名额"),
        ({"places": ""}, "名额"),
        ({"places": 1, "part_non_public_share": ""}, "不能减到 1 个"),
    ],
)
def test_what_is_refused_is_said_on_the_form(client, city, county, values, said):
    round_award = make_round_award(make_round())
    allotment = make_allotment(round_award, county, places=4)
    Allotment.objects.filter(pk=allotment.pk).update(committed=2)
    client.force_login(make_official(city, Role.KEEPER))
    answer = client.post(
        f"/places/{round_award.pk}/{county.pk}/",
        as_shown(f"/places/{round_award.pk}/{county.pk}/") | form(**values),
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "data-errors" in text
    assert not LedgerEntry.objects.exists()


def test_others_may_look_but_not_set(client, city, county):
    round_award = make_round_award(make_round())
    url = f"/places/{round_award.pk}/{county.pk}/"
    for official in (make_official(county, Role.KEEPER), make_official(city, Role.OBSERVER)):
        page(client, official, url, status=404)
        assert client.post(url, as_shown(url) | form()).status_code == 403
    page(client, make_official(make_body(), Role.KEEPER), url, status=404)
    assert client.post(url, as_shown(url) | form()).status_code == 404
    assert not Allotment.objects.exists()


def test_a_closed_round_is_gone_from_the_board(client, city, county):
    round_award = make_round_award(make_round(state=RoundState.CLOSED))
    page(client, make_official(city, Role.KEEPER), f"/places/{round_award.pk}/{county.pk}/", status=404)


# --- handing places down -------------------------------------------------------------------------------------


def below(round_award, body) -> str:
    return reverse("quotas:hand_down", args=[round_award.pk, body.pk])


def test_places_of_all_bodies_below_at_once(client, province, city, county):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    make_allotment(round_award, city, places=3)
    kept = make_allotment(round_award, county, places=1, reserve_places=2)
    other = make_body(parent=city)
    keeper = make_official(city, Role.KEEPER)
    assert below(round_award, city) in page(client, keeper, PLACES)
    text = page(client, keeper, below(round_award, city))
    assert "本级名额 3 个，已向下分配合计 1 个" in text
    sent = {f"body_{county.pk}": 4, f"body_{other.pk}": 5, "reason": ""}
    for _ in range(2):
        answer = client.post(below(round_award, city), as_shown(below(round_award, city)) | sent)
        assert (answer.status_code, answer.url) == (302, f"/places/?award={round_award.pk}")
    text = client.get(answer.url).content.decode()
    assert "合计 9 个" in text
    assert "超过两倍" in text
    kept.refresh_from_db()
    assert (kept.places, kept.reserve_places) == (4, 2)
    assert Allotment.objects.get(body=other).places == 5
    assert LedgerEntry.objects.filter(act="hand_down").count() == 2


def test_a_body_left_empty_stays(client, city, county):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    make_allotment(round_award, county, places=4)
    other = make_body(parent=city)
    client.force_login(make_official(city, Role.KEEPER))
    assert (
        client.post(
            below(round_award, city),
            as_shown(below(round_award, city)) | {f"body_{county.pk}": "", f"body_{other.pk}": 1},
        ).status_code
        == 302
    )
    assert dict(Allotment.objects.values_list("body", "places")) == {county.pk: 4, other.pk: 1}


@pytest.mark.parametrize(
    ("state", "values", "said"),
    [
        (RoundState.OPEN, {"reason": " "}, "没有填写理由"),
        (RoundState.PLANNED, {"places": 1}, "不能减到 1 个"),
        (RoundState.PLANNED, {"places": -1}, "名额"),
    ],
)
def test_what_is_refused_of_all_at_once_stays_on_the_form(client, city, county, state, values, said):
    round_award = make_round_award(make_round(state=state))
    allotment = make_allotment(round_award, county, places=4)
    Allotment.objects.filter(pk=allotment.pk).update(committed=2)
    client.force_login(make_official(city, Role.KEEPER))
    places = values.pop("places", 5)
    answer = client.post(
        below(round_award, city), as_shown(below(round_award, city)) | {f"body_{county.pk}": places, **values}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert f'value="{places}"' in text
    assert not LedgerEntry.objects.exists()


def test_others_hand_nothing_down(client, city, county):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    address, sent = below(round_award, city), {f"body_{county.pk}": 5}
    for official in (make_official(city, Role.OBSERVER), make_official(city, Role.UNION_REVIEWER)):
        assert address not in page(client, official, PLACES)
        page(client, official, address, status=404)
        assert client.post(address, as_shown(address) | sent).status_code == 403
    for stranger in (make_official(make_body(), Role.KEEPER), make_official(county, Role.KEEPER)):
        page(client, stranger, address, status=404)
        assert client.post(address, as_shown(address) | sent).status_code == 404
    assert not Allotment.objects.exists()


def test_a_county_has_nobody_below(client, county):
    round_award = make_round_award(make_round())
    page(client, make_official(county, Role.KEEPER), below(round_award, county), status=404)


@pytest.mark.parametrize("rows", [1, 50])
def test_handing_down_is_flat(client, city, django_assert_num_queries, rows):
    round_award = make_round_award(make_round())
    for _ in range(rows):
        make_allotment(round_award, make_body(parent=city), typed={"ownership:non_public": 1})
    client.force_login(make_official(city, Role.KEEPER))
    client.get(PLACES)
    with django_assert_num_queries(12):
        client.get(below(round_award, city))


@pytest.mark.parametrize("below", [False, True])
def test_a_form_of_older_figures_is_refused_and_nothing_comes_back(client, city, county, below):
    round_award = make_round_award(make_round())
    make_allotment(round_award, county, places=4)
    client.force_login(make_official(city, Role.KEEPER))
    url = f"/places/{round_award.pk}/below/{city.pk}/" if below else f"/places/{round_award.pk}/{county.pk}/"
    shown = client.get(url).context["form"]["plan"].value()
    Allotment.objects.update(places=9)
    sent = {f"body_{county.pk}": 4, "reason": "核对"} if below else form()
    answer = client.post(url, sent | {"plan": shown})
    assert answer.status_code == 409
    assert "名额刚才有变化，没有保存" in answer.content.decode()
    assert Allotment.objects.get().places == 9
    assert client.post(url, as_shown(url) | sent).status_code == 302


def test_places_that_leave_their_parts_behind_are_said_where_it_was_done(client, city, county):
    round_award = make_round_award(make_round())
    make_allotment(round_award, county, places=4, parts={"non_public_share": 2})
    client.force_login(make_official(city, Role.KEEPER))
    url = f"/places/{round_award.pk}/below/{city.pk}/"
    answer = client.post(url, as_shown(url) | {f"body_{county.pk}": 8, "reason": "增加"}, follow=True)
    assert "分解数与名额对不上" in answer.content.decode()
    url = f"/places/{round_award.pk}/{county.pk}/"
    answer = client.post(url, as_shown(url) | form(places=8, part_non_public_share=0), follow=True)
    assert "整体应不低于 4 个，各单位的分解数（未分解的按自身占比计）合计 0 个" in answer.content.decode()
