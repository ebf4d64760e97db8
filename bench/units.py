"""The import of 2,000 units, and of 500 with an account for each, against reading them out of their workbook.

Goal: at most 1 ms a unit on PostgreSQL, checks and ledger included, in as many statements for 2,000 as for 500.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from bench import scratch

scratch.setup()

from django.db import connection, transaction  # noqa: E402 -- after the apps are loaded
from django.test.utils import CaptureQueriesContext  # noqa: E402

from appraisal.imports.services import imports  # noqa: E402
from appraisal.imports.spreadsheets import read_employers  # noqa: E402
from quotas.base.states import Role  # noqa: E402
from tests.appraisal.workbooks import sheets  # noqa: E402
from tests.builders import IN_TIME, make_body, make_credit_code, make_official  # noqa: E402

UNITS = 2_000
FEW = 500
COUNTIES = 20
RUNS = 3
MOST_MILLISECONDS = 1.0


def units(codes: list[str], number: int, **people: str) -> bytes:
    """A workbook of so many units in these counties, filled in as people fill it in."""
    return sheets.employers(
        [
            sheets.EMPLOYER
            | {
                "单位名称": f"常熟第{place}精密机械制造有限公司",
                "统一社会信用代码": make_credit_code(8_000_000 + place),
                "所在县（市、区）代码": codes[place % len(codes)],
            }
            | {heading: name.format(place) for heading, name in people.items()}
            for place in range(number)
        ]
    )


def undone(work: Callable[[], Any]) -> float:
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
        city = make_body().parent
        counties = [make_body(parent=city) for _ in range(COUNTIES)]
        codes = [body.code for body in counties]
        # A person as well as the system: whether the act is held is asked for each county.
        staff = make_official(counties[0], Role.KEEPER)
        data = units(codes, UNITS)
        table = read_employers(data)
        assert len(table.rows) == UNITS, table.problems[:3]
        own = read_employers(units(codes[:1], FEW)).rows
        peopled = read_employers(units(codes, FEW, 申报人="张{}")).rows

        def bring_in(rows: Any, actor: Any = None) -> None:
            report = imports.import_employers(rows=rows, actor=actor)
            assert report.saved, report.problems[:3]
            assert report.created == len(rows)

        counted = []
        for rows in (table.rows[:FEW], table.rows):
            with CaptureQueriesContext(connection) as captured:
                undone(lambda rows=rows: bring_in(rows))
            counted.append(len(captured))
        ours = min(undone(lambda: bring_in(table.rows)) for _run in range(RUNS)) / UNITS * 1000
        asked = min(undone(lambda: bring_in(own, staff)) for _run in range(RUNS)) / FEW * 1000
        accounts = min(undone(lambda: bring_in(peopled)) for _run in range(RUNS)) / FEW * 1000
        reading = scratch.best(RUNS, lambda: read_employers(data)) / UNITS * 1000
        vendor = connection.vendor
    print(
        f"import of {UNITS} units on {vendor}: {ours:.2f} ms a unit, {counted[1]} statements ({counted[0]} for {FEW}); "
        f"{FEW} by a person {asked:.2f}, {FEW} with an account each {accounts:.2f}; "
        f"reading them {reading:.2f}; ratio {ours / reading:.1f}"
    )
    return int(vendor == "postgresql" and ours > MOST_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
