"""Evidence: who may read a file, how it is served, adding and removing."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appraisal.gate.services import admissions
from appraisal.nominations.services import evidence, versions
from appraisal.nominations.views import dossier
from appraisal.records.models import Evidence, UnitPost
from appraisal.records.states import EvidenceKind, NominationState, UnitRole
from quotas.base import clock
from quotas.base.errors import InvalidInput
from quotas.base.states import FieldType, Role
from quotas.editions.asked import AskedField
from quotas.ledger.models import LedgerEntry
from quotas.selection.labels import bearing
from tests.builders import IN_TIME, make_body, make_fields, make_nomination, make_official, make_user

PDF = b"%PDF-1.4\n" + b"0" * 200
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


@pytest.fixture(autouse=True)
def _in_time(db):
    with clock.travel(IN_TIME):
        yield


@pytest.fixture
def nomination():
    return make_nomination(status=NominationState.RETURNED)


@pytest.fixture
def applicant(nomination):
    user = make_user(name="申报人甲")
    UnitPost.objects.create(user=user, employer=nomination.employer, role=UnitRole.APPLICANT)
    return user


def stored(nomination, applicant, name="会议纪要.pdf", content=PDF):
    return evidence.add(
        nomination_id=nomination.pk,
        kind=EvidenceKind.MINUTES,
        upload=SimpleUploadedFile(name, content),
        actor=applicant,
    )


def served(client, user, item):
    client.force_login(user)
    return client.get(reverse("appraisal:evidence", args=[item.pk]))


def test_a_file_is_served_to_those_who_see_the_nomination(client, nomination, applicant):
    item = stored(nomination, applicant)
    for user in (applicant, make_official(nomination.body, Role.OBSERVER)):
        answer = served(client, user, item)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Disposition"].startswith("inline")


def test_an_image_is_served_in_a_sandbox(client, nomination, applicant):
    answer = served(client, applicant, stored(nomination, applicant, "照片.png", PNG))
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content) == PNG


@pytest.mark.parametrize(("name", "content"), [("会议纪要.pdf", PDF), ("照片.png", PNG)])
def test_a_file_stands_in_frames_of_our_own_pages_and_nowhere_else(
    client, nomination, applicant, name, content
):
    answer = served(client, applicant, stored(nomination, applicant, name, content))
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert b"".join(answer.streaming_content) == content
    page = client.get(reverse("appraisal:nomination", args=[nomination.pk]))
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_foreign_and_removed_files_are_not_there(client, nomination, applicant):
    item = stored(nomination, applicant)
    assert served(client, make_official(make_body(), Role.OBSERVER), item).status_code == 404
    assert served(client, make_user(), item).status_code == 404
    evidence.remove(evidence_id=item.pk, actor=applicant)
    assert served(client, applicant, item).status_code == 404
    client.logout()
    assert client.get(reverse("appraisal:evidence", args=[item.pk])).status_code == 302


def test_a_file_lost_on_disk_says_so(client, nomination, applicant):
    item = stored(nomination, applicant)
    item.file.storage.delete(item.file.name)
    answer = served(client, applicant, item)
    assert answer.status_code == 404
    assert "文件内容找不到了" in answer.content.decode()


def added(client, nomination, files, **headers):
    return client.post(
        reverse("appraisal:evidence_add", args=[nomination.pk]),
        {
            "kind": "deeds",
            "file": files,
            "kinds": "deeds",
            "wanted": "deeds,minutes",
            "next": reverse("appraisal:nomination", args=[nomination.pk]),
        },
        headers=headers,
    )


def test_several_files_at_once(client, nomination, applicant):
    client.force_login(applicant)
    files = [SimpleUploadedFile("一.pdf", PDF), SimpleUploadedFile("二.png", PNG)]
    answer = added(client, nomination, files)
    assert answer.status_code == 302
    assert {item.name for item in Evidence.objects.all()} == {"一.pdf", "二.png"}


def test_htmx_gets_the_panel_and_the_refusal(client, nomination, applicant):
    client.force_login(applicant)
    wrong = added(client, nomination, [SimpleUploadedFile("假.pdf", b"MZ" * 50)], **{"HX-Request": "true"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "假.pdf 没有上传" in text
    assert "<html" not in text
    assert not Evidence.objects.exists()
    right = added(client, nomination, [SimpleUploadedFile("真.pdf", PDF)], **{"HX-Request": "true"})
    assert right.status_code == 200
    assert right.headers["HX-Trigger"] == "evidence-changed"
    assert "真.pdf" in right.content.decode()
    assert "尚未上传" in right.content.decode()  # the minutes


def test_a_refusal_without_scripts_is_a_message(client, nomination, applicant):
    client.force_login(applicant)
    answer = client.post(
        reverse("appraisal:evidence_add", args=[nomination.pk]),
        {"kind": "deeds", "file": SimpleUploadedFile("空.pdf", b"")},
        follow=True,
    )
    assert "文件" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_officials_add_nothing(client, nomination):
    client.force_login(make_official(nomination.body, Role.KEEPER))
    answer = added(client, nomination, [SimpleUploadedFile("一.pdf", PDF)], **{"HX-Request": "true"})
    assert answer.status_code == 403
    assert not Evidence.objects.exists()
    client.force_login(make_user())
    assert added(client, nomination, [SimpleUploadedFile("一.pdf", PDF)]).status_code == 404


def test_removing_asks_first(client, nomination, applicant):
    item = stored(nomination, applicant)
    client.force_login(applicant)
    url = reverse("appraisal:evidence_remove", args=[item.pk])
    assert "会议纪要.pdf" in client.get(url).content.decode()
    assert Evidence.objects.kept().count() == 1
    answer = client.post(url, {"next": "https://elsewhere.example/"})
    assert answer.url == reverse("appraisal:nomination", args=[nomination.pk])
    assert Evidence.objects.kept().count() == 0
    assert client.post(url).status_code == 404


def test_handed_in_files_stay(client, nomination, applicant):
    item = stored(nomination, applicant)
    type(nomination).objects.filter(pk=nomination.pk).update(status=NominationState.IN_REVIEW)
    client.force_login(applicant)
    answer = client.post(reverse("appraisal:evidence_remove", args=[item.pk]))
    assert answer.status_code == 409
    assert Evidence.objects.kept().count() == 1


def test_an_ofd_is_handed_out_and_not_shown(client, nomination, applicant):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("OFD.xml", "<OFD/>")
    item = stored(nomination, applicant, "公文.ofd", target.getvalue())
    answer = served(client, applicant, item)
    assert answer.headers["Content-Type"] == "application/ofd"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == target.getvalue()


@pytest.fixture
def asking(nomination):
    """The nomination, of an edition that asks everybody for one file, and women for another."""
    make_fields(
        nomination.round_award.rule_version,
        AskedField("x1_1", "缴费证明", FieldType.FILE, required=True),
        AskedField("x1_2", "妇联意见", FieldType.FILE, required=True, asked_of=bearing("gender:female")),
        AskedField("x1_3", "其他说明", FieldType.FILE),
        AskedField("x1_4", "备注", FieldType.TEXT),
    )
    return nomination


def lacking(nomination):
    found = admissions.missing(nomination, [EvidenceKind.DEEDS])
    return [str(each.kind) for each in found if each.code == "evidence_missing"]


def test_a_field_of_the_edition_is_answered_with_a_file(client, asking, applicant):
    assert lacking(asking) == [EvidenceKind.DEEDS, "缴费证明"]
    # A file of another kind is not that file, nor is one for the field deeds.
    evidence.add(
        nomination_id=asking.pk,
        kind=EvidenceKind.OTHER,
        upload=SimpleUploadedFile("其他.pdf", PDF),
        actor=applicant,
    )
    assert "缴费证明" in lacking(asking)
    client.force_login(applicant)
    sent = {"kind": "field-x1_1", "file": SimpleUploadedFile("回单.pdf", PDF), "wanted": "deeds"}
    panel = client.post(
        reverse("appraisal:evidence_add", args=[asking.pk]), sent, headers={"HX-Request": "true"}
    ).content.decode()
    assert '<option value="field-x1_3">其他说明</option>' in panel
    assert "回单.pdf" in panel
    item = Evidence.objects.get(name="回单.pdf")
    assert (item.kind, item.field) == (EvidenceKind.OTHER, "x1_1")
    assert lacking(asking) == [EvidenceKind.DEEDS]
    assert LedgerEntry.objects.filter(act="add_evidence").last().after["field"] == "缴费证明"
    asked_again = client.get(reverse("appraisal:evidence_remove", args=[item.pk])).content.decode()
    assert "缴费证明" in asked_again
    evidence.remove(evidence_id=item.pk, actor=applicant)
    assert "缴费证明" in lacking(asking)


def test_the_dossier_lists_files_by_their_fields(asking, applicant):
    version = versions.keep(asking)
    evidence.add(
        nomination_id=asking.pk,
        kind=EvidenceKind.OTHER,
        field="x1_3",
        upload=SimpleUploadedFile("说明.pdf", PDF),
        actor=applicant,
    )
    rows = dossier.evidence(asking, wanted=[EvidenceKind.DEEDS])
    assert [(row["label"], row.get("name", "")) for row in rows] == [
        ("缴费证明", ""),
        ("其他说明", "说明.pdf"),
        ("事迹材料", ""),
    ]
    (shown,) = (row for row in dossier.evidence(asking) if row["label"] == "其他说明")
    assert dossier.evidence_compared(asking, [shown], version.content["evidence"])[0]["changed"]
    gone = dossier.evidence_compared(asking, [], [[9, "other", "旧.pdf", "x1_1"]])
    assert gone[0]["label"] == "缴费证明"
    told = {str(row.label) for section in dossier.sections(asking, dossier.OWN_UNIT) for row in section.rows}
    assert "缴费证明" not in told


@pytest.mark.parametrize("kind", ["field-x1_4", "field-x9_9", "field-", "x1_1"])
def test_what_asks_for_no_file_takes_none(client, asking, applicant, kind):
    client.force_login(applicant)
    sent = {"kind": kind, "file": SimpleUploadedFile("回单.pdf", PDF)}
    client.post(reverse("appraisal:evidence_add", args=[asking.pk]), sent)
    assert not Evidence.objects.exists()
    with pytest.raises(InvalidInput):
        evidence.add(
            nomination_id=asking.pk,
            kind=EvidenceKind.OTHER,
            field="x1_4",
            upload=SimpleUploadedFile("回单.pdf", PDF),
            actor=applicant,
        )
