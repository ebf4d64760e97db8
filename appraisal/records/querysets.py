"""Who sees what in the conduct. `visible_to` is the only function that knows; pages, counts, search, exports, files
and form choices all go through it. What a reader may not see looks as if it did not exist.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from appraisal.records.states import (
    SUBMITTED_SLATE_STATES,
    UNDER_WAY_STATES,
    EntryKind,
    NominationState,
    SlateState,
    UnitRole,
)
from quotas.base.querysets import KeyedQuerySet, among
from quotas.base.states import NomineeKind
from quotas.base.text import compact
from quotas.rounds.models import Allotment, Extension, StageWindow
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.reader import reader_of

_FEW = 1_000
"""Up to so many rows that hold the words of a search are named one by one."""


def _manager_of(model: Any, field: str) -> Any:
    """The manager of the model behind a relation: this room may not import models."""
    return model._meta.get_field(field).related_model.objects


class EmployerQuerySet(KeyedQuerySet):
    """Which units a user acts for, sees, or may verify."""

    def holding(self, words: str) -> Self:
        """Those whose name, union or credit code holds the words, however they are written."""
        return self.filter(search__holds=words)

    def bearing(self, words: str) -> Self:
        """Units whose name or credit code contains the words, newest first. The result is not limited to what a
        reader may see.
        """
        return self.holding(words).order_by("-pk")

    def roles_of(self, user: Any) -> dict[str, frozenset[int]]:
        """The roles in which the user acts for units, each with the units.

        For pages and lists. A decision asks `records.services.unit_roles`, which never answers from memory.
        """
        units: dict[str, set[int]] = {}
        for fact in reader_of(user).facts("unit"):
            if fact.number is not None:
                units.setdefault(str(fact.word), set()).add(fact.number)
        return {role: frozenset(numbers) for role, numbers in units.items()}

    def units_of(self, user: Any) -> frozenset[int]:
        """The units for which the user acts, in any role."""
        return frozenset().union(*self.roles_of(user).values())

    def bodies_of(self, user: Any) -> frozenset[int]:
        """The bodies to which the units of the user hand in, by either channel."""
        facts = reader_of(user).facts("unit")
        return frozenset(body for fact in facts for body in (fact.body, fact.other) if body is not None)

    def visible_to(self, user: Any) -> Self:
        """Own units, and the units of the bodies in the user's area (by either channel)."""
        ids, own = Body.objects.visible_ids(user), self.units_of(user)
        seen = Q(body__in=ids) | Q(industry_body__in=ids)
        return self.filter(seen | Q(pk__in=own) if own else seen)

    def for_list(self) -> Self:
        """Load everything that a row and the page of a unit show, in the same statement."""
        return self.select_related("body__parent", "industry_body", "verified_by")

    def applied_for_by(self, user: Any) -> Self:
        """The units for which the user applies, with the bodies of their channels."""
        return (
            self.filter(posts__user=user.pk, posts__role=UnitRole.APPLICANT)
            .select_related("body", "industry_body")
            .order_by("name")
        )


