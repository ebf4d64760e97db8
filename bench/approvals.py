"""One approval with opinion, ledger and rules among 10,000 nominations, against one task of viewflow as it comes.

Goal: at most 1.4 times the processor time of stock viewflow, which records no opinion, keeps no ledger and asks no rule.
Half of them are measured while units can still apply, half when the stock of the desk decides as well.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings

from bench import scratch

settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "bench"]
scratch.setup()

from django.db import connection  # noqa: E402 -- after the apps are loaded
from viewflow.workflow.models import Task  # noqa: E402

from appraisal.nominations.services import reviews  # noqa: E402
from appraisal.records.models import Nomination  # noqa: E402
from appraisal.records.states import NominationState, Outcome  # noqa: E402
from bench import cpu, crowd, stock  # noqa: E402
from quotas.base.states import Level, Office, Role, Stage  # noqa: E402
from quotas.tree.models import User  # noqa: E402
from tests.builders import (  # noqa: E402
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round_award,
    make_share_rule,
)
from workflows import turns  # noqa: E402

AROUND = 10_000
APPROVED = 150
WARM = 10
COUNTIES = 20
RULES = 3
MOST = 1.4
MOST_STATEMENTS = 15


def fill() -> tuple[list[Nomination], list[Nomination], dict[Office, User]]:
    """Nominations on a county's desk under four rules, for ours and for stock, among those of the other counties."""
    province = make_body(level=Level.PROVINCE)
    city = make_body(level=Level.CITY, parent=province)
    counties = [make_body(parent=city) for _ in range(COUNTIES)]
    award = make_round_award(award=make_award(name="模范职工之家"), places=100)
    for number in range(RULES):
        make_share_rule(award.rule_version, f"rule-{number}", denominator=5)
    for body in (province, city, *counties):
        make_allotment(award, body, places=100, typed={"ownership:non_public": 50})
    crowd.gather(award, counties[1:], AROUND, NominationState.IN_REVIEW)
    first = AROUND + 1
    ours = crowd.gather(award, counties[:1], APPROVED, NominationState.IN_REVIEW, first=first)
    theirs = crowd.rows(award, counties[:1], APPROVED, NominationState.IN_REVIEW, first=first + APPROVED)
    roles = {Office.UNION: Role.UNION_REVIEWER, Office.PARTY: Role.PARTY_REVIEWER}
    return ours, theirs, {office: make_official(counties[0], role) for office, role in roles.items()}


def open_task(nomination: Nomination, name: str) -> Task:
    """The task at which the nomination waits for an office, as a page has read it."""
    return Task.objects.select_related("process").get(
        process__nominationprocess__nomination=nomination, finished=None, flow_task__endswith=f".{name}"
    )


def approval(nomination: Nomination, office: Office, actor: User) -> Callable[[], Any]:
    """The turn, with what its page knows: the task and the version."""
    task = open_task(nomination, f"county_{office.value}")
    version = Nomination.objects.values_list("version", flat=True).get(pk=nomination.pk)
    return lambda: turns.perform(
        task.pk,
        actor,
        reviews.give_opinion,
        nomination_id=nomination.pk,
        version=version,
        office=office,
        actor=actor,
        outcome=Outcome.APPROVE,
    )


def main() -> int:
    """Print ours, the floor and their ratio; 1 when the goal is missed."""
    after = WINDOWS[Stage.UNIT][1] + timedelta(hours=1)
    with scratch.database(), scratch.ticking(IN_TIME):
        ours_of, stock_of, people = fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ours, floor = cpu.Spent(), cpu.Spent()
        for place, (nomination, other) in enumerate(zip(ours_of, stock_of, strict=True)):
            if place == WARM:
                ours, floor = cpu.Spent(), cpu.Spent()
            stock.begin(other)
            for office, actor in people.items():
                # Nobody remembers what was asked in the request before.
                fresh = [User.objects.get(pk=actor.pk) for _each in range(2)]
                act = approval(nomination, office, fresh[0])
                with scratch.ticking(after if place % 2 else IN_TIME):
                    cpu.measure(ours, act)
                cpu.measure(floor, partial(stock.approve, open_task(other, office.value), fresh[1]))
    ratio = ours.processor / floor.processor
    missed = ratio > MOST or ours.statements / ours.runs > MOST_STATEMENTS
    print(f"one approval among {AROUND} on {connection.vendor}: {ours}")
    print(f"stock viewflow: {floor}")
    print(f"ratio {ratio:.2f}")
    return int(connection.vendor == "postgresql" and missed)


if __name__ == "__main__":
    sys.exit(main())
