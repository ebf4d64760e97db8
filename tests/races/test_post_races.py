"""Two appointments, or two resets, at the same moment: judged one after the other."""

import pytest

from appraisal.records.models import UnitPost
from appraisal.records.states import UnitRole
from appraisal.register.services import employers, unit_people
from quotas.base.errors import DomainError, RuleViolation, WrongState
from quotas.base.states import Level, Role
from quotas.people.models import PasswordReset
from quotas.people.services import posts, resets
from tests.builders import make_body, make_employer, make_newcomer, make_official
from tests.races.test_plan_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_posts_at_once_are_never_added_up():
    province = make_body(level=Level.PROVINCE)
    posts.create(bodies=[province])
    security = make_official(province, Role.SECURITY_ADMIN)
    for one, other in ((Role.KEEPER, Role.UNION_LEADER), (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)) * 3:
        user = make_newcomer()
        results = at_once(
            *(
                lambda role=role, user=user: posts.appoint(
                    user_id=user.pk, body_id=province.pk, role=role, actor=security
                )
                for role in (one, other)
            )
        )
        assert sum(isinstance(result, RuleViolation) for result in results) == 1
        assert user.groups.count() == 1


@pytest.mark.parametrize("move", [False, True])
def test_a_post_and_a_unit_at_once_are_never_added_up(move):
    """`move`: the unit is handed to the county at the moment at which its person becomes official there."""
    county, elsewhere = make_body(), make_body()
    posts.create(bodies=[county])
    province = make_body(level=Level.PROVINCE)
    security, keeper = make_official(province, Role.SECURITY_ADMIN), make_official(elsewhere, Role.KEEPER)
    for _time in range(4):
        user, employer = make_newcomer(), make_employer(elsewhere if move else county)
        if move:
            UnitPost.objects.create(user=user, employer=employer, role=UnitRole.APPLICANT)
        office = lambda user=user: posts.appoint(
            user_id=user.pk, body_id=county.pk, role=Role.OBSERVER, actor=security
        )
        appoint = lambda user=user, employer=employer: unit_people.appoint(
            employer_id=employer.pk, user_id=user.pk, role=UnitRole.APPLICANT, actor=None
        )
        hand_over = lambda employer=employer: employers.update(
            employer_id=employer.pk, version=employer.version, actor=keeper, body=county
        )
        results = at_once(office, hand_over if move else appoint)
        assert sum(isinstance(result, RuleViolation) for result in results) == 1


def test_a_reset_is_confirmed_once():
    province = make_body(level=Level.PROVINCE)
    system, security, audit = (
        make_official(province, role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    )
    user = make_official(province, Role.KEEPER)
    ask = lambda: resets.ask(user_id=user.pk, actor=system)
    asked = at_once(ask, ask)
    assert sum(isinstance(result, WrongState) for result in asked) == 1
    (reset,) = PasswordReset.objects.all()
    confirm = lambda actor: lambda: resets.confirm(reset_id=reset.pk, actor=actor)
    confirmed = at_once(confirm(security), confirm(audit))
    assert sum(isinstance(result, DomainError) for result in confirmed) == 1
