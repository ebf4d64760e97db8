"""Workbooks: what is written can be trusted, what is read is refused by name and place."""

import ast
import inspect
import struct
import time
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import pytest
from django.utils.translation import override
from openpyxl.styles import Font

from appraisal.imports.spreadsheets import (
    employer_template,
    nomination_template,
    read_employers,
    read_nominations,
)
from appraisal.records import rules
from appraisal.records.models import Nomination, Slate
from appraisal.records.states import (
    Channel,
    Control,
    EntryKind,
    NominationState,
    Sector,
    SlateState,
)
from appraisal.slates.spreadsheets import CHECK_HEADINGS, SLATE_HEADINGS, final_workbook, slate_workbook
from appraisal.workbooks import apart, parser, reader
from appraisal.workbooks.columns import EMPLOYER_COLUMNS, NOMINATION_COLUMNS
from appraisal.workbooks.import_rows import RowProblem
from appraisal.workbooks.parser import Refused, parse
from appraisal.workbooks.reader import MAX_BYTES, MAX_ROWS
from quotas.base.wording import sentence
from quotas.editions.standard import STANDARD
from tests.appraisal.workbooks import hostile
from tests.appraisal.workbooks.sheets import (
    EMPLOYER,
    NOMINATION,
    cells,
    employers,
    nominations,
    opened,
    workbook,
)
from tests.builders import (
    make_allotment,
    make_award,
    make_body,
    make_employer,
    make_nomination,
    make_round_award,
    make_slate,
    relabel,
)


def codes(problems):
    return [problem.reason.code for problem in problems]


def read_one(**changes):
    return read_employers(employers([EMPLOYER | changes]))


def only_problem(table) -> RowProblem:
    assert len(table.problems) == 1, table.problems
    assert str(sentence(table.problems[0].reason))
    return table.problems[0]


# --- the list that goes up -----------------------------------------------------------------------------------


@pytest.fixture
def slate(db):
    county = make_body("320581", name="常熟市", parent=make_body("320500", name="苏州市", level="city"))
    award = make_award("model_home", name="模范职工之家")
    allotment = make_allotment(make_round_award(award=award), county, places=4, reserve_places=1)
    return make_slate(allotment, non_public=2, public=1, reserves=1, state=SlateState.SENT_UP)


def test_the_list_has_a_title_then_exactly_these_headings(slate):
    rows = cells(slate_workbook(slate.pk), "汇总表")
    assert rows[0][0] == "常熟市模范职工之家推荐名单汇总表"
    assert rows[1] == [
        *(
            "序号",
            "申报编号",
            "奖项",
            "推荐对象",
            "对象类型",
            "所在单位",
            "统一社会信用代码",
            "所有制",
            "所有制核验",
        ),
        *("设区市", "县（市、区）", "推荐单位", "层级", "得分", "推荐顺序", "类别", "状态"),
    ]
    assert tuple(rows[1]) == SLATE_HEADINGS
    assert len(rows) == 2 + 4


def test_a_row_tells_what_the_database_holds(slate):
    entry = slate.entries.get(kind=EntryKind.REGULAR, rank=1)
    entry.nomination.score = 9_350
    entry.nomination.save()
    row = dict(zip(SLATE_HEADINGS, cells(slate_workbook(slate.pk), "汇总表")[2], strict=True))
    assert row == {
        "序号": 1,
        "申报编号": entry.nomination.number,
        "奖项": "模范职工之家",
        "推荐对象": entry.nomination.nominee_name,
        "对象类型": "单位",
        "所在单位": entry.nomination.employer.name,
        "统一社会信用代码": entry.nomination.employer.credit_code,
        "所有制": "非公有制",
        "所有制核验": "已核验",
        "设区市": "苏州市",
        "县（市、区）": "常熟市",
        "推荐单位": "常熟市",
        "层级": "县级",
        "得分": 93.5,
        "推荐顺序": 1,
        "类别": "正选",
        "状态": "拟推荐",
    }


