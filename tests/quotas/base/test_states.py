"""Vocabularies: stages in their order, columns that give members of them."""

import pytest
from django.db import models

from appraisal.records.models import Slate
from quotas.base.states import Level, Stage
from quotas.tree.models import Body
from tests.builders import make_body


def test_stages_stand_in_the_order_of_the_route():
    assert sorted([Stage.CITY, Stage.PROVINCE, Stage.UNIT, Stage.COUNTY]) == [
        Stage.UNIT,
        Stage.COUNTY,
        Stage.CITY,
        Stage.PROVINCE,
    ]
    assert Stage.CITY < Stage.PROVINCE
    assert Stage.CITY > "county"
    assert Stage.CITY >= "city"
    assert Stage.CITY <= "city"
    with pytest.raises(KeyError):
        assert Stage.CITY < "village"


@pytest.mark.django_db
def test_a_column_gives_the_member_of_its_vocabulary():
    body = make_body(level=Level.COUNTY)
    assert Body.objects.values_list("level", flat=True).get(pk=body.pk) is Level.COUNTY
    assert Body.objects.get(pk=body.pk).level is Level.COUNTY


def test_a_migration_sees_a_column_of_words():
    assert type(Slate._meta.get_field("stage").clone()) is models.CharField
