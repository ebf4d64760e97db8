"""More time: asked by those who work at the desk, answered by the organiser, due later at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.deadlines.services import extensions, latest
from appraisal.deadlines.views import timing
from appraisal.records.states import NominationState
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import Level, RequestState, Role, RoundState, Stage
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Extension, ExtensionRequest, Round, StageWindow
from quotas.rounds.services import rounds
from tests.appraisal.desks import make_desk
from tests.builders import WINDOWS, make_body, make_nomination, make_official

pytestmark = pytest.mark.django_db

DUE = WINDOWS[Stage.COUNTY][1]
LATER = DUE + timedelta(days=7)


@pytest.fixture(autouse=True)
def after_the_deadline():
    with clock.travel(DUE + timedelta(hours=1)):
        yield


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def staff():
    return make_official(make_body(level=Level.PROVINCE), Role.STAFF)


def asked(desk, actor=None, **changes):
    values = {
        "round_id": desk.allotment.round_award.round_id,
        "stage": Stage.COUNTY,
        "body_id": desk.body.pk,
        "wanted": LATER,
        "reason": "县里水灾，工作人员抗洪",
        "actor": actor or desk.keeper,
    }
    return extensions.ask(**{**values, **changes})


def due(desk, stage=Stage.COUNTY):
    return rounds.due_at(round_id=desk.allotment.round_award.round_id, stage=stage, body_id=desk.body.pk)


def acts(request):
    return list(LedgerEntry.objects.filter(stream=f"extension:{request.pk}").values_list("act", flat=True))


@pytest.mark.parametrize("role", [Role.KEEPER, Role.UNION_REVIEWER, Role.PARTY_REVIEWER])
def test_those_who_work_at_the_desk_ask(desk, role):
    actor = make_official(desk.body, role)
    request = asked(desk, actor)
    assert (request.state, request.asked_by, request.reason) == (
        RequestState.WAITING,
        actor,
        "县里水灾，工作人员抗洪",
    )
    assert acts(request) == ["ask_extension"]
    assert due(desk) == DUE


@pytest.mark.parametrize("role", [Role.UNION_LEADER, Role.OBSERVER])
def test_others_do_not(desk, role):
    for body in (desk.body, desk.body.parent):
        with pytest.raises(NotPermitted):
            asked(desk, make_official(body, role))
    with pytest.raises(NotPermitted):
        asked(desk, make_official(make_body(), Role.KEEPER))
    assert not ExtensionRequest.objects.exists()


def test_one_request_waits_for_each_deadline(desk):
    asked(desk)
    with pytest.raises(Conflict) as refused:
        asked(desk, make_official(desk.body, Role.UNION_REVIEWER))
    assert refused.value.code == "extension_waiting"
    assert str(sentence(refused.value.reasons[0]))
    assert asked(desk, stage=Stage.UNIT).pk
    assert ExtensionRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"reason": " \u200b\u202c"}, ["reason_required"]),
        ({"reason": "字" * 201}, ["extension_reason_long"]),
        ({"wanted": DUE}, ["extension_not_later"]),
        ({"wanted": DUE + timedelta(minutes=30)}, ["extension_in_past"]),
        ({"stage": Stage.CITY, "wanted": DUE + timedelta(days=90)}, ["stage_not_of_body"]),
        ({"reason": "", "wanted": DUE}, ["reason_required", "extension_not_later"]),
    ],
)
def test_every_wrong_field_is_told_at_once(desk, changes, codes):
    with pytest.raises(InvalidInput) as refused:
        asked(desk, **changes)
    assert [problem.code for problem in refused.value.problems] == codes
    assert all(str(sentence(reason)) for reason in refused.value.reasons)
    assert not ExtensionRequest.objects.exists()


def test_granting_extends_and_what_lies_there_is_due_later_at_once(desk, staff):
    here = make_nomination(
        desk.allotment.round_award, desk.body, status=NominationState.IN_REVIEW, due_at=DUE
    )
    other = make_nomination(desk.allotment.round_award, status=NominationState.IN_REVIEW, due_at=DUE)
    request = asked(desk)
    granted = extensions.grant(request_id=request.pk, actor=staff, answer="同意")
    assert (granted.state, granted.granted, granted.answered_by) == (RequestState.GRANTED, LATER, staff)
    assert due(desk) == LATER
    assert Extension.objects.get().reason == request.reason
    here.refresh_from_db()
    other.refresh_from_db()
    assert (here.due_at, other.due_at) == (LATER, DUE)
    assert acts(request) == ["ask_extension", "grant_extension"]
    assert LedgerEntry.objects.filter(act="extend").count() == 1
    assert not ledger.check()
    rounds.require_in_time(
        round_id=desk.allotment.round_award.round_id, stage=Stage.COUNTY, body_id=desk.body.pk
    )


def test_units_get_their_time_at_the_unit_stage(desk, staff):
    due_at = WINDOWS[Stage.UNIT][1]
    mine = make_nomination(desk.allotment.round_award, desk.body, status=NominationState.DRAFT, due_at=due_at)
    request = asked(desk, stage=Stage.UNIT)
    extensions.grant(request_id=request.pk, actor=staff)
    mine.refresh_from_db()
    assert mine.due_at == LATER


def test_another_moment_than_asked_can_be_granted(desk, staff):
    sooner = DUE + timedelta(days=2)
    granted = extensions.grant(request_id=asked(desk).pk, actor=staff, due_at=sooner)
    assert granted.granted == due(desk) == sooner


def test_refusing_needs_a_reason_and_extends_nothing(desk, staff):
    request = asked(desk)
    with pytest.raises(InvalidInput):
        extensions.refuse(request_id=request.pk, actor=staff, answer="\u200b ")
    refused = extensions.refuse(request_id=request.pk, actor=staff, answer="全省统一截止")
    assert (refused.state, refused.answer) == (RequestState.REFUSED, "全省统一截止")
    assert due(desk) == DUE
    assert acts(request) == ["ask_extension", "refuse_extension"]
    assert asked(desk).pk != request.pk


def test_who_answers_holds_the_plan_and_did_not_ask(desk, staff):
    request = asked(desk)
    for other in (desk.keeper, make_official(desk.body.parent, Role.KEEPER)):
        for answer in (extensions.grant, extensions.refuse):
            with pytest.raises(NotPermitted):
                answer(request_id=request.pk, actor=other, answer="好")
    own = ExtensionRequest.objects.get(pk=request.pk)
    own.asked_by = staff
    own.save()
    with pytest.raises(NotPermitted) as refused:
        extensions.grant(request_id=request.pk, actor=staff)
    assert refused.value.code == "answers_own_request"


def test_what_is_answered_or_withdrawn_is_closed(desk, staff):
    request = asked(desk)
    with pytest.raises(NotPermitted):
        extensions.withdraw(request_id=request.pk, actor=staff)
    extensions.withdraw(request_id=request.pk, actor=make_official(desk.body, Role.UNION_REVIEWER))
    for again in (
        lambda: extensions.withdraw(request_id=request.pk, actor=desk.keeper),
        lambda: extensions.grant(request_id=request.pk, actor=staff),
        lambda: extensions.refuse(request_id=request.pk, actor=staff, answer="不"),
    ):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.code == "extension_answered"
    assert due(desk) == DUE


def test_nothing_is_asked_or_answered_in_a_round_that_is_over(desk, staff):
    request = asked(desk)
    Round.objects.update(state=RoundState.CLOSED, closed_at=clock.now())
    with pytest.raises(WrongState):
        extensions.grant(request_id=request.pk, actor=staff)
    with pytest.raises(WrongState):
        asked(desk, stage=Stage.UNIT)


def test_a_grant_that_would_shorten_is_refused_whole(desk, staff):
    request = asked(desk)
    with pytest.raises(RuleViolation):
        extensions.grant(request_id=request.pk, actor=staff, due_at=DUE - timedelta(days=1))
    request.refresh_from_db()
    assert request.state == RequestState.WAITING


# --- pages -----------------------------------------------------------------------------------------------------


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_asking_and_answering_on_the_pages(desk, staff):
    keeper, planner = client_of(desk.keeper), client_of(staff)
    slate_page = reverse("appraisal:slate", args=[desk.slate.pk])
    ask_url = reverse(
        "appraisal:extension_ask", args=[desk.allotment.round_award.round.code, "county", desk.body.pk]
    )
    page = keeper.get(slate_page).content.decode()
    assert ask_url in page
    assert make_body(level=Level.PROVINCE).name in page
    answer = keeper.post(ask_url, {"wanted": "2026-08-10T17:30", "reason": "水灾"})
    request = ExtensionRequest.objects.get()
    own = reverse("appraisal:extension", args=[request.pk])
    assert answer.url == own
    page = keeper.get(slate_page).content.decode()
    assert "延期申请待答复" in page
    assert ask_url not in page
    assert keeper.get(ask_url).url == own
    listed = planner.get(reverse("appraisal:extensions", args=[request.round.code]))
    assert "水灾" in listed.content.decode()
    assert "批准延期" in planner.get(own).content.decode()
    assert "批准延期" not in keeper.get(own).content.decode()
    refused = planner.post(own, {"act": "refuse", "answer": ""})
    assert refused.status_code == 422
    planner.post(own, {"act": "refuse", "answer": "全省统一截止"})
    assert "全省统一截止" in keeper.get(slate_page).content.decode()
    keeper.post(ask_url, {"wanted": "2026-08-10T17:30", "reason": "水灾"})
    again = ExtensionRequest.objects.get(state=RequestState.WAITING)
    planner.post(
        reverse("appraisal:extension", args=[again.pk]),
        {"act": "grant", "due_at": "2026-08-08T17:30", "answer": ""},
    )
    assert "批准延至" in keeper.get(slate_page).content.decode()
    assert Extension.objects.get().due_at > DUE


def test_other_counties_see_neither_request_nor_form(desk):
    request = asked(desk)
    stranger = client_of(make_official(make_body(), Role.KEEPER))
    code = request.round.code
    assert stranger.get(reverse("appraisal:extension", args=[request.pk])).status_code == 404
    assert (
        stranger.post(reverse("appraisal:extension", args=[request.pk]), {"act": "withdraw"}).status_code
        == 404
    )
    assert (
        stranger.get(reverse("appraisal:extension_ask", args=[code, "unit", desk.body.pk])).status_code == 404
    )
    assert "水灾" not in stranger.get(reverse("appraisal:extensions", args=[code])).content.decode()


def test_a_deadline_that_is_far_off_asks_nothing_of_the_database(desk, django_assert_num_queries):
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=clock.now() + timedelta(days=60))
    found = latest.of_slate(desk.slate)
    with django_assert_num_queries(0):
        assert timing.of_one(found, desk.keeper)["ask"] is None
