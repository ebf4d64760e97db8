"""How rules and targets read, and the ledger of awards and their editions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quotas.base.states import (
    Basis,
    NomineeKind,
    RuleKind,
    Sense,
    Stage,
)
from quotas.base.wording import StreamWords, Telling, Text, label_word, word


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


def rule_words(rule: Any) -> str:
    """How a rule reads: "非公有制 不低于 1/2（以全部名单为基数）". It has the fields of `quotas.models.ShareRule`."""
    counted = label_word(f"{rule.facet}:{rule.value}")
    notes = [_base_words(rule)] if _base_words(rule) else []
    if rule.stages:
        notes.append(gettext("仅%(stages)s") % {"stages": word([Stage(stage) for stage in rule.stages])})
    if not notes:
        return gettext("%(counted)s %(bound)s") % {"counted": counted, "bound": bound_words(rule)}
    return gettext("%(counted)s %(bound)s（%(notes)s）") % {
        "counted": counted,
        "bound": bound_words(rule),
        "notes": gettext("，").join(notes),
    }


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
    base = label_word(f"{rule.base_facet}:{rule.base_value}") if rule.base_facet else ""
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
    "facet": _("属性"),
    "value": _("取值"),
    "base_facet": _("基数属性"),
    "base_value": _("基数取值"),
    "sense": _("方向"),
    "kind": _("方式"),
    "basis": _("基数"),
    "numerator": _("分子或数量"),
    "denominator": _("分母"),
    "stages": _("适用层级"),
    "clause": _("依据"),
}
"""What the fields of a rule are called."""


TARGET_FIELD_WORDS: Mapping[str, Text] = {
    "stage": _("对象层级"),
    "number": _("数量"),
    "due_on": _("截至"),
}
"""What the fields of a target are called that a rule has not."""


STREAMS: Mapping[str, StreamWords] = {
    "award": StreamWords(
        _("奖项目录"),
        {
            "load_award": _("载入奖项和规则"),
            "compose_edition": _("起草规则"),
            "set_edition": _("修改来源文件和每单位限报"),
            "put_rule": _("写入一条规则"),
            "drop_rule": _("删除一条规则"),
            "put_target": _("写入一个目标"),
            "drop_target": _("删除一个目标"),
            "publish_edition": _("发布规则"),
            "discard_edition": _("作废规则草稿"),
        },
        {
            **RULE_FIELD_WORDS,
            "source": _("来源文件"),
            "employer_cap": _("每单位限报"),
            "based_on": _("以第几版为基础"),
            "name": _("名称"),
            "short_name": _("简称"),
            "order": _("次序"),
            "nominee_kind": _("推荐对象"),
            "final_stage": _("评定层级"),
            "joint": _("联合审核"),
            "clause": _("依据"),
            "edition": _("规则版次"),
            "rules": _("规则"),
            "targets": _("目标"),
            **TARGET_FIELD_WORDS,
        },
        {
            "stage": {stage.value: stage.label for stage in Stage},
            "nominee_kind": {kind.value: kind.label for kind in NomineeKind},
            "final_stage": {stage.value: stage.label for stage in Stage},
            "sense": {sense.value: sense.label for sense in Sense},
            "kind": {kind.value: kind.label for kind in RuleKind},
            "basis": {basis.value: basis.label for basis in Basis},
        },
        tellings={
            "load_award": Telling(_("%(who)s载入了奖项“%(thing)s”和第 %(edition)s 版规则")),
            "compose_edition": Telling(_("%(who)s起草了“%(thing)s”的规则")),
            "set_edition": Telling(_("%(who)s修改了“%(thing)s”规则草稿的来源文件和每单位限报")),
            "put_rule": Telling(_("%(who)s在“%(thing)s”规则草稿中写入“%(label)s”")),
            "drop_rule": Telling(_("%(who)s从“%(thing)s”规则草稿中删除“%(label)s”")),
            "put_target": Telling(_("%(who)s在“%(thing)s”规则草稿中写入目标“%(label)s”")),
            "drop_target": Telling(_("%(who)s从“%(thing)s”规则草稿中删除目标“%(label)s”")),
            "publish_edition": Telling(_("%(who)s发布了“%(thing)s”的规则")),
            "discard_edition": Telling(_("%(who)s作废了“%(thing)s”的规则草稿")),
        },
    ),
}
