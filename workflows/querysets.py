"""The tasks of a person's desk. Asked by object, so that one index answers, with one task or a million in the table.

Every function narrows by who asks before anything else does, and returns an ordinary queryset: filters, search and
order come after and can only narrow further. Rows for a list: `for_rows`.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Substr
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from appraisal.records.models import Employer, UnitPost
from quotas.base.querysets import Blank, Literal, Statement, literals
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of, holding
from workflows.models import NominationProcess, SlateProcess

TASK_ACTS = (
    Act.REVIEW_UNION,
    Act.REVIEW_PARTY,
    Act.KEEP_SLATE,
    Act.SIGN_UNION,
    Act.SIGN_PARTY,
    Act.FINALISE_LIST,
)
"""Acts for which there are tasks."""

NOMINATION = "process__nominationprocess__nomination"
SLATE = "process__slateprocess__slate"


def one(pk: int, user: Any) -> Task | None:
    """A task with its process, its owner, and `held`: whether it is one of the user's posts, asked now. One statement.

    A post at the body with the act of the task, or a post in the unit with the role that the task is for.
    """
    found: list[Task] = _ONE.ask(task=pk, user=user.pk)
    return found[0] if found else None


def _one() -> QuerySet[Task]:
    key, permission = OuterRef("owner_permission_obj_pk"), OuterRef("owner_permission")
    grants = holding(Blank("user"), Substr(permission, len("quotas.") + 1), key)
    posts = UnitPost.objects.filter(
        user=Blank("user"),
        user__is_active=True,
        role=Substr(permission, len("appraisal.") + 1),
        employer=Cast(key, BigIntegerField()),
    )
    return (
        Task.objects.filter(pk=Blank("task"))
        .order_by()
        .select_related("owner", "process__nominationprocess", "process__slateprocess")
        .annotate(held=Exists(grants) | Exists(posts))
    )


_ONE = Statement(_one)


def unfinished() -> QuerySet[Task]:
    """Tasks that wait for somebody, claimed or not, in the words of the index `workflows_task_queue`."""
    return Task.objects.filter(
        status__in=literals(STATUS.NEW, STATUS.ASSIGNED), flow_task_type=Literal("HUMAN")
    ).order_by()


def to_do(user: Any, *acts: Act, units: bool = True) -> QuerySet[Task]:
    """What the user can do now: what nobody has claimed and what is their own, by these acts (all) and for units."""
    return held(user, *acts, units=units).filter(free_or_own(user.pk))


def number_to_do(user: Any, most: int) -> int:
    """How many `to_do` has, counted up to `most`. One statement, put together once for all who hold the same acts."""
    kinds = [*_kinds_of_bodies(user, TASK_ACTS), *_kinds_of_units(user)]
    if not kinds:
        return 0
    keys = {f"keys_{place}": keys for place, (*_kind, keys) in enumerate(kinds)}
    return _to_do(most, *((type_id, permission) for type_id, permission, _keys in kinds)).number(
        user=user.pk, **keys
    )


@cache
def _to_do(most: int, *kinds: tuple[int, str]) -> Statement:
    slots = [(*kind, Blank(f"keys_{place}")) for place, kind in enumerate(kinds)]
    rows = unfinished().filter(_owned(slots), free_or_own(Blank("user"))).values_list("pk")
    return Statement(lambda: rows[:most])


def held(user: Any, *acts: Act, units: bool = True) -> QuerySet[Task]:
    """What waits for holders of the user's posts, whoever has claimed it, by these acts (all) and for units."""
    owned = _of_bodies(user, acts or TASK_ACTS)
    return unfinished().filter(owned | _of_units(user) if units else owned)


def free_or_own(user_pk: Any) -> Q:
    """The condition that nobody but the user has claimed the task."""
    return Q(status=STATUS.NEW) | Q(owner_id=user_pk)


def open_to(user: Any) -> QuerySet[Task]:
    """Tasks that nobody has claimed and that the user may claim: own posts at bodies, own roles in units."""
    return held(user).filter(status=STATUS.NEW).order_by("-created")


def mine(user: Any) -> QuerySet[Task]:
    """Tasks that the user has claimed and not finished, of the posts and units that the user still has."""
    if not user.is_authenticated:
        return Task.objects.none()
    return Task.objects.filter(
        _of_bodies(user, TASK_ACTS) | _of_units(user), owner_id=user.pk, status=Literal(STATUS.ASSIGNED)
    )


def held_by_others(user: Any) -> QuerySet[Task]:
    """Tasks that the user could do and somebody else has claimed. Matters of the user's own unit at an office are
    left out.
    """
    units = {pk for pks in Employer.objects.roles_of(user).values() for pk in pks}
    at_desks = _of_bodies(user, TASK_ACTS)
    if units:
        at_desks &= ~Q(**{f"{NOMINATION}__employer__in": list(units)})
    return (
        unfinished()
        .filter(at_desks | _of_units(user), status=STATUS.ASSIGNED)
        .exclude(owner_id=user.pk)
        .order_by("-created")
    )


