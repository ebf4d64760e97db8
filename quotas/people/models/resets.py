"""Passwords: those that were used before, and resets that take two administrators."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import ResetState, Role


class PastPassword(models.Model):
    """The hash of a password that the person used before, so that it is not used again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="past_passwords")
    password = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("曾用密码")
        verbose_name_plural = _("曾用密码")

    def __str__(self) -> str:
        return f"{self.user_id}#{self.pk}"


class PasswordReset(models.Model):
    """A reset that one administrator asked for and another has to confirm.

    `asked_as` is the post in which it was asked for: a different post confirms. The half of the one-time password
    that belongs to whoever asked is derived from `nonce` and the secret key, and is stored nowhere.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="resets")
    reactivates = models.BooleanField(_("恢复账号"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_as = EnumField(_("申请岗位"), max_length=20, of=Role)
    asked_at = models.DateTimeField(_("申请时间"))
    nonce = models.CharField(max_length=32)
    state = EnumField(_("状态"), max_length=10, of=ResetState, default=ResetState.WAITING)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("密码重置申请")
        verbose_name_plural = _("密码重置申请")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="waiting"), name="password_reset_one_waiting"
            ),
            one_of("asked_as", Role.choices, "password_reset_asked_as_valid"),
            one_of("state", ResetState.choices, "password_reset_state_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}#{self.pk} {self.state}"
