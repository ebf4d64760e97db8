"""Forms of the import page: the workbook, and the confirmation of one that was checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal.imports.services.uploads import ImportKind
from quotas.rounds.models import Round


class _RoundForm(forms.Form):
    """Nominations belong to a round; units do not."""

    round = forms.ModelChoiceField(label=_("评选周期"), queryset=Round.objects.none(), empty_label=None)

    def __init__(self, kind: ImportKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is ImportKind.NOMINATIONS:
            self.fields["round"].queryset = Round.objects.open()  # type: ignore[attr-defined]
        else:
            del self.fields["round"]

    @property
    def round_id(self) -> int | None:
        """The number of the chosen round, where there is one to choose."""
        chosen = self.cleaned_data.get("round")
        return chosen.pk if chosen else None


class UploadForm(_RoundForm):
    """A workbook to be checked. What it really is, the reader finds out."""

    file = forms.FileField(
        label=_("工作簿"),
        allow_empty_file=True,
        help_text=_("Excel 工作簿（.xlsx），不超过 10 MB、2,500 行。上传后先检查，确认后才导入。"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )


class ConfirmForm(_RoundForm):
    """The confirmation of the workbook with this digest."""

    digest = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "round" in self.fields:
            self.fields["round"].widget = forms.HiddenInput()
