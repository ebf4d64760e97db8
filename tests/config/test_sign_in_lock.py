"""Guessing passwords: one name from one place is locked, nobody else is."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import RequestFactory

from config.client_address import client_address

pytestmark = pytest.mark.django_db

PASSWORD = "chang-jiang-2026"


@pytest.fixture(autouse=True)
def locking(settings):
    settings.AXES_ENABLED = True


@pytest.fixture
def reviewer():
    return get_user_model().objects.create_user(username="reviewer", password=PASSWORD)


def sign_in(password, *, address="10.0.0.7", username="reviewer"):
    request = RequestFactory().post("/login/", {"username": username}, REMOTE_ADDR=address)
    return authenticate(request, username=username, password=password)


def test_the_right_password_is_let_in(reviewer):
    assert sign_in(PASSWORD) == reviewer


def test_five_wrong_passwords_lock_the_pair(reviewer):
    for _ in range(5):
        assert sign_in("wrong") is None
    assert sign_in(PASSWORD) is None


def test_another_place_is_not_locked_out_by_it(reviewer):
    for _ in range(5):
        sign_in("wrong")
    assert sign_in(PASSWORD, address="10.0.0.8") == reviewer


def test_four_wrong_passwords_are_forgiven(reviewer):
    for _ in range(4):
        sign_in("wrong")
    assert sign_in(PASSWORD) == reviewer


@pytest.mark.parametrize(
    ("behind_proxy", "seen"),
    [(True, "203.0.113.5"), (False, "127.0.0.1")],
)
def test_the_header_of_the_proxy_is_believed_behind_a_proxy_only(settings, behind_proxy, seen):
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_REAL_IP="203.0.113.5")
    assert client_address(request) == seen


@pytest.mark.parametrize("username", ["reviewer", "gone", "unusable", "nobody"])
def test_sign_in_says_and_costs_the_same_for_every_name(client, reviewer, monkeypatch, username):
    """The same page, the same one hash, and after five times the same lock, whether there is such an account or not."""
    users = get_user_model().objects
    users.create_user(username="gone", password=PASSWORD, is_active=False)
    users.create_user(username="unusable")
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or real(self, *args)
    )
    said = set()
    for attempt in range(6):
        hashed.clear()
        answer = client.post("/login/", {"username": username, "password": "wrong"})
        text = answer.content.decode().replace(username, "NAME")
        said.add((answer.status_code, "锁定十五分钟" in text, "请输入一个正确的" in text or attempt > 3))
        assert len(hashed) == (1 if attempt < 5 else 0)
    assert said == {(200, True, True), (429, True, True)}
