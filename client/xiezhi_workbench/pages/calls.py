"""电话催办: the register of calls that the command centre made about late matters."""

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_workbench.asking import first
from xiezhi_workbench.page import Page, page

_MOST: Final = 200


@page
async def show(page: Page) -> Response:
    """Show who was called about what, when, and what was promised; the last call first."""
    calls = await first(page.client.superior.calls(page_size=_MOST), _MOST)
    return page.render("supervise/calls.html", calls=calls, most=_MOST)


routes = [Route("/supervise/calls", show)]
