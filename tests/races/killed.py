"""An act that dies: in a process of its own, which kills itself after so many statements of the act.

Imported by the server that forks these processes before anything else, so that each of them starts with the
application ready and without a connection of anybody else.
"""

import os
import signal
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.db import connection, transaction  # noqa: E402 -- the application has to be ready first

from appraisal.namings.services import namings  # noqa: E402
from appraisal.slates.services import slates  # noqa: E402
from quotas.base import clock  # noqa: E402
from quotas.rounds.services import allotments  # noqa: E402
from quotas.tree.models import User  # noqa: E402
from workflows import turns  # noqa: E402


def submit(actor: User, *, task: int, slate: int, version: int) -> None:
    turns.perform(task, actor, slates.submit, slate_id=slate, version=version, actor=actor)


def remove_entry(actor: User, *, slate: int, version: int, nomination: int) -> None:
    slates.remove_entry(slate_id=slate, version=version, nomination_id=nomination, actor=actor, reason="放弃")


def withdraw(actor: User, *, nomination: int) -> None:
    turns.withdraw(nomination_id=nomination, actor=actor, reason="放弃")


def send_up(actor: User, *, task: int, slate: int, version: int) -> None:
    turns.perform(task, actor, slates.send_up, slate_id=slate, actor=actor, version=version)


def decide_naming(actor: User, *, task: int, slate: int, version: int) -> None:
    turns.perform(
        task,
        actor,
        namings.decide,
        slate_id=slate,
        actor=actor,
        version=version,
        title="关于命名的决定",
        document_number="苏工发〔2026〕1号",
        decided_on=date(2026, 5, 1),
    )


def hand_down(actor: User, *, round_award: int, parent: int, places: dict[int, int]) -> None:
    allotments.hand_down(
        round_award_id=round_award, parent_id=parent, places_by_body=places, actor=actor, reason="调整"
    )


def close_round(actor: User, *, round_: int) -> None:
    turns.close_round(round_id=round_, actor=actor)


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act
    for act in (submit, remove_entry, withdraw, send_up, decide_naming, hand_down, close_round)
}


BEFORE_COMMIT, AFTER_ALL = -1, 0
"""Instead of the number of a statement: the whole act and no commit, the whole act and its commit."""


def run(
    database: str, moment: datetime, act: str, actor: int, arguments: dict[str, Any], after: int, said: Any
) -> None:
    """Carry out the act and die by SIGKILL after statement number `after`.

    `said` is the writing end of a pipe: the number of statements, from a process that lived to the end of the act.
    """
    connection.settings_dict["NAME"] = database
    count = 0

    def counting(execute: Any, sql: str, params: Sequence[Any], many: bool, context: Any) -> Any:  # noqa: FBT001
        nonlocal count
        answer = execute(sql, params, many, context)
        count += 1
        if count == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    with clock.travel(moment):
        who = User.objects.get(pk=actor)
        with connection.execute_wrapper(counting):
            if after == BEFORE_COMMIT:
                transaction.atomic().__enter__()
            ACTS[act](who, **arguments)
    said.send(count)
    said.close()
    os.kill(os.getpid(), signal.SIGKILL)
