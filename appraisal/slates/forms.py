"""What is sent from the pages of a slate: the draft of the workbench, a leader's decision, reasons, scores, the naming."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from appraisal.records import rules
from appraisal.records.states import EntryKind, Finding
from quotas.base import outside, text
from quotas.base.fields import DayField, PointsField, VersionForm
from quotas.base.outside import BlockField, LineField, WholeField

_LAST_RANK = 999_999
_LONGEST_LINE = 20

Entry = tuple[int, str, int]
"""An entry as services take it: the nomination, the kind, the rank within the kind."""


@dataclass(frozen=True)
class SlateDraft:
    """
    A slate as the workbench holds it between two requests: the page carries it whole, the server keeps nothing of it.

    Ranks are what the person typed; they may be wrong until the gate or the service says so.
    """

    entries: tuple[Entry, ...]
    lines: Mapping[int, str] = field(default_factory=dict)
    """Which line of separate places a nomination fills, as far as somebody has said."""

    @classmethod
    def of(cls, entries: Iterable[Entry], lines: Mapping[int, str] | None = None) -> Self:
        """The draft of these entries, by kind and rank."""
        order = {kind: place for place, kind in enumerate(EntryKind)}
        ranked = sorted(entries, key=lambda entry: (order[EntryKind(entry[1])], entry[2]))
        return cls(tuple(ranked), lines or {})

    def _of(self, entries: Iterable[Entry]) -> Self:
        return self.of(entries, self.lines)

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """
        The draft of a sent page: `entry` fields "number:kind", with `rank-number` beside each, and `line-number` where
        it is in a separate place.

        Raises BadRequest for input that our pages never send. A rank that is not a number becomes 0, which the gate
        refuses.
        """
        found = []
        lines = {}
        for sent in data.getlist("entry"):
            number, _colon, kind = sent.partition(":")
            if kind not in EntryKind.values:
                raise BadRequest
            rank = outside.row(text.code(data.get(f"rank-{number}", ""))) or 0
            found.append((outside.required_row(number), kind, min(rank, _LAST_RANK)))
            line = outside.word(data, f"line-{number}") or ""
            if line and kind == EntryKind.SEPARATE:
                lines[found[-1][0]] = line[:_LONGEST_LINE]
        return cls.of(found, lines)

    @property
    def numbers(self) -> frozenset[int]:
        """The nominations on the slate."""
        return frozenset(number for number, _kind, _rank in self.entries)

    def of_kind(self, kind: str) -> list[Entry]:
        """The entries of one kind by rank."""
        return [entry for entry in self.entries if entry[1] == kind]

    def put(self, number: int, kind: EntryKind) -> Self:
        """The nomination at the end of a kind, wherever it stood before."""
        rest = self.drop(number)
        last = max((rank for _n, _k, rank in rest.of_kind(kind)), default=0)
        return self._of([*rest.entries, (number, kind.value, last + 1)])

    def drop(self, number: int) -> Self:
        """The draft without the nomination; those behind it close up."""
        if number not in self.numbers:
            return self
        kind = next(entry[1] for entry in self.entries if entry[0] == number)
        rest = self._of(entry for entry in self.entries if entry[0] != number)
        return rest.renumber(kind)

    def move(self, number: int, step: int) -> Self:
        """The nomination `step` places up (−1) or down (1) in its kind; ranks of the kind run from 1 again."""
        kind = next((entry[1] for entry in self.entries if entry[0] == number), None)
        if kind is None:
            return self
        row = self.of_kind(kind)
        here = next(place for place, entry in enumerate(row) if entry[0] == number)
        there = min(max(here + step, 0), len(row) - 1)
        row.insert(there, row.pop(here))
        return self._with(kind, row)

    def renumber(self, kind: str) -> Self:
        """The ranks of a kind from 1, in the order in which they stand."""
        return self._with(kind, self.of_kind(kind))

    def ordered_by(self, order: list[int], kind: str) -> Self:
        """The kind in the order of these numbers, ranks from 1."""
        place = {number: here for here, number in enumerate(order)}
        return self._with(kind, sorted(self.of_kind(kind), key=lambda entry: place.get(entry[0], len(place))))

    def _with(self, kind: str, row: Iterable[Entry]) -> Self:
        others = [entry for entry in self.entries if entry[1] != kind]
        ranked = [(number, kind, rank) for rank, (number, _kind, _rank) in enumerate(row, start=1)]
        return self._of([*others, *ranked])


def act_on(draft: SlateDraft, act: str) -> SlateDraft:
    """
    The draft after one press of a button: "regular:12", "up:12", "drop:12", "renumber:regular".

    Raises BadRequest for what no page of ours sends.
    """
    verb, _colon, which = act.partition(":")
    if verb == "renumber" and which in EntryKind.values:
        return draft.renumber(which)
    number = outside.required_row(which)
    match verb:
        case "up":
            return draft.move(number, -1)
        case "down":
            return draft.move(number, 1)
        case "drop":
            return draft.drop(number)
        case _ if verb in EntryKind.values:
            return draft.put(number, EntryKind(verb))
        case _:
            raise BadRequest


class ApprovalForm(forms.Form):
    """The approval of what a slate is only advised to keep; needed where it does not."""

    document = LineField(
        label=_("批准文件"), max_length=100, required=False, help_text=_("文号，例如“苏工复〔2026〕12号”。")
    )
    given_by = LineField(
        label=_("批准人"), max_length=60, required=False, help_text=_("批准的机关或负责人。")
    )
    given_on = DayField(label=_("批准日期"), required=False)


class SignForm(VersionForm):
    """A leader's decision on a slate."""

    SIGN, REFUSE = "sign", "refuse"

    decision = forms.ChoiceField(label=_("签发结论"), choices=[(SIGN, _("签发")), (REFUSE, _("退回修改"))])
    opinion = BlockField(
        label=_("意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("退回修改须写明理由，名单负责人会看到全文。"),
    )

    @property
    def signed(self) -> bool:
        """Whether the slate is signed."""
        return bool(self.cleaned_data["decision"] == self.SIGN)


class ReasonForm(VersionForm):
    """A reason that goes on record."""

    reason = BlockField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ClassificationForm(ReasonForm):
    """Which entry counts as it was or as it is now, and why."""

    nomination = WholeField(widget=forms.HiddenInput)
    unit_version = WholeField(widget=forms.HiddenInput)
    act = LineField(widget=forms.HiddenInput, required=False)


class EntryReasonForm(ReasonForm):
    """Which entry goes off the slate, and why."""

    nomination = forms.TypedChoiceField(label=_("移出对象"), coerce=int)

    def __init__(self, *args: Any, entries: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nomination"].choices = [("", _("请选择")), *entries]  # type: ignore[attr-defined]
        self.order_fields(["nomination", "reason"])


class ObjectionForm(forms.Form):
    """A real-name objection as it came in on paper."""

    entry = forms.TypedChoiceField(label=_("异议对象"), coerce=int)
    objector = LineField(
        label=_("异议人"), max_length=60, help_text=_("须为实名；仅供核查使用，不向申报单位公开。")
    )
    objector_contact = LineField(label=_("联系方式"), max_length=100)
    received_on = DayField(label=_("收到日期"))
    text = BlockField(label=_("异议内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, entries: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = [("", _("请选择")), *entries]  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """How an objection was closed."""

    finding = forms.ChoiceField(
        label=_("结论"),
        choices=[(value, label) for value, label in Finding.choices if value != Finding.OPEN],
        widget=forms.RadioSelect,
    )
    text = BlockField(label=_("核查情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class NamingForm(VersionForm):
    """The naming decision as it will be published."""

    title = LineField(label=_("标题"), max_length=200)
    document_number = LineField(label=_("文号"), max_length=60, help_text=_("如：苏工发〔2026〕8号"))
    decided_on = DayField(label=_("决定日期"))


class ScoreForm(VersionForm):
    """The expert score of one nomination."""

    score = PointsField(
        most=rules.MOST_SCORE,
        label=_("得分"),
        help_text=format_lazy(_("0 至 {most} 分，最多两位小数。"), most=rules.MOST_SCORE // 100),
    )


class ScoresForm(forms.Form):
    """The scores of many nominations, each with the version it was drawn from; those left empty stay as they are."""

    def __init__(self, *args: Any, rows: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            self.fields[f"score-{row.pk}"] = PointsField(
                most=rules.MOST_SCORE, label=row.nominee_name, required=False, initial=row.score
            )
            self.fields[f"version-{row.pk}"] = WholeField(widget=forms.HiddenInput, initial=row.version)

    def given(self) -> dict[int, tuple[int, int]]:
        """What was changed: nomination to (version, score in hundredths)."""
        found = {}
        for name in self.changed_data:
            field, _dash, number = name.partition("-")
            if field == "score" and self.cleaned_data[name] is not None:
                found[int(number)] = (self.cleaned_data[f"version-{number}"], self.cleaned_data[name])
        return found


def moved(draft: SlateDraft, old: SlateDraft) -> bool:
    """Whether a draft differs from what is stored."""
    separate = {number for number, kind, _rank in draft.entries if kind == EntryKind.SEPARATE}
    lines = {number: line for number, line in draft.lines.items() if number in separate}
    return set(draft.entries) != set(old.entries) or any(
        old.lines.get(number, line) != line for number, line in lines.items()
    )


class RehearsalForm(forms.Form):
    """How many regular places a slate is thought to have."""

    places = WholeField(
        label=_("假定正选名额"),
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("不填则按现有名额。"),
    )
