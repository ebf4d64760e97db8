"""What people have seen of a nomination: that it was opened, and how it stood when it was returned."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.nominations import Nomination


class Reading(models.Model):
    """A person has opened a nomination in this pass of its reviews. This is not an act: it decides nothing and leaves
    no ledger row.
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    review_pass = models.PositiveSmallIntegerField(_("审核轮次"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("阅读记录")
        verbose_name_plural = _("阅读记录")
        constraints = [models.UniqueConstraint(fields=["nomination", "user"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.user_id} {self.review_pass}"


class ReturnedVersion(models.Model):
    """A nomination as it stood when it was returned in this pass. Frozen: what came back is compared with it."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="returned_versions")
    review_pass = models.PositiveSmallIntegerField(_("审核轮次"))
    at = models.DateTimeField(_("时间"))
    content = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("退回时的申报")
        verbose_name_plural = _("退回时的申报")
        constraints = [
            models.UniqueConstraint(fields=["nomination", "review_pass"], name="returned_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.review_pass}"
