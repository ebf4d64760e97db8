"""What a bound asks, what mends a slate, and what cannot be kept together, in words."""

from collections.abc import Sequence
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.records.wording import label_word
from quotas.arithmetic import shares
from quotas.base.states import NomineeKind
from quotas.base.wording import word

TYPED_PLACES_CLAUSE = _("上级下达的名额分配表")
"""Where typed places come from, which have no clause of their own."""


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
    """The fewest changes that mend a slate, in one sentence."""
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
    """That no slate can be legal, in one sentence."""
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
