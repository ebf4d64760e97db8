"""The flows as pictures, with what lies where in the reader's area; the way of one nomination; BPMN for other tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from viewflow.workflow.base import Flow

from quotas.tree.permissions import Act
from quotas.tree.requests import SignedIn
from workflows.diagrams import drawing
from workflows.flows import NominationFlow, SlateFlow
from workflows.inbox import worklist
from workflows.nodes import AwaitSlate, BodyTask, NoticeTimer, UnitTask

FLOWS: Mapping[str, type[Flow]] = {"nomination": NominationFlow, "slate": SlateFlow}
"""The flows by the name that their addresses use."""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step as a line of the table behind the picture."""

    title: Any
    whose: Any
    number: int | None
    ways: list[str]


@require_safe
@login_required
def flows(request: SignedIn) -> HttpResponse:
    """Both flows, each as picture and as table."""
    numbers = {name: worklist.number_at_nodes(flow, request.user) for name, flow in FLOWS.items()}
    context = {
        "heading": _("办理流程"),
        "as_of": min((each.as_of for each in numbers.values() if each.as_of), default=None),
        "flows": [
            {
                "name": name,
                "title": flow.process_title,
                "description": flow.process_description,
                "size": drawing.size_of(flow),
                "steps": _steps(flow, numbers[name].by_node),
                "svg": reverse("workflows:flow_svg", args=[name]),
                "bpmn": reverse("workflows:flow_bpmn", args=[name]),
            }
            for name, flow in FLOWS.items()
        ],
    }
    return render(request, "workflows/diagrams/flows.html", context)


def _steps(flow: type[Flow], numbers: Mapping[str, int]) -> list[FlowStep]:
    ways: dict[str, list[str]] = {}
    for line in drawing.lines_of(flow):
        target = str(line.edge.dst.task_title)
        words = (
            _("%(label)s → %(target)s") % {"label": line.label, "target": target} if line.label else target
        )
        ways.setdefault(line.edge.src.name, []).append(words)
    return [
        FlowStep(
            title=node.task_title,
            whose=_whose(node),
            number=numbers.get(node.name, 0) if _is_waited_at(node) else None,
            ways=ways.get(node.name, []),
        )
        for node in flow.instance.nodes()
    ]


def _is_waited_at(node: Any) -> bool:
    return isinstance(node, BodyTask | UnitTask | AwaitSlate | NoticeTimer)


def _whose(node: Any) -> Any:
    """Who carries a step out: a role of the unit, the holders of an act, or nobody."""
    if isinstance(node, UnitTask):
        return node.role.label
    if isinstance(node, BodyTask):
        return node.act.label if isinstance(node.act, Act) else Act.FINALISE_LIST.label
    return _("系统")


@require_safe
@login_required
@never_cache
def flow_svg(request: SignedIn, flow: str) -> HttpResponse:
    """The picture of a flow, with the numbers of what lies open in the reader's area."""
    chosen = _flow(flow)
    return _picture(drawing.svg(chosen, counts=worklist.number_at_nodes(chosen, request.user).by_node))


@require_safe
@login_required
def flow_bpmn(_request: SignedIn, flow: str) -> HttpResponse:
    """The flow as BPMN 2.0, to be opened in a modeller."""
    return HttpResponse(
        drawing.bpmn(_flow(flow)),
        content_type=drawing.BPMN_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{flow}.bpmn"'},
    )


@require_safe
@login_required
@never_cache
def nomination_svg(request: SignedIn, pk: int) -> HttpResponse:
    """The way of one nomination; not found unless the user may see it."""
    process_id = worklist.process_of(nomination_id=pk, user=request.user)
    if process_id is None:
        raise Http404
    return _picture(drawing.svg(NominationFlow, statuses=drawing.statuses_of(process_id)))


def _flow(name: str) -> type[Flow]:
    if name not in FLOWS:
        raise Http404
    return FLOWS[name]


def _picture(svg: str) -> HttpResponse:
    return HttpResponse(
        svg,
        content_type=f"{drawing.SVG_TYPE}; charset=utf-8",
        headers={"Content-Security-Policy": drawing.SVG_POLICY},
    )
