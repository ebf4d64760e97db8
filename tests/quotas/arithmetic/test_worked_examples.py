"""The figures of docs/quotas.md: what the page says is what the arithmetic computes."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from quotas.arithmetic import apportion, completion, shares
from quotas.arithmetic.parts import PartedLabel, PartsProblem, changed, share_out
from quotas.arithmetic.shares import Bound
from quotas.selection.judge import EntryRow, judge
from quotas.selection.labels import bearing, entry
from quotas.selection.plan import Plan, Slot
from tests.quotas.selection.builders import rule

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "quotas.md").read_text(encoding="utf-8")


def table(first_cell):
    """The rows of the table whose head begins with `first_cell`, as lists of cells; the head first."""
    lines = PAGE.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_cell} |"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        if not line.startswith("|---"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def at_least(numerator, denominator):
    return Bound("least", "min", "share", numerator, denominator)


NON_PUBLIC = frozenset({"ownership:non_public"})


def checked(held_to, places, entries, separate=0):
    """The rule held against a list of regular entries, and some on separate places."""
    plan = Plan(places={"regular": places, "reserve": 0, "separate": separate}, rules=(held_to,))
    rows = [EntryRow(0, "", "", entry, kind="regular") for entry in entries]
    rows += [EntryRow(0, "", "", frozenset(), kind="separate")] * separate
    (check,) = judge(plan, rows).checks
    return check


def mixed(text):
    """ "2 又 9/13" as a fraction."""
    whole, _, part = text.rpartition(" 又 ")
    return Fraction(whole or 0) + Fraction(part)


def test_minima_round_up_and_maxima_down():
    (_, *bases), *lines = table("基数")
    assert len(lines) == 4
    for words, *figures in lines:
        sense = "min" if words.startswith("不低于") else "max"
        percent = int(re.search(r"\d+", words).group())
        bound = Bound("rule", sense, "share", percent, 100)
        assert [shares.required(bound, int(base)) for base in bases] == [int(figure) for figure in figures]


@pytest.mark.parametrize(("base", "needed"), [(99, 37), (100, 38)])
def test_above_the_previous_round(base, needed):
    assert f"命名 {base} 个" in PAGE
    assert shares.required(Bound("rising", "min", "above", 37, 100), base) == needed


def test_the_three_bases():
    sixty = rule("allotted", "ownership:non_public", "min", 3, 5, basis="allotted")
    check = checked(sixty, 10, [NON_PUBLIC] * 5 + [frozenset()] * 3)
    assert (check.base, check.required, check.holds) == (10, 6, False)
    assert shares.required(Bound("division", "max", "share", 1, 5), 5) == 1


def test_separately_listed_entries_are_outside():
    two_fifths = rule("share", "ownership:non_public", "min", 2, 5)
    check = checked(two_fifths, 200, [NON_PUBLIC] * 83 + [frozenset()] * 117, separate=7)
    assert (check.count, check.base) == (83, 200)
    assert (83 * 1000 // 200, -(-83 * 1000 // 207)) == (415, 401)
    assert "是 41.5%" in PAGE
    assert "那样是 40.1%" in PAGE


def test_each_list_for_itself_inflates_the_minimum():
    half = at_least(1, 2)
    assert 95 * shares.required(half, 1) == 95
    assert shares.required(half, 95) == 48
    assert "95 个名额合计只要 48 个，47 个县" in PAGE
    assert shares.required(half, 39) == 20
    assert 13 * shares.required(half, 3) == 26
    parts = share_out(PartsProblem(dict.fromkeys(range(13), 3), [PartedLabel("half", 20)], list(range(13))))
    assert sum(parts.given.values()) == 20


def test_parts_by_the_largest_remainder():
    _head, *lines = table("单位")
    places = {line[0]: int(line[1]) for line in lines}
    half = at_least(1, 2)
    assert shares.required(half, sum(places.values())) == 7
    split = apportion.apportion(7, places, list(places))
    parts = share_out(PartsProblem(places, [PartedLabel("half", 7)], list(places)))
    assert {body: part for (body, _label), part in parts.given.items()} == split.parts
    steps = {step.key: step for step in split.steps}
    for unit, _places, claim, whole, remainder, rank, extra, given in lines:
        step = steps[unit]
        assert step.claim == mixed(claim)
        assert step.remainder == Fraction(remainder)
        assert (step.whole, step.rank, step.extra, step.given) == tuple(map(int, (whole, rank, extra, given)))
    assert sum(shares.required(half, each) for each in places.values()) == 8


def test_a_part_changed_by_hand():
    assert "甲、乙名额各 5 个，下限分解合计 4 个，各 2 个；甲改为 3 个，乙就是 1 个" in PAGE
    parts = share_out(PartsProblem({"甲": 5, "乙": 5}, [PartedLabel("least", 4)], ["甲", "乙"]))
    assert list(parts.given.values()) == [2, 2]
    assert list(changed(parts, {("甲", "least"): 3}).given.values()) == [3, 1]


def test_a_part_of_three_places():
    eased = shares.part(at_least(1, 2), 3, 1)
    assert "报 3 个要 1 个，\n报 2 个也要 1 个（2k ≥ 2 − 1），报 1 个可以没有" in PAGE
    assert [shares.required(eased, listed) for listed in (3, 2, 1)] == [1, 1, 0]
    assert shares.required(shares.part(at_least(1, 2), 1, 0), 1) == 0


def test_the_part_of_a_ceiling_is_the_mirror():
    heads = Bound("heads", "max", "share", 13, 100)
    assert "20 个县各 2 个名额，各自舍零一个也不能报（0.26）；分解以后 40 个名额合计可以有 5 个" in PAGE
    assert (20 * shares.required(heads, 2), shares.required(heads, 40)) == (0, 5)
    split = share_out(PartsProblem(dict.fromkeys(range(20), 2), [PartedLabel("heads", 5)], list(range(20))))
    assert sorted(split.given.values()) == [0] * 15 + [1] * 5
    assert "报 3 个可以有 1 个，只报 2 个一个也不能有\n（100k ≤ 26 + 61）" in PAGE
    eased = shares.part(heads, 3, 1)
    assert eased.slack == 61
    assert [shares.required(eased, listed) for listed in (3, 2, 1)] == [1, 0, 0]


def test_the_table_of_foshan():
    """18 of 19 with one worker too few: the place stays empty, and nobody else may have it."""
    assert "报 18 个、缺 1 个产业工人" in PAGE
    kinds = ("产业工人", "其他一线职工", "科教人员", "农民工")
    told = PAGE[PAGE.index("佛山 19 个名额") :]
    slots = tuple(
        Slot(bearing(f"kind:{number}"), int(re.search(rf"{kind} (\d+) 个", told)[1]), str(number))
        for number, kind in enumerate(kinds)
    )
    assert [slot.places for slot in slots] == [7, 4, 3, 4]
    held = Plan(places={"regular": 19, "reserve": 0, "separate": 0}, slots=slots)
    full = [entry([f"kind:{slot.key}"]) for slot in slots for _ in range(slot.places)]

    def fits(*entries):
        rows = [EntryRow(n, str(n), str(n), one, kind="regular", rank=n) for n, one in enumerate(entries, 1)]
        return judge(held, rows).holds

    other = entry(["kind:other"])
    assert fits(*full, other)
    assert fits(*full[1:], other)
    assert not fits(*full[1:], other, other)


def test_places_by_three_methods():
    head, claims, *methods = table("办法")
    weights = {cell.split()[0]: int(cell.split()[1]) for cell in head[1:]}
    names = list(weights)
    by_remainder = apportion.apportion(20, weights, names)
    other_lots = apportion.apportion(20, weights, names[::-1])
    assert [step.claim for key in names for step in by_remainder.steps if step.key == key] == [
        Fraction(claim) for claim in claims[1:]
    ]
    assert {step.key for step in by_remainder.steps if step.by_lot} == {"甲", "丁"}
    results = {
        "最大余额法": [
            f"{by_remainder.parts[key]} 或 {other_lots.parts[key]}"
            if by_remainder.parts[key] != other_lots.parts[key]
            else str(by_remainder.parts[key])
            for key in names
        ],
        "圣拉古法": [
            str(part) for part in apportion.divide(20, weights, names, "sainte_lague").parts.values()
        ],
        "洪特法": [str(part) for part in apportion.divide(20, weights, names, "dhondt").parts.values()],
    }
    assert {method: figures for method, *figures in methods} == results


def test_reach():
    found = shares.reach(at_least(2, 5), 6, approved=(1, 2), pending=(1, 4))
    assert (found.least, found.most) == (1, 3)
    assert "区间是 1 到 3" in PAGE


def test_eight_bounds_at_ten_places():
    for words, sense, percent, needed in [
        ("产业工人不低于 35%（4 个）", "min", 35, 4),
        ("一线不低于 20%（2 个）", "min", 20, 2),
        ("科教人员不低于 20%（2 个）", "min", 20, 2),
        ("农民工不低于 10%（1 个）", "min", 10, 1),
        ("企业负责人不超过 13%（1 个）", "max", 13, 1),
        ("非公有制不低于 35%（4 个）", "min", 35, 4),
        ("女性不低于 20%（2 个）", "min", 20, 2),
    ]:
        assert words in PAGE
        assert shares.required(Bound("rule", sense, "share", percent, 100), 10) == needed


def test_a_contradiction_and_its_ways_out():
    problem = completion.CompletionProblem(
        limits=(
            completion.Limit(
                "non_public", Bound("non_public", "min", "count", 3), (True, True), (True, False)
            ),
            completion.Limit("public", Bound("public", "min", "count", 2), (True, True), (False, True)),
        ),
        stock=(completion.Stock(0, None), completion.Stock(0, None)),
        places=4,
    )
    found = completion.conflict(problem)
    assert set(found.codes) == {"non_public", "public", completion.PLACES}
    assert {(each.code, each.by) for each in found.relaxations} == {
        ("non_public", 1),
        ("public", 1),
        (completion.PLACES, 1),
    }


def test_a_removal_tips_the_balance():
    assert shares.check(at_least(1, 2), 40, 20).margin == 0
    tipped = shares.check(at_least(1, 2), 39, 19)
    assert not tipped.holds
    assert 1000 * 19 // 39 == 487
    assert "48.7%" in PAGE
    assert shares.check(at_least(1, 2), 38, 19).holds
