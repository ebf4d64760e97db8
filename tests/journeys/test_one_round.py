"""One round as the people see it: from the application of a unit to the honour roll, each with an own browser."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from appraisal.models import Notice
from appraisal.services import verification
from appraisal.spreadsheets.slates import CHECK_HEADINGS, SLATE_HEADINGS
from appraisal.states import Control, NominationState, SlateState
from quotas import clock
from tests.journeys.season import CITY, COUNTY, PROVINCE, Selection
from workflows import turns

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

UNIT = "常熟恒源精密机械有限公司"
PHONE = "0512-52881234"
AWARD = "模范职工之家"
SHORT_OF_SHARE = "非公有制企业占比"


@pytest.fixture
def selection():
    return Selection()


def test_from_the_application_to_the_honour_roll(selection, live_server, visit):
    timetable = selection.timetable
    with clock.travel(timetable.at(2)):
        employer = selection.unit(UNIT)
    others = [selection.in_pool(index, Control.STATE) for index in (1, 2)]

    with clock.travel(timetable.at(12)) as journey:
        applicant = visit(live_server).sign_in("shenbao")
        endorser = visit(live_server).sign_in("danwei")
        _apply(applicant, employer)
        _endorse(endorser)
        nomination = selection.nomination(employer)
        assert nomination.status == NominationState.IN_REVIEW

        journey.advance(timedelta(days=1))
        union = visit(live_server).sign_in(f"{COUNTY}.union_reviewer")
        party = visit(live_server).sign_in(f"{COUNTY}.party_reviewer")
        _review(union, "通过")
        _review(party, "退回补正", "工会经费拨缴凭证不清楚，请重新上传。")
        journey.advance(timedelta(hours=2))
        _correct(applicant, nomination.number)
        for reviewer in (union, party):
            _review(reviewer, "通过", "材料已补正，同意推荐。")
        nomination.refresh_from_db()
        assert nomination.status == NominationState.POOLED

        keeper = visit(live_server).sign_in(f"{COUNTY}.keeper")
        _compile_refused_then_corrected(keeper, [case.unit.name for case in others])
        _through_notice(visit, live_server, selection, keeper, COUNTY, journey)
        keeper.press("上报名单")
        keeper.agree("上报名单")
        keeper.sees("已上报")
        assert selection.slate(COUNTY).state == SlateState.SENT_UP

        # One of the two state-owned units was taken off the list; the other one travels with ours by the services.
        nomination.refresh_from_db()
        assert nomination.desk == selection.bodies[CITY]
        _one_stage_up(visit, live_server, selection, CITY, journey, others[0])
        nomination.refresh_from_db()
        assert nomination.desk == selection.bodies[PROVINCE]
        staff = _one_stage_up(visit, live_server, selection, PROVINCE, journey, others[0])

        staff.press("审定名单")
        _name(staff)
        applicant.go(f"/nominations/{nomination.pk}/")
        applicant.sees("已命名")

        _honour_roll(visit(live_server))
        _workbook(staff, selection, employer.credit_code, nomination.number)

    assert [line.rule for line in verification.run() if not line.holds] == []
    assert turns.reconcile() == []


# The unit


def _apply(applicant, employer):
    applicant.follow("申报", exact=False)
    applicant.press("开始申报", exact=False)
    applicant.sees("已建立申报", AWARD, "尚未上传")

    applicant.press("提交单位审核")
    applicant.sees("还不能提交", "主要事迹")

    applicant.fill_in(
        {
            "工会主席": "徐丽华",
            "联系电话": PHONE,
            "工会经费足额拨缴": True,
            "自评分": "92.5",
            "曾获荣誉": "苏州市模范职工之家，2024年5月",
            "简要事迹": "职工代表大会制度健全，连续三年开展技能竞赛，职工满意度高。",
        }
    )
    applicant.press("保存草稿")
    applicant.sees("已保存，尚未提交")
    applicant.upload("事迹材料", "事迹材料.pdf")
    applicant.page.get_by_role("link", name="事迹材料.pdf").wait_for()

    applicant.fill_in({"主要事迹": "企业坚持党建带工建，" * 40})
    applicant.page.get_by_role("region", name="能否通过").get_by_text("材料齐全，符合准入条件").wait_for()
    applicant.press("提交单位审核")
    applicant.sees("已提交单位审核", "待单位审核")


def _endorse(endorser):
    endorser.go("/")
    endorser.sees(UNIT)
    endorser.go("/inbox/")
    endorser.row(UNIT).get_by_role("link", name=UNIT).click()
    endorser.sees("单位审核", PHONE)
    for kind, name in (("会议纪要", "会议纪要.pdf"), ("单位公示证明", "公示照片.pdf")):
        endorser.upload(kind, name)
        endorser.page.get_by_role("link", name=name).wait_for()
    endorser.fill_in(
        {
            "会议形式": ["职工代表大会"],
            "会议日期": "2026-03-03",
            "应到人数": 60,
            "实到人数": 55,
            "同意": 52,
            "反对": 2,
            "弃权": 2,
            "公示开始日期": "2026-03-04",
            "公示结束日期": "2026-03-10",
            "公示地点或方式": "厂务公开栏",
            "党组织意见": "经党支部研究，同意推荐。",
            "意见日期": "2026-03-11",
        }
    )
    endorser.press("审核通过并上报")
    endorser.sees("有 1 处需要改正")  # 52 + 2 + 2 are not 55
    endorser.fill_in({"弃权": 1})
    endorser.press("审核通过并上报")
    endorser.sees("已上报常熟市审核", "审核中")


def _correct(applicant, number):
    applicant.go("/")
    applicant.sees(number, "退回补正", "工会经费拨缴凭证不清楚")
    applicant.follow("补正材料", exact=False)
    applicant.sees("需要补正的内容", "工会经费拨缴凭证不清楚")
    applicant.upload("其他", "工会经费拨缴凭证.pdf")
    applicant.page.get_by_role("link", name="工会经费拨缴凭证.pdf").wait_for()
    applicant.press("补正后重新提交")
    applicant.sees("补正材料已重新提交")


# The bodies


def _review(reviewer, outcome, text=""):
    reviewer.go("/inbox/")
    row = reviewer.row(UNIT)
    assert AWARD in row.inner_text()
    row.get_by_role("link", name=UNIT).click()
    reviewer.sees("徐丽华", "审核结论", "应到 60", "非公有制")
    reviewer.choose(outcome)
    if text:
        reviewer.fill_in({"审核意见": text})
    reviewer.press("提交审核结论")
    reviewer.sees({"通过": "已通过", "退回补正": "已退回"}[outcome])


def _open_slate(person, act):
    """The list from the inbox, where it waits for this person."""
    person.go("/inbox/")
    person.page.get_by_role("listitem").filter(has_text=AWARD).get_by_role("link").click()
    person.page.get_by_role("button", name=act).first.wait_for()


def _compile_refused_then_corrected(keeper, others):
    _open_slate(keeper, "提交推荐名单")
    for name in (others[0], others[1], UNIT):
        _put(keeper, name)
    keeper.sees("1 / 3", "还差 1 个")
    keeper.press("提交推荐名单")
    alert = keeper.page.get_by_role("alert").filter(has_text="名单还不能提交")
    alert.wait_for()
    told = alert.inner_text()
    for part in (SHORT_OF_SHARE, "苏组通〔2019〕65号", "应不少于 2 个，现有 1 个", "可以移出公有制 1 个"):
        assert part in told, told
    keeper.button("移出", others[1]).click()
    keeper.button("列为", "正选", others[1]).wait_for()
    keeper.press("提交推荐名单")
    keeper.sees("推荐名单已提交，待领导签发")


def _put(keeper, name):
    keeper.button("列为", "正选", name).click()
    keeper.button("移出", name).wait_for()


def _through_notice(visit, site, selection, keeper, code, journey):
    """Two leaders sign, the keeper publishes, the days go by; the keeper is left on the page of the objections."""
    for role in ("union_leader", "party_leader"):
        leader = visit(site).sign_in(f"{code}.{role}")
        _open_slate(leader, "提交签发结论")
        leader.sees(UNIT)
        leader.choose("签发")
        leader.press("提交签发结论")
        leader.sees("已签发")

    _open_slate(keeper, "发布公示")
    keeper.sees("公众将看到的公示", UNIT)
    keeper.press("发布公示")
    keeper.page.wait_for_url("**/notices/*/")
    notice = Notice.objects.get(slate=selection.slate(code), closed_at=None)
    public = visit(site)
    public.go("/notices/")
    public.follow(AWARD, exact=False)
    public.sees(UNIT, "受理", "公示")
    assert PHONE not in public.page.content()
    assert "徐丽华" not in public.page.content()

    journey.advance(timedelta(days=(notice.ends_on - clock.today()).days + 1))
    assert [closing.refusal for closing in turns.close_due_notices()] == [None]
    _open_slate(keeper, {PROVINCE: "审定名单"}.get(code, "上报名单"))
    keeper.sees("公示期满")


def _one_stage_up(visit, site, selection, code, journey, other):
    """Joint review, at the province the score, the list, signatures, the notice. Back comes the keeper."""
    for role in ("union_reviewer", "party_reviewer"):
        _review(visit(site).sign_in(f"{code}.{role}"), "通过")
    selection.approve(other, code)
    keeper = visit(site).sign_in(f"{code}.{'staff' if code == PROVINCE else 'keeper'}")
    if code == PROVINCE:
        keeper.go("/inbox/")
        keeper.row(UNIT).get_by_role("link", name=UNIT).click()
        keeper.fill_in({"得分": "95.25"})
        keeper.press("记录得分")
        keeper.sees("得分已记录")
    _open_slate(keeper, "提交推荐名单")
    for name in (UNIT, other.unit.name):
        _put(keeper, name)
    keeper.sees("1 / 2")
    keeper.press("提交推荐名单")
    keeper.sees("推荐名单已提交，待领导签发")
    _through_notice(visit, site, selection, keeper, code, journey)
    if code != PROVINCE:
        keeper.press("上报名单")
        keeper.agree("上报名单")
        keeper.sees("已上报")
    return keeper


# The end


def _name(staff):
    staff.sees("名单已审定")
    staff.follow("命名决定", exact=False)
    staff.sees("不能撤回", UNIT)
    staff.fill_in({"文号": "苏工发〔2026〕12号"})
    staff.press("作出命名决定")
    staff.agree("作出命名决定")
    staff.sees("命名决定已作出并公布")


def _honour_roll(public):
    public.go("/honours/")
    public.follow(AWARD, exact=False)
    public.sees(UNIT, "苏工发〔2026〕12号")
    assert PHONE not in public.page.content()


def _workbook(staff, selection, credit_code, number):
    staff.go(f"/slates/{selection.slate(PROVINCE).pk}/")
    with staff.page.expect_download() as arriving:
        staff.follow("下载汇总表")
    book = load_workbook(BytesIO(arriving.value.path().read_bytes()))
    rows = [tuple(cell.value for cell in row) for row in book["汇总表"].iter_rows()]
    head = rows.index(SLATE_HEADINGS)
    ours = dict(zip(SLATE_HEADINGS, rows[head + 1], strict=True))
    expected = {
        "序号": 1,
        "申报编号": number,
        "奖项": AWARD,
        "推荐对象": UNIT,
        "统一社会信用代码": credit_code,
        "所有制": "非公有制",
        "所有制核验": "已核验",
        "设区市": "苏州市",
        "县（市、区）": "常熟市",
        "得分": 95.25,
        "推荐顺序": 1,
        "类别": "正选",
        "状态": "已命名",
    }
    assert {heading: ours[heading] for heading in expected} == expected
    checks = [tuple(cell.value for cell in row) for row in book["占比核验"].iter_rows()]
    held = [dict(zip(CHECK_HEADINGS, row, strict=True)) for row in checks[checks.index(CHECK_HEADINGS) + 1 :]]
    assert {row["结论"] for row in held} == {"符合"}
    assert any(SHORT_OF_SHARE in str(row["规则"]) and (row["符合数"], row["基数"]) == (1, 2) for row in held)
