"""A round from nothing to its opening, by the pages of those who plan it; what is refused, and how many statements it takes."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.records.models import Nomination, Slate
from appraisal.records.states import NominationState, UnitRole
from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Role, RoundState, RuleKind, Stage
from quotas.calendar.models import CalendarYear
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment, PlacesLine, Round, RoundAward, StageWindow
from quotas.rounds.services import allotments
from quotas.tree.models import Body
from tests.builders import (
    IN_TIME,
    keep_in_parts,
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
    make_unit_person,
    make_user,
    squeezed,
)
from workflows.models import SlateProcess

SETTINGS = {
    "name": "2026年江苏省模范职工之家评选",
    "year": "2026",
    "code": "2026",
    "source": "苏组通〔2019〕65号",
    "unit_notice_days": "5",
    "notice_days": "7",
    "notice_unit": "workday",
    "first_day_counts": "on",
    "reserve_policy": "ranked",
    "contact": "江苏省总工会基层工作部",
}
TIMETABLE = {
    "unit_opens_at": "2026-05-01T09:00",
    "unit_due_at": "2026-06-30T17:30",
    "county_opens_at": "2026-05-02T09:00",
    "county_due_at": "2026-07-31T17:30",
    "city_opens_at": "2026-05-03T09:00",
    "city_due_at": "2026-08-31T17:30",
    "province_opens_at": "2026-05-04T09:00",
    "province_due_at": "2026-09-30T17:30",
}
PLACES = {"city_total": "7", "industry_each": "2", "county_each": "3", "reserve_percent": "20"}
AGREED = {"vacant": 1000, "agreed": "on"}
"""The planner's word on the vacant posts: here nobody holds one."""
LIST, NEW = "/rounds/", "/rounds/new/"


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture(autouse=True)
def tree():
    """The province, a city of two counties and one of one, an industry union."""
    province = make_body(level=Level.PROVINCE, name="江苏省")
    suzhou = make_body("320500", level=Level.CITY, parent=province, name="苏州市")
    nantong = make_body("320600", level=Level.CITY, parent=province, name="南通市")
    return {
        "province": province,
        "suzhou": suzhou,
        "nantong": nantong,
        "changshu": make_body("320581", parent=suzhou, name="常熟市"),
        "taicang": make_body("320585", parent=suzhou, name="太仓市"),
        "rugao": make_body("320682", parent=nantong, name="如皋市"),
        "industry": make_body("C32001", level=Level.INDUSTRY, parent=province, name="教科工会"),
    }


@pytest.fixture
def award():
    made = make_award("model_home", name="模范职工之家", nominee_kind=NomineeKind.UNIT)
    version = make_rule_version(made)
    make_share_rule(version)
    make_share_rule(
        version, "few_women", kind=RuleKind.COUNT, numerator=2, base="sector:enterprise", stages=(Stage.CITY,)
    )
    return made


@pytest.fixture
def planner(tree):
    return of_role(tree["province"], Role.STAFF)


def of_role(body, role=Role.KEEPER):
    return signed_in(make_official(body, role))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def previewed(page, values):
    """The form of the preview: what was asked for, and which places it was seen beside."""
    pk = int(page.rstrip("/").rpartition("/")[2])
    return {**values, "plan": allotments.digest_of_tree(round_award_id=pk)}


def planned(*, windows=True):
    made = make_round("2026", state=RoundState.PLANNED)
    if not windows:
        StageWindow.objects.filter(round=made).delete()
    return made


def ready(award):
    """A planned round that can be opened: `award` with its places at the province."""
    round_award = make_round_award(planned(), award, places=4)
    make_allotment(round_award, make_body(level=Level.PROVINCE), places=4)
    return round_award


def openable(award):
    """The same, with places at a county: units can apply."""
    round_award = ready(award)
    make_allotment(round_award, Body.objects.filter(level=Level.COUNTY).order_by("code").last(), places=4)
    return round_award


def url(name, *args):
    return reverse(name, args=args)


def text(answer, status=200):
    assert answer.status_code == status
    return squeezed(answer.content.decode())


def acts():
    return list(LedgerEntry.objects.order_by("pk").values_list("act", flat=True))


