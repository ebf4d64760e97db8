"""Where the figures of a previous round come from, and what decided a part, in words."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from quotas.arithmetic.parts import Why

MOST_SOURCE = 200
"""What the source of the previous round's figures may take (`RoundAward.previous_source`)."""

DECIDED: Mapping[Why, str | Promise] = {
    "whole": pgettext_lazy("分解数由何决定", "整数"),
    "remainder": pgettext_lazy("分解数由何决定", "余数"),
    "lot": pgettext_lazy("分解数由何决定", "抽签"),
    "margin": pgettext_lazy("分解数由何决定", "合计"),
    "floor": pgettext_lazy("分解数由何决定", "最少"),
    "cap": pgettext_lazy("分解数由何决定", "最多"),
    "hand": pgettext_lazy("分解数由何决定", "手工"),
}
"""What decided a part, as tables of parts say it in a word."""


def previous_source(round_name: str, document_numbers: Sequence[str]) -> str:
    """Where the figures of a previous round come from: its decisions, the first ones by number."""
    shown = gettext("、").join(dict.fromkeys(document_numbers[:3]))
    more = (
        gettext("等 %(number)s 份决定") % {"number": len(document_numbers)}
        if len(document_numbers) > 3
        else ""
    )
    source = gettext("%(numbers)s%(more)s（%(round)s）") % {
        "numbers": shown,
        "more": more,
        "round": round_name,
    }
    return source[:MOST_SOURCE]
