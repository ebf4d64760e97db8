"""What people type and paste: how it is kept, compared, counted and found.

Everything that reaches a column, a comparison or a search goes through one of these functions, and nobody else strips
or normalises. Text is kept as people see it: marks without ink (directions, joiners, zero width, NUL, halves of
characters) are dropped, and every kind of white space is a blank. A text of nothing else is empty.

kept      `line`, `name`, `block`, `code`, `bare_code`, `telephone`
refused   `private_use`, in names; `required_text`, what cannot be seen where an act demands a text
compared  `key`, `login`
found     `compact`
counted   `written_length`, `number`, `whole`
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from quotas.base.errors import FieldProblem, InvalidInput

_BLANKS = re.compile(r"\s+")
# The categories of what has no ink: control, format, surrogate, private use, unassigned.
_WITHOUT_INK = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Fillers and selectors of a glyph, which have no ink either though their category is that of a letter or an accent.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]+"
)
# Two planes hold ideographs only. Rare names use those that are younger than the tables of the interpreter.
_IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Blanks that may stand within a line of several: an indent of Chinese paragraphs is two wide ones.
_ODD_BLANKS = re.compile("[^\\S\n\t \u3000]")
_BLANKS_AT_END = re.compile("[ \t\u3000]+(?=\n|$)")
_CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_BLANK_BESIDE_CHINESE = re.compile(rf"(?<={_CHINESE}) | (?={_CHINESE})")
_HALF_WIDTH = {
    full: full - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for full in range(ord(first), ord(last) + 1)
}
_HALF_WIDTH_ALL = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58]")

_FIGURE = re.compile(
    r"[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)(?:E[+-]?[0-9]{1,3})?"
)
_LONGEST_NUMBER = 60
"""The most characters of a number: anything longer is not one of our figures, and reading it would cost time."""
_LARGEST_EXPONENT = 30
_AS_SHOWN = Context(prec=15, rounding=ROUND_HALF_UP)
"""A spreadsheet stores 31.85 × 3 as 95.550000000000011 and shows fifteen digits: 95.55."""


def _inked(text: str) -> str:
    """The text without what has no ink; white space stays."""
    text = _FILLERS.sub("", text)
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isspace() or _has_ink(char))


def _has_ink(char: str) -> bool:
    return unicodedata.category(char) not in _WITHOUT_INK or ord(char) in _IDEOGRAPHIC_PLANES


def _folded(text: str) -> str:
    """One width for letters, digits and punctuation, one dash, no white space."""
    return _DASHES.sub("-", _BLANKS.sub("", _inked(unicodedata.normalize("NFKC", text))))


# Kept


def line(text: str) -> str:
    """One line as people see it: every run of white space is one space, none at the ends."""
    return _BLANKS.sub(" ", _inked(text)).strip()


def name(text: str) -> str:
    """A line with half-width letters and digits and no space beside a Chinese character.

    Punctuation stays as typed: （） in a Chinese name are right.
    """
    return _BLANK_BESIDE_CHINESE.sub("", line(text.translate(_HALF_WIDTH)))


def block(text: str) -> str:
    """Several lines as people see them: line ends are one, no blanks at the end of a line, no empty first or last one.

    Indents of wide blanks, as Chinese paragraphs have them, and blanks within a line stay.
    """
    lines = _inked(_LINE_ENDS.sub("\n", text))
    return _BLANKS_AT_END.sub("", _ODD_BLANKS.sub(" ", lines)).strip(" \t\n")


def private_use(text: str) -> int:
    """Where the first character stands that only the writer's own machine can show, counted from 1; 0 where none does.

    Rare characters of names are typed so by some input methods. Nobody else could read them, and to drop them would
    leave another name.
    """
    return next((place for place, char in enumerate(text, 1) if unicodedata.category(char) == "Co"), 0)


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return not line(text)


def code(text: str) -> str:
    """A code or the number of a document: half-width, upper case, no white space, every dash the same."""
    return _folded(text).upper()


def bare_code(text: str) -> str:
    """A code in which dashes only separate: credit codes, numbers of identity cards."""
    return code(text).replace("-", "")


def telephone(text: str) -> str:
    """Telephone numbers as people write them, in half-width: one space between groups, every dash the same."""
    return _DASHES.sub("-", line(unicodedata.normalize("NFKC", text)))


def half_width(text: str) -> str:
    """The same number of characters, digits, letters and marks of ASCII in half-width."""
    return text.translate(_HALF_WIDTH_ALL)


# Compared


def key(text: str) -> str:
    """Two writings of one word or name have one key: width, blanks, kinds of dashes and case do not count."""
    return _folded(text).casefold()


def login(text: str) -> str:
    """A login name as it is compared, everywhere: in any case, in any width."""
    return key(text)


# Found


def compact(text: str) -> str:
    """Letters and digits alone, half-width, upper case: what is stored to be searched, and what is searched for.

    People write or leave out brackets, dashes and dots, in two widths, so none of them counts.
    """
    return "".join(char for char in _folded(text).upper() if unicodedata.category(char)[0] not in "PSZ")


# Counted


def written_length(text: str) -> int:
    """Characters without spaces and line breaks, which is how the notices count the length of a text."""
    return len(_BLANKS.sub("", _inked(text)))


def masked(text: str) -> str:
    """320***********1234: enough to tell two people apart, not enough to misuse. A short one is masked whole."""
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) > _SHORT else "*" * len(text)


_SHORT = 10
"""Of so many characters seven would be nearly all."""


def number(value: object) -> Decimal | None:
    """A figure as a spreadsheet shows it, with fifteen significant digits; None when it is no figure.

    Takes what a cell or a form holds: text, int, Decimal or the float of a reader, of which nothing is kept.
    Thousands may be set apart by commas. Dates, truth values, infinity and figures out of all proportion give None.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal, float)):
        return None
    if isinstance(value, str):
        written = code(value) if len(value) <= _LONGEST_NUMBER else ""
        if not _FIGURE.fullmatch(written):
            return None
        value = written.replace(",", "")
    elif isinstance(value, int):
        return Decimal(value) if abs(value) < 10**_LARGEST_EXPONENT else None
    try:
        shown = _AS_SHOWN.create_decimal(value if isinstance(value, (str, Decimal)) else repr(value))
    except InvalidOperation:
        return None
    if not shown.is_finite() or abs(shown.adjusted()) > _LARGEST_EXPONENT:
        return None
    return Decimal(f"{shown.normalize(_AS_SHOWN) + 0:f}")


def whole(value: object) -> int | None:
    """A whole number, however it is written; None when it is none."""
    found = number(value)
    return int(found) if found is not None and found == found.to_integral_value() else None


class AtLeast(int):
    """A number at which counting stopped: there are more. Pages write it with a plus."""


def required_text(given: str, problem: FieldProblem) -> str:
    """The text as it is kept; InvalidInput with the problem where nothing can be seen."""
    kept = block(given)
    if not kept:
        raise InvalidInput(problem)
    return kept
