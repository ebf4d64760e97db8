"""
What one of the three administrators can do alone, searched: up to four acts of theirs, with an act of others between.

The others do in good faith what is asked of them: they appoint who is sent to them, grant what is proposed, confirm what
is asked for, and owners set their own passwords. Nobody tells the administrator a secret. In no state may an account
whose whole password the administrator knows hold a post that the administrator did not hold at the start.

How so many orders are searched in seconds: an act on an account depends on the state of that account alone (`Local`),
so every act is done once, by the real service on the real tables, for each state of an account that is ever reached,
and what became of the account is learned; equal states of different accounts are one. The search then runs over what
was learned. That it holds is tested and not believed: each act is seen to leave all other accounts as they were,
walks at random do what was learned on accounts that have been through something else meanwhile, and a way that is found
is gone once more from the beginning through the services.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple, Self

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction

from appraisal.records.models import UnitPost
from appraisal.records.states import UnitRole
from appraisal.register.services import unit_officials, unit_people
from quotas.base.errors import DomainError
from quotas.base.states import Level, ResetState, Role
from quotas.people.models import PasswordReset, Proposal
from quotas.people.services import accounts, one_time, passwords, posts, proposals, resets
from quotas.people.services.one_time import OneTimePasswordHasher
from quotas.tree.models import Post, User
from quotas.tree.permissions import ADMINISTRATORS
from tests.builders import make_body, make_employer, make_official, make_unit_person, make_user

pytestmark = pytest.mark.django_db

MINE, OTHERS = 4, int(os.environ.get("SEARCH_OTHERS", "1"))
"""So many acts of the administrator, and so many of others between them; with two of others it takes twice as long."""
OWN = "seven-lanterns-downstream"
ME, OWNER, COUNTY = "me", "owner", "county"
SYSTEM, SECURITY, AUDIT = (role.value for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN))


class Act(NamedTuple):
    """What somebody does to an account: ME, another administrator, the county's keeper or the OWNER."""

    who: str
    verb: str


class Local(NamedTuple):
    """The state of an account as far as any act on it depends on it; of its secrets, which ones ME was shown."""

    me: bool
    exists: bool
    active: bool = False
    must_change: bool = False
    password: tuple[str, ...] = ()
    known: bool = False
    office: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    unit_s: bool = False
    """Opened by the county, for its units."""
    reset: tuple[Any, ...] = ()
    proposed: tuple[Any, ...] = ()


IN_GOOD_FAITH = {
    SYSTEM: ("create", "reset", "reactivate", "ask", "propose"),
    SECURITY: ("appoint keeper", "dismiss", "grant", "confirm"),
    AUDIT: ("confirm",),
    COUNTY: ("open for a unit", "reset for the unit"),
    OWNER: ("own",),
}
PROMOTIONS = frozenset({Act(SECURITY, "appoint keeper"), Act(SECURITY, "grant")})
"""What others may well do for ME: then the post was not gained alone."""
EVERYBODY = frozenset({"reissue"})
"""Acts on all accounts at once."""


Account = Callable[["World", User, User], Any]
"""Does an act to a user as an actor."""


def by_number(module: Any, name: str) -> Account:
    """Asked of the module each time: a test may put a weaker service in its place."""
    return lambda _world, user, actor: getattr(module, name)(user_id=user.pk, actor=actor)


def of_the_unit(service: Callable[..., Any], **facts: Any) -> Account:
    return lambda world, user, actor: service(
        user_id=user.pk, employer_id=world.employer.pk, actor=actor, **facts
    )


def appoint(role: Role) -> Account:
    return lambda world, user, actor: posts.appoint(
        user_id=user.pk, body_id=world.province.pk, role=role, actor=actor
    )


def dismiss(world: "World", user: User, actor: User) -> None:
    role = Post.objects.filter(group__user=user).order_by("pk").values_list("role", flat=True)[0]
    posts.dismiss(user_id=user.pk, body_id=world.province.pk, role=Role(role), actor=actor)


def confirm(world: "World", user: User, actor: User) -> resets.Half:
    reset = PasswordReset.objects.get(user=user, state=ResetState.WAITING)
    made = resets.confirm(reset_id=reset.pk, actor=actor)
    world.joined[user.username] = (resets._first_half(reset), made.half)
    return made


def decline(_world: "World", user: User, actor: User) -> None:
    reset = PasswordReset.objects.get(user=user, state=ResetState.WAITING)
    resets.decline(reset_id=reset.pk, actor=actor, reason="x")


