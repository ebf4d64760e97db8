"""How each state, act and finding is drawn: one tone for each, wherever it stands. The colours are in static/css/pingxuan.css.

Views name no tone, they ask here. A template names one only for a sentence of its own that is neither a decision nor a state.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices

from appraisal.records.states import (
    Finding,
    NominationAct,
    NominationState,
    Outcome,
    SlateAct,
    SlateNote,
    SlateState,
    Standing,
)
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

PASSED, HERE, AHEAD, LEFT_OUT = "done", "current", "todo", "skipped"
"""Stages of the way of a nomination: behind it, where it lies, still to come, no longer to come."""

OVERDUE, DUE_SOON, DUE_LATER = "late", "soon", "todo"
"""Lists by deadline."""

ADDED, REMOVED, CHANGED = "done", "declined", "current"
"""What differs between two editions of rules, and what went off a list."""

DRAFTED, PUBLISHED = "todo", "done"
"""Editions of rules."""

REHEARSED: Mapping[str, str] = {"leaves": REMOVED, "moves_up": PASSED, "stays_back": AHEAD}
"""What happens to an entry in a rehearsal, by `RehearsalStep.way`."""

# By the kind of the stream first: both have an act "name".
_ACTS: Mapping[str, Mapping[str, str]] = {
    "nomination": {
        NominationAct.ENDORSE: "done",
        NominationAct.APPROVE: "done",
        NominationAct.SEND_UP: "done",
        NominationAct.NAME: "done",
        NominationAct.SEND_BACK: "returned",
        NominationAct.RETURN: "returned",
        NominationAct.DECLINE: "declined",
        NominationAct.PASS_OVER: "declined",
        NominationAct.WITHDRAW: "declined",
        NominationAct.DISQUALIFY: "declined",
    },
    "slate": {
        SlateAct.SIGN: "done",
        SlateAct.SEND_UP: "done",
        SlateAct.FINALISE: "done",
        SlateAct.NAME: "done",
        SlateAct.REFUSE: "returned",
        SlateAct.TAKE_BACK: "returned",
        SlateAct.REOPEN: "returned",
        SlateNote.REMOVE_ENTRY: REMOVED,
    },
}


def tone(state: TextChoices) -> str:
    """The tone of a state, one of `quotas.templatetags.px.TONES`; empty for a plain word."""
    return _TONES[type(state)][state]


def status(state: TextChoices) -> dict[str, Any]:
    """A state as word and tone, for the tag `status`."""
    return {"label": state.label, "tone": tone(state)}


def of_act(stream: str, act: str) -> str:
    """The tone of an act of the ledger, by its stream ("slate:12"); that of a mere note where it decides nothing."""
    return _ACTS.get(stream.partition(":")[0], {}).get(act, "info")


def signed(*, signs: bool) -> str:
    """The tone of a leader's decision on a slate: signed, or sent back to be changed."""
    return of_act("slate", SlateAct.SIGN if signs else SlateAct.REFUSE)


def verdict(*, holds: bool | None, advised: bool = False) -> str:
    """The tone of a finding: holds, does not, or not known yet (None). `advised`: what does not hold bars nothing."""
    if holds is None:
        return "todo"
    return "done" if holds else "soon" if advised else "late"


def of_ownership(*, verified: bool, changed: bool = False) -> str:
    """The tone of a classification. `changed`: the register says something else since."""
    return verdict(holds=False, advised=True) if verified and changed else verdict(holds=verified or None)
