"""Allotments: given by the body above, never below what is taken."""

import pytest
from django.db import transaction
from django.db.models import F
from django.db.utils import IntegrityError

from quotas.arithmetic import lots
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import Level, NomineeKind, Role, RoundState, Sense, Stage
from quotas.base.wording import sentence
from quotas.editions.models import RuleVersion, ShareRule
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, PlacesLine, RoundAward
from quotas.rounds.services import allotments, feasibility, plans
from quotas.rounds.services import parts as parts_
from quotas.selection.judge import EntryRow, judge
from quotas.selection.labels import chosen, entry
from quotas.selection.plan import WHOLE_LIST, SeparateLine, Slot
from quotas.tree.models import Body
from tests.builders import (
    keep_in_parts,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
)
from tests.quotas.selection.builders import rule

pytestmark = pytest.mark.django_db

NON_PUBLIC, SHARE = "ownership:non_public", "non_public_share"


def slot(label, places, within="", *, key="", left_out=()):
    """A slot as a form brings it."""
    key = key or label.partition(":")[2]
    return Slot(chosen([label] if label else [], left_out), places, key, key, within)


@pytest.fixture
def city():
    return make_body(level=Level.CITY)


@pytest.fixture
def county(city):
    return make_body(parent=city)


@pytest.fixture
def keeper(city):
    return make_official(city, Role.KEEPER)


@pytest.fixture
def round_award():
    return make_round_award()


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- one body ------------------------------------------------------------------------------------------------


def test_places_of_one_body_with_their_history(round_award, county, keeper):
    give = lambda places, part: allotments.set_places(
        round_award_id=round_award.pk,
        body_id=county.pk,
        places=places,
        reserve_places=1,
        separate=[SeparateLine("s1", "竞赛单列", 2)],
        parts={SHARE: part},
        actor=keeper,
        reason="名额分配表",
    )
    give(6, 3)
    allotment = give(4, 2)
    assert (allotment.places, allotment.reserve_places, allotment.separate_places) == (4, 1, 2)
    assert list(PlacesLine.objects.values_list("allotment", "rule", "name", "owner", "places")) == [
        (allotment.pk, "", "竞赛单列", county.parent_id, 2),
        (allotment.pk, SHARE, "", None, 2),
    ]
    entry = LedgerEntry.objects.order_by("seq").last()
    assert (entry.body, entry.actor, entry.reason) == (county, keeper, "名额分配表")
    assert (entry.before["places"], entry.after["places"]) == (6, 4)
    assert (entry.before["parts"], entry.after["parts"]) == ({"非公有制占比": 3}, {"非公有制占比": 2})
    assert not ledger.check()


FARMER, WORKER, FEMALE = "migrant:yes", "occupation:industrial_worker", "gender:female"


@pytest.mark.parametrize(
    ("slots", "problems"),
    [
        ([slot(NON_PUBLIC, 1, key="1"), slot("", 1, key="2")], [("slot_2_kind", "slot_without_kind")]),
        ([Slot(chosen([NON_PUBLIC]), 1, "1", " ")], [("slot_1_name", "slot_name_required")]),
        (
            [Slot(chosen([NON_PUBLIC]), 1, "1", "甲"), Slot(chosen([FEMALE]), 1, "2", "甲")],
            [("slot_1_name", "slot_name_twice"), ("slot_2_name", "slot_name_twice")],
        ),
        ([slot("post:unheard_of", 1, key="1")], [("slot_1_kind", "rule_label_unknown")]),
        ([slot(FEMALE, 1, key="1", left_out=[FEMALE])], [("slot_1_kind_not", "rule_label_in_both")]),
        # What lies in another slot meets what that one asks as well.
        (
            [slot("front_line:yes", 2, key="1"), slot("front_line:no", 1, "1", key="2")],
            [("slot_2_kind", "slot_for_nobody")],
        ),
        ([slot(FEMALE, 1, "9", key="1")], [("slot_1_within", "slot_within_gone")]),
        (
            [slot(FEMALE, 1, "2", key="1"), slot(FARMER, 1, "1", key="2")],
            [("slot_1_within", "slot_circular"), ("slot_2_within", "slot_circular")],
        ),
        ([slot(FEMALE, 1, "1", key="1")], [("slot_1_within", "slot_circular")]),
        ([slot(FEMALE, -1, key="1")], [("slot_1_places", "negative_places")]),
        (
            [Slot(chosen([FEMALE]), 0, str(each), str(each)) for each in range(1, 12)],
            [("slot_11_name", "slots_too_many")],
        ),
    ],
)
def test_slots_without_sense_are_refused_at_their_fields(county, keeper, slots, problems):
    round_award = make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON))
    before = make_allotment(round_award, county, places=9, typed={FARMER: 2})
    with pytest.raises(InvalidInput) as refused:
        allotments.set_places(
            round_award_id=round_award.pk,
            body_id=county.pk,
            places=9,
            slots=slots,
            actor=keeper,
            reason="调整",
        )
    assert [(problem.field, problem.code) for problem in refused.value.problems] == problems
    assert all(str(sentence(problem)) for problem in refused.value.problems)
    assert before.lines.get().places == 2


