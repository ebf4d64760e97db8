"""Evidence files of a nomination: what they are is read from their bytes, never believed from their name.

A file is stored outside the web root under a random name, and removed again when the act that brought it fails.
"""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction

from appraisal.nominations.refusals import (
    EvidenceEmpty,
    EvidenceHasMacros,
    EvidenceNotWhatItSays,
    EvidenceTooLarge,
    EvidenceTooMany,
    EvidenceTypeNotTaken,
    EvidenceUnpacksTooLarge,
)
from appraisal.nominations.services import files
from appraisal.records.models import Evidence, Nomination
from appraisal.records.refusals import NominationStateForbids
from appraisal.records.services import lifecycle, unit_roles
from appraisal.records.states import EvidenceKind, NominationNote, NominationState, UnitRole
from quotas.base import clock, text
from quotas.base.errors import InvalidInput
from quotas.base.refusals import ChoiceUnknown
from quotas.base.states import FieldType
from quotas.editions.asked import AskedField
from quotas.editions.services import fields as edition_fields
from quotas.ledger.services import ledger
from quotas.tree.models import User

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_FILES = 30
"""Files of one nomination, the removed ones not counted."""

EDITABLE_STATES = (NominationState.DRAFT, NominationState.ENDORSING, NominationState.RETURNED)

