"""People from workbooks: bodies' posts, and the register with the accounts of its units."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.imports.services import imports
from appraisal.imports.spreadsheets import read_employers, read_posts
from appraisal.records.models import Employer, UnitPost
from appraisal.records.states import UnitRole
from appraisal.workbooks.columns import POST_COLUMNS
from quotas.base import clock
from quotas.base.states import Level, Role
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.people.models import Proposal
from quotas.people.services import posts
from quotas.tree.models import User
from tests.appraisal.workbooks.sheets import EMPLOYER, employers, opened, saved, workbook
from tests.builders import IN_TIME, make_body, make_credit_code, make_official, make_user

CODE = EMPLOYER["统一社会信用代码"]
OTHER = EMPLOYER | {"单位名称": "另一家公司", "统一社会信用代码": make_credit_code(9_000_002)}
WITH_PEOPLE = EMPLOYER | {
    "申报人": "陈晓东",
    "单位审核人": "周文静",
    "单位审核人登录名": "zhou.wj",
    "申报人电话": "0512-1",
}


@pytest.fixture(autouse=True)
def stored(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path
    with clock.travel(IN_TIME):
        yield tmp_path


@pytest.fixture
def county():
    province = make_body("320000", level=Level.PROVINCE, name="江苏省")
    city = make_body("320500", level=Level.CITY, name="苏州市", parent=province)
    county = make_body("320581", name="常熟市", parent=city)
    posts.create(bodies=[province, city, county])
    return county


@pytest.fixture
def union(county):
    return make_official(county, Role.UNION_REVIEWER)


@pytest.fixture
def system(county):
    return make_official(make_body(level=Level.PROVINCE), Role.SYSTEM_ADMIN, name="管账号的")


def found(report):
    for problem in report.problems:
        assert str(sentence(problem.reason))
    return [(problem.cell, problem.reason.code) for problem in report.problems]


def units(data, actor=None, *, dry_run=False):
    table = read_employers(data)
    return imports.import_employers(rows=table.rows, problems=table.problems, actor=actor, dry_run=dry_run)


def people(rows, actor, *, dry_run=False):
    table = read_posts(workbook([column.heading for column in POST_COLUMNS], rows))
    return imports.import_posts(rows=table.rows, problems=table.problems, actor=actor, dry_run=dry_run)


def post(role="工会审核人", **more):
    return {"单位代码": "320581", "岗位": role} | more


# --- units -----------------------------------------------------------------------------------------------------


def test_a_unit_comes_with_its_two_accounts(county, union):
    report = units(employers([WITH_PEOPLE, OTHER]), union)
    assert (report.created, report.accounts, found(report)) == (2, 2, [])
    slips = {slip.post: slip for slip in report.slips}
    assert {slip.place for slip in report.slips} == {EMPLOYER["单位名称"]}
    assert slips["申报人"].username == f"{CODE.lower()}.shenbao"
    assert (slips["单位审核人"].username, slips["申报人"].phone) == ("zhou.wj", "0512-1")
    for slip in report.slips:
        user = User.objects.get(username=slip.username)
        assert user.check_password(slip.password)
        assert user.must_change_password
        assert UnitPost.objects.filter(user=user, employer__credit_code=CODE).exists()
    opened_by = LedgerEntry.objects.filter(act="create_account")
    assert {(row.actor, row.body) for row in opened_by} == {(union, county)}
    told = "".join(f"{row.after}" for row in LedgerEntry.objects.all())
    assert not [slip for slip in report.slips if slip.password in told]


def test_a_second_import_adds_who_is_missing_and_nobody_twice(county, union):
    units(employers([EMPLOYER | {"申报人": "陈晓东"}]), union)
    report = units(employers([WITH_PEOPLE]), union)
    assert (report.created, report.unchanged, report.accounts) == (0, 1, 1)
    report = units(employers([WITH_PEOPLE]), union)
    assert (report.created, report.unchanged, report.accounts, report.slips) == (0, 1, 0, ())
    assert UnitPost.objects.count() == 2


def test_a_dry_run_is_the_real_run(county, union):
    dry = units(employers([WITH_PEOPLE, OTHER]), union, dry_run=True)
    assert not User.objects.filter(username="zhou.wj").exists()
    assert dry.slips == ()
    assert dry == units(employers([WITH_PEOPLE, OTHER]), union)


def test_every_problem_at_once_and_nothing_saved(county, union):
    make_official(county, Role.KEEPER, username="keeper.one", name="管名单的")
    make_user("taken.one", name="别人")
    before = User.objects.count()
    rows = [
        EMPLOYER | {"申报人": "甲", "申报人登录名": "taken.one"},
        OTHER | {"申报人": "乙", "申报人登录名": "keeper.one", "单位审核人": "乙"},
        EMPLOYER | {"统一社会信用代码": make_credit_code(9_000_003), "申报人登录名": "no.name"},
        EMPLOYER
        | {
            "统一社会信用代码": make_credit_code(9_000_004),
            "申报人": "丁",
            "申报人登录名": "same",
            "单位审核人": "戊",
            "单位审核人登录名": "SAME",
        },
        EMPLOYER | {"统一社会信用代码": make_credit_code(9_000_005), "申报人": "庚", "申报人登录名": "Same"},
        EMPLOYER | {"统一社会信用代码": "错", "申报人": "己", "申报人登录名": "x"},
    ]
    report = units(employers(rows), union)
    codes = [code for _cell, code in found(report)]
    assert not report.saved
    assert sorted(code for code in codes if code != "import_row_twice") == sorted(
        [
            "username_taken",
            "official_in_area",
            "unit_people_differ",
            "name_required",
            "username_taken",
            "credit_code_length",
        ]
    )
    assert "import_row_twice" in codes
    assert all(cell for cell, _code in found(report))
    assert User.objects.count() == before
    assert not Employer.objects.exists()


def test_only_by_those_who_verify_there(county, union):
    elsewhere = make_official(make_body("320582", name="张家港市", parent=county.parent), Role.UNION_REVIEWER)
    report = units(employers([WITH_PEOPLE]), elsewhere)
    assert "act_not_held" in [code for _cell, code in found(report)]
    assert not User.objects.filter(username="zhou.wj").exists()


def test_as_many_statements_for_twenty_units_as_for_four(county, union):
    def statements(start, number):
        rows = [
            WITH_PEOPLE
            | {"统一社会信用代码": make_credit_code(9_100_000 + start + each), "单位审核人登录名": None}
            for each in range(number)
        ]
        with CaptureQueriesContext(connection) as asked:
            assert units(employers(rows), union).accounts == 2 * number
        return len(asked)

    statements(200, 1)  # what is read once in a process
    assert statements(0, 4) == statements(100, 20)


# --- posts -----------------------------------------------------------------------------------------------------


def test_rows_without_a_person_are_left_out_and_the_rest_is_proposed(county, system):
    report = people(
        [post(姓名="王芳"), post("组织部审核人"), post("名单负责人", 姓名="李强", 登录名="li.q")], system
    )
    assert (report.rows, report.created, report.accounts, found(report)) == (2, 2, 2, [])
    assert {slip.username for slip in report.slips} == {"320581.union_reviewer", "li.q"}
    assert Proposal.objects.count() == 2
    assert not posts.is_filled(body_id=county.pk, role=Role.KEEPER)


def test_one_person_with_two_posts_is_one_account(county, system):
    rows = [
        post(姓名="王芳", 登录名="wang"),
        {"单位代码": "320500", "岗位": "监督员", "姓名": "王芳", "登录名": "WANG"},
    ]
    report = people(rows, system)
    assert (report.created, report.accounts) == (2, 1)
    (slip,) = report.slips
    assert (slip.place, slip.post) == ("常熟市、苏州市", "工会审核人、监督员")


def test_all_problems_of_posts_at_once(county, system):
    make_user("taken", name="别人")
    rows = [
        post(姓名="甲", 登录名="taken"),
        {"单位代码": "999999", "岗位": "工会审核人", "姓名": "乙"},
        post("系统管理员", 姓名="丙"),
        post("名单负责人", 登录名="no.name"),
        post("工会领导", 姓名="丁", 电子邮箱="不是"),
        {"单位代码": "320581", "岗位": "省级工作人员", "姓名": "戊"},
    ]
    report = people(rows, system)
    assert found(report) == [
        ("E2", "username_taken"),
        ("A3", "import_body_unknown"),
        ("C4", "cell_not_choice"),
        ("D5", "name_required"),
        ("G6", "email_malformed"),
        ("C7", "post_missing"),
    ]
    assert not Proposal.objects.exists()


def test_dry_run_of_posts_is_the_real_run(county, system):
    rows = [post(姓名="王芳"), post("名单负责人", 姓名="李强")]
    assert people(rows, system, dry_run=True) == people(rows, system)


# --- pages -----------------------------------------------------------------------------------------------------


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def upload(client, data, kind="posts"):
    return client.post(f"/imports/{kind}/", {"file": SimpleUploadedFile("表.xlsx", data)})


def confirm(client, answer, kind="posts"):
    drawn = {name: value for name, value in answer.context["confirm"].initial.items() if value is not None}
    return client.post(f"/imports/{kind}/confirm/", drawn)


def passwords(answer):
    return re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){2,3}", answer.content.decode())


def test_the_form_is_filled_in_with_the_vacant_posts(county, system):
    make_official(county, Role.KEEPER)
    answer = client_of(system).get("/imports/posts/form.xlsx")
    sheet = opened(answer.content).worksheets[0]
    rows = [row[:3] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    assert ("320581", "常熟市", "工会审核人") in rows
    assert ("320581", "常熟市", "名单负责人") not in rows
    assert not [row for row in rows if row[2] in {"系统管理员", "安全管理员", "审计管理员"}]
    assert client_of(make_official(county, Role.OBSERVER)).get("/imports/posts/form.xlsx").status_code == 403


def test_from_the_form_to_the_first_sign_in(county, system, stored):
    client = client_of(system)
    book = opened(client.get("/imports/posts/form.xlsx").content)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "320581" and row[2].value == "名单负责人":
            row[3].value, row[4].value = "李强", "li.qiang"
    checked = upload(client, saved(book))
    assert "同时开设或更新 1 个账号" in checked.text
    sheet = confirm(client, checked)
    assert sheet.headers["Cache-Control"].count("no-store") == 1
    (first,) = passwords(sheet)
    assert not default_storage.exists(f"imports/posts-{system.pk}.xlsx")
    # A second press gives nothing a second time.
    assert confirm(client, checked).status_code == 409

    security = client_of(make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN))
    page = security.get("/posts/proposals/")
    assert "李强" in page.text
    (second,) = passwords(security.post("/posts/proposals/", {"seen": [Proposal.objects.get().pk]}))
    for wrong in (first, second):
        assert Client().post("/login/", {"username": "li.qiang", "password": wrong}).status_code == 200
    holder = Client()
    assert holder.post("/login/", {"username": "LI.qiang", "password": f"{first}{second}"}).status_code == 302
    assert holder.get("/").url == "/account/password/"


def test_the_list_shows_clashes_and_takes_reasons(county, system):
    people([post("名单负责人", 姓名="李强", 登录名="li.q")], system)
    user = User.objects.get(username="li.q")
    make_official(county, Role.UNION_LEADER)
    user.groups.add(posts.create(bodies=[county], roles=[Role.UNION_LEADER])[0].group)
    security = client_of(make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN))
    page = security.get("/posts/proposals/")
    assert "有 1 行不能授予" in page.text
    pk = Proposal.objects.get().pk
    assert security.post("/posts/proposals/", {"seen": [pk]}).status_code == 422
    done = security.post("/posts/proposals/", {"seen": [pk], f"reason-{pk}": "已任领导"}, follow=True)
    assert "未授予 1 个" in done.text
    assert Client().get("/posts/proposals/").status_code == 302
    assert client_of(system).get("/posts/proposals/").status_code == 404


def test_lost_sheets_are_made_anew_by_each_for_his_half(county, system):
    people([post(姓名="王芳", 登录名="wang")], system)
    client = client_of(system)
    assert "有 1 个账号" in client.get("/accounts/halves/").text
    assert len(passwords(client.post("/accounts/halves/"))) == 1
    security = client_of(make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN))
    assert "有 0 个账号" in security.get("/accounts/halves/").text
    assert client_of(make_official(county, Role.KEEPER)).get("/accounts/halves/").status_code == 404


def test_the_sheet_of_a_unit_import_is_drawn_once(county, union):
    client = client_of(union)
    checked = upload(client, employers([WITH_PEOPLE]), "employers")
    sheet = confirm(client, checked, "employers")
    assert len(passwords(sheet)) == 2
    assert Employer.objects.get().name in sheet.text
    assert UnitPost.objects.filter(role=UnitRole.ENDORSER, user__username="zhou.wj").exists()
    assert confirm(client, checked, "employers").status_code == 409


def test_who_comes_after_the_ninth_of_a_post_is_asked_for_a_login_name(county, union):
    *nine, tenth = [
        units(employers([EMPLOYER | {"申报人": f"陈{name}", "申报人登录名": ""}]), union)
        for name in "甲乙丙丁戊己庚辛壬癸"
    ]
    assert [report.accounts for report in nine] == [1] * 9
    assert [code for _cell, code in found(tenth)] == ["username_taken"]
    assert not UnitPost.objects.filter(user__name="陈癸").exists()


def test_a_lost_sheet_of_units_is_made_anew_for_those_who_never_signed_in(county, union):
    report = units(employers([WITH_PEOPLE]), union)
    old = {slip.username: slip.password for slip in report.slips}
    used = Client()
    assert used.post("/login/", {"username": "zhou.wj", "password": old["zhou.wj"]}).status_code == 302
    client = client_of(union)
    assert "有 1 个账号" in client.get("/employers/passwords/").text
    sheet = client.post("/employers/passwords/")
    (anew,) = passwords(sheet)
    login = f"{CODE.lower()}.shenbao"
    assert Client().post("/login/", {"username": login, "password": old[login]}).status_code == 200
    assert Client().post("/login/", {"username": login, "password": anew}).status_code == 302
    elsewhere = make_official(make_body("320582", name="张家港市", parent=county.parent), Role.UNION_REVIEWER)
    assert "有 0 个账号" in client_of(elsewhere).get("/employers/passwords/").text
    assert client_of(make_user()).get("/employers/passwords/").status_code == 404
