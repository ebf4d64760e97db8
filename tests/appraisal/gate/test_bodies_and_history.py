"""Rules for each city and county of a list, and for what was held before: judged, refused beforehand, recounted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.boards.services import verification
from appraisal.gate.services import admissions, gate
from appraisal.gate.services.admissions import Candidate
from appraisal.imports.lists import read_list
from appraisal.nominations.services import nominations
from appraisal.planning.services import trials
from appraisal.records import facets
from appraisal.records.models import Nomination, Slate, SlateEntry
from appraisal.records.services import labelling
from appraisal.records.states import NominationState, SlateState, UnitRole
from quotas.base import clock
from quotas.base.errors import InvalidInput, RuleViolation
from quotas.base.states import Level, NomineeKind, Role, RoundState, RuleKind, Sense, Stage
from quotas.base.wording import sentence
from quotas.bodies.services import names
from quotas.editions.label_words import label_word
from quotas.editions.services import composing, faults
from quotas.editions.wording import rule_words
from quotas.rounds.models import Allotment
from quotas.rounds.services import feasibility, plans, rounds
from quotas.rounds.services.plans import AwardDesk
from quotas.selection import reach
from quotas.selection.labels import Label, chosen, entry
from quotas.selection.plan import REGULAR, RESERVE, SEPARATE, Plan
from quotas.tree.models import Body
from tests.appraisal.desks import make_desk
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_application,
    make_award,
    make_body,
    make_employer,
    make_honour,
    make_nomination,
    make_official,
    make_procedure,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slot,
    make_unit_person,
)
from tests.quotas.editions.test_rules import HALF
from tests.quotas.selection.builders import rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def tree():
    """A province with two cities of two counties each, a third city with one, and an industry union."""
    province = make_body(level=Level.PROVINCE)
    for number, counties in ((1, 2), (2, 2), (3, 1)):
        city = make_body(f"C{number}", level=Level.CITY, parent=province, name=f"市{number}")
        for place in range(counties):
            make_body(f"C{number}D{place}", parent=city, name="鼓楼区")
    make_body("U1", level=Level.INDUSTRY, parent=province, name="产业工会")
    return {body.code: body for body in Body.objects.all()}


def award_of(tree, *, each, sense=Sense.MIN, number=1, places=9, stages=()):
    """An award with one rule of so many of each body, and places everywhere."""
    award = make_award(nominee_kind=NomineeKind.UNIT)
    version = make_rule_version(award)
    make_share_rule(
        version,
        "spread",
        label="",
        each=each,
        sense=sense,
        kind=RuleKind.COUNT,
        numerator=number,
        stages=stages,
    )
    round_award = make_round_award(award=award, places=places)
    for body in tree.values():
        make_allotment(round_award, body, places=places)
    return round_award


def plan_at(round_award, body):
    return plans.one(AwardDesk.at(round_award, body))


def asked(round_award, body):
    """What the list of the body is asked of which bodies, by the names of the rules."""
    return [each.label for each in plan_at(round_award, body).rules]


def listed(round_award, body, *firsts):
    """A list of the body with one entry of a unit under each of these bodies."""
    made = [make_nomination(round_award, body, employer=make_employer(first)) for first in firsts]
    return with_entries(round_award, body, made)


def with_entries(round_award, body, nominations):
    slate = Slate.objects.create(round_award=round_award, body=body, stage=body.stage)
    for rank, each in enumerate(nominations, 1):
        SlateEntry.objects.create(slate=slate, nomination=each, kind="regular", rank=rank)
    return slate


def broken_on(slate):
    return [check for check in gate.report(slate_id=slate.pk).checks if not check.holds]


class TestEachBody:
    def test_a_list_is_held_to_the_bodies_below_its_own(self, tree):
        of_cities, of_counties = (award_of(tree, each=each) for each in ("city", "county"))
        every = ["市1", "市2", "市3"]
        assert asked(of_cities, tree["320000"]) == [f"非公有制占比（{name}）" for name in every]
        # A city is not asked for its neighbours, a union and a county have none below.
        assert [asked(of_cities, tree[code]) for code in ("C1", "C1D0", "U1")] == [[], [], []]
        assert len(asked(of_counties, tree["320000"])) == 5
        assert asked(of_counties, tree["C1"]) == ["非公有制占比（鼓楼区）"] * 2
        # One county below is no several.
        assert [asked(of_counties, tree[code]) for code in ("C3", "C3D0")] == [[], []]

    def test_a_county_bears_the_name_of_its_city_where_both_stand_there(self, tree):
        of_counties = award_of(tree, each="county")
        assert "非公有制占比（市1鼓楼区）" in asked(of_counties, tree["320000"])
        assert label_word("county:C2D1") == "市2鼓楼区"
        assert label_word("city:C2") == "市2"
        assert label_word("city:elsewhere") == "city:elsewhere"

    def test_a_body_without_places_is_not_asked(self, tree):
        of_cities = award_of(tree, each="city")
        Allotment.objects.filter(body=tree["C2"]).update(places=0)
        assert asked(of_cities, tree["320000"]) == ["非公有制占比（市1）", "非公有制占比（市3）"]

    def test_the_gate_counts_where_entries_came_from(self, tree):
        of_cities = award_of(tree, each="city")
        one, two, three = (tree[code] for code in ("C1D0", "C2D1", "C3D0"))
        slate = listed(of_cities, tree["320000"], one, two, tree["U1"])
        (broken,) = broken_on(slate)
        assert (broken.bound.label, broken.count, broken.required) == ("非公有制占比（市3）", 0, 1)
        another = award_of(tree, each="city")
        kept = listed(another, tree["320000"], one, two, three, tree["U1"])
        assert not broken_on(kept)

    def test_at_most_so_many_of_each_county(self, tree):
        of_counties = award_of(tree, each="county", sense=Sense.MAX, number=1)
        slate = listed(of_counties, tree["C1"], tree["C1D0"], tree["C1D0"], tree["C1D1"])
        (broken,) = broken_on(slate)
        assert (broken.bound.label, broken.count, broken.required) == ("非公有制占比（鼓楼区）", 2, 1)

    def test_an_application_that_leaves_no_place_for_every_city_is_refused(self, tree):
        """Three cities and three places: a union's nominee stands on no list of the province."""
        of_cities = award_of(tree, each="city", places=3)
        found = {
            code: admissions.of_rules(Candidate.anybody(of_cities, body, make_employer(body)))[0]
            for code, body in tree.items()
            if code in {"U1", "C1D0"}
        }
        assert not found["C1D0"]
        assert found["U1"]
        assert "市1" in str(sentence(found["U1"][0]))

    def test_the_plan_says_where_there_are_fewer_places_than_cities(self, tree):
        of_cities = award_of(tree, each="city", places=2)
        (line,) = feasibility.of_round(round_id=of_cities.round_id).lines
        assert line.unlistable
        assert line.reason.params["bodies"] == [tree["320000"].name]

    def both(self, tree, *, each_city, each_county):
        """A planned round with so many of each city at least, and so many of each county at most."""
        award = make_award(nominee_kind=NomineeKind.UNIT)
        version = make_rule_version(award)
        for each, sense, number in (
            ("city", Sense.MIN, each_city),
            ("county", Sense.MAX, each_county),
        ):
            make_share_rule(
                version,
                each,
                label="",
                called="各地都有",
                each=each,
                sense=sense,
                kind=RuleKind.COUNT,
                numerator=number,
            )
        round_award = make_round_award(make_round(state=RoundState.PLANNED), award, places=9)
        for body in tree.values():
            make_allotment(round_award, body, places=9)
        return round_award

    def test_the_plan_knows_that_counties_lie_in_their_cities(self, tree):
        """Two of each city, at most one of each county: the third city has one county, so nothing can be listed."""
        planner = make_official(tree["320000"], Role.STAFF)
        possible = self.both(tree, each_city=1, each_county=1)
        assert feasibility.of_round(round_id=possible.round_id).lines == ()
        impossible = self.both(tree, each_city=2, each_county=1)
        (line,) = feasibility.of_round(round_id=impossible.round_id).lines
        assert line.unlistable
        assert line.bodies == (tree["320000"].pk,)
        assert line.reason.params["labels"] == ["各地都有（市3）", "各地都有（市3鼓楼区）"]
        client = Client()
        client.force_login(planner)
        page = client.get(f"/rounds/{impossible.round.code}/plan/").content.decode()
        assert "各地都有（市3鼓楼区）" in page
        with pytest.raises(RuleViolation) as refused:
            rounds.open(round_id=impossible.round_id, actor=planner)
        assert [reason.code for reason in refused.value.reasons] == ["nobody_can_apply"]

    def test_a_county_without_places_may_still_be_given_some(self, tree):
        """The second county of a city has no places yet; nobody is refused for want of it."""
        award = self.both(tree, each_city=2, each_county=1)
        second = make_body("C3D1", parent=tree["C3"], name="新区")
        assert feasibility.of_round(round_id=award.round_id).lines == ()
        assert not admissions.of_rules(Candidate.anybody(award, tree["C1D0"], make_employer(tree["C1D0"])))[0]
        make_allotment(award, second, places=9)
        assert feasibility.of_round(round_id=award.round_id).lines == ()

    def test_what_no_slate_can_keep_is_refused_beforehand(self, tree):
        award = self.both(tree, each_city=2, each_county=1)
        found = admissions.of_rules(Candidate.anybody(award, tree["C1D0"], make_employer(tree["C1D0"])))[0]
        assert [reason.code for reason in found] == ["no_list_for_entry"]

    def test_reading_plans_takes_one_statement_more_for_any_number_of_bodies(self, tree):
        of_cities, plain = award_of(tree, each="city"), make_round_award()
        for body in tree.values():
            make_allotment(plain, body)
        statements = []
        for award in (plain, of_cities, self.both(tree, each_city=1, each_county=1)):
            plans.of([AwardDesk.at(award, body) for body in tree.values()])
            with CaptureQueriesContext(
                connection,
            ) as captured:
                plans.of([AwardDesk.at(award, body) for body in tree.values()])
            statements.append(len(captured))
        assert statements == [1, 2, 3]

    def test_only_an_edition_that_counts_bodies_tells_its_nominees_apart_by_them(self, tree):
        def bodies(award):
            made = make_nomination(award, employer=make_employer(tree["C1D0"]))
            return {one for one in made.labels.split() if one.startswith(("city:", "county:"))}

        assert bodies(award_of(tree, each="city")) == {"city:C1"}
        assert bodies(award_of(tree, each="county")) == {"county:C1D0"}
        assert bodies(make_round_award()) == set()

    def test_it_is_composed_like_any_other(self, tree):
        planner = make_official(tree["320000"], Role.STAFF)
        draft = composing.compose(award_code=make_award().code, actor=planner, source="1号")
        spread = HALF | {"counted": [], "each": "city", "kind": "count", "numerator": 1, "kept": ""}
        made = composing.put_rule(version_id=draft.pk, version=1, actor=planner, **spread)
        (row,) = made.rules.all()
        assert rule_words(row) == "每个设区市 不低于 1 个"
        assert not faults.warnings(made)
        # Three cities cannot bear two thirds each.
        impossible = spread | {"kind": "share", "numerator": 2, "denominator": 3}
        made = composing.put_rule(version_id=draft.pk, version=2, actor=planner, **impossible)
        (warning,) = faults.warnings(made)
        assert warning.code == "rules_contradict"
        with pytest.raises(InvalidInput) as refused:
            composing.put_rule(
                version_id=draft.pk, version=3, actor=planner, **impossible | {"kept": "parts"}
            )
        assert [reason.code for reason in refused.value.reasons] == ["rule_kept_whole"]


