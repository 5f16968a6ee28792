"""Receiving a document in pieces, from where the last try ended.

Nothing is acknowledged before its bytes are checked and on disk and the row that names them is committed. Bytes of
a broken stream stay for the next one; bytes that turn out wrong are thrown away, and the upload begins anew.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection

from xiezhi_desk.documents import store
from xiezhi_desk.documents.document import DocumentSpec, Limits, StoredDocument
from xiezhi_desk.documents.examination import Examiner, Findings, Incoming
from xiezhi_desk.documents.publishing import Publishing
from xiezhi_desk.documents.storage import DocumentStorage, PartialFile
from xiezhi_desk.documents.store import Upload
from xiezhi_domain.errors import Conflict, InvalidInput, NotFound, Reason, Unavailable, WrongState
from xiezhi_journal.journal import Journal
from xiezhi_papers.sniffing.media_type import media_type

MessageT = TypeVar("MessageT")

_log = structlog.get_logger(__name__)

LARGEST_PIECE: Final = 1024 * 1024
SECONDS_BETWEEN_PIECES: Final = 60.0
# Uploads are given up by the age of their row; one that is taken up again becomes young.
_RENEWED_AFTER_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a document from an offset on."""

    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an upload goes on; no id and `present` where the instruction has the document already."""

    upload_id: str
    offset: int
    present: bool


class Uploads:
    """Takes documents into the journal and its storage."""

    def __init__(
        self,
        journal: Journal,
        storage: DocumentStorage,
        limits: Limits,
        publishing: Publishing,
        examiner: Examiner,
    ) -> None:
        self._journal = journal
        self._storage = storage
        self._limits = limits
        self._publishing = publishing
        self._examiner = examiner

    async def begin(self, spec: DocumentSpec, owner: str) -> Place:
        """Return where the owner's upload of this document goes on; it begins if there is none.

        :raises WrongState: DOCUMENT_TOO_LARGE.
        :raises Unavailable: DISK_FULL.
        """
        self._limits.check_size(spec.size)
        if await self._is_present(spec):
            return Place("", spec.size, present=True)
        earlier = await self._journal.read(partial(store.find_upload_of, spec=spec, owner=owner))
        upload_id = earlier.upload_id if earlier is not None else str(uuid.uuid4())
        received = await asyncio.to_thread(self._storage.received, upload_id)
        if received > spec.size:
            await asyncio.to_thread(self._storage.discard, upload_id)
            received = 0
        await asyncio.to_thread(self._storage.check_room, spec.size - received)
        now = self._journal.clock()
        if earlier is None or earlier.spec != spec or now - earlier.started_at > _RENEWED_AFTER_MS:
            begun = Upload(upload_id, spec, owner, now)
            upload_id = await self._journal.write(partial(_begin, begun=begun))
        return Place(upload_id, received, present=False)

    async def find(self, upload_id: str, owner: str) -> Upload:
        """Return the owner's upload with this id.

        :raises NotFound: UNKNOWN_DOCUMENT; it is complete, given up, or somebody else's.
        """
        found = await self._journal.read(partial(store.find_upload, upload_id=upload_id, owner=owner))
        if found is None:
            raise NotFound(Reason.UNKNOWN_DOCUMENT, "上传已失效，请重新开始上传")
        return found

    async def receive(
        self, upload: Upload, court: str, pieces: AsyncIterator[Piece], *, strict: bool = True
    ) -> StoredDocument:
        """Take the pieces of an upload and return the document, once it is stored for good.

        What was sent and ruled on already is taken as it is, not *strict*.

        :raises InvalidInput: OFFSET_OUT_OF_RANGE; a piece does not go on where the last one ended, with the offset
            wanted in ``offset`` of the metadata; or it is larger than 1 MiB.
        :raises Conflict: DOCUMENT_TRUNCATED; the pieces ended too early, and the upload can go on;
            DOCUMENT_HASH_MISMATCH; it begins anew.
        :raises WrongState: DOCUMENT_TYPE_REFUSED, also where its name promises another type; DOCUMENT_TOO_LARGE for its
            type; DOCUMENT_BROKEN.
        :raises LimitExceeded: RATE_LIMITED; another stream brings the same upload.
        :raises Unavailable: DISK_FULL; TIMED_OUT; the pieces stopped coming.
        """
        part = self._storage.partial(upload.upload_id)
        try:
            await asyncio.to_thread(part.open)
            await asyncio.to_thread(self._storage.check_room, upload.spec.size - part.size)
            await _take(part, upload.spec.size, pieces)
            media_type = await self._type_of(part, upload)
            findings = await self._examine(part, upload, media_type, strict=strict)
            return await self._keep(part, upload, court, media_type, findings)
        finally:
            # Shielded, because a second cancellation would take it out of the queue of threads unrun.
            await asyncio.shield(asyncio.to_thread(part.close))

    async def _is_present(self, spec: DocumentSpec) -> bool:
        find = partial(store.find_document, instruction_id=spec.instruction, sha256=spec.sha256)
        known = await self._journal.read(find)
        return known is not None and await asyncio.to_thread(self._storage.has, spec.sha256)

    async def _type_of(self, part: PartialFile, upload: Upload) -> str:
        """Return the media type of what came, if it is what was promised and accepted."""
        if part.size < upload.spec.size:
            raise Conflict(Reason.DOCUMENT_TRUNCATED, metadata={"offset": str(part.size)})
        if part.sha256() != upload.spec.sha256:
            _log.warning("document_hash_mismatch", upload=upload.upload_id, owner=upload.owner)
            await asyncio.to_thread(part.discard)
            raise Conflict(Reason.DOCUMENT_HASH_MISMATCH)
        found = await asyncio.to_thread(part.look, media_type)
        try:
            self._limits.check(found, upload.spec.size)
        except Exception:
            await asyncio.to_thread(part.discard)
            raise
        return found

    async def _examine(self, part: PartialFile, upload: Upload, media_type: str, *, strict: bool) -> Findings:
        """Return what looking into it shows; what cannot be used is thrown away."""
        try:
            file = Incoming(part.path(), upload.spec.name, media_type)
            return await self._examiner.examine(file, strict=strict)
        except WrongState:
            await asyncio.to_thread(part.discard)
            raise

    async def _keep(
        self, part: PartialFile, upload: Upload, court: str, media_type: str, findings: Findings
    ) -> StoredDocument:
        now = self._journal.clock()
        stored = StoredDocument(upload.spec, media_type, now, findings.pages, findings.seal)
        async with self._publishing.of(upload.spec.sha256):
            await asyncio.to_thread(part.publish)
            return await self._journal.write(
                partial(_complete, upload_id=upload.upload_id, stored=stored, court=court)
            )


async def _take(part: PartialFile, size: int, pieces: AsyncIterator[Piece]) -> None:
    while (piece := await next_in_time(pieces)) is not None:
        if len(piece.data) > LARGEST_PIECE:
            raise InvalidInput.in_field("data", "每次最多上传 1 MB")
        if piece.offset != part.size or piece.offset + len(piece.data) > size:
            raise InvalidInput(Reason.OFFSET_OUT_OF_RANGE, metadata={"offset": str(part.size)})
        await asyncio.to_thread(part.write, piece.data)


async def next_in_time(messages: AsyncIterator[MessageT]) -> MessageT | None:
    """Return the next message of a stream, None at its end.

    :raises Unavailable: TIMED_OUT; nothing has come for a minute.
    """
    try:
        async with asyncio.timeout(SECONDS_BETWEEN_PIECES):
            return await anext(messages, None)
    except TimeoutError:
        raise Unavailable(Reason.TIMED_OUT, "长时间没有收到数据，请重新连接后继续上传") from None


def _begin(connection: Connection, begun: Upload) -> str:
    """Keep the upload under the id of one that was begun at the same moment, if there is one."""
    other = store.find_upload_of(connection, begun.spec, begun.owner)
    if other is not None:
        begun = replace(begun, upload_id=other.upload_id)
    store.put_upload(connection, begun)
    return begun.upload_id


def _complete(connection: Connection, upload_id: str, stored: StoredDocument, court: str) -> StoredDocument:
    """Say that the instruction has the document; return it as the instruction names it, if it had it before."""
    store.add_document(connection, stored, court)
    store.end_upload(connection, upload_id)
    named = store.find_document(connection, stored.spec.instruction, stored.spec.sha256)
    return named or stored
