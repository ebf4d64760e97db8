"""The register of units 申报单位, and the verification of who controls them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import CharField, Q

from appraisal.gate.services import admissions
from appraisal.records import rules
from appraisal.records.models import Employer, Nomination, UnitPost
from appraisal.records.refusals import OwnUnit
from appraisal.records.services import lifecycle, unit_roles
from appraisal.records.states import LIVE_STATES, Control, EmployerAct, Sector, UnitRole
from appraisal.register.refusals import (
    AdministratorHasNoUnitPost,
    BodyNotACounty,
    BodyNotAnIndustryUnion,
    ControlUndecided,
    EmployerKnown,
    EmployerKnownElsewhere,
    MoreMembersThanEmployees,
    OfficialInArea,
    OwnUnitPost,
    PeopleRange,
    PermilleRange,
    ProofRequired,
    UnitPersonUnknown,
)
from quotas.base import clock, text
from quotas.base.errors import (
    DomainError,
    FieldProblem,
    InvalidInput,
    NotPermitted,
    Reason,
    RuleViolation,
    answer_of,
)
from quotas.base.refusals import ChoiceUnknown, TextTooLong, ValueRequired
from quotas.base.states import Level, NomineeKind, Role
from quotas.ledger.services import ledger
from quotas.people.refusals import UserInactive, UsernameTaken
from quotas.people.services import accounts, one_time, openings
from quotas.tree.models import Body, Post, User
from quotas.tree.permissions import ADMINISTRATORS, Act, grants_of, holds
from quotas.tree.refusals import ActNotHeld


class EmployerFields(TypedDict, total=False):
    """What is known of a unit. Numbers are persons; state capital is in ‰."""

    credit_code: str
    name: str
    registration_type: str
    body: Body
    industry_body: Body | None
    sector: str
    address: str
    employees: int
    union_members: int
    party_members: int
    union_name: str
    union_code: str
    party_org_name: str
    control: str
    state_capital_permille: int | None


OFFICIAL_FIELDS = frozenset({"credit_code", "body", "industry_body"})
"""What identifies a unit and decides its route is for officials; the rest its own people keep up to date."""
_FIGURES = ("employees", "union_members", "party_members")
_MOST_PEOPLE = 10_000_000
CHUNK = 500
"""Values in one IN list: SQLite takes no long ones."""


def stream(pk: int) -> str:
    """The ledger's chain of one unit."""
    return f"employer:{pk}"


def register(*, actor: User | None, **fields: Unpack[EmployerFields]) -> Employer:
    """Enter a unit, known by its unified social credit code. By those who verify ownership at its body.

    Raises InvalidInput with every wrong field; a unit that is known already is named only to those who may see it.
    """
    with transaction.atomic():
        (answer,) = register_many(units=[fields], actor=actor)
        if isinstance(answer, DomainError):
            raise answer
    return answer


@transaction.atomic
def register_many(*, units: Sequence[EmployerFields], actor: User | None) -> list[Employer | DomainError]:
    """
    Enter the units that can be entered; in the order given each, or what `register` would refuse it with.

    A fixed number of statements and one or two for each body. Units are written in the order of their codes, so that
    two imports of the same ones wait for each other and never crosswise; who comes second finds them known.
    """
    officials = _Officials(actor)
    answers = [answer_of(_draft, fields, officials) for fields in units]
    known = _write_new([answer for answer in answers if isinstance(answer, Employer)])
    answers = [
        _known_already(known[answer.credit_code], actor)
        if isinstance(answer, Employer) and answer.credit_code in known
        else answer
        for answer in answers
    ]
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream(answer.pk),
                EmployerAct.REGISTER.value,
                actor,
                answer.body,
                after={"credit_code": answer.credit_code, **_told(answer, fields)},
            )
            for answer, fields in zip(answers, units, strict=True)
            if isinstance(answer, Employer)
        ]
    )
    return answers


