"""Organs, as pages read them."""

from typing import Any, Self

from django.db.models import Q

from quotas.base.querysets import KeyedQuerySet
from quotas.tree.permissions import Act, grants_of


class OrganQuerySet(KeyedQuerySet):
    """Organs, for those who may write them. What they publish is read from the papers."""

    def edited_by(self, user: Any) -> Self:
        """All for those who plan rounds; for those who keep lists, the organs of their bodies."""
        grants = grants_of(user)
        if grants.any(Act.PLAN_ROUND):
            return self.all()
        return self.filter(body__in=grants.bodies(Act.KEEP_SLATE))

    def for_list(self, text: str = "") -> Self:
        """With their bodies, from the province down; those whose name or body holds `text`."""
        rows = self.select_related("body__parent").order_by("body__path", "pk")
        return rows.filter(Q(name__icontains=text) | Q(body__name__icontains=text)) if text else rows
