"""Pages of the plan: the board of places, help."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from quotas.base import outside
from quotas.base.pages import ActPage
from quotas.base.states import Role
from quotas.base.wording import sentence, word
from quotas.editions.services import fields, rules
from quotas.rounds.forms import HandDownForm, SetPlacesForm
from quotas.rounds.models import Allotment, RoundAward
from quotas.rounds.services import allotments, parts, separates
from quotas.rounds.viewer import posts_of
from quotas.rounds.wording import lines_words, separate_words
from quotas.selection.plan import Rule
from quotas.tree.models import Body
from quotas.tree.permissions import Act, grants_of
from quotas.tree.requests import SignedIn

# --- places --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlacesRow:
    """A body on the board of places, with or without an allotment."""

    body: Body
    allotment: Allotment | None
    lines: tuple[str, ...]
    may_set: bool


class PlacesPage(LoginRequiredMixin, View):
    """The places of one award for the bodies of the user's area."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not grants_of(request.user).any(Act.VIEW_AREA):
            raise Http404
        awards = list(RoundAward.objects.running())
        chosen = _chosen(awards, outside.word(request.GET, "award"))
        tree = list(Body.objects.visible_to(request.user).open().order_by("path")) if chosen else []
        rows = _rows(request.user, chosen, tree) if chosen else []
        return render(
            request,
            "quotas/rounds/places.html",
            {
                "awards": awards,
                "chosen": chosen,
                "rows": rows,
                "handing": _handing(request.user, tree, rows),
                "several_rounds": len({award.round_id for award in awards}) > 1,
                "breadcrumb": [{"label": _("名额"), "url": ""}],
            },
        )


class _Places(ActPage):
    """What setting the places of one body and handing them down to the bodies below share."""

    round_award: RoundAward
    body: Body
    allotment: Allotment | None

    def prepare(self, round_award_id: int, body_id: int) -> None:
        """The body within the user's area, and its places as they stand."""
        self.round_award, self.body, self.allotment = _subject(self.request.user, round_award_id, body_id)

    @property
    def board_url(self) -> str:
        """The board on which the body stands."""
        return _board_url(self.round_award)

    again_url = board_url

    def context(self) -> dict[str, Any]:
        """The body and the way back."""
        return {
            "body": self.body,
            "round_award": self.round_award,
            "board_url": self.board_url,
            "breadcrumb": [
                {"label": _("名额"), "url": self.board_url},
                {"label": self.body.short_name, "url": ""},
            ],
        }


class PlacesForm(_Places):
    """Setting the places of one body; only for those who hold the right at the body above."""

    template_name = "quotas/rounds/set_places.html"

    def look(self) -> HttpResponse:
        """The places as they stand."""
        if not _may_set(self.request.user, self.body):
            raise Http404
        return self.draw()

    def act(self) -> HttpResponse:
        """Set them."""
        form = self.bind(SetPlacesForm(self.request.POST, **self._about()))
        allotments.set_places(
            round_award_id=self.round_award.pk,
            body_id=self.body.pk,
            actor=self.request.user,
            **form.wanted(),
        )
        answer = self.done(
            _("已保存%(body)s的名额，并记入台账。") % {"body": self.body.short_name}, self.board_url
        )
        if self.body.parent_id is not None:
            parents = [self.body.parent_id]
            for warning in parts.drift(round_award_id=self.round_award.pk, parents=parents):
                messages.warning(self.request, str(sentence(warning)))
        return answer

    @cached_property
    def _there(self) -> allotments.AllPlaces:
        return _figures(self.allotment)

    def _about(self) -> dict[str, Any]:
        """What the form has fields for: rules that can have a part, and the slots as they stand."""
        held = rules.of(round_award_id=self.round_award.pk, stage=self.body.stage)
        awarding = self.body.stage == self.round_award.award.final_stage
        return {
            "parted": [] if awarding else [rule for rule in held if rule.partable],
            "slots": self._there.slots,
            "separate": self._there.separate,
            "owners": separates.owners(self.body),
            "offers": fields.offered(
                self.round_award.award.nominee_kind, fields.of(self.round_award.rule_version_id)
            ),
        }

    def _fresh(self) -> SetPlacesForm:
        """The form with the places as they stand."""
        initial = SetPlacesForm.initial_of(self._there.slots, self._there.parts, self._there.separate)
        if self.allotment is not None:
            initial |= {
                "places": self._there.places,
                "reserve_places": self._there.reserve_places,
            }
        initial["plan"] = allotments.digest(round_award_id=self.round_award.pk, body_id=self.body.pk)
        return SetPlacesForm(initial=initial, **self._about())

    def context(self) -> dict[str, Any]:
        """The form besides."""
        return {
            **super().context(),
            "form": self.forms.get("form") or self._fresh(),
            "allotment": self.allotment,
        }


