"""What is wrong with what is filled in, and who may not decide on it. This room imports no framework, since `rules` has them."""

from datetime import date

from quotas.base.errors import FieldProblem, NotPermitted, Violation, Worded, Wording, WrongState
from quotas.base.errors import marked as _

Day = date
"""Where a figure is itself called `date`."""


class SlateStateForbids(WrongState, code="slate_state"):
    act: Worded
    state: Worded
    words = Wording(
        _("这份名单现在不能“%(act)s”。"),
        _("当前状态为“%(state)s”。"),
        _("请刷新页面，查看名单进度和现在可以办理的事项。"),
    )


class NominationStateForbids(WrongState, code="nomination_state"):
    act: Worded
    state: Worded
    words = Wording(
        _("这份申报现在不能“%(act)s”。"),
        _("当前状态为“%(state)s”。"),
        _("请刷新页面，查看申报进度和现在可以办理的事项。"),
    )


class UnitRoleNotHeld(NotPermitted):
    roles: tuple[Worded, ...]
    words = Wording(
        _("您不能为该单位办理这一步。"),
        _("这一步由该单位的%(roles)s办理。"),
        _("如确应由您办理，请联系所在县级工会设置单位账号。"),
    )


class OwnApplication(Violation):
    words = Wording(
        _("您不能审核自己经手的申报。"),
        _("这份申报由您填报、修改或在单位审核过。"),
        _("请转给另一位有权限的同事办理。"),
    )


class OwnUnit(Violation):
    words = Wording(
        _("您不能办理本单位的申报或核验。"),
        _("您是该单位的申报人或单位审核人，应当回避。"),
        _("请转给另一位有权限的同事办理。"),
    )


class ReviewedAtOtherStage(Violation):
    stage: str
    words = Wording(
        _("您已在%(stage)s审核过这份申报，不能再次审核。"),
        _("同一份申报在不同层级须由不同的人审核。"),
        _("请转给另一位有权限的同事办理。"),
    )


class ReviewedAsOtherOffice(Violation):
    words = Wording(
        _("您已代表另一部门审核过这份申报，不能再次审核。"),
        _("联合审核由总工会和组织部分别提出意见，须由不同的人办理。"),
        _("请转给另一位有权限的同事办理。"),
    )


class IdentityAge(Violation):
    age: int
    born: date
    words = Wording(
        _("请核对居民身份证号：年龄 %(age)s 岁。"),
        _("身份证号中的出生日期是 %(born)s。"),
        _("号码无误的，可以继续申报。"),
    )


class IdentityOfMale(Violation):
    words = Wording(
        _("身份证号与性别不一致。"),
        _("身份证号第 17 位是单数，为男性；填写的是女。"),
        _("请核对身份证号和性别；都无误的，可以继续申报。"),
    )


class IdentityOfFemale(Violation):
    words = Wording(
        _("身份证号与性别不一致。"),
        _("身份证号第 17 位是双数，为女性；填写的是男。"),
        _("请核对身份证号和性别；都无误的，可以继续申报。"),
    )


class IdentityNumberShape(FieldProblem):
    words = Wording(
        _("居民身份证号不对。"), _("应为 17 位数字加 1 位数字或字母 X。"), _("请对照身份证重新填写。")
    )


class IdentityNumberCheckDigit(FieldProblem):
    words = Wording(
        _("居民身份证号不对。"),
        _("最后一位校验码与前 17 位不符，可能有一位输错，或相邻两位颠倒。"),
        _("请对照身份证重新填写。"),
    )


class IdentityNumberBirthDate(FieldProblem):
    words = Wording(
        _("居民身份证号不对。"), _("第 7 至 14 位不是有效的出生日期。"), _("请对照身份证重新填写。")
    )


class EvidenceMissing(FieldProblem):
    kind: str
    words = Wording(_("缺少证明材料“%(kind)s”。"), _("这类材料至少须有一份。"), _("请上传后再提交。"))


class VoteNobodyEntitled(FieldProblem):
    words = Wording(_("应到人数不对。"), _("应到人数至少为 1 人。"), _("请对照会议纪要填写。"))


class VoteMorePresentThanEntitled(FieldProblem):
    entitled: int
    present: int
    words = Wording(
        _("实到人数多于应到人数。"),
        _("应到 %(entitled)s 人，实到 %(present)s 人。"),
        _("请对照会议纪要改正。"),
    )


class VoteNoQuorum(FieldProblem):
    entitled: int
    present: int
    required: int
    words = Wording(
        _("到会人数不足，会议表决无效。"),
        _("应到 %(entitled)s 人，实到 %(present)s 人；须有三分之二以上到会，即不少于 %(required)s 人。"),
        _("请对照会议纪要改正；如确未达到，须重新召开会议。"),
    )


class VoteDoesNotAddUp(FieldProblem):
    total: int
    present: int
    words = Wording(
        _("票数与实到人数不符。"),
        _("同意、反对、弃权合计 %(total)s 票，实到 %(present)s 人。"),
        _("请对照会议纪要改正。"),
    )


