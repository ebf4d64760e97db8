"""Refusals about accounts, passwords, posts and who may hold them."""

from datetime import datetime

from quotas.base.errors import Conflict, FieldProblem, NotPermitted, TooLate, Violation, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.states import ResetState, Role


class OwnPost(NotPermitted):
    words = Wording(
        _("不能为自己授予或撤销岗位。"),
        _("岗位授权须由另一人办理（三员分立）。"),
        _("请由另一位安全管理员办理。"),
    )


class ThreeAdminsSeparate(Violation):
    name: str
    role: Role
    held: list[Role]
    words = Wording(
        _("%(name)s不能再担任%(role)s。"),
        _(
            "此人已担任%(held)s；系统管理员、安全管理员、审计管理员须由三人分别担任，不得兼任任何其他岗位（三员分立）。"
        ),
        _("请另选一人，或先免去原岗位。"),
    )


class DutiesSeparate(Violation):
    name: str
    body: str
    role: Role
    held: list[Role]
    words = Wording(
        _("%(name)s不能再担任%(body)s%(role)s。"),
        _("此人已在%(body)s担任%(held)s；同一单位的编制名单、审核、签发和监督须由不同的人担任。"),
        _("请另选一人，或先免去原岗位。"),
    )


class AdministratorHasNoUnit(Violation):
    name: str
    role: Role
    words = Wording(
        _("%(name)s不能担任%(role)s。"),
        _(
            "此人是申报单位的申报人或单位审核人；系统管理员、安全管理员、审计管理员不得兼任任何其他岗位（三员分立）。"
        ),
        _("请另选一人，或先由核验该单位所有制的工会撤销其单位岗位。"),
    )


class UnitPersonInArea(Violation):
    name: str
    body: str
    role: Role
    words = Wording(
        _("%(name)s不能担任%(body)s%(role)s。"),
        _("此人是%(body)s辖区内申报单位的申报人或单位审核人，任职后须对该单位的申报回避。"),
        _("请另选一人，或先由核验该单位所有制的工会撤销其单位岗位。"),
    )


class UserInactive(FieldProblem):
    name: str
    words = Wording(
        _("%(name)s的账号已停用，不能任命岗位。"),
        _("停用的账号不能登录，也不能办理任何事项。"),
        _("请先由系统管理员恢复账号，或另选一人。"),
    )


class FirstHalfMissing(Violation):
    name: str
    words = Wording(
        _("%(name)s的账号没有前一半一次性密码，不能授予首个岗位。"),
        _("首个岗位的一次性密码由两位管理员各发一半，谁也不能单独登录。"),
        _("请系统管理员在账号管理中重置其密码，或者重新导入这一行，再授予。"),
    )


class PostNotProposed(FieldProblem):
    role: Role
    words = Wording(
        _("%(role)s不能用工作簿配备。"),
        _("系统管理员、安全管理员、审计管理员三员分立，逐人办理。"),
        _("请删去这一行，由安全管理员在岗位管理中办理。"),
    )


class LoginOfTwoPeople(FieldProblem):
    username: str
    words = Wording(
        _("登录名“%(username)s”写给了两个人。"),
        _("一个账号只属于一个人；同一人任几个岗位的，各行姓名须相同。"),
        _("请改正姓名，或另写登录名。"),
    )


class ProposalsChanged(Conflict):
    words = Wording(
        _("岗位人选已有变化，没有授予任何岗位。"),
        _("您查看之后，其中有的已由他人办理。"),
        _("请重新查看名单后办理。"),
    )


class PhoneTooLong(FieldProblem):
    length: int
    limit: int
    words = Wording(
        _("联系电话过长。"), _("填写了 %(length)s 个字符，最多 %(limit)s 个。"), _("请只填写电话号码。")
    )


class PostMissing(FieldProblem):
    body: str
    role: Role
    words = Wording(
        _("%(body)s没有“%(role)s”这个岗位。"),
        _("产业工会不设组织部岗位，管理员岗位只设在省级。"),
        _("请重新选择单位或岗位。"),
    )


class OwnAccount(NotPermitted):
    words = Wording(
        _("不能停用、恢复或重置自己的账号。"),
        _("账号管理须由另一人办理（三员分立）。"),
        _("修改自己的密码请用页面上方的“修改密码”；其他事项请由另一位系统管理员办理。"),
    )


class AccountInactive(WrongState):
    name: str
    words = Wording(
        _("%(name)s的账号已停用，不能重置密码。"), _("停用的账号不能登录。"), _("请先恢复账号，再重置密码。")
    )


class AccountActive(WrongState):
    name: str
    words = Wording(
        _("%(name)s的账号没有停用，不需要恢复。"),
        _("账号可以正常登录。"),
        _("请刷新页面查看；忘记密码的，请重置密码。"),
    )


