"""The sentences of the conduct: what cannot be, the figures with the clause, what to do now (see `quotas.base.wording`)."""

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
from quotas.base.wording import StreamWords, Telling, Wording, register, register_streams, word

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


# Slates

register(
    {
        "slate_empty": Wording(
            _("名单上没有正选，不能办理。"),
            _("正选名额 %(places)s 个，现有 0 个。"),
            _("请从拟推荐库中至少列入一个正选。"),
        ),
        "slate_places_exceeded": Wording(
            _("名单的%(kind)s超过名额。"),
            _("%(kind)s名额 %(places)s 个，名单上有 %(used)s 个，超出 %(over)s 个。"),
            _("请移出 %(over)s 个，或改列其他类别。"),
        ),
        "share_too_low": Wording(
            _("“%(label)s”未达到规定。"),
            _(
                "依据%(clause)s：%(basis)s %(base)s 个，应不少于 %(required)s 个，现有 %(count)s 个，还差 %(short)s 个。"
            ),
            _("%(repair)s"),
        ),
        "share_not_above": Wording(
            _("“%(label)s”没有高于上一周期。"),
            _(
                "依据%(clause)s：%(basis)s %(base)s 个，应高于上一周期的 %(fraction)s，即不少于 %(required)s 个，现有 %(count)s 个，还差 %(short)s 个。"
            ),
            _("%(repair)s"),
        ),
        "share_too_high": Wording(
            _("“%(label)s”超过规定。"),
            _(
                "依据%(clause)s：%(basis)s %(base)s 个，应不超过 %(required)s 个，现有 %(count)s 个，超出 %(short)s 个。"
            ),
            _("%(repair)s"),
        ),
        "typed_places_broken": Wording(
            _("“%(label)s”被其他申报占用。"),
            _(
                "上级下达的名额分配表留给其他申报的名额为 %(required)s 个，名单上有 %(count)s 个，超出 %(short)s 个。"
            ),
            _("%(repair)s"),
        ),
        "slate_remedy": Wording(
            _("调整建议：各项规定须一并考虑。"),
            _("现有 %(broken)s 项不符合，单改一项可能又不符合另一项。"),
            _("%(remedy)s"),
        ),
        "slate_conflict": Wording(
            _("没有可行的名单：按现有的拟推荐库和名额，选不出符合全部规定的名单。"),
            _("%(conflict)s"),
            _("%(ways)s"),
        ),
        "entries_not_in_pool": Wording(
            _("名单上有 %(number)s 个申报已不在本级拟推荐库中。"),
            _("涉及：%(entries)s。"),
            _("请将其移出名单后再办理。"),
        ),
        "nominee_twice_on_slate": Wording(
            _("同一推荐对象在名单上出现了两次。"),
            _("涉及：%(entries)s。同一奖项、同一周期只能有一份有效申报。"),
            _("请保留一份，移出另一份。"),
        ),
        "ranks_broken": Wording(
            _("%(kind)s的推荐顺序不连续或有重复。"),
            _("%(kind)s共 %(entries)s 个，顺序应为 1 至 %(entries)s，现出现了第 %(rank)s 位。"),
            _("请重新排序后保存。"),
        ),
        "entry_kind_unknown": Wording(
            _("第 %(row)s 行没有选择类别。"), _("类别只有正选、后备、单列三种。"), _("请为该行选择类别。")
        ),
        "entry_twice": Wording(
            _("第 %(row)s 行的申报在名单上已经有了。"),
            _("同一申报在一份名单上只能出现一次。"),
            _("请删去重复的一行。"),
        ),
        "entry_not_in_pool": Wording(
            _("第 %(row)s 行的申报不在本级拟推荐库中。"),
            _("只有本级审核通过、尚未办结的申报才能列入名单；它可能刚被撤回或退回。"),
            _("请刷新页面后重新选择。"),
        ),
        "rank_twice": Wording(
            _("第 %(row)s 行的推荐顺序重复。"),
            _("%(kind)s中第 %(rank)s 位已有申报。"),
            _("请改正推荐顺序，同一类别内从 1 开始，不重复、不跳号。"),
        ),
        "rank_gap": Wording(
            _("第 %(row)s 行的推荐顺序不连续。"),
            _("%(kind)s中填的是第 %(rank)s 位，应为第 %(expected)s 位。"),
            _("请改正推荐顺序，同一类别内从 1 开始，不重复、不跳号。"),
        ),
        "slate_state": Wording(
            _("这份名单现在不能“%(act)s”。"),
            _("当前状态为“%(state)s”。"),
            _("请刷新页面，查看名单进度和现在可以办理的事项。"),
        ),
        "already_signed": Wording(
            _("名单已有部门签发，不能拿回。"),
            _("已办理：%(offices)s。"),
            _("如需修改，请由尚未签发的部门退回，或在签发后重新编制。"),
        ),
        "office_unknown": Wording(_("没有选择签发部门。"), "", _("请选择总工会或组织部。")),
        "office_not_here": Wording(
            _("这份名单不需要%(office)s签发。"),
            _("该单位不设这一部门，或该奖项不实行联合审核。"),
            _("请由需要签发的部门办理。"),
        ),
        "office_has_decided": Wording(
            _("%(office)s已签发过这份名单，没有重复签发。"),
            _("每个部门在一轮签发中只办理一次。"),
            _("请刷新页面查看最新情况。"),
        ),
        "refusal_text_required": Wording(
            _("退回名单须写明意见。"), _("编制人要凭意见修改名单。"), _("请填写退回意见。")
        ),
        "signs_own_submission": Wording(
            _("您提交的名单不能由您本人签发。"),
            _("编制提交与签发须由不同的人办理。"),
            _("请由其他领导签发。"),
        ),
        "signs_twice": Wording(
            _("您已代表另一部门签发，不能再代表本部门签发。"),
            _("联合签发须由两个部门的人分别办理。"),
            _("请由本部门的其他领导签发。"),
        ),
        "list_not_changeable": Wording(
            _("名单现在不能调整。"),
            _("当前状态为“%(state)s”；签发之后、上报或命名之前才能移出或递补。"),
            _("编制中的名单请直接编辑；待签发的名单请先拿回。"),
        ),
        "entry_gone": Wording(
            _("这一条已不在名单上。"), _("可能刚被移出，或申报已撤回。"), _("请刷新页面查看最新名单。")
        ),
        "places_stay_vacant": Wording(
            _("本周期不递补后备。"),
            _("评选方案规定：名单上报后空出的名额空缺不补。"),
            _("请保留空缺继续办理。"),
        ),
        "not_a_reserve": Wording(
            _("这一条不是后备，不能递补。"), _("它的类别为“%(kind)s”。"), _("请从后备中选择。")
        ),
        "reserve_not_next": Wording(
            _("还没有轮到这一位后备。"),
            _("选择的是后备第 %(wanted)s 位；第 %(rank)s 位在前，且递补后符合占比。"),
            _("请先递补后备第 %(rank)s 位。"),
        ),
        "objection_open": Wording(
            _("有异议尚未办结，不能办理。"),
            _("未办结的异议 %(number)s 件，涉及：%(entries)s。"),
            _("请先核查并作出结论。"),
        ),
        "ownership_unsettled": Wording(
            _("有单位重新核验过所有制，还没有确认按哪次计，不能办理。"),
            _("待确认的 %(number)s 个：%(entries)s。"),
            _("请在名单页逐个确认：维持原认定，或者采用新核验。"),
        ),
        "ownership_not_changed": Wording(
            _("“%(entry)s”不需要确认。"),
            _("其所有制登记与申报时一致，或者刚才已经采用新核验。"),
            _("请刷新页面查看。"),
        ),
        "list_is_final": Wording(
            _("“%(award)s”在%(stage)s评定，名单不再上报。"), "", _("请办理审定和命名。")
        ),
        "list_is_not_final": Wording(
            _("“%(award)s”不在%(stage)s评定，不能在此审定。"), "", _("请将名单上报上级。")
        ),
        "list_has_left": Wording(
            _("%(body)s的推荐名单已经上报，不能再接收申报。"),
            _("名单上报后，本级不再受理新的申报。"),
            _("请与推荐单位联系；确有特殊情况的，由上级名单负责人处理。"),
        ),
        "parent_list_gone": Wording(
            _("%(body)s的名单已经上报或审定，不能再接收。"),
            _("逾期上报的名单不能列入上级名单。"),
            _("请联系上级名单负责人，由其重新编制名单后再上报。"),
        ),
        "score_missing": Wording(
            _("名单上有 %(number)s 个申报还没有评审得分，不能审定。"),
            _("涉及：%(entries)s。"),
            _("请先登记专家评审得分。"),
        ),
        "notice_in_past": Wording(
            _("公示开始日期不能早于今天。"),
            _("填写的是 %(starts_on)s，今天是 %(today)s。"),
            _("请选择今天或以后的日期。"),
        ),
        "notice_backwards": Wording(
            _("公示结束日期早于开始日期。"),
            _("开始 %(starts_on)s，结束 %(ends_on)s。"),
            _("请改正日期。"),
        ),
        "list_notice_too_short": Wording(
            _("公示时间短于规定。"),
            _(
                "评选方案规定公示 %(days)s 个%(unit)s：自 %(starts_on)s 起应至 %(required)s，填写的是 %(ends_on)s。"
            ),
            _("请改为 %(required)s，或写明缩短的理由。"),
        ),
        "list_notice_longer": Wording(
            _("公示结束日期与规定不同。"),
            _(
                "评选方案规定公示 %(days)s 个%(unit)s：自 %(starts_on)s 起应至 %(required)s，填写的是 %(ends_on)s。"
            ),
            _("请改为 %(required)s，或写明延长的理由。"),
        ),
        "contact_required": Wording(
            _("公示须写明受理异议的联系方式。"),
            _("署名机关没有登记电话，群众凭联系方式反映情况。"),
            _("请填写受理部门、电话和地址，或先在“机关信息”中登记本级机关的电话。"),
        ),
        "notice_end_unannounced": Wording(
            _("公示跨入 %(years)s 年，放假安排尚未录入，结束日期无法计算。"),
            _("须公示 %(days)s 个%(unit)s；不计尚未公布的调休，约为 %(estimate)s。"),
            _("请填写结束日期和确定的依据；也可以请系统管理员先在“工作日历”中录入该年安排。"),
        ),
        "notice_reason_unannounced": Wording(
            _("结束日期不能由系统计算，须写明依据。"),
            _("公示跨入 %(years)s 年，放假安排尚未录入。"),
            _("请写明结束日期由谁、按什么确定。"),
        ),
        "notice_ends_too_late": Wording(
            _("公示到 %(ends_on)s 才结束，名单将不能在期限前上报。"),
            _("截止 %(due_at)s，公示最迟须在 %(by)s 结束。"),
            _("请先申请延期；仍要现在发布的，请写明理由，理由记入台账。"),
        ),
        "notice_ends_too_late_to_name": Wording(
            _("公示到 %(ends_on)s 才结束，名单要过了期限才能审定、命名。"),
            _("截止 %(due_at)s，公示最迟须在 %(by)s 结束。"),
            _("请先申请延期；仍要现在发布的，请写明理由，理由记入台账。"),
        ),
        "notice_runs_until": Wording(
            _("公示尚未期满，不能结束。"),
            _("公示至 %(until)s（含当日）。"),
            _("请在期满后的第二天办理；系统也会自动结束。"),
        ),
        "notice_closed": Wording(
            _("公示已经结束，没有重复办理。"), _("结束时间为 %(at)s。"), _("请刷新页面继续下一步。")
        ),
        "objection_out_of_time": Wording(
            _("现在不能登记异议。"),
            _("名单状态为“%(state)s”；公示期间至上报之前才能登记。"),
            _("如情况属实，请按取消资格办理。"),
        ),
        "objector_required": Wording(
            _("没有填写异议人。"), _("异议须实名提出。"), _("请填写姓名或单位名称。")
        ),
        "objector_contact_required": Wording(
            _("没有填写异议人的联系方式。"), _("核查时需要与异议人联系。"), _("请填写电话或地址。")
        ),
        "objection_text_required": Wording(
            _("没有填写异议内容。"), _("核查须有具体事由。"), _("请写明反映的事实和线索。")
        ),
        "objection_entry_gone": Wording(
            _("所选对象不在这份公示的名单上。"), _("它可能已被移出名单。"), _("请刷新页面后重新选择。")
        ),
        "received_in_future": Wording(
            _("收到日期不能晚于今天。"),
            _("填写的是 %(received_on)s，今天是 %(today)s。"),
            _("请改正日期。"),
        ),
        "received_before_notice": Wording(
            _("收到日期早于公示开始。"),
            _("填写的是 %(received_on)s，公示自 %(starts_on)s 开始。"),
            _("请改正日期；公示前反映的情况请在审核中处理。"),
        ),
        "objection_settled": Wording(
            _("这件异议已经办结，没有重复办理。"),
            _("结论为“%(finding)s”，办结时间 %(at)s。"),
            _("请刷新页面查看。"),
        ),
        "finding_required": Wording(
            _("没有选择结论。"), _("结论为异议成立、异议不成立或不予受理。"), _("请选择一项结论。")
        ),
        "finding_text_required": Wording(
            _("没有填写核查情况。"), _("结论须有核查依据。"), _("请写明核查经过和依据。")
        ),
        "title_required": Wording(_("没有填写决定标题。"), "", _("请填写标题。")),
        "document_number_required": Wording(
            _("没有填写文号。"), _("命名决定以文号为准对外公布。"), _("请填写文号，例如 苏工发〔2026〕12号。")
        ),
        "document_number_taken": Wording(
            _("文号 %(document_number)s 已被使用。"),
            _("%(body)s的同一奖项命名决定已用这个文号。"),
            _("请核对文号。"),
        ),
        "decided_in_future": Wording(
            _("决定日期不能晚于今天。"),
            _("填写的是 %(decided_on)s，今天是 %(today)s。"),
            _("请改正日期。"),
        ),
    }
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


# Turns: refusals of `workflows`, which has no sentences of its own.

register(
    {
        "task_taken_or_done": Wording(
            _("这项任务已经办结，不能再次办理。"),
            _("任务：%(task)s。办理人：%(who)s。办理时间：%(at)s。"),
            _("请返回待办列表刷新，查看办理结果。"),
        ),
        "taken_by_other": Wording(
            _("这项任务已由他人领取，您不能同时办理。"),
            _("任务：%(task)s。领取人：%(who)s。领取时间：%(at)s。"),
            _("请与领取人联系，由其办理或放回；对方不在岗的，可在“同事在办”中写明理由接办。"),
        ),
        "task_not_held_by": Wording(
            _("这项任务已不在原领取人手中，没有接办。"),
            _("任务：%(task)s。现在的领取人：%(who)s。"),
            _("请返回待办列表查看：没有人领取的可以直接领取，已由他人接办的不必再办。"),
        ),
        "task_not_yours": Wording(
            _("您的岗位不能办理这项任务。"),
            _("任务：%(task)s。只有对应单位、对应岗位的人员可以办理，上级岗位不能代办。"),
            _("请确认登录的账号；岗位有变动的，请联系安全管理员。"),
        ),
    }
)

# Workbooks that come in

register(
    {
        # The file
        "file_empty": Wording(_("这是一个空文件。"), _("文件大小为 0。"), _("请重新选择填好的工作簿。")),
        "file_too_large": Wording(
            _("文件太大，不能导入。"),
            _("文件 %(size)s，上限 %(limit)s。"),
            _("请删去图片和无关的工作表，或分成几个文件导入。"),
        ),
        "file_old_or_protected": Wording(
            _("这个文件不能读取。"),
            _("它是旧版 Excel 文件（.xls），或设有打开密码。"),
            _("请用 Excel 或 WPS 打开，取消密码，另存为“Excel 工作簿（*.xlsx）”后再导入。"),
        ),
        "file_not_workbook": Wording(
            _("这不是 Excel 工作簿（.xlsx）。"),
            _("文件的内容是另一种格式，例如 CSV、含宏的工作簿，或只改了扩展名。"),
            _("请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再导入。"),
        ),
        "file_is_document": Wording(
            _("这是 Word 文档，不是 Excel 工作簿。"),
            _("改扩展名不会改变文件的格式。"),
            _("请下载空白表，把内容填入表中后再导入。"),
        ),
        "file_damaged": Wording(
            _("文件已损坏，不能读取。"),
            _("可能在传送中缺失了一部分。"),
            _("请用 Excel 或 WPS 打开检查，重新保存后再导入。"),
        ),
        "file_unpacks_too_large": Wording(
            _("文件展开后太大，不能导入。"),
            _("展开后的上限为 %(limit)s。"),
            _("请把有内容的行复制到新下载的空白表中再导入。"),
        ),
        "file_has_too_many_parts": Wording(
            _("文件由太多部分组成，不能导入。"),
            _("上限为 %(limit)s 个，图片和每张工作表各算一个。"),
            _("请把有内容的行复制到新下载的空白表中再导入。"),
        ),
        "file_has_too_many_cells": Wording(
            _("文件的单元格太多，不能导入。"),
            _("填有内容的单元格上限为 %(limit)s 个；设有格式的空单元格也占用读取时间。"),
            _("请把有内容的行复制到新下载的空白表中，或分成几个文件再导入。"),
        ),
        "file_has_too_much_text": Wording(
            _("文件的文字太多，不能导入。"),
            _("各单元格的文字合计上限为 %(limit)s 字。"),
            _("请分成几个文件导入。"),
        ),
        "cell_has_too_much_text": Wording(
            _("文件里有一个单元格的文字太多，不能导入。"),
            _("一个单元格最多 %(limit)s 字。"),
            _("请缩短这个单元格的内容，长篇材料请作为证明材料上传。"),
        ),
        "file_takes_too_much": Wording(
            _("读取这个文件所需的时间或内存太多，已经停止。"),
            _("通常是表外有大量格式、图片或隐藏的内容。"),
            _("请把有内容的行复制到新下载的空白表中再导入。"),
        ),
        "sheet_reaches_too_far": Wording(
            _("工作表“%(sheet)s”的内容范围过大，不能读取。"),
            _("最远的内容在 %(address)s。"),
            _("请删去表外的内容，或把有内容的行复制到新下载的空白表中再导入。"),
        ),
        "text_unreadable": Wording(
            _("粘贴的内容读不出来。"),
            _("其中有无法识别的字符或过长的一格。"),
            _("请从工作簿重新复制后粘贴。"),
        ),
        "rows_none": Wording(
            _("表中没有可以导入的内容。"), _("表头下面没有填写任何一行。"), _("请填写后再导入。")
        ),
        "rows_too_many": Wording(
            _("行数太多，不能一次导入。"),
            _("填有内容的共 %(number)s 行，上限 %(limit)s 行。"),
            _("请分成几个文件导入。"),
        ),
        # The sheet
        "header_missing": Wording(
            _("没有找到表头。"),
            _("前 10 行中应有一行写明：%(columns)s。"),
            _("请下载空白表，按其栏目填写。"),
        ),
        "header_two_rows": Wording(
            _("表头占了第 %(first)s 至 %(last)s 行，这张工作表没有读取。"),
            _("表头只能有一行，每一列一个栏目名称。"),
            _("请取消合并，只保留一行表头，如“职工人数”“党员人数”各占一列，不要上面的“人数”。"),
        ),
        "header_again": Wording(
            _("第 %(row)s 行又是表头，它和以下各行没有读取。"),
            _("表头已在第 %(first)s 行；一张工作表只能有一个表格。"),
            _("请删去重复的标题和表头，把各行接在一起，或者把第二个表格移到另一张工作表。"),
        ),
        "rows_hidden": Wording(
            _("有 %(number)s 行被隐藏或筛选掉，也会一并导入。"),
            _("被隐藏的是第 %(rows)s 行。"),
            _("不要导入的，请先从表中删除。"),
        ),
        "columns_hidden": Wording(
            _("有的列被隐藏，其内容也会一并导入。"),
            _("被隐藏的是：%(columns)s。"),
            _("请取消隐藏，核对后再导入。"),
        ),
        "rows_passed_over": Wording(
            _("有 %(number)s 行只填了一栏，没有读取。"),
            _("没有读取的是第 %(rows)s 行；必填各栏都填写，或者至少填写两栏的，才算一行内容。"),
            _("如是应当导入的内容，请补全后再上传。"),
        ),
        "columns_missing": Wording(
            _("缺少必填的栏目，这张工作表没有读取。"), _("缺少：%(columns)s。"), _("请补上这些栏目。")
        ),
        "column_twice": Wording(
            _("栏目“%(heading)s”出现了不止一次。"),
            _("分别在 %(columns)s 列。"),
            _("请只保留一列。"),
        ),
        "cell_merged": Wording(
            _("单元格 %(address)s 是合并的，无法判断内容属于哪一行。"),
            _("每行须各自填写。"),
            _("请取消合并，并在每一行填写内容。"),
        ),
        "cell_formula": Wording(
            _("单元格 %(address)s 是公式。"),
            _("这里共有 %(number)s 个公式，其结果可能过时。"),
            _("请复制后选择性粘贴为数值。"),
        ),
        "sheet_hidden": Wording(
            _("隐藏的工作表没有读取。"), _("只读取看得见的工作表。"), _("如需导入，请取消隐藏。")
        ),
        "sheet_skipped": Wording(
            _("这张工作表没有读取。"), _("其中没有找到表头。"), _("如需导入，请加上与空白表相同的表头。")
        ),
        "columns_unknown": Wording(
            _("有不认识的栏目，没有读取。"),
            _("这些栏目是：%(columns)s。"),
            _("如有需要，请改为空白表中的名称。"),
        ),
        "columns_absent": Wording(
            _("有的栏目没有，按未填处理。"), _("没有的栏目是：%(columns)s。"), _("如有需要，请补上。")
        ),
        # The cell
        "cell_required": Wording(_("没有填写。"), _("这一栏为必填。"), _("请填写。")),
        "cell_too_long": Wording(_("内容太长。"), _("共 %(length)s 字，上限 %(limit)s 字。"), _("请缩短。")),
        "cell_is_error": Wording(
            _("单元格里是错误值，如 #N/A、#REF!。"),
            _("公式没有算出结果，内容无法读取。"),
            _("请改填数值或文字。"),
        ),
        "cell_is_date": Wording(
            _("这里应填文字，Excel 中却是日期或时间（%(value)s）。"),
            _("Excel 会把“3-1”之类的内容自动变成日期。"),
            _("请把单元格设为文本格式后重新填写。"),
        ),
        "cell_digits_lost": Wording(
            _("号码已被 Excel 变成科学计数法（%(value)s），末几位已丢失。"),
            _("Excel 的数字只保留 15 位。"),
            _("请把这一列设为文本格式，再重新填写完整的号码。"),
        ),
        "cell_not_whole": Wording(
            _("“%(value)s”不是整数。"), _("这一栏只能填整数，不带单位。"), _("请改为整数。")
        ),
        "cell_out_of_range": Wording(
            _("“%(value)s”超出了范围。"),
            _("这一栏应在 %(minimum)s 至 %(maximum)s 之间。"),
            _("请核对后改正。"),
        ),
        "cell_not_points": Wording(
            _("“%(value)s”不是有效的分数。"),
            _("分数为 0 至 100，最多两位小数。"),
            _("请改正，如 95.5。"),
        ),
        "cell_not_percent": Wording(
            _("“%(value)s”不是有效的百分数。"),
            _("这一栏填 0 至 100 的百分数，最多一位小数。"),
            _("请改正，如 51 或 51%%。"),
        ),
        "cell_percent_out_of_range": Wording(
            _("“%(value)s”超出了范围。"), _("这一栏应在 0%% 至 100%% 之间。"), _("请核对后改正。")
        ),
        "cell_percent_or_permille": Wording(
            _("“%(value)s”是百分数还是千分数，无法判断。"),
            _("这一栏的旧表头是“‰”，现在一律填百分数。"),
            _("请把表头改为“国有资本占比（%%）”并核对各行，或者在数字后写上 %%。"),
        ),
        "cell_percent_or_part": Wording(
            _("“%(value)s”是百分之几还是占全部的几分之几，无法判断。"),
            _("这一栏填百分数：一半填 50 或 50%%，全部填 100 或 100%%。"),
            _("请改正；确实不到百分之一的，请在数字后写上 %%。"),
        ),
        "cell_not_choice": Wording(
            _("“%(value)s”不在可填的内容之中。"), _("可填：%(choices)s。"), _("请从中选填一项。")
        ),
        # The row
        "unit_people_differ": Wording(
            _("申报人和单位审核人是同一人（%(name)s）。"),
            _("同一件申报须由两人分别填写和审核。"),
            _("请另填一人，或留空一项。"),
        ),
        "import_row_twice": Wording(
            _("同一内容出现了两次。"),
            _("另一处在工作表“%(sheet)s”第 %(row)s 行。"),
            _("请只保留一处。"),
        ),
        "import_employer_differs": Wording(
            _("“%(name)s”已经登记，内容与本行不同，不会被覆盖。"),
            _("不同的栏目：%(columns)s。"),
            _("请删去本行；如登记内容有误，请在单位页面更正。"),
        ),
        "import_employer_unknown": Wording(
            _("统一社会信用代码 %(credit_code)s 没有登记。"),
            _("申报的单位须先在单位登记中。"),
            _("请核对代码，或先导入该单位。"),
        ),
        "import_body_unknown": Wording(
            _("没有名为“%(value)s”的推荐单位。"),
            _("可以填代码（如 320581）或名称（如 常熟市）。"),
            _("请核对后改正。"),
        ),
        "import_body_ambiguous": Wording(
            _("名为“%(value)s”的推荐单位不止一个。"), _("代码分别是 %(codes)s。"), _("请改填代码。")
        ),
        "import_outside_area": Wording(
            _("%(body)s不在您的工作范围内，不能导入。"),
            _("这一步需要在%(body)s具有“%(act)s”的岗位权限。"),
            _("请删去本行，交由当地办理。"),
        ),
        "weights_body_foreign": Wording(
            _("这份测算中没有“%(value)s”。"),
            _("测算只包括直接下级单位；可以填代码（如 320500）或名称（如 苏州市）。"),
            _("请改正，或删去本行。"),
        ),
        "weights_body_twice": Wording(
            _("%(body)s出现了两次。"), _("第一次在第 %(row)s 行。"), _("请只保留一行。")
        ),
        "weights_name_differs": Wording(
            _("单位名称“%(value)s”与代码不符。"),
            _("这个代码是%(body)s。"),
            _("请核对是否错行，改正后重新上传。"),
        ),
        "weights_body_missing": Wording(
            _("有单位没有列入。"), _("缺少：%(bodies)s。"), _("请补齐；权数为 0 的单位也须列入。")
        ),
        "results_none": Wording(
            _("没有可以统计的上一周期命名结果。"),
            _("“%(award)s”在更早的周期中没有命名决定。"),
            _("请改用其他权数，或上传工作簿。"),
        ),
        "import_award_unknown": Wording(
            _("本周期没有名为“%(value)s”的奖项。"), _("本周期的奖项：%(awards)s。"), _("请改填其中之一。")
        ),
        "import_nominee_not_unit": Wording(
            _("这个奖项授予单位，推荐对象“%(value)s”与单位名称不同。"),
            _("该单位登记的名称是“%(name)s”。"),
            _("请核对单位，或不填推荐对象。"),
        ),
        "import_not_applicant": Wording(
            _("账号“%(value)s”不是该单位的申报人。"),
            _("申报单位是“%(unit)s”；账号也可能有误或已停用。"),
            _("请改填该单位申报人的登录名，或先在单位页面设定申报人。"),
        ),
        # The upload that waits for its confirmation
        "import_gone": Wording(
            _("待确认的文件已不在，没有再次导入。"),
            _("它已经导入过，或已被您后来上传的文件取代。"),
            _("请查看结果；如需导入，请重新上传。"),
        ),
    }
)

# Somebody was faster, or the form is older than the data

register(
    {
        "stale": Wording(
            _("内容已有变化，您的操作没有保存。"),
            _("您打开页面之后，这份材料又有人办理或修改过。"),
            _("请刷新页面，看过最新情况后再办理。"),
        ),
        "unreviewed_at_desk": Wording(
            _("%(body)s还有 %(number)s 件申报没有审结，名单没有提交。"),
            _("它们不会列入这份名单：%(entries)s。"),
            _("请先审结，或者看过这些申报以后再提交一次。"),
        ),
        "changed_meanwhile": Wording(
            _("内容刚刚有变化，您的操作没有保存。"),
            _("有人同时办理了同一份材料。"),
            _("请刷新页面，看过最新情况后再办理。"),
        ),
        "somebody_was_faster": Wording(
            _("这份申报已由%(who)s办理，您的意见没有保存。"),
            _("办理时间：%(at)s。"),
            _("请返回待办列表刷新；如有不同意见，请与其联系。"),
        ),
        "form_key_taken": Wording(
            _("这张申报表已由他人提交过。"), "", _("请重新打开申报页面，填写新的申报表。")
        ),
    }
)

# Where a nomination stands, and who may do what

register(
    {
        "nomination_state": Wording(
            _("这份申报现在不能“%(act)s”。"),
            _("当前状态为“%(state)s”。"),
            _("请刷新页面，查看申报进度和现在可以办理的事项。"),
        ),
        "office_not_asked": Wording(
            _("“%(award)s”在本单位不需要%(office)s审核。"),
            _("非联合审核的奖项，以及不设组织部的产业工会，只由总工会审核。"),
            _("请返回待办列表。"),
        ),
        "not_final_stage": Wording(
            _("现在不能记录评审得分。"),
            _("“%(award)s”的得分在%(stage)s评定时记录。"),
            _("请等申报上报到评定层级后再记录。"),
        ),
        "unit_role_not_held": Wording(
            _("您不能为该单位办理这一步。"),
            _("这一步由该单位的%(roles)s办理。"),
            _("如确应由您办理，请联系所在县级工会设置单位账号。"),
        ),
        "own_application": Wording(
            _("您不能审核自己经手的申报。"),
            _("这份申报由您填报、修改或在单位审核过。"),
            _("请转给另一位有权限的同事办理。"),
        ),
        "own_unit_on_list": Wording(
            _("名单上有您任职单位的申报，不能由您办理这份名单。"),
            _("本人在该单位担任申报人或单位审核人，须回避。"),
            _("请由同岗位的其他同志办理；没有其他人的，请联系管理员增派。"),
        ),
        "own_unit": Wording(
            _("您不能办理本单位的申报或核验。"),
            _("您是该单位的申报人或单位审核人，应当回避。"),
            _("请转给另一位有权限的同事办理。"),
        ),
        "own_unit_post": Wording(
            _("不能为自己设置单位账号。"),
            _("审核人员不能同时为申报单位办理申报。"),
            _("请为该单位的工作人员设置账号。"),
        ),
        "official_in_area": Wording(
            _("%(name)s不能担任%(unit)s的申报人或单位审核人。"),
            _("此人现任%(body)s%(role)s，该单位在其辖区内；办理审核的人不得替辖区内的单位申报。"),
            _("请为该单位的工作人员另开账号。"),
        ),
        "administrator_has_no_unit_post": Wording(
            _("%(name)s不能担任%(unit)s的申报人或单位审核人。"),
            _("此人担任管理员；系统管理员、安全管理员、审计管理员不得兼任任何其他岗位（三员分立）。"),
            _("请为该单位的工作人员另开账号。"),
        ),
        "unit_person_unknown": Wording(
            _("没有可以设为单位人员的账号“%(username)s”。"),
            _("只能选择为本辖区申报单位开设的、或已在其中任职且未停用的账号。"),
            _("请核对登录名；没有账号的，请在本页为其开设。"),
        ),
        "reviewed_at_other_stage": Wording(
            _("您已在%(stage)s审核过这份申报，不能再次审核。"),
            _("同一份申报在不同层级须由不同的人审核。"),
            _("请转给另一位有权限的同事办理。"),
        ),
        "reviewed_as_other_office": Wording(
            _("您已代表另一部门审核过这份申报，不能再次审核。"),
            _("联合审核由总工会和组织部分别提出意见，须由不同的人办理。"),
            _("请转给另一位有权限的同事办理。"),
        ),
    }
)

# Whether an application can pass at all

register(
    {
        "no_places": Wording(
            _("%(body)s没有“%(award)s”的推荐名额，不能申报。"),
            _("该单位在这个奖项中的名额为 0 个。"),
            _("请选择其他奖项或申报渠道，或联系%(body)s。"),
        ),
        "employer_cap": Wording(
            _("%(employer)s不能再申报“%(award)s”。"),
            _("每单位限报 %(cap)s 个，现有 %(live)s 个有效申报。"),
            _("请在已有的申报上办理；如需更换推荐对象，请先撤回原申报。"),
        ),
        "award_closed": Wording(
            _("这个奖项只评选非公有制企业，本单位不能申报。"),
            _("依据%(clause)s（%(rule)s）。本单位经核验不属于非公有制企业。"),
            _("请选择其他奖项；如控股情况已有变化，请提请所在县级工会重新核验。"),
        ),
        "award_closed_unverified": Wording(
            _("这个奖项只评选非公有制企业，本单位的所有制尚未核验，现在不能申报。"),
            _("依据%(clause)s（%(rule)s）。未经核验的单位按公有制计算。"),
            _("请携带股权证明，提请%(verifier)s总工会核验所有制，核验后再提交。"),
        ),
        "award_for_others": Wording(
            _("这个奖项只评选%(wanted)s，本推荐对象不能申报。"),
            _("依据%(clause)s（%(rule)s）。"),
            _("请核对填写的推荐对象情况，或选择其他奖项。"),
        ),
        "no_place_left": Wording(
            _("%(body)s的名额中没有本推荐对象可用的名额，不能申报。"),
            _("名额 %(places)s 个，依据%(clause)s（%(rule)s），均须用于其他类别。"),
            _("请选择其他奖项或申报渠道，或联系%(body)s。"),
        ),
        "no_place_left_unverified": Wording(
            _("%(body)s的名额全部用于非公有制企业，本单位的所有制尚未核验，现在不能申报。"),
            _("名额 %(places)s 个，依据%(clause)s（%(rule)s）。未经核验的单位按公有制计算。"),
            _("请携带股权证明，提请%(verifier)s总工会核验所有制，核验后再提交。"),
        ),
        "no_list_for_entry": Wording(
            _("%(body)s的名单列入本推荐对象后，不能同时符合各项规定，不能申报。"),
            _("名额 %(places)s 个，下列规定不能同时满足：%(rules)s。"),
            _("请选择其他奖项或申报渠道，或联系%(body)s。"),
        ),
        "ownership_unverified": Wording(
            _("%(employer)s的所有制尚未核验，按公有制计算。"),
            _("核验后才能计入非公有制占比；单位审核上报后，所有制按当时的核验情况固定。"),
            _("如属非公有制企业，请在上报前提请%(body)s总工会核验。"),
        ),
        "identity_age": Wording(
            _("请核对居民身份证号：年龄 %(age)s 岁。"),
            _("身份证号中的出生日期是 %(born)s。"),
            _("号码无误的，可以继续申报。"),
        ),
        "identity_of_male": Wording(
            _("身份证号与性别不一致。"),
            _("身份证号第 17 位是单数，为男性；填写的是女。"),
            _("请核对身份证号和性别；都无误的，可以继续申报。"),
        ),
        "identity_of_female": Wording(
            _("身份证号与性别不一致。"),
            _("身份证号第 17 位是双数，为女性；填写的是男。"),
            _("请核对身份证号和性别；都无误的，可以继续申报。"),
        ),
        "already_nominated": Wording(
            _("“%(nominee)s”已经申报“%(award)s”，不能重复申报。"),
            _(
                "已有一份有效申报，渠道：%(channel)s，推荐单位：%(body)s。同一推荐对象在同一周期同一奖项中只能申报一次。"
            ),
            _("请在已有的申报上办理，或先撤回原申报。"),
        ),
        "channel_unknown": Wording(_("没有选择申报渠道。"), "", _("请选择地方渠道或产业渠道。")),
        "no_industry_body": Wording(
            _("%(employer)s不能通过产业渠道申报。"),
            _("该单位没有登记所属的省产业工会。"),
            _("请选择地方渠道；如应归口产业工会，请联系所在县级工会更正登记。"),
        ),
        "channel_beyond_award": Wording(
            _("“%(award)s”不能通过产业渠道申报。"),
            _("该奖项由%(stage)s评定，产业渠道从市级开始。"),
            _("请选择地方渠道。"),
        ),
    }
)

# Whether an approval can lead onto a list

_INSTEAD = _("可以退回补正、不予推荐，或待上级调整名额后再办。")
_INSTEAD_OR_WAIT = _("可以退回补正、不予推荐，或待上级调整名额、其他申报到达后再办。")

register(
    {
        "approval_no_places": Wording(
            _("%(body)s在这个奖项中没有名额，现在不能通过。"), _("名额 %(places)s 个。"), _INSTEAD
        ),
        "approval_closed": Wording(
            _("这个奖项不评选这类推荐对象，不能通过。"),
            _("依据%(clause)s（%(rule)s），只评选%(serving)s。"),
            _("请不予推荐；申报类别有误的，退回补正。"),
        ),
        "approval_no_place_left": Wording(
            _("%(body)s的名额中没有本申报可用的名额，现在不能通过。"),
            _("名额 %(places)s 个，依据%(clause)s（%(rule)s），均须用于其他类别。"),
            _INSTEAD,
        ),
        "approval_short": Wording(
            _("%(body)s现有的申报组不成一份列入本申报又符合规定的名单，现在不能通过。"),
            _(
                "依据%(clause)s（%(rule)s）：列入本申报，至少还须列入%(serving)s %(needed)s 个，现有 %(available)s 个；"
                "拟推荐 %(approved)s 个、待审 %(pending)s 个，名额 %(places)s 个。"
            ),
            _INSTEAD_OR_WAIT,
        ),
        "approval_clash": Wording(
            _("%(body)s现有的申报组不成一份列入本申报又符合各项规定的名单，现在不能通过。"),
            _(
                "拟推荐 %(approved)s 个、待审 %(pending)s 个，名额 %(places)s 个；下列规定不能同时满足：%(rules)s。"
            ),
            _INSTEAD_OR_WAIT,
        ),
        "approval_clash_of_plan": Wording(
            _("%(body)s的名单列入本申报后，不能同时符合各项规定，现在不能通过。"),
            _("名额 %(places)s 个，下列规定不能同时满足：%(rules)s。"),
            _INSTEAD,
        ),
    }
)

# What is filled in

register(
    {
        "required": Wording(_("没有填写。"), _("这一项为必填。"), _("请填写后再提交。")),
        "choice_unknown": Wording(_("所选内容不在可选范围内。"), "", _("请重新选择。")),
        "text_too_long": Wording(
            _("内容太长。"), _("现有 %(length)s 字（不计空格），上限 %(limit)s 字。"), _("请缩短后保存。")
        ),
        "only_of_persons": Wording(
            _("这一栏只用于推荐个人。"),
            _("本奖项推荐的是%(kind)s。"),
            _("请清空这一栏；如推荐的是个人，请选择相应的奖项。"),
        ),
        "number_below_zero": Wording(_("人数不能为负数。"), "", _("请填写 0 或正整数。")),
        "team_size_range": Wording(
            _("集体人数不对。"), _("人数应在 1 至 100,000 之间。"), _("请核对后改正。")
        ),
        "score_range": Wording(
            _("分数不对。"), _("分数应在 0 至 %(most)s 之间，最多两位小数。"), _("请核对后改正。")
        ),
        "identity_number_shape": Wording(
            _("居民身份证号不对。"), _("应为 17 位数字加 1 位数字或字母 X。"), _("请对照身份证重新填写。")
        ),
        "identity_number_check_digit": Wording(
            _("居民身份证号不对。"),
            _("最后一位校验码与前 17 位不符，可能有一位输错，或相邻两位颠倒。"),
            _("请对照身份证重新填写。"),
        ),
        "identity_number_birth_date": Wording(
            _("居民身份证号不对。"), _("第 7 至 14 位不是有效的出生日期。"), _("请对照身份证重新填写。")
        ),
        "union_funds_not_paid": Wording(
            _("工会经费没有足额拨缴，不能提交。"),
            _("工会经费按工资总额的百分之二足额拨缴，是申报的前提。"),
            _("请核实；已足额拨缴的，请勾选确认。"),
        ),
        "evidence_missing": Wording(
            _("缺少证明材料“%(kind)s”。"), _("这类材料至少须有一份。"), _("请上传后再提交。")
        ),
        "opinion_text_required": Wording(
            _("没有填写意见。"),
            _("结论为“%(outcome)s”时，须写明理由，申报单位会看到。"),
            _("请填写意见后再提交。"),
        ),
        "return_route_required": Wording(
            _("没有选择补正后的去向。"),
            _("退回补正时，须写明补正后直接交回本级，还是从第一级重新审核。"),
            _("请选择后再提交。"),
        ),
    }
)

# The unit's democratic procedure

register(
    {
        "procedure_missing": Wording(
            _("没有登记民主程序，不能上报。"),
            _("须登记职工代表大会（职工大会）表决、单位公示和党组织意见。"),
            _("请由单位审核人登记后再上报。"),
        ),
        "vote_nobody_entitled": Wording(
            _("应到人数不对。"), _("应到人数至少为 1 人。"), _("请对照会议纪要填写。")
        ),
        "vote_more_present_than_entitled": Wording(
            _("实到人数多于应到人数。"),
            _("应到 %(entitled)s 人，实到 %(present)s 人。"),
            _("请对照会议纪要改正。"),
        ),
        "vote_no_quorum": Wording(
            _("到会人数不足，会议表决无效。"),
            _("应到 %(entitled)s 人，实到 %(present)s 人；须有三分之二以上到会，即不少于 %(required)s 人。"),
            _("请对照会议纪要改正；如确未达到，须重新召开会议。"),
        ),
        "vote_does_not_add_up": Wording(
            _("票数与实到人数不符。"),
            _("同意、反对、弃权合计 %(total)s 票，实到 %(present)s 人。"),
            _("请对照会议纪要改正。"),
        ),
        "vote_no_majority": Wording(
            _("同意票没有过半数，不能上报。"),
            _(
                "应到 %(entitled)s 人，同意 %(votes_for)s 票；须超过应到人数的一半，即不少于 %(required)s 票。"
            ),
            _("请对照会议纪要改正；如确未过半数，不能推荐该对象。"),
        ),
        "meeting_in_future": Wording(
            _("会议日期还没有到。"), _("填写的是 %(date)s，今天是 %(today)s。"), _("请对照会议纪要改正。")
        ),
        "notice_ends_before_start": Wording(
            _("单位公示的结束日期早于开始日期。"),
            _("开始 %(starts_on)s，结束 %(ends_on)s。"),
            _("请改正日期。"),
        ),
        "notice_before_meeting": Wording(
            _("单位公示早于会议表决。"),
            _("会议日期 %(meeting_date)s，公示开始 %(starts_on)s；应先表决通过，再公示。"),
            _("请改正日期；如确是先公示后表决，须重新公示。"),
        ),
        "notice_not_over": Wording(
            _("单位公示还没有结束。"),
            _("结束日期 %(date)s，今天是 %(today)s。"),
            _("请在公示期满后再登记和上报。"),
        ),
        "notice_too_short": Wording(
            _("单位公示时间不够。"),
            _(
                "须公示 %(days)s 个%(unit)s；从 %(starts_on)s 起，最早到 %(earliest)s 期满，填写的是 %(ends_on)s。"
            ),
            _("请改正日期；如确未满，须补足公示时间。"),
        ),
        "unit_notice_unannounced": Wording(
            _("单位公示跨入 %(years)s 年，放假安排尚未录入，结束日期无法核算。"),
            _("填写的结束日期为 %(ends_on)s；不计尚未公布的调休，约为 %(estimate)s。"),
            _("请写明结束日期由谁、按什么确定；也可以请系统管理员先在“工作日历”中录入该年安排。"),
        ),
        "notice_place_missing": Wording(
            _("没有填写公示地点或方式。"), "", _("请写明张贴地点或发布方式，例如厂务公开栏、企业内网。")
        ),
        "unit_objection_open": Wording(
            _("单位公示期间有异议，不能上报。"),
            _("有异议的，须由单位核查清楚。"),
            _("请先核查处理；异议已查清不成立的，取消勾选，并在证明材料中附核查情况。"),
        ),
        "party_opinion_missing": Wording(
            _("没有填写党组织意见。"), _("推荐须经同级或上级党组织同意。"), _("请填写意见和日期。")
        ),
        "party_opinion_in_future": Wording(
            _("党组织意见的日期还没有到。"), _("填写的是 %(date)s，今天是 %(today)s。"), _("请改正日期。")
        ),
    }
)

# Evidence

register(
    {
        "storage_full": Wording(
            _("服务器的存储空间已满，文件没有保存。"),
            _("没有留下不完整的文件，其他内容也没有改动。"),
            _("请稍后再试，并告知系统管理员。"),
        ),
        "database_busy": Wording(
            _("别人正在办理同一事项，这次没有办成。"),
            _("等候超过了时限；您这次的操作没有保存任何内容。"),
            _("请过几秒钟返回上一页再试。"),
        ),
        "database_busy_partly": Wording(
            _("别人正在办理同一事项，这次只办成了一部分。"),
            _("在此之前办成的已经保存，其余的没有保存。"),
            _("请先查看哪些已经办成，再办理其余的。"),
        ),
        "evidence_empty": Wording(_("这是一个空文件。"), _("文件大小为 0。"), _("请重新选择文件。")),
        "evidence_too_large": Wording(
            _("文件太大，不能上传。"),
            _("文件约 %(megabytes)s MB，上限 %(most)s MB。"),
            _("请压缩图片或拆分文件后上传。"),
        ),
        "evidence_type_not_taken": Wording(
            _("不能上传这种文件。"),
            _("可以上传的类型：%(types)s。按文件内容判断，改扩展名不起作用。"),
            _("请另存为其中一种，或打印成 PDF 后上传。"),
        ),
        "evidence_not_what_it_says": Wording(
            _("文件内容与扩展名不符。"),
            _("扩展名是 %(ending)s，内容是 %(found)s。"),
            _("请用原来的软件打开，另存后再上传。"),
        ),
        "evidence_unpacks_too_large": Wording(
            _("文件展开后太大，不能上传。"),
            _("展开后的上限为 %(most)s MB。"),
            _("请打印成 PDF 后上传。"),
        ),
        "evidence_has_macros": Wording(
            _("文件中含有宏，不能上传。"),
            _("宏可能含有恶意程序。"),
            _("请另存为不含宏的文件，或打印成 PDF 后上传。"),
        ),
        "evidence_too_many": Wording(
            _("文件太多，不能再上传。"),
            _("每份申报最多 %(most)s 个文件。"),
            _("请删去不需要的，或合并成一个 PDF。"),
        ),
    }
)

# Units

register(
    {
        "credit_code_length": Wording(
            _("统一社会信用代码不对。"),
            _("应为 18 位，填写的是 %(length)s 位。"),
            _("请对照营业执照重新填写。"),
        ),
        "credit_code_letters": Wording(
            _("统一社会信用代码不对。"),
            _("第 3 至 8 位应为数字，其余为数字或大写字母，且不使用 I、O、S、V、Z。"),
            _("请对照营业执照重新填写，注意区分 0 与 O、1 与 I、2 与 Z。"),
        ),
        "credit_code_check_digit": Wording(
            _("统一社会信用代码不对。"),
            _("最后一位校验码与前 17 位不符，可能有一位输错，或相邻两位颠倒。"),
            _("请对照营业执照重新填写。"),
        ),
        "credit_code_of_union": Wording(
            _("这是工会的代码，不是单位的代码。"),
            _("以 81 开头的是工会统一社会信用代码。"),
            _("请把它填入“工会统一社会信用代码”，这里填写营业执照上的代码。"),
        ),
        "union_code_not_of_union": Wording(
            _("这不是工会的代码。"),
            _("工会统一社会信用代码以 81 开头。"),
            _("请对照工会法人资格证书填写；没有的可以不填。"),
        ),
        "employer_known": Wording(
            _("该单位已经登记，不能重复登记。"),
            _("这个代码登记的是“%(name)s”，所在地：%(body)s。"),
            _("请直接使用已登记的单位；如信息有误，请在单位页面更正。"),
        ),
        "employer_known_elsewhere": Wording(
            _("这个统一社会信用代码已经登记。"),
            _("登记在您的工作范围之外。"),
            _("请核对代码；无误的，请联系省级工作人员查明登记单位。"),
        ),
        "body_not_a_county": Wording(
            _("所在县（市、区）不对。"),
            _("“%(body)s”不是县（市、区）。"),
            _("请选择单位所在的县（市、区）。"),
        ),
        "body_not_an_industry_union": Wording(
            _("所属省产业工会不对。"), _("“%(body)s”不是省产业工会。"), _("请重新选择；没有的可以不选。")
        ),
        "people_range": Wording(_("人数不对。"), _("人数应为 0 或正整数。"), _("请核对后改正。")),
        "more_members_than_employees": Wording(
            _("会员或党员人数多于职工人数。"),
            _("填写 %(members)s 人，职工 %(employees)s 人。"),
            _("请核对两个人数。"),
        ),
        "permille_range": Wording(
            _("国有资本占比不对。"), _("应在 0%% 至 100%% 之间，最多一位小数。"), _("请核对后改正。")
        ),
        "control_undecided": Wording(
            _("没有核定控股情况。"), _("核验须有明确的结论，不能是“待核定”。"), _("请对照证明材料选择。")
        ),
        "proof_required": Wording(
            _("没有填写核验依据。"),
            _("所有制须凭证明材料核验，例如股权结构、章程、企业信用信息公示系统查询结果。"),
            _("请写明依据的材料名称和日期。"),
        ),
    }
)

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