class NominationQuerySet(KeyedQuerySet):
    """Which nominations a user sees, and what lists and pages load with them."""

    def visible_to(self, user: Any) -> Self:
        """The nominations of the user's units, and those handed in to a body of the user's area.

        Nobody outside the unit sees what it has not yet handed in.
        """
        ids, own = Body.objects.visible_ids(user), self._employers().units_of(user)
        handed_in = Q(body__in=ids, submitted_at__isnull=False)
        if not own:  # An arm of an OR that nothing passes would keep the other from its index.
            return self.filter(handed_in)
        return self.filter(handed_in | Q(employer__in=own) if ids else Q(employer__in=own))

    def bearing(self, words: str) -> Self:
        """Nominations whose number, nominee or unit contains the words, newest first. The result is not limited to
        what a reader may see.
        """
        return self.holding(words).order_by("-pk")

    def of_unit(self, user: Any) -> Self:
        """The nominations of the units for which the user acts."""
        return self.filter(employer__in=self._employers().units_of(user))

    def holding(self, words: str) -> Self:
        """Those whose number, nominee or unit holds the words, however they are written. Two statements besides."""
        return self.filter(self.condition_of(words))

    def condition_of(self, words: str, at: str = "") -> Q:
        """
        The condition of `holding`; `at` leads to the nomination from the row that is asked for. Two statements.

        Few that hold the words are named by their keys, which indexes answer. Of many, the rows are looked through in
        the order of the list, whose first page is soon full.
        """
        units = self._employers().filter(search__holds=words).values_list("pk", flat=True)
        own = list(self.model.objects.filter(search__holds=words).values_list("pk", flat=True)[: _FEW + 1])
        named = list(units[: _FEW + 1])
        by_unit = Q(**{f"{at}employer__in": named if len(named) <= _FEW else units})
        if len(own) <= _FEW and len(named) <= _FEW:
            return Q(**{f"{at}pk__in": own}) | by_unit
        return Q(**{f"{at}search__holds": words}) | by_unit

    def under_way(self) -> Self:
        return self.filter(status__in=UNDER_WAY_STATES)

    def pool_of(self, round_award_id: int, body_id: int) -> Self:
        """The pool 拟推荐库 of a body: approved there and waiting for its slate."""
        return self.filter(round_award_id=round_award_id, desk_id=body_id, status=NominationState.POOLED)

    def in_review_at(self, round_award_id: int, body_id: int) -> Self:
        """What lies at a body and is not decided there yet, or was returned from there."""
        return self.filter(
            round_award_id=round_award_id,
            desk_id=body_id,
            status__in=[NominationState.IN_REVIEW, NominationState.RETURNED],
        )

    def at_desks(self, round_award_id: int, body_ids: Iterable[int]) -> Any:
        """How many nominations of an award lie at these bodies, in review, returned or in the pool: rows of desk, status, number.

        Answered from the index `nomination_quota`, without the rows.
        """
        states = (NominationState.IN_REVIEW, NominationState.RETURNED, NominationState.POOLED)
        return (
            self.filter(round_award=round_award_id, desk__in=list(body_ids), status__in=states)
            .order_by()
            .values_list("desk_id", "status")
            .annotate(number=Count("*"))
        )

    def tally(self, round_id: int) -> Any:
        """How many nominations of a round lie where: rows of award, first body, desk, stage, status, ownership and number."""
        return (
            self.filter(round_award__round_id=round_id)
            .order_by()
            .values("round_award_id", "body_id", "desk_id", "stage", "status", "non_public")
            .annotate(number=Count("*"))
        )

    def numbered(self, numbers: Iterable[int]) -> Self:
        """Those with these primary keys."""
        return self.filter(pk__in=among(numbers))

    def without(self, numbers: Iterable[int]) -> Self:
        """Those with other primary keys."""
        return self.exclude(pk__in=among(numbers))

    def of_ownership(self, ownership: str) -> Self:
        """The non-public ones, the public ones, or all."""
        return self.filter(non_public=ownership == "non_public") if ownership else self.all()

    def in_pool_order(self, order: str, slate: Any) -> Self:
        """By number, by score from the best, or as the bodies below ranked them."""
        if order == "score":
            return self.order_by(Coalesce("score", -1).desc(), "number")
        if order != "rank":
            return self.order_by("number")
        entries = self.model.entries.rel.related_model.objects.sent_from_below(slate)
        sent = entries.filter(nomination=OuterRef("pk"))
        return self.annotate(
            sent_rank=Subquery(sent.values("rank")[:1]),
            sent_by=Subquery(sent.values("slate__body__code")[:1]),
        ).order_by(F("sent_rank").asc(nulls_last=True), "sent_by", "number")

    def numbers(self, start: int, end: int | None) -> list[int]:
        """Their primary keys, from one place to another of their order."""
        return list(self.values_list("pk", flat=True)[start:end])

    def pool_tally(self, chosen: Iterable[int], before: Iterable[int], ownership: str) -> dict[str, int]:
        """Of a pool: all, scored, not chosen, and not chosen of an ownership, now and before; one statement."""
        left, left_before = ~Q(pk__in=among(chosen)), ~Q(pk__in=among(before))
        owned = Q(non_public=ownership == "non_public") if ownership else Q()
        tally: dict[str, int] = self.aggregate(
            total=Count("pk"),
            scored=Count("score"),
            unchosen=Count("pk", filter=left),
            shown=Count("pk", filter=left & owned),
            shown_before=Count("pk", filter=left_before & owned),
        )
        return tally

    def for_pool(self) -> Self:
        """Load what a row of the workbench shows and nothing else; long texts are deferred."""
        return self.select_related("employer", "body__parent").only(
            "number",
            "nominee_name",
            "non_public",
            "ownership_verified",
            "ownership_changed",
            "score",
            "version",
            "employer__name",
            "unit_name",
            "body__short_name",
            "body__code",
            "body__level",
            "body__parent__code",
        )

    def for_list(self) -> Self:
        """Load everything that a list row shows, in one statement."""
        return self.select_related(
            "employer", "body", "body__parent", "desk", "round_award__award", "round_award__round"
        )

    def for_rows(self) -> Self:
        """Load what `appraisal/nominations/rows.html` shows and nothing else, in one statement."""
        return self.select_related("employer", "body", "round_award__award").only(
            "number",
            "nominee_name",
            "stage",
            "status",
            "due_at",
            "submitted_at",
            "non_public",
            "ownership_verified",
            "employer__name",
            "body__short_name",
            "round_award__award__short_name",
        )

    def for_desk(self) -> Self:
        """Load what a row of the inbox shows and what its deadline and its way up are read from, in one statement."""
        return self.select_related(
            "employer", "round_award__award", "round_award__round", "body__parent", "desk"
        ).only(
            "number",
            "nominee_name",
            "non_public",
            "ownership_verified",
            "ownership_changed",
            "review_pass",
            "return_route",
            "stage",
            "status",
            "due_at",
            "employer__name",
            "round_award__award__short_name",
            "round_award__round",
            "body",
            "desk",
        )

    def for_detail(self) -> Self:
        """Load everything that the nomination page shows, in a fixed number of statements."""
        return self.for_act().prefetch_related(*self.for_drawing())

    def for_act(self) -> Self:
        """Load what a page that acts on one nomination looks at before it draws anything; in the same statement."""
        return self.for_list().select_related(
            "procedure", "created_by", "body__parent__parent", "employer__verified_by"
        )

    def for_drawing(self) -> list[Any]:
        """What `for_detail` loads besides, for `prefetch_related_objects`: a statement each."""
        evidence, opinions = (
            getattr(self.model, name).rel.related_model.objects for name in ("evidence", "opinions")
        )
        return [
            models.Prefetch("evidence", queryset=evidence.kept()),
            models.Prefetch("opinions", queryset=opinions.select_related("actor", "body")),
        ]

    def _employers(self) -> Any:
        return _manager_of(self.model, "employer")