class VoteNoMajority(FieldProblem):
    entitled: int
    votes_for: int
    required: int
    words = Wording(
        _("同意票没有过半数，不能上报。"),
        _("应到 %(entitled)s 人，同意 %(votes_for)s 票；须超过应到人数的一半，即不少于 %(required)s 票。"),
        _("请对照会议纪要改正；如确未过半数，不能推荐该对象。"),
    )


class MeetingInFuture(FieldProblem):
    date: Day
    today: Day
    words = Wording(
        _("会议日期还没有到。"), _("填写的是 %(date)s，今天是 %(today)s。"), _("请对照会议纪要改正。")
    )


class NoticeEndsBeforeStart(FieldProblem):
    starts_on: date
    ends_on: date
    words = Wording(
        _("单位公示的结束日期早于开始日期。"), _("开始 %(starts_on)s，结束 %(ends_on)s。"), _("请改正日期。")
    )


class NoticeBeforeMeeting(FieldProblem):
    meeting_date: date
    starts_on: date
    words = Wording(
        _("单位公示早于会议表决。"),
        _("会议日期 %(meeting_date)s，公示开始 %(starts_on)s；应先表决通过，再公示。"),
        _("请改正日期；如确是先公示后表决，须重新公示。"),
    )


class NoticeNotOver(FieldProblem):
    date: Day
    today: Day
    words = Wording(
        _("单位公示还没有结束。"),
        _("结束日期 %(date)s，今天是 %(today)s。"),
        _("请在公示期满后再登记和上报。"),
    )


class NoticeTooShort(FieldProblem):
    days: int
    unit: str
    starts_on: date
    earliest: date
    ends_on: date
    words = Wording(
        _("单位公示时间不够。"),
        _(
            "须公示 %(days)s 个%(unit)s；从 %(starts_on)s 起，最早到 %(earliest)s 期满，填写的是 %(ends_on)s。"
        ),
        _("请改正日期；如确未满，须补足公示时间。"),
    )


class UnitNoticeUnannounced(FieldProblem):
    years: tuple[str, ...]
    ends_on: date
    estimate: date
    words = Wording(
        _("单位公示跨入 %(years)s 年，放假安排尚未录入，结束日期无法核算。"),
        _("填写的结束日期为 %(ends_on)s；不计尚未公布的调休，约为 %(estimate)s。"),
        _("请写明结束日期由谁、按什么确定；也可以请系统管理员先在“工作日历”中录入该年安排。"),
    )


class NoticePlaceMissing(FieldProblem):
    words = Wording(
        _("没有填写公示地点或方式。"), "", _("请写明张贴地点或发布方式，例如厂务公开栏、企业内网。")
    )


class UnitObjectionOpen(FieldProblem):
    words = Wording(
        _("单位公示期间有异议，不能上报。"),
        _("有异议的，须由单位核查清楚。"),
        _("请先核查处理；异议已查清不成立的，取消勾选，并在证明材料中附核查情况。"),
    )


class PartyOpinionMissing(FieldProblem):
    words = Wording(_("没有填写党组织意见。"), _("推荐须经同级或上级党组织同意。"), _("请填写意见和日期。"))


class PartyOpinionInFuture(FieldProblem):
    date: Day
    today: Day
    words = Wording(
        _("党组织意见的日期还没有到。"), _("填写的是 %(date)s，今天是 %(today)s。"), _("请改正日期。")
    )


class CreditCodeLength(FieldProblem):
    length: int
    words = Wording(
        _("统一社会信用代码不对。"), _("应为 18 位，填写的是 %(length)s 位。"), _("请对照营业执照重新填写。")
    )


class CreditCodeLetters(FieldProblem):
    words = Wording(
        _("统一社会信用代码不对。"),
        _("第 3 至 8 位应为数字，其余为数字或大写字母，且不使用 I、O、S、V、Z。"),
        _("请对照营业执照重新填写，注意区分 0 与 O、1 与 I、2 与 Z。"),
    )


class CreditCodeCheckDigit(FieldProblem):
    words = Wording(
        _("统一社会信用代码不对。"),
        _("最后一位校验码与前 17 位不符，可能有一位输错，或相邻两位颠倒。"),
        _("请对照营业执照重新填写。"),
    )


class CreditCodeOfUnion(FieldProblem):
    words = Wording(
        _("这是工会的代码，不是单位的代码。"),
        _("以 81 开头的是工会统一社会信用代码。"),
        _("请把它填入“工会统一社会信用代码”，这里填写营业执照上的代码。"),
    )


class UnionCodeNotOfUnion(FieldProblem):
    words = Wording(
        _("这不是工会的代码。"),
        _("工会统一社会信用代码以 81 开头。"),
        _("请对照工会法人资格证书填写；没有的可以不填。"),
    )
