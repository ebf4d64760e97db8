"""A table of places by kind (佛山 2023: 7 + 4 + 3 + 4 of 19), planned in the browser from nothing, opened, kept, and named."""

from random import Random

import pytest

from appraisal.boards.services import verification
from appraisal.nominations.services import nominations
from appraisal.records.models import Nomination
from appraisal.records.states import Control, NominationState
from quotas.base import clock
from quotas.base.states import Stage
from quotas.editions.models import Award
from quotas.rounds.forms import SPARE
from quotas.rounds.models import Allotment, PlacesLine, Round, RoundAward
from tests.journeys.passing import approve, compile_pool, leave
from tests.journeys.season import CITY, COUNTY, PROVINCE, Bodies
from workflows import turns
from workflows.simulation import units
from workflows.simulation.conduct import Season

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NEIGHBOUR = "320582"
AWARD, CODE = "劳动模范", "model_worker"
NOTICE = "粤工总〔2023〕1号《关于推荐省劳动模范的通知》"

TABLE = (
    ("产业工人", 7, ("产业工人",), ()),
    ("其他一线职工", 4, ("一线职工",), ("产业工人",)),
    ("科教人员", 3, ("科教人员",), ()),
    ("农民工", 4, ("农民工",), ()),
)
W, S, R = "industrial_worker", "science_education", "other"
PEOPLE = (
    *[{"occupation": W, "front_line": True, "migrant": False}] * 7,
    *[{"occupation": R, "front_line": True, "migrant": False}] * 4,
    *[{"occupation": S, "front_line": False, "migrant": False}] * 3,
    *[{"occupation": R, "front_line": False, "migrant": True}] * 4,
    {"occupation": R, "front_line": False, "migrant": False},
)
"""Nineteen who fit the table and no other way: of the last kind there is one place that is anybody's."""


def test_a_table_of_kinds_is_planned_mended_opened_and_named(live_server, visit):
    bodies = Bodies(PROVINCE, CITY, COUNTY, NEIGHBOUR)
    timetable = bodies.timetable
    with clock.travel(timetable.at(-2)):
        staff = visit(live_server).sign_in(f"{PROVINCE}.staff")
        _compose(staff)
        _plan(staff, timetable)
        _places(staff, bodies, CITY, 20)
        keeper = visit(live_server).sign_in(f"{CITY}.keeper")
        _places(keeper, bodies, COUNTY, 19, TABLE)
        _places(keeper, bodies, NEIGHBOUR, 1, [("公有制企业负责人", 1, ("公有制", "企业负责人"), ())])
    county = PlacesLine.objects.filter(allotment__body__code=COUNTY)
    assert {line.name: line.places for line in county} == {name: places for name, places, *_kinds in TABLE}
    with clock.travel(timetable.at(0)):
        _refused(staff)
        _mended(visit(live_server).sign_in(f"{CITY}.keeper"), bodies)
        _open(staff)

    season = Season(11, Round.objects.get(), {CODE: RoundAward.objects.get()}, bodies.crews, timetable)
    cases = _applied(season, bodies)
    for code, day in ((COUNTY, 12), (CITY, 30), (PROVINCE, 50)):
        with clock.travel(timetable.at(day)):
            approve(season, bodies, cases, code)
            compile_pool(season, bodies, code)
        with clock.travel(timetable.at(day + 2)):
            leave(season, bodies, code, until=day + 10)
    with clock.travel(timetable.at(70)):
        staff = visit(live_server).sign_in(f"{PROVINCE}.staff")
        _name(staff, bodies)
    assert Nomination.objects.filter(status=NominationState.NAMED).count() == 19
    assert [line.rule for line in verification.run() if not line.holds] == []
    assert turns.reconcile() == []


def _compose(staff):
    staff.go(f"/rules/{CODE}/new/")
    staff.fill_in({"来源文件": NOTICE})
    staff.press("起草规则")
    form = staff.page.locator("form").filter(has=staff.page.get_by_text("计数对象"))
    boxes = form.get_by_role("group", name="计数对象", exact=True)
    boxes.get_by_role("checkbox", name="非公有制", exact=True).check()
    values = {
        "方式": ["占比"],
        "方向": ["不低于"],
        "分子或数量": 35,
        "分母": 100,
        "名称": "非公有制占比",
        "依据": "二",
    }
    staff.fill_in(values, within=form)
    form.get_by_role("radio", name="各自达标").check()
    staff.press("写入草稿")
    staff.follow("发布规则")
    staff.press("发布规则")
    staff.sees("已发布")


