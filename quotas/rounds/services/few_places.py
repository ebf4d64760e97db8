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


def of(round_awards: Iterable[Any]) -> FewPlaces:
    """
    What places up to `SMALL` cannot hold: PlacesWithoutAList and KindsWithoutAPlace.

    Where no slate keeps the rules of the stage, every application is refused. Where rounding leaves no room for a kind,
    its applications are; a kind that the rules keep out of long lists as well is not named. One answer for each award,
    stage and number of places; bodies with typed places are left out, since a part takes the place of a minimum. One
    statement besides the award and the rules of each `RoundAward`.
    """
    awards = {each.pk: each for each in round_awards}
    given = Allotment.objects.filter(round_award__in=awards, places__range=(1, SMALL), typed_places=None)
    alike: dict[tuple[int, Stage, int], list[str]] = {}
    for allotment in given.select_related("body").order_by("round_award", "body__path"):
        key = (allotment.round_award_id, allotment.body.stage, allotment.places)
        alike.setdefault(key, []).append(allotment.body.name)
    found = FewPlaces([], [])
    for (round_award_id, stage, places), names in alike.items():
        taking_part = awards[round_award_id]
        award = taking_part.award
        held = rules.in_force(
            taking_part.rule_version.rules.all(),
            stage=stage,
            final_stage=award.final_stage,
            previous=rules.previous_of(taking_part),
        )
        held_rules, labels = tuple(rule for rule, _label in held), dict(rules.labels_of(held))
        values = rules.values_of(award.nominee_kind)
        conflict = contradiction(held_rules, values, places)
        if conflict is not None:
            found.without_a_list.append(
                PlacesWithoutAList(
                    award=award.name,
                    places=places,
                    number=len(names),
                    bodies=names[:NAMED],
                    labels=[labels[code] for code in conflict.codes if code != PLACES],
                )
            )
            continue
        known = tuple((facet, tuple(sorted(each))) for facet, each in sorted(values.items()))
        anyway = dict(shut_out(held_rules, known, rules.USUAL_PLACES))
        kinds = [each for each in shut_out(held_rules, known, places) if each[0] not in anyway]
        if kinds:
            by = dict.fromkeys(labels[code] for _kind, codes in kinds for code in codes)
            found.shut_out.append(
                KindsWithoutAPlace(
                    award=award.name,
                    places=places,
                    number=len(names),
                    bodies=names[:NAMED],
                    kinds=[Label(kind) for kind, _codes in kinds],
                    labels=list(by),
                )
            )
    return found