@pytest.mark.parametrize(
    ("slots", "found"),
    [
        ([slot(FEMALE, 4)], ["slots_exceed_places"]),
        ([slot(FEMALE, 2), slot(FARMER, 2)], ["slots_exceed_places"]),
        ([slot(FEMALE, 2), slot(FARMER, 1)], []),
        ([slot(FEMALE, 2), slot(FARMER, 3, WHOLE_LIST)], []),
        ([slot(FARMER, 4, WHOLE_LIST)], ["slots_exceed_places"]),
        ([slot(FEMALE, 2, key="1"), slot(FARMER, 1, "1"), slot(WORKER, 1, "1")], []),
        ([slot(FEMALE, 2, key="1"), slot(FARMER, 2, "1"), slot(WORKER, 1, "1")], ["slot_overfull"]),
    ],
)
def test_slots_lie_within_the_places_and_within_what_they_lie_in(county, keeper, slots, found):
    round_award = make_round_award(award=make_award(nominee_kind=NomineeKind.PERSON))
    give = lambda: allotments.set_places(
        round_award_id=round_award.pk, body_id=county.pk, places=3, slots=slots, actor=keeper, reason="调整"
    )
    if not found:
        made = give()
        assert allotments.places_of(made, made.lines.order_by("pk")).slots == tuple(slots)
        return
    with pytest.raises(RuleViolation) as refused:
        give()
    assert codes(refused) == found
    assert not Allotment.objects.exists()


def test_a_part_of_a_rule_that_has_none_is_refused(round_award, county, keeper):
    make_share_rule(round_award.rule_version, "warned", label="gender:female", advisory=True)
    for code in ("warned", "gone"):
        with pytest.raises(InvalidInput) as refused:
            allotments.set_places(
                round_award_id=round_award.pk,
                body_id=county.pk,
                places=3,
                parts={code: 1},
                actor=keeper,
                reason="调整",
            )
        assert codes(refused) == ["part_without_rule"]


def test_never_below_what_the_list_has_taken(round_award, county, keeper):
    allotment = make_allotment(round_award, county, places=5)
    allotments.commit(allotment=allotment, regular=4)
    with pytest.raises(RuleViolation) as refused:
        allotments.set_places(
            round_award_id=round_award.pk, body_id=county.pk, places=3, actor=keeper, reason="核减"
        )
    assert codes(refused) == ["below_committed"]
    assert refused.value.reasons[0].params["committed"] == 4
    assert not LedgerEntry.objects.exists()


def test_slots_and_parts_fit_into_the_places(round_award, county, keeper):
    def give(*slots, parts=()):
        return allotments.set_places(
            round_award_id=round_award.pk,
            body_id=county.pk,
            places=3,
            slots=slots,
            parts=dict(parts),
            actor=keeper,
            reason="名额分配表",
        )

    with pytest.raises(RuleViolation) as refused:
        give(slot(NON_PUBLIC, 2), slot("ownership:public", 2))
    assert codes(refused) == ["slots_exceed_places"]
    with pytest.raises(RuleViolation) as refused:
        give(parts={SHARE: 4})
    assert codes(refused) == ["part_exceeds_places"]
    with pytest.raises(RuleViolation) as refused:
        # The slot for a public one leaves two places to the part.
        give(slot(NON_PUBLIC, 2), slot("ownership:public", 1), parts={SHARE: 3})
    assert codes(refused) == ["parts_together"]
    assert give(slot(NON_PUBLIC, 2), slot("ownership:public", 1), parts={SHARE: 2}).places == 3


def test_an_open_round_wants_a_reason_and_a_planned_one_does_not(county, keeper):
    planned = make_round_award(make_round(state=RoundState.PLANNED))
    assert allotments.set_places(round_award_id=planned.pk, body_id=county.pk, places=3, actor=keeper).places
    with pytest.raises(InvalidInput) as refused:
        allotments.set_places(
            round_award_id=make_round_award().pk, body_id=county.pk, places=3, actor=keeper, reason=" "
        )
    assert refused.value.code == "reason_required"


