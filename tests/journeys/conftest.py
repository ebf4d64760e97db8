"""People who sign in with Chromium."""

import pytest

from tests.journeys.people import Person


@pytest.fixture
def visit(chromium):
    """`visit(site)`: somebody with a browser of their own. At the end nobody's browser may have complained."""
    people: list[Person] = []

    def come(site, **options):
        people.append(Person(chromium, str(site), **options))
        return people[-1]

    yield come
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.leave()
    assert complaints == []
