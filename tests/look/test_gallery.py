"""Every part of a page, looked at in Chromium: wide and narrow, light and dark, with the policy that production sends."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from quotas.base import clock
from tests.look import samples

# No database: the shells and parts ask for nothing that the page did not hand them.
pytestmark = pytest.mark.browser

PAGES = (
    "gallery/?award=home&sort=-score",
    "notice/",
    "template/quotas/people/login.html",
    "template/quotas/people/locked_out.html",
    "template/404.html",
    "template/500.html",
)
WIDTHS = (1440, 1024, 375)
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture(scope="module")
def site():
    with override_settings(ROOT_URLCONF="tests.look.urls"), clock.travel(samples.NOW):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture(name="browser")
def _browser(chromium):
    return chromium


@pytest.fixture(autouse=True)
def _closed_windows(browser):
    yield
    for context in browser.contexts:
        context.close()


def _open(
    browser, address: str, *, width: int = 1440, scheme: str = "light", **options
) -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, complaints


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_refused_or_too_wide(site, browser, path):
    for width in WIDTHS:
        page, complaints = _open(browser, f"{site}/{path}", width=width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (width, wide) == (width, width)
        assert complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(site, browser, path):
    for width, scheme in ((1440, "light"), (375, "light"), (1440, "dark")):
        page, _complaints = _open(browser, f"{site}/{path}", width=width, scheme=scheme)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, results.generate_report()


def test_narrowest_and_widest(site, browser):
    for width in (360, 2560):
        page, _complaints = _open(browser, f"{site}/gallery/", width=width)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_keys_move_tick_and_press(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "常熟市第2纺织厂工会"
    page.keyboard.press("x")
    assert page.locator("[data-ticked]").inner_text() == "1"
    page.keyboard.press("r")
    assert page.locator("input[value=return]").is_checked()
    assert page.locator(".decision__next--2").is_visible()
    assert not page.locator(".decision__next--1").is_visible()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_shift_ticks_a_range(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/")
    boxes = page.locator("input[data-tick]")
    assert not page.locator(".bulk").is_visible()
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.locator("[data-ticked]").inner_text() == "4"
    assert page.locator(".bulk").is_visible()


def test_a_form_is_sent_once(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    # 204 keeps the page where it is, so that there is something left to press again.
    page.route("**/", lambda route: route.fulfill(status=204))
    button = page.locator(".form__foot button").last
    button.click()
    assert button.inner_text() == "正在办理…"
    button.click(force=True)
    page.wait_for_timeout(200)
    assert sent == ["POST"]


def test_leaving_unsaved_work_is_questioned(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/")
    asked: list[str] = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.locator("form[data-guard] textarea").fill("材料齐全")
    assert page.locator(".decision .field__count").inner_text() == "4 / 500"
    page.goto(f"{site}/notice/")
    assert asked == ["beforeunload"]


def test_an_act_that_cannot_be_undone_is_asked_about_once(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.route("**/", lambda route: route.fulfill(status=204))
    act = page.get_by_role("button", name="批量通过")
    page.locator("input[data-tick]").first.check()
    act.evaluate("button => { button.dataset.confirm = '批量通过 1 件？' }")
    act.click()
    page.get_by_role("button", name="返回，不办理").click()
    assert sent == []
    act.click()
    page.locator("[data-confirm-act]").click()
    page.wait_for_timeout(200)
    assert sent == ["POST"]


def test_a_button_of_htmx_asks_first_and_shows_what_the_server_refuses(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/")
    refusal = "这份名单还不能提交。"
    page.route(
        "**/refused",
        lambda route: route.fulfill(status=409, content_type="text/plain; charset=utf-8", body=refusal),
    )
    act = page.get_by_role("button", name="撤销命名").first
    act.evaluate(
        "button => { button.setAttribute('hx-post', '/refused'); button.dataset.confirm = '撤销命名？';"
        " htmx.process(button); }"
    )
    act.click()
    page.locator("[data-confirm-act]").click()
    page.locator("#messages .message--error", has_text=refusal).wait_for()


def test_everything_reads_without_scripts(site, browser):
    page, _complaints = _open(browser, f"{site}/gallery/", java_script_enabled=False)
    assert page.locator("[data-row]").count() == 12
    assert page.locator(".js-only:visible").count() == 0
    page.locator("input[value=approve]").check()
    assert page.locator(".decision__next--1").is_visible()


def test_a_notice_prints_on_a4_without_the_shell(site, browser):
    page, _complaints = _open(browser, f"{site}/notice/", java_script_enabled=False)
    page.emulate_media(media="print")
    assert not page.locator(".document-bar").is_visible()
    assert page.locator("h1").is_visible()
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
