"""Fields that several forms share."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from quotas.base import text
from quotas.base.outside import WholeField

_HUNDREDTHS = 100


class PointsField(forms.DecimalField):
    """A score, typed in points with at most two decimals, kept as an integer of hundredths of a point, `most` at most."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=Decimal(most) / _HUNDREDTHS, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or (isinstance(value, str) and text.is_blank(value)):
            return None
        points = text.number(value)
        if points is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return points

    def clean(self, value: Any) -> Any:
        points: Decimal | None = super().clean(value)
        return None if points is None else int(points * _HUNDREDTHS)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value // _HUNDREDTHS}.{value % _HUNDREDTHS:02d}"
        return value


class ShareField(forms.DecimalField):
    """A share, typed per cent with at most one decimal, kept as an integer of ‰."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=1, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or (isinstance(value, str) and text.is_blank(value)):
            return None
        # A sign typed after the figure says what the field means anyway.
        share = text.number(text.code(value).rstrip("%") if isinstance(value, str) else value)
        if share is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return share

    def clean(self, value: Any) -> Any:
        share: Decimal | None = super().clean(value)
        return None if share is None else int(share * 10)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value // 10}.{value % 10}".removesuffix(".0")
        return value


_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar or typed as 2026-11-20."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], **kwargs)
        self.validators = [
            MinValueValidator(date(_FIRST_YEAR, 1, 1), _("请核对年份。")),
            MaxValueValidator(date(_LAST_YEAR, 12, 31), _("请核对年份。")),
        ]


class CountField(WholeField):
    """A number of persons."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"


class LabelBoxes(forms.CheckboxSelectMultiple):
    """Labels to tick, a row for each facet."""

    template_name = "partials/forms/label_boxes.html"


class LabelsField(forms.MultipleChoiceField):
    """Any number of labels; of one facet they are alternatives, facets are required together."""

    widget = LabelBoxes


class VersionForm(forms.Form):
    """A form that says from which version of the row it was drawn."""

    version = WholeField(widget=forms.HiddenInput)
