"""Deleting documents of a matter because an order says so, whoever still names them in it."""

import asyncio
from collections.abc import Collection
from functools import partial

from sqlalchemy import ColumnElement, Connection, delete, select, union_all

from xiezhi_desk.documents import store
from xiezhi_desk.documents.publishing import Publishing
from xiezhi_desk.documents.storage import DocumentStorage
from xiezhi_journal.journal import Journal
from xiezhi_journal.tables import document_of, upload


async def erase_documents(
    journal: Journal,
    storage: DocumentStorage,
    publishing: Publishing,
    holders: Collection[str],
    hashes: Collection[bytes] | None,
) -> int:
    """Delete the documents of a matter with these hashes, all for None, and what is being uploaded for it.

    *holders* are the ids under which they lie: the matter's own, and those of its drafts. Return how many it had. The
    bytes of one that another matter has, too, stay for that one.
    """
    for upload_id in await journal.write(partial(_forget_uploads, holders=holders, hashes=hashes)):
        await asyncio.to_thread(storage.discard, upload_id)
    found = await journal.read(partial(_documents, holders=holders, hashes=hashes))
    for sha256 in found:
        async with publishing.of(sha256):
            # Bytes before rows: what a crash leaves is found again by its row.
            if await journal.read(partial(_is_its_alone, holders=holders, sha256=sha256)):
                await asyncio.to_thread(storage.delete, sha256)
            await journal.write(partial(_forget, holders=holders, sha256=sha256))
    return len(found)


def _documents(
    connection: Connection, holders: Collection[str], hashes: Collection[bytes] | None
) -> list[bytes]:
    query = select(document_of.c.sha256).where(document_of.c.instruction.in_(holders)).distinct()
    if hashes is not None:
        query = query.where(document_of.c.sha256.in_(list(hashes)))
    return list(connection.scalars(query))


def _forget_uploads(
    connection: Connection, holders: Collection[str], hashes: Collection[bytes] | None
) -> list[str]:
    meant: ColumnElement[bool] = upload.c.instruction.in_(holders)
    if hashes is not None:
        meant &= upload.c.sha256.in_(list(hashes))
    found = list(connection.scalars(select(upload.c.upload_id).where(meant)))
    connection.execute(delete(upload).where(meant))
    return found


def _is_its_alone(connection: Connection, holders: Collection[str], sha256: bytes) -> bool:
    rows = (
        select(table.c.sha256).where(table.c.sha256 == sha256, table.c.instruction.not_in(holders))
        for table in (document_of, upload)
    )
    return connection.execute(union_all(*rows).limit(1)).first() is None


def _forget(connection: Connection, holders: Collection[str], sha256: bytes) -> None:
    of = document_of.c.instruction.in_(holders) & (document_of.c.sha256 == sha256)
    connection.execute(delete(document_of).where(of))
    store.release(connection, sha256)
