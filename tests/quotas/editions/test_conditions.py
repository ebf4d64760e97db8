"""Conditions of editions: what meets them, and how a draft gets them."""

from dataclasses import replace
from datetime import date

import pytest

from quotas.base.clock import years_after
from quotas.base.errors import InvalidInput, NotPermitted
from quotas.base.states import ConditionKind, FieldType, Level, Role
from quotas.editions.asked import AskedField
from quotas.editions.services import catalogue, comparison, composing, conditions, fields
from quotas.editions.services.conditions import HeldTitle, condition_words
from quotas.editions.services.entries import ConditionEntry
from quotas.ledger.models import LedgerEntry
from tests.builders import make_award, make_body, make_official

DAY = date(2026, 5, 15)
NOT_HELD = ConditionEntry("c", "三年内未获", ConditionKind.NOT_HELD.value, "三.1", awards=["model"], years=3)
HELD = replace(NOT_HELD, kind=ConditionKind.HELD.value)
NUMBER = ConditionEntry(
    "c", "职工", ConditionKind.NUMBER.value, "三.2", field_key="staff", least=25, most=300
)


def title(day, **fields):
    return HeldTitle("model", day, "苏工发〔2024〕1号", **fields)


@pytest.mark.parametrize(
    ("condition", "titles", "met"),
    [
        (NOT_HELD, [], True),
        (NOT_HELD, [title(date(2023, 5, 16))], False),  # the last day of the three years
        (NOT_HELD, [title(date(2023, 5, 15))], True),
        (NOT_HELD, [title(date(2024, 1, 1), own=False)], True),  # the unit's is not the nominee's
        (NOT_HELD, [HeldTitle("other", date(2026, 1, 1), "1号")], True),
        (NOT_HELD, [title(date(2024, 1, 1), until=date(2025, 1, 1))], False),  # run out, and yet named
        (replace(NOT_HELD, years=None), [title(date(1996, 5, 1))], False),
        (HELD, [], False),
        (HELD, [title(date(2023, 5, 16))], True),
        (HELD, [title(date(2023, 5, 15))], False),
        (HELD, [title(date(2024, 1, 1), own=False)], True),
        (HELD, [title(date(2024, 1, 1), until=date(2026, 5, 14))], False),
        (HELD, [title(date(2024, 1, 1), until=date(2026, 5, 15))], True),
        (replace(HELD, years=None), [title(date(1996, 5, 1))], True),
    ],
)
def test_a_title_counts_from_the_day_of_its_decision(condition, titles, met):
    assert (not [*conditions.unmet([condition], titles, {}, DAY)]) == met


def test_who_is_held_off_is_told_by_which_title_and_until_when():
    older, newer = title(date(2023, 12, 1)), title(date(2024, 2, 29))
    (one,) = conditions.unmet([NOT_HELD], [older, newer], {}, DAY)
    assert (one.title, one.free_on) == (newer, date(2027, 3, 1))
    (ever,) = conditions.unmet([replace(NOT_HELD, years=None)], [older], {}, DAY)
    assert ever.free_on is None
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("number", "met"), [(24, False), (25, True), (300, True), (301, False), (None, True)]
)
def test_a_number_lies_within_its_bounds(number, met):
    answers = {} if number is None else {"staff": number}
    assert (not [*conditions.unmet([NUMBER], [], answers, DAY)]) == met


def test_of_a_nominee_who_is_not_known_only_titles_that_are_there_count():
    assert not [*conditions.unmet([HELD], [], {}, DAY, nominee_known=False)]
    assert [*conditions.unmet([NOT_HELD], [title(date(2024, 1, 1))], {}, DAY, nominee_known=False)]


@pytest.fixture
def planner(db):
    return make_official(make_body(level=Level.PROVINCE), Role.STAFF)


@pytest.fixture
def draft(planner):
    make_award("model", name="劳动模范")
    return composing.compose(award_code=make_award("home").code, actor=planner, source="1号")


def put(draft, actor, condition=NOT_HELD, **given):
    draft.refresh_from_db()
    stated = {name: getattr(condition, name) for name in ("label", "kind", "clause", "awards", "years")}
    stated |= {name: getattr(condition, name) for name in ("field_key", "least", "most", "refuses")}
    return composing.put_condition(version_id=draft.pk, version=draft.version, actor=actor, **stated | given)


