"""The ledger 台账: one row for every act, in the transaction of the act, each row sealing the one before it.

Rows form one chain per stream (a nomination, a slate, a round …). The caller holds the lock of what the stream is
about, so a chain never forks; the unique (stream, seq) is the last word. A seal binds all chains together, so that
a missing tail or a missing chain shows as well. On PostgreSQL a trigger refuses UPDATE and DELETE.
"""

import hashlib
import json
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from itertools import islice
from types import NoneType
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max, Model, Q, Window
from django.db.models.functions import RowNumber

from quotas.base import clock, text
from quotas.base.errors import Reason
from quotas.base.querysets import Blank, Statement
from quotas.ledger.models import LedgerEntry, LedgerSeal
from quotas.ledger.refusals import (
    LedgerChainBroken,
    LedgerMore,
    LedgerRaced,
    LedgerRowChanged,
    LedgerRowMissing,
    LedgerSealBroken,
)
from quotas.tree.models import Body, User

FIRST_PREVIOUS_HASH = "0" * 64
PERSONAL_KEYS = frozenset(
    {
        "identity_number",
        "id_number",
        "phone",
        "mobile",
        "telephone",
        "email",
        "password",
        "objector",
        "objector_contact",
    }
)
"""What the ledger never holds: it is kept for ever and read by many."""

_CHUNK = 2000
_MOST_PROBLEMS = 100


@dataclass(frozen=True)
class LedgerDraft:
    """A row to be written, for `append_many`: what `append` takes. Many chains that are told the same get a row each."""

    stream: str | tuple[str, ...]
    act: str
    actor: User | None
    body: Body | int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    on_behalf_of: User | None = None

    @property
    def streams(self) -> tuple[str, ...]:
        """The chains to which it belongs."""
        return (self.stream,) if isinstance(self.stream, str) else self.stream


def append(
    *,
    stream: str,
    act: str,
    actor: User | None,
    body: Body | int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    on_behalf_of: User | None = None,
) -> None:
    """
    Write one act. `actor` is None for the system itself; `body` is a body or its number.

    Two statements. Raises LedgerRaced when two acts on one stream were not kept apart by a lock,
    and ValueError when `before` or `after` holds personal data (PERSONAL_KEYS).
    """
    append_many(rows=[LedgerDraft(stream, act, actor, body, before or {}, after or {}, reason, on_behalf_of)])


@transaction.atomic(savepoint=False)
def append_many(*, rows: Iterable[LedgerDraft]) -> None:
    """
    Write many acts, in their order, in two statements.

    Several rows of one stream follow each other. Raises as `append` does; nothing is written then.
    """
    drafts = list(rows)
    if not drafts:
        return
    tips = _tips({stream for draft in drafts for stream in draft.streams})
    at = clock.now()
    written: list[tuple[Any, ...]] = []
    for draft in drafts:
        told = _Told(
            at=_moment(at),
            actor=draft.actor.pk if draft.actor else None,
            on_behalf_of=draft.on_behalf_of.pk if draft.on_behalf_of else None,
            body=draft.body.pk if isinstance(draft.body, Body) else draft.body,
            act=draft.act,
            before=_plain(draft.before),
            after=_plain(draft.after),
            reason=text.block(draft.reason),
        )
        canonical, columns = _canonical(told), _columns(told)
        for stream in draft.streams:
            seq, previous_hash = tips.get(stream, (0, FIRST_PREVIOUS_HASH))
            row_hash = _hash(stream, seq + 1, canonical, previous_hash)
            tips[stream] = (seq + 1, row_hash)
            written.append((stream, seq + 1, *columns, previous_hash, row_hash))
    try:
        _write(at, written)
    except IntegrityError as error:
        raise LedgerRaced from error


class _Told(NamedTuple):
    """What a row says besides its place in the chain, in the order in which its hash covers it."""

    at: str
    actor: int | None
    on_behalf_of: int | None
    body: int | None
    act: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


_FROM_JSON = {
    "postgresql": (
        "SELECT r->>0, (r->>1)::integer, %s, (r->>2)::bigint, (r->>3)::bigint, (r->>4)::bigint, r->>5, "
        "(r->>6)::jsonb, (r->>7)::jsonb, r->>8, r->>9, r->>10 FROM json_array_elements(%s::json) AS rows(r)"
    ),
    "sqlite": (
        "SELECT value->>0, value->>1, %s, value->>2, value->>3, value->>4, value->>5, "
        "value->>6, value->>7, value->>8, value->>9, value->>10 FROM json_each(%s)"
    ),
}
_INSERT = (
    f"INSERT INTO {LedgerEntry._meta.db_table} (stream, seq, at, actor_id, on_behalf_of_id, body_id, act, "
    '"before", "after", reason, previous_hash, hash) '
)


