"""The workbench of a slate: its pool by pages, the draft, the meter; and what one press changes of it. Read-only.

Pages are cut and ordered by the database, so that a press costs the same beside a pool of any size. Where a press
changes few rows, only those are drawn again: what the page showed is known from what it sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from appraisal.gate.services import gate
from appraisal.gate.services.gate import GateReport
from appraisal.gate.wording import name_of
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind
from appraisal.slates.forms import SlateDraft
from appraisal.slates.views.slate_board import (
    Advice,
    BoardRow,
    MissingLabel,
    Origin,
    Press,
    RowKey,
    advice,
    meter,
    missing,
    origins_of,
    places_facts,
)
from quotas.base import outside
from quotas.base.wording import word
from quotas.selection.judge import SeparateUse
from quotas.tree.models import User

PER_PAGE = 100
"""Rows of the pool that one page of the workbench holds."""

ORDERS = ("number", "score", "rank")
OWNERSHIP = ("", "non_public", "public")


FEW = 12
"""Rows of a kind that are drawn again as a whole rather than one by one."""


@dataclass(frozen=True)
class EntryGroup:
    """The entries of one kind, with the places for them."""

    kind: EntryKind
    places: int
    rows: tuple[BoardRow, ...]
    uses: tuple[SeparateUse, ...] = ()
    """What the separate places are for, whose they are, and how many are filled."""

    @property
    def label(self) -> str:
        """The kind's word."""
        return str(self.kind.label)

    @property
    def free(self) -> int:
        """Places left, never below zero."""
        return max(self.places - len(self.rows), 0)


@dataclass(frozen=True)
class View:
    """How the pool is shown: order, ownership, page."""

    order: str = "number"
    ownership: str = ""
    page: int = 1

    @classmethod
    def read(cls, data: Mapping[str, Any], act: str = "") -> "View":
        """From what the page sent; anything unknown is the default. "page:3" as act turns the page."""
        order, ownership = str(data.get("order", "")), str(data.get("ownership", ""))
        verb, _colon, number = act.partition(":")
        page = number if verb == "page" else str(data.get("page", "1"))
        return cls(
            order if order in ORDERS else ORDERS[0],
            ownership if ownership in OWNERSHIP else "",
            1 if verb == "view" else outside.row(page) or 1,
        )


@dataclass(frozen=True)
class SlateBoard:
    """Everything the workbench shows of a slate, besides the page's own form."""

    slate: Slate
    draft: SlateDraft
    report: GateReport
    groups: tuple[EntryGroup, ...]
    pool: tuple[BoardRow, ...]
    pool_total: int
    unchosen: int
    shown_total: int
    scored: bool
    view: View
    pages: int
    focus: str
    changes: "BenchChanges | None"

    @property
    def meter(self) -> list[dict[str, Any]]:
        """The lines of the quota meter."""
        return meter(self.report)

    @property
    def facts(self) -> list[str]:
        """What stands beside the meter's title."""
        return places_facts(self.report)

    @property
    def advice(self) -> "Advice | None":
        """What stands below the meter of a slate that is broken."""
        return advice(self.report)

    @property
    def advised(self) -> str:
        """The rules that the slate may break with an approval only; empty where it keeps them."""
        return word([name_of(check.bound) for check in self.report.advised])

    @property
    def missing(self) -> list["MissingLabel"]:
        """What keeps the slate from being submitted, the first thing first."""
        return missing(self.report, advised=True)

    @property
    def free(self) -> int:
        """Regular places left, never below zero."""
        return max(self.report.places[EntryKind.REGULAR].left, 0)

    @property
    def why(self) -> str:
        """Why some buttons of the pool cannot be pressed; empty while every kind has a place."""
        return _why_not(self.report)

    @property
    def full(self) -> str:
        """The kinds that have no place left, as the buttons of the page name them."""
        return " ".join(kind for kind, line in self.report.places.items() if line.left < 1)

    @property
    def page_numbers(self) -> list[int | None]:
        """The pages of the pool: the first, the last and those around this one; None where others are left out."""
        near = Paginator(range(self.pages), 1).get_elided_page_range(self.view.page)
        return [number if isinstance(number, int) else None for number in near]

    @property
    def chosen(self) -> list[int]:
        """The numbers of those that count as winners to be: reserves wait outside."""
        rows = (row for group in self.groups if group.kind != EntryKind.RESERVE for row in group.rows)
        return [row.nomination.pk for row in rows]

    @property
    def separate(self) -> tuple[SeparateUse, ...]:
        """The lines of separate places among which somebody can choose; none where there is but one."""
        return self.report.separate if len(self.report.separate) > 1 else ()

    def by_score(self) -> list[int]:
        """The numbers of the listed, the best score first."""
        rows = [row.nomination for group in self.groups for row in group.rows]
        rows.sort(key=lambda row: (-(row.score if row.score is not None else -1), row.number))
        return [row.pk for row in rows]


