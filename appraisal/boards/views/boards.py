"""The quota board of a round: places, lists and what is left to do, from the province down to the county. Read-only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from appraisal.boards.services import boards
from appraisal.boards.services.boards import BodyGroup, BodyOnBoard, QuotaBoard, Sums
from appraisal.planning.views import rounds, targets
from appraisal.records.states import EntryKind, Standing
from appraisal.records.tones import tone, verdict
from appraisal.slates.views import slate_board
from appraisal.vacancies.views.vacancies import told_of
from quotas.base import outside
from quotas.base.states import Level, RoundState
from quotas.base.text import compact
from quotas.base.wording import sentence
from quotas.rounds.models import RoundAward
from quotas.rounds.services import vacancies
from quotas.rounds.services.vacancies import Vacancies
from quotas.rounds.wording import lines_words, separate_words
from quotas.selection.judge import RuleCheck
from quotas.templatetags import px
from quotas.templatetags.px import figure
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

MOST_RULES = 3
"""Rules that a row spells out; of more, those that hold are folded."""

_KINDS = (EntryKind.REGULAR, EntryKind.RESERVE, EntryKind.SEPARATE)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A body's row as it is drawn. `checks`: for each rule, what it still allows or lacks, and what it requires.

    Where there are many rules, one line (`held`) sums up those that hold, and `kept` folds them away beneath it.
    """

    row: BodyOnBoard
    depth: str
    counts: tuple[str, ...]
    non_public: str
    lines: str
    checks: tuple[tuple[SafeString, str], ...]
    held: SafeString | str
    kept: tuple[tuple[SafeString, str], ...]
    waiting: str
    status: SafeString | str
    due: SafeString | str
    vacant: str
    targets: tuple[dict[str, Any], ...]
    places_url: str
    hand_down_url: str


@dataclass(frozen=True, slots=True)
class Fold:
    """The bodies below a city together; their rows are folded away beneath it."""

    title: str
    sums: Sums
    counts: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class BoardBlock:
    """A group of the table: the body's own slate, the fold, and what is in it."""

    body: Any
    own: BoardLine | None
    fold: Fold | None
    below: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class BoardWanted:
    """What the address asks to be shown."""

    text: str
    problems: bool
    unfolded: bool

    @classmethod
    def read(cls, query: QueryDict) -> "BoardWanted":
        """From the address."""
        return cls(outside.word(query, "q"), query.get("only") == "problems", query.get("open") == "all")

    @property
    def narrowed(self) -> bool:
        """Whether rows are left out."""
        return bool(self.text) or self.problems

    def takes(self, row: BodyOnBoard, group: BodyGroup | None = None) -> bool:
        """Whether the row is shown: by its own name or that of its group, and only problems where these are wanted."""
        names = [row.body.name, *([group.body.name] if group else [])]
        return (not self.problems or row.problem) and any(
            compact(self.text) in compact(name) for name in names
        )


@login_required
@require_safe
def board(request: SignedIn, code: str) -> HttpResponse:
    """The board of one award of the round: the one of the address, or else the first."""
    round_ = rounds.round_of(request, code)
    awards = list(round_.awards.select_related("award"))
    chosen = _chosen(awards, outside.word(request.GET, "award"))
    context: dict[str, Any] = {
        "heading": _("名额与进度"),
        "breadcrumb": [
            {"label": round_.name, "url": reverse("appraisal:round", args=[code])},
            {"label": _("名额与进度")},
        ],
        "round": round_,
        "chosen": chosen,
    }
    if chosen is not None:
        found = boards.board(round_award_id=chosen.pk, user=request.user)
        context |= _shown(request, found, BoardWanted.read(request.GET))
        context["awards"] = [_award_chip(request, each, chosen) for each in awards]
    return render(request, "appraisal/boards/quotas.html", context)


def _chosen(awards: list[RoundAward], code: str) -> RoundAward | None:
    """The award of this code; the first where none is asked for. Not found where the round has no such award."""
    if not code:
        return awards[0] if awards else None
    chosen = rounds.chosen_of(awards, code)
    if chosen is None:
        raise Http404
    return chosen


def _award_chip(request: SignedIn, award: RoundAward, chosen: RoundAward) -> dict[str, Any]:
    """One of the awards to look at: always one of them is chosen, and the other filters stay."""
    query = request.GET.copy()
    query["award"] = award.award.code
    return {"label": award.award.name, "url": f"?{query.urlencode()}", "active": award == chosen}


