"""What the log's HTTP listener answers: `checkpoint`, tiles and bundles below the log's name, to nodes alone.

Everything lies below ``/<origin>/``: a log that was opened anew has another origin, so nothing that a cache keeps of
the old one is taken for the new one's.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from math import ceil
from typing import Final
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from xiezhi_domain.errors import (
    DomainError,
    FormatError,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Reason,
    Unavailable,
)
from xiezhi_domain.evidence.tilefiles import CHECKPOINT_PATH, parse_path
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.tiled_log.reading import read_checkpoint, read_published
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.peer import IsRevoked, PeerCertificate, check_certificate

_log = structlog.get_logger(__name__)

PEER: Final = "xiezhi_peer"
"""Where the connection puts the certificate that it was opened with, in the scope of each request."""

# What a tile holds never changes, but only the caller who was let in may keep it.
_FOR_EVER: Final = {"cache-control": "private, max-age=31536000, immutable"}
_FOR_NOW: Final = {"cache-control": "no-store"}
_GUARDS: Final = {"x-content-type-options": "nosniff"}
_STATUS: Final = (
    (NotAllowed, 403),
    (NotFound, 404),
    (LimitExceeded, 429),
    (Unavailable, 503),
)


class LogAnswers:
    """The ASGI application. *is_revoked* tells of a caller's certificate."""

    def __init__(self, journal: HubJournal, gate: Gate, limiter: RateLimiter, is_revoked: IsRevoked) -> None:
        self._journal = journal
        self._gate = gate
        self._limiter = limiter
        self._is_revoked = is_revoked
        self._below = f"/{quote(journal.signer.origin)}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = await self._answer(Request(scope))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            self._admit(request.scope.get(PEER))
            if request.method not in ("GET", "HEAD"):
                return _problem(405, "只能读取", {"allow": "GET, HEAD"})
            # As it came: a path with escapes is another spelling, and there is one for each file.
            raw = request.scope.get("raw_path", b"").decode("ascii", "replace")
            return await self._file(raw)
        except LimitExceeded as error:
            wait = ceil(error.retry_after_ms / 1000)
            return _problem(429, error.message, {"retry-after": str(wait)})
        except DomainError as error:
            status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
            if status == 500:  # noqa: PLR2004  the one that is our fault
                _log.error("log_file_not_read", reason=error.reason)
            return _problem(status, error.message)

    def _admit(self, peer: PeerCertificate | None) -> None:
        if peer is None:
            raise NotAllowed(Reason.CERTIFICATE_INVALID)
        check_certificate(peer, self._journal.clock(), self._is_revoked)
        self._limiter.take(peer.court)
        self._gate.require_open()

    async def _file(self, path: str) -> Response:
        name = path.removeprefix(self._below)
        if name == path:
            return _problem(404, "没有这个地址")
        if name == CHECKPOINT_PATH:
            note = await self._journal.read(read_checkpoint)
            return PlainTextResponse(note, headers=_FOR_NOW | _GUARDS)
        try:
            file = parse_path(name)
        except FormatError as error:
            return _problem(404, error.message)
        content = await self._journal.read(partial(read_published, file=file))
        return Response(content, media_type="application/octet-stream", headers=_FOR_EVER | _GUARDS)


def _problem(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text + "\n", status, headers=_FOR_NOW | _GUARDS | (headers or {}))
