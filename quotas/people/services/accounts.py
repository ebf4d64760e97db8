"""
Accounts: opened with a one-time password, deactivated, never deleted. `posts` decides who holds which post.

A person with a post gets a new password only by two administrators: `resets`.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput, RuleViolation
from quotas.bodies.services import bodies
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.people.refusals import (
    AccountActive,
    AccountInactive,
    AccountUnknown,
    EmailMalformed,
    NameRequired,
    NameTooLong,
    OwnAccount,
    PhoneTooLong,
    SecondAdministratorNeeded,
    UsernameMalformed,
    UsernameTaken,
)
from quotas.people.services import one_time, passwords, posts
from quotas.tree.models import Post, User
from quotas.tree.permissions import Act, require

SHORTEST_USERNAME, LONGEST_USERNAME = 3, 60
_USERNAME = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9._-]{{{SHORTEST_USERNAME - 1},{LONGEST_USERNAME - 1}}}", re.ASCII
)


class Issued(NamedTuple):
    """An account and its one-time password or the first half of it; known here and nowhere else: not stored, logged or sent."""

    user: User
    password: str

    @property
    def halved(self) -> bool:
        """Whether it is the first half, which opens nothing before the first post brings the second."""
        return one_time.is_halved(self.user.password)

    def __repr__(self) -> str:
        return f"Issued(user={self.user.pk})"


def stream(pk: int) -> str:
    """The ledger's chain of one account."""
    return f"account:{pk}"


@transaction.atomic
def create(*, username: str, name: str, email: str = "", actor: User | None) -> Issued:
    """
    Open an account without any post, by those who manage accounts at the province.

    Gives the first half of its password; whoever grants the first post has the second (`posts.appoint`). The system
    itself gets a whole one. Raises NotPermitted, and InvalidInput with every wrong field.
    """
    province = bodies.province()
    require(actor, Act.MANAGE_ACCOUNTS, province.pk)
    return _open(username, name, email, actor, province.pk, _for_no_post(actor))


@transaction.atomic
def create_for_unit(*, username: str, name: str, body_id: int, actor: User | None) -> Issued:
    """
    Open an account for a person of a unit, by those who verify ownership at exactly this body. Raises as `create`.

    It can do nothing until somebody appoints it.
    """
    require(actor, Act.VERIFY_OWNERSHIP, body_id)
    return _open(username, name, "", actor, body_id, one_time.whole())


@transaction.atomic
def deactivate(*, user_id: int, actor: User | None) -> User:
    """End the account's sessions and let nobody sign in with it. What it did and its posts stay. Repeatable."""
    user = lock(user_id)
    _require_manager(user, actor)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        record("deactivate_account", user, actor)
    return user


def reactivate(*, user_id: int, actor: User | None) -> Issued:
    """
    Let a person without a post come back: what was open or known before stays closed.

    Gives and raises as `reset_password`, and AccountActive.
    """
    return _renew(user_id, actor, was_active=False)


def reset_password(*, user_id: int, actor: User | None) -> Issued:
    """
    Replace the password of an account without a post by the first half of a one-time password; open sessions end.

    The first post brings the second half. Until then nobody signs in, and without a post there is nothing to do.
    Raises NotPermitted, also for the actor's own account; AccountInactive; RuleViolation(
    SecondAdministratorNeeded) for a person who holds a post at a body or a unit.
    """
    return _renew(user_id, actor, was_active=True)


@transaction.atomic
def reset_for_unit(*, user_id: int, body_id: int, actor: User | None) -> Issued:
    """
    Replace the lost password of a unit's person whose account was opened at this body, by those who open such accounts.

    The caller has asked whether the person acts for a unit of the body. Raises as `reset_password`.
    """
    user = lock(user_id)
    require(actor, Act.VERIFY_OWNERSHIP, body_id)
    if actor is not None and actor.pk == user.pk:
        raise OwnAccount
    if not user.is_active:
        raise AccountInactive(name=user.name)
    if Post.objects.held_by(user).exists() or opened_at(user) != body_id:
        raise RuleViolation(SecondAdministratorNeeded(name=user.name))
    password = one_time.whole()
    passwords.replace(user, password.encoded)
    record("reset_password", user, actor, body_id)
    return Issued(user, password.text)


_MOST_TOLD = 10
_TOLD = (
    "reset_password",
    "ask_reset",
    "confirm_reset",
    "decline_reset",
    "deactivate_account",
    "reactivate_account",
)


def told(*, user: User, since: datetime | None = None) -> list[LedgerEntry]:
    """What others did to the person's account, the newest first: who, when, what. One statement."""
    rows = LedgerEntry.objects.of_stream(stream(user.pk)).filter(act__in=_TOLD).exclude(actor=user)
    return list(rows.filter(at__gt=since) if since else rows[:_MOST_TOLD])