def test_a_closed_round_stays_as_it_was(county, keeper):
    closed = make_round_award(make_round(state=RoundState.CLOSED))
    with pytest.raises(WrongState) as refused:
        allotments.set_places(
            round_award_id=closed.pk, body_id=county.pk, places=3, actor=keeper, reason="更正"
        )
    assert refused.value.code == "round_closed"


def test_the_body_above_decides_and_nobody_else(round_award, city, county, keeper):
    province = make_body(level=Level.PROVINCE)
    for stranger in (
        make_official(county, Role.KEEPER),
        make_official(make_body(level=Level.CITY), Role.KEEPER),
        make_official(province, Role.STAFF),
        make_official(city, Role.OBSERVER),
    ):
        with pytest.raises(NotPermitted):
            allotments.set_places(
                round_award_id=round_award.pk, body_id=county.pk, places=1, actor=stranger, reason="x"
            )
    with pytest.raises(NotPermitted):
        allotments.set_places(
            round_award_id=round_award.pk, body_id=province.pk, places=1, actor=keeper, reason="x"
        )
    assert not Allotment.objects.exists()


@pytest.mark.parametrize("field", ["places", "reserve_places", "separate_s1_places"])
def test_places_are_counted_from_nought(round_award, county, keeper, field):
    values = {"places": 3, "reserve_places": 0, field: -1}
    if field.startswith("separate"):
        values = {"places": 3, "separate": [SeparateLine("s1", "竞赛单列", -1)]}
    with pytest.raises(InvalidInput) as refused:
        allotments.set_places(
            round_award_id=round_award.pk, body_id=county.pk, actor=keeper, reason="x", **values
        )
    assert (refused.value.field, refused.value.code) == (field, "negative_places")


def test_no_places_above_the_stage_that_gives_the_award(city):
    round_award = make_round_award(award=make_award(final_stage=Stage.COUNTY))
    staff = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
    with pytest.raises(InvalidInput) as refused:
        allotments.set_places(
            round_award_id=round_award.pk, body_id=city.pk, places=1, actor=staff, reason="x"
        )
    assert refused.value.code == "below_final_stage"


# --- handing down --------------------------------------------------------------------------------------------


def hand_down(round_award, city, keeper, places_by_body):
    return allotments.hand_down(
        round_award_id=round_award.pk,
        parent_id=city.pk,
        places_by_body={body.pk: places for body, places in places_by_body.items()},
        actor=keeper,
        reason="名额分配表",
    )


def test_handing_down_makes_and_changes_and_records(round_award, city, keeper):
    one, two, three = (make_body(parent=city) for _ in range(3))
    make_allotment(round_award, city, places=6)
    make_allotment(round_award, one, places=1, reserve_places=2, parts={SHARE: 1})
    make_allotment(round_award, three, places=2)
    done = hand_down(round_award, city, keeper, {one: 4, two: 3, three: 2})
    assert {allotment.body_id: allotment.places for allotment in done.allotments} == {
        one.pk: 4,
        two.pk: 3,
        three.pk: 2,
    }
    assert [one.code for one in done.warnings] == ["parts_loose"]
    assert Allotment.objects.get(body=one).reserve_places == 2
    entries = {entry.body_id: (entry.before, entry.after["places"]) for entry in LedgerEntry.objects.all()}
    assert entries == {one.pk: ({"places": 1}, 4), two.pk: ({}, 3)}  # the third was as it is


@pytest.mark.parametrize(
    ("below", "warning"), [(6, []), (12, []), (13, ["handed_down_far_above"]), (5, ["handed_down_below"])]
)
def test_more_than_ones_own_is_allowed_and_the_absurd_is_pointed_out(
    round_award, city, county, keeper, below, warning
):
    make_allotment(round_award, city, places=6)
    done = hand_down(round_award, city, keeper, {county: below})
    assert [violation.code for violation in done.warnings] == warning
    assert Allotment.objects.get(body=county).places == below


def test_places_go_to_ones_own_children_only(round_award, city, county, keeper):
    stranger = make_body()
    with pytest.raises(InvalidInput) as refused:
        hand_down(round_award, city, keeper, {county: 1, stranger: 1})
    assert codes(refused) == ["not_a_child"]
    assert not Allotment.objects.exists()


