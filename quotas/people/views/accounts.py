"""Accounts 账号: the list for those who manage them, and everybody's own password."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from quotas.base import outside
from quotas.base.pages import ActPage, Acts
from quotas.base.paging import DENSE, newest_first
from quotas.base.states import Role
from quotas.ledger.models import LedgerEntry
from quotas.ledger.tellings import stream_words
from quotas.people.forms import AccountForm, AccountSearch, DeclineForm, OwnPasswordForm, SignInForm
from quotas.people.models import PasswordReset
from quotas.people.services import accounts, passwords, posts, resets
from quotas.templatetags.px import moment
from quotas.tree.models import Post, User
from quotas.tree.permissions import Act, grants_of


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


class AccountsPage(ActPage):
    """Every account, the newest first; for those who manage accounts. A one-time password is shown only here, once."""

    template_name = "quotas/people/accounts.html"

    def prepare(self) -> None:
        """Not there for anybody else."""
        if not grants_of(self.request.user).any(Act.MANAGE_ACCOUNTS):
            raise Http404

    @property
    def address(self) -> str:
        """With what was looked for, so that the account acted on is still in sight."""
        return str(self.request.get_full_path())

    def _create(self) -> HttpResponse:
        form = self.bind(AccountForm(self.request.POST))
        issued = accounts.create(actor=self.request.user, **form.cleaned_data)
        return self._once(form=AccountForm(), issued=issued)

    def _deactivate(self) -> HttpResponse:
        user = accounts.deactivate(user_id=_wanted(self.request), actor=self.request.user)
        return self.done(_("%(name)s的账号已停用，其办理过的事项仍有记录。") % {"name": user.name})

    def _reactivate(self) -> HttpResponse:
        return self._once(issued=accounts.reactivate(user_id=_wanted(self.request), actor=self.request.user))

    def _reset(self) -> HttpResponse:
        return self._once(
            issued=accounts.reset_password(user_id=_wanted(self.request), actor=self.request.user)
        )

    def _ask(self) -> HttpResponse:
        return self._once(half=resets.ask(user_id=_wanted(self.request), actor=self.request.user))

    acts: ClassVar[Acts] = {
        "create": _create,
        "deactivate": _deactivate,
        "reactivate": _reactivate,
        "reset": _reset,
        "ask": _ask,
    }

    def _once(self, **shown: Any) -> HttpResponse:
        """The page with a password, which is nowhere but in this answer."""
        answer = self.draw(**shown)
        add_never_cache_headers(answer)
        return answer

    def context(self) -> dict[str, Any]:
        """The list, and the form for a new account."""
        search = AccountSearch(self.request.GET)
        page = newest_first(User.objects.managed(**search.chosen()), self.request.GET, DENSE)
        on_duty = posts.with_posts(page.rows)
        waiting = {reset.user_id for reset in resets.waiting()}
        return {
            "form": self.forms.get("form") or AccountForm(),
            "issued": None,
            "half": None,
            "first": True,
            "rows": [
                _row(user, self.request.user, guarded=user.pk in on_duty, waits=user.pk in waiting)
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


def _wanted(request: HttpRequest) -> int:
    """The account of the row. Accounts are never deleted, so an unknown number was made up."""
    wanted = outside.row(request.POST.get("user"))
    if wanted is None or not User.objects.managed().filter(pk=wanted).exists():
        raise Http404
    return wanted


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


class ResetsPage(ActPage):
    """Resets that wait for a second administrator; for the three administrators."""

    template_name = "quotas/people/resets.html"
    role: Role

    def prepare(self) -> None:
        """As whom the person asks; not there for others."""
        role = resets.administrator(self.request.user)
        if role is None:
            raise Http404
        self.role = role

    def _ask(self) -> HttpResponse:
        half = resets.ask(user_id=_wanted(self.request), actor=self.request.user)
        return self._once(half=half, first=True)

    def _confirm(self) -> HttpResponse:
        return self._once(half=resets.confirm(reset_id=self._reset(), actor=self.request.user))

    def _decline(self) -> HttpResponse:
        reset_id = self._reset()
        form = self.bind(DeclineForm(self.request.POST, auto_id=_ids(reset_id)), "decline")
        declined = resets.decline(
            reset_id=reset_id, actor=self.request.user, reason=form.cleaned_data["reason"]
        )
        return self.done(_("%(name)s的重置申请已作废，密码没有改变。") % {"name": declined.user.name})

    acts: ClassVar[Acts] = {
        "ask": _ask,
        "confirm": _confirm,
        "decline": _decline,
    }

    def _reset(self) -> int:
        wanted = outside.row(self.request.POST.get("reset")) or 0
        found: PasswordReset = get_object_or_404(PasswordReset, pk=wanted)
        return found.pk

    def _once(self, **shown: Any) -> HttpResponse:
        """The page with half a password, which is nowhere but in this answer."""
        answer = self.draw(**shown)
        add_never_cache_headers(answer)
        return answer

    def context(self) -> dict[str, Any]:
        """What waits, and for security administrators the accounts of the system administrators."""
        waiting = resets.waiting()
        asked = {reset.user_id for reset in waiting}
        sent = self.forms.get("decline")
        return {
            "half": None,
            "sent": sent,
            "first": False,
            "rows": [
                {
                    "reset": reset,
                    "void_at": resets.void_at(reset),
                    "mine": reset.asked_by_id == self.request.user.pk,
                    "may_confirm": reset.asked_as != self.role
                    and self.request.user.pk not in {reset.user_id, reset.asked_by_id},
                    "form": sent
                    if sent is not None and sent["reset"].value() == str(reset.pk)
                    else DeclineForm(initial={"reset": reset.pk}, auto_id=_ids(reset.pk)),
                }
                for reset in waiting
            ],
            "candidates": [
                user
                for user in resets.system_administrators()
                if self.role == Role.SECURITY_ADMIN and user.pk not in asked
            ],
            "breadcrumb": [{"label": _("重置复核"), "url": ""}],
        }


def _ids(reset_id: int) -> str:
    """The ids of a row's fields: each row has the same ones."""
    return f"reset_{reset_id}_%s"


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


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordPage(ActPage):
    """One's own password, and what others did to the account; after a one-time password the only page until it is done."""

    template_name = "quotas/people/password.html"

    def act(self) -> HttpResponse:
        """Set it; the session goes on, wherever home is."""
        form = self.bind(OwnPasswordForm(self.request.user, self.request.POST))
        user = passwords.change_own(actor=self.request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        return self.done(_("密码已修改，下次登录请用新密码。"), settings.LOGIN_REDIRECT_URL)

    def context(self) -> dict[str, Any]:
        """The form, and what others did to the account."""
        return {
            "form": self.forms.get("form") or OwnPasswordForm(self.request.user),
            "told": [_happened(row) for row in accounts.told(user=self.request.user)],
        }
