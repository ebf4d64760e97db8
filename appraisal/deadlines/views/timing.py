"""What pages show of time: the latest moments of what they are about, and the way to more of it.

For partials/timing/latest_moments.html and partials/timing/ask_extension.html, whose context the functions here give.
"""

from collections.abc import Iterable
from typing import Any

from appraisal.deadlines.services import deadlines, extensions, latest
from appraisal.deadlines.services.extensions import Asked
from appraisal.deadlines.services.latest import Latest
from appraisal.records.models import Nomination, Slate
from quotas.base import clock
from quotas.tree.models import User


def of_slate(slate: Slate, user: User) -> dict[str, Any]:
    """`latest` and `ask` for the page of a list. Five statements at most, however much stands on it."""
    return of_one(latest.of_slate(slate), user)


def of_nomination(nomination: Nomination, user: User) -> dict[str, Any]:
    """`latest` and `ask` for the page of a nomination.

    One that came back to a desk whose slate has left with it is held to the time of a desk above, and to no step here.
    """
    found = latest.of_nomination(nomination)
    if found is None or nomination.review_pass == 1:
        return of_one(found, user)
    held_to = deadlines.of_nominations([nomination]).get(nomination.pk)
    if held_to is None or held_to.key == _deadline(found).key:
        return of_one(found, user)
    over = [held_to] if held_to.due_at < clock.now() else []
    asked = extensions.standing(deadlines=over, user=user)
    return {"latest": None, "ask": asked.get(held_to.key)}


def of_one(found: Latest | None, user: User) -> dict[str, Any]:
    """`latest` and `ask` of one thing that has a deadline; nothing where there is none."""
    if found is None:
        return {"latest": None, "ask": None}
    asked = asked_of([found], user)
    return {"latest": found, "ask": asked.get(_deadline(found).key)}


def asked_of(found: Iterable[Latest], user: User) -> dict[extensions.Key, Asked]:
    """How the deadlines that are near or over stand with their requests, by deadline; two statements, none when all are far."""
    pressing = [_deadline(each) for each in found if each.over or each.late or each.near]
    return extensions.standing(deadlines=pressing, user=user)


def _deadline(found: Latest) -> extensions.Deadline:
    return extensions.Deadline(found.round, found.stage, found.body_id, found.due_at)
