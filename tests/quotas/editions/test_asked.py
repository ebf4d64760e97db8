"""What an answer to a field may be, how it is kept, read from a workbook, and shown."""

from dataclasses import replace

import pytest

from quotas.base.states import FieldType as T
from quotas.editions.asked import AskedField, Option, field_of, missing, normal, problem, read, shown, told_of
from quotas.selection.labels import bearing

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
        (field(T.TEXT, most=2), "两字", None),
        (field(T.NUMBER, least=3, most=5), 3, None),
        (field(T.DATE), "1949-10-01", None),
        (field(T.MONTH), "2026-11", None),
        (field(T.CHOICES), ["1", "2"], None),
    ],
)
def test_what_is_no_answer_is_told(asked, answer, code):
    found = problem(asked, answer)
    assert (found and (found.field, found.code)) == (("f", code) if code else None)


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
