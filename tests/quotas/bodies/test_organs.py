"""Organs: what they are called, who writes them, what the ledger tells of it."""

import pytest

from quotas.base.errors import Conflict, InvalidInput, NotPermitted
from quotas.base.states import Level, Role
from quotas.bodies.models import Organ
from quotas.bodies.services import bodies, organs
from quotas.ledger.models import LedgerEntry
from tests.builders import make_body, make_official

pytestmark = pytest.mark.django_db


def test_every_body_of_the_register_gets_its_organs_once(django_assert_max_num_queries):
    loaded = bodies.load(rows=bodies.read())
    with django_assert_max_num_queries(12):
        made = organs.seed(bodies=loaded.values())
    unions = sum(body.level == Level.INDUSTRY for body in loaded.values())
    assert made == 2 * len(loaded) - unions
    assert organs.seed(bodies=loaded.values()) == 0
    assert LedgerEntry.objects.filter(act="seed_organs").count() == 1
    names = dict(Organ.objects.values_list("body__code", "name"))
    assert len(set(Organ.objects.values_list("name", flat=True))) == made, "two organs of one name"
    told = {
        (organ.body.name, organ.kind): organ.name
        for organ in Organ.objects.select_related("body").order_by("-pk")
    }
    assert told["江苏省", "union"] == "江苏省总工会"
    assert told["江苏省", "party"] == "中共江苏省委组织部"
    assert told["常熟市", "party"] == "中共常熟市委组织部"
    assert told["沛县", "party"] == "中共沛县县委组织部"
    assert told["睢宁县", "party"] == "中共睢宁县委组织部"
    assert told["玄武区", "union"] == "南京市玄武区总工会"
    assert names["320000GH02"] == "江苏省机械冶金石化工会"


def test_seeding_keeps_what_was_written():
    county = make_body()
    county.organs.update(name="改过的名称")
    county.organs.filter(kind="party").delete()
    organs.seed(bodies=[county])
    assert county.organs.get(kind="union").name == "改过的名称"
    assert county.organs.filter(kind="party").exists()


def change(organ, actor, **fields):
    wanted = {"name": organ.name, "telephone": "０５１２－１２３４\u200b５６７８", "address": " 某路 1 号 "}
    return organs.update(organ_id=organ.pk, version=organ.version, actor=actor, **{**wanted, **fields})


def test_keepers_write_their_own_and_planners_all():
    county = make_body()
    province = county.parent.parent
    organ = county.organs.get(kind="union")
    for actor in (make_official(county, Role.KEEPER), make_official(province, Role.STAFF)):
        organ = change(organ, actor, address=actor.username)
        assert (organ.telephone, organ.address) == ("0512-12345678", actor.username)
    row = LedgerEntry.objects.order_by("-pk").first()
    assert (row.act, row.body, row.after) == ("update_organ", county, {"address": organ.address})
    for role, body in (
        (Role.KEEPER, county.parent),
        (Role.KEEPER, make_body()),
        (Role.UNION_LEADER, county),
        (Role.SECURITY_ADMIN, province),
    ):
        with pytest.raises(NotPermitted):
            change(organ, make_official(body, role))


def test_nothing_changed_is_no_act():
    county = make_body()
    organ = county.organs.get(kind="union")
    change(organ, None, telephone=organ.telephone, address="")
    assert not LedgerEntry.objects.filter(act="update_organ").exists()


def test_stale_and_wrong_are_refused():
    county = make_body()
    organ = county.organs.get(kind="union")
    with pytest.raises(InvalidInput) as refusal:
        change(organ, None, name="\u200b", telephone="1" * 61, address="路" * 121)
    assert [problem.field for problem in refusal.value.problems] == ["name", "telephone", "address"]
    change(organ, None)
    with pytest.raises(Conflict):
        change(organ, None)
