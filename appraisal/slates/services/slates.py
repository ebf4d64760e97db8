"""Slates: what a body recommends for one award, from the first draft to the sending up or the final slate.

Every act locks the allotment and then the nominations, and runs the gate where the slate could carry a
broken share upward. `Allotment.committed` is set with each act that changes the slate after its submission.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from appraisal.gate.services import conditions, gate, slate_entries
from appraisal.gate.services.slate_desk import (
    LockedSlate,
    admit,
    begin,
    checked,
    entries_of,
    figures,
    final_act,
    is_final,
    lock,
    require_apart,
    require_no_open_objection,
    require_ownership_settled,
    require_round_open,
)
from appraisal.records.models import Nomination, SignOff, Slate, SlateEntry
from appraisal.records.permissions import require
from appraisal.records.services import lifecycle, routes
from appraisal.records.services.offices import offices
from appraisal.records.states import (
    EntryKind,
    NominationAct,
    NominationState,
    SlateAct,
    SlateNote,
    SlateState,
)
from appraisal.slates.refusals import (
    AlreadySigned,
    EntryGone,
    EntryKindUnknown,
    EntryNotInPool,
    EntryTwice,
    ListIsFinal,
    ListIsNotFinal,
    ListNotChangeable,
    NotAReserve,
    OfficeHasDecided,
    OfficeNotHere,
    OfficeUnknown,
    ParentListGone,
    PlacesStayVacant,
    RankGap,
    RankTwice,
    RefusalTextRequired,
    ScoreMissing,
    SignsOwnSubmission,
    SignsTwice,
)
from appraisal.slates.services import deviations, succession
from appraisal.slates.services.deviations import Approval
from appraisal.slates.services.unreviewed import decided_by, require_known
from quotas.base import clock
from quotas.base.errors import FieldProblem, InvalidInput, Reason, RuleViolation
from quotas.base.refusals import ReasonRequired
from quotas.base.states import Office, ReservePolicy, Stage
from quotas.base.text import block, required_text
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, RoundAward
from quotas.rounds.services import allotments, rounds
from quotas.selection.judge import EntryRow, lined
from quotas.selection.plan import frozen
from quotas.tree.models import User
from quotas.tree.permissions import SIGN_ACT, Act

Entry = tuple[int, str, int]
"""An entry as a form sends it: the nomination, the kind, the rank within the kind."""

CHANGEABLE_STATES = (SlateState.SIGNED, SlateState.ON_NOTICE, SlateState.SETTLING, SlateState.FINALISED)
"""Signed, and not yet gone: an entry can still be taken off, and a reserve move up."""

AT_DESK_STATES = (NominationState.POOLED, NominationState.IN_REVIEW, NominationState.RETURNED)
"""Nominations that lie at a desk and are not decided; they go with its slate, or are passed over."""

_ASIDE = 1_000_000
"""Ranks are moved out of the way by this much, since they are unique at every moment."""


@dataclass(frozen=True)
class Release:
    """What became of the nominations at the desk: gone up, and passed over, by number of the nomination."""

    up: tuple[int, ...]
    closed: tuple[int, ...]


@transaction.atomic
def open_all(*, round_id: int, actor: User | None = None) -> list[Slate]:
    """Open one slate for every allotment of the round; the slates opened by this call. Safe to repeat."""
    # Two at a time would open each slate twice. Rows that only refer to an award are written meanwhile.
    list(RoundAward.objects.select_for_update(no_key=True).filter(round=round_id).order_by("pk"))
    opened = Slate.objects.bulk_create(
        Slate(round_award=allotment.round_award, body=allotment.body, stage=allotment.body.stage)
        for allotment in Allotment.objects.filter(
            ~Exists(Slate.objects.filter(round_award=OuterRef("round_award"), body=OuterRef("body"))),
            round_award__round=round_id,
        )
        .select_related("round_award__award", "round_award__round", "body__parent")
        .order_by("pk")
    )
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream=lifecycle.slate_stream(slate.pk),
                act=SlateNote.OPEN.value,
                actor=actor,
                body=slate.body,
                before={},
                after={"state": SlateState.COMPILING.value},
            )
            for slate in opened
        ]
    )
    return opened


@transaction.atomic
def set_entries(
    *,
    slate_id: int,
    version: int,
    actor: User,
    entries: Sequence[Entry],
    lines: Mapping[int, str] | None = None,
) -> Slate:
    """Replace the whole slate while it is compiled. A slate that does not keep its shares yet can be saved.

    `lines` say which line of separate places a nomination fills; others keep theirs, or take the first one with a place
    left (`quotas.selection.judge.lined`).

    Raises InvalidInput on the field "entries" with every wrong row (counted from 1): `EntryKindUnknown`,
    `EntryTwice`, `EntryNotInPool`, `RankTwice`, `RankGap`; RuleViolation(OwnUnitOnList).
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE, SlateAct.SUBMIT)
    wanted = {nomination_id: (kind, rank) for nomination_id, kind, rank in entries}
    # No lock of their own: nothing takes a nomination out of the pool without the lock of the allotment.
    pool = set(
        Nomination.objects.pool_of(desk.slate.round_award_id, desk.slate.body_id)
        .filter(pk__in=wanted)
        .values_list("pk", flat=True)
    )
    problems = [*_row_problems(entries, pool), *_rank_problems(entries)]
    if problems:
        raise InvalidInput(*problems)
    require_apart(desk.slate, actor, wanted)
    before = entries_of(desk.slate)
    known = {entry.nomination_id: entry.line for entry in before} | dict(lines or {})
    filled = _lines_of(desk.slate, entries, known)
    placed = {
        number: Placed(EntryKind(kind), rank, filled.get(number, ""))
        for number, (kind, rank) in wanted.items()
    }
    _replace(desk.slate, before, placed)
    return lifecycle.touch_slate(
        desk.slate,
        SlateNote.SET_ENTRIES.value,
        actor=actor,
        before=figures(before),
        after=figures(entries_of(desk.slate)),
    )


