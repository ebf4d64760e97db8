"""The map of the house in docs/architecture.md names every subject and every module of its services, and nothing else."""

import re

from tests.architecture.source import ROOT, name_of, python_files

PAGE = ROOT / "docs" / "architecture.md"
FLAT = {"quotas/base", "quotas/arithmetic", "quotas/selection", "quotas/tree", "appraisal/workbooks"}
"""Subjects whose modules stand in the folder itself."""
WORKFLOWS = [
    path
    for path in python_files("workflows")
    if path.parent.name not in {"commands", "management", "templatetags"}
    and path.stem not in {"__init__", "apps", "checks", "context_processors", "refusals", "urls"}
]
ROW = re.compile(r"^\| `(\w+)\.(\w+)` \| `(\w+)` \|", re.MULTILINE)


def mapped() -> set[str]:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {f"{app}/{subject}/{module}" for app, subject, module in rows}


def standing() -> set[str]:
    found = set()
    for path in python_files("quotas", "appraisal"):
        app, subject, *rest = name_of(path).removesuffix(".py").split("/")
        if rest and rest[-1] != "__init__":
            if rest[0] == "services":
                found.add(f"{app}/{subject}/{rest[1]}")
            elif f"{app}/{subject}" in FLAT and len(rest) == 1:
                found.add(f"{app}/{subject}/{rest[0]}")
    return found


def test_the_map_names_what_stands():
    assert mapped() == standing()


def test_the_map_names_every_page_and_every_room_of_the_engine():
    text = PAGE.read_text(encoding="utf-8")
    pages = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("*/*/views/*.py")}
    rooms = {".".join(path.relative_to(ROOT / "workflows").with_suffix("").parts) for path in WORKFLOWS}
    lost = [
        name
        for name in sorted(pages | rooms)
        if not name.endswith("__init__") and f"| `{name}` |" not in text
    ]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert pages
    assert rooms
    assert not lost
    assert sorted(rows) == sorted(set(rows))


def test_no_folder_holds_more_than_fourteen_files():
    sizes: dict[str, int] = {}
    for path in python_files("quotas", "appraisal", "workflows", "config"):
        folder = name_of(path.parent)
        sizes[folder] = sizes.get(folder, 0) + 1
    assert {folder: number for folder, number in sizes.items() if number > 14} == {}


def test_wording_is_no_more_than_formats():
    """A refusal has its sentence beside its rule; what is left to words of their own stays under 700 lines."""
    rooms = [path for path in python_files("quotas", "appraisal") if path.name == "wording.py"]
    assert len(rooms) > 3
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in rooms) < 700
