"""What the shell of every page of the workbench says: the round, its next deadline, who is here and as what.

Everything is worked out only when a page draws it, so pages without the shell (sign-in, errors, what is public) ask
the database nothing; the others no more than what the request knows of its user anyway.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from quotas import addresses
from quotas.base import clock
from quotas.base.states import Stage
from quotas.rounds.viewer import KnownPost, posts_of, windows_of
from quotas.tree.permissions import Act, grants_of

_CACHE = "_pingxuan_shell"


def shell(request: HttpRequest, units_at: Callable[[], Collection[int]] = tuple) -> dict[str, Any]:
    """`shell` (see base.html) and `nav_quotas`, the part of the navigation that belongs to the plan.

    `units_at` gives the bodies to which the units of the person hand in: for these people the unit stage counts, as
    it was extended for those bodies. Units are no part of the plan, so `config` brings it.
    """
    cached: dict[str, Any] | None = getattr(request, _CACHE, None)
    if cached is None:
        cached = {
            "shell": SimpleLazyObject(lambda: _shell(request, units_at)),
            "nav_quotas": SimpleLazyObject(lambda: _nav(request)),
        }
        setattr(request, _CACHE, cached)
    return cached


def _shell(request: HttpRequest, units_at: Callable[[], Collection[int]]) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {}
    posts = posts_of(request.user)
    firsts = units_at()
    windows = windows_of(request.user, [*(post.body_id for post in posts), *firsts])
    stages = {post.stage for post in posts} | ({Stage.UNIT} if firsts else set())
    return {
        "round": windows[0].round_name if windows else "",
        "deadline": _next_deadline(windows, stages),
        "user": request.user.name,
        "post": _posts(posts),
        "help_url": addresses.of("quotas:help"),
        "password_url": addresses.of("quotas:password"),
    }


def _next_deadline(windows: Sequence[Any], stages: Collection[Stage]) -> dict[str, Any] | None:
    """The next deadline of the newest open round at the stages where one works; after the last of them, that one.

    A person without a post and without a unit sees the next deadline of all.
    """
    of_newest = [window for window in windows if window.round_id == windows[0].round_id]
    own = [window for window in of_newest if window.stage in stages] or of_newest
    if not own:
        return None
    now = clock.now()
    window = next((window for window in own if window.holds_until >= now), own[-1])
    days: timedelta = clock.local_date(window.holds_until) - clock.today()
    return {
        "label": _("%(stage)s截止") % {"stage": window.stage.label},
        "at": window.holds_until,
        "days": days.days,
        "late": window.holds_until < now,
    }


def _posts(held: Sequence[KnownPost]) -> str:
    """As "常熟市 · 名单负责人"; of several, the first, and how many there are."""
    if not held:
        return ""
    first = f"{held[0].body_short_name} · {held[0].role.label}"
    if len(held) == 1:
        return first
    return _("%(first)s 等 %(number)s 个岗位") % {"first": first, "number": len(held)}


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.is_authenticated:
        return []
    grants = grants_of(request.user)
    entries = [
        (Act.VIEW_AREA, _("名额"), "quotas:places", "quota"),
        (Act.KEEP_SLATE, _("机关信息"), "quotas:organs", "pin"),
        (Act.READ_LEDGER, _("台账"), "quotas:ledger", "ledger"),
        (Act.MANAGE_ACCOUNTS, _("账号管理"), "quotas:accounts", "user"),
        (Act.MANAGE_ACCOUNTS, _("工作日历"), "quotas:calendar", "calendar"),
        (Act.MANAGE_POSTS, _("岗位管理"), "quotas:posts", "gear"),
    ]
    shown = [(label, name, icon) for act, label, name, icon in entries if grants.any(act)]
    # The three administrators confirm each other's resets; whoever reads the ledger of an area looks at it as well.
    if shown and not grants.any(Act.VIEW_AREA):
        shown.append((_("重置复核"), "quotas:resets", "check"))
    return [
        {"label": label, "url": url, "icon": icon, "active": request.path.startswith(url)}
        for label, name, icon in shown
        for url in (addresses.of(name),)
    ]
