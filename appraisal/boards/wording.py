"""What is left to do at a body, and what the recount found, in words."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.records.states import SlateState
from quotas.base.wording import word

_STEPS: dict[str, str | Promise] = {
    SlateState.COMPILING: _("编制并提交名单"),
    SlateState.SIGNING: _("领导签发名单"),
    SlateState.SIGNED: _("发布名单公示"),
    SlateState.ON_NOTICE: _("名单公示至 %(ends_on)s，期满后处理异议"),
    SlateState.SETTLING: _("处理异议后上报名单"),
    SlateState.FINALISED: _("作出命名决定"),
}


_NOTICE_OVER = _("名单公示已于 %(ends_on)s 期满，请转入异议处理")


_FINAL_SETTLING = _("处理异议后审定名单")


def left_to_do(
    *, reviewing: int, state: SlateState | None, final: bool, ends_on: date | None, over: bool
) -> str:
    """One sentence: nominations to decide, and the next step of a list in `state` (None: no list to see to).

    `final`: at the awarding stage. `ends_on` is the last day of the notice, `over` whether it has passed. Empty when
    nothing is left.
    """
    parts = [gettext("审结 %(number)s 件申报") % {"number": word(reviewing)}] if reviewing else []
    if state in _STEPS:
        step = _STEPS[state]
        if state == SlateState.ON_NOTICE and over:
            step = _NOTICE_OVER
        elif state == SlateState.SETTLING and final:
            step = _FINAL_SETTLING
        parts.append(str(step) % {"ends_on": word(ends_on) if ends_on else ""})
    return gettext("；").join(parts)


def nothing_to_list() -> str:
    """What stands where nothing has been applied for, so that there is nothing to compile."""
    return gettext("暂无申报，没有名单可编")


VERIFIED_RULES: dict[str, str | Promise] = {
    "places": _("已提交名单的正选、后备、单列均不超过名额"),
    "shares": _("已提交名单的占比和分类名额均符合规定"),
    "typed_places": _("分类名额合计与名额的占比要求一致"),
    "ranks": _("推荐顺序连续，同一推荐对象不重复"),
    "committed": _("已用名额与名单正选数一致"),
    "entries": _("名单条目与申报状态一致"),
    "reviewed": _("名单上的申报均经本级各部门审核通过"),
    "classified": _("计入非公有制的申报均已核验为非公有制"),
    "reclassified": _("命名前，登记变更的单位均已确认按哪次核验计"),
    "signatures": _("已签发名单的签发部门齐全"),
    "notices": _("公示与名单状态一致"),
    "desks": _("申报的状态、层级与所在单位一致"),
    "named": _("已命名的申报均在命名名单上"),
    "live_once": _("同一推荐对象在同一奖项中只有一份有效申报"),
    "posts_apart": _("三员分立，不得兼任的岗位由不同的人担任"),
    "ledger_states": _("台账记载与当前状态一致"),
    "ledger_chain": _("台账逐条衔接、未被改动"),
    "files": _("上传的材料都在，内容与上传时一致"),
}
"""The rules that `manage.py verify` recounts, by the names of `appraisal.boards.services.verification`."""


_DIFFERENCES: dict[str, str | Promise] = {
    "file_lost": _("%(number)s 的材料“%(name)s”（%(path)s）不见了。"),
    "file_changed": _("%(number)s 的材料“%(name)s”（%(path)s）与上传时不一致。"),
    "file_orphaned": _("上传目录中有 %(number)s 个文件没有对应的记录，例如 %(path)s。"),
    "slate": _("%(body)s“%(award)s”名单：%(problem)s"),
    "places": _("%(kind)s %(used)s 个，名额 %(places)s 个。"),
    "committed": _("%(body)s“%(award)s”：已用名额记为 %(committed)s 个，名单正选 %(entries)s 个。"),
    "entry": _("%(body)s“%(award)s”名单（%(slate_state)s）上的 %(number)s 状态为“%(state)s”。"),
    "reviewed": _("%(number)s 在%(body)s的名单上，但本级审核意见不齐全。"),
    "classified": _("%(number)s 的所有制计数与申报时核验的控股情况（%(control)s）不一致。"),
    "reclassified": _("%(body)s名单上的 %(number)s 所在单位重新核验过所有制，还没有确认按哪次计。"),
    "signature": _("缺少%(office)s的签发。"),
    "notice": _("状态为“%(state)s”，但没有相应的公示记录。"),
    "desk": _("%(number)s 状态为“%(state)s”，层级为%(stage)s，所在单位为 %(desk)s。"),
    "named": _("%(number)s 已命名，但不在评定层级的命名名单上。"),
    "live_twice": _("有效申报重复：%(numbers)s。"),
    "ledger_state": _("%(name)s：台账记载为 %(told)s，当前为 %(state)s。"),
    "short_until": _("%(problem)s提交后有移出或名额调整，下一步办理时须再核验。"),
    "short_since": _("%(problem)s离开本级时符合规定，此后有对象被取消资格。"),
    "more": _("另有 %(number)s 处。"),
}


def difference(code: str, **figures: object) -> str:
    """One difference that the recount found, in words."""
    return str(_DIFFERENCES[code]) % {name: word(value) for name, value in figures.items()}
