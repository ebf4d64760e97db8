"""
What one of the three administrators can do alone, searched: every order of up to two acts, through the services.
SEARCH_DEPTH=3 takes about two minutes, 4 much longer. Every guard that is removed below is missed within two acts.

The person acts as themselves and as every account whose whole password their own acts have shown them. In no state may
one of these hold a post that the person did not hold at the start. Equal states are looked at once; the tree is
climbed down again by savepoints.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from appraisal.models import UnitPost
from appraisal.services import employers
from appraisal.states import UnitRole
from quotas.errors import DomainError
from quotas.models import PasswordReset, Post, User
from quotas.permissions import ADMINISTRATORS
from quotas.services import accounts, passwords, posts, resets
from quotas.states import Level, ResetState, Role
from tests.builders import make_body, make_employer, make_official, make_unit_person

pytestmark = pytest.mark.django_db

DEPTH = int(os.environ.get("SEARCH_DEPTH", "2"))
OWN = "seven-lanterns-downstream"
Known = frozenset[tuple[str, str]]
"""Login names, and passwords or halves ("first" and "second", by reset) that the person was shown."""


@dataclass
class Search:
    """One administrator against a seeded installation."""

    me: str
    province: Any
    employer: Any
    start: frozenset[str] = frozenset()
    seen: dict[Any, int] = field(default_factory=dict)
    found: list[list[str]] = field(default_factory=list)
    acts: int = 0

    def run(self) -> list[list[str]]:
        self.start = self.posts_of(self.me)
        for depth in range(1, DEPTH + 1):
            self.seen.clear()
            self.visit(frozenset(), [], depth)
            if self.found:
                break
        return self.found

    def visit(self, known: Known, path: list[str], left: int) -> None:
        personas = self.personas(known)
        if any(self.posts_of(name) - self.start for name in personas):
            self.found.append(path)
            return
        state = self.state(personas)
        if left == 0 or self.seen.get(state, -1) >= left:
            return
        self.seen[state] = left
        for name, act in list(self.possible(personas)):
            savepoint = transaction.savepoint()
            try:
                shown = act()
            except (DomainError, LookupError):
                pass
            else:
                self.visit(known | shown, [*path, name], left - 1)
            finally:
                transaction.savepoint_rollback(savepoint)
                self.acts += 1
            if self.found:
                return

    def personas(self, known: Known) -> list[str]:
        """The person, and whose password was shown in whole: said at once, or put together from halves."""
        said: dict[str, list[str]] = {}
        for name, secret in sorted(known):
            said.setdefault(name, []).append(secret)
        names = [self.me]
        for name, secrets in said.items():
            user = User.objects.get(username=name)
            whole = [*secrets, *(f"{a}-{b}" for a in secrets for b in secrets)]
            if name != self.me and user.is_active and any(user.check_password(text) for text in whole):
                names.append(name)
        return names

    def possible(self, personas: list[str]) -> Iterator[tuple[str, Callable[[], Known]]]:
        users = list(User.objects.order_by("pk"))
        waiting = list(PasswordReset.objects.filter(state=ResetState.WAITING))
        held = list(Post.objects.filter(group__user__isnull=False).values_list("role", "body", "group__user"))
        for actor in User.objects.filter(username__in=personas):
            yield f"{actor} changes the own password", lambda a=actor: self.own(a)
            if actor.username != self.me:
                # Holds no post that the person did not hold, or the search would have ended: every act is refused.
                continue
            yield from self.of_accounts(actor, users)
            for reset in waiting:
                yield (
                    f"{actor} confirms",
                    lambda a=actor, r=reset: self.half(resets.confirm(reset_id=r.pk, actor=a)),
                )
                yield (
                    f"{actor} declines",
                    lambda a=actor, r=reset: self.none(resets.decline(reset_id=r.pk, actor=a, reason="x")),
                )
            for user in users:
                for role in (Role.SECURITY_ADMIN, Role.KEEPER):
                    yield (
                        f"{actor} appoints {user} {role}",
                        lambda a=actor, u=user, r=role: self.none(
                            posts.appoint(user_id=u.pk, body_id=self.province.pk, role=r, actor=a)
                        ),
                    )
            for role, body, user in held:
                yield (
                    f"{actor} dismisses {user} {role}",
                    lambda a=actor, u=user, r=role, b=body: self.none(
                        posts.dismiss(user_id=u, body_id=b, role=Role(r), actor=a)
                    ),
                )

    def of_accounts(self, actor: User, users: list[User]) -> Iterator[tuple[str, Callable[[], Known]]]:
        unit = {"employer_id": self.employer.pk, "role": UnitRole.APPLICANT, "actor": actor}
        if not any(user.username.startswith("new") for user in users):
            yield (
                f"{actor} opens",
                lambda: self.issued(accounts.create(username="new", name="新", actor=actor)),
            )
            yield (
                f"{actor} opens for a unit",
                lambda: self.issued(employers.open_account(username="new-unit", name="新", **unit)),
            )
        for user in users:
            yield (
                f"{actor} gives {user} a unit",
                lambda u=user: self.none(employers.appoint(user_id=u.pk, **unit)),
            )
            for act in (accounts.deactivate, accounts.reactivate, accounts.reset_password, resets.ask):
                yield (
                    f"{actor} {act.__name__} {user}",
                    lambda u=user, do=act: self.shown(do(user_id=u.pk, actor=actor)),
                )
            yield (
                f"{actor} resets {user} for the unit",
                lambda u=user: self.issued(
                    accounts.reset_for_unit(user_id=u.pk, body_id=self.employer.body_id, actor=actor)
                ),
            )

    def shown(self, result: Any) -> Known:
        if isinstance(result, accounts.Issued):
            return self.issued(result)
        return self.half(result) if isinstance(result, resets.Half) else frozenset()

    @staticmethod
    def issued(result: accounts.Issued) -> Known:
        return frozenset({(result.user.username, result.password)})

    @staticmethod
    def half(result: resets.Half) -> Known:
        return frozenset({(result.reset.user.username, result.half)})

    @staticmethod
    def none(_result: Any) -> Known:
        return frozenset()

    @staticmethod
    def own(actor: User) -> Known:
        passwords.change_own(actor=actor, password=OWN)
        return frozenset({(actor.username, OWN)})

    @staticmethod
    def posts_of(username: str) -> frozenset[str]:
        office = Post.objects.filter(group__user__username=username).values_list("group__name", flat=True)
        unit = UnitPost.objects.filter(user__username=username).values_list("role", flat=True)
        return frozenset(office) | frozenset(unit)

    def state(self, personas: list[str]) -> Any:
        """What the next acts can depend on; passwords as far as the person knows them."""
        users = User.objects.order_by("username").values_list("username", "is_active", "must_change_password")
        held = User.objects.filter(groups__isnull=False).values_list("username", "groups__name")
        waiting = PasswordReset.objects.filter(state=ResetState.WAITING)
        return (
            tuple(users),
            tuple(sorted(held)),
            tuple(UnitPost.objects.order_by("pk").values_list("user__username", "role")),
            tuple(waiting.order_by("pk").values_list("user__username", "asked_by__username", "reactivates")),
            tuple(personas),
        )


VICTIMS = {
    "leader": lambda province, _employer: make_official(province, Role.UNION_LEADER, username="victim"),
    "keeper away": lambda province, _employer: make_official(
        province, Role.KEEPER, username="victim", is_active=False
    ),
    "applicant": lambda _province, employer: make_unit_person(employer, username="victim"),
}
"""Beside the three administrators somebody of each kind, one at a time: acts on two of them are acts on each."""


@pytest.fixture
def searched():
    """Runs the search for one administrator against one victim."""

    def search(role, victim):
        province = make_body(level=Level.PROVINCE)
        posts.create(bodies=[province])
        employer = make_employer(make_body())
        for admin in sorted(ADMINISTRATORS):
            make_official(province, admin, username=admin.value)
        VICTIMS[victim](province, employer)
        made = Search(role.value, province, employer)
        made.run()
        return made

    return search


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_gains_a_post_alone(searched, role, victim):
    search = searched(role, victim)
    assert not search.found
    assert search.acts > 80


GUARDS = {
    "a post needs two to reset": (
        "leader",
        Role.SYSTEM_ADMIN,
        posts,
        "with_posts",
        lambda _users: frozenset(),
    ),
    "a deactivated post holder needs two": (
        "keeper away",
        Role.SYSTEM_ADMIN,
        posts,
        "with_posts",
        lambda users: frozenset(user.pk for user in users if user.is_active),
    ),
    "a unit's person needs two": (
        "applicant",
        Role.SYSTEM_ADMIN,
        posts,
        "unit_people",
        lambda _numbers: frozenset(),
    ),
    "another confirms": ("leader", Role.SYSTEM_ADMIN, resets, "_require_another", lambda *_given: None),
    "who manages accounts appoints nobody": (
        "leader",
        Role.SYSTEM_ADMIN,
        posts,
        "require",
        lambda *_given: None,
    ),
    "who manages posts opens no accounts": (
        "leader",
        Role.SECURITY_ADMIN,
        accounts,
        "require",
        lambda *_given: None,
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_one_guard_the_search_finds_the_way(searched, monkeypatch, guard):
    victim, role, module, name, without = GUARDS[guard]
    monkeypatch.setattr(module, name, without)
    assert searched(role, victim).found


TWO_GUARDS = {
    "nobody appoints themselves, and an administrator holds no other post": (
        Role.SECURITY_ADMIN,
        (posts, "_require_another", lambda *_given: None),
        (posts, "conflicts", lambda *_given: []),
    ),
    "officials of the unit's body open accounts, asked of the unit and of the account": (
        Role.SYSTEM_ADMIN,
        (employers, "_require_official", lambda employer, _actor: employer.body_id),
        (accounts, "require", lambda *_given: None),
    ),
}
"""Each of the two alone keeps the way shut."""


@pytest.mark.parametrize("guards", TWO_GUARDS)
def test_without_both_guards_the_way_is_one_act_long(searched, monkeypatch, guards):
    role, *removed = TWO_GUARDS[guards]
    for module, name, without in removed:
        monkeypatch.setattr(module, name, without)
    assert len(searched(role, "leader").found[0]) == 1
