"""Objections: real name, kept from others, closed with a finding; upheld ones take the entry with them."""

import json
from datetime import timedelta

import pytest

from appraisal.nominations.services import nominations
from appraisal.notices.services import objections
from appraisal.records.models import Nomination, Notice, Objection, SlateEntry, UnitPost
from appraisal.records.states import Finding, NominationState, SlateState, UnitRole
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import Role
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from tests.appraisal.desks import AFTER_NOTICE, NOTICE_STARTS, make_desk
from tests.builders import IN_TIME, make_official, make_unit_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def desk():
    desk = make_desk()
    desk.nominations = desk.fill(non_public=2, public=1, reserves=1)
    desk.advance(SlateState.ON_NOTICE)
    return desk


def settle(desk, objection, finding=Finding.UNFOUNDED, text="经实地核查，情况不属实。"):
    return objections.settle(objection_id=objection.pk, actor=desk.keeper, finding=finding, text=text)


def test_an_objection_is_recorded_with_who_and_what(desk):
    objection = desk.object_to(desk.nominations[0])
    assert (objection.finding, objection.recorded_by) == (Finding.OPEN, desk.keeper)
    assert objection.entry.nomination == desk.nominations[0]
    last = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}").order_by("-seq").first()
    assert last.act == "record_objection"
    assert last.after == {"objection": objection.pk, "nomination": desk.nominations[0].pk, "finding": "open"}


def test_who_objects_is_neither_in_the_ledger_nor_in_the_notice(desk):
    secrets = {"objector": "赵举报", "objector_contact": "13800001111", "text": "虚报产值三千万"}
    objection = desk.object_to(desk.nominations[0], **secrets)
    settle(desk, objection, Finding.UPHELD, "经核查赵举报反映属实")
    desk.close()
    everything = json.dumps(
        [
            *LedgerEntry.objects.values_list("before", "after", "reason"),
            *Notice.objects.values_list("rows", "title", "contact"),
            *SlateEntry.objects.values_list("removal_reason"),
        ],
        ensure_ascii=False,
        default=str,
    )
    for secret in (*secrets.values(), "赵举报"):
        assert secret not in everything


def test_every_wrong_field_is_told_at_once(desk):
    notice = Notice.objects.get()
    with pytest.raises(InvalidInput) as refusal:
        objections.record(
            notice_id=notice.pk,
            entry_id=10**9,
            actor=desk.keeper,
            objector=" ",
            objector_contact="",
            text="\n",
            received_on=clock.today() + timedelta(days=1),
        )
    assert [problem.code for problem in refusal.value.problems] == [
        "objector_required",
        "objector_contact_required",
        "objection_text_required",
        "received_in_future",
        "objection_entry_gone",
    ]
    assert all(str(sentence(reason)) for reason in refusal.value.reasons)
    with pytest.raises(InvalidInput, match="received_before_notice"):
        desk.object_to(desk.nominations[0], received_on=notice.starts_on - timedelta(days=1))
    assert not Objection.objects.exists()


def test_an_entry_of_another_list_cannot_be_objected_to_here(desk):
    other = make_desk()
    (foreign,) = other.fill(non_public=1)
    entry = SlateEntry.objects.get(nomination=foreign)
    with clock.travel(NOTICE_STARTS), pytest.raises(InvalidInput, match="objection_entry_gone"):
        objections.record(
            notice_id=Notice.objects.get().pk,
            entry_id=entry.pk,
            actor=desk.keeper,
            objector="王实名",
            objector_contact="路1号",
            text="不实",
            received_on=clock.local_date(NOTICE_STARTS),
        )


@pytest.mark.parametrize("state", list(SlateState))
def test_objections_come_while_the_list_is_on_notice_and_until_it_leaves(desk, state):
    type(desk.slate).objects.filter(pk=desk.slate.pk).update(state=state)
    if state in {SlateState.ON_NOTICE, SlateState.SETTLING}:
        desk.object_to(desk.nominations[0])
    else:
        with pytest.raises(WrongState, match="objection_out_of_time"):
            desk.object_to(desk.nominations[0])


def test_the_list_keeper_of_this_body_records_and_settles(desk):
    objection = desk.object_to(desk.nominations[0])
    keeper = desk.keeper
    for stranger in (make_user(), desk.union_leader, make_official(desk.body.parent, Role.KEEPER)):
        desk.keeper = stranger
        with pytest.raises(NotPermitted):
            desk.object_to(desk.nominations[0])
        with pytest.raises(NotPermitted):
            settle(desk, objection)
    desk.keeper = keeper
    assert settle(desk, objection).closed_by == keeper


