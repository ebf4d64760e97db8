"""Posts that nobody holds together: whatever the order, whoever appoints, however many at once."""

from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser

from appraisal.boards.services import verification
from appraisal.records.models import UnitPost
from appraisal.records.states import UnitRole
from appraisal.register.services import employers, unit_people
from quotas.base.errors import InvalidInput, NotPermitted, RuleViolation
from quotas.base.states import Level, Role
from quotas.people.services import accounts, one_time, posts
from quotas.tree.models import User
from quotas.tree.permissions import ADMINISTRATORS, Act, apart, holds, require
from tests.builders import (
    make_body,
    make_employer,
    make_newcomer,
    make_official,
    make_post,
    make_unit_person,
    make_user,
)

pytestmark = pytest.mark.django_db

OFFICES = [role for role in Role if role not in ADMINISTRATORS]


@pytest.fixture
def province():
    made = make_body(level=Level.PROVINCE)
    posts.create(bodies=[made])
    return made


@pytest.fixture
def security(province):
    return make_official(province, Role.SECURITY_ADMIN)


@pytest.fixture
def county(province):
    made = make_body()
    posts.create(bodies=[made, made.parent])
    return made


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.parametrize(("one", "other"), [(a, b) for a in Role for b in Role if a != b])
def test_two_posts_of_the_province(province, security, one, other):
    """All pairs: only keeper and staff, who keep the same lists, go together."""
    user = make_newcomer()
    appoint = lambda role: posts.appoint(user_id=user.pk, body_id=province.pk, role=role, actor=security)
    appoint(one)
    if {one, other} == {Role.KEEPER, Role.STAFF}:
        appoint(other)
        assert user.groups.count() == 2
        return
    with pytest.raises(RuleViolation) as refusal:
        appoint(other)
    admin = ADMINISTRATORS & {one, other}
    assert codes(refusal) == ["three_admins_separate" if admin else "duties_separate"]
    assert user.groups.count() == 1
    posts.dismiss(user_id=user.pk, body_id=province.pk, role=one, actor=security, reason="调离")
    appoint(other)


