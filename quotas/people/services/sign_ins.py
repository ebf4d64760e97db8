"""Sign-ins that are locked after wrong passwords; who counts them is django-axes."""

from datetime import datetime
from typing import NamedTuple

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max

from quotas.base import clock, text
from quotas.tree.models import User


class Locked(NamedTuple):
    """An account that cannot be signed in to from somewhere, and until when."""

    user: User
    until: datetime


def locked_officials() -> list[Locked]:
    """
    The accounts with a post of an office that are locked from somewhere now, the latest first. Two statements.

    Names that were tried and are no such account are left out: somebody may have typed a password in their place.
    """
    rows = (
        AccessAttempt.objects.filter(
            failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
            attempt_time__gt=clock.now() - settings.AXES_COOLOFF_TIME,
        )
        .values("username")
        .annotate(last=Max("attempt_time"))
        .order_by("-last")[:MOST]
    )
    tried = {text.login(row["username"] or ""): row["last"] for row in reversed(rows)}
    if not tried:
        return []
    found = User.objects.of_login(tried).filter(groups__post__isnull=False).distinct()
    locked = [Locked(user, tried[text.login(user.username)] + settings.AXES_COOLOFF_TIME) for user in found]
    return sorted(locked, key=lambda one: one.until, reverse=True)


MOST = 200
"""The most names looked at, newest attempts first."""
