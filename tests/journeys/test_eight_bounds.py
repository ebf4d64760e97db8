"""Eight overlapping bounds on one list: written down, planned, handed down, kept at every stage, and named."""

from dataclasses import dataclass
from random import Random

import pytest

from appraisal.boards.services import verification
from appraisal.nominations.services import nominations
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import Control, NominationState, Sector
from appraisal.register.services import employers
from quotas.base import clock
from quotas.base.states import Stage
from quotas.editions.models import Award
from quotas.rounds.models import Allotment, Round, RoundAward
from tests.journeys.passing import approve, compile_pool, leave
from tests.journeys.season import CITY, COUNTY, PROVINCE, Bodies
from workflows import turns
from workflows.simulation import units
from workflows.simulation.conduct import Season

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NEIGHBOUR, UNION = "320582", "320000GH01"
AWARD, CODE = "劳动模范", "model_worker"
NOTICE = "苏工发〔2026〕3号《关于评选江苏省劳动模范的通知》"

RULES = [
    ("产业工人占比", "产业工人", "不低于", 35, 100, ""),
    ("一线职工占比", "一线职工", "不低于", 1, 5, ""),
    ("科教人员占比", "科教人员", "不低于", 1, 5, ""),
    ("农民工占比", "农民工", "不低于", 1, 10, ""),
    ("企业负责人占比", "企业负责人", "不超过", 13, 100, ""),
    ("县处级占机关事业单位人员之比", "县处级及以上", "不超过", 1, 5, "机关事业单位"),
    ("非公有制企业占比", "非公有制", "不低于", 2, 5, ""),
    ("女性占比", "女", "不低于", 1, 5, ""),
]

W, S, H, F, R = (
    "industrial_worker",
    "science_education",
    "enterprise_head",
    "official",
    "other",
)


@dataclass(frozen=True)
class Somebody:
    """A nominee as the eight rules count: a, e a woman, b a man; `public` of a public body, `private` of a company."""

    name: str
    occupation: str
    gender: str
    sector: Sector
    control: Control
    front_line: bool = False
    migrant: bool = False
    division: bool = False


def company(name, occupation, gender, **more):
    return Somebody(name, occupation, gender, Sector.ENTERPRISE, Control.PRIVATE, **more)


def public(name, occupation, gender, **more):
    return Somebody(name, occupation, gender, Sector.PUBLIC_BODY, Control.STATE, **more)


PEOPLE = [
    company("陈海燕", W, "female", front_line=True, migrant=True),
    company("李建国", W, "male", front_line=True),
    company("王志强", W, "male", front_line=True),
    public("周文博", S, "female"),
    public("吴晓东", S, "male"),
    company("郑国平", H, "male"),
    public("孙立新", F, "male"),
    Somebody("马振华", R, "male", Sector.ENTERPRISE, Control.STATE),
    # What the keeper chooses first, and what is wrong with it:
    company("胡万里", H, "male"),
    public("高远明", F, "male", division=True),
    # What mends it:
    company("徐大伟", W, "male", front_line=True),
    public("林秀珍", F, "female"),
]
WISHED = [person.name for person in PEOPLE[:10]]
LEGAL = [*WISHED[:8], "徐大伟", "林秀珍"]


