"""Here: a page on which somebody types says so, which keeps the session alive as a click does."""

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_workbench.page import Page, page


@page
async def here(page: Page) -> Response:
    """Answer with nothing; that it was asked is enough."""
    del page
    return Response(status_code=204)


routes = [Route("/here", here)]
