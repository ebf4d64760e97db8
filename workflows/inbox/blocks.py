"""The blocks of the home page: one short list for each thing that somebody at a post comes for.

Which blocks there are follows from the acts of the person's posts: somebody with two posts sees both. `_BLOCKS` says which
acts bring which block. Each block says what it lists, at most `worklist.SHOWN` rows and the way to all; an empty one says
what will appear and when.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appraisal.records import tones
from appraisal.records.states import Finding, NominationState, SlateState
from appraisal.slates.views import slate_board
from quotas.base import clock
from quotas.oversight.services import upkeep
from quotas.oversight.services.upkeep import Upkeep
from quotas.oversight.views import told
from quotas.people.services import resets, sign_ins
from quotas.templatetags.px import day, figure, moment
from quotas.tree.permissions import Act
from workflows.inbox import rows, worklist
from workflows.inbox.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Item:
    """One row: what it is, where it leads, what stands beneath, until when, and how it stands."""

    text: str | SafeString
    url: str = ""
    note: str = ""
    due: datetime | None = None
    label: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """A short list with its title, how many there are in all, and where all of them stand."""

    key: str
    title: str
    empty: str
    items: list[Item] = field(default_factory=list)
    total: int | None = None
    url: str = ""
    url_label: str = ""


_SIGN = frozenset({Act.SIGN_UNION, Act.SIGN_PARTY})
_REVIEW = frozenset({Act.REVIEW_UNION, Act.REVIEW_PARTY})
_KEEP = frozenset({Act.KEEP_SLATE})
_FINALISE = frozenset({Act.FINALISE_LIST})
_PLAN = frozenset({Act.PLAN_ROUND})
_ACCOUNTS = frozenset({Act.MANAGE_ACCOUNTS})
_POSTS = frozenset({Act.MANAGE_POSTS})
_LEDGER = frozenset({Act.READ_LEDGER})
_AREA = frozenset({Act.VIEW_AREA})
_NONE = frozenset[Act]()


def of(visitor: Visitor) -> list[HomeBlock]:
    """Every block that belongs to the visitor's acts, what has to be done first."""
    return [
        block(visitor)
        for block, acts, without in _BLOCKS
        if visitor.acts & acts and not visitor.acts & without
    ]


def stands_in_a_list(visitor: Visitor) -> set[int]:
    """The lists that the person signs or decides on, which have a list of their own."""
    signing = {SlateState.SIGNING} if visitor.acts & _SIGN else set()
    deciding = set(_DECIDED) if visitor.acts & _FINALISE else set()
    return {turn.slate.pk for turn in visitor.turns if turn.slate.state in signing | deciding}


_DECIDED = (SlateState.SIGNED, SlateState.SETTLING, SlateState.FINALISED)


def _to_sign(visitor: Visitor) -> HomeBlock:
    signing = worklist.to_sign(visitor.turns)
    return HomeBlock(
        "sign",
        _("待我签发"),
        _("现在没有等您签发的名单。名单负责人提交名单后，名单和占比会出现在这里。"),
        [
            Item(
                str(one.turn.slate),
                reverse("workflows:task", args=[one.turn.task.pk]),
                _figures(one.report),
                one.turn.slate.holds_until,
            )
            for one in signing[: worklist.SHOWN]
        ],
        len(signing),
        reverse("workflows:inbox"),
    )


def _figures(report: Any) -> str:
    """正选 3 / 4 · 非公有制企业 2 / 3（要求 2）"""
    shares = [
        _("%(label)s %(count)s / %(base)s")
        % {"label": share["label"], "count": share["count"], "base": share["base"]}
        + ("" if share["holds"] else _("，须报批") if share["advised"] else _("，不符合要求"))
        for share in slate_board.meter(report)[1:]
    ]
    return " · ".join([*slate_board.places_facts(report), *shares])


def _sent_back(visitor: Visitor) -> HomeBlock:
    found = worklist.sent_back(visitor.user)
    return HomeBlock(
        "sent-back",
        _("退回修改的名单"),
        _("没有退回后正在修改的名单。领导把名单退回修改后，修改的进度显示在这里。"),
        [
            Item(
                str(slate),
                "",
                _("%(name)s退回：%(text)s") % {"name": slate.last_by, "text": slate.last_text},
                label=_("修改中"),
                tone=tones.signed(signs=False),
            )
            for slate in found.rows
        ],
        found.total,
    )


