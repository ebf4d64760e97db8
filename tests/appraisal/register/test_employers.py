"""The register of units and the verification of who controls them."""

from uuid import uuid4

import pytest

from appraisal.nominations.services import nominations
from appraisal.records.models import Employer, UnitPost
from appraisal.records.rules import uscc
from appraisal.records.states import Channel, Control, UnitRole
from appraisal.register.services import employers, unit_people
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation
from quotas.base.states import Level, NomineeKind, Role
from quotas.base.wording import sentences
from quotas.ledger.models import LedgerEntry
from quotas.oversight.views import told
from quotas.people.services import accounts
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_credit_code,
    make_employer,
    make_official,
    make_post,
    make_round_award,
    make_unit_person,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME) as journey:
        yield journey


@pytest.fixture
def county():
    return make_body()


@pytest.fixture
def official(county):
    return make_official(county, Role.KEEPER)


def problems(error):
    assert all(str(sentence) for sentence in sentences(error.value))
    return [(problem.field, problem.code) for problem in error.value.problems]


def register(actor, body, **fields):
    return employers.register(
        actor=actor, **{"credit_code": make_credit_code(7_000_001), "name": "甲公司", "body": body} | fields
    )


def verify(employer, actor, control=Control.PRIVATE, permille=None, proof="章程", version=1):
    return employers.verify_ownership(
        employer_id=employer.pk,
        version=version,
        actor=actor,
        control=control,
        state_capital_permille=permille,
        proof=proof,
    )


class TestRegister:
    def test_in_its_normal_form(self, county, official):
        code = make_credit_code(7_000_002)
        full_width = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
        employer = register(official, county, credit_code=f" {full_width.lower()}", name=" 甲 公司 ")
        employer.refresh_from_db()
        assert (employer.credit_code, employer.name) == (code, "甲公司")
        assert not employer.is_verified
        row = LedgerEntry.objects.get()
        assert (row.act, row.body, row.after["body"]) == ("register", county, county.code)

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"credit_code": "123"}, ("credit_code", "credit_code_length")),
            ({"credit_code": "9132050OMA7000001X"}, ("credit_code", "credit_code_letters")),
            ({"credit_code": "911100006000373411"}, ("credit_code", "credit_code_check_digit")),
            ({"union_code": "911100006000373411"}, ("union_code", "credit_code_check_digit")),
            ({"union_code": "91110000600037341L"}, ("union_code", "union_code_not_of_union")),
            ({"name": " "}, ("name", "required")),
            ({"name": "字" * 121}, ("name", "text_too_long")),
            ({"employees": -1}, ("employees", "people_range")),
            ({"employees": 3, "party_members": 4}, ("party_members", "more_members_than_employees")),
            ({"control": "mine"}, ("control", "choice_unknown")),
            ({"state_capital_permille": 1001}, ("state_capital_permille", "permille_range")),
        ],
    )
    def test_wrong_values_are_told_at_their_field(self, county, official, fields, problem):
        with pytest.raises(InvalidInput) as refusal:
            register(official, county, **fields)
        assert problems(refusal) == [problem]
        assert not Employer.objects.exists()

    def test_the_code_of_a_union_belongs_elsewhere(self, county, official):
        code = "81320500MC0000001"
        code += uscc.calc_check_digit(code)
        with pytest.raises(InvalidInput) as refusal:
            register(official, county, credit_code=code)
        assert problems(refusal) == [("credit_code", "credit_code_of_union")]
        assert register(official, county, union_code=code).union_code == code

    def test_all_wrong_values_at_once(self, county, official):
        with pytest.raises(InvalidInput) as refusal:
            register(official, county.parent, credit_code="1", name="", industry_body=county)
        assert {field for field, _code in problems(refusal)} == {
            "credit_code",
            "name",
            "body",
            "industry_body",
        }

    def test_a_known_unit_is_named_to_those_who_may_see_it(self, county, official):
        known = make_employer(county)
        with pytest.raises(InvalidInput) as refusal:
            register(official, county, credit_code=known.credit_code)
        assert problems(refusal) == [("credit_code", "employer_known")]
        assert refusal.value.params["name"] == known.name

    def test_a_known_unit_of_elsewhere_is_not_named(self, county, official):
        known = make_employer(make_body(parent=county.parent))
        with pytest.raises(InvalidInput) as refusal:
            register(official, county, credit_code=known.credit_code)
        assert problems(refusal) == [("credit_code", "employer_known_elsewhere")]
        assert known.name not in str(sentences(refusal.value)[0])

    def test_by_those_who_verify_there(self, county):
        union = make_body(level=Level.INDUSTRY)
        for actor in (
            make_user(),
            make_official(county, Role.PARTY_REVIEWER),
            make_official(county.parent, Role.KEEPER),
            make_official(make_body(parent=county.parent), Role.KEEPER),
            make_official(union, Role.KEEPER),
        ):
            with pytest.raises(NotPermitted):
                register(actor, county)
        assert register(make_official(union, Role.KEEPER), county, industry_body=union)

    def test_by_the_system(self, county):
        assert register(None, county)


