"""Visibility and scope of the plan's rows. What a user may see is decided here and nowhere else."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, Replace

from quotas.arithmetic.workdays import NEW_YEAR_REACHES_BACK
from quotas.permissions import Act, grants_of
from quotas.states import ProposalState, RequestState, RoundState
from quotas.text import compact, key, login
from quotas.wording import streams

_CACHE, _ROOTS = "_pingxuan_visible_bodies", "_pingxuan_visible_roots"


def _manager_of(model: Any, field: str) -> Any:
    """The manager of the model behind a relation: this room may not import models."""
    return model._meta.get_field(field).related_model.objects


class KeyedQuerySet(models.QuerySet[Any]):
    """Rows by the keys that the ledger keeps of them. For names only: who may see a row is asked elsewhere."""

    def keyed(self, field: str, keys: Iterable[Any]) -> Self:
        """Those whose `field` is one of the keys."""
        return self.filter(**{f"{field}__in": list(keys)})


class BodyQuerySet(KeyedQuerySet):
    """Which bodies a user sees or acts at."""

    def granted_to(self, user: Any, act: Act) -> Self:
        """Bodies at which the user holds the act. Acting does not inherit."""
        return self.filter(pk__in=grants_of(user).bodies(act))

    def visible_to(self, user: Any) -> Self:
        """Bodies where the user may view, and everything under them."""
        area = Q(pk__in=())
        for path in self._roots_of(user):
            area |= Q(path__startswith=path)
        return self.filter(area)

    def _roots_of(self, user: Any) -> list[str]:
        """The paths at which the user may view, read once per request (kept on this user object)."""
        cached: list[str] | None = getattr(user, _ROOTS, None)
        if cached is None:
            roots = self.model.objects.filter(pk__in=grants_of(user).bodies(Act.VIEW_AREA))
            cached = list(roots.values_list("path", flat=True))
            setattr(user, _ROOTS, cached)
        return cached

    def visible_ids(self, user: Any) -> list[int]:
        """The numbers of the visible bodies, read once per request (kept on this user object).

        Lists filter by these numbers: an IN list is faster than a sub-select and needs no join.
        """
        cached: list[int] | None = getattr(user, _CACHE, None)
        if cached is None:
            cached = list(self.visible_to(user).values_list("pk", flat=True))
            setattr(user, _CACHE, cached)
        return cached

    def observed_by(self, user: Any) -> Self:
        """Bodies whose observer the user is: who looks at them and reads their ledger."""
        grants = grants_of(user)
        return self.filter(pk__in=grants.bodies(Act.VIEW_AREA) & grants.bodies(Act.READ_LEDGER))

    def under(self, body: Any) -> Self:
        """The body itself and everything below it."""
        return self.filter(path__startswith=body.path)

    def open(self) -> Self:
        return self.filter(closed_on=None)

    def within(self, roots: Iterable[Any]) -> Self:
        """These bodies and everything below them."""
        area = Q(pk__in=())
        for root in roots:
            area |= Q(path__startswith=root.path)
        return self.filter(area)

    def on_path(self, body: Any) -> Self:
        """The bodies from the province down to this one."""
        return self.filter(code__in=body.path.strip("/").split("/")).order_by("path")

    def children_of(self, body: Any) -> Self:
        """The bodies directly below one."""
        return self.filter(parent=body.pk).order_by("code")

    def with_children(self, numbers: Iterable[int]) -> list[int]:
        """The numbers of these bodies and of those directly below them: a filter by numbers finds its index."""
        of = list(numbers)
        return list(self.filter(Q(pk__in=of) | Q(parent__in=of)).values_list("pk", flat=True))

    def with_posts_filled(self) -> Self:
        """`posts_all` and `posts_filled`: how many posts a body has, and how many have an active holder."""
        return self.annotate(
            posts_all=Count("posts", distinct=True),
            posts_filled=Count("posts", filter=Q(posts__group__user__is_active=True), distinct=True),
        )

    def just_below(self, user: Any) -> Self:
        """The bodies directly under those where the user may view: what a list of the area is narrowed by."""
        return self.filter(parent__in=grants_of(user).bodies(Act.VIEW_AREA)).order_by("code")

    def below(self, body: Any) -> Self:
        """The bodies directly under a body that still exist, by their codes."""
        return self.filter(parent=body, closed_on=None).order_by("code")

    def holding(self, words: str) -> list[int]:
        """The numbers of those whose name or code holds the words. There are hundreds: one statement reads them all."""
        sought = compact(words)
        known = self.values_list("pk", "name", "short_name", "code")
        return [pk for pk, *names in known if sought and any(sought in compact(name) for name in names)]

    def of_level(self, level: str) -> Self:
        """Those of one level, by their codes."""
        return self.filter(level=level).order_by("code")


class UserQuerySet(KeyedQuerySet):
    """Accounts as those who manage them look for them."""

    def of_login(self, logins: Iterable[str]) -> Self:
        """The accounts with these login names, in any case; the index is over the lower case."""
        wanted = {login(name) for name in logins}
        return self.alias(its_login=Lower("username")).filter(its_login__in=wanted)

    def managed(self, *, text: str = "", state: str = "") -> Self:
        """
        Accounts whose login name or name contains `text`, with the posts they hold; three statements.

        `state`: "active", "waiting" (the one-time password was not changed yet), "inactive", "without_password" (nobody can
        sign in with it, as with the simulated people of the demo); empty means any.
        """
        rows = self.prefetch_related("groups__post__body")
        if text:
            unspaced = Replace("name", Value(" "), Value(""))
            rows = rows.alias(unspaced=unspaced).filter(
                Q(username__icontains=login(text)) | Q(unspaced__icontains=key(text))
            )
        match state:
            case "active":
                rows = rows.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
            case "waiting":
                rows = rows.filter(is_active=True, must_change_password=True)
            case "inactive":
                rows = rows.filter(is_active=False)
            case "without_password":
                rows = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return rows.order_by("-pk")


class PostQuerySet(models.QuerySet[Any]):
    """Posts by who holds them."""

    def of_body(self, body: Any) -> Self:
        """The posts of one body with everybody who holds them. Two statements."""
        return self.filter(body=body.pk).prefetch_related("group__user_set")

    def held_by(self, user: Any) -> Self:
        """The posts of a person, with their bodies, from the province down."""
        return self.filter(group__user=user.pk).select_related("body").order_by("body__path", "pk")


class ProposalQuerySet(models.QuerySet[Any]):
    """Who is proposed for which post."""

    def waiting(self) -> Self:
        """What nobody has decided on, from the province down; one statement."""
        return (
            self.filter(state=ProposalState.WAITING)
            .select_related("user", "post__body", "post__group", "proposed_by")
            .order_by("post__body__path", "post", "pk")
        )


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
        """With award, composer, rules, targets and the rounds that use it, by award, the newest first; four statements."""
        return (
            self.select_related("award", "composed_by")
            .prefetch_related("rules", "targets", "rounds__round")
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


class ExtensionRequestQuerySet(models.QuerySet[Any]):
    """Requests for more time."""

    def visible_to(self, user: Any) -> Self:
        """Those of bodies in the user's area; those who plan rounds see all."""
        if grants_of(user).any(Act.PLAN_ROUND):
            return self.all()
        bodies = _manager_of(self.model, "body")
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


