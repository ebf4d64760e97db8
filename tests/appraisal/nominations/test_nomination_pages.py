"""The list of nominations and the page of one: who sees what, filters, paging, statements."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.records.models import Opinion, Procedure, UnitPost
from appraisal.records.states import NominationState, Outcome, UnitRole
from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Office, Role
from quotas.ledger.services import ledger
from tests.builders import (
    IN_TIME,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_official,
    make_round_award,
    make_user,
    relabel,
)

IDENTITY = "320501199001010016"


@pytest.fixture(autouse=True)
def _in_time(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def county():
    return make_body()


@pytest.fixture
def applicant():
    return make_user(name="申报人甲")


@pytest.fixture
def employer(county, applicant):
    made = make_employer(county, name="常熟纺织有限公司")
    UnitPost.objects.create(user=applicant, employer=made, role=UnitRole.APPLICANT)
    return made


@pytest.fixture
def nomination(employer, county, applicant):
    """A person's nomination in review at the county."""
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON))
    return make_nomination(
        award,
        county,
        employer=employer,
        status=NominationState.IN_REVIEW,
        created_by=applicant,
        nominee_name="李四",
        identity_number=IDENTITY,
        gender="female",
        deeds="主要事迹正文",
    )


def page(client, user, nomination):
    client.force_login(user)
    return client.get(reverse("appraisal:nomination", args=[nomination.pk]))


def listed(client, user, **query):
    client.force_login(user)
    return client.get(reverse("appraisal:nominations"), query).content.decode()


# --- the list ------------------------------------------------------------------------------------------------


def test_the_list_shows_what_lies_in_the_area_and_nothing_else(client, nomination):
    make_nomination(nominee_name="外县的推荐对象")
    make_nomination(employer=nomination.employer, status=NominationState.DRAFT, nominee_name="还没上报的")
    text = listed(client, make_official(nomination.body, Role.KEEPER))
    assert "李四" in text
    assert "外县的推荐对象" not in text
    assert "还没上报的" not in text


def test_the_own_unit_sees_its_drafts(client, nomination, applicant):
    make_nomination(employer=nomination.employer, status=NominationState.DRAFT, nominee_name="还没上报的")
    assert "还没上报的" in listed(client, applicant)


def test_empty_lists_say_what_will_come(client, nomination):
    assert "还没有申报" in listed(client, make_user())
    assert "没有符合条件的申报" in listed(client, make_official(nomination.body, Role.KEEPER), q="没有这个")


@pytest.mark.parametrize(
    "query",
    [
        {"status": "pooled"},
        {"stage": "city"},
        {"award": "no_such"},
        {"non_public": "no"},
        {"body": "000000"},
        {"q": "李五"},
    ],
)
def test_filters_narrow(client, nomination, query):
    official = make_official(nomination.body, Role.KEEPER)
    assert "李四" not in listed(client, official, **query)


@pytest.mark.parametrize(
    "query",
    [
        {"status": ["pooled", "in_review"]},
        {"stage": "county"},
        {"non_public": "yes"},
        {"q": "李"},
        {"q": "常熟"},
        {"status": "没有这种状态"},
        {"after": "不是数字"},
    ],
)
def test_filters_keep_what_matches(client, nomination, query):
    official = make_official(nomination.body, Role.KEEPER)
    assert "李四" in listed(client, official, **query)


def test_area_filter_takes_the_bodies_under_it(client, nomination):
    province = make_body(level=Level.PROVINCE)
    official = make_official(province, Role.STAFF)
    assert "李四" in listed(client, official, body=nomination.body.parent.code)
    other = make_body(level=Level.CITY)
    assert "李四" not in listed(client, official, body=other.code)


def test_pages_follow_each_other(client, county, employer):
    award = make_round_award()
    made = [make_nomination(award, county, employer=employer) for _number in range(60)]
    official = make_official(county, Role.KEEPER)
    names = [nomination.nominee_name for nomination in reversed(made)]
    first = listed(client, official)
    assert names[0] in first
    assert f">{names[24]}<" in first
    assert f">{names[25]}<" not in first
    second = listed(client, official, after=made[-25].pk)
    assert f">{names[25]}<" in second
    assert f"before={made[-26].pk}" in second
    back = listed(client, official, before=made[-26].pk)
    assert f">{names[0]}<" in back
    assert f">{names[25]}<" not in back


def statements(client, address):
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_the_list_takes_the_same_statements_with_any_number_of_rows(client, county):
    award = make_round_award()
    client.force_login(make_official(county, Role.KEEPER))
    counts = set()
    for more in (1, 2, 47):
        for _each in range(more):
            make_nomination(award, county)
        counts.add(statements(client, reverse("appraisal:nominations")))
    assert len(counts) == 1
    assert max(counts) <= 20


# --- one nomination ------------------------------------------------------------------------------------------


