"""What every request passes through before it reaches a page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, get_user
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from config.refill import refill
from quotas.base import clock
from quotas.people.services import kept_forms


class ChosenLanguageMiddleware:
    """
    Chinese unless this person chose another language on the page.

    Django's LocaleMiddleware would follow the browser, and office machines often have browsers set up in
    English whose users have never chosen anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.offered = frozenset(code for code, _name in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.offered else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


BEGAN, SEEN = "pingxuan_began", "pingxuan_seen"
"""In a session: when the person signed in, and when the person was last here (whole seconds)."""
KEPT = "kept"
"""In the address of a page: fill its form with what was typed when the sign-in ended."""


def begin_session(request: HttpRequest | None, **_signal: Any) -> None:
    """Note the beginning of a session, when somebody signs in."""
    if request is not None:
        request.session[BEGAN] = request.session[SEEN] = _seconds()


user_logged_in.connect(begin_session)


class SignInMiddleware:
    """
    Ends a session that was idle for SESSION_IDLE or has lasted SESSION_LASTS, and sends the person to sign in again.

    Activity keeps a session alive until the absolute end. The sign-in page says why it is shown; a request of htmx
    goes there as a page, not into a box; and what a form carried is kept for this account, to be shown filled again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ended, user_id = self._end_if_over(request)
        response = self.get_response(request)
        if self._asks_to_sign_in(request, response):
            return self._to_sign_in(request, ended, user_id)
        if request.method == "POST" and user_id and response.status_code in _ACCEPTED:
            self._forget(request, user_id)
        return self._given_back(request, response)

    def _end_if_over(self, request: HttpRequest) -> tuple[str, int | None]:
        """Why the session ended just now ("idle", "long", or nothing), and whose it is or was."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return "", None
        session = request.session
        if SESSION_KEY not in session:
            return "", None
        now = _seconds()
        seen = session.get(SEEN)
        ended = ""
        if now - session.get(BEGAN, now) > settings.SESSION_LASTS.total_seconds():
            ended = "long"
        elif now - (seen or now) > settings.SESSION_IDLE.total_seconds():
            ended = "idle"
        if not ended:
            if seen is None or now - seen > settings.SESSION_SEEN_EVERY.total_seconds():
                session.setdefault(BEGAN, now)
                session[SEEN] = now
            return "", int(session[SESSION_KEY])
        # The hash of the password counts to the end: a session that others have ended leaves nothing.
        user = get_user(request)
        session.flush()
        return ended, user.pk if user.is_authenticated else None

    def _asks_to_sign_in(self, request: HttpRequest, response: HttpResponse) -> bool:
        location = response.get("Location", "")
        return (
            response.status_code == 302
            and urlsplit(location).path == reverse("quotas:login")
            and (
                urlsplit(location).query.startswith(f"{REDIRECT_FIELD_NAME}=")
                and not request.user.is_authenticated
            )
        )

    def _to_sign_in(self, request: HttpRequest, ended: str, user_id: int | None) -> HttpResponse:
        page = _page_of(request)
        if ended and user_id and request.method == "POST":
            typed = {name: request.POST.getlist(name) for name in request.POST}
            if kept_forms.keep(user_id=user_id, page=urlsplit(page).path, typed=typed):
                page = f"{page}{'&' if '?' in page else '?'}{KEPT}=1"
                ended = "kept"
        query = urlencode({REDIRECT_FIELD_NAME: page} | ({"ended": ended} if ended else {}), safe="/")
        address = f"{reverse('quotas:login')}?{query}"
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(address)
        return redirect(address)

    def _forget(self, request: HttpRequest, user_id: int) -> None:
        if f"{KEPT}=1" in urlsplit(request.headers.get("Referer", "")).query:
            kept_forms.drop(user_id=user_id)

    def _given_back(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method != "GET" or KEPT not in request.GET or not request.user.is_authenticated:
            return response
        if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
            return response
        typed = kept_forms.of(user_id=request.user.pk, page=request.path)
        if typed:
            response.content = refill(response.content.decode(response.charset), typed)
        return response


_ACCEPTED = (200, 204, 302, 303)


def _seconds() -> int:
    return int(clock.now().timestamp())


def _page_of(request: HttpRequest) -> str:
    """The page that the person sees: where the form stands, or the address itself when it can be opened."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    parts = urlsplit(shown)
    if parts.netloc == request.get_host() and parts.path.startswith("/"):
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.path


class OwnPasswordMiddleware:
    """
    Sends a person who signed in with a one-time password to set their own before anything else.

    Only requests with a session cost a statement, so public pages stay free of it.
    """

    FREE = frozenset({"quotas:password", "quotas:logout", "quotas:login", "set_language"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in self.FREE:
            return None
        if request.user.is_authenticated and request.user.must_change_password:
            return redirect("quotas:password")
        return None
