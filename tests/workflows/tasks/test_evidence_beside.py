"""The evidence beside the application on the page of the decision."""

import pytest
from django.urls import reverse

from appraisal.records.models import Evidence
from tests.builders import squeezed
from tests.workflows.desk_people import in_review, page_of, review_task, signed_in

pytestmark = pytest.mark.django_db

PDF, PNG = "application/pdf", "image/png"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def filed(nomination, name, content_type, **fields):
    return Evidence.objects.create(
        nomination=nomination,
        name=name,
        content_type=content_type,
        size=1,
        sha256="0" * 64,
        uploaded_by=nomination.created_by,
        uploaded_at=nomination.entered_at,
        **{"kind": "minutes", **fields},
    )


@pytest.fixture
def nomination(house):
    return in_review(house)


@pytest.fixture
def opened(house, nomination):
    """`opened(evidence=…)`: the page of the decision, with its address so changed."""
    client, page = signed_in(house.people["county", "union"]), page_of(review_task(nomination))
    return lambda **query: client.get(page, query)


def test_a_file_is_opened_by_its_address_with_the_one_before_and_after(nomination, opened):
    first = filed(nomination, "一.pdf", PDF)
    second = filed(nomination, "二.png", PNG)
    third = filed(nomination, "三.pdf", PDF)
    page = opened(evidence=second.pk, queue="due=late")
    text = squeezed(page.content.decode())
    assert (
        f'<iframe src="{reverse("appraisal:evidence", args=[second.pk])}" title="会议纪要 二.png" sandbox>'
        in text
    )
    frame = page.context["frame"]
    assert (frame.place, frame.previous["pk"], frame.following["pk"]) == (2, first.pk, third.pk)
    assert "queue=due%3Dlate" in frame.following["frame_url"]
    assert "evidence=" not in frame.close_url


def test_a_pdf_is_not_sandboxed_since_no_browser_shows_it_so(nomination, opened):
    item = filed(nomination, "一.pdf", PDF)
    text = opened(evidence=item.pk).content.decode()
    frame = text[text.index("<iframe") : text.index("</iframe>")]
    assert reverse("appraisal:evidence", args=[item.pk]) in frame
    assert "sandbox" not in frame


def test_the_page_may_frame_its_own_files_and_be_framed_by_nobody(nomination, opened):
    policy = opened().headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_what_a_browser_does_not_show_is_downloaded_and_says_so(nomination, opened):
    item = filed(nomination, "三.docx", WORD)
    page = opened(evidence=item.pk)
    text = page.content.decode()
    assert page.context["frame"].files == []
    assert "<iframe" not in text
    assert (
        f'<a href="{reverse("appraisal:evidence", args=[item.pk])}" download>三.docx</a> · 下载后打开' in text
    )


@pytest.mark.parametrize("asked", ["", "0", "x", "9" * 5000, "\x00"])
def test_no_address_opens_what_is_not_there(nomination, opened, asked):
    filed(nomination, "一.pdf", PDF)
    page = opened(evidence=asked)
    assert page.status_code == 200
    assert page.context["frame"].item is None


def test_files_of_another_application_and_removed_ones_do_not_open(house, nomination, opened):
    other = filed(in_review(house), "别家.pdf", PDF)
    removed = filed(nomination, "删了.pdf", PDF, removed_at=nomination.entered_at)
    for item in (other, removed):
        text = opened(evidence=item.pk).content.decode()
        assert "<iframe" not in text
        assert item.name not in text
