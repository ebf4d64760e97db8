"""What every request passes through before it reaches a page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation


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


class OwnPasswordMiddleware:
    """
    Whoever signed in with a one-time password sets a password of their own before anything else.

    Asks only about requests that carry a session, so what is public costs nobody else a statement.
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
