"""Documents in pieces: resumed after a broken line, checked by their hash at both ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xiezhi.v1 import document_service_pb2 as pb
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.content import Content, Incoming
from xiezhi_client.sdk.errors import Conflict, DataLoss, XiezhiError, translated
from xiezhi_client.sdk.records.document import Document
from xiezhi_client.sdk.retry import Backoff
from xiezhi_client.sdk.vocabulary import PaperType

PIECE_BYTES: Final = 256 * 1024
"""Size of a piece on its way up; the contract allows 1 MiB."""

Progress = Callable[[int, int], None]
"""Is told the bytes done and the bytes there are, after each piece."""

_CUT_OFF: Final = "DOCUMENT_TRUNCATED"
"""What a server says of a document whose bytes are not all there yet; what has come stays."""
_NOT_THE_DOCUMENT: Final = "收到的文书与登记的校验值不符，请重新下载"


@dataclass(frozen=True, slots=True)
class UploadPlace:
    """Where an upload goes on; no id, and `present`, where the matter has the document already."""

    upload_id: str
    offset: int
    present: bool


class Documents:
    """`DocumentService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = DocumentServiceStub(calls.channel)

    async def upload(
        self,
        instruction_id: str,
        source: bytes | str | Path,
        paper_type: PaperType,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> Document:
        """Upload bytes or a file for a matter, which need not exist yet; give the document to name in orders.

        Goes on where it stopped, also after a crash of either side, and sends nothing that the matter has
        already. What is given is the same then (hash, name, size, type), so that a request that names it can
        be repeated. `name` defaults to the file's. Raise `InvalidInput`, `WrongState` (too large, type not accepted),
        `NotAllowed`, `DataLoss` (the file changed meanwhile), `OSError` (file not readable).
        """
        content = Content(source)
        if not (name or content.name):
            raise ValueError("bytes need a name")
        sha256, size = await asyncio.to_thread(content.measure)
        document = Document(sha256=sha256, name=name or content.name, size=size, paper_type=paper_type)
        backoff = Backoff(self._calls.policy)
        while True:
            try:
                await self._send(instruction_id, document, content, progress or _silent, backoff)
            except XiezhiError as error:
                await backoff.pause(error)
            else:
                return document

    async def begin(self, instruction_id: str, document: Document) -> UploadPlace:
        """Begin or take up the upload of a document that somebody else holds, for a matter; say where it goes on.

        `document` names hash, size, name and paper type. Raise `InvalidInput`, `WrongState` (too large), `NotAllowed`.
        """
        request = pb.StartUploadRequest(instruction_id=instruction_id, document=document.to_proto())
        start = await self._calls.unary(self._stub.StartUpload, request)
        return UploadPlace(start.upload_id, start.offset, start.present)

    async def send(self, upload_id: str, offset: int, content: AsyncIterator[bytes]) -> Document | None:
        """Send what there is of a document from `offset` on, however little; what has arrived stays there.

        Give the document once it is whole, None before; where it goes on then, `begin` says. Pieces of `content` are
        of at most 1 MiB. Raise `InvalidInput` (not the offset that is wanted), `WrongState` (type not accepted, too
        large for its type, broken), `NotFound` (given up), `DataLoss` (not the bytes that were named), `Overloaded`.
        """
        try:
            with translated():
                answer = await self._stub.UploadDocument(
                    _onward(upload_id, offset, content), metadata=self._calls.metadata
                )
        except Conflict as error:
            if error.reason == _CUT_OFF:
                return None
            raise
        return Document.from_proto(answer.document)

    async def download(
        self,
        instruction_id: str,
        sha256: str,
        target: str | Path,
        *,
        purpose: str = "",
        progress: Progress | None = None,
    ) -> Path:
        """Fetch a document of a matter into `target`, a file or an existing folder; give its path.

        Goes on where it stopped, also with what an earlier run left behind; the file appears only when its
        hash is right. Recorded as a look at personal data. Raise `NotFound`, `NotAllowed`, `DataLoss`, `OSError`.
        """
        incoming = Incoming(target, sha256)
        request = pb.DownloadDocumentRequest(
            instruction_id=instruction_id, sha256=bytes.fromhex(sha256), purpose=purpose
        )
        backoff = Backoff(self._calls.policy)
        while True:
            try:
                return await self._receive(request, incoming, progress or _silent, backoff)
            except XiezhiError as error:
                await backoff.pause(error)

    async def _send(
        self, instruction_id: str, document: Document, content: Content, progress: Progress, backoff: Backoff
    ) -> None:
        start = await self.begin(instruction_id, document)
        if start.present:
            progress(document.size, document.size)
            return
        backoff.reached(start.offset)
        pieces = _pieces(start, content, document.size, progress)
        with translated():
            await self._stub.UploadDocument(pieces, metadata=self._calls.metadata)

    async def _receive(
        self, request: pb.DownloadDocumentRequest, incoming: Incoming, progress: Progress, backoff: Backoff
    ) -> Path:
        request.offset = incoming.size
        document = Document()
        async with aclosing(self._calls.stream(self._stub.DownloadDocument, request)) as pieces:
            async for piece in pieces:
                if piece.HasField("document"):
                    document = Document.from_proto(piece.document)
                if piece.offset != request.offset:
                    break
                await asyncio.to_thread(incoming.append, piece.data)
                request.offset += len(piece.data)
                progress(request.offset, document.size)
                backoff.reached(request.offset)
        path = await asyncio.to_thread(incoming.finish, document.name)
        if path is None:
            incoming.discard()
            raise DataLoss("DOCUMENT_HASH_MISMATCH", _NOT_THE_DOCUMENT)
        return path


async def _onward(
    upload_id: str, offset: int, content: AsyncIterator[bytes]
) -> AsyncIterator[pb.UploadDocumentRequest]:
    """The pieces of `content`; before them one without bytes, because an empty document has to be named, too."""
    yield pb.UploadDocumentRequest(upload_id=upload_id, offset=offset)
    async for data in content:
        yield pb.UploadDocumentRequest(offset=offset, data=data)
        offset += len(data)


async def _pieces(
    start: UploadPlace, content: Content, size: int, progress: Progress
) -> AsyncIterator[pb.UploadDocumentRequest]:
    """The rest of the content; at least one piece, because an empty document has to be named, too."""
    offset = start.offset
    upload_id = start.upload_id
    while upload_id or offset < size:
        data = await asyncio.to_thread(content.read, offset, PIECE_BYTES)
        yield pb.UploadDocumentRequest(upload_id=upload_id, offset=offset, data=data)
        upload_id = ""
        offset += len(data)
        progress(offset, size)
        if not data:
            # The file was cut off meanwhile; the server sees that bytes are missing.
            return


def _silent(_done: int, _size: int) -> None:
    """Tell nobody."""
