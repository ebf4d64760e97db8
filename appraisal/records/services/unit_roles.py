"""Who acts for a unit: asked fresh under the lock, like the acts at a body."""

from collections.abc import Callable, Collection

from appraisal.records.models import UnitPost
from appraisal.records.refusals import UnitRoleNotHeld
from appraisal.records.services.chunks import in_chunks
from appraisal.records.states import UnitRole
from quotas.tree.models import User


def roles_of(actor: User, employer_id: int) -> frozenset[str]:
    """What the person may do for the unit now. One statement, never cached."""
    if not actor.is_active:
        return frozenset()
    return frozenset(UnitPost.objects.filter(user=actor, employer=employer_id).values_list("role", flat=True))


def paths_of(user_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """By person the paths of the bodies, county and industry union, to which their units hand in. One statement."""
    found: dict[int, set[str]] = {}
    for user, *paths in UnitPost.objects.filter(user__in=user_ids).values_list(
        "user", "employer__body__path", "employer__industry_body__path"
    ):
        found.setdefault(user, set()).update(path for path in paths if path)
    return {user: frozenset(paths) for user, paths in found.items()}


class Roles:
    """Who acts for several units, asked at once; called like `roles_of`. A statement for every CHUNK of units."""

    def __init__(self, employer_ids: Collection[int]) -> None:
        self._roles: dict[tuple[int, int], set[str]] = {}
        for some in in_chunks(employer_ids):
            posts = UnitPost.objects.filter(employer__in=some)
            for user, employer, role in posts.values_list("user", "employer", "role"):
                self._roles.setdefault((user, employer), set()).add(role)

    def __call__(self, actor: User, employer_id: int) -> frozenset[str]:
        """What the person may do for the unit."""
        return frozenset(self._roles.get((actor.pk, employer_id), ())) if actor.is_active else frozenset()


def require_role(
    actor: User,
    employer_id: int,
    *wanted: UnitRole,
    roles: Callable[[User, int], frozenset[str]] = roles_of,
) -> None:
    """Raise UnitRoleNotHeld unless the person has one of the roles at the unit."""
    if not roles(actor, employer_id) & {role.value for role in wanted}:
        raise UnitRoleNotHeld(roles=wanted)
