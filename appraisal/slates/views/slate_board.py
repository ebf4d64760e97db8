"""A slate as pages show it: its rows, its pool, the quota meter, what is still awaited. Read-only.

The workbench and every other page of a list draw from here, so that a row says the same on each of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appraisal.gate.refusals import (
    EntriesNotInPool,
    NomineeTwiceOnSlate,
    RanksBroken,
    ReservesAlone,
    SeparateLineExceeded,
    SeparateLineGone,
    SlateEmpty,
    SlatePlacesExceeded,
)
from appraisal.gate.services import gate
from appraisal.gate.services.gate import GateReport
from appraisal.gate.wording import advice_lines, kinds_word, name_of, repair_word
from appraisal.nominations.views.dossier import points
from appraisal.records import rules
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind
from quotas.base.errors import Reason
from quotas.base.states import Level, Stage
from quotas.base.wording import Sentence, sentence, word
from quotas.selection.judge import RuleCheck
from quotas.tree.models import Body, User


@dataclass(frozen=True)
class Origin:
    """How the body below ranked a nomination: its name, the rank and the kind."""

    body: str
    rank: int
    kind: str


_PLAIN, _FOCUS = SafeString(""), SafeString(" autofocus")
_OFF, _FULL = SafeString(" disabled"), SafeString(' disabled aria-describedby="pool-why"')


@dataclass(frozen=True)
class Press:
    """A button of a row: what it sends, its word, whether it can be pressed, whether the focus comes back to it."""

    value: str
    label: str
    off: bool = False
    focus: bool = False
    before: str = ""
    icon: str = ""

    @property
    def id(self) -> str:
        """Its id on the page, so that the focus finds it again."""
        return self.value.replace(":", "-")

    @property
    def kind(self) -> str:
        """The kind into which it puts the row; empty for another button."""
        verb = self.value.partition(":")[0]
        return verb if verb in EntryKind.values else ""

    @property
    def state(self) -> SafeString:
        """What HTML says of it besides: that it cannot be pressed (the page says why), that it has the focus."""
        if self.off:
            return _FULL if self.before else _OFF
        return _FOCUS if self.focus else _PLAIN


class RowKey(NamedTuple):
    """A nomination of which only where it stands is asked, not what its row shows."""

    pk: int
    nominee_name: str = ""


@dataclass(frozen=True)
class BoardRow:
    """A nomination as a row of a slate or of its pool; a `RowKey` until it is known that the row is drawn."""

    nomination: Any
    kind: str = ""
    rank: int = 0
    origin: Origin | None = None
    cut: bool = False
    gone: bool = False
    helps: bool = False
    acts: tuple["Press", ...] = ()
    line: str = ""
    """The line of separate places that it fills, by its key."""
    purpose: str = ""
    """What that line is for."""
    most_score: ClassVar[int] = rules.MOST_SCORE

    @property
    def unit(self) -> str:
        """The unit's name, where the nominee does not bear it already."""
        name = self.nomination.unit
        return "" if self.nomination.nominee_name.startswith(name) else str(name)

    @property
    def kind_label(self) -> str:
        """The word of the kind; empty for a row of the pool."""
        return str(EntryKind(self.kind).label) if self.kind else ""

    @property
    def score(self) -> str:
        """The score in points; empty when there is none."""
        return points(self.nomination.score)


@dataclass(frozen=True)
class MissingLabel:
    """One thing that is missing, and the part of the page where it is put right."""

    sentence: Sentence
    anchor: str


_ANCHORS: Mapping[type[Reason], str] = {
    SlateEmpty: "pool",
    SlatePlacesExceeded: "list",
    ReservesAlone: "list",
    SeparateLineExceeded: "list",
    SeparateLineGone: "list",
    EntriesNotInPool: "list",
    NomineeTwiceOnSlate: "list",
    RanksBroken: "list",
}


def missing(report: GateReport, *, advised: bool = False) -> list[MissingLabel]:
    """The broken rules as sentences, each with the part of the workbench that it is about.

    What mends all of them together stands below the meter; it is said here once more where it is `advised`.
    """
    told = report.reasons if advised else report.reasons[: len(report.violations)]
    return [MissingLabel(sentence(violation), _ANCHORS.get(type(violation), "meter")) for violation in told]


