"""What the documents name stands there: every module and every path in backticks."""

import re

import pytest

from tests.architecture.source import FLOORS, ROOT

PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("*.md")])
PATH = re.compile(r"`((?:[\w.-]+/)+[\w-]+\.(?:py|html|toml|md|yml))`")
MODULE = re.compile(r"`((?:quotas|appraisal|workflows|config)(?:\.\w+){2,})`")
# Two parts alone may be the name of a permission.
INVENTED = {"CHANGELOG.md"}
"""Pages that tell of what was."""


def stands(path: str) -> bool:
    """In the project, below one of its floors, or among the templates."""
    return any((ROOT / place / path).exists() for place in ("", "templates", *FLOORS))


def is_module(dotted: str) -> bool:
    """A package, a module, or a name in one: the longest part that is a file holds the next name."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:end])
        files = [file for file in (base.with_suffix(".py"), base / "__init__.py") if file.exists()]
        if files:
            rest = parts[end : end + 1]
            return not rest or any(
                re.search(rf"\b{rest[0]}\b", file.read_text(encoding="utf-8")) for file in files
            )
    return False


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in INVENTED], ids=lambda page: page.name
)
def test_what_a_page_names_is_there(page):
    text = page.read_text(encoding="utf-8")
    lost = [path for path in PATH.findall(text) if not stands(path)]
    lost += [name for name in MODULE.findall(text) if not is_module(name)]
    assert not lost


@pytest.mark.parametrize("name", ["appraisal.spreadsheets.slate_workbook", "quotas.models.Nobody"])
def test_a_lost_name_would_be_seen(name):
    assert not is_module(name)
    assert not stands(name.replace(".", "/") + ".py")
