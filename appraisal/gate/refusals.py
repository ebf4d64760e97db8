"""What a slate is held to, what keeps an application or an approval off every slate, and what holds a slate up."""

from datetime import date

from appraisal.records.states import EntryKind
from quotas.base.errors import Violation, Worded, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.wording import Text
from quotas.editions.label_words import LabelWord
from quotas.selection.advice import Remedy, SlateConflict
from quotas.selection.judge import SlateRepair

_INSTEAD = _("可以退回补正、不予推荐，或待上级调整名额后再办。")
_INSTEAD_OR_WAIT = _("可以退回补正、不予推荐，或待上级调整名额、其他申报到达后再办。")


class SlateEmpty(Violation):
    places: int
    words = Wording(
        _("名单上没有正选，不能办理。"),
        _("正选名额 %(places)s 个，现有 0 个。"),
        _("请从拟推荐库中至少列入一个正选。"),
    )


class SlatePlacesExceeded(Violation):
    kind: EntryKind
    places: int
    used: int
    over: int
    words = Wording(
        _("名单的%(kind)s超过名额。"),
        _("%(kind)s名额 %(places)s 个，名单上有 %(used)s 个，超出 %(over)s 个。"),
        _("请移出 %(over)s 个，或改列其他类别。"),
    )


class BrokenBound(Violation):
    """A slate does not keep a bound: what is asked, what there is, and how to mend it."""

    label: str
    required: int
    count: int
    short: int
    repair: SlateRepair | Text | None


class BrokenShare(BrokenBound):
    """The bound is a share of a base."""

    clause: str
    basis: Text
    base: int


class ShareTooLow(BrokenShare):
    words = Wording(
        _("“%(label)s”未达到规定。"),
        _(
            "依据%(clause)s：%(basis)s %(base)s 个，应不少于 %(required)s 个，现有 %(count)s 个，还差 %(short)s 个。"
        ),
        _("%(repair)s"),
    )


class ShareNotAbove(BrokenShare):
    fraction: str
    words = Wording(
        _("“%(label)s”没有高于上一周期。"),
        _(
            "依据%(clause)s：%(basis)s %(base)s 个，应高于上一周期的 %(fraction)s，即不少于 %(required)s 个，现有 %(count)s 个，还差 %(short)s 个。"
        ),
        _("%(repair)s"),
    )


class ShareTooHigh(BrokenShare):
    words = Wording(
        _("“%(label)s”超过规定。"),
        _(
            "依据%(clause)s：%(basis)s %(base)s 个，应不超过 %(required)s 个，现有 %(count)s 个，超出 %(short)s 个。"
        ),
        _("%(repair)s"),
    )


class SlotsBroken(BrokenBound):
    words = Wording(
        _("“%(label)s”被其他申报占用。"),
        _(
            "上级下达的名额分配表留给其他申报的名额为 %(required)s 个，名单上有 %(count)s 个，超出 %(short)s 个。"
        ),
        _("%(repair)s"),
    )


class SlateRemedy(Violation):
    broken: int
    remedy: Remedy
    words = Wording(
        _("调整建议：各项规定须一并考虑。"),
        _("现有 %(broken)s 项不符合，单改一项可能又不符合另一项。"),
        _("%(remedy)s"),
    )


class NoLegalSlate(Violation, code="slate_conflict"):
    conflict: SlateConflict
    ways: str
    words = Wording(
        _("没有可行的名单：按现有的拟推荐库和名额，选不出符合全部规定的名单。"),
        _("%(conflict)s"),
        _("%(ways)s"),
    )


class SlateUnadvised(Violation):
    words = Wording(
        _("在限定时间内未能算出调整建议。"),
        _("候选对象和规定太多，没有找到合规的名单，也没有证明没有这样的名单。"),
        _("请先按上面各项逐条调整，再看还差什么。"),
    )


class EntriesNotInPool(Violation):
    number: int
    entries: tuple[str, ...]
    words = Wording(
        _("名单上有 %(number)s 个申报已不在本级拟推荐库中。"),
        _("涉及：%(entries)s。"),
        _("请将其移出名单后再办理。"),
    )


class ReservesAlone(Violation):
    reserves: int
    places: int
    over: int
    words = Wording(
        _("后备多于名额，不能提交。"),
        _("名额 %(places)s 个，后备 %(reserves)s 个；本周期不能只报后备。"),
        _("请从后备中移出 %(over)s 个。"),
    )


class SeparateLineExceeded(Violation):
    purpose: str
    owner: str
    places: int
    used: int
    words = Wording(
        _("单列“%(purpose)s”超过名额。"),
        _("由%(owner)s决定的这一项有 %(places)s 个，名单上列了 %(used)s 个。"),
        _("请改列其他单列项目，或移出名单。"),
    )


