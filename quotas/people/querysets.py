"""Proposals for posts, as pages read them."""

from typing import Any, Self

from django.db import models

from quotas.base.states import ProposalState


class ProposalQuerySet(models.QuerySet[Any]):
    """Who is proposed for which post."""

    def waiting(self) -> Self:
        """What nobody has decided on, from the province down; one statement."""
        return (
            self.filter(state=ProposalState.WAITING)
            .select_related("user", "post__body", "post__group", "proposed_by")
            .order_by("post__body__path", "post", "pk")
        )
