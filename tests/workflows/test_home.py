"""The page after signing in, for everybody who can sign in."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.states import NominationState, Outcome, UnitRole
from quotas.models import Extension, StageWindow
from quotas.states import Office, Role
from tests.builders import make_employer, make_official, make_unit_person, make_user
from tests.workflows.desk_people import due, in_review, signed_in

pytestmark = pytest.mark.django_db


def home(user):
    response = signed_in(user).get("/")
    assert response.status_code == 200
    return response


def text_of(response):
    return response.content.decode()


def test_late_today_and_this_week_are_three_lists(house, journey):
    now = journey.moment
    moments = {
        "已逾期": now - timedelta(minutes=1),
        "今天到期": now + timedelta(hours=2),
        "七天内到期": now + timedelta(days=6),
    }
    made = {title: due(house, at) for title, at in moments.items()}
    due(house, now + timedelta(days=20))
    lists = home(house.people["county", "union"]).context["due_lists"]
    assert {each.title: [row.name for row in each.rows] for each in lists} == {
        title: [nomination.nominee_name] for title, nomination in made.items()
    }
    assert [each.number for each in lists] == [1, 1, 1]


def test_the_first_rows_the_whole_number_and_where_the_rest_is(house, journey):
    for minute in range(8):
        due(house, journey.moment - timedelta(minutes=8 - minute), nominee_name=f"第{minute}件")
    response = home(house.people["county", "union"])
    late = response.context["due_lists"][0]
    assert [row.name for row in late.rows] == [f"第{minute}件" for minute in range(5)]
    assert late.number == 8
    assert "/inbox/?due=late" in text_of(response)


def test_nothing_of_other_desks(house, journey):
    due(house, journey.moment - timedelta(minutes=1))
    lists = home(house.people["city", "union"]).context["due_lists"]
    assert [each.number for each in lists] == [0, 0, 0]


def test_the_timetable_has_today_on_it(house):
    text = text_of(home(house.people["county", "union"]))
    assert 'aria-current="date"' in text
    assert "县级截止" in text


def test_an_extension_stands_on_the_timetable_of_its_body_only(house, journey):
    window = StageWindow.objects.get(stage="county")
    Extension.objects.create(
        round=window.round,
        stage="county",
        body=house.bodies["county"],
        due_at=window.due_at + timedelta(days=3),
        reason="系统故障",
        granted_by=house.people["province", "staff"],
        granted_at=journey.moment,
    )
    assert "本单位已延期" in text_of(home(house.people["county", "union"]))
    assert "本单位已延期" not in text_of(home(house.people["city", "union"]))


def extend(house, stage, body, days, at):
    window = StageWindow.objects.get(stage=stage)
    Extension.objects.create(
        round=window.round,
        stage=stage,
        body=house.bodies[body],
        due_at=window.due_at + timedelta(days=days),
        reason="系统故障",
        granted_by=house.people["province", "staff"],
        granted_at=at,
    )


def deadlines_of(user):
    """The days to the deadline in the bar, and the notes on the timetable of the home page."""
    response = home(user)
    days = re.search(r"距(\w+)截止还有 <b>(\d+)</b>", text_of(response))
    return days.groups(), {moment["label"]: moment["note"] for moment in response.context["moments"]}


def test_people_of_a_unit_read_the_deadlines_of_its_body(house, journey):
    """46 days to the unit stage; of the extensions only those of the unit's county and industry union are told."""
    elsewhere = make_unit_person(make_employer())
    unit = make_unit_person(make_employer(house.bodies["county"]))
    extend(house, "unit", "county", 4, journey.moment)
    extend(house, "county", "county", 2, journey.moment)
    extend(house, "city", "city", 3, journey.moment)
    days, notes = deadlines_of(unit)
    assert days == ("单位", "50")
    assert notes == {"单位截止": "本单位已延期", "县级截止": "已延期", "市级截止": "", "省级截止": ""}
    days, notes = deadlines_of(elsewhere)
    assert days == ("单位", "46")
    assert set(notes.values()) == {""}
    extend(house, "unit", "industry", 9, journey.moment)
    both = make_employer(house.bodies["county"], industry_body=house.bodies["industry"])
    assert deadlines_of(make_unit_person(both))[0] == ("单位", "55")
    assert deadlines_of(unit)[0] == ("单位", "50")


def test_lists_that_are_missing_stand_with_what_they_lack(house):
    response = home(house.people["county", "keeper"])
    (line,) = response.context["quota_lines"]
    assert line["slate"] == house.slates["county"]
    assert line["empty"]
    chosen = house.lying(NominationState.POOLED)
    house.compile("county", [chosen])
    assert home(house.people["county", "keeper"]).context["quota_lines"] == []