@pytest.mark.parametrize("admin", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("first", ["office", "administrator"])
def test_an_administrator_holds_no_post_anywhere_else(province, security, county, admin, first):
    user = make_newcomer()
    steps = [(county, Role.OBSERVER), (province, admin)]
    if first == "administrator":
        steps.reverse()
    appoint = lambda body, role: posts.appoint(user_id=user.pk, body_id=body.pk, role=role, actor=security)
    appoint(*steps[0])
    with pytest.raises(RuleViolation, match="three_admins_separate"):
        appoint(*steps[1])
    assert user.groups.count() == 1


@pytest.mark.parametrize("actor", ["security", "system itself"])
def test_the_system_itself_is_held_to_it_as_well(province, security, actor):
    user = make_official(province, Role.KEEPER)
    with pytest.raises(RuleViolation):
        posts.appoint(
            user_id=user.pk,
            body_id=province.pk,
            role=Role.SYSTEM_ADMIN,
            actor=security if actor == "security" else None,
        )


def test_posts_of_different_bodies_go_together(county, security):
    """The case decides there: nobody reviews the same nomination at two levels."""
    user = make_official(county, Role.UNION_REVIEWER)
    posts.appoint(user_id=user.pk, body_id=county.parent_id, role=Role.KEEPER, actor=security)
    assert user.groups.count() == 2


def test_a_deactivated_account_keeps_its_posts_apart(county, security):
    user = make_official(county, Role.KEEPER, is_active=False)
    with pytest.raises(RuleViolation) as refusal:
        posts.appoint(user_id=user.pk, body_id=county.pk, role=Role.UNION_REVIEWER, actor=security)
    assert codes(refusal) == ["user_inactive", "duties_separate"]


def test_the_table_is_symmetric():
    for one, other in combinations(Role, 2):
        for same_body in (True, False):
            assert apart(one, other, same_body=same_body) == apart(other, one, same_body=same_body)


def test_nobody_whose_account_is_closed_holds_an_act(county):
    user = make_official(county, Role.KEEPER)
    assert holds(user, Act.KEEP_SLATE, county.pk)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not holds(User.objects.get(pk=user.pk), Act.KEEP_SLATE, county.pk)
    # Closed while the request was under way: what it has read of the account is no answer any more.
    assert user.is_active
    assert not holds(user, Act.KEEP_SLATE, county.pk)
    with pytest.raises(NotPermitted, match="act_not_held"):
        require(user, Act.KEEP_SLATE, county.pk)


def test_a_visitor_holds_nothing(county):
    make_official(county, Role.KEEPER)
    assert not holds(AnonymousUser(), Act.KEEP_SLATE, county.pk)


# --- units ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["county", "city", "province", "industry"])
@pytest.mark.parametrize("first", ["post", "unit"])
@pytest.mark.parametrize("unit_role", UnitRole)
def test_no_official_acts_for_a_unit_of_the_own_area(county, security, where, first, unit_role):
    industry = make_body(level=Level.INDUSTRY)
    posts.create(bodies=[industry])
    body = {"county": county, "city": county.parent, "province": county.parent.parent, "industry": industry}[
        where
    ]
    employer, user = make_employer(county, industry_body=industry), make_newcomer()
    for_unit = lambda: unit_people.appoint(
        employer_id=employer.pk, user_id=user.pk, role=unit_role, actor=None
    )
    for_office = lambda: posts.appoint(user_id=user.pk, body_id=body.pk, role=Role.OBSERVER, actor=security)
    one, other = (for_office, for_unit) if first == "post" else (for_unit, for_office)
    one()
    with pytest.raises(RuleViolation) as refusal:
        other()
    assert codes(refusal) == ["official_in_area" if first == "post" else "unit_person_in_area"]


@pytest.mark.parametrize("admin", sorted(ADMINISTRATORS))
def test_no_administrator_acts_for_a_unit(province, county, security, admin):
    employer = make_employer(county)
    administrator, person = make_official(province, admin), make_unit_person(employer)
    with pytest.raises(RuleViolation) as refusal:
        unit_people.appoint(
            employer_id=employer.pk, user_id=administrator.pk, role=UnitRole.APPLICANT, actor=None
        )
    assert codes(refusal) == ["administrator_has_no_unit_post"]
    with pytest.raises(RuleViolation) as refusal:
        posts.appoint(user_id=person.pk, body_id=province.pk, role=admin, actor=security)
    assert codes(refusal) == ["administrator_has_no_unit"]


def test_a_unit_moves_into_no_area_of_its_own_people(county, security):
    elsewhere = make_body()
    employer = make_employer(elsewhere)
    person = make_unit_person(employer, UnitRole.APPLICANT, UnitRole.ENDORSER)
    User.objects.filter(pk=person.pk).update(password=one_time.first_half().encoded)
    posts.appoint(user_id=person.pk, body_id=county.pk, role=Role.KEEPER, actor=security)
    with pytest.raises(RuleViolation) as refusal:
        employers.update(
            employer_id=employer.pk,
            version=employer.version,
            actor=make_official(elsewhere, Role.KEEPER),
            body=county,
        )
    assert codes(refusal) == ["official_in_area"]
    employer.refresh_from_db()
    assert employer.body == elsewhere


@pytest.mark.parametrize("who", ["reviewer there", "reviewer elsewhere", "no post", "unit person elsewhere"])
def test_nobody_is_tied_to_a_unit_by_somebody_else(county, who):
    """An account is appointed where it was opened for units, or acts for one: nobody else can be barred this way."""
    keeper, employer = make_official(county, Role.KEEPER), make_employer(county)
    user = {
        "reviewer there": lambda: make_official(county, Role.UNION_REVIEWER),
        "reviewer elsewhere": lambda: make_official(make_body(), Role.UNION_REVIEWER),
        "no post": make_user,
        "unit person elsewhere": lambda: make_unit_person(make_employer()),
    }[who]()
    before = UnitPost.objects.count()
    with pytest.raises(InvalidInput, match="unit_person_unknown"):
        unit_people.appoint(employer_id=employer.pk, user_id=user.pk, role=UnitRole.APPLICANT, actor=keeper)
    with pytest.raises(InvalidInput, match="unit_person_unknown") as known:
        unit_people.person(employer_id=employer.pk, username=user.username, actor=keeper)
    with pytest.raises(InvalidInput, match="unit_person_unknown") as absent:
        unit_people.person(employer_id=employer.pk, username="nobody-at-all", actor=keeper)
    assert known.value.params.keys() == absent.value.params.keys() == {"username"}
    assert UnitPost.objects.count() == before


def test_the_security_administrator_learns_nothing_of_unit_accounts(county):
    person = make_unit_person(make_employer(county), username="unit-person")
    for name in (person.username, "nobody-at-all"):
        with pytest.raises(InvalidInput, match="account_unknown") as refusal:
            accounts.named(username=name)
        assert dict(refusal.value.params) == {"username": name}


# --- what stands there already -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["two administrators", "keeper and reviewer", "unit in area", "unit of an administrator"]
)
def test_verify_finds_what_came_about_before(province, county, fault):
    line = lambda: next(line for line in verification.run() if line.rule == "posts_apart")
    user = make_official(county, Role.KEEPER)
    make_unit_person(make_employer())
    assert line().holds
    if fault == "two administrators":
        user = make_official(province, Role.SYSTEM_ADMIN)
        make_post(province, Role.AUDIT_ADMIN, user)
    elif fault == "keeper and reviewer":
        make_post(county, Role.UNION_REVIEWER, user)
    else:
        if fault == "unit of an administrator":
            user = make_official(province, Role.AUDIT_ADMIN)
        UnitPost.objects.create(user=user, employer=make_employer(county), role=UnitRole.ENDORSER)
    assert user.name in line().detail
