"""Addresses of quotas."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from quotas.bodies.views import organs
from quotas.calendar.views import calendar
from quotas.oversight.views import ledger
from quotas.people.views import accounts, posts, proposals
from quotas.rounds.views import plan

app_name = "quotas"

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", accounts.SignInPage.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", accounts.PasswordPage.as_view(), name="password"),
    path("accounts/", accounts.AccountsPage.as_view(), name="accounts"),
    path("organs/", organs.OrgansPage.as_view(), name="organs"),
    path("organs/<row:pk>/", organs.OrganPage.as_view(), name="organ"),
    path("resets/", accounts.ResetsPage.as_view(), name="resets"),
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/<row:year>/", calendar.YearPage.as_view(), name="calendar_year"),
    path("posts/", posts.PostsPage.as_view(), name="posts"),
    path("posts/proposals/", proposals.ProposalsPage.as_view(), name="proposals"),
    path("accounts/halves/", proposals.HalvesPage.as_view(), name="halves"),
    path("help/", plan.HelpPage.as_view(), name="help"),
    path("ledger/", ledger.LedgerPage.as_view(), name="ledger"),
    path("places/", plan.PlacesPage.as_view(), name="places"),
    path("places/<row:round_award_id>/<row:body_id>/", plan.PlacesForm.as_view(), name="set_places"),
    path("places/<row:round_award_id>/below/<row:body_id>/", plan.HandDownPage.as_view(), name="hand_down"),
]
