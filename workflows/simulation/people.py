"""The officials of a simulated round: one account per post, without a usable password."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from quotas.base.states import Level, Office, Role
from quotas.people.services import posts
from quotas.tree.models import Body, User


@dataclass(frozen=True)
class Crew:
    """The people of one body. At the province the keeper is the provincial staff, who also finalise."""

    reviewers: Mapping[Office, User]
    leaders: Mapping[Office, User]
    keeper: User

    @property
    def verifier(self) -> User:
        """Who verifies ownership here."""
        return self.reviewers[Office.UNION]


def account(username: str, name: str) -> User:
    """An account that nobody can sign in with; the one that is there already, when there is one."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(username=username, name=name, email="")
        user.set_unusable_password()
        user.save(force_insert=True)
    return user


Naming = Callable[[Body, Role], tuple[str, str]]
"""The login name and the name of who holds a post."""


def by_post(body: Body, role: Role) -> tuple[str, str]:
    """Nobody in particular: named by the post."""
    return f"sim.{body.code}.{role.value}", f"{body.short_name}{role.label}"


def crews(bodies: Iterable[Body], naming: Naming = by_post) -> dict[int, Crew]:
    """The people of every body, by the body's number, appointed through the service. Safe to repeat."""
    return {body.pk: _crew(body, naming) for body in bodies}


def _crew(body: Body, naming: Naming) -> Crew:
    offices = (Office.UNION, Office.PARTY) if body.has_party_office else (Office.UNION,)
    reviewer = {Office.UNION: Role.UNION_REVIEWER, Office.PARTY: Role.PARTY_REVIEWER}
    leader = {Office.UNION: Role.UNION_LEADER, Office.PARTY: Role.PARTY_LEADER}
    return Crew(
        reviewers={office: official(body, reviewer[office], naming) for office in offices},
        leaders={office: official(body, leader[office], naming) for office in offices},
        keeper=official(body, Role.STAFF if body.level == Level.PROVINCE else Role.KEEPER, naming),
    )


def official(body: Body, role: Role, naming: Naming = by_post) -> User:
    """Who holds the post, appointed unless they hold it already."""
    user = account(*naming(body, role))
    if not user.groups.filter(name=posts.group_name(body, role)).exists():
        posts.appoint(user_id=user.pk, body_id=body.pk, role=role, actor=None)
    return user