def test_every_child_that_cannot_is_named(round_award, city, keeper):
    one, two = make_body(parent=city), make_body(parent=city)
    for body in (one, two):
        allotments.commit(allotment=make_allotment(round_award, body, places=3), regular=3)
    with pytest.raises(RuleViolation) as refused:
        hand_down(round_award, city, keeper, {one: 2, two: 2})
    assert codes(refused) == ["below_committed"] * 2


def test_handing_down_needs_the_right_at_the_parent(round_award, city, county):
    with pytest.raises(NotPermitted):
        hand_down(round_award, city, make_official(county, Role.KEEPER), {county: 1})


@pytest.mark.parametrize("children", [1, 3, 50])
def test_handing_down_takes_the_same_statements_for_any_number(
    round_award, city, keeper, django_assert_num_queries, children
):
    bodies = [make_body(parent=city) for _ in range(children)]
    for body in bodies:
        make_allotment(round_award, body)
    # savepoint 2, round award, parent, children, allotments, permission, lines, write, ledger 2, drift
    with django_assert_num_queries(13):
        hand_down(round_award, city, keeper, dict.fromkeys(bodies, 5))


# --- what is taken -------------------------------------------------------------------------------------------


def test_what_is_taken_is_set_and_never_more_than_the_places(round_award, county):
    allotment = make_allotment(round_award, county, places=3)
    allotments.commit(allotment=allotment, regular=3)
    allotments.commit(allotment=allotment, regular=2)
    assert Allotment.objects.get().committed == 2
    with pytest.raises(RuleViolation) as refused:
        allotments.commit(allotment=allotment, regular=4)
    assert codes(refused) == ["places_exceeded"]
    assert refused.value.reasons[0].params == {"places": 3, "regular": 4, "over": 1}


def test_the_table_itself_says_the_same(round_award, county):
    allotment = make_allotment(round_award, county, places=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allotment.objects.filter(pk=allotment.pk).update(committed=4)


def test_locking_gives_the_rows_by_body_in_one_statement(
    round_award, city, county, django_assert_num_queries
):
    make_allotment(round_award, county)
    make_allotment(round_award, city)
    make_allotment(body=county)
    with django_assert_num_queries(1):
        locked = allotments.lock(round_award_id=round_award.pk, body_ids=[city.pk, county.pk])
    assert {pk: allotment.body_id for pk, allotment in locked.items()} == {
        city.pk: city.pk,
        county.pk: county.pk,
    }


# --- over the whole tree -------------------------------------------------------------------------------------


def wide_tree():
    """Three cities of 3, 2 and 1 counties, and an industry union; the planner of the province."""
    province = make_body(level=Level.PROVINCE)
    for number, counties in enumerate((3, 2, 1)):
        made = make_body(f"C{number}", level=Level.CITY, parent=province)
        for each in range(counties):
            make_body(f"C{number}{each}", parent=made)
    make_body("U0", level=Level.INDUSTRY, parent=province)
    return make_official(province, Role.STAFF)


def planned_award(**award):
    return make_round_award(make_round(state=RoundState.PLANNED), make_award(**award), places=10)


def test_a_proposal_sums_to_the_total_and_writes_nothing():
    planner, round_award = wide_tree(), planned_award()
    proposal = allotments.propose(
        round_award_id=round_award.pk, city_total=10, industry_each=2, county_each=3, reserve_percent=34
    )
    given = {hand.body.code: (hand.places, hand.reserve_places) for hand in proposal.hands}
    assert [given[code] for code in ("C0", "C1", "C2", "U0", "C00")] == [
        (5, 2),
        (3, 2),
        (2, 1),
        (2, 1),
        (3, 2),
    ]
    assert proposal.total(Level.CITY) == 10
    assert proposal.total(Level.COUNTY) == 18
    assert proposal.number(Level.CITY, Level.INDUSTRY) == 4
    assert not proposal.warnings
    assert not Allotment.objects.exists()
    assert planner.is_active


def test_handing_out_writes_what_was_proposed_with_its_computation():
    planner, round_award = wide_tree(), planned_award()
    wanted = {"city_total": 10, "industry_each": 0, "county_each": 3, "reserve_percent": 0}
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, **wanted)
    given = dict(Allotment.objects.values_list("body__code", "places"))
    assert (given["C0"], given["C1"], given["C2"], given["C20"]) == (5, 3, 2, 3)
    # Nothing for the union: no row.
    assert "U0" not in given
    first = LedgerEntry.objects.get(body__code="C1")
    assert (first.act, first.after["claim"], first.after["by_lot"]) == ("hand_out", "10/3", False)
    assert ledger.check() == []
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, **wanted)
    assert LedgerEntry.objects.count() == len(given)


