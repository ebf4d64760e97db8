"""Evidence: what a file is, is read from its bytes; what is refused leaves nothing behind."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal.nominations.services import evidence, scores
from appraisal.records.models import Evidence
from appraisal.records.states import EvidenceKind, NominationState, UnitRole
from quotas.base import clock
from quotas.base.errors import Conflict, InvalidInput, NotPermitted, WrongState
from quotas.base.states import Level, Role, Stage
from quotas.base.wording import sentences
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from tests.builders import (
    IN_TIME,
    make_application,
    make_body,
    make_employer,
    make_evidence,
    make_nomination,
    make_official,
    make_unit_person,
)

pytestmark = pytest.mark.django_db

S = NominationState


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.travel(IN_TIME):
        yield tmp_path


def package(*names, types=b"", size=10):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", types)
        for name in names:
            parts.writestr(name, b"0" * size)
    return stream.getvalue()


WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PDF = b"%PDF-1.7\n1 0 obj"
FILES = {
    "a.pdf": PDF,
    "b.PDF": b"\xef\xbb\xbf%PDF-1.4",
    "c.jpg": b"\xff\xd8\xff\xe0rest",
    "d.JPEG": b"\xff\xd8\xff\xe1rest",
    "e.png": b"\x89PNG\r\n\x1a\nrest",
    "f.docx": package("word/document.xml", types=WORD),
    "g.xlsx": package("xl/workbook.xml", types=SHEET),
}


@pytest.fixture
def draft(media):
    """A draft without evidence, in a store without files."""
    nomination = make_application()
    Evidence.objects.all().delete()
    for path in files(media):
        path.unlink()
    return nomination


def add(nomination, content=PDF, name="职代会纪要.pdf", *, actor=None, kind=EvidenceKind.MINUTES):
    return evidence.add(
        nomination_id=nomination.pk,
        kind=kind,
        upload=SimpleUploadedFile(name, content),
        actor=actor or nomination.created_by,
    )


def files(root: Path):
    return [path for path in root.rglob("*") if path.is_file()]


def problem(error):
    assert all(str(sentence) for sentence in sentences(error.value))
    return (error.value.field, error.value.code)


@pytest.mark.parametrize("name", FILES)
def test_what_is_taken(draft, media, name):
    added = add(draft, FILES[name], name)
    (path,) = files(media)
    assert path.read_bytes() == FILES[name]
    assert (added.size, added.sha256) == (len(FILES[name]), hashlib.sha256(FILES[name]).hexdigest())
    assert added.name == name.lower()
    assert path.name != name
    row = LedgerEntry.objects.get()
    assert (row.act, row.after["sha256"]) == ("add_evidence", added.sha256)


@pytest.mark.parametrize(
    ("content", "name", "kept", "content_type"),
    [
        (b"\xff\xd8\xff\xe0" + b"0" * 50, "微信图片_20261128.jfif", "微信图片_20261128.jfif", "image/jpeg"),
        (b"\xff\xd8\xff\xe0" + b"0" * 50, "微信图片_20261128", "微信图片_20261128.jpg", "image/jpeg"),
        (b"\xff\xd8\xff\xe0" + b"0" * 50, "照片 2026.11", "照片2026.11.jpg", "image/jpeg"),
        (b"\xff\xd8\xff\xe0" + b"0" * 50, "a.png", "a.jpg", "image/jpeg"),
        (PDF, "会议纪要.pdf ", "会议纪要.pdf", "application/pdf"),
        (PDF, "会议纪要.pdf\u200b\u3000", "会议纪要.pdf", "application/pdf"),
        (package("OFD.xml", "Doc_0/Document.xml"), "红头文件.ofd", "红头文件.ofd", "application/ofd"),
        (package("OFD.xml"), "红头文件", "红头文件.ofd", "application/ofd"),
    ],
)
def test_content_decides_where_the_name_says_too_little(draft, media, content, name, kept, content_type):
    added = add(draft, content, name)
    assert (added.name, added.content_type) == (kept, content_type)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "evidence_empty"),
        (b"MZ\x90\x00", "a.pdf", "evidence_type_not_taken"),
        (b"<html><script>", "a.pdf", "evidence_type_not_taken"),
        (b"<svg xmlns=", "a.png", "evidence_type_not_taken"),
        (b"GIF89a", "a.gif", "evidence_type_not_taken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "evidence_type_not_taken"),
        (package("a.txt"), "a.docx", "evidence_type_not_taken"),
        (package("word/document.xml"), "a.docx", "evidence_type_not_taken"),
        (b"PK\x03\x04broken", "a.docx", "evidence_type_not_taken"),
        (PDF, "a.jpg", "evidence_not_what_it_says"),
        (PDF, "a.pdf.exe", "evidence_not_what_it_says"),
        (package("OFD.xml"), "a.pdf", "evidence_not_what_it_says"),
        (FILES["g.xlsx"], "a.docx", "evidence_not_what_it_says"),
        (package("word/document.xml", "word/vbaProject.bin", types=WORD), "a.docx", "evidence_has_macros"),
        (
            package("xl/workbook.xml", types=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
            "a.xlsx",
            "evidence_has_macros",
        ),
        (
            package("word/document.xml", types=WORD, size=201 * evidence.MEGABYTE),
            "a.docx",
            "evidence_unpacks_too_large",
        ),
        (
            package("word/document.xml", *map(str, range(2000)), types=WORD, size=0),
            "a.docx",
            "evidence_unpacks_too_large",
        ),
        (PDF + b"0" * evidence.MOST_BYTES, "a.pdf", "evidence_too_large"),
    ],
)
def test_what_is_not_taken(draft, media, content, name, code):
    with pytest.raises(InvalidInput) as refusal:
        add(draft, content, name)
    assert problem(refusal) == ("file", code)
    assert not files(media)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/职代会.pdf", "职代会.pdf"),
        ("C:\\纪要.PDF", "纪要.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("<b>.pdf", "b.pdf"),
        ("字" * 300 + ".pdf", "字" * 116 + ".pdf"),
        ("….pdf", "….pdf"),
    ],
)
def test_names_are_harmless(draft, name, shown):
    upload = SimpleUploadedFile("x.pdf", PDF)
    # Django has its own ideas of names; an import from elsewhere has not.
    upload._name = name
    added = evidence.add(
        nomination_id=draft.pk, kind=EvidenceKind.DEEDS, upload=upload, actor=draft.created_by
    )
    assert added.name == shown


def test_only_known_kinds(draft):
    with pytest.raises(InvalidInput) as refusal:
        add(draft, kind="love_letter")
    assert problem(refusal) == ("kind", "choice_unknown")


def test_not_too_many(draft, media):
    make_evidence(draft, *[EvidenceKind.PHOTO] * evidence.MOST_FILES)
    with pytest.raises(InvalidInput) as refusal:
        add(draft)
    assert problem(refusal) == ("file", "evidence_too_many")
    evidence.remove(evidence_id=draft.evidence.first().pk, actor=draft.created_by)
    assert add(draft)


def test_no_file_is_left_when_the_act_fails(draft, media, monkeypatch):
    def full(**_row):
        raise OSError("disk full")

    monkeypatch.setattr(ledger, "append", full)
    with pytest.raises(OSError):
        add(draft)
    assert not files(media)
    assert not Evidence.objects.exists()


def test_a_removed_file_stays_on_record(draft, media):
    added = add(draft)
    for _ in range(2):
        evidence.remove(evidence_id=added.pk, actor=draft.created_by)
    added.refresh_from_db()
    assert added.removed_at == IN_TIME
    assert not draft.evidence.kept().exists()
    assert files(media)
    assert list(LedgerEntry.objects.values_list("act", flat=True)) == ["add_evidence", "remove_evidence"]


def test_uploading_does_not_make_the_open_form_stale(draft):
    add(draft)
    draft.refresh_from_db()
    assert draft.version == 1


@pytest.mark.parametrize("state", S)
def test_only_while_it_is_with_the_unit(state):
    nomination = make_application(status=state)
    old = nomination.evidence.first()
    endorser = make_unit_person(nomination.employer, UnitRole.ENDORSER)
    if state in {S.DRAFT, S.ENDORSING, S.RETURNED}:
        assert add(nomination, actor=endorser)
        assert evidence.remove(evidence_id=old.pk, actor=endorser)
        return
    for act in (
        lambda: add(nomination, actor=endorser),
        lambda: evidence.remove(evidence_id=old.pk, actor=endorser),
    ):
        with pytest.raises(WrongState) as refusal:
            act()
        assert sentences(refusal.value)


def test_only_the_units_people(draft):
    for actor in (
        make_official(draft.body, Role.KEEPER),
        make_unit_person(make_employer(draft.body)),
    ):
        with pytest.raises(NotPermitted):
            add(draft, actor=actor)


def test_who_sees_a_file():
    handed_in = make_nomination(status=S.IN_REVIEW)
    drafted = make_application(employer=make_employer(handed_in.body))
    make_evidence(handed_in, EvidenceKind.DEEDS)
    seen = {
        who: set(Evidence.objects.visible_to(user).values_list("nomination", flat=True))
        for who, user in {
            "unit": drafted.created_by,
            "county": make_official(handed_in.body, Role.UNION_REVIEWER),
            "city": make_official(handed_in.body.parent, Role.OBSERVER),
            "neighbour": make_official(make_body(parent=handed_in.body.parent), Role.KEEPER),
            "accounts": make_official(make_body(level=Level.PROVINCE), Role.SECURITY_ADMIN),
        }.items()
    }
    assert seen == {
        "unit": {drafted.pk},
        "county": {handed_in.pk},
        "city": {handed_in.pk},
        "neighbour": set(),
        "accounts": set(),
    }


class TestScores:
    @pytest.fixture
    def finalist(self):
        return make_nomination(desk=make_body(level=Level.PROVINCE), employer=make_employer())

    @pytest.fixture
    def keeper(self, finalist):
        return make_official(finalist.desk, Role.STAFF)

    @pytest.mark.parametrize("score", [0, 8_650, 10_000])
    def test_at_the_final_desk(self, finalist, keeper, score):
        scores.record(nomination_id=finalist.pk, version=1, actor=keeper, score=score)
        finalist.refresh_from_db()
        assert (finalist.score, finalist.version) == (score, 2)
        scores.record(nomination_id=finalist.pk, version=2, actor=keeper, score=score)
        assert LedgerEntry.objects.count() == 1

    @pytest.mark.parametrize("score", [-1, 10_001])
    def test_between_0_and_100(self, finalist, keeper, score):
        with pytest.raises(InvalidInput) as refusal:
            scores.record(nomination_id=finalist.pk, version=1, actor=keeper, score=score)
        assert problem(refusal) == ("score", "score_range")

    def test_stale(self, finalist, keeper):
        with pytest.raises(Conflict):
            scores.record(nomination_id=finalist.pk, version=0, actor=keeper, score=1)

    def test_not_below_the_final_stage(self):
        nomination = make_nomination()
        keeper = make_official(nomination.desk, Role.KEEPER)
        with pytest.raises(WrongState) as refusal:
            scores.record(nomination_id=nomination.pk, version=1, actor=keeper, score=1)
        assert refusal.value.code == "not_final_stage"
        assert sentences(refusal.value)
        assert nomination.stage == Stage.COUNTY

    @pytest.mark.parametrize("state", [state for state in S if state != S.POOLED])
    def test_only_what_waits_for_the_list(self, finalist, keeper, state):
        with_unit = state in {S.DRAFT, S.ENDORSING}
        type(finalist).objects.update(status=state, desk=None if with_unit else finalist.desk)
        with pytest.raises(NotPermitted if with_unit else WrongState) as refusal:
            scores.record(nomination_id=finalist.pk, version=1, actor=keeper, score=1)
        assert sentences(refusal.value)

    def test_not_by_others(self, finalist):
        with pytest.raises(NotPermitted):
            scores.record(
                nomination_id=finalist.pk,
                version=1,
                actor=make_official(finalist.desk, Role.UNION_REVIEWER),
                score=1,
            )
