"""What anybody may read without signing in: notices and namings as published, and nothing of the applications."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.models import Naming, Nomination, Notice, SlateEntry
from appraisal.services import nominations
from appraisal.services._public import projection
from appraisal.states import SlateState
from quotas import clock
from quotas.states import Level, NomineeKind
from tests.appraisal.desks import make_desk
from tests.builders import (
    IN_TIME,
    make_allotment,
    make_award,
    make_body,
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
        gender="female",
        position=f"班长 {PHONE}",
    )
    return slate


def rows_of(slate):
    entries = SlateEntry.objects.of_slate(slate.pk)
    return projection(list(entries), slate.round_award.award)


def publish(slate, *, starts=None, days=7):
    starts = starts or clock.today()
    return Notice.objects.create(
        slate=slate,
        title=f"{slate.body.name}关于劳动模范拟推荐对象的公示",
        starts_on=starts,
        ends_on=starts + timedelta(days=days),
        computed_ends_on=starts + timedelta(days=days),
        days=5,
        unit="workday",
        contact="常熟市总工会 0512-00000000",
        rows=rows_of(slate),
        published_by=make_user(),
        published_at=clock.now(),
        closed_at=None,
    )


def name(slate):
    return Naming.objects.create(
        slate=slate,
        title="关于命名劳动模范的决定",
        document_number="苏工发〔2026〕8号",
        decided_on=date(2026, 5, 14),
        rows=rows_of(slate),
        decided_by=make_user(),
        decided_at=clock.now(),
    )


def text_of(url):
    answer = Client().get(url)
    assert answer.status_code == 200
    return answer.content.decode()


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
    assert "<script" not in text
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
