"""Posts 岗位: which roles a body has, who holds them, and which posts nobody holds together."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from django.contrib.auth.models import Group
from django.db import transaction

from quotas.base.errors import InvalidInput, Reason, RuleViolation
from quotas.base.states import Level, Role
from quotas.ledger.services import ledger
from quotas.people.refusals import (
    AdministratorHasNoUnit,
    DutiesSeparate,
    FirstHalfMissing,
    OwnPost,
    PostMissing,
    ThreeAdminsSeparate,
    UnitPersonInArea,
    UserInactive,
)
from quotas.people.services import one_time
from quotas.tree.models import Body, Post, User
from quotas.tree.permissions import ADMINISTRATORS, Act, apart, grant_roles, require

_PARTY = frozenset({Role.PARTY_REVIEWER, Role.PARTY_LEADER})
_EVERYWHERE = frozenset(
    {
        Role.UNION_REVIEWER,
        Role.PARTY_REVIEWER,
        Role.KEEPER,
        Role.UNION_LEADER,
        Role.PARTY_LEADER,
        Role.OBSERVER,
    }
)


class Appointed(NamedTuple):
    """A post that was given, and for whose first post it is the second half of the password; known nowhere else."""

    post: Post
    half: str

    def __repr__(self) -> str:
        return f"Appointed(post={self.post.pk})"


UnitPaths = Callable[[Collection[int]], Mapping[int, frozenset[str]]]
_unit_paths: list[UnitPaths] = []


def register_units(paths_of: UnitPaths) -> None:
    """
    Add who knows for which units people act: by person, the paths of the bodies to which these units hand in.

    Units are not part of the plan, yet nobody may be an official over their own unit, so the floor that knows units
    registers this.
    """
    _unit_paths.append(paths_of)


def unit_paths(user_id: int) -> frozenset[str]:
    """The paths of the bodies to which the person's units hand in; empty for somebody who acts for no unit."""
    return frozenset().union(*(paths_of([user_id]).get(user_id, ()) for paths_of in _unit_paths))


def unit_paths_of(numbers: Collection[int]) -> dict[int, frozenset[str]]:
    """The same of many people, those who act for some unit. One statement for any number."""
    found: dict[int, frozenset[str]] = {}
    for paths_of in _unit_paths:
        for user, paths in paths_of(numbers).items():
            found[user] = found.get(user, frozenset()) | paths
    return found


def with_posts(users: Collection[User]) -> frozenset[int]:
    """The numbers of those who hold a post of an office or act for a unit. Two statements for any number."""
    numbers = [user.pk for user in users]
    officials = Post.objects.filter(group__user__in=numbers).values_list("group__user", flat=True)
    return unit_people(numbers).union(officials)


def unit_people(user_ids: Collection[int]) -> frozenset[int]:
    """The numbers of those who act for a unit."""
    return frozenset().union(*(paths_of(user_ids) for paths_of in _unit_paths))


def roles_at(body: Body) -> list[Role]:
    """The roles that a body has: staff and administrators at the province only, party offices where there is one."""
    return [
        role
        for role in Role
        if (body.level == Level.PROVINCE or role in _EVERYWHERE)
        and (body.has_party_office or role not in _PARTY)
    ]


def group_name(body: Body, role: Role) -> str:
    """The group of a post, one for each body and role: "320581:keeper"."""
    return f"{body.code}:{role.value}"


@transaction.atomic
def create(*, bodies: Iterable[Body], roles: Iterable[Role] | None = None) -> list[Post]:
    """
    Create the posts of the bodies with their grants: the given roles as far as the body has them, or all it has.

    A fixed number of statements for any number of bodies. Posts that exist stay, and get what grants they lack.
    """
    asked = frozenset(Role) if roles is None else frozenset(roles)
    wanted = {
        group_name(body, role): (body, role) for body in bodies for role in roles_at(body) if role in asked
    }
    Group.objects.bulk_create((Group(name=name) for name in wanted), ignore_conflicts=True)
    groups = {group.name: group for group in Group.objects.filter(name__in=wanted)}
    there = set(Post.objects.filter(group__name__in=wanted).values_list("group__name", flat=True))
    Post.objects.bulk_create(
        Post(body=body, role=role, group=groups[name])
        for name, (body, role) in wanted.items()
        if name not in there
    )
    grant_roles((groups[name], role, body) for name, (body, role) in wanted.items())
    if wanted.keys() - there:
        ledger.append(
            stream="posts", act="create_posts", actor=None, after={"posts": sorted(wanted.keys() - there)}
        )
    return list(Post.objects.filter(group__name__in=wanted).select_related("body", "group"))


