"""Taking one nomination off the slate on which it stands, under the lock of the slate's allotment.

Withdrawal, disqualification, an upheld objection and the keeper's own removal all come through here, so that the
ranks close up, the places are counted again and the slate's ledger tells why, whichever way it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from appraisal.gate.services import gate
from appraisal.gate.services.slate_desk import checked
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.services import lifecycle
from appraisal.records.states import SUBMITTED_SLATE_STATES, EntryKind, NominationState, SlateNote, SlateState
from quotas.base import clock
from quotas.base.querysets import among
from quotas.base.refusals import Stale
from quotas.rounds.models import Allotment
from quotas.rounds.services import allotments
from quotas.selection.judge import EntryRow
from quotas.selection.labels import Entry
from quotas.tree.models import User

_ON_A_SLATE = (NominationState.POOLED, NominationState.NAMED)
"""The states in which a nomination can stand on the slate of its desk."""
_MOST_REASON = 200
_OUT_OF_THE_WAY = 1_000_000
"""Ranks are unique at every moment: those that move up are first lifted above all others."""


@dataclass(frozen=True)
class LockedNomination:
    """A locked nomination, with the slate of its desk under the allotment's lock, taken before; None where there is none."""

    nomination: Nomination
    slate: Slate | None
    allotment: Allotment | None


def lock_with_slate(nomination_id: int) -> LockedNomination:
    """Lock allotment and nomination in the order of the house (at most five statements).

    Which slate it is has to be read before the nomination is locked. Raises Stale when the nomination went
    to another desk in between: whoever asks has a form from before.
    """
    seen = Nomination.objects.values_list("round_award_id", "desk_id", "status").get(pk=nomination_id)
    round_award_id, desk_id, status = seen
    slate = allotment = None
    if status in _ON_A_SLATE:
        slate_id = (
            Slate.objects.filter(round_award=round_award_id, body=desk_id)
            .values_list("pk", flat=True)
            .first()
        )
        if slate_id is not None:
            allotment = allotments.lock(round_award_id=round_award_id, body_ids=[desk_id]).get(desk_id)
            slate = lifecycle.slate_under_lock(slate_id)
    nomination = lifecycle.lock_nomination(nomination_id)
    if (nomination.round_award_id, nomination.desk_id, nomination.status) != seen:
        raise Stale
    return LockedNomination(nomination, slate, allotment)


def remove_entry(
    slate: Slate, allotment: Allotment | None, nomination_id: int, *, actor: User | None, reason: str
) -> SlateEntry | None:
    """Take the nomination off the locked slate; None when it does not stand there.

    The entry stays on record with the reason, the ranks behind it close up, and the places that a submitted slate
    has taken are counted again. Every rule is run again and the ledger keeps what came of it: an entry must be able to
    go, so a share that breaks by it is refused at the next step, not here.
    """
    entry: SlateEntry | None = SlateEntry.objects.filter(
        slate=slate, nomination=nomination_id, removed_at=None
    ).first()
    if entry is None:
        return None
    entry.removed_at = clock.now()
    entry.removal_reason = reason[:_MOST_REASON]
    entry.save(update_fields=["removed_at", "removal_reason"])
    close_up(slate, entry)
    regular = SlateEntry.objects.filter(slate=slate, kind=EntryKind.REGULAR, removed_at=None).count()
    if allotment is not None and slate.state in SUBMITTED_SLATE_STATES:
        allotments.commit(allotment=allotment, regular=regular)
    lifecycle.touch_slate(
        slate,
        SlateNote.REMOVE_ENTRY.value,
        actor=actor,
        before={"nomination": nomination_id, "kind": entry.kind, "rank": entry.rank},
        after={"regular": regular, **_counted(slate)},
        reason=reason,
    )
    return entry


def _counted(slate: Slate) -> dict[str, object]:
    """What the gate counts on a slate that has been handed in; of a draft nothing is promised yet."""
    if slate.state == SlateState.COMPILING:
        return {}
    return {"checks": checked(gate.report(slate_id=slate.pk, explained=False))}


def freeze(slate: Slate, rows: Iterable[EntryRow]) -> None:
    """Keep with each entry of a slate that leaves what it counted as; what is corrected later changes nothing here.

    Entries that count alike are written together: slates are long, and kinds of entry are few.
    """
    alike: dict[Entry, list[int]] = {}
    for row in rows:
        alike.setdefault(row.labels, []).append(row.nomination_id)
    standing = SlateEntry.objects.filter(slate=slate, removed_at=None)
    for labels, nominations in alike.items():
        standing.filter(nomination__in=among(nominations)).update(frozen_labels=sorted(labels))


def close_up(slate: Slate, gap: SlateEntry) -> None:
    """Move those behind an entry that has left its kind up by one rank; `gap` still tells what it was."""
    behind = SlateEntry.objects.filter(slate=slate, kind=gap.kind, removed_at=None)
    if behind.filter(rank__gt=gap.rank).update(rank=F("rank") + _OUT_OF_THE_WAY):
        behind.filter(rank__gt=_OUT_OF_THE_WAY).update(rank=F("rank") - _OUT_OF_THE_WAY - 1)
