"""The part of the navigation that belongs to the choreography: home, and the desk with what lies on it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from quotas import addresses
from workflows.inbox import waiting, worklist

_CACHE = "_pingxuan_nav_workflows"


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_workflows`: worked out only when a page draws it. One statement besides the posts."""
    cached: dict[str, Any] | None = getattr(request, _CACHE, None)
    if cached is None:
        cached = {"nav_workflows": SimpleLazyObject(lambda: _nav(request))}
        setattr(request, _CACHE, cached)
    return cached


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.is_authenticated:
        return []
    home, inbox = addresses.of("workflows:home"), addresses.of("workflows:inbox")
    entries: list[dict[str, Any]] = [
        {"label": _("首页"), "url": home, "icon": "home", "active": request.path == home}
    ]
    if worklist.has_desk(request.user):
        entries.append(
            {
                "label": _("待办"),
                "url": inbox,
                "icon": "inbox",
                "active": request.path.startswith((inbox, "/tasks/")),
                "count": waiting.number_open(request.user),
            }
        )
    return entries
