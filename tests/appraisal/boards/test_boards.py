"""The quota board: the same figures as the gate and `verify`, for everybody the own area, and what is left to do."""

import random
from datetime import timedelta
from fractions import Fraction
from math import ceil

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.boards.services import boards, verification
from appraisal.gate.services import gate
from appraisal.records.models import SlateEntry
from appraisal.records.states import EntryKind, NominationState, SlateState, Standing
from quotas.base import clock
from quotas.base.states import Level, Role, RoundState, Stage
from quotas.base.wording import sentence
from quotas.rounds.models import Extension, RoundAward
from quotas.rounds.services import allotments
from quotas.tree.models import Body
from tests.builders import (
    IN_TIME,
    WINDOWS,
    make_allotment,
    make_award,
    make_body,
    make_nomination,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_slate,
    make_user,
)

REGULAR, RESERVE, SEPARATE = EntryKind


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def province():
    return make_body(level=Level.PROVINCE, name="江苏省")


@pytest.fixture
def city(province):
    return make_body("320500", level=Level.CITY, parent=province, name="苏州市")


@pytest.fixture
def county(city):
    return make_body("320581", parent=city, name="常熟市")


@pytest.fixture
def round_award():
    return make_round_award(award=make_award("model_home", name="模范职工之家"))


def board(round_award, body, role=Role.OBSERVER):
    return boards.board(round_award_id=round_award.pk, user=make_official(body, role))


def row_of(found, body):
    return next(row for row in found.rows if row.body == body)


def page(round_award, user, **query):
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("appraisal:round_quotas", args=[round_award.round.code]), query)
    return answer, answer.content.decode()


# --- the same figures ------------------------------------------------------------------------------------------


