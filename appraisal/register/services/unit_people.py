"""The people of units 单位人员: who applies and who endorses, their accounts, and the login names made for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from appraisal.records.models import Employer, UnitPost
from appraisal.records.services import lifecycle
from appraisal.records.states import EmployerAct, UnitRole
from appraisal.register.refusals import OfficialInArea, OwnUnitPost, UnitPersonUnknown
from appraisal.register.services import employers, unit_officials
from quotas.base import text
from quotas.base.errors import DomainError, FieldProblem, InvalidInput, RuleViolation, answer_of
from quotas.base.states import Role
from quotas.ledger.services import ledger
from quotas.people.refusals import UserInactive, UsernameTaken
from quotas.people.services import accounts, one_time, openings
from quotas.tree.models import Post, User
from quotas.tree.permissions import Act, grants_of, holds
from quotas.tree.refusals import ActNotHeld


@transaction.atomic
def appoint(*, employer_id: int, user_id: int, role: UnitRole, actor: User | None) -> UnitPost:
    """
    Let a person act for the unit. By those who verify ownership at its body, for others than themselves. Repeatable.

    Only accounts that are there for units of that body (see `person`), so that nobody is tied to a unit, and kept
    from deciding on it, by somebody else's act. Raises InvalidInput(UnitPersonUnknown("username")) for others, and
    RuleViolation(OfficialInArea, AdministratorHasNoUnitPost) for who holds a post. The account is locked.
    """
    employer = lifecycle.lock_employer(employer_id)
    body_id = unit_officials.require_official(employer, actor)
    user = User.objects.select_for_update().get(pk=user_id)
    if actor is not None and actor.pk == user_id:
        raise RuleViolation(OwnUnitPost())
    if not user.is_active:
        raise InvalidInput(UserInactive("user", name=user.name))
    if actor is not None and not _is_person_of(user, body_id):
        raise InvalidInput(UnitPersonUnknown("username", username=user.username))
    unit_officials.refuse_officials(employer, [user])
    post, created = UnitPost.objects.get_or_create(user=user, employer=employer, role=UnitRole(role))
    if created:
        _record_post(employer, user, role, EmployerAct.APPOINT, actor)
    return post


def person(*, employer_id: int, username: str, actor: User) -> User:
    """
    The account with this login name, as far as those who verify the unit's ownership may know of it.

    It was opened for a unit of their body, or acts for one. Raises InvalidInput(UnitPersonUnknown("username"))
    for every other one, whether it exists or not, and NotPermitted.
    """
    body_id = unit_officials.require_official(Employer.objects.get(pk=employer_id), actor)
    wanted = text.line(username)
    user: User | None = User.objects.of_login([wanted]).filter(is_active=True).first()
    if user is None or not _is_person_of(user, body_id):
        raise InvalidInput(UnitPersonUnknown("username", username=wanted))
    return user


@transaction.atomic
def open_account(
    *, employer_id: int, role: UnitRole, username: str, name: str, actor: User | None
) -> accounts.Issued:
    """
    Open an account for somebody of the unit and appoint it in one step, by those who verify ownership at its body.

    Raises NotPermitted, and InvalidInput with every wrong field. Gives the account with its one-time password.
    """
    employer = lifecycle.lock_employer(employer_id)
    issued = accounts.create_for_unit(
        username=username, name=name, body_id=unit_officials.require_official(employer, actor), actor=actor
    )
    UnitPost.objects.create(user=issued.user, employer=employer, role=UnitRole(role))
    _record_post(employer, issued.user, role, EmployerAct.APPOINT, actor)
    return issued


def reset_password(*, employer_id: int, user_id: int, actor: User | None) -> accounts.Issued:
    """
    Replace the lost password of one of the unit's people by a one-time password, by those who opened the account.

    They verify ownership at the body at which it was opened for a unit, and gave out the first password as well. Raises
    NotPermitted, InvalidInput(UnitPersonUnknown("user")) for somebody who does not act for the unit, and as
    `accounts.reset_for_unit`: whoever holds a post of an office gets a new password by two administrators only.
    """
    employer = Employer.objects.select_related("body", "industry_body").get(pk=employer_id)
    body_id = unit_officials.require_official(employer, actor)
    user = User.objects.get(pk=user_id)
    if not UnitPost.objects.filter(user=user, employer=employer).exists():
        raise InvalidInput(UnitPersonUnknown("user", username=user.username))
    return accounts.reset_for_unit(user_id=user_id, body_id=body_id, actor=actor)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to act for a unit. Without a login name one is made of the unit's code."""

    employer: Employer
    role: UnitRole
    name: str
    username: str = ""
    phone: str = ""


