"""Two imports that open the same accounts at the same moment: one of them does, and the other says what is taken."""

import pytest

from appraisal.imports.services import imports
from appraisal.imports.spreadsheets import read_employers
from appraisal.records.models import Employer
from quotas.base.errors import DomainError
from quotas.base.states import Level, Role
from quotas.people.models import Proposal
from quotas.people.services import posts, proposals
from quotas.people.services.proposals import WantedPost
from quotas.tree.models import Post, User
from tests.appraisal.workbooks.sheets import EMPLOYER, employers
from tests.builders import make_body, make_credit_code, make_official
from tests.races.test_plan_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    province = make_body("320000", level=Level.PROVINCE)
    county = make_body("320581", name="常熟市", parent=make_body(level=Level.CITY, parent=province))
    posts.create(bodies=[province, county])
    return county


def test_two_files_with_the_same_people_for_posts(county):
    system = make_official(make_body(level=Level.PROVINCE), Role.SYSTEM_ADMIN)
    names = [f"person{number}" for number in range(12)]

    def bring_in(order):
        wanted = [WantedPost(county, Role.OBSERVER, name, "王芳") for name in order]

        def act():
            found = proposals.propose(wanted=wanted, actor=system)
            return [each for each in found if isinstance(each, DomainError)]

        return act

    answers = at_once(bring_in(names), bring_in(names[::-1]))
    assert User.objects.filter(username__startswith="person").count() == len(names)
    assert Proposal.objects.count() == len(names)
    for refused in answers:
        assert {reason.code for each in refused for reason in each.reasons} <= {"username_taken"}


def test_two_files_with_the_same_units_and_people(county):
    officials = [make_official(county, Role.UNION_REVIEWER) for _each in range(2)]
    rows = [
        EMPLOYER | {"统一社会信用代码": make_credit_code(9_200_000 + number), "申报人": "陈晓东"}
        for number in range(8)
    ]

    def bring_in(official, order):
        table = read_employers(employers(order))
        return lambda: imports.import_employers(rows=table.rows, actor=official)

    reports = at_once(bring_in(officials[0], rows), bring_in(officials[1], rows[::-1]))
    assert Employer.objects.count() == len(rows)
    assert User.objects.filter(username__endswith=".shenbao").count() == len(rows)
    assert sorted(report.saved for report in reports) in ([False, True], [True, True])
    for report in reports:
        if report.saved:
            assert report.created in {0, len(rows)}


def test_two_administrators_grant_the_same_list(county):
    province = make_body(level=Level.PROVINCE)
    system = make_official(province, Role.SYSTEM_ADMIN)
    grantors = [make_official(province, Role.SECURITY_ADMIN) for _each in range(2)]
    proposals.propose(
        wanted=[WantedPost(county, Role.OBSERVER, f"person{number}", "王芳") for number in range(5)],
        actor=system,
    )
    seen = list(Proposal.objects.values_list("pk", flat=True))
    answers = at_once(
        *(lambda g=grantor: proposals.decide(seen=seen, refused={}, actor=g) for grantor in grantors)
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [each.code for each in refused] == ["proposals_changed"]
    assert Post.objects.get(body=county, role=Role.OBSERVER).group.user_set.count() == 5
