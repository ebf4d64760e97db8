"""The fields of a draft: added, changed, moved, taken out, and what stands in the way."""

import pytest
from django.db import IntegrityError, transaction

from quotas.base.errors import InvalidInput, NotPermitted, WrongState
from quotas.base.states import FieldType, Level, NomineeKind, Role
from quotas.base.wording import sentence
from quotas.editions.label_words import facet_word, label_word, labels_word
from quotas.editions.models import EditionField
from quotas.editions.refusals import EditionChanged
from quotas.editions.services import comparison, composing, fields
from quotas.ledger.models import LedgerEntry
from tests.builders import make_award, make_body, make_official, make_round, make_round_award, make_user

pytestmark = pytest.mark.django_db

INDUSTRY = {"label": "行业", "type": "choice", "options": ["制造业", "物流业"], "countable": True}
YEARS = {"label": "从业年限", "type": "number", "unit": "年", "least": 1, "most": 60}


AWARDS = {
    "label": "获奖情况",
    "type": "table",
    "most": 5,
    "columns": [
        {"label": "荣誉名称", "required": True},
        {"label": "级别", "type": "choice", "options": ["国家级", "省级"]},
        {"label": "次数", "type": "number", "unit": "次", "least": 1, "most": 9},
    ],
}
CONTACT = {"label": "联系人", "type": "person", "parts": ["phone"]}


@pytest.fixture
def planner():
    return make_official(make_body(level=Level.PROVINCE), Role.STAFF)


@pytest.fixture
def draft(planner):
    award = make_award("medal", nominee_kind=NomineeKind.PERSON)
    return composing.compose(award_code=award.code, actor=planner, source="1号")


def put(draft, planner, *, replaces="", **given):
    draft.refresh_from_db()
    return fields.put_field(
        version_id=draft.pk, version=draft.version, actor=planner, replaces=replaces, **given
    )


def key_of(draft, label):
    return draft.fields.get(label=label).key


def refused(act, **more):
    with pytest.raises(InvalidInput) as refusal:
        act(**more)
    for each in refusal.value.problems:
        assert str(sentence(each))
    return [(each.field, each.code) for each in refusal.value.problems]


def test_a_draft_begins_with_what_is_usual(draft):
    assert [field.key for field in fields.of(draft.pk)] == [
        "gender",
        "occupation",
        "division",
        "front_line",
        "migrant",
        "union_funds_paid",
    ]


def test_a_countable_field_is_what_rules_can_count(draft, planner):
    put(draft, planner, **INDUSTRY)
    key = key_of(draft, "行业")
    assert (facet_word(key), label_word(f"{key}:2")) == ("行业", "物流业")
    assert labels_word([f"{key}:2"], carried=False) == "制造业"
    draft.refresh_from_db()
    made = composing.put_rule(
        version_id=draft.pk,
        version=draft.version,
        kept="itself",
        actor=planner,
        label="制造业",
        clause="一",
        counted=[f"{key}:1"],
        numerator=1,
        denominator=2,
    )
    assert made.rules.get().counted == [{"any": [f"{key}:1"]}]
    # And what it is not asked, it cannot count.
    assert ("counted", "rule_label_unknown") in refused(
        composing.put_rule,
        version_id=draft.pk,
        version=made.version,
        actor=planner,
        label="x",
        clause="一",
        counted=["team:shift"],
        numerator=1,
        denominator=2,
    )


