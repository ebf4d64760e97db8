"""Conditions 申报条件 held against nominees: told before anything is filled in, refused on submission, asked again later.

The rule is `quotas.editions.services.conditions.unmet`; what a nominee was named for comes from the honours register.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from appraisal.gate.refusals import (
    ConditionUnmet,
    EntryUnfit,
    NumberOutside,
    TitleHeld,
    TitleHeldUntil,
    TitleNotHeld,
)
from appraisal.records import rules
from appraisal.records.models import Employer, Nomination, Slate, SlateEntry
from appraisal.records.services import titles
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import NomineeKind
from quotas.editions.label_words import LabelWord
from quotas.editions.services import conditions
from quotas.editions.services.conditions import HeldTitle, Unmet, condition_words
from quotas.editions.services.entries import ConditionEntry
from quotas.rounds.models import RoundAward
from quotas.selection.labels import HELD, label


class Told(NamedTuple):
    """What conditions say of a nominee: what refuses it, and what is only pointed out."""

    violations: tuple[ConditionUnmet, ...] = ()
    warnings: tuple[ConditionUnmet, ...] = ()


def checked(nomination: Nomination) -> list[tuple[ConditionEntry, ConditionUnmet | None]]:
    """Every condition of the nomination's edition, with what is wrong. No statement where there is none, one otherwise.

    A title of another round counts from the day of its decision, also one that was decided after the submission.
    """
    asked = conditions.of(nomination.round_award.rule_version_id)
    if not asked:
        return []
    held = titles.held_titles(nomination)
    wrong = {one.condition.code: _reason(one) for one in _unmet(nomination, asked, held)}
    return [(condition, wrong.get(condition.code)) for condition in asked]


def of_nomination(nomination: Nomination) -> Told:
    """What refuses the nomination and what is pointed out. Statements as `checked`."""
    return _told((condition, reason) for condition, reason in checked(nomination) if reason is not None)


def of_units(awards: Sequence[RoundAward], employer: Employer) -> Mapping[int, Told]:
    """
    What is known of a unit before it fills anything in, by number of the award's row. Two statements at most.

    Where the award is for teams or persons nobody is known yet, and nothing is said.
    """
    asked = conditions.of_many(award.rule_version_id for award in awards)
    if not any(asked.values()):
        return {}
    key = rules.nominee_key(
        NomineeKind.UNIT, credit_code=employer.credit_code, name=employer.name, identity_number=""
    )
    held = titles.titles_of([key]).get(key, [])
    return {
        award.pk: _told(
            (one.condition, _reason(one))
            for one in conditions.unmet(asked.get(award.rule_version_id, ()), held, {}, clock.today())
        )
        for award in awards
        if award.award.nominee_kind == NomineeKind.UNIT
    }


def require_met(slate: Slate) -> None:
    """
    Ask again for every entry of a slate: somebody may have been named elsewhere since. Four statements at most.

    Raises RuleViolation(EntryUnfit) for every entry that a condition refuses now.
    """
    asked = conditions.of(slate.round_award.rule_version_id)
    if not any(condition.refuses for condition in asked):
        return
    entries = SlateEntry.objects.filter(slate=slate, removed_at=None).select_related(
        "nomination__round_award"
    )
    nominations = [entry.nomination for entry in entries.order_by("kind", "rank", "pk")]
    held = titles.held_by_many(nominations)
    wrong = [
        EntryUnfit(number=nomination.number, nominee=nomination.nominee_name, problem=_reason(one))
        for nomination in nominations
        for one in _unmet(nomination, asked, held[nomination.pk])
        if one.condition.refuses
    ]
    if wrong:
        raise RuleViolation(*wrong)


def _unmet(
    nomination: Nomination, asked: Iterable[ConditionEntry], held: Iterable[HeldTitle]
) -> Iterable[Unmet]:
    return conditions.unmet(
        asked, held, nomination.answers, clock.today(), nominee_known=bool(nomination.nominee_name)
    )


def _told(found: Iterable[tuple[ConditionEntry, ConditionUnmet]]) -> Told:
    violations: list[ConditionUnmet] = []
    warnings: list[ConditionUnmet] = []
    for condition, reason in found:
        (violations if condition.refuses else warnings).append(reason)
    return Told(tuple(violations), tuple(warnings))


def _reason(one: Unmet) -> ConditionUnmet:
    condition, title = one.condition, one.title
    name, clause = condition.label, condition.clause
    if title is not None:
        of_title = LabelWord(label(HELD, title.award))
        if one.free_on is None:
            return TitleHeld(
                label=name,
                clause=clause,
                title=of_title,
                granted_on=title.granted_on,
                document_number=title.document_number,
            )
        return TitleHeldUntil(
            label=name,
            clause=clause,
            title=of_title,
            granted_on=title.granted_on,
            document_number=title.document_number,
            free_on=one.free_on,
        )
    if one.number is not None:
        return NumberOutside(label=name, clause=clause, asked=condition_words(condition), number=one.number)
    return TitleNotHeld(label=name, clause=clause, asked=condition_words(condition))
