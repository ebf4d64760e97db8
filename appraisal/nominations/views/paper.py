"""The application as the paper that goes into the file 推荐审批表: fields in a table, the opinions by stage, places for seals.

It stands on the pages of a nomination and is seen when they are printed. Made from what the page has read already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appraisal.nominations.views import dossier
from appraisal.nominations.views.dossier import DossierRow, Section, Viewer
from appraisal.records.models import Nomination, Opinion
from appraisal.records.services.offices import offices
from quotas.tree.models import Body

SHORT = 16
"""A value of so many characters shares its line with another."""


@dataclass(frozen=True, slots=True)
class OpinionBox:
    """The place of one office: what it said, who and when; empty until it has spoken."""

    office: str
    outcome: Any = ""
    text: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaperLevel:
    """The offices of one stage, side by side."""

    title: str
    boxes: Sequence[OpinionBox]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole form. `parts`: title of a section and its lines, each of one row or of two short ones."""

    title: str
    number: str
    handed_in: datetime | None
    parts: Sequence[tuple[Any, Sequence[Sequence[DossierRow]]]]
    levels: Sequence[PaperLevel]


def of(nomination: Nomination, viewer: Viewer) -> Paper:
    """The form of a nomination read with `for_detail()`; names only for those who may know them. No statement."""
    return Paper(
        title=_("%(award)s推荐审批表") % {"award": nomination.round_award.award.name},
        number=nomination.number,
        handed_in=nomination.submitted_at,
        parts=[(section.title, _lines(section)) for section in dossier.all_sections(nomination, viewer)],
        levels=[
            _unit(nomination),
            *(_level(nomination, body, viewer) for body in _way(nomination)),
        ],
    )


def _lines(section: Section) -> list[list[DossierRow]]:
    """Two short values share a line, in their order."""
    lines: list[list[DossierRow]] = []
    for row in section.rows:
        if _short(row) and lines and len(lines[-1]) == 1 and _short(lines[-1][0]):
            lines[-1].append(row)
        else:
            lines.append([row])
    return lines


def _short(row: DossierRow) -> bool:
    return len(str(row.value or "")) <= SHORT and not row.note and row.cells is None


def _way(nomination: Nomination) -> Iterable[Body]:
    final = nomination.round_award.award.final_stage
    body: Body | None = nomination.body
    while body is not None:
        if body.stage <= final:
            yield body
        body = body.parent


def _unit(nomination: Nomination) -> PaperLevel:
    return PaperLevel(_("申报单位意见"), [OpinionBox(nomination.employer.name, at=nomination.submitted_at)])


def _level(nomination: Nomination, body: Body, viewer: Viewer) -> PaperLevel:
    award = nomination.round_award.award
    said = {opinion.office: opinion for opinion in nomination.opinions.all() if opinion.body_id == body.pk}
    title = _("%(stage)s审批意见") if body.stage == award.final_stage else _("%(stage)s推荐意见")
    return PaperLevel(
        title % {"stage": body.stage.label},
        [
            _box(dossier.office_name(body, office), said.get(office), viewer)
            for office in offices(award, body)
        ],
    )


def _box(office: str, opinion: Opinion | None, viewer: Viewer) -> OpinionBox:
    if opinion is None:
        return OpinionBox(office)
    return OpinionBox(
        office,
        opinion.get_outcome_display(),
        opinion.text,
        opinion.actor.name if viewer.sees_reviewers else "",
        opinion.at,
    )
