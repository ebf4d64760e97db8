"""Pages of a calculation of places: inputs, weights counted and uploaded, draw, step by step, changes by hand, applying."""

from functools import partial
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from appraisal.planning.services import weights
from appraisal.records.models import Naming
from appraisal.records.states import NominationState, SlateState, WeightCount
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput
from quotas.base.states import KeptBy, Level, Role, RoundState, Sense
from quotas.base.wording import mixed
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment, Apportionment, PlacesLine
from quotas.rounds.services import allotments, apportionments, rounds
from quotas.rounds.services.apportionments import Inputs, Weight
from tests.appraisal.workbooks.sheets import workbook
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slate,
    make_user,
)

SHARE = "non_public_share"
HEADINGS = ("单位代码", "单位名称", "权数", "最少", "最多")


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME):
        yield


class Desk:
    """A province with two cities and an industry union, the planner's browser, a calculation."""

    def __init__(self, state=RoundState.PLANNED, cities=2):
        self.province = make_body(level=Level.PROVINCE)
        self.cities = [
            make_body(f"3205{number:02d}", level=Level.CITY, name=f"{number}号市") for number in range(cities)
        ]
        self.union = make_body("U1", level=Level.INDUSTRY, name="教科工会")
        self.actor = make_official(self.province, Role.STAFF)
        self.award = make_round_award(make_round(state=state), make_award(name="模范职工之家"), places=10)
        self.client = Client()
        self.client.force_login(self.actor)

    @property
    def list_url(self):
        return reverse("appraisal:calculations", args=[self.award.pk, self.province.pk])

    def begin(self):
        self.made = apportionments.begin(
            round_award_id=self.award.pk, parent_id=self.province.pk, actor=self.actor
        )
        return self

    def weigh(self, *numbers, figures=None, **inputs):
        bodies = [*self.cities, self.union]
        apportionments.set_inputs(
            apportionment_id=self.made.pk,
            version=self.fresh.version,
            actor=self.actor,
            inputs=Inputs(10, figures={SHARE: 5} if figures is None else figures, **inputs),
            rows={body.pk: Weight(number) for body, number in zip(bodies, numbers, strict=True)},
        )
        return self

    def draw(self):
        apportionments.draw(apportionment_id=self.made.pk, version=self.fresh.version, actor=self.actor)
        return self

    @property
    def fresh(self):
        return Apportionment.objects.get(pk=self.made.pk)

    @property
    def url(self):
        return reverse("appraisal:calculation", args=[self.made.pk])

    def get(self, **query):
        answer = self.client.get(self.url, query)
        assert answer.status_code == 200
        return answer

    def text(self, **query):
        return self.get(**query).content.decode()

    def post(self, act, *, client=None, **values):
        values = {"version": self.fresh.version} | values
        return (client or self.client).post(self.url, {"act": act, **values})

    def upload(self, content, name="权数.xlsx", **values):
        return self.post("upload", file=SimpleUploadedFile(name, content), kind="members", **values)

    @property
    def weights(self):
        return dict(self.made.rows.values_list("body__code", "weight"))


@pytest.fixture
def desk():
    return Desk()


def rows_of(desk, *figures):
    """One row of a workbook for each body: code, name, weight."""
    bodies = [*desk.cities, desk.union]
    return [
        {"单位代码": body.code, "单位名称": body.name, "权数": figure}
        for body, figure in zip(bodies, figures, strict=True)
    ]


# --- the way through -----------------------------------------------------------------------------------------


def test_from_the_board_of_places_to_the_places(desk):
    text = desk.client.get("/places/").content.decode()
    assert desk.list_url in text
    assert "还没有测算" in desk.client.get(desk.list_url).content.decode()
    begun = desk.client.post(desk.list_url)
    desk.made = Apportionment.objects.get()
    assert begun.url == desk.url
    page = desk.get()
    form = page.context["form"]
    assert (form["total"].value(), form[f"figure_{SHARE}"].value()) == (10, None)
    assert "抽签后才计算" in page.content.decode()
    assert "按规则应为：非公有制不低于 5 个。" in page.content.decode()
    one, two = desk.cities
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {
        f"figure_{SHARE}": 5,
        f"weight_{one.pk}": 5,
        f"weight_{two.pk}": 3,
        f"weight_{desk.union.pk}": 5,
        f"cap_{desk.union.pk}": 3,
    }
    assert desk.post("inputs", **sent).url == desk.url
    assert desk.post("draw").url == desk.url
    text = desk.text()
    assert "4 又 3/8" in text
    assert "取“最多”" in text
    assert "合计等于名额总数 10 个" in text
    assert "非公有制占比分解数合计恰为 5 个" in text
    plan = desk.get().context["apply"]["plan"].value()
    assert desk.post("apply", plan=plan).url == desk.url
    assert sum(Allotment.objects.values_list("places", flat=True)) == 10
    assert sum(PlacesLine.objects.values_list("places", flat=True)) == 5
    assert "已下达" in desk.text()
    assert "继续办理测算" not in desk.client.get(desk.list_url).content.decode()


