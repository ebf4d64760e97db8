"""One lock, one race that needs it: each act is done and not committed yet when the other begins.

What `with_and_without_locks` cannot take away (the row of a round's award, the table of the ledger, a constraint) is
raced with all locks in place; each of these races was seen to fail with the line removed.
"""

import threading
from functools import partial

import pytest
from django.db import transaction

from appraisal.boards.services import verification
from appraisal.namings.services import namings
from appraisal.nominations.services import nominations, reviews
from appraisal.notices.services import objections
from appraisal.records.models import Naming, Nomination, Slate, SlateEntry
from appraisal.records.states import Control, EntryKind, NominationState, Outcome, SlateState, UnitRole
from appraisal.register.services import employers
from appraisal.slates.services import classifications, slates
from quotas.arithmetic.application_number import parse
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import Office, Role, Stage
from quotas.ledger.models import LedgerEntry, LedgerSeal
from quotas.ledger.services import ledger
from quotas.rounds.services import allotments, rounds
from tests.appraisal.desks import NOTICE_STARTS, make_desk, make_route, seen, told
from tests.builders import (
    IN_TIME,
    make_application,
    make_award,
    make_nomination,
    make_official,
    make_procedure,
    make_round,
    make_round_award,
    make_slate,
    make_unit_person,
)
from tests.races.test_plan_races import at_once
from tests.races.test_slate_races import (
    PATIENCE,
    UNCOMMITTED,
    code_of,
    collide,
    differences,
    filled_desk,
    paused,
    submission,
    with_and_without_locks,
    withdrawal,
)
from workflows import turns
from workflows.models import NominationProcess

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

S = NominationState
FIRST_WAITS = {"first": UNCOMMITTED}


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def sending(desk):
    slate = desk.slate
    return partial(
        slates.send_up,
        slate_id=slate.pk,
        version=slate.version,
        actor=desk.keeper,
        unreviewed=seen(slate),
    )


def settling_desk(**entries):
    desk = filled_desk(**entries)
    desk.advance(SlateState.SETTLING)
    return desk


def handed_in(desk):
    """An application of a unit of the desk, which only its endorser has still to hand in."""
    (made,) = told([make_application(desk.allotment, status=S.ENDORSING)])
    make_procedure(made)
    endorser = make_unit_person(made.employer, UnitRole.ENDORSER)
    return made, partial(nominations.endorse, nomination_id=made.pk, version=1, actor=endorser)


# --- the row of the places, which holds the list as well ---------------------------------------------------------


def test_the_list_leaves_while_somebody_hands_in(monkeypatch):
    """Nobody is handed in to a desk whose list has left."""

    def prepare():
        desk = settling_desk()
        made, endorsing = handed_in(desk)

        def check(first, second):
            assert isinstance(first, slates.Release)
            assert code_of(second) == "list_has_left"
            assert Nomination.objects.get(pk=made.pk).status == S.ENDORSING

        return paused(sending(desk)), endorsing, FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_somebody_hands_in_while_the_list_leaves(monkeypatch):
    """The keeper has not seen what was handed in before the list left: it is asked for, not stranded at the desk."""

    def prepare():
        desk = settling_desk()
        made, endorsing = handed_in(desk)

        def check(first, second):
            assert first.status == S.IN_REVIEW
            assert code_of(second) == "unreviewed_at_desk"
            assert second.params["entries"] == (str(made),)
            assert desk.slate.state == SlateState.SETTLING

        return paused(endorsing), sending(desk), FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_an_objection_comes_in_while_the_list_leaves(monkeypatch):
    def prepare():
        desk = filled_desk()
        desk.advance(SlateState.ON_NOTICE)
        notice = desk.slate.notices.get()
        desk.close()
        entry = SlateEntry.objects.get(slate=desk.slate, nomination=desk.nominations[0])

        def recording():
            with clock.travel(NOTICE_STARTS):
                return objections.record(
                    notice_id=notice.pk,
                    entry_id=entry.pk,
                    actor=desk.keeper,
                    objector="王实名",
                    objector_contact="某路1号",
                    text="事迹不实",
                    received_on=notice.starts_on,
                )

        def check(_first, second):
            assert code_of(second) == "stale"
            assert desk.slate.state == SlateState.SETTLING

        return paused(recording), sending(desk), FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_places_are_cut_while_a_list_takes_them(monkeypatch):
    def prepare():
        desk = filled_desk()
        cutting = partial(
            allotments.set_places,
            round_award_id=desk.allotment.round_award_id,
            body_id=desk.body.pk,
            places=2,
            actor=make_official(desk.body.parent, Role.KEEPER),
            reason="核减",
        )

        def check(first, second):
            assert first.places == 2
            assert isinstance(second, RuleViolation)
            assert [reason.code for reason in second.reasons] == ["slate_places_exceeded"]
            assert (desk.slate.state, desk.committed) == (SlateState.COMPILING, 0)

        return paused(cutting), submission(desk, desk.keeper), FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_the_list_is_saved_while_what_it_takes_up_is_withdrawn(monkeypatch):
    """The pool has no lock of its own: who leaves it holds the places of the desk."""

    def prepare():
        desk = make_desk()
        (made,) = told([make_nomination(desk.allotment.round_award, desk.body)])
        slate = desk.slate
        saving = partial(
            slates.set_entries,
            slate_id=slate.pk,
            version=slate.version,
            actor=desk.keeper,
            entries=[(made.pk, EntryKind.REGULAR.value, 1)],
        )

        def check(first, second):
            assert first.status == S.WITHDRAWN
            assert code_of(second) == "entry_not_in_pool"
            assert desk.entries() == []

        return paused(withdrawal(made)), saving, FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_one_entry_is_taken_over_twice(monkeypatch):
    def prepare():
        desk, first, _unit = bought_desk()
        taking = settling(desk, first, classifications.adopt)

        def check(_first, second):
            assert code_of(second) == "stale"
            told_of = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}", act="take_ownership")
            assert told_of.count() == 1

        return paused(taking), taking, FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


