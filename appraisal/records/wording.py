"""The words of the conduct: what rules count, what mends a list, what is left to do, how its ledger is read."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.records.facets import FACETS
from appraisal.records.states import (
    Channel,
    Control,
    EmployerAct,
    EntryKind,
    EvidenceKind,
    Finding,
    NominationAct,
    NominationNote,
    NominationState,
    Outcome,
    Sector,
    SlateAct,
    SlateNote,
    SlateState,
    UnitRole,
)
from quotas.arithmetic import shares
from quotas.base.states import NomineeKind, Office, Stage
from quotas.base.wording import StreamWords, Telling, register_streams, word

# What rules count

LABEL_WORDS: dict[str, str | Promise] = {
    label: word_of
    for facet in FACETS.values()
    for label, word_of in zip(facet.labels, facet.values.values(), strict=True)
}
"""How the labels "facet:value" of an entry are called."""

_OPPOSITES = {
    label: other
    for facet in FACETS.values()
    if len(facet.values) == 2
    for label, other in (facet.labels, facet.labels[::-1])
}
"""The other label of a facet with two values: an entry without the one carries the other."""


TYPED_PLACES_CLAUSE = _("上级下达的名额分配表")
"""Where typed places come from, which have no clause of their own."""


def label_word(labels: Sequence[str], *, carried: bool = True) -> str:
    """What an entry with one of the labels is called; with `carried` false, one that has none of them."""
    if not carried and len(labels) == 1 and labels[0] in _OPPOSITES:
        return str(LABEL_WORDS[_OPPOSITES[labels[0]]])
    words = gettext("或").join(str(LABEL_WORDS.get(label, label.partition(":")[2])) for label in labels)
    return words if carried else gettext("%(words)s以外") % {"words": words}


Trait = tuple[Sequence[str], bool]
"""What an entry is: it carries one of these labels, or none of them; as `label_word` takes it."""


class Counted(Protocol):
    """A number of entries of one kind, and whom to take first."""

    @property
    def label(self) -> str: ...
    @property
    def available(self) -> int: ...
    @property
    def named(self) -> Sequence["Labelled"]: ...


class Labelled(Protocol):
    """Anything with a word of its own."""

    @property
    def label(self) -> str: ...


class Clashing(Protocol):
    """A bound that cannot be kept together with others."""

    @property
    def label(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def asks(self) -> shares.Bound: ...
    @property
    def of_places(self) -> bool: ...
    @property
    def labels(self) -> Sequence[str]: ...
    @property
    def carried(self) -> bool: ...
    @property
    def available(self) -> int: ...


class Relieving(Protocol):
    """A bound that would have to give way; without a code, places that would have to be added."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def sense(self) -> shares.Sense: ...
    @property
    def by(self) -> int: ...


def entries_word(number: int, nominee: str, traits: Sequence[Trait]) -> str:
    """A number of entries of a kind in words: 2 家非公有制单位, 1 人（女、一线职工）. Ownership alone stands before the noun."""
    figures = {
        "number": number,
        "kind": gettext("、").join(label_word(labels, carried=carried) for labels, carried in traits),
    }
    plain, before, behind = _NOUNS.get(nominee, _NOUNS[""])
    if not traits:
        return plain % figures
    of_ownership = len(traits) == 1 and traits[0][0][0].startswith("ownership:")
    return (before if of_ownership else behind) % figures


_NOUNS = {
    NomineeKind.UNIT.value: (
        ngettext_lazy("%(number)s 家单位", "%(number)s 家单位", "number"),
        ngettext_lazy("%(number)s 家%(kind)s单位", "%(number)s 家%(kind)s单位", "number"),
        ngettext_lazy("%(number)s 家单位（%(kind)s）", "%(number)s 家单位（%(kind)s）", "number"),
    ),
    NomineeKind.TEAM.value: (
        ngettext_lazy("%(number)s 个集体", "%(number)s 个集体", "number"),
        ngettext_lazy("%(number)s 个%(kind)s单位的集体", "%(number)s 个%(kind)s单位的集体", "number"),
        ngettext_lazy("%(number)s 个集体（%(kind)s）", "%(number)s 个集体（%(kind)s）", "number"),
    ),
    NomineeKind.PERSON.value: (
        ngettext_lazy("%(number)s 人", "%(number)s 人", "number"),
        ngettext_lazy("%(number)s 名%(kind)s单位人员", "%(number)s 名%(kind)s单位人员", "number"),
        ngettext_lazy("%(number)s 人（%(kind)s）", "%(number)s 人（%(kind)s）", "number"),
    ),
    "": (_("%(number)s 个"), _("%(number)s 个（%(kind)s）"), _("%(number)s 个（%(kind)s）")),
}
"""How entries are counted by what is nominated: alone, with a kind before the noun, with kinds behind it."""


