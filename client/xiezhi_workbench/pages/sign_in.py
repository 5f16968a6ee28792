"""登录 and 退出."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.people.before import told_of_before
from xiezhi_client.sdk import Client, Me, NotSignedIn, SignedIn, XiezhiError
from xiezhi_workbench.one_time_codes import give_code
from xiezhi_workbench.page import SIGN_IN, SIGN_OUT, Page, Problem, page, render, see, status_of
from xiezhi_workbench.sessions import COOKIE, Sessions

_KEPT_IN_BROWSERS: Final = '"storage"'
"""All that pages have kept in the browser (W3C Clear Site Data)."""


async def show(request: Request) -> Response:
    """Show the form."""
    return await sign_in_form(request, own_path(request.query_params.get("next", "")))


async def enter(request: Request) -> Response:
    """Sign in, with a session of one's own."""
    async with request.form() as form:
        login, password, code, onward = (
            str(form.get(name, "")) for name in ("login", "password", "code", "next")
        )
    onward = own_path(onward)
    base: Client = request.app.state.client
    client = base.with_token("")
    try:
        signed_in = await client.sign_in(login.strip(), password, code.strip())
    except XiezhiError as error:
        return await sign_in_form(request, onward, login, error)
    must_change = signed_in.account is not None and signed_in.account.must_change_password
    return begin_session(request, client, signed_in, onward, must_change_password=must_change)


def begin_session(
    request: Request,
    client: Client,
    signed_in: SignedIn,
    onward: str,
    *,
    must_change_password: bool = False,
) -> Response:
    """Begin the browser's session with a client that has signed in, and send it onward.

    `must_change_password`: it was with a password that is to be changed before anything else.
    """
    client.ask_for_code(give_code)
    sessions: Sessions = request.app.state.sessions
    sessions.end(request.cookies.get(COOKIE, ""))
    me = Me(account=signed_in.account, court=signed_in.court)
    before = told_of_before(signed_in)
    told = {urlsplit(onward or "/").path: before} if before else {}
    token = sessions.begin(client, me, must_change_password=must_change_password, told=told)
    answer = see(request, onward or "/")
    answer.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="lax", path="/")
    return answer


@page
async def leave(page: Page) -> Response:
    """End the session here and at the server.

    What the browser keeps is cleared where its script says (`clear`) that nobody else's unsent work is among it.
    """
    page.request.app.state.sessions.end(page.request.cookies.get(COOKIE, ""))
    answer = page.see(SIGN_IN)
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    if page.text("clear"):
        answer.headers["clear-site-data"] = _KEPT_IN_BROWSERS
    try:
        await page.client.sign_out()
    except XiezhiError:
        # The session here is gone; the server's own ends by its time.
        return answer
    return answer


async def sign_in_form(
    request: Request, onward: str, login: str = "", error: XiezhiError | None = None
) -> Response:
    """Give the form, with what was wrong."""
    problem = Problem.of(error) if error else None
    status = 200 if error is None else 401 if isinstance(error, NotSignedIn) else status_of(error)
    return render(
        request,
        "sign_in/form.html",
        status,
        page=None,
        onward=onward,
        login=login,
        problem=problem,
        provider=await _provider(request),
    )


async def _provider(request: Request) -> str:
    """Give what the court's identity provider is called; nothing where the server cannot say it now."""
    base: Client = request.app.state.client
    try:
        return await base.identities.provider()
    except XiezhiError:
        return ""


def own_path(path: str) -> str:
    """Give *path* if it is one of this workbench, so that nobody is sent elsewhere; else nothing."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own else ""


routes = [
    Route(SIGN_IN, show, methods=["GET"]),
    Route(SIGN_IN, enter, methods=["POST"]),
    Route(SIGN_OUT, leave, methods=["POST"]),
]
