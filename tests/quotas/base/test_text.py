"""What people type and paste, as it is kept, compared, counted and found."""

import sys
import unicodedata
from decimal import Decimal

import pytest

from quotas.base import text

CODE = "91320581MF1234567A"
KEEPERS = [text.line, text.name, text.block, text.code, text.bare_code, text.telephone]
COMPARERS = [text.key, text.login, text.compact]
INVISIBLE = [
    "",
    " \t\r\n\x0b\x0c",
    "\u200b",
    "\u202c",
    "\u3000\xa0\u2003",
    "\x00\x07\x7f",
    "\ufeff\u2060\u00ad\u061c",
    "\ud800",
    "\ue000\U000f0000",
    "\uffff\U0001ffff",
    "\u3164\u2800\ufe0f\U000e0101",
    "\U000e0041",
]


@pytest.mark.parametrize("clean", KEEPERS + COMPARERS)
@pytest.mark.parametrize("pasted", INVISIBLE)
def test_what_cannot_be_seen_is_empty(clean, pasted):
    assert clean(pasted) == ""
    assert text.is_blank(pasted)
    assert text.written_length(pasted) == 0


@pytest.mark.parametrize("clean", KEEPERS + COMPARERS)
def test_no_mark_without_ink_passes(clean):
    marks = "".join(
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} and not char.isspace()
    )
    assert clean(f"甲{marks}乙") == "甲乙"


@pytest.mark.parametrize("clean", KEEPERS + COMPARERS)
def test_cleaning_twice_changes_nothing(clean):
    for pasted in (
        "\u202d 甲\u200b （乙）　ＡＢ c—d\u202c\r\n",
        "\u3000\u3000一、Ａ\n\n二\xa0三 \n",
        "ß ﬁ ½ ⅷ ｶﾞ",
    ):
        assert clean(clean(pasted)) == clean(pasted)


def test_ideographs_younger_than_the_interpreter_stay():
    assert text.line("王\U00031350\U0002ebf0\U000323b0") == "王\U00031350\U0002ebf0\U000323b0"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u202d常熟市总工会\u202c", "常熟市总工会"),
        ("  Wang\t\u3000 Wei \u2028", "Wang Wei"),
        ("一\r\n二", "一 二"),
        ("（常熟）", "（常熟）"),
    ],
)
def test_a_line(pasted, kept):
    assert text.line(pasted) == kept


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("江苏 恒源 （常熟） 有限公司", "江苏恒源（常熟）有限公司"),
        ("ＡＢＣ　１２ 号", "ABC 12号"),
        (" 张 三 ", "张三"),
        ("张　三", "张三"),
        ("Ａ１ 班组", "A1班组"),
        ("江苏公司（无锡）", "江苏公司（无锡）"),
        ("\u200b甲\x00乙", "甲乙"),
        ("Hengyuan  Precision", "Hengyuan Precision"),
    ],
)
def test_a_name(pasted, kept):
    assert text.name(pasted) == kept


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\r\n　　一、先进。 \u200b\r\n二\xa0三\r", "　　一、先进。\n二 三"),
        ("甲\u2028乙\u2029丙\x85丁\x00", "甲\n乙\n丙\n丁"),
        ("表\t头\n\n末", "表\t头\n\n末"),
    ],
)
def test_a_block(pasted, kept):
    assert text.block(pasted) == kept


@pytest.mark.parametrize(
    "pasted",
    [
        f"\u202d{CODE}\u202c",
        "9132 0581 MF12 3456 7A",
        "９１３２０５８１ｍｆ１２３４５６７ａ",
        "9132\u20130581\u2212MF12-3456－7A",
        "9132\u00ad0581MF\n1234567A",
    ],
)
def test_a_code_however_it_is_written(pasted):
    assert text.bare_code(pasted) == CODE


def test_the_number_of_a_document_keeps_its_punctuation():
    assert text.code("苏工发 〔２０２６〕 1 2号") == "苏工发〔2026〕12号"
    assert text.code("js－2026—a") == "JS-2026-A"


@pytest.mark.parametrize(
    "pasted", ["０５１２－５２８８　１２３４", "0512\u20115288 \u200b1234", "\u202d0512-5288  1234\u202c"]
)
def test_a_telephone(pasted):
    assert text.telephone(pasted) == "0512-5288 1234"


@pytest.mark.parametrize(
    "pasted", ["Changshu.Gonghui", "ｃｈａｎｇｓｈｕ．gonghui", " CHANGSHU.GONGHUI\u200b"]
)
def test_a_login_name_in_any_case(pasted):
    assert text.login(pasted) == "changshu.gonghui"


def test_two_teams_are_told_apart_by_what_can_be_read():
    assert text.key("甲班（一）A") == text.key("\u202d甲班 (一)a\u202c")
    assert text.key("1-2班") != text.key("12班")


@pytest.mark.parametrize(
    "pasted",
    [
        "江苏恒源（常熟）精密机械",
        "江苏恒源(常熟) 精密机械",
        "江苏恒源【常熟】·精密-机械",
        "江苏恒源常熟精密机械",
    ],
)
def test_a_search_sees_letters_and_digits_alone(pasted):
    assert text.compact(pasted) == "江苏恒源常熟精密机械"


def test_a_search_of_punctuation_alone_is_a_search_of_nothing():
    assert text.compact("（）-·《》%_+$") == ""


@pytest.mark.parametrize(
    ("given", "figure"),
    [
        ("95.550000000000011", "95.55"),
        (95.550000000000011, "95.55"),
        (31.85 * 3, "95.55"),
        (0.1 + 0.2, "0.3"),
        ("9.5550000000000011E1", "95.55"),
        ("1,234.5", "1234.5"),
        ("９５．５０", "95.5"),
        ("\u202d95.5\u202c ", "95.5"),
        ("-0", "0"),
        (".5", "0.5"),
        ("5.", "5"),
        (100, "100"),
        (1e22, "10000000000000000000000"),
        (Decimal("1.230"), "1.23"),
        (10**18 + 1, "1000000000000000001"),
    ],
)
def test_a_figure_is_what_a_spreadsheet_shows(given, figure):
    assert str(text.number(given)) == figure


@pytest.mark.parametrize(
    "given",
    [
        "",
        "abc",
        "12,34",
        "1.2.3",
        "100%",
        "９" * 5000,
        "0" * 5000,
        "1E400",
        "1E-400",
        "1E31",
        "NaN",
        "Infinity",
        10**400,
        True,
        None,
        float("nan"),
        float("inf"),
        Decimal("sNaN"),
        Decimal("1E+999999"),
        b"1",
        object(),
    ],
)
def test_what_is_no_figure(given):
    assert text.number(given) is None
    assert text.whole(given) is None


@pytest.mark.parametrize(
    ("given", "figure"), [("1 000", 1000), (3.0, 3), ("3.0", 3), ("3.5", None), (2.5, None)]
)
def test_a_whole_number(given, figure):
    assert text.whole(given) == figure


def test_length_is_counted_without_blanks_and_marks():
    assert text.written_length("甲 乙\n\u200b丙\u3000ab") == 5
