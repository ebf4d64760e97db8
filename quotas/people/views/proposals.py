"""People proposed for posts: the one list on which the security administrator grants or refuses, and lost halves."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import answers, outside
from quotas.base.errors import DomainError
from quotas.base.wording import sentence
from quotas.people.models import Proposal
from quotas.people.services import proposals
from quotas.people.views.slips import FIRST, SECOND, slips_page
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

MOST = 600
"""People that are decided on at once; those that follow come when these are done."""


@dataclass(frozen=True)
class ProposalRow:
    """A proposal, what forbids to grant it, and the reason that was typed against it."""

    proposal: Proposal
    clashes: tuple[Any, ...]
    reason: str


@dataclass(frozen=True)
class ProposalLine:
    """A slip as the sheet prints it."""

    place: str
    post: str
    name: str
    username: str
    phone: str
    password: str


class ProposalsPage(LoginRequiredMixin, View):
    """The proposals that wait for a decision; for those who manage posts."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list."""
        _require(request, Act.MANAGE_POSTS)
        return _draw(request)

    def post(self, request: SignedIn) -> HttpResponse:
        """Grant all that were seen, but those against which a reason is written."""
        _require(request, Act.MANAGE_POSTS)
        seen = set(outside.rows(request.POST.getlist("seen")[:MOST]))
        # Whatever stands there keeps the line from being granted; the service says what is no reason.
        sent = {pk: f"reason-{pk}" for pk in seen}
        refused = {
            pk: outside.word(request.POST, name) for pk, name in sent.items() if request.POST.get(name)
        }
        try:
            slips = proposals.decide(seen=seen, refused=refused, actor=request.user)
        except DomainError as error:
            if answers.status_of(error) == answers.UNPROCESSABLE:
                return _draw(request, error)
            return answers.page(request, error, again_url=request.path)
        told = _("已授予 %(granted)s 个岗位，未授予 %(refused)s 个，均已记入台账。") % {
            "granted": len(seen) - len(refused),
            "refused": len(refused),
        }
        if slips:
            return slips_page(request, _lines(slips), told=told, half=SECOND, back_url=request.path)
        messages.success(request, told)
        return redirect("quotas:proposals")


class HalvesPage(LoginRequiredMixin, View):
    """New halves for those who have not signed in yet, when a sheet was lost; for both administrators, each his own."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The question."""
        first = _first(request)
        context = {
            "half": FIRST if first else SECOND,
            "number": proposals.number_not_signed_in(request.user),
            "breadcrumb": [{"label": _("补发一次性密码"), "url": ""}],
        }
        return render(request, "quotas/people/halves.html", context)

    def post(self, request: SignedIn) -> HttpResponse:
        """The sheet."""
        first = _first(request)
        try:
            slips = proposals.reissue(actor=request.user)
        except DomainError as error:
            return answers.page(request, error, again_url=request.path)
        if not slips:
            messages.info(request, _("没有需要补发的：相关账号都已登录过，或还没有授予岗位。"))
            return redirect("quotas:halves")
        told = _("已补发 %(number)s 份，以前那张发放单上的同一半作废。") % {"number": len(slips)}
        half = FIRST if first else SECOND
        return slips_page(request, _lines(slips), told=told, half=half, back_url=request.path)


def _require(request: SignedIn, act: Act) -> None:
    if not grants_of(request.user).any(act):
        raise Http404


def _first(request: SignedIn) -> bool:
    """Whether the person hands out first halves; 404 for who hands out none."""
    grants = grants_of(request.user)
    if not grants.any(Act.MANAGE_ACCOUNTS) and not grants.any(Act.MANAGE_POSTS):
        raise Http404
    return grants.any(Act.MANAGE_ACCOUNTS)


def _lines(slips: list[proposals.HalfSlip]) -> list[ProposalLine]:
    return [
        ProposalLine(
            place=_("、").join(dict.fromkeys(post.body.name for post in slip.posts)),
            post=_("、").join(str(post.get_role_display()) for post in slip.posts),
            name=slip.user.name,
            username=slip.user.username,
            phone=slip.user.phone,
            password=slip.password,
        )
        for slip in slips
    ]


def _draw(request: SignedIn, error: DomainError | None = None) -> HttpResponse:
    waiting = Proposal.objects.waiting()
    shown = list(waiting[:MOST])
    clashes = proposals.conflicts_of(shown, request.user)
    context = {
        "rows": [
            ProposalRow(
                proposal,
                tuple(sentence(each) for each in clashes.get(proposal.pk, ())),
                outside.word(request.POST, f"reason-{proposal.pk}"),
            )
            for proposal in shown
        ],
        "more": waiting.count() - len(shown),
        "clashing": len(clashes),
        "refused": [sentence(reason) for reason in error.reasons] if error else [],
        "breadcrumb": [
            {"label": _("岗位管理"), "url": reverse("quotas:posts")},
            {"label": _("待授予的岗位"), "url": ""},
        ],
    }
    return render(
        request, "quotas/people/proposals.html", context, status=answers.UNPROCESSABLE if error else 200
    )
