"""One press on the workbench of a list of 100, beside pools of 200, 1,000 and 5,000, against the lightest signed-in page.

Goal: flat in the pool, at most 60 KiB a press by htmx; on this machine 60 ms, here as a ratio to the page that shows
nothing.
"""

import sys
from typing import Any

from bench import scratch

scratch.setup()

from django.db import connection  # noqa: E402 -- after the apps are loaded
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from appraisal.records.models import Nomination, Slate  # noqa: E402
from appraisal.records.states import NominationState  # noqa: E402
from bench import crowd  # noqa: E402
from quotas.base.states import Level, Role  # noqa: E402
from quotas.rounds.models import RoundAward  # noqa: E402
from tests.builders import (  # noqa: E402
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round_award,
    make_share_rule,
)
from tests.workflows.house import open_task  # noqa: E402
from workflows import turns  # noqa: E402
from workflows.querysets import of_slate  # noqa: E402

POOLS = (200, 1_000, 5_000)
CHOSEN = 100
PLACES = 120
RUNS = 9
MOST_KIB = 60
MOST_GROWTH = 2
"""How many times as long a press may take beside the largest pool as beside the smallest."""
MOST_RATIO = 8
"""How many times as long as a page that shows nothing."""


def fill() -> tuple[RoundAward, Slate, Client, str]:
    """A county's list that is being compiled, its keeper, and the address of the workbench."""
    city = make_body(level=Level.CITY, parent=make_body(level=Level.PROVINCE))
    county = make_body(parent=city)
    award = make_round_award(award=make_award(name="模范职工之家"), places=PLACES)
    make_share_rule(award.rule_version, "half")
    make_allotment(award, city, places=PLACES)
    make_allotment(award, county, places=PLACES, reserve_places=10)
    slate = Slate.objects.create(round_award=award, body=county, stage=county.stage)
    turns.reconcile()
    client = Client(headers={"HX-Request": "true"})
    client.force_login(make_official(county, Role.KEEPER))
    return (
        award,
        slate,
        client,
        reverse("workflows:task", args=[open_task(of_slate(slate.pk), "compile_slate").pk]),
    )


def press(act: str, chosen: list[int]) -> dict[str, Any]:
    """What the page sends."""
    return {
        "act": act,
        "version": 1,
        "page": 1,
        "entry": [f"{number}:regular" for number in chosen],
        **{f"rank-{number}": rank for rank, number in enumerate(chosen, start=1)},
    }


def main() -> int:
    """Print each pool, the floor and the ratios; 1 when a goal is missed."""
    took: dict[int, dict[str, float]] = {}
    most = 0.0
    with scratch.database(), scratch.ticking(IN_TIME):
        award, slate, client, address = fill()
        made = 0
        for size in POOLS:
            crowd.gather(award, [slate.body], size - made, NominationState.POOLED, first=made + 1)
            made = size
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            numbers = list(Nomination.objects.order_by("number").values_list("pk", flat=True)[: CHOSEN + 1])
            chosen, other = numbers[:CHOSEN], numbers[CHOSEN]
            acts = {
                "choose": f"regular:{other}",
                "up": f"up:{chosen[60]}",
                "drop": f"drop:{chosen[0]}",
            }
            took[size] = {}
            for name, act in acts.items():
                answer = client.post(address, press(act, chosen))
                assert answer.status_code == 200, answer.content
                kib = len(answer.content) / 1024
                most = max(most, kib)
                data = press(act, chosen)
                took[size][name] = scratch.best(RUNS, lambda data=data: client.post(address, data)) * 1000
                print(f"pool of {size}, {name}: {took[size][name]:.0f} ms, {kib:.0f} KiB")
        floor = scratch.best(RUNS, lambda: client.get(reverse("quotas:help"))) * 1000
    slowest = max(took[POOLS[-1]].values())
    growth = max(took[POOLS[-1]][name] / took[POOLS[0]][name] for name in took[POOLS[0]])
    vendor = connection.vendor
    print(
        f"a press on the workbench on {vendor}: at most {slowest:.0f} ms and {most:.0f} KiB, growth {growth:.2f}; "
        f"a page that shows nothing {floor:.0f} ms; ratio {slowest / floor:.1f}"
    )
    missed = most > MOST_KIB or growth > MOST_GROWTH or slowest / floor > MOST_RATIO
    return int(vendor == "postgresql" and missed)


if __name__ == "__main__":
    sys.exit(main())
