"""How the ledger tells what was done to editions of rules."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quotas.base.states import (
    Basis,
    ConditionKind,
    FieldType,
    KeptBy,
    NomineeKind,
    RuleKind,
    Sense,
    Stage,
)
from quotas.base.wording import Text
from quotas.editions.label_words import facet_word
from quotas.editions.wording import RULE_FIELD_WORDS
from quotas.ledger.tellings import StreamWords, Telling


class _FacetWords(dict[str, Text]):
    """What facets are called, also those that are rows."""

    def get(self, key: str, _default: Any = None) -> str:
        return facet_word(key)


_TARGET_FIELDS: Mapping[str, Text] = {
    "stage": _("对象层级"),
    "number": _("数量"),
    "due_on": _("截至"),
}
"""What the fields of a target are called that a rule has not."""

_ASKED_FIELDS: Mapping[str, Text] = {
    "key": _("代码"),
    "type": _("类型"),
    "section": _("所在部分"),
    "options": _("选项"),
    "columns": _("栏目"),
    "unit": _("计量单位"),
    "least": _("下限"),
    "most": _("上限"),
    "required": _("必填"),
    "asked_of": _("由谁填写"),
    "countable": _("用于计数"),
    "listed": _("列入汇总表"),
    "public": _("可以公示"),
    "personal": _("个人信息"),
    "help": _("填写说明"),
}
"""What the parts of a field of the application are called that a rule has not."""

STREAMS: Mapping[str, StreamWords] = {
    "award": StreamWords(
        _("奖项目录"),
        {
            "load_award": _("载入奖项和规则"),
            "compose_edition": _("起草规则"),
            "set_edition": _("修改来源文件和每单位限报"),
            "put_rule": _("写入一条规则"),
            "drop_rule": _("删除一条规则"),
            "put_field": _("写入一个申报字段"),
            "drop_field": _("删除一个申报字段"),
            "move_field": _("调整申报字段的次序"),
            "put_target": _("写入一个目标"),
            "drop_target": _("删除一个目标"),
            "put_condition": _("写入一个申报条件"),
            "drop_condition": _("删除一个申报条件"),
            "publish_edition": _("发布规则"),
            "discard_edition": _("作废规则草稿"),
        },
        {
            **RULE_FIELD_WORDS,
            "any": _("属于"),
            "none": _("不含"),
            "source": _("来源文件"),
            "employer_cap": _("每单位限报"),
            "most_named": _("几年内至多命名"),
            "most_years": _("几年"),
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
            "conditions": _("申报条件"),
            "awards": _("奖项"),
            "years": _("几年以内"),
            "field_key": _("数字字段"),
            "refuses": _("不符合的不予受理"),
            "fields": _("申报字段"),
            **_ASKED_FIELDS,
            **_TARGET_FIELDS,
        },
        {
            "stage": {stage.value: stage.label for stage in Stage},
            "nominee_kind": {kind.value: kind.label for kind in NomineeKind},
            "final_stage": {stage.value: stage.label for stage in Stage},
            "sense": {sense.value: sense.label for sense in Sense},
            "kind": {kind.value: kind.label for kind in (*RuleKind, *ConditionKind)},
            "each": _FacetWords(),
            "type": {type_.value: type_.label for type_ in FieldType},
            "basis": {basis.value: basis.label for basis in Basis},
            "kept": {kept.value: kept.label for kept in KeptBy},
        },
        tellings={
            "load_award": Telling(_("%(who)s载入了奖项“%(thing)s”和第 %(edition)s 版规则")),
            "compose_edition": Telling(_("%(who)s起草了“%(thing)s”的规则")),
            "set_edition": Telling(_("%(who)s修改了“%(thing)s”规则草稿的来源文件和每单位限报")),
            "put_rule": Telling(_("%(who)s在“%(thing)s”规则草稿中写入“%(label)s”")),
            "drop_rule": Telling(_("%(who)s从“%(thing)s”规则草稿中删除“%(label)s”")),
            "put_field": Telling(_("%(who)s在“%(thing)s”规则草稿中写入申报字段“%(label)s”")),
            "drop_field": Telling(_("%(who)s从“%(thing)s”规则草稿中删除申报字段“%(label)s”")),
            "move_field": Telling(_("%(who)s调整了“%(thing)s”规则草稿中申报字段的次序")),
            "put_target": Telling(_("%(who)s在“%(thing)s”规则草稿中写入目标“%(label)s”")),
            "drop_target": Telling(_("%(who)s从“%(thing)s”规则草稿中删除目标“%(label)s”")),
            "put_condition": Telling(_("%(who)s在“%(thing)s”规则草稿中写入申报条件“%(label)s”")),
            "drop_condition": Telling(_("%(who)s从“%(thing)s”规则草稿中删除申报条件“%(label)s”")),
            "publish_edition": Telling(_("%(who)s发布了“%(thing)s”的规则")),
            "discard_edition": Telling(_("%(who)s作废了“%(thing)s”的规则草稿")),
        },
    ),
}
