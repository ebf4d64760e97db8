"""Rounds: timetable, extensions, awards taking part, places."""

from secrets import token_hex

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import NoticeUnit, RequestState, ReservePolicy, RoundState, Stage
from quotas.editions.models import Award, RuleVersion
from quotas.rounds.querysets import (
    AllotmentQuerySet,
    ExtensionRequestQuerySet,
    RoundAwardQuerySet,
    RoundQuerySet,
)
from quotas.tree.models.bodies import Body


class Round(models.Model):
    """A selection round 评选周期 with its settings.

    The `lots_code` comes at random with the round, before any places do, and never changes (the database refuses it): all lots of the plan follow
    from it (`quotas.arithmetic.lots`).
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    year = models.PositiveSmallIntegerField(_("年度"))
    source = models.CharField(_("依据文件"), max_length=200)
    state = EnumField(_("状态"), max_length=10, of=RoundState, default=RoundState.PLANNED)
    unit_notice_days = models.PositiveSmallIntegerField(_("单位公示天数"), default=5)
    notice_days = models.PositiveSmallIntegerField(_("名单公示天数"), default=5)
    notice_unit = EnumField(_("公示计日方式"), max_length=10, of=NoticeUnit, default=NoticeUnit.WORKDAY)
    first_day_counts = models.BooleanField(_("公示首日计入"), default=True)
    reserve_policy = EnumField(_("后备办法"), max_length=10, of=ReservePolicy, default=ReservePolicy.RANKED)
    reserves_alone = models.BooleanField(
        _("可以只报后备"), default=False, help_text=_("没有正选的名单、后备多于名额的名单也可以提交。")
    )
    lots_code = models.CharField(_("抽签码"), max_length=64, default=token_hex, editable=False)
    contact = models.CharField(_("受理异议的联系方式"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("启动时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("评选周期")
        verbose_name_plural = _("评选周期")
        ordering = ["-year", "-pk"]
        constraints = [
            one_of("state", RoundState.choices, "round_state_valid"),
            one_of("notice_unit", NoticeUnit.choices, "round_notice_unit_valid"),
            one_of("reserve_policy", ReservePolicy.choices, "round_reserve_policy_valid"),
        ]

    def __str__(self) -> str:
        return self.name


class StageWindow(models.Model):
    """The time in which a stage of a round works. Both ends are moments; `due_at` itself is still in time."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="windows")
    stage = EnumField(_("层级"), max_length=10, of=Stage)
    opens_at = models.DateTimeField(_("开始时间"))
    due_at = models.DateTimeField(_("截止时间"))

    class Meta:
        verbose_name = _("时间安排")
        verbose_name_plural = _("时间安排")
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "stage"], name="window_once"),
            one_of("stage", Stage.choices, "window_stage_valid"),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("opens_at")), name="window_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.get_stage_display()}"


class Extension(models.Model):
    """More time for one body (and, at the unit stage, for the units under it), with the reason on record."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="extensions")
    stage = EnumField(_("层级"), max_length=10, of=Stage)
    body = models.ForeignKey(Body, models.PROTECT, related_name="extensions")
    due_at = models.DateTimeField(_("延长至"))
    reason = models.CharField(_("理由"), max_length=200)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("批准时间"))

    class Meta:
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        constraints = [
            models.UniqueConstraint(fields=["round", "stage", "body"], name="extension_once"),
            one_of("stage", Stage.choices, "extension_stage_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.due_at:%Y-%m-%d %H:%M}"


class ExtensionRequest(models.Model):
    """A body asks for more time 申请延期, and the organiser answers; the extension itself is an `Extension`.

    `wanted` is until when the body asked, `granted` until when it was given.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="extension_requests")
    stage = EnumField(_("层级"), max_length=10, of=Stage)
    body = models.ForeignKey(Body, models.PROTECT, related_name="extension_requests")
    wanted = models.DateTimeField(_("申请延至"))
    reason = models.CharField(_("理由"), max_length=200)
    state = EnumField(_("状态"), max_length=10, of=RequestState, default=RequestState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    granted = models.DateTimeField(_("批准延至"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = ExtensionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("延期申请")
        verbose_name_plural = _("延期申请")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "stage", "body"],
                condition=models.Q(state=RequestState.WAITING),
                name="extension_asked_once",
            ),
            one_of("stage", Stage.choices, "extension_request_stage_valid"),
            one_of("state", RequestState.choices, "extension_request_state_valid"),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.WAITING, answered_at=None)
                | (~models.Q(state=RequestState.WAITING) & models.Q(answered_at__isnull=False)),
                name="extension_request_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.wanted:%Y-%m-%d %H:%M}"


