"""The evidence beside the application: which file is shown, which come before and after, each at an address of its own.

Scripts change the file without leaving the page; without them the links do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from workflows.inbox import queue

NAME = "evidence"
"""The part of the page's address that names the file."""
ANCHOR = "#evidence-frame"


@dataclass(frozen=True, slots=True)
class Frame:
    """`files` are those that can be shown, `item` the one that is; None while the frame is closed."""

    files: Sequence[dict[str, Any]]
    item: dict[str, Any] | None
    close_url: str

    @property
    def place(self) -> int:
        """Which of the files it is, from 1; 0 while closed."""
        return self.files.index(self.item) + 1 if self.item else 0

    @property
    def previous(self) -> dict[str, Any] | None:
        """The file before; None at the beginning."""
        return self.files[self.place - 2] if self.place > 1 else None

    @property
    def following(self) -> dict[str, Any] | None:
        """The next file; None at the end."""
        return self.files[self.place] if 0 < self.place < len(self.files) else None


def of(request: HttpRequest, files: Sequence[dict[str, Any]]) -> Frame:
    """The frame that the address asks for; the files that can be shown get the address that shows them (`frame_url`)."""
    shown = [item for item in files if item.get("shown")]
    for item in shown:
        item["frame_url"] = queue.here(request, evidence=str(item["pk"])) + ANCHOR
    asked = request.GET.get(NAME, "")
    found = [item for item in shown if str(item["pk"]) == asked]
    return Frame(shown, found[0] if found else None, f"{queue.here(request, drop=(NAME,))}#evidence")
