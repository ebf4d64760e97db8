"""What the desk, its lists and the blocks of the home page read: how much is due when, what is late or vacant, what is next.

Every function answers in a fixed number of statements, however much there is. Whose tasks they are is decided by
`workflows.querysets`, what may be seen by `visible_to`; here is only what lists and the home page ask.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from viewflow.workflow.base import Flow
from viewflow.workflow.models import Task

from appraisal.gate.services import gate
from appraisal.gate.services.gate import GateReport
from appraisal.records.models import (
    Employer,
    Nomination,
    Notice,
    Objection,
    Opinion,
    SignOff,
    Slate,
    SlateEntry,
)
from appraisal.records.states import Finding, NominationState, SlateState
from appraisal.slates.services import takeovers
from quotas.base import clock
from quotas.base.querysets import Literal
from quotas.base.states import STAGE_OF_LEVEL, Level, Stage
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import ExtensionRequest, Round
from quotas.rounds.viewer import KnownPost, RunningWindow, posts_of, windows_of
from quotas.tree.models import Body, User
from quotas.tree.permissions import REVIEW_ACT, ROLE_ACTS, Act, grants_of
from workflows import querysets
from workflows.flows import NominationFlow
from workflows.inbox import waiting
from workflows.inbox.waiting import LATE, OPEN, TODAY, WEEK, Choice, First, Queued
from workflows.nodes import JointOutcome
from workflows.querysets import NOMINATION, SLATE


def open_now(user: User) -> QuerySet[Task]:
    """What the user can do now: free tasks and own ones."""
    return querysets.to_do(user)


def has_desk(user: User) -> bool:
    """Whether there can be tasks for the user: by a post at a body, or by acting for a unit."""
    return querysets.has_tasks(user, *querysets.TASK_ACTS)


TAKEN_OVER_SHOWN = timedelta(days=7)
"""How long the desk shows a person that a colleague has taken over a task from them."""


def taken_over_from(user: User) -> list[LedgerEntry]:
    """The ledger rows of tasks recently taken over from the user, newest first; one statement, and one if there are any."""
    grants = grants_of(user)
    bodies = {body for act in querysets.TASK_ACTS for body in grants.bodies(act)}
    if not bodies:
        return []
    found = LedgerEntry.objects.filter(
        body__in=bodies,
        at__gte=clock.now() - TAKEN_OVER_SHOWN,
        act=takeovers.ACT,
        before__held_by=user.pk,
    ).order_by("-pk")
    numbers = list(found.values_list("pk", flat=True)[:SHOWN])
    return list(LedgerEntry.objects.filter(pk__in=numbers).for_page()) if numbers else []


# Rows


@dataclass(frozen=True, slots=True)
class Listed:
    """A task of a list with what it is about: a nomination, or else a slate."""

    task: Task
    nomination: Nomination | None
    slate: Slate | None


def rows(user: User, tab: str, numbers: Sequence[int]) -> list[Listed]:
    """These tasks of a tab, in this order; one statement and one for what they are about, none for none."""
    if not numbers:
        return []
    tasks = querysets.for_rows(waiting.of_tab(user, tab)).in_bulk(numbers)
    nominations = _loaded(Nomination.objects.for_desk(), (task.nomination_id for task in tasks.values()))
    slates = _loaded(Slate.objects.for_list(), (task.slate_id for task in tasks.values()))
    return [
        Listed(task, nominations.get(task.nomination_id), slates.get(task.slate_id))
        for number in numbers
        if (task := tasks.get(number)) is not None
    ]


def _loaded(rows_: QuerySet[Any], numbers: Iterable[int | None]) -> dict[int | None, Any]:
    wanted = [number for number in numbers if number is not None]
    return {row.pk: row for row in rows_.filter(pk__in=wanted)} if wanted else {}


@dataclass(frozen=True, slots=True)
class Brief:
    """A task that the user can do, and its nomination."""

    queued: Queued
    nomination: Nomination


def briefly(queued: Sequence[Queued]) -> list[Brief]:
    """These tasks with what a short list shows of them; one statement, none for none."""
    nominations = _loaded(Nomination.objects.for_desk(), (each.nomination for each in queued))
    return [Brief(each, nominations[each.nomination]) for each in queued if each.nomination in nominations]


def first_due(user: User, number: int) -> dict[str, tuple[int, list[Brief]]]:
    """
    The number and the first rows of the tasks that are LATE, due TODAY or due within the WEEK.

    The statements of `waiting.first` and one; where it reads no further than one span, as many again for each behind it.
    """
    found = waiting.first(user, OPEN, Choice(due=waiting.PRESSING))
    spans = waiting.Spans.of_now()
    last = spans.key(found.tasks[-1].due_at) if found.more else ""
    keys = (LATE, TODAY, WEEK)
    lists = {
        key: First(tuple(task for task in found.tasks if spans.key(task.due_at) == key), more=key == last)
        for key in keys
    }
    if last:
        behind = keys[keys.index(last) + 1 :]
        lists |= {key: waiting.first(user, OPEN, Choice(due=key)) for key in behind}
    shown = briefly([queued for some in lists.values() for queued in some.tasks[:number]])
    by_task = {row.queued.task: row for row in shown}
    return {
        key: (some.total, [by_task[pk] for pk in some.numbers[:number] if pk in by_task])
        for key, some in lists.items()
    }


def last_opinions(nomination_ids: Iterable[int]) -> dict[int, Opinion]:
    """The latest opinion on each of these nominations that has one; one statement."""
    found = (
        Opinion.objects.filter(nomination__in=list(nomination_ids))
        .select_related("body")
        .only("nomination", "office", "outcome", "at", "body__short_name")
        .order_by("at", "pk")
    )
    return {opinion.nomination_id: opinion for opinion in found}


@dataclass(frozen=True, slots=True)
class SlateTurn:
    """A task about a list: the list with its figures and deadline, and whose hands it is in."""

    task: Task
    title: Any
    slate: Any


_SLATE_ACTS = (Act.KEEP_SLATE, Act.SIGN_UNION, Act.SIGN_PARTY, Act.FINALISE_LIST)


def slate_turns(user: User, tab: str) -> list[SlateTurn]:
    """The tasks of a tab about slates, the most urgent first; two statements, none without a post for slates."""
    grants = grants_of(user)
    acts = [act.permission for act in _SLATE_ACTS if grants.any(act)]
    if not acts:
        return []
    tasks = waiting.of_tab(user, tab).filter(owner_permission__in=acts)
    found = {
        slate_id: task
        for task, slate_id in (
            (task, task.slate_id)
            for task in tasks.filter(process__slateprocess__isnull=False)
            .select_related("owner")
            .annotate(slate_id=querysets.slate_number())
            .order_by("-created")
        )
    }
    slates = {slate.pk: slate for slate in Slate.objects.filter(pk__in=found).for_list().with_figures()}
    turns = [
        SlateTurn(task=task, title=task.flow_task.task_title, slate=slates[slate_id])
        for slate_id, task in found.items()
    ]
    return sorted(turns, key=lambda turn: (turn.slate.holds_until or turn.task.created, turn.task.pk))


@dataclass(frozen=True, slots=True)
class NominationTurn:
    """A task about a nomination, with all that deciding on it takes."""

    pk: int
    node: str
    title: Any
    nomination: Nomination


def with_nominations(user: User, task_ids: list[int]) -> list[NominationTurn]:
    """Those of these tasks which the user can do and which are about nominations, the most urgent first."""
    chosen = querysets.of_nominations(open_now(user)).filter(pk__in=task_ids)
    found = list(querysets.by_urgency(chosen).values_list("pk", "flow_task", f"{NOMINATION}__pk"))
    nominations = (
        Nomination.objects.visible_to(user).for_detail().in_bulk([number for _pk, _node, number in found])
    )
    return [
        NominationTurn(pk, node.name, node.task_title, nominations[number])
        for pk, node, number in found
        if number in nominations
    ]


LOOK_AHEAD = 100
"""Among so many the next one is looked for that nobody has taken meanwhile."""


def first_still_open(user: User, task_ids: Sequence[int]) -> int | None:
    """The first of these tasks that the user can still do; one statement."""
    near = task_ids[:LOOK_AHEAD]
    still = set(open_now(user).filter(pk__in=near).values_list("pk", flat=True))
    return next((pk for pk in near if pk in still), None)


def with_open_objections(nomination_ids: Iterable[int]) -> frozenset[int]:
    """Which of these nominations have an objection that is not closed; one statement."""
    return frozenset(
        Objection.objects.filter(entry__nomination__in=list(nomination_ids), closed_at=None).values_list(
            "entry__nomination_id", flat=True
        )
    )


# Home


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A list that has still to be handed in: its gate, and the word of the leader who refused it."""

    slate: Any
    report: GateReport
    refused: SignOff | None


