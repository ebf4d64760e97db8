"""How the ledger of units is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from appraisal.records.states import Control, EmployerAct, Industry, Sector, UnitRole
from quotas.ledger.tellings import StreamWords, Telling

STREAMS: Mapping[str, StreamWords] = {
    "employer": StreamWords(
        _("申报单位"),
        {act.value: act.label for act in EmployerAct},
        {
            "credit_code": _("统一社会信用代码"),
            "name": _("单位名称"),
            "sector": _("单位性质"),
            "industry": _("行业"),
            "revenue": _("营业收入（万元）"),
            "assets": _("资产总额（万元）"),
            "registration_type": _("登记注册类型"),
            "address": _("地址"),
            "union_name": _("工会名称"),
            "union_code": _("工会统一社会信用代码"),
            "party_org_name": _("党组织名称"),
            "body": _("所在县（市、区）"),
            "industry_body": _("所属省产业工会"),
            "employees": _("职工人数"),
            "union_members": _("工会会员人数"),
            "party_members": _("党员人数"),
            "control": _("控股情况"),
            "verified_control": _("核定控股情况"),
            "state_capital_permille": _("国有资本占比"),
            "user": _("账号"),
            "role": _("角色"),
        },
        {
            "sector": {sector.value: sector.label for sector in Sector},
            "industry": {industry.value: industry.label for industry in Industry},
            "control": {control.value: control.label for control in Control},
            "verified_control": {control.value: control.label for control in Control},
            "role": {role.value: role.label for role in UnitRole},
        },
        tellings={
            EmployerAct.REGISTER.value: Telling(_("%(who)s登记了单位%(thing)s")),
            EmployerAct.UPDATE.value: Telling(_("%(who)s修改了%(thing)s的单位信息")),
            EmployerAct.VERIFY_OWNERSHIP.value: Telling(_("%(who)s核验%(thing)s为%(verified_control)s")),
            EmployerAct.APPOINT.value: Telling(_("%(who)s设置%(user)s为%(thing)s的%(role)s")),
            EmployerAct.DISMISS.value: Telling(_("%(who)s撤销%(user)s在%(thing)s的%(role)s身份")),
        },
        refers={"user": "user", "body": "body", "industry_body": "body"},
        permilles=frozenset({"state_capital_permille"}),
    ),
}