class RoundAward(models.Model):
    """An award as it takes part in a round: pinned to one edition of its rules, with the whole's places."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="awards")
    award = models.ForeignKey(Award, models.PROTECT, related_name="rounds")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="rounds")
    places = models.PositiveIntegerField(_("名额"))
    employer_cap = models.PositiveSmallIntegerField(
        _("每单位限报"), default=1, help_text=_("同一单位在本奖项中可以同时申报的数量。")
    )
    previous_count = models.PositiveIntegerField(_("上一周期符合数"), null=True, blank=True)
    previous_base = models.PositiveIntegerField(_("上一周期命名数"), null=True, blank=True)
    previous_source = models.CharField(_("上一周期数字的来源"), max_length=200, blank=True)

    objects = RoundAwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("参评奖项")
        verbose_name_plural = _("参评奖项")
        ordering = ["award__order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "award"], name="round_award_once"),
            models.CheckConstraint(
                condition=models.Q(previous_count=None, previous_base=None)
                | models.Q(previous_base__gte=1, previous_count__lte=models.F("previous_base")),
                name="round_award_previous_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.name} {self.award.name}"


class Serial(models.Model):
    """A serial of an application's number, given once for ever.

    Its key comes from the database's own sequence, which nobody waits for and which a transaction that is taken back
    does not turn back: numbers have gaps.
    """

    class Meta:
        verbose_name = _("申报编号")
        verbose_name_plural = _("申报编号")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class NumberSeries(models.Model):
    """The numbers of applications of a year, over all its rounds: they are counted from the serial after `base`."""

    year = models.PositiveIntegerField(unique=True)
    base = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("申报编号序列")
        verbose_name_plural = _("申报编号序列")

    def __str__(self) -> str:
        return f"{self.year}: {self.base}"


class Allotment(models.Model):
    """Places 名额 of one body for one award of a round: how many it may send up (the province: name).

    This row is the serialisation point of everything that counts against it. `committed` is the number of
    regular entries on the body's slate once it is submitted (0 before); it is set, never incremented.
    """

    round_award = models.ForeignKey(RoundAward, models.PROTECT, related_name="allotments")
    body = models.ForeignKey(Body, models.PROTECT, related_name="allotments")
    places = models.PositiveIntegerField(_("名额"))
    reserve_places = models.PositiveIntegerField(_("后备名额"), default=0)
    separate_places = models.PositiveIntegerField(_("单列名额"), default=0)
    committed = models.PositiveIntegerField(_("已用名额"), default=0)

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("名额分配")
        verbose_name_plural = _("名额分配")
        constraints = [
            models.UniqueConstraint(fields=["round_award", "body"], name="allotment_once"),
            models.CheckConstraint(
                condition=models.Q(committed__lte=models.F("places")), name="allotment_not_exceeded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.places}"


class PlacesLine(models.Model):
    """What an allotment says of its places: a slot 分类名额, separate places 单列, or the body's part of a rule 分解数.

    A slot keeps `places` for entries that meet the predicate `kind` and lies `within` another one, the whole list
    (`quotas.selection.plan.WHOLE_LIST`) or nothing. The part of a `rule`, by its code, is what the body has of the
    figure that the rule asks of the whole: so many at least of a minimum, so many at most of a ceiling. Separate places
    have an `owner`, the body that decides on them, and their purpose as `name`.
    """

    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="lines")
    key = models.CharField(_("代码"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    kind = models.JSONField(_("对象"), default=list)
    within = models.CharField(_("其中"), max_length=20, blank=True)
    rule = models.CharField(_("规则"), max_length=80, blank=True)
    owner = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定单位")
    )
    places = models.PositiveIntegerField(_("名额"))

    class Meta:
        verbose_name = _("名额构成")
        verbose_name_plural = _("名额构成")
        constraints = [
            models.UniqueConstraint(fields=["allotment", "key", "rule"], name="places_line_once"),
            models.CheckConstraint(
                condition=(models.Q(rule="", owner=None) & ~models.Q(key=""))
                | (models.Q(rule="", within="", owner__isnull=False) & ~models.Q(key="") & ~models.Q(name=""))
                | (models.Q(key="", name="", within="", owner=None) & ~models.Q(rule="")),
                name="places_line_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.rule} {self.places}"
