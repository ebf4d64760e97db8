"""docs/operations.md tells of every command there is, and the deployment of none that there is not."""

import re

from django.core.management import get_commands

from tests.architecture.source import ROOT

OURS = {"quotas", "appraisal", "workflows"}


def own_commands():
    return {name for name, app in get_commands().items() if app in OURS}


def test_every_command_has_its_section_and_no_other():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (\w+)$", text, re.MULTILINE)) == own_commands()
    assert set(re.findall(r"^\| \[`(\w+)`\]", text, re.MULTILINE)) == own_commands()


def test_the_deployment_names_commands_that_exist():
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    text += "".join(path.read_text(encoding="utf-8") for path in (ROOT / "deploy").glob("*.service"))
    named = set(re.findall(r"^px ([a-z_]+)", text, re.MULTILINE))
    named |= set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert named
    assert named <= get_commands().keys()


def test_the_readmes_name_commands_that_exist():
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        named = set(re.findall(r"manage\.py ([a-z_]+)", text))
        assert own_commands() <= named <= get_commands().keys()