def test_eight_bounds_are_planned_run_and_named(live_server, visit):
    bodies = Bodies(PROVINCE, CITY, COUNTY, NEIGHBOUR, UNION)
    timetable = bodies.timetable
    with clock.travel(timetable.at(-2)):
        staff = visit(live_server).sign_in(f"{PROVINCE}.staff")
        _compose(staff)
        _plan(staff, timetable)
        _hand_down(staff, {"苏州市": 10, "省教育科技工会": 2}, total=12, minimum=5)
        keeper = visit(live_server).sign_in(f"{CITY}.keeper")
        _hand_down(keeper, {"常熟市": 10, "张家港市": 1}, total=11, minimum=4)
    with clock.travel(timetable.at(0)):
        _open(staff)

    made = Round.objects.get()
    round_award = RoundAward.objects.get()
    assert _places(round_award) == {
        PROVINCE: (10, 0),
        CITY: (10, 4),
        UNION: (2, 1),
        COUNTY: (10, 4),
        NEIGHBOUR: (1, 0),
    }
    season = Season(11, made, {CODE: round_award}, bodies.crews, timetable)
    cases = _applied(season, bodies)

    with clock.travel(timetable.at(12)):
        keeper = visit(live_server).sign_in(f"{COUNTY}.keeper")
        _compile(keeper)
    with clock.travel(timetable.at(14)):
        leave(season, bodies, COUNTY, until=20)
    for code, day in ((CITY, 30), (PROVINCE, 50)):
        with clock.travel(timetable.at(day)):
            approve(season, bodies, cases, code)
            compile_pool(season, bodies, code)
            leave(season, bodies, code, until=day + 10)

    with clock.travel(timetable.at(70)):
        staff = visit(live_server).sign_in(f"{PROVINCE}.staff")
        _board(staff, made)
        _name(staff, bodies)
        honours = visit(live_server)
        honours.go("/honours/")
        honours.follow(AWARD, exact=False)
        honours.sees(*LEGAL)
        honours.misses("胡万里", "高远明")

    named = Nomination.objects.filter(status=NominationState.NAMED)
    assert sorted(named.values_list("nominee_name", flat=True)) == sorted(LEGAL)
    assert [line.rule for line in verification.run() if not line.holds] == []
    assert turns.reconcile() == []


# The plan, by the pages of those who plan


def _compose(staff):
    staff.go(f"/rules/{CODE}/new/")
    staff.fill_in({"来源文件": NOTICE})
    staff.press("起草规则")
    for name, counted, sense, numerator, denominator, base in RULES:
        form = staff.page.locator("form").filter(has=staff.page.get_by_text("计数对象"))
        for group, chosen in (("计数对象", counted), ("基数范围", base)):
            if chosen:
                if group == "基数范围":
                    form.get_by_text("基数不是全部名单").click()
                boxes = form.get_by_role("group", name=group, exact=True)
                boxes.get_by_role("checkbox", name=chosen, exact=True).check()
        values = {
            "方式": ["占比"],
            "方向": [sense],
            "分子或数量": numerator,
            "分母": denominator,
            "名称": name,
            "依据": "苏工发〔2026〕3号 二",
        }
        staff.fill_in(values, within=form)
        form.get_by_role("radio", name="各自达标").check()
        staff.press("写入草稿")
        staff.sees(name)
    staff.follow("发布规则")
    staff.press("发布规则")
    staff.sees("已发布")


def _plan(staff, timetable):
    staff.go("/rounds/new/")
    staff.fill_in(
        {
            "名称": "2026年江苏省劳动模范评选",
            "依据文件": NOTICE,
            "受理异议的联系方式": "江苏省总工会经济工作部，南京市中山北路202号",
        }
    )
    staff.press("建立评选周期")
    staff.fill_in({"奖项": [AWARD], "全周期名额": 10})
    staff.press("加入奖项")
    staff.sees(*(rule[0] for rule in RULES))
    windows = timetable.windows()
    staff.fill_in(
        {
            f"{stage.label}{end}": f"{moment:%Y-%m-%dT%H:%M}"
            for stage in Stage
            for end, moment in zip(("开始", "截止"), windows[stage], strict=True)
        }
    )
    staff.press("保存时间安排")
    staff.sees("没有一个单位能申报")


def _hand_down(planner, wanted, *, total, minimum):
    """A calculation by weights: the lots first, then the result, then the places of everybody at once."""
    planner.go("/places/")
    planner.follow("名额测算", exact=False)
    planner.press("新建测算")
    planner.page.wait_for_url("**/calculations/*/")
    inputs = planner.page.locator("form").filter(has=planner.page.get_by_label("名额总数"))
    planner.fill_in(
        {
            "名额总数": total,
            "非公有制企业占比": minimum,
            "权数是什么": ["其他依据"],
            "权数来源": "2026年6月底工会统计年报",
        },
        within=inputs,
    )
    for name, places in wanted.items():
        planner.row(name).get_by_label("权数").fill(str(places))
    planner.press("保存依据")
    planner.sees("测算依据已保存")
    planner.misses("下达名额")
    planner.press("抽签并计算")
    planner.agree("抽签")
    planner.sees("逐步计算", "合计等于名额总数", f"合计恰为 {minimum} 个")
    planner.press("下达名额")
    planner.agree("下达名额")
    planner.sees("下达名额，记入台账")


