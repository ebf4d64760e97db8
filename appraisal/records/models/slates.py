"""Slates, their entries and the sign-off of leaders."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.records.models.nominations import Nomination
from appraisal.records.querysets import SlateEntryQuerySet, SlateQuerySet
from appraisal.records.states import EntryKind, SlateState
from quotas.base.columns import EnumField, one_of
from quotas.base.states import Office, Stage
from quotas.rounds.models import RoundAward
from quotas.tree.models import Body


class Slate(models.Model):
    """A recommendation list 推荐名单: what one body sends up for one award of a round (the province: names).

    `state` and `version` have one writer: `appraisal.records.services.lifecycle`.
    """

    round_award = models.ForeignKey(RoundAward, models.PROTECT, related_name="slates")
    body = models.ForeignKey(Body, models.PROTECT, related_name="slates")
    stage = EnumField(_("层级"), max_length=10, of=Stage)
    state = EnumField(_("状态"), max_length=12, of=SlateState, default=SlateState.COMPILING)
    sign_pass = models.PositiveSmallIntegerField(_("签发轮次"), default=1)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    sent_up_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    frozen_plan = models.JSONField(
        null=True, blank=True, help_text=_("名单离开时所依据的名额与规则；此后名额有变，不影响已上报的名单。")
    )
    approval = models.JSONField(
        null=True,
        blank=True,
        help_text=_("名单不符合可以报批的规则时：批准文件、批准人、日期，以及所批准的名单。"),
    )
    version = models.PositiveIntegerField(default=1)

    objects = SlateQuerySet.as_manager()

    class Meta:
        verbose_name = _("推荐名单")
        verbose_name_plural = _("推荐名单")
        constraints = [
            models.UniqueConstraint(fields=["round_award", "body"], name="slate_once"),
            one_of("state", SlateState.choices, "slate_state_valid"),
            one_of("stage", Stage.choices, "slate_stage_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.round_award.award}"


class SlateEntry(models.Model):
    """A nomination on a slate, with its rank and kind. Removed entries stay, with the reason."""

    slate = models.ForeignKey(Slate, models.PROTECT, related_name="entries")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="entries")
    kind = EnumField(_("类别"), max_length=10, of=EntryKind)
    rank = models.PositiveIntegerField(_("推荐顺序"))
    line = models.CharField(
        _("单列项目"), max_length=20, blank=True, help_text=_("单列的推荐对象占哪一项单列名额，按该项代码。")
    )
    fills = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filled_by",
        verbose_name=_("补谁的缺"),
        help_text=_("由后备递补的，补的是哪一个移出的正选。"),
    )
    frozen_labels = models.JSONField(
        null=True, blank=True, help_text=_("名单离开时推荐对象的属性；此后更正申报，不影响已上报的名单。")
    )
    removed_at = models.DateTimeField(_("移出时间"), null=True, blank=True)
    removal_reason = models.CharField(_("移出原因"), max_length=200, blank=True)

    objects = SlateEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单条目")
        verbose_name_plural = _("名单条目")
        ordering = ["kind", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["slate", "nomination"],
                condition=models.Q(removed_at=None),
                name="entry_once_per_slate",
            ),
            models.UniqueConstraint(
                fields=["slate", "kind", "rank"],
                condition=models.Q(removed_at=None),
                name="entry_rank_once",
            ),
            one_of("kind", EntryKind.choices, "entry_kind_valid"),
            models.CheckConstraint(condition=models.Q(rank__gte=1), name="entry_rank_from_one"),
            models.CheckConstraint(
                condition=models.Q(line="") | models.Q(kind=EntryKind.SEPARATE), name="entry_line_is_separate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slate} {self.rank} {self.nomination}"


class SignOff(models.Model):
    """A leader's decision on a submitted slate (签发), one per office and signing pass. Append-only."""

    slate = models.ForeignKey(Slate, models.PROTECT, related_name="sign_offs")
    office = EnumField(_("部门"), max_length=10, of=Office)
    sign_pass = models.PositiveSmallIntegerField(_("签发轮次"))
    signed = models.BooleanField(_("同意"))
    text = models.TextField(_("意见"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("签发")
        verbose_name_plural = _("签发")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["slate", "office", "sign_pass"], name="sign_off_once_per_pass"),
            one_of("office", Office.choices, "sign_off_office_valid"),
            models.CheckConstraint(
                condition=models.Q(signed=True) | ~models.Q(text=""), name="sign_off_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slate} {self.get_office_display()}"
