"""A person's desk: exactly the own tasks, in a fixed number of statements, by the index."""

from collections import Counter

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from appraisal.records.models import Nomination
from appraisal.records.states import NominationState
from quotas.base.states import Office, Role
from quotas.tree.models import User
from quotas.tree.permissions import Act
from tests.builders import make_official, make_post, make_user
from tests.workflows.house import open_task
from workflows import querysets, turns
from workflows.flows import NominationFlow
from workflows.inbox import waiting, worklist
from workflows.nodes import JointOutcome
from workflows.querysets import of_nomination

N = NominationState


def fresh(user):
    """As with a new request: nothing remembered."""
    return User.objects.get(pk=user.pk)


def nodes(tasks):
    return sorted(task.flow_task.name for task in tasks)


@pytest.fixture
def everywhere(house):
    """A nomination at every place, so that each query has something to leak."""
    return {
        (state, at): house.lying(state, desk=at)
        for state, at in [
            (N.DRAFT, "county"),
            (N.ENDORSING, "county"),
            (N.IN_REVIEW, "county"),
            (N.IN_REVIEW, "city"),
            (N.IN_REVIEW, "province"),
            (N.RETURNED, "county"),
            (N.POOLED, "county"),
            (N.POOLED, "province"),
        ]
    }


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (("county", "union"), ["county_union"]),
        (("county", "party"), ["county_party"]),
        (("county", "keeper"), ["compile_slate"]),
        (("county", "union_leader"), []),
        (("city", "union"), ["city_union"]),
        (("industry", "union"), []),
        (("province", "keeper"), ["compile_slate", "province_scoring"]),
        (("province", "staff"), ["compile_slate", "province_scoring"]),
    ],
)
def test_posts_at_bodies_see_their_own_tasks_only(house, everywhere, who, wanted):
    assert nodes(querysets.open_to(house.people[who])) == wanted


def test_people_of_a_unit_see_their_units_tasks_only(house, everywhere):
    assert nodes(querysets.open_to(house.applicant)) == ["complete_application", "correction"]
    assert nodes(querysets.open_to(house.endorser)) == ["unit_endorsement"]


def test_strangers_observers_and_nobody_see_nothing(house, everywhere):
    observer = make_official(house.bodies["province"], Role.OBSERVER)
    inactive = fresh(house.people["county", "union"])
    inactive.is_active = False
    gone = fresh(house.applicant)
    gone.is_active = False
    for user in (make_user(), observer, inactive, gone, AnonymousUser()):
        assert list(querysets.open_to(user)) == []
    assert list(querysets.mine(AnonymousUser())) == list(querysets.done_by(AnonymousUser())) == []


def test_a_superuser_takes_no_part(house, everywhere):
    root = User.objects.create_superuser("root", email="root@example.test", password="x", name="root")
    assert list(querysets.open_to(root)) == []


def test_what_waits_is_what_can_be_done_about_nominations_in_order(house, everywhere):
    """Reviews are found from their nominations: nobody's list differs from what is asked of the tasks themselves."""
    both = house.people["county", "union"]
    for body, role in (
        ("county", Role.PARTY_REVIEWER),
        ("city", Role.PARTY_REVIEWER),
        ("province", Role.STAFF),
    ):
        make_post(house.bodies[body], role, both)
    house.opinion(everywhere[N.IN_REVIEW, "city"], "city", Office.UNION)
    own = house.lying(N.IN_REVIEW, desk="county")
    turns.claim(task_id=open_task(of_nomination(own.pk), "county_party").pk, actor=both)
    turns.claim(
        task_id=open_task(of_nomination(own.pk), "county_union").pk,
        actor=make_official(house.bodies["county"], Role.UNION_REVIEWER),
    )
    found = []
    for user in [*house.people.values(), house.applicant, house.endorser]:
        tasks = querysets.by_urgency(querysets.of_nominations(querysets.to_do(fresh(user))))
        waits = waiting.first(fresh(user), waiting.OPEN)
        assert waits.numbers == [task.pk for task in tasks]
        assert [queued.node for queued in waits.tasks] == [task.flow_task for task in tasks]
        found.append(len(waits.tasks))
    assert max(found) > 2
    narrowed = waiting.Choice(nodes=("city_party",))
    assert [queued.node.name for queued in waiting.first(both, waiting.OPEN, narrowed).tasks] == [
        "city_party"
    ]