@transaction.atomic
def open_accounts(
    *, people: Sequence[Person], actor: User | None
) -> list[accounts.Issued | DomainError | None]:
    """
    Open accounts for people of units and appoint them; in the order given what became of each.

    None: the unit has this person already. By those who verify ownership at the units' bodies, as `open_account`; a
    fixed number of statements and one or two for each body. The caller takes everything back where one of the answers
    is a refusal, and holds the units.
    """
    officials, there, logins = unit_officials.Officials(actor), _people_of(people), _Logins(people)
    judged = [answer_of(_opening, person, officials, there, logins) for person in people]
    wanted = {place: opening for place, opening in enumerate(judged) if isinstance(opening, openings.Opening)}
    opened = dict(zip(wanted, openings.open_many(openings=list(wanted.values()), actor=actor), strict=True))
    issued = {place: answer for place, answer in opened.items() if isinstance(answer, accounts.Issued)}
    UnitPost.objects.bulk_create(
        [
            UnitPost(user=account.user, employer=people[place].employer, role=people[place].role)
            for place, account in issued.items()
        ],
        batch_size=employers.CHUNK,
    )
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                employers.stream(people[place].employer.pk),
                EmployerAct.APPOINT.value,
                actor,
                people[place].employer.body,
                after={"user": account.user.pk, "role": people[place].role.value},
            )
            for place, account in issued.items()
        ]
    )
    return [
        opened[place] if isinstance(answer, openings.Opening) else answer
        for place, answer in enumerate(judged)
    ]


def _opening(
    person: Person,
    officials: unit_officials.Officials,
    there: Mapping[tuple[int, str], list[User]],
    logins: "_Logins",
) -> openings.Opening | None:
    """The account to be opened for the person; None where the unit has the person already."""
    body_id = officials.require(person.employer)
    if _is_there(person, there, logins):
        return None
    return openings.Opening(logins.give(person), person.name, body_id, phone=person.phone)


_LOGIN_ENDS = {UnitRole.APPLICANT: "shenbao", UnitRole.ENDORSER: "danwei"}


_MOST_OF_A_POST = 9


def _made_logins(person: Person) -> list[str]:
    """Like 91320581ma1….shenbao, and with a number for those who come after: a login name is never given twice."""
    made = f"{text.login(person.employer.credit_code)}.{_LOGIN_ENDS[person.role]}"
    return [made, *(f"{made}{number}" for number in range(2, _MOST_OF_A_POST + 1))]


class _Logins:
    """The login names of some people: whose they are, and which of them have been given to one of these people."""

    def __init__(self, people: Iterable[Person]) -> None:
        asked = {login for person in people for login in (person.username, *_made_logins(person)) if login}
        self._users = openings.by_login(asked)
        self._given: set[str] = set()

    def user(self, username: str) -> User | None:
        """Whose login name it is."""
        return self._users.get(text.login(username))

    def give(self, person: Person) -> str:
        """The login name that was asked for, or else the first that is free. InvalidInput where somebody has it."""
        made = _made_logins(person)
        username = person.username or next(filter(self._is_free, made), made[-1])
        if not self._is_free(username):
            raise InvalidInput(self._why_taken(person.employer, username))
        self._given.add(text.login(username))
        return username

    def _is_free(self, username: str) -> bool:
        login = text.login(username)
        return login not in self._users and login not in self._given

    def _why_taken(self, unit: Employer, username: str) -> FieldProblem:
        """Officials are never made people of a unit in their area, and it is said that they are that."""
        user = self.user(username)
        if user is None:
            return UsernameTaken("username", username=username)
        paths = [body.path for body in (unit.body, unit.industry_body) if body is not None]
        for post in Post.objects.held_by(user):
            if any(path.startswith(post.body.path) for path in paths):
                return OfficialInArea(
                    "username",
                    name=user.name,
                    unit=unit.name,
                    body=post.body.short_name,
                    role=Role(post.role),
                )
        return UsernameTaken("username", username=username)


