"""A county from an empty installation: two workbooks bring the people, and an application reaches its list."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from appraisal.boards.services import verification
from appraisal.records.models import Employer, Nomination, Slate
from appraisal.records.states import NominationState, SlateState
from quotas.base import clock
from quotas.base.states import Role, Stage
from quotas.rounds.models import Round
from quotas.tree.models import Post, User
from tests.builders import make_credit_code
from tests.journeys import steps
from tests.journeys.season import CITY, COUNTY, OPENING, PROVINCE
from workflows import turns
from workflows.simulation.plan import Timetable

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FIVE = ("工会审核人", "组织部审核人", "名单负责人", "工会领导", "组织部领导")
CODE = make_credit_code(1)
FACTS = {
    "统一社会信用代码": CODE,
    "单位名称": steps.UNIT,
    "所在县（市、区）代码": COUNTY,
    "控股情况": "私人控股",
    "职工人数": 120,
    "工会会员人数": 110,
    "党员人数": 9,
    "申报人": "陈晓东",
    "申报人登录名": "shenbao",
    "单位审核人": "周文静",
}


def administrator(username, role):
    """The first ones come from the command, with a password of their own to set."""
    told = StringIO()
    call_command("create_admin", username=username, name=f"{role.label}甲", role=role.value, stdout=told)
    return re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", told.getvalue())[0]


def name_people(sheet):
    """Somebody for the five posts of county, city and province; everybody else's rows stay empty."""
    for row in sheet.iter_rows(min_row=2):
        if row[0].value in {COUNTY, CITY, PROVINCE} and row[2].value in FIVE:
            row[3].value = f"{row[1].value}{row[2].value}"


def name_unit(sheet):
    headings = {cell.value.strip("*"): cell.column for cell in sheet[1]}
    for heading, value in FACTS.items():
        sheet.cell(2, headings[heading], value)


def test_two_workbooks_and_a_county_works(live_server, visit):
    timetable = Timetable(OPENING)
    with clock.travel(timetable.at(-6)):
        call_command("load_catalogue", stdout=StringIO())
        system_word = administrator("xitong", Role.SYSTEM_ADMIN)
        security_word = administrator("anquan", Role.SECURITY_ADMIN)
        staff_word = administrator("renyuan", Role.STAFF)

        system = steps.first_sign_in(visit(live_server), "xitong", system_word)
        steps.bring_in(system, "导入岗位人员", name_people)
        first = steps.slips(system)
        assert len(first) == 3 * len(FIVE)
        assert not Post.objects.filter(body__code=COUNTY, group__user__isnull=False).exists()

        security = steps.first_sign_in(visit(live_server), "anquan", security_word)
        security.go("/posts/")
        security.follow("待授予的岗位", exact=False)
        security.sees("常熟市工会审核人", "系统管理员甲")
        security.press("授予岗位")
        security.sees("一次性密码发放单")
        second = steps.slips(security)
        assert second.keys() == first.keys()
        both = {username: f"{first[username]}-{second[username]}" for username in first}

        union = steps.first_sign_in(
            visit(live_server), f"{COUNTY}.union_reviewer", both[f"{COUNTY}.union_reviewer"]
        )
        steps.bring_in(union, "导入单位", name_unit)
        of_unit = steps.slips(union)
        assert of_unit.keys() == {"shenbao", f"{CODE.lower()}.danwei"}
        _verify(union)

        staff = steps.first_sign_in(visit(live_server), "renyuan", staff_word)
        _plan(staff, timetable)
    with clock.travel(timetable.at(0)):
        _open(staff)

    with clock.travel(timetable.at(12)):
        applicant = steps.first_sign_in(visit(live_server), "shenbao", of_unit["shenbao"])
        endorser = steps.first_sign_in(
            visit(live_server), f"{CODE.lower()}.danwei", of_unit[f"{CODE.lower()}.danwei"]
        )
        steps.apply(applicant, Employer.objects.get())
        steps.endorse(endorser)
        steps.review(visit(live_server).sign_in(f"{COUNTY}.union_reviewer", steps.OWN_PASSWORD), "通过")
        party = f"{COUNTY}.party_reviewer"
        steps.review(steps.first_sign_in(visit(live_server), party, both[party]), "通过")
        assert Nomination.objects.get().status == NominationState.POOLED

        keeper = f"{COUNTY}.keeper"
        keeper = steps.first_sign_in(visit(live_server), keeper, both[keeper])
        steps.open_slate(keeper, "提交推荐名单")
        steps.put(keeper, steps.UNIT)
        keeper.press("提交推荐名单")
        keeper.sees("推荐名单已提交，待领导签发")

    slate = Slate.objects.get(body__code=COUNTY)
    assert slate.state == SlateState.SIGNING
    assert [entry.nomination.nominee_name for entry in slate.entries.all()] == [steps.UNIT]
    assert not User.objects.filter(password__startswith="onetime$", last_login__isnull=False).exists()
    assert [line.rule for line in verification.run() if not line.holds] == []
    assert turns.reconcile() == []


def _verify(union):
    union.go(f"/employers/{Employer.objects.get().pk}/")
    union.fill_in(
        {"核定控股情况": ["私人控股"], "核验依据": "公司章程和股东名册"},
        within=union.page.locator("#ownership"),
    )
    union.press("登记核验结果")
    union.sees("所有制核验已登记")


def _plan(staff, timetable):
    staff.go("/rounds/new/")
    staff.fill_in(
        {
            "名称": "2026年江苏省模范职工之家评选",
            "依据文件": "苏组通〔2019〕65号",
            "受理异议的联系方式": "江苏省总工会基层工作部",
        }
    )
    staff.press("建立评选周期")
    staff.fill_in({"奖项": [steps.AWARD], "全周期名额": 120})
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
    staff.page.get_by_role("link", name="按下级单位数分配").click()
    staff.fill_in({"设区市名额合计": 200, "每个省产业工会": 2, "每个县（市、区）": 3})
    staff.press("计算并预览")
    staff.press("按此分配名额")
    staff.sees("方案齐全", "个岗位中", "个空缺")


def _open(staff):
    code = Round.objects.get().code
    staff.go(f"/rounds/{code}/plan/")
    staff.follow("启动评选")
    staff.sees("个空缺")
    staff.press("启动评选")
    staff.sees("启动前须确认岗位空缺")
    staff.go(f"/rounds/{code}/open/")
    staff.fill_in({"已知悉上述岗位空缺，仍然启动": True})
    staff.press("启动评选")
    staff.sees("已启动")
