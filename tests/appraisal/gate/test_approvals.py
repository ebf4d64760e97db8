"""An approval is refused only where no list from what is approved and pending can hold the nomination; never by order."""

from collections import Counter
from datetime import timedelta
from itertools import combinations, permutations

import pytest
from django.db import transaction

from appraisal.gate.refusals import ApprovalUnlisted
from appraisal.gate.services import gate
from appraisal.nominations.services import reviews
from appraisal.records.models import Nomination, Opinion, Slate
from appraisal.records.states import EntryKind, NominationState, Outcome
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.errors import RuleViolation
from quotas.base.states import Basis, Level, NomineeKind, Office, Role, RuleKind, Sense, Stage
from quotas.base.wording import sentence
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment, Extension, PlacesLine
from quotas.selection import labels
from tests.appraisal.desks import make_desk
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db

S = NominationState
AFTER_UNITS = WINDOWS[Stage.UNIT][1] + timedelta(days=2)


@pytest.fixture(autouse=True)
def units_are_done():
    with clock.travel(AFTER_UNITS) as journey:
        yield journey


class Desk:
    """A county that reviews alone, its reviewer, and the nominations on its desk."""

    def __init__(self, *, places=3, kind=NomineeKind.UNIT, rules=(), separate=0, typed=None):
        award = make_award(joint=False, nominee_kind=kind)
        version = make_rule_version(award)
        for number, rule in enumerate(rules):
            make_share_rule(version, f"rule-{number}", **rule)
        self.round_award = make_round_award(award=award)
        self.allotment = make_allotment(
            self.round_award, places=places, separate_places=separate, typed=typed
        )
        self.body = self.allotment.body
        self.reviewer = make_official(self.body, Role.UNION_REVIEWER)
        self.plan = gate.plan_of(Slate(round_award=self.round_award, body=self.body, stage=self.body.stage))

    def lying(self, *, status=S.IN_REVIEW, desk=None, **fields):
        return make_nomination(self.round_award, desk or self.body, status=status, **fields)

    def give(self, nomination, outcome=Outcome.APPROVE):
        version = Nomination.objects.values_list("version", flat=True).get(pk=nomination.pk)
        return reviews.give_opinion(
            nomination_id=nomination.pk,
            version=version,
            office=Office.UNION,
            actor=self.reviewer,
            outcome=outcome,
            text="" if outcome == Outcome.APPROVE else "条件不够。",
        )

    def refused(self, nomination):
        """The codes with which an approval is refused, as it is told beforehand and in fact; empty when it is given."""
        shown = [v.code for v in reviews.outlooks([nomination])[nomination.pk].violations]
        if not shown:
            self.give(nomination)
            return []
        before = LedgerEntry.objects.count(), Opinion.objects.count()
        with pytest.raises(RuleViolation) as refusal:
            self.give(nomination)
        assert [v.code for v in refusal.value.violations] == shown
        assert all(str(sentence(v)) for v in refusal.value.violations)
        assert (LedgerEntry.objects.count(), Opinion.objects.count()) == before
        return shown

    def legal_lists(self):
        """Every legal list out of what is approved or pending, by brute force and the gate's own judgement."""
        alive = list(
            Nomination.objects.filter(
                round_award=self.round_award, status__in=[S.IN_REVIEW, S.RETURNED, S.POOLED]
            )
        )
        return {
            frozenset(one.pk for one in chosen)
            for size in range(1, self.plan.places[EntryKind.REGULAR] + 1)
            for chosen in combinations(alive, size)
            if gate.judge(self.plan, rows_of(chosen)).holds
        }


def rows_of(chosen):
    return [
        gate.EntryRow(one.pk, one.number, "", labels.read(one.labels), kind=EntryKind.REGULAR, rank=rank)
        for rank, one in enumerate(chosen, start=1)
    ]


HALF = {"label": "ownership:non_public"}
WOMEN = {"label": "gender:female"}
NO_MAN_OF_A_STATE_UNIT = {
    "label": "gender:male",
    "base": "ownership:public",
    "sense": Sense.MAX,
    "kind": RuleKind.COUNT,
    "numerator": 0,
}
NON, PUB = {"non_public": True}, {"non_public": False}
HER, HIM = {"gender": "female"}, {"gender": "male"}
A, D = Outcome.APPROVE, Outcome.DECLINE

