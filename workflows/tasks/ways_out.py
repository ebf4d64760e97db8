"""The two ways out of a selection, each asked on a page that names what it means."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.nominations.forms.nominations import WayOutForm
from appraisal.nominations.views.nominations import nomination_of
from quotas.base import answers
from quotas.base.errors import DomainError, RuleViolation
from quotas.tree.requests import SignedIn
from workflows import turns


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """The unit takes its nomination back."""
    texts = {
        "heading": _("撤回申报"),
        "question": _("撤回这份申报？"),
        "consequences": [
            _("撤回后不能恢复；申报期限内可以重新申报。"),
            _("申报已列入推荐名单的，同时移出名单，名单重新核验占比。"),
        ],
        "act": _("撤回申报"),
        "done": _("申报已撤回。"),
    }
    return _ask(request, pk, turns.withdraw, texts)


@require_http_methods(["GET", "POST"])
@login_required
def disqualify(request: SignedIn, pk: int) -> HttpResponse:
    """An official ends a nomination for a reason that rules the nominee out."""
    texts = {
        "heading": _("取消资格"),
        "question": _("取消这份申报的资格？"),
        "consequences": [
            _("取消后不能恢复，申报单位会看到理由。"),
            _("申报已列入推荐名单的，同时移出名单，名单重新核验占比。"),
        ],
        "act": _("取消资格"),
        "done": _("已取消资格。"),
    }
    return _ask(request, pk, turns.disqualify, texts)


def _ask(request: SignedIn, pk: int, act: Callable[..., Any], texts: dict[str, Any]) -> HttpResponse:
    nomination = nomination_of(request, pk)
    back = reverse("appraisal:nomination", args=[pk])
    form = WayOutForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = answers.UNPROCESSABLE
        if form.is_valid():
            try:
                act(nomination_id=pk, actor=request.user, reason=form.cleaned_data["reason"])
            except RuleViolation as error:
                status = answers.show(form, error)
            except DomainError as error:
                return answers.page(request, error, again_url=back)
            else:
                messages.success(request, texts["done"])
                return redirect(back)
    context = {
        **texts,
        "standing": str(nomination),
        "form": form,
        "back_url": back,
        "breadcrumb": [
            {"label": _("申报"), "url": reverse("appraisal:nominations")},
            {"label": nomination.number, "url": back},
            {"label": texts["heading"]},
        ],
    }
    return render(request, "confirm.html", context, status=status)
