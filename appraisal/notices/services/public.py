"""What the public reads of a list: a whitelisted projection, never the application itself."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import override

from appraisal.records.models import Slate, SlateEntry
from appraisal.records.services.offices import offices
from appraisal.records.states import EntryKind
from appraisal.workbooks.columns import LANGUAGE
from quotas.base import text
from quotas.base.states import NomineeKind
from quotas.base.text import half_width
from quotas.bodies.services import organs
from quotas.bodies.services.organs import Issuer
from quotas.editions.asked import AskedField, shown
from quotas.editions.models import Award
from quotas.editions.services import fields as edition_fields
from quotas.rounds.models import RoundAward

Row = dict[str, str | int | list[list[str]]]

ORDER_OF_KINDS = (EntryKind.REGULAR, EntryKind.SEPARATE, EntryKind.RESERVE)

_MASK = "********"
_GAP = r"[\s\-\u2010-\u2015\u2212.·・_/()]{0,3}"
"""What people put between digits; widths are one already."""
_DAY = rf"(?:1[89]|20){_GAP}\d{_GAP}\d{_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2]){_GAP}(?:[0-2]{_GAP}\d|3{_GAP}[01])"
_SHAPES = re.compile(
    "|".join(
        (
            # an e-mail address
            r"[A-Za-z0-9._%+-]+\s*@\s*[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
            # the number of an identity card, by the day of birth within
            rf"(?<!\d)[1-9](?:{_GAP}\d){{5}}{_GAP}{_DAY}(?:{_GAP}\d){{3}}{_GAP}[\dXx](?![\dA-Za-z])",
            # a mobile telephone
            rf"(?<!\d)(?:(?:\+|00)?{_GAP}86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)",
            # a bank card
            rf"(?<![\dA-Za-z])[3-6](?:{_GAP}\d){{15,18}}(?![\dA-Za-z])",
            # a telephone with the number of its area
            rf"(?<!\d)\(?0{_GAP}[1-9]{_GAP}\d(?:{_GAP}\d)?{_GAP}[2-8](?:{_GAP}\d){{6,7}}(?!\d)",
            # one without: eight digits that are neither two years nor a day
            rf"(?<!\d)(?!(?:19|20)\d\d{_GAP}(?:(?:19|20)\d\d|[01]\d[0-3]\d))[2-8]\d{{3}}{_GAP}\d{{4}}(?!\d)",
        )
    )
)


class Masked(NamedTuple):
    """What of an entry the public will not read: as it was typed, and as it is shown."""

    nominee: str
    typed: str
    shown: str


def projection(entries: Iterable[SlateEntry], round_award: RoundAward) -> list[Row]:
    """The rows of a notice or a naming decision: enough to tell people of the same name apart, and no more.

    Rank, category, nominee, kind of nominee, unit, recommending body; of a person also the position; and the fields that
    the edition lets stand on a notice. The entries need `nomination__employer` and `nomination__body`.
    """
    fields = _public_fields(round_award)
    with override(LANGUAGE):
        return [_row(entry, round_award.award, fields) for entry in _ordered(entries)]


def _public_fields(round_award: RoundAward) -> list[AskedField]:
    return [field for field in edition_fields.of(round_award.rule_version_id) if field.public]


def masked(entries: Iterable[SlateEntry], round_award: RoundAward) -> list[Masked]:
    """Where the projection masks something, in its order: the keeper looks at it before it is published."""
    fields = _public_fields(round_award)
    return [
        Masked(public(entry.nomination.nominee_name), typed, public(typed))
        for entry in _ordered(entries)
        for typed in _texts(entry, round_award.award, fields)
        if public(typed) != typed
    ]


def public(text: str) -> str:
    """The text without telephones, e-mail addresses, identity and bank cards, however their digits are set apart.

    Known shapes only: years, days, numbers of teams and workshops stay.
    """
    shown, last = [], 0
    for found in _SHAPES.finditer(half_width(text)):
        shown += [text[last : found.start()], _MASK]
        last = found.end()
    return "".join([*shown, text[last:]])


def _ordered(entries: Iterable[SlateEntry]) -> list[SlateEntry]:
    return sorted(entries, key=lambda entry: (ORDER_OF_KINDS.index(EntryKind(entry.kind)), entry.rank))


def _texts(entry: SlateEntry, award: Award, fields: Iterable[AskedField]) -> tuple[str, ...]:
    nomination = entry.nomination
    answers = (shown(field, nomination.answers.get(field.key)) for field in fields)
    texts = (nomination.nominee_name, nomination.employer.name, *answers)
    return (*texts, nomination.position) if award.nominee_kind == NomineeKind.PERSON else texts


def issuers(slate: Slate) -> list[Issuer]:
    """The organs of the body that issue a paper on the slate: those that review and sign it. Reads two rows."""
    return organs.issuing(body=slate.body, offices=offices(slate.round_award.award, slate.body))


def search_text(title: str, issued_by: Iterable[Issuer], rows: Iterable[Row], *more: str) -> str:
    """What a published paper is found by: only what stands on it, so that what is masked is not found either."""
    names = ("nominee", "unit", "body")
    parts = [title, *more, *(issuer["name"] for issuer in issued_by)]
    parts += [str(row.get(name, "")) for row in rows for name in names]
    return "\n".join(dict.fromkeys(text.compact(part) for part in parts))


def _row(entry: SlateEntry, award: Award, fields: Iterable[AskedField]) -> Row:
    nomination = entry.nomination
    row: Row = {
        "rank": entry.rank,
        "category": str(entry.kind),
        "nominee": public(nomination.nominee_name),
        "nominee_kind": str(award.nominee_kind),
        "unit": public(nomination.unit),
        "body": nomination.body.name,
    }
    if award.nominee_kind == NomineeKind.PERSON:
        row |= {"position": public(nomination.position)}
    # Pairs, not an object: a database may keep the keys of an object in an order of its own.
    told = [[field.label, public(shown(field, nomination.answers.get(field.key)))] for field in fields]
    return {**row, "told": told} if told else row
