"""What a bound asks, what mends a slate, and what cannot be kept together, in words."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from quotas.arithmetic import shares
from quotas.base.states import NomineeKind
from quotas.base.wording import register_word, word
from quotas.editions.label_words import labels_word
from quotas.editions.wording import predicate_word
from quotas.selection.advice import Clash, EntryChange, Relief, Remedy, SlateConflict, Trait, Unadvised
from quotas.selection.judge import SlateRepair
from quotas.selection.plan import SlateBound

SLOTS_CLAUSE = _("上级下达的名额分配表")
"""Where slots come from, which have no clause of their own."""


def entries_word(number: int, nominee: str, traits: Sequence[Trait]) -> str:
    """A number of entries of a kind in words: 2 家非公有制单位, 1 人（女、一线职工）. Ownership alone stands before the noun."""
    figures = {
        "number": number,
        "kind": gettext("、").join(labels_word(labels, carried=carried) for labels, carried in traits),
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


def remedy_summary(remedy: Remedy) -> str:
    """The fewest changes that mend a slate, in one sentence."""
    parts = [gettext("移出已不在拟推荐库中的 %(gone)s 个") % {"gone": remedy.gone}] if remedy.gone else []
    if remedy.drop:
        parts.append(gettext("减少 %(entries)s") % {"entries": _changes_word(remedy.drop)})
    if remedy.add:
        parts.append(gettext("增加 %(entries)s") % {"entries": _changes_word(remedy.add)})
    first = gettext("，").join(parts)
    if not remedy.instead:
        return gettext("%(first)s，即可符合全部规定。") % {"first": first}
    ways = {"first": first, "entries": _changes_word(remedy.instead)}
    if remedy.drop or remedy.gone:
        return gettext("%(first)s；或者只减少 %(entries)s，即可符合全部规定。") % ways
    return gettext("%(first)s，或者减少 %(entries)s，即可符合全部规定。") % ways


def remedy_details(remedy: Remedy) -> tuple[str, ...]:
    """Whom to choose for each kind of entry."""
    return (
        *(gettext("减少 %(entries)s：%(names)s。") % _told(one) for one in remedy.drop),
        *(_choice(one) for one in remedy.add),
        *(gettext("或者减少 %(entries)s：%(names)s。") % _told(one) for one in remedy.instead),
    )


def _choice(change: EntryChange) -> str:
    if not change.available:
        return gettext("增加 %(entries)s：%(names)s。") % _told(change)
    return gettext("增加 %(entries)s：拟推荐库中有 %(available)s 个可选：%(names)s。") % _told(change)


def _told(change: EntryChange) -> dict[str, object]:
    return {
        "entries": change_word(change),
        "available": change.available,
        "names": gettext("、").join(one.label for one in change.named),
    }


def change_word(change: EntryChange) -> str:
    """The number and the kind of the entries of a change."""
    return entries_word(change.number, change.nominee, change.traits)


def _changes_word(changes: Sequence[EntryChange]) -> str:
    return gettext("、").join(map(change_word, changes))


@register_word(Remedy)
def remedy_word(remedy: Remedy) -> str:
    """All of it, for the refusal."""
    return "".join(advice_lines(remedy))


def advice_lines(advice: Remedy | SlateConflict | Unadvised) -> tuple[str, ...]:
    """What mends a slate, or why nothing does: the sentence that sums it up, then whom to choose or what contradicts."""
    if isinstance(advice, Remedy):
        return remedy_summary(advice), *remedy_details(advice)
    if isinstance(advice, Unadvised):
        return (gettext("在限定时间内未能算出调整建议，请先按各项逐条调整。"),)
    return conflict_summary(advice), *conflict_details(advice)


def conflict_summary(conflict: SlateConflict) -> str:
    """That no slate can be legal, in one sentence."""
    return gettext("名单与拟推荐库共有 %(available)s 个可选，从中选不出符合全部规定的名单。") % {
        "available": conflict.available
    }


def conflict_details(conflict: SlateConflict) -> tuple[str, ...]:
    """The bounds that cannot be kept together, and what alone would mend it."""
    return (*conflict_reasons(conflict), *conflict_ways(conflict))


def conflict_reasons(conflict: SlateConflict) -> tuple[str, ...]:
    """The bounds that cannot be kept together, a sentence for each."""
    if not conflict.clashes:
        return (gettext("可选的申报太少。"),)
    lines = [_clash_word(clash) for clash in conflict.clashes]
    if conflict.places is not None:
        lines.append(gettext("正选名额 %(places)s 个。") % {"places": conflict.places})
    return tuple(lines)


def _clash_word(clash: Clash) -> str:
    bound = clash.bound
    return gettext("“%(label)s”要求%(asks)s（依据：%(clause)s）；可选的%(kind)s有 %(available)s 个。") % {
        "label": name_of(bound),
        "asks": asked(bound.asked, of_places=bound.of_places),
        "clause": clause_of(bound),
        "kind": counted_word(bound),
        "available": clash.available,
    }


@register_word(SlateConflict)
def conflict_word(conflict: SlateConflict) -> str:
    """The reasons, for the figures of the refusal."""
    return "".join(conflict_reasons(conflict))


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


def conflict_ways(conflict: SlateConflict) -> tuple[str, ...]:
    """What alone would mend a conflict, and where to turn."""
    ways = gettext("，或者").join(_relief_word(one) for one in conflict.reliefs)
    return (
        *([gettext("若%(ways)s，即可选出。") % {"ways": ways}] if ways else []),
        gettext("规定与名额本身有矛盾，与可选哪些无关，请报请上级研究。")
        if conflict.inherent
        else gettext("本级还有申报待审的，请先审结；已经审结的，请报请上级研究。"),
    )


def _relief_word(relief: Relief) -> str:
    if relief.bound is None:
        return gettext("名额增加 %(by)s 个") % {"by": relief.by}
    if relief.bound.figures.sense == "min":
        text = gettext("“%(label)s”少要求 %(by)s 个")
    else:
        text = gettext("“%(label)s”多允许 %(by)s 个")
    return text % {"label": name_of(relief.bound), "by": relief.by}


def base_word(*, of_places: bool) -> str | Promise:
    """What a share is taken of: the places that were given, or the entries that count."""
    return _("分配名额") if of_places else _("计入基数")


def name_of(bound: SlateBound) -> str:
    """What a bound is called."""
    if bound.source == "slot":
        return gettext("%(words)s分类名额") % {"words": bound.label or kinds_word(bound, carried=True)}
    if bound.source == "part":
        return gettext("%(rule)s（本单位的分解数）") % {"rule": bound.label}
    return gettext("%(rule)s（按分解数折算）") % {"rule": bound.label} if bound.parted else bound.label


def clause_of(bound: SlateBound) -> str:
    """Where a bound comes from."""
    return bound.clause or str(SLOTS_CLAUSE)


def kinds_word(bound: SlateBound, *, carried: bool) -> str:
    """What entries of the kinds that a bound names are called; with `carried` false, those of none of them."""
    return predicate_word(bound.kinds, carried=carried)


def counted_word(bound: SlateBound) -> str:
    """What the entries that the bound counts are called."""
    return kinds_word(bound, carried=not bound.without)


def held_back_word(bound: SlateBound) -> str:
    """What the other entries of its base are called."""
    return kinds_word(bound, carried=bound.without)


@register_word(SlateRepair)
def repair_word(repair: SlateRepair) -> str:
    """The ways to mend a bound by itself, for the refusal and the meter alike."""
    return ways(
        wanted=kinds_word(repair.bound, carried=repair.counted_wanted),
        unwanted=kinds_word(repair.bound, carried=not repair.counted_wanted),
        add=repair.add,
        drop=repair.drop,
        exchange=repair.exchange,
        candidates=[candidate.label for candidate in repair.candidates],
    )


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
    """One of several bounds that cannot be kept together, with what it asks of a full slate and its clause."""
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
    """What a bound still allows: of the entries it holds back, how many a slate can carry now and at the most."""
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