def half(**award):
    """At least one half are non-public, at most one half heads; a share of some entries only has no parts."""
    made = planned_award(**award)
    make_share_rule(made.rule_version, "heads", label="occupation:enterprise_head", sense=Sense.MAX)
    make_share_rule(made.rule_version, "women", label="gender:female", base="nominee:person")
    return made


def of_counties(parts, city):
    return sum(number for code, number in parts.items() if code != city and code.startswith(city))


def typed_of(round_award):
    rows = PlacesLine.objects.filter(allotment__round_award=round_award, rule=SHARE)
    return {row.allotment.body.code: row.places for row in rows.select_related("allotment__body")}


def test_places_are_handed_out_by_themselves_unless_parts_are_asked_for():
    planner, round_award = wide_tree(), half()
    wanted = {"city_total": 10, "industry_each": 1, "county_each": 3}
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, **wanted)
    assert not PlacesLine.objects.exists()

    keep_in_parts(round_award, SHARE)
    proposal = allotments.propose(round_award_id=round_award.pk, **wanted)
    assert not PlacesLine.objects.exists()
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, **wanted)
    assert set(PlacesLine.objects.values_list("rule", flat=True)) == {SHARE}
    parts = typed_of(round_award)
    assert parts == {hand.body.code: hand.parts[SHARE].given for hand in proposal.hands}
    # Of 11 places below the province 6, of 9, 6 and 3 below the cities 5, 3 and 2: nobody rounds its own part up.
    assert sum(parts[code] for code in ("C0", "C1", "C2", "U0")) == 6
    assert [
        sum(n for code, n in parts.items() if code[:2] == city and len(code) == 3)
        for city in ("C0", "C1", "C2")
    ] == [5, 3, 2]
    told = LedgerEntry.objects.filter(body__code="C00").latest("pk")
    assert (told.before, told.after["parts"]["非公有制占比"]) == (
        {"places": 3, "reserve_places": 0},
        parts["C00"],
    )

    keep_in_parts(round_award)
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, **wanted)
    assert not PlacesLine.objects.exists()
    told = LedgerEntry.objects.filter(body__code="C00").latest("pk")
    assert told.before["parts"]["非公有制占比"] == parts["C00"]
    assert ledger.check() == []


def counties(*numbers):
    """A province with cities of so many counties each."""
    province = make_body(level=Level.PROVINCE)
    tree = [province]
    for number in numbers:
        city = make_body(level=Level.CITY, parent=province)
        tree += [city, *(make_body(parent=city) for _ in range(number))]
    return tree


def test_95_counties_with_one_place_need_95_by_themselves_and_48_in_parts():
    """Each of the cities has as many places as counties; at at least one half."""
    tree = counties(*[7] * 11, 9, 9)
    round_award = make_round_award(make_round(state=RoundState.PLANNED), places=95)
    below = [body for body in tree if body.level == Level.COUNTY]
    places = {body.pk: sum(each.parent_id == body.pk for each in tree) for body in tree}
    places |= {body.pk: 1 for body in below} | {tree[0].pk: 95}
    parts = parts_.parts_of(round_award_id=round_award.pk, tree=tree, places=places)
    assert (len(below), sum(parts[body.pk][SHARE] for body in below)) == (95, 48)
    cities = [body for body in tree if body.level == Level.CITY]
    for city in cities:
        own = [parts[body.pk][SHARE] for body in below if body.parent_id == city.pk]
        assert sum(own) == parts[city.pk][SHARE]
    assert sum(parts[city.pk][SHARE] for city in cities) == 48
    for body in tree[1:]:
        make_allotment(round_award, body, places=places[body.pk], parts=parts[body.pk])
    (line,) = feasibility.of_round(round_id=round_award.round_id).lines
    assert set(line.bodies) == {body.pk for body in below if parts[body.pk][SHARE]}
    open_to_all = [body for body in below if not parts[body.pk][SHARE]]
    assert len(open_to_all) == 47
    held = plans.of(plans.AwardDesk.at(round_award, body) for body in open_to_all)
    assert all(judge(plan, [one_public()]).holds for plan in held.values())


def test_the_rules_of_a_plan_are_read_once(django_assert_num_queries):
    allotment = make_allotment()
    desk = plans.AwardDesk.at(allotment.round_award, allotment.body)
    known = plans.one(desk)
    with django_assert_num_queries(1):
        assert plans.one(desk, until=False) == known


