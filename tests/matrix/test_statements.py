"""Every list asks the database the same number of statements with 1, 3 and 50 rows, and for one post and three."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.nominations.services import readings
from appraisal.records.models import Naming, Notice, Objection, Reading, SlateEntry
from appraisal.records.states import EntryKind, NominationState, SlateState
from quotas.base import clock
from quotas.base.states import FieldType, Level, Role
from quotas.editions.asked import AskedField
from quotas.ledger.services import ledger
from quotas.people.models import Proposal
from quotas.rounds.models import Apportionment, ExtensionRequest, Round
from quotas.rounds.services import apportionments
from quotas.tree.models import User
from tests.builders import (
    IN_TIME,
    announce_years,
    make_allotment,
    make_body,
    make_employer,
    make_evidence,
    make_fields,
    make_nomination,
    make_official,
    make_post,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slate,
    make_unit_person,
    make_user,
)
from tests.matrix.answers import PAGES
from tests.workflows.house import open_task
from workflows import turns
from workflows.querysets import of_nomination

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NUMBERS = (1, 3, 50)
MOST = 23
"""More than any page may ask, with session, account, posts and the shell."""


class County:
    """A county in season with a list, and the person who looks at it all."""

    def __init__(self) -> None:
        self.body = make_body(name="甲县")
        self.allotment = make_allotment(body=self.body, places=60, reserve_places=5)
        self.award = self.allotment.round_award
        self.user = make_official(self.body, Role.KEEPER)
        for role in (Role.UNION_REVIEWER, Role.PARTY_REVIEWER, Role.OBSERVER):
            make_post(self.body, role, self.user)
        self.slate = self.body.slates.create(round_award=self.award, stage=self.body.stage)

    @property
    def round(self) -> Round:
        return self.award.round

    def nominations(self, number: int, status: NominationState, **fields: Any) -> list[Any]:
        made = [
            make_nomination(self.award, self.body, status=status, due_at=clock.now(), **fields)
            for _each in range(number)
        ]
        turns.reconcile()
        return made

    def entries(self, number: int, state: SlateState) -> list[SlateEntry]:
        nominations = self.nominations(number, NominationState.POOLED)
        type(self.slate).objects.filter(pk=self.slate.pk).update(state=state)
        return SlateEntry.objects.bulk_create(
            SlateEntry(slate=self.slate, nomination=nomination, kind=EntryKind.REGULAR, rank=rank)
            for rank, nomination in enumerate(nominations, start=1)
        )

    def notice(self, rows: int = 1, slate: Any = None) -> Notice:
        today = clock.today()
        return Notice.objects.create(
            slate=slate or self.slate,
            title="公示",
            starts_on=today,
            ends_on=today,
            computed_ends_on=today,
            days=1,
            unit="workday",
            contact="025-00000000",
            rows=[{"rank": 1, "category": "regular", "nominee": "某", "unit": "某", "body": "某"}] * rows,
            published_by=self.user,
            published_at=clock.now(),
            closed_at=clock.now(),
        )

    def naming(self, rows: int = 1, slate: Any = None) -> Naming:
        return Naming.objects.create(
            slate=slate or self.slate,
            round_award=(slate or self.slate).round_award,
            title="决定",
            document_number="1号",
            decided_on=clock.today(),
            rows=[{"rank": 1, "category": "regular", "nominee": "某", "unit": "某", "body": "某"}] * rows,
            decided_by=self.user,
            decided_at=clock.now(),
        )

    def other_slates(self, number: int, state: SlateState = SlateState.COMPILING) -> list[Any]:
        made = []
        for _each in range(number):
            round_award = make_round_award(self.round, places=10)
            make_allotment(round_award, self.body)
            made.append(self.body.slates.create(round_award=round_award, stage=self.body.stage, state=state))
        turns.reconcile()
        return made

    def bodies(self, number: int) -> None:
        """Counties beside this one, with places; the person looks at the city."""
        city = self.body.parent
        self.user = make_official(city, Role.KEEPER)
        make_post(make_body(level=Level.PROVINCE), Role.STAFF, self.user)
        for _each in range(number):
            make_allotment(self.award, make_body(parent=city))


Filled = tuple[str, dict[str, Any] | None]
Fill = Callable[[County, int], Filled]


def get(name: str, *arguments: Any, query: str = "") -> Filled:
    return reverse(name, args=arguments) + query, None


def in_review(name: str, query: str = "") -> Fill:
    def fill(county: County, number: int) -> Filled:
        county.nominations(number, NominationState.IN_REVIEW)
        return get(name, query=query)

    return fill


def approve(county: County, number: int) -> Filled:
    made = county.nominations(number, NominationState.IN_REVIEW)
    tasks = [open_task(of_nomination(each.pk), "county_union").pk for each in made]
    return reverse("workflows:approve"), {"ids": tasks}


def apply(county: County, number: int) -> Filled:
    county.user = make_unit_person(make_employer(county.body))
    county.other_slates(number)
    return get("workflows:apply")


def flow_svg(county: County, number: int) -> Filled:
    county.nominations(number, NominationState.IN_REVIEW)
    return get("workflows:flow_svg", "nomination")


def nomination(county: County, number: int) -> Filled:
    (made,) = county.nominations(1, NominationState.IN_REVIEW)
    for _each in range(number):
        make_evidence(made)
    return get("appraisal:nomination", made.pk)


def employers(county: County, number: int) -> Filled:
    for _each in range(number):
        make_employer(county.body)
    return get("appraisal:employers")


def employer(county: County, number: int) -> Filled:
    unit = make_employer(county.body)
    county.nominations(number, NominationState.IN_REVIEW, employer=unit)
    for _each in range(number):
        make_unit_person(unit)
    return get("appraisal:employer", unit.pk)


def slates(county: County, number: int) -> Filled:
    county.other_slates(number)
    return get("appraisal:slates")


def slate(county: County, number: int) -> Filled:
    county.entries(number, SlateState.SIGNING)
    return get("appraisal:slate", county.slate.pk)


def slate_workbook(county: County, number: int) -> Filled:
    county.entries(number, SlateState.SIGNING)
    return get("appraisal:slate_workbook", county.slate.pk)


def slate_rehearsal(county: County, number: int) -> Filled:
    county.entries(number, SlateState.SIGNING)
    return get("appraisal:slate_rehearsal", county.slate.pk)


def slate_scores(county: County, number: int) -> Filled:
    county.award.award.final_stage = county.body.stage
    county.award.award.save()
    county.entries(number, SlateState.COMPILING)
    return get("workflows:slate_scores", county.slate.pk)


def objections(county: County, number: int) -> Filled:
    entries = county.entries(number, SlateState.SETTLING)
    notice = county.notice()
    Objection.objects.bulk_create(
        Objection(
            notice=notice,
            entry=entry,
            objector="某",
            objector_contact="某",
            text="某",
            received_on=clock.today(),
            recorded_by=county.user,
            recorded_at=clock.now(),
        )
        for entry in entries
    )
    return get("appraisal:objections", county.slate.pk)


def of_bodies(name: str) -> Fill:
    def fill(county: County, number: int) -> Filled:
        county.bodies(number)
        return get(name, county.round.code) if name.startswith("appraisal") else get(name)

    return fill


def years(county: County, number: int) -> Filled:
    county.user.groups.add(make_post(make_body(level=Level.PROVINCE), Role.STAFF).group)
    announce_years(*range(2030, 2030 + number))
    return get("quotas:calendar")


def extensions(county: County, number: int) -> Filled:
    ExtensionRequest.objects.bulk_create(
        ExtensionRequest(
            round=county.round,
            stage="county",
            body=county.body,
            wanted=clock.now(),
            reason="水灾",
            state="refused",
            asked_by=make_user(),
            asked_at=clock.now(),
            answer="时间足够",
            answered_by=make_user(),
            answered_at=clock.now(),
        )
        for _each in range(number)
    )
    return get("appraisal:extensions", county.round.code)


def notices(county: County, number: int) -> Filled:
    for made in county.other_slates(number):
        county.notice(slate=made)
    return get("appraisal:notices")


def notice(county: County, number: int) -> Filled:
    return get("appraisal:notice", county.notice(number).pk)


def honours(county: County, number: int) -> Filled:
    for made in county.other_slates(number):
        county.naming(slate=made)
    return get("appraisal:honours")


def honour(county: County, number: int) -> Filled:
    return get("appraisal:honour", county.naming(number).pk)


def ledger_page(county: County, number: int) -> Filled:
    for each in range(number):
        ledger.append(
            stream=f"nomination:{county.body.pk}{each}", act="save", actor=make_user(), body=county.body
        )
    return get("quotas:ledger")


def readings_page(county: County, number: int) -> Filled:
    for nomination in county.nominations(number, NominationState.IN_REVIEW):
        readings.note(nomination, make_user(), unmasked=True)
    Reading.objects.update(personal=True)
    return get("appraisal:readings")


def organ_page(county: County, number: int) -> Filled:
    county.user = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
    for _each in range(number):
        make_body(parent=county.body.parent)
    return get("quotas:organs")


def helping(county: County, number: int) -> Filled:
    for _each in range(number):
        make_post(make_body(), Role.KEEPER, county.user)
    return get("quotas:help")


def rounds(county: County, number: int) -> Filled:
    for _each in range(number):
        make_round_award(make_round())
    return get("appraisal:rounds")


def accounts(county: County, number: int) -> Filled:
    county.user = make_official(make_body(level=Level.PROVINCE), Role.SYSTEM_ADMIN)
    for _each in range(number):
        make_official(county.body, Role.UNION_LEADER)
    return get("quotas:accounts")


def posts(county: County, number: int) -> Filled:
    county.user = make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN)
    for _each in range(number):
        make_official(county.body, Role.UNION_LEADER)
        make_post(make_body(parent=county.body.parent), Role.KEEPER)
    return get("quotas:posts", query=f"?body={county.body.pk}")


def proposals(county: County, number: int) -> Filled:
    county.user = make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN)
    post = make_post(county.body, Role.OBSERVER)
    for _each in range(number):
        Proposal.objects.create(user=make_user(), post=post, proposed_at=clock.now())
    return get("quotas:proposals")


def hand_down(county: County, number: int) -> Filled:
    county.bodies(number)
    return get("quotas:hand_down", county.award.pk, county.body.parent.pk)


def _planner(county: County) -> None:
    county.user = make_official(make_body(level=Level.PROVINCE), Role.STAFF)


def rules(county: County, number: int) -> Filled:
    _planner(county)
    for _each in range(number):
        make_round_award(make_round())
    return get("appraisal:rules")


def rule_edition(county: County, number: int) -> Filled:
    _planner(county)
    award = county.award.award
    for each in range(number):
        make_share_rule(make_rule_version(award, number=each + 2), f"other-{each}")
        make_share_rule(county.award.rule_version, f"rule-{each}")
        make_round_award(make_round(), award)
    return get("appraisal:rule_edition", award.code, 1, query="?against=2")


def rule_edit(county: County, number: int) -> Filled:
    _planner(county)
    draft = make_rule_version(county.award.award, number=2)
    type(draft).objects.filter(pk=draft.pk).update(published_at=None)
    for each in range(number):
        make_share_rule(draft, f"rule-{each}")
    return get("appraisal:rule_edit", draft.award.code, 2)


def rule_fields(county: County, number: int) -> Filled:
    _planner(county)
    draft = make_rule_version(county.award.award, number=2)
    type(draft).objects.filter(pk=draft.pk).update(published_at=None)
    words = (
        AskedField(f"x1_{each}", f"栏{each}", FieldType.YES_NO, countable=True) for each in range(number)
    )
    make_fields(draft, *words)
    return get("appraisal:rule_fields", draft.award.code, 2)


def rule_try(county: County, number: int) -> Filled:
    _planner(county)
    award = county.award.award
    for _each in range(number):
        make_slate(make_allotment(make_round_award(make_round(), award)), state=SlateState.SENT_UP)
    address, _data = get("appraisal:rule_try", award.code, 1)
    return address, {"text": "推荐对象,所有制" + "\n甲,公有制" * number, "stage": "province"}


def calculations(county: County, number: int) -> Filled:
    county.bodies(number)
    city = county.body.parent
    for _each in range(number):
        made = begun(county)
        apportionments.drop(apportionment_id=made.pk, version=1, actor=county.user)
    return get("appraisal:calculations", county.award.pk, city.pk)


def begun(county: County) -> Apportionment:
    return apportionments.begin(
        round_award_id=county.award.pk, parent_id=county.body.parent_id, actor=county.user
    )


def drawn(name: str) -> Fill:
    def fill(county: County, number: int) -> Filled:
        county.bodies(number)
        made = apportionments.draw(apportionment_id=begun(county).pk, version=1, actor=county.user)
        return get(name, made.pk)

    return fill


LISTS: dict[str, Fill] = {
    "home": in_review("workflows:home"),
    "inbox": in_review("workflows:inbox"),
    "approve": approve,
    "apply": apply,
    "flows": in_review("workflows:flows"),
    "flow_svg": flow_svg,
    "nominations": in_review("appraisal:nominations"),
    "nomination": nomination,
    "employers": employers,
    "employer": employer,
    "slates": slates,
    "slate": slate,
    "slate_workbook": slate_workbook,
    "slate_rehearsal": slate_rehearsal,
    "slate_scores": slate_scores,
    "objections": objections,
    "round": of_bodies("appraisal:round"),
    "round_quotas": of_bodies("appraisal:round_quotas"),
    "round_extend": of_bodies("appraisal:round_extend"),
    "extensions": extensions,
    "readings": readings_page,
    "calendar": years,
    "notices": notices,
    "notice": notice,
    "honours": honours,
    "honour": honour,
    "rounds": rounds,
    "rules": rules,
    "rule_edition": rule_edition,
    "rule_edit": rule_edit,
    "rule_fields": rule_fields,
    "rule_try": rule_try,
    "accounts": accounts,
    "posts": posts,
    "proposals": proposals,
    "hand_down": hand_down,
    "calculations": calculations,
    "calculation": drawn("appraisal:calculation"),
    "calculation_workbook": drawn("appraisal:calculation_workbook"),
    "ledger": ledger_page,
    "help": helping,
    "organs": organ_page,
    "places": of_bodies("quotas:places"),
}
"""How each list gets so many rows; the names are those of `Ask.flat`."""


def statements(user: User, filled: Filled) -> int:
    """What a request asks of the database, by somebody who has just signed in."""
    client = Client()
    client.force_login(user)
    address, data = filled
    for _twice in range(2):  # The first fills what the process keeps: content types, translations.
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address) if data is None else client.post(address, data)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(asked)


def test_every_page_says_whether_it_is_a_list():
    said = {ask.flat for asks in PAGES.values() for ask in asks}
    assert said == {"no list", *LISTS}


@pytest.mark.parametrize("name", LISTS)
def test_as_many_statements_for_any_number_of_rows(name):
    asked = {}
    with clock.travel(IN_TIME + timedelta(hours=1)):
        for number in NUMBERS:
            county = County()
            filled = LISTS[name](county, number)
            asked[number] = statements(county.user, filled)
    assert len(set(asked.values())) == 1, asked
    assert asked[1] <= MOST


@pytest.mark.parametrize(
    "name",
    [
        "workflows:home",
        "workflows:inbox",
        "workflows:flows",
        "appraisal:nominations",
        "appraisal:employers",
        "appraisal:slates",
        "quotas:places",
        "quotas:ledger",
        "quotas:help",
    ],
)
def test_as_many_statements_for_any_number_of_posts(name):
    asked = {}
    with clock.travel(IN_TIME):
        for number in (1, 3):
            county = County()
            county.nominations(3, NominationState.IN_REVIEW)
            for _each in range(number - 1):
                elsewhere = make_body()
                for role in (Role.KEEPER, Role.UNION_REVIEWER, Role.OBSERVER):
                    make_post(elsewhere, role, county.user)
            asked[number] = statements(county.user, get(name))
    assert asked[1] == asked[3], asked
