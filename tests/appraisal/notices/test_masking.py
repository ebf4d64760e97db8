"""What the public does not read of a name: known shapes only, however their digits are set apart."""

import pytest

from appraisal.notices.services.public import public

MASK = "********"


@pytest.mark.parametrize(
    "personal",
    [
        "13812345678",
        "138－1234－5678",
        "138.1234.5678",
        "138 1234 5678",
        "138—1234—5678",
        "１３８１２３４５６７８",
        "+86 138-1234-5678",
        "0512-52881234",
        "（0512）5288 1234",
        "０５１２－５２８８１２３４",
        "025-84731234",
        "52881234",
        "5288-1234",
        "320501198001010011",
        "320501 19800101 001x",
        "320501－19800101－001X",
        "6222 0213 0400 1234 567",
        "zhang.wei@example.com",
        "zhang.wei＠example.com",
    ],
)
def test_a_telephone_a_card_or_an_address_is_masked(personal):
    assert public(f"张三，{personal}，") == f"张三，{MASK}，"


@pytest.mark.parametrize(
    "name",
    [
        "2024-2025年度攻坚班组",
        "2024—2025年度",
        "２０２４－２０２５年度",
        "20240501班组",
        "110千伏变电站 2023 班",
        "第1234567车间",
        "江苏恒源（常熟）精密机械有限公司",
        "G2京沪高速",
        "91320581MF1234567A",
        "12345班",
    ],
)
def test_years_and_numbers_of_teams_stay(name):
    assert public(name) == name