SEASONS = {
    "the non-public ones go": ({"rules": [HALF], "places": 3}, [(NON, D), (NON, D), (PUB, A), (PUB, A)], []),
    "one stays": ({"rules": [HALF], "places": 2}, [(NON, A), (NON, D), (PUB, A), (PUB, A)], [NON]),
    "nobody stays that could be listed": (
        {"rules": [HALF], "places": 1},
        [(NON, D), (PUB, A), (PUB, A)],
        [],
    ),
    "a maximum": (
        {"rules": [{**HALF, "sense": Sense.MAX}], "places": 4},
        [(NON, A), (NON, A), (PUB, D), (PUB, D)],
        [],
    ),
    "two shares that overlap": (
        {"rules": [HALF, WOMEN], "places": 2, "kind": NomineeKind.PERSON},
        [(NON | HIM, A), (NON | HER, D), (PUB | HER, D), (PUB | HIM, A)],
        [],
    ),
    "a number of a sub-group": (
        {"rules": [HALF, NO_MAN_OF_A_STATE_UNIT], "places": 3, "kind": NomineeKind.PERSON},
        [(NON | HIM, D), (PUB | HER, A), (PUB | HIM, A)],
        [],
    ),
    "typed places beside a share": (
        {"rules": [WOMEN], "places": 2, "kind": NomineeKind.PERSON, "typed": {"ownership:non_public": 1}},
        [(NON | HER, D), (PUB | HIM, A), (PUB | HER, D)],
        [NON | HIM],
    ),
}
"""Facts of a desk, the acts on it, and what lies there undecided all the while."""


def orders(acts):
    """Every order of the acts; of two that differ in nothing but the number the first is first."""
    for order in permutations(range(len(acts))):
        alike = combinations(range(len(acts)), 2)
        if all(acts[a] != acts[b] or order.index(a) < order.index(b) for a, b in alike):
            yield order


@pytest.mark.parametrize("season", SEASONS)
def test_the_order_of_the_acts_makes_no_difference(season):
    """
    Every order of the same acts. A refused approval is one that no legal list could follow, and no other is refused;
    whether it then waits or is declined (here by turns), the lists that can be made in the end are the same.
    """
    facts, acts, undecided = SEASONS[season]
    desk = Desk(**facts)
    nominations = [desk.lying(**fields) for fields, _outcome in acts]
    for fields in undecided:
        desk.lying(**fields, status=S.RETURNED)
    ends, refusals = [], 0
    for turn, order in enumerate(orders(acts)):
        with transaction.atomic():
            for place in order:
                nomination, outcome = nominations[place], acts[place][1]
                if outcome == Outcome.DECLINE:
                    desk.give(nomination, outcome)
                    continue
                possible = any(nomination.pk in chosen for chosen in desk.legal_lists())
                refused = desk.refused(nomination)
                assert bool(refused) != possible
                refusals += bool(refused)
                if refused and turn % 2:
                    desk.give(nomination, Outcome.DECLINE)
            ends.append(frozenset(desk.legal_lists()))
            transaction.set_rollback(True)
    assert len(set(ends)) == 1
    # Where one stays that all the others need, nothing is ever refused.
    assert bool(refusals) == (season != "one stays")