def test_not_yours_looks_like_not_there(client, nomination):
    other = make_official(make_body(), Role.KEEPER)
    assert page(client, other, nomination).status_code == 404
    client.logout()
    assert client.get(reverse("appraisal:nomination", args=[nomination.pk])).status_code == 302


@pytest.mark.parametrize("role", [Role.UNION_REVIEWER, Role.PARTY_REVIEWER])
def test_reviewers_of_the_desk_read_the_whole_identity_number(client, nomination, role):
    text = page(client, make_official(nomination.body, role), nomination).content.decode()
    assert IDENTITY in text


def test_others_in_the_area_read_it_masked(client, nomination):
    city = nomination.body.parent
    for role in (Role.UNION_REVIEWER, Role.OBSERVER):
        text = page(client, make_official(city, role), nomination).content.decode()
        assert IDENTITY not in text
        assert "320***********0016" in text


def test_the_unit_reads_its_own_number(client, nomination, applicant):
    assert IDENTITY in page(client, applicant, nomination).content.decode()


def test_the_page_tells_what_rules_count(client, nomination, applicant):
    relabel(occupation="science_education", division=True, migrant=False, sector="public_body")
    text = " ".join(re.sub(r"<[^>]+>", " ", page(client, applicant, nomination).content.decode()).split())
    assert "人员身份 科教人员" in text
    assert "县处级及以上 是" in text
    assert "农民工 否" in text
    # Frozen when it was handed in: what the register says now is another matter.
    assert nomination.employer.sector == "enterprise"
    assert "单位性质（以申报时为准） 机关事业单位" in text


def test_industry_and_size_are_those_of_the_hand_in_too(client, nomination, applicant):
    nomination.industry, nomination.size = "C", "small"
    nomination.save(update_fields=["industry", "size"])
    type(nomination.employer).objects.filter(pk=nomination.employer_id).update(industry="D")
    text = " ".join(re.sub(r"<[^>]+>", " ", page(client, applicant, nomination).content.decode()).split())
    assert "行业（以申报时为准） 制造业" in text
    assert "企业规模（以申报时为准） 小型" in text


def test_units_read_the_office_and_officials_the_name(client, nomination, applicant):
    reviewer = make_official(nomination.body, Role.UNION_REVIEWER, name="王审核")
    Opinion.objects.create(
        nomination=nomination,
        stage=nomination.stage,
        body=nomination.body,
        office=Office.UNION,
        review_pass=1,
        outcome=Outcome.APPROVE,
        text="情况属实。",
        actor=reviewer,
        at=clock.now(),
    )
    ledger.append(stream=f"nomination:{nomination.pk}", act="approve", actor=reviewer, body=nomination.body)
    for_unit = page(client, applicant, nomination).content.decode()
    assert "情况属实。" in for_unit
    assert "总工会" in for_unit
    assert "王审核" not in for_unit
    keeper = make_official(nomination.body, Role.KEEPER)
    assert "王审核" in page(client, keeper, nomination).content.decode()


def test_the_page_tells_the_procedure_with_its_checks(client, nomination, applicant):
    text = page(client, applicant, nomination).content.decode()
    assert "还没有登记" in text
    Procedure.objects.create(
        nomination=nomination,
        meeting_kind="staff_congress",
        meeting_date="2026-05-06",
        entitled=60,
        present=58,
        votes_for=55,
        votes_against=2,
        votes_abstained=1,
        notice_from="2026-05-07",
        notice_to="2026-05-13",
        notice_place="厂务公开栏",
        party_opinion="同意推荐。",
        party_opinion_date="2026-05-14",
    )
    text = page(client, applicant, nomination).content.decode()
    assert "应到 60，实到 58" in text
    assert "合计 58，实到 58" in text


@pytest.mark.parametrize("status", [state for state in NominationState if state != NominationState.DRAFT])
def test_every_state_has_its_page(client, nomination, applicant, status):
    type(nomination).objects.filter(pk=nomination.pk).update(status=status)
    answer = page(client, applicant, nomination)
    assert answer.status_code == 200
    assert str(status.label) in answer.content.decode()


def test_ways_out_are_offered_to_whom_they_are(client, nomination, applicant):
    withdraw = reverse("workflows:withdraw", args=[nomination.pk])
    disqualify = reverse("workflows:disqualify", args=[nomination.pk])
    for_unit = page(client, applicant, nomination).content.decode()
    assert withdraw in for_unit
    assert disqualify not in for_unit
    for_keeper = page(client, make_official(nomination.body, Role.KEEPER), nomination).content.decode()
    assert disqualify in for_keeper
    assert withdraw not in for_keeper
    for_observer = page(client, make_official(nomination.body, Role.OBSERVER), nomination).content.decode()
    assert disqualify not in for_observer


def test_the_page_stays_within_its_statements(client, nomination, django_assert_max_num_queries):
    client.force_login(make_official(nomination.body, Role.KEEPER))
    with django_assert_max_num_queries(20):
        client.get(reverse("appraisal:nomination", args=[nomination.pk]))
