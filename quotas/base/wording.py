"""Turns a refusal into what is read on screen: what cannot be, the figures with the clause, what to do now.

A refusal carries a code and figures (`quotas.base.errors`); the sentence is chosen here, when it is shown, in the language
of the reader. Each floor writes the sentences of its own codes and adds them to the one register:

    register({"stage_closed": Wording(_("…"), _("…"), _("…"))})

Values of a vocabulary (anything with a `label`) are shown by their word, moments and days in the time of China.
"""

import re
import warnings
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
from quotas.base.errors import DomainError, Violation
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


class Wording(NamedTuple):
    """The three parts as templates with named placeholders, `%(places)s`; all but `what` may be empty."""

    what: Text
    figures: Text = ""
    remedy: Text = ""


@dataclass(frozen=True)
class Sentence:
    """The three parts as they are read. `str()` joins them, for one line under a field."""

    what: str
    figures: str
    remedy: str

    def __str__(self) -> str:
        return "".join(part for part in (self.what, self.figures, self.remedy) if part)


_register: dict[str, Wording] = {}


def register(wordings: Mapping[str, Wording]) -> None:
    """Add the sentences of a floor. A code belongs to one floor: a second sentence for it is a ValueError."""
    twice = _register.keys() & wordings.keys()
    if twice:
        raise ValueError(f"codes with two sentences: {', '.join(sorted(twice))}")
    _register.update(wordings)


def known_codes() -> frozenset[str]:
    """Every code that has its sentence."""
    return frozenset(_register)


def sentence(reason: Violation) -> Sentence:
    """
    The three parts of one reason, in the language of the reader.

    A code without a sentence, or a sentence without one of its figures, is our fault and not the reader's: it is
    reported by `warnings` (an error under test, a line in the log in production) and shown as well as can be.
    """
    wording = _register.get(reason.code)
    if wording is None:
        warnings.warn(f"no sentence for the code {reason.code!r}", RuntimeWarning, stacklevel=2)
        wording = _UNKNOWN
    figures = _Figures(reason)
    return Sentence(*(str(part) % figures if part else "" for part in wording))


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


class _Figures(dict[str, str]):
    """The figures of a reason as words; a dash for one that is missing."""

    def __init__(self, reason: Violation) -> None:
        super().__init__({name: word(value) for name, value in reason.params.items()})
        self._code = reason.code
        self.setdefault("code", reason.code)

    def __missing__(self, name: str) -> str:
        warnings.warn(f"{self._code!r} came without {name!r}", RuntimeWarning, stacklevel=3)
        return "—"


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
def _written_violation(value: Violation) -> str:
    return str(sentence(value))


@_written.register(list | tuple | set | frozenset)
def _written_iterable(value: Iterable[object]) -> str:
    return gettext("、").join(word(item) for item in value)


_UNKNOWN = Wording(
    _("这一步未能办理。"),
    _("原因代码：%(code)s。"),
    _("请把这个代码告诉系统管理员。"),
)