class TestHistory:
    @pytest.fixture
    def before(self):
        """An award that was given in an earlier round, and is asked about in this one."""
        return make_round_award(
            make_round(), make_award("model", nominee_kind=NomineeKind.UNIT), employer_cap=2
        )

    def handed_in(self, **fields):
        nomination = make_application(status=NominationState.ENDORSING, **fields)
        make_procedure(nomination)
        endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
        return nominations.endorse(nomination_id=nomination.pk, version=1, actor=endorser)

    @pytest.mark.parametrize("who", ["nominee", "unit", "other", "revoked", "same round"])
    def test_is_what_the_nominee_or_its_unit_was_named_for_in_another_round(self, before, who):
        placed = make_allotment(before if who == "same round" else None)
        employer, another = make_employer(placed.body), make_employer(placed.body)
        named_as = {
            "nominee": {"employer": another, "nominee_key": f"unit:{employer.credit_code}"},
            "unit": {"employer": employer, "nominee_key": "unit:as it was called then"},
            "other": {"employer": another, "nominee_key": f"unit:{another.credit_code}"},
            "revoked": {"employer": employer, "nominee_key": f"unit:{employer.credit_code}"},
            "same round": {"employer": employer, "nominee_key": "unit:twin"},
        }[who]
        status = NominationState.DISQUALIFIED if who == "revoked" else NominationState.NAMED
        named = make_nomination(before, status=status, **named_as)
        make_honour(named, revoked=who == "revoked")
        nomination = self.handed_in(allotment=placed, employer=employer)
        holds = who in {"nominee", "unit"}
        assert nomination.held == ("model" if holds else "")
        assert ("held:model" in nomination.labels.split()) == holds

    @pytest.mark.parametrize("slot", [False, True])
    def test_counts_in_rules_and_slots(self, before, slot):
        """One of two entries held it: a place kept for such ones is filled, a rule against them is broken."""
        version = make_rule_version(make_award())
        if not slot:
            make_share_rule(
                version, "new", label="held:model", sense=Sense.MAX, kind=RuleKind.COUNT, numerator=0
            )
        this = make_round_award(award=version.award, share=None)
        placed = make_allotment(this, places=2)
        if slot:
            make_slot(placed, "held:model", places=1)
        held, fresh, another = (
            make_nomination(this, placed.body, held=titles) for titles in ("model", "", "")
        )
        slate = with_entries(this, placed.body, [held, fresh])
        assert bool(broken_on(slate)) != slot
        slate.entries.filter(nomination=held).update(nomination=another)
        assert bool(broken_on(slate)) == slot
        assert label_word("held:model") == f"曾获{before.award.name}"

    def test_refuses_whoever_holds_it_where_nobody_may(self, before):
        version = make_rule_version(make_award())
        make_share_rule(
            version, "held", label="held:model", sense=Sense.MAX, kind=RuleKind.COUNT, numerator=0
        )
        placed = make_allotment(make_round_award(award=version.award))
        employer = make_employer(placed.body)
        make_honour(make_nomination(before, status=NominationState.NAMED, employer=employer))
        bearer = make_application(placed, employer=employer)
        other = make_application(placed)
        assert admissions.of_rules(Candidate.of(bearer, employer))[0]
        assert not admissions.of_rules(Candidate.of(other, other.employer))[0]
        # Whom the unit will nominate is not known yet: it may be somebody else.
        assert not admissions.of_rules(Candidate.anybody(placed.round_award, placed.body, employer))[0]

    def test_somebody_may_hold_several(self):
        """Two minima of one, on a list with one place: whoever holds both keeps them."""
        both = tuple(rule(code, f"held:{code}", "min", 1, kind="count") for code in ("first", "second"))
        plan = Plan(places={REGULAR: 1, RESERVE: 0, SEPARATE: 0}, rules=both, awarding=True)
        assert not reach.findings(plan, (), entry(["held:first", "held:second"]))
        assert reach.findings(plan, (), entry(["held:first"]))
        assert chosen(["held:first", "held:second"]).holds(frozenset({Label("held:second")}))

    def test_a_rule_names_awards_that_there_are(self, before):
        planner = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
        draft = composing.compose(award_code=before.award.code, actor=planner, source="1号")
        made = composing.put_rule(
            version_id=draft.pk, version=1, actor=planner, **HALF | {"counted": ["held:model"]}
        )
        assert made.version == 2
        with pytest.raises(InvalidInput) as refused:
            composing.put_rule(
                version_id=draft.pk, version=2, actor=planner, **HALF | {"counted": ["held:none"]}
            )
        assert [reason.code for reason in refused.value.reasons] == ["rule_label_unknown"]