def named(*, username: str) -> User:
    """
    The active account with this login name, in any case, that those who manage posts may appoint.

    An account that acts for a unit is for the unit's people and for those who verify its ownership: it gets the
    answer of one that does not exist. Raises InvalidInput(AccountUnknown("username")).
    """
    wanted = text.line(username)
    user: User | None = User.objects.of_login([wanted]).filter(is_active=True).first()
    if user is None or posts.unit_paths(user.pk):
        raise InvalidInput(AccountUnknown("username", username=wanted))
    return user


def opened_at_of(numbers: Collection[int]) -> dict[int, int | None]:
    """The same of many accounts. One statement."""
    rows = LedgerEntry.objects.filter(stream__in=[stream(pk) for pk in numbers], act="create_account")
    return {int(key.partition(":")[2]): body for key, body in rows.values_list("stream", "body")}


def opened_at(user: User) -> int | None:
    """The primary key of the body at which the account was opened, according to the ledger. One statement."""
    opened: int | None = (
        LedgerEntry.objects.filter(stream=stream(user.pk), act="create_account")
        .values_list("body", flat=True)
        .first()
    )
    return opened


def _for_no_post(actor: User | None) -> one_time.OneTime:
    """What one administrator alone may hand out for an account without a post: a half, which opens nothing."""
    return one_time.whole() if actor is None else one_time.first_half()


def _open(
    username: str, name: str, email: str, actor: User | None, body_id: int, password: one_time.OneTime
) -> Issued:
    username, name, email = text.line(username), text.line(name), text.line(email)
    problems = _problems(username, name, email)
    if problems:
        raise InvalidInput(*problems)
    user = User(username=username, name=name, email=email, must_change_password=True, date_joined=clock.now())
    user.password = password.encoded
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput(UsernameTaken("username", username=username)) from error
    record("create_account", user, actor, body_id)
    return Issued(user, password.text)


@transaction.atomic
def _renew(user_id: int, actor: User | None, *, was_active: bool) -> Issued:
    user = lock(user_id)
    _require_manager(user, actor)
    if user.is_active != was_active:
        raise (AccountInactive if was_active else AccountActive)(name=user.name)
    if actor is not None and posts.with_posts([user]):
        raise RuleViolation(SecondAdministratorNeeded(name=user.name))
    password = _for_no_post(actor)
    passwords.replace(user, password.encoded)
    record("reset_password" if was_active else "reactivate_account", user, actor)
    return Issued(user, password.text)


def lock(user_id: int) -> User:
    """The account, locked: posts, password and state of one person change one after the other."""
    user: User = User.objects.select_for_update().get(pk=user_id)
    return user


def _require_manager(user: User, actor: User | None) -> None:
    """Raise NotPermitted unless the actor manages accounts; nobody manages their own account."""
    require(actor, Act.MANAGE_ACCOUNTS, bodies.province().pk)
    if actor is not None and actor.pk == user.pk:
        raise OwnAccount


def _problems(username: str, name: str, email: str) -> list[FieldProblem]:
    problems = malformed(username, name, email)
    taken = User.objects.of_login([username])
    if not any(problem.field == "username" for problem in problems) and taken.exists():
        problems.append(UsernameTaken("username", username=username))
    return problems


def malformed(username: str, name: str, email: str = "", phone: str = "") -> list[FieldProblem]:
    """What is wrong with the fields of an account in themselves. No statement."""
    problems: list[FieldProblem] = []
    limit = User._meta.get_field("name").max_length or 0
    if not _USERNAME.fullmatch(username):
        problems.append(
            UsernameMalformed(
                "username", username=username, shortest=SHORTEST_USERNAME, longest=LONGEST_USERNAME
            )
        )
    if not name:
        problems.append(NameRequired("name"))
    elif len(name) > limit:
        problems.append(NameTooLong("name", length=len(name), limit=limit))
    if email and not _is_email(email):
        problems.append(EmailMalformed("email"))
    longest = User._meta.get_field("phone").max_length or 0
    if len(phone) > longest:
        problems.append(PhoneTooLong("phone", length=len(phone), limit=longest))
    return problems


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def record(
    act: str, user: User, actor: User | None, body_id: int | None = None, *, reason: str = "", **facts: object
) -> None:
    """Write what was done to the account."""
    ledger.append(
        stream=stream(user.pk),
        act=act,
        actor=actor,
        body=body_id,
        after={"username": user.username, "name": user.name, "active": user.is_active, **facts},
        reason=reason,
    )