def test_the_plan_of_the_round_leads_there(desk):
    plan = desk.client.get(reverse("appraisal:round_plan", args=[desk.award.round.code])).content.decode()
    assert desk.list_url in plan


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(desk):
    desk.begin()
    one = desk.cities[0]
    form = desk.get().context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = desk.post(
        "inputs",
        **sent | {f"floor_{one.pk}": 4, f"cap_{one.pk}": 3, f"figure_{SHARE}": 77},
    )
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {f"figure_{SHARE}"}
    answer = desk.post("inputs", **sent | {f"floor_{one.pk}": 4, f"cap_{one.pk}": 3})
    assert "“最多”不能少于“最少”" in str(answer.context["form"].errors[f"cap_{one.pk}"])
    assert answer.context["form"][f"floor_{one.pk}"].value() == "4"
    assert desk.fresh.version == 1


def test_what_keeps_from_the_draw_is_said_before(desk):
    desk.begin().weigh(0, 0, 0)
    text = desk.text()
    assert "各单位权数都是 0，不能抽签" in text
    assert "抽签并计算" not in text
    assert "0号市、1号市、教科工会" in text
    answer = desk.post("draw")
    assert answer.status_code == 422
    assert "各单位权数都是 0" in answer.content.decode()


def test_less_than_the_rule_asks_is_pointed_out(desk):
    text = desk.begin().weigh(1, 1, 1, figures={SHARE: 3}).text()
    assert "“非公有制占比”的分解合计宽于规则要求" in text
    assert "应不低于 5 个，现填 3 个" in text


# --- who and when --------------------------------------------------------------------------------------------


def test_to_all_others_the_pages_are_not_there(desk):
    desk.begin().draw()
    names = ("calculation", "weights_form", "calculation_workbook")
    addresses = [desk.list_url, *(reverse(f"appraisal:{name}", args=[desk.made.pk]) for name in names)]
    city = desk.cities[0]
    for user in (
        make_official(city, Role.KEEPER),
        make_official(desk.province, Role.OBSERVER),
        make_official(desk.province, Role.UNION_LEADER),
        make_user(),
    ):
        client = Client()
        client.force_login(user)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert desk.post("drop", client=client, reason="越权").status_code == 404
    assert desk.fresh.state == "drawn"


@pytest.mark.parametrize("act", ["inputs", "count", "upload", "draw", "drop"])
def test_a_stale_page_is_told_so(desk, act):
    desk.begin()
    form = desk.get().context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    desk.weigh(7, 8, 9)
    content = workbook(HEADINGS, rows_of(desk, 1, 2, 3))
    more = {
        "inputs": sent,
        "count": {"what": "flat"},
        "upload": {"file": SimpleUploadedFile("a.xlsx", content), "kind": "other"},
    }.get(act, {})
    answer = desk.post(act, **more | {"version": 1})
    assert answer.status_code == 409
    assert "刚才已被修改" in answer.content.decode()
    assert sorted(desk.weights.values()) == [7, 8, 9]


def test_pressed_twice_the_second_is_told_what_happened(desk):
    desk.begin()
    desk.client.post(desk.list_url)
    answer = desk.client.post(desk.list_url)
    assert answer.status_code == 409
    assert "已有一份测算正在进行" in answer.content.decode()
    version = desk.fresh.version
    desk.post("draw", version=version)
    assert desk.post("draw", version=version).status_code == 409
    assert LedgerEntry.objects.filter(act="draw_lots").count() == 1


def test_an_act_that_there_is_not(desk):
    desk.begin()
    assert desk.post("nonsense").status_code == 400