def _lines_of(slate: Slate, entries: Sequence[Entry], known: Mapping[int, str]) -> dict[int, str]:
    """Which line of separate places each entry in one fills; a line that there is no more is as none. One statement, or none."""
    separate = sorted((rank, number) for number, kind, rank in entries if kind == EntryKind.SEPARATE)
    if not separate:
        return {}
    plan = gate.plan_of(slate)
    there = {line.key for line in plan.separate}
    rows = [
        EntryRow(
            number,
            "",
            "",
            frozenset(),
            kind=EntryKind.SEPARATE,
            rank=rank,
            line=known.get(number, "") if known.get(number) in there else "",
        )
        for rank, number in separate
    ]
    return {row.nomination_id: row.line for row in lined(plan.separate, rows)}


def _row_problems(entries: Sequence[Entry], pool: set[int]) -> Iterable[FieldProblem]:
    seen: set[int] = set()
    for row, (nomination_id, kind, _rank) in enumerate(entries, start=1):
        if kind not in EntryKind.values:
            yield EntryKindUnknown("entries", row=row)
        if nomination_id in seen:
            yield EntryTwice("entries", row=row)
        elif nomination_id not in pool:
            yield EntryNotInPool("entries", row=row)
        seen.add(nomination_id)


def _rank_problems(entries: Sequence[Entry]) -> Iterable[FieldProblem]:
    for kind in EntryKind:
        rows = sorted(
            (rank, row) for row, (_pk, of_kind, rank) in enumerate(entries, start=1) if of_kind == kind
        )
        for place, (rank, row) in enumerate(rows, start=1):
            if rank == place:
                continue
            twice = place > 1 and rows[place - 2][0] == rank
            yield (
                RankTwice("entries", row=row, kind=kind, rank=rank)
                if twice
                else RankGap("entries", row=row, kind=kind, rank=rank, expected=place)
            )
            break


class Placed(NamedTuple):
    """Where a nomination stands on a slate."""

    kind: EntryKind
    rank: int
    line: str = ""


