import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from quotas.base import clock
from quotas.base.text import AtLeast
from quotas.templatetags import px
from tests.look.samples import NOW, at


@pytest.fixture(autouse=True)
def _today():
    with clock.travel(NOW), translation.override("zh-hans"):
        yield


def draw(source: str, **context) -> str:
    return Template("{% load px %}" + source).render(Context(context))


# --- what every page has -----------------------------------------------------------------------------------


def test_what_is_constant_is_drawn_once_for_each_language_and_knows_nobody():
    source = "{% load i18n px %}{% constant %}{% translate '待办' %}{{ who }}{% endconstant %}"
    template = Template(source)
    assert [template.render(Context({"who": who})) for who in ("甲", "乙")] == ["待办", "待办"]
    with translation.override("en"):
        assert template.render(Context({"who": "甲"})) == translation.gettext("待办") != "待办"
    assert template.render(Context()) == "待办"


@pytest.mark.parametrize("name", ["workflows:task", "appraisal:nomination", "workflows:claim"])
def test_the_address_of_a_row_is_that_of_its_page(name):
    for number in (1, 70, 7_000_000_001):
        assert px.row_address(name, number) == reverse(name, args=[number])


# --- moments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (at(11, 22), "2026年11月22日（星期日）17:30", "Sunday, 22 November 2026, 17:30"),
        (NOW + timedelta(days=7), "2026年11月27日（星期五）10:00", "Friday, 27 November 2026, 10:00"),
        (NOW + timedelta(days=7, minutes=1), "2026年11月27日 10:01", "27 November 2026, 10:01"),
        (NOW - timedelta(days=8), "2026年11月12日 10:00", "12 November 2026, 10:00"),
        (date(2026, 11, 21), "2026年11月21日", "21 November 2026"),
        (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "2027年1月1日 00:30", "1 January 2027, 00:30"),
        (None, "", ""),
    ],
)
def test_a_moment_is_chinese_time_and_has_its_weekday_when_near(value, chinese, english):
    assert px.moment(value) == chinese
    with translation.override("en"):
        assert px.moment(value) == english


def test_a_day_is_the_day_in_china():
    assert px.day(datetime(2026, 11, 20, 16, 30, tzinfo=UTC)) == "2026年11月21日"


def test_a_short_moment_names_another_year():
    assert px.short_moment(at(11, 20)) == "11月20日 17:30"
    assert px.short_moment(at(3, 5, year=2025)) == "2025年3月5日 17:30"
    with translation.override("en"):
        assert px.short_moment(at(11, 20)) == "20 Nov 17:30"


@pytest.mark.parametrize(
    ("value", "tone", "words"),
    [
        (NOW - timedelta(minutes=1), "late", "逾期 11月20日 09:59"),
        (NOW, "soon", "今天 10:00"),
        (at(11, 20), "soon", "今天 17:30"),
        (at(11, 22), "soon", "11月22日 17:30 星期日"),
    ],
)
def test_a_near_or_missed_deadline_says_so_in_words(value, tone, words):
    drawn = px.due(value)
    assert f"tone-{tone}" in drawn
    assert f"<span>{words}</span>" in drawn


def test_a_far_deadline_is_plain():
    assert px.due(at(12, 15)) == (
        '<time datetime="2026-12-15T17:30:00+08:00" class="nowrap">12月15日 17:30</time>'
    )
    assert px.due(None) == ""


# --- figures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(0, "0"), (12345, "12,345"), (-1, "−1"), (-12345, "−12,345"), (None, "—"), (AtLeast(1000), "1,000+")],
)
def test_figure(value, drawn):
    assert px.figure(value) == drawn


@pytest.mark.parametrize(
    ("count", "base", "drawn"),
    [
        (3, 5, "60 %"),
        (1, 3, "33.3 %"),
        (4996, 10000, "49.9 %"),
        (999, 1000, "99.9 %"),
        (5, 5, "100 %"),
        (0, 0, "—"),
    ],
)
def test_a_share_is_never_rounded_up(count, base, drawn):
    assert px.percent(count, base) == drawn


# --- status ------------------------------------------------------------------------------------------------


def test_a_status_has_shape_and_word():
    drawn = px.status("待审核", "todo")
    assert "#s-todo" in drawn
    assert "<span>待审核</span>" in drawn


def test_a_status_may_know_its_own_word_and_tone():
    assert px.status(SimpleNamespace(label="冻结", tone="frozen")) == px.status("冻结", "frozen")


def test_a_status_escapes_its_word():
    assert "&lt;b&gt;" in px.status("<b>", "todo")


def test_an_unknown_tone_is_an_error():
    with pytest.raises(ValueError, match="'green' is no tone"):
        px.status("通过", "green")


# --- pictures ----------------------------------------------------------------------------------------------


def test_a_bar_is_filled_in_proportion_and_marked():
    drawn = px.bar(3, 5, 3, "done")
    assert '<rect class="bar__fill" width="600" height="12"/>' in drawn
    assert 'x1="600"' in drawn


