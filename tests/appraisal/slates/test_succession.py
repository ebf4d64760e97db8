"""Who takes a place that fell vacant on a higher list, by the round's setting; and lists of reserves alone."""

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.boards.services import verification
from appraisal.gate.services import admissions
from appraisal.records.models import Slate, SlateEntry
from appraisal.records.states import EntryKind, SlateState
from appraisal.slates.services import rehearsals, slates, succession
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import Level, ReservePolicy
from quotas.base.wording import sentence
from quotas.rounds.models import Allotment, Round
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from tests.appraisal.desks import make_desk, told
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_body,
    make_employer,
    make_nomination,
    make_round_award,
    relabel,
)

pytestmark = pytest.mark.django_db

REGULAR, RESERVE = EntryKind.REGULAR, EntryKind.RESERVE


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def city():
    """A signed list of a city: of each of its two counties two regular entries and two reserves, the east's reserves first."""
    body = make_body(level=Level.CITY, name="苏州市")
    east, west = (make_body(parent=body, name=name) for name in ("东县", "西县"))
    desk = make_desk(make_round_award(share=None), body, places=4, reserve_places=4, separate_places=0)
    firsts = [east, west, east, west, east, east, west, west]
    desk.made = told(
        [make_nomination(desk.allotment.round_award, body, employer=make_employer(first)) for first in firsts]
    )
    desk.set([(each.pk, REGULAR if place < 4 else RESERVE) for place, each in enumerate(desk.made)])
    desk.advance(SlateState.SIGNED)
    return desk


def hold_to(policy):
    Round.objects.update(reserve_policy=policy)


def leave(desk, *places):
    for place in places:
        desk.act(slates.remove_entry, nomination_id=desk.made[place].pk, reason="本人放弃")


def promote(desk, place):
    return desk.act(slates.promote_reserve, nomination_id=desk.made[place].pk)


def refused(desk, place):
    with pytest.raises(RuleViolation) as refusal:
        promote(desk, place)
    (reason,) = refusal.value.reasons
    return reason


EAST, WEST = 0, 1
"""A regular entry of each county; its reserves are 4 and 5, 6 and 7."""


class TestOrder:
    @pytest.mark.parametrize(
        ("policy", "leaves", "first"),
        [
            (ReservePolicy.RANKED, WEST, 4),
            (ReservePolicy.OWN_FIRST, WEST, 6),
            (ReservePolicy.OWN_ONLY, WEST, 6),
            (ReservePolicy.OWN_FIRST, EAST, 4),
            (ReservePolicy.OWN_ONLY, EAST, 4),
        ],
    )
    def test_who_comes_first(self, city, policy, leaves, first):
        hold_to(policy)
        leave(city, leaves)
        for place in {4, 5, 6, 7} - {first}:
            assert refused(city, place).code in {"reserve_not_next", "reserve_not_own"}
        promote(city, first)
        moved = SlateEntry.objects.get(nomination=city.made[first])
        assert (moved.kind, moved.fills.nomination) == (REGULAR, city.made[leaves])

    def test_the_refusal_names_who_comes_first_and_whose_the_place_is(self, city):
        hold_to(ReservePolicy.OWN_FIRST)
        leave(city, WEST)
        reason = refused(city, 4)
        assert reason.code == "reserve_not_next"
        assert f"西县的 {city.made[6].number}" in str(sentence(reason))
        hold_to(ReservePolicy.OWN_ONLY)
        reason = refused(city, 4)
        assert reason.code == "reserve_not_own"
        words = str(sentence(reason))
        assert "空出的是西县推荐的" in words
        assert "东县的后备" in words
        assert city.made[6].number in words

    def test_after_its_own_anybody_or_nobody(self, city):
        relabel(city.made[6:], non_public=False)
        hold_to(ReservePolicy.OWN_FIRST)
        leave(city, 1, 3, 0)
        # The west leaves two places and has two reserves; the east's is its own.
        for place in (6, 7):
            promote(city, place)
        assert refused(city, 5).code == "reserve_not_next"
        promote(city, 4)
        leave(city, 2)
        promote(city, 5)
        assert not SlateEntry.objects.filter(kind=RESERVE, removed_at=None).exists()

    @pytest.mark.parametrize(
        ("policy", "possible"), [(ReservePolicy.OWN_FIRST, True), (ReservePolicy.OWN_ONLY, False)]
    )
    def test_where_its_own_are_gone(self, city, policy, possible):
        hold_to(policy)
        leave(city, 6, 7, WEST)
        if possible:
            promote(city, 4)
        else:
            assert refused(city, 4).code == "reserve_not_own"

    def test_two_places_of_two_bodies_are_filled_in_either_order(self, city):
        hold_to(ReservePolicy.OWN_ONLY)
        leave(city, EAST, WEST)
        promote(city, 6)
        promote(city, 4)
        filled = SlateEntry.objects.exclude(fills=None).values_list("nomination", "fills__nomination")
        assert set(filled) == {
            (city.made[6].pk, city.made[WEST].pk),
            (city.made[4].pk, city.made[EAST].pk),
        }

    def test_what_left_before_the_list_was_handed_in_is_no_vacancy(self, city):
        hold_to(ReservePolicy.OWN_ONLY)
        leave(city, WEST)
        Slate.objects.update(submitted_at=clock.now().replace(year=clock.now().year + 1))
        assert not succession.of_slate(city.slate).vacancies
        # A place that was never filled is no body's own.
        promote(city, 4)


