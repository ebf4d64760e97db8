"""A task as a row of a list: due when, who, which award, from where, at which step, what happened last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appraisal.deadlines.services import deadlines, extensions
from appraisal.deadlines.services.extensions import Asked
from appraisal.nominations.services import reviews
from appraisal.nominations.views.dossier import OUTCOME_TONES
from appraisal.records.states import NominationState
from quotas import addresses
from quotas.base import clock
from quotas.base.states import Level, Stage
from workflows.flows import REVIEWS
from workflows.inbox import lists_left, queue, worklist
from workflows.querysets import NOMINATION, SLATE


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task. `tickable`: it may be approved together with others; `owner`: who has taken it.

    `over`: the time in which it could be done has passed, and how it stands with more of it. `list_note`: what an
    approval can still lead to, where the list of the desk has gone on its way already.
    """

    pk: int
    url: str
    title: Any
    number: str
    name: str
    unit: str
    award: str
    origin: str
    ownership: Mapping[str, Any]
    due_at: datetime | None
    since: datetime
    taken: datetime | None
    finished: datetime | None
    last: Mapping[str, Any] | None
    again: str
    status: str
    owner: str
    mine: bool
    tickable: bool
    over: Asked | None = None
    list_note: str = ""

    @property
    def decide_url(self) -> str:
        """Its page with a decision already chosen, which follows."""
        return f"{self.url}{'&' if '?' in self.url else '?'}decision="


def of(
    values: Iterable[Mapping[str, Any]], user: Any, *, brief: bool = False, opened_from: str = ""
) -> list[TaskRow]:
    """
    The rows of a page, with the latest opinion on each, what is over and what an approval still leads to.

    Nine statements at most however many rows there are, none when they are `brief`. `opened_from`: the list as it is written
    into the addresses of its tasks (workflows.inbox.queue).
    """
    found = list(values)
    numbers = [row[f"{NOMINATION}__pk"] for row in found if row[f"{NOMINATION}__pk"]]
    if brief or not numbers:
        return [_row(row, user, None, opened_from) for row in found]
    latest = worklist.last_opinions(numbers)
    ahead = _Ahead.of([row[f"{NOMINATION}__pk"] for row in found if row["finished"] is None], user)
    return [_row(row, user, latest.get(row[f"{NOMINATION}__pk"]), opened_from, ahead) for row in found]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is over, and what an approval still leads to, for the nominations of a page."""

    over: Mapping[int, Asked]
    notes: Mapping[int, str]

    @classmethod
    def of(cls, numbers: Iterable[int | None], user: Any) -> "_Ahead":
        nominations = worklist.nominations_of(number for number in numbers if number is not None)
        found = deadlines.of_nominations(nominations)
        past = {number: deadline for number, deadline in found.items() if deadline.due_at < clock.now()}
        asked = extensions.standing(deadlines=past.values(), user=user)
        in_review = [each for each in nominations if each.status == NominationState.IN_REVIEW]
        prospects = reviews.prospects(in_review)
        return cls(
            over={number: asked[deadline.key] for number, deadline in past.items()},
            notes={each.pk: note for each in in_review if (note := lists_left.in_row(prospects[each.pk]))},
        )


_NOTHING_AHEAD = _Ahead({}, {})


def _row(
    row: Mapping[str, Any], user: Any, opinion: Any, opened_from: str, ahead: _Ahead = _NOTHING_AHEAD
) -> TaskRow:
    node = row["flow_task"]
    number = row[f"{NOMINATION}__pk"]
    over = ahead.over.get(number)
    of_nomination = row[f"{NOMINATION}__pk"] is not None
    return TaskRow(
        pk=row["pk"],
        url=_url(row, user, opened_from),
        title=node.task_title,
        number=row[f"{NOMINATION}__number"] or "",
        name=row[f"{NOMINATION}__nominee_name"] if of_nomination else _slate_name(row),
        unit=row[f"{NOMINATION}__employer__name"] or "",
        award=row[f"{NOMINATION if of_nomination else SLATE}__round_award__award__short_name"],
        origin=_origin(row) if of_nomination else row[f"{SLATE}__body__short_name"],
        ownership=_ownership(row) if of_nomination else {},
        due_at=row[f"{NOMINATION}__due_at"],
        since=row["created"],
        taken=row["assigned"],
        finished=row["finished"],
        last=_last(opinion),
        again=_again(row[f"{NOMINATION}__review_pass"] or 1),
        status=row["status"],
        owner=row["owner__name"] or "",
        mine=row["owner_id"] == user.pk,
        tickable=node.name in REVIEWS and over is None and row["owner_id"] in {None, user.pk},
        over=over,
        list_note=ahead.notes.get(number, "") if node.name in REVIEWS else "",
    )


def _url(row: Mapping[str, Any], user: Any, opened_from: str) -> str:
    """The page of the task while the user can do it; else what it is about."""
    if row["finished"] is None and row["owner_id"] in {None, user.pk}:
        return queue.address(row["pk"], opened_from)
    number = row[f"{NOMINATION}__pk"]
    if number is not None:
        return addresses.of_row("appraisal:nomination", number)
    return addresses.of_row("appraisal:slate", row[f"{SLATE}__pk"])


def _slate_name(row: Mapping[str, Any]) -> str:
    return _("%(body)s推荐名单") % {"body": row[f"{SLATE}__body__short_name"]}


def _origin(row: Mapping[str, Any]) -> str:
    """The first body of the way; for the province a county with its city."""
    name = str(row[f"{NOMINATION}__body__short_name"])
    if row[f"{NOMINATION}__body__level"] == Level.COUNTY and row[f"{NOMINATION}__stage"] == Stage.PROVINCE:
        return f"{row[f'{NOMINATION}__body__parent__short_name']} {name}"
    return name


def _ownership(row: Mapping[str, Any]) -> dict[str, Any]:
    """Non-public or not, as frozen; what is not verified counts as public and says so."""
    if not row[f"{NOMINATION}__ownership_verified"]:
        return {"label": _("未核验"), "tone": "todo"}
    if row[f"{NOMINATION}__ownership_changed"]:
        return {"label": _("登记已变更"), "tone": "soon"}
    return {"label": _("非公有制") if row[f"{NOMINATION}__non_public"] else _("公有制"), "tone": "done"}


def _last(opinion: Any) -> dict[str, Any] | None:
    if opinion is None:
        return None
    return {
        "label": opinion.get_outcome_display(),
        "tone": OUTCOME_TONES[opinion.outcome],
        "by": f"{opinion.body.short_name} {opinion.get_office_display()}",
        "at": opinion.at,
    }


def _again(review_pass: int) -> str:
    return _("退回过 %(number)s 次") % {"number": review_pass - 1} if review_pass > 1 else ""
