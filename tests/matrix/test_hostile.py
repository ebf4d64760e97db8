"""Values that no page of ours sends: every address, in every field that it knows, answers them without an error of ours."""

import logging
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import CharField, TextField
from django.template.base import Template
from django.test.utils import _TestState
from django.urls import reverse

from quotas.base import clock
from quotas.ledger.models import LedgerEntry
from tests.builders import IN_TIME
from tests.matrix.answers import PAGES
from tests.matrix.test_answers import Question, kinds, questions, wanted
from tests.matrix.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

DIGITS = "9" * 5000
HOSTILE = ["\x00", f"1{DIGITS}", "9" * 19, "-1", "²", "\u202d1\u202c", "a:b:c"]
LIKELIEST = {"\x00", f"1{DIGITS}"}
"""What no database, or no number, takes."""
QUERY = [
    "act",
    "adjust",
    "after",
    "against",
    "award",
    "based_on",
    "before",
    "body",
    "claimed",
    "control",
    "due",
    "edition",
    "employer",
    "kind",
    "next",
    "node",
    "non_public",
    "only",
    "open",
    "order",
    "out",
    "ownership",
    "page",
    "places",
    "post",
    "q",
    "rule",
    "since",
    "sort",
    "stage",
    "state",
    "status",
    "stream",
    "tab",
    "until",
    "user",
    "verified",
]
FORM = [
    "act",
    "applicant",
    "body",
    "comment",
    "decision",
    "employer",
    "entry",
    "finding",
    "id",
    "ids",
    "item",
    "kind",
    "kinds",
    "level",
    "name",
    "next",
    "nomination",
    "opinion",
    "order",
    "ownership",
    "page",
    "post",
    "prospect",
    "reason",
    "role",
    "round_award",
    "stage",
    "text",
    "user",
    "username",
    "version",
    "wanted",
]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    refusals = logging.getLogger("django.request")
    level = refusals.level
    refusals.setLevel(logging.CRITICAL)
    with django_db_blocker.unblock(), clock.travel(IN_TIME), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
    refusals.setLevel(level)


def asked(world: World, method: str) -> Iterator[Question]:
    """One question for every form of an address: by somebody whom it lets in."""
    known = set()
    for question in questions(world, method):
        table = question.ask.get if method == "get" else question.ask.post
        key = (question.name, id(question.ask))
        acts = set(question.ask.acts)
        if key in known or wanted(table, question.person, question.thing) not in {200, 302, 422}:
            continue
        if question.person.signed_in and (method == "get" or acts or not question.ask.thing):
            known.add(key)
            yield question


def status(question: Question, world: World, data, method: str, *, keep: bool = False) -> int:
    address = reverse(question.name, kwargs=question.ask.arguments(world, question.thing))
    client = question.person.client
    client.raise_request_exception = False
    cookies = client.cookies.copy()
    point = transaction.savepoint()
    with pytest.MonkeyPatch.context() as patches:
        # Of two thousand pages only the status is looked at: no copies of their contexts.
        patches.setattr(Template, "_render", _TestState.saved_data.template_render)
        answer = getattr(client, method)(address, data)
    if answer.streaming:
        b"".join(answer.streaming_content)
    if keep:
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)
    client.cookies = cookies
    return answer.status_code


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:12])
def test_queries(world, value):
    """Each name thrice: whoever reads the first, the last or all of them meets it. The likeliest by itself as well."""
    forms = [{name: [value, "x", value] for name in QUERY}]
    forms += [dict.fromkeys(QUERY, value)] if value in LIKELIEST else []
    wrong = [
        f"{question}: {found}"
        for question in asked(world, "get")
        for sent in forms
        if (found := status(question, world, sent, "get")) >= 500
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:12])
def test_forms(world, value):
    """All fields at once; what is likeliest to break something also by itself in a form that is right otherwise."""
    wrong = []
    for question in asked(world, "post"):
        right = question.ask.data(world, question.thing)
        known = [name for name in right if isinstance(right[name], str | int)]
        alone = [*known, "next"] if value in LIKELIEST else []
        forms = [dict.fromkeys([*known, *FORM], value), *({**right, name: value} for name in alone)]
        wrong += [
            f"{question} {[name for name in data if data[name] == value]}: {found}"
            for data in forms
            if (found := status(question, world, data, "post")) >= 500
        ]
    assert not wrong, "\n".join(wrong)


