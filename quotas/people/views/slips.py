"""The sheet of one-time passwords: one slip for each person, to be cut and handed out. Drawn once, kept nowhere."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

WHOLE, FIRST, SECOND = "", "first", "second"
"""Whether the slips hold passwords or halves of them."""


class PaperSlip(Protocol):
    """What a slip says."""

    @property
    def place(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def password(self) -> str: ...


def slips_page(
    request: HttpRequest, slips: Iterable[PaperSlip], *, told: str, half: str, back_url: str
) -> HttpResponse:
    """The answer of the act that made the passwords; no cache keeps it, and asking again does not give it again."""
    context: dict[str, Any] = {
        "slips": sorted(slips, key=lambda slip: (slip.place, slip.username)),
        "told": told,
        "half": half,
        "back_url": back_url,
        "sign_in_url": request.build_absolute_uri(reverse("quotas:login")),
    }
    answer = render(request, "quotas/people/slips.html", context)
    add_never_cache_headers(answer)
    return answer
