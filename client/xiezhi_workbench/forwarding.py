"""Telling the desk which browser a call is made for, by its address: the desk counts and records by address.

The desk believes it of a workbench that shows the secret they share, and of nobody else. The address is that of the
connection: what a browser or a proxy writes into headers is not read.
"""

from contextvars import ContextVar
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from xiezhi_client.sdk.calls import Metadata, PassedOn

_WORKBENCH_KEY: Final = "x-workbench"
_ADDRESS_KEY: Final = "x-client-address"
_browser: ContextVar[str] = ContextVar("xiezhi_workbench_browser", default="")


class FromBrowser:
    """Middleware that keeps the address of the browser for the time of its request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, knowing for whom."""
        client = scope.get("client")
        token = _browser.set(client[0] if client else "")
        try:
            await self._app(scope, receive, send)
        finally:
            _browser.reset(token)


def telling_addresses(secret: str) -> PassedOn:
    """Give what tells the desk, with each call, the address of the browser it is made for; nothing without a secret."""

    def passed_on() -> Metadata:
        address = _browser.get()
        return ((_WORKBENCH_KEY, secret), (_ADDRESS_KEY, address)) if secret and address else ()

    return passed_on
