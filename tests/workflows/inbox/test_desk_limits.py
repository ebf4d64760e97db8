"""What a row of the desk can still lead to: time that is over, a list that has gone on its way, places, objections."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.deadlines.services import extensions
from appraisal.records.models import Nomination, Notice, Objection, Opinion, Slate, SlateEntry
from appraisal.records.states import EntryKind, Finding, NominationState, SlateState
from quotas.base.states import NoticeUnit, Office, Role, Stage
from quotas.rounds.models import Allotment
from tests.builders import WINDOWS, make_official, make_post
from tests.workflows.desk_people import in_review, inbox, page_of, review_task, signed_in
from tests.workflows.tasks.test_review_tasks import decide
from workflows import turns

pytestmark = pytest.mark.django_db

COUNTY_DUE = WINDOWS[Stage.COUNTY][1]


@pytest.fixture
def reviewer(house):
    return house.people["county", "union"]


def at(journey, moment):
    journey.advance(moment - journey.moment)


def row_of(user, nomination, **query):
    rows = signed_in(user).get(inbox(**query)).context["rows"]
    (row,) = [row for row in rows if row.number == nomination.number]
    return row


def ask_url(house, stage="county", body="county"):
    round_ = house.round_award.round
    return reverse("appraisal:extension_ask", args=[round_.code, stage, house.bodies[body].pk])


def ticked(client, *tasks):
    context = client.post(reverse("workflows:approve"), {"ids": [task.pk for task in tasks]}).context
    return [line.task_id for line in context["ready"]], {
        line.task_id: " ".join(line.look) for line in context["apart"]
    }


def opened(client, *nominations, node="county_union"):
    tasks = [review_task(each, node) for each in nominations]
    for task in tasks:
        client.get(page_of(task))
    return tasks


# Time that is over


def test_what_is_over_offers_more_time_and_nothing_that_would_be_refused(house, journey, reviewer):
    make_post(house.bodies["city"], Role.UNION_REVIEWER, reviewer)
    late, fine = in_review(house), in_review(house, "city")
    at(journey, COUNTY_DUE + timedelta(seconds=1))
    page = signed_in(reviewer).get(inbox()).content.decode()
    late_task, fine_task = review_task(late), review_task(fine, "city_union")
    assert ask_url(house) in page
    assert "已截止，不能办理" in page
    for task, offered in ((late_task, False), (fine_task, True)):
        assert (reverse("workflows:claim", args=[task.pk]) in page) is offered
        assert (f'name="ids" value="{task.pk}"' in page) is offered
        assert (f'data-key-a="{page_of(task)}?' in page) is offered
    assert ask_url(house, "city", "city") not in page


def test_the_deadline_itself_is_in_time(house, journey, reviewer):
    nomination = in_review(house)
    at(journey, COUNTY_DUE)
    assert row_of(reviewer, nomination).over is None
    assert row_of(reviewer, nomination).tickable


def test_what_was_taken_before_can_still_be_given_back(house, journey, reviewer):
    task = review_task(in_review(house))
    turns.claim(task_id=task.pk, actor=reviewer)
    at(journey, COUNTY_DUE + timedelta(seconds=1))
    assert reverse("workflows:release", args=[task.pk]) in signed_in(reviewer).get(inbox()).content.decode()


def test_only_who_may_ask_is_led_to_ask(house, journey):
    draft = house.nomination()
    at(journey, WINDOWS[Stage.UNIT][1] + timedelta(seconds=1))
    page = signed_in(house.applicant).get(inbox()).content.decode()
    assert draft.nominee_name in page
    assert "已截止，不能办理" in page
    assert "申请延期" not in page


def test_who_plans_the_round_gives_itself_more_time(house, journey):
    nomination = in_review(house, "province", due_at=WINDOWS[Stage.PROVINCE][1])
    at(journey, WINDOWS[Stage.PROVINCE][1] + timedelta(seconds=1))
    row = row_of(house.people["province", "union"], nomination)
    assert row.over is not None
    assert not row.over.may_ask
    page = page_of(review_task(nomination, "province_union"))
    assert "由省级工作人员办理延期" in signed_in(house.people["province", "union"]).get(page).content.decode()


def asked(house, actor):
    return extensions.ask(
        round_id=house.round_award.round_id,
        stage=Stage.COUNTY,
        body_id=house.bodies["county"].pk,
        wanted=COUNTY_DUE + timedelta(days=7),
        reason="两名审核人病假",
        actor=actor,
    )


def test_a_request_that_waits_is_shown_and_a_granted_one_brings_the_work_back(house, journey, reviewer):
    nomination = in_review(house)
    at(journey, COUNTY_DUE + timedelta(seconds=1))
    request = asked(house, house.people["county", "party"])
    page = signed_in(reviewer).get(inbox()).content.decode()
    assert "延期申请待答复" in page
    assert reverse("appraisal:extension", args=[request.pk]) in page
    assert ask_url(house) not in page
    extensions.grant(request_id=request.pk, actor=house.people["province", "staff"])
    assert row_of(reviewer, nomination).over is None
    assert decide(signed_in(reviewer), nomination).status_code == 302


def test_the_page_of_the_decision_says_why_it_is_closed_and_leads_to_more_time(house, journey, reviewer):
    nomination = in_review(house, due_at=COUNTY_DUE)
    at(journey, COUNTY_DUE + timedelta(seconds=1))
    page = signed_in(reviewer).get(page_of(review_task(nomination))).content.decode()
    dock = page[page.index('class="dock"') :]
    assert 'name="decision"' not in page
    assert "现在不能审核" in dock
    assert ask_url(house) in dock


def test_what_goes_on_above_is_held_to_the_time_above(house, journey, reviewer):
    """Back at the county after the county's list has left with it: the city's deadline counts."""
    nomination = in_review(house, review_pass=2, due_at=COUNTY_DUE)
    SlateEntry.objects.create(
        slate=house.slates["county"], nomination=nomination, kind=EntryKind.REGULAR, rank=1
    )
    Slate.objects.filter(pk=house.slates["county"].pk).update(state=SlateState.SENT_UP)
    at(journey, COUNTY_DUE + timedelta(days=1))
    row = row_of(reviewer, nomination)
    assert row.over is None
    assert row.tickable
    page = signed_in(reviewer).get(page_of(review_task(nomination)))
    assert page.context["ask"] is None
    assert decide(signed_in(reviewer), nomination).status_code == 302
    second = in_review(house, review_pass=2)
    assert row_of(reviewer, second).over is not None


# A list that has gone on its way


@pytest.mark.parametrize(
    ("state", "in_row", "in_full"),
    [
        (SlateState.SIGNING, "名单已提交签发", "签发前由名单负责人拿回"),
        (SlateState.SIGNED, "名单已签发", "名单重新编制后才能列入"),
        (SlateState.ON_NOTICE, "名单正在公示", "名单重新编制、重新公示后才能列入"),
        (SlateState.SETTLING, "名单公示期满", "名单重新编制、重新公示后才能列入"),
    ],
)
def test_the_row_and_the_page_say_what_an_approval_leads_to(house, reviewer, state, in_row, in_full):
    nomination = in_review(house)
    house.opinion(nomination, "county", Office.PARTY)
    assert row_of(reviewer, nomination).list_note == ""
    Slate.objects.filter(pk=house.slates["county"].pk).update(state=state)
    client = signed_in(reviewer)
    assert in_row in client.get(inbox()).content.decode()
    page = client.get(page_of(review_task(nomination))).content.decode()
    assert page.count(in_full) == 2  # beside the dossier, and where the decision says what follows
    assert "列入推荐名单上报后" not in page
    ready, apart = ticked(client, review_task(nomination))
    assert not ready
    assert in_row in apart[review_task(nomination).pk]


def test_the_list_of_another_body_or_award_changes_nothing(house, reviewer):
    nomination = in_review(house)
    Slate.objects.exclude(body=house.bodies["county"]).update(state=SlateState.SIGNING)
    assert row_of(reviewer, nomination).list_note == ""
    assert "列入推荐名单上报后" in signed_in(reviewer).get(page_of(review_task(nomination))).content.decode()


def test_what_came_back_after_its_list_left_says_where_it_goes(house, reviewer):
    taken, left = in_review(house, review_pass=2), in_review(house, review_pass=2)
    SlateEntry.objects.create(slate=house.slates["county"], nomination=taken, kind=EntryKind.REGULAR, rank=1)
    Slate.objects.filter(pk=house.slates["county"].pk).update(state=SlateState.SENT_UP)
    assert row_of(reviewer, taken).list_note == "名单已列入它上报，通过后转入苏州市"
    assert row_of(reviewer, left).list_note == "名单已经上报，通过后申报也到此为止"


def test_rows_of_others_do_not_speak_of_their_lists(house):
    """A unit sees its own draft; what the desk's list has come to is not told there."""
    draft = house.nomination()
    Slate.objects.filter(pk=house.slates["county"].pk).update(state=SlateState.SIGNING)
    assert row_of(house.applicant, draft).list_note == ""


