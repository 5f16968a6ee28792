"""`DocumentService`: for people and programs on the desk, for nodes on the hub's link."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final, Protocol, TypeAlias

import grpc

from xiezhi.v1 import document_pb2
from xiezhi.v1 import document_service_pb2 as pb
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceServicer
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.documents.document import (
    DocumentSpec,
    StoredDocument,
    check_name,
    check_sha256,
    check_size,
)
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.uploads import Piece, next_in_time
from xiezhi_desk.requests import principal
from xiezhi_desk.terms import PAPER_TYPES, SEAL_STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import Caller, any_caller
from xiezhi_wire.peer import PeerCertificate

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
DocumentCaller: TypeAlias = Caller | PeerCertificate

_DOWNLOAD: Final = "DownloadDocument"


class DocumentAccess(Protocol):
    """Who may read and bring documents of an instruction: for hub and node to say."""

    async def may_read(self, caller: DocumentCaller, instruction_id: str, sha256: bytes) -> bool:
        """Whether the caller may read this document of the instruction, if there is one."""

    async def may_write(self, caller: DocumentCaller, instruction_id: str) -> bool:
        """Whether the caller may bring documents for the instruction, which need not exist yet."""


class DocumentService(DocumentServiceServicer):
    """Serves the program's documents. What each method refuses is said in the contract."""

    def __init__(self, journal: Journal, documents: Documents, access: DocumentAccess) -> None:
        self._journal = journal
        self._documents = documents
        self._access = access

    async def StartUpload(self, request: pb.StartUploadRequest, _context: _Context) -> pb.StartUploadResponse:
        """Tell where an upload goes on."""
        caller = _document_caller()
        spec = _spec(request)
        await self._require_write(caller, spec.instruction)
        place = await self._documents.uploads.begin(spec, principal(caller))
        return pb.StartUploadResponse(upload_id=place.upload_id, offset=place.offset, present=place.present)

    async def UploadDocument(
        self, request_iterator: AsyncIterator[pb.UploadDocumentRequest], _context: _Context
    ) -> pb.UploadDocumentResponse:
        """Store a document from the pieces that come."""
        caller = _document_caller()
        requests = aiter(request_iterator)
        first = await next_in_time(requests)
        if first is None or not first.upload_id:
            raise InvalidInput.in_field("upload_id", "上传编号必填")
        upload = await self._documents.uploads.find(first.upload_id, principal(caller))
        # Asked again, because the right may have gone since the upload began.
        await self._require_write(caller, upload.spec.instruction)
        stored = await self._documents.uploads.receive(upload, caller.court, _pieces(first, requests))
        return pb.UploadDocumentResponse(document=document_message(stored))

    async def DownloadDocument(
        self, request: pb.DownloadDocumentRequest, _context: _Context
    ) -> AsyncIterator[pb.DownloadDocumentResponse]:
        """Give a document in pieces, after the look is on record."""
        caller = _document_caller()
        instruction_id = check_uuid7(request.instruction_id, "instruction_id")
        sha256 = check_sha256(request.sha256, "sha256")
        purpose = check_purpose(request.purpose)
        if not await self._access.may_read(caller, instruction_id, sha256):
            raise NotAllowed(Reason.FORBIDDEN)
        stored = await self._documents.get(instruction_id, sha256)
        offset = request.offset
        if not 0 <= offset <= stored.spec.size:
            raise InvalidInput(Reason.OFFSET_OUT_OF_RANGE, metadata={"size": str(stored.spec.size)})
        look = Access(self._journal.clock(), principal(caller), _DOWNLOAD, sha256.hex(), purpose)
        await self._journal.write(partial(record_access, access=look))
        yield pb.DownloadDocumentResponse(document=document_message(stored), offset=offset)
        async for data in self._documents.chunks(sha256, offset):
            yield pb.DownloadDocumentResponse(offset=offset, data=data)
            offset += len(data)

    async def _require_write(self, caller: DocumentCaller, instruction_id: str) -> None:
        if not await self._access.may_write(caller, instruction_id):
            raise NotAllowed(Reason.FORBIDDEN)


def _document_caller() -> DocumentCaller:
    caller = any_caller()
    if isinstance(caller, Caller | PeerCertificate):
        return caller
    raise NotAllowed(Reason.SIGNED_OUT)


def _spec(request: pb.StartUploadRequest) -> DocumentSpec:
    document = request.document
    return DocumentSpec(
        instruction=check_uuid7(request.instruction_id, "instruction_id"),
        sha256=check_sha256(document.sha256, "document.sha256"),
        size=check_size(document.size, "document.size"),
        name=check_name(document.name, "document.name"),
        paper_type=PAPER_TYPES.from_proto(document.paper_type, "document.paper_type"),
    )


def document_message(stored: StoredDocument) -> document_pb2.Document:
    """Return a document as the contract says it."""
    return document_pb2.Document(
        sha256=stored.spec.sha256,
        name=stored.spec.name,
        media_type=stored.media_type,
        size=stored.spec.size,
        paper_type=PAPER_TYPES.to_proto(stored.spec.paper_type),
        stored_at=to_timestamp(stored.stored_at),
        seal_state=SEAL_STATES.to_proto(stored.seal),
        pages=stored.pages,
    )


async def _pieces(
    first: pb.UploadDocumentRequest, requests: AsyncIterator[pb.UploadDocumentRequest]
) -> AsyncIterator[Piece]:
    yield Piece(first.offset, first.data)
    async for request in requests:
        yield Piece(request.offset, request.data)
