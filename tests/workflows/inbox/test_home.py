"""The page after signing in, for everybody who can sign in."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.deadlines.services import extensions
from appraisal.notices.services import objections
from appraisal.records.models import Nomination
from appraisal.records.states import NominationState, Outcome, UnitRole
from quotas.base import clock
from quotas.base.states import Office, Role, Stage
from quotas.ledger.services import ledger
from quotas.oversight.services import upkeep
from quotas.people.services import resets
from quotas.rounds.models import Extension, StageWindow
from tests.builders import (
    make_body,
    make_employer,
    make_official,
    make_post,
    make_unit_person,
    make_user,
)
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
    assert response.context["blocks"]
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
    assert max(before) <= 30  # five of them say which posts are vacant


# What each post comes home to


def blocks(user):
    return {block.key: block for block in home(user).context["blocks"]}


def texts(block):
    return [str(item.text) for item in block.items]


def test_a_leader_sees_what_to_sign_with_the_figures_and_what_was_sent_back(house):
    leader, other = house.people["county", "union_leader"], house.people["city", "union_leader"]
    assert "现在没有等您签发的名单" in text_of(home(leader))
    house.compile("county", [house.lying(NominationState.POOLED)])
    sign = blocks(leader)["sign"]
    assert texts(sign) == [str(house.slates["county"])]
    assert "正选 1 / 50" in sign.items[0].note
    assert sign.items[0].url.startswith("/tasks/")
    assert sign.items[0].due is not None
    assert blocks(other)["sign"].items == []
    house.sign("county", Office.PARTY, signed=False)
    found = blocks(leader)
    assert found["sign"].items == []
    assert "请调整。" in found["sent-back"].items[0].note
    assert blocks(other)["sent-back"].items == []


def test_staff_see_the_lists_that_are_about_to_be_late_and_not_what_stands_on_them(house, journey):
    staff = house.people["province", "staff"]
    waiting = in_review(house)
    assert blocks(staff)["late"].items == []
    journey.advance(StageWindow.objects.get(stage="county").due_at - timedelta(days=1) - journey.moment)
    found = blocks(staff)["late"]
    assert texts(found) == [str(house.slates["county"])]
    assert found.items[0].url == ""
    assert waiting.nominee_name not in text_of(home(staff))
    # A body at which nothing waits is not late, and a neighbour is told of its own area only.
    assert blocks(house.people["industry", "union_leader"])["late"].items == []


def test_staff_see_who_waits_for_more_time(house, journey):
    staff, keeper = house.people["province", "staff"], house.people["county", "keeper"]
    assert blocks(staff)["extensions"].items == []
    window = StageWindow.objects.get(stage="county")
    asked = extensions.ask(
        round_id=window.round_id,
        stage=Stage.COUNTY,
        body_id=house.bodies["county"].pk,
        wanted=window.due_at + timedelta(days=2),
        reason="水灾",
        actor=keeper,
    )
    (item,) = blocks(staff)["extensions"].items
    assert "张家港市" in item.text
    assert "水灾" in item.note
    assert item.url == f"/rounds/{window.round.code}/extensions/"
    assert "extensions" not in blocks(keeper)
    extensions.refuse(request_id=asked.pk, actor=staff, answer="时间足够")
    assert blocks(staff)["extensions"].items == []


def test_keepers_see_whose_ownership_was_verified_anew(house):
    keeper, city = house.people["county", "keeper"], house.people["city", "keeper"]
    house.compile("county", [house.lying(NominationState.POOLED)])
    entry = house.slates["county"].entries.get()
    assert blocks(keeper)["flagged"].items == []
    Nomination.objects.filter(pk=entry.nomination_id).update(ownership_changed=True)
    (item,) = blocks(keeper)["flagged"].items
    assert item.text == entry.nomination.nominee_name
    assert signed_in(keeper).get(item.url).status_code == 200
    assert blocks(city)["flagged"].items == []
    Nomination.objects.filter(pk=entry.nomination_id).update(ownership_affirmed="仍为民营")
    assert blocks(keeper)["flagged"].items == []


def test_a_second_administrator_sees_what_to_confirm(house):
    province = house.bodies["province"]
    system, security, audit = (
        make_official(province, role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    )
    assert blocks(security)["resets"].items == []
    resets.ask(user_id=house.people["county", "keeper"].pk, actor=system)
    own = resets.ask(user_id=security.pk, actor=system).reset
    assert len(texts(blocks(audit)["resets"])) == 2
    # Nobody confirms for the own account, nor what somebody of the own post asked for.
    assert texts(blocks(security)["resets"]) == [house.people["county", "keeper"].name]
    assert "resets" not in blocks(system)
    resets.decline(reset_id=own.pk, actor=audit, reason="误")
    assert len(texts(blocks(audit)["resets"])) == 1


def test_the_security_administrator_sees_officials_who_are_locked_out(house):
    security = make_official(house.bodies["province"], Role.SECURITY_ADMIN)
    keeper = house.people["county", "keeper"]

    def tried(name, number, minutes=0):
        attempt = AccessAttempt.objects.create(
            username=name, ip_address=f"10.0.0.{number}", failures_since_start=number
        )
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=clock.now() - timedelta(minutes=minutes)
        )

    # Four times, too long ago, a unit's account, a password typed in place of the name.
    tried(house.people["county", "union"].username, 4)
    tried(house.people["city", "keeper"].username, 5, minutes=16)
    tried(house.applicant.username, 5)
    tried("my-own-password", 6)
    assert blocks(security)["locked"].items == []
    tried(keeper.username.upper(), 5)
    (item,) = blocks(security)["locked"].items
    assert item.text == keeper.name
    assert "my-own-password" not in text_of(home(security))
    assert "locked" not in blocks(make_official(house.bodies["province"], Role.AUDIT_ADMIN))


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_see_when_all_was_recounted_and_how_it_ended(house, journey, client, role):
    administrator = make_official(house.bodies["province"], role)

    def shown():
        return [(item.label, item.note) for item in blocks(administrator)["upkeep"].items]

    assert [label for label, _note in shown()] == ["未执行", "未执行"]
    assert client.get("/upkeepz").content == b"verify overdue back_up overdue"
    call_command("note_backup")
    upkeep.record(upkeep.Upkeep.VERIFY, wrong=0)
    assert [label for label, _note in shown()] == ["正常", "正常"]
    assert (client.get("/upkeepz").status_code, client.get("/upkeepz").content) == (200, b"ok")
    journey.advance(timedelta(days=2, minutes=1))
    assert [label for label, _note in shown()] == ["未执行", "未执行"]
    assert "已超过 2 天没有执行" in shown()[0][1]
    upkeep.record(upkeep.Upkeep.VERIFY, wrong=3)
    call_command("note_backup", "--failed")
    (verified, note), (backed_up, _note) = shown()
    assert (verified, backed_up) == ("异常", "异常")
    assert "3 项不一致" in note
    answer = client.get("/upkeepz")
    assert (answer.status_code, answer.content) == (503, b"verify failed back_up failed")


def test_vacant_posts_are_told_to_staff_and_to_security_administrators(house):
    staff = house.people["province", "staff"]
    make_post(house.bodies["county"], Role.OBSERVER)
    elsewhere = make_body(name="无人县", parent=house.bodies["city"])
    make_post(elsewhere, Role.KEEPER)
    # Staff read in the box above what stops because of it, and nothing twice.
    assert "vacant" not in blocks(staff)
    security = blocks(make_official(house.bodies["province"], Role.SECURITY_ADMIN))["vacant"]
    assert "无人县" in texts(security)
    assert all(item.url.startswith("/posts/?body=") for item in security.items)
    assert "vacant" not in blocks(house.people["county", "keeper"])


def test_a_keeper_follows_the_list_after_its_signature(house, journey):
    keeper = house.people["county", "keeper"]
    house.compile("county", [house.lying(NominationState.POOLED)])
    assert blocks(keeper)["moving"].items == []
    for office in Office:
        house.sign("county", office)
    assert blocks(keeper)["moving"].items[0].label == "已签发，待发布公示"
    house.publish("county")
    assert blocks(keeper)["moving"].items[0].note.startswith("公示至")
    house.wait_out(journey)
    assert blocks(keeper)["moving"].items[0].label == "公示期满，待上报"
    assert blocks(house.people["city", "keeper"])["moving"].items == []


def test_what_was_returned_and_what_came_back_are_two_lists_of_the_desk(house):
    union, city = house.people["county", "union"], house.people["city", "union"]
    nomination = in_review(house)
    house.opinion(nomination, "county", Office.UNION, Outcome.RETURN)
    found = blocks(union)
    assert texts(found["awaited"]) == [nomination.nominee_name]
    assert found["back"].items == []
    house.resubmit(nomination)
    found = blocks(union)
    assert found["awaited"].items == []
    assert texts(found["back"]) == [nomination.nominee_name]
    assert blocks(city)["back"].items == []


def test_an_objection_is_told_to_the_body_without_its_objector(house, journey):
    house.compile("county", [house.lying(NominationState.POOLED)])
    for office in Office:
        house.sign("county", office)
    house.publish("county")
    notice = house.slates["county"].notices.get()
    entry = house.slates["county"].entries.get()
    objections.record(
        notice_id=notice.pk,
        entry_id=entry.pk,
        actor=house.people["county", "keeper"],
        objector="举报人甲",
        objector_contact="13900000000",
        text="事迹不实某某",
        received_on=journey.moment.date(),
    )
    for post in ("keeper", "union_leader", "union"):
        page = home(house.people["county", post])
        (item,) = blocks(house.people["county", post])["objections"].items
        assert item.text == entry.nomination.nominee_name
        assert bool(item.url) is (post != "union")
        for secret in ("举报人甲", "13900000000", "事迹不实某某"):
            assert secret not in text_of(page)
    assert blocks(house.people["city", "keeper"])["objections"].items == []


def test_administrators_and_observers_read_something_true(house):
    province = house.bodies["province"]
    waiting = make_user(must_change_password=True, name="新来的")
    assert "新来的" in texts(blocks(make_official(province, Role.SYSTEM_ADMIN))["accounts"])
    house.compile("county", [house.lying(NominationState.POOLED)])
    observer = blocks(make_official(house.bodies["county"], Role.OBSERVER))
    assert any("提交了" in text for text in texts(observer["latest"]))
    other = blocks(make_official(make_body(name="他县"), Role.OBSERVER))
    assert other["latest"].items == []
    auditor = make_official(province, Role.AUDIT_ADMIN)
    assert texts(blocks(auditor)["seal"]) == ["台账尚未封存"]
    ledger.seal()
    assert texts(blocks(auditor)["seal"])[0].startswith("最近一次封存")
    assert waiting.name not in text_of(home(auditor))


def test_somebody_with_two_posts_sees_the_lists_of_both(house):
    person = make_official(house.bodies["county"], Role.UNION_LEADER)
    make_post(house.bodies["county"], Role.OBSERVER, person)
    assert {"sign", "latest"} <= blocks(person).keys()


def test_every_empty_list_says_what_will_appear(house):
    for person in {*house.people.values(), make_official(house.bodies["province"], Role.AUDIT_ADMIN)}:
        for block in blocks(person).values():
            assert block.items or block.empty
            assert len(block.items) <= 8
