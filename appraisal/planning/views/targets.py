"""Targets as pages show them: how far each has come, at one body or at many. A target refuses nothing."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal.planning.services.targets import Progress
from appraisal.records.tones import tone
from quotas.base.states import TargetState
from quotas.base.wording import word
from quotas.templatetags.px import figure

_WORST_FIRST = (TargetState.OVERDUE, TargetState.RUNNING, TargetState.REACHED_LATE, TargetState.REACHED)


def told(lines: Iterable[Progress]) -> list[dict[str, Any]]:
    """Each target once, as partials/quota/targets.html takes it: of one body how many are named, of many how they stand."""
    by_target: dict[int, list[Progress]] = {}
    for line in lines:
        by_target.setdefault(line.target.pk, []).append(line)
    return [_one(found[0]) if len(found) == 1 else _many(found) for found in by_target.values()]


def of_body(lines: Iterable[Progress], body_id: int) -> list[dict[str, Any]]:
    """What a row of a body says of its targets: 3 / 10 and how that stands."""
    return [
        {
            "text": _("%(label)s已命名 %(ratio)s") % {"label": line.target.label, "ratio": _ratio(line)},
            "label": line.state.label,
            "tone": tone(line.state),
        }
        for line in lines
        if line.body_id == body_id
    ]


def _ratio(line: Progress) -> str:
    return f"{figure(line.named)} / {figure(line.target.number)}"


def _one(line: Progress) -> dict[str, Any]:
    return {
        "label": line.target.label,
        "figures": _("已命名 %(ratio)s（%(due_on)s前）")
        % {"ratio": _ratio(line), "due_on": word(line.target.due_on)},
        "status": line.state.label,
        "tone": tone(line.state),
        "clause": line.target.clause,
    }


def _many(lines: list[Progress]) -> dict[str, Any]:
    target = lines[0].target
    states = Counter(line.state for line in lines)
    told_states = _("，").join(
        _("%(state)s %(number)s 个") % {"state": state.label, "number": figure(states[state])}
        for state in reversed(_WORST_FIRST)
        if states[state]
    )
    return {
        "label": target.label,
        "figures": _("每个%(stage)s单位 %(number)s 个（%(due_on)s前），共命名 %(named)s 个")
        % {
            "stage": target.stage.label,
            "number": figure(target.number),
            "due_on": word(target.due_on),
            "named": figure(sum(line.named for line in lines)),
        },
        "status": told_states,
        "tone": tone(next(state for state in _WORST_FIRST if states[state])),
        "clause": target.clause,
    }