class EvidenceQuerySet(models.QuerySet[Any]):
    """Evidence files follow the visibility of their nomination."""

    def visible_to(self, user: Any) -> Self:
        nominations = _manager_of(self.model, "nomination")
        return self.filter(nomination__in=nominations.visible_to(user).values("pk"))

    def kept(self) -> Self:
        return self.filter(removed_at=None)


ANSWERS_FOR_DATA = (Act.READ_LEDGER, Act.MANAGE_POSTS)
"""The acts of those who look into who opened whose personal data: discipline, audit and security."""


class ReadingQuerySet(models.QuerySet[Any]):
    """Who opened what, for those who answer for it."""

    def visible_to(self, user: Any) -> Self:
        """Openings of personal data in the areas for which the user answers. Two statements at most."""
        bodies = self.model._meta.get_field("body").related_model.objects
        grants = grants_of(user)
        mine = frozenset[int]().union(*map(grants.bodies, ANSWERS_FOR_DATA))
        roots = list(bodies.filter(pk__in=mine).values_list("path", "parent"))
        found = self.filter(personal=True)
        if any(parent is None for _path, parent in roots):
            return found
        below = bodies.at_or_below([path for path, _parent in roots])
        return found.filter(body__in=list(below.values_list("pk", flat=True)))

    def for_page(self) -> Self:
        """With what a row shows."""
        return self.select_related("user", "nomination__round_award__award", "body")

    def told(self, *, number: str = "", person: str = "") -> Self:
        """Of the application with this number, and by persons with this name or login name. Empty means any."""
        found = self.filter(nomination__number=number) if number else self
        if not person:
            return found
        users = self.model._meta.get_field("user").related_model.objects
        named = users.filter(Q(name__icontains=person) | Q(username__iexact=person))
        return found.filter(user__in=list(named.values_list("pk", flat=True)[:_FEW]))


