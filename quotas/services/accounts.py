"""Accounts: opened with a one-time password, deactivated, never deleted. Who holds which post, `posts` decides."""

import re
import secrets
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from quotas import clock, text
from quotas.errors import FieldProblem, InvalidInput, NotPermitted, WrongState
from quotas.models import User
from quotas.permissions import Act, require
from quotas.services import bodies, ledger

SHORTEST_USERNAME, LONGEST_USERNAME = 3, 60
_USERNAME = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9._-]{{{SHORTEST_USERNAME - 1},{LONGEST_USERNAME - 1}}}", re.ASCII
)

# Read out over the telephone and copied from paper: nothing that looks like something else (0 o, 1 l i).
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


class Issued(NamedTuple):
    """An account and its one-time password, which is known here and nowhere else: not stored, logged or sent."""

    user: User
    password: str

    def __repr__(self) -> str:
        return f"Issued(user={self.user.pk})"


def stream(pk: int) -> str:
    """The ledger's chain of one account."""
    return f"account:{pk}"


@transaction.atomic
def create(*, username: str, name: str, email: str = "", actor: User | None) -> Issued:
    """
    Open an account without any post, by those who manage accounts at the province.

    Raises NotPermitted, and InvalidInput with every wrong field. The password works until its first use.
    """
    province = bodies.province()
    require(actor, Act.MANAGE_ACCOUNTS, province.pk)
    return _open(username, name, email, actor, province.pk)


@transaction.atomic
def create_for_unit(*, username: str, name: str, body_id: int, actor: User | None) -> Issued:
    """
    Open an account for a person of a unit, by those who verify ownership at exactly this body. Raises as `create`.

    It can do nothing until somebody appoints it.
    """
    require(actor, Act.VERIFY_OWNERSHIP, body_id)
    return _open(username, name, "", actor, body_id)


@transaction.atomic
def deactivate(*, user_id: int, actor: User | None) -> User:
    """End the account's sessions and let nobody sign in with it. What it did and its posts stay. Repeatable."""
    return _set_active(user_id, actor, active=False)


@transaction.atomic
def reactivate(*, user_id: int, actor: User | None) -> User:
    """Let the person sign in again, with the same password and posts. Repeatable."""
    return _set_active(user_id, actor, active=True)


@transaction.atomic
def reset_password(*, user_id: int, actor: User | None) -> Issued:
    """
    Replace a lost password by a one-time password; open sessions end.

    Raises NotPermitted, also for the own account, and WrongState("account_inactive").
    """
    user = _lock(user_id)
    _require_manager(user, actor)
    if not user.is_active:
        raise WrongState("account_inactive", name=user.name)
    password = _one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _record("reset_password", user, actor)
    return Issued(user, password)


@transaction.atomic
def change_own_password(*, actor: User, password: str) -> User:
    """The person's own password, checked by the form, in place of the present one; the account is free again."""
    user = _lock(actor.pk)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _record("change_password", user, actor)
    return user


def named(*, username: str) -> User:
    """The active account with this login name, in any case. Raises InvalidInput("username", "account_unknown")."""
    wanted = text.line(username)
    user: User | None = User.objects.of_login([wanted]).filter(is_active=True).first()
    if user is None:
        raise InvalidInput("username", "account_unknown", username=wanted)
    return user


def _open(username: str, name: str, email: str, actor: User | None, body_id: int) -> Issued:
    username, name, email = text.line(username), text.line(name), text.line(email)
    problems = _problems(username, name, email)
    if problems:
        raise InvalidInput.many((problem.field, problem.code, problem.params) for problem in problems)
    password = _one_time_password()
    user = User(username=username, name=name, email=email, must_change_password=True, date_joined=clock.now())
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput("username", "username_taken", username=username) from error
    _record("create_account", user, actor, body_id)
    return Issued(user, password)


def _set_active(user_id: int, actor: User | None, *, active: bool) -> User:
    user = _lock(user_id)
    _require_manager(user, actor)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        _record("reactivate_account" if active else "deactivate_account", user, actor)
    return user


def _lock(user_id: int) -> User:
    user: User = User.objects.select_for_update().get(pk=user_id)
    return user


def _require_manager(user: User, actor: User | None) -> None:
    """Who manages accounts holds one of the three administrators' posts; the own account is another's to manage."""
    require(actor, Act.MANAGE_ACCOUNTS, bodies.province().pk)
    if actor is not None and actor.pk == user.pk:
        raise NotPermitted("own_account")


def _problems(username: str, name: str, email: str) -> list[FieldProblem]:
    problems = []
    limit = User._meta.get_field("name").max_length or 0
    if not _USERNAME.fullmatch(username):
        limits = {"shortest": SHORTEST_USERNAME, "longest": LONGEST_USERNAME}
        problems.append(FieldProblem("username", "username_malformed", {"username": username, **limits}))
    elif User.objects.of_login([username]).exists():
        problems.append(FieldProblem("username", "username_taken", {"username": username}))
    if not name:
        problems.append(FieldProblem("name", "name_required", {}))
    elif len(name) > limit:
        problems.append(FieldProblem("name", "name_too_long", {"length": len(name), "limit": limit}))
    if email and not _is_email(email):
        problems.append(FieldProblem("email", "email_malformed", {}))
    return problems


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _one_time_password() -> str:
    """As "k7mw-3xqp-9dtr-hv2c": 16 letters of 31, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _record(act: str, user: User, actor: User | None, body_id: int | None = None) -> None:
    ledger.append(
        stream=stream(user.pk),
        act=act,
        actor=actor,
        body=body_id,
        after={"username": user.username, "name": user.name, "active": user.is_active},
    )
