"""Two at the same moment on one unit or one nomination, without the engine."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep
from uuid import uuid4

import pytest

from appraisal.imports.services import imports
from appraisal.nominations.services import nominations, reviews
from appraisal.records.models import Nomination, Opinion
from appraisal.records.services import lifecycle
from appraisal.records.states import (
    LIVE_STATES,
    Channel,
    Control,
    NominationState,
    Outcome,
    SlateState,
    UnitRole,
)
from appraisal.register.services import employers
from appraisal.workbooks.import_rows import NominationRow, Source
from quotas.base import clock
from quotas.base.errors import Conflict, DomainError, InvalidInput, RuleViolation
from quotas.base.states import Level, NomineeKind, Office, Role, Stage
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import RoundAward
from quotas.rounds.services import rounds
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_application,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_official,
    make_post,
    make_procedure,
    make_round_award,
    make_slate,
    make_unit_person,
)
from tests.races.test_slate_races import collide
from tests.races.test_turn_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

S = NominationState
TIMES = range(2)
PEOPLE = ("360426199101010071", "11010519491231002X", "440524188001010014")


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def creating(allotment, employer, actor, channel=Channel.TERRITORIAL, *, form_key=None, **fields):
    form_key = form_key or uuid4()
    return lambda: nominations.create(
        form_key=form_key,
        round_award_id=allotment.round_award_id,
        employer_id=employer.pk,
        channel=channel,
        actor=actor,
        **fields,
    )


def withdrawing(nomination):
    actor = make_unit_person(nomination.employer)
    return lambda: nominations.withdraw(nomination_id=nomination.pk, actor=actor, reason="离职")


def of_kind(results, kind):
    return [result for result in results if isinstance(result, kind)]


@pytest.mark.parametrize("_time", TIMES)
def test_a_form_sent_twice_is_one_nomination(_time):
    allotment = make_allotment()
    employer = make_employer(allotment.body)
    actor = make_unit_person(employer)
    send = creating(allotment, employer, actor, form_key=uuid4())
    first, second = at_once(send, send)
    assert first == second
    assert Nomination.objects.count() == LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("_time", TIMES)
def test_the_cap_holds_for_two_at_once(_time):
    allotment = make_allotment(make_round_award(award=make_award(nominee_kind=NomineeKind.TEAM)))
    employer = make_employer(allotment.body)
    acts = [
        creating(allotment, employer, make_unit_person(employer), nominee_name=name)
        for name in ("甲班", "乙班")
    ]
    results = at_once(*acts)
    (refusal,) = of_kind(results, RuleViolation)
    assert [reason.code for reason in refusal.reasons] == ["employer_cap"]
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("_time", TIMES)
def test_one_person_by_two_units_at_once(_time):
    allotment = make_allotment(make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON)))
    acts = []
    for _ in range(2):
        employer = make_employer(allotment.body)
        acts.append(
            creating(
                allotment,
                employer,
                make_unit_person(employer),
                nominee_name="张三",
                identity_number="360426199101010071",
            )
        )
    results = at_once(*acts)
    (refusal,) = of_kind(results, InvalidInput)
    assert refusal.code == "already_nominated"
    assert Nomination.objects.filter(status__in=LIVE_STATES).count() == 1


@pytest.mark.parametrize("_time", TIMES)
def test_numbers_are_given_once(_time):
    union = make_body(level=Level.INDUSTRY)
    allotment = make_allotment()
    make_allotment(allotment.round_award, union)
    acts = []
    for channel in (Channel.TERRITORIAL, Channel.INDUSTRY, Channel.TERRITORIAL):
        employer = make_employer(allotment.body, industry_body=union)
        acts.append(creating(allotment, employer, make_unit_person(employer), channel))
    results = at_once(*acts)
    assert not of_kind(results, DomainError)
    assert len(set(Nomination.objects.values_list("number", flat=True))) == 3


@pytest.mark.parametrize("_time", TIMES)
def test_a_verification_never_slips_past_an_endorsement(_time):
    nomination = make_application(status=S.ENDORSING)
    make_procedure(nomination)
    endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
    official = make_official(nomination.body, Role.KEEPER)
    results = at_once(
        lambda: nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser),
        lambda: employers.verify_ownership(
            employer_id=nomination.employer_id,
            version=1,
            actor=official,
            control=Control.STATE,
            state_capital_permille=600,
            proof="章程",
        ),
    )
    assert not of_kind(results, DomainError)
    nomination.refresh_from_db()
    # Frozen before and flagged, or frozen afterwards and in agreement with the register.
    assert nomination.non_public == nomination.ownership_changed


@pytest.mark.postgres
@pytest.mark.parametrize("act", ["create", "endorse", "update", "resubmit"])
def test_a_unit_is_handed_over_while_somebody_waits_for_it(monkeypatch, act):
    """Whoever waits for the unit finds it with the body that has taken it over."""
    nomination = make_application(status=S.RETURNED if act == "resubmit" else S.ENDORSING)
    unit, old = nomination.employer, nomination.body
    new = make_body(parent=old.parent)
    make_allotment(nomination.round_award, new)
    make_procedure(nomination)
    official = make_official(old, Role.KEEPER)
    make_post(new, Role.KEEPER, official)
    if act == "endorse":
        endorser = make_unit_person(unit, UnitRole.ENDORSER)
        waiting = partial(nominations.endorse, nomination_id=nomination.pk, version=1, actor=endorser)
    elif act == "resubmit":
        waiting = partial(
            nominations.resubmit, nomination_id=nomination.pk, version=1, actor=make_unit_person(unit)
        )
    elif act == "create":
        Nomination.objects.all().delete()
        waiting = creating(make_allotment(body=old), unit, make_unit_person(unit))
    else:
        waiting = partial(employers.update, employer_id=unit.pk, version=2, actor=official, address="新址")
    handed, found = collide(
        monkeypatch,
        partial(employers.update, employer_id=unit.pk, version=1, actor=official, body=new),
        waiting,
        points={
            "first": (lifecycle, "lock_employer"),
            "second": (lifecycle, "lock_employers" if act == "create" else "lock_employer"),
        },
    )
    assert handed.body == new
    if act == "create":
        # The award of its own form has no places at the new body.
        assert [reason.code for reason in found.reasons] == ["no_places"]
    elif act == "update":
        assert found.body == new
    else:
        assert found.status == S.IN_REVIEW


@pytest.mark.parametrize("_time", TIMES)
def test_two_colleagues_of_one_office(_time):
    nomination = make_nomination(status=S.IN_REVIEW)
    colleagues = [make_official(nomination.desk, Role.UNION_REVIEWER) for _ in range(2)]
    results = at_once(
        *(
            lambda actor=actor, outcome=outcome: reviews.give_opinion(
                nomination_id=nomination.pk,
                version=1,
                office=Office.UNION,
                actor=actor,
                outcome=outcome,
                text="意见",
            )
            for actor, outcome in zip(colleagues, (Outcome.APPROVE, Outcome.DECLINE), strict=True)
        )
    )
    assert [refusal.code for refusal in of_kind(results, Conflict)] == ["somebody_was_faster"]
    assert Opinion.objects.count() == LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("_time", TIMES)
def test_both_offices_at_once_take_it_to_the_pool(_time):
    nomination = make_nomination(status=S.IN_REVIEW)
    acts = [
        lambda office=office, role=role: reviews.give_opinion(
            nomination_id=nomination.pk,
            version=1,
            office=office,
            actor=make_official(nomination.desk, role),
            outcome=Outcome.APPROVE,
        )
        for office, role in ((Office.UNION, Role.UNION_REVIEWER), (Office.PARTY, Role.PARTY_REVIEWER))
    ]
    assert not of_kind(at_once(*acts), DomainError)
    nomination.refresh_from_db()
    assert (nomination.status, nomination.version) == (S.POOLED, 3)


@pytest.mark.parametrize("_time", TIMES)
def test_two_withdrawals_from_one_slate(_time):
    slate = make_slate(non_public=4, state=SlateState.SIGNING)
    leaving = [entry.nomination for entry in slate.entries.filter(rank__in=(1, 3))]
    results = at_once(*(withdrawing(nomination) for nomination in leaving))
    assert not of_kind(results, DomainError)
    slate.refresh_from_db()
    assert list(slate.entries.filter(removed_at=None).values_list("rank", flat=True)) == [1, 2]
    assert slate.round_award.allotments.get(body=slate.body).committed == 2
    assert slate.version == 3


def imported_row(employer, applicant, *, number):
    """A row of a workbook, with what a draft of a team needs."""
    return NominationRow(
        source=Source("申报", number, {}),
        award=RoundAward.objects.get().award.code,
        channel=Channel.TERRITORIAL,
        credit_code=employer.credit_code,
        nominee_name=f"导入{number}班",
        leader_name="",
        position="",
        identity_number="",
        phone="",
        deeds="",
        summary="",
        honours="",
        self_score=None,
        applicant=applicant.username,
    )


def test_an_import_and_a_units_own_draft_wait_in_one_direction(monkeypatch):
    """The import holds its units until all its drafts are made, and a unit's own draft waits for it and for nothing else."""
    award = make_award(nominee_kind=NomineeKind.TEAM)
    allotment = make_allotment(make_round_award(award=award, employer_cap=2))
    units = [make_employer(allotment.body) for _ in range(2)]
    people = [make_unit_person(unit) for unit in units]
    rows = [
        imported_row(*pair, number=number) for number, pair in enumerate(zip(units, people, strict=True), 1)
    ]
    began, create_many = Event(), nominations.create_many

    def create_slowly(**arguments):
        made = create_many(**arguments)
        if not began.is_set():
            began.set()
            sleep(0.5)
        return made

    monkeypatch.setattr(imports.nominations, "create_many", create_slowly)

    def own_draft():
        began.wait(timeout=10)
        return nominations.create(
            form_key=uuid4(),
            round_award_id=allotment.round_award_id,
            employer_id=units[1].pk,
            channel=Channel.TERRITORIAL,
            actor=people[1],
            nominee_name="自报班",
        )

    report, own = at_once(
        lambda: imports.import_nominations(round_id=allotment.round_award.round_id, rows=rows, actor=None),
        own_draft,
    )
    assert report.saved
    assert isinstance(own, Nomination)
    assert Nomination.objects.count() == 3


