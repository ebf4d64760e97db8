"""The page of the ledger: a sentence an act, found by who, where and what."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from quotas.base.paging import DENSE, newest_first
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.ledger.tellings import stream_words, streams
from quotas.oversight.forms import LedgerFilter
from quotas.oversight.views import told
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn


class LedgerPage(LoginRequiredMixin, View):
    """The ledger of the area in which the reader may read it, latest first, with its chain checked."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The page requested by the query string."""
        if not grants_of(request.user).any(Act.READ_LEDGER):
            raise Http404
        form = LedgerFilter(request.GET)
        wanted = form.chosen()
        if wanted["words"]:
            wanted["streams"] = told.streams_of(wanted["words"])
        rows = LedgerEntry.objects.visible_to(request.user).for_page().told(**wanted)
        page = newest_first(rows, request.GET, DENSE)
        context = {
            "form": form,
            "lines": told.lines(page.rows, request.user),
            "groups": [_kinds()],
            "only": _only(wanted["stream"], request),
            "problems": [sentence(problem) for problem in ledger.check_rows(page.rows)],
            "newest_seal": ledger.newest_seal(),
            "previous_after": page.previous_after,
            "next_after": page.next_after,
            "breadcrumb": [{"label": _("台账"), "url": ""}],
        }
        return render(request, "quotas/oversight/ledger.html", context)


def _kinds() -> dict[str, Any]:
    """What the acts are about, as chips."""
    options = [{"value": kind, "label": words.name} for kind, words in streams().items() if words.acts]
    return {"label": _("事项"), "name": "kind", "single": True, "options": options}


def _only(stream: str, request: SignedIn) -> str:
    """The one thing whose rows are shown, by its name; empty where everything is."""
    if not stream:
        return ""
    kind, _colon, key = stream.partition(":")
    found = told.called(kind, key, request.user)
    return found or str(stream_words(stream).name)
