"""Visibility and scope of rounds, their timetable and their places."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Prefetch, Q, When

from quotas.base.querysets import KeyedQuerySet, manager_of
from quotas.base.states import RequestState, RoundState
from quotas.tree.permissions import Act, grants_of


class RoundQuerySet(KeyedQuerySet):
    """Rounds by state."""

    def open(self) -> Self:
        return self.filter(state=RoundState.OPEN)

    def not_closed(self) -> Self:
        """What is planned or runs, the newest first."""
        return self.exclude(state=RoundState.CLOSED).order_by("-year", "-pk")

    def visible_to(self, user: Any) -> Self:
        """All rounds for those who plan them, those that were opened for everybody else who looks at a body."""
        grants = grants_of(user)
        if grants.any(Act.PLAN_ROUND):
            return self.all()
        return self.exclude(state=RoundState.PLANNED) if grants.any(Act.VIEW_AREA) else self.none()

    def for_list(self) -> Self:
        """With the awards taking part, in one more statement."""
        return self.prefetch_related("awards__award")


class ExtensionRequestQuerySet(models.QuerySet[Any]):
    """Requests for more time."""

    def visible_to(self, user: Any) -> Self:
        """Those of bodies in the user's area; those who plan rounds see all."""
        if grants_of(user).any(Act.PLAN_ROUND):
            return self.all()
        bodies = manager_of(self.model, "body")
        return self.filter(body__in=bodies.visible_ids(user))

    def for_list(self) -> Self:
        """With everything a row shows, in the same statement."""
        return self.select_related("round", "body__parent", "asked_by", "answered_by")

    def waiting(self) -> Self:
        """Those that can still be answered, the oldest first."""
        return self.filter(state=RequestState.WAITING, round__state=RoundState.OPEN).order_by("pk")

    def of_round(self, round_id: int) -> Self:
        """Those of one round, what waits for an answer first, then the newest."""
        waits = Case(When(state=RequestState.WAITING, then=0), default=1)
        return self.filter(round=round_id).order_by(waits, "-pk")


class RoundAwardQuerySet(models.QuerySet[Any]):
    """Awards as they take part in rounds."""

    def running(self) -> Self:
        """The awards of all rounds that are not closed, with award and round, the newest round first."""
        return (
            self.exclude(round__state=RoundState.CLOSED)
            .select_related("award", "round")
            .order_by("-round__year", "-round", "award__order", "pk")
        )

    def of_plan(self, round_id: int) -> Self:
        """The awards of a round with the rules to which they are pinned; `given` counts the bodies with places."""
        given = Count(
            "allotments", filter=Q(allotments__body__parent__isnull=False, allotments__places__gt=0)
        )
        return (
            self.filter(round=round_id)
            .select_related("award", "rule_version")
            .prefetch_related("rule_version__rules")
            .annotate(given=given)
            .order_by("award__order", "pk")
        )


class AllotmentQuerySet(KeyedQuerySet):
    """Allotments with what a board shows."""

    def of_award(self, round_award_id: int) -> Self:
        """All allotments of one award of a round."""
        return self.filter(round_award=round_award_id)

    def of_round(self, round_id: int) -> Self:
        """All allotments of all awards of a round."""
        return self.filter(round_award__round=round_id)

    def for_board(self) -> Self:
        """With what a board row shows, in one statement and one more for slots, parts and separate places."""
        lines = self.model._meta.get_field("lines").related_model.objects.select_related("owner")
        return self.select_related("body", "round_award__award", "round_award__round").prefetch_related(
            Prefetch("lines", queryset=lines.order_by("pk"))
        )


class ApportionmentQuerySet(KeyedQuerySet):
    """Calculations of places: for those who hand places down at the body, and nobody else's page."""

    def worked_on_by(self, user: Any) -> Self:
        """Those of the bodies at which the user hands places down."""
        return self.filter(parent__in=grants_of(user).bodies(Act.ALLOCATE_PLACES))

    def of_body(self, round_award_id: int, body_id: int) -> Self:
        """Those of one body for one award, the newest first."""
        return self.filter(round_award=round_award_id, parent=body_id).select_related(
            "made_by", "drawn_by", "applied_by"
        )

    def in_full(self) -> Self:
        """With award, round, body and who did what."""
        return self.select_related(
            "round_award__award",
            "round_award__round",
            "parent",
            "made_by",
            "drawn_by",
            "applied_by",
            "applied_under",
        )
