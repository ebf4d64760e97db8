"""Pages of accounts, posts and the own password: who gets them, what they do, what a password never reaches."""

import re

import pytest
from django.contrib.sessions.models import Session

from quotas.base.states import Level, Role
from quotas.ledger.models import LedgerEntry
from quotas.people.services import accounts, posts
from quotas.tree.models import User
from tests.builders import PASSWORD, make_body, make_newcomer, make_official, make_post, make_user

pytestmark = pytest.mark.django_db

ACCOUNTS = "/accounts/"
POSTS = "/posts/"
PASSWORD_PAGE = "/account/password/"
NEW = {"act": "create", "username": "newcomer", "name": "新人", "email": ""}
ISSUED = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){2}")
OWN = "my-own-long-password"


@pytest.fixture
def province():
    made = make_body(level=Level.PROVINCE)
    posts.create(bodies=[made])
    return made


@pytest.fixture
def system(province):
    return make_official(province, Role.SYSTEM_ADMIN)


@pytest.fixture
def security(province):
    return make_official(province, Role.SECURITY_ADMIN)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def shown(answer):
    return answer.content.decode()


# --- accounts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_only_the_system_administrator_gets_the_accounts(as_, province, role):
    client = as_(make_official(province, role))
    may = role == Role.SYSTEM_ADMIN
    assert client.get(ACCOUNTS).status_code == (200 if may else 404)
    assert client.post(ACCOUNTS, NEW).status_code == (200 if may else 404)
    assert User.objects.filter(username="newcomer").exists() == may
    assert (ACCOUNTS in shown(client.get("/help/"))) == may


def test_visitors_are_asked_to_sign_in(client):
    for address in (ACCOUNTS, POSTS, PASSWORD_PAGE):
        assert client.get(address).url == f"/login/?next={address}"


def test_a_new_account_signs_in_with_two_halves_each_shown_once_to_another(as_, client, system, security):
    answer = as_(system).post(ACCOUNTS, NEW)
    assert "no-store" in answer.headers["Cache-Control"]
    first = ISSUED.search(shown(answer))[0]
    assert "前一半" in shown(answer)
    assert not ISSUED.search(shown(client.get(ACCOUNTS)))
    answer = as_(security).post(POSTS, {"act": "appoint", "username": "newcomer", "role": "keeper"})
    assert "no-store" in answer.headers["Cache-Control"]
    second = ISSUED.search(shown(answer))[0]
    assert "后一半" in shown(answer)
    assert first not in shown(answer)
    assert not ISSUED.search(shown(client.get(POSTS)))
    for half in (first, second):
        assert not any(half in str(session.get_decoded()) for session in Session.objects.all())
        assert half not in str(list(LedgerEntry.objects.values_list("before", "after", "reason")))
        client.logout()
        assert client.post("/login/", {"username": "newcomer", "password": half}).status_code == 200
    password = f"{first}{second}"

    answer = client.post("/login/", {"username": "newcomer", "password": password})
    assert answer.status_code == 302
    for address in ("/", "/help/", "/notices/", ACCOUNTS):
        assert client.get(address).url == PASSWORD_PAGE
    assert client.post(POSTS, {}).url == PASSWORD_PAGE
    assert "一次性密码" in shown(client.get(PASSWORD_PAGE))

    weak = {"old_password": password, "new_password1": "12345678", "new_password2": "12345678"}
    answer = client.post(PASSWORD_PAGE, weak)
    assert "密码" in shown(answer)
    assert client.get("/help/").url == PASSWORD_PAGE
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    assert "最近 5 次用过的密码不能再用" in shown(client.post(PASSWORD_PAGE, same))
    answer = client.post(
        PASSWORD_PAGE, {"old_password": password, "new_password1": OWN, "new_password2": OWN}
    )
    assert answer.url == "/"
    assert client.get("/help/").status_code == 200
    acts = LedgerEntry.objects.exclude(stream="posts").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["create_account", "appoint", "change_password"]
    client.logout()
    assert not client.login(username="newcomer", password=password)
    assert client.login(username="newcomer", password=OWN)


def test_signing_out_is_free_before_the_password_is_changed(as_):
    client = as_(make_user(must_change_password=True))
    assert client.get("/help/").url == PASSWORD_PAGE
    assert client.post("/i18n/setlang/", {"language": "en"}).status_code == 302
    assert client.post("/logout/").url == "/login/"


def test_a_wrong_form_is_drawn_again(as_, system):
    make_user("taken")
    answer = as_(system).post(ACCOUNTS, NEW | {"username": "Taken"})
    assert answer.status_code == 422
    assert "登录名“Taken”已被使用。" in shown(answer)
    assert not ISSUED.search(shown(answer))
    assert as_(system).post(ACCOUNTS, NEW | {"name": ""}).status_code == 422
    assert as_(system).post(ACCOUNTS, {"act": "nonsense"}).status_code == 400