# --- from nothing to the first application ------------------------------------------------------------------


def test_a_planner_plans_and_opens_a_round_and_a_nomination_begins(planner, tree, award):
    assert "还没有评选周期" in text(planner.get(LIST))
    assert 'value="2026"' in text(planner.get(NEW))
    answer = planner.post(NEW, SETTINGS)
    plan = url("appraisal:round_plan", "2026")
    assert (answer.status_code, answer.url) == (302, plan)
    made = Round.objects.get()
    assert (made.notice_days, made.first_day_counts, made.state) == (7, True, "planned")

    said = text(planner.get(plan))
    for missing in ("缺少单位阶段的时间安排", "缺少省级阶段的时间安排", "评选周期还没有奖项"):
        assert missing in said
    assert planner.post(plan, {"act": "timetable", **TIMETABLE}).url == plan
    assert (
        planner.post(plan, {"act": "award", "award_code": "model_home", "places": 4, "employer_cap": 1}).url
        == plan
    )
    said = text(planner.get(plan))
    assert "照现在的方案，没有一个单位能申报" in said
    assert "尚未分配，单位无法申报" in said
    for rule in (
        "非公有制 不低于 1/2（以全部名单为基数） · 依据",
        "非公有制 不低于 2 个（以企业为基数，仅市级）",
        "依据：苏组通〔2019〕65号 二.3",
    ):
        assert rule in said

    round_award = RoundAward.objects.get()
    hand_out = url("appraisal:round_hand_out", "2026", round_award.pk)
    preview = text(planner.get(hand_out, PLACES))
    for said in ("14/3", "设区市：2 个单位，合计 7 个名额", "县（市、区）：3 个单位，合计 9 个名额"):
        assert said in preview
    assert Allotment.objects.count() == 1
    assert planner.post(hand_out, previewed(hand_out, PLACES)).url == plan
    assert "方案齐全，但有岗位空缺" in text(planner.get(plan))
    given = dict(Allotment.objects.values_list("body__code", "places"))
    assert given == {
        "320000": 4,
        "320500": 5,
        "320600": 2,
        "320581": 3,
        "320585": 3,
        "320682": 3,
        "C32001": 2,
    }
    assert Allotment.objects.get(body=tree["changshu"]).reserve_places == 1
    assert "6 个单位有名额" in text(planner.get(plan))

    opening = url("workflows:open_round", "2026")
    said = text(planner.get(opening))
    assert "1 个奖项开始接受申报，同时建立 7 份推荐名单。" in said
    assert "已知悉上述岗位空缺" in said
    lines = [key for key, _said in planner.get(opening).context["form"].fields["accepted"].choices]
    answer = planner.post(opening, AGREED | {"accepted": lines})
    assert (answer.status_code, answer.url) == (302, url("appraisal:round", "2026"))
    assert Slate.objects.count() == SlateProcess.objects.count() == 7
    assert "已启动" in text(planner.get(answer.url))

    unit = make_employer(tree["changshu"])
    applicant = signed_in(make_unit_person(unit, UnitRole.APPLICANT))
    (card,) = applicant.get("/apply/").context["cards"]
    prefix = card.form.prefix
    begun = {
        "employer": unit.pk,
        "prospect": card.prospect.code,
        f"{prefix}-form_key": str(uuid4()),
        f"{prefix}-nominee_name": unit.name,
    }
    assert applicant.post("/apply/", begun).status_code == 302
    assert Nomination.objects.get().round_award == round_award
    for act in ("create_round", "set_window", "add_award", "hand_out", "open_round"):
        assert act in acts()


# --- who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.KEEPER, Role.OBSERVER, Role.UNION_LEADER])
def test_planned_rounds_are_the_planners(tree, award, planner, role):
    ready(award)
    make_round("2025", state=RoundState.CLOSED)
    official = of_role(tree["province"], role)
    said = text(official.get(LIST))
    assert "/rounds/2025/" in said
    assert "/rounds/2026/" not in said
    assert NEW not in said
    said = text(planner.get(LIST))
    for shown in ("/rounds/2025/", "/rounds/2026/plan/", "模范职工之家", NEW):
        assert shown in said


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_the_list_is_not_there_for_administrators(tree, role):
    assert of_role(tree["province"], role).get(LIST).status_code == 404


