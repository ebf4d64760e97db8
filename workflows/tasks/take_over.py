"""Taking over a task that a colleague of the same post has taken and does not come to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.nominations.forms.nominations import WayOutForm
from quotas.base import answers, outside
from quotas.base.errors import DomainError, InvalidInput, RuleViolation
from quotas.base.wording import word
from quotas.tree.requests import SignedIn
from workflows import turns
from workflows.inbox import desk
from workflows.refusals import TaskNotYours
from workflows.tasks.base import subject_url


@require_http_methods(["GET", "POST"])
@login_required
def take_over(request: SignedIn, pk: int) -> HttpResponse:
    """Ask for the reason, then take the task over; its page next."""
    turn = desk.turn(task_id=pk, user=request.user)
    if turn is None:
        raise Http404
    page = reverse("workflows:task", args=[pk])
    if not turn.names or (turn.is_open and not turn.may):
        error = TaskNotYours(task=str(turn.title))
        return answers.page(request, error, again_url=subject_url(turn))
    if turn.task.owner_id in {None, request.user.pk} or not turn.is_open:
        # Nobody has it, or the matter is over: its own page says which.
        return redirect(page)
    form = WayOutForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            try:
                turns.take_over(
                    task_id=pk,
                    actor=request.user,
                    held_by=outside.required_row(request.POST.get("held_by")),
                    reason=form.cleaned_data["reason"],
                )
            except (RuleViolation, InvalidInput) as error:
                status = answers.show(form, error)
            except DomainError as error:
                return answers.page(request, error, again_url=reverse("workflows:inbox"))
            else:
                messages.success(
                    request,
                    _("已接办：%(subject)s（%(title)s）。") % {"subject": turn.subject, "title": turn.title},
                )
                return redirect(page)
    return render(request, "confirm.html", _asked(turn, form), status=status)


def _asked(turn: desk.Turn, form: WayOutForm) -> dict[str, Any]:
    figures = {
        "subject": turn.subject,
        "title": turn.title,
        "who": turn.task.owner,
        "at": word(turn.task.assigned),
    }
    return {
        "heading": _("接办"),
        "standing": f"{turn.subject} · {turn.title}",
        "question": _("接办%(who)s领取的“%(title)s”？") % figures,
        "consequences": [
            _("%(who)s于 %(at)s 领取，至今没有办结。") % figures,
            _("接办后由您办理，%(who)s的待办中不再有这一项；%(who)s会看到由谁接办和理由。") % figures,
            _("接办记入台账。不该由您办理的（回避、本人已办过），仍不能办理。"),
        ],
        "act": _("接办"),
        "form": form,
        "fields": [{"name": "held_by", "value": turn.task.owner_id}],
        "back_url": subject_url(turn),
        "breadcrumb": [
            {"label": _("待办"), "url": reverse("workflows:inbox")},
            {"label": str(turn.subject), "url": subject_url(turn)},
            {"label": _("接办")},
        ],
    }