def test_neither_costs_a_statement_a_row(house, journey, reviewer):
    def cost():
        client = signed_in(reviewer)
        client.get(inbox())
        with CaptureQueriesContext(connection) as captured:
            client.get(inbox())
        return len(captured)

    in_review(house)
    in_review(house, review_pass=2)
    Slate.objects.filter(pk=house.slates["county"].pk).update(state=SlateState.SENT_UP)
    at(journey, COUNTY_DUE + timedelta(days=1))
    few = cost()
    for _each in range(9):
        in_review(house)
        in_review(house, review_pass=2)
    assert cost() == few <= 25


# Many at once


def test_more_than_the_places_hold_are_set_apart_and_can_still_be_chosen(house, reviewer):
    Allotment.objects.filter(body=house.bodies["county"]).update(places=3)
    house.lying(NominationState.POOLED)
    first, second, third = (in_review(house) for _each in range(3))
    for each in (first, second, third):
        house.opinion(each, "county", Office.PARTY)
    client = signed_in(reviewer)
    tasks = opened(client, first, second, third)
    ready, apart = ticked(client, *tasks)
    assert ready == [tasks[0].pk, tasks[1].pk]
    assert "名额 3 个，已通过 1 件，与前面勾选的合计已满" in apart[tasks[2].pk]
    assert ticked(client, tasks[2]) == ([tasks[2].pk], {})


