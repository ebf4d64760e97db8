"""A task as a row of a list: due when, who, which award, from where, at which step, what happened last."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appraisal.deadlines.services import deadlines, extensions
from appraisal.deadlines.services.extensions import Asked
from appraisal.nominations.services import reviews
from appraisal.records.states import NominationState
from appraisal.records.tones import of_ownership, status
from quotas import addresses
from quotas.base import clock
from quotas.base.states import Level, Stage
from workflows.flows import REVIEWS
from workflows.inbox import lists_left, queue, worklist
from workflows.inbox.worklist import Brief, Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task. `tickable`: it may be approved together with others; `owner`: who has taken it.

    `over`: the time in which it could be done has passed, and how it stands with more of it. `list_note`: what an
    approval can still lead to, where the list of the desk has gone on its way already. What only a nomination has
    stays empty for a slate.
    """

    pk: int
    url: str
    title: Any
    name: str
    award: str
    origin: str
    since: datetime
    taken: datetime | None
    finished: datetime | None
    status: str
    owner: str
    mine: bool
    tickable: bool
    number: str = ""
    unit: str = ""
    ownership: Mapping[str, Any] | None = None
    due_at: datetime | None = None
    last: Mapping[str, Any] | None = None
    again: str = ""
    over: Asked | None = None
    list_note: str = ""

    @property
    def decide_url(self) -> str:
        """Its page with a decision already chosen, which follows."""
        return f"{self.url}{'&' if '?' in self.url else '?'}decision="


def of(listed: Iterable[Listed], user: Any, opened_from: str = "") -> list[TaskRow]:
    """
    The rows of a page, with the latest opinion on each, what is over and what an approval still leads to.

    Eight statements at most however many rows there are. `opened_from`: the list as it is written into the addresses
    of its tasks (workflows.inbox.queue).
    """
    found = list(listed)
    about = [each.nomination for each in found if each.nomination is not None]
    if not about:
        return [_row(each, user, opened_from) for each in found]
    latest = worklist.last_opinions(nomination.pk for nomination in about)
    ahead = _Ahead.of([each.nomination for each in found if each.nomination and not each.task.finished], user)
    return [
        _row(each, user, opened_from, latest.get(each.nomination.pk) if each.nomination else None, ahead)
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class BriefRow:
    """A task that the user can do, as a line of a short list."""

    url: str
    name: str
    unit: str
    award: str
    origin: str
    title: Any
    due_at: datetime | None


def brief(found: Iterable[Brief]) -> list[BriefRow]:
    """The lines of a short list. No statement."""
    return [
        BriefRow(
            url=queue.address(each.queued.task, ""),
            name=each.nomination.nominee_name,
            unit=each.nomination.employer.name,
            award=each.nomination.round_award.award.short_name,
            origin=_origin(each.nomination),
            title=each.queued.node.task_title,
            due_at=each.nomination.due_at,
        )
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is over, and what an approval still leads to, for the nominations of a page."""

    over: Mapping[int, Asked]
    notes: Mapping[int, str]

    @classmethod
    def of(cls, nominations: Collection[Any], user: Any) -> "_Ahead":
        found = deadlines.of_nominations(nominations)
        past = {number: deadline for number, deadline in found.items() if deadline.due_at < clock.now()}
        asked = extensions.standing(deadlines=past.values(), user=user)
        in_review = [each for each in nominations if each.status == NominationState.IN_REVIEW]
        prospects = reviews.prospects(in_review) if in_review else {}
        return cls(
            over={number: asked[deadline.key] for number, deadline in past.items()},
            notes={each.pk: note for each in in_review if (note := lists_left.in_row(prospects[each.pk]))},
        )


_NOTHING_AHEAD = _Ahead({}, {})


def _row(
    listed: Listed,
    user: Any,
    opened_from: str,
    opinion: Any = None,
    ahead: _Ahead = _NOTHING_AHEAD,
) -> TaskRow:
    task, nomination, slate = listed.task, listed.nomination, listed.slate
    number = nomination.pk if nomination else 0
    over = ahead.over.get(number)
    reviewed = task.flow_task.name in REVIEWS
    return TaskRow(
        pk=task.pk,
        url=_url(listed, user, opened_from),
        title=task.flow_task.task_title,
        **(_of_nomination(nomination) if nomination else _of_slate(slate) if slate else {}),
        since=task.created,
        taken=task.assigned,
        finished=task.finished,
        last=_last(opinion),
        status=task.status,
        owner=task.owner.name if task.owner else "",
        mine=task.owner_id == user.pk,
        tickable=reviewed and over is None and task.owner_id in {None, user.pk},
        over=over,
        list_note=ahead.notes.get(number, "") if reviewed else "",
    )


def _url(listed: Listed, user: Any, opened_from: str) -> str:
    """The page of the task while the user can do it; else what it is about."""
    task, nomination, slate = listed.task, listed.nomination, listed.slate
    if task.finished is None and task.owner_id in {None, user.pk}:
        return queue.address(task.pk, opened_from)
    if nomination:
        return addresses.of_row("appraisal:nomination", nomination.pk)
    return addresses.of_row("appraisal:slate", slate.pk) if slate else ""


def _of_nomination(nomination: Any) -> dict[str, Any]:
    return {
        "number": nomination.number,
        "name": nomination.nominee_name,
        "unit": nomination.employer.name,
        "award": nomination.round_award.award.short_name,
        "origin": _origin(nomination),
        "ownership": _ownership(nomination),
        "due_at": nomination.due_at,
        "again": _again(nomination.review_pass),
    }


def _of_slate(slate: Any) -> dict[str, Any]:
    return {
        "name": _("%(body)s推荐名单") % {"body": slate.body.short_name},
        "award": slate.round_award.award.short_name,
        "origin": slate.body.short_name,
    }


def _origin(nomination: Any) -> str:
    """The first body of the way; for the province a county with its city."""
    body = nomination.body
    if body.level == Level.COUNTY and nomination.stage == Stage.PROVINCE and body.parent:
        return f"{body.parent.short_name} {body.short_name}"
    return body.short_name


def _ownership(nomination: Any) -> dict[str, Any]:
    """Non-public or not, as frozen; what is not verified counts as public and says so."""
    if not nomination.ownership_verified:
        return {"label": _("未核验"), "tone": of_ownership(verified=False)}
    if nomination.ownership_changed:
        return {"label": _("登记已变更"), "tone": of_ownership(verified=True, changed=True)}
    word = _("非公有制") if nomination.non_public else _("公有制")
    return {"label": word, "tone": of_ownership(verified=True)}


def _last(opinion: Any) -> dict[str, Any] | None:
    if opinion is None:
        return None
    return {
        **status(opinion.outcome),
        "by": f"{opinion.body.short_name} {opinion.get_office_display()}",
        "at": opinion.at,
    }


def _again(review_pass: int) -> str:
    return _("退回过 %(number)s 次") % {"number": review_pass - 1} if review_pass > 1 else ""
