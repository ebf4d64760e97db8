"""The register: a unit's facts, the verification of its ownership, and who acts for it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.records.models import Employer
from appraisal.records.states import Control, Industry, Sector, UnitRole
from appraisal.register.services.employers import EmployerFields
from quotas.base.fields import CountField, ShareField
from quotas.base.outside import CodeField, LineField, WholeField
from quotas.base.states import Level
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act

_OWN_FIELDS = (
    "name",
    "sector",
    "industry",
    "registration_type",
    "address",
    "employees",
    "union_members",
    "party_members",
    "revenue",
    "assets",
    "union_name",
    "union_code",
    "party_org_name",
    "control",
    "state_capital_permille",
)
_SHARE_HELP = _("百分数，最多一位小数；达到 50% 为国有控股。没有国有资本填 0，不清楚可不填。")


class EmployerForm(forms.Form):
    """What a unit's own people keep up to date."""

    version = WholeField(widget=forms.HiddenInput, required=False)
    name = LineField(label=_("单位名称"), max_length=120, help_text=_("营业执照上的全称，不用简称。"))
    sector = forms.ChoiceField(
        label=_("单位性质"),
        choices=Sector.choices,
        help_text=_("机关、事业单位和人民团体选“机关事业单位”；社会组织等选“其他组织”。"),
    )
    industry = forms.ChoiceField(
        label=_("行业"),
        choices=[("", _("请选择")), *Industry.choices],
        required=False,
        help_text=_("按国民经济行业分类（GB/T 4754）的主营业务选择。"),
    )
    registration_type = LineField(
        label=_("登记注册类型"),
        max_length=40,
        required=False,
        help_text=_("仅供参考，所有制以控股情况为准。"),
    )
    address = LineField(label=_("地址"), max_length=200, required=False)
    employees = CountField(label=_("职工人数"))
    union_members = CountField(label=_("工会会员人数"))
    party_members = CountField(label=_("党员人数"))
    revenue = WholeField(
        label=_("营业收入（万元）"),
        min_value=0,
        required=False,
        help_text=_("上一年度，只填整数；用于划分企业规模。"),
    )
    assets = WholeField(
        label=_("资产总额（万元）"),
        min_value=0,
        required=False,
        help_text=_("建筑业、房地产开发、租赁和商务服务业填写。"),
    )
    union_name = LineField(label=_("工会名称"), max_length=120, required=False)
    union_code = CodeField(
        label=_("工会统一社会信用代码"), required=False, help_text=_("18 位，以 81 开头。")
    )
    party_org_name = LineField(label=_("党组织名称"), max_length=120, required=False)
    control = forms.ChoiceField(
        label=_("控股情况"),
        choices=Control.choices,
        help_text=_("由单位如实填写；经县（市、区）核验后才作为非公有制企业计算。"),
    )
    state_capital_permille = ShareField(label=_("国有资本占比（%）"), required=False, help_text=_SHARE_HELP)

    use_required_attribute = False

    def __init__(self, employer: Employer | None = None, data: Any = None, **kwargs: Any) -> None:
        initial = (
            {name: getattr(employer, name) for name in (*_OWN_FIELDS, "version")}
            if employer
            else {
                "sector": Sector.ENTERPRISE,
                "employees": 0,
                "union_members": 0,
                "party_members": 0,
                "control": Control.UNKNOWN,
            }
        )
        super().__init__(data, initial=initial, **kwargs)

    @property
    def values(self) -> EmployerFields:
        """What the service takes, without the version."""
        return cast(
            "EmployerFields", {name: value for name, value in self.cleaned_data.items() if name != "version"}
        )


class RegisterForm(EmployerForm):
    """A new unit: the code that identifies it and the bodies of its two channels as well."""

    credit_code = CodeField(label=_("统一社会信用代码"), help_text=_("18 位，以营业执照为准。"))
    body = forms.ModelChoiceField(
        label=_("所在县（市、区）"), queryset=Body.objects.none(), empty_label=_("请选择")
    )
    industry_body = forms.ModelChoiceField(
        label=_("所属省产业工会"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=_("无"),
        help_text=_("隶属产业工会的单位可以选择产业渠道申报；没有的不选。"),
    )

    field_order = ("credit_code", "name", "body", "industry_body")

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(None, data)
        granted = Body.objects.granted_to(user, Act.VERIFY_OWNERSHIP).open()
        counties = granted.of_level(Level.COUNTY)
        if not counties:
            # An industry union enters its units wherever they are.
            counties = Body.objects.open().of_level(Level.COUNTY)
        self.fields["body"].queryset = counties  # type: ignore[attr-defined]
        if len(counties) == 1:
            self.initial["body"] = counties[0]
        self.fields["industry_body"].queryset = Body.objects.open().of_level(Level.INDUSTRY)  # type: ignore[attr-defined]


class OwnershipForm(forms.Form):
    """Who controls the unit, as an official has found, and on what proof."""

    version = WholeField(widget=forms.HiddenInput)
    control = forms.ChoiceField(
        label=_("核定控股情况"),
        choices=[("", _("请选择")), *(choice for choice in Control.choices if choice[0] != Control.UNKNOWN)],
    )
    state_capital_permille = ShareField(label=_("国有资本占比（%）"), required=False, help_text=_SHARE_HELP)
    proof = LineField(
        label=_("核验依据"),
        max_length=200,
        help_text=_("例如：营业执照、公司章程和股东名册（2026年3月）。"),
    )

    use_required_attribute = False

    def __init__(self, employer: Employer, data: Any = None, **kwargs: Any) -> None:
        known = employer.verified_control if employer.is_verified else ""
        initial = {
            "version": employer.version,
            "control": known,
            "state_capital_permille": employer.state_capital_permille,
            "proof": employer.verified_on_proof,
        }
        super().__init__(data, initial=initial, **kwargs)


class AppointForUnitForm(forms.Form):
    """Let somebody who has an account act for the unit."""

    username = LineField(
        label=_("登录名"), max_length=150, help_text=_("须已有账号；没有账号的，在下面开设。")
    )
    role = forms.ChoiceField(label=_("角色"), choices=UnitRole.choices)

    use_required_attribute = False


class OpenAccountForm(forms.Form):
    """An account for somebody of the unit who has none, appointed at once."""

    username = LineField(
        label=_("登录名"),
        max_length=60,
        help_text=_("3 至 60 位英文字母、数字和 . _ -，不分大小写，开设后不能更改。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = LineField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("角色"), choices=UnitRole.choices)

    use_required_attribute = False
