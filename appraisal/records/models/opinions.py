"""Opinions of the reviewing offices."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.nominations import Nomination
from appraisal.records.states import Outcome, ReturnRoute
from quotas.base.columns import EnumField, one_of
from quotas.base.states import Office, Stage
from quotas.tree.models import Body


class Opinion(models.Model):
    """One office's decision on a nomination at a stage (审核意见). Append-only.

    A nomination that comes back after a return is reviewed in a new pass; the earlier opinions stay.
    """

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="opinions")
    stage = EnumField(_("层级"), max_length=10, of=Stage)
    body = models.ForeignKey(Body, models.PROTECT, related_name="opinions")
    office = EnumField(_("审核部门"), max_length=10, of=Office)
    review_pass = models.PositiveSmallIntegerField(_("审核轮次"))
    outcome = EnumField(_("结论"), max_length=10, of=Outcome)
    return_route = models.CharField(max_length=10, choices=ReturnRoute.choices, blank=True)
    text = models.TextField(_("意见"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="opinions")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("审核意见")
        verbose_name_plural = _("审核意见")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "stage", "office", "review_pass"], name="opinion_once_per_pass"
            ),
            one_of("stage", Stage.choices, "opinion_stage_valid"),
            one_of("office", Office.choices, "opinion_office_valid"),
            one_of("outcome", Outcome.choices, "opinion_outcome_valid"),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.APPROVE) | ~models.Q(text=""), name="opinion_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["actor", "-at"], name="opinion_actor")]

    def __str__(self) -> str:
        return f"{self.nomination} {self.get_stage_display()} {self.get_outcome_display()}"
