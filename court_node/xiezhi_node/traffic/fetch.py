"""Fetching the documents that stored events name; the machine receipt follows the last one (protocol §4)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
import structlog
from sqlalchemy import Connection, select

from xiezhi.v1 import document_pb2, document_service_pb2, event_pb2
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi_desk.documents.document import DocumentSpec
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.errors import DomainError
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import named_documents
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.signal import Signal
from xiezhi_node.seat import Seat
from xiezhi_node.taking.take import acknowledge_arrival
from xiezhi_node.taking.wanted import document_arrived

AT_ONCE = 32
PAUSE_S = 2.0
REST_S = 0.2
"""Few commits bring documents; while there are many commits, they are looked through together."""

RETRY_MS = 30_000
"""How long a document that failed waits for its next try."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document to fetch, as the event that names it describes it, and the court that brought it."""

    instruction: str
    document: document_pb2.Document
    court: str


@dataclass(frozen=True, slots=True)
class DocumentArrived:
    """Work for the writer: a document is here; when it was the last one, the arrival is acknowledged."""

    seat: Seat
    instruction: str
    sha256: bytes

    def prepare(self, ledger: Ledger) -> None:
        """Ask for the matter."""
        ledger.want_matter(self.instruction)

    def run(self, ledger: Ledger) -> None:
        """Take it off the list and make the receipt if nothing is missing."""
        if document_arrived(ledger, self.instruction, self.sha256):
            acknowledge_arrival(ledger, self.seat, self.instruction)


class DocumentFetcher:
    """Fetches what is wanted, for ever; resumes what a broken line or a stopped program left."""

    def __init__(
        self, hub: HubChannel, documents: Documents, journal: Journal, seat: Seat, commits: Signal
    ) -> None:
        self._hub = hub
        self._documents = documents
        self._journal = journal
        self._seat = seat
        self._commits = commits
        self._failed = _Failed()

    async def run(self) -> None:
        """Run until cancelled."""
        with self._commits.subscribe() as wake:
            while True:
                if not await self._fetch_some():
                    await asyncio.sleep(REST_S)
                    await wake.wait(PAUSE_S)

    async def _fetch_some(self) -> bool:
        """Fetch a handful; returns whether any came. What failed waits a while and keeps no other back."""
        try:
            wanted = await self._journal.read(
                partial(read_wanted, without=self._failed.names(self._journal.clock()))
            )
        except (DomainError, OSError):
            _log.exception("wanted_documents_not_read")
            return False
        return any([await self._fetch(each) for each in wanted])

    async def _fetch(self, wanted: Wanted) -> bool:
        try:
            await self._fetch_one(wanted)
        except (grpc.RpcError, DomainError, OSError) as error:
            _log.warning("document_not_fetched", instruction=wanted.instruction, problem=type(error).__name__)
            self._failed.note(wanted.instruction, wanted.document.sha256, self._journal.clock())
            return False
        return True

    async def _fetch_one(self, wanted: Wanted) -> None:
        document = wanted.document
        spec = DocumentSpec(
            instruction=wanted.instruction,
            sha256=document.sha256,
            size=document.size,
            name=document.name,
            paper_type=PAPER_TYPES.from_proto(document.paper_type, "paper_type"),
        )
        offset = await self._documents.received(spec, self._seat.court)
        pieces = self._download(wanted, offset)
        await self._documents.store_from(pieces, spec, self._seat.court, wanted.court)
        await self._journal.submit(DocumentArrived(self._seat, wanted.instruction, document.sha256))

    async def _download(self, wanted: Wanted, offset: int) -> AsyncIterator[bytes]:
        request = document_service_pb2.DownloadDocumentRequest(
            instruction_id=wanted.instruction, sha256=wanted.document.sha256, offset=offset
        )
        async for piece in DocumentServiceStub(self._hub.channel).DownloadDocument(request):
            yield piece.data


class _Failed:
    """What could not be fetched a moment ago, and until when it waits."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, bytes], int] = {}

    def note(self, instruction: str, sha256: bytes, now: int) -> None:
        """Let a document wait."""
        self._until[instruction, sha256] = now + RETRY_MS

    def names(self, now: int) -> list[bytes]:
        """Return the hashes of what waits still."""
        self._until = {name: until for name, until in self._until.items() if until > now}
        return [sha256 for _, sha256 in self._until]


def read_wanted(connection: Connection, without: Sequence[bytes] = ()) -> list[Wanted]:
    """Return what has to be fetched, oldest first, up to a handful; *without* these hashes."""
    wanted, event, body = tables.wanted_document, tables.event, tables.body
    query = (
        select(wanted.c.instruction, wanted.c.sha256, event.c.court, body.c.content)
        .join(event, event.c.position == wanted.c.position)
        .join(body, body.c.position == wanted.c.position)
        .where(wanted.c.sha256.not_in(list(without)))
        .order_by(wanted.c.position)
        .limit(AT_ONCE)
    )
    return [found for row in connection.execute(query) if (found := _wanted(row)) is not None]


def _wanted(row: Any) -> Wanted | None:
    named = named_documents(event_pb2.Body.FromString(row.content))
    document = next((document for document in named if document.sha256 == row.sha256), None)
    return Wanted(row.instruction, document, row.court) if document is not None else None
