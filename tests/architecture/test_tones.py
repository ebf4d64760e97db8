"""Tones stand in one place (`appraisal.records.tones`): views name none, and templates none of a decision."""

import ast
import re

from quotas.templatetags.px import TONES
from tests.architecture.source import ROOT, name_of, parse, python_files

VIEWS = [
    path
    for path in python_files("appraisal", "workflows/tasks", "workflows/inbox")
    if path.parent.name in {"views", "tasks", "inbox"}
]
OF_DECISIONS = re.compile(r"""\{%\s*(?:status|shape)\b[^%]*["'](?:returned|declined)["']|\.tone\s*[!=]=""")
"""A template that draws a decision, or that asks how something is drawn instead of what it is."""


def named(tree):
    """Lines on which a tone stands: beside "tone" or `tone`, as an answer of two, or as the value of a table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(
            isinstance(each, ast.Attribute) and each.attr == "tone" for each in [node.left, *node.comparators]
        ):
            yield from of_tone(node.left, *node.comparators)
        elif isinstance(node, ast.Dict):
            keyed = dict(zip(map(key_of, node.keys), node.values, strict=True))
            yield from of_tone(*([keyed["tone"]] if "tone" in keyed else ()))
            if len(node.values) > 1 and all(key_of(value) in TONES for value in node.values):
                yield from of_tone(*node.values)
        elif isinstance(node, ast.IfExp):
            yield from of_tone(node.body, node.orelse)
        elif isinstance(node, ast.Call):
            yield from of_tone(*(each.value for each in node.keywords if each.arg == "tone"))
            # A block of the home page has a key of its own, in front.
            yield from of_tone(*node.args[1:])
        elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "tone" and node.value:
            yield from of_tone(node.value)
        elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
            yield from of_tone(*node.elts)


def key_of(node):
    return node.value if isinstance(node, ast.Constant) else None


def of_tone(*nodes):
    """`case "done"` and a box of a form are words of their own: only what stands where a tone stands is looked at."""
    yield from (node.lineno for node in nodes if key_of(node) in TONES)


def test_no_view_names_a_tone():
    assert len(VIEWS) > 40
    found = {f"{name_of(path)}:{line}" for path in VIEWS for line in named(parse(path))}
    assert {each for each in found if not each.startswith("workflows/inbox/waiting.py")} == set()


def test_no_template_draws_a_decision_by_itself():
    found = {
        name_of(path)
        for path in (ROOT / "templates").rglob("*.html")
        if OF_DECISIONS.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_a_tone_would_be_seen():
    for code in (
        '{"label": word, "tone": "returned"}',
        '{"a": "done", "b": "declined"}',
        '"done" if signed else "returned"',
        'Item(name, tone="late")',
        'Item(name, label, "returned")',
        'title, "soon", words',
        'box.tone != "done"',
        'tone: str = "todo"',
    ):
        assert list(named(ast.parse(code))), code
    for text in ('{% status label "returned" plain=True %}', '{% if stage.tone == "current" %}'):
        assert OF_DECISIONS.search(text), text