def test_options_keep_their_keys_whatever_their_order(draft, planner):
    put(draft, planner, **INDUSTRY)
    key = key_of(draft, "行业")
    put(draft, planner, replaces=key, **INDUSTRY | {"options": ["农业", "物流业", "制造业"]})
    assert {each["label"]: each["key"] for each in draft.fields.get(key=key).options} == {
        "制造业": "1",
        "物流业": "2",
        "农业": "3",
    }


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"label": " "}, ("label", "field_label_required")),
        ({"label": "性 别"}, ("label", "field_label_twice")),
        ({"options": ["一"]}, ("options", "field_options_required")),
        ({"options": ["一", "二", "一 "]}, ("options", "field_option_twice")),
        ({"options": ["一", "字" * 41]}, ("options", "field_option_too_long")),
        ({"type": "choices"}, ("countable", "field_not_countable")),
        ({"type": "x"}, ("type", "field_type_unknown")),
        ({"public": True, "personal": True}, ("public", "field_personal_not_public")),
        ({"type": "number", "countable": False, "least": 5, "most": 4}, ("most", "field_range_wrong")),
        ({"type": "text", "countable": False, "most": 0}, ("most", "field_range_wrong")),
        ({"asked_of": ["team:shift"]}, ("asked_of", "rule_label_unknown")),
    ],
)
def test_what_makes_no_sense_is_told_at_its_part(draft, planner, given, problem):
    assert problem in refused(put, draft=draft, planner=planner, **INDUSTRY | given)
    assert draft.fields.count() == 6


def test_columns_of_a_table_get_keys_and_keep_them_by_name_and_type(draft, planner):
    put(draft, planner, **AWARDS)
    name, level, times = AWARDS["columns"]
    key = key_of(draft, "获奖情况")
    (asked,) = [field for field in fields.of(draft.pk) if field.key == key]
    assert [(each.key, each.label, each.type, each.required) for each in asked.columns] == [
        ("1", "荣誉名称", "text", True),
        ("2", "级别", "choice", False),
        ("3", "次数", "number", False),
    ]
    assert asked.columns[1].choices == {"1": "国家级", "2": "省级"}
    changed = [times | {"type": "text", "most": 10}, level | {"options": ["省级", "市级"]}, name]
    put(draft, planner, replaces=key, **AWARDS | {"columns": changed})
    (asked,) = [field for field in fields.of(draft.pk) if field.key == key]
    assert [(each.key, each.label) for each in asked.columns] == [
        ("4", "次数"),
        ("2", "级别"),
        ("1", "荣誉名称"),
    ]
    assert asked.columns[1].choices == {"2": "省级", "3": "市级"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"columns": []}, ("columns", "field_columns_required")),
        ({"columns": [{"label": f"栏{n}"} for n in range(9)]}, ("columns", "field_columns_required")),
        ({"columns": [{"label": " "}]}, ("columns", "field_column_unfit")),
        ({"columns": [{"label": "字" * 21}]}, ("columns", "field_column_unfit")),
        ({"columns": [{"label": "一"}, {"label": "一 "}]}, ("columns", "field_column_unfit")),
        ({"columns": [{"label": "一", "type": "table"}]}, ("columns", "field_column_unfit")),
        ({"columns": [{"label": "一", "type": "file"}]}, ("columns", "field_column_unfit")),
        ({"columns": [{"label": "一", "most": 201}]}, ("columns", "field_column_unfit")),
        (
            {"columns": [{"label": "一", "type": "choice", "options": ["一"]}]},
            ("columns", "field_column_unfit"),
        ),
        (
            {"columns": [{"label": "一", "type": "number", "least": 5, "most": 4}]},
            ("columns", "field_column_unfit"),
        ),
        ({"most": 0}, ("most", "field_lines_wrong")),
        ({"most": 31}, ("most", "field_lines_wrong")),
        ({"countable": True}, ("countable", "field_not_countable")),
    ],
)
def test_what_makes_a_table_senseless_is_told(draft, planner, given, problem):
    assert problem in refused(put, draft=draft, planner=planner, **AWARDS | given)
    assert draft.fields.count() == 6


def test_the_tables_of_an_edition_have_so_many_cells_and_no_more(draft, planner):
    wide = AWARDS | {"columns": [{"label": f"栏{n}"} for n in range(8)], "most": 30}
    put(draft, planner, **wide)
    put(draft, planner, **wide | {"label": "又一张"})
    assert refused(put, draft=draft, planner=planner, **wide | {"label": "第三张"}) == [
        ("most", "field_cells_too_many")
    ]
    put(draft, planner, **wide | {"label": "第三张", "most": 15})


