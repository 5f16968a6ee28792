"""Papers of a matter: what browsers show safely is shown, everything else is saved to disk."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import NotFound
from xiezhi_client.sdk.content import safe_name
from xiezhi_workbench.page import Page, page

SHOWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""Types that a browser shows without running anything of the sender's; all others are saved only."""

_ANY: Final = "application/octet-stream"
_HASH: Final = re.compile(r"^[0-9a-f]{64}$")
# A sandbox without permissions: no scripts, no forms, an origin of its own.
_CONTENT_SECURITY_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_PDF_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
)
"""Without the sandbox: Chromium shows no PDF in one; its reader is a process apart and runs as another origin."""


@page
async def document(page: Page) -> Response:
    """Give a paper: shown in the browser where that is safe, with `?save=1` saved in any case.

    Recorded as a look at personal data. Raise `NotFound`.
    """
    named, sha256 = page.request.path_params["id"], page.request.path_params["document"]
    instruction = await page.client.instructions.get(named)
    found = next((each for each in instruction.documents if each.sha256 == sha256), None)
    if not _HASH.match(sha256) or found is None or instruction.summary is None:
        raise NotFound("UNKNOWN_DOCUMENT", "找不到该文书，请核对")
    data = await _content(page, instruction.summary.instruction_id, sha256)
    shown = found.media_type in SHOWN and "save" not in page.request.query_params
    policy = _PDF_SECURITY_POLICY if found.media_type == "application/pdf" else _CONTENT_SECURITY_POLICY
    how = "inline" if shown else "attachment"
    return Response(
        data,
        media_type=found.media_type if shown else _ANY,
        headers={
            "content-disposition": f"{how}; filename*=UTF-8''{quote(safe_name(found.name), safe='')}",
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
        },
    )


async def _content(page: Page, instruction_id: str, sha256: str) -> bytes:
    """Give the bytes, checked by their hash."""
    with TemporaryDirectory(prefix="xiezhi-workbench-") as folder:
        target = Path(folder, sha256)
        await page.client.documents.download(instruction_id, sha256, target)
        return await asyncio.to_thread(target.read_bytes)


routes: Final = [Route("/matters/{id}/documents/{document}", document)]
