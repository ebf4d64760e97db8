"""Who may act on a unit, and who may not act for it: the officials at the bodies of its two channels."""

from collections.abc import Iterable

from appraisal.records.models import Employer
from appraisal.register.refusals import AdministratorHasNoUnitPost, OfficialInArea
from quotas.base.errors import DomainError, Reason, RuleViolation, answer_of
from quotas.base.states import Role
from quotas.tree.models import Post, User
from quotas.tree.permissions import ADMINISTRATORS, Act, holds
from quotas.tree.refusals import ActNotHeld


def require_official(employer: Employer, actor: User | None) -> int:
    """
    The act at exactly the unit's county or its industry union; acting never inherits. The system may.

    Gives the number of the body at which the actor holds it.
    """
    if actor is None or holds(actor, Act.VERIFY_OWNERSHIP, employer.body_id):
        return employer.body_id
    if employer.industry_body_id is None or not holds(actor, Act.VERIFY_OWNERSHIP, employer.industry_body_id):
        raise ActNotHeld(act=Act.VERIFY_OWNERSHIP)
    return employer.industry_body_id


class Officials:
    """`require_official` of many units, asked once for each body."""

    def __init__(self, actor: User | None) -> None:
        self._actor = actor
        self._known: dict[tuple[int, int | None], int | DomainError] = {}

    def require(self, employer: Employer) -> int:
        """Like `require_official`, asked once for each pair of bodies."""
        key = employer.body_id, employer.industry_body_id
        if key not in self._known:
            self._known[key] = answer_of(require_official, employer, self._actor)
        answer = self._known[key]
        if isinstance(answer, DomainError):
            raise answer
        return answer


def refuse_officials(employer: Employer, people: Iterable[User]) -> None:
    """
    Raise RuleViolation for locked people who hold a post of an office over the unit, or of an administrator anywhere.

    The area of a post is its body and all below it, by both channels.
    """
    over = [employer.body.path, employer.industry_body.path if employer.industry_body else ""]
    violations: list[Reason] = []
    for user in people:
        for post in Post.objects.held_by(user):
            if post.role in ADMINISTRATORS:
                violations.append(AdministratorHasNoUnitPost(name=user.name, unit=employer.name))
            elif any(path.startswith(post.body.path) for path in over):
                violations.append(
                    OfficialInArea(
                        name=user.name,
                        unit=employer.name,
                        body=post.body.short_name,
                        role=Role(post.role),
                    )
                )
    if violations:
        raise RuleViolation(*violations)


def lock_people(employer: Employer) -> list[User]:
    """The people of a locked unit, locked as `posts.appoint` locks them."""
    people = User.objects.select_for_update().filter(unit_posts__employer=employer).order_by("pk")
    # PostgreSQL locks no rows of a DISTINCT.
    return list({user.pk: user for user in people}.values())
