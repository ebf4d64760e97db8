"""Bring every token to where the domain says."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from workflows import turns


class Command(BaseCommand):
    help = "Compare every nomination and slate with its token and move the tokens that stand elsewhere."

    def handle(self, *_args: Any, **_options: Any) -> None:
        repairs = turns.reconcile()
        for repair in repairs:
            self.stdout.write(
                _("%(subject)s：原在 %(found)s，现在 %(placed)s")
                % {
                    "subject": repair.subject,
                    "found": _("、").join(repair.found) or "-",
                    "placed": repair.placed or "-",
                }
            )
        self.stdout.write(_("已修复 %(number)s 处。") % {"number": len(repairs)})
