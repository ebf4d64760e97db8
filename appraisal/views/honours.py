"""Naming decisions: the named of every award and round, for anyone to read."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from appraisal.models import Naming
from appraisal.services import namings
from appraisal.views.slate_page import public_groups

PER_PAGE = 50


@require_safe
def honours(request: HttpRequest) -> HttpResponse:
    """All decisions, by round and award."""
    found = Naming.objects.public().for_list()
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
            (round_, list(rows))
            for round_, rows in groupby(page, key=lambda row: row.slate.round_award.round)
        ],
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
    }
    return render(request, "appraisal/public/honours.html", context)


@require_safe
def honour(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision as a document."""
    found = get_object_or_404(Naming.objects.public().in_full(), pk=pk)
    context = {
        "naming": found,
        "slate": found.slate,
        "round": found.slate.round_award.round,
        "award": found.slate.round_award.award,
        "groups": public_groups(found.rows, namings.revoked(found)),
        "number": len(found.rows),
    }
    return render(request, "appraisal/public/honour.html", context)
