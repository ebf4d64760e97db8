"""Real locks, a real deadlock: the page says so, or does it once more, and nothing is done by half."""

from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path

from config import urls
from quotas.tree.models import User
from tests.builders import make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(monkeypatch):
    """Adds pages for the time of a test."""

    def add(**views):
        added = [path(f"probe/{name}/", view) for name, view in views.items()]
        monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, *added])
        clear_url_caches()

    yield add
    clear_url_caches()


def rename(pk, name):
    User.objects.select_for_update().get(pk=pk)
    User.objects.filter(pk=pk).update(name=name)


@pytest.mark.parametrize("setting", ["lock_timeout", "statement_timeout"])
def test_a_row_that_somebody_holds_is_said_and_nothing_is_done_by_half(pages, setting):
    first, second = make_user(name="甲"), make_user(name="乙")
    held, done = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                User.objects.select_for_update().get(pk=second.pk)
                held.set()
                done.wait(20)
        finally:
            connection.close()

    def act(_request):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL {setting} = 300")
            rename(first.pk, "改")
            rename(second.pk, "改")
        return HttpResponse("done")

    pages(act=act)
    holder = Thread(target=hold)
    holder.start()
    assert held.wait(10)
    answer = Client().post("/probe/act/")
    done.set()
    holder.join()
    assert answer.status_code == 409
    assert "没有保存任何内容" in answer.text
    assert sorted(User.objects.values_list("name", flat=True)) == ["乙", "甲"]
    assert Client().post("/probe/act/").status_code == 200


def test_of_a_deadlock_both_are_done_in_the_end(pages):
    one, other = make_user(name="甲"), make_user(name="乙")
    crossing, committed = Barrier(2), Event()
    tries = []

    def crosswise(mine, theirs, name):
        def act(_request):
            tries.append(name)
            again = tries.count(name) > 1
            # A row that a deadlock sets free is anybody's: the second try could take it before the other one has woken
            # up, and both would stand crosswise once more.
            assert not again or committed.wait(20)
            with transaction.atomic():
                rename(mine, name)
                if not again:
                    crossing.wait(20)
                rename(theirs, name)
            committed.set()
            return HttpResponse("done")

        return act

    pages(a=crosswise(one.pk, other.pk, "子"), b=crosswise(other.pk, one.pk, "丑"))
    answers = []

    def post(name):
        try:
            answers.append(Client().post(f"/probe/{name}/").status_code)
        finally:
            connection.close()

    threads = [Thread(target=post, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200]
    # One of them was tried twice, and came last.
    (victim,) = {name for name in tries if tries.count(name) == 2}
    assert len(tries) == 3
    assert list(User.objects.values_list("name", flat=True)) == [victim, victim]
