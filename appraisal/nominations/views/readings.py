"""Who opened whose personal data, for those who answer for an area."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.nominations.forms.readings import ReadingFilter
from appraisal.records.models import Nomination, Reading
from appraisal.records.querysets import ANSWERS_FOR_DATA
from quotas.base.paging import DENSE, newest_first
from quotas.tree.permissions import grants_of
from quotas.tree.requests import SignedIn


@require_safe
@login_required
def readings(request: SignedIn) -> HttpResponse:
    """The openings in the reader's area, the newest first, narrowed by application and person."""
    grants = grants_of(request.user)
    if not any(map(grants.any, ANSWERS_FOR_DATA)):
        raise Http404
    form = ReadingFilter(request.GET)
    wanted = form.chosen()
    page = newest_first(
        Reading.objects.visible_to(request.user).for_page().told(**wanted), request.GET, DENSE
    )
    opens = Nomination.objects.visible_to(request.user).filter(
        pk__in={reading.nomination_id for reading in page.rows}
    )
    context = {
        "heading": _("个人信息查阅记录"),
        "form": form,
        "rows": page.rows,
        "opens": frozenset(opens.values_list("pk", flat=True)) if page.rows else frozenset(),
        "filtered": any(wanted.values()),
        "previous_after": page.previous_after,
        "next_after": page.next_after,
        "breadcrumb": [{"label": _("个人信息查阅记录"), "url": ""}],
    }
    return render(request, "appraisal/nominations/readings.html", context)
