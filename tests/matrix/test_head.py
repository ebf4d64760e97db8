"""HEAD answers every address as GET does, and neither of them acts."""

import pytest
from django.urls import reverse

from tests.matrix.test_answers import questions, report, state, wanted, world

__all__ = ["world"]

pytestmark = pytest.mark.django_db


def test_head_answers_as_get_without_a_body(world):
    """One person who gets each page, and one who does not."""
    before, wrong, seen = state(), [], set()
    for question in questions(world, "get"):
        due = wanted(question.ask.get, question.person, question.thing)
        form = (question.name, id(question.ask), due)
        if form in seen or not question.person.signed_in:
            continue
        seen.add(form)
        client = question.person.client
        client.raise_request_exception = False
        address = reverse(question.name, kwargs=question.ask.arguments(world, question.thing))
        answer = client.head(address)
        if answer.status_code != due:
            wrong.append(f"{question}: HEAD answers {answer.status_code}, GET {due}")
        if answer.streaming:
            # A server closes the file; the test client would if anything were read.
            for close in answer._resource_closers:
                close()
        elif answer.content:
            wrong.append(f"{question}: HEAD has a body")
        if state() != before:
            wrong.append(f"{question}: HEAD changed something")
            before = state()
    assert not wrong, report(wrong)