def test_the_number_beside_the_inbox_is_that_of_what_can_be_done(house, everywhere):
    """It is asked by a statement that is kept: with the acts, bodies, units and claims of whoever asks."""
    both = house.people["county", "union"]
    make_post(house.bodies["city"], Role.UNION_REVIEWER, both)
    make_post(house.bodies["city"], Role.PARTY_REVIEWER, both)
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    turns.claim(
        task_id=open_task(of_nomination(everywhere[N.IN_REVIEW, "county"].pk), "county_union").pk,
        actor=colleague,
    )
    users = [*house.people.values(), house.applicant, house.endorser, colleague, make_user()]
    numbers = [querysets.number_to_do(fresh(user), 1_000) for user in users]
    assert numbers == [querysets.to_do(fresh(user)).count() for user in users]
    assert set(numbers) == {0, 1, 2}
    assert querysets.number_to_do(fresh(both), 1) == 1


def test_what_colleagues_have_taken_does_not_shorten_a_list_that_is_cut_off(house, monkeypatch):
    monkeypatch.setattr(waiting, "MOST", 1)
    lying = [house.lying(N.IN_REVIEW, desk="county") for _ in range(4)]
    user = house.people["county", "union"]
    tasks = [task.pk for task in querysets.by_urgency(querysets.to_do(fresh(user)))]
    assert len(tasks) == len(lying)
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    for pk in tasks[:2]:
        turns.claim(task_id=pk, actor=colleague)
    found = waiting.first(fresh(user), waiting.OPEN)
    assert found.numbers == tasks[2:3]
    assert found.more


def test_numbers_at_the_steps_are_those_of_the_visible_tasks(house, everywhere):
    """They are counted by state, by body and by nomination: what the engine's own tables say is the same."""
    house.opinion(everywhere[N.IN_REVIEW, "city"], "city", Office.UNION)
    house.opinion(everywhere[N.IN_REVIEW, "province"], "province", Office.UNION)
    house.opinion(everywhere[N.IN_REVIEW, "province"], "province", Office.PARTY)
    tasks = Task.objects.filter(finished=None, process__nominationprocess__isnull=False)
    users = [*house.people.values(), house.applicant, house.endorser, make_user()]
    counted = 0
    for user in users:
        visible = Nomination.objects.visible_to(fresh(user)).values("pk")
        seen = Counter(
            task.flow_task.name
            for task in tasks.filter(process__nominationprocess__nomination__in=visible)
            if not isinstance(task.flow_task, JointOutcome)
        )
        assert worklist.number_at_nodes(NominationFlow, fresh(user)).by_node == seen
        counted = max(counted, len(seen))
    assert counted > 4


def test_acts_and_bodies_of_two_posts_do_not_mix(house, everywhere):
    """Union reviewer in the county, party reviewer in the city: not the party in the county."""
    user = house.people["county", "union"]
    make_post(house.bodies["city"], Role.PARTY_REVIEWER, user)
    assert nodes(querysets.open_to(fresh(user))) == ["city_party", "county_union"]


def test_what_can_be_seen_can_be_claimed_and_nothing_else(house, everywhere):
    users = [*house.people.values(), house.applicant, house.endorser]
    tasks = list(Task.objects.filter(finished=None, flow_task_type="HUMAN"))
    for user in users:
        seen = set(querysets.open_to(fresh(user)).values_list("pk", flat=True))
        held = {task.pk for task in tasks if querysets.one(task.pk, user).held}
        assert seen == held


def test_from_open_to_mine_to_done(house, everywhere):
    nomination, user = everywhere[N.IN_REVIEW, "county"], house.people["county", "union"]
    task = open_task(of_nomination(nomination.pk), "county_union")
    assert [list(query(user)) for query in (querysets.open_to, querysets.mine, querysets.done_by)] == [
        [task],
        [],
        [],
    ]
    turns.claim(task_id=task.pk, actor=user)
    assert [list(query(user)) for query in (querysets.open_to, querysets.mine, querysets.done_by)] == [
        [],
        [task],
        [],
    ]
    house.opinion(nomination, "county", Office.UNION)
    assert [list(query(user)) for query in (querysets.open_to, querysets.mine, querysets.done_by)] == [
        [],
        [],
        [task],
    ]