def test_nobody_else_plans(tree, award):
    round_award = ready(award)
    addresses = [
        NEW,
        url("appraisal:round_plan", "2026"),
        url("appraisal:round_hand_out", "2026", round_award.pk),
        url("workflows:open_round", "2026"),
        url("workflows:close_round", "2026"),
    ]
    for client in (of_role(tree["province"]), of_role(tree["suzhou"]), signed_in(make_user())):
        for address in addresses:
            assert client.get(address).status_code == 404
            assert client.post(address, {**SETTINGS, **TIMETABLE, **PLACES, "code": "x"}).status_code == 404
    assert Client().get(addresses[1]).url == f"/login/?next={addresses[1]}"
    assert Round.objects.get().state == RoundState.PLANNED
    assert not acts()


# --- the settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"code": "2025"}, "已被使用"),
        ({"code": "new"}, "留给系统使用"),
        ({"notice_days": "0"}, "公示"),
        ({"name": ""}, "名称"),
    ],
)
def test_settings_that_are_refused_stay_on_the_form(planner, values, said):
    make_round("2025", state=RoundState.CLOSED)
    answer = planner.post(NEW, {**SETTINGS, **values})
    shown = text(answer, 422)
    assert said in shown
    assert "江苏省总工会基层工作部" in shown
    assert Round.objects.count() == 1


def test_the_proposed_code_is_free(planner):
    make_round("2026", state=RoundState.CLOSED)
    assert planner.get(NEW).context["form"]["code"].value() == "2026-2"


# --- the timetable -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"county_due_at": "2026-05-01T09:00"}, "county_due_at"),
        ({"county_due_at": "2026-06-30T17:30"}, "county_due_at"),
        ({"city_opens_at": "2026-05-01T09:00"}, "city_opens_at"),
        ({"province_due_at": ""}, "province_due_at"),
    ],
)
def test_what_is_out_of_order_is_said_at_its_field(planner, values, field):
    planned(windows=False)
    answer = planner.post(url("appraisal:round_plan", "2026"), {"act": "timetable", **TIMETABLE, **values})
    assert answer.status_code == 422
    assert field in answer.context["timetable"].errors
    assert not StageWindow.objects.exists()


def test_a_timetable_that_is_saved_again_leaves_no_row(planner):
    planned(windows=False)
    page = url("appraisal:round_plan", "2026")
    for _ in range(2):
        assert planner.post(page, {"act": "timetable", **TIMETABLE}).status_code == 302
    assert acts() == ["set_window"] * 4
    assert 'value="2026-06-30T17:30"' in text(planner.get(page))


# --- awards --------------------------------------------------------------------------------------------------


def test_an_award_is_taken_out_again_with_its_places(planner, award):
    round_award = ready(award)
    page = url("appraisal:round_plan", "2026")
    for _ in range(2):
        assert planner.post(page, {"act": "drop", "round_award": round_award.pk}).url == page
    assert not RoundAward.objects.exists()
    assert not Allotment.objects.exists()
    (row,) = LedgerEntry.objects.all()
    assert (row.act, row.before["allotments"]) == ("drop_award", 1)


def test_an_award_of_another_round_stays(planner, award):
    planned()
    other = make_round_award(make_round("2025", state=RoundState.PLANNED), award)
    planner.post(url("appraisal:round_plan", "2026"), {"act": "drop", "round_award": other.pk})
    assert RoundAward.objects.get() == other


def test_an_award_without_rules_cannot_take_part(planner):
    planned()
    bare = make_award("bare")
    answer = planner.post(
        url("appraisal:round_plan", "2026"),
        {"act": "award", "award_code": bare.code, "places": 3, "employer_cap": 1},
    )
    assert "还没有规则版本" in text(answer, 422)


def test_an_unknown_act_is_not_there(planner):
    planned()
    assert planner.post(url("appraisal:round_plan", "2026"), {"act": "else"}).status_code == 400


# --- places --------------------------------------------------------------------------------------------------


