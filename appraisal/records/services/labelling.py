"""The labels of a nomination, from what it carries: the one place that puts them together.

`appraisal.records.facets` knows what each of them comes from.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from appraisal.records import facets
from appraisal.records.facets import Classified
from appraisal.records.models import Honour, Nomination
from quotas.base.states import NomineeKind
from quotas.bodies.services import names
from quotas.editions.services import fields, rules
from quotas.rounds.models import RoundAward
from quotas.selection.labels import Entry
from quotas.tree.models import Body


def carried(nomination: Nomination) -> Entry:
    """What the nomination counts as by its columns and answers, with `body` and `round_award__award` loaded.

    No statement for an edition that was asked before, two otherwise.
    """
    award = nomination.round_award
    known = facets.of_unit(nomination, award.award.nominee_kind)
    known |= of_route(award, nomination.body) | facets.of_history(nomination.held.split())
    return facets.labels_of(fields.of(award.rule_version_id), nomination.answers, known)


def of_today(nomination: Nomination, unit: Classified, held: Iterable[str]) -> Entry:
    """What it would count as with the unit as it is classified now, and with what was `held` until now."""
    award = nomination.round_award
    known = facets.of_unit(unit, award.award.nominee_kind)
    known |= of_route(award, nomination.body) | facets.of_history(held)
    return facets.labels_of(fields.of(award.rule_version_id), nomination.answers, known)


def of_route(round_award: RoundAward, body: Body) -> Entry:
    """The city and the county on the way up from the body, where the edition has rules for each of them."""
    counted = rules.counted_bodies(round_award.rule_version_id)
    return frozenset(one for facet, one in names.of_route(body.path, body.level).items() if facet in counted)


def held_by(nomination: Nomination) -> list[str]:
    """The awards that the nominee, or its unit, bears by the honours register, but for this round's, by code. One statement.

    A team or a person holds what its unit was named for as well: an award is for units or for persons, never for both.
    """
    found = Honour.objects.borne().of_nominee(nomination.nominee_key, nomination.employer_id)
    codes = found.exclude(nomination__round_award__round=nomination.round_award.round_id).values_list(
        "award__code", flat=True
    )
    return sorted(set(codes))


class _Title(NamedTuple):
    """An award that was given: in which round (None: outside of this system), when, and whether it is still borne."""

    code: str
    round_id: int | None
    decided_at: datetime
    borne: bool


class History:
    """Every award that was ever given, against what many nominations say that they held. One statement."""

    def __init__(self) -> None:
        self._by_nominee: dict[str, list[_Title]] = {}
        self._by_unit: dict[int, list[_Title]] = {}
        for key, unit, kind, revoked_on, code, round_id, entered_at in Honour.objects.values_list(
            "holder_key",
            "employer_id",
            "kind",
            "revoked_on",
            "award__code",
            "nomination__round_award__round_id",
            "entered_at",
        ):
            told = _Title(code, round_id, entered_at, revoked_on is None)
            self._by_nominee.setdefault(key, []).append(told)
            if kind == NomineeKind.UNIT:
                self._by_unit.setdefault(unit, []).append(told)

    def ever(self, nomination: Nomination) -> frozenset[str]:
        """What the nominee or its unit was ever named for in other rounds."""
        return frozenset(title.code for title in self._titles(nomination))

    def when_submitted(self, nomination: Nomination) -> frozenset[str]:
        """What of it was decided before the nomination was handed in, and is borne to this day."""
        at = nomination.submitted_at
        return frozenset(
            title.code for title in self._titles(nomination) if title.borne and at and title.decided_at < at
        )

    def _titles(self, nomination: Nomination) -> Iterator[_Title]:
        this = nomination.round_award.round_id
        own = self._by_nominee.get(nomination.nominee_key, ())
        for title in (*own, *self._by_unit.get(nomination.employer_id, ())):
            if title.round_id != this:
                yield title