def remedy_summary(
    add: Sequence[Counted], drop: Sequence[Counted], instead: Sequence[Counted], gone: int
) -> str:
    """The fewest changes that mend a list, in one sentence."""
    parts = [gettext("移出已不在拟推荐库中的 %(gone)s 个") % {"gone": gone}] if gone else []
    if drop:
        parts.append(gettext("减少 %(entries)s") % {"entries": _labels_of(drop)})
    if add:
        parts.append(gettext("增加 %(entries)s") % {"entries": _labels_of(add)})
    first = gettext("，").join(parts)
    if not instead:
        return gettext("%(first)s，即可符合全部规定。") % {"first": first}
    ways = {"first": first, "entries": _labels_of(instead)}
    if drop or gone:
        return gettext("%(first)s；或者只减少 %(entries)s，即可符合全部规定。") % ways
    return gettext("%(first)s，或者减少 %(entries)s，即可符合全部规定。") % ways


def remedy_details(
    add: Sequence[Counted], drop: Sequence[Counted], instead: Sequence[Counted]
) -> tuple[str, ...]:
    """Whom to choose for each kind of entry."""
    return (
        *(
            gettext("减少 %(entries)s：%(names)s。") % {"entries": one.label, "names": _names_of(one)}
            for one in drop
        ),
        *(_choice(one) for one in add),
        *(
            gettext("或者减少 %(entries)s：%(names)s。") % {"entries": one.label, "names": _names_of(one)}
            for one in instead
        ),
    )


def _choice(change: Counted) -> str:
    figures = {"entries": change.label, "available": change.available, "names": _names_of(change)}
    if not change.available:
        return gettext("增加 %(entries)s：%(names)s。") % figures
    return gettext("增加 %(entries)s：拟推荐库中有 %(available)s 个可选：%(names)s。") % figures


def _labels_of(changes: Sequence[Counted]) -> str:
    return gettext("、").join(one.label for one in changes)


def _names_of(change: Counted) -> str:
    return gettext("、").join(one.label for one in change.named)


def conflict_summary(available: int) -> str:
    """That no list can be legal, in one sentence."""
    return gettext("名单与拟推荐库共有 %(available)s 个可选，从中选不出符合全部规定的名单。") % {
        "available": available
    }


def conflict_reasons(clashes: Sequence[Clashing], places: int | None) -> tuple[str, ...]:
    """The bounds that cannot be kept together, a sentence for each."""
    if not clashes:
        return (gettext("可选的申报太少。"),)
    lines = [
        gettext("“%(label)s”要求%(asks)s（依据：%(clause)s）；可选的%(kind)s有 %(available)s 个。")
        % {
            "label": one.label,
            "asks": asked(one.asks, of_places=one.of_places),
            "clause": one.clause or TYPED_PLACES_CLAUSE,
            "kind": label_word(one.labels, carried=one.carried),
            "available": one.available,
        }
        for one in clashes
    ]
    if places is not None:
        lines.append(gettext("正选名额 %(places)s 个。") % {"places": places})
    return tuple(lines)


def asked(bound: shares.Bound, *, of_places: bool) -> str:
    """What a bound asks, without the base: 不少于 1/2, 不超过 3 个, 高于上一周期的 37/100."""
    figures = {"share": f"{bound.numerator}/{bound.denominator}", "number": bound.numerator}
    if bound.kind == "count":
        text = gettext("不少于 %(number)s 个") if bound.sense == "min" else gettext("不超过 %(number)s 个")
    elif bound.numerator == bound.denominator and bound.sense == "min":
        text = gettext("全部符合")
    elif bound.kind == "above":
        text = gettext("高于上一周期的 %(share)s")
    elif of_places:
        text = (
            gettext("不少于分配名额的 %(share)s")
            if bound.sense == "min"
            else gettext("不超过分配名额的 %(share)s")
        )
    else:
        text = gettext("不少于 %(share)s") if bound.sense == "min" else gettext("不超过 %(share)s")
    return text % figures


