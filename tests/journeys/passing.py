"""How cases and lists pass a body by the services, where a journey is about something else."""

from appraisal.records.models import Nomination
from appraisal.records.services.offices import offices
from appraisal.records.states import NominationState, Outcome
from appraisal.slates.services import slates
from quotas.base import clock
from tests.journeys.season import PROVINCE, Bodies
from tests.workflows.house import open_task
from workflows import turns
from workflows.querysets import of_slate
from workflows.simulation.conduct import Case, Season


def approve(season: Season, bodies: Bodies, cases: list[Case], code: str) -> None:
    """All cases that are in review at the body, by both offices; the province scores them as well."""
    body = bodies.bodies[code]
    here = Nomination.objects.filter(desk=body, status=NominationState.IN_REVIEW).values_list("pk", flat=True)
    for case in [case for case in cases if case.nomination_id in set(here)]:
        for office in offices(case.unit.award, body):
            season.opinion(case, body.stage, body, office, Outcome.APPROVE, "")
        if code == PROVINCE:
            season.score(case, body)


def compile_pool(season, bodies, code):
    """All that is in the pool of the body, on its list, handed in."""
    slate = bodies.slate(code)
    keeper = season.crews[slate.body_id].keeper
    pool = Nomination.objects.pool_of(slate.round_award_id, slate.body_id).order_by("number")
    entries = [(pk, "regular", rank) for rank, pk in enumerate(pool.values_list("pk", flat=True), start=1)]
    saved = slates.set_entries(slate_id=slate.pk, version=slate.version, actor=keeper, entries=entries)
    turns.perform(
        open_task(of_slate(slate.pk), "compile_slate").pk,
        keeper,
        slates.submit,
        slate_id=slate.pk,
        version=saved.version,
        actor=keeper,
    )


def leave(season, bodies, code, *, until):
    """Signatures, the notice and its days, and the way up; at the province the list becomes final."""
    season.sign(bodies.slate(code))
    season.publish(bodies.slate(code))
    with clock.travel(season.timetable.at(until)):
        season.close(bodies.slate(code))
        assert season.send_up(bodies.slate(code))