def propose(world: "World", user: User, actor: User) -> accounts.Issued | None:
    wanted = proposals.WantedPost(world.province, Role.KEEPER, user.username, user.name)
    (answer,) = proposals.propose(wanted=[wanted], actor=actor)
    if isinstance(answer, DomainError):
        raise answer
    return answer.issued


def decide(reason: str) -> Account:
    def act(_world: "World", user: User, actor: User) -> Any:
        waiting = list(Proposal.objects.waiting().filter(user=user).values_list("pk", flat=True))
        refused = dict.fromkeys(waiting, reason) if reason else {}
        return proposals.decide(seen=waiting, refused=refused, actor=actor)

    return act


TO: dict[str, Account] = {
    "deactivate": by_number(accounts, "deactivate"),
    "reactivate": by_number(accounts, "reactivate"),
    "reset": by_number(accounts, "reset_password"),
    "ask": by_number(resets, "ask"),
    "confirm": confirm,
    "decline": decline,
    "reset for the unit": of_the_unit(unit_people.reset_password),
    "give a unit": of_the_unit(unit_people.appoint, role=UnitRole.ENDORSER),
    "take the unit": of_the_unit(unit_people.dismiss, role=UnitRole.APPLICANT),
    "appoint keeper": appoint(Role.KEEPER),
    "appoint security": appoint(Role.SECURITY_ADMIN),
    "dismiss": dismiss,
    "propose": propose,
    "grant": decide(""),
    "refuse": decide("x"),
    "reissue": lambda _world, _user, actor: proposals.reissue(actor=actor),
}
"""The acts on an account that is there."""
HAS_OBJECT: dict[str, Callable[[Local], Any]] = {
    "create": lambda local: not local.exists,
    "open for a unit": lambda local: not local.exists,
    "confirm": lambda local: local.reset,
    "decline": lambda local: local.reset,
    "grant": lambda local: local.proposed,
    "refuse": lambda local: local.proposed,
    "dismiss": lambda local: local.office,
    "take the unit": lambda local: local.unit,
}
"""Whether there is anything to do it to; what is not named takes an account."""


