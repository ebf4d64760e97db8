"""No page gives two of its elements one id: labels, descriptions and links would lead to the first of them."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from tests.matrix.test_answers import body_of, questions, report, wanted, world

__all__ = ["world"]

pytestmark = pytest.mark.django_db

ID = re.compile(r'<[^<>]*?\sid="([^"]*)"')


def test_no_id_stands_twice_on_a_page(world):
    """Everybody who gets a page sees it in another form, so each sort of person asks once."""
    wrong, seen = [], set()
    for question in questions(world, "get"):
        person = question.person
        form = (question.name, id(question.ask), tuple(sorted({role for _at, role in person.posts})))
        if form in seen or wanted(question.ask.get, person, question.thing) != 200:
            continue
        seen.add(form)
        answer = person.client.get(
            reverse(question.name, kwargs=question.ask.arguments(world, question.thing))
        )
        text = body_of(answer)
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        twice = [each for each, number in Counter(ID.findall(text)).items() if number > 1]
        wrong += [f"{question}: {each}" for each in twice]
    assert seen
    assert not wrong, report(wrong)
