"""The clock: real unless travelling, the same for every thread, the day of China."""

from datetime import UTC, date, datetime, timedelta, timezone
from threading import Thread

import pytest

from quotas.base.clock import (
    REMEMBERED,
    SHANGHAI,
    SOON,
    Remembered,
    local_date,
    near,
    near_until,
    now,
    today,
    travel,
)

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=SHANGHAI)


def test_without_a_journey_time_passes():
    before = datetime.now(UTC)  # noqa: TID251 -- what our clock is compared with
    assert before <= now() <= datetime.now(UTC)  # noqa: TID251
    assert now().utcoffset() == timedelta(0)


def test_a_journey_holds_the_clock_and_ends():
    with travel(EVENING) as journey:
        assert now() == EVENING == journey.moment
        assert now().tzinfo is UTC
        assert journey.advance(timedelta(hours=1)) == now() == EVENING + timedelta(hours=1)
        assert journey.advance(timedelta(0)) == now()
    assert now() != EVENING + timedelta(hours=1)


def test_journeys_nest_and_lead_back_also_through_an_error():
    earlier = EVENING - timedelta(days=400)

    def fail_on_a_journey():
        with travel(earlier):
            assert now() == earlier
            raise LookupError

    with travel(EVENING) as outer:
        with pytest.raises(LookupError):
            fail_on_a_journey()
        assert now() == EVENING
        with travel(earlier) as inner:
            outer.advance(timedelta(days=1))
            inner.advance(timedelta(days=2))
            assert now() == earlier + timedelta(days=2)
        assert now() == EVENING + timedelta(days=1)


def test_other_threads_travel_too():
    seen = []
    with travel(EVENING) as journey:
        journey.advance(timedelta(minutes=5))
        thread = Thread(target=lambda: seen.append((now(), today())))
        thread.start()
        thread.join()
    assert seen == [(EVENING + timedelta(minutes=5), date(2026, 11, 20))]


def test_a_journey_left_by_one_thread_does_not_end_that_of_another():
    first, second = travel(EVENING), travel(EVENING + timedelta(days=9))
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert now() == EVENING + timedelta(days=9)
    second.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 0, 0, tzinfo=SHANGHAI), date(2026, 11, 21)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=timezone(timedelta(hours=-5))), date(2026, 11, 21)),
    ],
)
def test_the_day_is_that_of_china(moment, day):
    assert local_date(moment) == day
    with travel(moment):
        assert today() == day


def test_a_moment_needs_a_time_zone():
    naive = EVENING.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        local_date(naive)
    with pytest.raises(ValueError, match="time zone"), travel(naive):
        pass


def test_the_clock_does_not_run_backwards():
    with travel(EVENING) as journey, pytest.raises(ValueError, match="backwards"):
        journey.advance(timedelta(seconds=-1))


def test_what_is_remembered_is_read_anew_after_a_minute_for_what_is_new_and_when_it_is_forgotten():
    rows, asked = {"a": "old"}, []

    def read():
        asked.append(1)
        return rows.items()

    kept = Remembered(read)
    with travel(EVENING) as journey:
        assert [kept.get("a"), kept.get("a")] == ["old", "old"]
        rows["a"] = "new"
        journey.advance(REMEMBERED - timedelta(seconds=1))
        assert (kept.get("a"), len(asked)) == ("old", 1)
        journey.advance(timedelta(seconds=1))
        assert (kept.get("a"), len(asked)) == ("new", 2)
        rows["b"] = "come since"
        assert (kept.get("b"), kept.get("c"), len(asked)) == ("come since", None, 4)
        rows["a"] = "newest"
        kept.forget()
        assert (kept.get("a"), kept.get("b"), len(asked)) == ("newest", "come since", 5)
    # A clock that stands earlier proves nothing about what was read later.
    rows["a"] = "earlier"
    with travel(EVENING - timedelta(days=1)):
        assert kept.get("a") == "earlier"


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_near_is_counted_in_days_of_the_calendar(hour):
    """What falls due on one day is near together, whatever the hour at which somebody looks."""
    with travel(datetime(2026, 5, 10, hour, 30, tzinfo=SHANGHAI)) as here:
        last = datetime(2026, 5, 10 + SOON.days, 23, 59, tzinfo=SHANGHAI)
        first_far = last + timedelta(minutes=1)
        assert near(last)
        assert near(local_date(last))
        assert not near(first_far)
        assert not near(local_date(first_far))
        assert near_until() == first_far
        assert near(here.moment)
        assert near(today())
        assert not near(here.moment - timedelta(seconds=1))
        assert not near(today() - timedelta(days=1))
