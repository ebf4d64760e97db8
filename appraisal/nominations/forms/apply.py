"""The first step of an application: award, channel, and what identifies the nominee."""

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.nominations.forms.nominations import NOMINEE_LABELS
from appraisal.nominations.services.nominations import NominationFields
from appraisal.nominations.services.prospects import Prospect
from quotas.base.outside import CodeField, LineField
from quotas.base.states import NomineeKind


class ApplyForm(forms.Form):
    """
    What makes a draft of one prospect. The same `form_key` makes the same draft, however often it is sent.

    A unit is identified by its register; a team and a party organisation by name, a person by the identity card too.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    nominee_name = LineField(max_length=120)
    identity_number = CodeField(label=_("居民身份证号"), help_text=_("用于防止重复推荐，不会公示。"))

    use_required_attribute = False

    def __init__(self, prospect: Prospect, data: Any = None) -> None:
        super().__init__(data, prefix=f"a{prospect.code}", initial={"form_key": uuid4()})
        kind = prospect.round_award.award.nominee_kind
        self.fields["nominee_name"].label = NOMINEE_LABELS[kind]
        if kind == NomineeKind.UNIT:
            del self.fields["nominee_name"]
        if kind != NomineeKind.PERSON:
            del self.fields["identity_number"]

    @property
    def key(self) -> UUID:
        """What makes sending it twice harmless."""
        key: UUID = self.cleaned_data["form_key"]
        return key

    @property
    def values(self) -> NominationFields:
        """What the service takes of the nominee."""
        return cast(
            "NominationFields",
            {name: value for name, value in self.cleaned_data.items() if name != "form_key"},
        )
