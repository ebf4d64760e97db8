"""manage.py simulate: a whole round, and what it leaves behind."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from appraisal.models import Nomination
from appraisal.states import NominationState
from workflows.simulation import run

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


def simulate(out, *awards, number=12):
    said = StringIO()
    call_command(
        "simulate",
        nominations=number,
        seed=3,
        out=out,
        award=list(awards),
        processes=1,
        stdout=said,
        stderr=StringIO(),
    )
    return said.getvalue()


def workbooks(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.xlsx"))}


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

    again = tmp_path / "again"
    simulate(again, AWARD)
    first = {path: content for path, content in workbooks(tmp_path).items() if path.parts[0] == AWARD}
    assert workbooks(again) == first


def share(path):
    """Non-public regular entries of a 汇总表, and all regular ones."""
    sheet = load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    header = list(rows[1])
    assert header[: len(HEADER)] == HEADER
    entries = [dict(zip(header, row, strict=True)) for row in rows[2:] if row[0] is not None]
    regular = [entry for entry in entries if entry["类别"] == "正选"]
    return sum(entry["所有制"] == "非公有制" for entry in regular), len(regular)


@pytest.mark.django_db
def test_an_unknown_award_is_refused(tmp_path):
    with pytest.raises(CommandError, match="nobel"):
        simulate(tmp_path, "nobel")


@pytest.mark.django_db
def test_no_nominations_are_refused(tmp_path):
    with pytest.raises(CommandError, match="at least 1"):
        simulate(tmp_path, AWARD, number=0)


def test_a_broken_rule_ends_with_status_one(tmp_path, monkeypatch, db):
    result = run.Result({"awards": {}, "transitions": 0, "seconds": 0.0}, ["share: 1 of 4"])
    monkeypatch.setattr(run, "run", lambda **_options: result)
    with pytest.raises(SystemExit) as ended:
        simulate(tmp_path, AWARD)
    assert ended.value.code == 1
