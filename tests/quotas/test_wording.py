"""Every refusal speaks: each code that is raised has its sentence, in three parts."""

import ast
import re
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils import translation

from appraisal.records import wording as of_the_conduct
from quotas.base import wording
from quotas.base.errors import InvalidInput, Violation
from quotas.base.states import Stage
from quotas.base.wording import Wording, known_codes, register, sentence, sentences, word
from quotas.tree.permissions import Act
from tests.architecture.source import dotted, name_of, parse, python_files

# Where the code stands among the arguments of what is raised.
RAISED = {
    "WrongState": 0,
    "NotPermitted": 0,
    "TooLate": 0,
    "Conflict": 0,
    "Violation": 0,
    "InvalidInput": 1,
    "FieldProblem": 1,
}
CODE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")


def raised_codes(tree: ast.AST) -> set[str]:
    """The codes written out where a refusal or a reason is made, both arms of a choice included."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        place = RAISED.get(name.rpartition(".")[2])
        if place is not None and len(node.args) > place:
            found |= _texts(node.args[place])
        elif name.endswith("InvalidInput.many"):
            for row in ast.walk(node):
                if isinstance(row, ast.Tuple) and len(row.elts) == 3:
                    found |= _texts(row.elts[1])
    return {code for code in found if CODE.match(code)}


def _texts(node: ast.AST) -> set[str]:
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return _texts(body) | _texts(orelse)
        case _:
            return set()


@pytest.mark.parametrize("floor", ["quotas", "appraisal", "workflows"])
def test_every_code_that_is_raised_has_its_sentence(floor):
    assert of_the_conduct
    silent = {
        name_of(path): missing
        for path in python_files(floor)
        if (missing := sorted(raised_codes(parse(path)) - known_codes()))
    }
    assert not silent


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ('raise WrongState("a_b", state=x)', {"a_b"}),
        ('raise errors.InvalidInput("field", "wrong_value")', {"wrong_value"}),
        ('yield Violation("one" if x else "two", {})', {"one", "two"}),
        ('InvalidInput.many(("rows", "three", {}) for row in rows)', {"three"}),
        ('InvalidInput.many([("rows", "four", {}), (None, "five", {})])', {"four", "five"}),
        ("WrongState(code, round=x)", set()),
    ],
)
def test_the_codes_would_be_seen(source, codes):
    assert raised_codes(ast.parse(source)) == codes


def test_a_sentence_has_three_parts():
    said = sentence(
        Violation("below_committed", {"body": "常熟市", "places": 3, "committed": 4}),
    )
    assert said.what == "常熟市的名额不能减到 3 个。"
    assert said.figures == "其推荐名单已占用 4 个。"
    assert said.remedy == "请保留不少于 4 个名额，或请该单位先拿回名单。"
    assert str(said) == said.what + said.figures + said.remedy


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_every_sentence_says_what_cannot_be_and_ends(code):
    what, figures, remedy = (str(part) for part in wording._register[code])
    assert what
    # A part may be one figure that is a sentence itself.
    assert all(re.search(r"(。|^%\(\w+\)s)$", part) for part in (what, figures, remedy) if part)
    assert figures or remedy, "a refusal that only says no helps nobody"


def test_an_unknown_code_is_loud_and_still_says_something():
    with pytest.warns(RuntimeWarning, match="no_such_code"):
        said = sentence(Violation("no_such_code"))
    assert "no_such_code" in said.figures


def test_a_missing_figure_is_loud_and_leaves_a_dash():
    with pytest.warns(RuntimeWarning, match="committed"):
        said = sentence(Violation("below_committed", {"body": "常熟市", "places": 3}))
    assert said.figures == "其推荐名单已占用 — 个。"


def test_a_code_belongs_to_one_floor():
    with pytest.raises(ValueError, match="stage_closed"):
        register({"stage_closed": Wording("又一句")})


def test_all_reasons_of_a_refusal_are_said():
    refused = InvalidInput.many([("a", "reason_required", {}), ("b", "negative_places", {"places": -1})])
    assert [said.what for said in sentences(refused)] == ["没有填写理由，不能保存。", "名额不能为负数。"]


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
    with translation.override("zh-hans"):
        assert "截止" in sentence(Violation("stage_closed", {"stage": Stage.UNIT, "due_at": None})).what


@pytest.mark.parametrize(
    ("value", "read"), [(Fraction(50, 13), "3 又 11/13"), (Fraction(5, 13), "5/13"), (Fraction(6, 2), "3")]
)
def test_claims_are_read_with_their_whole_part(value, read):
    assert wording.mixed(value) == read
