"""Rounds of one award in a row: how many they name together, where its edition says how many in how many years.

It is said while a round is planned, and refuses nothing. Nothing is written here.
"""

from collections.abc import Iterator, Sequence

from quotas.base.errors import Reason
from quotas.rounds.models import RoundAward
from quotas.rounds.refusals import SeriesExceeded


def over(taking_part: Sequence[RoundAward]) -> Iterator[Reason]:
    """The awards (with `award`, `round` and `rule_version`) of which the rounds of so many years have more places than
    their edition says. One statement; none where no edition says anything.
    """
    limited = [each for each in taking_part if each.rule_version.most_named is not None]
    if not limited:
        return
    others = list(
        RoundAward.objects.filter(award__in={each.award_id for each in limited})
        .exclude(pk__in=[each.pk for each in limited])
        .select_related("round")
        .order_by("round__year", "pk")
    )
    for each in limited:
        version, year = each.rule_version, each.round.year
        series = [
            other
            for other in others
            if other.award_id == each.award_id and year - version.most_years < other.round.year <= year
        ]
        together = each.places + sum(other.places for other in series)
        if version.most_named is not None and together > version.most_named:
            yield SeriesExceeded(
                award=each.award.name,
                years=version.most_years,
                most=version.most_named,
                places=each.places,
                together=together,
                rounds=[other.round.name for other in series],
            )