def _draft(fields: EmployerFields, officials: "_Officials") -> Employer:
    """The unit of these fields, not written; InvalidInput, and NotPermitted where the officials are not its own."""
    employer = Employer()
    unreadable = _fill(employer, fields)
    _raise([*unreadable, *_problems(employer)])
    officials.require(employer)
    return employer


def _write_new(drafts: Sequence[Employer]) -> dict[str, Employer]:
    """Write the units whose codes nobody has; by code the units that were there, or came in meanwhile."""
    known = _known(employer.credit_code for employer in drafts)
    while True:
        new = [employer for employer in drafts if employer.credit_code not in known]
        try:
            with transaction.atomic():
                Employer.objects.bulk_create(
                    sorted(new, key=lambda employer: employer.credit_code), batch_size=CHUNK
                )
        except IntegrityError:
            faster = _known(employer.credit_code for employer in new)
            if not faster:
                raise
            known |= faster
        else:
            return known


def _known(codes: Iterable[str]) -> dict[str, Employer]:
    """The units with these codes, regardless of who may see them. One statement for every CHUNK."""
    wanted = sorted(set(codes))
    return {
        employer.credit_code: employer
        for start in range(0, len(wanted), CHUNK)
        for employer in Employer.objects.filter(credit_code__in=wanted[start : start + CHUNK])
    }


@transaction.atomic
def update(
    *, employer_id: int, version: int, actor: User | None, **fields: Unpack[EmployerFields]
) -> Employer:
    """Keep a unit's entry up to date: its own people, or those who verify ownership at its body.

    The code, the body and the industry union are for officials; an official of the present body hands a unit over to
    another. The verified ownership is untouched: `verify_ownership` decides it. Saving what is there changes nothing.
    """
    employer = lifecycle.lock_employer(employer_id)
    changing = {name for name, value in fields.items() if getattr(employer, name) != value}
    if changing & OFFICIAL_FIELDS or actor is None or not unit_roles.roles_of(actor, employer_id):
        _require_official(employer, actor)
    lifecycle.require_version(employer, version)
    before = _told(employer, fields)
    unreadable = _fill(employer, fields)
    _raise([*unreadable, *_problems(employer)])
    after = _told(employer, fields)
    if before == after:
        return employer
    if changing & {"body", "industry_body"}:
        _refuse_officials(employer, _lock_people(employer))
    employer.version += 1
    try:
        with transaction.atomic():
            employer.save(update_fields=[*fields, "version", "search"])
    except IntegrityError as error:
        raise _known_already(Employer.objects.get(credit_code=employer.credit_code), actor) from error
    if before.get("name") != after.get("name"):
        _rename_nominees(employer, str(before["name"]))
    if {"credit_code", "name"} & {name for name in after if before[name] != after[name]}:
        _know_nominees_again(employer)
    ledger.append(
        stream=stream(employer.pk),
        act=EmployerAct.UPDATE.value,
        actor=actor,
        body=employer.body,
        before={name: value for name, value in before.items() if after[name] != value},
        after={name: value for name, value in after.items() if before[name] != value},
    )
    return employer


@transaction.atomic
def verify_ownership(
    *,
    employer_id: int,
    version: int,
    actor: User,
    control: Control,
    state_capital_permille: int | None,
    proof: str,
) -> Employer:
    """Decide who controls a unit, on what proof. State capital of 500‰ and more is state control, whatever is stated.

    By those who hold the act at exactly the unit's county or industry union, and never by the unit's own people.
    Live nominations that were handed in under another classification are flagged, not rewritten. Raises InvalidInput
    for a missing proof or a control left open.
    """
    employer = lifecycle.lock_employer(employer_id)
    _require_official(employer, actor)
    lifecycle.require_version(employer, version)
    if unit_roles.roles_of(actor, employer_id):
        raise RuleViolation(OwnUnit())
    proof = text.name(proof)
    _raise(_verification_problems(control, state_capital_permille, proof))
    before = _classified(employer)
    employer.state_capital_permille = state_capital_permille
    employer.verified_control = Control(rules.classify(control, state_capital_permille))
    employer.verified_by = actor
    employer.verified_at = clock.now()
    employer.verified_on_proof = proof
    employer.version += 1
    employer.save(
        update_fields=[
            "state_capital_permille",
            "verified_control",
            "verified_by",
            "verified_at",
            "verified_on_proof",
            "version",
        ]
    )
    _flag_nominations(employer)
    ledger.append(
        stream=stream(employer.pk),
        act=EmployerAct.VERIFY_OWNERSHIP.value,
        actor=actor,
        body=employer.body,
        before=before,
        after=_classified(employer),
        reason=proof,
    )
    return employer