def test_rules_that_have_changed_are_read_again():
    """A draft of which a rule is edited in its row; an edition whose rules the catalogue replaces by others."""
    version = make_rule_version(make_award())
    rule = make_share_rule(version)
    allotment = make_allotment(make_round_award(award=version.award, share=None))
    desk = plans.AwardDesk.at(allotment.round_award, allotment.body)
    RoundAward.objects.filter(pk=allotment.round_award_id).update(
        rule_version=make_rule_version(version.award, number=2)
    )

    def held():
        with transaction.atomic():
            RoundAward.objects.filter(pk=allotment.round_award_id).update(rule_version=version)
            found = [(each.code, each.numerator) for each in plans.one(desk).rules]
            transaction.set_rollback(True)
        return found

    assert held() == [("non_public_share", 1)]
    ShareRule.objects.filter(pk=rule.pk).update(numerator=2)
    RuleVersion.objects.filter(pk=version.pk).update(version=F("version") + 1)
    assert held() == [("non_public_share", 2)]
    rule.delete()
    make_share_rule(version, "other")
    assert held() == [("other", 1)]
    ShareRule.objects.all().delete()
    assert held() == []


def test_minima_of_one_facet_are_shared_out_in_one_table():
    """Eight counties with one place each: three workers and two scientists find room, each county has one part at most."""
    tree = counties(8)
    round_award = make_round_award(make_round(state=RoundState.PLANNED), share=None, places=8)
    version = round_award.rule_version
    worker, scientist = "occupation:industrial_worker", "occupation:science_education"
    make_share_rule(version, "workers", label=worker, numerator=35, denominator=100)
    make_share_rule(version, "scientists", label=scientist, numerator=20, denominator=100)
    places = {body.pk: 1 for body in tree[2:]} | {tree[1].pk: 8, tree[0].pk: 8}
    parts = parts_.parts_of(round_award_id=round_award.pk, tree=tree, places=places)
    below = [parts[body.pk] for body in tree[2:]]
    assert [sum(each[code] for each in below) for code in ("workers", "scientists")] == [3, 2]
    assert all(sum(each.values()) <= 1 for each in below)


def test_equal_remainders_are_settled_by_the_lots_that_came_with_the_round():
    """Six counties with one place each at one half; the three that bring a non-public unit are those drawn first."""
    tree = counties(6)
    below = tree[2:]
    first = set()
    for number in range(8):
        round_award = make_round_award(make_round(f"drawn-{number}", state=RoundState.PLANNED), places=6)
        places = {body.pk: 1 for body in below} | {tree[1].pk: 6}
        parts = parts_.parts_of(round_award_id=round_award.pk, tree=tree, places=places)
        keys = lots.order(
            f"{round_award.round.lots_code} {round_award.award.code}", [each.code for each in below]
        )
        bound = {each.code for each in below if parts[each.pk][SHARE]}
        assert bound == set(keys[:3])
        assert parts == parts_.parts_of(round_award_id=round_award.pk, tree=tree[::-1], places=places)
        first.add(frozenset(bound))
    assert len(first) > 3


def test_the_ledger_says_how_a_part_came_about():
    """Cities of three, two and one counties with one place each: two, one and one of these have a part."""
    planner, round_award = wide_tree(), half()
    keep_in_parts(round_award, SHARE)
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, county_each=1)
    told = {
        entry.body.code: entry.after
        for entry in LedgerEntry.objects.filter(act="hand_out", body__level=Level.COUNTY).select_related(
            "body"
        )
    }
    (name,) = told["C00"]["part_claim"]
    assert {code: after["part_claim"][name] for code, after in told.items()} == {
        "C00": "2/3",
        "C01": "2/3",
        "C02": "2/3",
        "C10": "1/2",
        "C11": "1/2",
        "C20": "1/1",
    }
    assert {code for code, after in told.items() if not after["part_by_lot"]} == {"C20"}


def test_parts_that_find_no_room_are_refused_with_names():
    tree = counties(1)
    round_award = make_round_award(make_round(state=RoundState.PLANNED), share=None, places=1)
    for kind in ("industrial_worker", "science_education"):
        make_share_rule(
            round_award.rule_version, kind, label=f"occupation:{kind}", numerator=1, denominator=3
        )
    places = {body.pk: 1 for body in tree}
    with pytest.raises(RuleViolation) as refused:
        parts_.parts_of(round_award_id=round_award.pk, tree=tree, places=places)
    said = str(sentence(refused.value.reasons[0]))
    assert "非公有制占比" in said
    assert tree[1].short_name in said


def one_public():
    return EntryRow(1, "26-00001-0", "公有制单位", entry(["ownership:public"]), kind="regular", rank=1)


