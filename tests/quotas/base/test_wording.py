"""Every refusal speaks: its words have three parts and name its figures; it stands in one room and is raised."""

import ast
import re
from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils import translation

from config import busy, urls
from quotas.base import errors, wording
from quotas.base.errors import InvalidInput
from quotas.base.refusals import ReasonRequired
from quotas.base.states import Stage
from quotas.base.wording import sentence, sentences, word
from quotas.people.refusals import PasswordWeak
from quotas.rounds.refusals import BelowCommitted, NegativePlaces, StageClosed
from quotas.tree.permissions import Act
from tests.architecture.source import name_of, parse, python_files

PRODUCT = (busy, urls)
"""Whatever refuses is imported with the pages and the middleware."""
APPS = ("quotas", "appraisal", "workflows", "config")
NOT_IN_WORDS = {("number_malformed", "text"), ("number_check_digit", "text")}
"""Figures that no sentence tells: a log says that a text was typed, and a sentence never repeats it."""


def ours():
    """The kinds of refusals of the product by code, without those of tests."""
    return {code: kind for code, kind in errors.kinds().items() if not kind.__module__.startswith("tests.")}


def kinds_of(tree):
    """The classes of a module that have words."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "words" for target in line.targets)
        and isinstance(line.value, ast.Call)
        and isinstance(line.value.func, ast.Name)
        and line.value.func.id == "Wording"
    ]


def made(tree):
    """The names that a module uses, without those it only imports, annotates with or compares with."""
    other = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, asked]):
                other |= {id(name) for name in ast.walk(asked)}
            case ast.FunctionDef(returns=given) if given is not None:
                other |= {id(name) for name in ast.walk(given)}
            case ast.arg(annotation=given) | ast.AnnAssign(annotation=given) if given is not None:
                other |= {id(name) for name in ast.walk(given)}
            case ast.Compare():
                other |= {id(name) for name in ast.walk(node)}
            case ast.ExceptHandler(type=given) if given is not None:
                other |= {id(name) for name in ast.walk(given)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in other}


def test_every_refusal_is_raised_somewhere():
    used = {name for path in python_files(*APPS) if path.name != "refusals.py" for name in made(parse(path))}
    assert len(ours()) > 300
    assert not sorted(kind.__name__ for kind in ours().values() if kind.__name__ not in used)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("raise RoundClosed(round=x)", {"RoundClosed"}),
        ("raise StageClosed", {"StageClosed"}),
        ("raise InvalidInput(NameRequired('name'))", {"InvalidInput", "NameRequired"}),
        ("kind = NoticeLonger if x else NoticeShorter", {"NoticeLonger", "NoticeShorter"}),
        ("from refusals import RoundClosed", set()),
        ("def f(x: RoundClosed) -> StageClosed: ...", set()),
        ("isinstance(x, RoundClosed)", {"isinstance"}),
        ("type(x) is RoundClosed", set()),
        ("try:\n    f()\nexcept RoundClosed:\n    pass", {"f"}),
    ],
)
def test_an_unused_refusal_would_be_seen(source, names):
    assert made(ast.parse(source)) - {"x", "kind", "type"} == names


def test_every_refusal_stands_in_the_room_of_refusals_of_its_subject():
    found = {name_of(path): kinds_of(parse(path)) for path in python_files(*APPS)}
    astray = {name: kinds for name, kinds in found.items() if kinds and not name.endswith("/refusals.py")}
    assert not astray
    times = Counter(kind for kinds in found.values() for kind in kinds)
    assert not [kind for kind, number in times.items() if number > 1]
    assert sorted(times) == sorted(kind.__name__ for kind in ours().values())


def test_an_astray_refusal_would_be_seen():
    source = "class Odd(WrongState):\n    until: date\n    words = Wording(_('x'))\nclass Family(Odd):\n    until: date"
    assert kinds_of(ast.parse(source)) == ["Odd"]


@pytest.mark.parametrize("kind", ours().values(), ids=ours())
def test_words_and_figures_agree(kind):
    figures = {name for name in kind._figures if name != "field"}
    untold = figures - kind.words.placeholders
    made_of_them = {name for name in vars(kind) if isinstance(vars(kind)[name], property)}
    assert made_of_them or {(kind.code, name) for name in untold} <= NOT_IN_WORDS
    assert kind.words.placeholders - figures <= made_of_them


@pytest.mark.parametrize("kind", ours().values(), ids=ours())
def test_every_sentence_says_what_cannot_be_and_ends(kind):
    what, figures, remedy = kind.words
    assert what
    # A part may be one figure that is a sentence itself.
    assert all(re.search(r"(。|^%\(\w+\)s)$", part) for part in (what, figures, remedy) if part)
    assert figures or remedy, "a refusal that only says no helps nobody"


def test_a_sentence_has_three_parts():
    said = sentence(BelowCommitted(body="常熟市", places=3, committed=4))
    assert said.what == "常熟市的名额不能减到 3 个。"
    assert said.figures == "其推荐名单已占用 4 个。"
    assert said.remedy == "请保留不少于 4 个名额，或请该单位先拿回名单。"
    assert str(said) == said.what + said.figures + said.remedy


def test_all_reasons_of_a_refusal_are_said():
    refused = InvalidInput(ReasonRequired("a"), NegativePlaces("b", places=-1))
    assert [said.what for said in sentences(refused)] == ["没有填写理由，不能保存。", "名额不能为负数。"]


def test_another_password_validator_is_named_by_its_code():
    problem = PasswordWeak("new_password1", code="leaked_password")
    assert problem.code == "leaked_password"
    assert "leaked_password" in sentence(problem).figures


@pytest.mark.parametrize(
    ("value", "chinese"),
    [
        (datetime(2026, 11, 20, 9, 30, tzinfo=UTC), "2026年11月20日 17:30"),
        (date(2026, 11, 20), "2026年11月20日"),
        (Stage.COUNTY, "县级"),
        (Act.KEEP_SLATE, "编制并提交推荐名单"),
        (Fraction(2, 5), "2/5"),
        (12345, "12,345"),
        (True, "是"),
        (None, "无"),
        ([Stage.COUNTY, Stage.CITY], "县级、市级"),
        ("某某", "某某"),
    ],
)
def test_figures_are_written_as_they_are_read(value, chinese):
    assert word(value) == chinese


def test_the_reader_chooses_the_language():
    refused = StageClosed(stage=Stage.UNIT, due_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    with translation.override("zh-hans"):
        assert "截止" in sentence(refused).what
    with translation.override("en"):
        assert "截止" not in str(sentence(refused))


@pytest.mark.parametrize(
    ("value", "read"), [(Fraction(50, 13), "3 又 11/13"), (Fraction(5, 13), "5/13"), (Fraction(6, 2), "3")]
)
def test_claims_are_read_with_their_whole_part(value, read):
    assert wording.mixed(value) == read
