"""What is wrong with a unit, its ownership and its people."""

from quotas.base.errors import FieldProblem, Violation, Wording
from quotas.base.errors import marked as _
from quotas.base.states import Role


class OwnUnitPost(Violation):
    words = Wording(
        _("不能为自己设置单位账号。"),
        _("审核人员不能同时为申报单位办理申报。"),
        _("请为该单位的工作人员设置账号。"),
    )


class OfficialInArea(FieldProblem):
    name: str
    unit: str
    body: str
    role: Role
    words = Wording(
        _("%(name)s不能担任%(unit)s的申报人或单位审核人。"),
        _("此人现任%(body)s%(role)s，该单位在其辖区内；办理审核的人不得替辖区内的单位申报。"),
        _("请为该单位的工作人员另开账号。"),
    )


class AdministratorHasNoUnitPost(Violation):
    name: str
    unit: str
    words = Wording(
        _("%(name)s不能担任%(unit)s的申报人或单位审核人。"),
        _("此人担任管理员；系统管理员、安全管理员、审计管理员不得兼任任何其他岗位（三员分立）。"),
        _("请为该单位的工作人员另开账号。"),
    )


class UnitPersonUnknown(FieldProblem):
    username: str
    words = Wording(
        _("没有可以设为单位人员的账号“%(username)s”。"),
        _("只能选择为本辖区申报单位开设的、或已在其中任职且未停用的账号。"),
        _("请核对登录名；没有账号的，请在本页为其开设。"),
    )


class EmployerKnown(FieldProblem):
    name: str
    body: str
    words = Wording(
        _("该单位已经登记，不能重复登记。"),
        _("这个代码登记的是“%(name)s”，所在地：%(body)s。"),
        _("请直接使用已登记的单位；如信息有误，请在单位页面更正。"),
    )


class EmployerKnownElsewhere(FieldProblem):
    words = Wording(
        _("这个统一社会信用代码已经登记。"),
        _("登记在您的工作范围之外。"),
        _("请核对代码；无误的，请联系省级工作人员查明登记单位。"),
    )


class BodyNotACounty(FieldProblem):
    body: str
    words = Wording(
        _("所在县（市、区）不对。"), _("“%(body)s”不是县（市、区）。"), _("请选择单位所在的县（市、区）。")
    )


class BodyNotAnIndustryUnion(FieldProblem):
    body: str
    words = Wording(
        _("所属省产业工会不对。"), _("“%(body)s”不是省产业工会。"), _("请重新选择；没有的可以不选。")
    )


class PeopleRange(FieldProblem):
    words = Wording(_("人数不对。"), _("人数应为 0 或正整数。"), _("请核对后改正。"))


class MoneyRange(FieldProblem):
    most: int
    words = Wording(
        _("金额不对。"),
        _("以万元为单位，应为 0 至 %(most)s 的整数。"),
        _("请核对单位后改正；不清楚的可以不填。"),
    )


class MoreMembersThanEmployees(FieldProblem):
    members: int
    employees: int
    words = Wording(
        _("会员或党员人数多于职工人数。"),
        _("填写 %(members)s 人，职工 %(employees)s 人。"),
        _("请核对两个人数。"),
    )


class PermilleRange(FieldProblem):
    words = Wording(_("国有资本占比不对。"), _("应在 0%% 至 100%% 之间，最多一位小数。"), _("请核对后改正。"))


class ControlUndecided(FieldProblem):
    words = Wording(
        _("没有核定控股情况。"), _("核验须有明确的结论，不能是“待核定”。"), _("请对照证明材料选择。")
    )


class ProofRequired(FieldProblem):
    words = Wording(
        _("没有填写核验依据。"),
        _("所有制须凭证明材料核验，例如股权结构、章程、企业信用信息公示系统查询结果。"),
        _("请写明依据的材料名称和日期。"),
    )