class SlateQuerySet(KeyedQuerySet):
    """Which slates a user sees."""

    def visible_to(self, user: Any) -> Self:
        """Slates of the bodies in the user's area; one still being compiled only to its own body's posts."""
        ids = Body.objects.visible_ids(user)
        own = grants_of(user).bodies(Act.VIEW_AREA)
        return self.filter(Q(body__in=own) | Q(body__in=ids, state__in=SUBMITTED_SLATE_STATES))

    def for_list(self) -> Self:
        return self.select_related("body", "body__parent", "round_award__award", "round_award__round")

    def bearing(self, words: str) -> Self:
        """Those of bodies or awards whose name holds the words, however they are written, the newest first."""
        bodies = _manager_of(self.model, "body").holding(words)
        awards = _manager_of(_manager_of(self.model, "round_award").model, "award").holding(words)
        return self.filter(Q(body__in=bodies) | Q(round_award__award__in=awards)).order_by("-pk")

    def below(self, slate: Any) -> Self:
        """The lists of the bodies directly under a list's body, for the same award."""
        return self.filter(round_award=slate.round_award_id, body__parent=slate.body_id)

    def gone_of(self, award_id: int) -> Self:
        """The lists of an award, over all rounds, that have gone up or were named: the newest round first."""
        return (
            self.for_list()
            .filter(
                round_award__award=award_id,
                state__in=[SlateState.SENT_UP, SlateState.FINALISED, SlateState.NAMED],
            )
            .order_by("-round_award__round__year", "-round_award__round", "body__path")
        )

    def still_awaited(self) -> Self:
        """Slates that have not been sent up yet."""
        return self.exclude(state=SlateState.SENT_UP).order_by("body__code")

    def of_round(self, round_id: int) -> Self:
        return self.filter(round_award__round_id=round_id)

    def of_award(self, round_award_id: int) -> Self:
        return self.filter(round_award=round_award_id)

    def with_notice_end(self) -> Self:
        """With `ends_on`, the last day of the notice that runs or is over; None where there is none."""
        notices = self.model._meta.get_field("notices").related_model.objects
        last = notices.filter(slate=OuterRef("pk")).order_by("-pk")
        return self.annotate(ends_on=Subquery(last.values("ends_on")[:1]))

    def with_figures(self) -> Self:
        """With `places`, `chosen` (regular entries), `chosen_non_public` and `holds_until` of each list, in the same statement.

        `holds_until` is when its stage closes for its body, an extension included.
        """
        allotment = Allotment.objects.filter(round_award=OuterRef("round_award"), body=OuterRef("body"))
        regular = (
            self.model.entries.rel.related_model.objects.standing()
            .filter(slate=OuterRef("pk"), kind=EntryKind.REGULAR)
            .order_by()
            .values("slate")
            .annotate(number=Count("pk"))
            .values("number")
        )
        window = {"round": OuterRef("round_award__round"), "stage": OuterRef("stage")}
        extension = Extension.objects.filter(**window, body=OuterRef("body"))
        return self.annotate(
            places=Coalesce(Subquery(allotment.values("places")), 0),
            chosen=Coalesce(Subquery(regular), 0),
            chosen_non_public=Coalesce(Subquery(regular.filter(nomination__non_public=True)), 0),
            holds_until=Coalesce(
                Subquery(extension.values("due_at")),
                Subquery(StageWindow.objects.filter(**window).values("due_at")),
            ),
        )


