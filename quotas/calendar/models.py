"""The working calendar: the years that have been announced, and their days."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.calendar.querysets import CalendarDayQuerySet, CalendarYearQuerySet


class CalendarYear(models.Model):
    """A year whose holidays have been announced. Without a row for a year, its working days are not known.

    Seeded from the chinesecalendar package, then `entered_by` is empty; administrators enter and correct the others.
    """

    year = models.PositiveSmallIntegerField(_("年份"), unique=True)
    source = models.CharField(_("来源文件"), max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("录入时间"))
    version = models.PositiveIntegerField(default=1)

    objects = CalendarYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("已公布的年份")
        verbose_name_plural = _("已公布的年份")
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday, or a make-up working day on a weekend.

    A day without a row in an announced year is a working day from Monday to Friday.
    """

    date = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("是否工作日"))
    name = models.CharField(_("说明"), max_length=40, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("节假日调整")
        verbose_name_plural = _("节假日调整")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
