"""What the plan page says at once: parts that have drifted, more named than a series of rounds allows, clauses on the whole."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotas.base import clock
from quotas.base.states import KeptBy, Level, Role, RoundState
from quotas.editions.models import Award, RuleVersion, ShareRule
from quotas.editions.services import catalogue, composing
from quotas.editions.wording import of_the_whole
from quotas.rounds.models import PlacesLine, Round
from quotas.rounds.services import parts, series
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def planner():
    client = Client()
    client.force_login(make_official(make_body(level=Level.PROVINCE), Role.STAFF))
    return client


def drifted(round_):
    """An award kept in parts whose second county was given one place too few of them."""
    version = make_rule_version(make_award())
    make_share_rule(version, kept=KeptBy.PARTS)
    round_award = make_round_award(round_, version.award)
    city = make_body(level=Level.CITY)
    make_allotment(round_award, city.parent, places=10)
    for part in (1, 0):
        make_allotment(round_award, make_body(parent=city), places=2, parts={"non_public_share": part})
    return round_award, city


def plan_page(client, round_):
    answer = client.get(reverse("appraisal:round_plan", args=[round_.code]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_plan_says_where_parts_have_drifted(planner):
    round_ = make_round(state=RoundState.PLANNED)
    _round_award, city = drifted(round_)
    said = f"{city.short_name}下级单位的分解数与名额对不上"
    assert said in plan_page(planner, round_)
    PlacesLine.objects.filter(places=0).update(places=1)
    assert said not in plan_page(planner, round_)


def test_drift_of_many_awards_takes_as_many_statements_as_of_one():
    round_ = make_round(state=RoundState.PLANNED)
    first, _city = drifted(round_)
    counted = []
    for awards in ([first], [first, *(drifted(round_)[0] for _more in range(3))]):
        with CaptureQueriesContext(connection) as statements:
            found = parts.drift_of([each.pk for each in awards])
        assert [reason.code for reason in found] == ["parts_loose"] * len(awards)
        assert found[0] == parts.drift(round_award_id=first.pk)[0]
        counted.append(len(statements))
    assert counted[0] == counted[1]


class TestSeries:
    """三创示范单位: a hundred in every two years."""

    @pytest.fixture
    def award(self):
        award = make_award("show")
        make_round_award(make_round(), award)
        RuleVersion.objects.filter(award=award).update(most_named=100, most_years=2)
        return award

    def over(self, award, places, year, *others):
        award.rounds.all().delete()
        for other_places, other_year in others:
            made = make_round_award(make_round(), award, places=other_places)
            Round.objects.filter(pk=made.round_id).update(year=other_year)
        this = make_round_award(make_round(state=RoundState.PLANNED), award, places=places)
        Round.objects.filter(pk=this.round_id).update(year=year)
        this = award.rounds.select_related("round", "award", "rule_version").get(pk=this.pk)
        return this, [reason.params["together"] for reason in series.over([this])]

    @pytest.mark.parametrize(
        ("places", "others", "told"),
        [
            (100, (), []),
            (101, (), [101]),
            (60, ((40, 2025),), []),
            (60, ((41, 2025),), [101]),
            (60, ((90, 2024), (90, 2027)), []),
            (60, ((30, 2025), (30, 2026)), [120]),
        ],
    )
    def test_counts_the_rounds_of_so_many_years(self, award, places, others, told):
        assert self.over(award, places, 2026, *others)[1] == told

    def test_the_plan_warns_and_goes_on(self, award, planner):
        this, _told = self.over(award, 101, 2026)
        page = plan_page(planner, this.round)
        assert "2 年内的名额合计 101 个，超过了 100 个" in page

    def test_the_catalogue_says_so_and_an_edition_is_composed_with_it(self):
        catalogue.load()
        version = RuleVersion.objects.get(award__code="demonstration_unit")
        assert (version.most_named, version.most_years) == (100, 2)
        staff = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
        draft = composing.compose(
            award_code="demonstration_unit", actor=staff, source="新文件", based_on=version.pk
        )
        assert (draft.most_named, draft.most_years) == (100, 2)
        changed = composing.set_edition(
            version_id=draft.pk,
            version=1,
            actor=staff,
            source="新文件",
            employer_cap=1,
            most_named=120,
            most_years=3,
        )
        assert (changed.most_named, changed.most_years) == (120, 3)


class TestClauses:
    """What the clause says of the whole is offered as a reason for parts; nothing is chosen by it."""

    def test_of_the_catalogue(self):
        catalogue.load()
        told = {
            rule.version.award.code: of_the_whole(rule.clause)
            for rule in ShareRule.objects.select_related("version__award")
        }
        assert {code for code, words in told.items() if words} == {
            "model_home",
            "union_worker",
            "pioneer_team",
            "model_worker",
            "may_first_medal",
        }
        assert "省以上表彰的整体，可按全盘折算" in told["model_home"]
        assert "受表彰的" in told["pioneer_team"]
        assert set(ShareRule.objects.values_list("kept", flat=True)) == {KeptBy.ITSELF}
        assert all(len(rule.clause) <= 200 for rule in ShareRule.objects.all())

    def test_on_the_pages_where_the_way_is_chosen(self, planner):
        catalogue.load()
        round_ = make_round(state=RoundState.PLANNED)
        award = Award.objects.get(code="model_home")
        taking_part = make_round_award(round_, award, places=10)
        city = make_body(level=Level.CITY)
        make_body(parent=city)
        staff = make_official(make_body(level=Level.PROVINCE), Role.STAFF)
        draft = composing.compose(
            award_code=award.code, actor=staff, source="新文件", based_on=taking_part.rule_version_id
        )
        edit = reverse("appraisal:rule_edit", args=[award.code, draft.number])
        said = "条文所指为省以上表彰的整体"
        assert said in planner.get(f"{edit}?rule=non_public_share").content.decode()
        assert said not in planner.get(edit).content.decode()
        hand_out = reverse("appraisal:round_hand_out", args=[round_.code, taking_part.pk])
        assert said not in planner.get(hand_out).content.decode()


def test_the_districts_awards_of_july_first_are_there():
    catalogue.load()
    found = dict(Award.objects.filter(final_stage="county").values_list("code", "name"))
    assert found["district_party_worker"] == "非公党建优秀党务工作者"
    assert found["district_party_member"] == "非公党建优秀党员"
