"""修改初始密码: all that somebody sees who has signed in with the password that an administrator gave him."""

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import XiezhiError
from xiezhi_workbench.page import FIRST_PASSWORD, Page, Problem, page, render, status_of
from xiezhi_workbench.pages.own_account import new_password_of


@page
async def show(page: Page) -> Response:
    """Show the form."""
    return _shown(page)


@page
async def change(page: Page) -> Response:
    """Change the password, and go on to the desk."""
    old, new, problem = new_password_of(page.form)
    if problem is not None:
        return _shown(page, problem, 422)
    try:
        await page.client.accounts.change_password(old, new)
    except XiezhiError as error:
        # A wrong password is told as at sign-in, but whoever is signed in stays so.
        if error.reason == "BAD_CREDENTIALS":
            return _shown(page, Problem("初始密码不正确"), 422)
        return _shown(page, Problem.of(error), status_of(error))
    page.session.must_change_password = False
    return page.see("/", "密码已修改。")


def _shown(page: Page, problem: Problem | None = None, status: int = 200) -> Response:
    # As to somebody who is not signed in: no menu and nothing that fetches by itself, all of which would be refused.
    return render(
        page.request,
        "sign_in/first_password.html",
        status,
        page=None,
        csrf=page.session.csrf,
        login=page.me.account.login if page.me.account else "",
        problem=problem,
    )


routes = [Route(FIRST_PASSWORD, show), Route(FIRST_PASSWORD, change, methods=["POST"])]