def test_deactivate_reset_and_reactivate(as_, client, system, security, province):
    person = make_user("person")
    other = type(client)()
    other.force_login(person)
    assert other.get("/help/").status_code == 200
    as_(system)
    assert client.post(f"{ACCOUNTS}?q=person", {"act": "deactivate", "user": person.pk}).url == (
        f"{ACCOUNTS}?q=person"
    )
    assert "已停用" in shown(client.get(f"{ACCOUNTS}?q=person"))
    assert other.get("/help/").status_code == 302
    answer = client.post(ACCOUNTS, {"act": "reset", "user": person.pk})
    assert answer.status_code == 409
    assert "请先恢复账号" in shown(answer)
    back = client.post(ACCOUNTS, {"act": "reactivate", "user": person.pk})
    assert back.status_code == 200
    assert other.get("/help/").status_code == 302
    answer = client.post(ACCOUNTS, {"act": "reset", "user": person.pk})
    assert "no-store" in answer.headers["Cache-Control"]
    appointed = posts.appoint(user_id=person.pk, body_id=province.pk, role=Role.KEEPER, actor=security)
    assert not other.login(username="person", password=ISSUED.search(shown(back))[0] + appointed.half)
    assert other.login(username="person", password=ISSUED.search(shown(answer))[0] + appointed.half)
    assert other.get("/help/").url == PASSWORD_PAGE
    for wanted in ("0", "x", "99999999"):
        assert client.post(ACCOUNTS, {"act": "reset", "user": wanted}).status_code == 404


def test_a_reset_ends_the_open_sessions(client, system):
    person = make_user()
    client.force_login(person)
    accounts.reset_password(user_id=person.pk, actor=system)
    assert client.get("/help/").url == "/login/?next=/help/"


@pytest.mark.parametrize("act", ["deactivate", "reactivate", "reset"])
def test_the_own_account_is_refused(as_, system, act):
    answer = as_(system).post(ACCOUNTS, {"act": act, "user": system.pk})
    assert answer.status_code == 403
    assert "三员分立" in shown(answer)
    system.refresh_from_db()
    assert system.is_active
    assert system.check_password(PASSWORD)


def test_the_list_is_searched_and_filtered(as_, system):
    make_user("zhang", name="张三")
    make_user("lisi", name="李四", is_active=False)
    make_user("wangwu", name="王五", must_change_password=True)
    client = as_(system)

    def names(query):
        return {row.user.name for row in client.get(f"{ACCOUNTS}?{query}").context["rows"]}

    assert names("q=ZHA") == {"张三"}
    assert names("q=李") == {"李四"}
    assert names("state=inactive") == {"李四"}
    assert names("state=waiting") == {"王五"}
    assert names("state=active") == {"张三", "王五", system.name}
    assert names("state=nonsense&after=x") == {"张三", "李四", "王五", system.name}
    assert "没有符合条件的账号" in shown(client.get(f"{ACCOUNTS}?q=nobody"))


def test_the_list_is_paged(as_, system):
    for number in range(60):
        make_user(f"many-{number}")
    client = as_(system)
    first = client.get(ACCOUNTS).context
    assert len(first["rows"]) == 50
    second = client.get(f"{ACCOUNTS}?after={first['next_after']}").context
    assert len(second["rows"]) == 11
    assert second["previous_after"]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_accounts_are_flat(as_, system, province, django_assert_num_queries, number):
    for _ in range(number):
        person = make_official(province, Role.KEEPER)
        make_post(make_body(), Role.OBSERVER, person)
    client = as_(system)
    client.get(ACCOUNTS)
    # session, user; grants; accounts, groups, posts, bodies; who holds a post, a unit's; resets that wait; own posts,
    # windows; own units
    with django_assert_num_queries(10):
        client.get(ACCOUNTS)


# --- posts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_only_the_security_administrator_gets_the_posts(as_, province, role):
    client, other = as_(make_official(province, role)), make_newcomer("other")
    may = role == Role.SECURITY_ADMIN
    assert client.get(POSTS).status_code == (200 if may else 404)
    answer = client.post(POSTS, {"act": "appoint", "username": "other", "role": "keeper"})
    assert answer.status_code == (200 if may else 404)
    assert other.groups.exists() == may
    assert (f'href="{POSTS}"' in shown(client.get("/help/"))) == may