def test_slots_stay_when_places_are_handed_out():
    planner, round_award = wide_tree(), half()
    county = Body.objects.get(code="C00")
    make_allotment(round_award, county, places=2, typed={"occupation:industrial_worker": 2})
    for codes in ([SHARE], []):
        keep_in_parts(round_award, *codes)
        allotments.hand_out(round_award_id=round_award.pk, actor=planner, county_each=3)
    assert PlacesLine.objects.get().key == "industrial_worker"
    with pytest.raises(RuleViolation) as refused:
        allotments.hand_out(round_award_id=round_award.pk, actor=planner, county_each=1)
    assert [violation.code for violation in refused.value.violations] == ["slots_exceed_places"]


def test_a_proposal_says_what_both_ways_cost():
    """95 counties of one place: by themselves 95 of 95 are non-public, in parts 48."""
    province = make_body(level=Level.PROVINCE)
    city = make_body("C", level=Level.CITY, parent=province)
    for number in range(95):
        make_body(f"C{number:02}", parent=city)
    proposal = allotments.propose(round_award_id=half().pk, county_each=1)
    told, heads = proposal.compared
    assert (told.level, told.bodies, told.places) == (Level.COUNTY, 95, 95)
    assert (told.by_itself, told.in_parts, told.shut_out, told.shut_out_in_parts) == (95, 48, 95, 48)
    # Of a ceiling of one half nobody may have one by itself, and 47 may in parts.
    assert (heads.by_itself, heads.in_parts, heads.shut_out, heads.shut_out_in_parts) == (0, 47, 95, 48)
    assert not any(hand.parts for hand in proposal.hands)


@pytest.mark.parametrize("name", ["city_total", "industry_each", "county_each", "reserve_percent"])
def test_nothing_negative_is_handed_out(name):
    planner, round_award = wide_tree(), planned_award()
    with pytest.raises(InvalidInput) as refused:
        allotments.hand_out(round_award_id=round_award.pk, actor=planner, **{name: -1})
    assert (refused.value.field, refused.value.code) == (name, "negative_places")


def test_only_planners_hand_out_and_only_while_planned():
    planner, round_award = wide_tree(), planned_award()
    keeper = make_official(make_body(level=Level.PROVINCE), Role.KEEPER)
    with pytest.raises(NotPermitted):
        allotments.hand_out(round_award_id=round_award.pk, actor=keeper, county_each=1)
    running = make_round_award()
    with pytest.raises(WrongState) as refused:
        allotments.hand_out(round_award_id=running.pk, actor=planner, county_each=1)
    assert refused.value.code == "round_not_planned"
    assert not Allotment.objects.exists()


def test_handing_out_is_flat(django_assert_max_num_queries):
    planner, round_award = wide_tree(), planned_award()
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, county_each=1)
    with django_assert_max_num_queries(18):
        allotments.hand_out(round_award_id=round_award.pk, actor=planner, city_total=9, county_each=2)


# --- drift and older figures ---------------------------------------------------------------------------------


def drifts(**wanted):
    return [told.code for told in parts_.drift(**wanted)]


@pytest.fixture
def parted():
    """A city of three counties of 4 places, with parts of one half: 2 each."""
    award = half()
    province = make_body(level=Level.PROVINCE)
    city = make_body("C", level=Level.CITY, parent=province)
    counties = [make_body(f"C{number}", parent=city) for number in range(3)]
    for county in counties:
        make_allotment(award, county, places=4, parts={SHARE: 2})
    return award, city, counties


def test_parts_that_no_longer_fit_the_places_are_said_at_once(parted):
    award, city, counties = parted
    keeper = make_official(city, Role.KEEPER)
    assert drifts(round_award_id=award.pk) == []
    down = lambda places: allotments.hand_down(
        round_award_id=award.pk,
        parent_id=city.pk,
        places_by_body={county.pk: places for county in counties},
        actor=keeper,
    )
    (told,) = [one for one in down(8).warnings if one.code == "parts_loose"]
    assert (told.params["places"], told.params["required"], told.params["parts"]) == (24, 12, 6)
    assert [one.code for one in down(3).warnings if "parts" in one.code] == ["parts_strict"]
    assert not [one for one in down(4).warnings if "parts" in one.code]


