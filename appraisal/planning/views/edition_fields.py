"""The fields of a draft edition: what its application form asks, composed in the browser."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from appraisal.planning.forms.rules import FieldForm, FieldPressForm, TakeFieldForm
from appraisal.planning.views.rules import DraftPage, asked_rows, crumbs, edition_url, title_of
from quotas.base import outside
from quotas.base.pages import Acts
from quotas.editions.services import fields


class FieldsEdit(DraftPage):
    """The application form of a draft, field by field, and a form for one of them (?field=key, or a new one)."""

    template_name = "appraisal/planning/rules/fields.html"

    @property
    def again_url(self) -> str:
        """The fields as they are now."""
        return edition_url(self.draft, "rule_fields")

    @property
    def address(self) -> str:
        """The form of a field was sent with the place of that form."""
        return f"{self.again_url}#main"

    def look(self) -> HttpResponse:
        """The fields, as long as it is a draft."""
        return self.draw() if self.draft.published_at is None else redirect(edition_url(self.draft))

    def _put(self) -> HttpResponse:
        form = self.bind(FieldForm(self.request.POST, draft=self.draft), "field_form")
        fields.put_field(version_id=self.draft.pk, actor=self.request.user, **form.field())
        return self.done(_("字段已写入草稿。"))

    def _take(self) -> HttpResponse:
        form = self.bind(TakeFieldForm(self.request.POST, draft=self.draft), "take_form")
        fields.take_standard(version_id=self.draft.pk, actor=self.request.user, **form.cleaned_data)
        return self.done(_("标准字段已加入。"))

    def _drop(self) -> HttpResponse:
        fields.drop_field(version_id=self.draft.pk, actor=self.request.user, **self._pressed())
        return self.done(_("字段已从草稿中删除。"))

    def _up(self) -> HttpResponse:
        fields.move_field(version_id=self.draft.pk, actor=self.request.user, by=-1, **self._pressed())
        return self.done(_("次序已调整。"))

    def _down(self) -> HttpResponse:
        fields.move_field(version_id=self.draft.pk, actor=self.request.user, by=1, **self._pressed())
        return self.done(_("次序已调整。"))

    def _pressed(self) -> dict[str, Any]:
        given = self.pressed(FieldPressForm(self.request.POST)).cleaned_data
        return {"version": given["version"], "key": given["code"]}

    acts: ClassVar[Acts] = {"field": _put, "take": _take, "drop": _drop, "up": _up, "down": _down}

    def context(self) -> dict[str, Any]:
        """The fields in words, and their two forms."""
        draft, sent = self.draft, self.forms
        asked = fields.stated(draft)
        by_key = {field.key: field for field in asked}
        chosen = by_key.get(outside.word(self.request.GET, "field"))
        initial = {"version": draft.version, **(FieldForm.initial_of(chosen) if chosen else {})}
        form = sent.get("field_form") or FieldForm(draft=draft, initial=initial)
        changing = by_key.get(str(form["replaces"].value() or ""))
        return {
            "heading": _("申报表：%(title)s") % {"title": title_of(draft)},
            "breadcrumb": crumbs(draft, _("申报表")),
            "edition": draft,
            "asked": asked_rows(asked),
            "field_form": form,
            "changing": changing,
            "take_form": sent.get("take_form")
            or TakeFieldForm(draft=draft, initial={"version": draft.version}),
            "fields_url": self.again_url,
            "edit_url": edition_url(draft, "rule_edit"),
        }
