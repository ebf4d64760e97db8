"""Everybody at once over one cohort: sixteen hands on the same lists, places and nominations, on both databases.

The hands' seeds are fixed, the order in which the database lets them through is not: each run is another storm.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from appraisal.boards.services import verification
from appraisal.records.models import SlateEntry
from quotas.base import clock
from quotas.ledger.models import LedgerEntry
from tests.builders import IN_TIME
from tests.races.cohort import MARK, Hand, found_wrong, make_cohort
from workflows import turns

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 16
ACTS = 30
SAMPLE_EVERY = 1.0
"""Seconds between two looks at everything while the storm blows."""


def looks(cohort):
    """What is wrong, in one snapshot: the recount of the test and the one of `manage.py verify`."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return found_wrong(cohort) + [line.detail for line in verification.run() if not line.holds]


def patient():
    """A machine under load is no deadlock: PostgreSQL still finds those after a second."""
    with connection.cursor() as cursor:
        postgres = connection.vendor == "postgresql"
        cursor.execute("SET lock_timeout = '60s'" if postgres else "PRAGMA busy_timeout = 60000")


def storm(cohort, journey):
    """Let the hands act; the hands, and what a look in between found."""
    hands = [Hand(number, cohort, Random(number), journey) for number in range(HANDS)]
    start, over = Barrier(HANDS), Event()

    def run(hand):
        try:
            patient()
            start.wait(timeout=30)
            for _ in range(ACTS):
                hand.act()
        finally:
            connection.close()

    def watch():
        try:
            patient()
            seen = []
            while not over.wait(SAMPLE_EVERY):
                seen.append(looks(cohort))
            return seen
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS + 1) as pool:
        watching = pool.submit(watch)
        try:
            for future in [pool.submit(run, hand) for hand in hands]:
                future.result()
        finally:
            over.set()
        return hands, watching.result()


def test_sixteen_hands_leave_nothing_that_a_recount_does_not_find():
    with clock.travel(IN_TIME) as journey:
        cohort = make_cohort()
        assert looks(cohort) == []
        before = rows_by_act()
        hands, seen = storm(cohort, journey)
        done = sum((hand.done for hand in hands), Counter())

        assert [wrong for wrong in seen if wrong] == []
        assert looks(cohort) == []
        assert_one_row_for_every_act(hands, done, before)
        assert turns.reconcile() == []
        # A storm in which nothing happened would prove nothing.
        assert all(done[act] for act in ("submit", "sign", "withdraw", "set_places", "approve")), done


def rows_by_act():
    """How many rows the ledger has of each act, under the names that the hands count by."""
    rows = LedgerEntry.objects.values_list("stream", "act")
    below = {("nomination", "send_up"), ("allotment", "apply_calculation")}
    return Counter(
        f"{act} of {kind}s" if (kind, act) in below else act
        for stream, act in rows
        for kind in (stream.partition(":")[0],)
    )


def assert_one_row_for_every_act(hands, done, before):
    rows = rows_by_act() - before
    # Their rows come with other acts too, or do not come where nothing changed.
    aside = {
        "hand_down",
        "apply_calculation of allotments",
        "remove_entry",
        "remove_entry by the keeper",
    }
    assert {act: rows[act] for act in {*rows, *done} - aside} == {
        act: done[act] for act in {*rows, *done} - aside
    }
    assert rows["remove_entry"] == SlateEntry.objects.exclude(removed_at=None).count()
    given = {reason for hand in hands for reason in hand.given}
    told = set(LedgerEntry.objects.filter(reason__startswith=MARK).values_list("reason", flat=True))
    assert told <= given
    missing = given - told
    assert len(missing) <= done["hand_down"]
