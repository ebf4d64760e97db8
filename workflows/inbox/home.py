"""What matters today, for whoever signs in: what is due, what came back, which lists are missing, where one's own stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.deadlines.services import latest
from appraisal.nominations.views import dossier
from appraisal.notices.views.front import front
from appraisal.records import tones
from appraisal.records.states import NominationState, UnitRole
from appraisal.slates.views import slate_board
from appraisal.vacancies.views import vacancies
from quotas.base.states import Stage
from quotas.tree.permissions import Act
from quotas.tree.requests import SignedIn
from workflows.inbox import blocks, rows, waiting, worklist
from workflows.inbox.visitor import Visitor

FIRST_ROWS = 5
"""The most rows of each list; a link leads to the rest."""

_REVIEWS = frozenset({Act.REVIEW_UNION, Act.REVIEW_PARTY})

ELSEWHERE = (
    (Act.VIEW_AREA, "appraisal:nominations"),
    (Act.VIEW_AREA, "appraisal:slates"),
    (Act.READ_LEDGER, "quotas:ledger"),
)
"""What a post without tasks can look at, and the act it takes."""


@dataclass(frozen=True, slots=True)
class DueList:
    """The first rows of what is late, due today, or due within a week, and how many there are."""

    title: str
    tone: str
    number: int
    rows: list[rows.BriefRow]
    url: str
    empty: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home of who has signed in; for everybody else the front page for the public."""
    return desk(cast(SignedIn, request)) if request.user.is_authenticated else front(request)


def desk(request: SignedIn) -> HttpResponse:
    """What matters today, by the posts of the person."""
    visitor = Visitor(request.user)
    _say_latest([turn.slate for turn in visitor.turns] + [line.slate for line in visitor.unsubmitted])
    moments = _moments(visitor)
    found = blocks.of(visitor)
    context = {
        "heading": _("首页"),
        "blocks": found,
        "moments": moments,
        # Only an open round has a timetable here.
        "to_plan": Act.PLAN_ROUND in visitor.acts and not moments,
        "due_lists": _due_lists(visitor),
        "slate_turns": _slate_turns(visitor),
        "quota_lines": _quota_lines(visitor),
        "own": _own(visitor),
        "applicant": visitor.applies,
        "roles": visitor.roles,
        "works": visitor.works,
        "posts": [] if visitor.works or visitor.roles or found else _posts(visitor),
        "nobody": not visitor.posts and not visitor.roles,
        "vacancies": vacancies.box(request),
    }
    return render(request, "workflows/inbox/home.html", context)


def _say_latest(slates: Sequence[Any]) -> None:
    """Each list learns the last moments of its steps, where it has any."""
    ahead = latest.of_slates(slates)
    for slate in slates:
        slate.latest = ahead.get(slate.pk)


def _moments(visitor: Visitor) -> list[dict[str, Any]]:
    """The timetable of the newest open round."""
    stages = {held.post.stage for held in visitor.posts} | ({Stage.UNIT} if visitor.roles else set())
    bodies = worklist.home_bodies(visitor.user, visitor.posts)
    return [_moment(window, stages) for window in worklist.timetable(visitor.user, bodies)]


def _moment(window: Any, stages: Collection[Stage]) -> dict[str, Any]:
    """A step of the timetable, as it holds for the bodies of the user, who works at these stages."""
    note = ""
    if window.holds_until > window.due_at:
        note = _("本单位已延期") if window.stage in stages else _("已延期")
    return {
        "label": _("%(stage)s截止") % {"stage": window.stage.label},
        "at": window.holds_until,
        "note": note,
    }


