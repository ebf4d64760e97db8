"""The accounts of the demo: one for each role, to try the system with."""

from dataclasses import dataclass
from random import Random
from typing import Any

from django.utils.translation import gettext_lazy as _

from quotas.base.states import Role
from quotas.tree.models import Body
from workflows.simulation import units
from workflows.simulation.people import by_post

PRIVATE_UNIT = "常熟恒源精密机械有限公司"
"""The non-public unit whose people have accounts."""
STATE_UNIT = "常熟江海电力建设有限公司"
"""The state-owned unit whose people have accounts."""


@dataclass(frozen=True)
class Account:
    """An account, who uses it and what to try first. `role` is None for a unit's people, whose place is the unit."""

    username: str
    name: str
    place: str
    role: Role | None
    hint: Any


CHANGSHU, SUZHOU, JIANGSU = "320581", "320500", "320000"
KUNSHAN = "320583"
INDUSTRY = "320000GH02"

ACCOUNTS: tuple[Account, ...] = (
    Account(
        "changshu.shenbao", "陈晓东", PRIVATE_UNIT, None, _("一份退回的申报要补正，一份草稿可提交；新建申报")
    ),
    Account("changshu.danwei", "周文静", PRIVATE_UNIT, None, _("登记民主程序，审核通过并上报")),
    Account("guoqi.shenbao", "孙建国", STATE_UNIT, None, _("申报“三创争两提升示范单位”，看系统为何不受理")),
    Account("guoqi.danwei", "赵丽华", STATE_UNIT, None, _("查看本单位申报的办理进度")),
    Account(
        "changshu.gonghui",
        "王海燕",
        CHANGSHU,
        Role.UNION_REVIEWER,
        _("审核收件箱，通过或退回；核验单位所有制"),
    ),
    Account(
        "changshu.zuzhibu",
        "李志强",
        CHANGSHU,
        Role.PARTY_REVIEWER,
        _("联合审核的另一方：同一申报两家都通过才入库"),
    ),
    Account(
        "changshu.mingdan",
        "吴雪梅",
        CHANGSHU,
        Role.KEEPER,
        _("编制“模范职工之家”名单：占比不足，换到符合为止"),
    ),
    Account("changshu.gonghui.lingdao", "徐国庆", CHANGSHU, Role.UNION_LEADER, _("签发已提交的示范单位名单")),
    Account("changshu.zuzhibu.lingdao", "朱卫东", CHANGSHU, Role.PARTY_LEADER, _("签发，或写明理由退回修改")),
    Account(
        "kunshan.gonghui", "胡春生", KUNSHAN, Role.UNION_REVIEWER, _("县级截止时间已过：收件箱里的逾期事项")
    ),
    Account("suzhou.gonghui", "马桂芳", SUZHOU, Role.UNION_REVIEWER, _("审核各县（市、区）报来的申报")),
    Account("suzhou.zuzhibu", "高立新", SUZHOU, Role.PARTY_REVIEWER, _("审核；把一份申报退回县级重审")),
    Account("suzhou.mingdan", "林玉珍", SUZHOU, Role.KEEPER, _("编制市级名单；看各县名额使用情况")),
    Account("suzhou.gonghui.lingdao", "何少华", SUZHOU, Role.UNION_LEADER, _("已签发，等待组织部")),
    Account("suzhou.zuzhibu.lingdao", "郭明辉", SUZHOU, Role.PARTY_LEADER, _("签发市级示范单位名单")),
    Account("chanye.gonghui", "罗永康", INDUSTRY, Role.UNION_REVIEWER, _("产业渠道：工会一家审核")),
    Account("chanye.mingdan", "梁秀英", INDUSTRY, Role.KEEPER, _("产业工会名单")),
    Account("jiangsu.gonghui", "宋爱民", JIANGSU, Role.UNION_REVIEWER, _("省级审核")),
    Account("jiangsu.zuzhibu", "郑佳怡", JIANGSU, Role.PARTY_REVIEWER, _("省级审核")),
    Account("jiangsu.renyuan", "谢凤兰", JIANGSU, Role.STAFF, _("评选总览、名额、延期；录入专家评分")),
    Account("jiangsu.gonghui.lingdao", "韩国庆", JIANGSU, Role.UNION_LEADER, _("省级名单提交后签发")),
    Account("jiangsu.zuzhibu.lingdao", "唐立新", JIANGSU, Role.PARTY_LEADER, _("省级名单提交后签发")),
    Account("jiangsu.jiandu", "冯卫东", JIANGSU, Role.OBSERVER, _("查看全省，只读；查阅台账")),
    Account("jiangsu.xitong", "于晓东", JIANGSU, Role.SYSTEM_ADMIN, _("三员之一：管理账号")),
    Account("jiangsu.anquan", "董文静", JIANGSU, Role.SECURITY_ADMIN, _("三员之一：管理岗位授权")),
    Account("jiangsu.shenji", "萧明辉", JIANGSU, Role.AUDIT_ADMIN, _("三员之一：查阅台账，核对完整性")),
)

_OF_POST = {(account.place, account.role): account for account in ACCOUNTS if account.role}


def naming(body: Body, role: Role) -> tuple[str, str]:
    """The account of a post where the demo has one, else one that nobody can sign in with, with a person's name."""
    account = _OF_POST.get((body.code, role))
    if account:
        return account.username, account.name
    username, _name = by_post(body, role)
    return username, units.person_name(Random(username))
