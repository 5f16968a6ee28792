"""登录 by the court's unified identity: to the provider and back."""

import base64
import binascii
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from xiezhi_client.sdk import Client, XiezhiError
from xiezhi_workbench.page import SIGN_IN
from xiezhi_workbench.pages.sign_in import begin_session, own_path, sign_in_form

HERE: Final = f"{SIGN_IN}/federated"
_COOKIE: Final = "__Host-federated"
_SECONDS: Final = 600


async def begin(request: Request) -> Response:
    """Send the browser to the provider; it keeps what binds the way back to it."""
    onward = own_path(request.query_params.get("next", ""))
    base: Client = request.app.state.client
    try:
        begun = await base.identities.begin()
    except XiezhiError as error:
        return await sign_in_form(request, onward, error=error)
    answer = RedirectResponse(begun.address, status_code=303)
    kept = f"{begun.pending}.{base64.urlsafe_b64encode(onward.encode()).decode()}"
    # Lax and not Strict: the way back begins at another site.
    answer.set_cookie(_COOKIE, kept, max_age=_SECONDS, secure=True, httponly=True, samesite="lax", path="/")
    return answer


async def finish(request: Request) -> Response:
    """Sign in whom the provider has sent back."""
    pending, onward = _kept(request.cookies.get(_COOKIE, ""))
    query = request.query_params
    base: Client = request.app.state.client
    client = base.with_token("")
    try:
        signed_in = await client.finish_federated_sign_in(
            query.get("code", ""), query.get("state", ""), pending
        )
    except XiezhiError as error:
        answer = await sign_in_form(request, onward, error=error)
    else:
        answer = begin_session(request, client, signed_in, onward)
    answer.delete_cookie(_COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def _kept(cookie: str) -> tuple[str, str]:
    """Give what the browser has kept for the desk, and where it was to go."""
    pending, _, onward = cookie.partition(".")
    try:
        return pending, own_path(base64.urlsafe_b64decode(onward).decode())
    except (binascii.Error, ValueError):
        return pending, ""


routes = [Route(HERE, begin), Route(f"{HERE}/finish", finish)]