class SlateEntryQuerySet(models.QuerySet[Any]):
    """Entries of lists."""

    def standing(self) -> Self:
        """On the list, not removed from it."""
        return self.filter(removed_at=None)

    def of_slate(self, slate_id: int) -> Self:
        """The entries of a list with everything a row shows, the removed ones too, by kind and rank."""
        return self.filter(slate=slate_id).select_related(
            "nomination__employer", "nomination__body__parent", "nomination__round_award"
        )

    def of_nominations(self, numbers: Iterable[int]) -> Self:
        """The entries of these nominations."""
        return self.filter(nomination__in=among(numbers))

    def sent_from_below(self, slate: Any) -> Self:
        """How the bodies directly under a list's body ranked what they sent up to it."""
        return self.standing().filter(
            slate__round_award=slate.round_award_id,
            slate__body__parent=slate.body_id,
            slate__state=SlateState.SENT_UP,
        )


class ObjectionQuerySet(models.QuerySet[Any]):
    """Objections, which only those at work on the list may read."""

    def of_slate(self, slate_id: int) -> Self:
        """The objections to a list, over all its notices. For those who keep or sign it, never for applicants."""
        return self.filter(notice__slate=slate_id).select_related(
            "entry__nomination", "notice", "recorded_by", "closed_by"
        )

    def in_full(self) -> Self:
        """With the entry and the list it is about."""
        return self.select_related(
            "entry__nomination__employer",
            "notice__slate__body__parent",
            "notice__slate__round_award__award",
            "recorded_by",
        )


class DocumentQuerySet(models.QuerySet[Any]):
    """Documents of a list that anybody may read, signed in or not: there is none that is not published."""

    def public(self) -> Self:
        return self.all()

    def in_full(self) -> Self:
        """With its rows and what its heading says."""
        return self.select_related("slate__body", "slate__round_award__award", "slate__round_award__round")

    def for_list(self) -> Self:
        """With everything a row of the public list shows; the rows of the document itself are left out."""
        return self.in_full().defer("rows", "search_text")

    def found(self, words: str) -> Self:
        """Those on which every one of the words stands: title, organ, nominee, unit or body."""
        rows = self
        for word in words.split()[:_MOST_WORDS]:
            rows = rows.filter(search_text__contains=compact(word))
        return rows

    def of(self, *, year: int | None = None, award: str = "") -> Self:
        """Those of the rounds of a year, of an award by its code; empty means any."""
        rows = self
        if year:
            rows = rows.filter(slate__round_award__round__year=year)
        if award:
            rows = rows.filter(slate__round_award__award__code=award)
        return rows

    def years(self) -> list[int]:
        """The years of their rounds, the newest first; one statement."""
        field = "slate__round_award__round__year"
        return list(self.order_by(f"-{field}").values_list(field, flat=True).distinct())

    def awards(self) -> list[tuple[str, str]]:
        """Their awards as (code, short name), in the order of the catalogue; one statement."""
        award = "slate__round_award__award"
        found = self.order_by(f"{award}__order", f"{award}__code").values_list(
            f"{award}__code", f"{award}__short_name", f"{award}__order"
        )
        return [(code, name) for code, name, _order in found.distinct()]


_MOST_WORDS = 5


class NoticeQuerySet(DocumentQuerySet):
    """Notices 公示."""

    def running(self, today: date) -> Self:
        """Those that can be objected to today, the first to end in front."""
        return self.filter(starts_on__lte=today, ends_on__gte=today).order_by(
            "ends_on", "-published_at", "-pk"
        )

    def standing(self, state: str, today: date) -> Self:
        """Those that are "running", "ahead" (begin later) or "over"; anything else means all. The newest first."""
        rows = self.order_by("-published_at", "-pk")
        match state:
            case "running":
                return rows.filter(starts_on__lte=today, ends_on__gte=today)
            case "ahead":
                return rows.filter(starts_on__gt=today)
            case "over":
                return rows.filter(ends_on__lt=today)
            case _:
                return rows


class HonourQuerySet(KeyedQuerySet):
    """Entries of the honours register 荣誉库."""

    def borne(self) -> Self:
        """Those that were not revoked."""
        return self.filter(revoked_on=None)

    def of_nominee(self, nominee_key: str, employer_id: int) -> Self:
        """Those of the nominee, and those of its unit itself: a team or a person holds what its unit was named for."""
        return self.filter(Q(holder_key=nominee_key) | Q(employer=employer_id, kind=NomineeKind.UNIT))


class NamingQuerySet(DocumentQuerySet):
    """Naming decisions 命名决定."""
