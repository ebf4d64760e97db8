"""Two organisers at one plan: places are handed down from one page once, and lots are drawn once.

Each race is run with the lock and without it, where it must come out wrong.
"""

from functools import partial

import pytest

from quotas.base.errors import Conflict
from quotas.base.states import ApportionmentState, Level, Role
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, Apportionment, ApportionmentRow, RoundAward
from quotas.rounds.services import allotments, apportionments
from tests.builders import make_allotment, make_body, make_official, make_round, make_round_award
from tests.races.test_slate_races import UNCOMMITTED, collide, paused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def unlocked_award(*, round_award_id):
    return RoundAward.objects.select_related("round", "award").get(pk=round_award_id)


def unlocked(*, round_award_id, body_ids):
    rows = Allotment.objects.filter(round_award=round_award_id, body__in=list(body_ids))
    return {row.body_id: row for row in rows}


@pytest.fixture
def city():
    """A city with three counties and two organisers."""
    body = make_body(level=Level.CITY)
    body.counties = [make_body(parent=body) for _each in range(3)]
    body.keepers = [make_official(body, Role.KEEPER) for _each in range(2)]
    return body


def with_and_without(monkeypatch, race):
    """`race()` gives two acts and the check of their outcomes: it passes with the locks of the plan, not without."""
    for locked in (True, False):
        first, second, check = race()
        with monkeypatch.context() as patch:
            if not locked:
                patch.setattr(allotments, "lock_round_award", unlocked_award)
                patch.setattr(allotments, "lock", unlocked)
            outcomes = collide(patch, paused(first), second, points={"first": UNCOMMITTED})
        if locked:
            check(*outcomes)
            assert not ledger.check()
        else:
            with pytest.raises(AssertionError):
                check(*outcomes)


def test_two_organisers_hand_down_from_the_same_page(monkeypatch, city):
    """The second one's figures were chosen beside places that are gone: they are refused, not laid over the first's."""

    def race():
        round_award = make_round_award(make_round())
        make_allotment(round_award, city, places=9)
        for county in city.counties:
            make_allotment(round_award, county, places=3)
        seen = allotments.digest_below(round_award_id=round_award.pk, parent_id=city.pk)
        acts = [
            partial(
                allotments.hand_down,
                round_award_id=round_award.pk,
                parent_id=city.pk,
                places_by_body=dict(zip([each.pk for each in city.counties], places, strict=True)),
                actor=keeper,
                reason="分配",
                plan=seen,
            )
            for keeper, places in zip(city.keepers, ((5, 3, 1), (1, 3, 5)), strict=True)
        ]

        def check(first, second):
            assert isinstance(first, allotments.HandedDown)
            assert isinstance(second, Conflict)
            given = Allotment.objects.filter(round_award=round_award, body__parent=city).order_by("body")
            assert list(given.values_list("places", flat=True)) == [5, 3, 1]

        return (*acts, check)

    with_and_without(monkeypatch, race)


def test_two_organisers_draw_the_lots(monkeypatch, city):
    """There is one draw, and the ledger keeps the lots that hold."""

    def race():
        round_award = make_round_award(make_round())
        make_allotment(round_award, city, places=4)
        made = apportionments.begin(round_award_id=round_award.pk, parent_id=city.pk, actor=city.keepers[0])
        acts = [
            partial(apportionments.draw, apportionment_id=made.pk, version=made.version, actor=keeper)
            for keeper in city.keepers
        ]

        def check(first, second):
            assert isinstance(first, Apportionment)
            assert isinstance(second, Conflict)
            drawn = Apportionment.objects.get(pk=made.pk)
            assert (drawn.state, drawn.drawn_by) == (ApportionmentState.DRAWN, city.keepers[0])
            (entry,) = LedgerEntry.objects.filter(act="draw_lots", stream=f"apportionment:{made.pk}")
            lots = ApportionmentRow.objects.filter(apportionment=made).values_list("lot", flat=True)
            assert sorted(entry.after["lots"].values()) == sorted(lots) == [1, 2, 3]

        return (*acts, check)

    with_and_without(monkeypatch, race)


def test_one_hands_down_while_another_sets_one_body(monkeypatch, city):
    """Who hands down from a page that shows older figures is refused; the body keeps what it was given last."""

    def race():
        round_award = make_round_award(make_round())
        make_allotment(round_award, city, places=9)
        for county in city.counties:
            make_allotment(round_award, county, places=3)
        seen = allotments.digest_below(round_award_id=round_award.pk, parent_id=city.pk)
        body = city.counties[0]
        setting = partial(
            allotments.set_places,
            round_award_id=round_award.pk,
            body_id=body.pk,
            places=7,
            actor=city.keepers[0],
            reason="追加",
        )
        handing = partial(
            allotments.hand_down,
            round_award_id=round_award.pk,
            parent_id=city.pk,
            places_by_body={each.pk: 2 for each in city.counties},
            actor=city.keepers[1],
            reason="分配",
            plan=seen,
        )

        def check(first, second):
            assert isinstance(first, Allotment)
            assert isinstance(second, Conflict)
            assert Allotment.objects.get(round_award=round_award, body=body).places == 7

        return setting, handing, check

    with_and_without(monkeypatch, race)
