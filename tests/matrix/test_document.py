"""docs/permissions.md says what is in force."""

import os

from tests.matrix import document

RENEW = "RENEW_PERMISSIONS=1 make test ARGS=tests/matrix/test_document.py"


def test_the_page_says_what_is_in_force():
    text = document.PATH.read_text(encoding="utf-8")
    renewed = document.renewed(text)
    if os.environ.get("RENEW_PERMISSIONS"):
        document.PATH.write_text(renewed, encoding="utf-8")
        return
    assert text == renewed, f"docs/permissions.md is out of date: {RENEW}, read the difference, commit it"
