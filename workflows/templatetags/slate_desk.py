"""What a person has to do for a list now, so that its page of a lower floor need not know tasks or their addresses."""

from typing import Any

from django import template
from django.urls import reverse

from workflows.inbox import desk

register = template.Library()


@register.simple_tag
def open_tasks_of_slate(slate: Any, user: Any) -> list[dict[str, Any]]:
    """`{% open_tasks_of_slate slate user as tasks %}`: title and address of each open task of the user."""
    return [
        {"title": task.flow_task.task_title, "url": reverse("workflows:task", args=[task.pk])}
        for task in desk.open_tasks_of_slate(slate_id=slate.pk, user=user)
    ]
