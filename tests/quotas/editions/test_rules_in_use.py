"""The database itself keeps the rules of an edition to which a round is pinned, and the lots of a round."""

import pytest
from django.db import IntegrityError, InternalError, OperationalError, transaction

from quotas.editions.models import EditionField, RuleVersion, ShareRule, Target
from quotas.rounds.models import Round
from tests.builders import make_award, make_round, make_round_award, make_rule_version, make_share_rule

pytestmark = pytest.mark.django_db

REFUSED = (IntegrityError, OperationalError, InternalError)


def test_rules_in_use_are_neither_changed_nor_deleted():
    round_award = make_round_award()
    (rule,) = round_award.rule_version.rules.all()
    for act in (
        lambda: ShareRule.objects.update(numerator=0),
        lambda: ShareRule.objects.filter(pk=rule.pk).update(label="x"),
        rule.delete,
        lambda: ShareRule.objects.all().delete(),
    ):
        with pytest.raises(REFUSED, match="pinned"), transaction.atomic():
            act()
    assert ShareRule.objects.get(pk=rule.pk).numerator == 1


def test_fields_in_use_are_neither_changed_nor_deleted():
    """Answers and labels name them by their keys."""
    version = make_round_award().rule_version
    field = version.fields.get()
    for act in (lambda: EditionField.objects.update(label="别的"), field.delete):
        with pytest.raises(REFUSED, match="pinned"), transaction.atomic():
            act()
    assert version.fields.get() == field


def test_targets_in_use_are_neither_changed_nor_deleted():
    facts = {"code": "t", "label": "目标", "stage": "county", "number": 10, "due_on": "2027-12-31"}
    target = Target.objects.create(version=make_round_award().rule_version, clause="一", **facts)
    free = Target.objects.create(version=make_rule_version(make_award()), clause="一", **facts)
    for act in (lambda: Target.objects.filter(pk=target.pk).update(number=1), target.delete):
        with pytest.raises(REFUSED, match="pinned"), transaction.atomic():
            act()
    assert Target.objects.get(pk=target.pk).number == 10
    Target.objects.filter(pk=free.pk).update(number=1)
    free.delete()


def test_rules_that_no_round_uses_may_be_put_right():
    make_round_award()
    free = make_share_rule(make_rule_version(make_award()))
    ShareRule.objects.filter(pk=free.pk).update(numerator=0)
    free.delete()
    EditionField.objects.filter(version__rounds=None).delete()
    RuleVersion.objects.filter(rounds=None).delete()
    assert ShareRule.objects.count() == RuleVersion.objects.count() == 1


def test_the_lots_of_a_round_are_never_changed():
    round_ = make_round()
    lots = round_.lots_code
    for act in (
        lambda: Round.objects.update(lots_code="chosen"),
        lambda: Round(pk=round_.pk, lots_code="chosen").save(update_fields=["lots_code"]),
    ):
        with pytest.raises(REFUSED, match="drawn once"), transaction.atomic():
            act()
    # Saving the whole row writes them as they are.
    round_.name = "改名"
    round_.save()
    round_.refresh_from_db()
    assert (round_.lots_code, round_.name) == (lots, "改名")
