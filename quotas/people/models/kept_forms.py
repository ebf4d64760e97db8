"""What somebody had typed when the sign-in ended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptForm(models.Model):
    """The last form of an account that met an ended sign-in; shown filled again to that account, never sent by itself.

    `page` is where it was typed. Text only: no password, no token, no file. It lives for hours, see `services.kept_forms`.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(_("页面"), max_length=500)
    fields = models.JSONField(_("内容"), default=dict)
    kept_at = models.DateTimeField(_("保留时间"))

    class Meta:
        verbose_name = _("保留的表单")
        verbose_name_plural = _("保留的表单")

    def __str__(self) -> str:
        return f"{self.user_id} {self.page}"
