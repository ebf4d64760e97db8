"""The front page for who has not signed in: running notices, the honour roll, how to object, the way in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from appraisal.notices.views import public_lists
from appraisal.records.models import Naming, Notice
from quotas.base import clock

NOTICES = 8
NAMINGS = 6
"""The most rows of each kind; a link leads to the rest."""


def front(request: HttpRequest) -> HttpResponse:
    """Five statements, however much was published. Shows nothing of an unpublished list."""
    today = clock.today()
    running = Notice.objects.public().running(today)
    decided = Naming.objects.public()
    context = {
        "rows": [public_lists.line(notice, today) for notice in running.for_list()[:NOTICES]],
        "running": running.count(),
        "namings": [
            (naming, public_lists.names(naming))
            for naming in decided.for_list().order_by("-decided_on", "-pk")[:NAMINGS]
        ],
        "decided": decided.count(),
        "years": decided.years(),
        "search": {"name": "q", "label": _("查找公示"), "placeholder": _("单位、人名或奖项")},
    }
    answer = render(request, "appraisal/notices/public/front.html", context)
    # The same address is the home of who has signed in: a browser asks each time.
    patch_cache_control(answer, private=True, no_cache=True)
    return answer