# --- the row of a nomination, and of many ------------------------------------------------------------------------


def test_a_withdrawal_waits_for_a_list_that_is_sent_up(monkeypatch):
    """It found the nomination on the county's list, and has it from the city's desk: whoever withdraws looks again."""
    desk = settling_desk()
    first, second = collide(
        monkeypatch, paused(sending(desk)), withdrawal(desk.nominations[0]), points=FIRST_WAITS
    )
    assert len(first.up) == 3
    assert code_of(second) == "stale"
    # The list that left is as it left.
    assert [pk for pk, _kind, _rank in desk.entries()] == [made.pk for made in desk.nominations]
    assert differences() == []


def reviewing(nomination, office, role, outcome):
    return partial(
        reviews.give_opinion,
        nomination_id=nomination.pk,
        version=nomination.version,
        office=office,
        actor=make_official(nomination.desk, role),
        outcome=outcome,
        text="" if outcome == Outcome.APPROVE else "条件不符",
    )


def test_one_office_approves_while_the_other_declines(monkeypatch):
    def prepare():
        desk = make_desk()
        (made,) = told([make_nomination(desk.allotment.round_award, desk.body, status=S.IN_REVIEW)])

        def check(first, second):
            assert first.status == S.DECLINED
            assert code_of(second) == "somebody_was_faster"

        return (
            paused(reviewing(made, Office.UNION, Role.UNION_REVIEWER, Outcome.DECLINE)),
            reviewing(made, Office.PARTY, Role.PARTY_REVIEWER, Outcome.APPROVE),
            FIRST_WAITS,
            check,
        )

    with_and_without_locks(monkeypatch, prepare, "nomination")


def test_a_unit_is_verified_while_its_list_leaves(monkeypatch):
    """The list waits for the flag and stays: what it carries is no longer what the unit is."""

    def prepare():
        desk = settling_desk()
        Nomination.objects.update(submitted_at=clock.now())
        verifying = buying(desk.nominations[0])

        def check(_first, second):
            assert code_of(second) == "ownership_unsettled"
            assert desk.slate.state == SlateState.SETTLING

        return paused(verifying), sending(desk), FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "nominations")


# The nomination was returned, begins again at the county, whose list has left with it, and goes on to the city.


