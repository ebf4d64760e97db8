"""Which labels an entry carries, and which there are to choose from."""

import pytest

from appraisal.records import facets
from appraisal.records.models import Nomination
from appraisal.records.states import Gender, Occupation, Sector, TeamKind
from appraisal.records.wording import LABEL_WORDS, label_word
from quotas.base.states import NomineeKind

PERSON = {
    "gender": Gender.FEMALE,
    "occupation": Occupation.INDUSTRIAL_WORKER,
    "front_line": True,
    "migrant_worker": True,
    "division_level": True,
}


def test_the_labels_of_a_person():
    nomination = Nomination(non_public=True, sector=Sector.PUBLIC_BODY, **PERSON)
    assert facets.labels_of(nomination, NomineeKind.PERSON) == {
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
    assert facets.labels_of(Nomination(), NomineeKind.PERSON) == {
        "ownership:public",
        "sector:enterprise",
        "front_line:no",
        "migrant:no",
        "division:no",
        "nominee:person",
    }


@pytest.mark.parametrize("kind", [NomineeKind.UNIT, NomineeKind.TEAM, NomineeKind.PARTY_ORG])
def test_what_a_person_is_counts_of_persons_only(kind):
    labels = facets.labels_of(Nomination(team_kind=TeamKind.SHIFT, **PERSON), kind)
    team = {"team:shift"} if kind == NomineeKind.TEAM else set()
    assert labels == {"ownership:public", "sector:enterprise", f"nominee:{kind.value}"} | team


@pytest.mark.parametrize("kind", list(NomineeKind))
def test_every_label_that_is_offered_can_be_carried_and_has_its_word(kind):
    offered = facets.offered(kind)
    carried = set()
    for own in facets.variants(kind, {facet.name for facet in offered}):
        for sector in Sector:
            for non_public in (True, False):
                carried |= facets.labels_of(own._replace(sector=sector, non_public=non_public), kind)
    labels = {label for facet in offered for label in facet.labels}
    assert carried == labels | {f"nominee:{kind.value}"}
    assert all(str(LABEL_WORDS[label]) for label in carried)


def test_nominees_differ_in_what_is_named_and_what_is_their_own():
    assert list(facets.variants(NomineeKind.PERSON, {"ownership", "sector", "team"})) == [facets.Traits()]
    nominees = list(facets.variants(NomineeKind.PERSON, {"occupation", "division"}))
    assert len(nominees) == len(set(nominees)) == 2 * len(Occupation)
    assert {nominee.migrant_worker for nominee in nominees} == {False}


def test_what_is_not_filled_in_is_open_and_nothing_else():
    traits = facets.Traits(gender="female", sector="public_body", migrant_worker=True)
    named = {"gender", "occupation", "migrant", "sector"}
    possible = list(facets.variants(NomineeKind.PERSON, named, of=traits))
    assert {nominee.occupation for nominee in possible} == set(Occupation.values)
    assert {nominee._replace(occupation="") for nominee in possible} == {traits}
    assert list(facets.variants(NomineeKind.PERSON, {"front_line"}, of=traits)) == [traits]


def test_the_columns_are_those_of_a_nomination():
    nomination = Nomination(non_public=True, team_kind=TeamKind.SHIFT, **PERSON)
    traits = facets.Traits.of(nomination)
    assert traits._asdict() == {field: getattr(nomination, field) for field in facets.FIELDS}
    assert facets.labels_of(traits, NomineeKind.PERSON) == facets.labels_of(nomination, NomineeKind.PERSON)


@pytest.mark.parametrize(
    ("label", "carried", "word"),
    [
        ("division:yes", True, "县处级及以上"),
        ("division:yes", False, "县处级以下"),
        ("migrant:no", False, "农民工"),
        ("occupation:enterprise_head", True, "企业负责人"),
        ("occupation:enterprise_head", False, "企业负责人以外"),
        ("sector:public_body", False, "机关事业单位以外"),
    ],
)
def test_who_carries_a_label_and_who_does_not_have_words(label, carried, word):
    assert label_word([label], carried=carried) == word
