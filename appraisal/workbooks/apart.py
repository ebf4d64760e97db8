"""Takes an uploaded workbook apart in a child process, so that a hostile file costs the web process nothing."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from appraisal.workbooks.parser import Refused

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is opened."""
SECONDS = 10
"""What the child may take on the clock; on the processor it has fewer (`parser.SECONDS`)."""

_PROGRAM = Path(__file__).with_name("parser.py")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"

_log = logging.getLogger(__name__)


def sheets(data: bytes) -> list[dict[str, Any]]:
    """The sheets of the workbook as `parser.parse` gives them; Refused when it cannot be read."""
    _require_archive(data)
    # Isolated, without site packages and without our environment: the child knows no secret and opens no connection.
    command = [sys.executable, "-I", "-S", str(_PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; the file comes to it as bytes
            command, input=data, capture_output=True, timeout=SECONDS, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("file_takes_too_much") from error
    if done.returncode != 0:
        # Beyond its memory or its time, or a fault of ours; the traceback might quote the file.
        _log.warning("the parser of workbooks ended with status %s", done.returncode)
        raise Refused("file_takes_too_much")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "problem" in answer:
        raise Refused(answer["problem"], **answer["params"])
    found: list[dict[str, Any]] = answer["sheets"]
    return found


def _require_archive(data: bytes) -> None:
    """Raise Refused for what shows without opening the file."""
    if len(data) > MAX_BYTES:
        raise Refused("file_too_large", size=_megabytes(len(data)), limit=_megabytes(MAX_BYTES))
    if not data:
        raise Refused("file_empty")
    if data.startswith(_OLE):
        raise Refused("file_old_or_protected")
    if not data.startswith(_ZIP):
        raise Refused("file_not_workbook")


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // 1024**2) / 10:g} MB"
