"""Who opened whose personal data: what is recorded, and who is shown it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appraisal.nominations.services import readings
from appraisal.records.models import Reading, UnitPost
from appraisal.records.states import NominationState, UnitRole
from quotas.base import clock
from quotas.base.states import FieldType, Level, NomineeKind, Role
from quotas.editions.asked import AskedField
from tests.builders import (
    IN_TIME,
    make_award,
    make_body,
    make_employer,
    make_evidence,
    make_fields,
    make_nomination,
    make_official,
    make_round_award,
    make_user,
)

IDENTITY = "320501199001010016"
PHONE = "13912345678"
READINGS = "/readings/"


@pytest.fixture(autouse=True)
def _in_time(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def county():
    return make_body()


@pytest.fixture
def nomination(county):
    """A person's nomination in review at the county."""
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON))
    return make_nomination(
        award,
        county,
        employer=make_employer(county, name="常熟纺织有限公司"),
        status=NominationState.IN_REVIEW,
        identity_number=IDENTITY,
        phone=PHONE,
    )


def opened(client, user, nomination):
    client.force_login(user)
    answer = client.get(reverse("appraisal:nomination", args=[nomination.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def file_opened(client, file):
    """The status of the answer, which is read to its end."""
    answer = client.get(reverse("appraisal:evidence", args=[file.pk]))
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def recorded():
    return list(Reading.objects.filter(personal=True).order_by("pk").values_list("user__username", "day"))


def listed(client, user, **query):
    client.force_login(user)
    answer = client.get(READINGS, query)
    return answer.status_code, answer.content.decode()


def test_whoever_reads_it_in_full_is_recorded_once_a_day(client, nomination):
    reviewer = make_official(nomination.body, Role.UNION_REVIEWER)
    today = clock.today()
    for _twice in range(2):
        page = opened(client, reviewer, nomination)
        assert IDENTITY in page
        assert PHONE in page
    assert recorded() == [(reviewer.username, today)]
    (row,) = Reading.objects.all()
    assert row.at == IN_TIME
    with clock.travel(IN_TIME + timedelta(days=1)):
        opened(client, reviewer, nomination)
    assert recorded() == [(reviewer.username, today), (reviewer.username, today + timedelta(days=1))]
    # In the pass of the last opening it is read, and in the next it is not.
    assert not readings.unread([nomination], reviewer)
    nomination.review_pass += 1
    assert readings.unread([nomination], reviewer) == {nomination.pk}
    readings.note(nomination, reviewer, unmasked=True)
    assert not readings.unread([nomination], reviewer)


def test_whoever_reads_it_masked_is_not(client, nomination):
    applicant = make_user()
    UnitPost.objects.create(user=applicant, employer=nomination.employer, role=UnitRole.APPLICANT)
    for user in (
        make_official(nomination.body, Role.OBSERVER),
        make_official(nomination.body, Role.KEEPER),
        make_official(nomination.body.parent, Role.UNION_REVIEWER),
    ):
        page = opened(client, user, nomination)
        assert IDENTITY not in page
        assert PHONE not in page
        assert "139****5678" in page
    page = opened(client, applicant, nomination)
    assert IDENTITY in page
    assert PHONE in page
    assert not Reading.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_of_all_posts_only_reviewers_of_the_desk_see_personal_data_in_full(client, nomination, role):
    for body in (nomination.body, nomination.body.parent, make_body(level=Level.PROVINCE)):
        client.force_login(make_official(body, role))
        answer = client.get(reverse("appraisal:nomination", args=[nomination.pk]))
        whole = body == nomination.body and role in {Role.UNION_REVIEWER, Role.PARTY_REVIEWER}
        assert whole <= (answer.status_code == 200)
        page = answer.content.decode()
        assert (PHONE in page, IDENTITY in page) == (whole, whole)
        assert Reading.objects.exists() == (role in {Role.UNION_REVIEWER, Role.PARTY_REVIEWER})


def test_a_telephone_alone_is_personal_data(client, county):
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.UNIT))
    nomination = make_nomination(award, county, status=NominationState.IN_REVIEW, phone=PHONE)
    assert PHONE in opened(client, make_official(county, Role.UNION_REVIEWER), nomination)
    assert len(recorded()) == 1


def test_without_personal_data_nothing_personal_was_read(client, county):
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.UNIT))
    bank = AskedField("x1_1", "银行账号", FieldType.TEXT, personal=True)
    make_fields(award.rule_version, bank, AskedField("x1_2", "备注", FieldType.TEXT))
    nomination = make_nomination(award, county, status=NominationState.IN_REVIEW, answers={"x1_2": "无"})
    reviewer = make_official(county, Role.UNION_REVIEWER)
    opened(client, reviewer, nomination)
    assert Reading.objects.exists()
    assert not recorded()
    nomination.answers = {"x1_1": "6222021234567890123"}
    nomination.save(update_fields=["answers"])
    assert "6222021234567890123" in opened(client, reviewer, nomination)
    assert len(recorded()) == 1