QUOTA_LINES = 12
"""The most lists that the home page shows with their gate; a link leads to the others."""


def quota_lines(user: User) -> list[QuotaLine]:
    """The lists which the user keeps and which are still being compiled, the most urgent first. Fixed statements."""
    bodies = grants_of(user).bodies(Act.KEEP_SLATE)
    if not bodies:
        return []
    slates = list(
        Slate.objects.filter(
            body__in=bodies, state=SlateState.COMPILING, round_award__round__in=Round.objects.open()
        )
        .for_list()
        .with_figures()
        .filter(places__gt=0)
        .order_by("holds_until", "body__path", "round_award__award__order")[:QUOTA_LINES]
    )
    reports = gate.reports(slates=slates)
    refusals = {
        sign_off.slate_id: sign_off
        for sign_off in SignOff.objects.filter(slate__in=slates).select_related("actor").order_by("at", "pk")
    }
    return [
        QuotaLine(slate, reports[slate.pk], word if word and not word.signed else None)
        for slate in slates
        for word in [refusals.get(slate.pk)]
    ]


OWN_NOMINATIONS = 10
"""The most of the user's nominations that the home page shows with their way."""

_OWN_ORDER = (NominationState.RETURNED, NominationState.DRAFT, NominationState.ENDORSING)


