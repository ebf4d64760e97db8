"""What pages know of the person who looks at them: posts, and the timetable as it holds for the person's bodies.

It comes with the one statement of `quotas.tree.reader`, and is for pages alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quotas.base.states import STAGE_OF_LEVEL, Level, Role, RoundState, Stage
from quotas.rounds.models import Extension, StageWindow
from quotas.tree import reader
from quotas.tree.models import Post, User
from quotas.tree.reader import reader_of


def register() -> None:
    """Posts, the windows of the open rounds, and what was extended in them, for every request."""
    reader.register(
        "post",
        Post.objects.held_by,
        word="role",
        key="body__path",
        name="body__name",
        short_name="body__short_name",
        level="body__level",
        number="pk",
        body="body_id",
    )
    reader.register(
        "window",
        lambda _user: StageWindow.objects.filter(round__state=RoundState.OPEN),
        word="stage",
        name="round__name",
        number="round_id",
        other="round__year",
        opens_at="opens_at",
        due_at="due_at",
    )
    reader.register(
        "extension",
        lambda _user: Extension.objects.filter(round__state=RoundState.OPEN),
        word="stage",
        number="round_id",
        body="body_id",
        due_at="due_at",
    )


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post that the reader holds: the role, and at which body."""

    role: Role
    body_id: int
    body_name: str
    body_short_name: str
    level: Level

    @property
    def stage(self) -> Stage:
        """The stage at which its body acts."""
        return STAGE_OF_LEVEL[self.level]

    def __str__(self) -> str:
        return f"{self.body_short_name} {self.role.label}"


def posts_of(user: User) -> list[KnownPost]:
    """The posts that the reader holds, from the province down."""
    return reader_of(user).kept("posts", lambda: _posts(user))


def _posts(user: User) -> list[KnownPost]:
    facts = sorted(reader_of(user).facts("post"), key=lambda fact: (fact.key, fact.number))
    return [
        KnownPost(
            Role(fact.word or ""),
            fact.body or 0,
            fact.name or "",
            fact.short_name or "",
            Level(fact.level or ""),
        )
        for fact in facts
    ]


@dataclass(frozen=True, slots=True)
class RunningWindow:
    """A window of an open round; `holds_until` is when it closes for the bodies that were asked for."""

    round_id: int
    round_name: str
    stage: Stage
    opens_at: datetime
    due_at: datetime
    holds_until: datetime


def windows_of(user: User, body_ids: Iterable[int]) -> list[RunningWindow]:
    """The windows of the open rounds as they hold for these bodies, the newest round first, in the order they are due."""
    bodies = frozenset(body_ids)
    extended: dict[tuple[int | None, str | None], datetime] = {}
    for fact in reader_of(user).facts("extension"):
        if fact.body in bodies and fact.due_at is not None:
            at = fact.number, fact.word
            extended[at] = max(fact.due_at, extended.get(at, fact.due_at))
    found = [
        (
            fact.other or 0,
            RunningWindow(
                fact.number or 0,
                fact.name or "",
                Stage(fact.word or ""),
                fact.opens_at,
                fact.due_at,
                extended.get((fact.number, fact.word), fact.due_at),
            ),
        )
        for fact in reader_of(user).facts("window")
        if fact.opens_at is not None and fact.due_at is not None
    ]
    found.sort(key=lambda pair: (-pair[0], -pair[1].round_id, pair[1].due_at))
    return [window for _year, window in found]
