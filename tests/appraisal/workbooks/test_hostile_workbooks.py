"""Files that are made to hurt: refused with a sentence, at no cost, and not even opened for those who may not."""

import resource
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appraisal.imports.spreadsheets import read_employers
from appraisal.nominations.services import evidence
from appraisal.records.states import EvidenceKind, NominationState
from appraisal.workbooks import apart, parser
from quotas.base import clock
from quotas.base.states import Level, Role
from quotas.base.wording import sentence
from quotas.rounds.services import apportionments
from tests.appraisal.workbooks.hostile import HOSTILE, far_cell_after_a_comment
from tests.appraisal.workbooks.sheets import EMPLOYER, employers
from tests.builders import (
    IN_TIME,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_official,
    make_round_award,
    make_rule_version,
    make_unit_person,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence_at_next_to_no_cost(name):
    make, code = HOSTILE[name]
    data = make()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    table = read_employers(data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    (problem,) = table.problems
    assert problem.reason.code == code
    assert str(sentence(problem.reason))
    assert not table.rows
    # A tenth of a second of work; several times that on a machine that is busy.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_takes_next_to_no_memory(name):
    """Measured from a small process: what a child takes before it becomes the parser counts as its own."""
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-I", "-S", "-c", measure, sys.executable, "-I", "-S", str(apart._PROGRAM)]
    done = subprocess.run(command, input=HOSTILE[name][0](), capture_output=True, check=True)
    assert int(done.stdout) < 100 * 1024  # KiB


@pytest.mark.parametrize(
    "program",
    [
        "x = bytearray(2 ** 40)",
        "import os; os.kill(os.getpid(), 9)",
        "import time; time.sleep(60)",
        "raise SystemExit(3)",
    ],
    ids=["memory", "killed", "clock", "fault"],
)
def test_whatever_becomes_of_the_child_the_parent_lives_and_says_so(monkeypatch, tmp_path, program):
    path = tmp_path / "program.py"
    path.write_text(program)
    monkeypatch.setattr(apart, "_PROGRAM", path)
    monkeypatch.setattr(apart, "SECONDS", 0.5)
    (problem,) = read_employers(employers([EMPLOYER])).problems
    assert problem.reason.code == "file_takes_too_much"


@pytest.mark.parametrize(
    "program", ["bytearray(parser.MEMORY)", "open('/tmp/no', 'wb', 0).write(b'x' * 10)", "while True: pass"]
)
def test_the_child_confines_itself(program):
    command = f"import parser\nparser.SECONDS = 1\nparser._confine()\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=apart._PROGRAM.parent,
    )
    assert done.returncode != 0
    assert done.returncode < 0 or "MemoryError" in done.stderr or "File too large" in done.stderr


def test_the_child_needs_nothing_but_the_standard_library_and_gets_no_secrets(monkeypatch):
    seen = {}
    run = subprocess.run

    def spy(command, **how):
        seen.update(how, command=command)
        return run(command, **how)

    monkeypatch.setattr(apart.subprocess, "run", spy)
    assert len(read_employers(employers([EMPLOYER])).rows) == 1
    assert seen["env"] == {}
    assert seen["command"][1:3] == ["-I", "-S"]


# --- permission first ----------------------------------------------------------------------------------------


FAR = far_cell_after_a_comment()


@pytest.fixture
def unread(monkeypatch):
    """Nothing may open a file that is uploaded."""

    def opened(*_args, **_how):
        raise AssertionError("the file was opened before the permission was known")

    monkeypatch.setattr(apart, "sheets", opened)
    monkeypatch.setattr(parser, "parse", opened)
    monkeypatch.setattr("zipfile.ZipFile", opened)
    monkeypatch.setattr(evidence, "sniff", opened)


@pytest.fixture
def places(db):
    with clock.travel(IN_TIME):
        province = make_body("320000", name="江苏省", level=Level.PROVINCE)
        city = make_body("320500", name="苏州市", parent=province)
        county = make_body("320581", name="常熟市", parent=city)
        yield province, city, county


def _import_units(_places):
    return "/imports/employers/", {}


def _import_nominations(_places):
    return "/imports/nominations/", {}


def _weights(places):
    province, _city, _county = places
    award = make_round_award()
    planner = make_official(province, Role.STAFF)
    made = apportionments.begin(round_award_id=award.pk, parent_id=province.pk, actor=planner)
    return reverse("appraisal:calculation", args=[made.pk]), {
        "act": "upload",
        "version": 1,
        "kind": "members",
    }


def _trial(_places):
    award = make_award("medal")
    make_rule_version(award, number=7)
    return reverse("appraisal:rule_try", args=[award.code, 7]), {"stage": "province"}


def _evidence(places):
    nomination = make_nomination(desk=places[2], status=NominationState.RETURNED)
    return reverse("appraisal:evidence_add", args=[nomination.pk]), {"kind": EvidenceKind.MINUTES}


@pytest.mark.parametrize("address", [_import_units, _import_nominations, _weights, _trial, _evidence])
@pytest.mark.parametrize("who", ["applicant", "observer", "leader"])
def test_no_file_is_opened_for_those_who_may_not(client, places, unread, address, who):
    url, fields = address(places)
    county = places[2]
    if who == "applicant":
        user = make_unit_person(make_employer(county))
    else:
        user = make_official(county, Role.OBSERVER if who == "observer" else Role.UNION_LEADER)
    client.force_login(user)
    upload = SimpleUploadedFile("表.xlsx", FAR)
    answer = client.post(url, fields | {"file": upload}, headers={"HX-Request": "true"})
    assert answer.status_code in {403, 404}


def test_those_who_may_are_told_what_is_wrong_with_the_file(client, places):
    client.force_login(make_official(places[2], Role.KEEPER))
    upload = SimpleUploadedFile("表.xlsx", FAR)
    answer = client.post("/imports/employers/", {"file": upload})
    assert answer.status_code == 422
    assert "XFD1048576" in answer.text
