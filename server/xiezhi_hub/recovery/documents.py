"""Documents that recalled entries name: nodes bring them before they give the entries back (protocol §8)."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_journal.proofs import documents_of
from xiezhi_journal.tables import document_of


def without_documents(connection: Connection, records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Return those of *records* that were accepted and name a document that does not lie here for their matter."""
    return [
        record
        for record in records
        if (named := documents_of(record.body))
        and decode_ruling(record.ruling).accepted
        and not {document.sha256 for document in named}
        <= _present(connection, decode_header(record.header).instruction)
    ]


def _present(connection: Connection, instruction: str) -> set[bytes]:
    query = select(document_of.c.sha256).where(document_of.c.instruction == instruction)
    return set(connection.scalars(query))
