"""The inbox: whose tasks, in which order, narrowed how, at which cost; taking, giving back, approving many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.records.models import Opinion
from appraisal.records.states import NominationState, Outcome
from quotas.base.states import Office, Role
from tests.builders import make_body, make_official, make_post, squeezed
from tests.workflows.desk_people import due, in_review, inbox, page_of, review_task, signed_in
from tests.workflows.house import status_of
from workflows import turns
from workflows.inbox import inbox as inbox_page
from workflows.inbox import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(house):
    return house.people["county", "union"]


def names(response):
    return [row.name for row in response.context["rows"]]


def listed(user, **query):
    response = signed_in(user).get(inbox(**query))
    assert response.status_code == 200
    return names(response)


# Whose, and in which order


def test_what_is_due_first_comes_first_then_what_has_waited_longest(house, journey, reviewer):
    late = due(house, journey.moment - timedelta(hours=1), nominee_name="逾期")
    journey.advance(timedelta(minutes=1))
    second = due(house, journey.moment + timedelta(days=9), nominee_name="先到")
    journey.advance(timedelta(minutes=1))
    third = due(house, second.due_at, nominee_name="后到")
    assert listed(reviewer) == [late.nominee_name, second.nominee_name, third.nominee_name]


def test_a_row_answers_the_questions_of_the_desk(house, reviewer):
    house.opinion(nomination := in_review(house, review_pass=2), "county", Office.PARTY)
    client = signed_in(reviewer)
    page = client.get(inbox())
    (row,) = page.context["rows"]
    # At its hyphens a line would break it.
    assert f'<span class="nowrap">{row.number}</span>' in page.content.decode()
    assert (row.number, row.name, row.unit) == (
        nomination.number,
        nomination.nominee_name,
        nomination.employer.name,
    )
    assert (row.award, row.origin, str(row.title)) == (
        nomination.round_award.award.short_name,
        "张家港市",
        "县级工会审核",
    )
    assert row.ownership["label"] == "非公有制"
    assert row.last["label"] == Outcome.APPROVE.label
    assert row.again == "退回过 1 次"


def test_the_province_reads_the_city_as_well(house):
    in_review(house, "province")
    (row,) = signed_in(house.people["province", "union"]).get(inbox()).context["rows"]
    assert row.origin == "苏州市 张家港市"


def test_unverified_ownership_says_so(house, reviewer):
    in_review(house, non_public=False, ownership_verified=False)
    (row,) = signed_in(reviewer).get(inbox()).context["rows"]
    assert row.ownership["label"] == "未核验"


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (("county", "union"), True),
        (("county", "party"), True),
        (("county", "keeper"), False),
        (("city", "union"), False),
        (("industry", "union"), False),
    ],
)
def test_only_the_post_at_the_desk_has_it_to_do(house, who, sees):
    nomination = in_review(house)
    assert (nomination.nominee_name in listed(house.people[who])) is sees


def test_the_keeper_has_the_lists_in_a_block_of_their_own(house):
    response = signed_in(house.people["county", "keeper"]).get(inbox())
    (turn,) = response.context["slate_turns"]
    assert turn.slate == house.slates["county"]
    assert f">{turn.slate} · {turn.title}</a>" in squeezed(response.content.decode())
    assert names(response) == []


def test_what_was_done_stands_under_done_only(house, reviewer):
    nomination = in_review(house)
    house.opinion(nomination, "county", Office.UNION)
    assert listed(reviewer) == []
    assert listed(reviewer, tab="done") == [nomination.nominee_name]
    assert listed(house.people["county", "party"], tab="done") == []


# Filters


def test_filters_narrow_and_stay_in_the_address(house, journey, reviewer):
    late = due(house, journey.moment - timedelta(hours=1), nominee_name="逾期")
    today = due(house, journey.moment + timedelta(hours=3), nominee_name="今天", non_public=False)
    week = due(house, journey.moment + timedelta(days=3), nominee_name="本周")
    far = due(house, journey.moment + timedelta(days=30), nominee_name="下月")
    assert listed(reviewer, due="late") == [late.nominee_name]
    assert listed(reviewer, due="today") == [today.nominee_name]
    assert listed(reviewer, due="week") == [week.nominee_name]
    assert listed(reviewer, ownership="public") == [today.nominee_name]
    assert len(listed(reviewer, award=house.round_award.pk)) == 4
    assert listed(reviewer, award=house.round_award.pk + 1) == []
    assert len(listed(reviewer, node="county_union")) == 4
    assert listed(reviewer, node="county_party") == []
    assert len(listed(reviewer, body=house.bodies["city"].pk)) == 4
    assert listed(reviewer, body=house.bodies["industry"].pk) == []
    assert listed(reviewer, q=far.number) == [far.nominee_name]
    assert listed(reviewer, q="下") == [far.nominee_name]
    assert listed(reviewer, q=week.employer.name[:3], due="week") == [week.nominee_name]
    page = signed_in(reviewer).get(inbox(due="week", q="本")).content.decode()
    assert 'name="due" value="week"' in page


@pytest.mark.parametrize(
    "address",
    [
        "?award=x&node=nothing&body=-1&due=never&ownership=all&claimed=perhaps&page=9999&tab=none",
        "?award=99999999999999999999&q=%00",
        "?q=%25%5F%27",
        "?after=x",
        "?after=,,,1",
        "?after=,,,99999999999999999999",
        "?after=,,,",
        "?after=2026-13-01T00:00:00%2B00:00,,1,1",
        "?after=2026-01-01T00:00:00,2026-01-01,1,1",
        "?after=9999-12-31T23:59:59-12:00,0001-01-01T00:00:00%2B12:00,1,1",
    ],
)
def test_no_address_breaks_the_page(house, reviewer, address):
    in_review(house)
    assert signed_in(reviewer).get(f"{inbox()}{address[1:]}").status_code == 200


def test_the_search_finds_nothing_of_others(house):
    nomination = in_review(house)
    stranger = make_official(make_body(), Role.UNION_REVIEWER)
    assert listed(stranger, q=nomination.number) == []


def test_pages_of_25(house, reviewer):
    for _number in range(27):
        in_review(house)
    assert len(listed(reviewer)) == 25
    assert len(listed(reviewer, page=2)) == 2


def test_of_a_long_desk_the_most_urgent_are_counted_and_the_rest_is_found_by_filters(
    house, journey, reviewer, monkeypatch
):
    monkeypatch.setattr(waiting, "MOST", 3)
    late = [due(house, journey.moment - timedelta(hours=1)) for _number in range(3)]
    week = [due(house, journey.moment + timedelta(days=3)) for _number in range(2)]
    response = signed_in(reviewer).get(inbox())
    assert sorted(names(response)) == sorted(each.nominee_name for each in late)
    page = squeezed(response.content.decode())
    assert '<span class="nav__count">3+' in page
    assert "只列出最先到期的 3 件" in page
    groups = {group["name"]: group["options"] for group in response.context["groups"]}
    # Nobody has counted what lies behind the first three, which are late.
    assert [option["count"] for option in groups["due"]] == [3, None, None]
    assert '逾期<span class="figure">3+' in page
    assert sorted(listed(reviewer, due="week")) == sorted(each.nominee_name for each in week)
    home = signed_in(reviewer).get(reverse("workflows:home"))
    assert [due_list.number for due_list in home.context["due_lists"]] == [3, 0, 2]
    queue = signed_in(reviewer).get(page_of(review_task(week[0]))).context["queue"]
    assert (queue.place, str(queue.total)) == (0, "3")


def walked(user, **query):
    """The names of every page that can be reached from the first one, in the order of the walk."""
    found, after, page = [], "", 1
    while True:
        response = signed_in(user).get(inbox(**query, page=page, **({"after": after} if after else {})))
        found += names(response)
        if response.context["page_obj"].has_next():
            page += 1
        elif response.context["next_after"]:
            after, page = response.context["next_after"], 1
        else:
            return found


def test_every_row_of_a_long_desk_is_reached(house, journey, reviewer, monkeypatch):
    """Reviews, and scores beside them: due at different moments, at the same moment, and never."""
    staff = house.people["province", "keeper"]
    make_post(house.bodies["county"], Role.UNION_REVIEWER, staff)
    for days in (3, -1, 3, 5, 3):
        due(house, journey.moment + timedelta(days=days))
        house.lying(NominationState.POOLED, desk="province", due_at=journey.moment + timedelta(days=days))
    for _number in range(2):
        in_review(house)
    journey.advance(timedelta(minutes=1))
    due(house, journey.moment + timedelta(days=3) - timedelta(minutes=1))
    everything, reviews = listed(staff), listed(reviewer)
    assert (len(everything), len(reviews)) == (13, 8)
    monkeypatch.setattr(waiting, "MOST", 3)
    monkeypatch.setattr(inbox_page, "PAGE_SIZE", 2)
    assert walked(staff) == everything
    assert walked(reviewer) == reviews


@pytest.mark.parametrize("tab", ["mine", "taken", "done"])
def test_every_row_of_the_other_lists_is_reached(house, journey, reviewer, monkeypatch, tab):
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    for number in range(7):
        # Some at the same moment.
        journey.advance(timedelta(minutes=number % 2))
        nomination = in_review(house)
        if tab == "done":
            house.opinion(nomination, "county", Office.UNION)
        else:
            turns.claim(task_id=review_task(nomination).pk, actor=reviewer if tab == "mine" else colleague)
    everything = listed(reviewer, tab=tab)
    assert len(everything) == 7
    monkeypatch.setattr(waiting, "MOST", 3)
    assert walked(reviewer, tab=tab) == everything


def test_a_long_desk_goes_on_behind_what_was_done_meanwhile(house, journey, reviewer, monkeypatch):
    made = [due(house, journey.moment + timedelta(days=days)) for days in range(1, 7)]
    monkeypatch.setattr(waiting, "MOST", 2)
    client = signed_in(reviewer)
    after = client.get(inbox()).context["next_after"]
    further = inbox(after=after)
    assert f'href="?{further.partition("?")[2]}"' in client.get(inbox()).content.decode()
    house.opinion(made[1], "county", Office.UNION)
    page = client.get(further)
    assert names(page) == [each.nominee_name for each in made[2:4]]
    assert ("回到开头" in page.content.decode(), "往后列" in page.content.decode()) == (True, True)
    # A task that is opened there goes on with those beside it.
    (first, second) = (review_task(each) for each in made[2:4])
    queue = client.get(page.context["rows"][0].url).context["queue"]
    assert (queue.place, queue.before, queue.after) == (1, None, second.pk)
    assert queue.list_url == further
    assert first.pk != second.pk
    for each in made[4:]:
        house.opinion(each, "county", Office.UNION)
    gone = client.get(inbox(after=page.context["next_after"])).content.decode()
    assert ("后面没有了" in gone, "回到开头" in gone) == (True, True)


def test_empty_lists_say_what_will_appear(house, reviewer):
    client = signed_in(reviewer)
    assert "申报到达您的岗位时" in client.get(inbox()).content.decode()
    assert "没有符合条件" in client.get(inbox(due="late")).content.decode()
    assert "没有您领取的待办" in client.get(inbox(tab="mine")).content.decode()
    assert "还没有办理记录" in client.get(inbox(tab="done")).content.decode()


def statements(user, address):
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_the_number_of_statements_is_the_same_with_1_3_and_50_rows_and_with_3_posts(house, reviewer):
    house.opinion(in_review(house), "county", Office.PARTY)
    one = statements(reviewer, inbox())
    for _number in range(2):
        house.opinion(in_review(house), "county", Office.PARTY)
    three = statements(reviewer, inbox())
    for _number in range(47):
        in_review(house)
    fifty = statements(reviewer, inbox())
    for body in ("city", "province"):
        make_post(house.bodies[body], Role.UNION_REVIEWER, reviewer)
        in_review(house, body)
    posts = statements(reviewer, inbox())
    assert one == three == fifty == posts
    assert one <= 13


def test_lists_cost_one_statement_more_however_many(house):
    keeper = house.people["county", "keeper"]
    one = statements(keeper, inbox())
    for body in ("city", "province"):
        make_post(house.bodies[body], Role.KEEPER, keeper)
    assert statements(keeper, inbox()) == one <= 11


# Taking and giving back


def test_taking_and_giving_back(house, reviewer):
    nomination = in_review(house)
    task = review_task(nomination)
    colleague = make_official(house.bodies["county"], Role.UNION_REVIEWER)
    client = signed_in(reviewer)
    response = client.post(reverse("workflows:claim", args=[task.pk]), {"next": inbox(due="late")})
    assert (response.status_code, response.url) == (302, f"{inbox(due='late')}#task-{task.pk}")
    assert listed(reviewer, tab="mine") == [nomination.nominee_name]
    assert listed(reviewer, claimed="no") == []
    assert listed(colleague) == []
    assert signed_in(colleague).post(reverse("workflows:claim", args=[task.pk])).status_code == 409
    assert signed_in(colleague).post(reverse("workflows:release", args=[task.pk])).status_code == 409
    client.post(reverse("workflows:release", args=[task.pk]))
    assert listed(colleague) == [nomination.nominee_name]


@pytest.mark.parametrize("act", ["claim", "release"])
def test_only_by_post_only_one_s_own(house, reviewer, act):
    task = review_task(in_review(house))
    address = reverse(f"workflows:{act}", args=[task.pk])
    assert signed_in(reviewer).get(address).status_code == 405
    assert signed_in(make_official(make_body(), Role.UNION_REVIEWER)).post(address).status_code == 404
    if act == "claim":
        assert signed_in(house.people["county", "keeper"]).post(address).status_code == 403
    task.refresh_from_db()
    assert task.owner_id is None


def test_the_way_back_leads_nowhere_else(house, reviewer):
    task = review_task(in_review(house))
    response = signed_in(reviewer).post(
        reverse("workflows:claim", args=[task.pk]), {"next": "https://elsewhere.example/"}
    )
    assert response.url == f"{reverse('workflows:inbox')}#task-{task.pk}"


# Approving many


def preflight(client, *tasks):
    """After each has been opened: what nobody has read is set apart (test_desk_order)."""
    for task in tasks:
        client.get(page_of(task))
    return ask(client, *tasks)


def ask(client, *tasks):
    return client.post(reverse("workflows:approve"), {"ids": [task.pk for task in tasks]})


def confirm(client, response, text="同意推荐。"):
    items = [f"{line.task_id}:{line.nomination.version}" for line in response.context["ready"]]
    return client.post(reverse("workflows:approve"), {"item": items, "text": text})


def report(client):
    context = client.get(reverse("workflows:approved")).context
    return [line["name"] for line in context["done"]], [line["name"] for line in context["refused"]]


def test_first_what_would_happen_then_all_with_one_opinion(house, reviewer):
    nominations = [in_review(house) for _number in range(3)]
    client = signed_in(reviewer)
    response = preflight(client, *(review_task(each) for each in nominations))
    assert response.status_code == 200
    assert "还须张家港市委组织部审核" in response.content.decode()
    assert not Opinion.objects.exists()
    assert confirm(client, response).url == reverse("workflows:approved")
    done, refused = report(client)
    assert (sorted(done), refused) == (sorted(str(each) for each in nominations), [])
    assert {(each.text, each.actor) for each in Opinion.objects.all()} == {("同意推荐。", reviewer)}


def test_each_row_for_itself_and_the_report_is_true(house, reviewer):
    fine, gone, changed = in_review(house), in_review(house), in_review(house)
    client = signed_in(reviewer)
    response = preflight(client, *(review_task(each) for each in (fine, gone, changed)))
    house.opinion(gone, "county", Office.PARTY, Outcome.RETURN)
    type(changed).objects.filter(pk=changed.pk).update(version=changed.version + 5)
    confirm(client, response)
    done, refused = report(client)
    assert done == [str(fine)]
    assert sorted(refused) == sorted([str(gone), str(changed)])
    assert status_of(gone) == NominationState.RETURNED
    assert Opinion.objects.filter(actor=reviewer).count() == 1


def test_what_cannot_pass_is_said_before_and_not_sent(house, reviewer):
    own = in_review(house, created_by=reviewer)
    fine = in_review(house)
    response = preflight(signed_in(reviewer), review_task(own), review_task(fine))
    assert [line.nomination for line in response.context["ready"]] == [fine]
    (line,) = [line for line in response.context["lines"] if not line.may]
    assert line.problems


def test_after_the_deadline_nothing_can_pass(house, journey, reviewer):
    task = review_task(in_review(house))
    journey.advance(timedelta(days=200))
    response = preflight(signed_in(reviewer), task)
    assert response.context["ready"] == []


def test_sent_twice_each_is_decided_once(house, reviewer):
    nomination = in_review(house)
    client = signed_in(reviewer)
    response = preflight(client, review_task(nomination))
    confirm(client, response)
    confirm(client, response)
    assert report(client) == ([], [str(nomination)])
    assert Opinion.objects.count() == 1


def test_rows_of_others_are_left_out_and_cannot_be_smuggled_in(house, reviewer):
    task = review_task(in_review(house))
    stranger = signed_in(make_official(make_body(), Role.UNION_REVIEWER))
    response = preflight(stranger, task)
    assert (response.context["lines"], response.context["missing"]) == ([], 1)
    stranger.post(reverse("workflows:approve"), {"item": [f"{task.pk}:1"], "text": ""})
    assert report(stranger) == ([], [""])
    other_office = signed_in(house.people["county", "party"])
    other_office.post(reverse("workflows:approve"), {"item": [f"{task.pk}:1"], "text": ""})
    assert len(report(other_office)[1]) == 1
    assert not Opinion.objects.exists()


def test_taken_by_a_colleague_it_is_left_out(house, reviewer):
    task = review_task(in_review(house))
    turns.claim(task_id=task.pk, actor=make_official(house.bodies["county"], Role.UNION_REVIEWER))
    assert preflight(signed_in(reviewer), task).context["missing"] == 1


def test_lists_and_applications_are_not_approved_in_bulk(house):
    keeper = house.people["county", "keeper"]
    client = signed_in(keeper)
    task = house.slate_task("county", "compile_slate")
    assert preflight(client, task).context["lines"] == []
    client.post(reverse("workflows:approve"), {"item": [f"{task.pk}:1"], "text": ""})
    assert report(client) == ([], [""])


def test_nothing_ticked_and_too_many(house, reviewer):
    client = signed_in(reviewer)
    address = reverse("workflows:approve")
    assert client.post(address).url == reverse("workflows:inbox")
    assert client.post(address, {"ids": list(range(1, 102))}).url == reverse("workflows:inbox")
    assert client.post(address, {"item": ["1:x"], "text": ""}).status_code == 400
    assert client.get(address).url == reverse("workflows:inbox")
    assert client.get(reverse("workflows:approved")).url == reverse("workflows:inbox")


def test_the_preflight_costs_the_same_for_many(house, reviewer):
    tasks = [review_task(in_review(house)) for _number in range(12)]
    client = signed_in(reviewer)

    def cost(*chosen):
        with CaptureQueriesContext(connection) as captured:
            ask(client, *chosen)
        return len(captured)

    cost(tasks[0])
    assert cost(tasks[0]) == cost(*tasks) <= 20


def test_visitors_are_asked_to_sign_in(client, house):
    task = review_task(in_review(house))
    assert client.get(inbox()).status_code == 302
    for name, args in (("claim", [task.pk]), ("release", [task.pk]), ("approve", []), ("approved", [])):
        response = client.post(reverse(f"workflows:{name}", args=args))
        assert response.status_code in {302, 405}
    task.refresh_from_db()
    assert task.owner_id is None
