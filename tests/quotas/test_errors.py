"""Refusals carry all reasons, survive the way between processes, and tell a log no personal data."""

import pickle
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction

import pytest

from quotas.base.errors import (
    Conflict,
    DomainError,
    FieldProblem,
    InvalidInput,
    NotPermitted,
    RuleViolation,
    TooLate,
    Violation,
    WrongState,
)

MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SHARE = Violation("share_below", {"required": 20, "count": 19})
PLACES = Violation("places_exceeded", {"places": 39})


class Stage(StrEnum):
    COUNTY = "county"


REFUSALS = [
    WrongState("already_submitted", state=Stage.COUNTY),
    NotPermitted("not_your_body", body=7),
    TooLate("stage_closed", due_at=MOMENT),
    Conflict("somebody_was_faster"),
    RuleViolation([SHARE, PLACES]),
    InvalidInput("email", "malformed", text="x"),
    InvalidInput.many([("email", "malformed", {}), (None, "incomplete", {"missing": 2})]),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_every_refusal_is_one_family_and_names_its_reasons(refusal):
    assert isinstance(refusal, DomainError)
    assert refusal.reasons
    assert refusal.reasons[0].code in str(refusal)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_refusal_survives_the_way_between_processes(refusal):
    copy = pickle.loads(pickle.dumps(refusal))  # noqa: S301 -- our own bytes
    assert type(copy) is type(refusal)
    assert (copy.code, copy.params, copy.reasons, str(copy)) == (
        refusal.code,
        refusal.params,
        refusal.reasons,
        str(refusal),
    )


def test_a_log_shows_figures_and_hides_text():
    refusal = WrongState(
        "odd",
        share=Fraction(1, 2),
        places=39,
        stage=Stage.COUNTY,
        nobody=None,
        moment=MOMENT,
        name="张三",
        phone="13800000000",
        others=["李四"],
    )
    shown = "odd(moment=2026-11-20 09:30:00+00:00, name=<str>, nobody=None, others=<list>, phone=<str>, "
    assert str(refusal) == shown + "places=39, share=1/2, stage=county)"
    assert repr(refusal) == f"<WrongState: {refusal}>"
    assert "张三" not in repr(RuleViolation([Violation("odd", {"name": "张三"})]))
    assert str(InvalidInput(None, "odd", name="张三")) == "*: odd(name=<str>)"


def test_too_late_holds_the_moment():
    refusal = TooLate("stage_closed", due_at=MOMENT)
    assert refusal.params == {"due_at": MOMENT}
    assert str(refusal) == "stage_closed(due_at=2026-11-20 09:30:00+00:00)"


def test_a_rule_violation_has_all_reasons_and_at_least_one():
    refusal = RuleViolation([SHARE, PLACES])
    assert refusal.code == "rule"
    assert refusal.violations == refusal.reasons == (SHARE, PLACES)
    assert str(refusal) == "share_below(count=19, required=20); places_exceeded(places=39)"
    with pytest.raises(ValueError, match="at least one"):
        RuleViolation([])


def test_invalid_input_names_one_field_or_several():
    one = InvalidInput("email", "malformed", length=3)
    assert (one.field, one.code, one.params) == ("email", "malformed", {"length": 3})
    assert one.problems == (FieldProblem("email", "malformed", {"length": 3}),)
    several = InvalidInput.many([("email", "malformed", {"length": 3}), (None, "incomplete", {})])
    assert (several.field, several.code, several.params) == (one.field, one.code, one.params)
    assert several.problems == (*one.problems, FieldProblem(None, "incomplete", {}))
    assert several.reasons == (Violation("malformed", {"length": 3}), Violation("incomplete"))
    assert str(several) == "email: malformed(length=3); *: incomplete()"
    with pytest.raises(ValueError, match="at least one"):
        InvalidInput.many([])


def test_equal_reasons_are_found_in_sets():
    assert len({SHARE, Violation("share_below", {"count": 19, "required": 20}), PLACES}) == 2
    problems = {FieldProblem("email", "malformed", {"a": 1}), FieldProblem("email", "malformed", {"a": 2})}
    assert len(problems) == 2
    assert FieldProblem("email", "malformed", {"a": 1}) in problems
