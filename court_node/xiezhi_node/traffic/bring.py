"""Bringing documents to the hub before the events that name them (ADR 0002)."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import grpc
import structlog

from xiezhi.v1 import document_pb2, document_service_pb2
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_desk.documents.documents import Documents
from xiezhi_domain.errors import DomainError, NotFound, Reason
from xiezhi_domain.events.header import decode_header
from xiezhi_journal.proofs import documents_of
from xiezhi_link.hub_channel import HubChannel

_log = structlog.get_logger(__name__)
CALL_TIMEOUT_S = 30.0


class DocumentBringer:
    """Uploads what pushed events name. What the hub has of an instruction is remembered while the node runs."""

    def __init__(self, hub: HubChannel, documents: Documents) -> None:
        self._hub = hub
        self._documents = documents
        self._brought: set[tuple[str, bytes]] = set()

    async def bring(self, records: Sequence[StoredEvent]) -> list[StoredEvent]:
        """Return the records whose documents are all at the hub, in order.

        A record whose documents cannot be brought now is left out, and so are the later ones of its instruction.
        """
        ready: list[StoredEvent] = []
        held: set[str] = set()
        for record in records:
            named = documents_of(record.body)
            # Most events name nothing; only where something is held back does the instruction matter.
            if not named and not held:
                ready.append(record)
                continue
            instruction = decode_header(record.header).instruction
            if instruction in held or not await self._bring_all(instruction, named):
                held.add(instruction)
            else:
                ready.append(record)
        return ready

    async def _bring_all(self, instruction: str, named: Sequence[document_pb2.Document]) -> bool:
        try:
            for document in named:
                if (instruction, document.sha256) not in self._brought:
                    await self._bring(instruction, document)
                    self._brought.add((instruction, document.sha256))
        except (grpc.RpcError, DomainError, OSError) as error:
            _log.warning("document_not_brought", instruction=instruction, problem=type(error).__name__)
            return False
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # gRPC cancels a call whose pieces it could not read; nobody has cancelled us.
            _log.warning("document_not_read", instruction=instruction)
            return False
        return True

    def forget(self) -> None:
        """Ask the hub again what it has: it may have lost documents (protocol §8)."""
        self._brought.clear()

    async def _bring(self, instruction: str, document: document_pb2.Document) -> None:
        stub = DocumentServiceStub(self._hub.channel)
        request = document_service_pb2.StartUploadRequest(instruction_id=instruction, document=document)
        place = await stub.StartUpload(request, timeout=CALL_TIMEOUT_S)
        if place.present:
            return
        if not await self._documents.has(document.sha256):
            # Asked before the call: what fails while gRPC reads the pieces reaches us as a cancellation.
            raise NotFound(Reason.DOCUMENT_MISSING)
        await stub.UploadDocument(self._pieces(place.upload_id, document.sha256, place.offset))

    async def _pieces(
        self, upload_id: str, sha256: bytes, offset: int
    ) -> AsyncIterator[document_service_pb2.UploadDocumentRequest]:
        # The id goes alone, so that a document without a further byte is a whole upload as well.
        yield document_service_pb2.UploadDocumentRequest(upload_id=upload_id, offset=offset)
        async for data in self._documents.chunks(sha256, offset):
            yield document_service_pb2.UploadDocumentRequest(offset=offset, data=data)
            offset += len(data)
