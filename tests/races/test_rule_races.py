"""Races over the rules: published once, never edited after that, never corrected while a round takes them up."""

from dataclasses import replace
from typing import Any

import pytest

from quotas.base.errors import Conflict, DomainError, RuleViolation, WrongState
from quotas.base.states import Level, Role, RoundState
from quotas.editions.models import RuleVersion
from quotas.editions.services import catalogue, composing, fields
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import RoundAward
from quotas.rounds.services import rounds
from quotas.tree.models import User
from tests.builders import make_award, make_body, make_official, make_round, make_round_award
from tests.races.test_plan_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 6
HALF: dict[str, Any] = {
    "label": "非公有制企业占比",
    "counted": ["ownership:non_public"],
    "sense": "min",
    "kind": "share",
    "numerator": 1,
    "denominator": 2,
    "kept": "itself",
    "clause": "苏组通〔2019〕65号 二.3",
}


@pytest.fixture
def planner(transactional_db) -> User:
    return make_official(make_body(level=Level.PROVINCE), Role.STAFF)


def refused(results: list[Any]) -> list[DomainError]:
    return [result for result in results if isinstance(result, DomainError)]


def test_three_drafts_get_a_number_each(planner):
    award = make_award("home")
    results = at_once(
        *[lambda: composing.compose(award_code=award.code, actor=planner, source="1号") for _each in range(3)]
    )
    assert sorted(draft.number for draft in results) == [1, 2, 3]
    assert not ledger.check()


def test_a_draft_is_published_once_and_nobody_edits_it_after_that(planner):
    award = make_award("home")
    for _time in range(TIMES):
        draft = composing.compose(award_code=award.code, actor=planner, source="1号")
        form = {"version_id": draft.pk, "version": 1, "actor": planner}
        results = at_once(
            lambda form=form: composing.publish(**form),
            lambda form=form: composing.publish(**form),
            lambda form=form: composing.put_rule(**form, **HALF),
        )
        assert len(refused(results)) == 2
        assert all(isinstance(each, Conflict | WrongState) for each in refused(results))
        draft.refresh_from_db()
        assert draft.rules.count() == (0 if draft.published_at else 1)
        assert draft.version == 2
    assert not ledger.check()


def test_fields_are_composed_by_one_organiser_at_a_time_and_not_after_publishing(planner):
    award = make_award("home")
    other = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
    for _time in range(TIMES):
        draft = composing.compose(award_code=award.code, actor=planner, source="1号")
        there = fields.of(draft.pk)
        form = {"version_id": draft.pk, "version": 1}
        results = at_once(
            lambda form=form: fields.put_field(**form, actor=planner, label="甲", type="text"),
            lambda form=form: fields.put_field(**form, actor=other, label="乙", type="text"),
            lambda form=form: fields.take_standard(**form, actor=other, key="skill"),
            lambda form=form: composing.publish(**form, actor=planner),
        )
        assert len(refused(results)) == 3
        assert all(isinstance(each, Conflict | WrongState) for each in refused(results))
        draft.refresh_from_db()
        assert draft.version == 2
        # One field more by whoever came first, or none where it was published; the others are all there, once each.
        now = fields.of(draft.pk)
        assert now[: len(there)] == there
        assert len(now) == len(there) + (0 if draft.published_at else 1)
    assert not ledger.check()


def test_an_edition_is_not_corrected_while_a_round_takes_it_up(planner):
    home = next(entry for entry in catalogue.read() if entry.code == "model_home")
    for number in range(1, TIMES + 1):
        entry = replace(home, code=f"home_{number}")
        catalogue.load(entries=[entry])
        edition = RuleVersion.objects.get(award__code=entry.code)
        corrected = replace(entry, rules=(replace(entry.rules[0], numerator=2, denominator=3),))
        planned = make_round(f"r{number}", state=RoundState.PLANNED)
        other = make_round_award(make_round(f"o{number}", state=RoundState.PLANNED), edition.award)
        second = catalogue.load(entries=[replace(entry, edition=replace(entry.edition, number=2), rules=())])[
            0
        ]
        newest = second.rule_versions.order_by("-number").first()
        corrected = replace(corrected, edition=replace(entry.edition, number=2))
        results = at_once(
            lambda corrected=corrected: catalogue.load(entries=[corrected]),
            lambda planned=planned, entry=entry: rounds.add_award(
                round_id=planned.pk, award_code=entry.code, places=3, actor=planner
            ),
            lambda other=other, newest=newest: rounds.pin(
                round_award_id=other.pk, version_id=newest.pk, actor=planner
            ),
        )
        assert RoundAward.objects.filter(rule_version=newest).count() == 2
        shares = [(rule.numerator, rule.denominator) for rule in newest.rules.all()]
        late = refused(results)
        assert all(isinstance(each, RuleViolation) for each in late)
        # Either nobody had taken it up yet, or it stays as it was taken up.
        assert shares == ([] if late else [(2, 3)])
        loaded = LedgerEntry.objects.filter(stream=f"award:{newest.award_id}", act="load_award").count()
        assert loaded == (2 if late else 3)
    assert not ledger.check()
