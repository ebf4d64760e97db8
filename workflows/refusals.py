"""Refusals of tasks."""

from datetime import datetime

from quotas.base.errors import Conflict, NotPermitted, Wording
from quotas.base.errors import marked as _


class TaskTakenOrDone(Conflict):
    task: str
    who: str
    at: datetime | None
    words = Wording(
        _("这项任务已经办结，不能再次办理。"),
        _("任务：%(task)s。办理人：%(who)s。办理时间：%(at)s。"),
        _("请返回待办列表刷新，查看办理结果。"),
    )


class TakenByOther(Conflict):
    task: str
    who: str
    at: datetime | None
    words = Wording(
        _("这项任务已由他人领取，您不能同时办理。"),
        _("任务：%(task)s。领取人：%(who)s。领取时间：%(at)s。"),
        _("请与领取人联系，由其办理或放回；对方不在岗的，可在“同事在办”中写明理由接办。"),
    )


class TaskNotHeldBy(Conflict):
    task: str
    who: str
    words = Wording(
        _("这项任务已不在原领取人手中，没有接办。"),
        _("任务：%(task)s。现在的领取人：%(who)s。"),
        _("请返回待办列表查看：没有人领取的可以直接领取，已由他人接办的不必再办。"),
    )


class TaskNotYours(NotPermitted):
    task: str
    words = Wording(
        _("您的岗位不能办理这项任务。"),
        _("任务：%(task)s。只有对应单位、对应岗位的人员可以办理，上级岗位不能代办。"),
        _("请确认登录的账号；岗位有变动的，请联系安全管理员。"),
    )
