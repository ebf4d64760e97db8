"""The evidence of a simulated application: PDF files of several pages, set from what the application says.

The Chinese font is named and not embedded (Adobe's STSong, which every PDF reader replaces by what it has), so that a
page costs a few kilobytes and no font has to be installed here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from appraisal.states import EvidenceKind

_FONT = "STSong-Light"


@dataclass(frozen=True)
class Contents:
    """What the papers of one application speak of."""

    unit: str
    nominee: str
    award: str
    deeds: str
    honours: str
    day: date
    """When the meeting was held; the notice began the day after."""
    employees: int


@dataclass(frozen=True)
class _Styles:
    title: ParagraphStyle
    heading: ParagraphStyle
    body: ParagraphStyle
    right: ParagraphStyle


@cache
def _styles() -> _Styles:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    body = ParagraphStyle(
        "body", fontName=_FONT, fontSize=12, leading=24, firstLineIndent=24, wordWrap="CJK", spaceAfter=4
    )
    return _Styles(
        title=ParagraphStyle(
            "title", body, fontSize=20, leading=34, firstLineIndent=0, alignment=1, spaceAfter=18
        ),
        heading=ParagraphStyle("heading", body, fontSize=14, spaceBefore=8),
        body=body,
        right=ParagraphStyle("right", body, alignment=2, firstLineIndent=0),
    )


def pdf(kind: EvidenceKind, about: Contents) -> bytes:
    """The file of one kind of evidence, the same bytes for the same contents."""
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=28 * mm,
        rightMargin=26 * mm,
        topMargin=37 * mm,
        bottomMargin=35 * mm,
        title=f"{about.nominee}{_NAMES[kind]}",
        author=about.unit,
        invariant=1,
    )
    document.build(list(_PARTS[kind](about)), onFirstPage=_number, onLaterPages=_number)
    return stream.getvalue()


@cache
def sample(kind: EvidenceKind) -> bytes:
    """A file that says what it is and nothing of anybody, for rounds in which nobody reads."""
    return pdf(
        kind,
        Contents(
            unit="示例单位",
            nominee="示例推荐对象",
            award="示例奖项",
            deeds="本文件由系统生成，供演练使用。",
            honours="—— 无",
            day=date(2026, 3, 2),
            employees=600,
        ),
    )


def _number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Set the page number at the foot."""
    canvas.setFont(_FONT, 10)
    canvas.drawCentredString(A4[0] / 2, 20 * mm, f"— {document.page} —")


def _deeds(about: Contents) -> Iterator[Flowable]:
    style = _styles()
    yield Paragraph(f"{escape(about.nominee)}<br/>申报“{escape(about.award)}”事迹材料", style.title)
    for paragraph in about.deeds.split("\n"):
        title, point, rest = paragraph.partition("。")
        if rest and len(title) < 12:
            yield Paragraph(escape(title), style.heading)
            yield Paragraph(escape(rest), style.body)
        else:
            yield Paragraph(escape(title + point + rest), style.body)
    yield PageBreak()
    yield Paragraph("附：近年来获得荣誉", style.title)
    yield _table([["时间", "荣誉（授予单位）"], *(line.split(" ", 1) for line in about.honours.split("\n"))])
    yield from _signed(about, about.day)


def _minutes(about: Contents) -> Iterator[Flowable]:
    style = _styles()
    entitled = max(30, about.employees // 12)
    present = entitled - entitled // 10
    yield Paragraph(f"{escape(about.unit)}<br/>职工代表大会会议纪要", style.title)
    yield _table(
        [
            ["会议时间", f"{_day(about.day)} 14:00"],
            ["会议地点", "公司三楼会议室"],
            ["应到代表", f"{entitled}人"],
            ["实到代表", f"{present}人"],
            ["主持人", "工会主席"],
        ]
    )
    for text in (
        f"会议听取了关于推荐{about.nominee}申报“{about.award}”的情况说明，审阅了事迹材料，代表分组进行了讨论。",
        "讨论中，代表一致认为推荐对象事迹真实、群众基础好，在生产经营、职工权益维护和职工文化建设中发挥了示范作用。",
        "会议以无记名投票方式进行表决，由职工代表推选的监票人、计票人当场清点并公布结果。",
    ):
        yield Paragraph(escape(text), style.body)
    yield PageBreak()
    yield Paragraph("表决结果", style.title)
    yield _table(
        [
            ["发出票", "收回票", "同意", "反对", "弃权"],
            [f"{present}", f"{present}", f"{present - 2}", "1", "1"],
        ]
    )
    yield Paragraph(
        "同意票超过应到代表半数，推荐获得通过。会议决定将推荐情况在厂务公开栏公示五个工作日。", style.body
    )
    yield from _signed(about, about.day)


def _notice(about: Contents) -> Iterator[Flowable]:
    style = _styles()
    first, last = about.day + timedelta(days=1), about.day + timedelta(days=8)
    yield Paragraph(f"关于推荐{escape(about.nominee)}的公示", style.title)
    for text in (
        f"按照评选通知要求，经职工代表大会表决通过，拟推荐{about.nominee}申报“{about.award}”，现予公示。",
        f"公示时间：{_day(first)}至{_day(last)}。公示期间，如对推荐对象有异议，请以书面形式实名向公司工会反映。",
        "公示地点：公司厂务公开栏、各车间公告栏、内部办公网。",
    ):
        yield Paragraph(escape(text), style.body)
    yield from _signed(about, first)
    yield PageBreak()
    yield Paragraph("公示无异议证明", style.title)
    yield Paragraph(
        escape(f"{about.nominee}的推荐情况已按规定公示。公示期间，未收到任何异议。特此证明。"), style.body
    )
    yield from _signed(about, last)


def _signed(about: Contents, day: date) -> Iterator[Flowable]:
    yield Spacer(1, 16 * mm)
    yield Paragraph(f"{escape(about.unit)}工会委员会（盖章）", _styles().right)
    yield Paragraph(_day(day), _styles().right)


def _table(rows: Sequence[Sequence[str]]) -> Flowable:
    table = Table([[Paragraph(escape(cell), _cell()) for cell in row] for row in rows], hAlign="CENTER")
    table.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    )
    return table


@cache
def _cell() -> ParagraphStyle:
    return ParagraphStyle("cell", _styles().body, fontSize=11, leading=18, firstLineIndent=0, spaceAfter=0)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_PARTS: Mapping[EvidenceKind, Callable[[Contents], Iterator[Flowable]]] = {
    EvidenceKind.DEEDS: _deeds,
    EvidenceKind.MINUTES: _minutes,
    EvidenceKind.UNIT_NOTICE: _notice,
}
_NAMES: Mapping[EvidenceKind, str] = {
    EvidenceKind.DEEDS: "事迹材料",
    EvidenceKind.MINUTES: "职工代表大会纪要",
    EvidenceKind.UNIT_NOTICE: "单位公示证明",
}
