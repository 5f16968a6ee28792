"""What every page is given: who looks, the desk as this person, the form that was sent; and how errors are shown.

A page is an async function of a `Page` that gives a response; `page` makes an endpoint of it::

    @page
    async def one(page: Page) -> Response:
        matter = await page.client.instructions.get(page.request.path_params["id"])
        return page.render("matter/one.html", matter=matter)

    routes = [Route("/matters/{id}", one)]

What the server refuses (`XiezhiError`) becomes a message in Chinese by itself. A page with a form catches it instead,
and shows the form again with `problem=Problem.of(error)`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from xiezhi_client.sdk import (
    Client,
    Conflict,
    InvalidInput,
    Me,
    NotAllowed,
    NotFound,
    NotSignedIn,
    NotSupported,
    Overloaded,
    Unavailable,
    WrongState,
    XiezhiError,
    new_request_id,
)
from xiezhi_domain.errors import DomainError
from xiezhi_workbench import one_time_codes, words
from xiezhi_workbench.config import WorkbenchSettings
from xiezhi_workbench.entering import carried
from xiezhi_workbench.menu import offered
from xiezhi_workbench.one_time_codes import CodeNeededError
from xiezhi_workbench.rulebooks import Rulebooks
from xiezhi_workbench.security import same_token
from xiezhi_workbench.sessions import COOKIE, Session, Sessions

SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
FIRST_PASSWORD: Final = "/first-password"  # noqa: S105  where it is changed
_SENDS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_STATUS: Final[tuple[tuple[type[XiezhiError], int], ...]] = (
    (InvalidInput, 422),
    (NotAllowed, 403),
    (NotFound, 404),
    (WrongState, 409),
    (Conflict, 409),
    (Overloaded, 429),
    (Unavailable, 503),
    (NotSupported, 501),
)
_SERVER_FAULT: Final = 500
_FORGED: Final = 403
_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what was sent: a message, and one for each field by its name in the request."""

    message: str
    fields: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None

    @classmethod
    def of(cls, error: XiezhiError | DomainError) -> "Problem":
        """Give what *error* says to people."""
        fields = {each.field: each.message for each in error.fields}
        return cls(error.message, fields, getattr(error, "retry_after", None))


