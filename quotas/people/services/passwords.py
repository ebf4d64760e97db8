"""Passwords of one's own: what they may be, and the last five, which are not used again. One-time ones: `one_time`."""

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from quotas.base.errors import FieldProblem, InvalidInput
from quotas.ledger.services import ledger
from quotas.people.models import PastPassword
from quotas.people.refusals import (
    PasswordEntirelyNumeric,
    PasswordGuessable,
    PasswordTooCommon,
    PasswordTooShort,
    PasswordTooSimilar,
    PasswordUsed,
    PasswordWeak,
)
from quotas.tree.models import User

REMEMBERED = 5
"""The number of passwords, the present one included, that cannot be used again."""

_SAFE = 3
"""The least zxcvbn score (0 to 4) accepted: more than 10^8 guesses, while the sign-in page takes twenty an hour."""
_LOOKED_AT = 72
"""zxcvbn looks at so many characters at most; what is longer is judged by its beginning."""
_LOCAL = [
    "woaini",
    "woaini1314",
    "5201314",
    "1314520",
    "520520",
    "zhongguo",
    "zhonghua",
    "beijing",
    "jiangsu",
    "nanjing",
    "suzhou",
    "changshu",
    "pingxuan",
    "gonghui",
    "zonggonghui",
    "zuzhibu",
    "laomo",
    "laodong",
    "mofan",
    "xianjin",
    "guanliyuan",
    "mima",
    "denglu",
    "xitong",
    "anquan",
    "shenji",
    "ceshi",
    "admin",
    "welcome",
]
"""What people here would try first; the library knows English words, Chinese family names and keyboards."""


class NotGuessed:
    """A validator of Django's: no repeated character or pattern, no run of the keyboard, no word that is tried first.

    zxcvbn counts the guesses; the person's own names count as words.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        own = [str(getattr(user, name, "")) for name in ("username", "name", "email")]
        words = [word.casefold() for word in (*own, own[-1].partition("@")[0], *_LOCAL) if word]
        if not password or zxcvbn(password[:_LOOKED_AT], user_inputs=words)["score"] < _SAFE:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        return _("密码不能由重复的字符、键盘或数字的顺序、登录名或常用词组成。")


def replace(user: User, encoded: str) -> None:
    """Give a locked account a one-time password and let it sign in. What the person used before stays remembered."""
    _remember(user)
    user.password = encoded
    user.must_change_password = True
    user.is_active = True
    user.save(update_fields=["password", "must_change_password", "is_active"])


def change_own(*, actor: User, password: str) -> User:
    """
    The person's own password in place of the present one; the account is free again.

    Raises InvalidInput("new_password1") with all that is wrong with it. It is judged and hashed before the lock.
    """
    _judge(actor, password)
    encoded = make_password(password)
    with transaction.atomic():
        user: User = User.objects.select_for_update().get(pk=actor.pk)
        _remember(user)
        user.password = encoded
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        ledger.append(
            stream=f"account:{user.pk}",
            act="change_password",
            actor=user,
            after={"username": user.username, "name": user.name, "active": user.is_active},
        )
    return user


def _judge(user: User, password: str) -> None:
    """Cheap questions first: the remembered hashes, five times the cost of a sign-in, only for a good password."""
    problems: list[FieldProblem] = []
    try:
        password_validation.validate_password(password, user)
    except ValidationError as refused:
        problems = [_problem(error) for error in refused.error_list]
    if not problems and _was_used(user, password):
        problems = [PasswordUsed("new_password1", number=REMEMBERED)]
    if problems:
        raise InvalidInput(*problems)


def _problem(error: ValidationError) -> FieldProblem:
    """What a validator found: Django's own by their codes, another one by its code alone."""
    match error.code:
        case "password_too_short":
            return PasswordTooShort("new_password1", min_length=(error.params or {})["min_length"])
        case "password_too_common":
            return PasswordTooCommon("new_password1")
        case "password_entirely_numeric":
            return PasswordEntirelyNumeric("new_password1")
        case "password_too_similar":
            return PasswordTooSimilar("new_password1")
        case "password_guessable":
            return PasswordGuessable("new_password1")
        case other:
            return PasswordWeak("new_password1", code=other or "password_weak")


def _was_used(user: User, password: str) -> bool:
    past = PastPassword.objects.filter(user=user).order_by("-pk").values_list("password", flat=True)
    return any(check_password(password, known) for known in (user.password, *past[: REMEMBERED - 1]))


def _remember(user: User) -> None:
    """Keep the hash of a password of the person's own that is about to be replaced; drop the oldest."""
    if user.must_change_password or not user.has_usable_password():
        return
    PastPassword.objects.create(user=user, password=user.password)
    kept = PastPassword.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
    PastPassword.objects.filter(pk__in=list(kept[REMEMBERED - 1 :])).delete()
