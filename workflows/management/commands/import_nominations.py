"""Nominations from a workbook."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appraisal.imports.spreadsheets import read_nominations
from appraisal.management import _importing
from quotas.rounds.services import rounds
from workflows import turns


class Command(BaseCommand):
    help = (
        "Makes the nominations of a workbook as drafts of their applicants: every row or none. All problems are "
        "listed at once with sheet, row and column; exit status 1 when there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        _importing.add_arguments(parser)
        parser.add_argument("--round", metavar="CODE", help="the round (default: the only open one)")

    def handle(self, *_args: object, **options: Any) -> None:
        actor = _importing.actor_of(options["actor"])
        selection = _importing.round_of(options["round"])
        table = read_nominations(_importing.content_of(options["file"]), rounds.asked_in(selection.pk))
        _importing.warn(self, table.notices)
        with _importing.refusals():
            report = turns.import_nominations(
                round_id=selection.pk,
                rows=table.rows,
                actor=actor,
                problems=table.problems,
                dry_run=options["dry_run"],
            )
        _importing.tell(self, report)