def _replace(slate: Slate, before: Sequence[SlateEntry], wanted: Mapping[int, Placed]) -> None:
    """Bring the entries to what is wanted, in a number of statements that does not grow with them."""
    leaving = [entry.pk for entry in before if entry.nomination_id not in wanted]
    staying = [entry for entry in before if entry.nomination_id in wanted]
    # What an objection points at stays on record; a draft that nobody else has seen does not.
    SlateEntry.objects.filter(pk__in=leaving, objections=None).delete()
    SlateEntry.objects.filter(pk__in=leaving).update(removed_at=clock.now())
    if any((entry.kind, entry.rank, entry.line) != wanted[entry.nomination_id] for entry in staying):
        SlateEntry.objects.filter(slate=slate, removed_at=None).update(rank=F("rank") + _ASIDE)
        for entry in staying:
            entry.kind, entry.rank, entry.line = wanted[entry.nomination_id]
        SlateEntry.objects.bulk_update(staying, ["kind", "rank", "line"])
    known = {entry.nomination_id for entry in staying}
    SlateEntry.objects.bulk_create(
        SlateEntry(slate=slate, nomination_id=nomination_id, **placed._asdict())
        for nomination_id, placed in wanted.items()
        if nomination_id not in known
    )


@transaction.atomic
def submit(
    *, slate_id: int, version: int, actor: User, unreviewed: str = "", approval: Approval | None = None
) -> Slate:
    """Hand the slate to the leaders: COMPILING to SIGNING, and its regular entries take their places.

    `approval` is that of the advisory rules which it breaks (see `appraisal.slates.services.deviations.recorded`).

    `unreviewed` says which nominations at the desk the keeper has seen that they will not be on it (see
    `appraisal.slates.services.unreviewed`): UnreviewedAtDesk for others. Raises TooLate or WrongState out of the stage's time, RuleViolation with everything the gate finds.
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE, SlateAct.SUBMIT)
    slate = desk.slate
    _require_in_time(slate)
    require_apart(slate, actor)
    entries = _lock_entries(slate)
    conditions.require_met(slate)
    passed = gate.require(slate_id=slate.pk)
    kept = deviations.recorded(slate, passed.report, approval)
    left = require_known(slate, unreviewed)
    _commit(desk, entries)
    return lifecycle.move_slate(
        slate,
        SlateAct.SUBMIT,
        SlateState.SIGNING,
        actor=actor,
        after={**figures(entries), **left, **deviations.told(kept), "checks": checked(passed.report)},
        submitted_at=clock.now(),
        approval=kept,
    )


@transaction.atomic
def take_back(*, slate_id: int, version: int, actor: User) -> Slate:
    """Return the slate to compiling, unless somebody has signed in this pass (AlreadySigned).

    Allowed even when the actor's own unit is on the slate: it decides nothing, and returns the slate to its keeper,
    who alone can take the unit off it.
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE, SlateAct.TAKE_BACK)
    signed = _signed(desk.slate)
    if signed:
        raise AlreadySigned(offices=tuple(signed))
    allotments.commit(allotment=desk.allotment, regular=0)
    return lifecycle.move_slate(desk.slate, SlateAct.TAKE_BACK, SlateState.COMPILING, actor=actor)


@transaction.atomic
def sign(*, slate_id: int, version: int, office: str, actor: User, signed: bool, text: str = "") -> Slate:
    """One office's leader signs the slate, or refuses it with a text; when all offices have signed it is SIGNED.

    Either office's refusal sends the slate back to be compiled, and the next submission begins a new pass. Raises
    SignsOwnSubmission for the keeper who submitted it, SignsTwice for a leader
    who has signed it for the other office, OfficeHasDecided when the office has signed in this pass.
    """
    if office not in Office.values:
        raise InvalidInput(OfficeUnknown("office"))
    desk = lock(slate_id)
    slate = desk.slate
    require(actor, SIGN_ACT[office], slate.body_id)
    require_round_open(slate)
    _require_same_list(slate, version)
    asked = set(offices(slate.round_award.award, slate.body))
    if office not in asked:
        raise InvalidInput(OfficeNotHere("office", office=Office(office)))
    done = _signed(slate)
    if office in done:
        raise OfficeHasDecided(office=Office(office))
    lifecycle.require_slate_step(slate, SlateAct.SIGN)
    _require_other_hands(slate, actor, done)
    require_apart(slate, actor)
    text = block(text) if signed else required_text(text, RefusalTextRequired("text"))
    if signed:
        deviations.require_covered(slate, gate.require(slate_id=slate.pk).report)
    SignOff.objects.create(
        slate=slate,
        office=Office(office),
        sign_pass=slate.sign_pass,
        signed=signed,
        text=text,
        actor=actor,
        at=clock.now(),
    )
    after: dict[str, object] = {"office": office}
    if not signed:
        return _back_to_compiling(desk, SlateAct.REFUSE, actor, reason=text, after=after)
    complete = asked <= {*done, office}
    return lifecycle.move_slate(
        slate,
        SlateAct.SIGN,
        SlateState.SIGNED if complete else SlateState.SIGNING,
        actor=actor,
        reason=text,
        after=after,
    )


