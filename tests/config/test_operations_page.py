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


def test_the_front_server_starts_on_its_age_lets_forms_through_and_logs_no_searches():
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    said = re.sub(r"(?m)^\s*#.*$", "", text)
    assert "http2 on" not in said, "nginx 1.22 of Debian 12 does not know it"
    assert set(re.findall(r"proxy_set_header Host (\S+);", said)) == {"$http_host"}, "with the port"
    (line,) = re.findall(r"log_format pingxuan '([^']*)'", said)
    assert not {"$request", "$request_uri", "$args", "$query_string", "$http_referer"} & set(
        re.findall(r"\$\w+", line)
    )
    logs = re.findall(r"access_log ([^;]+);", said)
    assert {log.split()[-1] for log in logs} == {"pingxuan", "off"}
    (page,) = re.findall(r"error_page 502 503 504 /(\S+);", said)
    assert "系统暂时不能使用" in (ROOT / "deploy" / page).read_text(encoding="utf-8")


def test_an_upgrade_reloads_and_does_not_restart():
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    commands = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    assert "systemctl reload pingxuan" in commands
    assert "systemctl restart pingxuan" not in commands
    unit = (ROOT / "deploy/pingxuan.service").read_text(encoding="utf-8")
    assert "ExecReload=/bin/kill -s HUP $MAINPID" in unit
