"""A rehearsal as its page shows it: what would happen in words, and every rule before, without and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisal.records import tones
from appraisal.records.models import Slate
from appraisal.slates.services.rehearsals import LEFT_STATES, Rehearsal, RehearsalStep
from appraisal.slates.views import slate_board
from quotas.base.wording import Sentence, sentence


@dataclass(frozen=True)
class RehearsalLine:
    """What happens to one nomination."""

    tone: str
    text: str
    why: tuple[Sentence, ...]


@dataclass(frozen=True)
class RehearsalColumn:
    """A rule at one of the three moments: figures and verdict."""

    figures: str
    tone: str
    verdict: str


@dataclass(frozen=True)
class RuleLine:
    """A rule with its three moments."""

    label: str
    clause: str
    columns: tuple[RehearsalColumn, ...]


@dataclass(frozen=True)
class RehearsalBoard:
    """The rehearsal on the page."""

    summary: str
    holds: bool
    lines: tuple[RehearsalLine, ...]
    rules: tuple[RuleLine, ...]
    missing: tuple[slate_board.MissingLabel, ...]


def board(slate: Slate, played: Rehearsal) -> RehearsalBoard:
    """Everything the page shows of a rehearsal of this slate."""
    reports = (played.before, played.left, played.after)
    meters = [{line["label"]: line for line in slate_board.meter(report)} for report in reports]
    labels = dict.fromkeys(label for meter in meters for label in meter)
    return RehearsalBoard(
        summary=_summary(slate, played),
        holds=played.after.holds,
        lines=tuple(_line(step) for step in played.steps),
        rules=tuple(
            RuleLine(
                label=label,
                clause=next(meter[label]["clause"] for meter in meters if label in meter),
                columns=tuple(_column(meter.get(label)) for meter in meters),
            )
            for label in labels
        ),
        missing=tuple(slate_board.missing(played.after, advised=True)),
    )


def _summary(slate: Slate, played: Rehearsal) -> str:
    """One sentence: how it would end."""
    facts = {"freed": played.freed, "filled": played.freed - played.vacant, "vacant": played.vacant}
    if not played.steps:
        text = _("没有移出任何推荐对象，只按假定的名额核算。")
    elif not played.freed:
        text = _("正选不变。")
    elif not played.vacant:
        text = _("空出正选 %(freed)s 个，全部由后备依次递补。")
    elif slate.state in LEFT_STATES:
        text = _("空出正选 %(freed)s 个。名单已离开本级，不再递补，名额空缺。")
    elif not played.fillable:
        text = _("空出正选 %(freed)s 个。本评选周期规定空缺不补。")
    else:
        text = _("空出正选 %(freed)s 个，可递补 %(filled)s 个，其余 %(vacant)s 个没有合适的后备。")
    return text % facts + ("" if played.after.holds else _("有规则不符合，名单不能继续办理。"))


def _line(step: RehearsalStep) -> RehearsalLine:
    facts = {"name": f"{step.number} {step.name}", "kind": step.kind.label, "rank": step.rank}
    match step.way:
        case "leaves":
            text = _("%(name)s 移出（%(kind)s第 %(rank)s）")
        case "moves_up":
            text = _("%(name)s 递补为正选（后备第 %(rank)s）")
        case _:
            text = _("%(name)s 不能递补（后备第 %(rank)s）")
    return RehearsalLine(
        tones.REHEARSED[step.way], text % facts, tuple(sentence(violation) for violation in step.broken)
    )


def _column(line: Mapping[str, Any] | None) -> RehearsalColumn:
    if line is None:
        return RehearsalColumn("—", tones.verdict(holds=True), _("符合"))
    figures = f"{line['count']} / {line['base']}"
    holds, advised = line["holds"], bool(line.get("advised"))
    if holds is None:
        word = _("还没有列入")
    elif advised:
        holds, word = False, _("不符合，须报批")
    else:
        word = _("符合") if holds else _("不符合")
    return RehearsalColumn(figures, tones.verdict(holds=holds, advised=advised), word)