def test_a_list_that_was_refused_says_by_whom_and_why(house):
    house.compile("county", [house.lying(NominationState.POOLED)])
    house.sign("county", Office.UNION, signed=False)
    response = home(house.people["county", "keeper"])
    (line,) = response.context["quota_lines"]
    assert line["refused"].text == "请调整。"
    assert "请调整。" in text_of(response)


def test_reviewers_see_no_lists_to_hand_in(house):
    assert home(house.people["county", "union"]).context["quota_lines"] == []


def test_the_applicant_sees_where_the_own_stand_and_what_to_do(house):
    draft = house.nomination()
    waiting = in_review(house)
    returned = in_review(house)
    house.opinion(returned, "county", Office.UNION, Outcome.RETURN)
    response = home(house.applicant)
    assert [item["nomination"] for item in response.context["own"]] == [returned, draft, waiting]
    came_back, to_fill, under_way = response.context["own"]
    assert came_back["returned"]["text"] == "材料与事迹不符，请核实。"
    assert str(came_back["task"].flow_task.task_title) == "补正材料"
    assert str(to_fill["task"].flow_task.task_title) == "填写申报材料"
    assert under_way["task"] is None
    assert "张家港市正在审核" in text_of(response)


def test_an_applicant_is_not_told_who_reviewed(house):
    returned = in_review(house)
    house.opinion(returned, "county", Office.UNION, Outcome.RETURN)
    assert house.people["county", "union"].name not in text_of(home(house.applicant))


def test_the_endorser_has_what_was_handed_on(house):
    nomination = house.nomination()
    house.submit(nomination)
    (item,) = home(house.endorser).context["own"]
    assert str(item["task"].flow_task.task_title) == "单位审核"
    (item,) = home(house.applicant).context["own"]
    assert item["task"] is None
    assert item["wait"] == "已提交，等待本单位审核人审核。"


def test_a_unit_without_nominations_reads_how_to_begin(house):
    applicant = make_unit_person(house.unit())
    response = home(applicant)
    assert response.context["own"] == []
    assert "/apply/" in text_of(response)
    endorser = make_unit_person(house.unit(), UnitRole.ENDORSER)
    assert "/apply/" not in text_of(home(endorser))


def test_another_unit_s_nominations_are_not_there(house):
    in_review(house)
    assert home(make_unit_person(house.unit())).context["own"] == []


def test_without_any_post_it_says_whom_to_ask(house):
    response = home(make_user())
    assert response.context["nobody"]
    assert "安全管理员" in text_of(response)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_posts_without_tasks_read_what_they_are_for(house, role):
    response = home(make_official(house.bodies["province"], role))
    assert [held["post"].role for held in response.context["posts"]] == [role]
    assert response.context["due_lists"] == []
    assert ("查阅台账" in text_of(response)) is (role in {Role.OBSERVER, Role.AUDIT_ADMIN})


def test_the_navigation_has_what_the_posts_may_do(house):
    def words(user):
        context = home(user).context
        return [
            str(item["label"])
            for name in ("nav_workflows", "nav_appraisal", "nav_quotas")
            for item in context[name]
        ]

    in_review(house)
    assert words(house.people["county", "union"]) == [
        "首页",
        "待办",
        "申报",
        "名单",
        "公示",
        "单位资料",
        "名额",
    ]
    assert words(make_unit_person(house.unit())) == ["首页", "待办", "申报", "公示", "单位资料"]
    assert words(make_user()) == ["首页", "公示"]
    assert "待办" not in words(make_official(house.bodies["province"], Role.OBSERVER))
    counted = home(house.people["county", "union"]).context["nav_workflows"]
    assert [item.get("count") for item in counted] == [None, 1]


def test_without_an_open_round_there_is_no_timetable(house):
    round_ = StageWindow.objects.first().round
    round_.state = "closed"
    round_.save()
    assert home(house.people["county", "union"]).context["moments"] == []


def test_the_number_of_statements_is_flat_and_small(house, journey):
    def cost(user):
        client = signed_in(user)
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    people = [
        house.people["county", "union"],
        house.people["county", "keeper"],
        house.people["province", "staff"],
    ]
    house.opinion(in_review(house), "county", Office.UNION, Outcome.RETURN)
    due(house, journey.moment - timedelta(hours=1))
    before = [cost(user) for user in (*people, house.applicant)]
    for _number in range(12):
        due(house, journey.moment - timedelta(hours=1))
        house.opinion(in_review(house), "county", Office.UNION, Outcome.RETURN)
    assert [cost(user) for user in (*people, house.applicant)] == before
    assert max(before) <= 20
