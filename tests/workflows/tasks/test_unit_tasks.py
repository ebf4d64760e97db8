"""The unit's pages, asked by the people of the unit: what succeeds, and what is refused with the same setup."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.nominations.services import evidence, nominations
from appraisal.records.models import Nomination
from appraisal.records.states import EvidenceKind, NominationState, Outcome, UnitRole
from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Office, RoundState
from quotas.tree.models import User
from tests.builders import (
    make_allotment,
    make_award,
    make_body,
    make_round_award,
    make_share_rule,
    make_user,
    relabel,
)
from workflows import turns
from workflows.inbox import desk

PDF = b"%PDF-1.4\n" + b"0" * 200

TEXTS = {
    "leader_name": "张三",
    "phone": "0512-5000000",
    "union_funds_paid": "on",
    "self_score": "93.5",
    "honours": "无",
    "summary": "简要事迹",
    "deeds": "主要事迹",
}
PROCEDURE = {
    "meeting_kind": "staff_congress",
    "meeting_date": "2026-05-06",
    "entitled": "60",
    "present": "58",
    "votes_for": "55",
    "votes_against": "2",
    "votes_abstained": "1",
    "notice_from": "2026-05-07",
    "notice_to": "2026-05-13",
    "notice_place": "厂务公开栏",
    "party_opinion": "同意推荐。",
    "party_opinion_date": "2026-05-14",
}


@pytest.fixture
def draft(house):
    """A draft of the house's applicant in county's channel, its process begun."""
    return house.nomination()


@pytest.fixture
def applicant(client, house):
    client.force_login(house.applicant)
    return client


def task_url(nomination, user):
    # A user object remembers its posts, as within one request.
    asking = User.objects.get(pk=user.pk)
    (task,) = desk.open_tasks(nomination_id=nomination.pk, user=asking)
    return reverse("workflows:task", args=[task.pk])


def fresh(nomination):
    return Nomination.objects.get(pk=nomination.pk)


def upload(nomination, kind, actor):
    evidence.add(
        nomination_id=nomination.pk, kind=kind, upload=SimpleUploadedFile("材料.pdf", PDF), actor=actor
    )


def filled(house, nomination):
    """The nomination ready to be handed to the endorser."""
    upload(nomination, EvidenceKind.DEEDS, house.applicant)
    return nominations.save(
        nomination_id=nomination.pk,
        version=fresh(nomination).version,
        actor=house.applicant,
        leader_name="张三",
        phone="0512-5000000",
        answers={"union_funds_paid": True},
        summary="简要事迹",
        deeds="主要事迹",
    )


def handed_on(house, nomination):
    """The nomination with the endorser, with all files."""
    saved = filled(house, nomination)
    (task,) = desk.open_tasks(nomination_id=nomination.pk, user=house.applicant)
    turns.perform(
        task.pk,
        house.applicant,
        nominations.submit,
        nomination_id=nomination.pk,
        version=saved.version,
        actor=house.applicant,
    )
    for kind in (EvidenceKind.MINUTES, EvidenceKind.UNIT_NOTICE):
        upload(nomination, kind, house.endorser)
    return fresh(nomination)


# --- applying ------------------------------------------------------------------------------------------------


def test_a_card_begins_an_application_once(applicant, house):
    house.unit()
    card = f"{house.round_award.pk}-territorial"
    key = str(uuid4())
    sent = {"prospect": card, f"a{card}-form_key": key}
    first = applicant.post(reverse("workflows:apply"), sent)
    made = Nomination.objects.get()
    assert first.status_code == 302
    assert first.url == task_url(made, house.applicant)
    assert applicant.post(reverse("workflows:apply"), sent).url == first.url
    assert Nomination.objects.count() == 1


def test_what_is_under_way_is_linked_instead_of_begun_again(applicant, house, draft):
    page = applicant.get(reverse("workflows:apply")).content.decode()
    assert reverse("appraisal:nomination", args=[draft.pk]) in page
    assert "已申报" in page
    assert "不能申报" not in page
    assert 'role="alert"' not in page
    card = f"{house.round_award.pk}-territorial"
    sent = {"prospect": card, f"a{card}-form_key": str(uuid4())}
    refused = applicant.post(reverse("workflows:apply"), sent)
    assert refused.status_code == 422
    assert Nomination.objects.count() == 1


def test_cards_say_places_deadline_and_why_not(applicant, house):
    house.unit()
    page = applicant.get(reverse("workflows:apply")).content.decode()
    assert "名额 50 个" in page
    assert "2026年6月30日 17:30" in page
    assert "可以申报" in page
    house.round_award.allotments.all().delete()
    page = applicant.get(reverse("workflows:apply")).content.decode()
    assert "不能申报" in page
    assert "可以申报" not in page.replace("可以申报的", "")


def test_a_person_is_named_before_the_draft_is_made(applicant, house):
    house.unit()
    award = make_round_award(
        round_=house.round_award.round, award=make_award(nominee_kind=NomineeKind.PERSON), share=None
    )
    make_allotment(award, house.bodies["county"])
    card = f"{award.pk}-territorial"
    sent = {"prospect": card, f"a{card}-form_key": str(uuid4()), f"a{card}-nominee_name": "李四"}
    refused = applicant.post(reverse("workflows:apply"), {**sent, f"a{card}-identity_number": "123"})
    assert refused.status_code == 422
    assert "李四" in refused.content.decode()
    taken = applicant.post(
        reverse("workflows:apply"), {**sent, f"a{card}-identity_number": "320501199001010016"}
    )
    assert taken.status_code == 302, taken.content.decode()
    assert Nomination.objects.get().nominee_name == "李四"


@pytest.mark.parametrize(
    ("label", "open_to_some"), [("occupation:industrial_worker", True), ("sector:public_body", False)]
)
def test_what_the_unit_does_not_decide_closes_no_award_beforehand(applicant, house, label, open_to_some):
    """Who will be nominated is not known yet; what kind of unit applies is."""
    house.unit()
    award = make_round_award(
        round_=house.round_award.round, award=make_award(nominee_kind=NomineeKind.PERSON), share=None
    )
    make_share_rule(award.rule_version, label=label, numerator=1, denominator=1)
    make_allotment(award, house.bodies["county"])
    cards = applicant.get(reverse("workflows:apply")).context["cards"]
    (card,) = [card for card in cards if card.prospect.code == f"{award.pk}-territorial"]
    assert (not card.prospect.violations) == open_to_some


def test_a_person_says_what_rules_count(applicant, house):
    house.unit()
    award = make_round_award(
        round_=house.round_award.round, award=make_award(nominee_kind=NomineeKind.PERSON), share=None
    )
    make_share_rule(award.rule_version, label="occupation:industrial_worker", numerator=1, denominator=1)
    make_allotment(award, house.bodies["county"])
    card = f"{award.pk}-territorial"
    sent = {"prospect": card, f"a{card}-form_key": str(uuid4()), f"a{card}-nominee_name": "李四"}
    sent[f"a{card}-identity_number"] = "320501199001010016"
    url = applicant.post(reverse("workflows:apply"), sent).url
    # What is not filled in yet closes nothing: it is missing.
    begun = nominations.admission(nomination_id=Nomination.objects.get().pk)
    assert not begun.violations
    assert "occupation" in {problem.field for problem in begun.missing}
    assert {rule.open_places for fact in begun.facts for rule in fact.rules} == {
        fact.places for fact in begun.facts
    }
    nominee = {"version": 1, "nominee_name": "李四", "identity_number": "320501199001010016"}
    saved = {**nominee, "act": "save", "occupation": "enterprise_head", "division": "on"}
    assert applicant.post(url, saved).status_code == 302
    made = Nomination.objects.get()
    assert made.answers == {"occupation": "enterprise_head", "division": True}
    # The answer beside the form is that of the rules, for what is chosen.
    assert "award_for_others" in {
        refusal.code for refusal in nominations.admission(nomination_id=made.pk).violations
    }
    relabel([made], occupation="industrial_worker")
    assert not nominations.admission(nomination_id=made.pk).violations


def test_nobody_applies_for_a_foreign_unit(client, house):
    unit = house.unit()
    client.force_login(make_user())
    assert client.get(reverse("workflows:apply"), {"employer": unit.pk}).status_code == 404
    assert "您还不是任何单位的申报人" in client.get(reverse("workflows:apply")).content.decode()


def test_without_an_open_round_the_page_says_so(applicant, house):
    house.unit()
    round_ = house.round_award.round
    type(round_).objects.filter(pk=round_.pk).update(state=RoundState.PLANNED, opened_at=None)
    assert "现在没有进行中的评选" in applicant.get(reverse("workflows:apply")).content.decode()


def test_apply_stays_flat_however_many_awards(applicant, house, django_assert_max_num_queries):
    house.unit()
    for _number in range(12):
        award = make_round_award(round_=house.round_award.round)
        make_allotment(award, house.bodies["county"])
    with django_assert_max_num_queries(20):
        assert applicant.get(reverse("workflows:apply")).status_code == 200


# --- filling in ----------------------------------------------------------------------------------------------


def test_a_draft_is_saved_as_far_as_it_goes(applicant, house, draft):
    url = task_url(draft, house.applicant)
    answer = applicant.post(
        url, {"version": draft.version, "act": "save", "phone": "0512-1", "self_score": "93.5"}
    )
    assert answer.status_code == 302
    assert answer.url == url
    assert (fresh(draft).phone, fresh(draft).self_score) == ("0512-1", 9350)
    assert fresh(draft).status == NominationState.DRAFT


def test_the_page_says_what_is_missing_before_submission(applicant, house, draft):
    page = applicant.get(task_url(draft, house.applicant)).content.decode()
    assert "还缺" in page
    assert 'href="#id_deeds"' in page
    assert "缺少证明材料“事迹材料”" in page


def test_checks_answer_for_what_is_typed_and_write_nothing(applicant, house, draft):
    url = task_url(draft, house.applicant)
    answer = applicant.post(
        url,
        {**TEXTS, "version": draft.version, "act": "check", "summary": "长" * 501},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "501" in text
    assert 'href="#id_deeds"' not in text
    assert "<html" not in text
    assert fresh(draft).deeds == ""


def test_submission_is_refused_with_the_draft_kept_and_then_taken(applicant, house, draft):
    url = task_url(draft, house.applicant)
    refused = applicant.post(url, {**TEXTS, "version": draft.version, "act": "submit"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "内容已保存为草稿，但还不能提交" in text
    assert "事迹材料" in text
    assert fresh(draft).deeds == "主要事迹"
    assert fresh(draft).status == NominationState.DRAFT
    upload(draft, EvidenceKind.DEEDS, house.applicant)
    version = fresh(draft).version
    assert f'name="version" value="{version}"' in text
    taken = applicant.post(url, {**TEXTS, "version": version, "act": "submit"})
    assert taken.status_code == 302
    assert fresh(draft).status == NominationState.ENDORSING
    assert desk.open_tasks(nomination_id=draft.pk, user=house.endorser)
    again = applicant.post(url, {**TEXTS, "version": version, "act": "submit"})
    assert again.status_code == 409
    assert "这一项已经办结" in again.content.decode()


def test_a_stale_tab_keeps_what_was_typed(applicant, house, draft):
    filled(house, draft)
    url = task_url(draft, house.applicant)
    answer = applicant.post(
        url, {**TEXTS, "version": draft.version, "act": "save", "summary": "另一个窗口写的"}
    )
    assert answer.status_code == 409
    assert "另一个窗口写的" in answer.content.decode()
    assert fresh(draft).summary == "简要事迹"


def test_a_text_too_long_is_refused_at_its_field(applicant, house, draft):
    url = task_url(draft, house.applicant)
    answer = applicant.post(url, {**TEXTS, "version": draft.version, "act": "save", "summary": "长" * 501})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "上限 500 字" in text
    assert "长" * 501 in text
    assert fresh(draft).summary == ""


def test_too_late_keeps_the_draft_and_names_the_moment(applicant, house, draft):
    saved = filled(house, draft)
    url = task_url(draft, house.applicant)
    with clock.travel(datetime(2026, 7, 1, 1, 0, tzinfo=UTC)):
        applicant.force_login(house.applicant)
        assert "不能申报" in applicant.get(reverse("workflows:apply")).content.decode()
        answer = applicant.post(url, {**TEXTS, "version": saved.version, "act": "submit", "phone": "0512-9"})
    assert answer.status_code == 409
    assert "2026年6月30日 17:30" in answer.content.decode()
    assert fresh(draft).status == NominationState.DRAFT
    assert fresh(draft).phone == "0512-9"


def test_foreign_tasks_are_not_there(client, house, draft):
    url = task_url(draft, house.applicant)
    client.force_login(make_user())
    assert client.get(url).status_code == 404
    client.force_login(house.people["county", "union"])  # not handed in yet: nobody else's
    assert client.get(url).status_code == 404
    client.force_login(house.endorser)
    page = client.get(url)
    assert page.status_code == 403
    assert "这一项不由您办理" in page.content.decode()
    client.logout()
    assert client.get(url).status_code == 302


# --- endorsing -----------------------------------------------------------------------------------------------


def test_the_endorser_hands_in(client, house, draft):
    nomination = handed_on(house, draft)
    client.force_login(house.endorser)
    url = task_url(nomination, house.endorser)
    assert client.get(url).status_code == 200
    answer = client.post(url, {**PROCEDURE, "version": nomination.version, "act": "endorse"})
    assert answer.status_code == 302, answer.content.decode()
    assert fresh(draft).status == NominationState.IN_REVIEW
    assert fresh(draft).desk == house.bodies["county"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"votes_for": "56"}, "59"),
        ({"notice_to": "2026-05-11"}, "2026年5月13日"),
        ({"meeting_date": ""}, "会议日期"),
        ({"notice_from": "9999-12-31"}, "请核对年份"),
    ],
)
def test_a_procedure_that_is_not_in_order_is_refused(client, house, draft, wrong, says):
    nomination = handed_on(house, draft)
    client.force_login(house.endorser)
    url = task_url(nomination, house.endorser)
    answer = client.post(url, {**PROCEDURE, **wrong, "version": nomination.version, "act": "endorse"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "厂务公开栏" in answer.content.decode()
    assert not hasattr(fresh(draft), "procedure")
    assert fresh(draft).status == NominationState.ENDORSING


def test_the_vote_is_added_up_while_it_is_typed(client, house, draft):
    nomination = handed_on(house, draft)
    client.force_login(house.endorser)
    typed = {**PROCEDURE, "votes_for": "56", "party_opinion": "", "act": "check"}
    text = client.post(task_url(nomination, house.endorser), typed).content.decode()
    assert "合计 59，实到 58" in text
    assert "最早 2026年5月13日 结束" in text
    assert not hasattr(fresh(draft), "procedure")


def test_the_endorser_gives_it_back_with_a_reason(client, house, draft):
    nomination = handed_on(house, draft)
    client.force_login(house.endorser)
    url = task_url(nomination, house.endorser)
    refused = client.post(url, {"back-version": nomination.version, "back-text": "", "act": "send_back"})
    assert refused.status_code == 422
    assert fresh(draft).status == NominationState.ENDORSING
    taken = client.post(
        url, {"back-version": nomination.version, "back-text": "请补充工会主席姓名", "act": "send_back"}
    )
    assert taken.status_code == 302
    client.force_login(house.applicant)
    page = client.get(task_url(draft, house.applicant)).content.decode()
    assert "请补充工会主席姓名" in page


def test_nobody_endorses_what_they_made(client, house, draft):
    nomination = handed_on(house, draft)
    house.applicant.unit_posts.create(employer=nomination.employer, role=UnitRole.ENDORSER)
    client.force_login(house.applicant)
    url = task_url(nomination, house.applicant)
    assert "由您填报" in client.get(url).content.decode()
    answer = client.post(url, {**PROCEDURE, "version": nomination.version, "act": "endorse"})
    assert answer.status_code == 422
    assert fresh(draft).status == NominationState.ENDORSING


# --- correcting ----------------------------------------------------------------------------------------------


@pytest.fixture
def returned(house, draft):
    """The nomination, returned by the county's union."""
    nomination = handed_on(house, draft)
    numbers = {
        "entitled": 60,
        "present": 58,
        "votes_for": 55,
        "votes_against": 2,
        "votes_abstained": 1,
    }
    saved = nominations.save_procedure(
        nomination_id=nomination.pk,
        version=nomination.version,
        actor=house.endorser,
        meeting_kind="staff_congress",
        meeting_date=date(2026, 5, 6),
        notice_from=date(2026, 5, 7),
        notice_to=date(2026, 5, 13),
        notice_place="厂务公开栏",
        notice_objections=False,
        party_opinion="同意推荐。",
        party_opinion_date=date(2026, 5, 14),
        **numbers,
    )
    (task,) = desk.open_tasks(nomination_id=nomination.pk, user=house.endorser)
    turns.perform(
        task.pk,
        house.endorser,
        nominations.endorse,
        nomination_id=nomination.pk,
        version=saved.version,
        actor=house.endorser,
    )
    house.opinion(fresh(draft), "county", Office.UNION, Outcome.RETURN)
    return fresh(draft)


