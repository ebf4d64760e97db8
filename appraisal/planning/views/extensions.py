"""Requests for more time 延期申请: asked by a body, answered by the organiser."""

from typing import Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.deadlines.services import extensions
from appraisal.planning.forms.rounds import AnswerExtensionForm, AskExtensionForm
from appraisal.planning.views.rounds import round_of
from appraisal.records.tones import tone
from quotas.base.pages import ActPage, Acts
from quotas.base.states import RequestState, RoundState, Stage
from quotas.rounds.models import ExtensionRequest, Round
from quotas.rounds.services import rounds
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

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
        "rows": [{"request": each, "tone": tone(each.state)} for each in found],
        "may_answer": grants_of(request.user).any(Act.PLAN_ROUND),
    }
    return render(request, "appraisal/planning/rounds/extensions.html", context)


class ExtensionAsk(ActPage):
    """Ask for more time for a body where one keeps the slate or reviews."""

    template_name = "appraisal/planning/rounds/extension_ask.html"

    def prepare(self, code: str, stage: str, body_id: int) -> None:
        """The body's time at a stage of a running round; not there for whoever does not work at the body."""
        self.round = round_of(self.request, code)
        bodies = Body.objects.visible_to(self.request.user).select_related("parent")
        self.body = get_object_or_404(bodies, pk=body_id)
        grants = grants_of(self.request.user)
        running = self.round.state == RoundState.OPEN and stage in Stage.values
        if not running or not rounds.acts_at(self.body, stage):
            raise Http404
        if not any(self.body.pk in grants.bodies(act) for act in extensions.ASKING):
            raise Http404
        self.at_stage = Stage(stage)

    def look(self) -> HttpResponse:
        """The question, unless it was asked already."""
        asked = ExtensionRequest.objects.waiting()
        waiting = asked.filter(round=self.round, stage=self.at_stage, body=self.body).first()
        return redirect("appraisal:extension", waiting.pk) if waiting is not None else self.draw()

    def act(self) -> HttpResponse:
        """Ask."""
        form = self.bind(AskExtensionForm(self.request.POST))
        made = extensions.ask(
            round_id=self.round.pk,
            stage=self.at_stage,
            body_id=self.body.pk,
            actor=self.request.user,
            **form.cleaned_data,
        )
        return self.done(
            _("延期申请已提交，等待省级工作人员答复。答复前仍按现在的截止时间办理。"),
            "appraisal:extension",
            made.pk,
        )

    def context(self) -> dict[str, Any]:
        """Whose time it is, and until when it runs now."""
        return {
            "heading": _("申请延期"),
            "breadcrumb": [_of_round(self.round), {"label": _("申请延期")}],
            "round": self.round,
            "body": self.body,
            "stage": self.at_stage.label,
            "due_at": rounds.due_at(round_id=self.round.pk, stage=self.at_stage, body_id=self.body.pk),
            "form": self.forms.get("form") or AskExtensionForm(),
            "back_url": reverse("appraisal:round", args=[self.round.code]),
        }


class ExtensionRequestPage(ActPage):
    """One request: how it stands, and what the person at the screen can do with it."""

    template_name = "appraisal/planning/rounds/extension.html"
    found: ExtensionRequest

    def prepare(self, pk: int) -> None:
        """A request that the user may see."""
        self.found = _visible(self.request, pk)

    def _grant(self) -> HttpResponse:
        given = self.bind(AnswerExtensionForm(self.request.POST)).cleaned_data
        extensions.grant(
            request_id=self.found.pk,
            actor=self.request.user,
            due_at=given["due_at"],
            answer=given["answer"],
        )
        return self.done(_("已为%(body)s批准延期。") % {"body": self.found.body.short_name})

    def _refuse(self) -> HttpResponse:
        given = self.bind(AnswerExtensionForm(self.request.POST)).cleaned_data
        extensions.refuse(request_id=self.found.pk, actor=self.request.user, answer=given["answer"])
        return self.done(_("已答复：未批准延期。"))

    def _withdraw(self) -> HttpResponse:
        extensions.withdraw(request_id=self.found.pk, actor=self.request.user)
        return self.done(_("延期申请已撤回。"))

    acts: ClassVar[Acts] = {"grant": _grant, "refuse": _refuse, "withdraw": _withdraw}

    def context(self) -> dict[str, Any]:
        """The request, and which buttons the person has."""
        found, grants = self.found, grants_of(self.request.user)
        running = found.round.state == RoundState.OPEN
        waits = found.state == RequestState.WAITING and running
        own = any(found.body_id in grants.bodies(act) for act in extensions.ASKING)
        plans = grants.any(Act.PLAN_ROUND)
        return {
            "heading": _("延期申请"),
            "breadcrumb": [
                _of_round(found.round),
                {"label": _("延期申请"), "url": reverse("appraisal:extensions", args=[found.round.code])},
                {"label": found.body.short_name},
            ],
            "asked": found,
            "tone": tone(found.state),
            "due_at": rounds.due_at(round_id=found.round_id, stage=found.stage, body_id=found.body_id),
            "form": self.forms.get("form") or AnswerExtensionForm(initial={"due_at": found.wanted}),
            "may_answer": waits and plans and found.asked_by_id != self.request.user.pk,
            "may_withdraw": waits and own,
            "may_ask_again": own
            and found.state in {RequestState.REFUSED, RequestState.WITHDRAWN}
            and running,
        }


def _visible(request: HttpRequest, pk: int) -> ExtensionRequest:
    found: ExtensionRequest = get_object_or_404(
        ExtensionRequest.objects.visible_to(request.user).for_list(), pk=pk
    )
    return found


def _of_round(round_: Round) -> dict[str, str]:
    return {"label": round_.name, "url": reverse("appraisal:round", args=[round_.code])}
