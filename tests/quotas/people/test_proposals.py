"""People proposed for posts: one administrator opens accounts, another grants, and neither can be their holder."""

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotas.base.errors import Conflict, DomainError, InvalidInput, NotPermitted, RuleViolation
from quotas.base.states import Level, ProposalState, Role
from quotas.ledger.models import LedgerEntry
from quotas.people.models import Proposal
from quotas.people.services import posts, proposals
from quotas.people.services.proposals import WantedPost
from quotas.tree.models import Post, User
from tests.builders import make_body, make_official, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    province = make_body("320000", level=Level.PROVINCE)
    city = make_body("320500", level=Level.CITY, parent=province)
    county = make_body("320581", parent=city, name="常熟市")
    posts.create(bodies=[province, city, county])
    return county


@pytest.fixture
def system(county):
    return make_official(make_body(level=Level.PROVINCE), Role.SYSTEM_ADMIN)


@pytest.fixture
def security(county):
    return make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN)


def propose(county, system, *people, role=Role.KEEPER):
    return proposals.propose(
        wanted=[WantedPost(county, role, username, name) for username, name in people], actor=system
    )


def grant(security, refused=()):
    seen = list(Proposal.objects.waiting().values_list("pk", flat=True))
    return proposals.decide(seen=seen, refused=dict(refused), actor=security)


def opens(username, password):
    # Without the setter of `User.check_password`, which stores a right one anew.
    return check_password(password, User.objects.get(username=username).password)


def test_accounts_are_opened_and_posts_only_proposed(county, system):
    (answer,) = propose(county, system, ("", "王芳"))
    user = User.objects.get(username="320581.keeper")
    assert answer.issued.user == user
    assert user.must_change_password
    assert not posts.is_filled(body_id=county.pk, role=Role.KEEPER)
    assert Proposal.objects.get().state == ProposalState.WAITING
    assert [row.act for row in LedgerEntry.objects.filter(actor=system)] == ["create_account", "propose_post"]


def test_neither_administrator_alone_can_sign_in_as_the_holder(county, system, security):
    ((_proposal, issued),) = [
        (each.proposal, each.issued) for each in propose(county, system, ("wang", "王芳"))
    ]
    assert not opens("wang", issued.password)
    (slip,) = grant(security)
    assert posts.is_filled(body_id=county.pk, role=Role.KEEPER)
    assert not opens("wang", issued.password)
    assert not opens("wang", slip.password)
    assert opens("wang", f"{issued.password}-{slip.password}")


def test_a_known_password_is_worth_nothing_once_the_first_post_is_granted(county, system, security):
    user = make_user("wang", name="王芳")  # whoever opened the account may know its password
    user.set_password("known-to-the-administrator")
    user.save()
    ((_proposal, issued),) = [
        (each.proposal, each.issued) for each in propose(county, system, ("wang", "王芳"))
    ]
    assert issued
    (slip,) = grant(security)
    assert not opens("wang", "known-to-the-administrator")
    assert opens("wang", issued.password + slip.password)


def test_who_holds_a_post_keeps_the_own_password(county, system, security):
    user = make_official(county.parent, Role.OBSERVER, username="wang", name="王芳")
    before = user.password
    (answer,) = propose(county, system, ("wang", "王芳"))
    assert answer.issued is None
    assert grant(security) == []
    user.refresh_from_db()
    assert user.password == before
    assert posts.is_filled(body_id=county.pk, role=Role.KEEPER)


def test_repeating_it_changes_nothing(county, system):
    propose(county, system, ("wang", "王芳"))
    (answer,) = propose(county, system, ("wang", "王芳"))
    assert answer.proposal is None
    assert answer.issued is None
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ((("wang", "李四"),), "username_taken"),
        ((("left", "离岗"),), "user_inactive"),
        ((("new", "张三"), ("NEW", "李四")), "login_of_two_people"),
        ((("x", "张三"),), "username_malformed"),
        ((("fine", ""),), "name_required"),
    ],
)
def test_what_is_wrong_with_people(county, system, people, code):
    make_user("wang", name="王芳")
    make_user("left", name="离岗", is_active=False)
    found = [each for each in propose(county, system, *people) if isinstance(each, DomainError)]
    assert [reason.code for each in found for reason in each.reasons] == [code]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_are_not_made_by_workbook(county, system, role):
    province = make_body(level=Level.PROVINCE)
    (answer,) = proposals.propose(wanted=[WantedPost(province, role, "wang", "王芳")], actor=system)
    assert isinstance(answer, InvalidInput)
    assert answer.problems[0].code == "post_not_proposed"


def test_posts_that_exclude_each_other_are_refused_within_one_file(county, system):
    wanted = [WantedPost(county, role, "wang", "王芳") for role in (Role.KEEPER, Role.UNION_LEADER)]
    kept, refused = proposals.propose(wanted=wanted, actor=system)
    assert not isinstance(kept, DomainError)
    assert isinstance(refused, RuleViolation)