TOGETHER = _("须与其他规定一并调整，见“调整建议”。")
NO_WAY = _("只调整名单不能解决，见“没有可行的名单”。")
"""Where a broken bound points to, when it cannot be mended by itself."""


def conflict_ways(reliefs: Sequence[Relieving], *, inherent: bool) -> tuple[str, ...]:
    """What alone would mend a conflict, and where to turn; `inherent`: the rules contradict one another whoever applies."""
    ways = gettext("，或者").join(_relief_word(one) for one in reliefs)
    return (
        *([gettext("若%(ways)s，即可选出。") % {"ways": ways}] if ways else []),
        gettext("规定与名额本身有矛盾，与可选哪些无关，请报请上级研究。")
        if inherent
        else gettext("本级还有申报待审的，请先审结；已经审结的，请报请上级研究。"),
    )


def _relief_word(relief: Relieving) -> str:
    if not relief.code:
        text = gettext("名额增加 %(by)s 个")
    elif relief.sense == "min":
        text = gettext("“%(label)s”少要求 %(by)s 个")
    else:
        text = gettext("“%(label)s”多允许 %(by)s 个")
    return text % {"label": relief.label, "by": relief.by}


def base_word(*, of_places: bool) -> str | Promise:
    """What a share is taken of: the places that were given, or the entries that count."""
    return _("分配名额") if of_places else _("计入基数")


def typed_places_label(labels: Sequence[str]) -> str:
    """The name of a check of typed places."""
    return gettext("%(words)s分类名额") % {"words": label_word(labels)}


def parted_label(label: str) -> str:
    """The name of the check of a share whose part was handed down to the body."""
    return gettext("%(rule)s（按分类名额折算）") % {"rule": label}


MOST_SOURCE = 200
"""What the source of the previous round's figures may take (`RoundAward.previous_source`)."""


def previous_source(round_name: str, document_numbers: Sequence[str]) -> str:
    """Where the figures of a previous round come from: its decisions, the first ones by number."""
    shown = gettext("、").join(dict.fromkeys(document_numbers[:3]))
    more = (
        gettext("等 %(number)s 份决定") % {"number": len(document_numbers)}
        if len(document_numbers) > 3
        else ""
    )
    source = gettext("%(numbers)s%(more)s（%(round)s）") % {
        "numbers": shown,
        "more": more,
        "round": round_name,
    }
    return source[:MOST_SOURCE]


def ways(
    *,
    wanted: str,
    unwanted: str,
    add: int | None,
    drop: int | None,
    exchange: int | None,
    candidates: Sequence[str],
) -> str:
    """What would make a broken bound hold, each way by itself, and who of the pool could be chosen."""
    figures = {"wanted": wanted, "unwanted": unwanted, "add": add, "drop": drop, "exchange": exchange}
    offers = [
        offer % figures
        for number, offer in (
            (add, gettext("增加%(wanted)s %(add)s 个")),
            (exchange, gettext("用%(wanted)s换下%(unwanted)s %(exchange)s 个")),
            (drop, gettext("移出%(unwanted)s %(drop)s 个")),
        )
        if number
    ]
    if not offers:
        return gettext("拟推荐库中可选的%(wanted)s不足，请先审结待审申报，或报请上级调整名额。") % figures
    sentence = gettext("可以%(offers)s。") % {"offers": gettext("，或者").join(offers)}
    if candidates and (add or exchange):
        sentence += gettext("库中可选：%(names)s。") % {"names": gettext("、").join(candidates)}
    return sentence


def required_line(*, rule: str, clause: str, counted: str, sense: str, required: int, places: int) -> str:
    """One of several bounds that cannot be kept together, with what it asks of a full list and its clause."""
    line = (
        gettext("“%(rule)s”（%(clause)s）：名额 %(places)s 个全部列满时，%(counted)s应不少于 %(required)s 个")
        if sense == "min"
        else gettext(
            "“%(rule)s”（%(clause)s）：名额 %(places)s 个全部列满时，%(counted)s应不超过 %(required)s 个"
        )
    )
    figures = {"places": word(places), "required": word(required)}
    return line % {"rule": rule, "clause": clause, "counted": counted, **figures}


