"""The review page: deciding, and everything that can have happened while it was open."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from appraisal.records.models import Nomination, Opinion, Slate, SlateEntry
from appraisal.records.states import EntryKind, NominationState, Outcome, ReturnRoute, SlateState
from quotas.base import clock
from quotas.base.states import Office, Role, Stage
from quotas.rounds.models import Allotment, StageWindow
from tests.builders import (
    WINDOWS,
    make_award,
    make_body,
    make_official,
    make_post,
    make_procedure,
    make_round_award,
    make_share_rule,
)
from tests.workflows.desk_people import in_review, page_of, review_task, signed_in
from tests.workflows.house import status_of, version
from workflows import turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def nomination(house):
    return in_review(house)


@pytest.fixture
def reviewer(house):
    return house.people["county", "union"]


def decision(nomination, outcome=Outcome.APPROVE, **fields):
    return {
        "version": version(nomination),
        "decision": outcome.value,
        "text": "" if outcome == Outcome.APPROVE else "请补充证明材料。",
        "return_route": ReturnRoute.RETURNER.value,
        **fields,
    }


def decide(client, nomination, outcome=Outcome.APPROVE, node="county_union", **fields):
    return client.post(page_of(review_task(nomination, node)), decision(nomination, outcome, **fields))


def words(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_shows_dossier_checks_and_what_follows(house, nomination, reviewer):
    make_procedure(nomination)
    response = signed_in(reviewer).get(page_of(review_task(nomination)))
    assert response.status_code == 200
    text = response.content.decode()
    assert nomination.nominee_name in text
    assert "票数相符" in text
    assert "还须张家港市委组织部审核" in text
    assert "进入苏州市总工会、苏州市委组织部联审" in text


def test_the_last_office_reads_where_it_goes(house, nomination):
    house.opinion(nomination, "county", Office.UNION)
    response = signed_in(house.people["county", "party"]).get(
        page_of(review_task(nomination, "county_party"))
    )
    text = response.content.decode()
    assert "还须" not in text
    assert "进入张家港市拟推荐库；列入推荐名单上报后，进入苏州市总工会、苏州市委组织部联审。" in text


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.APPROVE, NominationState.IN_REVIEW),
        (Outcome.RETURN, NominationState.RETURNED),
        (Outcome.DECLINE, NominationState.DECLINED),
    ],
)
def test_each_decision_is_given(nomination, reviewer, outcome, status):
    client = signed_in(reviewer)
    response = decide(client, nomination, outcome)
    assert response.status_code == 302
    assert status_of(nomination) == status
    opinion = Opinion.objects.get(nomination=nomination)
    assert (opinion.outcome, opinion.actor, opinion.office) == (outcome, reviewer, Office.UNION)


def test_the_message_says_who_is_awaited_on_the_page_of_the_next(house, nomination, reviewer):
    following = in_review(house)
    client = signed_in(reviewer)
    response = client.post(page_of(review_task(nomination)), decision(nomination))
    assert response.url == page_of(review_task(following))
    (said,) = words(client.get("/inbox/"))
    assert "等待张家港市委组织部审核" in said


def test_without_a_next_one_there_is_no_link(nomination, reviewer):
    client = signed_in(reviewer)
    decide(client, nomination)
    (said,) = words(client.get("/inbox/"))
    assert "href" not in said


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"decision": ""}, "decision"),
        ({"decision": "return", "text": " "}, "text"),
        ({"decision": "decline", "text": ""}, "text"),
        ({"decision": "return", "text": "请补充。", "return_route": ""}, "return_route"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_saved(nomination, reviewer, fields, where):
    response = signed_in(reviewer).post(page_of(review_task(nomination)), {**decision(nomination), **fields})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [where]
    assert not Opinion.objects.exists()


def test_the_other_office_deciding_meanwhile_is_no_conflict(house, nomination, reviewer):
    task, sent = review_task(nomination), decision(nomination)
    house.opinion(nomination, "county", Office.PARTY)
    assert signed_in(reviewer).post(page_of(task), sent).status_code == 302
    assert status_of(nomination) == NominationState.POOLED


def test_sent_twice_it_is_decided_once(nomination, reviewer):
    client, task, sent = signed_in(reviewer), review_task(nomination), decision(nomination)
    assert client.post(page_of(task), sent).status_code == 302
    again = client.post(page_of(task), sent)
    assert again.status_code == 409
    assert reviewer.name in again.content.decode()
    assert Opinion.objects.count() == 1


def test_a_colleague_was_faster(house, nomination, reviewer):
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    task, sent = review_task(nomination), decision(nomination)
    house.opinion(nomination, "county", Office.UNION)
    response = signed_in(colleague).post(page_of(task), sent)
    assert response.status_code == 409
    assert reviewer.name in response.content.decode()


def test_the_other_office_has_returned_it_meanwhile(house, nomination, reviewer):
    task, sent = review_task(nomination), decision(nomination)
    house.opinion(nomination, "county", Office.PARTY, Outcome.RETURN)
    response = signed_in(reviewer).post(page_of(task), sent)
    assert response.status_code == 409
    assert status_of(nomination) == NominationState.RETURNED
    assert Opinion.objects.count() == 1


def test_taken_by_a_colleague(house, nomination, reviewer):
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    turns.claim(task_id=review_task(nomination).pk, actor=colleague)
    client = signed_in(reviewer)
    assert client.get(page_of(review_task(nomination))).status_code == 409
    assert decide(client, nomination).status_code == 409
    assert not Opinion.objects.exists()
    assert decide(signed_in(colleague), nomination).status_code == 302


def test_a_stale_tab_keeps_what_was_typed_and_can_be_sent_again(nomination, reviewer):
    client, task = signed_in(reviewer), review_task(nomination)
    sent = decision(nomination, Outcome.RETURN)
    type(nomination).objects.filter(pk=nomination.pk).update(version=nomination.version + 7)
    response = client.post(page_of(task), sent)
    assert response.status_code == 409
    form = response.context["form"]
    assert form["text"].value() == "请补充证明材料。"
    assert form["version"].value() == version(nomination)
    assert client.post(page_of(task), {**sent, "version": form["version"].value()}).status_code == 302


def test_a_post_that_ended_while_the_page_was_open(house, nomination, reviewer):
    client, task, sent = signed_in(reviewer), review_task(nomination), decision(nomination)
    assert client.get(page_of(task)).status_code == 200
    viewer = make_post(house.bodies["county"], Role.OBSERVER, reviewer)
    reviewer.groups.set(Group.objects.filter(pk=viewer.group_id))
    response = client.post(page_of(task), sent)
    assert response.status_code == 403
    assert not Opinion.objects.exists()


def test_a_post_that_ended_with_the_right_to_see(nomination, reviewer):
    client, task, sent = signed_in(reviewer), review_task(nomination), decision(nomination)
    reviewer.groups.clear()
    assert client.post(page_of(task), sent).status_code == 404
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("post", ["party", "keeper", "union_leader"])
def test_another_role_of_the_same_body_is_told_so(house, nomination, post):
    client = signed_in(house.people["county", post])
    assert client.get(page_of(review_task(nomination))).status_code == 403
    assert decide(client, nomination).status_code == 403
    assert not Opinion.objects.exists()


def test_the_body_above_may_look_but_not_decide(house, nomination):
    client = signed_in(house.people["city", "union"])
    assert decide(client, nomination).status_code == 403
    assert not Opinion.objects.exists()


def test_another_body_s_task_is_not_there(nomination):
    stranger = make_official(make_body(), Role.UNION_REVIEWER)
    client = signed_in(stranger)
    assert client.get(page_of(review_task(nomination))).status_code == 404
    assert decide(client, nomination).status_code == 404


def test_nobody_decides_on_the_own_application(house, reviewer):
    nomination = in_review(house, created_by=reviewer)
    client = signed_in(reviewer)
    page = client.get(page_of(review_task(nomination)))
    assert page.context["blockers"]
    assert 'name="decision"' not in page.content.decode()
    assert decide(client, nomination).status_code == 422
    assert not Opinion.objects.exists()


def test_too_late_says_when_it_was_due(journey, nomination, reviewer):
    client = signed_in(reviewer)
    due_at = StageWindow.objects.get(stage="county").due_at
    journey.advance(due_at - journey.moment)
    assert client.get(page_of(review_task(nomination))).context["blockers"] == []
    journey.advance(timedelta(seconds=1))
    assert "17:30" in client.get(page_of(review_task(nomination))).content.decode()
    assert decide(client, nomination).status_code == 409
    assert not Opinion.objects.exists()


def test_where_the_domain_has_moved_on_there_is_nothing_to_decide(nomination, reviewer):
    client, task, sent = signed_in(reviewer), review_task(nomination), decision(nomination)
    type(nomination).objects.filter(pk=nomination.pk).update(status="withdrawn", desk=None)
    assert client.get(page_of(task)).status_code == 409
    assert client.post(page_of(task), sent).status_code == 409
    assert client.post(page_of(task), {**sent, "decision": ""}).status_code == 409
    assert not Opinion.objects.exists()


def test_visitors_are_asked_to_sign_in(client, nomination):
    assert client.get(page_of(review_task(nomination))).status_code == 302


def test_the_number_of_statements_stays(house, reviewer, django_assert_max_num_queries):
    nomination = in_review(house, due_at=WINDOWS[Stage.COUNTY][1])
    make_procedure(nomination)
    house.opinion(nomination, "county", Office.PARTY)
    client = signed_in(reviewer)
    client.get("/inbox/")
    make_share_rule(house.round_award.rule_version)
    page = page_of(review_task(nomination))
    with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)), django_assert_max_num_queries(26):
        assert "名额与占比" in client.get(page).content.decode()


class TestWhatNoListCanHold:
    """A public nomination where half must be non-public, units can apply no more, and nothing else lies here."""

    @pytest.fixture
    def nomination(self, house):
        make_share_rule(house.round_award.rule_version)
        with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)):
            yield house.lying(NominationState.IN_REVIEW, non_public=False)

    def test_the_page_says_so_and_what_can_be_done(self, nomination, reviewer):
        client = signed_in(reviewer)
        page = client.get(page_of(review_task(nomination))).content.decode()
        sentence = "张家港市现有的申报组不成一份列入本申报又符合规定的名单，现在不能通过。"
        assert page.count(sentence) == 2
        assert "公有制最多可上报 0 个" in page
        answer = decide(client, nomination)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert status_of(nomination) == NominationState.IN_REVIEW
        assert decide(client, nomination, Outcome.DECLINE).status_code == 302

    def test_another_nomination_opens_the_way(self, house, nomination, reviewer):
        house.lying(NominationState.RETURNED)
        client = signed_in(reviewer)
        page = client.get(page_of(review_task(nomination))).content.decode()
        assert "组不成一份" not in page
        assert "名额 50 个，现有拟推荐 0 个、待审 2 个" in page
        assert "公有制最多可上报 1 个；待审的都不通过时，最多 0 个。" in page
        assert decide(client, nomination).status_code == 302

    def test_many_at_once_are_told_the_same_beforehand(self, house, nomination, reviewer):
        client = signed_in(reviewer)
        ids = {"ids": [review_task(nomination).pk]}
        assert "组不成一份" in client.post("/inbox/approve/", ids).content.decode()
        house.lying(NominationState.IN_REVIEW)
        page = client.post("/inbox/approve/", ids).content.decode()
        assert "组不成一份" not in page
        assert f"{review_task(nomination).pk}:1" in page

    def test_officials_of_the_area_read_the_reach_and_nobody_else(self, house, nomination):
        Allotment.objects.filter(body=house.bodies["city"]).update(places=49)
        address = f"/nominations/{nomination.pk}/"
        page = signed_in(house.people["city", "keeper"]).get(address).content.decode()
        assert "公有制最多可上报 0 个" in page
        assert "最多可上报" not in signed_in(house.applicant).get(address).content.decode()
        Nomination.objects.filter(pk=nomination.pk).update(desk=house.bodies["city"], stage=Stage.CITY)
        assert "名额 49 个" in signed_in(house.people["city", "keeper"]).get(address).content.decode()
        below = signed_in(house.people["county", "keeper"]).get(address)
        assert below.status_code == 200
        assert "最多可上报" not in below.content.decode()


def test_what_was_returned_after_its_list_left_goes_on_from_here(house, nomination):
    """Back at the county from the city: the county's list has gone up with it."""
    Nomination.objects.filter(pk=nomination.pk).update(review_pass=2)
    county = house.slates["county"]
    SlateEntry.objects.create(slate=county, nomination=nomination, kind=EntryKind.REGULAR, rank=1)
    Slate.objects.filter(pk=county.pk).update(state=SlateState.SENT_UP)
    house.opinion(nomination, "county", Office.UNION)
    client = signed_in(house.people["county", "party"])
    page = client.get(page_of(review_task(nomination, "county_party"))).content.decode()
    assert "张家港市的名单已经列入它上报，随即转入苏州市总工会、苏州市委组织部审核。" in page
    assert decide(client, nomination, node="county_party").status_code == 302
    (said,) = words(client.get("/inbox/"))
    assert "已通过，转入苏州市审核" in said


