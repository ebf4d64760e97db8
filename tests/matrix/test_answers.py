"""Every address, asked by everybody, about the own and about what is somebody else's."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook
from viewflow.workflow.models import Task

from appraisal.records.models import (
    Employer,
    Evidence,
    Naming,
    Nomination,
    Notice,
    Objection,
    Opinion,
    SignOff,
    Slate,
    SlateEntry,
    UnitPost,
)
from quotas.base import clock
from quotas.base.states import Role
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment, Apportionment, Extension
from tests.builders import IN_TIME
from tests.matrix.answers import PAGES, Ask
from tests.matrix.world import ADMINISTRATORS, MARK, OFFICIALS, Person, Thing, World, upward

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once for all questions; every question that writes is taken back."""
    refusals = logging.getLogger("django.request")
    level = refusals.level
    refusals.setLevel(logging.ERROR)
    with django_db_blocker.unblock(), clock.travel(IN_TIME), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
    refusals.setLevel(level)


SEARCHING = (
    "anonymous",
    "applicant A1",
    "union_reviewer A1",
    "keeper A1",
    "observer A",
    "keeper P",
    "keeper B1",
    "audit_admin P",
    "post withdrawn",
)
"""Who tries every filter: one of each kind of sight."""


# --- who stands how to what ------------------------------------------------------------------------------------


def kinds(person: Person, thing: Thing | None) -> list[str]:
    """How a person stands to a thing, or to no thing in particular; the special before the general."""
    if not person.signed_in:
        return ["anonymous"]
    if thing is None:
        return [*_kinds_of_person(person), "signed_in"]
    return [*_relation(person, thing), "signed_in"]


def _kinds_of_person(person: Person) -> list[str]:
    if person.unit:
        return [person.unit_role.value, "unit"]
    roles = [role for _body, role in person.posts]
    if not roles:
        return ["nobody"]
    group = "administrator" if roles[0] in ADMINISTRATORS else "official"
    return [*(role.value for role in roles), group]


def _relation(person: Person, thing: Thing) -> list[str]:
    if thing.unit and person.unit == thing.unit:
        return [person.unit_role.value, "unit"]
    for body, role in person.posts:
        if role not in OFFICIALS:
            continue
        if body == thing.desk:
            return [f"desk:{role.value}", "desk"]
        if body in upward(thing.desk):
            return [f"above:{role.value}", "above"]
        if body in upward(thing.body):
            return [f"below:{role.value}", "below"]
    return [*(f"stranger:{role.value}" for _body, role in person.posts), "stranger"]


def wanted(answer: Any, person: Person, thing: Thing | None) -> int:
    """What the table says; see its heading for what it leaves out."""
    for kind in kinds(person, thing):
        if kind in answer:
            return answer[kind]
    return 302 if not person.signed_in else 404


# --- asking ----------------------------------------------------------------------------------------------------


@dataclass
class Question:
    """An address, a person, a method."""

    name: str
    ask: Ask
    person: Person
    thing: Thing | None
    home: str
    method: str
    query: str = ""

    def __str__(self) -> str:
        about = f" about {self.ask.thing}@{self.home}" if self.thing else ""
        query = f"?{self.query}" if self.query else ""
        kind = kinds(self.person, self.thing)[0]
        return f"{self.method.upper():4} {self.name}{query}{about}: {self.person.name} ({kind})"


def questions(world: World, method: str) -> Iterator[Question]:
    for name, asks in PAGES.items():
        for ask in asks:
            if method == "get" and ask.get is None:
                continue
            for home in ask.homes if ask.thing else ("",):
                thing = world.thing(ask.thing, home) if ask.thing else None
                for person in world.people.values():
                    yield Question(name, ask, person, thing, home, method)


