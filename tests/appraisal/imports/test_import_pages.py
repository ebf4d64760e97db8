"""The import page: check, read, confirm; for those who may, of what they may."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal.records.models import Employer, Nomination
from appraisal.records.states import UnitRole
from appraisal.register.services import unit_people
from quotas.base import clock
from quotas.base.states import NomineeKind, Role
from tests.appraisal.workbooks.sheets import EMPLOYER, NOMINATION, employers, nominations, opened
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_official,
    make_round,
    make_round_award,
    make_user,
)


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.travel(IN_TIME):
        yield tmp_path


@pytest.fixture
def county(db):
    return make_body("320581", name="常熟市", parent=make_body("320500", name="苏州市", level="city"))


@pytest.fixture
def keeper(county, client):
    user = make_official(county, Role.KEEPER)
    client.force_login(user)
    return user


def upload(client, data, kind="employers", **fields):
    return client.post(f"/imports/{kind}/", {"file": SimpleUploadedFile("表.xlsx", data), **fields})


def confirm(client, answer, kind="employers", **fields):
    drawn = {name: value for name, value in answer.context["confirm"].initial.items() if value is not None}
    return client.post(f"/imports/{kind}/confirm/", drawn | fields, follow=True)


def test_checked_then_confirmed(client, keeper, stored):
    checked = upload(client, employers([EMPLOYER]))
    assert checked.status_code == 200
    assert "可以导入 1 行" in checked.text
    assert not Employer.objects.exists()
    done = confirm(client, checked)
    assert "已导入 1 行" in done.text
    assert Employer.objects.get().name == EMPLOYER["单位名称"]
    assert not list(stored.rglob("*.xlsx"))


def test_a_confirmation_sent_twice_imports_once(client, keeper):
    checked = upload(client, employers([EMPLOYER]))
    confirm(client, checked)
    again = confirm(client, checked)
    assert again.status_code == 409
    assert "待确认的文件已不在" in again.text
    assert Employer.objects.count() == 1


def test_a_confirmation_is_for_the_file_that_was_checked(client, keeper):
    first = upload(client, employers([EMPLOYER]))
    upload(client, employers([EMPLOYER | {"单位名称": "另一份"}]))
    assert confirm(client, first).status_code == 409
    assert not Employer.objects.exists()


def test_what_changed_between_check_and_confirmation_is_told(client, keeper, county):
    checked = upload(client, employers([EMPLOYER]))
    make_employer(county, credit_code=EMPLOYER["统一社会信用代码"])
    answer = confirm(client, checked)
    assert answer.status_code == 422
    assert "不会被覆盖" in answer.text


def test_every_problem_is_listed_with_its_place_and_nothing_is_kept(client, keeper, stored):
    answer = upload(client, employers([EMPLOYER | {"职工人数": "多"}, EMPLOYER | {"单位名称": None}]))
    assert answer.status_code == 422
    assert "有 2 处需要改正" in answer.text
    assert [(p["sheet"], p["row"], p["column"]) for p in answer.context["problems"]] == [
        ("表1", 2, "I 职工人数"),
        ("表1", 3, "A 单位名称"),
    ]
    assert answer.context["confirm"] is None
    assert not list(stored.rglob("*.xlsx"))


def test_a_page_takes_fewer_rows_than_the_command(client, keeper):
    answer = upload(client, employers([EMPLOYER] * 2_501))
    assert [problem["sentence"].figures for problem in answer.context["problems"]] == [
        "填有内容的共 2,501 行，上限 2,500 行。"
    ]


def test_a_dropped_file_is_gone(client, keeper, stored):
    checked = upload(client, employers([EMPLOYER]))
    assert list(stored.rglob("*.xlsx"))
    confirm(client, checked, drop="1")
    assert not list(stored.rglob("*.xlsx"))
    assert not Employer.objects.exists()


def test_nominations_come_into_the_chosen_round(client, keeper, county):
    unit = make_employer(county)
    user = make_user("li.ming")
    unit_people.appoint(employer_id=unit.pk, user_id=user.pk, role=UnitRole.APPLICANT, actor=None)
    award = make_round_award(make_round(), make_award(name="工人先锋号", nominee_kind=NomineeKind.TEAM))
    make_allotment(award, county)
    data = nominations([NOMINATION | {"统一社会信用代码": unit.credit_code, "申报人账号": "li.ming"}])
    assert "round" in upload(client, data, "nominations").context["desks"][1]["form"].errors
    checked = upload(client, data, "nominations", round=award.round_id)
    assert "可以导入 1 行" in checked.text
    confirm(client, checked, "nominations")
    assert Nomination.objects.get().created_by == user


@pytest.mark.parametrize(
    ("role", "employers_status", "nominations_status"),
    [(Role.KEEPER, 200, 200), (Role.UNION_REVIEWER, 200, 403), (Role.OBSERVER, 403, 403)],
)
def test_who_may_import_what(client, county, role, employers_status, nominations_status):
    client.force_login(make_official(county, role))
    make_round()
    assert client.get("/imports/").status_code == (200 if employers_status == 200 else 403)
    for kind, status in (("employers", employers_status), ("nominations", nominations_status)):
        assert client.get(f"/imports/{kind}/form.xlsx").status_code == status
    answer = upload(client, employers([EMPLOYER]))
    assert answer.status_code == employers_status
    round_id = make_round().pk
    answer = upload(client, nominations([NOMINATION]), "nominations", round=round_id)
    assert answer.status_code == (403 if nominations_status == 403 else 422)
    assert not Employer.objects.exists()


def test_a_file_of_another_person_cannot_be_confirmed(client, keeper, county):
    checked = upload(client, employers([EMPLOYER]))
    client.force_login(make_official(county, Role.KEEPER))
    assert confirm(client, checked).status_code == 409
    assert not Employer.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/imports/", "/imports/employers/", "/imports/employers/confirm/", "/imports/employers/form.xlsx"],
)
def test_the_pages_ask_to_sign_in(client, db, address):
    answer = client.post(address) if address.endswith("confirm/") else client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


def test_there_are_two_kinds(client, keeper):
    assert client.get("/imports/others/").status_code == 404
    assert client.post("/imports/others/confirm/").status_code == 404


def test_the_blank_form_is_a_workbook(client, keeper):
    answer = client.get("/imports/employers/form.xlsx")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert opened(answer.content).sheetnames == ["单位登记", "填表说明"]


def test_the_storage_is_not_the_web_root(client, keeper):
    upload(client, employers([EMPLOYER]))
    assert default_storage.exists(f"imports/employers-{keeper.pk}.xlsx")
    assert client.get(f"/imports/employers-{keeper.pk}.xlsx").status_code == 404
