"""The user model."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from quotas.tree.querysets import UserQuerySet


class UserManager(DjangoUserManager["User"]):
    """Django's own, with the named queries of accounts."""

    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of a login name at sign-in, ignoring case as everywhere."""
        user: User = self.get_queryset().of_login([username or ""]).get()
        return user

    def of_login(self, logins: Iterable[str]) -> UserQuerySet:
        """See `UserQuerySet.of_login`."""
        return self.get_queryset().of_login(logins)

    def keyed(self, field: str, keys: Iterable[Any]) -> UserQuerySet:
        """See `KeyedQuerySet.keyed`."""
        return self.get_queryset().keyed(field, keys)

    def managed(self, *, text: str = "", state: str = "") -> UserQuerySet:
        """See `UserQuerySet.managed`."""
        return self.get_queryset().managed(text=text, state=state)


class User(AbstractUser):
    """A person with an account. It is deactivated, never deleted, since opinions and the ledger point to it."""

    first_name = None  # type: ignore[assignment]  # a Chinese name is one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=60, blank=True)
    must_change_password = models.BooleanField(
        _("须修改密码"),
        default=False,
        help_text=_("使用一次性密码登录后，先设置自己的密码才能办理其他事项。"),
    )

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [models.UniqueConstraint(Lower("username"), name="user_username_unique_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
