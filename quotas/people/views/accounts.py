"""Accounts 账号: the list for those who manage them, and everybody's own password."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import answers, outside
from quotas.base.errors import DomainError
from quotas.base.paging import DENSE, newest_first
from quotas.base.states import Role
from quotas.base.wording import stream_words
from quotas.ledger.models import LedgerEntry
from quotas.people.forms import AccountForm, AccountSearch, OwnPasswordForm, SignInForm
from quotas.people.models import PasswordReset
from quotas.people.services import accounts, passwords, posts, resets
from quotas.templatetags.px import moment
from quotas.tree.models import Post, User
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn


@dataclass(frozen=True)
class AccountRow:
    """An account as the list shows it."""

    user: User
    posts: tuple[Post, ...]
    label: str
    tone: str
    own: bool
    guarded: bool
    """Holds a post: a new password takes two administrators."""
    waits: bool
    """A reset was asked for and waits for its confirmation."""


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
            "reactivate": lambda request: _renew(request, accounts.reactivate),
            "reset": lambda request: _renew(request, accounts.reset_password),
            "ask": _ask,
        }
        act = acts.get(request.POST.get("act", ""))
        return act(request) if act else _draw(request, AccountForm())


def _require(request: HttpRequest) -> None:
    if not grants_of(request.user).any(Act.MANAGE_ACCOUNTS):
        raise Http404


def _create(request: SignedIn) -> HttpResponse:
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, status=answers.UNPROCESSABLE)
    try:
        issued = accounts.create(actor=request.user, **form.cleaned_data)
    except DomainError as error:
        return _draw(request, form, status=answers.show(form, error))
    return _draw(request, AccountForm(), issued=issued)


def _deactivate(request: SignedIn) -> HttpResponse:
    return _changed(request, accounts.deactivate, _("%(name)s的账号已停用，其办理过的事项仍有记录。"))


def _changed(request: SignedIn, act: Callable[..., User], told: str) -> HttpResponse:
    try:
        user = act(user_id=_wanted(request), actor=request.user)
    except DomainError as error:
        return answers.page(request, error, again_url=request.get_full_path())
    messages.success(request, told % {"name": user.name})
    return redirect(request.get_full_path())


def _renew(request: SignedIn, act: Callable[..., accounts.Issued]) -> HttpResponse:
    try:
        issued = act(user_id=_wanted(request), actor=request.user)
    except DomainError as error:
        return answers.page(request, error, again_url=request.get_full_path())
    return _draw(request, AccountForm(), issued=issued)


def _ask(request: SignedIn) -> HttpResponse:
    try:
        half = resets.ask(user_id=_wanted(request), actor=request.user)
    except DomainError as error:
        return answers.page(request, error, again_url=request.get_full_path())
    return _draw(request, AccountForm(), half=half)


def _wanted(request: HttpRequest) -> int:
    """The account of the row. Accounts are never deleted, so an unknown number was made up."""
    wanted = outside.row(request.POST.get("user"))
    if wanted is None or not User.objects.managed().filter(pk=wanted).exists():
        raise Http404
    return wanted


def _draw(
    request: SignedIn,
    form: BaseForm,
    *,
    issued: accounts.Issued | None = None,
    half: resets.Half | None = None,
    status: int = 200,
) -> HttpResponse:
    search = AccountSearch(request.GET)
    page = newest_first(User.objects.managed(**search.chosen()), request.GET, DENSE)
    on_duty = posts.with_posts(page.rows)
    waiting = {reset.user_id for reset in resets.waiting()}
    context = {
        "form": form,
        "issued": issued,
        "half": half,
        "first": True,
        "rows": [
            _row(
                user,
                request.user,
                guarded=user.pk in on_duty,
                waits=user.pk in waiting,
            )
            for user in page.rows
        ],
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
    response = render(request, "quotas/people/accounts.html", context, status=status)
    if issued is not None or half is not None:
        add_never_cache_headers(response)
    return response


def _row(user: User, reader: User, *, guarded: bool, waits: bool) -> AccountRow:
    held = tuple(group.post for group in user.groups.all() if hasattr(group, "post"))
    if not user.is_active:
        label, tone = _("已停用"), "frozen"
    elif not user.has_usable_password():
        label, tone = _("不能登录"), "skipped"
    elif user.must_change_password:
        label, tone = _("未设密码"), "todo"
    else:
        label, tone = _("使用中"), "done"
    return AccountRow(user, held, label, tone, own=user.pk == reader.pk, guarded=guarded, waits=waits)


class ResetsPage(LoginRequiredMixin, View):
    """Resets that wait for a second administrator; for the three administrators."""

    def get(self, request: SignedIn) -> HttpResponse:
        """What waits, and for security administrators the accounts of the system administrators."""
        return _draw_resets(request, _administrator(request))

    def post(self, request: SignedIn) -> HttpResponse:
        """Ask, confirm or decline, by the button that was pressed."""
        role = _administrator(request)
        try:
            match request.POST.get("act"):
                case "ask":
                    half = resets.ask(user_id=_wanted(request), actor=request.user)
                    return _draw_resets(request, role, half=half, first=True)
                case "confirm":
                    half = resets.confirm(reset_id=_reset(request), actor=request.user)
                    return _draw_resets(request, role, half=half)
                case "decline":
                    reason = request.POST.get("reason", "")
                    declined = resets.decline(reset_id=_reset(request), actor=request.user, reason=reason)
                    messages.success(
                        request, _("%(name)s的重置申请已作废，密码没有改变。") % {"name": declined.user.name}
                    )
                    return redirect(request.path)
                case _:
                    return _draw_resets(request, role)
        except DomainError as error:
            return answers.page(request, error, again_url=request.path)


def _administrator(request: SignedIn) -> Role:
    role = resets.administrator(request.user)
    if role is None:
        raise Http404
    return role


def _reset(request: HttpRequest) -> int:
    found: PasswordReset = get_object_or_404(PasswordReset, pk=outside.row(request.POST.get("reset")) or 0)
    return found.pk


def _draw_resets(
    request: SignedIn, role: Role, *, half: resets.Half | None = None, first: bool = False
) -> HttpResponse:
    waiting = resets.waiting()
    asked = {reset.user_id for reset in waiting}
    context = {
        "half": half,
        "first": first,
        "rows": [
            {
                "reset": reset,
                "void_at": resets.void_at(reset),
                "mine": reset.asked_by_id == request.user.pk,
                "may_confirm": reset.asked_as != role
                and request.user.pk not in {reset.user_id, reset.asked_by_id},
            }
            for reset in waiting
        ],
        "candidates": [
            user
            for user in resets.system_administrators()
            if role == Role.SECURITY_ADMIN and user.pk not in asked
        ],
        "breadcrumb": [{"label": _("重置复核"), "url": ""}],
    }
    response = render(request, "quotas/people/resets.html", context)
    if half is not None:
        add_never_cache_headers(response)
    return response


class SignInPage(LoginView):
    """
    Sign-in. Afterwards the page that was asked for, if it can be opened, or the one on which its button stands.

    Whoever's account others have changed since the last time reads it there.
    """

    template_name = "quotas/people/login.html"
    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With `ended`: why the sign-in before has ended, as `config.middleware` puts it into the address."""
        return {**super().get_context_data(**kwargs), "ended": outside.word(self.request.GET, "ended")}

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        return outside.next_address(request or self.request, "", nearest=True)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Asked before signing in, which moves the last sign-in on."""
        user: Any = form.get_user()
        happened = accounts.told(user=user, since=user.last_login) if user.last_login else []
        answer = super().form_valid(form)
        for row in happened:
            messages.warning(self.request, _happened(row))
        return answer


def _happened(row: LedgerEntry) -> str:
    """One line of what another person did to the account."""
    words = {
        "at": moment(row.at),
        "by": row.actor.name if row.actor else _("系统"),
        "act": stream_words(row.stream).acts[row.act],
    }
    return _("%(at)s，%(by)s对您的账号办理了“%(act)s”。如非您本人要求，请立即告知审计管理员。") % words


class PasswordPage(PasswordChangeView):
    """One's own password, and what others did to the account; after a one-time password the only page until it is done."""

    template_name = "quotas/people/password.html"
    form_class = OwnPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        actor: Any = self.request.user
        try:
            user = passwords.change_own(actor=actor, password=form.cleaned_data["new_password1"])
        except DomainError as error:
            answers.show(form, error)
            return self.form_invalid(form)
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("密码已修改，下次登录请用新密码。"))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=answers.UNPROCESSABLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and what others did to the account."""
        actor: Any = self.request.user
        return super().get_context_data(**kwargs) | {
            "told": [_happened(row) for row in accounts.told(user=actor)]
        }

    def get_success_url(self) -> str:
        """Home, wherever that is."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)
