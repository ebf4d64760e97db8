"""manage.py note_backup"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from quotas.oversight.services import upkeep
from quotas.oversight.services.upkeep import Upkeep


class Command(BaseCommand):
    help = "Record that a backup has ended, as the last step of the script that makes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--failed", action="store_true", help="it could not be made")

    def handle(self, *_args: Any, **options: Any) -> None:
        upkeep.record(Upkeep.BACK_UP, wrong=int(options["failed"]))
        self.stdout.write("noted")
