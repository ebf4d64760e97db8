"""Requests for more time 延期申请: asked by a body, answered by the organiser."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.deadlines.services import extensions
from appraisal.planning.forms.rounds import AnswerExtensionForm, AskExtensionForm
from appraisal.planning.views.rounds import round_of
from quotas.base import answers
from quotas.base.errors import DomainError
from quotas.base.states import RequestState, RoundState, Stage
from quotas.rounds.models import ExtensionRequest, Round
from quotas.rounds.services import rounds
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

TONES = {
    RequestState.WAITING: "todo",
    RequestState.GRANTED: "done",
    RequestState.REFUSED: "declined",
    RequestState.WITHDRAWN: "",
}
MOST = 200
"""The most requests listed for a round; there are two hundred desks at most, and each asks now and then."""


@login_required
@require_safe
def asked(request: SignedIn, code: str) -> HttpResponse:
    """The requests of a round, waiting ones first: all of them for planners, those of their own area for others."""
    round_ = round_of(request, code)
    found = list(ExtensionRequest.objects.visible_to(request.user).of_round(round_.pk).for_list()[:MOST])
    context = {
        "heading": _("延期申请"),
        "breadcrumb": [_of_round(round_), {"label": _("延期申请")}],
        "round": round_,
        "rows": [{"request": each, "tone": TONES[RequestState(each.state)]} for each in found],
        "may_answer": grants_of(request.user).any(Act.PLAN_ROUND),
    }
    return render(request, "appraisal/planning/rounds/extensions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, code: str, stage: str, body_id: int) -> HttpResponse:
    """Ask for more time for a body where one keeps the list or reviews."""
    round_ = round_of(request, code)
    body = get_object_or_404(Body.objects.visible_to(request.user).select_related("parent"), pk=body_id)
    grants = grants_of(request.user)
    if round_.state != RoundState.OPEN or stage not in Stage.values or not rounds.acts_at(body, stage):
        raise Http404
    if not any(body.pk in grants.bodies(act) for act in extensions.ASKING):
        raise Http404
    waiting = ExtensionRequest.objects.waiting().filter(round=round_, stage=stage, body=body).first()
    if waiting is not None and request.method == "GET":
        return redirect("appraisal:extension", waiting.pk)
    form = AskExtensionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            try:
                made = extensions.ask(
                    round_id=round_.pk,
                    stage=Stage(stage),
                    body_id=body.pk,
                    actor=request.user,
                    **form.cleaned_data,
                )
            except DomainError as error:
                status = answers.show(form, error)
            else:
                messages.success(
                    request, _("延期申请已提交，等待省级工作人员答复。答复前仍按现在的截止时间办理。")
                )
                return redirect("appraisal:extension", made.pk)
    context = {
        "heading": _("申请延期"),
        "breadcrumb": [_of_round(round_), {"label": _("申请延期")}],
        "round": round_,
        "body": body,
        "stage": Stage(stage).label,
        "due_at": rounds.due_at(round_id=round_.pk, stage=Stage(stage), body_id=body.pk),
        "form": form,
        "back_url": reverse("appraisal:round", args=[code]),
    }
    return render(request, "appraisal/planning/rounds/extension_ask.html", context, status=status)


class ExtensionRequestPage(LoginRequiredMixin, View):
    """One request: how it stands, and what the person at the screen can do with it (`act`)."""

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The request."""
        found = _visible(request, pk)
        return self._draw(request, found, AnswerExtensionForm(initial={"due_at": found.wanted}))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Grant, refuse or withdraw, by the button that was pressed."""
        found = _visible(request, pk)
        act = request.POST.get("act")
        form = AnswerExtensionForm(request.POST)
        if act not in {"grant", "refuse", "withdraw"}:
            raise BadRequest
        if not form.is_valid():
            return self._draw(request, found, form, status=answers.UNPROCESSABLE)
        try:
            self._carry_out(request, found, act, form)
        except DomainError as error:
            if act == "withdraw":
                return answers.page(request, error, again_url=reverse("appraisal:extension", args=[pk]))
            return self._draw(request, found, form, status=answers.show(form, error))
        return redirect("appraisal:extension", pk)

    def _carry_out(self, request: SignedIn, found: ExtensionRequest, act: str, form: BaseForm) -> None:
        given = form.cleaned_data
        match act:
            case "grant":
                extensions.grant(
                    request_id=found.pk, actor=request.user, due_at=given["due_at"], answer=given["answer"]
                )
                messages.success(request, _("已为%(body)s批准延期。") % {"body": found.body.short_name})
            case "refuse":
                extensions.refuse(request_id=found.pk, actor=request.user, answer=given["answer"])
                messages.success(request, _("已答复：未批准延期。"))
            case _:
                extensions.withdraw(request_id=found.pk, actor=request.user)
                messages.success(request, _("延期申请已撤回。"))

    def _draw(
        self, request: SignedIn, found: ExtensionRequest, form: BaseForm, *, status: int = 200
    ) -> HttpResponse:
        grants = grants_of(request.user)
        open_ = found.state == RequestState.WAITING and found.round.state == RoundState.OPEN
        own = any(found.body_id in grants.bodies(act) for act in extensions.ASKING)
        plans = grants.any(Act.PLAN_ROUND)
        context: dict[str, Any] = {
            "heading": _("延期申请"),
            "breadcrumb": [
                _of_round(found.round),
                {"label": _("延期申请"), "url": reverse("appraisal:extensions", args=[found.round.code])},
                {"label": found.body.short_name},
            ],
            "asked": found,
            "tone": TONES[found.state],
            "due_at": rounds.due_at(round_id=found.round_id, stage=found.stage, body_id=found.body_id),
            "form": form,
            "may_answer": open_ and plans and found.asked_by_id != request.user.pk,
            "may_withdraw": open_ and own,
            "may_ask_again": own
            and found.state in {RequestState.REFUSED, RequestState.WITHDRAWN}
            and found.round.state == RoundState.OPEN,
        }
        return render(request, "appraisal/planning/rounds/extension.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> ExtensionRequest:
    found: ExtensionRequest = get_object_or_404(
        ExtensionRequest.objects.visible_to(request.user).for_list(), pk=pk
    )
    return found


def _of_round(round_: Round) -> dict[str, str]:
    return {"label": round_.name, "url": reverse("appraisal:round", args=[round_.code])}