TEXT = re.compile("[\u4e00-\u9fff]")


def texts_of(right) -> list[str]:
    """The fields of a form in which somebody writes."""
    return [name for name, value in right.items() if isinstance(value, str) and TEXT.search(value)]


def acting(world: World) -> Iterator[tuple[Question, dict]]:
    for question in asked(world, "post"):
        if set(question.ask.acts) & set(kinds(question.person, question.thing)):
            yield question, question.ask.data(world, question.thing)


def test_marks_alone_are_an_empty_text(world):
    """Wherever a text is demanded, what cannot be seen is none; wherever it is not, nothing else happens either."""
    wrong, seen = [], 0
    for question, right in acting(world):
        for name in texts_of(right):
            empty, marks = (
                status(question, world, {**right, name: value}, "post")
                for value in ("", "\u200b\u202c\u3000")
            )
            seen += 1
            if empty != marks:
                wrong.append(f"{question} {name}: {marks} instead of {empty}")
    assert seen > 10
    assert not wrong, "\n".join(wrong)


def test_marks_never_reach_a_column(world):
    columns = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField) and model._meta.app_label in {"quotas", "appraisal"}
    ]
    wrong, acted = [], 0
    for question, right in acting(world):
        texts = texts_of(right)
        if not texts:
            continue
        last = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        marked = {name: f"\u202d{value}\u202c" if name in texts else value for name, value in right.items()}
        point = transaction.savepoint()
        found = status(question, world, marked, "post", keep=True)
        wrong += [
            f"{question}: {model.__name__}.{column}"
            for model, column in columns
            if model.objects.filter(**{f"{column}__contains": "\u202d"}).exists()
        ]
        written = LedgerEntry.objects.filter(pk__gt=last)
        acted += bool(written)
        wrong += [f"{question}: ledger" for row in written if "\u202d" in f"{row.before}{row.after}"]
        transaction.savepoint_rollback(point)
        if found >= 400:
            wrong.append(f"{question}: {found}")
    assert acted > 10
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("number", ["9" * 19, "9" * 23, "9" * 5000])
def test_rows_that_no_table_holds(world, number):
    """A row of the address that is no number of a row is not found, on every database."""
    wrong = []
    for name, asks in PAGES.items():
        for ask in asks:
            thing = world.thing(ask.thing, ask.homes[0]) if ask.thing else None
            arguments = ask.arguments(world, thing)
            for argument, value in arguments.items():
                if not isinstance(value, int) or ask.get is None:
                    continue
                address = reverse(name, kwargs={**arguments, argument: 987654321987654321})
                client = world.people["keeper A1"].client
                client.raise_request_exception = False
                found = client.get(address.replace("987654321987654321", number)).status_code
                if found not in {404, 405}:
                    wrong.append(f"{name}: {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("sent", "leads_to"),
    [
        ("/slates/", "/slates/"),
        ("/nominations/?q=%E6%81%92", "/nominations/?q=%E6%81%92"),
        ("abc", ""),
        ("//evil.example/", ""),
        ("https://evil.example/", ""),
        ("/no-such-page/", ""),
        ("/tasks/9999999/claim/", ""),
        ("/logout/", ""),
        ("javascript:alert(1)", ""),
        ("/slates/\x00", ""),
        ("/" + "9" * 5000 + "/", ""),
        ("/nominations/" + "9" * 30 + "/", ""),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_the_way_on_is_looked_at_before_the_act(world, sent, leads_to):
    task = world.thing("task/county_union", "A1")
    for person in world.people.values():
        if wanted(PAGES["workflows:claim"][0].post, person, task) == 302 and person.signed_in:
            point = transaction.savepoint()
            cookies = person.client.cookies.copy()
            answer = person.client.post(reverse("workflows:claim", args=[task.pk]), {"next": sent})
            person.client.cookies = cookies
            transaction.savepoint_rollback(point)
            assert answer.status_code == 302
            # Back in the list it says at which row.
            assert answer.url.split("#")[0] == (leads_to or reverse("workflows:inbox"))
            return
    pytest.fail("nobody could claim")