class SeparateLineGone(Violation):
    entries: tuple[str, ...]
    number: int
    words = Wording(
        _("有 %(number)s 个单列不知道占哪一项：%(entries)s。"),
        _("原来所占的单列项目已经取消。"),
        _("请打开名单，改列其他单列项目后保存。"),
    )


class NomineeTwiceOnSlate(Violation):
    entries: tuple[str, ...]
    words = Wording(
        _("同一推荐对象在名单上出现了两次。"),
        _("涉及：%(entries)s。同一奖项、同一周期只能有一份有效申报。"),
        _("请保留一份，移出另一份。"),
    )


class RanksBroken(Violation):
    kind: EntryKind
    entries: int
    rank: int
    words = Wording(
        _("%(kind)s的推荐顺序不连续或有重复。"),
        _("%(kind)s共 %(entries)s 个，顺序应为 1 至 %(entries)s，现出现了第 %(rank)s 位。"),
        _("请重新排序后保存。"),
    )


class ObjectionOpen(WrongState):
    number: int
    entries: tuple[str, ...]
    words = Wording(
        _("有异议尚未办结，不能办理。"),
        _("未办结的异议 %(number)s 件，涉及：%(entries)s。"),
        _("请先核查并作出结论。"),
    )


class OwnershipUnsettled(WrongState):
    number: int
    entries: tuple[str, ...]
    words = Wording(
        _("有单位重新核验过所有制，还没有确认按哪次计，不能办理。"),
        _("待确认的 %(number)s 个：%(entries)s。"),
        _("请在名单页逐个确认：维持原认定，或者采用新核验。"),
    )


class OwnUnitOnList(Violation):
    words = Wording(
        _("名单上有您任职单位的申报，不能由您办理这份名单。"),
        _("本人在该单位担任申报人或单位审核人，须回避。"),
        _("请由同岗位的其他同志办理；没有其他人的，请联系管理员增派。"),
    )


class NoPlaces(Violation):
    body: str
    award: str
    words = Wording(
        _("%(body)s没有“%(award)s”的推荐名额，不能申报。"),
        _("该单位在这个奖项中的名额为 0 个。"),
        _("请选择其他奖项或申报渠道，或联系%(body)s。"),
    )


class EmployerCap(Violation):
    employer: str
    award: str
    cap: int
    live: int
    words = Wording(
        _("%(employer)s不能再申报“%(award)s”。"),
        _("每单位限报 %(cap)s 个，现有 %(live)s 个有效申报。"),
        _("请在已有的申报上办理；如需更换推荐对象，请先撤回原申报。"),
    )


class AwardClosedTo(Violation):
    """The whole award is for others, at every stage."""

    clause: str
    rule: str


class AwardClosed(AwardClosedTo):
    words = Wording(
        _("这个奖项只评选非公有制企业，本单位不能申报。"),
        _("依据%(clause)s（%(rule)s）。本单位经核验不属于非公有制企业。"),
        _("请选择其他奖项；如控股情况已有变化，请提请所在县级工会重新核验。"),
    )


class AwardClosedUnverified(AwardClosedTo):
    verifier: str
    words = Wording(
        _("这个奖项只评选非公有制企业，本单位的所有制尚未核验，现在不能申报。"),
        _("依据%(clause)s（%(rule)s）。未经核验的单位按公有制计算。"),
        _("请携带股权证明，提请%(verifier)s总工会核验所有制，核验后再提交。"),
    )


class AwardForOthers(AwardClosedTo):
    wanted: str
    words = Wording(
        _("这个奖项只评选%(wanted)s，本推荐对象不能申报。"),
        _("依据%(clause)s（%(rule)s）。"),
        _("请核对填写的推荐对象情况，或选择其他奖项。"),
    )


class NoPlaceLeft(Violation):
    body: str
    places: int
    clause: str
    rule: str
    words = Wording(
        _("%(body)s的名额中没有本推荐对象可用的名额，不能申报。"),
        _("名额 %(places)s 个，依据%(clause)s（%(rule)s），均须用于其他类别。"),
        _("请选择其他奖项或申报渠道，或联系%(body)s。"),
    )


class NoPlaceLeftUnverified(Violation):
    body: str
    places: int
    clause: str
    rule: str
    verifier: str
    words = Wording(
        _("%(body)s的名额全部用于非公有制企业，本单位的所有制尚未核验，现在不能申报。"),
        _("名额 %(places)s 个，依据%(clause)s（%(rule)s）。未经核验的单位按公有制计算。"),
        _("请携带股权证明，提请%(verifier)s总工会核验所有制，核验后再提交。"),
    )


class NoListForEntry(Violation):
    body: str
    places: int
    rules: tuple[Worded, ...]
    words = Wording(
        _("%(body)s的名单列入本推荐对象后，不能同时符合各项规定，不能申报。"),
        _("名额 %(places)s 个，下列规定不能同时满足：%(rules)s。"),
        _("请选择其他奖项或申报渠道，或联系%(body)s。"),
    )