class CalendarYearQuerySet(models.QuerySet[Any]):
    """Announced years."""

    def for_list(self) -> Self:
        """With who entered them, in the same statement."""
        return self.select_related("entered_by")

    def of(self, year: int) -> Any:
        """The year with who entered it; None when nobody has announced it."""
        return self.for_list().filter(year=year).first()


class CalendarDayQuerySet(models.QuerySet[Any]):
    """Days of the calendar."""

    def of_announcement(self, year: int) -> Self:
        """The days of a year, and those of the December before that its announcement decides."""
        before = Q(date__year=year - 1, date__month=12, date__day__gte=NEW_YEAR_REACHES_BACK[1])
        return self.filter(Q(date__year=year) | before).order_by("date")

    def tally(self) -> dict[int, tuple[int, int]]:
        """How many days of rest and make-up working days each year has; one statement."""
        rows = self.order_by().values_list("date__year", "is_workday").annotate(number=Count("pk"))
        found: dict[int, list[int]] = {}
        for year, is_workday, number in rows:
            found.setdefault(year, [0, 0])[is_workday] = number
        return {year: (rest, work) for year, (rest, work) in found.items()}


class WindowQuerySet(models.QuerySet[Any]):
    """The timetables of rounds."""

    def running(self, body_ids: Iterable[int] = ()) -> Self:
        """The windows of all open rounds, the newest round first, in the order in which they close.

        `holds_until` is the moment until which a window is open for these bodies, extensions included.
        """
        extensions = _manager_of(_manager_of(self.model, "round").model, "extensions")
        extended = extensions.filter(
            round=OuterRef("round"), stage=OuterRef("stage"), body__in=list(body_ids)
        ).order_by("-due_at")
        return (
            self.filter(round__state=RoundState.OPEN)
            .annotate(holds_until=Coalesce(Subquery(extended.values("due_at")[:1]), F("due_at")))
            .select_related("round")
            .order_by("-round__year", "-round", "due_at")
        )


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
        """With what a board row shows, in one statement and one more for the typed places."""
        return self.select_related("body", "round_award__award", "round_award__round").prefetch_related(
            "typed_places"
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
            "round_award__award", "round_award__round", "parent", "made_by", "drawn_by", "applied_by"
        )


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
        area = Q(pk__in=())
        for pk, path, parent in roots:
            if parent is None:
                return self.handed_in() if pk in looks_at else self.all()
            area |= Q(path__startswith=path)
        return self.filter(body__in=list(bodies.filter(area).values_list("pk", flat=True)))

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
            people = _manager_of(self.model, "actor").managed(text=words).order_by().values("pk")
            bodies = _manager_of(self.model, "body").holding(words)
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
