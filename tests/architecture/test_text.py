"""How text is kept, compared and found stands in one module, and values from outside come in at one door."""

import ast

import pytest

from tests.architecture.source import ROOT, name_of, parse, python_files

ROOM, DOOR = "quotas/base/text.py", "quotas/base/outside.py"
CLEANERS = {
    "strip",
    "lstrip",
    "rstrip",
    "normalize",
    "casefold",
    "isspace",
    "upper",
    "lower",
    "isdecimal",
    "isdigit",
}
OUR_FIELDS = {"CharField": "LineField, BlockField or CodeField", "IntegerField": "WholeField"}
NOT_PEOPLES_TEXT = {
    "appraisal/nominations/services/evidence.py": "endings of files",
    "appraisal/imports/services/uploads.py": "endings of files",
    "config/": "values of the environment",
    "quotas/templatetags/px.py": "the width of a character on paper",
    "quotas/people/services/passwords.py": "passwords are compared with what is easily guessed",
    "quotas/base/errors.py": "names of classes",
    "appraisal/management/": "columns of a terminal",
    "workflows/management/commands/demo.py": "columns of a terminal",
    "workflows/simulation/": "invented units",
    "appraisal/workbooks/": "parts of an archive, their names and the cells that the reader hands on",
}


def cleaning(tree: ast.AST) -> list[str]:
    """Calls that strip white space or change the form of characters, and what knows the tables of characters."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=args) if name in CLEANERS:
                # Of a path or a list of codes: .strip("/") is no cleaning of a text.
                if not (args and isinstance(args[0], ast.Constant) and str(args[0].value).strip()):
                    found.append(f"line {node.lineno}: .{name}()")
            case ast.Import(names=names) if any(each.name == "unicodedata" for each in names):
                found.append(f"line {node.lineno}: unicodedata")
            case ast.ImportFrom(module="unicodedata", names=names):
                if {each.name for each in names} != {"east_asian_width"}:
                    found.append(f"line {node.lineno}: unicodedata")
    return found


def bare_fields(tree: ast.AST) -> list[str]:
    """Fields of forms that clean or bound nothing."""
    return [
        f"line {node.lineno}: forms.{node.attr} instead of {OUR_FIELDS[node.attr]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in OUR_FIELDS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"forms", "django_filters"}
    ]


def test_nobody_else_cleans_text():
    files = [
        path
        for path in python_files("config", "workflows", "appraisal", "quotas")
        if name_of(path) not in {ROOM, DOOR}
        and "/migrations/" not in name_of(path)
        and not name_of(path).startswith(tuple(NOT_PEOPLES_TEXT))
    ]
    assert files
    found = {name_of(path): bad for path in files if (bad := cleaning(parse(path)))}
    assert not found


def test_every_field_of_a_form_is_ours():
    files = [path for path in python_files("workflows", "appraisal", "quotas") if name_of(path) != DOOR]
    found = {
        name_of(path): bad
        for path in files
        if "/models" not in name_of(path)
        and "/migrations/" not in name_of(path)
        and (bad := bare_fields(parse(path)))
    }
    assert not found


def test_rows_in_addresses_are_bounded():
    assert not [
        name_of(path) for path in ROOT.glob("*/urls.py") if "<int:" in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize(
    "source", ["x = y.strip()", "y.casefold()", "import unicodedata", "text.upper()", "y.isdigit()"]
)
def test_a_cleaner_would_be_seen(source):
    assert cleaning(ast.parse(source))


@pytest.mark.parametrize("source", ['path.strip("/")', "x = y", "from unicodedata import east_asian_width"])
def test_what_cleans_nothing_is_let_pass(source):
    assert not cleaning(ast.parse(source))


def test_a_bare_field_would_be_seen():
    assert bare_fields(ast.parse("a = forms.CharField()\nb = forms.IntegerField()"))
    assert not bare_fields(ast.parse("a = models.CharField()"))