def test_correction_shows_what_was_asked_and_hands_in_again(applicant, house, returned):
    url = task_url(returned, house.applicant)
    page = applicant.get(url).content.decode()
    assert "需要补正的内容" in page
    assert house.people["county", "union"].name not in page
    refused = applicant.post(url, {**TEXTS, "version": returned.version, "act": "resubmit", "deeds": ""})
    assert refused.status_code == 422
    assert fresh(returned).status == NominationState.RETURNED
    taken = applicant.post(
        url, {**TEXTS, "version": fresh(returned).version, "act": "resubmit", "corrected": "已补。"}
    )
    assert taken.status_code == 302, taken.content.decode()
    assert fresh(returned).status == NominationState.IN_REVIEW


def test_correction_of_the_procedure(applicant, house, returned):
    url = task_url(returned, house.applicant)
    typed = {f"procedure-{name}": value for name, value in PROCEDURE.items()}
    typed |= {"procedure-version": returned.version, "act": "procedure"}
    refused = applicant.post(url, {**typed, "procedure-votes_for": "1"})
    assert refused.status_code == 422
    taken = applicant.post(url, {**typed, "procedure-notice_place": "公司内网"})
    assert taken.status_code == 302
    assert fresh(returned).procedure.notice_place == "公司内网"


# --- the ways out --------------------------------------------------------------------------------------------


