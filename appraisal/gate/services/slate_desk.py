"""What every act on a slate begins with: its locks in the house's order, the permission, the stale form, the step."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import override

from appraisal.gate.refusals import ObjectionOpen, OwnershipUnsettled, OwnUnitOnList
from appraisal.gate.services.gate import GateReport
from appraisal.gate.wording import clause_of, name_of
from appraisal.records.models import Nomination, Objection, Slate, SlateEntry
from appraisal.records.permissions import require
from appraisal.records.services import lifecycle
from appraisal.records.states import EntryKind, Finding, SlateAct
from quotas.base.errors import RuleViolation
from quotas.base.states import RoundState, Stage
from quotas.rounds.models import Allotment
from quotas.rounds.refusals import RoundNotOpen
from quotas.rounds.services import allotments
from quotas.selection.judge import EntryRow
from quotas.tree.models import User
from quotas.tree.permissions import Act


@dataclass(frozen=True)
class LockedSlate:
    """A slate, and the locked allotment that it counts against."""

    slate: Slate
    allotment: Allotment


def lock(slate_id: int, *, with_parent: bool = False) -> LockedSlate:
    """Lock the body's allotment (and the parent's, by number) and read the slate.

    The allotment's row is what everything on its slate waits for. Raises Slate.DoesNotExist.
    """
    round_award_id, body_id, parent_id = Slate.objects.values_list(
        "round_award_id", "body_id", "body__parent_id"
    ).get(pk=slate_id)
    bodies = [body_id, parent_id] if with_parent and parent_id else [body_id]
    locked = allotments.lock(round_award_id=round_award_id, body_ids=bodies)
    return LockedSlate(lifecycle.slate_under_lock(slate_id), locked[body_id])


def begin(
    slate_id: int,
    version: int,
    actor: User,
    act: Act,
    step: SlateAct | None = None,
    *,
    with_parent: bool = False,
) -> LockedSlate:
    """Lock, then `admit`. `act` is asked at the slate's own body."""
    desk = lock(slate_id, with_parent=with_parent)
    admit(desk.slate, version, actor, act, step)
    return desk


def admit(slate: Slate, version: int, actor: User, act: Act, step: SlateAct | None = None) -> None:
    """Check permission, version, state and that the round is open, on a locked slate.

    Raises NotPermitted, Stale, SlateStateForbids and RoundNotOpen.
    """
    require(actor, act, slate.body_id)
    lifecycle.require_version(slate, version)
    if step is not None:
        lifecycle.require_slate_step(slate, step)
    require_round_open(slate)


def require_round_open(slate: Slate) -> None:
    """Raise RoundNotOpen before the round was opened and after it was closed."""
    round_ = slate.round_award.round
    if round_.state != RoundState.OPEN:
        raise RoundNotOpen(round=round_.name, state=round_.state)


def is_final(slate: Slate) -> bool:
    """Whether the award is decided at this slate's body."""
    return bool(slate.stage == slate.round_award.award.final_stage)


def final_act(slate: Slate) -> Act:
    """The act that decides an award at its final body: finalising at the province, keeping the slate below it."""
    return Act.FINALISE_LIST if slate.stage == Stage.PROVINCE else Act.KEEP_SLATE


def entries_of(slate: Slate) -> list[SlateEntry]:
    """The entries which stand on the slate, by kind and rank."""
    return list(SlateEntry.objects.filter(slate=slate, removed_at=None).order_by("kind", "rank"))


def figures(entries: Iterable[SlateEntry | EntryRow]) -> dict[str, object]:
    """The number of entries of each kind, in the form that the ledger keeps."""
    counts = Counter(entry.kind for entry in entries)
    return {kind.value: counts[kind] for kind in EntryKind}


def checked(report: GateReport) -> list[dict[str, object]]:
    """What the gate counted for each rule, as the ledger keeps it: it explains the act when all has changed.

    The language is that of the office's records, regardless of the actor's.
    """
    with override(settings.LANGUAGE_CODE):
        return [
            {
                "code": check.code,
                "rule": name_of(check.bound),
                "sense": check.sense,
                "required": check.required,
                "base": check.base,
                "count": check.count,
                "margin": check.margin,
                "clause": clause_of(check.bound),
            }
            for check in report.checks
        ]


def require_no_open_objection(slate: Slate, nomination_id: int | None = None) -> None:
    """Raise ObjectionOpen while an objection is being looked into: the case is frozen meanwhile.

    Covers the whole slate, or only the given nomination. Names the nominees objected to, never the objectors.
    """
    objections = Objection.objects.filter(notice__slate=slate, finding=Finding.OPEN).order_by("pk")
    if nomination_id is not None:
        objections = objections.filter(entry__nomination=nomination_id)
    names = [
        f"{number} {name}"
        for number, name in objections.values_list(
            "entry__nomination__number", "entry__nomination__nominee_name"
        )
    ]
    if names:
        raise ObjectionOpen(entries=tuple(dict.fromkeys(names)), number=len(names))


def flagged(slate: Slate) -> list[Nomination]:
    """The entries whose unit was verified anew since, and nobody has said yet what counts. One statement."""
    return list(
        Nomination.objects.filter(
            entries__slate=slate,
            entries__removed_at=None,
            ownership_changed=True,
            ownership_affirmed="",
        )
        .select_related("employer")
        .order_by("number")
    )


def require_ownership_settled(slate: Slate) -> None:
    """Raise OwnershipUnsettled while an entry waits to be affirmed or taken over.

    The caller holds the nominations' locks, so that no verification comes in between.
    """
    waiting = flagged(slate)
    if waiting:
        raise OwnershipUnsettled(entries=tuple(str(each) for each in waiting), number=len(waiting))


def require_apart(slate: Slate, actor: User, besides: Iterable[int] = ()) -> None:
    """Raise RuleViolation(OwnUnitOnList): nobody decides on a slate that holds the actor's own unit.

    `besides` are nominations about to be put on it.
    """
    standing = SlateEntry.objects.filter(slate=slate, removed_at=None).values("nomination")
    concerned = Nomination.objects.filter(Q(pk__in=standing) | Q(pk__in=list(besides)))
    if concerned.filter(employer__posts__user=actor).exists():
        raise RuleViolation(OwnUnitOnList())