def test_places_of_an_award_of_the_county_are_for_counties_only(planner, tree):
    ends_there = make_award("six_good", final_stage=Stage.COUNTY)
    round_award = make_round_award(planned(), ends_there, places=9)
    page = url("appraisal:round_hand_out", "2026", round_award.pk)
    assert set(planner.get(page).context["form"].fields) == {"county_each", "reserve_percent"}
    assert planner.post(page, previewed(page, {"county_each": 3, "reserve_percent": 0})).status_code == 302
    assert set(Allotment.objects.values_list("body__level", "places")) == {("county", 3)}


def test_handing_out_again_changes_what_differs_and_is_written_once(planner, tree, award):
    round_award = ready(award)
    page = url("appraisal:round_hand_out", "2026", round_award.pk)
    for _ in range(2):
        planner.post(page, previewed(page, PLACES))
    assert len(acts()) == 6
    planner.post(page, previewed(page, {**PLACES, "industry_each": "3"}))
    assert len(acts()) == 7
    assert LedgerEntry.objects.latest("pk").before == {"places": 2, "reserve_places": 1}


def test_a_preview_warns_of_too_few_and_far_too_many(planner, award):
    page = url("appraisal:round_hand_out", "2026", ready(award).pk)
    assert "少于本级名额" in text(planner.get(page, {**PLACES, "city_total": 0, "industry_each": 0}))
    assert "超过两倍" in text(planner.get(page, {**PLACES, "city_total": 90}))
    assert "名额" in text(planner.get(page, {**PLACES, "city_total": "-1"}), 422)


def test_each_list_by_itself_unless_the_rule_is_kept_in_parts(planner, award):
    page = url("appraisal:round_hand_out", "2026", ready(award).pk)
    preview = planner.get(page, {**PLACES, "county_each": "1"})
    said = text(preview)
    assert "县（市、区） 3 个单位、3 个名额，非公有制不低于" in said
    assert "各自达标：合计 3 个。3 个单位的全部名额只能报非公有制。" in said
    assert "分解：合计 2 个。2 个单位的全部名额只能报非公有制。" in said
    planner.post(page, previewed(page, {**PLACES, "county_each": "1"}))
    assert not PlacesLine.objects.exists()

    keep_in_parts(RoundAward.objects.get(), "non_public_share")
    preview = planner.get(page, {**PLACES, "county_each": "1"})
    assert "别的不能报" not in text(preview)
    planner.post(page, previewed(page, {**PLACES, "county_each": "1"}))
    assert (
        sum(PlacesLine.objects.filter(allotment__body__level="county").values_list("places", flat=True)) == 2
    )


def test_without_counties_nothing_can_be_shared(planner, tree, award):
    round_award = ready(award)
    for name in ("changshu", "taicang", "rugao"):
        tree[name].organs.all().delete()
        tree[name].delete()
    page = url("appraisal:round_hand_out", "2026", round_award.pk)
    answer = planner.post(page, previewed(page, PLACES))
    assert answer.status_code == 422
    assert "city_total" in answer.context["form"].errors


def test_typed_places_are_not_cut_off(planner, tree, award):
    round_award = ready(award)
    make_allotment(round_award, tree["changshu"], places=9, typed={"gender:female": 8})
    page = url("appraisal:round_hand_out", "2026", round_award.pk)
    answer = planner.post(page, previewed(page, PLACES))
    assert "分类名额超过了名额" in text(answer, 422)
    assert not acts()


def test_the_whole_tree_is_handed_out_while_the_round_is_planned_only(planner, award):
    round_award = ready(award)
    Round.objects.update(state=RoundState.OPEN)
    page = url("appraisal:round_hand_out", "2026", round_award.pk)
    assert planner.get(page, PLACES).url == "/rounds/2026/"
    assert "不能再修改方案" in text(planner.post(page, previewed(page, PLACES)), 409)


# --- opening -------------------------------------------------------------------------------------------------


def test_a_missing_window_keeps_it_planned(planner, award):
    ready(award)
    StageWindow.objects.filter(stage=Stage.CITY).delete()
    opening, plan = url("workflows:open_round", "2026"), url("appraisal:round_plan", "2026")
    assert "缺少市级阶段的时间安排" in text(planner.post(opening), 422)
    assert planner.get(opening).url == plan
    assert opening not in text(planner.get(plan))
    assert Round.objects.get().state == RoundState.PLANNED


