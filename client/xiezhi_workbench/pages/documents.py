"""Papers of a matter: what browsers show safely is shown, everything else is saved to disk."""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from xiezhi_client.sdk import NotFound
from xiezhi_client.sdk.content import safe_name
from xiezhi_workbench.imports import SHOWN_FOLDERS
from xiezhi_workbench.page import Page, page
from xiezhi_workbench.previewing import Previews

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
    """A paper as it is given: its name, its type, where its bytes lie, which have the right hash."""

    name: str
    media_type: str
    path: Path
    size: int


@page
async def document(page: Page) -> Response:
    """Give a paper: shown in the browser where that is safe, with `?save=1` saved in any case.

    What would hold the browser is not shown, and why is said. Recorded as a look at personal data. Raise `NotFound`.
    """
    named, sha256 = page.request.path_params["id"], page.request.path_params["document"]
    if not _HASH.match(sha256):
        raise NotFound("UNKNOWN_DOCUMENT", _UNKNOWN)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix=SHOWN_FOLDERS)))
        paper = await (_at_hub if page.is_hub else _at_court)(page, named, sha256, folder)
        shown = paper.media_type in SHOWN and "save" not in page.request.query_params
        if shown and (why := await _previews(page).why_not(sha256, paper.media_type, paper.path, paper.size)):
            return page.render(
                "matter/not_shown.html",
                422,
                name=paper.name,
                why=why,
                size=paper.size,
                address=page.request.url.path,
            )
        # It lies on disk until it is sent: a video does not fit into memory.
        return _given(paper, shown=shown, after=BackgroundTask(stack.pop_all().aclose))


def _given(paper: _Paper, *, shown: bool, after: BackgroundTask) -> Response:
    policy = _PDF_SECURITY_POLICY if paper.media_type == "application/pdf" else _CONTENT_SECURITY_POLICY
    how = "inline" if shown else "attachment"
    return FileResponse(
        paper.path,
        media_type=paper.media_type if shown else _ANY,
        headers={
            "content-disposition": f"{how}; filename*=UTF-8''{quote(safe_name(paper.name), safe='')}",
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
        },
        background=after,
    )


def _previews(page: Page) -> Previews:
    previews: Previews = page.request.app.state.previews
    return previews


async def _at_court(page: Page, named: str, sha256: str, folder: Path) -> _Paper:
    instruction = await page.client.instructions.get(named)
    found = next((each for each in instruction.documents if each.sha256 == sha256), None)
    if found is None or instruction.summary is None:
        raise NotFound("UNKNOWN_DOCUMENT", _UNKNOWN)
    path = await page.client.documents.download(instruction.summary.instruction_id, sha256, folder)
    return _lying(found.name, found.media_type, path)


def _lying(name: str, media_type: str, path: Path) -> _Paper:
    return _Paper(name, media_type, path, path.stat().st_size)


async def _at_hub(page: Page, named: str, sha256: str, folder: Path) -> _Paper:
    """Give a paper of a matter or of a draft; the hub tells its name alone, which says its type."""
    path = await page.client.documents.download(named, sha256, folder)
    return _lying(path.name, guess_type(path.name)[0] or _ANY, path)


routes: Final = [Route("/matters/{id}/documents/{document}", document)]
