"""Accounts by the hundred: opened in a fixed number of statements, all problems at once.

Whether the person may is asked by the service that knows why the accounts are opened.
"""

from collections.abc import Iterable, Sequence
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
    answers: dict[int, Issued | InvalidInput] = {}
    taken = set(by_login(opening.username for opening in wanted))
    for place, opening in enumerate(wanted):
        problems = accounts.malformed(opening.username, opening.name, opening.email, opening.phone)
        if text.login(opening.username) in taken:
            problems.append(_taken(opening))
        if problems:
            answers[place] = InvalidInput(*problems)
    to_write = sorted(
        set(range(len(wanted))) - answers.keys(), key=lambda place: text.login(wanted[place].username)
    )
    while to_write:
        made = {place: _made(wanted[place]) for place in to_write}
        try:
            with transaction.atomic():
                User.objects.bulk_create([user for user, _password in made.values()], batch_size=CHUNK)
        except IntegrityError:
            taken = set(by_login(wanted[place].username for place in to_write))
            lost = [place for place in to_write if text.login(wanted[place].username) in taken]
            if not lost:
                raise
            for place in lost:
                answers[place] = InvalidInput(_taken(wanted[place]))
            to_write = [place for place in to_write if place not in answers]
        else:
            ledger.append_many(
                rows=[
                    ledger.LedgerDraft(
                        accounts.stream(user.pk),
                        "create_account",
                        actor,
                        wanted[place].body_id,
                        after={"username": user.username, "name": user.name, "active": user.is_active},
                    )
                    for place, (user, _password) in made.items()
                ]
            )
            answers |= {place: Issued(user, password) for place, (user, password) in made.items()}
            break
    return [answers[place] for place in range(len(wanted))]


def _made(opening: Opening) -> tuple[User, str]:
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
    return user, password.text


def _taken(opening: Opening) -> FieldProblem:
    return UsernameTaken("username", username=opening.username)
