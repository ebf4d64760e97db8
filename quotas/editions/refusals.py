"""What is wrong with awards, rules, targets and their editions."""

from quotas.base.errors import FieldProblem, Violation, Wording, WrongState
from quotas.base.errors import marked as _
from quotas.base.refusals import Stale
from quotas.base.states import FieldType, Stage
from quotas.editions.label_words import LabelWord
from quotas.editions.wording import PredicateWord, Relaxed


class CatalogueMalformed(FieldProblem):
    file: str
    problem: str
    words = Wording(
        _("奖项目录 %(file)s 无法读取。"), _("问题：%(problem)s。"), _("请改正该文件后重新载入。")
    )


class RulesInUse(Violation):
    award: str
    version: int
    rounds: list[str]
    words = Wording(
        _("奖项“%(award)s”第 %(version)s 版规则不能修改。"),
        _("已有评选周期按这一版规则办理：%(rounds)s。"),
        _("请在奖项目录中把版次加一，再写入新规则；已启动的周期仍按原版办理。"),
    )


class EditionUnknown(FieldProblem):
    award: str
    words = Wording(
        _("所选的规则版本不存在。"), _("奖项“%(award)s”的这一版可能刚被作废。"), _("请刷新页面后重新选择。")
    )


class EditionSourceRequired(FieldProblem):
    words = Wording(_("没有填写来源文件。"), _("每一版规则都要写明出自哪份文件。"), _("请填写文号和标题。"))


class EditionPublished(WrongState):
    award: str
    number: int
    words = Wording(
        _("奖项“%(award)s”第 %(number)s 版规则已发布，不能修改。"),
        _("已发布的规则永不改动，进行中和已结束的周期都按它办理。"),
        _("需要调整时，请以它为基础起草新的一版。"),
    )


class EditionChanged(Stale):
    words = Wording(
        _("这一版规则刚有变化，您的操作没有保存。"),
        _("您打开页面之后，有人修改、发布或作废了它。"),
        _("请刷新页面，看过最新内容后再办理。"),
    )


class EmployerCapOutOfRange(FieldProblem):
    number: int
    most: int
    words = Wording(
        _("每单位限报数不对。"), _("填写的是 %(number)s，应在 1 至 %(most)s 之间。"), _("请改正后保存。")
    )


class RuleCodeTwice(FieldProblem):
    rule: str
    label: str
    words = Wording(
        _("规则代码“%(rule)s”已经有了。"),
        _("它是这一版中“%(label)s”的代码，代码不能重复。"),
        _("请换一个代码，或留空由系统编号。"),
    )


class RuleLabelRequired(FieldProblem):
    words = Wording(
        _("没有填写规则名称。"), _("名称印在名单的占比核验表上。"), _("请填写，例如“非公有制企业占比”。")
    )


class RuleClauseRequired(FieldProblem):
    label: str
    words = Wording(
        _("规则“%(label)s”没有写明依据。"),
        _("退回名单时要告诉下级依据哪一条。"),
        _("请填写文号和条目，例如“苏组通〔2019〕65号 二.6”。"),
    )


class TargetLabelRequired(FieldProblem):
    words = Wording(
        _("没有填写目标名称。"), _("名额与进度页按它列出进展。"), _("请填写，例如“区级双强六好型党组织”。")
    )


class TargetNumberOutOfRange(FieldProblem):
    number: int
    most: int
    words = Wording(
        _("目标的数量不对。"), _("填写的是 %(number)s，应在 1 至 %(most)s 之间。"), _("请改正数量。")
    )


class TargetDayRequired(FieldProblem):
    words = Wording(_("没有写明目标到哪一天为止。"), _("目标是到某一天累计的数量。"), _("请填写截至日期。"))


class TargetStageUnknown(FieldProblem):
    final: Stage
    words = Wording(
        _("没有选对目标管哪一级。"),
        _("该奖项由%(final)s评定，目标可以管县级到%(final)s的每个单位。"),
        _("请从列表中选择。"),
    )


