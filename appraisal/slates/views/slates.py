"""Lists: all that the user may see, and one of them with everything that happened to it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from appraisal.deadlines.views import timing
from appraisal.gate.services import gate
from appraisal.records import filters, tones
from appraisal.records.models import Naming, Slate
from appraisal.records.states import SLATE_TRANSITIONS, SlateAct, SlateState
from appraisal.slates import spreadsheets as slate_sheets
from appraisal.slates.forms import RehearsalForm
from appraisal.slates.services import classifications, rehearsals
from appraisal.slates.views import rehearsal_board, slate_board, slate_page
from appraisal.vacancies.services import vacancies
from appraisal.vacancies.views.vacancies import waits
from quotas.base import answers, clock, outside
from quotas.tree.requests import SignedIn

PER_PAGE = 30

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SORTS = {
    "due": ("holds_until", "body__code"),
    "body": ("body__code", "round_award__award__order"),
    "award": ("round_award__award__order", "body__code"),
    "state": ("state", "body__code"),
}


def slate_of(user: Any, pk: int) -> Slate:
    """A slate that the user may see, with award, round and body; not found otherwise."""
    slate: Slate | None = Slate.objects.visible_to(user).for_list().filter(pk=pk).first()
    if slate is None:
        raise Http404
    return slate


@login_required
@require_safe
def slates(request: SignedIn) -> HttpResponse:
    """The slates of the user's bodies and, once submitted, of the bodies below them."""
    visible = Slate.objects.visible_to(request.user).for_list().with_figures()
    found = filters.SlateFilter(request.GET, queryset=visible).qs
    sort = outside.word(request.GET, "sort")
    keys = SORTS.get(sort.removeprefix("-"), SORTS["due"])
    if sort.startswith("-"):
        keys = (f"-{keys[0]}", *keys[1:])
    paginator = Paginator(found.order_by("-round_award__round__year", *keys, "pk"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "heading": pgettext("列表", "推荐名单"),
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
        "rows": [(slate, tones.status(slate.state), _keeps_open(slate)) for slate in page],
        "filtered": bool(request.GET),
        "columns": [
            {"label": pgettext("推荐单位", "单位"), "key": "body"},
            {"label": _("奖项"), "key": "award"},
            {"label": _("层级")},
            {"label": _("状态"), "key": "state"},
            {"label": _("正选 / 名额"), "num": True},
            {"label": _("其中非公有制"), "num": True},
            {"label": _("期限"), "key": "due"},
        ],
        "groups": [
            {"label": _("奖项"), "name": "award", "options": filters.award_options()},
            {"label": _("状态"), "name": "state", "options": filters.options(SlateState.choices)},
            {"label": _("层级"), "name": "stage", "options": filters.options(filters.WITH_LISTS)},
        ],
        "search": {"name": "q", "label": _("按单位查找"), "placeholder": pgettext("推荐单位", "单位名称")},
    }
    return render(request, "appraisal/slates/list.html", context)


def _keeps_open(slate: Slate) -> bool:
    """Whether the body has still something to do with it, so that the deadline matters."""
    return slate.state not in {SlateState.SENT_UP, SlateState.NAMED}


@login_required
@require_safe
def slate(request: SignedIn, pk: int) -> HttpResponse:
    """One list: entries, checks, who signed, the notice, what happened; and what its keeper may do now."""
    found = slate_of(request.user, pk)
    report = gate.report(slate_id=found.pk)
    rows, removed = slate_board.entry_rows(found)
    opinions = slate_page.sign_offs(found)
    given = slate_page.notices(found)
    notice = given[0] if given else None
    signed = sum(1 for one in opinions if one["current"])
    keeps = slate_page.keeps(request.user, found)
    ended = notice is not None and notice.ends_on < clock.today()
    context = {
        "heading": str(found),
        "breadcrumb": slate_page.breadcrumb(found),
        "slate": found,
        "status": tones.status(found.state),
        "standing": slate_page.standing(found, notice, signed),
        **timing.of_slate(found, request.user),
        "rows": rows,
        "scored": any(row.score for row in rows),
        "removed": removed,
        "removed_tone": tones.REMOVED,
        **slate_board.gate_context(report, found),
        "missing": slate_board.missing(report) if found.state != SlateState.COMPILING else [],
        "waits": waits(found.body, vacancies.of_slate(found, request.user)),
        "opinions": opinions,
        "notices": given,
        "naming": _naming_of(found),
        "gone": not _keeps_open(found),
        "events": slate_page.history(found, request.user),
        "keeps": keeps,
        "flagged": len(classifications.waiting(found)) if keeps else 0,
        "may_take_back": keeps and found.state == SlateState.SIGNING and not signed,
        "may_reopen": keeps and (found.state, SlateAct.REOPEN) in SLATE_TRANSITIONS,
        "may_close": keeps and found.state == SlateState.ON_NOTICE and ended,
    }
    return render(request, "appraisal/slates/page.html", context)


def _naming_of(slate: Slate) -> Naming | None:
    if slate.state != SlateState.NAMED:
        return None
    naming: Naming | None = Naming.objects.public().for_list().filter(slate=slate.pk).first()
    return naming


@login_required
@require_safe
def slate_rehearsal(request: SignedIn, pk: int) -> HttpResponse:
    """What would follow if entries left the slate or its places changed; by GET, since nothing is changed by it."""
    found = slate_of(request.user, pk)
    rows, _removed = slate_board.entry_rows(found)
    # Whoever left the slate a moment ago is not on it any more: passed over without a word.
    sent = set(request.GET.getlist("out"))
    leaving = frozenset(row.nomination.pk for row in rows if str(row.nomination.pk) in sent)
    form = RehearsalForm(request.GET if {"out", "places"} & request.GET.keys() else None)
    played, status = None, 200
    if form.is_valid():
        played = rehearsals.rehearse(slate_id=found.pk, leaving=leaving, places=form.cleaned_data["places"])
    elif form.is_bound:
        status = answers.UNPROCESSABLE
    context = {
        "heading": _("预演名单变动"),
        "breadcrumb": slate_page.breadcrumb(found, _("预演名单变动")),
        "slate": found,
        "status": tones.status(found.state),
        "form": form,
        "rows": rows,
        "leaving": leaving,
        "played": rehearsal_board.board(found, played) if played else None,
    }
    return render(request, "appraisal/slates/rehearsal.html", context, status=status)


@login_required
@require_safe
def slate_workbook(request: SignedIn, pk: int) -> HttpResponse:
    """The 汇总表 of a slate that the user may see, as it stands."""
    found = slate_of(request.user, pk)
    answer = HttpResponse(slate_sheets.slate_workbook(found.pk), content_type=XLSX)
    name = f"{found.body.short_name}{found.round_award.award.name}汇总表.xlsx"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
