"""Puts a refusal where the person at the screen reads it: on the form, on a page of its own, or in one line.

`quotas.base.wording` has the sentences; here is only where they go and with which status. A form that is drawn again
keeps everything that was typed.
"""

from collections.abc import Mapping

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
