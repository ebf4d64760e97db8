"""Races in the plan: two at the same moment, and still one number each, one chain, no place too many."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from quotas.errors import DomainError, RuleViolation
from quotas.models import Allotment, LedgerEntry, Round
from quotas.services import allotments, ledger, rounds
from quotas.states import Level, Role
from tests.builders import make_allotment, make_body, make_official, make_round, make_round_award

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start at the same moment; their results, refusals included."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return act()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]


def test_every_application_gets_its_own_number():
    round_ = make_round()
    take = lambda: [rounds.next_number(round_id=round_.pk) for _ in range(10)]
    numbers = [number for taken in at_once(take, take, take, take) for number in taken]
    assert sorted(number[3:8] for number in numbers) == [f"{serial:05d}" for serial in range(1, 41)]
    assert Round.objects.get().next_serial == 41


def test_places_are_never_cut_below_what_a_list_takes_at_the_same_moment():
    city = make_body(level=Level.CITY)
    county = make_body(parent=city)
    keeper = make_official(city, Role.KEEPER)
    for _ in range(5):
        allotment = make_allotment(make_round_award(make_round()), county, places=5)
        pk = allotment.round_award_id

        def take(pk=pk):
            with transaction.atomic():
                locked = allotments.lock(round_award_id=pk, body_ids=[county.pk])
                allotments.commit(allotment=locked[county.pk], regular=5)

        cut = lambda pk=pk: allotments.set_places(
            round_award_id=pk, body_id=county.pk, places=3, actor=keeper, reason="核减"
        )
        results = at_once(take, cut)
        row = Allotment.objects.get(pk=allotment.pk)
        assert (row.places, row.committed) in {(5, 5), (3, 0)}
        assert sum(isinstance(result, RuleViolation) for result in results) == 1


def test_two_set_places_of_a_body_make_one_chain():
    city = make_body(level=Level.CITY)
    county = make_body(parent=city)
    keeper = make_official(city, Role.KEEPER)
    allotment = make_allotment(make_round_award(make_round()), county)
    give = lambda places: (
        lambda: allotments.set_places(
            round_award_id=allotment.round_award_id,
            body_id=county.pk,
            places=places,
            actor=keeper,
            reason="调整",
        )
    )
    results = at_once(give(7), give(8), give(9))
    assert not [result for result in results if isinstance(result, DomainError)]
    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert not ledger.check()


def test_a_body_gets_one_allotment_however_many_give_it():
    city = make_body(level=Level.CITY)
    county = make_body(parent=city)
    keeper = make_official(city, Role.KEEPER)
    round_award = make_round_award(make_round())
    give = lambda places: (
        lambda: allotments.set_places(
            round_award_id=round_award.pk, body_id=county.pk, places=places, actor=keeper, reason="分配"
        )
    )
    at_once(give(1), give(2))
    assert Allotment.objects.count() == 1
    assert LedgerEntry.objects.count() == 2


def test_a_seal_taken_while_others_write_still_fits():
    def write(stream):
        return lambda: [ledger.append(stream=stream, act="x", actor=None) for _ in range(20)]

    seal = lambda: [ledger.seal() for _ in range(5)]
    at_once(write("a"), write("b"), seal, write("c"))
    ledger.seal()
    assert not ledger.check()
    assert LedgerEntry.objects.count() == 60
