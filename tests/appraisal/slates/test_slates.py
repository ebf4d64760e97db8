"""Slates: every act in every state, who may do it, what it writes, what it refuses, what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.gate.services import gate
from appraisal.nominations.services import nominations, scores
from appraisal.notices.services import objections
from appraisal.records.models import Nomination, SignOff, Slate, SlateEntry, UnitPost
from appraisal.records.services.routes import GONE_STATES
from appraisal.records.states import (
    SLATE_TRANSITIONS,
    EntryKind,
    Finding,
    NominationState,
    SlateAct,
    SlateState,
    UnitRole,
)
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotPermitted,
    RuleViolation,
    TooLate,
    WrongState,
)
from quotas.base.states import Level, ReservePolicy, Role, RoundState, Sense, Stage
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, Round, RoundAward
from tests.appraisal.desks import NOTICE_STARTS, make_desk, make_route
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_official,
    make_post,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slot,
    make_user,
    relabel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def ledger_of(slate: Slate) -> list[str]:
    return list(
        LedgerEntry.objects.filter(stream=f"slate:{slate.pk}").order_by("seq").values_list("act", flat=True)
    )


def codes(error: DomainError) -> list[str]:
    return [reason.code for reason in error.reasons]


# --- opening -------------------------------------------------------------------------------------------------


def test_a_round_opens_one_slate_for_each_allotment_and_only_once():
    desk = make_desk()
    other = make_desk(desk.allotment.round_award)
    assert {slate.body for slate in Slate.objects.all()} == {desk.body, other.body}
    assert slates.open_all(round_id=desk.allotment.round_award.round_id) == []
    assert desk.slate.stage == Stage.COUNTY
    assert ledger_of(desk.slate) == ["open"]


# --- the table -----------------------------------------------------------------------------------------------

SERVICES = {
    SlateAct.SUBMIT: lambda desk: desk.act(slates.submit),
    SlateAct.TAKE_BACK: lambda desk: desk.act(slates.take_back),
    SlateAct.SIGN: lambda desk: desk.act(slates.sign, desk.union_leader, office="union", signed=True),
    SlateAct.REFUSE: lambda desk: desk.act(
        slates.sign, desk.union_leader, office="union", signed=False, text="请补齐材料"
    ),
    SlateAct.PUBLISH: lambda desk: desk.publish(),
    SlateAct.CLOSE_NOTICE: lambda desk: desk.close(),
    SlateAct.REOPEN: lambda desk: desk.act(slates.reopen, reason="名额调整"),
    SlateAct.SEND_UP: lambda desk: desk.act(slates.send_up),
    SlateAct.FINALISE: lambda desk: desk.act(slates.finalise),
    SlateAct.NAME: lambda desk: desk.name(),
}


def at(state: SlateState, *, final: bool):
    """A list that was taken to `state` by the services: of a county, or of a province which awards."""
    award = make_award(final_stage=Stage.COUNTY if final else Stage.PROVINCE)
    desk = make_desk(make_round_award(award=award))
    desk.fill(non_public=2, public=1, reserves=1)
    desk.advance(state)
    return desk


@pytest.mark.parametrize("act", list(SlateAct))
@pytest.mark.parametrize("state", list(SlateState))
def test_every_act_in_every_state(state, act):
    final = state in {SlateState.FINALISED, SlateState.NAMED} or act in {SlateAct.FINALISE, SlateAct.NAME}
    if final and state == SlateState.SENT_UP:
        final = False
    desk = at(state, final=final)
    before = (desk.slate.version, desk.committed, ledger_of(desk.slate))
    allowed = SLATE_TRANSITIONS.get((state, act))
    if allowed:
        SERVICES[act](desk)
        assert desk.slate.state in allowed
        assert desk.slate.version == before[0] + 1
        assert ledger_of(desk.slate) == [*before[2], act.value]
        return
    with pytest.raises((WrongState, Conflict)) as refusal:
        SERVICES[act](desk)
    assert refusal.value.code in {"slate_state", "notice_closed", "office_has_decided"}
    assert (desk.slate.version, desk.committed, ledger_of(desk.slate)) == before


def test_the_whole_way_of_a_list_leaves_one_ledger_row_for_each_act():
    desk = at(SlateState.SENT_UP, final=False)
    assert ledger_of(desk.slate) == [
        "open",
        "set_entries",
        "submit",
        "sign",
        "sign",
        "publish",
        "close_notice",
        "send_up",
    ]
    assert ledger.check() == []


# --- who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "state", "role"),
    [
        (SlateAct.SUBMIT, SlateState.COMPILING, "keeper"),
        (SlateAct.TAKE_BACK, SlateState.SIGNING, "keeper"),
        (SlateAct.SIGN, SlateState.SIGNING, "union_leader"),
        (SlateAct.PUBLISH, SlateState.SIGNED, "keeper"),
        (SlateAct.REOPEN, SlateState.SIGNED, "keeper"),
        (SlateAct.SEND_UP, SlateState.SETTLING, "keeper"),
    ],
)
def test_an_act_is_held_at_exactly_this_body(act, state, role):
    desk = at(state, final=False)
    strangers = [
        make_user(),
        make_official(desk.body.parent, Role.KEEPER),
        make_official(desk.body.parent, Role.UNION_LEADER),
        make_official(desk.body, Role.OBSERVER),
        desk.union_leader if role == "keeper" else desk.keeper,
    ]
    for stranger in strangers:
        setattr(desk, role, stranger)
        with pytest.raises(NotPermitted) as refusal:
            SERVICES[act](desk)
        assert refusal.value.code == "act_not_held"
    assert desk.slate.state == state


def test_entries_are_kept_by_the_list_keeper_alone():
    desk = make_desk()
    desk.fill(non_public=1)
    desk.keeper = desk.union_leader
    with pytest.raises(NotPermitted):
        desk.set([])


def test_nobody_hands_in_or_signs_a_list_with_the_own_unit():
    desk = make_desk()
    own, _other = desk.fill(non_public=2)
    UnitPost.objects.create(user=desk.keeper, employer=own.employer, role=UnitRole.ENDORSER)
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.submit)
    assert refusal.value.reasons[0].code == "own_unit_on_list"
    assert desk.slate.state == SlateState.COMPILING
    UnitPost.objects.all().delete()
    desk.act(slates.submit)
    UnitPost.objects.create(user=desk.union_leader, employer=own.employer, role=UnitRole.APPLICANT)
    with pytest.raises(RuleViolation) as refusal:
        desk.sign()
    assert refusal.value.reasons[0].code == "own_unit_on_list"
    assert desk.slate.state == SlateState.SIGNING


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (SlateState.COMPILING, lambda desk, _own, other, _reserve: desk.set([(other.pk, EntryKind.REGULAR)])),
        (
            SlateState.SIGNED,
            lambda desk, _own, other, _reserve: desk.act(
                slates.remove_entry, nomination_id=other.pk, reason="放弃"
            ),
        ),
        (
            SlateState.SIGNED,
            lambda desk, _own, _other, reserve: desk.act(slates.promote_reserve, nomination_id=reserve.pk),
        ),
        (SlateState.SIGNED, lambda desk, *_entries: desk.act(slates.reopen, reason="名单有误")),
        (SlateState.SIGNED, lambda desk, *_entries: desk.publish()),
        (SlateState.SETTLING, lambda desk, *_entries: desk.act(slates.send_up)),
        (SlateState.SETTLING, lambda desk, *_entries: desk.act(slates.finalise)),
        (SlateState.FINALISED, lambda desk, *_entries: desk.name()),
    ],
    ids=(
        "set_entries",
        "remove_entry",
        "promote_reserve",
        "reopen",
        "publish",
        "send_up",
        "finalise",
        "name",
    ),
)
def test_who_acts_for_a_unit_on_the_list_decides_nothing_about_it(state, act, request):
    ends = Stage.PROVINCE if "send_up" in request.node.name else Stage.COUNTY
    desk = make_desk(make_round_award(award=make_award(final_stage=ends)))
    own, other, reserve = desk.fill(non_public=2, reserves=1)
    desk.advance(state)
    before = (desk.slate.version, desk.entries())
    post = UnitPost.objects.create(user=desk.keeper, employer=own.employer, role=UnitRole.APPLICANT)
    with pytest.raises(RuleViolation) as refusal:
        act(desk, own, other, reserve)
    assert [reason.code for reason in refusal.value.reasons] == ["own_unit_on_list"]
    assert (desk.slate.version, desk.entries()) == before
    # For a unit that is not on the list nobody has to stand back.
    post.delete()
    UnitPost.objects.create(user=desk.keeper, employer=make_employer(desk.body), role=UnitRole.APPLICANT)
    act(desk, own, other, reserve)
    assert desk.slate.version == before[0] + 1


def test_who_acts_for_a_unit_on_the_list_takes_it_back():
    """That decides nothing: the unit leaves the list only by the hands of its keeper."""
    desk = make_desk()
    own, _other = desk.fill(non_public=2)
    desk.act(slates.submit)
    UnitPost.objects.create(user=desk.keeper, employer=own.employer, role=UnitRole.APPLICANT)
    desk.act(slates.take_back)
    assert desk.slate.state == SlateState.COMPILING


def test_nobody_puts_the_own_unit_on_a_list():
    desk = make_desk()
    own = make_nomination(desk.allotment.round_award, desk.body)
    UnitPost.objects.create(user=desk.keeper, employer=own.employer, role=UnitRole.APPLICANT)
    with pytest.raises(RuleViolation) as refusal:
        desk.set([(own.pk, EntryKind.REGULAR)])
    assert [reason.code for reason in refusal.value.reasons] == ["own_unit_on_list"]
    assert desk.entries() == []


def test_who_submitted_the_list_does_not_sign_it():
    desk = make_desk()
    make_post(desk.body, Role.UNION_LEADER, desk.keeper)
    desk.fill(non_public=1)
    desk.act(slates.submit)
    with pytest.raises(NotPermitted, match="signs_own_submission"):
        desk.act(slates.sign, desk.keeper, office="union", signed=True)
    desk.sign()
    assert desk.slate.state == SlateState.SIGNED


def test_nobody_signs_for_both_offices():
    desk = make_desk()
    make_post(desk.body, Role.PARTY_LEADER, desk.union_leader)
    desk.fill(non_public=1)
    desk.act(slates.submit)
    desk.act(slates.sign, desk.union_leader, office="union", signed=True)
    with pytest.raises(NotPermitted, match="signs_twice"):
        desk.act(slates.sign, desk.union_leader, office="party", signed=True)


# --- the draft -----------------------------------------------------------------------------------------------


def test_a_draft_that_breaks_its_share_can_be_saved_but_not_submitted():
    desk = make_desk()
    desk.fill(public=2)
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.submit)
    assert codes(refusal.value) == ["share_too_low", "slate_conflict"]
    assert desk.slate.state == SlateState.COMPILING
    assert desk.committed == 0


def test_saving_replaces_the_whole_list():
    desk = make_desk()
    first, second, third = desk.fill(non_public=2, reserves=1)
    desk.set([(third.pk, EntryKind.REGULAR), (second.pk, EntryKind.REGULAR)])
    assert desk.entries() == [(third.pk, "regular", 1), (second.pk, "regular", 2)]
    assert not SlateEntry.objects.filter(nomination=first).exists()
    desk.set([(second.pk, EntryKind.REGULAR), (third.pk, EntryKind.REGULAR), (first.pk, EntryKind.SEPARATE)])
    assert desk.entries() == [(second.pk, "regular", 1), (third.pk, "regular", 2), (first.pk, "separate", 1)]
    last = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}").order_by("-seq").first()
    assert (last.before, last.after) == (
        {"regular": 2, "reserve": 0, "separate": 0},
        {"regular": 2, "reserve": 0, "separate": 1},
    )


def test_every_wrong_row_is_named_at_once():
    desk = make_desk()
    mine, other = (make_nomination(desk.allotment.round_award, desk.body) for _ in range(2))
    elsewhere = make_nomination(desk.allotment.round_award, make_body())
    other_award = make_nomination(make_round_award(desk.allotment.round_award.round), desk.body)
    reviewed = make_nomination(desk.allotment.round_award, desk.body, status=NominationState.IN_REVIEW)
    slate = desk.slate
    with pytest.raises(InvalidInput) as refusal:
        slates.set_entries(
            slate_id=slate.pk,
            version=slate.version,
            actor=desk.keeper,
            entries=[
                (mine.pk, "regular", 1),
                (mine.pk, "regular", 1),
                (elsewhere.pk, "regular", 3),
                (other_award.pk, "reserve", 2),
                (reviewed.pk, "separate", 1),
                (other.pk, "special", 1),
                (10**9, "separate", 2),
            ],
        )
    assert {(problem.code, problem.params["row"]) for problem in refusal.value.problems} == {
        ("entry_twice", 2),
        ("entry_not_in_pool", 3),
        ("entry_not_in_pool", 4),
        ("entry_not_in_pool", 5),
        ("entry_kind_unknown", 6),
        ("entry_not_in_pool", 7),
        ("rank_twice", 2),
        ("rank_gap", 4),
    }
    assert all(str(sentence(reason)) for reason in refusal.value.reasons)
    assert desk.entries() == []


@pytest.mark.parametrize(
    ("ranks", "code"),
    [((1, 1), "rank_twice"), ((1, 3), "rank_gap"), ((0, 1), "rank_gap"), ((2, 3), "rank_gap")],
)
def test_ranks_are_whole_and_single(ranks, code):
    desk = make_desk()
    made = [make_nomination(desk.allotment.round_award, desk.body) for _ in ranks]
    slate = desk.slate
    entries = [(nomination.pk, "regular", rank) for nomination, rank in zip(made, ranks, strict=True)]
    with pytest.raises(InvalidInput) as refusal:
        slates.set_entries(slate_id=slate.pk, version=slate.version, actor=desk.keeper, entries=entries)
    assert codes(refusal.value) == [code]


def test_a_form_drawn_before_a_change_is_refused():
    desk = make_desk()
    slate = desk.slate
    desk.fill(non_public=1)
    for service, arguments in ((slates.set_entries, {"entries": []}), (slates.submit, {})):
        with pytest.raises(Conflict, match="stale"):
            service(slate_id=slate.pk, version=slate.version, actor=desk.keeper, **arguments)
    assert len(desk.entries()) == 1


# --- submitting and signing ----------------------------------------------------------------------------------


def test_submitting_takes_the_places_of_the_regular_entries():
    desk = make_desk()
    desk.fill(non_public=2, public=1, reserves=2, separate=1)
    desk.act(slates.submit)
    assert desk.committed == 3
    assert desk.slate.submitted_at == clock.now()


@pytest.mark.parametrize(
    ("moment", "error", "code"),
    [
        (WINDOWS[Stage.COUNTY][1], None, ""),
        (WINDOWS[Stage.COUNTY][1] + timedelta(seconds=1), TooLate, "stage_closed"),
        (WINDOWS[Stage.COUNTY][0] - timedelta(seconds=1), WrongState, "stage_not_open"),
    ],
)
def test_a_list_is_submitted_in_the_time_of_its_stage(moment, error, code):
    desk = make_desk()
    desk.fill(non_public=1)
    with clock.travel(moment):
        if error is None:
            desk.act(slates.submit)
            return
        with pytest.raises(error, match=code):
            desk.act(slates.submit)


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.CLOSED])
def test_nothing_moves_in_a_round_that_does_not_run(state):
    desk = at(SlateState.SIGNING, final=False)
    Round.objects.update(state=state, closed_at=clock.now())
    for act in (SlateAct.TAKE_BACK, SlateAct.SIGN):
        with pytest.raises(WrongState, match="round_not_open"):
            SERVICES[act](desk)


def test_both_offices_sign_and_one_refusal_sends_it_back_to_a_new_pass():
    desk = at(SlateState.SIGNING, final=False)
    desk.act(slates.sign, desk.union_leader, office="union", signed=True)
    assert desk.slate.state == SlateState.SIGNING
    with pytest.raises(InvalidInput, match="refusal_text_required"):
        desk.act(slates.sign, desk.party_leader, office="party", signed=False, text="  ")
    desk.act(slates.sign, desk.party_leader, office="party", signed=False, text="请核实第二名")
    assert (desk.slate.state, desk.slate.sign_pass, desk.committed) == (SlateState.COMPILING, 2, 0)
    desk.act(slates.submit)
    desk.sign()
    assert desk.slate.state == SlateState.SIGNED
    assert list(SignOff.objects.values_list("office", "sign_pass", "signed").order_by("pk")) == [
        ("union", 1, True),
        ("party", 1, False),
        ("union", 2, True),
        ("party", 2, True),
    ]


def test_where_one_office_reviews_one_signature_is_enough():
    industry = make_body(level=Level.INDUSTRY)
    desk = make_desk(body=industry)
    desk.fill(non_public=1)
    desk.act(slates.submit)
    with pytest.raises(InvalidInput, match="office_not_here"):
        desk.act(slates.sign, desk.party_leader, office="party", signed=True)
    desk.act(slates.sign, desk.union_leader, office="union", signed=True)
    assert desk.slate.state == SlateState.SIGNED


def test_a_second_signature_of_the_same_office_is_a_conflict():
    desk = at(SlateState.SIGNING, final=False)
    drawn = desk.slate.version
    arguments = {"slate_id": desk.slate.pk, "version": drawn, "office": "union", "signed": True}
    slates.sign(actor=desk.union_leader, **arguments)
    with pytest.raises(Conflict, match="office_has_decided"):
        slates.sign(actor=desk.union_leader, **arguments)
    with pytest.raises(InvalidInput, match="office_unknown"):
        slates.sign(actor=desk.union_leader, **arguments | {"office": "treasury"})


def test_the_other_office_may_sign_while_the_form_is_open_but_nothing_else_may_happen():
    desk = at(SlateState.SIGNING, final=False)
    drawn = desk.slate.version
    desk.act(slates.sign, desk.union_leader, office="union", signed=True)
    arguments = {"slate_id": desk.slate.pk, "office": "party", "signed": True, "actor": desk.party_leader}
    with pytest.raises(Conflict, match="stale"):
        slates.sign(version=drawn - 1, **arguments)
    with pytest.raises(Conflict, match="stale"):
        slates.sign(version=drawn + 5, **arguments)
    slates.sign(version=drawn, **arguments)
    assert desk.slate.state == SlateState.SIGNED


def test_a_withdrawal_makes_the_form_of_the_leader_stale_and_the_gate_speaks():
    desk = make_desk()
    non_public, _public = desk.fill(non_public=1, public=1)
    desk.act(slates.submit)
    drawn = desk.slate.version
    nominations.disqualify(nomination_id=non_public.pk, actor=desk.keeper, reason="查实弄虚作假")
    assert desk.committed == 1
    with pytest.raises(Conflict, match="stale"):
        slates.sign(
            slate_id=desk.slate.pk, version=drawn, actor=desk.union_leader, office="union", signed=True
        )
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.sign, desk.union_leader, office="union", signed=True)
    assert codes(refusal.value) == ["share_too_low", "slate_conflict"]


def test_a_list_is_taken_back_until_somebody_has_signed():
    desk = at(SlateState.SIGNING, final=False)
    desk.act(slates.take_back)
    assert (desk.slate.state, desk.slate.sign_pass, desk.committed) == (SlateState.COMPILING, 1, 0)
    desk.act(slates.submit)
    desk.act(slates.sign, desk.party_leader, office="party", signed=True)
    with pytest.raises(WrongState, match="already_signed"):
        desk.act(slates.take_back)


@pytest.mark.parametrize("state", [SlateState.SIGNED, SlateState.SETTLING, SlateState.FINALISED])
def test_a_list_is_compiled_again_with_a_reason(state):
    desk = at(state, final=state == SlateState.FINALISED)
    with pytest.raises(InvalidInput, match="reason_required"):
        desk.act(slates.reopen, reason=" ")
    desk.act(slates.reopen, reason="漏列一名")
    assert (desk.slate.state, desk.slate.sign_pass, desk.committed) == (SlateState.COMPILING, 2, 0)
    assert LedgerEntry.objects.filter(act="reopen").get().reason == "漏列一名"


def test_a_final_list_that_lost_everybody_cannot_be_named_and_is_compiled_again():
    desk = at(SlateState.FINALISED, final=True)
    for nomination_id, _kind, _rank in desk.entries():
        nominations.disqualify(nomination_id=nomination_id, actor=desk.keeper, reason="查实")
    with pytest.raises(RuleViolation) as refusal:
        desk.name()
    assert codes(refusal.value) == ["slate_empty"]
    desk.act(slates.reopen, reason="名单上的对象均已取消资格")
    desk.fill(non_public=1)
    desk.advance(SlateState.NAMED)


# --- vacancies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(SlateState))
def test_an_entry_goes_from_a_signed_list_that_has_not_left(state):
    desk = at(state, final=state in {SlateState.FINALISED, SlateState.NAMED})
    gone = desk.entries()[0][0]
    arguments = {"nomination_id": gone, "reason": "本人放弃"}
    if state not in slates.CHANGEABLE_STATES:
        with pytest.raises(WrongState, match="list_not_changeable"):
            desk.act(slates.remove_entry, **arguments)
        return
    desk.act(slates.remove_entry, **arguments)
    assert [(kind, rank) for _pk, kind, rank in desk.entries()] == [
        ("regular", 1),
        ("regular", 2),
        ("reserve", 1),
    ]
    assert desk.committed == 2
    assert desk.slate.state == state
    removed = SlateEntry.objects.get(slate=desk.slate, nomination=gone)
    assert (removed.removed_at, removed.removal_reason) == (clock.now(), "本人放弃")
    assert Nomination.objects.get(pk=gone).status == NominationState.POOLED
    with pytest.raises(Conflict, match="entry_gone"):
        desk.act(slates.remove_entry, **arguments)


def test_removing_needs_a_reason():
    desk = at(SlateState.SIGNED, final=False)
    with pytest.raises(InvalidInput, match="reason_required"):
        desk.act(slates.remove_entry, nomination_id=desk.entries()[0][0], reason="")


def test_a_broken_share_goes_no_further_until_a_reserve_mends_it():
    desk = make_desk()
    non_public, _public, reserve = desk.fill(non_public=1, public=1, reserves=1)
    desk.advance(SlateState.SETTLING)
    desk.act(slates.remove_entry, nomination_id=non_public.pk, reason="异议查实")
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.send_up)
    assert codes(refusal.value) == ["share_too_low"]
    desk.act(slates.promote_reserve, nomination_id=reserve.pk)
    assert desk.committed == 2
    assert ledger_of(desk.slate)[-1] == "promote_reserve"
    desk.act(slates.send_up)


def reserve_desk(*, reserves):
    """A signed list 2 non-public, 2 public, with reserves of the kinds given, places full."""
    desk = make_desk(reserve_places=4)
    made = desk.fill(non_public=2, public=2, reserves=len(reserves))
    for nomination, non_public in zip(made[4:], reserves, strict=True):
        relabel([nomination], non_public=non_public)
    desk.advance(SlateState.SIGNED)
    return desk, made[:4], made[4:]


def test_reserves_move_up_in_their_rank():
    desk, regular, reserves = reserve_desk(reserves=[True, True])
    with pytest.raises(RuleViolation) as full:
        desk.act(slates.promote_reserve, nomination_id=reserves[0].pk)
    assert codes(full.value) == ["slate_places_exceeded"]
    desk.act(slates.remove_entry, nomination_id=regular[3].pk, reason="本人放弃")
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.promote_reserve, nomination_id=reserves[1].pk)
    assert codes(refusal.value) == ["reserve_not_next"]
    reason = refusal.value.reasons[0]
    assert (reason.params["rank"], reason.params["wanted"]) == (1, 2)
    assert reason.params["first"] == f"{reserves[0].number} {reserves[0].nominee_name}"
    desk.act(slates.promote_reserve, nomination_id=reserves[0].pk)
    assert desk.entries()[3:] == [(reserves[0].pk, "regular", 4), (reserves[1].pk, "reserve", 1)]


def test_a_reserve_that_would_break_the_share_is_passed_by():
    desk, regular, (public, non_public) = reserve_desk(reserves=[False, True])
    desk.act(slates.remove_entry, nomination_id=regular[0].pk, reason="本人放弃")
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.promote_reserve, nomination_id=public.pk)
    assert codes(refusal.value) == ["share_too_low"]
    desk.act(slates.promote_reserve, nomination_id=non_public.pk)
    assert [kind for _pk, kind, _rank in desk.entries()].count("regular") == 4


def test_two_vacancies_are_filled_one_after_the_other():
    desk, regular, reserves = reserve_desk(reserves=[True, True])
    for gone in regular[:2]:
        desk.act(slates.remove_entry, nomination_id=gone.pk, reason="异议查实")
    for reserve in reserves:
        desk.act(slates.promote_reserve, nomination_id=reserve.pk)
    assert desk.committed == 4


def test_a_reserve_moves_up_only_where_the_round_says_so():
    desk, regular, reserves = reserve_desk(reserves=[True])
    desk.act(slates.remove_entry, nomination_id=regular[3].pk, reason="本人放弃")
    with pytest.raises(WrongState, match="not_a_reserve"):
        desk.act(slates.promote_reserve, nomination_id=regular[0].pk)
    with pytest.raises(Conflict, match="entry_gone"):
        desk.act(slates.promote_reserve, nomination_id=regular[3].pk)
    Round.objects.update(reserve_policy=ReservePolicy.VACANT)
    with pytest.raises(WrongState, match="places_stay_vacant"):
        desk.act(slates.promote_reserve, nomination_id=reserves[0].pk)


# --- sending up ----------------------------------------------------------------------------------------------


def test_sending_up_takes_the_list_to_the_desk_above_and_clears_this_one():
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    on_list = county.fill(non_public=2, public=1, reserves=1, separate=1)
    award = county.allotment.round_award
    passed = [
        make_nomination(award, county.body, status=status)
        for status in (NominationState.POOLED, NominationState.IN_REVIEW, NominationState.RETURNED)
    ]
    untouched = [
        make_nomination(award, county.body, status=NominationState.DECLINED),
        make_nomination(award, make_body()),
        make_nomination(make_round_award(award.round), county.body),
    ]
    county.advance(SlateState.SETTLING)
    release = county.act(slates.send_up)
    assert set(release.up) == {nomination.pk for nomination in on_list}
    assert set(release.closed) == {nomination.pk for nomination in passed}
    for nomination in Nomination.objects.filter(pk__in=release.up):
        assert (nomination.status, nomination.stage) == (NominationState.IN_REVIEW, Stage.CITY)
        assert nomination.desk == city.body
        assert nomination.due_at == WINDOWS[Stage.CITY][1]
        assert nomination.review_pass == 1
        assert nomination.version == 2
    for nomination in Nomination.objects.filter(pk__in=release.closed):
        assert (nomination.status, nomination.desk) == (NominationState.NOT_SELECTED, county.body)
    for nomination in untouched:
        assert Nomination.objects.get(pk=nomination.pk).version == 1
    assert county.slate.state == SlateState.SENT_UP
    assert county.slate.sent_up_at == clock.now()
    assert county.committed == 3
    acts = LedgerEntry.objects.filter(stream__in=[f"nomination:{pk}" for pk in release.up])
    assert set(acts.values_list("act", "body")) == {("send_up", county.body.pk)}
    assert acts.count() == 5
    assert ledger.check() == []


@pytest.mark.parametrize("state", [SlateState.SENT_UP, SlateState.NAMED])
def test_a_list_that_leaves_keeps_its_plan_and_what_its_entries_counted_as(state):
    desk = at(state, final=state == SlateState.NAMED)
    assert desk.slate.frozen_plan == {
        "places": {"regular": 4, "reserve": 2, "separate": 1},
        "slots": [],
        "separate": [{"key": "s1", "purpose": "专项", "places": 1, "owner": desk.body.parent.short_name}],
        "reserves_alone": False,
        "parts": {},
        "edition": 1,
        "rules": [
            {
                "code": "non_public_share",
                "counted": [{"any": ["ownership:non_public"]}],
                "base": [],
                "sense": "min",
                "kind": "share",
                "numerator": 1,
                "denominator": 2,
                "advisory": False,
                "clause": "苏组通〔2019〕65号 二.3",
                "basis": "listed",
                "label": "非公有制占比",
            }
        ],
        "awarding": state == SlateState.NAMED,
    }
    labels = SlateEntry.objects.filter(slate=desk.slate).order_by("kind", "rank").values_list("frozen_labels")
    assert [found[0] for (found,) in labels] == ["nominee:unit"] * 4
    assert [found[1] for (found,) in labels] == [
        *["ownership:non_public"] * 2,
        "ownership:public",
        "ownership:non_public",
    ]

    allotment = desk.allotment
    make_slot(allotment, "ownership:non_public", places=4)
    Allotment.objects.filter(pk=allotment.pk).update(reserve_places=0, separate_places=0)
    stricter = make_rule_version(desk.slate.round_award.award, number=2)
    make_share_rule(stricter, sense=Sense.MAX, numerator=0)
    RoundAward.objects.update(rule_version=stricter)
    relabel(non_public=False)
    with CaptureQueriesContext(connection) as statements:
        report = gate.report(slate_id=desk.slate.pk)
    assert report.holds
    assert [(check.code, check.count, check.base) for check in report.checks] == [("non_public_share", 2, 3)]
    assert len(statements) <= 5
    assert gate.reports(slates=[Slate.objects.get(pk=desk.slate.pk)])[desk.slate.pk] == report


def test_a_list_that_was_submitted_and_has_not_left_is_held_to_the_places_of_today():
    desk = at(SlateState.SETTLING, final=False)
    make_slot(desk.allotment, "ownership:non_public", places=4)
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.send_up)
    assert codes(refusal.value)[0] == "slots_broken"
    assert desk.slate.frozen_plan is None
    assert not SlateEntry.objects.filter(frozen_labels__isnull=False).exists()


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("submit", SlateState.SIGNING),
        ("send_up", SlateState.SENT_UP),
        ("finalise", SlateState.FINALISED),
        ("name", SlateState.NAMED),
    ],
)
def test_the_ledger_keeps_what_the_gate_counted(act, state, client):
    desk = at(state, final=act in {"finalise", "name"})
    row = LedgerEntry.objects.get(stream=f"slate:{desk.slate.pk}", act=act)
    assert row.after["checks"] == [
        {
            "code": "non_public_share",
            "rule": "非公有制占比",
            "sense": "min",
            "required": 2,
            "base": 3,
            "count": 2,
            "margin": 0,
            "clause": "苏组通〔2019〕65号 二.3",
        }
    ]
    client.force_login(make_official(desk.body, Role.OBSERVER))
    assert (
        "规则 非公有制占比、方向 不少于、要求 2、基数 3、符合数 2、余量 0、依据 苏组通〔2019〕65号 二.3、代码 non_public_share"
        in client.get("/ledger/").content.decode()
    )


def test_an_industry_union_sends_straight_to_the_province():
    province = make_body(level=Level.PROVINCE)
    desk = make_desk(body=make_body(level=Level.INDUSTRY))
    (nomination,) = desk.fill(non_public=1)
    desk.act(slates.submit)
    desk.act(slates.sign, desk.union_leader, office="union", signed=True)
    desk.publish()
    desk.close()
    desk.act(slates.send_up)
    nomination.refresh_from_db()
    assert (nomination.stage, nomination.desk) == (Stage.PROVINCE, province)


def test_where_the_award_ends_a_list_is_finalised_and_elsewhere_it_is_sent_up():
    final, below = at(SlateState.SETTLING, final=True), at(SlateState.SETTLING, final=False)
    with pytest.raises(WrongState, match="list_is_final"):
        final.act(slates.send_up)
    with pytest.raises(WrongState, match="list_is_not_final"):
        below.act(slates.finalise)


@pytest.mark.parametrize("state", list(SlateState))
def test_a_list_arrives_while_the_list_above_has_not_left(state):
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    county.fill(non_public=1)
    county.advance(SlateState.SETTLING)
    Slate.objects.filter(pk=city.slate.pk).update(state=state)
    if state in GONE_STATES:
        with pytest.raises(WrongState, match="parent_list_gone"):
            county.act(slates.send_up)
    else:
        county.act(slates.send_up)


def test_a_list_with_an_open_objection_stays():
    desk = make_desk()
    nomination, _other = desk.fill(non_public=2)
    desk.advance(SlateState.ON_NOTICE)
    desk.object_to(nomination)
    desk.close()
    for act in (
        lambda: desk.act(slates.send_up),
        lambda: desk.act(slates.reopen, reason="重编"),
        lambda: desk.act(slates.remove_entry, nomination_id=nomination.pk, reason="移出"),
    ):
        with pytest.raises(WrongState) as refusal:
            act()
        assert refusal.value.code == "objection_open"
        assert refusal.value.params["entries"] == (f"{nomination.number} {nomination.nominee_name}",)
        assert "王实名" not in str(sentence(refusal.value.reasons[0]))


def test_a_final_list_with_an_open_objection_is_not_settled():
    desk = make_desk(make_round_award(award=make_award(final_stage=Stage.COUNTY)))
    nomination, _other = desk.fill(non_public=2)
    desk.advance(SlateState.ON_NOTICE)
    objection = desk.object_to(nomination)
    desk.close()
    with pytest.raises(WrongState, match="objection_open"):
        desk.act(slates.finalise)
    assert desk.slate.state == SlateState.SETTLING
    with clock.travel(NOTICE_STARTS):
        objections.settle(
            objection_id=objection.pk, actor=desk.keeper, finding=Finding.UNFOUNDED, text="查无实据"
        )
    desk.act(slates.finalise)
    assert desk.slate.state == SlateState.FINALISED


# --- the final list ------------------------------------------------------------------------------------------


def test_the_province_finalises_when_every_regular_entry_and_reserve_has_its_score():
    desk = make_desk(body=make_body(level=Level.PROVINCE))
    made = desk.fill(non_public=2, reserves=1, separate=1)
    desk.advance(SlateState.SETTLING)
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.finalise)
    (violation,) = refusal.value.reasons
    assert violation.code == "score_missing"
    assert violation.params["entries"] == tuple(f"{made[i].number} {made[i].nominee_name}" for i in range(3))
    Nomination.objects.filter(pk__in=[nomination.pk for nomination in made[:3]]).update(score=9000)
    keeper = make_official(desk.body, Role.KEEPER)
    with pytest.raises(NotPermitted):
        desk.act(slates.finalise, keeper)
    desk.act(slates.finalise)
    assert desk.slate.state == SlateState.FINALISED


def test_a_score_can_be_corrected_until_the_final_list_is_settled():
    desk = make_desk(body=make_body(level=Level.PROVINCE))
    first, *_others = desk.fill(non_public=2, score=9000)
    desk.advance(SlateState.SETTLING)
    scores.record(nomination_id=first.pk, version=1, actor=desk.keeper, score=8000)
    desk.act(slates.finalise)
    with pytest.raises(WrongState, match="slate_state") as refusal:
        scores.record(nomination_id=first.pk, version=2, actor=desk.keeper, score=7000)
    assert sentence(refusal.value.reasons[0])
    first.refresh_from_db()
    assert first.score == 8000


def test_no_score_is_recorded_once_the_round_is_closed():
    desk = make_desk(body=make_body(level=Level.PROVINCE))
    (nomination,) = desk.fill(non_public=1)
    Round.objects.update(state=RoundState.CLOSED)
    with pytest.raises(WrongState, match="round_not_open"):
        scores.record(nomination_id=nomination.pk, version=1, actor=desk.keeper, score=8000)


@pytest.mark.parametrize("made_it", [True, False])
def test_nobody_scores_what_they_made_or_the_own_units(made_it):
    desk = make_desk(body=make_body(level=Level.PROVINCE))
    (nomination,) = desk.fill(non_public=1)
    if made_it:
        Nomination.objects.update(created_by=desk.keeper)
    else:
        UnitPost.objects.create(user=desk.keeper, employer=nomination.employer, role=UnitRole.ENDORSER)
    with pytest.raises(RuleViolation, match="own_application" if made_it else "own_unit"):
        scores.record(nomination_id=nomination.pk, version=1, actor=desk.keeper, score=9900)


def test_below_the_province_the_list_keeper_finalises_and_scores_are_not_asked():
    desk = at(SlateState.SETTLING, final=True)
    desk.act(slates.finalise)
    assert desk.slate.state == SlateState.FINALISED


def test_a_final_list_that_breaks_its_share_is_not_finalised():
    desk = at(SlateState.SETTLING, final=True)
    for gone, _kind, _rank in desk.entries()[:2]:
        desk.act(slates.remove_entry, nomination_id=gone, reason="异议查实")
    with pytest.raises(RuleViolation) as refusal:
        desk.act(slates.finalise)
    assert codes(refusal.value) == ["share_too_low"]


# --- what it costs -------------------------------------------------------------------------------------------


def statements_of(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([row for row in captured if not re.match(r"(RELEASE )?SAVEPOINT", row["sql"])])


def test_submitting_and_sending_up_take_the_same_statements_for_five_and_fifty():
    costs = []
    for size in (5, 50):
        desk = make_desk(make_round_award(make_round(), places=size), places=size)
        desk.fill(non_public=size)
        for _ in range(size):
            make_nomination(desk.allotment.round_award, desk.body)
        submitting = statements_of(lambda desk=desk: desk.act(slates.submit, unreviewed=""))
        desk.advance(SlateState.SETTLING)
        sending = statements_of(lambda desk=desk: desk.act(slates.send_up, unreviewed=""))
        costs.append((submitting, sending))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 31


def test_saving_a_list_takes_the_same_statements_for_five_and_fifty():
    costs = []
    for size in (5, 50):
        desk = make_desk(places=size)
        made = desk.fill(non_public=size)
        turned = [(nomination.pk, EntryKind.REGULAR) for nomination in reversed(made)]
        costs.append(statements_of(lambda desk=desk, turned=turned: desk.set(turned)))
    assert costs[0] == costs[1]


def test_naming_and_publishing_take_the_same_statements_for_five_and_fifty():
    costs = []
    for size in (5, 50):
        award = make_award(final_stage=Stage.COUNTY)
        desk = make_desk(make_round_award(award=award), places=size)
        desk.fill(non_public=size)
        desk.advance(SlateState.SIGNED)
        publishing = statements_of(desk.publish)
        desk.advance(SlateState.FINALISED)
        costs.append((publishing, statements_of(desk.name)))
    assert costs[0] == costs[1]
