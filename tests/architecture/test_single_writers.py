"""A state has one writer, a count of places taken has one writer."""

import ast

import pytest

from tests.architecture.source import FLOORS, name_of, parse, python_files

LIFECYCLE = "appraisal/records/services/lifecycle.py"

# Attribute → the only files of the domain that may write it.
WRITERS = {
    "status": (LIFECYCLE,),
    "stage": (LIFECYCLE,),
    "desk": (LIFECYCLE,),
    "review_pass": (LIFECYCLE,),
    "state": (
        LIFECYCLE,
        "quotas/rounds/services/rounds.py",
        "quotas/rounds/services/apportionments.py",
        "quotas/people/services/resets.py",
        "appraisal/deadlines/services/extensions.py",
        "quotas/people/services/proposals.py",
    ),
    "committed": ("quotas/rounds/services/allotments.py",),
}
# The engine's tasks and processes have a `status` of their own, which these rooms of workflows write.
ENGINE_ROOMS = ("workflows/nodes.py", "workflows/tokens.py", "workflows/turns.py")


def writes(tree: ast.AST, attribute: str) -> list[int]:
    """Lines that assign `x.attribute`, or write the column through update() or bulk_update() or setattr()."""
    lines = []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets):
                lines += [
                    node.lineno for target in targets for part in ast.walk(target) if _is(part, attribute)
                ]
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target) if _is(target, attribute):
                lines.append(node.lineno)
            case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
                lines += [node.lineno for keyword in keywords if keyword.arg == attribute]
            case ast.Call(func=ast.Attribute(attr="bulk_update") | ast.Name(id="setattr")) if _named(
                node, attribute
            ):
                lines.append(node.lineno)
    return lines


def _is(node: ast.AST, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Store)


def _named(call: ast.Call, attribute: str) -> bool:
    return any(isinstance(part, ast.Constant) and part.value == attribute for part in ast.walk(call))


def may_write(path: str, attribute: str) -> bool:
    return path in WRITERS[attribute] or (attribute == "status" and path in ENGINE_ROOMS)


@pytest.mark.parametrize("attribute", WRITERS)
def test_one_writer(attribute):
    found = [
        f"{name_of(path)} line {line}"
        for path in python_files(*FLOORS)
        if not may_write(name_of(path), attribute)
        for line in writes(parse(path), attribute)
    ]
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "nomination.status = 'named'",
        "a, nomination.status = 1, 2",
        "nomination.status: str = 'named'",
        "Nomination.objects.filter(pk=1).update(status='named')",
        "Nomination.objects.bulk_update(rows, ['status'])",
        "setattr(nomination, 'status', 'named')",
    ],
)
def test_a_second_writer_would_be_seen(source):
    assert writes(ast.parse(source), "status") == [1]


@pytest.mark.parametrize("source", ["x = nomination.status", "Nomination.objects.filter(status='named')"])
def test_reading_is_free(source):
    assert not writes(ast.parse(source), "status")
