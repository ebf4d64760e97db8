"""A query that is put together once: what it gives is what the query itself gives, whoever asks it with what."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import Count, F
from django.db.transaction import TransactionManagementError

from quotas.base.querysets import Blank, Statement
from quotas.base.states import Level
from quotas.tree.models import Body
from tests.builders import make_body, make_user

pytestmark = pytest.mark.django_db


def test_instances_come_with_what_the_query_joins_and_counts(django_assert_num_queries):
    parents = [make_body(), make_body()]
    for parent in parents:
        make_body(parent=parent)
    below = Statement(
        lambda: (
            Body.objects.filter(parent=Blank("parent"))
            .select_related("parent")
            .annotate(above=F("parent__code"), children_=Count("children"))
        )
    )
    for parent in parents:
        with django_assert_num_queries(1):
            (found,) = below.ask(parent=parent.pk)
            assert (found.parent, found.above, found.children_) == (parent, parent.code, 0)
        assert found == Body.objects.get(parent=parent)
        found.short_name = "改名"
        found.save()
    assert set(Body.objects.filter(parent__in=parents).values_list("short_name", flat=True)) == {"改名"}


def test_tuples_are_those_of_the_query():
    official = make_user()
    query = type(official).objects.values_list("pk", "date_joined", "is_active")
    asked = Statement(lambda: query.filter(pk=Blank("user"))).ask(user=official.pk)
    assert asked == list(query.filter(pk=official.pk))


def test_a_list_is_one_value():
    bodies = [make_body() for _ in range(3)]
    some = Statement(lambda: Body.objects.filter(pk__among=Blank("bodies")).order_by("pk"))
    assert some.ask(bodies=[body.pk for body in bodies[:2]]) == bodies[:2]
    assert some.ask(bodies=[]) == []
    named = Statement(lambda: Body.objects.filter(code__among=Blank("codes")))
    assert named.ask(codes=[bodies[2].code, "无此单位"]) == [bodies[2]]
    assert some.number(bodies=[body.pk for body in bodies]) == 3


def test_what_lies_below_any_of_many_bodies():
    """By whole codes: a body whose code begins like another's is not below it."""
    city, other = make_body(code="A1", level=Level.CITY), make_body(code="A12", level=Level.CITY)
    third = make_body(code="A3", level=Level.CITY)
    below = [make_body(parent=each) for each in (city, other, third)]
    assert set(Body.objects.at_or_below([city.path, third.path])) == {city, third, below[0], below[2]}
    assert set(Body.objects.at_or_below([city.path])) == {city, below[0]}
    assert set(
        Body.objects.exclude(pk__in=Body.objects.at_or_below([city.path, third.path]).values("pk"))
    ) >= {
        other,
        below[1],
    }
    assert not Body.objects.at_or_below([])


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_by_its_own_connection():
    body = make_body()
    one = Statement(lambda: Body.objects.filter(pk=Blank("body")))
    assert one.ask(body=body.pk) == [body]
    found = []

    def ask():
        found.extend(one.ask(body=body.pk))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [body]


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_refused_where_no_transaction_would_hold_it():
    body = make_body()
    locked = Statement(lambda: Body.objects.filter(pk=Blank("body")).select_for_update())
    with transaction.atomic():
        assert locked.ask(body=body.pk) == [body]
    with pytest.raises(TransactionManagementError):
        locked.ask(body=body.pk)
