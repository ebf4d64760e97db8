"""The review of a nomination by the offices of a body: two opinions with equal weight where an award is joint."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Exists, QuerySet

from appraisal.gate.services import approvals, desk_stock
from appraisal.gate.services.approvals import Outlook
from appraisal.nominations.refusals import (
    OfficeNotAsked,
    OpinionTextRequired,
    ReturnRouteRequired,
    SomebodyWasFaster,
)
from appraisal.nominations.services import versions
from appraisal.records import rules
from appraisal.records.models import Employer, Nomination, Opinion, UnitPost
from appraisal.records.permissions import holding
from appraisal.records.refusals import NominationStateForbids, OwnApplication, OwnUnit
from appraisal.records.services import lifecycle, routes, unit_roles
from appraisal.records.services.offices import offices
from appraisal.records.states import (
    NominationAct,
    NominationNote,
    NominationState,
    Outcome,
    ReturnRoute,
    SlateState,
)
from quotas.base import clock
from quotas.base.errors import FieldProblem, InvalidInput, Reason, RuleViolation
from quotas.base.querysets import Blank, Statement
from quotas.base.refusals import Stale, TextTooLong
from quotas.base.states import Office
from quotas.base.text import block, written_length
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import transactions
from quotas.rounds.services import rounds
from quotas.tree.models import Body, User
from quotas.tree.permissions import REVIEW_ACT
from quotas.tree.refusals import ActNotHeld

ACT_OF_OUTCOME: dict[Outcome, NominationAct] = {
    Outcome.APPROVE: NominationAct.APPROVE,
    Outcome.RETURN: NominationAct.RETURN,
    Outcome.DECLINE: NominationAct.DECLINE,
}


_LIST_LEFT = "补正期间名单已上报，未及列入"
"""The reason on record when a nomination comes back after the slate has left without it."""

_ACTS_FOR_UNIT = (
    NominationNote.CREATE,
    NominationNote.SAVE,
    NominationNote.SAVE_PROCEDURE,
    NominationAct.SUBMIT,
    NominationAct.ENDORSE,
    NominationAct.RESUBMIT,
)


def separation(
    nomination: Nomination, actor: User, office: Office, entries: Iterable[LedgerEntry] | None = None
) -> list[Reason]:
    """Why this person may not decide on this nomination at its desk as this office; empty when they may.

    For pages, which give the `entries` of its ledger where they have read them; `give_opinion` asks again under the lock.
    """
    return separations({nomination: office}, actor, entries)[nomination.pk]


def separations(
    offices_of: Mapping[Nomination, Office], actor: User, entries: Iterable[LedgerEntry] | None = None
) -> dict[int, list[Reason]]:
    """Like `separation`, for many nominations (their opinions loaded), each with the office that decides on it.

    For pages: one statement for all, besides the units for which the person acts.
    """
    numbers = [nomination.pk for nomination in offices_of]
    streams = {lifecycle.nomination_stream(number): number for number in numbers}
    acts = frozenset(act.value for act in _ACTS_FOR_UNIT)
    told: Iterable[str]
    if entries is None:
        told = LedgerEntry.objects.filter(stream__in=streams, actor=actor, act__in=acts).values_list(
            "stream", flat=True
        )
    else:
        told = (entry.stream for entry in entries if entry.actor_id == actor.pk and entry.act in acts)
    acted = {streams[stream] for stream in told}
    units = frozenset().union(*Employer.objects.roles_of(actor).values())
    return {
        nomination.pk: _separation_problems(
            nomination,
            actor,
            office,
            list(nomination.opinions.all()),
            _Ties(nomination.pk in acted, nomination.employer_id in units),
        )
        for nomination, office in offices_of.items()
    }


def require_apart(nomination: Nomination, actor: User) -> None:
    """Raise RuleViolation(OwnApplication | OwnUnit) for a person who made it or acts for its unit.

    For every decision on one nomination that is not an opinion: a score, the finding on an objection.
    """
    if nomination.created_by_id == actor.pk or acted_for_unit(nomination.pk, actor):
        raise RuleViolation(OwnApplication())
    if unit_roles.roles_of(actor, nomination.employer_id):
        raise RuleViolation(OwnUnit())


class Lead(Enum):
    """Where the approval of all offices at a desk can still lead."""

    LIST = "list"
    """Into the pool of the desk, whose slate is being compiled from it."""
    REOPENED = "reopened"
    """Into the pool, whose slate has been handed in without it: it is passed over when that slate leaves, unless the slate is
    compiled again (see `Prospect.list_state` for how: taken back, refused, or opened again)."""
    ONWARD = "onward"
    """To the desk above: the slate of this one has left with it before it was returned."""
    OVER = "over"
    """Nowhere: the slate has left without it."""


@dataclass(frozen=True)
class ApprovalProspect:
    """What lies ahead of a nomination in review: whose time counts, and where the approval of all offices takes it.

    `destination` is the desk itself (its pool), the next desk, or None where the list has left without it. `list_state`
    is where the slate of the desk stands, None where the desk has no slate.
    """

    working_desk: Body
    destination: Body | None
    list_state: SlateState | None
    lead: Lead


def prospect(nomination: Nomination) -> ApprovalProspect:
    """What lies ahead of one nomination, as `give_opinion` will find it; for pages. Like `prospects`, for one."""
    found = prospects([nomination]).get(nomination.pk)
    if found is None:
        raise NominationStateForbids(state=nomination.status, act=NominationAct.APPROVE)
    return found


def prospects(nominations: Iterable[Nomination]) -> dict[int, ApprovalProspect]:
    """What lies ahead of each nomination that lies on a desk, by nomination; with desk and body loaded.

    One statement, however many there are, and two more where one was returned before.
    """
    lying = [nomination for nomination in nominations if nomination.desk is not None]
    lists = routes.lists_of_all(lying)
    return {
        nomination.pk: _ahead(nomination.desk, lists[nomination.pk])
        for nomination in lying
        if nomination.desk is not None
    }


def _ahead(desk: Body, lists: routes.Lists) -> ApprovalProspect:
    destination, state = lists.destination(desk), lists.states.get(desk.pk)
    if destination is None:
        lead = Lead.OVER
    elif destination != desk:
        lead = Lead.ONWARD
    else:
        lead = Lead.LIST if state in (None, SlateState.COMPILING) else Lead.REOPENED
    return ApprovalProspect(lists.working_desk(desk), destination, state, lead)


def outlooks(nominations: Iterable[Nomination]) -> dict[int, Outlook]:
    """What an approval at its desk would meet, by nomination: what the bounds there still allow, and what refuses it.

    For pages, by the code of `give_opinion`, which asks again under the lock. Only an approval that leads into the
    pool of the desk is held to it (see `Prospect.destination`). Two statements, however many nominations.
    """
    return approvals.outlooks(nomination.pk for nomination in nominations)


@transactions.joining
def give_opinion(
    *,
    nomination_id: int,
    version: int,
    office: Office,
    actor: User,
    outcome: Outcome,
    text: str = "",
    return_route: ReturnRoute | str = "",
) -> Nomination:
    """One office decides on a nomination at its desk.

    The approval of all offices takes it to the pool; a return or a refusal by either office counts at once. A text is
    needed unless the office approves; a return says where the nomination goes after correction. One that comes back
    from above to a desk whose slate has left with it goes on from there to the next desk (see `routes`).

    The other office may decide while the form is open: that alone is no conflict. Raises Conflict when this office
    has decided already or the nomination has moved on, NotPermitted, WrongState, TooLate, RuleViolation (separation
    of duties, all reasons; an approval into a pool from which no legal slate could hold it, see `approvals`) and
    InvalidInput.
    """
    # The nomination's lock is enough: a slate that leaves takes the lock of all that it decides on, wherever it lies.
    nomination = lifecycle.lock_nomination(nomination_id, with_unit=False)
    opinions: list[Opinion] = _OPINIONS.ask(nomination=nomination.pk)
    here = _of_this_pass(nomination, opinions)
    act = ACT_OF_OUTCOME[Outcome(outcome)]
    desk = _require_seen(nomination, act, here, version)
    ties = _require_holder(nomination, desk, office, actor)
    _require_turn(nomination, office, act, here, version)
    lists = routes.lists_of(nomination)
    _require_in_time(nomination, lists.working_desk(desk))
    _raise(_separation_problems(nomination, actor, office, opinions, ties))
    text, route = _checked(Outcome(outcome), text, return_route)
    if outcome == Outcome.APPROVE and lists.destination(desk) == desk:
        _raise(approvals.refusals(desk_stock.desk_of(nomination, desk)))
    opinion = _kept(nomination, desk, office, Outcome(outcome), text, route, actor)
    approved = {each.office for each in here} | {office}
    complete = approved >= set(offices(nomination.round_award.award, desk))
    following = next_of(Outcome(outcome), desk, lists.destination(desk), complete=complete)
    return _follow(nomination, opinion, following)


@dataclass(frozen=True)
class Next:
    """What follows from an opinion: the act, the state it leads to, and the desk above, where the nomination goes on."""

    act: NominationAct
    state: NominationState
    onward: Body | None = None


def next_of(outcome: Outcome, desk: Body, destination: Body | None, *, complete: bool) -> Next:
    """What follows from an opinion at a desk; `complete` when with it all offices have approved. Pure.

    `destination` is where an approval of all leads (see `routes.Lists.destination`): the desk itself, the next one
    whose slate waits for it, or None where a slate has left without it.
    """
    match outcome:
        case Outcome.RETURN:
            return Next(NominationAct.RETURN, NominationState.RETURNED)
        case Outcome.DECLINE:
            return Next(NominationAct.DECLINE, NominationState.DECLINED)
    if not complete:
        return Next(NominationAct.APPROVE, NominationState.IN_REVIEW)
    if destination is None:
        return Next(NominationAct.PASS_OVER, NominationState.NOT_SELECTED)
    if destination == desk:
        return Next(NominationAct.APPROVE, NominationState.POOLED)
    return Next(NominationAct.APPROVE, NominationState.IN_REVIEW, onward=destination)


def _follow(nomination: Nomination, opinion: Opinion, following: Next) -> Nomination:
    """Take the locked nomination where the opinion leads."""
    if following.act == NominationAct.PASS_OVER:
        return lifecycle.move_nomination(
            nomination, following.act, following.state, actor=opinion.actor, reason=_LIST_LEFT
        )
    returned = following.state == NominationState.RETURNED
    if returned:
        versions.keep(nomination)
    return lifecycle.move_nomination(
        nomination,
        following.act,
        following.state,
        actor=opinion.actor,
        reason=opinion.text,
        place=_place_at(nomination, following.onward) if following.onward else None,
        fields={"return_route": opinion.return_route} if returned else None,
        told={"office": str(opinion.office)},
    )


def _place_at(nomination: Nomination, desk: Body) -> lifecycle.Place:
    due_at = rounds.due_at(round_id=nomination.round_award.round_id, stage=desk.stage, body_id=desk.pk)
    return lifecycle.Place(desk.stage, desk, due_at)


def _kept(
    nomination: Nomination,
    desk: Body,
    office: Office,
    outcome: Outcome,
    text: str,
    return_route: str,
    actor: User,
) -> Opinion:
    """The opinion, stored."""
    return Opinion.objects.create(
        nomination=nomination,
        stage=nomination.stage,
        body=desk,
        office=office,
        review_pass=nomination.review_pass,
        outcome=outcome,
        return_route=return_route,
        text=text,
        actor=actor,
        at=clock.now(),
    )


def _require_seen(nomination: Nomination, act: NominationAct, here: Sequence[Opinion], version: int) -> Body:
    """The desk on which the nomination lies, if the form shows it as it is but for the opinions of this pass."""
    if not nomination.version - len(here) <= version <= nomination.version:
        raise Stale
    if nomination.desk is None:
        raise NominationStateForbids(state=nomination.status, act=act)
    return nomination.desk


def _require_in_time(nomination: Nomination, desk: Body) -> None:
    rounds.require_in_time(round_id=nomination.round_award.round_id, stage=desk.stage, body_id=desk.pk)


def _raise(problems: list[Reason]) -> None:
    if problems:
        raise RuleViolation(*problems)


_OPINIONS = Statement(lambda: Opinion.objects.filter(nomination=Blank("nomination")).order_by("at", "pk"))


def _of_this_pass(nomination: Nomination, opinions: Sequence[Opinion]) -> list[Opinion]:
    return [
        opinion
        for opinion in opinions
        if (opinion.stage, opinion.review_pass) == (nomination.stage, nomination.review_pass)
    ]


def _require_turn(
    nomination: Nomination, office: Office, act: NominationAct, here: Sequence[Opinion], version: int
) -> None:
    """It is in review, this office is asked and has not decided yet."""
    mine = next((opinion for opinion in here if opinion.office == office), None)
    if mine is not None:
        raise SomebodyWasFaster(who=mine.actor.name, at=mine.at)
    if nomination.status != NominationState.IN_REVIEW and version != nomination.version:
        # The other office has returned or declined it while this form was open.
        raise SomebodyWasFaster(who=here[-1].actor.name, at=here[-1].at)
    lifecycle.require_step(nomination, act)
    if nomination.desk is not None and office not in offices(nomination.round_award.award, nomination.desk):
        raise OfficeNotAsked(office=Office(office), award=nomination.round_award.award.name)


@dataclass(frozen=True)
class _Ties:
    """What ties a person to the unit of a nomination: acts for it on this very nomination, a post in it now."""

    acted_for_unit: bool
    holds_unit_post: bool


def _require_holder(nomination: Nomination, desk: Body, office: Office, actor: User) -> _Ties:
    """Raise ActNotHeld unless the actor holds the act at the desk; the ties to the unit. One statement, under the lock."""
    act = REVIEW_ACT[office]
    asked = _HOLDER.ask(
        actor=actor.pk,
        act=act.value,
        desk=str(desk.pk),
        stream=lifecycle.nomination_stream(nomination.pk),
        unit=nomination.employer_id,
    )
    held, acted, posted = asked[0] if asked else (False, False, False)
    if not held:
        raise ActNotHeld(act=act)
    return _Ties(acted, posted)


def _holder() -> QuerySet[User, tuple[bool, bool, bool]]:
    actor = Blank("actor")
    return User.objects.filter(pk=actor).values_list(
        Exists(holding(actor, Blank("act"), Blank("desk"))),
        Exists(_acts_for_unit(Blank("stream"), actor, _ACTS_FOR_UNIT)),
        Exists(UnitPost.objects.filter(user=actor, employer=Blank("unit"))),
    )


_HOLDER = Statement(_holder)


def _separation_problems(
    nomination: Nomination, actor: User, office: Office, opinions: Sequence[Opinion], ties: _Ties
) -> list[Reason]:
    return rules.separation_problems(
        actor_id=actor.pk,
        created_by_id=nomination.created_by_id,
        acted_for_unit=ties.acted_for_unit,
        holds_unit_post=ties.holds_unit_post,
        opinions=[
            rules.PastOpinion(opinion.actor_id, opinion.stage, opinion.office, opinion.review_pass)
            for opinion in opinions
        ],
        stage=nomination.stage,
        office=office,
        review_pass=nomination.review_pass,
    )


def acted_for_unit(
    nomination_id: int, actor: User, acts: Iterable[NominationAct | NominationNote] = _ACTS_FOR_UNIT
) -> bool:
    """Whether the person has made, changed or endorsed this nomination: the ledger remembers, posts may change."""
    return _acts_for_unit(lifecycle.nomination_stream(nomination_id), actor, acts).exists()


def _acts_for_unit(
    stream: Any, actor: Any, acts: Iterable[NominationAct | NominationNote]
) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(
        stream=stream,
        actor=actor,
        act__in=[act.value for act in acts],
    )


def _checked(outcome: Outcome, text: str, return_route: str) -> tuple[str, str]:
    """Text and route as they are stored; InvalidInput for what the outcome needs and does not have."""
    text = block(text)
    problems: list[FieldProblem] = []
    if outcome != Outcome.APPROVE and not text:
        problems.append(OpinionTextRequired("text", outcome=outcome))
    if written_length(text) > rules.TEXT_LIMIT:
        problems.append(TextTooLong("text", length=written_length(text), limit=rules.TEXT_LIMIT))
    route = return_route if outcome == Outcome.RETURN else ""
    if outcome == Outcome.RETURN and route not in ReturnRoute.values:
        problems.append(ReturnRouteRequired("return_route"))
    if problems:
        raise InvalidInput(*problems)
    return text, route
