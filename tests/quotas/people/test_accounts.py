"""Accounts: who opens, ends and resets them, with which password, and what the ledger tells of it."""

import json
import logging

import pytest
from django.db import IntegrityError, transaction

from quotas.base.errors import InvalidInput, NotPermitted, WrongState
from quotas.base.states import Level, Role
from quotas.ledger.models import LedgerEntry
from quotas.people.services import accounts, one_time, passwords, posts
from quotas.tree.models import User
from tests.builders import PASSWORD, make_body, make_official, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE)


@pytest.fixture
def system(province):
    return make_official(province, Role.SYSTEM_ADMIN)


OTHERS = [role for role in Role if role != Role.SYSTEM_ADMIN]


def rows(user):
    return list(LedgerEntry.objects.filter(stream=f"account:{user.pk}").order_by("seq"))


def test_an_account_is_opened_with_a_password_that_must_be_changed(system, province):
    user, password = accounts.create(
        username=" Zhang.Wei ", name=" 张  伟 ", email="z@example.test", actor=system
    )
    user.refresh_from_db()
    assert (user.username, user.name, user.email) == ("Zhang.Wei", "张 伟", "z@example.test")
    assert not user.check_password(password)
    assert one_time.is_halved(user.password)
    assert user.must_change_password
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.groups.exists()
    (row,) = rows(user)
    assert (row.act, row.actor, row.body) == ("create_account", system, province)
    assert row.after == {"username": "Zhang.Wei", "name": "张 伟", "active": True}


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_manages_accounts(province, role):
    actor, other = make_official(province, role), make_user()
    before = LedgerEntry.objects.count()
    for act in (
        lambda: accounts.create(username="newcomer", name="新人", actor=actor),
        lambda: accounts.deactivate(user_id=other.pk, actor=actor),
        lambda: accounts.reactivate(user_id=other.pk, actor=actor),
        lambda: accounts.reset_password(user_id=other.pk, actor=actor),
    ):
        with pytest.raises(NotPermitted, match="act_not_held"):
            act()
    other.refresh_from_db()
    assert other.check_password(PASSWORD)
    assert not User.objects.filter(username="newcomer").exists()
    assert LedgerEntry.objects.count() == before


def test_the_right_counts_at_the_province_only():
    with pytest.raises(NotPermitted):
        accounts.create(username="newcomer", name="新人", actor=make_official(make_body(), Role.SYSTEM_ADMIN))


@pytest.mark.parametrize("act", [accounts.deactivate, accounts.reactivate, accounts.reset_password])
def test_the_own_account_is_managed_by_another(system, act):
    with pytest.raises(NotPermitted, match="own_account"):
        act(user_id=system.pk, actor=system)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"username": "ab"}, [("username", "username_malformed")]),
        ({"username": "a" * 61}, [("username", "username_malformed")]),
        ({"username": "张伟伟"}, [("username", "username_malformed")]),
        ({"username": "１２３４"}, [("username", "username_malformed")]),
        ({"username": "a b c"}, [("username", "username_malformed")]),
        ({"username": ".abc"}, [("username", "username_malformed")]),
        ({"username": "TAKEN"}, [("username", "username_taken")]),
        ({"name": "  "}, [("name", "name_required")]),
        ({"name": "名" * 61}, [("name", "name_too_long")]),
        ({"email": "nobody"}, [("email", "email_malformed")]),
        (
            {"username": "", "name": "", "email": "@"},
            [("username", "username_malformed"), ("name", "name_required"), ("email", "email_malformed")],
        ),
    ],
)
def test_every_wrong_field_is_named(system, values, codes):
    make_user("taken", is_active=False)
    with pytest.raises(InvalidInput) as refused:
        accounts.create(**{"username": "newcomer", "name": "新人", "actor": system} | values)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == codes


@pytest.mark.parametrize("username", ["abc", "a" * 60, "3.zhang_wei-2"])
def test_login_names_at_the_limits(system, username):
    assert accounts.create(username=username, name="新人", actor=system).user.username == username


