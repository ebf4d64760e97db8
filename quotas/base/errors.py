"""
The one family of refusals. Each refusal is a type that stands beside its rule and holds its figures and its words.

Every family answers a different question of the person at the screen:

- `WrongState`: this cannot be done now, by nobody.
- `NotPermitted`: this can be done, but not by you.
- `TooLate`: this could be done until a moment that has passed.
- `Conflict`: somebody was faster, or the form is older than the data.
- `RuleViolation`: the rules of the selection refuse it, with all reasons at once.
- `InvalidInput`: a value that belongs to a field of the form is wrong.

The first four are subclassed and raised as they are. The last two are raised with their reasons: a `Violation`, or a
`FieldProblem` with its field. The types live in the `refusals` module of the subject that raises them:

    class NoticeRunsUntil(WrongState):
        until: date
        words = Wording(_("…"), _("…%(until)s…"), _("…"))

    raise NoticeRunsUntil(until=notice.ends_on)

The annotated names are the figures, given by keyword and never changed. The code is the name of the class in
snake_case. Words are message ids in the source language: `quotas.base.wording` translates them where they are shown.
"""

# ruff: noqa: N818 -- a refusal is an answer, not an error: "WrongState" reads better than "WrongStateError"

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar, NamedTuple, ParamSpec, Protocol, Self, TypeVar, dataclass_transform

P = ParamSpec("P")
T = TypeVar("T")

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_WORD_OF_A_NAME = re.compile(r"(?<!^)(?=[A-Z])")


def marked(msgid: str) -> str:
    """Mark a text for makemessages, imported as `_`. It is translated where it is shown."""
    return msgid


class Wording(NamedTuple):
    """What cannot be, the figures with the clause, what to do now. The parts name figures as `%(places)s`.

    All but the first may be empty.
    """

    what: str
    figures: str = ""
    remedy: str = ""

    @property
    def placeholders(self) -> frozenset[str]:
        """The figures that the parts name."""
        return frozenset(_PLACEHOLDER.findall("".join(self)))


class Worded(Protocol):
    """A figure that brings its own word: a value of a vocabulary, or a phrase that is made where it is shown."""

    @property
    def label(self) -> object: ...


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field,))
class Reason:
    """One reason to refuse, or to look again: the figures of a case and the words that tell them.

    A subclass with `words` is a kind of its own: it becomes a dataclass, gets its code and is registered. Without
    words it is a family, whose kinds share its figures. A part of the words names figures or properties of the kind.
    """

    words: ClassVar[Wording]
    code: ClassVar[str]
    _figures: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, code: str = "") -> None:
        """Make the kind. `code` stands for the one that would come from the name of the class."""
        super().__init_subclass__()
        dataclasses.dataclass(kw_only=True, eq=False, repr=False)(cls)
        cls._figures = tuple(each.name for each in dataclasses.fields(cls))  # type: ignore[arg-type]
        if "words" not in cls.__dict__:
            return
        cls.code = code or _WORD_OF_A_NAME.sub("_", cls.__name__).lower()
        unknown = [name for name in sorted(cls.words.placeholders) if not cls._tells(name)]
        if unknown:
            raise TypeError(f"the words of {cls.__qualname__} name what it has not: {', '.join(unknown)}")
        if cls.code in _kinds:
            raise TypeError(f"two kinds of refusal have the code {cls.code!r}")
        _kinds[cls.code] = cls

    def __post_init__(self) -> None:
        if not hasattr(self, "words"):
            raise TypeError(f"{type(self).__name__} is a family: it has no words to be shown")

    @classmethod
    def _tells(cls, name: str) -> bool:
        return name in cls._figures or isinstance(getattr(cls, name, None), property)

    @property
    def params(self) -> dict[str, object]:
        """The figures by name."""
        return self._given()

    def changed(self, **figures: object) -> Self:
        """The same with other figures."""
        return type(self)(**(self._given() | figures))

    @classmethod
    def told(cls, figures: Mapping[str, Any]) -> Self:
        """One with the figures as they come from another process."""
        return cls(**figures)

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._figures}

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._figures and name in self.__dict__:
            raise AttributeError(f"{name} of a refusal is never changed")
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and type(self) is type(other) and self._given() == other._given()

    def __hash__(self) -> int:
        return hash((self.code, self._figures))

    def __reduce__(self) -> tuple[Callable[[], Self], tuple[()]]:
        return partial(type(self), **self._given()), ()

    def __str__(self) -> str:
        return _for_log(self.code, self.params)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


