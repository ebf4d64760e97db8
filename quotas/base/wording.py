"""How a refusal and its figures are read on screen, in the language of the reader.

A refusal brings its figures and its words (`quotas.base.errors`); both are translated here, when they are shown. Values
of a vocabulary (anything with a `label`) are shown by their word, moments and days in the time of China.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import singledispatch
from typing import Any, TypeVar

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext

from quotas.base.clock import SHANGHAI
from quotas.base.errors import DomainError, Reason

Text = str | Promise
T = TypeVar("T")


@dataclass(frozen=True)
class Sentence:
    """The three parts as they are read. `str()` joins them, for one line under a field."""

    what: str
    figures: str
    remedy: str

    def __str__(self) -> str:
        return "".join(part for part in (self.what, self.figures, self.remedy) if part)


def sentence(reason: Reason) -> Sentence:
    """The three parts of one reason, in the language of the reader."""
    figures = {name: word(getattr(reason, name)) for name in reason.words.placeholders}
    return Sentence(*(gettext(part) % figures if part else "" for part in reason.words))


def sentences(error: DomainError) -> list[Sentence]:
    """All reasons of a refusal, each as its three parts."""
    return [sentence(reason) for reason in error.reasons]


def word(value: Any) -> str:
    """How one figure is written: a label by its word, a moment as 2026年11月20日 17:30, a share as 2/5."""
    if value is None:
        return gettext("无")
    # A refusal within a refusal is its sentence, also where one of its figures is called label.
    worded = hasattr(value, "label") and not isinstance(value, Reason)
    return str(value.label) if worded else _written(value)


def mixed(value: Fraction) -> str:
    """A fraction with its whole part, for tables of claims: 3 又 5/13; 5/13; 3."""
    whole, rest = divmod(value.numerator, value.denominator)
    if not rest:
        return f"{whole:,}"
    part = f"{rest}/{value.denominator}"
    return gettext("%(whole)s 又 %(part)s") % {"whole": f"{whole:,}", "part": part} if whole else part


@singledispatch
def _written(value: object) -> str:
    return str(value)


def register_word(kind: type[T]) -> Callable[[Callable[[T], str]], Callable[[T], str]]:
    """Make the function write figures of a kind: values of pure rooms bring no word of their own."""
    return _written.register(kind)


@_written.register
def _written_enum(value: Enum) -> str:
    return str(value.value)


@_written.register(bool)
def _written_bool(value: object) -> str:
    return gettext("是") if value else gettext("否")


@_written.register
def _written_int(value: int) -> str:
    return f"{value:,}"


@_written.register
def _written_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


@_written.register
def _written_datetime(value: datetime) -> str:
    return format_date(value.astimezone(SHANGHAI), gettext("Y年n月j日 H:i"))


@_written.register
def _written_date(value: date) -> str:
    return format_date(value, gettext("Y年n月j日"))


@_written.register
def _written_reason(value: Reason) -> str:
    return str(sentence(value))


@_written.register(list | tuple | set | frozenset)
def _written_iterable(value: Iterable[object]) -> str:
    return gettext("、").join(word(item) for item in value)


_NUMBERED = re.compile(r"[^\s《》（）()，。；、“”]{1,20}[〔\[［(（]\d{4}[〕\]］)）]\s*\d+\s*号")
"""The number of a document: 苏组通〔2019〕65号."""


def cited(source: str) -> str:
    """How a sentence names the paper it rests on: a title stands in title marks, the number of a document does not.

    What has its title marks already stays as it is.
    """
    if "《" in source or not source:
        return source
    number = _NUMBERED.search(source)
    title = (source[: number.start()] + source[number.end() :] if number else source).strip(" 　，,（）()")
    if not number:
        return f"《{title}》"
    return f"{number[0]}《{title}》" if title else number[0]
