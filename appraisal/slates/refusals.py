"""Refusals about the entries of a slate, its signatures and its way up."""

from appraisal.records.states import EntryKind, SlateState
from quotas.base.errors import Conflict, FieldProblem, NotPermitted, Violation, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.states import Office, Stage


class EntryKindUnknown(FieldProblem):
    row: int
    words = Wording(
        _("第 %(row)s 行没有选择类别。"), _("类别只有正选、后备、单列三种。"), _("请为该行选择类别。")
    )


class EntryTwice(FieldProblem):
    row: int
    words = Wording(
        _("第 %(row)s 行的申报在名单上已经有了。"),
        _("同一申报在一份名单上只能出现一次。"),
        _("请删去重复的一行。"),
    )


class EntryNotInPool(FieldProblem):
    row: int
    words = Wording(
        _("第 %(row)s 行的申报不在本级拟推荐库中。"),
        _("只有本级审核通过、尚未办结的申报才能列入名单；它可能刚被撤回或退回。"),
        _("请刷新页面后重新选择。"),
    )


class RankTwice(FieldProblem):
    row: int
    kind: EntryKind
    rank: int
    words = Wording(
        _("第 %(row)s 行的推荐顺序重复。"),
        _("%(kind)s中第 %(rank)s 位已有申报。"),
        _("请改正推荐顺序，同一类别内从 1 开始，不重复、不跳号。"),
    )


class RankGap(FieldProblem):
    row: int
    kind: EntryKind
    rank: int
    expected: int
    words = Wording(
        _("第 %(row)s 行的推荐顺序不连续。"),
        _("%(kind)s中填的是第 %(rank)s 位，应为第 %(expected)s 位。"),
        _("请改正推荐顺序，同一类别内从 1 开始，不重复、不跳号。"),
    )


class AlreadySigned(WrongState):
    offices: tuple[str, ...]
    words = Wording(
        _("名单已有部门签发，不能拿回。"),
        _("已办理：%(offices)s。"),
        _("如需修改，请由尚未签发的部门退回，或在签发后重新编制。"),
    )


class OfficeUnknown(FieldProblem):
    words = Wording(_("没有选择签发部门。"), "", _("请选择总工会或组织部。"))


class OfficeNotHere(FieldProblem):
    office: Office
    words = Wording(
        _("这份名单不需要%(office)s签发。"),
        _("该单位不设这一部门，或该奖项不实行联合审核。"),
        _("请由需要签发的部门办理。"),
    )


class OfficeHasDecided(Conflict):
    office: Office
    words = Wording(
        _("%(office)s已签发过这份名单，没有重复签发。"),
        _("每个部门在一轮签发中只办理一次。"),
        _("请刷新页面查看最新情况。"),
    )


class RefusalTextRequired(FieldProblem):
    words = Wording(_("退回名单须写明意见。"), _("编制人要凭意见修改名单。"), _("请填写退回意见。"))


class SignsOwnSubmission(NotPermitted):
    words = Wording(
        _("您提交的名单不能由您本人签发。"), _("编制提交与签发须由不同的人办理。"), _("请由其他领导签发。")
    )


class SignsTwice(NotPermitted):
    words = Wording(
        _("您已代表另一部门签发，不能再代表本部门签发。"),
        _("联合签发须由两个部门的人分别办理。"),
        _("请由本部门的其他领导签发。"),
    )


class ListNotChangeable(WrongState):
    state: SlateState
    words = Wording(
        _("名单现在不能调整。"),
        _("当前状态为“%(state)s”；签发之后、上报或命名之前才能移出或递补。"),
        _("编制中的名单请直接编辑；待签发的名单请先拿回。"),
    )


class EntryGone(Conflict):
    words = Wording(
        _("这一条已不在名单上。"), _("可能刚被移出，或申报已撤回。"), _("请刷新页面查看最新名单。")
    )


class PlacesStayVacant(WrongState):
    words = Wording(
        _("本周期不递补后备。"), _("评选方案规定：名单上报后空出的名额空缺不补。"), _("请保留空缺继续办理。")
    )


class NotAReserve(WrongState):
    kind: EntryKind
    words = Wording(_("这一条不是后备，不能递补。"), _("它的类别为“%(kind)s”。"), _("请从后备中选择。"))


class ReserveNotNext(Violation):
    wanted: int
    rank: int
    first: str
    body: str
    words = Wording(
        _("还没有轮到这一位后备。"),
        _("选择的是后备第 %(wanted)s 位；%(body)s的 %(first)s（后备第 %(rank)s 位）在前，且递补后符合占比。"),
        _("请先递补 %(first)s。"),
    )


class ReserveNotOwn(Violation):
    name: str
    whose: str
    own: str
    first: str | None
    words = Wording(
        _("这一位后备不能补这个缺。"),
        _("空出的是%(whose)s推荐的 %(name)s，评选方案规定只由出缺单位的后备递补；选择的是%(own)s的后备。"),
        _("%(whose)s可以递补的后备：%(first)s。没有的，请保留空缺。"),
    )


class OwnershipNotChanged(WrongState):
    entry: str
    words = Wording(
        _("“%(entry)s”不需要确认。"),
        _("其所有制登记与申报时一致，或者刚才已经采用新核验。"),
        _("请刷新页面查看。"),
    )


class ListIsFinal(WrongState):
    award: str
    stage: Stage
    words = Wording(_("“%(award)s”在%(stage)s评定，名单不再上报。"), "", _("请办理审定和命名。"))


class ListIsNotFinal(WrongState):
    award: str
    stage: Stage
    words = Wording(_("“%(award)s”不在%(stage)s评定，不能在此审定。"), "", _("请将名单上报上级。"))


class ParentListGone(WrongState):
    body: str
    words = Wording(
        _("%(body)s的名单已经上报或审定，不能再接收。"),
        _("逾期上报的名单不能列入上级名单。"),
        _("请联系上级名单负责人，由其重新编制名单后再上报。"),
    )


class ApprovalDocumentRequired(FieldProblem):
    rules: list[str]
    words = Wording(
        _("名单不符合可以报批的规则，还没有批准文件：%(rules)s。"),
        _("这类规则不是硬性的，但须经上级批准。"),
        _("请填写批准文件的文号、批准人和批准日期，或者调整名单。"),
    )


class ApprovalGiverRequired(FieldProblem):
    words = Wording(
        _("没有填写批准人。"), _("报批要写明由谁批准。"), _("请填写批准的机关或负责人，例如“江苏省总工会”。")
    )


class ApprovalDayRequired(FieldProblem):
    words = Wording(_("批准日期不对。"), _("应是今天或以前的某一天。"), _("请填写批准文件的日期。"))


class ApprovalOutdated(Violation):
    rules: list[str]
    words = Wording(
        _("名单不符合可以报批的规则，而没有对应的批准：%(rules)s。"),
        _("批准只对提交时的那份名单有效；此后名单或属性有了变动。"),
        _("请把名单退回重新编制，登记新的批准文件后再提交，或者调整名单。"),
    )


class ScoreMissing(Violation):
    number: int
    entries: tuple[str, ...]
    words = Wording(
        _("名单上有 %(number)s 个申报还没有评审得分，不能审定。"),
        _("涉及：%(entries)s。"),
        _("请先登记专家评审得分。"),
    )


class UnreviewedAtDesk(Conflict):
    body: str
    number: int
    entries: tuple[str, ...]
    words = Wording(
        _("%(body)s还有 %(number)s 件申报没有审结，名单没有提交。"),
        _("它们不会列入这份名单：%(entries)s。"),
        _("请先审结，或者看过这些申报以后再提交一次。"),
    )
