"""工作台: what waits for whoever is signed in."""

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_workbench.page import Page, page


@page
async def show(page: Page) -> Response:
    """Show who is signed in."""
    return page.render("desk/desk.html")


routes = [Route("/", show)]
