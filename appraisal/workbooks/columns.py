"""The columns of the workbooks that come in: one list for the reader, the blank form and its explanations.

Headings are part of a file format, so they stand here as they are and are not translated.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import override

from appraisal.records import rules
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import Channel, Control, Industry, Sector
from quotas.base import text
from quotas.base.states import FieldType, Role
from quotas.editions.asked import AskedField
from quotas.tree.models import User
from quotas.tree.permissions import ADMINISTRATORS

NOTES_SHEET = "填表说明"
"""The sheet of our own forms that explains the columns; nothing is read from it."""

LANGUAGE = "zh-hans"
"""Workbooks are official papers: the same in whatever language a person reads the pages."""


class Kind(Enum):
    """What a column holds, hence how a cell of it is read."""

    TEXT = auto()
    CODE = auto()  # letters and digits; spreadsheets spoil long ones by taking them for numbers
    WHOLE = auto()
    POINTS = auto()  # up to two decimals, kept in 1/100
    PERCENT = auto()  # up to one decimal, kept in ‰
    YES_NO = auto()
    CHOICE = auto()


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of an import: the field it fills, its heading, what may stand in it."""

    field: str
    heading: str
    kind: Kind
    required: bool = False
    limit: int = 0
    minimum: int = 0
    maximum: int = 2_000_000_000
    choices: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    offered: tuple[str, ...] = ()
    """What the blank form offers, where any text is read."""
    empty: Any = ""
    other_headings: tuple[str, ...] = ()
    note: str = ""
    width: int = 16

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.heading, *self.other_headings)


def _labels(choices: type[TextChoices]) -> dict[str, Any]:
    with override(LANGUAGE):
        return {str(choice.label): choice for choice in choices}


def _limit(model: type[Employer] | type[Nomination], name: str) -> int:
    """The length of the column in the database, so that it is stated once."""
    return getattr(model._meta.get_field(name), "max_length", None) or 0


def _text(model: type[Employer] | type[Nomination], name: str, heading: str, **more: Any) -> Column:
    return Column(name, heading, more.pop("kind", Kind.TEXT), limit=_limit(model, name), **more)


WEIGHT_COLUMNS: tuple[Column, ...] = (
    Column(
        "body",
        "单位代码",
        Kind.CODE,
        required=True,
        limit=60,
        other_headings=("推荐单位", "单位", "代码"),
        note="代码或名称，如 320500 或 苏州市。",
    ),
    Column(
        "name",
        "单位名称",
        Kind.TEXT,
        limit=60,
        other_headings=("名称",),
        width=30,
        note="只用于核对，可以不填。",
    ),
    Column(
        "weight",
        "权数",
        Kind.WHOLE,
        required=True,
        maximum=10**12,
        note="整数，如单位数、会员数。名额按权数的比例分配；0 表示只得“最少”。",
    ),
    Column(
        "floor", "最少", Kind.WHOLE, maximum=1_000_000, empty=0, width=10, note="至少分给这么多，不填为 0。"
    ),
    Column(
        "cap",
        "最多",
        Kind.WHOLE,
        maximum=1_000_000,
        empty=None,
        width=10,
        note="至多分给这么多，不填为不限。",
    ),
)

YES_NO = {"是": True, "否": False}


def _person(field: str, word: str) -> tuple[Column, ...]:
    """Somebody of the unit whose account is opened with it."""
    return (
        Column(
            f"{field}_name",
            word,
            Kind.TEXT,
            limit=_account("name"),
            width=12,
            note="可以不填。填写姓名的，导入时同时开设账号；申报和审核须是两人。",
        ),
        Column(
            f"{field}_username",
            f"{word}登录名",
            Kind.TEXT,
            limit=60,
            width=24,
            note="可以不填，不填按统一社会信用代码生成。",
        ),
        Column(
            f"{field}_phone",
            f"{word}电话",
            Kind.CODE,
            limit=_account("phone"),
            note="可以不填，用于送达一次性密码。",
        ),
    )


def _account(name: str) -> int:
    return getattr(User._meta.get_field(name), "max_length", None) or 0