class ConditionLabelRequired(FieldProblem):
    words = Wording(
        _("没有填写条件名称。"),
        _("申报人按它知道为什么不符合。"),
        _("请填写，例如“三年内未获五一劳动奖状”。"),
    )


class ConditionKindUnknown(FieldProblem):
    kind: str
    words = Wording(_("没有选对条件的类别。"), _("“%(kind)s”不是条件的类别。"), _("请从列表中选择。"))


class ConditionAwardsRequired(FieldProblem):
    words = Wording(_("没有选择奖项。"), _("这类条件要看荣誉库中的奖项。"), _("请选择一个或几个奖项。"))


class ConditionAwardUnknown(FieldProblem):
    award: str
    words = Wording(_("没有代码为“%(award)s”的奖项。"), _("条件只能看目录中的奖项。"), _("请从列表中选择。"))


class ConditionYearsOutOfRange(FieldProblem):
    number: int
    most: int
    words = Wording(
        _("年数不对。"),
        _("填写的是 %(number)s，应在 1 至 %(most)s 之间；不限年数的留空。"),
        _("请改正或留空。"),
    )


class ConditionFieldUnknown(FieldProblem):
    key: str
    words = Wording(
        _("条件所看的数字字段不在这一版中。"),
        _("“%(key)s”不是这一版的整数字段。"),
        _("请先添加该字段，或者为条件另选一个字段。"),
    )


class ConditionRangeWrong(FieldProblem):
    words = Wording(_("上下限不对。"), _("数量要求要有下限或上限，下限不大于上限。"), _("请填写或改正。"))


class RuleLabelUnknown(FieldProblem):
    name: LabelWord
    words = Wording(
        _("“%(name)s”不是本奖项可以计数的属性。"),
        _("规则只能按这类推荐对象的申报表中登记的属性计数。"),
        _("请从列表中选择。"),
    )


class RuleLabelInBoth(FieldProblem):
    name: LabelWord
    words = Wording(
        _("“%(name)s”既选入又除去。"), _("同一类不能既计入又除去，这样一个也不剩。"), _("请在其中一处取消。")
    )


class RuleCountsNobody(FieldProblem):
    words = Wording(
        _("没有选计数对象。"), _("规则要写明名单上的哪一类占到规定的比例或数量。"), _("请至少选一项。")
    )


class RuleCountsNone(FieldProblem):
    counted: PredicateWord
    base: PredicateWord
    words = Wording(
        _("计数对象与基数互相排斥，符合数永远是零。"),
        _("计数对象是%(counted)s，基数是%(base)s；没有推荐对象同时属于两者。"),
        _("请改选计数对象或基数。"),
    )


class RuleCountsAll(FieldProblem):
    counted: PredicateWord
    base: PredicateWord
    words = Wording(
        _("计数对象包括了基数中的每一个，占比总是全部。"),
        _("计数对象是%(counted)s，基数是%(base)s。"),
        _("请缩小计数对象，或放宽基数。"),
    )


class RuleEachUnknown(FieldProblem):
    words = Wording(
        _("没有选对按哪个属性逐个核验。"), _("本奖项的推荐对象不登记所选的属性。"), _("请从列表中选择。")
    )


class RuleKeptRequired(FieldProblem):
    words = Wording(
        _("没有选择这条占比怎么落实。"),
        _("名额少的单位各自取整，会把一类推荐对象挡在外面；两种办法的结果列在选项下面。"),
        _("请选择“各自达标”或“分解”。"),
    )


class RuleKeptWhole(FieldProblem):
    label: str
    words = Wording(
        _("“%(label)s”不能分解。"),
        _(
            "能分解的是以全部名单的实际推荐为基数的硬性占比；数量、子基数、可以报批的和“全部”“一个也不能有”的，每份名单照旧核验。"
        ),
        _("请选择“各自达标”。"),
    )


class RuleEachNotAbove(FieldProblem):
    words = Wording(
        _("“高于上一周期”不能逐个核验。"),
        _("每个参评奖项只登记一组上一周期的数字。"),
        _("请改为明确的占比或数量，或不逐个核验。"),
    )


