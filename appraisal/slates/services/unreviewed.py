"""What lies unreviewed at a desk whose slate is handed in or leaves: it will not be on that slate, so it is asked for by name.

The pages show it and send the `digest` of what they showed; the services compare it under the lock of the places, which
whoever comes to the desk holds as well. Something that has come in meanwhile is asked for again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Q

from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import NominationState, SlateState
from appraisal.slates.refusals import UnreviewedAtDesk

MOST_NAMED = 10
"""The most that are asked for by name; beyond it, only the number is shown."""
UNREVIEWED_STATES = (NominationState.IN_REVIEW, NominationState.RETURNED)


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """The first of them, how many there are, and what a form sends to say that they were seen; "" for none."""

    first: tuple[Nomination, ...]
    number: int
    digest: str

    @property
    def names(self) -> tuple[str, ...]:
        """The first of them by number and name."""
        return tuple(map(str, self.first))


def decided_by(slate: Slate) -> Q:
    """What a slate decides on: what lies at its body, and what the body had returned, wherever that lies now.

    A nomination that was returned to be reviewed from the first desk again lies further down, at desks whose slates
    have left with it; when this slate leaves without it, there is nothing left for it to wait for.
    """
    sent_here = SlateEntry.objects.filter(
        slate__round_award=slate.round_award_id,
        slate__body__parent=slate.body_id,
        slate__state=SlateState.SENT_UP,
        removed_at=None,
    )
    here = Q(desk=slate.body_id)
    below = Q(pk__in=sent_here.values("nomination"), desk__path__startswith=slate.body.path)
    return Q(round_award=slate.round_award_id) & (here | below)


def of_slate(slate: Slate) -> Unreviewed:
    """What lies unreviewed at the desk of a slate, with its body loaded. One statement."""
    found = list(
        Nomination.objects.filter(decided_by(slate), status__in=UNREVIEWED_STATES)
        .only("number", "nominee_name")
        .order_by("number")
    )
    return Unreviewed(tuple(found[:MOST_NAMED]), len(found), _digest(each.pk for each in found))


def require_known(slate: Slate, known: str) -> dict[str, object]:
    """Raise UnreviewedAtDesk unless just these were shown; what the ledger tells of them, if there are any.

    The caller holds the lock of the slate's allotment: nothing comes to the desk meanwhile.
    """
    found = of_slate(slate)
    if found.digest != known and found.number:
        raise UnreviewedAtDesk(body=slate.body.name, number=found.number, entries=found.names)
    return {"unreviewed": found.number} if found.number else {}


def _digest(pks: Iterable[int]) -> str:
    joined = ",".join(map(str, sorted(pks)))
    return sha256(joined.encode()).hexdigest()[:16] if joined else ""
