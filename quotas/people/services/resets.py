"""
Resets that take two administrators: of a lost password, and of a deactivated account, whose owner holds a post.

One asks, another of a different administrator's post confirms; each is shown one half of the one-time password, so
that neither can sign in as the owner. The owner reads at the next sign-in who did it.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from quotas.base import clock, text
from quotas.base.errors import InvalidInput
from quotas.base.refusals import ReasonRequired
from quotas.base.states import ResetState, Role
from quotas.people.models import PasswordReset
from quotas.people.refusals import (
    OwnAccount,
    ResetNeedsAnother,
    ResetOutdated,
    ResetOver,
    ResetVoid,
    ResetWaits,
)
from quotas.people.services import accounts, one_time, passwords
from quotas.tree.models import Post, User
from quotas.tree.permissions import ADMINISTRATORS, Act
from quotas.tree.refusals import ActNotHeld

HOLDS_FOR = timedelta(days=3)
"""A request that nobody has confirmed by then is void."""


class Half(NamedTuple):
    """A reset and the half of its one-time password that is for the person who has just acted."""

    reset: PasswordReset
    half: str

    def __repr__(self) -> str:
        return f"Half(reset={self.reset.pk})"


def void_at(reset: PasswordReset) -> datetime:
    """The moment from which the request is void."""
    return reset.asked_at + HOLDS_FOR


@transaction.atomic
def ask(*, user_id: int, actor: User) -> Half:
    """
    Ask for a one-time password for somebody else's account, and for the return of a deactivated one.

    The system administrator asks; for a system administrator's account the security administrator may as well.
    Gives the first half of the password. Raises NotPermitted and ResetWaits.
    """
    user = accounts.lock(user_id)
    role = administrator(actor)
    if role not in _who_may_ask(user):
        raise ActNotHeld(act=Act.MANAGE_ACCOUNTS)
    _require_somebody_else(user, actor)
    waiting = PasswordReset.objects.select_for_update().filter(user=user, state=ResetState.WAITING).first()
    if waiting is not None and clock.now() < void_at(waiting):
        raise ResetWaits(name=user.name, by=waiting.asked_by.name, at=waiting.asked_at)
    if waiting is not None:
        _close(waiting, ResetState.DECLINED, None)
    reset = PasswordReset.objects.create(
        user=user,
        reactivates=not user.is_active,
        asked_by=actor,
        asked_as=role,
        asked_at=clock.now(),
        nonce=secrets.token_hex(16),
    )
    accounts.record("ask_reset", user, actor)
    return Half(reset, _first_half(reset))


@transaction.atomic
def confirm(*, reset_id: int, actor: User) -> Half:
    """
    Confirm what another administrator asked for: the account gets the one-time password and its sessions end.

    Gives the second half. Raises NotPermitted(OwnAccount, ResetNeedsAnother), WrongState(ResetOver,
    ResetOutdated) and ResetVoid.
    """
    user, reset = _lock(PasswordReset.objects.get(pk=reset_id))
    _require_another(user, reset, actor)
    _require_waiting(reset)
    if clock.now() >= void_at(reset):
        raise ResetVoid(due_at=void_at(reset))
    asker_left = not reset.asked_by.is_active or administrator(reset.asked_by) != reset.asked_as
    if asker_left or user.is_active == reset.reactivates:
        raise ResetOutdated(name=user.name)
    half, whole = one_time.completed(_first_half(reset))
    passwords.replace(user, whole.encoded)
    _close(reset, ResetState.CONFIRMED, actor)
    accounts.record("confirm_reset", user, actor, asked_by=reset.asked_by.name)
    return Half(reset, half)


@transaction.atomic
def decline(*, reset_id: int, actor: User, reason: str) -> PasswordReset:
    """Take back one's own request, or refuse another's, with the reason. Raises as `confirm`, and InvalidInput."""
    user, reset = _lock(PasswordReset.objects.get(pk=reset_id))
    if actor.pk != reset.asked_by_id:
        _require_another(user, reset, actor)
    _require_waiting(reset)
    reason = text.line(reason)
    if not reason:
        raise InvalidInput(ReasonRequired("reason"))
    _close(reset, ResetState.DECLINED, actor)
    accounts.record("decline_reset", user, actor, reason=reason, asked_by=reset.asked_by.name)
    return reset


def waiting() -> list[PasswordReset]:
    """What waits for its confirmation, the oldest first. One statement."""
    return list(
        PasswordReset.objects.filter(state=ResetState.WAITING, asked_at__gt=clock.now() - HOLDS_FOR)
        .select_related("user", "asked_by")
        .order_by("pk")
    )


def system_administrators() -> list[User]:
    """The people whose resets security administrators may ask for, deactivated ones included. One statement."""
    return list(User.objects.filter(groups__post__role=Role.SYSTEM_ADMIN).order_by("username"))


def administrator(user: User) -> Role | None:
    """Which of the three administrators the person is now. One statement, never cached."""
    if not user.is_active:
        return None
    held = Post.objects.filter(group__user=user, role__in=ADMINISTRATORS, body__parent=None)
    role = held.order_by("pk").values_list("role", flat=True).first()
    return Role(role) if role else None


def _who_may_ask(user: User) -> frozenset[Role]:
    """Asked of the posts, active or not: a deactivated system administrator is one still."""
    theirs = Post.objects.filter(group__user=user, role=Role.SYSTEM_ADMIN).exists()
    return frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}) if theirs else frozenset({Role.SYSTEM_ADMIN})


def _require_somebody_else(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        raise OwnAccount


def _require_another(user: User, reset: PasswordReset, actor: User) -> None:
    """Another administrator than the one who asked, in another post, and not the owner of the account."""
    role = administrator(actor)
    if role is None:
        raise ActNotHeld(act=Act.MANAGE_ACCOUNTS)
    _require_somebody_else(user, actor)
    if actor.pk == reset.asked_by_id or role == reset.asked_as:
        raise ResetNeedsAnother(by=reset.asked_by.name, role=reset.asked_as)


def _require_waiting(reset: PasswordReset) -> None:
    if reset.state != ResetState.WAITING:
        raise ResetOver(state=reset.state)


def _lock(reset: PasswordReset) -> tuple[User, PasswordReset]:
    user = accounts.lock(reset.user_id)
    locked = PasswordReset.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=reset.pk)
    return user, locked


def _close(reset: PasswordReset, state: ResetState, actor: User | None) -> None:
    reset.state = state
    reset.closed_by = actor
    reset.closed_at = clock.now()
    reset.save(update_fields=["state", "closed_by", "closed_at"])


def _first_half(reset: PasswordReset) -> str:
    """The half of the one-time password for the person who asked."""
    return one_time.derived_half(f"quotas.password_reset:{reset.pk}:{reset.nonce}")