class RuleShareOutOfRange(FieldProblem):
    numerator: int
    denominator: int
    words = Wording(
        _("占比不能超过全部。"),
        _("填写的是 %(numerator)s/%(denominator)s，分子应在 0 与分母之间。"),
        _("请改正分子或分母。"),
    )


class RuleDenominatorOutOfRange(FieldProblem):
    denominator: int
    most: int
    words = Wording(
        _("分母不对。"), _("填写的是 %(denominator)s，应在 1 至 %(most)s 之间。"), _("请改正分母。")
    )


class RuleNumberOutOfRange(FieldProblem):
    number: int
    most: int
    words = Wording(_("数量不对。"), _("填写的是 %(number)s，应在 0 至 %(most)s 之间。"), _("请改正数量。"))


class RuleNumberOfPlaces(FieldProblem):
    words = Wording(
        _("数量要求不能以分配名额为基数。"),
        _("分配名额只作占比的基数，数量与基数无关。"),
        _("请把基数改为实际推荐或实际表彰，或把方式改为占比。"),
    )


class RuleAboveIsMinimum(FieldProblem):
    words = Wording(
        _("“高于上一周期”只能是下限。"),
        _("上级要求的是占比提高，没有“不高于上一周期”的规则。"),
        _("请把方向改为“不低于”。"),
    )


class RuleKindUnknown(FieldProblem):
    kind: str
    words = Wording(
        _("“%(kind)s”不是可选的方式。"), _("方式、方向和基数都从固定的几种中选。"), _("请从列表中选择。")
    )


class RuleAllottedHasNoBase(FieldProblem):
    base: PredicateWord
    words = Wording(
        _("以分配名额为基数的规则不能再限定基数范围。"),
        _("填写的范围是“%(base)s”；名额只有一个总数，不分属性。"),
        _("请去掉基数范围，或把基数改为实际推荐。"),
    )


class RuleStageWithoutList(FieldProblem):
    stages: list[str]
    final: Stage
    words = Wording(
        _("%(stages)s没有需要核验的名单，规则不能限定在那里。"),
        _("该奖项由%(final)s评定，名单从县级编到%(final)s。"),
        _("请改选层级，或不选（各级均适用）。"),
    )


class RuleAwardedElsewhere(FieldProblem):
    final: Stage
    words = Wording(
        _("按实际表彰计算的规则只在%(final)s核验。"),
        _("所选层级不含%(final)s，这条规则永远不会被核验。"),
        _("请选上%(final)s，或不选层级。"),
    )


class RuleUnfit(Violation):
    label: str
    problem: FieldProblem
    words = Wording(
        _("规则“%(label)s”不能随本版发布。"), _("%(problem)s"), _("请修改或删除这条规则后再发布。")
    )


class RulesContradict(Violation):
    labels: list[str]
    places: int
    ways: list[Relaxed] | None
    words = Wording(
        _("有规则互相矛盾，没有任何名单能同时满足：%(labels)s。"),
        _("已按各种可能的名单试算，名单至多 %(places)s 个。任选一项就能成立：%(ways)s。"),
        _("请放宽或删除其中一条后再发布。"),
    )


class RulesUndecided(Violation):
    places: int
    words = Wording(
        _("在限定时间内未能算出这些规则能否同时满足。"),
        _("已按至多 %(places)s 个名额试算，没有找到合规的名单，也没有证明没有这样的名单。"),
        _("可以发布；建议先用一份名单试算。"),
    )


class RulesNeedPlaces(Violation):
    labels: list[str]
    places: int
    ways: list[Relaxed] | None
    words = Wording(
        _("名额偏少时这些规则不能同时满足：%(labels)s。"),
        _("按 %(places)s 个名额试算，没有可行的名单。任选一项就能成立：%(ways)s。"),
        _("请核对规则，或在评选周期中给足名额。"),
    )


class AboveOnce(Violation):
    labels: list[str]
    words = Wording(
        _("一版规则只能有一条“高于上一周期”。"),
        _("现有 %(labels)s；每个参评奖项只登记一组上一周期的数字。"),
        _("请保留一条，其余改为明确的占比。"),
    )


