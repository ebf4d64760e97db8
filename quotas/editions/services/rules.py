"""The rules to which a slate is held: those of the edition that the round is pinned to, at a stage. Reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from quotas.arithmetic import shares
from quotas.base.states import Basis, KeptBy, RuleKind, Sense, Stage
from quotas.editions.label_words import label_word
from quotas.editions.models import ShareRule
from quotas.editions.services import fields
from quotas.editions.services.entries import OfAward
from quotas.selection.labels import (
    ROUTE,
    Label,
    predicate_of,
)
from quotas.selection.plan import Basis as BasisWord
from quotas.selection.plan import Rule, for_each, for_value

Previous = tuple[int, int]
"""How many of the previous round's entries a rule counts, and of how many: count and base."""

Below = Mapping[str, Sequence[tuple[Label, str]]]
"""The bodies below the one whose list is judged, by facet: the label of each and what it is called."""

FEWEST_BODIES = 2
"""A rule for each city or county asks nothing of a list under which there is but one: that is a rule of the whole."""


def counted_bodies(version_id: int) -> frozenset[str]:
    """The facets of bodies for each value of which the edition has a rule: entries are told apart by these.

    One statement; none for an edition that was asked before, since what a round is pinned to never changes. Nobody
    else bears such labels, or the pool of a province would fall into a hundred times as many kinds.
    """
    if version_id not in _counted_bodies:
        each = ShareRule.objects.filter(version=version_id, each__in=ROUTE).values_list("each", flat=True)
        _counted_bodies[version_id] = frozenset(each)
    return _counted_bodies[version_id]


_counted_bodies: dict[int, frozenset[str]] = {}


def forget() -> None:
    """Ask again for everything: after rows went away that no service takes away."""
    _counted_bodies.clear()


def of(*, round_award_id: int, stage: Stage | None) -> list[Rule]:
    """The rules which hold at this stage, or at any (None), in the order of the edition. One statement, asked every time.

    Without those for each body, which are of one list alone.
    """
    rows = list(
        ShareRule.objects.filter(version__rounds=round_award_id)
        .annotate(
            nominee_kind=F("version__award__nominee_kind"),
            final_stage=F("version__award__final_stage"),
            previous_count=F("version__rounds__previous_count"),
            previous_base=F("version__rounds__previous_base"),
        )
        .order_by("pk")
    )
    if not rows:
        return []
    first: Any = rows[0]
    return in_force(rows, stage=stage, award=first, previous=previous_of(first))


def in_force(
    rows: Iterable[ShareRule],
    *,
    stage: str | None,
    award: "OfAward",
    previous: Previous | None,
    below: Below | None = None,
) -> list[Rule]:
    """
    Those rules of an edition that hold at a stage, or at any (None), as the arithmetic takes them; one for each value of a facet as so many.

    What is asked of the awarded ones is asked at the stage that gives the award only. A rule above the previous
    round whose figures nobody has stated yet is left out: it asks nothing that could be counted, and no round opens
    with one (`rounds.missing`). One for each city or county holds over those `below` the body of the list, where there
    are several.
    """
    return [
        rule
        for row in rows
        if (stage is None or not row.stages or stage in row.stages)
        and (row.basis != Basis.AWARDED or stage in (None, award.final_stage))
        and (row.kind != RuleKind.ABOVE or previous is not None)
        for rule in _each(row, as_rule(row, previous), award, below or {})
    ]


def _each(row: ShareRule, rule: Rule, award: "OfAward", below: Below) -> Iterator[Rule]:
    if not row.each:
        yield rule
        return
    # It is kept with lists that leave, as the name of the rule is: both stand in the language of the source.
    with override(settings.LANGUAGE_CODE):
        if row.each in ROUTE:
            there = below.get(row.each, ())
            named = [(name, for_value(rule, one)) for one, name in there if len(there) >= FEWEST_BODIES]
        else:
            domain = fields.domain_of(row.version_id, award.nominee_kind)
            named = [(label_word(one), each) for one, each in for_each(rule, row.each, domain)]
        for value, one in named:
            yield replace(one, label=_("%(rule)s（%(value)s）") % {"rule": rule.label, "value": value})


def row_code(code: str) -> str:
    """The code of the row that a rule came from, whichever value it is for."""
    return code.partition(".")[0]


def previous_of(round_award: Any) -> Previous | None:
    """The figures of the previous round that a `RoundAward` carries; None while nobody has stated them."""
    if round_award.previous_count is None or round_award.previous_base is None:
        return None
    return round_award.previous_count, round_award.previous_base


def as_rule(row: ShareRule, previous: Previous | None = None) -> Rule:
    """
    A stored rule as the arithmetic takes it.

    A rule above the previous round takes its figures from there. Raises ValueError for figures that make no sense,
    and for such a rule without them.
    """
    numerator, denominator = row.numerator, row.denominator
    if row.kind == RuleKind.ABOVE:
        if previous is None:
            raise ValueError("a rule above the previous round needs the figures of that round")
        numerator, denominator = previous
    return Rule(
        code=row.code,
        label=row.label,
        counted=predicate_of(row.counted),
        base=predicate_of(row.base),
        sense="min" if row.sense == Sense.MIN else "max",
        kind=_KINDS[row.kind],
        numerator=numerator,
        denominator=denominator,
        clause=row.clause,
        basis=_BASES[row.basis],
        advisory=row.advisory,
        in_parts=row.kept == KeptBy.PARTS,
    )


_KINDS: Mapping[RuleKind, shares.Kind] = {
    RuleKind.SHARE: "share",
    RuleKind.COUNT: "count",
    RuleKind.ABOVE: "above",
}

_BASES: Mapping[Basis, BasisWord] = {
    Basis.LISTED: "listed",
    Basis.ALLOTTED: "allotted",
    Basis.AWARDED: "awarded",
}
