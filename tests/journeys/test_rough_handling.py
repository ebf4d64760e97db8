"""What people do to pages: press twice, go back, keep an old tab, send the wrong file, write too much, live without scripts."""

import pytest

from appraisal.records.models import Evidence, Nomination
from appraisal.records.states import Control, NominationState, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.states import Stage
from tests.journeys.people import PDF
from tests.journeys.season import COUNTY, Selection

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LONG_NAME = "常熟经济技术开发区恒源精密机械智能装备研究与制造产业发展集团股份有限公司第一分公司"
UNIT = "常熟恒源精密机械有限公司"
MEGABYTE = 1024 * 1024


@pytest.fixture
def selection():
    return Selection()


@pytest.fixture
def on(selection):
    """`on(day)`: the clock stands on a day of the round until the test ends."""
    with clock.travel(selection.timetable.at(12)) as journey:
        yield journey


def _begin(visit, site, selection, **options):
    selection.unit(UNIT)
    applicant = visit(site, **options).sign_in("shenbao")
    applicant.go("/apply/")
    applicant.press("开始申报", exact=False)
    applicant.sees("已建立申报")
    return applicant


def _review_page(person, name):
    person.go("/inbox/")
    person.row(name).get_by_role("link", name=name).click()
    person.page.get_by_role("button", name="提交审核结论").wait_for()
    return person.path


# Twice, backwards, out of date


def test_two_quick_presses_apply_once(selection, on, live_server, visit):
    selection.unit(UNIT)
    applicant = visit(live_server).sign_in("shenbao")
    applicant.go("/apply/")
    applicant.button("开始申报").dblclick()
    applicant.sees("填写申报材料")
    assert Nomination.objects.count() == 1


def test_back_after_submitting_leads_to_who_did_it(selection, on, live_server, visit):
    case = selection.in_pool(1, Control.PRIVATE, until=Stage.UNIT)
    union = visit(live_server).sign_in(f"{COUNTY}.union_reviewer")
    address = _review_page(union, case.unit.name)
    union.choose("通过")
    union.press("提交审核结论")
    union.sees("已通过")
    union.page.go_back()
    union.page.reload()
    assert union.path == address
    union.sees("常熟市工会审核人")
    assert not union.page.get_by_role("button", name="提交审核结论").is_visible()
    union.page.get_by_role("link", name=case.unit.name).or_(
        union.page.get_by_role("link", name="查看")
    ).first.wait_for()


def test_an_old_tab_keeps_what_was_typed(selection, on, live_server, visit):
    applicant = _begin(visit, live_server, selection)
    address = applicant.path
    second = applicant.context.new_page()
    second.goto(f"{applicant.site}{address}")
    second.get_by_label("联系电话").fill("025-11111111")
    second.get_by_role("button", name="保存草稿").click()
    second.get_by_text("已保存，尚未提交").wait_for()

    applicant.fill_in({"工会主席": "徐丽华"})
    applicant.press("保存草稿")
    alert = applicant.page.get_by_role("alert")
    alert.wait_for()
    assert "刚刚" in alert.inner_text() or "已被" in alert.inner_text() or "修改" in alert.inner_text()
    assert applicant.page.get_by_label("工会主席").input_value() == "徐丽华"
    assert Nomination.objects.get().phone == "025-11111111"


def test_a_keeper_with_an_old_list_is_told_and_nothing_is_lost(selection, on, live_server, visit):
    cases = [selection.in_pool(index, Control.PRIVATE) for index in (1, 2)]
    keeper = visit(live_server).sign_in(f"{COUNTY}.keeper")
    keeper.go("/inbox/")
    keeper.follow("编制推荐名单", exact=False)
    keeper.button("列为", "正选", cases[0].unit.name).click()
    keeper.button("移出", cases[0].unit.name).wait_for()
    slate = selection.slate(COUNTY)
    slates.set_entries(
        slate_id=slate.pk,
        version=slate.version,
        actor=selection.season.crews[slate.body_id].keeper,
        entries=[(cases[1].nomination_id, "regular", 1)],
    )
    keeper.press("提交推荐名单")
    keeper.sees("重新打开最新的名单")
    assert selection.slate(COUNTY).state == SlateState.COMPILING
    keeper.follow("重新打开最新的名单")
    keeper.button("移出", cases[1].unit.name).wait_for()


# Not yours, not yet


def test_another_persons_task_is_not_there(selection, on, live_server, visit):
    case = selection.in_pool(1, Control.PRIVATE, until=Stage.UNIT)
    union = visit(live_server).sign_in(f"{COUNTY}.union_reviewer")
    address = _review_page(union, case.unit.name)
    selection.unit(UNIT)
    stranger = visit(live_server).sign_in("shenbao")
    assert stranger.go(address).status == 404
    stranger.misses(case.unit.name)
    party = visit(live_server).sign_in(f"{COUNTY}.party_reviewer")
    assert party.go(address).status == 403
    nobody = visit(live_server)
    nobody.go(address)
    assert nobody.path.startswith("/login/")


