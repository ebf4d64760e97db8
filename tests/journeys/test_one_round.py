"""One round as the people see it: from the application of a unit to the honour roll, each with an own browser."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from appraisal.boards.services import verification
from appraisal.records.models import Notice
from appraisal.records.states import Control, NominationState, SlateState
from appraisal.slates.spreadsheets import CHECK_HEADINGS, SLATE_HEADINGS
from quotas.base import clock
from tests.journeys.season import CITY, COUNTY, PROVINCE, Selection
from tests.journeys.steps import AWARD, PHONE, UNIT, apply, endorse, open_slate, put, review
from workflows import turns

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

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
        apply(applicant, employer)
        endorse(endorser)
        nomination = selection.nomination(employer)
        assert nomination.status == NominationState.IN_REVIEW

        journey.advance(timedelta(days=1))
        union = visit(live_server).sign_in(f"{COUNTY}.union_reviewer")
        party = visit(live_server).sign_in(f"{COUNTY}.party_reviewer")
        review(union, "通过")
        review(party, "退回补正", "工会经费拨缴凭证不清楚，请重新上传。")
        journey.advance(timedelta(hours=2))
        _correct(applicant, nomination.number)
        for reviewer in (union, party):
            review(reviewer, "通过", "材料已补正，同意推荐。")
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


def _correct(applicant, number):
    applicant.go("/")
    applicant.sees(number, "退回补正", "工会经费拨缴凭证不清楚")
    applicant.follow("补正材料", exact=False)
    applicant.sees("需要补正的内容", "工会经费拨缴凭证不清楚")
    applicant.upload("其他", "工会经费拨缴凭证.pdf")
    applicant.page.get_by_role("link", name="工会经费拨缴凭证.pdf").wait_for()
    applicant.page.get_by_label("补正说明").fill("已按退回意见补正。")
    applicant.press("补正后重新提交")
    applicant.sees("补正材料已重新提交")


# The bodies


def _compile_refused_then_corrected(keeper, others):
    open_slate(keeper, "提交推荐名单")
    for name in (others[0], others[1], UNIT):
        put(keeper, name)
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


def _through_notice(visit, site, selection, keeper, code, journey):
    """Two leaders sign, the keeper publishes, the days go by; the keeper is left on the page of the objections."""
    for role in ("union_leader", "party_leader"):
        leader = visit(site).sign_in(f"{code}.{role}")
        open_slate(leader, "提交签发结论")
        leader.sees(UNIT)
        leader.choose("签发")
        leader.press("提交签发结论")
        leader.sees("已签发")

    open_slate(keeper, "发布公示")
    keeper.sees("公众将看到的公示", UNIT)
    keeper.page.locator("[name=contact]").fill("基层工作部，0512-00000000")
    keeper.press("发布公示")
    assert not Notice.objects.filter(slate=selection.slate(code), closed_at=None).exists(), "it asks"
    keeper.agree("发布公示")
    keeper.sees("公示已发布")
    notice = Notice.objects.get(slate=selection.slate(code), closed_at=None)
    public = visit(site)
    public.go("/notices/")
    public.follow(AWARD, exact=False)
    public.sees(UNIT, "受理", "公示")
    assert PHONE not in public.page.content()
    assert "徐丽华" not in public.page.content()

    journey.advance(timedelta(days=(notice.ends_on - clock.today()).days + 1))
    assert [closing.refusal for closing in turns.close_due_notices()] == [None]
    open_slate(keeper, {PROVINCE: "审定名单"}.get(code, "上报名单"))
    keeper.sees("公示期满")


def _one_stage_up(visit, site, selection, code, journey, other):
    """Joint review, at the province the score, the list, signatures, the notice. Back comes the keeper."""
    for role in ("union_reviewer", "party_reviewer"):
        review(visit(site).sign_in(f"{code}.{role}"), "通过")
    selection.approve(other, code)
    keeper = visit(site).sign_in(f"{code}.{'staff' if code == PROVINCE else 'keeper'}")
    if code == PROVINCE:
        keeper.go("/inbox/")
        keeper.row(UNIT).get_by_role("link", name=UNIT).click()
        keeper.fill_in({"得分": "95.25"})
        keeper.press("记录得分")
        keeper.sees("得分已记录")
    open_slate(keeper, "提交推荐名单")
    for name in (UNIT, other.unit.name):
        put(keeper, name)
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