def _shown(request: SignedIn, board: QuotaBoard, wanted: BoardWanted) -> dict[str, Any]:
    vacant = _vacancies(request, board)
    draw = _Drawing(request, board, vacant)
    blocks = [block for group in board.groups if (block := draw.block(group, wanted)) is not None]
    province = board.province if board.province and wanted.takes(board.province) else None
    return {
        "groups": _filters(board),
        "search": {"name": "q", "label": _("按单位查找"), "placeholder": pgettext("推荐单位", "单位名称")},
        "wanted": wanted,
        "given": any(row.allotted or row.reviewing or row.pooled for row in board.rows),
        "summary": _summary(board),
        "drift": [sentence(each) for each in board.drift],
        "targets": targets.told(board.targets),
        "vacant": told_of(board.round_award.round, vacant) if vacant.stopping else None,
        "tiles": _tiles(board, blocks),
        "province": draw.line(province, "0") if province else None,
        "blocks": blocks,
        "totals": [] if wanted.narrowed else _totals(board),
    }


def _vacancies(request: SignedIn, board: QuotaBoard) -> Vacancies:
    """The vacant posts that stop the round, at the bodies that the reader sees; none of a round that is over."""
    if board.round_award.round.state == RoundState.CLOSED:
        return Vacancies(0, ())
    found = vacancies.of_round(round_id=board.round_award.round_id)
    return found.at(frozenset(Body.objects.visible_ids(request.user)))


def _filters(board: QuotaBoard) -> list[dict[str, Any]]:
    problems = {
        "value": "problems",
        "label": _("只看逾期或不符合的"),
        "count": sum(row.problem for row in board.rows),
    }
    found = [{"label": _("显示"), "name": "only", "single": True, "options": [problems]}]
    if len(board.groups) > 1:
        all_open = {"value": "all", "label": _("全部展开")}
        found.append({"label": _("各县"), "name": "open", "single": True, "options": [all_open]})
    return found


def _totals(board: QuotaBoard) -> list[dict[str, Any]]:
    """The slates of each stage together; empty where one group already says everything."""
    if len(board.groups) < 2:
        return []
    return [
        {
            "title": _("%(stage)s合计") % {"stage": stage.label},
            "sums": sums,
            "counts": _counts(sums.used, sums.places),
        }
        for stage, sums in board.by_stage
        if sums.bodies > 1
    ]


class _Drawing:
    """Rows in words, for one reader. The same word or deadline stands in many rows and is drawn once."""

    def __init__(self, request: SignedIn, board: QuotaBoard, vacant: Vacancies) -> None:
        self._board = board
        self._vacant: dict[int, list[str]] = {}
        for each in vacant.stopping:
            self._vacant.setdefault(each.body.pk, []).append(str(each.role.label))
        self._parents = {row.body.parent_id for row in board.rows}
        self._drawn: dict[Any, SafeString] = {}
        self._dates: dict[datetime | None, SafeString | str] = {}
        runs = board.round_award.round.state != RoundState.CLOSED
        self._hands = grants_of(request.user).bodies(Act.ALLOCATE_PLACES) if runs else frozenset()

    def block(self, group: BodyGroup, wanted: BoardWanted) -> BoardBlock | None:
        """A group with what is wanted of it; None where nothing is."""
        below = [row for row in group.below if wanted.takes(row, group)]
        if not below and not (group.own and wanted.takes(group.own)):
            return None
        top = "1" if group.own is None or group.own.body.level != Level.COUNTY else "0"
        return BoardBlock(
            body=group.body,
            own=self.line(group.own, top) if group.own else None,
            fold=self._fold(group, wanted) if group.below else None,
            below=tuple(self.line(row, "2") for row in below),
        )

    def _fold(self, group: BodyGroup, wanted: BoardWanted) -> Fold:
        sums = group.sums
        return Fold(
            title=_("%(body)s所辖 %(number)s 个县（市、区）")
            % {"body": group.body.short_name, "number": sums.bodies},
            sums=sums,
            counts=_counts(sums.used, sums.places),
            open=wanted.narrowed or wanted.unfolded or len(self._board.groups) == 1,
        )

    def line(self, row: BodyOnBoard, depth: str) -> BoardLine:
        """A row of the table."""
        award, body = self._board.round_award, row.body
        many = len(row.checks) > MOST_RULES
        kept = [check for check in row.checks if many and check.holds]
        told = [check for check in row.checks if check not in kept]
        return BoardLine(
            row=row,
            depth=depth,
            counts=_counts({kind: row.used(kind) for kind in _KINDS}, row.places),
            non_public=_share(row.non_public, row.used()),
            lines=_("、").join(
                (
                    *lines_words(row.plan.slots, row.plan.parts, row.plan.rules),
                    *(_("单列：%(line)s") % {"line": separate_words(line)} for line in row.plan.separate),
                )
            ),
            checks=tuple(self._check(check, alone=len(row.checks) == 1) for check in told),
            held=self._held(kept),
            kept=tuple(self._check(check, alone=False) for check in kept) if row.used() else (),
            waiting=f"{figure(row.reviewing)} / {figure(row.pooled)}",
            status=self._status(row.state.label, tone(row.state)) if row.state else "",
            due=self._due(row.due_at) if row.to_do else "",
            vacant=_("、").join(self._vacant.get(body.pk, ())),
            targets=tuple(
                {**each, "status": self._status(each["label"], each["tone"])}
                for each in targets.of_body(self._board.targets, body.pk)
            ),
            places_url=reverse("quotas:set_places", args=[award.pk, body.pk])
            if body.parent_id in self._hands
            else "",
            hand_down_url=reverse("quotas:hand_down", args=[award.pk, body.pk])
            if body.pk in self._hands & self._parents
            else "",
        )

    def _held(self, kept: Sequence[RuleCheck]) -> SafeString | str:
        if not kept:
            return ""
        least = min(check.margin for check in kept)
        word = _("%(number)s 项符合，最少余 %(least)s") % {
            "number": figure(len(kept)),
            "least": figure(least),
        }
        return self._status(word, verdict(holds=True))

    def _check(self, check: RuleCheck, *, alone: bool) -> tuple[SafeString, str]:
        line = slate_board.check_line(check)
        words = {"number": figure(abs(check.margin))}
        if check.holds:
            word = _("余 %(number)s") % words
        else:
            word = (_("差 %(number)s") if check.sense == "min" else _("超 %(number)s")) % words
        rule = line["rule"] if alone else f"{line['label']}{_('：')}{line['rule']}"
        return self._status(word, verdict(holds=check.holds, advised=check.advised)), rule

    def _status(self, word: Any, tone: str) -> SafeString:
        if word not in self._drawn:
            self._drawn[word] = px.status(word, tone, plain=True)
        return self._drawn[word]

    def _due(self, at: datetime | None) -> SafeString | str:
        if at not in self._dates:
            self._dates[at] = px.due(at)
        return self._dates[at]