class TestTheStock:
    """One public nomination and a minimum of one half: what there must be so that it may be approved."""

    @pytest.fixture
    def desk(self):
        return Desk(rules=[HALF], places=2)

    @pytest.fixture
    def public(self, desk):
        return desk.lying(**PUB)

    def test_alone_it_can_be_on_no_list(self, desk, public):
        assert desk.refused(public) == ["approval_short"]
        (shown,) = reviews.outlooks([public])[public.pk].violations
        told = str(sentence(shown))
        for part in (
            "苏组通〔2019〕65号 二.3",
            "非公有制 1 个",
            "现有 0 个",
            "拟推荐 0 个",
            "待审 1 个",
            "名额 2 个",
            "不予推荐",
        ):
            assert part in told
        assert desk.give(public, Outcome.DECLINE).status == S.DECLINED

    @pytest.mark.parametrize("status", [S.IN_REVIEW, S.RETURNED, S.POOLED])
    def test_a_further_non_public_one_opens_the_way(self, desk, public, status):
        assert desk.refused(public)
        desk.lying(status=status, **NON)
        assert desk.refused(public) == []

    @pytest.mark.parametrize("status", [S.DECLINED, S.WITHDRAWN, S.NOT_SELECTED, S.DISQUALIFIED, S.NAMED])
    def test_what_is_over_is_out(self, desk, public, status):
        desk.lying(status=status, **NON)
        assert desk.refused(public) == ["approval_short"]

    @pytest.mark.parametrize("status", [S.DRAFT, S.ENDORSING])
    def test_what_its_unit_has_not_handed_in_is_out_when_the_time_is_over(self, desk, public, status):
        desk.lying(status=status, **NON)
        assert desk.refused(public) == ["approval_short"]

    def test_of_another_award_or_body_is_out(self, desk, public):
        make_nomination(make_round_award(), desk.body, status=S.POOLED, **NON)
        make_allotment(desk.round_award, beside := make_body(parent=desk.body.parent))
        desk.lying(desk=beside, **NON)
        desk.lying(desk=desk.body.parent, **NON)
        assert desk.refused(public) == ["approval_short"]

    def test_the_places_changed(self, desk, public):
        desk.lying(status=S.POOLED, **NON)
        Allotment.objects.filter(pk=desk.allotment.pk).update(places=1)
        assert desk.refused(public) == ["approval_no_place_left"]
        Allotment.objects.filter(pk=desk.allotment.pk).update(places=0)
        assert desk.refused(public) == ["approval_no_places"]
        Allotment.objects.filter(pk=desk.allotment.pk).update(places=2)
        make_slot(desk.allotment, "ownership:non_public", places=2)
        assert desk.refused(public) == ["approval_no_place_left"]
        PlacesLine.objects.update(places=1)
        assert desk.refused(public) == []

    def test_a_separate_place_is_enough(self, desk, public):
        Allotment.objects.filter(pk=desk.allotment.pk).update(separate_places=1, places=0)
        assert desk.refused(public) == []

    def test_a_closed_award_stays_closed(self):
        desk = Desk(rules=[{**HALF, "numerator": 1, "denominator": 1}], separate=1)
        desk.lying(**NON)
        assert desk.refused(desk.lying(**PUB)) == ["approval_closed"]

    def test_without_places_ever_given_there_is_nothing_to_hold_it_to(self, desk, public):
        Allotment.objects.all().delete()
        assert desk.refused(public) == []

    def test_a_submitted_list_changes_nothing(self):
        """The stock counts, not the list: the only non-public one stands on it already."""
        award = make_award(joint=False)
        desk = make_desk(make_round_award(award=award), places=2)
        desk.fill(non_public=1)
        desk.act(slates.submit)
        public = make_nomination(desk.allotment.round_award, desk.body, status=S.IN_REVIEW, **PUB)
        reviewer = make_official(desk.body, Role.UNION_REVIEWER)
        given = reviews.give_opinion(
            nomination_id=public.pk, version=1, office=Office.UNION, actor=reviewer, outcome=Outcome.APPROVE
        )
        assert given.status == S.POOLED

    def test_several_rules_are_named_together(self):
        desk = Desk(rules=[HALF, WOMEN], places=2, kind=NomineeKind.PERSON)
        man = desk.lying(**PUB, **HIM)
        desk.lying(**NON, **HIM)
        desk.lying(**PUB, **HER)
        assert desk.refused(man) == ["approval_clash"]
        told = str(sentence(reviews.outlooks([man])[man.pk].violations[0]))
        assert told.count("苏组通〔2019〕65号 二.3") == 2
        assert "非公有制应不少于 1 个" in told
        assert "女应不少于 1 个" in told
        desk.lying(**NON, **HER)
        assert desk.refused(man) == []

    def test_a_share_above_the_previous_round(self):
        """A third before: now more than a third, which one of three is not."""
        desk = Desk(rules=[{**HALF, "kind": RuleKind.ABOVE, "numerator": 0, "denominator": 1}])
        type(desk.round_award).objects.update(previous_count=1, previous_base=3)
        lying = [desk.lying(**PUB), desk.lying(**PUB, status=S.POOLED), desk.lying(**NON)]
        (line,) = reviews.outlooks(lying)[lying[0].pk].lines
        assert (line.least, line.most) == (0, 1)
        assert desk.refused(lying[0]) == []
        desk.give(lying[2], Outcome.DECLINE)
        assert desk.refused(desk.lying(**PUB)) == ["approval_short"]

    def test_a_share_of_the_places_given(self):
        """Half of four places, whatever the length of the list: two, and there is one."""
        desk = Desk(rules=[{**HALF, "basis": Basis.ALLOTTED}], places=4)
        public = desk.lying(**PUB)
        desk.lying(**NON)
        assert desk.refused(public) == ["approval_short"]
        desk.lying(**NON)
        assert desk.refused(public) == []

    def test_both_offices_are_asked(self):
        award = make_award()
        version = make_rule_version(award)
        make_share_rule(version)
        public = make_nomination(make_round_award(award=award), status=S.IN_REVIEW, **PUB)
        make_allotment(public.round_award, public.desk, places=2)
        for office, role in ((Office.UNION, Role.UNION_REVIEWER), (Office.PARTY, Role.PARTY_REVIEWER)):
            with pytest.raises(RuleViolation) as refusal:
                reviews.give_opinion(
                    nomination_id=public.pk,
                    version=1,
                    office=office,
                    actor=make_official(public.desk, role),
                    outcome=Outcome.APPROVE,
                )
            assert [v.code for v in refusal.value.violations] == ["approval_short"]


