"""Forms of places: what may be typed. What is allowed, the services say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quotas.base.fields import LabelsField
from quotas.base.outside import BlockField, LineField, WholeField
from quotas.base.states import Sense
from quotas.editions.label_words import facet_word
from quotas.editions.services import honours
from quotas.editions.services.fields import Offer
from quotas.rounds.services.separates import MOST as MOST_LINES
from quotas.rounds.services.slots import MOST
from quotas.selection.labels import HELD, chosen, taken_apart
from quotas.selection.plan import WHOLE_LIST, Rule, SeparateLine, Slot

SPARE = 2
"""So many empty rows stand ready for more slots."""


class SetPlacesForm(forms.Form):
    """Places of one body for one award, its part of each rule that has parts, and a row of fields for each slot.

    The rows of slots are numbered by their keys: "slot_1_name". A row in which nothing is filled in is none.
    """

    plan = LineField(widget=forms.HiddenInput, max_length=64)
    places = WholeField(label=_("名额"), min_value=0)
    reserve_places = WholeField(label=_("后备名额"), min_value=0, initial=0)
    reason = BlockField(
        label=_("理由"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评选进行中调整名额必须写明理由，记入台账。"),
    )

    def __init__(
        self,
        *args: Any,
        parted: Sequence[Rule] = (),
        slots: Sequence[Slot] = (),
        offers: Sequence[Offer] = (),
        separate: Sequence[SeparateLine] = (),
        owners: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {f"part_{rule.code}": rule for rule in parted}
        for name, rule in self.parts.items():
            words = {"rule": rule.label, "sense": Sense(rule.sense).label}
            self.fields[name] = WholeField(
                label=_("“%(rule)s”本单位%(sense)s") % words,
                min_value=0,
                required=False,
                help_text=_("本单位在整体中的分解数；不填，名单自身达到占比。")
                if rule.sense == "max"
                else _("本单位在整体中的分解数；填 0 即不作要求，不填，名单自身达到占比。"),
            )
        there = {slot.key: slot.name for slot in slots}
        spare = [key for key in map(str, range(1, MOST + 1)) if key not in there]
        self.keys = [*there, *spare[: max(min(SPARE, MOST - len(there)), 0)]]
        rows = {
            key: there.get(key) or _("第 %(number)s 项") % {"number": number}
            for number, key in enumerate(self.keys, 1)
        }
        labels = [*((offer.word, offer.labels) for offer in offers), (facet_word(HELD), honours.offered())]
        for key in self.keys:
            others = [
                (other, _("%(name)s之内") % {"name": name}) for other, name in rows.items() if other != key
            ]
            for name, made in self._slot_fields(labels, others).items():
                self.fields[f"slot_{key}_{name}"] = made
        known = [line.key for line in separate]
        unused = [key for key in (f"s{number}" for number in range(1, MOST_LINES + 1)) if key not in known]
        self.separate_keys = [*known, *unused[: max(min(SPARE, MOST_LINES - len(known)), 0)]]
        for key in self.separate_keys:
            for name, made in self._separate_fields([(body.pk, body.name) for body in owners]).items():
                self.fields[f"separate_{key}_{name}"] = made
        self.order_fields(["places", *self.parts, "reserve_places"])

    @staticmethod
    def _separate_fields(owners: list[tuple[int, str]]) -> dict[str, forms.Field]:
        return {
            "purpose": LineField(label=_("用途"), max_length=60, required=False),
            "places": WholeField(label=_("名额"), min_value=0, required=False),
            "owner": forms.TypedChoiceField(
                label=_("由谁决定"), coerce=int, choices=owners, required=False, empty_value=None
            ),
            "drop": forms.BooleanField(label=_("删除这一项"), required=False),
        }

    @staticmethod
    def _slot_fields(labels: Any, others: list[tuple[str, Any]]) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {
            "name": LineField(label=_("名称"), max_length=60, required=False),
            "places": WholeField(label=_("名额"), min_value=0, required=False),
            "within": forms.ChoiceField(
                label=_("其中"),
                required=False,
                choices=[
                    ("", _("单独一类，与其他各项互不占用")),
                    (WHOLE_LIST, _("全体之中，可与其他各项重合")),
                    *others,
                ],
            ),
            "kind": LabelsField(label=_("对象"), required=False, choices=labels),
            "kind_not": LabelsField(label=_("对象中除去"), required=False, choices=labels),
            "drop": forms.BooleanField(label=_("删除这一项"), required=False),
        }
        return found

    @staticmethod
    def initial_of(
        slots: Iterable[Slot], parts: Mapping[str, int], separate: Iterable[SeparateLine] = ()
    ) -> dict[str, Any]:
        """Slots, parts and separate places as they stand, as the form takes them."""
        found: dict[str, Any] = {f"part_{code}": number for code, number in parts.items()}
        for slot in slots:
            kind = taken_apart(slot.kind)
            values = {
                "name": slot.name,
                "places": slot.places,
                "within": slot.within,
                "kind": kind.labels,
                "kind_not": kind.left_out,
            }
            found |= {f"slot_{slot.key}_{name}": value for name, value in values.items()}
        for line in separate:
            values = {"purpose": line.purpose, "places": line.places, "owner": line.owner_id}
            found |= {f"separate_{line.key}_{name}": value for name, value in values.items()}
        return found

    def clean(self) -> dict[str, Any]:
        """A slot says how many places it has."""
        given = super().clean() or self.cleaned_data
        for key in self.keys:
            if (
                self._is_filled(key)
                and given.get(f"slot_{key}_places") is None
                and f"slot_{key}_places" not in self.errors
            ):
                self.add_error(f"slot_{key}_places", _("请填写个数。"))
        for key in self.separate_keys:
            field = f"separate_{key}_places"
            if self._is_line(key) and given.get(field) is None and field not in self.errors:
                self.add_error(field, _("请填写个数。"))
        return given

    def _is_line(self, key: str) -> bool:
        values = self.cleaned_data
        filled = any(values.get(f"separate_{key}_{name}") not in (None, "") for name in ("purpose", "places"))
        return filled and not values.get(f"separate_{key}_drop")

    def separate_rows(self) -> list[dict[str, Any]]:
        """The fields of each line of separate places, for the page; spare rows are folded unless something is wrong."""
        return [
            {
                "fields": {name: self[f"separate_{key}_{name}"] for name in _SEPARATE},
                "name": self[f"separate_{key}_purpose"].value(),
                "open": any(self[f"separate_{key}_{name}"].errors for name in _SEPARATE),
            }
            for key in self.separate_keys
        ]

    def _is_filled(self, key: str) -> bool:
        values = self.cleaned_data
        if values.get(f"slot_{key}_drop"):
            return False
        # A number of 0 is one; what a slot lies in is chosen in every row.
        return any(
            values.get(f"slot_{key}_{name}") not in (None, "", [])
            for name in ("name", "places", "kind", "kind_not")
        )

    def slot_rows(self) -> list[dict[str, Any]]:
        """The fields of each slot, for the page; spare rows are folded unless something of them is wrong."""
        return [
            {
                "fields": {name: self[f"slot_{key}_{name}"] for name in _SLOT},
                "name": self[f"slot_{key}_name"].value(),
                "open": any(self[f"slot_{key}_{name}"].errors for name in _SLOT),
            }
            for key in self.keys
        ]

    def part_fields(self) -> list[Any]:
        """The fields of the parts."""
        return [self[name] for name in self.parts]

    def wanted(self) -> dict[str, Any]:
        """The cleaned values as `allotments.set_places` takes them."""
        values = self.cleaned_data
        return {
            "places": values["places"],
            "reserve_places": values["reserve_places"],
            "separate": [
                SeparateLine(
                    key,
                    values[f"separate_{key}_purpose"],
                    values[f"separate_{key}_places"],
                    owner_id=values[f"separate_{key}_owner"],
                )
                for key in self.separate_keys
                if self._is_line(key)
            ],
            "parts": {
                rule.code: values[name] for name, rule in self.parts.items() if values[name] is not None
            },
            "slots": [
                Slot(
                    chosen(values[f"slot_{key}_kind"], values[f"slot_{key}_kind_not"]),
                    values[f"slot_{key}_places"],
                    key,
                    values[f"slot_{key}_name"],
                    values[f"slot_{key}_within"],
                )
                for key in self.keys
                if self._is_filled(key)
            ],
            "reason": values["reason"],
            "plan": values["plan"],
        }


_SEPARATE = ("purpose", "places", "owner", "drop")
_SLOT = ("name", "places", "within", "kind", "kind_not", "drop")


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
