"""Chinese in the source, English complete, and the compiled catalogue says what the written one says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.architecture.source import FLOORS, ROOT

ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<kind>[sdif%])|\{(?P<brace>\w*)[^{}]*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A language is named in itself, whatever the language of the page.
OWN_NAMES = re.compile("|".join(name for _code, name in settings.LANGUAGES))
# What a template may hold besides plain text: comments, whole translated blocks, tags, variables.
TRANSLATED = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->",
    re.DOTALL,
)

Key = tuple[str | None, str, str]


def key(entry: polib.POEntry) -> Key:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def sentences(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text) if match["kind"] != "%"}


def faults(entry: polib.POEntry) -> list[str]:
    """What is wrong with one entry of the English catalogue."""
    found = []
    if entry.obsolete:
        found.append("no longer used")
    if entry.fuzzy:
        found.append("fuzzy")
    if not all(sentences(entry)):
        found.append("no English")
    wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
    for sentence in filter(None, sentences(entry)):
        if not entry.msgid_plural and placeholders(sentence) != wanted:
            found.append(f"placeholders differ: {sentence}")
        elif not placeholders(sentence) <= wanted:
            found.append(f"unknown placeholder: {sentence}")
        if CHINESE.search(sentence) and not CHINESE.search(entry.msgid):
            found.append("Chinese where English belongs")
    if any(not match["name"] and match["kind"] in {"s", "d"} for match in PLACEHOLDER.finditer(entry.msgid)):
        found.append("placeholder without a name")
    return found


def untranslated_chinese(template: str) -> list[str]:
    """Chinese in a template that no tag translates."""
    rest = OWN_NAMES.sub("", TRANSLATED.sub("", template))
    return [line.strip() for line in rest.splitlines() if CHINESE.search(line)]


@pytest.fixture(scope="module")
def written() -> polib.POFile:
    path = ENGLISH / "django.po"
    assert path.exists(), "there is no English catalogue yet: make messages"
    return polib.pofile(str(path))


def test_the_english_is_complete(written):
    found = {entry.msgid: bad for entry in written if (bad := faults(entry))}
    assert not found


def test_the_compiled_catalogue_is_fresh(written):
    path = ENGLISH / "django.mo"
    assert path.exists(), "there is no compiled catalogue: make messages"
    compiled = {key(entry): sentences(entry) for entry in polib.mofile(str(path))}
    assert compiled == {key(entry): sentences(entry) for entry in written.translated_entries()}


@pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="no GNU gettext on this machine (apt-get install gettext)"
)
def test_the_catalogue_holds_what_the_source_says(written, tmp_path):
    for place in (*FLOORS, "templates", "locale"):
        if (ROOT / place).exists():
            shutil.copytree(ROOT / place, tmp_path / place, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    collect_messages(tmp_path)
    gathered = {key(entry) for entry in polib.pofile(str(tmp_path / ENGLISH.relative_to(ROOT) / "django.po"))}
    kept = {key(entry) for entry in written}
    assert not gathered - kept, "new sentences: make messages, then write their English"
    assert not kept - gathered, "sentences that nothing says any more: make messages"


def collect_messages(tree: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "en", "--no-location", "--no-obsolete"],
        cwd=tree,
        check=True,
        capture_output=True,
    )


def test_templates_say_nothing_past_the_catalogue():
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file() and (lines := untranslated_chinese(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    ("msgid", "msgstr", "flags"),
    [
        ("名单", "", []),
        ("名单", "Slate", ["fuzzy"]),
        ("共%(count)s人", "people", []),
        ("共%s人", "%s people", []),
        ("共%(count)s人", "%(number)s people", []),
    ],
)
def test_a_fault_would_be_seen(msgid, msgstr, flags):
    assert faults(polib.POEntry(msgid=msgid, msgstr=msgstr, flags=flags))


def test_good_english_passes():
    assert not faults(polib.POEntry(msgid="共%(count)s人", msgstr="%(count)s people"))


def test_chinese_past_the_catalogue_would_be_seen():
    assert untranslated_chinese("<h1>名单</h1>")
    assert not untranslated_chinese(
        '<h1>{% translate "名单" %}</h1>{# 注 #}{% blocktranslate trimmed %}名\n单{% endblocktranslate %}'
    )