def test_missing_places_keep_it_planned(planner):
    make_round_award(planned(), make_award("six_good", final_stage=Stage.CITY))
    assert "没有市级的名额" in text(planner.post(url("workflows:open_round", "2026")), 422)
    assert not Slate.objects.exists()


def test_opening_twice_opens_once(planner, tree, award):
    openable(award)
    opening = url("workflows:open_round", "2026")
    assert planner.post(opening, AGREED).status_code == 302
    assert "不能再修改方案" in text(planner.post(opening, AGREED), 409)
    assert Slate.objects.count() == 2
    assert acts().count("open_round") == 1
    assert planner.get(opening, follow=True).redirect_chain[-1][0] == "/rounds/2026/"


def test_after_the_opening_the_plan_is_closed(planner, award):
    round_award = ready(award)
    Round.objects.update(state=RoundState.OPEN)
    page = url("appraisal:round_plan", "2026")
    assert planner.get(page).url == "/rounds/2026/"
    for sent in (
        {"act": "timetable", **TIMETABLE},
        {"act": "drop", "round_award": round_award.pk},
    ):
        assert "不能再修改方案" in text(planner.post(page, sent), 409)
    assert RoundAward.objects.exists()


# --- closing -------------------------------------------------------------------------------------------------


def test_closing_names_what_is_still_under_way(planner, tree, award):
    round_award = ready(award)
    Round.objects.update(state=RoundState.OPEN)
    make_nomination(round_award, tree["changshu"], status=NominationState.IN_REVIEW)
    make_slate(make_allotment(round_award, tree["changshu"]))
    page = url("workflows:close_round", "2026")
    assert "还有 1 件申报和 1 份名单没有办结" in text(planner.get(page))
    assert planner.post(page).url == "/rounds/2026/"
    assert Round.objects.get().state == RoundState.CLOSED
    assert "已结束" in text(planner.post(page), 409)
    assert planner.get(page).url == "/rounds/2026/"


def test_closing_when_everything_is_done(planner, award):
    ready(award)
    Round.objects.update(state=RoundState.OPEN)
    assert "已全部办结" in text(planner.get(url("workflows:close_round", "2026")))


# --- where it is found ---------------------------------------------------------------------------------------


def test_planners_are_led_to_the_plan_while_no_round_is_open(planner, tree, award):
    assert NEW in text(planner.get("/"))
    ready(award)
    home = text(planner.get("/"))
    assert 'href="/rounds/"' in home
    assert "还没有进行中的评选" in home
    assert "还没有进行中的评选" not in text(of_role(tree["province"]).get("/"))
    Round.objects.update(state=RoundState.OPEN)
    assert "还没有进行中的评选" not in text(planner.get("/"))


def test_years_that_nobody_announced_are_said_before_the_start(planner, tree, award):
    make_official(tree["province"], Role.SYSTEM_ADMIN, name="周系统")
    made = openable(award).round
    page, question = url("appraisal:round_plan", "2026"), url("workflows:open_round", "2026")
    for address in (page, question):
        assert "放假安排还没有录入" not in text(planner.get(address))
    CalendarYear.objects.filter(year=2026).delete()
    plan = text(planner.get(page))
    assert "2026年的放假安排还没有录入" in plan
    assert "由系统管理员（周系统）" in plan
    assert 'href="/calendar/"' in plan
    assert "有年份的放假安排没有录入，最好先录入再启动" in plan or "有岗位空缺" in plan
    assert planner.get("/calendar/").status_code == 200
    asked = text(planner.get(question))
    assert "2026年的放假安排还没有录入" in asked
    # It is said, and keeps nobody from starting: the year may be announced weeks later.
    assert planner.post(question, AGREED).status_code == 302
    made.refresh_from_db()
    assert made.state == RoundState.OPEN


# --- statements ----------------------------------------------------------------------------------------------


def statements(client, address, **query):
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address, query)
    assert answer.status_code == 200
    return len(found)


