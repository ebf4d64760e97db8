"""Taking over a task that a colleague of the same post has taken and does not come to."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from appraisal.nominations.forms.nominations import WayOutForm
from quotas.base import outside
from quotas.base.pages import ActPage
from quotas.base.wording import word
from workflows import turns
from workflows.inbox import desk
from workflows.refusals import TaskNotYours
from workflows.tasks.base import subject_url


class TakeOverPage(ActPage):
    """Ask for the reason, then take the task over; its page next."""

    template_name = "confirm.html"
    turn: desk.Turn

    def prepare(self, pk: int) -> HttpResponse | None:
        """A task of the user's post that a colleague has."""
        turn = desk.turn(task_id=pk, user=self.request.user)
        if turn is None:
            raise Http404
        self.turn = turn
        if not turn.names or (turn.is_open and not turn.may):
            raise TaskNotYours(task=str(turn.title))
        if turn.task.owner_id in {None, self.request.user.pk} or not turn.is_open:
            # Nobody has it, or the matter is over: its own page says which.
            return redirect("workflows:task", pk=pk)
        return None

    @property
    def again_url(self) -> str:
        """The subject of the task."""
        return subject_url(self.turn)

    def act(self) -> HttpResponse:
        """Take it over."""
        turn, form = self.turn, self.bind(WayOutForm(self.request.POST))
        turns.take_over(
            task_id=turn.task.pk,
            actor=self.request.user,
            held_by=outside.required_row(self.request.POST.get("held_by")),
            reason=form.cleaned_data["reason"],
        )
        told = _("已接办：%(subject)s（%(title)s）。") % {"subject": turn.subject, "title": turn.title}
        return self.done(told, "workflows:task", turn.task.pk)

    def context(self) -> dict[str, Any]:
        """Who has it since when, and what follows."""
        turn = self.turn
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
            "form": self.forms.get("form") or WayOutForm(),
            "fields": [{"name": "held_by", "value": turn.task.owner_id}],
            "back_url": self.again_url,
            "breadcrumb": [
                {"label": _("待办"), "url": reverse("workflows:inbox")},
                {"label": str(turn.subject), "url": self.again_url},
                {"label": _("接办")},
            ],
        }
