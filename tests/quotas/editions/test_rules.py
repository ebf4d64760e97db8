"""Rules: the pinned edition, the stage, the arithmetic's own words; editions composed, published, never edited."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from quotas.arithmetic import shares
from quotas.base.errors import Conflict, DomainError, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import Basis, Level, NomineeKind, Role, RuleKind, Sense, Stage
from quotas.base.wording import sentence, sentences
from quotas.editions.models import RuleVersion, ShareRule, Target
from quotas.editions.services import comparison, composing, entries, faults, rules
from quotas.editions.wording import rule_words
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.services import parts
from quotas.selection import reach
from quotas.tree.models import User
from tests.builders import (
    make_award,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
)
from tests.quotas.selection.builders import rule

pytestmark = pytest.mark.django_db

HALF: dict[str, Any] = {
    "label": "非公有制企业占比",
    "counted": ["ownership:non_public"],
    "sense": "min",
    "kind": "share",
    "numerator": 1,
    "denominator": 2,
    "kept": "itself",
    "clause": "苏组通〔2019〕65号 二.3",
}
ABOVE = HALF | {"kind": "above", "basis": "awarded"}


@pytest.fixture
def planner() -> User:
    return make_official(make_body(level=Level.PROVINCE), Role.STAFF)


@pytest.fixture
def draft(planner) -> RuleVersion:
    award = make_award("home", nominee_kind=NomineeKind.PERSON)
    return composing.compose(award_code=award.code, actor=planner, source="苏工发〔2026〕3号")


def put(draft: RuleVersion, actor: User, **fields: Any) -> RuleVersion:
    """One more rule, on the draft as it is now."""
    draft.refresh_from_db()
    return composing.put_rule(version_id=draft.pk, version=draft.version, actor=actor, **HALF | fields)


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- the rules of a round ------------------------------------------------------------------------------------


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
    held_to = rules.of(round_award_id=round_award.pk, stage=Stage.COUNTY)
    assert [replace(each, label=f"规则{each.code}") for each in held_to] == [
        rule("half", "ownership:non_public", "min", 1, 2, clause=clause),
        rule("teams", "ownership:non_public", "max", 7, 10, base="team_kind:enterprise", clause=clause),
        rule("ten", "ownership:non_public", "min", 10, 1, kind="count", clause=clause),
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
    assert [rule.label for rule in rules.of(round_award_id=pk, stage=Stage.CITY)] == ["非公有制占比"]


def test_what_is_asked_of_the_awarded_is_asked_where_the_award_is_given():
    version = make_rule_version(make_award(final_stage=Stage.CITY))
    make_share_rule(version, "awarded")
    ShareRule.objects.update(basis=Basis.AWARDED)
    pk = make_round_award(award=version.award).pk
    assert not rules.of(round_award_id=pk, stage=Stage.COUNTY)
    (found,) = rules.of(round_award_id=pk, stage=Stage.CITY)
    assert found.basis == "awarded"


def test_a_rule_above_the_previous_round_takes_its_figures_from_its_own_round(django_assert_num_queries):
    version = make_rule_version(make_award())
    make_share_rule(version, "above", kind=RuleKind.ABOVE, numerator=0, denominator=1)
    unstated, this, other = (make_round_award(make_round(), version.award) for _ in range(3))
    for round_award, count in ((this, 3), (other, 9)):
        type(this).objects.filter(pk=round_award.pk).update(previous_count=count, previous_base=10)
    with django_assert_num_queries(1):
        (found,) = rules.of(round_award_id=this.pk, stage=Stage.COUNTY)
    assert (found.kind, found.numerator, found.denominator) == ("above", 3, 10)
    assert [shares.required(found.figures, base) for base in (10, 20)] == [4, 7]
    # Nothing that could be counted is asked yet; such a round does not open.
    assert not rules.of(round_award_id=unstated.pk, stage=Stage.COUNTY)


# --- composing -----------------------------------------------------------------------------------------------


def test_from_a_draft_to_an_edition_that_nobody_edits(draft, planner):
    assert (draft.number, draft.published_at, draft.composed_by) == (1, None, planner)
    put(draft, planner)
    put(
        draft,
        planner,
        counted=["front_line:yes"],
        kind="count",
        numerator=3,
        label="一线职工",
        stages=["city", "county"],
    )
    changed = put(draft, planner, code="non_public", replaces="rule_1", numerator=2, denominator=5)
    assert [(rule.code, rule.numerator, rule.denominator) for rule in changed.rules.all()] == [
        ("non_public", 2, 5),
        ("rule_2", 3, 1),
    ]
    assert changed.rules.get(code="rule_2").stages == ["county", "city"]
    composing.drop_rule(version_id=draft.pk, version=changed.version, actor=planner, code="rule_2")
    draft.refresh_from_db()
    composing.set_edition(
        version_id=draft.pk,
        version=draft.version,
        actor=planner,
        source=" 苏工发〔2026〕4号 ",
        employer_cap=3,
    )
    draft.refresh_from_db()
    published = composing.publish(version_id=draft.pk, version=draft.version, actor=planner)
    assert (published.source, published.employer_cap) == ("苏工发〔2026〕4号", 3)
    assert published.published_at
    assert list(LedgerEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "compose_edition",
        "put_rule",
        "put_rule",
        "put_rule",
        "drop_rule",
        "set_edition",
        "publish_edition",
    ]
    assert not ledger.check()


def acts_on(version: RuleVersion, actor: User, number: int | None = None) -> list[Callable[[], Any]]:
    """Everything that changes a draft, drawn from this version of it."""
    form = {
        "version_id": version.pk,
        "version": version.version if number is None else number,
        "actor": actor,
    }
    return [
        lambda: composing.put_rule(**form, **HALF),
        lambda: composing.drop_rule(**form, code="rule_1"),
        lambda: composing.put_target(**form, **TARGET),
        lambda: composing.drop_target(**form, code="target_1"),
        lambda: composing.set_edition(**form, source="x", employer_cap=2),
        lambda: composing.publish(**form),
        lambda: composing.discard(**form),
    ]


def untouched(version: RuleVersion, acts: list[Callable[[], Any]], refusal: type[DomainError]) -> set[str]:
    """Each act is refused and leaves everything as it was; the codes."""
    before = list(RuleVersion.objects.values()), list(ShareRule.objects.values()), LedgerEntry.objects.count()
    found = set()
    for act in acts:
        with pytest.raises(refusal) as refused, transaction.atomic():
            act()
        found.add(refused.value.code)
    assert before == (
        list(RuleVersion.objects.values()),
        list(ShareRule.objects.values()),
        LedgerEntry.objects.count(),
    )
    return found


TARGET: dict[str, Any] = {
    "label": "双强六好型党组织",
    "stage": "county",
    "number": 10,
    "due_on": date(2027, 12, 31),
    "clause": "方案 一",
}


def aim(draft: RuleVersion, actor: User, **fields: Any) -> RuleVersion:
    draft.refresh_from_db()
    return composing.put_target(version_id=draft.pk, version=draft.version, actor=actor, **TARGET | fields)


def test_a_target_is_written_changed_copied_compared_and_dropped(draft, planner):
    aim(draft, planner)
    changed = aim(draft, planner, replaces="target_1", number=12)
    assert [(each.code, each.number) for each in changed.targets.all()] == [("target_1", 12)]
    aim(draft, planner, label="另一个", number=3)
    copy = composing.compose(award_code="home", actor=planner, source="2号", based_on=draft.pk)
    assert [each.number for each in copy.targets.all()] == [12, 3]
    assert comparison.difference(older_id=draft.pk, newer_id=copy.pk).targets == ()
    composing.drop_target(version_id=copy.pk, version=copy.version, actor=planner, code="target_2")
    copy.refresh_from_db()
    aim(copy, planner, replaces="target_1", number=15)
    told = comparison.difference(older_id=draft.pk, newer_id=copy.pk).targets
    assert [
        (change.before and change.before.number, change.after and change.after.number) for change in told
    ] == [(12, 15), (3, None)]
    copy.refresh_from_db()
    composing.publish(version_id=copy.pk, version=copy.version, actor=planner)
    published = LedgerEntry.objects.filter(act="publish_edition").get()
    assert published.after["targets"][0]["number"] == 15
    draft.refresh_from_db()
    composing.discard(version_id=draft.pk, version=draft.version, actor=planner)
    assert [each.number for each in Target.objects.all()] == [15]
    assert not ledger.check()


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"label": " "}, "label", "target_label_required"),
        ({"clause": " "}, "clause", "rule_clause_required"),
        ({"number": 0}, "number", "target_number_out_of_range"),
        ({"number": 100_001}, "number", "target_number_out_of_range"),
        ({"due_on": date(1999, 12, 31)}, "due_on", "target_day_required"),
        ({"stage": "unit"}, "stage", "target_stage_unknown"),
        ({"stage": "village"}, "stage", "target_stage_unknown"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_at_its_field(draft, planner, fields, field, code):
    with pytest.raises(InvalidInput) as refused:
        aim(draft, planner, **fields)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert str(sentence(refused.value.reasons[0]))
    assert not Target.objects.exists()


def test_a_published_edition_is_edited_by_nobody(draft, planner):
    put(draft, planner)
    published = composing.publish(version_id=draft.pk, version=2, actor=planner)
    assert untouched(published, acts_on(published, planner), WrongState) == {"edition_published"}


def test_a_stale_form_changes_nothing(draft, planner):
    put(draft, planner)
    assert untouched(draft, acts_on(draft, planner, 1), Conflict) == {"edition_changed"}


@pytest.mark.parametrize("role", [Role.KEEPER, Role.OBSERVER, Role.SECURITY_ADMIN])
def test_only_planners_compose(draft, planner, role):
    put(draft, planner)
    draft.refresh_from_db()
    other = make_official(make_body(level=Level.PROVINCE), role)
    acts = [
        *acts_on(draft, other),
        lambda: composing.compose(award_code="home", actor=other, source="1号"),
    ]
    assert untouched(draft, acts, NotPermitted) == {"act_not_held"}


def test_a_draft_that_is_given_up_leaves_its_number_free(draft, planner):
    put(draft, planner)
    composing.discard(version_id=draft.pk, version=2, actor=planner)
    assert not ShareRule.objects.exists()
    assert untouched(draft, acts_on(draft, planner, 2), Conflict) == {"edition_changed"}
    assert composing.compose(award_code="home", actor=planner, source="1号").number == 1
    assert LedgerEntry.objects.filter(act="discard_edition").get().before["rules"][0]["code"] == "rule_1"


def test_a_draft_begins_with_the_rules_of_another_edition(planner):
    pattern = make_rule_version(make_award())
    make_share_rule(pattern, "a", base="front_line:yes", stages=(Stage.CITY,))
    RuleVersion.objects.update(employer_cap=4)
    draft = composing.compose(
        award_code=make_award("b").code, actor=planner, source="1号", based_on=pattern.pk
    )
    assert [entries.entry_of(rule) for rule in draft.rules.all()] == [
        entries.entry_of(rule) for rule in pattern.rules.all()
    ]
    assert draft.employer_cap == 4


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"award_code": "nothing"}, "award_code", "award_unknown"),
        ({"based_on": 999_999}, "based_on", "edition_unknown"),
        ({"source": "  "}, "source", "edition_source_required"),
    ],
)
def test_a_draft_needs_an_award_and_a_source(draft, planner, change, field, code):
    with pytest.raises(InvalidInput) as refused:
        composing.compose(**{"award_code": "home", "actor": planner, "source": "1号"} | change)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize("cap", [0, -1, 101])
def test_the_cap_is_within_reason(draft, planner, cap):
    with pytest.raises(InvalidInput) as refused:
        composing.set_edition(
            version_id=draft.pk, version=draft.version, actor=planner, source="1号", employer_cap=cap
        )
    assert codes(refused) == ["employer_cap_out_of_range"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"numerator": 3}, "numerator", "rule_share_out_of_range"),
        ({"numerator": -1}, "numerator", "rule_share_out_of_range"),
        ({"denominator": 0}, "denominator", "rule_denominator_out_of_range"),
        ({"denominator": 10_001}, "denominator", "rule_denominator_out_of_range"),
        ({"kind": "count", "numerator": -1}, "numerator", "rule_number_out_of_range"),
        ({"kind": "count", "numerator": 100_001}, "numerator", "rule_number_out_of_range"),
        ({"kind": "count", "basis": "allotted"}, "basis", "rule_number_of_places"),
        ({"kind": "few"}, "kind", "rule_kind_unknown"),
        ({"sense": "about"}, "sense", "rule_kind_unknown"),
        ({"basis": "hoped"}, "basis", "rule_kind_unknown"),
        ({"kind": "above", "sense": "max"}, "sense", "rule_above_is_minimum"),
        ({"counted": ["wealth:rich"]}, "counted", "rule_label_unknown"),
        ({"counted": []}, "counted", "rule_counts_nobody"),
        # Teams have it, the nominees of this award do not: no list could ever be legal.
        ({"counted": ["team:shift"]}, "counted", "rule_label_unknown"),
        ({"base": ["nominee:unit"]}, "base", "rule_label_unknown"),
        ({"base": ["wealth:rich"]}, "base", "rule_label_unknown"),
        ({"base": ["ownership:public"]}, "base", "rule_counts_none"),
        ({"base": ["ownership:non_public"]}, "base", "rule_counts_all"),
        ({"base": ["ownership:non_public"], "kind": "above"}, "base", "rule_counts_all"),
        ({"base_not": ["ownership:non_public"]}, "base", "rule_counts_none"),
        ({"base_not": ["ownership:public"]}, "base", "rule_counts_all"),
        ({"counted": ["ownership:public", "ownership:non_public"]}, "counted", "rule_counts_all"),
        ({"counted": [], "counted_not": ["gender:female", "gender:male"]}, "counted", "rule_counts_none"),
        ({"counted_not": ["ownership:non_public"]}, "counted_not", "rule_label_in_both"),
        ({"counted_not": ["team:shift"]}, "counted_not", "rule_label_unknown"),
        ({"base": ["gender:male"], "base_not": ["gender:male"]}, "base_not", "rule_label_in_both"),
        ({"base_not": ["wealth:rich"]}, "base_not", "rule_label_unknown"),
        ({"each": "wealth"}, "each", "rule_each_unknown"),
        ({"each": "team"}, "each", "rule_each_unknown"),
        ({"each": "occupation", "kind": "above"}, "each", "rule_each_not_above"),
        # Of each kind of ownership that is non-public: all of them.
        ({"each": "ownership", "base": ["ownership:non_public"]}, "base", "rule_counts_all"),
        ({"each": "ownership", "base": ["ownership:public"]}, "base", "rule_counts_none"),
        ({"basis": "allotted", "base": ["front_line:yes"]}, "base", "rule_allotted_has_no_base"),
        ({"stages": ["unit"]}, "stages", "rule_stage_without_list"),
        ({"basis": "awarded", "stages": ["city"]}, "stages", "rule_awarded_elsewhere"),
        ({"clause": " "}, "clause", "rule_clause_required"),
        ({"label": " "}, "label", "rule_label_required"),
        ({"code": "rule_1"}, "code", "rule_code_twice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(draft, planner, change, field, code):
    put(draft, planner)
    with pytest.raises(InvalidInput) as refused:
        put(draft, planner, **change)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]
    assert all(str(line) for line in sentences(refused.value))
    assert ShareRule.objects.count() == 1


def test_a_stage_above_the_award_has_no_list(planner):
    county = composing.compose(
        award_code=make_award(final_stage=Stage.COUNTY).code, actor=planner, source="1号"
    )
    with pytest.raises(InvalidInput) as refused:
        put(county, planner, stages=["city"])
    assert codes(refused) == ["rule_stage_without_list"]


# --- publishing ----------------------------------------------------------------------------------------------


def published(draft: RuleVersion, planner: User) -> RuleVersion:
    draft.refresh_from_db()
    return composing.publish(version_id=draft.pk, version=draft.version, actor=planner)


@pytest.mark.parametrize(
    ("others", "conflict"),
    [
        # Three fifths of one kind and three fifths of the other, on every list.
        ([{"counted": ["ownership:public"], "label": "公有制"}], {"非公", "公有制"}),
        # Only the non-public, and at most nine tenths of them.
        ([{"sense": "max", "label": "封顶", "denominator": 10}], {"非公", "封顶"}),
        # A number and a smaller one; what else there is keeps out of it.
        (
            [
                {"kind": "count", "numerator": 4, "label": "至少 4"},
                {"kind": "count", "numerator": 3, "sense": "max", "label": "至多 3"},
                {"counted": ["gender:female"], "label": "女"},
            ],
            {"至少 4", "至多 3"},
        ),
    ],
)
def test_rules_that_no_list_keeps_together_are_not_published(draft, planner, others, conflict):
    put(draft, planner, numerator=3, denominator=5, label="非公")
    for other in others:
        put(draft, planner, **{"numerator": 3, "denominator": 5} | other)
    draft.refresh_from_db()
    assert "rules_contradict" in [warning.code for warning in faults.warnings(draft)]
    with pytest.raises(RuleViolation) as refused:
        published(draft, planner)
    (reason,) = refused.value.reasons
    assert (reason.code, set(reason.params["labels"])) == ("rules_contradict", conflict)
    assert all(label in str(sentence(reason)) for label in conflict)
    draft.refresh_from_db()
    assert draft.published_at is None


def test_an_advisory_rule_stands_in_nobodys_way(draft, planner):
    """It contradicts nothing, since a list may break it, and no part of it is handed down."""
    put(draft, planner, numerator=3, denominator=5)
    put(draft, planner, numerator=3, denominator=5, counted=["ownership:public"], advisory=True)
    draft.refresh_from_db()
    assert faults.warnings(draft) == []
    assert [rule.advisory for rule in published(draft, planner).rules.all()] == [False, True]
    round_award = make_round_award(award=draft.award)
    assert [each.counted.only for each in parts.of_award(round_award)] == ["ownership:non_public"]


def test_rules_that_are_not_decided_in_time_are_published_with_a_warning(draft, planner, monkeypatch):
    monkeypatch.setattr("quotas.editions.services.faults.EFFORT", 0)
    reach.contradiction.cache_clear()
    for label, sense in (("至少", "min"), ("至多", "max")):
        put(draft, planner, numerator=3, denominator=7, label=label, sense=sense)
    draft.refresh_from_db()
    (warning,) = faults.warnings(draft)
    assert warning.code == "rules_undecided"
    assert "在限定时间内未能算出" in str(sentence(warning))
    assert published(draft, planner).published_at


def test_rules_that_only_want_more_places_are_published_with_a_warning(draft, planner):
    put(draft, planner, kind="count", numerator=12, label="至少 12")
    make_round_award(award=draft.award, places=10)
    draft.refresh_from_db()
    (warning,) = faults.warnings(draft)
    assert (warning.code, warning.params["places"]) == ("rules_need_places", 10)
    assert "名额增加 2 个" in str(sentence(warning))
    assert published(draft, planner).published_at


def test_rules_of_different_stages_do_not_contradict(draft, planner):
    put(draft, planner, kind="count", numerator=4, stages=["county"])
    put(draft, planner, kind="count", numerator=3, sense="max", stages=["city", "province"])
    assert published(draft, planner).published_at


def test_a_list_is_held_to_one_rule_above_its_previous_round(draft, planner):
    put(draft, planner, **ABOVE, code="a")
    put(draft, planner, **ABOVE | {"counted": ["front_line:yes"]}, code="b")
    with pytest.raises(RuleViolation) as refused:
        published(draft, planner)
    assert codes(refused) == ["above_once"]
    draft.refresh_from_db()
    composing.drop_rule(version_id=draft.pk, version=draft.version, actor=planner, code="b")
    assert published(draft, planner).rules.get().numerator == 0


def test_what_was_copied_from_another_award_is_looked_at_again(planner):
    pattern = make_rule_version(make_award())
    make_share_rule(pattern, "a", stages=(Stage.PROVINCE,))
    draft = composing.compose(
        award_code=make_award(final_stage=Stage.COUNTY).code, actor=planner, source="1号", based_on=pattern.pk
    )
    with pytest.raises(RuleViolation) as refused:
        published(draft, planner)
    assert codes(refused) == ["rule_unfit"]
    assert "县级" in str(sentence(refused.value.reasons[0]))


def test_an_edition_without_rules_is_one_too(draft, planner):
    assert published(draft, planner).published_at


# --- side by side --------------------------------------------------------------------------------------------


def test_a_rule_for_each_value_is_one_for_every_value_of_the_vocabulary(draft, planner):
    put(
        draft,
        planner,
        counted=["front_line:yes"],
        counted_not=["occupation:official"],
        each="occupation",
        kind="count",
        numerator=1,
        label="各类",
    )
    draft.refresh_from_db()
    held = rules.in_force(draft.rules.all(), stage=Stage.COUNTY, award=draft.award, previous=None)
    assert [(each.code, each.label) for each in held] == [
        (f"rule_1.{value}", f"各类（{word}）")
        for value, word in (
            ("industrial_worker", "产业工人"),
            ("science_education", "科教人员"),
            ("enterprise_head", "企业负责人"),
            ("other", "其他人员"),
        )
    ]
    assert {rules.row_code(each.code) for each in held} == {"rule_1"}
    put(draft, planner, counted=[], each="ownership", numerator=2, denominator=3, label="各占三分之二")
    draft.refresh_from_db()
    (warning,) = faults.warnings(draft)
    assert (warning.code, warning.params["labels"]) == (
        "rules_contradict",
        ["各占三分之二（非公有制）", "各占三分之二（公有制）"],
    )


def test_two_editions_are_told_apart_rule_by_rule(draft, planner):
    put(draft, planner, code="stays")
    put(draft, planner, code="goes", counted=["gender:female"])
    put(draft, planner, code="changes", counted=["front_line:yes"])
    second = composing.compose(award_code="home", actor=planner, source="2号", based_on=draft.pk)
    composing.drop_rule(version_id=second.pk, version=1, actor=planner, code="goes")
    put(
        second,
        planner,
        code="changes",
        replaces="changes",
        counted=["front_line:yes"],
        numerator=3,
        denominator=5,
        clause="二.9",
    )
    put(second, planner, code="comes", counted=["migrant:yes"])
    found = comparison.difference(older_id=draft.pk, newer_id=second.pk)
    assert [(change.name, change.before, change.after) for change in found.edition] == [
        ("source", "苏工发〔2026〕3号", "2号")
    ]
    assert [
        (change.code, change.before is None, change.after is None, [each.name for each in change.changes])
        for change in found.rules
    ] == [
        ("changes", False, False, ["clause", "numerator", "denominator"]),
        ("comes", True, False, []),
        ("goes", False, True, []),
    ]
    assert not comparison.difference(older_id=draft.pk, newer_id=draft.pk).rules


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "非公有制 不低于 1/2（以全部名单为基数）"),
        ({"numerator": 2}, "非公有制 应占全部（以全部名单为基数）"),
        ({"base": ["occupation:official"]}, "非公有制 不低于 1/2（以机关事业单位干部为基数）"),
        ({"basis": Basis.ALLOTTED}, "非公有制 不低于 1/2（以分配名额为基数）"),
        ({"basis": Basis.AWARDED, "sense": Sense.MAX}, "非公有制 不超过 1/2（以实际表彰名单为基数）"),
        (
            {"kind": RuleKind.ABOVE, "stages": ["province"]},
            "非公有制 高于上一周期的占比（以全部名单为基数，仅省级）",
        ),
        ({"kind": RuleKind.COUNT, "numerator": 3}, "非公有制 不低于 3 个"),
        (
            {"counted": ["front_line:yes"], "counted_not": ["occupation:industrial_worker"]},
            "一线职工（不含产业工人） 不低于 1/2（以全部名单为基数）",
        ),
        ({"advisory": True}, "非公有制 不低于 1/2（以全部名单为基数，不符合时可以报批）"),
        ({"each": "occupation"}, "每个人员身份的非公有制 不低于 1/2（以全部名单为基数）"),
        (
            {"each": "occupation", "counted": [], "kind": "count", "numerator": 1},
            "每个人员身份 不低于 1 个",
        ),
        (
            {
                "counted": ["occupation:official", "occupation:enterprise_head", "gender:female"],
                "base": [],
                "base_not": ["division:yes"],
            },
            "女且企业负责人或机关事业单位干部 不低于 1/2（以县处级以下为基数）",
        ),
        (
            {"counted": [], "counted_not": ["occupation:official"]},
            "机关事业单位干部以外 不低于 1/2（以全部名单为基数）",
        ),
    ],
)
def test_a_rule_reads_as_it_is_meant(draft, planner, change, words):
    rule = put(draft, planner, **change).rules.get()
    assert rule_words(rule) == words