@dataclass(frozen=True)
class Advice:
    """What mends a broken slate as a whole, or why nothing does: one sentence, and the rest for who wants to know."""

    summary: str
    details: tuple[str, ...]
    title: str
    possible: bool


def advice(report: GateReport) -> Advice | None:
    """The remedy or the conflict of a report, or that neither was found in time; nothing where none was looked for."""
    if report.advice is None:
        return None
    possible = report.remedy is not None or report.unadvised
    title = _("可以移出和列入哪些") if possible else _("矛盾在哪里，怎样才有可能")
    summary, *details = advice_lines(report.advice)
    return Advice(summary, tuple(details), title, possible=possible)


def gate_context(report: GateReport, slate: Slate) -> dict[str, Any]:
    """What partials/quota/quota_meter.html shows of a report, and the approval of what the slate is let off."""
    return {
        "checks": meter(report),
        "facts": places_facts(report),
        "advice": advice(report),
        "approval": approval_of(slate),
    }


def approval_of(slate: Slate) -> dict[str, Any] | None:
    """The approval that was recorded with the slate, as pages and papers tell it."""
    kept = slate.approval
    if kept is None:
        return None
    return {
        "rules": word(kept["rules"]),
        "document": kept["document"],
        "given_by": kept["given_by"],
        "given_on": date.fromisoformat(kept["given_on"]),
    }


def places_facts(report: GateReport) -> list[str]:
    """正选 5 / 6, 后备 1 / 2: places used and there, without the kinds that have neither."""
    return [
        f"{EntryKind(line.kind).label} {line.used} / {line.available}"
        for line in report.places.values()
        if line.used or line.available
    ]


def meter(report: GateReport) -> list[dict[str, Any]]:
    """The checks of a report as lines of partials/quota/quota_meter.html; places come first. An empty list breaks nothing."""
    regular = report.places[EntryKind.REGULAR]
    places = {
        "label": _("名额"),
        "count": regular.used,
        "base": regular.available,
        "required": None,
        "margin": regular.left,
        "holds": regular.left >= 0 if regular.used else None,
        "rule": _("正选不超过 %(places)s 个") % {"places": regular.available},
        "sentence": "" if regular.used else _("至少列入一个正选才能提交。"),
        "clause": "",
    }
    # Where all bounds were looked at together, what each would ask for itself only confuses.
    alone = report.advice is None or report.unadvised
    return [places, *(check_line(check, alone=alone) for check in report.checks)]


def check_line(check: RuleCheck, *, alone: bool = True) -> dict[str, Any]:
    """One rule as a line of the meter; with `alone`, how it could be mended by itself."""
    return {
        "label": name_of(check.bound),
        "count": check.count,
        "base": check.base,
        "required": check.required,
        "margin": check.margin,
        "holds": check.holds if check.base or not check.holds else None,
        "advised": check.advised,
        "rule": _rule(check),
        "sentence": _sentence(check, alone=alone),
        "clause": check.clause,
    }


def _rule(check: RuleCheck) -> str:
    figures = {
        "required": check.required,
        "share": f"{check.fraction.numerator}/{check.fraction.denominator}" if check.fraction else "",
        "kind": kinds_word(check.bound, carried=False) if check.bound.without else "",
        "above": check.above,
    }
    if check.bound.without:
        return _("%(kind)s至多 %(required)s 个") % figures
    if check.fraction is None:
        text = _("要求至少 %(required)s 个") if check.sense == "min" else _("要求至多 %(required)s 个")
    elif check.above:
        text = _("要求高于上一周期的 %(above)s（至少 %(required)s 个）")
    elif check.of_places and check.sense == "min":
        text = _("要求 ≥ 分配名额的 %(share)s（至少 %(required)s 个）")
    elif check.of_places:
        text = _("要求 ≤ 分配名额的 %(share)s（至多 %(required)s 个）")
    elif check.sense == "min" and check.fraction == 1:
        text = _("要求全部")
    elif check.sense == "min":
        text = _("要求 ≥ %(share)s（至少 %(required)s 个）")
    else:
        text = _("要求 ≤ %(share)s（至多 %(required)s 个）")
    return text % figures


