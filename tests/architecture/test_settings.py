"""Settings: production refuses what is left at its default; what browsers are told stays strict."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config import env
from config.settings.base import DEVELOPMENT_SECRET_KEY
from tests.architecture.source import ROOT

GOOD = {
    "SECRET_KEY": "k3J-" * 15,
    "ALLOWED_HOSTS": "pingxuan.example",
    "DATABASE_URL": "postgres://pingxuan@localhost/pingxuan",
}


def start_production(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a process of their own, in an environment with nothing else in it."""
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.SECRET_KEY"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_told_what_it_needs(tmp_path):
    assert start_production(tmp_path, **GOOD).returncode == 0


@pytest.mark.parametrize("missing", GOOD)
def test_production_names_what_is_missing(tmp_path, missing):
    started = start_production(tmp_path, **{name: value for name, value in GOOD.items() if name != missing})
    assert started.returncode != 0
    assert f"ImproperlyConfigured: {missing}" in started.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", DEVELOPMENT_SECRET_KEY),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "sqlite:///var/pingxuan.sqlite3"),
        ("DATABASE_URL", "mysql://root@localhost/pingxuan"),
        ("BEHIND_PROXY", "perhaps"),
    ],
)
def test_production_refuses_defaults_and_nonsense(tmp_path, name, value):
    started = start_production(tmp_path, **{**GOOD, name: value})
    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name}" in started.stderr


def test_an_sqlite_address(tmp_path):
    assert env.database("sqlite:///var/x.sqlite3", base_dir=tmp_path)["NAME"] == str(
        tmp_path / "var/x.sqlite3"
    )
    assert env.database("sqlite:////srv/x.sqlite3", base_dir=tmp_path)["NAME"] == "/srv/x.sqlite3"
    options = env.database("sqlite:///x", base_dir=tmp_path)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20


def test_a_postgres_address(tmp_path):
    found = env.database("postgres://u%40x:p%2Fw@db:5433/name?sslmode=require", base_dir=tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "u@x",
        "p/w",
        "db",
        "5433",
        "name",
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "-c jit=off" in found["OPTIONS"]["options"]
    assert found["ATOMIC_REQUESTS"] is False


def test_a_postgres_socket(tmp_path):
    assert (
        env.database("postgres:///name?host=/run/postgresql", base_dir=tmp_path)["HOST"] == "/run/postgresql"
    )


@pytest.mark.parametrize(
    "url", ["", "mysql://x/y", "postgres://host", "postgres://h:port/name", "sqlite://", "sqlite:///"]
)
def test_a_bad_address_is_refused_by_name(tmp_path, url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url, base_dir=tmp_path)


def test_numbers_and_flags(monkeypatch):
    monkeypatch.setenv("X_NUMBER", "many")
    with pytest.raises(ImproperlyConfigured, match="X_NUMBER"):
        env.integer("X_NUMBER", 1)
    monkeypatch.setenv("X_LIST", " a, b,,c ")
    assert env.words("X_LIST") == ["a", "b", "c"]
    assert env.flag("X_UNSET", default=True) is True


def test_the_content_security_policy_has_no_way_round():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["frame-ancestors"] == directives["base-uri"] == directives["object-src"] == ["'none'"]
    assert "unsafe" not in str(directives)


def test_every_answer_carries_the_strict_headers():
    headers = Client().get("/there-is-no-such-page").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_chinese_unless_chosen_otherwise():
    english_browser = Client(headers={"accept-language": "en"})
    assert english_browser.get("/").headers["Content-Language"] == "zh-hans"
    english_browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert english_browser.get("/").headers["Content-Language"] == "en"
    english_browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "../../etc"
    assert english_browser.get("/").headers["Content-Language"] == "zh-hans"


def test_uploads_lie_outside_of_what_is_served():
    assert settings.MEDIA_ROOT not in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)
    assert not str(settings.MEDIA_ROOT).startswith(str(settings.STATIC_ROOT))


def test_the_house_rules_of_the_database():
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False
    assert settings.ANONYMOUS_USER_NAME is None
    assert settings.AUTH_USER_MODEL == "quotas.User"
    assert settings.USE_TZ is True
