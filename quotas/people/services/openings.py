"""Accounts by the hundred: opened in a fixed number of statements, all problems at once.

Whether the person may is asked by the service that knows why the accounts are opened.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from quotas.base import clock, text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.ledger.services import ledger
from quotas.people.refusals import UsernameTaken
from quotas.people.services import accounts, one_time
from quotas.people.services.accounts import Issued
from quotas.tree.models import User

CHUNK = 500
"""Values in one IN list: SQLite takes no long ones."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An account to be opened at a body. `halved`: only the first half of its password is given out for now."""

    username: str
    name: str
    body_id: int
    email: str = ""
    phone: str = ""
    halved: bool = False

    def tidied(self) -> "Opening":
        """As it is stored."""
        return Opening(
            text.line(self.username),
            text.name(self.name),
            self.body_id,
            text.line(self.email),
            text.telephone(self.phone),
            self.halved,
        )


def by_login(usernames: Iterable[str]) -> dict[str, User]:
    """The accounts with these login names, by `text.login`. One statement for every CHUNK."""
    wanted = sorted({text.login(username) for username in usernames})
    return {
        text.login(user.username): user
        for start in range(0, len(wanted), CHUNK)
        for user in User.objects.of_login(wanted[start : start + CHUNK])
    }


@transaction.atomic
def open_many(*, openings: Sequence[Opening], actor: User | None) -> list[Issued | InvalidInput]:
    """
    Open the accounts that can be opened; in the order given each with its password, or what is wrong with it.

    Every login name stands once among them. They are written in the order of their names, so that two who open the
    same ones at the same time wait for each other and never crosswise; who comes second finds them taken.
    """
    wanted = [opening.tidied() for opening in openings]
    taken = by_login(opening.username for opening in wanted)
    refused = {
        place: InvalidInput(*problems)
        for place, opening in enumerate(wanted)
        if (problems := _problems(opening, taken))
    }
    made = _write_new({place: _made(each) for place, each in enumerate(wanted) if place not in refused})
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                accounts.stream(issued.user.pk),
                "create_account",
                actor,
                wanted[place].body_id,
                after={
                    "username": issued.user.username,
                    "name": issued.user.name,
                    "active": issued.user.is_active,
                },
            )
            for place, issued in made.items()
        ]
    )
    return [
        refused.get(place) or made.get(place) or InvalidInput(_taken(opening))
        for place, opening in enumerate(wanted)
    ]


def _problems(opening: Opening, taken: Collection[str]) -> list[FieldProblem]:
    problems = accounts.malformed(opening.username, opening.name, opening.email, opening.phone)
    if text.login(opening.username) in taken:
        problems.append(_taken(opening))
    return problems


def _write_new(made: Mapping[int, Issued]) -> dict[int, Issued]:
    """Write the accounts, in the order of their login names, but for those whose names somebody took meanwhile."""
    left = dict(sorted(made.items(), key=lambda each: text.login(each[1].user.username)))
    while left:
        try:
            with transaction.atomic():
                User.objects.bulk_create([issued.user for issued in left.values()], batch_size=CHUNK)
        except IntegrityError:
            faster = by_login(issued.user.username for issued in left.values())
            if not faster:
                raise
            for issued in left.values():
                issued.user.pk = None
            left = {
                place: issued
                for place, issued in left.items()
                if text.login(issued.user.username) not in faster
            }
        else:
            break
    return left


def _made(opening: Opening) -> Issued:
    """The account with its password, not written yet."""
    password = one_time.first_half() if opening.halved else one_time.whole()
    user = User(
        username=opening.username,
        name=opening.name,
        email=opening.email,
        phone=opening.phone,
        password=password.encoded,
        must_change_password=True,
        date_joined=clock.now(),
    )
    return Issued(user, password.text)


def _taken(opening: Opening) -> FieldProblem:
    return UsernameTaken("username", username=opening.username)
