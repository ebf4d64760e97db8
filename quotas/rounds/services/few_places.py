"""What the rules of an award leave to bodies with few places, said before a round opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quotas.base.errors import Reason
from quotas.base.states import Stage
from quotas.base.wording import LabelWord
from quotas.editions.services import rules
from quotas.rounds.models import Allotment
from quotas.rounds.refusals import KindsWithoutAPlace, PlacesWithoutAList
from quotas.selection import reach

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
    held = tuple(
        rules.in_force(
            alike.taking_part.rule_version.rules.all(),
            stage=alike.stage,
            final_stage=award.final_stage,
            previous=rules.previous_of(alike.taking_part),
        )
    )
    domain = rules.domain_of(award.nominee_kind)
    told = {
        "award": award.name,
        "places": alike.places,
        "number": len(alike.bodies),
        "bodies": alike.bodies[:NAMED],
    }
    clash = reach.contradiction(held, domain, alike.places)
    if clash is not None:
        return PlacesWithoutAList(**told, labels=[bound.label for bound in clash.rules])
    anyway = dict(reach.shut_out(held, domain, rules.USUAL_PLACES))
    kinds = [each for each in reach.shut_out(held, domain, alike.places) if each[0] not in anyway]
    if not kinds:
        return None
    by = dict.fromkeys(bound.label for _kind, bounds in kinds for bound in bounds)
    return KindsWithoutAPlace(**told, kinds=[LabelWord(kind) for kind, _bounds in kinds], labels=list(by))
