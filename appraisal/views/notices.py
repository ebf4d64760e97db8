"""Public notices: anyone reads them, signed in or not, and only what was published in their rows."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from appraisal.models import Notice
from appraisal.views.slate_page import public_groups
from quotas import clock

PER_PAGE = 30


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, the newest first."""
    paginator = Paginator(Notice.objects.public().for_list().order_by("-published_at", "-pk"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "rows": [
            (notice, notice.starts_on <= today <= notice.ends_on, notice.ends_on < today) for notice in page
        ],
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
    }
    return render(request, "appraisal/public/notices.html", context)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice as a document; it says so when its days are over."""
    found = get_object_or_404(Notice.objects.public().in_full(), pk=pk)
    today = clock.today()
    context = {
        "notice": found,
        "slate": found.slate,
        "round": found.slate.round_award.round,
        "award": found.slate.round_award.award,
        "groups": public_groups(found.rows),
        "over": found.ends_on < today,
        "ahead": today < found.starts_on,
    }
    return render(request, "appraisal/public/notice.html", context)
