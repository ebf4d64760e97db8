"""The main pages as the person who works on them sees them: wide and narrow, read by axe, by keyboard, on paper."""

from contextlib import nullcontext
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer
from viewflow.workflow.models import Task

from appraisal.records.models import Employer, Naming, Nomination, Notice, Slate
from appraisal.records.states import NominationState, SlateState
from quotas.tree.models import User
from tests.builders import PASSWORD
from tests.journeys.people import Person
from tests.journeys.season import CITY, COUNTY
from workflows import querysets
from workflows.simulation import demo
from workflows.simulation.accounts import PRIVATE_UNIT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1440, 375)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
SERIOUS = ("serious", "critical")

TASKS = {
    "application form": ("changshu.shenbao", "complete_application"),
    "correction": ("changshu.shenbao", "correction"),
    "endorsement": ("changshu.danwei", "unit_endorsement"),
    "review": ("changshu.zuzhibu", "county_party"),
    "workbench": ("changshu.mingdan", "compile_slate"),
    "signing": ("changshu.gonghui.lingdao", "union_sign"),
    "province list": ("jiangsu.renyuan", "compile_slate"),
    "scoring": ("jiangsu.renyuan", "province_scoring"),
    "settle objections": ("sim.320508.keeper", "settle_objections"),
    "publish notice": ("sim.320505.keeper", "publish_notice"),
}
"""The page of somebody's first task of a kind."""

PLACES = {
    "login": (None, "/login/"),
    "home of a reviewer": ("changshu.gonghui", "/"),
    "home of a unit": ("changshu.shenbao", "/"),
    "home of a keeper": ("suzhou.mingdan", "/"),
    "inbox": ("changshu.gonghui", "/inbox/"),
    "inbox of a keeper": ("changshu.mingdan", "/inbox/"),
    "what was done": ("changshu.gonghui", "/inbox/?tab=done"),
    "apply": ("guoqi.shenbao", "/apply/"),
    "nominations": ("suzhou.gonghui", "/nominations/"),
    "slates": ("suzhou.mingdan", "/slates/"),
    "round overview": ("jiangsu.renyuan", "/rounds/demo/"),
    "rules": ("jiangsu.renyuan", "/rules/"),
    "rules of an award": ("jiangsu.renyuan", "/rules/model_home/1/"),
    "rules on trial": ("jiangsu.renyuan", "/rules/pioneer_team/1/try/"),
    # One city: a hundred rows alike take the accessibility checker a minute.
    "quotas of the round": ("jiangsu.renyuan", "/rounds/demo/quotas/?q=苏州"),
    "places": ("suzhou.mingdan", "/places/"),
    "employers": ("changshu.gonghui", "/employers/"),
    "notices": (None, "/notices/"),
    "honours": (None, "/honours/"),
    "ledger": ("jiangsu.shenji", "/ledger/"),
    "flows": ("jiangsu.renyuan", "/flows/"),
    "help": ("changshu.gonghui", "/help/"),
    "imports": ("jiangsu.renyuan", "/imports/"),
}

OBJECTS = {
    "nomination": ("changshu.gonghui", "nominations", lambda: Nomination.objects.filter(desk__code=COUNTY)),
    "own nomination": (
        "changshu.shenbao",
        "nominations",
        lambda: Nomination.objects.filter(employer__name=PRIVATE_UNIT, status=NominationState.RETURNED),
    ),
    "slate": (
        "suzhou.mingdan",
        "slates",
        lambda: Slate.objects.filter(body__code=CITY, state=SlateState.SIGNING),
    ),
    "employer": ("changshu.gonghui", "employers", lambda: Employer.objects.filter(name=PRIVATE_UNIT)),
    "notice": (None, "notices", Notice.objects.all),
    "honour": (None, "honours", Naming.objects.all),
}
"""The page of the first object of a kind."""

PAGES = (*TASKS, *OBJECTS, *PLACES)

CUT = """[...document.querySelectorAll(".nav li span:first-of-type")].filter(word => {
  const [inner, outer] = [word, word.closest("nav")].map(each => each.getBoundingClientRect());
  return inner.right > outer.right || inner.bottom > outer.bottom || inner.left < outer.left;
}).map(word => word.textContent)"""
"""The words of the navigation that its edge cuts off."""


