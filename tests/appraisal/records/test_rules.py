"""The pure rules of the conduct."""

from datetime import date, timedelta
from itertools import product

import pytest

from appraisal.records import rules
from appraisal.records.states import NON_PUBLIC_CONTROLS, Control
from quotas.arithmetic.workdays import Calendar

TODAY = date(2026, 5, 15)


CALENDAR = Calendar(years={2026})


def procedure(**changes):
    facts = {
        "meeting_date": date(2026, 4, 17),
        "vote": rules.Vote(100, 80, 75, 3, 2),
        "notice_from": date(2026, 4, 20),
        "notice_to": date(2026, 4, 24),
        "notice_place": "厂务公开栏",
        "notice_objections": False,
        "party_opinion": "同意。",
        "party_opinion_date": TODAY,
    }
    return rules.UnitProcedure(**facts | changes)


def problems(terms=None, **changes):
    terms = terms or rules.NoticeTerms(5, "workday", first_day_counts=True)
    found = rules.procedure_problems(procedure(**changes), terms, calendar=CALENDAR, today=TODAY)
    return [(problem.field, problem.code) for problem in found]


@pytest.mark.parametrize("control", Control)
@pytest.mark.parametrize("permille", [None, 0, 499, 500, 501, 1000])
def test_state_capital_of_one_half_is_state_control(control, permille):
    decided = rules.classify(control, permille)
    if permille is not None and permille >= 500:
        assert decided == Control.STATE
        assert decided not in NON_PUBLIC_CONTROLS
    else:
        assert decided == control


def code_of(problem):
    return problem.code if problem else None


def test_every_small_vote():
    for entitled, present, votes_for, against, abstained in product(range(7), repeat=5):
        vote = rules.Vote(entitled, present, votes_for, against, abstained)
        codes = {problem.code for problem in rules.vote_problems(vote)}
        assert ("vote_nobody_entitled" in codes) == (entitled == 0)
        assert ("vote_more_present_than_entitled" in codes) == (present > entitled)
        assert ("vote_no_quorum" in codes) == (present <= entitled and present * 3 < entitled * 2)
        assert ("vote_does_not_add_up" in codes) == (votes_for + against + abstained != present)
        assert ("vote_no_majority" in codes) == (votes_for * 2 <= entitled)


@pytest.mark.parametrize(
    ("vote", "code", "required"),
    [
        ((100, 66, 66, 0, 0), "vote_no_quorum", 67),
        ((100, 80, 50, 30, 0), "vote_no_majority", 51),
        ((99, 80, 49, 31, 0), "vote_no_majority", 50),
    ],
)
def test_a_vote_is_told_what_it_lacks(vote, code, required):
    (problem,) = rules.vote_problems(rules.Vote(*vote))
    assert (problem.code, problem.params["required"]) == (code, required)


@pytest.mark.parametrize("vote", [(3, 2, 2, 0, 0), (100, 67, 51, 10, 6), (1, 1, 1, 0, 0)])
def test_a_vote_in_order(vote):
    assert not rules.vote_problems(rules.Vote(*vote))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"notice_to": date(2026, 4, 23)}, [("notice_to", "notice_too_short")]),
        # from Friday: five working days end on Thursday
        ({"notice_from": date(2026, 4, 17), "notice_to": date(2026, 4, 23)}, []),
        (
            {"notice_from": date(2026, 4, 17), "notice_to": date(2026, 4, 22)},
            [("notice_to", "notice_too_short")],
        ),
        ({"notice_to": date(2026, 4, 19)}, [("notice_to", "notice_ends_before_start")]),
        ({"notice_to": TODAY + timedelta(days=1)}, [("notice_to", "notice_not_over")]),
        ({"notice_to": TODAY}, []),
        ({"notice_from": date(2026, 4, 16)}, [("notice_from", "notice_before_meeting")]),
        ({"meeting_date": date(2026, 4, 20)}, []),
        (
            {"meeting_date": TODAY + timedelta(days=1)},
            [("meeting_date", "meeting_in_future"), ("notice_from", "notice_before_meeting")],
        ),
        ({"notice_place": " "}, [("notice_place", "notice_place_missing")]),
        ({"notice_objections": True}, [("notice_objections", "unit_objection_open")]),
        ({"party_opinion": " \n"}, [("party_opinion", "party_opinion_missing")]),
        (
            {"party_opinion_date": TODAY + timedelta(days=1)},
            [("party_opinion_date", "party_opinion_in_future")],
        ),
    ],
)
def test_the_procedure(changes, expected):
    assert problems(**changes) == expected


@pytest.mark.parametrize(
    ("unit", "first_day_counts", "ends"),
    [
        ("workday", True, date(2026, 4, 23)),
        ("workday", False, date(2026, 4, 24)),
        ("calendar", True, date(2026, 4, 21)),
        ("calendar", False, date(2026, 4, 22)),
    ],
)
def test_the_round_says_how_days_are_counted(unit, first_day_counts, ends):
    terms = rules.NoticeTerms(5, unit, first_day_counts)
    start = date(2026, 4, 17)
    assert problems(terms, notice_from=start, notice_to=ends) == []
    short = ends - timedelta(days=1)
    assert problems(terms, notice_from=start, notice_to=short) == [("notice_to", "notice_too_short")]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", [("notice_reason", "unit_notice_unannounced")]), ("按市总工会通知确定", [])],
)
def test_a_notice_into_a_year_nobody_announced_needs_a_reason_for_its_last_day(reason, expected):
    found = rules.procedure_problems(
        procedure(notice_from=date(2026, 12, 28), notice_to=date(2027, 1, 6), notice_reason=reason),
        rules.NoticeTerms(5, "workday", first_day_counts=True),
        calendar=CALENDAR,
        today=date(2027, 1, 7),
    )
    assert [(problem.field, problem.code) for problem in found] == expected


