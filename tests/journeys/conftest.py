"""People who sign in with Chromium."""

from threading import Condition

import pytest
from django.core.signals import request_finished, request_started

from tests.journeys.people import PATIENCE, Person


class _Underway:
    """How many requests the server of the tests is answering; its threads go on when a browser has gone."""

    def __init__(self):
        self.number = 0
        self.changed = Condition()
        request_started.connect(self.one_more)
        request_finished.connect(self.one_less)

    def one_more(self, **_sent):
        with self.changed:
            self.number += 1

    def one_less(self, **_sent):
        with self.changed:
            self.number -= 1
            self.changed.notify_all()

    def begin(self):
        """Count from here: a test client that leaves an answer unread never ends its request."""
        with self.changed:
            self.number = 0

    def wait_for_the_last(self):
        """Wait until none is underway: emptying the tables meanwhile would be a deadlock."""
        with self.changed:
            # What a browser sent as it went may not have been taken up yet.
            while self.changed.wait_for(lambda: self.number > 0, timeout=0.1):
                assert self.changed.wait_for(lambda: self.number <= 0, timeout=PATIENCE), (
                    "a request never ends"
                )


UNDERWAY = _Underway()


@pytest.fixture
def visit(chromium, transactional_db):
    """`visit(site)`: somebody with a browser of their own. At the end nobody's browser may have complained."""
    people: list[Person] = []
    UNDERWAY.begin()

    def come(site, **options):
        people.append(Person(chromium, str(site), **options))
        return people[-1]

    yield come
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.leave()
    UNDERWAY.wait_for_the_last()
    assert complaints == []
