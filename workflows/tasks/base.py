"""What all task pages share: finding the task, answering when it is no longer to be done, doing it.

A page is a subclass of `TaskPage`, named for its node in `workflows.tasks.tasks.PAGES`. It is a page that acts like any
other (`quotas.base.pages`), but calls its service through a turn: `self.perform(service, …)`.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quotas.base.pages import ActPage
from workflows import turns
from workflows.inbox import desk
from workflows.inbox.desk import Turn

T = TypeVar("T")
P = ParamSpec("P")


class TaskPage(ActPage):
    """
    The page of an open task of the user. `turn` holds the task and its subject, which the user may see.

    A task that is over answers 409 and says who did it and when; one that is another person's answers 403. Both lead
    to the subject's page.
    """

    turn: Turn

    def prepare(self, turn: Turn) -> HttpResponse | None:
        """Only who has the task in hand goes on."""
        self.turn = turn
        if not turn.is_open or self.taken_by_other:
            return self._not_here(409)
        return None if turn.may else self._not_here(403)

    @property
    def taken_by_other(self) -> bool:
        """Whether another person has claimed it."""
        return self.turn.task.owner_id not in {None, self.request.user.pk}

    @property
    def subject_url(self) -> str:
        """The page of the nomination or slate that the task is about."""
        return subject_url(self.turn)

    @property
    def address(self) -> str:
        """Where the page of the task is."""
        return reverse("workflows:task", args=[self.turn.task.pk])

    @property
    def again_url(self) -> str:
        """The subject: where nothing on the form can help, the task may be gone."""
        return self.subject_url

    def perform(self, service: Callable[P, T], /, *args: P.args, **given: P.kwargs) -> T:
        """Call the one service of this task and move the token with it. Raises what the service refuses."""
        return turns.perform(self.turn.task.pk, self.request.user, service, *args, **given)

    def fresh(self) -> BaseForm:
        """The form as the page opens with it."""
        raise NotImplementedError

    def draw(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, with all that it shows of the subject."""
        desk.complete(self.turn)
        return super().draw(status=status, **more)

    def context(self) -> dict[str, Any]:
        """The task, and the form: as it was sent, or fresh."""
        return {
            "turn": self.turn,
            "form": self.forms.get("form") or self.fresh(),
            "heading": self.turn.title,
            "breadcrumb": [
                {"label": _("待办"), "url": reverse("workflows:inbox")},
                {"label": str(self.turn.subject), "url": self.subject_url},
                {"label": self.turn.title},
            ],
        }

    def _not_here(self, status: int) -> HttpResponse:
        """The task is done, was dropped, is in another person's hands, or was never for this one."""
        context = {
            "turn": self.turn,
            "code": status,
            "again_url": self.subject_url,
            "taken": self.taken_by_other,
        }
        return render(self.request, "workflows/tasks/over.html", context, status=status)


def subject_url(turn: Turn) -> str:
    """Where the nomination or slate of a task is shown."""
    return reverse(
        "appraisal:nomination" if turn.is_nomination else "appraisal:slate", args=[turn.subject.pk]
    )
