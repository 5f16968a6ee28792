"""The documents of a matter as this node knows them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from xiezhi.v1 import document_pb2
from xiezhi_desk.terms import PAPER_TYPES, SEAL_STATES
from xiezhi_domain.terms import PaperType, SealState
from xiezhi_journal import tables


def documents_of(
    connection: Connection, instruction: str, hashes: Sequence[bytes] | None = None
) -> list[document_pb2.Document]:
    """Return the documents of *instruction* that lie here, or those of them with these *hashes*."""
    of = tables.document_of
    query = _documents().where(of.c.instruction == instruction)
    if hashes is not None:
        query = query.where(of.c.sha256.in_(list(hashes)))
    return [_document(row) for row in connection.execute(query)]


def documents_by_matter(
    connection: Connection, instructions: Iterable[str]
) -> dict[str, dict[bytes, document_pb2.Document]]:
    """Return for each of *instructions* the documents that lie here for it, by hash."""
    found: dict[str, dict[bytes, document_pb2.Document]] = {instruction: {} for instruction in instructions}
    query = _documents().where(tables.document_of.c.instruction.in_(list(found)))
    for row in connection.execute(query):
        found[row.instruction][row.sha256] = _document(row)
    return found


def _documents() -> Select[Any]:
    of, document = tables.document_of, tables.document
    return (
        select(
            of,
            document.c.size,
            document.c.media_type,
            document.c.stored_at,
            document.c.pages,
            document.c.seal,
        )
        .join(document, document.c.sha256 == of.c.sha256)
        .order_by(of.c.at)
    )


def _document(row: Any) -> document_pb2.Document:
    found = document_pb2.Document(
        sha256=row.sha256,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        paper_type=PAPER_TYPES.to_proto(PaperType(row.paper_type)),
        seal_state=SEAL_STATES.to_proto(SealState(row.seal)),
        pages=row.pages,
    )
    found.stored_at.FromMilliseconds(row.stored_at)
    return found
