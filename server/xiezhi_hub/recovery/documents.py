"""Documents that recalled entries name: nodes bring them before they give the entries back (protocol §8)."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_ruling
from xiezhi_domain.terms import EventKind
from xiezhi_journal.erasures import all_orders, ordered_erasure
from xiezhi_journal.proofs import decode_body, documents_of
from xiezhi_journal.tables import document_of


def without_documents(connection: Connection, records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Return those of *records* that were accepted and name a document that does not lie here for their matter."""
    erased = _erased(connection, records)
    return [
        record
        for record in records
        if (named := documents_of(record.body))
        and decode_ruling(record.ruling).accepted
        and not {document.sha256 for document in named}
        <= _present(connection, (matter := decode_header(record.header).instruction))
        | erased.get(matter, set())
    ]


def _erased(connection: Connection, records: Sequence[StoredEvent]) -> dict[str, set[bytes]]:
    """Return which documents orders to erase mean, by matter: those known here, and those among *records*."""
    orders = [each.order for each in all_orders(connection)]
    for record in records:
        header = decode_header(record.header)
        if header.kind == EventKind.ERASURE_ORDERED and decode_ruling(record.ruling).accepted:
            orders.append(ordered_erasure(header, decode_body(record.body), record.log_index, 0).order)
    erased: dict[str, set[bytes]] = {}
    for order in orders:
        erased.setdefault(order.instruction_id, set()).update(order.documents)
    return erased


def _present(connection: Connection, instruction: str) -> set[bytes]:
    query = select(document_of.c.sha256).where(document_of.c.instruction == instruction)
    return set(connection.scalars(query))
