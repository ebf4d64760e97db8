"""People proposed for posts: the one list on which the security administrator grants or refuses, and lost halves."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from quotas.base import answers, outside
from quotas.base.errors import DomainError
from quotas.base.pages import ActPage
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


class ProposalsPage(ActPage):
    """The proposals that wait for a decision; for those who manage posts."""

    template_name = "quotas/people/proposals.html"

    def prepare(self) -> None:
        """Not there for anybody else."""
        if not grants_of(self.request.user).any(Act.MANAGE_POSTS):
            raise Http404

    def act(self) -> HttpResponse:
        """Grant all that were seen, but those against which a reason is written."""
        post = self.request.POST
        seen = set(outside.rows(post.getlist("seen")[:MOST]))
        # Whatever stands there keeps the line from being granted; the service says what is no reason.
        sent = {pk: f"reason-{pk}" for pk in seen}
        refused = {pk: outside.word(post, name) for pk, name in sent.items() if post.get(name)}
        slips = proposals.decide(seen=seen, refused=refused, actor=self.request.user)
        told = _("已授予 %(granted)s 个岗位，未授予 %(refused)s 个，均已记入台账。") % {
            "granted": len(seen) - len(refused),
            "refused": len(refused),
        }
        if slips:
            return slips_page(self.request, _lines(slips), told=told, half=SECOND, back_url=self.address)
        return self.done(told)

    def refused(self, error: DomainError) -> HttpResponse:
        """What the list can help with stands above it, and the reasons that were typed stay in it."""
        if not answers.can_help(error):
            return super().refused(error)
        reasons = [sentence(reason) for reason in error.reasons]
        return self.draw(status=answers.status_of(error), refused=reasons)

    def context(self) -> dict[str, Any]:
        """Who waits, with what forbids to grant it."""
        waiting = Proposal.objects.waiting()
        shown = list(waiting[:MOST])
        clashes = proposals.conflicts_of(shown, self.request.user)
        return {
            "rows": [
                ProposalRow(
                    proposal,
                    tuple(sentence(each) for each in clashes.get(proposal.pk, ())),
                    outside.word(self.request.POST, f"reason-{proposal.pk}"),
                )
                for proposal in shown
            ],
            "more": waiting.count() - len(shown),
            "clashing": len(clashes),
            "refused": [],
            "breadcrumb": [
                {"label": _("岗位管理"), "url": reverse("quotas:posts")},
                {"label": _("待授予的岗位"), "url": ""},
            ],
        }


class HalvesPage(ActPage):
    """New halves for those who have not signed in yet, when a sheet was lost; for both administrators, each his own."""

    template_name = "quotas/people/halves.html"
    half: str

    def prepare(self) -> None:
        """Which halves the person hands out; not there for who hands out none."""
        self.half = FIRST if _first(self.request) else SECOND

    def act(self) -> HttpResponse:
        """The sheet."""
        slips = proposals.reissue(actor=self.request.user)
        if not slips:
            messages.info(self.request, _("没有需要补发的：相关账号都已登录过，或还没有授予岗位。"))
            return redirect(self.address)
        told = _("已补发 %(number)s 份，以前那张发放单上的同一半作废。") % {"number": len(slips)}
        return slips_page(self.request, _lines(slips), told=told, half=self.half, back_url=self.address)

    def context(self) -> dict[str, Any]:
        """The question."""
        return {
            "half": self.half,
            "number": proposals.number_not_signed_in(self.request.user),
            "breadcrumb": [{"label": _("补发一次性密码"), "url": ""}],
        }


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