def test_without_bodies_below_the_page_says_so(desk):
    county = make_body(parent=desk.cities[0])
    client = Client()
    client.force_login(make_official(county, Role.KEEPER))
    url = reverse("appraisal:calculations", args=[desk.award.pk, county.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url)
    assert answer.status_code == 409
    assert "没有可以分配名额的下级单位" in answer.content.decode()


# --- weights -------------------------------------------------------------------------------------------------


def test_weights_are_counted_from_the_register_and_the_tree(desk):
    desk.begin()
    one, two = desk.cities
    counties = [make_body(parent=one), make_body(parent=one), make_body(parent=two)]
    make_employer(counties[0], union_members=30)
    make_employer(counties[1], union_members=50)
    # Lies in a city, belongs to the union.
    make_employer(counties[2], union_members=7, industry_body=desk.union)
    due = {"subordinates": [2, 1, 0], "employers": [2, 0, 1], "members": [80, 0, 7], "flat": [1, 1, 1]}
    for what, numbers in due.items():
        assert desk.post("count", what=what).url == desk.url
        assert [desk.weights[body.code] for body in (one, two, desk.union)] == numbers, what
    assert (desk.fresh.weight_kind, desk.fresh.weight_source) == ("flat", "")
    desk.post("count", what="members")
    assert desk.fresh.weight_kind == "members"
    assert desk.fresh.weight_source == "单位登记，2026年5月15日统计"


def test_last_results_are_those_of_the_newest_earlier_round_that_named(desk):
    desk.begin()
    one, two = desk.cities
    answer = desk.post("count", what="last_results")
    assert answer.status_code == 422
    assert "没有可以统计的上一周期命名结果" in answer.content.decode()
    county = make_body(parent=one)

    def past(year, *homes):
        round_ = make_round(state=RoundState.CLOSED)
        round_.year = year
        round_.save()
        award = make_round_award(round_, desk.award.award)
        for home in homes:
            make_nomination(award, home, status=NominationState.NAMED)
            make_nomination(award, home, status=NominationState.NOT_SELECTED)
        allotment = make_allotment(award, desk.province)
        Naming.objects.create(
            slate=make_slate(allotment, state=SlateState.NAMED),
            round_award=allotment.round_award,
            title="决定",
            document_number="1号",
            decided_on=clock.today(),
            decided_by=desk.actor,
            decided_at=clock.now(),
        )
        return round_

    past(2020, two)
    newest = past(2022, county, county, desk.union)
    past(2028, two)
    assert desk.post("count", what="last_results").url == desk.url
    assert [desk.weights[body.code] for body in (one, two, desk.union)] == [2, 0, 1]
    assert newest.name in desk.fresh.weight_source


def test_the_downloaded_form_goes_back_in_as_it_is(desk):
    desk.begin().weigh(3, 2, 1)
    answer = desk.client.get(reverse("appraisal:weights_form", args=[desk.made.pk]))
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    named = {row[0]: row[1:3] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert named["U1"] == ("教科工会", 1)
    desk.weigh(9, 9, 9)
    assert desk.upload(answer.content, "各市会员数.xlsx").url == desk.url
    assert [desk.weights[body.code] for body in (*desk.cities, desk.union)] == [3, 2, 1]
    assert (desk.fresh.weight_kind, desk.fresh.weight_source) == ("members", "各市会员数.xlsx")


def test_bounds_stay_where_the_workbook_has_no_column_for_them(desk):
    desk.begin()
    one = desk.cities[0]
    row = desk.made.rows.get(body=one)
    row.floor, row.cap = 2, 4
    row.save()
    desk.upload(workbook(("单位代码", "权数"), rows_of(desk, 1, 2, 3)))
    assert desk.made.rows.values_list("weight", "floor", "cap").get(body=one) == (1, 2, 4)
    desk.upload(workbook(("单位代码", "权数", "最少", "最多"), rows_of(desk, 1, 2, 3)))
    assert desk.made.rows.values_list("weight", "floor", "cap").get(body=one) == (1, 0, None)


def bad(desk, which):
    """A workbook that cannot be read in, and what is said about it."""
    good = rows_of(desk, 1, 2, 3)
    foreign = {"单位代码": make_body().code, "权数": 4}
    cases = {
        "no workbook": (b"nonsense", ["不是"]),
        "missing column": (workbook(("单位代码", "单位名称"), good), ["权数"]),
        "unknown": (workbook(HEADINGS, [*good, {"单位代码": "999999", "权数": 1}]), ["没有“999999”", "5"]),
        "of elsewhere": (workbook(HEADINGS, [*good, foreign]), [f"没有“{foreign['单位代码']}”"]),
        "twice": (workbook(HEADINGS, [*good, good[0]]), ["0号市出现了两次", "第 2 行"]),
        "negative": (workbook(HEADINGS, rows_of(desk, -1, 2, 3)), ["-1", "C"]),
        "not a number": (workbook(HEADINGS, rows_of(desk, "很多", 2, 3)), ["很多"]),
        "absent": (workbook(HEADINGS, good[:1]), ["缺少：1号市、教科工会"]),
        "shifted": (
            workbook(HEADINGS, [good[0] | {"单位名称": "1号市"}, *good[1:]]),
            ["单位名称“1号市”与代码不符"],
        ),
        "bounds": (
            workbook(HEADINGS, [good[0] | {"最少": 3, "最多": 2}, *good[1:]]),
            ["“最多”不能少于“最少”"],
        ),
        "two at once": (
            workbook(HEADINGS, [*good, good[0], {"单位代码": "x", "权数": 1}]),
            ["0号市出现了两次", "没有“X”"],
        ),
    }
    return cases[which]


@pytest.mark.parametrize(
    "which",
    [
        "no workbook",
        "missing column",
        "unknown",
        "of elsewhere",
        "twice",
        "negative",
        "not a number",
        "absent",
        "shifted",
        "bounds",
        "two at once",
    ],
)
def test_a_bad_workbook_changes_nothing_and_says_everything(desk, which):
    desk.begin().weigh(7, 8, 9)
    content, said = bad(desk, which)
    answer = desk.upload(content)
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in ("需要改正，没有读入", *said):
        assert words in text
    assert sorted(desk.weights.values()) == [7, 8, 9]


def test_weights_are_fixed_once_lots_are_drawn(desk):
    desk.begin().draw()
    assert desk.post("count", what="flat").status_code == 409
    assert desk.upload(workbook(HEADINGS, rows_of(desk, 1, 2, 3))).status_code == 409


def test_the_services_refuse_a_stale_version_themselves(desk):
    desk.begin().weigh(7, 8, 9)
    with pytest.raises(Conflict):
        weights.count(apportionment_id=desk.made.pk, version=1, actor=desk.actor, what=WeightCount.FLAT)
    with pytest.raises(InvalidInput):
        weights.count(
            apportionment_id=desk.made.pk, version=2, actor=desk.actor, what=WeightCount.LAST_RESULTS
        )


# --- the result ----------------------------------------------------------------------------------------------


def test_a_change_by_hand_in_place_and_its_check(desk):
    desk.begin().weigh(4, 4, 2).draw()
    one = desk.cities[0]
    assert f"?adjust={one.pk}" in desk.text()
    form = desk.get(adjust=one.pk)
    assert next(line.form for line in form.context["lines"] if line.form)["body"].value() == one.pk
    refused = desk.post("adjust", body=one.pk, places=5, reason="")
    assert refused.status_code == 422
    assert "没有填写理由" in refused.content.decode()
    assert desk.post("adjust", body=one.pk, places=5, reason="承担试点").url == desk.url
    text = desk.text()
    assert "调整理由：承担试点" in text
    assert "合计 11 个，与名额总数 10 个不等" in text
    plan = desk.get().context["apply"]["plan"].value()
    refused = desk.post("apply", plan=plan, reason="")
    assert refused.status_code == 422
    assert "须说明理由" in refused.content.decode()
    assert desk.post("adjust", body=one.pk, places="", reason="").url == desk.url
    assert "合计等于名额总数" in desk.text()


@pytest.mark.parametrize("method", ["largest_remainder", "sainte_lague", "dhondt"])
def test_every_method_is_shown_and_exported_step_by_step(desk, method):
    desk.begin().weigh(6, 3, 2, method=method).draw()
    text = desk.text()
    assert ("余数（位次）" in text) == (method == "largest_remainder")
    assert ("末位商" in text) == (method != "largest_remainder")
    url = reverse("appraisal:calculation_workbook", args=[desk.made.pk])
    first, second = desk.client.get(url), desk.client.get(url)
    assert first.content == second.content
    book = load_workbook(BytesIO(first.content))
    sheet, basis = book["名额测算"], book["测算依据"]
    headings = [cell.value for cell in sheet[2]]
    rows = [dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=3, values_only=True)]
    shown = desk.get().context["result"].lines
    assert [row["名额"] for row in rows] == [*(line.places for line in shown), 10]
    assert [row["非公有制占比"] for row in rows] == [*(line.parts[SHARE].given for line in shown), 5]
    assert [row["非公有制占比：应得份额"] for row in rows[:-1]] == [
        str(mixed(line.parts[SHARE].fair)) for line in shown
    ]
    assert {row["签号"] for row in rows[:-1]} == {1, 2, 3}
    assert dict(basis.iter_rows(min_row=3, values_only=True))["名额总数"] == 10
    assert desk.fresh.get_method_display() in [row[1] for row in basis.iter_rows(values_only=True)]


@pytest.fixture
def three(desk):
    """Three rules: two minima of one facet, and a ceiling that the edition keeps in parts."""
    version = desk.award.rule_version
    of = partial(make_share_rule, version, denominator=10)
    of("worker", called="产业工人占比", label="occupation:industrial_worker", numerator=4)
    of("scientist", called="科教人员占比", label="occupation:science_education", numerator=2)
    of("cadre", called="县处级占比", label="post:cadre", sense="max", numerator=3, kept=KeptBy.PARTS)
    return desk


THREE = {"worker": 4, "scientist": 2, "cadre": 3}


def test_every_rule_has_its_field_and_one_kept_in_parts_its_figure(three):
    three.begin()
    form = three.get().context["form"]
    assert [(field.label, field.value()) for field in form.figures] == [
        ("非公有制占比", None),
        ("产业工人占比", None),
        ("科教人员占比", None),
        ("县处级占比", 3),
    ]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert three.post("inputs", **sent | {"figure_worker": 0, "figure_cadre": ""}).url == three.url
    # Nought is handed down, nothing is not.
    assert three.fresh.figures == {"worker": 0}


def test_three_rules_stand_in_columns_of_page_and_workbook(three):
    three.begin().weigh(5, 4, 1, figures=THREE).draw()
    page = three.get()
    text = page.content.decode()
    for called in ("产业工人占比", "科教人员占比", "县处级占比"):
        assert f"{called}分解数" in text
    assert "县处级占比分解数合计恰为 3 个" in text
    assert "应得 1 又 1/2，余数" in text
    assert "应得 1 又 3/5，余数" in text
    lines = page.context["lines"]
    assert [[part.label for part in line.parts] for line in lines] == [
        ["产业工人占比", "科教人员占比", "县处级占比"]
    ] * 3
    content = three.client.get(reverse("appraisal:calculation_workbook", args=[three.made.pk])).content
    book = load_workbook(BytesIO(content))
    table = list(book["名额测算"].iter_rows(min_row=2, values_only=True))
    last = dict(zip(table[0], table[-1], strict=True))
    assert (last["名额"], last["产业工人占比"], last["科教人员占比"], last["县处级占比"]) == (10, 4, 2, 3)
    assert dict(book["测算依据"].iter_rows(min_row=3, values_only=True))["县处级占比分解合计"] == 3


def test_a_part_changed_by_hand_shows_what_was_computed_and_what_gave_way(three):
    three.begin().weigh(5, 5, 0, figures={"worker": 4, "cadre": 3}).draw()
    one = three.cities[0]
    form = next(line.form for line in three.get(adjust=one.pk).context["lines"] if line.form)
    assert [field.label for field in form.part_fields] == [
        "产业工人占比分解数调整为",
        "县处级占比分解数调整为",
    ]
    assert three.post("adjust", body=one.pk, part_worker=3, reason="承担试点").url == three.url
    text = three.text()
    assert "应得 2，手工" in text
    assert text.count("测算 2") == 2
    assert text.count("应得 1 又 1/2，抽签") == 2
    refused = three.post("adjust", body=one.pk, part_worker=5, reason="承担试点")
    assert refused.status_code == 422
    assert "分解数定得太多" in refused.content.decode()
    assert three.made.rows.get(body=one).adjusted_parts == {"worker": 3}


def test_minima_without_room_are_said_before_the_draw(three):
    three.begin().weigh(5, 4, 1, figures={"worker": 7, "scientist": 4})
    text = three.text()
    assert "这几项一起分解不下去：产业工人占比、科教人员占比。" in text
    assert "合计要 11 个，名额总数只有 10 个" in text
    assert "抽签并计算" not in text
    assert three.post("draw").status_code == 422


def test_no_text_in_the_export_is_a_formula(desk):
    desk.begin().weigh(6, 3, 2).draw()
    one = desk.cities[0]
    desk.post("adjust", body=one.pk, places=5, reason="=HYPERLINK(1)")
    content = desk.client.get(reverse("appraisal:calculation_workbook", args=[desk.made.pk])).content
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells if cell.data_type == "s"]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_there_is_nothing_to_export_before_the_draw(desk):
    desk.begin()
    answer = desk.client.get(reverse("appraisal:calculation_workbook", args=[desk.made.pk]))
    assert answer.status_code == 409


