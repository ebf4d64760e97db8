"""How a refusal, its figures and the ledger are read on screen, in the language of the reader.

A refusal brings its figures and its words (`quotas.base.errors`); both are translated here, when they are shown. Values
of a vocabulary (anything with a `label`) are shown by their word, moments and days in the time of China.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import singledispatch
from typing import Any, NamedTuple

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quotas.base.clock import SHANGHAI
from quotas.base.errors import DomainError, Reason
from quotas.base.states import (
    ApportionmentState,
    Basis,
    DivisionMethod,
    NomineeKind,
    NoticeUnit,
    RequestState,
    ReservePolicy,
    Role,
    RoundState,
    RuleKind,
    Sense,
    Stage,
    WeightKind,
)

Text = str | Promise


@dataclass(frozen=True)
class Sentence:
    """The three parts as they are read. `str()` joins them, for one line under a field."""

    what: str
    figures: str
    remedy: str

    def __str__(self) -> str:
        return "".join(part for part in (self.what, self.figures, self.remedy) if part)


def sentence(reason: Reason) -> Sentence:
    """The three parts of one reason, in the language of the reader."""
    figures = {name: word(getattr(reason, name)) for name in reason.words.placeholders}
    return Sentence(*(gettext(part) % figures if part else "" for part in reason.words))


def sentences(error: DomainError) -> list[Sentence]:
    """All reasons of a refusal, each as its three parts."""
    return [sentence(reason) for reason in error.reasons]


class Telling(NamedTuple):
    """
    The sentence of an act of the ledger, with named placeholders: `%(who)s`, `%(thing)s`, `%(body)s` and its facts.

    `seat` follows the name of who did it, behind the body or its office: None where the body is not whose behalf it
    was done on.
    """

    sentence: Text
    seat: Text | None = ""


@dataclass(frozen=True)
class StreamWords:
    """
    How the ledger of one kind of thing is read: its name, its acts, its facts, and values of facts by fact.

    `facts` are the keys of `before` and `after`; `values` gives words to coded values, {"state": {"open": …}}; `refers`
    says of which kind of thing a fact is the key; `hundredths` are figures that are kept in hundredths, `permilles` shares kept in
    thousandths and told in per cent.
    """

    name: Text
    acts: Mapping[str, Text]
    facts: Mapping[str, Text] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    drafted: bool = False
    """Whether a row without a body concerns a draft: only its writers and the audit administrator read it."""
    tellings: Mapping[str, Telling] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    hundredths: frozenset[str] = frozenset()
    permilles: frozenset[str] = frozenset()


_streams: dict[str, StreamWords] = {}
_labels: dict[str, Text] = {}
_kinds_of_labels: dict[str, frozenset[str]] = {}


def register_streams(words: Mapping[str, StreamWords]) -> None:
    """Add the words for the ledger of a floor, by the part of the stream before the colon."""
    _streams.update(words)


def register_labels(words: Mapping[str, Text], kinds: Iterable[str] = NomineeKind.values) -> None:
    """Add what the labels "facet:value" of entries are called, and which kinds of nominee can carry them."""
    _labels.update(words)
    _kinds_of_labels.update(dict.fromkeys(words, frozenset(map(str, kinds))))


def streams() -> Mapping[str, StreamWords]:
    """Every kind of stream that has words."""
    return _streams


def stream_words(stream: str) -> StreamWords:
    """The words for a stream ("nomination:12"); without any, its codes stand for themselves."""
    kind = stream.partition(":")[0]
    return _streams.get(kind, StreamWords(kind, {}))


def label_word(label: str) -> str:
    """What a label "ownership:non_public" is called; the label itself when nobody has named it."""
    return str(_labels.get(label, label))


def known_labels(nominee_kind: str) -> frozenset[str]:
    """Every label that such a nominee can carry: the vocabulary of the rules of an award for this kind."""
    return frozenset(label for label, kinds in _kinds_of_labels.items() if nominee_kind in kinds)


class Label(str):
    """A label "facet:value" among the figures of a refusal: it is written by its word."""

    __slots__ = ()

    @property
    def label(self) -> str:
        """What it is called."""
        return label_word(self)


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


def word(value: Any) -> str:
    """How one figure is written: a label by its word, a moment as 2026年11月20日 17:30, a share as 2/5."""
    if value is None:
        return gettext("无")
    return str(value.label) if hasattr(value, "label") else _written(value)


def mixed(value: Fraction) -> str:
    """A fraction with its whole part, for tables of claims: 3 又 5/13; 5/13; 3."""
    whole, rest = divmod(value.numerator, value.denominator)
    if not rest:
        return f"{whole:,}"
    part = f"{rest}/{value.denominator}"
    return gettext("%(whole)s 又 %(part)s") % {"whole": f"{whole:,}", "part": part} if whole else part


@singledispatch
def _written(value: object) -> str:
    return str(value)


@_written.register
def _written_enum(value: Enum) -> str:
    return str(value.value)


@_written.register(bool)
def _written_bool(value: object) -> str:
    return gettext("是") if value else gettext("否")


@_written.register
def _written_int(value: int) -> str:
    return f"{value:,}"


@_written.register
def _written_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


@_written.register
def _written_datetime(value: datetime) -> str:
    return format_date(value.astimezone(SHANGHAI), gettext("Y年n月j日 H:i"))


@_written.register
def _written_date(value: date) -> str:
    return format_date(value, gettext("Y年n月j日"))


@_written.register
def _written_reason(value: Reason) -> str:
    return str(sentence(value))


@_written.register(list | tuple | set | frozenset)
def _written_iterable(value: Iterable[object]) -> str:
    return gettext("、").join(word(item) for item in value)


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

_NUMBERED = re.compile(r"[^\s《》（）()，。；、“”]{1,20}[〔\[［(（]\d{4}[〕\]］)）]\s*\d+\s*号")
"""The number of a document: 苏组通〔2019〕65号."""


def cited(source: str) -> str:
    """How a sentence names the paper it rests on: a title stands in title marks, the number of a document does not.

    What has its title marks already stays as it is.
    """
    if "《" in source or not source:
        return source
    number = _NUMBERED.search(source)
    title = (source[: number.start()] + source[number.end() :] if number else source).strip(" 　，,（）()")
    if not number:
        return f"《{title}》"
    return f"{number[0]}《{title}》" if title else number[0]


_PLACES = {
    "places": _("名额"),
    "reserve_places": _("后备名额"),
    "separate_places": _("单列名额"),
    "typed": _("分类名额"),
    "award": _("奖项"),
    "minimum": _("分类名额合计"),
    "claim": _("应得份额"),
    "lot": _("抽签次序"),
    "by_lot": _("由抽签决定"),
    "weight": _("权数"),
    "computed": _("测算名额"),
    "typed_claim": _("分类应得份额"),
    "typed_by_lot": _("分类由抽签决定"),
    "typed_computed": _("测算分类名额"),
}

register_streams(
    {
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
                    _(
                        "%(who)s登记了“%(thing)s”%(award)s上一周期的数字：%(previous_count)s / %(previous_base)s"
                    )
                ),
                "set_window": Telling(
                    _("%(who)s确定了“%(thing)s”%(stage)s的时间：%(opens_at)s 至 %(due_at)s")
                ),
                "open_round": Telling(_("%(who)s启动了“%(thing)s”")),
                "close_round": Telling(_("%(who)s结束了“%(thing)s”")),
                "extend": Telling(_("%(who)s批准%(body)s在“%(thing)s”%(stage)s延期至 %(due_at)s"), None),
            },
        ),
        "extension": StreamWords(
            _("延期申请"),
            {
                "ask_extension": _("申请延期"),
                "withdraw_extension": _("撤回延期申请"),
                "grant_extension": _("批准延期申请"),
                "refuse_extension": _("不批准延期申请"),
            },
            {
                "stage": _("层级"),
                "due_at": _("截止时间"),
                "wanted": _("申请延至"),
                "state": _("状态"),
            },
            {
                "stage": {stage.value: stage.label for stage in Stage},
                "state": {state.value: state.label for state in RequestState},
            },
            tellings={
                "ask_extension": Telling(_("%(who)s为%(body)s申请%(stage)s延期至 %(wanted)s"), None),
                "withdraw_extension": Telling(_("%(who)s撤回了%(body)s的%(stage)s延期申请"), None),
                "grant_extension": Telling(
                    _("%(who)s批准了%(body)s的%(stage)s延期申请，延至 %(due_at)s"), None
                ),
                "refuse_extension": Telling(_("%(who)s没有批准%(body)s的%(stage)s延期申请"), None),
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
                "minimum": _("分类名额合计"),
                "places": _("名额"),
                "typed": _("分类名额"),
                "adjusted": _("名额 / 分类名额"),
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
        "user": StreamWords(
            _("岗位任免"),
            {
                "appoint": _("任命岗位"),
                "dismiss": _("免去岗位"),
                "propose_post": _("提出岗位人选"),
                "refuse_post": _("未授予岗位"),
            },
            {"user": _("账号"), "name": _("姓名"), "role": _("岗位")},
            {"role": {role.value: role.label for role in Role}},
            tellings={
                "appoint": Telling(_("%(who)s任命%(name)s为%(body)s%(role)s"), None),
                "dismiss": Telling(_("%(who)s免去%(name)s的%(body)s%(role)s岗位"), None),
                "propose_post": Telling(_("%(who)s提出%(name)s任%(body)s%(role)s"), None),
                "refuse_post": Telling(_("%(who)s没有授予%(name)s%(body)s%(role)s岗位"), None),
            },
            refers={"user": "user"},
        ),
        "account": StreamWords(
            _("账号"),
            {
                "create_account": _("开设账号"),
                "deactivate_account": _("停用账号"),
                "reactivate_account": _("恢复账号"),
                "reset_password": _("重置密码"),
                "reissue_half": _("补发半份一次性密码"),
                "change_password": _("修改密码"),
                "ask_reset": _("申请重置密码"),
                "confirm_reset": _("复核并重置密码"),
                "decline_reset": _("未同意重置密码"),
            },
            {"username": _("登录名"), "name": _("姓名"), "active": _("启用"), "asked_by": _("申请人")},
            tellings={
                "create_account": Telling(_("%(who)s为%(name)s开设了账号 %(username)s"), None),
                "deactivate_account": Telling(_("%(who)s停用了%(name)s的账号"), None),
                "reactivate_account": Telling(_("%(who)s恢复了%(name)s的账号"), None),
                "reset_password": Telling(_("%(who)s重置了%(name)s的密码"), None),
                "reissue_half": Telling(_("%(who)s为%(name)s补发了半份一次性密码"), None),
                "change_password": Telling(_("%(who)s修改了自己的密码"), None),
                "ask_reset": Telling(_("%(who)s申请重置%(name)s的密码"), None),
                "confirm_reset": Telling(_("%(who)s复核%(asked_by)s的申请，重置了%(name)s的密码"), None),
                "decline_reset": Telling(_("%(who)s没有同意%(asked_by)s重置%(name)s密码的申请"), None),
            },
        ),
        "organs": StreamWords(
            _("载入机关"),
            {"seed_organs": _("载入机关")},
            {"number": _("数量")},
            tellings={"seed_organs": Telling(_("%(who)s载入了 %(number)s 个机关"))},
        ),
        "organ": StreamWords(
            _("机关"),
            {"update_organ": _("修改机关信息")},
            {"name": _("机关名称"), "public_telephone": _("电话"), "address": _("地址")},
            tellings={"update_organ": Telling(_("%(who)s修改了%(thing)s的机关信息"))},
        ),
        "bodies": StreamWords(
            _("推荐单位"),
            {"load_bodies": _("载入推荐单位")},
            {"codes": _("推荐单位")},
            tellings={"load_bodies": Telling(_("%(who)s载入了推荐单位"))},
            refers={"codes": "body"},
        ),
        "posts": StreamWords(
            _("岗位"),
            {"create_posts": _("建立岗位")},
            {"posts": _("岗位")},
            tellings={"create_posts": Telling(_("%(who)s建立了推荐单位的岗位"))},
            refers={"posts": "post"},
        ),
        "upkeep": StreamWords(
            _("系统维护"),
            {"verify": _("全面核验"), "back_up": _("备份")},
            {"wrong": _("不一致或没有做成的项数")},
            tellings={
                "verify": Telling(_("%(who)s完成了全面核验，%(wrong)s 项不一致"), None),
                "back_up": Telling(_("%(who)s登记了一次备份，%(wrong)s 项没有做成"), None),
            },
        ),
        "calendar": StreamWords(
            _("工作日历"),
            {
                "seed_calendar": _("载入节假日"),
                "announce_year": _("录入年度放假安排"),
                "correct_year": _("更正年度放假安排"),
            },
            {
                "years": _("年份"),
                "days": _("天数"),
                "source": _("来源文件"),
                "dropped": _("删去的日期"),
                "added": _("列入的日期"),
            },
            tellings={
                "seed_calendar": Telling(_("%(who)s载入了 %(days)s 天节假日和调休")),
                "announce_year": Telling(_("%(who)s录入了年度放假安排，依据 %(source)s")),
                "correct_year": Telling(_("%(who)s更正了年度放假安排，依据 %(source)s")),
            },
        ),
    }
)
