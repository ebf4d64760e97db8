"""A list of 1,000 goes up and 200 are passed over, among 10,000 nominations, against one statement that moves the rows.

With the gate, the ledger, what is frozen and the tokens of all 1,200: a row of the domain, one of the ledger and
four to six of the engine for each. The clock goes on meanwhile: what is grouped by moments would show here. Goal: at
most 10 times the one statement on PostgreSQL.
"""

import sys
import time
from typing import Any

from bench import scratch

scratch.setup()

from django.db import connection, transaction  # noqa: E402 -- after the apps are loaded
from django.test.utils import CaptureQueriesContext  # noqa: E402

from appraisal.records.models import Nomination, Slate, SlateEntry  # noqa: E402
from appraisal.records.states import EntryKind, NominationState, SlateState  # noqa: E402
from appraisal.slates.services import slates  # noqa: E402
from bench import crowd  # noqa: E402
from quotas.base.states import Level, Role, Stage  # noqa: E402
from quotas.rounds.models import Allotment  # noqa: E402
from quotas.tree.models import User  # noqa: E402
from tests.appraisal.desks import seen  # noqa: E402
from tests.builders import (  # noqa: E402
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round_award,
)
from tests.workflows.house import open_task  # noqa: E402
from workflows import turns  # noqa: E402
from workflows.querysets import of_slate  # noqa: E402

GOING = 1_000
STAYING = 200
AROUND = 10_000
COUNTIES = 20
RUNS = 5
MOST_RATIO = 10


def fill() -> tuple[Slate, User]:
    """The list after its notice, every second entry non-public, with everybody's tasks."""
    province = make_body(level=Level.PROVINCE)
    city = make_body(level=Level.CITY, parent=province)
    counties = [make_body(parent=city) for _ in range(COUNTIES)]
    award = make_round_award(award=make_award(name="模范职工之家"), places=GOING)
    for body in (province, city, *counties):
        make_allotment(award, body, places=GOING)
    crowd.gather(award, counties[1:], AROUND, NominationState.IN_REVIEW)
    pool = crowd.gather(award, counties[:1], GOING + STAYING, NominationState.POOLED, first=AROUND + 1)
    county = counties[0]
    slate = Slate.objects.create(
        round_award=award, body=county, stage=county.stage, state=SlateState.SETTLING
    )
    SlateEntry.objects.bulk_create(
        SlateEntry(slate=slate, nomination=nomination, kind=EntryKind.REGULAR, rank=rank)
        for rank, nomination in enumerate(pool[:GOING], start=1)
    )
    Allotment.objects.filter(round_award=award, body=county).update(committed=GOING)
    turns.reconcile()
    return slate, make_official(county, Role.KEEPER)


def undone(work: Any) -> float:
    """Seconds of the work with what its commit would check; it is taken back, so that every run finds the same rows."""
    with transaction.atomic():
        begun = time.perf_counter()
        work()
        connection.check_constraints()
        spent = time.perf_counter() - begun
        transaction.set_rollback(True)
    return spent


def main() -> int:
    """Print ours, the floor and their ratio; 1 when the goal is missed."""
    with scratch.database(), scratch.ticking(IN_TIME):
        slate, keeper = fill()
        task = open_task(of_slate(slate.pk), "settle_objections")
        shown = seen(slate)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

        def ours() -> None:
            released = turns.perform(
                task.pk,
                keeper,
                slates.send_up,
                slate_id=slate.pk,
                actor=keeper,
                version=slate.version,
                unreviewed=shown,
            )
            assert (len(released.up), len(released.closed)) == (GOING, STAYING)

        def floor() -> None:
            moved = Nomination.objects.filter(desk=slate.body, status=NominationState.POOLED).update(
                status=NominationState.IN_REVIEW, stage=Stage.CITY, desk=slate.body.parent, version=2
            )
            assert moved == GOING + STAYING

        with CaptureQueriesContext(connection) as captured:
            undone(ours)
        taken, plain = (min(undone(work) for _run in range(RUNS)) for work in (ours, floor))
        vendor = connection.vendor
    print(
        f"sending up {GOING} and passing over {STAYING} among {AROUND} on {vendor}: {taken * 1000:.0f} ms, "
        f"{len(captured)} statements; one statement that moves the rows {plain * 1000:.0f} ms; "
        f"ratio {taken / plain:.1f}"
    )
    return int(vendor == "postgresql" and taken / plain > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
