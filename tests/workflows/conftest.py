import pytest

from quotas.base import clock
from tests.builders import IN_TIME
from tests.workflows.house import House


@pytest.fixture
def journey():
    """The clock stands still in the middle of the season."""
    with clock.travel(IN_TIME) as travelling:
        yield travelling


@pytest.fixture
def house(db, journey):
    """A province in season, every slate with its process."""
    made = House()
    made.open_slates()
    return made
