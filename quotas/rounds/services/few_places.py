"""What the rules of an award leave to bodies with few places, said before a round opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quotas.arithmetic.completion import PLACES
from quotas.arithmetic.contradiction import contradiction, shut_out
from quotas.base.errors import Reason
from quotas.base.states import Stage
from quotas.base.wording import Label
from quotas.editions.services import rules
from quotas.rounds.models import Allotment
from quotas.rounds.refusals import KindsWithoutAPlace, PlacesWithoutAList

SMALL = 10
"""Up to so many places rounding shuts kinds out; what longer lists cannot keep is said of the edition itself."""
NAMED = 20
"""So many bodies are named at most; there may be a hundred with the same number of places."""


@dataclass(frozen=True, slots=True)
class FewPlaces:
    """What the rules leave to bodies with few places: those without any legal slate, and kinds that none can list."""

    without_a_list: list[Reason]
    shut_out: list[Reason]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Bodies that have the same number of places for one award at one stage: the rules leave all of them the same."""

    taking_part: Any
    stage: Stage
    places: int
    bodies: list[str]


def of(round_awards: Iterable[Any]) -> FewPlaces:
    """
    What places up to `SMALL` cannot hold: PlacesWithoutAList and KindsWithoutAPlace.

    Where no slate keeps the rules of the stage, every application is refused. Where rounding leaves no room for a kind,
    its applications are; a kind that the rules keep out of long lists as well is not named. One answer for each award,
    stage and number of places; bodies with typed places are left out, since a part takes the place of a minimum. One
    statement besides the award and the rules of each `RoundAward`.
    """
    found = [_what_is_left(alike) for alike in _all_alike(round_awards)]
    return FewPlaces(
        without_a_list=[reason for reason in found if isinstance(reason, PlacesWithoutAList)],
        shut_out=[reason for reason in found if isinstance(reason, KindsWithoutAPlace)],
    )


def _all_alike(round_awards: Iterable[Any]) -> Iterable[_Alike]:
    awards = {each.pk: each for each in round_awards}
    given = Allotment.objects.filter(round_award__in=awards, places__range=(1, SMALL), typed_places=None)
    found: dict[tuple[int, Stage, int], _Alike] = {}
    for allotment in given.select_related("body").order_by("round_award", "body__path"):
        key = (allotment.round_award_id, allotment.body.stage, allotment.places)
        alike = found.setdefault(key, _Alike(awards[key[0]], key[1], key[2], []))
        alike.bodies.append(allotment.body.name)
    return found.values()


def _what_is_left(alike: _Alike) -> PlacesWithoutAList | KindsWithoutAPlace | None:
    """What to say of these bodies, where the rules leave them no slate or, of some kind, no place; else None."""
    award = alike.taking_part.award
    held = rules.in_force(
        alike.taking_part.rule_version.rules.all(),
        stage=alike.stage,
        final_stage=award.final_stage,
        previous=rules.previous_of(alike.taking_part),
    )
    held_rules, labels = tuple(rule for rule, _label in held), dict(rules.labels_of(held))
    values = rules.values_of(award.nominee_kind)
    told = {
        "award": award.name,
        "places": alike.places,
        "number": len(alike.bodies),
        "bodies": alike.bodies[:NAMED],
    }
    conflict = contradiction(held_rules, values, alike.places)
    if conflict is not None:
        codes = [code for code in conflict.codes if code != PLACES]
        return PlacesWithoutAList(**told, labels=[labels[code] for code in codes])
    known = tuple((facet, tuple(sorted(each))) for facet, each in sorted(values.items()))
    anyway = dict(shut_out(held_rules, known, rules.USUAL_PLACES))
    kinds = [each for each in shut_out(held_rules, known, alike.places) if each[0] not in anyway]
    if not kinds:
        return None
    by = dict.fromkeys(labels[code] for _kind, codes in kinds for code in codes)
    return KindsWithoutAPlace(**told, kinds=[Label(kind) for kind, _codes in kinds], labels=list(by))