def test_ownership_and_kind_are_told_of_every_row(slate):
    rows = cells(slate_workbook(slate.pk), "汇总表")[2:]
    assert [(row[7], row[14], row[15]) for row in rows] == [
        ("非公有制", 1, "正选"),
        ("非公有制", 2, "正选"),
        ("公有制", 3, "正选"),
        ("非公有制", 1, "后备"),
    ]


def test_the_second_sheet_has_a_row_for_every_rule_and_the_places(slate):
    rows = cells(slate_workbook(slate.pk), "占比核验")
    assert tuple(rows[1]) == CHECK_HEADINGS
    assert CHECK_HEADINGS == ("规则", "依据", "基数", "符合数", "要求", "结论", "余量")
    assert rows[2:] == [
        ["非公有制占比", "苏组通〔2019〕65号 二.3", 3, 2, 2, "符合", 0],
        ["正选名额", "名额分配表", 4, 3, 4, "符合", 1],
        ["后备名额", "名额分配表", 1, 1, 1, "符合", 0],
    ]


def test_the_required_number_says_whether_it_is_the_least_or_the_most(slate):
    sheet = opened(slate_workbook(slate.pk))["占比核验"]
    assert [sheet.cell(row, 5).number_format for row in (3, 4)] == ['"不少于 "0', '"不超过 "0']


def test_below_the_checks_of_a_broken_list_stands_what_would_mend_it(slate):
    Slate.objects.filter(pk=slate.pk).update(state=SlateState.SIGNED)
    entries = slate.entries.filter(kind=EntryKind.REGULAR).order_by("rank")
    relabel(Nomination.objects.filter(pk=entries[1].nomination_id), non_public=False)
    waiting = make_nomination(slate.round_award, slate.body, nominee_name="候选企业")
    make_nomination(slate.round_award, slate.body, non_public=False)
    rows = cells(slate_workbook(slate.pk), "占比核验")
    assert rows[2] == ["非公有制占比", "苏组通〔2019〕65号 二.3", 3, 1, 2, "不符合", -1]
    reserve = slate.entries.get(kind=EntryKind.RESERVE).nomination
    last = entries[2].nomination
    assert [[value for value in row if value is not None] for row in rows[5:]] == [
        [],
        ["调整建议"],
        ["增加 1 家非公有制单位，或者减少 1 家公有制单位，即可符合全部规定。"],
        [f"增加 1 家非公有制单位：拟推荐库中有 2 个可选：{reserve}、{waiting}。"],
        [f"或者减少 1 家公有制单位：{last}。"],
    ]


def test_nothing_is_advised_on_a_list_that_has_left(slate):
    relabel(Nomination.objects.filter(entries__slate=slate), non_public=False)
    rows = cells(slate_workbook(slate.pk), "占比核验")
    assert rows[2][5] == "不符合"
    assert len(rows) == 5


def test_removed_entries_are_left_out(slate):
    slate.entries.filter(kind=EntryKind.RESERVE).update(
        removed_at=datetime.fromisoformat("2026-05-05T00:00Z")
    )
    assert len(cells(slate_workbook(slate.pk), "汇总表")) == 2 + 3


def test_the_city_is_the_units_own_also_over_the_industry_channel(slate):
    union = make_body("320000GH01", name="省教育科技工会", level="industry")
    nomination = slate.entries.first().nomination
    nomination.body, nomination.channel = union, Channel.INDUSTRY
    nomination.save()
    row = cells(slate_workbook(slate.pk), "汇总表")[2]
    assert row[9:12] == ["苏州市", "常熟市", "省教育科技工会"]


def test_the_workbook_is_chinese_whoever_asks(slate):
    with override("en"):
        english = slate_workbook(slate.pk)
    assert english == slate_workbook(slate.pk)


def test_the_same_data_gives_the_same_bytes(slate):
    first = slate_workbook(slate.pk)
    time.sleep(2.1)  # the archive's clock ticks in steps of two seconds
    assert slate_workbook(slate.pk) == first