def own_nominations(user: User) -> list[Nomination]:
    """The live nominations of the user's units with their whole way, those that wait for the unit first."""
    found = list(
        Nomination.objects.of_unit(user)
        .under_way()
        .for_detail()
        .order_by("-entered_at")[: 4 * OWN_NOMINATIONS]
    )
    place = {state: number for number, state in enumerate(_OWN_ORDER)}
    found.sort(key=lambda nomination: place.get(NominationState(nomination.status), len(place)))
    return found[:OWN_NOMINATIONS]


def tasks_of(tasks: QuerySet[Task], nomination_ids: Sequence[int]) -> dict[int, Task]:
    """The first of these tasks for each of the nominations; one statement."""
    found = tasks.filter(**{f"{NOMINATION}__in": list(nomination_ids)}).annotate(
        nomination_id=querysets.nomination_number()
    )
    return {task.nomination_id: task for task in found.order_by("-pk")}


def timetable(user: User, body_ids: Iterable[int]) -> list[RunningWindow]:
    """The windows of the newest open round in the order in which they close for these bodies (`holds_until`)."""
    windows = windows_of(user, body_ids)
    of_newest = [window for window in windows if window.round_id == windows[0].round_id]
    return sorted(of_newest, key=lambda window: window.holds_until)


def unit_roles(user: User) -> frozenset[str]:
    """The roles in which the user acts for units (appraisal.records.states.UnitRole)."""
    return frozenset(Employer.objects.roles_of(user))


def home_bodies(user: User, held: Iterable["HeldPost"]) -> frozenset[int]:
    """The bodies whose deadlines hold for the user: of the posts, and those to which the user's units hand in."""
    return Employer.objects.bodies_of(user) | {each.post.body_id for each in held}


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post of the user and what it is for."""

    post: KnownPost
    acts: tuple[Act, ...]


def held_posts(user: User) -> list[HeldPost]:
    """The posts of the user."""
    return [HeldPost(post, ROLE_ACTS[post.role]) for post in posts_of(user)]


# What each post comes home to


SHOWN = 8
"""The most rows of each list on the home page; a link leads to the rest."""
_ON_THE_WAY = (
    SlateState.SIGNING,
    SlateState.SIGNED,
    SlateState.ON_NOTICE,
    SlateState.SETTLING,
    SlateState.FINALISED,
)


@dataclass(frozen=True, slots=True)
class Some:
    """The first rows of a list, and how many there are."""

    rows: list[Any]
    total: int


def _some(rows: QuerySet[Any], number: int = SHOWN) -> Some:
    """One statement: the first rows, each with the number of all."""
    first = list(rows.annotate(among=Window(Count("pk")))[:number])
    return Some(first, first[0].among if first else 0)


@dataclass(frozen=True, slots=True)
class Signing:
    """A list that waits for the user's signature, with its gate."""

    turn: SlateTurn
    report: GateReport