class SecondAdministratorNeeded(Violation):
    name: str
    words = Wording(
        _("不能由一人重置%(name)s的密码或恢复其账号。"),
        _("此人担任岗位，重置密码、恢复账号须由一名管理员申请、另一名管理员复核。"),
        _("请在“账号管理”中提出申请，再请安全管理员或审计管理员复核。"),
    )


class ResetWaits(WrongState):
    name: str
    by: str
    at: datetime
    words = Wording(
        _("%(name)s的账号已有待复核的申请。"),
        _("%(by)s已于%(at)s提出申请。"),
        _("请等待复核；需要重新申请的，先撤回原申请。"),
    )


class ResetOver(WrongState):
    state: ResetState
    words = Wording(
        _("这份申请已经办结，不能再办。"),
        _("申请现在的状态：%(state)s。"),
        _("请刷新页面查看；确需重置的，请重新申请。"),
    )


class ResetOutdated(WrongState):
    name: str
    words = Wording(
        _("不能按这份申请重置%(name)s的密码。"),
        _("申请提出后，账号的启用状态或申请人的岗位已经变化。"),
        _("请先不同意这份申请，再按现在的情况重新申请。"),
    )


class ResetVoid(TooLate):
    due_at: datetime
    words = Wording(
        _("这份申请已过期，不能再复核。"),
        _("申请须在 3 日内复核，已于%(due_at)s失效。"),
        _("确需重置的，请重新申请。"),
    )


class ResetNeedsAnother(NotPermitted):
    by: str
    role: Role
    words = Wording(
        _("您不能复核这份申请。"),
        _("申请由%(by)s以%(role)s身份提出，须由担任另一管理员岗位的人复核（三员分立）。"),
        _("请由其他管理员复核。"),
    )


class PasswordTooShort(FieldProblem):
    min_length: int
    words = Wording(_("新密码太短。"), _("密码至少 %(min_length)s 个字符。"), _("请换一个更长的密码。"))


class PasswordTooCommon(FieldProblem):
    words = Wording(_("新密码太常见。"), _("这个密码在常用密码表中。"), _("请换一个别人猜不到的密码。"))


class PasswordEntirelyNumeric(FieldProblem):
    words = Wording(_("新密码全是数字。"), _("密码不能只由数字组成。"), _("请加入字母或符号。"))


class PasswordTooSimilar(FieldProblem):
    words = Wording(
        _("新密码与您的账号信息太接近。"),
        _("密码不能与登录名、姓名或电子邮箱相近。"),
        _("请换一个与账号信息无关的密码。"),
    )


class PasswordGuessable(FieldProblem):
    words = Wording(
        _("新密码容易被猜到。"),
        _("密码不能由重复的字符、键盘或数字的顺序、登录名或常用词组成。"),
        _("请换一个密码，例如几个不相关的词连在一起。"),
    )


class PasswordUsed(FieldProblem):
    number: int
    words = Wording(
        _("新密码最近用过。"), _("最近 %(number)s 次用过的密码不能再用。"), _("请另设一个新密码。")
    )


class AccountUnknown(FieldProblem):
    username: str
    words = Wording(
        _("没有可以任职的账号“%(username)s”。"),
        _("只能选择系统管理员开设、未停用、不替申报单位办理申报的账号。"),
        _("请核对登录名；确无账号的，请系统管理员先开设。"),
    )


class UsernameMalformed(FieldProblem):
    username: str
    shortest: int
    longest: int
    words = Wording(
        _("登录名“%(username)s”不符合要求。"),
        _("登录名为 %(shortest)s 至 %(longest)s 位英文字母、数字和 . _ -，以字母或数字开头。"),
        _("请改写后再开设。"),
    )


class UsernameTaken(FieldProblem):
    username: str
    words = Wording(
        _("登录名“%(username)s”已被使用。"),
        _("登录名不分大小写，不能重复；停用的账号仍占用其登录名。"),
        _("请换一个登录名。"),
    )


class NameRequired(FieldProblem):
    words = Wording(_("没有填写姓名。"), _("审核意见和台账都以姓名署名。"), _("请填写本人真实姓名。"))


class NameTooLong(FieldProblem):
    length: int
    limit: int
    words = Wording(
        _("姓名过长。"), _("填写了 %(length)s 个字，最多 %(limit)s 个字。"), _("请填写本人真实姓名。")
    )


class EmailMalformed(FieldProblem):
    words = Wording(_("电子邮箱格式不对。"), _("例如 name@example.com。"), _("请改正，或留空不填。"))


class PasswordWeak(FieldProblem):
    code: str  # type: ignore[misc]
    words = Wording(_("这一步未能办理。"), _("原因代码：%(code)s。"), _("请把这个代码告诉系统管理员。"))