_MOST_ZIP_MEMBERS = 2000
_MOST_ZIP_BYTES = 200 * MEGABYTE
_MOST_TYPES_BYTES = MEGABYTE
_ZIP_ENTRY = b"PK\x01\x02"
_HEAD = 1024
_LETTERED_ENDING = re.compile(r"\.(?=.*[a-z])[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken: how it is called on screen, its media type, the endings its name may have."""

    label: str
    content_type: str
    endings: tuple[str, ...]


PDF = FileType("PDF", "application/pdf", (".pdf",))
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jfif", ".jpe", ".pjpeg"))
PNG = FileType("PNG", "image/png", (".png",))
DOCX = FileType("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileType("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
OFD = FileType("OFD", "application/ofd", (".ofd",))
"""The fixed-layout document of GB/T 33190: an archive with OFD.xml. It is kept and handed out, not shown."""
FILE_TYPES = (PDF, OFD, JPEG, PNG, DOCX, XLSX)
_PICTURES = (JPEG, PNG)

SHOWN: dict[str, bool] = {PDF.content_type: False, JPEG.content_type: True, PNG.content_type: True}
"""What a browser shows by itself, and whether it does so in a sandboxed frame; everything else is saved."""

ENDINGS: tuple[str, ...] = tuple(ending for kind in FILE_TYPES for ending in kind.endings)
"""What a form offers to choose from."""


@transaction.atomic
def add(
    *, nomination_id: int, kind: EvidenceKind, upload: "File[bytes]", actor: User, field: str = ""
) -> Evidence:
    """Add a file while the application is with the unit, by its people; with `field`, the one that its edition asks for.

    Raises InvalidInput on "file" for one that is empty, too large, of a type that is not taken, not what its name
    says, with macros, or one too many; on "kind" for an unknown kind, or a field that asks for no file.
    """
    nomination = _lock(nomination_id, actor, NominationNote.ADD_EVIDENCE)
    if kind not in EvidenceKind.values:
        raise InvalidInput(ChoiceUnknown("kind"))
    if field and field not in file_fields(nomination):
        raise InvalidInput(ChoiceUnknown("kind"))
    if Evidence.objects.kept().filter(nomination=nomination).count() >= MOST_FILES:
        raise InvalidInput(EvidenceTooMany("file", most=MOST_FILES))
    file_type = _checked_type(upload)
    evidence = Evidence(
        nomination=nomination,
        kind=kind,
        field=field,
        name=_safe_name(upload.name or "", file_type),
        content_type=file_type.content_type,
        size=upload.size,
        sha256=_digest(upload),
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    upload.seek(0)
    with files.storing():
        evidence.file.save(f"{uuid4().hex}{file_type.endings[0]}", upload, save=False)
    try:
        evidence.save(force_insert=True)
        _record(nomination, evidence, NominationNote.ADD_EVIDENCE, actor)
    except BaseException:
        evidence.file.storage.delete(str(evidence.file.name))
        raise
    return evidence


@transaction.atomic
def remove(*, evidence_id: int, actor: User) -> Evidence:
    """Take a file out of the application. It is no longer shown or served; file and row stay as a record."""
    nomination_id = Evidence.objects.values_list("nomination_id", flat=True).get(pk=evidence_id)
    nomination = _lock(nomination_id, actor, NominationNote.REMOVE_EVIDENCE)
    evidence = Evidence.objects.get(pk=evidence_id)
    if evidence.removed_at is None:
        evidence.removed_at = clock.now()
        evidence.save(update_fields=["removed_at"])
        _record(nomination, evidence, NominationNote.REMOVE_EVIDENCE, actor)
    return evidence


def file_fields(nomination: Nomination) -> dict[str, AskedField]:
    """The fields of the nomination's edition that ask for a file, by key. Statements as `fields.of`."""
    asked = edition_fields.of(nomination.round_award.rule_version_id)
    return {field.key: field for field in asked if field.type == FieldType.FILE}


def _lock(nomination_id: int, actor: User, act: NominationNote) -> Nomination:
    nomination = lifecycle.lock_nomination(nomination_id)
    unit_roles.require_role(actor, nomination.employer_id, UnitRole.APPLICANT, UnitRole.ENDORSER)
    state = nomination.status
    if state not in EDITABLE_STATES:
        raise NominationStateForbids(state=state, act=act)
    return nomination


def _record(nomination: Nomination, evidence: Evidence, act: NominationNote, actor: User) -> None:
    ledger.append(
        stream=lifecycle.nomination_stream(nomination.pk),
        act=act.value,
        actor=actor,
        body=lifecycle.ledger_body(nomination),
        after={
            "evidence": evidence.pk,
            **({"field": _field_word(nomination, evidence.field)} if evidence.field else {}),
            "kind": str(evidence.kind),
            "sha256": evidence.sha256,
        },
    )


def _field_word(nomination: Nomination, key: str) -> str:
    asked = file_fields(nomination).get(key)
    return asked.label if asked else key


# What a file is


def _checked_type(upload: "File[bytes]") -> FileType:
    """The type of the file by its bytes; InvalidInput when it cannot be taken."""
    size = upload.size
    if size == 0:
        raise InvalidInput(EvidenceEmpty("file"))
    if size > MOST_BYTES:
        raise InvalidInput(
            EvidenceTooLarge("file", megabytes=-(-size // MEGABYTE), most=MOST_BYTES // MEGABYTE)
        )
    found = sniff(upload)
    if found is None:
        raise InvalidInput(EvidenceTypeNotTaken("file", types=[kind.label for kind in FILE_TYPES]))
    ending = _ending(upload.name or "")
    if ending and not _fits(ending, found):
        raise InvalidInput(EvidenceNotWhatItSays("file", ending=ending or "—", found=found.label))
    return found


def _ending(name: str) -> str:
    """The ending of a name as it is seen; nothing for a name without one, as pictures from a telephone often are."""
    found = PurePosixPath(text.line(_base_name(name))).suffix.lower()
    return found if _LETTERED_ENDING.fullmatch(found) else ""


def _fits(ending: str, found: FileType) -> bool:
    """Whether the name says what the content is. Cameras and chat programs mix up the kinds of pictures."""
    return ending in found.endings or (
        found in _PICTURES and any(ending in picture.endings for picture in _PICTURES)
    )


def sniff(stream: "BinaryIO | File[bytes]") -> FileType | None:
    """What the bytes are, or None when it is nothing that is taken. InvalidInput for an office file with macros."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        return _office_type(stream)
    return None


def _office_type(stream: "BinaryIO | File[bytes]") -> FileType | None:
    """Word or Excel by the directory of the package; nothing in it is unpacked but its small list of types."""
    stream.seek(0)
    if _entries(stream) > _MOST_ZIP_MEMBERS:
        raise InvalidInput(EvidenceUnpacksTooLarge("file", most=_MOST_ZIP_BYTES // MEGABYTE))
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if (
                len(members) > _MOST_ZIP_MEMBERS
                or sum(member.file_size for member in members) > _MOST_ZIP_BYTES
            ):
                raise InvalidInput(EvidenceUnpacksTooLarge("file", most=_MOST_ZIP_BYTES // MEGABYTE))
            types = _content_types(package, names)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return None
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise InvalidInput(EvidenceHasMacros("file"))
    if "word/document.xml" in names and b"wordprocessingml.document.main" in types:
        return DOCX
    if "xl/workbook.xml" in names and b"spreadsheetml.sheet.main" in types:
        return XLSX
    if "OFD.xml" in names:
        return OFD
    return None


def _entries(stream: "BinaryIO | File[bytes]") -> int:
    """How many entries the directory of an archive may have: each begins with this mark, whatever the count says."""
    number = 0
    tail = b""
    while chunk := stream.read(MEGABYTE):
        number += (tail + chunk).count(_ZIP_ENTRY)
        tail = chunk[-len(_ZIP_ENTRY) + 1 :]
    return number


def _content_types(package: zipfile.ZipFile, names: set[str]) -> bytes:
    if "[Content_Types].xml" not in names:
        return b""
    with package.open("[Content_Types].xml") as part:
        return part.read(_MOST_TYPES_BYTES)


# Names and digests

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _safe_name(name: str, file_type: FileType) -> str:
    """The name as it is shown and offered for saving: without path, control signs and signs that turn the text."""
    shown = text.name(_NOT_IN_NAMES.sub("", _base_name(name)))
    ending = _ending(name)
    stem = shown[: -len(ending)] if ending and shown.lower().endswith(ending) else shown
    if ending not in file_type.endings:
        ending = file_type.endings[0]
    limit = (Evidence._meta.get_field("name").max_length or 0) - len(ending)
    return f"{stem.strip('. ')[:limit] or file_type.label}{ending}"


def _digest(upload: "File[bytes]") -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for part in upload.chunks(MEGABYTE):
        digest.update(part)
    return digest.hexdigest()
