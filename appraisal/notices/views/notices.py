"""Public notices: anyone reads them, signed in or not, and only what was published in their rows."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.notices.views import public_lists
from appraisal.notices.views.public_tables import public_groups
from appraisal.records.models import Notice
from quotas.base import clock

PER_PAGE = 30


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The notices, the newest first: found by ?q=, of a year, an award, a state."""
    wanted, today = public_lists.PublicWanted.of(request), clock.today()
    everything = Notice.objects.public()
    found = everything.found(wanted.words).of(year=wanted.year, award=wanted.award)
    rows = found.standing(wanted.state, today).for_list()
    paginator = Paginator(rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    states = [("running", _("公示中")), ("ahead", _("即将开始")), ("over", _("已期满"))]
    context = {
        "rows": [public_lists.line(notice, today) for notice in page],
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
        "narrowed": wanted.narrows,
        "search": {"name": "q", "label": _("查找公示"), "placeholder": _("单位、人名或奖项")},
        "groups": [public_lists.group(_("状态"), "state", states), *public_lists.groups(everything)],
    }
    return public_lists.published(request, render(request, "appraisal/notices/public/list.html", context))


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice as a document; it says so when its days are over."""
    found = get_object_or_404(Notice.objects.public().in_full(), pk=pk)
    today = clock.today()
    context = {
        "notice": found,
        "issuers": public_lists.issuers(found),
        "contact": found.contact,
        "last_day": found.ends_on,
        "slate": found.slate,
        "round": found.slate.round_award.round,
        "award": found.slate.round_award.award,
        "groups": public_groups(found.rows),
        "over": found.ends_on < today,
        "ahead": today < found.starts_on,
        "left": (found.ends_on - today).days,
    }
    return public_lists.published(request, render(request, "appraisal/notices/public/page.html", context))
