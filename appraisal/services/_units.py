"""Who acts for a unit: asked fresh under the lock, like the acts at a body."""

from appraisal.models import UnitPost
from appraisal.states import UnitRole
from quotas.errors import NotPermitted
from quotas.models import User


def roles_of(actor: User, employer_id: int) -> frozenset[str]:
    """What the person may do for the unit now. One statement, never cached."""
    if not actor.is_active:
        return frozenset()
    return frozenset(UnitPost.objects.filter(user=actor, employer=employer_id).values_list("role", flat=True))


def require_role(actor: User, employer_id: int, *wanted: UnitRole) -> None:
    """Raise NotPermitted("unit_role_not_held") unless the person has one of the roles at the unit."""
    if not roles_of(actor, employer_id) & {role.value for role in wanted}:
        raise NotPermitted("unit_role_not_held", roles=wanted)
