"""Where a page's shell needs more than one floor."""

from typing import Any

from django.http import HttpRequest

from appraisal.records.models import Employer
from quotas import context_processors


def shell(request: HttpRequest) -> dict[str, Any]:
    """The shell of the plan; people of a unit see the deadlines that hold for the bodies of their unit."""
    return context_processors.shell(request, lambda: Employer.objects.bodies_of(request.user))