class Season:
    """Two cities with three counties each and an industry union: lists of every length and state, some with typed places."""

    def __init__(self, seed, province):
        self.dice = random.Random(seed)
        self.province = province
        self.round_award = make_round_award(share=(2, 5))
        self.slates = {}
        self.list_of(province)
        for _each in range(2):
            city = make_body(level=Level.CITY, parent=province)
            self.list_of(city)
            for _county in range(3):
                self.list_of(make_body(parent=city))
        self.list_of(make_body(level=Level.INDUSTRY, parent=province))

    def list_of(self, body):
        non_public, public, reserves = (self.dice.randint(0, 4) for _each in range(3))
        places = max(non_public + public + self.dice.randint(0, 2), 1)
        typed = {"ownership:non_public": self.dice.randint(1, places)} if self.dice.random() < 1 / 3 else None
        allotment = make_allotment(
            self.round_award, body, places=places, reserve_places=5, separate_places=2, typed=typed
        )
        state = self.dice.choice(list(SlateState))
        slate = make_slate(allotment, non_public=non_public, public=public, reserves=reserves, state=state)
        for rank in range(1, self.dice.randint(1, 3)):
            separate = make_nomination(self.round_award, body, non_public=self.dice.random() < 1 / 2)
            slate.entries.create(nomination=separate, kind=SEPARATE, rank=rank)
        # What was taken off a list counts nowhere.
        gone = make_nomination(self.round_award, body, non_public=True)
        slate.entries.create(nomination=gone, kind=REGULAR, rank=99, removed_at=IN_TIME)
        self.slates[body.pk] = (slate, allotment, typed)

    def by_hand(self, body):
        """Entries by kind and the non-public ones, counted from the rows by nothing of the project."""
        slate, _allotment, _typed = self.slates[body.pk]
        rows = list(
            SlateEntry.objects.filter(slate=slate, removed_at=None).values_list(
                "kind", "nomination__non_public"
            )
        )
        used = {kind: sum(1 for row in rows if row[0] == kind) for kind in EntryKind}
        return used, sum(1 for kind, non_public in rows if kind == REGULAR and non_public)

    def margin(self, body):
        """At least two fifths rounded up; where places are typed, the others fit into the places that are not, and the
        share is less what a part below it lets the body off.
        """
        slate, allotment, typed = self.slates[body.pk]
        used, non_public = self.by_hand(body)
        share = non_public - -(-2 * used[REGULAR] // 5)
        if typed is None:
            return [share]
        places, part = allotment.places, typed["ownership:non_public"]
        others = places - part - (used[REGULAR] - non_public)
        if slate.stage == Stage.PROVINCE:
            return [others, share]
        needed = Fraction(2 * used[REGULAR] + min(5 * part - 2 * places, 0), 5)
        return [others, non_public - max(ceil(needed), 0)]


@pytest.mark.parametrize("seed", range(6))
def test_every_body_has_the_figures_of_the_gate_of_verify_and_of_a_count_by_hand(province, seed):
    season = Season(seed, province)
    found = board(season.round_award, province)
    verified = verification._Rows().reports
    assert {row.body.pk for row in found.rows} == season.slates.keys()
    for row in found.rows:
        slate, allotment, _typed = season.slates[row.body.pk]
        assert row.places == {REGULAR: allotment.places, RESERVE: 5, SEPARATE: 2}
        if slate.state == SlateState.COMPILING and row.body != province:
            assert (row.report, row.slate_id, row.used(), row.non_public, row.checks) == (None,) * 4 + ((),)
            continue
        used, non_public = season.by_hand(row.body)
        assert ({kind: row.used(kind) for kind in EntryKind}, row.non_public) == (used, non_public)
        assert [check.margin for check in row.checks] == season.margin(row.body)
        one = gate.report(slate_id=slate.pk)
        assert row.report.places == one.places
        assert [(check.code, check.required, check.margin, check.holds) for check in row.checks] == [
            (check.code, check.required, check.margin, check.holds) for check in one.checks
        ]
        assert slate.state == SlateState.COMPILING or row.report == verified[slate.pk]
        broken = any(used.values()) and min(season.margin(row.body)) < 0
        assert row.broken == broken
        empty = not any(used.values())
        assert row.standing == (Standing.AWAITED if empty else Standing.BROKEN if broken else Standing.HOLDS)


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_the_lists_that_are_told(province, seed):
    season = Season(seed, province)
    found = board(season.round_award, province)
    for group in found.groups:
        told = [
            season.by_hand(row.body)
            for row in group.below
            if season.slates[row.body.pk][0].state != SlateState.COMPILING
        ]
        sums = group.sums
        assert sums.untold == len(group.below) - len(told)
        assert sums.places[REGULAR] == sum(season.slates[row.body.pk][1].places for row in group.below)
        if told:
            assert sums.used == {kind: sum(used[kind] for used, _count in told) for kind in EntryKind}
            assert sums.non_public == sum(count for _used, count in told)
        else:
            assert (sums.used[REGULAR], sums.non_public) == (None, None)
    by_stage = dict(found.by_stage)
    assert [by_stage[stage].bodies for stage in (Stage.PROVINCE, Stage.CITY, Stage.COUNTY)] == [1, 3, 6]


def test_what_lies_at_a_body(round_award, city, county):
    make_allotment(round_award, county)
    for status in NominationState:
        make_nomination(round_award, county, status=status)
    make_nomination(make_round_award(round_award.round), county, status=NominationState.IN_REVIEW)
    row = row_of(board(round_award, city), county)
    assert (row.reviewing, row.pooled) == (2, 1)
    assert (row_of(board(round_award, city), city).reviewing, row.state) == (0, None)


# --- who sees what -----------------------------------------------------------------------------------------------


def test_a_draft_is_told_to_its_own_body_only(round_award, city, county):
    slate = make_slate(make_allotment(round_award, county, places=4), non_public=3)
    assert row_of(board(round_award, county), county).used() == 3
    above = row_of(board(round_award, city), county)
    assert (above.used(), above.slate_id, above.places[REGULAR]) == (None, None, 4)
    type(slate).objects.filter(pk=slate.pk).update(state=SlateState.SIGNING)
    above = row_of(board(round_award, city), county)
    assert (above.used(), above.slate_id) == (3, slate.pk)


def test_everybody_has_the_own_area_with_its_own_sums(round_award, province, city, county):
    other_city = make_body("320600", level=Level.CITY, parent=province, name="南通市")
    bodies = [province, city, county, make_body(parent=city), other_city, make_body(parent=other_city)]
    for body in bodies:
        make_slate(make_allotment(round_award, body), non_public=1, state=SlateState.SENT_UP)
    assert [row.body for row in board(round_award, county).rows] == [county]
    assert [row.body for row in board(round_award, city).rows] == bodies[1:4]
    assert board(round_award, city).groups[0].sums.used[REGULAR] == 2
    assert [sums.used[REGULAR] for _stage, sums in board(round_award, city).by_stage] == [1, 2]
    assert {row.body for row in board(round_award, province).rows} == set(bodies)
    answer, text = page(round_award, make_official(county, Role.KEEPER))
    assert answer.status_code == 200
    assert "常熟市" in text
    assert not any(name in text for name in ("苏州市", "南通市", "江苏省", bodies[3].name))
    assert [line.row.body for block in answer.context["blocks"] for line in (block.own, *block.below)] == [
        county
    ]


def test_nobody_sees_the_board_of_another_round_or_award(round_award, county):
    keeper = make_official(county, Role.KEEPER)
    make_allotment(round_award, county)
    other = make_round_award(award=make_award("elsewhere"))
    assert page(round_award, keeper, award="model_home")[0].status_code == 200
    assert page(round_award, keeper, award="elsewhere")[0].status_code == 404
    assert page(other, keeper)[0].status_code == 200
    assert page(round_award, make_user())[0].status_code == 404
    with pytest.raises(RoundAward.DoesNotExist):
        boards.board(round_award_id=round_award.pk, user=make_user())


def test_a_planned_round_is_for_those_who_plan_it(province, county):
    planned = make_round_award(make_round(state=RoundState.PLANNED))
    make_allotment(planned, county, places=7)
    assert page(planned, make_official(county, Role.KEEPER))[0].status_code == 404
    with pytest.raises(RoundAward.DoesNotExist):
        board(planned, county)
    row = row_of(board(planned, province, Role.STAFF), county)
    assert (row.places[REGULAR], row.state, row.to_do, row.late) == (7, None, "", False)
    assert page(planned, make_official(province, Role.STAFF))[0].status_code == 200


# --- what is left to do --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SlateState.COMPILING, "编制并提交名单"),
        (SlateState.SIGNING, "领导签发名单"),
        (SlateState.SIGNED, "发布名单公示"),
        (SlateState.SETTLING, "处理异议后上报名单"),
        (SlateState.SENT_UP, ""),
        (SlateState.FINALISED, "作出命名决定"),
        (SlateState.NAMED, ""),
    ],
)
def test_what_is_left_to_do_and_whether_it_is_late(round_award, city, county, state, words):
    make_slate(make_allotment(round_award, county), non_public=1, state=state)
    row = row_of(board(round_award, city), county)
    assert (row.to_do, row.late, row.due_at) == (words, False, WINDOWS[Stage.COUNTY][1])
    with clock.travel(WINDOWS[Stage.COUNTY][1] + timedelta(seconds=1)):
        found = board(round_award, city)
    assert row_of(found, county).late == bool(words)
    assert (found.groups[0].standing == Standing.LATE) == bool(words)
    with clock.travel(WINDOWS[Stage.COUNTY][1]):
        assert not row_of(board(round_award, city), county).late


