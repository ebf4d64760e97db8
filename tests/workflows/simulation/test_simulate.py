"""manage.py simulate: a whole round, and what it leaves behind."""

import json
from collections import Counter
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from openpyxl import load_workbook

from appraisal.boards.services import verification
from appraisal.records.models import Nomination, Slate
from appraisal.records.states import NominationState, SlateState
from quotas.base import clock
from quotas.base.states import NomineeKind, Role, RuleKind, Sense, Stage
from quotas.editions.models import Award, RuleVersion
from quotas.editions.services import catalogue, composing
from quotas.rounds.models import PlacesLine, RoundAward
from quotas.rounds.services import allotments, parts
from quotas.selection.labels import bearing
from quotas.selection.plan import Slot
from quotas.tree.models import Body
from tests.builders import (
    make_allotment,
    make_nomination,
    make_official,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slate,
)
from workflows import turns
from workflows.simulation import conduct, people, plan, run
from workflows.simulation.conduct import MISSED, WHY
from workflows.simulation.plan import Timetable

HEADER = [
    "序号",
    "申报编号",
    "奖项",
    "推荐对象",
    "对象类型",
    "所在单位",
    "统一社会信用代码",
    "所有制",
    "所有制核验",
    "设区市",
    "县（市、区）",
    "推荐单位",
    "层级",
    "得分",
    "推荐顺序",
    "类别",
    "状态",
]
AWARD = "model_home"


def simulate(out, *awards, number=12, seed=3, parts=False):
    said = StringIO()
    call_command(
        "simulate",
        nominations=number,
        seed=seed,
        parts=parts,
        out=out,
        award=list(awards),
        processes=1,
        stdout=said,
        stderr=StringIO(),
    )
    return said.getvalue()


