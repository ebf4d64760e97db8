"""Slots 分类名额 of a body: what of them makes no sense by itself, and what does not fit its places.

`quotas.selection.plan.Slot` says what a slot is. Nothing is written here; `allotments` writes them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from quotas.base import text
from quotas.base.errors import FieldProblem, Reason
from quotas.editions.models import Award
from quotas.editions.services import fields
from quotas.editions.services.faults import predicate_faults
from quotas.editions.wording import PredicateWord
from quotas.rounds.models import RoundAward
from quotas.rounds.refusals import (
    SlotCircular,
    SlotForNobody,
    SlotNameRequired,
    SlotNameTwice,
    SlotOverfull,
    SlotsExceedPlaces,
    SlotsTooMany,
    SlotWithinGone,
    SlotWithoutKind,
)
from quotas.selection.labels import EVERY, Domain, Predicate, facet_of, kinds
from quotas.selection.plan import WHOLE_LIST, Slot
from quotas.tree.models import Body

MOST = 10
"""Slots of one body at most: the bounds on a list are one for each set of them."""


def faults(slots: Sequence[Slot], round_award: RoundAward) -> Iterator[FieldProblem]:
    """Everything that makes slots senseless, whatever the places: each at its field, "slot_KEY_name"."""
    if len(slots) > MOST:
        yield SlotsTooMany(_field(slots[MOST], "name"), number=len(slots), most=MOST)
        return
    domain = fields.domain_of(round_award.rule_version_id, round_award.award.nominee_kind)
    by_key = {slot.key: slot for slot in slots}
    names = Counter(slot.name for slot in slots)
    for slot in slots:
        if text.is_blank(slot.name):
            yield SlotNameRequired(_field(slot, "name"))
        elif names[slot.name] > 1:
            yield SlotNameTwice(_field(slot, "name"), name=slot.name)
        wrong: list[FieldProblem] = list(predicate_faults(_field(slot, "kind"), slot.kind, domain))
        if not slot.kind.conditions:
            wrong.append(SlotWithoutKind(_field(slot, "kind"), name=slot.name))
        yield from wrong
        if slot.within not in {"", WHOLE_LIST, *by_key}:
            yield SlotWithinGone(_field(slot, "within"), name=slot.name)
        elif _circular(slot, by_key):
            yield SlotCircular(_field(slot, "within"), name=slot.name)
        elif not wrong and not _can_be_borne(around(slot, by_key), domain):
            yield SlotForNobody(
                _field(slot, "kind"),
                name=slot.name,
                kind=PredicateWord(around(slot, by_key)),
                award=round_award.award.name,
            )


def violations(body: Body, award: Award, places: int, slots: Sequence[Slot]) -> Iterator[Reason]:
    """Slots that exclude one another are at most all places; those within another slot are at most its own."""
    by_key = {slot.key: slot for slot in slots}
    inside: Counter[str] = Counter()
    for slot in slots:
        if slot.within == WHOLE_LIST and slot.places > places:
            yield SlotsExceedPlaces(body=body.short_name, award=award.name, places=places, slots=slot.places)
        inside[slot.within] += slot.places
    if inside[""] > places:
        yield SlotsExceedPlaces(body=body.short_name, award=award.name, places=places, slots=inside[""])
    for key, number in inside.items():
        if key in by_key and number > by_key[key].places:
            yield SlotOverfull(
                body=body.short_name,
                award=award.name,
                name=by_key[key].name,
                places=by_key[key].places,
                inside=number,
            )


def around(slot: Slot, by_key: Mapping[str, Slot]) -> Predicate:
    """What an entry in the slot must be: what the slot asks, and what those around it do."""
    kind = slot.kind
    while slot.within in by_key:
        slot = by_key[slot.within]
        kind = slot.kind & kind
    return kind


def _circular(slot: Slot, by_key: Mapping[str, Slot]) -> bool:
    passed = set()
    while slot.within in by_key and slot.key not in passed:
        passed.add(slot.key)
        slot = by_key[slot.within]
    return slot.key in passed


def _can_be_borne(kind: Predicate, domain: Domain) -> bool:
    return kind == EVERY or any(map(kind.holds, kinds(domain, set(map(facet_of, kind.labels)))))


def _field(slot: Slot, name: str) -> str:
    return f"slot_{slot.key}_{name}"
