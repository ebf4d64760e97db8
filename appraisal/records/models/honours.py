"""The honours register."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.employers import Employer
from appraisal.records.models.nominations import Nomination
from appraisal.records.querysets import HonourQuerySet
from quotas.base.columns import EnumField, one_of
from quotas.base.states import NomineeKind
from quotas.editions.models import Award


class Honour(models.Model):
    """An entry of the honours register 荣誉库: who was named for which award, by which document.

    The namings of this system enter by themselves, with their `nomination`; older ones are entered by hand. `holder_key`
    is the `Nomination.nominee_key` of the holder: two nominations of one nominee find the same titles. An entry is
    revoked, never deleted.
    """

    award = models.ForeignKey(Award, models.PROTECT, related_name="honours")
    kind = EnumField(_("推荐对象"), max_length=10, of=NomineeKind)
    holder_key = models.CharField(max_length=160)
    holder = models.CharField(_("获得者"), max_length=120)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="titles", verbose_name=_("所在单位"))
    document_number = models.CharField(_("文号"), max_length=60)
    granted_on = models.DateField(_("命名日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    nomination = models.OneToOneField(Nomination, models.PROTECT, null=True, blank=True, related_name="title")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)
    revoked_for = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = _("荣誉")
        verbose_name_plural = _("荣誉")
        ordering = ["-granted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["award", "holder_key", "document_number"], name="honour_once"),
            one_of("kind", NomineeKind.choices, "honour_kind_valid"),
            models.CheckConstraint(
                condition=models.Q(revoked_on=None, revoked_for="")
                | (models.Q(revoked_on__isnull=False) & ~models.Q(revoked_for="")),
                name="honour_revoked_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["holder_key"], name="honour_holder")]

    def __str__(self) -> str:
        return f"{self.holder} {self.award.name}"
