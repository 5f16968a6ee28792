"""The program: middleware, static files, and the routes of all pages."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from xiezhi_client.sdk import RetryPolicy, connect
from xiezhi_workbench.config import WorkbenchSettings
from xiezhi_workbench.forwarding import FromBrowser, telling_addresses
from xiezhi_workbench.imports import Imports, forget_left
from xiezhi_workbench.page import render
from xiezhi_workbench.pages import (
    account_log,
    accounts,
    act,
    admin,
    awaiting,
    bulletins,
    calendar,
    calls,
    channels,
    courts,
    decision_draft,
    decisions,
    desk,
    documents,
    duty,
    erasure_draft,
    erasures,
    federated_sign_in,
    field,
    first_password,
    here,
    importing,
    ladder_rules,
    list_export,
    live,
    matter,
    matters,
    notices,
    order_draft,
    orders,
    own_account,
    own_rules,
    queries,
    restrictions,
    rules,
    scans,
    screen,
    sign_in,
    staff,
    start,
    statistics,
    storage_key,
    supervise,
    templates,
    uploads,
    urge_draft,
    urged,
    urging,
)
from xiezhi_workbench.previewing import Previews
from xiezhi_workbench.rendering import STATIC_FILES, make_environment
from xiezhi_workbench.rulebooks import Rulebooks
from xiezhi_workbench.security import HEADERS, OwnOrigin, SecureHeaders
from xiezhi_workbench.sessions import Sessions

_PAGES: Final = (
    *(desk, here, live, importing, list_export, matters, queries, matter, act, documents, start),
    *(field, scans, screen, sign_in, federated_sign_in, statistics, storage_key, supervise, uploads),
    *(decision_draft, decisions),
    *(awaiting, bulletins, calls, ladder_rules, order_draft, orders, urge_draft, urged, urging),
    *(first_password, own_account, account_log),
    *(admin, staff, accounts, calendar, rules, own_rules, templates, channels, courts, duty, notices),
    *(restrictions, erasures, erasure_draft),
)
"""Every module of a screen; each has `routes`."""

_LARGEST_FORM: Final = 2 * 1024 * 1024
"""Bytes; a route that takes files says its own limit."""
_PATIENCE: Final = RetryPolicy(attempts=2, longest_wait=1.0, attempt_timeout=20.0)
"""Somebody sits and waits: better to say soon that the server does not answer."""


def build(settings: WorkbenchSettings) -> Starlette:
    """Give the application; it connects to the desk when it starts."""
    app = Starlette(
        # Pages are not compressed: their length would tell the form's token to who can make a browser send (BREACH).
        routes=[Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC_FILES))), *_routes()],
        middleware=[
            Middleware(FromBrowser),
            Middleware(SecureHeaders),
            Middleware(OwnOrigin),
            Middleware(RequestBodyLimitMiddleware, max_body_size=_LARGEST_FORM),
        ],
        exception_handlers={HTTPException: _refused, Exception: _broken},
        lifespan=_connected,
    )
    app.state.settings = settings
    app.state.sessions = Sessions(settings.idle_minutes, settings.session_minutes)
    app.state.rulebooks = Rulebooks()
    app.state.templates = make_environment()
    app.state.imports = Imports()
    app.state.previews = Previews()
    app.state.stopping = asyncio.Event()
    return app


def _routes() -> list[BaseRoute]:
    return [route for module in _PAGES for route in module.routes]


@asynccontextmanager
async def _connected(app: Starlette) -> AsyncIterator[None]:
    """Hold one connection to the desk, on which everybody's calls go; clear away first what a crash left."""
    settings: WorkbenchSettings = app.state.settings
    await run_in_threadpool(forget_left, time.time())
    passed_on = telling_addresses(settings.server_secret)
    async with connect(
        settings.server, settings.server_authority, retry=_PATIENCE, passed_on=passed_on
    ) as client:
        app.state.client = client
        with closing(app.state.imports):
            yield


_REFUSED: Final = {404: "没有这个页面", 405: "这个地址不接受这样的请求", 413: "提交的内容太大"}


async def _refused(request: Request, error: Exception) -> Response:
    """Say that there is no such page."""
    assert isinstance(error, HTTPException), "registered for it"
    message = _REFUSED.get(error.status_code, "请求不正确")
    return render(request, "lost.html", error.status_code, page=None, message=message)


async def _broken(request: Request, error: Exception) -> Response:
    """Say that it is our fault; what happened is in the log of the program. Outside all middleware."""
    del error
    answer = render(request, "lost.html", 500, page=None, message="工作台出现故障，请联系系统管理员")
    answer.headers.update({**HEADERS, "cache-control": "no-store"})
    return answer
