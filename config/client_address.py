"""Where a request really comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """
    The address of the browser, for locking out guessed passwords.

    Behind our own proxy the peer is the proxy, and the proxy states the browser in X-Real-IP (deploy/nginx.conf
    overwrites whatever the browser sent). Without a proxy that header is not believed.
    """
    if settings.BEHIND_PROXY:
        return request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR")
    return request.META.get("REMOTE_ADDR")