def to_sign(turns: Sequence[SlateTurn]) -> list[Signing]:
    """Those of these tasks that are signatures, with the figures of their shares. Fixed statements."""
    mine = [turn for turn in turns if turn.slate.state == SlateState.SIGNING]
    reports = gate.reports(slates=[turn.slate for turn in mine]) if mine else {}
    return [Signing(turn, reports[turn.slate.pk]) for turn in mine]


def _of_open_rounds() -> Any:
    return Slate.objects.filter(round_award__round__in=Round.objects.open()).for_list()


def sent_back(user: User) -> Some:
    """Lists of the bodies where the user signs that a leader sent back and that are being changed; the newest first."""
    grants = grants_of(user)
    bodies = grants.bodies(Act.SIGN_UNION) | grants.bodies(Act.SIGN_PARTY)
    last = SignOff.objects.filter(slate=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        _of_open_rounds()
        .filter(body__in=bodies, state=SlateState.COMPILING)
        .annotate(
            last_signed=Subquery(last.values("signed")[:1]),
            last_text=Subquery(last.values("text")[:1]),
            last_by=Subquery(last.values("actor__name")[:1]),
        )
        .filter(last_signed=False)
        .order_by("-pk")
    )
    return _some(rows)


def late_lists(bodies: Iterable[int]) -> Some:
    """Lists of these bodies that have something to list, are due soon or late, and are still being compiled.

    Readers of a body see that it has not handed in, but not what it has chosen.
    """
    waits = Nomination.objects.filter(
        round_award=OuterRef("round_award"),
        desk=OuterRef("body"),
        status__in=(NominationState.IN_REVIEW, NominationState.POOLED, NominationState.RETURNED),
    )
    rows = (
        _of_open_rounds()
        .with_figures()
        .filter(
            Exists(waits),
            body__in=list(bodies),
            state=SlateState.COMPILING,
            places__gt=0,
            holds_until__lt=clock.near_until(),
        )
        .order_by("holds_until", "body__path", "pk")
    )
    return _some(rows)


def area(user: User) -> list[int]:
    """The bodies at which the user looks."""
    return Body.objects.visible_ids(user)


def moving_lists(user: User) -> list[Any]:
    """The lists which the user keeps between their signature and their way up, with the last day of their notice."""
    bodies = grants_of(user).bodies(Act.KEEP_SLATE)
    runs = Notice.objects.filter(slate=OuterRef("pk")).order_by("-pk").values("ends_on")[:1]
    rows = (
        _of_open_rounds()
        .filter(body__in=bodies, state__in=(SlateState.SIGNED, SlateState.ON_NOTICE, SlateState.SETTLING))
        .with_figures()
        .annotate(notice_ends=Subquery(runs))
        .order_by("holds_until", "body__path", "pk")
    )
    return list(rows[: 3 * SHOWN])


def broken_lists(user: User) -> Some:
    """The lists of the area that are on their way and break a rule by what they hold now. Fixed statements."""
    slates = list(
        _of_open_rounds()
        .filter(body__in=area(user), state__in=_ON_THE_WAY)
        .order_by("body__path", "pk")[:MOST_JUDGED]
    )
    reports = gate.reports(slates=slates) if slates else {}
    broken = [(slate, reports[slate.pk]) for slate in slates if reports[slate.pk].violations]
    return Some(broken[:SHOWN], len(broken))


MOST_JUDGED = 400
"""The most lists on their way that the home page judges; the board judges all."""


def back_again(user: User, number: int) -> Some:
    """The reviews of nominations that the desk once returned and that have come back corrected, counted up to MOST."""
    found = waiting.first_reviews(user, Choice(again=True))
    return Some(briefly(found.tasks[:number]), found.total)


