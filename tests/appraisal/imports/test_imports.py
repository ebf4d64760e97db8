"""Imports: every row or none, every problem at its place, and a dry run that is the real run."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl.utils import get_column_letter

from appraisal.imports.services import imports
from appraisal.imports.spreadsheets import read_employers, read_nominations
from appraisal.records.models import Employer, Nomination
from appraisal.records.states import NominationState, Sector, UnitRole
from appraisal.register.services import unit_people
from appraisal.workbooks.columns import EMPLOYER_COLUMNS, nomination_columns
from quotas.base import clock
from quotas.base.errors import NotPermitted
from quotas.base.states import NomineeKind, Role
from quotas.base.wording import sentence
from quotas.editions.standard import STANDARD
from quotas.ledger.models import LedgerEntry
from quotas.rounds.services import rounds
from tests.appraisal.workbooks.sheets import EMPLOYER, NOMINATION, employers, nominations, workbook
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_credit_code,
    make_employer,
    make_official,
    make_round,
    make_round_award,
    make_unit_person,
    make_user,
)

OTHER = EMPLOYER | {"单位名称": "另一家公司", "统一社会信用代码": make_credit_code(9_000_002)}
WRONG_CODE = EMPLOYER | {"统一社会信用代码": EMPLOYER["统一社会信用代码"][:-1] + "Z"}


@pytest.fixture
def county(db):
    city = make_body("320500", name="苏州市", level="city")
    return make_body("320581", name="常熟市", parent=city)


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


def run(data, *, actor=None, dry_run=False):
    table = read_employers(data)
    return imports.import_employers(rows=table.rows, problems=table.problems, actor=actor, dry_run=dry_run)


def found(report):
    for problem in report.problems:
        assert str(sentence(problem.reason))
    return [(problem.sheet, problem.cell or problem.row, problem.reason.code) for problem in report.problems]


# --- units ---------------------------------------------------------------------------------------------------


def test_units_are_registered_and_the_import_is_on_record(county):
    report = run(employers([EMPLOYER, OTHER]))
    assert (report.created, report.unchanged, report.problems, report.saved) == (2, 0, (), True)
    kept = Employer.objects.get(credit_code=EMPLOYER["统一社会信用代码"])
    assert (kept.name, kept.body, kept.employees) == (EMPLOYER["单位名称"], county, 120)
    assert not kept.is_verified  # what a unit says of itself is no verification
    entry = LedgerEntry.objects.get(act="import_employers")
    assert entry.after["created"] == [EMPLOYER["统一社会信用代码"], OTHER["统一社会信用代码"]]


def test_one_bad_row_keeps_everything_out(county):
    report = run(employers([EMPLOYER, WRONG_CODE | {"单位名称": "错码公司"}, OTHER | {"职工人数": "多"}]))
    assert not report.saved
    assert found(report) == [("表1", "B3", "credit_code_letters"), ("表1", "I4", "cell_not_whole")]
    assert not Employer.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "rows",
    [
        [EMPLOYER, OTHER],
        [WRONG_CODE, EMPLOYER | {"单位名称": None}],
        [EMPLOYER, WRONG_CODE, OTHER, OTHER],
        [EMPLOYER | {"所在县（市、区）代码": "无此县"}],
    ],
    ids=["good", "bad", "mixed", "unknown body"],
)
def test_a_dry_run_is_the_real_run_and_changes_nothing(county, rows):
    data = employers(rows)
    dry = run(data, dry_run=True)
    assert not Employer.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert not dry.saved
    real = run(data)
    assert dry == real
    assert Employer.objects.count() == (real.created if real.saved else 0)


def test_a_unit_known_with_the_same_content_is_counted_not_changed(county):
    run(employers([EMPLOYER]))
    before = Employer.objects.values().get()
    report = run(employers([EMPLOYER, OTHER]))
    assert (report.created, report.unchanged, report.problems) == (1, 1, ())
    assert Employer.objects.filter(pk=before["id"]).values().get() == before


def test_a_unit_known_with_other_content_is_refused_with_the_columns(county):
    run(employers([EMPLOYER]))
    report = run(employers([EMPLOYER | {"单位名称": "改名公司", "职工人数": 5}]))
    assert found(report) == [("表1", "B2", "import_employer_differs")]
    assert report.problems[0].reason.params["columns"] == ["单位名称", "职工人数"]


def test_a_column_that_the_table_does_not_have_says_nothing_of_a_known_unit(county):
    run(employers([EMPLOYER | {"单位性质": "机关事业单位"}]))
    assert Employer.objects.get().sector == Sector.PUBLIC_BODY
    older = [column.heading for column in EMPLOYER_COLUMNS if column.field != "sector"]
    assert run(workbook(older, [EMPLOYER])).unchanged == 1
    assert run(workbook(older, [OTHER])).created == 1
    assert Employer.objects.get(credit_code=OTHER["统一社会信用代码"]).sector == Sector.ENTERPRISE
    # An empty cell of a column that is there says what an empty cell says.
    assert found(run(employers([EMPLOYER]))) == [("表1", "B2", "import_employer_differs")]


def test_the_same_unit_twice_names_both_places(county):
    report = run(employers([EMPLOYER], [OTHER, EMPLOYER]))
    assert found(report) == [("表2", "B3", "import_row_twice")]
    assert report.problems[0].reason.params == {"sheet": "表1", "row": 2}


def test_a_county_may_be_named_and_a_name_of_two_counties_needs_the_code(county):
    make_body("320106", name="鼓楼区", parent=make_body("320100", name="南京市", level="city"))
    make_body("320302", name="鼓楼区", parent=make_body("320300", name="徐州市", level="city"))
    named = EMPLOYER | {"所在县（市、区）代码": "常熟市"}
    assert run(employers([named]), dry_run=True).problems == ()
    report = run(employers([EMPLOYER | {"所在县（市、区）代码": "鼓楼区"}]))
    assert found(report) == [("表1", "D2", "import_body_ambiguous")]
    assert report.problems[0].reason.params["codes"] == ["320106", "320302"]


def test_a_person_imports_where_that_person_verifies(county):
    official = make_official(county, Role.UNION_REVIEWER)
    make_body("320582", name="张家港市", parent=county.parent)
    report = run(employers([EMPLOYER, OTHER | {"所在县（市、区）代码": "320582"}]), actor=official)
    assert found(report) == [("表1", 3, "act_not_held")]
    assert run(employers([EMPLOYER]), actor=official).created == 1
    with pytest.raises(NotPermitted):
        run(employers([EMPLOYER]), actor=make_official(county, Role.OBSERVER))


def test_a_unit_elsewhere_is_not_told_apart_by_its_content(county):
    make_employer(
        make_body("320582", name="张家港市", parent=county.parent), credit_code=EMPLOYER["统一社会信用代码"]
    )
    report = run(employers([EMPLOYER]), actor=make_official(county, Role.UNION_REVIEWER))
    assert len(report.problems) == 1
    assert report.problems[0].reason.code != "import_employer_differs"
    assert "企业" not in str(report.problems[0].reason.params)


def test_two_thousand_units_in_ten_seconds(county):
    rows = [
        EMPLOYER | {"单位名称": f"公司{number}", "统一社会信用代码": make_credit_code(number)}
        for number in range(2_000)
    ]
    data = employers(rows)
    begun = time.process_time()
    assert run(data).created == 2_000
    assert time.process_time() - begun < 10


# --- nominations ---------------------------------------------------------------------------------------------


@pytest.fixture
def unit(county):
    return make_employer(county, name="常熟一厂")


@pytest.fixture
def applicant(unit):
    user = make_user("li.ming")
    unit_people.appoint(employer_id=unit.pk, user_id=user.pk, role=UnitRole.APPLICANT, actor=None)
    return user


@pytest.fixture
def awards(county):
    selection = make_round("2026")
    made = {}
    of_kinds = (
        ("工人先锋号", NomineeKind.TEAM),
        ("模范职工之家", NomineeKind.UNIT),
        ("五一劳动奖章", NomineeKind.PERSON),
    )
    for name, kind in of_kinds:
        made[name] = make_round_award(selection, make_award(name=name, nominee_kind=kind), employer_cap=5)
        make_allotment(made[name], county, places=5)
    return made


@pytest.fixture
def row(unit, applicant, awards):
    return NOMINATION | {"统一社会信用代码": unit.credit_code, "申报人账号": applicant.username}


def nominate(awards, data, *, actor=None, dry_run=False):
    table = read_nominations(data, rounds.asked_in(awards["工人先锋号"].round_id))
    return imports.import_nominations(
        round_id=awards["工人先锋号"].round_id,
        rows=table.rows,
        problems=table.problems,
        actor=actor,
        dry_run=dry_run,
    )


def test_nominations_become_drafts_of_their_applicants(awards, row, applicant):
    home = row | {"奖项": "模范职工之家", "推荐对象": None, "集体类型": None, "集体人数": None}
    report = nominate(awards, nominations([row, home]))
    assert (report.created, report.problems) == (2, ())
    team, unit = Nomination.objects.order_by("pk")
    assert (team.status, team.created_by, team.nominee_name) == (
        NominationState.DRAFT,
        applicant,
        "总装车间一班",
    )
    assert (team.self_score, team.answers) == (
        9_550,
        {"team": "shift", "team_size": 12, "union_funds_paid": True},
    )
    assert unit.nominee_name == "常熟一厂"
    entry = LedgerEntry.objects.get(act="import_nominations")
    assert entry.after["created"] == [team.number, unit.number]


@pytest.mark.parametrize("older", [False, True])
def test_a_person_comes_in_with_what_rules_count(awards, row, unit, older):
    award = make_round_award(awards["工人先锋号"].round, make_award(nominee_kind=NomineeKind.PERSON))
    make_allotment(award, unit.body)
    person = row | {
        "奖项": award.award.name,
        "推荐对象": "张三",
        "集体类型": None,
        "集体人数": None,
        "居民身份证号": "11010519491231002X",
        "人员身份": "企业负责人",
        "县处级及以上": "是",
        "农民工": "否",
    }
    new = {"人员身份", "县处级及以上", "农民工"}
    columns = nomination_columns(STANDARD.values())
    headings = [column.heading for column in columns if not (older and column.heading in new)]
    report = nominate(awards, workbook(headings, [person]))
    assert (report.created, report.problems) == (1, ())
    made = Nomination.objects.get()
    counted = {} if older else {"occupation": "enterprise_head", "division": True}
    assert made.answers == {"union_funds_paid": True, **counted}


def test_two_sheets_with_the_same_nomination_name_both_places(awards, row):
    again = row | {"推荐对象": " 总装车间 一班 "}
    report = nominate(awards, nominations([row, row | {"推荐对象": "二班"}], [again]))
    assert found(report) == [("表2", "D2", "import_row_twice")]
    assert report.problems[0].reason.params == {"sheet": "表1", "row": 2}
    assert not Nomination.objects.exists()


def test_a_nominee_with_a_live_nomination_is_refused_by_the_service(awards, row):
    nominate(awards, nominations([row]))
    report = nominate(awards, nominations([row]))
    assert not report.saved
    assert found(report)[0][:2] in {("表1", "D2"), ("表1", 2)}


@pytest.mark.parametrize(
    ("changes", "heading", "code"),
    [
        ({"奖项": "没有的奖"}, "奖项", "import_award_unknown"),
        ({"统一社会信用代码": make_credit_code(77)}, "统一社会信用代码", "import_employer_unknown"),
        ({"申报人账号": "nobody"}, "申报人账号", "import_not_applicant"),
        ({"奖项": "模范职工之家"}, "推荐对象", "import_nominee_not_unit"),
        ({"推荐对象": None}, "推荐对象", "required"),
        ({"人员身份": "产业工人"}, "人员身份", "import_field_not_asked"),
        ({"县处级及以上": "是"}, "县处级及以上", "import_field_not_asked"),
        ({"农民工": "是"}, "农民工", "import_field_not_asked"),
        ({"集体类型": "工人"}, "集体类型", "choice_unknown"),
        ({"集体人数": "十二"}, "集体人数", "answer_out_of_range"),
        ({"工会经费足额拨缴": "大概"}, "工会经费足额拨缴", "answer_not_yes_or_no"),
        ({"主要事迹": "字" * 2001}, "主要事迹", "text_too_long"),
    ],
)
def test_a_wrong_row_is_named_by_its_cell(awards, row, changes, heading, code):
    headings = [column.heading for column in nomination_columns(STANDARD.values())]
    cell = f"{get_column_letter(headings.index(heading) + 1)}2"
    assert found(nominate(awards, nominations([row | changes]))) == [("表1", cell, code)]


def test_a_no_in_the_column_of_another_award_says_nothing(awards, row):
    assert nominate(awards, nominations([row | {"农民工": "否"}])).created == 1


@pytest.mark.parametrize(
    "changes",
    [[{}], [{"奖项": "没有的奖"}], [{}, {"推荐对象": "二班", "申报人账号": "nobody"}, {"自评分": "优"}, {}]],
    ids=["good", "bad", "mixed"],
)
def test_a_dry_run_of_nominations_is_the_real_run(awards, row, changes):
    data = nominations([row | change for change in changes])
    dry = nominate(awards, data, dry_run=True)
    assert not Nomination.objects.exists()
    awards["工人先锋号"].round.refresh_from_db()
    assert dry == nominate(awards, data)


def teams(row, number, *, start=0):
    return [row | {"推荐对象": f"{start + each}班"} for each in range(number)]


def test_the_cap_of_a_unit_counts_the_rows_of_the_same_file(awards, row, county):
    other = make_employer(county, name="常熟二厂")
    another = make_unit_person(other)
    of_other = row | {"统一社会信用代码": other.credit_code, "申报人账号": another.username}
    nominate(awards, nominations(teams(row, 2)))
    rows = [*teams(row, 4, start=2), *teams(of_other, 5)]
    report = nominate(awards, nominations(rows))
    # Two before and three of the file are the five of the unit; the other one has its own five.
    assert found(report) == [("表1", 5, "employer_cap")]
    assert report.problems[0].reason.params["live"] == 5
    assert not report.saved
    assert Nomination.objects.count() == 2
    assert nominate(awards, nominations(rows[:3] + rows[4:])).created == 8


def test_a_row_that_is_refused_does_not_count_for_the_cap(awards, row):
    rows = [
        *teams(row, 4),
        row | {"推荐对象": "0班", "奖项": "没有的奖"},
        row | {"推荐对象": "坏班", "人员身份": "产业工人"},
        row,
    ]
    report = nominate(awards, nominations(rows))
    assert {code for _sheet, _cell, code in found(report)} == {
        "import_award_unknown",
        "import_field_not_asked",
    }


def test_numbers_are_drawn_last_and_only_for_what_is_kept(awards, row, monkeypatch):
    drawn, draw = [], rounds.draw_numbers

    def draw_and_tell(*, round_id, count):
        drawn.append(count)
        return draw(round_id=round_id, count=count)

    monkeypatch.setattr(rounds, "draw_numbers", draw_and_tell)
    good = teams(row, 3)
    nominate(awards, nominations(good), dry_run=True)
    nominate(awards, nominations([*good, row | {"奖项": "没有的奖"}]))  # found before the drafts are made
    nominate(awards, nominations([*good, row | {"人员身份": "产业工人"}]))  # found when they are made
    assert drawn == []
    assert nominate(awards, nominations(good)).saved
    assert drawn == [3]
    made = Nomination.objects.order_by("number").values_list("nominee_name", flat=True)
    assert list(made) == ["0班", "1班", "2班"]  # in the order of the table


def test_a_keeper_imports_for_the_own_body_only(awards, row, county):
    other = make_body("320582", name="张家港市", parent=county.parent)
    report = nominate(awards, nominations([row]), actor=make_official(county.parent, Role.KEEPER))
    assert found(report) == [("表1", "C2", "import_outside_area")]
    report = nominate(awards, nominations([row]), actor=make_official(other, Role.KEEPER))
    assert found(report) == [("表1", "C2", "import_employer_unknown")]
    assert nominate(awards, nominations([row]), actor=make_official(county, Role.KEEPER)).saved
    with pytest.raises(NotPermitted):
        nominate(awards, nominations([row]), actor=make_official(county, Role.UNION_REVIEWER))


# --- commands ------------------------------------------------------------------------------------------------


def command(name, tmp_path, data, *arguments):
    path = tmp_path / "file.xlsx"
    path.write_bytes(data)
    out, err = StringIO(), StringIO()
    try:
        call_command(name, str(path), *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return out.getvalue(), err.getvalue()


def test_the_command_imports(county, tmp_path):
    out, err = command("import_employers", tmp_path, employers([EMPLOYER]), "--dry-run")
    assert "试运行：可以导入 1 行" in out
    assert not Employer.objects.exists()
    out, err = command("import_employers", tmp_path, employers([EMPLOYER]))
    assert "已导入 1 行" in out
    assert not err
    assert Employer.objects.count() == 1


def test_the_command_lists_every_problem_with_sheet_row_and_column(county, tmp_path):
    out, err = command("import_employers", tmp_path, employers([WRONG_CODE, EMPLOYER | {"单位名称": None}]))
    assert "有 2 处需要改正" in out
    lines = [line.split("\t") for line in err.splitlines()]
    assert [line[:3] for line in lines] == [["表1", "2", "B 统一社会信用代码"], ["表1", "3", "A 单位名称"]]
    assert all(line[3] for line in lines)


def test_the_command_takes_the_only_open_round(awards, row, tmp_path):
    out, _err = command("import_nominations", tmp_path, nominations([row]), "--dry-run")
    assert "可以导入 1 行" in out
    make_round("2027")
    out, _err = command("import_nominations", tmp_path, nominations([row]))
    assert "--round" in out
    out, _err = command("import_nominations", tmp_path, nominations([row]), "--round", "2026")
    assert "已导入 1 行" in out


def test_the_command_acts_for_the_account_that_is_named(county, tmp_path):
    observer = make_official(county, Role.OBSERVER)
    out, _err = command("import_employers", tmp_path, employers([EMPLOYER]), "--actor", observer.username)
    assert "您不能办理这一步" in out
    out, _err = command("import_employers", tmp_path, employers([EMPLOYER]), "--actor", "nobody")
    assert "nobody" in out
    out, _err = command(
        "import_employers",
        tmp_path,
        employers([EMPLOYER]),
        "--actor",
        make_official(county, Role.UNION_REVIEWER).username,
    )
    assert "已导入" in out
    assert not Employer.objects.exclude(body=county).exists()
