"""Starting and ending a round, each asked on a page that names what it means."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.planning.forms.rounds import OpenRoundForm
from appraisal.planning.views.planning import plan_url, round_to_plan, unannounced
from appraisal.planning.views.rounds import figures
from appraisal.vacancies.views import vacancies as vacancy_words
from quotas.base import answers
from quotas.base.errors import DomainError
from quotas.base.states import RoundState
from quotas.rounds.services import rounds, vacancies
from quotas.tree.requests import SignedIn
from workflows import turns


@login_required
@require_http_methods(["GET", "POST"])
def open_round(request: SignedIn, code: str) -> HttpResponse:
    """The plan becomes a round: units can apply, and every body with places has its list."""
    round_ = round_to_plan(request, code)
    if request.method == "POST":
        sent = OpenRoundForm(request.POST)
        return _do(
            request,
            code,
            lambda: turns.open_round(
                round_id=round_.pk, actor=request.user, known_vacancies=sent.known_vacancies()
            ),
            again_url=request.get_full_path(),
            done=_("“%(round)s”已启动，各级推荐名单已建立。") % {"round": round_.name},
        )
    prefetch_related_objects([round_], "windows")
    if round_.state != RoundState.PLANNED or rounds.missing(round_):
        # The plan says what is missing.
        return redirect(plan_url(round_))
    counted = figures(round_)
    vacant = vacancies.of_round(round_id=round_.pk)
    stopping = len(vacant.stopping)
    texts = {
        "heading": _("启动评选"),
        "question": _("启动“%(round)s”？") % {"round": round_.name},
        "consequences": [
            _("%(awards)s 个奖项开始接受申报，同时建立 %(lists)s 份推荐名单。") % counted,
            _("奖项和规则版次从此不能更改；截止时间只能延后，调整名额须写明理由。"),
            _("启动后不能退回筹备。"),
            *([vacancy_words.sentence_of(vacant), vacancy_words.whom_to_ask()] if stopping else []),
            *filter(None, [unannounced(round_)]),
        ],
        "form": OpenRoundForm(initial={"vacant": stopping}) if stopping else None,
        "act": _("启动评选"),
        "back_url": plan_url(round_),
    }
    return _ask(request, round_.name, texts)


@login_required
@require_http_methods(["GET", "POST"])
def close_round(request: SignedIn, code: str) -> HttpResponse:
    """The round ends; what is still at a desk is over with it, and nobody has a task of it any more."""
    round_ = round_to_plan(request, code)
    back_url = reverse("appraisal:round", args=[code])
    if request.method == "POST":
        return _do(
            request,
            code,
            lambda: turns.close_round(round_id=round_.pk, actor=request.user),
            again_url=back_url,
            done=_("“%(round)s”已结束，只能查阅。") % {"round": round_.name},
        )
    if round_.state != RoundState.OPEN:
        return redirect(back_url)
    counted = figures(round_)
    unfinished = counted["under_way"] or counted["lists_under_way"]
    texts = {
        "heading": _("结束评选"),
        "question": _("结束“%(round)s”？") % {"round": round_.name},
        "consequences": [
            _(
                "还有 %(under_way)s 件申报和 %(lists_under_way)s 份名单没有办结。结束后不能再办理，"
                "已上报的申报一律记为“未入选”，各级待办任务同时撤销。"
            )
            % counted
            if unfinished
            else _("申报和名单已全部办结。"),
            _("结束后只能查阅，不能重新启动。"),
        ],
        "act": _("结束评选"),
        "back_url": back_url,
    }
    return _ask(request, round_.name, texts)


def _do(request: SignedIn, code: str, act: Callable[[], Any], *, again_url: str, done: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        return answers.page(request, error, again_url=again_url)
    messages.success(request, done)
    return redirect("appraisal:round", code=code)


def _ask(request: SignedIn, name: str, texts: dict[str, Any]) -> HttpResponse:
    context = {
        **texts,
        "standing": "",
        "breadcrumb": [{"label": name, "url": texts["back_url"]}, {"label": texts["heading"]}],
    }
    return render(request, "confirm.html", context)