class AwardUnknown(FieldProblem):
    award: str
    words = Wording(
        _("没有代码为“%(award)s”的奖项。"), _("奖项以奖项目录为准。"), _("请核对代码，或先载入奖项目录。")
    )


# Fields


class FieldUnfit(Violation):
    label: str
    problem: FieldProblem
    words = Wording(_("申报字段“%(label)s”有误。"), _("%(problem)s"), _("请修改后再发布。"))


class FieldLabelRequired(FieldProblem):
    words = Wording(
        _("没有填写字段名称。"),
        _("申报表、汇总表和审批页面都用它作标题。"),
        _("请填写，例如“参加工作时间”。"),
    )


class FieldLabelTwice(FieldProblem):
    label: str
    words = Wording(
        _("已有同名的字段。"),
        _("申报表中已有“%(label)s”，同名的两栏在工作簿里无法区分。"),
        _("请改用别的名称。"),
    )


class FieldTypeUnknown(FieldProblem):
    words = Wording(_("没有选对字段类型。"), "", _("请从列表中选择。"))


class FieldKeyTaken(FieldProblem):
    label: str
    words = Wording(
        _("这个字段的类型、名称和已有选项不能改。"),
        _(
            "“%(label)s”在其他版本中也使用，改了以后同一类别就有两种说法；可以增加或停用选项，也可以改其他设置。"
        ),
        _("需要不同的内容时，请删除它并新增一个字段。"),
    )


class FieldOptionsRequired(FieldProblem):
    least: int
    most: int
    words = Wording(
        _("选项的数量不对。"), _("单选、多选应有 %(least)s 至 %(most)s 个选项。"), _("请每行填写一个选项。")
    )


class FieldOptionTwice(FieldProblem):
    option: str
    words = Wording(_("有两个相同的选项。"), _("“%(option)s”写了不止一次。"), _("请删去重复的一行。"))


class FieldOptionTooLong(FieldProblem):
    option: str
    most: int
    words = Wording(
        _("选项太长。"),
        _("“%(option)s”超过 %(most)s 字，在表格里写不下。"),
        _("请缩短，细节写在填写说明里。"),
    )


class FieldRangeWrong(FieldProblem):
    least: int
    most: int
    words = Wording(
        _("上下限不对。"),
        _("下限是 %(least)s，上限是 %(most)s；下限不能大于上限，文字至少能写 1 字。"),
        _("请改正。"),
    )


class FieldNotCountable(FieldProblem):
    words = Wording(
        _("这类字段不能用于计数。"),
        _("只有“是或否”和“单选”的回答可以作为规则的类别。"),
        _("请取消计数，或改变字段类型。"),
    )


class FieldPersonalNotPublic(FieldProblem):
    words = Wording(
        _("个人信息不能公示。"),
        _("标为个人信息的字段在各处遮盖显示，不会出现在公示和命名文件上。"),
        _("请取消其中一项。"),
    )


class FieldAskedOfItself(FieldProblem):
    words = Wording(_("由谁填写不能取决于这一栏自己的回答。"), "", _("请选择其他字段的类别。"))


class FieldCounted(FieldProblem):
    users: list[str]
    words = Wording(
        _("还有规则或字段按它计数，不能这样改。"),
        _("用到它的有：%(users)s。"),
        _("请先修改或删除这些规则和字段。"),
    )


class FieldColumnsRequired(FieldProblem):
    most: int
    words = Wording(
        _("没有定好表格的栏目。"),
        _("表格应有 1 至 %(most)s 个栏目。"),
        _("请每行填写一个栏目的名称和类型。"),
    )


class FieldColumnUnfit(FieldProblem):
    line: int
    column: str
    problem: FieldProblem
    words = Wording(_("第 %(line)s 个栏目“%(column)s”有误。"), _("%(problem)s"), "")


class FieldColumnLabelWrong(FieldProblem):
    most: int
    words = Wording(
        _("栏目的名称不对。"),
        _("名称不能空着，不超过 %(most)s 字。"),
        _("请填写，例如“获奖年份”。"),
    )