@transaction.atomic
def appoint(*, employer_id: int, user_id: int, role: UnitRole, actor: User | None) -> UnitPost:
    """
    Let a person act for the unit. By those who verify ownership at its body, for others than themselves. Repeatable.

    Only accounts that are there for units of that body (see `person`), so that nobody is tied to a unit, and kept
    from deciding on it, by somebody else's act. Raises InvalidInput(UnitPersonUnknown("username")) for others, and
    RuleViolation(OfficialInArea, AdministratorHasNoUnitPost) for who holds a post. The account is locked.
    """
    employer = lifecycle.lock_employer(employer_id)
    body_id = _require_official(employer, actor)
    user = User.objects.select_for_update().get(pk=user_id)
    if actor is not None and actor.pk == user_id:
        raise RuleViolation(OwnUnitPost())
    if not user.is_active:
        raise InvalidInput(UserInactive("user", name=user.name))
    if actor is not None and not _is_person_of(user, body_id):
        raise InvalidInput(UnitPersonUnknown("username", username=user.username))
    _refuse_officials(employer, [user])
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
    body_id = _require_official(Employer.objects.get(pk=employer_id), actor)
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
        username=username, name=name, body_id=_require_official(employer, actor), actor=actor
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
    body_id = _require_official(employer, actor)
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
    officials, there, logins = _Officials(actor), _people_of(people), _Logins(people)
    judged = [answer_of(_opening, person, officials, there, logins) for person in people]
    wanted = {place: opening for place, opening in enumerate(judged) if isinstance(opening, openings.Opening)}
    opened = dict(zip(wanted, openings.open_many(openings=list(wanted.values()), actor=actor), strict=True))
    issued = {place: answer for place, answer in opened.items() if isinstance(answer, accounts.Issued)}
    UnitPost.objects.bulk_create(
        [
            UnitPost(user=account.user, employer=people[place].employer, role=people[place].role)
            for place, account in issued.items()
        ],
        batch_size=CHUNK,
    )
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream(people[place].employer.pk),
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
    officials: "_Officials",
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
    """Who acts for the units now, by unit and role. One statement for every CHUNK."""
    found: dict[tuple[int, str], list[User]] = {}
    units = sorted({person.employer.pk for person in people})
    for start in range(0, len(units), CHUNK):
        posts = UnitPost.objects.filter(employer__in=units[start : start + CHUNK], user__is_active=True)
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
    User.objects.bulk_update(users.values(), ["password"], batch_size=CHUNK)
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
    _require_official(employer, actor)
    removed, _rows = UnitPost.objects.filter(user=user_id, employer=employer, role=UnitRole(role)).delete()
    if removed:
        _record_post(employer, User.objects.get(pk=user_id), role, EmployerAct.DISMISS, actor)


def _record_post(
    employer: Employer, user: User, role: UnitRole, act: EmployerAct, actor: User | None
) -> None:
    ledger.append(
        stream=stream(employer.pk),
        act=act.value,
        actor=actor,
        body=employer.body,
        after={"user": user.pk, "role": UnitRole(role).value},
    )