@transaction.atomic
def reopen(*, slate_id: int, version: int, actor: User, reason: str) -> Slate:
    """Compile a signed or a finalised list again, with the reason on record; a notice that has ended does not count for it.

    Raises ObjectionOpen and RuleViolation(OwnUnitOnList).
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE, SlateAct.REOPEN)
    require_apart(desk.slate, actor)
    require_no_open_objection(desk.slate)
    reason = required_text(reason, ReasonRequired("reason"))
    return _back_to_compiling(desk, SlateAct.REOPEN, actor, reason=reason)


@transaction.atomic
def remove_entry(*, slate_id: int, version: int, nomination_id: int, actor: User, reason: str) -> Slate:
    """Take an entry off a signed slate, with the reason on record. Those behind it move up one rank.

    A broken share does not prevent this, since an entry must be able to leave; the next act on the slate runs the
    gate. Raises ObjectionOpen while its case is looked into.
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE)
    _require_changeable(desk.slate)
    require_apart(desk.slate, actor)
    require_no_open_objection(desk.slate, nomination_id)
    reason = required_text(reason, ReasonRequired("reason"))
    removed = slate_entries.remove_entry(
        desk.slate, desk.allotment, nomination_id, actor=actor, reason=reason
    )
    if removed is None:
        raise EntryGone
    return desk.slate