class HandDownPage(_Places):
    """Setting the places of all bodies directly below at once; only for those who hold the right at the body."""

    template_name = "quotas/rounds/hand_down.html"

    def look(self) -> HttpResponse:
        """The places below as they stand."""
        if self.body.pk not in grants_of(self.request.user).bodies(Act.ALLOCATE_PLACES):
            raise Http404
        return self.draw()

    def act(self) -> HttpResponse:
        """Set them all."""
        children = [row.body for row in self.rows]
        form = self.bind(HandDownForm(self.request.POST, children=children))
        handed_down = allotments.hand_down(
            round_award_id=self.round_award.pk,
            parent_id=self.body.pk,
            places_by_body=form.places_by_body(),
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            plan=form.cleaned_data["plan"],
        )
        total = sum(allotment.places for allotment in handed_down.allotments)
        answer = self.done(
            _("已保存%(body)s下级单位的名额，合计 %(total)s 个，记入台账。")
            % {"body": self.body.short_name, "total": word(total)},
            self.board_url,
        )
        for warning in handed_down.warnings:
            messages.warning(self.request, str(sentence(warning)))
        return answer

    @cached_property
    def rows(self) -> Sequence["BelowRow"]:
        """The bodies below with their places."""
        return _below(self.round_award, self.body)

    def _fresh(self) -> HandDownForm:
        initial: dict[str, Any] = {
            f"body_{row.body.pk}": row.allotment.places for row in self.rows if row.allotment
        }
        initial["plan"] = allotments.digest_below(round_award_id=self.round_award.pk, parent_id=self.body.pk)
        return HandDownForm(initial=initial, children=[row.body for row in self.rows])

    def context(self) -> dict[str, Any]:
        """The rows with their fields besides."""
        form = self.forms.get("form") or self._fresh()
        return {
            **super().context(),
            "form": form,
            "rows": [{"row": row, "field": form[f"body_{row.body.pk}"]} for row in self.rows],
            "total": sum(row.allotment.places for row in self.rows if row.allotment),
            "own": self.allotment,
        }


@dataclass(frozen=True)
class BelowRow:
    """A body directly below the one that hands down, with or without an allotment."""

    body: Body
    allotment: Allotment | None

    @property
    def separate(self) -> str:
        """Its separate places in words; they stay as they are."""
        return word([separate_words(line) for line in _figures(self.allotment).separate])


def _below(round_award: RoundAward, body: Body) -> list[BelowRow]:
    """The bodies directly below at the award's stages. Raises Http404 when there is none."""
    there = {
        allotment.body_id: allotment for allotment in Allotment.objects.of_award(round_award.pk).for_board()
    }
    final = round_award.award.final_stage
    rows = [
        BelowRow(child, there.get(child.pk)) for child in Body.objects.below(body) if child.stage <= final
    ]
    if not rows:
        raise Http404
    return rows


def _chosen(awards: Sequence[RoundAward], wanted: str | None) -> RoundAward | None:
    return next((award for award in awards if str(award.pk) == wanted), awards[0] if awards else None)


def _rows(user: Any, round_award: RoundAward, tree: Sequence[Body]) -> list[PlacesRow]:
    """The bodies of the area at the award's stages, in the order of the tree. Two statements for any number, one more where parts are shown."""
    there = {
        allotment.body_id: allotment for allotment in Allotment.objects.of_award(round_award.pk).for_board()
    }
    final = round_award.award.final_stage
    has_parts = any(line.rule for allotment in there.values() for line in allotment.lines.all())
    held = rules.of(round_award_id=round_award.pk, stage=None) if has_parts else []
    return [
        PlacesRow(body, allotment, _lines(allotment, held), _may_set(user, body))
        for body in tree
        if body.stage <= final
        for allotment in (there.get(body.pk),)
    ]


def _handing(user: Any, tree: Sequence[Body], rows: Sequence[PlacesRow]) -> list[Body]:
    """The bodies for which the user may hand places down to bodies on the board."""
    parents = grants_of(user).bodies(Act.ALLOCATE_PLACES) & {row.body.parent_id for row in rows}
    return [body for body in tree if body.pk in parents]


def _figures(allotment: Allotment | None) -> allotments.AllPlaces:
    """What the body has; nothing without an allotment."""
    return allotments.places_of(allotment, allotment.lines.all()) if allotment else allotments.NOTHING


def _lines(allotment: Allotment | None, held: Sequence[Rule]) -> tuple[str, ...]:
    figures = _figures(allotment)
    separate = (_("单列：%(line)s") % {"line": separate_words(line)} for line in figures.separate)
    return (*lines_words(figures.slots, figures.parts, held), *separate)


def _may_set(user: Any, body: Body) -> bool:
    """By the grants of this request, for what a page offers; the service asks again."""
    grants = grants_of(user)
    if body.parent_id is None:
        return body.pk in grants.bodies(Act.PLAN_ROUND)
    return body.parent_id in grants.bodies(Act.ALLOCATE_PLACES)


def _subject(user: Any, round_award_id: int, body_id: int) -> tuple[RoundAward, Body, Allotment | None]:
    body = get_object_or_404(Body.objects.visible_to(user), pk=body_id)
    round_award = get_object_or_404(RoundAward.objects.running(), pk=round_award_id)
    allotment = Allotment.objects.of_award(round_award.pk).for_board().filter(body=body).first()
    return round_award, body, allotment


def _board_url(round_award: RoundAward) -> str:
    return f"{reverse('quotas:places')}?award={round_award.pk}"


# --- help ----------------------------------------------------------------------------------------------------


class HelpPage(LoginRequiredMixin, View):
    """What each role does, the reader's own first."""

    def get(self, request: SignedIn) -> HttpResponse:
        posts = posts_of(request.user)
        held = {post.role for post in posts}
        context = {
            "posts": posts,
            "held": [role for role in Role if role in held],
            "others": [role for role in Role if role not in held],
            "breadcrumb": [{"label": _("帮助"), "url": ""}],
        }
        return render(request, "quotas/rounds/help.html", context)
