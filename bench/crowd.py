"""Nominations by the thousand that lie at other desks, with their tasks: what a table holds besides those in question."""

from datetime import timedelta
from uuid import uuid4

from appraisal.records.models import Employer, Nomination
from appraisal.records.states import Channel, NominationState
from quotas.base import clock
from quotas.rounds.models import RoundAward
from quotas.tree.models import Body, User
from tests.builders import labelled, make_employer, make_user
from workflows import tokens, turns

UNITS = 10


def gather(
    round_award: RoundAward, bodies: list[Body], number: int, status: NominationState, first: int = 1
) -> list[Nomination]:
    """So many nominations, each with its process at the task where it waits. Otherwise as `rows`."""
    made = rows(round_award, bodies, number, status, first)
    pks = [nomination.pk for nomination in made]
    for start in range(0, len(pks), tokens.CHUNK):
        turns.start_nominations(nomination_ids=pks[start : start + tokens.CHUNK])
        tokens.release(pks[start : start + tokens.CHUNK])
    return made


def rows(
    round_award: RoundAward, bodies: list[Body], number: int, status: NominationState, first: int = 1
) -> list[Nomination]:
    """So many nominations at the desks of these bodies in turn, every second one non-public; numbered from `first`."""
    user = make_user()
    units = {
        body.pk: [make_employer(_home(body), non_public=not each % 2) for each in range(UNITS)]
        for body in bodies
    }
    drafts = []
    for each in range(number):
        body = bodies[each % len(bodies)]
        unit = units[body.pk][each // len(bodies) % UNITS]
        drafts.append(_nomination(round_award, body, unit, user, status, first + each))
    return Nomination.objects.bulk_create([labelled(draft) for draft in drafts], batch_size=tokens.CHUNK)


def _home(body: Body) -> Body:
    """The county of a unit whose nomination lies at this desk."""
    while body.level != "county":
        body = body.children.order_by("pk")[0]
    return body


def _nomination(
    round_award: RoundAward, body: Body, unit: Employer, user: User, status: NominationState, number: int
) -> Nomination:
    return Nomination(
        number=f"26-{number:05d}-0",
        round_award=round_award,
        employer=unit,
        body=unit.body,
        desk=body,
        stage=body.stage,
        channel=Channel.TERRITORIAL,
        created_by=user,
        created_at=clock.now(),
        entered_at=clock.now() + timedelta(minutes=number),
        submitted_at=clock.now(),
        form_key=uuid4(),
        nominee_name=f"单位{number}职工之家",
        nominee_key=f"crowd:{number}",
        status=status,
        frozen_control=unit.verified_control,
        non_public=unit.verified_control == "private",
        ownership_verified=True,
    )
