"""What was typed is in the answer, whatever refuses the act and on whichever page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from quotas.base import answers
from quotas.base.errors import DomainError, RuleViolation, TooLate, Violation, Wording
from quotas.base.refusals import Stale
from quotas.ledger.services import ledger
from tests.matrix.answers import PAGES
from tests.matrix.test_answers import Question, body_of, questions, report, send, wanted, world
from tests.matrix.world import World

__all__ = ["world"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


class OneTooMany(Violation):
    words = Wording("超出一个。")


class GateShut(TooLate):
    words = Wording("大门已关。")


REFUSALS = {
    "rule": lambda: RuleViolation(OneTooMany()),
    "stale": Stale,
    "too late": GateShut,
}

TYPED_NOWHERE = {
    # Each row of the list is an act of its own, and what became of it is told on a page of its own.
    "workflows:approve",
    # The sheets of a file come again from the person's own machine.
    "appraisal:import_check",
    "appraisal:import_confirm",
    "workflows:import_confirm",
    # A name of the file that was not added, and no more.
    "appraisal:evidence_add",
    # Buttons; the ledger has no row of them, since nothing is decided.
    "workflows:claim",
    "workflows:release",
}
"""Pages on which nothing is typed."""


def is_typed(name: str, value: Any) -> bool:
    """Words that people write: not the values of choices, days, numbers and hidden fields."""
    return (
        isinstance(value, str)
        and "password" not in name
        and any("\u4e00" <= sign <= "\u9fff" for sign in value)
    )


def fields_of(world: World, question: Question) -> set[str]:
    """The names of the fields that the page shows, before anything is sent: the data may have more than its form."""
    text = body_of(send(world, replace(question, method="get")))
    return set(re.findall(r' name="([^"]+)"', text))


def acting(world: World) -> Iterator[tuple[Question, dict[str, Any]]]:
    """One person who may for every form that acts and in which something is typed."""
    seen = set()
    for question in questions(world, "post"):
        form = (question.name, id(question.ask))
        if form in seen or question.name in TYPED_NOWHERE or not question.ask.acts:
            continue
        if wanted(dict.fromkeys(question.ask.acts, 1), question.person, question.thing) != 1:
            continue
        seen.add(form)
        yield question, question.ask.data(world, question.thing)


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_was_typed_stays(world, monkeypatch, kind):
    """Every act writes its row of the ledger last: refused there, it is refused by its own service and taken back."""
    refusal = REFUSALS[kind]()

    def refuse(**_row: Any) -> None:
        raise refusal

    monkeypatch.setattr(ledger, "append", refuse)
    monkeypatch.setattr(ledger, "append_many", refuse)
    wrong, asked = [], 0
    for question, data in acting(world):
        point = transaction.savepoint()
        fields = fields_of(world, question)
        answer = send(world, question, data)
        transaction.savepoint_rollback(point)
        texts = [value for name, value in data.items() if is_typed(name, value) and name in fields]
        asked += bool(texts)
        text = body_of(answer)
        if answer.status_code != answers.status_of(refusal):
            wrong.append(f"{question}: {answer.status_code}")
        wrong += [f"{question}: lost {each}" for each in texts if each not in text]
        if str(refusal.reasons[0].words.what) not in text:
            wrong.append(f"{question}: does not say why")
    assert not wrong, report(wrong)
    assert asked > 15


def test_a_refusal_is_of_a_family():
    assert all(isinstance(refusal(), DomainError) for refusal in REFUSALS.values())


def test_no_page_is_left_out_by_mistake():
    assert set(PAGES) >= TYPED_NOWHERE
