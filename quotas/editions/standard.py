"""Standard fields 标准字段: what award notices keep asking, ready to be taken into an edition.

They are rows like all others once they are taken. Their words stand in the source so that they are translated.
"""

from collections.abc import Mapping

from quotas.base.errors import marked as _
from quotas.base.states import FieldType, NomineeKind
from quotas.editions.asked import AskedField, Option

FUNDS_SECTION = _("工会经费与自评")

STANDARD: Mapping[str, AskedField] = {
    field.key: field
    for field in (
        AskedField(
            "gender",
            _("性别"),
            FieldType.CHOICE,
            options=(Option("female", _("女")), Option("male", _("男"))),
            required=True,
            countable=True,
            public=True,
        ),
        AskedField(
            "occupation",
            _("人员身份"),
            FieldType.CHOICE,
            options=(
                Option("industrial_worker", _("产业工人")),
                Option("science_education", _("科教人员")),
                Option("enterprise_head", _("企业负责人")),
                Option("official", _("机关事业单位干部")),
                Option("other", _("其他人员")),
            ),
            required=True,
            countable=True,
            help=_("按现在的岗位选一项；各类人员的占比按此计算。"),
        ),
        AskedField(
            "division",
            _("县处级及以上"),
            FieldType.YES_NO,
            options=(Option("no", _("县处级以下")),),
            countable=True,
            help=_("现任领导职务或职级为县处级及以上，以任免文件为准。"),
        ),
        AskedField(
            "front_line",
            _("一线职工"),
            FieldType.YES_NO,
            countable=True,
            help=_("在生产、服务一线岗位工作，不担任企业中层及以上职务。"),
        ),
        AskedField(
            "migrant",
            _("农民工"),
            FieldType.YES_NO,
            countable=True,
            help=_("户籍在农村，从事非农产业劳动 6 个月以上。"),
        ),
        AskedField(
            "team",
            _("集体类型"),
            FieldType.CHOICE,
            options=(
                Option("workshop", _("车间")),
                Option("section", _("工段")),
                Option("shift", _("班组")),
                Option("office", _("科室")),
                Option("window", _("窗口")),
                Option("other", _("其他集体")),
            ),
            required=True,
            countable=True,
        ),
        AskedField(
            "team_size", _("集体人数"), FieldType.NUMBER, unit=_("人"), least=1, most=100_000, required=True
        ),
        AskedField(
            "union_funds_paid",
            _("工会经费足额拨缴"),
            FieldType.YES_NO,
            section=FUNDS_SECTION,
            required=True,
            help=_("按全部职工工资总额的 2% 足额拨缴工会经费，是申报的必备条件。"),
        ),
        AskedField(
            "minority",
            _("少数民族"),
            FieldType.YES_NO,
            countable=True,
        ),
        AskedField(
            "party_member",
            _("一线职工党员"),
            FieldType.YES_NO,
            countable=True,
            help=_("在一线岗位工作的中共党员。"),
        ),
        AskedField(
            "skill",
            _("技能等级"),
            FieldType.CHOICE,
            options=(
                Option("none", _("无技能等级")),
                Option("junior", _("初级工")),
                Option("middle", _("中级工")),
                Option("senior", _("高级工")),
                Option("technician", _("技师")),
                Option("senior_technician", _("高级技师及以上")),
            ),
            countable=True,
            listed=True,
            help=_("以职业技能等级证书为准。"),
        ),
        AskedField(
            "new_employment",
            _("新就业形态劳动者"),
            FieldType.YES_NO,
            countable=True,
            help=_("货车司机、网约车司机、快递员、外卖配送员等。"),
        ),
    )
}
"""The standard fields by their keys."""

USUAL: Mapping[str, tuple[str, ...]] = {
    NomineeKind.PERSON: ("gender", "occupation", "division", "front_line", "migrant", "union_funds_paid"),
    NomineeKind.TEAM: ("team", "team_size", "union_funds_paid"),
    NomineeKind.UNIT: ("union_funds_paid",),
    NomineeKind.PARTY_ORG: ("union_funds_paid",),
}
"""With what a draft begins that is based on no other edition, by the kind of nominee."""


def usual(nominee_kind: str) -> tuple[AskedField, ...]:
    """The fields with which a draft begins for this kind of nominee."""
    return tuple(STANDARD[key] for key in USUAL[nominee_kind])


IDENTITY_NUMBER = "identity_number"
"""The part of a person that is checked by its check digit."""

PERSON: Mapping[str, AskedField] = {
    column.key: column
    for column in (
        AskedField("name", _("姓名"), FieldType.TEXT, most=30, required=True),
        AskedField(
            "gender",
            _("性别"),
            FieldType.CHOICE,
            options=(Option("female", _("女")), Option("male", _("男"))),
            required=True,
        ),
        AskedField("born", _("出生年月"), FieldType.MONTH, required=True),
        AskedField(IDENTITY_NUMBER, _("居民身份证号"), FieldType.TEXT, most=18, required=True),
        AskedField("phone", _("联系电话"), FieldType.TEXT, most=30, required=True),
        AskedField("position", _("职务"), FieldType.TEXT, most=60, required=True),
        AskedField(
            "political_status",
            _("政治面貌"),
            FieldType.CHOICE,
            options=(
                Option("party_member", _("中共党员")),
                Option("probationary", _("中共预备党员")),
                Option("league_member", _("共青团员")),
                Option("democratic_party", _("民主党派")),
                Option("none", _("群众")),
            ),
            required=True,
        ),
    )
}
"""What can be asked of a person, by key; the name always is."""