def test_a_condition_is_written_changed_copied_compared_and_dropped(draft, planner):
    put(draft, planner)
    changed = put(draft, planner, replaces="condition_1", years=5, refuses=False)
    (row,) = changed.conditions.all()
    assert (row.code, row.years, row.refuses) == ("condition_1", 5, False)
    assert condition_words(row) == "不得曾获劳动模范（5 年以内）"
    put(draft, planner, label="从未获得", years=None)
    copy = composing.compose(award_code="home", actor=planner, source="2号", based_on=draft.pk)
    assert [each.years for each in copy.conditions.all()] == [5, None]
    assert comparison.difference(older_id=draft.pk, newer_id=copy.pk).conditions == ()
    composing.drop_condition(version_id=copy.pk, version=copy.version, actor=planner, code="condition_2")
    put(copy, planner, replaces="condition_1", kind=ConditionKind.HELD.value)
    told = comparison.difference(older_id=draft.pk, newer_id=copy.pk).conditions
    assert [
        (change.before and change.before.kind, change.after and change.after.kind) for change in told
    ] == [
        ("not_held", "held"),
        ("not_held", None),
    ]
    copy.refresh_from_db()
    composing.publish(version_id=copy.pk, version=copy.version, actor=planner)
    told = LedgerEntry.objects.filter(act="publish_edition").get().after["conditions"]
    assert [condition["kind"] for condition in told] == ["held"]
    with pytest.raises(Exception, match="edition_published"):
        put(copy, planner)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"awards": []}, ["condition_awards_required"]),
        ({"awards": ["nobody"]}, ["condition_award_unknown"]),
        ({"years": 0}, ["condition_years_out_of_range"]),
        ({"years": 61}, ["condition_years_out_of_range"]),
        ({"label": " ", "clause": ""}, ["condition_label_required", "rule_clause_required"]),
        ({"kind": "surely"}, ["condition_kind_unknown"]),
        ({"kind": "number", "field_key": "staff"}, ["condition_field_unknown", "condition_range_wrong"]),
        ({"kind": "number", "least": 9, "most": 8}, ["condition_field_unknown", "condition_range_wrong"]),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(draft, planner, given, codes):
    with pytest.raises(InvalidInput) as refused:
        put(draft, planner, **given)
    assert [problem.code for problem in refused.value.problems] == codes
    assert not draft.conditions.exists()


def test_a_number_is_asked_of_a_field_of_the_draft_and_published_only_with_it(draft, planner):
    fields.put_field(
        version_id=draft.pk,
        version=draft.version,
        actor=planner,
        label="职工人数",
        type=FieldType.NUMBER.value,
        unit="人",
    )
    key = next(field.key for field in fields.of(draft.pk) if field.label == "职工人数")
    made = put(draft, planner, NUMBER, field_key=key)
    (row,) = made.conditions.all()
    assert condition_words(row) == "职工人数在 25 至 300 之间"
    assert (row.awards, row.years) == ([], None)
    fields.drop_field(version_id=draft.pk, version=made.version, actor=planner, key=key)
    draft.refresh_from_db()
    with pytest.raises(Exception, match="rule_unfit"):
        composing.publish(version_id=draft.pk, version=draft.version, actor=planner)


def test_nobody_else_writes_one(draft):
    with pytest.raises(NotPermitted):
        put(draft, make_official(make_body(), Role.KEEPER))


def test_the_catalogue_states_conditions(tmp_path, planner):
    (home,) = (entry for entry in catalogue.read() if entry.code == "model_home")
    asked = (*home.fields, AskedField("staff", "职工人数", FieldType.NUMBER))
    stated = replace(home, fields=asked, conditions=(replace(NUMBER, most=None),))
    catalogue.load(entries=[stated])
    again = LedgerEntry.objects.count()
    (award,) = catalogue.load(entries=[stated])
    assert LedgerEntry.objects.count() == again
    assert [row.least for row in award.rule_versions.get().conditions.all()] == [25]
