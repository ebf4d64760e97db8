"""The one family of refusals. Services raise them, pages turn code and params into a sentence.

Every refusal answers a different question of the person at the screen:

- `WrongState`: this cannot be done now, by nobody.
- `NotPermitted`: this can be done, but not by you.
- `TooLate`: this could be done until a moment that has passed.
- `Conflict`: somebody was faster, or the form is older than the data.
- `RuleViolation`: the rules of the selection refuse it, with all reasons at once.
- `InvalidInput`: a value that belongs to a field of the form is wrong.

A refusal carries a code and its figures, never a sentence: sentences are translated where they are shown.
"""

# ruff: noqa: N818 -- a refusal is an answer, not an error: "WrongState" reads better than "WrongStateError"

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Self


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


@dataclass(frozen=True)
class Violation:
    """One broken rule: a code and the figures which the sentence about it needs."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.params)))

    def __str__(self) -> str:
        return _for_log(self.code, self.params)


@dataclass(frozen=True)
class FieldProblem:
    """One wrong value: the field of the form (`None` for the form as a whole), a code and the figures."""

    field: str | None
    code: str
    params: Mapping[str, object]

    def __hash__(self) -> int:
        return hash((self.field, self.code, frozenset(self.params)))

    def __str__(self) -> str:
        return f"{self.field or '*'}: {_for_log(self.code, self.params)}"


class DomainError(Exception):
    """A refusal. `code` says which, `params` holds the figures; `str()` is for logs and holds no free text."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def reasons(self) -> tuple[Violation, ...]:
        """All reasons of the refusal, at least one, so that every refusal can be shown in the same way."""
        return (Violation(self.code, self.params),)

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


class WrongState(DomainError):
    """Impossible now, for everybody: the thing is not in a state from which the act leads anywhere."""


class NotPermitted(DomainError):
    """The act is possible, but not for this person."""


class TooLate(DomainError):
    """The deadline has passed; `params` hold the moment (aware) at which it did, usually as `due_at`."""


class Conflict(DomainError):
    """Somebody was faster: the data changed after the person looked at it."""


class RuleViolation(DomainError):
    """The rules refuse it. Carries every broken rule, at least one; its own code is "rule"."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        if not violations:
            raise ValueError("a rule violation needs at least one broken rule")
        super().__init__("rule")
        self.args = (violations,)
        self.violations = tuple(violations)

    @property
    def reasons(self) -> tuple[Violation, ...]:
        """The broken rules, in the order in which they were found."""
        return self.violations


class InvalidInput(DomainError):
    """A value which belongs to a field is wrong. `problems` holds all of them, the first also as `field`, `code`."""

    def __init__(self, field: str | None, code: str, **params: object) -> None:
        super().__init__(code, **params)
        self.args = (field, code)
        self.field = field
        self.problems: tuple[FieldProblem, ...] = (FieldProblem(field, code, params),)

    @classmethod
    def many(cls, problems: Iterable[tuple[str | None, str, Mapping[str, object]]]) -> Self:
        """One refusal for several wrong values, each given as (field, code, params); at least one."""
        found = tuple(FieldProblem(field, code, dict(params)) for field, code, params in problems)
        if not found:
            raise ValueError("invalid input needs at least one problem")
        first = found[0]
        error = cls(first.field, first.code, **first.params)
        error.problems = found
        return error

    @property
    def reasons(self) -> tuple[Violation, ...]:
        """The problems without their fields."""
        return tuple(Violation(problem.code, problem.params) for problem in self.problems)

    def __str__(self) -> str:
        return "; ".join(str(problem) for problem in self.problems)
