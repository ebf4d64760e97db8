"""What lies unreviewed at a desk is asked for by name before its list is handed in or leaves, under the lock."""

import pytest

from appraisal.namings.services import namings
from appraisal.records.models import Nomination
from appraisal.records.states import NominationState, SlateState
from appraisal.slates.services import slates, unreviewed
from quotas.base import clock
from quotas.base.errors import Conflict, RuleViolation
from quotas.base.states import Stage
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from tests.appraisal.desks import make_desk, make_route, seen, told
from tests.builders import IN_TIME, make_award, make_nomination, make_round_award

pytestmark = pytest.mark.django_db

S = NominationState


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def lying(desk, status=S.IN_REVIEW, **fields):
    (made,) = told([make_nomination(desk.allotment.round_award, desk.body, status=status, **fields)])
    return made


def final_desk():
    return make_desk(make_round_award(award=make_award(final_stage=Stage.COUNTY)))


ACTS = {
    SlateState.COMPILING: (make_desk, slates.submit, {}),
    SlateState.SETTLING: (make_desk, slates.send_up, {}),
    "final": (final_desk, slates.finalise, {}),
    SlateState.FINALISED: (
        final_desk,
        namings.decide,
        {"title": "决定", "document_number": "1号", "decided_on": IN_TIME.date()},
    ),
}


@pytest.mark.parametrize("state", ACTS)
@pytest.mark.parametrize("status", unreviewed.UNREVIEWED_STATES)
def test_every_act_that_closes_the_pool_asks_and_goes_on_when_it_was_seen(state, status):
    make, act, more = ACTS[state]
    desk = make()
    told(desk.fill(non_public=2))
    desk.advance(SlateState.SETTLING if state == "final" else SlateState(state))
    before = desk.slate.state
    waiting = lying(desk, status)
    lying(make_desk(desk.allotment.round_award))  # elsewhere
    lying(make_desk(body=desk.body))  # of another award
    for known in ("", "somethingelse"):
        with pytest.raises(Conflict) as asked:
            desk.act(act, unreviewed=known, **more)
        assert asked.value.code == "unreviewed_at_desk"
        assert asked.value.params["entries"] == (str(waiting),)
        assert waiting.nominee_name in str(sentence(asked.value.reasons[0]))
        assert desk.slate.state == before
    known = seen(desk.slate)
    another = lying(desk, status)
    with pytest.raises(Conflict) as again:
        desk.act(act, unreviewed=known, **more)
    assert again.value.params["entries"] == (str(waiting), str(another))
    desk.act(act, unreviewed=seen(desk.slate), **more)
    assert desk.slate.state != before
    row = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}").latest("seq")
    assert row.after["unreviewed"] == 2


def test_where_everything_is_reviewed_nobody_is_asked():
    desk = make_desk()
    told(desk.fill(non_public=2))
    lying(desk, S.POOLED)
    lying(desk, S.DECLINED)
    desk.act(slates.submit, unreviewed="")
    row = LedgerEntry.objects.filter(stream=f"slate:{desk.slate.pk}", act="submit").get()
    assert "unreviewed" not in row.after


def test_what_was_seen_and_is_decided_since_needs_no_second_question():
    desk = make_desk()
    told(desk.fill(non_public=2))
    known = seen(desk.slate)
    waiting = lying(desk)
    known = seen(desk.slate)
    Nomination.objects.filter(pk=waiting.pk).update(status=S.DECLINED)
    desk.act(slates.submit, unreviewed=known)
    assert desk.slate.state == SlateState.SIGNING


def test_what_the_body_has_returned_to_the_first_desk_is_asked_for_as_well():
    """It lies at the county's desk again, and is over when the city's list leaves."""
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    (again,) = told(county.fill(non_public=1))
    county.advance(SlateState.SENT_UP)
    Nomination.objects.filter(pk=again.pk).update(
        status=S.IN_REVIEW, desk=county.body, stage=Stage.COUNTY, review_pass=2
    )
    told(city.fill(non_public=1))
    with pytest.raises(Conflict) as asked:
        city.act(slates.submit, unreviewed="")
    assert asked.value.params["entries"] == (str(again),)


def test_of_many_the_first_are_named_and_the_rest_counted():
    desk = make_desk()
    for _ in range(unreviewed.MOST_NAMED + 3):
        lying(desk)
    found = unreviewed.of_slate(desk.slate)
    assert (len(found.first), found.number) == (unreviewed.MOST_NAMED, unreviewed.MOST_NAMED + 3)


def test_a_list_that_may_not_be_handed_in_is_not_asked_about():
    desk = make_desk()
    told(desk.fill(public=2))
    lying(desk)
    with pytest.raises(RuleViolation):
        desk.act(slates.submit, unreviewed="")