@dataclass(frozen=True)
class RowSpot:
    """A row to be drawn again, and where: in its place (""), or as a new one behind another row or in front of all."""

    row: BoardRow
    where: str = ""
    first: bool = False
    last: bool = False


@dataclass(frozen=True)
class BenchChanges:
    """What a press has changed of the rows on the page. `gone` are ids of rows; `pool` where all of it is drawn again, `pages` where there are more or fewer of them."""

    pool: bool
    gone: tuple[str, ...]
    in_pool: tuple[RowSpot, ...]
    groups: tuple[EntryGroup, ...]
    in_list: tuple[RowSpot, ...]
    ranks: tuple[BoardRow, ...]
    pages: bool = False


@dataclass(frozen=True)
class BenchBefore:
    """What the page showed when a button was pressed: the draft, the order of its rows, the rows marked as helpful."""

    draft: SlateDraft
    rows: tuple[int, ...] = ()
    helped: frozenset[int] = frozenset()

    @classmethod
    def read(cls, data: Any) -> "BenchBefore":
        """From what the page sent."""
        rows = (sent.partition(":")[0] for sent in data.getlist("entry"))
        helped = map(outside.row, data.getlist("helped"))
        return cls(
            SlateDraft.read(data),
            tuple(outside.required_row(number) for number in rows),
            frozenset(number for number in helped if number is not None),
        )

    @property
    def as_sent(self) -> bool:
        """Whether the rows stood in the order of their ranks: nobody has typed one."""
        return self.rows == tuple(number for number, _kind, _rank in self.draft.entries)


def stored(slate: Slate) -> SlateDraft:
    """The slate as it is stored; one statement."""
    rows = SlateEntry.objects.standing().filter(slate=slate.pk)
    there = list(rows.values_list("nomination_id", "kind", "rank", "line"))
    return SlateDraft.of((row[:3] for row in there), {row[0]: row[3] for row in there if row[3]})


def first_free(slate: Slate, draft: SlateDraft, view: View) -> list[int]:
    """The nominations that would fill the free regular places, in the order in which the pool is shown."""
    free = (
        gate.report(slate_id=slate.pk, entries=draft.entries, explained=False).places[EntryKind.REGULAR].left
    )
    return list(_shown(slate, view).without(draft.numbers).numbers(0, max(free, 0)))


def _shown(slate: Slate, view: View) -> Any:
    pool = Nomination.objects.pool_of(slate.round_award_id, slate.body_id)
    return pool.of_ownership(view.ownership).in_pool_order(view.order, slate)


@dataclass(frozen=True)
class _PoolPage:
    """A page of the pool beside a draft: which it is, of how many, and the numbers of its nominations."""

    number: int
    pages: int
    rows: list[int]

    @classmethod
    def of(cls, shown: Any, draft: SlateDraft, total: int, wanted: int) -> "_PoolPage":
        """The page that is wanted, or the last one there is; one statement."""
        pages, number = _page_of(total, wanted)
        return cls(
            number, pages, shown.without(draft.numbers).numbers((number - 1) * PER_PAGE, number * PER_PAGE)
        )


