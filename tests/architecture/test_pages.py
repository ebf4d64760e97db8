"""One page that acts: no page catches a refusal, and whatever takes a form is an `ActPage`."""

import ast
from types import SimpleNamespace

import pytest
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, get_resolver
from django.views.i18n import set_language

from quotas.base.errors import DomainError
from quotas.base.pages import ActPage
from tests.architecture.source import name_of, parse, python_files

APPS = ("quotas", "appraisal", "workflows")
PAGES_OF_THE_INBOX = ("home", "inbox", "blocks", "rows", "queue", "forecast", "lists_left")
OPEN_TO_ALL = (LoginView, LogoutView)
"""Pages of Django for whoever has not signed in, or goes."""


def rooms():
    """The modules in which pages stand."""
    found = [
        path
        for app in APPS
        for path in python_files(app)
        if "views" in name_of(path).removesuffix(".py").split("/")
    ]
    found += python_files("workflows/tasks", *(f"workflows/inbox/{name}.py" for name in PAGES_OF_THE_INBOX))
    return found


def family() -> set[str]:
    """The names under which a refusal can be caught."""

    def below(kind: type) -> set[str]:
        return {kind.__name__}.union(*(below(each) for each in kind.__subclasses__()))

    get_resolver().url_patterns  # noqa: B018 -- what pages import is imported
    return below(DomainError) | {"Exception", "BaseException"}


def catching(tree: ast.AST, names: set[str]) -> list[int]:
    """Lines where a refusal is caught: by `except`, or by `suppress`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.walk(node.type) if node.type else [ast.Name("Exception")]
        elif isinstance(node, ast.Call) and "suppress" in {last(part) for part in ast.walk(node.func)}:
            caught = [part for argument in node.args for part in ast.walk(argument)]
        else:
            continue
        if names & {last(part) for part in caught}:
            found.append(node.lineno)
    return found


def last(node: ast.AST) -> str:
    """The name at the end of `a.b.Name`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_no_page_catches_a_refusal():
    names = family()
    assert len(rooms()) > 40
    assert not [f"{name_of(path)} line {line}" for path in rooms() for line in catching(parse(path), names)]


@pytest.mark.parametrize(
    "handler",
    [
        "except DomainError as error:",
        "except (ValueError, errors.Conflict):",
        "except Stale:",
        "except Exception:",
        "except:",
    ],
)
def test_one_that_did_would_be_seen(handler):
    assert catching(ast.parse(f"try:\n    organs.update()\n{handler}\n    pass"), family()) == [3]


def test_one_that_swallowed_it_would_be_seen():
    assert catching(ast.parse("with contextlib.suppress(TooLate):\n    organs.update()"), family()) == [1]


def test_what_is_no_refusal_may_be_caught():
    assert not catching(ast.parse("try:\n    open(name)\nexcept FileNotFoundError:\n    pass"), family())


def entries(resolver) -> list[URLPattern]:
    found = []
    for entry in resolver.url_patterns:
        found += [entry] if isinstance(entry, URLPattern) else entries(entry)
    return found


def test_whatever_takes_a_form_is_a_page_that_acts(rf):
    """Only a task has a function before its page, which finds the page of its node."""
    others, sent = [], rf.post("/")
    sent.user = SimpleNamespace(is_authenticated=True)
    for entry in entries(get_resolver()):
        view = entry.callback
        kind = getattr(view, "view_class", None)
        if kind is not None and issubclass(kind, (ActPage, *OPEN_TO_ALL)):
            continue
        if kind is not None:
            others += [] if not hasattr(kind, "post") else [entry.name]
        elif view is not set_language and entry.name != "task":
            others += [entry.name] if view(sent).status_code != 405 else []
    assert not others
