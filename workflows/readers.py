"""What gateways and tasks ask the domain: always the row as it is now, by the number of the process.

The engine's process instance carries rows that were read before the act of this very transaction; a gateway that
looked at them would decide on yesterday's state. The one exception is `remember`: within a turn, after the act and
under the lock, nothing can change the facts any more, so they are read once for all nodes that the token passes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db.models import F

from appraisal.gate.services.slate_desk import final_act
from appraisal.records.services.offices import offices
from appraisal.records.states import UNDER_WAY_STATES, NominationState, SlateState
from quotas.base.clock import SHANGHAI
from quotas.base.querysets import among
from quotas.base.states import Office, RoundState, Stage
from quotas.tree.permissions import Act
from workflows.models import NominationProcess, SlateProcess

SCORING = "scoring"
"""The way from the provincial review to the experts; in the domain such a nomination is in the pool already."""

FORWARDED = "forwarded"
"""The way past a pool whose slate has left with the nomination, after a return from above."""

_FACTS = "_pingxuan_facts"


@dataclass(frozen=True, slots=True)
class NominationFacts:
    """Where a nomination stands; `offices` are those that review at its desk. In a round that is over nobody acts."""

    status: NominationState
    stage: Stage
    employer_id: int
    desk_id: int | None
    scored: bool
    offices: frozenset[Office]
    round_over: bool

    @property
    def is_under_way(self) -> bool:
        """Whether it is not decided."""
        return self.status in UNDER_WAY_STATES

    @property
    def awaits_score(self) -> bool:
        """Whether the experts of the province have still to score it."""
        return self.status == NominationState.POOLED and self.stage == Stage.PROVINCE and not self.scored


@dataclass(frozen=True, slots=True)
class SlateFacts:
    """
    Where a slate stands.

    `offices` sign it, `final_act` is what naming takes here, `notice_ends` is the moment after the last day of its
    running notice.
    """

    slate_id: int
    state: SlateState
    stage: Stage
    body_id: int
    offices: frozenset[Office]
    final_act: Act
    notice_ends: datetime | None
    round_over: bool

    @property
    def is_under_way(self) -> bool:
        """Whether it has not left its desk for good."""
        return self.state not in {SlateState.SENT_UP, SlateState.NAMED}


Facts = NominationFacts | SlateFacts


def nomination_facts(process_ids: Iterable[int]) -> dict[int, NominationFacts]:
    """The facts of these processes' nominations by number of the process, one statement."""
    rows = (
        NominationProcess.objects.filter(pk__in=among(process_ids))
        .order_by()
        .values_list(
            "pk",
            "nomination__status",
            "nomination__stage",
            "nomination__employer_id",
            "nomination__desk_id",
            "nomination__score",
            "nomination__round_award__award__joint",
            "nomination__desk__has_party_office",
            "nomination__round_award__round__state",
        )
    )
    return {
        pk: NominationFacts(
            status=NominationState(status),
            stage=Stage(stage),
            employer_id=employer_id,
            desk_id=desk_id,
            scored=score is not None,
            offices=_offices(joint, has_party_office) if desk_id else frozenset(),
            round_over=round_state == RoundState.CLOSED,
        )
        for pk, status, stage, employer_id, desk_id, score, joint, has_party_office, round_state in rows
    }


def facts_in(nomination: Any) -> NominationFacts:
    """The facts of a nomination that an act has locked and handed back, with round, award and desk; no statement."""
    return NominationFacts(
        status=NominationState(nomination.status),
        stage=Stage(nomination.stage),
        employer_id=nomination.employer_id,
        desk_id=nomination.desk_id,
        scored=nomination.score is not None,
        offices=_offices(nomination.round_award.award.joint, nomination.desk.has_party_office)
        if nomination.desk
        else frozenset(),
        round_over=nomination.round_award.round.state == RoundState.CLOSED,
    )


@cache
def _offices(joint: bool, has_party_office: bool) -> frozenset[Office]:  # noqa: FBT001 -- the two columns of the rule
    """The rule of the conduct, asked with the two columns it looks at instead of a thousand rows."""
    award: Any = SimpleNamespace(joint=joint)
    body: Any = SimpleNamespace(has_party_office=has_party_office)
    return frozenset(offices(award, body))


def slate_facts(process_ids: Iterable[int]) -> dict[int, SlateFacts]:
    """The facts of these processes' slates by number of the process, two statements at most."""
    processes = list(
        SlateProcess.objects.filter(pk__in=among(process_ids))
        .select_related("slate__round_award__award", "slate__round_award__round", "slate__body")
        .only(
            "slate__state",
            "slate__stage",
            "slate__body__has_party_office",
            "slate__round_award__award__joint",
            "slate__round_award__round__state",
        )
    )
    published = [process.pk for process in processes if process.slate.state == SlateState.ON_NOTICE]
    ends = dict(
        SlateProcess.objects.filter(pk__in=published, slate__notices__closed_at=None).values_list(
            "pk", "slate__notices__ends_on"
        )
        if published
        else ()
    )
    return {process.pk: _of_slate(process.slate, ends.get(process.pk)) for process in processes}


