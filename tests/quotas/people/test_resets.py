"""A new password for whoever holds a post: one administrator asks, another confirms, neither knows it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import escape

from quotas.base import clock
from quotas.base.errors import InvalidInput, NotPermitted, RuleViolation, TooLate, WrongState
from quotas.base.states import Level, ResetState, Role
from quotas.ledger.models import LedgerEntry
from quotas.people.models import PasswordReset
from quotas.people.services import accounts, posts, resets
from quotas.tree.models import User
from tests.builders import PASSWORD, make_body, make_employer, make_official, make_unit_person, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 15, 2, 0, tzinfo=UTC)
THREE = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE)


@pytest.fixture
def admins(province):
    return {name: make_official(province, role, name=f"{name}员") for name, role in THREE.items()}


@pytest.fixture
def leader(province):
    return make_official(province, Role.UNION_LEADER, username="leader")


def now(user):
    return User.objects.get(pk=user.pk)


def test_two_administrators_and_two_halves(client, admins, leader):
    client.force_login(leader)
    asked = resets.ask(user_id=leader.pk, actor=admins["system"])
    assert now(leader).check_password(PASSWORD)
    assert client.get("/help/").status_code == 200
    confirmed = resets.confirm(reset_id=asked.reset.pk, actor=admins["security"])
    fresh = now(leader)
    assert fresh.check_password(f"{asked.half}-{confirmed.half}")
    assert not any(fresh.check_password(half) for half in (PASSWORD, asked.half, confirmed.half))
    assert fresh.must_change_password
    assert client.get("/help/").url.startswith("/login/")
    rows = LedgerEntry.objects.filter(stream=f"account:{leader.pk}").order_by("seq")
    assert [(row.act, row.actor) for row in rows] == [
        ("ask_reset", admins["system"]),
        ("confirm_reset", admins["security"]),
    ]
    told = str(list(rows.values("before", "after", "reason"))) + str(list(PasswordReset.objects.values()))
    told += repr(asked) + repr(confirmed)
    assert asked.half not in told
    assert confirmed.half not in told


@pytest.mark.parametrize("holds", ["leader", "keeper", "administrator", "observer", "unit"])
@pytest.mark.parametrize("active", [True, False])
def test_one_administrator_gives_no_password_to_who_holds_a_post(province, admins, holds, active):
    roles = {"leader": Role.PARTY_LEADER, "administrator": Role.AUDIT_ADMIN, "keeper": Role.KEEPER}
    user = (
        make_unit_person(make_employer(), is_active=active)
        if holds == "unit"
        else make_official(province, roles.get(holds, Role.OBSERVER), is_active=active)
    )
    act = accounts.reset_password if active else accounts.reactivate
    with pytest.raises(RuleViolation) as refusal:
        act(user_id=user.pk, actor=admins["system"])
    assert [reason.code for reason in refusal.value.reasons] == ["second_administrator_needed"]
    assert now(user).check_password(PASSWORD)
    assert now(user).is_active == active


@pytest.mark.parametrize(
    ("victim", "asks", "confirms", "refused"),
    [
        ("leader", "system", "security", None),
        ("leader", "system", "audit", None),
        ("leader", "system", "system", "reset_needs_another"),
        ("leader", "system", "second system", "reset_needs_another"),
        ("leader", "system", "leader", "act_not_held"),
        ("leader", "security", None, "act_not_held"),
        ("leader", "audit", None, "act_not_held"),
        ("leader", "leader", None, "act_not_held"),
        ("security", "system", "audit", None),
        ("security", "system", "security", "own_account"),
        ("audit", "system", "security", None),
        ("system", "security", "audit", None),
        ("system", "second system", "security", None),
        ("system", "security", "second system", None),
        ("system", "security", "security", "reset_needs_another"),
        ("system", "security", "system", "own_account"),
        ("system", "audit", None, "act_not_held"),
        ("system", "system", None, "own_account"),
    ],
)
def test_who_asks_and_who_confirms(province, admins, leader, victim, asks, confirms, refused):
    people = admins | {"leader": leader, "second system": make_official(province, Role.SYSTEM_ADMIN)}
    if confirms is None:
        with pytest.raises(NotPermitted, match=refused):
            resets.ask(user_id=people[victim].pk, actor=people[asks])
        assert not PasswordReset.objects.exists()
        return
    reset, _half = resets.ask(user_id=people[victim].pk, actor=people[asks])
    if refused:
        with pytest.raises(NotPermitted, match=refused):
            resets.confirm(reset_id=reset.pk, actor=people[confirms])
        assert now(people[victim]).check_password(PASSWORD)
    else:
        resets.confirm(reset_id=reset.pk, actor=people[confirms])
        assert not now(people[victim]).check_password(PASSWORD)


def test_who_changes_the_post_does_not_confirm_the_own_request(province, admins, leader):
    reset, _half = resets.ask(user_id=leader.pk, actor=admins["system"])
    admins["system"].groups.clear()
    posts.create(bodies=[province])
    posts.appoint(user_id=admins["system"].pk, body_id=province.pk, role=Role.AUDIT_ADMIN, actor=None)
    with pytest.raises(NotPermitted, match="reset_needs_another"):
        resets.confirm(reset_id=reset.pk, actor=now(admins["system"]))
    with pytest.raises(WrongState, match="reset_outdated"):
        resets.confirm(reset_id=reset.pk, actor=admins["security"])


def test_a_deactivated_account_comes_back_by_two(admins, leader):
    accounts.deactivate(user_id=leader.pk, actor=admins["system"])
    asked = resets.ask(user_id=leader.pk, actor=admins["system"])
    confirmed = resets.confirm(reset_id=asked.reset.pk, actor=admins["security"])
    assert now(leader).is_active
    assert now(leader).check_password(f"{asked.half}-{confirmed.half}")


def test_who_was_deactivated_meanwhile_does_not_come_back(admins, leader):
    reset, _half = resets.ask(user_id=leader.pk, actor=admins["system"])
    accounts.deactivate(user_id=leader.pk, actor=admins["system"])
    with pytest.raises(WrongState, match="reset_outdated"):
        resets.confirm(reset_id=reset.pk, actor=admins["security"])
    assert not now(leader).is_active


@pytest.mark.parametrize("left", ["deactivated", "dismissed"])
def test_the_one_who_asked_is_administrator_still(admins, leader, left):
    reset, _half = resets.ask(user_id=leader.pk, actor=admins["system"])
    if left == "deactivated":
        User.objects.filter(pk=admins["system"].pk).update(is_active=False)
    else:
        admins["system"].groups.clear()
    with pytest.raises(WrongState, match="reset_outdated"):
        resets.confirm(reset_id=reset.pk, actor=admins["security"])


def test_a_request_holds_for_three_days(admins, leader):
    with clock.travel(NOW):
        reset, _half = resets.ask(user_id=leader.pk, actor=admins["system"])
        with pytest.raises(WrongState, match="reset_waits"):
            resets.ask(user_id=leader.pk, actor=admins["system"])
    with clock.travel(NOW + timedelta(days=3)):
        with pytest.raises(TooLate, match="reset_void"):
            resets.confirm(reset_id=reset.pk, actor=admins["security"])
        assert resets.waiting() == []
        again, _half = resets.ask(user_id=leader.pk, actor=admins["system"])
    assert PasswordReset.objects.get(pk=reset.pk).state == ResetState.DECLINED
    with clock.travel(NOW + timedelta(days=6) - timedelta(seconds=1)):
        resets.confirm(reset_id=again.pk, actor=admins["security"])


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_a_request_is_taken_back_or_declined_with_its_reason(admins, leader, who):
    reset, _half = resets.ask(user_id=leader.pk, actor=admins["system"])
    with pytest.raises(InvalidInput, match="reason_required"):
        resets.decline(reset_id=reset.pk, actor=admins[who], reason="　")
    for stranger in (leader, make_user()):
        with pytest.raises(NotPermitted):
            resets.decline(reset_id=reset.pk, actor=stranger, reason="误")
    resets.decline(reset_id=reset.pk, actor=admins[who], reason=" 误填 ")
    assert LedgerEntry.objects.get(act="decline_reset").reason == "误填"
    for act in (resets.confirm, lambda **given: resets.decline(**given, reason="再")):
        with pytest.raises(WrongState, match="reset_over"):
            act(reset_id=reset.pk, actor=admins["security"])
    assert now(leader).check_password(PASSWORD)


# --- pages ---------------------------------------------------------------------------------------------------


def test_from_the_list_to_the_new_password(client, admins, leader):
    client.force_login(admins["system"])
    listed = client.get("/accounts/?q=leader").content.decode()
    assert 'value="ask"' in listed
    assert 'value="reset"' not in listed
    assert client.post("/accounts/", {"act": "reset", "user": leader.pk}).status_code == 422
    answer = client.post("/accounts/", {"act": "ask", "user": leader.pk})
    first = answer.context["half"].half
    assert f"{first}-" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert "重置待复核" in client.get("/accounts/?q=leader").content.decode()
    (reset,) = resets.waiting()
    assert client.post("/resets/", {"act": "confirm", "reset": reset.pk}).status_code == 403
    assert client.post("/resets/", {"act": "confirm", "reset": "9" * 5000}).status_code == 404

    client.force_login(admins["security"])
    assert 'href="/resets/"' in client.get("/help/").content.decode()
    page = client.get("/resets/").content.decode()
    assert "1 份申请待复核" in page
    assert first not in page
    answer = client.post("/resets/", {"act": "confirm", "reset": reset.pk})
    second = answer.context["half"].half
    assert f"-{second}" in answer.content.decode()
    assert first not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]

    client.logout()
    for half in (first, second):
        assert client.post("/login/", {"username": "leader", "password": half}).status_code == 200
    client.post("/login/", {"username": "leader", "password": f"{first}-{second}"})
    page = client.get("/account/password/").content.decode()
    assert "system员对您的账号办理了“申请重置密码”" in page
    assert "security员对您的账号办理了“复核并重置密码”" in page


def test_who_was_told_once_is_not_told_again(client, admins, province):
    posts.create(bodies=[province])
    person = make_user("person")
    with clock.travel(NOW):
        accounts.deactivate(user_id=person.pk, actor=admins["system"])
        issued = accounts.reactivate(user_id=person.pk, actor=admins["system"])
    User.objects.filter(pk=person.pk).update(last_login=NOW - timedelta(days=1), must_change_password=False)
    security = admins["security"]
    second = posts.appoint(user_id=person.pk, body_id=province.pk, role=Role.KEEPER, actor=security).half
    for times in (2, 0):
        password = f"{issued.password}-{second}"
        answer = client.post("/login/", {"username": "person", "password": password}, follow=True)
        assert str(list(answer.context["messages"])).count("system员") == times
        client.logout()


def test_the_security_administrator_asks_for_the_system_administrators(client, admins):
    client.force_login(admins["security"])
    page = client.get("/resets/")
    assert [user.pk for user in page.context["candidates"]] == [admins["system"].pk]
    assert client.post("/resets/", {"act": "ask", "user": admins["system"].pk}).status_code == 200
    assert client.get("/resets/").context["candidates"] == []
    client.force_login(admins["audit"])
    (row,) = client.get("/resets/").context["rows"]
    assert row["may_confirm"]
    answer = client.post("/resets/", {"act": "decline", "reset": row["reset"].pk, "reason": "未核实"})
    assert answer.status_code == 302
    assert resets.waiting() == []


def test_what_was_typed_to_decline_a_reset_is_not_lost(client, admins, leader):
    for user in (leader, make_user("other")):
        resets.ask(user_id=user.pk, actor=admins["system"])
    first, second = resets.waiting()
    client.force_login(admins["security"])
    for typed in ("长" * 201, " \u200b"):
        answer = client.post("/resets/", {"act": "decline", "reset": second.pk, "reason": typed})
        assert answer.status_code == 422
        of = {row["reset"].pk: row["form"] for row in answer.context["rows"]}
        assert of[second.pk]["reason"].value() == typed
        assert not of[first.pk].is_bound
        text = answer.content.decode()
        # Above the list, and under the field in the row that stands open.
        assert text.count(escape(of[second.pk].errors["reason"][0])) == 2
        assert text.count("<details open") == 1
        assert f'value="{typed}"' in text
    assert len(resets.waiting()) == 2
    client.post("/resets/", {"act": "decline", "reset": second.pk, "reason": "未核实"})
    assert resets.waiting() == [first]
