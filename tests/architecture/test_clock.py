"""There is one clock, quotas/base/clock.py, so that a deadline can be tested and a season simulated."""

import ast

import pytest

from tests.architecture.source import FLOORS, dotted, name_of, parse, python_files

CLOCK = "quotas/base/clock.py"
OTHER_CLOCKS = (
    "timezone.now",
    "date.today",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "time.time",
    "functions.Now",
)
# Django fills these columns from its own clock.
SELF_FILLING = {"auto_now", "auto_now_add"}
# These ask the clock only when they are given no moment.
WITHOUT_A_MOMENT = ("timezone.localdate", "timezone.localtime")
BARE_NAMES = {"Now"}


def other_clocks(tree: ast.AST) -> list[int]:
    """Lines that ask another clock, called or handed over as a default."""
    lines = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute() if _ends(node, OTHER_CLOCKS):
                lines.append(node.lineno)
            case ast.Call(func=ast.Attribute() as function, args=[]) if _ends(function, WITHOUT_A_MOMENT):
                lines.append(node.lineno)
            case ast.keyword(arg=str(name)) if name in SELF_FILLING:
                lines.append(node.value.lineno)
            case ast.Call(func=ast.Name(id=name)) if name in BARE_NAMES:
                lines.append(node.lineno)
    return lines


def _ends(node: ast.AST, names: tuple[str, ...]) -> bool:
    return f".{dotted(node)}".endswith(tuple(f".{name}" for name in names))


def test_there_is_one_clock():
    found = [
        f"{name_of(path)} line {line}"
        for path in python_files(*FLOORS)
        if name_of(path) != CLOCK
        for line in other_clocks(parse(path))
    ]
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "timezone.now()",
        "django.utils.timezone.now()",
        "DateTimeField(default=timezone.now)",
        "datetime.date.today()",
        "date.today()",
        "datetime.datetime.now(tz=UTC)",
        "DateTimeField(auto_now_add=True)",
        "rows.filter(due__lt=Now())",
        "time.time()",
        "timezone.localtime()",
    ],
)
def test_another_clock_would_be_seen(source):
    assert other_clocks(ast.parse(source)) == [1]


@pytest.mark.parametrize(
    "source", ["clock.now()", "now()", "today()", "time.perf_counter()", "timezone.localtime(x, CN)"]
)
def test_our_clock_is_left_alone(source):
    assert not other_clocks(ast.parse(source))
