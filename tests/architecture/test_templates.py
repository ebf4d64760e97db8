"""Every template is reached, everything that is asked for is there, and every line can be read."""

import ast
import re
from pathlib import Path

from tests.architecture.source import FLOORS, ROOT, parse, python_files

TEMPLATES = ROOT / "templates"
NAME = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)*\.html")
ASKED = re.compile(r"\{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
OF_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "django/forms/field.html"}
"""Django asks for these by name itself."""
LONGEST = 200
MOST = 13


def templates() -> dict[str, str]:
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.html")
    }


def asked_by_templates(texts: dict[str, str]) -> set[str]:
    return {name for text in texts.values() for name in ASKED.findall(text)}


def asked_by_code() -> set[str]:
    return {
        node.value
        for path in python_files(*FLOORS)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }


def test_every_template_is_reached():
    texts = templates()
    assert texts.keys() - asked_by_templates(texts) - asked_by_code() - OF_DJANGO == set()


def test_every_template_that_is_asked_for_is_there():
    texts = templates()
    assert (asked_by_templates(texts) | asked_by_code()) - texts.keys() == set()


def test_a_lost_template_would_be_seen():
    texts = {"a.html": '{% extends "b.html" %}{% include "c/d.html" with e="f.html" %}', "g.html": ""}
    assert asked_by_templates(texts) == {"b.html", "c/d.html"}
    assert {"quotas/people/login.html", "confirm.html"} <= asked_by_code()


def test_no_line_is_too_long_to_be_reviewed():
    long = {
        f"{name}:{number}": len(line)
        for name, text in templates().items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST
    }
    assert long == {}


def test_no_folder_holds_more_than_a_dozen():
    folders: dict[Path, int] = {}
    for name in templates():
        folder = Path(name).parent
        folders[folder] = folders.get(folder, 0) + 1
    assert {folder.as_posix() for folder, number in folders.items() if number > MOST} == set()


def test_no_style_shows_the_layout_of_a_template():
    """Lines that somebody typed become breaks (`linebreaksbr`); a style that keeps white space would show ours as well."""
    css = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static").rglob("*.css"))
    assert "white-space: pre" not in css