class TestRecount:
    def wrong(self):
        return {line.rule for line in verification.run() if not line.holds}

    @pytest.fixture
    def named(self):
        """A unit that was named, and its application in a later round."""
        desk = make_desk(make_round_award(award=make_award("model", final_stage=Stage.COUNTY)))
        (winner,) = desk.fill(non_public=1)
        desk.advance(SlateState.NAMED)
        later = make_nomination(
            make_round_award(make_round(), make_award("later")),
            desk.body,
            employer=winner.employer,
            held="model",
            submitted_at=clock.now(),
        )
        return winner, later

    def test_is_silent_on_what_was_so_then(self, named):
        winner, _later = named
        assert not self.wrong() & {"labelled", "held"}
        # A title that is taken back later was borne on that day.
        Nomination.objects.filter(pk=winner.pk).update(status=NominationState.DISQUALIFIED)
        assert "held" not in self.wrong()

    def test_finds_a_title_that_nobody_gave(self, named):
        stranger = make_nomination(named[1].round_award, named[1].body, held="model")
        assert self.wrong() & {"labelled", "held"} == {"held"}
        stranger.delete()

    def test_finds_a_title_that_was_left_out(self, named):
        later = named[1]
        later.held = ""
        later.labels = " ".join(sorted(labelling.carried(later)))
        with clock.travel(IN_TIME.replace(year=IN_TIME.year + 1)):
            later.submitted_at = clock.now()
            later.save()
            assert self.wrong() & {"labelled", "held"} == {"held"}

    def test_finds_labels_that_do_not_follow_from_route_and_history(self, named):
        later = named[1]
        Nomination.objects.filter(pk=later.pk).update(labels=later.labels.replace("held:model", ""))
        assert "labelled" in self.wrong()


