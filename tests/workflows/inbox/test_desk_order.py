"""Working down the desk: the order kept, what was read, what changed since a return, what is set apart before bulk."""

import pytest
from django.urls import reverse

from appraisal.nominations.services import nominations, versions
from appraisal.records.models import Evidence, Nomination, Reading
from appraisal.records.states import NominationState, Outcome
from tests.builders import make_procedure, squeezed
from tests.workflows.desk_people import in_review, inbox, page_of, review_task, signed_in
from tests.workflows.house import version
from tests.workflows.tasks.test_review_tasks import decide
from workflows import turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(house):
    return house.people["county", "union"]


def test_the_buttons_of_single_rows_are_not_in_the_form_of_the_ticks(house, reviewer):
    """A browser presses the first button of the tick's form on Enter: it must not be one that claims a row."""
    in_review(house)
    text = signed_in(reviewer).get(inbox()).content.decode()
    form = text[text.index(f'action="{reverse("workflows:approve")}"') : text.index("</table>")]
    buttons = form.split("<button")[1:]
    assert buttons
    assert all('form="row-acts"' in button for button in buttons)


def test_what_was_done_opens_its_subject(house, reviewer):
    nomination = in_review(house)
    client = signed_in(reviewer)
    decide(client, nomination)
    (row,) = client.get(inbox(tab="done")).context["rows"]
    assert row.url == reverse("appraisal:nomination", args=[nomination.pk])
    assert client.get(row.url).status_code == 200


def test_a_decision_goes_on_with_the_next_of_the_list_not_with_the_first(house, reviewer):
    _first, second, third = (in_review(house) for _each in range(3))
    client = signed_in(reviewer)
    response = decide(client, second)
    assert response.url == page_of(review_task(third))


def test_after_the_last_one_it_goes_back_to_the_list_as_it_was(house, reviewer):
    nomination = in_review(house)
    other = in_review(house, non_public=False, ownership_verified=True)
    address = f"{page_of(review_task(other))}?queue=ownership%3Dpublic"
    client = signed_in(reviewer)
    page = client.get(address)
    assert (page.context["queue"].place, page.context["queue"].total) == (1, 1)
    data = {"version": version(other), "decision": Outcome.APPROVE.value, "text": "", "return_route": ""}
    assert client.post(address, data).url == inbox(ownership="public")
    assert nomination.status == NominationState.IN_REVIEW


def test_one_before_and_one_after_are_linked_by_key(house, reviewer):
    first, second, third = (in_review(house) for _each in range(3))
    text = signed_in(reviewer).get(page_of(review_task(second))).content.decode()
    assert f'data-key="p" rel="prev" href="{page_of(review_task(first))}"' in text
    assert f'data-key="n" rel="next" href="{page_of(review_task(third))}"' in text


@pytest.mark.parametrize("queue", ["", "%00", "award=%00", "tab=nowhere", "q=" + "x" * 5000])
def test_no_list_in_an_address_breaks_the_page(house, reviewer, queue):
    nomination = in_review(house)
    page = signed_in(reviewer).get(page_of(review_task(nomination)), {"queue": queue})
    assert page.status_code == 200


def test_a_row_opens_with_a_decision_chosen(house, reviewer):
    nomination = in_review(house)
    client = signed_in(reviewer)
    (row,) = client.get(inbox()).context["rows"]
    text = squeezed(client.get(f"{row.decide_url}return").content.decode())
    assert 'value="return" required checked' in text
    assert nomination.opinions.count() == 0


def test_taking_a_task_keeps_the_place_in_the_list(house, reviewer):
    task = review_task(in_review(house))
    response = signed_in(reviewer).post(reverse("workflows:claim", args=[task.pk]), {"next": inbox()})
    assert response.url == f"{inbox()}#task-{task.pk}"


# Before many are approved at once


def ticked(client, *tasks):
    context = client.post(reverse("workflows:approve"), {"ids": [task.pk for task in tasks]}).context
    return [line.task_id for line in context["ready"]], {
        line.task_id: " ".join(line.look) for line in context["apart"]
    }


