"""Calculations of places 名额测算: from weights over lots and method to what each body is given."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import ApportionmentState, DivisionMethod, WeightKind
from quotas.editions.models import RuleVersion
from quotas.rounds.models.rounds import RoundAward
from quotas.rounds.querysets import ApportionmentQuerySet
from quotas.tree.models.bodies import Body


class Apportionment(models.Model):
    """How the bodies directly below `parent` come to their places for one award, and to their parts.

    The inputs are open until the lots are drawn; the draw fixes them, so that nobody chooses a weight who knows the
    lots. Then the result can be computed at any time from the rows, the same every time; it is stored nowhere.
    What a planner changes by hand stands beside it with the reason. `figures` says by code of a rule what the bodies
    have of it together, in parts; every slate keeps the other rules by itself. `applied_under` are the rules from which
    it was applied: where the round is held to others since, the parts cannot be computed as they were.
    """

    round_award = models.ForeignKey(RoundAward, models.PROTECT, related_name="apportionments")
    parent = models.ForeignKey(Body, models.PROTECT, related_name="apportionments")
    state = EnumField(_("状态"), max_length=10, of=ApportionmentState, default=ApportionmentState.DRAFT)
    total = models.PositiveIntegerField(_("名额"))
    method = EnumField(_("办法"), max_length=20, of=DivisionMethod, default=DivisionMethod.LARGEST_REMAINDER)
    weight_kind = EnumField(_("权数"), max_length=15, of=WeightKind, default=WeightKind.FLAT)
    weight_source = models.CharField(_("权数来源"), max_length=200, blank=True)
    figures = models.JSONField(_("各规则的分解合计"), default=dict, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("建立时间"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    drawn_at = models.DateTimeField(_("抽签时间"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(_("下达时间"), null=True, blank=True)
    applied_under = models.ForeignKey(RuleVersion, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ApportionmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("名额测算")
        verbose_name_plural = _("名额测算")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round_award", "parent"],
                condition=models.Q(state__in=["draft", "drawn"]),
                name="apportionment_open_once",
            ),
            one_of("state", ApportionmentState.choices, "apportionment_state_valid"),
            one_of("method", DivisionMethod.choices, "apportionment_method_valid"),
            one_of("weight_kind", WeightKind.choices, "apportionment_weight_kind_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.round_award} {self.parent} {self.total}"


class ApportionmentRow(models.Model):
    """A body in a calculation: its weight, its bounds, its lot, and what was changed by hand and why.

    `adjusted_parts` holds, by code of a rule, the parts that were fixed by hand; empty where none was.
    """

    apportionment = models.ForeignKey(Apportionment, models.CASCADE, related_name="rows")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    weight = models.PositiveBigIntegerField(_("权数"), default=1)
    floor = models.PositiveIntegerField(_("最少"), default=0)
    cap = models.PositiveIntegerField(_("最多"), null=True, blank=True)
    lot = models.PositiveSmallIntegerField(_("签号"), null=True, blank=True)
    adjusted_places = models.PositiveIntegerField(_("调整后名额"), null=True, blank=True)
    adjusted_parts = models.JSONField(_("调整后分解数"), default=dict, blank=True)
    reason = models.CharField(_("调整理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("名额测算单位")
        verbose_name_plural = _("名额测算单位")
        ordering = ["body__path"]
        constraints = [
            models.UniqueConstraint(fields=["apportionment", "body"], name="apportionment_row_once"),
            models.UniqueConstraint(fields=["apportionment", "lot"], name="apportionment_lot_once"),
            models.CheckConstraint(
                condition=models.Q(cap=None) | models.Q(cap__gte=models.F("floor")),
                name="apportionment_row_cap_from_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(adjusted_places=None, adjusted_parts={}) | ~models.Q(reason=""),
                name="apportionment_adjustment_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.weight}"
