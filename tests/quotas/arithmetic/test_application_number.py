"""Application numbers: read back what was written, tolerate how people type, find slips of the finger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotas.arithmetic.application_number import number, parse
from quotas.base.errors import InvalidInput

YEARS = st.integers(2000, 2099)
SERIALS = st.integers(1, 10**9)


def luhn_sum(digits):
    """The definition of the check: every second digit from the right counts double, less nine if above nine."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled)


@pytest.mark.parametrize(
    ("prefix", "serial", "written"),
    [
        (2026, 123, "26-00123-0"),
        (26, 123, "26-00123-0"),
        ("26", 123, "26-00123-0"),
        ("2026", 123, "26-00123-0"),
        (2005, 1, "05-00001-3"),
        (5, 1, "05-00001-3"),
        (26, 99999, "26-99999-5"),
        (26, 123456, "26-123456-1"),
    ],
)
def test_how_a_number_is_written(prefix, serial, written):
    assert number(prefix, serial) == written
    assert luhn_sum(written.replace("-", "")) % 10 == 0


@given(YEARS, SERIALS)
def test_what_was_written_is_read_back(year, serial):
    assert parse(number(year, serial)) == number(year, serial)


def test_every_serial_of_a_year_has_its_own_number():
    written = [number(2026, serial) for serial in range(1, 120_001)]
    assert len(set(written)) == len(written)
    assert len({text.replace("-", "") for text in written}) == len(written)


@pytest.mark.parametrize(
    "typed",
    [
        "26001230",
        " 26-00123-0\n",
        "26 00123 0",
        "2600123-0",
        "２６－００１２３－０",
        "26\u3000\uff10\uff10\uff11\uff12\uff13\u30000",
        "26\u201400123\u20140",
        "26\u2013\u201300123\u22120",
        "26\u201100123\u20110",
        "26一00123一0",
        "26ー00123ー0",
    ],
)
def test_how_people_type_is_understood(typed):
    assert parse(typed) == "26-00123-0"


@given(YEARS, SERIALS, st.data())
def test_one_wrong_digit_is_always_found(year, serial, data):
    written = number(year, serial)
    place = data.draw(st.sampled_from([place for place, sign in enumerate(written) if sign != "-"]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != written[place]]))
    with pytest.raises(InvalidInput):
        parse(written[:place] + wrong + written[place + 1 :])


def test_swapped_neighbours_are_found_except_nought_and_nine():
    for serial in range(1, 3000):
        digits = number(26, serial).replace("-", "")
        for place in range(len(digits) - 1):
            one, other = digits[place], digits[place + 1]
            if one == other or {one, other} == {"0", "9"}:
                continue
            with pytest.raises(InvalidInput):
                parse(digits[:place] + other + one + digits[place + 2 :])


def test_a_wrong_check_digit_names_field_and_text():
    with pytest.raises(InvalidInput) as refused:
        parse("26-00123-4", field="number")
    assert (refused.value.field, refused.value.code) == ("number", "number_check_digit")
    assert refused.value.params == {"text": "26-00123-4"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "abc",
        "26-0123-4",
        "2600123x",
        "+26001230",
        "26.00123.0",
        "26-00123-0 26-00123-0",
        "二六001230",
    ],
)
def test_what_is_no_number_is_called_malformed(text):
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert refused.value.code == "number_malformed"


def test_a_serial_padded_too_far_is_no_second_way_to_write_a_number():
    padded = next(f"26-000123-{check}" for check in range(10) if luhn_sum(f"26000123{check}") % 10 == 0)
    with pytest.raises(InvalidInput, match="number_malformed"):
        parse(padded)


@pytest.mark.parametrize(
    ("prefix", "serial", "message"),
    [
        (26, 0, "from 1"),
        (26, -1, "from 1"),
        (126, 1, "not a year"),
        (-6, 1, "not a year"),
        ("6", 1, "not a year"),
        ("A6", 1, "not a year"),
        ("", 1, "not a year"),
        (20260, 1, "not a year"),
    ],
)
def test_a_number_needs_a_year_and_a_serial(prefix, serial, message):
    with pytest.raises(ValueError, match=message):
        number(prefix, serial)
