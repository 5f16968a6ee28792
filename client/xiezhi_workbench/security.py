"""What every answer carries, and which requests are not even looked at.

Forged requests are kept out three times over: the cookie is SameSite=Lax, the browser says where a request comes from
(Sec-Fetch-Site, W3C Fetch Metadata; Origin for older engines), and every form carries the session's token.
"""

import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "strict-transport-security": "max-age=31536000",
}
STATIC: Final = "/static/"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
FILES: Final[Any] = Middleware(RequestBodyLimitMiddleware, max_body_size=64 * 1024 * 1024)
"""For the route of a form with papers. Larger ones go in pieces."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class SecureHeaders:
    """Middleware that gives every answer its headers; one that a page has set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Addresses of static files change with their content; everything else is of one person and one moment.
        caching = _FOR_EVER if scope["path"].startswith(STATIC) else "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", caching if message["status"] < 400 else "no-store")  # noqa: PLR2004  errors begin there
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OwnOrigin:
    """Middleware that refuses what another site makes a browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes from our own pages."""
        if (
            scope["type"] == "http"
            and scope["method"] not in _SAFE
            and not from_own_page(Headers(scope=scope))
        ):
            answer = PlainTextResponse("请求来自其他网站，已拒绝", status_code=403)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def from_own_page(headers: Headers) -> bool:
    """Say whether a browser's request comes from a page of this host, or from nobody's (typed in, a program)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def same_token(given: str, expected: str) -> bool:
    """Say whether a form's token is the session's, in constant time."""
    return secrets.compare_digest(given.encode(), expected.encode())