def awaited_corrections(user: User) -> Some:
    """What the desks of the user have returned and the units have not yet corrected, the longest out first."""
    grants = grants_of(user)
    bodies = (
        grants.bodies(Act.REVIEW_UNION) | grants.bodies(Act.REVIEW_PARTY) | grants.bodies(Act.FINALISE_LIST)
    )
    rows_ = (
        Nomination.objects.filter(desk__in=bodies, status=NominationState.RETURNED)
        .select_related("employer", "round_award__award")
        .order_by("entered_at", "pk")
    )
    return _some(rows_)


def open_objections(user: User) -> Some:
    """Objections that are not settled, to lists of the bodies where the user keeps, signs or reviews; the oldest first."""
    grants = grants_of(user)
    acts = (Act.KEEP_SLATE, Act.SIGN_UNION, Act.SIGN_PARTY, Act.REVIEW_UNION, Act.REVIEW_PARTY)
    bodies = frozenset[int]().union(*(grants.bodies(act) for act in acts))
    rows_ = (
        Objection.objects.filter(finding=Finding.OPEN, notice__slate__body__in=bodies)
        .select_related("entry__nomination", "notice__slate__body", "notice__slate__round_award__award")
        .order_by("received_on", "pk")
    )
    return _some(rows_)


def vacancies() -> Some:
    """Bodies with posts that nobody active holds, most of them first: key, name, vacant posts, all posts. One statement."""
    rows_ = (
        Body.objects.open()
        .with_posts_filled()
        .order_by("path")
        .values_list("pk", "name", "posts_all", "posts_filled")
    )
    lacking = [(pk, name, total - filled, total) for pk, name, total, filled in rows_ if filled < total]
    return Some(sorted(lacking, key=lambda row: -row[2])[:SHOWN], len(lacking))


def waiting_accounts() -> Some:
    """Accounts whose one-time password has not been changed yet, the newest first."""
    return _some(User.objects.managed(state="waiting").prefetch_related(None))


def open_extensions() -> Some:
    """Requests for more time that wait for an answer, the oldest first."""
    return _some(ExtensionRequest.objects.waiting().for_list())


def flagged_entries(user: User) -> Some:
    """Entries of lists which the user keeps whose unit was verified anew, and nobody has said yet what counts."""
    rows_ = (
        SlateEntry.objects.filter(
            slate__body__in=grants_of(user).bodies(Act.KEEP_SLATE),
            slate__round_award__round__in=Round.objects.open(),
            removed_at=None,
            nomination__ownership_changed=True,
            nomination__ownership_affirmed="",
        )
        .exclude(slate__state__in=gate.LEFT_STATES)
        .select_related("nomination__employer", "slate__body", "slate__round_award__award")
        .order_by("pk")
    )
    return _some(rows_)


def latest_rows(user: User, number: int = SHOWN) -> list[LedgerEntry]:
    """The latest rows of the ledger that the user may read; one statement besides the area."""
    return list(LedgerEntry.objects.visible_to(user).for_page()[:number])


def rows_since_seal() -> tuple[Any, int]:
    """The newest seal, and how many rows were written since."""
    seal = ledger.newest_seal()
    since = LedgerEntry.objects.filter(pk__gt=seal.last_entry_id if seal else 0).count()
    return seal, since


# Diagrams


MANY_BODIES = 30
"""From so many bodies on the numbers at the steps are kept for a while: they count the whole area."""
KEPT_FOR = 30
"""Seconds."""


class NodeNumbers(NamedTuple):
    """How many lie open at each step of a flow; `as_of` the moment at which they were counted, None for now."""

    by_node: dict[str, int]
    as_of: datetime | None = None


def number_at_nodes(flow: type[Flow], user: User) -> NodeNumbers:
    """How many lie open at each step of a flow, of what the user may see.

    At most five statements; of a large area none while another reader of the very same things has just counted them.
    """
    bodies = area(user)
    if len(bodies) < MANY_BODIES:
        return NodeNumbers(_numbers_now(flow, user))
    seen = (
        sorted(bodies),
        sorted(grants_of(user).bodies(Act.VIEW_AREA)),
        sorted(Employer.objects.units_of(user)),
    )
    key = f"at-nodes:{flow.__name__}:{sha256(repr(seen).encode()).hexdigest()}"
    kept: NodeNumbers | None = cache.get(key)
    if kept is None:
        kept = NodeNumbers(_numbers_now(flow, user), clock.now())
        cache.set(key, kept, KEPT_FOR)
    return kept