def _columns(told: _Told) -> tuple[Any, ...]:
    """The columns of a row between its number and its hashes, but for the moment, which all rows share."""
    _at, *who_and_what, before, after, reason = told
    return *who_and_what, _compact(before), _compact(after), reason


def _write(at: datetime, rows: Sequence[tuple[Any, ...]]) -> None:
    """All rows as one value: a parameter for each column of a thousand rows takes longer than writing them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT + _FROM_JSON[connection.vendor],
            [connection.ops.adapt_datetimefield_value(at), _compact(rows)],
        )


_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(entry: LedgerEntry) -> str:
    """SHA-256 over the canonical JSON of everything the row says, the hash before it included."""
    told = _Told(
        _moment(entry.at),
        entry.actor_id,
        entry.on_behalf_of_id,
        entry.body_id,
        entry.act,
        entry.before,
        entry.after,
        entry.reason,
    )
    return _hash(entry.stream, entry.seq, _canonical(told), entry.previous_hash)


def _canonical(told: _Told) -> str:
    """The middle of a row's canonical JSON: of a thousand rows that are told the same it is put together once."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)[1:-1]


def _hash(stream: str, seq: int, told: str, previous_hash: str) -> str:
    canonical = f"[{_compact(stream)},{seq},{told},{_compact(previous_hash)}]"
    return hashlib.sha256(canonical.encode()).hexdigest()


def seal() -> LedgerSeal | None:
    """
    Bind everything written so far; the newest seal when nothing was written since, None for an empty ledger.

    A seal takes in the one before it and the rows since, so a nightly seal reads a day's rows. Keep the digest
    somewhere else too: whoever can rewrite the whole database can rewrite its seals. Writers wait only while the last
    row is looked up, never while the rows are read.
    """
    last_entry_id = _last_settled()
    with transaction.atomic():
        _lock_seals()
        previous = newest_seal()
        sealed_until = previous.last_entry_id if previous else 0
        digest = _Digest(
            previous.digest if previous else FIRST_PREVIOUS_HASH, previous.entries if previous else 0
        )
        new = LedgerEntry.objects.filter(pk__gt=sealed_until, pk__lte=last_entry_id).order_by("pk")
        for pk, row_hash in new.values_list("pk", "hash").iterator(chunk_size=_CHUNK):
            digest.add(pk, row_hash)
        if digest.entries == (previous.entries if previous else 0):
            return previous
        return LedgerSeal.objects.create(
            at=clock.now(), last_entry_id=last_entry_id, entries=digest.entries, digest=digest.close()
        )


def check() -> list[Reason]:
    """
    Recompute every chain and every seal; what is wrong, empty when the ledger is whole.

    Reads the ledger twice, in fixed memory. After a hundred problems it stops and says so (LedgerMore).
    """
    problems = list(islice(_problems(), _MOST_PROBLEMS + 1))
    if len(problems) > _MOST_PROBLEMS:
        problems[_MOST_PROBLEMS:] = [LedgerMore(shown=_MOST_PROBLEMS)]
    return problems


def check_rows(entries: Sequence[LedgerEntry]) -> list[Reason]:
    """Recompute these rows alone, and whether each holds on to the row before it. One statement for a page."""
    before = reduce(
        operator.or_,
        (Q(stream=entry.stream, seq=entry.seq - 1) for entry in entries if entry.seq > 1),
        Q(pk__in=()),
    )
    hashes = {
        (stream, seq + 1): row_hash
        for stream, seq, row_hash in LedgerEntry.objects.filter(before).values_list("stream", "seq", "hash")
    }
    problems: list[Reason] = []
    for entry in entries:
        expected = hashes.get((entry.stream, entry.seq)) if entry.seq > 1 else FIRST_PREVIOUS_HASH
        if expected is None:
            problems.append(LedgerRowMissing(stream=entry.stream, seq=entry.seq - 1))
        elif expected != entry.previous_hash:
            problems.append(LedgerChainBroken(stream=entry.stream, seq=entry.seq))
        if hash_of(entry) != entry.hash:
            problems.append(LedgerRowChanged(stream=entry.stream, seq=entry.seq))
    return problems


