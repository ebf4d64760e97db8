"""Two people at the same moment, on PostgreSQL: with the locks nothing breaks, without them it does.

Each race runs in one fixed order: the first reads, the second reads or waits for the first's lock, the first
finishes, the second goes on. It runs with all locks of the services, and once without each of them: the same checks
must pass, and fail where the lock that the race needs is replaced by a plain read, so that a lock which no longer locks
is noticed here, and one that is not needed too.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.db import DatabaseError, connections, transaction

from appraisal.boards.services import verification
from appraisal.gate.services import gate
from appraisal.nominations.services import nominations, reviews
from appraisal.records.models import Employer, Nomination, Slate
from appraisal.records.services import lifecycle
from appraisal.records.states import (
    Control,
    EntryKind,
    NominationState,
    Outcome,
    ReturnRoute,
    SlateState,
    UnitRole,
)
from appraisal.slates.services import slates
from appraisal.slates.services.deviations import Approval
from quotas.base import clock
from quotas.base.errors import DomainError
from quotas.base.states import Office, Role, RuleKind, Sense, Stage
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment
from quotas.rounds.services import allotments
from tests.appraisal.desks import make_desk, make_route, seen, told
from tests.builders import (
    IN_TIME,
    make_application,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_procedure,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_user,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 20
"""Seconds until a thread that never comes is given up."""
BLOCKED = 0.5
"""Seconds after which the second counts as waiting for a lock."""


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@dataclass
class Collision:
    """Two acts, each held at a point: the first until the second has come to its own, or waits for a lock."""

    outcomes: dict[str, object] = field(default_factory=dict)
    first_is_there: threading.Event = field(default_factory=threading.Event)
    second_is_there: threading.Event = field(default_factory=threading.Event)
    first_is_done: threading.Event = field(default_factory=threading.Event)

    def hold(self, name: str) -> None:
        if name == "first" and not self.first_is_there.is_set():
            self.first_is_there.set()
            self.second_is_there.wait(BLOCKED)
        if name == "second":
            self.second_is_there.set()
            assert self.first_is_done.wait(PATIENCE)

    def run(self, name: str, act: Callable[[], object]) -> None:
        try:
            if name == "second":
                assert self.first_is_there.wait(PATIENCE)
            self.outcomes[name] = act()
        except (DomainError, DatabaseError) as error:
            self.outcomes[name] = error
        finally:
            if name == "first":
                self.first_is_there.set()
                self.first_is_done.set()
            connections.close_all()


def collide(monkeypatch, first, second, *, points=None):
    """What became of the two acts. `points` are the functions (module, name) at whose end each is held."""
    collision = Collision()
    points = points or dict.fromkeys(("first", "second"), (lifecycle, "slate_under_lock"))
    with monkeypatch.context() as patch:
        for module, name in set(points.values()):
            patch.setattr(module, name, _held(getattr(module, name), collision, (module, name), points))
        threads = [
            threading.Thread(target=collision.run, args=(name, act), name=name)
            for name, act in (("first", first), ("second", second))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert set(collision.outcomes) == {"first", "second"}
    return collision.outcomes["first"], collision.outcomes["second"]


def _held(function, collision, point, points):
    def held(*args, **kwargs):
        answer = function(*args, **kwargs)
        name = threading.current_thread().name
        if points.get(name) == point:
            collision.hold(name)
        return answer

    return held


def paused(act):
    """The act, done and not committed yet when it comes to `UNCOMMITTED`, the point at which to hold it."""

    def run():
        with transaction.atomic():
            done = act()
            uncommitted()
        return done

    return run


def uncommitted():
    """The point of `paused`."""


UNCOMMITTED = (sys.modules[__name__], "uncommitted")


def plain_nominations(pks):
    return list(
        Nomination.objects.select_related(
            "round_award__round", "round_award__award", "employer", "body", "desk"
        )
        .filter(pk__in=list(pks))
        .order_by("pk")
    )


def plain_standings(pks):
    return [
        lifecycle.LockedStanding(each.pk, each.status, each.stage, each.desk)
        for each in plain_nominations(pks)
    ]


def plain_allotments(*, round_award_id, body_ids):
    rows = Allotment.objects.filter(round_award=round_award_id, body__in=list(body_ids))
    return {allotment.body_id: allotment for allotment in rows}


LOCKS = {
    "allotments": (allotments, "lock", plain_allotments),
    "nominations": (lifecycle, "lock_nominations", plain_standings),
    "nomination": (lifecycle, "lock_nomination", lambda pk, **_joined: plain_nominations([pk])[0]),
    "employer": (lifecycle, "lock_employer", lambda pk: Employer.objects.get(pk=pk)),
}
"""The locks of the services, each with the plain read that takes its place: of the places, of which there is one for each
list and which holds the list as well, of many nominations, of one, of a unit."""


def with_and_without_locks(monkeypatch, prepare, *needed):
    """`prepare()` gives first, second, points and the check. With all locks the check passes.

    Of the `needed` it fails without any single one. Without any single one of the others it passes still, so that each
    race says which lock it is that keeps the two apart.
    """
    assert needed
    others = [name for name in LOCKS if name not in needed]
    for name in (None, *others):
        check, outcomes = _race(monkeypatch, prepare, name)
        check(*outcomes)
        assert differences() == [], name
    for name in needed:
        check, outcomes = _race(monkeypatch, prepare, name)
        with pytest.raises(AssertionError):
            check(*outcomes)


def _race(monkeypatch, prepare, without):
    first, second, points, check = prepare()
    with monkeypatch.context() as patch:
        if without is not None:
            patch.setattr(*LOCKS[without])
        return check, collide(patch, first, second, points=points)


def differences():
    return [line.detail for line in verification.run() if not line.holds]


def code_of(outcome):
    return getattr(outcome, "code", outcome)


def acts_of(slate, act):
    return LedgerEntry.objects.filter(stream=f"slate:{slate.pk}", act=act).count()


def filled_desk(**entries):
    desk = make_desk()
    desk.nominations = told(desk.fill(**entries or {"non_public": 2, "public": 1}))
    return desk


def submission(desk, keeper):
    slate = desk.slate
    return lambda: slates.submit(slate_id=slate.pk, version=slate.version, actor=keeper)


def check_one_submission(desk):
    def check(first, second):
        assert isinstance(first, Slate)
        assert code_of(second) == "stale"
        assert acts_of(desk.slate, "submit") == 1
        assert (desk.slate.state, desk.committed) == (SlateState.SIGNING, 3)

    return check


def test_two_keepers_submit_the_same_list(monkeypatch):
    def prepare():
        desk = filled_desk()
        other = make_official(desk.body, Role.KEEPER)
        return submission(desk, desk.keeper), submission(desk, other), None, check_one_submission(desk)

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_a_double_click_on_submit(monkeypatch):
    def prepare():
        desk = filled_desk()
        click = submission(desk, desk.keeper)
        return click, click, None, check_one_submission(desk)

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_a_double_click_on_send_up(monkeypatch):
    def prepare():
        desk = filled_desk()
        desk.advance(SlateState.SETTLING)
        slate = desk.slate

        def click():
            return slates.send_up(slate_id=slate.pk, version=slate.version, actor=desk.keeper)

        def check(first, second):
            assert set(first.up) == {nomination.pk for nomination in desk.nominations}
            assert code_of(second) == "stale"
            assert acts_of(desk.slate, "send_up") == 1

        return click, click, None, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def withdrawal(nomination):
    applicant = make_user()
    nomination.employer.posts.create(user=applicant, role=UnitRole.APPLICANT)
    return lambda: nominations.withdraw(nomination_id=nomination.pk, actor=applicant, reason="本单位放弃")


def test_a_withdrawal_while_the_list_is_submitted(monkeypatch):
    """The list was submitted first: the withdrawal takes its entry off and gives the place back."""

    def prepare():
        desk = filled_desk()

        def check(first, second):
            assert isinstance(first, Slate)
            assert second.status == NominationState.WITHDRAWN
            assert len(desk.entries()) == 2
            assert desk.committed == 2
            assert desk.slate.state == SlateState.SIGNING

        return submission(desk, desk.keeper), withdrawal(desk.nominations[2]), None, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_a_submission_while_an_entry_is_withdrawn(monkeypatch):
    """The entry was withdrawn first: what the keeper submits is no longer what the keeper saw."""

    def prepare():
        desk = filled_desk()

        def check(first, second):
            assert first.status == NominationState.WITHDRAWN
            assert code_of(second) == "stale"
            assert len(desk.entries()) == 2
            assert (desk.slate.state, desk.committed) == (SlateState.COMPILING, 0)

        return withdrawal(desk.nominations[2]), submission(desk, desk.keeper), None, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_an_approved_list_is_submitted_while_its_entries_change(monkeypatch):
    """The approval is of the list that the keeper saw: once a colleague has changed it, nothing is handed in."""

    def prepare():
        award = make_award()
        version = make_rule_version(award)
        few = {"label": "ownership:public", "sense": Sense.MAX, "kind": RuleKind.COUNT, "numerator": 0}
        make_share_rule(version, "few_public", advisory=True, **few)
        desk = make_desk(make_round_award(award=award))
        seen_list = told(desk.fill(public=2))
        colleague = make_official(desk.body, Role.KEEPER)
        slate = desk.slate

        def change():
            kept = [(seen_list[0].pk, EntryKind.REGULAR.value, 1)]
            return slates.set_entries(slate_id=slate.pk, version=slate.version, actor=colleague, entries=kept)

        def submit():
            return slates.submit(
                slate_id=slate.pk,
                version=slate.version,
                actor=desk.keeper,
                unreviewed=seen(slate),
                approval=Approval("12号", "江苏省总工会", IN_TIME.date()),
            )

        def check(first, second):
            assert isinstance(first, Slate)
            assert code_of(second) == "stale"
            assert (desk.slate.state, desk.slate.approval) == (SlateState.COMPILING, None)

        return change, submit, None, check

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_a_list_arrives_while_the_list_above_leaves(monkeypatch):
    """Nobody may be stranded at a desk whose list has gone: the late list is refused."""

    def prepare():
        route = make_route()
        county, city = route[Stage.COUNTY], route[Stage.CITY]
        for desk in (county, city):
            desk.nominations = told(desk.fill(non_public=1))
            desk.advance(SlateState.SETTLING)
        up, late = city.slate, county.slate

        def check(first, second):
            assert isinstance(first, slates.Release)
            assert code_of(second) == "parent_list_gone"
            stranded = Nomination.objects.filter(desk=city.body, status=NominationState.IN_REVIEW)
            assert not stranded.exists()

        return (
            lambda: slates.send_up(slate_id=up.pk, version=up.version, actor=city.keeper),
            lambda: slates.send_up(slate_id=late.pk, version=late.version, actor=county.keeper),
            {"first": (lifecycle, "slate_under_lock"), "second": (gate, "require")},
            check,
        )

    with_and_without_locks(monkeypatch, prepare, "allotments")


def test_two_lists_arrive_at_the_same_desk_at_once(monkeypatch):
    """They wait for each other and both arrive; locks are taken in one order, so neither waits for ever."""
    route = make_route()
    award, city = route[Stage.COUNTY].allotment.round_award, route[Stage.CITY].body
    counties = [route[Stage.COUNTY], make_desk(award, make_body(parent=city))]
    sendings = []
    for desk in counties:
        told(desk.fill(non_public=1))
        slate = desk.advance(SlateState.SETTLING)
        sendings.append(
            lambda slate=slate, desk=desk: slates.send_up(
                slate_id=slate.pk, version=slate.version, actor=desk.keeper
            )
        )
    first, second = collide(monkeypatch, *sendings)
    assert isinstance(first, slates.Release)
    assert isinstance(second, slates.Release)
    assert Nomination.objects.filter(desk=city).count() == 2
    assert differences() == []


def test_a_review_is_decided_while_the_list_leaves(monkeypatch):
    """What was declined before the desk was cleared stays declined; the list leaves without it."""
    desk = filled_desk()
    (waiting,) = told(
        [make_nomination(desk.allotment.round_award, desk.body, status=NominationState.IN_REVIEW)]
    )
    slate = desk.advance(SlateState.SETTLING)
    reviewer = make_official(desk.body, Role.UNION_REVIEWER)
    first, second = collide(
        monkeypatch,
        lambda: reviews.give_opinion(
            nomination_id=waiting.pk,
            version=waiting.version,
            office=Office.UNION,
            actor=reviewer,
            outcome=Outcome.DECLINE,
            text="条件不符",
        ),
        partial(
            slates.send_up,
            slate_id=slate.pk,
            version=slate.version,
            actor=desk.keeper,
            unreviewed=seen(slate),
        ),
        # The second is held by the lock of the row alone: it has read by then what lies at the desk.
        points={"first": (lifecycle, "lock_nomination"), "second": (lifecycle, "lock_nomination")},
    )
    assert first.status == NominationState.DECLINED
    assert (len(second.up), second.closed) == (3, ())
    assert differences() == []


def test_a_return_begins_again_below_while_the_list_above_leaves(monkeypatch):
    """It moved from the city's desk to the county's while the city waited for it: the city's list decides on it still."""
    route = make_route()
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    applicant = make_user()
    returned = make_application(
        county.allotment,
        created_by=applicant,
        status=NominationState.POOLED,
        stage=Stage.COUNTY,
        desk=county.body,
        submitted_at=IN_TIME,
        frozen_control=Control.PRIVATE,
        ownership_verified=True,
        non_public=True,
    )
    make_procedure(returned)
    returned.employer.posts.create(user=applicant, role=UnitRole.APPLICANT)
    told([returned])
    county.set([(returned.pk, EntryKind.REGULAR)])
    county.advance(SlateState.SENT_UP)
    version = Nomination.objects.get(pk=returned.pk).version
    reviews.give_opinion(
        nomination_id=returned.pk,
        version=version,
        office=Office.UNION,
        actor=make_official(city.body, Role.UNION_REVIEWER),
        outcome=Outcome.RETURN,
        text="请补正",
        return_route=ReturnRoute.FIRST,
    )
    told(city.fill(non_public=1))
    slate = city.advance(SlateState.SETTLING)
    first, second = collide(
        monkeypatch,
        lambda: nominations.resubmit(nomination_id=returned.pk, version=version + 1, actor=applicant),
        partial(
            slates.send_up,
            slate_id=slate.pk,
            version=slate.version,
            actor=city.keeper,
            unreviewed=seen(slate),
        ),
        # The second is held by the lock of the row alone: it has read by then what lies at the desk.
        points={"first": (lifecycle, "lock_nomination"), "second": (lifecycle, "lock_nomination")},
    )
    assert first.status == NominationState.IN_REVIEW
    assert first.desk == county.body
    assert second.closed == (returned.pk,)
    (told_last,) = LedgerEntry.objects.filter(stream=f"nomination:{returned.pk}").order_by("-seq")[:1]
    assert (told_last.act, told_last.before["desk"]) == ("pass_over", county.body.code)
    assert differences() == []