@transaction.atomic
def appoint(*, user_id: int, body_id: int, role: Role, actor: User | None) -> Appointed:
    """
    Give a person a post. Appointing somebody who holds it already changes nothing.

    A first post brings the second half of the password whose first half the system administrator handed out: neither of
    the two can sign in as its holder. RuleViolation(FirstHalfMissing) for an account with any other password, which
    somebody may know as a whole. The system itself appoints whoever it has opened an account for.

    The actor holds MANAGE_POSTS at the province and is somebody else. Raises NotPermitted; InvalidInput("role",
    PostMissing) for a post that does not exist; RuleViolation for a deactivated account (UserInactive) and
    for what nobody holds together: ThreeAdminsSeparate, DutiesSeparate, UnitPersonInArea. The account is
    locked, so that two appointments at once are judged one after the other.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    post = _post(body_id, role)
    _require(actor, user, post)
    held = _held(user)
    first = actor is not None and not held
    _refuse_conflicts(user, post, held, first=first)
    half = ""
    if first:
        half, user.password = one_time.second_half(user.password)
        user.save(update_fields=["password"])
    if post.pk not in {other.pk for other in held}:
        user.groups.add(post.group)
        _record("appoint", user, post, actor)
    return Appointed(post, half)


@transaction.atomic
def dismiss(*, user_id: int, body_id: int, role: Role, actor: User | None, reason: str = "") -> Post:
    """Take a post from a person. Raises as `appoint` does; taking what is not held changes nothing."""
    user = User.objects.select_for_update().get(pk=user_id)
    post = _post(body_id, role)
    _require(actor, user, post)
    if post.pk in {other.pk for other in _held(user)}:
        user.groups.remove(post.group)
        _record("dismiss", user, post, actor, reason)
    return post


def is_filled(*, body_id: int, role: Role) -> bool:
    """Whether somebody with an active account holds the post."""
    return Post.objects.filter(body=body_id, role=role, group__user__is_active=True).exists()


def _post(body_id: int, role: Role) -> Post:
    post: Post | None = Post.objects.select_related("body", "group").filter(body=body_id, role=role).first()
    if post is None:
        body = Body.objects.get(pk=body_id)
        raise InvalidInput(PostMissing("role", body=body.short_name, role=Role(role)))
    return post


def _require(actor: User | None, user: User, post: Post) -> None:
    root = Body.objects.get(code=post.body.path.split("/", 1)[0])
    require(actor, Act.MANAGE_POSTS, root.pk)
    _require_another(actor, user)


def _require_another(actor: User | None, user: User) -> None:
    if actor is not None and actor.pk == user.pk:
        raise OwnPost


def _held(user: User) -> list[Post]:
    return list(Post.objects.filter(group__user=user).select_related("body"))


def _refuse_conflicts(user: User, post: Post, held: list[Post], *, first: bool) -> None:
    violations: list[Reason] = []
    if not user.is_active:
        violations.append(UserInactive(name=user.name))
    violations += conflicts(user, post, held, unit_paths(user.pk))
    if first and not violations and not one_time.is_halved(user.password):
        violations.append(FirstHalfMissing(name=user.name))
    if violations:
        raise RuleViolation(*violations)


def conflicts(user: User, post: Post, held: Iterable[Post], units: Iterable[str]) -> list[Reason]:
    """What of the `held` posts and of the person's `units` (see `unit_paths`) nobody may hold together with this post."""
    role = post.role
    against = [
        other
        for other in held
        if other.pk != post.pk and apart(role, other.role, same_body=other.body_id == post.body_id)
    ]
    name, body = user.name, post.body.short_name
    violations: list[Reason] = []
    if against:
        of_others = [other.role for other in against]
        violations.append(
            ThreeAdminsSeparate(name=name, role=role, held=of_others)
            if ADMINISTRATORS & {role, *of_others}
            else DutiesSeparate(name=name, role=role, body=body, held=of_others)
        )
    if units and role in ADMINISTRATORS:
        violations.append(AdministratorHasNoUnit(name=name, role=role))
    elif any(path.startswith(post.body.path) for path in units):
        violations.append(UnitPersonInArea(name=name, role=role, body=body))
    return violations


def _record(act: str, user: User, post: Post, actor: User | None, reason: str = "") -> None:
    ledger.append(
        stream=f"user:{user.pk}",
        act=act,
        actor=actor,
        body=post.body,
        after={"user": user.pk, "name": user.name, "role": post.role},
        reason=reason,
    )