def test_a_person_is_personal_whatever_is_said(draft, planner):
    put(draft, planner, **CONTACT, personal=False)
    (asked,) = [field for field in fields.of(draft.pk) if field.label == "联系人"]
    assert ([each.key for each in asked.columns], asked.lines, asked.personal) == (["name", "phone"], 1, True)
    again = CONTACT | {"label": "推荐人"}
    assert refused(put, draft=draft, planner=planner, **again, public=True) == [
        ("public", "field_personal_not_public")
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.fields.filter(label="联系人").update(personal=False)


def test_a_file_is_read_with_the_evidence_and_stands_nowhere_else(draft, planner):
    put(draft, planner, label="缴费证明", type="file", required=True, listed=True, public=True, personal=True)
    (asked,) = [field for field in fields.of(draft.pk) if field.label == "缴费证明"]
    assert (asked.required, asked.listed, asked.public, asked.personal) == (True, False, False, False)
    counted = {"label": "证明", "type": "file", "countable": True}
    assert refused(put, draft=draft, planner=planner, **counted) == [("countable", "field_not_countable")]


def test_nobody_is_asked_by_what_he_answers_there(draft, planner):
    put(draft, planner, **INDUSTRY)
    key = key_of(draft, "行业")
    found = refused(put, draft=draft, planner=planner, replaces=key, **INDUSTRY, asked_of=[f"{key}:1"])
    assert found == [("asked_of", "field_asked_of_itself")]


def test_what_a_rule_or_a_field_counts_stays(draft, planner):
    put(draft, planner, **INDUSTRY)
    key = key_of(draft, "行业")
    put(draft, planner, **YEARS, asked_of=[f"{key}:2"])
    draft.refresh_from_db()
    composing.put_rule(
        version_id=draft.pk,
        version=draft.version,
        kept="itself",
        actor=planner,
        label="制造业占比",
        clause="一",
        counted=[f"{key}:1"],
        numerator=1,
        denominator=2,
    )
    draft.refresh_from_db()
    counted = {"draft": draft, "planner": planner, "replaces": key}
    assert refused(put, **counted, **INDUSTRY | {"options": ["物流业", "农业"]}) == [
        ("options", "field_counted")
    ]
    assert refused(put, **counted, **INDUSTRY | {"countable": False}) == [("countable", "field_counted")]
    assert refused(put, **counted, **INDUSTRY | {"type": "text", "countable": False}) == [
        ("countable", "field_counted")
    ]
    with pytest.raises(InvalidInput) as refusal:
        fields.drop_field(version_id=draft.pk, version=draft.version, actor=planner, key=key)
    assert refusal.value.problems[0].users == ["制造业占比", "从业年限"]
    # More options take nothing away.
    put(draft, planner, replaces=key, **INDUSTRY | {"options": ["制造业", "物流业", "农业"]})


def test_a_field_that_another_edition_has_means_the_same_there(draft, planner):
    standard = {"type": "choice", "options": ["女", "男"], "countable": True, "public": True}
    of_gender = {"draft": draft, "planner": planner, "replaces": "gender"}
    assert refused(put, **of_gender, **standard, label="男女") == [("label", "field_key_taken")]
    assert refused(put, **of_gender, label="性别", type="text") == [("label", "field_key_taken")]
    put(draft, planner, replaces="division", label="县处级及以上", type="yes_no", countable=True, listed=True)
    assert [option["label"] for option in draft.fields.get(key="division").options] == ["县处级以下"]
    # Whether it must be answered is each edition's own.
    put(**of_gender, **standard, label="性别", required=False)
    assert not draft.fields.get(key="gender").required


def test_a_standard_field_is_taken_once(draft, planner):
    made = fields.take_standard(version_id=draft.pk, version=1, actor=planner, key="skill")
    assert fields.of(draft.pk)[-1].key == "skill"
    taken = {"version_id": draft.pk, "version": made.version, "actor": planner}
    assert refused(fields.take_standard, **taken, key="skill") == [("key", "standard_field_there")]
    assert refused(fields.take_standard, **taken, key="nothing") == [("key", "field_type_unknown")]


def test_fields_are_moved_and_stay_at_the_ends(draft, planner):
    move = {"version_id": draft.pk, "actor": planner}
    made = fields.move_field(**move, version=1, key="occupation", by=-1)
    assert [field.key for field in fields.of(draft.pk)][:2] == ["occupation", "gender"]
    assert fields.move_field(**move, version=made.version, key="occupation", by=-1).version == made.version


def test_only_planners_compose_drafts_that_are_drafts(draft, planner):
    with pytest.raises(NotPermitted):
        put(draft, make_user(), **INDUSTRY)
    with pytest.raises(EditionChanged):
        fields.put_field(version_id=draft.pk, version=9, actor=planner, **INDUSTRY)
    with pytest.raises(EditionChanged):
        fields.drop_field(version_id=draft.pk, version=1, actor=planner, key="gone")
    composing.publish(version_id=draft.pk, version=1, actor=planner)
    draft.refresh_from_db()
    with pytest.raises(WrongState):
        put(draft, planner, **INDUSTRY)
    assert not LedgerEntry.objects.filter(act="put_field").exists()


def test_an_edition_is_based_on_another_with_its_fields(draft, planner):
    put(draft, planner, **INDUSTRY)
    again = composing.compose(award_code="medal", actor=planner, source="2号", based_on=draft.pk)
    assert fields.of(again.pk) == fields.of(draft.pk)
    put(again, planner, **YEARS)
    key = key_of(again, "从业年限")
    assert key != key_of(draft, "行业")
    (change,) = comparison.difference(older_id=draft.pk, newer_id=again.pk).fields
    assert (change.before, change.after.key) == (None, key)
    # For nominees of another kind its fields make no sense.
    make_award("home", nominee_kind=NomineeKind.UNIT)
    other = composing.compose(award_code="home", actor=planner, source="3号", based_on=draft.pk)
    assert [field.key for field in fields.of(other.pk)] == ["union_funds_paid"]


def test_the_fields_of_an_edition_in_use_are_asked_once(django_assert_num_queries):
    award = make_round_award(make_round(), make_award(nominee_kind=NomineeKind.PERSON))
    with django_assert_num_queries(1):
        assert fields.of(award.rule_version_id) == fields.of(award.rule_version_id)
    planned = make_round_award(make_round(state="planned"), make_award(nominee_kind=NomineeKind.PERSON))
    with django_assert_num_queries(2):
        # It can still be pinned to another edition, and this one be put right.
        assert fields.of(planned.rule_version_id) == fields.of(planned.rule_version_id)


def test_so_many_fields_and_no_more(draft, planner):
    taken = EditionField.objects.filter(version=draft).count()
    EditionField.objects.bulk_create(
        EditionField(version=draft, order=100 + n, key=f"k{n}", label=f"栏{n}", type=FieldType.TEXT)
        for n in range(fields.MOST_FIELDS - taken)
    )
    assert refused(put, draft=draft, planner=planner, **INDUSTRY) == [("label", "fields_too_many")]


def test_what_is_offered_is_in_the_order_of_people_and_asks_nothing(
    draft, planner, django_assert_num_queries
):
    put(draft, planner, **INDUSTRY)
    asked = fields.of(draft.pk)
    with django_assert_num_queries(0):
        offers = {offer.facet: offer for offer in fields.offered(NomineeKind.PERSON, asked)}
    assert [word for _one, word in offers["size"].labels] == ["大型", "中型", "小型", "微型"]
    # All entries of a list are of one kind of nominee, and what is not countable tells nobody apart.
    assert not {"nominee", "union_funds_paid"} & {*offers}
    key = key_of(draft, "行业")
    assert (offers[key].word, offers[key].labels) == (
        "行业",
        [(f"{key}:1", "制造业"), (f"{key}:2", "物流业")],
    )
    known = {one for facet in fields.domain_of(draft.pk, NomineeKind.PERSON) for one in facet.labels}
    assert {one for offer in offers.values() for one, _word in offer.labels} <= known
