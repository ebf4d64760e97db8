"""Naming decisions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.slates import Slate
from appraisal.records.querysets import NamingQuerySet
from quotas.rounds.models import RoundAward


class Naming(models.Model):
    """A naming decision 命名决定: the final slate of an award, with its document number. Public from then on.

    `issuers` and `search_text` as on a notice.
    """

    slate = models.OneToOneField(Slate, models.PROTECT, related_name="naming")
    round_award = models.ForeignKey(RoundAward, models.PROTECT, related_name="namings")
    title = models.CharField(_("标题"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=60)
    decided_on = models.DateField(_("决定日期"))
    issuers = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    search_text = models.TextField(default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("发布时间"))

    objects = NamingQuerySet.as_manager()

    class Meta:
        verbose_name = _("命名决定")
        verbose_name_plural = _("命名决定")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round_award", "document_number"], name="document_number_once")
        ]

    def __str__(self) -> str:
        return self.title
