"""Deleting what nobody names: uploads given up, documents of instructions that never came to be."""

import asyncio
from functools import partial
from typing import Final

import structlog

from xiezhi_desk.documents import store
from xiezhi_desk.documents.publishing import Publishing
from xiezhi_desk.documents.storage import DocumentStorage
from xiezhi_journal.journal import Journal

_log = structlog.get_logger(__name__)

KEPT_MS: Final = 7 * 24 * 3_600_000
"""How long a document stays that nothing names: as long as a draft may lie about (design §6)."""


async def collect_unreferenced(
    journal: Journal, storage: DocumentStorage, publishing: Publishing, now: int
) -> int:
    """Delete what nobody has named for seven days; return the number of documents. None while deletions are held.

    Documents are found in the storage, so that bytes without a row, left by a crash, go too.
    """
    with storage.deleting() as may_delete:
        if not may_delete:
            return 0
        before = now - KEPT_MS
        for upload_id in await journal.write(partial(store.forget_abandoned, before=before)):
            await asyncio.to_thread(storage.discard, upload_id)
        deleted = 0
        for sha256 in await asyncio.to_thread(lambda: list(storage.published_before(before))):
            async with publishing.of(sha256):
                if await journal.write(partial(store.release, sha256=sha256)):
                    await asyncio.to_thread(storage.delete, sha256)
                    deleted += 1
    _log.info("documents_collected", documents=deleted)
    return deleted
