"""双强六好 10 and 3 by the end of 2023: counted over all rounds, shown everywhere, a gate nowhere."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from appraisal.boards.services import boards
from appraisal.gate.services import gate
from appraisal.planning.services import targets
from appraisal.records.models import Naming, Nomination
from appraisal.records.states import NominationState, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.states import Role, Stage, TargetState
from quotas.editions.models import Award, Target
from quotas.editions.services import catalogue
from quotas.rounds.models import RoundAward
from tests.appraisal.desks import make_desk, make_route, told
from tests.builders import (
    IN_TIME,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_user,
    squeezed,
)

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME) as journey:
        yield journey


@pytest.fixture
def double_strong():
    """The award of the catalogue in a round; its target ends with the year of the round."""
    catalogue.load(entries=[each for each in catalogue.read() if each.code == "double_strong_county"])
    Target.objects.update(due_on=DUE)
    return make_round_award(award=Award.objects.get())


def another_round(of: RoundAward) -> RoundAward:
    return make_round_award(make_round(), of.award)


def name(desk, number, **fields):
    """So many are named at the desk, by a decision of today."""
    made = told(desk.fill(non_public=number))
    desk.advance(SlateState.FINALISED)
    desk.name(**fields)
    return made


def of(round_award, *bodies):
    found = targets.progress(round_awards=[round_award], bodies=bodies)
    return [(line.named, line.state) for line in found[round_award.pk]]


def test_a_list_far_below_the_target_passes_every_gate(double_strong):
    desk = make_desk(double_strong)
    desk.fill(non_public=1)
    assert gate.report(slate_id=desk.slate.pk).holds
    desk.act(slates.submit)
    desk.advance(SlateState.FINALISED)
    desk.name()
    assert of(double_strong, desk.body) == [(1, TargetState.RUNNING)]


def test_what_was_named_in_earlier_rounds_counts_and_what_was_revoked_does_not(double_strong):
    desk = make_desk(double_strong, places=6)
    name(desk, 6)
    again = make_desk(another_round(double_strong), desk.body, places=6)
    made = name(again, 4)
    assert of(double_strong, desk.body) == [(10, TargetState.REACHED)]
    Nomination.objects.filter(pk=made[0].pk).update(status=NominationState.DISQUALIFIED)
    assert of(double_strong, desk.body) == [(9, TargetState.RUNNING)]


def test_another_body_and_another_award_do_not_count(double_strong):
    desk, other = make_desk(double_strong), make_desk(double_strong)
    name(desk, 2)
    name(other, 3, document_number="2号")
    elsewhere = Award.objects.get()
    elsewhere.pk, elsewhere.code = None, "another"
    elsewhere.save()
    third = make_desk(make_round_award(award=elsewhere), desk.body)
    name(third, 4)
    assert of(double_strong, desk.body, other.body) == [
        (2, TargetState.RUNNING),
        (3, TargetState.RUNNING),
    ]
    # Neither the reserves nor a list that is not named yet.
    again = make_desk(another_round(double_strong), desk.body)
    told(again.fill(non_public=1, reserves=1))
    again.advance(SlateState.FINALISED)
    assert of(double_strong, desk.body) == [(2, TargetState.RUNNING)]
    again.name()
    assert of(double_strong, desk.body) == [(3, TargetState.RUNNING)]


def test_past_its_day_it_is_overdue_or_was_reached_late(double_strong):
    desk = make_desk(double_strong, places=10)
    name(desk, 10)
    with clock.travel(datetime(2027, 1, 5, tzinfo=UTC)):
        assert of(double_strong, desk.body) == [(10, TargetState.REACHED)]
        Naming.objects.update(decided_on=date(2027, 1, 4))
        assert of(double_strong, desk.body) == [(10, TargetState.REACHED_LATE)]
        Nomination.objects.filter(pk=Nomination.objects.first().pk).update(
            status=NominationState.DISQUALIFIED
        )
        assert of(double_strong, desk.body) == [(9, TargetState.OVERDUE)]


def test_a_target_of_counties_counts_what_the_city_names():
    """市级双强六好型党组织 3 个以上: the county's own, whatever level gives the title."""
    catalogue.load(entries=[each for each in catalogue.read() if each.code == "double_strong_city"])
    Target.objects.update(due_on=DUE)
    round_award = make_round_award(award=Award.objects.get())
    route = make_route(round_award)
    county, city = route[Stage.COUNTY], route[Stage.CITY]
    sibling = make_body(parent=city.body)
    made = told(city.fill(non_public=3))
    Nomination.objects.filter(pk__in=[each.pk for each in made[:2]]).update(body=county.body)
    Nomination.objects.filter(pk=made[2].pk).update(body=sibling)
    city.advance(SlateState.FINALISED)
    city.name()
    assert of(round_award, city.body, county.body, sibling) == [
        (2, TargetState.RUNNING),
        (1, TargetState.RUNNING),
    ]


