"""manage.py create_admin"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from quotas.base.errors import DomainError
from quotas.base.states import Role
from quotas.base.wording import sentences
from quotas.bodies.services import bodies
from quotas.people.services import accounts, posts
from quotas.tree.models import Body

ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.STAFF)


class Command(BaseCommand):
    help = "Open the account of the first administrators of an installation, with a one-time password, and appoint it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True, help="login name")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--role", required=True, choices=[role.value for role in ROLES])
        parser.add_argument("--force", action="store_true", help="although somebody holds this post already")

    def handle(self, *_args: Any, **options: Any) -> None:
        role = Role(options["role"])
        try:
            with transaction.atomic():
                issued = self._open(role, options)
        except Body.DoesNotExist as error:
            raise CommandError("there is no province yet: run load_catalogue first") from error
        except DomainError as error:
            raise CommandError("\n".join(str(sentence) for sentence in sentences(error))) from error
        self.stdout.write(f"{issued.user.username} {role.label}")
        self.stdout.write(f"one-time password, to be changed on first sign-in: {issued.password}")

    @staticmethod
    def _open(role: Role, options: dict[str, Any]) -> accounts.Issued:
        province = bodies.province()
        if posts.is_filled(body_id=province.pk, role=role) and not options["force"]:
            raise CommandError(f"somebody is {role.value} already; --force appoints one more")
        issued = accounts.create(username=options["username"], name=options["name"], actor=None)
        posts.appoint(user_id=issued.user.pk, body_id=province.pk, role=role, actor=None)
        return issued
