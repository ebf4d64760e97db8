"""The one door for values from outside: what a form, an address or a button sends, as plain values within bounds.

Pages read `request.GET` and `request.POST` through `word`, `whole`, `wholes` and `row`, forms have the fields below,
URL patterns the converter `row`, and `next_address` says where to go after an act. An invalid value counts as not
sent; it never reaches a database, a file or `redirect`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme

from quotas.base import text
from quotas.base.refusals import PrivateUse
from quotas.base.wording import sentence

LONGEST_WORD = 200
MOST = 2**31 - 1
"""What a column of whole numbers holds on every database."""
_MOST_ROW = 2**63 - 1
_LONGEST_NEXT = 2000


class Sent(Protocol):
    """What is read of `request.GET` or `request.POST`."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...


# What an address or a button sends


def word(sent: Sent, name: str) -> str:
    """One line without marks; "" when nothing was sent, or more than any word of ours."""
    value = sent.get(name) or ""
    return text.line(value) if isinstance(value, str) and len(value) <= LONGEST_WORD else ""


def words(sent: Sent, name: str) -> list[str]:
    """All lines sent under the name, empty ones left out."""
    return [line for value in sent.getlist(name) if len(value) <= LONGEST_WORD and (line := text.line(value))]


def row(value: object) -> int | None:
    """The number of a row, from 1; None when it is none."""
    if not isinstance(value, str) or not (value.isascii() and value.isdecimal() and len(value) < 20):
        return None
    number = int(value)
    return number if 0 < number <= _MOST_ROW else None


def rows(values: Iterable[object]) -> list[int]:
    """The numbers of rows among the values, in their order."""
    return [number for value in values if (number := row(value)) is not None]


def moment(value: str) -> datetime | None:
    """A moment with its zone as `isoformat` writes it; None when it is none, or none that every database holds."""
    try:
        found = parse_datetime(value)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 1900 < found.year < 9000 else None


def required_row(value: object) -> int:
    """The number of a row that a button of ours always sends; BadRequest for anything else."""
    number = row(value)
    if number is None:
        raise BadRequest
    return number


class RowConverter:
    """The number of a row in an address: what no table can hold is not found, on every database."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """ValueError makes the address one that does not exist."""
        number = row(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: object) -> str:
        return str(value)


# Where to go afterwards


def next_address(request: HttpRequest, default: str, *, nearest: bool = False) -> str:
    """Where `next` leads, when it is a page of ours that can be opened; otherwise `default`.

    To be asked before the act. With `nearest` an address that only takes a button leads to the page it stands on: what
    lies above it in the address.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not wanted.startswith("/") or len(wanted) > _LONGEST_NEXT or text.line(wanted) != wanted:
        return default
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return default
    path = urlsplit(wanted).path
    if _opens(path):
        return wanted
    while nearest and path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if path != "/" and _opens(path):
            return path
    return default


def _opens(path: str) -> bool:
    """Whether there is a page at the path, which answers GET."""
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return False
    its_class = getattr(view, "view_class", None)
    return its_class is None or (hasattr(its_class, "get") and "get" in its_class.http_method_names)


# Fields of forms


class _Text(forms.CharField):
    """Text without marks. Its length is that of what is kept, and the browser cuts nothing off what is pasted."""

    kept: Callable[[str], str]
    readable = False
    """Whether a character that nobody else can read is refused; elsewhere it is dropped, as the bullets of Word are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        given = super().to_python(value)
        place = text.private_use(given) if self.readable and isinstance(given, str) else 0
        if place:
            raise forms.ValidationError(str(sentence(PrivateUse(place=place))))
        return type(self).kept(given) if isinstance(given, str) else given

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without `maxlength`: a browser would silently drop the end of a code that is pasted with blanks."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LineField(_Text):
    """One line."""

    kept = staticmethod(text.line)
    readable = True


class BlockField(_Text):
    """Several lines, in a textarea."""

    widget = forms.Textarea
    kept = staticmethod(text.block)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """With the limit that the counter below the text shows; it stops nobody from typing on."""
        limit = {"data-limit": self.max_length} if self.max_length else {}
        return {**super().widget_attrs(widget), **limit}


class CodeField(_Text):
    """A code as it is stored: half-width, upper case, without blanks and dashes. What is wrong with it, services say."""

    kept = staticmethod(text.bare_code)

    def __init__(self, *, max_length: int = LONGEST_WORD, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class LoginField(_Text):
    """A login name, in any case."""

    kept = staticmethod(text.login)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_WORD, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        quiet = {"autocapitalize": "none", "spellcheck": "false"}
        return {**super().widget_attrs(widget), **quiet}


class WholeField(forms.IntegerField):
    """A whole number as people write it, in any width, within what a column holds."""

    def __init__(self, *, max_value: int | None = None, min_value: int | None = None, **kwargs: Any) -> None:
        super().__init__(max_value=max_value, min_value=min_value, **kwargs)
        # Not through the arguments: the browser need not be told of the limits of a database.
        self.validators += [MaxValueValidator(MOST)] if max_value is None else []
        self.validators += [MinValueValidator(-MOST)] if min_value is None else []

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or (isinstance(value, str) and text.is_blank(value)):
            return None
        found = text.whole(value)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found