def test_places_of_one_desk_do_not_bound_another(house, reviewer):
    make_post(house.bodies["city"], Role.UNION_REVIEWER, reviewer)
    Allotment.objects.filter(body=house.bodies["county"]).update(places=1)
    here, there = in_review(house), in_review(house, "city")
    client = signed_in(reviewer)
    tasks = [*opened(client, here), *opened(client, there, node="city_union")]
    ready, apart = ticked(client, *tasks)
    assert (sorted(ready), apart) == (sorted(task.pk for task in tasks), {})


def objection(house, nomination, finding=Finding.OPEN):
    """To its entry on the county's list; it has reached the city since."""
    keeper = house.people["county", "keeper"]
    now = nomination.entered_at
    slate = house.slates["county"]
    entry = SlateEntry.objects.create(
        slate=slate, nomination=nomination, kind=EntryKind.REGULAR, rank=slate.entries.count() + 1
    )
    notice = Notice.objects.filter(slate=slate).first() or Notice.objects.create(
        slate=slate,
        title="公示",
        starts_on=now.date(),
        ends_on=now.date(),
        computed_ends_on=now.date(),
        days=5,
        unit=NoticeUnit.WORKDAY,
        published_by=keeper,
        published_at=now,
    )
    closed = finding != Finding.OPEN
    Objection.objects.create(
        notice=notice,
        entry=entry,
        objector="陈某",
        objector_contact="13800000000",
        text="材料不实",
        received_on=now.date(),
        recorded_by=keeper,
        recorded_at=now,
        finding=finding,
        finding_text="查无此事" if closed else "",
        closed_by=keeper if closed else None,
        closed_at=now if closed else None,
    )


def test_an_open_objection_is_set_apart_and_a_closed_one_is_not(house):
    reviewer = house.people["city", "union"]
    open_, closed, none = (in_review(house, "city") for _each in range(3))
    objection(house, open_)
    objection(house, closed, Finding.UNFOUNDED)
    client = signed_in(reviewer)
    tasks = opened(client, open_, closed, none, node="city_union")
    ready, apart = ticked(client, *tasks)
    assert sorted(ready) == sorted([tasks[1].pk, tasks[2].pk])
    assert apart == {tasks[0].pk: "有尚未办结的异议。"}
    assert "陈某" not in client.post(reverse("workflows:approve"), {"ids": [tasks[0].pk]}).content.decode()


def test_what_is_over_is_refused_in_bulk_though_it_was_ticked_in_time(house, journey, reviewer):
    task = review_task(in_review(house))
    client = signed_in(reviewer)
    at(journey, COUNTY_DUE + timedelta(seconds=1))
    client.post(reverse("workflows:approve"), {"item": [f"{task.pk}:1"], "text": ""})
    report = client.get(reverse("workflows:approved")).context
    assert (report["done"], len(report["refused"])) == ([], 1)
    assert not Opinion.objects.exists()
    assert Nomination.objects.get().status == NominationState.IN_REVIEW
    assert ticked(client, task) == ([], {})


def test_a_stranger_is_not_told_of_another_desk(house, journey):
    nomination = in_review(house)
    at(journey, COUNTY_DUE + timedelta(seconds=1))
    stranger = make_official(house.bodies["industry"], Role.UNION_REVIEWER)
    assert nomination.nominee_name not in signed_in(stranger).get(inbox()).content.decode()
