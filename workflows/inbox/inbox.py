"""The desk as a list: what is to be done, what is in hand, what was done; taking, giving back, approving many at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from appraisal.nominations.forms.reviews import BulkOpinionForm
from appraisal.nominations.services import reviews
from appraisal.records.states import Outcome
from quotas.base import outside
from quotas.base.pages import PRESS, ActPage
from quotas.base.wording import sentences
from quotas.oversight.views import told
from quotas.tree.requests import SignedIn
from workflows import turns
from workflows.flows import REVIEWS
from workflows.inbox import desk, forecast, queue, rows, waiting, worklist
from workflows.refusals import TaskNotYours

PAGE_SIZE = 25
BULK_LIMIT = 100
"""The most tasks that can be approved together."""

REPORT = "bulk_report"
"""Where the session keeps what became of the last bulk approval."""

TABS = (waiting.OPEN, waiting.MINE, waiting.TAKEN, waiting.DONE)
# The list


@require_safe
@login_required
def inbox(request: SignedIn) -> HttpResponse:
    """What lies on the desk, the most urgent first, narrowed by the address."""
    tab = request.GET.get("tab", waiting.OPEN)
    if tab not in TABS:
        tab = waiting.OPEN
    done = tab == waiting.DONE
    everything = waiting.first(request.user, tab)
    choice = queue.choice(request.GET)
    after = queue.place(request.GET)
    begins = after is None
    chosen = everything if begins and not choice.narrows else waiting.first(request.user, tab, choice, after)
    paginator = Paginator(chosen.numbers, PAGE_SIZE)
    paginator.count = chosen.total
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "heading": _("待办"),
        "tab": tab,
        "tabs": _tabs(tab),
        "done": done,
        "tickable": tab in {waiting.OPEN, waiting.MINE},
        "taken_over": told.lines(worklist.taken_over_from(request.user), request.user)
        if tab in {waiting.OPEN, waiting.MINE}
        else [],
        "groups": _groups(
            waiting.facets(request.user, everything), None if done else everything.number_due(), tab
        ),
        "search": {
            "name": "q",
            "label": _("按申报编号、推荐对象或单位查找"),
            "placeholder": _("编号、推荐对象或单位"),
        },
        "rows": rows.of(
            worklist.rows(request.user, tab, list(page.object_list)),
            request.user,
            opened_from="" if done else queue.of_list(request.GET),
        ),
        "slate_turns": worklist.slate_turns(request.user, tab)
        if begins and not (done or choice.narrows)
        else [],
        "page_obj": page,
        "pages": paginator.get_elided_page_range(page.number),
        "begins": begins,
        "next_after": chosen.next_after,
        "most": waiting.MOST,
        "filtered": choice.narrows,
        "columns": _columns(tab),
        "bulk": [
            {"label": _("批量通过"), "formaction": reverse("workflows:approve"), "tone": "primary"},
        ],
    }
    return render(request, "workflows/inbox/inbox.html", context)


def _tabs(current: str) -> list[dict[str, Any]]:
    labels = {
        waiting.OPEN: _("待办"),
        waiting.MINE: _("我已领取"),
        waiting.TAKEN: _("同事在办"),
        waiting.DONE: _("我已办理"),
    }
    address = reverse("workflows:inbox")
    return [{"label": labels[tab], "url": f"{address}?tab={tab}", "active": tab == current} for tab in TABS]


def _groups(facets: waiting.Facets, due: Mapping[str, int | None] | None, tab: str) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    if due is not None:
        labels = {waiting.LATE: _("已逾期"), waiting.TODAY: _("今天到期"), waiting.WEEK: _("七天内到期")}
        groups.append(
            {
                "label": _("期限"),
                "name": "due",
                "single": True,
                "options": [
                    {"value": key, "label": label, "count": due[key]} for key, label in labels.items()
                ],
            }
        )
    for label, name, options in (
        (_("奖项"), "award", facets.awards),
        (_("环节"), "node", facets.nodes),
        (_("来自"), "body", facets.bodies),
    ):
        if len(options) > 1:
            groups.append({"label": label, "name": name, "options": _options(options)})
    ownerships = {"non_public": _("非公有制"), "public": _("公有制"), "unverified": _("未核验")}
    groups.append({"label": _("所有制"), "name": "ownership", "single": True, "options": _plain(ownerships)})
    if tab == waiting.OPEN:
        claimed = {"no": _("未领取"), "yes": _("我已领取")}
        groups.append({"label": _("领取"), "name": "claimed", "single": True, "options": _plain(claimed)})
    return groups


def _options(counted: Mapping[Any, tuple[Any, int | None]]) -> list[dict[str, Any]]:
    return [{"value": key, "label": label, "count": number} for key, (label, number) in counted.items()]


def _plain(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "count": None} for value, label in labels.items()]


def _columns(tab: str) -> list[dict[str, Any]]:
    done = tab == waiting.DONE
    return [
        *([{"label": "", "tick": True}] if tab in {waiting.OPEN, waiting.MINE} else []),
        {"label": _("办理时间") if done else _("期限")},
        {"label": _("推荐对象")},
        {"label": _("奖项")},
        {"label": _("来自、环节")},
        {"label": _("所有制")},
        {"label": _("到达时间")},
        {"label": _("最近情况")},
        *([] if done else [{"label": _("操作")}]),
    ]


# Taking and giving back


class _InHand(ActPage):
    """A button beside a row: whether somebody is at the task."""

    http_method_names = PRESS
    turn: desk.Turn

    def prepare(self, pk: int) -> None:
        """The task with its subject. Insiders alone: a refusal names the person who has the task in hand."""
        self.turn = _turn(self.request, pk)
        self.back = outside.next_address(self.request, reverse("workflows:inbox"))
        if not self.turn.names:
            raise TaskNotYours(task=str(self.turn.title))

    @property
    def again_url(self) -> str:
        """The list in which the row stands."""
        return self.back

    @property
    def figures(self) -> dict[str, Any]:
        """What the messages name."""
        return {"subject": self.turn.subject, "title": self.turn.title}


class ClaimTask(_InHand):
    """Take a task, so that colleagues see that somebody is at it."""

    def act(self) -> HttpResponse:
        """Take it."""
        pk = self.turn.task.pk
        turns.claim(task_id=pk, actor=self.request.user)
        return self.done(_("已领取：%(subject)s（%(title)s）。") % self.figures, _place(self.back, pk))


class ReleaseTask(_InHand):
    """Give a task back to the colleagues."""

    def act(self) -> HttpResponse:
        """Give it back."""
        pk = self.turn.task.pk
        turns.release(task_id=pk, actor=self.request.user)
        told = _("已放回，同岗位的人员可以领取：%(subject)s（%(title)s）。") % self.figures
        return self.done(told, _place(self.back, pk))


def _place(back: str, pk: int) -> str:
    """The row itself, where it goes back to the list: a reviewer who works down a list keeps the place."""
    return f"{back}#task-{pk}" if back.startswith(reverse("workflows:inbox")) else back


def _turn(request: SignedIn, pk: int) -> desk.Turn:
    """The task with its subject; not found unless the user may see the subject."""
    turn = desk.turn(task_id=pk, user=request.user)
    if turn is None:
        raise Http404
    return turn


# Approving many at once


class ApprovePage(ActPage):
    """First what would happen to each ticked row; then, with one opinion for all, each as a turn of its own."""

    template_name = "workflows/inbox/approve.html"

    def look(self) -> HttpResponse:
        """Rows are ticked in the list."""
        return redirect("workflows:inbox")

    def act(self) -> HttpResponse:
        """What would happen, or (with `item`) the act."""
        if "item" in self.request.POST:
            return _approve_all(self.request)
        numbers = list(dict.fromkeys(outside.rows(self.request.POST.getlist("ids"))))
        if not numbers:
            messages.warning(self.request, _("没有勾选任何一件。请先在列表左侧勾选，再按“批量通过”。"))
            return redirect("workflows:inbox")
        if len(numbers) > BULK_LIMIT:
            messages.error(
                self.request,
                _("一次最多批量通过 %(limit)s 件，您勾选了 %(number)s 件。请分几次办理。")
                % {"limit": BULK_LIMIT, "number": len(numbers)},
            )
            return redirect("workflows:inbox")
        return self.draw(**_preflight(self.request.user, numbers))


def _preflight(user: Any, numbers: list[int]) -> dict[str, Any]:
    lines = forecast.of(user, numbers)
    parts = [
        (_("可以一并通过的"), [line for line in lines if line.ready]),
        (_("须先看一看的，没有勾选"), [line for line in lines if line.may and line.look]),
        (_("不能通过的"), [line for line in lines if not line.may]),
    ]
    return {
        "heading": _("批量通过"),
        "breadcrumb": [{"label": _("待办"), "url": reverse("workflows:inbox")}, {"label": _("批量通过")}],
        "form": BulkOpinionForm(),
        "lines": lines,
        "parts": [part for part in parts if part[1]],
        "ready": parts[0][1],
        "apart": parts[1][1],
        "missing": len(numbers) - len(lines),
        "back_url": reverse("workflows:inbox"),
    }


def _approve_all(request: SignedIn) -> HttpResponse:
    form = BulkOpinionForm(request.POST)
    items = [_item(value) for value in dict.fromkeys(request.POST.getlist("item"))]
    if not form.is_valid() or len(items) > BULK_LIMIT:
        raise BadRequest
    text = form.cleaned_data["text"]
    report = [_approve_one(request, number, version, text) for number, version in items]
    done = sum(line["done"] for line in report)
    request.session[REPORT] = report
    if done:
        messages.success(
            request,
            ngettext("已通过 %(number)s 件。", "已通过 %(number)s 件。", done) % {"number": done},
        )
    return redirect("workflows:approved")


def _item(value: str) -> tuple[int, int]:
    """Task and version of the nomination as the page showed them, sent as "task:version"."""
    numbers = outside.rows(value.split(":"))
    if len(numbers) != 2:
        raise BadRequest
    return numbers[0], numbers[1]


def _approve_one(request: SignedIn, task_id: int, version: int, text: str) -> dict[str, Any]:
    """What became of one row: done, or refused with its sentences."""
    turn = desk.turn(task_id=task_id, user=request.user)
    if turn is None or turn.node not in REVIEWS or not turn.names:
        return {"done": False, "name": "", "sentences": [_("这一件已不在您的待办中。")], "url": ""}
    line = {"done": True, "name": str(turn.subject), "sentences": [], "url": _subject_url(turn)}
    refusal = turns.attempt(
        task_id,
        request.user,
        reviews.give_opinion,
        nomination_id=turn.subject.pk,
        version=version,
        office=REVIEWS[turn.node],
        actor=request.user,
        outcome=Outcome.APPROVE,
        text=text,
    )
    if refusal is not None:
        line |= {"done": False, "sentences": [str(each) for each in sentences(refusal)]}
    return line


def _subject_url(turn: desk.Turn) -> str:
    return reverse("appraisal:nomination", args=[turn.subject.pk])


@require_safe
@login_required
def approved(request: SignedIn) -> HttpResponse:
    """What became of each row of the last bulk approval."""
    report = request.session.get(REPORT, [])
    if not report:
        return redirect("workflows:inbox")
    context = {
        "heading": _("批量通过的结果"),
        "breadcrumb": [
            {"label": _("待办"), "url": reverse("workflows:inbox")},
            {"label": _("批量通过的结果")},
        ],
        "refused": [line for line in report if not line["done"]],
        "done": [line for line in report if line["done"]],
    }
    return render(request, "workflows/inbox/approved.html", context)