@pytest.mark.parametrize(("count", "base", "required"), [(7, 5, 3), (0, 0, 0), (1, 2, 9)])
def test_a_bar_never_leaves_its_ground(count, base, required):
    drawn = px.bar(count, base, required)
    widths = [int(part.split('"')[0]) for part in drawn.split('width="')[1:]]
    assert max(widths) == px.SCALE
    assert int(drawn.split('x1="')[1].split('"')[0]) <= px.SCALE


def test_a_broken_rule_is_drawn_as_broken_with_its_sentence():
    check = {
        "label": "非公", "count": 2, "base": 5, "required": 3, "margin": -1, "holds": False,
        "sentence": "还差 1 家。", "clause": "000 二.3",
    }  # fmt: skip
    drawn = draw("{% meter check %}", check=check)
    assert "meter--broken" in drawn
    assert "不符合" in drawn
    assert "40 %" in drawn
    assert "余量 −1" in drawn
    assert "（依据：000 二.3）" in drawn


@pytest.mark.parametrize(
    ("moments", "states"),
    [
        ([at(10, 31), at(11, 25), at(12, 5)], ["done", "today", "next", "ahead"]),
        ([at(11, 25)], ["today", "next"]),
        ([at(10, 1), at(10, 31)], ["done", "done", "today"]),
        ([date(2026, 11, 20)], ["today", "next"]),
        ([], []),
    ],
)
def test_today_stands_between_what_was_and_what_comes(moments, states):
    steps = px.timetable([{"label": "步", "at": moment} for moment in moments])["steps"]
    assert [step.state for step in steps] == states


def test_tiles_lie_where_the_cities_lie_and_never_on_each_other():
    places = list(px.TILES_JIANGSU.values())
    assert len(places) == len(set(places)) == 13
    regions = [
        {"code": f"{code}00", "name": code, "value": 1} for code in (*px.TILES_JIANGSU, "9901", "9902")
    ]
    tiles = px.tile_map(regions, caption="图")["tiles"]
    assert len({(tile.x, tile.y) for tile in tiles}) == 15


@pytest.mark.parametrize(("value", "level"), [(0, 0), (1, 1), (25, 1), (26, 2), (75, 3), (100, 4)])
def test_more_is_darker(value, level):
    regions = [
        {"code": "3201", "name": "南京市", "value": value},
        {"code": "3205", "name": "苏州市", "value": 100},
    ]
    assert px.tile_map(regions, caption="图")["tiles"][0].level == level


def test_no_tile_is_dark_when_nothing_is_counted():
    assert px.tile_map([{"code": "3201", "name": "南京市", "value": 0}], caption="图")["tiles"][0].level == 0


# --- addresses ---------------------------------------------------------------------------------------------


def context(address: str) -> Context:
    return Context({"request": RequestFactory().get(address)})


def test_a_chip_puts_its_value_on_and_takes_it_off_and_goes_to_the_first_page():
    here = context("/?award=a&award=b&page=4&after=9")
    assert px.chip_link(here, "award", "c") == {"address": "?award=a&award=b&award=c", "active": False}
    assert px.chip_link(here, "award", "a") == {"address": "?award=b", "active": True}
    assert px.chip_link(here, "award", "c", True) == {"address": "?award=c", "active": False}


def test_a_head_sorts_up_then_down():
    assert px.sort_link(context("/?q=x&page=2"), "due") == {"address": "?q=x&sort=due", "direction": ""}
    assert px.sort_link(context("/?sort=due"), "due") == {"address": "?sort=-due", "direction": "ascending"}
    assert px.sort_link(context("/?sort=-due"), "due") == {"address": "?sort=due", "direction": "descending"}


def test_a_search_keeps_the_filters_and_escapes_them():
    drawn = px.hidden_query(context("/?q=x&award=%22%3E&page=3"), "q")
    assert drawn == '<input type="hidden" name="award" value="&quot;&gt;">'


# Forms


def test_fields_of_a_pair_stand_side_by_side_where_the_first_of_them_stands():
    class Sent(forms.Form):
        pairs = (("one", "four"), ("three", "gone"))

        version = forms.IntegerField(widget=forms.HiddenInput)
        one = forms.CharField()
        two = forms.CharField()
        three = forms.CharField()
        four = forms.CharField()

    rows = [[field.name for field in row] for row in px.in_rows(Sent())]
    assert rows == [["one", "four"], ["two"], ["three"]]


def test_a_drawing_that_there_is_not_is_never_asked_for():
    drawings = (settings.BASE_DIR / "static" / "icons" / "px.svg").read_text(encoding="utf-8")
    assert set(px.ICONS) == {
        name for name in re.findall(r'id="([a-z-]+)"', drawings) if not name.startswith("s-")
    }
    with pytest.raises(ValueError, match="no drawing 'ok'"):
        draw('{% icon "ok" %}')
