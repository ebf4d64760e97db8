"""Which files of the installed packages are handed out."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import AppDirectoriesFinder

# viewflow carries 49 MB of its own user interface, none of which our pages use.
UNUSED = frozenset({"viewflow", "viewflow.workflow"})


class UsedAppsFinder(AppDirectoriesFinder):
    """The `static` directories of the installed apps, without those whose pages we do not show."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        names = app_names or [config.name for config in apps.get_app_configs()]
        super().__init__([name for name in names if name not in UNUSED], *args, **kwargs)
