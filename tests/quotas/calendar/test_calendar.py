"""The calendar: published holidays, make-up days, what administrators enter, and which years nobody announced."""

from datetime import date

import pytest

from quotas.arithmetic.workdays import Unannounced, end_of_notice
from quotas.base.errors import Conflict, InvalidInput, NotPermitted
from quotas.base.states import Level, Role
from quotas.base.wording import sentence
from quotas.calendar.models import CalendarDay, CalendarYear
from quotas.calendar.services import calendar
from quotas.calendar.services.calendar import Day
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from tests.builders import make_body, make_official

pytestmark = pytest.mark.django_db

SOURCE = "国办发明电〔2026〕9号"
DAYS_2027 = [
    Day(date(2027, 1, 1), False, "元旦"),
    *(Day(date(2027, 2, day), False, "春节") for day in range(5, 13)),
    Day(date(2027, 2, 20), True, "春节"),
    Day(date(2027, 5, 1), False, "劳动节"),
    Day(date(2027, 5, 2), False, "劳动节"),
]


@pytest.fixture
def administrator():
    return make_official(make_body(level=Level.PROVINCE), Role.SYSTEM_ADMIN)


def announce(actor, days=DAYS_2027, **changes):
    values = {"year": 2027, "version": 0, "source": SOURCE, "days": days, "actor": actor}
    return calendar.announce(**{**values, **changes})


def notice(start, days=5):
    known = calendar.since(start)
    return end_of_notice(start, days, "workday", first_day_counts=True, calendar=known)


def test_holidays_and_make_up_days_of_a_year():
    calendar.seed(years=[2024, 2025])
    known = calendar.since(date(2024, 1, 1))
    assert not known.is_workday(date(2024, 1, 1))
    assert not known.is_workday(date(2024, 2, 12))  # Spring Festival, a Monday
    assert known.is_workday(date(2024, 2, 4))  # a Sunday, made up
    assert known.is_workday(date(2024, 3, 12))
    assert not known.is_workday(date(2024, 3, 16))
    assert known.unannounced(date(2024, 12, 31)) is None


@pytest.mark.parametrize(
    ("start", "end"), [(date(2024, 1, 31), date(2024, 2, 5)), (date(2024, 3, 12), date(2024, 3, 18))]
)
def test_notices_that_were_really_given_end_where_they_said(start, end):
    calendar.seed(years=[2024])
    assert notice(start) == end


def test_a_year_that_nobody_announced_has_no_answer_and_one_that_a_person_entered_has(administrator):
    calendar.seed(years=[2026])
    assert isinstance(notice(date(2026, 12, 28)), Unannounced)
    assert isinstance(notice(date(2027, 2, 3)), Unannounced)
    announce(administrator)
    assert notice(date(2026, 12, 28)) == date(2027, 1, 4)
    assert notice(date(2027, 2, 3)) == date(2027, 2, 17)


def test_asking_twice_adds_nothing_and_what_a_person_entered_stays(administrator):
    assert calendar.seed(years=[2024, 2025]) > 40
    kept = [Day(day.date, day.is_workday, day.name) for day in CalendarDay.objects.filter(date__year=2025)]
    announce(administrator, kept[:-1], year=2025, version=1)
    CalendarYear.objects.create(
        year=2026, source=SOURCE, entered_by=administrator, entered_at="2026-01-01T00:00Z"
    )
    before = list(CalendarDay.objects.values_list("date", "is_workday", "name"))
    assert calendar.seed(years=[2024, 2025, 2026]) == 0
    assert list(CalendarDay.objects.values_list("date", "is_workday", "name")) == before
    assert CalendarYear.objects.get(year=2025).source == SOURCE
    assert LedgerEntry.objects.filter(act="seed_calendar").count() == 1