def importing(allotment, rows):
    return lambda: imports.import_nominations(round_id=allotment.round_award.round_id, rows=rows, actor=None)


@pytest.mark.parametrize("_time", TIMES)
def test_two_imports_of_the_same_people_at_once(_time):
    """Whoever comes second finds the people nominated, in whatever order the tables name them."""
    allotment = make_allotment(make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON)))
    tables = []
    for numbers in ((1, 2, 3), (3, 2, 1)):
        rows = []
        for number in numbers:
            unit = make_employer(allotment.body)
            row = imported_row(unit, make_unit_person(unit), number=number)
            rows.append(replace(row, identity_number=PEOPLE[number - 1]))
        tables.append(rows)
    reports = at_once(*(importing(allotment, rows) for rows in tables))
    first, second = sorted(reports, key=lambda report: not report.saved)
    assert (first.saved, first.created, second.saved) == (True, 3, False)
    assert [problem.reason.code for problem in second.problems] == ["already_nominated"] * 3
    assert Nomination.objects.count() == 3
    assert LedgerEntry.objects.filter(act="create").count() == 3


@pytest.mark.parametrize("_time", TIMES)
def test_two_imports_of_the_same_unit_keep_its_cap(_time):
    allotment = make_allotment(
        make_round_award(award=make_award(nominee_kind=NomineeKind.TEAM), employer_cap=3)
    )
    unit = make_employer(allotment.body)
    applicant = make_unit_person(unit)
    tables = [[imported_row(unit, applicant, number=number) for number in each] for each in ((1, 2), (3, 4))]
    reports = at_once(*(importing(allotment, rows) for rows in tables))
    first, second = sorted(reports, key=lambda report: not report.saved)
    assert (first.saved, second.saved) == (True, False)
    assert [problem.reason.code for problem in second.problems] == ["employer_cap"]
    assert Nomination.objects.count() == 2


