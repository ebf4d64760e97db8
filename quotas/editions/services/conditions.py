"""The conditions 申报条件 of editions, and whether a nominee meets them, given what is known of it.

A condition looks at one nominee alone, whoever else is on the list: at what it was named for before, or at a number
that it states. Nothing here reads the honours register; who asks brings the titles.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from quotas.base.clock import years_after
from quotas.base.states import ConditionKind
from quotas.base.wording import word
from quotas.editions.label_words import facet_word, label_word
from quotas.editions.services.entries import CONDITION_FIELDS, ConditionEntry
from quotas.editions.services.settled import Settled
from quotas.selection.labels import HELD, label

_conditions: Settled[ConditionEntry] = Settled(
    "conditions",
    key="code",
    order="pk",
    columns=CONDITION_FIELDS,
    build=lambda parts: ConditionEntry(**parts),
)
of, of_many = _conditions.of, _conditions.of_many


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A title that is borne: of which award, since when, by which document, and by whom.

    `own` is false for what the unit of a team or of a person holds. `until` is its last day where it has one.
    """

    award: str
    granted_on: date
    document_number: str
    own: bool = True
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that a nominee does not meet: because of a title, of a number, or of a title that it lacks.

    `free_on` is the first day on which the title no longer stands against it; None: it always does.
    """

    condition: ConditionEntry
    title: HeldTitle | None = None
    free_on: date | None = None
    number: int | None = None


def unmet(
    conditions: Iterable[ConditionEntry],
    titles: Iterable[HeldTitle],
    answers: Mapping[str, Any],
    day: date,
    *,
    nominee_known: bool = True,
) -> Iterator[Unmet]:
    """
    The conditions that are not met on a day, in their order.

    A title counts against a nominee who bears it itself; one that must be held may be the unit's. A title of years ago
    counts until so many years after the day of its decision are over. A number that is not stated refuses nothing: that
    it is missing is said at its field. As long as the nominee is not known, only titles that are there count.
    """
    held = sorted(titles, key=lambda title: title.granted_on, reverse=True)
    for condition in conditions:
        match condition.kind:
            case ConditionKind.NUMBER:
                number = answers.get(condition.field_key)
                if isinstance(number, int) and not _within(number, condition):
                    yield Unmet(condition, number=number)
            case ConditionKind.HELD:
                if nominee_known and not any(_counts(title, condition, day) for title in held):
                    yield Unmet(condition)
            case ConditionKind.NOT_HELD:
                against = next((one for one in held if one.own and _stands(one, condition, day)), None)
                if against is not None:
                    yield Unmet(condition, title=against, free_on=_free_on(against, condition))


def _within(number: int, condition: ConditionEntry) -> bool:
    return (condition.least is None or condition.least <= number) and (
        condition.most is None or number <= condition.most
    )


def _counts(title: HeldTitle, condition: ConditionEntry, day: date) -> bool:
    """Whether a title is one that must be held: it has not run out, and is not too old."""
    return (title.until is None or day <= title.until) and _stands(title, condition, day)


def _stands(title: HeldTitle, condition: ConditionEntry, day: date) -> bool:
    free_on = _free_on(title, condition)
    return title.award in condition.awards and (free_on is None or day < free_on)


def _free_on(title: HeldTitle, condition: ConditionEntry) -> date | None:
    return None if condition.years is None else years_after(title.granted_on, condition.years)


def condition_words(condition: Any) -> str:
    """How a condition reads: "不得曾获劳动模范（3 年以内）", "职工人数不少于 25". It has the fields of `quotas.models.NomineeCondition`."""
    if condition.kind == ConditionKind.NUMBER:
        told = {"field": facet_word(condition.field_key), "least": condition.least, "most": condition.most}
        if condition.most is None:
            return gettext("%(field)s不少于 %(least)s") % told
        if condition.least is None:
            return gettext("%(field)s不多于 %(most)s") % told
        return gettext("%(field)s在 %(least)s 至 %(most)s 之间") % told
    awards = word([label_word(label(HELD, code)) for code in condition.awards])
    asked = (
        gettext("须%(awards)s") % {"awards": awards}
        if condition.kind == ConditionKind.HELD
        else gettext("不得%(awards)s") % {"awards": awards}
    )
    if condition.years is None:
        return asked
    return gettext("%(asked)s（%(years)s 年以内）") % {"asked": asked, "years": condition.years}
