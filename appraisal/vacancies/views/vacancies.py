"""Vacant posts of a round: the page that slates them, and the sentences about them on other pages."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.vacancies.services import vacancies as service
from quotas.base import outside
from quotas.base.states import Role, RoundState
from quotas.rounds.models import Round
from quotas.rounds.services import vacancies
from quotas.rounds.services.vacancies import Vacancies
from quotas.templatetags.px import figure
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

FILLING = frozenset({Act.MANAGE_ACCOUNTS, Act.MANAGE_POSTS})
"""The acts that fill a vacancy."""
BODIES_PER_PAGE = 25


@login_required
@require_safe
def round_vacancies(request: SignedIn, code: str) -> HttpResponse:
    """The vacant posts of the reader's area; of all bodies for those who plan, open accounts or grant posts."""
    round_ = get_object_or_404(_rounds_of(request), code=code)
    found = vacancies.of_round(round_id=round_.pk)
    if not _of_all(request):
        found = found.at(frozenset(Body.objects.visible_ids(request.user)))
    wanted = outside.word(request.GET, "level")
    every = outside.word(request.GET, "show") == "all"
    shown = tuple(
        each for each in found.vacant if (every or each.stops) and (not wanted or each.body.level == wanted)
    )
    lines = service.lines(round_id=round_.pk, found=Vacancies(found.posts, shown))
    bodies = [list(group) for _pk, group in groupby(lines, key=lambda line: line.vacancy.body.pk)]
    paginator = Paginator(bodies, BODIES_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    manages = grants_of(request.user)
    context = {
        "heading": _("岗位空缺"),
        "breadcrumb": [{"label": round_.name, "url": _round_url(request, round_)}, {"label": _("岗位空缺")}],
        "round": round_,
        "found": found,
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
        "told": sentence_of(found),
        "fillers": whom_to_ask(),
        "grants": manages.any(Act.MANAGE_POSTS),
        "opens": manages.any(Act.MANAGE_ACCOUNTS),
        "groups": [
            {
                "label": _("层级"),
                "name": "level",
                "single": True,
                "options": [
                    {"value": level.value, "label": level.label, "count": vacant if every else stopping}
                    for level, vacant, stopping in found.by_level
                ],
            },
            {
                "label": _("显示"),
                "name": "show",
                "single": True,
                "options": [
                    {"value": "all", "label": _("不影响办理的也列出"), "count": len(found.vacant)},
                ],
            },
        ],
    }
    return render(request, "appraisal/vacancies/list.html", context)


def _of_all(request: SignedIn) -> bool:
    grants = grants_of(request.user)
    return grants.any(Act.PLAN_ROUND) or any(grants.any(act) for act in FILLING)


def _rounds_of(request: SignedIn) -> Any:
    """The rounds whose vacancies the reader sees: administrators see no round, but they fill its posts."""
    if any(grants_of(request.user).any(act) for act in FILLING):
        return Round.objects.not_closed()
    if not Body.objects.visible_ids(request.user):
        raise Http404
    return Round.objects.visible_to(request.user)


def _round_url(request: SignedIn, round_: Round) -> str:
    if not grants_of(request.user).any(Act.VIEW_AREA):
        return ""
    name = "round_plan" if round_.state == RoundState.PLANNED else "round"
    return reverse(f"appraisal:{name}", args=[round_.code])


def sentence_of(found: Vacancies) -> str:
    """How many posts are vacant, and at which levels."""
    if not found.vacant:
        return ""
    stopping = len(found.stopping)
    words = {"posts": figure(found.posts), "vacant": figure(len(found.vacant)), "stops": figure(stopping)}
    if not stopping:
        return _("%(posts)s 个岗位中 %(vacant)s 个空缺，都不影响办理。") % words
    levels = _("、").join(
        _("%(level)s %(number)s 个") % {"level": level.label, "number": figure(number)}
        for level, _vacant, number in found.by_level
        if number
    )
    return _("%(posts)s 个岗位中 %(vacant)s 个空缺，其中 %(stops)s 个无人办理就会停在那里：%(levels)s。") % {
        **words,
        "levels": levels,
    }


def whom_to_ask() -> str:
    """The people who fill vacant posts, by name; for officials."""
    fillers = vacancies.fillers()
    return _("账号由系统管理员（%(accounts)s）开设，岗位由安全管理员（%(posts)s）授予。") % {
        "accounts": _names(fillers.accounts),
        "posts": _names(fillers.posts),
    }


def who_enters_the_calendar() -> str:
    """The people who announce a year, by name; for officials."""
    return _("由系统管理员（%(names)s）在“工作日历”中录入。") % {
        "names": _names(vacancies.fillers().accounts)
    }


def _names(people: Iterable[User]) -> str:
    return _("、").join(str(person.name) for person in people) or _("空缺，请由服务器管理人员设置")


def box(request: SignedIn) -> list[dict[str, Any]]:
    """What partials `appraisal/vacancies/box.html` shows on the home page: each running or planned round with vacancies.

    For those who plan rounds, open accounts or grant posts; empty for everybody else, without a statement.
    """
    if not _of_all(request):
        return []
    rounds = Round.objects.not_closed()
    boxes = []
    for round_ in rounds:
        found = vacancies.of_round(round_id=round_.pk)
        if found.stopping:
            waiting = sum(line.waiting for line in service.lines(round_id=round_.pk, found=found))
            boxes.append(told_of(round_, found) | {"waiting": waiting})
    return boxes


def told_of(round_: Round, found: Vacancies) -> dict[str, Any]:
    """A round's vacancies in a sentence with the address of the slate."""
    return {
        "round": round_,
        "text": sentence_of(found),
        "url": reverse("appraisal:round_vacancies", args=[round_.code]),
    }


def waits(body: Body, roles: Iterable[Role], *, for_unit: bool = False) -> str:
    """
    For whom something waits where a post is vacant: officials read whom to ask by name, units only what is the case.

    Empty where nobody is missing.
    """
    roles = list(roles)
    if not roles:
        return ""
    if for_unit:
        return _("%(body)s的审核岗位目前无人，材料已收到，配备人员后继续办理；您不需要重新提交。") % {
            "body": body.name
        }
    words = {"body": body.name, "posts": _("、").join(str(role.label) for role in roles)}
    return _("等待%(body)s%(posts)s：此岗位无人。%(whom)s") % {**words, "whom": whom_to_ask()}