def reach_line(*, counted: str, held_back: str, approved: int, pending: int, least: int, most: int) -> str:
    """What a bound still allows: of the entries it holds back, how many a list can carry now and at the most."""
    figures = {
        "counted": counted,
        "held_back": held_back,
        "approved": word(approved),
        "pending": word(pending),
        "least": word(max(least, 0)),
        "most": word(most),
    }
    have = gettext("%(counted)s：拟推荐 %(approved)s 个、待审 %(pending)s 个。") % figures
    if most < 0:
        return have + gettext("现有申报还组不成符合这一规定的名单。") % figures
    if least == most:
        return have + gettext("%(held_back)s最多可上报 %(most)s 个。") % figures
    return (
        have + gettext("%(held_back)s最多可上报 %(most)s 个；待审的都不通过时，最多 %(least)s 个。") % figures
    )


# What is left to do at a body, for the quota board

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


# The ledger

_REVIEWER = pgettext_lazy("台账署名", "审核人")
_LEADER = pgettext_lazy("台账署名", "领导")
_NOMINATION_TELLINGS = {
    NominationNote.CREATE.value: Telling(_("%(who)s新建了%(thing)s")),
    NominationNote.SAVE.value: Telling(_("%(who)s修改了%(thing)s的申报表")),
    NominationNote.SAVE_PROCEDURE.value: Telling(
        _(
            "%(who)s登记了%(thing)s的民主程序：应到 %(entitled)s 人，实到 %(present)s 人，同意 %(votes_for)s 票"
        )
    ),
    NominationNote.ADD_EVIDENCE.value: Telling(_("%(who)s为%(thing)s上传了%(kind)s")),
    NominationNote.REMOVE_EVIDENCE.value: Telling(_("%(who)s删除了%(thing)s的%(kind)s")),
    NominationNote.SCORE.value: Telling(_("%(who)s记录了%(thing)s的评审得分 %(score)s 分")),
    NominationNote.TAKE_OVER.value: Telling(_("%(who)s接办了%(thing)s，原由%(held_by)s领取"), None),
    NominationAct.SUBMIT.value: Telling(_("%(who)s把%(thing)s提交单位审核")),
    NominationAct.SEND_BACK.value: Telling(_("%(who)s把%(thing)s退回申报人")),
    NominationAct.ENDORSE.value: Telling(_("%(who)s经单位审核通过，把%(thing)s报送%(desk)s"), None),
    NominationAct.APPROVE.value: Telling(_("%(who)s通过了%(thing)s"), _REVIEWER),
    NominationAct.RETURN.value: Telling(_("%(who)s把%(thing)s退回补正"), _REVIEWER),
    NominationAct.RESUBMIT.value: Telling(_("%(who)s补正后重新提交了%(thing)s"), None),
    NominationAct.DECLINE.value: Telling(_("%(who)s对%(thing)s不予推荐"), _REVIEWER),
    NominationAct.SEND_UP.value: Telling(_("%(who)s把%(thing)s列入名单，报送%(desk)s")),
    NominationAct.PASS_OVER.value: Telling(_("%(who)s办理名单，%(thing)s没有列入")),
    NominationAct.NAME.value: Telling(_("%(who)s命名了%(thing)s")),
    NominationAct.WITHDRAW.value: Telling(_("%(who)s撤回了%(thing)s"), None),
    NominationAct.DISQUALIFY.value: Telling(_("%(who)s取消了%(thing)s的资格")),
}
_SLATE_TELLINGS = {
    SlateNote.OPEN.value: Telling(_("%(who)s开设了%(thing)s"), None),
    SlateNote.SET_ENTRIES.value: Telling(
        _("%(who)s保存了%(thing)s：正选 %(regular)s 件，后备 %(reserve)s 件，单列 %(separate)s 件")
    ),
    SlateNote.REMOVE_ENTRY.value: Telling(_("%(who)s把%(nomination)s移出%(thing)s")),
    SlateNote.PROMOTE_RESERVE.value: Telling(_("%(who)s让%(nomination)s在%(thing)s中由后备递补为正选")),
    SlateNote.AFFIRM_OWNERSHIP.value: Telling(_("%(who)s维持了%(thing)s中%(nomination)s的所有制认定")),
    SlateNote.TAKE_OWNERSHIP.value: Telling(_("%(who)s对%(thing)s中%(nomination)s采用了新的所有制核验")),
    SlateNote.RECORD_OBJECTION.value: Telling(_("%(who)s登记了对%(thing)s中%(nomination)s的异议")),
    SlateNote.SETTLE_OBJECTION.value: Telling(
        _("%(who)s办结了对%(thing)s中%(nomination)s的异议：%(finding)s")
    ),
    SlateNote.TAKE_OVER.value: Telling(_("%(who)s接办了%(thing)s，原由%(held_by)s领取"), None),
    SlateAct.SUBMIT.value: Telling(_("%(who)s提交了%(thing)s，请领导签发")),
    SlateAct.TAKE_BACK.value: Telling(_("%(who)s拿回了%(thing)s")),
    SlateAct.SIGN.value: Telling(_("%(who)s签发了%(thing)s"), _LEADER),
    SlateAct.REFUSE.value: Telling(_("%(who)s把%(thing)s退回修改"), _LEADER),
    SlateAct.PUBLISH.value: Telling(_("%(who)s公示了%(thing)s，自 %(starts_on)s 至 %(ends_on)s")),
    SlateAct.CLOSE_NOTICE.value: Telling(_("%(who)s结束了%(thing)s的公示，公示至 %(ends_on)s 期满")),
    SlateAct.REOPEN.value: Telling(_("%(who)s重新编制%(thing)s")),
    SlateAct.SEND_UP.value: Telling(_("%(who)s上报了%(thing)s")),
    SlateAct.FINALISE.value: Telling(_("%(who)s审定了%(thing)s")),
    SlateAct.NAME.value: Telling(_("%(who)s对%(thing)s作出命名决定")),
}

