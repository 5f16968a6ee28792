"""电话催办: the register of calls that the command centre made about late matters."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import SupervisorCall, XiezhiError
from xiezhi_workbench.asking import first
from xiezhi_workbench.page import Page, Problem, page, status_of

_MOST: Final = 200


@page
async def ask(page: Page) -> Response:
    """Ask what the register is read for. Sent as a form: a purpose stands in no address."""
    return _shown(page)


@page
async def show(page: Page) -> Response:
    """Show who was called about what, when, and what was promised, the last call first; the looks are on record."""
    try:
        calls = await first(page.client.superior.calls(page.text("purpose"), page_size=_MOST), _MOST)
    except XiezhiError as error:
        return _shown(page, error=error)
    return _shown(page, calls)


def _shown(
    page: Page, calls: Sequence[SupervisorCall] | None = None, error: XiezhiError | None = None
) -> Response:
    return page.render(
        "supervise/calls.html",
        status_of(error) if error else 200,
        calls=calls,
        most=_MOST,
        purpose=page.text("purpose"),
        problem=Problem.of(error) if error else None,
    )


routes = [Route("/supervise/calls", ask), Route("/supervise/calls", show, methods=["POST"])]