def body_of(answer: Any) -> str:
    """All that the answer says, whatever it is: page, picture, file, workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheetml" in answer.headers.get("Content-Type", ""):
        book = load_workbook(BytesIO(content))
        cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        return "\n".join(str(cell) for cell in cells if cell is not None)
    return content.decode("utf-8", "replace")


def leaks(world: World, person: Person, text: str) -> set[str]:
    """Marks in the answer that are not for this person."""
    return {mark for mark in re.findall(MARK, text) if not world.may_read(person, mark)}


def send(world: World, question: Question, data: dict[str, Any] | None = None) -> Any:
    address = reverse(question.name, kwargs=question.ask.arguments(world, question.thing))
    client = question.person.client
    client.raise_request_exception = False
    if question.method == "get":
        codes = {key: body.code for key, body in world.bodies.items()}
        return client.get(f"{address}?{question.query.format(**codes)}" if question.query else address)
    cookies = client.cookies.copy()
    answer = client.post(address, data)
    # What it left there, a message or a sign-off, is taken back like the rest.
    client.cookies = cookies
    return answer


def state() -> list[Any]:
    """What must not change: how many rows there are, and where everything stands."""
    tables = (Opinion, SignOff, SlateEntry, Objection, Naming, Evidence, UnitPost, LedgerEntry, Extension)
    return [
        *(table.objects.count() for table in tables),
        Evidence.objects.filter(removed_at=None).count(),
        Objection.objects.filter(closed_at=None).count(),
        Notice.objects.filter(closed_at=None).count(),
        Apportionment.objects.aggregate(Sum("version"), Count("pk")),
        Allotment.objects.aggregate(Sum("places"), Sum("committed"), Count("pk")),
        Nomination.objects.aggregate(Sum("version"), Count("pk")),
        Slate.objects.aggregate(Sum("version"), Count("pk")),
        Employer.objects.aggregate(Sum("version"), Count("pk")),
        list(Task.objects.order_by("status").values_list("status").annotate(Count("pk"), Count("owner"))),
    ]


# --- the questions ---------------------------------------------------------------------------------------------


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inner)


def test_every_address_is_in_the_table():
    assert set(names(get_resolver())) == set(PAGES)


def test_reading(world):
    """GET of everything by everybody: the answer of the table, and not a word that is not for the reader."""
    wrong = [line for question in questions(world, "get") for line in judge(world, question)]
    assert not wrong, report(wrong)


def test_searching(world):
    """Filters, search, order and paging only ever narrow what the reader sees."""
    wrong = [
        line
        for name, asks in PAGES.items()
        for ask in asks
        for query in ask.queries
        for person in SEARCHING
        for line in judge(world, Question(name, ask, world.people[person], None, "", "get", query))
    ]
    assert not wrong, report(wrong)


def test_counting(world):
    """The figures beside the desk and on the page of the round are those of the reader's own tasks and area."""
    wrong = []
    for person in world.people.values():
        if not person.signed_in or person.holds("P", Role.KEEPER, Role.STAFF):
            continue
        shown = person.client.get(reverse("workflows:home")).context["nav_workflows"]
        found = sum(entry.get("count") or 0 for entry in shown)
        if found != (due := open_tasks(world, person)):
            wrong.append(f"desk of {person.name}: {found} instead of {due}")
    for person in world.people.values():
        if person.signed_in and person.looks_at:
            page = person.client.get(reverse("appraisal:round", args=[world.round.code]))
            found = sum(line.applied for line in page.context["awards"])
            handed_in = [
                thing for thing in world.nominations if thing.row.desk_id and person.sees(thing.body)
            ]
            if found != len(handed_in):
                wrong.append(f"round of {person.name}: {found} instead of {len(handed_in)}")
    assert not wrong, report(wrong)


def open_tasks(world: World, person: Person) -> int:
    """How many tasks lie open for a person, counted by hand from what was built."""
    if person.unit:
        return {"applicant": 2, "endorser": 1}[person.unit_role.value]
    total = 0
    for body, role in person.posts:
        reviewed = [
            thing for thing in world.nominations if thing.row.status == "in_review" and thing.desk == body
        ]
        states = [thing.row.state for thing in world.slates if thing.body == body]
        match role:
            case Role.PARTY_REVIEWER:
                total += len(reviewed)
            case Role.UNION_REVIEWER:
                # At A1 one is in the hands of somebody whose post was withdrawn, and one he has decided.
                total += len(reviewed) - (2 if body == "A1" else 0)
            case Role.KEEPER:
                total += sum(state in {"compiling", "signed", "settling"} for state in states)
            case Role.UNION_LEADER | Role.PARTY_LEADER:
                total += states.count("signing")
    return total


def test_writing(world):
    """POST of a form that is right, by everybody: it acts for those for whom it is, and changes nothing for others."""
    wrong = []
    before = state()
    for (_name, _ask, home), asked in groupby(questions(world, "post"), key=_form_of):
        group = list(asked)
        if home not in {"", "A1", "A", group[0].ask.homes[0]}:
            continue
        data = group[0].ask.data(world, group[0].thing)
        actors = [each for each in group if set(each.ask.acts) & set(kinds(each.person, each.thing))]
        # One after another, each on the rows as they were.
        for question in actors:
            point = transaction.savepoint()
            wrong += judge(world, question, data)
            if state() == before:
                wrong.append(f"{question}: changed nothing")
            transaction.savepoint_rollback(point)
        # Together, since nothing may change.
        point = transaction.savepoint()
        others = [each for each in group if each not in actors]
        for question in others:
            wrong += judge(world, question, data)
        if state() != before:
            wrong.append(f"{others[0]}, or one of those after: changed something")
        transaction.savepoint_rollback(point)
    assert not wrong, report(wrong)


def _form_of(question: Question) -> tuple[str, int, str]:
    return question.name, id(question.ask), question.home


def judge(world: World, question: Question, data: dict[str, Any] | None = None) -> list[str]:
    """Ask, and compare status and text with what the person may have."""
    answer = send(world, question, data)
    table = question.ask.get if question.method == "get" else question.ask.post
    due = wanted(table, question.person, question.thing)
    wrong = [f"{question}: {answer.status_code} instead of {due}"] if answer.status_code != due else []
    shown = sorted(leaks(world, question.person, body_of(answer)))
    return wrong + [f"{question}: shows {mark}" for mark in shown[:3]]


def report(wrong: list[str]) -> str:
    return f"{len(wrong)} answers are wrong:\n" + "\n".join(wrong)
