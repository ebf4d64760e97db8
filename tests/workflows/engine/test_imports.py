"""Imported drafts are under way like any other: each has its process and its first task."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.imports.spreadsheets import read_nominations
from appraisal.records.models import Nomination
from appraisal.records.states import UnitRole
from appraisal.register.services import unit_people
from quotas.base import clock
from quotas.base.states import NomineeKind, Role
from tests.appraisal.workbooks.sheets import NOMINATION, nominations
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_official,
    make_round_award,
    make_unit_person,
    make_user,
)
from tests.workflows.house import open_nodes, process_of, shape
from workflows import turns
from workflows.models import NominationProcess
from workflows.querysets import of_nomination


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
    unit_people.appoint(
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


def rows_of(county, number):
    """Rows of so many units with a person each."""
    units = [make_employer(county) for _ in range(number)]
    return nominations(
        [
            NOMINATION | {"统一社会信用代码": unit.credit_code, "申报人账号": make_unit_person(unit).username}
            for unit in units
        ]
    )


def bring_in(award, data):
    report = turns.import_nominations(round_id=award.round_id, rows=read_nominations(data).rows, actor=None)
    assert report.saved
    return Nomination.objects.in_bulk(report.made)


def test_every_process_begins_as_one_that_is_begun_alone(award, county):
    made = list(bring_in(award, rows_of(county, 3)).values())
    alone = made.pop()
    tasks = of_nomination(alone.pk).order_by("pk")
    process_of(alone).delete()
    assert turns.start_nomination(nomination_id=alone.pk) == process_of(alone)
    start, first = (shape(task) for task in tasks.all())
    assert open_nodes(alone) == ["complete_application"]
    for nomination in made:
        theirs = list(of_nomination(nomination.pk).order_by("pk"))
        begun, waiting = (shape(task) for task in theirs)
        assert vars(begun) | {"pk": 0} == vars(start) | {"pk": 0}
        assert waiting.previous == [theirs[0].pk]
        assert waiting.of == (
            ContentType.objects.get_for_model(nomination.employer).pk,
            str(nomination.employer_id),
        )
        same = {"previous": 0, "of": 0}
        assert vars(waiting) | same == vars(first) | same
    assert turns.reconcile() == []


def test_as_many_statements_for_fifty_rows_as_for_five(award, county):
    def statements(number):
        data = rows_of(county, number)
        with CaptureQueriesContext(connection) as asked:
            assert len(bring_in(award, data)) == number
        # SQLite splits what is inserted into parts of fixed size.
        return len(
            [
                query
                for query in asked
                if connection.vendor == "postgresql" or not query["sql"].startswith("INSERT")
            ]
        )

    statements(1)  # what is read once in a process
    assert statements(5) == statements(50)
