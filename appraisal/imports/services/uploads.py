"""A workbook that has been checked and waits for its person to confirm the import.

One for each person and kind, in the private storage: the next one takes its place, so that nothing piles up.
"""

import hashlib
from enum import StrEnum

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from appraisal.imports.refusals import ImportGone
from appraisal.nominations.services import files
from quotas.tree.models import User


class ImportKind(StrEnum):
    """What a workbook brings in."""

    POSTS = "posts"
    EMPLOYERS = "employers"
    NOMINATIONS = "nominations"


def keep(*, kind: ImportKind, actor: User, content: bytes) -> str:
    """Keep the workbook until it is confirmed; the digest by which the confirmation names it.

    Raises InvalidInput(StorageFull("file")).
    """
    drop(kind=kind, actor=actor)
    with files.storing():
        default_storage.save(_name(kind, actor), ContentFile(content))
    return _digest(content)


def kept(*, kind: ImportKind, actor: User, digest: str) -> bytes:
    """The workbook that was checked; ImportGone when it was imported, or replaced by another, since."""
    try:
        with default_storage.open(_name(kind, actor)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise ImportGone from error
    if _digest(content) != digest:
        raise ImportGone
    return content


def drop(*, kind: ImportKind, actor: User) -> None:
    """Forget the workbook, if there is one."""
    default_storage.delete(_name(kind, actor))


def _name(kind: ImportKind, actor: User) -> str:
    return f"imports/{kind.value}-{actor.pk}.xlsx"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
