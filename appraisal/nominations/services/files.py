"""Stored files: what becomes of a full disk, and what is really there."""

import errno
import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.core.files.storage import default_storage

from appraisal.nominations.refusals import StorageFull
from quotas.base.errors import InvalidInput

EVIDENCE = "evidence"
"""Where evidence lies in the storage."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_CHUNK = 1024 * 1024


@contextmanager
def storing() -> Iterator[None]:
    """A disk that takes nothing more is InvalidInput(StorageFull("file")); the storage leaves no part behind."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InvalidInput(StorageFull("file")) from error
        raise


def digest_of(name: str) -> str:
    """The SHA-256 of a stored file, read piece by piece; nothing when it is not there."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as file:
            for chunk in file.chunks(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def unknown(known: Collection[str], under: str = EVIDENCE) -> list[str]:
    """The stored files of evidence that are not among the known ones."""
    try:
        folders, names = default_storage.listdir(under)
    except FileNotFoundError:
        return []
    found = [path for name in sorted(names) if (path := f"{under}/{name}") not in known]
    for folder in sorted(folders):
        found += unknown(known, f"{under}/{folder}")
    return found
