"""Public notices and the objections to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.slates import Slate, SlateEntry
from appraisal.records.querysets import NoticeQuerySet, ObjectionQuerySet
from appraisal.records.states import Finding
from quotas.base.columns import EnumField, one_of
from quotas.base.states import NoticeUnit


class Notice(models.Model):
    """A public notice 公示 of a slate. `rows` is the whitelisted projection as published, never the form itself.

    `issuers` are the organs that issue it, with telephone and address, as they were then (`organs.Issuer`).
    `search_text` is what it is found by: title, organs and rows, in the form of `quotas.base.text.compact`.
    """

    slate = models.ForeignKey(Slate, models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=200)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    # Empty where nobody could count it: the notice touches a year that was not announced.
    computed_ends_on = models.DateField(_("计算的结束日期"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("公示天数"))
    unit = EnumField(_("计日方式"), max_length=10, of=NoticeUnit)
    override_reason = models.CharField(_("调整结束日期的理由"), max_length=200, blank=True)
    late_reason = models.CharField(_("公示晚于期限的理由"), max_length=200, blank=True)
    contact = models.CharField(_("受理异议的其他联系方式"), max_length=200, blank=True)
    issuers = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    search_text = models.TextField(default="")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("发布时间"))
    closed_at = models.DateTimeField(_("结束办理时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ["-published_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="notice_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(computed_ends_on__isnull=False, ends_on=models.F("computed_ends_on"))
                | ~models.Q(override_reason=""),
                name="notice_override_has_reason",
            ),
            models.UniqueConstraint(
                fields=["slate"], condition=models.Q(closed_at=None), name="one_running_notice"
            ),
            one_of("unit", NoticeUnit.choices, "notice_unit_valid"),
        ]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """A real-name objection 异议 to an entry on a notice, recorded by the slate keeper, closed with a finding."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    entry = models.ForeignKey(SlateEntry, models.PROTECT, related_name="objections")
    objector = models.CharField(_("异议人"), max_length=60)
    objector_contact = models.CharField(_("联系方式"), max_length=100)
    text = models.TextField(_("异议内容"))
    received_on = models.DateField(_("收到日期"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    finding = EnumField(_("结论"), max_length=15, of=Finding, default=Finding.OPEN)
    finding_text = models.TextField(_("核查情况"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["pk"]
        constraints = [
            one_of("finding", Finding.choices, "objection_finding_valid"),
            models.CheckConstraint(
                condition=models.Q(finding=Finding.OPEN, closed_at=None)
                | (
                    ~models.Q(finding=Finding.OPEN)
                    & models.Q(closed_at__isnull=False)
                    & ~models.Q(finding_text="")
                ),
                name="objection_closed_with_finding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.get_finding_display()}"
