"""Naming decisions: who is named, who is passed over, what becomes public."""

import json
from datetime import timedelta

import pytest

from appraisal.namings.services import namings
from appraisal.records.models import Naming, Nomination, Objection
from appraisal.records.states import Finding, NominationState, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import Level, Role, Stage
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from tests.appraisal.desks import make_desk
from tests.builders import IN_TIME, make_award, make_body, make_nomination, make_official, make_round_award

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def finalised(round_award=None):
    """The final list of an award that ends at the county."""
    desk = make_desk(round_award or make_round_award(award=make_award(final_stage=Stage.COUNTY)))
    desk.nominations = desk.fill(non_public=2, public=1, reserves=1, separate=1)
    desk.advance(SlateState.FINALISED)
    return desk


def test_regular_and_separate_entries_are_named_and_everybody_else_is_passed_over():
    desk = finalised()
    *named, reserve = (desk.nominations[place] for place in (0, 1, 2, 4, 3))
    late = make_nomination(desk.allotment.round_award, desk.body, status=NominationState.IN_REVIEW)
    release = desk.name()
    assert set(release.named) == {nomination.pk for nomination in named}
    assert set(release.closed) == {reserve.pk, late.pk}
    assert set(Nomination.objects.filter(pk__in=release.named).values_list("status", flat=True)) == {"named"}
    assert set(Nomination.objects.filter(pk__in=release.closed).values_list("status", flat=True)) == {
        "not_selected"
    }
    assert desk.slate.state == SlateState.NAMED
    naming = Naming.objects.get()
    assert naming.decided_by == desk.keeper
    assert [row["nominee"] for row in naming.rows] == [nomination.nominee_name for nomination in named]
    assert LedgerEntry.objects.filter(act="name", stream=f"slate:{desk.slate.pk}").get().reason == (
        "苏工发〔2026〕12号"
    )
    assert ledger.check() == []
    with pytest.raises(WrongState, match="slate_state"):
        desk.name()


def test_the_decision_shows_nothing_personal():
    desk = make_desk(make_round_award(award=make_award(final_stage=Stage.COUNTY)))
    desk.fill(non_public=1, identity_number="320501198001010011", phone="13912345678")
    desk.advance(SlateState.NAMED)
    shown = json.dumps(Naming.objects.get().rows, ensure_ascii=False)
    assert "3205011980" not in shown
    assert "139" not in shown


def test_every_wrong_field_is_told_at_once():
    desk = finalised()
    with pytest.raises(InvalidInput) as refusal:
        desk.name(title=" ", document_number="", decided_on=clock.today() + timedelta(days=1))
    assert [problem.code for problem in refusal.value.problems] == [
        "title_required",
        "document_number_required",
        "decided_in_future",
    ]
    assert all(str(sentence(reason)) for reason in refusal.value.reasons)
    assert desk.slate.state == SlateState.FINALISED


def test_a_document_number_is_used_once_for_an_award_of_a_round():
    first = finalised()
    first.name()
    second = finalised(first.allotment.round_award)
    with pytest.raises(InvalidInput, match="document_number_taken"):
        second.name(document_number="苏工发 〔2026〕12 号")
    second.name(document_number="昆工发〔2026〕3号")
    finalised().name()


def test_at_the_province_those_who_finalise_decide():
    desk = make_desk(body=make_body(level=Level.PROVINCE))
    desk.fill(non_public=1, score=9000)
    desk.advance(SlateState.FINALISED)
    staff, desk.keeper = desk.keeper, make_official(desk.body, Role.KEEPER)
    with pytest.raises(NotPermitted):
        desk.name()
    desk.keeper = staff
    desk.name()


def test_the_share_is_asked_a_last_time():
    desk = finalised()
    for nomination in desk.nominations[:2]:
        desk.act(slates.remove_entry, nomination_id=nomination.pk, reason="取消")
    with pytest.raises(RuleViolation) as refusal:
        desk.name()
    assert [reason.code for reason in refusal.value.reasons] == ["share_too_low"]
    assert not Naming.objects.exists()
    desk.act(slates.promote_reserve, nomination_id=desk.nominations[3].pk)
    desk.name()


def test_a_list_that_is_not_final_names_nobody():
    desk = make_desk()
    desk.fill(non_public=1)
    desk.advance(SlateState.SENT_UP)
    with pytest.raises(WrongState, match="slate_state"):
        desk.name()


def test_nobody_is_named_past_an_open_objection():
    """None is recorded once the list is final: the decision asks again, whatever brought it there."""
    desk = finalised()
    disputed = desk.nominations[0]
    objection = Objection.objects.create(
        notice=desk.slate.notices.get(),
        entry=desk.slate.entries.get(nomination=disputed),
        received_on=clock.today(),
        objector="王实名",
        objector_contact="某路1号",
        text="情况不实",
        recorded_by=desk.keeper,
        recorded_at=clock.now(),
    )
    with pytest.raises(WrongState, match="objection_open") as refusal:
        desk.name()
    assert refusal.value.params["entries"] == (str(disputed),)
    assert desk.slate.state == SlateState.FINALISED
    assert not Naming.objects.exists()
    Objection.objects.filter(pk=objection.pk).update(
        finding=Finding.UNFOUNDED, finding_text="查无实据", closed_by=desk.keeper, closed_at=clock.now()
    )
    desk.name()


def test_a_number_that_is_taken_in_the_last_moment_is_refused_in_the_same_words(monkeypatch):
    """Asked for, it was free; when the decision is written it no longer is. Raced in tests/races/test_lock_races.py."""
    first = finalised()
    first.name()
    second = finalised(first.allotment.round_award)
    asked = []

    def free_at_first(*told):
        asked.append(told)
        return None if len(asked) == 1 else taken(*told)

    taken = namings._number_taken
    monkeypatch.setattr(namings, "_number_taken", free_at_first)
    with pytest.raises(InvalidInput) as refusal:
        second.name()
    (problem,) = refusal.value.problems
    assert (problem.field, problem.code) == ("document_number", "document_number_taken")
    assert problem.params["body"] == first.body.name
    assert second.slate.state == SlateState.FINALISED
    assert set(second.slate.entries.values_list("nomination__status", flat=True)) == {"pooled"}
    assert ledger.check() == []