class OwnershipUnverified(Violation):
    employer: str
    body: str
    words = Wording(
        _("%(employer)s的所有制尚未核验，按公有制计算。"),
        _("核验后才能计入非公有制占比；单位审核上报后，所有制按当时的核验情况固定。"),
        _("如属非公有制企业，请在上报前提请%(body)s总工会核验。"),
    )


class ConditionUnmet(Violation):
    """A nominee does not meet a condition of the edition, whoever else is on the list."""

    label: str
    clause: str


class TitleHeldUntil(ConditionUnmet):
    title: LabelWord
    granted_on: date
    document_number: str
    free_on: date
    words = Wording(
        _("不符合申报条件“%(label)s”。"),
        _("%(granted_on)s%(title)s（%(document_number)s）。依据：%(clause)s。"),
        _("%(free_on)s起可以再申报。"),
    )


class TitleHeld(ConditionUnmet):
    title: LabelWord
    granted_on: date
    document_number: str
    words = Wording(
        _("不符合申报条件“%(label)s”。"),
        _("%(granted_on)s%(title)s（%(document_number)s），获得过的不再参评。依据：%(clause)s。"),
        _("荣誉登记有误的，请联系作出命名的单位更正。"),
    )


class TitleNotHeld(ConditionUnmet):
    asked: Text
    words = Wording(
        _("不符合申报条件“%(label)s”。"),
        _("%(asked)s，荣誉库中没有有效的记录。依据：%(clause)s。"),
        _("已经获得的，请先提请登记荣誉；没有获得的，本次不能申报。"),
    )


class NumberOutside(ConditionUnmet):
    asked: Text
    number: int
    words = Wording(
        _("不符合申报条件“%(label)s”。"),
        _("%(asked)s，填写的是 %(number)s。依据：%(clause)s。"),
        _("填写有误的请改正；确实不符合的，本次不能申报。"),
    )


class EntryUnfit(Violation):
    """An entry of a slate no longer meets a condition."""

    number: str
    nominee: str
    problem: ConditionUnmet
    words = Wording(
        _("%(nominee)s（%(number)s）不能列入名单。"), _("%(problem)s"), _("请从名单中移出，或者取消其资格。")
    )


class ApprovalUnlisted(Violation):
    """An approval that no slate can follow."""


class ApprovalNoPlaces(ApprovalUnlisted):
    body: str
    places: int
    words = Wording(_("%(body)s在这个奖项中没有名额，现在不能通过。"), _("名额 %(places)s 个。"), _INSTEAD)


class ApprovalClosed(ApprovalUnlisted):
    clause: str
    rule: str
    serving: str
    words = Wording(
        _("这个奖项不评选这类推荐对象，不能通过。"),
        _("依据%(clause)s（%(rule)s），只评选%(serving)s。"),
        _("请不予推荐；申报类别有误的，退回补正。"),
    )


class ApprovalNoPlaceLeft(ApprovalUnlisted):
    body: str
    places: int
    clause: str
    rule: str
    words = Wording(
        _("%(body)s的名额中没有本申报可用的名额，现在不能通过。"),
        _("名额 %(places)s 个，依据%(clause)s（%(rule)s），均须用于其他类别。"),
        _INSTEAD,
    )


class ApprovalShort(ApprovalUnlisted):
    body: str
    clause: str
    rule: str
    serving: str
    needed: int | None
    available: int
    approved: int
    pending: int
    places: int
    words = Wording(
        _("%(body)s现有的申报组不成一份列入本申报又符合规定的名单，现在不能通过。"),
        _(
            "依据%(clause)s（%(rule)s）：列入本申报，至少还须列入%(serving)s %(needed)s 个，现有 %(available)s 个；"
            "拟推荐 %(approved)s 个、待审 %(pending)s 个，名额 %(places)s 个。"
        ),
        _INSTEAD_OR_WAIT,
    )


class ApprovalClash(ApprovalUnlisted):
    body: str
    approved: int
    pending: int
    places: int
    rules: tuple[Worded, ...]
    words = Wording(
        _("%(body)s现有的申报组不成一份列入本申报又符合各项规定的名单，现在不能通过。"),
        _(
            "拟推荐 %(approved)s 个、待审 %(pending)s 个，名额 %(places)s 个；下列规定不能同时满足：%(rules)s。"
        ),
        _INSTEAD_OR_WAIT,
    )


class ApprovalClashOfPlan(ApprovalUnlisted):
    body: str
    places: int
    rules: tuple[Worded, ...]
    words = Wording(
        _("%(body)s的名单列入本申报后，不能同时符合各项规定，现在不能通过。"),
        _("名额 %(places)s 个，下列规定不能同时满足：%(rules)s。"),
        _INSTEAD,
    )
