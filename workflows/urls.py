"""Addresses of workflows."""

from django.urls import URLPattern, URLResolver, path

from workflows.diagrams import views
from workflows.inbox import home, inbox
from workflows.tasks import apply, imports, rounds, slate_tasks, take_over, tasks, ways_out

app_name = "workflows"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/approve/", inbox.ApprovePage.as_view(), name="approve"),
    path("inbox/approved/", inbox.approved, name="approved"),
    path("tasks/<row:pk>/", tasks.task, name="task"),
    path("tasks/<row:pk>/claim/", inbox.ClaimTask.as_view(), name="claim"),
    path("tasks/<row:pk>/release/", inbox.ReleaseTask.as_view(), name="release"),
    path("tasks/<row:pk>/take-over/", take_over.TakeOverPage.as_view(), name="take_over"),
    path("apply/", apply.ApplyPage.as_view(), name="apply"),
    path("nominations/<row:pk>/withdraw/", ways_out.WithdrawPage.as_view(), name="withdraw"),
    path("nominations/<row:pk>/disqualify/", ways_out.DisqualifyPage.as_view(), name="disqualify"),
    path("rounds/<slug:code>/open/", rounds.OpenRoundPage.as_view(), name="open_round"),
    path("rounds/<slug:code>/close/", rounds.CloseRoundPage.as_view(), name="close_round"),
    path("slates/<row:pk>/scores/", slate_tasks.SlateScoresPage.as_view(), name="slate_scores"),
    path("slates/<row:pk>/take-back/", slate_tasks.TakeBackPage.as_view(), name="take_back"),
    path("slates/<row:pk>/reopen/", slate_tasks.ReopenPage.as_view(), name="reopen"),
    path("slates/<row:pk>/close-notice/", slate_tasks.CloseNotice.as_view(), name="close_notice"),
    path("objections/<row:pk>/settle/", slate_tasks.SettleObjectionPage.as_view(), name="settle_objection"),
    path("flows/", views.flows, name="flows"),
    path("flows/<slug:flow>.svg", views.flow_svg, name="flow_svg"),
    path("flows/<slug:flow>.bpmn", views.flow_bpmn, name="flow_bpmn"),
    path("nominations/<row:pk>/flow.svg", views.nomination_svg, name="nomination_svg"),
    # Before the same address of appraisal, which begins no process.
    path(
        "imports/nominations/confirm/",
        imports.NominationsConfirm.as_view(),
        {"kind": "nominations"},
        name="import_confirm",
    ),
]
