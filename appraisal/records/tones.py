"""How each state is drawn: one tone for each member, wherever it stands. The colours are in static/css/pingxuan.css."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices

from appraisal.records.states import Finding, NominationState, Outcome, SlateState, Standing
from quotas.base.states import ApportionmentState, RequestState, RoundState, TargetState

# By class first: members of two enumerations with the same value are equal.
_TONES: Mapping[type[TextChoices], Mapping[str, str]] = {
    NominationState: {
        NominationState.DRAFT: "todo",
        NominationState.ENDORSING: "todo",
        NominationState.IN_REVIEW: "current",
        NominationState.RETURNED: "returned",
        NominationState.POOLED: "done",
        NominationState.NAMED: "done",
        NominationState.NOT_SELECTED: "declined",
        NominationState.DECLINED: "declined",
        NominationState.WITHDRAWN: "declined",
        NominationState.DISQUALIFIED: "declined",
    },
    Outcome: {
        Outcome.APPROVE: "done",
        Outcome.RETURN: "returned",
        Outcome.DECLINE: "declined",
    },
    SlateState: {
        SlateState.COMPILING: "todo",
        SlateState.SIGNING: "current",
        SlateState.SIGNED: "current",
        SlateState.ON_NOTICE: "current",
        SlateState.SETTLING: "soon",
        SlateState.SENT_UP: "done",
        SlateState.FINALISED: "done",
        SlateState.NAMED: "done",
    },
    Standing: {
        Standing.HOLDS: "done",
        Standing.BROKEN: "declined",
        Standing.AWAITED: "todo",
        Standing.LATE: "late",
        Standing.EMPTY: "skipped",
    },
    Finding: {
        Finding.OPEN: "soon",
        Finding.UNFOUNDED: "done",
        Finding.UPHELD: "declined",
        Finding.NOT_ACCEPTED: "skipped",
    },
    RoundState: {
        RoundState.PLANNED: "todo",
        RoundState.OPEN: "current",
        RoundState.CLOSED: "done",
    },
    ApportionmentState: {
        ApportionmentState.DRAFT: "todo",
        ApportionmentState.DRAWN: "current",
        ApportionmentState.APPLIED: "done",
        ApportionmentState.DROPPED: "declined",
    },
    RequestState: {
        RequestState.WAITING: "todo",
        RequestState.GRANTED: "done",
        RequestState.REFUSED: "declined",
        RequestState.WITHDRAWN: "",
    },
    TargetState: {
        TargetState.REACHED: "done",
        TargetState.REACHED_LATE: "done",
        TargetState.RUNNING: "current",
        TargetState.OVERDUE: "late",
    },
}


def tone(state: TextChoices) -> str:
    """The tone of a state, one of `quotas.templatetags.px.TONES`; empty for a plain word."""
    return _TONES[type(state)][state]


def status(state: TextChoices) -> dict[str, Any]:
    """A state as word and tone, for the tag `status`."""
    return {"label": state.label, "tone": tone(state)}
