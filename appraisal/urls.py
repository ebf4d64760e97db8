"""Addresses of appraisal."""

from django.urls import URLPattern, URLResolver, path

from appraisal.views import (
    boards,
    employers,
    evidence,
    honours,
    imports,
    nominations,
    notices,
    objections,
    planning,
    rounds,
    rules,
    slates,
)

app_name = "appraisal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("nominations/", nominations.nominations, name="nominations"),
    path("nominations/<int:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<int:pk>/evidence/", evidence.add, name="evidence_add"),
    path("evidence/<int:pk>/", evidence.serve, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("employers/", employers.employers, name="employers"),
    path("employers/new/", employers.register, name="employer_new"),
    path("employers/<int:pk>/", employers.EmployerPage.as_view(), name="employer"),
    path("slates/", slates.slates, name="slates"),
    path("slates/<int:pk>/", slates.slate, name="slate"),
    path("slates/<int:pk>/objections/", objections.slate_objections, name="objections"),
    path("slates/<int:pk>/rehearsal/", slates.slate_rehearsal, name="slate_rehearsal"),
    path("slates/<int:pk>/workbook.xlsx", slates.slate_workbook, name="slate_workbook"),
    path("rounds/", planning.rounds_list, name="rounds"),
    path("rounds/new/", planning.new, name="round_new"),
    path("rounds/<slug:code>/plan/", planning.plan, name="round_plan"),
    path("rounds/<slug:code>/plan/<int:pk>/", planning.hand_out, name="round_hand_out"),
    path("rounds/<slug:code>/", rounds.overview, name="round"),
    path("rounds/<slug:code>/quotas/", boards.board, name="round_quotas"),
    path("rounds/<slug:code>/extend/", rounds.extend, name="round_extend"),
    path("rules/", rules.rules_list, name="rules"),
    path("rules/<slug:award>/new/", rules.new, name="rule_new"),
    path("rules/<slug:award>/<int:number>/", rules.edition, name="rule_edition"),
    path("rules/<slug:award>/<int:number>/edit/", rules.edit, name="rule_edit"),
    path("rules/<slug:award>/<int:number>/publish/", rules.publish, name="rule_publish"),
    path("rules/<slug:award>/<int:number>/discard/", rules.discard, name="rule_discard"),
    path("rules/<slug:award>/<int:number>/try/", rules.trial, name="rule_try"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("honours/", honours.honours, name="honours"),
    path("honours/<int:pk>/", honours.honour, name="honour"),
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/<slug:kind>/", imports.ImportCheck.as_view(), name="import_check"),
    path("imports/<slug:kind>/confirm/", imports.ImportConfirm.as_view(), name="import_confirm"),
    path("imports/<slug:kind>/form.xlsx", imports.ImportTemplate.as_view(), name="import_template"),
]
