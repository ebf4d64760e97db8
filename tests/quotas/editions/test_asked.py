"""What an answer to a field may be, how it is kept, read from a workbook, and shown."""

from dataclasses import replace

import pytest

from quotas.base.states import FieldType as T
from quotas.base.wording import sentence
from quotas.editions.asked import (
    AskedField,
    Option,
    field_of,
    missing,
    normal,
    problems,
    read,
    shown,
    told_of,
)
from quotas.selection.labels import bearing
from tests.builders import HONOURS

OPTIONS = (Option("1", "制造业"), Option("2", "物流业"))


def field(type_, **more):
    options = OPTIONS if type_ in {T.CHOICE, T.CHOICES} else ()
    return AskedField(**{"key": "f", "label": "字段", "type": type_, "options": options} | more)


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        (T.TEXT, "  张  三 ", "张三"),
        (T.TEXT, " ", None),
        (T.LONG_TEXT, "一\r\n二 \n\n", "一\n二"),
        (T.NUMBER, 0, 0),
        (T.NUMBER, "", None),
        (T.NUMBER, None, None),
        (T.YES_NO, True, True),
        (T.YES_NO, False, None),
        (T.CHOICE, "1", "1"),
        (T.CHOICE, "", None),
        (T.CHOICES, ["2", "1", "1"], ["1", "2"]),
        (T.CHOICES, [], None),
        (T.MONTH, "2026-11", "2026-11"),
    ],
)
def test_an_answer_has_one_form(type_, given, kept):
    assert normal(field(type_), given) == kept


@pytest.mark.parametrize(
    ("asked", "answer", "code"),
    [
        (field(T.TEXT, most=2), "三个字", "text_too_long"),
        (field(T.LONG_TEXT), "字" * 2001, "text_too_long"),
        (field(T.NUMBER, least=3, most=5), 6, "answer_out_of_range"),
        (field(T.NUMBER, least=3, most=5), 2, "answer_out_of_range"),
        (field(T.NUMBER), "十二", "answer_out_of_range"),
        (field(T.NUMBER), True, "answer_out_of_range"),
        (field(T.DATE), "2026-02-30", "answer_not_day"),
        (field(T.DATE), "2026-11", "answer_not_day"),
        (field(T.MONTH), "2026-13", "answer_not_day"),
        (field(T.MONTH), "2026-11-28", "answer_not_day"),
        (field(T.YES_NO), "大概", "answer_not_yes_or_no"),
        (field(T.CHOICE), "3", "choice_unknown"),
        (field(T.CHOICES), ["1", "3"], "choice_unknown"),
        (HONOURS, [{"3": "9"}], "table_cell_wrong"),
        (HONOURS, [{"1": "字" * 21}], "table_cell_wrong"),
        (HONOURS, [{"1": "\ue000"}], "table_cell_wrong"),
        (HONOURS, [{"2": "2019-02-30"}], "table_cell_wrong"),
        (HONOURS, [{"1": "甲"}] * 4, "table_too_long"),
        (HONOURS, [{"1": "甲", "9": "乙"}], "table_line_too_wide"),
        (replace(HONOURS, type=T.PERSON), [{"4": 99}], "person_part_wrong"),
        (replace(HONOURS, type=T.PERSON), [{"1": "甲"}] * 2, "table_too_long"),
        (HONOURS, [{"1": "甲", "2": "2019-05", "3": "1", "4": 3}] * 3, None),
        (field(T.TEXT, most=2), "两字", None),
        (field(T.NUMBER, least=3, most=5), 3, None),
        (field(T.DATE), "1949-10-01", None),
        (field(T.MONTH), "2026-11", None),
        (field(T.CHOICES), ["1", "2"], None),
    ],
)
def test_what_is_no_answer_is_told(asked, answer, code):
    assert [(each.field, each.code) for each in problems(asked, answer)] == ([("f", code)] if code else [])


def test_what_is_wrong_with_a_cell_names_its_line_and_column():
    (found,) = problems(HONOURS, [{"1": "甲"}, {"4": 99}])
    assert str(sentence(found)).startswith("“获奖情况”第 2 行“次数”有误。数字不对。")
    # A table of nonsense is not answered with as many sentences as it has cells.
    assert len([*problems(replace(HONOURS, most=30), [{"3": "x", "4": 99}] * 30)]) == 10


