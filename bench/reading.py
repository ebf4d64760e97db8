"""The pages of reading at 10,000 and at 110,000 nominations, for a desk of one region, of a hundred, and the province.

Each page stands beside a floor of the same run: the inbox beside viewflow's own queue of the same person, the others
beside raw SQL that reads the least from which the page could be drawn. Goal: no page but those that count the whole round
reads or takes more with eleven times the rows. PostgreSQL only: its indexes and its statistics are what is measured.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench import cpu, scratch

scratch.setup()

from django.db import connection  # noqa: E402 -- after the apps are loaded
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402

from appraisal.records.models import Nomination  # noqa: E402
from appraisal.records.states import NominationState  # noqa: E402
from quotas.base import clock  # noqa: E402
from quotas.base.states import Level, Role  # noqa: E402
from quotas.tree.models import User  # noqa: E402
from tests.builders import (  # noqa: E402
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_official,
    make_post,
    make_round,
    make_round_award,
)
from workflows import turns  # noqa: E402
from workflows.flows import NominationFlow  # noqa: E402
from workflows.inbox import waiting  # noqa: E402

SIZES = (10_000, 110_000)
REGIONS = 100
CITIES = 13
AWARDS = 4
UNITS = 20
"""Units of a region."""
DONE_BEFORE = 6
"""Tasks that each nomination has behind it, besides those with which its process begins."""
WARM = 8
"""A prepared statement gets its final plan with the sixth run."""
RUNS = 12
SLOW = 0.05
LEAST = 0.05
"""Milliseconds below which the clock of a process tells nothing."""
MOST_GROWTH = 2
"""How many times as much processor time a page may take with eleven times the rows."""
MOST_MILLISECONDS = {"help": 6, "inbox": 40, "done": 40, "list": 30, "flows": 50}
COUNTING = frozenset({"flows", "round"})
"""Pages that count the whole round: they read more with every nomination, from indexes alone."""


FAR_BEHIND = waiting.DeskPlace(
    IN_TIME + timedelta(days=16), IN_TIME + timedelta(minutes=5_000), 6_000, 1
).written
"""A place in the list of who reviews for all: four fifths and more of what is due come before it."""


class Province:
    """
    A hundred counties with a round of four awards, and two nominations that the engine has taken up.

    `grow` copies their rows, one statement a table, so that a million tasks are what the engine would have written.
    """

    def __init__(self) -> None:
        province = make_body(level=Level.PROVINCE)
        cities = [make_body(level=Level.CITY, parent=province) for _ in range(CITIES)]
        self.counties = [make_body(parent=cities[number % CITIES]) for number in range(REGIONS)]
        self.round = make_round()
        self.awards = [
            make_round_award(self.round, make_award(name=f"模范职工之家{number}"), places=10_000)
            for number in range(AWARDS)
        ]
        for award in self.awards:
            for body in self.counties:
                make_allotment(award, body, places=100)
        for body in self.counties:
            for _ in range(UNITS):
                make_employer(body)
        one = make_official(self.counties[0], Role.UNION_REVIEWER)
        hundred = make_official(self.counties[0], Role.UNION_REVIEWER)
        for body in self.counties[1:]:
            make_post(body, Role.UNION_REVIEWER, hundred)
        staff = make_official(province, Role.STAFF)
        self.people: dict[str, User] = {"one region": one, "a hundred": hundred, "the province": staff}
        self.samples = [
            make_nomination(
                self.awards[0],
                self.counties[0],
                status=status,
                due_at=IN_TIME,
                created_by=staff,
                deeds="事迹" * 500,
            )
            for status in (NominationState.IN_REVIEW, NominationState.POOLED)
        ]
        turns.reconcile()

    def grow(self, start: int, end: int) -> None:
        """Nominations `start` to `end`, four of nine in review and the others in the pool."""
        review, pool = (sample.pk for sample in self.samples)
        given = {
            "counties": [body.pk for body in self.counties],
            "awards": [award.pk for award in self.awards],
            "review": review,
            "pool": pool,
            "start": start,
            "end": end,
        }
        with connection.cursor() as cursor:
            for table, source, changed in COPIES:
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
                )
                names = [name for (name,) in cursor.fetchall() if name != "id" or "id" in changed]
                values = ", ".join(changed.get(name, f"old.{name}") for name in names)
                copied = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM made {source}"  # noqa: S608 -- our own words
                cursor.execute(f"{MADE} {copied}", given)
            cursor.execute("VACUUM ANALYZE")


MADE = f"""
WITH county AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM quotas_body WHERE id = ANY(%(counties)s::bigint[])
), unit AS (
    SELECT id, body_id, row_number() OVER (PARTITION BY body_id ORDER BY id) - 1 AS place FROM appraisal_employer
), made AS (
    SELECT number, 1000 + number AS id, county.id AS county, unit.id AS unit,
        (%(awards)s::bigint[])[1 + (number / 7) %% {AWARDS}] AS award,
        CASE WHEN number %% 9 < 4 THEN %(review)s::bigint ELSE %(pool)s::bigint END AS sample
    FROM generate_series(%(start)s::bigint, %(end)s::bigint - 1) AS number
    JOIN county ON county.place = number %% {REGIONS}
    JOIN unit ON unit.body_id = county.id AND unit.place = (number / {REGIONS}) %% {UNITS}
)
"""  # noqa: S608 -- numbers of this module
_TASKS = """JOIN workflows_nominationprocess p ON p.nomination_id = made.sample
    JOIN viewflow_task old ON old.process_id = p.process_ptr_id"""
_OWN_TASK = {
    "process_id": "made.id",
    "created": "old.created + made.number * interval '1 minute'",
    "owner_permission_obj_pk": "CASE WHEN old.owner_permission LIKE 'quotas.%%' THEN made.county::text "
    "WHEN old.owner_permission IS NOT NULL THEN made.unit::text END",
}
COPIES: list[tuple[str, str, dict[str, str]]] = [
    (
        "appraisal_nomination",
        "JOIN appraisal_nomination old ON old.id = made.sample",
        {
            "id": "made.id",
            "number": "'26-' || lpad(made.number::text, 6, '0') || '-0'",
            "nominee_name": "'第' || made.number || '职工之家'",
            "search": "'26' || lpad(made.number::text, 6, '0') || '0 第' || made.number || '职工之家'",
            "nominee_key": "'bench:' || made.number",
            "form_key": "gen_random_uuid()",
            "round_award_id": "made.award",
            "employer_id": "made.unit",
            "body_id": "made.county",
            "desk_id": "made.county",
            "entered_at": "old.entered_at + made.number * interval '1 minute'",
            "due_at": "old.due_at + (made.number %% 5 - 1) * interval '8 days'",
        },
    ),
    (
        "viewflow_process",
        """JOIN workflows_nominationprocess p ON p.nomination_id = made.sample
            JOIN viewflow_process old ON old.id = p.process_ptr_id""",
        {"id": "made.id"},
    ),
    ("workflows_nominationprocess", "", {"process_ptr_id": "made.id", "nomination_id": "made.id"}),
    ("viewflow_task", _TASKS, _OWN_TASK),
    (
        "viewflow_task",
        f"{_TASKS} AND old.flow_task_type = 'START' CROSS JOIN generate_series(1, {DONE_BEFORE})",
        _OWN_TASK,
    ),
]


def queue(user: User) -> None:
    """The floor of the inbox: the first rows of viewflow's own queue of the person, and how many there are."""
    person = User.objects.get(pk=user.pk)
    tasks = Task.objects.user_queue(person, NominationFlow).filter(status="NEW").select_related("process")
    list(tasks.order_by("created")[:25])
    tasks.count()


