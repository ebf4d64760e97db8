"""The one address of all tasks, and which page belongs to which node."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase

from quotas.tree.requests import SignedIn
from workflows.flows import REVIEWS
from workflows.inbox import desk
from workflows.tasks.base import TaskPage
from workflows.tasks.review_tasks import ReviewNomination
from workflows.tasks.slate_tasks import (
    CompileSlate,
    NamingDecision,
    PartySign,
    ProvinceScoring,
    PublishNotice,
    SettleObjections,
    UnionSign,
)
from workflows.tasks.unit_tasks import CompleteApplication, Correction, UnitEndorsement

PAGES: dict[str, type[TaskPage]] = {
    "complete_application": CompleteApplication,
    "unit_endorsement": UnitEndorsement,
    "correction": Correction,
    **dict.fromkeys(REVIEWS, ReviewNomination),
    "province_scoring": ProvinceScoring,
    "compile_slate": CompileSlate,
    "union_sign": UnionSign,
    "party_sign": PartySign,
    "publish_notice": PublishNotice,
    "settle_objections": SettleObjections,
    "naming_decision": NamingDecision,
}
"""The page of every human task, by the name of its node."""


@login_required
def task(request: SignedIn, pk: int) -> HttpResponseBase:
    """The page of a task; not found unless the nomination or slate it is about is visible to the user."""
    turn = desk.turn(task_id=pk, user=request.user)
    if turn is None:
        raise Http404
    return PAGES[turn.node].as_view()(request, turn=turn)