def test_nobody_proposes_or_grants_for_himself(county, system, security):
    (answer,) = propose(county, system, (system.username, system.name))
    assert isinstance(answer, NotPermitted)
    propose(county, None, (security.username, security.name))
    assert not Proposal.objects.filter(user=security).exists() or isinstance(_refused(security), DomainError)
    assert security.groups.filter(post__role=Role.KEEPER).count() == 0


def _refused(security):
    with pytest.raises(DomainError) as refused:
        grant(security)
    return refused.value


def test_who_proposed_does_not_grant_from_another_post_either(county, system):
    propose(county, system, ("wang", "王芳"))
    system.groups.clear()
    now_security = make_official(county.parent.parent, Role.SECURITY_ADMIN, username="moved")
    system.groups.set(now_security.groups.all())
    with pytest.raises(RuleViolation) as refused:
        grant(User.objects.get(pk=system.pk))
    assert [reason.code for reason in refused.value.reasons] == ["own_post"]
    assert not posts.is_filled(body_id=county.pk, role=Role.KEEPER)
    grant(now_security)
    assert posts.is_filled(body_id=county.pk, role=Role.KEEPER)


def test_nobody_else_proposes_or_grants(county, system, security):
    with pytest.raises(NotPermitted):
        propose(county, security, ("wang", "王芳"))
    propose(county, system, ("wang", "王芳"))
    with pytest.raises(NotPermitted):
        grant(system)
    assert not posts.is_filled(body_id=county.pk, role=Role.KEEPER)


def test_a_line_is_refused_with_its_reason(county, system, security):
    propose(county, system, ("wang", "王芳"))
    pk = Proposal.objects.get().pk
    with pytest.raises(InvalidInput):
        grant(security, {pk: " "})
    assert grant(security, {pk: "不是本单位的人"}) == []
    assert not posts.is_filled(body_id=county.pk, role=Role.KEEPER)
    row = LedgerEntry.objects.get(act="refuse_post")
    assert (row.actor, row.reason) == (security, "不是本单位的人")


def test_what_was_decided_meanwhile_is_not_decided_again(county, system, security):
    propose(county, system, ("wang", "王芳"))
    seen = [Proposal.objects.get().pk]
    grant(security)
    with pytest.raises(Conflict):
        proposals.decide(seen=seen, refused={}, actor=security)


def test_a_clash_that_came_later_keeps_everything_out(county, system, security):
    propose(county, system, ("wang", "王芳"), ("li.si", "李四"))
    wang = User.objects.get(username="wang")
    wang.groups.add(Post.objects.get(body=county, role=Role.UNION_LEADER).group)
    with pytest.raises(RuleViolation):
        grant(security)
    assert not posts.is_filled(body_id=county.pk, role=Role.KEEPER)


def test_lost_halves_are_made_anew_for_those_who_have_not_signed_in(county, system, security):
    (one, other) = propose(county, system, ("wang", "王芳"), ("li.si", "李四"))
    halves = {slip.user.username: slip.password for slip in grant(security)}
    client = Client()
    assert client.post(
        "/login/", {"username": "li.si", "password": other.issued.password + halves["li.si"]}
    ).url
    anew = proposals.reissue(actor=system)
    assert [slip.user.username for slip in anew] == ["wang"]
    assert opens("wang", anew[0].password + halves["wang"])
    assert not opens("wang", one.issued.password + halves["wang"])
    (second,) = proposals.reissue(actor=security)
    assert opens("wang", anew[0].password + second.password)
    assert LedgerEntry.objects.filter(act="reissue_half").count() == 2
    with pytest.raises(NotPermitted):
        proposals.reissue(actor=make_official(county, Role.KEEPER))


def test_a_slip_made_anew_says_where_it_goes(county, system):
    propose(county, system, ("wang", "王芳"))
    (slip,) = proposals.reissue(actor=system)
    assert [str(post) for post in slip.posts] == ["常熟市 名单负责人"]


def test_the_number_of_statements_does_not_grow(county, system, security):
    def statements(number):
        people = [(f"p{number}-{place}", f"人{place}") for place in range(number)]
        with CaptureQueriesContext(connection) as proposing:
            propose(county, system, *people, role=Role.OBSERVER)
        with CaptureQueriesContext(connection) as granting:
            grant(security)
        return len(proposing), len(granting)

    assert statements(3) == statements(30)


def test_no_password_in_the_ledger_or_the_logs(county, system, security, caplog):
    (answer,) = propose(county, system, ("wang", "王芳"))
    (slip,) = grant(security)
    told = "".join(f"{row.after}{row.before}{row.reason}" for row in LedgerEntry.objects.all()) + caplog.text
    assert answer.issued.password not in told
    assert slip.password not in told
    assert slip.password not in repr(slip)
