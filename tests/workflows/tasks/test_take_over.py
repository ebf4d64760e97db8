"""Taking over what an absent colleague has taken: who may, what is recorded, who is told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appraisal.records.models import Opinion, UnitPost
from appraisal.records.states import NominationState, UnitRole
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation
from quotas.base.states import Role
from quotas.ledger.models import LedgerEntry
from tests.builders import make_body, make_official
from tests.workflows.desk_people import in_review, inbox, page_of, review_task, signed_in
from tests.workflows.house import open_task, version
from tests.workflows.tasks.test_review_tasks import decide
from workflows import turns
from workflows.querysets import of_nomination, of_slate

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(house):
    return house.people["county", "union"]


@pytest.fixture
def colleague(house):
    return make_official(house.bodies["county"], Role.UNION_REVIEWER)


def held(house, holder, **fields):
    nomination = in_review(house, **fields)
    task = review_task(nomination)
    turns.claim(task_id=task.pk, actor=holder)
    return nomination, task


def address(task):
    return reverse("workflows:take_over", args=[task.pk])


def taken_over(client, task, holder, reason="休假"):
    return client.post(address(task), {"held_by": holder.pk, "reason": reason})


def owner(task):
    task.refresh_from_db()
    return task.owner


def rows_of_ledger():
    return LedgerEntry.objects.filter(act="take_over")


def test_what_a_colleague_has_taken_is_found_and_taken_over_with_the_reason(house, holder, colleague):
    nomination, task = held(house, holder)
    client = signed_in(colleague)
    assert nomination.nominee_name not in client.get(inbox()).content.decode()
    page = client.get(inbox(tab="taken")).content.decode()
    assert holder.name in page
    assert address(task) in page
    assert f'name="ids" value="{task.pk}"' not in page
    asked = client.get(address(task)).content.decode()
    assert f"接办{holder.name}领取的" in asked
    assert taken_over(client, task, holder, "王某病假一周").url == page_of(task)
    assert owner(task) == colleague
    (row,) = rows_of_ledger()
    assert (row.actor, row.body, row.reason) == (colleague, house.bodies["county"], "王某病假一周")
    assert row.before == {"held_by": holder.pk}
    assert decide(client, nomination).status_code == 302
    assert Opinion.objects.get().actor == colleague


def test_who_had_it_is_told_by_whom_and_why_and_cannot_go_on(house, holder, colleague):
    nomination, task = held(house, holder)
    other, _task = held(house, holder)
    taken_over(signed_in(colleague), task, holder, "王某病假一周")
    client = signed_in(holder)
    page = client.get(inbox()).content.decode()
    assert "您领取的任务已由同事接办" in page
    assert f"{colleague.name}" in page
    assert "王某病假一周" in page
    assert nomination.nominee_name not in [row.name for row in client.get(inbox(tab="mine")).context["rows"]]
    assert other.nominee_name in [row.name for row in client.get(inbox(tab="mine")).context["rows"]]
    answer = decide(client, nomination)
    assert answer.status_code == 409
    assert not Opinion.objects.exists()
    assert "已由同事接办" not in signed_in(colleague).get(inbox()).content.decode()


def test_after_a_week_the_desk_no_longer_tells(house, journey, holder, colleague):
    _nomination, task = held(house, holder)
    taken_over(signed_in(colleague), task, holder)
    journey.advance(timedelta(days=8))
    assert "已由同事接办" not in signed_in(holder).get(inbox()).content.decode()


def test_the_history_tells_officials_and_says_nothing_to_the_unit(house, holder, colleague):
    nomination, task = held(house, holder)
    taken_over(signed_in(colleague), task, holder)
    page = reverse("appraisal:nomination", args=[nomination.pk])
    assert "原由" in signed_in(house.people["city", "union"]).get(page).content.decode()
    unit = signed_in(house.applicant).get(page).content.decode()
    assert nomination.nominee_name in unit
    assert "接办" not in unit
    assert holder.name not in unit


@pytest.mark.parametrize("who", [("county", "party"), ("county", "keeper"), ("city", "union")])
def test_another_post_takes_nothing_over(house, holder, who):
    nomination, task = held(house, holder)
    client = signed_in(house.people[who])
    assert nomination.nominee_name not in client.get(inbox(tab="taken")).content.decode()
    assert client.get(address(task)).status_code == 403
    assert taken_over(client, task, holder).status_code == 403
    with pytest.raises(NotPermitted):
        turns.take_over(task_id=task.pk, actor=house.people[who], held_by=holder.pk, reason="x")
    assert owner(task) == holder
    assert not rows_of_ledger().exists()


def test_a_stranger_and_the_unit_do_not_find_it(house, holder):
    _nomination, task = held(house, holder)
    stranger = signed_in(make_official(make_body(), Role.UNION_REVIEWER))
    assert stranger.get(address(task)).status_code == 404
    unit = signed_in(house.applicant).get(address(task))
    assert unit.status_code == 403
    assert holder.name not in unit.content.decode()


def test_who_may_not_decide_on_it_may_not_take_it_over(house, holder, colleague):
    nomination, task = held(house, holder, created_by=colleague)
    answer = taken_over(signed_in(colleague), task, holder)
    assert answer.status_code == 422
    with pytest.raises(RuleViolation):
        turns.take_over(task_id=task.pk, actor=colleague, held_by=holder.pk, reason="休假")
    UnitPost.objects.create(
        user=(second := make_official(house.bodies["county"], Role.UNION_REVIEWER)),
        employer=nomination.employer,
        role=UnitRole.APPLICANT,
    )
    page = signed_in(second).get(inbox(tab="taken")).content.decode()
    assert holder.name not in page
    with pytest.raises(RuleViolation):
        turns.take_over(task_id=task.pk, actor=second, held_by=holder.pk, reason="休假")
    assert owner(task) == holder
    assert not rows_of_ledger().exists()


def test_a_reason_is_needed(house, holder, colleague):
    _nomination, task = held(house, holder)
    assert taken_over(signed_in(colleague), task, holder, " \u200b").status_code == 422
    with pytest.raises(InvalidInput):
        turns.take_over(task_id=task.pk, actor=colleague, held_by=holder.pk, reason="\u200b")
    assert owner(task) == holder


def test_in_the_hands_of_a_third_or_put_back_it_is_not_taken_over(house, holder, colleague):
    third = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    _nomination, task = held(house, holder)
    turns.take_over(task_id=task.pk, actor=third, held_by=holder.pk, reason="休假")
    answer = taken_over(signed_in(colleague), task, holder)
    assert answer.status_code == 409
    assert third.name in answer.content.decode()
    turns.release(task_id=task.pk, actor=third)
    with pytest.raises(Conflict, match="task_not_held_by"):
        turns.take_over(task_id=task.pk, actor=colleague, held_by=third.pk, reason="休假")
    assert signed_in(colleague).get(address(task)).url == page_of(task)
    assert owner(task) is None
    assert rows_of_ledger().count() == 1


def test_taken_over_twice_by_the_same_person_it_is_told_once(house, holder, colleague):
    _nomination, task = held(house, holder)
    for _each in range(2):
        turns.take_over(task_id=task.pk, actor=colleague, held_by=holder.pk, reason="休假")
    assert rows_of_ledger().count() == 1


def test_what_is_done_is_not_taken_over(house, holder, colleague):
    nomination, task = held(house, holder)
    decide(signed_in(holder), nomination)
    assert signed_in(colleague).get(address(task)).url == page_of(task)
    with pytest.raises(Conflict, match="task_taken_or_done"):
        turns.take_over(task_id=task.pk, actor=colleague, held_by=holder.pk, reason="休假")


@pytest.mark.parametrize("sent", ["", "x", "9" * 5000, "\x00"])
def test_no_value_breaks_it(house, holder, colleague, sent):
    _nomination, task = held(house, holder)
    answer = signed_in(colleague).post(address(task), {"held_by": sent, "reason": "休假"})
    assert answer.status_code in {400, 409}
    assert owner(task) == holder


def test_the_page_of_a_taken_task_leads_to_it(house, holder, colleague):
    _nomination, task = held(house, holder)
    page = signed_in(colleague).get(page_of(task))
    assert page.status_code == 409
    assert address(task) in page.content.decode()
    other = signed_in(house.people["county", "party"]).get(page_of(task))
    assert address(task) not in other.content.decode()


def test_a_list_is_taken_over_as_well(house):
    keeper = house.people["county", "keeper"]
    second = make_official(house.bodies["county"], Role.KEEPER)
    task = house.slate_task("county", "compile_slate")
    turns.claim(task_id=task.pk, actor=keeper)
    client = signed_in(second)
    assert address(task) in client.get(inbox(tab="taken")).content.decode()
    assert taken_over(client, task, keeper).url == page_of(task)
    assert client.get(page_of(task)).status_code == 200
    (row,) = rows_of_ledger()
    assert row.stream == f"slate:{house.slates['county'].pk}"


def test_a_list_in_other_hands_is_still_the_same_list_to_sign(house):
    """The other leader's form was open while a colleague took a signature over: that made nothing stale."""
    chosen = house.lying(NominationState.POOLED)
    house.compile("county", [chosen])
    slate = house.slates["county"]
    seen = version(slate)
    leader = house.people["county", "union_leader"]
    second = make_official(house.bodies["county"], Role.UNION_LEADER)
    task = open_task(of_slate(slate.pk), "union_sign")
    turns.claim(task_id=task.pk, actor=leader)
    party = open_task(of_slate(slate.pk), "party_sign")
    turns.claim(task_id=party.pk, actor=house.people["county", "party_leader"])
    sent = {"version": seen, "decision": "sign", "text": ""}
    assert signed_in(house.people["county", "party_leader"]).post(page_of(party), sent).status_code == 302
    turns.take_over(task_id=task.pk, actor=second, held_by=leader.pk, reason="出差")
    assert signed_in(second).post(page_of(task), sent).status_code == 302


def test_people_of_a_unit_take_over_from_each_other(house):
    draft = house.nomination()
    task = open_task(of_nomination(draft.pk), "complete_application")
    turns.claim(task_id=task.pk, actor=house.applicant)
    UnitPost.objects.create(
        user=(second := make_official(make_body(), Role.OBSERVER)),
        employer=draft.employer,
        role=UnitRole.APPLICANT,
    )
    assert taken_over(signed_in(second), task, house.applicant).url == page_of(task)
    (row,) = rows_of_ledger()
    assert row.body is None
    assert signed_in(second).get(page_of(task)).status_code == 200