def _require_official(employer: Employer, actor: User | None) -> int:
    """
    The act at exactly the unit's county or its industry union; acting never inherits. The system may.

    Gives the number of the body at which the actor holds it.
    """
    if actor is None or holds(actor, Act.VERIFY_OWNERSHIP, employer.body_id):
        return employer.body_id
    if employer.industry_body_id is None or not holds(actor, Act.VERIFY_OWNERSHIP, employer.industry_body_id):
        raise ActNotHeld(act=Act.VERIFY_OWNERSHIP)
    return employer.industry_body_id


def _is_person_of(user: User, body_id: int) -> bool:
    """Whether the account was opened for a unit of the body, or acts for one. Two statements."""
    return (
        UnitPost.objects.filter(
            Q(employer__body=body_id) | Q(employer__industry_body=body_id), user=user
        ).exists()
        or accounts.opened_at(user) == body_id
    )


def _lock_people(employer: Employer) -> list[User]:
    """The people of a locked unit, locked as `posts.appoint` locks them."""
    people = User.objects.select_for_update().filter(unit_posts__employer=employer).order_by("pk")
    # PostgreSQL locks no rows of a DISTINCT.
    return list({user.pk: user for user in people}.values())


def _refuse_officials(employer: Employer, people: Iterable[User]) -> None:
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


class _Officials:
    """`_require_official` of many units, asked once for each body."""

    def __init__(self, actor: User | None) -> None:
        self._actor = actor
        self._known: dict[tuple[int, int | None], int | NotPermitted] = {}

    def require(self, employer: Employer) -> int:
        """Like `_require_official`, asked once for each pair of bodies."""
        key = employer.body_id, employer.industry_body_id
        if key not in self._known:
            try:
                self._known[key] = _require_official(employer, self._actor)
            except NotPermitted as refusal:
                self._known[key] = refusal
        answer = self._known[key]
        if isinstance(answer, NotPermitted):
            raise answer
        return answer


