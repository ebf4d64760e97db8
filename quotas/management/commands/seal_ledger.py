"""manage.py seal_ledger"""

from typing import Any

from django.core.management.base import BaseCommand

from quotas.ledger.services import ledger


class Command(BaseCommand):
    help = (
        "Bind all ledger rows written so far into a seal, and print its digest, to be kept elsewhere as well."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        sealed = ledger.seal()
        if sealed is None:
            self.stdout.write("the ledger is empty")
        else:
            self.stdout.write(f"{sealed.at.isoformat()} {sealed.entries} rows {sealed.digest}")
