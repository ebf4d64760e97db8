"""Where files are kept: whole, or not at all."""

from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

PART = ".part"
"""The ending of what is being written; a process that was killed may leave one."""


class WholeFileStorage(FileSystemStorage):
    """
    Writes a file beside its place and moves it there when it is complete.

    A disk that fills up meanwhile leaves nothing behind, and no reader ever sees half of a file. An upload stays where
    it is, so that the act can be tried a second time.
    """

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=self.directory_permissions_mode or 0o777, parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{uuid4().hex}{PART}")
        try:
            with part.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            if self.file_permissions_mode is not None:
                part.chmod(self.file_permissions_mode)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return name