_kinds: dict[str, type[Reason]] = {}


def kinds() -> Mapping[str, type[Reason]]:
    """Every kind of refusal that has been defined, by its code."""
    return _kinds


def _for_log(code: str, params: Mapping[str, object]) -> str:
    """Code and figures in one line; free text is named by its type only, since it may hold personal data."""
    shown = []
    for name, value in sorted(params.items()):
        if isinstance(value, Enum):
            shown.append(f"{name}={value.value}")
        elif value is None or isinstance(value, (int, Fraction, date)):  # bool is an int, datetime is a date
            shown.append(f"{name}={value}")
        else:
            shown.append(f"{name}=<{type(value).__name__}>")
    return f"{code}({', '.join(shown)})"


class Violation(Reason):
    """One broken rule, or one that nearly is."""


class FieldProblem(Reason):
    """One wrong value, with the field of the form where it stands; None for the form as a whole."""

    field: str | None = dataclasses.field(default=None, kw_only=False)

    def at(self, field: str | None) -> Self:
        """The same problem at another field."""
        return self.changed(field=field)

    @property
    def params(self) -> dict[str, object]:
        """The figures by name, without the field."""
        return {name: value for name, value in super().params.items() if name != "field"}

    def __str__(self) -> str:
        return f"{self.field or '*'}: {super().__str__()}"


class DomainError(Exception):
    """A refusal, as it is raised. `str()` is for logs and holds no free text."""

    @property
    def code(self) -> str:
        """The code of the first reason."""
        return self.reasons[0].code

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All reasons of the refusal, at least one, so that every refusal can be shown in the same way."""
        raise NotImplementedError

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


class Refusal(Reason, DomainError):
    """A refusal with one reason, which is raised itself."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The refusal alone."""
        return (self,)


class WrongState(Refusal):
    """Impossible now, for everybody: the thing is not in a state from which the act leads anywhere."""


class NotPermitted(Refusal):
    """The act is possible, but not for this person."""


class TooLate(Refusal):
    """The deadline has passed; the figures hold the moment (aware) at which it did, usually as `due_at`."""


class Conflict(Refusal):
    """Somebody was faster: the data changed after the person looked at it."""


class RuleViolation(DomainError):
    """The rules refuse it. Carries every broken rule, at least one; its own code is "rule"."""

    def __init__(self, *violations: Reason) -> None:
        if not violations:
            raise ValueError("a rule violation needs at least one broken rule")
        super().__init__(*violations)
        self.violations = violations

    @property
    def code(self) -> str:
        """The code of them all."""
        return "rule"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The broken rules, in the order in which they were found."""
        return self.violations


class InvalidInput(DomainError):
    """Values which belong to fields are wrong. `problems` holds all of them, the first also as `field`, `code`."""

    def __init__(self, *problems: FieldProblem) -> None:
        if not problems:
            raise ValueError("invalid input needs at least one problem")
        super().__init__(*problems)
        self.problems = problems

    @property
    def field(self) -> str | None:
        """The field of the first problem."""
        return self.problems[0].field

    @property
    def params(self) -> dict[str, object]:
        """The figures of the first problem."""
        return self.problems[0].params

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The problems, in the order in which they were found."""
        return self.problems


def answer_of(act: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T | DomainError:
    """What the act gives, or what refuses it: for many things at once, where one refusal stops no other."""
    try:
        return act(*args, **named)
    except DomainError as refusal:
        return refusal
