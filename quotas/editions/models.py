"""Awards, and the versioned fields, rules and targets of their editions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotas.base.columns import EnumField, one_of
from quotas.base.states import Basis, ConditionKind, FieldType, KeptBy, NomineeKind, RuleKind, Sense, Stage
from quotas.editions.querysets import AwardQuerySet, RuleVersionQuerySet


class Award(models.Model):
    """An award 奖项 of the catalogue (quotas/catalogue/*.toml)."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    nominee_kind = EnumField(_("推荐对象"), max_length=10, of=NomineeKind)
    final_stage = EnumField(_("评定层级"), max_length=10, of=Stage)
    joint = models.BooleanField(
        _("联合审核"), default=True, help_text=_("由同级总工会与组织部共同审核，任何一方均可退回或不予推荐。")
    )
    clause = models.CharField(_("依据"), max_length=200)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("奖项")
        verbose_name_plural = _("奖项")
        ordering = ["order", "code"]
        constraints = [
            one_of("nominee_kind", NomineeKind.choices, "award_nominee_kind_valid"),
            one_of("final_stage", Stage.choices, "award_final_stage_valid"),
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """One dated edition of an award's rules. Rounds are pinned to one; a published edition is never edited.

    It comes from the catalogue file (`catalogue_edition` is its number there) or was composed by provincial staff
    (`composed_by`). Without `published_at` it is a draft: it can be edited and tried, and no round can be pinned to it.
    """

    award = models.ForeignKey(Award, models.PROTECT, related_name="rule_versions")
    number = models.PositiveSmallIntegerField(_("版次"))
    source = models.CharField(_("来源文件"), max_length=200)
    created_at = models.DateTimeField(_("建立时间"))
    catalogue_edition = models.PositiveSmallIntegerField(_("目录版次"), null=True, blank=True)
    composed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    employer_cap = models.PositiveSmallIntegerField(
        _("每单位限报"), default=1, help_text=_("加入评选周期时的预设值。")
    )
    most_named = models.PositiveIntegerField(
        _("几年内至多命名"), null=True, blank=True, help_text=_("例如每 2 年 100 家；超过时提示，不作限制。")
    )
    most_years = models.PositiveSmallIntegerField(_("几年"), default=1)
    version = models.PositiveIntegerField(default=1)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        ordering = ["award", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["award", "catalogue_edition"], name="rule_version_of_catalogue_once"
            ),
            models.CheckConstraint(
                condition=models.Q(catalogue_edition__isnull=False) | models.Q(composed_by__isnull=False),
                name="rule_version_has_origin",
            ),
            models.CheckConstraint(condition=models.Q(employer_cap__gte=1), name="rule_version_cap_from_one"),
            models.CheckConstraint(condition=models.Q(most_years__gte=1), name="rule_version_years_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.award.name} v{self.number}"


class ShareRule(models.Model):
    """One bound on a list: who is counted and among whom, minimum or maximum, a share or a number, and its clause.

    `counted` and `base` are predicates over the labels of entries (`quotas.selection.labels.predicate_of`); an empty base is
    every entry of the list. With `each`, a facet, the rule holds for each of its values by itself.
    An advisory one refuses nothing: a slate that breaks it needs an approval. `kept` in parts: where places are handed out, each
    body is given its part of the whole's figure.
    Separately listed entries are outside every base. A rule "above" the previous round has no figures of its own:
    the round brings them (`RoundAward.previous_count` of `previous_base`).
    """

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="rules")
    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("规则"), max_length=100)
    counted = models.JSONField(_("计数对象"), default=list)
    base = models.JSONField(_("基数范围"), default=list)
    each = models.CharField(_("逐个核验"), max_length=30, blank=True)
    sense = EnumField(_("方向"), max_length=3, of=Sense)
    kind = EnumField(_("方式"), max_length=5, of=RuleKind)
    basis = EnumField(_("基数"), max_length=8, of=Basis, default=Basis.LISTED)
    numerator = models.PositiveIntegerField(_("分子或数量"))
    denominator = models.PositiveIntegerField(_("分母"), default=1)
    stages = models.JSONField(_("适用层级"), default=list, help_text=_("空表示各级均适用。"))
    clause = models.CharField(_("依据"), max_length=200)
    advisory = models.BooleanField(_("不符合时可以报批"), default=False)
    kept = EnumField(_("怎么落实"), max_length=6, of=KeptBy, default=KeptBy.ITSELF)

    class Meta:
        verbose_name = _("占比规则")
        verbose_name_plural = _("占比规则")
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="share_rule_once"),
            one_of("sense", Sense.choices, "share_rule_sense_valid"),
            one_of("kind", RuleKind.choices, "share_rule_kind_valid"),
            one_of("basis", Basis.choices, "share_rule_basis_valid"),
            one_of("kept", KeptBy.choices, "share_rule_kept_valid"),
            models.CheckConstraint(
                condition=~models.Q(basis=Basis.ALLOTTED) | models.Q(base=[]),
                name="share_rule_allotted_has_no_base",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=RuleKind.ABOVE) | models.Q(sense=Sense.MIN),
                name="share_rule_above_is_minimum",
            ),
            models.CheckConstraint(condition=models.Q(denominator__gte=1), name="share_rule_denominator"),
            models.CheckConstraint(
                condition=models.Q(kind="count") | models.Q(numerator__lte=models.F("denominator")),
                name="share_rule_at_most_one",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Target(models.Model):
    """A number by a date (目标), of an edition: so many of every body of a stage, over all rounds of the award.

    It is shown and never a gate. Counted are those of the body's area who bear the title.
    """

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="targets")
    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("目标"), max_length=100)
    stage = EnumField(_("对象"), max_length=10, of=Stage)
    number = models.PositiveIntegerField(_("数量"))
    due_on = models.DateField(_("截至"))
    clause = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("目标")
        verbose_name_plural = _("目标")
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="target_once"),
            one_of("stage", Stage.choices, "target_stage_valid"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="target_from_one"),
        ]

    def __str__(self) -> str:
        return self.label


class NomineeCondition(models.Model):
    """A condition 申报条件 of an edition: what a nominee must be or must not have been, whoever else is on the list.

    By `kind` it looks at the honours register (`awards` by code, within so many `years`, none: ever) or at the answer
    to the number field `field_key` (`least`, `most`). One that does not `refuse` warns.
    """

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="conditions")
    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("条件"), max_length=100)
    kind = EnumField(_("类别"), max_length=8, of=ConditionKind)
    awards = models.JSONField(_("奖项"), default=list)
    years = models.PositiveSmallIntegerField(_("几年以内"), null=True, blank=True)
    field_key = models.CharField(_("数字字段"), max_length=40, blank=True)
    least = models.BigIntegerField(_("下限"), null=True, blank=True)
    most = models.BigIntegerField(_("上限"), null=True, blank=True)
    refuses = models.BooleanField(_("不符合的不予受理"), default=True)
    clause = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("申报条件")
        verbose_name_plural = _("申报条件")
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="condition_once"),
            one_of("kind", ConditionKind.choices, "condition_kind_valid"),
            models.CheckConstraint(
                condition=(models.Q(kind="number", awards=[], years=None) & ~models.Q(field_key=""))
                | (~models.Q(kind="number") & ~models.Q(awards=[]) & models.Q(field_key="")),
                name="condition_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class EditionField(models.Model):
    """One field 字段 of the application form of an edition, as `quotas.editions.asked` takes it.

    `key` means one thing in all editions: the words of a label "key:option" are the same wherever a list bears it.
    """

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="fields")
    order = models.PositiveSmallIntegerField(_("次序"))
    key = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("字段"), max_length=40)
    type = EnumField(_("类型"), max_length=9, of=FieldType)
    section = models.CharField(_("所在部分"), max_length=40, blank=True)
    options = models.JSONField(_("选项"), default=list)
    columns = models.JSONField(_("栏目"), default=list)
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    least = models.BigIntegerField(_("下限"), null=True, blank=True)
    most = models.BigIntegerField(_("上限"), null=True, blank=True)
    required = models.BooleanField(_("必填"), default=False)
    asked_of = models.JSONField(_("由谁填写"), default=list)
    countable = models.BooleanField(_("用于计数"), default=False)
    listed = models.BooleanField(_("列入汇总表"), default=False)
    public = models.BooleanField(_("可以公示"), default=False)
    personal = models.BooleanField(_("个人信息"), default=False)
    help = models.CharField(_("填写说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("申报字段")
        verbose_name_plural = _("申报字段")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="edition_field_once"),
            models.UniqueConstraint(fields=["version", "label"], name="edition_field_label_once"),
            one_of("type", FieldType.choices, "edition_field_type_valid"),
            models.CheckConstraint(
                condition=models.Q(public=False) | models.Q(personal=False),
                name="edition_field_personal_not_public",
            ),
            models.CheckConstraint(
                condition=~models.Q(type=FieldType.PERSON.value) | models.Q(personal=True),
                name="edition_field_person_is_personal",
            ),
            models.CheckConstraint(
                condition=models.Q(countable=False)
                | models.Q(type__in=[FieldType.YES_NO.value, FieldType.CHOICE.value]),
                name="edition_field_countable_type",
            ),
        ]
        # What a label of a field is called is found by its key.
        indexes = [models.Index(fields=["key", "-id"], name="edition_field_key")]

    def __str__(self) -> str:
        return self.label
