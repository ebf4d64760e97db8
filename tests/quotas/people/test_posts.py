"""Posts: one for each role that a body has, held by people who may hold them."""

import pytest
from django.contrib.auth.hashers import check_password

from quotas.base.errors import InvalidInput, NotPermitted, RuleViolation
from quotas.base.states import Level, Role
from quotas.bodies.services import bodies
from quotas.ledger.models import LedgerEntry
from quotas.people.services import posts
from quotas.tree.models import Post, User
from quotas.tree.permissions import Act, holds
from tests.builders import PASSWORD, make_body, make_newcomer, make_official, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE)


@pytest.fixture
def security(province):
    return make_official(province, Role.SECURITY_ADMIN)


def test_a_county_has_its_six_roles_and_the_province_all():
    county, union, province = make_body(), make_body(level=Level.INDUSTRY), make_body(level=Level.PROVINCE)
    posts.create(bodies=[county, union, province])
    assert set(Post.objects.filter(body=county).values_list("role", flat=True)) == {
        "union_reviewer",
        "party_reviewer",
        "keeper",
        "union_leader",
        "party_leader",
        "observer",
    }
    assert set(Post.objects.filter(body=union).values_list("role", flat=True)) == {
        "union_reviewer",
        "keeper",
        "union_leader",
        "observer",
    }
    assert set(Post.objects.filter(body=province).values_list("role", flat=True)) == set(Role)


def test_the_group_of_a_post_is_named_after_body_and_role():
    county = make_body("320581")
    (post,) = posts.create(bodies=[county], roles=[Role.KEEPER])
    assert post.group.name == "320581:keeper"


def test_all_posts_of_the_province_take_few_statements(django_assert_max_num_queries):
    loaded = bodies.load(rows=bodies.read())
    with django_assert_max_num_queries(45):  # SQLite splits bulk inserts, PostgreSQL needs 12
        made = posts.create(bodies=loaded.values())
    assert len(made) == 10 + 108 * 6 + 3 * 4
    assert {post.pk for post in posts.create(bodies=loaded.values())} == {post.pk for post in made}
    assert LedgerEntry.objects.filter(act="create_posts").count() == 1


def test_who_holds_a_post_holds_its_acts_there_and_nowhere_else(security):
    county, other, user = make_body(), make_body(), make_newcomer()
    posts.create(bodies=[county, other])
    posts.appoint(user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    assert holds(user, Act.KEEP_SLATE, county.pk)
    assert not holds(user, Act.KEEP_SLATE, other.pk)
    assert not holds(user, Act.KEEP_SLATE, county.parent_id)
    assert not holds(user, Act.REVIEW_UNION, county.pk)


def test_a_first_post_needs_the_first_half_and_brings_the_second(security):
    county, known, newcomer = make_body(), make_user(), make_newcomer()
    posts.create(bodies=[county, county.parent])
    give = lambda user, body: (
        posts.appoint(user_id=user.pk, body_id=body.pk, role=Role.KEEPER, actor=security).half
    )
    with pytest.raises(RuleViolation) as refused:
        give(known, county)
    assert [reason.code for reason in refused.value.reasons] == ["first_half_missing"]
    assert not known.groups.exists()
    assert check_password(PASSWORD, User.objects.get(pk=known.pk).password)
    assert give(newcomer, county)
    both = User.objects.get(pk=newcomer.pk).password
    # Whoever holds a post has the password of their own that goes with it.
    assert give(newcomer, county) == give(newcomer, county.parent) == ""
    assert User.objects.get(pk=newcomer.pk).password == both


def test_appointing_and_dismissing_are_on_record(security):
    county, user = make_body(), make_newcomer()
    make_post(county, Role.KEEPER)
    posts.appoint(user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    posts.appoint(user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    posts.dismiss(user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    posts.dismiss(user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    assert list(LedgerEntry.objects.order_by("seq").values_list("act", "body", "actor")) == [
        ("appoint", county.pk, security.pk),
        ("dismiss", county.pk, security.pk),
    ]
    assert not holds(user, Act.KEEP_SLATE, county.pk)


@pytest.mark.parametrize("role", [Role.STAFF, Role.SYSTEM_ADMIN, Role.KEEPER])
def test_only_the_security_administrator_appoints(province, role):
    county, user = make_body(), make_user()
    make_post(county, Role.KEEPER)
    with pytest.raises(NotPermitted) as refused:
        posts.appoint(
            user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=make_official(province, role)
        )
    assert refused.value.code == "act_not_held"
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("verb", [posts.appoint, posts.dismiss])
def test_nobody_serves_themselves(security, verb):
    county = make_body()
    make_post(county, Role.KEEPER)
    with pytest.raises(NotPermitted) as refused:
        verb(user_id=security.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    assert refused.value.code == "own_post"


@pytest.mark.parametrize("second", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_two_of_the_three_administrators_never_meet_in_one_hand(province, security, second):
    user = make_official(province, Role.SYSTEM_ADMIN)
    make_post(province, second)
    with pytest.raises(RuleViolation) as refused:
        posts.appoint(user_id=user.pk, body_id=province.pk, role=second, actor=security)
    assert [reason.code for reason in refused.value.reasons] == ["three_admins_separate"]
    assert not holds(user, Act.MANAGE_POSTS, province.pk)


def test_a_deactivated_account_gets_no_post(security):
    county, user = make_body(), make_user(is_active=False)
    make_post(county, Role.KEEPER)
    with pytest.raises(RuleViolation) as refused:
        posts.appoint(user_id=user.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    assert [reason.code for reason in refused.value.reasons] == ["user_inactive"]


def test_a_post_that_is_not_there_is_said_to_be_missing(security):
    union, user = make_body(level=Level.INDUSTRY), make_user()
    posts.create(bodies=[union])
    with pytest.raises(InvalidInput) as refused:
        posts.appoint(user_id=user.pk, body_id=union.pk, role=Role.PARTY_REVIEWER, actor=security)
    assert (refused.value.field, refused.value.code) == ("role", "post_missing")
