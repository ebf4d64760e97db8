"""The gate: what a list is held to, against counting by hand; what it proposes really repairs; what it costs."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations, product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.gate.services import gate
from appraisal.gate.services.gate import judge
from appraisal.gate.wording import advice_lines, conflict_reasons, conflict_ways, name_of, repair_word
from appraisal.records.models import Nomination, SlateEntry
from appraisal.records.states import EntryKind, NominationState, Sector
from appraisal.slates.views import slate_board
from quotas.base.errors import RuleViolation
from quotas.base.states import NomineeKind, Sense, Stage
from quotas.base.wording import sentence
from quotas.selection.judge import EntryRow, promoted
from quotas.selection.plan import Plan, bounds_of, frozen, thawed
from tests.builders import (
    make_allotment,
    make_award,
    make_body,
    make_nomination,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slate,
)
from tests.quotas.selection.builders import rule, slot

NON_PUBLIC, PUBLIC = "ownership:non_public", "ownership:public"
HALF = rule("half", NON_PUBLIC, "min", 1, 2, clause="二.3")


def plan(places, *, typed=(), rules=(HALF,), reserve=2, separate=2, awarding=False):
    return Plan(
        places={EntryKind.REGULAR: places, EntryKind.RESERVE: reserve, EntryKind.SEPARATE: separate},
        slots=tuple(slot(label, number) for label, number in typed),
        rules=tuple(rules),
        awarding=awarding,
    )


def rows(*labels, kind=EntryKind.REGULAR, first=1):
    return [
        EntryRow(
            first + place,
            f"26-{first + place:05d}-0",
            f"对象{first + place}",
            frozenset({label}),
            kind=kind,
            rank=place + 1,
        )
        for place, label in enumerate(labels)
    ]


def pool_of(*labels, first=500):
    return [replace(row, kind=None, rank=0) for row in rows(*labels, first=first)]


def codes(report):
    return [violation.code for violation in report.violations]


# --- shares --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sense", ["min", "max"])
@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(2, 5), Fraction(1, 1), Fraction(1, 5)])
def test_a_share_is_kept_exactly_when_the_fraction_is(share, sense):
    held_to = rule("share", NON_PUBLIC, sense, share.numerator, share.denominator)
    for base in range(1, 13):
        for matching in range(base + 1):
            found = judge(
                plan(12, rules=[held_to]), rows(*[NON_PUBLIC] * matching, *[PUBLIC] * (base - matching))
            )
            kept = Fraction(matching, base) >= share if sense == "min" else Fraction(matching, base) <= share
            assert found.holds == kept
            (check,) = found.checks
            assert (check.base, check.count, check.fraction) == (base, matching, share)


def test_six_at_one_half_need_three_and_the_refusal_says_so():
    report = judge(plan(6), rows(NON_PUBLIC, NON_PUBLIC, *[PUBLIC] * 4), pool_of(NON_PUBLIC, PUBLIC))
    (violation,) = report.violations
    assert violation.code == "share_too_low"
    assert {name: violation.params[name] for name in ("base", "count", "required", "short")} == {
        "base": 6,
        "count": 2,
        "required": 3,
        "short": 1,
    }
    said = sentence(violation)
    assert said.figures == "依据二.3：计入基数 6 个，应不少于 3 个，现有 2 个，还差 1 个。"
    assert said.remedy == (
        "可以用非公有制换下公有制 1 个，或者移出公有制 2 个。库中可选：26-00500-0 对象500。"
    )


def test_a_rule_with_a_base_of_its_own_looks_at_that_base_only():
    held_to = rule("of_teams", NON_PUBLIC, "min", 1, 2, base="team:shift")
    shift = frozenset({"team:shift"})
    regular = [
        replace(row, labels=row.labels | labels)
        for row, labels in zip(
            rows(PUBLIC, NON_PUBLIC, PUBLIC, PUBLIC), [shift, shift, frozenset(), frozenset()], strict=True
        )
    ]
    (check,) = judge(plan(4, rules=[held_to]), regular).checks
    assert (check.base, check.count, check.holds) == (2, 1, True)


def test_separately_listed_entries_and_reserves_are_outside_every_base():
    base = rows(NON_PUBLIC, PUBLIC)
    others = rows(PUBLIC, PUBLIC, kind=EntryKind.SEPARATE, first=100)
    reserves = rows(PUBLIC, kind=EntryKind.RESERVE, first=200)
    report = judge(plan(2), base + others + reserves)
    assert report.holds
    assert report.checks == judge(plan(2), base).checks


def test_a_share_of_what_is_awarded_is_asked_of_the_awarding_list_only():
    held_to = rule("awarded", NON_PUBLIC, "min", 1, 1, basis="awarded")
    below = judge(plan(3, rules=[HALF, held_to]), rows(NON_PUBLIC, PUBLIC))
    assert [check.code for check in below.checks] == ["half"]
    assert below.holds
    awarding = judge(plan(3, rules=[HALF, held_to], awarding=True), rows(NON_PUBLIC, PUBLIC))
    assert [check.code for check in awarding.checks if not check.holds] == ["awarded"]


def test_a_share_of_the_places_counts_against_the_places_whatever_is_listed():
    held_to = rule("allotted", NON_PUBLIC, "min", 1, 2, clause="二.3", basis="allotted")
    for matching, others in product(range(7), range(7)):
        if not matching + others:
            continue
        found = judge(plan(5, rules=[held_to]), rows(*[NON_PUBLIC] * matching, *[PUBLIC] * others))
        (check,) = found.checks
        assert (check.base, check.count, check.required) == (5, matching, 3)
        assert check.holds == (matching >= 3)
        # Too long a list is a matter of the places, never of the share.
        assert ("slate_places_exceeded" in codes(found)) == (matching + others > 5)
    short = judge(plan(5, rules=[held_to]), rows(NON_PUBLIC, NON_PUBLIC), pool_of(NON_PUBLIC))
    (violation,) = short.violations
    assert sentence(violation).figures == ("依据二.3：分配名额 5 个，应不少于 3 个，现有 2 个，还差 1 个。")
    assert slate_board.meter(short)[1]["rule"] == "要求 ≥ 分配名额的 1/2（至少 3 个）"
    # Taking others off does not help: the base stays.
    repair = (
        judge(plan(5, rules=[held_to]), rows(NON_PUBLIC, NON_PUBLIC, PUBLIC), pool_of(NON_PUBLIC))
        .checks[0]
        .repair
    )
    assert (repair.add, repair.exchange, repair.drop) == (1, 1, None)


def test_a_maximum_of_the_places():
    held_to = rule("allotted", PUBLIC, "max", 1, 2, clause="二.3", basis="allotted")
    held = plan(5, rules=[held_to])
    assert judge(held, rows(PUBLIC, PUBLIC)).holds
    too_many = judge(held, rows(*[PUBLIC] * 6))
    assert codes(too_many) == ["slate_places_exceeded", "share_too_high"]
    assert too_many.checks[0].margin == -4


def test_a_share_above_the_previous_round_says_so():
    held_to = rule("above", NON_PUBLIC, "min", 37, 100, kind="above", clause="二.3")
    for base in range(1, 13):
        for matching in range(base + 1):
            found = judge(
                plan(12, rules=[held_to]), rows(*[NON_PUBLIC] * matching, *[PUBLIC] * (base - matching))
            )
            assert found.holds == (100 * matching > 37 * base)
    report = judge(plan(6, rules=[held_to]), rows(NON_PUBLIC, NON_PUBLIC, *[PUBLIC] * 4))
    (violation,) = report.violations
    said = sentence(violation)
    assert said.what == "“规则above”没有高于上一周期。"
    assert said.figures == (
        "依据二.3：计入基数 6 个，应高于上一周期的 37/100，即不少于 3 个，现有 2 个，还差 1 个。"
    )
    line = slate_board.meter(report)[1]
    assert line["rule"] == "要求高于上一周期的 37/100（至少 3 个）"


def test_what_was_the_whole_is_asked_in_whole_again():
    held_to = rule("above", NON_PUBLIC, "min", 40, 40, kind="above", clause="二.3")
    report = judge(plan(6, rules=[held_to]), rows(NON_PUBLIC, NON_PUBLIC, PUBLIC))
    assert codes(report) == ["share_too_low"]
    assert slate_board.meter(report)[1]["rule"] == "要求全部"
    assert judge(plan(6, rules=[held_to]), rows(NON_PUBLIC, NON_PUBLIC)).holds


# --- typed places --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("p", "q"), [(1, 2), (2, 5), (1, 1)])
def test_typed_places_are_the_part_of_a_minimum_and_leave_the_rest_to_the_others(p, q):
    """The two bounds written out: n - k <= P - T, and q·k >= p·n less the rounding that the body was let off."""
    held_to = rule("share", NON_PUBLIC, "min", p, q)
    for places in range(1, 7):
        for part, matching in product(range(places + 1), range(7)):
            for others in range(7):
                size = matching + others
                if not 0 < size <= places:
                    continue
                report = judge(
                    plan(places, typed=[(NON_PUBLIC, part)], rules=[held_to]),
                    rows(*[NON_PUBLIC] * matching, *[PUBLIC] * others),
                )
                eased = 0 if p == q else min(q * part - p * places, 0)
                assert report.holds == (others <= places - part and q * matching >= p * size + eased)
                if size == places and q * part <= p * places and p < q:
                    assert report.holds == (matching >= part)


def test_one_place_and_no_part_may_go_to_anybody():
    held = plan(1, typed=[(NON_PUBLIC, 0)])
    assert judge(held, rows(PUBLIC)).holds
    assert not judge(plan(1), rows(PUBLIC)).holds


OCCUPATIONS = ("occupation:industrial_worker", "occupation:enterprise_head", "occupation:other")


def test_a_typed_place_replaces_the_minimum_of_its_own_label_and_nothing_else():
    """4 of 10 places for workers: heads are still at most 13 %, and teachers at least 20 %."""
    worker, head, other = OCCUPATIONS
    workers = rule("workers", worker, "min", 35, 100)
    heads = rule("heads", head, "max", 13, 100)
    teachers = rule("others", other, "min", 1, 5)
    of_workers = rule("front", "front_line:yes", "min", 1, 2, base=worker)
    held = plan(10, typed=[(worker, 4)], rules=[workers, heads, teachers, of_workers])
    refused = judge(held, rows(*[worker] * 4, *[head] * 6))
    assert {check.code for check in refused.checks if not check.holds} == {"heads", "others", "front"}
    front = [replace(row, labels=row.labels | {"front_line:yes"}) for row in rows(*[worker] * 4)]
    good = [*front, *(replace(row, rank=row.rank + 4) for row in rows(head, *[other] * 5, first=100))]
    assert judge(held, good).holds
    # Five are none too many of ten: each ceiling and each other minimum is counted on what is listed.
    assert not judge(replace(held, rules=(workers, heads)), rows(*[worker] * 5, *[head] * 2)).holds


def test_only_the_minimum_of_the_whole_list_is_replaced():
    number = rule("number", NON_PUBLIC, "min", 3, kind="count")
    allotted = rule("allotted", NON_PUBLIC, "min", 1, 2, basis="allotted")
    ceiling = rule("ceiling", NON_PUBLIC, "max", 1, 2)
    within = rule("within", NON_PUBLIC, "min", 1, 2, base="post:a")
    above = rule("above", NON_PUBLIC, "min", 1, 2, kind="above")

    def kept(*rules, part, places=6):
        bounds = bounds_of(plan(places, typed=[(NON_PUBLIC, part)], rules=rules))
        return [(bound.code, bound.figures.slack) for bound in bounds if bound.source == "share_rule"]

    assert kept(number, allotted, ceiling, within, part=2) == [("ceiling", 0), ("within", 0)]
    assert kept(HALF, part=2) == [("half", 2)]
    assert kept(HALF, part=0) == []
    assert kept(HALF, part=4) == [("half", 0)]
    # More than one half is one more than a part of just one half brings.
    assert kept(above, part=3) == [("above", 0)]
    assert [bound.figures.kind for bound in bounds_of(plan(6, typed=[(NON_PUBLIC, 4)], rules=[above]))][
        1:
    ] == ["above"]


def test_a_part_is_named_in_words():
    held = plan(3, typed=[(NON_PUBLIC, 1)])
    broken = judge(held, rows(PUBLIC, PUBLIC))
    assert [name_of(check.bound) for check in broken.checks][1] == "规则half（按分解数折算）"
    assert thawed(frozen(held)) == held


def fits(places, typed, labels):
    """Whether the entries find a place each, tried out."""
    slots = [label for label, number in typed for _ in range(number)]
    slots += [None] * (places - len(slots))
    return any(
        all(slot in (None, label) for slot, label in zip(chosen, labels, strict=True))
        for chosen in permutations(slots, len(labels))
    )


def test_types_of_one_facet_are_filled_together():
    typed = [("post:a", 1), ("post:b", 1), ("post:c", 1)]
    for number in range(1, 5):
        for labels in combinations_with_replacement(["post:a", "post:b", "post:c", "post:d"], number):
            report = judge(plan(4, typed=typed, rules=()), rows(*labels))
            assert report.holds == fits(4, typed, labels), labels


def test_sets_of_types_are_told_only_where_broken():
    typed = [("post:a", 1), ("post:b", 1)]
    assert len(judge(plan(3, typed=typed, rules=()), rows("post:a", "post:b")).checks) == 2
    broken = judge(plan(3, typed=typed, rules=()), rows("post:c", "post:c"))
    assert [check.code for check in broken.checks if not check.holds] == ["slot:post:a+post:b"]


def test_typed_places_are_a_part_below_the_awarding_body_only():
    front = rule("front", "front_line:yes", "min", 1, 2)
    found = judge(plan(3, typed=[(NON_PUBLIC, 1)], rules=[HALF, front]), rows(PUBLIC))
    assert [check.code for check in found.checks] == [f"slot:{NON_PUBLIC}", "half", "front"]
    assert codes(found) == ["share_too_low"]
    assert found.checks[1].holds
    awarding = judge(
        plan(3, typed=[(NON_PUBLIC, 1)], rules=[HALF, front], awarding=True), rows(PUBLIC, PUBLIC)
    )
    assert [check.code for check in awarding.checks] == [f"slot:{NON_PUBLIC}", "half", "front"]
    assert codes(awarding) == ["share_too_low", "share_too_low"]


def test_the_refusal_of_typed_places_says_who_may_have_them():
    report = judge(plan(2, typed=[(NON_PUBLIC, 1)], rules=()), rows(PUBLIC, PUBLIC), pool_of(NON_PUBLIC))
    (violation,) = report.violations
    said = sentence(violation)
    assert said.what == "“非公有制分类名额”被其他申报占用。"
    assert "用非公有制换下公有制 1 个，或者移出公有制 1 个" in said.remedy


# --- proposals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sense", ["min", "max"])
@pytest.mark.parametrize("share", [(1, 2), (2, 5), (1, 5), (1, 1)])
@pytest.mark.parametrize("typed", [(), ((NON_PUBLIC, 2),)])
def test_each_way_out_repairs_and_one_step_less_does_not(share, sense, typed):
    held_to = rule("share", NON_PUBLIC, sense, *share)
    held = plan(6, typed=typed, rules=() if typed else (held_to,))
    pool = pool_of(*[NON_PUBLIC] * 6, *[PUBLIC] * 6)
    for matching, others in product(range(6), range(6)):
        if not 0 < matching + others <= 5:
            continue
        report = judge(held, rows(*[NON_PUBLIC] * matching, *[PUBLIC] * others), pool)
        for check in report.checks:
            if check.repair is None:
                continue
            wants_non_public = check.repair.counted_wanted
            for way in ("add", "drop", "exchange"):
                steps = getattr(check.repair, way)
                if steps is None:
                    continue
                assert _after(held, matching, others, way, steps, wants_non_public)
                assert not _after(held, matching, others, way, steps - 1, wants_non_public)


def _after(held, matching, others, way, steps, wants_non_public):
    wanted, unwanted = (matching, others) if wants_non_public else (others, matching)
    wanted += steps if way in ("add", "exchange") else 0
    unwanted -= steps if way in ("drop", "exchange") else 0
    matching, others = (wanted, unwanted) if wants_non_public else (unwanted, wanted)
    report = judge(held, rows(*[NON_PUBLIC] * matching, *[PUBLIC] * others))
    return all(check.holds for check in report.checks)


def test_a_proposal_offers_only_what_places_and_pool_allow():
    full = judge(plan(2), rows(PUBLIC, PUBLIC), pool_of(NON_PUBLIC)).checks[0].repair
    assert (full.add, full.exchange, full.drop) == (None, 1, None)
    empty_pool = judge(plan(4), rows(NON_PUBLIC, PUBLIC, PUBLIC)).checks[0].repair
    assert (empty_pool.add, empty_pool.exchange, empty_pool.drop) == (None, None, 1)
    nothing = judge(plan(1), rows(PUBLIC)).checks[0].repair
    assert (nothing.add, nothing.exchange, nothing.drop) == (None, None, None)
    assert repair_word(nothing) == "拟推荐库中可选的非公有制不足，请先审结待审申报，或报请上级调整名额。"


def test_a_proposal_names_five_of_the_pool_the_best_first_and_nobody_who_is_on_the_list():
    regular = rows(PUBLIC, PUBLIC)
    scores = [9100, None, 9500, 9300, 9200, 9400, 9000]
    pool = [replace(row, score=score) for row, score in zip(pool_of(*[NON_PUBLIC] * 7), scores, strict=True)]
    repair = judge(plan(9), regular, [*pool, *(replace(row, kind=None) for row in regular)]).checks[0].repair
    assert [named.nomination_id for named in repair.candidates] == [502, 505, 503, 504, 500]
    assert [named.nomination_id for named in repair.droppable] == [2, 1]


# --- all bounds at once --------------------------------------------------------------------------------------

QUARTER = rule("quarter", "gender:female", "min", 1, 4, clause="二.4")
FEW_HEADS = rule("heads", "occupation:enterprise_head", "max", 1, 3, clause="二.5")
KINDS = {
    "n": NON_PUBLIC,
    "p": PUBLIC,
    "f": "gender:female",
    "m": "gender:male",
    "h": "occupation:enterprise_head",
}


def people(*specs, first=1):
    """Persons as "nf" (non-public, a woman), "pmh" (public, a man, head of an enterprise) …, as entries in rank."""
    return [
        replace(row, labels=frozenset({"nominee:person", *(KINDS[letter] for letter in spec)}))
        for row, spec in zip(rows(*[PUBLIC] * len(specs), first=first), specs, strict=True)
    ]


def people_of_pool(*specs, first=500):
    return [replace(row, kind=None, rank=0) for row in people(*specs, first=first)]


def explained(held, regular, pool):
    return judge(held, regular, pool, explained=True)


def ranked(chosen):
    return [replace(row, kind=EntryKind.REGULAR, rank=place) for place, row in enumerate(chosen, start=1)]


def legal_lists(held, stock):
    for size in range(1, len(stock) + 1):
        for chosen in combinations(stock, size):
            if judge(held, ranked(chosen)).holds:
                yield {row.nomination_id for row in chosen}


@pytest.mark.parametrize("places", [2, 4])
@pytest.mark.parametrize("typed", [(), ((NON_PUBLIC, 2),)])
@pytest.mark.parametrize(
    "stock",
    [
        ("nf", "pm", "pm", "nm", "pf", "pmh"),
        ("pm", "pm", "nmh", "pf", "nf"),
        ("pm", "pm", "pf", "nm"),
        ("pmh", "pf"),
    ],
)
def test_a_remedy_mends_everything_with_the_fewest_changes_and_a_conflict_means_that_nothing_does(
    stock, typed, places
):
    held = plan(places, typed=typed, rules=(HALF, QUARTER, FEW_HEADS))
    everybody = people_of_pool(*stock)
    legal = list(legal_lists(held, everybody))
    for size in range(1, len(everybody) + 1):
        for chosen in combinations(everybody, size):
            now = {row.nomination_id for row in chosen}
            report = explained(held, ranked(chosen), everybody)
            if report.holds:
                assert (report.remedy, report.conflict) == (None, None)
            elif not legal:
                assert report.remedy is None
                assert report.conflict is not None
            else:
                assert report.conflict is None
                add, drop, instead = (
                    {named.nomination_id for change in changes for named in change.named[: change.number]}
                    for changes in (report.remedy.add, report.remedy.drop, report.remedy.instead)
                )
                assert (now | add) - drop in legal
                as_long = [other for other in legal if len(other) >= min(len(now), places)]
                assert len(add) + len(drop) == min(len(now ^ other) for other in as_long or legal)
                assert add <= {row.nomination_id for row in everybody} - now
                shorter = [len(now - other) for other in legal if other < now]
                if instead:
                    assert now - instead in legal
                    assert len(instead) == min(shorter)
                elif add:
                    assert not shorter


def test_a_proposal_says_how_many_of_which_kind_and_whom():
    regular = [
        replace(row, labels=row.labels | {"nominee:unit"})
        for row in rows(NON_PUBLIC, NON_PUBLIC, *[PUBLIC] * 3)
    ]
    scores = [9100, None, 9500, 9300, 9200]
    pool = [
        replace(row, labels=row.labels | {"nominee:unit"}, score=score)
        for row, score in zip(pool_of(*[NON_PUBLIC] * 4, PUBLIC), scores, strict=True)
    ]
    remedy = explained(plan(6), regular, pool).remedy
    assert advice_lines(remedy)[0] == "增加 1 家非公有制单位，或者减少 1 家公有制单位，即可符合全部规定。"
    assert advice_lines(remedy)[1:] == (
        "增加 1 家非公有制单位：拟推荐库中有 4 个可选：26-00502-0 对象502、26-00503-0 对象503、26-00500-0 对象500、26-00501-0 对象501。",
        "或者减少 1 家公有制单位：26-00005-0 对象5。",
    )
    third = rule("third", NON_PUBLIC, "min", 1, 3)
    one_of_five = [replace(row, labels=frozenset({PUBLIC, "nominee:unit"})) for row in regular[1:]]
    assert advice_lines(explained(plan(6, rules=[third]), [regular[0], *one_of_five], pool).remedy)[0] == (
        "增加 1 家非公有制单位，或者减少 2 家公有制单位，即可符合全部规定。"
    )
    full = explained(plan(5), regular, pool).remedy
    assert (
        advice_lines(full)[0]
        == "减少 1 家公有制单位，增加 1 家非公有制单位；或者只减少 1 家公有制单位，即可符合全部规定。"
    )
    none_left = explained(plan(5), regular, pool[4:]).remedy
    assert advice_lines(none_left)[0] == "减少 1 家公有制单位，即可符合全部规定。"


def test_a_proposal_speaks_of_what_is_broken_and_heeds_the_rest():
    """The best by score would break the share of women, so another one is named."""
    regular = people("pf", "pm", "pm", "nm")
    pool = people_of_pool("nm", "nm", "nf", "nf")
    pool = [replace(row, score=9900 - place) for place, row in enumerate(pool)]
    held = plan(4, rules=(HALF, QUARTER))
    remedy = explained(held, regular, pool).remedy
    assert (
        advice_lines(remedy)[0]
        == "减少 1 名公有制单位人员，增加 1 名非公有制单位人员；或者只减少 2 名公有制单位人员，即可符合全部规定。"
    )
    (add,) = remedy.add
    after = [row for row in regular if row.nomination_id != remedy.drop[0].named[0].nomination_id]
    chosen = next(row for row in pool if row.nomination_id == add.named[0].nomination_id)
    assert judge(held, ranked([*after, chosen])).holds


def test_where_time_is_up_before_a_list_is_found_the_refusal_says_so_and_mends_each_bound_by_itself(
    monkeypatch,
):
    monkeypatch.setattr("quotas.selection.advice.EFFORT", 0)
    report = explained(
        plan(6, rules=(HALF, QUARTER)), people("pm", "pm", "nm", "pm"), people_of_pool("nf", "pf", "nm", "nf")
    )
    assert (report.remedy, report.conflict, report.unadvised) == (None, None, True)
    half, _quarter, unknown = map(sentence, report.reasons)
    assert str(unknown).startswith("在限定时间内未能算出调整建议。")
    assert "增加" in half.remedy
    assert slate_board.advice(report).summary.startswith("在限定时间内未能算出")
    assert all("增加" in str(line["sentence"]) for line in slate_board.meter(report)[1:])


def test_where_several_bounds_are_broken_the_refusal_mends_them_together():
    report = explained(
        plan(6, rules=(HALF, QUARTER)), people("pm", "pm", "nm", "pm"), people_of_pool("nf", "pf", "nm", "nf")
    )
    assert codes(report) == ["share_too_low", "share_too_low"]
    half, _quarter, together = map(sentence, report.reasons)
    assert half.remedy == "须与其他规定一并调整，见“调整建议”。"
    assert str(together) == (
        "调整建议：各项规定须一并考虑。现有 2 项不符合，单改一项可能又不符合另一项。"
        "增加 2 人（非公有制、女），即可符合全部规定。"
        "增加 2 人（非公有制、女）：拟推荐库中有 2 个可选：26-00500-0 对象500、26-00503-0 对象503。"
    )
    alone = explained(plan(6), rows(NON_PUBLIC, PUBLIC, PUBLIC), pool_of(NON_PUBLIC))
    assert alone.reasons == alone.violations


def test_a_list_over_its_places_is_shortened_so_that_it_keeps_its_share():
    report = explained(plan(2), rows(NON_PUBLIC, PUBLIC, PUBLIC, NON_PUBLIC), pool_of(NON_PUBLIC))
    assert codes(report) == ["slate_places_exceeded"]
    assert advice_lines(report.remedy)[0] == "减少 2 个，即可符合全部规定。"
    gone = {named.nomination_id for change in report.remedy.drop for named in change.named}
    assert len(gone & {1, 4}) <= 1


def test_entries_that_left_the_pool_go_first():
    regular = rows(NON_PUBLIC, PUBLIC, PUBLIC)
    regular[0] = replace(regular[0], in_pool=False)
    remedy = explained(plan(6), regular, pool_of(NON_PUBLIC, NON_PUBLIC)).remedy
    assert advice_lines(remedy)[0] == "移出已不在拟推荐库中的 1 个，增加 2 个（非公有制），即可符合全部规定。"


def test_many_kinds_of_change_are_told_by_their_number():
    """Nobody reads a sentence with nine kinds in it; the names are there."""
    facets = ("front_line:no", "migrant:no", "gender:male")
    rules = tuple(rule(f"r{place}", label, "max", 0, kind="count") for place, label in enumerate(facets))
    regular = [
        replace(row, labels=frozenset({NON_PUBLIC, label}))
        for row, label in zip(rows(*[PUBLIC] * 4), (*facets, "team:shift"), strict=True)
    ]
    four = rule("r4", "occupation:official", "max", 0, kind="count")
    regular.append(replace(rows(PUBLIC, first=9)[0], labels=frozenset({"occupation:official"}), rank=5))
    remedy = explained(plan(6, rules=(*rules, four)), regular, []).remedy
    assert advice_lines(remedy)[0] == "减少 4 个，即可符合全部规定。"
    assert {named.nomination_id for named in remedy.drop[0].named} == {1, 2, 3, 9}


def test_a_conflict_names_the_rules_with_their_clauses_and_what_would_mend_it():
    few = rule("few", NON_PUBLIC, "max", 1, 3, clause="二.4")
    report = explained(
        plan(6, rules=(HALF, QUARTER, few)), people("nf", "pm", "pm"), people_of_pool("nf", "pf")
    )
    assert report.remedy is None
    assert [clash.bound.code for clash in report.conflict.clashes] == ["half", "few"]
    half, told = map(sentence, report.reasons)
    assert half.remedy == "只调整名单不能解决，见“没有可行的名单”。"
    assert told.figures == (
        "“规则half”要求不少于 1/2（依据：二.3）；可选的非公有制有 2 个。"
        "“规则few”要求不超过 1/3（依据：二.4）；可选的非公有制有 2 个。"
    )
    assert told.remedy == (
        "若“规则half”少要求 1 个，或者“规则few”多允许 1 个，即可选出。"
        "规定与名额本身有矛盾，与可选哪些无关，请报请上级研究。"
    )


def test_places_are_part_of_a_conflict_where_one_more_would_do():
    three = rule("three", NON_PUBLIC, "min", 3, 1, kind="count", clause="二.5")
    conflict = explained(
        plan(2, rules=[three]), rows(NON_PUBLIC, PUBLIC), pool_of(*[NON_PUBLIC] * 4)
    ).conflict
    assert conflict.places == 2
    assert conflict_reasons(conflict)[-1] == "正选名额 2 个。"
    assert conflict_ways(conflict) == (
        "若“规则three”少要求 1 个，或者名额增加 1 个，即可选出。",
        "规定与名额本身有矛盾，与可选哪些无关，请报请上级研究。",
    )


@pytest.mark.parametrize(
    ("held_to", "asks"),
    [
        (rule("r", NON_PUBLIC, "min", 37, 100, kind="above", clause="条"), "高于上一周期的 37/100"),
        (rule("r", NON_PUBLIC, "min", 1, 1, clause="条"), "全部符合"),
        (rule("r", NON_PUBLIC, "min", 1, 2, clause="条", basis="allotted"), "不少于分配名额的 1/2"),
        (rule("r", NON_PUBLIC, "min", 1, 1, kind="count", clause="条"), "不少于 1 个"),
    ],
)
def test_what_the_pool_lacks_is_said_with_what_the_rule_asks(held_to, asks):
    conflict = explained(plan(4, rules=[held_to]), rows(PUBLIC), pool_of(PUBLIC)).conflict
    assert advice_lines(conflict)[0] == "名单与拟推荐库共有 2 个可选，从中选不出符合全部规定的名单。"
    assert conflict_reasons(conflict) == (f"“规则r”要求{asks}（依据：条）；可选的非公有制有 0 个。",)
    assert conflict_ways(conflict)[-1] == "本级还有申报待审的，请先审结；已经审结的，请报请上级研究。"


def test_nothing_is_proposed_for_an_empty_list_nor_where_nobody_asks():
    assert explained(plan(2), [], pool_of(NON_PUBLIC)).remedy is None
    assert explained(plan(2), [], []).conflict is None
    assert judge(plan(2), rows(PUBLIC), pool_of(NON_PUBLIC)).remedy is None


def test_a_body_with_a_separate_entry_may_take_all_others_off():
    separate = rows(PUBLIC, kind=EntryKind.SEPARATE, first=90)
    report = explained(plan(2), rows(PUBLIC) + separate, [])
    assert advice_lines(report.remedy)[0] == "减少 1 个（公有制），即可符合全部规定。"
    assert explained(plan(2), rows(PUBLIC), []).conflict is not None


# --- places, ranks, rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(EntryKind))
def test_a_list_over_its_places_is_refused_by_kind(kind):
    regular = [] if kind == EntryKind.REGULAR else rows(NON_PUBLIC, first=900)
    held = plan(2, reserve=2, separate=2)
    assert judge(held, regular + rows(*[NON_PUBLIC] * 2, kind=kind)).holds
    report = judge(held, regular + rows(*[NON_PUBLIC] * 3, kind=kind))
    (violation,) = report.violations
    assert violation.code == "slate_places_exceeded"
    assert violation.params == {"kind": kind, "used": 3, "places": 2, "over": 1}
    assert f"名单的{kind.label}超过名额" in sentence(violation).what
    assert report.places[kind].left == -1


def test_a_list_without_a_regular_entry_is_refused():
    assert codes(judge(plan(2), rows(NON_PUBLIC, kind=EntryKind.RESERVE))) == ["slate_empty"]


def test_a_body_with_separate_places_only_can_hand_in_its_list():
    only_separate = plan(0, separate=1)
    assert codes(judge(only_separate, rows("ownership:public", kind=EntryKind.SEPARATE))) == []
    assert codes(judge(only_separate, [])) == ["slate_empty"]


@pytest.mark.parametrize(
    ("ranks", "holds"), [((1, 2), True), ((2, 1), True), ((1, 1), False), ((1, 3), False)]
)
def test_ranks_are_one_to_n_within_a_kind(ranks, holds):
    regular = [replace(row, rank=rank) for row, rank in zip(rows(NON_PUBLIC, NON_PUBLIC), ranks, strict=True)]
    report = judge(plan(2), regular)
    assert codes(report) == ([] if holds else ["ranks_broken"])


def test_an_entry_that_left_the_pool_and_a_nominee_on_the_list_twice_are_named():
    gone = replace(rows(NON_PUBLIC)[0], in_pool=False)
    assert judge(plan(2), [gone]).violations[0].params["entries"] == ("26-00001-0 对象1",)
    twice = [replace(row, nominee_key="unit:1") for row in rows(NON_PUBLIC, NON_PUBLIC)]
    (violation,) = judge(plan(2), twice).violations
    assert violation.code == "nominee_twice_on_slate"
    assert len(violation.params["entries"]) == 2


def test_every_broken_rule_is_told_at_once():
    report = judge(plan(1, reserve=0), rows(PUBLIC, PUBLIC) + rows(PUBLIC, kind=EntryKind.RESERVE, first=50))
    assert codes(report) == ["slate_places_exceeded", "slate_places_exceeded", "share_too_low"]
    assert all(str(sentence(violation)) for violation in report.violations)


def test_a_promotion_moves_the_reserve_to_the_end_and_those_behind_it_up():
    regular = rows(NON_PUBLIC, NON_PUBLIC)
    reserves = rows(PUBLIC, NON_PUBLIC, PUBLIC, kind=EntryKind.RESERVE, first=100)
    moved = promoted(regular + reserves, reserves[1])
    assert [(row.nomination_id, row.kind, row.rank) for row in moved] == [
        (1, EntryKind.REGULAR, 1),
        (2, EntryKind.REGULAR, 2),
        (100, EntryKind.RESERVE, 1),
        (101, EntryKind.REGULAR, 3),
        (102, EntryKind.RESERVE, 2),
    ]


# --- from the rows -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_report_reads_places_rules_and_entries_from_the_rows():
    award = make_award()
    version = make_rule_version(award)
    make_share_rule(version)
    make_share_rule(version, "elsewhere", sense=Sense.MAX, stages=(Stage.PROVINCE,))
    allotment = make_allotment(make_round_award(award=award), places=4)
    slate = make_slate(allotment, non_public=1, public=2, reserves=1)
    waiting = make_nomination(allotment.round_award, allotment.body)
    report = gate.report(slate_id=slate.pk)
    (check,) = report.checks
    assert (name_of(check.bound), check.base, check.count, check.required) == ("非公有制占比", 3, 1, 2)
    assert check.clause == "苏组通〔2019〕65号 二.3"
    assert report.places[EntryKind.REGULAR].left == 1
    assert waiting.pk in {named.nomination_id for named in check.repair.candidates}
    with pytest.raises(RuleViolation):
        gate.require(slate_id=slate.pk)


@pytest.mark.django_db
def test_what_a_person_and_the_unit_are_is_read_from_the_rows():
    """县处级 at most 20 % of those from 机关事业单位: what the others are counts for nothing."""
    award = make_award(nominee_kind=NomineeKind.PERSON)
    make_share_rule(
        make_rule_version(award),
        "division",
        label="division:yes",
        base="sector:public_body",
        sense=Sense.MAX,
        numerator=1,
        denominator=5,
    )
    slate = make_slate(make_allotment(make_round_award(award=award), places=9))
    counted = [(Sector.PUBLIC_BODY, number < 2) for number in range(5)] + [(Sector.ENTERPRISE, True)] * 2
    for rank, (sector, division) in enumerate(counted, start=1):
        nomination = make_nomination(
            slate.round_award, slate.body, sector=sector, division=division, occupation="official"
        )
        SlateEntry.objects.create(slate=slate, nomination=nomination, kind=EntryKind.REGULAR, rank=rank)
    (check,) = gate.report(slate_id=slate.pk).checks
    assert (check.base, check.count, check.required, check.margin) == (5, 2, 1, -1)
    assert gate.reports(slates=[slate])[slate.pk].checks[0].margin == -1
    violation = gate.report(slate_id=slate.pk).violations[0]
    assert "县处级" in str(sentence(violation))


@pytest.mark.django_db
def test_the_live_meter_judges_what_is_on_screen_and_writes_nothing():
    allotment = make_allotment(places=2)
    slate = make_slate(allotment)
    first, second = (make_nomination(allotment.round_award, allotment.body) for _ in range(2))
    entries = [(first.pk, "regular", 1), (second.pk, "regular", 2)]
    assert gate.report(slate_id=slate.pk, entries=entries).holds
    assert not gate.report(slate_id=slate.pk).holds
    assert not SlateEntry.objects.exists()


@pytest.mark.django_db
def test_of_a_nomination_of_another_body_the_meter_tells_nothing():
    allotment = make_allotment(places=2)
    slate = make_slate(allotment)
    foreign = make_nomination(allotment.round_award, make_body(), nominee_name="别处的对象")
    report = gate.report(slate_id=slate.pk, entries=[(foreign.pk, "regular", 1)])
    assert "entries_not_in_pool" in codes(report)
    assert all("别处的对象" not in str(sentence(violation)) for violation in report.violations)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [NominationState.IN_REVIEW, NominationState.WITHDRAWN])
def test_an_entry_that_is_not_pooled_is_refused(status):
    slate = make_slate(non_public=2)
    Nomination.objects.filter(pk=slate.entries.first().nomination_id).update(status=status)
    assert codes(gate.report(slate_id=slate.pk)) == ["entries_not_in_pool"]


@pytest.mark.django_db
def test_the_report_takes_three_statements_whatever_the_size():
    award = make_round_award()
    small = make_slate(make_allotment(award, places=1), non_public=1)
    large = make_slate(
        make_allotment(award, places=30, typed={NON_PUBLIC: 3, PUBLIC: 3}), non_public=15, public=15
    )
    gate.report(slate_id=small.pk)  # reads the rules of the edition, once
    for slate in (small, large):
        with CaptureQueriesContext(connection) as statements:
            gate.report(slate_id=slate.pk)
        assert len(statements) == 3
    broken = make_slate(make_allotment(award, places=30), non_public=1, public=9)
    for _ in range(10):
        make_nomination(award, broken.body)
    with CaptureQueriesContext(connection) as statements:
        assert gate.report(slate_id=broken.pk).remedy is not None
    assert len(statements) == 4


def test_every_subset_is_refused_for_the_reason_that_counting_gives():
    """Five of the pool, every list of them: the gate agrees with the definition written out."""
    pool = rows(NON_PUBLIC, NON_PUBLIC, PUBLIC, PUBLIC, PUBLIC)
    for size in range(1, 6):
        for chosen in combinations(pool, size):
            ranked = [replace(row, rank=place) for place, row in enumerate(chosen, start=1)]
            matching = sum(1 for row in chosen if NON_PUBLIC in row.labels)
            assert judge(plan(4), ranked).holds == (size <= 4 and 2 * matching >= size)


@pytest.mark.django_db
def test_a_long_pool_is_counted_and_only_its_best_are_read():
    """What the report proposes and counts is what the whole pool would give."""
    allotment = make_allotment(places=3)
    make_share_rule(allotment.round_award.rule_version, "half", numerator=2, denominator=3)
    slate = make_slate(allotment, non_public=1, public=2)
    for place in range(30):
        make_nomination(
            allotment.round_award, allotment.body, non_public=bool(place % 3), score=place % 7 * 100 or None
        )
    with CaptureQueriesContext(connection) as statements:
        report = gate.report(slate_id=slate.pk)
    assert len(statements) == 5
    assert report.remedy is not None
    assert report.remedy.add[0].available == 20
    assert report == gate.judge(*gate.snapshot(slate_id=slate.pk), explained=True)