def test_an_empty_desk_says_what_will_come(selection, on, live_server, visit):
    for role in ("union_reviewer", "union_leader", "keeper"):
        person = visit(live_server).sign_in(f"{COUNTY}.{role}")
        for address in ("/", "/inbox/", "/inbox/?tab=mine", "/nominations/", "/slates/"):
            assert person.go(address).status == 200
            assert len(person.text) > 20
    keeper = person
    keeper.go("/inbox/")
    keeper.follow("编制推荐名单", exact=False)
    keeper.sees("拟推荐库是空的", "还没有正选")
    keeper.press("提交推荐名单")
    keeper.page.get_by_role("alert").filter(has_text="名单还不能提交").wait_for()


# Too much, too long, not what it says


def test_files_that_cannot_be_taken(selection, on, live_server, visit, tmp_path):
    applicant = _begin(visit, live_server, selection)
    applicant.fill_in({"工会主席": "徐丽华"})
    applicant.upload("照片", "合影.pdf", b"MZ\x90\x00 a program")
    applicant.sees("不能上传这种文件")
    applicant.upload("照片", "合影.png", PDF)
    applicant.sees("文件内容与扩展名不符")
    large = tmp_path / "合影.jpg"
    large.write_bytes(b"\xff\xd8\xff" + bytes(21 * MEGABYTE))
    applicant.page.get_by_label("文件").set_input_files(large)
    applicant.press("上传")
    applicant.sees("文件约 22 MB，上限 20 MB")
    assert Evidence.objects.count() == 0
    # What was typed and not yet saved is still there.
    assert applicant.page.get_by_label("工会主席").input_value() == "徐丽华"


def test_long_names_and_long_opinions_fit(selection, on, live_server, visit):
    case = selection.in_pool(1, Control.PRIVATE, until=Stage.UNIT)
    Nomination.objects.filter(pk=case.nomination_id).update(nominee_name=LONG_NAME)
    opinion = "材料" * 1000
    party = visit(live_server, width=375, height=800).sign_in(f"{COUNTY}.party_reviewer")
    _review_page(party, LONG_NAME)
    assert party.page.evaluate("document.documentElement.scrollWidth") == 375
    party.choose("退回补正")
    party.fill_in({"审核意见": opinion})
    party.press("提交审核结论")
    party.sees("已退回")
    for username, width in ((f"{COUNTY}.union_reviewer", 1440), (f"{COUNTY}.union_reviewer", 375)):
        reader = visit(live_server, width=width).sign_in(username)
        reader.go(f"/nominations/{case.nomination_id}/")
        reader.sees(LONG_NAME, opinion)
        assert reader.page.evaluate("document.documentElement.scrollWidth") == width


# Without scripts


def test_applying_without_scripts(selection, on, live_server, visit):
    applicant = _begin(visit, live_server, selection, java_script_enabled=False)
    applicant.fill_in(
        {
            "工会主席": "徐丽华",
            "联系电话": "025-11111111",
            "工会经费足额拨缴": True,
            "简要事迹": "职工之家。",
            "主要事迹": "职工之家。",
        }
    )
    applicant.press("保存草稿")
    applicant.upload("事迹材料", "事迹材料.pdf")
    applicant.sees("事迹材料.pdf")
    applicant.press("提交单位审核")
    applicant.sees("已提交单位审核")
    assert Nomination.objects.get().status == NominationState.ENDORSING


def test_reviewing_without_scripts(selection, on, live_server, visit):
    case = selection.in_pool(1, Control.PRIVATE, until=Stage.UNIT)
    union = visit(live_server, java_script_enabled=False).sign_in(f"{COUNTY}.union_reviewer")
    _review_page(union, case.unit.name)
    union.press("提交审核结论")
    union.sees("请先选择审核结论")
    union.choose("退回补正")
    union.press("提交审核结论")
    union.sees("须写明")
    union.fill_in({"审核意见": "请补充材料。"})
    union.press("提交审核结论")
    union.sees("已退回")


def test_compiling_without_scripts(selection, on, live_server, visit):
    cases = [selection.in_pool(1, Control.STATE), selection.in_pool(2, Control.PRIVATE)]
    keeper = visit(live_server, java_script_enabled=False).sign_in(f"{COUNTY}.keeper")
    keeper.go("/inbox/")
    keeper.follow("编制推荐名单", exact=False)
    keeper.button("列为", "正选", cases[0].unit.name).click()
    keeper.sees("0 / 1")
    keeper.press("提交推荐名单")
    keeper.sees("名单还不能提交", "应不少于 1 个，现有 0 个")
    keeper.button("列为", "正选", cases[1].unit.name).click()
    keeper.sees("1 / 2")
    keeper.press("提交推荐名单")
    keeper.sees("推荐名单已提交，待领导签发")
    assert selection.slate(COUNTY).state == SlateState.SIGNING
