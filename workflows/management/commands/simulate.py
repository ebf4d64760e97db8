"""manage.py simulate"""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quotas.editions.models import Award
from quotas.editions.services import catalogue
from workflows.simulation import run

USUAL_AWARDS = ("model_home", "pioneer_team", "demonstration_unit")
"""The three awards of the campaign 三创争两提升 (苏组通〔2019〕65号)."""
EVERY_AWARD = "all"
"""Instead of a code: every award of the catalogue."""
_BAR = 30


class Command(BaseCommand):
    help = (
        "Play a whole round through the real services and flows, from application to naming, for every county; "
        "write the workbooks of all lists and report.json. Exits 1 when a rule was broken, when an award names nobody, "
        "or when a final list leaves places empty that could be filled."
    )

    _shown = ("", -1)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--nominations", type=int, required=True, help="how many applications")
        parser.add_argument("--seed", type=int, required=True, help="the same seed gives the same workbooks")
        parser.add_argument("--out", type=Path, required=True, help="folder for workbooks and report.json")
        parser.add_argument(
            "--award",
            action="append",
            default=[],
            help=f"award code, may be repeated; {EVERY_AWARD!r} for all",
        )
        parser.add_argument(
            "--parts",
            action="store_true",
            help="hand shares down in parts, minima and ceilings, so that the lists together keep them; otherwise each by itself",
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=min(os.cpu_count() or 1, 4),
            help="on PostgreSQL, how many areas are played side by side",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["nominations"] < 1:
            raise CommandError("--nominations must be at least 1")
        catalogue.load()
        known = list(Award.objects.order_by("order").values_list("code", flat=True))
        wanted = options["award"] or list(USUAL_AWARDS)
        if EVERY_AWARD in wanted:
            wanted = known
        unknown = set(wanted) - set(known)
        if unknown:
            raise CommandError(f"no such award: {', '.join(sorted(unknown))}")
        result = run.run(
            nominations=options["nominations"],
            seed=options["seed"],
            out=options["out"],
            awards=wanted,
            processes=max(1, options["processes"]),
            progress=self._progress,
            parts=options["parts"],
        )
        self.stderr.write("")
        for code, figures in result.report["awards"].items():
            non_public, total = figures["share"]
            self.stdout.write(
                f"{code}: {figures['applied']} applied, {figures['admitted']} admitted, {figures['slates']} lists, "
                f"{figures['refused_slates']} refused, {figures['named']} named, {non_public}/{total} non-public"
            )
        self.stdout.write(f"{result.report['transitions']} transitions in {result.report['seconds']} s")
        if result.broken:
            for line in result.broken:
                self.stderr.write(line)
            sys.exit(1)

    def _progress(self, phase: str, done: int, total: int) -> None:
        filled = _BAR * done // max(total, 1)
        if (phase, filled) == self._shown:
            return
        self._shown = (phase, filled)
        self.stderr.write(f"\r{phase} [{'#' * filled}{'.' * (_BAR - filled)}] {done}/{total}  ", ending="")
        self.stderr.flush()