def test_statements_do_not_grow_with_the_list(slate, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        slate_workbook(slate.pk)
    for rank in range(4, 24):
        nomination = make_nomination(slate.round_award, slate.body)
        slate.entries.create(nomination=nomination, kind=EntryKind.REGULAR, rank=rank)
    with django_assert_max_num_queries(9):
        slate_workbook(slate.pk)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@name", '=HYPERLINK("http://x")'])
def test_text_is_never_a_formula(slate, text):
    nomination = slate.entries.first().nomination
    nomination.nominee_name = text
    nomination.save()
    cell = opened(slate_workbook(slate.pk))["汇总表"]["D3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_characters_that_no_sheet_can_hold_are_dropped(slate):
    nomination = slate.entries.first().nomination
    nomination.nominee_name = "车\x0b间\x01"
    nomination.save()
    assert opened(slate_workbook(slate.pk))["汇总表"]["D3"].value == "车间"


def test_it_prints_on_a4_across_with_its_header_on_every_page(slate):
    sheet = opened(slate_workbook(slate.pk))["汇总表"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$2:$2", "A3")
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:Q1"]


def test_before_the_naming_the_final_list_is_empty(slate):
    rows = cells(final_workbook(slate.round_award_id), "汇总表")
    assert rows[0][0] == "模范职工之家命名名单汇总表"
    assert rows[2:] == []


def test_the_final_list_holds_the_named(db):
    province = make_body("320000", name="江苏省", level="province")
    award = make_award("model_home", name="模范职工之家")
    allotment = make_allotment(make_round_award(award=award), province, places=3)
    slate = make_slate(allotment, non_public=2, reserves=1, state=SlateState.NAMED)
    regular = [entry.nomination for entry in slate.entries.filter(kind=EntryKind.REGULAR)]
    for nomination in regular:
        nomination.status = NominationState.NAMED
        nomination.save()
    make_naming(slate)
    rows = cells(final_workbook(slate.round_award_id), "汇总表")
    assert rows[0][0] == "江苏省模范职工之家命名名单汇总表"
    assert [row[1] for row in rows[2:]] == [nomination.number for nomination in regular]
    assert {row[16] for row in rows[2:]} == {"已命名"}


def make_naming(slate):
    nomination = slate.entries.first().nomination
    return slate.__class__.naming.related.related_model.objects.create(
        slate=slate,
        round_award=slate.round_award,
        title="关于命名模范职工之家的决定",
        document_number="苏工发〔2026〕1号",
        decided_on="2026-09-01",
        decided_by=nomination.created_by,
        decided_at=datetime.fromisoformat("2026-09-01T02:00Z"),
    )


# --- reading: what is understood -----------------------------------------------------------------------------


def test_a_unit_is_read_with_its_place():
    (row,) = read_one().rows
    assert (row.source.sheet, row.source.row) == ("表1", 2)
    assert row.source.headings["credit_code"].letter == "B"
    assert (row.name, row.control, row.employees) == ("常熟市测试有限公司", Control.PRIVATE, 120)


def test_a_nomination_is_read():
    data = nominations([NOMINATION | {"统一社会信用代码": "x", "申报人账号": "li"}])
    (row,) = read_nominations(data, list(STANDARD.values())).rows
    assert row.answers == {"集体类型": "班组", "集体人数": "12", "工会经费足额拨缴": "是"}
    assert (row.self_score, row.channel) == (9_550, Channel.TERRITORIAL)


def test_columns_may_stand_in_another_order_under_a_title():
    headings = [column.heading for column in reversed(EMPLOYER_COLUMNS)]
    table = read_employers(workbook(headings, [EMPLOYER], title="单位登记表"))
    assert not table.problems
    assert (table.rows[0].source.row, table.rows[0].name) == (3, EMPLOYER["单位名称"])


def test_an_unknown_column_is_named_and_left_alone():
    headings = [*(column.heading for column in EMPLOYER_COLUMNS), "备注"]
    table = read_employers(workbook(headings, [EMPLOYER | {"备注": "x"}]))
    assert not table.problems
    assert [(n.reason.code, n.reason.params["columns"]) for n in table.notices] == [
        ("columns_unknown", ["备注"])
    ]


def test_columns_that_need_not_be_there_may_be_missing():
    table = read_employers(workbook(list(EMPLOYER), [EMPLOYER]))
    assert not table.problems
    assert codes(table.notices) == ["columns_absent"]


@pytest.mark.parametrize(
    ("heading", "typed", "field", "value"),
    [
        ("职工人数", "１２０", "employees", 120),
        ("职工人数", "1,200", "employees", 1200),
        ("职工人数", " 120 ", "employees", 120),
        ("职工人数", 120.0, "employees", 120),
        ("职工人数", None, "employees", 0),
        ("国有资本占比（%）", None, "state_capital_permille", None),
        ("国有资本占比（%）", 0, "state_capital_permille", 0),
        ("国有资本占比（%）", 51, "state_capital_permille", 510),
        ("国有资本占比（%）", 33.3, "state_capital_permille", 333),
        ("国有资本占比（%）", "51%", "state_capital_permille", 510),
        ("国有资本占比（%）", "５１％", "state_capital_permille", 510),
        ("国有资本占比（%）", "0.5%", "state_capital_permille", 5),
        ("国有资本占比（%）", "510‰", "state_capital_permille", 510),
        ("单位名称", "\u202d常熟公司\u202c\u200b", "name", "常熟公司"),
        ("单位名称", "\u3000常熟 公司\xa0", "name", "常熟 公司"),
        ("所在县（市、区）代码", 320581, "body", "320581"),
        ("所在县（市、区）代码", "３２０５８１", "body", "320581"),
        ("控股情况", "私人控股 ", "control", Control.PRIVATE),
        ("控股情况", None, "control", Control.UNKNOWN),
        ("单位性质", None, "sector", Sector.ENTERPRISE),
        ("单位性质", "其他组织", "sector", Sector.OTHER),
    ],
)
def test_the_same_thing_typed_in_many_ways(heading, typed, field, value):
    table = read_one(**{heading: typed})
    assert not table.problems
    assert getattr(table.rows[0], field) == value


def test_blank_rows_between_are_passed_over():
    table = read_employers(employers([EMPLOYER, {}, {"单位名称": "  "}, EMPLOYER]))
    assert [row.source.row for row in table.rows] == [2, 5]


def test_the_forms_that_we_hand_out_are_the_forms_that_we_read():
    for template, read, columns in (
        (employer_template(), read_employers, EMPLOYER_COLUMNS),
        (nomination_template(), read_nominations, NOMINATION_COLUMNS),
    ):
        book = opened(template)
        sheet = book.worksheets[0]
        assert [str(cell.value).rstrip("*") for cell in sheet[1]] == [column.heading for column in columns]
        assert codes(read(template).problems) == ["rows_none"]
        assert template == (employer_template() if read is read_employers else nomination_template())


# --- reading: tables as people leave them --------------------------------------------------------------------


def test_a_header_over_two_rows_is_one_sentence():
    def spoil(sheet):
        sheet.insert_rows(2)
        for column in range(1, len(EMPLOYER) + 1):
            if column not in {6, 7, 8}:
                sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
        for column in (6, 7, 8):
            sheet.cell(2, column).value = sheet.cell(1, column).value
            sheet.cell(1, column).value = None
        sheet["F1"] = "人数"
        sheet.merge_cells("F1:H1")

    problem = only_problem(read_employers(workbook(list(EMPLOYER), [EMPLOYER, EMPLOYER], spoil=spoil)))
    assert (problem.reason.code, problem.sheet, problem.row) == ("header_two_rows", "表1", 1)
    assert "第 1 至 2 行" in str(sentence(problem.reason))


def test_a_header_over_two_rows_that_are_not_merged_is_one_sentence():
    def spoil(sheet):
        sheet.insert_rows(2)
        sheet["G2"], sheet["G1"] = sheet["G1"].value, "其中"

    problem = only_problem(read_employers(workbook(list(EMPLOYER), [EMPLOYER], spoil=spoil)))
    assert problem.reason.code == "header_two_rows"


def test_hidden_rows_and_columns_are_read_and_named():
    def spoil(sheet):
        for row in (3, 4, 6):
            sheet.row_dimensions[row].hidden = True
        sheet.row_dimensions[900].hidden = True
        sheet.column_dimensions["E"].hidden = True

    table = read_employers(workbook(list(EMPLOYER), [EMPLOYER] * 6, spoil=spoil))
    assert (len(table.rows), table.problems) == (6, ())
    notices = {notice.reason.code: notice.reason.params for notice in table.notices}
    assert notices["rows_hidden"] == {"rows": ["3–4", "6"], "number": 3}
    assert notices["columns_hidden"] == {"columns": ["E 国有资本占比（%）"]}
    assert "第 3–4、6 行" in str(sentence(table.notices[-2].reason))


@pytest.mark.parametrize("blank", ["\u3000", "\u200b", "\u202d\u202c", "\ufeff \xa0", "\u2060\u200e"])
def test_rows_of_marks_that_nobody_sees_are_blank(blank):
    rows = [EMPLOYER, {"单位名称": blank, "统一社会信用代码": blank, "所在县（市、区）代码": blank}, EMPLOYER]
    table = read_employers(employers(rows))
    assert ([row.source.row for row in table.rows], table.problems) == ([2, 4], ())
    assert "rows_passed_over" not in codes(table.notices)


def test_a_header_that_is_repeated_below_is_one_sentence():
    heading = {name: name for name in EMPLOYER}
    rows = [EMPLOYER, {}, {"单位名称": "第二批"}, heading, EMPLOYER | {"职工人数": "多"}]
    problem = only_problem(read_employers(employers(rows)))
    assert (problem.reason.code, problem.row) == ("header_again", 5)
    assert str(sentence(problem.reason)).startswith("第 5 行又是表头")


def test_numbers_filled_down_beforehand_make_no_row():
    rows = [EMPLOYER | {"序号": 1}, EMPLOYER | {"序号": 2}, *({"序号": n} for n in range(3, 101))]
    table = read_employers(workbook(["序号", *EMPLOYER], rows))
    assert ([row.source.row for row in table.rows], table.problems) == ([2, 3], ())
    assert codes(table.notices) == ["columns_unknown", "columns_absent"]


def test_formulas_filled_down_beforehand_make_no_row():
    def spoil(sheet):
        for row in range(4, 300):
            sheet[f"F{row}"] = f'=IF(A{row}="","",120)'

    table = read_employers(workbook(list(EMPLOYER), [EMPLOYER, EMPLOYER], spoil=spoil))
    assert (len(table.rows), table.problems) == (2, ())


@pytest.mark.parametrize(
    ("filled", "counts"),
    [
        (["单位名称"], False),
        (["职工人数"], False),
        (["单位名称", "职工人数"], True),
        (["职工人数", "党员人数"], True),
        (["单位名称", "统一社会信用代码", "所在县（市、区）代码"], True),
    ],
)
def test_a_row_counts_when_enough_of_it_is_filled(filled, counts):
    table = read_employers(employers([EMPLOYER, {name: EMPLOYER[name] for name in filled}]))
    complete = len(filled) == 3
    assert (len(table.rows), bool(table.problems)) == (1 + complete, counts and not complete)
    passed = [notice for notice in table.notices if notice.reason.code == "rows_passed_over"]
    assert [notice.reason.params["rows"] for notice in passed] == ([] if counts else [["3"]])


def test_a_file_of_rows_with_one_cell_each_is_empty_and_says_which_rows():
    table = read_employers(employers([{"单位名称": "甲公司"}]))
    assert only_problem(table).reason.code == "rows_none"
    assert "rows_passed_over" in codes(table.notices)


@pytest.mark.parametrize(
    ("typed", "number_format", "permille"),
    [(1, "0%", 1000), (0.51, "0%", 510), (0.333, "0.0%", 333), (0, "0%", 0), (0.005, "0.00%", 5)],
)
@pytest.mark.parametrize("heading", ["国有资本占比（%）", "国有资本占比（‰）", "国有资本占比"])
def test_a_share_shown_per_cent_is_what_the_sheet_shows(heading, typed, number_format, permille):
    def spoil(sheet):
        sheet["B2"].number_format = number_format

    rows = [EMPLOYER | {heading: typed}]
    headings = [
        "单位名称",
        heading,
        *(name for name in EMPLOYER if name not in {"单位名称", "国有资本占比（%）"}),
    ]
    table = read_employers(workbook(headings, rows, spoil=spoil))
    assert not table.problems
    assert table.rows[0].state_capital_permille == permille


@pytest.mark.parametrize(
    ("typed", "code"), [(51, "cell_percent_or_permille"), ("510", "cell_percent_or_permille")]
)
def test_under_the_heading_of_old_forms_a_bare_number_is_asked_about(typed, code):
    heading = "国有资本占比（‰）"
    headings = ["单位名称", heading, "统一社会信用代码", "所在县（市、区）代码"]
    problem = only_problem(read_employers(workbook(headings, [EMPLOYER | {heading: typed}])))
    assert (problem.reason.code, problem.cell) == (code, "B2")
    clear = read_employers(workbook(headings, [EMPLOYER | {heading: "51%"}, EMPLOYER | {heading: 0}]))
    assert [row.state_capital_permille for row in clear.rows] == [510, 0]


@pytest.mark.parametrize(
    ("written", "kept"), [("95.550000000000011", 9555), ("9.5550000000000011E1", 9555), ("0.1e2", 1000)]
)
def test_numbers_are_what_the_sheet_shows(written, kept):
    headings = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{word}</t></is></c>'
        for letter, word in zip("ABCD", ("奖项", "统一社会信用代码", "申报人账号", "自评分"), strict=True)
    )
    cells = "".join(f'<c r="{letter}2" t="str"><v>x</v></c>' for letter in "ABC")
    data = hostile.archive(
        hostile.sheet(f'<row r="1">{headings}</row><row r="2">{cells}<c r="D2"><v>{written}</v></c></row>')
    )
    assert read_nominations(data).rows[0].self_score == kept


def test_phonetic_guides_escapes_and_runs_of_a_text():
    strings = (
        "<si><r><t>常熟</t></r><r><t xml:space='preserve'>_x000D_ 公司</t></r>"
        "<rPh sb='0' eb='2'><t>チャンシュ</t></rPh></si>"
    )
    cells = '<c r="A2" t="s"><v>0</v></c><c r="B2" t="str"><v>x</v></c><c r="C2" t="str"><v>y</v></c>'
    data = hostile.archive(hostile.sheet(f'{hostile.HEADER}<row r="2">{cells}</row>'), strings)
    assert read_employers(data).rows[0].name == "常熟 公司"


def test_rows_and_cells_without_an_address_follow_each_other():
    cells = "".join(f'<c t="str"><v>{word}</v></c>' for word in "xyz")
    data = hostile.archive(hostile.sheet(f"{hostile.HEADER}<row>{cells}</row>"))
    (row,) = read_employers(data).rows
    assert (row.source.row, row.name, row.body) == (2, "x", "Z")


# --- reading: what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "typed", "code"),
    [
        ("统一社会信用代码", 913205810000000000, "cell_digits_lost"),
        ("统一社会信用代码", "3.20581E+17", "cell_digits_lost"),
        ("单位名称", None, "cell_required"),
        ("单位名称", "长" * 121, "cell_too_long"),
        ("单位名称", datetime(2026, 3, 1), "cell_is_date"),  # noqa: DTZ001 -- as a cell holds it
        ("职工人数", "120人", "cell_not_whole"),
        ("职工人数", 1.5, "cell_not_whole"),
        ("职工人数", -1, "cell_out_of_range"),
        ("国有资本占比（%）", 100.1, "cell_percent_out_of_range"),
        ("国有资本占比（%）", -1, "cell_percent_out_of_range"),
        ("国有资本占比（%）", 0.5, "cell_percent_or_part"),
        ("国有资本占比（%）", 1, "cell_percent_or_part"),
        ("国有资本占比（%）", 33.33, "cell_not_percent"),
        ("国有资本占比（%）", "过半", "cell_not_percent"),
        ("国有资本占比（%）", "%", "cell_not_percent"),
        ("控股情况", "民营", "cell_not_choice"),
        ("地址", "#N/A", "cell_is_error"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(heading, typed, code):
    problem = only_problem(read_one(**{heading: typed}))
    assert (problem.reason.code, problem.sheet, problem.row, problem.heading) == (code, "表1", 2, heading)


@pytest.mark.parametrize("typed", [95.555, "九十五", -1, 100.01, 1000])
def test_points_have_two_decimals(typed):
    row = NOMINATION | {"统一社会信用代码": "x", "申报人账号": "li", "自评分": typed}
    assert only_problem(read_nominations(nominations([row]))).reason.code == "cell_not_points"


def test_points_of_a_cell_end_where_those_of_the_form_end():
    row = NOMINATION | {"统一社会信用代码": "x", "申报人账号": "li", "自评分": 100}
    assert read_nominations(nominations([row])).rows[0].self_score == rules.MOST_SELF_SCORE


def test_all_problems_at_once():
    table = read_employers(
        employers([EMPLOYER | {"单位名称": None, "职工人数": "多"}, EMPLOYER | {"控股情况": "?"}])
    )
    assert [(p.cell, p.reason.code) for p in table.problems] == [
        ("A2", "cell_required"),
        ("I2", "cell_not_whole"),
        ("G3", "cell_not_choice"),
    ]


def test_missing_columns_are_named():
    problem = only_problem(read_employers(workbook(["单位名称", "地址", "党员人数"], [EMPLOYER])))
    assert problem.reason.code == "columns_missing"
    assert problem.reason.params["columns"] == ["统一社会信用代码", "所在县（市、区）代码"]


def test_a_column_twice_is_named():
    headings = [*(column.heading for column in EMPLOYER_COLUMNS), "单位名称"]
    problem = only_problem(read_employers(workbook(headings, [EMPLOYER])))
    assert (problem.reason.code, problem.reason.params["columns"]) == ("column_twice", ["A", "Y"])


def test_without_a_header_row_the_wanted_columns_are_named():
    problem = only_problem(read_employers(workbook(["甲", "乙"], [{"甲": 1}])))
    assert problem.reason.code == "header_missing"


def test_merged_cells_are_named_by_address():
    table = read_employers(employers([EMPLOYER, EMPLOYER], spoil=lambda sheet: sheet.merge_cells("D2:D3")))
    problem = only_problem(table)
    assert (problem.reason.code, problem.reason.params["address"]) == ("cell_merged", "D2:D3")
    assert not table.rows


def test_a_merged_title_is_no_matter():
    table = read_employers(
        employers([EMPLOYER], title="单位登记表", spoil=lambda sheet: sheet.merge_cells("A1:N1"))
    )
    assert not table.problems


def test_formulas_are_named_by_address_run_by_run():
    def spoil(sheet):
        for address in ("H2", "H3", "J3"):
            sheet[address] = "=SUM(1,2)"

    table = read_employers(employers([EMPLOYER, EMPLOYER], spoil=spoil))
    assert codes(table.problems) == ["cell_formula"] * 2
    assert [p.reason.params["address"] for p in table.problems] == ["H2:H3", "J3"]


def test_hidden_sheets_and_sheets_without_a_header_are_not_read_and_that_is_said():
    def spoil(sheet):
        sheet.parent.create_sheet("说明")["A1"] = "请填写"
        hidden = sheet.parent.copy_worksheet(sheet)
        hidden.sheet_state = "hidden"

    table = read_employers(employers([EMPLOYER], spoil=spoil))
    assert sorted(codes(table.notices)) == ["sheet_hidden", "sheet_skipped"]
    assert len(table.rows) == 1


def test_too_many_rows():
    problem = only_problem(read_employers(employers([EMPLOYER] * (MAX_ROWS + 1))))
    assert (problem.reason.code, problem.reason.params["number"]) == ("rows_too_many", MAX_ROWS + 1)


def test_a_hundred_thousand_empty_rows_take_ten_times_as_long_as_ten_thousand():
    """And not a hundred times, on whatever machine; nor are they rows."""

    def spent(number):
        def spoil(sheet):
            bold = Font(bold=True)
            for row in range(3, number + 3):
                sheet.cell(row, 1).font = bold

        data = employers([EMPLOYER], spoil=spoil)
        begun = time.process_time()
        parse(data)
        return data, time.process_time() - begun

    data, many = spent(100_000)
    _data, few = spent(10_000)
    assert many < 30 * few
    table = read_employers(data)
    assert (len(table.rows), table.problems) == (1, ())


def test_a_stray_cell_far_away_is_named_instead_of_filling_the_memory():
    def spoil(sheet):
        sheet["XFD1048576"] = "x"

    problem = only_problem(read_employers(employers([EMPLOYER], spoil=spoil)))
    assert problem.reason.code == "sheet_reaches_too_far"
    assert problem.reason.params["address"] == "XFD1048576"


def zipped(**members: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file_old_or_protected"),
        ("单位名称,代码\n甲,1\n".encode(), "file_not_workbook"),
        (zipped(word__document_xml=b"<w/>"), "file_is_document"),
        (zipped(content_xml=b"<o/>"), "file_not_workbook"),
        (zipped(xl__workbook_xml=b"<broken"), "file_damaged"),
        (b"PK\x03\x04 torn", "file_damaged"),
        (employers([EMPLOYER])[:-200], "file_damaged"),
        (b"PK\x03\x04" + b"\0" * MAX_BYTES, "file_too_large"),
    ],
)
def test_what_is_no_workbook_is_told_with_what_to_do(data, code):
    assert only_problem(read_employers(data)).reason.code == code


def test_an_archive_that_unpacks_without_end_is_refused():
    data = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"\0" * (201 * 1024 * 1024))
    assert len(data) < MAX_BYTES
    assert only_problem(read_employers(data)).reason.code == "file_unpacks_too_large"


def test_an_archive_that_lies_about_its_size_is_refused():
    content = b"\0" * 5_000_000
    data = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=content)
    assert data.count(struct.pack("<I", len(content))) >= 1
    lying = data.replace(struct.pack("<I", len(content)), struct.pack("<I", 100))
    assert only_problem(read_employers(lying)).reason.code == "file_damaged"


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    assert only_problem(read_employers(zipped(xl__workbook_xml=bomb))).reason.code == "file_damaged"


def test_a_torn_workbook_never_crashes():
    whole = employers([EMPLOYER])
    for cut in range(0, len(whole), 97):
        with pytest.raises(Refused):
            parse(whole[:cut])
    for place in range(0, len(whole), 7):
        bent = bytearray(whole)
        bent[place] ^= 0xFF
        with suppress(Refused):
            parse(bytes(bent))


@pytest.mark.parametrize(
    ("typed", "kept"), [(0.07, 7), (0.29, 29), (57.13, 5713), (99.99, 9999), ("88.8", 8880)]
)
def test_points_are_exact(typed, kept):
    row = NOMINATION | {"统一社会信用代码": "x", "申报人账号": "li", "自评分": typed}
    assert read_nominations(nominations([row])).rows[0].self_score == kept


def test_a_long_name_is_not_cut(db):
    employer = make_employer(name="很" * 120)
    slate = make_slate(make_allotment(make_round_award(), employer.body, places=1))
    slate.entries.create(
        nomination=make_nomination(slate.round_award, employer=employer), kind=EntryKind.REGULAR, rank=1
    )
    assert opened(slate_workbook(slate.pk))["汇总表"]["F3"].value == "很" * 120


def test_whatever_the_parser_refuses_has_its_type_with_these_figures():
    refused = [
        call
        for program in (parser, apart)
        for call in ast.walk(ast.parse(inspect.getsource(program)))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Refused"
    ]
    sent = {
        (call.args[0].value, frozenset(figure.arg for figure in call.keywords))
        for call in refused
        if isinstance(call.args[0], ast.Constant)
    }
    assert sent == {(code, frozenset(kind._figures)) for code, kind in reader._OF_FILE.items()}
