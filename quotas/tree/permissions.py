"""Acts on bodies, the roles that hold them, and who holds what. The only door to django-guardian.

Viewing inherits down the tree of bodies; acting never does. An act is a permission codename on `Body`,
granted to the group of a post. Nothing is ever granted model-wide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermission

from quotas.base.querysets import Blank, Statement
from quotas.base.states import Office, Role
from quotas.tree import reader
from quotas.tree.refusals import ActNotHeld


class Act(StrEnum):
    """What may be done at a body. The value is the permission's codename."""

    VIEW_AREA = "view_area"
    REVIEW_UNION = "review_union"
    REVIEW_PARTY = "review_party"
    KEEP_SLATE = "keep_slate"
    SIGN_UNION = "sign_union"
    SIGN_PARTY = "sign_party"
    VERIFY_OWNERSHIP = "verify_ownership"
    ALLOCATE_PLACES = "allocate_places"
    PLAN_ROUND = "plan_round"
    FINALISE_LIST = "finalise_list"
    READ_LEDGER = "read_ledger"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_POSTS = "manage_posts"

    @property
    def permission(self) -> str:
        """The dotted name that Django and viewflow store."""
        return f"quotas.{self.value}"

    @property
    def label(self) -> Any:
        """What the act is called on screen (lazy)."""
        return ACT_LABELS[self]


ACT_LABELS: dict[Act, Any] = {
    Act.VIEW_AREA: _("查看本辖区"),
    Act.REVIEW_UNION: _("以总工会名义审核"),
    Act.REVIEW_PARTY: _("以组织部名义审核"),
    Act.KEEP_SLATE: _("编制并提交推荐名单"),
    Act.SIGN_UNION: _("代表总工会签发名单"),
    Act.SIGN_PARTY: _("代表组织部签发名单"),
    Act.VERIFY_OWNERSHIP: _("核验单位所有制"),
    Act.ALLOCATE_PLACES: _("向下分配名额"),
    Act.PLAN_ROUND: _("制定评选方案"),
    Act.FINALISE_LIST: _("审定名单并作出命名决定"),
    Act.READ_LEDGER: _("查阅台账"),
    Act.MANAGE_ACCOUNTS: _("管理账号"),
    Act.MANAGE_POSTS: _("管理岗位授权"),
}