def test_the_awarding_stage_settles_by_finalising(county):
    round_award = make_round_award(award=make_award(final_stage=Stage.COUNTY))
    make_slate(make_allotment(round_award, county), non_public=1, state=SlateState.SETTLING)
    assert row_of(board(round_award, county), county).to_do == "处理异议后审定名单"


@pytest.mark.parametrize(("days", "words"), [(3, "名单公示至"), (-1, "名单公示已于")])
def test_a_notice_says_until_when(round_award, county, days, words):
    slate = make_slate(make_allotment(round_award, county), non_public=1, state=SlateState.ON_NOTICE)
    end = clock.today() + timedelta(days=days)
    slate.notices.create(
        title="公示",
        starts_on=clock.today() - timedelta(days=5),
        ends_on=end,
        computed_ends_on=end,
        days=5,
        unit="workday",
        contact="某",
        rows=[],
        published_by=make_user(),
        published_at=clock.now(),
    )
    to_do = row_of(board(round_award, county), county).to_do
    assert to_do.startswith(words)
    assert f"{end:%Y}年{end.month}月{end.day}日" in to_do


def test_reviews_come_first_and_an_extension_moves_the_deadline(round_award, city, county):
    make_slate(make_allotment(round_award, county))
    make_nomination(round_award, county, status=NominationState.IN_REVIEW)
    later = WINDOWS[Stage.COUNTY][1] + timedelta(days=5)
    Extension.objects.create(
        round=round_award.round,
        stage=Stage.COUNTY,
        body=county,
        due_at=later,
        reason="台风",
        granted_by=make_user(),
        granted_at=IN_TIME,
    )
    with clock.travel(later):
        row = row_of(board(round_award, city), county)
    assert (row.to_do, row.due_at, row.late) == ("审结 1 件申报；编制并提交名单", later, False)