def board(
    *,
    slate: Slate,
    user: User,
    draft: SlateDraft,
    view: View,
    pressed: str = "",
    before: BenchBefore | None = None,
) -> SlateBoard:
    """
    The workbench of a slate for this draft, in a fixed number of statements, whatever the number of rows.

    `pressed` is the button that led here; the focus goes to the one that the hand expects next. `before` is what the
    page showed, where only what changed is to be drawn.
    """
    report = gate.report(slate_id=slate.pk, entries=draft.entries, lines=draft.lines)
    pool, shown = Nomination.objects.pool_of(slate.round_award_id, slate.body_id), _shown(slate, view)
    old = before.draft if before is not None else draft
    total = pool.pool_tally(draft.numbers, old.numbers, view.ownership)
    page = _PoolPage.of(shown, draft, total["shown"], view.page)
    chose = _chosen_by(pressed)
    page_before = _PoolPage.of(shown, old, total["shown_before"], view.page) if chose or before else page
    named = dict(pool.numbered(draft.numbers).values_list("pk", "nominee_name"))
    lost = set(draft.numbers - named.keys())
    focus = _focus(pressed, chose, page_before.rows if chose or before else [], page.rows, shown, draft)
    helpful = _helpful(report)
    made = SlateBoard(
        slate=slate,
        draft=draft,
        report=report,
        groups=_groups(draft, report, named, lost),
        pool=tuple(BoardRow(RowKey(number), helps=number in helpful) for number in page.rows),
        pool_total=total["total"],
        unchosen=total["unchosen"],
        shown_total=total["shown"],
        scored=total["scored"] > 0,
        view=View(view.order, view.ownership, page.number),
        pages=page.pages,
        focus=focus.replace(":", "-"),
        changes=None,
    )
    changes = None
    if before is not None and not lost and before.as_sent:
        was_shown = page_before.rows if page.number == page_before.number else []
        changes = _changes(made, before, was_shown, _number_of(pressed))
    wanted = _drawn_of(changes, page.rows) if changes else {*draft.numbers, *page.rows}
    rows = _loaded(pool, user, wanted, lost)
    pen = _Pen(rows, origins_of(slate, rows), report, focus)
    if changes is None:
        return pen.whole(made)
    return pen.changed(made, replace(changes, pages=page.pages != page_before.pages))


def _drawn_of(changes: BenchChanges, part: Iterable[int]) -> set[int]:
    """The nominations whose rows are drawn again as a whole."""
    rows = [
        *(spot.row for spot in (*changes.in_pool, *changes.in_list)),
        *(row for group in changes.groups for row in group.rows),
    ]
    return {*(row.nomination.pk for row in rows), *(part if changes.pool else ())}


def _loaded(pool: Any, user: User, wanted: set[int], lost: set[int]) -> dict[int, Nomination]:
    """What is drawn, by number; the `lost` do not lie in the pool any more."""
    rows = {row.pk: row for row in pool.numbered(wanted).for_pool()} if wanted else {}
    if lost:
        rows |= {row.pk: row for row in Nomination.objects.visible_to(user).numbered(lost).for_pool()}
    return rows


