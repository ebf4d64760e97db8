"""Units from a workbook."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appraisal.imports.services import imports
from appraisal.imports.spreadsheets import read_employers
from appraisal.management import _importing


class Command(BaseCommand):
    help = (
        "Registers the units of a workbook: every row or none. All problems are listed at once with sheet, row and "
        "column; exit status 1 when there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        _importing.add_arguments(parser)

    def handle(self, *_args: object, **options: Any) -> None:
        actor = _importing.actor_of(options["actor"])
        table = read_employers(_importing.content_of(options["file"]))
        _importing.warn(self, table.notices)
        with _importing.refusals():
            report = imports.import_employers(
                rows=table.rows, actor=actor, problems=table.problems, dry_run=options["dry_run"]
            )
        _importing.tell(self, report)