def _to_decide(visitor: Visitor) -> HomeBlock:
    deciding = [turn for turn in visitor.turns if turn.slate.state in _DECIDED]
    return HomeBlock(
        "decide",
        _("待我决定"),
        _("现在没有要审定或命名的名单。省级名单公示期满、异议处理完后，会出现在这里。"),
        [
            Item(
                f"{turn.slate} · {turn.title}",
                reverse("workflows:task", args=[turn.task.pk]),
                _("正选 %(chosen)s / %(places)s")
                % {"chosen": figure(turn.slate.chosen), "places": figure(turn.slate.places)},
                turn.slate.holds_until,
            )
            for turn in deciding[: worklist.SHOWN]
        ],
        len(deciding),
        reverse("workflows:inbox"),
    )


def _late(visitor: Visitor) -> HomeBlock:
    found = worklist.late_lists(worklist.area(visitor.user))
    return HomeBlock(
        "late",
        _("快要误期和已经误期的名单"),
        _("没有 %(days)s 天内到期而还没有提交的名单。临近截止时间还没有提交的推荐单位会列在这里。")
        % {"days": clock.SOON.days},
        [Item(str(slate), "", _("有申报待办理，名单还没有提交"), slate.holds_until) for slate in found.rows],
        found.total,
        reverse("appraisal:slates"),
    )


def _broken(visitor: Visitor) -> HomeBlock:
    found = worklist.broken_lists(visitor.user)
    return HomeBlock(
        "broken",
        _("不再符合规定的名单"),
        _("上报途中的名单都符合名额和占比的规定。有对象撤下、名额调整后不再符合的，会列在这里。"),
        [
            Item(
                str(slate),
                reverse("appraisal:slate", args=[slate.pk]),
                "；".join(each.sentence.what for each in slate_board.missing(report)[:2]),
                label=slate.get_state_display(),
                tone=tones.verdict(holds=False),
            )
            for slate, report in found.rows
        ],
        found.total,
    )


def _unfilled(_visitor: Visitor) -> HomeBlock:
    found = worklist.vacancies()
    return HomeBlock(
        "vacant",
        _("有岗位空缺的单位"),
        _("各岗位都有人。有岗位空缺时，按推荐单位列在这里。"),
        [
            Item(
                name,
                f"{reverse('quotas:posts')}?body={pk}",
                _("%(number)s 个岗位中有 %(vacant)s 个没有人") % {"number": total, "vacant": lacking},
            )
            for pk, name, lacking, total in found.rows
        ],
        found.total,
        reverse("quotas:posts"),
    )


def _extensions(_visitor: Visitor) -> HomeBlock:
    found = worklist.open_extensions()
    return HomeBlock(
        "extensions",
        _("待答复的延期申请"),
        _("没有等待答复的延期申请。各级推荐单位提出的延期申请列在这里。"),
        [
            Item(
                _("%(body)s申请%(stage)s延期")
                % {"body": asked.body.name, "stage": asked.get_stage_display()},
                reverse("appraisal:extensions", args=[asked.round.code]),
                _("希望延至 %(at)s：%(reason)s") % {"at": moment(asked.wanted), "reason": asked.reason},
            )
            for asked in found.rows
        ],
        found.total,
    )


def _flagged(visitor: Visitor) -> HomeBlock:
    found = worklist.flagged_entries(visitor.user)
    return HomeBlock(
        "flagged",
        _("所有制重新核验过的对象"),
        _("没有等您认定的对象。单位的所有制重新核验后与名单上的不同时，列在这里；认定之前名单不能办结。"),
        [
            Item(
                entry.nomination.nominee_name,
                reverse("appraisal:slate_ownership", args=[entry.slate_id]),
                f"{entry.nomination.employer.name} · {entry.slate}",
                label=_("待认定"),
                tone=tones.of_ownership(verified=True, changed=True),
            )
            for entry in found.rows
        ],
        found.total,
    )


