"""Documents that events name and that have still to be fetched from the hub."""

from sqlalchemy import delete, select

from xiezhi.v1 import document_pb2
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
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
        present = _present(ledger, instruction, [document.sha256 for document in named])
        missing = [document for document in named if document.sha256 not in present]
        _note(ledger, item, missing)
    return instruction not in waiting_matters(ledger)


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


def _note(ledger: Ledger, item: CheckedItem, missing: list[document_pb2.Document]) -> None:
    if not missing:
        return
    instruction = item.header.instruction
    known = ledger.known(item.header.id)
    assert known is not None, "the event was stored just now"
    upsert_rows(
        ledger.connection,
        tables.wanted_document,
        [(instruction, document.sha256, known.position, document.size) for document in missing],
    )
    waiting_matters(ledger).add(instruction)


def _present(ledger: Ledger, instruction: str, hashes: list[bytes]) -> set[bytes]:
    of = tables.document_of
    query = select(of.c.sha256).where(of.c.instruction == instruction, of.c.sha256.in_(hashes))
    return set(ledger.connection.scalars(query))