@transaction.atomic
def promote_reserve(*, slate_id: int, version: int, nomination_id: int, actor: User) -> Slate:
    """Move a reserve to the regular entries, at their end, into a place that fell vacant.

    It must be the first in the order of the round's setting (`succession`) that breaks no bound, nor takes one that is
    broken further from holding. Raises PlacesStayVacant where places stay vacant, RuleViolation with ReserveNotNext,
    ReserveNotOwn, or with what the promotion would break.
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE)
    _require_changeable(desk.slate)
    if desk.slate.round_award.round.reserve_policy == ReservePolicy.VACANT:
        raise PlacesStayVacant
    require_apart(desk.slate, actor)
    entries = _lock_entries(desk.slate)
    reserve = next((entry for entry in entries if entry.nomination_id == nomination_id), None)
    if reserve is None:
        raise EntryGone
    if reserve.kind != EntryKind.RESERVE:
        raise NotAReserve(kind=reserve.kind)
    standing_by = succession.of_slate(desk.slate)
    vacancy = standing_by.place_for(nomination_id)
    if vacancy is None:
        raise RuleViolation(*standing_by.reasons(nomination_id))
    regular = sum(1 for entry in entries if entry.kind == EntryKind.REGULAR) + 1
    SlateEntry.objects.filter(pk=reserve.pk).update(
        kind=EntryKind.REGULAR, rank=regular, fills=vacancy.entry_id
    )
    slate_entries.close_up(desk.slate, reserve)
    allotments.commit(allotment=desk.allotment, regular=regular)
    return lifecycle.touch_slate(
        desk.slate,
        SlateNote.PROMOTE_RESERVE.value,
        actor=actor,
        before={"nomination": nomination_id, "kind": reserve.kind, "rank": reserve.rank},
        after={
            "nomination": nomination_id,
            "kind": EntryKind.REGULAR.value,
            "rank": regular,
            **({"fills": vacancy.name} if vacancy.name else {}),
            "checks": checked(gate.report(slate_id=desk.slate.pk, explained=False)),
        },
    )


@transaction.atomic
def send_up(*, slate_id: int, version: int, actor: User, unreviewed: str = "") -> Release:
    """The slate goes to the body above, and the desk is cleared: entries go up, all others are passed over.

    `unreviewed` as in `submit`: here it is over with them.

    Reserves and separately listed entries go up with the regular ones. Raises ListIsFinal where
    the award ends here, ParentListGone when the slate above has left already,
    ObjectionOpen, RuleViolation(OwnUnitOnList) or with what the gate finds.
    """
    desk = begin(slate_id, version, actor, Act.KEEP_SLATE, SlateAct.SEND_UP, with_parent=True)
    slate = desk.slate
    parent = slate.body.parent
    if is_final(slate) or parent is None:
        raise ListIsFinal(award=slate.round_award.award.name, stage=slate.stage)
    _require_parent_waits(slate)
    _require_in_time(slate)
    require_apart(slate, actor)
    require_no_open_objection(slate)
    at_desk = lock_desk(slate)
    require_ownership_settled(slate)
    passed = gate.require(slate_id=slate.pk)
    deviations.require_covered(slate, passed.report)
    left = require_known(slate, unreviewed)
    going = {entry.nomination_id for entry in passed.rows}
    up = [nomination for nomination in at_desk if nomination.pk in going]
    rest = [nomination for nomination in at_desk if nomination.pk not in going]
    round_id = slate.round_award.round_id
    above = lifecycle.Place(
        stage=parent.stage,
        desk=parent,
        due_at=rounds.due_at(round_id=round_id, stage=parent.stage, body_id=parent.pk),
    )
    lifecycle.move_nominations(
        up, NominationAct.SEND_UP, NominationState.IN_REVIEW, actor=actor, body=slate.body, place=above
    )
    pass_over(rest, slate, actor)
    slate_entries.freeze(slate, passed.rows)
    lifecycle.move_slate(
        slate,
        SlateAct.SEND_UP,
        SlateState.SENT_UP,
        actor=actor,
        after={**figures(passed.rows), **left, "checks": checked(passed.report)},
        sent_up_at=clock.now(),
        frozen_plan=frozen(passed.plan),
    )
    return Release(up=_numbers(up), closed=_numbers(rest))


@transaction.atomic
def finalise(*, slate_id: int, version: int, actor: User, unreviewed: str = "") -> Slate:
    """Settle the final slate of an award where it ends: SETTLING to FINALISED. `unreviewed` as in `submit`.

    Those who finalise at the province, the slate keeper below it. At the province every regular entry and every
    reserve needs its expert score: RuleViolation ScoreMissing, together with what the gate finds.
    """
    desk = lock(slate_id)
    slate = desk.slate
    admit(slate, version, actor, final_act(slate), SlateAct.FINALISE)
    if not is_final(slate):
        raise ListIsNotFinal(award=slate.round_award.award.name, stage=slate.stage)
    require_no_open_objection(slate)
    require_apart(slate, actor)
    entries = _lock_entries(slate)
    require_ownership_settled(slate)
    passed = gate.require(slate_id=slate.pk, more=_score_violations(slate, entries))
    deviations.require_covered(slate, passed.report)
    left = require_known(slate, unreviewed)
    return lifecycle.move_slate(
        slate,
        SlateAct.FINALISE,
        SlateState.FINALISED,
        actor=actor,
        after={**figures(entries), **left, "checks": checked(passed.report)},
    )


def pass_over(nominations: Sequence[lifecycle.LockedStanding], slate: Slate, actor: User) -> None:
    """Close the locked nominations at a desk which its slate does not carry further: NOT_SELECTED."""
    lifecycle.move_nominations(
        nominations, NominationAct.PASS_OVER, NominationState.NOT_SELECTED, actor=actor, body=slate.body
    )


def lock_desk(slate: Slate) -> list[lifecycle.LockedStanding]:
    """Everything that this slate decides on (`unreviewed.decided_by`), locked by number."""
    pks = Nomination.objects.filter(decided_by(slate), status__in=AT_DESK_STATES).values_list("pk", flat=True)
    # One that was declined or withdrawn before we had its lock is no longer ours to close.
    return [
        nomination
        for nomination in lifecycle.lock_nominations(pks)
        if nomination.status in AT_DESK_STATES
        and nomination.desk is not None
        and nomination.desk.path.startswith(slate.body.path)
    ]


def _lock_entries(slate: Slate) -> list[SlateEntry]:
    """The slate's entries, their nominations locked by number, so that none of them moves until we are done."""
    entries = entries_of(slate)
    lifecycle.lock_nominations(entry.nomination_id for entry in entries)
    return entries


