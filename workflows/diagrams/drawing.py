"""Pictures of the flows: SVG for the page, BPMN 2.0 for other tools.

Where each node stands is drawn up by hand below, one lane for each stage, because people look for their stage first.
Shapes carry presentation attributes for light paper, and one style sheet turns them for the dark; no script. The content
policy names that style by its digest and allows nothing else.
Words come out in the language of the reader.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from lxml import etree
from viewflow.workflow.base import Edge, Flow
from viewflow.workflow.models import Task

from workflows.flows import NominationFlow, SlateFlow
from workflows.nodes import AwaitSlate, Begin, Finish, Fork, Gate, HumanTask, JointOutcome, NoticeTimer

Point = tuple[int, int]

PITCH_X, PITCH_Y = 172, 84
BOX = (124, 50)
GATE = (44, 44)
EVENT = (36, 36)
MARGIN_X, MARGIN_Y = 40, 40
SLOT = 8
"""The distance between two lines in the same channel."""
LABEL_HEIGHT = 13

SVG_TYPE = "image/svg+xml"
BPMN_TYPE = "application/bpmn+xml"

_DARK: Mapping[str, str] = {
    "#ffffff": "#201e1b",
    "#f6f8fa": "#1b1a18",
    "#eef2f5": "#24221f",
    "#1f2933": "#ece8e1",
    "#3d4852": "#c2bbb0",
    "#5b6770": "#a39b8f",
    "#dcefe1": "#17301f",
    "#2f7d4f": "#86cf9c",
    "#d9e8fb": "#272a41",
    "#1d5fa8": "#aab5f2",
    "#fdeec7": "#37290f",
    "#96690a": "#eab765",
    "#ececec": "#2f2c28",
    "#767676": "#b8b1a7",
}
"""What each colour becomes in the dark. The badge keeps its own: white on red reads on both."""

_STYLE = (
    ":root{color-scheme:light dark}@media (prefers-color-scheme:dark){"
    + "".join(
        f'[{attribute}="{light}"]{{{attribute}:{dark}}}'
        for light, dark in _DARK.items()
        for attribute in ("fill", "stroke")
        if (attribute, light) != ("fill", "#ffffff")
    )
    + '[fill="#ffffff"]:not(.badge){fill:#201e1b}}'
)
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
SVG_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'"
"""The content policy to send along with an SVG: its own style and nothing else."""


@dataclass(frozen=True)
class Lane:
    """A band of the picture: its title, and the rows from the first up to but not including the last."""

    title: Any
    top: int
    bottom: int


@dataclass(frozen=True)
class Layout:
    """
    Where nodes stand (column, row) and how edges run that do not simply run to the right.

    A route is written as the side of the exit, channels, the side of the entry: "b y3b t" leaves at the bottom, runs
    along the horizontal channel above row 3 in its slot a and enters at the top; "x7" is the vertical channel left of
    column 7. Slots a, b, c, … keep lines apart.
    """

    places: Mapping[str, tuple[float, float]]
    routes: Mapping[tuple[str, str], str]
    lanes: tuple[Lane, ...]


def _stage(name: str, row: int) -> dict[str, tuple[float, float]]:
    middle = row + 0.5
    return {
        f"{name}_review": (4, middle),
        f"{name}_union": (5, row),
        f"{name}_party": (5, row + 1),
        f"{name}_outcome": (6, middle),
        f"{name}_pool": (8, middle),
    }


LAYOUTS: Mapping[type[Flow], Layout] = {
    NominationFlow: Layout(
        places={
            "start": (0, 0),
            "complete_application": (1, 0),
            "unit_endorsement": (2, 0),
            "admission": (3, 0),
            "resume": (4, 0),
            "correction": (6, 0),
            "declined": (8, 0),
            **_stage("county", 1),
            **_stage("city", 3),
            **_stage("province", 5),
            "province_scoring": (7, 5.5),
            "named": (9, 2.5),
            "not_selected": (9, 4.5),
        },
        routes={
            ("unit_endorsement", "complete_application"): "b y1d b",
            **{("admission", f"{stage}_review"): "b l" for stage in ("county", "city", "province")},
            ("correction", "resume"): "l r",
            ("resume", "county_review"): "b t",
            ("resume", "city_review"): "l x4c y3f t",
            ("resume", "province_review"): "l x4c y5f t",
            **{(f"{stage}_outcome", "correction"): "r x7b r" for stage in ("county", "city", "province")},
            **{(f"{stage}_outcome", "declined"): "r x7d l" for stage in ("county", "city", "province")},
            # Back from above to a desk whose list has left: on with it, or out without it.
            ("county_outcome", "city_review"): "b y3b t",
            ("city_outcome", "province_review"): "b y5b t",
            ("county_outcome", "not_selected"): "b y3g x9d l",
            ("city_outcome", "not_selected"): "b y5g x9d l",
            ("county_pool", "city_review"): "b y3b t",
            ("county_pool", "province_review"): "b y3d x4d y5d t",
            ("city_pool", "province_review"): "b y5b t",
            ("province_outcome", "province_pool"): "b y7a b",
            **{(f"{stage}_pool", "named"): "r x9b l" for stage in ("county", "city", "province")},
            **{(f"{stage}_pool", "not_selected"): "r x9d l" for stage in ("county", "city", "province")},
        },
        lanes=(Lane(_("单位"), 0, 1), Lane(_("县级"), 1, 3), Lane(_("市级"), 3, 5), Lane(_("省级"), 5, 7)),
    ),
    SlateFlow: Layout(
        places={
            "start": (0, 1),
            "compile_slate": (1, 1),
            "quota_gate": (2, 1),
            "sign": (3, 1),
            "union_sign": (4, 0.5),
            "party_sign": (4, 1.5),
            "sign_outcome": (5, 1),
            "publish_notice": (6, 1),
            "notice_runs": (7, 1),
            "settle_objections": (8, 1),
            "second_gate": (9, 1),
            "naming_decision": (10, 0.5),
            "sent_up": (10, 1.5),
            "named": (11, 0.5),
        },
        routes={
            ("quota_gate", "compile_slate"): "b y2d b",
            ("sign_outcome", "compile_slate"): "b y3a b",
            ("publish_notice", "compile_slate"): "b y3c b",
            ("second_gate", "compile_slate"): "b y3e b",
            ("second_gate", "settle_objections"): "t y0d t",
            ("naming_decision", "compile_slate"): "t y0a t",
        },
        lanes=(),
    ),
}

STATUS_FILL = {
    "DONE": ("#dcefe1", "#2f7d4f"),
    "NEW": ("#d9e8fb", "#1d5fa8"),
    "ASSIGNED": ("#fdeec7", "#96690a"),
    "STARTED": ("#d9e8fb", "#1d5fa8"),
    "SCHEDULED": ("#d9e8fb", "#1d5fa8"),
    "CANCELED": ("#ececec", "#767676"),
}
PLAIN_FILL = ("#ffffff", "#3d4852")
STATUS_WORDS = {
    "DONE": _("已办"),
    "NEW": pgettext_lazy("步骤状态", "待办"),
    "ASSIGNED": _("办理中"),
    "STARTED": _("等待中"),
    "SCHEDULED": _("等待中"),
    "CANCELED": _("已取消"),
}
OPEN_STATUSES = frozenset({"NEW", "ASSIGNED", "STARTED", "SCHEDULED"})

_SVG_NAMESPACE: Any = {None: "http://www.w3.org/2000/svg"}
_LANE_FILL = ("#f6f8fa", "#eef2f5")
_FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif"


# Geometry


@dataclass(frozen=True)
class Shape:
    """A node in the picture: its middle and its size."""

    node: Any
    x: int
    y: int
    width: int
    height: int

    def port(self, side: str) -> Point:
        """The middle of a side: l, r, t or b."""
        across = {"l": -1, "r": 1}.get(side, 0)
        down = {"t": -1, "b": 1}.get(side, 0)
        return self.x + across * self.width // 2, self.y + down * self.height // 2


@dataclass(frozen=True)
class WayLine:
    """An edge in the picture: its points, and where its label stands."""

    edge: Edge
    points: tuple[Point, ...]
    label: str
    label_at: Point
    anchor: str


def shapes_of(flow: type[Flow]) -> dict[str, Shape]:
    """Every node of a flow at its place. KeyError for a node that has none."""
    layout = LAYOUTS[flow]
    return {node.name: _shape(node, layout.places[node.name]) for node in flow.instance.nodes()}


def _shape(node: Any, place: tuple[float, float]) -> Shape:
    width, height = BOX if isinstance(node, HumanTask) else GATE if _is_gate(node) else EVENT
    column, row = place
    return Shape(
        node,
        MARGIN_X + round((column + 0.5) * PITCH_X),
        MARGIN_Y + round((row + 0.5) * PITCH_Y),
        width,
        height,
    )


def _is_gate(node: Any) -> bool:
    return isinstance(node, (Gate, Fork, JointOutcome))


def lines_of(flow: Any) -> tuple[WayLine, ...]:
    """Every edge of a flow, routed; computed once a process for each language of the labels."""
    return _lines_of(flow, get_language())


@cache
def _lines_of(flow: Any, _language: str | None) -> tuple[WayLine, ...]:
    shapes, routes = shapes_of(flow), LAYOUTS[flow].routes
    lines = []
    for shape in shapes.values():
        for edge in shape.node._outgoing():  # noqa: SLF001 -- where viewflow's nodes name their ways
            source, target = shapes[edge.src.name], shapes[edge.dst.name]
            route = routes.get((edge.src.name, edge.dst.name)) or _simple_route(flow, edge)
            points = _points(source, target, route.split())
            label = str(edge.label or "")
            lines.append(WayLine(edge, points, label, *_label_place(points)))
    return tuple(lines)


def _simple_route(flow: type[Flow], edge: Edge) -> str:
    places = LAYOUTS[flow].places
    (column, row), (to_column, to_row) = places[edge.src.name], places[edge.dst.name]
    return "r l" if row == to_row else f"r x{int(max(column, to_column))}a l"


def _points(source: Shape, target: Shape, route: Sequence[str]) -> tuple[Point, ...]:
    """The corners of a route. The last piece is turned so that it meets the side of the entry."""
    leave, *channels, enter = route
    points = [source.port(leave)]
    end = target.port(enter)
    for channel in channels:
        x, y = points[-1]
        points.append((_channel(channel), y) if channel[0] == "x" else (x, _channel(channel)))
    x, y = points[-1]
    points.append((x, end[1]) if enter in "lr" else (end[0], y))
    points.append(end)
    return tuple(point for number, point in enumerate(points) if number == 0 or point != points[number - 1])


def _channel(name: str) -> int:
    axis, number, slot = name[0], int(name[1:-1]), "abcdefgh".index(name[-1])
    middle = (MARGIN_X + number * PITCH_X) if axis == "x" else (MARGIN_Y + number * PITCH_Y)
    return middle + (slot - 2) * SLOT


def _label_place(points: Sequence[Point]) -> tuple[Point, str]:
    """At the last piece where it is level, so that lines which meet there need one label; else near the exit."""
    (x1, y1), (x2, y2) = points[-2], points[-1]
    if len(points) == 2 and y1 == y2:
        return ((x1 + x2) // 2, y1 - 5), "middle"
    if y1 == y2:
        return (max(x1, x2) - 10, y1 - 5) if x2 > x1 else (x2 + 10, y1 - 5), "end" if x2 > x1 else "start"
    (x1, y1), (x2, y2) = points[0], points[1]
    if y1 == y2:
        return (points[-3][0] + 4, points[-2][1] - 4), "start"
    if len(points) > 3:
        return ((x2 - 8, y2 - 4), "end") if points[2][0] < x2 else ((x2 + 8, y2 - 4), "start")
    return (x1 + 5, y1 + (LABEL_HEIGHT if y2 > y1 else -5)), "start"


def size_of(flow: Any) -> tuple[int, int]:
    """Width and height of the picture, computed once a process."""
    return _size_of(flow)


@cache
def _size_of(flow: Any) -> tuple[int, int]:
    points = [point for line in lines_of(flow) for point in line.points]
    shapes = shapes_of(flow).values()
    width = max(*(shape.x + PITCH_X // 2 for shape in shapes), *(x for x, _y in points))
    height = max(*(shape.y + PITCH_Y // 2 for shape in shapes), *(y for _x, y in points))
    return width + 20, height + 30


# SVG


def statuses_of(process_id: int) -> dict[str, str]:
    """The status of each node of a process that was reached: that of its newest task, one statement."""
    rows = Task.objects.filter(process_id=process_id).order_by("pk").values_list("flow_task", "status")
    return {node.name: status for node, status in rows if node is not None}


def svg(
    flow: type[Flow], *, statuses: Mapping[str, str] | None = None, counts: Mapping[str, int] | None = None
) -> str:
    """The picture of a flow; `statuses` colours the nodes of one process, `counts` puts numbers on them."""
    width, height = size_of(flow)
    root = etree.Element(
        "svg",
        {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "role": "img"},
        nsmap=_SVG_NAMESPACE,
    )
    root.set("font-family", _FONT)
    _add(root, "title").text = str(flow.process_title)
    _add(root, "style").text = _STYLE
    _add(root, "rect", width=width, height=height, fill=PLAIN_FILL[0])
    _arrow_head(root)
    for number, lane in enumerate(LAYOUTS[flow].lanes):
        _draw_lane(root, lane, width, number)
    lines = lines_of(flow)
    for line in lines:
        path = " L".join(f"{x} {y}" for x, y in line.points)
        _add(root, "path", d=f"M{path}", fill="none", stroke="#5b6770", **{"marker-end": "url(#arrow)"})
    for label, (x, y), anchor in sorted(
        {(line.label, line.label_at, line.anchor) for line in lines if line.label}
    ):
        _text(root, label, x, y, size=11, anchor=anchor, colour="#3d4852", halo=True)
    for name, shape in shapes_of(flow).items():
        _draw_node(root, shape, (statuses or {}).get(name, ""), (counts or {}).get(name, 0))
    return etree.tostring(root, encoding="unicode")


def _add(parent: Any, tag: str, **attributes: object) -> Any:
    return etree.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})


def _arrow_head(root: Any) -> None:
    marker = _add(
        _add(root, "defs"),
        "marker",
        id="arrow",
        viewBox="0 0 8 8",
        refX=8,
        refY=4,
        markerWidth=8,
        markerHeight=8,
        orient="auto",
    )
    _add(marker, "path", d="M0 0 L8 4 L0 8 Z", fill="#5b6770")


def _draw_lane(root: Any, lane: Lane, width: int, number: int) -> None:
    top = MARGIN_Y + lane.top * PITCH_Y
    height = (lane.bottom - lane.top) * PITCH_Y
    _add(root, "rect", x=8, y=top, width=width - 16, height=height, fill=_LANE_FILL[number % 2])
    _text(root, str(lane.title), 16, top + 20, size=14, anchor="start", colour="#3d4852", bold=True)


def _text(
    parent: Any,
    text: str,
    x: int,
    y: int,
    *,
    size: int,
    anchor: str = "middle",
    colour: str = "#1f2933",
    bold: bool = False,
    halo: bool = False,
) -> None:
    element = _add(parent, "text", x=x, y=y, fill=colour)
    element.set("font-size", str(size))
    element.set("text-anchor", anchor)
    if bold:
        element.set("font-weight", "bold")
    if halo:
        element.set("stroke", "#ffffff")
        element.set("stroke-width", "3")
        element.set("paint-order", "stroke")
    element.text = text


def _draw_node(root: Any, shape: Shape, status: str, count: int) -> None:
    node, title = shape.node, str(shape.node.task_title)
    fill, stroke = STATUS_FILL.get(status, PLAIN_FILL)
    width = "2.5" if status in OPEN_STATUSES else "1.2"
    group = _add(root, "g", id=node.name)
    word = STATUS_WORDS.get(status)
    _add(group, "title").text = _("%(title)s：%(word)s") % {"title": title, "word": word} if word else title
    outline = _outline(group, shape)
    outline.set("fill", fill)
    outline.set("stroke", stroke)
    outline.set("stroke-width", "3.5" if isinstance(node, Finish) and status not in OPEN_STATUSES else width)
    if status == "CANCELED":
        outline.set("stroke-dasharray", "4 3")
    _marker(group, shape, stroke)
    if isinstance(node, HumanTask):
        lines = _wrapped(title)
        first = shape.y + 5 - 8 * (len(lines) - 1) - (5 if word else 0)
        for number, line in enumerate(lines):
            _text(group, line, shape.x, first + 15 * number, size=13)
        if word:
            _text(group, str(word), shape.x, first + 15 * (len(lines) - 1) + 15, size=11, colour=stroke)
    else:
        half = shape.height // 2
        beside = shape.y + (-half - 5 if _title_above(node) else half + 15)
        _text(group, title, shape.x, beside, size=11, halo=True)
    if count:
        _badge(group, shape, count)


def _title_above(node: Any) -> bool:
    return isinstance(node, (Gate, JointOutcome, AwaitSlate))


def _wrapped(title: str) -> list[str]:
    """A title in one line, or in two where it would not fit its box; English is split at the middle blank."""
    width = sum(13 if ord(letter) > 0x2E80 else 7 for letter in title)
    blanks = [place for place, letter in enumerate(title) if letter == " "]
    if width <= BOX[0] - 8 or not blanks:
        return [title]
    middle = min(blanks, key=lambda place: abs(place - len(title) // 2))
    return [title[:middle], title[middle + 1 :]]


def _outline(group: Any, shape: Shape) -> Any:
    x, y, half_width, half_height = shape.x, shape.y, shape.width // 2, shape.height // 2
    if isinstance(shape.node, HumanTask):
        return _add(
            group, "rect", x=x - half_width, y=y - half_height, width=shape.width, height=shape.height, rx=6
        )
    if _is_gate(shape.node):
        diamond = (
            f"M{x} {y - half_height} L{x + half_width} {y} L{x} {y + half_height} L{x - half_width} {y} Z"
        )
        return _add(group, "path", d=diamond)
    return _add(group, "circle", cx=x, cy=y, r=half_width)


def _marker(group: Any, shape: Shape, stroke: str) -> None:
    """What kind of node it is, as BPMN draws it: cross, plus, circle, envelope, clock hand."""
    x, y = shape.x, shape.y
    path = {
        Gate: f"M{x - 6} {y - 6} L{x + 6} {y + 6} M{x + 6} {y - 6} L{x - 6} {y + 6}",
        Fork: f"M{x} {y - 9} L{x} {y + 9} M{x - 9} {y} L{x + 9} {y}",
        JointOutcome: (
            f"M{x} {y - 9} L{x} {y + 9} M{x - 9} {y} L{x + 9} {y}"
            f" M{x - 6} {y - 6} L{x + 6} {y + 6} M{x + 6} {y - 6} L{x - 6} {y + 6}"
        ),
        AwaitSlate: f"M{x - 9} {y - 6} H{x + 9} V{y + 6} H{x - 9} Z L{x} {y + 1} L{x + 9} {y - 6}",
        NoticeTimer: f"M{x} {y - 9} L{x} {y} L{x + 6} {y + 3}",
        Begin: "",
        Finish: "",
    }.get(type(shape.node), "")
    if path:
        _add(group, "path", d=path, fill="none", stroke=stroke, **{"stroke-width": 1.6})


def _badge(group: Any, shape: Shape, count: int) -> None:
    """At the right corner where the title is not."""
    half = shape.height // 2
    x, y = shape.x + shape.width // 2, shape.y + (half if _title_above(shape.node) else -half)
    width = 12 + 8 * len(str(count))
    _add(group, "rect", x=x - width // 2, y=y - 9, width=width, height=18, rx=9, fill="#b3261e")
    _text(group, str(count), x, y + 4, size=12, colour="#ffffff", bold=True)
    group[-1].set("class", "badge")


# BPMN

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

BPMN_ELEMENT: Mapping[type, str] = {
    Begin: "startEvent",
    Finish: "endEvent",
    Gate: "exclusiveGateway",
    # Only the offices that the body has: inclusive, with a condition on each branch.
    Fork: "inclusiveGateway",
    # One refusal ends it before the other office has come: complex.
    JointOutcome: "complexGateway",
    AwaitSlate: "intermediateCatchEvent",
    NoticeTimer: "intermediateCatchEvent",
}
_EVENT_DEFINITION: Mapping[type, str] = {
    AwaitSlate: "messageEventDefinition",
    NoticeTimer: "timerEventDefinition",
}


def bpmn(flow: type[Flow]) -> bytes:
    """
    The flow as BPMN 2.0 XML with its diagram, UTF-8.

    It documents and is not executed (`isExecutable="false"`): a condition names the reader that is asked and its
    answer, as in `status_of_nomination == "returned"`.
    """
    root = etree.Element(
        _tag(_BPMN, "definitions"),
        nsmap={"bpmn": _BPMN, "bpmndi": _DI, "dc": _DC, "di": _DD, "xsi": _XSI},
        id=f"definitions_{flow.__name__}",
        targetNamespace="urn:pingxuan:flows",
    )
    process = etree.SubElement(
        root, _tag(_BPMN, "process"), id=flow.__name__, name=str(flow.process_title), isExecutable="false"
    )
    shapes, lines = shapes_of(flow), lines_of(flow)
    for shape in shapes.values():
        _bpmn_node(process, shape.node, lines)
    for line in lines:
        _bpmn_flow(process, line)
    _bpmn_diagram(root, flow, shapes.values(), lines)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _flow_id(edge: Edge) -> str:
    return f"flow_{edge.src.name}__{edge.dst.name}"


def _bpmn_node(process: Any, node: Any, lines: Iterable[WayLine]) -> None:
    name = BPMN_ELEMENT.get(type(node), "userTask")
    element = etree.SubElement(process, _tag(_BPMN, name), id=node.name, name=str(node.task_title))
    lines = list(lines)
    for line in lines:
        if line.edge.dst is node:
            etree.SubElement(element, _tag(_BPMN, "incoming")).text = _flow_id(line.edge)
    for line in lines:
        if line.edge.src is node:
            etree.SubElement(element, _tag(_BPMN, "outgoing")).text = _flow_id(line.edge)
            if line.edge.edge_class == "default":
                element.set("default", _flow_id(line.edge))
    definition = _EVENT_DEFINITION.get(type(node))
    if definition:
        etree.SubElement(element, _tag(_BPMN, definition), id=f"{node.name}_event")


def _bpmn_flow(process: Any, line: WayLine) -> None:
    edge = line.edge
    element = etree.SubElement(
        process,
        _tag(_BPMN, "sequenceFlow"),
        id=_flow_id(edge),
        sourceRef=edge.src.name,
        targetRef=edge.dst.name,
    )
    if line.label:
        element.set("name", line.label)
    expression = condition_of(edge)
    if expression:
        condition = etree.SubElement(element, _tag(_BPMN, "conditionExpression"))
        condition.set(_tag(_XSI, "type"), "bpmn:tFormalExpression")
        condition.text = expression


def condition_of(edge: Edge) -> str:
    """When an edge is taken, as an expression over what the readers answer; empty for the only and the default way."""
    if isinstance(edge.src, Fork):
        office = next(office for node, office, _data in edge.src._branches if node is edge.dst)  # noqa: SLF001
        return f'"{office.value}" in offices'
    if edge.edge_class != "cond_true":
        return ""
    key = next(key for key, node, _label, _default in edge.src.ways if node is edge.dst)
    return f'{edge.src._reader.__name__} == "{key}"'  # noqa: SLF001 -- the picture of what the node holds


def _bpmn_diagram(root: Any, flow: type[Flow], shapes: Iterable[Shape], lines: Iterable[WayLine]) -> None:
    diagram = etree.SubElement(root, _tag(_DI, "BPMNDiagram"), id=f"diagram_{flow.__name__}")
    plane = etree.SubElement(
        diagram, _tag(_DI, "BPMNPlane"), id=f"plane_{flow.__name__}", bpmnElement=flow.__name__
    )
    for shape in shapes:
        element = etree.SubElement(
            plane, _tag(_DI, "BPMNShape"), id=f"shape_{shape.node.name}", bpmnElement=shape.node.name
        )
        bounds = {
            "x": shape.x - shape.width // 2,
            "y": shape.y - shape.height // 2,
            "width": shape.width,
            "height": shape.height,
        }
        etree.SubElement(element, _tag(_DC, "Bounds"), {name: str(value) for name, value in bounds.items()})
    for line in lines:
        element = etree.SubElement(
            plane, _tag(_DI, "BPMNEdge"), id=f"edge_{_flow_id(line.edge)}", bpmnElement=_flow_id(line.edge)
        )
        for x, y in line.points:
            etree.SubElement(element, _tag(_DD, "waypoint"), x=str(x), y=str(y))