def test_as_many_statements_for_any_number_of_bodies(double_strong, django_assert_num_queries):
    desks = [make_desk(double_strong) for _ in range(3)]
    bodies = [desk.body for desk in desks]
    with django_assert_num_queries(2):
        targets.progress(round_awards=[double_strong], bodies=bodies)
    without = make_round_award()
    with django_assert_num_queries(1):
        assert targets.progress(round_awards=[without], bodies=bodies) == {}


def page(user, address):
    client = Client()
    client.force_login(user)
    return squeezed(client.get(address).content.decode())


def test_the_board_the_overview_and_the_plan_say_how_far_it_has_come(double_strong, in_time):
    desk = make_desk(double_strong)
    name(desk, 2)
    code = double_strong.round.code
    keeper = make_official(desk.body, Role.KEEPER)
    for address in (f"/rounds/{code}/quotas/", f"/rounds/{code}/"):
        shown = page(keeper, address)
        assert "目标：区级“双强六好”型党组织，已命名 2 / 10（2026年12月31日前） · 进行中" in shown
        assert "不影响名单能否上报" in shown
    assert "区级“双强六好”型党组织已命名 2 / 10" in page(keeper, f"/rounds/{code}/quotas/")
    make_desk(double_strong, make_body(parent=desk.body.parent))
    staff = make_official(desk.body.parent.parent, Role.STAFF)
    shown = page(staff, f"/rounds/{code}/")
    assert "每个县级单位 10 个（2026年12月31日前），共命名 2 个" in shown
    assert "进行中 2 个" in shown
    planned = another_round(double_strong)
    type(planned.round).objects.filter(pk=planned.round_id).update(state="planned")
    assert "共命名 2 个" in page(staff, f"/rounds/{planned.round.code}/plan/")
    in_time.advance(datetime(2027, 1, 5, tzinfo=UTC) - IN_TIME)
    staff = make_official(desk.body.parent.parent, Role.STAFF)
    assert "到期未达到 2 个" in page(staff, f"/rounds/{code}/quotas/")
    assert boards.board(round_award_id=double_strong.pk, user=staff).targets


def test_a_planner_writes_a_target_into_a_draft():
    catalogue.load(entries=[each for each in catalogue.read() if each.code == "double_strong_county"])
    staff = make_official(make_body().parent.parent, Role.STAFF)
    client = Client()
    client.force_login(staff)
    client.post("/rules/double_strong_county/new/", {"source": "新方案", "based_on": ""})
    edit = "/rules/double_strong_county/2/edit/"
    sent = {
        "act": "target",
        "target-version": 1,
        "target-label": "区级双强六好型党组织",
        "target-stage": "county",
        "target-number": "15",
        "target-due_on": "2027-12-31",
        "target-clause": "新方案 一",
    }
    refused = client.post(edit, sent | {"target-number": "0", "target-due_on": ""})
    assert refused.status_code == 422
    assert not Target.objects.filter(version__number=2).exists()
    assert client.post(edit, sent).status_code == 302
    shown = client.get(edit).content.decode()
    assert "每个县级单位累计命名 15 个，2027年12月31日前" in shown
    assert 'value="2027-12-31"' in client.get(f"{edit}?target=target_1").content.decode()
    assert client.post(edit, sent).status_code == 409
    compared = client.get("/rules/double_strong_county/2/?against=1").content.decode()
    assert "目标：区级双强六好型党组织" in compared
    drop = {"act": "drop_target", "version": 2, "code": "target_1"}
    assert client.post(edit, drop).status_code == 302
    assert client.post(edit, drop).status_code == 409
    assert not Target.objects.filter(version__number=2).exists()
    client.force_login(make_user())
    assert client.post(edit, sent).status_code == 404