def gone_on():
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    (again,) = told(
        [
            make_nomination(
                county.allotment.round_award,
                county.body,
                status=S.IN_REVIEW,
                review_pass=2,
            )
        ]
    )
    county.slate.delete()
    left = make_slate(county.allotment, state=SlateState.SENT_UP)
    SlateEntry.objects.create(slate=left, nomination=again, kind=EntryKind.REGULAR, rank=1)
    city.nominations = told(city.fill(non_public=1))
    city.advance(SlateState.SETTLING)
    reviewing(again, Office.UNION, Role.UNION_REVIEWER, Outcome.APPROVE)()
    again.refresh_from_db()
    return city, again, reviewing(again, Office.PARTY, Role.PARTY_REVIEWER, Outcome.APPROVE)


def stranded(city):
    return Nomination.objects.filter(desk=city.body, status=S.IN_REVIEW).exclude(
        round_award__slates__in=Slate.objects.filter(body=city.body).exclude(state=SlateState.SENT_UP)
    )


def test_a_nomination_goes_on_to_the_city_while_its_list_leaves(monkeypatch):
    """The list of the city takes the lock of whatever it decides on, wherever it lies: no place needs to be locked."""
    city, again, approving = gone_on()
    first, second = collide(monkeypatch, paused(approving), sending(city), points=FIRST_WAITS)
    assert (first.status, first.desk) == (S.IN_REVIEW, city.body)
    assert second.closed == (again.pk,)
    assert not stranded(city).exists()


def test_the_list_of_the_city_leaves_while_a_nomination_goes_on_to_it(monkeypatch):
    city, again, approving = gone_on()
    first, second = collide(monkeypatch, paused(sending(city)), approving, points=FIRST_WAITS)
    assert first.closed == (again.pk,)
    assert code_of(second) in {"stale", "nomination_state", "somebody_was_faster"}
    again.refresh_from_db()
    assert again.status == S.NOT_SELECTED
    assert not stranded(city).exists()


# --- the row of a unit -------------------------------------------------------------------------------------------


def buying(nomination, version=None):
    employer = nomination.employer
    employer.refresh_from_db()
    return partial(
        employers.verify_ownership,
        employer_id=employer.pk,
        version=version or employer.version,
        actor=make_official(employer.body, Role.UNION_REVIEWER),
        control=Control.STATE,
        state_capital_permille=510,
        proof="股权变更登记",
    )


def bought_desk():
    desk = settling_desk(non_public=3, public=1)
    Nomination.objects.update(submitted_at=clock.now())
    first = desk.nominations[0]
    unit = buying(first)()
    return desk, first, unit


def settling(desk, nomination, act):
    nomination.employer.refresh_from_db()
    return partial(
        act,
        slate_id=desk.slate.pk,
        version=desk.slate.version,
        nomination_id=nomination.pk,
        unit_version=nomination.employer.version,
        actor=desk.keeper,
        reason="已核对",
    )


def test_a_unit_is_verified_while_somebody_hands_in(monkeypatch):
    """Frozen afterwards and in agreement with the register; or before, and flagged."""

    def prepare():
        desk = make_desk()
        made, endorsing = handed_in(desk)

        def check(_first, second):
            assert second.status == S.IN_REVIEW
            second.refresh_from_db()
            assert second.non_public == second.ownership_changed

        return paused(buying(made)), endorsing, FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "employer")


@pytest.mark.parametrize("act", [classifications.affirm, classifications.adopt])
def test_a_unit_is_verified_again_while_its_keeper_says_what_counts(monkeypatch, act):
    """Nobody decides on a verification that nobody has looked at."""

    def prepare():
        desk, first, _unit = bought_desk()
        saying = settling(desk, first, act)

        def check(_first, second):
            assert code_of(second) == "stale"
            again = Nomination.objects.get(pk=first.pk)
            assert (again.ownership_changed, again.ownership_affirmed) == (True, "")

        return paused(buying(first)), saying, FIRST_WAITS, check

    with_and_without_locks(monkeypatch, prepare, "employer")


# --- constraints, and what is not a row of ours ------------------------------------------------------------------


