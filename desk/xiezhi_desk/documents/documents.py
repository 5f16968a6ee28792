"""What programs ask for: have a document, find it, read it, keep it."""

import asyncio
from collections.abc import AsyncIterator, Collection
from functools import partial
from pathlib import Path
from typing import Final

from xiezhi_desk.documents import collect, store
from xiezhi_desk.documents.document import DocumentSpec, Limits, StoredDocument
from xiezhi_desk.documents.erasing import erase_documents
from xiezhi_desk.documents.examination import Examiner, NoExaminer
from xiezhi_desk.documents.publishing import Publishing
from xiezhi_desk.documents.storage import DocumentStorage
from xiezhi_desk.documents.uploads import Piece, Uploads
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.journal import Journal

CHUNK_BYTES: Final = 256 * 1024


class Documents:
    """The documents of one program."""

    def __init__(
        self,
        journal: Journal,
        storage: DocumentStorage,
        limits: Limits | None = None,
        examiner: Examiner | None = None,
    ) -> None:
        self._journal = journal
        self._storage = storage
        self._publishing = Publishing()
        looking = examiner or NoExaminer()
        self.uploads = Uploads(journal, storage, limits or Limits(), self._publishing, looking)

    async def has(self, sha256: bytes) -> bool:
        """Return whether the document is here and whole, for whichever instruction."""
        known = await self._journal.read(partial(store.has_document, sha256=sha256))
        return known and await asyncio.to_thread(self._storage.has, sha256)

    async def get(self, instruction: str, sha256: bytes) -> StoredDocument:
        """Return what is known of a document of an instruction, its media type included.

        :raises NotFound: UNKNOWN_DOCUMENT; this instruction has it not.
        """
        find = partial(store.find_document, instruction_id=instruction, sha256=sha256)
        found = await self._journal.read(find)
        if found is None:
            raise NotFound(Reason.UNKNOWN_DOCUMENT)
        return found

    async def chunks(self, sha256: bytes, offset: int = 0) -> AsyncIterator[bytes]:
        """Give the bytes from *offset* on, 256 KiB at a time.

        :raises Unavailable: DOCUMENT_MISSING; the bytes are not here.
        """
        while chunk := await asyncio.to_thread(self._storage.read, sha256, offset, CHUNK_BYTES):
            yield chunk
            offset += len(chunk)

    async def received(self, spec: DocumentSpec, owner: str) -> int:
        """Return from which offset on `store_from` wants the bytes: the size if the instruction has the document.

        :raises DomainError: as `Uploads.begin`.
        """
        return (await self.uploads.begin(spec, owner)).offset

    async def store_from(
        self, chunks: AsyncIterator[bytes], spec: DocumentSpec, owner: str, court: str
    ) -> StoredDocument:
        """Store a document that *owner* fetches, from the offset that `received` told, and return it.

        *court* is who brought it. What came before a failure stays for the next try.

        :raises DomainError: as `Uploads.begin` and `Uploads.receive`.
        """
        place = await self.uploads.begin(spec, owner)
        if place.present:
            return await self.get(spec.instruction, spec.sha256)
        upload = await self.uploads.find(place.upload_id, owner)
        return await self.uploads.receive(upload, court, _pieces(chunks, place.offset), strict=False)

    async def content(self, sha256: bytes) -> bytes:
        """Return all bytes of a document, for a document of ordinary size.

        :raises Unavailable: DOCUMENT_MISSING; the bytes are not here.
        """
        return b"".join([chunk async for chunk in self.chunks(sha256)])

    async def path(self, sha256: bytes) -> Path:
        """Return where a document lies on this machine, for a helper process to read.

        :raises Unavailable: DOCUMENT_MISSING; the bytes are not here.
        """
        return await asyncio.to_thread(self._storage.path, sha256)

    async def collect_unreferenced(self, now: int) -> int:
        """Delete what nobody has named for seven days and return how many documents that were; none during a backup.

        *now* is in ms since 1970.
        """
        return await collect.collect_unreferenced(self._journal, self._storage, self._publishing, now)

    async def erase(self, holders: Collection[str], hashes: Collection[bytes] | None = None) -> int:
        """Delete documents of an instruction, all where no *hashes* are given; return how many it had of them.

        They lie under the ids of *holders*: the instruction's own, and those of the drafts that it came from.
        """
        return await erase_documents(self._journal, self._storage, self._publishing, holders, hashes)


async def _pieces(chunks: AsyncIterator[bytes], offset: int) -> AsyncIterator[Piece]:
    async for chunk in chunks:
        yield Piece(offset, chunk)
        offset += len(chunk)