def newest_seal() -> LedgerSeal | None:
    """The newest seal, if there is one."""
    return LedgerSeal.objects.order_by("-pk").first()


def _problems() -> Iterator[Reason]:
    yield from _chain_problems()
    yield from _seal_problems()


def _chain_problems() -> Iterator[Reason]:
    stream, seq, previous_hash = "", 0, FIRST_PREVIOUS_HASH
    for entry in LedgerEntry.objects.order_by("stream", "seq").iterator(chunk_size=_CHUNK):
        if entry.stream != stream:
            stream, seq, previous_hash = entry.stream, 0, FIRST_PREVIOUS_HASH
        if entry.seq != seq + 1:
            yield LedgerRowMissing(stream=stream, seq=seq + 1)
        elif entry.previous_hash != previous_hash:
            yield LedgerChainBroken(stream=stream, seq=entry.seq)
        if hash_of(entry) != entry.hash:
            yield LedgerRowChanged(stream=stream, seq=entry.seq)
        seq, previous_hash = entry.seq, entry.hash


def _seal_problems() -> Iterator[Reason]:
    entries = LedgerEntry.objects.order_by("pk").values_list("pk", "hash").iterator(chunk_size=_CHUNK)
    waiting = next(entries, None)
    digest = _Digest(FIRST_PREVIOUS_HASH, 0)
    for sealed in LedgerSeal.objects.order_by("pk").iterator(chunk_size=_CHUNK):
        while waiting is not None and waiting[0] <= sealed.last_entry_id:
            digest.add(*waiting)
            waiting = next(entries, None)
        if (digest.entries, digest.close()) != (sealed.entries, sealed.digest):
            yield LedgerSealBroken(at=sealed.at, entries=sealed.entries, found=digest.entries)
        # The next seal is judged by what it says itself, so that one gap is reported once.
        digest = _Digest(sealed.digest, sealed.entries)


class _Digest:
    """The running digest of a seal: the digest before it, then number and hash of every row."""

    def __init__(self, previous: str, entries: int) -> None:
        self.entries = entries
        self._state = hashlib.sha256(previous.encode())

    def add(self, pk: int, row_hash: str) -> None:
        self.entries += 1
        self._state.update(f"{pk}:{row_hash}\n".encode())

    def close(self) -> str:
        return self._state.hexdigest()


def _tips(streams: set[str]) -> dict[str, tuple[int, str]]:
    """Number and hash of the last row of each stream that has one. One statement."""
    if len(streams) == 1:
        last = _TIP.ask(stream=next(iter(streams)))
        return dict.fromkeys(streams, last[0]) if last else {}
    rows = (
        LedgerEntry.objects.filter(stream__in=streams)
        .annotate(from_last=Window(RowNumber(), partition_by="stream", order_by=F("seq").desc()))
        .filter(from_last=1)
        .values_list("stream", "seq", "hash")
    )
    return {stream: (seq, row_hash) for stream, seq, row_hash in rows}


_TIP = Statement(
    lambda: LedgerEntry.objects.filter(stream=Blank("stream")).order_by("-seq").values_list("seq", "hash")[:1]
)
_AS_THEY_ARE = (str, int, bool, NoneType)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them (days and moments as text), so that the hash is that of what is stored."""
    _refuse_personal(values)
    if all(type(value) in _AS_THEY_ARE for value in values.values()):
        return dict(values)
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain


def _refuse_personal(values: object) -> None:
    if isinstance(values, Mapping):
        personal = PERSONAL_KEYS & values.keys()
        if personal:
            raise ValueError(f"the ledger holds no personal data: {', '.join(sorted(personal))}")
        for value in values.values():
            _refuse_personal(value)
    elif isinstance(values, list | tuple):
        for value in values:
            _refuse_personal(value)


@transaction.atomic(durable=True)
def _last_settled() -> int:
    """The number of the newest row when nobody is writing; 0 for an empty ledger.

    Acts under way finish first: a row with a lower number that appears later would break the seal. The lock ends
    with this transaction, and rows that are written from then on have higher numbers.
    """
    _lock_table(LedgerEntry, "SHARE")
    return LedgerEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def _lock_seals() -> None:
    """One seal at a time, since each takes in the one before it. Nobody else waits for this."""
    _lock_table(LedgerSeal, "SHARE ROW EXCLUSIVE")


def _lock_table(model: type[Model], mode: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {model._meta.db_table} IN {mode} MODE")
