"""Which offices act at a body."""

from quotas.base.states import Office
from quotas.editions.models import Award
from quotas.tree.models import Body


def offices(award: Award, body: Body) -> tuple[Office, ...]:
    """The offices whose opinions a nomination needs at a body: both, or the union where it reviews alone.

    It does so for an award that is not joint, and at an industry union, which has no organisation department.
    """
    if award.joint and body.has_party_office:
        return (Office.UNION, Office.PARTY)
    return (Office.UNION,)
