"""Refusals of requests for more time."""

from datetime import datetime

from quotas.base.errors import Conflict, FieldProblem, NotPermitted, Wording
from quotas.base.errors import marked as _
from quotas.base.states import RequestState


class ExtensionWaiting(Conflict):
    who: str
    at: datetime
    wanted: datetime
    words = Wording(
        _("已有一份延期申请在等待答复。"),
        _("%(who)s 于 %(at)s 申请延至 %(wanted)s。"),
        _("请等待答复；要改变申请的时间，先撤回这份申请。"),
    )


class ExtensionAnswered(Conflict):
    at: datetime | None
    who: str
    state: RequestState
    words = Wording(_("这份延期申请已经办结。"), _("%(at)s %(who)s：%(state)s。"), _("请刷新页面查看。"))


class ExtensionInPast(FieldProblem):
    now: datetime
    wanted: datetime
    words = Wording(
        _("申请延至的时间已经过去。"), _("现在是 %(now)s，填写的是 %(wanted)s。"), _("请填写以后的时间。")
    )


class ExtensionReasonLong(FieldProblem):
    length: int
    limit: int
    words = Wording(_("内容太长。"), _("现有 %(length)s 字，上限 %(limit)s 字。"), _("请缩短后提交。"))


class AnswersOwnRequest(NotPermitted):
    words = Wording(_("不能答复自己提出的延期申请。"), "", _("请由省级另一位工作人员答复。"))
