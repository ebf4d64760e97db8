"""Floors: config > workflows > appraisal > quotas, and who may know which package."""

import ast

import pytest

from tests.architecture.source import FLOORS, ROOT, imported_modules, name_of, parse, python_files

# Package → the files that may import it, as prefixes. Everything else goes through them.
DOORS = {
    "viewflow": ("workflows/",),
    "guardian": ("quotas/tree/permissions.py",),
    "highspy": ("quotas/arithmetic/_highs.py",),
    "numpy": (),
    "openpyxl": (
        "appraisal/workbooks/",
        "appraisal/imports/spreadsheets.py",
        "appraisal/planning/spreadsheets.py",
        "appraisal/slates/spreadsheets.py",
    ),
}


def upward_imports(floor: str, tree: ast.AST) -> list[str]:
    """Imports from `floor` of a floor above it."""
    above = FLOORS[FLOORS.index(floor) + 1 :]
    return [
        f"line {line}: {module}" for line, module in imported_modules(tree) if module.split(".")[0] in above
    ]


def past_the_door(path: str, tree: ast.AST) -> list[str]:
    """Imports in the file `path` of a package that has another door."""
    return [
        f"line {line}: {module}"
        for line, module in imported_modules(tree)
        if (doors := DOORS.get(module.split(".")[0])) and not path.startswith(doors)
    ]


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_imports_a_higher_one(floor):
    found = {
        name_of(path): bad for path in python_files(floor) if (bad := upward_imports(floor, parse(path)))
    }
    assert not found


def test_packages_are_imported_at_their_doors_only():
    found = {
        name_of(path): bad
        for path in python_files(*FLOORS)
        if (bad := past_the_door(name_of(path), parse(path)))
    }
    assert not found


def test_the_settings_are_imported_by_nobody():
    found = [
        f"{name_of(path)} line {line}: {module}"
        for path in python_files("workflows", "appraisal", "quotas")
        for line, module in imported_modules(parse(path))
        if module.split(".")[0] == "config"
    ]
    assert not found


def test_every_app_is_a_floor():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps == set(FLOORS) - {"config"}


@pytest.mark.parametrize(
    "source",
    [
        "from appraisal.models import Nomination",
        "import workflows.flows",
        "def late():\n    from appraisal import services",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from config import urls",
    ],
)
def test_an_upward_import_would_be_seen(source):
    assert upward_imports("quotas", ast.parse(source))


def test_a_package_past_its_door_would_be_seen():
    assert past_the_door("appraisal/views.py", ast.parse("from guardian.shortcuts import assign_perm"))
    assert past_the_door("appraisal/slates/services/slates.py", ast.parse("import viewflow.workflow"))
    assert not past_the_door("workflows/nodes.py", ast.parse("import viewflow.workflow"))