def _commit(desk: LockedSlate, entries: Iterable[SlateEntry]) -> None:
    regular = sum(1 for entry in entries if entry.kind == EntryKind.REGULAR)
    allotments.commit(allotment=desk.allotment, regular=regular)


def _back_to_compiling(
    desk: LockedSlate, act: SlateAct, actor: User, *, reason: str, after: dict[str, object] | None = None
) -> Slate:
    """The slate is open again, holds no places, and its next submission begins a new signing pass."""
    allotments.commit(allotment=desk.allotment, regular=0)
    return lifecycle.move_slate(
        desk.slate,
        act,
        SlateState.COMPILING,
        actor=actor,
        reason=reason,
        after=after,
        sign_pass=desk.slate.sign_pass + 1,
    )


def _signed(slate: Slate) -> dict[str, int]:
    """The offices that have decided in this pass, and who decided for them."""
    return dict(
        SignOff.objects.filter(slate=slate, sign_pass=slate.sign_pass).values_list("office", "actor_id")
    )


def _require_same_list(slate: Slate, version: int) -> None:
    """The other office may sign while the form is open: the slate is the same. Anything else makes the form stale."""
    since = slate.version - version
    acts = (
        LedgerEntry.objects.filter(stream=lifecycle.slate_stream(slate.pk))
        # Who has it in hand changes nothing about the slate, and raises no version.
        .exclude(act=SlateNote.TAKE_OVER)
        .order_by("-seq")
        .values_list("act", flat=True)
    )
    if since < 0 or any(act != SlateAct.SIGN for act in acts[:since]):
        lifecycle.require_version(slate, version)


def _require_other_hands(slate: Slate, actor: User, done: Mapping[str, int]) -> None:
    """Raise NotPermitted for the person who submitted the slate, and for one who has signed it for the other office."""
    submitter = (
        LedgerEntry.objects.filter(stream=lifecycle.slate_stream(slate.pk), act=SlateAct.SUBMIT.value)
        .order_by("-seq")
        .values_list("actor_id", flat=True)
        .first()
    )
    if submitter == actor.pk:
        raise SignsOwnSubmission
    if actor.pk in done.values():
        raise SignsTwice


def _require_changeable(slate: Slate) -> None:
    if slate.state not in CHANGEABLE_STATES:
        raise ListNotChangeable(state=slate.state)


def _require_in_time(slate: Slate) -> None:
    """The stage's deadline is when the slate must have left; both ends of its way are held to it."""
    rounds.require_in_time(round_id=slate.round_award.round_id, stage=slate.stage, body_id=slate.body_id)


def _require_parent_waits(slate: Slate) -> None:
    """The parent's allotment is locked, so its slate cannot leave while ours arrives."""
    gone = Slate.objects.filter(
        round_award=slate.round_award_id, body=slate.body.parent_id, state__in=routes.GONE_STATES
    )
    if gone.exists():
        raise ParentListGone(body=str(slate.body.parent))


def _score_violations(slate: Slate, entries: Iterable[SlateEntry]) -> list[Reason]:
    if slate.stage != Stage.PROVINCE:
        return []
    scored_kinds = (EntryKind.REGULAR, EntryKind.RESERVE)
    missing = Nomination.objects.filter(
        pk__in=[entry.nomination_id for entry in entries if entry.kind in scored_kinds], score=None
    ).order_by("number")
    names = tuple(f"{number} {name}" for number, name in missing.values_list("number", "nominee_name"))
    return [ScoreMissing(entries=names, number=len(names))] if names else []


def _numbers(nominations: Iterable[lifecycle.LockedStanding]) -> tuple[int, ...]:
    return tuple(nomination.pk for nomination in nominations)
