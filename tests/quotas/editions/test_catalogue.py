"""The catalogue: what the documents say, loaded once, changed by a new edition only."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command

from appraisal.records.facets import offered
from quotas.base.errors import InvalidInput, RuleViolation
from quotas.base.states import Level, NomineeKind, Role, Stage
from quotas.calendar.models import CalendarDay
from quotas.editions.models import Award, RuleVersion, ShareRule, Target
from quotas.editions.services import catalogue, composing, fields, rules
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.selection.labels import bearing, chosen, predicate_of, told
from quotas.tree.models import Body, Post
from tests.builders import make_body, make_official, make_round, make_round_award

pytestmark = pytest.mark.django_db

# 苏组通〔2019〕65号 二.3, 二.6 and the two plans of the counties; None: set by the round.
SHARES = {
    "model_home": ("unit", "province", (1, 2)),
    "union_worker": ("person", "province", (1, 2)),
    "pioneer_team": ("team", "province", (2, 5)),
    "model_worker": ("person", "province", (2, 5)),
    "may_first_medal": ("person", "province", (2, 5)),
    "may_first_certificate": ("unit", "province", None),
    "demonstration_unit": ("unit", "province", (1, 1)),
    "advanced_party_org": ("party_org", "province", None),
    "excellent_party_member": ("person", "province", None),
    "excellent_party_worker": ("person", "province", None),
    "double_strong_county": ("party_org", "county", (1, 1)),
    "double_strong_city": ("party_org", "city", (1, 1)),
    "five_good": ("party_org", "county", (1, 1)),
    "party_building_supporter": ("person", "county", None),
    "district_party_worker": ("person", "county", None),
    "district_party_member": ("person", "county", None),
}


def entry(code: str) -> catalogue.AwardEntry:
    return next(entry for entry in catalogue.read() if entry.code == code)


def stored() -> list[tuple]:
    return list(
        ShareRule.objects.order_by("pk").values_list("version__award__code", "version__number", "code")
    )


def test_the_catalogue_says_what_the_documents_say():
    catalogue.load()
    found = {
        award.code: (award.nominee_kind, award.final_stage, shares_of(award)) for award in Award.objects.all()
    }
    assert found == SHARES


def shares_of(award: Award) -> tuple[int, int] | None:
    """The share of the non-public in all entries, the same on every stage."""
    version = award.rule_versions.get()
    share = version.rules.filter(kind="share").first()
    if share is None:
        return None
    assert (predicate_of(share.counted), share.base) == (bearing("ownership:non_public"), [])
    assert (share.sense, share.stages) == ("min", [])
    return share.numerator, share.denominator


def test_every_rule_and_every_award_names_its_clause():
    for award in catalogue.read():
        assert award.clause
        assert award.edition.source
        assert all(rule.clause for rule in award.rules)
        assert award.rules or award.edition.note, "what the rules leave open is said to the planner"


def test_double_strong_aims_at_a_number_of_every_county_and_asks_it_of_no_list():
    """到 2023 年底，区级 10 个以上、市级 3 个以上: of a county, whatever level gives the title."""
    catalogue.load()
    for code, number in (("double_strong_county", 10), ("double_strong_city", 3)):
        round_award = make_round_award(award=Award.objects.get(code=code), round_=make_round())
        (target,) = round_award.rule_version.targets.all()
        assert (target.stage, target.number, target.due_on) == ("county", number, date(2023, 12, 31))
        assert target.clause == "“四大工程”方案 一"
        for stage in Stage:
            assert {rule.kind for rule in rules.of(round_award_id=round_award.pk, stage=stage)} <= {"share"}
    assert Target.objects.count() == 2


def test_the_three_awards_of_the_campaign_are_joint():
    catalogue.load()
    joint = set(Award.objects.filter(joint=True).values_list("code", flat=True))
    assert {"demonstration_unit", "model_home", "pioneer_team"} <= joint
    assert not joint & {"union_worker", "model_worker", "may_first_medal", "may_first_certificate"}


def test_loading_again_changes_nothing_and_records_nothing():
    catalogue.load()
    before = stored(), list(RuleVersion.objects.values()), LedgerEntry.objects.count()
    catalogue.load()
    assert (stored(), list(RuleVersion.objects.values()), LedgerEntry.objects.count()) == before
    assert LedgerEntry.objects.count() == Award.objects.count()
    assert not ledger.check()


def test_a_new_edition_stands_beside_the_one_in_use():
    home = entry("model_home")
    catalogue.load(entries=[home])
    round_award = make_round_award(award=Award.objects.get())
    higher = replace(home.rules[0], numerator=3, denominator=5)
    catalogue.load(entries=[replace(home, edition=replace(home.edition, number=2), rules=(higher,))])
    assert [rule.numerator for rule in rules.of(round_award_id=round_award.pk, stage=Stage.CITY)] == [1]
    assert set(RuleVersion.objects.values_list("number", flat=True)) == {1, 2}


def test_an_edition_in_use_is_never_edited():
    home = entry("model_home")
    catalogue.load(entries=[home])
    make_round_award(award=Award.objects.get())
    with pytest.raises(RuleViolation) as refused:
        catalogue.load(entries=[replace(home, rules=(replace(home.rules[0], numerator=0),))])
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params["award"], reason.params["version"]) == (
        "rules_in_use",
        "模范职工之家",
        1,
    )
    assert ShareRule.objects.get().numerator == 1


def test_an_edition_that_nobody_uses_is_corrected():
    home = entry("model_home")
    catalogue.load(entries=[home])
    catalogue.load(entries=[replace(home, name="模范职工之家（省级）", rules=())])
    assert not ShareRule.objects.exists()
    assert Award.objects.get().name == "模范职工之家（省级）"
    assert LedgerEntry.objects.count() == 2


A_RULE = """
[[rules]]
code = "r"
label = "r"
counted = {counted}
sense = "min"
kind = "share"
numerator = {numerator}
denominator = 2
stages = ["{stage}"]
clause = "{clause}"
"""


A_TARGET = """
[[targets]]
code = "t"
label = "t"
stage = "{stage}"
number = {number}
due_on = {due_on}
clause = "{clause}"
"""


A_TABLE = """
[[asked]]
key = "awards_held"
label = "获奖情况"
type = "table"
most = {most}
columns = [
    {{ key = "1", label = "名称", type = "text", required = true }},
    {{ key = "2", label = "级别", type = "{type}", options = [{{ key = "1", label = "国家级" }}, {{ key = "2", label = "省级" }}] }},
]
"""


def a_table(most=10, type_="choice") -> str:
    return "{good}" + A_TABLE.format(most=most, type=type_)


A_PERSON = """
[[asked]]
key = "contact"
label = "联系人"
type = "person"
personal = true
columns = [
    {columns},
]
"""
NAME = '{ key = "name", label = "姓名", type = "text", most = 30, required = true }'
PHONE = '{ key = "phone", label = "联系电话", type = "text", most = 30, required = true }'


def a_person(*columns) -> str:
    return "{good}" + A_PERSON.replace("{columns}", ",\n    ".join(columns))


def a_target(stage="county", number=3, due_on="2027-12-31", clause="c") -> str:
    return "{good}" + A_TARGET.format(stage=stage, number=number, due_on=due_on, clause=clause)


def a_rule(counted='["ownership:non_public"]', numerator=1, stage="county", clause="c") -> str:
    return "{good}" + A_RULE.format(counted=counted, numerator=numerator, stage=stage, clause=clause)


@pytest.mark.parametrize(
    "wrong",
    [
        "code = ",
        'code = "a"',
        "unknown = 1\n{good}",
        a_rule(numerator=3),
        a_rule(stage="village"),
        a_rule(stage="unit"),
        a_rule('["wealth:non_public"]'),
        a_rule("[]"),
        a_rule('["ownership:non_public"]\ncounted_not = ["ownership:non_public"]'),
        a_rule('["ownership:non_public"]\nfacet = "ownership"'),
        a_rule(clause=""),
        a_rule() + a_rule().removeprefix("{good}"),
        a_table(most=31),
        a_table(type_="table"),
        a_target(stage="unit"),
        a_target(number=0),
        a_target(due_on="1927-12-31"),
        a_target(due_on='"soon"'),
        a_target(clause=""),
        a_target() + a_target().removeprefix("{good}"),
        "{good}".join(("", a_rule().removeprefix("{good}"))).replace("{good}", "{capped}"),
    ],
)
def test_every_file_that_makes_no_sense_is_named(tmp_path, wrong):
    good = (catalogue.CATALOGUE / "model_home.toml").read_text(encoding="utf-8")
    (tmp_path / "good.toml").write_text(good, encoding="utf-8")
    capped = good.replace("[edition]", "[edition]\nemployer_cap = 0")
    (tmp_path / "wrong.toml").write_text(
        wrong.replace("{good}", good).replace("{capped}", capped), encoding="utf-8"
    )
    with pytest.raises(InvalidInput) as refused:
        catalogue.read(tmp_path)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params["file"]) == ("catalogue_malformed", "wrong.toml")


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ([NAME, PHONE], None),
        ([NAME, '{ key = "address", label = "住址", type = "text" }'], "住址"),
        ([NAME, PHONE.replace("联系电话", "传真")], "传真"),
        ([NAME, PHONE.replace("30", "90")], "联系电话"),
        ([NAME, PHONE.replace('"text", most = 30', '"number"')], "联系电话"),
        ([PHONE], "姓名"),
    ],
)
def test_a_person_has_ready_parts_only(tmp_path, columns, named):
    good = (catalogue.CATALOGUE / "model_home.toml").read_text(encoding="utf-8")
    (tmp_path / "model_home.toml").write_text(a_person(*columns).replace("{good}", good), encoding="utf-8")
    if named is None:
        (read,) = catalogue.read(tmp_path)
        assert [column.key for column in read.fields[-1].columns] == ["name", "phone"]
        return
    with pytest.raises(InvalidInput) as refused:
        catalogue.read(tmp_path)
    (reason,) = refused.value.reasons
    assert f"contact: 人员字段的栏目不对：{named}。" in reason.params["problem"]


def test_a_rule_that_makes_sense_is_read(tmp_path):
    good = (catalogue.CATALOGUE / "model_home.toml").read_text(encoding="utf-8")
    whole = a_rule().replace("{good}", good) + a_target().removeprefix("{good}")
    (tmp_path / "good.toml").write_text(whole, encoding="utf-8")
    (read,) = catalogue.read(tmp_path)
    assert [rule.code for rule in read.rules] == ["non_public_share", "r"]
    assert [(target.code, target.number) for target in read.targets] == [("t", 3)]


def test_a_table_is_read_with_its_columns_and_stored(tmp_path):
    good = (catalogue.CATALOGUE / "model_home.toml").read_text(encoding="utf-8")
    (tmp_path / "good.toml").write_text(a_table().replace("{good}", good), encoding="utf-8")
    (read,) = catalogue.read(tmp_path)
    table = read.fields[-1]
    assert [(column.key, column.type, column.required) for column in table.columns] == [
        ("1", "text", True),
        ("2", "choice", False),
    ]
    catalogue.load(entries=[read])
    edition = RuleVersion.objects.get(award__code="model_home")
    assert fields.of(edition.pk)[-1] == table
    # Loading once more finds what is stored to be the same.
    told = LedgerEntry.objects.count()
    catalogue.load(entries=[read])
    assert LedgerEntry.objects.count() == told


def test_the_lists_of_a_file_become_predicates(tmp_path):
    good = (catalogue.CATALOGUE / "model_worker.toml").read_text(encoding="utf-8")
    lists = """["front_line:yes", "gender:female"]