def test_withdrawal_asks_and_then_ends_it(applicant, house, draft):
    url = reverse("workflows:withdraw", args=[draft.pk])
    page = applicant.get(url).content.decode()
    assert "撤回后不能恢复" in page
    assert applicant.post(url, {"reason": ""}).status_code == 422
    assert fresh(draft).status == NominationState.DRAFT
    assert applicant.post(url, {"reason": "不再参评"}).status_code == 302
    assert fresh(draft).status == NominationState.WITHDRAWN
    assert applicant.post(url, {"reason": "再来一次"}).status_code == 409


def test_disqualification_is_for_the_keeper_of_the_desk(client, house, returned):
    url = reverse("workflows:disqualify", args=[returned.pk])
    client.force_login(house.people["county", "union"])
    assert client.post(url, {"reason": "欠缴"}).status_code == 403
    client.force_login(house.people["county", "keeper"])
    assert client.post(url, {"reason": "欠缴"}).status_code == 302
    assert fresh(returned).status == NominationState.DISQUALIFIED


def test_foreign_ways_out_are_not_there(client, house, draft):
    other = make_body(level=Level.COUNTY)
    client.force_login(make_user())
    for name in ("withdraw", "disqualify"):
        assert client.get(reverse(f"workflows:{name}", args=[draft.pk])).status_code == 404
    assert other.pk


def statements(client, url):
    client.get(url)  # content types are remembered by the process
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_task_pages_stay_within_their_statements(client, house, draft):
    client.force_login(house.applicant)
    assert statements(client, task_url(draft, house.applicant)) <= 20
    nomination = handed_on(house, draft)
    client.force_login(house.endorser)
    assert statements(client, task_url(nomination, house.endorser)) <= 20
