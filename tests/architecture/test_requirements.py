"""The locked requirements: every file pinned and hashed, no index and no machine named."""

import re

import pytest

from tests.architecture.source import ROOT

LOCKS = ("run", "dev", "docs")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==[^ ;\\]+(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
COMMENT = re.compile(r"^ *#.*$")


def read(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def pins(text: str) -> dict[str, str]:
    """Name → version of a lock."""
    return {
        match["name"]: line.split("==")[1].split()[0]
        for line in text.splitlines()
        if (match := PIN.match(line))
    }


def faults(text: str) -> list[str]:
    """Lines that are neither a pin nor a hash nor a comment, and anything that names a host or a place."""
    lines = text.splitlines()
    strange = [line for line in lines if not (PIN.match(line) or HASH.match(line) or COMMENT.match(line))]
    named = [line for line in lines if re.search(r"://|index|find-links|/home/|/root/|/tmp/|file:", line)]
    bare = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if PIN.match(line) and not HASH.match(after)
    ]
    return strange + named + bare


@pytest.mark.parametrize("lock", LOCKS)
def test_every_file_is_pinned_and_hashed(lock):
    assert not faults(read(f"{lock}.txt"))


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_wanted_is_locked(lock):
    wanted = re.findall(r"^([A-Za-z][A-Za-z0-9-]*)", read(f"{lock}.in"), re.MULTILINE)
    assert {name.lower() for name in wanted} <= pins(read(f"{lock}.txt")).keys()


@pytest.mark.parametrize(("below", "above"), [("run", "dev"), ("run", "docs"), ("dev", "docs")])
def test_what_is_installed_later_changes_nothing_installed_before(below, above):
    below, above = pins(read(f"{below}.txt")), pins(read(f"{above}.txt"))
    assert not {name for name in below.keys() & above.keys() if below[name] != above[name]}


@pytest.mark.parametrize(
    "line",
    ["django==5.2.1", "--find-links https://files.example/wheels", "django>=5 \\", "-e file:///srv/x"],
)
def test_a_fault_would_be_seen(line):
    assert faults(f"{line}\n")
