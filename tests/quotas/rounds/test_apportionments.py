"""Calculations of places: inputs until the draw, one draw, the same result every time, changes by hand with their reason."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from quotas.base.errors import Conflict, InvalidInput, NotPermitted, RuleViolation, WrongState
from quotas.base.states import (
    ApportionmentState,
    DivisionMethod,
    KeptBy,
    Level,
    Role,
    RoundState,
    Stage,
    WeightKind,
)
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, Apportionment, ApportionmentRow, PlacesLine
from quotas.rounds.services import allotments, apportionments, parts
from quotas.rounds.services.apportionments import Inputs, Weight
from tests.builders import (
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_user,
)

pytestmark = pytest.mark.django_db

SHARE = "non_public_share"


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


class Desk:
    """A province with cities of 1, 2, 3 … as weights, an industry union, and its planner."""

    def __init__(self, cities: int = 3, *, places: int = 10, state: RoundState = RoundState.PLANNED, **award):
        self.province = make_body(level=Level.PROVINCE)
        self.cities = [make_body(f"C{number:03d}", level=Level.CITY) for number in range(cities)]
        self.union = make_body("U000", level=Level.INDUSTRY)
        self.actor = make_official(self.province, Role.STAFF)
        self.award = make_round_award(make_round(state=state), make_award(**award), places=places)

    @property
    def bodies(self):
        return [*self.cities, self.union]

    def begin(self, inputs=None, parent=None, actor=None):
        self.made = apportionments.begin(
            round_award_id=self.award.pk,
            parent_id=(parent or self.province).pk,
            actor=actor or self.actor,
            inputs=inputs,
        )
        return self.made

    @property
    def version(self):
        return Apportionment.objects.get(pk=self.made.pk).version

    def act(self, name, *, actor=None, version=None, **more):
        return getattr(apportionments, name)(
            apportionment_id=self.made.pk, version=version or self.version, actor=actor or self.actor, **more
        )

    def set(self, total=10, weights=(), bounds=(), **inputs):
        """Weights and bounds by position; the union comes last."""
        rows = {
            body.pk: Weight(weight, *bound)
            for body, weight, bound in zip(
                self.bodies, weights, [*bounds, *[()] * (len(weights) - len(bounds))], strict=False
            )
        }
        return self.act(
            "set_inputs",
            inputs=Inputs(total=total, **inputs),
            rows=rows,
        )

    def drawn(self, **inputs):
        self.begin()
        self.set(**inputs)
        self.act("draw")
        return self.result

    def adjust(self, body, places=None, reason="会议研究", parts=None, **more):
        return self.act("adjust", body_id=body.pk, places=places, parts=parts or {}, reason=reason, **more)

    @property
    def plan(self):
        return apportionments.standing(self.made).digest

    def apply(self, reason="", **more):
        return self.act("apply", reason=reason, **{"plan": self.plan} | more)

    @property
    def result(self):
        return apportionments.result(apportionment_id=self.made.pk)

    @property
    def given(self):
        return [line.places for line in self.result.lines]

    def parts(self, code=SHARE):
        return [line.parts[code].given for line in self.result.lines]

    @property
    def lots(self):
        return dict(ApportionmentRow.objects.values_list("body__code", "lot"))


@pytest.fixture
def desk():
    return Desk()


# --- beginning -----------------------------------------------------------------------------------------------


def test_a_calculation_begins_with_the_own_places_and_hands_none_of_them_down_in_parts(desk):
    made = desk.begin()
    assert (made.total, made.figures) == (10, {})
    assert (made.method, made.weight_kind, made.state) == ("largest_remainder", "flat", "draft")
    # The industry union is among the children.
    assert set(made.rows.values_list("body", flat=True)) == {body.pk for body in desk.bodies}
    entry = LedgerEntry.objects.get()
    assert (entry.act, entry.body, entry.after["figures"]) == (
        "begin_calculation",
        desk.province,
        {},
    )


def test_a_city_hands_down_its_own_places_to_its_counties():
    desk = Desk()
    city = desk.cities[0]
    counties = [make_body(parent=city) for _ in range(2)]
    closed = make_body(parent=city)
    closed.closed_on = "2026-01-01"
    closed.save()
    make_allotment(desk.award, city, places=7)
    made = desk.begin(parent=city, actor=make_official(city, Role.KEEPER))
    assert (made.total, made.figures) == (7, {})
    assert set(made.rows.values_list("body", flat=True)) == {county.pk for county in counties}


def test_only_rules_of_the_whole_list_are_proposed(desk):
    version = desk.award.rule_version
    make_share_rule(version, "most", label="post:cadre", sense="max", numerator=1, denominator=5)
    make_share_rule(version, "part", label="front_line:yes", base="sector:enterprise")
    make_share_rule(
        version, "own", label="gender:female", numerator=1, denominator=5, stages=(Stage.PROVINCE,)
    )
    make_share_rule(version, "elsewhere", label="rank:leader", stages=(Stage.COUNTY,))
    make_share_rule(version, "third", label="front_line:yes", numerator=1, denominator=3)
    found = apportionments.offered(round_award_id=desk.award.pk, parent=desk.province, total=10)
    assert {code: each.figure for code, each in found.items()} == {SHARE: 5, "most": 2, "third": 4, "own": 2}


def test_one_open_calculation_for_a_body_and_an_award(desk):
    desk.begin()
    with pytest.raises(WrongState) as refused:
        desk.begin()
    assert codes(refused) == ["calculation_already_open"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Apportionment.objects.create(
            round_award=desk.award,
            parent=desk.province,
            total=1,
            made_by=desk.actor,
            made_at=desk.made.made_at,
        )


def test_without_bodies_below_there_is_nothing_to_calculate():
    desk = Desk(final_stage=Stage.COUNTY)
    with pytest.raises(WrongState) as refused:
        desk.begin()
    assert codes(refused) == ["calculation_without_bodies"]
    assert not Apportionment.objects.exists()


def strangers(desk):
    city = desk.cities[0]
    return [
        make_official(city, Role.KEEPER),
        make_official(desk.province, Role.OBSERVER),
        make_official(desk.province, Role.UNION_LEADER),
        make_user(),
    ]


def test_whoever_may_not_hand_down_here_does_nothing_at_all(desk):
    for stranger in strangers(desk):
        with pytest.raises(NotPermitted):
            desk.begin(actor=stranger)
    desk.begin()
    for stranger in strangers(desk):
        with pytest.raises(NotPermitted):
            desk.act("set_inputs", actor=stranger, inputs=Inputs(3), rows={})
        with pytest.raises(NotPermitted):
            desk.act("draw", actor=stranger)
        with pytest.raises(NotPermitted):
            desk.act("drop", actor=stranger)
    desk.act("draw")
    for stranger in strangers(desk):
        with pytest.raises(NotPermitted):
            desk.adjust(desk.cities[0], 3, actor=stranger)
        with pytest.raises(NotPermitted):
            desk.apply(actor=stranger)
    assert not Allotment.objects.exists()
    # The keeper of the province hands places down as well.
    desk.apply(actor=make_official(desk.province, Role.KEEPER))


def test_a_closed_round_calculates_nothing(desk):
    desk.begin()
    desk.award.round.state = RoundState.CLOSED
    desk.award.round.closed_at = desk.made.made_at
    desk.award.round.save()
    acts = [
        desk.set,
        lambda: desk.act("draw"),
        lambda: desk.act("drop"),
        lambda: desk.adjust(desk.cities[0], 3),
        lambda: desk.apply("更正"),
        desk.begin,
    ]
    for act in acts:
        with pytest.raises(WrongState) as refused:
            act()
        assert codes(refused) == ["round_closed"]


# --- inputs --------------------------------------------------------------------------------------------------


def test_inputs_are_kept_and_the_ledger_says_what_changed(desk):
    desk.begin()
    desk.set(
        total=12,
        weights=[5, 3],
        bounds=[(1, 6)],
        figures={SHARE: 6},
        method=DivisionMethod.DHONDT,
        weight_kind=WeightKind.EMPLOYERS,
        weight_source="2026年6月单位登记",
    )
    made = Apportionment.objects.get()
    assert (made.total, made.method, made.weight_source) == (12, "dhondt", "2026年6月单位登记")
    rows = list(made.rows.order_by("body__code").values_list("weight", "floor", "cap"))
    assert rows == [(5, 1, 6), (3, 0, None), (1, 0, None), (1, 0, None)]  # the others stay
    entry = LedgerEntry.objects.order_by("seq").last()
    assert (entry.before["total"], entry.after["total"]) == (10, 12)
    assert next(iter(entry.after["weights"].values())) == "5 [1–6]"
    desk.set(total=12, figures={SHARE: 6}, method="dhondt", weight_kind="employers")
    assert LedgerEntry.objects.order_by("seq").last().before == {"weight_source": "2026年6月单位登记"}


@pytest.mark.parametrize(
    ("inputs", "problems"),
    [
        ({"total": -1}, [("total", "figure_out_of_range")]),
        ({"total": 10**9}, [("total", "figure_out_of_range")]),
        ({"figures": {SHARE: 11}}, [(f"figure_{SHARE}", "figure_above_total")]),
        ({"figures": {SHARE: -1}}, [(f"figure_{SHARE}", "figure_out_of_range")]),
        ({"figures": {SHARE: 5, "women": 3}}, [("figure_women", "rule_without_parts")]),
    ],
)
def test_inputs_of_the_whole_that_make_no_sense_are_refused(desk, inputs, problems):
    desk.begin()
    with pytest.raises(InvalidInput) as refused:
        desk.set(**inputs)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == problems
    assert desk.version == 1


def test_every_row_that_makes_no_sense_is_named(desk):
    desk.begin()
    one, two, three = desk.cities
    with pytest.raises(InvalidInput) as refused:
        desk.set(weights=[-1, 1, 2], bounds=[(0, None), (3, 2), (0, -4)])
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        (f"weight_{one.pk}", "figure_out_of_range"),
        (f"cap_{two.pk}", "cap_below_floor"),
        (f"cap_{three.pk}", "figure_out_of_range"),
        (f"cap_{three.pk}", "cap_below_floor"),
    ]
    with pytest.raises(InvalidInput) as refused:
        desk.act("set_inputs", inputs=Inputs(5), rows={make_body().pk: Weight(1)})
    assert codes(refused) == ["not_in_calculation"]


@pytest.mark.parametrize("act", ["set_inputs", "draw", "drop"])
def test_an_old_page_changes_nothing(desk, act):
    desk.begin()
    desk.set(total=9)
    more = {"inputs": Inputs(5), "rows": {}} if act == "set_inputs" else {}
    with pytest.raises(Conflict) as refused:
        desk.act(act, version=1, **more)
    assert codes(refused) == ["calculation_changed"]


# --- the draw ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"weights": [1, 1, 1, 1], "bounds": [(6, None), (5, None)]}, "floors_above_total"),
        ({"weights": [1, 1, 1, 0], "bounds": [(0, 3), (0, 3), (0, 3)]}, "caps_below_total"),
        ({"weights": [0, 0, 0, 0]}, "weights_all_nought"),
    ],
)
def test_lots_are_not_drawn_over_what_cannot_be_divided(desk, inputs, code):
    desk.begin()
    desk.set(**inputs)
    with pytest.raises(RuleViolation) as refused:
        desk.act("draw")
    assert codes(refused) == [code]
    assert set(desk.lots.values()) == {None}


def test_the_draw_is_recorded_with_all_it_rests_on_and_fixes_it(desk):
    desk.drawn(weights=[1, 1, 1, 1])
    assert sorted(desk.lots.values()) == [1, 2, 3, 4]
    entry = LedgerEntry.objects.order_by("seq").last()
    assert (entry.act, entry.actor) == ("draw_lots", desk.actor)
    assert {name.split()[0]: lot for name, lot in entry.after["lots"].items()} == desk.lots
    assert entry.after["total"] == 10
    assert len(entry.after["weights"]) == 4
    made = Apportionment.objects.get()
    assert (made.state, made.drawn_by) == (ApportionmentState.DRAWN, desk.actor)
    for act in (lambda: desk.set(total=11), lambda: desk.act("draw")):
        with pytest.raises(WrongState) as refused:
            act()
        assert codes(refused) == ["calculation_not_draft"]
    assert not ledger.check()


def test_lots_come_out_of_the_system_and_differ(desk):
    orders = set()
    for _time in range(12):
        desk.drawn(weights=[1, 1, 1, 1])
        orders.add(tuple(desk.made.rows.order_by("lot").values_list("body", flat=True)))
        desk.act("drop", reason="重抽")
    assert len(orders) > 1


def test_a_body_that_came_meanwhile_is_not_passed_over(desk):
    desk.begin()
    make_body("C999", level=Level.CITY)
    with pytest.raises(Conflict) as refused:
        desk.act("draw")
    assert codes(refused) == ["calculation_bodies_changed"]


def test_there_is_no_result_before_the_draw(desk):
    desk.begin()
    for act in (lambda: desk.result, lambda: desk.adjust(desk.cities[0], 1), desk.apply):
        with pytest.raises(WrongState) as refused:
            act()
        assert codes(refused) == ["calculation_not_drawn"]


def test_drawing_until_one_likes_it_shows(desk):
    desk.drawn(weights=[1, 1, 1, 1])
    with pytest.raises(InvalidInput) as refused:
        desk.act("drop")
    assert codes(refused) == ["reason_required"]
    desk.act("drop", reason="权数有误")
    with pytest.raises(WrongState) as refused:
        desk.act("drop", reason="再作废")
    assert codes(refused) == ["calculation_over"]
    desk.begin()
    assert LedgerEntry.objects.get(stream=f"apportionment:{desk.made.pk}").after["dropped_draws"] == 1
    kept = LedgerEntry.objects.filter(act="draw_lots").values_list("after", flat=True)
    assert [len(after["lots"]) for after in kept] == [4]
    desk.act("drop")  # without lots nobody needs a reason


# --- the result ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "places"),
    [("largest_remainder", [7, 1, 1, 1]), ("sainte_lague", [7, 1, 1, 1]), ("dhondt", [8, 1, 1, 0])],
)
def test_the_result_follows_the_method_and_is_the_same_every_time(desk, method, places):
    first = desk.drawn(weights=[6000, 1000, 900, 600], method=method)
    assert desk.given == places
    assert first == desk.result
    assert (first.places, first.difference, first.problems) == (10, 0, ())


def test_the_result_shows_its_steps(desk):
    result = desk.drawn(weights=[5, 3, 2, 3], figures={SHARE: 5})
    step = result.lines[0].step
    assert (step.claim, step.whole, step.remainder) == (Fraction(50, 13), 3, Fraction(11, 13))
    assert desk.parts() == [2, 1, 1, 1]
    cell = result.lines[1].parts[SHARE]
    assert (cell.fair, cell.remainder, cell.lot, cell.why) == (
        Fraction(5 * result.lines[1].places, 10),
        Fraction(0) if result.lines[1].places == 2 else Fraction(1, 2),
        desk.lots["C001"],
        "whole" if result.lines[1].places == 2 else "lot",
    )


def test_equal_claims_go_by_the_lots(desk):
    desk.drawn(total=6, weights=[1, 1, 1, 1])
    lucky = {line.row.body.code for line in desk.result.lines if line.places == 2}
    assert lucky == {code for code, lot in desk.lots.items() if lot in {1, 2}}
    assert all(line.step.by_lot for line in desk.result.lines)


def test_a_share_in_every_city_would_inflate_the_minimum():
    desk = Desk(cities=12, places=39)
    desk.drawn(total=39, weights=[1] * 13, figures={SHARE: 20})
    assert desk.given == [3] * 13
    assert sorted(desk.parts()) == [1] * 6 + [2] * 7
    desk.apply()
    assert sum(PlacesLine.objects.values_list("places", flat=True)) == 20


def test_the_minimum_stays_exact_from_the_province_to_the_counties():
    """33 places, at least 17 non-public, over cities of 2, 3 and 4 counties; each city goes on with its own."""
    desk = Desk(places=33)
    counties = [[make_body(parent=city) for _ in range(2 + index)] for index, city in enumerate(desk.cities)]
    desk.drawn(total=33, weights=[2, 3, 4, 0], figures={SHARE: 17})
    desk.apply()
    for city, below in zip(desk.cities, counties, strict=True):
        own = Allotment.objects.get(body=city)
        minimum = own.lines.get().places
        keeper = SimpleNamespace(actor=make_official(city, Role.KEEPER))
        made = desk.begin(Inputs(own.places, figures={SHARE: minimum}), city, keeper.actor)
        desk.act("draw", actor=keeper.actor)
        desk.apply(actor=keeper.actor)
        assert made.rows.count() == len(below)
    of_counties = PlacesLine.objects.filter(allotment__body__level=Level.COUNTY)
    assert sum(of_counties.values_list("places", flat=True)) == 17
    given = Allotment.objects.filter(body__level=Level.COUNTY).values_list("places", flat=True)
    assert sum(given) == 33


@pytest.mark.parametrize("number", [12, 95])
def test_the_result_takes_the_same_statements_for_any_number(number, django_assert_num_queries):
    desk = Desk(cities=number, places=200)
    desk.drawn(total=200, weights=range(number + 1), figures={SHARE: 100})
    with django_assert_num_queries(4):
        desk.result  # noqa: B018 -- asked for its statements


# --- by hand -------------------------------------------------------------------------------------------------


def test_a_change_by_hand_stands_beside_the_computation_with_its_reason(desk):
    desk.drawn(weights=[4, 3, 2, 1], figures={SHARE: 5})
    assert desk.given == [4, 3, 2, 1]
    found = desk.adjust(desk.cities[1], 4, reason="承担试点")
    line = found.lines[1]
    assert (line.step.given, line.places, line.adjusted, line.row.reason) == (3, 4, True, "承担试点")
    assert (found.difference, found.parts) == (1, {SHARE: 5})
    desk.adjust(desk.cities[0], 3, reason="让出一个")
    assert (desk.given, desk.result.difference) == ([3, 4, 2, 1], 0)
    entry = LedgerEntry.objects.order_by("seq").last()
    assert (entry.act, entry.reason) == ("adjust_places", "让出一个")
    desk.adjust(desk.cities[0], reason="")
    assert (desk.given, desk.result.lines[0].row.reason) == ([4, 4, 2, 1], "")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"places": 4, "reason": " "}, "reason_required"),
        ({"places": -1}, "figure_out_of_range"),
        ({"places": 1}, "places_below_floor"),
        ({"places": 7}, "places_above_cap"),
        ({"parts": {SHARE: -1}}, "figure_out_of_range"),
        ({"parts": {SHARE: 5}}, "parts_held_too_many"),
        ({"places": 3, "parts": {SHARE: 4}}, "parts_held_too_many"),
    ],
)
def test_the_hand_is_bound_as_well(desk, values, code):
    desk.drawn(weights=[4, 3, 2, 1], bounds=[(2, 6)], figures={SHARE: 5})
    with pytest.raises((InvalidInput, RuleViolation)) as refused:
        desk.adjust(desk.cities[0], **values)
    assert codes(refused) == [code]
    assert desk.given == [4, 3, 2, 1]


def test_only_bodies_and_types_of_the_calculation_are_changed(desk):
    desk.drawn(weights=[4, 3, 2, 1])
    with pytest.raises(InvalidInput) as refused:
        desk.adjust(desk.cities[0], parts={SHARE: 1})
    assert codes(refused) == ["part_without_choice"]
    with pytest.raises(InvalidInput) as refused:
        desk.adjust(make_body(), 1)
    assert codes(refused) == ["not_in_calculation"]
    with pytest.raises(Conflict):
        desk.adjust(desk.cities[0], 3, version=1)


def test_a_part_changed_by_hand_stays_and_the_others_are_shared_out_anew(desk):
    one, two, three = desk.cities
    desk.drawn(weights=[4, 4, 2, 0], figures={SHARE: 5})
    assert desk.parts() == [2, 2, 1, 0]
    found = desk.adjust(one, parts={SHARE: 3}, reason="承担试点")
    line = found.lines[0]
    assert (line.parts[SHARE].given, line.parts[SHARE].why, line.computed) == (3, "hand", {SHARE: 2})
    assert found.parts == {SHARE: 5}
    assert not found.problems
    assert [line.computed[SHARE] for line in found.lines] == [2, 2, 1, 0]
    entry = LedgerEntry.objects.order_by("seq").last()
    assert list(entry.after["adjusted"].values()) == ["— / 非公有制占比 3"]
    desk.adjust(two, parts={SHARE: 1}, reason="让出一个")
    assert desk.parts() == [3, 1, 1, 0]
    # What no other body could make up for is refused where it is typed, with the names.
    with pytest.raises(RuleViolation) as refused:
        desk.adjust(three, parts={SHARE: 2})
    assert codes(refused) == ["parts_held_too_many"]
    assert refused.value.reasons[0].labels == ["非公有制占比"]
    assert set(refused.value.reasons[0].bodies) == {one.short_name, two.short_name, three.short_name}
    desk.adjust(one, reason="")
    desk.adjust(two, reason="")
    assert desk.parts() == [2, 2, 1, 0]


@pytest.mark.parametrize("change", [{"adjusted_places": 3}, {"adjusted_parts": {SHARE: 1}}])
def test_the_database_keeps_no_change_without_a_reason(desk, change):
    desk.drawn(figures={SHARE: 5})
    with pytest.raises(IntegrityError), transaction.atomic():
        ApportionmentRow.objects.update(**change)
    ApportionmentRow.objects.update(**change, reason="承担试点")


# --- several rules -------------------------------------------------------------------------------------------

FIGURES = {"cadre": 5, "scientist": 8, "worker": 14}


def three_rules(version, *in_parts):
    """Of forty, at least 14 workers and 8 scientists, and at most 5 cadres."""
    for code, called, label, sense, share in (
        ("worker", "产业工人占比", "occupation:industrial_worker", "min", (7, 20)),
        ("scientist", "科教人员占比", "occupation:science_education", "min", (1, 5)),
        ("cadre", "县处级占比", "post:cadre", "max", (13, 100)),
    ):
        make_share_rule(
            version,
            code,
            called=called,
            label=label,
            sense=sense,
            numerator=share[0],
            denominator=share[1],
            kept=KeptBy.PARTS if code in in_parts else KeptBy.ITSELF,
        )


@pytest.fixture
def three():
    """Twenty cities and three rules."""
    desk = Desk(cities=20, places=40)
    three_rules(desk.award.rule_version)
    return desk


def test_three_rules_have_exact_margins_in_both_directions(three):
    found = three.drawn(total=40, weights=[1] * 20 + [0], figures=FIGURES)
    assert found.parts == FIGURES
    # In the order of the rules, not of the stated figures.
    assert [list(line.parts) for line in found.lines] == [["worker", "scientist", "cadre"]] * 21
    for line in found.lines:
        assert line.parts["worker"].given + line.parts["scientist"].given <= line.places
        assert all(abs(cell.given - cell.fair) < 1 for cell in line.parts.values())
    # Each would keep a ceiling of none by itself; in parts five have one.
    assert sorted(three.parts("cadre"), reverse=True) == [1] * 5 + [0] * 16
    three.apply()
    written = PlacesLine.objects.values_list("rule", "places")
    assert {code: sum(places for rule, places in written if rule == code) for code in FIGURES} == FIGURES
    entry = LedgerEntry.objects.get(act="apply_calculation", stream__startswith="apportionment:")
    assert entry.after["parts"] == {"产业工人占比": 14, "科教人员占比": 8, "县处级占比": 5}


def test_two_minima_of_one_facet_fill_every_body_where_they_ask_for_all_places(three):
    three.drawn(total=40, weights=range(1, 22), figures={"worker": 25, "scientist": 15})
    assert [line.parts["worker"].given + line.parts["scientist"].given for line in three.result.lines] == (
        three.given
    )


def test_two_minima_of_one_facet_without_room_are_refused_with_their_names(three):
    three.begin()
    three.set(total=40, figures={"worker": 25, "scientist": 16, "cadre": 40})
    with pytest.raises(RuleViolation) as refused:
        three.act("draw")
    assert codes(refused) == ["figures_together"]
    reason = refused.value.reasons[0]
    assert (sorted(reason.rules), reason.asked, reason.total) == (["产业工人占比", "科教人员占比"], 41, 40)
    assert set(three.lots.values()) == {None}
    # Whoever can be both a worker and a cadre takes no place twice.
    three.set(total=40, figures={"worker": 25, "cadre": 40})
    three.act("draw")


def test_places_taken_away_by_hand_leave_two_minima_no_room(three):
    three.drawn(total=40, weights=[1] * 20 + [0], figures={"worker": 25, "scientist": 15})
    three.adjust(three.cities[0], 1)
    assert not three.result.lines[0].parts
    with pytest.raises(RuleViolation) as refused:
        three.apply("少一个")
    assert codes(refused) == ["parts_asked_too_many"]
    assert sorted(refused.value.reasons[0].labels) == ["产业工人占比", "科教人员占比"]
    assert not Allotment.objects.exists()


def test_a_rule_that_the_edition_keeps_in_parts_is_proposed_with_its_figure():
    desk = Desk(cities=20, places=40)
    three_rules(desk.award.rule_version, "worker", "cadre")
    assert desk.begin().figures == {"worker": 14, "cadre": 5}


def test_what_a_body_was_let_off_is_not_asked_below_it(desk):
    """A city with 1 of the 2 that half of 3 places would be, and its counties, which have 6 places together."""
    city = desk.cities[0]
    make_allotment(desk.award, city, places=3, parts={SHARE: 1})
    (offer,) = apportionments.offered(round_award_id=desk.award.pk, parent=city, total=6).values()
    assert offer.figure == 2
    (offer,) = apportionments.offered(round_award_id=desk.award.pk, parent=desk.cities[1], total=6).values()
    assert offer.figure == 3


@pytest.mark.parametrize(("figure", "warned"), [(1, []), (0, ["parts_loose"]), (2, ["parts_strict"])])
def test_what_sums_to_the_part_of_the_body_above_has_not_drifted(desk, figure, warned):
    """A city with 1 of the 2 that half of 3 places would be hands exactly that down to its counties."""
    city = desk.cities[0]
    for _county in range(3):
        make_body(parent=city)
    make_allotment(desk.award, city, places=3, parts={SHARE: 1})
    keeper = make_official(city, Role.KEEPER)
    desk.begin(Inputs(3, figures={SHARE: figure}), city, keeper)
    desk.act("draw", actor=keeper)
    assert [reason.code for reason in desk.apply(actor=keeper).warnings] == warned
    assert [reason.code for reason in parts.drift(round_award_id=desk.award.pk)][1:] == warned


@pytest.mark.parametrize("drawn", [False, True])
def test_a_figure_of_what_is_no_rule_any_more_is_not_handed_down(three, drawn):
    three.begin()
    three.set(total=40, figures={"worker": 14, "cadre": 5})
    if drawn:
        three.act("draw")
    other = make_rule_version(three.award.award, number=2)
    make_share_rule(other, "worker", label="occupation:industrial_worker")
    three.award.rule_version = other
    three.award.save()
    with pytest.raises(RuleViolation) as refused:
        three.apply() if drawn else three.act("draw")
    assert codes(refused) == ["rules_gone"]
    assert refused.value.reasons[0].rules == ["cadre"]


# --- applying ------------------------------------------------------------------------------------------------


def test_a_body_whose_part_of_the_minimum_is_nought_is_asked_for_none():
    desk = Desk(cities=4, places=13)
    desk.drawn(total=13, weights=[5, 4, 3, 1, 0], figures={SHARE: 7})
    desk.apply()
    part = dict(PlacesLine.objects.values_list("allotment__body__code", "places"))
    # Without its 0 the body would be held to the whole's half on its single place.
    assert part == {"C000": 3, "C001": 2, "C002": 2, "C003": 0}


def test_applying_writes_everything_with_its_computation():
    desk = Desk(state=RoundState.OPEN)
    one, two, _three = desk.cities
    make_allotment(desk.award, one, places=9, reserve_places=2, typed={"front_line:yes": 3}, parts={SHARE: 7})
    desk.drawn(weights=[4, 3, 2, 0], figures={SHARE: 5})
    desk.adjust(two, 4, reason="承担试点")
    desk.adjust(one, 3, reason="让出一个")
    with pytest.raises(InvalidInput) as refused:
        desk.apply()
    assert codes(refused) == ["reason_required"]  # the round is open
    done = desk.apply("名额分配表")
    given = dict(Allotment.objects.values_list("body__code", "places"))
    # The union gets nothing and had nothing: no row.
    assert given == {"C000": 3, "C001": 4, "C002": 2}
    assert Allotment.objects.get(body=one).reserve_places == 2
    lines = {
        (code, rule or key): places
        for code, rule, key, places in PlacesLine.objects.values_list(
            "allotment__body__code", "rule", "key", "places"
        )
    }
    assert sum(places for (_code, rule), places in lines.items() if rule == SHARE) == 5
    assert lines["C000", "yes"] == 3
    assert len(done.allotments) == 3
    entry = LedgerEntry.objects.get(body=two, act="apply_calculation")
    assert entry.after["computed"] == desk.result.lines[1].step.given
    assert (entry.after["places"], entry.reason) == (4, "名额分配表；承担试点")
    assert {"claim", "lot", "by_lot", "part_claim", "part_by_lot", "parts"} <= entry.after.keys()
    assert entry.after["part_computed"] == entry.after["parts"]
    assert set(entry.after["parts"]) == {"非公有制占比"}
    made = Apportionment.objects.get()
    assert (made.state, made.applied_by) == (ApportionmentState.APPLIED, desk.actor)
    assert not ledger.check()
    with pytest.raises(WrongState):
        desk.apply("再次下达")
    with pytest.raises(WrongState) as refused:
        desk.act("drop", reason="后悔")
    assert codes(refused) == ["calculation_over"]


def test_a_sum_that_differs_needs_its_reason(desk):
    desk.drawn(weights=[4, 3, 2, 1])
    desk.adjust(desk.cities[0], 5)
    with pytest.raises(InvalidInput) as refused:
        desk.apply()
    assert (refused.value.code, refused.value.params) == ("difference_unnamed", {"total": 10, "places": 11})
    desk.apply("增加一个机动名额")
    assert sum(Allotment.objects.values_list("places", flat=True)) == 11


def test_everything_that_does_not_hold_is_said_at_once_and_nothing_is_written(desk):
    one, two, three = desk.cities
    taken = make_allotment(desk.award, two, places=5)
    allotments.commit(allotment=taken, regular=5)
    make_allotment(desk.award, three, places=5, typed={"ownership:public": 5})
    desk.drawn(weights=[4, 3, 2, 1], figures={SHARE: 5})
    ApportionmentRow.objects.filter(body=one).update(adjusted_parts={SHARE: 6}, reason="改动")
    with pytest.raises(RuleViolation) as refused:
        desk.apply()
    assert codes(refused) == ["parts_held_too_many", "below_committed", "slots_exceed_places"]
    assert set(Allotment.objects.values_list("places", flat=True)) == {5}
    assert not LedgerEntry.objects.filter(act="apply_calculation").exists()


def test_more_parts_than_places_are_not_applied(desk):
    desk.drawn(total=4, weights=[1, 1, 1, 1], figures={SHARE: 4})
    desk.adjust(desk.cities[0], 0)
    assert not desk.result.lines[0].parts
    with pytest.raises(RuleViolation) as refused:
        desk.apply("少一个")
    assert codes(refused) == ["parts_asked_too_many"]
    assert (refused.value.reasons[0].asked, refused.value.reasons[0].most) == (4, 3)


def test_places_that_somebody_changed_meanwhile_are_looked_at_again(desk):
    desk.drawn(weights=[4, 3, 2, 1])
    seen = desk.plan
    allotments.set_places(round_award_id=desk.award.pk, body_id=desk.cities[0].pk, places=9, actor=desk.actor)
    with pytest.raises(Conflict) as refused:
        desk.apply(plan=seen)
    assert codes(refused) == ["plan_changed"]
    assert Allotment.objects.get().places == 9
    desk.apply()
    assert Allotment.objects.get(body=desk.cities[0]).places == 4


def test_the_digest_sees_parts_and_not_what_lies_elsewhere(desk):
    desk.begin()
    seen = desk.plan
    make_allotment(desk.award, make_body(), places=3)
    make_allotment(body=desk.cities[0], places=3)
    assert desk.plan == seen
    allotment = make_allotment(desk.award, desk.cities[0], places=3)
    seen = desk.plan
    PlacesLine.objects.create(allotment=allotment, rule=SHARE, places=1)
    assert desk.plan != seen


@pytest.mark.parametrize("number", [3, 40])
def test_applying_takes_the_same_statements_for_any_number(number, django_assert_num_queries):
    desk = Desk(cities=number, places=100)
    for body in desk.cities:
        make_allotment(desk.award, body)
    desk.drawn(total=100, weights=[1] * (number + 1), figures={SHARE: 50})
    plan, version = desk.plan, desk.version
    with django_assert_num_queries(35):
        desk.apply(plan=plan, version=version)
