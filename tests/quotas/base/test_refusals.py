"""Where a refusal is read: at its field, over the form, on a page, or in one line for htmx."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.test import RequestFactory

from quotas.base import answers
from quotas.base.errors import InvalidInput, RuleViolation
from quotas.base.refusals import ReasonRequired
from quotas.base.states import RoundState, Stage
from quotas.ledger.refusals import LedgerRaced
from quotas.people.refusals import OwnPost, UsernameTaken
from quotas.rounds.refusals import RoundNotOpen, StageClosed
from quotas.tree.permissions import Act
from quotas.tree.refusals import ActNotHeld

DUE = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False)


ERRORS = [
    (ActNotHeld(act=Act.KEEP_SLATE), 403),
    (RoundNotOpen(round="周期", state=RoundState.PLANNED), 409),
    (LedgerRaced(), 409),
    (StageClosed(stage=Stage.UNIT, due_at=DUE), 409),
    (RuleViolation(OwnPost(), ReasonRequired()), 422),
    (InvalidInput(ReasonRequired("reason")), 422),
]


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_each_kind_has_its_status(error, status):
    form = ReasonForm({})
    assert answers.status_of(error) == status
    assert answers.show(form, error) == status
    assert form.errors


def test_a_problem_stands_at_its_field_and_a_foreign_field_over_the_form():
    form = ReasonForm({"reason": "x"})
    problems = [ReasonRequired("reason"), UsernameTaken("no_such_field", username="wang")]
    answers.show(form, InvalidInput(*problems))
    assert "没有填写理由" in form.errors["reason"][0]
    assert "登录名“wang”已被使用" in form.non_field_errors()[0]


def test_all_reasons_are_shown():
    form = ReasonForm({})
    answers.show(form, RuleViolation(OwnPost(), ReasonRequired()))
    assert len(form.non_field_errors()) == 2


def test_a_page_has_the_three_parts_and_the_way_back():
    request = RequestFactory().get("/")
    error = StageClosed(stage=Stage.UNIT, due_at=DUE)
    page = answers.page(request, error, again_url="/somewhere/")
    text = page.content.decode()
    assert page.status_code == 409
    assert "2026年6月30日 17:30" in text
    assert 'href="/somewhere/"' in text


def test_htmx_gets_plain_text():
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    answer = answers.page(request, LedgerRaced())
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("text/plain")
    assert "<" not in answer.content.decode()