class TestUpdate:
    def test_by_its_own_people(self, county):
        employer = make_employer(county)
        person = make_unit_person(employer)
        employers.update(employer_id=employer.pk, version=1, actor=person, employees=120, address="长江路1号")
        employer.refresh_from_db()
        assert (employer.employees, employer.version) == (120, 2)
        row = LedgerEntry.objects.get()
        assert (row.before, row.after) == (
            {"employees": 100, "address": ""},
            {"employees": 120, "address": "长江路1号"},
        )

    def test_what_is_there_already_changes_nothing(self, county):
        employer = make_employer(county)
        employers.update(employer_id=employer.pk, version=1, actor=None, employees=100)
        employer.refresh_from_db()
        assert employer.version == 1
        assert not LedgerEntry.objects.exists()

    def test_a_stale_form(self, county, official):
        employer = make_employer(county)
        employers.update(employer_id=employer.pk, version=1, actor=official, employees=120)
        with pytest.raises(Conflict):
            employers.update(employer_id=employer.pk, version=1, actor=official, employees=130)

    @pytest.mark.parametrize("field", ["credit_code", "body", "industry_body"])
    def test_code_and_route_are_for_officials(self, county, official, field):
        employer = make_employer(county)
        value = {
            "credit_code": make_credit_code(7_000_003),
            "body": make_body(parent=county.parent),
            "industry_body": make_body(level=Level.INDUSTRY),
        }[field]
        with pytest.raises(NotPermitted):
            employers.update(
                employer_id=employer.pk, version=1, actor=make_unit_person(employer), **{field: value}
            )
        employers.update(employer_id=employer.pk, version=1, actor=official, **{field: value})
        employer.refresh_from_db()
        assert getattr(employer, field) == value

    def test_under_a_corrected_code_the_nominees_are_the_same(self, county, official):
        """Else the same team could be nominated a second time."""
        award = make_award(nominee_kind=NomineeKind.TEAM)
        allotment = make_allotment(make_round_award(award=award, employer_cap=2), county)
        employer = make_employer(county)
        draft = {
            "round_award_id": allotment.round_award_id,
            "employer_id": employer.pk,
            "channel": Channel.TERRITORIAL,
            "actor": make_unit_person(employer),
            "nominee_name": "焊接一班",
        }
        nominations.create(form_key=uuid4(), **draft)
        employers.update(
            employer_id=employer.pk, version=1, actor=official, credit_code=make_credit_code(1_234_567)
        )
        with pytest.raises(InvalidInput, match="already_nominated"):
            nominations.create(form_key=uuid4(), **draft)

    def test_not_into_the_code_of_another(self, county, official):
        employer, other = make_employer(county), make_employer(county)
        with pytest.raises(InvalidInput) as refusal:
            employers.update(
                employer_id=employer.pk, version=1, actor=official, credit_code=other.credit_code
            )
        assert problems(refusal) == [("credit_code", "employer_known")]

    def test_strangers_do_not(self, county):
        employer = make_employer(county)
        for actor in (make_user(), make_unit_person(make_employer(county))):
            with pytest.raises(NotPermitted):
                employers.update(employer_id=employer.pk, version=1, actor=actor, employees=1)

    def test_the_verified_control_is_no_field(self, county, official):
        with pytest.raises(TypeError):
            employers.update(
                employer_id=make_employer(county).pk,
                version=1,
                actor=official,
                verified_control=Control.PRIVATE,
            )


