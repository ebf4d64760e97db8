"""Parts of several rules of one body: together they fit its places, and a minimum and its ceiling say the same."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from appraisal.boards.services import verification
from quotas.base.errors import RuleViolation
from quotas.base.states import Level, NomineeKind, Role, Sense
from quotas.base.wording import sentence
from quotas.rounds.models import PlacesLine
from quotas.rounds.services import allotments, parts
from quotas.selection.labels import bearing, chosen
from quotas.selection.plan import WHOLE_LIST, Slot
from tests.builders import (
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round_award,
    make_rule_version,
    make_share_rule,
)
from tests.quotas.selection.builders import rule

OCCUPATIONS = ("industrial_worker", "science_education", "enterprise_head")


@pytest.fixture
def round_award(db):
    """Minima of workers, of scientists and of women, and a ceiling on heads."""
    version = make_rule_version(make_award(nominee_kind=NomineeKind.PERSON))
    for code, label in (
        ("workers", "occupation:industrial_worker"),
        ("science", "occupation:science_education"),
    ):
        made = make_share_rule(version, code, label=label, numerator=1, denominator=3)
        type(made).objects.filter(pk=made.pk).update(label=code)
    make_share_rule(version, "women", label="gender:female", numerator=1, denominator=3)
    make_share_rule(version, "heads", label="occupation:enterprise_head", sense=Sense.MAX, numerator=1)
    return make_round_award(award=version.award, share=None)


@pytest.fixture
def county(db):
    return make_body()


def give(round_award, body, places, *slots, **given):
    return allotments.set_places(
        round_award_id=round_award.pk,
        body_id=body.pk,
        places=places,
        parts=given,
        slots=slots,
        actor=make_official(body.parent, Role.KEEPER),
        reason="分解",
    )


def refused(*given, **parts_):
    with pytest.raises(RuleViolation) as refusal:
        give(*given, **parts_)
    (reason,) = refusal.value.reasons
    return reason


class TestTogether:
    def test_parts_that_nobody_can_fill_two_of_are_at_most_the_places(self, round_award, county):
        give(round_award, county, 3, workers=2, science=1)
        reason = refused(round_award, county, 3, workers=2, science=2)
        assert reason.code == "parts_together"
        words = str(sentence(reason))
        assert county.short_name in words
        assert "workers 2 个、science 2 个" in words
        assert PlacesLine.objects.get(rule="science").places == 1

    def test_one_nominee_may_fill_parts_of_two_facets(self, round_award, county):
        give(round_award, county, 2, workers=2, women=2)

    def test_a_ceiling_takes_no_place(self, round_award, county):
        give(round_award, county, 2, workers=2, heads=1)

    def test_a_slot_beside_a_part_takes_room_and_one_of_the_same_kind_does_not(self, round_award, county):
        scientists = Slot(bearing("occupation:science_education"), 2, "1", "科教人员")
        assert refused(round_award, county, 3, scientists, workers=2).code == "parts_together"
        workers = Slot(bearing("occupation:industrial_worker"), 2, "1", "产业工人", WHOLE_LIST)
        give(round_award, county, 2, workers, workers=2)

    def test_handing_down_fewer_places_is_refused_as_well(self, round_award, county):
        give(round_award, county, 4, workers=2, science=2)
        with pytest.raises(RuleViolation) as refusal:
            allotments.hand_down(
                round_award_id=round_award.pk,
                parent_id=county.parent_id,
                places_by_body={county.pk: 3},
                actor=make_official(county.parent, Role.KEEPER),
                reason="核减",
            )
        assert [reason.code for reason in refusal.value.reasons] == ["parts_together"]

    def test_the_recount_finds_it(self, round_award, county):
        make_allotment(round_award, county, places=3, parts={"workers": 2, "science": 2})
        assert "slots" in {line.rule for line in verification.run() if not line.holds}

    def test_against_looking_at_every_set(self):
        """3,000 bodies: the fewest lines that exclude one another and want too much, by hand."""
        random = Random(4)
        kinds = {
            "a": chosen(["f:1"]),
            "b": chosen(["f:2"]),
            "ab": chosen(["f:1", "f:2"]),
            "c": chosen(["g:1"]),
            "not_a": chosen([], ["f:1"]),
            "ac": chosen(["f:1", "g:1"]),
        }
        overlapping = {
            frozenset(pair)
            for pair in (
                ("a", "ab"), ("b", "ab"), ("a", "c"), ("b", "c"), ("ab", "c"), ("not_a", "b"), ("not_a", "ab"),
                ("not_a", "c"), ("ac", "a"), ("ac", "ab"), ("ac", "c"),
            )
        }  # fmt: skip
        held = {code: replace(rule(code, "x:x", "min", 1, 2), counted=kind) for code, kind in kinds.items()}
        broken = 0
        for _case in range(3_000):
            names = random.sample(sorted(kinds), random.randint(1, 5))
            given = {name: random.randint(0, 3) for name in names}
            places = random.randint(1, 6)
            wanted = [
                size
                for size in range(1, 6)
                for chosen_ in combinations([name for name in names if given[name]], size)
                if all(frozenset(pair) not in overlapping for pair in combinations(chosen_, 2))
                and sum(given[name] for name in chosen_) > places
            ]
            found = parts.too_many((), given, places, held)
            assert len(found) == min(wanted, default=0)
            broken += bool(found)
        assert 300 < broken < 2_700


class TestCrossed:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def both_ways(self):
        """At least half non-public, at most half public: one thing said twice."""
        version = make_rule_version(make_award())
        make_share_rule(version, "least")
        make_share_rule(version, "most", label="ownership:public", sense=Sense.MAX)
        return make_round_award(award=version.award, share=None)

    def counties(self, round_award, *given):
        city = make_body(level=Level.CITY)
        return [
            make_allotment(round_award, make_body(parent=city), places=3, parts=each).body for each in given
        ]

    def told(self, round_award):
        return parts.drift(round_award_id=round_award.pk)

    def test_lots_that_fell_to_different_bodies_are_said(self, both_ways):
        # Of 6 places 3 each way; the first gets 2 of the minimum and 2 of the ceiling.
        _first, second = self.counties(both_ways, {"least": 2, "most": 2}, {"least": 1, "most": 1})
        (reason,) = self.told(both_ways)
        assert reason.code == "parts_crossed"
        assert reason.params["bodies"] == [second.short_name]
        assert (reason.params["required"], reason.params["asked"]) == (3, 4)

    def test_the_same_lots_say_the_same(self, both_ways):
        self.counties(both_ways, {"least": 2, "most": 1}, {"least": 1, "most": 2})
        assert self.told(both_ways) == []

    def test_rules_on_other_things_are_no_pair(self, round_award):
        self.counties(round_award, {"workers": 2, "heads": 3}, {"workers": 0, "heads": 0})
        assert "parts_crossed" not in [reason.code for reason in self.told(round_award)]
