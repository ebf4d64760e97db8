"""The part of the navigation that belongs to the conduct."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appraisal.records.models import Employer
from appraisal.records.querysets import ANSWERS_FOR_DATA
from quotas import addresses
from quotas.tree.permissions import Act, grants_of

_CACHE = "_pingxuan_nav_appraisal"


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_appraisal`: worked out only when a page draws it. One statement besides the grants."""
    cached: dict[str, Any] | None = getattr(request, _CACHE, None)
    if cached is None:
        cached = {"nav_appraisal": SimpleLazyObject(lambda: _nav(request))}
        setattr(request, _CACHE, cached)
    return cached


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.is_authenticated:
        return []
    grants = grants_of(request.user)
    views_area = grants.any(Act.VIEW_AREA)
    acts_for_unit = bool(Employer.objects.roles_of(request.user))
    entries = [
        (grants.any(Act.PLAN_ROUND), pgettext("导航", "评选"), "appraisal:rounds", "calendar"),
        (grants.any(Act.PLAN_ROUND), _("规则"), "appraisal:rules", "library"),
        (views_area or acts_for_unit, _("申报"), "appraisal:nominations", "nomination"),
        (views_area, _("名单"), "appraisal:slates", "slate"),
        (True, _("公示"), "appraisal:notices", "notice"),
        (views_area or acts_for_unit, _("单位资料"), "appraisal:employers", "folder"),
        (any(map(grants.any, ANSWERS_FOR_DATA)), _("查阅记录"), "appraisal:readings", "history"),
    ]
    return [
        {"label": label, "url": url, "icon": icon, "active": request.path.startswith(url)}
        for shown, label, name, icon in entries
        if shown
        for url in (addresses.of(name),)
    ]