@pytest.mark.parametrize(("permille", "written"), [(515, "51.5%"), (500, "50%"), (0, "0%"), (1000, "100%")])
def test_the_ledger_tells_a_share_of_capital_in_per_cent(county, official, permille, written):
    """It is kept in thousandths, which nobody writes."""
    verify(register(None, county), official, Control.STATE, permille)
    (line,) = told.lines([LedgerEntry.objects.get(act="verify_ownership")], official)
    (change,) = [change for change in line.changes if change.label == "国有资本占比"]
    assert change.after == written


class TestVerify:
    @pytest.mark.parametrize(
        ("control", "permille", "expected", "non_public"),
        [
            (Control.PRIVATE, None, Control.PRIVATE, True),
            (Control.PRIVATE, 499, Control.PRIVATE, True),
            (Control.PRIVATE, 500, Control.STATE, False),
            (Control.HMT, 0, Control.HMT, True),
            (Control.FOREIGN, 500, Control.STATE, False),
            (Control.COLLECTIVE, None, Control.COLLECTIVE, False),
            (Control.NOT_ENTERPRISE, None, Control.NOT_ENTERPRISE, False),
        ],
    )
    def test_control_decides(self, county, official, control, permille, expected, non_public):
        employer = register(None, county)
        verify(employer, official, control, permille, proof=" 章程 2026 ")
        employer.refresh_from_db()
        assert (employer.verified_control, employer.is_non_public) == (expected, non_public)
        assert (employer.verified_by, employer.verified_at) == (official, IN_TIME)
        assert employer.verified_on_proof == "章程2026"
        row = LedgerEntry.objects.get(act="verify_ownership")
        assert (row.before["verified_control"], row.after["verified_control"]) == ("unknown", expected)

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"proof": " "}, ("proof", "proof_required")),
            ({"proof": "字" * 201}, ("proof", "text_too_long")),
            ({"control": Control.UNKNOWN}, ("control", "control_undecided")),
            ({"permille": -1}, ("state_capital_permille", "permille_range")),
        ],
    )
    def test_needs_a_decision_and_a_proof(self, county, official, given, problem):
        employer = register(None, county)
        with pytest.raises(InvalidInput) as refusal:
            verify(employer, official, **given)
        assert problems(refusal) == [problem]
        employer.refresh_from_db()
        assert not employer.is_verified

    def test_exactly_at_its_own_bodies(self, county):
        union = make_body(level=Level.INDUSTRY)
        employer = make_employer(county, industry_body=union)
        for body in (county.parent, county.parent.parent, make_body(parent=county.parent)):
            official = make_official(body, Role.KEEPER)
            with pytest.raises(NotPermitted):
                verify(employer, official)
        with pytest.raises(NotPermitted):
            verify(employer, make_official(county.parent.parent, Role.STAFF))
        for version, body in enumerate((county, union), start=1):
            official = make_official(body, Role.UNION_REVIEWER)
            verify(employer, official, version=version)

    def test_not_the_own_unit(self, county):
        employer = make_employer(county)
        person = make_unit_person(employer)
        make_post(county, Role.KEEPER, person)
        with pytest.raises(RuleViolation) as refusal:
            verify(employer, person)
        assert [reason.code for reason in refusal.value.reasons] == ["own_unit"]

    def test_a_stale_form(self, county, official):
        employer = make_employer(county)
        verify(employer, official)
        with pytest.raises(Conflict):
            verify(employer, official)


