"""Places and shares are counted in integers and fractions; a float would round a place away."""

import ast

import pytest

from tests.architecture.source import name_of, parse, python_files

EXACT = ("quotas/arithmetic", "appraisal/records/rules.py", "appraisal/rules")


def inexact(tree: ast.AST) -> list[int]:
    """Lines with a float literal, a true division, or float(), round() or complex()."""
    lines = []
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                lines.append(node.lineno)
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                lines.append(node.lineno)
            case ast.Name(id="float" | "round" | "complex"):
                lines.append(node.lineno)
    return lines


def test_the_arithmetic_is_exact():
    files = [path for path in python_files(*EXACT) if path.exists()]
    assert files
    found = [f"{name_of(path)} line {line}" for path in files for line in inexact(parse(path))]
    assert not found


@pytest.mark.parametrize(
    "source", ["x = 0.5", "x = a / b", "x /= 2", "x = round(y)", "x = float(y)", "def f(x: float): ..."]
)
def test_inexact_code_would_be_seen(source):
    assert inexact(ast.parse(source)) == [1]


@pytest.mark.parametrize("source", ["x = a // b", "x = Fraction(1, 2) * 3", "x = -(-a // b)"])
def test_exact_code_is_left_alone(source):
    assert not inexact(ast.parse(source))
