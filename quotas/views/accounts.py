"""Accounts 账号: the list for those who manage them, and everybody's own password."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import View

from quotas import outside, refusals
from quotas.errors import DomainError
from quotas.forms import AccountForm, AccountSearch, OwnPasswordForm, SignInForm
from quotas.models import Post, User
from quotas.permissions import Act, grants_of
from quotas.requests import SignedIn
from quotas.services import accounts
from quotas.views.paging import keyset


@dataclass(frozen=True)
class AccountRow:
    """An account as the list shows it."""

    user: User
    posts: tuple[Post, ...]
    label: str
    tone: str
    own: bool


class SignInPage(LoginView):
    """Sign-in. Afterwards the page that was asked for, if it can be opened, or the one on which its button stands."""

    template_name = "quotas/login.html"
    authentication_form = SignInForm

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        return outside.next_address(request or self.request, "", nearest=True)


class AccountsPage(LoginRequiredMixin, View):
    """Every account, the newest first; for those who manage accounts. A one-time password is shown only here, once."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list and the form for a new account."""
        _require(request)
        return _draw(request, AccountForm())

    def post(self, request: SignedIn) -> HttpResponse:
        """One of the acts, by the button that was pressed."""
        _require(request)
        acts: Mapping[str, Callable[[SignedIn], HttpResponse]] = {
            "create": _create,
            "deactivate": _deactivate,
            "reactivate": _reactivate,
            "reset": _reset,
        }
        act = acts.get(request.POST.get("act", ""))
        return act(request) if act else _draw(request, AccountForm())


def _require(request: HttpRequest) -> None:
    if not grants_of(request.user).any(Act.MANAGE_ACCOUNTS):
        raise Http404


def _create(request: SignedIn) -> HttpResponse:
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, status=refusals.UNPROCESSABLE)
    try:
        issued = accounts.create(actor=request.user, **form.cleaned_data)
    except DomainError as error:
        return _draw(request, form, status=refusals.show(form, error))
    return _draw(request, AccountForm(), issued=issued)


def _deactivate(request: SignedIn) -> HttpResponse:
    return _changed(request, accounts.deactivate, _("%(name)s的账号已停用，其办理过的事项仍有记录。"))


def _reactivate(request: SignedIn) -> HttpResponse:
    return _changed(request, accounts.reactivate, _("%(name)s的账号已恢复，原有岗位继续有效。"))


def _changed(request: SignedIn, act: Callable[..., User], told: str) -> HttpResponse:
    try:
        user = act(user_id=_wanted(request), actor=request.user)
    except DomainError as error:
        return refusals.page(request, error, again_url=request.get_full_path())
    messages.success(request, told % {"name": user.name})
    return redirect(request.get_full_path())


def _reset(request: SignedIn) -> HttpResponse:
    try:
        issued = accounts.reset_password(user_id=_wanted(request), actor=request.user)
    except DomainError as error:
        return refusals.page(request, error, again_url=request.get_full_path())
    return _draw(request, AccountForm(), issued=issued)


def _wanted(request: HttpRequest) -> int:
    """The account of the row. Accounts are never deleted, so an unknown number was made up."""
    wanted = outside.row(request.POST.get("user"))
    if wanted is None or not User.objects.managed().filter(pk=wanted).exists():
        raise Http404
    return wanted


def _draw(
    request: SignedIn, form: BaseForm, *, issued: accounts.Issued | None = None, status: int = 200
) -> HttpResponse:
    search = AccountSearch(request.GET)
    page = keyset(User.objects.managed(**search.chosen()), request.GET)
    context = {
        "form": form,
        "issued": issued,
        "rows": [_row(user, request.user) for user in page.rows],
        "previous_after": page.previous_after,
        "next_after": page.next_after,
        "filtered": any(search.chosen().values()),
        "groups": [
            {
                "label": _("状态"),
                "name": "state",
                "single": True,
                "options": [{"value": value, "label": label} for value, label in AccountSearch.STATES],
            }
        ],
        "search": {
            "name": "q",
            "label": _("按登录名或姓名查找"),
            "placeholder": _("登录名或姓名"),
        },
        "breadcrumb": [{"label": _("账号管理"), "url": ""}],
    }
    response = render(request, "quotas/accounts.html", context, status=status)
    if issued is not None:
        add_never_cache_headers(response)
    return response


def _row(user: User, reader: User) -> AccountRow:
    posts = tuple(group.post for group in user.groups.all() if hasattr(group, "post"))
    if not user.is_active:
        label, tone = _("已停用"), "frozen"
    elif user.must_change_password:
        label, tone = _("未设密码"), "todo"
    else:
        label, tone = _("使用中"), "done"
    return AccountRow(user, posts, label, tone, own=user.pk == reader.pk)


class PasswordPage(PasswordChangeView):
    """One's own password; after a one-time password the only page until it is done."""

    template_name = "quotas/password.html"
    form_class = OwnPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        actor: Any = self.request.user
        user = accounts.change_own_password(actor=actor, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("密码已修改，下次登录请用新密码。"))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=refusals.UNPROCESSABLE)

    def get_success_url(self) -> str:
        """Home, wherever that is."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)