class TestAccounts:
    def test_appointed_and_dismissed(self, county, official):
        employer = make_employer(county)
        user, _password = accounts.create_for_unit(
            username="unit-1", name="张三", body_id=county.pk, actor=official
        )
        for _ in range(2):
            unit_people.appoint(
                employer_id=employer.pk, user_id=user.pk, role=UnitRole.ENDORSER, actor=official
            )
        assert UnitPost.objects.get().user == user
        assert Employer.objects.units_of(user) == {employer.pk}
        for _ in range(2):
            unit_people.dismiss(
                employer_id=employer.pk, user_id=user.pk, role=UnitRole.ENDORSER, actor=official
            )
        assert not UnitPost.objects.exists()
        assert list(LedgerEntry.objects.values_list("act", flat=True)) == [
            "create_account",
            "appoint",
            "dismiss",
        ]

    def test_an_account_is_opened_and_appointed_in_one_step(self, county, official):
        employer = make_employer(county)
        user, password = unit_people.open_account(
            employer_id=employer.pk, role=UnitRole.APPLICANT, username="unit-1", name="张三", actor=official
        )
        assert user.check_password(password)
        assert user.must_change_password
        assert UnitPost.objects.get().user == user
        assert not user.groups.exists()
        told = LedgerEntry.objects.order_by("pk")
        assert [(row.act, row.stream, row.actor, row.body) for row in told] == [
            ("create_account", f"account:{user.pk}", official, county),
            ("appoint", f"employer:{employer.pk}", official, county),
        ]
        assert password not in str([row.after for row in told])

    def test_an_account_is_opened_by_the_industry_union_as_well(self, county):
        union = make_body(level=Level.INDUSTRY)
        employer = make_employer(county, industry_body=union)
        actor = make_official(union, Role.KEEPER)
        opening = {"employer_id": employer.pk, "role": UnitRole.APPLICANT, "name": "张三"}
        user, _password = unit_people.open_account(username="unit-1", actor=actor, **opening)
        assert LedgerEntry.objects.get(stream=f"account:{user.pk}").body == union
        for other in (
            make_official(make_body(), Role.KEEPER),
            make_official(county.parent, Role.KEEPER),
            make_official(county, Role.OBSERVER),
            make_official(county.parent.parent, Role.SYSTEM_ADMIN),
            user,
        ):
            with pytest.raises(NotPermitted):
                unit_people.open_account(username="unit-2", actor=other, **opening)
        assert UnitPost.objects.count() == 1

    def test_a_login_name_in_use_appoints_nobody(self, county, official):
        employer, user = make_employer(county), make_user("taken")
        with pytest.raises(InvalidInput, match="username_taken"):
            unit_people.open_account(
                employer_id=employer.pk, role=UnitRole.APPLICANT, username="Taken", name="x", actor=official
            )
        assert not UnitPost.objects.exists()
        assert not LedgerEntry.objects.exists()
        user.refresh_from_db()
        assert not user.must_change_password

    def test_by_officials_for_others(self, county, official):
        employer = make_employer(county)
        applicant = make_unit_person(employer)
        appoint = {"employer_id": employer.pk, "role": UnitRole.ENDORSER}
        with pytest.raises(NotPermitted):
            unit_people.appoint(**appoint, user_id=make_user().pk, actor=applicant)
        with pytest.raises(RuleViolation) as refusal:
            unit_people.appoint(**appoint, user_id=official.pk, actor=official)
        assert sentences(refusal.value)
        with pytest.raises(InvalidInput) as inactive:
            unit_people.appoint(**appoint, user_id=make_user(is_active=False).pk, actor=official)
        assert sentences(inactive.value)


def test_who_sees_a_unit(county):
    employer = make_employer(county, industry_body=make_body(level=Level.INDUSTRY))
    see = {
        "own": make_unit_person(employer),
        "county": make_official(county, Role.OBSERVER),
        "city": make_official(county.parent, Role.KEEPER),
        "industry": make_official(employer.industry_body, Role.KEEPER),
        "neighbour": make_official(make_body(parent=county.parent), Role.KEEPER),
        "other unit": make_unit_person(make_employer(county)),
        "accounts": make_official(county.parent.parent, Role.SYSTEM_ADMIN),
    }
    visible = {who for who, user in see.items() if Employer.objects.visible_to(user).contains(employer)}
    assert visible == {"own", "county", "city", "industry"}
