"""Refusals about notices and the objections to them."""

from datetime import date, datetime

from appraisal.records.states import Finding, SlateState
from quotas.base.errors import Conflict, FieldProblem, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.states import NoticeUnit


class NoticeInPast(FieldProblem):
    starts_on: date
    today: date
    words = Wording(
        _("公示开始日期不能早于今天。"),
        _("填写的是 %(starts_on)s，今天是 %(today)s。"),
        _("请选择今天或以后的日期。"),
    )


class NoticeBackwards(FieldProblem):
    starts_on: date
    ends_on: date
    words = Wording(
        _("公示结束日期早于开始日期。"), _("开始 %(starts_on)s，结束 %(ends_on)s。"), _("请改正日期。")
    )


class ListNoticeTooShort(FieldProblem):
    days: int
    unit: NoticeUnit
    starts_on: date
    required: date
    ends_on: date | None
    words = Wording(
        _("公示时间短于规定。"),
        _(
            "评选方案规定公示 %(days)s 个%(unit)s：自 %(starts_on)s 起应至 %(required)s，填写的是 %(ends_on)s。"
        ),
        _("请改为 %(required)s，或写明缩短的理由。"),
    )


class ListNoticeLonger(FieldProblem):
    days: int
    unit: NoticeUnit
    starts_on: date
    required: date
    ends_on: date | None
    words = Wording(
        _("公示结束日期与规定不同。"),
        _(
            "评选方案规定公示 %(days)s 个%(unit)s：自 %(starts_on)s 起应至 %(required)s，填写的是 %(ends_on)s。"
        ),
        _("请改为 %(required)s，或写明延长的理由。"),
    )


class ContactRequired(FieldProblem):
    words = Wording(
        _("公示须写明受理异议的联系方式。"),
        _("署名机关没有登记电话，群众凭联系方式反映情况。"),
        _("请填写受理部门、电话和地址，或先在“机关信息”中登记本级机关的电话。"),
    )


class NoticeEndUnannounced(FieldProblem):
    years: tuple[str, ...]
    days: int
    unit: NoticeUnit
    estimate: date
    words = Wording(
        _("公示跨入 %(years)s 年，放假安排尚未录入，结束日期无法计算。"),
        _("须公示 %(days)s 个%(unit)s；不计尚未公布的调休，约为 %(estimate)s。"),
        _("请填写结束日期和确定的依据；也可以请系统管理员先在“工作日历”中录入该年安排。"),
    )


class NoticeReasonUnannounced(FieldProblem):
    years: tuple[str, ...]
    words = Wording(
        _("结束日期不能由系统计算，须写明依据。"),
        _("公示跨入 %(years)s 年，放假安排尚未录入。"),
        _("请写明结束日期由谁、按什么确定。"),
    )


class NoticeEndsTooLate(FieldProblem):
    ends_on: date
    due_at: datetime
    by: date
    words = Wording(
        _("公示到 %(ends_on)s 才结束，名单将不能在期限前上报。"),
        _("截止 %(due_at)s，公示最迟须在 %(by)s 结束。"),
        _("请先申请延期；仍要现在发布的，请写明理由，理由记入台账。"),
    )


class NoticeEndsTooLateToName(FieldProblem):
    ends_on: date
    due_at: datetime
    by: date
    words = Wording(
        _("公示到 %(ends_on)s 才结束，名单要过了期限才能审定、命名。"),
        _("截止 %(due_at)s，公示最迟须在 %(by)s 结束。"),
        _("请先申请延期；仍要现在发布的，请写明理由，理由记入台账。"),
    )


class NoticeRunsUntil(WrongState):
    until: date | None
    words = Wording(
        _("公示尚未期满，不能结束。"),
        _("公示至 %(until)s（含当日）。"),
        _("请在期满后的第二天办理；系统也会自动结束。"),
    )


class NoticeClosed(Conflict):
    at: datetime
    words = Wording(_("公示已经结束，没有重复办理。"), _("结束时间为 %(at)s。"), _("请刷新页面继续下一步。"))


class ObjectionOutOfTime(WrongState):
    state: SlateState
    words = Wording(
        _("现在不能登记异议。"),
        _("名单状态为“%(state)s”；公示期间至上报之前才能登记。"),
        _("如情况属实，请按取消资格办理。"),
    )


class ObjectorRequired(FieldProblem):
    words = Wording(_("没有填写异议人。"), _("异议须实名提出。"), _("请填写姓名或单位名称。"))


class ObjectorContactRequired(FieldProblem):
    words = Wording(_("没有填写异议人的联系方式。"), _("核查时需要与异议人联系。"), _("请填写电话或地址。"))


class ObjectionTextRequired(FieldProblem):
    words = Wording(_("没有填写异议内容。"), _("核查须有具体事由。"), _("请写明反映的事实和线索。"))


class ObjectionEntryGone(FieldProblem):
    words = Wording(
        _("所选对象不在这份公示的名单上。"), _("它可能已被移出名单。"), _("请刷新页面后重新选择。")
    )


class ReceivedInFuture(FieldProblem):
    received_on: date
    today: date
    words = Wording(
        _("收到日期不能晚于今天。"), _("填写的是 %(received_on)s，今天是 %(today)s。"), _("请改正日期。")
    )


class ReceivedBeforeNotice(FieldProblem):
    received_on: date
    starts_on: date
    words = Wording(
        _("收到日期早于公示开始。"),
        _("填写的是 %(received_on)s，公示自 %(starts_on)s 开始。"),
        _("请改正日期；公示前反映的情况请在审核中处理。"),
    )


class ObjectionSettled(Conflict):
    finding: Finding
    at: datetime
    words = Wording(
        _("这件异议已经办结，没有重复办理。"),
        _("结论为“%(finding)s”，办结时间 %(at)s。"),
        _("请刷新页面查看。"),
    )


class FindingRequired(FieldProblem):
    words = Wording(_("没有选择结论。"), _("结论为异议成立、异议不成立或不予受理。"), _("请选择一项结论。"))


class FindingTextRequired(FieldProblem):
    words = Wording(_("没有填写核查情况。"), _("结论须有核查依据。"), _("请写明核查经过和依据。"))