counted_not = ["occupation:industrial_worker"]
base = ["sector:enterprise", "sector:public_body"]
base_not = ["division:yes"]"""
    (tmp_path / "good.toml").write_text(a_rule(lists).replace("{good}", good), encoding="utf-8")
    (read_,) = catalogue.read(tmp_path)
    rule = read_.rules[-1]
    assert (
        rule.counted
        == told(chosen(["front_line:yes", "gender:female"], ["occupation:industrial_worker"]))
        == [
            {"any": ["front_line:yes"]},
            {"any": ["gender:female"]},
            {"none": ["occupation:industrial_worker"]},
        ]
    )
    assert rule.base == [{"any": ["sector:enterprise", "sector:public_body"]}, {"none": ["division:yes"]}]
    # Loading once more finds what is stored to be the same.
    for _twice in range(2):
        catalogue.load(entries=[read_])
    assert LedgerEntry.objects.count() == 1


def test_targets_are_part_of_an_edition():
    county = entry("double_strong_county")
    catalogue.load(entries=[county])
    catalogue.load(entries=[replace(county, targets=(replace(county.targets[0], number=12),))])
    assert Target.objects.get().number == 12
    make_round_award(award=Award.objects.get())
    with pytest.raises(RuleViolation) as refused:
        catalogue.load(entries=[county])
    assert [reason.code for reason in refused.value.reasons] == ["rules_in_use"]
    assert Target.objects.get().number == 12


@pytest.mark.parametrize("change", [{"employer_cap": 2}, {"source": "另一份文件"}])
def test_the_source_and_the_cap_are_part_of_an_edition(change):
    home = entry("model_home")
    catalogue.load(entries=[home])
    changed = replace(home, edition=replace(home.edition, **change))
    catalogue.load(entries=[changed])
    version = RuleVersion.objects.get()
    assert all(getattr(version, name) == value for name, value in change.items())
    make_round_award(award=Award.objects.get())
    with pytest.raises(RuleViolation) as refused:
        catalogue.load(entries=[home])
    assert [reason.code for reason in refused.value.reasons] == ["rules_in_use"]


@pytest.mark.parametrize("code", ["advanced_party_org", "excellent_party_member", "excellent_party_worker"])
def test_the_party_awards_rise_above_their_previous_round(code):
    catalogue.load()
    version = RuleVersion.objects.get(award__code=code)
    (rule,) = version.rules.all()
    assert (rule.counted, rule.sense, rule.kind, rule.basis) == (
        [{"any": ["ownership:non_public"]}],
        "min",
        "above",
        "awarded",
    )
    assert (rule.clause, version.catalogue_edition, version.number) == ("苏组通〔2019〕65号 二.6", 2, 1)


def test_every_rule_of_the_catalogue_counts_what_nominations_of_its_award_have():
    for award in catalogue.read():
        labels = {label for facet in offered(award.fields) for label in facet.labels}
        for rule in award.rules:
            assert {*predicate_of(rule.counted).labels, *predicate_of(rule.base).labels} <= labels


def test_numbers_run_over_files_and_browser():
    """A composed edition never stands in the way of one from a file, nor is it ever taken for one."""
    home = entry("model_home")
    catalogue.load(entries=[home])
    composed = composing.compose(
        award_code="model_home",
        actor=make_official(make_body(level=Level.PROVINCE), Role.STAFF),
        source="1号",
    )
    second = replace(home, edition=replace(home.edition, number=2), rules=())
    for _twice in range(2):
        catalogue.load(entries=[second])
    assert list(
        RuleVersion.objects.order_by("number").values_list("number", "catalogue_edition", "composed_by")
    ) == [(1, 1, None), (2, None, composed.composed_by_id), (3, 2, None)]
    catalogue.load(entries=[home])
    assert RuleVersion.objects.count() == 3


def test_the_number_of_statements_does_not_grow(django_assert_num_queries):
    home = entry("model_home")
    catalogue.load(entries=[home])
    # savepoint 2, awards before, write, after, editions, their rules, targets, fields and conditions
    for number in (1, 14):
        many = [replace(home, code=f"home_{n}") for n in range(number)]
        catalogue.load(entries=many)
        with django_assert_num_queries(10):
            catalogue.load(entries=many)


def test_one_command_loads_it_all_and_may_be_repeated(capsys):
    call_command("load_catalogue")
    counts = [model.objects.count() for model in (Body, Post, Award, CalendarDay, LedgerEntry)]
    call_command("load_catalogue")
    assert [model.objects.count() for model in (Body, Post, Award, CalendarDay, LedgerEntry)] == counts
    assert "112 bodies" in capsys.readouterr().out
    assert NomineeKind.PARTY_ORG in set(Award.objects.values_list("nominee_kind", flat=True))


def test_sealing_prints_what_to_keep_elsewhere(capsys):
    call_command("seal_ledger")
    catalogue.load()
    call_command("seal_ledger")
    empty, line = capsys.readouterr().out.splitlines()
    assert empty == "the ledger is empty"
    assert line.endswith(ledger.seal().digest)
