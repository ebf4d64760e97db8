"""Visibility and scope of awards and of the editions of their rules."""

from typing import Any, Self

from django.db import models

from quotas.base.querysets import KeyedQuerySet
from quotas.base.text import compact
from quotas.tree.permissions import Act, grants_of


class RuleVersionQuerySet(models.QuerySet[Any]):
    """Editions of the rules of awards."""

    def visible_to(self, user: Any) -> Self:
        """All for those who plan rounds; the published ones for others (who may look is asked of their bodies)."""
        drafts_too = grants_of(user).any(Act.PLAN_ROUND)
        return self.all() if drafts_too else self.filter(published_at__isnull=False)

    def published(self) -> Self:
        """Those that rounds can be pinned to, by award, the newest first."""
        return (
            self.filter(published_at__isnull=False)
            .select_related("award")
            .order_by("award__order", "award", "-published_at", "-number")
        )

    def for_list(self) -> Self:
        """With award, composer, fields, rules, targets and the rounds that use it, the newest first; five statements."""
        return (
            self.select_related("award", "composed_by")
            .prefetch_related("rules", "targets", "fields", "conditions", "rounds__round")
            .order_by("award__order", "award", "-number")
        )


class AwardQuerySet(KeyedQuerySet):
    """Awards of the catalogue."""

    def in_order(self) -> Self:
        """All, in the order of the catalogue."""
        return self.order_by("order", "code")

    def holding(self, words: str) -> list[int]:
        """The numbers of those whose name or code holds the words, however they are written. One statement."""
        sought = compact(words)
        known = self.values_list("pk", "name", "short_name", "code")
        return [pk for pk, *names in known if sought and any(sought in compact(name) for name in names)]

    def in_rounds(self) -> Self:
        """Those that take part in some round, in the order of the catalogue."""
        return self.filter(rounds__isnull=False).distinct().order_by("order", "code")

    def not_in(self, round_id: int) -> Self:
        """Those that can still be added to the round, in the order of the catalogue."""
        return self.exclude(rounds__round=round_id).order_by("order", "code")