def test_two_bodies_take_one_document_number(monkeypatch):
    """No lock keeps them apart: the constraint does, in the words of the house."""
    round_award = make_round_award(award=make_award(final_stage=Stage.COUNTY))
    deciding = []
    for _each in range(2):
        desk = make_desk(round_award)
        told(desk.fill(non_public=1))
        desk.advance(SlateState.FINALISED)
        slate = desk.slate
        deciding.append(
            partial(
                namings.decide,
                slate_id=slate.pk,
                version=slate.version,
                actor=desk.keeper,
                title="决定",
                document_number="苏工发〔2026〕12号",
                decided_on=clock.today(),
            )
        )
    first, second = collide(monkeypatch, paused(deciding[0]), deciding[1], points=FIRST_WAITS)
    assert isinstance(first, namings.NamingRelease)
    assert code_of(second) == "document_number_taken"
    assert Naming.objects.count() == 1
    assert slate.entries.get().nomination.status == S.POOLED
    assert differences() == []


def test_the_lists_of_a_round_are_opened_once(monkeypatch):
    desk = make_desk()
    Slate.objects.all().delete()
    opening = partial(turns.open_slates, round_id=desk.allotment.round_award.round_id)
    first, second = collide(monkeypatch, paused(opening), opening, points=FIRST_WAITS)
    assert (len(first), second) == (1, [])
    assert Slate.objects.count() == 1


def test_the_process_of_a_nomination_is_begun_once(monkeypatch):
    nomination = make_application()
    starting = partial(turns.start_nomination, nomination_id=nomination.pk)
    first, second = collide(monkeypatch, paused(starting), starting, points=FIRST_WAITS)
    assert first == second
    assert NominationProcess.objects.count() == 1


def test_a_process_that_is_missing_is_begun_once(monkeypatch):
    nomination = make_application()
    starting = partial(turns.start_nomination, nomination_id=nomination.pk)
    first, second = collide(monkeypatch, paused(starting), turns.reconcile, points=FIRST_WAITS)
    assert first.nomination_id == nomination.pk
    assert second == []
    assert NominationProcess.objects.count() == 1


def test_a_seal_waits_for_whoever_is_still_writing():
    """A row with a lower number that appears after the seal would break it."""
    written, let_go = threading.Event(), threading.Event()
    sealed: list[LedgerSeal | None] = []

    def write_slowly():
        with transaction.atomic():
            ledger.append(stream="slow", act="x", actor=None)
            written.set()
            assert let_go.wait(PATIENCE)

    def write_and_seal():
        assert written.wait(PATIENCE)
        ledger.append(stream="quick", act="x", actor=None)
        threading.Timer(0.5, let_go.set).start()
        sealed.append(ledger.seal())

    at_once(write_slowly, write_and_seal)
    assert sealed[0].entries == 2
    assert ledger.check() == []


def test_nobody_waits_while_a_seal_reads(monkeypatch):
    """A day's rows take a while to read; acts go on meanwhile and belong to the next seal."""
    ledger.append(stream="before", act="x", actor=None)
    reading, written = threading.Event(), threading.Event()
    add = ledger._Digest.add

    def slowly(self, pk, row_hash):
        reading.set()
        assert written.wait(PATIENCE)
        add(self, pk, row_hash)

    def write():
        assert reading.wait(PATIENCE)
        ledger.append(stream="meanwhile", act="x", actor=None)
        written.set()

    monkeypatch.setattr(ledger._Digest, "add", slowly)
    sealed, _written = at_once(ledger.seal, write)
    monkeypatch.undo()
    assert sealed.entries == 1
    assert ledger.seal().entries == 2
    assert ledger.check() == []


def test_two_seals_follow_each_other():
    """Two nightly jobs at a time: one binds the rows, the other finds them bound."""
    ledger.append(stream="before", act="x", actor=None)
    one, other = at_once(ledger.seal, ledger.seal)
    assert one == other
    assert ledger.check() == []


def test_numbers_of_two_rounds_of_a_year_never_meet():
    """The first number of the year is the hard one: its series has no row to wait for yet."""
    first, second = make_round(), make_round()
    assert first.year == second.year
    taking = [partial(rounds.next_number, round_id=each.pk) for each in (first, second, first, second)]
    numbers = at_once(*taking)
    assert len(set(numbers)) == 4
    assert all(parse(number) == number for number in numbers)


def test_two_lists_one_above_the_other_leave_at_once():
    """They never wait for each other crosswise: the places are locked by number."""
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    for desk in (county, city):
        told(desk.fill(non_public=1))
        desk.advance(SlateState.SETTLING)
    results = at_once(sending(county), sending(city))
    assert any(isinstance(result, slates.Release) for result in results)
    assert [line.detail for line in verification.run() if not line.holds] == []
