"""Addresses of appraisal."""

from django.urls import URLPattern, URLResolver, path

from appraisal.boards.views import boards, things
from appraisal.imports.views import imports
from appraisal.namings.views import honours
from appraisal.nominations.views import evidence, nominations, readings
from appraisal.notices.views import notices, objections, ownership
from appraisal.planning.views import apportionments, edition_fields, extensions, planning, rounds, rules
from appraisal.register.views import employers
from appraisal.slates.views import slates
from appraisal.vacancies.views import vacancies

app_name = "appraisal"
things.register()

urlpatterns: list[URLPattern | URLResolver] = [
    path("nominations/", nominations.nominations, name="nominations"),
    path("nominations/<row:pk>/", nominations.nomination, name="nomination"),
    path("nominations/<row:pk>/evidence/", evidence.EvidenceAdd.as_view(), name="evidence_add"),
    path("readings/", readings.readings, name="readings"),
    path("evidence/<row:pk>/", evidence.serve, name="evidence"),
    path("evidence/<row:pk>/remove/", evidence.EvidenceRemove.as_view(), name="evidence_remove"),
    path("employers/", employers.employers, name="employers"),
    path("employers/passwords/", imports.UnitPasswords.as_view(), name="unit_passwords"),
    path("employers/new/", employers.EmployerNew.as_view(), name="employer_new"),
    path("employers/<row:pk>/", employers.EmployerPage.as_view(), name="employer"),
    path("slates/", slates.slates, name="slates"),
    path("slates/<row:pk>/", slates.slate, name="slate"),
    path("slates/<row:pk>/objections/", objections.SlateObjections.as_view(), name="objections"),
    path("slates/<row:pk>/ownership/", ownership.SlateOwnership.as_view(), name="slate_ownership"),
    path("slates/<row:pk>/rehearsal/", slates.slate_rehearsal, name="slate_rehearsal"),
    path("slates/<row:pk>/workbook.xlsx", slates.slate_workbook, name="slate_workbook"),
    path("rounds/", planning.rounds_list, name="rounds"),
    path("rounds/new/", planning.RoundNew.as_view(), name="round_new"),
    path("rounds/<slug:code>/plan/", planning.RoundPlan.as_view(), name="round_plan"),
    path("rounds/<slug:code>/plan/<row:pk>/", planning.HandOutPage.as_view(), name="round_hand_out"),
    path("rounds/<slug:code>/", rounds.overview, name="round"),
    path("rounds/<slug:code>/quotas/", boards.board, name="round_quotas"),
    path("rounds/<slug:code>/vacancies/", vacancies.round_vacancies, name="round_vacancies"),
    path("rounds/<slug:code>/extend/", rounds.RoundExtend.as_view(), name="round_extend"),
    path("rounds/<slug:code>/extensions/", extensions.asked, name="extensions"),
    path(
        "rounds/<slug:code>/extensions/<str:stage>/<row:body_id>/",
        extensions.ExtensionAsk.as_view(),
        name="extension_ask",
    ),
    path("extensions/<row:pk>/", extensions.ExtensionRequestPage.as_view(), name="extension"),
    path("rules/", rules.rules_list, name="rules"),
    path("rules/<slug:award>/new/", rules.RuleNew.as_view(), name="rule_new"),
    path("rules/<slug:award>/<row:number>/", rules.edition, name="rule_edition"),
    path("rules/<slug:award>/<row:number>/fields/", edition_fields.FieldsEdit.as_view(), name="rule_fields"),
    path("rules/<slug:award>/<row:number>/edit/", rules.RuleEdit.as_view(), name="rule_edit"),
    path("rules/<slug:award>/<row:number>/publish/", rules.RulePublish.as_view(), name="rule_publish"),
    path("rules/<slug:award>/<row:number>/discard/", rules.RuleDiscard.as_view(), name="rule_discard"),
    path("rules/<slug:award>/<row:number>/try/", rules.RuleTrial.as_view(), name="rule_try"),
    path(
        "places/<row:round_award_id>/below/<row:body_id>/calculations/",
        apportionments.CalculationsPage.as_view(),
        name="calculations",
    ),
    path("calculations/<row:pk>/", apportionments.CalculationPage.as_view(), name="calculation"),
    path("calculations/<row:pk>/form.xlsx", apportionments.weights_form, name="weights_form"),
    path(
        "calculations/<row:pk>/workbook.xlsx",
        apportionments.CalculationWorkbook.as_view(),
        name="calculation_workbook",
    ),
    path("notices/", notices.notices, name="notices"),
    path("notices/<row:pk>/", notices.notice, name="notice"),
    path("honours/", honours.honours, name="honours"),
    path("honours/<row:pk>/", honours.honour, name="honour"),
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/<slug:kind>/", imports.ImportCheck.as_view(), name="import_check"),
    path("imports/<slug:kind>/confirm/", imports.ImportConfirm.as_view(), name="import_confirm"),
    path("imports/<slug:kind>/form.xlsx", imports.ImportTemplate.as_view(), name="import_template"),
]