class FieldColumnTypeWrong(FieldProblem):
    words = Wording(
        _("没有选对栏目的类型。"),
        _("表格的栏目只能是单行文字、整数、日期、年月或单选。"),
        _("请从列表中选择；不填类型的按单行文字。"),
    )


class FieldPersonPartsWrong(FieldProblem):
    columns: list[str]
    ready: list[str]
    words = Wording(
        _("人员字段的栏目不对：%(columns)s。"),
        _("人员只能从 %(ready)s 中选，名称、类型和限制都是定好的，姓名不可少。"),
        _("请照定好的栏目填写；要问别的，请另设表格。"),
    )


class FieldLinesWrong(FieldProblem):
    most: int
    words = Wording(_("表格的行数不对。"), _("最多行数应在 1 至 %(most)s 之间。"), _("请改正上限。"))


class FieldCellsTooMany(FieldProblem):
    cells: int
    most: int
    words = Wording(
        _("申报表中的表格太大。"),
        _("各个表格的行数乘以栏目数，合计 %(cells)s 格，最多 %(most)s 格。"),
        _("请减少行数或栏目；更长的清单作为附件上传。"),
    )


class FieldsTooMany(FieldProblem):
    most: int
    words = Wording(
        _("字段太多。"),
        _("一个版本最多 %(most)s 个字段，再多的申报表没有人填得完。"),
        _("请合并或删除一些。"),
    )


class StandardFieldThere(FieldProblem):
    label: str
    words = Wording(
        _("申报表中已有这个字段。"), _("“%(label)s”已经列入。"), _("不必再次加入；设置可以修改。")
    )


# Answers to fields


class AnswerNotAsked(FieldProblem):
    label: str
    words = Wording(
        _("这一栏不由该推荐对象填写。"),
        _("“%(label)s”只问某一类推荐对象，按其他栏目的回答不属于这一类。"),
        _("请清空这一栏，或改正其他栏目。"),
    )


class AnswerYesRequired(FieldProblem):
    label: str
    words = Wording(
        _("没有确认“%(label)s”。"),
        _("这是申报的必备条件，符合的才能提交。"),
        _("请核实后勾选；不符合的不能申报。"),
    )


class AnswerNotYesOrNo(FieldProblem):
    words = Wording(_("应填是或否。"), "", _("请改为“是”或“否”，不填为否。"))


class AnswerNotDay(FieldProblem):
    type: FieldType
    words = Wording(
        _("日期写得不对。"),
        _("这一栏是%(type)s，年份在 1900 至 2100 之间。"),
        _("请按 2026-11-28 的格式填写；只要年月的写 2026-11。"),
    )


class TableTooLong(FieldProblem):
    label: str
    lines: int
    most: int
    words = Wording(
        _("“%(label)s”的行数太多。"),
        _("写了 %(lines)s 行，最多 %(most)s 行。"),
        _("请合并或删去一些。"),
    )


class TableLineTooWide(FieldProblem):
    label: str
    line: int
    columns: list[str]
    words = Wording(
        _("“%(label)s”第 %(line)s 行的栏目太多。"),
        _("每行依次填写：%(columns)s，之间用分号隔开。"),
        _("请核对这一行的分号；文字中的分号请改为逗号。"),
    )


class TableCellWrong(FieldProblem):
    label: str
    line: int
    column: str
    problem: FieldProblem
    words = Wording(_("“%(label)s”第 %(line)s 行“%(column)s”有误。"), _("%(problem)s"), "")


class PersonPartWrong(FieldProblem):
    label: str
    part: str
    problem: FieldProblem
    words = Wording(_("“%(label)s”的“%(part)s”有误。"), _("%(problem)s"), "")


class AnswersTooLong(FieldProblem):
    length: int
    most: int
    words = Wording(
        _("申报表写得太多，存不下。"),
        _("各栏合计 %(length)s 字，最多 %(most)s 字。"),
        _("请精简；篇幅长的材料作为附件上传。"),
    )


class AnswerOutOfRange(FieldProblem):
    label: str
    least: int
    most: int
    unit: str
    words = Wording(
        _("数字不对。"), _("“%(label)s”应是 %(least)s 至 %(most)s %(unit)s之间的整数。"), _("请改正。")
    )
