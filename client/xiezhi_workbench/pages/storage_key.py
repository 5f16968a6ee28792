"""The key with which a browser keeps what its reader has entered and not sent yet; no page has it, its scripts ask."""

import base64

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xiezhi_client.sdk import XiezhiError
from xiezhi_workbench.answering import refused
from xiezhi_workbench.page import Page, background


@background
async def storage_key(page: Page) -> Response:
    """Give the key of who is signed in, and whose it is; never to be cached."""
    try:
        key = await page.client.accounts.storage_key()
    except XiezhiError as error:
        return refused(error)
    owner = page.me.account.account_id if page.me.account else ""
    return JSONResponse({"owner": owner, "key": base64.b64encode(key).decode()})


routes = [Route("/storage-key", storage_key)]