def _of_slate(slate: Any, ends_on: Any) -> SlateFacts:
    over = datetime.combine(ends_on + timedelta(days=1), time(), SHANGHAI) if ends_on else None
    return SlateFacts(
        slate_id=slate.pk,
        state=SlateState(slate.state),
        stage=Stage(slate.stage),
        body_id=slate.body_id,
        offices=_offices(slate.round_award.award.joint, slate.body.has_party_office),
        final_act=final_act(slate),
        notice_ends=over,
        round_over=slate.round_award.round.state == RoundState.CLOSED,
    )


def decided(process_ids: Iterable[int], process_class: type) -> dict[int, frozenset[Office]]:
    """Which offices have already given their word in the present pass, by number of the process, one statement."""
    if process_class is NominationProcess:
        rows = NominationProcess.objects.filter(
            pk__in=among(process_ids),
            nomination__opinions__stage=F("nomination__stage"),
            nomination__opinions__review_pass=F("nomination__review_pass"),
        ).values_list("pk", "nomination__opinions__office")
    else:
        rows = SlateProcess.objects.filter(
            pk__in=among(process_ids), slate__sign_offs__sign_pass=F("slate__sign_pass")
        ).values_list("pk", "slate__sign_offs__office")
    found: dict[int, set[Office]] = {}
    for pk, office in rows:
        found.setdefault(pk, set()).add(Office(office))
    return {pk: frozenset(offices_) for pk, offices_ in found.items()}


def remember(process: Any, result: object = None) -> Facts:
    """Keep the facts of a process instance on it. Only after the act and under the lock.

    They are taken from the `result` of the act where that is the nomination itself, and read otherwise.
    """
    own = isinstance(process, NominationProcess) and _is_nomination(result, process.nomination_id)
    facts = facts_in(result) if own else _read(process)
    keep(process, facts)
    return facts


def _is_nomination(result: object, pk: int) -> bool:
    """Models are not imported here, so it is asked for by its field of the process."""
    model = NominationProcess._meta.get_field("nomination").related_model
    return isinstance(result, model) and result.pk == pk


def keep(process: Any, facts: Facts) -> None:
    """Like `remember`, with facts read for many processes at once."""
    setattr(process, _FACTS, facts)


@contextmanager
def remembered(processes: Sequence[Any]) -> Iterator[None]:
    """As `remember`, for several processes of one kind and for as long as this lasts. One or two statements."""
    read: Callable[[list[int]], Mapping[int, Facts]] = (
        nomination_facts if isinstance(processes[0], NominationProcess) else slate_facts
    )
    facts = read([process.pk for process in processes])
    for process in processes:
        keep(process, facts[process.pk])
    yield
    for process in processes:
        delattr(process, _FACTS)


def facts_of(process: Any) -> Any:
    """The facts of a process: the remembered ones of this turn, else read now."""
    return getattr(process, _FACTS, None) or _read(process)


def _read(process: Any) -> Facts:
    if isinstance(process, NominationProcess):
        return nomination_facts([process.pk])[process.pk]
    return slate_facts([process.pk])[process.pk]


# What nodes ask. A way's key is a value of the domain, so that the diagram and the state table use one vocabulary.


def status_of_nomination(process: Any) -> str:
    """The state a nomination is in."""
    return str(facts_of(process).status.value)


def stage_of_nomination(process: Any) -> str:
    """The stage at which a nomination lies."""
    return str(facts_of(process).stage.value)


def after_review(stage: Stage) -> Callable[[Any], str]:
    """The state after a review at this stage, or FORWARDED where the nomination has gone on to the next desk."""

    def read(process: Any) -> str:
        facts = facts_of(process)
        if facts.status == NominationState.IN_REVIEW and facts.stage != stage:
            return FORWARDED
        return str(facts.status.value)

    # The diagram's conditions name the reader they ask.
    read.__name__ = f"after_{stage.value}_review"
    return read


def after_province_review(process: Any) -> str:
    """The state after the last review, or SCORING where the experts of the province come next."""
    facts = facts_of(process)
    return SCORING if facts.awaits_score else str(facts.status.value)


def after_pool(process: Any) -> str:
    """What became of a nomination that waited for a slate: its next stage, or the state in which it ended."""
    facts = facts_of(process)
    return str((facts.stage if facts.status == NominationState.IN_REVIEW else facts.status).value)


def employer_of_nomination(process: Any) -> int:
    """The unit that nominates."""
    return int(facts_of(process).employer_id)


def desk_of_nomination(process: Any) -> int:
    """The body on whose desk a nomination lies."""
    return int(facts_of(process).desk_id)


def body_of_slate(process: Any) -> int:
    """The body whose slate it is."""
    return int(facts_of(process).body_id)


def state_of_slate(process: Any) -> str:
    """The state a slate is in."""
    return str(facts_of(process).state.value)


def act_of_naming(process: Any) -> Act:
    """What deciding on the naming takes: at the province those who finalise, below it the slate keeper."""
    act: Act = facts_of(process).final_act
    return act


def notice_over_at(process: Any) -> datetime:
    """The first moment after the last day of the slate's running notice."""
    ends: datetime = facts_of(process).notice_ends
    return ends