class TestTrial:
    """A list that is brought to try rules on tells city, county and what was held in columns of their own."""

    def judged(self, each, stage, text):
        version = make_rule_version(make_award("model", nominee_kind=NomineeKind.UNIT))
        make_share_rule(version, "spread", label="", each=each, kind=RuleKind.COUNT, numerator=1)
        every = names.most_below()[Stage.PROVINCE]
        text = text.replace("{award}", version.award.name)
        table = read_list(text, [facets.of_bodies(each, every[each]), facets.of_title(Label("held:model"))])
        assert not table.problems
        report = trials.judged(version=version, rows=table.rows, stage=stage, places=None, previous=None)
        return table.rows, [(check.bound.label, check.holds) for check in report.checks]

    @pytest.mark.usefixtures("tree")
    def test_of_the_province(self):
        rows, checks = self.judged(
            "city",
            Stage.PROVINCE,
            "推荐对象,类别,设区市,曾获{award}\n甲,正选,市1,是\n乙,正选,市3,否\n丙,正选,,",
        )
        assert [sorted(row.labels) for row in rows] == [["city:C1", "held:model"], ["city:C3"], []]
        assert checks == [
            ("非公有制占比（市1）", True),
            ("非公有制占比（市2）", False),
            ("非公有制占比（市3）", True),
        ]

    @pytest.mark.usefixtures("tree")
    def test_of_the_city_that_its_counties_are_of(self):
        _rows, checks = self.judged("county", Stage.CITY, "推荐对象,县（市、区）\n甲,市2鼓楼区")
        assert sorted(holds for _label, holds in checks) == [False, True]
