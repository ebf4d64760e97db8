"""What the pages for everybody share: how they are searched, who issued a paper, how long browsers keep them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from appraisal.records.models import Naming, Notice
from quotas.base import outside
from quotas.bodies.services.organs import Issuer

KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PublicWanted:
    """What the address asks for; what makes no sense counts as empty."""

    words: str
    year: int | None
    award: str
    state: str

    @classmethod
    def of(cls, request: HttpRequest) -> "PublicWanted":
        """From ?q=, ?year=, ?award= and ?state=."""
        year = outside.row(request.GET.get("year"))
        return cls(
            words=outside.word(request.GET, "q"),
            year=year if year is not None and year < 10_000 else None,
            award=outside.word(request.GET, "award"),
            state=outside.word(request.GET, "state"),
        )

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.year or self.award or self.state)


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A notice in a slate: who issues it, and how long it can still be objected to."""

    notice: Notice
    issued_by: str
    running: bool
    over: bool
    left: int


def line(notice: Notice, today: date) -> PublicLine:
    """The notice as of today."""
    return PublicLine(
        notice=notice,
        issued_by=names(notice),
        running=notice.starts_on <= today <= notice.ends_on,
        over=notice.ends_on < today,
        left=(notice.ends_on - today).days,
    )


def issuers(paper: Notice | Naming) -> list[Issuer]:
    """The organs that issued the paper; a paper from before organs were recorded names its body."""
    found: list[Issuer] = paper.issuers
    return found or [Issuer(name=paper.slate.body.name, telephone="", address="")]


def names(paper: Notice | Naming) -> str:
    """The organs in one line."""
    return _("、").join(issuer["name"] for issuer in issuers(paper))


def group(label: str, name: str, options: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A row of chips; exactly one is on at a time."""
    chips = [{"value": value, "label": word} for value, word in options]
    return {"label": label, "name": name, "single": True, "options": chips}


def groups(papers: Any) -> list[dict[str, Any]]:
    """By year and by award, as far as there is more than one; two statements."""
    years, awards = papers.years(), papers.awards()
    both = [
        group(_("年度"), "year", [(year, str(year)) for year in years]),
        group(_("奖项"), "award", awards),
    ]
    return [chips for chips in both if len(chips["options"]) > 1]


def published(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer as browsers may keep it: a minute for visitors, never for those who have signed in.

    Proxies never keep it, since the page carries the token of its language button.
    """
    if request.user.is_authenticated:
        patch_cache_control(answer, private=True, no_cache=True)
    else:
        patch_cache_control(answer, private=True, max_age=KEPT_SECONDS)
    return answer
