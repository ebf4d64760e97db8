"""Fills the form of a page with what was typed before, in the page's own text: nothing else of it changes.

Fields are found by their names in forms that are sent by POST. Tokens, passwords and files are never filled.
"""

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

_NEVER = frozenset({"password", "file", "submit", "button", "image", "reset"})


def refill(page: str, typed: Mapping[str, list[str]]) -> str:
    """The page with the fields filled. What the page has no field for is left out."""
    filler = _Filler(page, typed)
    filler.feed(page)
    filler.close()
    return filler.result()


class _Filler(HTMLParser):
    def __init__(self, page: str, typed: Mapping[str, list[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self._typed = {name: list(values) for name, values in typed.items()}
        self._page = page
        self._lines = [0]
        for line in page.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._done = 0
        self._parts: list[str] = []
        self._posts = False
        self._select: list[str] | None = None
        self._text_from: int | None = None
        self._text: str = ""

    def result(self) -> str:
        return "".join([*self._parts, self._page[self._done :]])

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _replace(self, start: int, end: int, text: str) -> None:
        self._parts += [self._page[self._done : start], text]
        self._done = end

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._posts = found.get("method", "").lower() == "post"
        if not self._posts:
            return
        written = self.get_starttag_text() or ""
        start = self._here()
        end = start + len(written)
        typed = self._typed.get(found.get("name", ""))
        if tag == "input" and typed is not None and found.get("type", "text").lower() not in _NEVER:
            kind = found.get("type", "text").lower()
            if kind in {"radio", "checkbox"}:
                self._replace(start, end, _tag(tag, attrs, checked=found.get("value", "on") in typed))
            elif typed:
                self._replace(start, end, _tag(tag, attrs, value=typed[0]))
        elif tag == "textarea" and typed:
            self._text_from, self._text = end, typed[0]
        elif tag == "select" and typed is not None:
            self._select = typed
        elif tag == "option" and self._select is not None:
            self._replace(start, end, _tag(tag, attrs, selected=found.get("value", "") in self._select))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._posts = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text_from is not None:
            # A line end right behind the tag is not part of the text.
            self._replace(self._text_from, self._here(), "\n" + escape(self._text, quote=False))
            self._text_from = None


def _tag(
    tag: str,
    attrs: list[tuple[str, str | None]],
    *,
    value: str | None = None,
    checked: bool | None = None,
    selected: bool | None = None,
) -> str:
    """The tag once more, with one thing about it changed."""
    kept = dict(attrs)
    if value is not None:
        kept["value"] = value
    for name, wanted in (("checked", checked), ("selected", selected)):
        if wanted is not None:
            kept.pop(name, None)
            if wanted:
                kept[name] = None
    written = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept.items()
    )
    return f"<{tag}{written}>"