POST_COLUMNS: tuple[Column, ...] = (
    Column(
        "body",
        "单位代码",
        Kind.CODE,
        required=True,
        limit=60,
        other_headings=("推荐单位", "单位", "代码"),
        note="代码或名称，如 320581 或 常熟市。",
    ),
    Column(
        "body_name",
        "单位名称",
        Kind.TEXT,
        limit=60,
        other_headings=("名称",),
        width=26,
        note="只用于核对，可以不填。",
    ),
    Column(
        "role",
        "岗位",
        Kind.CHOICE,
        required=True,
        choices={label: role for label, role in _labels(Role).items() if role not in ADMINISTRATORS},
        width=16,
        note="系统管理员、安全管理员、审计管理员不能用工作簿配备。",
    ),
    Column(
        "name",
        "姓名",
        Kind.TEXT,
        limit=_account("name"),
        width=12,
        note="没有人选的岗位留空，这一行不导入。同一人任几个岗位的，登录名和姓名各行相同。",
    ),
    Column(
        "username",
        "登录名",
        Kind.TEXT,
        limit=60,
        width=24,
        note="可以不填，不填按单位代码和岗位生成，如 320581.keeper。已有账号的填其登录名，姓名须相同。",
    ),
    Column("phone", "联系电话", Kind.CODE, limit=_account("phone"), note="可以不填，用于送达一次性密码。"),
    Column("email", "电子邮箱", Kind.TEXT, limit=254, width=24, note="可以不填。"),
)

EMPLOYER_COLUMNS: tuple[Column, ...] = (
    _text(Employer, "name", "单位名称", required=True, width=32, note="与登记证书一致的全称。"),
    _text(
        Employer,
        "credit_code",
        "统一社会信用代码",
        kind=Kind.CODE,
        required=True,
        width=22,
        note="18 位。本列为文本格式，请勿改为数字格式。",
    ),
    _text(Employer, "registration_type", "登记注册类型", note="仅供参考，所有制以控股情况为准。"),
    Column(
        "body",
        "所在县（市、区）代码",
        Kind.CODE,
        required=True,
        limit=60,
        other_headings=("所在县（市、区）",),
        width=20,
        note="6 位代码或名称，如 320581 或 常熟市。",
    ),
    Column(
        "industry_body",
        "所属省产业工会",
        Kind.CODE,
        limit=60,
        width=18,
        note="代码或名称；不属于产业工会的不填。",
    ),
    Column(
        "sector",
        "单位性质",
        Kind.CHOICE,
        choices=_labels(Sector),
        empty=Sector.ENTERPRISE,
        note="不填为企业。",
    ),
    Column(
        "control",
        "控股情况",
        Kind.CHOICE,
        choices=_labels(Control),
        empty=Control.UNKNOWN,
        note="单位自述，由工会核验后才计为非公有制。不填为待核定。",
    ),
    Column(
        "state_capital_permille",
        "国有资本占比（%）",
        Kind.PERCENT,
        maximum=1000,
        empty=None,
        other_headings=("国有资本占比", "国有资本占比（‰）"),
        note="百分数，最多一位小数，如 51 或 51%；达到 50% 为国有控股。",
    ),
    Column("employees", "职工人数", Kind.WHOLE, empty=0, width=10),
    Column("union_members", "工会会员人数", Kind.WHOLE, empty=0, width=12),
    Column("party_members", "党员人数", Kind.WHOLE, empty=0, width=10),
    _text(Employer, "union_name", "工会名称", width=30),
    _text(
        Employer, "union_code", "工会统一社会信用代码", kind=Kind.CODE, width=22, note="18 位，以 81 开头。"
    ),
    _text(Employer, "party_org_name", "党组织名称", width=30),
    _text(Employer, "address", "地址", width=30),
    Column(
        "industry",
        "行业",
        Kind.CHOICE,
        choices=_labels(Industry),
        width=18,
        note="按国民经济行业分类（GB/T 4754）的主营业务填写，可以不填。",
    ),
    Column(
        "revenue", "营业收入（万元）", Kind.WHOLE, empty=None, note="上一年度，用于划分企业规模，可以不填。"
    ),
    Column("assets", "资产总额（万元）", Kind.WHOLE, empty=None, note="同上，可以不填。"),
    *_person("applicant", "申报人"),
    *_person("endorser", "单位审核人"),
)

