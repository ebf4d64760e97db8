"""Notices: how long, what the public reads, when they end."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from appraisal.notices.services import notices
from appraisal.records.models import Notice, SlateEntry
from appraisal.records.states import SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import NomineeKind, NoticeUnit, Role, Stage
from quotas.base.wording import sentence
from quotas.bodies.models import Organ
from quotas.calendar.models import CalendarDay, CalendarYear
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Extension, Round, StageWindow
from tests.appraisal.desks import make_desk
from tests.builders import IN_TIME, announce_years, make_award, make_official, make_round, make_round_award

pytestmark = pytest.mark.django_db

MONDAY, FRIDAY = date(2026, 5, 18), date(2026, 5, 22)
SECRETS = {
    "identity_number": "320501198001010011",
    "phone": "13912345678",
    "leader_name": "孙某",
    "deeds": "主要事迹全文",
    "honours": "荣誉基础",
}


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def signed(round_=None, *, award=None):
    desk = make_desk(make_round_award(round_ or make_round(), award))
    desk.fill(non_public=2, public=1, reserves=1)
    desk.advance(SlateState.SIGNED)
    return desk


def codes(error):
    return [problem.code for problem in error.problems]


# --- how long ------------------------------------------------------------------------------------------------


def test_five_working_days_with_the_first_day_counted_end_on_friday():
    desk = signed()
    notice = desk.publish()
    assert (notice.starts_on, notice.ends_on, notice.computed_ends_on) == (MONDAY, FRIDAY, FRIDAY)
    assert (notice.days, notice.unit) == (5, NoticeUnit.WORKDAY)
    assert notice.contact == ""
    assert [issuer["telephone"] for issuer in notice.issuers] == [f"0512-{desk.body.code}"] * 2
    assert desk.slate.state == SlateState.ON_NOTICE


@pytest.mark.parametrize(
    ("settings", "end"),
    [
        ({"first_day_counts": False}, date(2026, 5, 25)),
        ({"notice_unit": NoticeUnit.CALENDAR, "notice_days": 7}, date(2026, 5, 24)),
        ({"notice_unit": NoticeUnit.CALENDAR, "first_day_counts": False}, date(2026, 5, 23)),
        ({"notice_days": 30}, date(2026, 6, 26)),
    ],
)
def test_the_round_says_how_days_are_counted(settings, end):
    assert signed(make_round(**settings)).publish().ends_on == end


def test_make_up_days_count_and_holidays_do_not():
    """The Jiangsu notice of 2024: 31 January and five working days end on Monday, 5 February."""
    announce_years(2024)
    CalendarDay.objects.create(date=date(2024, 2, 4), is_workday=True, name="春节调休")
    assert notices.computed_end(Round(), date(2024, 1, 31)) == date(2024, 2, 5)
    CalendarDay.objects.create(date=date(2024, 2, 1), is_workday=False)
    assert notices.computed_end(Round(), date(2024, 1, 31)) == date(2024, 2, 6)


def test_a_year_nobody_announced_needs_a_persons_end_date_and_reason():
    desk = signed()
    CalendarYear.objects.filter(year__gte=2026).delete()
    with pytest.raises(InvalidInput) as refusal:
        desk.publish()
    assert codes(refusal.value) == ["notice_end_unannounced", "notice_reason_unannounced"]
    assert "2026" in str(sentence(refusal.value.reasons[0]))
    with pytest.raises(InvalidInput) as refusal:
        desk.publish(ends_on=FRIDAY)
    assert codes(refusal.value) == ["notice_reason_unannounced"]
    notice = desk.publish(ends_on=FRIDAY, override_reason="省总工会通知确定")
    assert (notice.ends_on, notice.computed_ends_on) == (FRIDAY, None)
    assert notice.override_reason == "省总工会通知确定"
    assert LedgerEntry.objects.get(act="publish").after["computed_ends_on"] is None


def late_desk():
    """Signed, where the county stage ends on Wednesday, 20 May at 17:30: the notice would have to end on the 19th."""
    desk = signed()
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=datetime(2026, 5, 20, 9, 30, tzinfo=UTC))
    return desk


def test_a_notice_that_ends_too_late_is_asked_about_and_the_reason_stays_on_record():
    desk = late_desk()
    with pytest.raises(InvalidInput) as refusal:
        desk.publish()
    assert codes(refusal.value) == ["notice_ends_too_late"]
    told = str(sentence(refusal.value.reasons[0]))
    assert "2026年5月19日" in told
    assert "申请延期" in told
    notice = desk.publish(late_reason="已向省总工会申请延期")
    assert notice.late_reason == "已向省总工会申请延期"
    assert LedgerEntry.objects.get(act="publish").after["late_reason"] == "已向省总工会申请延期"


def test_a_blank_reason_is_none_and_one_that_is_not_needed_is_not_kept():
    with pytest.raises(InvalidInput):
        late_desk().publish(late_reason="\u200b\u202c ")
    assert signed().publish(late_reason="多余").late_reason == ""


def test_the_last_day_that_is_early_enough_asks_nothing():
    desk = signed()
    # Friday ends the notice, so the list leaves on Saturday at the earliest.
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=datetime(2026, 5, 22, 16, 0, 1, tzinfo=UTC))
    assert desk.publish().late_reason == ""


def test_midnight_belongs_to_the_day_before():
    desk = signed()
    StageWindow.objects.filter(stage=Stage.COUNTY).update(due_at=datetime(2026, 5, 22, 16, 0, tzinfo=UTC))
    with pytest.raises(InvalidInput) as refusal:
        desk.publish()
    assert codes(refusal.value) == ["notice_ends_too_late"]


def test_an_extension_makes_it_early_enough():
    desk = late_desk()
    Extension.objects.create(
        round=desk.allotment.round_award.round,
        stage=Stage.COUNTY,
        body=desk.body,
        due_at=datetime(2026, 5, 26, 9, 30, tzinfo=UTC),
        reason="水灾",
        granted_by=desk.keeper,
        granted_at=clock.now(),
    )
    assert desk.publish().late_reason == ""


@pytest.mark.parametrize(
    ("ends_on", "code"),
    [
        (FRIDAY - timedelta(days=1), "list_notice_too_short"),
        (FRIDAY + timedelta(days=1), "list_notice_longer"),
    ],
)
def test_another_end_needs_its_reason_and_both_days_stay_on_record(ends_on, code):
    desk = signed()
    with pytest.raises(InvalidInput) as refusal:
        desk.publish(ends_on=ends_on)
    assert codes(refusal.value) == [code]
    assert "2026年5月22日" in str(sentence(refusal.value.reasons[0]))
    notice = desk.publish(ends_on=ends_on, override_reason="省级统一安排")
    assert (notice.ends_on, notice.computed_ends_on) == (ends_on, FRIDAY)
    assert notice.override_reason == "省级统一安排"
    last = LedgerEntry.objects.filter(act="publish").get()
    assert (last.after["ends_on"], last.after["computed_ends_on"]) == (str(ends_on), str(FRIDAY))
    assert last.reason == "省级统一安排"


def test_the_computed_day_needs_no_reason_and_keeps_none():
    assert signed().publish(ends_on=FRIDAY, override_reason="多余").override_reason == ""


def test_every_wrong_field_is_told_at_once():
    desk = signed()
    Round.objects.update(contact="")
    Organ.objects.update(telephone="")
    slate = desk.slate
    with pytest.raises(InvalidInput) as refusal:
        notices.publish(
            slate_id=slate.pk,
            version=slate.version,
            actor=desk.keeper,
            starts_on=clock.today() - timedelta(days=1),
            ends_on=clock.today() - timedelta(days=2),
        )
    assert codes(refusal.value) == ["notice_in_past", "notice_backwards", "contact_required"]
    assert all(str(sentence(reason)) for reason in refusal.value.reasons)
    assert not Notice.objects.exists()
    assert desk.slate.state == SlateState.SIGNED


def test_a_notice_may_begin_today_in_china():
    desk = signed()
    with clock.travel(datetime(2026, 5, 17, 16, 30, tzinfo=UTC)):  # half past midnight on Monday in China
        assert desk.publish().starts_on == MONDAY


# --- what the public reads -----------------------------------------------------------------------------------


def test_the_notice_is_a_whitelisted_projection():
    award = make_award(name="优秀工会工作者", nominee_kind=NomineeKind.PERSON)
    desk = make_desk(make_round_award(award=award))
    made = desk.fill(
        non_public=1,
        reserves=1,
        separate=1,
        nominee_name="李小明 13912345678",
        position="车间主任（320501 19800101 001x）",
        gender="female",
        **SECRETS,
    )
    desk.advance(SlateState.SIGNED)
    notice = desk.publish()
    assert [row["category"] for row in notice.rows] == ["regular", "separate", "reserve"]
    assert notice.rows[0] == {
        "rank": 1,
        "category": "regular",
        "nominee": "李小明 ********",
        "nominee_kind": "person",
        "unit": made[0].employer.name,
        "body": desk.body.name,
        "position": "车间主任（********）",
        "told": [["性别", "女"]],
    }
    published = json.dumps(notice.rows, ensure_ascii=False) + notice.title + notice.contact
    for secret in (*SECRETS.values(), "19800101", "139", made[0].employer.credit_code, made[0].number):
        assert secret not in published


def test_of_a_unit_nothing_personal_is_shown():
    desk = make_desk()
    desk.fill(non_public=1, gender="male", position="董事长", **SECRETS)
    desk.advance(SlateState.SIGNED)
    assert set(desk.publish().rows[0]) == {"rank", "category", "nominee", "nominee_kind", "unit", "body"}


def test_what_was_published_stays_as_it_was():
    desk = signed()
    rows = desk.publish().rows
    desk.act(slates.remove_entry, nomination_id=desk.entries()[0][0], reason="本人放弃")
    assert Notice.objects.get().rows == rows


def test_the_title_is_that_of_a_document():
    desk = signed(make_round(), award=make_award(name="模范职工之家"))
    assert desk.publish().title == f"关于{desk.body.name}2026年模范职工之家拟推荐对象的公示"
    final = signed(make_round(), award=make_award(name="五好党组织", final_stage=Stage.COUNTY))
    assert final.publish().title == f"关于{final.body.name}2026年五好党组织拟命名对象的公示"


def test_a_list_that_breaks_its_share_is_not_published():
    desk = signed()
    for gone, _kind, _rank in desk.entries()[:2]:
        desk.act(slates.remove_entry, nomination_id=gone, reason="本人放弃")
    with pytest.raises(RuleViolation):
        desk.publish()
    assert not Notice.objects.exists()


# --- when it ends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (datetime(2026, 5, 20, 2, tzinfo=UTC), False),
        (datetime(2026, 5, 22, 15, 59, tzinfo=UTC), False),  # Friday, 23:59 in China
        (datetime(2026, 5, 22, 16, 0, tzinfo=UTC), True),  # Saturday, midnight in China
    ],
)
def test_a_notice_ends_after_its_last_day(moment, over):
    desk = signed()
    desk.publish()
    with clock.travel(moment):
        assert notices.closable(today=clock.today()) == ([desk.slate.pk] if over else [])
        if not over:
            with pytest.raises(WrongState) as refusal:
                notices.close(slate_id=desk.slate.pk)
            assert refusal.value.code == "notice_runs_until"
            assert refusal.value.params["until"] == FRIDAY
            return
        notices.close(slate_id=desk.slate.pk)
        assert desk.slate.state == SlateState.SETTLING
        assert Notice.objects.get().closed_at == moment
        assert notices.closable(today=clock.today()) == []
        with pytest.raises(Conflict, match="notice_closed"):
            notices.close(slate_id=desk.slate.pk)
    assert LedgerEntry.objects.filter(act="close_notice").get().actor is None
    assert ledger.check() == []


def test_a_person_closes_only_the_own_bodys_notice():
    desk = signed()
    desk.publish()
    with clock.travel(datetime(2026, 5, 23, 2, tzinfo=UTC)):
        with pytest.raises(NotPermitted):
            notices.close(slate_id=desk.slate.pk, actor=make_official(desk.body.parent, Role.KEEPER))
        notices.close(slate_id=desk.slate.pk, actor=desk.keeper)


def test_a_list_compiled_again_gets_a_notice_of_its_own():
    desk = signed()
    desk.publish()
    desk.close()
    desk.act(slates.reopen, reason="漏列一名")
    desk.advance(SlateState.SIGNED)
    desk.publish()
    assert Notice.objects.filter(slate=desk.slate).count() == 2
    with clock.travel(datetime(2026, 5, 20, 2, tzinfo=UTC)), pytest.raises(WrongState, match="notice_runs"):
        notices.close(slate_id=desk.slate.pk)
    assert SlateEntry.objects.filter(slate=desk.slate, removed_at=None).count() == 4
