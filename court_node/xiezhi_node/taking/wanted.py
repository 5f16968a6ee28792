"""Documents that events name and that have still to be fetched from the hub."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_journal.erasures import erased_documents
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.proofs import named_documents
from xiezhi_node.taking.check import CheckedItem

_WAITING = "waiting"


def want_documents(ledger: Ledger, item: CheckedItem, *, party: bool) -> bool:
    """Note what the event names and what does not lie here yet; returns whether its matter waits for no document.

    Only a party gets documents: the home hub's own court sees the histories of others' matters without them.
    """
    instruction = item.header.instruction
    named = named_documents(item.body) if item.body is not None and party else ()
    if named:
        known = ledger.known(item.header.id)
        assert known is not None, "the event was stored just now"
        _note(ledger, instruction, known.position, named)
    return instruction not in waiting_matters(ledger)


def want_earlier_documents(ledger: Ledger, instruction: str) -> None:
    """Note what all events of a matter name and what does not lie here: the court has become a party of it."""
    event, body = tables.event, tables.body
    stored = (
        select(event.c.position, body.c.content)
        .join(body, body.c.position == event.c.position)
        .where(event.c.instruction == instruction)
    )
    found = [(row.position, row.content) for row in ledger.connection.execute(stored)]
    for position, content in [*found, *ledger.added_bodies(instruction)]:
        _note(ledger, instruction, position, named_documents(event_pb2.Body.FromString(content)))


def document_arrived(ledger: Ledger, instruction: str, sha256: bytes) -> bool:
    """Take a document off the list; returns whether its matter waits for no other."""
    wanted = tables.wanted_document
    ledger.connection.execute(
        delete(wanted).where(wanted.c.instruction == instruction, wanted.c.sha256 == sha256)
    )
    rest = select(wanted.c.sha256).where(wanted.c.instruction == instruction).limit(1)
    if ledger.connection.scalar(rest) is not None:
        return False
    waiting_matters(ledger).discard(instruction)
    return True


def waiting_matters(ledger: Ledger) -> set[str]:
    """Return the matters that wait for documents. An undone item may leave one too many in it."""
    waiting: set[str] | None = ledger.cache.extras.get(_WAITING)
    if waiting is None:
        waiting = set(ledger.connection.scalars(select(tables.wanted_document.c.instruction).distinct()))
        ledger.cache.extras[_WAITING] = waiting
    return waiting


def _note(ledger: Ledger, instruction: str, position: int, named: Sequence[document_pb2.Document]) -> None:
    present = _present(ledger, instruction, [document.sha256 for document in named]) if named else set()
    missing = [document for document in named if document.sha256 not in present]
    if missing:
        gone = erased_documents(ledger.connection, instruction)
        missing = [document for document in missing if document.sha256 not in gone]
    if not missing:
        return
    upsert_rows(
        ledger.connection,
        tables.wanted_document,
        [(instruction, document.sha256, position, document.size) for document in missing],
    )
    waiting_matters(ledger).add(instruction)


def _present(ledger: Ledger, instruction: str, hashes: list[bytes]) -> set[bytes]:
    of = tables.document_of
    query = select(of.c.sha256).where(of.c.instruction == instruction, of.c.sha256.in_(hashes))
    return set(ledger.connection.scalars(query))
