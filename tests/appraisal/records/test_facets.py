"""Which labels an entry carries, and which there are to choose from."""

import pytest

from appraisal.records import facets
from appraisal.records.models import Nomination
from appraisal.records.states import Gender, Occupation, Sector, TeamKind
from appraisal.records.wording import LABEL_WORDS
from quotas.base.states import NomineeKind
from quotas.base.wording import labels_word

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
    for facet in facets.offered(kind):
        for value, label in zip(facet.values, facet.labels, strict=True):
            told = {"yes": True, "no": False, "non_public": True, "public": False}.get(value, value)
            nomination = Nomination(**{facet.column: told})
            assert label in facets.labels_of(nomination, kind)
            assert str(LABEL_WORDS[label])


def test_a_unit_that_is_classified_anew_changes_what_is_the_units_and_nothing_else():
    nomination = Nomination(non_public=False, **PERSON)
    before = facets.labels_of(nomination, NomineeKind.PERSON)
    after = facets.reclassified(before, non_public=True, sector=Sector.OTHER, nominee_kind=NomineeKind.PERSON)
    assert after - before == {"ownership:non_public", "sector:other"}
    assert before - after == {"ownership:public", "sector:enterprise"}


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
    assert labels_word([label], carried=carried) == word
