"""The number of an application, as people read it out on the telephone: "26-00123-4".

Two digits of the year, a serial of five digits (more when a round outgrows them), and a check digit, which finds
every single wrong digit and almost every swap of two neighbours (Luhn).
"""

import re

from stdnum import luhn

from quotas.arithmetic.refusals import NumberCheckDigit, NumberMalformed
from quotas.base.errors import InvalidInput
from quotas.base.text import code

_SERIAL_DIGITS = 5
# all that looks like a dash, 一 and ー included
_SEPARATORS = re.compile(r"[-\u4e00\u30fc]+")
_DIGITS = re.compile(r"(?P<prefix>[0-9]{2})(?P<serial>[0-9]{5}|[1-9][0-9]{5,})(?P<check>[0-9])")


def number(prefix: int | str, serial: int) -> str:
    """The number of the application with this serial (from 1) in the year `prefix`, given as 2026, 26 or "26".

    Raises ValueError for a serial below 1 or a prefix that is not a year of two or four digits.

    Invariant: `parse(number(p, s)) == number(p, s)`, and different serials of a year have different numbers.
    """
    year = f"{prefix:02d}" if isinstance(prefix, int) else prefix
    if not re.fullmatch(r"(?:[0-9]{2}){1,2}", year):
        raise ValueError(f"not a year: {prefix!r}")
    if serial < 1:
        raise ValueError("serials are counted from 1")
    return _written(year[-2:], f"{serial:0{_SERIAL_DIGITS}d}")


def parse(text: str, field: str | None = None) -> str:
    """The number as `number` writes it, read from what somebody typed.

    Spaces, full-width digits and any kind of dash, or none, are accepted. Raises InvalidInput on `field`:
    NumberMalformed when the text has not the shape of a number, NumberCheckDigit when the check digit does not fit, so
    that one wrong digit never opens another application.
    """
    found = _DIGITS.fullmatch(_SEPARATORS.sub("", code(text)))
    if found is None:
        raise InvalidInput(NumberMalformed(field, text=text))
    written = _written(found["prefix"], found["serial"])
    if written[-1] != found["check"]:
        raise InvalidInput(NumberCheckDigit(field, text=text))
    return written


def _written(prefix: str, serial: str) -> str:
    return f"{prefix}-{serial}-{luhn.calc_check_digit(prefix + serial)}"
