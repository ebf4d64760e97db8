"""A recount of everything from the rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from appraisal.boards.services import verification
from quotas.oversight.services import upkeep
from quotas.oversight.services.upkeep import Upkeep


class Command(BaseCommand):
    help = (
        "Recounts every list and allotment from the rows and checks the ledger's chain. One line per rule; exit "
        "status 1 when anything differs."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        lines = verification.run()
        for line in lines:
            verdict = _("一致") if line.holds else _("不一致")
            self.stdout.write(
                _("%(verdict)s  %(rule)s（核对 %(checked)s 项，差异 %(differences)s 处）")
                % {
                    "verdict": verdict,
                    "rule": line.label,
                    "checked": line.checked,
                    "differences": len(line.differences),
                }
            )
            for difference in line.detail.splitlines():
                self.stdout.write(f"    {difference}")
            for remark in line.remarks:
                self.stdout.write(_("    说明：%(remark)s") % {"remark": remark})
        wrong = sum(1 for line in lines if not line.holds)
        # The one row that it writes; all else is read.
        upkeep.record(Upkeep.VERIFY, wrong=wrong)
        if wrong:
            raise CommandError(_("有 %(number)s 项规则核对不一致。") % {"number": wrong})
