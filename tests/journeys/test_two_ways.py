"""95 counties with one place each, at least one half non-public: planned by itself and in parts, in the browser."""

import pytest

from quotas.base import clock
from quotas.base.states import Level
from quotas.bodies.services import bodies
from quotas.editions.models import RuleVersion
from quotas.rounds.models import Allotment, PlacesLine, Round, RoundAward
from quotas.rounds.services import feasibility
from tests.journeys.season import PROVINCE, Bodies

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CODE, AWARD = "model_worker", "劳动模范"
SHARE = "非公有制企业占比"


def test_95_counties_are_planned_both_ways(visit, live_server):
    place = Bodies(*(row.code for row in bodies.read()))
    with clock.travel(place.timetable.at(-2)):
        staff = visit(live_server).sign_in(f"{PROVINCE}.staff")
        _plan(staff)
        _hand_out(staff)
        _compose(staff, "各自达标")
        _use(staff, "各自达标：合计 95 个。95 个单位的全部名额只能报非公有制。")
        assert not PlacesLine.objects.exists()
        assert _shut_out() == 95
        _compose(staff, "分解")
        _use(staff, "分解：合计 48 个。48 个单位的全部名额只能报非公有制。")
        assert _shut_out() == 48
    counties = PlacesLine.objects.filter(allotment__body__level=Level.COUNTY)
    assert sorted(counties.values_list("places", flat=True)) == [0] * 47 + [1] * 48
    cities = PlacesLine.objects.filter(allotment__body__level=Level.CITY)
    assert sum(cities.values_list("places", flat=True)) == 48


def _shut_out():
    """How many counties the plan leaves no public place."""
    lines = feasibility.of_round(round_id=Round.objects.get().pk).lines
    named = {body for line in lines for body in line.bodies}
    return Allotment.objects.filter(body__in=named, body__level=Level.COUNTY).count()


def _plan(staff):
    staff.go("/rounds/new/")
    staff.fill_in(
        {
            "名称": "2026年江苏省劳动模范评选",
            "依据文件": "苏工发〔2026〕3号",
            "受理异议的联系方式": "江苏省总工会",
        }
    )
    staff.press("建立评选周期")
    staff.fill_in({"奖项": [AWARD], "全周期名额": 95})
    staff.press("加入奖项")


def _hand_out(staff):
    """One place for each county, and as many for each city as it has counties."""
    staff.go(f"/rounds/{Round.objects.get().code}/plan/{RoundAward.objects.get().pk}/")
    staff.fill_in({"设区市名额合计": 95, "每个省产业工会": 0, "每个县（市、区）": 1, "后备占名额的百分比": 0})
    staff.press("计算并预览")
    staff.sees("县（市、区） 95 个单位、95 个名额")
    staff.press("按此分配名额")
    assert Allotment.objects.filter(body__level=Level.COUNTY, places=1).count() == 95


def _compose(staff, way):
    """A new edition with the one rule; it is asked how it is kept, and the price of both ways stands beside it."""
    staff.go(f"/rules/{CODE}/new/")
    staff.fill_in({"来源文件": f"苏工发〔2026〕3号（{way}）"})
    staff.press("起草规则")
    form = staff.page.locator("form").filter(has=staff.page.get_by_text("计数对象"))
    boxes = form.get_by_role("group", name="计数对象", exact=True)
    boxes.get_by_role("checkbox", name="非公有制", exact=True).check()
    values = {"方式": ["占比"], "方向": ["不低于"], "分子或数量": 1, "分母": 2, "名称": SHARE, "依据": "二"}
    staff.fill_in(values, within=form)
    assert form.get_by_role("radio", checked=True).count() == 0
    staff.press("写入草稿")
    staff.sees("没有选择这条占比怎么落实", "各自达标：合计 95 个", "分解：合计 48 个")
    assert RuleVersion.objects.latest("pk").rules.count() == 0
    staff.page.get_by_role("radio", name=way, exact=True).check()
    staff.press("写入草稿")
    staff.sees("规则已写入草稿")
    staff.follow("发布规则")
    staff.press("发布规则")
    staff.sees("已发布")


def _use(staff, said):
    """The round takes the newest edition, and the places are handed out by it."""
    newest = RuleVersion.objects.filter(award__code=CODE).latest("number")
    staff.go(f"/rounds/{Round.objects.get().code}/plan/")
    words = f"第 {newest.number} 版：{newest.source}"
    staff.fill_in({"采用的规则版本": [words]})
    staff.press("改用所选版本", exact=False)
    staff.sees("已改用所选的规则版本")
    staff.go(f"/rounds/{Round.objects.get().code}/plan/{RoundAward.objects.get().pk}/")
    staff.fill_in({"设区市名额合计": 95, "每个省产业工会": 0, "每个县（市、区）": 1, "后备占名额的百分比": 0})
    staff.press("计算并预览")
    staff.sees(said)
    staff.press("按此分配名额")
    staff.sees("记入台账")
