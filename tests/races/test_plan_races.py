"""Races in the plan: two at the same moment, and still one number each, one chain, no place too many."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from appraisal.deadlines.services import extensions
from quotas.arithmetic.application_number import parse
from quotas.base import clock
from quotas.base.errors import Conflict, DomainError, RuleViolation, WrongState
from quotas.base.states import Level, RequestState, Role, Stage
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, Apportionment, ApportionmentRow, Extension, ExtensionRequest
from quotas.rounds.services import allotments, apportionments, rounds
from tests.appraisal.desks import make_desk
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_body,
    make_official,
    make_round,
    make_round_award,
)

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
    assert len(set(numbers)) == 40
    assert all(parse(number) == number for number in numbers)


@pytest.mark.postgres
def test_a_number_is_drawn_while_another_act_that_drew_one_goes_on():
    """The applications of a province wait for no row in common."""
    round_ = make_round()
    rounds.next_number(round_id=round_.pk)
    drawn = threading.Event()
    done = threading.Event()

    def slow():
        with transaction.atomic():
            number = rounds.next_number(round_id=round_.pk)
            drawn.set()
            assert done.wait(10), "the other act waited for this one"
        return number

    def quick():
        assert drawn.wait(10)
        number = rounds.next_number(round_id=round_.pk)
        done.set()
        return number

    assert len(set(at_once(slow, quick))) == 2


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


def drawn_calculation():
    """A city's calculation over three counties, lots drawn; with the keeper and the plan as it was looked at."""
    city = make_body(level=Level.CITY)
    for _each in range(3):
        make_body(parent=city)
    keeper = make_official(city, Role.KEEPER)
    round_award = make_round_award(make_round())
    make_allotment(round_award, city, places=10)
    made = apportionments.begin(round_award_id=round_award.pk, parent_id=city.pk, actor=keeper)
    made = apportionments.draw(apportionment_id=made.pk, version=1, actor=keeper)
    return made, keeper, apportionments.standing(made).digest


def test_a_calculation_is_applied_once_however_many_apply_it():
    made, keeper, plan = drawn_calculation()
    apply = lambda: apportionments.apply(
        apportionment_id=made.pk, version=made.version, plan=plan, actor=keeper, reason="分配"
    )
    results = at_once(apply, apply, apply)
    refused = [result for result in results if isinstance(result, DomainError)]
    assert len(refused) == 2
    assert all(isinstance(each, Conflict) for each in refused)
    given = Allotment.objects.filter(body__parent=made.parent)
    assert sorted(given.values_list("places", flat=True)) == [3, 3, 4]
    assert LedgerEntry.objects.filter(act="apply_calculation").count() == 4
    assert not ledger.check()


def test_applying_never_overwrites_places_that_nobody_looked_at():
    for _time in range(5):
        made, keeper, plan = drawn_calculation()
        county = made.rows.order_by("pk").first().body
        apply = lambda made=made, plan=plan, keeper=keeper: apportionments.apply(
            apportionment_id=made.pk, version=made.version, plan=plan, actor=keeper, reason="分配"
        )
        give = lambda made=made, county=county, keeper=keeper: allotments.set_places(
            round_award_id=made.round_award_id, body_id=county.pk, places=9, actor=keeper, reason="机动"
        )
        applied, _given = at_once(apply, give)
        # The one by hand stands in any order: it came last, or the calculation was refused.
        assert Allotment.objects.get(round_award=made.round_award, body=county).places == 9
        state = Apportionment.objects.get(pk=made.pk).state
        assert state == ("drawn" if isinstance(applied, Conflict) else "applied")


def test_lots_are_drawn_once_and_one_calculation_is_begun():
    city = make_body(level=Level.CITY)
    make_body(parent=city)
    make_body(parent=city)
    keeper = make_official(city, Role.KEEPER)
    round_award = make_round_award(make_round())
    begin = lambda: apportionments.begin(round_award_id=round_award.pk, parent_id=city.pk, actor=keeper)
    begun = at_once(begin, begin)
    assert sum(isinstance(result, WrongState) for result in begun) == 1
    made = Apportionment.objects.get()
    draw = lambda: apportionments.draw(apportionment_id=made.pk, version=1, actor=keeper)
    drawn = at_once(draw, draw)
    assert sum(isinstance(result, Conflict) for result in drawn) == 1
    assert LedgerEntry.objects.filter(act="draw_lots").count() == 1
    assert sorted(ApportionmentRow.objects.values_list("lot", flat=True)) == [1, 2]


def test_a_seal_taken_while_others_write_still_fits():
    def write(stream):
        return lambda: [ledger.append(stream=stream, act="x", actor=None) for _ in range(20)]

    seal = lambda: [ledger.seal() for _ in range(5)]
    at_once(write("a"), write("b"), seal, write("c"))
    ledger.seal()
    assert not ledger.check()
    assert LedgerEntry.objects.count() == 60


def test_one_request_for_more_time_and_one_answer():
    desk = make_desk()
    reviewer = make_official(desk.body, Role.UNION_REVIEWER)
    staff = [make_official(make_body(level=Level.PROVINCE), Role.STAFF) for _ in range(2)]
    wanted = WINDOWS[Stage.COUNTY][1] + timedelta(days=7)
    round_id = desk.allotment.round_award.round_id
    ask = lambda actor: extensions.ask(
        round_id=round_id,
        stage=Stage.COUNTY,
        body_id=desk.body.pk,
        wanted=wanted,
        reason="水灾",
        actor=actor,
    )
    with clock.travel(IN_TIME):
        answers = at_once(lambda: ask(desk.keeper), lambda: ask(reviewer), lambda: ask(desk.keeper))
        assert sum(isinstance(answer, ExtensionRequest) for answer in answers) == 1
        assert sum(isinstance(answer, Conflict) for answer in answers) == 2
        request = ExtensionRequest.objects.get()
        answers = at_once(
            lambda: extensions.grant(request_id=request.pk, actor=staff[0]),
            lambda: extensions.refuse(request_id=request.pk, actor=staff[1], answer="全省统一截止"),
            lambda: extensions.withdraw(request_id=request.pk, actor=reviewer),
        )
    assert sum(isinstance(answer, ExtensionRequest) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    request.refresh_from_db()
    granted = request.state == RequestState.GRANTED
    assert Extension.objects.count() == LedgerEntry.objects.filter(act="extend").count() == granted
    assert LedgerEntry.objects.filter(stream=f"extension:{request.pk}").count() == 2
    assert not ledger.check()
