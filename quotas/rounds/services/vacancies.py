"""Vacancies 空缺: which posts on the routes of a round nobody active holds, and which of them stop it.

A post stops a round when an act that some list or nomination needs at its body is held by nobody there. Everything is
read from the grants as they are now, in a fixed number of statements; nothing is stored.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from quotas.base.states import Level, Role, Stage
from quotas.people.services.posts import roles_at
from quotas.rounds.models import Allotment
from quotas.tree.models import Body, Post, User
from quotas.tree.permissions import ADMINISTRATORS, ROLE_ACTS, Act, acts_held, grants_of

_ROLES = tuple(Role)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that nobody active holds. `acts` are those that nobody at the body can do because of it; none: it stops nothing."""

    body: Body
    role: Role
    acts: tuple[Act, ...]

    @property
    def stops(self) -> bool:
        """Whether something of the round comes to a halt here."""
        return bool(self.acts)


@dataclass(frozen=True, slots=True)
class Vacancies:
    """The vacant posts of a round among all `posts` on its routes, from the province down."""

    posts: int
    vacant: tuple[Vacancy, ...]

    @property
    def stopping(self) -> tuple[Vacancy, ...]:
        """Those that stop the round."""
        return tuple(vacancy for vacancy in self.vacant if vacancy.stops)

    @property
    def by_level(self) -> list[tuple[Level, int, int]]:
        """Each level with a vacancy, from the province down: how many are vacant, and how many of them stop the round."""
        vacant = Counter(vacancy.body.level for vacancy in self.vacant)
        stopping = Counter(vacancy.body.level for vacancy in self.stopping)
        return [(level, vacant[level], stopping[level]) for level in Level if vacant[level]]

    def at(self, body_ids: Collection[int]) -> "Vacancies":
        """Those of some bodies only; the number of all posts stays."""
        return Vacancies(self.posts, tuple(each for each in self.vacant if each.body.pk in body_ids))


@dataclass(frozen=True, slots=True)
class Fillers:
    """The people who can fill a vacant post: those who open accounts and those who grant posts. By name, for
    officials only.
    """

    accounts: tuple[User, ...]
    posts: tuple[User, ...]


def of_round(*, round_id: int) -> Vacancies:
    """The vacant posts of the bodies on the routes of the round's awards. Four statements."""
    needed: dict[int, set[Act]] = {}
    codes: dict[str, set[tuple[Stage, bool]]] = {}
    allotments = Allotment.objects.filter(round_award__round=round_id).filter(
        Q(places__gt=0) | Q(separate_places__gt=0)
    )
    for path, joint, final_stage in allotments.values_list(
        "body__path", "round_award__award__joint", "round_award__award__final_stage"
    ).distinct():
        for code in path.strip("/").split("/"):
            codes.setdefault(code, set()).add((final_stage, joint))
    bodies = {body.pk: body for body in Body.objects.open().filter(code__in=codes).order_by("path")}
    for body in bodies.values():
        for final_stage, joint in codes[body.code]:
            if body.stage <= final_stage:
                needed.setdefault(body.pk, set()).update(acts_of(body, joint=joint, final_stage=final_stage))
    return _vacancies([bodies[pk] for pk in bodies if pk in needed], needed)


def acts_of(body: Body, *, joint: bool, final_stage: Stage | str) -> frozenset[Act]:
    """What has to be done at a body for the slates of an award, before the award is given."""
    acts = {Act.REVIEW_UNION, Act.KEEP_SLATE, Act.SIGN_UNION}
    if joint and body.has_party_office:
        acts |= {Act.REVIEW_PARTY, Act.SIGN_PARTY}
    if body.level == Level.PROVINCE and final_stage == Stage.PROVINCE:
        acts.add(Act.FINALISE_LIST)
    return frozenset(acts)


def of_act(body: Body, act: Act) -> Role:
    """The post to be filled where nobody at the body can do the act."""
    roles = [role for role in roles_at(body) if act in ROLE_ACTS[role]]
    # At the province the staff keep the slate; they are who is appointed there.
    return Role.STAFF if Role.STAFF in roles else roles[0]


def unheld(*, body: Body, acts: Iterable[Act], reader: User) -> list[Role]:
    """
    The posts of the body that are vacant so that none of these acts can be done there.

    One statement; none where the reader holds the acts.
    """
    grants = grants_of(reader)
    acts = [act for act in acts if body.pk not in grants.bodies(act)]
    if not acts:
        return []
    held = acts_held([body.pk]).get(body.pk, frozenset())
    roles = {of_act(body, act) for act in acts if act not in held}
    return sorted(roles, key=_ROLES.index)


def everywhere() -> list[tuple[Body, Role]]:
    """Every post of an open body that nobody active holds, but those of the three administrators. Two statements."""
    bodies = list(Body.objects.open().order_by("path"))
    filled = _filled(bodies)
    return [
        (body, role)
        for body in bodies
        for role in roles_at(body)
        if role not in ADMINISTRATORS and (body.pk, role.value) not in filled
    ]


def _filled(bodies: Iterable[Body]) -> set[tuple[int, str]]:
    active = User.objects.filter(groups=OuterRef("group"), is_active=True)
    rows = Post.objects.filter(Exists(active), body__in=[body.pk for body in bodies])
    return set(rows.values_list("body_id", "role"))


def fillers() -> Fillers:
    """The administrators who open accounts and grant posts, by name. One statement."""
    found: dict[str, list[User]] = {}
    wanted = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    rows = Post.objects.filter(role__in=wanted, body__parent=None, group__user__is_active=True)
    for role, pk, name in rows.order_by("group__user__pk").values_list(
        "role", "group__user__pk", "group__user__name"
    ):
        found.setdefault(role, []).append(User(pk=pk, name=name))
    return Fillers(*(tuple(found.get(role, ())) for role in wanted))


def _vacancies(bodies: list[Body], needed: Mapping[int, set[Act]]) -> Vacancies:
    filled = _filled(bodies)
    held = acts_held([body.pk for body in bodies])
    vacant = []
    posts = 0
    for body in bodies:
        lacking: dict[Role, list[Act]] = {}
        for act in Act:
            if act in needed[body.pk] and act not in held.get(body.pk, frozenset()):
                lacking.setdefault(of_act(body, act), []).append(act)
        for role in roles_at(body):
            if role in ADMINISTRATORS:
                continue
            posts += 1
            if (body.pk, role.value) not in filled:
                vacant.append(Vacancy(body, role, tuple(lacking.get(role, ()))))
    return Vacancies(posts, tuple(vacant))