def test_nobody_is_disqualified_past_an_open_objection(desk):
    """The finding decides; otherwise the objection would be closed without one."""
    disputed, other, *_rest = desk.nominations
    objection = desk.object_to(disputed)
    strike = lambda nomination: nominations.disqualify(
        nomination_id=nomination.pk, actor=desk.keeper, reason="税务违法"
    )
    with pytest.raises(WrongState, match="objection_open"):
        strike(disputed)
    assert strike(other).status == NominationState.DISQUALIFIED
    settle(desk, objection)
    assert strike(disputed).status == NominationState.DISQUALIFIED


def test_nobody_decides_on_an_objection_to_the_own_units_nomination(desk):
    objection = desk.object_to(desk.nominations[0])
    UnitPost.objects.create(user=desk.keeper, employer=desk.nominations[0].employer, role=UnitRole.APPLICANT)
    with pytest.raises(RuleViolation, match="own_unit"):
        settle(desk, objection)
    assert Objection.objects.get().finding == Finding.OPEN


@pytest.mark.parametrize("finding", [Finding.UNFOUNDED, Finding.NOT_ACCEPTED])
def test_an_objection_that_is_not_upheld_leaves_the_list_as_it_is(desk, finding):
    objection = desk.object_to(desk.nominations[0])
    entries = desk.entries()
    settle(desk, objection, finding)
    objection.refresh_from_db()
    assert (objection.finding, objection.closed_at) == (finding, clock.now())
    assert desk.entries() == entries
    desk.close()
    desk.act(slates.send_up)


def test_an_upheld_objection_takes_the_entry_and_the_nomination(desk):
    nomination = desk.nominations[0]
    settle(desk, desk.object_to(nomination), Finding.UPHELD)
    nomination.refresh_from_db()
    assert nomination.status == NominationState.DISQUALIFIED
    assert nomination.pk not in [pk for pk, _kind, _rank in desk.entries()]
    assert desk.committed == 2
    assert SlateEntry.objects.get(nomination=nomination).removed_at == clock.now()
    acts = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}").order_by("-seq")
    assert list(acts.values_list("act", flat=True)[:2]) == ["remove_entry", "settle_objection"]
    assert LedgerEntry.objects.filter(stream=f"nomination:{nomination.pk}").get().act == "disqualify"
    assert ledger.check() == []


def test_a_nomination_that_has_left_meanwhile_can_still_be_settled(desk):
    nomination = desk.nominations[0]
    objection = desk.object_to(nomination)
    applicant = make_unit_person(nomination.employer)
    nominations.withdraw(nomination_id=nomination.pk, actor=applicant, reason="本人请求")
    settle(desk, objection, Finding.UPHELD)
    assert Nomination.objects.get(pk=nomination.pk).status == NominationState.WITHDRAWN
    assert desk.committed == 2


def test_an_objection_is_settled_once_with_finding_and_text(desk):
    objection = desk.object_to(desk.nominations[0])
    for finding in (Finding.OPEN, "", "maybe"):
        with pytest.raises(InvalidInput, match="finding_required"):
            settle(desk, objection, finding)
    with pytest.raises(InvalidInput, match="finding_text_required"):
        settle(desk, objection, text=" ")
    settle(desk, objection)
    with pytest.raises(Conflict, match="objection_settled"):
        settle(desk, objection, Finding.UPHELD)


def test_a_letter_that_arrives_after_the_last_day_is_recorded_until_the_list_leaves(desk):
    desk.close()
    with clock.travel(AFTER_NOTICE):
        objection = objections.record(
            notice_id=Notice.objects.get().pk,
            entry_id=SlateEntry.objects.get(nomination=desk.nominations[0]).pk,
            actor=desk.keeper,
            objector="某单位（盖章）",
            objector_contact="某路2号",
            text="情况不实",
            received_on=clock.today(),
        )
    assert objection.finding == Finding.OPEN
    with pytest.raises(WrongState, match="objection_open"):
        desk.act(slates.send_up)


def test_an_entry_that_was_objected_to_stays_on_record_when_the_list_is_compiled_again(desk):
    nomination = desk.nominations[0]
    objection = desk.object_to(nomination)
    settle(desk, objection)
    desk.close()
    desk.act(slates.reopen, reason="调整")
    desk.set([])
    assert desk.entries() == []
    assert Objection.objects.get().entry.removed_at == clock.now()