@dataclass
class World:
    """The accounts of a seeded installation, and what ME has been shown of their secrets."""

    me: str
    province: Any
    employer: Any
    names: list[str]
    known: frozenset[tuple[str, str]] = frozenset()
    joined: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The halves of the last reset that was confirmed, by login name."""

    def users(self, *names: str) -> list[Any]:
        found = {user.username: user for user in User.objects.filter(username__in=names)}
        return [found.get(name) for name in names]

    def do(self, act: Act, name: str) -> None:
        """Raises DomainError or LookupError where it is refused or there is nothing to do it to."""
        if act.verb == "own":
            self._own(act, name)
            return
        actor, user = self.users({ME: self.me}.get(act.who, act.who), name)
        if act.verb == "create":
            shown = {(name, accounts.create(username=name, name=name, actor=actor).password)}
        elif act.verb == "open for a unit":
            issued = unit_people.open_account(
                employer_id=self.employer.pk, role=UnitRole.ENDORSER, username=name, name=name, actor=actor
            )
            shown = {(name, issued.password)}
        else:
            shown = self.shown(TO[act.verb](self, user, actor), user)
        if act.who == ME:
            self.known |= shown

    def _own(self, act: Act, name: str) -> None:
        (user,) = self.users(name)
        if (act.who == ME) != (name == self.me or self.opens(user)):
            raise LookupError
        if act.who != ME and one_time.is_halved(user.password) and "$-$-" in user.password:
            raise LookupError
        passwords.change_own(actor=user, password=f"{OWN}-{act.who}")
        if act.who == ME:
            self.known |= {(name, f"{OWN}-{act.who}")}

    def shown(self, result: Any, user: User) -> set[tuple[str, str]]:
        """The secrets in the answer of a service."""
        match result:
            case accounts.Issued():
                return {(result.user.username, result.password)}
            case resets.Half() | posts.Appointed():
                return {(user.username, result.half)}
            case [*slips]:
                return {(slip.user.username, slip.password) for slip in slips}
            case _:
                return set()

    # What is there

    def secrets(self, name: str) -> list[str]:
        return sorted(secret for owner, secret in self.known if owner == name and secret)

    def opens(self, user: User) -> bool:
        """Whether ME knows the whole password: shown at once, or put together from halves."""
        secrets = self.secrets(user.username)
        return any(
            check_password(text, user.password)
            for text in (*secrets, *(f"{a}-{b}" for a in secrets for b in secrets if a != b))
        )

    def locals(self) -> dict[str, Local]:
        """The state of every account. Seven statements."""
        found = {name: Local(name == self.me, exists=False) for name in self.names}
        office: dict[int, set[str]] = {}
        for pk, group in User.objects.filter(groups__isnull=False).values_list("pk", "groups__name"):
            office.setdefault(pk, set()).add(group)
        unit: dict[int, set[str]] = {}
        for pk, role in UnitPost.objects.values_list("user", "role"):
            unit.setdefault(pk, set()).add(role)
        waiting = {
            reset.user_id: reset
            for reset in PasswordReset.objects.filter(state=ResetState.WAITING).select_related("asked_by")
        }
        proposed: dict[int, set[Any]] = {}
        for proposal in Proposal.objects.waiting():
            proposed.setdefault(proposal.user_id, set()).add((proposal.post.role, proposal.proposed_by_id))
        users = list(User.objects.filter(username__in=self.names))
        opened = accounts.opened_at_of([user.pk for user in users])
        for user in users:
            found[user.username] = Local(
                user.username == self.me,
                exists=True,
                active=user.is_active,
                must_change=user.must_change_password,
                password=self._password(user),
                known=user.username != self.me and self.opens(user),
                office=frozenset(office.get(user.pk, ())),
                unit=frozenset(unit.get(user.pk, ())),
                unit_s=opened.get(user.pk) == self.employer.body_id,
                reset=self._reset(waiting.get(user.pk)),
                proposed=tuple(sorted(proposed.get(user.pk, ()))),
            )
        return found

    def _password(self, user: User) -> tuple[str, ...]:
        secrets = self.secrets(user.username)
        algorithm, *parts = user.password.split("$")
        if not one_time.is_halved(user.password):
            halves = self.joined.get(user.username, ())
            if not halves or not check_password("-".join(halves), user.password):
                return ("one-time" if algorithm == OneTimePasswordHasher.algorithm else "own",)
            return ("joined", *("known" if half in secrets else "" for half in halves))
        part = OneTimePasswordHasher().part
        return (
            "halved",
            *(
                "none"
                if salt == "-"
                else "known"
                if any(part(one_time._plain(secret), salt) == f"{salt}${known}" for secret in secrets)
                else ""
                for salt, known in (parts[:2], parts[2:])
            ),
        )

    def _reset(self, reset: PasswordReset | None) -> tuple[Any, ...]:
        if reset is None:
            return ()
        first = resets._first_half(reset) in self.secrets(reset.user.username)
        return (reset.asked_by.username, reset.asked_as, reset.reactivates, first)


Refused = (DomainError, LookupError)


@dataclass
class Search:
    """One administrator's acts: learned from the services, then searched."""

    world: World
    names: list[str]
    learned: dict[tuple[Act, Local], Local | None] = field(default_factory=dict)
    witness: dict[Local, tuple[str, list[Act]]] = field(default_factory=dict)
    done: int = 0

    def __post_init__(self) -> None:
        self.start = self.world.locals()
        self.held = self.start[self.world.me].office
        self.acts = [Act(ME, verb) for verb in ("create", "open for a unit", *TO, "own")]
        for who, verbs in IN_GOOD_FAITH.items():
            if who != self.world.me:
                self.acts += [Act(who, verb) for verb in verbs]

    def is_gain(self, local: Local) -> bool:
        return (local.me or (local.known and local.active)) and bool((local.office | local.unit) - self.held)

    def run(self) -> list[Act]:
        """The shortest way to a post, [] where there is none: breadth first, by all acts that are spent."""
        states = {(self.start[name], 0, 0): (name, list[Act]()) for name in self.names}
        for local, _mine, _others in states:
            self.witness.setdefault(local, states[local, 0, 0])
        queue = list(states)
        for state in queue:
            local, mine, others = state
            name, path = states[state]
            for act in self.acts:
                spent = (mine + 1, others) if act.who == ME else (mine, others + 1)
                if spent[0] > MINE or spent[1] > OTHERS or (local.me and act in PROMOTIONS):
                    continue
                after = self.learn(act, local)
                if after is None or after == local:
                    continue
                if self.is_gain(after):
                    return self.proved(name, [*path, act])
                if any((after, a, b) in states for a in range(spent[0] + 1) for b in range(spent[1] + 1)):
                    continue  # Looked at with as many acts left, or more.
                states[after, *spent] = (name, [*path, act])
                queue.append((after, *spent))
        return []

    def proved(self, name: str, path: list[Act]) -> list[Act]:
        """The way once more from the beginning, through the services alone."""
        with self.at(name, path):
            assert self.is_gain(self.world.locals()[name])
        return path

    def learn(self, act: Act, local: Local) -> Local | None:
        """What becomes of an account in this state by this act; None where it is refused."""
        if (act, local) not in self.learned:
            name, path = self.witness[local]
            with self.at(name, path):
                # All acts on this state at once: it takes a way of its own to get here.
                before = self.world.locals()
                for each in self.acts:
                    if (each.who == ME) == (act.who == ME):
                        self.learned[each, local] = self.tried(each, name, path, before)
        return self.learned[act, local]

    def tried(self, act: Act, name: str, path: list[Act], before: dict[str, Local]) -> Local | None:
        if not self.has_object(act, before[name]):
            return None
        with self.undone():
            try:
                self.act(act, name)
            except Refused:
                return None
            after = self.world.locals()
        if act.verb not in EVERYBODY:
            assert {**before, name: after[name]} == after, f"{act} on {name} changed another account"
        self.witness.setdefault(after[name], (name, [*path, act]))
        return after[name]

    @staticmethod
    def has_object(act: Act, local: Local) -> bool:
        """Whether there is anything to do it to."""
        if act.verb == "own":
            return local.active and (act.who != ME or local.me or local.known)
        return bool(HAS_OBJECT.get(act.verb, lambda local: local.exists)(local))

    def act(self, act: Act, name: str) -> None:
        self.done += 1
        self.world.do(act, name)

    def at(self, name: str, path: list[Act]) -> "Undone":
        def go() -> None:
            for act in path:
                self.act(act, name)

        return Undone(self.world, go)

    def undone(self) -> "Undone":
        return Undone(self.world, lambda: None)

    def in_office(self, act: Act, now: dict[str, Local]) -> bool:
        """Whether who acts is what they were at the start; of others who left no act is asked."""
        name = {ME: self.world.me}.get(act.who, act.who)
        if name not in now:
            return True
        return (now[name].active, now[name].office) == (self.start[name].active, self.start[name].office)

    def walk(self, chance: random.Random, length: int) -> None:
        """Acts at random on any account, each as it was learned; what was not learned is left out."""
        with self.undone():
            now = self.world.locals()
            for _step in range(length):
                likely = [
                    (act, name)
                    for name in self.names
                    for act in self.acts
                    if (act, now[name]) in self.learned
                    and self.has_object(act, now[name])
                    and act.verb not in EVERYBODY
                    and (self.learned[act, now[name]] not in {None, now[name]} or chance.random() < 0.03)
                    and self.in_office(act, now)
                ]
                if not likely:
                    break
                act, name = chance.choice(likely)
                asker = now[name].reset[0] if now[name].reset else None
                expected = self.learned[act, now[name]]
                with Undone(self.world, lambda: None, keep=True) as step:
                    try:
                        self.act(act, name)
                    except Refused:
                        step.keep = False
                found = self.world.locals()
                if asker in now and now[asker] != self.start[asker] and act.verb in {"confirm", "decline"}:
                    # Who asked has left or was reset: that only ever refuses.
                    assert found[name] in {now[name], expected}
                else:
                    assert found[name] == (expected or now[name]), f"{act} on {name}"
                assert {**now, name: found[name]} == found
                now = found


