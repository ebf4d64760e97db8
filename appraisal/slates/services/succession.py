"""Who takes a place that fell vacant on a slate: its reserves, in the order of the round's setting.

A place that somebody left is the place of the body below from which he came. The setting says whether its own reserves
come first, alone, or whether all stand in one line. The same order is offered on the page, rehearsed, and enforced.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from appraisal.gate.services import gate
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.states import EntryKind
from appraisal.slates.refusals import ReserveNotNext, ReserveNotOwn
from quotas.base.errors import Reason
from quotas.base.querysets import among
from quotas.base.states import ReservePolicy
from quotas.selection.judge import EntryRow
from quotas.tree.models import Body

Waiting = tuple[EntryRow, tuple[Reason, ...]]
"""A reserve in its rank, and what its promotion would break."""


@dataclass(frozen=True, slots=True)
class VacantPlace:
    """A regular place that somebody left, with whom; `origin` is the code of the body below from which he came."""

    entry_id: int | None
    name: str
    origin: str


NOBODYS = VacantPlace(None, "", "")
"""A place that was never filled: it is no body's own."""


@dataclass(frozen=True)
class Origins:
    """From which body below everybody on a slate came, by code, and what these bodies are called."""

    by_nomination: Mapping[int, str]
    names: Mapping[str, str]

    def of(self, nomination_id: int) -> str:
        """The code of the body."""
        return self.by_nomination.get(nomination_id, "")

    def name_of(self, origin: str) -> str:
        """What the body is called."""
        return self.names.get(origin, origin)


def origins(slate: Slate, nomination_ids: Iterable[int]) -> Origins:
    """Where these came from: the body directly below the slate's on their way, or the slate's own. Two statements."""
    above = slate.body.path
    paths = Nomination.objects.filter(pk__in=among(nomination_ids)).values_list("pk", "body__path")
    found = {pk: path.removeprefix(above).split("/")[0] or slate.body.code for pk, path in paths}
    names = Body.objects.filter(code__in=set(found.values())).values_list("code", "short_name")
    return Origins(found, dict(names))


def offered(
    policy: str, vacancy: VacantPlace, waiting: Sequence[Waiting], known: Mapping[int, str]
) -> list[Waiting]:
    """The reserves to which the place is offered, in their order; `known` says from which body each came. Pure."""
    if policy == ReservePolicy.VACANT:
        return []
    if policy == ReservePolicy.RANKED or not vacancy.origin:
        return list(waiting)
    own = [each for each in waiting if known.get(each[0].nomination_id) == vacancy.origin]
    others = [each for each in waiting if known.get(each[0].nomination_id) != vacancy.origin]
    return own if policy == ReservePolicy.OWN_ONLY else [*own, *others]


@dataclass(frozen=True)
class Succession:
    """The vacant places of a slate, its reserves, and who of these may move up now."""

    policy: ReservePolicy
    vacancies: tuple[VacantPlace, ...]
    waiting: tuple[Waiting, ...]
    origins: Origins

    def place_for(self, nomination_id: int) -> VacantPlace | None:
        """The first vacant place for which it is this reserve's turn; None where it is not."""
        for vacancy in self._places:
            line = offered(self.policy, vacancy, self.waiting, self.origins.by_nomination)
            first = next((reserve for reserve, broken in line if not broken), None)
            if first is not None and first.nomination_id == nomination_id:
                return vacancy
        return None

    def reasons(self, nomination_id: int) -> tuple[Reason, ...]:
        """Why the reserve does not move up now: what it would break, whose the place is, or who comes first."""
        vacancy = self._places[0]
        line = offered(self.policy, vacancy, self.waiting, self.origins.by_nomination)
        found = {reserve.nomination_id: broken for reserve, broken in line}
        if nomination_id not in found:
            own = self.origins.name_of(self.origins.of(nomination_id))
            whose = self.origins.name_of(vacancy.origin)
            first = next((reserve.shown for reserve, broken in line if not broken), None)
            return (ReserveNotOwn(name=vacancy.name, whose=whose, own=own, first=first),)
        if found[nomination_id]:
            return found[nomination_id]
        rank = {reserve.nomination_id: reserve.rank for reserve, _broken in self.waiting}
        first_ = next(reserve for reserve, broken in line if not broken)
        return (
            ReserveNotNext(
                rank=first_.rank,
                wanted=rank[nomination_id],
                first=first_.shown,
                body=self.origins.name_of(self.origins.of(first_.nomination_id)),
            ),
        )

    @property
    def _places(self) -> tuple[VacantPlace, ...]:
        return self.vacancies or (NOBODYS,)


def of_slate(slate: Slate) -> Succession:
    """Who may move up on the slate (with `body` and `round_award__round`) as it stands. Nine statements."""
    waiting = tuple(gate.standing_by(*gate.snapshot(slate_id=slate.pk)))
    left = list(
        SlateEntry.objects.filter(
            slate=slate, kind=EntryKind.REGULAR, removed_at__gte=slate.submitted_at, filled_by=None
        )
        .order_by("removed_at", "pk")
        .values_list("pk", "nomination", "nomination__number", "nomination__nominee_name")
        if slate.submitted_at
        else ()
    )
    known = origins(slate, [*(row[1] for row in left), *(row.nomination_id for row, _broken in waiting)])
    return Succession(
        ReservePolicy(slate.round_award.round.reserve_policy),
        tuple(VacantPlace(pk, f"{number} {name}", known.of(who)) for pk, who, number, name in left),
        waiting,
        known,
    )
