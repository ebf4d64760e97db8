"""The register's pages: list, one unit, verification, editing, posts, accounts, registration."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.records.models import Employer, UnitPost
from appraisal.records.states import Control, Sector, UnitRole
from quotas.base import clock
from quotas.base.states import Role
from tests.builders import (
    IN_TIME,
    make_body,
    make_credit_code,
    make_employer,
    make_nomination,
    make_official,
    make_unit_person,
    make_user,
)

FACTS = {
    "facts-name": "改名后的企业",
    "facts-employees": "120",
    "facts-union_members": "100",
    "facts-party_members": "5",
    "facts-sector": "public_body",
    "facts-control": "private",
    "act": "update",
}


@pytest.fixture(autouse=True)
def _in_time(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def county():
    return make_body()


@pytest.fixture
def employer(county):
    return make_employer(
        county,
        name="常熟纺织有限公司",
        verified_control=Control.UNKNOWN,
        verified_by=None,
        verified_at=None,
        verified_on_proof="",
    )


@pytest.fixture
def official(county):
    return make_official(county, Role.UNION_REVIEWER)


@pytest.fixture
def applicant(employer):
    user = make_user(name="申报人甲")
    UnitPost.objects.create(user=user, employer=employer, role=UnitRole.APPLICANT)
    return user


def address(employer):
    return reverse("appraisal:employer", args=[employer.pk])


def sent(client, user, employer, **fields):
    client.force_login(user)
    return client.post(address(employer), {key.replace("__", "-"): value for key, value in fields.items()})


# --- list ----------------------------------------------------------------------------------------------------


def test_the_list_shows_the_area_only(client, employer, official):
    make_employer(name="外县企业")
    client.force_login(official)
    text = client.get(reverse("appraisal:employers")).content.decode()
    assert "常熟纺织有限公司" in text
    assert "待核验" in text
    assert "外县企业" not in text


def test_empty_list_and_empty_search(client, employer, official):
    client.force_login(make_user())
    assert "还没有单位" in client.get(reverse("appraisal:employers")).content.decode()
    client.force_login(official)
    text = client.get(reverse("appraisal:employers"), {"q": "没有这个"}).content.decode()
    assert "没有符合条件的单位" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verified": "no"}, True),
        ({"verified": "yes"}, False),
        ({"control": "unknown"}, True),
        ({"control": "state"}, False),
        ({"q": "常熟"}, True),
    ],
)
def test_filters(client, employer, official, query, found):
    client.force_login(official)
    text = client.get(reverse("appraisal:employers"), query).content.decode()
    assert ("常熟纺织有限公司" in text) is found


@pytest.mark.parametrize("what", ["appraisal:employers", "one"])
def test_the_same_statements_with_any_number_of_rows(client, employer, official, what):
    client.force_login(official)
    url = address(employer) if what == "one" else reverse(what)
    counts = set()
    for more in (1, 2, 47):
        for _each in range(more):
            make_employer(employer.body)
            make_nomination(employer=employer)
        with CaptureQueriesContext(connection) as counted:
            client.get(url)
        counts.add(len(counted))
    assert len(counts) == 1
    assert max(counts) <= 20


# --- one unit ------------------------------------------------------------------------------------------------


def test_not_yours_looks_like_not_there(client, employer):
    client.force_login(make_official(make_body(), Role.UNION_REVIEWER))
    assert client.get(address(employer)).status_code == 404
    assert client.post(address(employer), FACTS).status_code == 404
    client.logout()
    assert client.get(address(employer)).status_code == 302


def test_an_official_of_the_county_verifies(client, employer, official):
    fields = {"ownership__version": employer.version, "ownership__control": "private", "act": "verify"}
    refused = sent(client, official, employer, **fields, ownership__proof="")
    assert refused.status_code == 422
    assert not Employer.objects.get(pk=employer.pk).is_verified
    taken = sent(client, official, employer, **fields, ownership__proof="公司章程和股东名册")
    assert taken.status_code == 302
    text = client.get(address(employer)).content.decode()
    assert "公司章程和股东名册" in text
    assert official.name in text
    stale = sent(client, official, employer, **fields, ownership__proof="又一次")
    assert stale.status_code == 409
    assert Employer.objects.get(pk=employer.pk).verified_on_proof == "公司章程和股东名册"


def test_others_see_no_form_and_are_refused(client, employer, county, applicant):
    fields = {"ownership__version": employer.version, "ownership__control": "private", "act": "verify"}
    for user in (make_official(county.parent, Role.UNION_REVIEWER), applicant):
        client.force_login(user)
        assert 'value="verify"' not in client.get(address(employer)).content.decode()
        answer = sent(client, user, employer, **fields, ownership__proof="公司章程")
        assert answer.status_code == 403
    assert not Employer.objects.get(pk=employer.pk).is_verified


def test_the_own_unit_keeps_its_facts_up_to_date(client, employer, applicant):
    client.force_login(applicant)
    fields = {**FACTS, "facts-version": employer.version}
    refused = client.post(address(employer), {**fields, "facts-union_members": "500"})
    assert refused.status_code == 422
    assert client.post(address(employer), fields).status_code == 302
    kept = Employer.objects.get(pk=employer.pk)
    assert (kept.name, kept.sector) == ("改名后的企业", Sector.PUBLIC_BODY)
    shown = re.sub(r"<[^>]+>", " ", client.get(address(employer)).content.decode())
    assert "单位性质 机关事业单位" in " ".join(shown.split())
    assert client.post(address(employer), {**fields, "facts-name": "旧页"}).status_code == 409


def test_reading_is_not_editing(client, employer):
    observer = make_official(employer.body, Role.OBSERVER)
    client.force_login(observer)
    assert 'value="update"' not in client.get(address(employer)).content.decode()
    answer = client.post(address(employer), {**FACTS, "facts-version": employer.version})
    assert answer.status_code == 403
    assert Employer.objects.get(pk=employer.pk).name == "常熟纺织有限公司"


def test_accounts_of_the_unit(client, employer, official):
    person = make_unit_person(make_employer(employer.body), username="zhangsan", name="张三")
    make_unit_person(make_employer(), username="elsewhere", name="远方")
    unknown = sent(client, official, employer, post__username="nobody", post__role="applicant", act="appoint")
    assert unknown.status_code == 422
    assert "nobody" in unknown.content.decode()
    taken = sent(client, official, employer, post__username="zhangsan", post__role="applicant", act="appoint")
    assert taken.status_code == 302
    stranger = sent(
        client, official, employer, post__username="elsewhere", post__role="applicant", act="appoint"
    )
    assert stranger.content.decode().replace("elsewhere", "nobody").count(
        "nobody"
    ) == unknown.content.decode().count("nobody")
    assert "远方" not in stranger.content.decode()
    post = UnitPost.objects.get(user=person, employer=employer)
    assert "张三" in client.get(address(employer)).content.decode()
    assert sent(client, official, employer, post="x", act="dismiss").status_code == 404
    assert sent(client, official, employer, post=post.pk, act="dismiss").status_code == 302
    assert not UnitPost.objects.filter(employer=employer).exists()


def test_an_account_for_the_unit_is_opened_on_its_page(client, employer, official):
    form = {"account__username": "unit-1", "account__name": "李四", "account__role": "endorser"}
    answer = sent(client, official, employer, **form, act="open_account")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", answer.content.decode())[0]
    post = UnitPost.objects.get()
    assert (post.user.name, post.role, post.employer) == ("李四", "endorser", employer)
    again = sent(client, official, employer, **form, act="open_account")
    assert again.status_code == 422
    assert "已被使用" in again.content.decode()
    assert password not in client.get(address(employer)).content.decode()
    client.logout()
    client.post("/login/", {"username": "unit-1", "password": password})
    assert client.get("/").url == reverse("quotas:password")


def test_who_opened_the_account_resets_it(client, employer, official):
    form = {"account__username": "unit-1", "account__name": "李四", "account__role": "endorser"}
    sent(client, official, employer, **form, act="open_account")
    post = UnitPost.objects.get()
    answer = sent(client, official, employer, post=post.pk, act="reset")
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", answer.content.decode())[0]
    assert "no-store" in answer.headers["Cache-Control"]
    post.user.refresh_from_db()
    assert post.user.check_password(password)
    elsewhere = make_unit_person(employer).unit_posts.get()
    assert sent(client, official, employer, post=elsewhere.pk, act="reset").status_code == 422
    make_official(make_body(), Role.KEEPER).groups.get().user_set.add(post.user)
    assert sent(client, official, employer, post=post.pk, act="reset").status_code == 422
    assert sent(client, official, employer, post="9", act="reset").status_code == 404
    observer = make_official(employer.body, Role.OBSERVER)
    assert sent(client, observer, employer, post=post.pk, act="reset").status_code == 403
    post.user.refresh_from_db()
    assert post.user.check_password(password)


def test_nobody_else_opens_accounts_for_the_unit(client, employer, county):
    form = {"account__username": "unit-1", "account__name": "李四", "account__role": "endorser"}
    observer = make_official(county, Role.OBSERVER)
    assert sent(client, observer, employer, **form, act="open_account").status_code == 403
    stranger = make_official(make_body(), Role.KEEPER)
    assert sent(client, stranger, employer, **form, act="open_account").status_code == 404
    assert not UnitPost.objects.exists()


# --- registration --------------------------------------------------------------------------------------------


def test_registration(client, county, official):
    client.force_login(official)
    url = reverse("appraisal:employer_new")
    assert client.get(url).status_code == 200
    fields = {
        "credit_code": make_credit_code(990),
        "name": "新登记企业",
        "body": county.pk,
        "employees": "10",
        "union_members": "9",
        "party_members": "0",
        "sector": "other",
        "control": "private",
    }
    wrong = client.post(url, {**fields, "credit_code": "91320500MA0000990X"})
    assert wrong.status_code == 422
    assert not Employer.objects.exists()
    taken = client.post(url, fields)
    assert taken.status_code == 302, taken.content.decode()
    assert taken.url == address(Employer.objects.get())
    assert Employer.objects.get().sector == Sector.OTHER
    again = client.post(url, fields)
    assert again.status_code == 422
    assert "新登记企业" in again.content.decode()


def test_registration_is_for_officials(client, applicant):
    client.force_login(applicant)
    assert client.get(reverse("appraisal:employer_new")).status_code == 403


def test_nobody_registers_in_a_foreign_county(client, official):
    foreign = make_body()
    client.force_login(official)
    answer = client.post(
        reverse("appraisal:employer_new"),
        {
            "credit_code": make_credit_code(991),
            "name": "外县企业",
            "body": foreign.pk,
            "employees": "1",
            "union_members": "1",
            "party_members": "0",
            "sector": "enterprise",
            "control": "private",
        },
    )
    assert answer.status_code == 422
    assert not Employer.objects.exists()