class Undone:
    """What is done within is taken back: tables by a savepoint, and what ME was shown."""

    def __init__(self, world: World, go: Callable[[], None], *, keep: bool = False) -> None:
        self.world, self.go, self.keep = world, go, keep

    def __enter__(self) -> Self:
        self.point = transaction.savepoint()
        self.known, self.joined = self.world.known, dict(self.world.joined)
        self.go()
        return self

    def __exit__(self, *_error: object) -> None:
        if self.keep:
            transaction.savepoint_commit(self.point)
            return
        transaction.savepoint_rollback(self.point)
        self.world.known, self.world.joined = self.known, self.joined


PEOPLE = ("leader", "away", "applicant", "former", "new")


def searched(role: Role) -> Search:
    """An installation with the three administrators, and somebody of each kind."""
    province, county = make_body(level=Level.PROVINCE), make_body()
    posts.create(bodies=[province])
    employer = make_employer(county)
    for admin in sorted(ADMINISTRATORS):
        make_official(province, admin, username=admin.value, name=admin.value)
    make_official(county, Role.KEEPER, username=COUNTY)
    make_official(province, Role.UNION_LEADER, username="leader", name="leader")
    make_official(province, Role.UNION_LEADER, username="away", name="away", is_active=False)
    make_unit_person(employer, username="applicant", name="applicant")
    make_user("former", name="former")
    names = [*(admin.value for admin in sorted(ADMINISTRATORS)), *PEOPLE]
    return Search(World(role.value, province, employer, names), names)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_gains_a_post_alone(role):
    search = searched(role)
    assert search.run() == []
    reached = {local for _act, local in search.learned}
    assert len(reached) > (15 if role == Role.AUDIT_ADMIN else 25)
    chance = random.Random(20261128)
    for _walk in range(12):
        search.walk(chance, 6)


