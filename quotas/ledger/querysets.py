"""Who may read which rows of the ledger, and how pages read them."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models import Q

from quotas.base.querysets import manager_of
from quotas.ledger.tellings import streams
from quotas.tree.permissions import Act, grants_of


class LedgerQuerySet(models.QuerySet[Any]):
    """The ledger as pages read it."""

    def of_stream(self, stream: str) -> Self:
        """What happened to one thing, latest first. The caller has asked whether the reader may see the thing."""
        return self.filter(stream=stream).select_related("actor", "body").order_by("-seq")

    def visible_to(self, user: Any) -> Self:
        """
        Rows of the bodies at which the user may read the ledger, and of everything under them.

        Rows without a body (the catalogue, the plan of a round) are for readers of the province; those that tell of a
        draft for the audit administrator alone, who answers for the ledger as a whole. Two statements.
        """
        bodies = self.model._meta.get_field("body").related_model.objects
        roots = bodies.granted_to(user, Act.READ_LEDGER).values_list("pk", "path", "parent")
        looks_at = grants_of(user).bodies(Act.VIEW_AREA)
        paths = []
        for pk, path, parent in roots:
            if parent is None:
                return self.handed_in() if pk in looks_at else self.all()
            paths.append(path)
        return self.filter(body__in=list(bodies.at_or_below(paths).values_list("pk", flat=True)))

    def handed_in(self) -> Self:
        """Leave out the rows about drafts: nobody outside the unit sees what it has not handed in."""
        kinds = [kind for kind, words in streams().items() if words.drafted]
        drafts = reduce(or_, (Q(stream__startswith=f"{kind}:") for kind in kinds), Q(pk__in=()))
        return self.exclude(drafts, body=None)

    def for_page(self) -> Self:
        """With what a row shows, latest first."""
        return self.select_related("actor", "on_behalf_of", "body").order_by("-pk")

    def told(
        self,
        *,
        kind: str = "",
        stream: str = "",
        act: str = "",
        streams: Iterable[str] = (),
        words: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Self:
        """
        Rows of one kind of stream, one stream, one act, from `since` to before `until`. Empty means any.

        `words` are those of a person, a body or a reason; `streams` are the things that bear them besides.
        """
        rows = self
        if kind:
            rows = rows.filter(Q(stream=kind) | Q(stream__startswith=f"{kind}:"))
        if stream:
            rows = rows.filter(stream=stream)
        if act:
            rows = rows.filter(act=act)
        if words:
            people = manager_of(self.model, "actor").managed(text=words).order_by().values("pk")
            bodies = manager_of(self.model, "body").holding(words)
            rows = rows.filter(
                Q(actor__in=people)
                | Q(on_behalf_of__in=people)
                | Q(body__in=bodies)
                | Q(reason__icontains=words)
                | Q(stream__in=list(streams))
            )
        if since:
            rows = rows.filter(at__gte=since)
        if until:
            rows = rows.filter(at__lt=until)
        return rows
