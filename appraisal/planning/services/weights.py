"""Weights of a calculation of places: counted from the register and from earlier namings, or read from a workbook."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from appraisal.planning.refusals import (
    ResultsNone,
    WeightsBodyForeign,
    WeightsBodyMissing,
    WeightsBodyTwice,
    WeightsNameDiffers,
)
from appraisal.records.models import Employer, Naming, Nomination
from appraisal.records.states import NominationState, WeightCount
from appraisal.workbooks.import_rows import RowProblem, WeightRow
from quotas.base import clock, text
from quotas.base.errors import InvalidInput
from quotas.base.states import WeightKind
from quotas.base.wording import word
from quotas.rounds.models import Apportionment, ApportionmentRow
from quotas.rounds.refusals import CapBelowFloor
from quotas.rounds.services import apportionments
from quotas.rounds.services.apportionments import Weight
from quotas.tree.models import Body, User

_KINDS: Mapping[WeightCount, WeightKind] = {
    WeightCount.FLAT: WeightKind.FLAT,
    WeightCount.SUBORDINATES: WeightKind.OTHER,
    WeightCount.EMPLOYERS: WeightKind.EMPLOYERS,
    WeightCount.MEMBERS: WeightKind.MEMBERS,
    WeightCount.LAST_RESULTS: WeightKind.LAST_RESULTS,
}


@dataclass(frozen=True)
class Loaded:
    """What reading a workbook of weights did: how many bodies got theirs, or everything that hindered it."""

    rows: int
    problems: tuple[RowProblem, ...]


@transaction.atomic
def count(*, apportionment_id: int, version: int, actor: User | None, what: WeightCount) -> Apportionment:
    """
    Count what is named for every body of the calculation and set it as the weights. Floors and caps stay.

    Units with an industry union count there, all others where they lie. Results are the nominations named in the
    newest earlier round of the award that named any, by the body where they were handed in. Raises as
    `apportionments.set_inputs`, and InvalidInput(ResultsNone("what")).
    """
    apportionment = Apportionment.objects.in_full().get(pk=apportionment_id)
    rows = list(apportionment.rows.select_related("body"))
    children = [row.body for row in rows]
    numbers, source = _counted(apportionment, children, what)
    # Floors and caps as they are read here: the version says whether they still hold.
    return apportionments.set_inputs(
        apportionment_id=apportionment_id,
        version=version,
        actor=actor,
        inputs=apportionments.with_weights(apportionment, _KINDS[what], source),
        rows={row.body_id: Weight(numbers[row.body_id], row.floor, row.cap) for row in rows},
    )


def _counted(
    apportionment: Apportionment, children: Sequence[Body], what: WeightCount
) -> tuple[Mapping[int, int], str]:
    """Body → its number, 0 where there is nothing, and where the numbers come from."""
    today = word(clock.today())
    match what:
        case WeightCount.FLAT:
            return Counter({body.pk: 1 for body in children}), ""
        case WeightCount.SUBORDINATES:
            below = Body.objects.open().filter(parent__in=children).values_list("parent")
            return Counter(dict(below.annotate(Count("pk")))), str(WeightCount.SUBORDINATES.label)
        case WeightCount.EMPLOYERS | WeightCount.MEMBERS:
            number = Count("pk") if what == WeightCount.EMPLOYERS else Sum("union_members")
            rows = (
                Employer.objects.order_by()
                .values_list("body__path", "industry_body__path")
                .annotate(number=number)
            )
            pairs = ((industry or place, found) for place, industry, found in rows)
            return _by_child(children, pairs), _("单位登记，%(day)s统计") % {"day": today}
        case WeightCount.LAST_RESULTS:
            named_in = _last_named(apportionment)
            if named_in is None:
                raise InvalidInput(ResultsNone("what", award=apportionment.round_award.award.name))
            found = (
                Nomination.objects.filter(round_award=named_in[0], status=NominationState.NAMED)
                .order_by()
                .values_list("body__path")
                .annotate(number=Count("pk"))
            )
            return _by_child(children, found), _("“%(round)s”命名结果") % {"round": named_in[1]}


def _last_named(apportionment: Apportionment) -> tuple[int, str] | None:
    """The award of the newest earlier round that named anybody, and the round's name."""
    here = apportionment.round_award
    found: tuple[int, str] | None = (
        Naming.objects.filter(slate__round_award__award=here.award_id)
        .filter(slate__round_award__round__year__lte=here.round.year)
        .exclude(slate__round_award=here)
        .order_by("-slate__round_award__round__year", "-slate__round_award__round")
        .values_list("slate__round_award", "slate__round_award__round__name")
        .first()
    )
    return found


