"""How rules and targets read, and the ledger of awards and their editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quotas.base.states import (
    Basis,
    KeptBy,
    RuleKind,
    Sense,
    Stage,
)
from quotas.base.wording import Text, word
from quotas.editions.label_words import facet_word, labels_word
from quotas.selection.labels import Predicate, predicate_of, taken_apart


class Relaxed(NamedTuple):
    """One rule that would have to give way, among the figures of a refusal; without a name, the places, and by how many.

    How far a rule gives way depends on how long the list is, which nobody knows yet.
    """

    name: str | None
    by: int

    @property
    def label(self) -> str:
        """In words."""
        if self.name is None:
            return gettext("名额增加 %(by)s 个") % {"by": self.by}
        return gettext("放宽“%(name)s”") % {"name": self.name}


def predicate_word(kinds: Sequence[Predicate], *, carried: bool = True) -> str:
    """What an entry that meets one of the predicates is called; with `carried` false, one that meets none of them."""
    only = [kind.only for kind in kinds]
    if all(only):
        return labels_word(sorted(filter(None, only)), carried=carried)
    words = gettext("或").join(map(_conditions_word, kinds))
    return words if carried else gettext("%(words)s以外") % {"words": words}


def _conditions_word(kind: Predicate) -> str:
    """All conditions of a predicate: 非公有制且一线职工（不含产业工人）."""
    left_out = taken_apart(kind).left_out
    wanted = gettext("且").join(labels_word(sorted(one.labels)) for one in kind.conditions if not one.negated)
    if not left_out:
        return wanted or gettext("全部")
    if not wanted:
        return labels_word(left_out, carried=False)
    return gettext("%(wanted)s（不含%(left_out)s）") % {"wanted": wanted, "left_out": labels_word(left_out)}


@dataclass(frozen=True, slots=True)
class PredicateWord:
    """A predicate among the figures of a refusal: it is written by its words."""

    predicate: Predicate

    @property
    def label(self) -> str:
        """What it is called."""
        return predicate_word([self.predicate])


def rule_words(rule: Any) -> str:
    """How a rule reads: "非公有制 不低于 1/2（以全部名单为基数）". It has the fields of `quotas.models.ShareRule`."""
    counted = predicate_word([predicate_of(rule.counted)]) if rule.counted or not rule.each else ""
    if rule.each:
        each = {"facet": facet_word(rule.each), "counted": counted}
        counted = gettext("每个%(facet)s的%(counted)s") % each if counted else gettext("每个%(facet)s") % each
    notes = [_base_words(rule)] if _base_words(rule) else []
    if rule.stages:
        notes.append(gettext("仅%(stages)s") % {"stages": word([Stage(stage) for stage in rule.stages])})
    if rule.advisory:
        notes.append(gettext("不符合时可以报批"))
    if rule.kept == KeptBy.PARTS:
        notes.append(gettext("分解到各单位"))
    if not notes:
        return gettext("%(counted)s %(bound)s") % {"counted": counted, "bound": bound_words(rule)}
    return gettext("%(counted)s %(bound)s（%(notes)s）") % {
        "counted": counted,
        "bound": bound_words(rule),
        "notes": gettext("，").join(notes),
    }


_OF_THE_WHOLE = ("省以上", "受表彰的")
"""Words of a clause that speak of all who are honoured together, not of each list that is sent up."""


def of_the_whole(clause: str) -> str:
    """Why a share may be kept in parts, where its clause speaks of the whole; empty where it does not."""
    said = next((words for words in _OF_THE_WHOLE if words in clause), None)
    if said == "省以上":
        return gettext("条文所指为省以上表彰的整体，可按全盘折算（分解）；不选分解，就是各自达标。")
    if said:
        return gettext("条文所指为“%(said)s”整体，可按全盘折算（分解）；不选分解，就是各自达标。") % {
            "said": said
        }
    return ""


def target_words(target: Any) -> str:
    """How a target reads: "每个县级单位累计命名 10 个，2023年12月31日前". It has the fields of `quotas.models.Target`."""
    return gettext("每个%(stage)s单位累计命名 %(number)s 个，%(due_on)s前") % {
        "stage": Stage(target.stage).label,
        "number": target.number,
        "due_on": word(target.due_on),
    }


def bound_words(rule: Any) -> str:
    """Only how much a rule asks: "不低于 1/2", "不超过 3 个", "高于上一周期"."""
    if rule.kind == RuleKind.ABOVE:
        return gettext("高于上一周期的占比")
    if rule.kind == RuleKind.SHARE and rule.sense == Sense.MIN and rule.numerator == rule.denominator:
        return gettext("应占全部")
    asked = (
        word(Fraction(rule.numerator, rule.denominator))
        if rule.kind == RuleKind.SHARE
        else gettext("%(number)s 个") % {"number": rule.numerator}
    )
    return f"{Sense(rule.sense).label} {asked}"


def _base_words(rule: Any) -> str:
    """What a rule is taken of. A number needs a base only to say among whom it is counted."""
    base = predicate_word([predicate_of(rule.base)]) if rule.base else ""
    match rule.basis:
        case Basis.ALLOTTED:
            return gettext("以分配名额为基数")
        case Basis.AWARDED if base:
            return gettext("以实际表彰名单中的%(base)s为基数") % {"base": base}
        case Basis.AWARDED:
            return gettext("以实际表彰名单为基数")
    if base:
        return gettext("以%(base)s为基数") % {"base": base}
    return "" if rule.kind == RuleKind.COUNT else gettext("以全部名单为基数")


RULE_FIELD_WORDS: Mapping[str, Text] = {
    "code": _("代码"),
    "label": pgettext_lazy("占比规则", "名称"),
    "counted": _("计数对象"),
    "base": _("基数范围"),
    "each": _("逐个核验"),
    "sense": _("方向"),
    "kind": _("方式"),
    "basis": _("基数"),
    "numerator": _("分子或数量"),
    "denominator": _("分母"),
    "stages": _("适用层级"),
    "clause": _("依据"),
    "advisory": _("不符合时可以报批"),
    "kept": _("怎么落实"),
}
"""What the fields of a rule are called."""
