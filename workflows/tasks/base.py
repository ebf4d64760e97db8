"""What all task pages share: finding the task, answering when it is no longer to be done, doing it.

A page is a subclass of `TaskPage`, named for its node in `workflows.tasks.tasks.PAGES`. It draws a form, and in
`post` calls one service through `perform`; `refused` turns what the service refuses into an answer.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from quotas.base import answers
from quotas.base.errors import Conflict, DomainError, NotPermitted, WrongState
from quotas.base.refusals import Stale
from quotas.tree.requests import SignedIn
from workflows import turns
from workflows.inbox.desk import Turn

T = TypeVar("T")


class TaskPage(LoginRequiredMixin, View):
    """
    The page of an open task of the user. `turn` holds the task and its subject, which the user may see.

    A task that is over answers 409 and says who did it and when; one that is another person's answers 403. Both lead
    to the subject's page.
    """

    request: SignedIn
    template_name: str
    turn: Turn

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.turn = kwargs["turn"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.turn.is_open or self.taken_by_other:
            return self._not_here(409)
        if not self.turn.may:
            return self._not_here(403)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

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

    def perform(self, act: Callable[[], T]) -> T:
        """Call the one service of this task and move the token with it. Raises what the service refuses."""
        return turns.perform(task_id=self.turn.task.pk, actor=self.request.user, act=act)

    def refused(self, error: DomainError, form: BaseForm) -> HttpResponse:
        """
        The answer to a refusal: a page of its own where nothing on the form can help, else the form once more.

        The form keeps what was typed; the status tells apart what can be put right (422) and what came too late (409).
        """
        faster = isinstance(error, Conflict) and not isinstance(error, Stale)
        if faster or isinstance(error, NotPermitted | WrongState):
            return answers.page(self.request, error, again_url=self.subject_url)
        return self.draw(form, status=answers.show(form, error))

    def draw(self, form: BaseForm, *, status: int = 200, **kwargs: Any) -> HttpResponse:
        """The page with this form; further arguments go to `context`."""
        return render(self.request, self.template_name, self.context(form, **kwargs), status=status)

    def context(self, form: BaseForm) -> dict[str, Any]:
        """What the template needs."""
        return {
            "turn": self.turn,
            "form": form,
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