def done_by(user: Any) -> QuerySet[Task]:
    """Tasks that the user has carried out, where the user still looks: a post that has ended shows nothing more."""
    if not user.is_authenticated:
        return Task.objects.none()
    return Task.objects.filter(
        _in_area(user) | _of_units(user),
        owner_id=user.pk,
        status=Literal(STATUS.DONE),
        flow_task_type=Literal("HUMAN"),
    )


def of_nomination(nomination_id: int) -> QuerySet[Task]:
    """All tasks of a nomination's process, in the order in which they came."""
    processes = NominationProcess.objects.filter(nomination=nomination_id).values("pk")
    return Task.objects.filter(process__in=processes).order_by("pk")


def of_slate(slate_id: int) -> QuerySet[Task]:
    """All tasks of a slate's process, in the order in which they came."""
    processes = SlateProcess.objects.filter(slate=slate_id).values("pk")
    return Task.objects.filter(process__in=processes).order_by("pk")


def at_nodes(tasks: QuerySet[Task], nodes: list[Any]) -> QuerySet[Task]:
    """Those at one of these nodes. Only ever fewer than before."""
    return tasks.filter(flow_task__in=nodes)


def has_tasks(user: Any, *acts: Act) -> bool:
    """Whether there can be tasks of these acts or of a unit for the user. No statement besides grants and units."""
    grants = grants_of(user)
    return any(grants.any(act) for act in acts) or bool(Employer.objects.roles_of(user))


def of_nominations(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those about nominations, not about lists."""
    return tasks.filter(process__nominationprocess__isnull=False)


def of_bodies(tasks: QuerySet[Task], numbers: Iterable[int]) -> QuerySet[Task]:
    """Those that lie at these bodies, by any act."""
    return tasks.filter(
        owner_permission_content_type_id=_type_of(Body),
        owner_permission_obj_pk__among=_keys(numbers),
    )


def by_urgency(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """What is due first, then what has waited longest, in the order of the index `nomination_due`."""
    return tasks.order_by(*urgency(f"{NOMINATION}__"), "pk")


def urgency(at: str = "") -> tuple[OrderBy, ...]:
    """The order of work on nominations; `at` leads to the nomination from the row that is asked for."""
    return (
        F(f"{at}due_at").asc(nulls_last=True),
        F(f"{at}entered_at").asc(),
        F(f"{at}pk").asc(),
    )


def for_rows(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """With what a row of a list shows of the task itself, and the number of what it is about."""
    return (
        tasks.select_related("owner")
        .only("flow_task", "status", "created", "assigned", "finished", "owner__name")
        .annotate(nomination_id=nomination_number(), slate_id=slate_number())
    )


def nomination_number() -> F:
    """The number of the nomination that a task is about, for annotations."""
    return F(f"{NOMINATION}__pk")


def slate_number() -> F:
    """The number of the list that a task is about, for annotations."""
    return F(f"{SLATE}__pk")


def _of_bodies(user: Any, acts: Iterable[Act]) -> Q:
    return _owned(_kinds_of_bodies(user, acts))


def _in_area(user: Any) -> Q:
    """Tasks of the bodies in the user's area. What lies at a body began at it or below it, so the area has it too."""
    return Q(
        owner_permission_content_type_id=_type_of(Body),
        owner_permission_obj_pk__among=_keys(Body.objects.visible_ids(user)),
    )


def _of_units(user: Any) -> Q:
    return _owned(_kinds_of_units(user))


Kind = tuple[int, str, Any]
"""Tasks of one kind that are a person's: type of the objects, permission, and the keys of the objects."""


def _kinds_of_bodies(user: Any, acts: Iterable[Act]) -> list[Kind]:
    grants = grants_of(user)
    held_at = [(act.permission, grants.bodies(act)) for act in acts]
    return [(_type_of(Body), permission, _keys(bodies)) for permission, bodies in held_at if bodies]


def _kinds_of_units(user: Any) -> list[Kind]:
    roles = Employer.objects.roles_of(user)
    return [(_type_of(Employer), f"appraisal.{role}", _keys(units)) for role, units in sorted(roles.items())]


def _owned(kinds: Iterable[Kind]) -> Q:
    """Tasks of these objects. The keys go in as a list: a sub-select would be planned anew for every row."""
    wanted = Q(pk__in=())
    for type_id, permission, keys in kinds:
        wanted |= Q(
            owner_permission_content_type_id=type_id,
            owner_permission=permission,
            owner_permission_obj_pk__among=keys,
        )
    return wanted


def _type_of(model: type[Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


def _keys(pks: Iterable[int]) -> list[str]:
    return [str(pk) for pk in sorted(pks)]
