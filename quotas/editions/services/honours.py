"""What somebody may have been named for before, as something to count: "held:model_home" is 曾获模范职工之家.

Names are remembered for a minute: another process says what an award was called before no longer than that.
"""

from collections.abc import Sequence

from django.utils.translation import gettext

from quotas.base.clock import Remembered
from quotas.editions.models import Award
from quotas.selection.labels import HELD, Label, group_of, label, value_of

_names = Remembered(lambda: Award.objects.values_list("code", "name"))


def word_of(name: str) -> str | None:
    """What a label of an award that was held is called, or their group; None for no such label.

    No statement as a rule, see `Remembered`.
    """
    if group_of(name) != HELD:
        return None
    code = value_of(name)
    if not code:
        return gettext("曾获荣誉")
    award = _names.get(code)
    return None if award is None else gettext("曾获%(award)s") % {"award": award}


def labels_of_facet(_facet: str) -> Sequence[str]:
    """None: who does not hold an award need not hold another."""
    return ()


def forget() -> None:
    """Read the names anew: awards are called otherwise."""
    _names.forget()


def offered() -> list[tuple[Label, str]]:
    """Every award of the catalogue as something held, in their order, with its words. One statement."""
    known = Award.objects.values_list("code", "name")
    return [(label(HELD, code), gettext("曾获%(award)s") % {"award": name}) for code, name in known]
