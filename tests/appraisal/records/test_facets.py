"""Which labels an entry carries, and which there are to choose from."""

from dataclasses import replace

import pytest

from appraisal.imports.lists import read_list
from appraisal.records import facets
from appraisal.records.states import Sector
from quotas.base.states import FieldType, NomineeKind
from quotas.editions.asked import AskedField, Option
from quotas.editions.label_words import labels_word
from quotas.editions.services import fields
from quotas.editions.standard import STANDARD, usual
from quotas.selection.labels import bearing

PERSON = {
    "gender": "female",
    "occupation": "industrial_worker",
    "front_line": True,
    "migrant": True,
    "division": True,
}


def unit(kind, *, non_public=False, sector=Sector.ENTERPRISE, **more):
    return facets.of_unit(facets.UnitFacts(non_public, sector, **more), kind)


def test_the_labels_of_a_person():
    asked = usual(NomineeKind.PERSON)
    of_unit = unit(NomineeKind.PERSON, non_public=True, sector=Sector.PUBLIC_BODY)
    assert facets.labels_of(asked, PERSON, of_unit) == {
        "ownership:non_public",
        "sector:public_body",
        "gender:female",
        "occupation:industrial_worker",
        "front_line:yes",
        "migrant:yes",
        "division:yes",
        "nominee:person",
    }
    # What is not filled in yet is no label; a box that is not ticked says no.
    assert facets.labels_of(asked, {}, unit(NomineeKind.PERSON)) == {
        "ownership:public",
        "sector:enterprise",
        "front_line:no",
        "migrant:no",
        "division:no",
        "nominee:person",
    }


@pytest.mark.parametrize("kind", [NomineeKind.UNIT, NomineeKind.TEAM, NomineeKind.PARTY_ORG])
def test_what_an_edition_does_not_ask_counts_for_nothing(kind):
    labels = facets.labels_of(usual(kind), PERSON | {"team": "shift"}, unit(kind))
    team = {"team:shift"} if kind == NomineeKind.TEAM else set()
    assert labels == {"ownership:public", "sector:enterprise", f"nominee:{kind.value}"} | team


def test_a_field_that_is_asked_of_some_counts_of_these_only():
    workers = replace(STANDARD["migrant"], asked_of=bearing("occupation:industrial_worker"))
    asked = (STANDARD["occupation"], workers)
    told = {"occupation": "official", "migrant": True}
    assert not any(one.startswith("migrant:") for one in facets.labels_of(asked, told, frozenset()))
    told = {"occupation": "industrial_worker", "migrant": True}
    assert "migrant:yes" in facets.labels_of(asked, told, frozenset())
    (facet,) = [values for values in fields.domain("person", asked) if values.facet == "migrant"]
    assert facet.optional


@pytest.mark.parametrize("kind", list(NomineeKind))
def test_every_label_that_is_offered_can_be_carried_and_has_its_word(kind):
    own = AskedField(
        "x1_1", "行业", FieldType.CHOICE, options=(Option("1", "制造"), Option("2", "物流")), countable=True
    )
    asked = (*usual(kind), own)
    for facet in facets.offered(asked):
        for value, label in zip(facet.values, facet.labels, strict=True):
            told = {facet.name: {"yes": True, "no": False}.get(value, value)}
            of_unit = unit(
                kind,
                non_public=value == "non_public",
                sector=value if facet.name == "sector" else Sector.ENTERPRISE,
                **({facet.name: value} if facet.name in {"size", "industry"} else {}),
            )
            assert label in facets.labels_of(asked, told, of_unit)
            assert str(facet.values[value])
            assert facet.name == "x1_1" or labels_word([label]) == str(facet.values[value])


@pytest.mark.parametrize(
    ("label", "carried", "word"),
    [
        ("division:yes", True, "县处级及以上"),
        ("division:yes", False, "县处级以下"),
        ("migrant:no", False, "农民工"),
        ("migrant:no", True, "非农民工"),
        ("occupation:enterprise_head", True, "企业负责人"),
        ("occupation:enterprise_head", False, "企业负责人以外"),
        ("sector:public_body", False, "机关事业单位以外"),
    ],
)
def test_who_carries_a_label_and_who_does_not_have_words(label, carried, word):
    assert labels_word([label], carried=carried) == word


def test_size_and_industry_are_borne_where_the_register_knows_them():
    known = unit(NomineeKind.UNIT, industry="C", size="small")
    assert {"industry:C", "size:small"} <= known
    assert not any(one.startswith(("industry:", "size:")) for one in unit(NomineeKind.UNIT))
    optional = {values.facet for values in fields.domain("unit", ()) if values.optional}
    assert optional == {"industry", "size"}
    assert labels_word(["size:small"]) == "小型"
    assert labels_word(["industry:F51"]) == "批发业"


def test_a_list_that_is_brought_may_leave_open_what_entries_need_not_bear():
    """A unit whose size nobody knows stands on lists too: it bears no size, and is no mistake of the list."""
    size = next(facet for facet in facets.UNIT_FACETS if facet.name == "size")
    table = read_list("推荐对象,类别,企业规模\n甲,正选,小型\n乙,正选,", (size,))
    assert not table.problems
    assert [row.labels for row in table.rows] == [{"size:small"}, frozenset()]
    (gender,) = facets.offered((STANDARD["gender"],))[-1:]
    assert [each.reason.code for each in read_list("推荐对象,类别,性别\n甲,正选,", (gender,)).problems] == [
        "cell_required"
    ]
