"""The pages people live in, at 1,000 and at 10,000 nominations, against the lightest signed-in page of the same run.

Goal: no page grows with the table. Each page is asked by a county reviewer, whose own desk grows with the table as
well, or by the provincial staff, who see all of it.
"""

import sys
from datetime import timedelta

from bench import scratch

scratch.setup()

from django.db import connection  # noqa: E402 -- after the apps are loaded
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from appraisal.records.models import Nomination  # noqa: E402
from appraisal.records.states import Channel, NominationState  # noqa: E402
from quotas.base import clock  # noqa: E402
from quotas.base.states import Level, Role, Stage  # noqa: E402
from quotas.rounds.models import RoundAward  # noqa: E402
from quotas.tree.models import Body, User  # noqa: E402
from tests.builders import (  # noqa: E402
    IN_TIME,
    labelled,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_official,
    make_round_award,
    make_user,
)
from workflows import turns  # noqa: E402
from workflows.querysets import of_nomination  # noqa: E402

SIZES = (1_000, 10_000)
COUNTIES = 20
RUNS = 7
MOST_GROWTH = 2
"""How many times as long a page may take with ten times the rows; what is measured in milliseconds is never exact."""
FLOOR = "help"


def plan() -> tuple[RoundAward, list[Body]]:
    """A round of one award with twenty counties under one city."""
    province = make_body(level=Level.PROVINCE)
    city = make_body(level=Level.CITY, parent=province)
    counties = [make_body(parent=city) for _ in range(COUNTIES)]
    round_award = make_round_award(award=make_award(name="模范职工之家"), places=100)
    for body in (province, city, *counties):
        make_allotment(round_award, body, places=100)
    return round_award, counties


def fill(round_award: RoundAward, counties: list[Body], user: User, start: int, end: int) -> None:
    """Nominations in review, every seventh in the pool, all with their open tasks."""
    units = {body.pk: [make_employer(body) for _ in range(10)] for body in counties}
    Nomination.objects.bulk_create(
        [
            labelled(
                Nomination(
                    number=f"26-{number:05d}-0",
                    round_award=round_award,
                    employer=units[body.pk][number % 10],
                    body=body,
                    desk=body,
                    stage=Stage.COUNTY,
                    channel=Channel.TERRITORIAL,
                    created_by=user,
                    created_at=IN_TIME,
                    entered_at=IN_TIME + timedelta(minutes=number),
                    due_at=IN_TIME + timedelta(days=1 + number % 40),
                    submitted_at=IN_TIME,
                    form_key=f"00000000-0000-0000-0000-{number:012d}",
                    nominee_name=f"单位{number}职工之家",
                    nominee_key=f"unit:{number}",
                    status=NominationState.POOLED if number % 7 == 0 else NominationState.IN_REVIEW,
                    non_public=True,
                    ownership_verified=True,
                )
            )
            for number in range(start, end)
            for body in (counties[number % COUNTIES],)
        ],
        batch_size=500,
    )
    turns.reconcile()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def pages(round_award: RoundAward, county: Body) -> dict[str, str]:
    """The addresses, by name."""
    nomination = Nomination.objects.filter(desk=county, status=NominationState.IN_REVIEW).earliest("pk")
    task = of_nomination(nomination.pk).filter(finished=None, flow_task_type="HUMAN").earliest("pk")
    return {
        FLOOR: "/help/",
        "home": "/",
        "inbox": "/inbox/",
        "inbox, searched": "/inbox/?q=26-0001",
        "nominations": "/nominations/",
        "one nomination": f"/nominations/{nomination.pk}/",
        "review": f"/tasks/{task.pk}/",
        "round": f"/rounds/{round_award.round.code}/",
        "quota board": f"/rounds/{round_award.round.code}/quotas/",
        "flows": "/flows/",
    }


def measure(client: Client, addresses: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Microseconds of the fastest of several runs, and the number of statements, by page."""
    found = {}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        asked = len(statements)  # the next request empties the log
        seconds = scratch.best(RUNS, lambda address=address: client.get(address))
        found[name] = (int(seconds * 1_000_000), asked)
    return found


def main() -> int:
    """Print every page at both sizes with its ratio to the floor; 1 when a page grows with the table."""
    grown = []
    with scratch.database(), clock.travel(IN_TIME):
        round_award, counties = plan()
        user = make_user()
        people = {
            "county": make_official(counties[0], Role.UNION_REVIEWER),
            "province": make_official(Body.objects.get(level=Level.PROVINCE), Role.STAFF),
        }
        measured: dict[str, list[dict[str, tuple[int, int]]]] = {who: [] for who in people}
        for start, end in zip((0, *SIZES), SIZES, strict=False):
            fill(round_award, counties, user, start, end)
            for who, person in people.items():
                client = Client()
                client.force_login(person)
                addresses = pages(round_award, counties[0])
                if who == "province":
                    del addresses["review"]
                measured[who].append(measure(client, addresses))
    for who, (small, large) in measured.items():
        for name, (took, statements) in large.items():
            before, statements_before = small[name]
            print(
                f"{who:9} {name:16} {before / 1000:6.1f} ms -> {took / 1000:6.1f} ms (x{took / before:.1f}), "
                f"{statements_before} -> {statements} statements; {took / large[FLOOR][0]:.1f} x the lightest page"
            )
            if took > MOST_GROWTH * before or statements > statements_before:
                grown.append(f"{who} {name}")
    if grown:
        print(f"grows with the table: {', '.join(grown)}")
    return int(bool(grown))


if __name__ == "__main__":
    sys.exit(main())
