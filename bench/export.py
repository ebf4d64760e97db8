"""The workbook of a list of 10,000 entries, against openpyxl writing the same cells and nothing else.

Goal: at most 2 seconds, query, gate and styles included.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO

from bench import scratch

scratch.setup()

from django.db import connection  # noqa: E402 -- after the apps are loaded
from django.test.utils import CaptureQueriesContext  # noqa: E402
from openpyxl import Workbook, load_workbook  # noqa: E402

from appraisal.records.models import Nomination, SlateEntry  # noqa: E402
from appraisal.records.states import Channel, EntryKind, NominationState  # noqa: E402
from appraisal.slates.spreadsheets import slate_workbook  # noqa: E402
from tests.builders import (  # noqa: E402
    labelled,
    make_allotment,
    make_award,
    make_employer,
    make_round_award,
    make_slate,
    make_user,
)

ROWS = 10_000
RUNS = 3
MOST_SECONDS = 2.0


def fill() -> int:
    """A list with ROWS entries of 500 units; its number."""
    allotment = make_allotment(make_round_award(award=make_award(name="模范职工之家")), places=ROWS)
    slate = make_slate(allotment)
    units = [make_employer(allotment.body, non_public=number % 2 == 0) for number in range(500)]
    user, at = make_user(), datetime(2026, 3, 1, tzinfo=UTC)
    nominations = Nomination.objects.bulk_create(
        [
            labelled(
                Nomination(
                    number=f"26-{number:05d}-0",
                    round_award=allotment.round_award,
                    employer=(unit := units[number % len(units)]),
                    body=allotment.body,
                    desk=allotment.body,
                    stage=allotment.body.stage,
                    channel=Channel.TERRITORIAL,
                    created_by=user,
                    created_at=at,
                    entered_at=at,
                    submitted_at=at,
                    form_key=f"00000000-0000-0000-0000-{number:012d}",
                    nominee_name=f"{unit.name}职工之家{number}",
                    nominee_key=f"unit:{number}",
                    status=NominationState.POOLED,
                    score=8_000 + number % 2_000,
                    non_public=unit.is_non_public,
                    ownership_verified=True,
                )
            )
            for number in range(ROWS)
        ],
        batch_size=500,
    )
    SlateEntry.objects.bulk_create(
        [
            SlateEntry(slate=slate, nomination=nomination, kind=EntryKind.REGULAR, rank=rank)
            for rank, nomination in enumerate(nominations, start=1)
        ],
        batch_size=500,
    )
    return slate.pk


def floor(rows: list[tuple[object, ...]]) -> None:
    """The same values in a plain sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(BytesIO())


def main() -> int:
    """Print ours, the floor and their ratio; 1 when the goal is missed."""
    with scratch.database():
        slate_id = fill()
        with CaptureQueriesContext(connection) as statements:
            written = slate_workbook(slate_id)
        sheet = load_workbook(BytesIO(written), read_only=True)["汇总表"]
        rows = list(sheet.iter_rows(values_only=True))
        assert len(rows) == ROWS + 2
        ours = scratch.best(RUNS, lambda: slate_workbook(slate_id))
        plain = scratch.best(RUNS, lambda: floor(rows))
    print(
        f"汇总表 of {ROWS:,} rows: {ours:.2f} s, {len(statements)} statements, {len(written) // 1024} KiB; "
        f"openpyxl alone {plain:.2f} s; ratio {ours / plain:.2f}"
    )
    return int(ours > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
