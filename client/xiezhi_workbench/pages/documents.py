"""Papers of a matter: what browsers show safely is shown, everything else is saved to disk."""

import asyncio
import re
from dataclasses import dataclass
from mimetypes import guess_type
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
_UNKNOWN: Final = "找不到该文书，请核对"
_HASH: Final = re.compile(r"^[0-9a-f]{64}$")
# A sandbox without permissions: no scripts, no forms, an origin of its own.
_CONTENT_SECURITY_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_PDF_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
)
"""Without the sandbox: Chromium shows no PDF in one; its reader is a process apart and runs as another origin."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper as it is given: its name, its type, its bytes, which have the right hash."""

    name: str
    media_type: str
    data: bytes


@page
async def document(page: Page) -> Response:
    """Give a paper: shown in the browser where that is safe, with `?save=1` saved in any case.

    Recorded as a look at personal data. Raise `NotFound`.
    """
    named, sha256 = page.request.path_params["id"], page.request.path_params["document"]
    if not _HASH.match(sha256):
        raise NotFound("UNKNOWN_DOCUMENT", _UNKNOWN)
    paper = await (_at_hub if page.is_hub else _at_court)(page, named, sha256)
    shown = paper.media_type in SHOWN and "save" not in page.request.query_params
    policy = _PDF_SECURITY_POLICY if paper.media_type == "application/pdf" else _CONTENT_SECURITY_POLICY
    how = "inline" if shown else "attachment"
    return Response(
        paper.data,
        media_type=paper.media_type if shown else _ANY,
        headers={
            "content-disposition": f"{how}; filename*=UTF-8''{quote(safe_name(paper.name), safe='')}",
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
        },
    )


async def _at_court(page: Page, named: str, sha256: str) -> _Paper:
    instruction = await page.client.instructions.get(named)
    found = next((each for each in instruction.documents if each.sha256 == sha256), None)
    if found is None or instruction.summary is None:
        raise NotFound("UNKNOWN_DOCUMENT", _UNKNOWN)
    _, data = await _content(page, instruction.summary.instruction_id, sha256)
    return _Paper(found.name, found.media_type, data)


async def _at_hub(page: Page, named: str, sha256: str) -> _Paper:
    """Give a paper of a matter or of a draft; the hub tells its name alone, which says its type."""
    name, data = await _content(page, named, sha256)
    return _Paper(name, guess_type(name)[0] or _ANY, data)


async def _content(page: Page, instruction_id: str, sha256: str) -> tuple[str, bytes]:
    """Give the name that the server has for a paper, and its bytes, checked by their hash."""
    with TemporaryDirectory(prefix="xiezhi-workbench-") as folder:
        path = await page.client.documents.download(instruction_id, sha256, Path(folder))
        return path.name, await asyncio.to_thread(path.read_bytes)


routes: Final = [Route("/matters/{id}/documents/{document}", document)]