def test_the_database_holds_login_names_apart_in_any_case(system, monkeypatch):
    make_user("taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("Taken")
    monkeypatch.setattr(accounts, "_problems", lambda *_values: [])  # as if both had asked at the same time
    with pytest.raises(InvalidInput, match="username_taken"):
        accounts.create(username="tAken", name="新人", actor=system)


def test_deactivated_and_back_with_a_new_password(system):
    user = make_user()
    with pytest.raises(WrongState, match="account_active"):
        accounts.reactivate(user_id=user.pk, actor=system)
    accounts.deactivate(user_id=user.pk, actor=system)
    assert not accounts.deactivate(user_id=user.pk, actor=system).is_active
    back, password = accounts.reactivate(user_id=user.pk, actor=system)
    back.refresh_from_db()
    assert (back.is_active, back.must_change_password) == (True, True)
    assert not any(back.check_password(tried) for tried in (password, PASSWORD))
    assert accounts.Issued(back, password).halved
    assert [(row.act, row.after["active"]) for row in rows(user)] == [
        ("deactivate_account", False),
        ("reactivate_account", True),
    ]


def test_a_reset_password_opens_nothing_before_the_first_post(system, province):
    posts.create(bodies=[province])
    security, user = make_official(province, Role.SECURITY_ADMIN), make_user()
    fresh, first = accounts.reset_password(user_id=user.pk, actor=system)
    user.refresh_from_db()
    assert fresh == user
    assert not any(user.check_password(tried) for tried in (first, PASSWORD))
    second = posts.appoint(user_id=user.pk, body_id=province.pk, role=Role.KEEPER, actor=security).half
    user.refresh_from_db()
    assert not any(user.check_password(tried) for tried in (first, second))
    assert user.check_password(f"{first}-{second}")
    assert user.must_change_password
    passwords.change_own(actor=user, password="another-horse-battery")
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password("another-horse-battery")
    assert [(row.act, row.actor) for row in rows(user)] == [
        ("reset_password", system),
        ("change_password", user),
    ]


def test_of_a_deactivated_account_nothing_is_reset(system):
    user = make_user(is_active=False)
    with pytest.raises(WrongState, match="account_inactive"):
        accounts.reset_password(user_id=user.pk, actor=system)
    assert rows(user) == []


def test_no_password_in_ledger_or_log_and_no_two_alike(system, caplog):
    with caplog.at_level(logging.DEBUG):
        issued = [accounts.create(username=f"user-{n}", name="新人", actor=system) for n in range(20)]
        issued += [accounts.reset_password(user_id=one.user.pk, actor=system) for one in issued]
    passwords = {one.password for one in issued}
    assert len(passwords) == 40
    told = json.dumps([[row.before, row.after, row.reason] for row in LedgerEntry.objects.all()])
    records = [record for record in caplog.records if record.name != "django.db.backends"]
    said = told + repr(issued) + "".join(record.getMessage() for record in records)
    assert not any(password in said for password in passwords)
    assert all(len(password) == 14 and not set(password) & set("01lio") for password in passwords)


def test_a_person_is_found_by_login_name_in_any_case():
    user = make_user("Zhang")
    assert accounts.named(username=" zhang ") == user
    make_user("gone", is_active=False)
    for username in ("gone", "nobody"):
        with pytest.raises(InvalidInput, match="account_unknown"):
            accounts.named(username=username)


def test_an_account_for_a_unit_is_opened_where_ownership_is_verified(province):
    county, elsewhere = make_body(), make_body()
    keeper = make_official(county, Role.KEEPER)
    user, _password = accounts.create_for_unit(
        username="unit-1", name="新人", body_id=county.pk, actor=keeper
    )
    assert rows(user)[0].body == county
    with pytest.raises(NotPermitted):
        accounts.create_for_unit(username="unit-2", name="新人", body_id=elsewhere.pk, actor=keeper)


def test_the_three_administrators_do_not_overlap(system, province):
    posts.create(bodies=[province])
    security, audit = (make_official(province, role) for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN))
    user, _password = accounts.create(username="newcomer", name="新人", actor=system)
    for actor in (system, audit):
        with pytest.raises(NotPermitted):
            posts.appoint(user_id=user.pk, body_id=province.pk, role=Role.KEEPER, actor=actor)
    posts.appoint(user_id=user.pk, body_id=province.pk, role=Role.KEEPER, actor=security)
    posts.dismiss(user_id=user.pk, body_id=province.pk, role=Role.KEEPER, actor=security, reason=" 调离 ")
    told = LedgerEntry.objects.visible_to(audit).filter(actor__in=[system, security])
    assert list(told.order_by("pk").values_list("act", "reason")) == [
        ("create_account", ""),
        ("appoint", ""),
        ("dismiss", "调离"),
    ]
