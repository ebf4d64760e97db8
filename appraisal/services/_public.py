"""What the public reads of a list: a whitelisted projection, never the application itself."""

import re
from collections.abc import Iterable

from appraisal.models import Slate, SlateEntry
from appraisal.services.reviews import offices
from appraisal.states import EntryKind
from quotas import text
from quotas.models import Award
from quotas.services import organs
from quotas.services.organs import Issuer
from quotas.states import NomineeKind

Row = dict[str, str | int]

ORDER_OF_KINDS = (EntryKind.REGULAR, EntryKind.SEPARATE, EntryKind.RESERVE)

_LONG_NUMBER = re.compile(r"\d(?:[-\s]?\d){7,}[Xx]?")
"""Eight digits and more: a telephone or identity number that somebody typed beside a name."""
_MASK = "********"


def projection(entries: Iterable[SlateEntry], award: Award) -> list[Row]:
    """The rows of a notice or a naming decision: enough to tell people of the same name apart, and no more.

    Rank, category, nominee, kind of nominee, unit, recommending body; of a person also gender and position.
    The entries need `nomination__employer` and `nomination__body`.
    """
    ordered = sorted(entries, key=lambda entry: (ORDER_OF_KINDS.index(EntryKind(entry.kind)), entry.rank))
    return [_row(entry, award) for entry in ordered]


def issuers(slate: Slate) -> list[Issuer]:
    """The organs of the body that issue a paper on the list: those that review and sign it. Reads two rows."""
    return organs.issuing(body=slate.body, offices=offices(slate.round_award.award, slate.body))


def search_text(title: str, issued_by: Iterable[Issuer], rows: Iterable[Row], *more: str) -> str:
    """What a published paper is found by: only what stands on it, so that what is masked is not found either."""
    names = ("nominee", "unit", "body")
    parts = [title, *more, *(issuer["name"] for issuer in issued_by)]
    parts += [str(row.get(name, "")) for row in rows for name in names]
    return "\n".join(dict.fromkeys(text.compact(part) for part in parts))


def _row(entry: SlateEntry, award: Award) -> Row:
    nomination = entry.nomination
    row: Row = {
        "rank": entry.rank,
        "category": str(entry.kind),
        "nominee": _public(nomination.nominee_name),
        "nominee_kind": str(award.nominee_kind),
        "unit": _public(nomination.employer.name),
        "body": nomination.body.name,
    }
    if award.nominee_kind == NomineeKind.PERSON:
        row |= {"gender": str(nomination.gender), "position": _public(nomination.position)}
    return row


def _public(text: str) -> str:
    return _LONG_NUMBER.sub(_MASK, text)
