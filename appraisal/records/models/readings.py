"""What people have seen of a nomination: that it was opened, and how it stood when it was returned."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.nominations import Nomination
from appraisal.records.querysets import ReadingQuerySet
from quotas.tree.models import Body


class Reading(models.Model):
    """A person has opened a nomination on this day, and whether its personal data stood there unmasked.

    One row a person, nomination and day for each of the two, never taken away: so that it can be answered who opened
    whose data. Whoever opens a file of its evidence has seen personal data as well. `at` is the first time of the day,
    `review_pass` the pass in which it was opened last, 0 where only files were. This is not an act: it decides nothing
    and leaves no ledger row.
    """

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="readings")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField(_("日期"))
    personal = models.BooleanField(_("看到个人信息"))
    review_pass = models.PositiveSmallIntegerField(_("审核轮次"))
    at = models.DateTimeField(_("时间"))

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("阅读记录")
        verbose_name_plural = _("阅读记录")
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "user", "day", "personal"], name="reading_once_a_day"
            )
        ]
        # The page lists them by area, the newest first; `body` is that of the nomination, where it was handed in.
        indexes = [
            models.Index(fields=["-id"], condition=models.Q(personal=True), name="reading_personal"),
            models.Index(
                fields=["body", "-id"], condition=models.Q(personal=True), name="reading_personal_at"
            ),
        ]

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
