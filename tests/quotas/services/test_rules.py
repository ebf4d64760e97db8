"""Rules: the pinned edition, the stage, the arithmetic's own words."""

import pytest

from quotas.arithmetic import shares
from quotas.services import rules
from quotas.states import RuleKind, Sense, Stage
from tests.builders import make_award, make_round_award, make_rule_version, make_share_rule

pytestmark = pytest.mark.django_db


def test_a_rule_reaches_the_arithmetic_whole():
    version = make_rule_version(make_award())
    make_share_rule(version, "half")
    make_share_rule(
        version,
        "teams",
        label="ownership:non_public",
        base="team_kind:enterprise",
        sense=Sense.MAX,
        numerator=7,
        denominator=10,
    )
    make_share_rule(version, "ten", kind=RuleKind.COUNT, numerator=10)
    round_award = make_round_award(award=version.award)
    clause = "苏组通〔2019〕65号 二.3"
    assert rules.of(round_award_id=round_award.pk, stage=Stage.COUNTY) == [
        shares.Rule("half", "ownership:non_public", None, "min", "share", 1, 2, clause),
        shares.Rule("teams", "ownership:non_public", "team_kind:enterprise", "max", "share", 7, 10, clause),
        shares.Rule("ten", "ownership:non_public", None, "min", "count", 10, 1, clause),
    ]


def test_a_stage_has_its_own_rules_and_those_of_every_stage():
    version = make_rule_version(make_award())
    make_share_rule(version, "always")
    make_share_rule(version, "at_the_end", stages=(Stage.PROVINCE,))
    pk = make_round_award(award=version.award).pk
    assert [rule.code for rule in rules.of(round_award_id=pk, stage=Stage.COUNTY)] == ["always"]
    assert [rule.code for rule in rules.of(round_award_id=pk, stage=Stage.PROVINCE)] == [
        "always",
        "at_the_end",
    ]


def test_a_round_keeps_the_edition_it_is_pinned_to(django_assert_num_queries):
    version = make_rule_version(make_award())
    make_share_rule(version, "old")
    pk = make_round_award(award=version.award).pk
    make_share_rule(make_rule_version(version.award, number=2), "new")
    with django_assert_num_queries(1):
        assert [rule.code for rule in rules.of(round_award_id=pk, stage=Stage.CITY)] == ["old"]


def test_a_rule_comes_with_its_name():
    pk = make_round_award().pk
    assert [label for _rule, label in rules.labelled(round_award_id=pk, stage=Stage.CITY)] == ["非公有制占比"]