register_streams(
    {
        "nomination": StreamWords(
            pgettext_lazy("事项", "申报"),
            {act.value: act.label for act in (*NominationAct, *NominationNote)},
            {
                "status": _("状态"),
                "state": _("状态"),
                "stage": _("层级"),
                "desk": pgettext_lazy("办理环节", "所在单位"),
                "due_at": _("办理期限"),
                "entered_at": _("到达时间"),
                "review_pass": _("审核轮次"),
                "version": _("版本"),
                "number": _("申报编号"),
                "award": _("奖项"),
                "employer": _("申报单位"),
                "nominee": _("推荐对象"),
                "channel": _("渠道"),
                "office": _("审核部门"),
                "outcome": _("结论"),
                "changed": _("修改的栏目"),
                "meeting_date": _("会议日期"),
                "entitled": _("应到人数"),
                "present": _("实到人数"),
                "votes_for": _("同意票"),
                "votes_against": _("反对票"),
                "votes_abstained": _("弃权票"),
                "notice_from": _("单位公示开始日期"),
                "notice_to": _("单位公示结束日期"),
                "evidence": _("材料编号"),
                "sha256": _("文件校验值"),
                "kind": _("类别"),
                "score": _("得分"),
                "slate": _("推荐名单"),
                "held_by": _("原领取人"),
            },
            {
                "status": {state.value: state.label for state in NominationState},
                "state": {state.value: state.label for state in NominationState},
                "stage": {stage.value: stage.label for stage in Stage},
                "office": {office.value: office.label for office in Office},
                "outcome": {outcome.value: outcome.label for outcome in Outcome},
                "channel": {channel.value: channel.label for channel in Channel},
                "changed": {
                    "nominee_name": _("推荐对象"),
                    "team_kind": _("集体类型"),
                    "team_size": _("集体人数"),
                    "leader_name": _("负责人"),
                    "gender": _("性别"),
                    "occupation": _("人员身份"),
                    "position": _("职务"),
                    "division_level": _("县处级及以上"),
                    "front_line": _("一线职工"),
                    "migrant_worker": _("农民工"),
                    "identity_number": _("居民身份证号"),
                    "phone": _("联系电话"),
                    "deeds": _("主要事迹"),
                    "summary": _("简要事迹"),
                    "honours": _("荣誉基础"),
                    "union_funds_paid": _("工会经费足额拨缴"),
                    "self_score": _("自评分"),
                },
                "kind": {kind.value: kind.label for kind in EvidenceKind},
            },
            drafted=True,
            tellings=_NOMINATION_TELLINGS,
            refers={
                "desk": "body",
                "award": "award_code",
                "employer": "credit_code",
                "slate": "slate",
                "held_by": "user",
            },
            hundredths=frozenset({"score"}),
        ),
        "slate": StreamWords(
            _("推荐名单"),
            {act.value: act.label for act in (*SlateAct, *SlateNote)},
            {
                "state": _("状态"),
                "version": _("版本"),
                "regular": _("正选"),
                "reserve": _("后备"),
                "separate": _("单列"),
                "entries": _("条目"),
                "nomination": pgettext_lazy("事项", "申报"),
                "office": _("部门"),
                "signed": _("同意"),
                "rank": _("推荐顺序"),
                "kind": _("类别"),
                "held_by": _("原领取人"),
                "notice": pgettext_lazy("事项", "公示"),
                "starts_on": _("开始日期"),
                "ends_on": _("结束日期"),
                "computed_ends_on": _("计算的结束日期"),
                "late_reason": _("公示晚于期限的理由"),
                "decided_on": _("决定日期"),
                "objection": _("异议"),
                "finding": _("结论"),
                "unreviewed": _("未审结而不列入"),
                "checks": _("占比核验"),
                "rule": _("规则"),
                "sense": _("方向"),
                "required": _("要求"),
                "base": _("基数"),
                "count": _("符合数"),
                "margin": _("余量"),
                "clause": _("依据"),
                "code": _("代码"),
            },
            {
                "state": {state.value: state.label for state in SlateState},
                "office": {office.value: office.label for office in Office},
                "kind": {kind.value: kind.label for kind in EntryKind},
                "finding": {finding.value: finding.label for finding in Finding},
                "sense": {"min": _("不少于"), "max": _("不超过")},
            },
            tellings=_SLATE_TELLINGS,
            refers={"nomination": "nomination", "held_by": "user"},
        ),
        "employer": StreamWords(
            _("申报单位"),
            {act.value: act.label for act in EmployerAct},
            {
                "credit_code": _("统一社会信用代码"),
                "name": _("单位名称"),
                "sector": _("单位性质"),
                "registration_type": _("登记注册类型"),
                "address": _("地址"),
                "union_name": _("工会名称"),
                "union_code": _("工会统一社会信用代码"),
                "party_org_name": _("党组织名称"),
                "body": _("所在县（市、区）"),
                "industry_body": _("所属省产业工会"),
                "employees": _("职工人数"),
                "union_members": _("工会会员人数"),
                "party_members": _("党员人数"),
                "control": _("控股情况"),
                "verified_control": _("核定控股情况"),
                "state_capital_permille": _("国有资本占比"),
                "user": _("账号"),
                "role": _("角色"),
            },
            {
                "sector": {sector.value: sector.label for sector in Sector},
                "control": {control.value: control.label for control in Control},
                "verified_control": {control.value: control.label for control in Control},
                "role": {role.value: role.label for role in UnitRole},
            },
            tellings={
                EmployerAct.REGISTER.value: Telling(_("%(who)s登记了单位%(thing)s")),
                EmployerAct.UPDATE.value: Telling(_("%(who)s修改了%(thing)s的单位信息")),
                EmployerAct.VERIFY_OWNERSHIP.value: Telling(_("%(who)s核验%(thing)s为%(verified_control)s")),
                EmployerAct.APPOINT.value: Telling(_("%(who)s设置%(user)s为%(thing)s的%(role)s")),
                EmployerAct.DISMISS.value: Telling(_("%(who)s撤销%(user)s在%(thing)s的%(role)s身份")),
            },
            refers={"user": "user", "body": "body", "industry_body": "body"},
            permilles=frozenset({"state_capital_permille"}),
        ),
        "import": StreamWords(
            _("批量导入"),
            {
                "import_employers": _("导入单位"),
                "import_posts": _("导入岗位人员"),
                "import_nominations": _("导入申报"),
            },
            {"created": _("新建的"), "accounts": _("开设账号数")},
            tellings={
                "import_employers": Telling(_("%(who)s从表格导入了单位")),
                "import_posts": Telling(_("%(who)s从表格导入了岗位人员")),
                "import_nominations": Telling(_("%(who)s从表格导入了申报")),
            },
        ),
    }
)


# The recount

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
