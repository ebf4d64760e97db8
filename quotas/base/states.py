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
    """The four stages of a nomination's route, in its order: `Stage.CITY < Stage.PROVINCE`.

    An industry union acts at the city stage. A stage is compared with a stage, also when a column gives a plain word.
    """

    UNIT = "unit", _("单位")
    COUNTY = "county", _("县级")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")

    @property
    def place(self) -> int:
        """How many stages come before it."""
        return _PLACES[self.value]

    def __lt__(self, other: str) -> bool:
        return self.place < _PLACES[other]

    def __le__(self, other: str) -> bool:
        return self.place <= _PLACES[other]

    def __gt__(self, other: str) -> bool:
        return self.place > _PLACES[other]

    def __ge__(self, other: str) -> bool:
        return self.place >= _PLACES[other]


_PLACES = {stage.value: place for place, stage in enumerate(Stage)}


STAGE_OF_LEVEL: dict[str, Stage] = {
    Level.COUNTY: Stage.COUNTY,
    Level.CITY: Stage.CITY,
    Level.INDUSTRY: Stage.CITY,
    Level.PROVINCE: Stage.PROVINCE,
}


class FieldType(models.TextChoices):
    """What the answer to a field of an application is (字段类型)."""

    TEXT = "text", _("单行文字")
    LONG_TEXT = "long_text", _("多行文字")
    NUMBER = "number", _("整数")
    DATE = "date", _("日期")
    MONTH = "month", _("年月")
    YES_NO = "yes_no", _("是或否")
    CHOICE = "choice", _("单选")
    CHOICES = "choices", _("多选")
    TABLE = "table", _("表格")
    PERSON = "person", _("人员")
    FILE = "file", _("附件")


class Office(models.TextChoices):
    """The two offices that review jointly at a body (seed notice: 组织部 and 总工会)."""

    UNION = "union", _("总工会")
    PARTY = "party", _("组织部")


class OrganKind(models.TextChoices):
    """What kind of organ issues the papers of a body; the first two stand for the offices of joint review."""

    UNION = "union", _("总工会")
    PARTY = "party", _("组织部")
    HUMAN_RESOURCES = "human_resources", _("人力资源社会保障部门")
    COMMERCE = "commerce", _("工商联")
    YOUTH = "youth", _("团委")
    DEPARTMENT = "department", _("主管部门")


class Role(models.TextChoices):
    """What a post at a body is for. The acts of each role stand in `quotas.tree.permissions.ROLE_ACTS`."""

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


class ResetState(models.TextChoices):
    """Where the reset of a password stands that takes two administrators."""

    WAITING = "waiting", _("待复核")
    CONFIRMED = "confirmed", _("已重置")
    DECLINED = "declined", _("未同意")


class ProposalState(models.TextChoices):
    """Where a proposal of somebody for a post stands."""

    WAITING = "waiting", _("待授予")
    GRANTED = "granted", _("已授予")
    REFUSED = "refused", _("未授予")


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


class KeptBy(models.TextChoices):
    """How a share of the whole is kept below it: by each slate by itself, or in parts of the whole."""

    ITSELF = "itself", _("各自达标")
    PARTS = "parts", _("分解")


class Sense(models.TextChoices):
    """Whether a bound is a minimum or a maximum."""

    MIN = "min", _("不低于")
    MAX = "max", _("不超过")


class RuleKind(models.TextChoices):
    """Whether a bound is a share of a base, a plain count, or a share above that of the previous round."""

    SHARE = "share", _("占比")
    COUNT = "count", _("数量")
    ABOVE = "above", _("高于上一周期")


class Basis(models.TextChoices):
    """What a share is taken of (分配名额、实际推荐、实际表彰): the places given, the list itself, or what is awarded.

    An "awarded" rule is asked of the list of the stage that gives the award, and of no other.
    """

    LISTED = "listed", _("实际推荐")
    ALLOTTED = "allotted", _("分配名额")
    AWARDED = "awarded", _("实际表彰")


class DivisionMethod(models.TextChoices):
    """How places are shared in proportion to weights."""

    LARGEST_REMAINDER = "largest_remainder", _("最大余额法")
    SAINTE_LAGUE = "sainte_lague", _("除数法（圣拉古法）")
    DHONDT = "dhondt", _("除数法（洪特法）")


class WeightKind(models.TextChoices):
    """What the weights of a calculation of places are."""

    FLAT = "flat", _("平均分配")
    EMPLOYERS = "employers", _("单位数")
    MEMBERS = "members", _("工会会员数")
    LAST_RESULTS = "last_results", _("上一周期命名数")
    OTHER = "other", _("其他依据")


class ApportionmentState(models.TextChoices):
    """Where a calculation of places stands: inputs open; lots drawn, inputs fixed; written to the allotments; given up."""

    DRAFT = "draft", _("编制中")
    DRAWN = "drawn", _("已抽签")
    APPLIED = "applied", _("已下达")
    DROPPED = "dropped", _("已作废")


class NoticeUnit(models.TextChoices):
    """How the days of a notice are counted."""

    WORKDAY = "workday", _("工作日")
    CALENDAR = "calendar", _("自然日")


class RequestState(models.TextChoices):
    """Where a request for more time stands."""

    WAITING = "waiting", _("待答复")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class ConditionKind(models.TextChoices):
    """What a condition of an edition asks of a nominee (申报条件)."""

    NOT_HELD = "not_held", _("不得已获")
    HELD = "held", _("须已获")
    NUMBER = "number", _("数量要求")


class TargetState(models.TextChoices):
    """How a target stands on a day: reached in time or only later, still running, or past its day and not reached."""

    REACHED = "reached", _("已达到")
    REACHED_LATE = "reached_late", _("逾期达到")
    RUNNING = "running", _("进行中")
    OVERDUE = "overdue", _("到期未达到")


class ReservePolicy(models.TextChoices):
    """What happens to a place that falls vacant after the list went up (a setting of the round)."""

    VACANT = "vacant", _("空缺不补")
    RANKED = "ranked", _("后备依次递补")
    OWN_FIRST = "own_first", _("先由出缺单位的后备递补，没有合适的再依次递补")
    OWN_ONLY = "own_only", _("只由出缺单位的后备递补")
