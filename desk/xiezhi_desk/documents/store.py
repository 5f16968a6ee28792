"""Rows of documents and uploads. Functions for the journal's `read` and `write`.

An instruction has a document when a row of `document_of` says so; that another one has it too is nobody's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, not_, select, union_all

from xiezhi_desk.documents.document import DocumentSpec, StoredDocument
from xiezhi_domain.terms import PaperType, SealState, State
from xiezhi_journal.tables import (
    SUPERIORS_DRAFTS,
    document,
    document_of,
    draft,
    instruction,
    upload,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A document on its way in from `owner` (account id or court code), begun at `started_at` (ms since 1970)."""

    upload_id: str
    spec: DocumentSpec
    owner: str
    started_at: int


_STORED = (
    document_of.c.instruction,
    document_of.c.sha256,
    document.c.size,
    document_of.c.name,
    document_of.c.paper_type,
    document.c.media_type,
    document.c.pages,
    document.c.seal,
    document_of.c.at,
)


def find_document(connection: Connection, instruction_id: str, sha256: bytes) -> StoredDocument | None:
    """Return the document if the instruction has it."""
    query = _of(instruction_id).where(document_of.c.sha256 == sha256)
    row = connection.execute(query).one_or_none()
    return None if row is None else _stored(row)


def list_documents(connection: Connection, instruction_id: str) -> Sequence[StoredDocument]:
    """Return the instruction's documents in the order in which they came."""
    rows = connection.execute(_of(instruction_id).order_by(document_of.c.at, document_of.c.sha256))
    return [_stored(row) for row in rows]


def missing_documents(connection: Connection, instruction_id: str, hashes: Iterable[bytes]) -> list[bytes]:
    """Return those of *hashes* that the instruction has not, in their order."""
    present = {stored.spec.sha256 for stored in list_documents(connection, instruction_id)}
    return [sha256 for sha256 in hashes if sha256 not in present]


def has_document(connection: Connection, sha256: bytes) -> bool:
    """Return whether the document is known, for whichever instruction."""
    query = select(document.c.sha256).where(document.c.sha256 == sha256)
    return connection.execute(query).one_or_none() is not None


def add_document(connection: Connection, stored: StoredDocument, court: str) -> None:
    """Say that the instruction has the document, brought by *court*. Saying it again changes nothing."""
    spec = stored.spec
    if not has_document(connection, spec.sha256):
        connection.execute(
            insert(document),
            {
                "sha256": spec.sha256,
                "size": spec.size,
                "media_type": stored.media_type,
                "stored_at": stored.stored_at,
                "pages": stored.pages,
                "seal": stored.seal,
            },
        )
    if find_document(connection, spec.instruction, spec.sha256) is None:
        connection.execute(
            insert(document_of),
            {
                "instruction": spec.instruction,
                "sha256": spec.sha256,
                "name": spec.name,
                "paper_type": spec.paper_type,
                "court": court,
                "at": stored.stored_at,
            },
        )


def find_upload(connection: Connection, upload_id: str, owner: str) -> Upload | None:
    """Return the owner's upload with this id."""
    mine = and_(upload.c.upload_id == upload_id, upload.c.owner == owner)
    return _upload(connection.execute(select(upload).where(mine)).one_or_none())


def find_upload_of(connection: Connection, spec: DocumentSpec, owner: str) -> Upload | None:
    """Return the upload that the owner has begun for this document of this instruction."""
    mine = and_(
        upload.c.instruction == spec.instruction, upload.c.sha256 == spec.sha256, upload.c.owner == owner
    )
    return _upload(connection.execute(select(upload).where(mine)).one_or_none())


def put_upload(connection: Connection, begun: Upload) -> None:
    """Keep an upload, in place of an earlier one with its id."""
    end_upload(connection, begun.upload_id)
    connection.execute(
        insert(upload),
        {
            "upload_id": begun.upload_id,
            "instruction": begun.spec.instruction,
            "sha256": begun.spec.sha256,
            "size": begun.spec.size,
            "name": begun.spec.name,
            "paper_type": begun.spec.paper_type,
            "owner": begun.owner,
            "started_at": begun.started_at,
        },
    )


def end_upload(connection: Connection, upload_id: str) -> None:
    """Forget an upload."""
    connection.execute(delete(upload).where(upload.c.upload_id == upload_id))


def forget_abandoned(connection: Connection, before: int) -> list[str]:
    """Forget uploads begun, and documents brought for what never came to be or was discarded, before *before*.

    Return the ids of the uploads. *before* is in ms since 1970.
    """
    old = upload.c.started_at < before
    uploads = list(connection.scalars(select(upload.c.upload_id).where(old)))
    connection.execute(delete(upload).where(old))
    connection.execute(delete(document_of).where(document_of.c.at < before, not_(_has_come_to_be())))
    return uploads


def release(connection: Connection, sha256: bytes) -> bool:
    """Forget a document that no instruction has and nobody is bringing; return whether its bytes can go."""
    named = select(document_of.c.sha256).where(document_of.c.sha256 == sha256)
    awaited = select(upload.c.sha256).where(upload.c.sha256 == sha256)
    if connection.execute(named.union_all(awaited)).first() is not None:
        return False
    connection.execute(delete(document).where(document.c.sha256 == sha256))
    return True


def _has_come_to_be() -> ColumnElement[bool]:
    named = document_of.c.instruction
    discarded = select(instruction.c.instruction).where(instruction.c.state == State.DISCARDED)
    matters = select(instruction.c.instruction), select(draft.c.instruction)
    drafts = [select(each.c.draft_id).where(each.c.state != State.DISCARDED) for each in SUPERIORS_DRAFTS]
    return and_(named.in_(union_all(*matters, *drafts)), named.not_in(discarded))


def _of(instruction_id: str) -> Any:
    return (
        select(*_STORED)
        .join_from(document_of, document, document_of.c.sha256 == document.c.sha256)
        .where(document_of.c.instruction == instruction_id)
    )


def _spec(row: Row[Any]) -> DocumentSpec:
    return DocumentSpec(row.instruction, row.sha256, row.size, row.name, PaperType(row.paper_type))


def _stored(row: Row[Any]) -> StoredDocument:
    return StoredDocument(_spec(row), row.media_type, row.at, row.pages, SealState(row.seal))


def _upload(row: Row[Any] | None) -> Upload | None:
    return None if row is None else Upload(row.upload_id, _spec(row), row.owner, row.started_at)