@pytest.mark.postgres
def test_another_county_works_while_an_import_is_under_way(monkeypatch):
    """The import has written its rows and not come to its end: what another county does waits for none of them."""
    award = make_round_award(award=make_award(nominee_kind=NomineeKind.TEAM))
    allotment, elsewhere = make_allotment(award), make_allotment(award)
    units = [make_employer(allotment.body) for _ in range(3)]
    rows = [imported_row(unit, make_unit_person(unit), number=number) for number, unit in enumerate(units)]
    other = make_employer(elsewhere.body)
    own_draft = creating(elsewhere, other, make_unit_person(other), nominee_name="自报班")
    rounds.next_number(round_id=award.round_id)  # the first of a year is waited for
    written, done, create_many = Event(), Event(), nominations.create_many

    def create_and_stay(**arguments):
        made = create_many(**arguments)
        if not written.is_set():
            written.set()
            assert done.wait(timeout=10)
        return made

    monkeypatch.setattr(imports.nominations, "create_many", create_and_stay)

    def meanwhile():
        assert written.wait(timeout=10)
        made = own_draft()
        done.set()
        return made

    report, own = at_once(importing(allotment, rows), meanwhile)
    assert report.saved
    assert own.body == elsewhere.body
    assert len(set(Nomination.objects.values_list("number", flat=True))) == 4


@pytest.mark.parametrize("_time", TIMES)
def test_an_approval_and_the_refusal_of_what_it_depends_on(_time):
    """Half must be non-public and units can apply no more: whichever comes first, the other finds it as it then is."""
    round_award = make_round_award(award=make_award(joint=False))
    allotment = make_allotment(round_award, places=2)
    public, needed = (
        make_nomination(round_award, allotment.body, status=S.IN_REVIEW, non_public=non_public)
        for non_public in (False, True)
    )
    deciding = (
        partial(
            reviews.give_opinion,
            nomination_id=nomination.pk,
            version=1,
            office=Office.UNION,
            actor=make_official(allotment.body, Role.UNION_REVIEWER),
            outcome=outcome,
            text="条件不够。",
        )
        for nomination, outcome in ((public, Outcome.APPROVE), (needed, Outcome.DECLINE))
    )
    with clock.travel(WINDOWS[Stage.UNIT][1] + timedelta(days=1)):
        approval, refusal = at_once(*deciding)
    assert refusal.status == S.DECLINED
    if isinstance(approval, RuleViolation):
        assert [reason.code for reason in approval.reasons] == ["approval_short"]
    else:
        assert approval.status == S.POOLED
    public.refresh_from_db()
    assert public.status == (S.IN_REVIEW if isinstance(approval, RuleViolation) else S.POOLED)
