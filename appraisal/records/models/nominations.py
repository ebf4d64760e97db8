"""Nominations, the procedure inside the unit, and evidence."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.records.models.employers import Employer
from appraisal.records.querysets import EvidenceQuerySet, NominationQuerySet
from appraisal.records.states import (
    LIVE_STATES,
    Channel,
    Control,
    EvidenceKind,
    MeetingKind,
    NominationState,
    ReturnRoute,
    Sector,
)
from quotas.base.columns import EnumField, SearchField, one_of
from quotas.base.states import Stage
from quotas.rounds.models import RoundAward
from quotas.tree.models import Body


class Nomination(models.Model):
    """An application 申报: one nominee for one award of one round, on its way up the bodies of its channel.

    `body` is the first recommending body of the route (a county or an industry union) and never changes;
    `desk` is the body where the nomination lies now (null while with the unit). `status`, `stage`, `desk`,
    `review_pass` and `version` have one writer: `appraisal.records.services.lifecycle`.
    """

    number = models.CharField(_("申报编号"), max_length=20)
    # Three whose index would only repeat the beginning of one below.
    round_award = models.ForeignKey(RoundAward, models.PROTECT, related_name="nominations", db_index=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="nominations", db_index=False)
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="nominations", db_index=False, verbose_name=_("推荐单位")
    )
    channel = EnumField(_("渠道"), max_length=12, of=Channel)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="nominations")
    created_at = models.DateTimeField(_("建立时间"))
    form_key = models.UUIDField(
        unique=True, help_text=_("新建表单的一次性标识，重复提交只会得到同一份申报。")
    )

    # Who is nominated.
    nominee_name = models.CharField(_("推荐对象"), max_length=120)
    search = SearchField(of=("number", "nominee_name"))
    nominee_key = models.CharField(max_length=160, help_text=_("同一推荐对象的识别键。"))
    leader_name = models.CharField(_("负责人"), max_length=60, blank=True)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    identity_number = models.CharField(_("居民身份证号"), max_length=18, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)

    answers = models.JSONField(
        _("填报内容"), default=dict, blank=True, help_text=_("对本奖项字段的回答，按字段代码。")
    )
    held = models.CharField(
        _("曾获荣誉"),
        max_length=400,
        blank=True,
        help_text=_("申报时该推荐对象或其单位在以往周期获得过的奖项，按奖项代码。"),
    )
    labels = models.CharField(
        max_length=800, blank=True, help_text=_("规则统计用的类别，由申报内容和单位分类得出。")
    )

    # The case.
    deeds = models.TextField(_("主要事迹"), blank=True)
    summary = models.TextField(_("简要事迹"), blank=True)
    honours = models.TextField(_("荣誉基础"), blank=True)
    self_score = models.PositiveIntegerField(_("自评分（百分之一分）"), null=True, blank=True)
    score = models.PositiveIntegerField(_("得分（百分之一分）"), null=True, blank=True)

    # Where it stands.
    status = EnumField(_("状态"), max_length=15, of=NominationState, default=NominationState.DRAFT)
    stage = EnumField(_("层级"), max_length=10, of=Stage, default=Stage.UNIT)
    desk = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="desk_nominations",
        verbose_name=pgettext_lazy("办理环节", "所在单位"),
    )
    due_at = models.DateTimeField(_("办理期限"), null=True, blank=True)
    entered_at = models.DateTimeField(_("到达时间"))
    review_pass = models.PositiveSmallIntegerField(_("审核轮次"), default=1)
    return_route = models.CharField(_("补正后去向"), max_length=10, choices=ReturnRoute.choices, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    # The classification as it was at submission; a later change of the register flags it, never rewrites it.
    frozen_control = EnumField(_("申报时控股情况"), max_length=20, of=Control, default=Control.UNKNOWN)
    sector = EnumField(_("申报时单位性质"), max_length=15, of=Sector, default=Sector.ENTERPRISE)
    industry = models.CharField(_("申报时行业"), max_length=4, blank=True)
    size = models.CharField(_("申报时企业规模"), max_length=6, blank=True)
    non_public = models.BooleanField(_("非公有制"), default=False)
    ownership_verified = models.BooleanField(_("所有制已核验"), default=False)
    ownership_changed = models.BooleanField(_("所有制登记已变更"), default=False)
    ownership_affirmed = models.CharField(
        _("维持原认定的理由"),
        max_length=200,
        blank=True,
        help_text=_("登记变更后经核对仍按申报时认定；登记再次变更的须重新核对。"),
    )
    unit_name = models.CharField(
        _("公示时单位名称"), max_length=120, blank=True, help_text=_("首次公示时固定；此前随登记更新。")
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报")
        verbose_name_plural = _("申报")
        constraints = [
            models.UniqueConstraint(
                fields=["round_award", "nominee_key"],
                condition=models.Q(status__in=[state.value for state in LIVE_STATES]),
                name="one_live_nomination",
            ),
            models.UniqueConstraint(fields=["number"], name="nomination_number_unique"),
            one_of("status", NominationState.choices, "nomination_status_valid"),
            one_of("stage", Stage.choices, "nomination_stage_valid"),
            one_of("channel", Channel.choices, "nomination_channel_valid"),
            one_of("sector", Sector.choices, "nomination_sector_valid"),
            one_of("frozen_control", Control.choices, "nomination_control_valid"),
            models.CheckConstraint(
                condition=models.Q(non_public=False) | models.Q(ownership_verified=True),
                name="nomination_non_public_is_verified",
            ),
        ]
        indexes = [
            models.Index(fields=["round_award", "desk", "status", "non_public"], name="nomination_quota"),
            models.Index(fields=["body", "-id"], name="nomination_body_recent"),
            models.Index(fields=["employer", "round_award"], name="nomination_employer"),
            # The slate narrowed to a state or a stage, the newest first.
            models.Index(fields=["status", "-id"], name="nomination_status_recent"),
            models.Index(fields=["stage", "-id"], name="nomination_stage_recent"),
            # How many lie where, counted without the rows.
            models.Index(
                fields=["body", "status", "stage", "round_award", "desk", "non_public"],
                condition=models.Q(submitted_at__isnull=False),
                name="nomination_tally",
            ),
            # The same nominee in other rounds and awards.
            models.Index(fields=["nominee_key"], name="nomination_nominee"),
            # The reviews of one desk, and those of many, in the order in which they are to be done.
            models.Index(
                fields=["desk", "due_at", "entered_at", "id"],
                condition=models.Q(status=NominationState.IN_REVIEW.value),
                name="nomination_desk_due",
            ),
            models.Index(
                fields=["due_at", "entered_at", "id"],
                include=["desk", "round_award", "body"],
                condition=models.Q(status=NominationState.IN_REVIEW.value),
                name="nomination_due",
            ),
            # What comes back after correction.
            models.Index(
                fields=["desk"],
                condition=models.Q(status=NominationState.IN_REVIEW.value, review_pass__gt=1),
                name="nomination_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.nominee_name}"

    @property
    def unit(self) -> str:
        """The name of the unit: as it was when it first stood on a notice, until then as the register has it."""
        return self.unit_name or self.employer.name


class Procedure(models.Model):
    """The unit's democratic procedure: the vote, the unit notice and the party organisation's opinion."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="procedure")
    meeting_kind = EnumField(_("会议形式"), max_length=20, of=MeetingKind)
    meeting_date = models.DateField(_("会议日期"))
    entitled = models.PositiveIntegerField(_("应到人数"))
    present = models.PositiveIntegerField(_("实到人数"))
    votes_for = models.PositiveIntegerField(_("同意票"))
    votes_against = models.PositiveIntegerField(_("反对票"))
    votes_abstained = models.PositiveIntegerField(_("弃权票"))
    notice_from = models.DateField(_("单位公示开始日期"))
    notice_to = models.DateField(_("单位公示结束日期"))
    notice_place = models.CharField(_("公示地点或方式"), max_length=100)
    notice_objections = models.BooleanField(_("公示期间有异议"), default=False)
    notice_reason = models.CharField(_("公示结束日期的依据"), max_length=200, blank=True)
    party_opinion = models.TextField(_("党组织意见"))
    party_opinion_date = models.DateField(_("党组织意见日期"))

    class Meta:
        verbose_name = _("民主程序")
        verbose_name_plural = _("民主程序")
        constraints = [
            one_of("meeting_kind", MeetingKind.choices, "procedure_meeting_kind_valid"),
            models.CheckConstraint(
                condition=models.Q(present__lte=models.F("entitled")),
                name="procedure_present_at_most_entitled",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    present=models.F("votes_for") + models.F("votes_against") + models.F("votes_abstained")
                ),
                name="procedure_vote_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination} {self.meeting_date}"


class Evidence(models.Model):
    """An evidence file of a nomination; kept outside the web root, served only to those who may see it."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="evidence")
    kind = EnumField(_("材料类别"), max_length=20, of=EvidenceKind)
    field = models.CharField(
        _("申报字段"), max_length=40, blank=True, help_text=_("由申报表的附件字段要求的，是该字段的代码。")
    )
    file = models.FileField(_("文件"), upload_to="evidence/%Y/%m/", max_length=200)
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    removed_at = models.DateTimeField(_("删除时间"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("证明材料")
        verbose_name_plural = _("证明材料")
        ordering = ["pk"]
        constraints = [one_of("kind", EvidenceKind.choices, "evidence_kind_valid")]

    def __str__(self) -> str:
        return self.name