def raw(sql: str, *values: Any) -> Callable[[], None]:
    """The floor of another page: one statement that reads what it could be drawn from."""

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.fetchall()

    return read


_NEWEST = """SELECT n.id, n.number, n.nominee_name, e.name, b.short_name FROM appraisal_nomination n
    JOIN appraisal_employer e ON e.id = n.employer_id JOIN quotas_body b ON b.id = n.body_id"""


@dataclass
class Page:
    """An address, its floor, and the goal it is held to."""

    name: str
    address: str
    floor: Callable[[], None]
    goal: str


def pages(province: Province, user: User) -> list[Page]:
    """What is asked by everybody."""
    stock = lambda: queue(user)  # noqa: E731 -- one floor for four pages
    newest = raw(f"{_NEWEST} WHERE n.submitted_at IS NOT NULL ORDER BY n.id DESC LIMIT 26")
    in_state = raw(f"{_NEWEST} WHERE n.status = 'in_review' ORDER BY n.id DESC LIMIT 26")
    found = raw(
        f"{_NEWEST} WHERE bigrams(n.search) @> bigrams('001234') AND n.search LIKE '%%001234%%' LIMIT 26"
    )
    award = province.awards[0].pk
    return [
        Page("help", "/help/", raw("SELECT id FROM quotas_user WHERE id = %s", user.pk), "help"),
        Page("inbox", "/inbox/", stock, "inbox"),
        Page("inbox, one award", f"/inbox/?award={award}", stock, "inbox"),
        Page("inbox, far behind", f"/inbox/?after={FAR_BEHIND}", stock, "inbox"),
        Page("inbox, searched", "/inbox/?q=00123", stock, "inbox"),
        Page("inbox, done", "/inbox/?tab=done", stock, "done"),
        Page("nominations", "/nominations/", newest, "list"),
        Page("nominations, a state", "/nominations/?status=in_review", in_state, "list"),
        Page("nominations, none left", "/nominations/?status=returned&stage=city", in_state, "list"),
        Page("nominations, searched", "/nominations/?q=001234", found, "list"),
        Page("nominations, word of all", "/nominations/?q=职工", newest, "list"),
        Page("nominations, last page", "/nominations/?before=1100", newest, "list"),
        Page(
            "flows",
            "/flows/",
            raw(
                "SELECT flow_task, count(*) FROM viewflow_task WHERE finished IS NULL AND status <> 'DONE' GROUP BY 1"
            ),
            "flows",
        ),
        Page(
            "round",
            f"/rounds/{province.round.code}/",
            raw(
                "SELECT round_award_id, body_id, status, count(*) FROM appraisal_nomination GROUP BY 1, 2, 3"
            ),
            "round",
        ),
    ]