def test_what_was_not_opened_is_set_apart_until_it_was(house, reviewer):
    task = review_task(in_review(house))
    client = signed_in(reviewer)
    ready, apart = ticked(client, task)
    assert not ready
    assert "没有打开看过" in apart[task.pk]
    client.get(page_of(task))
    assert ticked(client, task) == ([task.pk], {})


def test_what_a_colleague_opened_is_unread_all_the_same(house, reviewer):
    nomination = in_review(house)
    Reading.objects.create(
        nomination=nomination,
        user=house.people["county", "party"],
        body=nomination.body,
        day=nomination.entered_at.date(),
        personal=False,
        review_pass=1,
        at=nomination.entered_at,
    )
    _ready, apart = ticked(signed_in(reviewer), task := review_task(nomination))
    assert "没有打开看过" in apart[task.pk]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"non_public": False, "ownership_verified": False}, "所有制未核验"),
        ({"ownership_changed": True}, "登记有变更"),
        ({"review_pass": 2}, "曾被退回"),
    ],
)
def test_what_needs_a_look_is_not_ticked_though_it_was_opened(house, reviewer, fields, reason):
    plain, special = review_task(in_review(house)), review_task(in_review(house, **fields))
    client = signed_in(reviewer)
    for task in (plain, special):
        client.get(page_of(task))
    ready, apart = ticked(client, plain, special)
    assert ready == [plain.pk]
    assert reason in apart[special.pk]


# Back from a correction


def returned(house, reviewer):
    nomination = in_review(
        house,
        phone="0512-50000000",
        summary="简要事迹",
        deeds="主要事迹",
        honours="无",
        answers={"union_funds_paid": True},
    )
    make_procedure(nomination)
    for kind in ("deeds", "minutes", "unit_notice"):
        Evidence.objects.create(
            nomination=nomination,
            kind=kind,
            name=f"{kind}.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=nomination.created_by,
            uploaded_at=nomination.entered_at,
        )
    decide(signed_in(reviewer), nomination, Outcome.RETURN)
    return Nomination.objects.get(pk=nomination.pk)


def test_what_is_returned_is_frozen_as_it_stood(house, reviewer):
    nomination = returned(house, reviewer)
    kept = versions.last_returned(nomination)
    assert kept.content["nomination"]["deeds"] == nomination.deeds
    assert versions.untouched(nomination, kept)


def test_changes_since_the_return_are_marked_and_can_be_read_alone(house, reviewer):
    nomination = returned(house, reviewer)
    before = nomination.honours
    nominations.save(
        nomination_id=nomination.pk,
        version=nomination.version,
        actor=nomination.created_by,
        honours="全国工人先锋号",
    )
    nomination.refresh_from_db()
    task = review_task(nomination, "correction")
    turns.perform(
        task.pk,
        nomination.created_by,
        nominations.resubmit,
        nomination_id=nomination.pk,
        version=nomination.version,
        actor=nomination.created_by,
        corrected="补写了荣誉。",
    )
    page = page_of(review_task(nomination))
    client = signed_in(reviewer)
    whole = client.get(page)
    changed = [row for section in whole.context["sections"] for row in section.rows if row.changed]
    assert whole.context["changed"] == len(changed)
    assert "简要事迹" not in [str(row.label) for row in changed]
    (row,) = [row for row in changed if str(row.label) == "曾获荣誉"]
    assert (row.value, row.was) == ("全国工人先锋号", before or "（空）")
    assert "补写了荣誉。" in whole.content.decode()
    alone = client.get(page, {"changes": "1"})
    assert [row for section in alone.context["sections"] for row in section.rows] == changed
    assert not alone.context["evidence"]


def test_a_correction_is_not_ready_before_anything_was_changed_and_asks_what_was(house, reviewer):
    nomination = returned(house, reviewer)
    client = signed_in(nomination.created_by)
    page = page_of(review_task(nomination, "correction"))
    text = client.get(page).content.decode()
    assert "还没有改动" in text
    assert "可以提交" not in text
    assert reverse("appraisal:employer", args=[nomination.employer_id]) in text
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    refused = client.post(page, {**data, "act": "resubmit", "corrected": " "})
    assert refused.status_code == 422
    assert "请写明补正了什么" in refused.content.decode()
