"""The closed vocabularies of the plan: levels, stages, offices, roles, rule senses.

Every value here is stored in the database; renaming one needs a data migration.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Where a body stands in the one tree of recommending bodies."""

    PROVINCE = "province", _("省")
    CITY = "city", _("设区市")
    INDUSTRY = "industry", _("省产业工会")
    COUNTY = "county", _("县（市、区）")


class Stage(models.TextChoices):
    """The four stages of a nomination's route. An industry union acts at the city stage."""

    UNIT = "unit", _("单位")
    COUNTY = "county", _("县级")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")


STAGE_OF_LEVEL: dict[str, Stage] = {
    Level.COUNTY: Stage.COUNTY,
    Level.CITY: Stage.CITY,
    Level.INDUSTRY: Stage.CITY,
    Level.PROVINCE: Stage.PROVINCE,
}


class Office(models.TextChoices):
    """The two offices that review jointly at a body (seed notice: 组织部 and 总工会)."""

    UNION = "union", _("总工会")
    PARTY = "party", _("组织部")


class Role(models.TextChoices):
    """What a post at a body is for. The acts of each role stand in `quotas.permissions.ROLE_ACTS`."""

    UNION_REVIEWER = "union_reviewer", _("工会审核人")
    PARTY_REVIEWER = "party_reviewer", _("组织部审核人")
    KEEPER = "keeper", _("名单负责人")
    UNION_LEADER = "union_leader", _("工会领导")
    PARTY_LEADER = "party_leader", _("组织部领导")
    STAFF = "staff", _("省级工作人员")
    OBSERVER = "observer", _("监督员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class NomineeKind(models.TextChoices):
    """What kind of nominee an award is for."""

    UNIT = "unit", _("单位")
    TEAM = "team", _("班组")
    PERSON = "person", _("个人")
    PARTY_ORG = "party_org", _("党组织")


class RoundState(models.TextChoices):
    """Where a round stands."""

    PLANNED = "planned", _("筹备中")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class Sense(models.TextChoices):
    """Whether a bound is a minimum or a maximum."""

    MIN = "min", _("不低于")
    MAX = "max", _("不超过")


class RuleKind(models.TextChoices):
    """Whether a bound is a share of a base or a plain count."""

    SHARE = "share", _("占比")
    COUNT = "count", _("数量")


class NoticeUnit(models.TextChoices):
    """How the days of a notice are counted."""

    WORKDAY = "workday", _("工作日")
    CALENDAR = "calendar", _("自然日")


class ReservePolicy(models.TextChoices):
    """What happens to a place that falls vacant after the list went up (a setting of the round)."""

    VACANT = "vacant", _("空缺不补")
    RANKED = "ranked", _("后备依次递补")
