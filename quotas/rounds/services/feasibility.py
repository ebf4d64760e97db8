"""What the plan of a round leaves to each body 可行性: whether any legal slate exists there, and which kinds never stand on one.

It is said while the round is planned, and opening takes the organiser's word on every line of it. Nothing is written here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import QuerySet

from quotas.base.errors import Violation
from quotas.editions.asked import AskedField
from quotas.editions.label_words import LabelWord
from quotas.editions.services import faults, fields
from quotas.rounds.models import Allotment, RoundAward
from quotas.rounds.refusals import KindsWithoutAPlace, PlacesWithoutAList, PlanUndecided
from quotas.rounds.services import plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import reach
from quotas.selection.labels import Domain, Routes
from quotas.selection.plan import REGULAR, SEPARATE, Plan, SlateBound, bounds_of
from quotas.selection.problem import EFFORT, Undecided, within
from quotas.tree.models import Body

SMALL = 10
"""Up to so many places rounding shuts kinds out; what longer lists cannot keep is said of the edition itself."""
NAMED = 20
"""So many bodies are named at most; there may be a hundred with the same number of places."""


Alike = tuple[int, int, tuple[SlateBound, ...], Routes]
"""An award of the round, the regular places of a body, its bounds, and on which ways entries reach it."""
Stand = tuple[tuple[int, int, Alike], ...]
"""Every body of a round by number, with its separate places and what decides on its slates."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Bodies that the plan leaves alike, and what it leaves them: no legal slate at all, none for some kinds, or not known.

    `key` stands for exactly this: other bodies, places or kinds are another line.
    """

    reason: PlacesWithoutAList | KindsWithoutAPlace | PlanUndecided
    bodies: tuple[int, ...]

    @property
    def unlistable(self) -> bool:
        """Whether these bodies have no legal slate at all."""
        return isinstance(self.reason, PlacesWithoutAList)

    @property
    def undecided(self) -> bool:
        """Whether it was not found out in time what they are left."""
        return isinstance(self.reason, PlanUndecided)

    @property
    def key(self) -> str:
        """How a form names the line."""
        figures = self.reason.params
        said = (self.reason.code, self.bodies, *(repr(figures[name]) for name in sorted(figures)))
        return sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Feasibility:
    """The lines of a round's plan, worst first, and the awards for which no unit anywhere could be nominated."""

    lines: tuple[PlanLine, ...]
    without_applicants: tuple[RoundAward, ...]
    rests_on: Stand
    """The places and bounds of every body from which this follows."""

    def unaccepted(self, accepted: Iterable[str]) -> list[Violation]:
        """What nobody has taken on his word yet."""
        known = set(accepted)
        return [line.reason for line in self.lines if line.key not in known]


@dataclass(frozen=True, slots=True)
class _Given:
    """A body with places for an award, and its plan."""

    round_award: RoundAward
    body: Body
    plan: Plan

    @property
    def alike(self) -> Alike:
        """Bodies for which this is the same are left the same."""
        return self.round_award.pk, self.plan.places[REGULAR], tuple(bounds_of(self.plan)), self.plan.routes


def of_round(*, round_id: int) -> Feasibility:
    """The same for all awards of a round. Five statements; see `plans.of` for more of them."""
    return of(_awards(round_id))


def stand(*, round_id: int) -> Stand:
    """What the feasibility of a round would rest on now; the solver is not asked. Three statements."""
    return _stand(_given({each.pk: each for each in _awards(round_id)}))


def _awards(round_id: int) -> QuerySet[RoundAward]:
    return RoundAward.objects.filter(round=round_id).select_related("award").order_by("award__order", "pk")


def of(round_awards: Iterable[RoundAward]) -> Feasibility:
    """What the places of these awards (with `award`) can hold. Four statements, whatever the number of bodies.

    Where no slate keeps the bounds of a body, every application is refused there. Where rounding leaves no room for a
    kind, its applications are; a kind that the rules keep out of long lists as well is not named, nor is anything
    where a separate place is outside every bound. One answer for all bodies with the same places and bounds.
    """
    awards = {each.pk: each for each in round_awards}
    given = _given(awards)
    lines, blocked = [], set()
    alike: dict[Alike, list[_Given]] = {}
    for each in given:
        if each.plan.places[REGULAR] and not each.plan.places[SEPARATE]:
            alike.setdefault(each.alike, []).append(each)
    asked = fields.of_many(each.rule_version_id for each in awards.values()) if alike else {}
    with within(EFFORT):
        reasons = {key: _reason(awards[key[0]], asked, key, bodies) for key, bodies in alike.items()}
    for key, bodies in alike.items():
        reason = reasons[key]
        if reason is None:
            continue
        lines.append(PlanLine(reason, tuple(each.body.pk for each in bodies)))
        if lines[-1].unlistable:
            blocked |= {(key[0], each.body.path) for each in bodies}
    return Feasibility(
        lines=tuple(sorted(lines, key=_worst_first)),
        without_applicants=tuple(
            award for pk, award in awards.items() if not _open_to_any(pk, given, blocked)
        ),
        rests_on=_stand(given),
    )