def test_all_that_is_wrong_is_told_at_once():
    found = problems(
        vote=rules.Vote(10, 5, 4, 0, 0), notice_to=date(2026, 4, 21), party_opinion="", notice_objections=True
    )
    assert {code for _field, code in found} == {
        "vote_no_quorum",
        "vote_does_not_add_up",
        "vote_no_majority",
        "notice_too_short",
        "unit_objection_open",
        "party_opinion_missing",
    }


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91110000600037341L", None),
        ("91350100M000100Y43", None),
        ("91350100M000100Y4Z", "credit_code_letters"),
        ("91350100M000100Y44", "credit_code_check_digit"),
        ("91110000600037341", "credit_code_length"),
        ("9111000060003734LL", "credit_code_check_digit"),
        ("", "credit_code_length"),
        ("9111O000600037341L", "credit_code_letters"),
    ],
)
def test_credit_codes(code, problem):
    assert code_of(rules.credit_code_problem(code)) == problem


def test_a_union_has_its_own_code():
    code = "81320500MC0000001"
    code += rules.uscc.calc_check_digit(code)
    assert code_of(rules.credit_code_problem(code)) == "credit_code_of_union"
    assert rules.union_code_problem(code) is None
    assert code_of(rules.union_code_problem("91110000600037341L")) == "union_code_not_of_union"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("360426199101010071", None),
        ("36042619910101007", "identity_number_shape"),
        ("36042619910101007X", "identity_number_check_digit"),
        ("36042619911301007X", "identity_number_birth_date"),
        ("abcdefghijklmnopqr", "identity_number_shape"),
    ],
)
def test_identity_numbers(number, problem):
    if problem == "identity_number_birth_date":
        number = number[:-1] + rules.ric.calc_check_digit(number)
    assert code_of(rules.identity_number_problem(number, TODAY)) == problem


def test_nobody_is_born_tomorrow():
    number = "36042620260516007"
    number += rules.ric.calc_check_digit(number + "0")
    assert code_of(rules.identity_number_problem(number, TODAY)) == "identity_number_birth_date"
    assert rules.identity_number_problem(number, TODAY + timedelta(days=2)) is None


def test_the_same_team_has_one_key():
    def key(name):
        return rules.nominee_key("team", credit_code="C", name=name, identity_number="")

    assert (
        key("一车间（甲班）")
        == key(" 一车间 (甲班)")
        == key("一车间　（甲班）")
        == key("\u202d一车间（甲班）\u202c")
    )
    assert key("一车间（甲班）") != key("一车间（乙班）")


def test_kinds_of_nominees_never_share_a_key():
    keys = {
        rules.nominee_key(kind, credit_code="C", name="同名", identity_number="N")
        for kind in ("unit", "team", "person", "party_org")
    }
    assert len(keys) == 4
    with pytest.raises(ValueError):
        rules.nominee_key("county", credit_code="C", name="", identity_number="")


def test_a_persons_key_tells_nothing_about_the_person():
    number = "360426199101010071"
    key = rules.nominee_key("person", credit_code="C", name="张三", identity_number=number)
    assert number not in key
    assert "张三" not in key


def test_length_is_counted_without_spaces():
    long = "字" * 500
    assert not rules.text_problems({"summary": long + " " * 100})
    (problem,) = rules.text_problems({"summary": long + "字", "deeds": long})
    assert (problem.field, problem.params) == ("summary", {"length": 501, "limit": 500})


def past(actor_id, stage="county", office="union", review_pass=1):
    return rules.PastOpinion(actor_id, stage, office, review_pass)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"created_by_id": 1}, ["own_application"]),
        ({"acted_for_unit": True}, ["own_application"]),
        ({"holds_unit_post": True}, ["own_unit"]),
        ({"opinions": [past(1, stage="county")]}, ["reviewed_at_other_stage"]),
        ({"opinions": [past(2, stage="county")]}, []),
        ({"opinions": [past(1, stage="city", office="party", review_pass=2)]}, ["reviewed_as_other_office"]),
        ({"opinions": [past(1, stage="city", office="union", review_pass=1)]}, []),
        ({"opinions": [past(1, stage="city", office="party", review_pass=1)]}, []),
        (
            {"created_by_id": 1, "holds_unit_post": True, "opinions": [past(1)]},
            ["own_application", "reviewed_at_other_stage"],
        ),
    ],
)
def test_separation_of_duties(facts, codes):
    here = {
        "actor_id": 1,
        "created_by_id": 9,
        "acted_for_unit": False,
        "holds_unit_post": False,
        "opinions": [],
        "stage": "city",
        "office": "union",
        "review_pass": 2,
    }
    assert [violation.code for violation in rules.separation_problems(**here | facts)] == codes
