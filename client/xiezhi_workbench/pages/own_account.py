"""我的账号: one's own password, one-time codes, API tokens, and what the journal of accounts says of oneself."""

import asyncio
from typing import Any, Final
from urllib.parse import urlencode

import segno
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import NewSecondFactor, XiezhiError
from xiezhi_domain.terms import AccountEventKind
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = "/account"
_ENTRIES: Final = 20
_LONGEST_URI: Final = 500
"""No code that a phone can read holds more."""


@page
async def show(page: Page) -> Response:
    """Show one's own account."""
    return await _shown(page)


@page
async def change_password(page: Page) -> Response:
    """Change one's own password."""
    old, new, problem = new_password_of(page.form)
    if problem is not None:
        return await _shown(page, problem)
    try:
        await page.client.accounts.change_password(old, new)
    except XiezhiError as error:
        return await _refused(page, error)
    return page.see(HERE, "密码已修改，其他登录已全部结束。")


@page
async def begin(page: Page) -> Response:
    """Show the secret of a new second factor, this once, and ask for a first code."""
    try:
        begun = await page.client.second_factor.begin(str(page.form.get("password", "")))
    except XiezhiError as error:
        return await _refused(page, error)
    return _with_secret(page, begun)


@page
async def finish(page: Page) -> Response:
    """Set it, and show the recovery codes, this once."""
    try:
        recovery = await page.client.second_factor.finish(page.text("code"))
    except XiezhiError as error:
        begun = NewSecondFactor(secret=page.text("secret"), uri=page.text("uri"))
        if not begun.uri.startswith("otpauth://") or len(begun.uri) > _LONGEST_URI:
            return await _refused(page, error)
        return _with_secret(page, begun, error)
    return page.render("account/recovery.html", recovery=recovery)


@page
async def remove(page: Page) -> Response:
    """Remove it."""
    try:
        await page.client.second_factor.remove(str(page.form.get("password", "")), page.text("code"))
    except XiezhiError as error:
        return await _refused(page, error)
    return page.see(HERE, "动态口令已解除。")


@page
async def revoke(page: Page) -> Response:
    """End a token of one's own account."""
    await page.client.accounts.revoke_token(page.request.path_params["id"])
    return page.see(HERE, "令牌已吊销。")


def new_password_of(form: FormData) -> tuple[str, str, Problem | None]:
    """Give the old and the new password of a form, and what is wrong where the new one was not typed twice alike."""
    old, new, again = (str(form.get(name, "")) for name in ("old_password", "new_password", "again"))
    same = new == again
    return (
        old,
        new,
        None if same else Problem("两次输入的新密码不一致", {"again": "与新密码不一致，请重新输入"}),
    )


def _with_secret(page: Page, begun: NewSecondFactor, error: XiezhiError | None = None) -> Response:
    return page.render(
        "account/set.html",
        status_of(error) if error else 200,
        begun=begun,
        picture=segno.make(begun.uri, micro=False).svg_data_uri(scale=4, border=4),
        problem=Problem.of(error) if error else None,
    )


async def _refused(page: Page, error: XiezhiError) -> Response:
    """Show the account again with what is wrong.

    A wrong password is told as at sign-in, but whoever is signed in stays so.
    """
    if error.reason == "BAD_CREDENTIALS":
        return await _shown(page, Problem("密码不正确"), 422)
    return await _shown(page, Problem.of(error), status_of(error))


async def _shown(page: Page, problem: Problem | None = None, status: int = 0) -> Response:
    factor, tokens, log = await asyncio.gather(
        page.client.second_factor.get(),
        page.client.accounts.tokens(),
        page.client.account_journal.page(
            page_size=_ENTRIES, page_token=page.request.query_params.get("page", "")
        ),
    )
    shown: dict[str, Any] = {
        "factor": factor,
        "tokens": tokens,
        "log": log,
        "first": HERE if page.request.query_params.get("page") else "",
        "next": f"{HERE}?{urlencode({'page': log.next_page_token})}" if log.next_page_token else "",
        "kinds": AccountEventKind,
        "problem": problem,
    }
    return page.render("account/show.html", status or (422 if problem else 200), **shown)


routes = [
    Route(HERE, show),
    Route(f"{HERE}/password", change_password, methods=["POST"]),
    Route(f"{HERE}/second-factor", begin, methods=["POST"]),
    Route(f"{HERE}/second-factor/finish", finish, methods=["POST"]),
    Route(f"{HERE}/second-factor/remove", remove, methods=["POST"]),
    Route(f"{HERE}/tokens/{{id}}/revoke", revoke, methods=["POST"]),
]
