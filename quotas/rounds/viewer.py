"""What pages know of the person who looks at them.

It is read once a request and kept on the user object, which is fresh with every request. It is for pages alone: an act
asks the tables under its lock.
"""

from collections.abc import Iterable
from typing import Any

from quotas.rounds.models import StageWindow
from quotas.tree.models import Post, User

_POSTS, _WINDOWS = "_pingxuan_posts", "_pingxuan_windows"


def posts_of(user: User) -> list[Post]:
    """The posts that the reader holds, with their bodies. One statement."""
    if not hasattr(user, _POSTS):
        setattr(user, _POSTS, list(Post.objects.held_by(user)))
    found: list[Post] = getattr(user, _POSTS)
    return found


def windows_of(user: User, body_ids: Iterable[int]) -> list[Any]:
    """The windows of the open rounds as they hold for these bodies of the reader's. One statement."""
    bodies = frozenset(body_ids)
    kept = getattr(user, _WINDOWS, None)
    if kept is None or kept[0] != bodies:
        kept = bodies, list(StageWindow.objects.running(sorted(bodies)))
        setattr(user, _WINDOWS, kept)
    found: list[Any] = kept[1]
    return found
