"""How lists are narrowed by the address. A filter only ever narrows what the person may see."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from appraisal.records.models import Employer, Nomination, Slate
from appraisal.records.states import Control, NominationState, SlateState
from quotas.base import outside
from quotas.base.outside import LineField
from quotas.base.states import Stage
from quotas.editions.models import Award
from quotas.tree.models import Body


class LineFilter(django_filters.CharFilter):  # type: ignore[misc]  # untyped library
    """One line from the address, as every other."""

    field_class = LineField


WITH_LISTS = [choice for choice in Stage.choices if choice[0] != Stage.UNIT]
"""The stages that have lists."""

YES_NO = (("yes", _("是")), ("no", _("否")))


class ChoicesFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped library
    """Any of several values of a column. A row has one, so nothing has to be sorted to leave out what came twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class NominationFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Award, state, stage, area, ownership, and what number, nominee or unit holds."""

    award = LineFilter(method="of_award")
    status = ChoicesFilter(choices=NominationState.choices)
    stage = ChoicesFilter(choices=Stage.choices)
    body = LineFilter(method="in_area")
    non_public = django_filters.ChoiceFilter(choices=YES_NO, method="by_ownership")
    q = LineFilter(method="search")

    class Meta:
        model = Nomination
        fields: list[str] = []

    def of_award(self, rows: QuerySet[Any], name: str, _value: str) -> QuerySet[Any]:
        """One of the awards, by their codes."""
        return rows.filter(round_award__award__code__in=outside.words(self.data, name))

    def in_area(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Nominations of a body and the bodies under it, by the body's code."""
        return rows.filter(Q(body__code=value) | Q(body__parent__code=value))

    def by_ownership(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Nominations by their ownership, as frozen at submission."""
        return rows.filter(non_public=value == "yes")

    def search(self, rows: Any, _name: str, value: str) -> Any:
        """By what is held anywhere."""
        return rows.holding(value)


class SlateFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Award, state, stage, and what the name of the body holds."""

    award = LineFilter(method="of_award")
    state = ChoicesFilter(choices=SlateState.choices)
    stage = ChoicesFilter(choices=WITH_LISTS)
    q = LineFilter(method="search")

    class Meta:
        model = Slate
        fields: list[str] = []

    of_award = NominationFilter.of_award

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """By what the name of the body holds."""
        return rows.filter(body__in=Body.objects.holding(value))


class EmployerFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Area, verified or not, control, and what name or credit code holds."""

    body = LineFilter(method="in_area")
    verified = django_filters.ChoiceFilter(choices=YES_NO, method="by_verification")
    control = ChoicesFilter(choices=Control.choices, field_name="verified_control")
    q = LineFilter(method="search")

    class Meta:
        model = Employer
        fields: list[str] = []

    def in_area(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Units of a body and the bodies under it, by the body's code, over either channel."""
        return rows.filter(Q(body__code=value) | Q(body__parent__code=value) | Q(industry_body__code=value))

    def by_verification(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Whether an official has decided who controls it."""
        unknown = Q(verified_control=Control.UNKNOWN)
        return rows.filter(~unknown if value == "yes" else unknown)

    def search(self, rows: Any, _name: str, value: str) -> Any:
        """By what is held anywhere."""
        return rows.holding(value)


def options(choices: Any) -> list[dict[str, Any]]:
    """Choices as chips."""
    return [{"value": value, "label": label} for value, label in choices]


def award_options() -> list[dict[str, Any]]:
    """The awards that take part in some round, as chips. One statement."""
    return [{"value": award.code, "label": award.short_name} for award in Award.objects.in_rounds()]


def body_options(user: Any) -> list[dict[str, Any]]:
    """The bodies under those of the user, as chips. One statement."""
    return [{"value": body.code, "label": body.short_name} for body in Body.objects.just_below(user)]
