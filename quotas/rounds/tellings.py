"""How the ledger of rounds, places and their calculation is read."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from quotas.base.states import (
    ApportionmentState,
    DivisionMethod,
    NoticeUnit,
    ReservePolicy,
    RoundState,
    Stage,
    WeightKind,
)
from quotas.ledger.tellings import StreamWords, Telling
from quotas.selection.plan import WHOLE_LIST

_PLACES = {
    "name": _("名称"),
    "places": _("名额"),
    "reserve_places": _("后备名额"),
    "separate_places": _("单列名额"),
    "separate": _("单列"),
    "owner": _("决定单位"),
    "slots": _("分类名额"),
    "parts": _("分解数"),
    "kind": _("对象"),
    "any": _("属于"),
    "none": _("不含"),
    "within": _("其中"),
    "award": _("奖项"),
    "claim": _("应得份额"),
    "lot": _("抽签次序"),
    "by_lot": _("由抽签决定"),
    "weight": _("权数"),
    "computed": _("测算名额"),
    "part_claim": _("分解应得份额"),
    "part_by_lot": _("分解由抽签决定"),
    "part_computed": _("测算分解数"),
}


STREAMS: Mapping[str, StreamWords] = {
    "round": StreamWords(
        _("评选周期"),
        {
            "create_round": _("建立评选周期"),
            "add_award": _("加入奖项"),
            "drop_award": _("移出奖项"),
            "pin_rules": _("改用规则版本"),
            "set_previous": _("登记上一周期的数字"),
            "set_window": _("确定时间安排"),
            "open_round": _("启动评选周期"),
            "close_round": _("结束评选周期"),
            "extend": _("批准延期"),
        },
        {
            "code": _("代码"),
            "year": _("年度"),
            "source": _("依据文件"),
            "state": _("状态"),
            "vacant_posts": _("启动时空缺的岗位"),
            "plan_lines": _("启动时方案的后果"),
            "stage": _("层级"),
            "opens_at": _("开始时间"),
            "due_at": _("截止时间"),
            "extensions_ended": _("随之终止的延期"),
            "award": _("奖项"),
            "rules": _("规则版次"),
            "places": _("名额"),
            "employer_cap": _("每单位限报"),
            "previous_count": _("上一周期符合数"),
            "previous_base": _("上一周期命名数"),
            "previous_source": _("上一周期数字的来源"),
            "draws": _("其测算已抽签次数"),
            "unit_notice_days": _("单位公示天数"),
            "notice_days": _("名单公示天数"),
            "notice_unit": _("公示计日方式"),
            "first_day_counts": _("公示首日计入"),
            "reserve_policy": _("后备办法"),
            "reserves_alone": _("可以只报后备"),
            "lots_code": _("抽签码"),
            "contact": _("受理异议的联系方式"),
        },
        {
            "notice_unit": {unit.value: unit.label for unit in NoticeUnit},
            "reserve_policy": {policy.value: policy.label for policy in ReservePolicy},
            "state": {state.value: state.label for state in RoundState},
            "stage": {stage.value: stage.label for stage in Stage},
        },
        tellings={
            "create_round": Telling(_("%(who)s建立了评选周期“%(thing)s”，依据 %(source)s")),
            "add_award": Telling(_("%(who)s把%(award)s加入“%(thing)s”，名额 %(places)s 个")),
            "drop_award": Telling(_("%(who)s把%(award)s移出“%(thing)s”")),
            "pin_rules": Telling(_("%(who)s让“%(thing)s”的%(award)s改用第 %(rules)s 版规则")),
            "set_previous": Telling(
                _("%(who)s登记了“%(thing)s”%(award)s上一周期的数字：%(previous_count)s / %(previous_base)s")
            ),
            "set_window": Telling(_("%(who)s确定了“%(thing)s”%(stage)s的时间：%(opens_at)s 至 %(due_at)s")),
            "open_round": Telling(_("%(who)s启动了“%(thing)s”")),
            "close_round": Telling(_("%(who)s结束了“%(thing)s”")),
            "extend": Telling(_("%(who)s批准%(body)s在“%(thing)s”%(stage)s延期至 %(due_at)s"), None),
        },
    ),
    "allotment": StreamWords(
        _("名额分配"),
        {
            "set_places": _("确定名额"),
            "hand_down": _("向下分配名额"),
            "hand_out": _("按下级单位数分配名额"),
            "apply_calculation": _("按测算下达名额"),
        },
        _PLACES,
        {"within": {WHOLE_LIST: _("全体")}},
        tellings={
            "set_places": Telling(_("%(who)s确定%(thing)s的名额为 %(places)s 个"), None),
            "hand_down": Telling(_("%(who)s分配给%(thing)s名额 %(places)s 个"), None),
            "hand_out": Telling(_("%(who)s按下级单位数分配给%(thing)s名额 %(places)s 个"), None),
            "apply_calculation": Telling(_("%(who)s按测算下达给%(thing)s名额 %(places)s 个"), None),
        },
    ),
    "apportionment": StreamWords(
        _("名额测算"),
        {
            "begin_calculation": _("建立测算"),
            "set_inputs": _("修改测算依据"),
            "draw_lots": _("抽签"),
            "adjust_places": _("调整测算结果"),
            "apply_calculation": _("下达名额"),
            "drop_calculation": _("作废测算"),
        },
        {
            "state": _("状态"),
            "award": _("奖项"),
            "total": _("名额总数"),
            "method": _("办法"),
            "weight_kind": _("权数"),
            "weight_source": _("权数来源"),
            "weights": _("各单位权数［最少–最多］"),
            "lots": _("签号"),
            "figures": _("分解合计"),
            "places": _("名额"),
            "parts": _("分解数"),
            "adjusted": _("名额 / 分解数"),
            "dropped_draws": _("此前抽签后作废次数"),
        },
        {
            "state": {state.value: state.label for state in ApportionmentState},
            "method": {method.value: method.label for method in DivisionMethod},
            "weight_kind": {kind.value: kind.label for kind in WeightKind},
        },
        tellings={
            "begin_calculation": Telling(_("%(who)s建立了%(thing)s的名额测算")),
            "set_inputs": Telling(_("%(who)s修改了%(thing)s的测算依据")),
            "draw_lots": Telling(_("%(who)s为%(thing)s的名额测算抽签，测算依据随之固定")),
            "adjust_places": Telling(_("%(who)s调整了%(thing)s的测算结果")),
            "apply_calculation": Telling(_("%(who)s按测算下达了%(thing)s的名额，共 %(total)s 个")),
            "drop_calculation": Telling(_("%(who)s作废了%(thing)s的名额测算")),
        },
    ),
}