def _numbers_now(flow: type[Flow], user: User) -> dict[str, int]:
    if flow is NominationFlow:
        numbers = _number_waiting(user) + _number_in_review(user)
        return {name: number for name, number in numbers.items() if number}
    visible = Q(**{f"{SLATE}__in": Slate.objects.visible_to(user).values("pk")})
    counts = (
        Task.objects.filter(visible, finished=None)
        .order_by()
        .values_list("flow_task")
        .annotate(number=Count("pk"))
    )
    # A join that waits for the second office is not work for anybody: the office's own task is counted.
    return {
        node.name: number
        for node, number in counts
        if node is not None and not isinstance(node, JointOutcome)
    }


_NODE_OF_STATE = {
    NominationState.DRAFT: "complete_application",
    NominationState.ENDORSING: "unit_endorsement",
    NominationState.RETURNED: "correction",
    NominationState.POOLED: "{stage}_pool",
}
"""Where a nomination of a state lies, which nobody has to look up in the engine."""


def _number_waiting(user: User) -> Counter[str]:
    """Nominations that are with a unit, in a pool or before its score, from the index `nomination_tally`."""
    rows = (
        Nomination.objects.visible_to(user)
        .filter(status__in=list(_NODE_OF_STATE))
        .order_by()
        .values_list("status", "stage")
        .annotate(number=Count("*"))
    )
    found = Counter[str]()
    for status, stage, number in rows:
        found[_NODE_OF_STATE[NominationState(status)].format(stage=stage)] += number
    if found["province_pool"]:
        # What is approved at the province waits for its score before it waits for a slate.
        scored = Nomination.objects.visible_to(user).filter(
            status=NominationState.POOLED, stage=Stage.PROVINCE
        )
        scoring = querysets.at_nodes(querysets.unfinished(), [NominationFlow.province_scoring])
        found["province_scoring"] = scoring.filter(**{f"{NOMINATION}__in": scored.values("pk")}).count()
        found["province_pool"] -= found["province_scoring"]
    return found


def _number_in_review(user: User) -> Counter[str]:
    """The open reviews: of the desks in the user's area by body and act, of those above it by nomination."""
    offices = {act.permission: office for office, act in REVIEW_ACT.items()}
    levels = dict(Body.objects.filter(pk__in=area(user)).values_list("pk", "level"))
    tasks = querysets.unfinished()
    reviews = tasks.filter(owner_permission__in=list(offices))
    found = Counter[str]()
    for body, permission, number in (
        querysets.of_bodies(reviews, levels)
        .values_list("owner_permission_obj_pk", "owner_permission")
        .annotate(number=Count("*"))
    ):
        found[f"{STAGE_OF_LEVEL[Level(levels[int(body)])]}_{offices[permission]}"] += number
    in_review = Nomination.objects.visible_to(user).filter(status=Literal(NominationState.IN_REVIEW))
    if Level.PROVINCE not in levels.values():
        open_by = {
            office: Count("pk", filter=Exists(waiting.task_of_review(act)))
            for office, act in REVIEW_ACT.items()
        }
        rows = in_review.exclude(desk__in=list(levels)).order_by().values_list("stage").annotate(**open_by)
        for stage, *numbers in rows:
            for office, number in zip(open_by, numbers, strict=True):
                found[f"{stage}_{office}"] += number
    return found


def same_nominee(nomination: Nomination, user: User) -> list[Nomination]:
    """Other nominations of the same nominee in the same round, of what the user may see; one statement."""
    return list(
        Nomination.objects.visible_to(user)
        .filter(nominee_key=nomination.nominee_key, round_award__round=nomination.round_award.round_id)
        .exclude(pk=nomination.pk)
        .select_related("round_award__award")
        .order_by("pk")
    )


def process_of(*, nomination_id: int, user: User) -> int | None:
    """The number of a nomination's process; None unless the user may see the nomination."""
    found: int | None = (
        Nomination.objects.visible_to(user)
        .filter(pk=nomination_id)
        .values_list("process__pk", flat=True)
        .first()
    )
    return found
