"""How the slots and the parts of a body read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext

from quotas.base.states import Sense
from quotas.base.wording import word
from quotas.selection.plan import WHOLE_LIST, Rule, SeparateLine, Slot


def separate_words(line: SeparateLine) -> str:
    """What a line of separate places is for, how many it has, and whose they are: 竞赛单列 2（江苏省决定）."""
    figures = {"purpose": line.purpose, "places": word(line.places), "owner": line.owner}
    return gettext("%(purpose)s %(places)s（%(owner)s决定）") % figures


def lines_words(slots: Sequence[Slot], parts: Mapping[str, int], rules: Iterable[Rule]) -> tuple[str, ...]:
    """A phrase for each slot and each part: 一线职工 7, 其中女 2, 一线职工中的农民工 1, 非公有制企业占比不低于 3 个."""
    known = {rule.code: rule for rule in rules}
    return (*_slots(slots), *(_part(code, number, known.get(code)) for code, number in parts.items()))


def _slots(slots: Sequence[Slot]) -> Iterator[str]:
    names = {slot.key: slot.name for slot in slots}
    for slot in slots:
        figures = {"name": slot.name, "places": word(slot.places), "around": names.get(slot.within, "")}
        if slot.within == WHOLE_LIST:
            yield gettext("其中%(name)s %(places)s") % figures
        elif slot.within:
            yield gettext("%(around)s中的%(name)s %(places)s") % figures
        else:
            yield gettext("%(name)s %(places)s") % figures


def _part(code: str, number: int, rule: Rule | None) -> str:
    figures = {"rule": rule.label if rule else code, "number": word(number)}
    sense = Sense(rule.sense).label if rule else ""
    return gettext("%(rule)s%(sense)s %(number)s 个") % {**figures, "sense": sense}
