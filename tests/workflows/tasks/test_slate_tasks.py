"""The tasks of a list through the browser's door: what is done, what is refused, and what the page then says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.deadlines.services import latest
from appraisal.records.models import Naming, Nomination, Notice, Objection, SignOff, Slate, SlateEntry
from appraisal.records.states import Finding, NominationState, SlateState
from appraisal.slates.services import slates
from quotas.base import clock
from quotas.base.states import Office, RuleKind, Sense, Stage
from quotas.calendar.models import CalendarYear
from quotas.rounds.models import Allotment, Extension, StageWindow
from quotas.templatetags.px import day
from tests.builders import make_official, make_share_rule, relabel
from tests.workflows.house import House, open_nodes, open_task, version
from workflows import turns
from workflows.querysets import of_nomination

POOLED = NominationState.POOLED


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def saved(slate):
    rows = SlateEntry.objects.standing().filter(slate=slate).order_by("kind", "rank")
    return list(rows.values_list("nomination_id", "kind", "rank"))


def draft(*entries, **more):
    """The fields of the workbench for these (nomination, kind, rank)."""
    fields = {"entry": [f"{nomination.pk}:{kind}" for nomination, kind, _rank in entries]}
    fields |= {f"rank-{nomination.pk}": str(rank) for nomination, _kind, rank in entries}
    return {**fields, **more}


def regulars(*nominations):
    return [(each, "regular", rank) for rank, each in enumerate(nominations, start=1)]


class Bench:
    """The workbench of one body, opened by its keeper."""

    def __init__(self, house, at="county", who=None):
        self.house, self.at = house, at
        self.slate = house.slates[at]
        self.task = house.slate_task(at, "compile_slate")
        self.url = reverse("workflows:task", args=[self.task.pk])
        self.client = client_of(who or house.people[at, "keeper"])

    def get(self):
        return self.client.get(self.url)

    def post(self, *entries, act, at_version=None, **more):
        fields = draft(*entries, act=act, version=at_version or version(self.slate))
        return self.client.post(self.url, fields, **more)

    def state(self):
        return Slate.objects.get(pk=self.slate.pk).state


@pytest.fixture
def ruled(house):
    """A county with four places, one reserve, and at least half non-public."""
    make_share_rule(house.round_award.rule_version)
    Allotment.objects.filter(body=house.bodies["county"]).update(places=4, reserve_places=1)
    return house


@pytest.fixture
def pool(ruled):
    private = [ruled.lying(POOLED, nominee_name=f"民企{n}") for n in range(3)]
    public = [ruled.lying(POOLED, nominee_name=f"国企{n}", non_public=False) for n in range(3)]
    return private, public


def test_empty_workbench_says_what_will_come(ruled):
    page = Bench(ruled).get()
    assert page.status_code == 200
    text = page.content.decode()
    assert "拟推荐库是空的" in text
    assert "还没有正选" in text
    assert "提交推荐名单" in text


def test_a_choice_is_drawn_and_nothing_is_stored(ruled, pool):
    bench = Bench(ruled)
    private, public = pool
    page = bench.post(*regulars(private[0]), act=f"regular:{public[0].pk}", headers={"HX-Request": "true"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<form" not in text, "only what has changed"
    assert f'value="{public[0].pk}:regular"' in text
    assert "有改动，尚未保存" in text
    assert "刚好符合，没有余量" in text
    assert saved(bench.slate) == []


def test_without_scripts_a_choice_draws_the_whole_page(ruled, pool):
    page = Bench(ruled).post(act=f"reserve:{pool[0][0].pk}")
    assert page.status_code == 200
    assert b"<!DOCTYPE html>" in page.content


def test_what_must_be_approved_is_asked_for_on_the_workbench_and_nothing_typed_is_lost(ruled, pool):
    make_share_rule(
        ruled.round_award.rule_version,
        "few_public",
        label="ownership:public",
        sense=Sense.MAX,
        kind=RuleKind.COUNT,
        numerator=0,
        advisory=True,
    )
    private, public = pool
    bench = Bench(ruled)
    chosen = regulars(*private, public[0])
    assert "批准文件" not in bench.post(*regulars(*private), act="view").content.decode()
    text = bench.post(*chosen, act="view").content.decode()
    assert "不符合，须报批" in text
    assert "批准文件" in text
    paper = {"document": "苏工复〔2026〕12号", "given_by": "江苏省总工会", "given_on": ""}
    fields = draft(*chosen, act="submit", version=version(bench.slate)) | paper
    answer = bench.client.post(bench.url, fields)
    assert answer.status_code == 422
    assert "批准日期不对" in answer.content.decode()
    assert 'value="苏工复〔2026〕12号"' in answer.content.decode()
    assert saved(bench.slate) == []
    moved = bench.client.post(bench.url, fields | {"act": f"drop:{public[0].pk}"})
    assert moved.status_code == 200
    assert bench.client.post(bench.url, fields | {"given_on": "31 May"}).status_code == 422
    assert bench.client.post(bench.url, fields | {"given_on": "2026-01-02"}).status_code == 302
    assert bench.state() == "signing"
    signing = ruled.slate_task("county", "union_sign")
    leader = client_of(ruled.people["county", "union_leader"])
    for page in (
        bench.client.get(reverse("appraisal:slate", args=[bench.slate.pk])),
        leader.get(reverse("workflows:task", args=[signing.pk])),
    ):
        assert "江苏省总工会于 2026年1月2日 批准，苏工复〔2026〕12号" in page.content.decode()


def test_what_is_full_says_why(ruled, pool):
    private, public = pool
    text = Bench(ruled).post(*regulars(*private, public[0]), act="view").content.decode()
    assert "正选名额已用完（4 / 4），请先移出一个。" in text
    assert f'value="regular:{public[1].pk}"' in text


@pytest.mark.parametrize(("act", "order"), [("up", [0, 2, 1]), ("down", [0, 1, 2]), ("drop", [0, 1])])
def test_moving_and_removing_renumber(ruled, pool, act, order):
    private, _public = pool
    page = Bench(ruled).post(*regulars(*private), act=f"{act}:{private[2].pk}")
    rows = [entry[0] for entry in page.context["board"].draft.entries]
    assert rows == [private[place].pk for place in order]
    assert [entry[2] for entry in page.context["board"].draft.entries] == list(range(1, len(order) + 1))


def test_save_stores_and_stays_open(ruled, pool):
    bench = Bench(ruled)
    private, public = pool
    answer = bench.post(*regulars(private[0], public[0]), (private[1], "reserve", 1), act="save")
    assert answer.status_code == 302
    assert answer.url == bench.url
    assert saved(bench.slate) == [
        (private[0].pk, "regular", 1),
        (public[0].pk, "regular", 2),
        (private[1].pk, "reserve", 1),
    ]
    assert bench.state() == SlateState.COMPILING


def test_refused_for_its_share_then_corrected(ruled, pool):
    bench = Bench(ruled)
    private, public = pool
    refused = bench.post(*regulars(private[0], *public[:2]), act="submit")
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "名单还不能提交，有 1 处需要改正" in text
    assert "苏组通〔2019〕65号 二.3" in text
    assert "应不少于 2 个，现有 1 个，还差 1 个" in text
    assert "民企1" in text
    assert bench.state() == SlateState.COMPILING
    assert saved(bench.slate) == []

    corrected = bench.post(*regulars(*private[:2], *public[:2]), act="submit")
    assert corrected.status_code == 302
    assert bench.state() == SlateState.SIGNING
    assert len(saved(bench.slate)) == 4
    assert Allotment.objects.get(body=ruled.bodies["county"]).committed == 4


def test_a_broken_list_is_told_what_would_mend_it_and_whom_to_choose(ruled, pool):
    bench = Bench(ruled)
    private, public = pool
    page = bench.post(*regulars(private[0], *public[:2]), act="view", headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "增加 1 家非公有制单位，或者减少 1 家公有制单位，即可符合全部规定。" in text
    assert f"拟推荐库中有 2 个可选：{private[1].number} 民企1、{private[2].number} 民企2。" in text
    helpful = {row.nomination.pk for row in page.context["board"].pool if row.helps}
    assert helpful == {private[1].pk, private[2].pk}
    good = bench.post(*regulars(private[0], public[0]), act="view").content.decode()
    assert "meters__advice" not in good


def test_where_no_list_is_legal_the_workbench_and_the_refusal_say_why(ruled, pool):
    make_share_rule(ruled.round_award.rule_version, "most", sense=Sense.MAX, numerator=1, denominator=3)
    bench = Bench(ruled)
    private, public = pool
    chosen = regulars(private[0], public[0])
    text = bench.post(*chosen, act="view").content.decode()
    assert "名单与拟推荐库共有 6 个可选，从中选不出符合全部规定的名单。" in text
    assert "要求不超过 1/3（依据：苏组通〔2019〕65号 二.3）；可选的非公有制有 3 个。" in text
    refused = bench.post(*chosen, act="submit")
    text = refused.content.decode()
    assert "名单还不能提交，有 1 处需要改正" in text
    assert "没有可行的名单：按现有的拟推荐库和名额，选不出符合全部规定的名单。" in text
    assert "少要求 1 个，或者" in text
    assert "列为正选可补足占比" not in text


def test_refused_over_its_places(ruled, pool):
    bench = Bench(ruled)
    private, public = pool
    refused = bench.post(*regulars(*private, *public[:2]), act="submit")
    assert refused.status_code == 422
    assert "正选名额 4 个，名单上有 5 个，超出 1 个" in refused.content.decode()
    assert "名额线" in refused.content.decode()
    assert bench.state() == SlateState.COMPILING


def test_refused_for_a_rank_twice(ruled, pool):
    bench = Bench(ruled)
    first, second = pool[0][:2]
    refused = bench.post((first, "regular", 1), (second, "regular", 1), act="save")
    assert refused.status_code == 422
    assert "推荐顺序" in refused.content.decode()
    assert saved(bench.slate) == []


def known(page):
    """What a press sends that says it has seen what the page asked for: a button of its own, or a hidden field."""
    found = re.search(r'name="(act|unreviewed)" value="((?:\w+:)?[0-9a-f]{16})"', page.content.decode())
    return {found[1]: found[2]}


def test_what_lies_unreviewed_is_asked_for_by_name_and_nothing_is_lost(ruled, pool):
    bench = Bench(ruled)
    private, public = pool
    waiting = ruled.lying(NominationState.IN_REVIEW, nominee_name="还没审的单位")
    assert "不会列入这份名单" not in bench.get().content.decode()
    asked = bench.post(*regulars(private[0], public[0]), act="submit")
    text = asked.content.decode()
    assert asked.status_code == 409
    assert "本级还有 1 件申报没有审结，不会列入这份名单" in text
    assert str(waiting) in text
    assert "仍然提交" in text
    # The draft is on the page still, and nothing of it is stored.
    assert f'value="{private[0].pk}:regular"' in text
    assert saved(bench.slate) == []
    assert bench.state() == SlateState.COMPILING
    ruled.lying(NominationState.IN_REVIEW, nominee_name="刚到的单位")
    fields = draft(*regulars(private[0], public[0]), version=version(bench.slate))
    # The same button as before asks again: only the one beside the question says that it was read.
    assert bench.client.post(bench.url, {**fields, "act": "submit"}).status_code == 409
    again = bench.client.post(bench.url, {**fields, **known(asked)})
    assert again.status_code == 409
    assert "刚到的单位" in again.content.decode()
    assert bench.state() == SlateState.COMPILING
    assert bench.client.post(bench.url, {**fields, **known(again)}).status_code == 302
    assert bench.state() == SlateState.SIGNING
    assert len(saved(bench.slate)) == 2


def test_submitted_twice_is_done_once(ruled, pool):
    bench = Bench(ruled)
    fields = draft(*regulars(pool[0][0]), act="submit", version=version(bench.slate))
    first, second = (bench.client.post(bench.url, fields) for _ in range(2))
    assert first.status_code == 302
    assert second.status_code == 409
    assert "已由" in second.content.decode()
    assert len(saved(bench.slate)) == 1


@pytest.mark.parametrize("act", ["save", "submit"])
def test_a_stale_tab_changes_nothing(ruled, pool, act):
    bench = Bench(ruled)
    old = version(bench.slate)
    bench.post(*regulars(pool[0][0]), act="save")
    stale = bench.post(*regulars(pool[0][1]), act=act, at_version=old)
    assert stale.status_code == 409
    assert "重新打开最新的名单" in stale.content.decode()
    assert [row[0] for row in saved(bench.slate)] == [pool[0][0].pk]


def test_a_stale_tab_is_told_with_its_next_choice(ruled, pool):
    bench = Bench(ruled)
    old = version(bench.slate)
    bench.post(*regulars(pool[0][0]), act="save")
    page = bench.post(act=f"regular:{pool[0][1].pk}", at_version=old)
    assert page.status_code == 200
    assert "重新打开最新的名单" in page.content.decode()


def test_taken_by_a_colleague(ruled, pool):
    colleague = make_official(ruled.bodies["county"], "keeper", name="李四")
    bench = Bench(ruled)
    turns.claim(task_id=bench.task.pk, actor=colleague)
    refused = bench.post(*regulars(pool[0][0]), act="submit")
    assert refused.status_code == 409
    assert "李四" in refused.content.decode()
    assert bench.state() == SlateState.COMPILING
    turns.release(task_id=bench.task.pk, actor=colleague)
    assert bench.post(*regulars(pool[0][0]), act="submit").status_code == 302


def test_another_body_finds_nothing(ruled):
    stranger = ruled.people["industry", "keeper"]
    assert Bench(ruled, who=stranger).get().status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "regular:x", "version": "1"},
        {"act": "explode:1", "version": "1"},
        {"act": "save", "version": "one"},
        {"act": "save", "version": "1", "entry": ["1"]},
        {"act": "save", "version": "1", "entry": ["1:winner"]},
        {"act": "save", "version": "1", "entry": ["²:regular"]},
    ],
)
def test_what_no_page_of_ours_sends_is_a_bad_request(ruled, fields):
    bench = Bench(ruled)
    assert bench.client.post(bench.url, fields).status_code == 400


def test_a_nomination_of_another_pool_is_refused_and_not_told(ruled):
    foreign = ruled.lying(POOLED, "industry", nominee_name="别处的单位")
    bench = Bench(ruled)
    for act in ("view", "save"):
        page = bench.post(*regulars(foreign), act=act)
        assert "别处的单位" not in page.content.decode()
    assert page.status_code == 422
    assert saved(bench.slate) == []


def test_who_has_not_sent_up_is_named(ruled):
    text = Bench(ruled, "city").get().content.decode()
    assert "还有 1 个下级单位未上报：张家港市（编制中）" in text


def test_rank_below_is_shown(ruled, pool, journey):
    private, _public = pool
    ruled.through_notice("county", private[:2], journey)
    ruled.send_up("county")
    for each in private[:2]:
        ruled.approve(each, "city")
    text = Bench(ruled, "city").get().content.decode()
    assert "张家港市" in text
    assert "正选第 2" in text


@pytest.mark.parametrize("ownership", ["non_public", "public"])
def test_the_pool_is_filtered_and_sorted(ruled, pool, ownership):
    bench = Bench(ruled)
    fields = draft(act="view", version=version(bench.slate), order="score", ownership=ownership)
    board = bench.client.post(bench.url, fields).context["board"]
    assert {row.nomination.non_public for row in board.pool} == {ownership == "non_public"}


def statements(client, url, fields=None):
    with CaptureQueriesContext(connection) as found:
        answer = client.post(url, fields) if fields else client.get(url)
    assert answer.status_code == 200
    return len(found)


def test_the_workbench_is_flat_in_its_rows(ruled):
    bench = Bench(ruled)
    bench.get()  # reads the rules of the edition, once
    counts = []
    for total in (1, 3, 50):
        while len(ruled_pool := ruled.round_award.nominations.all()) < total:
            ruled.lying(POOLED)
        counts.append(statements(bench.client, bench.url))
    chosen = draft(*regulars(*ruled_pool[:30]), act="view", version=version(bench.slate))
    assert len(set(counts)) == 1
    assert counts[0] <= 22
    assert statements(bench.client, bench.url, chosen) <= counts[0] + 1


# Signing


@pytest.fixture
def submitted(ruled, pool):
    private, public = pool
    ruled.compile("county", [private[0], public[0]])
    return ruled


def sign_page(house, office="union", at="county"):
    task = house.slate_task(at, f"{office}_sign")
    client = client_of(house.people[at, f"{office}_leader"])
    return client, reverse("workflows:task", args=[task.pk])


def test_leaders_sign_one_after_the_other(submitted):
    slate = submitted.slates["county"]
    for office in ("union", "party"):
        client, url = sign_page(submitted, office)
        page = client.get(url)
        assert "民企0" in page.content.decode()
        answer = client.post(url, {"version": version(slate), "decision": "sign", "opinion": ""})
        assert answer.status_code == 302
    assert Slate.objects.get(pk=slate.pk).state == SlateState.SIGNED
    assert SignOff.objects.filter(slate=slate, signed=True).count() == 2


def test_sending_back_needs_its_reason(submitted):
    slate = submitted.slates["county"]
    client, url = sign_page(submitted)
    fields = {"version": version(slate), "decision": "refuse", "opinion": " "}
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert refused.context["form"].errors["opinion"]
    assert Slate.objects.get(pk=slate.pk).state == SlateState.SIGNING
    assert client.post(url, {**fields, "opinion": "请调整顺序。"}).status_code == 302
    assert Slate.objects.get(pk=slate.pk).state == SlateState.COMPILING


def test_a_leader_reads_what_would_mend_a_list_that_lost_an_entry(submitted, pool):
    slate = submitted.slates["county"]
    for one in slate.entries.filter(nomination__non_public=True, kind="regular"):
        relabel(Nomination.objects.filter(pk=one.nomination_id), non_public=False)
    client, url = sign_page(submitted)
    text = client.get(url).content.decode()
    assert "即可符合全部规定。" in text
    assert f"{pool[0][2].number} 民企2" in text
    answer = client.post(url, {"version": version(slate), "decision": "sign", "opinion": ""})
    assert answer.status_code == 422


def test_no_decision_is_asked_for_again(submitted):
    client, url = sign_page(submitted)
    refused = client.post(url, {"version": version(submitted.slates["county"])})
    assert refused.status_code == 422
    assert "decision" in refused.context["form"].errors


def test_taken_back_before_anybody_signed(submitted):
    slate = submitted.slates["county"]
    client = client_of(submitted.people["county", "keeper"])
    url = reverse("workflows:take_back", args=[slate.pk])
    assert "拿回" in client.get(url).content.decode()
    assert client.post(url, {"version": version(slate)}).status_code == 302
    assert Slate.objects.get(pk=slate.pk).state == SlateState.COMPILING


def test_not_taken_back_once_signed(submitted):
    slate = submitted.slates["county"]
    submitted.sign("county", Office.UNION)
    client = client_of(submitted.people["county", "keeper"])
    answer = client.post(reverse("workflows:take_back", args=[slate.pk]), {"version": version(slate)})
    assert answer.status_code == 409
    assert Slate.objects.get(pk=slate.pk).state == SlateState.SIGNING


@pytest.mark.parametrize("name", ["take_back", "reopen", "close_notice"])
@pytest.mark.parametrize("who", [("county", "union_leader"), ("city", "keeper"), ("industry", "keeper")])
def test_only_the_keeper_finds_these_pages(submitted, name, who):
    url = reverse(f"workflows:{name}", args=[submitted.slates["county"].pk])
    assert client_of(submitted.people[who]).post(url, {"version": 1}).status_code == 404


# Notice


@pytest.fixture
def signed(submitted):
    for office in Office:
        submitted.sign("county", office)
    return submitted


def notice_page(house, at="county"):
    client = client_of(house.people[at, "keeper"])
    return client, reverse("workflows:task", args=[house.slate_task(at, "publish_notice").pk])


SECRET = "13812345678"


def test_publishing_says_what_is_masked_and_masks_it(signed):
    client, url = notice_page(signed)
    assert client.get(url).context["masked"] == []
    entry = signed.slates["county"].entries.first().nomination
    Nomination.objects.filter(pk=entry.pk).update(nominee_name=f"王小明（{SECRET}）")
    page = client.get(url)
    (masked,) = page.context["masked"]
    assert (masked.typed, masked.shown) == (f"王小明（{SECRET}）", "王小明（********）")
    assert "有 1 处像电话" in page.content.decode()
    # As the public will read it: the number stands in the warning alone.
    assert SECRET not in str(page.context["groups"])
    fields = {"version": version(signed.slates["county"]), "contact": "0512-52880000", "act": "publish"}
    answer = client.post(url, {**fields, "starts_on": page.context["starts_on"]})
    assert answer.status_code == 302
    notice = Notice.objects.get()
    public = Client().get(reverse("appraisal:notice", args=[notice.pk])).content.decode()
    assert "王小明（********）" in public
    assert SECRET not in public
    assert SECRET not in str(Notice.objects.values())


def test_publishing_shows_what_the_public_will_see(signed):
    client, url = notice_page(signed)
    page = client.get(url)
    text = page.content.decode()
    assert "民企0" in text
    assert page.context["computed_end"] > clock.today()
    fields = {"version": version(signed.slates["county"]), "starts_on": clock.today(), "contact": "0512-1"}
    assert "发布后" in text
    (asks,) = re.findall(r"<button[^>]*data-confirm=[^>]*>", text)
    assert 'value="publish"' in asks
    assert f"发布“{signed.slates['county']}”的公示？" in asks
    answer = client.post(url, fields, follow=True)
    notice = Notice.objects.get()
    assert answer.redirect_chain[0][0] == reverse("appraisal:slate", args=[signed.slates["county"].pk])
    assert f"到 {day(notice.ends_on)} 结束" in answer.content.decode()
    assert notice.ends_on == page.context["computed_end"]


def test_another_end_needs_its_reason(signed):
    client, url = notice_page(signed)
    fields = {
        "version": version(signed.slates["county"]),
        "starts_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=1),
        "contact": "0512-1",
    }
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert refused.context["form"].errors["override_reason"]
    assert not Notice.objects.exists()
    assert client.post(url, {**fields, "override_reason": "省级统一安排"}).status_code == 302


def test_a_notice_that_ends_too_late_asks_and_says_what_to_ask_for(signed):
    slate = signed.slates["county"]
    Extension.objects.all().delete()
    due_at = clock.now() + timedelta(days=1)
    StageWindow.objects.filter(stage="county").update(due_at=due_at)
    client, url = notice_page(signed)
    page = client.get(url).content.decode()
    assert (
        reverse("appraisal:extension_ask", args=[slate.round_award.round.code, "county", slate.body_id])
        in page
    )
    assert "名单将不能在" in page
    fields = {"version": version(slate), "starts_on": clock.today(), "contact": "0512-1"}
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert refused.context["form"].errors["late_reason"]
    assert not Notice.objects.exists()
    assert client.post(url, {**fields, "late_reason": "已申请延期"}).status_code == 302
    assert Notice.objects.get().late_reason == "已申请延期"


def test_a_year_nobody_announced_asks_for_day_and_reason(signed):
    CalendarYear.objects.all().delete()
    client, url = notice_page(signed)
    page = client.get(url)
    assert page.context["computed_end"] is None
    assert "结束日期不能计算" in page.content.decode()
    fields = {"version": version(signed.slates["county"]), "starts_on": clock.today(), "contact": "0512-1"}
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert {"ends_on", "override_reason"} <= set(refused.context["form"].errors)
    given = {"ends_on": clock.today() + timedelta(days=9), "override_reason": "省总工会通知确定"}
    assert client.post(url, {**fields, **given}).status_code == 302


def test_days_are_computed_again_without_publishing(signed):
    client, url = notice_page(signed)
    later = clock.today() + timedelta(days=20)
    fields = {"version": 1, "starts_on": later, "contact": "0512-1", "act": "preview"}
    page = client.post(url, fields)
    assert page.status_code == 200
    assert page.context["starts_on"] == later
    assert page.context["computed_end"] > later
    assert not Notice.objects.exists()


def test_the_notice_is_closed_when_its_days_are_over(signed, journey):
    signed.publish("county")
    slate = signed.slates["county"]
    client = client_of(signed.people["county", "keeper"])
    page, close = (
        reverse("appraisal:slate", args=[slate.pk]),
        reverse("workflows:close_notice", args=[slate.pk]),
    )
    assert "正在公示，至" in client.get(page).content.decode()
    early = client.post(close)
    assert early.status_code == 409
    journey.advance(timedelta(days=8))
    assert "公示期满，进入异议处理" in client.get(page).content.decode()
    assert client.post(close).status_code == 302
    assert Slate.objects.get(pk=slate.pk).state == SlateState.SETTLING
    assert signed.slate_task("county", "settle_objections")


# Objections, vacancies, sending up


@pytest.fixture
def settling(ruled, pool, journey):
    private, public = pool
    slate, keeper = ruled.slates["county"], ruled.people["county", "keeper"]
    entries = [(private[0].pk, "regular", 1), (public[0].pk, "regular", 2), (private[1].pk, "reserve", 1)]
    slates.set_entries(slate_id=slate.pk, version=version(slate), actor=keeper, entries=entries)
    ruled.slate_do(
        "county",
        "compile_slate",
        "keeper",
        lambda who: slates.submit(slate_id=slate.pk, version=version(slate), actor=who),
    )
    for office in Office:
        ruled.sign("county", office)
    ruled.publish("county")
    ruled.wait_out(journey)
    return ruled


class Settling:
    def __init__(self, house):
        self.slate = house.slates["county"]
        self.client = client_of(house.people["county", "keeper"])
        self.url = reverse("workflows:task", args=[house.slate_task("county", "settle_objections").pk])

    def post(self, act, **fields):
        return self.client.post(self.url, {"act": act, "version": version(self.slate), **fields})

    def state(self):
        return Slate.objects.get(pk=self.slate.pk).state


def test_sent_up(settling):
    page = Settling(settling)
    assert "公示期满" in page.client.get(page.url).content.decode()
    assert page.post("send_up").status_code == 302
    assert page.state() == SlateState.SENT_UP


def test_sent_up_past_what_lies_unreviewed_only_when_it_was_seen(settling):
    page = Settling(settling)
    waiting = settling.lying(NominationState.IN_REVIEW, nominee_name="还没审的单位")
    asked = page.post("send_up")
    assert asked.status_code == 409
    assert str(waiting) in asked.content.decode()
    assert "随即终止（未入选）" in asked.content.decode()
    assert page.state() == SlateState.SETTLING
    assert page.post(known(asked)["act"]).status_code == 302
    assert page.state() == SlateState.SENT_UP
    waiting.refresh_from_db()
    assert waiting.status == NominationState.NOT_SELECTED


def test_an_open_objection_holds_the_list(settling, pool):
    page = Settling(settling)
    entry = SlateEntry.objects.get(nomination=pool[1][0])
    url = reverse("appraisal:objections", args=[page.slate.pk])
    fields = {
        "entry": entry.pk,
        "objector": "王五",
        "objector_contact": "13800000000",
        "received_on": clock.today(),
        "text": "欠薪。",
    }
    assert page.client.post(url, {**fields, "objector": ""}).status_code == 422
    assert page.client.post(url, fields).status_code == 302
    assert "还有 1 件异议没有办结" in page.client.get(page.url).content.decode()
    held = page.post("send_up")
    assert held.status_code == 409
    assert "王五" not in held.content.decode()
    assert page.state() == SlateState.SETTLING

    objection = Objection.objects.get()
    settle = reverse("workflows:settle_objection", args=[objection.pk])
    stranger = client_of(settling.people["city", "keeper"])
    assert stranger.get(settle).status_code == 404
    assert page.client.post(settle, {"finding": "", "text": ""}).status_code == 422
    answer = page.client.post(settle, {"finding": Finding.UPHELD.value, "text": "属实。"})
    assert answer.status_code == 302
    assert page.client.post(settle, {"finding": "unfounded", "text": "不属实。"}).status_code == 409
    pool[1][0].refresh_from_db()
    assert pool[1][0].status == NominationState.DISQUALIFIED
    assert page.post("send_up").status_code == 302


def test_a_vacancy_is_filled_by_the_reserve(settling, pool):
    page = Settling(settling)
    private, _public = pool
    assert page.post("remove", nomination=private[0].pk, reason="").status_code == 422
    assert page.post("remove", nomination=private[0].pk, reason="单位申请退出").status_code == 302
    broken = page.post("send_up")
    assert broken.status_code == 422
    assert "还差 1 个" in broken.content.decode()
    assert page.post(f"promote:{private[1].pk}").status_code == 302
    assert page.post("send_up").status_code == 302


def test_compiled_again_with_its_reason(settling):
    page = Settling(settling)
    url = reverse("workflows:reopen", args=[page.slate.pk])
    assert page.client.post(url, {"version": version(page.slate), "reason": " "}).status_code == 422
    answer = page.client.post(url, {"version": version(page.slate), "reason": "漏列一人"})
    assert answer.status_code == 302
    assert page.state() == SlateState.COMPILING
    assert settling.slate_task("county", "compile_slate")


def test_an_unknown_act_is_a_bad_request(settling):
    assert Settling(settling).post("explode").status_code == 400


# The end


@pytest.fixture
def last(journey, db):
    """A county award whose list is on its way to be named."""
    house = House(award_ends=Stage.COUNTY)
    house.open_slates()
    chosen = [house.lying(POOLED, nominee_name="名单上的单位") for _ in range(2)]
    house.through_notice("county", chosen, journey)
    return house


def test_a_final_notice_that_ends_too_late_says_that_naming_comes_after_the_deadline(journey, db):
    house = House(award_ends=Stage.COUNTY)
    house.open_slates()
    house.compile("county", [house.lying(POOLED) for _ in range(2)])
    for office in Office:
        house.sign("county", office)
    Extension.objects.all().delete()
    StageWindow.objects.filter(stage="county").update(due_at=clock.now() + timedelta(days=1))
    client, url = notice_page(house)
    page = client.get(url).content.decode()
    assert "才能审定、命名" in page
    # The word stands in the help of the reason's field, which serves lists of both kinds.
    assert "前上报。" not in page
    fields = {"version": version(house.slates["county"]), "starts_on": clock.today(), "contact": "0512-1"}
    refused = client.post(url, fields)
    assert "名单要过了期限才能审定、命名" in str(refused.context["form"].errors["late_reason"])


def test_finalised_and_named(last):
    page = Settling(last)
    assert "审定名单" in page.client.get(page.url).content.decode()
    assert page.post("send_up").status_code == 302
    assert page.state() == SlateState.FINALISED
    url = reverse("workflows:task", args=[last.slate_task("county", "naming_decision").pk])
    text = page.client.get(url).content.decode()
    assert "名单上的单位" in text
    assert "data-confirm=" in text
    fields = {"version": version(page.slate), "title": "命名决定", "decided_on": clock.today()}
    assert page.client.post(url, {**fields, "document_number": ""}).status_code == 422
    future = {**fields, "document_number": "苏〔2026〕1号", "decided_on": clock.today() + timedelta(days=9)}
    assert page.client.post(url, future).status_code == 422
    assert not Naming.objects.exists()
    assert page.client.post(url, {**fields, "document_number": "苏〔2026〕1号"}).status_code == 302
    assert Naming.objects.get().document_number == "苏〔2026〕1号"


def test_naming_says_what_is_masked_and_masks_it(last):
    page = Settling(last)
    assert page.post("send_up").status_code == 302
    url = reverse("workflows:task", args=[last.slate_task("county", "naming_decision").pk])
    assert page.client.get(url).context["masked"] == []
    entry = page.slate.entries.first().nomination
    Nomination.objects.filter(pk=entry.pk).update(nominee_name=f"王小明（{SECRET}）")
    asked = page.client.get(url)
    assert [one.shown for one in asked.context["masked"]] == ["王小明（********）"]
    assert "有 1 处像电话" in asked.content.decode()
    fields = {"version": version(page.slate), "title": "命名决定", "decided_on": clock.today()}
    assert page.client.post(url, {**fields, "document_number": "苏〔2026〕1号"}).status_code == 302
    naming = Naming.objects.get()
    public = Client().get(reverse("appraisal:honour", args=[naming.pk])).content.decode()
    assert "王小明（********）" in public
    assert SECRET not in public
    assert SECRET not in str(Naming.objects.values())


def test_finalised_and_named_past_what_lies_unreviewed_only_when_it_was_seen(last):
    page = Settling(last)
    waiting = last.lying(NominationState.IN_REVIEW, nominee_name="还没审的单位")
    asked = page.post("send_up")
    assert "仍然审定" in asked.content.decode()
    assert page.post(known(asked)["act"]).status_code == 302
    url = reverse("workflows:task", args=[last.slate_task("county", "naming_decision").pk])
    fields = {
        "version": version(page.slate),
        "title": "命名决定",
        "decided_on": clock.today(),
        "document_number": "苏〔2026〕1号",
    }
    asked = page.client.post(url, fields)
    text = asked.content.decode()
    assert asked.status_code == 409
    assert str(waiting) in text
    assert "苏〔2026〕1号" in text
    assert not Naming.objects.exists()
    assert page.client.post(url, {**fields, **known(asked)}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == NominationState.NOT_SELECTED


def test_a_finalised_list_is_compiled_again_from_its_page(last):
    page = Settling(last)
    page.post("send_up")
    naming = last.slate_task("county", "naming_decision")
    address = reverse("workflows:reopen", args=[page.slate.pk])
    assert address in page.client.get(reverse("workflows:task", args=[naming.pk])).content.decode()
    assert address in page.client.get(reverse("appraisal:slate", args=[page.slate.pk])).content.decode()
    answer = page.client.post(address, {"version": version(page.slate), "reason": "审定后有人放弃"})
    assert answer.status_code == 302
    assert page.state() == SlateState.COMPILING
    assert last.slate_task("county", "compile_slate")
    naming.refresh_from_db()
    assert naming.status == "CANCELED"


def test_scored_in_hundredths(house):
    nomination = house.lying(NominationState.POOLED, desk="province")
    task = open_task(of_nomination(nomination.pk), "province_scoring")
    client = client_of(house.people["province", "keeper"])
    url = reverse("workflows:task", args=[task.pk])
    assert client.get(url).status_code == 200
    fields = {"version": version(nomination)}
    for wrong in ("", "100.01", "-1", "87.505", "abc"):
        assert client.post(url, {**fields, "score": wrong}).status_code == 422
    assert client.post(url, {**fields, "score": "87.50"}).status_code == 302
    nomination.refresh_from_db()
    assert nomination.score == 8750


def test_many_scores_on_one_page(house):
    waiting = [house.lying(NominationState.POOLED, desk="province") for _ in range(2)]
    scored = house.lying(NominationState.POOLED, desk="province", score=8000)
    client = client_of(house.people["province", "keeper"])
    url = reverse("workflows:slate_scores", args=[house.slates["province"].pk])
    assert "还有 2 件没有得分" in client.get(url).content.decode()
    every = (*waiting, scored)
    fields = {f"version-{each.pk}": version(each) for each in every}
    fields |= {f"score-{waiting[0].pk}": "91.5", f"score-{waiting[1].pk}": "", f"score-{scored.pk}": "80.01"}

    assert client.post(url, {**fields, f"score-{scored.pk}": "101"}).status_code == 422
    stale = client.post(url, {**fields, f"version-{scored.pk}": version(scored) + 1})
    assert stale.status_code == 409
    waiting[0].refresh_from_db()
    assert waiting[0].score is None

    assert client.post(url, fields).status_code == 302
    for each in every:
        each.refresh_from_db()
    assert [each.score for each in every] == [9150, None, 8001]
    assert open_nodes(waiting[0]) != ["province_scoring"]
    assert open_nodes(waiting[1]) == ["province_scoring"]


@pytest.mark.parametrize("at", ["county", "industry"])
def test_scores_are_for_the_final_list_and_its_keeper(house, at):
    client = client_of(house.people[at, "keeper"])
    for slate in house.slates.values():
        assert client.get(reverse("workflows:slate_scores", args=[slate.pk])).status_code == 404


def test_free_places_are_filled_in_the_order_shown(ruled, pool):
    bench = Bench(ruled)
    fields = draft(act="fill", version=version(bench.slate))
    private = bench.client.post(bench.url, {**fields, "ownership": "non_public"}).context["board"].draft
    assert [entry[0] for entry in private.entries] == [each.pk for each in pool[0]]
    assert len(bench.client.post(bench.url, fields).context["board"].draft.entries) == 4


# When each step has to be taken


def test_the_latest_moments_stand_where_the_list_is_worked_on(ruled, pool):
    keeper = client_of(ruled.people["county", "keeper"])
    signing = latest.of_slate(ruled.slates["county"]).next
    assert f"最迟 {day(signing.day)} {signing.step.label}" in keeper.get("/").content.decode()

    def stands(page):
        text = page.content.decode()
        assert "最迟办理时间" in text
        for step in latest.of_slate(Slate.objects.get(pk=ruled.slates["county"].pk)).steps:
            assert str(step.step.label) in text

    bench = Bench(ruled)
    stands(bench.get())
    private, public = pool
    bench.post(*regulars(private[0], private[1], public[0]), act="submit")
    client, url = sign_page(ruled)
    stands(client.get(url))
    stands(client.get(reverse("appraisal:slate", args=[ruled.slates["county"].pk])))
    for office in Office:
        ruled.sign("county", office)
    client, url = notice_page(ruled)
    stands(client.get(url))
