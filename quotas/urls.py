"""Addresses of quotas."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path

from quotas.forms import SignInForm
from quotas.views import accounts, plan, posts

app_name = "quotas"

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "login/",
        LoginView.as_view(template_name="quotas/login.html", authentication_form=SignInForm),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", accounts.PasswordPage.as_view(), name="password"),
    path("accounts/", accounts.AccountsPage.as_view(), name="accounts"),
    path("posts/", posts.PostsPage.as_view(), name="posts"),
    path("help/", plan.HelpPage.as_view(), name="help"),
    path("ledger/", plan.LedgerPage.as_view(), name="ledger"),
    path("places/", plan.PlacesPage.as_view(), name="places"),
    path("places/<int:round_award_id>/<int:body_id>/", plan.PlacesForm.as_view(), name="set_places"),
    path("places/<int:round_award_id>/below/<int:body_id>/", plan.HandDownPage.as_view(), name="hand_down"),
]
