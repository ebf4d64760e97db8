"""Somebody at a browser: signs in by the page, presses what a person would press, and keeps what the browser says."""

import re
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response

from tests.builders import PASSWORD

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

# What Chromium reports of an answer of ours that says no: the page itself says so better.
_ANSWERS = tuple(f"the server responded with a status of {status}" for status in (403, 404, 409, 422))


PATIENCE = 15
"""Seconds that a person waits for an answer; the machine may be busy."""


class Person:
    """One browser context. `complaints` holds console errors, violations of the content policy and answers 5xx."""

    def __init__(
        self, browser: Browser, site: str, *, width: int = 1440, height: int = 900, **options: Any
    ) -> None:
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answer)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(answer in message.text for answer in _ANSWERS):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answer(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def leave(self) -> None:
        self.context.close()

    # where

    def sign_in(self, username: str, password: str = PASSWORD) -> "Person":
        self.go("/login/")
        self.page.get_by_label("登录名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.site}/")
        return self

    def go(self, path: str) -> Response | None:
        return self.page.goto(f"{self.site}{path}")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site)

    # what is seen

    @property
    def text(self) -> str:
        """What stands in the main part of the page."""
        return self.page.get_by_role("main").inner_text()

    def sees(self, *words: str) -> None:
        """All of these stand there, now or as soon as the answer has come."""
        until = monotonic() + PATIENCE
        while missing := [word for word in words if word not in self.text]:
            assert monotonic() < until, f"not seen: {missing}\n{self.text}"
            self.page.wait_for_timeout(50)

    def misses(self, *words: str) -> None:
        shown = self.text
        assert [word for word in words if word in shown] == [], shown

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)

    # what is done

    def fill_in(self, values: dict[str, Any], within: Locator | None = None) -> None:
        """By the label: text is typed, True ticks, a list of one chooses from a list."""
        for label, value in values.items():
            field = self._field(label, within or self.page)
            if value is True:
                field.check()
            elif isinstance(value, list):
                field.select_option(label=value[0])
            else:
                field.fill(str(value))

    @staticmethod
    def _field(label: str, place: Page | Locator) -> Locator:
        # The star of a needed field is part of its label; sections carry labels as well.
        labelled = place.get_by_label(label, exact=True).or_(place.get_by_label(f"{label} *", exact=True))
        return place.locator("input, select, textarea").and_(labelled)

    def press(self, name: str, *, exact: bool = True) -> None:
        """A button of the page."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=exact).click()

    def button(self, *words: str) -> Locator:
        """The button whose name consists of these words, however the page spaces them."""
        return self.page.get_by_role("button", name=re.compile(r"\s*".join(map(re.escape, words))))

    def follow(self, name: str, *, exact: bool = True) -> None:
        """A link of the page."""
        self.page.get_by_role("main").get_by_role("link", name=name, exact=exact).first.click()

    def agree(self, name: str) -> None:
        """To the question that comes before what cannot be undone."""
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        self.page.get_by_role("radio", name=name).check()

    def upload(self, kind: str, name: str, content: bytes = PDF, mime: str = "application/pdf") -> None:
        self.fill_in({"材料类别": [kind]})
        self.page.get_by_label("文件").set_input_files([{"name": name, "mimeType": mime, "buffer": content}])
        self.press("上传")