def _plan(staff, timetable):
    staff.go("/rounds/new/")
    staff.fill_in({"名称": "2026年劳动模范评选", "依据文件": NOTICE, "受理异议的联系方式": "省总工会"})
    staff.press("建立评选周期")
    staff.fill_in({"奖项": [AWARD], "全周期名额": 20})
    staff.press("加入奖项")
    windows = timetable.windows()
    staff.fill_in(
        {
            f"{stage.label}{end}": f"{moment:%Y-%m-%dT%H:%M}"
            for stage in Stage
            for end, moment in zip(("开始", "截止"), windows[stage], strict=True)
        }
    )
    staff.press("保存时间安排")


def _places(staff, bodies, code, number, slots=()):
    address = f"/places/{RoundAward.objects.get().pk}/{bodies.bodies[code].pk}/"
    staff.go(address)
    staff.page.locator("input[name=places]").fill(str(number))
    for key, (name, places, kinds, without) in enumerate(slots, start=1):
        if key == SPARE + 1:
            # The page has so many empty rows; more come with the next look.
            staff.press("保存名额")
            staff.go(address)
        row = staff.page.locator("details").filter(has=staff.page.locator(f"[name=slot_{key}_name]")).first
        row.locator("summary").first.click()
        row.locator(f"[name=slot_{key}_name]").fill(name)
        row.locator(f"[name=slot_{key}_places]").fill(str(places))
        _tick(row, "对象", kinds)
        if without:
            row.get_by_text("对象当中还要除去一部分").click()
            _tick(row, "对象中除去", without)
    staff.press("保存名额")
    assert Allotment.objects.get(body__code=code).places == number


def _tick(row, group, kinds):
    for kind in kinds:
        row.get_by_role("group", name=group, exact=True).get_by_role(
            "checkbox", name=kind, exact=True
        ).check()


def _refused(staff):
    """A county whose only place the rule and the slot claim for different people can never list anybody."""
    staff.go(f"/rounds/{Round.objects.get().code}/plan/")
    staff.sees("张家港市")
    staff.follow("启动评选")
    staff.press("启动评选")
    staff.sees("启动前须逐条确认方案的后果", "张家港市", "编不出")
    assert Round.objects.get().state == "planned"


def _mended(keeper, bodies):
    keeper.go(f"/places/{RoundAward.objects.get().pk}/{bodies.bodies[NEIGHBOUR].pk}/")
    keeper.page.locator("[name=slot_1_drop]").check()
    keeper.press("保存名额")
    assert not PlacesLine.objects.filter(allotment__body__code=NEIGHBOUR).exists()


def _open(staff):
    staff.go(f"/rounds/{Round.objects.get().code}/plan/")
    staff.misses("编不出")
    staff.follow("启动评选")
    for line in staff.page.get_by_role("group", name="逐条确认方案的后果").get_by_role("checkbox").all():
        line.check()
    staff.press("启动评选")
    staff.sees("已启动")


def _applied(season, bodies):
    cases = []
    award = Award.objects.get(code=CODE)
    for index, person in enumerate(PEOPLE, start=1):
        control = Control.PRIVATE if index % 2 else Control.STATE
        unit = units.invent(
            Random(index), seed=11, index=index, county=bodies.bodies[COUNTY], award=award, control=control
        )
        with clock.travel(season.timetable.at(1)):
            season.enrol(unit)
            case = season.begin(unit)
            nomination = Nomination.objects.get(pk=case.nomination_id)
            nominations.save(
                nomination_id=nomination.pk,
                version=nomination.version,
                actor=case.applicant,
                answers={**person, "gender": "female", "division": False},
            )
            season.attach(case)
            season.submit(case)
        with clock.travel(season.timetable.at(10)):
            season.record_procedure(case)
            season.endorse(case)
        cases.append(case)
    return cases


def _name(staff, bodies):
    staff.go(f"/slates/{bodies.slate(PROVINCE).pk}/")
    staff.follow("命名决定", exact=False)
    staff.fill_in({"文号": "苏工发〔2026〕21号"})
    staff.press("作出命名决定")
    staff.agree("作出命名决定")
    staff.sees("命名决定已作出并公布")
