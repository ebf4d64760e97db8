"""Refusals about nominations, their evidence and the opinions on them."""

from datetime import datetime

from appraisal.records.states import Channel, Outcome
from quotas.base.errors import Conflict, FieldProblem, TooLate, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.states import Office, Stage


class ListHasLeft(TooLate):
    body: str
    words = Wording(
        _("%(body)s的推荐名单已经上报，不能再接收申报。"),
        _("名单上报后，本级不再受理新的申报。"),
        _("请与推荐单位联系；确有特殊情况的，由上级名单负责人处理。"),
    )


class SomebodyWasFaster(Conflict):
    who: str
    at: datetime
    words = Wording(
        _("这份申报已由%(who)s办理，您的意见没有保存。"),
        _("办理时间：%(at)s。"),
        _("请返回待办列表刷新；如有不同意见，请与其联系。"),
    )


class FormKeyTaken(Conflict):
    words = Wording(_("这张申报表已由他人提交过。"), "", _("请重新打开申报页面，填写新的申报表。"))


class OfficeNotAsked(WrongState):
    award: str
    office: Office
    words = Wording(
        _("“%(award)s”在本单位不需要%(office)s审核。"),
        _("非联合审核的奖项，以及不设组织部的产业工会，只由总工会审核。"),
        _("请返回待办列表。"),
    )


class NotFinalStage(WrongState):
    award: str
    stage: str
    words = Wording(
        _("现在不能记录评审得分。"),
        _("“%(award)s”的得分在%(stage)s评定时记录。"),
        _("请等申报上报到评定层级后再记录。"),
    )


class AlreadyNominated(FieldProblem):
    nominee: str
    award: str
    channel: Channel | None
    body: str | None
    words = Wording(
        _("“%(nominee)s”已经申报“%(award)s”，不能重复申报。"),
        _(
            "已有一份有效申报，渠道：%(channel)s，推荐单位：%(body)s。同一推荐对象在同一周期同一奖项中只能申报一次。"
        ),
        _("请在已有的申报上办理，或先撤回原申报。"),
    )


class ChannelUnknown(FieldProblem):
    words = Wording(_("没有选择申报渠道。"), "", _("请选择地方渠道或产业渠道。"))


class NoIndustryBody(FieldProblem):
    employer: str
    words = Wording(
        _("%(employer)s不能通过产业渠道申报。"),
        _("该单位没有登记所属的省产业工会。"),
        _("请选择地方渠道；如应归口产业工会，请联系所在县级工会更正登记。"),
    )


class ChannelBeyondAward(FieldProblem):
    award: str
    stage: Stage
    words = Wording(
        _("“%(award)s”不能通过产业渠道申报。"),
        _("该奖项由%(stage)s评定，产业渠道从市级开始。"),
        _("请选择地方渠道。"),
    )


class NumberBelowZero(FieldProblem):
    words = Wording(_("人数不能为负数。"), "", _("请填写 0 或正整数。"))


class ScoreRange(FieldProblem):
    most: int
    words = Wording(_("分数不对。"), _("分数应在 0 至 %(most)s 之间，最多两位小数。"), _("请核对后改正。"))


class OpinionTextRequired(FieldProblem):
    outcome: Outcome
    words = Wording(
        _("没有填写意见。"),
        _("结论为“%(outcome)s”时，须写明理由，申报单位会看到。"),
        _("请填写意见后再提交。"),
    )


class ReturnRouteRequired(FieldProblem):
    words = Wording(
        _("没有选择补正后的去向。"),
        _("退回补正时，须写明补正后直接交回本级，还是从第一级重新审核。"),
        _("请选择后再提交。"),
    )


class ProcedureMissing(FieldProblem):
    words = Wording(
        _("没有登记民主程序，不能上报。"),
        _("须登记职工代表大会（职工大会）表决、单位公示和党组织意见。"),
        _("请由单位审核人登记后再上报。"),
    )


class StorageFull(FieldProblem):
    words = Wording(
        _("服务器的存储空间已满，文件没有保存。"),
        _("没有留下不完整的文件，其他内容也没有改动。"),
        _("请稍后再试，并告知系统管理员。"),
    )


class EvidenceEmpty(FieldProblem):
    words = Wording(_("这是一个空文件。"), _("文件大小为 0。"), _("请重新选择文件。"))


class EvidenceTooLarge(FieldProblem):
    megabytes: int
    most: int
    words = Wording(
        _("文件太大，不能上传。"),
        _("文件约 %(megabytes)s MB，上限 %(most)s MB。"),
        _("请压缩图片或拆分文件后上传。"),
    )


class EvidenceTypeNotTaken(FieldProblem):
    types: list[str]
    words = Wording(
        _("不能上传这种文件。"),
        _("可以上传的类型：%(types)s。按文件内容判断，改扩展名不起作用。"),
        _("请另存为其中一种，或打印成 PDF 后上传。"),
    )


class EvidenceNotWhatItSays(FieldProblem):
    ending: str
    found: str
    words = Wording(
        _("文件内容与扩展名不符。"),
        _("扩展名是 %(ending)s，内容是 %(found)s。"),
        _("请用原来的软件打开，另存后再上传。"),
    )


class EvidenceUnpacksTooLarge(FieldProblem):
    most: int
    words = Wording(
        _("文件展开后太大，不能上传。"), _("展开后的上限为 %(most)s MB。"), _("请打印成 PDF 后上传。")
    )


class EvidenceHasMacros(FieldProblem):
    words = Wording(
        _("文件中含有宏，不能上传。"),
        _("宏可能含有恶意程序。"),
        _("请另存为不含宏的文件，或打印成 PDF 后上传。"),
    )


class EvidenceTooMany(FieldProblem):
    most: int
    words = Wording(
        _("文件太多，不能再上传。"),
        _("每份申报最多 %(most)s 个文件。"),
        _("请删去不需要的，或合并成一个 PDF。"),
    )
