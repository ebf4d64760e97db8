"""The import of 500 nominations with the first task of each, against inserting the same 500 rows and nothing else.

Goal: at most 3 ms a row on PostgreSQL, checks, ledger and processes included, and as many statements for 500 as for 50.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from bench import scratch

scratch.setup()

from django.db import connection, transaction  # noqa: E402 -- after the apps are loaded
from django.test.utils import CaptureQueriesContext  # noqa: E402

from appraisal.records.models import Nomination, UnitPost  # noqa: E402
from appraisal.records.states import Channel, UnitRole  # noqa: E402
from appraisal.workbooks.import_rows import NominationRow, Source  # noqa: E402
from quotas.base.states import NomineeKind  # noqa: E402
from quotas.rounds.models import RoundAward  # noqa: E402
from tests.builders import (  # noqa: E402
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_round_award,
    make_user,
)
from workflows import turns  # noqa: E402

ROWS = 500
FEW = 50
COUNTIES = 20
CAP = 2
RUNS = 3
MOST_MILLISECONDS = 3.0


def fill() -> tuple[RoundAward, list[NominationRow]]:
    """A round with places in twenty counties, and two teams of each of 250 units with an applicant of its own."""
    award = make_round_award(
        award=make_award(name="工人先锋号", nominee_kind=NomineeKind.TEAM), places=100, employer_cap=CAP
    )
    city = make_body()
    counties = [make_body(parent=city.parent) for _ in range(COUNTIES)]
    for body in counties:
        make_allotment(award, body, places=100)
    units = [make_employer(counties[number % COUNTIES]) for number in range(ROWS // CAP)]
    people = [make_user(f"unit.{number}") for number in range(len(units))]
    UnitPost.objects.bulk_create(
        UnitPost(user=person, employer=unit, role=UnitRole.APPLICANT)
        for person, unit in zip(people, units, strict=True)
    )
    rows = [
        NominationRow(
            source=Source("申报", number + 2, {}),
            award=award.award.code,
            channel=Channel.TERRITORIAL,
            credit_code=units[number % len(units)].credit_code,
            nominee_name=f"总装车间{number}班",
            leader_name="张三",
            position="",
            identity_number="",
            phone="0512-52880000",
            deeds="事迹" * 500,
            summary="简要" * 100,
            honours="",
            self_score=9_500,
            applicant=people[number % len(units)].username,
            answers={"集体人数": "12", "工会经费足额拨缴": "是"},
        )
        for number in range(ROWS)
    ]
    return award, rows


def undone(work: Callable[[], Any]) -> None:
    """The work in a transaction that is taken back, so that every run finds the same database."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def statements(award: RoundAward, rows: Sequence[NominationRow]) -> int:
    """How many statements the import of these rows takes."""
    with CaptureQueriesContext(connection) as captured:
        undone(lambda: bring_in(award, rows))
    return len(captured)


def bring_in(award: RoundAward, rows: Sequence[NominationRow]) -> None:
    report = turns.import_nominations(round_id=award.round_id, rows=rows, actor=None)
    assert report.saved, report.problems
    assert len(report.made) == len(rows)


def floor(made: Sequence[Nomination]) -> None:
    """The same rows, inserted and nothing else."""
    for nomination in made:
        nomination.pk, nomination.form_key = None, uuid4()
    Nomination.objects.bulk_create(made)


def main() -> int:
    """Print ours, the floor and their ratio; 1 when the goal is missed."""
    with scratch.database(), scratch.ticking(IN_TIME):
        award, rows = fill()
        few, many = statements(award, rows[:FEW]), statements(award, rows)
        ours = scratch.best(RUNS, lambda: undone(lambda: bring_in(award, rows))) / ROWS * 1000
        made: list[Nomination] = []
        with transaction.atomic():
            bring_in(award, rows)
            made = list(Nomination.objects.all())
            transaction.set_rollback(True)
        plain = scratch.best(RUNS, lambda: undone(lambda: floor(made))) / ROWS * 1000
        vendor = connection.vendor
    print(
        f"import of {ROWS} nominations on {vendor}: {ours:.2f} ms a row, {many} statements ({few} for {FEW}); "
        f"rows alone {plain:.2f} ms; ratio {ours / plain:.1f}"
    )
    return int(vendor == "postgresql" and ours > MOST_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
