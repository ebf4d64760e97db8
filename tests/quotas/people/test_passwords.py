"""Passwords: what is too weak, what was used before, and that hashes are compared off the lock."""

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection

from quotas.base.errors import InvalidInput
from quotas.base.states import Level, Role
from quotas.ledger.models import LedgerEntry
from quotas.people.models import PastPassword
from quotas.people.services import accounts, passwords, posts
from quotas.tree.models import User
from tests.builders import PASSWORD, make_body, make_official, make_user

pytestmark = pytest.mark.django_db

GOOD = [f"{word}-mountain-river" for word in ("amber", "birch", "cedar", "delta", "ember", "flint", "grove")]


def change(user, password):
    return passwords.change_own(actor=User.objects.get(pk=user.pk), password=password)


def codes(refusal):
    return [problem.code for problem in refusal.value.problems]


@pytest.mark.parametrize(
    "weak",
    [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "a1a1a1a1a1a1",
        "我爱你我爱你我爱你我爱你",
        "abcdefghijkl",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "asdfghjkl1234",
        "Password123!",
        "admin123456",
        "woaini1314520",
        "zhongguo123",
        "zhang.xiaoming",
        "zhangxiaoming1",
        "201911112019",
        "short",
        "",
    ],
)
def test_what_is_guessed_is_refused(weak):
    user = make_user("zhang.xiaoming", name="章小明")
    with pytest.raises(InvalidInput) as refusal:
        change(user, weak)
    assert {problem.field for problem in refusal.value.problems} == {"new_password1"}
    assert check_password(PASSWORD, User.objects.get(pk=user.pk).password)
    assert not LedgerEntry.objects.filter(act="change_password").exists()


@pytest.mark.parametrize(
    "good", [*GOOD[:2], "k7mw-3xqp-9dtr", "长江大桥下的三只白鹭", "x" * 3 + GOOD[0] * 40]
)
def test_what_is_not_guessed_is_taken(good):
    user = make_user()
    change(user, good)
    assert check_password(good, User.objects.get(pk=user.pk).password)


def test_the_last_five_are_not_used_again():
    user = make_user()
    for password in GOOD[:6]:
        change(user, password)
    for used in GOOD[1:6]:
        with pytest.raises(InvalidInput) as refusal:
            change(user, used)
        assert codes(refusal) == ["password_used"]
    assert PastPassword.objects.filter(user=user).count() == passwords.REMEMBERED - 1
    change(user, GOOD[0])


def test_the_one_before_last_is_refused_after_a_reset_as_well():
    """A one-time password stands between; the person's own ones are remembered all the same."""
    province = make_body(level=Level.PROVINCE)
    posts.create(bodies=[province])
    system, security = (make_official(province, role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN))
    user = make_user()
    change(user, GOOD[0])
    half = accounts.reset_password(user_id=user.pk, actor=system).password
    whole = posts.appoint(user_id=user.pk, body_id=province.pk, role=Role.KEEPER, actor=security)
    for used in (PASSWORD, GOOD[0], f"{half}-{whole.half}"):
        with pytest.raises(InvalidInput, match="password_used"):
            change(user, used)
    change(user, GOOD[1])
    assert not User.objects.get(pk=user.pk).must_change_password


def test_passwords_of_others_are_nobodys_business():
    one, other = make_user(), make_user()
    change(one, GOOD[0])
    change(other, GOOD[0])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_hashed_under_a_lock(monkeypatch):
    """Hashing takes a third of a second, and the embedded database has one lock for all."""
    user, free = make_user(), []
    for name in ("check_password", "make_password"):
        real = getattr(passwords, name)
        monkeypatch.setattr(
            passwords,
            name,
            lambda *args, real=real: free.append(not connection.in_atomic_block) or real(*args),
        )
    change(user, GOOD[0])
    change(user, GOOD[1])
    assert len(free) >= 5
    assert all(free)


def test_weak_passwords_are_refused_on_the_page(client):
    user = make_user()
    client.force_login(user)
    for weak, said in (
        ("aaaaaaaaaaaa", "新密码容易被猜到"),
        (PASSWORD, "最近 5 次用过"),
        ("12345", "至少 10 个字符"),
    ):
        form = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
        answer = client.post("/account/password/", form)
        assert answer.status_code == 422
        assert said in answer.content.decode()