def _stand(given: Iterable[_Given]) -> Stand:
    return tuple((each.body.pk, each.plan.places[SEPARATE], each.alike) for each in given)


def _given(awards: Mapping[int, RoundAward]) -> list[_Given]:
    """Every body with places that are counted, in the order of the tree."""
    rows = Allotment.objects.filter(round_award__in=awards).select_related("body")
    desks = {
        (row.round_award_id, row.body_id): (AwardDesk.at(awards[row.round_award_id], row.body), row.body)
        for row in rows.order_by("round_award", "body__path")
    }
    known = plans.of(desk for desk, _body in desks.values())
    return [
        _Given(desk.round_award, body, known[key])
        for key, (desk, body) in desks.items()
        if known[key].places[REGULAR] or known[key].places[SEPARATE]
    ]


def _open_to_any(round_award_id: int, given: Sequence[_Given], blocked: set[tuple[int, str]]) -> bool:
    """Whether some body takes applications for the award and neither it nor a body above it is without a legal slate."""
    ways = (
        each.body.path
        for each in given
        if each.round_award.pk == round_award_id and each.body.level in plans.FIRST_LEVELS
    )
    stuck = [path for award, path in blocked if award == round_award_id]
    return any(not any(path.startswith(above) for above in stuck) for path in ways)


def _reason(
    round_award: RoundAward, asked: Mapping[int, tuple[AskedField, ...]], key: Alike, bodies: Sequence[_Given]
) -> PlacesWithoutAList | KindsWithoutAPlace | PlanUndecided | None:
    """What to say of bodies with the same places and bounds; PlanUndecided where the solver gave up on them."""
    _, places, bounds, routes = key
    domain = fields.domain(round_award.award.nominee_kind, asked.get(round_award.rule_version_id, ()))
    award, names = round_award.award.name, [each.body.name for each in bodies]
    try:
        return _decided(award, domain, places, bounds, routes, names)
    except Undecided:
        return PlanUndecided(award=award, places=places, number=len(names), bodies=names[:NAMED])


def _decided(
    award: str,
    domain: Domain,
    places: int,
    bounds: tuple[SlateBound, ...],
    routes: Routes,
    bodies: Sequence[str],
) -> PlacesWithoutAList | KindsWithoutAPlace | None:
    """What to say of them, where they have no slate or, for some kind, no place."""
    number, named = len(bodies), list(bodies[:NAMED])
    clash = reach.contradiction(bounds, domain, places, routes)
    if clash is not None:
        return PlacesWithoutAList(
            award=award, places=places, number=number, bodies=named, labels=list(_names(clash.bounds))
        )
    if places > SMALL:
        return None
    # What the rules themselves keep out of long lists is meant, and nothing that rounding does.
    stated = tuple(bound for bound in bounds if bound.source == "share_rule")
    meant = dict(reach.shut_out(stated, domain, faults.USUAL_PLACES, routes))
    out = [each for each in reach.shut_out(bounds, domain, places, routes) if each[0] not in meant]
    if not out:
        return None
    return KindsWithoutAPlace(
        award=award,
        places=places,
        number=number,
        bodies=named,
        kinds=[LabelWord(kind) for kind, _bounds in out],
        labels=list(_names(bound for _kind, by in out for bound in by)),
    )


def _names(bounds: Iterable[SlateBound]) -> Iterator[str | LabelWord]:
    """What the bounds are called, each once; several slots together by the labels they are kept for."""
    told: dict[str | LabelWord, None] = {}
    for bound in bounds:
        if bound.label:
            told[bound.label] = None
        else:
            told |= {LabelWord(label): None for kind in bound.kinds for label in kind.labels}
    return iter(told)


def _worst_first(line: PlanLine) -> tuple[bool, int, int]:
    kinds = len(line.reason.kinds) if isinstance(line.reason, KindsWithoutAPlace) else 0
    return not line.unlistable, -kinds, -len(line.bodies)