_APPLICANT = Column(
    "applicant",
    "申报人账号",
    Kind.TEXT,
    required=True,
    limit=150,
    note="由谁继续办理：该单位申报人的登录名。",
)

NOMINATION_COLUMNS: tuple[Column, ...] = (
    Column("award", "奖项", Kind.TEXT, required=True, limit=60, width=20, note="奖项名称，如 模范职工之家。"),
    Column(
        "channel",
        "渠道",
        Kind.CHOICE,
        choices=_labels(Channel),
        empty=Channel.TERRITORIAL,
        width=12,
        note="不填为地方渠道。",
    ),
    Column(
        "credit_code",
        "统一社会信用代码",
        Kind.CODE,
        required=True,
        limit=18,
        width=22,
        note="所在单位的代码，单位须已登记。",
    ),
    _text(
        Nomination,
        "nominee_name",
        "推荐对象",
        width=28,
        note="集体的全称或个人姓名；授予单位的奖项可以不填。",
    ),
    _text(Nomination, "leader_name", "负责人", width=12),
    _text(Nomination, "position", "职务"),
    _text(
        Nomination,
        "identity_number",
        "居民身份证号",
        kind=Kind.CODE,
        width=22,
        note="18 位。本列为文本格式，请勿改为数字格式。",
    ),
    _text(Nomination, "phone", "联系电话", kind=Kind.CODE),
    Column("deeds", "主要事迹", Kind.TEXT, width=40),
    Column("summary", "简要事迹", Kind.TEXT, width=40),
    Column("honours", "荣誉基础", Kind.TEXT, width=30),
    Column(
        "self_score",
        "自评分",
        Kind.POINTS,
        maximum=rules.MOST_SELF_SCORE,
        empty=None,
        width=10,
        note="分数，最多两位小数，如 95.5。",
    ),
    _APPLICANT,
)

ANSWER = "answers."
"""Before the heading of a column that holds the answers to a field of an edition."""


def nomination_columns(fields: Iterable[AskedField]) -> tuple[Column, ...]:
    """The columns for nominations of awards that ask these fields: one for each name, in front of the applicant.

    A file is in no workbook. What a cell may hold depends on the award of its row, so it is read as text (`quotas.editions.asked.read`).
    """
    told = [field for field in fields if field.type != FieldType.FILE]
    asked = {text.key(field.label): field for field in reversed(told)}
    return (
        *(column for column in NOMINATION_COLUMNS if column is not _APPLICANT),
        *(_answer_column(field) for field in reversed(asked.values())),
        _APPLICANT,
    )


_OF_SEVERAL_LINES = frozenset({FieldType.LONG_TEXT, FieldType.TABLE, FieldType.PERSON})


def _answer_limit(field: AskedField) -> int:
    """The most characters of a cell that holds an answer; 0 for one of several lines, which the service counts."""
    if field.type in _OF_SEVERAL_LINES:
        return 0
    return field.limit if field.type == FieldType.TEXT else 400


def _answer_column(field: AskedField) -> Column:
    with override("zh-hans"):
        note = field.help
        if field.type == FieldType.YES_NO:
            note = f"是或否，不填为否。{note}"
        elif field.columns:
            lines = f"每行一条，最多 {field.lines} 行，" if field.type == FieldType.TABLE else ""
            columns = "；".join(column.label for column in field.columns)
            note = f"{lines}各栏依次填写，用分号隔开：{columns}。{note}"
        elif field.options:
            several = "可填几个，用顿号隔开：" if field.type == FieldType.CHOICES else "填其一："
            note = f"{several}{'、'.join(field.choices.values())}。{note}"
        elif field.type == FieldType.NUMBER:
            note = f"整数{f'，单位{field.unit}' if field.unit else ''}。{note}"
        elif field.type in {FieldType.DATE, FieldType.MONTH}:
            note = f"{'2026-11-28' if field.type == FieldType.DATE else '2026-11'} 的格式。{note}"
        choices = ("是", "否") if field.type == FieldType.YES_NO else tuple(field.choices.values())
        offered = () if field.type == FieldType.CHOICES else choices
    return Column(
        f"{ANSWER}{field.label}",
        field.label,
        Kind.TEXT,
        limit=_answer_limit(field),
        offered=offered,
        note=note,
        width=24 if field.type in _OF_SEVERAL_LINES else 14,
    )
