"""Whoever opens the home page: what the person is there for, and the tasks of lists that come with it."""

from functools import cached_property

from appraisal.records.states import UnitRole
from quotas.tree.models import User
from quotas.tree.permissions import Act
from workflows import querysets
from workflows.inbox import waiting, worklist


class Visitor:
    """A person at the home page. Whatever several parts of the page ask is read once, when the first asks."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def posts(self) -> list[worklist.HeldPost]:
        """The posts of the person."""
        return worklist.held_posts(self.user)

    @cached_property
    def acts(self) -> frozenset[Act]:
        """What the posts are for."""
        return frozenset(act for held in self.posts for act in held.acts)

    @cached_property
    def roles(self) -> frozenset[str]:
        """What the person does for units."""
        return worklist.unit_roles(self.user)

    @property
    def applies(self) -> bool:
        """Whether the person hands in applications for a unit."""
        return UnitRole.APPLICANT in self.roles

    @property
    def works(self) -> bool:
        """Whether there can be tasks for one of the posts."""
        return not self.acts.isdisjoint(querysets.TASK_ACTS)

    @cached_property
    def turns(self) -> list[worklist.SlateTurn]:
        """The open tasks of lists."""
        return worklist.slate_turns(self.user, waiting.OPEN) if self.works else []

    @cached_property
    def unsubmitted(self) -> list[worklist.QuotaLine]:
        """The lists which the person keeps and has not submitted."""
        return worklist.quota_lines(self.user) if Act.KEEP_SLATE in self.acts else []
