"""Every address of the site. Each floor lists its own; none of them knows the others'."""

from django.urls import include, path

urlpatterns = [
    path("", include("workflows.urls")),
    path("", include("appraisal.urls")),
    path("", include("quotas.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler500 = "config.busy.failed"
