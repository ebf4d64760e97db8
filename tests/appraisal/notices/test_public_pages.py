"""What anybody may read without signing in: notices and namings as published, and nothing of the applications."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.nominations.services import nominations
from appraisal.notices.services import public
from appraisal.notices.services.public import projection
from appraisal.records.models import Naming, Nomination, Notice, SlateEntry
from appraisal.records.states import SlateState
from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Role
from tests.appraisal.desks import make_desk
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
    make_official,
    make_round_award,
    make_slate,
    make_user,
)

NOTICES, HONOURS = reverse("appraisal:notices"), reverse("appraisal:honours")
IDENTITY, PHONE = "320581199001011234", "13912345678"


@pytest.fixture(autouse=True)
def season(db):
    with clock.travel(IN_TIME) as journey:
        yield journey


def slate_with_secrets(kind=NomineeKind.PERSON, **fields):
    award = make_award(name="劳动模范", nominee_kind=kind)
    allotment = make_allotment(
        make_round_award(award=award), make_body(name="常熟市"), places=60, reserve_places=1
    )
    slate = make_slate(allotment, **{"non_public": 2, "reserves": 1, "state": SlateState.ON_NOTICE, **fields})
    Nomination.objects.update(
        identity_number=IDENTITY,
        phone=PHONE,
        deeds="家庭住址某某路",
        answers={"gender": "female"},
        position=f"班长 {PHONE}",
    )
    return slate


def rows_of(slate):
    entries = SlateEntry.objects.of_slate(slate.pk)
    return projection(list(entries), slate.round_award)


def publish(slate, *, starts=None, days=7):
    starts = starts or clock.today()
    return Notice.objects.create(
        slate=slate,
        title=f"关于{slate.body.name}劳动模范拟推荐对象的公示",
        starts_on=starts,
        ends_on=starts + timedelta(days=days),
        computed_ends_on=starts + timedelta(days=days),
        days=5,
        unit="workday",
        contact="常熟市总工会 0512-00000000",
        issuers=public.issuers(slate),
        rows=rows_of(slate),
        search_text=public.search_text("关于劳动模范的公示", public.issuers(slate), rows_of(slate)),
        published_by=make_user(),
        published_at=clock.now(),
        closed_at=None,
    )


def name(slate):
    return Naming.objects.create(
        slate=slate,
        round_award=slate.round_award,
        title="关于命名劳动模范的决定",
        document_number="苏工发〔2026〕8号",
        decided_on=date(2026, 5, 14),
        issuers=public.issuers(slate),
        rows=rows_of(slate),
        search_text=public.search_text("决定", [], rows_of(slate), "苏工发〔2026〕8号"),
        decided_by=make_user(),
        decided_at=clock.now(),
    )


def page_of(url, **query):
    answer = Client().get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(url, **query):
    """What is read on the page, without its marks."""
    return re.sub(r"<[^>]+>", "", page_of(url, **query))


def test_nothing_published_yet():
    assert "现在没有公示" in text_of(NOTICES)
    assert "还没有命名决定" in text_of(HONOURS)


def test_a_notice_reads_as_published():
    notice = publish(slate_with_secrets())
    text = text_of(reverse("appraisal:notice", args=[notice.pk]))
    assert notice.title in text
    assert "2026年5月15日至2026年5月22日" in text
    assert "常熟市总工会 0512-00000000" in text
    assert "怎样提出异议" in text
    for row in notice.rows:
        assert row["nominee"] in text
    assert "<script" not in page_of(reverse("appraisal:notice", args=[notice.pk]))
    assert notice.title in text_of(NOTICES)


def test_nothing_leaks():
    slate = slate_with_secrets()
    notice, naming = publish(slate), name(slate)
    for url in (
        NOTICES,
        HONOURS,
        reverse("appraisal:notice", args=[notice.pk]),
        reverse("appraisal:honour", args=[naming.pk]),
    ):
        text = text_of(url)
        assert IDENTITY not in text
        assert PHONE not in text
        assert "家庭住址" not in text
        assert notice.published_by.name not in text


def test_the_application_changes_and_the_document_does_not():
    notice = publish(slate_with_secrets())
    Nomination.objects.update(nominee_name="改名以后")
    assert "改名以后" not in text_of(reverse("appraisal:notice", args=[notice.pk]))


@pytest.mark.parametrize(("days", "word"), [(0, "公示中"), (8, "已期满")])
def test_it_says_when_its_days_are_over(season, days, word):
    notice = publish(slate_with_secrets())
    season.advance(timedelta(days=days))
    assert word in text_of(NOTICES)
    over = "公示已期满" in text_of(reverse("appraisal:notice", args=[notice.pk]))
    assert over == (word == "已期满")
    # After its last day nobody is told to write by a day that has passed.
    page = text_of(reverse("appraisal:notice", args=[notice.pk]))
    assert ("（含当日）以前以书面形式提出" in page) == (not over)
    assert ("提出异议的期限已于" in page) == over


def test_it_says_that_it_has_not_begun():
    notice = publish(slate_with_secrets(), starts=clock.today() + timedelta(days=3))
    assert "尚未开始" in text_of(reverse("appraisal:notice", args=[notice.pk]))
    assert "即将开始" in text_of(NOTICES)


def test_a_naming_reads_as_a_document():
    naming = name(slate_with_secrets())
    text = text_of(reverse("appraisal:honour", args=[naming.pk]))
    assert "苏工发〔2026〕8号" in text
    assert "共 3 个" in text
    assert naming.title in text_of(HONOURS)
    assert naming.slate.round_award.round.name in text_of(HONOURS)


@pytest.mark.parametrize("name_of_page", ["notice", "honour"])
def test_what_is_not_there_is_not_found(name_of_page):
    assert Client().get(reverse(f"appraisal:{name_of_page}", args=[999])).status_code == 404


def test_reading_only():
    for url in (NOTICES, HONOURS):
        assert Client().post(url).status_code == 405


def statements(url):
    with CaptureQueriesContext(connection) as found:
        text_of(url)
    return len(found)


def test_flat_in_rows():
    lists, honours = [], []
    for total in (1, 3, 50):
        while Notice.objects.count() < total:
            slate = slate_with_secrets()
            publish(slate)
            name(slate)
        lists.append(statements(NOTICES))
        honours.append(statements(HONOURS))
    assert len(set(lists[1:])) == 1
    assert max(lists + honours) <= 4


def test_a_long_document_is_flat():
    documents = [publish(slate_with_secrets(non_public=number)) for number in (1, 50)]
    counts = {statements(reverse("appraisal:notice", args=[each.pk])) for each in documents}
    assert counts == {1}


def test_a_revoked_title_is_said_beside_the_name():
    """The decision stays as it was; whoever lost the title is struck through, the others are not."""
    desk = make_desk(body=make_body(level=Level.PROVINCE))
    kept, lost = desk.fill(non_public=2, score=9000)
    desk.advance(SlateState.NAMED)
    address = reverse("appraisal:honour", args=[Naming.objects.get().pk])
    assert "称号已撤销" not in Client().get(address).content.decode()
    nominations.disqualify(nomination_id=lost.pk, actor=desk.keeper, reason="查实弄虚作假")
    page = Client().get(address).content.decode()
    assert f"<s>{lost.nominee_name}</s> （称号已撤销）" in page
    assert f"<s>{kept.nominee_name}</s>" not in page
    assert kept.nominee_name in page
    assert "弄虚作假" not in page


# Issued by organs, with their own telephone


def test_the_organs_of_the_county_issue_its_notice_with_their_telephone():
    slate = slate_with_secrets()
    province = make_body(level=Level.PROVINCE)
    assert province.organs.filter(telephone=f"0512-{province.code}").count() == 2
    text = text_of(reverse("appraisal:notice", args=[publish(slate).pk]))
    assert text.count("常熟市总工会") >= 3  # the red head, how to object, the signature
    assert "中共常熟市委组织部" in text
    assert f"0512-{slate.body.code}" in text
    assert f"0512-{province.code}" not in text
    assert "以书面形式提出" in text
    assert "真实姓名" in text
    assert "2026年5月22日（含当日）以前" in text


def test_what_is_published_keeps_its_organs():
    slate = slate_with_secrets()
    notice, naming = publish(slate), name(slate)
    slate.body.organs.update(name="改了名的机关", telephone="0512-99999999")
    for url in (reverse("appraisal:notice", args=[notice.pk]), reverse("appraisal:honour", args=[naming.pk])):
        assert "改了名的机关" not in text_of(url)
        assert "常熟市总工会" in text_of(url)


def test_an_industry_union_is_itself_the_organ():
    province = make_body(level=Level.PROVINCE)
    province.name = "江苏省"
    province.save()
    union = make_body(level=Level.INDUSTRY, parent=province, name="省机械冶金石化工会")
    slate = make_slate(make_allotment(make_round_award(), union, places=5), non_public=1)
    assert [issuer["name"] for issuer in public.issuers(slate)] == ["江苏省机械冶金石化工会"]


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        ("苏组通〔2019〕65号", "根据苏组通〔2019〕65号，"),
        ("关于评选劳动模范的通知", "根据《关于评选劳动模范的通知》，"),
        ("苏工发〔2026〕3号《关于评选劳动模范的通知》", "根据苏工发〔2026〕3号《关于评选劳动模范的通知》，"),
        ("苏工发〔2026〕3号 关于评选劳动模范的通知", "根据苏工发〔2026〕3号《关于评选劳动模范的通知》，"),
        ("《关于评选的通知》（苏工发〔2026〕3号）", "根据《关于评选的通知》（苏工发〔2026〕3号），"),
    ],
)
def test_a_title_has_title_marks_and_a_number_has_none(source, cited):
    slate = slate_with_secrets()
    slate.round_award.round.source = source
    slate.round_award.round.save()
    for paper, page in ((publish(slate), "notice"), (name(slate), "honour")):
        assert cited in text_of(reverse(f"appraisal:{page}", args=[paper.pk]))


def test_no_line_break_takes_a_date_apart():
    notice = publish(slate_with_secrets())
    for url in (NOTICES, reverse("appraisal:notice", args=[notice.pk])):
        assert '<time class="nowrap" datetime="2026-05-15">2026年5月15日</time>' in page_of(url)


# Found


@pytest.mark.parametrize("word", ["常熟", "总工会", "劳动模范", "（常熟）市", "中共常熟市委"])
def test_a_notice_is_found_by_what_stands_on_it(word):
    notice = publish(slate_with_secrets())
    assert notice.title in text_of(NOTICES, q=word)


def test_nominee_and_unit_find_the_paper_and_nothing_else_does():
    slate = slate_with_secrets()
    nominee, unit = rows_of(slate)[0]["nominee"], rows_of(slate)[0]["unit"]
    other = make_slate(make_allotment(slate.round_award, make_body(name="昆山市"), places=9), non_public=1)
    notice, naming, others = publish(slate), name(slate), publish(other)
    for word in (nominee, unit, f"{nominee} {unit}", unit[1:]):
        found = text_of(NOTICES, q=word)
        assert notice.title in found
        assert naming.title in text_of(HONOURS, q=word)
        assert others.title not in found or unit[1:] == word
    assert notice.title not in text_of(NOTICES, q=f"{nominee} 昆山")
    assert "没有符合条件的公示" in text_of(NOTICES, q="查无此人")
    assert "没有符合条件的命名决定" in text_of(HONOURS, q="查无此人")


@pytest.mark.parametrize("secret", [IDENTITY, PHONE, PHONE[-6:], "家庭住址"])
def test_what_is_masked_finds_nothing(secret):
    slate = slate_with_secrets()
    publish(slate)
    name(slate)
    assert "没有符合条件的公示" in text_of(NOTICES, q=secret)
    assert "没有符合条件的命名决定" in text_of(HONOURS, q=secret)


def test_narrowed_by_year_award_and_state(season):
    old = publish(slate_with_secrets(), days=1)
    season.advance(timedelta(days=30))
    new = publish(slate_with_secrets())
    Notice.objects.filter(pk=new.pk).update(title="新的公示")
    Notice.objects.filter(pk=old.pk).update(title="旧的公示")
    round_ = new.slate.round_award.round
    round_.year = 2027
    round_.save()
    both = {"新的公示", "旧的公示"}
    for query, shown in (
        ({"state": "running"}, {"新的公示"}),
        ({"state": "over"}, {"旧的公示"}),
        ({"state": "ahead"}, set()),
        ({"year": 2027}, {"新的公示"}),
        ({"award": new.slate.round_award.award.code}, {"新的公示"}),
        ({"award": "\0", "year": "9" * 5000, "page": "9" * 5000}, both),
        ({"state": "nonsense", "year": "abc"}, both),
    ):
        text = text_of(NOTICES, **query)
        assert {title for title in both if title in text} == shown, query


# The front page


def test_the_front_page_shows_what_is_public_and_how_to_go_on():
    slate = slate_with_secrets()
    notice, naming = publish(slate), name(slate)
    page, text = page_of("/"), text_of("/")
    assert notice.title in text
    assert "还有 7 天" in text
    assert naming.title in text
    assert "怎样提出异议" in text
    assert reverse("quotas:login") in page
    assert "<script" not in page
    assert "no-cache" in Client().get("/")["Cache-Control"]


def test_the_front_page_knows_nothing_of_lists_that_are_not_published(season):
    signed = slate_with_secrets(state=SlateState.SIGNED)
    nominee = signed.entries.first().nomination.nominee_name
    over = publish(slate_with_secrets(), days=1)
    Notice.objects.filter(pk=over.pk).update(title="早已期满的公示")
    season.advance(timedelta(days=5))
    text = text_of("/")
    assert nominee not in text
    assert "早已期满的公示" not in text
    assert "现在没有正在进行的公示" in text
    for word in (nominee, signed.entries.first().nomination.employer.name):
        assert "没有符合条件的公示" in text_of(NOTICES, q=word)


def test_the_front_page_is_flat():
    counts = []
    for total in (1, 3, 30):
        while Notice.objects.count() < total:
            slate = slate_with_secrets()
            publish(slate)
            name(slate)
        counts.append(statements("/"))
    assert len(set(counts)) == 1
    assert counts[0] <= 6


def test_who_has_signed_in_keeps_the_navigation():
    notice = publish(slate_with_secrets())
    person = Client()
    person.force_login(make_official(notice.slate.body, Role.KEEPER))
    for url in (NOTICES, HONOURS, reverse("appraisal:notice", args=[notice.pk])):
        inside, outside = person.get(url), Client().get(url)
        assert reverse("workflows:inbox") in inside.content.decode()
        assert "no-cache" in inside["Cache-Control"]
        assert reverse("workflows:inbox") not in outside.content.decode()
        assert reverse("quotas:login") in outside.content.decode()