ROLE_ACTS: dict[Role, tuple[Act, ...]] = {
    Role.UNION_REVIEWER: (Act.VIEW_AREA, Act.REVIEW_UNION, Act.VERIFY_OWNERSHIP),
    Role.PARTY_REVIEWER: (Act.VIEW_AREA, Act.REVIEW_PARTY),
    Role.KEEPER: (Act.VIEW_AREA, Act.KEEP_SLATE, Act.VERIFY_OWNERSHIP, Act.ALLOCATE_PLACES),
    Role.UNION_LEADER: (Act.VIEW_AREA, Act.SIGN_UNION),
    Role.PARTY_LEADER: (Act.VIEW_AREA, Act.SIGN_PARTY),
    Role.STAFF: (
        Act.VIEW_AREA,
        Act.PLAN_ROUND,
        Act.ALLOCATE_PLACES,
        Act.KEEP_SLATE,
        Act.FINALISE_LIST,
        Act.VERIFY_OWNERSHIP,
    ),
    Role.OBSERVER: (Act.VIEW_AREA, Act.READ_LEDGER),
    Role.SYSTEM_ADMIN: (Act.MANAGE_ACCOUNTS,),
    Role.SECURITY_ADMIN: (Act.MANAGE_POSTS,),
    Role.AUDIT_ADMIN: (Act.READ_LEDGER,),
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员分立: accounts, grants and the ledger lie in three hands, and these hands hold nothing else."""

_ONE_DUTY = frozenset({Role.KEEPER, Role.STAFF})
"""Both keep the lists of the province: two posts, one duty."""


def apart(one: Role, other: Role, *, same_body: bool) -> bool:
    """
    Whether nobody may hold both posts.

    An administrator holds no other post anywhere. At one body nobody holds two posts: whoever reviews, compiles,
    signs or observes there does not do the next step as well. Staff count as keepers of the province.
    """
    if ADMINISTRATORS & {one, other}:
        return not (one == other and same_body)
    return same_body and one != other and {one, other} != _ONE_DUTY


REVIEW_ACT: dict[str, Act] = {Office.UNION: Act.REVIEW_UNION, Office.PARTY: Act.REVIEW_PARTY}
SIGN_ACT: dict[str, Act] = {Office.UNION: Act.SIGN_UNION, Office.PARTY: Act.SIGN_PARTY}


@dataclass(frozen=True)
class Grants:
    """Everything a user was granted: act → numbers of the bodies."""

    bodies_by_act: dict[Act, frozenset[int]]

    def bodies(self, act: Act) -> frozenset[int]:
        return self.bodies_by_act.get(act, frozenset())

    def any(self, act: Act) -> bool:
        return bool(self.bodies_by_act.get(act))


reader.register(
    "grant",
    lambda user: GroupObjectPermission.objects.filter(
        group__user=user.pk,
        permission__content_type__app_label="quotas",
        permission__content_type__model="body",
    ),
    word="permission__codename",
    key="object_pk",
)


def grants_of(user: AbstractUser | AnonymousUser) -> Grants:
    """The user's grants, with what else the request knows (`quotas.tree.reader`): fresh with every request.

    For pages and lists. A decision asks `holds`, which never answers from memory.
    """
    return reader.reader_of(user).kept("grants", lambda: _grants(user))


def _grants(user: AbstractUser | AnonymousUser) -> Grants:
    found: dict[Act, set[int]] = {}
    for fact in reader.reader_of(user).facts("grant"):
        found.setdefault(Act(str(fact.word)), set()).add(int(str(fact.key)))
    return Grants({act: frozenset(pks) for act, pks in found.items()})


def holds(user: AbstractUser | AnonymousUser, act: Act, body_id: int) -> bool:
    """Whether the user holds the act at exactly this body now. One statement, never cached.

    The account is asked for in the same statement: it may have been closed since the request has read it.
    """
    return user.is_authenticated and bool(_HOLDS.ask(user=user.pk, act=act.value, body=str(body_id)))


def holding(user: Any, act: Any, body: Any) -> QuerySet[GroupObjectPermission]:
    """The grants that `holds` asks for, so that a statement can ask for them along with other things.

    The user's number, the value of the act, and the body's number as text, each given, a `Blank`, or a column of the
    statement around it.
    """
    found: QuerySet[GroupObjectPermission] = GroupObjectPermission.objects.filter(
        group__user=user,
        group__user__is_active=True,
        permission__codename=act,
        permission__content_type__app_label="quotas",
        object_pk=body,
    )
    return found


_HOLDS = Statement(lambda: holding(Blank("user"), Blank("act"), Blank("body")).values_list("pk")[:1])


def acts_held(body_ids: Iterable[int]) -> dict[int, frozenset[Act]]:
    """The acts that somebody with an active account holds at each of these bodies now. One statement."""
    found: dict[int, set[Act]] = {}
    rows = GroupObjectPermission.objects.filter(
        group__user__is_active=True,
        permission__content_type__app_label="quotas",
        permission__content_type__model="body",
        object_pk__in=[str(pk) for pk in body_ids],
    ).values_list("object_pk", "permission__codename")
    for object_pk, codename in rows.distinct():
        found.setdefault(int(object_pk), set()).add(Act(codename))
    return {pk: frozenset(acts) for pk, acts in found.items()}


def require(actor: AbstractUser | None, act: Act, body_id: int) -> None:
    """
    Raise ActNotHeld unless the actor holds the act at exactly this body now.

    Asked fresh, under the lock of the service that asks. `None` is the system itself (timers, commands), which
    no page ever is: a visitor who has not signed in is an AnonymousUser and holds nothing.
    """
    if actor is not None and not holds(actor, act, body_id):
        raise ActNotHeld(act=act)


def grant_roles(posts: Iterable[tuple[Group, Role, Model]]) -> None:
    """Give many posts the acts of their roles in a fixed number of statements. Safe to repeat."""
    posts = list(posts)
    if not posts:
        return
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label="quotas", content_type__model="body"
        ).select_related("content_type")
    }
    GroupObjectPermission.objects.bulk_create(
        [
            GroupObjectPermission(
                group=group,
                permission=permissions[act.value],
                content_type=permissions[act.value].content_type,
                object_pk=str(body.pk),
            )
            for group, role, body in posts
            for act in ROLE_ACTS[role]
        ],
        ignore_conflicts=True,
    )
