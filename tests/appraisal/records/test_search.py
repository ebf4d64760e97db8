"""What is searched is found wherever it stands, however it is written."""

import pytest
from django.db import connection
from django.http import QueryDict

from appraisal.records.filters import EmployerFilter, NominationFilter
from appraisal.records.models import Employer, Nomination, Slate
from appraisal.register.services import employers
from quotas.base import clock
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.tree.models import Body, User
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_round_award,
    make_slate,
    make_user,
)

NAME = "江苏恒源（常熟）精密机械有限公司"
WRITINGS = [
    "恒源",
    "精密机械",
    "江苏恒源(常熟)",
    "江苏恒源（常熟）",
    "江苏恒源 常熟 精密",
    "恒源常熟",
    "\u202d恒源\u202c",
    "源",
]


@pytest.fixture(autouse=True)
def _in_time(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def unit():
    make_employer(name="南京光明电子有限公司")
    return make_employer(name=NAME)


def asked(value):
    query = QueryDict(mutable=True)
    query["q"] = value
    return query


@pytest.mark.parametrize("words", WRITINGS)
def test_a_unit_is_found_by_any_part_of_its_name(unit, words):
    assert list(EmployerFilter(asked(words), Employer.objects.all()).qs) == [unit]


def test_a_unit_is_found_by_its_code_in_any_writing(unit):
    code = unit.credit_code
    spaced = " ".join(code[place : place + 4] for place in range(0, 18, 4))
    for words in (code, code.lower(), spaced, code[-8:], f"\u202d{code}\u202c"):
        assert list(EmployerFilter(asked(words), Employer.objects.all()).qs) == [unit]


@pytest.mark.parametrize("words", [*WRITINGS, "先进班"])
def test_a_nomination_is_found_by_its_nominee_and_its_unit(unit, words):
    nomination = make_nomination(employer=unit, nominee_name="精工车间先进班组")
    make_nomination(employer=make_employer(name="苏州新材料有限公司"), nominee_name="甲班")
    assert list(NominationFilter(asked(words), Nomination.objects.all()).qs) == [nomination]


def test_a_nomination_is_found_by_the_last_digits_of_its_number(unit):
    nomination = make_nomination(employer=unit)
    other = make_nomination(employer=make_employer(name="苏州新材料有限公司"))
    number = nomination.number
    for words in (number, number[-6:], number.replace("-", " ")):
        found = list(NominationFilter(asked(words), Nomination.objects.all()).qs)
        assert nomination in found
        assert other not in found or words in other.number


@pytest.mark.parametrize("words", ["（）", "%", "_", "·"])
def test_punctuation_alone_finds_nothing(unit, words):
    assert not EmployerFilter(asked(words), Employer.objects.all()).qs.exists()


def test_nothing_is_found_across_two_columns(unit):
    across = unit.name[-1] + unit.credit_code[:1]
    assert not Employer.objects.filter(search__holds=across).exists()


def test_a_renamed_unit_is_found_by_its_new_name_only(unit):
    employers.update(employer_id=unit.pk, version=unit.version, actor=None, name="江苏鸿远机床有限公司")
    assert list(Employer.objects.holding("鸿远")) == [unit]
    assert not Employer.objects.holding("恒源").exists()


def test_bodies_and_accounts(unit):
    body = make_body(level="county", name="常熟市总工会")
    assert body.pk in Body.objects.holding("常熟 市")
    assert Body.objects.holding("（") == []
    user = make_user(username="Changshu.Gonghui", name="张 伟")
    for words in ("changshu.GONG", "张伟", "张 伟"):
        assert list(User.objects.managed(text=words)) == [user]


@pytest.mark.postgres
def test_two_characters_are_answered_by_the_index(unit):
    with connection.cursor() as cursor:
        # An index over pairs of characters is read by bitmap only; in a small table anything else is cheaper.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "appraisal_employer_search" in Employer.objects.filter(search__holds="恒源").explain()


@pytest.mark.parametrize("words", ["常熟市", "常 熟", "\u202d常熟\u202c", "２６之家", "26之家", "模范 26"])
def test_a_list_and_its_ledger_are_found_however_body_and_award_are_written(words):
    award = make_award(name="模范（26）之家")
    allotment = make_allotment(make_round_award(award=award), make_body(name="常熟市"))
    found = make_slate(allotment)
    make_slate()
    assert list(Slate.objects.bearing(words)) == [found]
    assert list(Slate.objects.bearing("\u200b")) == []
    ledger.append(stream=f"slate:{found.pk}", act="x", actor=None, body=allotment.body)
    ledger.append(stream="slate:0", act="x", actor=None, body=make_body(name="别处"))
    row, other = LedgerEntry.objects.order_by("-pk")[:2][::-1]
    assert other not in LedgerEntry.objects.all().told(words=words, streams=[f"slate:{found.pk}"])
    if "常" in words:
        assert list(LedgerEntry.objects.all().told(words=words)) == [row]