def test_a_year_that_is_not_published_is_refused(administrator):
    unknown = calendar.known_years()[-1] + 1
    for ask in (
        lambda: calendar.seed(years=[unknown]),
        lambda: calendar.take_published(year=unknown, version=0, actor=administrator),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask()
        assert refused.value.code == "calendar_unknown"


def test_only_what_differs_from_the_plain_week_is_stored():
    calendar.seed(years=[2024])
    for day, is_workday in CalendarDay.objects.values_list("date", "is_workday"):
        assert is_workday == (day.weekday() >= 5)


def test_one_statement_whatever_the_span(django_assert_num_queries):
    calendar.seed(years=[2024])
    with django_assert_num_queries(1):
        known = calendar.since(date(2024, 1, 1))
        assert known.is_workday(date(2024, 1, 2))
        assert not known.is_workday(date(2024, 10, 1))


def test_an_announcement_and_its_correction_leave_one_row_each_with_the_days_that_changed(administrator):
    announce(administrator)
    first = LedgerEntry.objects.get(act="announce_year")
    assert (first.stream, first.actor, first.after["source"]) == ("calendar:2027", administrator, SOURCE)
    assert len(first.after["added"]) == first.after["days"] == len(DAYS_2027)
    corrected = [*DAYS_2027[:-1], Day(date(2027, 5, 3), False, "劳动节")]
    year = announce(administrator, corrected, version=1, source="国办发明电〔2026〕10号")
    second = LedgerEntry.objects.get(act="correct_year")
    assert (second.before["dropped"], second.after["added"]) == (
        ["2027-05-02 休 劳动节"],
        ["2027-05-03 休 劳动节"],
    )
    assert (year.version, year.entered_by) == (2, administrator)
    assert CalendarDay.objects.count() == len(DAYS_2027)
    assert not ledger.check()


def test_new_years_holiday_may_reach_into_the_december_before(administrator):
    calendar.seed(years=[2026])
    announce(administrator, [*DAYS_2027, Day(date(2026, 12, 31), False, "元旦")])
    assert notice(date(2026, 12, 28)) == date(2027, 1, 5)


def test_a_year_can_be_taken_from_the_package(administrator):
    announce(
        administrator,
        [day._replace(date=day.date.replace(year=2024)) for day in DAYS_2027 if not day.is_workday],
        year=2024,
    )
    taken = calendar.take_published(year=2024, version=1, actor=administrator)
    assert taken.source == calendar.PACKAGE_SOURCE
    assert list(CalendarDay.objects.values_list("date", flat=True)) == [
        day.date for day in calendar.published(2024)
    ]


def test_a_stale_form_and_a_second_announcement_are_conflicts(administrator):
    announce(administrator)
    for version in (0, 2):
        with pytest.raises(Conflict):
            announce(administrator, version=version)


@pytest.mark.parametrize("role", [Role.STAFF, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_only_those_who_manage_accounts_at_the_province_enter_years(role):
    other = make_official(make_body(level=Level.PROVINCE), role)
    with pytest.raises(NotPermitted):
        announce(other)
    with pytest.raises(NotPermitted):
        calendar.take_published(year=2024, version=0, actor=other)
    assert not CalendarYear.objects.exists()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"source": "\u200b "}, ["calendar_source_required"]),
        ({"source": "文" * 201}, ["calendar_text_long"]),
        ({"days": DAYS_2027[:5]}, ["calendar_days_missing"]),
        ({"days": [*DAYS_2027, DAYS_2027[0]]}, ["calendar_day_twice"]),
        ({"days": [*DAYS_2027, Day(date(2028, 1, 1), False)]}, ["calendar_day_elsewhere"]),
        ({"days": [*DAYS_2027, Day(date(2026, 12, 28), False)]}, ["calendar_day_elsewhere"]),
        ({"days": [*DAYS_2027, Day(date(2027, 3, 3), True)]}, ["calendar_day_worked_anyhow"]),
        ({"days": [*DAYS_2027, Day(date(2027, 3, 3), False, "名" * 41)]}, ["calendar_text_long"]),
        ({"days": DAYS_2027 * 20}, ["calendar_days_many"]),
        ({"source": "", "days": []}, ["calendar_source_required", "calendar_days_missing"]),
    ],
)
def test_what_no_announcement_can_say_is_refused_with_every_reason(administrator, changes, codes):
    with pytest.raises(InvalidInput) as refused:
        announce(administrator, **changes)
    assert [problem.code for problem in refused.value.problems] == codes
    assert all(str(sentence(reason)) for reason in refused.value.reasons)
    assert not CalendarYear.objects.exists()


@pytest.mark.parametrize("year", [1999, 2101])
def test_years_out_of_range_are_refused(administrator, year):
    days = [day._replace(date=day.date.replace(year=year)) for day in DAYS_2027 if not day.is_workday]
    with pytest.raises(InvalidInput) as refused:
        announce(administrator, days, year=year)
    assert "calendar_year_out_of_range" in {problem.code for problem in refused.value.problems}
