"""What falls due by itself."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from quotas.base.wording import sentences
from quotas.people.services import kept_forms
from workflows import turns


class Command(BaseCommand):
    help = (
        "Do what falls due by itself: close the notices whose last day is over, give back the tasks of people whose "
        "post has ended, open the lists of places that were given after the opening. Run it every few minutes."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        closings = turns.close_due_notices()
        for closing in closings:
            if closing.refusal is not None:
                said = " ".join(map(str, sentences(closing.refusal)))
                self.stderr.write(f"slate:{closing.slate_id} {said}")
        closed = sum(1 for closing in closings if closing.refusal is None)
        self.stdout.write(_("已结束公示 %(number)s 份。") % {"number": closed})
        kept_forms.drop_old()
        if released := turns.release_abandoned():
            self.stdout.write(_("已放回离岗人员领取的待办 %(number)s 件。") % {"number": released})
        if opened := turns.open_late_slates():
            self.stdout.write(_("已为新增名额建立推荐名单 %(number)s 份。") % {"number": len(opened)})