def test_what_a_list_has_left_without_ends_here_and_the_page_says_so(house, nomination):
    Nomination.objects.filter(pk=nomination.pk).update(review_pass=2)
    Slate.objects.filter(pk=house.slates["county"].pk).update(state=SlateState.SENT_UP)
    house.opinion(nomination, "county", Office.UNION)
    client = signed_in(house.people["county", "party"])
    page = client.get(page_of(review_task(nomination, "county_party"))).content.decode()
    assert "申报到此为止（未入选）" in page
    assert decide(client, nomination, node="county_party").status_code == 302
    assert status_of(nomination) == NominationState.NOT_SELECTED
    (said,) = words(client.get("/inbox/"))
    assert "名单已经上报而未列入它" in said


def test_at_the_province_the_experts_come_next(house):
    nomination = in_review(house, "province")
    text = signed_in(house.people["province", "union"]).get(
        page_of(review_task(nomination, "province_union"))
    )
    assert "进入专家评分" in text.content.decode()


def test_an_industry_union_reviews_alone(house):
    nomination = house.lying(NominationState.IN_REVIEW, "industry")
    text = signed_in(house.people["industry", "union"]).get(page_of(review_task(nomination, "city_union")))
    assert "还须" not in text.content.decode()
    assert "以教科工会名义" in text.content.decode()


def test_the_same_nominee_elsewhere_is_shown_only_where_it_may_be_seen(house, nomination, reviewer):
    other = make_round_award(house.round_award.round, make_award())
    in_review(house, round_award=other, nominee_key=nomination.nominee_key, number="另一份")
    checks = signed_in(reviewer).get(page_of(review_task(nomination))).context["checks"]
    (once,) = [check for check in checks if str(check.label) == "本周期没有重复申报"]
    assert once.holds is False
    assert "另一份" in once.note
