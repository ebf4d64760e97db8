"""docs/glossary.md: every model and every enumeration once, under one term, where it says."""

import enum
import inspect
import re

import pytest
from django.apps import apps

import appraisal.records.states
import quotas.base.states
import quotas.tree.permissions
from tests.architecture.source import ROOT

ROW = re.compile(r"\| (?P<term>.+?) \| `(?P<name>\w+)` \| (?P<told>.+?) \| `(?P<path>[\w/.]+)` \|")
ROWS = [
    found.groupdict()
    for line in (ROOT / "docs/glossary.md").read_text().splitlines()
    if (found := ROW.fullmatch(line))
]


def _models():
    return [
        model
        for app in ("quotas", "appraisal", "workflows")
        for model in apps.get_app_config(app).get_models()
        if not model._meta.auto_created
    ]


def _enumerations():
    return [
        found
        for module in (quotas.base.states, quotas.tree.permissions, appraisal.records.states)
        for found in vars(module).values()
        if inspect.isclass(found) and issubclass(found, enum.Enum) and found.__module__ == module.__name__
    ]


def test_every_model_and_enumeration_stands_in_it_once():
    named = [row["name"] for row in ROWS]
    assert len(named) == len(set(named))
    assert set(named) == {each.__name__ for each in (*_models(), *_enumerations())}


def test_one_term_for_one_thing():
    terms = [row["term"] for row in ROWS]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_the_term_of_a_model_is_its_name_on_the_pages(model):
    (row,) = (row for row in ROWS if row["name"] == model.__name__)
    assert row["term"] == str(model._meta.verbose_name)


@pytest.mark.parametrize("found", [*_models(), *_enumerations()], ids=lambda found: found.__name__)
def test_it_lives_where_the_glossary_says(found):
    (row,) = (row for row in ROWS if row["name"] == found.__name__)
    assert row["path"] == found.__module__.replace(".", "/") + ".py"