@dataclass(frozen=True)
class _Pen:
    """Completes the rows that are drawn: with their nominations, where they came from, and their buttons."""

    rows: Mapping[int, Nomination]
    origins: Mapping[int, Origin]
    report: GateReport
    focus: str

    def whole(self, made: SlateBoard) -> SlateBoard:
        """All of the board."""
        return replace(
            made,
            groups=tuple(map(self.group, made.groups)),
            pool=self.all(made.pool),
            scored=made.scored or any(row.score is not None for row in self.rows.values()),
        )

    def changed(self, made: SlateBoard, changes: BenchChanges) -> SlateBoard:
        """Of the board what a press changed."""
        pool = self.all(made.pool) if changes.pool else made.pool
        return replace(made, pool=pool, changes=self.changes(changes))

    def row(self, row: BoardRow, *, first: bool = False, last: bool = False) -> BoardRow:
        """A row of the pool, or of a kind with its place there."""
        number = row.nomination.pk
        return replace(
            row,
            nomination=self.rows[number],
            origin=self.origins.get(number),
            acts=_moves(number, EntryKind(row.kind), self.report, self.focus, first=first, last=last)
            if row.kind
            else _choices(number, self.report, self.focus),
        )

    def all(self, rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
        """Those of the pool."""
        return tuple(map(self.row, rows))

    def group(self, group: EntryGroup) -> EntryGroup:
        """A kind with all its rows, besides those that nobody may see any more."""
        rows = [row for row in group.rows if row.nomination.pk in self.rows]
        return replace(
            group,
            rows=tuple(
                self.row(row, first=place == 1, last=place == len(rows)) for place, row in enumerate(rows, 1)
            ),
        )

    def changes(self, changes: BenchChanges) -> BenchChanges:
        """What a press has changed. Rows of which the rank alone differs are known by their names."""
        return replace(
            changes,
            in_pool=tuple(map(self._spot, changes.in_pool)),
            groups=tuple(map(self.group, changes.groups)),
            in_list=tuple(map(self._spot, changes.in_list)),
        )

    def _spot(self, spot: RowSpot) -> RowSpot:
        return replace(spot, row=self.row(spot.row, first=spot.first, last=spot.last))


def _page_of(rows: int, wanted: int) -> tuple[int, int]:
    """How many pages so many rows of the pool fill, and which of them is shown."""
    pages = max(-(-rows // PER_PAGE), 1)
    return pages, min(max(wanted, 1), pages)


def _number_of(pressed: str) -> int | None:
    return outside.row(pressed.partition(":")[2])


def _chosen_by(pressed: str) -> int | None:
    """The nomination that the button puts on the slate; none for other buttons."""
    return _number_of(pressed) if pressed.partition(":")[0] in EntryKind.values else None


def _focus(
    pressed: str,
    chose: int | None,
    was_shown: Sequence[int],
    now_shown: Sequence[int],
    shown: Any,
    draft: SlateDraft,
) -> str:
    """
    The button that gets the focus: the same one for a move; the next row's for a choice, so that Enter goes on.
    """
    if chose is None:
        return pressed
    if chose in was_shown:
        place = list(was_shown).index(chose)
        behind = [*was_shown[place + 1 :], *now_shown[place : place + 1]]
    else:
        # Put from one kind into another: what comes behind it in the pool.
        every = list(shown.numbers(0, None))
        behind = every[every.index(chose) + 1 :] if chose in every else []
    following = next((number for number in behind if number not in draft.numbers), None)
    return f"{pressed.partition(':')[0]}:{following}" if following else ""


def _changes(
    made: SlateBoard, before: BenchBefore, was_shown: Sequence[int], moved: int | None
) -> BenchChanges | None:
    """What differs from the page as it was; None where too much does. Pure.

    `was_shown` is the page of the pool as it was, empty where the page itself is another one.
    """
    places = {group.kind: group.places for group in made.groups}
    old = {kind: [number for number, _k, _r in before.draft.of_kind(kind)] for kind in EntryKind}
    kept = {kind for kind in EntryKind if old[kind] or made.report.places[kind].available}
    if kept | {EntryKind.REGULAR} != places.keys():
        return None
    ranks = {number: rank for number, _kind, rank in before.draft.entries}
    drawn: list[_Drawn] = []
    for group in made.groups:
        each = _drawn(group, old[group.kind], ranks, moved)
        if each is None:
            return None
        drawn.append(each)
    gone = [row for each in drawn for row in each.gone]
    pool = not was_shown or not made.pool
    in_pool: tuple[RowSpot, ...] = ()
    if not pool:
        showing = {row.nomination.pk for row in made.pool}
        gone += [f"pool-{number}" for number in was_shown if number not in showing]
        in_pool = tuple(_pool_spots(made.pool, set(was_shown), before.helped))
    return BenchChanges(
        pool,
        tuple(gone),
        in_pool,
        groups=tuple(group for each in drawn for group in each.whole),
        in_list=tuple(spot for each in drawn for spot in each.spots),
        ranks=tuple(row for each in drawn for row in each.ranked),
    )


class _Drawn(NamedTuple):
    """What is drawn again of one kind: the whole, or ids of rows to be taken out, rows, and rows whose rank differs."""

    whole: Sequence[EntryGroup] = ()
    gone: Sequence[str] = ()
    spots: Sequence[RowSpot] = ()
    ranked: Sequence[BoardRow] = ()


def _drawn(
    group: EntryGroup, was: Sequence[int], ranks: Mapping[int, int], moved: int | None
) -> _Drawn | None:
    """What differs of this kind from the rows that it had; None where that is too much."""
    now = [row.nomination.pk for row in group.rows]
    longest, shortest = max(len(was), len(now)), min(len(was), len(now))
    if longest > group.places or shortest < 2:
        if longest > FEW:
            return None
        return _Drawn(whole=[group] if was != now else [])
    out, spots, others = _moved_rows(group, was, moved)
    return _Drawn((), out, spots, [row for row in others if row.rank != ranks.get(row.nomination.pk)])


def _moved_rows(
    group: EntryGroup, was: Sequence[int], moved: int | None
) -> tuple[list[str], list[RowSpot], list[BoardRow]]:
    """Ids of rows to be taken out, rows to be drawn, and the others, of which at most the rank differs."""
    now = [row.nomination.pk for row in group.rows]
    staying = [number for number in was if number in set(now)]
    if staying != [number for number in now if number in set(was)]:
        staying = [number for number in staying if number != moved]
    out = [f"row-{number}" for number in was if number not in staying]
    drawn, others = [], []
    for place, row in enumerate(group.rows):
        number = row.nomination.pk
        ends = (place == 0, place == len(now) - 1)
        if number not in staying:
            where = f"afterend:#row-{now[place - 1]}" if place else f"afterbegin:#rows-{group.kind.value}"
            drawn.append(RowSpot(row, where, *ends))
        elif ends != (number == was[0], number == was[-1]):
            drawn.append(RowSpot(row, "", *ends))
        else:
            others.append(row)
    return out, drawn, others


def _pool_spots(rows: Sequence[BoardRow], was: set[int], helped: frozenset[int]) -> Iterable[RowSpot]:
    behind = ""
    for row in rows:
        number = row.nomination.pk
        if number not in was:
            yield RowSpot(row, f"afterend:#{behind}" if behind else "afterbegin:#pool-rows")
        elif row.helps != (number in helped):
            yield RowSpot(row)
        behind = f"pool-{number}"


def _helpful(report: GateReport) -> set[int]:
    """The nominations of the pool that would mend the slate, all bounds taken together where this was computed."""
    if report.remedy is not None:
        return {named.nomination_id for change in report.remedy.add for named in change.named}
    if report.conflict is not None:
        return set()
    return {
        named.nomination_id for check in report.checks if check.repair for named in check.repair.candidates
    }


def _groups(
    draft: SlateDraft, report: GateReport, named: Mapping[int, str], lost: set[int]
) -> tuple[EntryGroup, ...]:
    groups = []
    for kind in EntryKind:
        line = report.places[kind]
        entries = draft.of_kind(kind)
        if not entries and not line.available and kind != EntryKind.REGULAR:
            continue
        rows = tuple(
            BoardRow(
                RowKey(number, named.get(number, "")),
                kind=kind.value,
                rank=rank,
                cut=place == line.available + 1,
                gone=number in lost,
                line=report.lines.get(number, ""),
            )
            for place, (number, _kind, rank) in enumerate(entries, start=1)
        )
        uses = report.separate if kind == EntryKind.SEPARATE else ()
        groups.append(EntryGroup(kind, line.available, rows, uses))
    return tuple(groups)


def _choices(number: int, report: GateReport, focus: str) -> tuple[Press, ...]:
    """What a row of the pool offers: a button for each kind that has places here."""
    return tuple(
        Press(
            f"{kind.value}:{number}",
            str(kind.label),
            off=line.left < 1,
            focus=focus == f"{kind.value}:{number}",
            before=_("列为"),
        )
        for kind in EntryKind
        if (line := report.places[kind]).available or kind == EntryKind.REGULAR
    )


def _moves(
    number: int, kind: EntryKind, report: GateReport, focus: str, *, first: bool, last: bool
) -> tuple[Press, ...]:
    """What a row of the slate offers: up, down, another kind, off the slate."""
    here = [
        Press(f"up:{number}", _("上移"), off=first, focus=focus == f"up:{number}", icon="up"),
        Press(f"down:{number}", _("下移"), off=last, focus=focus == f"down:{number}", icon="down"),
    ]
    others = [press for press in _choices(number, report, "") if not press.value.startswith(f"{kind.value}:")]
    return (*here, *others, Press(f"drop:{number}", _("移出")))


def _why_not(report: GateReport) -> str:
    """Why a row of the pool cannot be put among the entries of a kind now; empty while every kind has a place."""
    if report.places[EntryKind.REGULAR].available == 0:
        return _("本级没有名额，不能列为正选。")
    return "".join(
        _("%(kind)s名额已用完（%(used)s / %(places)s），请先移出一个。")
        % {"kind": EntryKind(kind).label, "used": line.used, "places": line.available}
        for kind, line in report.places.items()
        if line.available and line.left < 1
    )
