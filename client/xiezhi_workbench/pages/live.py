"""Live: tells an open page that something has changed, and nothing about what. The page then asks for it itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from xiezhi_client.sdk import NotAllowed, XiezhiError
from xiezhi_workbench.page import Page, background
from xiezhi_workbench.sessions import COOKIE, Sessions

KEEP_ALIVE_S: Final = 15.0
_AT_MOST_EVERY_S: Final = 1.0
_LOOK_S: Final = 5.0
"""How often the hub is asked whether its log has grown."""
_CHANGED: Final = "event: changed\ndata: \n\n"


@background
async def live(page: Page) -> Response:
    """Tell of changes, or at a node of those of `matter`, for as long as the page is open and its session lasts."""
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(_tell(page), media_type="text/event-stream", headers=headers)


async def _tell(page: Page) -> AsyncIterator[str]:
    changed = asyncio.Event()
    watching = asyncio.create_task((_watch_hub if page.is_hub else _watch_node)(page, changed))
    stopping: asyncio.Event = page.request.app.state.stopping
    stopped = asyncio.create_task(stopping.wait())
    try:
        yield "retry: 3000\n\n"
        while not stopping.is_set() and lasts(page):
            waiting = asyncio.create_task(changed.wait())
            try:
                await asyncio.wait(
                    {waiting, stopped}, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                waiting.cancel()
            if changed.is_set():
                changed.clear()
                yield _CHANGED
                await asyncio.wait({stopped}, timeout=_AT_MOST_EVERY_S)
            else:
                yield ": keep-alive\n\n"
        if not stopping.is_set():
            yield "event: ended\ndata: \n\n"
    finally:
        watching.cancel()
        stopped.cancel()


def lasts(page: Page) -> bool:
    """Say whether the session of an open stream still is."""
    sessions: Sessions = page.request.app.state.sessions
    return sessions.find(page.request.cookies.get(COOKIE, ""), clicked=False) is page.session


async def _watch_node(page: Page, changed: asyncio.Event) -> None:
    """Set *changed* whenever a matter that this person may see has changed, or the one that the page asks about."""
    matter = page.request.query_params.get("matter", "")
    try:
        async for change in page.client.instructions.watch(after=-1):
            if not matter or (change.instruction and change.instruction.instruction_id == matter):
                changed.set()
    except XiezhiError:
        # Ended at the server, or not for this person: the page learns the first when it asks for something.
        return


async def _watch_hub(page: Page, changed: asyncio.Event) -> None:
    """Set *changed* whenever the log has grown."""
    known = b""
    while True:
        try:
            newest = (await page.client.evidence.checkpoint()).checkpoint
        except NotAllowed:
            return
        except XiezhiError:
            newest = known
        if known not in {b"", newest}:
            changed.set()
        known = newest
        await asyncio.sleep(_LOOK_S)


routes = [Route("/live", live)]
