"""The honours register 荣誉库: what nominees were named for, and how a title is entered and revoked."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q

from appraisal.records.models import Honour, Naming, Nomination
from appraisal.records.services.chunks import in_chunks
from quotas.base import clock
from quotas.base.states import NomineeKind
from quotas.editions.services.conditions import HeldTitle
from quotas.tree.models import User


def enter(naming: Naming, named: Sequence[Nomination], actor: User) -> None:
    """Enter those whom a decision names, in its transaction. One statement for any number."""
    award, now = naming.round_award.award, clock.now()
    Honour.objects.bulk_create(
        Honour(
            award=award,
            kind=award.nominee_kind,
            holder_key=nomination.nominee_key,
            holder=nomination.nominee_name,
            employer_id=nomination.employer_id,
            document_number=naming.document_number,
            granted_on=naming.decided_on,
            nomination=nomination,
            entered_by=actor,
            entered_at=now,
        )
        for nomination in named
    )


def revoke(nomination: Nomination, reason: str) -> None:
    """The title of a nomination that was named and is disqualified now is borne no longer."""
    Honour.objects.borne().filter(nomination=nomination).update(
        revoked_on=clock.today(), revoked_for=reason[:_LONGEST_REASON]
    )


_LONGEST_REASON = Honour._meta.get_field("revoked_for").max_length or 0


def held_titles(nomination: Nomination) -> list[HeldTitle]:
    """What the nominee and its unit bear from other rounds, for the conditions of its award. One statement."""
    return held_by_many([nomination])[nomination.pk]


def held_by_many(nominations: Collection[Nomination]) -> dict[int, list[HeldTitle]]:
    """As `held_titles`, of many nominations of one round by their number. A statement for every CHUNK."""
    round_ids = {nomination.round_award.round_id for nomination in nominations}
    own: dict[str, list[HeldTitle]] = {}
    of_units: dict[int, list[tuple[str, HeldTitle]]] = {}
    for some in in_chunks(list(nominations)):
        of_some = Q(holder_key__in={nomination.nominee_key for nomination in some})
        of_some |= Q(employer__in={nomination.employer_id for nomination in some}, kind=NomineeKind.UNIT)
        found = Honour.objects.borne().filter(of_some).exclude(nomination__round_award__round__in=round_ids)
        for key, kind, employer_id, *facts in found.values_list("holder_key", "kind", "employer_id", *_FACTS):
            own.setdefault(key, []).append(_title(facts, own=True))
            if kind == NomineeKind.UNIT:
                of_units.setdefault(employer_id, []).append((key, _title(facts, own=False)))
    return {
        nomination.pk: [
            *own.get(nomination.nominee_key, ()),
            *(
                title
                for key, title in of_units.get(nomination.employer_id, ())
                if key != nomination.nominee_key
            ),
        ]
        for nomination in nominations
    }


def titles_of(keys: Collection[str]) -> dict[str, list[HeldTitle]]:
    """What holders bear, by their key. A statement for every CHUNK."""
    held: dict[str, list[HeldTitle]] = {}
    for some in in_chunks(keys):
        for key, *facts in (
            Honour.objects.borne().filter(holder_key__in=some).values_list("holder_key", *_FACTS)
        ):
            held.setdefault(key, []).append(_title(facts, own=True))
    return held


_FACTS = ("award__code", "granted_on", "document_number", "valid_until")


def _title(facts: Sequence[object], *, own: bool) -> HeldTitle:
    award, granted_on, document_number, until = facts
    return HeldTitle(
        str(award),
        granted_on if isinstance(granted_on, date) else date.max,
        str(document_number),
        own,
        until if isinstance(until, date) else None,
    )