def _share(count: int | None, base: int | None) -> str:
    """3 · 60 %: how many, and of how many percent where there is anything."""
    return f"{figure(count)} · {px.percent(count, base)}" if count is not None and base else figure(count)


def _counts(used: Mapping[str, int | None], places: Mapping[str, int]) -> tuple[str, ...]:
    """Entries of places for each kind, such as 5 / 6; "—" for what the reader may not see; nothing where there is
    neither place nor entry.
    """
    return tuple(
        f"{figure(used[kind])} / {figure(places[kind])}" if places[kind] or used[kind] else ""
        for kind in _KINDS
    )


def _summary(board: QuotaBoard) -> dict[str, Any]:
    """The slates of the highest stage in sight: the meter of the one there is, or their sum; and what is missing below."""
    highest = board.highest
    if not highest:
        return {}
    sums = Sums.of(board.rows)
    facts = []
    if sums.lists - sums.gone:
        facts.append(_("还有 %(number)s 份名单没有办结") % {"number": sums.lists - sums.gone})
    if sums.late:
        facts.append(_("逾期 %(number)s 个单位") % {"number": sums.late})
    if sums.broken:
        facts.append(_("不符合 %(number)s 份") % {"number": sums.broken})
    one = highest[0] if len(highest) == 1 else None
    return {
        "title": one.body.name
        if one
        else _("%(stage)s %(number)s 份名单")
        % {"stage": highest[0].body.stage.label, "number": len(highest)},
        "facts": slate_board.places_facts(one.report) if one and one.report else _facts(Sums.of(highest)),
        "checks": slate_board.meter(one.report) if one and one.report else [],
        "left": facts,
    }


def _facts(sums: Sums) -> list[str]:
    """Like `slate_board.places_facts`, for several lists."""
    facts = [
        f"{kind.label} {figure(sums.used[kind])} / {figure(sums.places[kind])}"
        for kind in _KINDS
        if sums.places[kind] or sums.used[kind]
    ]
    return [*facts, _("非公有制 %(number)s") % {"number": figure(sums.non_public)}]


def _tiles(board: QuotaBoard, blocks: Iterable[BoardBlock]) -> list[dict[str, Any]]:
    """The cities with the worst standing of their slates; none where there is only one city."""
    shown = {block.body.pk for block in blocks}
    cities = [group for group in board.groups if group.body.level == Level.CITY]
    if len(cities) < 2:
        return []
    return [
        {
            "code": group.body.code,
            "name": group.body.short_name,
            "text": _counts({kind: group.own.used(kind) for kind in _KINDS}, group.own.places)[0]
            if group.own
            else _counts(group.sums.used, group.sums.places)[0],
            "word": group.standing.label if group.standing else _("没有名额"),
            "tone": tone(group.standing) if group.standing else tone(Standing.EMPTY),
            "note": _note(group),
            "url": f"#body-{group.body.code}" if group.body.pk in shown else "",
        }
        for group in cities
    ]


def _note(group: BodyGroup) -> str:
    sums = group.sums
    parts = (
        [_("所辖 %(number)s 个县（市、区）已报 %(gone)s 份") % {"number": sums.bodies, "gone": sums.gone}]
        if sums.bodies
        else []
    )
    if sums.late:
        parts.append(_("逾期 %(number)s 个单位") % {"number": sums.late})
    if sums.broken:
        parts.append(_("不符合 %(number)s 份") % {"number": sums.broken})
    return _("，").join(parts)
