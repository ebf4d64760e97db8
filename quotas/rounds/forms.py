"""Forms of places: what may be typed. What is allowed, the services say."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quotas.base.outside import BlockField, LineField, WholeField
from quotas.base.wording import label_word


class SetPlacesForm(forms.Form):
    """Places of one body for one award; one more field for each kind ("ownership:non_public") that rules name."""

    plan = LineField(widget=forms.HiddenInput, max_length=64)
    places = WholeField(label=_("名额"), min_value=0)
    reserve_places = WholeField(label=_("后备名额"), min_value=0, initial=0)
    separate_places = WholeField(
        label=_("单列名额"), min_value=0, initial=0, help_text=_("单列名额不计入占比的基数。")
    )
    reason = BlockField(
        label=_("理由"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评选进行中调整名额必须写明理由，记入台账。"),
    )

    def __init__(self, *args: Any, labels: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = {f"typed_{number}": label for number, label in enumerate(labels)}
        for name, label in self.labels.items():
            self.fields[name] = WholeField(
                label=_("其中%(kind)s") % {"kind": label_word(label)},
                min_value=0,
                required=False,
                help_text=_(
                    "上述名额中只能用于这一类的个数；填 0 即本单位不作要求，不填即按占比规则核对名单。"
                ),
            )
        self.order_fields(["places", *self.labels, "reserve_places", "separate_places", "reason"])

    def wanted(self) -> dict[str, Any]:
        """The cleaned values as `allotments.set_places` takes them."""
        values = self.cleaned_data
        return {
            "places": values["places"],
            "reserve_places": values["reserve_places"],
            "separate_places": values["separate_places"],
            "typed": {label: values[name] for name, label in self.labels.items() if values[name] is not None},
            "reason": values["reason"],
            "plan": values["plan"],
        }


class HandDownForm(forms.Form):
    """Places of all bodies directly below one, "body_12" for each; an empty field leaves that body as it is."""

    plan = LineField(widget=forms.HiddenInput, max_length=64)
    reason = BlockField(
        label=_("理由"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评选进行中调整名额必须写明理由，记入台账。"),
    )

    def __init__(self, *args: Any, children: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {f"body_{body.pk}": body for body in children}
        for name, body in self.children.items():
            self.fields[name] = WholeField(label=body.name, min_value=0, max_value=100_000, required=False)
        self.order_fields([*self.children, "reason"])

    def places_by_body(self) -> dict[int, int]:
        """The cleaned numbers as `allotments.hand_down` takes them."""
        given = {body.pk: self.cleaned_data[name] for name, body in self.children.items()}
        return {pk: places for pk, places in given.items() if places is not None}
