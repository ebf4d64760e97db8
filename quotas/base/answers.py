"""Puts a refusal where the person at the screen reads it: on the form, on a page of its own, or in one line.

`quotas.base.wording` has the sentences; here is only where they go and with which status. A form that is drawn again
keeps everything that was typed. Pages hand a refusal to `answer`; the others are its parts.
"""

from collections.abc import Mapping
from typing import Protocol

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quotas.base.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotPermitted,
    RuleViolation,
    TooLate,
    WrongState,
)
from quotas.base.refusals import Stale
from quotas.base.wording import sentence, sentences

UNPROCESSABLE = 422

_STATUS: Mapping[type[DomainError], int] = {
    NotPermitted: 403,
    WrongState: 409,
    Conflict: 409,
    TooLate: 409,
    RuleViolation: UNPROCESSABLE,
    InvalidInput: UNPROCESSABLE,
}


class Drawn(Protocol):
    """A page that can be drawn again with what was typed."""

    request: HttpRequest

    @property
    def again_url(self) -> str: ...

    def draw(self, *, status: int = ...) -> HttpResponse: ...


def answer(on: Drawn, form: BaseForm | None, error: DomainError) -> HttpResponse:
    """The answer to a refusal: the form once more where it can help, else a page of its own with the way back."""
    if form is None or not can_help(error):
        return page(on.request, error, again_url=on.again_url)
    return on.draw(status=show(form, error))


def can_help(error: DomainError) -> bool:
    """Whether a form can help: with what can be put right (rule, input), or kept for another time (too late, stale).

    It cannot where the act is not possible for this person, for anybody, or any more.
    """
    somebody_was_faster = isinstance(error, Conflict) and not isinstance(error, Stale)
    return not (somebody_was_faster or isinstance(error, NotPermitted | WrongState))


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal: 403 not yours, 409 the moment has passed, 422 something to put right."""
    return next(status for kind, status in _STATUS.items() if isinstance(error, kind))


def show(form: BaseForm, error: DomainError) -> int:
    """
    Put every reason on the form, at its field where it has one, and give the status of the answer.

    A field that this form does not have counts as the form as a whole.
    """
    if isinstance(error, InvalidInput):
        for problem in error.problems:
            field = problem.field if problem.field in form.fields else None
            form.add_error(field, str(sentence(problem)))
    else:
        for line in sentences(error):
            form.add_error(None, str(line))
    return status_of(error)


def page(request: HttpRequest, error: DomainError, *, again_url: str = "") -> HttpResponse:
    """The refusal as the answer: a page with its three parts, or, for htmx, plain text that the page shows."""
    status = status_of(error)
    if request.headers.get("HX-Request"):
        text = "\n".join(str(line) for line in sentences(error))
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    lines = sentences(error)
    context = {"code": status, "refusal": lines[0], "others": lines[1:], "again_url": again_url}
    return render(request, "errors/refused.html", context, status=status)
