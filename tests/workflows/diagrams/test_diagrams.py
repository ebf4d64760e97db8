"""Pictures: everything is drawn, nothing runs through a box, the BPMN is valid against the OMG's schema."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.utils import translation
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from appraisal.records.states import NominationState, Outcome
from quotas.base.states import Office
from tests.architecture.source import ROOT
from tests.workflows.house import process_of
from workflows.diagrams import drawing
from workflows.flows import NominationFlow, SlateFlow
from workflows.nodes import Fork, Gate, HumanTask, JointOutcome

FLOWS = [NominationFlow, SlateFlow]
BPMN = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
flows = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)


@flows
def test_every_node_has_a_place_of_its_own(flow):
    places = drawing.LAYOUTS[flow].places
    assert set(places) == {node.name for node in flow.instance.nodes()}
    assert len(set(places.values())) == len(places)


@flows
def test_every_route_belongs_to_an_edge(flow):
    edges = {(line.edge.src.name, line.edge.dst.name) for line in drawing.lines_of(flow)}
    assert set(drawing.LAYOUTS[flow].routes) <= edges


@flows
def test_no_line_runs_through_a_node(flow):
    crossed = [
        (line.edge.src.name, line.edge.dst.name, name)
        for line in drawing.lines_of(flow)
        for name, shape in drawing.shapes_of(flow).items()
        if name not in {line.edge.src.name, line.edge.dst.name}
        for start, end in zip(line.points, line.points[1:], strict=False)
        if meets(start, end, shape)
    ]
    assert crossed == []


def meets(start, end, shape):
    (x1, x2), (y1, y2) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    assert x1 == x2 or y1 == y2, "lines run level or upright"
    left, top = shape.x - shape.width // 2, shape.y - shape.height // 2
    return x1 < left + shape.width and x2 > left and y1 < top + shape.height and y2 > top


@flows
def test_labels_do_not_lie_on_each_other(flow):
    at = {}
    for line in drawing.lines_of(flow):
        if line.label:
            at.setdefault(line.label_at, set()).add(line.label)
    assert [labels for labels in at.values() if len(labels) > 1] == []


@flows
def test_everything_lies_inside_the_picture(flow):
    width, height = drawing.size_of(flow)
    points = [point for line in drawing.lines_of(flow) for point in line.points]
    assert all(0 < x < width and 0 < y < height for x, y in points)


@flows
def test_titles_fit(flow):
    assert {str(node.task_title) for node in flow.instance.nodes() if len(str(node.task_title)) > 12} == set()


def test_a_long_title_takes_two_lines():
    assert drawing._wrapped("县级组织部审核") == ["县级组织部审核"]
    assert drawing._wrapped("Organisation department, county") == ["Organisation", "department, county"]
    assert drawing._wrapped("Unbreakableandverylongtitle") == ["Unbreakableandverylongtitle"]


@flows
def test_svg_needs_no_script_and_one_style_that_its_policy_names(flow):
    root = etree.fromstring(drawing.svg(flow).encode())
    assert not [element for element in root.iter() if etree.QName(element).localname in {"script", "a"}]
    (style,) = root.iterfind("{http://www.w3.org/2000/svg}style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" == drawing.SVG_POLICY
    assert not [
        name for element in root.iter() for name in element.attrib if name == "style" or name[:2] == "on"
    ]
    assert "http" not in re.sub(r'xmlns="[^"]+"', "", drawing.svg(flow))


@flows
def test_counts_and_words_are_in_the_picture(flow):
    node = next(iter(drawing.shapes_of(flow)))
    drawn = drawing.svg(flow, counts={node: 4711}, statuses={node: "ASSIGNED"})
    assert "4711" in drawn
    assert "办理中" in drawn


@flows
def test_a_number_hides_no_title(flow):
    names = drawing.shapes_of(flow)
    root = etree.fromstring(drawing.svg(flow, counts=dict.fromkeys(names, 164)).encode())
    svg = "{http://www.w3.org/2000/svg}"
    hidden = []
    for name in names:
        (group,) = (each for each in root.iter(f"{svg}g") if each.get("id") == name)
        *_outline, badge = group.iterfind(f"{svg}rect")
        left, top = int(badge.get("x")), int(badge.get("y"))
        *titles, _number = group.iterfind(f"{svg}text")
        for title in titles:
            half = int(title.get("font-size")) * len(title.text) // 2
            x, y = int(title.get("x")), int(title.get("y"))
            above = y <= top or y - int(title.get("font-size")) >= top + 18
            if not above and x - half < left + int(badge.get("width")) and x + half > left:
                hidden.append((name, title.text))
    assert hidden == []


@flows
def test_pictures_follow_the_theme(flow):
    """Whatever colour is drawn has one for the dark; the number keeps its own."""
    drawn = drawing.svg(flow, counts={next(iter(drawing.shapes_of(flow))): 1})
    root = etree.fromstring(drawn.encode())
    style = root.find("{http://www.w3.org/2000/svg}style").text
    dark = style[style.index("prefers-color-scheme:dark") :]
    colours = {(a, element.get(a)) for element in root.iter() for a in ("fill", "stroke") if element.get(a)}
    same = {("fill", "none"), ("fill", "#b3261e"), ("stroke", "none")}
    assert {(a, colour) for a, colour in colours - same if f'[{a}="{colour}"]' not in dark} == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pictures_speak_the_readers_language(language):
    with translation.override(language):
        drawn = drawing.svg(SlateFlow)
        words = [word for node in SlateFlow.instance.nodes() for word in str(node.task_title).split()]
        assert all(word in drawn for word in words)
        assert str(SlateFlow.process_title).encode() in drawing.bpmn(SlateFlow)


def test_the_newest_task_of_a_node_wins(house):
    nomination = house.lying(NominationState.IN_REVIEW)
    house.opinion(nomination, "county", Office.UNION, Outcome.RETURN)
    house.resubmit(nomination)
    statuses = drawing.statuses_of(process_of(nomination).pk)
    assert statuses["county_union"] == "NEW"
    assert statuses["county_party"] == "NEW"
    assert statuses["correction"] == "DONE"
    assert "city_union" not in statuses


@flows
def test_bpmn_is_valid_against_the_schema(flow):
    BpmnValidator().validate(etree.fromstring(drawing.bpmn(flow)))


def test_an_invalid_one_would_be_seen():
    broken = drawing.bpmn(SlateFlow).replace(b"sourceRef=", b"from=", 1)
    with pytest.raises(ValidationException):
        BpmnValidator().validate(etree.fromstring(broken))


@flows
def test_bpmn_is_whole(flow):
    root = etree.fromstring(drawing.bpmn(flow))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    nodes = {node.name for node in flow.instance.nodes()}
    sequence = root.findall(".//bpmn:sequenceFlow", BPMN)
    assert {edge.get("sourceRef") for edge in sequence} | {
        edge.get("targetRef") for edge in sequence
    } == nodes
    assert len(sequence) == len(drawing.lines_of(flow))
    drawn = {element.get("bpmnElement") for element in root.iter() if element.get("bpmnElement")}
    assert drawn == nodes | {edge.get("id") for edge in sequence} | {flow.__name__}


@flows
def test_every_way_of_several_has_a_chinese_name_and_a_condition(flow):
    root = etree.fromstring(drawing.bpmn(flow))
    by_source = {}
    for edge in root.findall(".//bpmn:sequenceFlow", BPMN):
        by_source.setdefault(edge.get("sourceRef"), []).append(edge)
    for source, edges in by_source.items():
        if len(edges) == 1:
            continue
        default = root.find(f".//*[@id='{source}']").get("default")
        for edge in edges:
            assert re.search(r"[一-鿿]", edge.get("name", "")), edge.get("id")
            has_condition = edge.find("bpmn:conditionExpression", BPMN) is not None
            assert has_condition != (edge.get("id") == default)
        assert len({edge.get("name") for edge in edges}) == len(edges)


SHAPES = ((HumanTask, '["{}"]'), ((Gate, Fork, JointOutcome), '{{"{}"}}'), (object, '(["{}"])'))


def mermaid(flow):
    lines = ["flowchart LR"]
    for name, shape in sorted(
        drawing.shapes_of(flow).items(), key=lambda item: drawing.LAYOUTS[flow].places[item[0]][::-1]
    ):
        pattern = next(pattern for kinds, pattern in SHAPES if isinstance(shape.node, kinds))
        lines.append(f"    {name}{pattern.format(shape.node.task_title)}")
    for line in drawing.lines_of(flow):
        arrow = f"-->|{line.label}|" if line.label else "-->"
        lines.append(f"    {line.edge.src.name} {arrow} {line.edge.dst.name}")
    return "\n".join(lines)


def table(flow):
    rows = ["| node | title | kind | permission |", "|---|---|---|---|"]
    for name, shape in sorted(
        drawing.shapes_of(flow).items(), key=lambda item: drawing.LAYOUTS[flow].places[item[0]]
    ):
        rows.append(
            f"| `{name}` | {shape.node.task_title} | {type(shape.node).__name__} | {permission(shape.node)} |"
        )
    return "\n".join(rows)


def permission(node):
    if not isinstance(node, HumanTask):
        return ""
    held = node._owner_permission
    return f"`{held if isinstance(held, str) else held.__name__}`"


@flows
@pytest.mark.parametrize("part", [mermaid, table])
def test_the_documentation_is_current(flow, part):
    """When this fails: paste what the function returns into docs/flows.md."""
    assert part(flow) in Path(ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