def whole_for_no_post(_actor):
    return one_time.whole()


def way_back_in_whole(reactivate):
    """Whoever lets an account come back is shown all of its password."""

    def careless(**about):
        user, _half = reactivate(**about)
        password = one_time.whole()
        user.password = password.encoded
        user.save()
        return accounts.Issued(user, password.text)

    return careless


NO_HALF = SimpleNamespace(
    is_halved=lambda _encoded: True, second_half=lambda encoded: one_time.OneTime("", encoded)
)
OWN_PASSWORD_IS_ENOUGH = SimpleNamespace(
    is_halved=lambda encoded: one_time.is_halved(encoded) or not encoded.startswith("onetime$"),
    second_half=lambda encoded: (
        one_time.second_half(encoded) if one_time.is_halved(encoded) else one_time.OneTime("", encoded)
    ),
)


def reissued_halves(first):
    """A reset whose halves are halves like any others."""
    part = one_time._part(first)
    second = one_time.second_half(f"onetime${part}$-$-")
    return second.text, second


ALWAYS = lambda *_given, **_facts: True
NEVER = lambda *_given, **_facts: None
NOBODY = lambda *_given: frozenset()

WEAKER = {
    "the posts page asks for no half": (
        SYSTEM,
        [(accounts, "_for_no_post", whole_for_no_post), (posts, "one_time", NO_HALF)],
        [(ME, "reset"), (SECURITY, "appoint keeper")],
    ),
    "an account with a password of its own needs no half, and comes back in whole": (
        SYSTEM,
        [
            (accounts, "reactivate", way_back_in_whole(accounts.reactivate)),
            (posts, "one_time", OWN_PASSWORD_IS_ENOUGH),
            (proposals, "one_time", SimpleNamespace(**vars(one_time) | {"is_halved": ALWAYS})),
        ],
        4,
    ),
    "a post needs no two to reset": (
        SYSTEM,
        [(posts, "with_posts", NOBODY), (accounts, "_for_no_post", whole_for_no_post)],
        [(ME, "reset")],
    ),
    "whoever asks confirms": (
        SYSTEM,
        [(resets, "_require_another", NEVER)],
        [(ME, "ask"), (ME, "confirm")],
    ),
    "halves of a reset are made anew": (
        SECURITY,
        [(one_time, "completed", reissued_halves)],
        [(ME, "ask"), (AUDIT, "confirm"), (ME, "reissue")],
    ),
    "who manages posts makes first halves anew": (
        SECURITY,
        [(proposals, "_holds", ALWAYS)],
        3,
    ),
    "who manages accounts appoints": (
        SYSTEM,
        [(posts, "require", NEVER)],
        [(ME, "reset"), (ME, "appoint keeper")],
    ),
    "who manages posts opens accounts": (
        SECURITY,
        [(accounts, "require", NEVER)],
        2,
    ),
    "who proposes grants": (
        SYSTEM,
        [(proposals, "require", NEVER), (proposals, "_conflicts", lambda *_given: {})],
        [(ME, "propose"), (ME, "grant")],
    ),
    "nobody is kept from the own appointment": (
        SECURITY,
        [(posts, "_require_another", NEVER), (posts, "conflicts", lambda *_given: [])],
        [(ME, "appoint keeper")],
    ),
    "everybody opens accounts for units": (
        AUDIT,
        [
            (unit_officials, "require_official", lambda employer, _actor: employer.body_id),
            (accounts, "require", NEVER),
        ],
        [(ME, "open for a unit")],
    ),
}
"""Rules taken away, in whose hands that is dangerous, and the way that is found then or its length."""


@pytest.mark.parametrize("rule", WEAKER)
def test_with_a_weaker_rule_the_search_finds_the_way(monkeypatch, rule):
    role, removed, way = WEAKER[rule]
    for module, name, without in removed:
        monkeypatch.setattr(module, name, without)
    found = searched(Role(role)).run()
    assert (len(found) if isinstance(way, int) else [tuple(act) for act in found]) == way
