"""The application as a paper: what stands on it, for whom, and that it is what a page prints."""

import pytest
from django.urls import reverse

from appraisal.nominations.views import dossier, paper
from appraisal.records.models import Nomination, Opinion
from appraisal.records.states import NominationState, Outcome
from quotas.base import clock
from quotas.base.states import NomineeKind, Office, Role, Stage
from tests.builders import (
    IN_TIME,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_procedure,
    make_round_award,
    make_unit_person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def nomination():
    made = make_nomination(status=NominationState.IN_REVIEW)
    make_procedure(made)
    return made


def said(nomination, text, office=Office.UNION, *, review_pass=1, outcome=Outcome.APPROVE):
    return Opinion.objects.create(
        nomination=nomination,
        stage=nomination.body.stage,
        body=nomination.body,
        office=office,
        review_pass=review_pass,
        outcome=outcome,
        text=text,
        actor=make_official(nomination.body, Role.UNION_REVIEWER),
        at=clock.now(),
    )


def of(nomination, user):
    fresh = Nomination.objects.for_detail().get(pk=nomination.pk)
    return paper.of(fresh, dossier.viewer_of(fresh, user))


def test_every_line_of_the_application_stands_on_it_once(nomination):
    official = make_official(nomination.body, Role.OBSERVER)
    fresh = Nomination.objects.for_detail().get(pk=nomination.pk)
    viewer = dossier.viewer_of(fresh, official)
    sections = dossier.all_sections(fresh, viewer)
    made = paper.of(fresh, viewer)
    assert made.title == f"{nomination.round_award.award.name}推荐审批表"
    assert [[row for line in lines for row in line] for _title, lines in made.parts] == [
        list(section.rows) for section in sections
    ]
    assert all(len(line) in {1, 2} for _title, lines in made.parts for line in lines)


def test_the_last_word_of_each_office_stands_in_its_place(nomination):
    said(nomination, "请补充。", outcome=Outcome.RETURN)
    last = said(nomination, "已补充，同意。", review_pass=2)
    made = of(nomination, make_official(nomination.body, Role.OBSERVER))
    assert [level.title for level in made.levels] == [
        "申报单位意见",
        "县级推荐意见",
        "市级推荐意见",
        "省级审批意见",
    ]
    union, party = made.levels[1].boxes
    assert (union.text, union.by, union.at) == ("已补充，同意。", last.actor.name, last.at)
    assert (party.text, party.at) == ("", None)


def test_it_ends_where_the_award_is_decided():
    award = make_award(final_stage=Stage.CITY, joint=False)
    nomination = make_nomination(make_round_award(award=award), status=NominationState.IN_REVIEW)
    made = of(nomination, make_official(nomination.body, Role.OBSERVER))
    assert [level.title for level in made.levels][-1] == "市级审批意见"
    assert [len(level.boxes) for level in made.levels] == [1, 1, 1]


def test_a_unit_reads_the_offices_and_not_their_people(client, nomination):
    opinion = said(nomination, "同意推荐。")
    unit = make_unit_person(nomination.employer)
    assert of(nomination, unit).levels[1].boxes[0].by == ""
    client.force_login(unit)
    page = client.get(reverse("appraisal:nomination", args=[nomination.pk])).content.decode()
    assert "推荐审批表" in page
    assert "同意推荐。" in page
    assert opinion.actor.name not in page


def test_the_number_of_the_identity_card_is_masked_for_who_does_not_decide(client):
    award = make_award(nominee_kind=NomineeKind.PERSON)
    number = "320581198001011234"
    nomination = make_nomination(
        make_round_award(award=award), status=NominationState.IN_REVIEW, identity_number=number
    )
    for role, seen in ((Role.OBSERVER, False), (Role.UNION_REVIEWER, True)):
        made = of(nomination, make_official(nomination.body, role))
        values = [row.value for _title, lines in made.parts for line in lines for row in line]
        assert (number in values) is seen
    client.force_login(make_official(nomination.body, Role.OBSERVER))
    assert number not in client.get(reverse("appraisal:nomination", args=[nomination.pk])).content.decode()


def test_a_stranger_finds_no_paper(client, nomination):
    client.force_login(make_official(make_body(), Role.OBSERVER))
    assert client.get(reverse("appraisal:nomination", args=[nomination.pk])).status_code == 404
