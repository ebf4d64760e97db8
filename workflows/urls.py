"""Addresses of workflows."""

from django.urls import URLPattern, URLResolver, path

from workflows.diagrams import views
from workflows.inbox import home, inbox
from workflows.tasks import apply, imports, rounds, slate_tasks, take_over, tasks, ways_out

app_name = "workflows"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/approve/", inbox.approve, name="approve"),
    path("inbox/approved/", inbox.approved, name="approved"),
    path("tasks/<row:pk>/", tasks.task, name="task"),
    path("tasks/<row:pk>/claim/", inbox.claim, name="claim"),
    path("tasks/<row:pk>/release/", inbox.release, name="release"),
    path("tasks/<row:pk>/take-over/", take_over.take_over, name="take_over"),
    path("apply/", apply.apply, name="apply"),
    path("nominations/<row:pk>/withdraw/", ways_out.withdraw, name="withdraw"),
    path("nominations/<row:pk>/disqualify/", ways_out.disqualify, name="disqualify"),
    path("rounds/<slug:code>/open/", rounds.open_round, name="open_round"),
    path("rounds/<slug:code>/close/", rounds.close_round, name="close_round"),
    path("slates/<row:pk>/scores/", slate_tasks.slate_scores, name="slate_scores"),
    path("slates/<row:pk>/take-back/", slate_tasks.take_back, name="take_back"),
    path("slates/<row:pk>/reopen/", slate_tasks.reopen, name="reopen"),
    path("slates/<row:pk>/close-notice/", slate_tasks.close_notice, name="close_notice"),
    path("objections/<row:pk>/settle/", slate_tasks.settle_objection, name="settle_objection"),
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