def test_one_part_taken_to_nought_is_a_drift_and_one_taken_back_is_none(parted):
    award, city, (one, *_others) = parted
    keeper = make_official(city, Role.KEEPER)
    place = lambda part: allotments.set_places(
        round_award_id=award.pk, body_id=one.pk, places=4, parts=part, actor=keeper
    )
    place({SHARE: 0})
    assert drifts(round_award_id=award.pk) == ["parts_loose"]
    assert drifts(round_award_id=award.pk, parents=[one.pk]) == []
    # Without a part the list keeps the share by itself.
    place({})
    assert drifts(round_award_id=award.pk) == []


def test_parts_of_a_ceiling_drift_the_other_way():
    """Of 12 places at most a half: three counties of 4 may have 2 each, and no more."""
    award = half()
    city = make_body("C", level=Level.CITY, parent=make_body(level=Level.PROVINCE))
    made = [
        make_allotment(award, make_body(f"C{n}", parent=city), places=4, parts={"heads": 2}) for n in range(3)
    ]
    assert drifts(round_award_id=award.pk) == []
    PlacesLine.objects.filter(allotment=made[0]).update(places=3)
    assert drifts(round_award_id=award.pk) == ["parts_loose"]
    PlacesLine.objects.filter(allotment=made[0]).update(places=1)
    assert drifts(round_award_id=award.pk) == ["parts_strict"]
    Allotment.objects.filter(pk=made[0].pk).update(places=2)
    assert drifts(round_award_id=award.pk) == []


def test_a_rule_to_be_kept_in_parts_without_any_is_said():
    award = half()
    city = make_body("C", level=Level.CITY, parent=make_body(level=Level.PROVINCE))
    make_allotment(award, make_body("C1", parent=city), places=4)
    keep_in_parts(award, "heads")
    (told,) = parts_.drift(round_award_id=award.pk)
    assert (told.code, told.params["body"]) == ("parts_missing", city.short_name)


def test_prices_are_those_of_rounds_that_are_being_planned():
    """Of 20 counties with 2 places each, heads at most 13 %: nobody by itself, five counties in parts."""
    planned, running = half(), make_round_award()
    city = make_body("C", level=Level.CITY, parent=make_body(level=Level.PROVINCE))
    for number in range(20):
        county = make_body(f"C{number:02}", parent=city)
        make_allotment(planned, county, places=2)
        make_allotment(running, county, places=2)
    heads = rule("heads", "occupation:enterprise_head", "max", 13, 100)
    (price,) = parts_.prices(award_id=planned.award_id, rule=heads)
    (line,) = price.lines
    assert (line.by_itself, line.in_parts, line.shut_out, line.shut_out_in_parts) == (0, 5, 20, 15)
    assert parts_.prices(award_id=running.award_id, rule=heads) == []


def test_lists_by_themselves_do_not_drift():
    award = half()
    city = make_body("C", level=Level.CITY, parent=make_body(level=Level.PROVINCE))
    for number in range(3):
        make_allotment(award, make_body(f"C{number}", parent=city), places=3)
    assert drifts(round_award_id=award.pk) == []


def test_older_figures_do_not_come_back(parted):
    award, city, (one, other, _third) = parted
    keeper = make_official(city, Role.KEEPER)
    seen = allotments.digest(round_award_id=award.pk, body_id=one.pk)
    seen_below = allotments.digest_below(round_award_id=award.pk, parent_id=city.pk)
    first = {"round_award_id": award.pk, "body_id": one.pk, "places": 5, "actor": keeper}
    allotments.set_places(**first, parts={SHARE: 2}, plan=seen)
    with pytest.raises(Conflict, match="places_changed"):
        allotments.set_places(**first | {"places": 3}, plan=seen)
    with pytest.raises(Conflict, match="places_changed"):
        allotments.hand_down(
            round_award_id=award.pk,
            parent_id=city.pk,
            places_by_body={other.pk: 9},
            actor=keeper,
            plan=seen_below,
        )
    assert Allotment.objects.get(body=one).places == 5
    assert Allotment.objects.get(body=other).places == 4
    # Typed places count as well.
    seen = allotments.digest(round_award_id=award.pk, body_id=one.pk)
    allotments.set_places(**first, parts={SHARE: 1})
    assert seen != allotments.digest(round_award_id=award.pk, body_id=one.pk)


def test_a_preview_of_older_figures_is_not_written():
    planner, round_award = wide_tree(), half()
    plan = allotments.digest_of_tree(round_award_id=round_award.pk)
    allotments.hand_out(round_award_id=round_award.pk, actor=planner, county_each=1, plan=plan)
    with pytest.raises(Conflict, match="places_changed"):
        allotments.hand_out(round_award_id=round_award.pk, actor=planner, county_each=2, plan=plan)