def _due_lists(visitor: Visitor) -> list[DueList]:
    """The three lists; none for posts that work on lists only, as long as there is nothing in them."""
    if not visitor.works:
        return []
    found = worklist.first_due(visitor.user, FIRST_ROWS)
    if not any(number for number, _rows in found.values()) and not visitor.acts & _REVIEWS:
        return []
    address = reverse("workflows:inbox")
    words = {
        waiting.LATE: (_("已逾期"), tones.OVERDUE, _("没有逾期的。")),
        waiting.TODAY: (_("今天到期"), tones.DUE_SOON, _("今天没有到期的。")),
        waiting.WEEK: (_("七天内到期"), tones.DUE_LATER, _("七天内没有到期的。")),
    }
    return [
        DueList(
            title=title,
            tone=tone,
            number=found[key][0],
            rows=rows.brief(found[key][1]),
            url=f"{address}?due={key}",
            empty=empty,
        )
        for key, (title, tone, empty) in words.items()
    ]


def _slate_turns(visitor: Visitor) -> list[worklist.SlateTurn]:
    """The tasks of lists that stand in no list of their own: to be signed, to be decided, not submitted."""
    elsewhere = blocks.stands_in_a_list(visitor) | {line.slate.pk for line in visitor.unsubmitted}
    return [turn for turn in visitor.turns if turn.slate.pk not in elsewhere]


def _quota_lines(visitor: Visitor) -> list[dict[str, Any]]:
    """The lists that are not submitted, with what they lack."""
    pages = {turn.slate.pk: reverse("workflows:task", args=[turn.task.pk]) for turn in visitor.turns}
    return [
        {
            "slate": line.slate,
            "url": pages.get(line.slate.pk) or reverse("appraisal:slate", args=[line.slate.pk]),
            "facts": slate_board.places_facts(line.report),
            "shares": slate_board.meter(line.report)[1:],
            "missing": [missing.sentence for missing in slate_board.missing(line.report)],
            "empty": line.slate.chosen == 0,
            "refused": line.refused,
            "sent_back": {"label": _("退回修改"), "tone": tones.signed(signs=False)},
        }
        for line in visitor.unsubmitted
    ]


def _posts(visitor: Visitor) -> list[dict[str, Any]]:
    """The posts, each with what it is for and where that is."""
    return [
        {
            "post": held.post,
            "acts": [act.label for act in held.acts],
            "links": [name for act, name in ELSEWHERE if act in held.acts],
        }
        for held in visitor.posts
    ]


# The unit's own


def _own(visitor: Visitor) -> list[dict[str, Any]]:
    """The nominations of the person's units, with their way and what the person can do for them."""
    if not visitor.roles:
        return []
    found = worklist.own_nominations(visitor.user)
    open_tasks = worklist.tasks_of(worklist.open_now(visitor.user), [nomination.pk for nomination in found])
    return [
        {
            "nomination": nomination,
            "status": tones.status(nomination.status),
            "stages": dossier.rail(nomination, dossier.OWN_UNIT),
            "task": open_tasks.get(nomination.pk),
            "wait": _waits_for(nomination, visitor.roles),
            "returned": _returned(nomination),
        }
        for nomination in found
    ]


def _returned(nomination: Any) -> dict[str, Any] | None:
    """The opinion with which it came back, while it is with the unit."""
    if nomination.status != NominationState.RETURNED:
        return None
    return dossier.opinions(nomination, dossier.OWN_UNIT)[-1] if nomination.opinions.all() else None


def _waits_for(nomination: Any, roles: frozenset[str]) -> str:
    """A sentence that says whom the nomination waits for, when the user has nothing to do for it."""
    desk = nomination.desk.name if nomination.desk else ""
    match nomination.status:
        case NominationState.DRAFT:
            return _("申报人填写完成并提交后，由单位审核人审核。")
        case NominationState.ENDORSING:
            if UnitRole.ENDORSER in roles:
                return _("已由其他单位审核人领取。")
            return _("已提交，等待本单位审核人审核。")
        case NominationState.RETURNED:
            return _("等待本单位申报人补正。")
        case NominationState.POOLED:
            return _("已通过%(desk)s审核，等待列入推荐名单；现在不需要您办理。") % {"desk": desk}
        case _:
            return _("%(desk)s正在审核；现在不需要您办理。") % {"desk": desk}