def _sentence(check: RuleCheck, *, alone: bool) -> str:
    if check.repair is not None:
        short = _("还差 %(short)s 个。") if check.sense == "min" else _("超出 %(short)s 个。")
        return short % {"short": -check.margin} + (repair_word(check.repair) if alone else "")
    if check.base == 0:
        return _("还没有计入基数的正选，列入后即时核算。")
    if check.margin == 0:
        return _("刚好符合，没有余量：再移出或换下一个就可能不符合。")
    return ""


def origins_of(slate: Slate, numbers: Iterable[int] | None = None) -> dict[int, Origin]:
    """How the bodies below ranked what lies here, or these of it; one statement, none where nothing is below."""
    if slate.stage == Stage.COUNTY:
        return {}
    sent = SlateEntry.objects.sent_from_below(slate)
    if numbers is not None:
        sent = sent.of_nominations(numbers)
    rows = sent.values_list("nomination_id", "slate__body__short_name", "rank", "kind")
    return {
        nomination_id: Origin(body, rank, str(EntryKind(kind).label))
        for nomination_id, body, rank, kind in rows
    }


def awaited(slate: Slate) -> list[Slate]:
    """The slates of the bodies directly below that have not gone up yet; one statement."""
    if slate.stage == Stage.COUNTY:
        return []
    return list(Slate.objects.below(slate).still_awaited().for_list())


def reviewing(slate: Slate) -> int:
    """How many nominations lie at the slate's body and are not decided there yet; one statement."""
    return Nomination.objects.in_review_at(slate.round_award_id, slate.body_id).count()


def pool_rows(slate: Slate) -> list[BoardRow]:
    """The pool of a slate by number, with the ranks from below; two statements."""
    origins = origins_of(slate)
    pool = Nomination.objects.pool_of(slate.round_award_id, slate.body_id).for_pool().order_by("number")
    return [BoardRow(nomination=nomination, origin=origins.get(nomination.pk)) for nomination in pool]


def standing_entries(slate: Slate) -> list[tuple[int, str]]:
    """Number and name of each standing entry, for a form that asks for one of them; one statement."""
    rows = SlateEntry.objects.standing().filter(slate=slate.pk).select_related("nomination")
    return [(entry.pk, str(entry.nomination)) for entry in rows]


def entry_rows(slate: Slate) -> tuple[list[BoardRow], list[SlateEntry]]:
    """The standing entries as rows, regular ones first, and the removed entries; two statements, one or two more where
    somebody stands in a separate place.
    """
    entries = list(SlateEntry.objects.of_slate(slate.pk))
    origins = origins_of(slate)
    order = {kind.value: place for place, kind in enumerate(EntryKind)}
    standing = sorted(
        (entry for entry in entries if entry.removed_at is None),
        key=lambda entry: (order[entry.kind], entry.rank),
    )
    named = any(entry.line for entry in standing)
    purposes = {line.key: line.purpose for line in gate.plan_of(slate).separate} if named else {}
    rows = [
        BoardRow(
            nomination=entry.nomination,
            kind=entry.kind,
            rank=entry.rank,
            origin=origins.get(entry.nomination_id),
            line=entry.line,
            purpose=purposes.get(entry.line, ""),
        )
        for entry in standing
    ]
    return rows, [entry for entry in entries if entry.removed_at is not None]


def city_tiles(user: User, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Chosen entries by city for the tile map, the cities without any too; two statements."""
    tiles = {
        city.code: {"code": city.code, "name": city.short_name, "value": 0, "non_public": 0}
        for city in Body.objects.visible_to(user).of_level(Level.CITY).order_by("code")
    }
    chosen = Nomination.objects.visible_to(user).numbered(numbers).order_by()
    columns = ("non_public", "body__level", "body__code", "body__parent__code")
    for non_public, level, code, above in chosen.values_list(*columns):
        tile = tiles.get(above if level == Level.COUNTY and above else code)
        if tile is not None:
            tile["value"] += 1
            tile["non_public"] += int(non_public)
    return [
        {**tile, "note": _("非公有制 %(number)s") % {"number": tile["non_public"]}, "url": ""}
        for tile in tiles.values()
    ]
