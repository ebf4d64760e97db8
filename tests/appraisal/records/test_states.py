"""The tables of states, by hand: what is not here is impossible."""

import pytest

from appraisal.records.services import lifecycle
from appraisal.records.states import LIVE_STATES, NOMINATION_TRANSITIONS, NominationAct, NominationState
from quotas.base.errors import WrongState
from tests.builders import make_nomination, make_user

S, A = NominationState, NominationAct

NOWHERE: frozenset[NominationState] = frozenset()

# (state, act) → where it may lead. Rows in the order of the states, columns in the order of the acts.
EXPECTED = {
    (S.DRAFT, A.SUBMIT): {S.ENDORSING},
    (S.DRAFT, A.WITHDRAW): {S.WITHDRAWN},
    (S.ENDORSING, A.SEND_BACK): {S.DRAFT},
    (S.ENDORSING, A.ENDORSE): {S.IN_REVIEW},
    (S.ENDORSING, A.WITHDRAW): {S.WITHDRAWN},
    (S.ENDORSING, A.DISQUALIFY): {S.DISQUALIFIED},
    (S.IN_REVIEW, A.APPROVE): {S.IN_REVIEW, S.POOLED},
    (S.IN_REVIEW, A.RETURN): {S.RETURNED},
    (S.IN_REVIEW, A.DECLINE): {S.DECLINED},
    (S.IN_REVIEW, A.PASS_OVER): {S.NOT_SELECTED},
    (S.IN_REVIEW, A.WITHDRAW): {S.WITHDRAWN},
    (S.IN_REVIEW, A.DISQUALIFY): {S.DISQUALIFIED},
    (S.RETURNED, A.RESUBMIT): {S.IN_REVIEW},
    (S.RETURNED, A.PASS_OVER): {S.NOT_SELECTED},
    (S.RETURNED, A.WITHDRAW): {S.WITHDRAWN},
    (S.RETURNED, A.DISQUALIFY): {S.DISQUALIFIED},
    (S.POOLED, A.SEND_UP): {S.IN_REVIEW},
    (S.POOLED, A.PASS_OVER): {S.NOT_SELECTED},
    (S.POOLED, A.NAME): {S.NAMED},
    (S.POOLED, A.WITHDRAW): {S.WITHDRAWN},
    (S.POOLED, A.DISQUALIFY): {S.DISQUALIFIED},
    (S.NAMED, A.DISQUALIFY): {S.DISQUALIFIED},
}


@pytest.mark.parametrize("act", A)
@pytest.mark.parametrize("state", S)
def test_where_an_act_leads(state, act):
    assert set(NOMINATION_TRANSITIONS.get((state, act), ())) == EXPECTED.get((state, act), set())


def test_what_has_ended_stays_ended():
    ended = set(S) - set(LIVE_STATES)
    assert ended == {S.NOT_SELECTED, S.DECLINED, S.WITHDRAWN, S.DISQUALIFIED}
    assert not [pair for pair in NOMINATION_TRANSITIONS if pair[0] in ended]


@pytest.mark.django_db
@pytest.mark.parametrize("to_state", S)
def test_the_writer_refuses_what_the_table_does_not_know(to_state):
    nomination = make_nomination(status=S.RETURNED)
    allowed = to_state == S.IN_REVIEW
    if allowed:
        lifecycle.move_nomination(nomination, A.RESUBMIT, to_state, actor=make_user())
    else:
        with pytest.raises(WrongState) as refusal:
            lifecycle.move_nomination(nomination, A.RESUBMIT, to_state, actor=make_user())
        assert refusal.value.code == "nomination_state"
    nomination.refresh_from_db()
    assert (nomination.status, nomination.version) == ((S.IN_REVIEW, 2) if allowed else (S.RETURNED, 1))


@pytest.mark.django_db
def test_many_moves_leave_what_single_moves_leave(django_assert_num_queries):
    actor = make_user()
    first = make_nomination()
    place = lifecycle.Place(first.desk.parent.stage, first.desk.parent, first.created_at)
    others = [make_nomination(first.round_award, first.desk) for _ in range(5)]
    lifecycle.move_nomination(first, A.SEND_UP, S.IN_REVIEW, actor=actor, place=place)
    with django_assert_num_queries(5):
        lifecycle.move_nominations(
            lifecycle.lock_nominations([nomination.pk for nomination in others]),
            A.SEND_UP,
            S.IN_REVIEW,
            actor=actor,
            body=first.round_award and others[0].desk,
            place=place,
        )
    told = ("status", "stage", "desk_id", "due_at", "version", "review_pass")
    first.refresh_from_db()
    for nomination in others:
        nomination.refresh_from_db()
        assert [getattr(nomination, name) for name in told] == [getattr(first, name) for name in told]


@pytest.mark.django_db
def test_one_that_cannot_go_holds_back_all():
    ready, drafted = make_nomination(), make_nomination(status=S.DRAFT)
    with pytest.raises(WrongState):
        lifecycle.move_nominations([ready, drafted], A.NAME, S.NAMED, actor=None, body=None)
    ready.refresh_from_db()
    assert ready.status == S.POOLED