def workbooks(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.xlsx"))}


SMALL_TREE = {"320000", "320500", "320581", "320582", "320000GH02"}
"""A province with one city of two counties, and an industry union."""


@pytest.fixture
def small_tree(monkeypatch):
    """Few bodies, so that a dozen applications make lists of several entries."""
    load = plan.load
    monkeypatch.setattr(plan, "load", lambda: [body for body in load() if body.code in SMALL_TREE])


@pytest.mark.slow
@pytest.mark.django_db
def test_a_round_of_one_award_ends_with_named_lists_that_hold_their_share(tmp_path):
    said = simulate(tmp_path, AWARD)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report.keys() >= {"seed", "seconds", "transitions", "broken", "awards"}
    figures = report["awards"][AWARD]
    assert figures.keys() >= {
        "applied",
        "admitted",
        "slates",
        "refused_slates",
        "named",
        "reserves",
        "share",
    }
    assert report["broken"] == []
    assert (report["seed"], figures["applied"]) == (3, 12)
    assert figures["named"] == Nomination.objects.filter(status=NominationState.NAMED).count() > 0
    assert AWARD in said

    non_public, total = figures["share"]
    assert (non_public, total) == share(tmp_path / AWARD / "final.xlsx")
    lists = [path for path in workbooks(tmp_path) if path.name != "final.xlsx"]
    assert len(lists) == figures["slates"]
    for path in lists:
        of_list, size = share(tmp_path / path)
        assert size > 0
        assert 2 * of_list >= size
        assert set(verdicts(tmp_path / path)) == {"符合"}


SHARES = {"model_home": (1, 2), "pioneer_team": (2, 5), "model_worker": (2, 5), "demonstration_unit": (1, 1)}
"""What each award asks of non-public ones: p of q (苏组通〔2019〕65号 二.3, 二.6)."""


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 7, 23])
def test_every_list_of_every_stage_keeps_its_share_by_itself(tmp_path, small_tree, seed):
    """Counted from the workbooks alone: q·k ≥ p·n on the regular entries of each."""
    simulate(tmp_path, *SHARES, number=60, seed=seed)
    assert not PlacesLine.objects.exists()
    stages = set()
    for path in workbooks(tmp_path):
        p, q = SHARES[path.parts[0]]
        of_list, size = share(tmp_path / path)
        assert q * of_list >= p * size, path
        stages |= {path.parts[1]} if size else set()
    assert stages == {"county", "city", "province", "final.xlsx"}
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["broken"] == []
    # First wishes were broken and mended, or applications refused that no list could hold.
    assert sum(
        each["refused_slates"] + each["events"].get("unlisted", 0) for each in report["awards"].values()
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_in_parts_the_whole_keeps_the_share(tmp_path, small_tree):
    """With typed places a county may send what its part leaves open; the lists that are named keep the share."""
    simulate(tmp_path, *SHARES, number=60, seed=7, parts=True)
    assert PlacesLine.objects.exists()
    for award, (p, q) in SHARES.items():
        of_list, size = share(tmp_path / award / "final.xlsx")
        assert size
        assert q * of_list >= p * size
    broken = [
        path
        for path in workbooks(tmp_path)
        for p, q in [SHARES[path.parts[0]]]
        for of_list, size in [share(tmp_path / path)]
        if q * of_list < p * size
    ]
    # That is what parts are for: a list may lie below the share where its body was let off the rounding.
    assert all(path.parts[1] in {"county", "city"} for path in broken)


@pytest.mark.slow
@pytest.mark.django_db
def test_in_parts_ceilings_are_kept_and_may_be_used(tmp_path, small_tree):
    """At most a quarter heads of enterprises: counties of few places, which by themselves could send none, send their parts."""
    award = "model_worker"
    plan.load()
    pattern = RuleVersion.objects.get(award__code=award)
    staff = make_official(Body.objects.get(parent=None), Role.STAFF)
    draft = composing.compose(award_code=award, actor=staff, source="当次通知", based_on=pattern.pk)
    composing.put_rule(
        version_id=draft.pk,
        version=1,
        actor=staff,
        code="heads",
        label="企业负责人占比",
        counted=["occupation:enterprise_head"],
        sense="max",
        kind="share",
        numerator=1,
        denominator=4,
        kept="parts",
        clause="当次通知",
    )
    composing.publish(version_id=draft.pk, version=2, actor=staff)
    simulate(tmp_path, award, number=120, seed=2, parts=True)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["broken"] == []
    round_award = RoundAward.objects.get(award__code=award)
    assert round_award.rule_version == draft
    given = {
        line.allotment.body_id: (line.allotment.places, line.places)
        for line in PlacesLine.objects.filter(
            rule="heads", allotment__round_award=round_award
        ).select_related("allotment")
    }
    assert any(part > places // 4 for places, part in given.values()), (
        "no part lets anybody more than rounding does"
    )
    assert parts.drift(round_award_id=round_award.pk) == []
    used = 0
    for slate in Slate.objects.filter(round_award=round_award).exclude(frozen_plan=None):
        regular = [
            set(entry.frozen_labels) for entry in slate.entries.filter(kind="regular", removed_at=None)
        ]
        heads = sum("occupation:enterprise_head" in labels for labels in regular)
        if slate.stage == Stage.PROVINCE:
            assert 4 * heads <= len(regular)
            continue
        places, part = given[slate.body_id]
        assert heads <= part
        assert 4 * heads <= len(regular) + max(4 * part - places, 0)
        used += heads
    assert used, "nobody of the kind was ever listed"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_seed_gives_the_same_workbooks_again(tmp_path, small_tree):
    # A number is given once for ever: each time begins where the other began.
    for folder in ("first", "again"):
        with transaction.atomic():
            simulate(tmp_path / folder, AWARD)
            transaction.set_rollback(True)
    again = workbooks(tmp_path / "again")
    assert len(again) > len(SMALL_TREE) // 2
    assert again == workbooks(tmp_path / "first")


def share(path):
    """Non-public regular entries of a 汇总表, and all regular ones."""
    sheet = load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    header = list(rows[1])
    assert header[: len(HEADER)] == HEADER
    entries = [dict(zip(header, row, strict=True)) for row in rows[2:] if row[0] is not None]
    regular = [entry for entry in entries if entry["类别"] == "正选"]
    return sum(entry["所有制"] == "非公有制" for entry in regular), len(regular)


def verdicts(path):
    """What the sheet 占比核验 of a workbook says of each rule."""
    _title, header, *rows = load_workbook(path).worksheets[1].iter_rows(values_only=True)
    return [row[header.index("结论")] for row in rows if row[0]]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_award_of_the_catalogue_is_won_by_somebody(small_tree):
    """Awards of a county, a city and the province, shares above those of the previous round, persons, teams and units."""
    timetable = Timetable(run.OPENING)
    with clock.travel(timetable.at(-5)):
        tree = plan.load()
        crews = people.crews(tree)
    awards = list(Award.objects.all())
    season = run.play(
        code="every-award",
        name="全部奖项",
        timetable=timetable,
        nominations=130,
        seed=1,
        awards=awards,
        tree=tree,
        crews=crews,
        processes=1,
        progress=lambda *_told: None,
    )
    named = Nomination.objects.filter(status=NominationState.NAMED)
    won = Counter(named.values_list("round_award__award__code", flat=True))
    assert won.keys() == season.awards.keys() == {award.code for award in awards}
    persons = Nomination.objects.filter(round_award__award__nominee_kind=NomineeKind.PERSON)
    assert len(set(persons.values_list("answers__occupation", flat=True))) >= 3
    assert set(persons.values_list("answers__gender", flat=True)) == {"female", "male"}
    assert not PlacesLine.objects.exists()
    assert [line.detail for line in verification.run() if not line.holds] == []
    assert turns.reconcile() == []


@pytest.mark.django_db
def test_all_awards_can_be_asked_for(tmp_path, monkeypatch):
    asked = []

    def played(*, awards, **_options):
        asked.extend(awards)
        return run.SeasonResult({"awards": {}, "transitions": 0, "seconds": 0.0}, [])

    monkeypatch.setattr(run, "run", played)
    simulate(tmp_path, "all")
    assert set(asked) == set(Award.objects.values_list("code", flat=True))
    asked.clear()
    simulate(tmp_path)
    assert set(asked) == {"model_home", "pioneer_team", "demonstration_unit"}


@pytest.mark.django_db
def test_an_unknown_award_is_refused(tmp_path):
    with pytest.raises(CommandError, match="nobel"):
        simulate(tmp_path, "nobel")


@pytest.mark.django_db
def test_no_nominations_are_refused(tmp_path):
    with pytest.raises(CommandError, match="at least 1"):
        simulate(tmp_path, AWARD, number=0)


def test_a_broken_rule_ends_with_status_one(tmp_path, monkeypatch, db):
    result = run.SeasonResult({"awards": {}, "transitions": 0, "seconds": 0.0}, ["share: 1 of 4"])
    monkeypatch.setattr(run, "run", lambda **_options: result)
    with pytest.raises(SystemExit) as ended:
        simulate(tmp_path, AWARD)
    assert ended.value.code == 1


@pytest.fixture
def exacting(small_tree, monkeypatch):
    """An edition of 劳动模范 over several facets: minima, ceilings, a nested base, one that may be approved; and slots."""
    catalogue.load()
    award = Award.objects.get(code="model_worker")
    version = make_rule_version(award, number=award.rule_versions.count() + 1)
    make_share_rule(version, numerator=2, denominator=5)
    make_share_rule(version, "women", label="gender:female", numerator=1, denominator=10)
    make_share_rule(version, "workers", label="occupation:industrial_worker", numerator=1, denominator=5)
    make_share_rule(
        version, "heads", label="occupation:enterprise_head", sense=Sense.MAX, numerator=2, denominator=5
    )
    make_share_rule(
        version,
        "heads_of_private",
        label="occupation:enterprise_head",
        base="ownership:non_public",
        sense=Sense.MAX,
        numerator=3,
        denominator=5,
    )
    make_share_rule(
        version, "no_men", label="gender:male", sense=Sense.MAX, numerator=1, denominator=10, advisory=True
    )
    make_planned = plan.make

    def with_slots(**given):
        made, awards = make_planned(**given)
        body = next(body for body in given["tree"] if body.code == "320500")
        allotment = awards["model_worker"].allotments.get(body=body)
        allotments.set_places(
            round_award_id=awards["model_worker"].pk,
            body_id=body.pk,
            places=allotment.places,
            reserve_places=allotment.reserve_places,
            slots=[Slot(bearing("gender:female"), 1, key="women", name="女职工")],
            actor=given["staff"],
        )
        return made, awards

    monkeypatch.setattr(plan, "make", with_slots)
    return award


@pytest.mark.slow
@pytest.mark.django_db
def test_an_edition_of_many_rules_is_played_with_its_approvals(tmp_path, exacting):
    simulate(tmp_path, "model_worker", number=60, seed=5)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["broken"] == []
    assert report["awards"]["model_worker"]["named"] > 0
    left = Slate.objects.filter(state__in=[SlateState.SENT_UP, SlateState.NAMED])
    approved = left.exclude(approval=None)
    assert approved.exists()
    assert {tuple(slate.approval["codes"]) for slate in approved} == {("no_men",)}


@pytest.mark.slow
@pytest.mark.django_db
def test_an_award_that_names_nobody_ends_with_status_one_and_says_why(tmp_path, small_tree):
    """Nine are asked of the province, and six units apply."""
    catalogue.load()
    award = Award.objects.get(code="model_home")
    version = make_rule_version(award, number=award.rule_versions.count() + 1)
    make_share_rule(version, "eight", kind=RuleKind.COUNT, numerator=9, stages=(Stage.PROVINCE,))
    with pytest.raises(SystemExit) as ended:
        simulate(tmp_path, "model_home", number=6, seed=2)
    assert ended.value.code == 1
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    (line,) = report["broken"]
    assert line.startswith("model_home: nobody is named; ")
    assert "unlisted" in line


@pytest.mark.django_db
def test_a_shorter_list_than_the_pool_allows_is_a_fault_and_told_with_its_reasons():
    round_award = make_round_award()
    counts = Counter(
        {("home", MISSED): 2, ("home", f"{WHY}320500: 没有可行的名单"): 1, ("home", "applied"): 3}
    )
    season = SimpleNamespace(awards={"home": round_award}, counts=counts)
    assert list(run._unfilled(season)) == [
        "home: nobody is named; 320500: 没有可行的名单; applied 3; missed 2",
        "home: 2 final lists leave places empty that could be filled",
    ]


@pytest.mark.django_db
def test_whether_a_list_could_be_longer_is_asked_of_its_pool():
    """At least half non-public, five places: of one non-public unit and three others at most two stand on a list."""
    allotment = make_allotment(places=5)
    slate = make_slate(allotment)
    for non_public in (True, False, False, False):
        make_nomination(allotment.round_award, allotment.body, non_public=non_public)
    assert conduct._could_be_longer(slate, 1)
    assert not conduct._could_be_longer(slate, 2)