@pytest.mark.parametrize(
    ("type_", "written", "answer"),
    [
        (T.YES_NO, "是", True),
        (T.YES_NO, "√", True),
        (T.YES_NO, "否", None),
        (T.YES_NO, "大概", "大概"),
        (T.NUMBER, "1,200", 1200),
        (T.NUMBER, "12.5", "12.5"),
        (T.NUMBER, "十二", "十二"),
        (T.DATE, "2026/1/5", "2026-01-05"),
        (T.DATE, "2026年1月5日", "2026-01-05"),
        (T.MONTH, "2026年1月", "2026-01"),
        (T.CHOICE, "物流业", "2"),
        (T.CHOICE, " 物流 业", "2"),
        (T.CHOICE, "农业", "农业"),
        (T.CHOICES, "物流业、制造业", ["1", "2"]),
        (T.CHOICES, "物流业；农业", ["2", "农业"]),
        (T.TEXT, " 一 ", "一"),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_field(type_, written, answer):
    assert read(field(type_), written) == answer


@pytest.mark.parametrize(
    ("type_", "answer", "word"),
    [
        (T.YES_NO, True, "是"),
        (T.YES_NO, None, "否"),
        (T.CHOICE, "2", "物流业"),
        (T.CHOICE, "9", "9"),
        (T.CHOICES, ["1", "2"], "制造业、物流业"),
        (T.NUMBER, 1200, "1,200 人"),
        (T.TEXT, None, ""),
    ],
)
def test_an_answer_is_shown_in_words(type_, answer, word):
    assert shown(field(type_, unit="人"), answer) == word


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("劳动奖章；2019年5月；省级；2", [{"1": "劳动奖章", "2": "2019-05", "3": "2", "4": 2}]),
        (" 甲 ; ; 国家级;\n\n 乙；", [{"1": "甲", "3": "1"}, {"1": "乙"}]),
        ("甲；2019；县级；几次", [{"1": "甲", "2": "2019", "3": "县级", "4": "几次"}]),
        ("甲；2019-05；省级；2；多出", [{"1": "甲", "2": "2019-05", "3": "2", "4": 2, "": "多出"}]),
        (" \n；；；", None),
    ],
)
def test_a_table_is_read_line_by_line(written, answer):
    assert read(HONOURS, written) == answer


def test_a_table_is_shown_as_it_is_read_and_masked_cell_by_cell():
    answer = [{"1": "全国五一劳动奖章", "2": "2019-05", "3": "1", "4": 3}, {"1": "甲"}]
    told = shown(HONOURS, answer)
    assert told == "全国五一劳动奖章；2019-05；国家级；3\n甲；；；"
    assert read(HONOURS, told) == answer
    assert shown(HONOURS, answer, masked=True) == "********；*******；***；*\n*；；；"


def test_a_table_keeps_lines_that_say_something():
    given = [{"1": " ", "4": ""}, {"1": " 甲 ", "4": 2}, {}]
    assert normal(HONOURS, given) == [{"1": "甲", "4": 2}]
    assert normal(HONOURS, [{"1": ""}]) is None


def test_an_open_cell_that_must_be_filled_in_is_told_before_it_is_handed_in():
    (found,) = missing([HONOURS], {"f": [{"1": "甲"}, {"2": "2019-05"}]}, frozenset())
    assert "第 2 行“荣誉名称”有误。没有填写。" in str(sentence(found))
    assert [each.code for each in missing([replace(HONOURS, required=True)], {}, frozenset())] == ["required"]


def test_what_must_be_answered_is_told_of_those_who_are_asked():
    must = field(T.TEXT, required=True)
    yes = field(T.YES_NO, key="g", required=True)
    workers = replace(must, key="h", asked_of=bearing("occupation:worker"))
    asked = (must, yes, workers)

    def codes(answers, *labels):
        return {(each.field, each.code) for each in missing(asked, answers, frozenset(labels))}

    assert codes({}) == {("f", "required"), ("g", "answer_yes_required")}
    assert codes({}, "occupation:worker") == {*codes({}), ("h", "required")}
    assert codes({"f": "一", "g": True, "h": "二"}) == {("h", "answer_not_asked")}
    assert codes({"f": "一", "g": True, "h": "二"}, "occupation:worker") == set()


def test_a_field_is_data_and_back():
    every = field(
        T.NUMBER, unit="万元", least=1, most=9, required=True, asked_of=bearing("a:b"), personal=True
    )
    assert field_of(told_of(every)) == every
    assert field_of(told_of(field(T.CHOICES))) == field(T.CHOICES)
    assert field_of(told_of(HONOURS)) == HONOURS
    times = field(T.TABLE, columns=(AskedField("1", "次数", T.NUMBER, least=0, most=0),))
    assert field_of(told_of(times)) == times