def test_where_nobody_has_applied_nothing_is_late(round_award, city, county):
    slate = make_slate(make_allotment(round_award, county, places=3))
    with clock.travel(WINDOWS[Stage.COUNTY][1] + timedelta(days=1)):
        row = row_of(board(round_award, city), county)
        assert (row.to_do, row.late, row.standing) == ("暂无申报，没有名单可编", False, Standing.EMPTY)
        make_nomination(round_award, county, status=NominationState.POOLED)
        row = row_of(board(round_award, city), county)
        assert (row.to_do, row.late, row.standing) == ("编制并提交名单", True, Standing.LATE)
    assert slate.state == SlateState.COMPILING


def test_without_places_no_list_is_asked_for(round_award, city, county):
    make_slate(make_allotment(round_award, county, places=0, reserve_places=0))
    with clock.travel(WINDOWS[Stage.COUNTY][1] + timedelta(days=1)):
        row = row_of(board(round_award, city), county)
        assert (row.to_do, row.late, row.standing) == ("", False, None)
        make_nomination(round_award, county, status=NominationState.IN_REVIEW)
        assert row_of(board(round_award, city), county).late


def test_in_a_closed_round_nothing_is_left_to_do(county):
    closed = make_round_award(make_round(state=RoundState.CLOSED))
    make_slate(make_allotment(closed, county), non_public=1)
    with clock.travel(WINDOWS[Stage.PROVINCE][1] + timedelta(days=1)):
        row = row_of(board(closed, county), county)
    assert (row.to_do, row.late, row.standing) == ("", False, Standing.HOLDS)


def test_only_bodies_at_the_stages_of_the_award(province, city, county):
    round_award = make_round_award(award=make_award(final_stage=Stage.COUNTY))
    make_slate(make_allotment(round_award, county), non_public=1, state=SlateState.NAMED)
    found = board(round_award, province)
    assert [row.body for row in found.rows] == [county]
    assert (found.province, found.groups[0].body, found.groups[0].own) == (None, city, None)
    assert [row.body for row in found.highest] == [county]


def test_a_closed_body_without_places_is_left_out(round_award, city, county):
    gone = make_body(parent=city)
    Body.objects.filter(pk__in=[gone.pk, county.pk]).update(closed_on=IN_TIME.date())
    make_allotment(round_award, county)
    assert [row.body for row in board(round_award, city).rows] == [city, county]


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(round_award, province, city, county):
    """A list that holds, one that breaks its share, one that is not told, in two cities."""
    make_slate(make_allotment(round_award, province, places=20))
    make_slate(make_allotment(round_award, city, places=6), non_public=2, state=SlateState.SENT_UP)
    make_slate(
        make_allotment(round_award, county, places=4), non_public=1, public=2, state=SlateState.SIGNING
    )
    other = make_body("320600", level=Level.CITY, parent=province, name="南通市")
    make_slate(make_allotment(round_award, other, places=3), non_public=1)
    return make_official(province, Role.STAFF)


def test_the_page_from_the_province_down(round_award, tree, city, county):
    answer, text = page(round_award, tree)
    (first, second) = answer.context["blocks"]
    assert (first.own.counts[0], first.own.non_public) == ("2 / 6", "2 · 100 %")
    (line,) = first.below
    assert (line.counts[0], line.non_public) == ("3 / 4", "1 · 33.3 %")
    assert [(("差 1" in status), rule) for status, rule in line.checks] == [(True, "要求 ≥ 1/2（至少 2 个）")]
    assert (second.own.counts[0], second.fold) == ("— / 3", None)
    assert (first.fold.counts[0], first.fold.open) == ("3 / 4", False)
    assert [total["counts"][0] for total in answer.context["totals"]] == ["2 / 9"]
    assert [(tile["code"], tile["text"], tile["word"]) for tile in answer.context["tiles"]] == [
        ("320500", "2 / 6", "不符合"),
        ("320600", "— / 3", "待报"),
    ]
    assert reverse("quotas:set_places", args=[round_award.pk, city.pk]) in text
    assert reverse("quotas:set_places", args=[round_award.pk, county.pk]) not in text
    assert "全周期名额 10 个" in text
    assert "苏组通〔2019〕65号 二.3" in text
    assert "不符合 1 份" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"only": "problems"}, ["常熟市"]),
        ({"q": "常熟"}, ["常熟市"]),
        ({"q": "苏州"}, ["常熟市"]),
        ({"q": "南通"}, []),
        ({"q": "南通", "only": "problems"}, None),
        ({"q": "无此"}, None),
        ({"open": "all"}, ["常熟市"]),
    ],
)
def test_rows_are_found_by_name_and_by_problem(round_award, tree, query, shown):
    answer, text = page(round_award, tree, **query)
    blocks = answer.context["blocks"]
    if shown is None:
        assert blocks == []
        assert "没有名称相符的单位" in text
        return
    assert [line.row.body.name for block in blocks for line in block.below] == shown
    assert all(block.fold.open for block in blocks if block.fold)


