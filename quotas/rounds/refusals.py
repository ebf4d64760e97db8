"""Refusals about the plan of a round: its awards, times and places, and the calculation of places."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from quotas.base.errors import Conflict, FieldProblem, TooLate, Violation, Worded, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.refusals import Stale
from quotas.base.states import ApportionmentState, NoticeUnit, RoundState, Sense, Stage
from quotas.editions.label_words import LabelWord


class PostsVacant(Violation):
    number: int
    known: int
    words = Wording(
        _("启动前须确认岗位空缺。"),
        _("有 %(number)s 个岗位空缺，无人办理就会停在那里；已确认 %(known)s 个。"),
        _("请先配备人员，或查看空缺后勾选确认，再启动。"),
    )


class PlanNotAccepted(Violation):
    number: int
    words = Wording(
        _("启动前须逐条确认方案的后果。"),
        _("还有 %(number)s 条没有确认，或者名额、规则在打开本页以后有变动。"),
        _("请逐条查看，调整名额或规则，或者勾选确认后再启动。"),
    )


class PlanMoved(Conflict):
    words = Wording(
        _("评选周期没有启动。"),
        _("核算方案的后果时，又有人调整了名额或规则。"),
        _("请重新打开启动页，看过最新的后果再启动。"),
    )


class NobodyCanApply(Violation):
    awards: list[str]
    words = Wording(
        _("照现在的方案，没有一个单位能申报。"),
        _("没有一个县（市、区）或产业工会分到名额，或者分到名额的都编不出合规的名单：%(awards)s。"),
        _("请把名额分配到县（市、区）或产业工会，增加名额，或者换一版规则。"),
    )


class NegativePlaces(FieldProblem):
    places: int
    words = Wording(_("名额不能为负数。"), _("填写的是 %(places)s。"), _("请填写 0 或正整数。"))


class PlacesWithoutAList(Violation):
    award: str
    places: int
    number: int
    bodies: list[str]
    labels: list[str | LabelWord]
    words = Wording(
        _("“%(award)s”名额为 %(places)s 个的 %(number)s 个单位编不出合规的名单：%(bodies)s。"),
        _("%(places)s 个名额同时满足不了：%(labels)s。照此启动，这些单位的申报都不能通过。"),
        _("请增加名额，把占比分解到各单位，或者换一版规则。"),
    )


class KindsWithoutAPlace(Violation):
    award: str
    places: int
    number: int
    kinds: list[LabelWord]
    bodies: list[str]
    labels: list[str | LabelWord]
    words = Wording(
        _("“%(award)s”名额为 %(places)s 个的 %(number)s 个单位，这些对象一个也报不了：%(kinds)s。"),
        _("%(bodies)s。名额少，按占比取整以后不留余地的是：%(labels)s。"),
        _("请事先告知这些单位；要留余地，可以增加名额，或者把占比分解到各单位。"),
    )


class PlanUndecided(Violation):
    award: str
    places: int
    number: int
    bodies: list[str]
    words = Wording(
        _(
            "“%(award)s”名额为 %(places)s 个的 %(number)s 个单位，在限定时间内未能算出编不编得出合规的名单：%(bodies)s。"
        ),
        _("各项规定合在一起太多，没有找到合规的名单，也没有证明没有这样的名单。"),
        _("请稍后再打开本页；或者用一份名单试算，确认能够编出后再启动。"),
    )


class StageShorterThanNotice(Violation):
    stage: Stage
    begins: date
    days: int
    unit: NoticeUnit
    ends_on: date
    due_at: datetime
    words = Wording(
        _("%(stage)s的时间放不下公示。"),
        _("从 %(begins)s 起公示 %(days)s 个%(unit)s，到 %(ends_on)s 才结束；%(stage)s截止 %(due_at)s。"),
        _("请推迟本级截止时间，或提前本级开始时间。"),
    )


class RoundCodeTaken(FieldProblem):
    taken: str
    words = Wording(_("评选周期代码“%(taken)s”已被使用。"), _("代码不能重复。"), _("请换一个代码。"))


class RoundNotPlanned(WrongState):
    round: str
    state: RoundState
    words = Wording(
        _("评选周期“%(round)s”不能再修改方案。"),
        _("当前状态为“%(state)s”，只有筹备中的周期可以修改。"),
        _("进行中的周期可以办理延期或调整名额，并写明理由。"),
    )


class RoundNotOpen(WrongState):
    round: str
    state: RoundState
    words = Wording(
        _("评选周期“%(round)s”现在不能办理。"),
        _("当前状态为“%(state)s”。"),
        _("筹备中的周期请等省级启动；已结束的周期只能查阅。"),
    )


class RoundClosed(WrongState):
    round: str
    words = Wording(_("评选周期“%(round)s”已结束，名额不能再调整。"), "", _("如有疑问，请联系省级工作人员。"))


class AwardWithoutRules(Violation):
    award: str
    words = Wording(_("奖项“%(award)s”还没有规则版本，不能参评。"), "", _("请先载入奖项目录。"))


class EditionNotPublished(FieldProblem):
    award: str
    number: int
    words = Wording(
        _("奖项“%(award)s”第 %(number)s 版规则还没有发布，不能用于评选。"),
        _("草稿随时可能修改，评选周期只能采用已发布的版本。"),
        _("请先发布这一版，或选择已发布的版本。"),
    )


class EditionOfOtherAward(FieldProblem):
    award: str
    words = Wording(_("所选的规则版本不属于奖项“%(award)s”。"), "", _("请从本奖项已发布的版本中选择。"))


class PreviousNotAShare(FieldProblem):
    count: int
    base: int
    words = Wording(
        _("上一周期的数字不对。"),
        _("符合数 %(count)s，命名数 %(base)s；命名数至少为 1，符合数不能多于命名数。"),
        _("请按上一周期的命名决定改正。"),
    )


class PreviousSourceRequired(FieldProblem):
    words = Wording(
        _("没有写明上一周期数字的来源。"),
        _("占比要高于上一周期，数字出自哪里须可查证。"),
        _("请填写命名决定的文号，或其他来源。"),
    )


class PreviousMissing(Violation):
    award: str
    number: int
    clause: str
    words = Wording(
        _("奖项“%(award)s”缺少上一周期的数字，不能启动。"),
        _("第 %(number)s 版规则要求占比高于上一周期（依据%(clause)s），须先登记上一周期的命名数和符合数。"),
        _("请在评选方案的该奖项下登记上一周期的数字及其来源。"),
    )


class AwardAlreadyInRound(WrongState):
    award: str
    places: int
    words = Wording(
        _("奖项“%(award)s”已在本周期中。"),
        _("现定名额 %(places)s 个。"),
        _("如需改变名额，请在名额分配中调整。"),
    )


class WindowBackwards(FieldProblem):
    stage: Stage
    opens_at: datetime
    due_at: datetime
    words = Wording(
        _("%(stage)s阶段的截止时间须晚于开始时间。"),
        _("开始 %(opens_at)s，截止 %(due_at)s。"),
        _("请改正两个时间。"),
    )


class WindowShortened(Violation):
    stage: Stage
    due_at: datetime
    wanted: datetime
    words = Wording(
        _("进行中的周期不能提前截止时间。"),
        _("%(stage)s现定截止 %(due_at)s，拟改为 %(wanted)s。"),
        _("请选择不早于原截止时间的时间。"),
    )


class RoundWithoutAwards(Violation):
    words = Wording(_("评选周期还没有奖项，不能启动。"), "", _("请先加入奖项并确定名额。"))


class WindowMissing(Violation):
    stage: Stage
    words = Wording(
        _("缺少%(stage)s阶段的时间安排，不能启动。"),
        _("单位、县级、市级、省级四个层级都要有开始和截止时间。"),
        _("请补上%(stage)s阶段的时间。"),
    )


class WindowsOutOfOrder(FieldProblem):
    stage: Stage
    next_stage: Stage
    due_at: datetime
    next_due_at: datetime
    words = Wording(
        _("%(stage)s阶段与%(next_stage)s阶段的时间先后不对，不能启动。"),
        _("%(stage)s截止 %(due_at)s，%(next_stage)s截止 %(next_due_at)s；上一级的开始和截止都应晚于下一级。"),
        _("请调整时间安排。"),
    )


class AllotmentMissing(Violation):
    award: str
    stage: Stage
    places: int
    words = Wording(
        _("奖项“%(award)s”没有%(stage)s的名额，不能启动。"),
        _("本周期该奖项名额共 %(places)s 个，尚未分配到评定层级。"),
        _("请先分配名额。"),
    )


class AllotmentDiffers(Violation):
    award: str
    places: int
    allotted: int
    words = Wording(
        _("奖项“%(award)s”的名额前后不一致，不能启动。"),
        _("本周期名额 %(places)s 个，评定层级已分配 %(allotted)s 个。"),
        _("请把两处改为一致。"),
    )


class SlotsExceedPlaces(Violation):
    body: str
    award: str
    places: int
    slots: int
    words = Wording(
        _("%(body)s的分类名额超过了名额。"),
        _("“%(award)s”名额 %(places)s 个，分类名额合计 %(slots)s 个。"),
        _("请减少分类名额，或增加名额。"),
    )


class StageNotOfBody(FieldProblem):
    body: str
    stage: Stage
    own_stage: Stage
    words = Wording(
        _("%(body)s不在%(stage)s办理，不能给它延长这一层级的时间。"),
        _("该单位办理的层级是%(own_stage)s。"),
        _("请重新选择单位或层级。"),
    )


class ExtensionNotLater(FieldProblem):
    due_at: datetime
    wanted: datetime
    words = Wording(
        _("延长后的时间须晚于现定截止时间。"),
        _("现定截止 %(due_at)s，拟延至 %(wanted)s。"),
        _("请选择更晚的时间。"),
    )


class StageWithoutWindow(WrongState):
    stage: Stage
    words = Wording(_("%(stage)s阶段还没有时间安排，不能办理。"), "", _("请等省级确定时间安排。"))


class StageNotOpen(WrongState):
    stage: Stage
    opens_at: datetime
    words = Wording(
        _("%(stage)s阶段尚未开始，现在不能办理。"),
        _("开始时间为 %(opens_at)s。"),
        _("请在开始后办理；已填写的内容可以先保存。"),
    )


class StageClosed(TooLate):
    stage: Stage
    due_at: datetime
    words = Wording(
        _("%(stage)s阶段已经截止，不能再办理。"),
        _("截止时间为 %(due_at)s。"),
        _("如确需延长，请向省级工作人员说明理由，由其批准延期。"),
    )


class NotAChild(FieldProblem):
    body: str
    parent: str
    words = Wording(
        _("%(body)s不是%(parent)s的下级单位，不能分配名额。"),
        _("名额逐级分配，只能分给直接下级。"),
        _("请改正单位。"),
    )


class BelowFinalStage(FieldProblem):
    award: str
    stage: Stage
    body: str
    words = Wording(
        _("“%(award)s”由%(stage)s评定，不向%(body)s分配名额。"), "", _("请只给评定层级及其以下单位分配名额。")
    )


class BelowCommitted(Violation):
    body: str
    places: int
    committed: int
    words = Wording(
        _("%(body)s的名额不能减到 %(places)s 个。"),
        _("其推荐名单已占用 %(committed)s 个。"),
        _("请保留不少于 %(committed)s 个名额，或请该单位先拿回名单。"),
    )


class PlacesExceeded(Violation):
    places: int
    regular: int
    over: int
    words = Wording(
        _("正选人数超过名额，不能提交。"),
        _("名额 %(places)s 个，正选 %(regular)s 个。"),
        _("请从正选中移出 %(over)s 个，或改列后备。"),
    )


class SeparatePurposeRequired(FieldProblem):
    words = Wording(
        _("没有写单列的用途。"), _("单列名额是另给的专项名额，要写明给谁。"), _("请写明，例如“竞赛单列”。")
    )


class SeparatePurposeTwice(FieldProblem):
    purpose: str
    words = Wording(
        _("单列“%(purpose)s”写了两次。"), _("名单上的单列要写明占哪一项。"), _("请合并，或换一个名称。")
    )


class SeparateWithoutPlaces(FieldProblem):
    purpose: str
    words = Wording(_("单列“%(purpose)s”没有名额。"), _("填写的是 0。"), _("请填写个数，或删除这一项。"))


class SeparateOwnerElsewhere(FieldProblem):
    purpose: str
    words = Wording(
        _("单列“%(purpose)s”的决定单位不对。"),
        _("只能由本单位或者它的上级决定。"),
        _("请在列出的单位中选一个。"),
    )


class SeparatesTooMany(FieldProblem):
    number: int
    most: int
    words = Wording(
        _("单列的项目太多。"), _("写了 %(number)s 项，最多 %(most)s 项。"), _("请合并用途相近的。")
    )


class CitiesWithoutCounties(FieldProblem):
    places: int
    words = Wording(
        _("不能按下级单位数分配。"),
        _("各设区市都没有下级单位，%(places)s 个名额无从按比例分配。"),
        _("请在名额分配中逐个确定各市名额。"),
    )


class HandedDownFarAbove(Violation):
    own: int
    handed_down: int
    words = Wording(
        _("下级名额远多于本级名额，请核对。"),
        _("本级 %(own)s 个，下级合计 %(handed_down)s 个，超过两倍。"),
        _("差额推荐可以多于本级名额；如系笔误请改正。"),
    )


class HandedDownBelow(Violation):
    own: int
    handed_down: int
    words = Wording(
        _("下级名额少于本级名额，本级名额将无法用足。"),
        _("本级 %(own)s 个，下级合计 %(handed_down)s 个。"),
        _("请核对是否仍有名额待分配。"),
    )


class PartsLoose(Violation):
    body: str
    rule: str
    award: str
    places: int
    sense: Sense
    required: int
    parts: int
    words = Wording(
        _("%(body)s下级单位的分解数与名额对不上：各单位都照办，合起来仍可能不符合“%(rule)s”。"),
        _(
            "“%(award)s”下级名额合计 %(places)s 个，整体应%(sense)s %(required)s 个，各单位的分解数（未分解的按自身占比计）合计 %(parts)s 个。"
        ),
        _("请重新分解，或逐个调整分解数。"),
    )


class PartsStrict(Violation):
    body: str
    rule: str
    award: str
    places: int
    sense: Sense
    required: int
    parts: int
    words = Wording(
        _("%(body)s下级单位的分解数与名额对不上：合计严于“%(rule)s”的要求。"),
        _(
            "“%(award)s”下级名额合计 %(places)s 个，整体应%(sense)s %(required)s 个，各单位的分解数合计 %(parts)s 个。"
        ),
        _("有意从严的可以不改；否则请重新分解，或逐个调整分解数。"),
    )


class PartsMissing(Violation):
    body: str
    rule: str
    award: str
    words = Wording(
        _("%(body)s下级单位还没有“%(rule)s”的分解数。"),
        _("“%(award)s”的规则选的是分解；没有分解数的单位，名单自身达到占比。"),
        _("请按下级单位数分配，或者用名额测算分解。"),
    )


class PartExceedsPlaces(Violation):
    body: str
    award: str
    rule: str
    places: int
    part: int
    words = Wording(
        _("%(body)s的分解数超过了名额：%(rule)s。"),
        _("“%(award)s”名额 %(places)s 个，分解数 %(part)s 个。"),
        _("请减少分解数，或增加名额。"),
    )


class SeriesExceeded(Violation):
    award: str
    years: int
    most: int
    places: int
    together: int
    rounds: list[str]
    words = Wording(
        _("“%(award)s”%(years)s 年内的名额合计 %(together)s 个，超过了 %(most)s 个。"),
        _("规则版次写明每 %(years)s 年至多命名 %(most)s 个；本周期 %(places)s 个，其余在：%(rounds)s。"),
        _("请核对名额；有意超过的，须另有依据。"),
    )


@dataclass(frozen=True, slots=True)
class ReservedWord:
    """Places that are kept for a kind, among the figures of a refusal: what they are called, and how many."""

    name: str
    places: int

    @property
    def label(self) -> str:
        """In words."""
        return gettext("%(name)s %(places)s 个") % {"name": self.name, "places": self.places}


class PartsTogether(Violation):
    body: str
    award: str
    places: int
    lines: list[ReservedWord]
    together: int
    words = Wording(
        _("%(body)s的名额放不下这几项：%(lines)s。"),
        _("“%(award)s”名额 %(places)s 个，一个推荐对象只能符合其中一项，合计要 %(together)s 个。"),
        _("请减少其中一项，或增加名额。"),
    )


class PartsCrossed(Violation):
    body: str
    award: str
    minimum: str
    ceiling: str
    number: int
    bodies: list[str]
    places: int
    required: int
    asked: int
    words = Wording(
        _("%(body)s下级单位的两项分解数合在一起更严：“%(minimum)s”和“%(ceiling)s”。"),
        _(
            "两项说的是同一件事，零头却分给了不同的单位：“%(award)s”名额合计 %(places)s 个，整体要 %(required)s 个，各单位两项都照办合计要 %(asked)s 个；上限比下限严的有 %(number)s 个单位：%(bodies)s。"
        ),
        _("有意从严的可以不改；否则只分解其中一项，或把这几个单位的两项改成一致。"),
    )


class PartWithoutRule(FieldProblem):
    rule: str
    award: str
    words = Wording(
        _("“%(award)s”的规则中没有这一条，或者它不能分解：%(rule)s。"),
        _("能分解的是以全部名单为基数的硬性规则。"),
        _("请刷新页面后重新填写。"),
    )


class SlotNameRequired(FieldProblem):
    words = Wording(_("分类名额没有名称。"), "", _("请填写名称，例如“一线职工”；不要这一项的，请勾选删除。"))


class SlotNameTwice(FieldProblem):
    name: str
    words = Wording(_("分类名额的名称“%(name)s”重复。"), "", _("请换一个名称，或者合并两项。"))


class SlotWithoutKind(FieldProblem):
    name: str
    words = Wording(_("分类名额“%(name)s”没有选择对象。"), "", _("请选择它只能用于哪一类。"))


class SlotForNobody(FieldProblem):
    name: str
    kind: Worded
    award: str
    words = Wording(
        _("分类名额“%(name)s”给不了任何人。"),
        _("“%(award)s”没有一个推荐对象能符合：%(kind)s。"),
        _("请改选对象，或者改换它所在的分类名额。"),
    )


class SlotWithinGone(FieldProblem):
    name: str
    words = Wording(
        _("分类名额“%(name)s”所在的那一项已经没有了。"),
        "",
        _("请改选“其中”，或者保留那一项。"),
    )


class SlotCircular(FieldProblem):
    name: str
    words = Wording(_("分类名额“%(name)s”绕了一圈又在自己之内。"), "", _("请改选“其中”。"))


class SlotsTooMany(FieldProblem):
    number: int
    most: int
    words = Wording(
        _("分类名额太多。"),
        _("一个单位至多设 %(most)s 项，现有 %(number)s 项。"),
        _("请合并几项；只作比例要求的，写成规则。"),
    )


class SlotOverfull(Violation):
    body: str
    award: str
    name: str
    places: int
    inside: int
    words = Wording(
        _("%(body)s的分类名额“%(name)s”容不下其中各项。"),
        _("“%(award)s”的“%(name)s”有 %(places)s 个名额，其中各项合计 %(inside)s 个。"),
        _("请减少其中各项，或增加“%(name)s”的名额。"),
    )


class PlacesChanged(Stale):
    words = Wording(
        _("名额刚才有变化，没有保存。"),
        _("您打开页面之后，有人调整过其中的名额。"),
        _("请刷新页面，对照最新的名额再填。"),
    )


class CalculationAlreadyOpen(WrongState):
    body: str
    award: str
    words = Wording(
        _("%(body)s的“%(award)s”名额已有一份测算正在进行。"),
        _("同一单位、同一奖项一次只能办理一份测算。"),
        _("请继续办理那一份，或先将其作废。"),
    )


class CalculationWithoutBodies(WrongState):
    body: str
    award: str
    words = Wording(
        _("%(body)s没有可以分配名额的下级单位。"),
        _("“%(award)s”在%(body)s以下没有参加推荐的单位。"),
        _("请在上一级分配名额。"),
    )


class CalculationNotDraft(WrongState):
    state: ApportionmentState
    words = Wording(
        _("测算依据不能再改。"),
        _("这份测算%(state)s；抽签以后，名额总数、办法、权数和上下限都已固定，也不能再次抽签。"),
        _("个别单位可以写明理由调整；依据确有错误的，请写明理由作废后重新测算。"),
    )


class CalculationNotDrawn(WrongState):
    words = Wording(
        _("这份测算现在没有可以办理的结果。"),
        _("只有已抽签、尚未下达的测算可以调整和下达。"),
        _("尚未抽签的请先抽签；已经下达或作废的请另建一份测算。"),
    )


class CalculationOver(WrongState):
    state: ApportionmentState
    words = Wording(
        _("这份测算不能作废。"), _("它%(state)s。"), _("如需改变名额，请另建一份测算，或逐个调整名额。")
    )


class CalculationChanged(Stale):
    words = Wording(
        _("这份测算刚才已被修改，您的操作没有保存。"),
        _("您打开页面之后，又有人办理过。"),
        _("请刷新页面，看过最新内容后再办理。"),
    )


class CalculationBodiesChanged(Conflict):
    body: str
    words = Wording(
        _("%(body)s的下级单位有变化，不能按原名册抽签。"),
        _("建立测算以后，下级单位有增设或撤销。"),
        _("请作废这份测算，按现在的名册重新测算。"),
    )


class PlanChanged(Stale):
    words = Wording(
        _("下级单位的名额刚才有变化，没有下达。"),
        _("您打开页面之后，有人调整过其中的名额或分解数。"),
        _("请刷新页面，对照最新的现有名额再下达。"),
    )


class FigureOutOfRange(FieldProblem):
    value: int
    most: int
    words = Wording(_("数字超出范围。"), _("填写的是 %(value)s，应为 0 至 %(most)s 的整数。"), _("请改正。"))


class FigureAboveTotal(FieldProblem):
    figure: int
    total: int
    words = Wording(
        _("分解合计不能多于名额总数。"),
        _("分解合计 %(figure)s 个，名额总数 %(total)s 个。"),
        _("请减少分解合计，或增加名额总数。"),
    )


class RuleWithoutParts(FieldProblem):
    award: str
    words = Wording(
        _("这一条规则不能分解。"),
        _("“%(award)s”的规则中能分解的，是以全部名单为基数的硬性规则。"),
        _("请刷新页面后重新填写。"),
    )


class FiguresTogether(Violation):
    rules: list[str]
    asked: int
    total: int
    words = Wording(
        _("这几项一起分解不下去：%(rules)s。"),
        _("一个推荐对象只能算其中一项，合计要 %(asked)s 个，名额总数只有 %(total)s 个。"),
        _("请减少其中一项，或增加名额总数。"),
    )


class RulesGone(Violation):
    rules: list[str]
    words = Wording(
        _("测算中要分解的规则，现行的规则版次里已经没有：%(rules)s。"),
        _("评选周期在测算之后改用了另一个版次。"),
        _("还没有抽签的，请重新保存依据；已经抽签的，请作废后重新测算。"),
    )


class AppliedUnderOthers(Violation):
    edition: int
    words = Wording(
        _("分解数不再列出：下达以后，评选周期改用了另一个规则版次。"),
        _("下达时按第 %(edition)s 版的规则分解。"),
        _("各单位下达时的分解数见台账。"),
    )


class NotInCalculation(FieldProblem):
    words = Wording(_("该单位不在这份测算中。"), _("测算只包括直接下级单位。"), _("请刷新页面后重新填写。"))


class CapBelowFloor(FieldProblem):
    floor: int
    cap: int
    words = Wording(
        _("“最多”不能少于“最少”。"), _("最少 %(floor)s 个，最多 %(cap)s 个。"), _("请改正其中一个。")
    )


class FloorsAboveTotal(Violation):
    floors: int
    total: int
    words = Wording(
        _("各单位“最少”之和超过了名额总数，不能抽签。"),
        _("“最少”合计 %(floors)s 个，名额总数 %(total)s 个。"),
        _("请降低“最少”，或增加名额总数。"),
    )


class CapsBelowTotal(Violation):
    most: int
    total: int
    words = Wording(
        _("名额分不完，不能抽签。"),
        _("各单位“最多”合计 %(most)s 个，名额总数 %(total)s 个；权数为 0 的单位只得“最少”。"),
        _("请提高“最多”，或减少名额总数。"),
    )


class WeightsAllNought(Violation):
    total: int
    words = Wording(
        _("各单位权数都是 0，不能抽签。"),
        _("名额总数 %(total)s 个，无从按比例分配。"),
        _("请填写或统计权数；平均分配的，各单位权数填 1。"),
    )


class PlacesBelowFloor(Violation):
    body: str
    floor: int
    places: int
    words = Wording(
        _("%(body)s的名额少于“最少”。"),
        _("最少 %(floor)s 个，调整后 %(places)s 个。"),
        _("请不少于 %(floor)s 个。"),
    )


class PlacesAboveCap(Violation):
    body: str
    cap: int
    places: int
    words = Wording(
        _("%(body)s的名额超过了“最多”。"),
        _("最多 %(cap)s 个，调整后 %(places)s 个。"),
        _("请不多于 %(cap)s 个。"),
    )


class PartWithoutChoice(FieldProblem):
    words = Wording(
        _("这份测算没有分解这一条规则。"),
        _("抽签前没有填写它的分解合计。"),
        _("请只调整名额和已分解的规则。"),
    )


class WeightsNought(Violation):
    bodies: list[str]
    words = Wording(
        _("有单位的权数和“最少”都是 0，不会分到名额，请核对。"),
        _("这些单位是：%(bodies)s。"),
        _("应当分到名额的，请填写权数或“最少”。"),
    )


class FigureUnlikeRule(Violation):
    rule: str
    total: int
    sense: Sense
    required: int
    figure: int
    words = Wording(
        _("“%(rule)s”的分解合计宽于规则要求，请核对。"),
        _("名额总数 %(total)s 个时应%(sense)s %(required)s 个，现填 %(figure)s 个。"),
        _("差额推荐时可以如此；如系笔误请改正。"),
    )


class DifferenceUnnamed(FieldProblem):
    total: int
    places: int
    words = Wording(
        _("调整后的合计与名额总数不同，须说明理由。"),
        _("名额总数 %(total)s 个，调整后合计 %(places)s 个。"),
        _("请写明差额的理由，或继续调整到相等。"),
    )
