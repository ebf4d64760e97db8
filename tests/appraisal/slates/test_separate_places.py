"""Separate places carry their purpose and their owner, and who stands in one names the line that it fills."""

from io import BytesIO

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from appraisal.boards.services import verification
from appraisal.gate.services import gate
from appraisal.records.models import SlateEntry
from appraisal.records.states import EntryKind, SlateState
from appraisal.slates.forms import SlateDraft, moved
from appraisal.slates.services import slates
from appraisal.slates.spreadsheets import slate_workbook
from quotas.base import clock
from quotas.base.errors import InvalidInput, RuleViolation
from quotas.base.states import Level, Role
from quotas.ledger.models import LedgerEntry
from quotas.rounds.models import Allotment, PlacesLine
from quotas.rounds.services import allotments, plans
from quotas.rounds.services.plans import AwardDesk
from quotas.selection.plan import SeparateLine, frozen, thawed
from tests.appraisal.desks import make_desk, told
from tests.builders import IN_TIME, make_body, make_official, make_round_award, make_separate, squeezed

pytestmark = pytest.mark.django_db

CONTEST, WORKERS = SeparateLine("s1", "竞赛单列", 1), SeparateLine("s2", "产业工人专项", 2)


@pytest.fixture(autouse=True)
def in_time():
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def county():
    return make_body()


def set_separate(body, *lines, round_award=None, actor=None):
    return allotments.set_places(
        round_award_id=(round_award or make_round_award()).pk,
        body_id=body.pk,
        places=3,
        separate=lines,
        actor=actor or make_official(body.parent, Role.KEEPER),
        reason="专项",
    )


class TestPlanning:
    def test_a_line_is_of_whoever_hands_the_places_down_unless_said_otherwise(self, county):
        province = county.parent.parent
        named = SeparateLine("s2", "产业工人专项", 2, owner_id=province.pk)
        allotment = set_separate(county, CONTEST, named)
        assert allotment.separate_places == 3
        assert list(PlacesLine.objects.order_by("key").values_list("name", "places", "owner")) == [
            ("竞赛单列", 1, county.parent_id),
            ("产业工人专项", 2, province.pk),
        ]
        plan = plans.one(AwardDesk.at(allotment.round_award, county))
        assert [(line.purpose, line.owner) for line in plan.separate] == [
            ("竞赛单列", county.parent.short_name),
            ("产业工人专项", province.short_name),
        ]
        assert not plan.slots
        assert [line.purpose for line in thawed(frozen(plan)).separate] == ["竞赛单列", "产业工人专项"]
        after = LedgerEntry.objects.get(act="set_places").after
        assert after["separate"][1] == {"name": "产业工人专项", "places": 2, "owner": province.short_name}

    @pytest.mark.parametrize(
        ("line", "field", "code"),
        [
            (SeparateLine("s1", " ", 1), "separate_s1_purpose", "separate_purpose_required"),
            (SeparateLine("s1", "竞赛单列", 0), "separate_s1_places", "separate_without_places"),
            (SeparateLine("s1", "产业工人专项", 1), "separate_s1_purpose", "separate_purpose_twice"),
        ],
    )
    def test_what_makes_no_sense(self, county, line, field, code):
        with pytest.raises(InvalidInput) as refused:
            set_separate(county, line, WORKERS)
        assert (refused.value.problems[0].field, refused.value.problems[0].code) == (field, code)
        assert not Allotment.objects.exists()

    def test_nobody_aside_decides_on_them(self, county):
        beside = make_body(parent=county.parent)
        with pytest.raises(InvalidInput) as refused:
            set_separate(county, SeparateLine("s1", "竞赛单列", 1, owner_id=beside.pk))
        assert refused.value.code == "separate_owner_elsewhere"

    def test_handing_down_leaves_them(self, county):
        round_award = make_round_award()
        keeper = make_official(county.parent, Role.KEEPER)
        set_separate(county, CONTEST, round_award=round_award, actor=keeper)
        allotments.hand_down(
            round_award_id=round_award.pk,
            parent_id=county.parent_id,
            places_by_body={county.pk: 5},
            actor=keeper,
            reason="追加",
        )
        kept = Allotment.objects.get()
        assert (kept.places, kept.separate_places, kept.lines.get().name) == (5, 1, "竞赛单列")

    def test_pages_set_and_show_them(self, county):
        round_award = make_round_award()
        keeper = make_official(county.parent, Role.KEEPER)
        client = Client()
        client.force_login(keeper)
        url = reverse("quotas:set_places", args=[round_award.pk, county.pk])
        shown = allotments.digest(round_award_id=round_award.pk, body_id=county.pk)
        sent = {
            "plan": shown,
            "places": 3,
            "reserve_places": 0,
            "reason": "专项",
            "separate_s1_purpose": "竞赛单列",
            "separate_s1_places": 2,
            "separate_s1_owner": county.parent.parent_id,
        }
        assert client.post(url, sent | {"separate_s1_places": ""}).status_code == 422
        assert client.post(url, sent).status_code == 302
        words = f"竞赛单列 2（{county.parent.parent.short_name}决定）"
        board = squeezed(client.get(f"{reverse('quotas:places')}?award={round_award.pk}").content.decode())
        handing = reverse("quotas:hand_down", args=[round_award.pk, county.parent_id])
        assert words in board
        assert words in squeezed(client.get(handing).content.decode())
        again = client.get(url).content.decode()
        assert 'value="竞赛单列"' in again
        sent["plan"] = allotments.digest(round_award_id=round_award.pk, body_id=county.pk)
        assert client.post(url, sent | {"separate_s1_drop": "on"}).status_code == 302
        assert Allotment.objects.get().separate_places == 0