def test_appoint_and_dismiss(as_, security, province):
    city = make_body(level=Level.CITY, parent=province)
    posts.create(bodies=[city])
    person = make_user("person", name="张三")
    make_post(make_body(), Role.OBSERVER, person)
    client, address = as_(security), f"{POSTS}?body={city.pk}"
    assert client.post(address, {"act": "appoint", "username": "Person", "role": "keeper"}).url == address
    text = shown(client.get(address))
    assert "张三已任" in text
    assert "5 个岗位没有人" in text
    dismissal = {"act": "dismiss", "user": person.pk, "role": "keeper"}
    answer = client.post(address, dismissal)
    assert answer.status_code == 422
    assert "请写明免职理由" in shown(answer)
    assert person.groups.count() == 2
    assert client.post(address, dismissal | {"reason": "工作调动"}).url == address
    assert person.groups.count() == 1
    assert client.post(address, dismissal | {"reason": "工作调动"}).url == address
    told = LedgerEntry.objects.filter(stream=f"user:{person.pk}").order_by("seq")
    assert [(row.act, row.actor, row.body, row.reason) for row in told] == [
        ("appoint", security, city, ""),
        ("dismiss", security, city, "工作调动"),
    ]


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"username": "nobody"}, 422, "没有可以任职的账号“nobody”"),
        ({"username": "gone"}, 422, "没有可以任职的账号“gone”"),
        ({"role": "nonsense"}, 422, "有 1 处需要改正"),
        ({"username": ""}, 422, "有 1 处需要改正"),
        ({"username": "auditor", "role": "system_admin"}, 422, "须由三人分别担任"),
        ({"username": "secure"}, 403, "不能为自己授予或撤销岗位"),
        ({"username": "known"}, 422, "的账号没有前一半一次性密码"),
    ],
)
def test_what_is_no_appointment(as_, province, values, status, said):
    make_user("gone", is_active=False)
    make_official(province, Role.AUDIT_ADMIN, username="auditor")
    make_user("known")
    make_newcomer("person")
    client = as_(make_official(province, Role.SECURITY_ADMIN, username="secure"))
    answer = client.post(POSTS, {"act": "appoint", "username": "person", "role": "keeper"} | values)
    assert answer.status_code == status
    assert said in shown(answer)
    assert not LedgerEntry.objects.filter(act="appoint").exists()
    assert client.post(POSTS, {"act": "appoint", "username": "person", "role": "keeper"}).status_code == 200


def test_nobody_dismisses_oneself(as_, security):
    form = {"act": "dismiss", "user": security.pk, "role": "security_admin", "reason": "x"}
    answer = as_(security).post(POSTS, form)
    assert answer.status_code == 403
    assert security.groups.exists()


def test_bodies_that_are_not_there(as_, security):
    for body in ("0", "x", "99999999999999999999"):
        assert as_(security).get(f"{POSTS}?body={body}").status_code == 404


def test_the_tree_tells_what_is_not_filled(as_, security, province):
    city = make_body(level=Level.CITY, parent=province)
    posts.create(bodies=[city])
    make_post(city, Role.KEEPER, make_user(), make_user())
    make_post(city, Role.OBSERVER, make_user(is_active=False))
    (child,) = as_(security).get(POSTS).context["children"]
    assert (child.posts_all, child.posts_filled) == (6, 1)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_posts_are_flat(as_, security, province, django_assert_num_queries, number):
    for _ in range(number):
        make_official(province, Role.KEEPER)
        make_official(make_body(level=Level.CITY, parent=province), Role.KEEPER)
    client = as_(security)
    client.get(POSTS)
    # session, user; grants, roots; posts, groups, holders, children, path; own posts, windows; units; proposals
    with django_assert_num_queries(10):
        client.get(POSTS)


# --- the own password ----------------------------------------------------------------------------------------


def test_everybody_changes_the_own_password_and_stays_signed_in(as_, client):
    person = make_user("person")
    as_(person)
    assert PASSWORD_PAGE in shown(client.get("/help/"))
    wrong = {"old_password": "wrong", "new_password1": OWN, "new_password2": OWN}
    assert client.post(PASSWORD_PAGE, wrong).status_code == 422
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    answer = client.post(PASSWORD_PAGE, wrong | {"old_password": PASSWORD})
    assert answer.url == "/"
    assert client.get("/help/").status_code == 200
    person.refresh_from_db()
    assert person.check_password(OWN)
    row = LedgerEntry.objects.get(stream=f"account:{person.pk}")
    assert (row.act, row.actor) == ("change_password", person)
    assert OWN not in str(row.after)


def test_what_is_public_stays_so_for_who_has_a_password(as_):
    assert as_(make_user()).get("/notices/").status_code == 200
