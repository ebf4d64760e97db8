"""The tree of bodies: loaded as a register says, repeatable, and never bent."""

import pytest

from quotas.base import clock
from quotas.base.errors import InvalidInput
from quotas.bodies.services import bodies
from quotas.bodies.services.bodies import BodyRow
from quotas.editions.label_words import label_word
from quotas.ledger.models import LedgerEntry
from quotas.tree.models import Body
from tests.builders import IN_TIME, make_award

pytestmark = pytest.mark.django_db

PROVINCE = BodyRow("32", "江苏省", "", "province")
CITY = BodyRow("3205", "苏州市", "32", "city")
COUNTY = BodyRow("320581", "常熟市", "3205", "county")
UNION = BodyRow("32GH", "省教育科技工会", "32", "industry")


def problems(rows) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        bodies.load(rows=rows)
    return [problem.code for problem in refused.value.problems]


def test_the_shipped_register_is_jiangsu():
    loaded = bodies.load(rows=bodies.read())
    levels = [body.level for body in loaded.values()]
    assert {level: levels.count(level) for level in set(levels)} == {
        "province": 1,
        "city": 13,
        "county": 95,
        "industry": 3,
    }
    assert loaded["320581"].path == "320000/320500/320581/"
    assert bodies.province().code == "320000"


def test_any_order_of_rows_makes_the_same_tree():
    bodies.load(rows=[COUNTY, UNION, CITY, PROVINCE])
    assert list(Body.objects.values_list("path", flat=True)) == [
        "32/",
        "32/3205/",
        "32/3205/320581/",
        "32/32GH/",
    ]
    assert Body.objects.get(code="320581").parent.code == "3205"


def test_an_industry_union_has_no_organisation_department():
    loaded = bodies.load(rows=[PROVINCE, UNION, CITY])
    assert not loaded["32GH"].has_party_office
    assert loaded["3205"].has_party_office


def test_loading_again_changes_nothing_and_records_nothing():
    first = bodies.load(rows=bodies.read())
    rows = LedgerEntry.objects.count()
    again = bodies.load(rows=bodies.read())
    assert {code: body.pk for code, body in again.items()} == {code: body.pk for code, body in first.items()}
    assert LedgerEntry.objects.count() == rows == 1


def test_a_new_name_is_taken_over():
    bodies.load(rows=[PROVINCE, CITY])
    bodies.load(rows=[PROVINCE, CITY._replace(name="苏州市总工会")])
    assert Body.objects.get(code="3205").name == "苏州市总工会"
    assert LedgerEntry.objects.order_by("seq").last().after == {"codes": ["3205"]}


def test_all_wrong_rows_are_named_at_once():
    assert problems([PROVINCE, CITY, CITY, BodyRow("9", "某", "8", "village")]) == [
        "body_code_twice",
        "body_level_unknown",
        "body_parent_unknown",
    ]
    assert not Body.objects.exists()


def test_a_circle_is_refused():
    assert (
        problems([BodyRow("1", "甲", "2", "city"), BodyRow("2", "乙", "1", "city")])
        == ["body_parent_unknown"] * 2
    )


def test_a_body_does_not_move():
    bodies.load(rows=[PROVINCE, CITY, COUNTY])
    assert problems([COUNTY._replace(parent="32")]) == ["body_moved"]


def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        bodies.load(rows=bodies.read())


def test_a_rename_is_said_at_once_here_and_within_a_minute_elsewhere(django_assert_num_queries):
    """Another process writes: nothing in this one is told, so the rows are changed past the service."""
    award = make_award("model", name="旧奖")
    with clock.travel(IN_TIME) as journey:
        bodies.load(rows=[PROVINCE, CITY])
        said = [label_word("city:3205"), label_word("held:model")]
        assert said == ["苏州市", "曾获旧奖"]
        Body.objects.filter(code="3205").update(short_name="姑苏市")
        type(award).objects.update(name="新奖")
        with django_assert_num_queries(0):
            assert [label_word("city:3205"), label_word("held:model")] == said
        journey.advance(clock.REMEMBERED)
        with django_assert_num_queries(2):
            assert [label_word("city:3205"), label_word("held:model")] == ["姑苏市", "曾获新奖"]
        bodies.load(rows=[CITY._replace(name="平江市")])
        assert label_word("city:3205") == "平江市"
