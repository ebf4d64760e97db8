"""Rounds: planned completely before they open, held to their moments, numbered without a gap or a double."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from quotas.arithmetic.application_number import parse
from quotas.base import clock
from quotas.base.errors import InvalidInput, NotPermitted, RuleViolation, TooLate, WrongState
from quotas.base.states import Level, NoticeUnit, ReservePolicy, Role, RoundState, RuleKind, Sense, Stage
from quotas.base.wording import sentence
from quotas.calendar.models import CalendarYear
from quotas.editions.models import RuleVersion
from quotas.editions.services import composing
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.ledger.tellings import stream_words
from quotas.rounds.models import Allotment, Round, RoundAward, Serial, StageWindow
from quotas.rounds.refusals import PlanMoved
from quotas.rounds.services import allotments, apportionments, feasibility, rounds
from quotas.selection import reach
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
)
from tests.solver import questions

pytestmark = pytest.mark.django_db

COUNTY_DUE = WINDOWS[Stage.COUNTY][1]


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE)


@pytest.fixture
def planner(province):
    return make_official(province, Role.STAFF)


def plan(planner, **settings) -> Round:
    return rounds.create(
        code="2026", name="2026年度", year=2026, source="苏组通〔2019〕65号", actor=planner, **settings
    )


def set_windows(round_, planner):
    for stage, (opens_at, due_at) in WINDOWS.items():
        rounds.set_window(round_id=round_.pk, stage=stage, opens_at=opens_at, due_at=due_at, actor=planner)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- the plan ------------------------------------------------------------------------------------------------


def test_lots_come_with_the_round_and_are_told_in_the_ledger(planner):
    codes_ = set()
    for year in (2026, 2027):
        made = rounds.create(
            code=str(year), name=str(year), year=year, source="苏组通〔2019〕65号", actor=planner
        )
        told = LedgerEntry.objects.get(stream=f"round:{made.pk}", act="create_round")
        assert told.after["lots_code"] == Round.objects.get(pk=made.pk).lots_code
        codes_.add(made.lots_code)
    assert len(codes_) == 2
    assert all(len(code) == 64 for code in codes_)
    words = stream_words("round:1").facts
    assert set(told.after) <= set(words)


def test_from_nothing_to_an_open_round(planner, province):
    award = make_award()
    make_rule_version(award)
    newest = make_rule_version(award, number=2)
    round_ = plan(planner, reserve_policy=ReservePolicy.VACANT, notice_days=7)
    added = rounds.add_award(round_id=round_.pk, award_code=award.code, places=100, actor=planner)
    make_allotment(added, places=4)
    set_windows(round_, planner)
    with clock.travel(IN_TIME):
        opened = rounds.open(round_id=round_.pk, actor=planner)
    assert (opened.state, opened.opened_at) == (RoundState.OPEN, IN_TIME)
    assert (opened.reserve_policy, opened.notice_days) == ("vacant", 7)
    assert added.rule_version == newest
    assert Allotment.objects.get(round_award=added, body=province).places == 100
    closed = rounds.close(round_id=round_.pk, actor=planner)
    assert closed.state == RoundState.CLOSED
    assert list(
        LedgerEntry.objects.filter(stream=f"round:{round_.pk}").order_by("seq").values_list("act", flat=True)
    ) == ["create_round", "add_award", *["set_window"] * 4, "open_round", "close_round"]
    assert not ledger.check()


def test_everything_that_is_missing_is_said_at_once(planner, province):
    round_award = make_round_award(make_round(state=RoundState.PLANNED), places=10)
    round_ = round_award.round
    StageWindow.objects.filter(stage=Stage.CITY).delete()
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=WINDOWS[Stage.PROVINCE][1])
    make_allotment(round_award, province, places=9, typed={"ownership:non_public": 6, "ownership:public": 4})
    make_allotment(round_award, places=0)
    with pytest.raises(RuleViolation) as refused:
        rounds.open(round_id=round_.pk, actor=planner)
    assert codes(refused) == [
        "window_missing",
        "windows_out_of_order",
        "allotment_differs",
        "slots_exceed_places",
        "nobody_can_apply",
    ]
    round_.refresh_from_db()
    assert round_.state == RoundState.PLANNED
    assert not LedgerEntry.objects.exists()


def test_a_round_without_awards_does_not_open(planner):
    with pytest.raises(RuleViolation) as refused:
        rounds.open(round_id=make_round(state=RoundState.PLANNED).pk, actor=planner)
    assert codes(refused) == ["round_without_awards"]


def test_an_award_without_places_does_not_open(planner):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    with pytest.raises(RuleViolation) as refused:
        rounds.open(round_id=round_award.round_id, actor=planner)
    assert codes(refused) == ["allotment_missing"]


def test_an_award_of_the_counties_may_leave_places_unused(planner):
    round_award = make_round_award(
        make_round(state=RoundState.PLANNED), make_award(final_stage=Stage.COUNTY), places=10
    )
    make_allotment(round_award, places=4)
    make_allotment(round_award, places=5)
    assert rounds.open(round_id=round_award.round_id, actor=planner).state == RoundState.OPEN


def test_an_award_is_pinned_to_the_newest_published_edition_and_takes_its_cap(planner, province):
    award = make_award()
    newest = make_rule_version(award)
    RuleVersion.objects.filter(pk=newest.pk).update(employer_cap=3)
    composing.compose(award_code=award.code, actor=planner, source="1号")
    round_ = plan(planner)
    added = rounds.add_award(round_id=round_.pk, award_code=award.code, places=10, actor=planner)
    assert (added.rule_version, added.employer_cap) == (newest, 3)
    rounds.drop_award(round_award_id=added.pk, actor=planner)
    added = rounds.add_award(
        round_id=round_.pk, award_code=award.code, places=10, actor=planner, employer_cap=2
    )
    assert added.employer_cap == 2


def test_an_award_with_calculations_can_be_taken_out_and_the_ledger_keeps_the_draws(planner, province):
    make_body(level=Level.CITY, parent=province)
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    made = apportionments.begin(round_award_id=round_award.pk, parent_id=province.pk, actor=planner)
    apportionments.draw(apportionment_id=made.pk, version=1, actor=planner)
    apportionments.drop(apportionment_id=made.pk, version=2, actor=planner, reason="权数有误")
    apportionments.begin(round_award_id=round_award.pk, parent_id=province.pk, actor=planner)
    rounds.drop_award(round_award_id=round_award.pk, actor=planner)
    assert not round_award.round.awards.exists()
    assert LedgerEntry.objects.get(act="drop_award").before["draws"] == 1
    assert LedgerEntry.objects.get(act="draw_lots").after["lots"]


def test_an_award_with_drafts_only_cannot_take_part(planner, province):
    award = make_award()
    composing.compose(award_code=award.code, actor=planner, source="1号")
    with pytest.raises(RuleViolation) as refused:
        rounds.add_award(round_id=plan(planner).pk, award_code=award.code, places=10, actor=planner)
    assert codes(refused) == ["award_without_rules"]


@pytest.mark.parametrize(
    ("label", "kept"), [("ownership:non_public", True), ("sector:enterprise", False), ("", False)]
)
def test_figures_of_the_previous_round_are_not_taken_for_another_kind(planner, label, kept):
    round_award = make_round_award(make_round(state=RoundState.PLANNED), share=None)
    make_share_rule(round_award.rule_version, kind=RuleKind.ABOVE, numerator=0, denominator=1)
    rounds.set_previous(round_award_id=round_award.pk, count=37, base=100, source="3号", actor=planner)
    second = make_rule_version(round_award.award, number=2)
    if label:
        make_share_rule(second, label=label, kind=RuleKind.ABOVE, numerator=0, denominator=1)
    rounds.pin(round_award_id=round_award.pk, version_id=second.pk, actor=planner)
    pinned = RoundAward.objects.get(pk=round_award.pk)
    assert (pinned.previous_count, pinned.previous_base) == ((37, 100) if kept else (None, None))
    assert ("previous_base" in LedgerEntry.objects.get(act="pin_rules").before) is not kept


def test_a_planned_round_is_held_to_another_edition(planner):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    second = make_rule_version(round_award.award, number=2)
    for _twice in range(2):
        pinned = rounds.pin(round_award_id=round_award.pk, version_id=second.pk, actor=planner)
        assert pinned.rule_version == second
    (row,) = LedgerEntry.objects.filter(act="pin_rules")
    assert (row.before["rules"], row.after["rules"]) == (1, 2)


@pytest.mark.parametrize(
    ("which", "code"),
    [("draft", "edition_not_published"), ("other", "edition_of_other_award"), ("gone", "edition_unknown")],
)
def test_only_a_published_edition_of_the_award_is_pinned(planner, which, code):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    version_id = {
        "draft": composing.compose(award_code=round_award.award.code, actor=planner, source="1号").pk,
        "other": make_rule_version(make_award()).pk,
        "gone": 999_999,
    }[which]
    with pytest.raises(InvalidInput) as refused:
        rounds.pin(round_award_id=round_award.pk, version_id=version_id, actor=planner)
    assert (refused.value.field, refused.value.code) == ("rule_version", code)


@pytest.fixture
def rising(planner, province):
    """A planned round that can be opened, but for the figures of its previous round."""
    round_award = make_round_award(make_round(state=RoundState.PLANNED), share=None, places=10)
    make_share_rule(round_award.rule_version, kind=RuleKind.ABOVE, numerator=0, denominator=1)
    make_allotment(round_award, province, places=10)
    make_allotment(round_award, places=10)
    return round_award


def state_previous(round_award, actor, **change):
    figures = {"count": 3, "base": 10, "source": "苏工发〔2025〕8号"} | change
    return rounds.set_previous(round_award_id=round_award.pk, actor=actor, **figures)


def test_a_round_that_is_to_rise_opens_with_the_figures_of_the_previous_one(planner, rising):
    with pytest.raises(RuleViolation) as refused:
        rounds.open(round_id=rising.round_id, actor=planner)
    assert codes(refused) == ["previous_missing"]
    said = str(sentence(refused.value.reasons[0]))
    assert rising.award.name in said
    assert "苏组通〔2019〕65号 二.3" in said
    stated = state_previous(rising, planner)
    assert (stated.previous_count, stated.previous_base, stated.previous_source) == (
        3,
        10,
        "苏工发〔2025〕8号",
    )
    assert not rounds.missing(rising.round)
    assert rounds.open(round_id=rising.round_id, actor=planner).state == RoundState.OPEN
    assert LedgerEntry.objects.get(act="set_previous").after["previous_base"] == 10


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"count": 11}, "count", "previous_not_a_share"),
        ({"count": -1}, "count", "previous_not_a_share"),
        ({"count": 0, "base": 0}, "count", "previous_not_a_share"),
        ({"source": " "}, "source", "previous_source_required"),
    ],
)
def test_the_figures_of_the_previous_round_are_a_share_with_a_source(planner, rising, change, field, code):
    with pytest.raises(InvalidInput) as refused:
        state_previous(rising, planner, **change)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED])
def test_an_open_round_keeps_its_edition_and_its_figures(planner, rising, state):
    second = make_rule_version(rising.award, number=2)
    Round.objects.update(state=state)
    for act in (
        lambda: rounds.pin(round_award_id=rising.pk, version_id=second.pk, actor=planner),
        lambda: state_previous(rising, planner),
    ):
        with pytest.raises(WrongState) as refused:
            act()
        assert refused.value.code == "round_not_planned"
    rising.refresh_from_db()
    assert (rising.rule_version.number, rising.previous_base) == (1, None)


@pytest.mark.parametrize("role", [Role.KEEPER, Role.OBSERVER])
def test_only_planners_pin_and_state(province, rising, role):
    second, actor = make_rule_version(rising.award, number=2), make_official(province, role)
    for act in (
        lambda: rounds.pin(round_award_id=rising.pk, version_id=second.pk, actor=actor),
        lambda: state_previous(rising, actor),
    ):
        with pytest.raises(NotPermitted), transaction.atomic():
            act()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("awards", [1, 3, 12])
def test_opening_takes_the_same_statements_for_any_number_of_awards(
    planner, province, django_assert_num_queries, awards
):
    round_ = make_round(state=RoundState.PLANNED)
    for _ in range(awards):
        round_award = make_round_award(round_)
        make_allotment(round_award, province, places=10)
        make_allotment(round_award, places=10)
    # lock, province, permission, windows, awards, allotments, typed; feasibility 5 and, whether it still holds, 3;
    # vacancies 4; write; ledger 2; savepoint 2
    with django_assert_num_queries(25):
        rounds.open(round_id=round_.pk, actor=planner)


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.CLOSED])
def test_a_round_is_planned_before_it_opens(planner, state):
    round_ = make_round(state=state)
    for refused_act in (
        lambda: rounds.open(round_id=round_.pk, actor=planner),
        lambda: rounds.add_award(round_id=round_.pk, award_code="x", places=1, actor=planner),
    ):
        with pytest.raises(WrongState) as refused:
            refused_act()
        assert refused.value.code == "round_not_planned"


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.CLOSED])
def test_only_an_open_round_is_closed(planner, state):
    with pytest.raises(WrongState) as refused:
        rounds.close(round_id=make_round(state=state).pk, actor=planner)
    assert refused.value.code == "round_not_open"


def test_awards_must_be_known_ruled_and_new(planner, province):
    round_ = make_round(state=RoundState.PLANNED)
    add = lambda code: rounds.add_award(round_id=round_.pk, award_code=code, places=1, actor=planner)
    with pytest.raises(InvalidInput) as unknown:
        add("nothing")
    with pytest.raises(RuleViolation) as unruled:
        add(make_award().code)
    there = make_round_award(round_)
    with pytest.raises(WrongState) as twice:
        add(there.award.code)
    assert [unknown.value.code, *codes(unruled), twice.value.code] == [
        "award_unknown",
        "award_without_rules",
        "award_already_in_round",
    ]


def test_a_code_is_taken_once(planner):
    plan(planner)
    with pytest.raises(InvalidInput) as refused:
        plan(planner)
    assert (refused.value.field, refused.value.code) == ("code", "round_code_taken")


@pytest.mark.parametrize("role", [Role.KEEPER, Role.OBSERVER, Role.SECURITY_ADMIN])
def test_only_planners_plan(province, role):
    round_, actor, (opens_at, due_at) = make_round(), make_official(province, role), WINDOWS[Stage.UNIT]
    acts = [
        lambda: plan(actor),
        lambda: rounds.add_award(round_id=round_.pk, award_code="x", places=1, actor=actor),
        lambda: rounds.set_window(
            round_id=round_.pk, stage=Stage.UNIT, opens_at=opens_at, due_at=due_at, actor=actor
        ),
        lambda: rounds.open(round_id=round_.pk, actor=actor),
        lambda: rounds.close(round_id=round_.pk, actor=actor),
        lambda: rounds.extend(
            round_id=round_.pk,
            stage=Stage.PROVINCE,
            body_id=province.pk,
            due_at=due_at,
            reason="疫情",
            actor=actor,
        ),
    ]
    for act in acts:
        with pytest.raises(NotPermitted), transaction.atomic():
            act()
    assert not LedgerEntry.objects.exists()


# --- time ----------------------------------------------------------------------------------------------------


def test_a_window_runs_forward(planner):
    with pytest.raises(InvalidInput) as refused:
        rounds.set_window(
            round_id=make_round(state=RoundState.PLANNED).pk,
            stage=Stage.UNIT,
            opens_at=IN_TIME,
            due_at=IN_TIME,
            actor=planner,
        )
    assert refused.value.code == "window_backwards"


def test_an_open_round_only_gives_more_time(planner):
    round_ = make_round()
    move = lambda days: rounds.set_window(
        round_id=round_.pk,
        stage=Stage.COUNTY,
        opens_at=WINDOWS[Stage.COUNTY][0],
        due_at=COUNTY_DUE + timedelta(days=days),
        actor=planner,
    )
    with pytest.raises(RuleViolation) as refused:
        move(-1)
    assert codes(refused) == ["window_shortened"]
    move(1)
    assert StageWindow.objects.get(stage=Stage.COUNTY).due_at == COUNTY_DUE + timedelta(days=1)


def test_the_deadline_itself_is_in_time_and_the_second_after_is_not(django_assert_num_queries):
    round_, county = make_round(), make_body()
    ask = lambda: rounds.require_in_time(round_id=round_.pk, stage=Stage.COUNTY, body_id=county.pk)
    with clock.travel(COUNTY_DUE), django_assert_num_queries(1):
        ask()
    with clock.travel(COUNTY_DUE + timedelta(microseconds=1)), pytest.raises(TooLate) as late:
        ask()
    assert late.value.code == "stage_closed"
    assert late.value.params["due_at"] == COUNTY_DUE
    with clock.travel(WINDOWS[Stage.COUNTY][0] - timedelta(seconds=1)), pytest.raises(WrongState) as early:
        ask()
    assert early.value.code == "stage_not_open"
    assert early.value.params["opens_at"] == WINDOWS[Stage.COUNTY][0]


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.CLOSED])
def test_nothing_is_in_time_in_a_round_that_is_not_open(state):
    with clock.travel(IN_TIME), pytest.raises(WrongState) as refused:
        rounds.require_in_time(round_id=make_round(state=state).pk, stage=Stage.UNIT, body_id=make_body().pk)
    assert refused.value.code == "round_not_open"


def test_a_stage_without_a_window_says_so():
    round_ = make_round()
    round_.windows.all().delete()
    with pytest.raises(WrongState) as refused:
        rounds.due_at(round_id=round_.pk, stage=Stage.UNIT, body_id=make_body().pk)
    assert refused.value.code == "stage_without_window"


def test_an_extension_is_for_one_body_and_one_stage(planner, django_assert_num_queries):
    round_, county, other = make_round(), make_body(), make_body()
    later = COUNTY_DUE + timedelta(days=3)
    rounds.extend(
        round_id=round_.pk, stage=Stage.COUNTY, body_id=county.pk, due_at=later, reason="防汛", actor=planner
    )
    due = lambda stage, body: rounds.due_at(round_id=round_.pk, stage=stage, body_id=body.pk)
    with django_assert_num_queries(1):
        assert due(Stage.COUNTY, county) == later
    assert due(Stage.COUNTY, other) == COUNTY_DUE
    assert due(Stage.UNIT, county) == WINDOWS[Stage.UNIT][1]
    entry = LedgerEntry.objects.get(act="extend")
    assert (entry.reason, entry.body, entry.actor) == ("防汛", county, planner)
    with clock.travel(later):
        rounds.require_in_time(round_id=round_.pk, stage=Stage.COUNTY, body_id=county.pk)


def test_more_time_for_all_is_more_time_for_the_extended_body_too(planner):
    """Else the body with the extension would be the first to be shut out."""
    round_ = make_round()
    short, long = make_body(), make_body()
    for body, days in ((short, 1), (long, 9)):
        rounds.extend(
            round_id=round_.pk,
            stage=Stage.COUNTY,
            body_id=body.pk,
            due_at=COUNTY_DUE + timedelta(days=days),
            reason="台风",
            actor=planner,
        )
    all_until = COUNTY_DUE + timedelta(days=5)
    rounds.set_window(
        round_id=round_.pk,
        stage=Stage.COUNTY,
        opens_at=WINDOWS[Stage.COUNTY][0],
        due_at=all_until,
        actor=planner,
    )
    until = lambda body: rounds.due_at(round_id=round_.pk, stage=Stage.COUNTY, body_id=body.pk)
    assert (until(short), until(long)) == (all_until, COUNTY_DUE + timedelta(days=9))
    told = LedgerEntry.objects.filter(act="set_window").latest("pk").after
    assert told["extensions_ended"] == [short.code]


def test_units_follow_the_extension_of_their_first_body(planner):
    round_, county, union = make_round(), make_body(), make_body(level=Level.INDUSTRY)
    later = datetime(2026, 7, 5, 9, tzinfo=UTC)
    for body in (county, union):
        rounds.extend(
            round_id=round_.pk, stage=Stage.UNIT, body_id=body.pk, due_at=later, reason="防汛", actor=planner
        )
        assert rounds.due_at(round_id=round_.pk, stage=Stage.UNIT, body_id=body.pk) == later


def test_a_second_extension_goes_further(planner):
    round_, county = make_round(), make_body()
    extend = lambda days: rounds.extend(
        round_id=round_.pk,
        stage=Stage.COUNTY,
        body_id=county.pk,
        due_at=COUNTY_DUE + timedelta(days=days),
        reason="防汛",
        actor=planner,
    )
    extend(3)
    with pytest.raises(RuleViolation) as refused:
        extend(2)
    assert codes(refused) == ["extension_not_later"]
    assert extend(5).due_at == COUNTY_DUE + timedelta(days=5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"due_at": COUNTY_DUE}, "extension_not_later"),
        ({"reason": "  "}, "reason_required"),
        ({"stage": Stage.CITY}, "stage_not_of_body"),
    ],
)
def test_an_extension_is_later_reasoned_and_of_the_stage(planner, change, code):
    values = {
        "round_id": make_round().pk,
        "stage": Stage.COUNTY,
        "body_id": make_body().pk,
        "due_at": datetime(2027, 1, 1, tzinfo=UTC),
        "reason": "防汛",
        "actor": planner,
    }
    with pytest.raises((RuleViolation, InvalidInput)) as refused:
        rounds.extend(**{**values, **change})
    assert codes(refused) == [code]


def test_a_closed_round_is_not_extended(planner):
    with pytest.raises(WrongState):
        rounds.extend(
            round_id=make_round(state=RoundState.CLOSED).pk,
            stage=Stage.COUNTY,
            body_id=make_body().pk,
            due_at=datetime(2027, 1, 1, tzinfo=UTC),
            reason="防汛",
            actor=planner,
        )


# --- numbers -------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_and_can_be_read_out():
    round_ = make_round()
    numbers = [rounds.next_number(round_id=round_.pk) for _ in range(3)]
    assert [number[:8] for number in numbers] == ["26-00001", "26-00002", "26-00003"]
    assert [parse(number) for number in numbers] == numbers


def test_a_number_of_an_act_that_failed_is_not_another_ones_as_well():
    round_ = make_round()
    kept = [rounds.next_number(round_id=round_.pk)]

    def fail():
        with transaction.atomic():
            rounds.next_number(round_id=round_.pk)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    kept += rounds.draw_numbers(round_id=round_.pk, count=3)
    assert len(set(kept)) == 4
    assert kept == sorted(kept)


def test_a_number_is_given_once_over_all_rounds_of_a_year():
    first, second, next_year = make_round(), make_round(), make_round()
    Round.objects.filter(pk=next_year.pk).update(year=2027)
    given = [rounds.next_number(round_id=round_.pk) for round_ in (first, second, first, next_year, second)]
    assert len(set(given)) == 5
    assert [number[:2] for number in given] == ["26", "26", "26", "27", "26"]
    assert [given[0][:8], given[3][:8]] == ["26-00001", "27-00001"]


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.CLOSED])
def test_no_number_is_given_before_a_round_was_opened_nor_after_its_end(state):
    round_ = make_round(state=state)
    with pytest.raises(WrongState, match="round_not_open") as refusal:
        rounds.next_number(round_id=round_.pk)
    assert str(sentence(refusal.value.reasons[0]))
    assert not Serial.objects.exists()


def test_the_whole_and_the_places_of_the_province_are_one_figure(planner, province):
    award = make_award()
    make_rule_version(award)
    round_ = plan(planner)
    added = rounds.add_award(round_id=round_.pk, award_code=award.code, places=100, actor=planner)
    allotments.set_places(round_award_id=added.pk, body_id=province.pk, places=90, actor=planner)
    make_allotment(added, places=4)
    set_windows(round_, planner)
    rounds.open(round_id=round_.pk, actor=planner)
    added.refresh_from_db()
    assert added.places == 90


# --- the plan as a page needs it -----------------------------------------------------------------------------


def test_the_timetable_is_set_at_once_and_what_stays_leaves_no_row(planner):
    round_ = plan(planner)
    rounds.set_timetable(round_id=round_.pk, windows=WINDOWS, actor=planner)
    later = {
        **WINDOWS,
        Stage.PROVINCE: (WINDOWS[Stage.PROVINCE][0], WINDOWS[Stage.PROVINCE][1] + timedelta(days=1)),
    }
    rounds.set_timetable(round_id=round_.pk, windows=later, actor=planner)
    assert LedgerEntry.objects.filter(act="set_window").count() == 5
    assert [violation.code for violation in rounds.missing(Round.objects.get(pk=round_.pk))] == [
        "round_without_awards"
    ]


def test_everything_out_of_order_is_refused_at_its_field(planner):
    round_ = plan(planner)
    opens_at = WINDOWS[Stage.UNIT][0]
    wrong = {
        **WINDOWS,
        Stage.COUNTY: (WINDOWS[Stage.COUNTY][0], opens_at),
        Stage.PROVINCE: (opens_at, WINDOWS[Stage.PROVINCE][1]),
    }
    with pytest.raises(InvalidInput) as refused:
        rounds.set_timetable(round_id=round_.pk, windows=wrong, actor=planner)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("county_due_at", "window_backwards"),
        ("county_due_at", "windows_out_of_order"),
        ("province_opens_at", "windows_out_of_order"),
    ]
    assert not StageWindow.objects.exists()


def test_the_plan_of_an_open_round_stays(planner):
    round_award = make_round_award()
    for act in (
        lambda: rounds.set_timetable(round_id=round_award.round_id, windows=WINDOWS, actor=planner),
        lambda: rounds.drop_award(round_award_id=round_award.pk, actor=planner),
    ):
        with pytest.raises(WrongState) as refused:
            act()
        assert refused.value.code == "round_not_planned"


def test_only_planners_drop_and_set(province):
    round_award = make_round_award(make_round(state=RoundState.PLANNED))
    keeper = make_official(province, Role.KEEPER)
    with pytest.raises(NotPermitted):
        rounds.drop_award(round_award_id=round_award.pk, actor=keeper)
    with pytest.raises(NotPermitted):
        rounds.set_timetable(round_id=round_award.round_id, windows=WINDOWS, actor=keeper)


def test_a_free_code_counts_on():
    assert rounds.free_code(year=2026) == "2026"
    for expected in ("2026-2", "2026-3"):
        make_round(rounds.free_code(year=2026))
        assert rounds.free_code(year=2026) == expected


# --- a timetable that cannot hold ------------------------------------------------------------------------------


def timed(planner, county_due, **settings):
    """The county stage begins on Thursday, 25 June 2026 and ends on `county_due`."""
    round_ = make_round(state=RoundState.PLANNED, **settings)
    opens_at = datetime(2026, 6, 25, 1, 0, tzinfo=UTC)
    StageWindow.objects.filter(round=round_, stage=Stage.COUNTY).update(opens_at=opens_at, due_at=county_due)
    return [
        (violation.params["stage"], str(sentence(violation)))
        for violation in rounds.missing(Round.objects.get(pk=round_.pk))
        if violation.code == "stage_shorter_than_notice"
    ]


@pytest.mark.parametrize(
    ("day", "settings", "held"),
    [
        # Five working days from Thursday end on Wednesday, 1 July; the list leaves on the 2nd.
        (2, {}, True),
        (1, {}, False),
        (2, {"first_day_counts": False}, False),
        (1, {"notice_unit": NoticeUnit.CALENDAR}, True),
        (2, {"notice_days": 6}, False),
    ],
)
def test_a_stage_that_cannot_hold_its_notice_is_said_before_the_round_opens(planner, day, settings, held):
    found = timed(planner, datetime(2026, 7, day, 9, 30, tzinfo=UTC), **settings)
    assert [stage for stage, _said in found] == ([] if held else [Stage.COUNTY])
    assert held or f"2026年7月{day}日" in found[0][1]


def test_in_a_year_nobody_announced_only_the_impossible_is_refused(planner):
    make_round()
    CalendarYear.objects.all().delete()
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr("tests.builders.announce_years", lambda: None)
        assert not timed(planner, datetime(2026, 6, 30, 9, 30, tzinfo=UTC))
        assert timed(planner, datetime(2026, 6, 29, 9, 30, tzinfo=UTC))


# --- what the plan leaves to bodies --------------------------------------------------------------------------


def test_a_round_in_which_nobody_can_apply_does_not_open(planner, province):
    """No place at a county or an industry union, then one place that no legal list fills, there or above."""
    round_award = make_round_award(make_round(state=RoundState.PLANNED), places=10)
    make_share_rule(round_award.rule_version, "public", label="ownership:public", numerator=1, denominator=3)
    city = make_body(level=Level.CITY, parent=province)
    make_allotment(round_award, province, places=10)
    county = make_allotment(round_award, make_body(parent=city), places=0)
    above = make_allotment(round_award, city, places=2)

    def refused():
        with pytest.raises(RuleViolation) as refusal, transaction.atomic():
            rounds.open(round_id=round_award.round_id, actor=planner)
        return codes(refusal)

    assert refused() == ["nobody_can_apply"]
    type(county).objects.filter(pk=county.pk).update(places=1)
    assert refused() == ["nobody_can_apply"]
    type(county).objects.filter(pk=county.pk).update(places=2)
    type(above).objects.filter(pk=above.pk).update(places=1)
    assert refused() == ["nobody_can_apply"]
    type(above).objects.filter(pk=above.pk).update(places=2)
    assert rounds.open(round_id=round_award.round_id, actor=planner).state == RoundState.OPEN


def test_opening_takes_the_organisers_word_on_each_line_as_it_is_now(planner, province):
    round_award = make_round_award(make_round(state=RoundState.PLANNED), places=10)
    make_allotment(round_award, province, places=10)
    one = make_allotment(round_award, places=1)
    make_allotment(round_award, places=4)
    (line,) = feasibility.of_round(round_id=round_award.round_id).lines
    assert (line.unlistable, line.bodies) == (False, (one.body_id,))

    def refused(accepted):
        with pytest.raises(RuleViolation) as refusal, transaction.atomic():
            rounds.open(round_id=round_award.round_id, actor=planner, accepted=accepted)
        return codes(refusal)

    assert refused([]) == ["plan_not_accepted", "kinds_without_a_place"]
    # Another body like it is another line than the one that was read.
    other = make_allotment(round_award, places=1)
    assert refused([line.key]) == ["plan_not_accepted", "kinds_without_a_place"]
    type(other).objects.filter(pk=other.pk).update(places=0)
    rounds.open(round_id=round_award.round_id, actor=planner, accepted=[line.key])
    (told,) = LedgerEntry.objects.get(act="open_round").after["plan_lines"]
    assert "公有制" in told


def test_bodies_of_which_nothing_is_decided_in_time_are_a_line_of_the_plan(planner, province, monkeypatch):
    award = make_award()
    version = make_rule_version(award)
    make_share_rule(version)
    make_share_rule(version, "few", sense=Sense.MAX, numerator=4, denominator=7)
    round_award = make_round_award(make_round(state=RoundState.PLANNED), award, places=10)
    county = make_allotment(round_award, places=3)
    monkeypatch.setattr(feasibility, "EFFORT", 0)
    reach.contradiction.cache_clear()
    (line,) = feasibility.of_round(round_id=round_award.round_id).lines
    assert (line.reason.code, line.unlistable, line.bodies) == ("plan_undecided", False, (county.body_id,))
    assert "在限定时间内未能算出" in str(sentence(line.reason))
    monkeypatch.undo()
    assert feasibility.of_round(round_id=round_award.round_id).lines == ()


@pytest.mark.django_db(transaction=True)
def test_opening_asks_the_solver_before_it_locks_and_refuses_what_has_moved_since():
    """A contradiction of several rules, which only the solver tells. Nobody waits for it behind the round's lock."""
    award = make_award()
    version = make_rule_version(award)
    make_share_rule(version)
    make_share_rule(version, "few", sense=Sense.MAX, numerator=3, denominator=5)
    round_award = make_round_award(make_round(state=RoundState.PLANNED), award, places=10)
    make_allotment(round_award, make_body(level=Level.PROVINCE), places=10)
    county = make_allotment(round_award, places=3)
    with questions() as asked:
        shown = feasibility.of_round(round_id=round_award.round_id)
        assert asked
        asked.clear()
        Allotment.objects.filter(pk=county.pk).update(places=1)
        with pytest.raises(PlanMoved):
            rounds.open(round_id=round_award.round_id, actor=None, accepted=[], feasible=shown)
        assert not asked
        with pytest.raises(RuleViolation):
            rounds.open(round_id=round_award.round_id, actor=None, accepted=[])
        assert asked
        assert not any(asked)
    Allotment.objects.filter(pk=county.pk).update(places=3)
    opened = rounds.open(round_id=round_award.round_id, actor=None, feasible=shown)
    assert opened.state == RoundState.OPEN


def test_a_part_of_nought_leaves_room_for_everybody(planner, province):
    """A county with one place that was let off the share may list anybody; with a part of one it may not."""
    round_award = make_round_award(make_round(state=RoundState.PLANNED), places=10)
    make_allotment(round_award, places=1, typed={"ownership:non_public": 0})
    assert feasibility.of_round(round_id=round_award.round_id).lines == ()
    full = make_allotment(round_award, places=1, typed={"ownership:non_public": 1})
    (line,) = feasibility.of_round(round_id=round_award.round_id).lines
    assert line.bodies == (full.body_id,)
    assert "公有制" in str(sentence(line.reason))
