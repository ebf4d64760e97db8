"""The models of this subject; import them from here."""

from quotas.tree.models.bodies import Body, Post
from quotas.tree.models.users import User

__all__ = ["Body", "Post", "User"]