def test_places_that_somebody_changed_meanwhile_are_shown_again(desk):
    desk.begin().weigh(4, 4, 2).draw()
    plan = desk.get().context["apply"]["plan"].value()
    allotments.set_places(round_award_id=desk.award.pk, body_id=desk.cities[0].pk, places=9, actor=desk.actor)
    answer = desk.post("apply", plan=plan, reason="")
    assert answer.status_code == 409
    assert "下级单位的名额刚才有变化" in answer.content.decode()
    # What was typed stays, and so does the old digest: only a fresh page carries the new one.
    assert desk.get().context["apply"]["plan"].value() != plan


def test_what_lists_have_taken_already_is_said_before_applying(desk):
    taken = make_allotment(desk.award, desk.cities[0], places=9)
    allotments.commit(allotment=taken, regular=7)
    make_allotment(desk.award, desk.cities[1], places=9)
    desk.begin().weigh(4, 4, 2).draw()
    text = desk.text()
    assert "0号市的名额不能减到 4 个。" in text
    assert "1号市的名额不能减到" not in text


def test_in_an_open_round_applying_wants_its_reason():
    desk = Desk(RoundState.OPEN).begin()
    desk.weigh(4, 4, 2).draw()
    assert "评选进行中，须写明理由" in desk.text()
    plan = desk.get().context["apply"]["plan"].value()
    assert desk.post("apply", plan=plan, reason="").status_code == 422
    assert desk.post("apply", plan=plan, reason="名额分配表").url == desk.url