def _open(staff):
    staff.go(f"/rounds/{Round.objects.get().code}/plan/")
    staff.follow("启动评选")
    staff.press("启动评选")
    staff.sees("启动前须逐条确认方案的后果", "张家港市")
    for line in staff.page.get_by_role("group", name="逐条确认方案的后果").get_by_role("checkbox").all():
        line.check()
    staff.press("启动评选")
    staff.sees("已启动")


def _places(round_award):
    return {
        allotment.body.code: (
            allotment.places,
            sum(line.places for line in allotment.lines.all()),
        )
        for allotment in Allotment.objects.filter(round_award=round_award)
    }


# The nominations, by the services


def _applied(season, bodies):
    """Everybody applies first, so that the two offices know what else there is when they approve."""
    award = Award.objects.get(code=CODE)
    cases = []
    for index, person in enumerate(PEOPLE, start=1):
        unit = units.invent(
            Random(index),
            seed=11,
            index=index,
            county=bodies.bodies[COUNTY],
            award=award,
            control=person.control,
        )
        with clock.travel(season.timetable.at(1)):
            season.enrol(unit)
            employer = Employer.objects.get(credit_code=unit.credit_code)
            employers.update(
                employer_id=employer.pk, version=employer.version, actor=None, sector=person.sector
            )
            case = season.begin(unit)
            nomination = Nomination.objects.get(pk=case.nomination_id)
            nominations.save(
                nomination_id=nomination.pk,
                version=nomination.version,
                actor=case.applicant,
                nominee_name=person.name,
                answers={
                    "occupation": person.occupation,
                    "gender": person.gender,
                    "front_line": person.front_line,
                    "migrant": person.migrant,
                    "division": person.division,
                },
            )
            season.attach(case)
            season.submit(case)
        with clock.travel(season.timetable.at(10)):
            season.record_procedure(case)
            season.endorse(case)
        cases.append(case)
    with clock.travel(season.timetable.at(11)):
        approve(season, bodies, cases, COUNTY)
    return cases


# The lists


def _compile(keeper):
    keeper.go("/inbox/")
    keeper.page.get_by_role("listitem").filter(has_text=AWARD).get_by_role("link").click()
    keeper.page.get_by_role("button", name="提交推荐名单").first.wait_for()
    for name in WISHED:
        _put(keeper, name)
    keeper.press("提交推荐名单")
    alert = keeper.page.get_by_role("alert").filter(has_text="名单还不能提交")
    alert.wait_for()
    told = alert.inner_text()
    for broken in ("产业工人占比", "企业负责人占比", "县处级占机关事业单位人员之比"):
        assert broken in told, told
    for kept in ("一线职工占比", "科教人员占比", "农民工占比", "女性占比"):
        assert kept not in told, told
    advice = keeper.page.get_by_role("region", name="名额与占比")
    assert "即可符合全部规定" in advice.inner_text()
    advice.locator("summary").last.click()
    named = advice.inner_text()
    assert [name for name in ("胡万里", "高远明", "徐大伟", "林秀珍") if name not in named] == [], named
    for out, into in (("胡万里", "徐大伟"), ("高远明", "林秀珍")):
        keeper.button("移出", out).click()
        keeper.button("列为", "正选", out).wait_for()
        _put(keeper, into)
    keeper.press("提交推荐名单")
    keeper.sees("推荐名单已提交，待领导签发")


def _put(keeper, name):
    keeper.button("列为", "正选", name).click()
    keeper.button("移出", name).wait_for()


def _board(staff, made):
    staff.go(f"/rounds/{made.code}/quotas/")
    staff.sees("苏州市所辖 2 个县", "10 / 12", "1 份正在编制，未计入", "8 项符合，最少余 0")


def _name(staff, bodies):
    staff.go(f"/slates/{bodies.slate(PROVINCE).pk}/")
    staff.sees(*(rule[0] for rule in RULES))
    staff.follow("命名决定", exact=False)
    staff.fill_in({"文号": "苏工发〔2026〕21号"})
    staff.press("作出命名决定")
    staff.agree("作出命名决定")
    staff.sees("命名决定已作出并公布")