def _by_child(children: Sequence[Body], pairs: Iterable[tuple[str, int]]) -> Counter[int]:
    """Numbers by path, added up for the children in whose area they lie; what lies elsewhere counts nowhere."""
    total: Counter[int] = Counter()
    for path, number in pairs:
        for body in children:
            if path.startswith(body.path):
                total[body.pk] += number
    return total


@transaction.atomic
def load(
    *,
    apportionment_id: int,
    version: int,
    actor: User | None,
    kind: WeightKind,
    source: str,
    rows: Sequence[WeightRow],
    problems: Sequence[RowProblem] = (),
) -> Loaded:
    """
    Set the weights of a workbook. `problems` is what reading found: with one of them, as with any here, nothing is set.

    Every body of the calculation must stand in it once. Floors and caps stay where the workbook has no column for
    them. Raises as `apportionments.set_inputs`.
    """
    apportionment = Apportionment.objects.in_full().get(pk=apportionment_id)
    weights = _WeightRows(apportionment.rows.select_related("body"))
    found = [*problems, *(problem for row in rows for problem in weights.take(row))]
    # A row that could not be read may be the one that is missing.
    if weights.missing and not problems:
        found.append(RowProblem(WeightsBodyMissing(bodies=weights.missing)))
    if found:
        return Loaded(0, tuple(found))
    apportionments.set_inputs(
        apportionment_id=apportionment_id,
        version=version,
        actor=actor,
        inputs=apportionments.with_weights(apportionment, kind, source),
        rows=weights.wanted,
    )
    return Loaded(len(weights.wanted), ())


class _WeightRows:
    """What the rows of a workbook say of the bodies of a calculation, each of which stands in it once."""

    def __init__(self, rows: Iterable[ApportionmentRow]) -> None:
        self._known = {row.body_id: row for row in rows}
        self._by_word = {
            text.key(written): row.body
            for row in self._known.values()
            for written in (row.body.code, row.body.name, row.body.short_name)
        }
        self._first: dict[int, int] = {}
        self.wanted: dict[int, Weight] = {}

    def take(self, row: WeightRow) -> Iterator[RowProblem]:
        """Note what the row says; everything that is wrong with it."""
        body = self._by_word.get(text.key(row.body))
        if body is None:
            yield row.source.problem(WeightsBodyForeign("body", value=row.body))
            return
        if row.name and self._by_word.get(text.key(row.name)) != body:
            yield row.source.problem(WeightsNameDiffers("name", value=row.name, body=body.name))
        if body.pk in self._first:
            yield row.source.problem(WeightsBodyTwice("body", body=body.name, row=self._first[body.pk]))
        self._first.setdefault(body.pk, row.source.row)
        kept = self._known[body.pk]
        floor = row.floor if "floor" in row.source.headings else kept.floor
        cap = row.cap if "cap" in row.source.headings else kept.cap
        if cap is not None and cap < floor:
            yield row.source.problem(CapBelowFloor("cap", cap=cap, floor=floor))
        self.wanted[body.pk] = Weight(row.weight, floor, cap)

    @property
    def missing(self) -> list[str]:
        """The bodies in no row."""
        return [row.body.short_name for pk, row in self._known.items() if pk not in self._first]
