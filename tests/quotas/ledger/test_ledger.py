"""The ledger: every act is there, and whatever was done to it shows."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from quotas.base import clock
from quotas.ledger.models import LedgerEntry, LedgerSeal
from quotas.ledger.refusals import LedgerChainBroken, LedgerRowChanged, LedgerRowMissing
from quotas.ledger.services import ledger
from tests.builders import make_body, make_user

pytestmark = pytest.mark.django_db


def write(stream: str = "nomination:1", times: int = 1) -> list[LedgerEntry]:
    actor = make_user()
    for number in range(times):
        ledger.append(stream=stream, act="submit", actor=actor, after={"n": number})
    return list(LedgerEntry.objects.filter(stream=stream).order_by("-seq")[:times])[::-1]


def tamper(entry: LedgerEntry, **values) -> None:
    """What somebody with the keys of the database could do."""
    with past_the_trigger():
        LedgerEntry.objects.filter(pk=entry.pk).update(**values)


def remove(*entries: LedgerEntry) -> None:
    with past_the_trigger():
        LedgerEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()


class past_the_trigger:  # noqa: N801 -- read as a phrase
    def __enter__(self):
        self._switch("DISABLE")

    def __exit__(self, *_):
        self._switch("ENABLE")

    def _switch(self, what):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE quotas_ledgerentry {what} TRIGGER USER")


def codes() -> list[str]:
    return [violation.code for violation in ledger.check()]


def test_a_row_says_who_did_what_where_and_why():
    actor, deputy, body = make_user(), make_user(), make_body()
    with clock.travel(datetime(2026, 5, 1, 8, tzinfo=UTC)):
        ledger.append(
            stream="slate:7",
            act="sign",
            actor=actor,
            on_behalf_of=deputy,
            body=body,
            before={"state": "signing"},
            after={"state": "signed", "on": date(2026, 5, 1)},
            reason="同意",
        )
    entry = LedgerEntry.objects.get()
    assert (entry.actor, entry.on_behalf_of, entry.body, entry.act, entry.reason) == (
        actor,
        deputy,
        body,
        "sign",
        "同意",
    )
    assert entry.at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert entry.after == {"state": "signed", "on": "2026-05-01"}
    assert (entry.seq, entry.previous_hash) == (1, "0" * 64)
    assert not ledger.check()


def test_a_body_may_be_given_by_its_number():
    body = make_body()
    ledger.append(stream="s", act="a", actor=None, body=body.pk)
    assert LedgerEntry.objects.get(stream="s").body == body


def test_rows_of_a_stream_hold_on_to_each_other():
    first, second = write(times=2)
    assert second.seq == 2
    assert second.previous_hash == first.hash


def test_streams_do_not_touch_each_other():
    (one,) = write("a")
    (two,) = write("b")
    assert (one.seq, two.seq) == (1, 1)
    assert one.previous_hash == two.previous_hash


def test_one_row_takes_two_statements(django_assert_num_queries):
    actor = make_user()
    write()
    with django_assert_num_queries(2):
        ledger.append(stream="nomination:1", act="submit", actor=actor)


@pytest.mark.parametrize("rows", [2, 50])
def test_many_rows_take_two_statements(django_assert_num_queries, rows):
    write("nomination:0", times=3)
    drafts = [ledger.LedgerDraft(f"nomination:{number}", "release", None) for number in range(rows)]
    with django_assert_num_queries(2):
        ledger.append_many(rows=drafts)
    assert LedgerEntry.objects.get(stream="nomination:0", act="release").seq == 4
    assert not ledger.check()


def test_many_rows_of_one_stream_keep_their_order():
    ledger.append_many(rows=[ledger.LedgerDraft("a", act, None) for act in ("one", "two", "three")])
    assert list(LedgerEntry.objects.order_by("seq").values_list("act", flat=True)) == ["one", "two", "three"]
    assert not ledger.check()


def test_chains_that_are_told_the_same_get_the_rows_that_each_would_get_alone(django_assert_num_queries):
    actor, body = make_user(), make_body()
    told = {
        "actor": actor,
        "body": body,
        "before": {"b": 1, "a": "甲"},
        "after": {"b": 2},
        "reason": "“理由”",
    }
    write("two")
    with django_assert_num_queries(2):
        ledger.append_many(rows=[ledger.LedgerDraft(("one", "two"), "act", **told)])
    for entry in LedgerEntry.objects.filter(act="act"):
        said = [entry.stream, entry.seq, entry.at.astimezone(UTC).isoformat(timespec="microseconds")]
        said += [actor.pk, None, body.pk, "act", told["before"], told["after"], told["reason"]]
        said.append(entry.previous_hash)
        canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry.hash == hashlib.sha256(canonical.encode()).hexdigest()
    assert sorted(LedgerEntry.objects.filter(act="act").values_list("stream", "seq")) == [
        ("one", 1),
        ("two", 2),
    ]
    assert not ledger.check()


def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        ledger.append_many(rows=[])


@pytest.mark.parametrize(
    "values", [{"identity_number": "1"}, {"nominee": {"phone": "1"}}, {"rows": [{"objector": "某"}]}]
)
def test_personal_data_is_kept_out(values):
    with pytest.raises(ValueError, match="personal"), transaction.atomic():
        ledger.append(stream="a", act="b", actor=None, after=values)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"act": "approve"},
        {"after": {"n": 99}},
        {"before": {"n": 99}},
        {"reason": "另有原因"},
        {"actor": None},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_changed_field_shows(change):
    _, second, _ = write(times=3)
    tamper(second, **change)
    assert ledger.check() == [LedgerRowChanged(stream="nomination:1", seq=2)]


def test_a_changed_row_with_a_new_hash_shows_at_the_next_one():
    _, second, _ = write(times=3)
    second.reason = "另有原因"
    tamper(second, reason=second.reason, hash=ledger.hash_of(second))
    assert ledger.check() == [LedgerChainBroken(stream="nomination:1", seq=3)]


def test_a_removed_middle_row_shows():
    _, second, _ = write(times=3)
    remove(second)
    assert ledger.check() == [LedgerRowMissing(stream="nomination:1", seq=2)]


def test_a_removed_first_row_shows():
    first, _ = write(times=2)
    remove(first)
    assert codes() == ["ledger_row_missing"]


def test_a_removed_tail_shows_against_the_seal():
    *_, last = write(times=3)
    ledger.seal()
    remove(last)
    assert codes() == ["ledger_seal_broken"]


def test_a_removed_stream_shows_against_the_seal():
    write("a")
    (alone,) = write("b")
    ledger.seal()
    remove(alone)
    assert codes() == ["ledger_seal_broken"]


def test_one_gap_is_reported_by_one_seal():
    *_, last = write("a", times=3)
    ledger.seal()
    write("b", times=2)
    ledger.seal()
    remove(last)
    assert codes() == ["ledger_seal_broken"]


def test_a_removed_tail_before_any_seal_is_what_seals_are_for():
    *_, last = write(times=2)
    remove(last)
    assert not ledger.check()


def test_a_seal_takes_in_the_one_before():
    write(times=2)
    first = ledger.seal()
    write("b")
    second = ledger.seal()
    assert (first.entries, second.entries) == (2, 3)
    assert first.digest != second.digest
    assert not ledger.check()


def test_nothing_new_needs_no_new_seal():
    assert ledger.seal() is None
    write()
    assert ledger.seal() == ledger.seal()
    assert LedgerSeal.objects.count() == 1


def test_a_flood_of_problems_is_cut_off():
    with past_the_trigger():
        write(times=3)
        LedgerEntry.objects.bulk_create(
            LedgerEntry(stream=f"x{n}", seq=1, at=clock.now(), act="forged", previous_hash="", hash="")
            for n in range(120)
        )
    assert len(codes()) == 101
    assert codes()[-1] == "ledger_more"


@pytest.mark.parametrize("rows", [1, 30])
def test_checking_takes_three_statements_whatever_the_size(django_assert_num_queries, rows):
    write(times=rows)
    ledger.seal()
    with django_assert_num_queries(3):
        assert not ledger.check()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement", ["UPDATE quotas_ledgerentry SET act = 'x'", "DELETE FROM quotas_ledgerentry"]
)
def test_the_database_refuses_to_change_a_row(statement):
    write()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