@pytest.fixture
def desk():
    """A list with three separate places on two lines, and as many entries in them."""
    desk = make_desk(separate_places=0)
    make_separate(desk.allotment, "竞赛单列", key="s1", places=1)
    make_separate(desk.allotment, "产业工人专项", key="s2", places=2)
    Allotment.objects.filter(pk=desk.allotment.pk).update(separate_places=3)
    desk.made = told(desk.fill(non_public=2, separate=3))
    return desk


def lines_of(desk):
    rows = SlateEntry.objects.filter(slate=desk.slate, kind=EntryKind.SEPARATE).order_by("rank")
    return list(rows.values_list("line", flat=True))


def save(desk, **lines):
    separate = [each.pk for each in desk.made[2:]]
    return desk.act(
        slates.set_entries,
        entries=desk.entries(),
        lines={separate[int(place[1:])]: line for place, line in lines.items()},
    )


class TestSlate:
    def test_who_names_no_line_takes_the_first_with_a_place_left(self, desk):
        assert lines_of(desk) == ["s1", "s2", "s2"]
        assert gate.report(slate_id=desk.slate.pk).holds

    def test_a_line_holds_so_many_and_no_more(self, desk):
        save(desk, e2="s1")
        assert lines_of(desk) == ["s1", "s2", "s1"]
        with pytest.raises(RuleViolation) as refused:
            desk.act(slates.submit)
        (reason,) = [each for each in refused.value.reasons if each.code == "separate_line_exceeded"]
        assert (reason.params["purpose"], reason.params["places"], reason.params["used"]) == (
            "竞赛单列",
            1,
            2,
        )
        save(desk, e0="s2")
        desk.act(slates.submit)
        assert desk.slate.state == SlateState.SIGNING

    def test_a_line_that_is_dropped_leaves_its_entries_without(self, desk):
        PlacesLine.objects.filter(key="s2").delete()
        make_separate(desk.allotment, "另一项", key="s3", places=2)
        with pytest.raises(RuleViolation) as refused:
            desk.act(slates.submit)
        assert "separate_line_gone" in [reason.code for reason in refused.value.reasons]
        save(desk)
        assert lines_of(desk) == ["s1", "s3", "s3"]
        desk.act(slates.submit)

    def test_another_kind_fills_no_line(self, desk):
        numbers = [pk for pk, _kind, _rank in desk.entries()]
        desk.set([(pk, EntryKind.REGULAR) for pk in numbers[:4]])
        assert not SlateEntry.objects.exclude(line="").exists()

    def test_the_workbench_chooses_and_the_workbook_says(self, desk):
        client = Client()
        client.force_login(desk.keeper)
        page = squeezed(client.get(reverse("appraisal:slate", args=[desk.slate.pk])).content.decode())
        assert "· 竞赛单列" in page
        book = load_workbook(BytesIO(slate_workbook(desk.slate.pk)))
        rows = list(book["汇总表"].iter_rows(min_row=2, values_only=True))
        place = rows[0].index("单列项目")
        owner = desk.body.parent.short_name
        assert [row[place] for row in rows[1:]] == [
            *(None, None),
            f"竞赛单列（{owner}决定）",
            *([f"产业工人专项（{owner}决定）"] * 2),
        ]
        checked = [row[:4] for row in book["占比核验"].iter_rows(min_row=2, values_only=True)]
        assert (f"单列：产业工人专项（{owner}决定）", "名额分配表", 2, 2) in checked

    def test_the_recount_finds_a_line_too_full_and_lines_that_do_not_add_up(self, desk):
        desk.act(slates.submit)
        wrong = lambda: {line.rule for line in verification.run() if not line.holds}
        assert not wrong() & {"places", "slots"}
        SlateEntry.objects.filter(slate=desk.slate, line="s2").update(line="s1")
        assert "places" in wrong()
        Allotment.objects.filter(pk=desk.allotment.pk).update(separate_places=2)
        assert "slots" in wrong()


def test_the_province_decides_on_its_own():
    province = make_body(level=Level.PROVINCE)
    round_award = make_round_award()
    allotments.set_places(
        round_award_id=round_award.pk,
        body_id=province.pk,
        places=3,
        separate=[CONTEST],
        actor=make_official(province, Role.STAFF),
        reason="专项",
    )
    assert PlacesLine.objects.get().owner == province


def test_the_draft_of_a_page_carries_the_lines_that_were_chosen():
    sent = QueryDict(
        "entry=5:separate&rank-5=1&line-5=s2&entry=6:separate&rank-6=2&entry=7:regular&rank-7=1&line-7=s1"
    )
    draft = SlateDraft.read(sent)
    assert draft.lines == {5: "s2"}
    assert draft.move(6, -1).drop(7).put(8, EntryKind.SEPARATE).lines == {5: "s2"}
    stored = SlateDraft.of(draft.entries, {5: "s1", 6: "s1"})
    assert moved(draft, stored)
    assert not moved(draft, SlateDraft.of(draft.entries, {5: "s2", 6: "s1"}))
    # Whoever is no longer in a separate place fills no line.
    regular = draft.put(5, EntryKind.REGULAR)
    assert not moved(regular, SlateDraft.of(regular.entries, {6: "s1"}))
