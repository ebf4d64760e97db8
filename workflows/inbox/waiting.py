"""What waits on a desk, the most urgent first: which tasks, in which order, and how many of what.

A list reads the keys of its first `MOST` tasks and nothing beyond them, so a desk of fifty thousand costs as much as a
desk of one thousand; from behind a `DeskPlace` it reads as many again. Reviews are found from their nominations, in the
order of the index `nomination_due`; all other tasks are found from the desk, where there are few of them. Rows are read
afterwards, for one page, by `worklist.rows`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from appraisal.records.models import Nomination, Opinion
from appraisal.records.states import NominationState, Outcome
from quotas.base import clock, outside, paging
from quotas.base.clock import SHANGHAI
from quotas.base.querysets import Literal
from quotas.base.text import AtLeast, is_blank
from quotas.rounds.models import RoundAward
from quotas.rounds.viewer import posts_of
from quotas.tree.models import Body, User
from quotas.tree.permissions import REVIEW_ACT, ROLE_ACTS, Act, grants_of
from workflows import querysets
from workflows.flows import REVIEWS, NominationFlow
from workflows.models import NominationProcess
from workflows.querysets import NOMINATION

OPEN, MINE, TAKEN, DONE = "open", "mine", "taken", "done"
LATE, TODAY, WEEK, PRESSING = "late", "today", "week", "pressing"

MOST = 1_000
"""So many tasks of a list are counted, paged through and have a next one; of more, the most urgent, or those behind a
place."""

WEEK_DAYS = 7
"""A week from today on, today not counted."""

_OTHER_ACTS = tuple(act for act in querysets.TASK_ACTS if act not in REVIEW_ACT.values())
"""The acts that have tasks and are no reviews."""

STEPS: Mapping[str, Any] = {node.name: node for node in NominationFlow.instance.nodes()}
"""The steps of a nomination, by name."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The moments between which something is late, due today, or due within a week."""

    now: datetime
    tomorrow: datetime
    week: datetime

    @classmethod
    def of_now(cls) -> "Spans":
        """As seen from this moment, in China."""
        tomorrow = datetime.combine(clock.today() + timedelta(days=1), time(), SHANGHAI)
        return cls(clock.now(), tomorrow, tomorrow + timedelta(days=WEEK_DAYS))

    def of(self, key: str, field: str) -> Q:
        """The condition that a moment lies in LATE, TODAY or WEEK, or in any of them (PRESSING)."""
        match key:
            case "late":
                return Q(**{f"{field}__lt": self.now})
            case "today":
                return Q(**{f"{field}__gte": self.now, f"{field}__lt": self.tomorrow})
            case "pressing":
                return Q(**{f"{field}__lt": self.week})
            case _:
                return Q(**{f"{field}__gte": self.tomorrow, f"{field}__lt": self.week})

    def key(self, moment: datetime | None) -> str:
        """LATE, TODAY or WEEK; empty for what is due later or never."""
        if moment is None or moment >= self.week:
            return ""
        return LATE if moment < self.now else TODAY if moment < self.tomorrow else WEEK


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list is narrowed to. Empty means any."""

    awards: tuple[int, ...] = ()
    nodes: tuple[str, ...] = ()
    bodies: tuple[int, ...] = ()
    due: str = ""
    ownership: str = ""
    claimed: str = ""
    text: str = ""
    again: bool = False
    """Only what the desk once returned and what has come back to it."""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return self != EVERYTHING

    def of_nomination(self, at: str = "", *, endless: bool = False) -> Q:
        """
        The conditions on a nomination; `at` leads to it from the row that is asked for.

        `endless`: a span of days has a beginning only. A prepared statement takes a span between two parameters for a
        few rows, and sorts all of them instead of reading the first in order.
        """
        found = Q()
        if self.awards:
            found &= Q(**{f"{at}round_award__in": self.awards})
        if self.bodies:
            found &= Q(**{f"{at}body__in": Body.objects.with_children(self.bodies)})
        if self.due:
            spans = Spans.of_now()
            begins = {TODAY: spans.now, WEEK: spans.tomorrow}.get(self.due) if endless else None
            found &= Q(**{f"{at}due_at__gte": begins}) if begins else spans.of(self.due, f"{at}due_at")
        if self.ownership:
            found &= Q(**{f"{at}{field}": value for field, value in OWNERSHIPS[self.ownership].items()})
        if not is_blank(self.text):
            found &= Nomination.objects.condition_of(self.text, at)
        if self.again:
            returned = Opinion.objects.filter(
                nomination=OuterRef(f"{at}pk"), body=OuterRef(f"{at}desk"), outcome=Outcome.RETURN
            )
            found &= Q(**{f"{at}review_pass__gt": Literal(1)}) & Q(Exists(returned))
        return found

    def of_task(self) -> Q:
        """The conditions on the task itself."""
        found = Q()
        if self.nodes:
            found &= Q(flow_task__in=[STEPS[name] for name in self.nodes])
        if self.claimed:
            found &= Q(status=STATUS.ASSIGNED if self.claimed == "yes" else STATUS.NEW)
        return found


OWNERSHIPS: Mapping[str, Mapping[str, bool]] = {
    "non_public": {"ownership_verified": True, "non_public": True},
    "public": {"ownership_verified": True, "non_public": False},
    "unverified": {"ownership_verified": False, "non_public": False},
}
EVERYTHING = Choice()


class Queued(NamedTuple):
    """A task of a list: its node, what it is about, and since and until when it waits. About a slate: no nomination."""

    task: int
    node: Any
    nomination: int | None
    award: int | None
    body: int | None
    due_at: datetime | None
    entered_at: datetime | None
    finished: datetime | None = None

    @property
    def place(self) -> "DeskPlace":
        """Where it stands, for what comes behind it."""
        if self.finished is not None:
            return DeskPlace(self.finished, None, None, self.task)
        return DeskPlace(self.due_at, self.entered_at, self.nomination, self.task)

    @property
    def urgency(self) -> tuple[Any, ...]:
        """The order of `querysets.urgency`, for tasks that were read separately."""
        return (
            self.due_at is None,
            self.due_at or clock.now(),
            self.entered_at or clock.now(),
            self.nomination or 0,
            self.task,
        )


class DeskPlace(NamedTuple):
    """The place of a task in its list, so that the list can go on behind it, even when the task is no longer there."""

    moment: datetime | None
    """Until when it waits; when it was done."""
    entered_at: datetime | None
    nomination: int | None
    task: int

    @property
    def written(self) -> str:
        """As it stands in an address."""
        moments = ("" if each is None else each.isoformat() for each in self[:2])
        return ",".join([*moments, str(self.nomination or ""), str(self.task)])

    @classmethod
    def read(cls, written: str) -> "DeskPlace | None":
        """The place that an address names; None where it names none."""
        parts = written.split(",")
        if len(parts) != 4:
            return None
        moment, entered_at = map(outside.moment, parts[:2])
        nomination, task = map(outside.row, parts[2:])
        return None if task is None else cls(moment, entered_at, nomination, task)

    def stretches(self, at: str = "", *, tasks: bool = False) -> tuple[Q, ...]:
        """
        Where what comes behind it lies, in the order of `querysets.urgency`: what is due, then what is never due.

        `at` leads to the nomination from the row that is asked for; of `tasks` those of one nomination have an order.
        """
        place = {f"{at}entered_at": self.entered_at, f"{at}pk": self.nomination}
        if tasks:
            place["pk"] = self.task
        never = Q(**{f"{at}due_at": None})
        if self.moment is None:
            return (never & Q(paging.behind(place)),)
        return Q(paging.behind({f"{at}due_at": self.moment} | place)), never

    @property
    def done_before(self) -> Q:
        """The condition on a task that it was done before."""
        return Q(paging.behind({"finished": self.moment, "pk": self.task}, latest_first=True))


@dataclass(frozen=True, slots=True)
class First:
    """The first tasks of a list in their order. `more`: there are others behind them, which nobody has counted."""

    tasks: tuple[Queued, ...]
    more: bool

    @property
    def next_after(self) -> str:
        """The place behind which the others begin, for an address; empty where there are none."""
        return self.tasks[-1].place.written if self.more else ""

    @property
    def numbers(self) -> list[int]:
        """The numbers of the tasks."""
        return [waiting.task for waiting in self.tasks]

    @property
    def total(self) -> int:
        """How many there are; at least so many where there are more."""
        return AtLeast(len(self.tasks)) if self.more else len(self.tasks)

    @classmethod
    def of(cls, tasks: list[Queued]) -> "First":
        """Of tasks of which one more than MOST was read, where there are so many."""
        return cls(tuple(tasks[:MOST]), len(tasks) > MOST)

    def number_due(self) -> dict[str, int | None]:
        """How many are late, due today, due within a week; None where what lies behind was not read."""
        spans = Spans.of_now()
        numbers: dict[str, int | None] = dict.fromkeys((LATE, TODAY, WEEK), 0)
        for queued in self.tasks:
            key = spans.key(queued.due_at)
            if key:
                numbers[key] = (numbers[key] or 0) + 1
        last = spans.key(self.tasks[-1].due_at) if self.more else ""
        if last:
            keys = list(numbers)
            behind = keys[keys.index(last) + 1 :]
            numbers |= {last: AtLeast(numbers[last] or 0)} | dict.fromkeys(behind)
        return numbers


def of_tab(user: User, tab: str) -> QuerySet[Task]:
    """The tasks of a tab of the inbox: OPEN (free and own), MINE (taken by the user), TAKEN (by a colleague), DONE."""
    match tab:
        case "mine":
            return querysets.mine(user)
        case "taken":
            return querysets.held_by_others(user)
        case "done":
            return querysets.done_by(user)
        case _:
            return querysets.to_do(user)


def first(user: User, tab: str, choice: Choice = EVERYTHING, after: DeskPlace | None = None) -> First:
    """
    The first tasks of a tab about nominations, the most urgent first; of those that are done, all, the latest first.

    With `after`, the first behind that place. One statement; of the tab OPEN another for what is no review: scores, and
    the tasks of units. Behind a place as many again where what is due comes to an end.
    """
    if tab == DONE:
        done = of_tab(user, DONE).filter(after.done_before if after else Q())
        return First.of(_read(_chosen(done, choice).order_by("-finished", "-pk")))
    if tab in {MINE, TAKEN}:
        return First.of(_tasks(of_tab(user, tab), choice, after))
    found = _reviews(user, choice, after)
    if querysets.has_tasks(user, *_OTHER_ACTS):
        others = _tasks(querysets.to_do(user, *_OTHER_ACTS), choice, after)
        if others:
            found += others
            found.sort(key=lambda queued: queued.urgency)
    return First.of(found)


def first_reviews(user: User, choice: Choice) -> First:
    """The first of the reviews that the user can do. One statement."""
    return First.of(_reviews(user, choice))


def _tasks(tasks: QuerySet[Task], choice: Choice, after: DeskPlace | None) -> list[Queued]:
    """The first of these tasks about nominations, of those `after` a place."""
    rows = querysets.by_urgency(querysets.of_nominations(_chosen(tasks, choice)))
    stretches = after.stretches(f"{NOMINATION}__", tasks=True) if after else (Q(),)
    return _until_enough(stretches, lambda stretch: _read(rows.filter(stretch)))


def _until_enough(stretches: Iterable[Q], read: Callable[[Q], list[Queued]]) -> list[Queued]:
    """What is read of one stretch after the other, until there are more than are shown."""
    found: list[Queued] = []
    for stretch in stretches:
        if len(found) <= MOST:
            found += read(stretch)
    return found


def _chosen(tasks: QuerySet[Task], choice: Choice) -> QuerySet[Task]:
    return tasks.filter(choice.of_task(), choice.of_nomination(f"{NOMINATION}__"))


def _read(tasks: QuerySet[Task]) -> list[Queued]:
    columns = ("pk", "round_award_id", "body_id", "due_at", "entered_at")
    of_nomination = (f"{NOMINATION}__{column}" for column in columns)
    values = tasks.values_list("pk", "flow_task", *of_nomination, "finished")
    return [Queued(*row) for row in values[: MOST + 1]]


def _reviews(user: User, choice: Choice, after: DeskPlace | None = None) -> list[Queued]:
    """
    The reviews that the user can do, `after` a place; one statement, none without a post for reviews, two at the end,
    and twice as many where colleagues have taken some of more than MOST.

    Each nomination is asked for its tasks, not the other way round. The task is the one of this act in the process: a
    nomination in review lies at the desk whose offices have the tasks.
    """
    grants = grants_of(user)
    acts = [act for act in REVIEW_ACT.values() if grants.any(act)]
    if not acts:
        return []
    rows = Nomination.objects.filter(
        choice.of_nomination(endless=True),
        status=Literal(NominationState.IN_REVIEW),
        desk__in=frozenset().union(*(grants.bodies(act) for act in acts)),
    )
    if choice.nodes:
        rows = rows.filter(stage__in={name.partition("_")[0] for name in choice.nodes if name in REVIEWS})
    free = querysets.free_or_own(user.pk), Choice(claimed=choice.claimed).of_task()
    tasks: dict[str, Any] = {
        f"task_{place}": Subquery(task_of_review(act, *free).values("pk")[:1])
        for place, act in enumerate(acts)
    }
    if len(acts) > 1:
        tasks = {
            name: Case(When(desk__in=grants.bodies(act), then=task))
            for (name, task), act in zip(tasks.items(), acts, strict=True)
        }
    values = (
        rows.annotate(**tasks)
        .order_by(*querysets.urgency())
        .values_list("stage", "pk", "round_award_id", "body_id", "due_at", "entered_at", *tasks)
    )
    found = _until_enough(
        after.stretches() if after else (Q(),),
        lambda stretch: [
            Queued(task, _REVIEW_NODES[act, stage], *row[:5])
            for stage, *row in _with_tasks(values.filter(stretch), tasks)
            for act, task in zip(acts, row[5:], strict=True)
            if task is not None and (not choice.nodes or _REVIEW_NODES[act, stage].name in choice.nodes)
        ],
    )
    if choice.due in {TODAY, WEEK}:
        spans = Spans.of_now()
        return [queued for queued in found if spans.key(queued.due_at) == choice.due]
    return found


def _with_tasks(values: QuerySet[Any], tasks: Collection[str]) -> list[tuple[Any, ...]]:
    """The first rows that have one of these tasks.

    Nearly all have, and the condition costs as much as the rows: it is put only where too few of the first have one.
    """
    first_rows = list(values[: MOST + 1])
    if len(first_rows) > MOST and not all(any(row[-len(tasks) :]) for row in first_rows):
        waits = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in tasks))
        return list(values.filter(waits)[: MOST + 1])
    return first_rows


_REVIEW_NODES = {
    (REVIEW_ACT[office], name.partition("_")[0]): STEPS[name] for name, office in REVIEWS.items()
}


def task_of_review(act: Act, *conditions: Q) -> QuerySet[Task]:
    """The unfinished task of an act in the process of the nomination that the statement around it asks about."""
    process = NominationProcess.objects.filter(nomination=OuterRef(OuterRef("pk"))).order_by()
    return querysets.unfinished().filter(
        *conditions, process=process.values("pk")[:1], owner_permission=act.permission
    )


def number_open(user: User) -> int:
    """How many tasks the user can do now, slates included; at least MOST where there are more. One statement."""
    number = querysets.number_to_do(user, MOST + 1)
    return AtLeast(MOST) if number > MOST else number


# From what can be chosen


@dataclass(frozen=True, slots=True)
class Facets:
    """From what the tasks of a tab can be chosen, with how many there are of each; None where nobody has counted."""

    awards: Mapping[int, tuple[str, int | None]]
    nodes: Mapping[str, tuple[Any, int | None]]
    bodies: Mapping[int, tuple[str, int | None]]


FEW_BODIES = 12
"""Up to so many first bodies are offered one by one; of more, the cities they belong to."""


def facets(user: User, found: First) -> Facets:
    """
    Awards, steps and bodies of these tasks; two statements.

    Where there are more tasks than were read, what lies in review at the user's desks, without numbers.
    """
    asked = [each for each in found.tasks if each.award is not None and each.body is not None]
    awards, bodies = RoundAward.objects.order_by("award__order"), Body.objects.order_by("path")
    nodes = {each.node.name: each.node.task_title for each in asked}
    if found.more:
        nodes |= _titles_of_reviews(user)
        desks = frozenset().union(*(grants_of(user).bodies(act) for act in REVIEW_ACT.values()))
        lying = Nomination.objects.filter(status=Literal(NominationState.IN_REVIEW), desk__in=desks)
        awards = awards.filter(Exists(lying.filter(round_award=OuterRef("pk"))))
        bodies = bodies.filter(Exists(lying.filter(body=OuterRef("pk"))))
    else:
        awards = awards.filter(pk__in={each.award for each in asked})
        bodies = bodies.filter(pk__in={each.body for each in asked})

    def numbered(column: Callable[[Queued], Any], labels: Mapping[Any, Any]) -> dict[Any, Any]:
        """The labels, each with how many of the tasks bear its key."""
        numbers = Counter(map(column, asked))
        return {key: (label, None if found.more else numbers[key]) for key, label in labels.items()}

    rows = list(bodies.values_list("pk", "short_name", "parent", "parent__short_name", "parent__parent"))
    return Facets(
        numbered(lambda each: each.award, dict(awards.values_list("pk", "award__short_name"))),
        numbered(lambda each: each.node.name, nodes),
        _few(rows, numbered(lambda each: each.body, {pk: name for pk, name, *_above in rows})),
    )


def _titles_of_reviews(user: User) -> dict[str, Any]:
    """The reviews for which the user holds a post, by step."""
    return {
        name: STEPS[name].task_title
        for name, office in REVIEWS.items()
        for post in posts_of(user)
        if REVIEW_ACT[office] in ROLE_ACTS[post.role] and name.startswith(post.stage)
    }


def _few(
    bodies: Sequence[tuple[Any, ...]], singles: dict[int, tuple[str, int | None]]
) -> dict[int, tuple[str, int | None]]:
    """The bodies one by one with their numbers, where they are few; else their cities, with theirs added up."""
    if len(singles) <= FEW_BODIES:
        return singles
    cities: dict[int, tuple[str, int | None]] = {}
    for pk, name, parent, parent_name, above in bodies:
        # A county counts with its city; what stands directly under the province counts by itself.
        city, city_name = (parent, parent_name) if above else (pk, name)
        _add(cities, city, city_name, singles[pk][1])
    return cities


def _add(counts: dict[Any, tuple[Any, int | None]], key: Any, label: Any, number: int | None = 1) -> None:
    before = counts.get(key, (label, 0))[1]
    counts[key] = (label, None if number is None or before is None else before + number)