def test_whoever_opens_a_file_is_recorded_but_the_unit_itself(client, nomination):
    """Also who sees the dossier masked: what stands in a file nobody masks. Reading it is not reading the dossier."""
    file, *_others = make_evidence(nomination)
    applicant = make_user()
    UnitPost.objects.create(user=applicant, employer=nomination.employer, role=UnitRole.APPLICANT)
    keeper = make_official(nomination.body, Role.KEEPER)
    reviewer = make_official(nomination.body, Role.UNION_REVIEWER)
    stranger = make_official(make_body(), Role.KEEPER)
    for user, status in ((keeper, 200), (keeper, 200), (reviewer, 200), (applicant, 200), (stranger, 404)):
        client.force_login(user)
        assert file_opened(client, file) == status
    today = clock.today()
    assert recorded() == [(keeper.username, today), (reviewer.username, today)]
    assert readings.unread([nomination], reviewer) == {nomination.pk}
    # One row a person and day, whichever was opened first.
    opened(client, reviewer, nomination)
    assert not readings.unread([nomination], reviewer)
    assert file_opened(client, file) == 200
    assert not readings.unread([nomination], reviewer)
    assert len(recorded()) == 2
    audit = make_official(make_body(level=Level.PROVINCE), Role.AUDIT_ADMIN)
    assert nomination.number in listed(client, audit)[1]


def test_a_file_that_is_lost_was_read_by_nobody(client, nomination):
    file, *_others = make_evidence(nomination)
    nomination.evidence.update(file="lost.pdf")
    client.force_login(make_official(nomination.body, Role.KEEPER))
    assert file_opened(client, file) == 404
    assert not recorded()


@pytest.fixture
def read(client, nomination):
    """The nomination, read by its reviewer; and one of another county, read there."""
    elsewhere = make_nomination(
        nomination.round_award, make_body(), status=NominationState.IN_REVIEW, identity_number=IDENTITY
    )
    for each, name in ((nomination, "王审核"), (elsewhere, "远处的")):
        opened(client, make_official(each.body, Role.UNION_REVIEWER, name=name), each)
    return nomination, elsewhere


def test_who_answers_for_the_area_is_shown_who_read_what(client, read):
    nomination, elsewhere = read
    observer = make_official(nomination.body, Role.OBSERVER)
    status, said = listed(client, observer)
    assert status == 200
    assert ("王审核" in said, nomination.number in said) == (True, True)
    assert ("远处的" in said, elsewhere.number in said) == (False, False)
    # Neither number nor name of the nominee: who looks into it opens the application, where he may.
    assert IDENTITY not in said
    assert f'href="/nominations/{nomination.pk}/"' in said
    province = make_body(level=Level.PROVINCE)
    for role in (Role.AUDIT_ADMIN, Role.SECURITY_ADMIN):
        status, said = listed(client, make_official(province, role))
        assert (status, "王审核" in said, "远处的" in said) == (200, True, True)
        assert "/nominations/" not in said
    for role in (Role.UNION_REVIEWER, Role.KEEPER, Role.UNION_LEADER):
        assert listed(client, make_official(nomination.body, role))[0] == 404


def test_it_is_found_by_application_and_by_person(client, read):
    nomination, elsewhere = read
    audit = make_official(make_body(level=Level.PROVINCE), Role.AUDIT_ADMIN)
    typed = nomination.number.replace("-", "－")
    for query in ({"number": typed}, {"person": "王审"}):
        _status, said = listed(client, audit, **query)
        assert ("王审核" in said, "远处的" in said) == (True, False)
    reviewer = Reading.objects.get(nomination=elsewhere).user
    _status, said = listed(client, audit, person=reviewer.username)
    assert ("王审核" in said, "远处的" in said) == (False, True)
    for query in ({"person": "查无此人"}, {"number": "26-99999-9"}, {"number": "x"}):
        assert "没有符合条件的记录" in listed(client, audit, **query)[1]


def test_the_dossier_leads_there_for_those_who_answer_for_it(client, read):
    nomination, _elsewhere = read
    city = nomination.body.parent
    for body in (nomination.body, city):
        assert f"/readings/?number={nomination.number}" in opened(
            client, make_official(body, Role.OBSERVER), nomination
        )
    assert READINGS not in opened(client, make_official(nomination.body, Role.KEEPER), nomination)