def _resets(visitor: Visitor) -> HomeBlock:
    """What this administrator may confirm; who asked reads it on the page of the resets."""
    role = resets.administrator(visitor.user)
    found = [
        reset
        for reset in resets.waiting()
        if reset.asked_as != role and visitor.user.pk not in {reset.user_id, reset.asked_by_id}
    ]
    return HomeBlock(
        "resets",
        _("待您复核的重置申请"),
        _("没有等您复核的重置申请。另一名管理员提出申请后列在这里，三日内复核有效。"),
        [
            Item(
                reset.user.name,
                reverse("quotas:resets"),
                _("%(by)s申请，%(at)s失效")
                % {"by": reset.asked_by.name, "at": moment(resets.void_at(reset))},
            )
            for reset in found[: worklist.SHOWN]
        ],
        len(found),
        reverse("quotas:resets"),
    )


def _locked(_visitor: Visitor) -> HomeBlock:
    found = sign_ins.locked_officials()
    return HomeBlock(
        "locked",
        _("锁定中的账号"),
        _("没有因连续输错密码而锁定的账号。锁定十五分钟后自行解除；锁定期间列在这里。"),
        [
            Item(
                one.user.name,
                "",
                _("%(username)s，连续输错密码，%(at)s解除。不是本人所为的，请向本人核实。")
                % {"username": one.user.username, "at": moment(one.until)},
                label=_("锁定中"),
                tone=tones.verdict(holds=False),
            )
            for one in found[: worklist.SHOWN]
        ],
        len(found),
    )


def _upkeep(_visitor: Visitor) -> HomeBlock:
    return HomeBlock("upkeep", _("系统维护"), "", [_run(run) for run in upkeep.latest().values()])


def _run(run: upkeep.Run) -> Item:
    match run.kind:
        case Upkeep.VERIFY:
            name, well = _("全面核验"), _("一致")
            ill = _("%(number)s 项不一致，请运维人员查看核验输出") % {"number": figure(run.wrong)}
        case _:
            name, well, ill = _("备份"), _("已完成"), _("没有做成，请运维人员查看")
    if run.at is None:
        note = _("还没有记录。应当每夜执行，请运维人员检查定时任务。")
    elif run.wrong:
        note = f"{moment(run.at)}：{ill}"
    else:
        note = f"{moment(run.at)}：{well}"
    if run.at is not None and run.overdue:
        note += _("；已超过 %(days)s 天没有执行") % {"days": figure(upkeep.WITHIN.days)}
    if run.holds:
        return Item(name, "", note, label=_("正常"), tone=tones.verdict(holds=True))
    word = _("未执行") if run.overdue else _("异常")
    return Item(name, "", note, label=word, tone=tones.verdict(holds=False))


def _moving(visitor: Visitor) -> HomeBlock:
    slates = worklist.moving_lists(visitor.user)
    words = {
        SlateState.SIGNED: _("已签发，待发布公示"),
        SlateState.ON_NOTICE: _("公示中"),
        SlateState.SETTLING: _("公示期满，待上报"),
    }
    return HomeBlock(
        "moving",
        _("签发后的名单"),
        _("没有签发后待公示、公示中或待上报的名单。领导签发后，名单走到哪一步会显示在这里。"),
        [
            Item(
                str(slate),
                reverse("appraisal:slate", args=[slate.pk]),
                _("公示至 %(day)s") % {"day": day(slate.notice_ends)} if slate.notice_ends else "",
                slate.holds_until,
                words[slate.state],
                tones.tone(slate.state),
            )
            for slate in slates[: worklist.SHOWN]
        ],
        len(slates),
        reverse("appraisal:slates"),
    )


def _back_again(visitor: Visitor) -> HomeBlock:
    found = worklist.back_again(visitor.user, worklist.SHOWN)
    return HomeBlock(
        "back",
        _("补正后交回的"),
        _("没有补正后交回的申报。您所在机关退回的申报补正后再次提交，会出现在这里。"),
        [
            Item(row.name, row.url, " · ".join(filter(None, (row.unit, row.award))), row.due_at)
            for row in rows.brief(found.rows)
        ],
        found.total,
        reverse("workflows:inbox"),
    )


def _awaited(visitor: Visitor) -> HomeBlock:
    found = worklist.awaited_corrections(visitor.user)
    return HomeBlock(
        "awaited",
        _("退回后等待补正的"),
        _("没有退回后还没交回的申报。退回补正的申报在交回之前列在这里。"),
        [
            Item(
                nomination.nominee_name,
                reverse("appraisal:nomination", args=[nomination.pk]),
                f"{nomination.employer.name} · {nomination.round_award.award.short_name}",
                nomination.due_at,
                _("等待补正"),
                tones.tone(NominationState.RETURNED),
            )
            for nomination in found.rows
        ],
        found.total,
        f"{reverse('appraisal:nominations')}?status=returned",
    )


