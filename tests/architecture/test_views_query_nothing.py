"""Pages and forms ask named querysets, which know who may see what; they never build a query of their own."""

import ast

import pytest

from tests.architecture.source import name_of, parse, python_files

ROOMS = ("views", "forms", "filters", "flows", "tasks", "inbox")
# What the pages of the inbox ask; they read for many pages and are no pages.
READERS = ("workflows/inbox/waiting.py", "workflows/inbox/worklist.py", "workflows/inbox/desk.py")
APPS = ("quotas", "appraisal", "workflows")


def named_methods() -> set[str]:
    """What the querysets of the project offer by name."""
    return {"none"} | {
        node.name
        for app in APPS
        for path in python_files(app)
        if path.name == "querysets.py"
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def own_queries(tree: ast.AST, named: set[str]) -> list[int]:
    """Lines where `.objects` is followed by something else than a named method."""
    good = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in named and isinstance(node.value, ast.Attribute)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager", "_base_manager"}
        and id(node) not in good
    ]


def test_views_forms_and_flows_use_named_querysets():
    rooms = [
        path
        for app in APPS
        for path in python_files(app)
        if set(name_of(path).removesuffix(".py").split("/")) & set(ROOMS) and name_of(path) not in READERS
    ]
    named = named_methods()
    found = [f"{name_of(path)} line {line}" for path in rooms for line in own_queries(parse(path), named)]
    assert not found


@pytest.mark.parametrize("source", ["Slate.objects.filter(pk=1)", "Slate.objects", "Slate.objects.all()"])
def test_an_own_query_would_be_seen(source):
    assert own_queries(ast.parse(source), {"visible_to"}) == [1]


def test_a_named_queryset_is_left_alone():
    assert not own_queries(ast.parse("Slate.objects.visible_to(user).filter(pk=1)"), {"visible_to"})