def _flag_nominations(employer: Employer) -> None:
    """Flag what was handed in under another classification, and only that.

    The flag stands in no form, so it does not make open forms stale.
    """
    now = admissions.classification(employer)
    same = Q(
        frozen_control=now["frozen_control"],
        non_public=now["non_public"],
        ownership_verified=now["ownership_verified"],
    )
    handed_in = Nomination.objects.filter(
        employer=employer, status__in=LIVE_STATES, submitted_at__isnull=False
    )
    # Locked by number before the bulk update, which would lock in any order.
    list(handed_in.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    # What was affirmed under an earlier verification is asked anew under this one.
    handed_in.exclude(same).update(ownership_changed=True, ownership_affirmed="")
    handed_in.filter(same).update(ownership_changed=False, ownership_affirmed="")


def _rename_nominees(employer: Employer, old_name: str) -> None:
    """Units, and teams and party organisations called after them, follow the register until they stood on a notice."""
    theirs = (
        Nomination.objects.select_for_update(of=("self",))
        .filter(employer=employer, unit_name="", status__in=LIVE_STATES)
        .exclude(round_award__award__nominee_kind=NomineeKind.PERSON)
        .filter(nominee_name__contains=old_name)
        .order_by("pk")
    )
    renamed = list(theirs)
    for nomination in renamed:
        nomination.nominee_name = nomination.nominee_name.replace(old_name, employer.name)[:120]
    Nomination.objects.bulk_update(renamed, ["nominee_name"])


def _know_nominees_again(employer: Employer) -> None:
    """Units and teams are known by their unit's code: under a corrected code they are still the same nominees."""
    theirs = (
        Nomination.objects.select_for_update(of=("self",))
        .filter(employer=employer)
        .exclude(round_award__award__nominee_kind=NomineeKind.PERSON)
        .select_related("round_award__award")
        .only("nominee_name", "round_award__award__nominee_kind")
        .order_by("pk")
    )
    nominations = list(theirs)
    for nomination in nominations:
        nomination.nominee_key = rules.nominee_key(
            nomination.round_award.award.nominee_kind,
            credit_code=employer.credit_code,
            name=nomination.nominee_name,
            identity_number="",
        )
    Nomination.objects.bulk_update(nominations, ["nominee_key"])


def _classified(employer: Employer) -> dict[str, object]:
    return {
        "verified_control": str(employer.verified_control),
        "state_capital_permille": employer.state_capital_permille,
    }


# Fields


def _fill(employer: Employer, fields: Mapping[str, object]) -> list[FieldProblem]:
    """Set the fields in their normal form; what in them nobody else could read."""
    unknown = fields.keys() - EmployerFields.__annotations__.keys()
    if unknown:
        raise TypeError(f"not a field of a unit: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        if name in {"credit_code", "union_code"}:
            setattr(employer, name, text.bare_code(str(value)))
        else:
            setattr(employer, name, text.name(value) if isinstance(value, str) else value)
    return rules.unreadable(fields)


def _told(employer: Employer, fields: Mapping[str, object]) -> dict[str, object]:
    """The given fields in the form that the ledger keeps; bodies by their codes."""
    values = {name: getattr(employer, name) for name in fields}
    return {name: value.code if isinstance(value, Body) else value for name, value in values.items()}


def _problems(employer: Employer) -> list[FieldProblem]:
    of_codes = (
        rules.credit_code_problem(employer.credit_code),
        rules.union_code_problem(employer.union_code) if employer.union_code else None,
    )
    problems = [problem for problem in of_codes if problem is not None]
    if not employer.name:
        problems.append(ValueRequired("name"))
    problems += _body_problems(employer)
    for name in EmployerFields.__annotations__:
        field = Employer._meta.get_field(name)
        value = getattr(employer, name) if isinstance(field, CharField) else ""
        if isinstance(field, CharField) and field.max_length and len(value) > field.max_length:
            problems.append(TextTooLong(name, length=len(value), limit=field.max_length))
    for name in _FIGURES:
        if not 0 <= getattr(employer, name) <= _MOST_PEOPLE:
            problems.append(PeopleRange(name))
    for name in ("union_members", "party_members"):
        if 0 < employer.employees < getattr(employer, name):
            problems.append(
                MoreMembersThanEmployees(name, members=getattr(employer, name), employees=employer.employees)
            )
    if employer.sector not in Sector.values:
        problems.append(ChoiceUnknown("sector"))
    if employer.control not in Control.values:
        problems.append(ChoiceUnknown("control"))
    return problems + _permille_problems(employer.state_capital_permille)


def _body_problems(employer: Employer) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not employer.body_id:
        problems.append(ValueRequired("body"))
    elif employer.body.level != Level.COUNTY:
        problems.append(BodyNotACounty("body", body=employer.body.name))
    industry = employer.industry_body
    if industry is not None and industry.level != Level.INDUSTRY:
        problems.append(BodyNotAnIndustryUnion("industry_body", body=industry.name))
    return problems


def _permille_problems(permille: int | None) -> list[FieldProblem]:
    if permille is None or 0 <= permille <= 1000:
        return []
    return [PermilleRange("state_capital_permille")]


def _verification_problems(control: str, permille: int | None, proof: str) -> list[FieldProblem]:
    problems = _permille_problems(permille)
    if control not in Control.values or control == Control.UNKNOWN:
        problems.append(ControlUndecided("control"))
    limit = Employer._meta.get_field("verified_on_proof").max_length or 0
    if not proof:
        problems.append(ProofRequired("proof"))
    elif len(proof) > limit:
        problems.append(TextTooLong("proof", length=len(proof), limit=limit))
    return problems


def _raise(problems: list[FieldProblem]) -> None:
    if problems:
        raise InvalidInput(*problems)


def _known_already(known: Employer, actor: User | None) -> InvalidInput:
    if actor is None or Employer.objects.visible_to(actor).filter(pk=known.pk).exists():
        return InvalidInput(EmployerKnown("credit_code", name=known.name, body=known.body.name))
    return InvalidInput(EmployerKnownElsewhere("credit_code"))