@dataclass(frozen=True, slots=True)
class Page:
    """One request of somebody who is signed in."""

    request: Request
    session: Session
    form: FormData
    """What was sent, its token checked; empty where nothing was, or where it is no form."""
    told: str = ""
    """What was done just before, said once; kept in the session, so that no address can claim it."""

    @property
    def client(self) -> Client:
        """The desk, as this person."""
        return self.session.client

    @property
    def me(self) -> Me:
        """Who is signed in."""
        return self.session.me

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of who is signed in."""
        return self.me.account.roles if self.me.account else ()

    @property
    def is_hub(self) -> bool:
        """Whether this is the hub's workbench."""
        settings: WorkbenchSettings = self.request.app.state.settings
        return settings.is_hub

    @property
    def rulebooks(self) -> Rulebooks:
        """The rulebooks that this process has met."""
        rulebooks: Rulebooks = self.request.app.state.rulebooks
        return rulebooks

    @property
    def is_fragment(self) -> bool:
        """Whether the page that is open asks for a part of itself (htmx)."""
        return "hx-request" in self.request.headers

    def text(self, name: str) -> str:
        """Give a text field of the form without spaces around it; empty if it was not sent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """Give the page that *template* makes of *context*."""
        return render(self.request, template, status, page=self, **context)

    def see(self, path: str, told: str = "") -> Response:
        """Send the browser to another page (303, also after a form), which says *told* once."""
        if told:
            self.session.tell(urlsplit(path).path, told)
        return see(self.request, path)

    def refuse(self, error: XiezhiError | DomainError) -> Response:
        """Show what the server said: a page of its own, or a message at the top of the open one."""
        template = "parts/refused.html" if self.is_fragment else "error.html"
        return self.render(template, status_of(error), problem=Problem.of(error))

    @property
    def request_id(self) -> str:
        """A new request id for a form, so that sending it twice acts once."""
        return new_request_id()


Handler = Callable[[Page], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(handler: Handler) -> Endpoint:
    """Make an endpoint of *handler*: for people who are signed in; a click keeps the session alive."""
    return _endpoint(handler, clicked=True)


def background(handler: Handler) -> Endpoint:
    """Make an endpoint of what an open page fetches by itself: it keeps no session alive."""
    return _endpoint(handler, clicked=False)


def _endpoint(handler: Handler, *, clicked: bool) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        sessions: Sessions = request.app.state.sessions
        session = sessions.find(request.cookies.get(COOKIE, ""), clicked=clicked)
        if session is None:
            return _to_sign_in(request)
        if session.must_change_password and request.url.path not in (FIRST_PASSWORD, SIGN_OUT):
            # Everything else would be refused.
            return see(request, FIRST_PASSWORD)
        form = await _form(request)
        opened = clicked and request.method == "GET" and "hx-request" not in request.headers
        served = Page(request, session, form, session.told(request.url.path) if opened else "")
        try:
            if request.method in _SENDS and not _has_token(request, form, session):
                return render(request, "forged.html", _FORGED, page=None)
            with one_time_codes.typed(served.text(one_time_codes.FIELD)):
                return await handler(served)
        except CodeNeededError as needed:
            return _ask_for_code(served, needed.refused)
        except NotSignedIn:
            sessions.end(request.cookies.get(COOKIE, ""))
            return _to_sign_in(request)
        except (XiezhiError, DomainError) as error:
            return served.refuse(error)
        finally:
            await form.close()

    endpoint.__name__ = handler.__name__
    endpoint.__doc__ = handler.__doc__
    return endpoint


def _ask_for_code(page: Page, refused: XiezhiError | None) -> Response:
    """Show what was sent once more, unseen, with a field for the code that it waits for."""
    return page.render(
        "account/code.html",
        _FORBIDDEN,
        carried=[each for each in carried(page.form) if each[0] != one_time_codes.FIELD],
        code_field=one_time_codes.FIELD,
        problem=Problem.of(refused) if refused else None,
    )


async def _form(request: Request) -> FormData:
    if request.method in _SENDS and request.headers.get("content-type", "").startswith(_FORMS):
        return await request.form()
    return FormData()


def _has_token(request: Request, form: FormData, session: Session) -> bool:
    given = form.get("csrf") or request.headers.get("x-csrf-token", "")
    return isinstance(given, str) and same_token(given, session.csrf)


def _to_sign_in(request: Request) -> Response:
    """Send to the sign-in page, which leads back here; not to what was sent, which is lost."""
    if request.method in _SENDS or "hx-request" in request.headers:
        return see(request, SIGN_IN)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return see(request, SIGN_IN if here == "/" else f"{SIGN_IN}?next={quote(here, safe='')}")


def see(request: Request, path: str) -> Response:
    """Send the browser to *path*, also where the request is a fragment's."""
    if "hx-request" in request.headers:
        return Response(headers={"hx-redirect": path})
    return RedirectResponse(path, status_code=303)


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """Give the page that *template* makes; `page` is None for those who are not signed in."""
    state = request.app.state
    served: Page | None = context.get("page")
    html = state.templates.get_template(template).render(
        request=request,
        settings=state.settings,
        menu=offered(served.roles, is_hub=served.is_hub) if served else (),
        now=words.now(),
        **context,
    )
    return HTMLResponse(html, status_code=status)


def status_of(error: XiezhiError | DomainError) -> int:
    """Give the HTTP status for an error (RFC 9110 §15).

    Raise `NotSignedIn` again: no page shows that its reader is signed out, its endpoint leads him to sign in.
    """
    if isinstance(error, NotSignedIn):
        raise error
    if isinstance(error, DomainError):
        return 422
    return next((status for kind, status in _STATUS if isinstance(error, kind)), _SERVER_FAULT)
