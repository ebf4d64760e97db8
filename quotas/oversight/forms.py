"""How the page of the ledger is narrowed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quotas.base.clock import SHANGHAI
from quotas.base.outside import LineField
from quotas.ledger.tellings import streams


class LedgerFilter(forms.Form):
    """What to show of the ledger. Every field may be empty."""

    q = LineField(
        label=_("查找"),
        required=False,
        max_length=60,
        help_text=_("姓名、单位、推荐对象、申报编号或理由中的字句。"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    act = forms.ChoiceField(label=_("行为"), required=False)
    kind = LineField(required=False, max_length=20, widget=forms.HiddenInput)
    stream = LineField(required=False, max_length=60, widget=forms.HiddenInput)
    since = forms.DateField(
        label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act: Any = self.fields["act"]
        act.choices = [
            ("", _("全部")),
            *(
                (words.name, [(f"{kind}/{code}", name) for code, name in words.acts.items()])
                for kind, words in streams().items()
                if words.acts
            ),
        ]

    def chosen(self) -> dict[str, Any]:
        """The choices, as arguments of `LedgerQuerySet.told`; an invalid field counts as empty."""
        self.is_valid()
        chosen = self.cleaned_data
        kind, _slash, act = chosen.get("act", "").partition("/")
        kind = kind or chosen.get("kind", "")
        since, until = chosen.get("since"), chosen.get("until")
        return {
            "kind": kind,
            "act": act,
            "stream": chosen.get("stream", ""),
            "words": chosen.get("q", ""),
            "since": since and datetime.combine(since, time.min, SHANGHAI),
            "until": until and datetime.combine(until + timedelta(days=1), time.min, SHANGHAI),
        }
