"""Files for an application, several at a time."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal.nominations.services.evidence import ENDINGS, FILE_TYPES, MEGABYTE, MOST_BYTES
from appraisal.records.states import EvidenceKind
from quotas.editions.asked import AskedField

_FIELD = "field-"
"""Before the key of a field, among the kinds to choose from."""


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; the cleaned value is a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class EvidenceForm(forms.Form):
    """What the files prove, and the files. What a file is, the service reads from its bytes."""

    kind = forms.ChoiceField(label=_("材料类别"), choices=EvidenceKind.choices)
    file = FilesField(
        label=_("文件"),
        widget=_FilesInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[EvidenceKind] = (),
        asked: Iterable[AskedField] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # Told here and not above, so that it is told in the reader's language.
        self.fields["file"].help_text = gettext(
            "%(types)s，每个文件不超过 %(megabytes)s MB，可一次选择多个。"
        ) % {
            "types": gettext("、").join(kind.label for kind in FILE_TYPES),
            "megabytes": MOST_BYTES // MEGABYTE,
        }
        first = [kind.value for kind in kinds]
        # The kinds that are asked for come first, so that the right one is chosen without looking for it.
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            *((f"{_FIELD}{field.key}", gettext(field.label)) for field in asked),
            *sorted(
                EvidenceKind.choices,
                key=lambda choice: first.index(choice[0]) if choice[0] in first else len(first),
            ),
        ]

    @property
    def proves(self) -> tuple[EvidenceKind, str]:
        """Of which kind the files are, and the field of the edition that asks for them, if any."""
        chosen = str(self.cleaned_data["kind"])
        if chosen.startswith(_FIELD):
            return EvidenceKind.OTHER, chosen.removeprefix(_FIELD)
        return EvidenceKind(chosen), ""

    @property
    def uploads(self) -> list[UploadedFile[Any]]:
        """The chosen files, in the order in which they were chosen."""
        return list(self.cleaned_data["file"])
