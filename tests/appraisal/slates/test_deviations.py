"""Advisory rules: a slate that breaks one goes up with an approval of that very list, and never without."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from appraisal.gate.services import gate
from appraisal.records.states import EntryKind, SlateState
from appraisal.slates.services import slates
from appraisal.slates.services.deviations import Approval
from appraisal.slates.spreadsheets import slate_workbook
from quotas.base import clock
from quotas.base.errors import InvalidInput, RuleViolation
from quotas.base.states import RuleKind, Sense
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.selection.plan import frozen, thawed
from tests.appraisal.desks import NOTICE_STARTS, make_desk, told
from tests.builders import IN_TIME, make_award, make_round_award, make_rule_version, make_share_rule

pytestmark = pytest.mark.django_db

PAPER = Approval("苏工复〔2026〕12号", "江苏省总工会", IN_TIME.date())


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def desk():
    """At least half non-public; at most one public, unless somebody approves of more."""
    award = make_award()
    version = make_rule_version(award)
    make_share_rule(version)
    make_share_rule(
        version,
        "few_public",
        label="ownership:public",
        sense=Sense.MAX,
        kind=RuleKind.COUNT,
        numerator=1,
        advisory=True,
    )
    return make_desk(make_round_award(award=award), places=8)


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_a_broken_advisory_rule_refuses_nothing_but_the_missing_paper(desk):
    told(desk.fill(non_public=3, public=3))
    report = gate.report(slate_id=desk.slate.pk)
    assert report.holds
    assert report.advice is None
    assert [(check.code, check.margin) for check in report.advised] == [("few_public", -2)]
    for given in (None, Approval(), Approval(" ", "", None)):
        with pytest.raises(InvalidInput) as refused:
            desk.act(slates.submit, approval=given)
        assert [(problem.field, problem.code) for problem in refused.value.problems] == [
            ("document", "approval_document_required"),
            ("given_by", "approval_giver_required"),
            ("given_on", "approval_day_required"),
        ]
        assert "批准文件的文号" in str(sentence(refused.value.reasons[0]))
    tomorrow = clock.local_date(NOTICE_STARTS)
    with pytest.raises(InvalidInput) as refused:
        desk.act(slates.submit, approval=Approval(PAPER.document, PAPER.given_by, tomorrow))
    assert codes(refused) == ["approval_day_required"]
    assert desk.slate.state == SlateState.COMPILING
    assert desk.committed == 0


def test_a_hard_rule_never_bends(desk):
    told(desk.fill(non_public=1, public=3))
    with pytest.raises(RuleViolation) as refused:
        desk.act(slates.submit, approval=PAPER)
    assert "few_public" not in str(refused.value.reasons)
    assert desk.slate.approval is None


def test_the_paper_is_kept_with_the_list_and_told(desk):
    told(desk.fill(non_public=3, public=3))
    desk.act(slates.submit, approval=PAPER)
    kept = desk.slate.approval
    assert (kept["document"], kept["given_by"], kept["given_on"], kept["codes"]) == (
        "苏工复〔2026〕12号",
        "江苏省总工会",
        "2026-05-15",
        ["few_public"],
    )
    row = LedgerEntry.objects.get(act="submit")
    assert row.after["approval"]["document"] == "苏工复〔2026〕12号"
    assert not ledger.check()
    desk.sign()
    sheet = load_workbook(BytesIO(slate_workbook(desk.slate.pk)))["占比核验"]
    shown = [str(value) for line in sheet.iter_rows(values_only=True) for value in line if value is not None]
    assert "不符合，须报批" in shown
    assert any("江苏省总工会于 2026-05-15 批准，苏工复〔2026〕12号" in value for value in shown)


def test_what_needs_no_paper_keeps_none(desk):
    told(desk.fill(non_public=3, public=1))
    desk.act(slates.submit, approval=PAPER)
    assert desk.slate.approval is None
    assert "approval" not in LedgerEntry.objects.get(act="submit").after


def test_it_covers_the_same_list_and_is_asked_for_again_when_that_changes(desk):
    made = told(desk.fill(non_public=3, public=3))
    desk.act(slates.submit, approval=PAPER)
    desk.act(slates.take_back)
    desk.act(slates.submit)
    assert desk.slate.approval["document"] == PAPER.document
    desk.act(slates.take_back)
    desk.set([(one.pk, EntryKind.REGULAR) for one in made[:-1]])
    with pytest.raises(InvalidInput):
        desk.act(slates.submit)
    desk.act(slates.submit, approval=Approval("13号", "江苏省总工会", IN_TIME.date()))
    assert desk.slate.approval["document"] == "13号"


def test_a_list_that_changed_after_it_was_approved_does_not_go_up(desk):
    made = told(desk.fill(non_public=4, public=3))
    desk.act(slates.submit, approval=PAPER)
    desk.sign()
    desk.publish()
    desk.act(slates.remove_entry, nomination_id=made[0].pk, reason="放弃")
    desk.close()
    desk.advance(SlateState.SETTLING)
    with pytest.raises(RuleViolation) as refused:
        desk.act(slates.send_up)
    assert codes(refused) == ["approval_outdated"]
    desk.act(slates.remove_entry, nomination_id=made[-1].pk, reason="放弃")
    desk.act(slates.remove_entry, nomination_id=made[-2].pk, reason="放弃")
    desk.act(slates.send_up)
    assert desk.slate.state == SlateState.SENT_UP


def test_the_gate_asks_under_the_lock_what_the_meter_shows(desk):
    """What is kept with a list that left judges it as it was judged: advisory rules stay advisory."""
    told(desk.fill(non_public=3, public=3))
    desk.act(slates.submit, approval=PAPER)
    desk.sign()
    desk.publish()
    desk.close()
    desk.advance(SlateState.SETTLING)
    desk.act(slates.send_up)
    plan = thawed(desk.slate.frozen_plan)
    assert [rule.advisory for rule in plan.rules] == [False, True]
    assert thawed(frozen(plan)) == plan
    assert [check.code for check in gate.report(slate_id=desk.slate.pk).advised] == ["few_public"]
