"""The latest moments of lists and nominations, seen from the deadline."""

from datetime import UTC, date, datetime

import pytest

from appraisal.deadlines.services import latest
from appraisal.records.models import Slate
from appraisal.records.states import NominationState, SlateState, TimedStep
from quotas.base import clock
from quotas.base.states import NoticeUnit, Stage
from quotas.calendar.models import CalendarYear
from quotas.rounds.models import Extension, StageWindow
from tests.appraisal.desks import make_desk, make_route
from tests.builders import IN_TIME, make_nomination, make_round, make_round_award

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 5, 27, 9, 30, tzinfo=UTC)
"""17:30 in China: a list leaves on the 27th, so its notice of five working days runs from the 20th to the 26th."""
LATEST_START, LAST_OF_NOTICE = date(2026, 5, 20), date(2026, 5, 26)


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def desk_due(**settings):
    desk = make_desk(make_round_award(make_round(**settings)))
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=WEDNESDAY)
    return desk


def steps(found):
    return [(moment.step, moment.day) for moment in found.steps]


def test_a_list_that_is_compiled_sees_every_step_to_its_deadline():
    found = latest.of_slate(desk_due().slate)
    assert steps(found) == [
        (TimedStep.SUBMIT, LATEST_START),
        (TimedStep.SIGN, LATEST_START),
        (TimedStep.PUBLISH, LATEST_START),
        (TimedStep.NOTICE_ENDS, LAST_OF_NOTICE),
        (TimedStep.SEND_UP, date(2026, 5, 27)),
    ]
    assert found.steps[-1].at == found.due_at == WEDNESDAY
    assert not found.late


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (SlateState.SIGNING, TimedStep.SIGN),
        (SlateState.SIGNED, TimedStep.PUBLISH),
        (SlateState.ON_NOTICE, TimedStep.NOTICE_ENDS),
        (SlateState.SETTLING, TimedStep.SEND_UP),
    ],
)
def test_what_is_done_is_not_ahead(state, first):
    desk = desk_due()
    Slate.objects.update(state=state)
    assert latest.of_slate(desk.slate).next.step == first


def test_a_list_that_has_left_has_no_moments():
    desk = desk_due()
    Slate.objects.update(state=SlateState.SENT_UP)
    assert latest.of_slate(desk.slate) is None


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        ({"first_day_counts": False}, date(2026, 5, 19)),
        ({"notice_unit": NoticeUnit.CALENDAR}, date(2026, 5, 22)),
        ({"notice_days": 7}, date(2026, 5, 18)),
    ],
)
def test_the_round_says_how_days_are_counted(settings, start):
    assert latest.of_slate(desk_due(**settings).slate).next.day == start


def test_an_extension_of_the_body_moves_every_step():
    desk = desk_due()
    Extension.objects.create(
        round=desk.allotment.round_award.round,
        stage=Stage.COUNTY,
        body=desk.body,
        due_at=datetime(2026, 6, 3, 9, 30, tzinfo=UTC),
        reason="水灾",
        granted_by=desk.keeper,
        granted_at=clock.now(),
    )
    assert latest.of_slate(desk.slate).next.day == date(2026, 5, 27)


def test_a_step_that_has_passed_makes_the_list_late_before_the_deadline():
    desk = desk_due()
    with clock.travel(datetime(2026, 5, 20, 15, 59, tzinfo=UTC)):
        assert not latest.of_slate(desk.slate).late
        assert latest.of_slate(desk.slate).near
    with clock.travel(datetime(2026, 5, 20, 16, 0, tzinfo=UTC)):
        found = latest.of_slate(desk.slate)
        assert found.late
        assert not found.over


def test_a_running_notice_that_ends_too_late_is_known_at_once():
    desk = make_desk()
    desk.fill(non_public=2, public=1)
    desk.advance(SlateState.SIGNED)
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=datetime(2026, 5, 21, 9, 30, tzinfo=UTC))
    desk.publish(late_reason="已申请延期")
    found = latest.of_slate(desk.slate)
    assert found.notice_too_long == date(2026, 5, 22)
    assert found.late


def test_years_that_nobody_announced_make_it_an_estimate():
    desk = desk_due()
    CalendarYear.objects.filter(year=2026).delete()
    found = latest.of_slate(desk.slate)
    assert found.years == (2026,)
    assert {moment.step for moment in found.steps if moment.years} == {
        TimedStep.SUBMIT,
        TimedStep.SIGN,
        TimedStep.PUBLISH,
    }


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (NominationState.IN_REVIEW, TimedStep.REVIEW),
        (NominationState.RETURNED, TimedStep.CORRECT),
        (NominationState.POOLED, TimedStep.SUBMIT),
    ],
)
def test_a_nomination_at_a_desk_sees_the_steps_of_its_list(state, first):
    desk = desk_due()
    nomination = make_nomination(desk.allotment.round_award, desk.body, status=state, due_at=WEDNESDAY)
    found = latest.of_nomination(nomination)
    assert (found.next.step, found.next.day) == (first, LATEST_START)
    assert found.steps[-1].step == TimedStep.SEND_UP


def test_a_unit_sees_when_its_own_notice_has_to_begin():
    desk = desk_due()
    StageWindow.objects.filter(stage=Stage.UNIT).update(due_at=WEDNESDAY)
    nomination = make_nomination(
        desk.allotment.round_award, desk.body, status=NominationState.ENDORSING, due_at=WEDNESDAY
    )
    found = latest.of_nomination(nomination)
    # It may hand in on the last day of its notice.
    assert steps(found) == [
        (TimedStep.UNIT_NOTICE, date(2026, 5, 21)),
        (TimedStep.ENDORSE, date(2026, 5, 27)),
    ]


def test_many_lists_take_the_statements_of_one(django_assert_num_queries):
    round_award = make_round_award()
    make_route(round_award)
    make_desk(round_award)
    found = list(Slate.objects.for_list())
    assert len(found) == 4
    with django_assert_num_queries(2):
        moments = latest.of_slates(found)
    assert len(moments) == 4
    last = {slate.stage: moments[slate.pk].steps[-1].step for slate in found}
    assert last[Stage.PROVINCE] == TimedStep.FINALISE
