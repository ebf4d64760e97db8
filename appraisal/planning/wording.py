"""Where the figures of a previous round come from, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext

MOST_SOURCE = 200
"""What the source of the previous round's figures may take (`RoundAward.previous_source`)."""


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
