"""The evidence of a simulated application: PDF files of several pages, set from what the application says.

The Chinese font is named and not embedded (Adobe's STSong, which every PDF reader replaces by what it has), so that a
page costs a kilobyte and no font has to be installed here. Every character is as wide as it is high: lines are cut by
counting.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from appraisal.records.states import EvidenceKind

_FONT = "STSong-Light"
_SIZE, _LEADING, _TITLE_SIZE = 14, 26, 20
_LEFT, _TOP, _BOTTOM = 28 * mm, A4[1] - 45 * mm, 35 * mm
_CHARACTERS = int((A4[0] - 2 * _LEFT) // _SIZE)
"""Characters of one line."""
_NOT_FIRST = frozenset("，。；：、！？）》”%")
"""Marks that may not begin a line: the line before takes them in."""


class PaperVote(NamedTuple):
    """How the representatives of the workers and staff voted, in persons."""

    entitled: int
    present: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Contents:
    """What the papers of one application speak of."""

    unit: str
    nominee: str
    award: str
    deeds: str
    honours: str
    day: date
    """When the meeting was held; the notice begins the day after."""
    vote: PaperVote


@dataclass(frozen=True)
class _Sheet:
    """A part of a paper that begins on a page of its own, and who signs it when."""

    title: str
    text: str
    signer: str
    day: date


def pdf(kind: EvidenceKind, about: Contents) -> bytes:
    """The file of one kind of evidence; the same contents give the same bytes."""
    _know_font()
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=True)
    canvas.setTitle(about.nominee)
    canvas.setAuthor(about.unit)
    for sheet in _SHEETS[kind](about):
        _set(canvas, sheet)
    canvas.save()
    return stream.getvalue()


@cache
def sample(kind: EvidenceKind) -> bytes:
    """A file that speaks of nobody, for rounds in which nobody reads."""
    return pdf(
        kind,
        Contents(
            unit="示例单位",
            nominee="示例推荐对象",
            award="示例奖项",
            deeds="本文件供演练使用。",
            honours="——",
            day=date(2026, 3, 2),
            vote=PaperVote(entitled=50, present=45, against=1, abstained=1),
        ),
    )


@cache
def _know_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


# Setting


def _set(canvas: Canvas, sheet: _Sheet) -> None:
    canvas.setFont(_FONT, _TITLE_SIZE)
    height = _TOP
    for line in _lines(sheet.title, int(_CHARACTERS * _SIZE // _TITLE_SIZE)):
        canvas.drawCentredString(A4[0] / 2, height, line)
        height -= 1.5 * _TITLE_SIZE
    canvas.setFont(_FONT, _SIZE)
    height -= _LEADING
    for paragraph in sheet.text.split("\n"):
        for line in _lines(f"　　{paragraph}", _CHARACTERS):
            height = _next(canvas, height)
            canvas.drawString(_LEFT, height, line)
    height = _next(canvas, height - _LEADING)
    for line in (f"{sheet.signer}（盖章）", _day(sheet.day)):
        height = _next(canvas, height)
        canvas.drawRightString(A4[0] - _LEFT, height, line)
    _turn(canvas)


def _next(canvas: Canvas, height: float) -> float:
    """The height of the next line, on a new page where this one is full."""
    if height - _LEADING >= _BOTTOM:
        return height - _LEADING
    _turn(canvas)
    canvas.setFont(_FONT, _SIZE)
    return _TOP


def _turn(canvas: Canvas) -> None:
    canvas.setFont(_FONT, 10)
    canvas.drawCentredString(A4[0] / 2, 20 * mm, f"— {canvas.getPageNumber()} —")
    canvas.showPage()


def _lines(text: str, characters: int) -> Iterator[str]:
    while text:
        cut = characters
        while text[cut : cut + 1] and text[cut] in _NOT_FIRST:
            cut += 1
        yield text[:cut]
        text = text[cut:]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# What the papers say


def _deeds(about: Contents) -> Iterator[_Sheet]:
    signer = f"{about.unit}工会委员会"
    yield _Sheet(f"{about.nominee}申报“{about.award}”事迹材料", about.deeds, signer, about.day)
    yield _Sheet("附：近年来获得荣誉", about.honours, signer, about.day)


def _minutes(about: Contents) -> Iterator[_Sheet]:
    signer = f"{about.unit}职工代表大会"
    vote = about.vote
    yield _Sheet(
        f"{about.unit}职工代表大会会议纪要",
        f"时间：{_day(about.day)}14:00\n地点：公司三楼会议室\n应到代表{vote.entitled}人，实到代表{vote.present}人，符合规定人数。\n"
        f"会议听取了关于推荐{about.nominee}申报“{about.award}”的情况说明，审阅了事迹材料，代表分组进行了讨论。\n"
        "讨论中，代表一致认为推荐对象事迹真实、群众基础好，在生产经营、职工权益维护和职工文化建设中发挥了示范作用。\n"
        "会议以无记名投票方式进行表决，由职工代表推选的监票人、计票人当场清点并公布结果。",
        signer,
        about.day,
    )
    yield _Sheet(
        "表决结果",
        f"发出表决票{vote.present}张，收回{vote.present}张，全部有效。\n"
        f"同意{vote.present - vote.against - vote.abstained}票，反对{vote.against}票，弃权{vote.abstained}票。\n"
        "同意票超过应到代表半数，推荐获得通过。会议决定将推荐情况在厂务公开栏公示五个工作日。",
        signer,
        about.day,
    )


def _notice(about: Contents) -> Iterator[_Sheet]:
    signer = f"{about.unit}工会委员会"
    first, last = about.day + timedelta(days=1), about.day + timedelta(days=8)
    yield _Sheet(
        f"关于推荐{about.nominee}的公示",
        f"按照评选通知要求，经职工代表大会表决通过，拟推荐{about.nominee}申报“{about.award}”，现予公示。\n"
        f"公示时间：{_day(first)}至{_day(last)}。公示期间，如对推荐对象有异议，请以书面形式实名向公司工会反映。\n"
        "公示地点：公司厂务公开栏、各车间公告栏、内部办公网。",
        signer,
        first,
    )
    yield _Sheet(
        "公示无异议证明",
        f"{about.nominee}的推荐情况已按规定公示。公示期间，未收到任何异议。特此证明。",
        signer,
        last,
    )


_SHEETS: Mapping[EvidenceKind, Callable[[Contents], Iterator[_Sheet]]] = {
    EvidenceKind.DEEDS: _deeds,
    EvidenceKind.MINUTES: _minutes,
    EvidenceKind.UNIT_NOTICE: _notice,
}