def test_bodies_that_no_legal_list_can_fill_are_said_before_the_start(planner, tree, award):
    """Half non-public and a third public: two places hold both, one place does not."""
    round_award = ready(award)
    plan = url("appraisal:round_plan", "2026")
    make_share_rule(round_award.rule_version, "public_share", label="ownership:public", denominator=3)
    alone = make_allotment(round_award, tree["changshu"], places=1)
    make_allotment(round_award, tree["taicang"], places=2)
    make_allotment(round_award, tree["rugao"], places=1, typed={"ownership:non_public": 0})
    (told,) = planner.get(plan).context["unlistable"]
    assert "常熟市" in told.what
    assert "太仓市" not in told.what
    assert "如皋市" not in told.what
    said = text(planner.get(plan))
    assert "照此启动，这些单位的申报都不能通过" in said
    assert "方案齐全，可以启动" not in said
    type(alone).objects.filter(pk=alone.pk).update(places=2)
    assert planner.get(plan).context["unlistable"] == []


def test_kinds_for_which_few_places_leave_no_room_are_said_before_the_start(planner, tree, award):
    """Half non-public: one place is a non-public one's. A head is no more than an eighth: seven places have none."""
    round_ = ready(award).round
    plan = url("appraisal:round_plan", "2026")
    teams = make_round_award(
        round_=round_, award=make_award("heads", name="班组奖", nominee_kind=NomineeKind.PERSON), places=20
    )
    make_share_rule(
        teams.rule_version,
        "heads",
        label="occupation:enterprise_head",
        sense="max",
        numerator=13,
        denominator=100,
    )
    make_allotment(teams, tree["changshu"], places=1)
    make_allotment(teams, tree["taicang"], places=7)
    make_allotment(teams, tree["rugao"], places=1, typed={"ownership:non_public": 0})
    told = {one.figures.split("。")[0]: one.what for one in planner.get(plan).context["shut_out"]}
    assert next(iter(told)) == "常熟市"
    assert "名额为 1 个的 1 个单位，这些对象一个也报不了：企业负责人、公有制" in told["常熟市"]
    # A part of nought lets off the share, and no ceiling.
    assert "名额为 1 个的 1 个单位，这些对象一个也报不了：企业负责人。" in told["如皋市"]
    assert "名额为 7 个的 1 个单位，这些对象一个也报不了：企业负责人。" in told["太仓市"]
    said = text(planner.get(plan))
    assert "名额少的单位报不了的对象" in said
    Allotment.objects.filter(round_award=teams).update(places=8)
    assert planner.get(plan).context["shut_out"] == []


def test_pages_are_small_and_flat(planner, tree, award):
    round_award = openable(award)
    addresses = {
        LIST: {},
        url("appraisal:round_plan", "2026"): {},
        url("appraisal:round_hand_out", "2026", round_award.pk): PLACES,
        url("workflows:open_round", "2026"): {},
    }
    before = {address: statements(planner, address, **query) for address, query in addresses.items()}
    for number in range(5):
        more = make_round_award(round_award.round, places=number)
        make_allotment(more, tree["province"], places=number, typed={"ownership:non_public": number})
        make_allotment(round_award, make_body(parent=tree["suzhou"]))
        make_round_award(make_round(f"more-{number}", state=RoundState.PLANNED))
    after = {address: statements(planner, address, **query) for address, query in addresses.items()}
    # The first typed places and the first allotments under a second award may bring their one statement each.
    assert all(after[address] <= before[address] + 1 for address in addresses), (before, after)
    assert max(after.values()) <= 27, after


def test_the_start_takes_a_word_on_each_line_of_the_plan(planner, tree, award):
    """One place at at least half: no public unit there. Whoever starts the round has read that."""
    round_award = openable(award)
    make_allotment(round_award, tree["changshu"], places=1)
    opening = url("workflows:open_round", "2026")
    page = planner.get(opening)
    assert "常熟市" in text(page)
    (line,) = page.context["form"].fields["accepted"].choices
    assert "启动前须逐条确认方案的后果" in text(planner.post(opening, AGREED), 422)
    told = planner.post(opening, AGREED | {"accepted": "nothing"})
    assert "启动前须逐条确认方案的后果" in text(told, 422)
    assert Round.objects.get().state == RoundState.PLANNED
    assert planner.post(opening, AGREED | {"accepted": line[0]}).status_code == 302
    assert Round.objects.get().state == RoundState.OPEN