@pytest.fixture(scope="module")
def transactional_db(django_db_setup, django_db_blocker):
    """Kept for all tests of this module, where pytest-django's own empties it after each."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def site(transactional_db):
    """The demo behind a server of its own."""
    demo.make(password=PASSWORD, size=demo.SMALL)
    User.objects.update(password=make_password(PASSWORD))
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def signed_in(site, chromium):
    """`signed_in(username)`: the cookies of somebody who has signed in by the page, once for all tests."""
    known = {None: None}

    def state(username):
        if username not in known:
            person = Person(chromium, site).sign_in(username)
            known[username] = person.context.storage_state()
            person.leave()
        return known[username]

    return state


@pytest.fixture
def look(site, signed_in, visit):
    """`look(page, width)`: the page before the person whose page it is."""

    def open_page(name, width=1440, **options):
        username, address = _where(name)
        person = visit(site, width=width, storage_state=signed_in(username), **options)
        answer = person.go(address)
        assert answer.status == 200, address
        return person

    return open_page


def _where(name):
    if name in PLACES:
        return PLACES[name]
    if name in OBJECTS:
        username, folder, rows = OBJECTS[name]
        return username, f"/{folder}/{rows().order_by('pk')[:1].get().pk}/"
    username, node = TASKS[name]
    user = User.objects.get(username=username)
    mine: list[Task] = [task for task in querysets.open_to(user) if task.flow_task.name == node]
    return username, f"/tasks/{mine[0].pk}/"


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_reads_and_prints(look, name):
    for width in WIDTHS:
        page = look(name, width).page
        assert (width, page.evaluate("document.documentElement.scrollWidth")) == (width, width)
        assert page.evaluate(CUT) == []
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("main").count() == 1
        # The pinned decision lies over what scrolls beneath it; at the end of the page it lies over nothing.
        page.evaluate("document.querySelector('.dock') && scrollTo(0, document.documentElement.scrollHeight)")
        found = Axe().run(page, options=RULES)
        serious = [one for one in found.response["violations"] if one["impact"] in SERIOUS]
        assert serious == [], found.generate_report()
    _print(page)


def _print(page):
    """On paper the navigation is gone and the content is not."""
    before = len(page.get_by_role("main").inner_text().split())
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.get_by_role("navigation", name="工作").is_visible()
    assert len(page.get_by_role("main").inner_text().split()) > before / 2


PRIMARY = {
    "login": "登录",
    "home of a reviewer": "全部待办",
    "home of a unit": "开始申报",
    "application form": "提交单位审核",
    "endorsement": "审核通过并上报",
    "review": "提交审核结论",
    "workbench": "提交推荐名单",
    "signing": "提交签发结论",
    "settle objections": "上报名单",
    "publish notice": "发布公示",
    "scoring": "记录得分",
}
MOST_TABS = 120


@pytest.mark.parametrize("name", PRIMARY)
def test_tab_reaches_the_primary_act(look, name):
    page = look(name).page
    for _stop in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == PRIMARY[name]:
            break
    else:
        pytest.fail(f"{MOST_TABS} times Tab did not reach {PRIMARY[name]}")
    outline = page.evaluate(
        "(({outlineStyle, boxShadow}) => [outlineStyle, boxShadow])(getComputedStyle(document.activeElement))"
    )
    assert outline != ["none", "none"], "the focus is not seen"


DECIDES = (
    "application form",
    "endorsement",
    "correction",
    "review",
    "workbench",
    "signing",
    "publish notice",
    "scoring",
    "settle objections",
)
SIZES = ((1366, 768), (1024, 768), (375, 667), (1366, 400))
IN_SIGHT = """button => {
  const {left, top, right, bottom, width, height} = button.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && width > 0 && height > 0
    && button.contains(there);
}"""


@pytest.mark.parametrize("name", DECIDES)
def test_the_decision_is_on_the_screen_at_load(look, name):
    page = look(name).page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        submit = page.locator(".dock button[type=submit]").last
        assert submit.inner_text().strip() == PRIMARY.get(name, "补正后重新提交")
        assert submit.evaluate(IN_SIGHT), (width, height)
        assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["", "before the scripts are there"])
def test_enter_on_a_tick_claims_nothing(look, scripts):
    page = look("inbox").page
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    if not scripts:
        page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.reload()
    page.locator("input[data-tick]").nth(1).focus()
    page.keyboard.press("Space")
    with page.expect_navigation() if not scripts else nullcontext():
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert [urlsplit(address).path for address in sent] == ([] if scripts else ["/inbox/approve/"])
    if not scripts:
        assert (
            page.get_by_role("button", name="通过勾选的申报")
            .or_(page.get_by_role("link", name="返回待办"))
            .is_visible()
        ), "it asks"


@pytest.mark.parametrize(("key", "decision"), [("a", "approve"), ("r", "return")])
def test_a_key_opens_the_row_with_its_decision_chosen(look, key, decision):
    page = look("inbox").page
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.getAttribute('href')")
    with page.expect_navigation():
        page.keyboard.press(key)
    assert urlsplit(page.url).path == urlsplit(row).path
    assert page.locator("[name=decision]:checked").get_attribute("value") == decision
    assert not sent


def test_enter_on_a_tick_approves_nothing(look):
    page = look("inbox").page
    page.locator("input[data-tick]").first.check()
    page.get_by_role("button", name="批量通过").click()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("input[data-tick]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert not sent


def test_a_file_opens_beside_and_the_next_by_its_key(look):
    page = look("review").page
    for width, height in SIZES[:3]:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        name = page.locator("[data-frame-name]")
        assert not name.is_visible()
        first, second = page.locator("[data-frame-show]").all_inner_texts()[:2]
        page.keyboard.press("e")
        assert (name.inner_text(), page.locator("[data-frame-place]").inner_text()) == (first, "1")
        assert page.locator("[data-frame] iframe").count() == 1
        page.keyboard.press("]")
        assert name.inner_text() == second
        page.keyboard.press("[")
        assert name.inner_text() == first
        submit = page.locator(".dock button[type=submit]").last
        assert submit.evaluate(IN_SIGHT), (width, height)
        page.keyboard.press("q")
        assert not name.is_visible()
        assert page.locator("[data-frame] iframe").count() == 0


def test_without_scripts_a_file_opens_beside_at_an_address_of_its_own(look):
    page = look("review").page
    address = page.locator("[data-frame-show]").nth(1).get_attribute("href")
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(urljoin(page.url, address))
    assert page.locator("[data-frame-place]").inner_text() == "2"
    assert page.locator("[data-frame] iframe").is_visible()


def test_a_review_prints_as_the_form_of_the_award_and_nothing_else(look):
    page = look("review").page
    paper = page.locator(".paper")
    assert not paper.is_visible()
    page.emulate_media(media="print")
    assert paper.is_visible()
    assert paper.locator("h1").inner_text().endswith("推荐审批表")
    assert paper.get_by_text("（盖章）").count() >= 3
    for other in (".brand", ".nav", ".split", ".dock", ".page__head"):
        assert not page.locator(other).first.is_visible(), other


def test_where_it_goes_after_correction_is_asked_with_a_return_alone(look):
    page = look("review").page
    route = page.get_by_text("补正后从第一级重新审核")
    for key, asked in (("a", False), ("r", True)):
        page.keyboard.press(key)
        assert route.is_visible() is asked


def test_the_picture_of_a_flow_fits_or_scrolls_within_its_box(look):
    """Nothing of it is cut off: at the width of a screen it is seen whole, on a telephone its box moves to its end."""
    for width, whole in ((1366, True), (375, False)):
        page = look("flows", width).page
        boxes = page.locator(".flow-picture")
        assert boxes.count() == 2
        for box in boxes.all():
            within, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
            assert (within <= shown) is whole
            end = """box => {
              box.scrollLeft = box.scrollWidth;
              const [outer, inner] = [box, box.querySelector("img")].map(each => each.getBoundingClientRect());
              return inner.right <= outer.right;
            }"""
            assert box.evaluate(end)
            assert box.evaluate("box => box.tabIndex") == 0, "keys scroll it"
