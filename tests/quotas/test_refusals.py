"""Where a refusal is read: at its field, over the form, on a page, or in one line for htmx."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.test import RequestFactory

from quotas.base import answers
from quotas.base.errors import (
    Conflict,
    InvalidInput,
    NotPermitted,
    RuleViolation,
    TooLate,
    Violation,
    WrongState,
)
from quotas.base.states import RoundState, Stage
from quotas.tree.permissions import Act

DUE = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False)


ERRORS = [
    (NotPermitted("act_not_held", act=Act.KEEP_SLATE), 403),
    (WrongState("round_not_open", round="周期", state=RoundState.PLANNED), 409),
    (Conflict("ledger_raced"), 409),
    (TooLate("stage_closed", stage=Stage.UNIT, due_at=DUE), 409),
    (RuleViolation([Violation("own_post"), Violation("reason_required")]), 422),
    (InvalidInput("reason", "reason_required"), 422),
]


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_each_kind_has_its_status(error, status):
    form = ReasonForm({})
    assert answers.status_of(error) == status
    assert answers.show(form, error) == status
    assert form.errors


def test_a_problem_stands_at_its_field_and_a_foreign_field_over_the_form():
    form = ReasonForm({"reason": "x"})
    problems = [("reason", "reason_required", {}), ("no_such_field", "own_post", {})]
    answers.show(form, InvalidInput.many(problems))
    assert "没有填写理由" in form.errors["reason"][0]
    assert "不能为自己授予" in form.non_field_errors()[0]


def test_all_reasons_are_shown():
    form = ReasonForm({})
    answers.show(form, RuleViolation([Violation("own_post"), Violation("reason_required")]))
    assert len(form.non_field_errors()) == 2


def test_a_page_has_the_three_parts_and_the_way_back():
    request = RequestFactory().get("/")
    error = TooLate("stage_closed", stage=Stage.UNIT, due_at=DUE)
    page = answers.page(request, error, again_url="/somewhere/")
    text = page.content.decode()
    assert page.status_code == 409
    assert "2026年6月30日 17:30" in text
    assert 'href="/somewhere/"' in text


def test_htmx_gets_plain_text():
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    answer = answers.page(request, Conflict("ledger_raced"))
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("text/plain")
    assert "<" not in answer.content.decode()