@pytest.mark.parametrize("policy", list(ReservePolicy))
def test_a_rehearsal_says_what_the_acts_do(city, policy):
    hold_to(policy)
    leaving = [city.made[place].pk for place in (1, 3, 0)]
    played = rehearsals.rehearse(slate_id=city.slate.pk, leaving=set(leaving))
    moving = [step.nomination_id for step in played.steps if step.way == "moves_up"]
    leave(city, 1, 3, 0)
    done = []
    for _turn in range(4):
        line = succession.of_slate(city.slate)
        turns = [row.nomination_id for row, _broken in line.waiting if line.place_for(row.nomination_id)]
        if policy == ReservePolicy.VACANT or not turns or len(done) == len(leaving):
            break
        city.act(slates.promote_reserve, nomination_id=turns[0])
        done.append(turns[0])
    assert sorted(moving) == sorted(done)
    assert played.vacant == len(leaving) - len(done)


def test_the_page_offers_nobody_out_of_turn(city):
    hold_to(ReservePolicy.OWN_ONLY)
    city.advance(SlateState.SETTLING)
    leave(city, WEST)
    client = Client()
    client.force_login(city.keeper)
    line = succession.of_slate(city.slate)
    assert [bool(line.place_for(city.made[place].pk)) for place in (4, 5, 6, 7)] == [
        False,
        False,
        True,
        False,
    ]
    page = client.get(reverse("appraisal:slate", args=[city.slate.pk])).content.decode()
    assert page


class TestReservesAlone:
    @pytest.fixture
    def county(self):
        desk = make_desk(make_round_award(share=None), places=1, reserve_places=2, separate_places=0)
        desk.made = told(desk.fill(reserves=2))
        return desk

    def submit(self, desk):
        try:
            desk.act(slates.submit)
        except RuleViolation as refusal:
            return {reason.code for reason in refusal.reasons}
        return set()

    def test_a_list_of_reserves_only_needs_the_rounds_leave(self, county):
        assert self.submit(county) == {"slate_empty", "reserves_alone"}
        Round.objects.update(reserves_alone=True)
        assert self.submit(county) == set()
        assert not [line.rule for line in verification.run() if not line.holds]

    def test_more_reserves_than_places(self, county):
        made = told(county.fill(non_public=1, reserves=2))
        assert len(made) == 3
        assert self.submit(county) == {"reserves_alone"}
        Round.objects.update(reserves_alone=True)
        assert self.submit(county) == set()

    def test_places_for_reserves_are_needed_all_the_same(self, county):
        Round.objects.update(reserves_alone=True)
        Allotment.objects.update(reserve_places=1)
        assert self.submit(county) == {"slate_places_exceeded"}

    @pytest.mark.parametrize("alone", [False, True])
    def test_a_body_without_regular_places_takes_applications_where_the_round_lets_it(self, alone):
        placed = make_allotment(places=0, reserve_places=1)
        Round.objects.update(reserves_alone=alone)
        plan = plans.one(AwardDesk.at(placed.round_award, placed.body))
        assert bool(admissions.of_places(placed.round_award, placed.body, plan)) != alone
        unit = make_employer(placed.body)
        violations, _warnings, _facts = admissions.of_rules(
            admissions.Candidate.anybody(placed.round_award, placed.body, unit)
        )
        assert bool(violations) != alone
