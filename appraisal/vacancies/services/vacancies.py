"""How much waits where nobody is: the vacancies of a round with what waits for each of them now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from appraisal.gate.services import slate_desk
from appraisal.records.models import Nomination, Opinion, SignOff, Slate
from appraisal.records.services.offices import offices
from appraisal.records.states import NominationState, SlateState
from quotas.base.states import Level, Office, Role
from quotas.rounds.services import vacancies
from quotas.rounds.services.vacancies import Vacancies, Vacancy
from quotas.tree.models import Body, User
from quotas.tree.permissions import REVIEW_ACT, SIGN_ACT, Act

_KEEPERS_TURN = (SlateState.SIGNED, SlateState.SETTLING)


@dataclass(frozen=True, slots=True)
class VacancyLine:
    """A vacant post, and how many nominations and lists wait for its holder."""

    vacancy: Vacancy
    waiting: int


def waiting(*, round_id: int) -> Mapping[tuple[int, Act], int]:
    """How many nominations and slates of the round wait for each act at each body. Two statements."""
    found: Counter[tuple[int, Act]] = Counter()
    for row in [*_nominations_waiting(round_id), *_slates_waiting(round_id)]:
        at = row.pop("at")
        found.update({(at, Act(name)): number for name, number in row.items() if number})
    return found


def _nominations_waiting(round_id: int) -> Any:
    """For each desk the numbers of nominations under the act for which they wait."""
    opinions = Opinion.objects.filter(
        nomination=OuterRef("pk"), stage=OuterRef("stage"), review_pass=OuterRef("review_pass")
    )
    in_review = Q(status=NominationState.IN_REVIEW)
    joint = Q(round_award__award__joint=True, desk__has_party_office=True)
    return (
        Nomination.objects.filter(round_award__round=round_id, desk__isnull=False)
        .annotate(
            by_union=Exists(opinions.filter(office=Office.UNION)),
            by_party=Exists(opinions.filter(office=Office.PARTY)),
        )
        .order_by()
        .values(at=F("desk_id"))
        .annotate(
            review_union=Count("pk", filter=in_review & Q(by_union=False)),
            review_party=Count("pk", filter=in_review & joint & Q(by_party=False)),
            keep_slate=Count("pk", filter=Q(status=NominationState.POOLED)),
        )
    )


def _slates_waiting(round_id: int) -> Any:
    """For each body the numbers of slates under the act for which they wait."""
    signed = SignOff.objects.filter(slate=OuterRef("pk"), sign_pass=OuterRef("sign_pass"))
    signing, finalised = Q(state=SlateState.SIGNING), Q(state=SlateState.FINALISED)
    # Below the province the keeper decides an award: `slate_desk.final_act`.
    at_province = Q(body__level=Level.PROVINCE)
    joint = Q(round_award__award__joint=True, body__has_party_office=True)
    return (
        Slate.objects.filter(round_award__round=round_id)
        .annotate(
            by_union=Exists(signed.filter(office=Office.UNION)),
            by_party=Exists(signed.filter(office=Office.PARTY)),
        )
        .order_by()
        .values(at=F("body_id"))
        .annotate(
            sign_union=Count("pk", filter=signing & Q(by_union=False)),
            sign_party=Count("pk", filter=signing & joint & Q(by_party=False)),
            keep_slate=Count("pk", filter=Q(state__in=_KEEPERS_TURN) | finalised & ~at_province),
            finalise_list=Count("pk", filter=finalised & at_province),
        )
    )


def lines(*, round_id: int, found: Vacancies) -> list[VacancyLine]:
    """The vacancies that stop the round with what waits for each now, what waits longest in number first by body."""
    waits = waiting(round_id=round_id)
    return [
        VacancyLine(vacancy, sum(waits.get((vacancy.body.pk, act), 0) for act in vacancy.acts))
        for vacancy in found.vacant
    ]


def of_nomination(nomination: Nomination, reader: User) -> list[Role]:
    """The vacant posts for which a nomination waits at its desk now; none where somebody can act. One statement."""
    desk = nomination.desk
    if desk is None:
        return []
    award = nomination.round_award.award
    if nomination.status == NominationState.IN_REVIEW:
        done = {
            opinion.office
            for opinion in nomination.opinions.all()
            if (opinion.stage, opinion.review_pass) == (nomination.stage, nomination.review_pass)
        }
        acts = [REVIEW_ACT[office] for office in offices(award, desk) if office not in done]
    elif nomination.status == NominationState.POOLED:
        acts = [Act.KEEP_SLATE]
    else:
        return []
    return vacancies.unheld(body=desk, acts=acts, reader=reader)


def of_slate(slate: Slate, reader: User) -> list[Role]:
    """The vacant posts for which a slate waits now; none where somebody can act."""
    body: Body = slate.body
    match slate.state:
        case SlateState.COMPILING | SlateState.SIGNED | SlateState.SETTLING:
            acts = [Act.KEEP_SLATE]
        case SlateState.SIGNING:
            asked = offices(slate.round_award.award, body)
            signed = {each.office for each in slate.sign_offs.all() if each.sign_pass == slate.sign_pass}
            acts = [SIGN_ACT[office] for office in asked if office not in signed]
        case SlateState.FINALISED:
            acts = [slate_desk.final_act(slate)]
        case _:
            return []
    return vacancies.unheld(body=body, acts=acts, reader=reader)