register(
    {
        # Who may
        "act_not_held": Wording(
            _("您不能办理这一步。"),
            _("这一步需要在该单位具有“%(act)s”的岗位权限，您目前没有。"),
            _("如确应由您办理，请联系安全管理员授权；否则请转给有权限的同事。"),
        ),
        "own_post": Wording(
            _("不能为自己授予或撤销岗位。"),
            _("岗位授权须由另一人办理（三员分立）。"),
            _("请由另一位安全管理员办理。"),
        ),
        "three_admins_separate": Wording(
            _("%(name)s不能再担任%(role)s。"),
            _(
                "此人已担任%(held)s；系统管理员、安全管理员、审计管理员须由三人分别担任，不得兼任任何其他岗位（三员分立）。"
            ),
            _("请另选一人，或先免去原岗位。"),
        ),
        "duties_separate": Wording(
            _("%(name)s不能再担任%(body)s%(role)s。"),
            _("此人已在%(body)s担任%(held)s；同一单位的编制名单、审核、签发和监督须由不同的人担任。"),
            _("请另选一人，或先免去原岗位。"),
        ),
        "administrator_has_no_unit": Wording(
            _("%(name)s不能担任%(role)s。"),
            _(
                "此人是申报单位的申报人或单位审核人；系统管理员、安全管理员、审计管理员不得兼任任何其他岗位（三员分立）。"
            ),
            _("请另选一人，或先由核验该单位所有制的工会撤销其单位岗位。"),
        ),
        "unit_person_in_area": Wording(
            _("%(name)s不能担任%(body)s%(role)s。"),
            _("此人是%(body)s辖区内申报单位的申报人或单位审核人，任职后须对该单位的申报回避。"),
            _("请另选一人，或先由核验该单位所有制的工会撤销其单位岗位。"),
        ),
        "user_inactive": Wording(
            _("%(name)s的账号已停用，不能任命岗位。"),
            _("停用的账号不能登录，也不能办理任何事项。"),
            _("请先由系统管理员恢复账号，或另选一人。"),
        ),
        "first_half_missing": Wording(
            _("%(name)s的账号没有前一半一次性密码，不能授予首个岗位。"),
            _("首个岗位的一次性密码由两位管理员各发一半，谁也不能单独登录。"),
            _("请系统管理员在账号管理中重置其密码，或者重新导入这一行，再授予。"),
        ),
        "post_not_proposed": Wording(
            _("%(role)s不能用工作簿配备。"),
            _("系统管理员、安全管理员、审计管理员三员分立，逐人办理。"),
            _("请删去这一行，由安全管理员在岗位管理中办理。"),
        ),
        "login_of_two_people": Wording(
            _("登录名“%(username)s”写给了两个人。"),
            _("一个账号只属于一个人；同一人任几个岗位的，各行姓名须相同。"),
            _("请改正姓名，或另写登录名。"),
        ),
        "proposals_changed": Wording(
            _("岗位人选已有变化，没有授予任何岗位。"),
            _("您查看之后，其中有的已由他人办理。"),
            _("请重新查看名单后办理。"),
        ),
        "phone_too_long": Wording(
            _("联系电话过长。"), _("填写了 %(length)s 个字符，最多 %(limit)s 个。"), _("请只填写电话号码。")
        ),
        "posts_vacant": Wording(
            _("启动前须确认岗位空缺。"),
            _("有 %(number)s 个岗位空缺，无人办理就会停在那里；已确认 %(known)s 个。"),
            _("请先配备人员，或查看空缺后勾选确认，再启动。"),
        ),
        "post_missing": Wording(
            _("%(body)s没有“%(role)s”这个岗位。"),
            _("产业工会不设组织部岗位，管理员岗位只设在省级。"),
            _("请重新选择单位或岗位。"),
        ),
        # Accounts
        "own_account": Wording(
            _("不能停用、恢复或重置自己的账号。"),
            _("账号管理须由另一人办理（三员分立）。"),
            _("修改自己的密码请用页面上方的“修改密码”；其他事项请由另一位系统管理员办理。"),
        ),
        "account_inactive": Wording(
            _("%(name)s的账号已停用，不能重置密码。"),
            _("停用的账号不能登录。"),
            _("请先恢复账号，再重置密码。"),
        ),
        "account_active": Wording(
            _("%(name)s的账号没有停用，不需要恢复。"),
            _("账号可以正常登录。"),
            _("请刷新页面查看；忘记密码的，请重置密码。"),
        ),
        "second_administrator_needed": Wording(
            _("不能由一人重置%(name)s的密码或恢复其账号。"),
            _("此人担任岗位，重置密码、恢复账号须由一名管理员申请、另一名管理员复核。"),
            _("请在“账号管理”中提出申请，再请安全管理员或审计管理员复核。"),
        ),
        "reset_waits": Wording(
            _("%(name)s的账号已有待复核的申请。"),
            _("%(by)s已于%(at)s提出申请。"),
            _("请等待复核；需要重新申请的，先撤回原申请。"),
        ),
        "reset_over": Wording(
            _("这份申请已经办结，不能再办。"),
            _("申请现在的状态：%(state)s。"),
            _("请刷新页面查看；确需重置的，请重新申请。"),
        ),
        "reset_outdated": Wording(
            _("不能按这份申请重置%(name)s的密码。"),
            _("申请提出后，账号的启用状态或申请人的岗位已经变化。"),
            _("请先不同意这份申请，再按现在的情况重新申请。"),
        ),
        "reset_void": Wording(
            _("这份申请已过期，不能再复核。"),
            _("申请须在 3 日内复核，已于%(due_at)s失效。"),
            _("确需重置的，请重新申请。"),
        ),
        "reset_needs_another": Wording(
            _("您不能复核这份申请。"),
            _("申请由%(by)s以%(role)s身份提出，须由担任另一管理员岗位的人复核（三员分立）。"),
            _("请由其他管理员复核。"),
        ),
        # Passwords
        "password_too_short": Wording(
            _("新密码太短。"), _("密码至少 %(min_length)s 个字符。"), _("请换一个更长的密码。")
        ),
        "password_too_common": Wording(
            _("新密码太常见。"), _("这个密码在常用密码表中。"), _("请换一个别人猜不到的密码。")
        ),
        "password_entirely_numeric": Wording(
            _("新密码全是数字。"), _("密码不能只由数字组成。"), _("请加入字母或符号。")
        ),
        "password_too_similar": Wording(
            _("新密码与您的账号信息太接近。"),
            _("密码不能与登录名、姓名或电子邮箱相近。"),
            _("请换一个与账号信息无关的密码。"),
        ),
        "password_guessable": Wording(
            _("新密码容易被猜到。"),
            _("密码不能由重复的字符、键盘或数字的顺序、登录名或常用词组成。"),
            _("请换一个密码，例如几个不相关的词连在一起。"),
        ),
        "password_used": Wording(
            _("新密码最近用过。"), _("最近 %(number)s 次用过的密码不能再用。"), _("请另设一个新密码。")
        ),
        "account_unknown": Wording(
            _("没有可以任职的账号“%(username)s”。"),
            _("只能选择系统管理员开设、未停用、不替申报单位办理申报的账号。"),
            _("请核对登录名；确无账号的，请系统管理员先开设。"),
        ),
        "username_malformed": Wording(
            _("登录名“%(username)s”不符合要求。"),
            _("登录名为 %(shortest)s 至 %(longest)s 位英文字母、数字和 . _ -，以字母或数字开头。"),
            _("请改写后再开设。"),
        ),
        "username_taken": Wording(
            _("登录名“%(username)s”已被使用。"),
            _("登录名不分大小写，不能重复；停用的账号仍占用其登录名。"),
            _("请换一个登录名。"),
        ),
        "name_required": Wording(
            _("没有填写姓名。"), _("审核意见和台账都以姓名署名。"), _("请填写本人真实姓名。")
        ),
        "name_too_long": Wording(
            _("姓名过长。"), _("填写了 %(length)s 个字，最多 %(limit)s 个字。"), _("请填写本人真实姓名。")
        ),
        "email_malformed": Wording(
            _("电子邮箱格式不对。"), _("例如 name@example.com。"), _("请改正，或留空不填。")
        ),
        # The same thing at the same time
        "ledger_raced": Wording(
            _("刚才有人同时办理了同一事项，您的操作没有保存。"),
            "",
            _("请刷新页面，看过最新情况后再办理。"),
        ),
        # What is typed
        "reason_required": Wording(
            _("没有填写理由，不能保存。"), _("这项变更会记入台账，理由是台账的一部分。"), _("请填写理由。")
        ),
        "number_malformed": Wording(
            _("这不是一个申报编号。"),
            _("申报编号由两位年份、流水号和一位校验码组成，例如 26-00123-0。"),
            _("请核对后重新输入。"),
        ),
        "number_check_digit": Wording(
            _("申报编号的校验码不符。"),
            _("可能有一位数字输错，或相邻两位颠倒。"),
            _("请对照申报表重新输入。"),
        ),
        "negative_places": Wording(
            _("名额不能为负数。"), _("填写的是 %(places)s。"), _("请填写 0 或正整数。")
        ),
        # Bodies and the catalogue
        "body_code_twice": Wording(
            _("代码 %(body_code)s 出现了两次。"),
            _("一个代码只能对应一个推荐单位。"),
            _("请改正名册后重新导入。"),
        ),
        "body_parent_unknown": Wording(
            _("%(name)s（%(body_code)s）的上级单位不存在。"),
            _("名册中写的上级代码是 %(parent)s。"),
            _("请补上上级单位，或改正上级代码。"),
        ),
        "body_moved": Wording(
            _("%(name)s（%(body_code)s）不能改换上级单位。"),
            _("现上级代码为 %(parent)s，名册中为 %(new_parent)s；改换上级会改变已有申报的路径。"),
            _("请撤销原单位，并以新代码建立新单位。"),
        ),
        "body_level_unknown": Wording(
            _("%(name)s（%(body_code)s）的层级“%(level)s”无法识别。"),
            _("层级只有 province、city、industry、county 四种。"),
            _("请改正名册后重新导入。"),
        ),
        "catalogue_malformed": Wording(
            _("奖项目录 %(file)s 无法读取。"), _("问题：%(problem)s。"), _("请改正该文件后重新载入。")
        ),
        "rules_in_use": Wording(
            _("奖项“%(award)s”第 %(version)s 版规则不能修改。"),
            _("已有评选周期按这一版规则办理：%(rounds)s。"),
            _("请在奖项目录中把版次加一，再写入新规则；已启动的周期仍按原版办理。"),
        ),
        # Rules and their editions
        "edition_unknown": Wording(
            _("所选的规则版本不存在。"),
            _("奖项“%(award)s”的这一版可能刚被作废。"),
            _("请刷新页面后重新选择。"),
        ),
        "edition_source_required": Wording(
            _("没有填写来源文件。"), _("每一版规则都要写明出自哪份文件。"), _("请填写文号和标题。")
        ),
        "edition_published": Wording(
            _("奖项“%(award)s”第 %(number)s 版规则已发布，不能修改。"),
            _("已发布的规则永不改动，进行中和已结束的周期都按它办理。"),
            _("需要调整时，请以它为基础起草新的一版。"),
        ),
        "edition_changed": Wording(
            _("这一版规则刚有变化，您的操作没有保存。"),
            _("您打开页面之后，有人修改、发布或作废了它。"),
            _("请刷新页面，看过最新内容后再办理。"),
        ),
        "employer_cap_out_of_range": Wording(
            _("每单位限报数不对。"),
            _("填写的是 %(number)s，应在 1 至 %(most)s 之间。"),
            _("请改正后保存。"),
        ),
        "rule_code_twice": Wording(
            _("规则代码“%(rule)s”已经有了。"),
            _("它是这一版中“%(label)s”的代码，代码不能重复。"),
            _("请换一个代码，或留空由系统编号。"),
        ),
        "rule_label_required": Wording(
            _("没有填写规则名称。"), _("名称印在名单的占比核验表上。"), _("请填写，例如“非公有制企业占比”。")
        ),
        "rule_clause_required": Wording(
            _("规则“%(label)s”没有写明依据。"),
            _("退回名单时要告诉下级依据哪一条。"),
            _("请填写文号和条目，例如“苏组通〔2019〕65号 二.6”。"),
        ),
        "private_use": Wording(
            _("第 %(place)s 个字是自造字，别的电脑上看不到。"),
            _("有的输入法用自造字代替生僻字，系统不能替您去掉或换成别的字。"),
            _("请换用支持生僻字的输入法重新输入这个字；打不出的，用同音或通用的字代替并在说明中写明。"),
        ),
        "target_label_required": Wording(
            _("没有填写目标名称。"),
            _("名额与进度页按它列出进展。"),
            _("请填写，例如“区级双强六好型党组织”。"),
        ),
        "target_number_out_of_range": Wording(
            _("目标的数量不对。"), _("填写的是 %(number)s，应在 1 至 %(most)s 之间。"), _("请改正数量。")
        ),
        "target_day_required": Wording(
            _("没有写明目标到哪一天为止。"), _("目标是到某一天累计的数量。"), _("请填写截至日期。")
        ),
        "target_stage_unknown": Wording(
            _("没有选对目标管哪一级。"),
            _("该奖项由%(final)s评定，目标可以管县级到%(final)s的每个单位。"),
            _("请从列表中选择。"),
        ),
        "rule_label_unknown": Wording(
            _("“%(name)s”不是本奖项可以计数的属性。"),
            _("规则只能按这类推荐对象的申报表中登记的属性计数。"),
            _("请从列表中选择。"),
        ),
        "rule_base_of_same_facet": Wording(
            _("计数对象与基数不能取自同一属性。"),
            _("“%(counted)s”与“%(base)s”属于同一属性，占比只能是零或全部，没有意义。"),
            _("请把基数改为全部名单，或换成另一属性。"),
        ),
        "rule_share_out_of_range": Wording(
            _("占比不能超过全部。"),
            _("填写的是 %(numerator)s/%(denominator)s，分子应在 0 与分母之间。"),
            _("请改正分子或分母。"),
        ),
        "rule_denominator_out_of_range": Wording(
            _("分母不对。"), _("填写的是 %(denominator)s，应在 1 至 %(most)s 之间。"), _("请改正分母。")
        ),
        "rule_number_out_of_range": Wording(
            _("数量不对。"), _("填写的是 %(number)s，应在 0 至 %(most)s 之间。"), _("请改正数量。")
        ),
        "rule_number_of_places": Wording(
            _("数量要求不能以分配名额为基数。"),
            _("分配名额只作占比的基数，数量与基数无关。"),
            _("请把基数改为实际推荐或实际表彰，或把方式改为占比。"),
        ),
        "rule_above_is_minimum": Wording(
            _("“高于上一周期”只能是下限。"),
            _("上级要求的是占比提高，没有“不高于上一周期”的规则。"),
            _("请把方向改为“不低于”。"),
        ),
        "rule_kind_unknown": Wording(
            _("“%(kind)s”不是可选的方式。"),
            _("方式、方向和基数都从固定的几种中选。"),
            _("请从列表中选择。"),
        ),
        "rule_allotted_has_no_base": Wording(
            _("以分配名额为基数的规则不能再限定基数范围。"),
            _("填写的范围是“%(base)s”；名额只有一个总数，不分属性。"),
            _("请去掉基数范围，或把基数改为实际推荐。"),
        ),
        "rule_stage_without_list": Wording(
            _("%(stages)s没有需要核验的名单，规则不能限定在那里。"),
            _("该奖项由%(final)s评定，名单从县级编到%(final)s。"),
            _("请改选层级，或不选（各级均适用）。"),
        ),
        "rule_awarded_elsewhere": Wording(
            _("按实际表彰计算的规则只在%(final)s核验。"),
            _("所选层级不含%(final)s，这条规则永远不会被核验。"),
            _("请选上%(final)s，或不选层级。"),
        ),
        "rule_unfit": Wording(
            _("规则“%(label)s”不能随本版发布。"),
            _("%(problem)s"),
            _("请修改或删除这条规则后再发布。"),
        ),
        "rules_contradict": Wording(
            _("有规则互相矛盾，没有任何名单能同时满足：%(labels)s。"),
            _("已按各种可能的名单试算，名单至多 %(places)s 个。任选一项就能成立：%(ways)s。"),
            _("请放宽或删除其中一条后再发布。"),
        ),
        "rules_need_places": Wording(
            _("名额偏少时这些规则不能同时满足：%(labels)s。"),
            _("按 %(places)s 个名额试算，没有可行的名单。任选一项就能成立：%(ways)s。"),
            _("请核对规则，或在评选周期中给足名额。"),
        ),
        "places_without_a_list": Wording(
            _("“%(award)s”名额为 %(places)s 个的 %(number)s 个单位编不出合规的名单：%(bodies)s。"),
            _("%(places)s 个名额同时满足不了：%(labels)s。照此启动，这些单位的申报都不能通过。"),
            _("请增加名额，把占比分解成分类名额，或者换一版规则。"),
        ),
        "kinds_without_a_place": Wording(
            _("“%(award)s”名额为 %(places)s 个的 %(number)s 个单位，这些对象一个也报不了：%(kinds)s。"),
            _("%(bodies)s。名额少，按占比取整以后不留余地的是：%(labels)s。"),
            _("请事先告知这些单位；要留余地，可以增加名额，或者把占比分解成分类名额。"),
        ),
        "above_once": Wording(
            _("一版规则只能有一条“高于上一周期”。"),
            _("现有 %(labels)s；每个参评奖项只登记一组上一周期的数字。"),
            _("请保留一条，其余改为明确的占比。"),
        ),
        "calendar_unknown": Wording(
            _("没有 %(year)s 年的节假日安排。"),
            _("已收录的年份为 %(first)s 至 %(last)s 年；国务院办公厅公布后才能收录。"),
            _("请在“工作日历”中录入该年的放假和调休日期。"),
        ),
        "calendar_year_out_of_range": Wording(
            _("年份不对。"), _("可录入 %(first)s 至 %(last)s 年。"), _("请核对后重新填写。")
        ),
        "calendar_source_required": Wording(
            _("没有写明来源文件。"), "", _("请填写放假安排通知的发文机关和文号。")
        ),
        "calendar_text_long": Wording(
            _("内容太长。"), _("现有 %(length)s 字，上限 %(limit)s 字。"), _("请缩短后保存。")
        ),
        "calendar_days_missing": Wording(
            _("%(year)s 年的放假日不全。"),
            _("列出 %(days)s 天，全年法定节假日不少于 %(least)s 天。"),
            _("请按放假安排通知逐项录入全年的放假和调休日期。"),
        ),
        "calendar_days_many": Wording(
            _("列出的日期太多。"),
            _("现有 %(days)s 天，上限 %(limit)s 天。"),
            _("只需录入放假日和调休上班日。"),
        ),
        "calendar_day_elsewhere": Wording(
            _("%(date)s 不在本年。"),
            _("这里录入 %(year)s 年的日期；元旦假期可以从上年12月29日起。"),
            _("请核对日期。"),
        ),
        "calendar_day_twice": Wording(
            _("%(date)s 列了不止一次。"), _("每天只能有一种安排。"), _("请删去多余的一行。")
        ),
        "calendar_day_worked_anyhow": Wording(
            _("%(date)s 本来就是工作日，不必列为调休上班。"),
            _("调休上班日在周六或周日。"),
            _("请核对是“休”还是“班”。"),
        ),
        "stage_shorter_than_notice": Wording(
            _("%(stage)s的时间放不下公示。"),
            _("从 %(begins)s 起公示 %(days)s 个%(unit)s，到 %(ends_on)s 才结束；%(stage)s截止 %(due_at)s。"),
            _("请推迟本级截止时间，或提前本级开始时间。"),
        ),
        # More time
        "extension_waiting": Wording(
            _("已有一份延期申请在等待答复。"),
            _("%(who)s 于 %(at)s 申请延至 %(wanted)s。"),
            _("请等待答复；要改变申请的时间，先撤回这份申请。"),
        ),
        "extension_answered": Wording(
            _("这份延期申请已经办结。"), _("%(at)s %(who)s：%(state)s。"), _("请刷新页面查看。")
        ),
        "extension_in_past": Wording(
            _("申请延至的时间已经过去。"), _("现在是 %(now)s，填写的是 %(wanted)s。"), _("请填写以后的时间。")
        ),
        "extension_reason_long": Wording(
            _("内容太长。"), _("现有 %(length)s 字，上限 %(limit)s 字。"), _("请缩短后提交。")
        ),
        "answers_own_request": Wording(
            _("不能答复自己提出的延期申请。"), "", _("请由省级另一位工作人员答复。")
        ),
        # The plan of a round
        "round_code_taken": Wording(
            _("评选周期代码“%(taken)s”已被使用。"), _("代码不能重复。"), _("请换一个代码。")
        ),
        "round_not_planned": Wording(
            _("评选周期“%(round)s”不能再修改方案。"),
            _("当前状态为“%(state)s”，只有筹备中的周期可以修改。"),
            _("进行中的周期可以办理延期或调整名额，并写明理由。"),
        ),
        "round_not_open": Wording(
            _("评选周期“%(round)s”现在不能办理。"),
            _("当前状态为“%(state)s”。"),
            _("筹备中的周期请等省级启动；已结束的周期只能查阅。"),
        ),
        "round_closed": Wording(
            _("评选周期“%(round)s”已结束，名额不能再调整。"), "", _("如有疑问，请联系省级工作人员。")
        ),
        "award_unknown": Wording(
            _("没有代码为“%(award)s”的奖项。"), _("奖项以奖项目录为准。"), _("请核对代码，或先载入奖项目录。")
        ),
        "award_without_rules": Wording(
            _("奖项“%(award)s”还没有规则版本，不能参评。"), "", _("请先载入奖项目录。")
        ),
        "edition_not_published": Wording(
            _("奖项“%(award)s”第 %(number)s 版规则还没有发布，不能用于评选。"),
            _("草稿随时可能修改，评选周期只能采用已发布的版本。"),
            _("请先发布这一版，或选择已发布的版本。"),
        ),
        "edition_of_other_award": Wording(
            _("所选的规则版本不属于奖项“%(award)s”。"), "", _("请从本奖项已发布的版本中选择。")
        ),
        "previous_not_a_share": Wording(
            _("上一周期的数字不对。"),
            _("符合数 %(count)s，命名数 %(base)s；命名数至少为 1，符合数不能多于命名数。"),
            _("请按上一周期的命名决定改正。"),
        ),
        "previous_source_required": Wording(
            _("没有写明上一周期数字的来源。"),
            _("占比要高于上一周期，数字出自哪里须可查证。"),
            _("请填写命名决定的文号，或其他来源。"),
        ),
        "previous_missing": Wording(
            _("奖项“%(award)s”缺少上一周期的数字，不能启动。"),
            _(
                "第 %(number)s 版规则要求占比高于上一周期（依据%(clause)s），须先登记上一周期的命名数和符合数。"
            ),
            _("请在评选方案的该奖项下登记上一周期的数字及其来源。"),
        ),
        "award_already_in_round": Wording(
            _("奖项“%(award)s”已在本周期中。"),
            _("现定名额 %(places)s 个。"),
            _("如需改变名额，请在名额分配中调整。"),
        ),
        "window_backwards": Wording(
            _("%(stage)s阶段的截止时间须晚于开始时间。"),
            _("开始 %(opens_at)s，截止 %(due_at)s。"),
            _("请改正两个时间。"),
        ),
        "window_shortened": Wording(
            _("进行中的周期不能提前截止时间。"),
            _("%(stage)s现定截止 %(due_at)s，拟改为 %(wanted)s。"),
            _("请选择不早于原截止时间的时间。"),
        ),
        "round_without_awards": Wording(
            _("评选周期还没有奖项，不能启动。"), "", _("请先加入奖项并确定名额。")
        ),
        "window_missing": Wording(
            _("缺少%(stage)s阶段的时间安排，不能启动。"),
            _("单位、县级、市级、省级四个层级都要有开始和截止时间。"),
            _("请补上%(stage)s阶段的时间。"),
        ),
        "windows_out_of_order": Wording(
            _("%(stage)s阶段与%(next_stage)s阶段的时间先后不对，不能启动。"),
            _(
                "%(stage)s截止 %(due_at)s，%(next_stage)s截止 %(next_due_at)s；上一级的开始和截止都应晚于下一级。"
            ),
            _("请调整时间安排。"),
        ),
        "allotment_missing": Wording(
            _("奖项“%(award)s”没有%(stage)s的名额，不能启动。"),
            _("本周期该奖项名额共 %(places)s 个，尚未分配到评定层级。"),
            _("请先分配名额。"),
        ),
        "allotment_differs": Wording(
            _("奖项“%(award)s”的名额前后不一致，不能启动。"),
            _("本周期名额 %(places)s 个，评定层级已分配 %(allotted)s 个。"),
            _("请把两处改为一致。"),
        ),
        "typed_exceed_places": Wording(
            _("%(body)s的分类名额超过了名额。"),
            _("“%(award)s”名额 %(places)s 个，分类名额合计 %(typed)s 个。"),
            _("请减少分类名额，或增加名额。"),
        ),
        "stage_not_of_body": Wording(
            _("%(body)s不在%(stage)s办理，不能给它延长这一层级的时间。"),
            _("该单位办理的层级是%(own_stage)s。"),
            _("请重新选择单位或层级。"),
        ),
        "extension_not_later": Wording(
            _("延长后的时间须晚于现定截止时间。"),
            _("现定截止 %(due_at)s，拟延至 %(wanted)s。"),
            _("请选择更晚的时间。"),
        ),
        # Time
        "stage_without_window": Wording(
            _("%(stage)s阶段还没有时间安排，不能办理。"), "", _("请等省级确定时间安排。")
        ),
        "stage_not_open": Wording(
            _("%(stage)s阶段尚未开始，现在不能办理。"),
            _("开始时间为 %(opens_at)s。"),
            _("请在开始后办理；已填写的内容可以先保存。"),
        ),
        "stage_closed": Wording(
            _("%(stage)s阶段已经截止，不能再办理。"),
            _("截止时间为 %(due_at)s。"),
            _("如确需延长，请向省级工作人员说明理由，由其批准延期。"),
        ),
        # Places
        "not_a_child": Wording(
            _("%(body)s不是%(parent)s的下级单位，不能分配名额。"),
            _("名额逐级分配，只能分给直接下级。"),
            _("请改正单位。"),
        ),
        "below_final_stage": Wording(
            _("“%(award)s”由%(stage)s评定，不向%(body)s分配名额。"),
            "",
            _("请只给评定层级及其以下单位分配名额。"),
        ),
        "below_committed": Wording(
            _("%(body)s的名额不能减到 %(places)s 个。"),
            _("其推荐名单已占用 %(committed)s 个。"),
            _("请保留不少于 %(committed)s 个名额，或请该单位先拿回名单。"),
        ),
        "places_exceeded": Wording(
            _("正选人数超过名额，不能提交。"),
            _("名额 %(places)s 个，正选 %(regular)s 个。"),
            _("请从正选中移出 %(over)s 个，或改列后备。"),
        ),
        "typed_exceed_children": Wording(
            _("分类名额 %(minimum)s 个，超过了下级单位的全部名额。"),
            _("下级单位名额合计 %(places)s 个。"),
            _("请减少分类名额，或先增加下级单位的名额。"),
        ),
        "cities_without_counties": Wording(
            _("不能按下级单位数分配。"),
            _("各设区市都没有下级单位，%(places)s 个名额无从按比例分配。"),
            _("请在名额分配中逐个确定各市名额。"),
        ),
        "handed_down_far_above": Wording(
            _("下级名额远多于本级名额，请核对。"),
            _("本级 %(own)s 个，下级合计 %(handed_down)s 个，超过两倍。"),
            _("差额推荐可以多于本级名额；如系笔误请改正。"),
        ),
        "handed_down_below": Wording(
            _("下级名额少于本级名额，本级名额将无法用足。"),
            _("本级 %(own)s 个，下级合计 %(handed_down)s 个。"),
            _("请核对是否仍有名额待分配。"),
        ),
        "typed_places_short": Wording(
            _("%(body)s下级单位的分类名额与名额对不上：各单位都照办，合起来仍可能不够“%(label)s”的占比。"),
            _(
                "“%(award)s”下级名额合计 %(places)s 个，其中%(label)s应为 %(required)s 个，分类名额（未设的按自身占比计）合计 %(typed)s 个。"
            ),
            _("请重新测算，或逐个调整分类名额。"),
        ),
        "typed_places_over": Wording(
            _("%(body)s下级单位的分类名额与名额对不上：合计多于“%(label)s”的占比要求。"),
            _(
                "“%(award)s”下级名额合计 %(places)s 个，其中%(label)s应为 %(required)s 个，分类名额合计 %(typed)s 个。"
            ),
            _("有意从严的可以不改；否则请重新测算，或逐个调整分类名额。"),
        ),
        "places_changed": Wording(
            _("名额刚才有变化，没有保存。"),
            _("您打开页面之后，有人调整过其中的名额。"),
            _("请刷新页面，对照最新的名额再填。"),
        ),
        # Calculations of places
        "calculation_already_open": Wording(
            _("%(body)s的“%(award)s”名额已有一份测算正在进行。"),
            _("同一单位、同一奖项一次只能办理一份测算。"),
            _("请继续办理那一份，或先将其作废。"),
        ),
        "calculation_without_bodies": Wording(
            _("%(body)s没有可以分配名额的下级单位。"),
            _("“%(award)s”在%(body)s以下没有参加推荐的单位。"),
            _("请在上一级分配名额。"),
        ),
        "calculation_not_draft": Wording(
            _("测算依据不能再改。"),
            _("这份测算%(state)s；抽签以后，名额总数、办法、权数和上下限都已固定，也不能再次抽签。"),
            _("个别单位可以写明理由调整；依据确有错误的，请写明理由作废后重新测算。"),
        ),
        "calculation_not_drawn": Wording(
            _("这份测算现在没有可以办理的结果。"),
            _("只有已抽签、尚未下达的测算可以调整和下达。"),
            _("尚未抽签的请先抽签；已经下达或作废的请另建一份测算。"),
        ),
        "calculation_over": Wording(
            _("这份测算不能作废。"), _("它%(state)s。"), _("如需改变名额，请另建一份测算，或逐个调整名额。")
        ),
        "calculation_changed": Wording(
            _("这份测算刚才已被修改，您的操作没有保存。"),
            _("您打开页面之后，又有人办理过。"),
            _("请刷新页面，看过最新内容后再办理。"),
        ),
        "calculation_bodies_changed": Wording(
            _("%(body)s的下级单位有变化，不能按原名册抽签。"),
            _("建立测算以后，下级单位有增设或撤销。"),
            _("请作废这份测算，按现在的名册重新测算。"),
        ),
        "plan_changed": Wording(
            _("下级单位的名额刚才有变化，没有下达。"),
            _("您打开页面之后，有人调整过其中的名额或分类名额。"),
            _("请刷新页面，对照最新的现有名额再下达。"),
        ),
        "figure_out_of_range": Wording(
            _("数字超出范围。"), _("填写的是 %(value)s，应为 0 至 %(most)s 的整数。"), _("请改正。")
        ),
        "minimum_above_total": Wording(
            _("分类名额合计不能多于名额总数。"),
            _("分类名额 %(minimum)s 个，名额总数 %(total)s 个。"),
            _("请减少分类名额，或增加名额总数。"),
        ),
        "minimum_without_label": Wording(
            _("没有选择分类。"), _("分类名额合计填了 %(minimum)s 个。"), _("请选择分类，或把合计改为 0。")
        ),
        "label_without_rule": Wording(
            _("不能按这一类分配名额。"),
            _("“%(award)s”的规则没有对这一类规定最低占比或数量。"),
            _("请重新选择分类。"),
        ),
        "not_in_calculation": Wording(
            _("该单位不在这份测算中。"), _("测算只包括直接下级单位。"), _("请刷新页面后重新填写。")
        ),
        "cap_below_floor": Wording(
            _("“最多”不能少于“最少”。"), _("最少 %(floor)s 个，最多 %(cap)s 个。"), _("请改正其中一个。")
        ),
        "floors_above_total": Wording(
            _("各单位“最少”之和超过了名额总数，不能抽签。"),
            _("“最少”合计 %(floors)s 个，名额总数 %(total)s 个。"),
            _("请降低“最少”，或增加名额总数。"),
        ),
        "caps_below_total": Wording(
            _("名额分不完，不能抽签。"),
            _("各单位“最多”合计 %(most)s 个，名额总数 %(total)s 个；权数为 0 的单位只得“最少”。"),
            _("请提高“最多”，或减少名额总数。"),
        ),
        "weights_all_nought": Wording(
            _("各单位权数都是 0，不能抽签。"),
            _("名额总数 %(total)s 个，无从按比例分配。"),
            _("请填写或统计权数；平均分配的，各单位权数填 1。"),
        ),
        "places_below_floor": Wording(
            _("%(body)s的名额少于“最少”。"),
            _("最少 %(floor)s 个，调整后 %(places)s 个。"),
            _("请不少于 %(floor)s 个。"),
        ),
        "places_above_cap": Wording(
            _("%(body)s的名额超过了“最多”。"),
            _("最多 %(cap)s 个，调整后 %(places)s 个。"),
            _("请不多于 %(cap)s 个。"),
        ),
        "typed_above_places": Wording(
            _("%(body)s的分类名额超过了名额。"),
            _("名额 %(places)s 个，分类名额 %(typed)s 个。"),
            _("请减少分类名额，或增加名额。"),
        ),
        "typed_sum_differs": Wording(
            _("各单位分类名额之和与应有的合计不符，不能下达。"),
            _("应为 %(minimum)s 个，现为 %(typed)s 个。"),
            _("请相应调整其他单位的分类名额。"),
        ),
        "typed_without_label": Wording(
            _("这份测算没有分类名额。"), _("抽签前没有选择分类。"), _("请只调整名额。")
        ),
        "weights_nought": Wording(
            _("有单位的权数和“最少”都是 0，不会分到名额，请核对。"),
            _("这些单位是：%(bodies)s。"),
            _("应当分到名额的，请填写权数或“最少”。"),
        ),
        "minimum_below_rule": Wording(
            _("分类名额合计少于规则要求，请核对。"),
            _("名额总数 %(total)s 个时规则至少要求 %(required)s 个，现填 %(minimum)s 个。"),
            _("差额推荐时可以如此；如系笔误请改正。"),
        ),
        "difference_unnamed": Wording(
            _("调整后的合计与名额总数不同，须说明理由。"),
            _("名额总数 %(total)s 个，调整后合计 %(places)s 个。"),
            _("请写明差额的理由，或继续调整到相等。"),
        ),
        # Organs
        "organ_name_required": Wording(
            _("没有填写机关名称。"), _("名称写在公示、命名决定和各类文书上。"), _("请填写机关全称。")
        ),
        "organ_text_too_long": Wording(
            _("内容过长。"), _("现在 %(length)s 字，最多 %(limit)s 字。"), _("请缩短后再保存。")
        ),
        # The ledger
        "ledger_row_changed": Wording(
            _("台账“%(stream)s”第 %(seq)s 条被改动过。"),
            _("按内容重新计算的校验值与所存的不同。"),
            _("请保护现场，联系审计管理员比对备份。"),
        ),
        "ledger_row_missing": Wording(
            _("台账“%(stream)s”在第 %(seq)s 条处缺失。"),
            _("编号不连续，应有的一条不在。"),
            _("请保护现场，联系审计管理员比对备份。"),
        ),
        "ledger_chain_broken": Wording(
            _("台账“%(stream)s”第 %(seq)s 条与上一条衔接不上。"),
            _("所存的上一条校验值与上一条不同。"),
            _("请保护现场，联系审计管理员比对备份。"),
        ),
        "ledger_seal_broken": Wording(
            _("台账与 %(at)s 的封存不符。"),
            _("封存时 %(entries)s 条，现在找到 %(found)s 条，或内容已不同。"),
            _("请保护现场，联系审计管理员比对备份。"),
        ),
        "ledger_more": Wording(
            _("台账问题过多，只列出前 %(shown)s 处。"), "", _("请先处理以上各处，再重新核验。")
        ),
    }
)

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
