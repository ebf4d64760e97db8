"""A public class name stands once in the repository, so that a name says which thing is meant."""

import ast
from collections import defaultdict

from tests.architecture.source import FLOORS, name_of, parse, python_files

DJANGO_ASKS = {"Command"}
"""Django looks for every command under this name."""


def test_a_public_class_name_stands_once():
    where: dict[str, list[str]] = defaultdict(list)
    for path in python_files(*FLOORS):
        for node in parse(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(name_of(path))
    twice = {name: files for name, files in where.items() if len(files) > 1 and name not in DJANGO_ASKS}
    assert not twice