def _objections(visitor: Visitor) -> HomeBlock:
    found = worklist.open_objections(visitor.user)
    reads = bool(visitor.acts & (_KEEP | _SIGN))
    return HomeBlock(
        "objections",
        _("没有办结的异议"),
        _("没有正在核查的异议。公示期内收到的异议登记后会列在这里，办结之前名单不能上报。"),
        [
            Item(
                objection.entry.nomination.nominee_name,
                reverse("appraisal:objections", args=[objection.notice.slate_id]) if reads else "",
                _("%(slate)s，%(day)s收到")
                % {"slate": objection.notice.slate, "day": day(objection.received_on)},
                label=_("核查中"),
                tone=tones.tone(Finding.OPEN),
            )
            for objection in found.rows
        ],
        found.total,
    )


def _waiting_accounts(_visitor: Visitor) -> HomeBlock:
    found = worklist.waiting_accounts()
    return HomeBlock(
        "accounts",
        _("还没有启用的账号"),
        _("没有等待首次登录的账号。新开设或重置密码的账号，在本人修改一次性密码之前列在这里。"),
        [
            Item(
                user.name,
                f"{reverse('quotas:accounts')}?q={user.username}",
                user.username,
                label=_("未设密码"),
            )
            for user in found.rows
        ],
        found.total,
        f"{reverse('quotas:accounts')}?state=waiting",
    )


def _seal(_visitor: Visitor) -> HomeBlock:
    seal, since = worklist.rows_since_seal()
    if seal is None:
        item = Item(
            _("台账尚未封存"),
            "",
            _("还没有封存过，共有 %(number)s 条。") % {"number": figure(since)},
        )
    else:
        item = Item(
            _("最近一次封存：%(at)s，共 %(entries)s 条")
            % {"at": moment(seal.at), "entries": figure(seal.entries)},
            "",
            _("此后新增 %(number)s 条。") % {"number": figure(since)},
        )
    return HomeBlock("seal", _("台账封存"), "", [item], None, reverse("quotas:ledger"), _("查阅台账"))


def _latest(visitor: Visitor) -> HomeBlock:
    entries = worklist.latest_rows(visitor.user)
    return HomeBlock(
        "latest",
        _("最近办理的"),
        _("还没有办理记录。辖区内每办一件事，这里就多一条。"),
        [
            Item(
                line.sentence,
                "",
                f"{moment(line.entry.at)}{_('：') + line.reason if line.reason else ''}",
            )
            for line in told.lines(entries, visitor.user)
        ],
        None,
        reverse("quotas:ledger"),
        _("查阅台账"),
    )


_BLOCKS: tuple[tuple[Callable[[Visitor], HomeBlock], frozenset[Act], frozenset[Act]], ...] = (
    # The block, the acts of which one brings it, and those with which it stands elsewhere or not at all.
    (_to_sign, _SIGN, _NONE),
    (_sent_back, _SIGN, _NONE),
    (_to_decide, _FINALISE, _NONE),
    (_late, _FINALISE, _NONE),
    (_broken, _FINALISE, _NONE),
    (_extensions, _PLAN, _NONE),
    (_flagged, _KEEP, _NONE),
    (_moving, _KEEP, _NONE),
    (_back_again, _REVIEW, _NONE),
    (_awaited, _REVIEW | _FINALISE, _NONE),
    (_objections, _KEEP | _SIGN | _REVIEW, _NONE),
    (_late, _SIGN, _FINALISE),
    (_upkeep, _ACCOUNTS, _NONE),
    (_waiting_accounts, _ACCOUNTS, _NONE),
    (_resets, _POSTS, _NONE),
    (_locked, _POSTS, _NONE),
    (_unfilled, _POSTS, _NONE),
    # Who looks at an area reads what is done there; who answers for the ledger also whether it is sealed.
    (_resets, _LEDGER, _AREA),
    (_upkeep, _LEDGER, _AREA),
    (_seal, _LEDGER, _AREA),
    (_latest, _LEDGER, _NONE),
)
