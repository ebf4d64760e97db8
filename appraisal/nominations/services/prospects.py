"""What a unit can apply for now: every award of the open rounds over either channel, with the answer beforehand.

The rules are those of `nominations.admission`, asked without a nomination. All awards together take ten statements at most,
so that the page stays flat however many awards a round has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from appraisal.gate.services import admissions, conditions
from appraisal.gate.services.admissions import Candidate, StageFact
from appraisal.gate.services.conditions import Told
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import LIVE_STATES, Channel
from quotas.base import clock
from quotas.base.errors import Reason
from quotas.base.states import RoundState, Stage
from quotas.editions.services import fields as edition_fields
from quotas.rounds.models import RoundAward
from quotas.rounds.refusals import StageClosed, StageNotOpen, StageWithoutWindow
from quotas.rounds.services import plans, rounds
from quotas.rounds.services.plans import AwardDesk
from quotas.selection.plan import REGULAR, SEPARATE
from quotas.tree.models import Body, User


@dataclass(frozen=True, slots=True)
class Prospect:
    """One award over one channel for a unit. `violations` say why it cannot be applied for; `live` is what the unit
    has under way for this award already, over whichever channel. `places` and `separate_places` are the body's.
    """

    round_award: RoundAward
    channel: Channel
    body: Body
    opens_at: datetime | None
    due_at: datetime | None
    places: int
    separate_places: int
    violations: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    facts: tuple[StageFact, ...]
    live: tuple[Nomination, ...]

    @property
    def applied(self) -> bool:
        """Whether the unit has applied as often as it may. This refuses nothing.

        A draft not handed in by the deadline does not count as applied for.
        """
        late = any(isinstance(violation, StageClosed) for violation in self.violations)
        handed_in = any(nomination.submitted_at for nomination in self.live)
        return len(self.live) >= self.round_award.employer_cap and (handed_in or not late)

    @property
    def code(self) -> str:
        """How a form names the choice."""
        return f"{self.round_award.pk}-{self.channel.value}"


def units_of(*, user: User) -> list[Employer]:
    """The units for which the user applies, with the bodies of their channels. One statement."""
    return list(Employer.objects.applied_for_by(user))


def of_unit(*, employer: Employer) -> list[Prospect]:
    """
    Every award of the open rounds over every channel the unit has. Ten statements at most.

    The employer comes with `body` and `industry_body`. Nothing is locked: `nominations.create` asks again.
    """
    awards = list(
        RoundAward.objects.filter(round__state=RoundState.OPEN)
        .select_related("round", "award")
        .order_by("round", "award__order")
    )
    firsts = {
        channel: body
        for channel in Channel
        if (body := admissions.body_of_channel(employer, channel)) is not None
    }
    bodies = _route_bodies(firsts.values())
    known = plans.of(AwardDesk.at(award, body) for award in awards for body in bodies.values())
    # Of awards that can be applied for they are known from then on: what follows asks for each by itself.
    edition_fields.of_many(award.rule_version_id for award in awards)
    times = rounds.Times(
        round_ids={award.round_id for award in awards},
        stage=Stage.UNIT,
        body_ids={body.pk for body in firsts.values()},
    )
    live = _live(awards, employer)
    told = conditions.of_units(awards, employer)
    return [
        _prospect(
            award,
            channel,
            first,
            employer,
            bodies,
            known,
            times,
            live.get(award.pk, ()),
            told.get(award.pk, Told()),
        )
        for award in awards
        for channel, first in firsts.items()
        if _below_end(award, first)
    ]


def _below_end(award: RoundAward, first: Body) -> bool:
    """The route does not begin above the stage where the award is decided."""
    return first.stage <= award.award.final_stage


def _prospect(
    award: RoundAward,
    channel: Channel,
    first: Body,
    employer: Employer,
    bodies: Mapping[str, Body],
    known: admissions.Plans,
    times: rounds.Times,
    live: tuple[Nomination, ...],
    told: Told,
) -> Prospect:
    final = award.award.final_stage
    route = [
        body for code in reversed(first.path.strip("/").split("/")) if (body := bodies[code]).stage <= final
    ]
    violations, warnings, facts = admissions.of_rules(
        Candidate.anybody(award, first, employer), bodies=route, known=known
    )
    own = known[award.pk, first.pk]
    opens_at, due_at = times.of(award.round_id, first.pk) or (None, None)
    return Prospect(
        round_award=award,
        channel=channel,
        body=first,
        opens_at=opens_at,
        due_at=due_at,
        places=own.places[REGULAR],
        separate_places=own.places[SEPARATE],
        violations=(
            *_time(opens_at, due_at),
            *told.violations,
            *violations,
            *admissions.over_cap(award, employer, len(live)),
        ),
        warnings=(*told.warnings, *warnings),
        facts=tuple(facts),
        live=live,
    )


def _time(opens_at: datetime | None, due_at: datetime | None) -> list[Reason]:
    now = clock.now()
    if opens_at is None or due_at is None:
        return [StageWithoutWindow(stage=Stage.UNIT)]
    if now < opens_at:
        return [StageNotOpen(stage=Stage.UNIT, opens_at=opens_at)]
    if now > due_at:
        return [StageClosed(stage=Stage.UNIT, due_at=due_at)]
    return []


def _route_bodies(firsts: Iterable[Body]) -> dict[str, Body]:
    codes = {code for first in firsts for code in first.path.strip("/").split("/")}
    return {body.code: body for body in Body.objects.filter(code__in=codes)}


def _live(awards: Sequence[RoundAward], employer: Employer) -> dict[int, tuple[Nomination, ...]]:
    found: dict[int, list[Nomination]] = {}
    for nomination in Nomination.objects.filter(
        round_award__in=awards, employer=employer, status__in=LIVE_STATES
    ).order_by("pk"):
        found.setdefault(nomination.round_award_id, []).append(nomination)
    return {award: tuple(nominations) for award, nominations in found.items()}