class TestWhoMayStillCome:
    @pytest.fixture
    def desk(self):
        return Desk(rules=[HALF], places=2)

    def test_while_units_apply_nobody_is_refused_for_the_others(self, desk):
        public = desk.lying(**PUB)
        with clock.travel(IN_TIME):
            assert desk.refused(public) == []

    def test_while_units_apply_the_plan_still_counts(self):
        desk = Desk(rules=[HALF], places=1)
        public = desk.lying(**PUB)
        with clock.travel(IN_TIME):
            assert desk.refused(public) == ["approval_no_place_left"]
        clash = Desk(
            rules=[
                HALF,
                {**HALF, "sense": Sense.MAX, "numerator": 1, "denominator": 3},
                NO_MAN_OF_A_STATE_UNIT,
            ],
            kind=NomineeKind.PERSON,
        )
        man = clash.lying(**PUB, **HER)
        with clock.travel(IN_TIME):
            assert clash.refused(man) == ["approval_clash_of_plan"]

    @pytest.mark.parametrize(("where", "refused"), [("county", False), ("beside", True), ("city", True)])
    def test_an_extension_for_the_units_of_a_body_under_the_desk(self, desk, where, refused):
        bodies = {"county": desk.body, "beside": make_body(parent=desk.body.parent), "city": desk.body.parent}
        Extension.objects.create(
            round=desk.round_award.round,
            stage=Stage.UNIT,
            body=bodies[where],
            due_at=AFTER_UNITS + timedelta(hours=1),
            reason="灾害",
            granted_by=make_user(),
            granted_at=IN_TIME,
        )
        public = desk.lying(**PUB)
        with transaction.atomic():
            assert bool(desk.refused(public)) == refused
            transaction.set_rollback(True)
        with clock.travel(AFTER_UNITS + timedelta(hours=2)):
            assert desk.refused(public)

    def test_at_a_city_what_lies_below_may_still_arrive(self):
        county = Desk(rules=[HALF], places=2)
        city = county.body.parent
        make_allotment(county.round_award, city, places=2)
        public = county.lying(desk=city, **PUB)
        reviewer = make_official(city, Role.UNION_REVIEWER)

        def approved():
            reviews.give_opinion(
                nomination_id=public.pk,
                version=1,
                office=Office.UNION,
                actor=reviewer,
                outcome=Outcome.APPROVE,
            )

        with pytest.raises(RuleViolation):
            approved()
        below = county.lying(**NON, status=S.POOLED)
        assert reviews.outlooks([public])[public.pk].pending == 2
        with transaction.atomic():
            approved()
            transaction.set_rollback(True)
        Nomination.objects.filter(pk=below.pk).update(status=S.DECLINED)
        industry = make_body(level=Level.INDUSTRY)
        county.lying(desk=industry, **NON)
        with pytest.raises(RuleViolation):
            approved()


class TestReach:
    def test_says_what_each_bound_still_allows(self):
        desk = Desk(rules=[HALF], places=4)
        public = desk.lying(**PUB)
        desk.lying(**NON, status=S.POOLED)
        desk.lying(**NON)
        found = reviews.outlooks([public])[public.pk]
        (line,) = found.lines
        assert (found.approved, found.pending, found.places, found.open) == (1, 2, 4, False)
        assert (line.approved, line.pending, line.least, line.most) == (1, 1, 0, 1)
        assert (
            line.label
            == "非公有制：拟推荐 1 个、待审 1 个。公有制最多可上报 1 个；待审的都不通过时，最多 0 个。"
        )

    def test_while_units_apply_the_places_are_the_limit(self):
        desk = Desk(rules=[HALF], places=4)
        public = desk.lying(**PUB)
        with clock.travel(IN_TIME):
            found = reviews.outlooks([public])[public.pk]
        assert found.open
        assert found.lines[0].most == 2

    def test_many_at_once_in_three_statements(self, django_assert_num_queries):
        desks = [Desk(rules=[HALF], places=4), Desk(rules=[HALF, WOMEN], kind=NomineeKind.PERSON)]
        for desk in desks:
            desk.lying(**NON, **HER)
        lying = [desk.lying(**PUB, **HIM) for desk in desks for _ in range(3)]
        with django_assert_num_queries(3):
            found = reviews.outlooks(lying)
        assert {number: [v.code for v in outlook.violations] for number, outlook in found.items()} == {
            **{one.pk: [] for one in lying},
        }
        assert Counter(outlook.pending for outlook in found.values()) == {4: 6}


def test_every_code_is_one_of_its_family():
    assert {kind.code for kind in ApprovalUnlisted.__subclasses__()} == {
        "approval_no_places",
        "approval_closed",
        "approval_no_place_left",
        "approval_short",
        "approval_clash",
        "approval_clash_of_plan",
    }
