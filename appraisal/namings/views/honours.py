"""Naming decisions: the named of every award and round, for anyone to read."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.namings.services import namings
from appraisal.notices.views import public_lists
from appraisal.notices.views.public_tables import public_groups
from appraisal.records.models import Naming

PER_PAGE = 50


@require_safe
def honours(request: HttpRequest) -> HttpResponse:
    """The decisions by round and award: found by ?q=, of a year, of an award."""
    wanted = public_lists.PublicWanted.of(request)
    everything = Naming.objects.public()
    found = everything.found(wanted.words).of(year=wanted.year, award=wanted.award).for_list()
    order = (
        "-slate__round_award__round__year",
        "slate__round_award__round",
        "slate__round_award__award__order",
        "-decided_on",
        "pk",
    )
    paginator = Paginator(found.order_by(*order), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "rounds": [
            (round_, [(naming, public_lists.names(naming)) for naming in rows])
            for round_, rows in groupby(page, key=lambda row: row.slate.round_award.round)
        ],
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
        "narrowed": wanted.narrows,
        "search": {"name": "q", "label": _("查找命名决定"), "placeholder": _("单位、人名、文号或奖项")},
        "groups": public_lists.groups(everything),
    }
    return public_lists.published(request, render(request, "appraisal/namings/list.html", context))


@require_safe
def honour(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision as a document."""
    found = get_object_or_404(Naming.objects.public().in_full(), pk=pk)
    context = {
        "naming": found,
        "issuers": public_lists.issuers(found),
        "slate": found.slate,
        "round": found.slate.round_award.round,
        "award": found.slate.round_award.award,
        "groups": public_groups(found.rows, namings.revoked(found)),
        "number": len(found.rows),
    }
    return public_lists.published(request, render(request, "appraisal/namings/page.html", context))
