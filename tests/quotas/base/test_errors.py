"""Refusals carry all reasons, survive the way between processes, and tell a log no personal data."""

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction

import pytest

from quotas.base import errors
from quotas.base.errors import (
    Conflict,
    DomainError,
    FieldProblem,
    InvalidInput,
    NotPermitted,
    RuleViolation,
    TooLate,
    Violation,
    Wording,
    WrongState,
)

MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


class Stage(StrEnum):
    COUNTY = "county"


@pytest.fixture(autouse=True, scope="module")
def register() -> Iterator[None]:
    """The kinds of this module are none of the product's."""
    yield
    for code, kind in list(errors.kinds().items()):
        if kind.__module__ == __name__:
            del errors._kinds[code]


class ShareBelow(Violation):
    required: int
    count: int
    words = Wording("应有 %(required)s 个。", "现有 %(count)s 个。")


class TooManyPlaces(Violation):
    places: int
    words = Wording("名额 %(places)s 个。")


class AlreadySubmitted(WrongState):
    state: Stage
    words = Wording("已经提交。", "状态为%(state)s。")


class NotYourBody(NotPermitted):
    body: int
    words = Wording("不是您的单位。")


class StageOver(TooLate):
    due_at: datetime
    words = Wording("已经截止。", "截止 %(due_at)s。")


class AnotherWasFaster(Conflict):
    words = Wording("已由他人办理。")


class Malformed(FieldProblem):
    length: int = 0
    words = Wording("格式不对。")


class Incomplete(FieldProblem):
    words = Wording("没有填完。")


class Odd(WrongState, code="strange"):
    share: Fraction | None = None
    places: int | None = None
    stage: Stage | None = None
    nobody: None = None
    moment: datetime | None = None
    name: str = ""
    phone: str = ""
    others: list[str]
    words = Wording("奇怪。")


class OddName(FieldProblem):
    name: str
    words = Wording("奇怪。")


SHARE = ShareBelow(required=20, count=19)
PLACES = TooManyPlaces(places=39)

REFUSALS = [
    AlreadySubmitted(state=Stage.COUNTY),
    NotYourBody(body=7),
    StageOver(due_at=MOMENT),
    AnotherWasFaster(),
    RuleViolation(SHARE, PLACES),
    InvalidInput(Malformed("email", length=4)),
    InvalidInput(Malformed("email", length=1), Incomplete()),
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
    assert (copy.code, copy.reasons, str(copy)) == (refusal.code, refusal.reasons, str(refusal))
    assert [reason.params for reason in copy.reasons] == [reason.params for reason in refusal.reasons]


def test_a_log_shows_figures_and_hides_text():
    refusal = Odd(
        share=Fraction(1, 2),
        places=39,
        stage=Stage.COUNTY,
        moment=MOMENT,
        name="张三",
        phone="13800000000",
        others=["李四"],
    )
    shown = "strange(moment=2026-11-20 09:30:00+00:00, name=<str>, nobody=None, others=<list>, phone=<str>, "
    assert str(refusal) == shown + "places=39, share=1/2, stage=county)"
    assert repr(refusal) == f"<Odd: {refusal}>"
    assert "张三" not in repr(RuleViolation(refusal))
    assert str(InvalidInput(OddName(name="张三"))) == "*: odd_name(name=<str>)"


def test_too_late_holds_the_moment():
    refusal = StageOver(due_at=MOMENT)
    assert refusal.params == {"due_at": MOMENT}
    assert str(refusal) == "stage_over(due_at=2026-11-20 09:30:00+00:00)"


def test_a_rule_violation_has_all_reasons_and_at_least_one():
    refusal = RuleViolation(SHARE, PLACES)
    assert refusal.code == "rule"
    assert refusal.violations == refusal.reasons == (SHARE, PLACES)
    assert str(refusal) == "share_below(count=19, required=20); too_many_places(places=39)"
    with pytest.raises(ValueError, match="at least one"):
        RuleViolation()


def test_invalid_input_names_one_field_or_several():
    one = InvalidInput(Malformed("email", length=3))
    assert (one.field, one.code, one.params) == ("email", "malformed", {"length": 3})
    assert one.problems == (Malformed("email", length=3),)
    several = InvalidInput(Malformed("email", length=3), Incomplete())
    assert (several.field, several.code, several.params) == (one.field, one.code, one.params)
    assert several.problems == several.reasons == (*one.problems, Incomplete(None))
    assert str(several) == "email: malformed(length=3); *: incomplete()"
    with pytest.raises(ValueError, match="at least one"):
        InvalidInput()


def test_equal_reasons_are_found_in_sets():
    assert len({SHARE, ShareBelow(count=19, required=20), PLACES}) == 2
    problems = {Malformed("email", length=1), Malformed("email", length=2), Malformed("name", length=1)}
    assert len(problems) == 3
    assert Malformed("email", length=1) in problems
    assert ShareBelow(required=20, count=19) != PLACES


def test_a_problem_may_stand_at_another_field_and_a_reason_with_other_figures():
    assert Malformed("email", length=3).at("phone") == Malformed("phone", length=3)
    assert SHARE.changed(count=18) == ShareBelow(required=20, count=18)


def test_figures_are_named_needed_and_never_changed():
    with pytest.raises(TypeError, match="count"):
        ShareBelow(required=20)
    with pytest.raises(TypeError, match="words_of_nobody"):
        ShareBelow(required=20, count=19, words_of_nobody=1)
    with pytest.raises(TypeError, match="positional"):
        ShareBelow(20, 19)
    with pytest.raises(AttributeError, match="never changed"):
        PLACES.places = 40


def test_a_refusal_can_be_raised_and_keeps_where_it_came_from():
    with pytest.raises(AnotherWasFaster) as caught:
        raise AnotherWasFaster from KeyError("first")
    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.reasons == (caught.value,)


def test_the_code_is_the_name():
    assert (ShareBelow.code, Incomplete.code, Odd.code) == ("share_below", "incomplete", "strange")


def test_words_that_name_what_the_kind_has_not_fail_where_it_is_defined():
    with pytest.raises(TypeError, match=r"WithoutUntil.*until"):
        type("WithoutUntil", (WrongState,), {"words": Wording("直到 %(until)s。")})
    assert "without_until" not in errors.kinds()


def test_words_may_name_what_is_made_of_the_figures():
    class OverPlaces(Violation):
        used: int
        places: int
        words = Wording("超出 %(over)s 个。")

        @property
        def over(self) -> int:
            return self.used - self.places

    assert OverPlaces(used=5, places=3).over == 2
    assert OverPlaces(used=5, places=3).params == {"used": 5, "places": 3}


def test_two_kinds_never_share_a_code():
    with pytest.raises(TypeError, match=r"two kinds.*share_below"):
        type("ShareBelow", (Violation,), {"words": Wording("又一句。")})


def test_a_family_gives_its_figures_and_is_no_kind():
    class OfPlaces(Violation):
        places: int

    class PlacesGone(OfPlaces):
        words = Wording("名额 %(places)s 个。")

    assert "of_places" not in errors.kinds()
    assert PlacesGone(places=2).params == {"places": 2}
    with pytest.raises(TypeError, match="OfPlaces"):
        OfPlaces(places=2)