@dataclass
class Figures:
    """What a page took once: milliseconds of processor on average and at least, statements, rows and blocks read; and
    what its floor took.
    """

    milliseconds: float
    least: float
    statements: int
    rows: int
    blocks: int
    floor: float


def measured(client: Client, page: Page, floor: float) -> Figures:
    """The page, warm, beside its floor."""
    for _ in range(WARM):
        answer = client.get(page.address)
        assert answer.status_code == 200, (page.name, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(page.address)
    asked = [query["sql"] for query in captured.captured_queries]
    spent, least = cpu.Spent(), []
    for _ in range(RUNS):
        before = spent.python
        cpu.measure(spent, lambda: client.get(page.address))
        least.append(spent.python - before)
    # The clock of the database's process ticks too slowly for one run: its share is that of the average.
    minimum = (min(least) + spent.database / spent.runs) * 1000
    read = [explained(sql) for sql in asked if sql.lstrip(" (").startswith("SELECT")]
    rows, blocks = (sum(numbers) for numbers in zip(*read, strict=True))
    return Figures(spent.processor, minimum, len(asked), rows, blocks, floor)


def once(floor: Callable[[], None]) -> float:
    """Milliseconds of processor that a floor takes, warm: few runs for what is slow, many for what the clock hardly sees."""
    floor()
    begun = time.perf_counter()
    floor()
    spent = cpu.Spent()
    for _ in range(3 if time.perf_counter() - begun > SLOW else 40):
        cpu.measure(spent, floor)
    return max(spent.processor, LEAST)


def explained(sql: str) -> tuple[int, int]:
    """Rows that the scans of a statement came to, and the blocks it read."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return _scanned(plan), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _scanned(plan: dict[str, Any]) -> int:
    below = plan.get("Plans", [])
    rows = sum(_scanned(part) for part in below)
    if "Scan" in plan["Node Type"] and plan["Node Type"] != "Bitmap Index Scan":
        rows += (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return int(rows)


def main() -> int:
    """Print every page at both sizes beside its floor; 1 when one grows with the table. Goals are of a machine at rest."""
    if connection.vendor != "postgresql":
        print("not on PostgreSQL (DATABASE_URL=postgres://…)")
        return 0
    found: dict[tuple[str, str], list[Figures]] = {}
    goals: dict[str, int | None] = {}
    with scratch.database(), clock.travel(IN_TIME):
        province = Province()
        for start, end in zip((0, *SIZES), SIZES, strict=False):
            province.grow(start, end)
            assert Nomination.objects.count() == end + len(province.samples)
            for who, user in province.people.items():
                client = Client()
                client.force_login(user)
                floors: dict[Callable[[], None], float] = {}
                for page in pages(province, user):
                    if page.floor not in floors:
                        floors[page.floor] = once(page.floor)
                    goals[page.name] = MOST_MILLISECONDS.get(page.goal)
                    found.setdefault((who, page.name), []).append(measured(client, page, floors[page.floor]))
    grown, slow = [], []
    for (who, name), (small, large) in found.items():
        goal = goals[name]
        growth = large.milliseconds / small.milliseconds
        print(
            f"{who:12} {name:24} {small.milliseconds:6.1f} -> {large.milliseconds:6.1f} ms (x{growth:.1f},"
            f" at least {small.least:.1f} -> {large.least:.1f})"
            f"   {small.milliseconds / small.floor:7.2f} -> {large.milliseconds / large.floor:7.2f} x floor"
            f" ({large.floor:.1f} ms)   {small.statements} -> {large.statements} statements"
            f"   {small.rows:,} -> {large.rows:,} rows, {large.blocks:,} blocks"
            f"{f'   goal {goal} ms' if goal else ''}"
        )
        if large.statements > small.statements or (name not in COUNTING and growth > MOST_GROWTH):
            grown.append(f"{who}: {name}")
        if goal and large.least > goal:
            slow.append(f"{who}: {name}")
    for word, pages_ in (("grows with the table", grown), ("above its goal here", slow)):
        if pages_:
            print(f"{word}: {'; '.join(pages_)}")
    return int(bool(grown))


if __name__ == "__main__":
    sys.exit(main())
