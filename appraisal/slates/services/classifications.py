"""What counts of an entry whose unit was verified anew after it had handed in: as it was, or as it is now.

A later verification flags a nomination and never rewrites it (`employers.verify_ownership`). Before the slate on which
it stands goes further its keeper says what counts, with the reason on the slate's ledger.
"""

from django.db import transaction

from appraisal.gate.services import admissions, gate
from appraisal.gate.services.gate import LEFT_STATES
from appraisal.gate.services.slate_desk import begin, checked, flagged, require_apart
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.services import lifecycle
from appraisal.records.states import SlateNote
from appraisal.slates.refusals import EntryGone, ListNotChangeable, OwnershipNotChanged
from quotas.base.refusals import ReasonRequired
from quotas.base.text import required_text
from quotas.tree.models import User
from quotas.tree.permissions import Act

_MOST_REASON = 200
_CLASSIFIED = ("frozen_control", "sector", "industry", "size", "non_public", "ownership_verified", "labels")


def waiting(slate: Slate) -> list[Nomination]:
    """The flagged entries of a slate that has not left, with their units; one statement. Empty once it has left."""
    return [] if slate.state in LEFT_STATES else flagged(slate)


@transaction.atomic
def affirm(
    *, slate_id: int, version: int, nomination_id: int, unit_version: int, actor: User, reason: str
) -> Slate:
    """The nomination counts as it was handed in, with the reason on record; another verification asks again.

    `unit_version` is the version of the unit as the page showed it: of a verification that nobody has looked at nothing
    is decided. By the slate's keeper, until the slate has left. Raises NotPermitted, Conflict (Stale, EntryGone), WrongState
    (ListNotChangeable, OwnershipNotChanged, RoundNotOpen), InvalidInput(ReasonRequired),
    RuleViolation(OwnUnitOnList).
    """
    return _settle(slate_id, version, nomination_id, unit_version, actor, reason, SlateNote.AFFIRM_OWNERSHIP)


@transaction.atomic
def adopt(
    *, slate_id: int, version: int, nomination_id: int, unit_version: int, actor: User, reason: str
) -> Slate:
    """The nomination counts as its unit is verified now, and the gate counts the slate anew.

    Nothing is refused for a share here: the next act on the slate is held to it. Raises as `affirm`.
    """
    return _settle(slate_id, version, nomination_id, unit_version, actor, reason, SlateNote.TAKE_OWNERSHIP)


def _settle(
    slate_id: int,
    version: int,
    nomination_id: int,
    unit_version: int,
    actor: User,
    reason: str,
    act: SlateNote,
) -> Slate:
    slate = begin(slate_id, version, actor, Act.KEEP_SLATE).slate
    if slate.state in LEFT_STATES:
        raise ListNotChangeable(state=slate.state)
    require_apart(slate, actor)
    reason = required_text(reason, ReasonRequired("reason"))[:_MOST_REASON]
    if not SlateEntry.objects.filter(slate=slate, nomination=nomination_id, removed_at=None).exists():
        raise EntryGone
    employer = lifecycle.lock_employer(
        Nomination.objects.values_list("employer_id", flat=True).get(pk=nomination_id)
    )
    lifecycle.require_version(employer, unit_version)
    nomination = lifecycle.lock_nomination(nomination_id)
    if not nomination.ownership_changed:
        raise OwnershipNotChanged(entry=str(nomination))
    before = _told(nomination)
    if act == SlateNote.AFFIRM_OWNERSHIP:
        nomination.ownership_affirmed = reason
    else:
        for name, value in admissions.classified(nomination, employer, nomination.held.split()).items():
            setattr(nomination, name, value)
        nomination.ownership_affirmed = ""
    nomination.version += 1
    nomination.save(update_fields=[*_CLASSIFIED, "ownership_changed", "ownership_affirmed", "version"])
    return lifecycle.touch_slate(
        slate,
        act.value,
        actor=actor,
        before=before,
        after={
            **_told(nomination),
            "checks": checked(gate.report(slate_id=slate.pk, explained=False)),
        },
        reason=reason,
    )


def _told(nomination: Nomination) -> dict[str, object]:
    return {
        "nomination": nomination.pk,
        "non_public": nomination.non_public,
        "frozen_control": str(nomination.frozen_control),
    }
