"""manage.py load_catalogue"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotas.base.errors import DomainError
from quotas.base.wording import sentences
from quotas.bodies.services import bodies, organs
from quotas.calendar.services import calendar
from quotas.editions.services import catalogue
from quotas.people.services import posts


class Command(BaseCommand):
    help = "Load bodies, posts, awards and the calendar of working days. Safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            loaded = bodies.load(rows=bodies.read())
            created = posts.create(bodies=loaded.values())
            organs.seed(bodies=loaded.values())
            awards = catalogue.load()
            days = calendar.seed(years=calendar.known_years())
        except DomainError as error:
            raise CommandError("\n".join(str(sentence) for sentence in sentences(error))) from error
        self.stdout.write(
            f"{len(loaded)} bodies, {len(created)} posts, {len(awards)} awards, {days} new days in the calendar"
        )
