"""A number by a date: how it stands on a day. A target is shown and never a gate."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Standing = Literal["reached", "reached_late", "running", "overdue"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are now, and how many of them were there by the target's day."""

    now: int = 0
    in_time: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.now + other.now, self.in_time + other.in_time)


def standing(number: int, due_on: date, tally: Tally, today: date) -> Standing:
    """How a target of `number` by the end of `due_on` stands today. The day itself is still in time."""
    if tally.in_time >= number:
        return "reached"
    if today <= due_on:
        return "running"
    return "reached_late" if tally.now >= number else "overdue"
