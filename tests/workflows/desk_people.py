"""Nominations on desks and whoever opens their pages."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from appraisal.records.models import Nomination
from appraisal.records.states import NominationState
from quotas.tree.models import User
from tests.workflows.house import House, open_task
from workflows.querysets import of_nomination


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def in_review(house: House, desk: str = "county", **fields: Any) -> Nomination:
    """A nomination which the offices of a body have still to review."""
    return house.lying(NominationState.IN_REVIEW, "county", desk=desk, **fields)


def review_task(nomination: Nomination, node: str = "county_union") -> Any:
    """The open task of an office."""
    return open_task(of_nomination(nomination.pk), node)


def page_of(task: Any) -> str:
    """The address of a task's page."""
    return reverse("workflows:task", args=[task.pk])


def inbox(**query: Any) -> str:
    """The address of the inbox with these filters."""
    return f"{reverse('workflows:inbox')}?{urlencode(query, doseq=True)}"


def due(house: House, at: datetime, **fields: Any) -> Nomination:
    """As `in_review`, due at this moment."""
    return in_review(house, due_at=at, **fields)
