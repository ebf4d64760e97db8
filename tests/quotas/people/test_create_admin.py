"""manage.py create_admin: the first accounts of an installation."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from quotas.base.states import Level, Role
from quotas.ledger.models import LedgerEntry
from quotas.people.services import posts
from quotas.tree.models import User
from tests.builders import make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_body(level=Level.PROVINCE)
    posts.create(bodies=[made])
    return made


def run(username="first", role="system_admin", **options):
    said = StringIO()
    call_command("create_admin", username=username, name="张三", role=role, stdout=said, **options)
    return said.getvalue()


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "staff"])
def test_the_first_of_each_role(province, role):
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", run(role=role))[0]
    user = User.objects.get(username="first")
    assert user.check_password(password)
    assert user.must_change_password
    assert [group.post.role for group in user.groups.all()] == [role]
    told = LedgerEntry.objects.filter(actor=None, stream__endswith=f":{user.pk}").order_by("pk")
    assert list(told.values_list("act", flat=True)) == ["create_account", "appoint"]
    assert password not in str(list(told.values("before", "after", "reason")))


def test_a_second_one_only_by_force(province):
    run()
    with pytest.raises(CommandError, match="--force"):
        run("second")
    assert not User.objects.filter(username="second").exists()
    run("second", force=True)
    run("third", role=Role.SECURITY_ADMIN.value)
    User.objects.filter(username__in=["first", "second"]).update(is_active=False)
    run("fourth")


def test_a_refusal_leaves_nothing(province):
    with pytest.raises(CommandError, match="不符合要求"):
        run("x")
    assert not User.objects.exists()


def test_without_bodies_or_posts():
    with pytest.raises(CommandError, match="load_catalogue"):
        run()
    make_body(level=Level.PROVINCE)
    with pytest.raises(CommandError, match="没有“系统管理员”这个岗位"):
        run()
    assert not User.objects.exists()