def _people_of(people: Sequence[Person]) -> dict[tuple[int, str], list[User]]:
    """Who acts for the units now, by unit and role. One statement for every employers.CHUNK."""
    found: dict[tuple[int, str], list[User]] = {}
    units = sorted({person.employer.pk for person in people})
    for start in range(0, len(units), employers.CHUNK):
        posts = UnitPost.objects.filter(
            employer__in=units[start : start + employers.CHUNK], user__is_active=True
        )
        for post in posts.select_related("user"):
            found.setdefault((post.employer_id, post.role), []).append(post.user)
    return found


def _is_there(person: Person, there: Mapping[tuple[int, str], list[User]], logins: _Logins) -> bool:
    """Whether the unit has this person in this role: by the login name, or by the name where none is given."""
    acting = there.get((person.employer.pk, person.role.value), [])
    if not person.username:
        return any(text.key(user.name) == text.key(person.name) for user in acting)
    user = logins.user(person.username)
    return user is not None and user in acting and text.key(user.name) == text.key(person.name)


@transaction.atomic
def reissue(*, actor: User) -> list[tuple[UnitPost, accounts.Issued]]:
    """
    Replace the one-time passwords of people of units who have never signed in, when a sheet was lost.

    Covers the accounts opened at the bodies where the actor verifies ownership, for units there. Raises NotPermitted.
    """
    bodies = grants_of(actor).bodies(Act.VERIFY_OWNERSHIP)
    held = frozenset(body for body in bodies if holds(actor, Act.VERIFY_OWNERSHIP, body))
    if not held:
        raise ActNotHeld(act=Act.VERIFY_OWNERSHIP)
    waiting = _never_signed_in(held)
    # People by number, as everywhere; who has signed in meanwhile keeps the own password.
    locked = User.objects.select_for_update().filter(pk__in={post.user_id for post in waiting}).order_by("pk")
    users = {user.pk: user for user in locked if user.last_login is None and user.must_change_password}
    words = {}
    for user in users.values():
        made = one_time.whole()
        user.password, words[user.pk] = made.encoded, made.text
    User.objects.bulk_update(users.values(), ["password"], batch_size=employers.CHUNK)
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                accounts.stream(user.pk),
                "reset_password",
                actor,
                after={"username": user.username, "name": user.name, "active": user.is_active},
            )
            for user in users.values()
        ]
    )
    return [
        (post, accounts.Issued(users[post.user_id], words[post.user_id]))
        for post in waiting
        if post.user_id in users
    ]


def number_never_signed_in(actor: User) -> int:
    """For how many people `reissue` would make a new password."""
    bodies = grants_of(actor).bodies(Act.VERIFY_OWNERSHIP)
    return len({post.user_id for post in _never_signed_in(bodies)})


def _never_signed_in(bodies: frozenset[int]) -> list[UnitPost]:
    """Who acts for units of these bodies, was given an account there, and never used it. Two statements."""
    posts = UnitPost.objects.filter(
        Q(employer__body__in=bodies) | Q(employer__industry_body__in=bodies),
        user__is_active=True,
        user__must_change_password=True,
        user__last_login=None,
        user__groups=None,
    )
    found = list(posts.select_related("user", "employer").order_by("employer", "role", "pk"))
    opened = accounts.opened_at_of({post.user_id for post in found})
    return [post for post in found if opened.get(post.user_id) in bodies]


@transaction.atomic
def dismiss(*, employer_id: int, user_id: int, role: UnitRole, actor: User | None) -> None:
    """The person no longer acts for the unit. What they did stays on record. Repeatable."""
    employer = lifecycle.lock_employer(employer_id)
    unit_officials.require_official(employer, actor)
    removed, _rows = UnitPost.objects.filter(user=user_id, employer=employer, role=UnitRole(role)).delete()
    if removed:
        _record_post(employer, User.objects.get(pk=user_id), role, EmployerAct.DISMISS, actor)


def _record_post(
    employer: Employer, user: User, role: UnitRole, act: EmployerAct, actor: User | None
) -> None:
    ledger.append(
        stream=employers.stream(employer.pk),
        act=act.value,
        actor=actor,
        body=employer.body,
        after={"user": user.pk, "role": UnitRole(role).value},
    )


def _is_person_of(user: User, body_id: int) -> bool:
    """Whether the account was opened for a unit of the body, or acts for one. Two statements."""
    return (
        UnitPost.objects.filter(
            Q(employer__body=body_id) | Q(employer__industry_body=body_id), user=user
        ).exists()
        or accounts.opened_at(user) == body_id
    )