def test_search_and_filters_only_ever_narrow(house, everywhere):
    user = house.people["county", "union"]
    nomination = everywhere[N.IN_REVIEW, "county"]
    stranger = everywhere[N.IN_REVIEW, "city"]

    def found(**choice):
        waits = waiting.first(user, waiting.OPEN, waiting.Choice(**choice))
        return [queued.node.name for queued in waits.tasks]

    for text in (
        nomination.number[:6],
        nomination.number,
        nomination.nominee_name,
        nomination.employer.name,
        " ",
    ):
        assert found(text=text) == ["county_union"]
    for text in (stranger.number, stranger.nominee_name, stranger.employer.name, "%", "x"):
        assert found(text=text) == []
    assert found(awards=(house.round_award.pk,)) == ["county_union"]
    assert found(awards=(house.round_award.pk + 1,)) == []
    assert found(nodes=("city_union",)) == []
    city = open_task(of_nomination(stranger.pk), "city_union").flow_task
    assert nodes(querysets.at_nodes(querysets.open_to(user), [city])) == []


@pytest.mark.parametrize("few", [0, 1_000])
def test_many_that_hold_the_words_are_found_as_few_are(house, everywhere, monkeypatch, few):
    monkeypatch.setattr("appraisal.records.querysets._FEW", few)
    nomination = everywhere[N.IN_REVIEW, "county"]
    for text in (nomination.number, nomination.nominee_name, nomination.employer.name):
        assert nomination in Nomination.objects.holding(text)
    assert list(Nomination.objects.holding(nomination.number)) == [nomination]
    assert not Nomination.objects.holding("（")


def test_rows_come_in_two_statements_with_one_post_or_three(house, everywhere):
    user = house.people["county", "union"]
    make_post(house.bodies["city"], Role.UNION_REVIEWER, user)
    make_post(house.bodies["province"], Role.UNION_REVIEWER, user)
    for who, rows in ((house.people["county", "party"], 1), (user, 3)):
        with CaptureQueriesContext(connection) as captured:
            numbers = [queued.task for queued in waiting.first(fresh(who), waiting.OPEN).tasks]
            found = worklist.rows(fresh(who), waiting.OPEN, numbers)
            assert all(each.nomination.employer.name and each.nomination.desk.stage for each in found)
        assert len(found) == rows
        # Twice the user and what the request knows of it; the list; the rows, and what they are about.
        assert len(captured) == 7
    assert [each.task.pk for each in found] == numbers


def test_every_act_with_tasks_is_asked_for(house):
    """An act that a node uses but the desk does not ask for would hide its tasks from everybody."""
    acts = {task.owner_permission for task in Task.objects.exclude(owner_permission=None)}
    assert {permission for permission in acts if permission.startswith("quotas.")} <= {
        act.permission for act in querysets.TASK_ACTS
    }
    assert set(querysets.TASK_ACTS) <= set(Act)


@pytest.mark.postgres
def test_the_inbox_is_answered_by_an_index_of_open_tasks(house, everywhere):
    """Among those of two hundred bodies, most of them done, with statistics of now: over a handful of rows any plan
    will do, and which one is chosen is chance.
    """
    user = house.people["county", "union"]
    open_one = querysets.open_to(user).get()
    Task.objects.bulk_create(
        Task(
            process_id=open_one.process_id,
            flow_task=open_one.flow_task,
            flow_task_type="HUMAN",
            status=status,
            owner_permission=open_one.owner_permission,
            owner_permission_content_type_id=open_one.owner_permission_content_type_id,
            owner_permission_obj_pk=body_pk,
            token=Token("start"),
        )
        for body_pk in (open_one.owner_permission_obj_pk, *map(str, range(10_000, 10_200)))
        for status in (STATUS.NEW, *[STATUS.DONE] * 9)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE viewflow_task")
    plan = querysets.open_to(user).explain()
    assert "workflows_task_queue" in plan
    assert "Seq Scan" not in plan
