"""Imported drafts are under way like any other: each has its process and its first task."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from appraisal.models import Nomination
from appraisal.services import employers
from appraisal.states import UnitRole
from quotas import clock
from quotas.states import NomineeKind, Role
from tests.appraisal.workbooks import NOMINATION, nominations
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_official,
    make_round_award,
    make_user,
)
from workflows.models import NominationProcess


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def county(db):
    return make_body("320581", name="常熟市")


@pytest.fixture
def award(county):
    award = make_round_award(award=make_award(name="工人先锋号", nominee_kind=NomineeKind.TEAM))
    make_allotment(award, county)
    return award


@pytest.fixture
def data(county):
    unit = make_employer(county)
    employers.appoint(
        employer_id=unit.pk, user_id=make_user("li.ming").pk, role=UnitRole.APPLICANT, actor=None
    )
    return nominations([NOMINATION | {"统一社会信用代码": unit.credit_code, "申报人账号": "li.ming"}])


def test_the_command_begins_every_process_and_a_dry_run_none(award, data, tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(data)
    call_command("import_nominations", str(path), "--dry-run")
    assert not NominationProcess.objects.exists()
    call_command("import_nominations", str(path))
    assert NominationProcess.objects.get().nomination == Nomination.objects.get()
    assert NominationProcess.objects.get().task_set.exclude(flow_task_type="START").exists()


def test_the_page_begins_every_process(award, data, county, client):
    client.force_login(make_official(county, Role.KEEPER))
    checked = client.post(
        "/imports/nominations/", {"file": SimpleUploadedFile("a.xlsx", data), "round": award.round_id}
    )
    assert not NominationProcess.objects.exists()
    client.post("/imports/nominations/confirm/", checked.context["confirm"].initial)
    assert NominationProcess.objects.get().nomination == Nomination.objects.get()