def test_dropping_after_the_draw_wants_its_reason_and_leaves_the_result_to_read(desk):
    desk.begin().draw()
    assert desk.post("drop", reason="").status_code == 422
    assert desk.post("drop", reason="权数有误").url == desk.url
    text = desk.text()
    assert "已作废" in text
    assert "保存调整" not in text
    assert "下达名额" not in text


def test_parts_are_not_computed_anew_from_rules_under_which_they_were_not_applied(desk):
    """The same code asks for something else in the edition to which the round is held since."""
    desk.begin().weigh(3, 2, 1).draw()
    assert (
        desk.post("apply", plan=apportionments.standing(desk.fresh).digest, reason="下达").status_code == 302
    )
    assert "非公有制占比分解数" in desk.text()
    assert "改用了另一个规则版次" not in desk.text()
    other = make_rule_version(desk.award.award, number=2)
    make_share_rule(other, SHARE, sense=Sense.MAX)
    rounds.pin(round_award_id=desk.award.pk, version_id=other.pk, actor=desk.actor)
    page = desk.text()
    assert "分解数不再列出：下达以后，评选周期改用了另一个规则版次。" in page
    assert "下达时按第 1 版的规则分解。" in page
    assert "非公有制占比分解数" not in page
    assert "不设" not in page
    book = load_workbook(BytesIO(desk.client.get(f"{desk.url}workbook.xlsx").content))
    told = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows() if len(row) > 1}
    assert "改用了另一个规则版次" in told["分解数"]
    # Who goes back to those rules sees the parts again.
    rounds.pin(round_award_id=desk.award.pk, version_id=desk.fresh.applied_under_id, actor=desk.actor)
    assert "非公有制占比分解数" in desk.text()


def test_a_calculation_given_up_before_the_draw_has_no_result(desk):
    desk.begin()
    desk.post("drop")
    assert "这份测算没有抽签" in desk.text()


@pytest.mark.parametrize("drawn", [False, True])
def test_the_page_takes_the_same_statements_for_13_and_95_bodies(drawn):
    desk, asked = Desk(cities=12), {}
    for number in (12, 94):
        for each in range(len(desk.cities), number):
            desk.cities.append(make_body(f"3205{each:02d}", level=Level.CITY))
        desk.begin()
        if drawn:
            desk.draw()
        desk.get()
        with CaptureQueriesContext(connection) as found:
            desk.get()
        asked[number] = len(found)
        desk.post("drop", reason="更多单位")
    assert len(set(asked.values())) == 1, asked
    assert asked[12] <= 20