def test_without_problems_the_page_says_so(round_award, county):
    make_slate(make_allotment(round_award, county), non_public=1, state=SlateState.SIGNING)
    _answer, text = page(round_award, make_official(county, Role.OBSERVER), only="problems")
    assert "没有逾期或不符合的名单" in text


def test_a_city_hands_down_and_opens_its_counties(round_award, tree, city, county):
    answer, text = page(round_award, make_official(city, Role.KEEPER))
    assert answer.context["blocks"][0].fold.open
    assert answer.context["tiles"] == answer.context["totals"] == []
    assert reverse("quotas:hand_down", args=[round_award.pk, city.pk]) in text
    assert reverse("quotas:set_places", args=[round_award.pk, county.pk]) in text
    assert reverse("quotas:set_places", args=[round_award.pk, city.pk]) not in text
    _answer, text = page(round_award, make_official(city, Role.OBSERVER))
    assert "/places/" + str(round_award.pk) not in text


def test_empty_rounds_and_awards_say_what_will_come(round_award, county):
    keeper = make_official(county, Role.KEEPER)
    assert "还没有分配名额" in page(round_award, keeper)[1]
    round_award.delete()
    assert "这个周期还没有奖项" in page(round_award, keeper)[1]


def test_as_many_statements_for_five_bodies_as_for_fifty(round_award, province, city):
    staff = make_official(province, Role.OBSERVER)
    asked = []
    for total in (5, 50):
        while round_award.allotments.count() < total:
            body = make_body(parent=city)
            make_slate(
                make_allotment(round_award, body, typed={"ownership:non_public": 1}),
                non_public=1,
                state=SlateState.SENT_UP,
            )
        if total == 5:
            boards.board(round_award_id=round_award.pk, user=staff)  # reads the rules of the edition, once
        fresh = type(staff).objects.get(pk=staff.pk)
        with CaptureQueriesContext(connection) as found:
            rows = boards.board(round_award_id=round_award.pk, user=fresh).rows
        assert len(rows) == total + 2
        asked.append(len(found))
    assert asked[0] == asked[1] <= 16


def test_parts_that_no_longer_fit_are_said_on_the_board_and_by_verify():
    """One county's part taken to nought: a list of that county is let off what nobody else brings."""
    version = make_rule_version(make_award())
    make_share_rule(version)
    round_award = make_round_award(award=version.award)
    city = make_body(level=Level.CITY)
    counties = [make_body(parent=city) for _ in range(3)]
    for county in counties:
        make_allotment(round_award, county, places=4, parts={"non_public_share": 2})
    keeper = make_official(city, Role.KEEPER)
    read = lambda: boards.board(round_award_id=round_award.pk, user=make_official(city, Role.OBSERVER))
    told = lambda: next(line for line in verification.run() if line.rule == "parts")
    assert read().drift == ()
    assert not told().remarks
    allotments.set_places(
        round_award_id=round_award.pk,
        body_id=counties[0].pk,
        places=4,
        parts={"non_public_share": 0},
        actor=keeper,
        reason="调整",
    )
    (violation,) = read().drift
    assert violation.code == "parts_loose"
    client = Client()
    client.force_login(keeper)
    page = client.get(f"/rounds/{round_award.round.code}/quotas/").content.decode()
    assert str(sentence(violation).what) in page
    assert str(sentence(violation).what) in told().remarks[0]
