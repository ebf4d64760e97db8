"""What a watcher is told, what a busy database and a full disk come to, and what is found of lost files."""

import errno
import sqlite3
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, transaction
from django.http import HttpResponse
from django.urls import clear_url_caches, path

import config.busy
from appraisal.boards.services import verification
from appraisal.imports.services import uploads
from appraisal.nominations.services import evidence
from appraisal.records.models import Evidence
from appraisal.records.states import EvidenceKind, NominationState
from config import urls
from config.health import MigrationExecutor
from quotas.base import clock
from quotas.base.errors import InvalidInput
from quotas.tree.models import User
from tests.builders import IN_TIME, make_nomination, make_unit_person, make_user

PDF = b"%PDF-1.4\n" + b"0" * 200


# --- /livez and /readyz --------------------------------------------------------------------------------------


def test_alive_touches_nothing(client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", None)
        answer = client.get("/livez", headers={"Host": "127.0.0.1.nowhere"})
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"ok", {})


def test_ready_with_database_and_migrations(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"ok", {})


def test_not_ready_without_the_database(client, db, monkeypatch):
    def down(*_args):
        raise OperationalError("connection to server at 10.0.0.1 failed: password of pingxuan")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", down)
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.close", lambda _self: None)
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (503, b"database", {})


def test_not_ready_while_migrations_are_missing(client, db, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda _self, _targets: ["0009"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations")


# --- a busy database -----------------------------------------------------------------------------------------


class _Postgres(Exception):  # noqa: N818 -- stands for psycopg's errors, which carry a state
    def __init__(self, state):
        self.sqlstate = state


def busy(state):
    error = OperationalError("busy")
    if isinstance(state, int):
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorcode = state
    else:
        cause = _Postgres(state)
    error.__cause__ = cause
    return error


@pytest.fixture
def page(monkeypatch):
    """A page whose answers are given one after the other; an exception is raised."""
    answers, calls = [], []

    def view(request):
        calls.append(request.FILES["file"].read() if request.FILES else None)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return HttpResponse(answer)

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("probe/", view)])
    clear_url_caches()
    yield answers, calls
    clear_url_caches()


@pytest.mark.parametrize("state", ["55P03", "57014", sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT])
def test_what_somebody_else_holds_is_said_and_not_tried_again(client, db, page, state):
    answers, calls = page
    answers += [busy(state), "done"]
    answer = client.post("/probe/")
    assert (answer.status_code, len(calls)) == (409, 1)
    assert "别人正在办理同一事项，这次没有办成" in answer.text


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_deadlock_is_tried_once_more_with_the_same_file(client, db, page, state):
    answers, calls = page
    answers += [busy(state), "done"]
    answer = client.post("/probe/", {"file": SimpleUploadedFile("a", b"whole")})
    assert (answer.status_code, answer.content, calls) == (200, b"done", [b"whole", b"whole"])


def test_the_second_try_of_a_deadlock_waits_a_little(client, db, page, monkeypatch):
    """Not for what is held, and not twice as long as anybody else."""
    answers, calls = page
    pauses = []
    monkeypatch.setattr(config.busy, "sleep", lambda seconds: pauses.append((len(calls), seconds)))
    answers += [busy("40P01"), "done", busy("40P01"), "done", busy("55P03")]
    assert [client.post("/probe/").status_code for _each in range(3)] == [200, 200, 409]
    assert [tried for tried, _seconds in pauses] == [1, 3]
    assert len({seconds for _tried, seconds in pauses}) == 2
    assert all(0 < seconds < 0.5 for _tried, seconds in pauses)


def test_a_second_deadlock_is_said(client, db, page):
    answers, calls = page
    answers += [busy("40P01"), busy("40P01"), "done"]
    assert client.post("/probe/").status_code == 409
    assert len(calls) == 2


@pytest.mark.parametrize("error", [OperationalError("no connection"), DatabaseError("else")])
def test_other_faults_stay_faults(client, db, page, error):
    answers, calls = page
    answers += [error, "done"]
    client.raise_request_exception = False
    assert (client.post("/probe/").status_code, len(calls)) == (500, 1)


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_already_is_not_done_twice(client, monkeypatch):
    def view(_request):
        with transaction.atomic():
            make_user(f"kept{User.objects.count()}")
        raise busy("40P01")

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("probe/", view)])
    clear_url_caches()
    answer = client.post("/probe/")
    clear_url_caches()
    assert answer.status_code == 409
    assert "只办成了一部分" in answer.text
    assert User.objects.count() == 1


# --- a full disk ---------------------------------------------------------------------------------------------


@pytest.fixture
def stored(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.travel(IN_TIME):
        yield tmp_path


@pytest.fixture
def full(monkeypatch, request):
    """A disk that takes the first bytes of a file and then no more."""
    code = getattr(request, "param", errno.ENOSPC)
    opened = Path.open

    class Torn:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            self.file.close()

        def write(self, chunk):
            self.file.write(chunk[:7])
            raise OSError(code, "no more")

    def open_(self, mode="r", *args, **how):
        file = opened(self, mode, *args, **how)
        return Torn(file) if mode == "xb" else file

    monkeypatch.setattr(Path, "open", open_)


def files_in(folder):
    return [found for found in folder.rglob("*") if found.is_file()]


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT, errno.EROFS], indirect=True)
def test_a_full_disk_keeps_no_evidence_and_leaves_nothing(client, stored, full):
    nomination = make_nomination(status=NominationState.RETURNED)
    applicant = make_unit_person(nomination.employer)
    client.force_login(applicant)
    answer = client.post(
        f"/nominations/{nomination.pk}/evidence/",
        {"kind": EvidenceKind.MINUTES, "file": SimpleUploadedFile("a.pdf", PDF)},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "服务器的存储空间已满" in answer.text
    assert not Evidence.objects.exists()
    assert files_in(stored) == []


def test_a_full_disk_keeps_no_workbook_and_leaves_nothing(stored, full):
    with pytest.raises(InvalidInput) as refused:
        uploads.keep(kind=uploads.ImportKind.EMPLOYERS, actor=make_user(), content=b"x" * 100)
    assert refused.value.problems[0].code == "storage_full"
    assert files_in(stored) == []


def test_a_full_disk_while_the_request_is_received_is_a_sentence(client, db, page):
    answers, _calls = page
    answers += [OSError(errno.ENOSPC, "No space left on device")]
    client.raise_request_exception = False
    answer = client.post("/probe/")
    assert answer.status_code == 507
    assert "服务器的存储空间已满" in answer.text


# --- files that are gone -------------------------------------------------------------------------------------


def test_lost_changed_and_unknown_files_are_found(stored):
    nomination = make_nomination(status=NominationState.RETURNED)
    applicant = make_unit_person(nomination.employer)
    items = [
        evidence.add(
            nomination_id=nomination.pk,
            kind=EvidenceKind.MINUTES,
            upload=SimpleUploadedFile(f"{name}.pdf", PDF),
            actor=applicant,
        )
        for name in ("在", "丢", "变")
    ]

    def line():
        return next(line for line in verification.run() if line.rule == "files")

    assert (line().checked, line().holds, line().remarks) == (3, True, ())
    Path(items[1].file.path).unlink()
    Path(items[2].file.path).write_bytes(PDF + b"x")
    (stored / "evidence" / "stray.pdf").write_bytes(b"x")
    found = line()
    assert [("丢.pdf" in text, "变.pdf" in text) for text in found.differences] == [
        (True, False),
        (False, True),
    ]
    assert "stray.pdf" in found.remarks[0]
